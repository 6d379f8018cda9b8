/* SPDX-License-Identifier: Apache-2.0 */
/* test_demo.c -- the verb `demo`: one seed, one root, also when it is played in parts. */
#include "kit/check.h"

#include "shell.h"

static struct shell S;
static char WHOLE[65]; /* the root of the first 400 entries of seed 3 */

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

/* A folder (and database) of its own again. */
static void afresh(void)
{
	shell_close(&S);
	shell_open(&S);
}

static int play(int seed, int events)
{
	return sh_json(&S, "demo --seed %d --events %d --profile %s/profiles/demo.json", seed, events,
	               getenv("GONGYUAN_SOURCE"));
}

static void the_document_has_size_root_and_origin(void **state)
{
	(void)state;
	assert_status(&S, play(3, 400), 0);
	assert_int_equal(json_int(S.doc, "size", 0), 400);
	assert_true(json_str(S.doc, "origin").n > 0);
	assert_int_equal(json_str(S.doc, "root").n, 64);
	snprintf(WHOLE, sizeof(WHOLE), "%s", json_str(S.doc, "root").s);
	assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
	assert_str(json_str(S.doc, "root"), WHOLE);
	assert_status(&S, sh(&S, "db doctor --compare"), 0);
}

/* A demonstration is a drill, and years old by the host's clock. */
static void a_drill_is_asked_for_no_backup(void **state)
{
	const struct json *k;

	(void)state;
	assert_status(&S, sh_json(&S, "db doctor"), 0);
	for (k = json_get(S.doc, "checks")->first; k && !str_is(json_str(k, "id"), "backup");)
		k = k->next;
	assert_non_null(k);
	assert_str(json_str(k, "zh"), "演练，不要求备份");
	assert_str(json_str(k, "en"), "a drill: no backup is asked for");
}

static void another_seed_on_the_same_folder_is_a_conflict(void **state)
{
	(void)state;
	assert_status(&S, play(4, 400), 4);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "seed");
	assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
	assert_str(json_str(S.doc, "root"), WHOLE);
}

static void played_in_parts_it_gives_the_same_root(void **state)
{
	(void)state;
	afresh();
	assert_status(&S, play(3, 37), 0);
	assert_status(&S, play(3, 38), 0);
	assert_status(&S, play(3, 251), 0);
	assert_status(&S, play(3, 400), 0);
	assert_str(json_str(S.doc, "root"), WHOLE);
	assert_status(&S, play(3, 10), 0); /* has more already: nothing is added, nothing taken off */
	assert_str(json_str(S.doc, "root"), WHOLE);
}

static void another_seed_gives_another_root(void **state)
{
	(void)state;
	afresh();
	assert_status(&S, play(4, 400), 0);
	assert_int_equal(json_int(S.doc, "size", 0), 400);
	assert_string_not_equal(json_str(S.doc, "root").s, WHOLE);
}

static void the_timeline_is_told_in_the_language_asked_for(void **state)
{
	(void)state;
	afresh();
	assert_status(&S, sh(&S, "demo --all --lang zh --events 300 --profile %s/profiles/demo.json",
	                     getenv("GONGYUAN_SOURCE")), 0);
	assert_true(shell_said(&S, "演练") && shell_said(&S, "2025-06-0"));
	assert_false(shell_said(&S, "entries, root"));
	afresh();
	assert_status(&S, sh(&S, "demo --lang en --events 300 --profile %s/profiles/demo.json",
	                     getenv("GONGYUAN_SOURCE")), 0);
	assert_true(shell_said(&S, "[DRILL]") && shell_said(&S, "entries, root"));
}

static void a_real_ledger_is_not_played_on(void **state)
{
	(void)state;
	afresh();
	shell_init(&S);
	assert_status(&S, play(3, 100), 4);
	assert_status(&S, sh_json(&S, "demo --seed -1"), 2);
	assert_status(&S, sh_json(&S, "demo --events 0"), 2);
	assert_status(&S, sh_json(&S, "demo --event 5"), 2);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_document_has_size_root_and_origin),
		cmocka_unit_test(a_drill_is_asked_for_no_backup),
		cmocka_unit_test(another_seed_on_the_same_folder_is_a_conflict),
		cmocka_unit_test(played_in_parts_it_gives_the_same_root),
		cmocka_unit_test(another_seed_gives_another_root),
		cmocka_unit_test(the_timeline_is_told_in_the_language_asked_for),
		cmocka_unit_test(a_real_ledger_is_not_played_on),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
