/* SPDX-License-Identifier: Apache-2.0 */
/* test_forms.c -- forms as PDF over HTTP: the bytes that are printed at the machine, and only for
 * those who may read what they show.
 */
#include "kit/check.h"

#include <poll.h>
#include <unistd.h>

#include "base/limits.h"
#include "http/serving.h"

#define HANDOVER "/api/v1/forms/handover?place=sc/cd/jn/s01&session=d1-chinese"
#define ROOM_RECORD "/api/v1/forms/room-record?place=sc/cd/jn/s01&session=d1-chinese"

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

static void get(const char *path, int want, struct heard *ret)
{
	ask(&V, "GET", path, NULL, ret);
	assert_heard(ret, want);
}

static void a_form_is_the_same_as_at_the_machine(void **state)
{
	struct str out = shell_path(&S, "form.pdf");
	struct heard h;

	(void)state;
	log_in(&V, "P0010"); /* county_office of sc/cd/jn */
	get(HANDOVER, 200, &h);
	assert_true(str_starts(h.body, STR("%PDF-")));
	assert_status(&S, sh(&S, "print handover --place sc/cd/jn/s01 --session d1-chinese --out %s",
	                     out.s), 0);
	assert_true(str_eq(h.body, shell_read(&S, out)));
	get("/api/v1/forms/store-log?place=sc/cd/jn/store&day=2025-06-07", 200, &h);
	assert_true(str_starts(h.body, STR("%PDF-")));
}

static void a_form_is_for_who_may_read_what_it_shows(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0003"); /* audit_admin: no reader of rooms or papers */
	get(HANDOVER, 403, &h);
	get(ROOM_RECORD, 403, &h);
	log_in(&V, "P0010");
	get("/api/v1/forms/handover?place=sc/cd/zz/s01&session=d1-chinese", 403, &h);
}

static const struct json *named(const struct json *list, const char *by, const char *name)
{
	const struct json *v = list->first;

	while (v && !str_is(json_str(v, by), name))
		v = v->next;
	assert_non_null(v);
	return v;
}

/* What can be printed can come back signed, under the same name. */
static void every_form_can_be_filed(void **state)
{
	const struct json *words;
	struct heard h;

	(void)state;
	get("/api/v1/catalogue", 200, &h);
	words = named(json_get(h.doc, "commands"), "name", "filing.file_form");
	words = json_get(named(json_get(words, "fields"), "name", "form"), "words");
	assert_status(&S, sh_json(&S, "print list"), 0);
	for (const struct json *f = json_get(S.doc, "forms")->first; f; f = f->next)
		assert_str(json_str(named(words, "code", json_str(f, "form").s), "zh"),
		           json_str(f, "zh").s);
}

static struct str code_of(const struct json *f, const char *root)
{
	return str_fmt(&S.arena, "GY1:" STR_FMT ":%.16s:%.8s:1/1", STR_ARG(json_str(f, "id")),
	               json_str(f, "check").s, root);
}

static void scanned(struct str code, int want, struct heard *ret)
{
	get(str_fmt(&S.arena, "/api/v1/scanned-form?code=" STR_FMT, STR_ARG(code)).s, want, ret);
}

/* The browser has the code, the server says what it is worth. */
static void a_scanned_code_leads_to_its_form(void **state)
{
	const struct json *f;
	struct heard h;

	(void)state;
	assert_status(&S, sh_json(&S, "print zero-report --place sc/cd/jn --session d1-chinese"
	                          " --out %s", shell_path(&S, "zero.pdf").s), 0);
	f = json_get(S.doc, "forms")->first;
	log_in(&V, "P0010");
	scanned(code_of(f, json_str(f, "root").s), 200, &h);
	assert_str(json_str(h.doc, "form"), "zero-report");
	assert_str(json_str(h.doc, "place"), "sc/cd/jn");
	assert_str(json_str(h.doc, "session"), "d1-chinese");
	assert_true(json_bool(h.doc, "sound", false));
	assert_int_equal(json_int(h.doc, "filed", -1), -1);
	scanned(code_of(f, "00000000"), 200, &h);
	assert_false(json_bool(h.doc, "sound", true));
	scanned(json_str(f, "id"), 422, &h);
	scanned(STR("nonsense"), 422, &h);
	assert_status(&S, sh_json(&S, "print zero-report --place sc/cd --session d1-chinese --out %s",
	                          shell_path(&S, "zero.pdf").s), 0);
	f = json_get(S.doc, "forms")->first;
	scanned(code_of(f, json_str(f, "root").s), 403, &h);
}

static void what_is_missing_is_said(void **state)
{
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	get("/api/v1/forms/nothing?place=sc/cd/jn/s01&session=d1-chinese", 404, &h);
	get("/api/v1/forms/handover?session=d1-chinese", 400, &h);
	get("/api/v1/forms/handover?place=sc/cd/jn/s01", 422, &h);
	get("/api/v1/forms/handover?place=sc/cd/jn/s01&session=d9", 422, &h);
	get("/api/v1/forms/store-log?place=sc/cd/jn/store&day=today", 422, &h);
	get("/api/v1/forms/door-sheet?place=sc/cd/jn/s99&session=d1-chinese", 404, &h);
}

/* The status of an answer; closes. */
static int answered(int fd)
{
	char head[2048] = {0};

	assert_true(hear_until(fd, "\r\n\r\n", head, sizeof(head)));
	close(fd);
	if (str_starts(str_of(head), STR("HTTP/1.1 503 ")))
		assert_non_null(strstr(head, "Retry-After: "));
	return (int)strtol(head + strlen("HTTP/1.1 "), NULL, 10);
}

/* However many print: a question passes them, and one form too many is told to come again. */
static void forms_hold_up_forms_alone(void **state)
{
	enum { ASKED = 2 * LIMIT_FORMS };
	int fd[ASKED], drawn = 0, refused = 0, open = 0;
	struct heard h;

	(void)state;
	log_in(&V, "P0010");
	for (int i = 0; i < ASKED; i++)
		fd[i] = ask_later(&V, HANDOVER);
	get("/api/v1/custody/boxes?place=sc/cd/jn/s01", 200, &h);
	for (int i = 0; i < ASKED; i++)
		open += poll(&(struct pollfd){.fd = fd[i], .events = POLLIN}, 1, 0) == 0;
	assert_true(open > 0);
	for (int i = 0; i < ASKED; i++) {
		int status = answered(fd[i]);

		drawn += status == 200;
		refused += status == 503;
	}
	assert_int_equal(drawn + refused, ASKED);
	assert_true(drawn >= LIMIT_FORMS && refused > 0);
	get(HANDOVER, 200, &h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_form_is_the_same_as_at_the_machine),
		cmocka_unit_test(a_form_is_for_who_may_read_what_it_shows),
		cmocka_unit_test(every_form_can_be_filed),
		cmocka_unit_test(a_scanned_code_leads_to_its_form),
		cmocka_unit_test(what_is_missing_is_said),
		cmocka_unit_test(forms_hold_up_forms_alone),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
