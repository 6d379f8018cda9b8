/* SPDX-License-Identifier: Apache-2.0 */
/* test_replays.c -- requests that somebody recorded, sent again, and sent with parts of another's
 * in them: a device's act under another's link, number or MAC; a badge, a reading; an idempotency
 * key of another person, body or command; a receipt of what another did.  Each is answered from its
 * receipt or refused in words that say nothing of the other, and the ledger stays as it is.
 */
#include "kit/check.h"

#include "http/office.h"

#define HERE "sc/cd/jn"
#define THERE "sc/cd/qy"

static struct shell S;
static struct serving V;
static struct terminal T1, T2;
static struct worker W[] = {
	{"A1", "county_office", HERE}, {"A2", "county_office", HERE}, {"B1", "county_office", THERE},
	{"C1", "city_office", "sc/cd"},
};
enum { A1, A2, B1, C1 };
static struct str TOKEN[COUNT(W)];

static void come(struct terminal *t, int who)
{
	assert_int_equal(terminal_link(t), 201);
	assert_status(&S, sh_json(&S, "badge issue sc %s", W[who].code), 0);
	assert_int_equal(terminal_badge(t, W[who].code,
	                                json_str(json_get(S.doc, "pins")->first, "pin").s), 200);
}

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	V.sh = &S;
	office_enrol(&V, &T1, "one", HERE);
	office_enrol(&V, &T2, "two", THERE);
	serving_start(&V, &S);
	for (size_t i = 0; i < COUNT(W); i++) {
		log_in(&V, W[i].code);
		TOKEN[i] = V.token;
	}
	V.token = (struct str){0};
	come(&T1, A1);
	come(&T2, B1);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	office_close(&S, &V);
	return 0;
}

static int nobody(void **state)
{
	(void)state;
	V.token = V.head = (struct str){0};
	return 0;
}

/* Where the ledger ends: an act of one entry. */
static int64_t mark(void)
{
	struct str token = V.token;
	struct heard h;

	V.token = TOKEN[C1];
	command(&V, "people.add_unit", str_fmt(&S.arena, "{'data':{'place':'sc/cd','code':'M-%ld',"
	                                       "'name':'x'}}", V.keys).s, &h);
	assert_heard(&h, 200);
	V.token = token;
	return json_int(h.doc, "index", -1);
}

/* ---- acts of devices ---- */

static void note(struct terminal *t, int who, const char *code)
{
	terminal_note(t, W[who].person, "people.add_unit",
	              str_fmt(&S.arena, "{'place':'%s','code':'%s','name':'示范中学'}", W[who].place,
	                      code).s, NULL);
}

static const struct json *post(struct str body)
{
	struct heard h;

	ask(&V, "POST", "/api/v1/acts", body.s, &h);
	assert_heard(&h, 200);
	return json_get(h.doc, "answers")->first;
}

/* Refused, and nothing of the other device in it. */
static void must_fail(const struct json *answer, int status, const struct terminal *other)
{
	struct str said = json_canonical(&S.arena, answer);

	if (json_int(answer, "status", 0) != status || json_get(answer, "index"))
		fail_msg("not %d: %s", status, said.s);
	assert_null(strstr(said.s, other->prev.s));
	assert_null(strstr(said.s, "示范中学"));
}

/* The first act of a recorded body, changed, under this terminal's MAC. */
static struct str forged(struct terminal *by, struct str body, const char *member, int64_t value)
{
	struct arena *a = &S.arena;
	struct op op = {.arena = a};
	struct json *list, *act, *item = json_new_object(a);
	struct str text;

	assert_ok(json_read(&op, body, &list));
	assert_ok(json_read(&op, json_str(list->first, "act"), &act));
	json_set_int(a, act, member, value);
	text = json_canonical(a, act);
	json_set_str(a, item, "act", text);
	json_set_str(a, item, "mac", terminal_mac(by, text, NULL, STR("")));
	return str_fmt(a, "[%s]", json_canonical(a, item).s);
}

static void an_act_is_of_its_device_its_link_and_its_number(void **state)
{
	int64_t before;
	struct str body;
	struct sent sent;

	(void)state;
	note(&T2, B1, "B-0");
	assert_true(terminal_flush(&T2, &sent)); /* the chains differ */
	note(&T1, A1, "A-0");
	body = terminal_body(&T1, 1);
	before = mark();
	must_fail(post(forged(&T2, body, "seq", T1.seq + 1)), 403, &T1);  /* the other's MAC */
	must_fail(post(forged(&T2, body, "link", T2.link)), 403, &T1);    /* and link */
	must_fail(post(forged(&T2, body, "device", T2.device)), 403, &T1); /* or device */
	must_fail(post(forged(&T1, body, "device", T2.device)), 403, &T2);
	must_fail(post(forged(&T1, body, "link", T2.link)), 403, &T2);
	must_fail(post(forged(&T1, body, "seq", T1.seq)), 409, &T2);      /* a number that was */
	must_fail(post(forged(&T1, body, "seq", T2.seq + 1)), 409, &T2); /* the other's next */
	must_fail(post(forged(&T1, body, "actor", W[B1].person)), 403, &T2); /* who is elsewhere */
	assert_int_equal(mark(), before + 1);
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 1);
}

/* All of an act with the names of the other device, and its MAC right: its place in the chain is
 * wrong, and it is told of its own chain alone. */
static void another_devices_act_continues_no_chain(void **state)
{
	struct arena *a = &S.arena;
	const struct json *answer;
	struct str body, text;
	struct json *list, *act, *item = json_new_object(a);
	struct op op = {.arena = a};
	struct sent sent;
	int64_t before;

	(void)state;
	note(&T1, A1, "A-5");
	body = terminal_body(&T1, 1);
	assert_true(terminal_flush(&T1, &sent));
	before = mark();
	assert_ok(json_read(&op, body, &list));
	assert_ok(json_read(&op, json_str(list->first, "act"), &act));
	json_set_int(a, act, "device", T2.device);
	json_set_int(a, act, "link", T2.link);
	json_set_int(a, act, "actor", W[B1].person);
	text = json_canonical(a, act);
	json_set_str(a, item, "act", text);
	json_set_str(a, item, "mac", terminal_mac(&T2, text, NULL, STR("")));
	answer = post(str_fmt(a, "[%s]", json_canonical(a, item).s));
	must_fail(answer, 403, &T1); /* the place in it is the other's */
	assert_int_equal(mark(), before + 1);
}

static void a_recorded_post_is_answered_from_its_receipts(void **state)
{
	const struct json *x;
	struct sent sent;
	struct str body;
	int64_t before;

	(void)state;
	for (int i = 1; i < 4; i++)
		note(&T1, A1, str_fmt(&S.arena, "R-%d", i).s);
	body = terminal_body(&T1, 3);
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 3);
	before = mark();
	for (x = post(body); x; x = x->next)
		assert_true(json_bool(x, "repeated", false) && json_int(x, "index", -1) < before);
	assert_int_equal(mark(), before + 1);
}

/* The MAC of a reading and of a badge are of their link, their path, their person. */
static void a_recorded_reading_opens_nothing_else(void **state)
{
	struct terminal mixed = T1;
	struct str head, swapped;
	struct heard h;

	(void)state;
	assert_int_equal(terminal_read(&T1, W[A1].person, "/api/v1/me", &h), 200);
	mixed.link = T2.link; /* the other's number, this one's key */
	assert_int_equal(terminal_read(&mixed, W[A1].person, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_read(&mixed, W[B1].person, "/api/v1/me", &h), 401);
	assert_int_equal(terminal_badge(&mixed, "A1", "000000"), 403);
	assert_int_equal(terminal_badge(&mixed, "B1", NULL), 403); /* nobody is sent away */
	assert_int_equal(terminal_read(&T2, W[B1].person, "/api/v1/me", &h), 200);
	assert_int_equal(terminal_read(&T1, W[B1].person, "/api/v1/me", &h), 401); /* who is not here */
	assert_int_equal(terminal_read(&T2, W[A1].person, "/api/v1/me", &h), 401);
	head = STR("Gongyuan-Link: %lld\r\n");
	swapped = str_fmt(&S.arena, head.s, (long long)T1.link);
	V.head = str_fmt(&S.arena, "%sGongyuan-At: 2025-06-07T08:00:00Z\r\nGongyuan-Person: %lld\r\n"
	                 "Gongyuan-Mac: %064d\r\n", swapped.s, (long long)W[A1].person, 0);
	ask(&V, "GET", "/api/v1/me", NULL, &h);
	assert_heard(&h, 401);
}

/* ---- keys ---- */

#define UNIT(place, code) "{'data':{'place':'" place "','code':'" code "','name':'示范中学'}}"

static void again(int who, const char *name, const char *body, int want, struct heard *h)
{
	V.token = TOKEN[who];
	V.keys--;
	command(&V, name, body, h);
	assert_heard(h, want);
}

static void a_key_is_of_one_person_one_command_and_one_body(void **state)
{
	static const char PERSON[] = "{'data':{'code':'Z1','unit':'K-1','name':'x'}}";
	struct heard h;
	int64_t index;
	long key;

	(void)state;
	V.token = TOKEN[A1];
	command(&V, "people.add_unit", UNIT(HERE, "K-1"), &h);
	assert_heard(&h, 200);
	key = V.keys;
	index = json_int(h.doc, "index", -1);
	again(A2, "people.add_unit", UNIT(HERE, "K-1"), 422, &h); /* another, who may do the same */
	assert_null(json_get(h.doc, "index"));
	again(B1, "people.add_unit", UNIT(HERE, "K-1"), 403, &h); /* who may not */
	again(B1, "people.add_unit", UNIT(THERE, "K-1"), 422, &h);
	assert_null(json_get(h.doc, "index"));
	again(A1, "people.add_unit", UNIT(HERE, "K-2"), 422, &h); /* another body */
	again(A1, "people.register", PERSON, 422, &h);            /* another command */
	assert_null(json_get(h.doc, "index"));
	again(A1, "people.add_unit", UNIT(HERE, "K-1"), 200, &h);
	assert_true(json_bool(h.doc, "repeated", false));
	assert_int_equal(json_int(h.doc, "index", -1), index);
	assert_int_equal(V.keys, key);
	assert_int_equal(mark(), index + 1);
	V.token = TOKEN[B1]; /* in a batch too */
	ask(&V, "POST", "/api/v1/batch", str_fmt(&S.arena, "[{\"command\":\"people.add_unit\",\"key\":"
	    "\"018f0000-0000-7000-8000-%012lx\",\"data\":{\"place\":\"" THERE "\",\"code\":\"K-1\","
	    "\"name\":\"x\"}}]", (unsigned long)key).s, &h);
	assert_heard(&h, 200);
	must_fail(json_get(h.doc, "answers")->first, 422, &T1);
	assert_int_equal(mark(), index + 2);
}

/* ---- receipts ---- */

/* Whoever holds no receipt hears of an entry what he hears of one that will never be. */
static void a_receipt_is_its_holders(void **state)
{
	struct arena *a = &S.arena;
	struct heard mine, other, never;
	struct str leaf, none;
	int64_t index, own;

	(void)state;
	V.token = TOKEN[A1];
	command(&V, "people.add_unit", UNIT(HERE, "Q-1"), &mine);
	assert_heard(&mine, 200);
	index = json_int(mine.doc, "index", -1);
	leaf = json_str(mine.doc, "leaf");
	V.token = TOKEN[B1];
	command(&V, "people.add_unit", UNIT(THERE, "Q-2"), &other);
	assert_heard(&other, 200);
	own = json_int(other.doc, "index", -1);
	none = str_fmt(a, "/api/v1/receipts/99999999/%s", json_str(other.doc, "leaf").s);
	ask(&V, "GET", none.s, NULL, &never);
	assert_heard(&never, 404);
	ask(&V, "GET", str_fmt(a, "/api/v1/receipts/%lld/%s", (long long)index,
	                       json_str(other.doc, "leaf").s).s, NULL, &other);
	assert_heard(&other, 404); /* the other's index under one's own leaf */
	assert_str(other.body, never.body.s);
	ask(&V, "GET", str_fmt(a, "/api/v1/receipts/%lld/%s", (long long)own, leaf.s).s, NULL, &other);
	assert_heard(&other, 404);
	assert_str(other.body, never.body.s);
	ask(&V, "GET", str_fmt(a, "/api/v1/ledger/entries/%lld", (long long)own).s, NULL, &other);
	assert_heard(&other, 200);
	ask(&V, "GET", "/api/v1/ledger/entries/99999999", NULL, &never);
	assert_heard(&never, 404);
	ask(&V, "GET", str_fmt(a, "/api/v1/ledger/entries/%lld", (long long)index).s, NULL, &other);
	assert_heard(&other, 404);
	assert_null(strstr(other.body.s, leaf.s));
	ask(&V, "GET", str_fmt(a, "/tile/entries/%03lld.p/1", (long long)index / 256).s, NULL, &other);
	assert_heard(&other, 403);
}

#define T(f) cmocka_unit_test_setup(f, nobody)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(an_act_is_of_its_device_its_link_and_its_number),
		T(another_devices_act_continues_no_chain),
		T(a_recorded_post_is_answered_from_its_receipts),
		T(a_recorded_reading_opens_nothing_else),
		T(a_key_is_of_one_person_one_command_and_one_body),
		T(a_receipt_is_its_holders),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
