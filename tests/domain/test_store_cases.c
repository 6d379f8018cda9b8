/* SPDX-License-Identifier: Apache-2.0 */
/* test_store_cases.c -- documented failures at secrecy rooms and on roads, told again: by what
 * would this office have noticed, and how early?
 */
#include "kit/check.h"

#include "domain/acts.h"

#define NIGHT(time) DAY1 time "+08:00"
#define KEYS_TURN OPENERS " police=badge:P0011"
#define INNER(state) "P0003", "custody.report_door", \
	"{'place':'" STORE "','door':'inner','open':" state "}", NULL

/* C01, Nanbu 2003: nobody walked round the room from one to five; the theft was found at 13:30. */
static void nobody_walks_round_the_room_at_night(void **state)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, NIGHT("01:00:00"));
	kit_pass(&s.k, 1800);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 0);
	kit_pass(&s.k, 2);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 1);
	kit_pass(&s.k, 4 * 3600);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 1); /* one night is one alarm */
	assert_true(kit_sql(&s.k, "SELECT folded FROM alarm WHERE rule ="
	                    " 'custody.patrol_missing'") > 5);
	scene_close(&s);
	(void)state;
}

/* C01: by ladder through a window; the door's seal was whole.  The camera had been dark. */
static void a_ladder_a_window_and_a_dark_camera(void **state)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, NIGHT("01:10:00"));
	PLAY(&s,
	     {"the north camera goes dark", NIGHT("01:12:00"), "P0003", "custody.report_device",
	      "{'place':'" STORE "','device':'CAM-N1','kind':'camera','working':false}"},
	     {"the window trembles", NIGHT("01:12:30"), "P0003", "custody.report_sensor",
	      "{'place':'" STORE "','sensor':'W-1','kind':'vibration'}", NULL,
	      .alarm = "custody.intrusion"},
	     {"and opens: the same break-in", NIGHT("01:12:40"), "P0003", "custody.report_sensor",
	      "{'place':'" STORE "','sensor':'W-2','kind':'window'}"},
	     {"the cabinet is pried open", NIGHT("01:15:00"), "P0003", "custody.report_door",
	      "{'place':'" STORE "','door':'cabinet','open':true}"});
	assert_int_equal(kit_alarms(&s.k, "custody.device_down"), 1); /* by itself, after a minute */
	assert_int_equal(kit_alarms(&s.k, "custody.intrusion"), 1);
	kit_at(&s.k, NIGHT("01:20:01"));
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "custody.door_unexplained"), 1);
	scene_close(&s);
	(void)state;
}

/* C32, a centre near London: a pack was opened in the evening, pages were for sale at night. */
static void an_inspector_finds_a_packet_open(void **state)
{
#define LOOKS(sealed) "P0054", "custody.inspect", \
	"{'place':'" SITE "','objects':[{'object':'BX-CHI-01','sealed':true}," \
	"{'object':'CHI-1','sealed':" sealed "}],'finding':'抽查'}", \
	"inspector=badge:P0054 inspector=badge:P0021"
	struct scene s;

	scene_at_site(&s);
	PLAY(&s, {"all sealed", NULL, LOOKS("true"), .emits = "custody.inspected"},
	     {"an hour later one is open, with more than an hour to go", DAY1 "07:45:00+08:00",
	      LOOKS("false"), .alarm = "custody.found_opened"},
	     PATROL);
	/* After the bell it is open because it was opened. */
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED, PATROL_AT(DAY1 "08:40:00+08:00"), OPENED,
	     {"opened by the programme", DAY1 "09:05:00+08:00", LOOKS("false")});
	scene_close(&s);
	(void)state;
}

/* C34, Hazaribagh 2024: the trunks came, a rear door was unbolted, strangers were inside within
 * minutes; elsewhere the boxes came by e-rickshaw. */
static void the_rear_door_is_unbolted(void **state)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"the contact of the rear door", DAY1 "07:38:00+08:00", CLERK, "custody.report_door",
	      "{'place':'" SITE "','door':'rear','open':true}", NULL, .alarm = "custody.rear_opened"},
	     {"three whom nobody knows, on video", DAY1 "07:39:00+08:00", "P0039",
	      "custody.report_stranger", "{'place':'" SITE "','persons':3}", NULL,
	      .alarm = "custody.stranger"},
	     {"it is closed again", DAY1 "07:49:00+08:00", CLERK, "custody.report_door",
	      "{'place':'" SITE "','door':'rear','open':false}"},
	     {"the inner door in the morning is the site's own business", NULL, CLERK,
	      "custody.report_door", "{'place':'" SITE "','door':'inner','open':true}"});
	scene_close(&s);
	(void)state;
}

static void the_boxes_come_by_another_vehicle(void **state)
{
#define TRIP "custody.plan_trip", "{'place':'" JN "','trip':'T-7','vehicle':'V1','spare':'V2'," \
	"'from':'" STORE "','to':'" SITE "','route':'R-7','leaves_from':'2025-06-07T06:10:00+08:00'," \
	"'leaves_by':'2025-06-07T06:40:00+08:00','arrives_from':'2025-06-07T07:00:00+08:00'," \
	"'arrives_by':'2025-06-07T07:40:00+08:00','vehicles':1}", \
	"approver=badge:P0002 approver=badge:P0011"
#define BY(vehicle) "custody.hand_over", "{'place':'" SITE "','from':'" vehicle "','to':'" SITE \
	"'," ONE_BOX("BX-CHI-01", "SB-0"), COURIERS_TO_SITE
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"two more vehicles", NULL, OFFICE, "custody.register_vehicle",
	          "{'place':'" JN "','code':'V2','plate':'演A00002'}"},
	     {"one of them a rickshaw", NULL, OFFICE, "custody.register_vehicle",
	      "{'place':'" JN "','code':'E9','plate':'演E00009'}"},
	     {"the trip is approved", NULL, OFFICE, TRIP});
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED,
	     {"the crew is checked", DAY1 "06:10:00+08:00", "P0014", "custody.check_crew",
	      "{'place':'" JN "','trip':'T-7','escorts':[{'person':'P0014'},{'person':'P0015'},"
	      "{'person':'P0048'}],'police':[{'person':'P0011'}],'phones':0,'vehicle_ok':true}",
	      "checker=badge:P0003 checker=badge:P0012"},
	     LOADED, PATROL,
	     {"it leaves", NULL, "P0014", "custody.depart",
	      "{'place':'" JN "','trip':'T-7','vehicle':'V1','seal':'F-7'}",
	      "escort=badge:P0014 escort=badge:P0015 police=badge:P0011"},
	     {"and is heard of", DAY1 "06:29:00+08:00", "P0031", "custody.report_point",
	      "{'place':'" JN "','trip':'T-7','off_route_m':120,'stopped_s':30,'seal_ok':true}"},
	     {"the rickshaw stands at the site with the box", DAY1 "06:38:00+08:00", CLERK, BY("E9"),
	      .alarm = "custody.wrong_vehicle",
	      .also = "custody.wrong_holder"});
	assert_int_equal(kit_alarms(&s.k, "custody.wrong_holder"), 1); /* the books say V1 */
	scene_close(&s);
	(void)state;
}

/* C37, Kenya 2015: the containers were opened outside their hours, by people who had the keys. */
static void two_keys_are_turned_before_dawn(void **state)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, NIGHT("04:00:00"));
	PLAY(&s,
	     {"the contact moves", NIGHT("04:10:00"), INNER("true")},
	     {"its holders say: for the release, five hours before the start", NIGHT("04:12:00"),
	      "P0003", "custody.open_store", "{'place':'" STORE "','purpose':'release'}", KEYS_TURN,
	      .emits = "custody.store_opened", .alarm = "custody.opened_off_hours"},
	     {"closed", NIGHT("04:20:00"), INNER("false")}, PATROL);
	kit_pass(&s.k, 600);
	assert_int_equal(kit_alarms(&s.k, "custody.door_unexplained"), 0); /* it has been said */
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, {"at its hour nothing is wrong with it", NULL, "P0003", "custody.open_store",
	          "{'place':'" STORE "','purpose':'release'}", KEYS_TURN},
	     {"and the contact agrees", NULL, INNER("true")});
	scene_close(&s);
	(void)state;
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(nobody_walks_round_the_room_at_night),
	cmocka_unit_test(a_ladder_a_window_and_a_dark_camera),
	cmocka_unit_test(an_inspector_finds_a_packet_open),
	cmocka_unit_test(the_rear_door_is_unbolted),
	cmocka_unit_test(the_boxes_come_by_another_vehicle),
	cmocka_unit_test(two_keys_are_turned_before_dawn),
};
SCENE_MAIN(TESTS)
