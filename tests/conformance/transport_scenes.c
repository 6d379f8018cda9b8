/* SPDX-License-Identifier: Apache-2.0 */
/* transport_scenes.c -- trips: approved, on their way, and what goes wrong on a road. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define APPROVERS "approver=badge:P0002 approver=badge:P0011"
#define ON_BOARD "escort=badge:P0014 escort=badge:P0015 police=badge:P0011"
#define PLAN_OF(trip, vehicle, spare, from, to, left, arrived) OFFICE, "custody.plan_trip", \
	"{'place':'" JN "','trip':'" trip "','vehicle':'" vehicle "','spare':'" spare "'," \
	"'from':'" from "','to':'" to "','route':'R-1','leaves_from':'2025-06-06T" left "'," \
	"'leaves_by':'2025-06-06T10:00:00+08:00','arrives_from':'2025-06-06T" arrived "'," \
	"'arrives_by':'2025-06-06T11:00:00+08:00','vehicles':1}", APPROVERS
#define HOME "sc/cd/print1"
#define PLAN PLAN_OF("T-1", "V1", "V2", HOME, STORE, "09:00:00+08:00", "10:10:00+08:00")
#define CREW_OF(trip, escorts, phones, fit) "P0014", "custody.check_crew", \
	"{'place':'" JN "','trip':'" trip "','escorts':[" escorts "],'police':[{'person':'P0011'}]," \
	"'phones':" phones ",'vehicle_ok':" fit "}", "checker=badge:P0003 checker=badge:P0012"
#define THREE "{'person':'P0014'},{'person':'P0015'},{'person':'P0048'}"
#define DEPART(trip, vehicle) "P0014", "custody.depart", "{'place':'" JN "','trip':'" trip \
	"','vehicle':'" vehicle "','seal':'F-1'}", ON_BOARD
#define ARRIVED_IN(trip, vehicle, seal) "P0014", "custody.arrive", "{'place':'" JN "','trip':'" \
	trip "','vehicle':'" vehicle "','seal':'" seal "'}", ON_BOARD
#define POINT_OF(trip, off, stopped, whole) "P0031", "custody.report_point", "{'place':'" JN \
	"','trip':'" trip "','off_route_m':" off ",'stopped_s':" stopped ",'seal_ok':" whole "}", NULL
#define REROUTE(trip) OFFICE, "custody.reroute_trip", "{'place':'" JN "','trip':'" trip "'," \
	"'route':'R-2','arrives_by':'2025-06-06T11:30:00+08:00','cause':'flood'}", APPROVERS
#define ON_TIME(n) "2025-06-06T" n "+08:00"

static void open_with_two_vehicles(struct scene *s)
{
	scene_open_with_papers(s);
	PLAY(s, {"a spare vehicle", NULL, OFFICE, "custody.register_vehicle",
	         "{'place':'" JN "','code':'V2','plate':'演A00002'}"});
}

static void on_the_way(struct scene *s)
{
	open_with_two_vehicles(s);
	PLAY(s, {"approved", NULL, PLAN, .emits = "custody.trip_planned"},
	     {"the crew is complete", NULL, CREW_OF("T-1", THREE, "0", "true"),
	      .emits = "custody.crew_checked"},
	     PATROL_AT(ON_TIME("08:28:00")), PATROL_AT(ON_TIME("08:55:00")),
	     {"it leaves", ON_TIME("09:20:00"), DEPART("T-1", "V1"), .emits = "custody.trip_departed"},
	     PATROL);
}

static void a_trip_by_the_book_is_silent(void)
{
	struct scene s;

	on_the_way(&s);
	PLAY(&s,
	     {"half way", ON_TIME("09:29:00"), POINT_OF("T-1", "500", "600", "true"),
	      .emits = "custody.trip_seen"},
	     {"another way is approved, for a flood", NULL, OFFICE, "custody.reroute_trip",
	      "{'place':'" JN "','trip':'T-1','route':'R-2',"
	      "'arrives_by':'2025-06-06T11:30:00+08:00','cause':'flood'}", APPROVERS,
	      .emits = "custody.trip_rerouted"},
	     {"heard", ON_TIME("09:38:00"), POINT_OF("T-1", "0", "0", "true")},
	     PATROL_AT(ON_TIME("09:47:00")),
	     {"heard", NULL, POINT_OF("T-1", "0", "0", "true")},
	     {"heard", ON_TIME("09:56:00"), POINT_OF("T-1", "0", "0", "true")},
	     {"heard", ON_TIME("10:05:00"), POINT_OF("T-1", "0", "0", "true")},
	     PATROL_AT(ON_TIME("10:14:00")),
	     {"the room is opened for it", NULL, "P0003", "custody.open_store",
	      "{'place':'" STORE "','purpose':'receive'}", OPENERS " police=badge:P0011"},
	     {"in", NULL, ARRIVED_IN("T-1", "V1", "F-1"), .emits = "custody.trip_arrived"},
	     {"handed over", NULL, "P0003", "custody.hand_over", ARRIVAL, COURIERS_TO_KEEPERS,
	      .emits = "custody.handed_over"});
	scene_patrol_until(&s, ON_TIME("12:30:00"));
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_trip WHERE state = 2"
	                         " AND silent = 0 AND late = 0"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_trip WHERE route = 'R-2'"), 1);
	assert_int_equal(view_rows(&s, "custody/trips"), 1);
	assert_int_equal(view_rows(&s, "custody/trip_points"), 7); /* left, heard five times, in */
	kit_check_rebuild(&s.k, (const char *const[]){"custody_trip", "custody_trip_point", NULL});
	PLAY(&s, {"opened to receive, and no trip is due", NULL, "P0003", "custody.open_store",
	          "{'place':'" STORE "','purpose':'receive'}", OPENERS " police=badge:P0011",
	          .alarm = "custody.opened_off_hours"});
	scene_close(&s);
}

static void a_plan_is_approved_or_refused(void)
{
	struct scene s;

	open_with_two_vehicles(&s);
	PLAY(&s,
	     {"from itself to itself", NULL,
	      PLAN_OF("T-1", "V1", "V2", STORE, STORE, "09:00:00+08:00", "10:10:00+08:00"), RC_INVALID,
	      "to"},
	     {"it leaves after it should have left", NULL,
	      PLAN_OF("T-1", "V1", "V2", HOME, STORE, "10:30:00+08:00", "10:40:00+08:00"), RC_INVALID,
	      "leaves_by"},
	     {"its own spare", NULL,
	      PLAN_OF("T-1", "V1", "V1", HOME, STORE, "09:00:00+08:00", "10:10:00+08:00"), RC_CONFLICT,
	      "spare"},
	     {"an unknown vehicle", NULL,
	      PLAN_OF("T-1", "V9", "V2", HOME, STORE, "09:00:00+08:00", "10:10:00+08:00"),
	      RC_NOT_FOUND, "vehicle"},
	     {"an unknown spare", NULL,
	      PLAN_OF("T-1", "V1", "V9", HOME, STORE, "09:00:00+08:00", "10:10:00+08:00"),
	      RC_NOT_FOUND, "spare"},
	     {"it arrives after it should have arrived", NULL,
	      PLAN_OF("T-1", "V1", "V2", HOME, STORE, "09:00:00+08:00", "11:00:01+08:00"), RC_INVALID,
	      "leaves_by"},
	     {"it leaves when it should have arrived", NULL, OFFICE, "custody.plan_trip",
	      "{'place':'" JN "','trip':'T-1','vehicle':'V1','spare':'V2','from':'" HOME "','to':'"
	      STORE "','route':'R-1','leaves_from':'2025-06-06T11:00:00+08:00','leaves_by':"
	      "'2025-06-06T12:00:00+08:00','arrives_from':'2025-06-06T10:10:00+08:00','arrives_by':"
	      "'2025-06-06T11:00:00+08:00','vehicles':1}", APPROVERS, RC_INVALID, "leaves_by"},
	     {"no trip is rerouted", NULL, REROUTE("T-9"), RC_NOT_FOUND, "trip"},
	     {"to the minute", NULL,
	      PLAN_OF("T-2", "V1", "V2", HOME, STORE, "10:00:00+08:00", "11:00:00+08:00")},
	     {"approved", NULL, PLAN},
	     {"once", NULL, PLAN, RC_CONFLICT, "trip"},
	     {"another way, before it leaves", NULL, REROUTE("T-1"), .emits = "custody.trip_rerouted"},
	     {"cancelled", NULL, OFFICE, "custody.cancel_trip", "{'place':'" JN "','trip':'T-1'}",
	      APPROVERS, .emits = "custody.trip_cancelled"},
	     {"once", NULL, OFFICE, "custody.cancel_trip", "{'place':'" JN "','trip':'T-1'}",
	      APPROVERS, RC_CONFLICT, "trip"},
	     {"it is over", NULL, OFFICE, "custody.reroute_trip",
	      "{'place':'" JN "','trip':'T-1','route':'R-2',"
	      "'arrives_by':'2025-06-06T11:30:00+08:00','cause':'flood'}", APPROVERS, RC_CONFLICT,
	      "trip"},
	     {"it leaves all the same", NULL, DEPART("T-1", "V1"), .alarm = "custody.unplanned_trip"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_trip"), 2);
	scene_close(&s);
}

static void a_crew_that_is_not_complete_is_alarmed(void)
{
	struct scene s;

	open_with_two_vehicles(&s);
	PLAY(&s, {"approved", NULL, PLAN},
	     {"two escorts", NULL, CREW_OF("T-1", "{'person':'P0014'},{'person':'P0015'}", "0", "true"),
	      .emits = "custody.crew_checked", .alarm = "custody.crew_short"},
	     {"of no trip", NULL, CREW_OF("T-9", THREE, "0", "true"),
	      .alarm = "custody.unplanned_trip"},
	     {"a phone", NULL, CREW_OF("T-1", THREE, "1", "true"), .alarm = "custody.phones_kept"},
	     {"a bad lock", NULL, CREW_OF("T-1", THREE, "0", "false"), .alarm = "custody.crew_unfit"},
	     {"too early", NULL, DEPART("T-1", "V1"), .alarm = "custody.trip_off_time"});
	assert_true(kit_sql(&s.k, "SELECT crew_ms FROM custody_trip") > 0);
	scene_close(&s);
	open_with_two_vehicles(&s);
	PLAY(&s, {"approved", NULL, PLAN}, PATROL_AT(ON_TIME("08:28:00")),
	     PATROL_AT(ON_TIME("08:55:00")),
	     {"nobody checked the crew", ON_TIME("09:20:00"), DEPART("T-1", "V1"),
	      .alarm = "custody.crew_short"});
	scene_close(&s);
}

static void what_the_feed_shows_is_alarmed(void)
{
	struct scene s;

	on_the_way(&s);
	PLAY(&s,
	     {"a kilometre off", ON_TIME("09:25:00"), POINT_OF("T-1", "1200", "0", "true"),
	      .alarm = "custody.off_route"},
	     {"it stands", ON_TIME("09:34:00"), POINT_OF("T-1", "0", "700", "true"),
	      .alarm = "custody.long_stop"},
	     {"a seal", ON_TIME("09:40:00"), POINT_OF("T-1", "0", "0", "false"),
	      .alarm = "custody.trip_seal"},
	     {"another vehicle arrives", ON_TIME("09:45:00"), ARRIVED_IN("T-1", "V2", "F-1"),
	      .alarm = "custody.wrong_vehicle",
	      .also = "custody.trip_off_time"});
	assert_int_equal(kit_alarms(&s.k, "custody.trip_off_time"), 1);
	scene_close(&s);
}

static void a_trip_goes_in_its_vehicle_under_its_seal(void)
{
	struct scene s;

	open_with_two_vehicles(&s);
	PLAY(&s, {"approved", NULL, PLAN},
	     {"the crew is complete", NULL, CREW_OF("T-1", THREE, "0", "true")},
	     PATROL_AT(ON_TIME("08:28:00")), PATROL_AT(ON_TIME("08:55:00")),
	     {"at the first minute, in another", ON_TIME("09:00:00"), DEPART("T-1", "V9"),
	      .alarm = "custody.wrong_vehicle"});
	scene_close(&s);
	on_the_way(&s);
	PLAY(&s, {"a third vehicle", NULL, OFFICE, "custody.register_vehicle",
	          "{'place':'sc/cd/jn','code':'V3','plate':'演A00003'}"},
	     {"no such trip arrives", NULL, ARRIVED_IN("T-8", "V1", "F-1"),
	      .alarm = "custody.unplanned_trip"},
	     {"nor changes over", NULL, "P0014", "custody.swap_vehicle", "{'place':'" JN "','trip':"
	      "'T-9','vehicle':'V3','seal':'F-2','reason':'accident','seals_ok':true,"
	      "'spilled':false}", ON_BOARD, .alarm = "custody.unplanned_trip"},
	     {"into one that is not the spare, a seal broke", ON_TIME("09:26:00"), "P0014",
	      "custody.swap_vehicle", "{'place':'" JN "','trip':'T-1','vehicle':'V3','seal':'F-2',"
	      "'reason':'accident','seals_ok':false,'spilled':false}", ON_BOARD,
	      .alarm = "custody.trip_accident",
	      .also = "custody.wrong_vehicle custody.trip_seal"});
	scene_close(&s);
	on_the_way(&s);
	PLAY(&s, {"heard", ON_TIME("09:29:00"), POINT_OF("T-1", "0", "0", "true")},
	     {"heard", ON_TIME("09:38:00"), POINT_OF("T-1", "0", "0", "true")},
	     PATROL_AT(ON_TIME("09:47:00")), {"heard", NULL, POINT_OF("T-1", "0", "0", "true")},
	     {"heard", ON_TIME("09:56:00"), POINT_OF("T-1", "0", "0", "true")},
	     {"heard", ON_TIME("10:05:00"), POINT_OF("T-1", "0", "0", "true")},
	     {"at the first minute, under another seal", ON_TIME("10:10:00"),
	      ARRIVED_IN("T-1", "V1", "F-9"), .alarm = "custody.trip_seal"});
	scene_close(&s);
}

/* Silence is one alarm however long it lasts, and it ends when something is heard. */
static void a_trip_falls_silent_once(void)
{
	struct scene s;

	on_the_way(&s);
	kit_pass(&s.k, 599);
	assert_int_equal(kit_alarms(&s.k, "custody.trip_lost"), 0);
	kit_pass(&s.k, 2);
	assert_int_equal(kit_alarms(&s.k, "custody.trip_lost"), 1);
	kit_pass(&s.k, 900);
	assert_int_equal(kit_count(&s.k, "custody.trip_silent"), 1);
	PLAY(&s, {"heard again", NULL, POINT_OF("T-1", "0", "0", "true"),
	          .emits = "custody.trip_heard"});
	kit_pass(&s.k, 602);
	assert_int_equal(kit_count(&s.k, "custody.trip_silent"), 2);
	assert_int_equal(kit_count(&s.k, "alarm.folded") > 0, 1);
	kit_pass(&s.k, 6000);
	assert_int_equal(kit_alarms(&s.k, "custody.trip_late"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT late FROM custody_trip"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_trip", NULL});
	scene_close(&s);
}

static void a_trip_that_does_not_leave_is_late(void)
{
	struct scene s;

	open_with_two_vehicles(&s);
	PLAY(&s, {"approved", NULL, PLAN});
	kit_at(&s.k, ON_TIME("09:59:00"));
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "custody.trip_late"), 0);
	kit_pass(&s.k, 62);
	assert_int_equal(kit_alarms(&s.k, "custody.trip_late"), 1);
	kit_pass(&s.k, 36000);
	assert_int_equal(kit_count(&s.k, "custody.trip_overdue"), 1);
	scene_close(&s);
}

static void after_an_accident_the_load_goes_on_in_the_spare(void)
{
	struct scene s;

	on_the_way(&s);
	PLAY(&s,
	     {"moved, and some of it lay open", ON_TIME("09:26:00"), "P0014", "custody.swap_vehicle",
	      "{'place':'" JN "','trip':'T-1','vehicle':'V2','seal':'F-2','reason':'accident',"
	      "'seals_ok':true,'spilled':true,'exposed':[{'person':'P0014'}]}", ON_BOARD,
	      .emits = "custody.vehicle_swapped", .alarm = "custody.trip_accident",
	      .also = "custody.content_exposed"});
	assert_int_equal(kit_alarms(&s.k, "custody.content_exposed"), 1);
	assert_int_equal(kit_alarms(&s.k, "custody.wrong_vehicle"), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "V1"), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "V2"), 60);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box WHERE holder = 'V2'"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_bag WHERE holder = 'V2'"), 8);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_trip WHERE vehicle = 'V2'"), 1);
	PLAY(&s, {"it comes in the spare", NULL, ARRIVED_IN("T-1", "V2", "F-2"),
	          .alarm = "custody.trip_off_time"});
	kit_check_rebuild(&s.k, (const char *const[]){"custody_trip", "custody_box", "custody_bag",
	                                              NULL});
	scene_close(&s);
}

static void a_hand_over_from_another_vehicle_is_alarmed(void)
{
	struct scene s;

	on_the_way(&s);
	PLAY(&s, {"another vehicle stands at the room", ON_TIME("10:20:00"), "P0003",
	          "custody.hand_over", "{'place':'" STORE "','from':'V2','to':'" STORE "',"
	          TWO_BOXES("2") "}", COURIERS_TO_KEEPERS, .alarm = "custody.wrong_vehicle",
	      .also = "custody.wrong_holder"});
	scene_close(&s);
}

static void bags_that_come_back_in_another_vehicle_are_alarmed(void)
{
	struct scene s;

	on_the_way(&s);
	PLAY(&s,
	     {"in the one that is approved", ON_TIME("10:20:00"), "P0003", "custody.return_bags",
	      "{'place':'" STORE "','from':'V1','to':'" STORE "','bags':[{'bag':'CHI-1','seal':"
	      "'SG-CHI-1'}]}", COURIERS_TO_KEEPERS, .emits = "custody.bags_returned"});
	assert_int_equal(kit_alarms(&s.k, "custody.wrong_vehicle"), 0);
	PLAY(&s,
	     {"in another", NULL, "P0003", "custody.return_bags",
	      "{'place':'" STORE "','from':'V2','to':'" STORE "','bags':[{'bag':'CHI-2','seal':"
	      "'SG-CHI-2'}]}", COURIERS_TO_KEEPERS, .alarm = "custody.wrong_vehicle",
	      .also = "custody.wrong_holder"},
	     {"in one nobody knows", NULL, "P0003", "custody.return_bags",
	      "{'place':'" STORE "','from':'V9','to':'" STORE "','bags':[{'bag':'CHI-2','seal':"
	      "'SG-CHI-2'}]}", COURIERS_TO_KEEPERS, .alarm = "custody.unknown_vehicle",
	      .also = "custody.wrong_vehicle"});
	scene_close(&s);
}

/* Four subjects lay on the road: each who saw them, until an hour after the last has begun. */
static void who_saw_the_papers_is_kept_apart_until_the_last_has_begun(void)
{
#define APART(command, object, persons) "P0031", command, \
	"{'place':'" JN "','object':'" object "','persons':[" persons "]}", "escort=badge:P0011"
#define APART_OF(object) "SELECT COUNT(*) FROM custody_apart WHERE object = '" object "'"
	struct scene s;

	on_the_way(&s);
	PLAY(&s,
	     {"two saw it", ON_TIME("09:26:00"), "P0014", "custody.swap_vehicle",
	      "{'place':'" JN "','trip':'T-1','vehicle':'V2','seal':'F-2','reason':'accident',"
	      "'seals_ok':true,'spilled':true,'exposed':[{'person':'P0014'},{'person':'P0015'}]}",
	      ON_BOARD, .alarm = "custody.trip_accident", .also = "custody.content_exposed"},
	     {"one is kept apart", NULL, APART("custody.isolate", "T-1", "{'person':'P0014'}"),
	      .emits = "custody.persons_isolated"});
	kit_pass(&s.k, 602);
	assert_int_equal(kit_alarms(&s.k, "custody.not_isolated"), 1);
	PLAY(&s, {"and the other", NULL, APART("custody.isolate", "T-1", "{'person':'P0015'}")});
	assert_int_equal(kit_sql(&s.k, APART_OF("T-1")), 2);
	assert_int_equal(view_rows(&s, "custody/apart"), 2);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_apart", NULL});
	kit_at(&s.k, "2025-06-09T11:59:00+08:00");
	PLAY(&s,
	     {"a minute too early", NULL,
	      APART("custody.release_isolated", "T-1", "{'person':'P0014'}"),
	      .emits = "custody.isolation_ended", .alarm = "custody.released_early"},
	     {"in time", "2025-06-09T12:00:00+08:00",
	      APART("custody.release_isolated", "T-1", "{'person':'P0015'}")});
	assert_int_equal(kit_sql(&s.k, APART_OF("T-1")), 0);
	PLAY(&s,
	     {"a bag is of one subject", NULL,
	      APART("custody.isolate", "CHI-1", "{'person':'P0014'}")});
	assert_int_equal(kit_sql(&s.k, "SELECT until_ms FROM custody_apart") / 1000, 1749261600);
	PLAY(&s,
	     {"which is over", NULL,
	      APART("custody.release_isolated", "CHI-1", "{'person':'P0014'}")},
	     {"a subject is named", NULL, "P0031", "custody.isolate", "{'place':'" JN "','object':"
	      "'BX-GEO-01','persons':[{'person':'P0014'}],'session':'d3-chemistry'}",
	      "escort=badge:P0011"},
	     {"another time", NULL, "P0031", "custody.isolate", "{'place':'" JN "','object':"
	      "'BX-GEO-01','persons':[{'person':'P0014'}]}", "escort=badge:P0011"});
	assert_int_equal(kit_sql(&s.k, APART_OF("BX-GEO-01")), 1);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_trip_by_the_book_is_silent", a_trip_by_the_book_is_silent,
	 ROWS("sql:custody_transport/0", "sql:custody_transport/1", "sql:custody_transport/3",
	      "sql:custody_transport/5", "sql:custody_transport/6", "sql:custody_transport/8",
	      "sql:custody_trip/1", "sql:custody_trip/2", "sql:custody_trip/11", "sql:custody_trip/12",
	      "event:custody.trip_planned",
	      "event:custody.trip_rerouted", "event:custody.trip_departed",
	      "event:custody.trip_seen", "event:custody.trip_arrived")},
	{"a_plan_is_approved_or_refused", a_plan_is_approved_or_refused,
	 ROWS("sql:custody_transport/2", "event:custody.trip_cancelled",
	      "alarm:custody.unplanned_trip")},
	{"a_crew_that_is_not_complete_is_alarmed", a_crew_that_is_not_complete_is_alarmed,
	 ROWS("sql:custody_transport/4", "event:custody.crew_checked", "alarm:custody.crew_short",
	      "alarm:custody.phones_kept", "alarm:custody.crew_unfit",
	      "alarm:custody.trip_off_time")},
	{"what_the_feed_shows_is_alarmed", what_the_feed_shows_is_alarmed,
	 ROWS("alarm:custody.off_route", "alarm:custody.long_stop", "alarm:custody.trip_seal")},
	{"a_trip_goes_in_its_vehicle_under_its_seal", a_trip_goes_in_its_vehicle_under_its_seal,
	 NO_ROWS},
	{"a_trip_falls_silent_once", a_trip_falls_silent_once,
	 ROWS("sql:custody_trip/0", "sql:custody_trip/4", "sql:custody_trip/6",
	      "event:custody.trip_silent", "event:custody.trip_heard", "alarm:custody.trip_lost")},
	{"a_trip_that_does_not_leave_is_late", a_trip_that_does_not_leave_is_late,
	 ROWS("sql:custody_trip/5", "event:custody.trip_overdue", "alarm:custody.trip_late")},
	{"after_an_accident_the_load_goes_on_in_the_spare",
	 after_an_accident_the_load_goes_on_in_the_spare,
	 ROWS("sql:custody_trip/3", "sql:custody_trip/7", "sql:custody_trip/8", "sql:custody_trip/9",
	      "sql:custody_trip/10", "event:custody.vehicle_swapped",
	      "alarm:custody.trip_accident")},
	{"who_saw_the_papers_is_kept_apart_until_the_last_has_begun",
	 who_saw_the_papers_is_kept_apart_until_the_last_has_begun,
	 ROWS("sql:custody_seal/5", "sql:custody_seal/6", "sql:custody_seal/7", "sql:custody_seal/8",
	      "sql:custody_seal/9", "sql:custody_seal/10", "event:custody.isolation_ended",
	      "alarm:custody.released_early")},
	{"a_hand_over_from_another_vehicle_is_alarmed", a_hand_over_from_another_vehicle_is_alarmed,
	 ROWS("sql:custody_transport/7", "alarm:custody.wrong_vehicle")},
	{"bags_that_come_back_in_another_vehicle_are_alarmed",
	 bags_that_come_back_in_another_vehicle_are_alarmed, ROWS("alarm:custody.wrong_vehicle")},
};
const struct scenario_set TRANSPORT_SCENES = {LIST, COUNT(LIST)};
