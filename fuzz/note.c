/* SPDX-License-Identifier: Apache-2.0 */
/* note.c -- signed notes: one spelling of each, copies in the arena, and signatures that hold for
 * one text alone. */
#include "known.h"

#include "fuzz.h"

/* A line by a known key and name can only be refused or counted; an unknown one is ignored. */
static void check_verify(struct op *op, const struct note *n)
{
	const struct known *k = known();
	bool done[KNOWN_KEYS];
	int64_t time_s[KNOWN_KEYS];
	struct note *other = ARENA_NEW(op->arena, struct note);
	enum rc rc;

	FUZZ_PAINT(done);
	FUZZ_PAINT(time_s);
	rc = note_verify(op, n, k->key, KNOWN_KEYS, done, time_s);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "note");
		FUZZ_CHECK(FUZZ_UNTOUCHED(done) && FUZZ_UNTOUCHED(time_s));
		return;
	}
	FUZZ_CHECK(done[0] || done[1] || done[2]);
	FUZZ_CHECK(time_s[0] == 0 && (time_s[1] > 0) == done[1] && (time_s[2] > 0) == done[2]);
	FUZZ_PLANTED(done[0] && done[1] && !done[2] && n->nsigs > 3 && n->sig[2].name.n > 12);
	/* A known name with another id is a stranger's; with its own, a lie that undoes all. */
	*other = *n;
	if (n->nsigs < LIMIT_NOTE_SIGS) {
		struct note_sig *s = &other->sig[other->nsigs++];

		*s = (struct note_sig){k->key[0].name, k->key[0].id ^ 1, n->sig[0].bytes};
		FUZZ_CHECK(note_verify(op, other, k->key, KNOWN_KEYS, done, time_s) == RC_OK);
		*s = (struct note_sig){k->key[0].name, k->key[0].id, STR("short")};
		FUZZ_CHECK(note_verify(op, other, k->key, KNOWN_KEYS, done, time_s) == RC_INVALID);
	}
	/* The same lines under another text are nobody's. */
	*other = *n;
	other->text = str_fmt(op->arena, STR_FMT "x\n", STR_ARG(n->text));
	FUZZ_CHECK(note_verify(op, other, k->key, KNOWN_KEYS, done, time_s) == RC_INVALID);
}

static void check_sign(struct op *op, struct note *n)
{
	const struct known *k = known();
	struct note *again = ARENA_NEW(op->arena, struct note);
	bool done[KNOWN_KEYS];
	int before = n->nsigs;
	enum rc rc = note_sign(op, n, k->key[0].name, &k->secret[0]);

	if (rc == RC_OK)
		rc = note_cosign(op, n, k->key[1].name, &k->secret[1], (int64_t)n->text.n);
	if (rc != RC_OK) { /* full */
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(n->nsigs <= before + 1);
		return;
	}
	FUZZ_CHECK(note_parse(op, note_format(op->arena, n), again) == RC_OK);
	FUZZ_CHECK(again->nsigs == before + 2 && str_eq(again->text, n->text));
	memmove(again->sig, again->sig + before, 2 * sizeof(again->sig[0]));
	again->nsigs = 2;
	FUZZ_CHECK(note_verify(op, again, k->key, KNOWN_KEYS, done, NULL) == RC_OK);
	FUZZ_CHECK(done[0] && done[1] && !done[2]);
}

static void check_text(struct op *op, struct str in)
{
	const struct known *k = known();
	struct note *n = ARENA_NEW(op->arena, struct note);

	/* Whatever it is, it is signed only when it may stand in a note. */
	n->text = in;
	if (note_sign(op, n, k->key[0].name, &k->secret[0]) == RC_OK)
		FUZZ_CHECK(note_parse(op, note_format(op->arena, n), n) == RC_OK && str_eq(n->text, in));
	n->nsigs = 0;
	n->text = STR("x\n");
	if (note_sign(op, n, in, &k->secret[0]) == RC_OK)
		FUZZ_CHECK(note_parse(op, note_format(op->arena, n), n) == RC_OK &&
		           str_eq(n->sig[0].name, in));
	FUZZ_CHECK(note_cosign(op, n, STR("w1"), &k->secret[1], -(int64_t)in.n) == RC_INVALID);
}

void fuzz_target(struct op *op, struct str in)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct str bytes = str_copy(op->arena, in);
	enum rc rc;

	FUZZ_PAINT(*n);
	rc = note_parse(op, in, n);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "note");
		FUZZ_CHECK(FUZZ_UNTOUCHED(*n));
		if (in.n < 512)
			check_text(op, in);
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(str_eq(note_format(op->arena, n), bytes));
	FUZZ_CHECK(n->nsigs >= 1 && n->nsigs <= LIMIT_NOTE_SIGS);
	FUZZ_CHECK(str_ends(n->text, STR("\n")));
	for (int i = 0; i < n->nsigs; i++)
		FUZZ_CHECK(note_name_valid(n->sig[i].name) && n->sig[i].bytes.n > 0);
	check_verify(op, n);
	check_sign(op, n);
}
