/* SPDX-License-Identifier: Apache-2.0 */
/* proof.c -- tlog-proof receipts: their text, and that each proves its own leaf alone. */
#include "known.h"

#include "fuzz.h"

/* Without its `extra` line a receipt has one spelling. */
static bool has_extra(struct str text)
{
	return str_starts(text, STR("c2sp.org/tlog-proof@v1\nextra "));
}

static void check_receipt(struct op *op, const struct receipt *r)
{
	const struct known *k = known();
	struct checkpoint c;
	struct hash leaf = k->leaf[r->index % KNOWN_LEAVES];
	enum rc rc;

	FUZZ_PAINT(c);
	rc = receipt_check(op, &k->policy, r, &leaf, &c);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(op->err.field[0] != '\0' && FUZZ_UNTOUCHED(c));
		FUZZ_PLANTED(fuzz_holds(str_of(op->err.en), STR("does not prove")) && r->proof.n > 8);
		return;
	}
	FUZZ_CHECK(r->index < c.size && c.size <= KNOWN_LEAVES);
	FUZZ_CHECK(hash_eq(&c.root, &k->root[c.size]));
	leaf.b[31] ^= 1;
	FUZZ_CHECK(receipt_check(op, &k->policy, r, &leaf, &c) == RC_INVALID);
}

void fuzz_target(struct op *op, struct str in)
{
	struct receipt *r = ARENA_NEW(op->arena, struct receipt), *again;
	struct str text = str_copy(op->arena, in), mine;
	enum rc rc;

	FUZZ_PAINT(*r);
	rc = receipt_parse(op, in, r);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(op->err.field[0] != '\0' && FUZZ_UNTOUCHED(*r));
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(r->proof.n >= 0 && r->proof.n <= LIMIT_PROOF);
	mine = receipt_format(op->arena, r);
	FUZZ_CHECK(has_extra(text) ? mine.n < text.n : str_eq(mine, text));
	again = ARENA_NEW(op->arena, struct receipt);
	FUZZ_CHECK(receipt_parse(op, mine, again) == RC_OK);
	FUZZ_CHECK(str_eq(receipt_format(op->arena, again), mine));
	check_receipt(op, r);
}
