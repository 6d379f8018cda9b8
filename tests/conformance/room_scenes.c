/* SPDX-License-Identifier: Apache-2.0 */
/* room_scenes.c -- what rooms tell: incidents, spares, leaves, the isolation room. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/room_acts.h"
#include "conformance/scenario.h"

/* Incidents. */
static enum rc settle_in(struct scene *s, const char *room, const char *which)
{
	int64_t id = kit_sql(&s->k, str_fmt(&s->k.arena, "SELECT MAX(id) FROM sitting_fact WHERE %s",
	                                    which).s);

	return scene_do(s, CLERK, "sitting.settle_incident",
	                str_fmt(&s->k.arena, "{'place':'" SITE "/%s','incident':%lld,'outcome':"
	                        "'stayed'}", room, (long long)id).s, NULL);
}

static void an_incident_has_an_end(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"no such session", DAY1 "09:20:00+08:00", CLERK, INCIDENT_OF("r01", "d9-none", "illness"),
	      .rc = RC_INVALID, .field = "session"},
	     {"a site is no room", NULL, CLERK, "sitting.report_incident",
	      "{'place':'" SITE "','session':'d1-chinese','kind':'illness'}", .rc = RC_INVALID,
	      .field = "place"},
	     {"somebody is ill", NULL, CLERK, ILL("r01"), .emits = "sitting.incident_reported"},
	     {"told again, by the floor", NULL, "P0041", ILL("r01")},
	     {"no such incident", NULL, CLERK, "sitting.settle_incident",
	      "{'place':'" ROOM "','incident':3,'outcome':'stayed'}", .rc = RC_INVALID,
	      .field = "incident"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE same_as > 0"), 1);
	assert_int_equal(open_of(&s, "sitting.incident_settle"), 1);
	assert_int_equal(settle_in(&s, "r02", "same_as = 0"), RC_INVALID); /* it is r01's */
	settle(&s, "illness", "stayed", NULL);
	assert_int_equal(kit_alarms(&s.k, "sitting.sent_undecided"), 0);
	assert_int_equal(open_of(&s, "sitting.incident_settle"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT settled FROM sitting_fact WHERE same_as = 0"), 1);
	PLAY(&s, {"a projector falls", DAY1 "10:00:00+08:00", CLERK, SEEN("r02", "equipment")});
	kit_pass(&s.k, 1801);
	assert_int_equal(kit_alarms(&s.k, "sitting.incident_open"), 1);
	settle(&s, "equipment", "resolved", NULL);
	assert_int_equal(kit_count(&s.k, "sitting.incident_settled"), 2);
	assert_int_equal(view_rows(&s, "sitting/room_facts"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_fact", NULL});
	scene_close(&s);
}

static void what_must_not_wait_is_alarmed_at_once(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"the bag of another subject", DAY1 "08:48:00+08:00", CLERK, SEEN("r01", "wrong_bag"),
	      .alarm = "sitting.bag_wrong"},
	     {"a telephone in a cistern", NULL, CLERK, SEEN("r01", "found_item"),
	      .alarm = "sitting.item_found"},
	     {"the light goes", NULL, CLERK, SEEN("r01", "power"), .alarm = "sitting.power_failed"},
	     {"in the next room too", NULL, CLERK, SEEN("r02", "power")},
	     {"a clock is wrong", NULL, CLERK, SEEN("r02", "clock"), .alarm = "sitting.clock_wrong"},
	     {"a script is snatched", NULL, CLERK, SEEN("r02", "snatch"), .alarm = "sitting.snatched"},
	     {"lorries", NULL, CLERK, SEEN("r02", "noise")},
	     {"a question about the print", NULL, CLERK, SEEN("r01", "print")},
	     {"another", NULL, CLERK, SEEN("r02", "print")},
	     {"from a third room", NULL, CLERK, SEEN("r03", "print"),
	      .alarm = "sitting.print_questioned"});
	settle(&s, "snatch", "hospital", NULL);
	assert_int_equal(kit_alarms(&s.k, "sitting.sent_undecided"), 1);
	settle(&s, "noise", "hospital", "decider=badge:P0035");
	assert_int_equal(kit_alarms(&s.k, "sitting.sent_undecided"), 1);
	scene_close(&s);
}

/* C03, C08: the camera sees it; the room does nothing. */
static void what_the_camera_sees_the_room_answers(void)
{
	struct scene s;

	rooms_open(&s);
	s.k.source = SOURCE_VIDEO;
	PLAY(&s, {"open passing", DAY1 "10:00:00+08:00", "P0039", SEEN("r01", "passing"),
	          .alarm = "sitting.passing_seen"},
	     {"by many", NULL, "P0039", "sitting.report_incident",
	      "{'place':'" ROOM "','session':'d1-chinese','kind':'passing','count':7}",
	      .alarm = "sitting.room_fifth"});
	kit_pass(&s.k, 601);
	assert_int_equal(kit_alarms(&s.k, "sitting.video_unanswered"), 2);
	s.k.source = 0;
	scene_close(&s);
}

/* Spares: custody has the copies, the room knows of them. */
#define SPARE_BAG "custody.use_spare", "{'place':'" ROOM "','bag':'SPA-1','copies':1," \
	"'cause':'damaged','seal':'E-2','approval':'SP-1','filmed':true}", \
	"chief=badge:P0021 deputy=badge:P0036"

static void a_spare_is_noted_for_the_room_and_told(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"with the chief", NULL, OFFICE, "custody.register_consignment", "{'place':'" JN
	      "','code':'C9','holder':'" SITE "','boxes':1,'bags':1}"},
	     {"their box", NULL, OFFICE, "custody.register_box", "{'code':'BX-SPA-01',"
	      "'consignment':'C9','session':'d1-chinese','destined':'" SITE "','seal':'S-9'}"},
	     {"a spare bag", NULL, OFFICE, "custody.register_bag",
	      "{'code':'SPA-1','box':'BX-SPA-01','kind':'spare','copies':30,'seal':'S-2'}"},
	     {"a page is missing", NULL, CLERK, SPARE_BAG, .emits = "sitting.spare_noted"},
	     {"the county knows", NULL, CLERK, "sitting.tell_county",
	      "{'place':'" SITE "','session':'d1-chinese','about':'spare','taker':'P0001'}",
	      .emits = "sitting.county_told"},
	     {"a card is torn", NULL, CLERK, CARD_IN("r01"), .emits = "sitting.spare_noted"},
	     {"another spare, and nobody tells", NULL, CLERK, SPARE_BAG});
	assert_int_equal(open_of(&s, "sitting.spare_told"), 1);
	kit_pass(&s.k, 901);
	assert_int_equal(kit_alarms(&s.k, "sitting.county_untold"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE kind = 11"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE kind = 12"), 1);
	scene_close(&s);
}

/* Leaves. */
static void a_trip_to_the_toilet_is_short_alone_and_escorted(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"out", DAY1 "10:00:00+08:00", CLERK, OUT("K0001"), .emits = "sitting.toilet_left"},
	     {"told again", NULL, "P0041", OUT("K0001")},
	     {"back", DAY1 "10:04:00+08:00", CLERK, IN("K0001", "true"),
	      .emits = "sitting.toilet_returned"},
	     {"told again, by the floor", DAY1 "10:06:00+08:00", "P0041", IN("K0001", "true")},
	     {"another", DAY1 "10:10:00+08:00", CLERK, OUT("K0002"), .emits = "sitting.toilet_left"},
	     {"while one is out", NULL, CLERK, OUT("K0003"), .alarm = "sitting.toilet_two"},
	     {"back, unsearched", DAY1 "10:12:00+08:00", CLERK, IN("K0003", "false"),
	      .alarm = "sitting.toilet_unsearched"},
	     {"back, and nobody told of his going", NULL, CLERK, IN("K0009", "true")});
	clock_parse(STR(DAY1 "10:10:30+08:00"), &s.k.happened_ms);
	assert_ok(scene_do(&s, CLERK, OUT("K0009"), NULL)); /* and now somebody does */
	s.k.happened_ms = 0;
	assert_int_equal(kit_sql(&s.k, "SELECT amount FROM sitting_fact WHERE candidate = 'K0009'"
	                         " AND same_as = 0"), 90);
	assert_int_equal(kit_sql(&s.k, "SELECT amount FROM sitting_fact WHERE candidate = 'K0001'"
	                         " AND same_as = 0"), 240);
	kit_at(&s.k, DAY1 "10:15:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_long"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_lost"), 0);
	kit_at(&s.k, DAY1 "10:25:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_lost"), 1);
	PLAY(&s, {"nobody goes along", NULL, CLERK, "sitting.toilet_out",
	          "{'place':'" SITE "/r02','session':'d1-chinese','candidate':'K0031'}",
	          .alarm = "sitting.toilet_unescorted"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE kind = 13"), 8);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE kind = 13"
	                         " AND same_as = 0"), 5);
	assert_int_equal(settle_in(&s, "r02", "kind = 13"), RC_INVALID); /* a trip is no incident */
	scene_close(&s);
}

#define TRIP_OF(room, session, from, more) "sitting.toilet_trip", "{'place':'" SITE "/" room \
	"','session':'" session "','candidate':'K0090','out_at':'" DAY1 from ":00+08:00'," \
	"'back_at':'" DAY1 from ":30+08:00'" more "}"

/* The paper tells it an hour after the end: measured, and nobody waits for it. */
static void a_trip_that_the_paper_tells_is_measured(void)
{
	struct scene s;

	rooms_open(&s);
	s.k.source = SOURCE_PAPER;
	PLAY(&s,
	     {"four minutes", DAY1 "12:00:00+08:00", CLERK, TRIP("K0001", "10:00", "10:04"),
	      .emits = "sitting.toilet_taken"},
	     {"the same line again", NULL, CLERK, TRIP("K0001", "10:00", "10:04")},
	     {"back before he went", NULL, CLERK, TRIP("K0002", "10:20", "10:10"), .rc = RC_INVALID,
	      .field = "back_at"},
	     {"two together", NULL, CLERK, TRIP("K0002", "10:03", "10:06"),
	      .alarm = "sitting.toilet_two"},
	     {"six minutes", NULL, CLERK, TRIP("K0004", "10:30", "10:36"),
	      .alarm = "sitting.toilet_long"},
	     {"twenty minutes", NULL, CLERK, TRIP("K0005", "10:40", "11:00"),
	      .alarm = "sitting.toilet_lost"},
	     {"five minutes, to the second", NULL, CLERK, TRIP("K0007", "11:05", "11:10")},
	     {"a quarter of an hour", NULL, CLERK, TRIP("K0008", "11:10", "11:25"),
	      .alarm = "sitting.toilet_long"},
	     {"he turned round at the door", NULL, CLERK, TRIP("K0009", "11:26", "11:26")},
	     {"with one of the other sex", NULL, CLERK, TRIP_OF("r02", "d1-chinese", "10:00",
	      ",'escort':'P0041','same_sex':false,'searched':true"),
	      .alarm = "sitting.toilet_unescorted"},
	     {"with nobody", NULL, CLERK, TRIP_OF("r03", "d1-chinese", "10:00",
	      ",'same_sex':true,'searched':true"), .alarm = "sitting.toilet_unescorted"},
	     {"unsearched", NULL, CLERK, TRIP_OF("r04", "d1-chinese", "10:00",
	      ",'escort':'P0041','same_sex':true,'searched':false"),
	      .alarm = "sitting.toilet_unsearched"},
	     {"of no session", NULL, CLERK, TRIP_OF("r04", "d9-none", "10:00",
	      ",'escort':'P0041','same_sex':true,'searched':true"), .rc = RC_INVALID,
	      .field = "session"});
	s.k.source = 0;
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_lost"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE kind = 13"
	                         " AND same_as = 0"), 10);
	scene_close(&s);
}

static void an_early_leaver_waits_in_the_holding_room(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"before anybody may", DAY1 "10:50:00+08:00", CLERK, EARLY_LEAVE("K0001", "true"),
	      .alarm = "sitting.left_too_early"},
	     {"when it is allowed", DAY1 "11:05:00+08:00", CLERK, EARLY_LEAVE("K0002", "true"),
	      .emits = "sitting.left_early"},
	     {"he waits", NULL, CLERK, LEAVER("sitting.hold_leaver", "K0002"),
	      .emits = "sitting.leaver_held"},
	     {"with his paper", NULL, CLERK, EARLY_LEAVE("K0003", "false"),
	      .alarm = "sitting.papers_taken"},
	     {"he is let out", DAY1 "11:10:00+08:00", CLERK, LEAVER("sitting.release_leaver", "K0002"),
	      .alarm = "sitting.leaver_let_out"});
	kit_at(&s.k, DAY1 "11:16:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.leaver_loose"), 2);
	PLAY(&s, {"at the end", DAY1 "11:30:00+08:00", CLERK,
	          LEAVER("sitting.release_leaver", "K0003"), .emits = "sitting.leaver_released"});
	scene_close(&s);
}

/* The isolation room. */
#define CARRY_TO(session, to) "sitting.carry_papers", "{'place':'" ROOM "','session':'" session \
	"','candidate':'K0001','to':'" to "','sealed':true}"

static void the_chief_opens_the_isolation_room(void)
{
	struct scene s;

	rooms_open(&s);
	PLAY(&s,
	     {"an ordinary room", DAY1 "09:10:00+08:00", "P0021", ISOLATION("r02"),
	      "chief=badge:P0021", .rc = RC_CONFLICT, .field = "place"},
	     {"a room that nobody planned", NULL, "P0021", ISOLATION("r77"), "chief=badge:P0021",
	      .rc = RC_CONFLICT, .field = "place"},
	     {"papers go to another room", NULL, CLERK, CARRY_TO("d1-chinese", ROOM), CARRIED,
	      RC_INVALID, "to"},
	     {"not of another site", NULL, CLERK, CARRY_TO("d1-chinese", "sc/cd/jn/s99/r90"), CARRIED,
	      RC_INVALID, "to"},
	     {"not to a site", NULL, CLERK, CARRY_TO("d1-chinese", SITE), CARRIED, RC_INVALID, "to"},
	     {"of a session", NULL, CLERK, CARRY_TO("d9-none", SITE "/r90"), CARRIED, RC_INVALID,
	      "session"},
	     {"moved before it is open", NULL, CLERK, MOVE("r01", "r90"),
	      .emits = "arrange.candidate_moved", .alarm = "sitting.moved_unopened"},
	     {"back", NULL, CLERK, MOVE("r90", "r01")},
	     {"open", NULL, "P0021", ISOLATION("r90"), "chief=badge:P0021 medic=badge:P0046",
	      .emits = "sitting.isolation_opened"},
	     {"once", NULL, "P0021", ISOLATION("r90"), "chief=badge:P0021", .rc = RC_CONFLICT,
	      .field = "place"},
	     {"and moved", NULL, CLERK, MOVE("r01", "r90")},
	     {"the papers follow", NULL, CLERK, CARRY("K0001", "true"), CARRIED,
	      .emits = "sitting.papers_carried"},
	     {"unsealed", NULL, CLERK, CARRY("K0001", "false"), CARRIED,
	      .alarm = "sitting.carried_unsealed"});
	kit_pass(&s.k, 901);
	assert_int_equal(kit_alarms(&s.k, "sitting.county_untold"), 1);
	kit_at(&s.k, DAY1 "12:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 4 AND"
	                         " rule = 'sitting.isolation_sheet'"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_isolation", NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"an_incident_has_an_end", an_incident_has_an_end,
	 ROWS("sql:sitting_room/0", "sql:sitting_room/1", "sql:sitting_room/3", "sql:sitting_room/4",
	      "sql:sitting_room/7", "event:sitting.incident_reported",
	      "event:sitting.incident_settled", "expectation:sitting.incident_settle",
	      "alarm:sitting.incident_open")},
	{"what_must_not_wait_is_alarmed_at_once", what_must_not_wait_is_alarmed_at_once,
	 ROWS("sql:sitting_room/6", "alarm:sitting.bag_wrong", "alarm:sitting.item_found",
	      "alarm:sitting.power_failed", "alarm:sitting.clock_wrong", "alarm:sitting.snatched",
	      "alarm:sitting.print_questioned", "alarm:sitting.sent_undecided")},
	{"what_the_camera_sees_the_room_answers", what_the_camera_sees_the_room_answers,
	 ROWS("sql:sitting_violation/5", "expectation:sitting.video_answer",
	      "alarm:sitting.passing_seen", "alarm:sitting.video_unanswered")},
	{"a_spare_is_noted_for_the_room_and_told", a_spare_is_noted_for_the_room_and_told,
	 ROWS("event:sitting.spare_noted", "event:sitting.county_told",
	      "expectation:sitting.spare_told", "alarm:sitting.county_untold")},
	{"a_trip_to_the_toilet_is_short_alone_and_escorted",
	 a_trip_to_the_toilet_is_short_alone_and_escorted,
	 ROWS("sql:sitting_room/2", "sql:sitting_leave/0", "sql:sitting_leave/1", "sql:sitting_leave/3",
	      "sql:sitting_leave/4",
	      "event:sitting.toilet_left", "event:sitting.toilet_returned",
	      "expectation:sitting.toilet", "expectation:sitting.toilet_lost",
	      "alarm:sitting.toilet_long", "alarm:sitting.toilet_lost", "alarm:sitting.toilet_two",
	      "alarm:sitting.toilet_unescorted", "alarm:sitting.toilet_unsearched")},
	{"a_trip_that_the_paper_tells_is_measured", a_trip_that_the_paper_tells_is_measured,
	 ROWS("sql:sitting_leave/2", "event:sitting.toilet_taken")},
	{"an_early_leaver_waits_in_the_holding_room", an_early_leaver_waits_in_the_holding_room,
	 ROWS("event:sitting.left_early", "event:sitting.leaver_held", "event:sitting.leaver_released",
	      "expectation:sitting.leaver_held", "alarm:sitting.left_too_early",
	      "alarm:sitting.papers_taken", "alarm:sitting.leaver_loose",
	      "alarm:sitting.leaver_let_out")},
	{"the_chief_opens_the_isolation_room", the_chief_opens_the_isolation_room,
	 ROWS("sql:sitting_isolation/0", "sql:sitting_isolation/1", "event:sitting.isolation_opened",
	      "event:sitting.papers_carried", "expectation:sitting.isolation_told",
	      "expectation:sitting.isolation_sheet", "alarm:sitting.moved_unopened",
	      "alarm:sitting.carried_unsealed")},
};
const struct scenario_set ROOM_SCENES = {LIST, COUNT(LIST)};
