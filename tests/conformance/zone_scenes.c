/* SPDX-License-Identifier: Apache-2.0 */
/* zone_scenes.c -- go or no go; listening; jammers and signals; the waiting area. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/sitting/sitting.h"

#define D2 "2025-06-08T"
#define D3 "2025-06-09T"
#define OF(session) "'place':'" SITE "','session':'" session "'"
#define CHI OF("d1-chinese")
#define FOR OF("d2-foreign")
#define IN_ROOM "'place':'" ROOM "','session':'d2-foreign'"
#define PLAN(session) {"rooms are planned", NULL, OFFICE, "arrange.plan_rooms", \
	"{" OF(session) ",'rooms':[{'room':'" ROOM "','seats':30}]}"}
#define ARRIVED(asked, candidates, staff, access) CLERK, "sitting.report_arrival", \
	"{" CHI ",'asked':'" asked "','candidates':" candidates ",'staff':" staff \
	",'staff_expected':10,'access':'" access "','weather':'none'}"

static void a_bad_morning_is_judged_before_the_start(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"), PLAN("d1-maths"),
	     {"at T-90 few candidates are here on any day", DAY1 "07:30:00+08:00",
	      ARRIVED("go", "2", "9", "open"), NULL, .emits = "sitting.arrival_reported"},
	     {"and at T-20 most", DAY1 "08:40:00+08:00", ARRIVED("count", "28", "10", "open")});
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "sitting.arrival_missing"), 0);
	PLAY(&s,
	     {"corrected: half are missing", NULL, ARRIVED("count", "14", "10", "open"), NULL,
	      .alarm = "sitting.go_no_go"});
	assert_int_equal(kit_sql(&s.k, "SELECT candidates FROM sitting_arrival WHERE asked = 1"), 14);
	assert_int_equal(view_rows(&s, "sitting/arrival"), 2);
	kit_at(&s.k, DAY1 "14:55:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.arrival_missing"), 1); /* of the afternoon */
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 4"
	                 " AND rule = 'sitting.arrival_go'"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 4"
	                 " AND rule = 'sitting.arrival_count'"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_arrival", NULL});
	scene_close(&s);
}

static void a_flooded_road_is_enough(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"),
	     {"the road is gone", DAY1 "07:30:00+08:00", ARRIVED("go", "2", "10", "blocked"), NULL,
	      .alarm = "sitting.go_no_go"});
	scene_close(&s);
}

#define BY_TWO "player=badge:P0038 second=badge:P0022"
#define BY_THREE BY_TWO " chief=badge:P0021"
#define PLAYER "P0038"
#define FAULT(item) PLAYER, "sitting.listening_fault", \
	"{" FOR ",'kind':'silence','item':" item "}", NULL
#define RESTART(item, more) PLAYER, "sitting.restart_listening", \
	"{" FOR ",'item':" item ",'medium':'backup'," more "}", BY_THREE
#define LEVEL(db) CLERK, "sitting.measure_level", "{" IN_ROOM ",'level_db':" db "}", \
	"measurer=badge:P0022 measurer=badge:P0047"

static void listening_goes_on_by_the_book(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d2-foreign"), PLAN("d1-chinese"),
	     {"played", D2 "15:00:02+08:00", PLAYER, "sitting.play_listening",
	      "{" FOR ",'medium':'main'}", BY_TWO, .emits = "sitting.listening_played"},
	     {"silence", D2 "15:08:00+08:00", FAULT("7"), .emits = "sitting.listening_failed"},
	     {"from the item before", D2 "15:09:30+08:00", RESTART("6", "'lost_s':90"),
	      .emits = "sitting.listening_resumed"},
	     {"a room cannot hear", D2 "15:12:00+08:00", CLERK, "sitting.complain_listening",
	      "{" IN_ROOM "}", NULL, .emits = "sitting.listening_complained"},
	     {"it is measured", D2 "15:15:00+08:00", LEVEL("60"), .emits = "sitting.level_measured"},
	     {"to its end", D2 "15:22:00+08:00", PLAYER, "sitting.stop_listening",
	      "{" FOR ",'complete':true}", BY_TWO, .emits = "sitting.listening_stopped"});
	assert_int_equal(kit_count(&s.k, "sitting.listening_expected"), 1); /* not of Chinese */
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "sitting.play_missing"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.listening_silent"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.level_missing"), 0);
	assert_int_equal(view_rows(&s, "sitting/listening"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT lost_s FROM sitting_listening"), 90);
	assert_int_equal(kit_sql(&s.k, "SELECT stopped_ms - played_ms FROM sitting_listening"),
	                 1318000);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_listening", NULL});
	scene_close(&s);
}

static void listening_that_fails_twice_or_is_not_mended_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d2-foreign"),
	     {"silence", D2 "15:08:00+08:00", FAULT("7"), .emits = "sitting.listening_failed"});
	kit_pass(&s.k, 181);
	assert_int_equal(kit_alarms(&s.k, "sitting.listening_silent"), 1);
	assert_int_equal(kit_alarms(&s.k, "sitting.play_missing"), 1);
	PLAY(&s,
	     {"an item is skipped", NULL, RESTART("9", "'lost_s':200"),
	      .alarm = "sitting.item_skipped"},
	     {"it breaks again", D2 "15:15:00+08:00", FAULT("12"),
	      .alarm = "sitting.listening_twice"},
	     {"forty minutes, approved by telephone", D2 "15:16:00+08:00",
	      RESTART("11", "'lost_s':2400,'approval':'DH-31'")},
	     {"half an hour, from the very item", NULL, RESTART("12", "'lost_s':1800")},
	     {"and without", NULL, RESTART("11", "'lost_s':2400"), .alarm = "sitting.lost_time"},
	     {"a room cannot hear", NULL, CLERK, "sitting.complain_listening", "{" IN_ROOM "}"});
	kit_pass(&s.k, 601);
	assert_int_equal(kit_alarms(&s.k, "sitting.level_missing"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(folded) FROM alarm"
	                         " WHERE rule = 'sitting.item_skipped'"), 0);
	PLAY(&s, {"too low", NULL, LEVEL("51"), .alarm = "sitting.level_low"});
	scene_close(&s);
}

static void what_cannot_be_mended_is_written_first(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d2-foreign"),
	     {"too early", D2 "14:58:00+08:00", PLAYER, "sitting.play_listening",
	      "{" FOR ",'medium':'main'}", BY_TWO, .alarm = "sitting.played_early"},
	     {"no power", D2 "15:08:00+08:00", FAULT("7")},
	     {"written first", D2 "15:10:00+08:00", CLERK, "sitting.write_first", "{" FOR "}",
	      "chief=badge:P0021 county=badge:P0001", .emits = "sitting.listening_resumed"});
	kit_pass(&s.k, 600);
	assert_int_equal(kit_alarms(&s.k, "sitting.listening_silent"), 0);
	PLAY(&s, {"nobody writes any more", D2 "17:00:00+08:00", CLERK, "sitting.write_first",
	          "{" FOR "}", "chief=badge:P0021 county=badge:P0001", RC_CONFLICT, "session"});
	assert_true(clock_parse(STR(D2 "15:30:00+08:00"), &s.k.happened_ms));
	PLAY(&s, {"decided at half past three, keyed from paper", NULL, CLERK, "sitting.write_first",
	          "{" FOR "}", "chief=badge:P0021 county=badge:P0001",
	          .emits = "sitting.listening_resumed"});
	scene_close(&s);
}

#define JAMMER(working) "P0047", "sitting.switch_jammer", "{" CHI ",'working':" working "}"
#define SIGNAL(kind, known) "P0047", "sitting.record_signal", \
	"{'place':'" ROOM "','session':'d1-chinese','kind':'" kind "','known':" known "}"

static void one_signal_out_of_a_blocked_zone_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLAN("d1-chinese"), PLAN("d1-maths"),
	     {"off, before anybody sits", DAY1 "07:58:00+08:00", JAMMER("false")},
	     {"on", DAY1 "08:00:00+08:00", JAMMER("true"), NULL, .emits = "sitting.jammer_switched"},
	     {"before anybody sits", DAY1 "08:05:00+08:00", SIGNAL("uplink", "false"), NULL,
	      .emits = "sitting.signal_recorded"},
	     {"the guards' own set", DAY1 "09:30:00+08:00", SIGNAL("voice", "true")},
	     {"one uplink", DAY1 "09:46:00+08:00", SIGNAL("uplink", "false"), NULL,
	      .alarm = "sitting.signal"},
	     {"one more is switched on", DAY1 "09:50:00+08:00", JAMMER("true")},
	     {"off", DAY1 "10:00:00+08:00", JAMMER("false"), NULL, .alarm = "sitting.jammer_off"},
	     {"off after the end", DAY1 "11:40:00+08:00", JAMMER("false")});
	assert_int_equal(view_rows(&s, "sitting/jammers"), 1);
	assert_int_equal(view_rows(&s, "sitting/signals"), 3);
	assert_int_equal(kit_sql(&s.k, "SELECT working FROM sitting_jammer"), 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.jammers_missing"), 0);
	kit_at(&s.k, DAY1 "14:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.jammers_missing"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_jammer", "sitting_signal", NULL});
	scene_close(&s);
}

#define WAITING "'place':'" SITE "/w01','session':'d3-geography'"
#define LEAVE(who, reason) CLERK, "sitting.leave_waiting", \
	"{" WAITING ",'candidate':'" who "','reason':'" reason "'}"

static void nobody_leaves_the_waiting_area_before_the_second_start(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a waiting area is planned", NULL, OFFICE, "arrange.plan_rooms",
	      "{" OF("d3-geography") ",'rooms':[{'room':'" ROOM "','seats':30},"
	      "{'room':'" SITE "/w01','seats':12,'kind':'waiting'}]}"},
	     {"all are here", D3 "09:55:00+08:00", CLERK, "sitting.count_waiting",
	      "{" WAITING ",'count':11,'absent':1}", NULL, .emits = "sitting.waiting_counted"},
	     {"to the toilet, with somebody", D3 "10:05:00+08:00", LEAVE("C-002", "escorted"), NULL,
	      .emits = "sitting.waiting_left"},
	     {"ill", D3 "10:06:00+08:00", LEAVE("C-003", "ill")},
	     {"to the rooms", D3 "10:35:00+08:00", LEAVE("C-001", "to_room")},
	     {"out of the door", D3 "10:40:00+08:00", LEAVE("C-004", "left"), NULL,
	      .alarm = "sitting.left_waiting"},
	     {"when it has begun, the way is free", D3 "11:00:00+08:00", LEAVE("C-005", "left")},
	     {"one is missing", NULL, CLERK, "sitting.count_waiting",
	      "{" WAITING ",'count':10,'absent':1}", NULL, .alarm = "sitting.waiting_short"},
	     {"the next half day's", NULL, OFFICE, "arrange.plan_rooms",
	      "{" OF("d3-biology") ",'rooms':[{'room':'" SITE "/w01','seats':8,'kind':'waiting'}]}"});
	assert_int_equal(kit_count(&s.k, "sitting.waiting_expected"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(folded) FROM alarm"
	                         " WHERE rule = 'sitting.left_waiting'"), 0);
	assert_int_equal(view_rows(&s, "sitting/waiting"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT counted FROM sitting_waiting"), 10);
	assert_int_equal(kit_sql(&s.k, "SELECT away FROM sitting_waiting"), 3);
	assert_int_equal(kit_alarms(&s.k, "sitting.waiting_missing"), 0);
	kit_at(&s.k, D3 "16:31:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "sitting.waiting_missing"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_waiting", NULL});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_bad_morning_is_judged_before_the_start", a_bad_morning_is_judged_before_the_start,
	 ROWS("sql:sitting_arrival/0", "sql:sitting_arrival/1", "sql:sitting_arrival/2",
	      "event:sitting.arrival_reported", "expectation:sitting.arrival_go",
	      "expectation:sitting.arrival_count", "alarm:sitting.go_no_go",
	      "alarm:sitting.arrival_missing")},
	{"a_flooded_road_is_enough", a_flooded_road_is_enough, ROWS("alarm:sitting.go_no_go")},
	{"listening_goes_on_by_the_book", listening_goes_on_by_the_book,
	 ROWS("sql:sitting_listening/0", "sql:sitting_listening/1", "sql:sitting_listening/2",
	      "sql:sitting_listening/4", "sql:sitting_listening/6", "sql:sitting_listening/7",
	      "event:sitting.listening_expected", "event:sitting.listening_played",
	      "event:sitting.listening_stopped", "event:sitting.listening_failed",
	      "event:sitting.listening_resumed", "event:sitting.listening_complained",
	      "event:sitting.level_measured")},
	{"listening_that_fails_twice_or_is_not_mended_is_alarmed",
	 listening_that_fails_twice_or_is_not_mended_is_alarmed,
	 ROWS("sql:sitting_listening/3", "sql:sitting_listening/5",
	      "expectation:sitting.play", "expectation:sitting.repair", "expectation:sitting.level",
	      "alarm:sitting.listening_silent", "alarm:sitting.play_missing",
	      "alarm:sitting.item_skipped", "alarm:sitting.listening_twice",
	      "alarm:sitting.lost_time", "alarm:sitting.level_missing", "alarm:sitting.level_low")},
	{"what_cannot_be_mended_is_written_first", what_cannot_be_mended_is_written_first,
	 ROWS("alarm:sitting.played_early", "event:sitting.listening_resumed")},
	{"one_signal_out_of_a_blocked_zone_is_alarmed", one_signal_out_of_a_blocked_zone_is_alarmed,
	 ROWS("sql:sitting_zone/0", "sql:sitting_zone/1", "sql:sitting_zone/2", "sql:sitting_zone/6",
	      "sql:sitting_zone/7", "event:sitting.jammer_switched",
	      "event:sitting.signal_recorded", "expectation:sitting.jammers",
	      "alarm:sitting.signal", "alarm:sitting.jammer_off", "alarm:sitting.jammers_missing")},
	{"nobody_leaves_the_waiting_area_before_the_second_start",
	 nobody_leaves_the_waiting_area_before_the_second_start,
	 ROWS("sql:sitting_zone/3", "sql:sitting_zone/4", "sql:sitting_zone/5", "sql:sitting_zone/8",
	      "event:sitting.waiting_expected", "event:sitting.waiting_counted",
	      "event:sitting.waiting_left", "expectation:sitting.waiting",
	      "alarm:sitting.left_waiting", "alarm:sitting.waiting_short",
	      "alarm:sitting.waiting_missing")},
};
const struct scenario_set ZONE_SCENES = {LIST, COUNT(LIST)};
