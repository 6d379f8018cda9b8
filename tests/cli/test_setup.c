/* SPDX-License-Identifier: Apache-2.0 */
/* test_setup.c -- what helps to set up an office: a profile for another year, the next step, grants
 * out of a file, signatures over a prepared act.
 */
#include "kit/check.h"

#include <unistd.h>

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

static const char *profile(const char *name)
{
	return str_fmt(&S.arena, "%s/profiles/%s", getenv("GONGYUAN_SOURCE"), name).s;
}

static void a_profile_is_moved_to_another_year_and_keeps_its_sources(void **state)
{
	struct str out = shell_path(&S, "new.json"), was, now;

	(void)state;
	assert_status(&S, sh_json(&S, "profile redate %s --first-day 2032-02-28 --exam x-2032 --zh"
	                          " '二〇三二\"年' --out %s", profile("gaokao-2025.json"), out.s), 0);
	assert_str(json_str(S.doc, "exam"), "x-2032");
	now = shell_read(&S, out);
	was = shell_read(&S, str_of(profile("gaokao-2025.json")));
	assert_non_null(strstr(now.s, "\"2032-02-28T09:00:00+08:00\""));
	assert_non_null(strstr(now.s, "\"2032-02-29/am\"")); /* the second day of a leap year */
	assert_non_null(strstr(now.s, "\"2032-03-01/pm\""));
	assert_null(strstr(now.s, "2025-06-0"));
	assert_non_null(strstr(was.s, "2025-02-19"));
	assert_non_null(strstr(now.s, "2025-02-19")); /* when a source appeared */
	assert_non_null(strstr(now.s, "二〇三二\\\"年"));
	assert_status(&S, sh(&S, "profile check %s", out.s), 0);
	assert_status(&S, sh(&S, "profile redate %s --first-day 2033-06-07 --out %s",
	                     profile("demo.json"), out.s), 4); /* not overwritten */
	assert_int_equal(shell_read(&S, out).n, now.n);
	assert_status(&S, sh(&S, "profile redate %s --first-day 2033-02-30 --out %s.2",
	                     profile("demo.json"), out.s), 2);
	assert_status(&S, sh(&S, "profile redate %s --first-day 2033-06-07", profile("demo.json")), 2);
}

static void next_is(const char *id)
{
	assert_status(&S, sh_json(&S, "next"), 0);
	assert_str(json_str(S.doc, "next"), id);
}

static void each_step_of_the_foundation_names_the_next(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "next"), 1);
	assert_true(shell_said(&S, "gongyuan init"));
	assert_status(&S, sh(&S, "init --profile %s --lang en", profile("demo.json")), 0);
	assert_true(shell_said(&S, "next: places") && shell_said(&S, "gongyuan place add"));
	next_is("places");
	assert_status(&S, sh(&S, "place add --place sc --kind area --name 省 --lang zh"), 0);
	assert_true(shell_said(&S, "下一步") && shell_said(&S, "import people"));
	assert_status(&S, sh(&S, "people add-unit --place sc --code U1 --name 院"), 0);
	for (int i = 1; i <= 4; i++)
		assert_status(&S, sh(&S, "people register --code P%d --unit U1 --secrecy false --name 某",
		                     i), 0);
	assert_status(&S, sh(&S, "authority grant --person P1 --role system_admin"), 0);
	next_is("security_admin");
	assert_status(&S, sh(&S, "authority grant --person P2 --role security_admin"), 0);
	assert_status(&S, sh(&S, "authority grant --person P3 --role audit_admin"), 0);
	next_is("system_admin_key");
	for (int i = 1; i <= 3; i++) {
		assert_status(&S, sh_json(&S, "key new %s/P%d.key", S.top.s, i), 0);
		assert_status(&S, sh(&S, "authority register-key --person P%d --key %s", i,
		                     str_copy(&S.arena, json_str(S.doc, "key")).s), 0);
	}
	next_is("grants");
	shell_write(&S, shell_path(&S, "g.csv"), "人员,角色,范围\nP4,city_office,sc\nP4,courier,sc\n");
	assert_status(&S, sh_json(&S, "import grants %s", shell_path(&S, "g.csv").s), 1);
	next_is("grants"); /* a person twice: nothing is recorded */
	shell_write(&S, shell_path(&S, "g.csv"), "人员,角色,范围\nP4,no_such,sc\n");
	assert_status(&S, sh_json(&S, "import grants %s", shell_path(&S, "g.csv").s), 1);
	shell_write(&S, shell_path(&S, "g.csv"), "人员,角色,范围\nP4,city_office,sc\n");
	assert_status(&S, sh(&S, "import grants %s --lang zh", shell_path(&S, "g.csv").s), 0);
	assert_true(shell_said(&S, "authority found"));
	assert_status(&S, sh(&S, "authority found"), 0);
	assert_false(shell_said(&S, "下一步"));
	next_is("candidates");
}

static void a_key_signs_a_slot_of_a_prepared_act(void **state)
{
	struct str file = shell_path(&S, "grant.json"), granter, approver;

	(void)state;
	shell_begin(&S);
	assert_status(&S, sh(&S, "people register --code P4 --unit U1 --secrecy true --name 王"), 0);
	assert_status(&S, sh(&S, "authority found"), 0);
	assert_status(&S, sh_json(&S, "authority grant --person P4 --role courier --place sc/cd --as"
	                          " P2 --slot granter=key:P2 --slot approver=key:P3"
	                          " --print-statement"), 0);
	shell_write(&S, file, S.out.s);
	assert_status(&S, sh(&S, "key sign %s/P2.key --prepared %s --slot witness", S.top.s,
	                     file.s), 2);
	assert_status(&S, sh(&S, "key sign %s/P2.key --prepared %s --slot granter --person 1", S.top.s,
	                     file.s), 2);
	assert_status(&S, sh_json(&S, "key sign %s/P2.key --prepared %s --slot granter", S.top.s,
	                          file.s), 0);
	granter = str_copy(&S.arena, json_str(S.doc, "signature"));
	assert_status(&S, sh_json(&S, "key sign %s/P3.key --prepared %s --slot approver", S.top.s,
	                          file.s), 0);
	approver = str_copy(&S.arena, json_str(S.doc, "signature"));
	assert_status(&S, sh(&S, "authority grant --prepared %s --as P2 --slot granter=key:P2:%s"
	                     " --slot approver=key:P3:%s", file.s, approver.s,
	                     granter.s), 3); /* exchanged */
	assert_status(&S, sh(&S, "authority grant --prepared %s --as P2 --slot granter=key:P2:%s"
	                     " --slot approver=key:P3:%s", file.s, granter.s, approver.s), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_profile_is_moved_to_another_year_and_keeps_its_sources),
		T(each_step_of_the_foundation_names_the_next),
		T(a_key_signs_a_slot_of_a_prepared_act),
	};

	return cmocka_run_group_tests_name("setup", tests, NULL, NULL);
}
