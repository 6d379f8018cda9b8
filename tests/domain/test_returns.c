/* SPDX-License-Identifier: Apache-2.0 */
/* test_returns.c -- papers come back, a half day is closed, papers end; registering; bad input. */
#include "kit/check.h"

#include "domain/acts.h"

#define BACK(bags) "{'place':'" STORE "','from':'" SITE "','to':'" STORE "','bags':[" bags "]}"
#define BAG(code, seal) "{'bag':'" code "','seal':'" seal "'}"
#define CLOSE_AM "custody.close_half_day", "{'place':'" STORE "','half_day':'2025-06-07/am'}", \
	"keeper=badge:P0003 keeper=badge:P0001"

static void counted(struct scene *s)
{
	scene_opened(s);
	scene_patrol_until(s, DAY1 "11:40:00+08:00");
	PLAY(s, COUNTED);
}

static void a_bag_that_is_not_back_in_time_is_alarmed(void **state)
{
	struct scene s;

	counted(&s);
	scene_patrol_until(&s, DAY1 "13:29:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.return_missing"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.return_missing"), 1);
	PLAY(&s, {"late, but back", NULL, "P0003", "custody.return_bags", BACK(BAG("CHI-1", "SR-1")),
	          COURIERS_TO_KEEPERS, .emits = "custody.bags_returned"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule = 'custody.return'"
	                         " AND state = 3"), 1); /* met late */
	scene_close(&s);
	(void)state;
}

static void a_half_day_closes_when_every_bag_is_back(void **state)
{
	struct scene s;

	counted(&s);
	PLAY(&s,
	     {"one bag comes back", NULL, "P0003", "custody.return_bags", BACK(BAG("CHI-1", "SR-1")),
	      COURIERS_TO_KEEPERS},
	     {"an unknown half day", NULL, "P0003", "custody.close_half_day",
	      "{'place':'" STORE "','half_day':'2025-06-07/eve'}",
	      "keeper=badge:P0003 keeper=badge:P0001", RC_INVALID, "half_day"},
	     {"one that runs", NULL, "P0003", "custody.close_half_day",
	      "{'place':'" STORE "','half_day':'2025-06-07/pm'}",
	      "keeper=badge:P0003 keeper=badge:P0001", RC_CONFLICT, "half_day"},
	     {"the other bag is not back", NULL, "P0003", CLOSE_AM, .emits = "custody.bag_missed",
	      .alarm = "custody.not_back"},
	     {"closed once", NULL, "P0003", CLOSE_AM, RC_CONFLICT, "half_day"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 30);
	PLAY(&s, {"it turns up", NULL, "P0003", "custody.return_bags", BACK(BAG("CHI-2", "SG-CHI-2")),
	          COURIERS_TO_KEEPERS, .emits = "custody.bags_returned"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 33);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_half_day", NULL});
	scene_close(&s);
	(void)state;
}

static void closing_voids_what_was_still_expected(void **state)
{
	struct scene s;

	counted(&s);
	PLAY(&s,
	     {"the unopened bag comes back", NULL, "P0003", "custody.return_bags",
	      BACK(BAG("CHI-2", "SG-CHI-2")), COURIERS_TO_KEEPERS},
	     {"the opened one does not", NULL, "P0003", CLOSE_AM, .emits = "custody.bag_missed",
	      .alarm = "custody.not_back"});
	assert_int_equal(kit_sql(&s.k, "SELECT state FROM expectation WHERE rule = 'custody.return'"),
	                 5);
	kit_pass(&s.k, 4 * 3600);
	assert_int_equal(kit_alarms(&s.k, "custody.return_missing"), 0);
	scene_close(&s);
	(void)state;
}

static void a_return_is_a_fact_however_it_looks(void **state)
{
	struct scene s;

	counted(&s);
	PLAY(&s,
	     {"another seal", NULL, "P0003", "custody.return_bags", BACK(BAG("CHI-1", "SR-7")),
	      COURIERS_TO_KEEPERS, .emits = "custody.bags_returned", .alarm = "custody.seal_broken"},
	     {"an unknown bag", NULL, "P0003", "custody.return_bags", BACK(BAG("CHI-7", "SR-7")),
	      COURIERS_TO_KEEPERS, .emits = "custody.object_found", .alarm = "custody.found_object"},
	     {"a bag that the site did not hold", NULL, "P0003", "custody.return_bags",
	      "{'place':'" STORE "','from':'V1','to':'" STORE
	      "','bags':[" BAG("CHI-2", "SG-CHI-2") "]}",
	      COURIERS_TO_KEEPERS, .alarm = "custody.wrong_holder"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 33);
	assert_str(scene_life(&s, "CHI-7"), "bags_returned object_found");
	scene_close(&s);
	(void)state;
}

static void papers_are_destroyed_when_all_is_over(void **state)
{
#define DESTROY(bag) "custody.destroy", "{'place':'" STORE "','bags':[{'bag':'" bag "'}]}", \
	"supervisor=badge:P0002 supervisor=badge:P0013"
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"not while sessions are to come", NULL, OFFICE, DESTROY("CHI-1"), RC_CONFLICT, "bags"});
	kit_at(&s.k, "2025-06-12T08:00:00+08:00");
	PLAY(&s,
	     {"an unknown bag", NULL, OFFICE, DESTROY("CHI-9"), RC_NOT_FOUND, "bags"},
	     {"one on the vehicle", NULL, OFFICE, DESTROY("CHE-1"), RC_CONFLICT, "bags"},
	     {"destroyed", NULL, OFFICE, DESTROY("CHI-1"), .emits = "custody.bags_destroyed"},
	     {"once", NULL, OFFICE, DESTROY("CHI-1"), RC_CONFLICT, "bags"},
	     {"nothing leaves any more", NULL, "P0003", "custody.release_boxes", RELEASE("BX-MAT-01"),
	      OPENERS, RC_CONFLICT, "boxes"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "destroyed"), 30);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 30);
	kit_check_rebuild(&s.k, NULL);
	scene_close(&s);
	(void)state;
}

static void a_found_object_is_recorded_whoever_knows_it(void **state)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"behind the cabinet", NULL, "P0003", "custody.found_object",
	          "{'place':'" STORE "','code':'CHI-2024-7','about':'上年试卷袋'}",
	          .emits = "custody.object_found", .alarm = "custody.found_object"});
	assert_str(scene_life(&s, "CHI-2024-7"), "object_found");
	scene_close(&s);
	(void)state;
}

static void what_is_sent_is_registered_once_and_within_its_numbers(void **state)
{
#define BOX(code, consignment, session) \
	"custody.register_box", "{'code':'" code "','consignment':'" consignment \
							"','session':'" session "','destined':'" SITE "','seal':'S-1'}"
#define IN_BOX(code, box) \
	"custody.register_bag", "{'code':'" code "','box':'" box "','kind':'spare'," \
							"'copies':30,'seal':'S-2'}"
#define CONSIGNMENT(code, holder) \
	"custody.register_consignment", \
		"{'place':'sc/cd/jn','code':'" code "','holder':'" holder "','boxes':1,'bags':1}"
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"the vehicle again", NULL, OFFICE, "custody.register_vehicle",
	      "{'place':'sc/cd/jn','code':'V1','plate':'演A1'}", .rc = RC_CONFLICT, .field = "code"},
	     {"a code that is a place", NULL, OFFICE, "custody.register_vehicle",
	      "{'place':'sc/cd/jn','code':'77','plate':'演A1'}", .rc = RC_INVALID, .field = "code"},
	     {"the consignment again", NULL, OFFICE, CONSIGNMENT("C1", "V1"), .rc = RC_CONFLICT,
	      .field = "code"},
	     {"an unknown vehicle", NULL, OFFICE, CONSIGNMENT("C2", "V7"), .rc = RC_NOT_FOUND,
	      .field = "holder"},
	     {"a holder that is neither", NULL, OFFICE, CONSIGNMENT("C2", "a_b"), .rc = RC_INVALID,
	      .field = "holder"},
	     {"a second consignment", NULL, OFFICE, CONSIGNMENT("C2", "V1"),
	      .emits = "custody.consignment_registered"},
	     {"an unknown consignment", NULL, OFFICE, BOX("BX-1", "C9", "d1-chinese"),
	      .rc = RC_NOT_FOUND, .field = "consignment"},
	     {"an unknown session", NULL, OFFICE, BOX("BX-1", "C2", "d9-art"), .rc = RC_INVALID,
	      .field = "session"},
	     {"a number that is taken", NULL, OFFICE, BOX("CHI-1", "C2", "d1-chinese"),
	      .rc = RC_CONFLICT, .field = "code"},
	     {"its box", NULL, OFFICE, BOX("BX-1", "C2", "d1-chinese"),
	      .emits = "custody.box_registered"},
	     {"one box too many", NULL, OFFICE, BOX("BX-2", "C2", "d1-chinese"), .rc = RC_CONFLICT,
	      .field = "consignment"},
	     {"an unknown box", NULL, OFFICE, IN_BOX("SPA-1", "BX-9"), .rc = RC_NOT_FOUND,
	      .field = "box"},
	     {"a spare bag", NULL, OFFICE, IN_BOX("SPA-1", "BX-1"), .emits = "custody.bag_registered"},
	     {"one bag too many", NULL, OFFICE, IN_BOX("SPA-2", "BX-1"), .rc = RC_CONFLICT,
	      .field = "box"},
	     ARRIVES,
	     {"into a box that is gone", NULL, OFFICE, IN_BOX("SPA-3", "BX-CHI-01"), .rc = RC_CONFLICT,
	      .field = "box"});
	assert_int_equal(scene_balance(&s, "paper.chinese.spare", "V1"), 30);
	scene_close(&s);
	(void)state;
}

static void bad_input_names_the_field_and_changes_nothing(void **state)
{
#define HAND(from, to, boxes) "P0003", "custody.hand_over", "{'place':'" STORE "','from':'" from \
	"','to':'" to "','boxes':[" boxes "]}", COURIERS_TO_KEEPERS, RC_INVALID
#define HANDED(seal_ok, given) \
	"{'box':'BX-CHI-01','seal':'SB-0','seal_ok':" seal_ok ",'given':" given ",'received':2}"
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s, {"giver is receiver", NULL, HAND("V1", "V1", HANDED("true", "2")), "to"},
	     {"no holder", NULL, HAND("a_b", STORE, HANDED("true", "2")), "from"},
	     {"nothing handed over", NULL, HAND("V1", STORE, ""), "boxes"},
	     {"not a bool", NULL, HAND("V1", STORE, HANDED("3", "2")), "boxes/0/seal_ok"},
	     {"fewer than none", NULL, HAND("V1", STORE, HANDED("true", "-1")), "boxes/0/given"},
	     {"a box twice", NULL, HAND("V1", STORE, HANDED("true", "2") "," HANDED("true", "2")),
	      "boxes/1/box"},
	     {"an unknown member", NULL, HAND("V1", STORE, "{'crate':'BX-CHI-01'}"), "boxes/0/crate"},
	     {"a number with small letters", NULL, CLERK, "custody.open_bag",
	      "{'place':'" ROOM "','bag':'chi-1','seal_ok':true}", INVIGILATORS("opener"), RC_INVALID,
	      "bag"},
	     {"a bag twice", NULL, "P0003", "custody.return_bags",
	      BACK(BAG("CHI-1", "S-1") "," BAG("CHI-1", "S-1")), COURIERS_TO_KEEPERS, RC_INVALID,
	      "bags/1/bag"},
	     {"a box twice in a release", NULL, "P0003", "custody.release_boxes",
	      "{'place':'" STORE "','boxes':[{'box':'BX-1'},{'box':'BX-1'}]}", OPENERS, RC_INVALID,
	      "boxes/1/box"},
	     {"a bag twice in a destruction", NULL, OFFICE, "custody.destroy",
	      "{'place':'" STORE "','bags':[{'bag':'B-1'},{'bag':'B-1'}]}",
	      "supervisor=badge:P0002 supervisor=badge:P0013", RC_INVALID, "bags/1/bag"},
	     {"not so many copies", NULL, OFFICE, "custody.register_bag",
	      "{'code':'X-1','box':'BX-CHI-01','kind':'paper','copies':0,'seal':'S-1'}",
	      .rc = RC_INVALID, .field = "copies"},
	     {"a kind nobody has", NULL, OFFICE, "custody.register_bag",
	      "{'code':'X-1','box':'BX-CHI-01','kind':'poster','copies':1,'seal':'S-1'}",
	      .rc = RC_INVALID, .field = "kind"});
	scene_close(&s);
	(void)state;
}

static void who_may_not_is_denied(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"an invigilator hands over", NULL, "P0024", "custody.hand_over", ARRIVAL,
	      COURIERS_TO_KEEPERS, RC_DENIED},
	     {"an invigilator signs for papers", NULL, "P0003", "custody.hand_over", ARRIVAL,
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003 receiver=badge:P0024",
	      RC_DENIED},
	     {"a clerk of the site activates the secrecy room", NULL, CLERK, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-1'}", LEADERS, RC_DENIED},
	     {"a guard registers papers", NULL, "P0007", "custody.register_vehicle",
	      "{'place':'sc/cd/jn','code':'V2','plate':'演A1'}", .rc = RC_DENIED});
	scene_close(&s);
	(void)state;
}

static void half_signed_moves_nothing(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	assert_ok(scene_do(&s, "P0003", "custody.hand_over", ARRIVAL,
	                   "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003"));
	assert_true(s.k.answer.waiting);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 0);
	scene_close(&s);
	(void)state;
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(a_bag_that_is_not_back_in_time_is_alarmed),
	cmocka_unit_test(a_half_day_closes_when_every_bag_is_back),
	cmocka_unit_test(closing_voids_what_was_still_expected),
	cmocka_unit_test(a_return_is_a_fact_however_it_looks),
	cmocka_unit_test(papers_are_destroyed_when_all_is_over),
	cmocka_unit_test(a_found_object_is_recorded_whoever_knows_it),
	cmocka_unit_test(what_is_sent_is_registered_once_and_within_its_numbers),
	cmocka_unit_test(bad_input_names_the_field_and_changes_nothing),
	cmocka_unit_test(who_may_not_is_denied),
	cmocka_unit_test(half_signed_moves_nothing),
};
SCENE_MAIN(TESTS)
