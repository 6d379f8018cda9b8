/* SPDX-License-Identifier: Apache-2.0 */
/* test_arena.c -- an operation's memory is zeroed, grows in place and is dropped whole. */
#include "kit/check.h"

#include "base/arena.h"

static bool all_zero(const void *p, size_t n)
{
	const unsigned char *b = p;

	for (size_t i = 0; i < n; i++) {
		if (b[i] != 0)
			return false;
	}
	return true;
}

static void memory_is_zeroed_also_after_a_reset(void **state)
{
	struct arena a = {0};

	for (int round = 0; round < 3; round++) {
		for (size_t n = 0; n < 3000; n += 97) {
			void *p = arena_alloc(&a, n);

			assert_true(all_zero(p, n));
			memset(p, 0xa5, n);
		}
		arena_reset(&a);
		assert_int_equal(a.used, 0);
	}
	arena_release(&a);
}

static void blocks_are_aligned_and_do_not_overlap(void **state)
{
	struct arena a = {0};
	unsigned char *blocks[200];

	for (size_t i = 0; i < COUNT(blocks); i++) {
		blocks[i] = arena_alloc(&a, i);
		assert_int_equal((uintptr_t)blocks[i] % _Alignof(max_align_t), 0);
		memset(blocks[i], (int)i, i);
	}
	for (size_t i = 0; i < COUNT(blocks); i++) {
		for (size_t k = 0; k < i; k++)
			assert_int_equal(blocks[i][k], i);
	}
	assert_ptr_not_equal(arena_alloc(&a, 0), arena_alloc(&a, 0));
	arena_release(&a);
}

static void a_large_block_leaves_the_small_ones_alone(void **state)
{
	struct arena a = {0};
	unsigned char *small = arena_alloc(&a, 16), *large = arena_alloc(&a, (size_t)5 << 20);
	unsigned char *next = arena_alloc(&a, 16);

	large[((size_t)5 << 20) - 1] = 1;
	assert_ptr_equal(next, small + 16); /* the head went on being filled */
	arena_release(&a);
}

static void a_reset_keeps_one_chunk(void **state)
{
	struct arena a = {0};
	void *kept;

	for (int i = 0; i < 1000; i++)
		arena_alloc(&a, 1000);
	arena_reset(&a);
	assert_non_null(a.head);
	kept = a.head;
	arena_alloc(&a, 1000);
	assert_ptr_equal(a.head, kept);
	arena_release(&a);
	assert_null(a.head);
}

static void a_reset_gives_back_an_import(void **state)
{
	struct arena a = {0};

	arena_alloc(&a, (size_t)3 << 20);
	arena_reset(&a);
	assert_null(a.head);
	arena_release(&a);
}

static void the_newest_block_grows_in_place(void **state)
{
	struct arena a = {0};
	char *p = arena_alloc(&a, 10), *grown, *moved;

	memset(p, 'x', 10);
	grown = arena_extend(&a, p, 10, 100);
	assert_ptr_equal(grown, p);
	assert_memory_equal(grown, "xxxxxxxxxx", 10);
	assert_true(all_zero(grown + 10, 90));
	arena_alloc(&a, 1);
	moved = arena_extend(&a, grown, 100, 200);
	assert_ptr_not_equal(moved, grown);
	assert_memory_equal(moved, "xxxxxxxxxx", 10);
	assert_true(all_zero(moved + 10, 190));
	assert_non_null(arena_extend(&a, NULL, 0, 5));
	arena_release(&a);
}

static void a_block_grows_over_the_end_of_its_chunk(void **state)
{
	struct arena a = {0};
	size_t n = 16;
	unsigned char *p = arena_alloc(&a, n);

	memset(p, 7, n);
	for (; n < (size_t)4 << 20; n *= 2) {
		p = arena_extend(&a, p, n, n * 2);
		assert_int_equal(p[n - 1], 7);
		assert_true(all_zero(p + n, n));
		memset(p, 7, n * 2);
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(memory_is_zeroed_also_after_a_reset),
		cmocka_unit_test(blocks_are_aligned_and_do_not_overlap),
		cmocka_unit_test(a_large_block_leaves_the_small_ones_alone),
		cmocka_unit_test(a_reset_keeps_one_chunk),
		cmocka_unit_test(a_reset_gives_back_an_import),
		cmocka_unit_test(the_newest_block_grows_in_place),
		cmocka_unit_test(a_block_grows_over_the_end_of_its_chunk),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
