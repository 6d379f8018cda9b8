/* SPDX-License-Identifier: Apache-2.0 */
/* session_scenes.c -- a site the day before; a session by its steps, its bells and its clock. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/sitting/sitting.h"

#define D0 "2025-06-06T"
#define D2 "2025-06-08T"
#define ROOM_OF(r) "{'room':'" SITE "/" r "','seats':30}"
#define PLAN(session) {"rooms are planned", NULL, OFFICE, "arrange.plan_rooms", \
	"{'place':'" SITE "','session':'" session "','rooms':[" ROOM_OF("r01") "," ROOM_OF("r02") "]}"}
#define OF(session) "'place':'" SITE "','session':'" session "'"
#define CHI OF("d1-chinese")
#define MAT OF("d1-maths")

#define CHECKERS "checker=badge:P0022 checker=badge:P0047"
#define SIGNERS "chief=badge:P0021 county=badge:P0001"
#define BY_TWO "keeper=badge:P0037 second=badge:P0022"
#define CHECK(item, more) "sitting.check_ready", "{" CHI ",'item':'" item "'," more "}", CHECKERS
#define SOUND2 "'sound':true,'rooms':2"
#define NOT_R02(code) "'exceptions':[{'room':'" SITE "/r02','code':'" code "'}]"
#define STEP(session, step, done) "sitting.report_step", \
	"{" session ",'step':'" step "','done':" done "}", NULL
#define BELL(session, bell) "P0037", "sitting.ring_bell", "{" session ",'bell':'" bell "'}", BY_TWO

static int64_t lapsed(struct scene *s, const char *rule)
{
	return kit_sql(&s->k, str_fmt(&s->k.arena, "SELECT COUNT(*) FROM expectation WHERE state = 4"
	                                           " AND rule = '%s'", rule).s);
}

static void a_site_is_made_ready_the_day_before(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"), PLAN("d1-maths"),
	     {"a room is not fit", D0 "15:00:00+08:00", CLERK,
	      CHECK("acceptance", "'sound':true,'rooms':1," NOT_R02("equipment")),
	      .emits = "sitting.readiness_checked", .alarm = "sitting.not_ready"},
	     {"now it is", D0 "16:00:00+08:00", CLERK, CHECK("acceptance", SOUND2)},
	     {"listening is tried, for the afternoon's session too", NULL, CLERK,
	      "sitting.check_ready", "{" MAT ",'item':'listening'," SOUND2 "}", CHECKERS},
	     {"another site's room", NULL, CLERK, CHECK("jamming",
	      "'sound':true,'rooms':2,'exceptions':[{'room':'" JN "/s02/r01','code':'late'}]"),
	      RC_INVALID, "exceptions"},
	     {"the site is no room", NULL, CLERK, CHECK("jamming",
	      "'sound':true,'rooms':2,'exceptions':[{'room':'" SITE "','code':'late'}]"),
	      RC_INVALID, "exceptions"},
	     {"a room twice", NULL, CLERK, CHECK("jamming",
	      "'sound':true,'rooms':2,'exceptions':[{'room':'" ROOM "','code':'late'},{'room':'" ROOM
	      "','code':'late'}]"), RC_INVALID, "exceptions"},
	     {"jamming, by zone", NULL, CLERK, CHECK("jamming", "'zone':'Z-1'," SOUND2)},
	     {"cleared", NULL, CLERK, CHECK("clearing", SOUND2)},
	     {"sealed", NULL, CLERK, CHECK("sealing", SOUND2)},
	     {"signed", D0 "18:00:00+08:00", "P0021", "sitting.sign_ready", "{" CHI "}", SIGNERS,
	      .emits = "sitting.readiness_signed"});
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(folded) FROM alarm"
	                         " WHERE rule = 'sitting.not_ready'"), 0);
	assert_int_equal(kit_count(&s.k, "sitting.day_opened"), 1);
	assert_int_equal(view_rows(&s, "sitting/readiness"), 5);
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(sound) FROM sitting_ready"), 5);
	assert_true(kit_sql(&s.k, "SELECT signed_ms FROM sitting_day") > 0);
	kit_at(&s.k, DAY1 "01:00:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.check_missing"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.unsigned"), 0);
	PLAY(&s, PLAN("d2-physics"), {"somebody looks", DAY1 "04:00:00+08:00", OFFICE,
	     "people.declare_avoidance", "{'person':'P0014','relative':false}",
	     "declarer=badge:P0014"});
	assert_int_equal(kit_count(&s.k, "sitting.day_opened"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE session = 'd2-physics'"
	                 " AND rule IN ('sitting.clearing', 'sitting.sealing')"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE session = 'd2-physics'"
	                 " AND rule IN ('sitting.jamming', 'sitting.sign_ready')"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_day", "sitting_ready", NULL});
	scene_close(&s);
}

static void what_is_not_ready_is_alarmed_and_stands_in_the_signature(void)
{
	static const char *const RULES[] = {"sitting.acceptance", "sitting.listening",
		"sitting.jamming", "sitting.clearing", "sitting.sealing"};
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"));
	kit_at(&s.k, D0 "20:01:00+08:00");
	kit_pass(&s.k, 0);
	for (size_t i = 0; i < COUNT(RULES); i++)
		assert_int_equal(lapsed(&s, RULES[i]), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.check_missing"), 1); /* five fold into one */
	assert_int_equal(kit_alarms(&s.k, "sitting.unsigned"), 0);
	kit_at(&s.k, D0 "21:01:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(lapsed(&s, "sitting.sign_ready"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.unsigned"), 1);
	PLAY(&s,
	     {"a beam has a crack", NULL, CLERK, CHECK("acceptance", "'sound':false,'rooms':2"),
	      .alarm = "sitting.not_ready"},
	     {"signed all the same", NULL, "P0021", "sitting.sign_ready", "{" CHI "}", SIGNERS,
	      .emits = "sitting.readiness_signed", .alarm = "sitting.signed_unready"});
	scene_close(&s);
}

#define REPORT(at, step, done) {step, DAY1 at "+08:00", CLERK, STEP(CHI, step, done)}

static void a_session_goes_by_its_steps_and_its_bells(void)
{
	struct scene s;
	struct op op;
	int64_t at, end;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"),
	     REPORT("07:20:00", "staff_in", "0"),
	     {"the clock", DAY1 "07:30:00+08:00", "P0037", "sitting.check_clock",
	      "{" CHI ",'offset_ms':-1000,'reference':'beidou'}", BY_TWO,
	      .emits = "sitting.clock_checked"},
	     {"and again", NULL, "P0037", "sitting.check_clock",
	      "{" CHI ",'offset_ms':1000,'reference':'beidou'}", BY_TWO},
	     REPORT("08:10:00", "papers_fetched", "2"),
	     REPORT("08:20:00", "entry_open", "2"),
	     {"one invigilator is late", DAY1 "08:22:00+08:00", CLERK, "sitting.report_step",
	      "{" CHI ",'step':'to_rooms','done':1," NOT_R02("staff") "}", NULL,
	      .emits = "sitting.step_reported"},
	     {"a room is forgotten", DAY1 "08:35:00+08:00", CLERK, STEP(CHI, "cards_out", "1"),
	      .alarm = "sitting.rooms_short"},
	     REPORT("08:36:00", "cards_out", "2"),
	     {"the command", DAY1 "08:50:00+08:00", BELL(CHI, "open"), .emits = "sitting.bell_rung"},
	     REPORT("08:50:40", "opened", "2"), REPORT("08:56:00", "distributed", "2"),
	     {"the start, on the last second", DAY1 "09:00:30+08:00", BELL(CHI, "start")},
	     REPORT("09:00:30", "started", "2"),
	     {"the end, by the first", DAY1 "11:29:55+08:00", BELL(CHI, "end")},
	     REPORT("11:31:00", "ended", "2"), REPORT("11:40:00", "collected", "2"),
	     REPORT("11:45:00", "counted", "2"), REPORT("12:00:00", "sealed", "2"),
	     REPORT("12:20:00", "cleared", "2"));
	kit_at(&s.k, DAY1 "16:00:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.step_missing"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.bell_missing"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.clock_missing"), 0);
	assert_int_equal(view_rows(&s, "sitting/steps"), 13);
	assert_int_equal(view_rows(&s, "sitting/bells"), 3);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(sitting_bell(&op, STR("d1-chinese"), STR(ROOM), BELL_OPEN, &at));
	assert_true(clock_parse(STR(DAY1 "08:50:00+08:00"), &end));
	assert_int_equal(at, end); /* a room without a bell of its own has its site's */
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_step", "sitting_bell", NULL});
	scene_close(&s);
}

static void a_session_nobody_reports_is_alarmed_step_by_step(void)
{
#define X(id, name, zh, en) "sitting." #name,
	static const char *const RULES[] = {SITTING_STEPS(X) "sitting.start_bell", "sitting.end_bell",
		"sitting.clock"};
#undef X
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"));
	kit_at(&s.k, DAY1 "13:30:00+08:00");
	kit_pass(&s.k, 0);
	for (size_t i = 0; i < COUNT(RULES); i++)
		assert_int_equal(lapsed(&s, RULES[i]), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.step_missing"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.bell_missing"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.clock_missing"), 1);
	scene_close(&s);
}

static void what_comes_before_its_bell_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"), PLAN("d1-maths"), PLAN("d2-physics"), PLAN("d3-chemistry"),
	     {"no such session", NULL, CLERK, STEP(OF("d9-none"), "opened", "2"), RC_INVALID,
	      "session"},
	     {"not a site", NULL, CLERK, STEP("'place':'" ROOM "','session':'d1-chinese'", "opened",
	      "2"), RC_INVALID, "place"},
	     {"opened far too early", DAY1 "08:40:00+08:00", CLERK, STEP(CHI, "opened", "2"),
	      .alarm = "sitting.before_bell"},
	     {"the site's command is late", DAY1 "14:53:00+08:00", BELL(MAT, "open")},
	     {"and one room did not wait for it", NULL, CLERK, "sitting.report_step",
	      "{" MAT ",'step':'opened','done':1," NOT_R02("early") "}", NULL,
	      .alarm = "sitting.room_early"},
	     {"this site opens", D2 "08:50:10+08:00", CLERK, STEP(OF("d2-physics"), "opened", "2")},
	     {"two minutes before its own command", D2 "08:52:10+08:00", BELL(OF("d2-physics"),
	      "open"), .alarm = "sitting.before_bell"},
	     {"and starts before the bell", "2025-06-09T08:29:50+08:00",
	      BELL(OF("d3-chemistry"), "start"), .alarm = "sitting.start_bell_early"},
	     {"the log is corrected", "2025-06-09T08:30:40+08:00", BELL(OF("d3-chemistry"), "start"),
	      .alarm = "sitting.bell_late"});
	assert_int_equal(view_rows(&s, "sitting/bells"), 3);
	scene_close(&s);
}

static void a_room_with_more_time_has_its_own_end(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"too much", NULL, CLERK, "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':5400,'basis':'ZC-7'}", SIGNERS,
	      RC_CONFLICT, "extra_s"},
	     {"thirty per cent", NULL, CLERK, "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':2400,'basis':'ZC-7'}", SIGNERS,
	      .emits = "sitting.room_time_set"},
	     {"as approved", NULL, CLERK, "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':2700,'basis':'ZC-8'}", SIGNERS},
	     {"the site's clock runs", DAY1 "07:30:00+08:00", "P0037", "sitting.check_clock",
	      "{" CHI ",'offset_ms':4000,'reference':'ntp'}", BY_TWO, .alarm = "sitting.clock_off"},
	     {"or stands", NULL, "P0037", "sitting.check_clock",
	      "{" MAT ",'offset_ms':-1001,'reference':'ntp'}", BY_TWO, .alarm = "sitting.clock_off"},
	     {"the site ends early", DAY1 "11:29:00+08:00", BELL(CHI, "end"),
	      .alarm = "sitting.end_bell_early"},
	     {"the room ends with the others", DAY1 "11:30:00+08:00",
	      BELL("'place':'" ROOM "','session':'d1-chinese'", "end"),
	      .alarm = "sitting.end_bell_early"},
	     {"no: at its own time", DAY1 "12:15:00+08:00",
	      BELL("'place':'" ROOM "','session':'d1-chinese'", "end")});
	assert_int_equal(kit_sql(&s.k, "SELECT extra_s FROM sitting_room_time"), 2700);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_room_time", NULL});
	scene_close(&s);
}

/* What a room writes longer is decided while it writes; the telephone's decision is keyed later. */
static void a_rooms_time_is_given_before_its_end(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"while they write", DAY1 "11:29:00+08:00", CLERK, "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':600,'basis':'ZC-7'}", SIGNERS},
	     {"and once more before their own end", DAY1 "11:39:00+08:00", CLERK,
	      "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':900,'basis':'ZC-7'}", SIGNERS},
	     {"the others have ended", NULL, CLERK, "sitting.set_room_time",
	      "{'place':'" SITE "/r02','session':'d1-chinese','extra_s':600,'basis':'ZC-8'}", SIGNERS,
	      RC_CONFLICT, "session"},
	     {"it has ended too", DAY1 "11:45:00+08:00", CLERK, "sitting.set_room_time",
	      "{'place':'" ROOM "','session':'d1-chinese','extra_s':2400,'basis':'ZC-7'}", SIGNERS,
	      RC_CONFLICT, "session"});
	assert_true(clock_parse(STR(DAY1 "11:20:00+08:00"), &s.k.happened_ms));
	PLAY(&s,
	     {"by telephone at twenty past", NULL, CLERK, "sitting.set_room_time",
	      "{'place':'" SITE "/r02','session':'d1-chinese','extra_s':600,'basis':'ZC-8'}", SIGNERS,
	      .emits = "sitting.room_time_set"});
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(extra_s) FROM sitting_room_time"), 1500);
	scene_close(&s);
}

#define REGISTERED(number, document) OFFICE, "exam.register_candidate", "{'place':'" JN \
	"','number':'" number "','name':'化名','document':'" document "'," \
	"'combination':'physics.chemistry.biology'}"

static void a_special_room_has_the_time_that_was_approved(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a candidate", NULL, REGISTERED("C-001", "999999200703150000")},
	     {"with a third more", NULL, OFFICE, "exam.approve_accommodation",
	      "{'place':'" JN "','candidate':'C-001','kind':'extra_time','extra_percent':30,"
	      "'approval':'ZC-7'}"},
	     {"a special room, an ordinary one", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d3-biology','rooms':[{'room':'" ROOM "','seats':1,"
	      "'kind':'special'},{'room':'" SITE "/r02','seats':1}]}"},
	     {"she sits there", NULL, OFFICE, "arrange.seat_candidates", "{'place':'" SITE
	      "','session':'d3-biology','room':'" ROOM "','seats':[{'candidate':'C-001','seat':1}]}"});
	kit_at(&s.k, "2025-06-09T07:00:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_sql(&s.k, "SELECT extra_s FROM sitting_room_time"), 1350);
	kit_at(&s.k, "2025-06-09T19:46:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation"
	                         " WHERE rule = 'sitting.own_end_bell' AND state = 4"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM alarm WHERE rule ="
	                         " 'sitting.bell_missing' AND place LIKE '%r01'"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_room_time", NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_site_is_made_ready_the_day_before", a_site_is_made_ready_the_day_before,
	 ROWS("sql:sitting_readiness/0", "sql:sitting_readiness/1", "sql:sitting_readiness/2",
	      "sql:sitting_readiness/3", "sql:sitting_readiness/4", "sql:sitting_readiness/5",
	      "sql:sitting_readiness/6", "sql:sitting_readiness/7", "event:sitting.day_opened",
	      "event:sitting.readiness_checked", "event:sitting.readiness_signed",
	      "alarm:sitting.not_ready")},
	{"what_is_not_ready_is_alarmed_and_stands_in_the_signature",
	 what_is_not_ready_is_alarmed_and_stands_in_the_signature,
	 ROWS("expectation:sitting.acceptance", "expectation:sitting.clearing",
	      "expectation:sitting.sealing", "expectation:sitting.listening",
	      "expectation:sitting.jamming", "expectation:sitting.sign_ready",
	      "alarm:sitting.check_missing", "alarm:sitting.unsigned",
	      "alarm:sitting.signed_unready")},
	{"a_special_room_has_the_time_that_was_approved",
	 a_special_room_has_the_time_that_was_approved,
	 ROWS("event:sitting.room_time_set", "expectation:sitting.own_end_bell")},
	{"a_session_goes_by_its_steps_and_its_bells", a_session_goes_by_its_steps_and_its_bells,
	 ROWS("sql:sitting_session/0", "sql:sitting_session/1", "sql:sitting_session/3",
	      "sql:sitting_bell/1", "sql:sitting_bell/2", "sql:sitting_bell/6",
	      "event:sitting.step_reported", "event:sitting.bell_rung",
	      "event:sitting.clock_checked", "alarm:sitting.rooms_short")},
	{"a_session_nobody_reports_is_alarmed_step_by_step",
	 a_session_nobody_reports_is_alarmed_step_by_step,
	 ROWS("expectation:sitting.staff_in", "expectation:sitting.papers_fetched",
	      "expectation:sitting.to_rooms", "expectation:sitting.entry_open",
	      "expectation:sitting.cards_out", "expectation:sitting.opened",
	      "expectation:sitting.distributed", "expectation:sitting.started",
	      "expectation:sitting.ended", "expectation:sitting.collected",
	      "expectation:sitting.counted", "expectation:sitting.sealed",
	      "expectation:sitting.cleared", "expectation:sitting.clock",
	      "expectation:sitting.start_bell", "expectation:sitting.end_bell",
	      "alarm:sitting.step_missing", "alarm:sitting.bell_missing",
	      "alarm:sitting.clock_missing")},
	{"what_comes_before_its_bell_is_alarmed", what_comes_before_its_bell_is_alarmed,
	 ROWS("sql:sitting_session/2", "sql:sitting_bell/0", "alarm:sitting.before_bell",
	      "alarm:sitting.room_early", "alarm:sitting.start_bell_early",
	      "alarm:sitting.bell_late")},
	{"a_room_with_more_time_has_its_own_end", a_room_with_more_time_has_its_own_end,
	 ROWS("sql:sitting_bell/3", "sql:sitting_bell/4", "sql:sitting_bell/5",
	      "event:sitting.room_time_set", "alarm:sitting.clock_off",
	      "alarm:sitting.end_bell_early")},
	{"a_rooms_time_is_given_before_its_end", a_rooms_time_is_given_before_its_end, NO_ROWS},
};
const struct scenario_set SESSION_SCENES = {LIST, COUNT(LIST)};
