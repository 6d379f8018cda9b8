/* SPDX-License-Identifier: Apache-2.0 */
/* test_contract.c -- the kit's own test: a reply that breaks a promise is seen, whichever it is. */
#include "kit/check.h"

#include "http/contract.h"

#define LEAF "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"
#define JSON_HEAD "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
#define PROBLEM_HEAD "HTTP/1.1 409 Conflict\r\nContent-Type: application/problem+json\r\n\r\n"
#define RECEIPT "{\"checkpoint\":\"pending\",\"index\":7,\"leaf\":\"" LEAF "\"}"
#define PROBLEM(type, more) \
	"{\"article\":\"\",\"detail\":\"x\",\"en\":\"x\",\"errors\":[],\"status\":409," \
	"\"title\":\"x\",\"type\":\"" type "\",\"zh\":\"x\"" more "}"
#define COMMAND "/api/v1/commands/people.add_unit"

static bool holds(const char *method, const char *path, int status, const char *head,
                  const char *body)
{
	struct str why;

	return contract_holds(method, path, status, str_of(head), str_of(body), &why);
}

static void what_was_promised_holds(void **state)
{
	(void)state;
	assert_true(holds("POST", COMMAND, 200, JSON_HEAD, RECEIPT));
	assert_true(holds("POST", COMMAND, 409, PROBLEM_HEAD,
	                  PROBLEM("urn:gongyuan:problem:conflict", ",\"index\":9")));
	assert_true(holds("GET", "/api/v1/exam/candidates?limit=1", 200, JSON_HEAD,
	                  "{\"items\":[],\"next\":null,\"size\":3}"));
	assert_true(holds("HEAD", "/healthz", 200, JSON_HEAD, ""));
	assert_true(holds("GET", COMMAND, 405, "\r\nAllow: POST\r\n\r\n", "{}"));
	assert_true(holds("GET", "/", 200, "", "<html>"));
	assert_true(holds("POST", COMMAND, 431, PROBLEM_HEAD,
	                  "{\"article\":\"\",\"detail\":\"x\",\"en\":\"x\",\"errors\":[],"
	                  "\"status\":431,\"title\":\"x\",\"type\":"
	                  "\"urn:gongyuan:problem:http\",\"zh\":\"x\"}"));
}

static void each_broken_promise_is_seen(void **state)
{
	(void)state;
	assert_false(holds("POST", COMMAND, 201, JSON_HEAD, RECEIPT)); /* status */
	assert_false(holds("POST", COMMAND, 200, PROBLEM_HEAD, RECEIPT)); /* type of content */
	assert_false(holds("POST", COMMAND, 200, "\r\n\r\n", RECEIPT));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD, "{\"index\":7,\"leaf\":\"" LEAF "\"}"));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD, "[7]"));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD, "{"));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD,
	                   "{\"checkpoint\":\"pending\",\"index\":-1,\"leaf\":\"" LEAF "\"}"));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD,
	                   "{\"checkpoint\":\"pending\",\"index\":1,\"leaf\":\"\"}"));
	assert_false(holds("POST", COMMAND, 200, JSON_HEAD, "{\"checkpoint\":\"pending\",\"index\":7,"
	                   "\"leaf\":\"" LEAF "\",\"name\":\"x\"}"));
	assert_false(holds("POST", COMMAND, 409, PROBLEM_HEAD,
	                   PROBLEM("urn:gongyuan:problem:weather", "")));
	assert_false(holds("GET", "/api/v1/exam/candidates", 200, JSON_HEAD,
	                   "{\"items\":[{\"number\":1}],\"next\":null,\"size\":3}"));
	assert_false(holds("GET", "/api/v1/weather", 200, JSON_HEAD, "{}")); /* path */
	assert_false(holds("GET", COMMAND, 200, JSON_HEAD, RECEIPT)); /* method */
	assert_false(holds("GET", COMMAND, 405, "\r\n\r\n", "{}")); /* without Allow */
	assert_false(holds("HEAD", "/healthz", 200, JSON_HEAD, "{}")); /* with a body */
	assert_false(holds("DELETE", "/api/v1/login", 204, "\r\n\r\n", "x"));
}

static void an_unknown_keyword_is_a_fault_of_the_schema(void **state)
{
	struct str why;

	(void)state;
	assert_false(contract_fits("batch", STR("[{\"command\":\"x\",\"key\":\"y\"}]"), &why));
	assert_non_null(strstr(why.s, "unevaluatedProperties"));
	assert_true(contract_fits("receipt", STR(RECEIPT), &why));
}

static void what_nobody_asked_is_told(void **state)
{
	struct arena a = {0};
	struct strbuf b;

	(void)state;
	assert_true(holds("POST", COMMAND, 200, JSON_HEAD, RECEIPT));
	strbuf_init(&b, &a);
	assert_int_equal(contract_unvisited(COMMAND, &b), 0);
	assert_int_equal(contract_unvisited("/api/v1/openapi.json", &b), 1);
	assert_string_equal(b.s, "get /api/v1/openapi.json\n");
	arena_release(&a);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_promised_holds),
		cmocka_unit_test(each_broken_promise_is_seen),
		cmocka_unit_test(an_unknown_keyword_is_a_fault_of_the_schema),
		cmocka_unit_test(what_nobody_asked_is_told),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
