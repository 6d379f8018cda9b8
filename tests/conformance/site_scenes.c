/* SPDX-License-Identifier: Apache-2.0 */
/* site_scenes.c -- boxes are sorted and collected, kept at the site and closed; scripts go on. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define SORT(box, site, bags) "P0003", "custody.sort_boxes", "{'place':'" STORE "','boxes':[" \
	"{'box':'" box "','site':'" site "','bags':" bags "}]}", \
	"sorter=badge:P0003 sorter=badge:P0004 observer=badge:P0011"
#define LETTER(half_day, who) OFFICE, "custody.name_collectors", "{'place':'" SITE \
	"','half_day':'" half_day "','letter':'JS-1','people':[" who "]}", "chief=badge:P0021"
#define PERSON(code) "{'person':'" code "'}"
#define KEEPERS "keeper=badge:P0021 keeper=badge:P0022"
#define KEEP(verb, seal, bags, more) CLERK, "custody." verb "_site_store", "{'place':'" SITE \
	"','session':'d1-maths','seal':'" seal "','bags':" bags more "}", KEEPERS
#define WHOLE ",'seal_ok':true"
#define SEEN(place, bag) "P0041", "custody.see_bag", "{'place':'" place "','bag':'" bag "'}", NULL
#define CLOSE CLERK, "custody.close_site", "{'place':'" SITE "','session':'d1-chinese'}", \
	"closer=badge:P0021 closer=badge:P0022"
#define PLANNED {"one room", NULL, OFFICE, "arrange.plan_rooms", "{'place':'" SITE \
	"','session':'d1-chinese','rooms':[{'room':'" ROOM "','seats':30}]}"}
#define PACK(bag, scripts) CLERK, "custody.pack_scripts", "{'place':'" ROOM "','session':" \
	"'d1-chinese','bag':'" bag "','seal':'DS-1','scripts':" scripts ",'absent':1}", \
	INVIGILATORS("packer") " acceptor=badge:P0022"
#define HAND(from, to, bag, seal, more) "P0014", "custody.hand_scripts", "{'place':'" JN \
	"','from':'" from "','to':'" to "','list':'YS-1','bags':[{'bag':'" bag "','seal':'" seal \
	"'}]" more "}", COURIERS_TO_KEEPERS
#define OPEN_SCRIPTS(place, bag) OFFICE, "custody.open_scripts", \
	"{'place':'" place "','bag':'" bag "'}", NULL

/* How often the one cause was told again. */
static int64_t folded(struct scene *s, const char *rule)
{
	return kit_sql(&s->k, str_fmt(&s->k.arena, "SELECT SUM(folded) FROM alarm WHERE rule = '%s'",
	                              rule).s);
}

static void boxes_go_to_those_whom_a_letter_names(void)
{
	struct scene s;

	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s,
	     {"sorted", NULL, SORT("BX-CHI-01", SITE, "2"), .emits = "custody.boxes_sorted"},
	     {"to another site's heap", NULL, SORT("BX-CHI-01", JN "/s02", "2"),
	      .alarm = "custody.sorted_wrong"},
	     {"one bag short", NULL, SORT("BX-CHI-01", SITE, "1"), .alarm = "custody.counts_differ"},
	     {"a number nobody knows", NULL, SORT("BX-777", SITE, "1"),
	      .alarm = "custody.found_object"},
	     {"for no half day", NULL, LETTER("2025-06-07/ev", PERSON("P0014") "," PERSON("P0015")),
	      RC_INVALID, "half_day"},
	     {"one twice", NULL, LETTER("2025-06-07/am", PERSON("P0014") "," PERSON("P0014")),
	      RC_INVALID, "people"},
	     {"two clerks", NULL, LETTER("2025-06-07/am", PERSON("P0022") "," PERSON("P0023"))},
	     {"the couriers instead", NULL,
	      LETTER("2025-06-07/am", PERSON("P0014") "," PERSON("P0015")),
	      .emits = "custody.collectors_named"},
	     RELEASED, LOADED);
	scene_close(&s);
	scene_in_store(&s);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, {"the couriers are named", NULL,
	          LETTER("2025-06-07/am", PERSON("P0014") "," PERSON("P0015"))},
	     {"then two clerks instead", NULL,
	          LETTER("2025-06-07/am", PERSON("P0022") "," PERSON("P0023"))}, RELEASED,
	     {"and the couriers take it", DAY1 "06:20:00+08:00", "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'" STORE "','to':'V1'," ONE_BOX("BX-CHI-01", "SB-0"),
	      KEEPERS_TO_COURIERS, .alarm = "custody.proxy_collection"});
	kit_check_rebuild(&s.k, (const char *const[]){"custody_collector", NULL});
	scene_close(&s);
}

static void a_profile_may_ask_for_letters(void)
{
	struct scene s;
	struct profile_setting *set;

	scene_in_store(&s);
	set = s.k.w.profile.settings;
	while (strcmp(set->id.s, "custody.letters_needed") != 0)
		set++;
	set->value = 1;
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED,
	     {"nobody is named", DAY1 "06:20:00+08:00", "P0003", "custody.hand_over",
	      "{'place':'" STORE "','from':'" STORE "','to':'V1'," ONE_BOX("BX-CHI-01", "SB-0"),
	      KEEPERS_TO_COURIERS, .alarm = "custody.no_letter"});
	scene_close(&s);
}

static void what_waits_at_a_site_is_sealed_by_subject(void)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"the afternoon's is brought too", NULL, "P0014", "custody.hand_over", "{'place':'" SITE
	      "','from':'" STORE "','to':'" SITE "'," ONE_BOX("BX-MAT-01", "SB-1"), COURIERS_TO_SITE,
	      .alarm = "custody.unreleased"},
	     {"no such session", NULL, CLERK, "custody.seal_site_store", "{'place':'" SITE
	      "','session':'d9-none','seal':'GF-1','bags':2}", KEEPERS, RC_INVALID, "session"},
	     {"sealed", NULL, KEEP("seal", "GF-1", "2", ""), .emits = "custody.site_store_sealed"},
	     {"seen where it is", NULL, SEEN(SITE, "MAT-1"), .emits = "custody.bag_seen"},
	     {"seen in a corridor", NULL, SEEN(SITE "/corridor", "MAT-1"),
	      .alarm = "custody.out_early"},
	     {"seen at another site", NULL, OFFICE, "custody.see_bag",
	      "{'place':'" JN "/s02','bag':'CHI-1'}", NULL, .alarm = "custody.out_early"},
	     {"a number nobody knows", NULL, SEEN(SITE, "MAT-9"), .alarm = "custody.found_object"});
	assert_str(scene_life(&s, "MAT-1"),
	           "bag_registered handed_over handed_over bag_seen bag_seen");
	PLAY(&s, {"far too early", DAY1 "13:44:00+08:00", KEEP("open", "GF-1", "2", WHOLE),
	          .emits = "custody.site_store_opened", .alarm = "custody.site_store_early"},
	     {"sealed again", NULL, KEEP("seal", "GF-2", "2", "")},
	     {"in time", DAY1 "13:50:00+08:00", KEEP("open", "GF-2", "2", WHOLE)},
	     {"and again", NULL, KEEP("seal", "GF-3", "1", ""),
	      .alarm = "custody.site_store_differs"},
	     {"another seal", NULL, KEEP("open", "GF-2", "1", WHOLE), .alarm = "custody.seal_broken"},
	     {"one more", NULL, KEEP("open", "GF-3", "2", WHOLE)});
	assert_int_equal(view_rows(&s, "custody/site_stores"), 3);
	assert_int_equal(folded(&s, "custody.site_store_differs"), 1);
	assert_int_equal(folded(&s, "custody.site_store_early"), 0);
	PLAY(&s, {"once more", NULL, KEEP("seal", "GF-4", "2", "")});
	kit_at(&s.k, DAY1 "14:36:00+08:00");
	kit_pass(&s.k, 60);
	assert_int_equal(kit_alarms(&s.k, "custody.site_store_unopened"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_site_store", NULL});
	scene_close(&s);
}

static void a_site_receives_and_closes_a_session(void)
{
	struct scene s;

	scene_in_store(&s);
	PLAY(&s, PLANNED);
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED, LOADED, PATROL);
	scene_patrol_until(&s, DAY1 "07:30:00+08:00");
	PLAY(&s,
	     {"a second box", NULL, OFFICE, "custody.register_consignment",
	      "{'place':'" JN "','code':'C8','holder':'V1','boxes':1,'bags':1}"},
	     {"of the same session", NULL, OFFICE, "custody.register_box", "{'code':'BX-CHI-02',"
	      "'consignment':'C8','session':'d1-chinese','destined':'" SITE "','seal':'SB-8'}"},
	     AT_SITE);
	assert_int_equal(kit_count(&s.k, "custody.site_received"), 0);
	PLAY(&s, {"comes too", NULL, CLERK, "custody.hand_over", "{'place':'" SITE "','from':'V1',"
	          "'to':'" SITE "','boxes':[{'box':'BX-CHI-02','seal':'SB-8','seal_ok':true,"
	          "'given':0,'received':0}]}", COURIERS_TO_SITE, .emits = "custody.site_received"});
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED, PATROL_AT(DAY1 "08:40:00+08:00"), OPENED, PATROL,
	     {"seen in another room", NULL, SEEN(SITE "/r07", "CHI-1"),
	      .alarm = "custody.wrong_holder"},
	     {"not before the end", NULL, CLOSE, RC_CONFLICT, "session"});
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, {"the room is still out", NULL, CLOSE, .alarm = "custody.site_unbalanced"}, COUNTED,
	     {"all is back", NULL, CLOSE, .emits = "custody.site_closed"});
	assert_int_equal(folded(&s, "custody.site_unbalanced"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 1 AND"
	                         " rule IN ('custody.site_arrival', 'custody.site_close')"), 2);
	assert_int_equal(kit_alarms(&s.k, "custody.site_late"), 0);
	assert_int_equal(kit_alarms(&s.k, "custody.site_unclosed"), 0);
	scene_close(&s);
}

static void a_broken_seal_is_its_own_alarm(void)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s, {"sealed", NULL, KEEP("seal", "GF-1", "0", "")},
	     {"the number is right, the seal is not", DAY1 "13:50:00+08:00",
	      KEEP("open", "GF-1", "0", ",'seal_ok':false"), .alarm = "custody.seal_broken"});
	scene_close(&s);
}

/* One who came from another room brought a paper that no room of this site gave. */
static void a_site_is_closed_from_the_end_on(void)
{
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "11:29:00+08:00");
	PLAY(&s, {"one came in", DAY1 "11:30:00+08:00", CLERK, "custody.count_bag", "{'place':'" ROOM
	          "','bag':'CHI-1','seal':'SR-1','used':28,'absent':1,'left_over':2,'replaced':0,"
	          "'moved_in':1}", INVIGILATORS("counter") " acceptor=badge:P0022"},
	     {"and went out nowhere", NULL, CLOSE, .emits = "custody.site_closed",
	      .alarm = "custody.site_unbalanced"});
	scene_close(&s);
}

static void a_site_that_gets_nothing_and_says_nothing_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, PLANNED);
	kit_at(&s.k, DAY1 "08:01:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "custody.site_late"), 1);
	kit_at(&s.k, DAY1 "13:01:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "custody.site_unclosed"), 1);
	scene_close(&s);
}

/* The second session's bags go out while the first's scripts come back: two counters, two crews. */
static void two_sessions_share_a_half_day(void)
{
#define ON_SITE(box, seal) {"on site", NULL, "P0014", "custody.hand_over", "{'place':'" SITE \
	"','from':'V1','to':'" SITE "'," ONE_BOX(box, seal), COURIERS_TO_SITE}
#define AT(time, bag) {"issued", "2025-06-09T" time ":00+08:00", CLERK, "custody.issue_bag", \
	ISSUE(bag, ROOM), INVIGILATORS("receiver"), .emits = "custody.bag_issued"}
	struct scene s;

	scene_open_with_papers(&s);
	kit_at(&s.k, "2025-06-09T06:30:00+08:00");
	PLAY(&s, ON_SITE("BX-CHE-01", "SB-2"), ON_SITE("BX-GEO-01", "SB-3"), AT("08:00", "CHE-1"),
	     {"the second's, with the first's", NULL, CLERK, "custody.issue_bag", ISSUE("GEO-1", ROOM),
	      INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     {"it is seen on the way", "2025-06-09T08:05:00+08:00", SEEN(SITE "/r02", "GEO-1"),
	      .alarm = "custody.out_early"},
	     {"opened", "2025-06-09T08:20:30+08:00", CLERK, "custody.open_bag",
	      "{'place':'" ROOM "','bag':'CHE-1','seal_ok':true}", INVIGILATORS("opener")},
	     AT("10:05", "GEO-1"),
	     {"it is seen in the wrong room", NULL, SEEN(SITE "/r02", "GEO-1"),
	      .alarm = "custody.wrong_holder"},
	     {"counted", "2025-06-09T10:10:00+08:00", CLERK, "custody.count_bag", "{'place':'" ROOM
	      "','bag':'CHE-1','seal':'SR-1','used':28,'absent':2,'left_over':0,'replaced':0}",
	      INVIGILATORS("counter") " acceptor=badge:P0022", .emits = "custody.bag_counted"});
	assert_int_equal(view_rows(&s, "custody/room_bags"), 2);
	assert_str(view_at(&s.k, "custody/room_bags", 0, "bag"), "CHE-1");
	assert_str(view_at(&s.k, "custody/room_bags", 0, "room"), ROOM);
	assert_str(view_at(&s.k, "custody/room_bags", 0, "state"), "3"); /* counted */
	assert_str(view_at(&s.k, "custody/room_bags", 1, "bag"), "GEO-1");
	scene_close(&s);
}

static void scripts_go_on_sealed_and_are_opened_where_they_are_scanned(void)
{
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s,
	     {"no such session", NULL, CLERK, "custody.pack_scripts", "{'place':'" ROOM "','session':"
	      "'d9-none','bag':'DJ-1','seal':'DS-1','scripts':27,'absent':1}",
	      INVIGILATORS("packer") " acceptor=badge:P0022", RC_INVALID, "session"},
	     {"packed before the count is keyed, and keyed wrongly", NULL, PACK("DJ-1", "72"),
	      .emits = "custody.scripts_packed"},
	     {"put right", NULL, PACK("DJ-1", "27"), .emits = "custody.scripts_packed"},
	     {"another room has that number too", NULL, CLERK, "custody.pack_scripts", "{'place':'" SITE
	      "/r02','session':'d1-chinese','bag':'DJ-1','seal':'DS-1','scripts':30,'absent':0}",
	      INVIGILATORS("packer") " acceptor=badge:P0022", .alarm = "custody.wrong_holder"},
	     COUNTED,
	     {"one script too few", NULL, PACK("DJ-2", "26"), .alarm = "custody.scripts_differ"},
	     {"on the vehicle", NULL, HAND(SITE, "V1", "DJ-1", "DS-1", ""),
	      .emits = "custody.scripts_handed"},
	     {"opened on the way", NULL, OPEN_SCRIPTS(JN "/s02", "DJ-1"),
	      .alarm = "custody.scripts_opened_early"},
	     {"at the marking site", NULL, HAND("V1", JN "/marking", "DJ-1", "DS-1", ",'marking':true"),
	      .emits = "custody.scripts_handed"},
	     {"opened to be scanned", NULL, OPEN_SCRIPTS(JN "/marking", "DJ-1"),
	      .emits = "custody.scripts_opened"},
	     {"another seal", NULL, HAND(SITE, "V1", "DJ-2", "DS-9", ""),
	      .alarm = "custody.seal_broken"},
	     {"from who does not hold it", NULL, HAND(SITE, JN "/marking", "DJ-2", "DS-1", ""),
	      .alarm = "custody.wrong_holder"},
	     {"a number nobody knows", NULL, HAND(SITE, "V1", "DJ-9", "DS-9", ""),
	      .alarm = "custody.found_object"},
	     {"nor this", NULL, OPEN_SCRIPTS(JN, "DJ-8"), .alarm = "custody.found_object"});
	assert_int_equal(view_rows(&s, "custody/scripts"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT scripts FROM custody_script WHERE bag = 'DJ-1'"), 27);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_script", NULL});
	scene_close(&s);
}

/* What the count says after the packing is compared too. */
static void a_count_that_disagrees_with_the_scripts_is_alarmed(void)
{
	struct scene s;

	scene_opened(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, {"packed", NULL, PACK("DJ-1", "26")},
	     {"counted", NULL, CLERK, "custody.count_bag",
	      "{'place':'" ROOM "','bag':'CHI-1','seal':'SR-1','used':27,'absent':1,'left_over':2,"
	      "'replaced':0}", INVIGILATORS("counter") " acceptor=badge:P0022",
	      .alarm = "custody.scripts_differ"});
	scene_patrol_until(&s, DAY1 "14:39:00+08:00");
	assert_int_equal(kit_alarms(&s.k, "custody.scripts_late"), 0);
	kit_pass(&s.k, 120);
	assert_int_equal(kit_alarms(&s.k, "custody.scripts_late"), 1);
	scene_close(&s);
}

static void scripts_end_by_a_list_under_two(void)
{
#define DESTROY(place) OFFICE, "custody.destroy_scripts", \
	"{'place':'" place "','list':'XH-1','bags':[{'bag':'DJ-1'}]}", \
	"supervisor=badge:P0002 supervisor=badge:P0013"
	struct scene s;

	scene_opened(&s);
	PLAY(&s, {"none yet", NULL, DESTROY(SITE), RC_NOT_FOUND, "bags"},
	     {"packed", DAY1 "11:40:00+08:00", PACK("DJ-1", "27")},
	     {"not here", NULL, DESTROY(JN "/s02"), RC_CONFLICT, "bags"},
	     {"kept half a year", NULL, DESTROY(SITE), RC_CONFLICT, "bags"});
	kit_at(&s.k, "2026-01-10T08:00:00+08:00");
	PLAY(&s, {"over", NULL, DESTROY(SITE), .emits = "custody.scripts_destroyed"});
	assert_str(view_cell(&s, "SELECT holder FROM custody_script"), "destroyed");
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"boxes_go_to_those_whom_a_letter_names", boxes_go_to_those_whom_a_letter_names,
	 ROWS("sql:custody_collect/0", "sql:custody_collect/1", "sql:custody_collect/2",
	      "event:custody.boxes_sorted", "event:custody.collectors_named",
	      "alarm:custody.sorted_wrong", "alarm:custody.proxy_collection")},
	{"a_profile_may_ask_for_letters", a_profile_may_ask_for_letters,
	 ROWS("alarm:custody.no_letter")},
	{"what_waits_at_a_site_is_sealed_by_subject", what_waits_at_a_site_is_sealed_by_subject,
	 ROWS("sql:custody_site/1", "sql:custody_site/2", "sql:custody_site/3", "sql:custody_site/5",
	      "event:custody.site_store_sealed", "event:custody.site_store_opened",
	      "event:custody.bag_seen", "expectation:custody.site_store",
	      "alarm:custody.site_store_early", "alarm:custody.site_store_differs",
	      "alarm:custody.site_store_unopened")},
	{"a_site_receives_and_closes_a_session", a_site_receives_and_closes_a_session,
	 ROWS("sql:custody_site/0", "sql:custody_site/4", "event:custody.site_received",
	      "event:custody.site_closed", "expectation:custody.site_arrival",
	      "expectation:custody.site_close", "alarm:custody.site_unbalanced")},
	{"a_broken_seal_is_its_own_alarm", a_broken_seal_is_its_own_alarm, NO_ROWS},
	{"a_site_is_closed_from_the_end_on", a_site_is_closed_from_the_end_on, NO_ROWS},
	{"a_site_that_gets_nothing_and_says_nothing_is_alarmed",
	 a_site_that_gets_nothing_and_says_nothing_is_alarmed,
	 ROWS("alarm:custody.site_late", "alarm:custody.site_unclosed")},
	{"two_sessions_share_a_half_day", two_sessions_share_a_half_day,
	 ROWS("event:custody.bag_issued", "sql:custody_view/12")},
	{"scripts_go_on_sealed_and_are_opened_where_they_are_scanned",
	 scripts_go_on_sealed_and_are_opened_where_they_are_scanned,
	 ROWS("sql:custody_script/0", "sql:custody_script/1", "sql:custody_script/2",
	      "sql:custody_script/3", "sql:custody_script/6", "sql:custody_script/7",
	      "event:custody.scripts_packed",
	      "event:custody.scripts_handed", "event:custody.scripts_opened",
	      "alarm:custody.scripts_differ", "alarm:custody.scripts_opened_early")},
	{"a_count_that_disagrees_with_the_scripts_is_alarmed",
	 a_count_that_disagrees_with_the_scripts_is_alarmed,
	 ROWS("sql:custody_script/5", "expectation:custody.scripts_store",
	      "alarm:custody.scripts_late")},
	{"scripts_end_by_a_list_under_two", scripts_end_by_a_list_under_two,
	 ROWS("sql:custody_script/4", "event:custody.scripts_destroyed")},
};
const struct scenario_set SITE_SCENES = {LIST, COUNT(LIST)};
