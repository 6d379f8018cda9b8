/* SPDX-License-Identifier: Apache-2.0 */
/* test_tile.c -- C2SP tlog-tiles: paths, widths, rows and bundles. */
#include "kit/check.h"

#include "ledger/tile.h"

static void a_path_is_written_as_the_specification_says(void **state)
{
	struct arena a = {0};

	assert_str(tile_path(&a, 0, 1234067, 256), "tile/0/x001/x234/067");
	assert_str(tile_path(&a, -1, 67, 5), "tile/entries/067.p/5");
	assert_str(tile_path(&a, 0, 0, 256), "tile/0/000");
	assert_str(tile_path(&a, 1, 999, 255), "tile/1/999.p/255");
	assert_str(tile_path(&a, 2, 1000, 1), "tile/2/x001/000.p/1");
	assert_str(tile_path(&a, 63, UINT64_MAX, 256), "tile/63/x018/x446/x744/x073/x709/x551/615");
	arena_release(&a);
}

static void what_is_written_is_read_back(void **state)
{
	static const uint64_t NS[] = {0, 1, 999, 1000, 1001, 999999, 1000000, 1234067, UINT64_MAX};
	static const int WIDTHS[] = {1, 9, 10, 112, 255, 256};
	struct arena a = {0};

	for (int level = -1; level < 64; level++)
		for (size_t i = 0; i < COUNT(NS); i++)
			for (size_t j = 0; j < COUNT(WIDTHS); j++) {
				int got_level = -2, width = 0;
				uint64_t n = 7;
				struct str path = tile_path(&a, level, NS[i], WIDTHS[j]);

				assert_true(tile_path_parse(path, &got_level, &n, &width));
				assert_int_equal(got_level, level);
				assert_int_equal(n, NS[i]);
				assert_int_equal(width, WIDTHS[j]);
			}
	arena_release(&a);
}

static void any_other_spelling_is_refused(void **state)
{
	static const char *const BAD[] = {
		"",
		"tile",
		"tile/",
		"tile/0",
		"tile/0/",
		"/tile/0/000",
		"tile/0/0",
		"tile/0/00",
		"tile/0/0000",
		"tile/0/x000/000",
		"tile/0/x001",
		"tile/0/001/000",
		"tile/0/x01/000",
		"tile/00/000",
		"tile/-1/000",
		"tile/+1/000",
		"tile/64/000",
		"tile/100/000",
		"tile/0/000.p/0",
		"tile/0/000.p/00",
		"tile/0/000.p/01",
		"tile/0/000.p/256",
		"tile/0/000.p/",
		"tile/0/000.p",
		"tile/0/000.p/1/",
		"tile/0/000/",
		"tile/0/000 ",
		"tile/0/ 000",
		"tile/0/00a",
		"tile/entry/000",
		"tile/entries",
		"tile/entries/x001",
		"tile/entries000",
		"Tile/0/000",
		"tile//000",
		"tile/0/../000",
		"tile/0/000.P/1",
		"tile/0/x018/x446/x744/x073/x709/x551/616",
		"tile/0/x999/x999/x999/x999/x999/x999/999",
		"tile/0/x001/x018/x446/x744/x073/x709/x551/615",
		"tile/0/X001/000",
		"checkpoint",
	};

	for (size_t i = 0; i < COUNT(BAD); i++) {
		int level = 5, width = 6;
		uint64_t n = 7;

		if (tile_path_parse(str_of(BAD[i]), &level, &n, &width))
			fail_msg("accepted: %s", BAD[i]);
		assert_true(level == 5 && n == 7 && width == 6);
	}
}

static void seventy_thousand_entries_have_the_tiles_of_the_specification(void **state)
{
	assert_int_equal(tile_full_count(70000, 0), 273);
	assert_int_equal(tile_partial_width(70000, 0), 112);
	assert_int_equal(tile_full_count(70000, -1), 273);
	assert_int_equal(tile_partial_width(70000, -1), 112);
	assert_int_equal(tile_full_count(70000, 1), 1);
	assert_int_equal(tile_partial_width(70000, 1), 17);
	assert_int_equal(tile_full_count(70000, 2), 0);
	assert_int_equal(tile_partial_width(70000, 2), 1);
	assert_int_equal(tile_full_count(70000, 3), 0);
	assert_int_equal(tile_partial_width(70000, 3), 0);
	assert_int_equal(tile_full_count(256, 0), 1);
	assert_int_equal(tile_partial_width(256, 0), 0);
	assert_int_equal(tile_partial_width(256, 1), 1);
	assert_int_equal(tile_full_count(UINT64_MAX, 7), 0);
	assert_int_equal(tile_full_count(UINT64_MAX, 63), 0);
	assert_int_equal(tile_partial_width(UINT64_MAX, 63), 0);
}

struct seen {
	struct hasher *h;
	uint64_t tiles[TILE_LEVELS];
	struct hash root1[TILE_WIDTH]; /* of the tiles of level 0 */
};

static enum rc count_tile(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row)
{
	struct seen *s = ctx;

	assert_int_equal(n, s->tiles[level]);
	if (level == 0 && n < TILE_WIDTH)
		s->root1[n] = tile_root(s->h, row, TILE_WIDTH);
	if (level == 1 && n == 0)
		assert_memory_equal(row, s->root1, sizeof s->root1);
	s->tiles[level]++;
	return RC_OK;
}

static void rows_give_each_tile_once_and_always_the_tree(void **state)
{
	static struct tile_rows rows;
	struct seen s = {.h = hasher_new(HASH_SHA256)};
	struct tree t = {0}, from_rows;
	struct hash top;
	CHECK_OP(op);

	for (uint32_t i = 0; i < 70000; i++) {
		struct hash leaf = tree_leaf(s.h, &i, sizeof i);

		assert_ok(tile_rows_push(&op, &rows, s.h, &leaf, count_tile, &s));
		tree_push(&t, s.h, &leaf);
		if (i > 600 && i % 997 != 0 && i < 69990)
			continue;
		tile_rows_tree(&rows, s.h, &from_rows);
		assert_int_equal(from_rows.size, i + 1);
		assert_memory_equal(from_rows.peak, t.peak,
		                    (size_t)__builtin_popcountll(t.size) * sizeof t.peak[0]);
	}
	assert_int_equal(s.tiles[0], 273);
	assert_int_equal(s.tiles[1], 1);
	assert_int_equal(s.tiles[2], 0);
	top = tile_root(s.h, s.root1, TILE_WIDTH);
	assert_memory_equal(rows.row[2], &top, sizeof top);
	hasher_free(s.h);
	check_op_release(&op);
}

static void a_bundle_is_read_back_entry_by_entry(void **state)
{
	struct arena a = {0};
	struct str big = {arena_alloc(&a, LIMIT_ENTRY + 1), LIMIT_ENTRY};
	const struct str entries[] = {STR("one"), STR(""), big, STR("\0nul")};
	struct strbuf b;
	struct str rest, got;
	bool bad = true;

	strbuf_init(&b, &a);
	for (size_t i = 0; i < COUNT(entries); i++)
		bundle_add(&b, entries[i]);
	rest = strbuf_str(&b);
	assert_memory_equal(rest.s, "\0\3one\0\0\xff\xff", 9);
	for (size_t i = 0; i < COUNT(entries); i++) {
		assert_true(bundle_next(&rest, &got, &bad));
		assert_false(bad);
		assert_true(str_eq(got, entries[i]));
	}
	assert_false(bundle_next(&rest, &got, &bad));
	assert_false(bad);
	arena_release(&a);
}

static void a_cut_bundle_is_told_from_a_whole_one(void **state)
{
	static const struct str WHOLE = {"\0\3one\0\3two", 10};

	for (size_t n = 0; n < WHOLE.n; n++) {
		struct str rest = {WHOLE.s, n}, got;
		bool bad;
		int whole = 0;

		while (bundle_next(&rest, &got, &bad))
			whole++;
		assert_int_equal(bad, n != 0 && n != 5);
		assert_int_equal(whole, n >= 5);
	}
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_path_is_written_as_the_specification_says),
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(any_other_spelling_is_refused),
		cmocka_unit_test(seventy_thousand_entries_have_the_tiles_of_the_specification),
		cmocka_unit_test(rows_give_each_tile_once_and_always_the_tree),
		cmocka_unit_test(a_bundle_is_read_back_entry_by_entry),
		cmocka_unit_test(a_cut_bundle_is_told_from_a_whole_one),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
