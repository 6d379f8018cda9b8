/* SPDX-License-Identifier: Apache-2.0 */
/* test_timers.c -- expectations, alarms, ladders and books of the toy module on a virtual clock. */
#include "kit/check.h"

#include "engine/alarm.h"
#include "engine/book.h"
#include "engine/expect.h"
#include "kit/toy_setup.h"

static int64_t alarm_of(const char *rule)
{
	struct op op = K.op;
	struct alarm *a;
	size_t n, i;

	op.db = K.store.view;
	assert_ok(alarm_list(&op, STR(""), true, &a, &n));
	for (i = 0; i < n; i++)
		if (str_is(a[i].rule, rule))
			return a[i].id.v;
	return 0;
}

static int64_t expectations(int state)
{
	struct op op = K.op;
	struct expectation *x;
	size_t n;

	op.db = K.store.view;
	assert_ok(expect_list(&op, STR("aa"), state, &x, &n));
	return (int64_t)n;
}

static void a_recurring_expectation_is_met_and_opens_again(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	for (int i = 0; i < 4; i++) {
		kit_pass(&K, 1700);
		must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	}
	assert_int_equal(expectations(EXPECT_MET), 4);
	assert_int_equal(kit_alarms(&K, "toy.not_looked"), 0);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 0);
}

static void a_missed_one_lapses_at_its_minute_and_alarms(void **state)
{
	struct event ev;
	int64_t due = 0;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_pass(&K, 1800);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 0); /* the last moment is in time */
	kit_pass(&K, 1);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 1);
	assert_int_equal(kit_alarms(&K, "toy.not_looked"), 1);
	for (uint64_t i = 0; i < kit_size(&K); i++) {
		assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, i), &ev));
		if (str_is(ev.name, "expectation.lapsed"))
			due = ev.recorded_ms;
	}
	assert_int_equal(due, clock_now_ms(&K.clock) - 999);
}

static void an_outage_is_one_lapse_and_not_a_hundred(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	kit_pass(&K, 86400);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 1); /* the gate; the looking was voided */
	assert_int_equal(expectations(EXPECT_VOIDED), 1);
}

static void a_late_meeting_after_a_lapse_is_known_as_late(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_at(&K, "2025-06-06T14:50:01+08:00");
	must(kit_do(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", NULL));
	assert_int_equal(kit_alarms(&K, "toy.gate_late"), 1);
	assert_int_equal(kit_sql(&K, "SELECT state FROM expectation WHERE rule = 'toy.gate'"),
	                 EXPECT_LATE);
}

static void an_early_meeting_is_an_alarm(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_except(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", "approver=badge:3", "x y"));
	assert_int_equal(kit_alarms(&K, "toy.gate_early"), 1);
}

static void a_window_is_met_in_time_without_an_alarm(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	kit_at(&K, "2025-06-06T14:31:00+08:00");
	must(kit_do(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", NULL));
	kit_pass(&K, 7200);
	assert_int_equal(expectations(EXPECT_MET), 1);
	assert_int_equal(kit_alarms(&K, "toy.gate_late") + kit_alarms(&K, "toy.gate_early"), 0);
}

static void counts_that_differ_keep_the_giver_and_alarm(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", "{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":29}",
	            "giver=badge:1 receiver=badge:2"));
	assert_int_equal(kit_alarms(&K, "toy.counts_differ"), 1);
	assert_int_equal(kit_sql(&K, "SELECT qty FROM book_balance WHERE holder = 'aa/bb/cc'"), 30);
}

static void a_short_count_goes_to_missing_and_the_books_still_balance(void **state)
{
	struct op op = K.op;
	struct balance *b;
	size_t n;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(
		kit_do(&K, 1, "toy.count", "{\"place\":\"" HALL "\",\"code\":\"P7\",\"sheets\":28}", NULL));
	assert_int_equal(kit_sql(&K, "SELECT qty FROM book_balance WHERE holder = 'missing'"), 2);
	assert_int_equal(kit_alarms(&K, "toy.short"), 1);
	op.db = K.store.view;
	assert_ok(book_unbalanced(&op, &b, &n));
	assert_int_equal(n, 0);
	assert_ok(book_list(&op, STR("aa/bb"), &b, &n));
	assert_int_equal(n, 1);
	assert_int_equal(b[0].qty, 28);
	kit_check_rebuild(&K, (const char *const[]){"book_balance", "alarm", "expectation", NULL});
}

static void alarms_of_one_cause_fold(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	for (int i = 0; i < 3; i++)
		must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_alarms(&K, "toy.twice"), 1);
	assert_int_equal(kit_count(&K, "alarm.folded"), 2);
}

static void a_ladder_climbs_until_somebody_signs(void **state)
{
	struct str data, first;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	must(
		kit_do(&K, 1, "toy.count", "{\"place\":\"" HALL "\",\"code\":\"P7\",\"sheets\":28}", NULL));
	kit_pass(&K, 61);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 1);
	data = str_fmt(&K.arena, "{\"alarm\":%lld}", (long long)alarm_of("toy.short"));
	first = str_fmt(&K.arena, "{\"alarm\":%lld,\"first\":true}", (long long)alarm_of("toy.short"));
	must(kit_do(&K, 1, "alarm.acknowledge", data.s, NULL));
	assert_int_equal(kit_do(&K, 2, "alarm.acknowledge", first.s, NULL), RC_CONFLICT);
	must(kit_do(&K, 2, "alarm.acknowledge", data.s, NULL)); /* taken over knowingly */
	kit_pass(&K, 500);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 1);
	kit_pass(&K, 101); /* the acknowledgement expires at 600 s and the ladder goes on */
	assert_int_equal(kit_count(&K, "alarm.ack_expired"), 1);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 2);
	assert_int_equal(kit_do(&K, 77, "alarm.acknowledge", data.s, NULL), RC_DENIED);
}

static void red_is_closed_by_two(void **state)
{
	struct str data;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(
		kit_do(&K, 1, "toy.count", "{\"place\":\"" HALL "\",\"code\":\"P7\",\"sheets\":28}", NULL));
	data = str_fmt(&K.arena, "{\"alarm\":%lld,\"reason\":\"handled\",\"note\":\"两张在桌下\"}",
	               (long long)alarm_of("toy.short"));
	assert_int_equal(kit_do(&K, 1, "alarm.close", data.s, NULL), RC_CONFLICT);
	assert_string_equal(K.answer.err.field, "second");
	assert_int_equal(kit_do(&K, 1, "alarm.close", data.s, "second=badge:1"), RC_CONFLICT);
	must(kit_do(&K, 1, "alarm.close", data.s, "second=badge:2"));
	assert_int_equal(kit_alarms(&K, "toy.short"), 0);
	assert_int_equal(kit_do(&K, 1, "alarm.close", data.s, "second=badge:2"), RC_CONFLICT);
	kit_pass(&K, 86400);
	assert_int_equal(kit_sql(&K, "SELECT rung FROM alarm WHERE rule = 'toy.short'"), 0);
}

static void timers_run_in_order_of_due_rule_and_subject(void **state)
{
	int64_t last = 0;
	struct event ev;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive",
	            "{\"place\":\"" HALL "\",\"code\":\"P9\",\"asset\":\"sheets\","
	            "\"sheets\":1}", NULL));
	must(kit_do(&K, 1, "toy.arrive",
	            "{\"place\":\"" HALL "\",\"code\":\"P8\",\"asset\":\"sheets\","
	            "\"sheets\":1}", NULL));
	kit_pass(&K, 3 * 3600);
	for (uint64_t i = 0; i < kit_size(&K); i++) {
		assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, i), &ev));
		assert_true(ev.recorded_ms >= last);
		last = ev.recorded_ms;
	}
	/* Both looked due at the same minute: P8 before P9. */
	assert_int_equal(kit_sql(&K,
	                         "SELECT CASE WHEN a.met < b.met THEN 1 ELSE 0 END FROM expectation a,"
	                         " expectation b WHERE a.subject = 'P8' AND b.subject = 'P9' AND"
	                         " a.rule = 'toy.look' AND b.rule = 'toy.look' AND a.state = 4 AND"
	                         " b.state = 4 ORDER BY a.id, b.id"),
	                 1);
}

static void a_stop_of_hours_is_one_alarm(void **state)
{
	(void)state;
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 0);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_found(&K);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_at(&K, "2025-06-06T08:50:00+08:00");
	kit_reopen(&K);
	assert_int_equal(kit_count(&K, "ledger.resumed"), 0);
	kit_at(&K, "2025-06-06T13:50:00+08:00");
	kit_reopen(&K);
	assert_int_equal(kit_count(&K, "ledger.resumed"), 1);
	assert_int_equal(kit_alarms(&K, "ledger.outage"), 1);
	kit_pass(&K, 1);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 1); /* once, not once a half hour */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_recurring_expectation_is_met_and_opens_again),
		T(a_missed_one_lapses_at_its_minute_and_alarms),
		T(an_outage_is_one_lapse_and_not_a_hundred),
		T(a_late_meeting_after_a_lapse_is_known_as_late),
		T(an_early_meeting_is_an_alarm),
		T(a_window_is_met_in_time_without_an_alarm),
		T(counts_that_differ_keep_the_giver_and_alarm),
		T(a_short_count_goes_to_missing_and_the_books_still_balance),
		T(alarms_of_one_cause_fold),
		T(a_ladder_climbs_until_somebody_signs),
		T(red_is_closed_by_two),
		T(a_stop_of_hours_is_one_alarm),
		T(timers_run_in_order_of_due_rule_and_subject),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
