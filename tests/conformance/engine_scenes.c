/* SPDX-License-Identifier: Apache-2.0 */
/* engine_scenes.c -- books, expectations, alarms and signatures, told with parcels in a hall.
 *
 * Each assertion is an outcome that somebody sees: a balance, a state, a number of entries, the
 * answer to a command.  Statements that only serve readers are reached through the function that
 * uses them.
 */
#include "kit/check.h"

#include "conformance/scenario.h"

#include "engine/alarm.h"
#include "engine/book.h"
#include "engine/expect.h"
#include "engine/slot.h"
#include "kit/toy_setup.h"

#define MOVE_7(sheets) "{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":" sheets "}"
#define COUNT_7(sheets) "{\"place\":\"" HALL "\",\"code\":\"P7\",\"sheets\":" sheets "}"
#define GATE "{\"place\":\"" HALL "\"}"

static struct op viewing(void)
{
	struct op op = K.op;

	op.db = K.store.view;
	return op;
}

static int64_t balance(const char *holder)
{
	struct op op = viewing();
	int64_t qty = 0;

	assert_ok(book_balance(&op, STR("sheets"), str_of(holder), &qty));
	return qty;
}

/* "holder=qty holder=qty" */
static struct str listed(const char *place)
{
	struct op op = viewing();
	struct strbuf b;
	struct balance *list;
	size_t n, i;

	assert_ok(book_list(&op, str_of(place), &list, &n));
	strbuf_init(&b, &K.arena);
	for (i = 0; i < n; i++)
		strbuf_addf(&b, "%s" STR_FMT "=%lld", i ? " " : "", STR_ARG(list[i].holder),
		            (long long)list[i].qty);
	return strbuf_str(&b);
}

static size_t unbalanced(void)
{
	struct op op = viewing();
	struct balance *list;
	size_t n;

	assert_ok(book_unbalanced(&op, &list, &n));
	return n;
}

static void every_sheet_is_in_exactly_one_book(void)
{
	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(balance("printed"), -30);
	assert_int_equal(balance(HALL), 30);
	must(kit_do(&K, 1, "toy.move", MOVE_7("30"), "giver=badge:1 receiver=badge:2"));
	assert_int_equal(balance(HALL), 0);
	must(kit_do(&K, 1, "toy.count", COUNT_7("28"), NULL));
	assert_str(listed(""), "aa/bb/cc/dd=28 missing=2 printed=-30");
	assert_str(listed("aa/bb"), "aa/bb/cc/dd=28");
	assert_str(listed("aa/bb/dd"), "");
	assert_int_equal(unbalanced(), 0);
	kit_check_rebuild(&K, (const char *const[]){"book_balance", NULL});
	assert_ok(db_script(&K.op, K.store.view,
	                    "UPDATE book_balance SET qty = 29 WHERE holder = 'aa/bb/cc/dd'"));
	assert_int_equal(unbalanced(), 1);
	teardown(NULL);
}

/* Expectations. */

static size_t expected(const char *place, int state, const char *rule)
{
	struct op op = viewing();
	struct expectation *list;
	size_t n, i, found = 0;

	assert_ok(expect_list(&op, str_of(place), state, &list, &n));
	for (i = 0; i < n; i++)
		found += !rule || str_is(list[i].rule, rule);
	return found;
}

static void what_must_happen_is_met_early_late_or_not_at_all(void)
{
	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(expected("aa", EXPECT_OPEN, "toy.look"), 1);
	assert_int_equal(expected("aa/bb/dd", -1, NULL), 0);
	kit_pass(&K, 1700);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	assert_int_equal(expected("aa", EXPECT_MET, "toy.look"), 1);
	assert_int_equal(expected("aa", EXPECT_OPEN, "toy.look"), 1); /* the next one */
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL)); /* seen again: nothing new is expected */
	assert_int_equal(expected("aa", -1, "toy.look"), 2);
	kit_pass(&K, 1801);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 1);
	assert_int_equal(expected("aa", EXPECT_LAPSED, "toy.look"), 1);
	assert_int_equal(kit_alarms(&K, "toy.not_looked"), 1);
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	assert_int_equal(expected("aa", EXPECT_VOIDED, "toy.look"), 1);
	must(kit_except(&K, 1, "toy.open_gate", GATE, "approver=badge:3", "a flood"));
	assert_int_equal(expected("aa", EXPECT_EARLY, "toy.gate"), 1);
	assert_int_equal(kit_alarms(&K, "toy.gate_early"), 1);
	assert_int_equal(expected("", -1, NULL), 4);
	kit_check_rebuild(&K, (const char *const[]){"expectation", NULL});
	teardown(NULL);
}

static void what_lapsed_is_still_met_late(void)
{
	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	kit_at(&K, "2025-06-06T14:50:01+08:00");
	must(kit_do(&K, 1, "toy.open_gate", GATE, NULL));
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 1);
	assert_int_equal(expected("aa", EXPECT_LATE, "toy.gate"), 1);
	assert_int_equal(kit_count(&K, "alarm.folded"), 1); /* missing, then late: one alarm */
	teardown(NULL);
}

/* Alarms. */

static struct alarm alarm_of(const char *rule)
{
	struct op op = viewing();
	struct alarm *list;
	size_t n, i;

	assert_ok(alarm_list(&op, STR("aa/bb"), false, &list, &n));
	for (i = 0; i < n; i++)
		if (str_is(list[i].rule, rule))
			return list[i];
	fail_msg("no alarm %s", rule);
	return (struct alarm){0};
}

static const char *about(const char *rule, const char *more)
{
	return str_fmt(&K.arena, "{\"alarm\":%lld%s}", (long long)alarm_of(rule).id.v, more).s;
}

static const char *about_id(int64_t id, const char *more)
{
	return str_fmt(&K.arena, "{\"alarm\":%lld%s}", (long long)id, more).s;
}

static size_t open_ones(const char *place)
{
	struct op op = viewing();
	struct alarm *list;
	size_t n;

	assert_ok(alarm_list(&op, str_of(place), true, &list, &n));
	return n;
}

/* A parcel that arrives again at rooms of the site aa/bb/cc/dd: the same rule in each. */
static void twice_in_rooms(int from, int to)
{
	for (int i = from; i < to; i++) {
		const char *in = str_fmt(&K.arena,
		                         "{\"place\":\"aa/bb/cc/dd/r%d\",\"code\":\"R%d\","
		                         "\"asset\":\"sheets\",\"sheets\":1}", i, i).s;

		must(kit_do(&K, 1, "toy.arrive", in, NULL));
		must(kit_do(&K, 1, "toy.arrive", in, NULL));
	}
}

static int64_t rooms_alarms(void)
{
	return kit_sql(&K, "SELECT COUNT(*) FROM alarm WHERE rule = 'toy.twice' AND grp = 0");
}

static void many_rooms_of_one_site_are_one_alarm(void)
{
	int64_t site;

	setup(NULL);
	twice_in_rooms(0, 3);
	assert_int_equal(rooms_alarms(), 3);
	assert_int_equal(kit_count(&K, "alarm.grouped"), 0);
	twice_in_rooms(3, 6);
	assert_int_equal(rooms_alarms(), 1);
	assert_int_equal(kit_count(&K, "alarm.grouped"), 6); /* and as many arrivals */
	site = kit_sql(&K, "SELECT id FROM alarm WHERE rule = 'toy.twice' AND grp = 0");
	assert_int_equal(kit_sql(&K, "SELECT folded FROM alarm WHERE rule = 'toy.twice' AND grp = 0"),
	                 5);
	assert_str(alarm_of("toy.twice").place, "aa/bb/cc/dd/r0");
	/* One of a group is acted on through the group; closing that closes all. */
	assert_int_equal(kit_do(&K, 1, "alarm.acknowledge", about("toy.twice", ""), NULL),
	                 RC_CONFLICT);
	must(kit_do(&K, 1, "alarm.close", about_id(site, ",\"reason\":\"duplicate\""), NULL));
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM alarm WHERE rule = 'toy.twice' AND"
	                             " closed = 0"), 0);
	/* What comes later is its own affair. */
	kit_pass(&K, 1200);
	twice_in_rooms(6, 7);
	assert_int_equal(kit_alarms(&K, "toy.twice"), 1);
	kit_check_rebuild(&K, (const char *const[]){"alarm", NULL});
	teardown(NULL);
}

static int64_t standing(void)
{
	return kit_sql(&K, "SELECT COUNT(*) FROM alarm WHERE closed = 0 AND grp = 0 AND"
	                   " rule IN ('toy.twice', 'toy.counts_differ', 'toy.gate_late')");
}

/* A parcel seen twice is what a wrong count comes of: whichever is told first, one is open. */
static void alarms_of_one_place_and_cause_are_one(void)
{
	static const char TWO[] = "giver=badge:1 receiver=badge:2";
	int64_t head;

	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_at(&K, "2025-06-06T14:50:01+08:00"); /* the gate was not opened */
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_count(&K, "alarm.grouped"), 1);
	must(kit_do(&K, 1, "toy.move", MOVE_7("9"), TWO));
	assert_int_equal(kit_count(&K, "alarm.grouped"), 3); /* with what stood under it */
	assert_int_equal(standing(), 1);
	head = kit_sql(&K, "SELECT id FROM alarm WHERE rule = 'toy.counts_differ'");
	assert_int_equal(kit_sql(&K, "SELECT grp FROM alarm WHERE rule = 'toy.twice'"), head);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL)); /* folds into the one that stands */
	assert_int_equal(standing(), 1);
	must(kit_do(&K, 1, "alarm.close", about_id(head, ",\"reason\":\"handled\""),
	            "second=badge:2"));
	assert_int_equal(standing(), 0);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM alarm WHERE closed = 0 AND grp > 0"), 0);
	/* The other way round; and what comes long after is a cause of its own. */
	must(kit_do(&K, 1, "toy.move", MOVE_7("9"), TWO));
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(standing(), 1);
	must(kit_do(&K, 1, "alarm.close",
	            about_id(kit_sql(&K, "SELECT MAX(id) FROM alarm WHERE rule = 'toy.counts_differ'"),
	                     ",\"reason\":\"handled\""), "second=badge:2"));
	must(kit_do(&K, 1, "toy.move", MOVE_7("9"), TWO));
	kit_pass(&K, 3700);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(standing(), 2);
	kit_check_rebuild(&K, (const char *const[]){"alarm", NULL});
	teardown(NULL);
}

static void alarms_are_counted_by_site_and_day(void)
{
	struct alarm_span all = {STR("aa"), 0, LIMIT_INT, 480};
	struct alarm_day *days;
	struct op op;
	size_t n;

	setup(NULL);
	twice_in_rooms(0, 2);
	op = viewing();
	assert_ok(alarm_budget(&op, &all, &days, &n));
	assert_int_equal(n, 1);
	assert_str(days[0].site, "aa/bb/cc/dd");
	assert_str(days[0].day, "2025-06-06");
	assert_int_equal(days[0].total, 4); /* two arrivals, two of them seen twice */
	assert_int_equal(days[0].colours[COLOUR_YELLOW], 2);
	assert_int_equal(days[0].open, 4);
	assert_int_equal(open_ones("aa"), 4);
	/* A false alarm says why; any other does not. */
	assert_int_equal(kit_do(&K, 1, "alarm.close", about("toy.twice",
	                                                    ",\"reason\":\"false_alarm\""), NULL),
	                 RC_INVALID);
	assert_int_equal(kit_do(&K, 1, "alarm.close",
	                        about("toy.twice", ",\"reason\":\"handled\","
	                              "\"false_cause\":\"clock\""), NULL), RC_INVALID);
	must(kit_do(&K, 1, "alarm.close", about("toy.twice", ",\"reason\":\"false_alarm\","
	                                        "\"false_cause\":\"keyed_late\""), NULL));
	assert_ok(alarm_budget(&op, &all, &days, &n));
	assert_int_equal(days[0].open, 3);
	assert_int_equal(days[0].reasons[ALARM_REASON_FALSE_ALARM], 1);
	assert_int_equal(alarm_of("toy.twice").false_cause, ALARM_FALSE_CAUSE_KEYED_LATE);
	all.to_ms = clock_now_ms(&K.clock) - 60000;
	assert_ok(alarm_budget(&op, &all, &days, &n));
	assert_int_equal(n, 0);
	teardown(NULL);
}

static void an_alarm_climbs_its_ladder_until_it_is_closed(void)
{
	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	must(kit_do(&K, 1, "toy.count", COUNT_7("28"), NULL));
	must(kit_do(&K, 1, "toy.count", COUNT_7("27"), NULL));
	assert_int_equal(kit_count(&K, "alarm.raised"), 2); /* the arrival and the count */
	assert_int_equal(kit_count(&K, "alarm.folded"), 1);
	assert_int_equal(alarm_of("toy.short").folded, 1);
	kit_pass(&K, 61);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 1);
	assert_int_equal(alarm_of("toy.short").rung, 1);
	must(kit_do(&K, 1, "alarm.acknowledge", about("toy.short", ""), NULL));
	assert_int_equal(kit_count(&K, "alarm.acknowledged"), 1);
	assert_int_equal(alarm_of("toy.short").acknowledged_by.v, 1);
	kit_pass(&K, 500);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 1);
	kit_pass(&K, 101);
	assert_int_equal(kit_count(&K, "alarm.ack_expired"), 1);
	assert_int_equal(kit_count(&K, "alarm.escalated"), 2);
	assert_int_equal(alarm_of("toy.short").acknowledged_by.v, 0);
	must(kit_do(&K, 1, "alarm.close", about("toy.short", ",\"reason\":\"handled\""),
	            "second=badge:2"));
	assert_int_equal(kit_count(&K, "alarm.closed"), 1);
	assert_true(alarm_of("toy.short").closed);
	assert_int_equal(kit_alarms(&K, "toy.short"), 0);
	assert_int_equal(kit_alarms(&K, "toy.arrival"), 1);
	assert_int_equal(kit_do(&K, 1, "alarm.acknowledge", about("toy.short", ""), NULL), RC_CONFLICT);
	kit_check_rebuild(&K, (const char *const[]){"alarm", NULL});
	teardown(NULL);
}

/* Signatures. */

static void an_act_waits_for_its_last_signature(void)
{
	const char *begun;

	setup(NULL);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE_7("30"), "giver=badge:1"));
	assert_true(K.answer.waiting);
	begun = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index).s;
	assert_int_equal(kit_count(&K, "slot.begun"), 1);
	assert_int_equal(expected("aa", EXPECT_OPEN, "slot.complete"), 1);
	must(kit_do(&K, 2, "slot.sign", begun, "observer=badge:4"));
	assert_true(K.answer.waiting);
	assert_int_equal(balance(HALL), 30);
	assert_int_equal(kit_alarms(&K, "slot.incomplete"), 0);
	kit_pass(&K, 901);
	assert_int_equal(kit_alarms(&K, "slot.incomplete"), 1);
	must(kit_do(&K, 2, "slot.sign", begun, "receiver=badge:2"));
	assert_false(K.answer.waiting);
	assert_int_equal(kit_count(&K, "slot.filled"), 2);
	assert_int_equal(kit_count(&K, "slot.completed"), 1);
	assert_int_equal(balance("aa/bb/cc/dd"), 30);
	assert_int_equal(expected("aa", EXPECT_LATE, "slot.complete"), 1);
	assert_int_equal(kit_do(&K, 2, "slot.sign", begun, "receiver=badge:2"), RC_CONFLICT);
	kit_check_rebuild(&K, (const char *const[]){"slot_pending", "slot_signature", NULL});
	teardown(NULL);
}

static const struct scenario LIST[] = {
	{"every_sheet_is_in_exactly_one_book", every_sheet_is_in_exactly_one_book,
	 ROWS("sql:book/0", "sql:book/1", "sql:book/2", "sql:book/3", "sql:book/4", "sql:book/5")},
	{"what_must_happen_is_met_early_late_or_not_at_all",
	 what_must_happen_is_met_early_late_or_not_at_all,
	 ROWS("sql:expectation/0", "sql:expectation/1", "sql:expectation/3", "sql:expectation/4",
	      "sql:expectation/5", "sql:expectation/6", "sql:expectation/7",
	      "event:expectation.lapsed")},
	{"what_lapsed_is_still_met_late", what_lapsed_is_still_met_late, ROWS("sql:expectation/2")},
	{"many_rooms_of_one_site_are_one_alarm", many_rooms_of_one_site_are_one_alarm,
	 ROWS("event:alarm.grouped", "sql:alarm/12", "sql:alarm/13", "sql:alarm/14")},
	{"alarms_are_counted_by_site_and_day", alarms_are_counted_by_site_and_day,
	 ROWS("sql:alarm_budget/0")},
	{"alarms_of_one_place_and_cause_are_one", alarms_of_one_place_and_cause_are_one,
	 ROWS("sql:alarm/15", "sql:alarm/16")},
	{"an_alarm_climbs_its_ladder_until_it_is_closed", an_alarm_climbs_its_ladder_until_it_is_closed,
	 ROWS("sql:alarm/0", "sql:alarm/1", "sql:alarm/2", "sql:alarm/3", "sql:alarm/4",
	      "sql:alarm/5", "sql:alarm/6", "sql:alarm/7", "sql:alarm/8", "sql:alarm/9",
	      "sql:alarm/10", "sql:alarm/11", "event:alarm.raised", "event:alarm.folded",
	      "event:alarm.escalated", "event:alarm.acknowledged", "event:alarm.ack_expired",
	      "event:alarm.closed")},
	{"an_act_waits_for_its_last_signature", an_act_waits_for_its_last_signature,
	 ROWS("sql:slot/0", "sql:slot/1", "sql:slot/2", "sql:slot/3", "sql:slot/4",
	      "event:slot.begun", "event:slot.filled", "event:slot.completed",
	      "expectation:slot.complete", "alarm:slot.incomplete")},
};
const struct scenario_set ENGINE_SCENES = {LIST, COUNT(LIST)};
