/* SPDX-License-Identifier: Apache-2.0 */
/* test_text.c -- widths of Chinese text, aligned columns, distances between words. */
#include "kit/check.h"

#include "cli/out.h"
#include "base/suggest.h"

static void a_chinese_character_takes_two_columns(void **state)
{
	(void)state;
	assert_int_equal(text_width(STR("")), 0);
	assert_int_equal(text_width(STR("abc")), 3);
	assert_int_equal(text_width(STR("试卷袋")), 6);
	assert_int_equal(text_width(STR("第 7 条")), 7);
	assert_int_equal(text_width(STR("（可缺）")), 8);
	assert_int_equal(text_width(STR("é")), 1);
	assert_int_equal(text_width(STR("e\xcc\x81")), 1); /* a combining accent */
	assert_int_equal(text_width(STR("𠮷")), 2);        /* beyond the basic plane */
	assert_int_equal(text_width(STR("\xff\xfe")), 2);  /* not UTF-8: bytes */
}

static void columns_stand_under_each_other(void **state)
{
	struct arena a = {0};
	struct grid g;
	char text[256];
	FILE *f = tmpfile();
	size_t n;

	(void)state;
	assert_non_null(f);
	grid_init(&g, &a, 3);
	g.right[0] = true;
	grid_addi(&g, 7);
	grid_addz(&g, "试卷");
	grid_addz(&g, "x");
	grid_addi(&g, 1234);
	grid_addz(&g, "box");
	grid_addz(&g, "yy");
	grid_print(&g, f);
	rewind(f);
	n = fread(text, 1, sizeof(text) - 1, f);
	text[n] = 0;
	fclose(f);
	assert_string_equal(text, "   7  试卷  x\n1234  box   yy\n");
	arena_release(&a);
}

static void distance_counts_letters_that_are_wrong(void **state)
{
	(void)state;
	assert_int_equal(suggest_distance(STR("hand-over"), STR("hand_over")), 0);
	assert_int_equal(suggest_distance(STR("ledgr"), STR("ledger")), 1);
	assert_int_equal(suggest_distance(STR("exprot"), STR("export")), 1); /* a swap */
	assert_int_equal(suggest_distance(STR(""), STR("abc")), 3);
	assert_int_equal(suggest_distance(STR("kitten"), STR("sitting")), 3);
}

static void a_far_word_is_not_suggested(void **state)
{
	struct suggestion s;

	(void)state;
	suggest_init(&s, STR("trace"));
	suggest_try(&s, STR("balance"));
	assert_int_equal(s.best.n, 0);
	suggest_try(&s, STR("traces"));
	suggest_try(&s, STR("track"));
	assert_str(s.best, "traces");
	suggest_init(&s, STR("hand"));
	suggest_try(&s, STR("hand-over"));
	assert_str(s.best, "hand-over");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_chinese_character_takes_two_columns),
		cmocka_unit_test(columns_stand_under_each_other),
		cmocka_unit_test(distance_counts_letters_that_are_wrong),
		cmocka_unit_test(a_far_word_is_not_suggested),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
