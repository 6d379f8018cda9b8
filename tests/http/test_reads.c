/* SPDX-License-Identifier: Apache-2.0 */
/* test_reads.c -- a bag's life, a place's books, the list of entries, one row of a view: the same
 * over HTTP as at the machine, now and as of an entry, and only to those who may.
 */
#include "kit/check.h"

#include "http/serving.h"

enum { WHOLE = 2521, EARLIER = 1500 };
#define BAG "GK3274298" /* of sc/cd/jn/s01, by V00 into the county's store, used, brought back */

static struct shell S, E; /* a whole half day, and the same one when it had fewer entries */
static struct serving V;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	shell_open(&E);
	assert_status(&S, sh(&S, "demo --seed 7 --events 9999"), 0);
	assert_status(&E, sh(&E, "demo --seed 7 --events %d", EARLIER), 0);
	serving_start(&V, &S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	assert_int_equal(serving_stop(&V), 0);
	shell_close(&E);
	shell_close(&S);
	return 0;
}

static void get(const char *path, int want, struct heard *ret)
{
	ask(&V, "GET", path, NULL, ret);
	assert_heard(ret, want);
}

static struct str member(const struct json *doc, const char *name)
{
	assert_non_null(json_get(doc, name));
	return json_canonical(&S.arena, json_get(doc, name));
}

/* The indices of a list of rows, a blank after each. */
static struct str indices(const struct json *list)
{
	struct strbuf b;

	assert_non_null(list);
	strbuf_init(&b, &S.arena);
	for (const struct json *x = list->first; x; x = x->next)
		strbuf_addf(&b, "%lld ", (long long)json_int(x, "index", -1));
	return strbuf_str(&b);
}

static void a_bags_life_is_told_as_at_the_machine(void **state)
{
	struct heard h;
	struct str all;

	(void)state;
	assert_status(&S, sh_json(&S, "custody trace " BAG), 0);
	all = indices(json_get(S.doc, "steps"));
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	get("/api/v1/custody/trace/" BAG, 200, &h);
	assert_true(all.n > 0 && str_eq(indices(json_get(h.doc, "steps")), all));
	assert_int_equal(json_int(h.doc, "withheld", -1), 0);
	assert_int_equal(json_int(h.doc, "size", 0), WHOLE);
	assert_status(&S, sh_json(&S, "custody trace " BAG " --as-of 1020"), 0);
	get("/api/v1/custody/trace/" BAG "?as_of=1020", 200, &h);
	assert_true(str_eq(indices(json_get(h.doc, "steps")), indices(json_get(S.doc, "steps"))));
	get("/api/v1/custody/trace/" BAG "?as_of=3", 404, &h); /* not seen by then */
	get("/api/v1/custody/trace/GK0", 404, &h);
	get("/api/v1/custody/trace/" BAG "?as_of=x", 400, &h);
}

/* Whose grants cover a part of it sees that part, and how much is withheld. */
static void what_happened_elsewhere_is_withheld(void **state)
{
	struct heard h;
	size_t seen, all;

	(void)state;
	assert_status(&S, sh_json(&S, "custody trace " BAG), 0);
	all = json_get(S.doc, "steps")->count;
	log_in(&V, "P0003"); /* audit_admin: no reader of papers */
	get("/api/v1/custody/trace/" BAG, 404, &h);
	get("/api/v1/custody/bags/" BAG, 404, &h);
	log_in(&V, "P0013"); /* duty_officer */
	get("/api/v1/custody/trace/" BAG, 200, &h);
	seen = json_get(h.doc, "steps")->count;
	assert_true(seen > 0);
	assert_int_equal(seen + (size_t)json_int(h.doc, "withheld", -1), all);
}

static void the_books_of_a_place_are_as_at_the_machine_now_and_then(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	assert_status(&S, sh_json(&S, "custody balance sc/cd/jn"), 0);
	get("/api/v1/custody/balance?place=sc/cd/jn", 200, &h);
	assert_true(str_eq(member(h.doc, "balances"), member(S.doc, "balances")));
	assert_true(str_eq(member(h.doc, "holdings"), member(S.doc, "holdings")));
	get("/api/v1/custody/balance?place=sc/cd/jn&as_of=2521", 200, &h);
	assert_true(str_eq(member(h.doc, "balances"), member(S.doc, "balances")));
	assert_status(&E, sh_json(&E, "custody balance sc/cd/jn"), 0);
	get("/api/v1/custody/balance?place=sc/cd/jn&as_of=1500", 200, &h);
	assert_true(str_eq(member(h.doc, "balances"), member(E.doc, "balances")));
	assert_false(str_eq(member(h.doc, "balances"), member(S.doc, "balances")));
	get("/api/v1/custody/balance?place=sc/cd/jn&as_of=0", 200, &h);
	assert_str(member(h.doc, "balances"), "[]");
	get("/api/v1/custody/balance?place=sc/cd/jn&as_of=2522", 422, &h);
	get("/api/v1/custody/balance?place=sc/cd", 403, &h);
	get("/api/v1/custody/balance", 403, &h);
	get("/api/v1/custody/balance?place=Sc", 400, &h);
}

static void the_list_of_entries_is_for_auditors_a_page_at_a_time(void **state)
{
	struct str next = STR("0"), pages = STR(""), all;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/ledger/entries", 403, &h);
	V.token = STR("");
	get("/api/v1/ledger/entries", 401, &h);
	log_in(&V, "P0003");
	assert_status(&S, sh_json(&S, "ledger list --from 0 --limit 1700"), 0);
	all = indices(json_get(S.doc, "entries"));
	for (int i = 0; i < 2; i++) {
		get(str_fmt(&S.arena, "/api/v1/ledger/entries?limit=1000&as_of=1700&after=%s", next.s).s,
		    200, &h);
		pages = str_fmt(&S.arena, "%s%s", pages.s, indices(json_get(h.doc, "items")).s);
		next = json_str(h.doc, "next");
	}
	assert_true(next.n == 0 && str_eq(pages, all));
	get("/api/v1/ledger/entries?limit=1", 200, &h);
	assert_true(str_eq(json_str(json_get(h.doc, "items")->first, "leaf"),
	                   json_str(json_get(S.doc, "entries")->first, "leaf")));
	get("/api/v1/ledger/entries?after=99999", 200, &h);
	assert_int_equal(json_get(h.doc, "items")->count, 0);
	get("/api/v1/ledger/entries?limit=2001", 400, &h);
}

static void one_row_of_a_view_is_found_by_its_number(void **state)
{
	const struct json *item;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/custody/bags/" BAG, 200, &h);
	item = json_get(h.doc, "item");
	assert_str(json_str(item, "code"), BAG);
	assert_str(json_str(item, "destined"), "sc/cd/jn/s01");
	get("/api/v1/custody/boxes/X-LS-01", 200, &h);
	assert_str(json_str(json_get(h.doc, "item"), "session"), "d2-history");
	get("/api/v1/custody/bags/NONE-1", 404, &h);
	get("/api/v1/custody/bags/", 404, &h);
	get("/api/v1/custody/guards/X1", 404, &h); /* a list alone */
	get("/api/v1/custody/bags/" BAG "?min_index=999999", 409, &h);
	V.token = STR("");
	get("/api/v1/custody/bags/" BAG, 401, &h);
}

/* How many rows a question has, and that a page holds no others. */
static int64_t total(const char *path)
{
	struct heard h;

	get(path, 200, &h);
	return json_int(h.doc, "total", -1);
}

static void a_view_is_asked_by_place_text_and_value(void **state)
{
	int64_t all, here;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	all = total("/api/v1/custody/bags?total=1&limit=1");
	here = total("/api/v1/custody/bags?total=1&limit=1&place=sc/cd/jn/s01");
	assert_true(here > 0 && here < all);
	/* s0 is not s01 */
	assert_int_equal(total("/api/v1/custody/bags?total=1&place=sc/cd/jn/s0"), 0);
	assert_int_equal(total("/api/v1/custody/bags?total=1&place="), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&q=gk3274298"), 1);
	assert_int_equal(total("/api/v1/custody/bags?total=1&code=" BAG), 1);
	assert_int_equal(total("/api/v1/custody/bags?total=1&code=GK327429"), 0);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=returned"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=4"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=opened"), 0);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=returned&q=nowhere"), 0);
	assert_int_equal(total("/api/v1/custody/bags"), -1); /* not asked, not counted */
	get("/api/v1/custody/bags?codes=" BAG, 400, &h);
	assert_non_null(strstr(h.body.s, "codes"));
	get("/api/v1/custody/bags?place=Sc", 400, &h);
	/* What was asked for goes on with the page. */
	get("/api/v1/custody/bags?limit=1&place=sc/cd/jn/s01&q=GK", 200, &h);
	assert_non_null(strstr(h.all.s, "?after=1&limit=1&place=sc/cd/jn/s01&q=GK>"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bags_life_is_told_as_at_the_machine),
		cmocka_unit_test(what_happened_elsewhere_is_withheld),
		cmocka_unit_test(the_books_of_a_place_are_as_at_the_machine_now_and_then),
		cmocka_unit_test(the_list_of_entries_is_for_auditors_a_page_at_a_time),
		cmocka_unit_test(one_row_of_a_view_is_found_by_its_number),
		cmocka_unit_test(a_view_is_asked_by_place_text_and_value),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
