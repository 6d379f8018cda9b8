/* SPDX-License-Identifier: Apache-2.0 */
/* test_day.c -- what a duty officer reads of a day: a drilled one, in which one room is short.
 *
 * The auditor recomputes the report's papers from the entries, and finds a number that was changed.
 */
#include "kit/check.h"

#include <sys/wait.h>

#include "shell.h"

static struct shell S;

static int setup(void **state)
{
	const char *scenario;

	(void)state;
	shell_open(&S);
	scenario = str_fmt(&S.arena, "%s/scenarios/room-short.json", getenv("GONGYUAN_SOURCE")).s;
	(void)sh(&S, "drill run %s --seed 1", scenario); /* what it judges is not asked here */
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

/* Its exit code. */
static int audit(const char *report)
{
	char command[2048];
	int status;

	snprintf(command, sizeof(command), "%s --report %s --known %s.checkpoint %s > %s 2>&1",
	         getenv("GONGYUAN_AUDIT"), report, S.data.s, S.data.s,
	         shell_path(&S, "audit.txt").s);
	status = system(command);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static bool on_sqlite(void)
{
	return !S.url.n;
}

static void the_short_room_stands_first(void **state)
{
	const struct json *row;

	(void)state;
	assert_status(&S, sh_json(&S, "custody reconcile 2025-06-07/am sc/cd/x01"), 1);
	assert_int_equal(json_int(S.doc, "unbalanced", 0), 3);
	row = json_get(S.doc, "rows")->first;
	assert_str(json_str(row, "room"), "sc/cd/x01/s01/r02");
	assert_int_equal(json_int(row, "short", 0), 1);
	assert_true(json_int(row, "first", -1) >= 0 &&
	            json_int(row, "first", -1) < json_int(row, "last", -1));
	assert_int_equal(json_int(row, "copies", 0) - json_int(row, "used", 0) -
	                 json_int(row, "absent", 0) - json_int(row, "left_over", 0), 1);
	assert_status(&S, sh(&S, "custody reconcile 2025-06-07/am sc/cd/x01/s01/r02"), 1);
	assert_true(shell_said(&S, "短少"));
	assert_status(&S, sh(&S, "custody reconcile 2025-06-07/am sc/cd/x02"), 0);
	assert_true(shell_said(&S, "全部平衡"));
	assert_status(&S, sh(&S, "custody reconcile 2025-07-01/am"), 2);
	assert_status(&S, sh(&S, "custody reconcile 2025-06-07/am SC"), 2);
}

/* Each must have arisen there, in that way, between those two events. */
static void must_arise(const char *kind, const char *place, const char *after, const char *before)
{
	for (const struct json *o = json_get(S.doc, "differences")->first; o; o = o->next) {
		const struct json *a = json_get(o, "after"), *b = json_get(o, "before");

		if (!str_is(json_str(o, "kind"), kind) || !str_is(json_str(o, "place"), place))
			continue;
		assert_str(json_str(a, "event"), after);
		assert_str(json_str(b, "event"), before);
		assert_true(json_int(a, "index", -1) >= 0 &&
		            json_int(a, "index", -1) < json_int(b, "index", -1));
		assert_true(json_str(a, "time").n > 0 && json_str(b, "time").n > 0);
		assert_true(json_int(o, "copies", 0) > 0);
		return;
	}
	fail_msg("no difference of kind %s at %s", kind, place);
}

static void every_injected_kind_is_placed_between_two_entries(void **state)
{
	static const char OPENED[] = "custody.bag_opened", COUNTED[] = "custody.bag_counted";

	(void)state;
	assert_status(&S, sh_json(&S, "custody reconcile 2025-06-07/am"), 1);
	assert_int_equal(json_get(S.doc, "differences")->count, 3);
	must_arise("lost", "sc/cd/x01/s01/r02", OPENED, COUNTED);
	must_arise("swapped", "sc/cd/x01/s02/r01", OPENED, COUNTED);
	must_arise("swapped", "sc/cd/x01/s02/r02", OPENED, COUNTED);
	assert_status(&S, sh_json(&S, "custody reconcile 2025-06-07/pm"), 1);
	assert_int_equal(json_get(S.doc, "differences")->count, 2);
	must_arise("double", "sc/cd/x01/s01/r01", OPENED, COUNTED);
	must_arise("late", "sc/cd/x01/s02/r02", "custody.bags_returned", COUNTED);
	assert_status(&S, sh_json(&S, "custody reconcile 2025-06-07/pm sc/cd/x02"), 0);
	assert_int_equal(json_get(S.doc, "differences")->count, 0);
	assert_status(&S, sh(&S, "custody reconcile 2025-06-07/am sc/cd/x01/s02/r01"), 1);
	assert_true(shell_said(&S, "定位：") && shell_said(&S, "互换"));
	assert_true(shell_said(&S, "试卷袋启封 之后") && !shell_said(&S, "s01/r02"));
}

static void a_bag_shows_how_secret_it_was(void **state)
{
	const struct json *step, *row;
	const char *bag;

	(void)state;
	assert_status(&S, sh_json(&S, "custody reconcile 2025-06-07/am sc/cd/x01"), 1);
	row = json_get(S.doc, "rows")->first;
	bag = json_str(row, "bag").s;
	assert_status(&S, sh_json(&S, "custody trace %s", bag), 0);
	step = json_get(S.doc, "steps")->first;
	assert_str(json_str(step, "level"), "绝密");
	for (; step && !str_is(json_str(step, "event"), "custody.bag_opened"); step = step->next)
		;
	assert_non_null(step);
	assert_str(json_str(step, "level"), "机密");
	assert_int_equal(json_str(S.doc, "level").n, 0); /* the subject has ended everywhere */
	assert_status(&S, sh(&S, "custody trace %s --lang zh", bag), 0);
	assert_true(shell_said(&S, "密级") && shell_said(&S, "绝密"));
}

static void every_site_has_a_line_in_the_zero_reports(void **state)
{
	const struct json *list;

	(void)state;
	assert_status(&S, sh_json(&S, "duty zero --session d1-chinese"), 0);
	list = json_get(S.doc, "reports");
	assert_int_equal(list->count, 9); /* the city, two counties, six sites */
	assert_str(json_str(list->first, "place"), "sc/cd");
	assert_status(&S, sh(&S, "duty zero sc/cd/x01 --session d1-chinese"), 0);
	assert_true(shell_said(&S, "sc/cd/x01/s03") && !shell_said(&S, "sc/cd/x02"));
	assert_status(&S, sh(&S, "duty zero --session d9-none"), 2);
}

static const struct json *part(const char *a, const char *b)
{
	const struct json *v = json_get(json_get(S.doc, a), b);

	assert_non_null(v);
	return v;
}

static void the_report_says_what_happened_and_from_which_entries(void **state)
{
	const struct json *alarm;
	int64_t size;

	(void)state;
	assert_status(&S, sh_json(&S, "day report --day 2025-06-07"), 0);
	size = json_int(json_get(S.doc, "ledger"), "size", 0);
	assert_true(size > 1000);
	assert_int_equal(json_get(S.doc, "sessions")->count, 2);
	assert_int_equal(json_int(json_get(S.doc, "sessions")->first, "rooms", 0), 36);
	assert_int_equal(part("papers", "unbalanced")->count, 4);
	assert_int_equal(json_int(json_get(S.doc, "papers"), "last", 0), size - 1);
	assert_int_equal(part("papers", "differences")->count, 5);
	assert_int_equal(json_int(part("papers", "secrecy"), "secret", 0), 72);
	assert_int_equal(json_int(part("papers", "secrecy"), "top_secret", -1), 0);
	assert_int_equal(json_int(part("papers", "secrecy"), "none", 0), 84);
	for (alarm = part("alarms", "list")->first; alarm; alarm = alarm->next) {
		int64_t first = json_int(alarm, "first", -1), last = json_int(alarm, "last", -1);

		assert_true(0 < first && first <= last && last < size);
		if (str_is(json_str(alarm, "rule"), "custody.difference")) {
			assert_true(json_str(alarm, "acknowledged_by").n > 0);
			assert_true(json_int(alarm, "acknowledged_s", 0) > 0);
			assert_true(json_int(alarm, "closed_s", 0) > json_int(alarm, "acknowledged_s", 0));
			assert_str(json_str(alarm, "colour"), "red");
		}
	}
	assert_int_equal((int64_t)part("alarms", "list")->count,
	                 json_int(json_get(S.doc, "alarms"), "raised", -1));
	assert_status(&S, sh(&S, "day report --day 2025-06-07"), 0);
	assert_true(shell_said(&S, "【演练】") && shell_said(&S, "四、试卷在何处"));
	assert_true(shell_said(&S, "考场 虚构第01县第01考点 sc/cd/x01/s01/r02"));
	assert_true(shell_said(&S, "考场清点与袋内份数不符"));
	assert_true(shell_said(&S, " + ")); /* a red one is closed by two, and both are named */
	assert_status(&S, sh(&S, "alarm list --all"), 0);
	assert_true(shell_said(&S, "办结") && shell_said(&S, " + "));
	assert_status(&S, sh(&S, "alarm list"), 0);
	assert_false(shell_said(&S, " + "));
	assert_status(&S, sh(&S, "day report --session d1-maths --place sc/cd/x01 --lang en"), 0);
	assert_true(shell_said(&S, "Where the papers are") && !shell_said(&S, "sc/cd/x02"));
	assert_status(&S, sh(&S, "day report --day yesterday"), 2);
	assert_status(&S, sh(&S, "day report --session d9-none"), 2);
	assert_status(&S, sh(&S, "day report --place SC"), 2);
}

/* A short room is told by its count, its scripts and its sheet: one cause, one line. */
static void what_has_one_cause_stands_under_it(void **state)
{
	size_t under = 0;

	(void)state;
	assert_status(&S, sh_json(&S, "day report --day 2025-06-07"), 0);
	for (const struct json *o = part("alarms", "list")->first; o; o = o->next) {
		struct str rule = json_str(o, "rule");

		if (str_is(rule, "custody.scripts_differ") || str_is(rule, "sitting.sheet_differs")) {
			assert_true(json_int(o, "under", 0) > 0);
			under++;
		} else {
			assert_int_equal(json_int(o, "under", -1), 0);
		}
	}
	assert_int_equal(under, 7); /* 3 and 4 */
	assert_status(&S, sh(&S, "day report --day 2025-06-07"), 0);
	assert_true(shell_said(&S, "同因：") && shell_said(&S, "截至 06-07"));
	assert_true(shell_said(&S, "虚构第01县第01考点 sc/cd/x01/s01/r02"));
	assert_false(shell_said(&S, "d1-chinese:"));
	assert_null(strstr(strstr(S.out.s, "【演练】") + 1, "【演练】"));
	assert_null(strstr(S.err.s, "【演练】"));
}

/* What stands at the city is the city's; a county's officer does not hear of it first. */
static void an_owner_stands_at_the_level_of_the_place(void **state)
{
	static const char *const LOWER[] = {"site_chief", "site_clerk", "duty_officer",
		"county_office", "county_leader", "county_director"};
	size_t n = 0;

	(void)state;
	assert_status(&S, sh_json(&S, "expect list sc/cd --state all"), 0);
	for (const struct json *e = json_get(S.doc, "expectations")->first; e; e = e->next) {
		struct str owner = json_str(e, "owner");

		assert_true(owner.n > 0);
		if (str_is(json_str(e, "place"), "sc/cd/x01"))
			assert_false(str_is(owner, "site_chief") || str_is(owner, "site_clerk"));
		if (!str_is(json_str(e, "place"), "sc/cd"))
			continue;
		n++;
		for (size_t i = 0; i < COUNT(LOWER); i++)
			assert_false(str_is(owner, LOWER[i]));
	}
	assert_true(n > 0);
	assert_status(&S, sh(&S, "describe rules duty --rule duty.zero_missing --lang zh"), 0);
	assert_true(shell_said(&S, "责任：值班员，市级：市值班员"));
	assert_status(&S, sh(&S, "describe rules duty --rule duty.issue_order --lang en"), 0);
	assert_true(shell_said(&S, "duty officer, county examinations office, county's leader"));
}

/* Labels and words for people, a page at a time; numbers and codes for machines. */
static void views_are_read_in_words(void **state)
{
	static const char *const RAW[] = {"_ms", "county_leader", "d1-chinese", "1749"};

	(void)state;
	assert_status(&S, sh(&S, "view show duty/roster --lang zh"), 0);
	assert_true(shell_said(&S, "岗位") && shell_said(&S, "考区带班领导"));
	assert_true(shell_said(&S, "虚构第01县 sc/cd/x01") && shell_said(&S, "06-07 08:00:00"));
	assert_true(shell_said(&S, "X01-L1"));
	for (size_t i = 0; i < COUNT(RAW); i++)
		assert_false(shell_said(&S, RAW[i]));
	assert_status(&S, sh(&S, "view show duty/roster --lang en"), 0);
	assert_true(shell_said(&S, "post") && shell_said(&S, "county's leader on duty"));
	assert_status(&S, sh_json(&S, "view show duty/roster"), 0);
	assert_true(json_int(json_get(S.doc, "rows")->first, "from_ms", 0) > 0);
	assert_true(json_int(json_get(S.doc, "rows")->first, "person", 0) > 0);
	assert_status(&S, sh(&S, "view show sitting/rooms --lang zh --limit 1"), 0);
	assert_true(shell_said(&S, "语文") && shell_said(&S, "已入场") && shell_said(&S, "--skip 1"));
	assert_status(&S, sh(&S, "view show sitting/rooms --skip 100000"), 0);
	assert_status(&S, sh(&S, "view show sitting/rooms --limit 0"), 2);
}

/* Each of them: no column is misread. */
static void every_view_can_be_shown(void **state)
{
	const struct json *views;

	(void)state;
	assert_status(&S, sh_json(&S, "view list"), 0);
	views = json_get(S.doc, "views");
	assert_true(views->count > 40);
	for (const struct json *v = views->first; v; v = v->next)
		if (sh(&S, "view show %s", json_str(v, "path").s) != 0)
			fail_msg("view %s cannot be shown", json_str(v, "path").s);
}

/* As the roster says: the first officer by day, the second by night. */
static void at_night_the_officer_of_the_night_signs(void **state)
{
	struct shell night;
	size_t n = 0;

	(void)state;
	shell_open(&night);
	(void)sh(&night, "drill run %s/scenarios/c01-night-patrols.json --small --seed 1",
	         getenv("GONGYUAN_SOURCE"));
	assert_status(&night, sh_json(&night, "day report --day 2025-06-07"), 0);
	for (const struct json *x = json_get(json_get(night.doc, "alarms"), "list")->first; x;
	     x = x->next) {
		if (!str_is(json_str(x, "rule"), "custody.patrol_missing"))
			continue;
		assert_str(json_str(x, "acknowledged_by"), "X01-D2");
		n++;
	}
	assert_true(n > 0);
	shell_close(&night);
}

/* One digit more in a number of papers: exit 5, whichever number it is. */
static void the_auditor_recomputes_the_papers(void **state)
{
	static const char *const EDITS[] = {
		"s/\"qty\":\\([1-9]\\)/\"qty\":9\\1/",
		"s/x01\\/store\",\"qty\"/x01\\/s01\",\"qty\"/",
		"s/\"copies\":\\([0-9]*\\),\"holder\"/\"copies\":1\\1,\"holder\"/",
		"s/\"spoiled\":0/\"spoiled\":1/",
		"s/\"used\":1/\"used\":2/",
		"s/\"size\":/\"size\":9/",
	};
	const char *good, *bad;

	(void)state;
	if (!on_sqlite())
		skip();
	good = shell_path(&S, "good.json").s;
	bad = shell_path(&S, "bad.json").s;
	assert_status(&S, sh_json(&S, "day report --day 2025-06-07"), 0);
	shell_write(&S, str_of(good), S.out.s);
	assert_int_equal(audit(good), 0);
	for (size_t i = 0; i < COUNT(EDITS); i++) {
		shell_system(&S, "sed '%s' %s > %s", EDITS[i], good, bad);
		if (audit(bad) != 5)
			fail_msg("a changed number is not found: %s", EDITS[i]);
	}
	shell_write(&S, str_of(bad), "{\"report\":\"week\"}");
	assert_int_equal(audit(bad), 2);
}

/* All that is wrong is told at once, by row and column; the good row can be taken alone. */
static void a_roster_comes_out_of_a_csv_file(void **state)
{
	static const char ROSTER[] =
		"值班地点,班次编号,值班岗位,值班人(A角),替班人(B角),开始时间,结束时间\n"
		"sc/cd/x01,ZB-20,duty_officer,X01-D1,X01-D2,2025-06-20T08:00:00+08:00,"
		"2025-06-20T20:00:00+08:00\n"
		"sc/cd/x01,ZB-21,duty_officer,X01-D1,X01-D1,2025-06-21T08:00:00+08:00,"
		"2025-06-21T20:00:00+08:00\n"
		"sc/cd/x01,ZB-22,porter,X01-D1,,2025-06-22T08:00:00+08:00,2025-06-22T20:00:00+08:00\n"
		"sc/cd/x01,ZB-23,county_leader,X01-L1,,2025-06-23T20:00:00+08:00,"
		"2025-06-23T08:00:00+08:00\n"
		"sc/cd/x01,ZB-24,county_leader,NOBODY-1,,yesterday,2025-06-24T08:00:00+08:00\n";
	static const int64_t ROWS[] = {3, 4, 5, 6, 6};
	const char *path = shell_path(&S, "roster.csv").s;
	const struct json *e;
	size_t i = 0;

	(void)state;
	shell_write(&S, str_of(path), ROSTER);
	assert_status(&S, sh_json(&S, "import roster %s --dry-run --as X01-O1", path), 1);
	assert_int_equal(json_int(S.doc, "rows", 0), 5);
	assert_int_equal(json_int(S.doc, "good", 0), 1);
	for (e = json_get(S.doc, "errors")->first; e; e = e->next, i++) {
		assert_true(i < COUNT(ROWS));
		assert_int_equal(json_int(e, "row", 0), ROWS[i]);
		assert_true(json_str(e, "zh").n > 0 && json_str(e, "en").n > 0);
	}
	assert_int_equal(i, COUNT(ROWS));
	assert_status(&S, sh_json(&S, "import roster %s --skip-bad %s --as X01-O1", path,
	                          shell_path(&S, "bad.csv").s), 1);
	assert_status(&S, sh_json(&S, "day report --day 2025-06-20"), 0);
	assert_int_equal(json_get(S.doc, "duty")->count, 1);
	assert_str(json_str(json_get(S.doc, "duty")->first, "person"), "X01-D1");
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(the_short_room_stands_first),
	cmocka_unit_test(every_injected_kind_is_placed_between_two_entries),
	cmocka_unit_test(a_bag_shows_how_secret_it_was),
	cmocka_unit_test(every_site_has_a_line_in_the_zero_reports),
	cmocka_unit_test(the_report_says_what_happened_and_from_which_entries),
	cmocka_unit_test(what_has_one_cause_stands_under_it),
	cmocka_unit_test(an_owner_stands_at_the_level_of_the_place),
	cmocka_unit_test(views_are_read_in_words),
	cmocka_unit_test(every_view_can_be_shown),
	cmocka_unit_test(at_night_the_officer_of_the_night_signs),
	cmocka_unit_test(the_auditor_recomputes_the_papers),
	cmocka_unit_test(a_roster_comes_out_of_a_csv_file),
};

int main(void)
{
	return cmocka_run_group_tests_name("day", TESTS, setup, teardown);
}
