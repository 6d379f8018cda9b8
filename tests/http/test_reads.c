/* SPDX-License-Identifier: Apache-2.0 */
/* test_reads.c -- a bag's life, a place's books, the list of entries, one row of a view: the same
 * over HTTP as at the machine, now and as of an entry, and only to those who may.
 */
#include "kit/check.h"

#include "engine/command.h"
#include "http/contract.h"
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
	log_in(&V, "P0003"); /* audit_admin: no reader of papers, but of each entry about them */
	get("/api/v1/custody/trace/" BAG, 200, &h);
	assert_int_equal(json_get(h.doc, "steps")->count, all);
	assert_int_equal(json_int(h.doc, "withheld", -1), 0);
	get("/api/v1/custody/bags/" BAG, 404, &h);
	get("/api/v1/custody/balance?place=sc/cd/jn", 403, &h);
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

/* Either database says the same of a key and a cursor that nobody was given. */
static void what_is_no_text_finds_nothing(void **state)
{
	static const char *const CURSORS[] = {"k:%FF:1", "k:%FF", "k:1:2:3:4:5:6", "%FF", "k"};
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/exam/candidates/%FF", 404, &h);
	assert_null(strstr(h.body.s, "SELECT"));
	for (size_t i = 0; i < COUNT(CURSORS); i++) {
		get(str_fmt(&S.arena, "/api/v1/exam/candidates?after=%s", CURSORS[i]).s, 400, &h);
		assert_null(strstr(h.body.s, "SELECT"));
	}
}

/* Who asks for what cannot be is told which part of it; nothing is left out in silence. */
#define NAME_60 "k01234567890123456789012345678901234567890123456789012345678"
static void what_is_malformed_is_named(void **state)
{
	static const struct {
		const char *path, *field;
	} ASKED[] = {
		{"custody/bags?limit=0", "limit"}, {"custody/bags?limit=2001", "limit"},
		{"custody/bags?limit=x", "limit"}, {"custody/bags?limit=", "limit"},
		{"custody/bags?after=k:1", "after"}, {"custody/bags?after=-1", "after"},
		{"custody/bags?after=2147483648", "after"}, {"exam/candidates?after=k", "after"},
		{"exam/candidates?after=k:%FF", "after"}, {"arrange/seats?after=k:a:b:x:d", "after"},
		{"arrange/seats?after=k:a:b:1", "after"}, {"alarm/alarms?after=k:1:x:2", "after"},
		{"alarm/alarms?after=k:1:2", "after"}, {"custody/bags?min_index=-2", "min_index"},
		{"custody/bags?limit=2&limit=3", "limit"}, {"custody/bags?q=a&q=b", "q"},
		{"custody/bags?place=sc/cd/jn&place=sc/cd", "place"},
		{"alarm/alarms?lang=en&lang=zh", "lang"}, {"custody/trace/" BAG "?as_off=3", "as_off"},
		{"custody/trace/" BAG "?as_of=3&as_of=4", "as_of"}, {"me?since=2025", "since"},
		{"places?limit=1", "limit"}, {"integrity?x", "x"}, {"events?afer=3", "afer"},
		{"events?after=3&after=4", "after"}, {"custody/balance?min_index=x", "min_index"},
		{"wall?place=sc", "place"}, {"reconcile/2025-06-07/pm?plaec=sc", "plaec"},
		{"custody/bags?place=Sc", "place"}, {"custody/bags?place=sc/", "place"},
		{"custody/bags?place=%FF", "place"}, {"custody/bags?q=%FF", "q"},
		{"custody/bags?codes=1", "codes"},
		{"custody/bags?a%2Fb%22=1", "a/b\""}, {"custody/bags?code=%FF", "code"},
		{"custody/bags?copies=many", "copies"},
		{"custody/bags?copies=1.5", "copies"}, {"custody/bags?state=gone", "state"},
		{"custody/bags?state=opened&state=gone", "state"}, {"custody/bags?since=2025", "since"},
		{"alarm/alarms?since=yesterday", "since"}, {"alarm/alarms?before=", "before"},
		{"alarm/alarms?raised_ms=now", "raised_ms"}, {"people/persons?place=sc", "place"},
		{"custody/bags?code=1&code=2&code=3&code=4&code=5&code=6&code=7&code=8&box=9", "box"},
		{"ledger/entries?limit=2001", "limit"}, {"ledger/entries?after=x", "after"},
		{"custody/balance?place=Sc", "place"}, {"custody/balance?as_of=-3", "as_of"},
		{"custody/trace/" BAG "?as_of=x", "as_of"}, {"day?place=Sc", "place"},
		{"day?day=%FF", "day"}, {"reconcile/2025-06-07/pm?place=Sc", "place"},
		{"forms/handover?session=d1-chinese", "place"}, {"forms/handover?place=Sc", "place"},
		{"forms/handover?place=sc/cd/jn&opened=x", "opened"},
	};
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	for (size_t i = 0; i < COUNT(ASKED); i++) {
		const struct json *error;

		get(str_fmt(&S.arena, "/api/v1/%s", ASKED[i].path).s, 400, &h);
		error = json_get(h.doc, "errors")->first;
		if (!error || !str_is(json_str(error, "field"), ASKED[i].field))
			fail_msg("%s: not %s: %s", ASKED[i].path, ASKED[i].field, h.body.s);
		assert_non_null(strstr(json_str(h.doc, "zh").s, ASKED[i].field));
		assert_non_null(strstr(json_str(h.doc, "en").s, ASKED[i].field));
	}
	/* A long name is cut, between letters, and what is said of it is not. */
	get("/api/v1/custody/bags?" NAME_60 "%E7%BC%96%E5%8F%B7" NAME_60 NAME_60 NAME_60, 400, &h);
	assert_non_null(strstr(json_str(h.doc, "zh").s, NAME_60 "："));
	assert_non_null(strstr(json_str(h.doc, "zh").s, "视图的栏目"));
	get("/api/v1/me?lang=en", 200, &h);
	get("/api/v1/custody/trace/" BAG "?lang=en", 200, &h);
	/* A value that a cell could have is a question without an answer. */
	get("/api/v1/custody/bags?copies=-7", 200, &h);
	get("/api/v1/custody/bags?copies=", 200, &h);
	get("/api/v1/custody/bags?state=99", 200, &h);
	get("/api/v1/people/posts?person=P9999", 200, &h);
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
	/* As it is read: a state's word, a place's name, a session's. */
	assert_int_equal(total("/api/v1/custody/bags?total=1&q=%E5%B7%B2%E5%9B%9E%E6%94%B6"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&q=Returned"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&q=%E5%B7%B2%E5%90%AF%E5%B0%81"), 0);
	assert_int_equal(total("/api/v1/custody/bags?total=1&q=%E7%AC%AC01%E8%80%83%E7%82%B9"), here);
	assert_int_equal(total("/api/v1/custody/boxes?total=1&q=%E8%AF%AD%E6%96%87"),
	                 total("/api/v1/custody/boxes?total=1&session=d1-chinese"));
	assert_int_equal(total("/api/v1/custody/bags?total=1&code=" BAG), 1);
	assert_int_equal(total("/api/v1/custody/bags?total=1&code=GK327429"), 0);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=returned"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=4"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=opened"), 0);
	/* One column twice: either. */
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=opened&state=returned"), all);
	assert_int_equal(total("/api/v1/custody/bags?total=1&state=returned&q=nowhere"), 0);
	assert_int_equal(total("/api/v1/custody/bags"), -1); /* not asked, not counted */
	/* A person in a row is found by the staff code, in either case; and by no code that is none. */
	assert_true(total("/api/v1/people/posts?total=1&q=p0010") > 0);
	assert_int_equal(total("/api/v1/people/posts?total=1&q=P0010"),
	                 total("/api/v1/people/posts?total=1&q=p0010"));
	assert_int_equal(total("/api/v1/people/posts?total=1&q=P9999"), 0);
	get("/api/v1/custody/bags?codes=" BAG, 400, &h);
	assert_non_null(strstr(h.body.s, "codes"));
	get("/api/v1/custody/bags?place=Sc", 400, &h);
	/* What was asked for goes on with the page. */
	get("/api/v1/custody/bags?limit=1&place=sc/cd/jn/s01&q=GK", 200, &h);
	assert_non_null(strstr(h.all.s, "?after=1&limit=1&place=sc/cd/jn/s01&q=GK>"));
}

/* The row of a list whose member is this; NULL: none. */
static const struct json *row_of(const struct json *list, const char *member, const char *value)
{
	for (const struct json *x = list ? list->first : NULL; x; x = x->next)
		if (str_is(json_str(x, member), value))
			return x;
	return NULL;
}

/* Each once, at or under the scope, or above it. */
static void assert_places(const struct json *items, struct str scope)
{
	struct str before = STR("");

	for (const struct json *x = items->first; x; x = x->next) {
		struct str path = json_str(x, "path");

		assert_true(place_covers(scope, path) || place_covers(path, scope));
		assert_false(str_eq(path, before));
		before = path;
	}
}

static void places_are_those_of_the_grants_and_the_ones_above(void **state)
{
	const struct json *items, *site;
	struct heard h;

	(void)state;
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	get("/api/v1/places", 200, &h);
	items = json_get(h.doc, "items");
	assert_str(json_str(items->first, "path"), "sc");
	assert_int_equal(json_int(items->first, "level", 0), LEVEL_PROVINCE);
	site = row_of(items, "path", "sc/cd/jn/s01");
	assert_non_null(site);
	assert_int_equal(json_int(site, "level", 0), LEVEL_SITE);
	assert_str(json_str(site, "name"), "虚构第01考点");
	assert_places(items, STR("sc/cd/jn"));
	log_in(&V, "S01-01"); /* site_chief of one site */
	get("/api/v1/places", 200, &h);
	assert_places(json_get(h.doc, "items"), STR("sc/cd/jn/s01"));
	assert_int_equal(json_get(h.doc, "items")->count, LEVEL_SITE);
	log_in(&V, "P0003"); /* over everything */
	get("/api/v1/places", 200, &h);
	assert_int_equal(json_get(h.doc, "items")->count, items->count); /* there is but one county */
	V.token = STR("");
	get("/api/v1/places", 401, &h);
}

/* Rooms mostly have no name of their own. */
static void a_room_is_a_place_when_it_is_planned(void **state)
{
	struct serving w = {0};
	const struct json *room;
	struct heard h;

	(void)state;
	assert_status(&E, sh(&E, "arrange plan-rooms --as P0010 --place sc/cd/jn/s01 --session %s"
	                         " --rooms '[{\"room\":\"sc/cd/jn/s01/r77\",\"seats\":30}]'",
	                     "d3-biology"), 0);
	serving_start(&w, &E);
	log_in(&w, "P0010");
	ask(&w, "GET", "/api/v1/places", NULL, &h);
	assert_heard(&h, 200);
	room = row_of(json_get(h.doc, "items"), "path", "sc/cd/jn/s01/r77");
	assert_non_null(room);
	assert_str(json_str(room, "name"), "r77");
	assert_int_equal(json_int(room, "level", 0), LEVEL_ROOM);
	assert_int_equal(serving_stop(&w), 0);
}

/* The newest entry of a type at a place (NULL: anywhere), by its number. */
static int64_t newest_at(const char *type, const char *place)
{
	int64_t found = -1;

	assert_status(&S, sh_json(&S, "ledger list --type %s", type), 0);
	for (const struct json *x = json_get(S.doc, "entries")->first; x; x = x->next)
		if (!place || str_is(json_str(x, "place"), place))
			found = json_int(x, "index", -1);
	assert_true(found >= 0);
	return found;
}

static int64_t newest(const char *type)
{
	return newest_at(type, NULL);
}

static void get_entry(int64_t index, int want, struct heard *ret)
{
	get(str_fmt(&S.arena, "/api/v1/ledger/entries/%lld", (long long)index).s, want, ret);
}

static void an_entry_is_told_with_words_and_no_text_is_opened(void **state)
{
	const struct json *fields, *line, *slot;
	int64_t at = newest("custody.handed_over"), noted;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get_entry(at, 200, &h);
	assert_int_equal(json_int(h.doc, "index", -1), at);
	assert_true(json_bool(h.doc, "covered", false));
	assert_status(&S, sh_json(&S, "ledger show %lld", (long long)at), 0);
	assert_true(str_eq(json_str(h.doc, "leaf"), json_str(S.doc, "leaf")));
	assert_true(str_eq(json_str(h.doc, "place"), json_str(json_get(S.doc, "entry"), "place")));
	assert_true(json_str(h.doc, "zh").n > 0 && json_str(h.doc, "place_name").n > 0);
	assert_true(code_valid(json_str(h.doc, "actor")));
	slot = json_get(h.doc, "slots")->first;
	assert_non_null(slot);
	assert_true(json_str(slot, "how_zh").n > 0 && code_valid(json_str(slot, "person")));
	fields = json_get(h.doc, "fields");
	line = row_of(fields, "type", "list");
	assert_non_null(line);
	assert_true(json_get(line, "value")->count > 0);
	assert_non_null(row_of(json_get(line, "value")->first, "type", "code"));
	line = json_get(row_of(fields, "name", "lines"), "value")->first;
	assert_true(json_str(json_get(row_of(line, "name", "asset"), "words"), "zh").n > 0);
	assert_true(json_str(json_get(row_of(line, "name", "to"), "words"), "zh").n > 0);
	log_in(&V, "P0003");
	noted = newest("people.person_registered");
	get_entry(noted, 200, &h);
	line = row_of(json_get(h.doc, "fields"), "type", "text");
	assert_non_null(line);
	assert_true(json_int(line, "value", 0) > 0); /* a number of the vault */
}

static void a_foreign_entry_is_one_that_is_not_there(void **state)
{
	int64_t bags = newest("custody.bag_issued"), key = newest("authority.granted");
	int64_t alarm = newest("alarm.raised");
	struct heard h, none;

	(void)state;
	log_in(&V, "P0010");
	get_entry(alarm, 200, &h); /* by the view of alarms */
	get_entry(key, 404, &h);
	get_entry(WHOLE, 404, &none);
	assert_true(str_eq(h.body, none.body));
	get("/api/v1/ledger/entries/x", 404, &h);
	get("/api/v1/ledger/entries/-1", 404, &h);
	log_in(&V, "S01-01"); /* bags are not for site chiefs, nor other sites' affairs */
	get_entry(bags, 404, &h);
	get_entry(0, 200, &h); /* the genesis: everybody's */
	get_entry(newest_at("custody.site_received", "sc/cd/jn/s01"), 200, &h);
	get_entry(newest_at("custody.site_received", "sc/cd/jn/s02"), 404, &h);
	log_in(&V, "P0003"); /* ledger.read over everything */
	get_entry(key, 200, &h);
	get_entry(0, 200, &h);
	log_in(&V, "P0002"); /* security_admin: grants, no papers */
	get_entry(key, 200, &h);
	get_entry(bags, 404, &h);
	V.token = STR("");
	get_entry(bags, 401, &h);
}

static void a_ledger_that_no_witness_has_seen_is_not_called_whole(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "S01-01");
	get("/api/v1/integrity", 200, &h);
	assert_int_equal(json_get(h.doc, "ok")->type, JSON_NULL);
	assert_null(strstr(json_str(h.doc, "zh").s, "本台账完整"));
	assert_non_null(strstr(json_str(h.doc, "zh").s, "没有见证单位"));
	assert_int_equal(json_int(h.doc, "checked", 0), json_int(h.doc, "size", -1));
	assert_int_equal(json_int(json_get(h.doc, "checkpoint"), "size", 0),
	                 json_int(h.doc, "size", -1));
	assert_true(json_get(h.doc, "not_checked")->count >= 3);
	V.token = STR("");
	get("/api/v1/integrity", 401, &h);
}

/* Whoever alters an entry makes its leaf right again; not the signature of the checkpoint. */
static void an_altered_entry_is_told(void **state)
{
	struct serving w = {0};
	struct heard h;

	(void)state;
	if (E.url.n)
		skip(); /* a file is what is altered here */
	shell_write(&E, shell_path(&E, "forge.py"),
	            "import hashlib, sqlite3, sys\n"
	            "d = sqlite3.connect(sys.argv[1])\n"
	            "d.executescript('DROP TRIGGER ledger_entry_no_UPDATE')\n"
	            "b = d.execute('SELECT bytes FROM ledger_entry WHERE idx = 5').fetchone()[0]\n"
	            "c = b.replace(b'\"area\"', b'\"site\"')\n"
	            "assert b != c\n"
	            "d.execute('UPDATE ledger_entry SET bytes = ?, leaf = ? WHERE idx = 5',\n"
	            "          (c, hashlib.sha256(b'\\0' + c).digest()))\n"
	            "d.commit()\n");
	shell_system(&E, "/usr/bin/python3 %s %s/ledger.db", shell_path(&E, "forge.py").s, E.data.s);
	serving_start(&w, &E);
	log_in(&w, "P0010");
	ask(&w, "GET", "/api/v1/integrity", NULL, &h);
	assert_heard(&h, 200);
	assert_false(json_bool(h.doc, "ok", true));
	assert_non_null(strstr(json_str(h.doc, "zh").s, "本台账有误"));
	assert_int_equal(serving_stop(&w), 0);
}

static void the_wall_has_counts_and_nothing_else(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0015"); /* city_duty */
	get("/api/v1/wall", 200, &h);
	assert_int_equal(json_int(json_get(h.doc, "papers_at"), "store", 0), 300);
	assert_int_equal(json_int(json_get(h.doc, "alarms"), "red", -1), 0);
	assert_null(strstr(h.body.s, "sc/cd"));
	assert_null(strstr(h.body.s, "虚构"));
	log_in(&V, "P0010"); /* of a county */
	get("/api/v1/wall", 403, &h);
	V.token = STR("");
	get("/api/v1/wall", 401, &h);
}

static void a_half_day_is_reconciled_as_at_the_machine(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	(void)sh_json(&S, "custody reconcile 2025-06-07/pm sc/cd/jn");
	get("/api/v1/reconcile/2025-06-07/pm?place=sc/cd/jn", 200, &h);
	assert_true(json_get(h.doc, "rows")->count > 0);
	assert_true(str_eq(member(h.doc, "rows"), member(S.doc, "rows")));
	assert_true(str_eq(member(h.doc, "differences"), member(S.doc, "differences")));
	assert_int_equal(json_int(h.doc, "unbalanced", -1), json_int(S.doc, "unbalanced", -2));
	get("/api/v1/reconcile/2025-06-07/pm?place=sc/cd/jn/s01/r01", 200, &h);
	get("/api/v1/reconcile/2025-06-07/night?place=sc/cd/jn", 422, &h);
	get("/api/v1/reconcile/2025-06-07/pm?place=Sc", 400, &h);
	get("/api/v1/reconcile/2025-06-07/pm", 403, &h); /* all of it is not a county's */
	log_in(&V, "S01-01");
	get("/api/v1/reconcile/2025-06-07/pm?place=sc/cd/jn/s01", 403, &h);
	V.token = STR("");
	get("/api/v1/reconcile/2025-06-07/pm", 401, &h);
}

static void a_day_is_reported_as_at_the_machine(void **state)
{
	static const char *const PARTS[] = {"alarms", "as_of", "closing", "duty", "expected", "ledger",
	                                    "next_day", "orders", "papers", "sessions", "tips"};
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	assert_status(&S, sh_json(&S, "day report --place sc/cd/jn"), 0);
	get("/api/v1/day?place=sc/cd/jn", 200, &h);
	for (size_t i = 0; i < COUNT(PARTS); i++)
		assert_true(str_eq(member(h.doc, PARTS[i]), member(S.doc, PARTS[i])));
	assert_true(json_get(json_get(h.doc, "papers"), "sessions")->count > 0);
	assert_status(&S, sh_json(&S, "day report --place sc/cd/jn --day 2025-06-08"), 0);
	get("/api/v1/day?place=sc/cd/jn&day=2025-06-08", 200, &h);
	assert_true(str_eq(member(h.doc, "sessions"), member(S.doc, "sessions")));
	get("/api/v1/day?place=sc/cd/jn&day=yesterday", 422, &h);
	get("/api/v1/day?place=sc/cd/jn&session=none", 422, &h);
	get("/api/v1/day?place=Sc", 400, &h);
	get("/api/v1/day", 403, &h); /* all of it is not a county's */
	log_in(&V, "S01-01");
	get("/api/v1/day?place=sc/cd/jn/s01", 403, &h);
	V.token = STR("");
	get("/api/v1/day", 401, &h);
}

static void a_drill_asks_for_no_backup(void **state)
{
	struct heard h;
	const struct json *c;

	(void)state;
	log_in(&V, "P0001"); /* system_admin */
	get("/api/v1/doctor", 200, &h);
	for (c = json_get(h.doc, "checks")->first; c; c = c->next)
		if (str_is(json_str(c, "id"), "backup"))
			break;
	assert_non_null(c);
	assert_string_equal(json_str(c, "zh").s, "演练，不要求备份");
	assert_string_equal(json_str(c, "en").s, "a drill: no backup is asked for");
	assert_false(json_bool(json_get(h.doc, "backup"), "demanded", true));
	log_in(&V, "P0010");
	get("/api/v1/doctor", 403, &h);
}

static void each_of_them_was_asked(void **state)
{
	static const char *const PATHS[] = {"/api/v1/places", "/api/v1/ledger/", "/api/v1/wall",
	                                    "/api/v1/integrity", "/api/v1/reconcile/",
	                                    "/api/v1/day", "/api/v1/doctor"};
	struct strbuf never;

	(void)state;
	strbuf_init(&never, &S.arena);
	for (size_t i = 0; i < COUNT(PATHS); i++)
		assert_int_equal(contract_unvisited(PATHS[i], &never), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_bags_life_is_told_as_at_the_machine),
		cmocka_unit_test(what_happened_elsewhere_is_withheld),
		cmocka_unit_test(the_books_of_a_place_are_as_at_the_machine_now_and_then),
		cmocka_unit_test(the_list_of_entries_is_for_auditors_a_page_at_a_time),
		cmocka_unit_test(one_row_of_a_view_is_found_by_its_number),
		cmocka_unit_test(what_is_no_text_finds_nothing),
		cmocka_unit_test(what_is_malformed_is_named),
		cmocka_unit_test(a_view_is_asked_by_place_text_and_value),
		cmocka_unit_test(places_are_those_of_the_grants_and_the_ones_above),
		cmocka_unit_test(a_room_is_a_place_when_it_is_planned),
		cmocka_unit_test(an_entry_is_told_with_words_and_no_text_is_opened),
		cmocka_unit_test(a_foreign_entry_is_one_that_is_not_there),
		cmocka_unit_test(a_ledger_that_no_witness_has_seen_is_not_called_whole),
		cmocka_unit_test(an_altered_entry_is_told),
		cmocka_unit_test(the_wall_has_counts_and_nothing_else),
		cmocka_unit_test(a_half_day_is_reconciled_as_at_the_machine),
		cmocka_unit_test(a_day_is_reported_as_at_the_machine),
		cmocka_unit_test(a_drill_asks_for_no_backup),
		cmocka_unit_test(each_of_them_was_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
