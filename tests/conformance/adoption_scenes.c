/* SPDX-License-Identifier: Apache-2.0 */
/* adoption_scenes.c -- another profile is put in force: a session is delayed, another put off. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "domain/acts.h"
#include "engine/order.h"

#define CITY "sc/cd"
#define CITY_OFFICE "P0033"
#define LEADS "leader=badge:P0052"
#define AND_THE_PROVINCE LEADS " decider=badge:P0055"
#define PHYSICS "\"start\": \"2025-06-08T09:00:00+08:00\", \"end\": \"2025-06-08T10:15:00+08:00\"}"
#define PHYSICS_LATER \
	"\"start\": \"2025-06-08T09:30:00+08:00\", \"end\": \"2025-06-08T10:45:00+08:00\"}"
#define OPEN_OF "SELECT CAST(COALESCE(SUM(due_ms + from_ms), 0) AS BIGINT) FROM expectation" \
	" WHERE state = 0 AND session = "
#define HALF_AN_HOUR INT64_C(1800000)

static struct str replaced(struct arena *a, struct str text, const char *old, const char *new)
{
	struct strbuf b;
	const char *at, *from = text.s;

	strbuf_init(&b, a);
	while ((at = strstr(from, old))) {
		strbuf_add(&b, from, (size_t)(at - from));
		strbuf_addz(&b, new);
		from = at + strlen(old);
	}
	if (from == text.s)
		fail_msg("the profile does not say %s", old);
	strbuf_addz(&b, from);
	return strbuf_str(&b);
}

static struct str kept(struct scene *s, struct str bytes)
{
	struct str hash;

	assert_ok(blob_put(&s->k.op, &s->k.store, bytes, &hash));
	return hash;
}

/* The profile in force with one text in place of another, kept under its hash. */
static struct str offered(struct scene *s, const char *old, const char *new)
{
	return kept(s, replaced(&s->k.arena, s->k.w.profile.bytes, old, new));
}

static enum rc adopt(struct scene *s, struct str hash, const char *slots)
{
	return scene_do(s, CITY_OFFICE, "exam.adopt_profile",
	                str_fmt(&s->k.arena, "{'place':'" CITY "','profile':'%s','reason':'a flood'}",
	                        hash.s).s, slots);
}

#define assert_refused(s, hash, slots, code, what) \
	do { \
		assert_int_equal(adopt((s), (hash), (slots)), (code)); \
		assert_str(str_of((s)->k.answer.err.field), (what)); \
	} while (0)

static void another_profile_is_adopted_by_those_who_may(void)
{
	struct scene s;
	struct str moved;

	scene_open(&s);
	moved = offered(&s, PHYSICS, PHYSICS_LATER);
	assert_refused(&s, hash_hex(&s.k.arena, &(struct hash){{1}}), AND_THE_PROVINCE, RC_NOT_FOUND,
	               "profile");
	assert_refused(&s, kept(&s, STR("{}")), AND_THE_PROVINCE, RC_INVALID,
	               "format");
	assert_refused(&s, kept(&s, s.k.w.profile.bytes), AND_THE_PROVINCE, RC_CONFLICT, "profile");
	assert_refused(&s, offered(&s, "\"exam\": \"", "\"exam\": \"other-"), AND_THE_PROVINCE,
	               RC_INVALID, "profile");
	assert_refused(&s, offered(&s, "d2-history\"", "d2-archery\""), AND_THE_PROVINCE, RC_CONFLICT,
	               "profile");
	assert_refused(&s, moved, LEADS, RC_DENIED, "decider");
	assert_refused(&s, moved, LEADS " decider=badge:P0002", RC_DENIED, "decider");
	assert_int_equal(kit_count(&s.k, "rules.adopted"), 1);
	assert_ok(adopt(&s, moved, AND_THE_PROVINCE));
	assert_int_equal(kit_count(&s.k, "exam.profile_adopted"), 1);
	assert_int_equal(kit_count(&s.k, "rules.adopted"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT moved FROM exam_adoption"), 2); /* physics, history */
	assert_int_equal(view_rows(&s, "exam/adoptions"), 1);
	/* A number is no session: no province is asked. */
	assert_ok(adopt(&s, offered(&s, "\"ledger.outage_s\", \"value\": 600",
	                            "\"ledger.outage_s\", \"value\": 900"), LEADS));
	assert_int_equal(profile_setting(&s.k.w.profile, "ledger.outage_s", 0), 900);
	kit_check_rebuild(&s.k, (const char *const[]){"exam_adoption", "rules_adopted", NULL});
	scene_close(&s);
}

static void what_is_over_stays_as_it_was(void)
{
	struct scene s;

	scene_open(&s);
	kit_at(&s.k, DAY1 "17:30:00+08:00");
	assert_refused(&s, offered(&s, "2025-06-07T17:00:00+08:00", "2025-06-07T17:05:00+08:00"),
	               AND_THE_PROVINCE, RC_CONFLICT, "profile");
	kit_at(&s.k, "2025-06-08T09:10:00+08:00");
	assert_refused(&s, offered(&s, PHYSICS, "\"start\": \"2025-06-08T09:05:00+08:00\","
	                           " \"end\": \"2025-06-08T10:20:00+08:00\"}"), AND_THE_PROVINCE,
	               RC_CONFLICT, "profile");
	assert_ok(adopt(&s, offered(&s, PHYSICS, PHYSICS_LATER), AND_THE_PROVINCE)); /* it waits */
	scene_close(&s);
}

/* At half past nine in the evening physics is armed and the foreign language is not. */
static void a_session_takes_what_is_expected_with_it(void)
{
	struct rules_adoption all[4];
	struct scene s;
	struct str first;
	struct op op;
	int64_t before, open, next;
	size_t n;

	scene_open(&s);
	PLAY(&s,
	     {"a room for physics", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d2-physics','rooms':[{'room':'" ROOM "','seats':30}]}"},
	     {"and one for biology", NULL, OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d3-biology','rooms':[{'room':'" ROOM "','seats':30}]}"},
	     {"the evening before", DAY1 "21:30:00+08:00", OFFICE, "arrange.plan_rooms",
	      "{'place':'" SITE "','session':'d2-foreign','rooms':[{'room':'" ROOM "','seats':30}]}",
	      NULL});
	first = str_copy(&s.k.arena, s.k.w.profile.bytes);
	open = kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 0"
	               " AND session = 'd2-physics'");
	assert_true(open > 10);
	before = kit_sql(&s.k, OPEN_OF "'d2-physics'");
	assert_ok(adopt(&s, offered(&s, PHYSICS, PHYSICS_LATER), AND_THE_PROVINCE));
	assert_true(kit_sql(&s.k, OPEN_OF "'d2-physics'") - before == open * 2 * HALF_AN_HOUR);
	next = kit_sql(&s.k, "SELECT arm_ms FROM arrange_site WHERE session = 'd3-biology'");
	assert_ok(adopt(&s, offered(&s, "2025-06-09", "2025-06-11"), AND_THE_PROVINCE));
	assert_true(kit_sql(&s.k, "SELECT arm_ms FROM arrange_site WHERE session = 'd3-biology'") ==
	            next + 2 * INT64_C(86400000));
	assert_true(kit_count(&s.k, "arrange.arming_moved") >= 1);
	/* Earlier again: nothing is moved twice. */
	assert_ok(adopt(&s, kept(&s, first), AND_THE_PROVINCE));
	assert_true(kit_sql(&s.k, OPEN_OF "'d2-physics'") == before);
	/* A module that is done without expects nothing any more. */
	assert_ok(adopt(&s, offered(&s, "\"ladders\": [", "\"off\": [{\"module\": \"sitting_bell\","
	                            " \"source\": \"made up\", \"sure\": \"unconfirmed\"}],"
	                            " \"ladders\": ["), LEADS));
	assert_true(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 5"
	                    " AND session = 'd2-physics'") > 0);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(rules_history(&op, all, COUNT(all), &n));
	assert_int_equal(n, 4);
	kit_check_rebuild(&s.k, (const char *const[]){"expectation", "arrange_site", NULL});
	kit_reopen(&s.k);
	assert_int_equal(s.k.w.profile.lists.noff, 1);
	scene_close(&s);
}


static const struct scenario LIST[] = {
	{"another_profile_is_adopted_by_those_who_may", another_profile_is_adopted_by_those_who_may,
	 ROWS("sql:exam_adoption/0", "sql:exam_adoption/1", "event:exam.profile_adopted")},
	{"what_is_over_stays_as_it_was", what_is_over_stays_as_it_was, NO_ROWS},
	{"a_session_takes_what_is_expected_with_it", a_session_takes_what_is_expected_with_it,
	 ROWS("sql:expectation/8", "sql:expectation/9", "sql:expectation/10", "sql:arrange/18",
	      "sql:arrange/19", "event:arrange.arming_moved")},
};
const struct scenario_set ADOPTION_SCENES = {LIST, COUNT(LIST)};
