/* SPDX-License-Identifier: Apache-2.0 */
/* test_feed.c -- consoles: each hears what its grants cover, every entry once and in order, and the
 * numbers of its places, of which only the newest counts.
 */
#include "kit/check.h"

#include <poll.h>
#include <unistd.h>

#include "http/office.h"

enum { CONSOLES = 12, ACTS = 60, PATIENCE_MS = 60000 };

static struct shell S;
static struct serving V;
static struct str CITY, COUNTY, OTHER;

static int setup(void **state)
{
	struct worker w[] = {
		{"W1", "city_office", "sc/cd"},
		{"W2", "county_office", "sc/cd/jn"},
		{"W3", "county_office", "sc/cd/qy"},
	};

	(void)state;
	office_open(&S, w, COUNT(w));
	serving_start(&V, &S);
	log_in(&V, "W2");
	COUNTY = V.token;
	log_in(&V, "W3");
	OTHER = V.token;
	log_in(&V, "W1");
	CITY = V.token;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

struct console {
	int fd;
	char text[262144];
	size_t n;
};
static struct console C[CONSOLES];

static void listen_as(struct console *c, struct str token, long long after)
{
	struct str before = V.token;

	V.token = token;
	*c = (struct console){.fd = listen_from(&V, after)};
	V.token = before;
	assert_true(hear_until(c->fd, "retry:", c->text, sizeof(c->text)));
	c->n = strlen(c->text);
}

/* Reads what is there, for at most so long. */
static void hear_more(struct console *c, int ms)
{
	struct pollfd p = {.fd = c->fd, .events = POLLIN};
	size_t room = sizeof(c->text) - 1 - c->n;
	ssize_t got = poll(&p, 1, ms) == 1 ? read(c->fd, c->text + c->n, room) : 0;

	c->n += got > 0 ? (size_t)got : 0;
	c->text[c->n] = '\0';
}

/* Reads on until the text stands there as a whole. */
static void hear(struct console *c, const char *text)
{
	for (int i = 0; !strstr(c->text, text) && i < PATIENCE_MS / 100; i++)
		hear_more(c, 100);
	if (!strstr(c->text, text))
		fail_msg("never heard: %s\n%s", text, c->text);
}

/* The ids heard, in their order. */
static size_t ids(const struct console *c, long long *ret, size_t max)
{
	size_t n = 0;

	for (const char *at = strstr(c->text, "\nid: "); at; at = strstr(at + 1, "\nid: ")) {
		assert_true(n < max);
		ret[n++] = strtoll(at + 5, NULL, 10);
	}
	return n;
}

/* The newest counters that were heard; their number. */
static size_t counters(const struct console *c, struct json **ret)
{
	struct op op = {.arena = &S.arena};
	static const char MARK[] = "event: counters\ndata: ";
	const char *newest = NULL;
	size_t n = 0;

	for (const char *at = strstr(c->text, MARK); at; at = strstr(at + 1, MARK))
		if (strstr(at, "\n\n")) {
			newest = at + sizeof(MARK) - 1;
			n++;
		}
	if (newest)
		assert_ok(json_read(&op, str_dup(&S.arena, newest, strcspn(newest, "\n")), ret));
	return n;
}

static long long add_unit(const char *place, int i)
{
	struct heard h;

	command(&V, "people.add_unit",
	        str_fmt(&S.arena, "{'data':{'place':'%s','code':'U%d','name':'x'}}", place, i).s, &h);
	assert_heard(&h, 200);
	return json_int(h.doc, "index", -1);
}

/* Twelve consoles of three scopes, one of which comes back in the middle: no gap, no repetition, no
 * other's. */
static void every_console_hears_every_entry_of_its_places_once(void **state)
{
	static long long want[3][ACTS], heard[ACTS + 8];
	const struct str token[3] = {CITY, COUNTY, OTHER};
	size_t n[3] = {0};
	long long last = 0;

	(void)state;
	for (int i = 0; i < CONSOLES; i++)
		listen_as(&C[i], token[i % 3], -1);
	for (int i = 0; i < ACTS; i++) {
		int which = i % 5 ? 1 + i % 2 : 0;

		if (i == ACTS / 2) {
			hear(&C[0], str_fmt(&S.arena, "id: %lld\n", last).s);
			close(C[0].fd);
			C[0].fd = -1;
		}
		last = add_unit(which == 0 ? "sc/cd" : which == 1 ? "sc/cd/jn" : "sc/cd/qy", 100 + i);
		want[0][n[0]++] = last;
		if (which)
			want[which][n[which]++] = last;
	}
	listen_as(&C[0], CITY, want[0][ACTS / 2 - 1]);
	for (int i = 0; i < CONSOLES; i++) {
		size_t from = i ? 0 : ACTS / 2, k;

		hear(&C[i], str_fmt(&S.arena, "id: %lld\n", want[i % 3][n[i % 3] - 1]).s);
		k = ids(&C[i], heard, COUNT(heard));
		assert_int_equal(k, n[i % 3] - from);
		assert_memory_equal(heard, want[i % 3] + from, k * sizeof(heard[0]));
		close(C[i].fd);
	}
}

static void raise_alarm(const char *object)
{
	struct heard h;

	command(&V, "custody.found_object",
	        str_fmt(&S.arena, "{'data':{'place':'sc/cd/jn','code':'%s'}}", object).s, &h);
	assert_heard(&h, 200);
}

static int64_t open_alarms(const struct json *o)
{
	int64_t n = 0;

	assert_non_null(json_get(o, "alarms"));
	for (const struct json *a = json_get(o, "alarms")->first; a; a = a->next)
		n += a->i;
	return n;
}

/* The counters of a console, when they are what is awaited. */
static void await_alarms(struct console *c, int64_t want)
{
	struct json *o = NULL;

	for (int i = 0; i < PATIENCE_MS / 100; i++) {
		if (counters(c, &o) && open_alarms(o) == want)
			return;
		hear_more(c, 100);
	}
	fail_msg("counters do not come to %lld alarms\n%s", (long long)want, c->text);
}

/* The id that a browser is left with: it must not ask for the same again for ever. */
static void one_with_an_id_of_another_ledger_starts_anew(void **state)
{
	static const char *const IDS[] = {"9007199254740991", "9223372036854775807", "-1", "x", "1 2",
	                                  "99999999999999999999"};
	struct console *c = &C[0];

	(void)state;
	for (size_t i = 0; i < COUNT(IDS); i++) {
		V.token = CITY;
		c->fd = listen_by(&V, IDS[i]);
		c->n = 0;
		c->text[0] = '\0';
		hear(c, "event: reset\nid:\ndata: {}\n\n");
		close(c->fd);
	}
	/* The newest there is, and nothing, are no other ledger's. */
	add_unit("sc/cd", 900);
	listen_as(c, CITY, add_unit("sc/cd", 901));
	add_unit("sc/cd", 902);
	hear(c, "\nid: ");
	assert_null(strstr(c->text, "event: reset"));
	close(c->fd);
}

/* The first come with the stream; what follows is less than a text for each entry. */
static void counters_are_of_the_places_and_the_newest_alone(void **state)
{
	struct json *o;
	size_t before;

	(void)state;
	V.token = COUNTY;
	listen_as(&C[0], CITY, -1);
	listen_as(&C[1], OTHER, -1);
	hear(&C[0], "event: counters\n");
	hear(&C[1], "event: counters\n");
	await_alarms(&C[0], 0);
	raise_alarm("ZZZ-1");
	await_alarms(&C[0], 1);
	before = counters(&C[0], &o);
	for (int i = 0; i < 40; i++)
		(void)add_unit("sc/cd/jn", 1000 + i);
	raise_alarm("ZZZ-2");
	await_alarms(&C[0], 2);
	assert_true(counters(&C[0], &o) - before < 40);
	assert_null(strstr(C[1].text, "alarm.raised"));
	await_alarms(&C[1], 0); /* of another county */
	assert_true(json_int(json_get(o, "alarms"), "red", -1) >= 0);
	assert_int_equal(json_get(o, "sites")->type, JSON_OBJECT);
	assert_int_equal(json_get(o, "papers")->type, JSON_OBJECT);
	assert_int_equal(json_int(json_get(o, "papers_at"), "way", -1), 0);
	close(C[0].fd);
	close(C[1].fd);
	V.token = CITY;
}

static void counters_have_no_id_of_their_own(void **state)
{
	const char *at;

	(void)state;
	listen_as(&C[0], CITY, -1);
	hear(&C[0], "event: counters\n");
	at = strstr(C[0].text, "event: counters\n");
	assert_true(at - C[0].text > 4 && strncmp(at - 2, "\n\n", 2) == 0); /* begins its own message */
	assert_int_not_equal(strncmp(at + 16, "id:", 3), 0);
	close(C[0].fd);
}

#define LAST_CHUNK "\r\n0\r\n\r\n"

/* A console's login ends also while the ledger grows without a pause. */
static void a_busy_ledger_keeps_no_stream_of_a_login_that_ended(void **state)
{
	struct str token;
	struct heard h;

	(void)state;
	log_in(&V, "W3");
	token = V.token;
	listen_as(&C[0], token, -1);
	ask(&V, "DELETE", "/api/v1/login", NULL, &h);
	V.token = CITY;
	for (int i = 0; !strstr(C[0].text, LAST_CHUNK); i++) {
		if (i == PATIENCE_MS / 50)
			fail_msg("the stream goes on: %s", C[0].text);
		(void)add_unit("sc/cd/jn", 2000 + i);
		hear_more(&C[0], 50);
	}
	close(C[0].fd);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_console_hears_every_entry_of_its_places_once),
		cmocka_unit_test(one_with_an_id_of_another_ledger_starts_anew),
		cmocka_unit_test(counters_are_of_the_places_and_the_newest_alone),
		cmocka_unit_test(counters_have_no_id_of_their_own),
		cmocka_unit_test(a_busy_ledger_keeps_no_stream_of_a_login_that_ended),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
