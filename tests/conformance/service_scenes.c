/* SPDX-License-Identifier: Apache-2.0 */
/* service_scenes.c -- public notices: drafted, signed by another, corrected, withdrawn; one voice
 * in an emergency.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "domain/service/service.h"

#define CITY "P0033"
#define BY_COUNTY "leader=badge:P0002"
#define BY_CITY "leader=badge:P0052"
#define NOTICE(place, kind, more) "{'place':'" place "','kind':'" kind "'," \
	"'audience':'candidates','title':'送考路线调整','text':'改由北门进入'" more "}"
#define NEW_TEXT "'title':'送考路线再调整','text':'改由东门进入',"

static struct op reading(struct scene *s)
{
	struct op op = s->k.op;

	op.db = s->k.store.view;
	op.now_ms = clock_now_ms(&s->k.clock);
	return op;
}

static size_t in_public(struct scene *s)
{
	struct op op = reading(s);
	struct notice *list;
	size_t n;

	assert_ok(service_notices(&op, op.now_ms, 100, &list, &n));
	return n;
}

static struct notice one(struct scene *s, int64_t id)
{
	struct op op = reading(s);
	struct notice n = {0};
	bool known;

	assert_ok(service_notice(&op, (struct notice_id){id}, &n, &known));
	assert_true(known);
	return n;
}

/* Of a notice that stands; the field that is wrong, "" when none is. */
static struct str about(struct scene *s, const char *as, const char *command, int64_t id)
{
	const char *text = strstr(command, "correct") ? NEW_TEXT : "";
	struct str data = str_fmt(&s->k.arena, "{'notice':%lld,%s'reason':'道路施工'}", (long long)id,
	                          text);

	return scene_do(s, as, command, data.s, BY_COUNTY) == RC_OK ? STR("")
	                                                           : str_of(s->k.answer.err.field);
}

/* Some office has a leader who drafts as well. */
static void drafts_too(struct scene *s, const char *who)
{
	struct str data = str_fmt(&s->k.arena, "{'person':%lld,'role':'county_office','place':'" JN
	                          "'}", (long long)scene_person(s, who));

	for (char *c = (char *)(uintptr_t)data.s; *c; c++)
		*c = *c == '\'' ? '"' : *c;
	assert_ok(kit_do(&s->k, 902, "authority.grant", data.s,
	                 "granter=badge:902 approver=badge:901"));
}

static int64_t newest(struct scene *s)
{
	return kit_sql(&s->k, "SELECT MAX(id) FROM service_notice");
}

static void a_notice_is_signed_by_another_than_who_drafts_it(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a room has no notices", NULL, OFFICE, "service.publish_notice",
	      NOTICE(ROOM, "traffic", ""), BY_COUNTY, RC_INVALID, "place"},
	     {"over before it begins", DAY1 "06:00:00+08:00", OFFICE, "service.publish_notice",
	      NOTICE(JN, "traffic", ",'from':'2025-06-08T08:00:00+08:00',"
	                            "'until':'2025-06-08T07:00:00+08:00'"), BY_COUNTY,
	      RC_INVALID, "until"},
	     {"over already", NULL, OFFICE, "service.publish_notice",
	      NOTICE(JN, "traffic", ",'until':'2025-06-07T05:00:00+08:00'"), BY_COUNTY,
	      RC_INVALID, "until"},
	     {"nobody has signed yet", NULL, OFFICE, "service.publish_notice",
	      NOTICE(JN, "traffic", ""), NULL});
	assert_true(s.k.answer.waiting);
	assert_int_equal(in_public(&s), 0);
	drafts_too(&s, "P0035");
	PLAY(&s,
	     {"his own draft", NULL, "P0035", "service.publish_notice", NOTICE(JN, "traffic", ""),
	      "leader=badge:P0035", RC_CONFLICT, "leader"},
	     {"signed", NULL, OFFICE, "service.publish_notice",
	      NOTICE(JN, "traffic", ",'until':'2025-06-07T18:00:00+08:00'"),
	      BY_COUNTY " reviewer=badge:P0035", .emits = "service.notice_published"});
	assert_int_equal(in_public(&s), 1);
	assert_int_equal(view_rows(&s, "service/notices"), 1);
	kit_pass(&s.k, 12 * 3600);
	assert_int_equal(in_public(&s), 0);
	scene_close(&s);
}

static void the_newest_stands_first_and_what_is_to_come_not_at_all(void)
{
	struct scene s;
	struct op op;
	struct notice *list;
	size_t n;

	scene_open(&s);
	PLAY(&s,
	     {"one", DAY1 "06:00:00+08:00", OFFICE, "service.publish_notice",
	      NOTICE(JN, "traffic", ""), BY_COUNTY},
	     {"another", DAY1 "06:01:00+08:00", OFFICE, "service.publish_notice",
	      NOTICE(SITE, "noise", ""), BY_COUNTY},
	     {"of tomorrow", DAY1 "06:02:00+08:00", CITY, "service.publish_notice",
	      NOTICE("sc/cd", "weather", ",'from':'2025-06-08T06:00:00+08:00'"), BY_CITY});
	op = reading(&s);
	assert_ok(service_notices(&op, op.now_ms, 100, &list, &n));
	assert_int_equal(n, 2);
	assert_int_equal(list[0].kind, NOTICE_NOISE);
	assert_str(list[0].place, SITE);
	assert_ok(service_notices(&op, op.now_ms, 1, &list, &n));
	assert_int_equal(n, 1);
	kit_pass(&s.k, 24 * 3600);
	assert_int_equal(in_public(&s), 3);
	scene_close(&s);
}

static void nothing_that_was_public_is_made_unsaid(void)
{
	struct scene s;
	struct notice before, after;

	scene_open(&s);
	PLAY(&s, {"said", DAY1 "06:00:00+08:00", OFFICE, "service.publish_notice",
	          NOTICE(JN, "traffic", ""), BY_COUNTY});
	before = one(&s, newest(&s));
	kit_pass(&s.k, 600);
	assert_str(about(&s, OFFICE, "service.correct_notice", 1), "notice");
	assert_int_equal(s.k.answer.rc, RC_NOT_FOUND);
	assert_str(about(&s, "P0023", "service.correct_notice", before.id.v), "actor");
	assert_str(about(&s, OFFICE, "service.correct_notice", before.id.v), "");
	assert_int_equal(kit_count(&s.k, "service.notice_corrected"), 1);
	after = one(&s, before.id.v);
	assert_true(after.corrected_ms > after.published_ms && after.title != before.title &&
	            after.body != before.body);
	assert_int_equal(kit_sql(&s.k, "SELECT corrections FROM service_notice"), 1);
	assert_str(about(&s, OFFICE, "service.withdraw_notice", before.id.v), "");
	assert_int_equal(kit_count(&s.k, "service.notice_withdrawn"), 1);
	assert_str(about(&s, OFFICE, "service.withdraw_notice", before.id.v), "notice");
	assert_int_equal(s.k.answer.rc, RC_CONFLICT);
	assert_str(about(&s, OFFICE, "service.correct_notice", before.id.v), "notice");
	assert_int_equal(in_public(&s), 0);
	assert_int_equal(view_rows(&s, "service/notices"), 1);
	assert_true(one(&s, before.id.v).withdrawn_ms > 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM service_notice WHERE reason > 0"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"service_notice", NULL});
	scene_close(&s);
}

static void of_an_emergency_the_city_alone_speaks(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"the county does not", DAY1 "06:00:00+08:00", OFFICE, "service.publish_notice",
	      NOTICE(SITE, "emergency", ""), BY_COUNTY, RC_CONFLICT, "kind"},
	     {"nor does the county's leader sign", NULL, CITY, "service.publish_notice",
	      NOTICE(SITE, "emergency", ""), BY_COUNTY, RC_CONFLICT, "leader"},
	     {"in words that were decided", NULL, CITY, "service.publish_notice",
	      NOTICE(SITE, "emergency", ",'decision':'KJ-2025-1'"), BY_CITY,
	      .emits = "service.notice_published"});
	assert_int_equal(kit_alarms(&s.k, "service.statement_undecided"), 0);
	PLAY(&s, {"in words that nobody decided", NULL, CITY, "service.publish_notice",
	          NOTICE(SITE, "emergency", ""), BY_CITY, .alarm = "service.statement_undecided"});
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"a_notice_is_signed_by_another_than_who_drafts_it",
	 a_notice_is_signed_by_another_than_who_drafts_it,
	 ROWS("sql:service/0", "sql:service/4", "sql:service/5", "event:service.notice_published")},
	{"the_newest_stands_first_and_what_is_to_come_not_at_all",
	 the_newest_stands_first_and_what_is_to_come_not_at_all, NO_ROWS},
	{"nothing_that_was_public_is_made_unsaid", nothing_that_was_public_is_made_unsaid,
	 ROWS("sql:service/1", "sql:service/2", "sql:service/3", "event:service.notice_corrected",
	      "event:service.notice_withdrawn")},
	{"of_an_emergency_the_city_alone_speaks", of_an_emergency_the_city_alone_speaks,
	 ROWS("alarm:service.statement_undecided")},
};
const struct scenario_set SERVICE_SCENES = {LIST, COUNT(LIST)};
