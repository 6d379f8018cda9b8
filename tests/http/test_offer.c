/* SPDX-License-Identifier: Apache-2.0 */
/* test_offer.c -- another profile from a browser: each fault with its place, each difference from
 * the one in force as the machine's own command lists it, kept only when asked and only when it is
 * right; then signed and read back.
 */
#include "kit/check.h"

#include <unistd.h>

#include "http/office.h"

static struct shell S;
static struct serving V;
static struct heard H;

static int setup(void **state)
{
	struct worker w[] = {{"W1", "city_office", "sc/cd"},
	                     {"W2", "city_leader", "sc/cd"},
	                     {"W3", "county_office", "sc/cd/jn"}};

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

static struct str demo(void)
{
	return str_fmt(&S.arena, "%s/profiles/demo.json", getenv("GONGYUAN_SOURCE"));
}

/* The profile in force, changed by sed; as a text, and in a file for the machine. */
static const char *changed(const char *sed)
{
	shell_system(&S, "sed -E '%s' '%s' >'%s'", sed, demo().s, shell_path(&S, "next.json").s);
	return shell_read(&S, shell_path(&S, "next.json")).s;
}
#define IDLE_900 "s/(\"login.idle_s\", *\"value\": *)1800/\\1900/"

static void post(const char *query, const char *body, int want)
{
	ask(&V, "POST", str_fmt(&S.arena, "/api/v1/profile/offers%s", query).s, body, &H);
	assert_heard(&H, want);
}

static void get(const char *path, int want)
{
	ask(&V, "GET", path, NULL, &H);
	assert_heard(&H, want);
}

static struct str member(const struct json *doc, const char *name)
{
	assert_non_null(json_get(doc, name));
	return str_copy(&S.arena, json_canonical(&S.arena, json_get(doc, name)));
}

/* What each number is for stands beside it, families of them ("print.copies.*") too. */
static void every_setting_is_asked_for(void)
{
	const struct json *settings = json_get(json_get(H.doc, "profile"), "settings");

	assert_true(settings && settings->count > 50);
	for (const struct json *v = settings->first; v; v = v->next) {
		const struct json *a = json_get(H.doc, "asked_by")->first;

		while (a && !str_eq(json_str(a, "id"), json_str(v, "id")))
			a = a->next;
		if (!a)
			fail_msg("nobody asks for %s", json_str(v, "id").s);
	}
}

static void only_those_offer_who_may_change_it(void **state)
{
	(void)state;
	log_in(&V, "W3");
	get("/api/v1/profile/document", 200); /* which anybody reads */
	every_setting_is_asked_for();
	post("", changed(IDLE_900), 403);
	get("/api/v1/profile/offers/" "00000000000000000000000000000000"
	    "00000000000000000000000000000000", 403);
	V.token = STR("");
	post("", changed(IDLE_900), 401);
	get("/api/v1/profile/document", 401);
}

static void the_document_is_the_profile_in_force(void **state)
{
	struct json *file;

	(void)state;
	log_in(&V, "W1");
	get("/api/v1/profile/document", 200);
	assert_ok(json_read(&S.op, shell_read(&S, demo()), &file));
	assert_true(str_eq(member(H.doc, "profile"), json_canonical(&S.arena, file)));
	assert_status(&S, sh_json(&S, "profile show"), 0);
	assert_true(str_eq(json_str(H.doc, "digest"), json_str(S.doc, "digest")));
}

static void what_is_only_checked_is_not_kept(void **state)
{
	const struct json *change;

	(void)state;
	post("", changed(IDLE_900), 200);
	change = json_get(H.doc, "changes");
	assert_int_equal(change->count, 1);
	assert_string_equal(json_str(change->first, "path").s, "/settings/login.idle_s/value");
	assert_string_equal(json_str(change->first, "was").s, "1800");
	assert_string_equal(json_str(change->first, "now").s, "900");
	assert_false(json_bool(H.doc, "kept", true));
	get(str_fmt(&S.arena, "/api/v1/profile/offers/%s", json_str(H.doc, "digest").s).s, 404);
	post("?keep=1", shell_read(&S, demo()).s, 200); /* nothing differs: nothing to sign */
	assert_int_equal(json_get(H.doc, "changes")->count, 0);
	assert_false(json_bool(H.doc, "kept", true));
}

static void each_fault_is_told_as_at_the_machine(void **state)
{
	const char *next = changed("s/(\"login.idle_s\", *\"value\": *)1800/\\1\"soon\"/;"
	                           "s/\"source\": *\"GB.T 22239-2019\", *//");

	(void)state;
	post("?keep=1", next, 200);
	assert_status(&S, sh_json(&S, "profile check %s", shell_path(&S, "next.json").s), 2);
	assert_true(json_get(H.doc, "errors")->count > 2);
	assert_true(str_eq(member(H.doc, "errors"), member(S.doc, "errors")));
	assert_false(json_bool(H.doc, "kept", true));
	get(str_fmt(&S.arena, "/api/v1/profile/offers/%s", json_str(H.doc, "digest").s).s, 404);
	post("?keep=1", changed("s/\"exam\": *\"[^\"]*\"/\"exam\":\"other\"/"), 200);
	assert_int_equal(json_get(H.doc, "errors")->count, 1);
	assert_string_equal(json_str(json_get(H.doc, "errors")->first, "path").s, "exam");
	assert_false(json_bool(H.doc, "kept", true));
	post("?keep=1", "{", 200);
	assert_int_equal(json_get(H.doc, "errors")->count, 1);
	assert_false(json_bool(H.doc, "kept", true));
	post("?keep=1", "[]", 200);
	assert_true(json_get(H.doc, "errors")->count > 0);
}

static void it_is_kept_compared_and_put_in_force(void **state)
{
	struct str digest, changes;

	(void)state;
	post("?keep=1", changed(IDLE_900), 200);
	assert_true(json_bool(H.doc, "kept", false));
	digest = str_copy(&S.arena, json_str(H.doc, "digest"));
	changes = member(H.doc, "changes");
	assert_status(&S, sh_json(&S, "profile offer %s", shell_path(&S, "next.json").s), 0);
	assert_true(str_eq(changes, member(S.doc, "changes")));
	assert_true(str_eq(digest, json_str(S.doc, "digest")));
	log_in(&V, "W2"); /* who signs sees what it is */
	get(str_fmt(&S.arena, "/api/v1/profile/offers/%s", digest.s).s, 200);
	assert_true(str_eq(changes, member(H.doc, "changes")));
	log_in(&V, "W1");
	command(&V, "exam.adopt_profile",
	        str_fmt(&S.arena, "{'data':{'place':'sc/cd','profile':'%s','reason':'更正'},'slots':["
	                "{'slot':'leader','how':'paper','person':'W2'}]}", digest.s).s, &H);
	assert_heard(&H, 200);
	for (int i = 0; i < 600; i++) { /* readers follow the writer within a moment */
		get("/api/v1/profile/document", 200);
		if (str_eq(json_str(H.doc, "digest"), digest))
			break;
		usleep(50000);
	}
	assert_true(str_eq(json_str(H.doc, "digest"), digest));
	get(str_fmt(&S.arena, "/api/v1/profile/offers/%s", digest.s).s, 200);
	assert_int_equal(json_get(H.doc, "changes")->count, 0); /* it is in force */
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_those_offer_who_may_change_it),
		cmocka_unit_test(the_document_is_the_profile_in_force),
		cmocka_unit_test(what_is_only_checked_is_not_kept),
		cmocka_unit_test(each_fault_is_told_as_at_the_machine),
		cmocka_unit_test(it_is_kept_compared_and_put_in_force),
	};

	return cmocka_run_group_tests_name("offer", tests, setup, teardown);
}
