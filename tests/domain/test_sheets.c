/* SPDX-License-Identifier: Apache-2.0 */
/* test_sheets.c -- facts of rooms that come late, twice, out of order or from a wrong clock; and a
 * paper's question that somebody types into a sheet.
 */
#include "kit/check.h"

#include <stdio.h>
#include <sys/stat.h>

#include "conformance/room_acts.h"
#include "conformance/search.h"
#include "engine/vault.h"

static int64_t at(const char *time)
{
	int64_t ms = 0;

	assert_true(clock_parse(str_of(time), &ms));
	return ms;
}

/* As the floor tells it: now, of an earlier or later moment. */
static void told(struct scene *s, const char *now, const char *happened, const char *command,
                 const char *data)
{
	kit_at(&s->k, now);
	kit_pass(&s->k, 0);
	s->k.happened_ms = happened ? at(happened) : 0;
	if (scene_do(s, CLERK, command, data, NULL) != RC_OK)
		fail_msg("%s: %s", command, s->k.answer.err.en);
	s->k.happened_ms = 0;
}

static int64_t open_alarms(struct scene *s)
{
	return kit_sql(&s->k, "SELECT COUNT(*) FROM alarm WHERE closed = 0 AND place = '" ROOM "'");
}

static void the_same_act_is_answered_from_its_receipt(void **state)
{
	static const char KEY[] = "00000000-0000-7000-8000-0000000abcde";
	static const char DATA[] = "{\"place\":\"" ROOM "\",\"session\":\"d1-chinese\","
		"\"kind\":\"illness\"}";
	struct scene s;
	int64_t first, clerk;
	uint64_t size;

	(void)state;
	rooms_open(&s);
	kit_at(&s.k, DAY1 "09:30:00+08:00");
	kit_pass(&s.k, 0);
	clerk = scene_person(&s, CLERK);
	assert_ok(kit_do_key(&s.k, clerk, "sitting.report_incident", DATA, NULL, KEY));
	first = s.k.answer.index;
	size = kit_size(&s.k);
	assert_ok(kit_do_key(&s.k, clerk, "sitting.report_incident", DATA, NULL, KEY));
	assert_true(s.k.answer.repeated);
	assert_int_equal(s.k.answer.index, first);
	assert_int_equal(kit_size(&s.k), size);
	scene_close(&s);
}

/* Another key, the same thing: both stand in the ledger, one is counted and alarmed. */
static void the_same_fact_told_twice_is_counted_once(void **state)
{
	struct scene s;

	(void)state;
	rooms_open(&s);
	told(&s, DAY1 "09:30:00+08:00", NULL, SEEN("r01", "found_item"));
	told(&s, DAY1 "09:32:00+08:00", NULL, SEEN("r01", "found_item"));
	assert_int_equal(kit_count(&s.k, "sitting.incident_reported"), 2);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM alarm WHERE place = '" ROOM "'"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT MAX(folded) FROM alarm WHERE place = '" ROOM "'"), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE same_as = 0"), 1);
	assert_int_equal(open_of(&s, "sitting.incident_settle"), 1);
	/* Half an hour later it is another one. */
	told(&s, DAY1 "10:00:00+08:00", NULL, SEEN("r01", "found_item"));
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE same_as = 0"), 2);
	scene_close(&s);
}

/* A telephone call at 10:20 about a trip from 10:00 to 10:04: nothing of it is overdue. */
static void a_trip_told_late_is_recorded_with_its_times(void **state)
{
	struct scene s;

	(void)state;
	rooms_open(&s);
	s.k.source = SOURCE_TELEPHONE;
	told(&s, DAY1 "10:20:00+08:00", DAY1 "10:00:00+08:00", OUT("K0001"));
	told(&s, DAY1 "10:40:00+08:00", DAY1 "10:04:00+08:00", IN("K0001", "true"));
	assert_int_equal(open_alarms(&s), 0);
	assert_int_equal(kit_sql(&s.k, "SELECT amount FROM sitting_fact"), 240);
	assert_true(kit_sql(&s.k, "SELECT at_ms FROM sitting_fact") == at(DAY1 "10:00:00+08:00"));
	assert_int_equal(kit_sql(&s.k, "SELECT source FROM sitting_fact"), SOURCE_TELEPHONE);
	/* Twenty minutes are twenty minutes, whenever they are told. */
	told(&s, DAY1 "10:50:00+08:00", DAY1 "10:10:00+08:00", OUT("K0002"));
	told(&s, DAY1 "10:51:00+08:00", DAY1 "10:30:00+08:00", IN("K0002", "true"));
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_lost"), 1);
	scene_close(&s);
}

static void a_return_told_before_its_leaving_is_one_trip(void **state)
{
	struct scene s;

	(void)state;
	rooms_open(&s);
	told(&s, DAY1 "10:05:00+08:00", DAY1 "10:04:00+08:00", IN("K0001", "true"));
	told(&s, DAY1 "10:06:00+08:00", DAY1 "10:00:00+08:00", OUT("K0001"));
	kit_pass(&s.k, 3600);
	assert_int_equal(open_alarms(&s), 0);
	assert_int_equal(kit_count(&s.k, "sitting.toilet_left"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM sitting_fact WHERE same_as = 0"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT amount FROM sitting_fact WHERE same_as = 0"), 240);
	told(&s, DAY1 "11:10:00+08:00", DAY1 "11:09:00+08:00", IN("K0002", "true"));
	told(&s, DAY1 "11:11:00+08:00", DAY1 "10:49:00+08:00", OUT("K0002"));
	assert_int_equal(kit_alarms(&s.k, "sitting.toilet_lost"), 1);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_fact", NULL});
	scene_close(&s);
}

/* A device forty seconds ahead: what it says stands beside the ledger's own time. */
static void a_wrong_clock_is_recorded_as_what_it_says(void **state)
{
	struct scene s;

	(void)state;
	rooms_open(&s);
	told(&s, DAY1 "10:00:00+08:00", DAY1 "10:00:40+08:00", OUT("K0001"));
	told(&s, DAY1 "10:03:00+08:00", DAY1 "10:03:40+08:00", IN("K0001", "true"));
	assert_true(kit_sql(&s.k, "SELECT at_ms FROM sitting_fact") == at(DAY1 "10:00:40+08:00"));
	assert_int_equal(kit_sql(&s.k, "SELECT amount FROM sitting_fact"), 180);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 1 AND"
	                         " rule = 'sitting.toilet'"), 1);
	assert_int_equal(open_alarms(&s), 0);
	scene_close(&s);
}

/* A question of the paper. */
#define QUESTION "第12题选C"

static enum rc read_text(struct scene *s, int64_t vault)
{
	struct op op = s->k.op;
	struct str text, none = {NULL, 0};
	enum rc rc;

	rc = vault_get(&op, &s->k.w.vault, vault, none, &text);
	if (rc == RC_OK)
		assert_str(text, QUESTION);
	return rc;
}

/* A kit keeps no blobs: the rules in force, which the auditor reads, are put beside. */
static void put_rules(struct scene *s, struct str dir)
{
	struct str rules = modules_rules_json(&s->k.arena, &s->k.modules);
	struct hash h = hash_sha256(rules.s, rules.n);
	struct str folder = str_fmt(&s->k.arena, STR_FMT "/rules", STR_ARG(dir));
	struct str path = str_fmt(&s->k.arena, STR_FMT "/%s.json", STR_ARG(folder),
	                          hash_hex(&s->k.arena, &h).s);
	FILE *f;

	(void)mkdir(folder.s, 0700);
	f = fopen(path.s, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(rules.s, 1, rules.n, f), rules.n);
	assert_int_equal(fclose(f), 0);
}

/* gongyuan-audit itself, on an export: exit 0 is "nothing found". */
static void is_sound(struct scene *s)
{
	const char *audit = getenv("GONGYUAN_AUDIT");
	struct str dir = export_beside(&s->k);
	struct str command = str_fmt(&s->k.arena, "%s --json " STR_FMT " > /dev/null",
	                             audit ? audit : "false", STR_ARG(dir));

	put_rules(s, dir);
	assert_int_equal(system(command.s), 0);
}

static void grant_remover(struct scene *s, int64_t who)
{
	assert_ok(kit_do(&s->k, 902, "authority.grant",
	                 str_fmt(&s->k.arena, "{\"person\":%lld,\"role\":\"vault_remover\"}",
	                         (long long)who).s, "granter=badge:902 approver=badge:901"));
}

static void a_question_typed_into_a_sheet_is_removed_by_two(void **state)
{
	struct scene s;
	struct str data;
	int64_t vault;

	(void)state;
	rooms_open(&s);
	grant_remover(&s, 801);
	grant_remover(&s, 802);
	kit_at(&s.k, DAY1 "11:50:00+08:00");
	kit_pass(&s.k, 0);
	assert_ok(scene_do(&s, CLERK, "sitting.hand_in_sheet", "{" AT("r01") ",'expected':30,"
	                   "'present':30,'absent':0,'scripts':30,'remarks':'" QUESTION "'}",
	                   INVIGILATORS("invigilator") " acceptor=badge:P0022"));
	vault = kit_sql(&s.k, "SELECT remarks FROM sitting_sheet");
	assert_true(vault > 0);
	assert_ok(read_text(&s, vault));
	assert_false(entries_hold(&s.k, STR(QUESTION)));
	is_sound(&s);
	data = str_fmt(&s.k.arena, "{\"vault\":%lld}", (long long)vault);
	assert_ok(kit_do(&s.k, 801, "vault.clear", data.s, "remover=badge:801"));
	assert_true(s.k.answer.waiting); /* one is not enough */
	assert_ok(read_text(&s, vault));
	assert_ok(kit_do(&s.k, 801, "vault.clear", data.s, "remover=badge:801 remover=badge:802"));
	assert_int_equal(kit_count(&s.k, "vault.cleared"), 1);
	assert_int_equal(read_text(&s, vault), RC_NOT_FOUND);
	assert_int_equal(kit_sql(&s.k, "SELECT present FROM sitting_sheet"), 30); /* the rest stays */
	is_sound(&s);
	kit_check_rebuild(&s.k, (const char *const[]){"sitting_sheet", NULL});
	scene_close(&s);
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(the_same_act_is_answered_from_its_receipt),
	cmocka_unit_test(the_same_fact_told_twice_is_counted_once),
	cmocka_unit_test(a_trip_told_late_is_recorded_with_its_times),
	cmocka_unit_test(a_return_told_before_its_leaving_is_one_trip),
	cmocka_unit_test(a_wrong_clock_is_recorded_as_what_it_says),
	cmocka_unit_test(a_question_typed_into_a_sheet_is_removed_by_two),
};
SCENE_MAIN(TESTS)
