/* SPDX-License-Identifier: Apache-2.0 */
/* test_doctor.c -- what ails the machine, told to an administrator in the browser: each check with
 * its fix, and whether the newest backup still is what it was.
 */
#include "kit/check.h"

#include <unistd.h>

#include "http/office.h"

static struct shell S;
static struct serving V;
static struct heard H;

static int setup(void **state)
{
	struct worker w[] = {{"W1", "county_office", "sc/cd/jn"}};

	(void)state;
	office_open(&S, w, COUNT(w));
	serving_start(&V, &S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static void look(void)
{
	ask(&V, "GET", "/api/v1/doctor", NULL, &H);
	assert_heard(&H, 200);
}

static const struct json *check(const char *id)
{
	for (const struct json *c = json_get(H.doc, "checks")->first; c; c = c->next)
		if (str_is(json_str(c, "id"), id))
			return c;
	fail_msg("no check %s", id);
	return NULL;
}

static const char *state_of(const char *id)
{
	return json_str(check(id), "state").s;
}

static const struct json *backup(void)
{
	return json_get(H.doc, "backup");
}

static const char *verdict(void)
{
	return json_str(json_get(backup(), "verdict"), "state").s;
}

static void it_is_for_the_three_administrators(void **state)
{
	(void)state;
	log_in(&V, "W1");
	ask(&V, "GET", "/api/v1/doctor", NULL, &H);
	assert_heard(&H, 403);
	V.token = STR("");
	ask(&V, "GET", "/api/v1/doctor", NULL, &H);
	assert_heard(&H, 401);
	for (int i = 1; i <= 3; i++) {
		log_in(&V, str_fmt(&S.arena, "P%d", i).s);
		look();
	}
}

static void each_check_stands_with_its_state_and_its_fix(void **state)
{
	static const char *const WELL[] = {"format", "lock", "keys", "disk", "tables", "view",
	                                   "checkpoint", "known", "blobs", "books", "backup", "clock"};

	(void)state;
	look();
	for (size_t i = 0; i < COUNT(WELL); i++) {
		assert_string_equal(state_of(WELL[i]), "ok");
		assert_int_equal(json_str(check(WELL[i]), "fix_zh").n, 0);
	}
	assert_string_equal(state_of("scrub"), "unknown"); /* no witness has seen it */
	assert_string_equal(state_of("compare"), "unknown");
	assert_non_null(strstr(json_str(check("compare"), "fix_zh").s, "gongyuan db doctor --compare"));
	assert_string_equal(json_str(H.doc, "worst").s, "unknown");
}

static void a_fault_is_said_with_what_to_do(void **state)
{
	(void)state;
	shell_system(&S, "chmod 644 '%s/keys/log.key'", S.data.s);
	look();
	assert_string_equal(state_of("keys"), "warn");
	assert_non_null(strstr(json_str(check("keys"), "fix_zh").s, "chmod 600"));
	assert_non_null(strstr(json_str(check("keys"), "fix_en").s, "chmod 600"));
	assert_string_equal(json_str(H.doc, "worst").s, "warn");
	shell_system(&S, "chmod 600 '%s/keys/log.key'", S.data.s);
	shell_system(&S, "mv '%s.checkpoint' '%s.away'", S.data.s, S.data.s);
	look();
	assert_string_equal(state_of("known"), "warn");
	shell_system(&S, "mv '%s.away' '%s.checkpoint'", S.data.s, S.data.s);
}

static void a_backup_is_told_and_verified(void **state)
{
	(void)state;
	look();
	assert_false(json_bool(backup(), "made", true));
	assert_true(json_bool(backup(), "demanded", false));
	assert_string_equal(verdict(), "unknown");
	assert_status(&S, sh_json(&S, "backup %s/b --keys-to %s/k", S.top.s, S.top.s), 0);
	look();
	assert_true(json_bool(backup(), "made", false));
	assert_false(json_bool(backup(), "late", true));
	assert_string_equal(json_str(backup(), "place").s, shell_path(&S, "b").s);
	assert_int_equal(json_int(backup(), "entries", -1), json_int(S.doc, "size", -2));
	assert_true(json_int(backup(), "bytes", 0) > 0);
	assert_false(json_bool(backup(), "sealed", true));
	assert_string_equal(verdict(), "ok");
}

static void a_backup_that_is_not_what_it_was_is_told(void **state)
{
	(void)state;
	shell_system(&S, "sed -i 's/ [0-9]* / 1 /' '%s/last-backup'", S.data.s);
	look(); /* noted: one entry, which is not what lies there */
	assert_string_equal(verdict(), "bad");
	assert_status(&S, sh(&S, "backup %s/c --keys-to %s/l", S.top.s, S.top.s), 0);
	shell_system(&S, "mv '%s/c' '%s/d'", S.top.s, S.top.s);
	look();
	assert_string_equal(verdict(), "unknown"); /* it was moved */
	shell_system(&S, "mv '%s/d' '%s/c'", S.top.s, S.top.s);
	look();
	assert_string_equal(verdict(), "ok");
	shell_system(&S, "printf x >>'%s/c/profile.json'", S.top.s);
	look();
	assert_string_equal(verdict(), "bad");
	assert_string_equal(json_str(H.doc, "worst").s, "bad");
	shell_system(&S, "printf x >>'%s/c/MANIFEST'", S.top.s);
	look();
	assert_string_equal(verdict(), "bad");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(it_is_for_the_three_administrators),
		cmocka_unit_test(each_check_stands_with_its_state_and_its_fix),
		cmocka_unit_test(a_fault_is_said_with_what_to_do),
		cmocka_unit_test(a_backup_is_told_and_verified),
		cmocka_unit_test(a_backup_that_is_not_what_it_was_is_told),
	};

	return cmocka_run_group_tests_name("doctor", tests, setup, teardown);
}
