/* SPDX-License-Identifier: Apache-2.0 */
/* test_profile.c -- a profile is checked whole, read back from the ledger, and told as rules. */
#include "kit/check.h"

#include "shell.h"

static struct shell S;

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

static const char *source(const char *name)
{
	return str_fmt(&S.arena, "%s/profiles/%s", getenv("GONGYUAN_SOURCE"), name).s;
}

/* profiles/demo.json with changes by sed in top/bad.json. */
static const char *spoilt(const char *script)
{
	struct str path = shell_path(&S, "bad.json");

	shell_system(&S, "sed '%s' %s > %s", script, source("demo.json"), path.s);
	return path.s;
}

static void every_profile_shipped_is_well_formed(void **state)
{
	static const char *const NAMES[] = {"demo.json", "gaokao-2025.json", "gaokao-wenli.json",
	                                    "zhongkao.json"};

	(void)state;
	for (size_t i = 0; i < COUNT(NAMES); i++) {
		assert_status(&S, sh_json(&S, "profile check %s", source(NAMES[i])), 0);
		assert_true(json_bool(S.doc, "ok", false));
		assert_true(json_int(S.doc, "unconfirmed", 0) > 0);
	}
}

/* Two faults of form; then, in a file of good form, one of fit a ladder: all at once. */
static void all_faults_are_listed_by_path(void **state)
{
	const struct json *errors;
	const char *bad;

	(void)state;
	bad = spoilt("s/\"every\": 1800/\"every\": 0/; "
	             "s/\"ledger.outage_s\", \"value\": 600/\"ledger.outage_s\", \"value\": true/");
	assert_status(&S, sh_json(&S, "profile check %s", bad), 2);
	errors = json_get(S.doc, "errors");
	assert_non_null(errors);
	assert_int_equal(errors->count, 2);
	assert_str(json_str(errors->first, "path"), "steps/0/every");
	assert_str(json_str(errors->first->next, "path"), "settings/0/value");
	assert_non_null(json_get(S.doc, "error"));
	if (S.url.n)
		return; /* the database holds a ledger already, which is said first */
	bad = spoilt("s/\"role\": \"county_leader\"/\"role\": \"county_boss\"/");
	assert_status(&S, sh(&S, "init --profile %s --lang en", bad), 2);
	assert_true(shell_said(&S, "ladders/0/rungs/1/role") &&
	            shell_said(&S, "ladders/3/rungs/1/role"));
	shell_system(&S, "test ! -e %s", S.data.s);
	assert_status(&S, sh(&S, "profile check /nowhere.json"), 1);
}

static void what_applied_is_read_back_from_the_ledger(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "init --profile %s --drill --seed 1",
	                          source("gaokao-2025.json")), 0);
	assert_status(&S, sh_json(&S, "profile show"), 0);
	assert_int_equal(json_int(S.doc, "adopted", -1), 1);
	assert_str(json_str(json_get(S.doc, "profile"), "id"), "gaokao-2025");
	assert_int_equal(json_get(json_get(S.doc, "profile"), "sessions")->count, 9);
	assert_status(&S, sh(&S, "profile show --lang zh"), 0);
	assert_true(shell_said(&S, "待确认") && shell_said(&S, "T-10 分 至 T-8 分"));
	assert_true(shell_said(&S, "教育部令第33号"));
	assert_status(&S, sh(&S, "profile show --at 2020-01-01T00:00:00Z"), 1);
}

static void staffed(void)
{
	shell_begin(&S);
	shell_worker(&S, "W1", "city_office", "sc/cd");
	shell_worker(&S, "W2", "city_leader", "sc/cd");
	assert_status(&S, sh(&S, "authority found"), 0);
}

static void a_changed_profile_is_offered_and_then_adopted(void **state)
{
	const struct json *change;
	struct str digest, before, was;

	(void)state;
	staffed();
	assert_status(&S, sh_json(&S, "profile show"), 0);
	was = str_copy(&S.arena, json_str(S.doc, "digest"));
	assert_status(&S, sh(&S, "profile offer %s", spoilt("s/\"every\": 1800/\"every\": 0/")), 2);
	assert_status(&S, sh(&S, "profile offer %s", source("zhongkao.json")), 2);
	assert_status(&S, sh_json(&S, "profile offer %s",
	                          spoilt("s/\"ledger.outage_s\", \"value\": 600/\"ledger.outage_s\","
	                                 " \"value\": 900/")), 0);
	change = json_get(S.doc, "changes");
	assert_int_equal(change->count, 1);
	assert_str(json_str(change->first, "path"), "/settings/ledger.outage_s/value");
	assert_str(json_str(change->first, "was"), "600");
	assert_str(json_str(change->first, "now"), "900");
	digest = str_copy(&S.arena, json_str(S.doc, "digest"));
	assert_status(&S, sh_json(&S, "profile show"), 0);
	assert_str(json_str(S.doc, "digest"), was.s); /* offered is not adopted */
	before = str_copy(&S.arena, json_str(S.doc, "since"));
	assert_status(&S, sh(&S, "exam adopt-profile --place sc/cd --profile %s --reason 更正 --as W1"
	                     " --slot leader=paper:W1", digest.s), 3);
	assert_status(&S, sh(&S, "exam adopt-profile --place sc/cd --profile %s --reason 更正 --as W1"
	                     " --slot leader=paper:W2", digest.s), 0);
	assert_status(&S, sh_json(&S, "profile show"), 0);
	assert_str(json_str(S.doc, "digest"), digest.s);
	assert_status(&S, sh_json(&S, "profile show --at %s", before.s), 0);
	assert_str(json_str(S.doc, "digest"), was.s);
	assert_status(&S, sh(&S, "profile offer %s --lang zh",
	                     source("demo.json")), 0);
	assert_true(shell_said(&S, "900") && shell_said(&S, "尚未生效"));
	assert_status(&S, sh(&S, "db rebuild"), 0);
	assert_status(&S, sh(&S, "db doctor"), 0);
	assert_status(&S, sh_json(&S, "profile show"), 0);
	assert_str(json_str(S.doc, "digest"), digest.s);
}

static void alarms_are_counted_against_the_budget(void **state)
{
	(void)state;
	shell_init(&S);
	assert_status(&S, sh_json(&S, "alarm budget"), 0);
	assert_int_equal(json_int(S.doc, "budget", 0), 5);
	assert_int_equal(json_get(S.doc, "days")->count, 0);
	assert_status(&S, sh(&S, "alarm budget sc/cd --from 2025-06-07T00:00:00+08:00 --lang en"), 0);
	assert_true(shell_said(&S, "no alarms"));
	assert_status(&S, sh(&S, "alarm budget Sc//cd"), 2);
}

static size_t widest(struct str text)
{
	size_t most = 0, n = 0;

	for (size_t i = 0; i < text.n; i++) {
		n = text.s[i] == '\n' ? 0 : n + 1;
		most = n > most ? n : most;
	}
	return most;
}

/* Each rule with its article, and the windows of the profile in use. */
static void the_rule_book_names_article_owner_and_window(void **state)
{
	bool window = false, alarm = false;

	(void)state;
	assert_status(&S, sh_json(&S, "describe rules custody --profile %s",
	                          source("gaokao-2025.json")), 0);
	for (const struct json *r = json_get(S.doc, "rules")->first; r; r = r->next) {
		if (str_is(json_str(r, "id"), "custody.patrol") &&
		    str_is(json_str(r, "what"), "expectation")) {
			window = json_str(r, "limit").n > 0 && json_str(r, "source").n > 0 &&
			         json_str(r, "article").n > 0 && json_str(r, "owner").n > 0;
		}
		if (json_str(r, "next_zh").n)
			alarm = json_str(r, "next_en").n > 0 && json_str(r, "article").n > 0;
	}
	assert_true(window);
	assert_true(alarm);
	assert_status(&S, sh(&S, "describe rules custody --lang zh --profile %s",
	                     source("gaokao-2025.json")), 0);
	assert_true(shell_said(&S, "第21条") && shell_said(&S, "待确认"));
	assert_true(shell_said(&S, "责任：保密员") && widest(S.out) < 300);
	assert_status(&S, sh(&S, "describe rules weather"), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(every_profile_shipped_is_well_formed),
		T(all_faults_are_listed_by_path),
		T(what_applied_is_read_back_from_the_ledger),
	T(a_changed_profile_is_offered_and_then_adopted),
		T(alarms_are_counted_against_the_budget),
		T(the_rule_book_names_article_owner_and_window),
	};

	return cmocka_run_group_tests_name("profile", tests, NULL, NULL);
}
