/* SPDX-License-Identifier: Apache-2.0 */
/* vkey.c -- verifier keys: one spelling of each, and an id that is its key's. */
#include "ledger/note.h"

#include "fuzz.h"

void fuzz_target(struct op *op, struct str in)
{
	struct str text = str_copy(op->arena, in);
	struct note_key k;
	enum rc rc;

	FUZZ_PAINT(k);
	rc = note_vkey_parse(op, in, &k);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "vkey");
		FUZZ_CHECK(FUZZ_UNTOUCHED(k));
		/* No name but the corpus' own can have a right id: the last check is the deepest. */
		FUZZ_PLANTED(fuzz_holds(str_of(op->err.en), STR("id is not that")) && in.n > 100 &&
		             str_utf8_count(in) < in.n);
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(k.alg == NOTE_ED25519 || k.alg == NOTE_COSIGNATURE);
	FUZZ_CHECK(note_name_valid(k.name));
	FUZZ_CHECK(k.id == note_key_id(k.name, k.alg, &k.pub));
	FUZZ_CHECK(str_eq(note_vkey_format(op->arena, &k), text));
}
