/* SPDX-License-Identifier: Apache-2.0 */
/* test_console.c -- what the console asks before it shows anything, and the files of its pages:
 * only those that were there at start, packed for who takes it, under a policy that names nobody
 * else.
 */
#include "kit/check.h"

#include <sys/stat.h>

#include "http/contract.h"
#include "http/serving.h"

static struct shell S;
static struct serving V;

static void put_file(const char *name, const char *text)
{
	shell_write(&S, shell_path(&S, name), text);
}

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	assert_status(&S, sh(&S, "demo --seed 7 --events 2000"), 0);
	assert_int_equal(mkdir(shell_path(&S, "web").s, 0755), 0);
	assert_int_equal(mkdir(shell_path(&S, "web/console").s, 0755), 0);
	assert_int_equal(mkdir(shell_path(&S, "web/console/assets").s, 0755), 0);
	put_file("web/console/index.html", "<!doctype html><title>console</title>");
	put_file("web/console/assets/app-1f.js", "void 0;");
	put_file("web/console/assets/app-1f.js.gz", "(packed)");
	put_file("secret.txt", "not for anybody");
	serving_with(&V, &S, (const char *const[]){"--web", shell_path(&S, "web").s, NULL});
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(serving_stop(&V), 0);
	shell_close(&S);
	return 0;
}

static void get(const char *path, int want, struct heard *ret)
{
	ask(&V, "GET", path, NULL, ret);
	assert_heard(ret, want);
}

static bool lists(const struct json *list, const char *name)
{
	for (const struct json *x = list->first; x; x = x->next)
		if (str_is(x->s, name))
			return true;
	return false;
}

static const struct json *row_of(const struct json *list, const char *member, const char *value)
{
	for (const struct json *x = list ? list->first : NULL; x; x = x->next)
		if (str_is(json_str(x, member), value))
			return x;
	fail_msg("no row with %s %s", member, value);
	return NULL;
}

static void who_asks_is_told_what_he_may_do(void **state)
{
	const struct json *grant;
	struct heard h;

	(void)state;
	V.token = STR("");
	get("/api/v1/me", 401, &h);
	log_in(&V, "P0010");
	get("/api/v1/me", 200, &h);
	assert_str(json_str(h.doc, "code"), "P0010");
	grant = row_of(json_get(h.doc, "grants"), "role", "county_office");
	assert_str(json_str(grant, "place"), "sc/cd/jn");
	assert_true(lists(json_get(h.doc, "views"), "exam/candidates"));
	assert_true(lists(json_get(h.doc, "commands"), "custody.release_boxes"));
	assert_true(lists(json_get(h.doc, "commands"), "slot.sign")); /* anyone's */
	assert_false(lists(json_get(h.doc, "commands"), "authority.grant"));
	assert_false(lists(json_get(h.doc, "views"), "duty/tips"));
	assert_false(lists(json_get(h.doc, "rights"), "ledger.read"));
	log_in(&V, "P0003");
	get("/api/v1/me", 200, &h);
	assert_true(lists(json_get(h.doc, "rights"), "ledger.read"));
	assert_false(lists(json_get(h.doc, "commands"), "custody.release_boxes"));
}

static void numbers_have_staff_codes(void **state)
{
	struct heard h;
	long long other;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/me", 200, &h);
	get(str_fmt(&S.arena, "/api/v1/codes?persons=%lld,999999",
	            (long long)json_int(h.doc, "person", 0)).s, 200, &h);
	assert_int_equal(json_get(h.doc, "codes")->count, 1);
	assert_str(json_get(h.doc, "codes")->first->s, "P0010");
	log_in(&V, "S02-02");
	get("/api/v1/me", 200, &h);
	other = (long long)json_int(h.doc, "person", 0);
	log_in(&V, "S01-02"); /* of another site */
	get(str_fmt(&S.arena, "/api/v1/codes?persons=%lld", other).s, 200, &h);
	assert_int_equal(json_get(h.doc, "codes")->count, 0);
	log_in(&V, "P0010"); /* of the county above both */
	get(str_fmt(&S.arena, "/api/v1/codes?persons=%lld", other).s, 200, &h);
	assert_int_equal(json_get(h.doc, "codes")->count, 1);
	get("/api/v1/codes?persons=", 200, &h);
	get("/api/v1/codes?persons=1,x", 422, &h);
	V.token = STR("");
	get("/api/v1/codes?persons=1", 401, &h);
}

static void the_catalogue_has_words_for_what_the_tables_have(void **state)
{
	const struct json *command, *field, *slot;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/catalogue", 200, &h);
	command = row_of(json_get(h.doc, "commands"), "name", "custody.hand_over");
	assert_str(json_str(command, "zh"), "试卷箱交接");
	slot = row_of(json_get(command, "slots"), "name", "giver");
	assert_int_equal(json_int(slot, "count", 0), 2);
	assert_true(lists(json_get(slot, "roles"), "courier"));
	field = row_of(json_get(command, "fields"), "name", "boxes");
	assert_str(json_str(field, "type"), "list");
	assert_true(json_get(field, "fields")->count > 0);
	row_of(json_get(h.doc, "views"), "path", "sitting/steps");
	assert_true(json_str(row_of(json_get(h.doc, "alarms"), "id", "custody.difference"),
	                     "next_zh").n > 0);
	row_of(json_get(h.doc, "events"), "type", "custody.handed_over");
	/* Who may sign, with the roles that include one of them. */
	command = row_of(json_get(h.doc, "commands"), "name", "duty.zero_site");
	slot = row_of(json_get(command, "slots"), "name", "chief");
	assert_true(lists(json_get(slot, "roles"), "site_chief"));
	assert_true(lists(json_get(slot, "roles"), "deputy_chief"));
	assert_false(lists(json_get(slot, "roles"), "county_office"));
}

static void the_timetable_has_clock_times(void **state)
{
	const struct json *session;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/programme", 200, &h);
	session = json_get(h.doc, "sessions")->first;
	assert_non_null(session);
	assert_true(json_get(session, "steps")->count > 5);
	row_of(json_get(json_get(h.doc, "keys"), "subject"), "zh", "语文");
	get("/api/v1/profile", 200, &h);
	assert_true(json_str(json_get(h.doc, "settings")->first, "source").n > 0);
	assert_true(json_get(h.doc, "ladders")->count > 0);
	get("/api/v1/profile/document", 200, &h);
	assert_true(json_get(json_get(h.doc, "profile"), "settings")->count > 0);
	get("/api/v1/profile/offers/0", 403, &h); /* to change it is for others: test_offer.c */
	ask(&V, "POST", "/api/v1/profile/offers", "{}", &h);
	assert_heard(&h, 403);
}

static void files_are_those_of_the_folder_and_no_others(void **state)
{
	struct heard h;

	(void)state;
	V.token = STR("");
	ask(&V, "GET", "/console/", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "<title>console</title>"));
	assert_non_null(strstr(h.all.s, "default-src 'none'; script-src 'self'"));
	ask(&V, "GET", "/console", NULL, &h);
	assert_heard(&h, 303);
	assert_non_null(strstr(h.all.s, "Location: /console/\r\n"));
	ask(&V, "GET", "/console/assets/app-1f.js", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "immutable"));
	assert_non_null(strstr(h.all.s, "void 0;"));
	get("/console/none.js", 404, &h);
	get("/console/%2e%2e/secret.txt", 404, &h);
	get("/console/..%2fsecret.txt", 400, &h); /* by the network: wire.h */
	get("/console/assets", 404, &h);
}

static void strangers_see_the_programme_and_whether_a_receipt_is_good(void **state)
{
	struct heard h;
	struct str leaf;

	(void)state;
	V.token = STR("");
	ask(&V, "GET", "/public/?lang=zh", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "语文"));
	assert_non_null(strstr(h.all.s, "【演练】"));
	assert_null(strstr(h.all.s, "<script"));
	assert_status(&S, sh_json(&S, "ledger list --from 7 --limit 1"), 0);
	leaf = json_str(json_get(S.doc, "entries")->first, "leaf");
	ask(&V, "GET", str_fmt(&S.arena, "/public/receipt?lang=en&index=7&leaf=%s", leaf.s).s, NULL,
	    &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "The receipt is good"));
	assert_non_null(strstr(h.all.s, "c2sp.org/tlog-proof@v1\nindex 7\n"));
	ask(&V, "GET", str_fmt(&S.arena, "/public/receipt?lang=en&index=8&leaf=%s", leaf.s).s, NULL,
	    &h);
	assert_heard(&h, 404);
	assert_non_null(strstr(h.all.s, "no such entry"));
	ask(&V, "GET", "/public/receipt?index=7&leaf=%22%3E%3Cb%3E", NULL, &h);
	assert_heard(&h, 400);
	assert_null(strstr(h.all.s, "<b>\""));
	assert_non_null(strstr(h.all.s, "&quot;&gt;&lt;b&gt;"));
}

static void each_of_them_was_asked(void **state)
{
	static const char *const PATHS[] = {"/api/v1/me", "/api/v1/codes", "/api/v1/catalogue",
	                                    "/api/v1/programme", "/api/v1/profile"};
	struct strbuf never;

	(void)state;
	strbuf_init(&never, &S.arena);
	for (size_t i = 0; i < COUNT(PATHS); i++)
		assert_int_equal(contract_unvisited(PATHS[i], &never), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_asks_is_told_what_he_may_do),
		cmocka_unit_test(numbers_have_staff_codes),
		cmocka_unit_test(the_catalogue_has_words_for_what_the_tables_have),
		cmocka_unit_test(the_timetable_has_clock_times),
		cmocka_unit_test(files_are_those_of_the_folder_and_no_others),
		cmocka_unit_test(strangers_see_the_programme_and_whether_a_receipt_is_good),
		cmocka_unit_test(each_of_them_was_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
