/* SPDX-License-Identifier: Apache-2.0 */
/* test_drill.c -- every scenario of scenarios/ is played small: what must be noticed is, in time,
 * and nothing else is alarmed.  Each injected fault proves its rule: without the fault there is no
 * alarm of it, and with the rule disabled the drill fails.
 *
 * A drill founds its office in an empty database.  On a server the shell has one for the whole
 * suite, so there one drill is played (a clean day) and those that need another are skipped; that
 * the databases agree is what the conformance and replay suites show.
 */
#include <dirent.h>

#include "kit/check.h"

#include "shell.h"

enum { SCENARIOS_MAX = 64, RULES_MAX = 256 };
static struct shell S;
static char FILES[SCENARIOS_MAX][256];
static size_t NFILES;

static int by_name(const void *a, const void *b)
{
	return strcmp(a, b);
}

static int setup(void **state)
{
	struct arena a = {0};
	struct str dir = str_fmt(&a, "%s/scenarios", getenv("GONGYUAN_SOURCE"));
	DIR *d = opendir(dir.s);
	struct dirent *e;

	(void)state;
	assert_non_null(d);
	while ((e = readdir(d)) != NULL)
		if (str_ends(str_of(e->d_name), STR(".json"))) {
			assert_true(NFILES < SCENARIOS_MAX);
			snprintf(FILES[NFILES++], sizeof(FILES[0]), "%s", e->d_name);
		}
	closedir(d);
	qsort(FILES, NFILES, sizeof(FILES[0]), by_name);
	arena_release(&a);
	shell_open(&S);
	S.data = STR(""); /* each drill in a temporary folder of its own */
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	shell_close(&S);
	return 0;
}

static int drill(const char *file, const char *flags)
{
	return sh_json(&S, "drill run %s/scenarios/%s --small --seed 1 %s", getenv("GONGYUAN_SOURCE"),
	               file, flags);
}

static void needs_a_database_of_its_own(void)
{
	if (S.url.n)
		skip();
}

/* ---- every scenario ---- */

/* The rules that scenarios have proved. */
static char PROVED[RULES_MAX][80];
static size_t NPROVED;

static void proved(const char *rule)
{
	for (size_t i = 0; i < NPROVED; i++)
		if (strcmp(PROVED[i], rule) == 0)
			return;
	assert_true(NPROVED < RULES_MAX);
	snprintf(PROVED[NPROVED++], sizeof(PROVED[0]), "%s", rule);
}

static void fault_is_what_is_noticed(const char *file, const char *id, const char *rule)
{
	struct arena a = {0};
	const struct json *v;

	if (drill(file, str_fmt(&a, "--without %s", id).s) > 1)
		assert_status(&S, S.status, 1);
	for (v = json_get(S.doc, "injected")->first; v; v = v->next)
		if (str_is(json_str(v, "id"), id) && str_is(json_str(v, "rule"), rule) &&
		    json_str(v, "noticed").n)
			fail_msg("%s: without %s there is an alarm %s all the same", file, id, rule);
	assert_int_equal(json_get(S.doc, "false_alarms")->count, 0);
	if (drill(file, str_fmt(&a, "--disable %s", rule).s) != 1)
		fail_msg("%s: with %s disabled it ends with %d", file, rule, S.status);
	proved(rule);
	arena_release(&a);
}

/* Twice more for each fault: not under a sanitizer, where once is enough. */
static bool proves(void)
{
	const char *full = getenv("GONGYUAN_FULL");

	return !SANITIZED || (full && strcmp(full, "1") == 0);
}

static void plays_as_it_says(const char *file)
{
	struct arena a = {0};
	const struct json *injected, *v;

	if (drill(file, "") != 0) {
		printf("%s\n", S.out.s ? S.out.s : "");
		fail_msg("%s ends with %d: %s", file, S.status, S.err.s ? S.err.s : "");
	}
	assert_int_equal(json_get(S.doc, "false_alarms")->count, 0);
	injected = json_get(S.doc, "injected");
	if (!str_starts(str_of(file), STR("clean-")) && !str_starts(str_of(file), STR("busy-")))
		assert_true(injected->count > 0);
	for (v = injected->first; v && proves(); v = v->next) {
		char id[80], rule[80];

		snprintf(id, sizeof(id), "%s", str_copy(&a, json_str(v, "id")).s);
		snprintf(rule, sizeof(rule), "%s", str_copy(&a, json_str(v, "rule")).s);
		fault_is_what_is_noticed(file, id, rule);
	}
	arena_release(&a);
}

static void every_scenario_plays_as_it_says(void **state)
{
	(void)state;
	assert_true(NFILES >= 8);
	if (S.url.n) {
		plays_as_it_says("clean-day.json");
		return;
	}
	for (size_t i = 0; i < NFILES; i += check_each(4))
		plays_as_it_says(FILES[i]);
	assert_true(NPROVED >= 12 || !proves());
}

/* ---- cases ---- */

/* docs/cases.md names every scenario of a case, and gives each case a rule or a reason. */
static void the_table_of_cases_is_what_scenarios_say(void **state)
{
	struct str table = shell_read(&S, str_fmt(&S.arena, "%s/docs/cases.md",
	                                          getenv("GONGYUAN_SOURCE")));

	(void)state;
	for (size_t i = 0; i < NFILES; i++) {
		struct str name = {FILES[i], strlen(FILES[i]) - strlen(".json")};

		if (FILES[i][0] == 'c' && FILES[i][1] >= '0' && FILES[i][1] <= '9' &&
		    !strstr(table.s, str_fmt(&S.arena, STR_FMT, STR_ARG(name)).s))
			fail_msg("docs/cases.md does not name %s", FILES[i]);
	}
	for (const char *at = table.s; (at = strstr(at, "| C")) != NULL; at += 3) {
		const char *end = strchr(at, '\n');

		assert_non_null(end);
		if (!memmem(at, (size_t)(end - at), "not seen by these modules yet, because", 38) &&
		    !memmem(at, (size_t)(end - at), "sitting.", 8) &&
		    !memmem(at, (size_t)(end - at), "custody.", 8) &&
		    !memmem(at, (size_t)(end - at), "duty.", 5))
			fail_msg("%.*s: neither a rule nor a reason", 6, at);
	}
}

/* ---- the verb ---- */

static void one_seed_has_one_ledger(void **state)
{
	char root[3][65];

	(void)state;
	needs_a_database_of_its_own();
	for (int i = 0; i < 3; i++) {
		S.data = shell_path(&S, i == 0 ? "one" : i == 1 ? "two" : "three");
		assert_status(&S, sh_json(&S, "drill run %s/scenarios/clean-day.json --small --seed %d",
		                          getenv("GONGYUAN_SOURCE"), i < 2 ? 5 : 6), 0);
		assert_status(&S, sh_json(&S, "ledger checkpoint"), 0);
		snprintf(root[i], sizeof(root[i]), "%s", json_str(S.doc, "root").s);
	}
	assert_string_equal(root[0], root[1]);
	assert_string_not_equal(root[0], root[2]);
}

static void a_folder_in_use_is_refused(void **state)
{
	(void)state;
	needs_a_database_of_its_own();
	assert_status(&S, drill("clean-day.json", ""), 4);
	S.data = STR("");
}

static void a_server_is_asked_with_its_token_and_must_be_there(void **state)
{
	struct str data = S.data;
	const char *token = shell_path(&S, "token").s;

	(void)state;
	S.data = STR("");
	assert_status(&S, drill("clean-day.json", "--http http://127.0.0.1:1"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "token-file");
	shell_write(&S, str_of(token), "no token\n");
	assert_status(&S, drill("clean-day.json", str_fmt(&S.arena, "--http http://127.0.0.1:1"
	                                                  " --token-file %s", token).s), 5);
	shell_write(&S, str_of(token), str_fmt(&S.arena, "%064d\n", 7).s);
	assert_status(&S, drill("clean-day.json", str_fmt(&S.arena, "--http http://127.0.0.1:1"
	                                                  " --token-file %s", token).s), 75);
	S.data = data;
}

static void an_unknown_rule_is_refused(void **state)
{
	(void)state;
	needs_a_database_of_its_own();
	assert_status(&S, drill("clean-day.json", "--disable custody.nonsense"), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "disable");
}

static int drill_text(const char *text)
{
	struct str path = shell_path(&S, "own.json");

	shell_write(&S, path, text);
	return sh_json(&S, "drill run %s --small", path.s);
}

static void every_fault_of_a_scenario_is_told_at_once(void **state)
{
	(void)state;
	assert_status(&S, drill_text("{\"id\":\"x\",\"zh\":\"x\",\"en\":1,\"profile\":\"demo\","
	                             "\"ctiy\":{},\"inject\":[{\"id\":\"a\",\"do\":{"
	                             "\"omit\":{\"place\":\"sc\","
	                             "\"at\":\"noon\"}},\"notice\":{\"rule\":\"r\"}}]}"), 2);
	assert_true(shell_said(&S, "ctiy"));
	assert_true(shell_said(&S, "inject/0/do/omit/what"));
	assert_true(shell_said(&S, "inject/0/do/omit/at"));
	assert_true(shell_said(&S, "inject/0/notice/by"));
}

#define HEAD \
	"{\"id\":\"x\",\"zh\":\"x\",\"en\":\"x\",\"profile\":\"demo\",\"inject\":[{\"id\":\"a\","
#define TAIL ",\"notice\":{\"rule\":\"custody.patrol_missing\",\"by\":\"D+0 02:00\"}}]}"

static void a_selector_that_means_nothing_is_refused(void **state)
{
	(void)state;
	needs_a_database_of_its_own();
	assert_status(&S, drill_text(HEAD "\"do\":{\"omit\":{\"what\":\"custody.patrol\","
	                             "\"place\":\"sc/cd/x09/store\"}}" TAIL), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "inject/0/do/omit");
	assert_status(&S, drill_text(HEAD "\"do\":{\"omit\":{\"what\":\"custody.patrol\","
	                             "\"at\":\"d9-latin T-600\"}}" TAIL), 2);
	assert_str(json_str(json_get(S.doc, "error"), "field"), "time");
}

static void what_is_noticed_too_late_is_not_noticed(void **state)
{
	(void)state;
	needs_a_database_of_its_own();
	assert_status(&S, drill_text(HEAD "\"do\":{\"omit\":{\"what\":\"custody.patrol\","
	                             "\"from\":\"D+0 02:00\",\"to\":\"D+0 03:00\"}}" TAIL), 1);
}

static void an_alarm_that_nobody_expects_is_false(void **state)
{
	(void)state;
	needs_a_database_of_its_own();
	assert_status(&S, drill_text(HEAD "\"do\":[{\"omit\":{\"what\":\"custody.patrol\","
	                             "\"from\":\"D+0 01:00\",\"to\":\"D+0 03:00\"}},"
	                             "{\"omit\":{\"what\":\"custody.joint_check\",\"nth\":1}}]"
	                             ",\"notice\":{\"rule\":\"custody.patrol_missing\","
	                             "\"by\":\"D+0 02:00\"}}]}"), 1);
	assert_int_equal(json_get(S.doc, "false_alarms")->count, 1);
	assert_str(json_str(json_get(S.doc, "false_alarms")->first, "rule"), "custody.check_missing");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scenario_plays_as_it_says),
		cmocka_unit_test(the_table_of_cases_is_what_scenarios_say),
		cmocka_unit_test(one_seed_has_one_ledger),
		cmocka_unit_test(a_folder_in_use_is_refused),
		cmocka_unit_test(a_server_is_asked_with_its_token_and_must_be_there),
		cmocka_unit_test(an_unknown_rule_is_refused),
		cmocka_unit_test(every_fault_of_a_scenario_is_told_at_once),
		cmocka_unit_test(a_selector_that_means_nothing_is_refused),
		cmocka_unit_test(what_is_noticed_too_late_is_not_noticed),
		cmocka_unit_test(an_alarm_that_nobody_expects_is_false),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
