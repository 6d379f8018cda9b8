/* SPDX-License-Identifier: Apache-2.0 */
/* test_ledger.c -- appending, reading, rolling back, the fence, and what the database refuses. */
#include "kit/check.h"

#include "ledger/book.h"

#define UPSERT \
	"INSERT INTO ledger_entry VALUES (0, 0, '', '')" \
	" ON CONFLICT (log, idx) DO UPDATE SET bytes = ''"

/* The root that a fresh tree over the same made-up entries gives. */
static struct hash want_root(uint64_t size)
{
	struct hasher *h = hasher_new(HASH_SHA256);
	struct arena a = {0};
	struct tree t = {0};
	struct hash root;

	for (uint64_t i = 0; i < size; i++) {
		struct str e = book_entry(&a, i);
		struct hash leaf = tree_leaf(h, e.s, e.n);

		tree_push(&t, h, &leaf);
		arena_reset(&a);
	}
	root = tree_root(&t, h);
	hasher_free(h);
	arena_release(&a);
	return root;
}

static bool has_root(const struct ledger *l, uint64_t size)
{
	struct hash got = tree_root(&l->tree, l->hasher), want = want_root(size);

	return l->tree.size == size && hash_eq(&got, &want);
}

static void entries_come_back_as_they_were_appended(void **state)
{
	struct book b;
	struct str entry;
	struct hash leaf;
	uint64_t size;

	book_open(&b);
	book_grow(&b, 300, 7);
	for (uint64_t i = 0; i < 300; i++) {
		assert_ok(ledger_entry(&b.op, &b.ledger, i, &entry, &leaf));
		assert_true(str_eq(entry, book_entry(&b.arena, i)));
	}
	assert_int_equal(ledger_entry(&b.op, &b.ledger, 300, &entry, &leaf), RC_NOT_FOUND);
	assert_int_equal(ledger_entry(&b.op, &b.ledger, UINT64_MAX, &entry, &leaf), RC_NOT_FOUND);
	assert_ok(ledger_size(&b.op, b.store.ledger, &size));
	assert_int_equal(size, 300);
	assert_true(has_root(&b.ledger, 300));
	book_close(&b);
}

static enum rc count_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                           const struct hash *leaf)
{
	uint64_t *next = ctx;

	assert_int_equal(index, *next);
	assert_true(str_eq(entry, book_entry(op->arena, index)));
	++*next;
	return index == 2500 ? RC_DENIED : RC_OK;
}

static void a_scan_goes_in_order_and_stops_when_told(void **state)
{
	struct book b;
	uint64_t next = 5;

	book_open(&b);
	book_grow(&b, 3000, 500);
	assert_ok(ledger_scan(&b.op, &b.ledger, 5, 2200, count_entry, &next));
	assert_int_equal(next, 2200);
	assert_ok(ledger_scan(&b.op, &b.ledger, 9, 9, count_entry, &next));
	assert_int_equal(ledger_scan(&b.op, &b.ledger, 2200, 3000, count_entry, &next), RC_DENIED);
	assert_int_equal(next, 2501);
	next = 2990;
	assert_int_equal(ledger_scan(&b.op, &b.ledger, 2990, 3001, count_entry, &next), RC_BROKEN);
	assert_int_equal(next, 3000);
	book_close(&b);
}

static void an_entry_that_is_too_long_is_refused(void **state)
{
	struct book b;
	struct hash leaf;
	struct str big = {NULL, LIMIT_ENTRY + 1}, got;

	book_open(&b);
	big.s = arena_alloc(&b.arena, big.n + 1);
	assert_ok(store_begin(&b.op, &b.store));
	assert_int_equal(ledger_append(&b.op, &b.ledger, big, &leaf), RC_INVALID);
	big.n--;
	assert_ok(ledger_append(&b.op, &b.ledger, big, &leaf));
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_ok(store_commit(&b.op, &b.store));
	ledger_committed(&b.ledger);
	assert_ok(ledger_entry(&b.op, &b.ledger, 0, &got, &leaf));
	assert_int_equal(got.n, LIMIT_ENTRY);
	book_close(&b);
}

static void append_n(struct book *b, uint64_t n)
{
	struct hash leaf;

	for (uint64_t i = 0; i < n; i++)
		assert_ok(
			ledger_append(&b->op, &b->ledger, book_entry(&b->arena, b->ledger.next.size), &leaf));
}

static void what_is_rolled_back_leaves_nothing(void **state)
{
	struct book b;
	struct ledger_mark mark;

	book_open(&b);
	book_grow(&b, 250, 250);
	/* An operation rolled back with its savepoint, in a batch that completes a tile. */
	assert_ok(store_begin(&b.op, &b.store));
	append_n(&b, 3);
	mark = ledger_mark(&b.ledger);
	assert_ok(store_savepoint(&b.op, &b.store));
	append_n(&b, 300);
	assert_ok(store_rollback_to(&b.op, &b.store));
	ledger_back(&b.ledger, &mark);
	assert_int_equal(b.ledger.next.size, 253);
	append_n(&b, 7);
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_ok(store_commit(&b.op, &b.store));
	ledger_committed(&b.ledger);
	assert_true(has_root(&b.ledger, 260));
	/* A whole batch given up, before and after its seal. */
	for (int sealed = 0; sealed < 2; sealed++) {
		assert_ok(store_begin(&b.op, &b.store));
		append_n(&b, 600);
		if (sealed)
			assert_ok(ledger_seal(&b.op, &b.ledger));
		store_rollback(&b.store);
		ledger_abandoned(&b.ledger);
		assert_true(has_root(&b.ledger, 260));
	}
	book_grow(&b, 1000, 333);
	assert_true(has_root(&b.ledger, 1000));
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_tile"), 3);
	ledger_release(&b.ledger);
	assert_ok(ledger_open(&b.op, &b.store, &b.ledger));
	assert_true(has_root(&b.ledger, 1000));
	book_close(&b);
}

static void seventy_thousand_entries_make_the_tiles_of_the_specification(void **state)
{
	struct book b;
	struct tree_reader r;
	struct hash root = want_root(70000), leaf;
	struct str entry;
	struct proof p;

	book_open(&b);
	book_grow(&b, 70000, 1000);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_tile WHERE level = 0"), 273);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_tile WHERE level = 1"), 1);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_tile"), 274);
	assert_int_equal(book_number(&b, "SELECT MAX(LENGTH(bytes)) FROM ledger_tile"), 8192);
	assert_true(has_root(&b.ledger, 70000));
	ledger_release(&b.ledger);
	assert_ok(ledger_open(&b.op, &b.store, &b.ledger));
	assert_true(has_root(&b.ledger, 70000));
	r = ledger_reader(&b.ledger);
	for (uint64_t i = 0; i < 70000; i += 911) {
		assert_true(tree_prove_inclusion(&r, b.ledger.hasher, i, 70000, &p));
		assert_ok(ledger_entry(&b.op, &b.ledger, i, &entry, &leaf));
		assert_true(tree_verify_inclusion(b.ledger.hasher, &p, i, 70000, &leaf, &root));
	}
	for (uint64_t n = 1; n < 70000; n += 3989) {
		struct hash old = want_root(n);

		assert_true(tree_prove_consistency(&r, b.ledger.hasher, n, 70000, &p));
		assert_true(tree_verify_consistency(b.ledger.hasher, &p, n, 70000, &old, &root));
	}
	assert_false(tree_prove_inclusion(&r, b.ledger.hasher, 0, 70001, &p));
	book_close(&b);
}

static void a_reader_sees_what_is_committed_and_can_go_on(void **state)
{
	struct book b;
	struct store s;
	struct ledger l;
	struct tree_reader r;
	struct proof p;
	struct hash x, leaf;
	struct str entry;
	uint64_t before = 0, missed = 0;

	book_open(&b);
	book_grow(&b, 255, 100);
	s = book_connect(&b, STORE_READ);
	assert_ok(ledger_open(&b.op, &s, &l));
	assert_int_equal(l.epoch, -1);
	for (uint64_t n = 255; n < 900; n += 37) {
		assert_ok(store_begin(&b.op, &b.store));
		append_n(&b, n - b.ledger.next.size);
		assert_ok(ledger_seal(&b.op, &b.ledger));
		assert_ok(ledger_refresh(&b.op, &l));
		assert_int_equal(l.tree.size, before ? before : 255);
		assert_ok(store_commit(&b.op, &b.store));
		ledger_committed(&b.ledger);
		assert_ok(ledger_refresh(&b.op, &l));
		assert_true(has_root(&l, n));
		r = ledger_reader(&l);
		assert_true(tree_prove_inclusion(&r, l.hasher, n - 1, n, &p));
		before = n;
		/* What is not there yet is refused, and not remembered as something. */
		assert_false(r.hash_at(r.ctx, 0, n, &x));
		if (n > 255) {
			assert_true(r.hash_at(r.ctx, 0, missed, &x));
			assert_ok(ledger_entry(&b.op, &l, missed, &entry, &leaf));
			assert_true(hash_eq(&x, &leaf));
		}
		missed = n;
	}
	ledger_release(&l);
	store_release(&s);
	book_close(&b);
}

static void a_writers_reader_sees_nothing_uncommitted(void **state)
{
	struct book b;
	struct tree_reader r;
	struct hash x;

	book_open(&b);
	book_grow(&b, 255, 255);
	ledger_release(&b.ledger);
	assert_ok(ledger_open(&b.op, &b.store, &b.ledger));
	r = ledger_reader(&b.ledger);
	assert_ok(store_begin(&b.op, &b.store));
	append_n(&b, 10);
	assert_true(r.hash_at(r.ctx, 0, 254, &x));
	assert_false(r.hash_at(r.ctx, 0, 255, &x));
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_false(r.hash_at(r.ctx, 8, 0, &x));
	assert_ok(store_commit(&b.op, &b.store));
	ledger_committed(&b.ledger);
	assert_true(r.hash_at(r.ctx, 8, 0, &x));
	assert_true(r.hash_at(r.ctx, 0, 264, &x));
	assert_false(r.hash_at(r.ctx, 0, 265, &x));
	book_close(&b);
}

static void the_second_writers_commit_stops_the_first(void **state)
{
	struct book b;
	struct store s;
	struct ledger l;
	struct hash leaf;
	enum rc rc;

	book_open(&b);
	book_grow(&b, 10, 10);
	s = book_connect(&b, STORE_WRITE);
	assert_ok(ledger_open(&b.op, &s, &l));
	assert_int_equal(l.epoch, b.ledger.epoch + 1);
	assert_ok(db_begin(&b.op, s.ledger));
	assert_ok(ledger_append(&b.op, &l, book_entry(&b.arena, 10), &leaf));
	assert_ok(ledger_seal(&b.op, &l));
	assert_ok(db_commit(&b.op, s.ledger));
	ledger_committed(&l);
	/* The first still thinks that it stands at 10. */
	assert_ok(store_begin(&b.op, &b.store));
	assert_ok(ledger_append(&b.op, &b.ledger, STR("late"), &leaf));
	assert_int_equal(ledger_seal(&b.op, &b.ledger), RC_CONFLICT);
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	/* And without an entry of its own, what else it would commit is fenced. */
	assert_ok(store_begin(&b.op, &b.store));
	rc = ledger_seal(&b.op, &b.ledger);
	assert_int_equal(rc, RC_CONFLICT);
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_entry"), 11);
	ledger_release(&l);
	store_release(&s);
	book_close(&b);
}

static void a_writer_is_fenced_by_the_mere_opening_of_another(void **state)
{
	struct book b;
	struct store s;
	struct ledger l;

	book_open(&b);
	book_grow(&b, 3, 3);
	s = book_connect(&b, STORE_WRITE);
	assert_ok(ledger_open(&b.op, &s, &l));
	assert_ok(store_begin(&b.op, &b.store));
	append_n(&b, 1);
	assert_int_equal(ledger_seal(&b.op, &b.ledger), RC_CONFLICT);
	assert_true(b.op.err.zh[0] && strstr(b.op.err.en, "another writer"));
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	assert_int_equal(book_number(&b, "SELECT COUNT(*) FROM ledger_entry"), 3);
	ledger_release(&l);
	store_release(&s);
	book_close(&b);
}

static void a_head_moved_by_anybody_stops_the_writer(void **state)
{
	struct book b;
	struct store s;
	struct ledger l;
	uint64_t size;

	book_open(&b);
	book_grow(&b, 3, 3);
	s = book_connect(&b, STORE_READ);
	assert_ok(ledger_open(&b.op, &s, &l));
	book_tamper(&b, "UPDATE ledger_fence SET size = 2");
	assert_ok(store_begin(&b.op, &b.store));
	assert_int_equal(ledger_seal(&b.op, &b.ledger), RC_CONFLICT);
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	assert_int_equal(ledger_refresh(&b.op, &l), RC_BROKEN);
	assert_non_null(strstr(b.op.err.en, "went back"));
	book_tamper(&b, "UPDATE ledger_fence SET size = -1");
	assert_int_equal(ledger_size(&b.op, s.ledger, &size), RC_BROKEN);
	ledger_release(&l);
	store_release(&s);
	book_close(&b);
}

static void the_database_refuses_to_change_what_is_recorded(void **state)
{
	static const char *const BOTH[] = {
		"UPDATE ledger_entry SET bytes = leaf",   "UPDATE ledger_entry SET idx = idx + 1000",
		"DELETE FROM ledger_entry WHERE idx = 3", "DELETE FROM ledger_entry",
		"UPDATE ledger_tile SET n = 7",           "DELETE FROM ledger_tile",
		"UPDATE ledger_note SET note = 'x'",      "DELETE FROM ledger_note",
		"UPDATE ledger_receipt SET idx = 0",      "DELETE FROM ledger_receipt",
	};
	static const char *const LITE[] = {
		"REPLACE INTO ledger_entry SELECT log, idx, leaf, leaf FROM ledger_entry",
		"INSERT OR REPLACE INTO ledger_tile SELECT log, level, n, x'00' FROM ledger_tile",
		"REPLACE INTO ledger_note SELECT log, size, n, 'x' FROM ledger_note",
		"REPLACE INTO ledger_receipt SELECT device, key, body, 0 FROM ledger_receipt",
	};
	static const char *const PG[] = {
		"TRUNCATE ledger_entry",
		"TRUNCATE ledger_tile",
		"TRUNCATE ledger_note",
		"TRUNCATE ledger_receipt",
		UPSERT,
	};
	struct book b;
	struct str note;
	struct hash body = hash_sha256("x", 1), root;
	uint64_t size;

	book_open(&b);
	book_grow(&b, 300, 300);
	assert_ok(book_sign(&b, &note));
	assert_ok(store_begin(&b.op, &b.store));
	assert_ok(ledger_receipt_put(&b.op, &b.ledger, 1, STR("k"), &body, 5));
	assert_ok(ledger_seal(&b.op, &b.ledger));
	assert_ok(store_commit(&b.op, &b.store));
	ledger_committed(&b.ledger);
	for (size_t i = 0; i < COUNT(BOTH); i++)
		if (db_script(&b.op, b.store.ledger, BOTH[i]) == RC_OK)
			fail_msg("accepted: %s", BOTH[i]);
	for (size_t i = 0; b.url.n == 0 && i < COUNT(LITE); i++)
		if (db_script(&b.op, b.store.ledger, LITE[i]) == RC_OK)
			fail_msg("accepted: %s", LITE[i]);
	for (size_t i = 0; b.url.n > 0 && i < COUNT(PG); i++)
		if (db_script(&b.op, b.store.ledger, PG[i]) == RC_OK)
			fail_msg("accepted: %s", PG[i]);
	assert_ok(ledger_scrub(&b.op, &b.ledger, &size, &root));
	assert_int_equal(size, 300);
	/* The vault's tables are no ledger: shredding deletes. */
	assert_ok(db_script(&b.op, b.store.ledger,
	                    "INSERT INTO vault_key VALUES (1, ''); DELETE FROM vault_key;"
	                    "INSERT INTO vault_item VALUES (1, 1, ''); DELETE FROM vault_item;"));
	book_close(&b);
}

static void an_idempotency_key_answers_once_and_for_one_body(void **state)
{
	struct book b;
	struct hash body = hash_sha256("body", 4), other = hash_sha256("other", 5);
	bool found = true;
	uint64_t index = 0;

	book_open(&b);
	assert_ok(store_begin(&b.op, &b.store));
	assert_ok(ledger_receipt_find(&b.op, &b.ledger, 7, STR("key-1"), &body, &found, &index));
	assert_false(found);
	assert_ok(ledger_receipt_put(&b.op, &b.ledger, 7, STR("key-1"), &body, 12));
	assert_ok(ledger_receipt_find(&b.op, &b.ledger, 7, STR("key-1"), &body, &found, &index));
	assert_true(found && index == 12);
	assert_int_equal(ledger_receipt_find(&b.op, &b.ledger, 7, STR("key-1"), &other, &found, &index),
	                 RC_INVALID);
	assert_ok(ledger_receipt_find(&b.op, &b.ledger, 8, STR("key-1"), &other, &found, &index));
	assert_false(found);
	assert_int_equal(ledger_receipt_put(&b.op, &b.ledger, 7, STR("key-1"), &body, 12), RC_CONFLICT);
	store_rollback(&b.store);
	ledger_abandoned(&b.ledger);
	book_close(&b);
}

static void a_head_that_disagrees_is_not_opened(void **state)
{
	static const char *const DAMAGE[] = {
		"DELETE FROM ledger_entry WHERE idx = 599",
		"DELETE FROM ledger_entry WHERE idx = 0",
		"INSERT INTO ledger_entry SELECT log, 600, bytes, leaf FROM ledger_entry WHERE idx "
		"= 1",
		"INSERT INTO ledger_entry SELECT log, -1, bytes, leaf FROM ledger_entry WHERE idx "
		"= 1",
		"UPDATE ledger_fence SET size = 599",
		"UPDATE ledger_fence SET size = 601",
		"UPDATE ledger_fence SET size = -1",
		"DELETE FROM ledger_fence",
		"DELETE FROM ledger_tile WHERE n = 1",
		"INSERT INTO ledger_tile SELECT log, level, 2, bytes FROM ledger_tile WHERE n = 0",
		"INSERT INTO ledger_tile SELECT log, 1, 0, bytes FROM ledger_tile WHERE n = 0",
		"DELETE FROM ledger_entry WHERE idx = 580",
	};

	for (size_t i = 0; i < COUNT(DAMAGE); i++) {
		struct book b;
		struct store s;
		struct ledger l;

		book_open(&b);
		book_grow(&b, 600, 600);
		book_tamper(&b, DAMAGE[i]);
		s = book_connect(&b, STORE_READ);
		if (ledger_open(&b.op, &s, &l) != RC_BROKEN)
			fail_msg("opened after: %s", DAMAGE[i]);
		assert_true(b.op.err.zh[0] && b.op.err.en[0]);
		store_release(&s);
		book_close(&b);
	}
}

static void tables_of_another_version_are_not_opened(void **state)
{
	struct book b;
	struct ledger l;

	book_open(&b);
	assert_ok(db_script(&b.op, b.store.ledger, "INSERT INTO schema_step VALUES (1000, 'later')"));
	assert_int_equal(ledger_open(&b.op, &b.store, &l), RC_INVALID);
	assert_ok(db_script(&b.op, b.store.ledger, "DELETE FROM schema_step"));
	assert_int_equal(ledger_open(&b.op, &b.store, &l), RC_CONFLICT);
	book_close(&b);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(entries_come_back_as_they_were_appended),
		cmocka_unit_test(a_scan_goes_in_order_and_stops_when_told),
		cmocka_unit_test(an_entry_that_is_too_long_is_refused),
		cmocka_unit_test(what_is_rolled_back_leaves_nothing),
		cmocka_unit_test(seventy_thousand_entries_make_the_tiles_of_the_specification),
		cmocka_unit_test(a_reader_sees_what_is_committed_and_can_go_on),
		cmocka_unit_test(a_writers_reader_sees_nothing_uncommitted),
		cmocka_unit_test(the_second_writers_commit_stops_the_first),
		cmocka_unit_test(a_writer_is_fenced_by_the_mere_opening_of_another),
		cmocka_unit_test(a_head_moved_by_anybody_stops_the_writer),
		cmocka_unit_test(the_database_refuses_to_change_what_is_recorded),
		cmocka_unit_test(an_idempotency_key_answers_once_and_for_one_body),
		cmocka_unit_test(a_head_that_disagrees_is_not_opened),
		cmocka_unit_test(tables_of_another_version_are_not_opened),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
