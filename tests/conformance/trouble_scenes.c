/* SPDX-License-Identifier: Apache-2.0 */
/* trouble_scenes.c -- what goes wrong with the papers: facts all of them, recorded and alarmed. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define HAND(place, from, to, boxes) "custody.hand_over", "{'place':'" place "','from':'" from \
	"','to':'" to "','boxes':[" boxes "]}"
#define ONE(box, seal, given, received) "{'box':'" box "','seal':'" seal "','seal_ok':true," \
	"'given':" given ",'received':" received "}"
#define CLERKS "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0021 receiver=badge:P0022"
#define OPEN(bag, ok) CLERK, "custody.open_bag", \
	"{'place':'" ROOM "','bag':'" bag "','seal_ok':" ok "}", INVIGILATORS("opener")
#define COUNT_BAG(bag, used, left) CLERK, "custody.count_bag", "{'place':'" ROOM "','bag':'" bag \
	"','seal':'SR-1','used':" used ",'absent':1,'left_over':" left ",'replaced':1}", \
	INVIGILATORS("counter") " acceptor=badge:P0022"

static void a_disputed_hand_over_leaves_the_giver_holding(void)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"one bag short", NULL, "P0003",
	      HAND(STORE, "V1", STORE, ONE("BX-CHI-01", "SB-0", "2", "1")), COURIERS_TO_KEEPERS,
	      .emits = "custody.handover_disputed", .alarm = "custody.counts_differ"},
	     {"another seal", NULL, "P0003",
	      HAND(STORE, "V1", STORE, ONE("BX-MAT-01", "SB-7", "2", "2")), COURIERS_TO_KEEPERS,
	      .emits = "custody.handover_disputed", .alarm = "custody.seal_broken"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "V1"), 60);
	assert_int_equal(view_rows(&s, "custody/disputes"), 2);
	assert_str(scene_life(&s, "BX-CHI-01"), "box_registered handover_disputed");
	scene_close(&s);
}

static void a_box_that_goes_astray_is_alarmed(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s,
	     {"a number nobody knows", NULL, "P0003",
	      HAND(STORE, "V1", STORE, ONE("BX-999", "SB-9", "2", "2")), COURIERS_TO_KEEPERS,
	      .emits = "custody.object_found", .alarm = "custody.found_object"},
	     {"out without release", NULL, "P0003",
	      HAND(STORE, STORE, "V1", ONE("BX-MAT-01", "SB-1", "2", "2")), KEEPERS_TO_COURIERS,
	      .alarm = "custody.unreleased"},
	     {"to a site it is not for", NULL, "P0014",
	      HAND(JN "/s02", "V1", JN "/s02", ONE("BX-MAT-01", "SB-1", "2", "2")),
	      "giver=badge:P0014 giver=badge:P0015 receiver=badge:P0003 receiver=badge:P0004",
	      .alarm = "custody.wrong_place"},
	     {"on a vehicle nobody registered", NULL, "P0014",
	      HAND(JN "/s02", JN "/s02", "V9", ONE("BX-MAT-01", "SB-1", "2", "2")),
	      "giver=badge:P0003 giver=badge:P0004 receiver=badge:P0014 receiver=badge:P0015",
	      .alarm = "custody.unknown_vehicle"},
	     {"from one who does not hold it", NULL, "P0014",
	      HAND(SITE, "V1", SITE, ONE("BX-MAT-01", "SB-1", "2", "2")), CLERKS,
	      .alarm = "custody.wrong_holder"});
	assert_int_equal(scene_balance(&s, "paper.maths.paper", SITE), 60);
	assert_str(scene_life(&s, "BX-999"), "handed_over object_found");
	scene_close(&s);
}

static void papers_in_the_wrong_room_or_at_the_wrong_time_are_alarmed(void)
{
	struct scene s;

	scene_open_with_papers(&s);
	/* The scene begins on the sixth; the profile allows two days, so the examination is moved. */
	s.k.w.profile.sessions[0].start_ms += INT64_C(5) * 86400000;
	PLAY(&s, {"far too early", NULL, "P0003",
	          HAND(STORE, "V1", STORE, ONE("BX-CHI-01", "SB-0", "2", "2")), COURIERS_TO_KEEPERS,
	          .alarm = "custody.stored_too_early"});
	s.k.w.profile.sessions[0].start_ms -= INT64_C(5) * 86400000;
	scene_close(&s);
	scene_open_with_papers(&s);
	PLAY(&s,
	     {"the empty room is closed", NULL, OFFICE, "custody.deactivate_store",
	      "{'place':'" STORE "'}", LEADERS},
	     {"and papers come", NULL, "P0003",
	      HAND(STORE, "V1", STORE, ONE("BX-CHI-01", "SB-0", "2", "2")), COURIERS_TO_KEEPERS,
	      .alarm = "custody.store_not_active"});
	scene_close(&s);
}

static void an_opening_is_measured_against_the_programme(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"the second too", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-2", ROOM),
	      INVIGILATORS("receiver")},
	     {"too early", DAY1 "08:40:00+08:00", OPEN("CHI-1", "true"),
	      .alarm = "custody.opened_early"},
	     {"too late", DAY1 "08:55:00+08:00", OPEN("CHI-2", "true"), .alarm = "custody.opened_late"},
	     {"twice", NULL, OPEN("CHI-2", "true"), .alarm = "custody.not_issued"},
	     {"of another session, and nobody issued it", DAY1 "09:05:00+08:00", OPEN("MAT-1", "true"),
	      .emits = "custody.bag_opened", .alarm = "custody.wrong_bag",
	      .also = "custody.not_issued"});
	assert_int_equal(kit_alarms(&s.k, "custody.not_issued"), 2);
	scene_close(&s);
}

static void a_count_that_does_not_add_up_is_missing(void)
{
	struct scene s;

	scene_opened(&s);
	PLAY(&s, {"counted without a record of its opening", NULL, COUNT_BAG("CHI-2", "27", "1"),
	          .alarm = "custody.counted_unopened"});
	scene_patrol_until(&s, DAY1 "12:29:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.sheet_missing"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.sheet_missing"), 1);
	PLAY(&s, {"one short", NULL, COUNT_BAG("CHI-1", "25", "2"),
	          .emits = "custody.difference_posted", .alarm = "custody.difference"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT missing FROM custody_bag WHERE code = 'CHI-1'"), 1);
	PLAY(&s, {"found under a desk", NULL, COUNT_BAG("CHI-1", "25", "3"),
	          .emits = "custody.difference_posted"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 0);
	scene_close(&s);
}

static void a_bag_that_does_not_come_back_is_missing(void)
{
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED);
	scene_patrol_until(&s, DAY1 "13:29:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.return_missing"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.return_missing"), 1);
	assert_ok(scene_do(&s, "P0003", "custody.close_half_day",
	                   "{'place':'" STORE "','half_day':'2025-06-07/am'}",
	                   "keeper=badge:P0003 keeper=badge:P0001"));
	assert_int_equal(kit_count(&s.k, "custody.bag_missed"), 2); /* the opened one and the other */
	assert_int_equal(kit_alarms(&s.k, "custody.not_back"), 2);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 33);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_bag WHERE state = 5"
	                         " AND holder = 'missing'"), 2);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_disputed_hand_over_leaves_the_giver_holding", a_disputed_hand_over_leaves_the_giver_holding,
	 ROWS("event:custody.handover_disputed", "alarm:custody.counts_differ",
	      "alarm:custody.seal_broken", "sql:custody_view/4")},
	{"a_box_that_goes_astray_is_alarmed", a_box_that_goes_astray_is_alarmed,
	 ROWS("event:custody.object_found", "alarm:custody.found_object",
	      "alarm:custody.unreleased", "alarm:custody.wrong_place",
	      "alarm:custody.unknown_vehicle", "alarm:custody.wrong_holder")},
	{"papers_in_the_wrong_room_or_at_the_wrong_time_are_alarmed",
	 papers_in_the_wrong_room_or_at_the_wrong_time_are_alarmed,
	 ROWS("alarm:custody.stored_too_early", "alarm:custody.store_not_active")},
	{"an_opening_is_measured_against_the_programme", an_opening_is_measured_against_the_programme,
	 ROWS("alarm:custody.opened_early", "alarm:custody.opened_late",
	      "alarm:custody.wrong_bag", "alarm:custody.not_issued")},
	{"a_count_that_does_not_add_up_is_missing", a_count_that_does_not_add_up_is_missing,
	 ROWS("alarm:custody.counted_unopened", "alarm:custody.sheet_missing",
	      "alarm:custody.difference", "event:custody.difference_posted", "sql:custody_count/1")},
	{"a_bag_that_does_not_come_back_is_missing", a_bag_that_does_not_come_back_is_missing,
	 ROWS("alarm:custody.return_missing", "alarm:custody.not_back",
	      "event:custody.bag_missed", "sql:custody/3", "sql:custody_return/2")},
};
const struct scenario_set TROUBLE_SCENES = {LIST, COUNT(LIST)};
