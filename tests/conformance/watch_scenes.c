/* SPDX-License-Identifier: Apache-2.0 */
/* watch_scenes.c -- what somebody who watches a hall reads: alarms and each thing that happened to
 * one, what is expected, who holds which role, which acts wait for a signature.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"
#include "engine/alarm.h"
#include "kit/toy_setup.h"

#define ALARMS "alarm/alarms"
#define STEPS "alarm/steps"
#define EXPECTED "expect/expectations"
#define GRANTS "authority/grants"
#define WAITING "slot/waiting"
#define COUNT_7 "{\"place\":\"" HALL "\",\"code\":\"P7\",\"sheets\":28}"
#define MOVE_7 "{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":30}"

static struct str at(const char *view, int64_t row, const char *column)
{
	return view_at(&K, view, row, column);
}

static int64_t number(const char *view, int64_t row, const char *column)
{
	int64_t v = -1;

	assert_true(str_to_i64(at(view, row, column), &v));
	return v;
}

static int64_t now_ms(void)
{
	return clock_now_ms(&K.clock);
}

/* The row of the first alarm of a rule; they are listed as they are dealt with. */
static int64_t of(const char *rule)
{
	int64_t n = view_count(&K, ALARMS);

	for (int64_t i = 0; i < n; i++)
		if (str_is(at(ALARMS, i, "rule"), rule))
			return i;
	fail_msg("no alarm %s", rule);
	return -1;
}

static const char *about(int64_t row, const char *more)
{
	return str_fmt(&K.arena, "{\"alarm\":%lld%s}", (long long)number(ALARMS, row, "id"), more).s;
}

/* The kinds of all steps of one alarm, in their order. */
static struct str life(int64_t row)
{
	int64_t n = view_count(&K, STEPS);
	struct strbuf b;

	strbuf_init(&b, &K.arena);
	for (int64_t i = 0; i < n; i++)
		if (number(STEPS, i, "alarm") == number(ALARMS, row, "id"))
			strbuf_addf(&b, "%lld", (long long)number(STEPS, i, "kind"));
	return strbuf_str(&b);
}

#define SHORT of("toy.short")

static void an_alarm_says_who_has_it_and_who_is_asked_next(void)
{
	int64_t raised;

	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	must(kit_do(&K, 1, "toy.count", COUNT_7, NULL));
	raised = number(ALARMS, SHORT, "raised_ms");
	assert_str(at(ALARMS, SHORT, "rule"), "toy.short");
	assert_str(at(ALARMS, SHORT, "place"), HALL);
	assert_str(at(ALARMS, SHORT, "owner"), "toy_keeper");
	assert_str(at(ALARMS, SHORT, "state"), "0");
	assert_str(at(ALARMS, SHORT, "reason"), "null");
	assert_str(at(ALARMS, SHORT, "asks"), "toy_keeper");
	assert_int_equal(number(ALARMS, SHORT, "rung_due_ms"), raised + 60000);
	assert_int_equal(number(ALARMS, SHORT, "newest"), (int64_t)kit_size(&K) - 1);
	kit_pass(&K, 61);
	assert_str(at(ALARMS, SHORT, "asks"), "toy_chief");
	assert_int_equal(number(ALARMS, SHORT, "rung"), 1);
	must(kit_do(&K, 1, "alarm.acknowledge", about(SHORT, ""), NULL));
	assert_str(at(ALARMS, SHORT, "state"), "1");
	assert_int_equal(number(ALARMS, SHORT, "ack_ms"), now_ms());
	assert_int_equal(number(ALARMS, SHORT, "ack_due_ms"), now_ms() + 600000);
	assert_int_equal(number(ALARMS, SHORT, "rung_due_ms"), 0);
	kit_pass(&K, 601);
	assert_str(at(ALARMS, SHORT, "state"), "0");
	must(kit_do(&K, 1, "toy.count", COUNT_7, NULL));
	must(kit_do(&K, 1, "alarm.close",
	            about(SHORT, ",\"reason\":\"false_alarm\",\"false_cause\":\"clock\","
	                         "\"note\":\"n\""), "second=badge:2"));
	assert_str(at(ALARMS, SHORT, "state"), "2");
	assert_int_equal(number(ALARMS, SHORT, "closed_ms"), now_ms());
	assert_int_equal(number(ALARMS, SHORT, "second"), 2);
	assert_int_equal(number(ALARMS, SHORT, "reason"), ALARM_REASON_FALSE_ALARM);
	assert_int_equal(number(ALARMS, SHORT, "false_cause"), ALARM_FALSE_CAUSE_CLOCK);
	assert_int_equal(number(ALARMS, SHORT, "newest"), (int64_t)kit_size(&K) - 1);
	/* Raised, escalated, signed for, expired, escalated again, folded, closed. */
	assert_str(life(SHORT), "0456417");
	assert_str(at(STEPS, view_count(&K, STEPS) - 1, "note").n > 2 ? STR("kept") : STR("none"),
	           "kept");
	kit_check_rebuild(&K, (const char *const[]){"alarm", "alarm_step", NULL});
	teardown(NULL);
}

/* The same in rooms: many become one of the site, which tells what it took. */
static void what_is_grouped_says_where_it_went(void)
{
	int64_t n = 0, site = -1;

	setup(NULL);
	for (int i = 0; i < 4; i++) {
		const char *in = str_fmt(&K.arena,
		                         "{\"place\":\"aa/bb/cc/dd/r%d\",\"code\":\"R%d\","
		                         "\"asset\":\"sheets\",\"sheets\":1}", i, i).s;

		must(kit_do(&K, 1, "toy.arrive", in, NULL));
	}
	for (int64_t i = 0; i < view_count(&K, ALARMS); i++) {
		if (strcmp(at(ALARMS, i, "state").s, "3") != 0) {
			site = i;
			continue;
		}
		n++;
		assert_str(life(i), "02");
		assert_int_equal(number(ALARMS, i, "rung_due_ms"), 0);
		assert_true(number(ALARMS, i, "grp") > 0);
	}
	assert_int_equal(n, 3);
	assert_int_equal(site, 0); /* what is to be dealt with comes first */
	assert_str(life(site), "0333");
	teardown(NULL);
}

static void what_is_expected_says_until_when_and_of_whom(void)
{
	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_str(at(EXPECTED, 0, "state"), "0");
	assert_true(number(EXPECTED, 0, "due_ms") > now_ms());
	assert_str(at(EXPECTED, 0, "owner"), "toy_keeper");
	assert_str(at(EXPECTED, 0, "met"), "-1");
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	assert_str(at(EXPECTED, 0, "state"), "5");
	kit_check_rebuild(&K, (const char *const[]){"expectation", NULL});
	teardown(NULL);
}

static void a_grant_says_who_gave_it_and_who_took_it_back(void)
{
	int64_t last;

	setup(NULL);
	assert_str(at(GRANTS, 0, "role"), "toy_keeper");
	assert_str(at(GRANTS, 0, "granter"), "0"); /* in the foundation nobody signs */
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	            "granter=badge:902 approver=badge:903"));
	last = view_count(&K, GRANTS) - 1;
	assert_int_equal(number(GRANTS, last, "person"), 9);
	assert_int_equal(number(GRANTS, last, "granter"), 902);
	assert_int_equal(number(GRANTS, last, "approver"), 903);
	assert_int_equal(number(GRANTS, last, "granted_ms"), now_ms());
	assert_str(at(GRANTS, last, "state"), "0");
	must(kit_do(&K, 902, "authority.revoke",
	            str_fmt(&K.arena, "{\"grant\":%lld}", (long long)number(GRANTS, last, "id")).s,
	            "granter=badge:902 approver=badge:901"));
	assert_str(at(GRANTS, last, "state"), "1");
	assert_int_equal(number(GRANTS, last, "revoker"), 902);
	assert_int_equal(number(GRANTS, last, "revoked"), (int64_t)kit_size(&K) - 1);
	kit_check_rebuild(&K, (const char *const[]){"authority_grant", NULL});
	teardown(NULL);
}

static void an_act_that_waits_says_for_whom(void)
{
	const char *begun;

	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE_7, "observer=badge:4"));
	begun = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index).s;
	assert_str(at(WAITING, 0, "command"), "toy.move");
	assert_str(at(WAITING, 0, "missing"), "giver/receiver");
	assert_int_equal(number(WAITING, 0, "actor"), 1);
	must(kit_do(&K, 2, "slot.sign", begun, "receiver=badge:2"));
	assert_str(at(WAITING, 0, "missing"), "giver");
	assert_int_equal(number(WAITING, 0, "signed"), 2);
	must(kit_do(&K, 2, "slot.sign", begun, "giver=badge:1"));
	assert_int_equal(view_count(&K, WAITING), 0);
	kit_check_rebuild(&K, (const char *const[]){"slot_pending", NULL});
	teardown(NULL);
}

static const struct scenario LIST[] = {
	{"an_alarm_says_who_has_it_and_who_is_asked_next",
	 an_alarm_says_who_has_it_and_who_is_asked_next,
	 ROWS("sql:alarm_view/0", "sql:alarm_view/1", "sql:alarm_view/2")},
	{"what_is_grouped_says_where_it_went", what_is_grouped_says_where_it_went, NO_ROWS},
	{"what_is_expected_says_until_when_and_of_whom", what_is_expected_says_until_when_and_of_whom,
	 ROWS("sql:expectation/11")},
	{"a_grant_says_who_gave_it_and_who_took_it_back",
	 a_grant_says_who_gave_it_and_who_took_it_back, ROWS("sql:authority/3")},
	{"an_act_that_waits_says_for_whom", an_act_that_waits_says_for_whom,
	 ROWS("sql:slot/5", "sql:slot/6")},
};
const struct scenario_set WATCH_SCENES = {LIST, COUNT(LIST)};
