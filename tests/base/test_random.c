/* SPDX-License-Identifier: Apache-2.0 */
/* test_random.c -- a seeded stream is fixed for ever; the system's differs each time. */
#include "kit/check.h"

#include "base/hash.h"
#include "base/random.h"

static void a_seeded_stream_is_the_documented_hash(void **state)
{
	struct random r = random_seeded(0x0102030405060708);
	uint8_t in[18 + 24] = "gongyuan-random-v1", got[64];
	struct hash first, second;

	for (uint8_t i = 0; i < 8; i++)
		in[18 + i] = (uint8_t)(i + 1);
	in[18 + 15] = 9; /* position */
	first = hash_sha256(in, sizeof(in));
	in[18 + 23] = 1; /* counter */
	second = hash_sha256(in, sizeof(in));
	random_at(&r, 9);
	random_bytes(&r, got, sizeof(got));
	assert_memory_equal(got, first.b, 32);
	assert_memory_equal(got + 32, second.b, 32);
}

static void a_position_gives_the_same_bytes_whatever_came_before(void **state)
{
	struct random r = random_seeded(7);
	uint8_t a[100], b[100], skipped[13];

	random_at(&r, 5);
	random_bytes(&r, a, sizeof(a));
	random_at(&r, 4);
	random_bytes(&r, skipped, sizeof(skipped));
	random_at(&r, 5);
	for (size_t i = 0; i < sizeof(b); i++) /* byte by byte, across blocks */
		random_bytes(&r, b + i, 1);
	assert_memory_equal(a, b, sizeof(a));
	random_at(&r, 6);
	random_bytes(&r, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void seeds_differ(void **state)
{
	struct random a = random_seeded(1), b = random_seeded(2);

	assert_true(random_u64(&a) != random_u64(&b));
}

static void the_system_gives_other_bytes_each_time(void **state)
{
	struct random r = random_system();
	uint8_t a[300], b[300]; /* more than getrandom promises in one call */

	random_at(&r, 1);
	random_bytes(&r, a, sizeof(a));
	random_at(&r, 1);
	random_bytes(&r, b, sizeof(b));
	assert_memory_not_equal(a, b, sizeof(a));
}

static void a_draw_is_in_range_and_even(void **state)
{
	struct random r = random_seeded(3);
	int seen[7] = {0};

	for (int i = 0; i < 70000; i++) {
		uint64_t v = random_below(&r, 7);

		assert_true(v < 7);
		seen[v]++;
	}
	for (size_t i = 0; i < COUNT(seen); i++)
		assert_in_range(seen[i], 9500, 10500); /* five standard deviations */
	assert_int_equal(random_below(&r, 1), 0);
}

static void a_draw_has_no_modulo_bias(void **state)
{
	struct random r = random_seeded(11);
	const uint64_t below = 3ull << 62; /* 3/4 of the range: a modulo favours its low third */
	int low = 0;

	for (int i = 0; i < 30000; i++)
		low += random_below(&r, below) < below / 3;
	assert_in_range(low, 9500, 10500);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_seeded_stream_is_the_documented_hash),
		cmocka_unit_test(a_position_gives_the_same_bytes_whatever_came_before),
		cmocka_unit_test(seeds_differ),
		cmocka_unit_test(the_system_gives_other_bytes_each_time),
		cmocka_unit_test(a_draw_is_in_range_and_even),
		cmocka_unit_test(a_draw_has_no_modulo_bias),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
