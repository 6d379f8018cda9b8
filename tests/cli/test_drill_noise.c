/* SPDX-License-Identifier: Apache-2.0 */
/* test_drill_noise.c -- busy-but-clean at its full size really is busy: what its noise must hold is
 * counted in the ledger that it leaves.  A quiet drill without alarms would prove little.
 *
 * On a server this suite has one fresh database, and so plays one drill.
 */
#include "kit/check.h"

#include "base/clock.h"
#include "shell.h"

enum { RULES_MAX = 256, SHARE_MAX = 4096, PAGE = 10000, ENTRIES_MAX = 4 * PAGE };
static struct shell S;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	setenv("TMPDIR", "/dev/shm", 0);
	assert_status(&S, sh_json(&S, "drill run %s/scenarios/busy-but-clean.json",
	                          getenv("GONGYUAN_SOURCE")), 0);
	assert_int_equal(json_get(S.doc, "false_alarms")->count, 0);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static size_t events(const char *type)
{
	assert_status(&S, sh_json(&S, "ledger list --from 0 --limit 10000 --type %s", type), 0);
	return json_get(S.doc, "entries")->count;
}

static const struct json *view(const char *path)
{
	assert_status(&S, sh_json(&S, "view show %s", path), 0);
	return json_get(S.doc, "rows");
}

static int64_t sum(const struct json *rows, const char *column)
{
	int64_t n = 0;

	for (const struct json *r = rows->first; r; r = r->next)
		n += json_int(r, column, 0);
	return n;
}

/* ---- what happened ---- */

static void some_are_absent_and_twenty_are_late_but_allowed(void **state)
{
	const struct json *sheets = view("sitting/sheets");
	int64_t late = sum(sheets, "late"), known = 0;

	(void)state;
	assert_true(sum(sheets, "absent") * 200 >= sum(sheets, "expected"));
	assert_true(late >= 20);
	for (const struct json *r = view("sitting/rooms")->first; r; r = r->next)
		if (str_is(json_str(r, "kind"), "late"))
			known += json_int(r, "n", 0);
	assert_int_equal(known, late); /* sheets and terminals agree */
}

static void spares_illness_and_trips_happen_by_the_book(void **state)
{
	(void)state;
	assert_true(events("custody.spare_used") >= 5);
	assert_true(events("sitting.incident_settled") >= 3);
	assert_true(sum(view("sitting/sheets"), "ill") >= 3);
	assert_true(events("sitting.toilet_left") >= 200);
	assert_int_equal(events("sitting.toilet_returned"), events("sitting.toilet_left"));
}

static void listening_is_restarted_once(void **state)
{
	(void)state;
	assert_true(events("sitting.listening_failed") >= 1);
	assert_true(events("sitting.listening_resumed") >= 1);
}

static void a_half_day_has_two_sessions(void **state)
{
	(void)state;
	assert_true(view("arrange/waiting")->count > 0);
}

/* ---- clocks and networks ---- */

static int64_t moment(const struct json *o, const char *name)
{
	int64_t ms = 0;

	assert_true(clock_parse(json_str(o, name), &ms));
	return ms;
}

/* How much later than it happened the first fact of a type under a place was told, in seconds; the
 * first of which that is true at all. */
static int64_t told_late_s(const char *type, const char *under)
{
	const struct json *list, *entry;

	(void)events(type);
	list = json_get(S.doc, "entries");
	for (const struct json *e = list->first; e; e = e->next) {
		int64_t late_ms;

		if (!str_starts(json_str(e, "place"), str_of(under)))
			continue;
		assert_status(&S, sh_json(&S, "ledger show %lld", (long long)json_int(e, "index", -1)), 0);
		entry = json_get(S.doc, "entry");
		late_ms = moment(entry, "time") - moment(json_get(entry, "act"), "happened");
		if (late_ms)
			return late_ms / 1000;
	}
	return 0;
}

static void a_half_hour_without_network_is_told_afterwards(void **state)
{
	(void)state;
	assert_true(told_late_s("sitting.entered", "sc/cd/x01/s01") >= 25 * 60);
}

static void a_clock_is_forty_seconds_off(void **state)
{
	(void)state;
	assert_int_equal(told_late_s("custody.bag_opened", "sc/cd/x01/s02"), -40);
}

/* ---- how late people are ---- */

/* Windows of which another rule allows less than half. */
static const char *const TIGHTER[] = {
	"sitting.start_bell",  /* sitting.bell_late_ms */
	"sitting.end_bell",
	"sitting.play",        /* with the bell */
	"sitting.toilet_lost", /* sitting.toilet is over before */
};

struct shares {
	char rule[64];
	size_t n;
	int64_t permille[SHARE_MAX]; /* of the window gone when it was met */
};
static struct shares SHARES[RULES_MAX];
static size_t NRULES;
static int64_t TIME_MS[ENTRIES_MAX];

static struct shares *shares_of(struct str rule)
{
	for (size_t i = 0; i < NRULES; i++)
		if (str_is(rule, SHARES[i].rule))
			return &SHARES[i];
	assert_true(NRULES < RULES_MAX && rule.n < sizeof(SHARES[0].rule));
	snprintf(SHARES[NRULES].rule, sizeof(SHARES[0].rule), STR_FMT, STR_ARG(rule));
	return &SHARES[NRULES++];
}

/* What was told after its window had ended has waited for the network: it is not counted. */
static void read_shares(void)
{
	for (int from = 0; from < ENTRIES_MAX; from += PAGE) {
		assert_status(&S, sh_json(&S, "ledger list --from %d --limit %d", from, PAGE), 0);
		for (const struct json *e = json_get(S.doc, "entries")->first; e; e = e->next)
			TIME_MS[json_int(e, "index", 0)] = moment(e, "time");
	}
	assert_status(&S, sh_json(&S, "expect list --state all"), 0);
	for (const struct json *e = json_get(S.doc, "expectations")->first; e; e = e->next) {
		int64_t met = json_int(e, "met", -1), from = moment(e, "from"), due = moment(e, "due");
		struct shares *x;

		if (met < 0 || TIME_MS[met] < from || TIME_MS[met] > due || due == from)
			continue;
		x = shares_of(json_str(e, "rule"));
		assert_true(x->n < SHARE_MAX);
		x->permille[x->n++] = (TIME_MS[met] - from) * 1000 / (due - from);
	}
}

static int by_size(const void *a, const void *b)
{
	int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

	return x < y ? -1 : x > y;
}

static bool is_tighter(const char *rule)
{
	for (size_t i = 0; i < COUNT(TIGHTER); i++)
		if (strcmp(TIGHTER[i], rule) == 0)
			return true;
	return false;
}

static void one_in_a_hundred_takes_more_than_half_of_each_window(void **state)
{
	size_t checked = 0;

	(void)state;
	read_shares();
	for (size_t i = 0; i < NRULES; i++) {
		struct shares *x = &SHARES[i];

		qsort(x->permille, x->n, sizeof(x->permille[0]), by_size);
		if (!is_tighter(x->rule) && x->permille[x->n * 99 / 100] <= 500)
			fail_msg("%s: of %zu the slowest hundredth takes %lld thousandths of the window",
			         x->rule, x->n, (long long)x->permille[x->n * 99 / 100]);
		checked += x->n;
	}
	assert_true(NRULES >= 50);
	assert_true(checked >= 3000);
}

/* The drills of cli-drill are enough of a check of memory. */
static void what_is_counted_is_left_to_the_plain_build(void **state)
{
	(void)state;
	skip();
}

int main(void)
{
	const struct CMUnitTest left[] = {
		cmocka_unit_test(what_is_counted_is_left_to_the_plain_build),
	};
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(some_are_absent_and_twenty_are_late_but_allowed),
		cmocka_unit_test(spares_illness_and_trips_happen_by_the_book),
		cmocka_unit_test(listening_is_restarted_once),
		cmocka_unit_test(a_half_day_has_two_sessions),
		cmocka_unit_test(a_half_hour_without_network_is_told_afterwards),
		cmocka_unit_test(a_clock_is_forty_seconds_off),
		cmocka_unit_test(one_in_a_hundred_takes_more_than_half_of_each_window),
	};

	if (check_each(2) > 1)
		return cmocka_run_group_tests(left, NULL, NULL);
	return cmocka_run_group_tests(tests, setup, teardown);
}
