/* SPDX-License-Identifier: Apache-2.0 */
/* test_drill.c -- a drill against a server is the drill in process: the same alarms, the same
 * ledger; and nobody directs who has not the token.
 */
#include "kit/check.h"

#include "db/store.h"
#include "http/contract.h"
#include "http/serving.h"

static struct shell S;
static struct serving V;

static int setup(void **state)
{
	(void)state;
	shell_open(&S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	if (V.pid)
		assert_int_equal(serving_stop(&V), 0);
	shell_close(&S);
	return 0;
}

static const char *scenario(const char *name)
{
	const char *source = getenv("GONGYUAN_SOURCE");

	assert_non_null(source);
	return str_fmt(&S.arena, "%s/scenarios/%s.json", source, name).s;
}

static struct str root_of(void)
{
	assert_status(&S, sh(&S, "ledger checkpoint"), 0);
	return str_dup(&S.arena, S.out.s, S.out.n);
}

/* A phone is snatched with a paper in it: alarms, keys, texts, telephones. */
static void a_drill_over_http_gives_the_ledger_of_one_in_process(void **state)
{
	struct str data = S.data, here, there;
	const char *file = scenario("c08-snatched");

	(void)state;
	if (S.url.n)
		skip(); /* two ledgers, and there is one database */
	S.data = shell_path(&S, "here");
	assert_status(&S, sh_json(&S, "drill run %s --small", file), 0);
	here = str_dup(&S.arena, S.out.s, S.out.n);
	assert_true(json_get(S.doc, "alarms")->count > 0);
	S.data = data;
	serving_play(&V, &S, file, NULL);
	assert_status(&S, sh_json(&S, "drill run %s --small --http http://127.0.0.1:%d", file, V.port),
	              0);
	there = str_dup(&S.arena, S.out.s, S.out.n);
	assert_str(there, here.s);
	assert_int_equal(serving_stop(&V), 0);
	there = root_of();
	S.data = shell_path(&S, "here");
	here = root_of();
	S.data = data;
	assert_str(there, here.s);
}

/* Of the drill that is served. */
static struct str director(void)
{
	struct op op = {.arena = &S.arena};
	struct str text;

	assert_int_equal(file_read(&op, str_fmt(&S.arena, "%s/keys/director.key", S.data.s), 128,
	                           &text), RC_OK);
	assert_true(text.n > 64);
	return str_dup(&S.arena, text.s, 64);
}

static void nobody_directs_without_the_token(void **state)
{
	struct heard h;
	struct str token;

	(void)state;
	if (S.url.n)
		skip();
	serving_play(&V, &S, scenario("c08-snatched"), NULL);
	token = director();
	ask(&V, "POST", "/api/v1/stage/clock", "{\"to\":\"2025-06-07T09:00:00+08:00\"}", &h);
	assert_heard(&h, 401);
	V.token = STR("0000000000000000000000000000000000000000000000000000000000000000");
	ask(&V, "POST", "/api/v1/stage/acts", "[{}]", &h);
	assert_heard(&h, 401);
	V.token = (struct str){0};
	shell_write(&S, shell_path(&S, "other"), str_fmt(&S.arena, "%064d\n", 7).s);
	assert_status(&S, sh(&S, "drill run %s --http http://127.0.0.1:%d --token-file %s",
	                     scenario("c08-snatched"), V.port, shell_path(&S, "other").s), 3);
	assert_int_equal(serving_stop(&V), 0);
	serving_start(&V, &S); /* served as ever there is no stage */
	V.token = token;
	ask(&V, "POST", "/api/v1/stage/clock", "{\"to\":\"2025-06-07T09:00:00+08:00\"}", &h);
	assert_heard(&h, 404);
	ask(&V, "GET", "/api/v1/stage/alarms", NULL, &h);
	assert_heard(&h, 404);
	assert_int_equal(serving_stop(&V), 0);
}

/* ask() holds each answer against the document. */
static void the_stage_is_a_path_as_any_other(void **state)
{
	struct heard h;
	struct strbuf never;

	(void)state;
	if (S.url.n)
		skip();
	serving_play(&V, &S, scenario("c08-snatched"), NULL);
	V.token = director();
	ask(&V, "POST", "/api/v1/stage/clock", "{\"to\":\"2025-06-07T09:00:00+08:00\"}", &h);
	assert_heard(&h, 200);
	assert_true(json_int(h.doc, "size", 0) > 0);
	ask(&V, "POST", "/api/v1/stage/acts", "[{}]", &h);
	assert_heard(&h, 200);
	assert_int_equal(json_int(json_get(h.doc, "answers")->first, "status", 0), 422);
	ask(&V, "GET", "/api/v1/stage/alarms", NULL, &h);
	assert_heard(&h, 200);
	ask(&V, "POST", "/api/v1/stage/clock", "[]", &h);
	assert_heard(&h, 422);
	ask(&V, "POST", "/api/v1/stage/alarms", "{}", &h);
	assert_heard(&h, 405);
	strbuf_init(&never, &S.arena);
	if (contract_unvisited("/api/v1/stage/", &never))
		fail_msg("nobody asked\n%s", strbuf_str(&never).s);
	assert_int_equal(serving_stop(&V), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_drill_over_http_gives_the_ledger_of_one_in_process),
		cmocka_unit_test(nobody_directs_without_the_token),
		cmocka_unit_test(the_stage_is_a_path_as_any_other),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
