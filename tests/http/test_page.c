/* SPDX-License-Identifier: Apache-2.0 */
/* test_page.c -- the first screen as a browser without scripts sees it; and a city that lives
 * through its day beside the server's users, through three kills.
 */
#include "kit/check.h"

#include <unistd.h>

#include "http/html.h"
#include "http/serving.h"

#define SPEED "14400" /* four hours a second */
#define PASSWORD "correct+horse+battery"

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

static void what_comes_from_outside_is_escaped(void **state)
{
	struct strbuf b;
	struct arena a = {0};

	(void)state;
	strbuf_init(&b, &a);
	html_addf(&b, "<p class=\"%s\">%s %d</p>", "\" onload='x'", "<b>&", 7LL);
	assert_str(strbuf_str(&b), "<p class=\"&quot; onload=&#39;x&#39;\">&lt;b&gt;&amp; 7</p>");
	assert_str(form_value(&a, STR("a=1&person=P%20%E5%BC%A0+x&code=%zz"), "person"), "P 张 x");
	assert_str(form_value(&a, STR("a=1&code=%zz"), "code"), "%zz");
	assert_null(form_value(&a, STR("a=1"), "b").s);
	arena_release(&a);
}

/* A small city's day with one paper short. */
static const char *scenario(void)
{
	struct str path = shell_path(&S, "day.json");

	shell_write(&S, path, "{\"id\":\"small\",\"zh\":\"一日\",\"en\":\"a day\",\"profile\":"
	            "\"demo\",\"city\":{\"counties\":1,\"sites\":2,\"rooms\":3,\"seats\":30,"
	            "\"days\":1},\"inject\":[{\"id\":\"one-short\",\"case\":\"C19\",\"quote\":"
	            "\"complete script custody evidence\",\"do\":{\"change\":{\"what\":"
	            "\"custody.count_bag\",\"session\":\"d1-maths\",\"place\":\"sc/cd/x01/s01/r02\"},"
	            "\"plus\":{\"used\":-1}},\"notice\":{\"rule\":\"custody.difference\",\"place\":"
	            "\"sc/cd/x01/s01/r02\",\"by\":\"d1-maths E+1800\"},\"also\":[{\"rule\":"
	            "\"custody.scripts_differ\",\"place\":\"sc/cd/x01/s01/r02\"},{\"rule\":"
	            "\"sitting.sheet_differs\",\"place\":\"sc/cd/x01/s01/r02\"}]}]}");
	return path.s;
}

/* Whoever logs in while rights are still being given is logged out by them. */
static void wait_for_the_grants(void)
{
	for (int i = 0; i < 1000; i++) {
		assert_status(&S, sh_json(&S, "ledger list --type people.post_assigned --limit 1"), 0);
		if (json_get(S.doc, "entries")->count)
			return;
		usleep(10000);
	}
	fail_msg("nobody was given a post");
}

static void log_in_by_form(const char *person)
{
	struct heard h;
	struct str code;
	const char *at;

	wait_for_the_grants();
	sh_input(&S, STR("correct horse battery\n"));
	assert_status(&S, sh(&S, "login set %s", person), 0);
	assert_status(&S, sh_json(&S, "login code %s", person), 0);
	code = json_str(S.doc, "code");
	ask(&V, "POST", "/login", str_fmt(&S.arena, "person=%s&password=" PASSWORD "&code=%s", person,
	                                  code.s).s, &h);
	assert_heard(&h, 303);
	at = strstr(h.all.s, "Set-Cookie: ");
	assert_non_null(at);
	V.cookie = str_dup(&S.arena, at + 12, strcspn(at + 12, ";"));
}

/* On PostgreSQL the server alone is tried (test_serve.c): a city's day is the same there. */
static void needs_a_folder(void)
{
	if (S.url.n)
		skip();
}

static void a_browser_without_scripts_sees_the_day(void **state)
{
	struct heard h;

	(void)state;
	needs_a_folder();
	serving_play(&V, &S, scenario(), SPEED);
	ask(&V, "GET", "/", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.body.s, "name=password"));
	assert_non_null(strstr(h.all.s, "script-src 'self'"));
	ask(&V, "POST", "/login", "person=CD1-D1&password=wrong+password&code=000000", &h);
	assert_heard(&h, 403);
	assert_non_null(strstr(h.body.s, "role=alert"));
	log_in_by_form("CD1-D1");
	sleep(1); /* the city's morning */
	ask(&V, "GET", "/", NULL, &h);
	assert_heard(&h, 200);
	assert_non_null(strstr(h.body.s, "[DRILL]"));
	assert_non_null(strstr(h.body.s, "Open alarms"));
	assert_non_null(strstr(h.body.s, "Where the papers are (bags)"));
	assert_non_null(strstr(h.body.s, "CD1-D1"));                 /* who is logged in */
	assert_non_null(strstr(h.body.s, "<div class=county><p>"));  /* the grid of the sites */
	ask(&V, "GET", "/live", NULL, &h);
	assert_heard(&h, 200);
	ask(&V, "GET", "/page.js", NULL, &h);
	assert_heard(&h, 200);
	ask(&V, "POST", "/logout", NULL, &h);
	assert_heard(&h, 303);
	ask(&V, "GET", "/live", NULL, &h);
	assert_heard(&h, 401);
	assert_int_equal(serving_stop(&V), 0);
}

static void play_to_the_end(void)
{
	struct heard h;

	for (int i = 0; i < 1200; i++) {
		ask(&V, "GET", "/metrics", NULL, &h);
		assert_heard(&h, 200);
		if (strstr(h.body.s, "gongyuan_play_over 1"))
			return;
		usleep(200000);
	}
	fail_msg("the day does not end");
}

/* Rules of all alarms, sorted, by the command line. */
static struct str alarms(void)
{
	struct strbuf b;

	assert_status(&S, sh_json(&S, "alarm list --all"), 0);
	strbuf_init(&b, &S.arena);
	for (const struct json *a = json_get(S.doc, "alarms")->first; a; a = a->next)
		strbuf_addf(&b, "%s %s;", json_str(a, "rule").s, json_str(a, "place").s);
	return strbuf_str(&b);
}

/* Killed three times, it comes back where it stood, and the day ends with the same alarms. */
static void the_day_goes_on_after_a_kill(void **state)
{
	static char whole[8192];
	const char *file = scenario();

	(void)state;
	needs_a_folder();
	serving_play(&V, &S, file, SPEED);
	play_to_the_end();
	assert_int_equal(serving_stop(&V), 0);
	(void)snprintf(whole, sizeof(whole), "%s", alarms().s);
	assert_non_null(strstr(whole, "custody.difference sc/cd/x01/s01/r02;"));
	shell_close(&S);
	shell_open(&S);
	file = scenario();
	for (int kill = 0; kill < 3; kill++) {
		serving_play(&V, &S, file, SPEED);
		usleep(600000);
		serving_kill(&V);
	}
	serving_play(&V, &S, file, SPEED);
	play_to_the_end();
	assert_int_equal(serving_stop(&V), 0);
	assert_string_equal(whole, alarms().s);
	assert_status(&S, sh(&S, "db doctor"), 0);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_comes_from_outside_is_escaped),
		T(a_browser_without_scripts_sees_the_day),
		T(the_day_goes_on_after_a_kill),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
