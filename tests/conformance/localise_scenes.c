/* SPDX-License-Identifier: Apache-2.0 */
/* localise_scenes.c -- whatever goes wrong with a session's papers, the place and the interval are
 * told: lost, counted twice, swapped, late, disputed.  And how secret a thing is, by what happened.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/custody/localise.h"
#include "domain/custody/secrecy.h"

#define COUNT_OF(bag, room, used, left) CLERK, "custody.count_bag", "{'place':'" SITE "/" room \
	"','bag':'" bag "','seal':'SR-1','used':" used ",'absent':1,'left_over':" left \
	",'replaced':0}", INVIGILATORS("counter") " acceptor=badge:P0022"
#define OPEN_IN(bag, room) {"opened", NULL, CLERK, "custody.open_bag", "{'place':'" SITE "/" room \
	"','bag':'" bag "','seal_ok':true}", INVIGILATORS("opener")}
#define BACK(to, bag, seal) "P0003", "custody.return_bags", "{'place':'" STORE "','from':'" SITE \
	"','to':'" to "','bags':[{'bag':'" bag "','seal':'" seal "'}]}", COURIERS_TO_KEEPERS

/* The n-th difference of the session there; how many there are. */
static struct custody_gap gap(struct scene *s, const char *place, size_t i, size_t *ret_n)
{
	struct custody_gap *list;
	struct op op = s->k.op;

	op.db = s->k.store.view;
	op.now_ms = clock_now_ms(&s->k.clock);
	assert_ok(custody_localise(&op, &s->k.w.profile, STR("d1-chinese"), str_of(place), &list,
	                           ret_n));
	return i < *ret_n ? list[i] : (struct custody_gap){0};
}

static void must_be(const struct custody_gap *g, enum gap_kind kind, const char *code,
                    const char *place, int64_t copies)
{
	assert_string_equal(gap_kind_text(g->kind), gap_kind_text(kind));
	assert_str(g->code, code);
	assert_str(g->place, place);
	assert_int_equal(g->copies, copies);
	assert_true(g->before < 0 || g->after < g->before);
}

/* The event types of the two entries between which it arose. */
static void between(struct scene *s, const struct custody_gap *g, const char *after,
                    const char *before)
{
	struct json *e;

	assert_ok(json_read(&s->k.op, kit_entry(&s->k, (uint64_t)g->after), &e));
	assert_str(json_str(e, "type"), after);
	assert_ok(json_read(&s->k.op, kit_entry(&s->k, (uint64_t)g->before), &e));
	assert_str(json_str(e, "type"), before);
}

/* Two rooms of the site have a bag each, opened in time. */
static void two_rooms(struct scene *s)
{
	scene_at_site(s);
	scene_patrol_until(s, DAY1 "08:15:00+08:00");
	PLAY(s, ISSUED, {"to the second room", NULL, CLERK, "custody.issue_bag",
	                 ISSUE("CHI-2", SITE "/r02"), INVIGILATORS("receiver")},
	     PATROL_AT(DAY1 "08:40:00+08:00"), OPENED);
}

static void copies_that_are_lost_or_counted_twice_are_placed(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	PLAY(&s, OPEN_IN("CHI-2", "r02"));
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	(void)gap(&s, "", 0, &n);
	assert_int_equal(n, 0);
	PLAY(&s, {"two short", NULL, COUNT_OF("CHI-1", "r01", "27", "0"),
	          .alarm = "custody.difference"});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_LOST, "CHI-1", ROOM, 2);
	between(&s, &g, "custody.bag_opened", "custody.bag_counted");
	PLAY(&s, {"one too many", NULL, COUNT_OF("CHI-2", "r02", "30", "0"),
	          .alarm = "custody.difference"});
	g = gap(&s, SITE "/r02", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_DOUBLE, "CHI-2", SITE "/r02", 1);
	PLAY(&s, {"two too many: they changed rooms", NULL, COUNT_OF("CHI-2", "r02", "31", "0"),
	          .alarm = NULL});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 2);
	must_be(&g, GAP_SWAPPED, "CHI-1", ROOM, 2);
	g = gap(&s, "", 1, &n);
	must_be(&g, GAP_SWAPPED, "CHI-2", SITE "/r02", 2);
	(void)gap(&s, JN "/s02", 0, &n);
	assert_int_equal(n, 0);
	scene_close(&s);
}

static void bags_that_changed_rooms_are_placed(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	PLAY(&s, {"the second room's, opened in a third", NULL, CLERK, "custody.open_bag",
	          "{'place':'" SITE "/r03','bag':'CHI-2','seal_ok':true}", INVIGILATORS("opener"),
	          .alarm = "custody.not_issued"});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_SWAPPED, "CHI-2", SITE "/r03", 30);
	between(&s, &g, "custody.bag_issued", "custody.bag_opened");
	scene_close(&s);
}

#define COUNT_MOVED(bag, room, used, left, in) CLERK, "custody.count_bag", "{'place':'" SITE "/" \
	room "','bag':'" bag "','seal':'SR-1','used':" used ",'absent':1,'left_over':" left \
	",'replaced':0,'moved_in':" in "}", INVIGILATORS("counter") " acceptor=badge:P0022"
#define PACK(room, bag, n) CLERK, "custody.pack_scripts", "{'place':'" SITE "/" room \
	"','session':'d1-chinese','bag':'" bag "','seal':'DS-" bag "','scripts':" n ",'absent':1}", \
	INVIGILATORS("packer") " acceptor=badge:P0022"

static void copies_that_came_from_nowhere_are_placed(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	PLAY(&s, OPEN_IN("CHI-2", "r02"));
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, {"one more used, moved in", NULL, COUNT_MOVED("CHI-1", "r01", "28", "2", "1")});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_MOVED, "CHI-1", ROOM, 1);
	between(&s, &g, "custody.bag_opened", "custody.bag_counted");
	PLAY(&s, {"and one less next door, moved out", NULL, CLERK, "custody.count_bag",
	          "{'place':'" SITE "/r02','bag':'CHI-2','seal':'SR-1','used':27,'absent':1,"
	          "'left_over':1,'replaced':0,'moved_out':1}",
	          INVIGILATORS("counter") " acceptor=badge:P0022"});
	(void)gap(&s, "", 0, &n);
	assert_int_equal(n, 0);
	scene_close(&s);
}

static void scripts_that_are_not_those_counted_are_placed(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED, {"one script short", DAY1 "11:41:00+08:00", PACK("r01", "DJ-1", "26"),
	                   .alarm = "custody.scripts_differ"});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_SCRIPTS, "DJ-1", ROOM, 1);
	between(&s, &g, "custody.bag_counted", "custody.scripts_packed");
	scene_close(&s);
}

static void a_bag_counted_long_after_is_late_and_not_astray(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	kit_at(&s.k, DAY1 "12:40:00+08:00");
	assert_ok(scene_do(&s, BACK(STORE, "CHI-1", "SR-1")));
	assert_ok(scene_do(&s, COUNT_OF("CHI-1", "r01", "27", "2")));
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_LATE, "CHI-1", ROOM, 30);
	between(&s, &g, "custody.bags_returned", "custody.bag_counted");
	scene_close(&s);
}

static void what_comes_late_or_not_at_all_is_placed(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	two_rooms(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED, {"in time", DAY1 "12:30:00+08:00", BACK(STORE, "CHI-2", "SG-CHI-2"),
	                   .alarm = "custody.wrong_holder"});
	kit_at(&s.k, DAY1 "13:31:00+08:00");
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_LATE, "CHI-1", SITE, 3);
	assert_true(g.before < 0);
	assert_ok(scene_do(&s, BACK(STORE, "CHI-1", "SR-1")));
	g = gap(&s, "", 0, &n);
	must_be(&g, GAP_LATE, "CHI-1", SITE, 3);
	between(&s, &g, "custody.bag_counted", "custody.bags_returned");
	scene_close(&s);
	two_rooms(&s);
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s, COUNTED);
	kit_at(&s.k, DAY1 "13:20:00+08:00");
	assert_ok(scene_do(&s, "P0003", "custody.close_half_day",
	                   "{'place':'" STORE "','half_day':'2025-06-07/am'}",
	                   "keeper=badge:P0003 keeper=badge:P0001"));
	g = gap(&s, SITE, 0, &n);
	assert_int_equal(n, 2);
	must_be(&g, GAP_LOST, "CHI-1", SITE, 3);
	between(&s, &g, "custody.bag_counted", "custody.bag_missed");
	scene_close(&s);
}

static void a_box_in_dispute_is_placed_until_it_is_settled(void)
{
	struct scene s;
	struct custody_gap g;
	size_t n;

	scene_open_with_papers(&s);
	PLAY(&s, {"one bag short", NULL, "P0003", "custody.hand_over", "{'place':'" STORE
	          "','from':'V1','to':'" STORE "','boxes':[{'box':'BX-CHI-01','seal':'SB-0',"
	          "'seal_ok':true,'given':2,'received':1}]}", COURIERS_TO_KEEPERS,
	          .alarm = "custody.counts_differ"});
	g = gap(&s, "", 0, &n);
	assert_int_equal(n, 1);
	must_be(&g, GAP_DISPUTED, "BX-CHI-01", STORE, 0);
	between(&s, &g, "custody.box_registered", "custody.handover_disputed");
	PLAY(&s, ARRIVES);
	(void)gap(&s, "", 0, &n);
	assert_int_equal(n, 0);
	scene_close(&s);
}

static void must_be_level(struct scene *s, const char *code, const char *at, const char *level)
{
	struct op op = s->k.op;
	enum paper_level got;
	int64_t at_ms = 0;

	op.db = s->k.store.view;
	assert_true(clock_parse(str_of(at), &at_ms));
	assert_ok(custody_secrecy(&op, &s->k.w.profile, str_of(code), at_ms, &got));
	assert_string_equal(paper_level_text(got), level);
}

/* In the evening: script bags, opened papers, top secret ones. */
static void must_count(struct scene *s, const char *place, int64_t secret, int64_t confidential,
                       int64_t top)
{
	struct op op = s->k.op;
	int64_t n[LEVEL_TOP_SECRET + 1], at_ms = 0;

	op.db = s->k.store.view;
	assert_true(clock_parse(STR(DAY1 "20:00:00+08:00"), &at_ms));
	assert_ok(custody_secrecy_counts(&op, &s->k.w.profile, str_of(place), at_ms, n));
	assert_int_equal(n[LEVEL_SECRET], secret);
	assert_int_equal(n[LEVEL_CONFIDENTIAL], confidential);
	if (top)
		assert_true(n[LEVEL_TOP_SECRET] > 0);
	else
		assert_int_equal(n[LEVEL_TOP_SECRET], 0);
}

static void a_paper_is_as_secret_as_what_has_happened_to_it(void)
{
	struct scene s;
	struct op op;
	enum paper_level level;

	scene_opened(&s);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_int_equal(custody_secrecy(&op, &s.k.w.profile, STR("CHI-99"), 0, &level),
	                 RC_NOT_FOUND);
	must_be_level(&s, "CHI-1", DAY1 "08:50:00+08:00", "绝密");
	must_be_level(&s, "CHI-1", DAY1 "08:51:00+08:00", "机密");
	must_be_level(&s, "CHI-1", DAY1 "11:29:59+08:00", "机密");
	must_be_level(&s, "CHI-1", DAY1 "11:30:00+08:00", "");
	must_be_level(&s, "CHI-2", DAY1 "11:29:59+08:00", "绝密");
	must_be_level(&s, "CHI-2", DAY1 "11:30:00+08:00", "");
	must_be_level(&s, "BX-MAT-01", DAY1 "11:30:00+08:00", "绝密");
	PLAY(&s,
	     {"the afternoon's is stopped", NULL, OFFICE, "custody.stop_paper", "{'place':'sc/cd/jn',"
	      "'session':'d1-maths','order':'T-1','cause':'leak'}", "leader=badge:P0002"},
	     {"scripts", DAY1 "11:40:00+08:00", CLERK, "custody.pack_scripts", "{'place':'" ROOM
	      "','session':'d1-chinese','bag':'DJ-1','seal':'DS-1','scripts':27,'absent':1}",
	      INVIGILATORS("packer") " acceptor=badge:P0022"});
	must_be_level(&s, "DJ-1", DAY1 "20:00:00+08:00", "秘密");
	must_be_level(&s, "MAT-1", DAY1 "20:00:00+08:00", "绝密"); /* stopped: not used up */
	must_count(&s, "", 1, 0, 1);
	must_count(&s, SITE, 1, 0, 0);
	must_count(&s, JN "/s02", 0, 0, 0);
	assert_int_equal(view_rows(&s, "custody/secrecy"), 8);
	assert_str(view_cell(&s, "SELECT COUNT(*) FROM custody_bag WHERE opened_ms > 0"), "1");
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"copies_that_are_lost_or_counted_twice_are_placed",
	 copies_that_are_lost_or_counted_twice_are_placed, ROWS("sql:custody_localise/0")},
	{"bags_that_changed_rooms_are_placed", bags_that_changed_rooms_are_placed,
	 ROWS("sql:custody_localise/0")},
	{"copies_that_came_from_nowhere_are_placed", copies_that_came_from_nowhere_are_placed,
	 ROWS("sql:custody_localise/0")},
	{"scripts_that_are_not_those_counted_are_placed",
	 scripts_that_are_not_those_counted_are_placed, ROWS("sql:custody_localise/2")},
	{"a_bag_counted_long_after_is_late_and_not_astray",
	 a_bag_counted_long_after_is_late_and_not_astray, ROWS("sql:custody_localise/0")},
	{"what_comes_late_or_not_at_all_is_placed", what_comes_late_or_not_at_all_is_placed,
	 ROWS("sql:custody_localise/0")},
	{"a_box_in_dispute_is_placed_until_it_is_settled",
	 a_box_in_dispute_is_placed_until_it_is_settled, ROWS("sql:custody_localise/1")},
	{"a_paper_is_as_secret_as_what_has_happened_to_it",
	 a_paper_is_as_secret_as_what_has_happened_to_it,
	 ROWS("sql:custody_secrecy/0", "sql:custody_secrecy/1", "sql:custody_secrecy/2",
	      "sql:custody_secrecy/3")},
};
const struct scenario_set LOCALISE_SCENES = {LIST, COUNT(LIST)};
