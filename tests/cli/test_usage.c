/* SPDX-License-Identifier: Apache-2.0 */
/* test_usage.c -- mistyped words and flags, both languages, one JSON document, help, catalogue. */
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

/* The sentence names what is right, and the exit code is that of a wrong input. */
static void suggests(const char *a, const char *b, const char *flag, const char *right)
{
	assert_status(&S, flag ? sh(&S, "%s %s %s x", a, b, flag) : sh(&S, "%s %s", a, b), 2);
	if (!shell_said(&S, right))
		fail_msg("%s %s %s: nobody suggests %s: %s", a, b, flag ? flag : "", right, S.err.s);
}

static void unknown_nouns_suggest_the_right_one(void **state)
{
	(void)state;
	suggests("ledgr", "list", NULL, "did you mean ledger");
	suggests("custdy", "hand-over", NULL, "did you mean custody");
	suggests("authoritie", "grant", NULL, "did you mean authority");
	assert_int_equal(sh(&S, "zzzzzzzz"), 2);
	assert_true(shell_said(&S, "gongyuan help"));
}

static void unknown_verbs_suggest_the_right_one(void **state)
{
	(void)state;
	suggests("ledger", "exprot", NULL, "did you mean ledger export");
	suggests("custody", "handover", NULL, "did you mean custody hand-over");
	suggests("db", "docter", NULL, "did you mean db doctor");
	assert_status(&S, sh(&S, "ledger"), 2);
}

static void unknown_flags_suggest_the_right_one(void **state)
{
	(void)state;
	suggests("ledger", "list", "--frm", "did you mean --from");
	suggests("ledger", "list", "--langg", "did you mean --lang");
	suggests("authority", "grant", "--rol", "did you mean --role");
	suggests("authority", "grant", "--print-statment", "did you mean --print-statement");
	suggests("init", "--profil", "x", "did you mean --profile");
}

static void a_flag_is_given_once_and_with_its_value(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "ledger list --from 1 --from 2"), 2);
	assert_status(&S, sh(&S, "db doctor --compare=yes"), 2);
	assert_status(&S, sh(&S, "ledger list --from one"), 2);
	assert_status(&S, sh(&S, "ledger list extra"), 2);
	assert_status(&S, sh(&S, "ledger show"), 2);
	assert_status(&S, sh(&S, "ledger list --lang fr"), 2);
}

static void underscores_and_points_are_as_good_as_hyphens_and_spaces(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "custody hand_over --help"), 0);
	assert_true(shell_said(&S, "gongyuan custody hand-over"));
	assert_status(&S, sh(&S, "custody.hand_over --help"), 0);
	assert_true(shell_said(&S, "gongyuan custody hand-over"));
}

static void errors_come_in_the_language_asked_for(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "ledgr list --lang zh"), 2);
	assert_true(shell_said(&S, "错误：") && !shell_said(&S, "error:"));
	assert_status(&S, sh(&S, "ledgr list --lang en"), 2);
	assert_true(!shell_said(&S, "错误：") && shell_said(&S, "error:"));
	assert_status(&S, sh(&S, "ledgr list"), 2);
	assert_true(shell_said(&S, "错误：") && shell_said(&S, "error:"));
	assert_true(strstr(S.err.s, "错误：") < strstr(S.err.s, "error:"));
}

static void with_json_stdout_is_one_document_also_when_it_fails(void **state)
{
	const struct json *e;

	(void)state;
	assert_status(&S, sh_json(&S, "ledgr list"), 2);
	assert_non_null(S.doc);
	e = json_get(S.doc, "error");
	assert_non_null(e);
	assert_str(json_str(e, "code"), "invalid");
	assert_true(json_str(e, "zh").n && json_str(e, "en").n);
	assert_status(&S, sh_json(&S, "ledger list"), 1);
	assert_str(json_str(json_get(S.doc, "error"), "code"), "not_found");
	assert_str(json_str(json_get(S.doc, "error"), "field"), "data");
	assert_status(&S, sh_json(&S, "ledger list --help"), 0);
	assert_non_null(S.doc);
	assert_status(&S, sh_json(&S, "version"), 0);
	assert_true(json_str(S.doc, "version").n > 0);
}

static void help_names_every_command_in_both_languages(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "help --lang en"), 0);
	assert_true(shell_said(&S, "ledger checkpoint") && shell_said(&S, "custody hand-over"));
	assert_true(shell_said(&S, "authority found") && shell_said(&S, "exit:"));
	assert_status(&S, sh(&S, "help --lang zh"), 0);
	assert_true(shell_said(&S, "退出码"));
	assert_status(&S, sh(&S, "help first-steps --lang en"), 0);
	assert_true(shell_said(&S, "authority found"));
	assert_status(&S, sh(&S, "help serve"), 0);
	assert_true(shell_said(&S, "--listen"));
	assert_status(&S, sh(&S, "help demo"), 0);
	assert_true(shell_said(&S, "demo code") && shell_said(&S, "--seed"));
	assert_status(&S, sh(&S, "help custody"), 0);
	assert_true(shell_said(&S, "custody trace ID"));
	assert_status(&S, sh(&S, "help custody hand-over"), 0);
	assert_true(shell_said(&S, "--slot"));
	assert_status(&S, sh(&S, "help nothing"), 1);
	assert_status(&S, sh(&S, "custody --help"), 0);
	assert_true(shell_said(&S, "custody trace ID"));
}

/* Each verb of the catalogue has help: that builds its flags from its field table.  (Under a
 * sanitizer and beside a server, which help never asks, each eighth.) */
static void every_command_of_the_tables_has_help(void **state)
{
	size_t n = 0, each = S.url.n ? 8 : check_each(8);
	struct json *roles;

	(void)state;
	assert_status(&S, sh_json(&S, "describe roles"), 0);
	roles = S.doc;
	for (const struct json *r = json_get(roles, "roles")->first; r; r = r->next, n++) {
		if (n % each)
			continue;
		assert_status(&S, sh(&S, "%s --help --lang en", json_str(r, "command").s), 0);
		assert_true(shell_said(&S, "key UUID"));
	}
	assert_true(n > 20);
}

/* Short lists stand in the flag too; those of a list's items are told under its flag. */
static void help_says_what_each_code_means(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "alarm close --help --lang zh"), 0);
	assert_true(shell_said(&S, "取值：") && shell_said(&S, "--false-cause  误报原因"));
	assert_true(shell_said(&S, "keyed_wrong  录入错误") && shell_said(&S, "--false-cause NAME"));
	assert_status(&S, sh(&S, "sitting report-step --help --lang en"), 0);
	assert_true(shell_said(&S, "--exceptions code  why") && shell_said(&S, "not_done   not done"));
	assert_status(&S, sh(&S, "place add --help --lang zh"), 0);
	assert_true(shell_said(&S, "--kind area|site|room|store|office") &&
	            shell_said(&S, "store   保密室"));
	assert_status(&S, sh(&S, "alarm acknowledge --help --lang zh"), 0);
	assert_false(shell_said(&S, "取值："));
}

static void a_field_keeps_its_name_before_a_flag_of_the_act(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "authority register-key --help"), 0);
	assert_true(shell_said(&S, "--key HEX") && shell_said(&S, "--act-key UUID"));
	assert_status(&S, sh(&S, "authority grant --help"), 0);
	assert_true(shell_said(&S, "--key UUID") && !shell_said(&S, "--act-key"));
}

static void the_catalogue_is_printed_as_text_and_json(void **state)
{
	(void)state;
	assert_status(&S, sh_json(&S, "describe events"), 0);
	assert_true(json_get(S.doc, "events")->count > 20);
	assert_status(&S, sh(&S, "describe events"), 0);
	assert_true(shell_said(&S, "ledger.genesis"));
	assert_status(&S, sh(&S, "describe roles"), 0);
	assert_true(str_starts(S.out, STR("command,role,level\n")));
	assert_status(&S, sh_json(&S, "describe rules"), 0);
	assert_true(json_get(S.doc, "rules")->count > 20);
	assert_status(&S, sh_json(&S, "describe openapi"), 0);
	assert_non_null(json_get(json_get(S.doc, "paths"), "/api/v1/commands/custody.hand_over"));
	assert_status(&S, sh(&S, "describe weather"), 2);
}

static void man_pages_and_completion_come_from_the_tables(void **state)
{
	struct str dir = shell_path(&S, "man");
	struct str page;

	(void)state;
	assert_status(&S, sh(&S, "man %s", dir.s), 0);
	page = shell_read(&S, shell_path(&S, "man/man1/gongyuan-custody.1"));
	assert_true(str_starts(page, STR(".\\\" SPDX")));
	assert_non_null(strstr(page.s, "hand\\-over"));
	assert_non_null(strstr(page.s, "\\-\\-print\\-statement"));
	page = shell_read(&S, shell_path(&S, "man/zh_CN/man1/gongyuan-custody.1"));
	assert_non_null(strstr(page.s, "wrong_paper  错发错用试卷"));
	page = shell_read(&S, shell_path(&S, "man/zh_CN/man1/gongyuan.1"));
	assert_non_null(strstr(page.s, "退出码"));
	assert_status(&S, sh(&S, "completion"), 0);
	shell_write(&S, shell_path(&S, "completion"), S.out.s);
	shell_system(&S, "bash -c 'source %s; COMP_WORDS=(gongyuan ledger ex); COMP_CWORD=2; "
	             "_gongyuan; test \"${COMPREPLY[*]}\" = export'", shell_path(&S, "completion").s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(unknown_nouns_suggest_the_right_one),
		cmocka_unit_test(unknown_verbs_suggest_the_right_one),
		cmocka_unit_test(unknown_flags_suggest_the_right_one),
		cmocka_unit_test(a_flag_is_given_once_and_with_its_value),
		cmocka_unit_test(underscores_and_points_are_as_good_as_hyphens_and_spaces),
		cmocka_unit_test(errors_come_in_the_language_asked_for),
		cmocka_unit_test(with_json_stdout_is_one_document_also_when_it_fails),
		cmocka_unit_test(help_names_every_command_in_both_languages),
		cmocka_unit_test(every_command_of_the_tables_has_help),
		cmocka_unit_test(help_says_what_each_code_means),
		cmocka_unit_test(a_field_keeps_its_name_before_a_flag_of_the_act),
		cmocka_unit_test(the_catalogue_is_printed_as_text_and_json),
		cmocka_unit_test(man_pages_and_completion_come_from_the_tables),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
