/* SPDX-License-Identifier: Apache-2.0 */
/* test_custody.c -- papers arrive, are stored, released, handed over, opened, counted, returned. */
#include "kit/check.h"

#include "domain/acts.h"

#include "domain/custody/custody.h"

static void a_bag_goes_out_and_comes_back(void **state)
{
	struct scene s;

	scene_at_site(&s);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", SITE), 60);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED, PATROL_AT(DAY1 "08:40:00+08:00"), OPENED, PATROL);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED, PATROL,
	     {"back on the vehicle", DAY1 "12:00:00+08:00", CLERK, "custody.return_bags",
	      "{'place':'" SITE "','from':'" SITE "','to':'V1','bags':[{'bag':'CHI-1','seal':'SR-1'},"
	      "{'bag':'CHI-2','seal':'SG-CHI-2'}]}",
	      SITE_TO_COURIERS, .emits = "custody.bags_moved"},
	     PATROL_AT(DAY1 "12:25:00+08:00"),
	     {"back in the room", DAY1 "12:40:00+08:00", "P0003", "custody.return_bags",
	      "{'place':'" STORE "','from':'V1','to':'" STORE "','bags':[{'bag':'CHI-1','seal':'SR-1'},"
	      "{'bag':'CHI-2','seal':'SG-CHI-2'}]}",
	      COURIERS_TO_KEEPERS, .emits = "custody.bags_returned"},
	     {"the half day adds up", NULL, "P0003", "custody.close_half_day",
	      "{'place':'" STORE "','half_day':'2025-06-07/am'}",
	      "keeper=badge:P0003 keeper=badge:P0001", .emits = "custody.half_day_closed"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "used"), 27);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 33);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "printed"), -60);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 0);
	assert_str(
		scene_life(&s, "CHI-1"),
		"bag_registered handed_over handed_over handed_over bag_issued bag_opened bag_counted "
		"bags_moved bags_returned");
	kit_check_rebuild(&s.k, (const char *const[]){
		"custody_vehicle", "custody_consignment", "custody_box", "custody_bag", "custody_trace",
		"custody_store", "custody_key", "custody_guard", "custody_handover", "custody_handover_box",
		"custody_half_day", NULL});
	scene_close(&s);
	(void)state;
}

static void unequal_counts_leave_the_papers_with_the_giver(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s, {"one bag short", NULL, "P0003", "custody.hand_over",
	          "{'place':'" STORE "','from':'V1','to':'" STORE "'," TWO_BOXES("1") "}",
	          COURIERS_TO_KEEPERS, .emits = "custody.handover_disputed",
	          .alarm = "custody.counts_differ"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "V1"), 60);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_handover WHERE disputed = 1"), 1);
	PLAY(&s, ARRIVES);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 60);
	scene_close(&s);
	(void)state;
}

static void both_sides_may_agree_and_still_be_wrong(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"both count one of two", NULL, "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'V1','to':'" STORE "','boxes':[{'box':'BX-CHI-01',"
	      "'seal':'SB-0','seal_ok':true,'given':1,'received':1}]}",
	      COURIERS_TO_KEEPERS, .emits = "custody.handover_disputed",
	      .alarm = "custody.counts_differ"},
	     {"another seal than the registered", NULL, "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'V1','to':'" STORE "','boxes':[{'box':'BX-MAT-01',"
	      "'seal':'SB-7','seal_ok':true,'given':2,'received':2}]}",
	      COURIERS_TO_KEEPERS, .emits = "custody.handover_disputed",
	      .alarm = "custody.seal_broken"});
	assert_int_equal(scene_balance(&s, "paper.maths.paper", STORE), 0);
	scene_close(&s);
	(void)state;
}

static void a_hand_over_is_a_fact_wherever_it_happens(void **state)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"a number nobody knows", NULL, "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'V1','to':'" STORE "'," ONE_BOX("BX-999", "SB-9"),
	      COURIERS_TO_KEEPERS, .emits = "custody.object_found", .alarm = "custody.found_object"},
	     {"out without release", NULL, "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'" STORE "','to':'V1'," ONE_BOX("BX-MAT-01", "SB-1"),
	      KEEPERS_TO_COURIERS, .emits = "custody.handed_over", .alarm = "custody.unreleased"},
	     {"to a site it is not for", NULL, "P0014", "custody.hand_over",
	      "{'place':'sc/cd/jn/s02','from':'V1','to':'sc/cd/jn/s02'," ONE_BOX("BX-MAT-01", "SB-1"),
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003 receiver=badge:P0004",
	      .emits = "custody.handed_over", .alarm = "custody.wrong_place"},
	     {"on a vehicle nobody registered", NULL, "P0014", "custody.hand_over",
	      "{'place':'sc/cd/jn/s02','from':'sc/cd/jn/s02','to':'V9'," ONE_BOX("BX-MAT-01", "SB-1"),
	      "giver=badge:P0003 giver=badge:P0004 receiver=badge:P0014 receiver=badge:P0015",
	      .alarm = "custody.unknown_vehicle"},
	     {"from one who does not hold it", NULL, "P0014", "custody.hand_over",
	      "{'place':'" SITE "','from':'V1','to':'" SITE "'," ONE_BOX("BX-MAT-01", "SB-1"),
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0021 receiver=badge:P0022",
	      .alarm = "custody.wrong_holder"});
	assert_int_equal(scene_balance(&s, "paper.maths.paper", SITE), 60);
	assert_int_equal(scene_balance(&s, "paper.maths.paper", "V9"), 0);
	scene_close(&s);
	(void)state;
}

static void papers_in_a_room_that_is_not_active_are_alarmed(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"the empty room is deactivated", NULL, OFFICE, "custody.deactivate_store",
	      "{'place':'" STORE "'}", "leader=badge:P0002 leader=badge:P0013",
	      .emits = "custody.store_deactivated"},
	     {"and papers come in", NULL, "P0003", "custody.hand_over", ARRIVAL, COURIERS_TO_KEEPERS,
	      .emits = "custody.handed_over", .alarm = "custody.store_not_active"});
	scene_close(&s);
	(void)state;
}

static void papers_that_come_too_early_are_alarmed(void **state)
{
	struct scene s;

	scene_open_with_papers(&s);
	/* The scene begins on the sixth; the profile allows two days, so the examination is moved. */
	s.k.w.profile.sessions[0].start_ms += INT64_C(5) * 86400000;
	PLAY(&s, {"arrival", NULL, "P0003", "custody.hand_over", ARRIVAL, COURIERS_TO_KEEPERS,
	          .emits = "custody.handed_over", .alarm = "custody.stored_too_early"});
	scene_close(&s);
	(void)state;
}

static void only_the_next_half_days_boxes_leave(void **state)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"too early in the night", NULL, "P0003", "custody.release_boxes",
	          RELEASE("BX-CHI-01"), OPENERS, RC_CONFLICT, "boxes"});
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s,
	     {"the afternoon's box", NULL, "P0003", "custody.release_boxes", RELEASE("BX-MAT-01"),
	      OPENERS, RC_CONFLICT, "boxes"},
	     {"an unknown box", NULL, "P0003", "custody.release_boxes", RELEASE("BX-999"), OPENERS,
	      RC_NOT_FOUND, "boxes"},
	     {"one that is still on the vehicle", NULL, "P0003", "custody.release_boxes",
	      RELEASE("BX-CHE-01"), OPENERS, RC_CONFLICT, "boxes"},
	     {"signed by one without a key", NULL, "P0003", "custody.release_boxes",
	      RELEASE("BX-CHI-01"),
	      "key_holder=badge:P0003 key_holder=badge:P0002 code_holder=badge:P0006", RC_CONFLICT,
	      "key_holder"},
	     {"signed by one without the code", NULL, "P0003", "custody.release_boxes",
	      RELEASE("BX-CHI-01"),
	      "key_holder=badge:P0003 key_holder=badge:P0004 code_holder=badge:P0005", RC_CONFLICT,
	      "code_holder"},
	     RELEASED);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box WHERE released = 1"), 1);
	scene_close(&s);
	(void)state;
}

static void an_exception_lets_another_box_leave(void **state)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, {"特批", NULL, "P0003", "custody.release_boxes", RELEASE("BX-MAT-01"),
	          OPENERS " approver=badge:P0032", .emits = "order.excepted",
	          .excepted = "隧道封闭，下午科次提前运送"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box WHERE released = 1"), 1);
	scene_close(&s);
	(void)state;
}

static void only_the_next_sessions_bags_reach_invigilators(void **state)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"too early", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-1", ROOM),
	      INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     {"an unknown bag", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-9", ROOM),
	      INVIGILATORS("receiver"), RC_NOT_FOUND, "bag"},
	     {"a room of another site", NULL, CLERK, "custody.issue_bag",
	      ISSUE("CHI-1", "sc/cd/jn/s02/r01"), INVIGILATORS("receiver"), RC_INVALID, "room"},
	     {"a bag that is in the secrecy room", NULL, CLERK, "custody.issue_bag",
	      ISSUE("MAT-1", ROOM), INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     {"the afternoon's box is here too", NULL, "P0014", "custody.hand_over",
	      "{'place':'" SITE "','from':'" STORE "','to':'" SITE "'," ONE_BOX("BX-MAT-01", "SB-1"),
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0021 receiver=badge:P0022",
	      .alarm = "custody.unreleased"},
	     {"but its bags wait", DAY1 "08:15:00+08:00", CLERK, "custody.issue_bag",
	      ISSUE("MAT-1", ROOM), INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     ISSUED,
	     {"a bag is issued once", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-1", ROOM),
	      INVIGILATORS("receiver"), RC_CONFLICT, "bag"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", ROOM), 30);
	scene_close(&s);
	(void)state;
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(a_bag_goes_out_and_comes_back),
	cmocka_unit_test(unequal_counts_leave_the_papers_with_the_giver),
	cmocka_unit_test(both_sides_may_agree_and_still_be_wrong),
	cmocka_unit_test(a_hand_over_is_a_fact_wherever_it_happens),
	cmocka_unit_test(papers_in_a_room_that_is_not_active_are_alarmed),
	cmocka_unit_test(papers_that_come_too_early_are_alarmed),
	cmocka_unit_test(only_the_next_half_days_boxes_leave),
	cmocka_unit_test(an_exception_lets_another_box_leave),
	cmocka_unit_test(only_the_next_sessions_bags_reach_invigilators),
};
SCENE_MAIN(TESTS)
