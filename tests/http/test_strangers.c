/* SPDX-License-Identifier: Apache-2.0 */
/* test_strangers.c -- what somebody without a login learns by asking: not which staff codes there
 * are, not which terminals; and what a page of another site sends is not taken.
 */
#include "kit/check.h"

#include "base/clock.h"
#include "http/office.h"

#define HERE "sc/cd/jn"
#define NOBODYS 4711

static struct shell S;
static struct serving V;
static struct terminal T1;
static struct worker W[] = {{"A1", "county_office", HERE}};

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	V.sh = &S;
	office_enrol(&V, &T1, "one", HERE);
	serving_start(&V, &S);
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
	V.token = V.cookie = V.head = (struct str){0};
	return 0;
}

static struct str guessed(const char *person)
{
	struct heard h;

	ask(&V, "POST", "/api/v1/login",
	    str_fmt(&S.arena, "{\"person\":\"%s\",\"password\":\"guess guess guess\","
	            "\"code\":\"000000\"}", person).s, &h);
	return str_fmt(&S.arena, "%d " STR_FMT, h.status, STR_ARG(h.body));
}

/* Who guesses waits for so long, and is not told to come back in a second as in a rush. */
static void wait_is_told(const char *person)
{
	struct heard h;

	ask(&V, "POST", "/api/v1/login",
	    str_fmt(&S.arena, "{\"person\":\"%s\",\"password\":\"guess guess guess\","
	            "\"code\":\"000000\"}", person).s, &h);
	assert_heard(&h, 503);
	assert_non_null(strstr(json_str(h.doc, "en").s, "wait "));
	assert_null(strstr(h.all.s, "Retry-After"));
}

/* Guessing at a name of nobody until one must wait says nothing of the next name. */
static void staff_codes_are_not_found_by_guessing(void **state)
{
	struct str first = guessed("NOBODY-1"), busy = first;

	(void)state;
	assert_true(str_starts(first, STR("403 ")));
	for (int i = 0; i < 20 && str_eq(busy, first); i++)
		busy = guessed("NOBODY-1");
	assert_true(str_starts(busy, STR("503 ")));
	wait_is_told("NOBODY-1");
	assert_str(guessed("NOBODY-2"), first.s);
	assert_str(guessed("A1"), first.s);
	assert_str(guessed("NOBODY-3"), first.s);
}

static struct str opened_with(int64_t device, const struct ed25519_key *key, const char *nonce)
{
	struct arena *a = &S.arena;
	struct clock clock = clock_system();
	struct str time = clock_format_utc(a, clock_now_ms(&clock));
	struct str m = str_fmt(a, "gongyuan/link/v1\ntest.example/1\n%lld\n%s\n%s\n", (long long)device,
	                       time.s, nonce);
	struct signature sig = ed25519_sign(key, m.s, m.n);
	struct heard h;

	ask(&V, "POST", "/api/v1/links",
	    str_fmt(a, "{\"device\":%lld,\"time\":\"%s\",\"nonce\":\"%s\",\"signature\":\"%s\"}",
	            (long long)device, time.s, nonce, hex_encode(a, sig.b, 64).s).s, &h);
	return str_fmt(a, "%d " STR_FMT, h.status, STR_ARG(h.body));
}

/* The text without the number that was asked for. */
static struct str numberless(struct str text, int64_t number)
{
	struct str n = str_fmt(&S.arena, " %lld ", (long long)number);
	const char *at = text.s, *hit;
	struct strbuf b;

	strbuf_init(&b, &S.arena);
	for (; (hit = strstr(at, n.s)) != NULL; at = hit + n.n)
		strbuf_addf(&b, "%.*s # ", (int)(hit - at), at);
	strbuf_addz(&b, at);
	return strbuf_str(&b);
}

static void terminals_are_not_found_by_their_numbers(void **state)
{
	static const uint8_t SEED[32] = {9};
	struct ed25519_key stranger = ed25519_from_seed(SEED);
	struct str none = opened_with(NOBODYS, &stranger, "00112233445566778899aabbccddee01");
	struct str his = opened_with(T1.device, &stranger, "00112233445566778899aabbccddee02");

	(void)state;
	assert_true(str_starts(none, STR("403 ")));
	assert_str(numberless(his, T1.device), numberless(none, NOBODYS).s);
	his = opened_with(T1.device, &T1.key, "00112233445566778899aabbccddee03");
	assert_true(str_starts(his, STR("201 "))); /* it is there */
}

/* Of a thousand that are no link's one is looked up. */
static void what_follows_a_strangers_act_is_not_looked_at(void **state)
{
	struct json *list, *first;
	struct op op = {.arena = &S.arena};
	struct sent sent;
	struct heard h;

	(void)state;
	assert_int_equal(terminal_link(&T1), 201);
	assert_status(&S, sh_json(&S, "badge issue sc %s", W[0].code), 0);
	assert_int_equal(terminal_badge(&T1, W[0].code,
	                                json_str(json_get(S.doc, "pins")->first, "pin").s), 200);
	for (int i = 1; i < 3; i++)
		terminal_note(&T1, W[0].person, "people.add_unit",
		              str_fmt(&S.arena, "{'place':'" HERE "','code':'F-%d','name':'x'}", i).s,
		              NULL);
	assert_ok(json_read(&op, terminal_body(&T1, 2), &list));
	first = list->first;
	json_set_str(&S.arena, first, "mac", str_fmt(&S.arena, "%064d", 0));
	ask(&V, "POST", "/api/v1/acts", json_canonical(&S.arena, list).s, &h);
	assert_heard(&h, 200);
	first = (struct json *)(uintptr_t)json_get(h.doc, "answers")->first;
	assert_int_equal(json_int(first, "status", 0), 403);
	assert_str(json_canonical(&S.arena, first->next), json_canonical(&S.arena, first).s);
	assert_true(terminal_flush(&T1, &sent)); /* sent rightly both are taken */
	assert_int_equal(sent.taken, 2);
}

static int sent_from(const char *site, const char *method, const char *path, const char *body)
{
	struct heard h;

	V.head = str_fmt(&S.arena, "Sec-Fetch-Site: %s\r\n", site);
	ask(&V, method, path, body, &h);
	V.head = (struct str){0};
	return h.status;
}

static void a_page_of_another_site_sends_nothing(void **state)
{
	static const char UNIT[] = "[{\"command\":\"people.add_unit\",\"key\":"
		"\"018f0000-0000-7000-8000-0000000000aa\",\"data\":{\"place\":\"" HERE
		"\",\"code\":\"X-1\",\"name\":\"x\"}}]";

	(void)state;
	log_in(&V, "A1");
	assert_int_equal(sent_from("cross-site", "POST", "/api/v1/batch", UNIT), 403);
	assert_int_equal(sent_from("same-site", "POST", "/api/v1/batch", UNIT), 403);
	assert_int_equal(sent_from("cross-site", "DELETE", "/api/v1/login", NULL), 403);
	assert_int_equal(sent_from("cross-site", "GET", "/api/v1/me", NULL), 200); /* a link to us */
	assert_int_equal(sent_from("none", "GET", "/api/v1/me", NULL), 200);
	assert_int_equal(sent_from("same-origin", "POST", "/api/v1/batch", UNIT), 200);
	V.head = STR("Sec-Fetch-Site: cross-site\r\n");
	{
		struct heard h;

		ask_typed(&V, "application/x-www-form-urlencoded", "/login", "person=A1&password=x&code=1",
		          &h);
		assert_heard(&h, 403);
		assert_null(strstr(h.all.s, "Set-Cookie"));
		ask_typed(&V, "application/x-www-form-urlencoded", "/logout", "x=1", &h);
		assert_heard(&h, 403);
		assert_null(strstr(h.all.s, "Set-Cookie"));
	}
}

#define T(f) cmocka_unit_test_setup(f, nobody)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(staff_codes_are_not_found_by_guessing),
		T(terminals_are_not_found_by_their_numbers),
		T(what_follows_a_strangers_act_is_not_looked_at),
		T(a_page_of_another_site_sends_nothing),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
