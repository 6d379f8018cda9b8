/* SPDX-License-Identifier: Apache-2.0 */
/* test_after.c -- forms and tables of a day that has been: a made-up city's, played once. */
#include "kit/check.h"

#include "print/paper.h"
#include "shell.h"

static struct shell S;

#define COUNTY "sc/cd/x01"

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	assert_status(&S, sh(&S, "drill run %s/scenarios/c19-script-custody.json --seed 1",
	                     getenv("GONGYUAN_SOURCE")), 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static struct str printed(const char *form, const char *flags)
{
	struct str out = shell_path(&S, "form.pdf"), text;
	struct paper p;

	assert_status(&S, sh(&S, "print %s --out %s %s", form, out.s, flags), 0);
	paper_init(&p, &S.arena, shell_read(&S, out));
	text = paper_text(&p, 0);
	assert_str(paper_outside(&p), "");
	assert_str(paper_overlap(&p), "");
	paper_release(&p);
	return text;
}

/* Numbers behind a word at the beginning of a line. */
static void row_of(struct str text, const char *word, long long *ret, size_t n)
{
	const char *at = strstr(text.s, word);
	char *end;

	assert_non_null(at);
	at += strlen(word);
	for (size_t i = 0; i < n; i++, at = end) {
		ret[i] = strtoll(at, &end, 10);
		assert_ptr_not_equal(at, end);
	}
}

/* Boxes with their bags by kind, and of all: two sites or more, six rooms and two spares each. */
static void a_county_takes_its_boxes_over_by_one_sheet(void **state)
{
	struct str text;

	(void)state;
	if (!paper_can())
		skip();
	text = printed("handover", "--place " COUNTY " --session d1-chinese");
	assert_int_equal(paper_count(text, "3 箱"), 1);
	assert_int_equal(paper_count(text, "21 袋（试卷 18、备用卷 3）"), 1);
	assert_int_equal(paper_count(text, "X-X01-01-0"), 3);
}

/* In the evening a secrecy room has no box of papers, and every bag of scripts. */
static void what_a_store_has_to_keep_is_on_its_check(void **state)
{
	struct str text;

	(void)state;
	if (!paper_can())
		skip();
	text = printed("joint-check", "--place " COUNTY "/store --day 2025-06-07");
	assert_int_equal(paper_count(text, "0 箱"), 1);
	assert_int_equal(paper_count(text, "42 袋（其中已回送 42）"), 1);
}

/* Who adds up a row comes to what was printed. */
static void papers_of_a_day_add_up_on_its_report(void **state)
{
	static const char *const ROWS[] = {"语文 试卷", "数学 试卷", "语文 备用卷", "数学 备用卷"};
	enum { BAGS, COPIES, USED, ABSENT, LEFT, REPLACED, MISSING, OFF, COLUMNS };
	long long v[COLUMNS];
	struct str text;

	(void)state;
	if (!paper_can())
		skip();
	text = printed("day-report", "--place sc/cd --day 2025-06-07");
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		row_of(text, ROWS[i], v, COLUMNS);
		assert_int_equal(v[USED] + v[ABSENT] + v[LEFT] + v[REPLACED] + v[MISSING], v[COPIES]);
		assert_true(v[USED] > 0 && v[LEFT] > 0);
	}
	/* A shift of the night says of which. */
	assert_true(paper_count(text, "6月6日 20:00—08:00") >= 1);
	assert_true(paper_count(text, "20:00—6月8日 08:00") >= 1);
	assert_int_equal(paper_count(text, "以页脚所载存证点为准"), 1);
}

static void an_account_of_papers_has_a_name_in_lists(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "view show custody/bags"), 0);
	assert_true(shell_said(&S, "语文 备用卷"));
	assert_false(shell_said(&S, "paper.chinese"));
	assert_status(&S, sh(&S, "view show custody/bags --lang en"), 0);
	assert_true(shell_said(&S, "Chinese spare papers"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_county_takes_its_boxes_over_by_one_sheet),
		cmocka_unit_test(what_a_store_has_to_keep_is_on_its_check),
		cmocka_unit_test(papers_of_a_day_add_up_on_its_report),
		cmocka_unit_test(an_account_of_papers_has_a_name_in_lists),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
