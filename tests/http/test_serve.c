/* SPDX-License-Identifier: Apache-2.0 */
/* test_serve.c -- the real server: an act over HTTP is an act in the ledger, once, by somebody who
 * may; what is wrong is a problem that names the field; it stops when told and comes back.
 */
#include "kit/check.h"

#include <unistd.h>

#include "db/store.h"
#include "http/contract.h"
#include "http/office.h"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	struct worker w[] = {
		{"W1", "city_office", "sc/cd"},
		{"W2", "county_office", "sc/cd/jn"},
	};

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

/* Each test finds a server that runs, and nobody logged in. */
static int again(void **state)
{
	long keys = V.keys;

	(void)state;
	if (!V.pid)
		serving_start(&V, &S);
	V.keys = keys;
	V.token = (struct str){0};
	return 0;
}

#define UNIT(code) "{'data':{'place':'sc/cd/jn','code':'" code "','name':'示范中学'}}"

/* The entries of before are read when the server starts: they end nobody's stream. */
static void a_console_that_comes_before_the_first_act_hears_it(void **state)
{
	static char heard[65536];
	struct heard h;
	int fd;

	(void)state;
	log_in(&V, "W1");
	fd = listen_from(&V, -1);
	assert_true(hear_until(fd, "retry:", heard, sizeof(heard)));
	command(&V, "people.add_unit", UNIT("SCH-0"), &h);
	assert_heard(&h, 200);
	assert_true(hear_until(fd, str_fmt(&S.arena, "id: %lld\n",
	                                   (long long)json_int(h.doc, "index", -1)).s,
	                       heard, sizeof(heard)));
	assert_null(strstr(heard, "event: reset"));
	close(fd);
}

static void an_act_over_http_is_in_the_ledger(void **state)
{
	struct heard h;
	int64_t index;

	(void)state;
	log_in(&V, "W1");
	command(&V, "people.add_unit", UNIT("SCH-1"), &h);
	assert_heard(&h, 200);
	index = json_int(h.doc, "index", -1);
	assert_true(index > 0);
	assert_int_equal(json_str(h.doc, "leaf").n, 64);
	assert_str(json_str(h.doc, "checkpoint"), "pending");
	V.keys--; /* the same key again: recorded once */
	command(&V, "people.add_unit", UNIT("SCH-1"), &h);
	assert_heard(&h, 200);
	assert_int_equal(json_int(h.doc, "index", -1), index);
	assert_true(json_bool(h.doc, "repeated", false));
	V.keys--; /* the same key with other bytes */
	command(&V, "people.add_unit", UNIT("SCH-2"), &h);
	assert_heard(&h, 422);
	assert_int_equal(serving_stop(&V), 0);
	assert_status(&S, sh_json(&S, "ledger list --from %lld", (long long)index), 0);
	assert_true(shell_said(&S, "people.unit_added"));
	assert_status(&S, sh(&S, "db doctor"), 0);
}

#define UNIT_DATA "'data':{'place':'sc/cd/jn','code':'SCH-8','name':'x'}"

static void assert_pointer(const struct heard *h, const char *want)
{
	assert_heard(h, 422);
	if (!str_is(json_str(json_get(h->doc, "errors")->first, "pointer"), want))
		fail_msg("not %s: %s", want, h->body.s);
}

static void a_problem_names_field_rule_and_sentence(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "W1");
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn','name':'x'}}", &h);
	assert_heard(&h, 422);
	assert_str(json_str(h.doc, "type"), "urn:gongyuan:problem:invalid");
	assert_str(json_str(json_get(h.doc, "errors")->first, "pointer"), "/data/code");
	assert_true(json_str(h.doc, "zh").n > 0 && json_str(h.doc, "en").n > 0);
	assert_non_null(strstr(h.all.s, "application/problem+json"));
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn'},'colour':1}", &h);
	assert_pointer(&h, "/colour");
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn'},'command':'people.register'}", &h);
	assert_pointer(&h, "/command"); /* the path says which */
	command(&V, "people.add_unit", "{'happened':'yesterday'}", &h);
	assert_pointer(&h, "/happened");
	command(&V, "people.add_unit",
	        "{'slots':[{'slot':'x','how':'shout','person':1}]," UNIT_DATA "}", &h);
	assert_pointer(&h, "/slots/0");
	command(&V, "people.add_unit", "{'exception':'a\\u0001b'," UNIT_DATA "}", &h);
	assert_pointer(&h, "/exception");
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn','code':'x','name':7}}", &h);
	assert_pointer(&h, "/data/name");
	command(&V, "people.add_unit", "[1,2", &h);
	assert_heard(&h, 422);
	command(&V, "people.weather", "{}", &h);
	assert_heard(&h, 404);
	command(&V, "people.w%93ther", "{}", &h); /* not UTF-8, as a problem is */
	assert_heard(&h, 404);
	assert_str(json_str(h.doc, "type"), "urn:gongyuan:problem:not_found");
	ask(&V, "GET", "/api/v1/commands/people.add_unit", NULL, &h);
	assert_heard(&h, 405);
	ask(&V, "POST", "/api/v1/commands/people.add_unit", "{}", &h);
	assert_heard(&h, 400); /* no key */
	ask(&V, "GET", "/api/v1/weather", NULL, &h);
	assert_heard(&h, 404);
	ask(&V, "GET", "/nowhere", NULL, &h);
	assert_heard(&h, 404);
}

static void nobody_acts_without_a_login_and_everybody_in_their_place(void **state)
{
	struct heard h;
	struct str ended;

	(void)state;
	ask(&V, "GET", "/api/v1/login/challenge", NULL, &h); /* all that anybody may ask for */
	assert_heard(&h, 200);
	command(&V, "people.add_unit", UNIT("SCH-3"), &h);
	assert_heard(&h, 401);
	V.token = STR("0000000000000000000000000000000000000000000000000000000000000000");
	command(&V, "people.add_unit", UNIT("SCH-3"), &h);
	assert_heard(&h, 401);
	log_in(&V, "W2"); /* of the county: not of its city */
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd','code':'SCH-4','name':'x'}}", &h);
	assert_heard(&h, 403);
	command(&V, "people.add_unit", UNIT("SCH-4"), &h);
	assert_heard(&h, 200);
	ended = V.token;
	ask(&V, "DELETE", "/api/v1/login", NULL, &h);
	assert_heard(&h, 204);
	V.token = ended;
	command(&V, "people.add_unit", UNIT("SCH-5"), &h);
	assert_heard(&h, 401);
	log_in(&V, "W2");
	assert_status(&S, sh(&S, "login end W2"), 0); /* beside the running server: at once */
	command(&V, "people.add_unit", UNIT("SCH-5"), &h);
	assert_heard(&h, 401);
}

static size_t items(const struct heard *h)
{
	const struct json *list = json_get(h->doc, "items");

	assert_non_null(list);
	return list->count;
}

static void a_view_shows_what_the_grants_cover_a_page_at_a_time(void **state)
{
	struct heard h;
	long long newest = 0;
	struct str next;

	(void)state;
	log_in(&V, "W1");
	for (int i = 0; i < 5; i++) {
		command(&V, "exam.register_candidate",
		        str_fmt(&S.arena, "{'data':{'place':'sc/cd/%s','number':'C%03d','name':'化名',"
		                "'combination':'physics.chemistry.biology','document_kind':'passport',"
		                "'document':'X%d'}}", i < 3 ? "jn" : "qy", i, i).s, &h);
		assert_heard(&h, 200);
		newest = json_int(h.doc, "index", -1);
	}
	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/exam/candidates?limit=2&min_index=%lld", newest).s,
	    NULL, &h);
	assert_heard(&h, 200);
	assert_int_equal(items(&h), 2);
	next = json_str(h.doc, "next"); /* the key of the last row */
	assert_non_null(strstr(h.all.s, str_fmt(&S.arena, "Link: </api/v1/exam/candidates?after="
	                                        STR_FMT "&limit=2>; rel=\"next\"\r\n",
	                                        STR_ARG(next)).s));
	for (int want = 2; want > 0; want--, next = json_str(h.doc, "next")) {
		assert_true(next.n > 0);
		ask(&V, "GET", str_fmt(&S.arena, "/api/v1/exam/candidates?limit=2&after=" STR_FMT,
		                       STR_ARG(next)).s, NULL, &h);
		assert_int_equal(items(&h), want);
	}
	assert_int_equal(next.n, 0);
	ask(&V, "GET", "/api/v1/exam/candidates?after=@", NULL, &h);
	assert_heard(&h, 400);
	ask(&V, "GET", "/api/v1/exam/candidates?limit=0", NULL, &h);
	assert_heard(&h, 400);
	ask(&V, "GET", "/api/v1/exam/candidates?min_index=999999", NULL, &h);
	assert_heard(&h, 409); /* nobody waits for what is not there */
	log_in(&V, "W2");
	ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
	assert_int_equal(items(&h), 3); /* of its own county */
	V.token = (struct str){0};
	ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
	assert_heard(&h, 401);
}

/* A terminal was offline: its acts come in their order, each with its own answer. */
static void a_batch_keeps_its_order_and_answers_each(void **state)
{
	const struct json *list;
	struct heard h;
	int64_t one, three;

	(void)state;
	log_in(&V, "W1");
	ask(&V, "POST", "/api/v1/batch", "[{\"command\":\"people.add_unit\",\"key\":"
	    "\"018f0000-0000-7000-8001-000000000001\",\"data\":{\"place\":\"sc/cd/jn\",\"code\":"
	    "\"B-1\",\"name\":\"x\"}},{\"command\":\"people.add_unit\",\"key\":"
	    "\"018f0000-0000-7000-8001-000000000002\",\"data\":{}},{\"command\":\"people.register\","
	    "\"key\":\"018f0000-0000-7000-8001-000000000003\",\"data\":{\"code\":\"B1\",\"unit\":"
	    "\"B-1\",\"name\":\"x\"}}]", &h);
	assert_heard(&h, 200);
	list = json_get(h.doc, "answers");
	assert_non_null(list);
	assert_int_equal(list->count, 3);
	one = json_int(list->first, "index", -1);
	assert_int_equal(json_int(list->first->next, "status", 0), 422);
	three = json_int(list->first->next->next, "index", -1); /* its unit was added just before */
	assert_true(one > 0 && three > one);
	ask(&V, "POST", "/api/v1/batch", "[]", &h);
	assert_heard(&h, 422);
	ask(&V, "POST", "/api/v1/batch", "[1]", &h);
	assert_heard(&h, 200);
	assert_int_equal(json_int(json_get(h.doc, "answers")->first, "status", 0), 422);
	ask(&V, "GET", "/api/v1/batch", NULL, &h);
	assert_heard(&h, 405);
}

static void consoles_hear_what_their_grants_cover(void **state)
{
	static char city[65536], county[65536], later[65536];
	struct str county_token;
	struct heard h;
	long long index;
	int a, b, c;

	(void)state;
	log_in(&V, "W2");
	county_token = V.token;
	b = listen_from(&V, -1);
	assert_true(hear_until(b, "retry:", county, sizeof(county)));
	log_in(&V, "W1");
	a = listen_from(&V, -1);
	assert_true(hear_until(a, "text/event-stream", city, sizeof(city)));
	assert_true(hear_until(a, "retry:", city, sizeof(city)));
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd','code':'F-1','name':'x'}}", &h);
	assert_heard(&h, 200);
	command(&V, "people.add_unit", UNIT("F-2"), &h);
	assert_heard(&h, 200);
	index = json_int(h.doc, "index", -1);
	assert_true(hear_until(a, str_fmt(&S.arena, "id: %lld\n", index).s, city, sizeof(city)));
	assert_non_null(strstr(city, str_fmt(&S.arena, "id: %lld\n", index - 1).s));
	assert_non_null(strstr(city, "people.unit_added"));
	assert_true(hear_until(b, str_fmt(&S.arena, "id: %lld\n", index).s, county, sizeof(county)));
	assert_null(strstr(county, str_fmt(&S.arena, "id: %lld\n", index - 1).s)); /* the city's */
	close(a);
	c = listen_from(&V, index - 2); /* it comes back: nothing is lost */
	assert_true(hear_until(c, str_fmt(&S.arena, "id: %lld\n", index).s, later, sizeof(later)));
	assert_non_null(strstr(later, str_fmt(&S.arena, "id: %lld\n", index - 1).s));
	close(c);
	V.token = county_token;
	ask(&V, "DELETE", "/api/v1/login", NULL, &h);
	assert_true(hear_until(b, "\r\n0\r\n\r\n", county, sizeof(county))); /* at the next beat */
	close(b);
	V.token = STR("00");
	c = listen_from(&V, -1);
	memset(later, 0, sizeof(later));
	assert_true(hear_until(c, "401", later, sizeof(later)));
	close(c);
}

static size_t count_of(struct str text, const char *what)
{
	size_t n = 0;

	for (const char *at = text.s; at && (at = strstr(at, what)) != NULL; at++)
		n++;
	return n;
}

/* A form of another site's page cannot be sent as JSON without asking. */
static void a_body_of_another_type_is_not_read(void **state)
{
	static const char *const TYPES[] = {"text/plain", "application/x-www-form-urlencoded",
	                                    "multipart/form-data", "application/jsonp", ""};
	struct heard h;

	(void)state;
	log_in(&V, "W1");
	for (size_t i = 0; i < COUNT(TYPES); i++) {
		ask_typed(&V, TYPES[i], "/api/v1/batch", "[]", &h);
		assert_heard(&h, 415);
		assert_non_null(strcasestr(h.all.s, "connection: close"));
	}
	ask_typed(&V, "application/json; charset=utf-8", "/api/v1/batch", "[]", &h);
	assert_heard(&h, 422);
	ask_typed(&V, "application/json", "/login", "person=x", &h);
	assert_heard(&h, 415);
}

/* Deep, wrong, not UTF-8, or two values of a name: said once, and the server goes on. */
static void odd_json_is_invalid_and_nothing_more(void **state)
{
	static const char *const ODD[] = {
		"", "nonsense", "{}{}", "{\"data\":{}", "{\"data\":1}", "{\"data\":[]}", "{\"data\":null}",
		"[]", "1", "null", "\"x\"", "{\"data\":{\"place\":1}}", "{\"data\":{},\"data\":{}}",
		"{\"data\":{\"name\":\"\xff\xfe\"}}", "{\"data\":{\"name\":\"\\ud800\"}}",
		"{\"data\":{\"name\":\"\\u0000\"}}", "{\"slots\":{}}", "{\"slots\":[1]}",
		"{\"happened\":1}", "{\"source\":[]}", "{\"data\":{\"name\":1e999}}"};
	static char deep[100000];
	struct heard h;

	(void)state;
	log_in(&V, "W1");
	for (size_t i = 0; i < COUNT(ODD); i++) {
		command(&V, "people.add_unit", ODD[i], &h);
		assert_heard(&h, 422);
		assert_int_equal(count_of(h.all, "HTTP/1.1 "), 1);
	}
	memset(deep, '[', sizeof(deep) - 1);
	command(&V, "people.add_unit", deep, &h);
	assert_heard(&h, 422);
	ask(&V, "GET", "/healthz", NULL, &h);
	assert_heard(&h, 200);
}

static void health_and_metrics_are_there_for_machines(void **state)
{
	struct heard h;

	(void)state;
	ask(&V, "GET", "/healthz", NULL, &h);
	assert_heard(&h, 200);
	assert_true(json_bool(h.doc, "ok", false));
	assert_true(json_int(h.doc, "size", 0) > 10);
	ask(&V, "GET", "/metrics", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.body.s, "gongyuan_entries "));
	ask(&V, "DELETE", "/metrics", NULL, &h);
	assert_heard(&h, 405);
}

/* The document that the server sends is the committed one: the kit reads replies by that. */
static void the_api_describes_itself(void **state)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct op op = {.arena = &S.arena};
	struct json *copy;
	struct heard h;
	struct str text;

	(void)state;
	ask(&V, "GET", "/api/v1/openapi.json", NULL, &h);
	assert_heard(&h, 200);
	assert_ok(file_read(&op, str_fmt(&S.arena, "%s/docs/openapi.json", root ? root : "."), 8 << 20,
	                    &text));
	assert_ok(json_read(&op, text, &copy));
	assert_true(str_eq(json_canonical(&S.arena, copy), h.body));
}

static void a_path_says_which_methods_it_takes(void **state)
{
	struct heard h;

	(void)state;
	ask(&V, "OPTIONS", "/api/v1/login", NULL, &h);
	assert_heard(&h, 204);
	assert_non_null(strstr(h.all.s, "Allow: DELETE, POST, OPTIONS\r\n"));
	ask(&V, "PUT", "/api/v1/login", "{}", &h);
	assert_heard(&h, 405);
	assert_non_null(strstr(h.all.s, "Allow: DELETE, POST, OPTIONS\r\n"));
	ask(&V, "HEAD", "/healthz", NULL, &h);
	assert_heard(&h, 200);
	assert_int_equal(h.body.n, 0);
	ask(&V, "OPTIONS", "/api/v1/exam/candidates", NULL, &h);
	assert_heard(&h, 204);
	assert_non_null(strstr(h.all.s, "Allow: GET, HEAD, OPTIONS\r\n"));
	ask(&V, "POST", "/", "x", &h);
	assert_heard(&h, 405);
}

/* Of the routes that are no command and no view: those have a test of their own. */
static bool asked_elsewhere(const struct json *item)
{
	static const char *const HERE[] = {"/healthz", "/metrics", "/api/v1/openapi.json",
	                                   "/api/v1/login", "/api/v1/batch"};
	static const char *const PATHS[] = {"/api/v1/commands/", "/api/v1/events", "/api/v1/receipts/",
	                                   "/checkpoint", "/vkey", "/policy", "/tile/", "/rules/",
	                                   "/api/v1/links", "/api/v1/acts", "/api/v1/badges",
	                                   "/api/v1/pins", "/api/v1/custody/",
	                                   "/api/v1/exam/candidates/", "/api/v1/ledger/entries",
	                                   "/api/v1/integrity", "/api/v1/places", "/api/v1/reconcile/",
	                                   "/api/v1/terminal", "/api/v1/wall", "/api/v1/me",
	                                   "/api/v1/codes", "/api/v1/catalogue", "/api/v1/programme",
	                                   "/api/v1/profile", "/api/v1/forms/", "/api/v1/export/",
	                                   "/api/v1/import/", "/api/v1/day",
	                                   "/api/v1/doctor", "/api/v1/stage/", "/api/v1/scanned-form"};

	for (size_t i = 0; i < COUNT(HERE); i++)
		if (str_is(item->key, HERE[i]))
			return false;
	for (size_t i = 0; i < COUNT(PATHS); i++)
		if (str_starts(item->key, str_of(PATHS[i])))
			return true;
	return str_starts(json_str(item->first, "operationId"), STR("view."));
}

static void every_route_of_its_own_was_asked(void **state)
{
	const struct json *paths, *item;
	struct heard h;
	struct strbuf never;

	(void)state;
	strbuf_init(&never, &S.arena);
	ask(&V, "GET", "/api/v1/openapi.json", NULL, &h);
	paths = json_get(h.doc, "paths");
	for (item = paths->first; item; item = item->next)
		if (!asked_elsewhere(item))
			(void)contract_unvisited(item->key.s, &never);
	if (never.n)
		fail_msg("nobody asked\n%s", never.s);
}

static void a_second_server_on_the_same_data_refuses(void **state)
{
	(void)state;
	assert_status(&S, sh(&S, "serve --listen 127.0.0.1:0"), 75);
	assert_status(&S, sh(&S, "serve --listen 0.0.0.0:8080"), 75); /* the data first */
	assert_int_equal(serving_stop(&V), 0);
	assert_status(&S, sh(&S, "serve --listen 0.0.0.0:8080"), 2);
	assert_status(&S, sh(&S, "serve --listen nonsense"), 2);
}

static void killed_it_comes_back_with_all_that_it_said(void **state)
{
	struct heard h;
	struct str token;
	int64_t index;
	long keys;

	(void)state;
	log_in(&V, "W1");
	command(&V, "people.add_unit", UNIT("SCH-9"), &h);
	assert_heard(&h, 200);
	index = json_int(h.doc, "index", -1);
	keys = V.keys;
	token = V.token;
	serving_kill(&V);
	serving_start(&V, &S);
	V.token = token; /* the login outlives the server */
	V.keys = keys - 1;
	command(&V, "people.add_unit", UNIT("SCH-9"), &h);
	assert_heard(&h, 200);
	assert_int_equal(json_int(h.doc, "index", -1), index);
}

#define T(f) cmocka_unit_test_setup(f, again)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_console_that_comes_before_the_first_act_hears_it),
		T(an_act_over_http_is_in_the_ledger),
		T(a_problem_names_field_rule_and_sentence),
		T(nobody_acts_without_a_login_and_everybody_in_their_place),
		T(a_view_shows_what_the_grants_cover_a_page_at_a_time),
		T(a_batch_keeps_its_order_and_answers_each),
		T(consoles_hear_what_their_grants_cover),
		T(a_body_of_another_type_is_not_read),
		T(odd_json_is_invalid_and_nothing_more),
		T(health_and_metrics_are_there_for_machines),
		T(the_api_describes_itself),
		T(a_path_says_which_methods_it_takes),
		T(a_second_server_on_the_same_data_refuses),
		T(killed_it_comes_back_with_all_that_it_said),
		T(every_route_of_its_own_was_asked),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
