/* SPDX-License-Identifier: Apache-2.0 */
/* desk_scenes.c -- the duty room's desk: orders, telephone, tips, the evening. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/duty/duty.h"

#define ORDER_TO(code, urgency, answer, ...) \
	"{'place':'" JN "','order':'" code "','urgency':'" urgency "','answer':" answer ",'to':[" \
	__VA_ARGS__ "],'text':'核对备用卷'}"
#define TO(place) "{'to':'" place "'}"
#define AT(place, code) "{'place':'" place "','order':'" code "'}"
#define ANSWER(place, code, done) \
	"{'place':'" place "','order':'" code "','done':" done ",'result':'已核对'}"
#define LEADS "leader=badge:P0002"
#define S02 JN "/s02"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

static void an_order_goes_to_many_and_each_signs_for_it(void)
{
	struct duty_order_line *list;
	struct scene s;
	struct op op;
	size_t n;

	scene_open(&s);
	PLAY(&s,
	     {"beyond the county", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-1", "urgent", "true", TO("sc/cd/wu")), LEADS, RC_INVALID, "to"},
	     {"twice to one", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-1", "urgent", "true", TO(SITE) "," TO(SITE)), LEADS, RC_INVALID, "to"},
	     {"to two sites, the leader signs", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-1", "urgent", "true", TO(SITE) "," TO(S02)), LEADS,
	      .emits = "duty.order_sent"},
	     {"the number again", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-1", "urgent", "true", TO(SITE)), LEADS, RC_CONFLICT, "order"},
	     {"one signs on paper", NULL, CLERK, "duty.sign_order", AT(SITE, "DD-1"),
	      "signer=paper:P0021", .emits = "duty.order_signed"});
	kit_pass(&s.k, 901);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unsigned"), 1);
	PLAY(&s,
	     {"answered", NULL, CLERK, "duty.answer_order", ANSWER(SITE, "DD-1", "true"), NULL,
	      .emits = "duty.order_answered"},
	     {"an order that nobody gave", NULL, CLERK, "duty.sign_order", AT(SITE, "DD-7"),
	      "signer=paper:P0021", .alarm = "duty.order_unknown"},
	     {"and one that is done already", NULL, CLERK, "duty.answer_order",
	      ANSWER(SITE, "DD-8", "true"), NULL, .alarm = "duty.order_unknown"});
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unanswered"), 1);
	PLAY(&s,
	     {"it cannot be done", NULL, "P0031", "duty.answer_order", ANSWER(S02, "DD-1", "false"),
	      NULL, .alarm = "duty.order_not_done"});
	op = reading(&s);
	assert_ok(duty_orders(&op, STR(""), 0, LIMIT_INT, &list, &n));
	assert_int_equal(n, 2);
	assert_true(list[0].signed_for >= 0 && list[0].answered > list[0].signed_for && list[0].done);
	assert_true(list[1].signed_for < 0 && list[1].answered >= 0 && !list[1].done);
	assert_ok(duty_orders(&op, STR(S02), list[0].issued_ms, list[0].issued_ms + 1, &list, &n));
	assert_int_equal(n, 1);
	assert_str(list[0].place, S02);
	assert_ok(duty_orders(&op, STR(""), 0, list[0].issued_ms, &list, &n));
	assert_int_equal(n, 0);
	assert_int_equal(view_rows(&s, "duty/orders"), 2);
	assert_true(view_at(&s.k, "duty/orders", 0, "text").s[0] != '0'); /* a text of the vault */
	kit_check_rebuild(&s.k, (const char *const[]){"duty_order", "duty_order_to", NULL});
	scene_close(&s);
}

/* Each urgency has its own clock. */
static void an_order_is_as_urgent_as_it_says(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"flash", NULL, "P0031", "duty.issue_order", ORDER_TO("DD-1", "flash", "true", TO(SITE)),
	      LEADS},
	     {"routine", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-2", "routine", "true", TO(SITE)), LEADS},
	     {"for their information", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-3", "flash", "false", TO(SITE)), LEADS},
	     {"signed for", NULL, CLERK, "duty.sign_order", AT(SITE, "DD-3"), "signer=badge:P0021"});
	kit_pass(&s.k, 301);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unsigned"), 1);
	kit_pass(&s.k, 600);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unanswered"), 1);
	kit_pass(&s.k, 2700);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unsigned"), 2);
	kit_pass(&s.k, 18000);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unanswered"), 2);
	scene_close(&s);
}

static void an_order_that_is_withdrawn_is_awaited_no_more(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"an order", NULL, "P0031", "duty.issue_order",
	      ORDER_TO("DD-1", "urgent", "true", TO(SITE) "," TO(S02)), LEADS,
	      .emits = "duty.order_issued"},
	     {"another number", NULL, "P0031", "duty.withdraw_order", "{'order':'DD-9'}", LEADS,
	      RC_NOT_FOUND, "order"},
	     {"withdrawn", NULL, "P0031", "duty.withdraw_order", "{'order':'DD-1'}", LEADS,
	      .emits = "duty.order_withdrawn"},
	     {"once", NULL, "P0031", "duty.withdraw_order", "{'order':'DD-1'}", LEADS, RC_CONFLICT,
	      "order"});
	assert_int_equal(kit_count(&s.k, "duty.order_withdrawn"), 2);
	kit_pass(&s.k, 36000);
	assert_int_equal(kit_alarms(&s.k, "duty.order_unsigned"), 0);
	scene_close(&s);
}

#define DECISION(decider) "{'place':'" SITE "','decision':'spare_paper','decider':'" decider "'," \
	"'approved':true,'number':'0838-2210','minute':'2025-06-06T08:00:00+08:00','about':'SPA-1'," \
	"'note':'同意启用'}"

static struct str numbered(struct scene *s, const char *format, const char *query)
{
	return str_fmt(&s->k.arena, format, (long long)kit_sql(&s->k, query));
}

static void a_decision_by_telephone_is_countersigned(void)
{
	struct duty_call *list;
	struct scene s;
	struct str last;
	struct op op;
	size_t n;

	scene_open(&s);
	PLAY(&s,
	     {"the director says yes", NULL, "P0031", "duty.phone_decision", DECISION("P0035"),
	      "taker=badge:P0031", .emits = "duty.phone_decided"},
	     {"and again", NULL, "P0031", "duty.phone_decision", DECISION("P0035"),
	      "taker=badge:P0031"},
	     {"the officer asks himself", NULL, "P0031", "duty.phone_decision", DECISION("P0031"),
	      "taker=badge:P0031", .alarm = "duty.phone_self"});
	PLAY(&s,
	     {"nothing of the kind is decided", NULL, "P0031", "duty.phone_decision",
	      "{'place':'" SITE "','decision':'lunch','decider':'P0035','approved':true,"
	      "'number':'0838-1','minute':'2025-06-06T08:00:00+08:00'}", "taker=badge:P0031",
	      RC_INVALID, "decision"});
	last = numbered(&s, "{'call':%lld}", "SELECT MIN(id) FROM duty_call");
	assert_ok(scene_do(&s, "P0031", "duty.countersign", last.s, "decider=paper:P0035"));
	assert_int_equal(kit_count(&s.k, "duty.phone_countersigned"), 1);
	assert_int_equal(kit_alarms(&s.k, "duty.phone_other"), 0);
	last = numbered(&s, "{'call':%lld}", "SELECT MAX(id) FROM duty_call");
	assert_ok(scene_do(&s, "P0031", "duty.countersign", last.s, "decider=paper:P0002"));
	assert_int_equal(kit_alarms(&s.k, "duty.phone_other"), 1);
	PLAY(&s, {"no such call", NULL, "P0031", "duty.countersign", "{'call':1}",
	          "decider=badge:P0035", RC_NOT_FOUND, "call"});
	kit_pass(&s.k, 86401);
	assert_int_equal(kit_alarms(&s.k, "duty.countersign_missing"), 1);
	op = reading(&s);
	assert_ok(duty_calls(&op, STR(""), 0, LIMIT_INT, &list, &n));
	assert_int_equal(n, 3);
	assert_true(list[0].signed_at >= 0 && list[1].signed_at < 0);
	assert_int_equal(view_rows(&s, "duty/calls"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"duty_call", NULL});
	scene_close(&s);
}

/* A county may not put the start off, and the province not by telephone. */
static void who_decides_what_stands_on_the_card(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"the director", NULL, "P0031", "duty.phone_decision", DECISION("P0035"),
	      "taker=badge:P0031"},
	     {"the leader on duty", NULL, "P0031", "duty.phone_decision", DECISION("P0002"),
	      "taker=badge:P0031", .alarm = "duty.phone_unentitled"},
	     {"the province, by telephone", NULL, "P0031", "duty.phone_decision",
	      "{'place':'" SITE "','decision':'delay','decider':'P0055','approved':true,"
	      "'number':'028-1','minute':'2025-06-06T08:00:00+08:00'}", "taker=badge:P0031",
	      .alarm = "duty.phone_unentitled"});
	scene_close(&s);
}

/* Tips. */
#define TIP(about) "{'place':'" SITE "','channel':'telephone','about':'" about "','text':'有人卖答案'}"
#define ANY_TIP "{'place':'" SITE "','channel':'letter','text':'有人卖答案'}"
#define NEWEST "SELECT MAX(id) FROM duty_tip"

static enum rc with_tip(struct scene *s, const char *as, const char *command, const char *more)
{
	struct str data = str_fmt(&s->k.arena, "{'tip':%lld%s}", (long long)kit_sql(&s->k, NEWEST),
	                          more);

	return scene_do(s, as, command, data.s, NULL);
}

static void a_tip_is_taken_accepted_triaged_and_closed(void)
{
	struct duty_tip *list;
	struct scene s;
	struct op op;
	size_t n;

	scene_open(&s);
	PLAY(&s, {"somebody telephones", NULL, "P0031", "duty.take_tip", ANY_TIP, NULL,
	          .emits = "duty.tip_routed"});
	assert_int_equal(kit_sql(&s.k, "SELECT owner FROM duty_tip"), scene_person(&s, "P0051"));
	assert_int_equal(with_tip(&s, "P0051", "duty.close_tip", ",'result':'unfounded'"),
	                 RC_CONFLICT);
	kit_pass(&s.k, 1700);
	assert_ok(with_tip(&s, "P0051", "duty.accept_tip", ""));
	assert_int_equal(kit_alarms(&s.k, "duty.tip_unaccepted"), 0);
	kit_pass(&s.k, 1700);
	assert_ok(with_tip(&s, "P0051", "duty.triage_tip", ",'kind':'leak'"));
	assert_int_equal(kit_alarms(&s.k, "duty.tip_untriaged"), 0);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_leak"), 1);
	assert_int_equal(with_tip(&s, "P0051", "duty.close_tip", ",'result':'transferred'"),
	                 RC_CONFLICT);
	kit_pass(&s.k, 901);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_unhanded"), 1);
	assert_ok(with_tip(&s, "P0051", "duty.hand_tip", ",'to':'police','receipt':'GA-2025-7'"));
	assert_ok(with_tip(&s, "P0051", "duty.close_tip", ",'result':'transferred','note':'已移送'"));
	assert_int_equal(with_tip(&s, "P0051", "duty.close_tip", ",'result':'unfounded'"),
	                 RC_CONFLICT);
	assert_int_equal(kit_count(&s.k, "duty.tip_closed"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 3"
	                         " AND rule = 'duty.tip_hand'"), 1);
	op = reading(&s);
	assert_ok(duty_tips(&op, STR(""), 0, LIMIT_INT, &list, &n));
	assert_int_equal(n, 1);
	assert_true(list[0].accepted_ms > 0 && list[0].accepted_ms < list[0].triaged_ms);
	assert_true(list[0].handed_ms > 0);
	assert_int_equal(view_rows(&s, "duty/tips"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"duty_tip", NULL});
	scene_close(&s);
}

static void a_tip_during_a_session_does_not_wait(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"a letter the day before", NULL, "P0031", "duty.take_tip", ANY_TIP});
	kit_pass(&s.k, 1801);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_unaccepted"), 1);
	PLAY(&s, {"a call while they write", DAY1 "09:30:00+08:00", "P0031", "duty.take_tip",
	          TIP("P0024"), NULL, .emits = "duty.tip_received"});
	kit_pass(&s.k, 301);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_unaccepted"), 2);
	assert_ok(with_tip(&s, "P0051", "duty.accept_tip", ""));
	kit_pass(&s.k, 1801);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_untriaged"), 1);
	assert_ok(with_tip(&s, "P0051", "duty.triage_tip", ",'kind':'device'"));
	assert_int_equal(kit_alarms(&s.k, "duty.tip_leak"), 0);
	assert_ok(with_tip(&s, "P0051", "duty.close_tip", ",'result':'unfounded'"));
	PLAY(&s, {"no such tip", NULL, "P0051", "duty.accept_tip", "{'tip':1}", NULL, RC_NOT_FOUND,
	          "tip"});
	scene_close(&s);
}

#define GRANTERS "granter=badge:902 approver=badge:901"

static void a_tip_goes_round_the_person_accused(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"the tip's own officer is accused", NULL, "P0031", "duty.take_tip", TIP("P0051"),
	          NULL, .alarm = "duty.tip_ownerless"});
	assert_str(view_cell(&s, "SELECT place FROM duty_tip"), "sc/cd");
	assert_int_equal(with_tip(&s, "P0051", "duty.accept_tip", ""), RC_DENIED);
	assert_ok(kit_do(&s.k, 902, "authority.grant",
	                 str_fmt(&s.k.arena, "{\"person\":%lld,\"role\":\"tip_officer\",\"place\":"
	                         "\"sc/cd\"}", (long long)scene_person(&s, "P0033")).s, GRANTERS));
	PLAY(&s, {"and now the city has one", NULL, "P0031", "duty.take_tip", TIP("P0051")});
	assert_int_equal(kit_sql(&s.k, "SELECT owner FROM duty_tip ORDER BY id DESC LIMIT 1"),
	                 scene_person(&s, "P0033"));
	/* An invigilator who is accused is not on duty: the county keeps it. */
	PLAY(&s, {"of an invigilator", NULL, "P0031", "duty.take_tip", TIP("P0024")});
	assert_str(view_cell(&s, "SELECT place FROM duty_tip ORDER BY id DESC LIMIT 1"), JN);
	PLAY(&s, {"of the city's own", NULL, "P0031", "duty.take_tip", TIP("P0033"), NULL,
	          .alarm = "duty.tip_ownerless"});
	assert_ok(with_tip(&s, "P0033", "duty.accept_tip", ""));
	assert_ok(with_tip(&s, "P0033", "duty.triage_tip", ",'kind':'device'"));
	assert_ok(with_tip(&s, "P0033", "duty.hand_tip", ",'to':'police','receipt':'GA-1'"));
	assert_ok(with_tip(&s, "P0033", "duty.close_tip", ",'result':'unfounded'"));
	assert_int_equal(kit_count(&s.k, "duty.tip_accepted"), 0);
	assert_int_equal(kit_count(&s.k, "duty.tip_triaged"), 0);
	assert_int_equal(kit_count(&s.k, "duty.tip_handed"), 0);
	assert_int_equal(kit_count(&s.k, "duty.tip_closed"), 0);
	assert_int_equal(kit_count(&s.k, "duty.tip_barred"), 4);
	assert_int_equal(kit_alarms(&s.k, "duty.tip_by_accused"), 1);
	scene_close(&s);
}

/* The evening. */
#define PLAN "{'place':'" SITE "','session':'d1-chinese','rooms':[{'room':'" SITE "/r01'," \
	"'seats':30}]}"
#define STORE_REPORT(sound) "{'place':'" STORE "','day':'2025-06-07','boxes':0,'sound':" sound "}"
#define CLOSES(day, back, open) "{'place':'" JN "','day':'" day "','papers_back':" back \
	",'balanced':true,'open_alarms':" open ",'tomorrow_ready':true}"

static void a_day_is_reported_and_closed_in_the_evening(void)
{
	struct duty_day day;
	struct scene s;
	struct op op;
	bool known;

	scene_open(&s);
	PLAY(&s,
	     {"a session is planned", NULL, OFFICE, "arrange.plan_rooms", PLAN},
	     {"and another of the day", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d1-maths','rooms':[{'room':'" SITE "/r01','seats':30}]}"},
	     {"no such day", NULL, "P0003", "duty.report_store",
	      "{'place':'" STORE "','day':'JUNE-7','boxes':0,'sound':true}", "keeper=badge:P0003",
	      RC_INVALID, "day"},
	     {"the store reports early", DAY1 "20:00:00+08:00", "P0003", "duty.report_store",
	      STORE_REPORT("true"), "keeper=badge:P0003", .emits = "duty.store_reported"});
	assert_int_equal(kit_count(&s.k, "duty.day_planned"), 2); /* county and city */
	kit_at(&s.k, DAY1 "21:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.store_silent"), 0);
	assert_int_equal(kit_count(&s.k, "duty.evening_began"), 2);
	PLAY(&s,
	     {"he says that no alarm is open", DAY1 "22:00:00+08:00", "P0031", "duty.close_day",
	      CLOSES("2025-06-07", "true", "0"), "leader=badge:P0002",
	      .emits = "duty.day_closed", .alarm = "duty.day_differs"});
	kit_at(&s.k, DAY1 "23:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.day_open"), 1); /* the city's */
	op = reading(&s);
	assert_ok(duty_day(&op, STR(JN), STR("2025-06-07"), &day, &known));
	assert_true(known && day.closed >= 0 && day.store >= 0);
	assert_int_equal(view_rows(&s, "duty/days"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"duty_day", NULL});
	scene_close(&s);
}

static void an_evening_without_a_word_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"a session is planned", NULL, OFFICE, "arrange.plan_rooms", PLAN});
	kit_at(&s.k, DAY1 "21:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.store_silent"), 1);
	PLAY(&s,
	     {"something is wrong there", NULL, "P0003", "duty.report_store", STORE_REPORT("false"),
	      "keeper=badge:P0003", .alarm = "duty.store_unsound"},
	     {"a script is not back", NULL, "P0031", "duty.close_day",
	      CLOSES("2025-06-07", "false", "3"), "leader=badge:P0002", .alarm = "duty.day_unsettled"});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"an_order_goes_to_many_and_each_signs_for_it", an_order_goes_to_many_and_each_signs_for_it,
	 ROWS("sql:duty_order/0", "sql:duty_order/1", "sql:duty_order/2", "sql:duty_order/3",
	      "sql:duty_order/4", "sql:duty_order/6", "sql:duty_order/7", "sql:duty_order/8",
	      "event:duty.order_sent", "event:duty.order_signed",
	      "event:duty.order_answered", "expectation:duty.sign_urgent",
	      "expectation:duty.answer_urgent", "alarm:duty.order_unsigned",
	      "alarm:duty.order_unanswered", "alarm:duty.order_unknown", "alarm:duty.order_not_done")},
	{"an_order_is_as_urgent_as_it_says", an_order_is_as_urgent_as_it_says,
	 ROWS("expectation:duty.sign_flash", "expectation:duty.sign_routine",
	      "expectation:duty.answer_flash", "expectation:duty.answer_routine")},
	{"an_order_that_is_withdrawn_is_awaited_no_more", an_order_that_is_withdrawn_is_awaited_no_more,
	 ROWS("sql:duty_order/5", "event:duty.order_issued", "event:duty.order_withdrawn")},
	{"a_decision_by_telephone_is_countersigned", a_decision_by_telephone_is_countersigned,
	 ROWS("sql:duty_call/0", "sql:duty_call/1", "sql:duty_call/2", "sql:duty_call/3",
	      "sql:duty_call/4",
	      "event:duty.phone_decided", "event:duty.phone_countersigned",
	      "expectation:duty.countersign", "alarm:duty.countersign_missing",
	      "alarm:duty.phone_other", "alarm:duty.phone_self")},
	{"who_decides_what_stands_on_the_card", who_decides_what_stands_on_the_card,
	 ROWS("alarm:duty.phone_unentitled")},
	{"a_tip_is_taken_accepted_triaged_and_closed", a_tip_is_taken_accepted_triaged_and_closed,
	 ROWS("sql:duty_tip/0", "sql:duty_tip/1", "sql:duty_tip/2", "sql:duty_tip/3", "sql:duty_tip/4",
	      "sql:duty_tip/5", "sql:duty_tip/6", "sql:duty_tip/7", "sql:duty_tip/8",
	      "event:duty.tip_routed",
	      "event:duty.tip_accepted", "event:duty.tip_triaged", "event:duty.tip_handed",
	      "event:duty.tip_closed", "expectation:duty.tip_hand", "alarm:duty.tip_leak",
	      "alarm:duty.tip_unhanded")},
	{"a_tip_during_a_session_does_not_wait", a_tip_during_a_session_does_not_wait,
	 ROWS("event:duty.tip_received", "expectation:duty.tip_accept",
	      "expectation:duty.tip_accept_session", "expectation:duty.tip_triage",
	      "alarm:duty.tip_unaccepted", "alarm:duty.tip_untriaged")},
	{"a_tip_goes_round_the_person_accused", a_tip_goes_round_the_person_accused,
	 ROWS("event:duty.tip_barred", "alarm:duty.tip_ownerless", "alarm:duty.tip_by_accused")},
	{"a_day_is_reported_and_closed_in_the_evening", a_day_is_reported_and_closed_in_the_evening,
	 ROWS("sql:duty_day/0", "sql:duty_day/1", "sql:duty_day/2", "sql:duty_day/3", "sql:duty_day/4",
	      "sql:duty_day/5", "sql:duty_day/6", "event:duty.day_planned", "event:duty.evening_began",
	      "event:duty.store_reported", "event:duty.day_closed", "expectation:duty.day_close",
	      "alarm:duty.day_differs", "alarm:duty.day_open")},
	{"an_evening_without_a_word_is_alarmed", an_evening_without_a_word_is_alarmed,
	 ROWS("expectation:duty.store_report", "alarm:duty.store_silent", "alarm:duty.store_unsound",
	      "alarm:duty.day_unsettled")},
};
const struct scenario_set DESK_SCENES = {LIST, COUNT(LIST)};
