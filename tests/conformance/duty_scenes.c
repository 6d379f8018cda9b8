/* SPDX-License-Identifier: Apache-2.0 */
/* duty_scenes.c -- who is on duty, and what every level reports of a session. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "base/limits.h"
#include "domain/acts.h"
#include "domain/custody/custody.h"
#include "domain/duty/duty.h"
#include "engine/order.h"

#define SHIFT(code, post, person, deputy, from, until) \
	"{'place':'" JN "','code':'" code "','post':'" post "','person':'" person "'," \
	"'deputy':'" deputy "','from':'2025-06-" from ":00+08:00','until':'2025-06-" until ":00+08:00'}"
#define NIGHT SHIFT("JN-D1", "duty_officer", "P0001", "P0031", "06T20:00", "07T08:00")
#define DAY SHIFT("JN-D2", "duty_officer", "P0031", "P0001", "07T08:00", "07T20:00")
#define LEADS SHIFT("JN-L1", "county_leader", "P0002", "P0035", "06T20:00", "07T20:00")
#define AT_POST(shift) "{'place':'" JN "','shift':'" shift "'}"
#define HAND(from, to) "{'place':'" JN "','shift':'" from "','next':'" to "','note':'一项未办结'}"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	return op;
}

/* Whom the ladder asked last, at this place. */
static const struct json *asked_at(struct scene *s, const char *place)
{
	for (uint64_t i = kit_size(&s->k); i-- > 0;) {
		struct json *e;

		assert_ok(json_read(&s->k.op, kit_entry(&s->k, i), &e));
		if (str_is(json_str(e, "type"), "alarm.escalated") &&
		    str_is(json_str(e, "place"), place))
			return json_get(json_get(e, "data"), "persons");
	}
	fail_msg("nobody was asked at %s", place);
	return NULL;
}

static const struct json *asked(struct scene *s)
{
	return asked_at(s, JN);
}

static void roster(struct scene *s)
{
	scene_open(s);
	PLAY(s,
	     {"it ends before it begins", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-D1", "duty_officer", "P0031", "P0001", "07T08:00", "06T20:00"), NULL,
	      RC_INVALID, "until"},
	     {"A is B", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-D1", "duty_officer", "P0031", "P0031", "06T20:00", "07T08:00"), NULL,
	      RC_INVALID, "deputy"},
	     {"the night", NULL, OFFICE, "duty.roster", NIGHT, .emits = "duty.shift_rostered"},
	     {"the night again", NULL, OFFICE, "duty.roster", NIGHT, NULL, RC_CONFLICT, "code"},
	     {"the officer cannot lead", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-L1", "county_leader", "P0031", "P0035", "06T20:00", "07T20:00"), NULL,
	      RC_CONFLICT, "person"},
	     {"the leader", NULL, OFFICE, "duty.roster", LEADS},
	     {"the day", NULL, OFFICE, "duty.roster", DAY});
}

static void a_shift_is_filled_and_handed_over(void)
{
	struct duty_shift *list;
	struct scene s;
	struct op op;
	size_t n;

	roster(&s);
	PLAY(&s,
	     {"P0053 stands in for the deputy", NULL, OFFICE, "duty.change_shift",
	      "{'shift':'JN-D2','person':'P0031','deputy':'P0053','reason':'出差'}",
	      .emits = "duty.shift_changed"},
	     {"no such shift", NULL, OFFICE, "duty.change_shift", "{'shift':'JN-9','person':'P0031'}",
	      NULL, RC_NOT_FOUND, "shift"},
	     {"the leader comes before the hour", "2025-06-06T19:50:00+08:00", "P0002", "duty.sign_in",
	      AT_POST("JN-L1"), "officer=badge:P0002", .emits = "duty.signed_in"},
	     {"and the officer after it", "2025-06-06T20:10:00+08:00", OFFICE, "duty.sign_in",
	      AT_POST("JN-D1"), "officer=badge:P0001"},
	     {"he goes in the night", "2025-06-07T03:00:00+08:00", OFFICE, "duty.sign_out",
	      AT_POST("JN-D1"), "officer=badge:P0001", .emits = "duty.signed_out",
	      .alarm = "duty.post_left"});
	kit_pass(&s.k, 1);
	assert_int_equal(asked(&s)->count, 2); /* nobody is there: A and B */
	PLAY(&s,
	     {"B takes the post", NULL, "P0031", "duty.sign_in", AT_POST("JN-D1"),
	      "officer=badge:P0031"},
	     {"somebody else signs", NULL, OFFICE, "duty.sign_in", AT_POST("JN-L1"),
	      "officer=badge:P0014", .rc = RC_DENIED});
	assert_int_equal(kit_count(&s.k, "duty.shift_began"), 2);
	assert_int_equal(kit_alarms(&s.k, "duty.post_empty"), 0);
	PLAY(&s,
	     {"handed over with what is left to do", DAY1 "08:05:00+08:00", "P0031", "duty.hand_over",
	      HAND("JN-D1", "JN-D2"), "giver=badge:P0031 receiver=badge:P0053",
	      .emits = "duty.handed_over"});
	kit_pass(&s.k, 3600);
	assert_int_equal(kit_alarms(&s.k, "duty.handover_late"), 0);
	op = reading(&s);
	assert_ok(duty_shifts(&op, STR("sc"), 0, LIMIT_INT, &list, &n));
	assert_int_equal(n, 3);
	assert_str(list[2].code, "JN-D2");
	assert_int_equal(list[2].present.v, scene_person(&s, "P0053"));
	assert_true(list[0].handed >= 0 && list[0].present.v == 0);
	assert_int_equal(view_rows(&s, "duty/roster"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"duty_shift", NULL});
	scene_close(&s);
}

static void a_post_where_nobody_is_is_alarmed(void)
{
	struct scene s;

	roster(&s);
	kit_at(&s.k, "2025-06-06T20:15:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.post_empty"), 0);
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "duty.post_empty"), 1);
	assert_int_equal(kit_alarms(&s.k, "duty.leader_absent"), 1);
	PLAY(&s,
	     {"they come at last", NULL, OFFICE, "duty.sign_in", AT_POST("JN-D1"),
	      "officer=badge:P0001"},
	     {"the leader too", NULL, "P0002", "duty.sign_in", AT_POST("JN-L1"),
	      "officer=badge:P0002"},
	     {"a shift that stands nowhere", NULL, OFFICE, "duty.sign_in", AT_POST("JN-9"),
	      "officer=badge:P0001", .alarm = "duty.shift_unknown"},
	     {"a stranger", NULL, OFFICE, "duty.sign_in", AT_POST("JN-L1"), "officer=badge:P0031",
	      .alarm = "duty.stranger_on_post"});
	kit_at(&s.k, DAY1 "08:30:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_count(&s.k, "duty.shift_ended"), 1);
	assert_int_equal(kit_alarms(&s.k, "duty.handover_late"), 0);
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "duty.handover_late"), 1);
	/* He was not relieved, so he is asked still, and those whose hours have begun. */
	kit_pass(&s.k, 1);
	assert_int_equal(asked(&s)->count, 2);
	assert_int_equal(asked(&s)->first->first->i, scene_person(&s, "P0001"));
	scene_close(&s);
}

/* Nobody signs out in the evening, and nobody comes the next morning. */
static void who_went_home_without_signing_out_fills_no_post(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a day", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-D0", "duty_officer", "P0001", "P0033", "06T08:00", "06T20:00")},
	     {"he comes", NULL, OFFICE, "duty.sign_in", AT_POST("JN-D0"), "officer=badge:P0001"},
	     {"somebody else says that he himself goes", NULL, "P0031", "duty.sign_out",
	      AT_POST("JN-D0"), "officer=badge:P0031"},
	     {"the next day", NULL, OFFICE, "duty.roster", DAY});
	assert_int_equal(kit_sql(&s.k, "SELECT present FROM duty_shift WHERE code = 'JN-D0'"),
	                 scene_person(&s, "P0001"));
	kit_at(&s.k, DAY1 "08:15:01+08:00");
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "duty.post_empty"), 1);
	assert_int_equal(asked(&s)->count, 2); /* P0001 and P0031, who are rostered now */
	scene_close(&s);
}

/* No county's officer answers for a city: its own is asked, and not an hour later. */
static void an_alarm_of_the_city_is_asked_of_those_who_are_there(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"a session", NULL, OFFICE, "arrange.plan_rooms",
	          "{'place':'" SITE "','session':'d1-chinese','rooms':[{'room':'" ROOM
	          "','seats':30}]}"});
	kit_at(&s.k, DAY1 "13:30:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM alarm WHERE place = 'sc/cd' AND"
	                         " rule = 'duty.zero_missing'"), 1);
	kit_pass(&s.k, 1);
	assert_non_null(asked_at(&s, "sc/cd"));
	assert_int_equal(asked_at(&s, "sc/cd")->count, 1);
	assert_int_equal(asked_at(&s, "sc/cd")->first->first->i, scene_person(&s, "P0053"));
	scene_close(&s);
}

#define PLAN(session, rooms) "{'place':'" SITE "','session':'" session "','rooms':[" rooms "]}"
#define TWO_ROOMS "{'room':'" SITE "/r01','seats':30},{'room':'" SITE "/r02','seats':24}"

static void a_roster_covers_every_session(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"no roster here at all", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'sc/cd/wu/s01','session':'d1-chinese','rooms':[{'room':'sc/cd/wu/s01/r01',"
	      "'seats':30}]}", .rc = RC_DENIED},
	     {"the night, without a leader", NULL, OFFICE, "duty.roster", NIGHT},
	     {"the morning", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)});
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.roster_gap"), 1);
	PLAY(&s,
	     {"the day", NULL, OFFICE, "duty.roster", DAY},
	     {"and a leader", NULL, OFFICE, "duty.roster", LEADS},
	     {"the afternoon", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-maths", TWO_ROOMS)});
	kit_pass(&s.k, 7200);
	assert_int_equal(kit_count(&s.k, "arrange.session_armed"), 4);
	assert_int_equal(kit_alarms(&s.k, "duty.roster_gap"), 1);
	scene_close(&s);
}

/* An officer without a leader is a hole, and a leader without an officer. */
static void a_roster_has_both_for_the_whole_session(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s, {"a leader alone", NULL, OFFICE, "duty.roster", LEADS},
	     {"the morning", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)});
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.roster_gap"), 1);
	scene_close(&s);
	scene_open(&s);
	PLAY(&s, {"officers alone", NULL, OFFICE, "duty.roster", NIGHT},
	     {"by day too", NULL, OFFICE, "duty.roster", DAY},
	     {"the morning", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)});
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.roster_gap"), 1);
	scene_close(&s);
}

static void a_shift_is_of_those_who_may_and_of_its_hours(void)
{
	struct scene s;

	roster(&s);
	PLAY(&s,
	     {"no time at all", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-D3", "duty_officer", "P0031", "P0001", "08T08:00", "08T08:00"), NULL,
	      RC_INVALID, "until"},
	     {"the officer as a leader's deputy", NULL, OFFICE, "duty.roster",
	      SHIFT("JN-L3", "county_leader", "P0035", "P0001", "06T21:00", "07T07:00"), NULL,
	      RC_CONFLICT, "person"},
	     {"the leader as an officer's deputy", NULL, OFFICE, "duty.change_shift",
	      "{'shift':'JN-D1','person':'P0001','deputy':'P0002'}", NULL, RC_CONFLICT, "person"},
	     {"nobody for a deputy", NULL, OFFICE, "duty.roster", "{'place':'" JN "','code':'JN-L2',"
	      "'post':'county_leader','person':'P0035','from':'2025-06-08T08:00:00+08:00',"
	      "'until':'2025-06-08T20:00:00+08:00'}", NULL, .emits = "duty.shift_rostered"},
	     {"who alone is the officer", NULL, OFFICE, "duty.roster", "{'place':'" JN "','code':"
	      "'JN-L4','post':'county_leader','person':'P0031','from':'2025-06-06T21:00:00+08:00',"
	      "'until':'2025-06-07T07:00:00+08:00'}", NULL, RC_CONFLICT, "person"},
	     {"the officer comes", "2025-06-06T20:10:00+08:00", OFFICE, "duty.sign_in",
	      AT_POST("JN-D1"), "officer=badge:P0001"},
	     {"the leader too", NULL, "P0002", "duty.sign_in", AT_POST("JN-L1"), "officer=badge:P0002"},
	     {"a shift that stands nowhere is left", NULL, OFFICE, "duty.sign_out", AT_POST("JN-7"),
	      "officer=badge:P0001", .alarm = "duty.shift_unknown"},
	     {"or taken over", DAY1 "07:50:00+08:00", "P0031", "duty.hand_over", HAND("JN-8", "JN-D2"),
	      "giver=badge:P0001 receiver=badge:P0031", .alarm = "duty.shift_unknown"},
	     {"or handed on to", NULL, "P0031", "duty.hand_over", HAND("JN-L1", "JN-9"),
	      "giver=badge:P0002 receiver=badge:P0035", .alarm = "duty.shift_unknown"},
	     {"to one who stands elsewhere", DAY1 "08:00:00+08:00", "P0031", "duty.hand_over",
	      HAND("JN-D1", "JN-D2"), "giver=badge:P0001 receiver=badge:P0053",
	      .alarm = "duty.stranger_on_post"},
	     {"what is over is not changed", NULL, OFFICE, "duty.change_shift",
	      "{'shift':'JN-D1','person':'P0031'}", NULL, RC_CONFLICT, "shift"},
	     {"who goes when it ends", DAY1 "20:00:00+08:00", "P0031", "duty.sign_out",
	      AT_POST("JN-D2"), "officer=badge:P0053", .emits = "duty.signed_out"});
	assert_int_equal(kit_alarms(&s.k, "duty.shift_unknown"), 3);
	scene_close(&s);
}

/* Zero-reports. */
#define NUMBERS(expected, present, absent, violations, spares, exceptions) \
	"'expected':" expected ",'present':" present ",'absent':" absent ",'violations':" violations \
	",'incidents':0,'spares':" spares ",'listening_faults':0,'store_findings':0,'exceptions':" \
	exceptions "}"
#define REPORT(place, session, ...) \
	"{'place':'" place "','session':'" session "'," NUMBERS(__VA_ARGS__)
#define CHIEF "chief=badge:P0021"
#define COUNTY "leader=badge:P0002"
#define CITY "leader=badge:P0052"

static void every_level_reports_none_in_so_many_words(void)
{
	struct duty_zero *list;
	struct scene s;
	struct op op;
	size_t n;

	scene_open(&s);
	PLAY(&s,
	     {"two sessions", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)},
	     {"of a day", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-maths", TWO_ROOMS)},
	     {"a category is left out", DAY1 "11:50:00+08:00", CLERK, "duty.zero_site",
	      "{'place':'" SITE "','session':'d1-chinese','expected':54,'present':53,'absent':1}",
	      CHIEF, RC_INVALID},
	     {"the county is no site", NULL, OFFICE, "duty.zero_county",
	      REPORT(SITE, "d1-chinese", "54", "53", "1", "0", "0", "0"), COUNTY, RC_INVALID, "place"},
	     {"no such session", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d9-none", "54", "53", "1", "0", "0", "0"), CHIEF, RC_INVALID, "session"},
	     {"the site", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "54", "53", "1", "0", "0", "0"), CHIEF,
	      .emits = "duty.site_reported"},
	     {"the county", DAY1 "12:20:00+08:00", "P0031", "duty.zero_county",
	      REPORT(JN, "d1-chinese", "54", "53", "1", "0", "0", "0"), COUNTY,
	      .emits = "duty.county_reported"},
	     {"the city", DAY1 "12:50:00+08:00", "P0053", "duty.zero_city",
	      REPORT("sc/cd", "d1-chinese", "54", "53", "1", "0", "0", "0"), CITY,
	      .emits = "duty.city_reported"});
	kit_at(&s.k, DAY1 "18:00:00+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.zero_missing"), 0);
	kit_pass(&s.k, 1);
	assert_int_equal(kit_alarms(&s.k, "duty.zero_missing"), 1);
	kit_at(&s.k, DAY1 "19:00:01+08:00");
	kit_pass(&s.k, 0);
	assert_int_equal(kit_alarms(&s.k, "duty.zero_missing"), 3);
	op = reading(&s);
	assert_ok(duty_zeros(&op, STR("d1-chinese"), STR(""), &list, &n));
	assert_int_equal(n, 3);
	assert_str(list[1].place, JN);
	assert_int_equal(list[1].present, 53);
	assert_int_equal(list[1].signer.v, scene_person(&s, "P0002"));
	assert_int_equal(view_rows(&s, "duty/zeros"), 3);
	kit_check_rebuild(&s.k, (const char *const[]){"duty_zero", NULL});
	scene_close(&s);
}

static void a_report_that_contradicts_the_ledger_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a session", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)},
	     {"before it has ended", DAY1 "11:00:00+08:00", CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "54", "54", "0", "0", "0", "0"), CHIEF,
	      .alarm = "duty.zero_early"},
	     {"again, one candidate short", DAY1 "11:50:00+08:00", CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "54", "52", "1", "0", "0", "0"), CHIEF,
	      .alarm = "duty.zero_differs"});
	PLAY(&s,
	     {"mended", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "54", "53", "1", "0", "0", "0"), CHIEF},
	     {"the county leaves a violation out that it invents", DAY1 "12:20:00+08:00", "P0031",
	      "duty.zero_county", REPORT(JN, "d1-chinese", "54", "53", "1", "1", "0", "0"), COUNTY,
	      .alarm = "duty.zero_differs"},
	     {"no county has reported of the history", NULL, "P0053", "duty.zero_city",
	      REPORT("sc/cd", "d2-history", "0", "0", "0", "0", "0", "0"), CITY});
	assert_int_equal(kit_sql(&s.k, "SELECT version FROM duty_zero WHERE place = '" SITE "'"), 3);
	scene_close(&s);
}

/* The n-th entry after the site's newest report names this number with both figures. */
static void must_differ(struct scene *s, int64_t n, const char *field, int64_t said, int64_t known)
{
	int64_t at = kit_sql(&s->k, "SELECT idx FROM duty_zero WHERE place = '" SITE "'") + n;
	const struct json *data;
	struct json *e;

	assert_ok(json_read(&s->k.op, kit_entry(&s->k, (uint64_t)at), &e));
	assert_str(json_str(e, "type"), "duty.zero_differed");
	data = json_get(e, "data");
	assert_str(json_str(data, "field"), field);
	assert_int_equal(json_int(data, "said", -1), said);
	assert_int_equal(json_int(data, "known", -1), known);
}

#define WITH(violations, incidents, faults, findings) "{'place':'" SITE "','session':" \
	"'d1-chinese','expected':54,'present':53,'absent':1,'violations':" violations \
	",'incidents':" incidents ",'spares':0,'listening_faults':" faults ",'store_findings':" \
	findings ",'exceptions':0}"

static void every_number_is_held_against_what_was_told(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a session", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)},
	     {"a bag too many in its store", DAY1 "08:00:00+08:00", CLERK, "custody.seal_site_store",
	      "{'place':'" SITE "','session':'d1-chinese','seal':'GF-1','bags':2}",
	      "keeper=badge:P0021 keeper=badge:P0036", .alarm = "custody.site_store_differs"},
	     {"somebody is ill", DAY1 "09:30:00+08:00", CLERK, "sitting.report_incident",
	      "{'place':'" ROOM "','session':'d1-chinese','kind':'illness'}"},
	     {"a note", DAY1 "09:40:00+08:00", CLERK, "sitting.record_violation", "{'place':'" ROOM
	      "','session':'d1-chinese','candidate':'K0002','code':'5-1','items':1,'receipt':'SJ-1',"
	      "'told':true,'signature':'signed'}", INVIGILATORS("recorder"),
	      .alarm = "sitting.breach_suspected"},
	     {"a loudspeaker is silent", DAY1 "09:50:00+08:00", "P0038", "sitting.listening_fault",
	      "{'place':'" ROOM "','session':'d1-chinese','kind':'silence','item':6}"},
	     {"nothing at all, says the site", DAY1 "11:50:00+08:00", CLERK, "duty.zero_site",
	      WITH("0", "0", "0", "0"), CHIEF, .alarm = "duty.zero_differs"});
	assert_int_equal(kit_count(&s.k, "duty.zero_differed"), 4);
	must_differ(&s, 1, "violations", 0, 1);
	must_differ(&s, 2, "incidents", 0, 1);
	must_differ(&s, 3, "listening_faults", 0, 1);
	must_differ(&s, 4, "store_findings", 0, 2); /* and it was not opened again */
	PLAY(&s, {"all of it, and an incident at the gate", NULL, CLERK, "duty.zero_site",
	          WITH("1", "2", "1", "2"), CHIEF});
	assert_int_equal(kit_count(&s.k, "duty.zero_differed"), 4);
	PLAY(&s, {"one violation that nobody recorded", NULL, CLERK, "duty.zero_site",
	          WITH("2", "2", "1", "2"), CHIEF});
	must_differ(&s, 1, "violations", 2, 1);
	PLAY(&s, {"all rooms fail", NULL, "P0038", "sitting.listening_fault", "{'place':'" SITE
	          "','session':'d1-chinese','kind':'power','item':7}"},
	     {"of the whole site", NULL, CLERK, "duty.zero_site", WITH("1", "2", "2", "2"), CHIEF});
	assert_int_equal(kit_count(&s.k, "duty.zero_differed"), 5);
	scene_close(&s);
}

static void a_summary_without_a_site_is_said(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a session", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)},
	     {"the county sums up nothing", DAY1 "12:20:00+08:00", "P0031", "duty.zero_county",
	      REPORT(JN, "d1-chinese", "54", "53", "1", "0", "0", "0"), COUNTY,
	      .alarm = "duty.zero_incomplete"});
	scene_close(&s);
}

/* An exception that was granted stands in the report, or the report is wrong. */
static void an_exception_stands_in_the_report(void)
{
	struct order_exception *list;
	struct scene s;
	struct op op;
	size_t n;

	scene_in_store(&s);
	PLAY(&s,
	     {"a session", NULL, OFFICE, "arrange.plan_rooms", PLAN("d1-chinese", TWO_ROOMS)});
	scene_patrol_until(&s, DAY1 "06:00:00+08:00");
	PLAY(&s, RELEASED, LOADED);
	scene_patrol_until(&s, DAY1 "07:30:00+08:00");
	PLAY(&s, AT_SITE,
	     {"issued early, on the city's word", NULL, CLERK, "custody.issue_bag",
	      ISSUE("CHI-1", ROOM), INVIGILATORS("receiver") " approver=badge:P0032",
	      .emits = "order.excepted", .excepted = "考场较远"});
	scene_patrol_until(&s, DAY1 "11:50:00+08:00");
	PLAY(&s,
	     {"the report forgets it", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "54", "53", "1", "0", "0", "0"), CHIEF,
	      .alarm = "duty.zero_differs"});
	op = reading(&s);
	assert_ok(order_exceptions(&op, STR(JN), 0, LIMIT_INT, &list, &n));
	assert_int_equal(n, 1);
	assert_str(list[0].command, "custody.issue_bag");
	assert_int_equal(list[0].approver.v, scene_person(&s, "P0032"));
	scene_close(&s);
}

/* The bags of a session side by side; a spare paper that the report denies. */
static void a_spare_paper_stands_in_the_report(void)
{
	struct custody_line *l;
	struct scene s;
	int64_t spares;
	struct op op;
	size_t n;

	scene_opened(&s);
	PLAY(&s,
	     {"a session", NULL, OFFICE, "arrange.plan_rooms",
	      PLAN("d1-chinese", "{'room':'" ROOM "','seats':30}")},
	     {"with the chief", NULL, OFFICE, "custody.register_consignment", "{'place':'" JN
	      "','code':'C9','holder':'" SITE "','boxes':1,'bags':1}"},
	     {"a box", NULL, OFFICE, "custody.register_box", "{'code':'BX-SPA-01','consignment':'C9',"
	      "'session':'d1-chinese','destined':'" SITE "','seal':'S-9'}"},
	     {"of spare papers", NULL, OFFICE, "custody.register_bag", "{'code':'SPA-1',"
	      "'box':'BX-SPA-01','kind':'spare','copies':10,'seal':'S-8'}"},
	     {"one is used", NULL, CLERK, "custody.use_spare", "{'place':'" ROOM "','bag':'SPA-1',"
	      "'copies':1,'cause':'print','seal':'HF-1','approval':'DH-7','filmed':true}",
	      "chief=badge:P0021 deputy=badge:P0036", .emits = "custody.spare_used"});
	scene_patrol_until(&s, DAY1 "11:40:00+08:00");
	PLAY(&s,
	     {"counted, one short", NULL, CLERK, "custody.count_bag", "{'place':'" ROOM "','bag':"
	      "'CHI-1','seal':'SR-1','used':27,'absent':1,'left_over':2,'replaced':0}",
	      INVIGILATORS("counter") " acceptor=badge:P0022", .alarm = "custody.difference"},
	     {"none, says the report", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "30", "29", "1", "0", "0", "0"), CHIEF,
	      .alarm = "duty.zero_differs"},
	     {"one, says the next", NULL, CLERK, "duty.zero_site",
	      REPORT(SITE, "d1-chinese", "30", "29", "1", "0", "1", "0"), CHIEF});
	op = reading(&s);
	assert_ok(custody_spares(&op, STR("d1-chinese"), STR(SITE), &spares));
	assert_int_equal(spares, 1);
	assert_ok(custody_session_lines(&op, STR("d1-chinese"), STR(JN), &l, &n));
	assert_int_equal(n, 3);
	assert_str(l[2].bag, "CHI-1"); /* those of no room stand first */
	assert_str(l[2].room, ROOM);
	assert_int_equal(custody_line_gap(&l[2]), 1);
	assert_int_equal(l[2].missing, 1);
	assert_true(l[2].first < l[2].last);
	assert_ok(custody_session_lines(&op, STR("d1-chinese"), STR(""), &l, &n));
	assert_int_equal(n, 3);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_roster_has_both_for_the_whole_session", a_roster_has_both_for_the_whole_session, NO_ROWS},
	{"a_shift_is_of_those_who_may_and_of_its_hours", a_shift_is_of_those_who_may_and_of_its_hours,
	 NO_ROWS},
	{"a_shift_is_filled_and_handed_over", a_shift_is_filled_and_handed_over,
	 ROWS("sql:duty/0", "sql:duty/1", "sql:duty/2", "sql:duty/3", "sql:duty/4", "sql:duty/6",
	      "sql:duty/7", "sql:duty/8", "sql:duty/9", "sql:duty/10", "sql:duty/14", "sql:duty/15",
	      "event:duty.shift_rostered", "event:duty.shift_changed", "event:duty.shift_began",
	      "event:duty.signed_in", "event:duty.signed_out", "event:duty.handed_over",
	      "alarm:duty.post_left")},
	{"a_post_where_nobody_is_is_alarmed", a_post_where_nobody_is_is_alarmed,
	 ROWS("sql:duty/5", "sql:duty/11", "event:duty.shift_ended", "expectation:duty.officer_in",
	      "expectation:duty.leader_in", "expectation:duty.hand_over", "alarm:duty.post_empty",
	      "alarm:duty.leader_absent", "alarm:duty.handover_late", "alarm:duty.stranger_on_post",
	      "alarm:duty.shift_unknown")},
	{"who_went_home_without_signing_out_fills_no_post",
	 who_went_home_without_signing_out_fills_no_post, ROWS("alarm:duty.post_empty")},
	{"an_alarm_of_the_city_is_asked_of_those_who_are_there",
	 an_alarm_of_the_city_is_asked_of_those_who_are_there, ROWS("alarm:duty.zero_missing")},
	{"a_roster_covers_every_session", a_roster_covers_every_session,
	 ROWS("sql:duty/12", "sql:duty/13", "alarm:duty.roster_gap")},
	{"every_level_reports_none_in_so_many_words", every_level_reports_none_in_so_many_words,
	 ROWS("sql:duty_zero/0", "sql:duty_zero/2", "sql:duty_zero/3", "sql:duty_zero/4",
	      "event:duty.site_reported", "event:duty.county_reported", "event:duty.city_reported",
	      "expectation:duty.zero_site", "expectation:duty.zero_county",
	      "expectation:duty.zero_city", "alarm:duty.zero_missing")},
	{"a_report_that_contradicts_the_ledger_is_alarmed",
	 a_report_that_contradicts_the_ledger_is_alarmed,
	 ROWS("sql:duty_zero/1", "alarm:duty.zero_early", "alarm:duty.zero_differs")},
	{"every_number_is_held_against_what_was_told", every_number_is_held_against_what_was_told,
	 ROWS("event:duty.zero_differed", "sql:sitting_room/8", "sql:sitting_listening/8")},
	{"a_summary_without_a_site_is_said", a_summary_without_a_site_is_said,
	 ROWS("alarm:duty.zero_incomplete")},
	{"a_spare_paper_stands_in_the_report", a_spare_paper_stands_in_the_report,
	 ROWS("sql:custody_reconcile/0", "sql:custody_reconcile/1", "sql:custody_reconcile/2")},
	{"an_exception_stands_in_the_report", an_exception_stands_in_the_report,
	 ROWS("sql:ledger/3")},
};
const struct scenario_set DUTY_SCENES = {LIST, COUNT(LIST)};
