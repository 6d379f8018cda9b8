/* SPDX-License-Identifier: Apache-2.0 */
/* toy_setup.h -- the hall of the toy module with its people, for each test of a file.
 *
 * Persons 1 and 2 keep the hall aa/bb/cc, 3 is chief of all of aa; 901 to 903 administrate.
 */
#ifndef GY_TEST_TOY_SETUP_H
#define GY_TEST_TOY_SETUP_H

#include "engine/toy.h"
#include "kit/kit.h"

#define HALL "aa/bb/cc"
#define ARRIVE_7 "{\"place\":\"" HALL "\",\"code\":\"P7\",\"asset\":\"sheets\",\"sheets\":30}"
#define LOOK_7 "{\"place\":\"" HALL "\",\"code\":\"P7\"}"

static struct kit K;

static int setup(void **state)
{
	(void)state;
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 2, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "aa");
	kit_grant(&K, 4, "toy_chief", "aa");
	kit_found(&K);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	kit_close(&K);
	return 0;
}

#define must(expr) \
	do { \
		if ((expr) != RC_OK) \
			fail_msg("%s: %s (%s) at %s", #expr, K.answer.err.en, K.answer.err.field, \
			         K.answer.err.where ? K.answer.err.where : "?"); \
	} while (0)

#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

#endif
