/* SPDX-License-Identifier: Apache-2.0 */
/* test_export.c -- views as spreadsheets over HTTP: what the caller may see, in words, in the
 * language asked for, with the ledger it rests on.
 */
#include "kit/check.h"

#include "http/serving.h"
#include "sheet/packed.h"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	assert_status(&S, sh(&S, "demo --seed 7 --events 1500"), 0);
	serving_start(&V, &S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(serving_stop(&V), 0);
	shell_close(&S);
	return 0;
}

static struct str exported(const char *path)
{
	struct heard h;
	struct str rows;

	ask(&V, "GET", path, NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "filename=\"custody-boxes.xlsx\""));
	assert_ok(sheet_text(&S.op, h.body, &rows));
	return rows;
}

static size_t lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == '\n';
	return n;
}

static void a_view_is_exported_in_words(void **state)
{
	struct str zh, en;

	(void)state;
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	zh = exported("/api/v1/export/custody/boxes?lang=zh");
	en = exported("/api/v1/export/custody/boxes?lang=en");
	assert_true(str_starts(zh, STR("1:【演练】试卷箱\n2:依据台账前 ")));
	assert_non_null(strstr(zh.s, " +08:00\n3:试卷箱|科次|送往|保管|已提卷\n4:X-"));
	assert_non_null(strstr(zh.s, "|语文|虚构第01考点 sc/cd/jn/s01|"));
	assert_true(str_starts(en, STR("1:[DRILL] boxes\n")));
	assert_null(strstr(en.s, "|否"));
	assert_true(lines(zh) == lines(en) && lines(zh) > 10);
}

static void only_rows_that_are_seen_and_asked_for_are_in_it(void **state)
{
	struct str all, one, none;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	all = exported("/api/v1/export/custody/boxes");
	one = exported("/api/v1/export/custody/boxes?place=sc/cd/jn/s01");
	assert_true(lines(one) > 3 && lines(one) < lines(all));
	log_in(&V, "P0003"); /* audit_admin */
	none = exported("/api/v1/export/custody/boxes");
	assert_int_equal(lines(none), 3);
	ask(&V, "GET", "/api/v1/export/custody/boxes?colour=red", NULL, &h);
	assert_heard(&h, 400);
	ask(&V, "GET", "/api/v1/export/no/view", NULL, &h);
	assert_heard(&h, 404);
	V.token = V.cookie = STR("");
	ask(&V, "GET", "/api/v1/export/custody/boxes", NULL, &h);
	assert_heard(&h, 401);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_is_exported_in_words),
		cmocka_unit_test(only_rows_that_are_seen_and_asked_for_are_in_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
