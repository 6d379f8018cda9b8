/* SPDX-License-Identifier: Apache-2.0 */
/* test_flags.c -- the command line of the auditor. */
#include "kit/check.h"

#include "audit/flags.h"

#define MAX 6

static enum rc read_words(struct op *op, struct flags *f, const char *const words[MAX])
{
	char *argv[MAX + 2] = {(char *)(uintptr_t)"gongyuan-audit"};
	int argc = 1;

	for (int i = 0; i < MAX && words[i]; i++)
		argv[argc++] = (char *)(uintptr_t)words[i];
	return flags_read(op, argc, argv, f);
}

static void flags_take_their_values_both_ways(void **state)
{
	static const char *const WORDS[][MAX] = {
		{"--known", "k", "--json", "--lang", "en", "dir"},
		{"--known=k", "--json", "--lang=en", "--", "dir"},
		{"dir", "--json", "--known", "k", "--lang=en"},
		{"--data", "dir", "--json", "--known=k", "--lang=en"},
	};
	CHECK_OP(op);

	(void)state;
	for (size_t i = 0; i < COUNT(WORDS); i++) {
		struct flags f;

		assert_ok(read_words(&op, &f, WORDS[i]));
		assert_true(f.json && f.english && !f.help);
		assert_int_equal(f.options.nknown, 1);
		assert_str(f.options.known[0], "k");
		assert_str(f.options.source, "dir");
	}
	check_op_release(&op);
}

static void a_misspelt_flag_gets_the_nearest(void **state)
{
	static const char *const WORDS[][MAX] = {
		{"--knwon", "k", "dir"}, {"--polcy=p", "dir"}, {"--jsn", "dir"}, {"--language", "en"},
	};
	static const char *const MEANT[] = {"--known", "--policy", "--json", "--help"};
	CHECK_OP(op);

	(void)state;
	for (size_t i = 0; i < COUNT(WORDS); i++) {
		struct flags f;

		assert_int_equal(read_words(&op, &f, WORDS[i]), RC_INVALID);
		assert_non_null(strstr(op.err.en, MEANT[i]));
		assert_non_null(strstr(op.err.zh, MEANT[i]));
	}
	check_op_release(&op);
}

static void bad_words_are_refused(void **state)
{
	static const char *const WORDS[][MAX] = {
		{NULL}, {"--known"}, {"--known="}, {"--json=1", "dir"}, {"--lang", "fr", "dir"},
		{"dir", "other"}, {"--db", ""},
	};
	CHECK_OP(op);

	(void)state;
	for (size_t i = 0; i < COUNT(WORDS); i++) {
		struct flags f;

		assert_int_equal(read_words(&op, &f, WORDS[i]), RC_INVALID);
	}
	check_op_release(&op);
}

static void a_database_alone_is_a_source(void **state)
{
	static const char *const WORDS[MAX] = {"--db", "postgresql://host/x"};
	static const char *const BOTH[MAX] = {"--db", "postgresql://host/x", "dir"};
	struct flags f;
	CHECK_OP(op);

	(void)state;
	assert_ok(read_words(&op, &f, WORDS));
	assert_str(f.options.source, "postgresql://host/x");
	assert_int_equal(f.options.db.n, 0);
	assert_ok(read_words(&op, &f, BOTH));
	assert_str(f.options.source, "dir");
	assert_str(f.options.db, "postgresql://host/x");
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flags_take_their_values_both_ways),
		cmocka_unit_test(a_misspelt_flag_gets_the_nearest),
		cmocka_unit_test(bad_words_are_refused),
		cmocka_unit_test(a_database_alone_is_a_source),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
