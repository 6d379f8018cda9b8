/* SPDX-License-Identifier: Apache-2.0 */
/* test_export.c -- views as spreadsheets over HTTP: what the caller may see, in words, in the
 * language asked for, with the ledger it rests on.
 */
#include "kit/check.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "http/serving.h"
#include "sheet/packed.h"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	(void)state;
	serving_city(&V, &S, 1500);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	serving_leave(&V);
	return 0;
}

static struct str exported(const char *path)
{
	struct heard h;
	struct str rows;

	ask(&V, "POST", path, NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "filename=\"custody-boxes.xlsx\""));
	assert_ok(sheet_text(&S.op, h.body, &rows));
	return rows;
}

static size_t lines(struct str s)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++)
		n += s.s[i] == '\n';
	return n;
}

static void a_view_is_exported_in_words(void **state)
{
	struct str zh, en;

	(void)state;
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	zh = exported("/api/v1/export/custody/boxes?lang=zh");
	en = exported("/api/v1/export/custody/boxes?lang=en");
	assert_true(str_starts(zh, STR("1:【演练】试卷箱\n2:依据台账前 ")));
	assert_non_null(strstr(zh.s, " +08:00\n3:试卷箱|科次|送往|保管|已提卷\n4:X-"));
	assert_non_null(strstr(zh.s, "|语文|虚构第01考点 sc/cd/jn/s01|"));
	assert_true(str_starts(en, STR("1:[DRILL] boxes\n")));
	assert_null(strstr(en.s, "|否"));
	assert_true(lines(zh) == lines(en) && lines(zh) > 10);
}

static void only_rows_that_are_seen_and_asked_for_are_in_it(void **state)
{
	struct str all, one, none;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	all = exported("/api/v1/export/custody/boxes");
	one = exported("/api/v1/export/custody/boxes?place=sc/cd/jn/s01");
	assert_true(lines(one) > 3 && lines(one) < lines(all));
	log_in(&V, "P0003"); /* audit_admin */
	none = exported("/api/v1/export/custody/boxes");
	assert_int_equal(lines(none), 3);
	ask(&V, "POST", "/api/v1/export/custody/boxes?colour=red", NULL, &h);
	assert_heard(&h, 400);
	ask(&V, "POST", "/api/v1/export/no/view", NULL, &h);
	assert_heard(&h, 404);
	V.token = V.cookie = STR("");
	ask(&V, "POST", "/api/v1/export/custody/boxes", NULL, &h);
	assert_heard(&h, 401);
}

static const struct json *newest_export(void)
{
	struct heard h;

	log_in(&V, "P0003"); /* audit_admin */
	ask(&V, "GET", "/api/v1/vault/exports", NULL, &h);
	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/vault/exports?min_index=%lld",
	                       (long long)(json_int(h.doc, "size", 1) - 1)).s, NULL, &h);
	assert_heard(&h, 200);
	return json_get(h.doc, "items")->first;
}

static void what_leaves_the_office_leaves_a_trace(void **state)
{
	const struct json *row;
	struct heard h;
	struct hash hash;

	(void)state;
	log_in(&V, "P0010");
	ask(&V, "POST", "/api/v1/export/custody/boxes?place=sc/cd/jn/s01&q=%E8%AF%AD", NULL, &h);
	assert_heard(&h, 200);
	hash = hash_sha256(h.body.s, h.body.n);
	row = newest_export();
	assert_str(json_str(row, "view"), "custody.boxes");
	assert_str(json_str(row, "asked"), "place=sc/cd/jn/s01 q=语");
	assert_true(str_eq(json_str(row, "hash"), hash_hex(&S.arena, &hash)));
	log_in(&V, "P0010");
	ask(&V, "POST", "/api/v1/export/custody/boxes?place=sc/cd/jn/s01", NULL, &h);
	row = newest_export();
	assert_true(json_int(row, "rows", 0) > 0);
	assert_str(json_str(row, "place"), "sc/cd/jn/s01");
	log_in(&V, "P0010");
	ask(&V, "POST", "/api/v1/export/custody/boxes", NULL, &h);
	row = newest_export();
	assert_str(json_str(row, "place"), "sc/cd/jn");
	ask(&V, "POST", "/api/v1/export/custody/boxes?colour=red", NULL, &h);
	assert_heard(&h, 400);
	assert_int_equal(json_int(newest_export(), "id", 0), json_int(row, "id", 0));
}

/* A query longer than a text may be cannot be recorded: then there is no file. */
static void without_its_trace_nothing_leaves(void **state)
{
	int64_t before = json_int(newest_export(), "id", 0);
	struct heard h;
	struct strbuf q;

	(void)state;
	strbuf_init(&q, &S.arena);
	for (int i = 0; i <= LIMIT_TEXT; i++)
		strbuf_addc(&q, 'a');
	log_in(&V, "P0010");
	ask(&V, "POST", str_fmt(&S.arena, "/api/v1/export/custody/boxes?q=" STR_FMT,
	                       STR_ARG(strbuf_str(&q))).s, NULL, &h);
	assert_heard(&h, 422);
	assert_null(strstr(h.all.s, "spreadsheet"));
	assert_int_equal(json_int(newest_export(), "id", 0), before);
}

/* What is sent without anybody's wish (a link, reading ahead, another site's page) makes none. */
static void only_who_means_it_takes_something_out(void **state)
{
	static const char BOXES[] = "/api/v1/export/custody/boxes";
	static const char *const READS[] = {"GET", "HEAD"};
	int64_t before = json_int(newest_export(), "id", 0);
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	for (size_t i = 0; i < COUNT(READS); i++) {
		ask(&V, READS[i], BOXES, NULL, &h);
		assert_heard(&h, 405);
		assert_non_null(strstr(h.all.s, "Allow: POST, OPTIONS\r\n"));
	}
	V.head = STR("Sec-Fetch-Site: same-site\r\n");
	ask(&V, "POST", BOXES, NULL, &h);
	V.head = STR("");
	assert_heard(&h, 403);
	assert_int_equal(json_int(newest_export(), "id", 0), before);
}

static size_t exports_told(const char *query)
{
	struct heard h;

	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/vault/exports?%s", query).s, NULL, &h);
	assert_heard(&h, 200);
	return json_get(h.doc, "items")->count;
}

static void exports_are_told_by_day_and_by_person(void **state)
{
	struct heard h;
	size_t all;
	int64_t at, person;
	const char *t;

	(void)state;
	at = json_int(newest_export(), "exported_ms", 0);
	person = json_int(newest_export(), "person", 0);
	all = exports_told("");
	t = clock_format_utc(&S.arena, at).s;
	assert_true(all >= 3);
	assert_int_equal(exports_told(str_fmt(&S.arena, "since=%s", t).s) +
	                 exports_told(str_fmt(&S.arena, "before=%s", t).s), all);
	assert_true(exports_told(str_fmt(&S.arena, "since=%s", t).s) >= 1);
	assert_int_equal(exports_told("before=2001-01-01T00:00:00Z"), 0);
	assert_int_equal(exports_told(str_fmt(&S.arena, "person=%lld", (long long)person).s), all);
	assert_int_equal(exports_told(str_fmt(&S.arena, "person=%lld", (long long)person + 1).s), 0);
	assert_int_equal(exports_told("person=P0010"), all);
	assert_int_equal(exports_told("person=P0003"), 0);
	assert_int_equal(exports_told("person=NOBODY-1"), 0);
	ask(&V, "GET", "/api/v1/vault/exports?since=yesterday", NULL, &h);
	assert_heard(&h, 400);
	ask(&V, "GET", "/api/v1/vault/openings?since=2025-06-07T00:00:00Z", NULL, &h);
	assert_heard(&h, 200);
	ask(&V, "GET", "/api/v1/custody/boxes?since=2025-06-07T00:00:00Z", NULL, &h);
	assert_heard(&h, 400); /* no time stands in it */
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_view_is_exported_in_words),
		cmocka_unit_test(what_leaves_the_office_leaves_a_trace),
		cmocka_unit_test(without_its_trace_nothing_leaves),
		cmocka_unit_test(only_who_means_it_takes_something_out),
		cmocka_unit_test(exports_are_told_by_day_and_by_person),
		cmocka_unit_test(only_rows_that_are_seen_and_asked_for_are_in_it),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
