/* SPDX-License-Identifier: Apache-2.0 */
/* test_rooms.c -- the secrecy room and the exam room: keys, guards, patrols, openings, counts. */
#include "kit/check.h"

#include "domain/acts.h"


static void keys_and_code_are_held_apart(void **state)
{
#define KEYS(a, b, cabinet, code) \
	"{'place':'" STORE "','door_a':'" a "','door_b':'" b "','cabinet':'" cabinet "','code':'" code \
	"'}"
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"one person has both door keys", NULL, OFFICE, "custody.assign_keys",
	      KEYS("P0003", "P0003", "P0005", "P0006"), LEADERS, RC_CONFLICT, "door_b"},
	     {"the code's holder has the cabinet's key", NULL, OFFICE, "custody.assign_keys",
	      KEYS("P0003", "P0004", "P0006", "P0006"), LEADERS, RC_CONFLICT, "code"},
	     {"a holder's child sits", NULL, OFFICE, "people.declare_avoidance",
	      "{'person':'P0005','relative':true}", "declarer=badge:P0005"},
	     {"so no key", NULL, OFFICE, "custody.assign_keys",
	      KEYS("P0003", "P0004", "P0005", "P0006"), LEADERS, RC_CONFLICT, "cabinet"},
	     {"four who may", NULL, OFFICE, "custody.assign_keys",
	      KEYS("P0003", "P0004", "P0009", "P0006"), LEADERS, .emits = "custody.keys_assigned"},
	     {"the cabinet's key changes hands", NULL, OFFICE, "custody.assign_keys",
	      KEYS("P0003", "P0004", "P0008", "P0006"), LEADERS, .emits = "custody.keys_assigned"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_key"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT person FROM custody_key WHERE kind = 2"),
	                 scene_person(&s, "P0008"));
	scene_close(&s);
	(void)state;
}

static void a_room_is_activated_when_it_is_guarded(void **state)
{
#define ACTIVATE "custody.activate_store", "{'place':'" STORE "','certificate':'YS-1'}", LEADERS
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"no keys yet", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"},
	     {"keys", NULL, OFFICE, "custody.assign_keys", KEYS("P0003", "P0004", "P0005", "P0006"),
	      LEADERS},
	     {"nobody on post", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"},
	     {"one on post", NULL, OFFICE, "custody.guard_on", "{'place':'" STORE "','duty':'guard'}",
	      "guard=badge:P0007", .emits = "custody.guard_posted"},
	     {"one is too few", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"},
	     {"the police too", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'police'}", "guard=badge:P0011"},
	     {"nobody answers for it", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"}, STAFFED,
	     {"the locks are old", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"}, NEW_LOCKS,
	     {"active", NULL, OFFICE, ACTIVATE, .emits = "custody.store_activated"},
	     {"once", NULL, OFFICE, ACTIVATE, RC_CONFLICT, "place"},
	     {"and ended", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}", LEADERS,
	      .emits = "custody.store_deactivated"},
	     {"once", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}", LEADERS,
	      RC_CONFLICT, "place"});
	/* Nobody patrols any more, and nobody is expected to. */
	kit_pass(&s.k, 86400);
	assert_int_equal(kit_count(&s.k, "expectation.lapsed"), 0);
	scene_close(&s);
	(void)state;
}

static void a_room_with_papers_is_not_deactivated(void **state)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"papers are in it", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}",
	          LEADERS, RC_CONFLICT, "place"});
	scene_close(&s);
	(void)state;
}

static void too_few_on_post_is_alarmed(void **state)
{
#define OFF "custody.guard_off", "{'place':'" STORE "'}"
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"one guard goes, two stay", NULL, OFFICE, OFF, "guard=badge:P0007",
	      .emits = "custody.guard_left"},
	     {"the relief comes", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'guard'}", "guard=badge:P0009"},
	     {"and says so again", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'guard'}", "guard=badge:P0009"},
	     {"the police officer goes", NULL, OFFICE, OFF, "guard=badge:P0011",
	      .alarm = "custody.no_police"},
	     {"another comes", NULL, OFFICE, "custody.guard_on",
	      "{'place':'" STORE "','duty':'police'}", "guard=badge:P0012"},
	     {"a guard goes", NULL, OFFICE, OFF, "guard=badge:P0009"},
	     {"and the last guard: only the police stay", NULL, OFFICE, OFF, "guard=badge:P0008",
	      .alarm = "custody.guards_short"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_guard"), 1);
	scene_close(&s);
	(void)state;
}

static void boxes_do_not_leave_a_room_that_is_not_guarded(void **state)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, {"a guard goes", NULL, OFFICE, OFF, "guard=badge:P0007"},
	     {"and another", NULL, OFFICE, OFF, "guard=badge:P0008", .alarm = "custody.guards_short"},
	     {"nothing leaves", NULL, "P0003", "custody.release_boxes", RELEASE("BX-CHI-01"), OPENERS,
	      RC_CONFLICT, "place"},
	     {"nor from a room that is not active", NULL, "P0003", "custody.release_boxes",
	      "{'place':'sc/cd/jn/other','boxes':[{'box':'BX-CHI-01'}]}", OPENERS, RC_CONFLICT,
	      "place"});
	scene_close(&s);
	(void)state;
}

static void a_late_patrol_is_alarmed_and_met_late(void **state)
{
	struct scene s;

	scene_in_store(&s);
	kit_pass(&s.k, 1799);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 0);
	kit_pass(&s.k, 61);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 1);
	PLAY(&s, PATROL, PATROL_AT("2025-06-06T08:55:00+08:00"));
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule = 'custody.patrol'"
	                         " AND state = 4"), 1); /* lapsed */
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE rule = 'custody.patrol'"
	                         " AND state = 1"), 2); /* met */
	scene_close(&s);
	(void)state;
}

static void a_missing_joint_check_is_alarmed(void **state)
{
	struct scene s;

	scene_in_store(&s);
	for (int i = 0; i < 25; i++) {
		kit_pass(&s.k, 1750);
		PLAY(&s, PATROL);
	}
	assert_int_equal(kit_alarms(&s.k, "custody.check_missing"), 1);
	PLAY(&s, JOINT_CHECK,
	     {"one that finds something", NULL, OFFICE, "custody.joint_check",
	      "{'place':'" STORE "','sound':false,'finding':'摄像头黑屏'}",
	      "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013",
	      .emits = "custody.joint_checked", .alarm = "custody.finding"});
	scene_close(&s);
	(void)state;
}

static void an_opening_is_measured_against_the_programme(void **state)
{
#define OPEN_BAG(bag) \
	CLERK, "custody.open_bag", "{'place':'" ROOM "','bag':'" bag "','seal_ok':true}", \
		INVIGILATORS("opener")
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"the second bag too", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-2", ROOM),
	      INVIGILATORS("receiver")},
	     {"a minute early", DAY1 "08:40:00+08:00", OPEN_BAG("CHI-1"), .emits = "custody.bag_opened",
	      .alarm = "custody.opened_early"},
	     {"five minutes late", DAY1 "08:55:00+08:00", OPEN_BAG("CHI-2"),
	      .alarm = "custody.opened_late"},
	     {"opened twice", NULL, OPEN_BAG("CHI-2"), .alarm = "custody.not_issued"},
	     {"a bag that nobody issued, of another session", DAY1 "09:05:00+08:00", OPEN_BAG("MAT-1"),
	      .alarm = "custody.wrong_bag",
	      .also = "custody.not_issued"},
	     {"a number nobody knows", NULL, OPEN_BAG("XYZ-1"), .emits = "custody.object_found",
	      .alarm = "custody.found_object"});
	scene_close(&s);
	(void)state;
}

static void a_broken_seal_is_alarmed_at_the_opening(void **state)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"opened, but the seal was broken before", DAY1 "08:50:30+08:00", CLERK,
	      "custody.open_bag", "{'place':'" ROOM "','bag':'CHI-1','seal_ok':false}",
	      INVIGILATORS("opener"), .alarm = "custody.seal_broken"});
	scene_close(&s);
	(void)state;
}

static void a_count_that_does_not_add_up_is_missing_until_it_is_found(void **state)
{
#define COUNT_BAG(used, left) CLERK, "custody.count_bag", "{'place':'" ROOM "','bag':'CHI-1'," \
	"'seal':'SR-1','used':" used ",'absent':1,'left_over':" left ",'replaced':1}", \
	INVIGILATORS("counter") " acceptor=badge:P0022"
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, {"one short", NULL, COUNT_BAG("25", "2"), .emits = "custody.difference_posted",
	          .alarm = "custody.difference"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 1);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "spoiled"), 1);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", SITE), 30 + 3);
	PLAY(&s, {"found under a desk: counted again", NULL, COUNT_BAG("25", "3"),
	          .emits = "custody.difference_posted"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "used"), 25);
	assert_int_equal(kit_count(&s.k, "alarm.folded"), 0); /* found again is no alarm */
	PLAY(&s,
	     {"and one too many", NULL, COUNT_BAG("26", "3"), .emits = "custody.difference_posted"});
	assert_int_equal(kit_count(&s.k, "alarm.folded"), 1);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), -1);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", ROOM), 0);
	kit_check_rebuild(&s.k, NULL);
	scene_close(&s);
	(void)state;
}

static void a_count_of_a_bag_that_was_never_opened_is_alarmed(void **state)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"never opened", NULL, COUNT_BAG("26", "2"), .emits = "custody.bag_counted",
	      .alarm = "custody.counted_unopened"},
	     {"an unknown bag", NULL, CLERK, "custody.count_bag", "{'place':'" ROOM "','bag':'CHI-9',"
	      "'seal':'SR-9','used':30,'absent':0,'left_over':0,'replaced':0}",
	      INVIGILATORS("counter") " acceptor=badge:P0022", .alarm = "custody.found_object"});
	scene_close(&s);
	(void)state;
}

static void a_sheet_that_is_overdue_is_alarmed(void **state)
{
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "12:29:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.sheet_missing"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.sheet_missing"), 1);
	scene_close(&s);
	(void)state;
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(keys_and_code_are_held_apart),
	cmocka_unit_test(a_room_is_activated_when_it_is_guarded),
	cmocka_unit_test(a_room_with_papers_is_not_deactivated),
	cmocka_unit_test(too_few_on_post_is_alarmed),
	cmocka_unit_test(boxes_do_not_leave_a_room_that_is_not_guarded),
	cmocka_unit_test(a_late_patrol_is_alarmed_and_met_late),
	cmocka_unit_test(a_missing_joint_check_is_alarmed),
	cmocka_unit_test(an_opening_is_measured_against_the_programme),
	cmocka_unit_test(a_broken_seal_is_alarmed_at_the_opening),
	cmocka_unit_test(a_count_that_does_not_add_up_is_missing_until_it_is_found),
	cmocka_unit_test(a_count_of_a_bag_that_was_never_opened_is_alarmed),
	cmocka_unit_test(a_sheet_that_is_overdue_is_alarmed),
};
SCENE_MAIN(TESTS)
