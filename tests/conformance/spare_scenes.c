/* SPDX-License-Identifier: Apache-2.0 */
/* spare_scenes.c -- at the site: the signed sheet, loose materials, spare papers, changed cards,
 * the second paper, openings that a recording shows; the law of a room with all of it.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"

#define DESK "issuer=badge:P0022 issuer=badge:P0021"
#define CHIEFS "chief=badge:P0021 deputy=badge:P0036"
#define SHEET(rows) CLERK, "custody.issue_sheet", \
	"{'place':'" SITE "','session':'d1-chinese','sheet':'LQ-1','rows':[" rows "]}", DESK
#define ROW(bag, room, who) "{'bag':'" bag "','room':'" SITE "/" room "'" who "}"
#define BOTH ",'first':'P0024','second':'P0025'"
#define GOODS(verb, rows) CLERK, "custody." verb "_materials", \
	"{'place':'" SITE "','session':'d1-chinese','rows':[" rows "]}", DESK
#define GOOD(room, kind, more) "{'room':'" SITE "/" room "','kind':'" kind "','copies':" more "}"
#define USE(bag, more) CLERK, "custody.use_spare", "{'place':'" ROOM "','bag':'" bag "'," more "}"
#define PROPER "'cause':'print','seal':'HF-1','approval':'DH-7','filmed':true"
#define CHANGE(more) CLERK, "custody.change_card", \
	"{'place':'" ROOM "','session':'d1-chinese','cause':'staff'" more "}", \
	INVIGILATORS("changer") " chief=badge:P0021"
#define SEEN(more) "P0039", "custody.see_opening", \
	"{'place':'" ROOM "','session':'d1-chinese'" more "}", NULL
#define EXTRA(code, kind) OFFICE, "custody.register_bag", "{'code':'" code "','box':'BX-SPA-01'," \
	"'kind':'" kind "','copies':10,'seal':'S-" code "'}"
#define COUNT_OF(bag, numbers) CLERK, "custody.count_bag", "{'place':'" ROOM "','bag':'" bag \
	"','seal':'SR-1'," numbers "}", INVIGILATORS("counter") " acceptor=badge:P0022"

/* A box of spare papers, cards and the second paper, with the chief. */
static void with_spares(struct scene *s)
{
	PLAY(s,
	     {"with the chief", NULL, OFFICE, "custody.register_consignment", "{'place':'" JN
	      "','code':'C9','holder':'" SITE "','boxes':1,'bags':4}"},
	     {"their box", NULL, OFFICE, "custody.register_box", "{'code':'BX-SPA-01',"
	      "'consignment':'C9','session':'d1-chinese','destined':'" SITE "','seal':'S-9'}"},
	     {"spare papers", NULL, EXTRA("SPA-1", "spare")},
	     {"the room's cards", NULL, EXTRA("CAR-1", "card")},
	     {"spare cards", NULL, EXTRA("CAR-2", "card")},
	     {"the second paper", NULL, EXTRA("SEC-1", "second")});
}

static void a_signed_sheet_is_keyed_row_by_row(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s,
	     {"no such session", NULL, CLERK, "custody.issue_sheet",
	      "{'place':'" SITE "','session':'d9-none','sheet':'LQ-1','rows':["
	      ROW("CHI-1", "r01", BOTH) "]}", DESK, RC_INVALID, "session"},
	     {"a bag twice", NULL, SHEET(ROW("CHI-1", "r01", BOTH) "," ROW("CHI-1", "r02", BOTH)),
	      .rc = RC_INVALID},
	     {"signed by two", NULL, SHEET(ROW("CHI-1", "r01", BOTH)), .emits = "custody.sheet_keyed"},
	     {"signed by one", NULL, SHEET(ROW("CHI-2", "r02", ",'first':'P0024'")),
	      .emits = "custody.bag_issued", .alarm = "custody.sheet_unsigned"},
	     {"out a second time", NULL, SHEET(ROW("CHI-2", "r03", BOTH)),
	      .alarm = "custody.wrong_holder"},
	     {"a number nobody knows", NULL, SHEET(ROW("CHI-77", "r03", BOTH)),
	      .alarm = "custody.found_object"},
	     {"the afternoon's, in the morning", NULL, SHEET(ROW("MAT-1", "r01", BOTH)),
	      .emits = "custody.bag_issued", .alarm = "custody.out_early"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", ROOM), 30);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", SITE "/r03"), 30);
	scene_close(&s);
}

static void loose_materials_come_back_as_they_went(void)
{
	struct scene s;

	scene_at_site(&s);
	PLAY(&s,
	     {"another site's room", NULL, CLERK, "custody.issue_materials", "{'place':'" SITE
	      "','session':'d1-chinese','rows':[{'room':'" JN "/s02/r01','kind':'card','copies':30}]}",
	      DESK, RC_INVALID, "rows"},
	     {"cards and paper", NULL, GOODS("issue", GOOD("r01", "card", "30") ","
	      GOOD("r02", "card", "30") "," GOOD("r01", "scratch", "30")),
	      .emits = "custody.materials_issued"},
	     {"two cards more", NULL, GOODS("issue", GOOD("r01", "card", "2"))},
	     {"back as they went", NULL, GOODS("return", GOOD("r01", "card", "32") ","
	      GOOD("r02", "card", "29,'moved':-1") "," GOOD("r01", "scratch", "30")),
	      .emits = "custody.materials_returned"},
	     {"one sheet short", NULL, GOODS("return", GOOD("r01", "scratch", "29")),
	      .alarm = "custody.material_differs"});
	assert_int_equal(kit_sql(&s.k, "SELECT SUM(back) FROM custody_material WHERE kind = 0"), 62);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_material", NULL});
	scene_close(&s);
}

/* bag + spare + moved in = used + absent + left over + replaced + moved out */
static void a_spare_paper_counts_with_the_room_that_used_it(void)
{
	struct scene s;

	scene_opened(&s);
	with_spares(&s);
	PLAY(&s,
	     {"approved, filmed, sealed", DAY1 "08:57:00+08:00", USE("SPA-1", "'copies':1," PROPER),
	      CHIEFS, .emits = "custody.spare_used"},
	     {"approved by one who signs", NULL,
	      USE("SPA-1", "'copies':1,'cause':'short','filmed':true"),
	      CHIEFS " approver=badge:P0002"},
	     {"by nobody", NULL, USE("SPA-1", "'copies':1,'cause':'short','filmed':true"), CHIEFS,
	      .alarm = "custody.spare_unapproved"},
	     {"unseen", NULL, USE("SPA-1", "'copies':1,'cause':'short','approval':'DH-7'"), CHIEFS,
	      .alarm = "custody.spare_unfilmed"},
	     {"the old one lies about", NULL,
	      USE("SPA-1", "'copies':1,'cause':'damaged','approval':'DH-7','filmed':true"), CHIEFS,
	      .alarm = "custody.replaced_unsealed"},
	     {"more than it holds", NULL, USE("SPA-1", "'copies':30," PROPER), CHIEFS,
	      .alarm = "custody.not_spare"});
	assert_int_equal(scene_balance(&s, "paper.chinese.spare", "used"), 35);
	assert_int_equal(scene_balance(&s, "paper.chinese.spare", "missing"), -25);
	assert_int_equal(kit_sql(&s.k, "SELECT spare FROM custody_bag WHERE code = 'CHI-1'"), 35);
	assert_int_equal(kit_sql(&s.k, "SELECT used FROM custody_bag WHERE code = 'SPA-1'"), 35);
	PLAY(&s,
	     {"all of it adds up", DAY1 "11:40:00+08:00",
	      COUNT_OF("CHI-1", "'used':61,'absent':1,'left_over':2,'replaced':2,'moved_in':2,"
	               "'moved_out':1"), .emits = "custody.bag_counted"},
	     {"one moved in too few", NULL,
	      COUNT_OF("CHI-1", "'used':61,'absent':1,'left_over':2,'replaced':2,'moved_in':3,"
	               "'moved_out':1"), .alarm = "custody.difference"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 1);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "moved"), -2); /* the others' rooms */
	assert_int_equal(kit_sql(&s.k, "SELECT used FROM custody_bag WHERE code = 'CHI-1'"), 26);
	scene_close(&s);
}

static void spare_papers_that_no_count_accounts_for_are_missed(void)
{
	struct scene s;

	scene_opened(&s);
	with_spares(&s);
	PLAY(&s,
	     {"two spare papers", DAY1 "08:57:00+08:00", USE("SPA-1", "'copies':2," PROPER), CHIEFS},
	     {"one of them is counted", DAY1 "11:40:00+08:00",
	      COUNT_OF("CHI-1", "'used':1,'absent':28,'left_over':2,'replaced':0"),
	      .alarm = "custody.difference"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "used"), 0);
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "missing"), 0);
	PLAY(&s,
	     {"both of them", NULL,
	      COUNT_OF("CHI-1", "'used':2,'absent':28,'left_over':2,'replaced':0"),
	      .emits = "custody.bag_counted"});
	assert_int_equal(scene_balance(&s, "paper.chinese.paper", "used"), 0);
	scene_close(&s);
}

static void a_card_is_not_changed_in_the_last_minutes(void)
{
	struct scene s;

	scene_opened(&s);
	with_spares(&s);
	PLAY(&s,
	     {"cards to the room", NULL, CLERK, "custody.issue_bag", ISSUE("CAR-1", ROOM),
	      INVIGILATORS("receiver")},
	     {"in time", DAY1 "10:00:00+08:00", CHANGE(",'card':'K-31','seal':'HF-1'"),
	      .emits = "custody.card_changed"},
	     {"from a bag of spare cards", NULL, USE("CAR-2", "'copies':1," PROPER), CHIEFS});
	assert_int_equal(kit_sql(&s.k, "SELECT spare FROM custody_bag WHERE code = 'CAR-1'"), 1);
	PLAY(&s,
	     {"all that is left in it", NULL, USE("CAR-2", "'copies':9," PROPER), CHIEFS},
	     {"from a bag of papers", NULL, USE("CHI-2", "'copies':1," PROPER), CHIEFS,
	      .alarm = "custody.not_spare"},
	     {"the old card lies about", NULL, CHANGE(""), .alarm = "custody.replaced_unsealed"},
	     {"no such session", NULL, CLERK, "custody.change_card",
	      "{'place':'" ROOM "','session':'d9-none','cause':'staff'}",
	      INVIGILATORS("changer") " chief=badge:P0021", RC_INVALID, "session"},
	     {"at the last moment", DAY1 "11:15:00+08:00", CHANGE(",'seal':'HF-2'")},
	     {"after it", DAY1 "11:15:01+08:00", CHANGE(",'seal':'HF-3'"),
	      .alarm = "custody.card_changed_late"});
	scene_close(&s);
}

static void a_second_paper_is_the_provinces_to_order(void)
{
	struct scene s;

	scene_at_site(&s);
	with_spares(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s,
	     {"not ordered", NULL, CLERK, "custody.issue_bag", ISSUE("SEC-1", ROOM),
	      INVIGILATORS("receiver"), RC_CONFLICT, "bag"},
	     {"and taken all the same", NULL, SHEET(ROW("SEC-1", "r01", BOTH)),
	      .alarm = "custody.second_unordered"},
	     {"ordered", NULL, "P0034", "custody.order_second",
	      "{'place':'sc/cd','session':'d1-chinese','order':'JY-1'}",
	      "leader=phone:P0034 leader=phone:P0055", .emits = "custody.second_ordered"},
	     {"of no session", NULL, "P0034", "custody.order_second",
	      "{'place':'" JN "','session':'d9-none','order':'JY-1'}",
	      "leader=badge:P0034 leader=badge:P0055", RC_INVALID, "session"},
	     {"once", NULL, "P0034", "custody.order_second",
	      "{'place':'" JN "','session':'d1-chinese','order':'JY-1'}",
	      "leader=badge:P0034 leader=badge:P0055", RC_CONFLICT, "session"},
	     {"from room to room, now in order", NULL, SHEET(ROW("SEC-1", "r02", BOTH)),
	      .alarm = "custody.wrong_holder"});
	assert_int_equal(kit_alarms(&s.k, "custody.second_unordered"), 1);
	assert_int_equal(scene_balance(&s, "paper.chinese.second", SITE "/r02"), 10);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_second", NULL});
	scene_close(&s);
}

static void an_early_opening_is_red_when_a_recording_says_so(void)
{
	struct scene s;

	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"half a minute: the clock of the camera", DAY1 "08:49:30+08:00", SEEN(""),
	      .emits = "custody.opening_seen", .alarm = "custody.opened_early"},
	     {"in time", DAY1 "08:50:20+08:00", SEEN(",'bag':'CHI-1'")});
	scene_close(&s);
	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED, {"no such session", NULL, "P0039", "custody.see_opening",
	                  "{'place':'" ROOM "','session':'d9-none'}", NULL, RC_INVALID, "session"},
	     {"ten minutes", DAY1 "08:40:00+08:00", SEEN(""),
	      .alarm = "custody.opened_early_confirmed"},
	     {"a number nobody knows", NULL, SEEN(",'bag':'CHI-77'"), .alarm = "custody.found_object"});
	assert_str(scene_life(&s, "CHI-1"),
	           "bag_registered handed_over handed_over handed_over bag_issued opening_seen");
	scene_close(&s);
}

/* One room's clock is a note where the profile says so; a second source makes it red. */
static void two_sources_make_an_early_opening_red(void)
{
	struct scene s;
	struct profile_setting *set;

	scene_at_site(&s);
	set = s.k.w.profile.settings;
	while (strcmp(set->id.s, "custody.opened_early_yellow") != 0)
		set++;
	set->value = 1;
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"the room says so", DAY1 "08:40:00+08:00", CLERK, "custody.open_bag",
	      "{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}", INVIGILATORS("opener"),
	      .alarm = "custody.opened_early_noted"});
	assert_int_equal(kit_sql(&s.k, "SELECT opened_by FROM custody_bag WHERE code = 'CHI-1'"),
	                 SOURCE_OFFICE);
	PLAY(&s, {"and so does the recording", NULL, SEEN(",'bag':'CHI-1'"),
	          .alarm = "custody.opened_early_confirmed"});
	scene_close(&s);
	scene_at_site(&s);
	scene_patrol_until(&s, DAY1 "08:15:00+08:00");
	PLAY(&s, ISSUED,
	     {"the office says so", DAY1 "08:40:00+08:00", CLERK, "custody.open_bag",
	      "{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}", INVIGILATORS("opener"),
	      .alarm = "custody.opened_early"});
	s.k.source = SOURCE_PAPER;
	PLAY(&s, {"and the room's sheet", DAY1 "08:40:00+08:00", CLERK, "custody.open_bag",
	          "{'place':'" ROOM "','bag':'CHI-1','seal_ok':true}", INVIGILATORS("opener"),
	          .alarm = "custody.opened_early_confirmed"});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_signed_sheet_is_keyed_row_by_row", a_signed_sheet_is_keyed_row_by_row,
	 ROWS("event:custody.sheet_keyed", "alarm:custody.sheet_unsigned", "alarm:custody.out_early")},
	{"loose_materials_come_back_as_they_went", loose_materials_come_back_as_they_went,
	 ROWS("sql:custody_sheet/0", "sql:custody_sheet/1", "sql:custody_sheet/2",
	      "sql:custody_sheet/3", "event:custody.materials_issued",
	      "event:custody.materials_returned", "alarm:custody.material_differs")},
	{"spare_papers_that_no_count_accounts_for_are_missed",
	 spare_papers_that_no_count_accounts_for_are_missed, ROWS("alarm:custody.difference")},
	{"a_spare_paper_counts_with_the_room_that_used_it",
	 a_spare_paper_counts_with_the_room_that_used_it,
	 ROWS("sql:custody/5", "sql:custody_spare/0", "sql:custody_spare/1",
	      "event:custody.spare_used", "alarm:custody.spare_unapproved",
	      "alarm:custody.spare_unfilmed", "alarm:custody.replaced_unsealed",
	      "alarm:custody.not_spare")},
	{"a_card_is_not_changed_in_the_last_minutes", a_card_is_not_changed_in_the_last_minutes,
	 ROWS("event:custody.card_changed", "alarm:custody.card_changed_late")},
	{"a_second_paper_is_the_provinces_to_order", a_second_paper_is_the_provinces_to_order,
	 ROWS("sql:custody_spare/2", "sql:custody_spare/3", "event:custody.second_ordered",
	      "alarm:custody.second_unordered")},
	{"an_early_opening_is_red_when_a_recording_says_so",
	 an_early_opening_is_red_when_a_recording_says_so,
	 ROWS("event:custody.opening_seen", "alarm:custody.opened_early_confirmed")},
	{"two_sources_make_an_early_opening_red", two_sources_make_an_early_opening_red,
	 ROWS("alarm:custody.opened_early_noted")},
};
const struct scenario_set SPARE_SCENES = {LIST, COUNT(LIST)};
