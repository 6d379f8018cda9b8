/* SPDX-License-Identifier: Apache-2.0 */
/* paper_scenes.c -- the way of the papers when all goes well: registered, stored, released, issued,
 * opened, counted, returned, destroyed.  Every act fails when an alarm is raised that it does not
 * name.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/custody/custody.h"

#define CONSIGNMENT(code, holder) OFFICE, "custody.register_consignment", \
	"{'place':'" JN "','code':'" code "','holder':'" holder "','boxes':1,'bags':1}"
#define BOX(code) OFFICE, "custody.register_box", "{'code':'" code "','consignment':'C2'," \
	"'session':'d1-chinese','destined':'" SITE "','seal':'S-1'}"
#define IN_BOX(code) OFFICE, "custody.register_bag", "{'code':'" code "','box':'BX-1'," \
	"'kind':'spare','copies':30,'seal':'S-2'}"
#define BACK(place, from, to, bags) "custody.return_bags", "{'place':'" place "','from':'" from \
	"','to':'" to "','bags':[" bags "]}"
#define BAG(code, seal) "{'bag':'" code "','seal':'" seal "'}"
#define CLOSE_AM "custody.close_half_day", "{'place':'" STORE "','half_day':'2025-06-07/am'}", \
	"keeper=badge:P0003 keeper=badge:P0001"

static void what_is_sent_is_registered_once_and_in_its_numbers(void)
{
	struct scene s;

	scene_open_with_papers(&s);
	PLAY(&s,
	     {"the vehicle again", NULL, OFFICE, "custody.register_vehicle",
	      "{'place':'" JN "','code':'V1','plate':'演A1'}", .rc = RC_CONFLICT, .field = "code"},
	     {"another", NULL, OFFICE, "custody.register_vehicle",
	      "{'place':'" JN "','code':'V2','plate':'演A2'}", .emits = "custody.vehicle_registered"},
	     {"the consignment again", NULL, CONSIGNMENT("C1", "V1"), .rc = RC_CONFLICT,
	      .field = "code"},
	     {"another", NULL, CONSIGNMENT("C2", "V2"), .emits = "custody.consignment_registered"},
	     {"a number that is a bag's", NULL, BOX("CHI-1"), .rc = RC_CONFLICT, .field = "code"},
	     {"a number that is a box's", NULL, BOX("BX-CHI-01"), .rc = RC_CONFLICT, .field = "code"},
	     {"a box", NULL, BOX("BX-1"), .emits = "custody.box_registered"},
	     {"one box too many", NULL, BOX("BX-2"), .rc = RC_CONFLICT, .field = "consignment"},
	     {"a bag", NULL, IN_BOX("SPA-1"), .emits = "custody.bag_registered"},
	     {"one bag too many", NULL, IN_BOX("SPA-2"), .rc = RC_CONFLICT, .field = "box"});
	assert_int_equal(scene_balance(&s, "paper.chinese.spare", "V2"), 30);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "V1"), 60);
	assert_int_equal(view_rows(&s, "custody/boxes"), 5);
	assert_int_equal(view_one(&s, "custody/boxes", "BX-1"), 1);
	assert_true(view_rows(&s, "custody/bags") > 0);
	assert_int_equal(view_rows(&s, "custody/papers"), view_rows(&s, "custody/bags"));
	assert_true(view_rows(&s, "custody/paper_sums") > 0);
	assert_int_equal(view_rows(&s, "custody/consignments"), 2);
	assert_int_equal(view_one(&s, "custody/bags", "SPA-1"), 1);
	assert_int_equal(view_one(&s, "custody/bags", "SPA-9"), 0);
	assert_str(scene_life(&s, "SPA-1"), "bag_registered");
	kit_check_rebuild(&s.k, (const char *const[]){"custody_vehicle", "custody_consignment", NULL});
	scene_close(&s);
}

static int64_t held(struct scene *s, const char *place, enum bag_state state)
{
	struct custody_holding *list;
	struct op op = s->k.op;
	int64_t copies = 0;
	size_t n, i;

	op.db = s->k.store.view;
	assert_ok(custody_holdings(&op, str_of(place), &list, &n));
	for (i = 0; i < n; i++)
		if (list[i].state == state)
			copies += list[i].copies;
	return copies;
}

static int64_t on_the_way(const struct scene *s, const char *place)
{
	struct custody_holding *list;
	struct op op = s->k.op;
	int64_t copies = 0;
	size_t n, i;

	op.db = s->k.store.view;
	assert_ok(custody_in_transit(&op, str_of(place), &list, &n));
	for (i = 0; i < n; i++)
		copies += list[i].copies;
	return copies;
}

/* In the secrecy room, out of it, at the site: books and rows say the same. */
static void boxes_go_to_the_site_by_way_of_the_secrecy_room(void)
{
	struct scene s;
	int64_t loaded;

	scene_in_store(&s);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", STORE), 60);
	assert_int_equal(held(&s, STORE, BAG_PACKED), 120);
	assert_int_equal(held(&s, "", BAG_PACKED), 240);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_bag"
	                         " WHERE store = '" STORE "'"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box"
	                         " WHERE holder = '" STORE "'"), 2);
	PLAY(&s, {"papers are in it", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}",
	          LEADERS, RC_CONFLICT, "place"});
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, {"the afternoon's box stays", NULL, "P0003", "custody.release_boxes",
	          RELEASE("BX-MAT-01"), OPENERS, RC_CONFLICT, "boxes"}, RELEASED);
	assert_str(view_cell(&s, "SELECT code FROM custody_box WHERE released = 1"), "BX-CHI-01");
	loaded = on_the_way(&s, JN);
	PLAY(&s, LOADED, PATROL);
	assert_int_equal(on_the_way(&s, JN), held(&s, "V1", BAG_PACKED));
	assert_true(on_the_way(&s, JN) > loaded);
	assert_str(view_cell(&s, "SELECT holder FROM custody_box WHERE code = 'BX-CHI-01'"), "V1");
	assert_str(view_cell(&s, "SELECT holder FROM custody_bag WHERE code = 'CHI-2'"), "V1");
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_handover WHERE disputed = 0"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_handover_box"), 3);
	assert_str(scene_life(&s, "BX-CHI-01"),
	           "box_registered handed_over boxes_released handed_over");
	PLAY(&s, {"and back in: a new release is needed", NULL, "P0003", "custody.hand_over",
	          "{'place':'" STORE "','from':'V1','to':'" STORE "'," ONE_BOX("BX-CHI-01", "SB-0"),
	          COURIERS_TO_KEEPERS, .emits = "custody.handed_over"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_box WHERE released = 1"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_handover",
	                                              "custody_handover_box", NULL});
	scene_close(&s);
}

static void a_bag_is_issued_opened_counted_and_returned(void)
{
	struct scene s;

	scene_opened(&s);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", ROOM), 30);
	assert_int_equal(held(&s, ROOM, BAG_OPENED), 30);
	assert_true(kit_sql(&s.k, "SELECT opened_ms FROM custody_bag WHERE code = 'CHI-1'") > 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 0 AND"
	                         " rule IN ('custody.room_sheet', 'custody.return')"), 2);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED, PATROL);
	assert_int_equal(held(&s, SITE, BAG_COUNTED), 3);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "used"), 27);
	PLAY(&s,
	     {"on the vehicle", NULL, CLERK, BACK(SITE, SITE, "V1", BAG("CHI-1", "SR-1")),
	      SITE_TO_COURIERS, .emits = "custody.bags_moved"},
	     {"in the room", NULL, "P0003",
	      BACK(STORE, "V1", STORE, BAG("CHI-1", "SR-1")), COURIERS_TO_KEEPERS,
	      .emits = "custody.bags_returned"},
	     {"the other straight", NULL, "P0003", BACK(STORE, SITE, STORE, BAG("CHI-2", "SG-CHI-2")),
	      COURIERS_TO_KEEPERS},
	     {"the half day adds up", NULL, "P0003", CLOSE_AM, .emits = "custody.half_day_closed"},
	     {"once", NULL, "P0003", CLOSE_AM, RC_CONFLICT, "half_day"});
	assert_int_equal(held(&s, STORE, BAG_RETURNED), 33);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 1 AND"
	                         " rule IN ('custody.room_sheet', 'custody.return')"), 2);
	assert_str(scene_life(&s, "CHI-1"), "bag_registered handed_over handed_over handed_over"
	           " bag_issued bag_opened bag_counted bags_moved bags_returned");
	kit_check_rebuild(&s.k, (const char *const[]){"custody_box", "custody_bag", "custody_trace",
	                                              "custody_half_day", NULL});
	scene_close(&s);
}

/* Between two stops the bag is nowhere but on the vehicle. */
static void a_bag_on_its_way_back_is_on_the_vehicle(void)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s, {"sent back unopened", NULL, CLERK, BACK(SITE, SITE, "V1", BAG("CHI-2", "SG-CHI-2")),
	          SITE_TO_COURIERS, .emits = "custody.bags_moved"});
	assert_str(view_cell(&s, "SELECT holder FROM custody_bag WHERE code = 'CHI-2'"), "V1");
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", SITE), 30);
	scene_close(&s);
}

static void papers_end_under_two_pairs_of_eyes(void)
{
#define DESTROY(bag) OFFICE, "custody.destroy", \
	"{'place':'" STORE "','bags':[{'bag':'" bag "'}]}", \
	"supervisor=badge:P0002 supervisor=badge:P0013"
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, {"not while sessions are to come", NULL, DESTROY("CHI-1"), RC_CONFLICT, "bags"});
	kit_at(&s.k, "2025-06-12T08:00:00+08:00");
	PLAY(&s, {"over", NULL, DESTROY("CHI-1"), .emits = "custody.bags_destroyed"},
	     {"once", NULL, DESTROY("CHI-1"), RC_CONFLICT, "bags"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "destroyed"), 30);
	assert_int_equal(kit_sql(&s.k, "SELECT destroyed FROM custody_bag WHERE code = 'CHI-1'"), 30);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"what_is_sent_is_registered_once_and_in_its_numbers",
	 what_is_sent_is_registered_once_and_in_its_numbers,
	 ROWS("sql:custody_consignment/0", "sql:custody_consignment/1",
	      "sql:custody_consignment/2", "sql:custody_consignment/3",
	      "sql:custody_consignment/4", "sql:custody_consignment/5",
	      "sql:custody_consignment/6", "sql:custody_consignment/7", "sql:custody_consignment/8",
	      "sql:custody/0",
	      "sql:custody/1", "sql:custody/4", "sql:custody_view/0", "sql:custody_view/3",
	      "sql:custody_view/6", "sql:custody_view/7", "sql:custody_view/8", "sql:custody_view/10",
	      "sql:custody_view/11",
	      "event:custody.vehicle_registered", "event:custody.consignment_registered",
	      "event:custody.box_registered", "event:custody.bag_registered")},
	{"boxes_go_to_the_site_by_way_of_the_secrecy_room",
	 boxes_go_to_the_site_by_way_of_the_secrecy_room,
	 ROWS("sql:custody/2", "sql:custody_handover/0", "sql:custody_handover/1",
	      "sql:custody_handover/2", "sql:custody_handover/3", "sql:custody_handover/4",
	      "sql:custody_handover/5", "sql:custody_issue/0", "sql:custody_store/5",
	      "sql:custody_store/7", "sql:custody_view/1", "sql:custody_view/2", "sql:custody_view/9",
	      "event:custody.handed_over", "event:custody.boxes_released")},
	{"a_bag_is_issued_opened_counted_and_returned", a_bag_is_issued_opened_counted_and_returned,
	 ROWS("sql:custody_issue/1", "sql:custody_issue/2", "sql:custody_count/0",
	      "sql:custody_return/1", "sql:custody_return/4", "sql:custody_return/5",
	      "expectation:custody.room_sheet", "expectation:custody.return",
	      "event:custody.bag_issued", "event:custody.bag_opened", "event:custody.bag_counted",
	      "event:custody.bags_returned", "event:custody.half_day_closed")},
	{"a_bag_on_its_way_back_is_on_the_vehicle", a_bag_on_its_way_back_is_on_the_vehicle,
	 ROWS("sql:custody_return/0", "event:custody.bags_moved")},
	{"papers_end_under_two_pairs_of_eyes", papers_end_under_two_pairs_of_eyes,
	 ROWS("sql:custody_return/3", "event:custody.bags_destroyed")},
};
const struct scenario_set PAPER_SCENES = {LIST, COUNT(LIST)};
