/* SPDX-License-Identifier: Apache-2.0 */
/* test_badges.c -- badge and PIN of the day: who acts or signs at a terminal has come to it, that
 * day, at that place; nobody writes another's badge from an office; guessing holds up one desk.
 */
#include "kit/check.h"

#include "base/clock.h"
#include "http/office.h"

static struct shell S;
static struct serving V;
static struct terminal NEAR, OTHER, FAR; /* two at the site, one elsewhere */
static struct worker W[] = {
	{"A1", "county_office", "sc/cd/jn"}, {"A2", "county_office", "sc/cd/jn"},
	{"B1", "county_office", "sc/cd/qy"},
};
static int64_t A1, A2;                   /* staff of the site */

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	A1 = W[0].person;
	A2 = W[1].person;
	V.sh = &S;
	office_enrol(&V, &NEAR, "near", "sc/cd/jn/s1");
	office_enrol(&V, &OTHER, "other", "sc/cd/jn/s1");
	office_enrol(&V, &FAR, "far", "sc/cd/qy/s9");
	serving_start(&V, &S);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static int again(void **state)
{
	struct terminal *const all[] = {&NEAR, &OTHER, &FAR};

	(void)state;
	V.token = (struct str){0};
	for (size_t i = 0; i < COUNT(all); i++) {
		shell_write(&S, all[i]->outbox, "");
		all[i]->behind_ms = 0;
		assert_int_equal(terminal_link(all[i]), 201);
	}
	return 0;
}

static struct str pin(const char *place, const char *code, const char *more)
{
	assert_status(&S, sh_json(&S, "badge issue %s %s %s", place, code, more), 0);
	return str_copy(&S.arena, json_str(json_get(S.doc, "pins")->first, "pin"));
}

static void note(struct terminal *t, int64_t who, const char *code, const char *slots)
{
	terminal_note(t, who, "people.add_unit",
	              str_fmt(&S.arena, "{'place':'sc/cd/jn','code':'%s','name':'x'}", code).s, slots);
}

static struct sent flush(struct terminal *t)
{
	struct sent sent;

	assert_true(terminal_flush(t, &sent));
	return sent;
}

static void who_acts_at_a_terminal_has_come_to_it(void **state)
{
	struct str p = pin("sc/cd/jn", "A1", "");
	struct sent sent;

	(void)state;
	note(&NEAR, A1, "A-1", NULL);
	sent = flush(&NEAR);
	assert_int_equal(sent.refused, 1);
	assert_int_equal(sent.status, 403);
	assert_int_equal(terminal_badge(&NEAR, "A1", p.s), 200);
	note(&NEAR, A1, "A-1", NULL);
	assert_int_equal(flush(&NEAR).taken, 1);
	note(&NEAR, A2, "A-2", NULL); /* another person */
	assert_int_equal(flush(&NEAR).status, 403);
	note(&OTHER, A1, "A-2", NULL); /* another terminal */
	assert_int_equal(flush(&OTHER).status, 403);
	assert_int_equal(terminal_badge(&NEAR, "A1", NULL), 200); /* goes home */
	note(&NEAR, A1, "A-2", NULL);
	assert_int_equal(flush(&NEAR).status, 403);
}

static void a_pin_is_of_its_day_its_person_and_its_place(void **state)
{
	struct str p;

	(void)state;
	p = pin("sc/cd/jn", "A2", "--day 2020-01-01");
	assert_int_equal(terminal_badge(&NEAR, "A2", p.s), 403);
	p = pin("sc/cd/jn", "A2", "");
	assert_int_equal(terminal_badge(&FAR, "A2", p.s), 403);
	assert_int_equal(terminal_badge(&NEAR, "A1", p.s), 403);
	assert_int_equal(terminal_badge(&NEAR, "NOBODY-1", p.s), 403);
	assert_int_equal(terminal_badge(&NEAR, "A2", "12345"), 403);
	assert_int_equal(terminal_badge(&NEAR, "A2", p.s), 200);
	NEAR.link_key = STR("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff");
	assert_int_equal(terminal_badge(&NEAR, "A2", p.s), 403); /* not by its link */
}

static void an_hour_without_a_line_keeps_its_times(void **state)
{
	struct clock now = clock_system();
	struct str day = clock_format_offset(&S.arena, clock_now_ms(&now) - 3600000, 480);
	struct str p = pin("sc/cd/jn", "A1", str_fmt(&S.arena, "--day %.10s", day.s).s);

	(void)state;
	OTHER.behind_ms = 3600000;
	assert_int_equal(terminal_badge(&OTHER, "A1", p.s), 200);
	note(&OTHER, A1, "C-1", NULL);
	assert_int_equal(flush(&OTHER).taken, 1);
	OTHER.behind_ms = 7200000; /* before they came */
	note(&OTHER, A1, "C-2", NULL);
	assert_int_equal(flush(&OTHER).status, 403);
}

/* The newest local day of which the whole morning is over, and how far behind its midnight is. */
static int64_t midnight_behind(struct str *ret_day, struct str *ret_before)
{
	struct clock c = clock_system();
	int64_t now = clock_now_ms(&c), local = now + 480 * INT64_C(60000);
	int64_t midnight = (local - 12 * INT64_C(3600000)) / 86400000 * 86400000;

	*ret_day = str_fmt(&S.arena, "--day %.10s", clock_format_utc(&S.arena, midnight).s);
	*ret_before = str_fmt(&S.arena, "--day %.10s", clock_format_utc(&S.arena, midnight - 1).s);
	return local - midnight;
}

static void whoever_is_on_the_night_shift_is_not_sent_away_at_midnight(void **state)
{
	enum { MIN = 60000, HOUR = 3600000 };
	struct str day, before, p, other;
	int64_t midnight = midnight_behind(&day, &before);

	(void)state;
	p = pin("sc/cd/jn", "A1", before.s);
	OTHER.behind_ms = midnight + HOUR; /* 23:00 */
	assert_int_equal(terminal_badge(&OTHER, "A1", p.s), 200);
	OTHER.behind_ms = midnight - 30 * MIN; /* 00:30: stands there still */
	note(&OTHER, A1, "N-1", NULL);
	assert_int_equal(flush(&OTHER).taken, 1);
	OTHER.behind_ms = midnight - 9 * HOUR - 59 * MIN; /* login.night_s: until 10:00 */
	note(&OTHER, A1, "N-2", NULL);
	assert_int_equal(flush(&OTHER).taken, 1);
	OTHER.behind_ms = midnight - 10 * HOUR - MIN;
	note(&OTHER, A1, "N-3", NULL);
	assert_int_equal(flush(&OTHER).status, 403);
	shell_write(&S, OTHER.outbox, "");

	NEAR.behind_ms = midnight - 30 * MIN; /* the PIN of the evening, and that of the new day */
	assert_int_equal(terminal_badge(&NEAR, "A1", p.s), 200);
	other = pin("sc/cd/jn", "A2", day.s);
	assert_int_equal(terminal_badge(&NEAR, "A2", other.s), 200);
	NEAR.behind_ms = midnight - 10 * HOUR - MIN;
	assert_int_equal(terminal_badge(&NEAR, "A1", p.s), 403);
	assert_int_equal(terminal_badge(&NEAR, "A2", other.s), 200);
	NEAR.behind_ms = midnight + HOUR; /* not before its day */
	assert_int_equal(terminal_badge(&NEAR, "A2", other.s), 403);
}

static void guessing_holds_up_one_desk(void **state)
{
	struct str p = pin("sc/cd/jn", "A2", "");
	const char *wrong = str_is(p, "000000") ? "000001" : "000000";
	int status = 403;

	(void)state;
	for (int i = 0; i < 10 && status == 403; i++)
		status = terminal_badge(&NEAR, "A2", wrong);
	assert_int_equal(status, 503);
	assert_int_equal(terminal_badge(&NEAR, "A2", p.s), 503);
	assert_int_equal(terminal_badge(&OTHER, "A2", p.s), 200);
}

#define BY_BADGE "[{'slot':'enroller','how':'badge','person':%lld}," \
	"{'slot':'approver','how':'badge','person':%lld}]"

/* Which badges there are is not found by trying until one must wait. */
static void guessing_at_one_name_says_nothing_of_the_next(void **state)
{
	int status = 403;

	(void)state;
	for (int i = 0; i < 20 && status == 403; i++)
		status = terminal_badge(&FAR, "NOBODY-7", "000000");
	assert_int_equal(status, 503);
	assert_int_equal(terminal_badge(&FAR, "NOBODY-8", "000000"), 403);
	assert_int_equal(terminal_badge(&FAR, "A1", "000000"), 403);
}

static void a_badge_signs_where_its_pin_was_given(void **state)
{
	struct arena *a = &S.arena;
	struct str data, body, one, two;
	struct heard h;

	(void)state;
	one = pin("sc", "P1", "");
	two = pin("sc", "P2", "");
	data = str_fmt(a, "{'key':'%064d','place':'sc/cd'}", 7);
	body = str_fmt(a, "{'data':%s,'slots':[{'slot':'enroller','how':'badge','person':'P1'},"
	               "{'slot':'approver','how':'badge','person':'P2'}]}", data.s);
	log_in(&V, "P1");
	command(&V, "device.enroll", body.s, &h); /* anybody could write that */
	assert_heard(&h, 403);
	ask(&V, "POST", "/api/v1/badges", str_fmt(a, "{\"badge\":\"P1\",\"pin\":\"%s\"}", one.s).s, &h);
	assert_heard(&h, 200);
	command(&V, "device.enroll", body.s, &h); /* one of two */
	assert_heard(&h, 403);
	ask(&V, "POST", "/api/v1/badges", str_fmt(a, "{\"badge\":\"P2\",\"pin\":\"%s\"}", two.s).s, &h);
	assert_heard(&h, 200);
	command(&V, "device.enroll", body.s, &h);
	assert_heard(&h, 200);
	log_in(&V, "P1"); /* at another desk */
	command(&V, "device.enroll", body.s, &h);
	assert_heard(&h, 403);
	assert_non_null(strstr(h.body.s, "/slots/0"));
	V.token = (struct str){0};
	ask(&V, "POST", "/api/v1/badges", "{\"badge\":\"P1\",\"pin\":\"000000\"}", &h);
	assert_heard(&h, 401);
}

/* What anybody may send tells nobody whose staff code is somebody's. */
static void a_badge_that_is_nobodys_is_one_that_was_not_given(void **state)
{
	static const char *const CODES[] = {"A2", "Z2"};
	struct arena *a = &S.arena;
	struct heard h;

	(void)state;
	log_in(&V, "B1");
	for (size_t i = 0; i < COUNT(CODES); i++) {
		command(&V, "slot.sign", str_fmt(a, "{'data':{'begun':1},'slots':[{'slot':'approver',"
		        "'how':'badge','person':'%s'}]}", CODES[i]).s, &h);
		assert_heard(&h, 403);
		assert_str(json_str(h.doc, "en"),
		           str_fmt(a, "%s has not given badge and PIN at this desk", CODES[i]).s);
	}
}

/* Nor do the other ways of signing, in an act of one's own or in one that waits; and to a stranger
 * an act that waits is one that nobody began. */
static struct str refused(const char *name, const char *data, const char *slot, const char *code,
                          int want)
{
	static const char *const HOW[] = {"paper", "phone", "key"};
	struct arena *a = &S.arena;
	struct str said = {0};
	struct heard h;

	for (size_t i = 0; i < COUNT(HOW); i++) {
		command(&V, name, str_fmt(a, "{'data':%s,'slots':[{'slot':'%s','how':'%s','person':'%s'"
		                          "%s}]}", data, slot, HOW[i], code,
		                          i == 2 ? str_fmt(a, ",'signature':'%0128d'", 0).s : "").s, &h);
		assert_heard(&h, want);
		if (strstr(h.body.s, code))
			fail_msg("%s of %s: %s", name, code, h.body.s);
		said = str_fmt(a, "%s%s", i ? said.s : "", json_canonical(a, json_get(h.doc, "errors")).s);
	}
	return said;
}

static void a_code_that_may_not_sign_is_to_a_stranger_one_that_nobody_has(void **state)
{
	static const char STOP[] = "{'place':'sc/cd/jn','session':'d1-maths','order':'T-1',"
	                           "'cause':'leak'}";
	struct arena *a = &S.arena;
	struct str sign, none = STR("{'begun':1}");
	struct heard h;

	(void)state;
	log_in(&V, "P1");
	command(&V, "device.enroll", str_fmt(a, "{'data':{'key':'%064d','place':'sc/cd/jn'},'slots':["
	        "{'slot':'enroller','how':'paper','person':'P1'}]}", 9).s, &h);
	assert_heard(&h, 202);
	sign = str_fmt(a, "{'begun':%lld}", (long long)json_int(h.doc, "index", 0));
	log_in(&V, "A1"); /* of the county next to B1's */
	assert_str(refused("custody.stop_paper", STOP, "leader", "B1", 403),
	           refused("custody.stop_paper", STOP, "leader", "Z2", 403).s);
	assert_str(refused("slot.sign", sign.s, "approver", "B1", 403),
	           refused("slot.sign", sign.s, "approver", "Z2", 403).s);
	log_in(&V, "B1");
	(void)refused("slot.sign", none.s, "approver", "P2", 404);
	assert_str(refused("slot.sign", sign.s, "approver", "A2", 404),
	           refused("slot.sign", sign.s, "approver", "Z2", 404).s);
	assert_str(refused("slot.sign", sign.s, "nothing", "A2", 404),
	           refused("slot.sign", sign.s, "approver", "A2", 404).s);
}

static void a_terminals_badge_slots_ask_for_the_pin_too(void **state)
{
	struct str p = pin("sc/cd/jn", "A1", ""), slots;
	struct sent sent;

	(void)state;
	assert_int_equal(terminal_badge(&OTHER, "A1", p.s), 200);
	slots = str_fmt(&S.arena, BY_BADGE, (long long)A1, (long long)A2);
	terminal_note(&OTHER, A1, "device.enroll", "{'key':'"
	              "0000000000000000000000000000000000000000000000000000000000000008',"
	              "'place':'sc/cd/jn'}", slots.s);
	sent = flush(&OTHER);
	assert_int_equal(sent.status, 403);
	if (!strstr(sent.last.body.s, "badge and PIN at this desk"))
		fail_msg("%s", sent.last.body.s);
}

static void an_office_issues_pins_for_its_own(void **state)
{
	struct heard h;
	struct str p;

	(void)state;
	ask(&V, "POST", "/api/v1/pins", "{\"place\":\"sc/cd/jn\",\"persons\":[\"A2\"]}", &h);
	assert_heard(&h, 401);
	log_in(&V, "A1");
	ask(&V, "POST", "/api/v1/pins", "{\"place\":\"sc/cd/qy\",\"persons\":[\"B1\"]}", &h);
	assert_heard(&h, 403);
	ask(&V, "POST", "/api/v1/pins", "{\"place\":\"sc/cd/jn\",\"persons\":[\"B1\"]}", &h);
	assert_heard(&h, 422);
	ask(&V, "POST", "/api/v1/pins", "{\"place\":\"sc/cd/jn\",\"persons\":[\"A2\"]}", &h);
	assert_heard(&h, 200);
	p = json_str(json_get(h.doc, "pins")->first, "pin");
	V.token = (struct str){0};
	assert_int_equal(terminal_badge(&OTHER, "A2", p.s), 200);
}

/* A terminal reads as whoever stands there, what they may read anyhow; a link gives no order. */
static void who_stands_at_a_terminal_reads_by_its_link(void **state)
{
	struct str p = pin("sc/cd/jn", "A1", "");
	struct heard h;

	(void)state;
	assert_int_equal(terminal_badge(&NEAR, "A1", NULL), 200);
	assert_int_equal(terminal_badge(&NEAR, "A2", NULL), 200);
	assert_int_equal(terminal_badge(&OTHER, "A1", NULL), 200);
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_badge(&NEAR, "A1", p.s), 200);
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/me", &h), 200);
	assert_string_equal(json_str(h.doc, "code").s, "A1");
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/people/persons?limit=5", &h), 200);
	/* One that was heard is good for itself alone. */
	assert_int_equal(terminal_read_with(&NEAR, A1, "/api/v1/people/persons?limit=5",
	                 "/api/v1/people/persons?limit=50", &h), 401);
	assert_int_equal(terminal_read_with(&NEAR, A1, "/api/v1/people/persons",
	                 "/api/v1/people/persons?limit=5", &h), 401);
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/people/persons?q=%E5%BC%A0&limit=5",
	                 &h), 200);
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/export/people/persons", &h), 405);
	assert_int_equal(terminal_read(&NEAR, A2, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_read(&OTHER, A1, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_read(&NEAR, 0, "/api/v1/me", &h), 401);
	NEAR.behind_ms = 700000; /* a recording of an hour ago is worth nothing */
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/me", &h), 401);
	NEAR.behind_ms = 0;
	NEAR.link_key = str_copy(&S.arena, OTHER.link_key);
	assert_int_equal(terminal_read(&NEAR, A1, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_link(&NEAR), 201);
	V.head = str_fmt(&S.arena, "Gongyuan-Link: %lld\r\n", (long long)NEAR.link);
	ask(&V, "POST", "/api/v1/commands/people.add_unit", "{\"data\":{}}", &h);
	V.head = (struct str){0};
	assert_int_equal(h.status, 401);
}

static void a_terminal_learns_where_it_stands_and_whose_badges_it_may_scan(void **state)
{
	const struct json *v, *names;
	struct heard h;
	int found = 0;

	(void)state;
	ask(&V, "GET", str_fmt(&S.arena, "/api/v1/terminal?key=%s", terminal_key(&NEAR).s).s, NULL, &h);
	assert_int_equal(h.status, 200);
	assert_int_equal(json_int(h.doc, "device", 0), NEAR.device);
	assert_null(json_get(h.doc, "staff")); /* anybody is told no more */
	assert_null(json_get(h.doc, "place"));
	assert_int_equal(terminal_read(&NEAR, 0, "/api/v1/terminal", &h), 200);
	assert_int_equal(json_int(h.doc, "badge_s", 0), 1800); /* the profile's login.idle_s */
	assert_string_equal(json_str(h.doc, "place").s, "sc/cd/jn/s1");
	names = json_get(h.doc, "place_names");
	assert_int_equal(names->count, 3); /* from the city down */
	assert_string_equal(names->first->s.s, "市");
	for (v = json_get(h.doc, "staff")->first; v; v = v->next) {
		found += json_int(v, "person", 0) == A1;
		assert_false(str_eq(json_str(v, "code"), STR("B1"))); /* of another county */
	}
	assert_int_equal(found, 1);
	NEAR.link_key = str_copy(&S.arena, OTHER.link_key);
	assert_int_equal(terminal_read(&NEAR, 0, "/api/v1/terminal", &h), 401);
}

/* Written after they came, of what was before: a bell, a bag. */
static void what_was_before_somebody_came_can_be_written_by_them(void **state)
{
	(void)state;
	assert_int_equal(terminal_badge(&NEAR, "A1", NULL), 200);
	assert_int_equal(terminal_badge(&NEAR, "A1", pin("sc/cd/jn", "A1", "").s), 200);
	NEAR.older_ms = 60000;
	note(&NEAR, A1, "OLD-1", NULL);
	NEAR.older_ms = 0;
	assert_int_equal(flush(&NEAR).taken, 1);
}

#define T(f) cmocka_unit_test_setup(f, again)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(who_acts_at_a_terminal_has_come_to_it),
		T(a_pin_is_of_its_day_its_person_and_its_place),
		T(an_hour_without_a_line_keeps_its_times),
		T(whoever_is_on_the_night_shift_is_not_sent_away_at_midnight),
		T(a_badge_signs_where_its_pin_was_given),
		T(a_badge_that_is_nobodys_is_one_that_was_not_given),
		T(a_code_that_may_not_sign_is_to_a_stranger_one_that_nobody_has),
		T(a_terminals_badge_slots_ask_for_the_pin_too),
		T(an_office_issues_pins_for_its_own),
		T(guessing_holds_up_one_desk),
		T(guessing_at_one_name_says_nothing_of_the_next),
		T(who_stands_at_a_terminal_reads_by_its_link),
		T(a_terminal_learns_where_it_stands_and_whose_badges_it_may_scan),
		T(what_was_before_somebody_came_can_be_written_by_them),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
