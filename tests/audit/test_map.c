/* SPDX-License-Identifier: Apache-2.0 */
/* test_map.c -- the auditor's map beside a plain array, through many insertions and removals. */
#include "kit/check.h"

#include "audit/map.h"
#include "base/random.h"

enum { KEYS = 500, STEPS = 200000 };

static void what_is_dropped_hides_nothing_else(void **state)
{
	static int value[KEYS];
	static bool there[KEYS];
	struct random r = random_seeded(7);
	struct arena a = {0};
	struct map m;
	size_t n = 0;

	(void)state;
	map_init(&m, &a);
	map_drop_i(&m, 1); /* an empty one */
	for (int i = 0; i < STEPS; i++) {
		int64_t k = (int64_t)random_below(&r, KEYS), other = (int64_t)random_below(&r, KEYS);

		if (random_below(&r, 2)) {
			map_set_i(&m, k, &value[k]);
			n += !there[k];
			there[k] = true;
		} else {
			map_drop_i(&m, k);
			n -= there[k];
			there[k] = false;
		}
		assert_ptr_equal(map_get_i(&m, other), there[other] ? &value[other] : NULL);
		assert_int_equal(m.n, n);
	}
	for (int k = 0; k < KEYS; k++)
		assert_ptr_equal(map_get_i(&m, k), there[k] ? &value[k] : NULL);
	assert_true(m.cap <= 4 * KEYS);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_dropped_hides_nothing_else),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
