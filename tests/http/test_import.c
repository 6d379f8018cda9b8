/* SPDX-License-Identifier: Apache-2.0 */
/* test_import.c -- files imported over HTTP: what `gongyuan import --json` says of them, under the
 * caller's own rights; and empty files to fill in.
 */
#include "kit/check.h"

#include "base/limits.h"
#include "http/serving.h"
#include "sheet/packed.h"

#define IMPORT "/api/v1/import/candidates"
#define HEAD "报名县区,考生号,选科组合,姓名,证件号码\n"
#define SUBJECTS "history.chemistry.geography"
#define GOOD "sc/cd/jn,K9001," SUBJECTS ",样例甲,510104200701010015\n"
#define BAD "sc/cd/jn,k9002," SUBJECTS ",样例乙,510104200701010023\n"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	(void)state;
	serving_city(&V, &S, 300);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	serving_leave(&V);
	return 0;
}

static void post(const char *path, const char *body, int want, struct heard *ret)
{
	ask_typed(&V, "text/csv", path, body, ret);
	assert_heard(ret, want);
}

static void said(const struct heard *h, int64_t rows, int64_t good, int64_t recorded, size_t errors)
{
	assert_non_null(h->doc);
	if (json_int(h->doc, "good", -1) != good || json_get(h->doc, "errors")->count != errors)
		fail_msg("%s", h->body.s);
	assert_int_equal(json_int(h->doc, "rows", -1), rows);
	assert_int_equal(json_int(h->doc, "good", -1), good);
	assert_int_equal(json_int(h->doc, "recorded", -1), recorded);
}

static void knows(const char *number, bool does)
{
	struct heard h;

	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/exam/candidates?number=%s", number).s, NULL, &h);
	assert_heard(&h, 200);
	assert_int_equal(json_get(h.doc, "items")->count, does);
}

static void rows_are_checked_and_then_recorded(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	post(IMPORT "?dry_run=1", HEAD GOOD BAD, 200, &h);
	said(&h, 2, 1, -1, 1);
	assert_str(json_str(json_get(h.doc, "errors")->first, "column"), "考生号");
	assert_int_equal(json_int(json_get(h.doc, "errors")->first, "row", 0), 3);
	/* A bad row anywhere: nothing goes in. */
	post(IMPORT, HEAD GOOD BAD, 200, &h);
	said(&h, 2, 1, 0, 1);
	knows("K9001", false);
	post(IMPORT "?skip_bad=1", HEAD GOOD BAD, 200, &h);
	said(&h, 2, 1, 1, 1);
	ask(&V, "GET", "/api/v1/exam/candidates?number=K9001&min_index=300", NULL, &h);
	assert_heard(&h, 200);
	assert_int_equal(json_get(h.doc, "items")->count, 1);
	/* The same file again: its rows are there. */
	post(IMPORT "?skip_bad=1", HEAD GOOD BAD, 200, &h);
	said(&h, 2, 1, 0, 1);
	/* No name is said back. */
	assert_null(strstr(h.all.s, "样例"));
}

static void a_spreadsheet_is_taken_and_its_cells_are_named(void **state)
{
	struct heard h;
	struct str book = packed_book(&S.arena,
	                              "<sheetData><row><c t=\"str\"><v>报名县区</v></c>"
	                              "<c t=\"str\"><v>考生号</v></c><c t=\"str\"><v>姓名</v></c><c "
	                              "t=\"str\"><v>证件号码</v></c></row>"
	                              "<row><c t=\"str\"><v>sc/cd/jn</v></c><c "
	                              "t=\"str\"><v>K9101</v></c><c t=\"str\"><v>样例丙</v></c>"
	                              "<c><v>510104200701010021</v></c></row></sheetData>",
	                              NULL, NULL);

	(void)state;
	log_in(&V, "P0010");
	ask_bytes(&V, "application/octet-stream", IMPORT "?dry_run=1", book, &h);
	assert_heard(&h, 200);
	said(&h, 1, 0, -1, 1);
	assert_str(json_str(json_get(h.doc, "errors")->first, "cell"), "D2");
	ask_bytes(&V, "application/octet-stream", IMPORT "?dry_run=1&sheet=none", book, &h);
	assert_heard(&h, 422);
}

static void a_row_is_under_the_authority_of_its_command(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	post(IMPORT "?skip_bad=1", HEAD "sc/cd/zz,K9201," SUBJECTS ",样例丁,510104200701010031\n", 403,
	     &h);
	log_in(&V, "P0003"); /* audit_admin */
	post(IMPORT "?dry_run=1", HEAD GOOD, 403, &h);
	V.token = V.cookie = STR("");
	post(IMPORT "?dry_run=1", HEAD GOOD, 401, &h);
	ask(&V, "GET", IMPORT "/template.xlsx", NULL, &h);
	assert_heard(&h, 401);
}

static void other_bodies_are_refused(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	post("/api/v1/import/nothing", HEAD GOOD, 404, &h);
	post(IMPORT "?dry_run=1", "P1,U1\n", 422, &h);
	post(IMPORT "?dryrun=1", HEAD GOOD, 400, &h); /* it would have been recorded */
	post(IMPORT "?dry_run=1&dry_run=0", HEAD GOOD, 400, &h);
	ask_typed(&V, "text/plain", IMPORT, HEAD GOOD, &h);
	assert_heard(&h, 415);
	ask_bytes(&V, "text/csv", IMPORT, STR("PK\3\4 and no more"), &h);
	assert_heard(&h, 422);
}

/* Of several megabytes, for who has logged in. */
static void a_large_file_is_taken_from_who_is_known(void **state)
{
	struct strbuf b;
	struct heard h;

	(void)state;
	strbuf_init(&b, &S.arena);
	strbuf_addz(&b, HEAD);
	while (b.n <= LIMIT_BODY + 1000)
		strbuf_addf(&b, "sc/cd/jn,k%05zu,x,样例%0600d,1\n", b.n, 0);
	log_in(&V, "P0010");
	ask_bytes(&V, "text/csv", IMPORT "?dry_run=1", strbuf_str(&b), &h);
	assert_heard(&h, 200);
	assert_int_equal(json_int(h.doc, "good", -1), 0);
	while (b.n <= LIMIT_IMPORT)
		strbuf_addz(&b, "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef");
	ask_bytes(&V, "text/csv", IMPORT "?dry_run=1", strbuf_str(&b), &h);
	assert_true(h.status == 413 || h.status == 0);
	V.token = V.cookie = STR("");
	strbuf_cut(&b, LIMIT_BODY + 1000);
	ask_bytes(&V, "text/csv", IMPORT "?dry_run=1", strbuf_str(&b), &h);
	assert_true(h.status == 413 || h.status == 0);
}

static void an_empty_file_is_given_to_fill_in(void **state)
{
	struct heard h;
	struct str rows;

	(void)state;
	log_in(&V, "P0010");
	ask(&V, "GET", IMPORT "/template.xlsx?lang=zh", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.all.s, "filename=\"candidates.xlsx\""));
	assert_ok(sheet_text(&S.op, h.body, &rows));
	assert_true(str_starts(rows, STR("1:报名县区|考生号|")));
	ask_bytes(&V, "application/octet-stream", IMPORT "?dry_run=1", h.body, &h);
	assert_heard(&h, 200);
	said(&h, 0, 0, -1, 0);
	ask(&V, "GET", "/api/v1/import/nothing/template.xlsx", NULL, &h);
	assert_heard(&h, 404);
	ask(&V, "GET", IMPORT, NULL, &h);
	assert_heard(&h, 404);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_are_checked_and_then_recorded),
		cmocka_unit_test(a_spreadsheet_is_taken_and_its_cells_are_named),
		cmocka_unit_test(a_row_is_under_the_authority_of_its_command),
		cmocka_unit_test(other_bodies_are_refused),
		cmocka_unit_test(a_large_file_is_taken_from_who_is_known),
		cmocka_unit_test(an_empty_file_is_given_to_fill_in),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
