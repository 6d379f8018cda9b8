/* SPDX-License-Identifier: Apache-2.0 */
/* test_export.c -- receipts, and an export folder read back file by file. */
#include "kit/check.h"

#include "ledger/book.h"

static struct str read_name(struct book *b, struct str dir, struct str name)
{
	struct str bytes;

	assert_ok(file_read(&b->op, str_fmt(&b->arena, "%s/%s", dir.s, name.s), 1 << 24, &bytes));
	return bytes;
}

/* Reads `size` entries of an export back; gives their root, having checked every tile. */
static struct hash read_back(struct book *b, struct str dir, uint64_t size)
{
	struct hasher *h = hasher_new(HASH_SHA256);
	struct tree t = {0};
	struct hash root;

	for (uint64_t n = 0; n * TILE_WIDTH < size; n++) {
		bool full = n < tile_full_count(size, 0), bad;
		int width = full ? TILE_WIDTH : tile_partial_width(size, 0), i = 0;
		struct str bundle = read_name(b, dir, tile_path(&b->arena, -1, n, width)), entry;
		struct str tile = read_name(b, dir, tile_path(&b->arena, 0, n, width));

		assert_int_equal(tile.n, width * 32);
		while (bundle_next(&bundle, &entry, &bad)) {
			struct hash leaf = tree_leaf(h, entry.s, entry.n);

			assert_true(str_eq(entry, book_entry(&b->arena, t.size)));
			assert_memory_equal(tile.s + 32 * i++, leaf.b, 32);
			tree_push(&t, h, &leaf);
		}
		assert_false(bad);
		assert_int_equal(i, width);
	}
	root = tree_root(&t, h);
	hasher_free(h);
	return root;
}

static void an_export_verifies_and_gives_every_entry_back(void **state)
{
	static const uint64_t SIZES[] = {1, 255, 256, 257, 600};

	for (size_t i = 0; i < COUNT(SIZES); i++) {
		struct book b;
		struct policy *p;
		struct checkpoint c;
		struct str note, dir;
		struct hash root, back;
		uint64_t size;

		book_open(&b);
		p = ARENA_NEW(&b.arena, struct policy);
		dir = str_fmt(&b.arena, "%s/../out/deep", b.dir.s);
		book_grow(&b, SIZES[i], 100);
		assert_ok(book_sign(&b, &note));
		book_grow(&b, SIZES[i] + 40, 40); /* not under the checkpoint: not exported */
		assert_ok(ledger_export(&b.op, &b.ledger, dir, &b.vkey, &size, &root));
		assert_int_equal(size, SIZES[i]);
		back = read_back(&b, dir, size);
		assert_true(hash_eq(&root, &back));
		assert_ok(policy_parse(&b.op, read_name(&b, dir, STR("policy")), p));
		assert_ok(policy_check(&b.op, p, read_name(&b, dir, STR("checkpoint")), &c, NULL));
		assert_true(c.size == size && hash_eq(&c.root, &root));
		assert_true(
			str_starts(read_name(&b, dir, STR("vkey")), note_vkey_format(&b.arena, &b.vkey)));
		assert_int_equal(ledger_export(&b.op, &b.ledger, dir, &b.vkey, &size, &root), RC_CONFLICT);
		book_close(&b);
	}
}

static void a_large_export_has_the_tiles_of_the_specification(void **state)
{
	static const struct {
		const char *name;
		bool there;
	} FILES[] = {
		{"tile/0/000", true},       {"tile/0/272", true},       {"tile/0/273", false},
		{"tile/0/273.p/112", true}, {"tile/1/000", true},       {"tile/1/001.p/17", true},
		{"tile/1/001", false},      {"tile/2/000.p/1", true},   {"tile/2/000", false},
		{"tile/3", false},          {"tile/entries/272", true}, {"tile/entries/273.p/112", true},
	};
	struct book b;
	struct str note, dir;
	struct hash root, back;
	uint64_t size;

	book_open(&b);
	dir = str_fmt(&b.arena, "%s/../out", b.dir.s);
	book_grow(&b, 70000, 10000);
	assert_ok(book_sign(&b, &note));
	assert_ok(ledger_export(&b.op, &b.ledger, dir, &b.vkey, &size, &root));
	for (size_t i = 0; i < COUNT(FILES); i++)
		if (file_exists(str_fmt(&b.arena, "%s/%s", dir.s, FILES[i].name)) != FILES[i].there)
			fail_msg("%s", FILES[i].name);
	back = read_back(&b, dir, size);
	assert_true(hash_eq(&root, &back));
	book_close(&b);
}

static void what_does_not_verify_is_not_exported(void **state)
{
	struct book b;
	struct str note, dir;
	struct hash root;
	uint64_t size;
	struct ed25519_key other = ed25519_from_seed((const uint8_t[32]){7});
	struct note_key wrong = note_key_of(STR(BOOK_ORIGIN), NOTE_ED25519, &other.pub);

	book_open(&b);
	dir = str_fmt(&b.arena, "%s/../out", b.dir.s);
	book_grow(&b, 300, 300);
	assert_int_equal(ledger_export(&b.op, &b.ledger, dir, &b.vkey, &size, &root), RC_NOT_FOUND);
	assert_ok(book_sign(&b, &note));
	assert_int_equal(ledger_export(&b.op, &b.ledger, dir, &wrong, &size, &root), RC_BROKEN);
	/* A place where nothing can be made, and one that is not a folder. */
	assert_ok(file_write(&b.op, b.known, STR("x"), 0644));
	assert_int_equal(ledger_export(&b.op, &b.ledger, b.known, &b.vkey, &size, &root), RC_BROKEN);
	assert_true(b.op.err.zh[0] && b.op.err.en[0]);
	assert_int_equal(ledger_export(&b.op, &b.ledger, str_fmt(&b.arena, "%s/x", b.known.s), &b.vkey,
	                               &size, &root),
	                 RC_BROKEN);
	book_tamper(&b, "UPDATE ledger_entry SET"
	                " bytes = (SELECT e.bytes FROM ledger_entry e WHERE e.idx = 1),"
	                " leaf = (SELECT e.leaf FROM ledger_entry e WHERE e.idx = 1) WHERE idx = 7");
	assert_int_equal(ledger_export(&b.op, &b.ledger, dir, &b.vkey, &size, &root), RC_BROKEN);
	assert_false(file_exists(str_fmt(&b.arena, "%s/checkpoint", dir.s)));
	book_close(&b);
}

static void a_receipt_proves_each_entry_under_the_newest_note(void **state)
{
	struct book b;
	struct policy *p;
	struct receipt *r;
	struct checkpoint c;
	struct str note, bytes, entry;
	struct hash leaf, other = hash_sha256("x", 1);

	book_open(&b);
	p = ARENA_NEW(&b.arena, struct policy);
	r = ARENA_NEW(&b.arena, struct receipt);
	book_grow(&b, 300, 300);
	assert_int_equal(ledger_prove(&b.op, &b.ledger, 0, &bytes), RC_NOT_FOUND);
	assert_ok(book_sign(&b, &note));
	book_grow(&b, 400, 100);
	bytes = str_fmt(&b.arena, "log %s\nquorum none\n", note_vkey_format(&b.arena, &b.vkey).s);
	assert_ok(policy_parse(&b.op, bytes, p));
	for (uint64_t i = 0; i < 300; i++) {
		assert_ok(ledger_prove(&b.op, &b.ledger, i, &bytes));
		assert_ok(receipt_parse(&b.op, bytes, r));
		assert_ok(ledger_entry(&b.op, &b.ledger, i, &entry, &leaf));
		assert_ok(receipt_check(&b.op, p, r, &leaf, &c));
		assert_int_equal(receipt_check(&b.op, p, r, &other, &c), RC_INVALID);
	}
	assert_int_equal(ledger_prove(&b.op, &b.ledger, 300, &bytes), RC_NOT_FOUND);
	assert_int_equal(ledger_prove(&b.op, &b.ledger, UINT64_MAX, &bytes), RC_NOT_FOUND);
	book_close(&b);
}

static void a_damaged_tile_gives_no_receipt(void **state)
{
	struct book b;
	struct str note, bytes;

	book_open(&b);
	book_grow(&b, 600, 300);
	assert_ok(book_sign(&b, &note));
	book_tamper(&b, "UPDATE ledger_tile SET bytes = (SELECT t.bytes FROM ledger_tile t"
	                " WHERE t.n = 1) WHERE n = 0");
	assert_int_equal(ledger_prove(&b.op, &b.ledger, 3, &bytes), RC_BROKEN);
	book_tamper(&b, "DELETE FROM ledger_tile WHERE n = 0");
	ledger_release(&b.ledger);
	assert_int_equal(ledger_open(&b.op, &b.store, &b.ledger), RC_BROKEN);
	b.ledger = (struct ledger){0};
	book_close(&b);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(an_export_verifies_and_gives_every_entry_back),
		cmocka_unit_test(a_large_export_has_the_tiles_of_the_specification),
		cmocka_unit_test(what_does_not_verify_is_not_exported),
		cmocka_unit_test(a_receipt_proves_each_entry_under_the_newest_note),
		cmocka_unit_test(a_damaged_tile_gives_no_receipt),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
