/* SPDX-License-Identifier: Apache-2.0 */
/* stop_scenes.c -- a paper is stopped: every site and every room answers, or is alarmed. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define PLANNED {"two rooms", NULL, OFFICE, "arrange.plan_rooms", "{'place':'" SITE \
	"','session':'d1-chinese','rooms':[{'room':'" ROOM "','seats':30}," \
	"{'room':'" SITE "/r02','seats':30},{'room':'" SITE "/r90','seats':0,'kind':'reserve'}]}"}
#define STOP(place) OFFICE, "custody.stop_paper", "{'place':'" place "','session':'d1-chinese'," \
	"'order':'T-1','cause':'leak'}", "leader=phone:P0035"
#define LIFT OFFICE, "custody.lift_stop", \
	"{'place':'" JN "','session':'d1-chinese','order':'T-2'}", "leader=badge:P0002"
#define HAVE_IT CLERK, "custody.acknowledge_stop", \
	"{'place':'" SITE "','session':'d1-chinese'}", "chief=badge:P0021"
#define SEAL(bags) CLERK, "custody.seal_stopped", \
	"{'place':'" SITE "','session':'d1-chinese','bags':[" bags "]}", \
	"sealer=badge:P0024 sealer=badge:P0036"
#define BAG(code, room, copies) "{'bag':'" code "','room':'" SITE "/" room "','seal':'SF-" code \
	"','copies':" copies "}"

static int64_t waiting(struct scene *s)
{
	return kit_sql(&s->k, "SELECT COUNT(*) FROM expectation WHERE state = 0"
	               " AND rule IN ('custody.stop_site', 'custody.stop_room')");
}

static void a_stopped_paper_is_sealed_in_every_room(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, PLANNED, ISSUED,
	     {"stopped", DAY1 "08:20:00+08:00", STOP(JN), .emits = "custody.stop_sent"},
	     {"once", NULL, STOP(JN), .rc = RC_CONFLICT, .field = "session"},
	     {"a room does not answer for its site", NULL, CLERK, "custody.acknowledge_stop",
	      "{'place':'" ROOM "','session':'d1-chinese'}", "chief=badge:P0021", RC_INVALID, "place"},
	     {"of no session", NULL, CLERK, "custody.acknowledge_stop",
	      "{'place':'" SITE "','session':'d9-none'}", "chief=badge:P0021", RC_INVALID, "session"},
	     {"the second bag stays", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-2", SITE "/r02"),
	      INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     {"the other subject goes on", NULL, OFFICE, "custody.stop_paper", "{'place':'" JN
	      "','session':'d9-none','order':'T-1','cause':'leak'}", "leader=badge:P0002",
	      RC_INVALID, "session"});
	assert_int_equal(kit_count(&s.k, "custody.paper_stopped"), 1);
	assert_int_equal(kit_count(&s.k, "custody.stop_room_sent"), 2); /* not to the reserve room */
	assert_int_equal(waiting(&s), 3);
	PLAY(&s, {"the chief has it", DAY1 "08:25:00+08:00", HAVE_IT,
	          .emits = "custody.stop_acknowledged"});
	assert_int_equal(waiting(&s), 2);
	PLAY(&s, {"sealed and counted", DAY1 "08:40:00+08:00",
	          SEAL(BAG("CHI-1", "r01", "30") "," BAG("CHI-2", "r02", "30")),
	          .emits = "custody.stopped_sealed"});
	assert_int_equal(waiting(&s), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", SITE), 60);
	assert_str(view_cell(&s, "SELECT seal FROM custody_bag WHERE code = 'CHI-1'"), "SF-CHI-1");
	PLAY(&s,
	     {"a number nobody knows", NULL, SEAL(BAG("CHI-77", "r01", "30")),
	      .alarm = "custody.found_object"},
	     {"two are gone", NULL, SEAL(BAG("CHI-1", "r01", "28")), .alarm = "custody.difference"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 2);
	assert_int_equal(view_rows(&s, "custody/stops"), 1);
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unordered"), 0);
	PLAY(&s, {"lifted", NULL, LIFT, .emits = "custody.stop_lifted"},
	     {"once", NULL, LIFT, RC_CONFLICT, "session"},
	     {"and given out", NULL, CLERK, "custody.issue_bag", ISSUE("CHI-2", SITE "/r02"),
	      INVIGILATORS("receiver"), .emits = "custody.bag_issued"});
	kit_check_rebuild(&s.k, (const char *const[]){"custody_stop", NULL});
	scene_close(&s);
}

/* Nobody is asked for an answer to an order that is no longer one; another order stands. */
static void a_lifted_stop_is_waited_for_no_more(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, PLANNED, {"stopped", DAY1 "08:20:00+08:00", STOP(JN)},
	     {"at the site too", NULL, STOP(SITE)});
	assert_int_equal(waiting(&s), 3);
	PLAY(&s, {"the county lifts its own", NULL, LIFT, .emits = "custody.stop_lifted"});
	assert_int_equal(waiting(&s), 3);
	PLAY(&s, {"the site's is lifted", NULL, OFFICE, "custody.lift_stop",
	          "{'place':'" SITE "','session':'d1-chinese','order':'T-3'}", "leader=badge:P0002",
	          .emits = "custody.stop_withdrawn"});
	assert_int_equal(waiting(&s), 0);
	scene_patrol_until(&s, DAY1 "08:50:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unanswered"), 0);
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unsealed"), 0);
	scene_close(&s);
}

static void who_does_not_answer_is_alarmed(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, PLANNED, ISSUED, {"stopped", DAY1 "08:20:00+08:00", STOP("sc/cd/jn/s01")},
	     {"and opened", NULL, CLERK, "custody.open_bag",
	      "{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}", INVIGILATORS("opener"),
	      .alarm = "custody.opened_early",
	      .also = "custody.stopped_used"});
	assert_int_equal(kit_alarms(&s.k, "custody.stopped_used"), 1);
	scene_patrol_until(&s, DAY1 "08:34:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unanswered"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unanswered"), 1);
	kit_pass(&s.k, 1800);
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unsealed"), 2);
	scene_close(&s);
}

static void an_answer_to_no_order_is_asked_about(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, PLANNED, ISSUED,
	     {"nobody stopped it", DAY1 "08:25:00+08:00", HAVE_IT,
	      .emits = "custody.stop_acknowledged", .alarm = "custody.stop_unordered"},
	     {"and it is sealed", NULL, SEAL(BAG("CHI-1", "r01", "30")),
	      .emits = "custody.stopped_sealed"});
	assert_int_equal(kit_alarms(&s.k, "custody.stop_unordered"), 1); /* one cause, one alarm */
	assert_int_equal(kit_sql(&s.k, "SELECT folded FROM alarm"
	                         " WHERE rule = 'custody.stop_unordered'"), 1);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_stopped_paper_is_sealed_in_every_room", a_stopped_paper_is_sealed_in_every_room,
	 ROWS("sql:custody_stop/0", "sql:custody_stop/1", "sql:custody_stop/2", "sql:custody_stop/3",
	      "sql:custody_stop/4", "event:custody.paper_stopped", "event:custody.stop_sent",
	      "event:custody.stop_room_sent", "event:custody.stop_acknowledged",
	      "event:custody.stopped_sealed", "event:custody.stop_lifted",
	      "expectation:custody.stop_site", "expectation:custody.stop_room")},
	{"a_lifted_stop_is_waited_for_no_more", a_lifted_stop_is_waited_for_no_more,
	 ROWS("event:custody.stop_withdrawn", "event:custody.stop_room_withdrawn")},
	{"who_does_not_answer_is_alarmed", who_does_not_answer_is_alarmed,
	 ROWS("alarm:custody.stop_unanswered", "alarm:custody.stop_unsealed",
	      "alarm:custody.stopped_used")},
	{"an_answer_to_no_order_is_asked_about", an_answer_to_no_order_is_asked_about,
	 ROWS("alarm:custody.stop_unordered")},
};
const struct scenario_set STOP_SCENES = {LIST, COUNT(LIST)};
