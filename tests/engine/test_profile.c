/* SPDX-License-Identifier: Apache-2.0 */
/* test_profile.c -- the demonstration's profile is read; each single fault in it is found. */
#include "kit/check.h"

#include <malloc.h>

#include "base/clock.h"
#include "base/json.h"
#include "engine/module.h"
#include "engine/profile.h"

struct fixture {
	struct arena arena, keep;
	struct op op;
	struct str bytes;
};

/* The file, read with the C library: this test needs no database. */
static struct str load(struct arena *a)
{
	enum { MAX = 1 << 20 };
	const char *root = getenv("GONGYUAN_SOURCE");
	struct str path = str_fmt(a, "%s/profiles/demo.json", root ? root : ".");
	char *buf = arena_alloc(a, MAX);
	FILE *f = fopen(path.s, "rb");
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, MAX - 1, f);
	(void)fclose(f);
	return (struct str){buf, n};
}

static int setup(void **state)
{
	struct fixture *f = calloc(1, sizeof(*f));

	f->op.arena = &f->arena;
	f->bytes = load(&f->keep);
	*state = f;
	return 0;
}

static int teardown(void **state)
{
	struct fixture *f = *state;

	arena_release(&f->arena);
	arena_release(&f->keep);
	free(f);
	return 0;
}

static void read_demo(struct fixture *f, struct profile *ret)
{
	if (profile_read(&f->op, &f->keep, f->bytes, ret) != RC_OK)
		fail_msg("%s: %s", f->op.err.field, f->op.err.en);
	arena_release(&f->arena); /* nothing of it may live in the operation's arena */
}

static void the_demo_profile_is_valid(void **state)
{
	struct fixture *f = *state;
	struct hash digest = hash_sha256(f->bytes.s, f->bytes.n);
	const struct profile_session *s;
	struct profile p;

	read_demo(f, &p);
	assert_str(p.exam, "demo-2025");
	assert_int_equal(p.utc_offset_min, 480);
	assert_true(hash_eq(&p.digest, &digest));
	assert_int_equal(p.nsubjects, 9);
	assert_int_equal(p.nsessions, 9);
	s = profile_session(&p, STR("d3-geography"));
	assert_non_null(s);
	assert_str(s->zh, "地理");
	assert_str(s->half_day, "2025-06-09/am");
	assert_str(clock_format_offset(&f->arena, s->start_ms, 480),
	           "2025-06-09T11:00:00.000+08:00");
	assert_null(profile_session(&p, STR("d3-music")));
	assert_true(profile_has_subject(&p, STR("foreign")));
	assert_false(profile_has_subject(&p, STR("music")));
}

static void windows_and_numbers_of_the_rules_stand_in_it(void **state)
{
	struct fixture *f = *state;
	const struct profile_step *step;
	struct profile p;

	read_demo(f, &p);
	step = profile_step(&p, STR("custody.patrol"));
	assert_non_null(step);
	assert_int_equal(step->anchor, ANCHOR_EVENT);
	assert_int_equal(step->every_s, 1800);
	step = profile_step(&p, STR("custody.open_bag"));
	assert_int_equal(step->anchor, ANCHOR_T);
	assert_int_equal(step->from_s, -600);
	assert_true(step->source.n > 0);
	assert_int_equal(profile_step(&p, STR("custody.return"))->anchor, ANCHOR_E);
	assert_int_equal(profile_step(&p, STR("custody.joint_check"))->to_s, 43200);
	assert_int_equal(profile_setting(&p, "custody.max_store_days", 9), 2);
	assert_int_equal(profile_setting(&p, "no.such", 9), 9);
}

static void ladders_climb_and_grave_ones_close_by_two(void **state)
{
	struct fixture *f = *state;
	struct profile p;

	read_demo(f, &p);
	for (int c = 0; c < COLOUR_MAX; c++) {
		const struct profile_ladder *l = profile_ladder(&p, c);

		assert_non_null(l);
		assert_str(l->rungs[0].role, "duty_officer");
		assert_int_equal(l->close_by, c >= COLOUR_ORANGE ? 2 : 1);
		for (size_t i = 1; i < l->nrungs; i++)
			assert_true(l->rungs[i].after_s > l->rungs[i - 1].after_s);
	}
	assert_str(profile_ladder(&p, COLOUR_RED)->rungs[3].role, "city_leader");
	assert_int_equal(profile_ladder(&p, COLOUR_RED)->rungs[3].level, LEVEL_CITY);
}

static int64_t at(const char *text)
{
	int64_t ms;

	assert_true(clock_parse(str_of(text), &ms));
	return ms;
}

static void the_next_half_day_is_found(void **state)
{
	static const struct {
		const char *t, *first;
	} CASES[] = {
		{"2025-06-01T00:00:00+08:00", "d1-chinese"},
		{"2025-06-07T09:30:00+08:00", "d1-chinese"},
		{"2025-06-07T11:29:59+08:00", "d1-chinese"},
		{"2025-06-07T11:30:00+08:00", "d1-maths"},
		{"2025-06-08T09:30:00+08:00", "d2-physics"},
		/* Between two sessions of one half day, and in its second. */
		{"2025-06-09T10:00:00+08:00", "d3-chemistry"},
		{"2025-06-09T12:14:59+08:00", "d3-chemistry"},
		{"2025-06-09T12:15:00+08:00", "d3-politics"},
		{"2025-06-09T18:14:59+08:00", "d3-politics"},
	};
	struct fixture *f = *state;
	struct profile p;

	read_demo(f, &p);
	for (size_t i = 0; i < COUNT(CASES); i++)
		assert_str(profile_next(&p, at(CASES[i].t))->id, CASES[i].first);
	assert_null(profile_next(&p, at("2025-06-09T18:15:00+08:00")));
}

/* The profile with its first `from` replaced by `to`. */
static struct str changed(struct fixture *f, const char *from, const char *to)
{
	const char *hit = strstr(f->bytes.s, from);

	if (!hit)
		fail_msg("not in the profile: %s", from);
	return str_fmt(&f->arena, "%.*s%s%s", (int)(hit - f->bytes.s), f->bytes.s, to,
	               hit + strlen(from));
}

static void each_fault_is_found_by_its_path(void **state)
{
	static const struct {
		const char *from, *to, *path;
	} BAD[] = {
		{"\"format\": 1", "\"format\": 2", "format"},
		{"\"utc_offset\": \"+08:00\"", "\"utc_offset\": \"8\"", "utc_offset"},
		{"\"utc_offset\": \"+08:00\"", "\"utc_offset\": \"+08:00\", \"extra\": 1", "extra"},
		{"\"exam\": \"demo-2025\"", "\"exam\": \"Demo 2025\"", "exam"},
		{"\"zh\": \"语文\"", "\"zh\": \"\"", "subjects/0/zh"},
		{"\"zh\": \"语文\", ", "", "subjects/0/zh"},
		{"\"id\": \"maths\"", "\"id\": \"chinese\"", "subjects/1/id"},
		{"\"subject\": \"maths\"", "\"subject\": \"music\"", "sessions/1/subject"},
		{"\"id\": \"d1-maths\"", "\"id\": \"d1-chinese\"", "sessions/1/id"},
		{"\"start\": \"2025-06-07T09:00:00+08:00\"", "\"start\": \"2025-06-07 09:00\"",
		 "sessions/0/start"},
		{"\"end\": \"2025-06-07T11:30:00+08:00\"", "\"end\": \"2025-06-07T09:00:00+08:00\"",
		 "sessions/0/end"},
		{"\"start\": \"2025-06-07T15:00:00+08:00\"",
		 "\"start\": \"2025-06-07T08:00:00+08:00\"",
		 "sessions/1/start"},
		{"\"half_day\": \"2025-06-07/pm\"", "\"half_day\": \"2025-06-07/am\"",
		 "sessions/1/half_day"},
		{"\"half_day\": \"2025-06-08/am\"", "\"half_day\": \"2025-06-09/am\"",
		 "sessions/2/half_day"},
		{"\"anchor\": \"event\"", "\"anchor\": \"S\"", "steps/0/anchor"},
		{"\"from\": 0, \"to\": 1800", "\"from\": 1801, \"to\": 1800", "steps/0/to"},
		{"\"every\": 1800", "\"every\": 0", "steps/0/every"},
		{"\"every\": 1800", "\"evry\": 1800", "steps/0/evry"},
		{"\"every\": 1800", "\"colours\": {\"late\": \"pink\"}", "steps/0/colours/late"},
		{"\"every\": 1800", "\"colours\": {\"when\": \"red\"}", "steps/0/colours/when"},
		{"\"every\": 1800", "\"tolerance\": {\"early\": -1}", "steps/0/tolerance/early"},
		{"\"every\": 1800", "\"tolerance\": 60", "steps/0/tolerance"},
		{"\"source\": \"教", "\"source\": \"\", \"approver\": \"教", "steps/0/source"},
		{"\"source\": \"教", "\"approver\": \"教", "steps/0/source"},
		{"\"sure\": \"probable\"", "\"sure\": \"certain\"", "steps/0/sure"},
		{"\"id\": \"custody.joint_check\"", "\"id\": \"custody.patrol\"", "steps/1/id"},
		{"\"value\": 600", "\"value\": \"1800\"", "settings/0/value"},
		{"\"id\": \"custody.max_store_days\"", "\"id\": \"ledger.outage_s\"",
		 "settings/1/id"},
		{"\"colour\": \"orange\"", "\"colour\": \"red\"", "ladders/1/colour"},
		{"\"colour\": \"orange\"", "\"colour\": \"pink\"", "ladders/1/colour"},
		{"\"close_by\": 2", "\"close_by\": 1", "ladders/0/close_by"},
		{"\"ack_s\": 600", "\"ack_s\": 0", "ladders/0/ack_s"},
		{"\"after_s\": 180", "\"after_s\": 0", "ladders/0/rungs/1/after_s"},
		{"\"role\": \"county_leader\"", "\"role\": \"County Leader\"",
		 "ladders/0/rungs/1/role"},
		{"\"level\": 3", "\"level\": 6", "ladders/0/rungs/0/level"},
		{"\"slot\": \"*\"", "\"slot\": \"hand_over\"", "slots/0/slot"},
		{"\"slot\": \"*\"", "\"slot\": \"custody.hand_over/giver\"", "slots"},
		{"\"how\": [\"key\"", "\"how\": [\"ink\"", "slots/0/how"},
		{"\"how\": [\"key\"", "\"how\": [\"badge\"", "slots/0/how"},
	};
	struct fixture *f = *state;

	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct profile p = {.nslot_hows = 77};
		struct str bytes = changed(f, BAD[i].from, BAD[i].to);

		if (profile_read(&f->op, &f->keep, bytes, &p) != RC_INVALID)
			fail_msg("taken: %s", BAD[i].to);
		assert_string_equal(f->op.err.field, BAD[i].path);
		assert_true(f->op.err.zh[0] != '\0' && f->op.err.en[0] != '\0');
		assert_int_equal(p.nslot_hows, 77);
	}
}

/* Several faults are told at once, in the file's order, and nothing follows from another. */
static void all_faults_are_told_at_once(void **state)
{
	static const char *const PATHS[] = {
		"utc_offset", "subjects/0/zh", "sessions/0/start", "steps/0/every", "steps/0/source",
		"settings/0/value", "ladders/0/rungs/1/role", "slots/0/how",
	};
	static const char *const CHANGES[][2] = {
		{"\"utc_offset\": \"+08:00\"", "\"utc_offset\": \"8\""},
		{"\"zh\": \"语文\"", "\"zh\": \"\""},
		{"\"start\": \"2025-06-07T09:00:00+08:00\"", "\"start\": \"2025-06-07 09:00\""},
		{"\"every\": 1800", "\"every\": 0"},
		{"\"source\": \"教", "\"approver\": \"教"},
		{"\"value\": 600", "\"value\": \"1800\""},
		{"\"role\": \"county_leader\"", "\"role\": \"County Leader\""},
		{"\"how\": [\"key\"", "\"how\": [\"ink\""},
	};
	struct fixture *f = *state;
	struct profile_faults faults = {0};
	struct profile p;

	for (size_t i = 0; i < COUNT(CHANGES); i++)
		f->bytes = changed(f, CHANGES[i][0], CHANGES[i][1]);
	assert_int_equal(profile_read_all(&f->op, &f->keep, f->bytes, &p, &faults), RC_INVALID);
	for (size_t i = 0; i < faults.n && i < COUNT(PATHS); i++)
		assert_str(faults.list[i].path, PATHS[i]);
	assert_int_equal(faults.total, COUNT(PATHS));
	assert_string_equal(f->op.err.field, PATHS[0]);
}

/* The file without anything that may be absent. */
static struct str bare(struct fixture *f)
{
	static const char *const NEEDED[] = {"format", "id", "exam", "zh", "en", "utc_offset",
	                                     "subjects", "sessions", "steps", "settings", "ladders",
	                                     "slots"};
	struct json *o, *all = json_new_object(&f->keep), *member[COUNT(NEEDED)];

	assert_ok(json_read(&f->op, f->bytes, &o));
	for (size_t i = 0; i < COUNT(NEEDED); i++)
		member[i] = (struct json *)(uintptr_t)json_get(o, NEEDED[i]);
	for (size_t i = 0; i < COUNT(NEEDED); i++) {
		member[i]->next = NULL;
		json_put(all, NEEDED[i], member[i]);
	}
	return str_copy(&f->keep, json_canonical(&f->arena, all));
}

/* Members that may be absent: one good row each, and what is wrong with it. */
static void optional_lists_are_read_and_checked(void **state)
{
#define WHY "\"zh\": \"一\", \"en\": \"x\", \"source\": \"x\", \"sure\": \"unconfirmed\""
	static const struct {
		const char *row, *path; /* path NULL: good */
	} ROWS[] = {
		{"\"rule_set\": {\"id\": \"order-33\", " WHY "}", NULL},
		{"\"rule_set\": {\"id\": \"order-33\"}", "rule_set/zh"},
		{"\"rule_set\": []", "rule_set"},
		{"\"offices\": [{\"id\": \"moe\", \"zh\": \"部\", \"en\": \"m\"}]", NULL},
		{"\"offices\": {}", "offices"},
		{"\"languages\": [{\"id\": \"english\", \"listening\": true, " WHY "}]", NULL},
		{"\"languages\": [{\"id\": \"english\", \"listening\": 1, " WHY "}]",
		 "languages/0/listening"},
		{"\"combinations\": [{\"id\": \"a\", \"subjects\": [\"physics\"], " WHY "}]", NULL},
		{"\"combinations\": [{\"id\": \"a\", \"subjects\": [\"music\"], " WHY "}]",
		 "combinations/0/subjects"},
		{"\"items\": [{\"id\": \"phone\", \"class\": \"prohibited\", " WHY "}]", NULL},
		{"\"items\": [{\"id\": \"phone\", \"class\": \"bad\", " WHY "}]", "items/0/class"},
		{"\"decisions\": [{\"id\": \"delay\", \"deciders\": [\"moe\"], \"form\": \"表\", "
		 "\"phone\": true, " WHY "}]", NULL},
		{"\"decisions\": [{\"id\": \"delay\", " WHY "}]", "decisions/0/deciders"},
		{"\"decisions\": [{\"id\": \"delay\", \"deciders\": [\"M O\"], " WHY "}]",
		 "decisions/0/deciders"},
		{"\"alarms\": [{\"rule\": \"a.b\", \"colour\": \"red\", " WHY "}]", NULL},
		{"\"alarms\": [{\"rule\": \"a.b\", \"colour\": \"pink\", " WHY "}]",
		 "alarms/0/colour"},
		{"\"alarms\": [{\"rule\": \"a.b\", \"colour\": \"red\", " WHY "},"
		 " {\"rule\": \"a.b\", \"colour\": \"red\", " WHY "}]", "alarms/1/rule"},
		{"\"off\": [{\"module\": \"printing\", \"source\": \"x\", \"sure\": \"probable\"}]",
		 NULL},
		{"\"off\": [{\"module\": \"printing\", \"source\": \"x\"}]", "off/0/sure"},
		{"\"off\": []", NULL},
	};
	struct fixture *f = *state;

	f->bytes = bare(f);
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str bytes = changed(f, "\"utc_offset\"",
		                           str_fmt(&f->arena, "%s, \"utc_offset\"", ROWS[i].row).s);
		struct profile p;
		enum rc rc = profile_read(&f->op, &f->keep, bytes, &p);

		if (rc != (ROWS[i].path ? RC_INVALID : RC_OK))
			fail_msg("%s: %s", ROWS[i].row, f->op.err.en);
		if (ROWS[i].path)
			assert_string_equal(f->op.err.field, ROWS[i].path);
	}
}

static void a_session_says_how_its_candidates_enter(void **state)
{
	static const char FROM[] = "\"half_day\": \"2025-06-07/am\"";
	struct fixture *f = *state;
	struct profile p;

	assert_ok(profile_read(&f->op, &f->keep,
	                       changed(f, FROM, "\"half_day\": \"2025-06-07/am\","
	                               " \"listening\": true, \"late_entry\": \"room\","
	                               " \"takers\": \"choosers\", \"entry_closes\": -900"), &p));
	assert_true(p.sessions[0].listening && p.sessions[0].choosers && p.sessions[0].entry_said);
	assert_int_equal(p.sessions[0].late_entry, LATE_ENTRY_ROOM);
	assert_int_equal(p.sessions[0].entry_closes_s, -900);
	assert_false(p.sessions[1].listening || p.sessions[1].choosers || p.sessions[1].entry_said);
	assert_int_equal(profile_read(&f->op, &f->keep,
	                              changed(f, FROM, "\"half_day\": \"2025-06-07/am\","
	                                      " \"late_entry\": \"bus\""), &p), RC_INVALID);
	assert_string_equal(f->op.err.field, "sessions/0/late_entry");
}

/* Cuts the whole ladder of a colour out. */
static void an_alarm_colour_without_a_ladder_is_refused(void **state)
{
	struct fixture *f = *state;
	struct json *o, *ladders;
	struct profile p;

	assert_ok(json_read(&f->op, f->bytes, &o));
	ladders = (struct json *)json_get(o, "ladders");
	ladders->first = ladders->first->next;
	ladders->count--;
	assert_int_equal(profile_read(&f->op, &f->keep, json_canonical(&f->arena, o), &p),
	                 RC_INVALID);
	assert_string_equal(f->op.err.field, "ladders");
}

static void a_slot_of_its_own_goes_before_the_default(void **state)
{
	struct fixture *f = *state;
	struct str bytes = changed(f, "{\"slot\": \"*\"",
	                           "{\"slot\": \"custody.hand_over/giver\", \"how\": [\"phone\"]},"
	                           " {\"slot\": \"*\"");
	struct profile p;

	assert_ok(profile_read(&f->op, &f->keep, bytes, &p));
	assert_true(profile_slot_how(&p, STR("custody.hand_over"), STR("giver"), SLOT_PHONE));
	assert_false(profile_slot_how(&p, STR("custody.hand_over"), STR("giver"), SLOT_KEY));
	assert_true(profile_slot_how(&p, STR("custody.hand_over"), STR("receiver"), SLOT_KEY));
	assert_true(profile_slot_how(&p, STR("custody.hand_over"), STR("giver2"), SLOT_KEY));
	assert_false(profile_slot_how(&p, STR("custody.hand_over"), STR("receiver"), SLOT_PHONE));
}

static void what_is_not_json_is_refused(void **state)
{
	struct fixture *f = *state;
	struct profile p;

	assert_int_equal(profile_read(&f->op, &f->keep, STR(""), &p), RC_INVALID);
	assert_int_equal(profile_read(&f->op, &f->keep, STR("[]"), &p), RC_INVALID);
	assert_int_equal(profile_read(&f->op, &f->keep, STR("{\"format\":1,\"format\":1}"), &p),
	                 RC_INVALID);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_demo_profile_is_valid),
		T(windows_and_numbers_of_the_rules_stand_in_it),
		T(ladders_climb_and_grave_ones_close_by_two),
		T(the_next_half_day_is_found),
		T(each_fault_is_found_by_its_path),
		T(all_faults_are_told_at_once),
		T(optional_lists_are_read_and_checked),
		T(a_session_says_how_its_candidates_enter),
		T(an_alarm_colour_without_a_ladder_is_refused),
		T(a_slot_of_its_own_goes_before_the_default),
		T(what_is_not_json_is_refused),
	};

	(void)mallopt(M_PERTURB, 0x5a); /* freed memory does not look as before */
	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
