/* SPDX-License-Identifier: Apache-2.0 */
/* entry_scenes.c -- candidates come in: counted, doubted, late; attendance adds up or does not. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/sitting/sitting.h"

#define OF(room) "'place':'" SITE "/" room "','session':'d1-chinese'"
#define PLAN {"rooms are planned", NULL, OFFICE, "arrange.plan_rooms", \
	"{'place':'" SITE "','session':'d1-chinese','rooms':[{'room':'" SITE "/r01','seats':3}," \
	"{'room':'" SITE "/r02','seats':2}]}"}
#define ENTER(room, who, tries, result) "sitting.enter", "{" OF(room) ",'candidate':'" who \
	"','method':'face','tries':" tries ",'result':'" result "'}"
#define ITEM(who, at, tries, result) "{'candidate':'" who "','at':'" DAY1 at "+08:00'," \
	"'method':'face','tries':" tries ",'result':'" result "'}"
#define IDENTITY "P0044"
#define ADMITTERS(officer) "checker=badge:P0044 officer=badge:" officer
#define RESOLVERS "resolver=badge:P0021 resolver=badge:P0045"
#define DOUBT(room, who, more) "{" OF(room) ",'candidate':'" who "'," more "}"

static struct sitting_count count(struct scene *s, const char *place)
{
	struct op op = s->k.op;
	struct sitting_count c;

	op.db = s->k.store.view;
	assert_ok(sitting_count(&op, STR("d1-chinese"), str_of(place), &c));
	return c;
}

static void candidates_enter_and_are_counted_once(void)
{
	struct scene s;
	struct op op;
	bool entered;
	int64_t at;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"a room's upload", DAY1 "08:40:00+08:00", IDENTITY, "sitting.enter_list",
	      "{" OF("r01") ",'entries':[" ITEM("C-001", "08:31:00", "1", "passed") ","
	      ITEM("C-002", "08:32:00", "2", "passed") "]}", NULL, .emits = "sitting.list_entered"},
	     {"the same again, and one more", DAY1 "08:45:00+08:00", IDENTITY, "sitting.enter_list",
	      "{" OF("r01") ",'entries':[" ITEM("C-001", "08:31:00", "1", "passed") ","
	      ITEM("C-002", "08:32:00", "2", "passed") "," ITEM("C-003", "08:44:00", "1", "passed")
	      "]}"},
	     {"one by one", NULL, IDENTITY, ENTER("r02", "C-004", "1", "passed"), NULL,
	      .emits = "sitting.entered"},
	     {"late, but allowed", DAY1 "09:10:00+08:00", IDENTITY,
	      ENTER("r02", "C-005", "1", "passed")},
	     {"attendance", DAY1 "09:20:00+08:00", CLERK, "sitting.report_attendance",
	      "{'place':'" SITE "','session':'d1-chinese','expected':5,'present':5,'absent':0}", NULL,
	      .emits = "sitting.attendance_reported"},
	     {"entry has closed at the next site", NULL, CLERK, "sitting.report_attendance",
	      "{'place':'" SITE "','session':'d1-maths','expected':5,'present':5,'absent':0}"},
	     {"one is missed", NULL, CLERK, "sitting.report_attendance",
	      "{'place':'" SITE "','session':'d1-chinese','expected':5,'present':4,'absent':1}", NULL,
	      .alarm = "sitting.attendance_differs"},
	     {"entry has closed", DAY1 "09:21:00+08:00", IDENTITY,
	      ENTER("r02", "C-006", "1", "passed"), NULL, .alarm = "sitting.late_entry"});
	assert_int_equal(count(&s, ROOM).expected, 3);
	assert_int_equal(count(&s, ROOM).present, 3);
	assert_int_equal(count(&s, SITE).present, 6);
	assert_int_equal(count(&s, SITE).late, 2);
	assert_int_equal(view_rows(&s, "sitting/rooms"), 3);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(sitting_entered(&op, STR("d1-chinese"), STR(ROOM), STR("C-003"), &entered, &at));
	assert_true(entered && at > 0);
	assert_ok(sitting_entered(&op, STR("d1-chinese"), STR(ROOM), STR("C-004"), &entered, &at));
	assert_false(entered);
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "sitting.attendance_missing"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_entry", "sitting_tally", NULL});
	scene_close(&s);
}

static void a_foreign_session_closes_before_it_starts(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"in time", "2025-06-08T14:44:00+08:00", IDENTITY, "sitting.enter",
	      "{'place':'" ROOM "','session':'d2-foreign','candidate':'C-001','method':'card',"
	      "'tries':1,'result':'passed'}"},
	     {"too late for listening", "2025-06-08T14:46:00+08:00", IDENTITY, "sitting.enter",
	      "{'place':'" ROOM "','session':'d2-foreign','candidate':'C-002','method':'card',"
	      "'tries':1,'result':'passed'}", NULL, .alarm = "sitting.late_entry"});
	scene_close(&s);
}

#define AT_GATE(who) "sitting.enter", "{'place':'" SITE "','session':'d1-chinese','candidate':'" \
	who "','method':'card','tries':1,'result':'passed'}"

static void the_gate_decides_who_is_late(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"through the gate in time", DAY1 "09:14:00+08:00", IDENTITY, AT_GATE("C-001")},
	     {"and in the room after a walk", DAY1 "09:18:00+08:00", IDENTITY,
	      ENTER("r01", "C-001", "1", "passed")},
	     {"a room of its own upload", NULL, IDENTITY, "sitting.enter_list",
	      "{" OF("r01") ",'entries':[" ITEM("C-001", "09:18:00", "1", "passed") "]}"});
	assert_int_equal(kit_alarms(&s.k, "sitting.late_entry"), 0);
	assert_int_equal(count(&s, SITE).present, 1); /* the gate seats nobody */
	PLAY(&s,
	     {"the gate has closed", NULL, IDENTITY, AT_GATE("C-002"),
	      .alarm = "sitting.late_entry"},
	     {"nor is this one in time at the door", NULL, IDENTITY,
	      ENTER("r02", "C-002", "1", "passed"), NULL, .alarm = "sitting.late_entry"});
	scene_close(&s);
}

static void the_room_decides_where_the_profile_says_so(void)
{
	struct scene s;
	struct profile_session *session;

	scene_open(&s);
	session = (struct profile_session *)(uintptr_t)profile_session(&s.k.w.profile,
	                                                               STR("d1-chinese"));
	session->late_entry = LATE_ENTRY_ROOM;
	session->entry_said = true;
	session->entry_closes_s = 600;
	PLAY(&s, PLAN,
	     {"through the gate in time", DAY1 "09:08:00+08:00", IDENTITY, AT_GATE("C-001")},
	     {"another at the door just in time", DAY1 "09:10:00+08:00", IDENTITY,
	      ENTER("r01", "C-002", "1", "passed")},
	     {"the room's door has closed", DAY1 "09:10:01+08:00", IDENTITY,
	      ENTER("r01", "C-001", "1", "passed"), NULL, .alarm = "sitting.late_entry"});
	scene_close(&s);
}

static void a_doubtful_candidate_sits_and_is_resolved_by_the_end(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN,
	     {"two tries fail", DAY1 "08:31:00+08:00", IDENTITY, ENTER("r01", "C-001", "2", "failed"),
	      NULL, .emits = "sitting.identity_failed"},
	     {"and the third", DAY1 "08:31:30+08:00", IDENTITY, ENTER("r01", "C-001", "1", "failed")},
	     {"the same officer cannot sign twice", NULL, IDENTITY, "sitting.admit_doubtful",
	      DOUBT("r01", "C-001", "'reason':'identity'"),
	      "checker=badge:P0045 officer=badge:P0044", RC_DENIED},
	     {"another officer signs", DAY1 "08:33:00+08:00", IDENTITY, "sitting.admit_doubtful",
	      DOUBT("r01", "C-001", "'reason':'identity'"), ADMITTERS("P0036"),
	      .emits = "sitting.doubt_opened"},
	     {"told again", NULL, IDENTITY, "sitting.admit_doubtful",
	      DOUBT("r01", "C-001", "'reason':'identity'"), ADMITTERS("P0036"),
	      .emits = "sitting.doubt_opened"},
	     {"the terminal is tried once more, and fails", NULL, IDENTITY,
	      ENTER("r01", "C-001", "1", "failed")},
	     {"the terminal of the next room is out", NULL, IDENTITY, "sitting.admit_doubtful",
	      DOUBT("r02", "C-004", "'reason':'terminal'"), ADMITTERS("P0022")},
	     {"she is who she is", DAY1 "10:00:00+08:00", CLERK, "sitting.resolve_doubt",
	      DOUBT("r01", "C-001", "'outcome':'confirmed'"), RESOLVERS,
	      .emits = "sitting.doubt_resolved"});
	kit_at(&s.k, DAY1 "11:29:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.candidate_waits"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.doubt_open"), 0);
	kit_pass(&s.k, 90);
	assert_int_equal(kit_alarms(&s.k, "sitting.doubt_open"), 1); /* r02's */
	PLAY(&s, {"he is not", DAY1 "11:40:00+08:00", CLERK, "sitting.resolve_doubt",
	          DOUBT("r02", "C-004", "'outcome':'suspected'"), RESOLVERS,
	          .alarm = "sitting.identity_suspected"});
	assert_int_equal(count(&s, SITE).present, 2);
	assert_int_equal(count(&s, SITE).doubtful, 2);
	assert_int_equal(count(&s, SITE).failed, 3);
	assert_int_equal(kit_sql(&s.k, "SELECT fails FROM sitting_doubt WHERE candidate = 'C-001'"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(state) FROM sitting_doubt"), 6);
	assert_int_equal(view_rows(&s, "sitting/doubts"), 2);
	assert_int_equal(kit_alarms(&s.k, "sitting.attendance_missing"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_doubt", NULL});
	scene_close(&s);
}

static void nobody_is_passed_by_trying_again(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"three fail", DAY1 "08:31:00+08:00", IDENTITY, "sitting.enter_list",
	      "{" OF("r01") ",'entries':[" ITEM("C-001", "08:30:00", "3", "failed") ","
	      ITEM("C-002", "08:30:00", "3", "failed") "]}"},
	     {"the fourth passes, by the same hand", NULL, IDENTITY,
	      ENTER("r01", "C-001", "1", "passed"), NULL, .emits = "sitting.doubt_opened",
	      .alarm = "sitting.passed_after_failures"},
	     {"another officer compares the card", NULL, "P0045", ENTER("r01", "C-002", "1", "passed"),
	      NULL, .emits = "sitting.identity_cleared"},
	     {"one record of four tries", NULL, IDENTITY, ENTER("r02", "C-003", "4", "passed"), NULL,
	      .alarm = "sitting.passed_after_failures"},
	     {"three fail here", NULL, "P0045", ENTER("r02", "C-004", "3", "failed")},
	     {"one fails", NULL, IDENTITY, ENTER("r02", "C-005", "1", "failed")},
	     {"and passes", NULL, "P0045", ENTER("r02", "C-005", "1", "passed"), NULL,
	      .emits = "sitting.identity_cleared"},
	     {"asked again, two fail", NULL, IDENTITY, ENTER("r02", "C-005", "2", "failed")},
	     {"and passes again", NULL, "P0045", ENTER("r02", "C-005", "1", "passed"), NULL,
	      .emits = "sitting.identity_cleared"});
	kit_pass(&s.k, 301);
	assert_int_equal(kit_alarms(&s.k, "sitting.candidate_waits"), 1); /* C-004 alone */
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule = 'sitting.admit'"
	                 " AND state = 5"), 2);
	kit_at(&s.k, DAY1 "11:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.doubt_open"), 2);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"candidates_enter_and_are_counted_once", candidates_enter_and_are_counted_once,
	 ROWS("sql:sitting_entry/0", "sql:sitting_entry/1", "sql:sitting_entry/2",
	      "sql:sitting_entry/3", "sql:sitting_entry/4", "sql:sitting_entry/11",
	      "event:sitting.entered", "event:sitting.list_entered",
	      "event:sitting.attendance_reported", "alarm:sitting.attendance_differs",
	      "alarm:sitting.late_entry")},
	{"a_foreign_session_closes_before_it_starts", a_foreign_session_closes_before_it_starts,
	 ROWS("alarm:sitting.late_entry")},
	{"the_gate_decides_who_is_late", the_gate_decides_who_is_late,
	 ROWS("alarm:sitting.late_entry")},
	{"the_room_decides_where_the_profile_says_so", the_room_decides_where_the_profile_says_so,
	 ROWS("alarm:sitting.late_entry")},
	{"a_doubtful_candidate_sits_and_is_resolved_by_the_end",
	 a_doubtful_candidate_sits_and_is_resolved_by_the_end,
	 ROWS("sql:sitting_entry/5", "sql:sitting_entry/6", "sql:sitting_entry/8",
	      "sql:sitting_entry/9", "sql:sitting_entry/12",
	      "event:sitting.identity_failed", "event:sitting.doubt_opened",
	      "event:sitting.doubt_resolved", "expectation:sitting.doubt",
	      "expectation:sitting.attendance", "alarm:sitting.attendance_missing",
	      "alarm:sitting.doubt_open", "alarm:sitting.identity_suspected")},
	{"nobody_is_passed_by_trying_again", nobody_is_passed_by_trying_again,
	 ROWS("sql:sitting_entry/7", "sql:sitting_entry/10", "event:sitting.identity_cleared",
	      "expectation:sitting.admit", "alarm:sitting.passed_after_failures",
	      "alarm:sitting.candidate_waits")},
};
const struct scenario_set ENTRY_SCENES = {LIST, COUNT(LIST)};
