/* SPDX-License-Identifier: Apache-2.0 */
/* test_prover.c -- proofs from memory: the same bytes as from the database, whatever is held. */
#include "kit/check.h"

#include "ledger/book.h"
#include "ledger/prover.h"

/* What ledger_prove says, for entries all over the tree. */
static void check_all(struct book *b, struct prover *p, uint64_t size, const struct ledger *from)
{
	for (uint64_t i = 0; i < size; i += i % 7 == 3 ? 1009 : 1) {
		struct str want, got, entry;
		struct hash leaf;

		arena_reset(b->op.arena);
		assert_ok(ledger_entry(&b->op, &b->ledger, i, &entry, &leaf));
		assert_ok(ledger_prove(&b->op, &b->ledger, i, &want));
		assert_ok(prover_prove(&b->op, p, from, i, &leaf, &got));
		assert_true(str_eq(want, got));
		leaf.b[31] ^= 1;
		assert_int_equal(prover_prove(&b->op, p, from, i, &leaf, &got), RC_NOT_FOUND);
	}
}

/* The book's texts stand in its arena: questions get one of their own. */
static void begin(struct book *b, struct arena *brief)
{
	book_open(b);
	b->op.arena = brief;
}

static void proofs_are_the_same_however_little_is_held(void **state)
{
	static const size_t HELD[] = {4096, 8, 1};
	struct arena brief = {0};
	struct book b;
	struct str note;

	begin(&b, &brief);
	book_grow(&b, 66000, 10000);
	assert_ok(book_sign(&b, &note));
	for (size_t i = 0; i < COUNT(HELD); i++) {
		struct prover *p = prover_new(HELD[i]);
		bool new = false;

		assert_int_equal(prover_size(p), 0);
		assert_ok(prover_publish(&b.op, p, &b.ledger, &new));
		assert_true(new);
		assert_int_equal(prover_size(p), 66000);
		check_all(&b, p, 66000, &b.ledger);
		if (HELD[i] > 8)
			check_all(&b, p, 66000, NULL); /* all of it is held now */
		prover_free(p);
	}
	book_close(&b);
	arena_release(&brief);
}

static void an_entry_without_a_checkpoint_is_told_apart_for_its_holder_alone(void **state)
{
	struct prover *p = prover_new(64);
	struct arena brief = {0};
	struct hash leaf, other;
	struct book b;
	struct str note, bytes;
	bool new;

	begin(&b, &brief);
	book_grow(&b, 300, 300);
	assert_int_equal(prover_publish(&b.op, p, &b.ledger, NULL), RC_NOT_FOUND);
	assert_ok(ledger_entry(&b.op, &b.ledger, 299, &bytes, &leaf));
	assert_int_equal(prover_prove(&b.op, p, NULL, 299, &leaf, &bytes), RC_BUSY);
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, 299, &leaf, &bytes), RC_CONFLICT);
	assert_true(b.op.err.zh[0] && b.op.err.en[0]);
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, 298, &leaf, &bytes), RC_NOT_FOUND);
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, 300, &leaf, &bytes), RC_NOT_FOUND);
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, UINT64_MAX, &leaf, &bytes), RC_NOT_FOUND);
	assert_ok(book_sign(&b, &note));
	assert_ok(prover_publish(&b.op, p, &b.ledger, &new));
	assert_true(new && str_eq(prover_note(p, &brief), note));
	assert_ok(prover_prove(&b.op, p, &b.ledger, 299, &leaf, &bytes));
	assert_ok(prover_publish(&b.op, p, &b.ledger, &new));
	assert_false(new);
	/* The tree grows over the edge of what is held. */
	book_grow(&b, 700, 10);
	assert_ok(ledger_entry(&b.op, &b.ledger, 699, &bytes, &other));
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, 699, &other, &bytes), RC_CONFLICT);
	assert_ok(book_sign(&b, &note));
	assert_ok(prover_publish(&b.op, p, &b.ledger, &new));
	assert_true(new);
	assert_ok(prover_prove(&b.op, p, NULL, 699, &other, &bytes));
	check_all(&b, p, 700, &b.ledger);
	prover_free(p);
	book_close(&b);
	arena_release(&brief);
}

static void a_damaged_tile_gives_no_proof(void **state)
{
	struct prover *p = prover_new(64), *late = prover_new(64);
	struct arena brief = {0};
	struct hash leaf;
	struct book b;
	struct str note, bytes;

	begin(&b, &brief);
	book_grow(&b, 600, 300);
	assert_ok(book_sign(&b, &note));
	assert_ok(prover_publish(&b.op, p, &b.ledger, NULL));
	assert_ok(ledger_entry(&b.op, &b.ledger, 3, &bytes, &leaf));
	book_tamper(&b, "UPDATE ledger_tile SET bytes = (SELECT t.bytes FROM ledger_tile t"
	                " WHERE t.n = 1) WHERE n = 0");
	ledger_release(&b.ledger);
	assert_ok(ledger_open(&b.op, &b.store, &b.ledger));
	assert_int_equal(prover_publish(&b.op, late, &b.ledger, NULL), RC_BROKEN);
	assert_int_equal(prover_note(late, &brief).n, 0);
	book_tamper(&b, "DELETE FROM ledger_tile WHERE n = 0");
	assert_int_equal(prover_prove(&b.op, p, &b.ledger, 3, &leaf, &bytes), RC_BROKEN);
	prover_free(p);
	prover_free(late);
	book_close(&b);
	arena_release(&brief);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(proofs_are_the_same_however_little_is_held),
		cmocka_unit_test(an_entry_without_a_checkpoint_is_told_apart_for_its_holder_alone),
		cmocka_unit_test(a_damaged_tile_gives_no_proof),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
