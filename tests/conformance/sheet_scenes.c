/* SPDX-License-Identifier: Apache-2.0 */
/* sheet_scenes.c -- suspected violations on the spot, scripts collected and sealed, room sheets. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/room_acts.h"
#include "conformance/scenario.h"

#include "domain/sitting/sheet.h"

/* Suspected violations. */
#define RECORD(room, who, code, more) "sitting.record_violation", \
	"{" AT(room) ",'candidate':'" who "','code':'" code "'," more "}"
#define COMPLETE "'items':1,'receipt':'SJ-01','told':true,'signature':'signed'"
#define BARE "'items':1,'told':false,'signature':'none'"
#define BY_TWO INVIGILATORS("recorder")
#define SUM(n) "sitting.report_violations", "{'place':'" SITE "'," CHINESE ",'count':" n "}", \
	"chief=badge:P0021"

static void act_on_record(struct scene *s, const char *command, const char *more,
                          const char *slots)
{
	int64_t id = kit_sql(&s->k, "SELECT MAX(id) FROM sitting_violation");
	struct str data = str_fmt(&s->k.arena, "{'place':'" ROOM "','violation':%lld%s}",
	                          (long long)id, more);

	if (scene_do(s, CLERK, command, data.s, slots) != RC_OK)
		fail_msg("%s: %s", command, s->k.answer.err.en);
}

static void a_record_is_complete_or_it_is_alarmed(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"a telephone, by the book", DAY1 "09:30:00+08:00", CLERK,
	      RECORD("r01", "K0001", "6-4", COMPLETE), BY_TWO,
	      .emits = "sitting.violation_recorded", .alarm = "sitting.cheating_suspected"},
	     {"the video says the same", NULL, "P0039", RECORD("r01", "K0001", "6-4", BARE), BY_TWO},
	     {"a note, in haste", NULL, CLERK, RECORD("r01", "K0002", "5-1", BARE), BY_TWO,
	      .alarm = "sitting.breach_suspected"},
	     {"no such record", NULL, CLERK, "sitting.complete_violation",
	      "{'place':'" ROOM "','violation':1,'told':true}", NULL, .rc = RC_INVALID,
	      .field = "violation"});
	kit_pass(&s.k, 1801);
	assert_int_equal(kit_alarms(&s.k, "sitting.no_receipt"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.not_told"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.not_signed"), 1);
	PLAY(&s, {"another, who shouts", DAY1 "10:10:00+08:00", CLERK,
	          RECORD("r01", "K0003", "8-3", BARE), BY_TWO,
	          .alarm = "sitting.disturbance_suspected"});
	act_on_record(&s, "sitting.complete_violation", ",'signature':'refused'", "noter=badge:P0041");
	assert_int_equal(open_of(&s, "sitting.violation_candidate"), 1); /* one is not two */
	act_on_record(&s, "sitting.complete_violation", ",'signature':'refused'",
	              "noter=badge:P0041 noter=badge:P0025");
	act_on_record(&s, "sitting.complete_violation", ",'receipt':'SJ-02','told':true", NULL);
	assert_int_equal(open_of(&s, "sitting.violation_receipt"), 0);
	assert_int_equal(open_of(&s, "sitting.violation_told"), 0);
	assert_int_equal(open_of(&s, "sitting.violation_candidate"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT signed FROM sitting_violation"
	                         " WHERE candidate = 'K0003'"), 2);
	assert_int_equal(open_of(&s, "sitting.violation_chief"), 3);
	assert_int_equal(scene_do(&s, CLERK, "sitting.sign_violation", str_fmt(&s.k.arena, "{'place':'"
	                 SITE "/r02','violation':%lld}", (long long)kit_sql(&s.k, "SELECT MAX(id) FROM"
	                 " sitting_violation")).s, "chief=badge:P0021"), RC_INVALID); /* it is r01's */
	act_on_record(&s, "sitting.sign_violation", "", "chief=badge:P0021");
	assert_int_equal(open_of(&s, "sitting.violation_chief"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_violation WHERE chief = 1"), 1);
	PLAY(&s, {"all three", DAY1 "12:00:00+08:00", CLERK, SUM("3"),
	          .emits = "sitting.violations_reported"},
	     {"one is left out", NULL, CLERK, SUM("2"), .alarm = "sitting.violations_differ"});
	assert_int_equal(open_of(&s, "sitting.violation_report"), 0);
	kit_at(&s.k, DAY1 "12:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.chief_unsigned"), 2);
	assert_int_equal(view_rows(&s, "sitting/violations"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_violation WHERE same_as > 0"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_violation", NULL});
	scene_close(&s);
}

static void what_is_done_again_later_is_a_record_of_its_own(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"whispers", DAY1 "09:30:00+08:00", CLERK, RECORD("r01", "K0001", "5-4", COMPLETE), BY_TWO,
	      .alarm = "sitting.breach_suspected"},
	     {"the video saw it too", NULL, "P0039", RECORD("r01", "K0001", "5-4", BARE), BY_TWO},
	     {"and again an hour later", DAY1 "10:30:00+08:00", CLERK,
	      RECORD("r01", "K0001", "5-4", COMPLETE), BY_TWO, .emits = "sitting.violation_recorded"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_violation WHERE same_as = 0"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_violation WHERE same_as > 0"), 1);
	assert_int_equal(open_of(&s, "sitting.violation_chief"), 2);
	scene_close(&s);
}

/* C03: a whole room, then a whole site; and nobody reports it. */
static void a_fifth_of_a_room_and_of_a_site_is_noticed(void)
{
	struct scene s;

	rooms_open(&s);
	for (int i = 1; i <= 6; i++) {
		struct str data = str_fmt(&s.k.arena, "{" AT("r01") ",'candidate':'K000%d','code':'6-8',"
		                          COMPLETE "}", i);

		assert_int_equal(kit_alarms(&s.k, "sitting.room_fifth"), 0);
		assert_ok(scene_do(&s, CLERK, "sitting.record_violation", data.s, BY_TWO));
	}
	assert_int_equal(kit_alarms(&s.k, "sitting.room_fifth"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.cheating_suspected"), 1); /* folded */
	PLAY(&s,
	     {"the next room", NULL, CLERK, RECORD("r02", "K0031", "6-2", COMPLETE), BY_TWO,
	      .alarm = "sitting.cheating_suspected"},
	     {"a breach does not count", NULL, CLERK, RECORD("r04", "K0091", "5-1", COMPLETE), BY_TWO,
	      .alarm = "sitting.breach_suspected"},
	     {"snatching does", NULL, CLERK, RECORD("r05", "K0121", "6-3", COMPLETE), BY_TWO,
	      .alarm = "sitting.site_fifth",
	      .also = "sitting.snatched"});
	assert_int_equal(kit_alarms(&s.k, "sitting.snatched"), 1);
	kit_at(&s.k, DAY1 "14:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.violations_unreported"), 1);
	scene_close(&s);
}

/* Collection. */
#define COUNT_OF(room, present, second, seated) "sitting.count_scripts", \
	"{" AT(room) ",'present':" present ",'absent':1,'first':" present ",'second':" second \
	",'seated':" seated "}", INVIGILATORS("counter")
#define SEAL(room, seal, state) "sitting.seal_scripts", \
	"{" AT(room) ",'seal':'" seal "','state':'" state "'}", \
	INVIGILATORS("sealer") " acceptor=badge:P0022"
#define REOPEN(room, seal) "sitting.reopen_scripts", \
	"{" AT(room) ",'seal':'" seal "','camera':'CAM-07','reason':'missing_script'}", \
	"chief=badge:P0021 opener=badge:P0036 opener=badge:P0023"

/* A special room has until its own end and the step's minutes, not until the session's. */
static void scripts_of_a_special_room_are_reopened_by_its_own_end(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"forty minutes more", NULL, CLERK, "sitting.set_room_time",
	      "{" AT("r01") ",'extra_s':2400,'basis':'ZC-7'}",
	      "chief=badge:P0021 county=badge:P0001"},
	     {"counted", DAY1 "12:13:00+08:00", CLERK, COUNT_OF("r01", "29", "29", "true")},
	     {"sealed", NULL, CLERK, SEAL("r01", "FS-01", "normal")},
	     {"ninety minutes after its own end", DAY1 "13:40:00+08:00", "P0021",
	      REOPEN("r01", "FS-01"), .emits = "sitting.scripts_reopened"},
	     {"and sealed", NULL, CLERK, SEAL("r01", "FS-11", "normal")},
	     {"too late for it, too", DAY1 "13:40:01+08:00", "P0021", REOPEN("r01", "FS-11"),
	      .rc = RC_CONFLICT, .field = "session"});
	scene_close(&s);
}

static void scripts_are_counted_sealed_and_stay_sealed(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"one short", DAY1 "11:33:00+08:00", CLERK, COUNT_OF("r01", "29", "28", "true"),
	      .emits = "sitting.scripts_short", .alarm = "sitting.count_wrong"},
	     {"found under a desk", DAY1 "11:36:00+08:00", CLERK, COUNT_OF("r01", "29", "29", "true"),
	      .emits = "sitting.scripts_counted"},
	     {"another room, and they have gone", NULL, CLERK, COUNT_OF("r02", "29", "29", "false"),
	      .alarm = "sitting.counted_unseated"},
	     {"a third, one short", NULL, CLERK, COUNT_OF("r03", "29", "28", "true"),
	      .alarm = "sitting.count_wrong"},
	     {"a fourth, too", NULL, CLERK, COUNT_OF("r04", "29", "28", "true"),
	      .alarm = "sitting.count_wrong"},
	     {"the chief decides", NULL, CLERK, "sitting.decide_collection",
	      "{" AT("r03") ",'decision':'taken_away'}", "chief=badge:P0021",
	      .emits = "sitting.collection_decided"},
	     {"sealed", DAY1 "11:45:00+08:00", CLERK, SEAL("r01", "FS-01", "normal"),
	      .emits = "sitting.scripts_sealed"},
	     {"sealed, and odd", NULL, CLERK, SEAL("r03", "FS-03", "short"),
	      .alarm = "sitting.sealed_oddly"},
	     {"sealed, and nobody counted", NULL, CLERK, SEAL("r05", "FS-05", "normal"),
	      .alarm = "sitting.sealed_uncounted"},
	     {"nothing is sealed there", NULL, "P0021", REOPEN("r02", "FS-02"), .rc = RC_CONFLICT,
	      .field = "place"},
	     {"another seal", NULL, "P0021", REOPEN("r01", "FS-09"), .rc = RC_CONFLICT,
	      .field = "seal"},
	     {"opened again by the chief with two", NULL, "P0021", REOPEN("r01", "FS-01"),
	      .emits = "sitting.scripts_reopened"},
	     {"twice", NULL, "P0021", REOPEN("r01", "FS-01"), .rc = RC_CONFLICT, .field = "place"},
	     {"and sealed", NULL, CLERK, SEAL("r01", "FS-11", "normal")},
	     {"a seal that nobody allowed", NULL, CLERK, SEAL("r05", "FS-15", "normal"),
	      .alarm = "sitting.seal_changed"},
	     {"opened, and left", NULL, "P0021", REOPEN("r03", "FS-03")});
	kit_pass(&s.k, 601);
	assert_int_equal(kit_alarms(&s.k, "sitting.collection_undecided"), 1); /* r04 */
	kit_at(&s.k, DAY1 "12:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.left_unsealed"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.seal_missing"), 1); /* r02, r04 fold */
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 4 AND"
	                         " rule = 'sitting.scripts_sealed'"), 2);
	PLAY(&s, {"too late", DAY1 "13:30:00+08:00", "P0021", REOPEN("r01", "FS-11"),
	          .rc = RC_CONFLICT, .field = "session"});
	assert_int_equal(view_rows(&s, "sitting/script_custody"), 5);
	assert_int_equal(kit_sql(&s.k, "SELECT abnormal FROM sitting_collection WHERE room = '" SITE
	                         "/r03'"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_collection", NULL});
	scene_close(&s);
}

/* Sheets. */

/* One number apart is another sheet; the remarks are not. */
static void a_sheet_is_the_same_when_all_of_it_is(void)
{
#define AT_TIME(t) "'" DAY1 t ":00+08:00'"
	static const struct {
		const char *member, *first, *other;
	} SAYS[] = {
		{"expected", "30", "31"}, {"present", "29", "28"}, {"absent", "1", "2"},
		{"late", "1", "2"}, {"early", "1", "2"}, {"toilet", "1", "2"}, {"spare", "1", "2"},
		{"cards", "1", "2"}, {"moved_out", "1", "2"}, {"moved_in", "1", "2"},
		{"violations", "1", "2"}, {"ill", "1", "2"}, {"scripts", "29", "28"},
		{"opened_at", AT_TIME("08:50"), AT_TIME("08:51")},
		{"started_at", AT_TIME("09:00"), AT_TIME("09:01")},
		{"ended_at", AT_TIME("11:30"), AT_TIME("11:31")}, {"seal", "'FS-1'", "'FS-2'"},
	};
	struct scene s;

	rooms_open(&s);
	kit_at(&s.k, DAY1 "11:50:00+08:00");
	for (size_t other = 0; other <= COUNT(SAYS); other++) {
		/* The first time, and the last, all of it is as it was. */
		size_t changed = other ? other - 1 : COUNT(SAYS);
		struct strbuf b;

		strbuf_init(&b, &s.k.arena);
		strbuf_adds(&b, STR("{" AT("r01")));
		for (size_t i = 0; i < COUNT(SAYS); i++)
			strbuf_addf(&b, ",'%s':%s", SAYS[i].member,
			            i == changed ? SAYS[i].other : SAYS[i].first);
		strbuf_addf(&b, ",'absentees':[{'candidate':'K0030'}],'remarks':'%zu'}", other);
		assert_ok(scene_do(&s, CLERK, "sitting.hand_in_sheet", strbuf_str(&b).s,
		                   INVIGILATORS("invigilator") " acceptor=badge:P0022"));
		if (kit_sql(&s.k, "SELECT COUNT(*) + COALESCE(SUM(folded), 0) FROM alarm"
		            " WHERE rule = 'sitting.sheet_twice'") != (int64_t)other)
			fail_msg("another %s", SAYS[changed].member);
	}
	scene_close(&s);
}

#define ABSENT_OF(who) "'absentees':[{'candidate':'" who "'}]"
#define SHEET(room, present, more) "{" AT(room) ",'expected':30,'present':" present \
	",'absent':1," ABSENT_OF("K0030") ",'scripts':" present "," more "}"
#define HAND_IN(room, present, more) "sitting.hand_in_sheet", SHEET(room, present, more), \
	INVIGILATORS("invigilator") " acceptor=badge:P0022"
#define CORRECT(room, present, more) "sitting.correct_sheet", \
	SHEET(room, present, "'reason':'漏记'," more), \
	INVIGILATORS("invigilator") " chief=badge:P0036"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

static void a_sheet_is_handed_in_once_and_corrected_by_another(void)
{
	struct attendance all;
	struct scene s;
	struct op op;

	rooms_open(&s);
	PLAY(&s,
	     {"twice on one line", DAY1 "11:50:00+08:00", CLERK, "sitting.hand_in_sheet",
	      "{" AT("r01") ",'expected':30,'present':28,'absent':2,'scripts':28,'absentees':["
	      "{'candidate':'K0030'},{'candidate':'K0030'}]}",
	      INVIGILATORS("invigilator") " acceptor=badge:P0022", .rc = RC_INVALID,
	      .field = "absentees"},
	     {"all is well", NULL, CLERK, HAND_IN("r01", "29", "'toilet':4,'late':1"),
	      .emits = "sitting.sheet_handed_in"},
	     {"the scan of the same sheet", NULL, CLERK, HAND_IN("r01", "29", "'toilet':4,'late':1")},
	     {"another of the same room", NULL, CLERK, HAND_IN("r01", "29", "'toilet':5,'late':1"),
	      .alarm = "sitting.sheet_twice"},
	     {"or another candidate is absent by it", NULL, CLERK, "sitting.hand_in_sheet",
	      "{" AT("r02") ",'expected':30,'present':29,'absent':1," ABSENT_OF("K0031")
	      ",'scripts':29}", INVIGILATORS("invigilator") " acceptor=badge:P0022"},
	     {"who was another before", NULL, CLERK, "sitting.hand_in_sheet",
	      "{" AT("r02") ",'expected':30,'present':29,'absent':1," ABSENT_OF("K0032")
	      ",'scripts':29}", INVIGILATORS("invigilator") " acceptor=badge:P0022",
	      .alarm = "sitting.sheet_twice"},
	     {"the chief decides which", NULL, CLERK, CORRECT("r01", "29", "'toilet':5,'late':1"),
	      .emits = "sitting.sheet_corrected"},
	     {"the next room is put right too", NULL, CLERK, CORRECT("r02", "29", "'ill':1")});
	assert_int_equal(kit_sql(&s.k, "SELECT toilet FROM sitting_sheet WHERE room = '" ROOM "'"), 5);
	op = reading(&s);
	assert_ok(sitting_attendance(&op, STR("d1-chinese"), STR(SITE), &all));
	assert_int_equal(all.rooms, 2);
	assert_int_equal(all.expected, 60);
	assert_int_equal(all.present, 58);
	assert_int_equal(all.absent, 2);
	assert_int_equal(all.ill, 1);
	kit_at(&s.k, DAY1 "12:29:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.sheet_missing"), 0);
	kit_at(&s.k, DAY1 "12:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.sheet_missing"), 1); /* three rooms, one site */
	assert_int_equal(kit_sql(&s.k, "SELECT folded FROM alarm WHERE rule = 'sitting.sheet_missing'"),
	                 2);
	assert_int_equal(view_rows(&s, "sitting/attendance"), 1);
	assert_int_equal(view_rows(&s, "sitting/sheets"), 2);
	assert_int_equal(view_rows(&s, "sitting/absentees"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_sheet", "sitting_absentee", NULL});
	scene_close(&s);
}

static void expect_difference(struct scene *s, const char *room, int field, const char *sheet,
                              const char *known)
{
	const char *q = "SELECT %s FROM sitting_difference WHERE room = '" SITE "/%s' AND field = %d";

	assert_str(view_cell(s, str_fmt(&s->k.arena, q, "sheet", room, field).s), sheet);
	assert_str(view_cell(s, str_fmt(&s->k.arena, q, "known", room, field).s), known);
}

static void a_sheet_that_disagrees_names_field_and_figures(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"a card is changed", DAY1 "09:05:00+08:00", CLERK, CARD_IN("r01")},
	     {"a trip", DAY1 "10:00:00+08:00", CLERK, OUT("K0001")},
	     {"back", DAY1 "10:03:00+08:00", CLERK, IN("K0001", "true")},
	     {"counted", DAY1 "11:35:00+08:00", CLERK, COUNT_OF("r01", "29", "29", "true")},
	     {"sealed", NULL, CLERK, SEAL("r01", "FS-01", "normal")},
	     {"the sheet knows of no card and no trip, and has another seal", DAY1 "11:50:00+08:00",
	      CLERK, HAND_IN("r01", "28", "'seal':'FS-10','violations':1"),
	      .emits = "sitting.sheet_differed", .alarm = "sitting.sheet_differs"});
	assert_int_equal(view_rows(&s, "sitting/sheet_differences"), 6);
	expect_difference(&s, "r01", SHEET_PRESENT, "28", "29");
	expect_difference(&s, "r01", SHEET_CARDS, "0", "1");
	expect_difference(&s, "r01", SHEET_TOILET, "0", "1");
	expect_difference(&s, "r01", SHEET_VIOLATIONS, "1", "0");
	expect_difference(&s, "r01", SHEET_COUNTED, "28", "29");
	expect_difference(&s, "r01", SHEET_SEAL, "FS-10", "FS-01");
	PLAY(&s,
	     {"the record of it comes late", NULL, CLERK,
	      RECORD("r01", "K0003", "5-1", COMPLETE), BY_TWO, .emits = "sitting.sheet_agreed",
	      .alarm = "sitting.breach_suspected"},
	     {"the rest is corrected", NULL, CLERK,
	      CORRECT("r01", "29", "'seal':'FS-01','violations':1,'cards':1,'toilet':1"),
	      .emits = "sitting.sheet_agreed"},
	     {"all agrees", NULL, CLERK, HAND_IN("r02", "29", "'toilet':2")},
	     {"a card changed there comes to light", NULL, CLERK, CARD_IN("r02"),
	      .emits = "sitting.sheet_differed", .alarm = "sitting.sheet_differs",
	      .also = "custody.card_changed_late"});
	assert_int_equal(view_rows(&s, "sitting/sheet_differences"), 1);
	expect_difference(&s, "r02", SHEET_CARDS, "0", "1");
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_difference", NULL});
	scene_close(&s);
}

/* What the paper says of spare papers, and what was recorded when they were opened. */
static void a_spare_on_paper_is_held_against_the_one_recorded(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"with the chief", NULL, OFFICE, "custody.register_consignment", "{'place':'" JN
	      "','code':'C9','holder':'" SITE "','boxes':1,'bags':1}"},
	     {"their box", NULL, OFFICE, "custody.register_box", "{'code':'BX-SPA-01',"
	      "'consignment':'C9','session':'d1-chinese','destined':'" SITE "','seal':'S-9'}"},
	     {"a spare bag", NULL, OFFICE, "custody.register_bag",
	      "{'code':'SPA-1','box':'BX-SPA-01','kind':'spare','copies':30,'seal':'S-2'}"},
	     {"one is used", DAY1 "09:05:00+08:00", CLERK, "custody.use_spare", "{'place':'" ROOM
	      "','bag':'SPA-1','copies':1,'cause':'damaged','seal':'E-2','approval':'SP-1',"
	      "'filmed':true}", "chief=badge:P0021 deputy=badge:P0036"},
	     {"two, says the sheet", DAY1 "11:50:00+08:00", CLERK, HAND_IN("r01", "29", "'spare':2"),
	      .emits = "sitting.sheet_differed", .alarm = "sitting.sheet_differs"});
	assert_int_equal(view_rows(&s, "sitting/sheet_differences"), 1);
	expect_difference(&s, "r01", SHEET_SPARE, "2", "1");
	PLAY(&s,
	     {"one, says the next", NULL, CLERK, CORRECT("r01", "29", "'spare':1"),
	      .emits = "sitting.sheet_agreed"},
	     {"none was recorded here", NULL, CLERK, HAND_IN("r02", "29", "'spare':1"),
	      .alarm = "sitting.sheet_differs"});
	expect_difference(&s, "r02", SHEET_SPARE, "1", "0");
	scene_close(&s);
}

#define CAME(who, at) "{'candidate':'" who "','at':'" DAY1 at ":00+08:00','method':'face'," \
	"'tries':1,'result':'passed'}"
#define RING(bell) "P0037", "sitting.ring_bell", "{'place':'" SITE "'," CHINESE ",'bell':'" bell \
	"'}", "keeper=badge:P0037 second=badge:P0022"

static void a_sheet_is_held_against_gate_bell_and_paper_bag(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"the command to open", DAY1 "08:50:00+08:00", RING("open")}, OPENED,
	     {"the start", DAY1 "09:00:00+08:00", RING("start")},
	     {"three came, one of them late", DAY1 "09:06:00+08:00", "P0044", "sitting.enter_list",
	      "{" AT("r01") ",'entries':[" CAME("K0001", "08:40") "," CAME("K0002", "08:41") ","
	      CAME("K0030", "09:05") "]}"});
	scene_patrol_until(&s, DAY1 "11:29:00+08:00");
	PLAY(&s, {"the end", DAY1 "11:30:00+08:00", RING("end")},
	     {"one of the three is written down as absent, and the times are wrong",
	      DAY1 "11:45:00+08:00", CLERK, "sitting.hand_in_sheet",
	      "{" AT("r01") ",'expected':3,'present':2,'absent':1," ABSENT_OF("K0030") ",'scripts':2,"
	      "'opened_at':'" DAY1 "08:40:00+08:00','started_at':'" DAY1 "09:10:00+08:00',"
	      "'ended_at':'" DAY1 "11:31:00+08:00'}",
	      INVIGILATORS("invigilator") " acceptor=badge:P0022",
	      .alarm = "sitting.sheet_differs"});
	expect_difference(&s, "r01", SHEET_ENTERED, "2", "3");
	expect_difference(&s, "r01", SHEET_ABSENT_ENTERED, "0", "1");
	expect_difference(&s, "r01", SHEET_LATE, "0", "1");
	expect_difference(&s, "r01", SHEET_OPENED, "08:40:00", "08:50:00");
	expect_difference(&s, "r01", SHEET_STARTED, "09:10:00", "09:00:00");
	assert_int_equal(view_rows(&s, "sitting/sheet_differences"), 5); /* the end is near enough */
	PLAY(&s, COUNTED);
	assert_ok(scene_do(&s, CLERK, "sitting.correct_sheet",
	                   "{" AT("r01") ",'expected':3,'present':3,'absent':0,'late':1,'scripts':3,"
	                   "'reason':'x'}", INVIGILATORS("invigilator") " chief=badge:P0036"));
	assert_int_equal(view_rows(&s, "sitting/sheet_differences"), 2);
	expect_difference(&s, "r01", SHEET_PAPERS, "3", "27");
	expect_difference(&s, "r01", SHEET_PAPERS_ABSENT, "0", "1");
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_record_is_complete_or_it_is_alarmed", a_record_is_complete_or_it_is_alarmed,
	 ROWS("sql:sitting_violation/0", "sql:sitting_violation/1", "sql:sitting_violation/2",
	      "sql:sitting_violation/3", "sql:sitting_violation/7", "sql:sitting_violation/8",
	      "event:sitting.violation_recorded",
	      "event:sitting.violation_completed", "event:sitting.violation_signed",
	      "event:sitting.violations_reported", "expectation:sitting.violation_receipt",
	      "expectation:sitting.violation_told", "expectation:sitting.violation_candidate",
	      "expectation:sitting.violation_chief", "alarm:sitting.breach_suspected",
	      "alarm:sitting.cheating_suspected", "alarm:sitting.disturbance_suspected",
	      "alarm:sitting.no_receipt", "alarm:sitting.not_told", "alarm:sitting.not_signed",
	      "alarm:sitting.chief_unsigned", "alarm:sitting.violations_differ")},
	{"what_is_done_again_later_is_a_record_of_its_own",
	 what_is_done_again_later_is_a_record_of_its_own, ROWS("sql:sitting_room/4")},
	{"a_fifth_of_a_room_and_of_a_site_is_noticed", a_fifth_of_a_room_and_of_a_site_is_noticed,
	 ROWS("sql:sitting_violation/4", "sql:sitting_violation/6",
	      "expectation:sitting.violation_report",
	      "alarm:sitting.room_fifth", "alarm:sitting.site_fifth",
	      "alarm:sitting.violations_unreported")},
	{"scripts_of_a_special_room_are_reopened_by_its_own_end",
	 scripts_of_a_special_room_are_reopened_by_its_own_end, ROWS("event:sitting.scripts_reopened")},
	{"scripts_are_counted_sealed_and_stay_sealed", scripts_are_counted_sealed_and_stay_sealed,
	 ROWS("sql:sitting_collect/0", "sql:sitting_collect/1", "sql:sitting_collect/2",
	      "sql:sitting_collect/3", "sql:sitting_collect/4", "sql:sitting_collect/5",
	      "event:sitting.scripts_counted",
	      "event:sitting.scripts_short", "event:sitting.collection_decided",
	      "event:sitting.scripts_sealed", "event:sitting.scripts_reopened",
	      "expectation:sitting.collection_decided", "expectation:sitting.scripts_sealed",
	      "expectation:sitting.scripts_resealed", "alarm:sitting.count_wrong",
	      "alarm:sitting.collection_undecided", "alarm:sitting.counted_unseated",
	      "alarm:sitting.sealed_oddly", "alarm:sitting.sealed_uncounted",
	      "alarm:sitting.seal_changed", "alarm:sitting.left_unsealed",
	      "alarm:sitting.seal_missing")},
	{"a_sheet_is_the_same_when_all_of_it_is", a_sheet_is_the_same_when_all_of_it_is, NO_ROWS},
	{"a_sheet_is_handed_in_once_and_corrected_by_another",
	 a_sheet_is_handed_in_once_and_corrected_by_another,
	 ROWS("sql:sitting_sheet/0", "sql:sitting_sheet/1", "sql:sitting_sheet/2",
	      "sql:sitting_sheet/3", "sql:sitting_sheet/4", "sql:sitting_sheet/9",
	      "sql:sitting_sheet/10",
	      "sql:sitting_sheet/11", "sql:sitting_sheet/12",
	      "event:sitting.sheet_handed_in", "event:sitting.sheet_corrected",
	      "expectation:sitting.room_sheet", "alarm:sitting.sheet_missing",
	      "alarm:sitting.sheet_twice")},
	{"a_sheet_that_disagrees_names_field_and_figures",
	 a_sheet_that_disagrees_names_field_and_figures,
	 ROWS("sql:sitting_room/5", "sql:sitting_reconcile/0", "sql:sitting_sheet/5",
	      "sql:sitting_sheet/6", "sql:sitting_sheet/7", "sql:sitting_sheet/8",
	      "sql:sitting_sheet/13",
	      "event:sitting.sheet_differed", "event:sitting.sheet_agreed",
	      "alarm:sitting.sheet_differs")},
	{"a_sheet_is_held_against_gate_bell_and_paper_bag",
	 a_sheet_is_held_against_gate_bell_and_paper_bag, ROWS("alarm:sitting.sheet_differs")},
	{"a_spare_on_paper_is_held_against_the_one_recorded",
	 a_spare_on_paper_is_held_against_the_one_recorded,
	 ROWS("event:sitting.sheet_differed", "alarm:sitting.sheet_differs")},
};
const struct scenario_set SHEET_SCENES = {LIST, COUNT(LIST)};
