/* SPDX-License-Identifier: Apache-2.0 */
/* test_err.c -- an error is said once, in both languages, and cut between characters. */
#include "kit/check.h"

#include "base/op.h"

static void an_error_is_filled_in_both_languages(void **state)
{
	CHECK_OP(op);

	assert_int_equal(fail(&op, RC_CONFLICT, "bag", "2004-2 Art.23", "试卷袋 %s 已启封 %d 次",
	                      "bag %s was opened %d times", "B-7", 2), RC_CONFLICT);
	assert_int_equal(op.err.rc, RC_CONFLICT);
	assert_string_equal(op.err.field, "bag");
	assert_string_equal(op.err.article, "2004-2 Art.23");
	assert_string_equal(op.err.zh, "试卷袋 B-7 已启封 2 次");
	assert_string_equal(op.err.en, "bag B-7 was opened 2 times");
	assert_non_null(strstr(op.err.where, "test_err.c:"));
	check_op_release(&op);
}

static enum rc inner(struct op *op, bool good)
{
	return good ? RC_OK : fail(op, RC_DENIED, "", "", "不行", "no");
}

static enum rc outer(struct op *op, bool good)
{
	TRY(inner(op, good));
	return RC_OK;
}

static void try_hands_an_error_up(void **state)
{
	CHECK_OP(op);

	assert_int_equal(outer(&op, true), RC_OK);
	assert_int_equal(outer(&op, false), RC_DENIED);
	assert_string_equal(op.err.en, "no");
	check_op_release(&op);
}

static void long_texts_are_cut_between_characters(void **state)
{
	/* Characters of 1 to 4 bytes, shifted so that the cut falls on each of their bytes. */
	static const char *const UNIT[] = {"x", "\xc3\xa9", "\xe8\xb4\xa1", "\xf0\x9f\x8e\x93"};
	char text[1000];
	struct err e;

	for (size_t u = 0; u < COUNT(UNIT); u++) {
		for (size_t shift = 0; shift < 5; shift++) {
			size_t n = shift, len = strlen(UNIT[u]);

			memset(text, '-', n);
			for (; n + len < sizeof(text); n += len)
				memcpy(text + n, UNIT[u], len);
			text[n] = '\0';
			err_set(&e, "here", RC_INVALID, text, text, "%s", "%s", text);
			assert_true(str_utf8_valid(str_of(e.zh)));
			assert_true(str_utf8_valid(str_of(e.en)));
			assert_true(str_utf8_valid(str_of(e.field)));
			assert_true(str_utf8_valid(str_of(e.article)));
			assert_true(strlen(e.zh) + len >= sizeof(e.zh));
			assert_true(strlen(e.field) + len >= sizeof(e.field));
		}
	}
}

static void a_text_that_just_fits_is_whole(void **state)
{
	char text[sizeof(((struct err *)0)->zh)];
	struct err e;

	memset(text, 'y', sizeof(text) - 1);
	memcpy(text + sizeof(text) - 4, "\xe8\xb4\xa1", 4);
	err_set(&e, "here", RC_INVALID, NULL, NULL, "%s", "%s", text);
	assert_string_equal(e.zh, text);
	assert_string_equal(e.field, "");
	assert_string_equal(e.article, "");
}

static void an_error_may_quote_the_one_that_it_replaces(void **state)
{
	struct err e;

	err_set(&e, "a", RC_INVALID, "bag", "Art.1", "坏", "bad");
	err_set(&e, "b", RC_BROKEN, e.field, e.article, "原因：%s (%s)", "why: %s (%s)", e.zh, e.en);
	assert_string_equal(e.zh, "原因：坏 (bad)");
	assert_string_equal(e.en, "why: 坏 (bad)");
	assert_string_equal(e.field, "bag");
	assert_string_equal(e.article, "Art.1");
}

static void codes_have_status_exit_and_text(void **state)
{
	assert_string_equal(rc_text(RC_NOT_FOUND), "not_found");
	assert_int_equal(rc_http(RC_INVALID), 422);
	assert_int_equal(rc_http(RC_OK), 200);
	assert_int_equal(rc_exit(RC_BUSY), 75);
	assert_int_equal(rc_exit(RC_BROKEN), 5);
	for (int i = 0; i < RC_MAX; i++) {
		for (int j = 0; j < i; j++)
			assert_string_not_equal(rc_text((enum rc)i), rc_text((enum rc)j));
	}
}

static void no_text_is_broken_by_what_was_sent(void **state)
{
	struct err e;

	(void)state;
	err_set(&e, "here", RC_INVALID, "\xff", "贡\xe8\xb4", "贡 %s 院", "a %s b", "x\xb1y\xc0");
	assert_string_equal(e.field, "?");
	assert_string_equal(e.article, "贡??");
	assert_string_equal(e.zh, "贡 x?y? 院");
	assert_string_equal(e.en, "a x?y? b");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_error_is_filled_in_both_languages),
		cmocka_unit_test(try_hands_an_error_up),
		cmocka_unit_test(long_texts_are_cut_between_characters),
		cmocka_unit_test(no_text_is_broken_by_what_was_sent),
		cmocka_unit_test(a_text_that_just_fits_is_whole),
		cmocka_unit_test(an_error_may_quote_the_one_that_it_replaces),
		cmocka_unit_test(codes_have_status_exit_and_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
