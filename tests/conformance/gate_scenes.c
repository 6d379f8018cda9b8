/* SPDX-License-Identifier: Apache-2.0 */
/* gate_scenes.c -- who comes to a site, and what they have on them: staff, phones, items, cards. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/sitting/sitting.h"

#define CHI "'place':'" SITE "','session':'d1-chinese'"
#define PLAN {"rooms are planned", NULL, OFFICE, "arrange.plan_rooms", \
	"{" CHI ",'rooms':[{'room':'" SITE "/r01','seats':30},{'room':'" SITE "/r02','seats':30}]}"}
#define KEEPERS "keeper=badge:P0022 keeper=badge:P0042"
#define DRAWERS "chief=badge:P0021 discipline=badge:P0049"
#define STAFF(who, more) "{'person':'" who "'," more "}"
#define LOCKED(who, locker) STAFF(who, "'phone':'locked','locker':'" locker "'")
#define FOUR LOCKED("P0024", "K-1") "," LOCKED("P0025", "K-2") "," LOCKED("P0041", "K-3") "," \
	STAFF("P0047", "'phone':'none'")
#define IN(searched, list) CLERK, "sitting.check_in", \
	"{" CHI ",'searched':" searched ",'staff':[" list "]}", KEEPERS
#define DREW(who, room) "{'person':'" who "','room':'" SITE "/" room "'}"
#define ALL_DRAWN DREW("P0024", "r01") "," DREW("P0025", "r01") "," DREW("P0041", "r02") "," \
	DREW("P0047", "r02")
#define DRAW(how, list) CLERK, "sitting.record_draw", \
	"{" CHI "," how ",'drawn':[" list "]}", DRAWERS
#define PROPER "'recorded':true,'printed':true"
#define GATE "P0042"

static void staff_check_in_and_draw_their_rooms(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"the chief's duty phone", NULL, CLERK, "sitting.allow_phone",
	      "{'place':'" SITE "','person':'P0021'}", "chief=badge:P0036 county=badge:P0001",
	      .emits = "sitting.phone_allowed"},
	     {"once more", NULL, CLERK, "sitting.allow_phone",
	      "{'place':'" SITE "','person':'P0021'}", "chief=badge:P0036 county=badge:P0001"},
	     {"they come", DAY1 "07:15:00+08:00", IN("true", FOUR "," STAFF("P0021",
	      "'phone':'kept'")), .emits = "sitting.staff_checked_in"},
	     {"one changes the locker", NULL, IN("true", LOCKED("P0024", "K-9"))},
	     {"somebody stands twice", NULL, IN("true", LOCKED("P0024", "K-9") ","
	      LOCKED("P0024", "K-8")), RC_INVALID, "staff"},
	     {"the draw", DAY1 "08:00:00+08:00", DRAW(PROPER, ALL_DRAWN),
	      .emits = "sitting.draw_recorded"},
	     {"drawn again", NULL, DRAW(PROPER, ALL_DRAWN)},
	     {"another site's room", NULL, DRAW(PROPER, "{'person':'P0024','room':'" JN "/s02/r01'}"),
	      RC_INVALID, "drawn"},
	     {"no room at all", NULL, DRAW(PROPER, "{'person':'P0024','room':'" SITE "'}"),
	      RC_INVALID, "drawn"},
	     {"one for two rooms", NULL, DRAW(PROPER, DREW("P0024", "r01") "," DREW("P0024", "r02")),
	      RC_INVALID, "drawn"},
	     {"not on paper", NULL, DRAW("'recorded':true,'printed':false", ALL_DRAWN),
	      .alarm = "sitting.draw_irregular"},
	     {"an inspector", NULL, GATE, "sitting.register_visitor",
	      "{" CHI ",'code':'XS-3','kind':'inspector','phone':'locked','name':'化名'}", NULL,
	      .emits = "sitting.visitor_registered"},
	     {"police keep their sets", NULL, GATE, "sitting.register_visitor",
	      "{" CHI ",'code':'JC-1','kind':'police','phone':'kept','name':'化名'}"});
	assert_int_equal(view_rows(&s, "sitting/staff"), 5);
	assert_int_equal(view_rows(&s, "sitting/draw"), 4);
	assert_str(view_cell(&s, "SELECT locker FROM sitting_staff WHERE locker LIKE '%9'"), "K-9");
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_duty_phone"), 1);
	kit_pass(&s.k, 7200);
	assert_int_equal(kit_alarms(&s.k, "sitting.check_in_missing"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.draw_missing"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_staff", "sitting_duty_phone",
	                                              "sitting_draw", NULL});
	scene_close(&s);
}

static void a_phone_that_is_kept_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"one keeps a phone", DAY1 "07:15:00+08:00",
	      IN("true", LOCKED("P0024", "K-1") "," STAFF("P0025", "'phone':'kept'")),
	      .alarm = "sitting.phone_kept"},
	     {"nobody was searched", NULL, IN("false", LOCKED("P0025", "K-2")),
	      .alarm = "sitting.unsearched"},
	     {"drawn without a camera, by one who never came", DAY1 "08:00:00+08:00",
	      DRAW("'recorded':false,'printed':true", DREW("P0024", "r01") "," DREW("P0025", "r01") ","
	           DREW("P0036", "r02") "," DREW("P0047", "r02")), .rc = RC_OK,
	      .alarm = "sitting.draw_irregular",
	      .also = "sitting.drew_unchecked"});
	assert_int_equal(kit_alarms(&s.k, "sitting.drew_unchecked"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.too_few_invigilators"), 0);
	scene_close(&s);
}

static void two_phones_in_one_locker_are_one_phone_somewhere_else(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"the same locker twice", DAY1 "07:15:00+08:00",
	      IN("true", LOCKED("P0024", "K-1") "," LOCKED("P0025", "K-1")),
	      .alarm = "sitting.phone_kept"},
	     {"the press keeps a phone: folds", NULL, GATE, "sitting.register_visitor",
	      "{" CHI ",'code':'JZ-1','kind':'press','phone':'kept','name':'化名'}"},
	     {"a room is one short", DAY1 "08:00:00+08:00",
	      DRAW(PROPER, DREW("P0024", "r01") "," DREW("P0025", "r02")),
	      .alarm = "sitting.too_few_invigilators"});
	assert_int_equal(kit_sql(&s.k, "SELECT folded FROM alarm WHERE rule = 'sitting.phone_kept'"),
	                 1);
	scene_close(&s);
}

static void a_site_without_a_list_fetches_no_papers(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"and for the afternoon", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d1-maths','rooms':[{'room':'" ROOM "','seats':30}]}"},
	     {"drawn the day before", NULL, DRAW(PROPER, ALL_DRAWN),
	      .emits = "sitting.draw_recorded", .alarm = "sitting.draw_irregular",
	      .also = "sitting.drew_unchecked"});
	assert_int_equal(kit_alarms(&s.k, "sitting.drew_unchecked"), 1);
	kit_at(&s.k, DAY1 "08:30:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.draw_missing"), 0);
	kit_at(&s.k, DAY1 "14:20:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.check_in_missing"), 2);
	assert_int_equal(kit_alarms(&s.k, "sitting.draw_missing"), 1);
	scene_close(&s);
}

#define ITEM(command, where, who, kind, more) "sitting." command, \
	"{'place':'" where "','session':'d1-chinese','candidate':'" who "','kind':'" kind "'" more "}"
#define SUM(checked, hits, cleared) "sitting.report_gate", "{" CHI ",'checked':" checked \
	",'hits':" hits ",'cleared':" cleared ",'stored':2,'allowed':1}"

static void the_time_decides_between_stored_and_suspected(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"a candidate with a hearing aid", NULL, OFFICE, "exam.register_candidate",
	      "{'place':'" JN "','number':'C-003','name':'化名','document':'999999200703150000',"
	      "'combination':'physics.chemistry.biology'}"},
	     {"on paper", NULL, OFFICE, "exam.approve_accommodation",
	      "{'place':'" JN "','candidate':'C-003','kind':'hearing_aid','approval':'ZC-1',"
	      "'device':'hearing_aid'}"},
	     {"found at the gate: to the locker", DAY1 "08:20:00+08:00", GATE,
	      ITEM("find_item", SITE, "C-001", "phone", ""), NULL, .emits = "sitting.item_found"},
	     {"stored", NULL, GATE, ITEM("store_item", SITE, "C-001", "phone", ",'locker':'W-7'"), NULL,
	      .emits = "sitting.item_stored"},
	     {"and a second one", NULL, GATE, ITEM("find_item", SITE, "C-001", "phone", ""), NULL,
	      .alarm = "sitting.item_suspected"},
	     {"a correction tape in a room is the room's", DAY1 "09:30:00+08:00", CLERK,
	      ITEM("find_item", ROOM, "C-002", "correction", "")},
	     {"an earphone is not", NULL, CLERK, ITEM("find_item", ROOM, "C-002", "earphone", ""), NULL,
	      .alarm = "sitting.item_suspected"},
	     {"a hearing aid that is on the list", NULL, CLERK,
	      ITEM("find_item", ROOM, "C-003", "hearing_aid", "")},
	     {"and one that is not", NULL, CLERK, ITEM("find_item", ROOM, "C-005", "hearing_aid", ""),
	      NULL, .alarm = "sitting.device_unapproved"},
	     {"a phone put away after the start", NULL, GATE,
	      ITEM("store_item", SITE, "C-004", "phone", ",'locker':'W-8'"), NULL,
	      .alarm = "sitting.item_suspected"});
	assert_int_equal(view_rows(&s, "sitting/items"), 8);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_item", NULL});
	scene_close(&s);
}

#define PASS(who, more) "sitting.pass_gate", "{" CHI ",'candidate':'" who "'," more "}"

static void each_candidate_passes_the_gate(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"nothing found", DAY1 "08:10:00+08:00", GATE, PASS("C-001", "'hits':0,'cleared':false"),
	      NULL, .emits = "sitting.gate_passed"},
	     {"a belt", NULL, GATE, PASS("C-002", "'hits':2,'cleared':true")},
	     {"nobody knows what it was", NULL, GATE, PASS("C-003", "'hits':1,'cleared':false"), NULL,
	      .emits = "sitting.gate_passed", .alarm = "sitting.gate_unresolved"});
	assert_int_equal(kit_alarms(&s.k, "sitting.gate_unresolved"), 1);
	scene_close(&s);
}

static void the_gates_are_summed_up(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"one enters", DAY1 "08:40:00+08:00", "P0044", "sitting.enter",
	      "{'place':'" ROOM "','session':'d1-chinese','candidate':'C-001','method':'face',"
	      "'tries':1,'result':'passed'}"},
	     {"in order", DAY1 "09:05:00+08:00", GATE, SUM("60", "9", "6"), NULL,
	      .emits = "sitting.gate_reported"},
	     {"a hit too many", NULL, GATE, SUM("60", "10", "6"), NULL,
	      .alarm = "sitting.gate_unresolved"},
	     {"as many as came in", NULL, GATE, SUM("1", "0", "0")},
	     {"nobody searched", NULL, GATE, SUM("0", "0", "0"), NULL, .alarm = "sitting.gate_gap"});
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "sitting.gate_missing"), 0);
	PLAY(&s, {"and in the afternoon", NULL, OFFICE, "arrange.plan_rooms",
	          "{'place':'" SITE "','session':'d1-maths','rooms':[{'room':'" ROOM "','seats':1}]}"});
	kit_at(&s.k, DAY1 "15:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.gate_missing"), 1);
	scene_close(&s);
}

#define LAST(who, more) "{'place':'" SITE "','session':'d3-biology','candidate':'" who "'" more "}"
#define CARD(who, more) "{" CHI ",'candidate':'" who "'" more "}"

static void a_missing_card_is_shown_before_the_next_session(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"no card", DAY1 "08:40:00+08:00", GATE, "sitting.promise_card", CARD("C-001", ""), NULL,
	      .emits = "sitting.card_promised"},
	     {"nor has she", NULL, GATE, "sitting.promise_card", CARD("C-002", "")},
	     {"nor he", NULL, GATE, "sitting.promise_card", CARD("C-003", "")},
	     {"shown", DAY1 "13:00:00+08:00", CLERK, "sitting.show_card",
	      CARD("C-001", ",'valid':true"), NULL, .emits = "sitting.card_shown"},
	     {"not his", NULL, CLERK, "sitting.show_card", CARD("C-003", ",'valid':false"), NULL,
	      .alarm = "sitting.card_invalid"},
	     {"the last session has no next", "2025-06-09T16:50:00+08:00", GATE,
	      "sitting.promise_card", LAST("C-001", "")},
	     {"nor has hers", NULL, GATE, "sitting.promise_card", LAST("C-004", "")},
	     {"shown the next morning", "2025-06-10T09:30:00+08:00", CLERK, "sitting.show_card",
	      LAST("C-004", ",'valid':true")});
	assert_int_equal(kit_alarms(&s.k, "sitting.card_missing"), 1);
	kit_at(&s.k, "2025-06-10T12:16:00+08:00"); /* 18 hours after the end */
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.card_missing"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation"
	                         " WHERE rule = 'sitting.show_card'"), 3);
	scene_close(&s);
}

#define NEXT_SITE JN "/s02"
#define NEXT "'place':'" NEXT_SITE "','session':'d1-chinese'"

/* The number is another's, or he stands at the wrong gate. */
static void a_candidate_of_another_site_is_noticed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"one who sits next door", NULL, OFFICE, "exam.register_candidate", "{'place':'" JN
	      "','number':'C002','combination':'physics.chemistry.biology','name':'化名',"
	      "'document':'999999200703150019'}"},
	     {"in a room", NULL, OFFICE, "arrange.plan_rooms",
	      "{" NEXT ",'rooms':[{'room':'" NEXT_SITE "/r01','seats':30}]}"},
	     {"on a seat", NULL, OFFICE, "arrange.seat_candidates", "{" NEXT ",'room':'" NEXT_SITE
	      "/r01','seats':[{'candidate':'C002','seat':1}]}"},
	     {"comes here", DAY1 "08:20:00+08:00", GATE, "sitting.pass_gate",
	      "{" CHI ",'candidate':'C002','hits':0,'cleared':true}",
	      .alarm = "sitting.named_elsewhere"},
	     {"nobody knows where this one sits", NULL, GATE, "sitting.promise_card",
	      "{" CHI ",'candidate':'C077'}"});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"staff_check_in_and_draw_their_rooms", staff_check_in_and_draw_their_rooms,
	 ROWS("sql:sitting_staff/0", "sql:sitting_staff/1", "sql:sitting_staff/2",
	      "sql:sitting_staff/4", "sql:sitting_staff/5", "sql:sitting_staff/6",
	      "sql:sitting_staff/7", "sql:sitting_staff/8", "sql:sitting_staff/9",
	      "sql:sitting_staff/10", "event:sitting.phone_allowed",
	      "event:sitting.staff_checked_in", "event:sitting.draw_recorded",
	      "event:sitting.visitor_registered")},
	{"a_phone_that_is_kept_is_alarmed", a_phone_that_is_kept_is_alarmed,
	 ROWS("alarm:sitting.phone_kept", "alarm:sitting.unsearched", "alarm:sitting.draw_irregular",
	      "alarm:sitting.drew_unchecked")},
	{"two_phones_in_one_locker_are_one_phone_somewhere_else",
	 two_phones_in_one_locker_are_one_phone_somewhere_else,
	 ROWS("sql:sitting_staff/3", "alarm:sitting.too_few_invigilators")},
	{"a_site_without_a_list_fetches_no_papers", a_site_without_a_list_fetches_no_papers,
	 ROWS("expectation:sitting.check_in", "expectation:sitting.draw",
	      "alarm:sitting.check_in_missing", "alarm:sitting.draw_missing")},
	{"the_time_decides_between_stored_and_suspected",
	 the_time_decides_between_stored_and_suspected,
	 ROWS("sql:sitting_gate/0", "sql:sitting_gate/1", "sql:sitting_gate/2",
	      "event:sitting.item_found", "event:sitting.item_stored",
	      "alarm:sitting.item_suspected", "alarm:sitting.device_unapproved")},
	{"each_candidate_passes_the_gate", each_candidate_passes_the_gate,
	 ROWS("event:sitting.gate_passed")},
	{"a_candidate_of_another_site_is_noticed", a_candidate_of_another_site_is_noticed,
	 ROWS("alarm:sitting.named_elsewhere")},
	{"the_gates_are_summed_up", the_gates_are_summed_up,
	 ROWS("event:sitting.gate_reported", "expectation:sitting.gate",
	      "alarm:sitting.gate_unresolved", "alarm:sitting.gate_gap",
	      "alarm:sitting.gate_missing")},
	{"a_missing_card_is_shown_before_the_next_session",
	 a_missing_card_is_shown_before_the_next_session,
	 ROWS("event:sitting.card_promised", "event:sitting.card_shown",
	      "expectation:sitting.show_card",
	      "expectation:sitting.show_card_last", "alarm:sitting.card_missing",
	      "alarm:sitting.card_invalid")},
};
const struct scenario_set GATE_SCENES = {LIST, COUNT(LIST)};
