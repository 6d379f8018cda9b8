/* SPDX-License-Identifier: Apache-2.0 */
/* test_admins.c -- the three administrators (三员) over HTTP: a grant by two signatures of keys,
 * each by its own login; no examination work; no person two of them; and whoever's grants change is
 * logged out at once.
 */
#include "kit/check.h"

#include <unistd.h>

#include "base/key.h"
#include "engine/login_key.h"
#include "engine/writer.h"
#include "http/office.h"

static struct shell S;
static struct serving V;
static struct worker W[] = {
	{"W1", "county_office", "sc/cd/jn"}, {"W2", "county_office", "sc/cd/jn"},
};
static int64_t P[4], W1, W2, GRANT; /* the grant of W2 */
static struct str EXAM;
#define ORIGIN STR("test.example/1")

/* The index of the n-th event of a type, from 0. */
static int64_t nth(const char *type, int n)
{
	const char *at;

	assert_status(&S, sh_json(&S, "ledger list --type %s --limit 999", type), 0);
	for (at = strstr(S.out.s, "\"index\""); at && n > 0; n--)
		at = strstr(at + 1, "\"index\"");
	assert_non_null(at);
	return strtoll(at + strcspn(at, "0123456789"), NULL, 10);
}

static int setup(void **state)
{
	struct json *profile;

	(void)state;
	office_open(&S, W, COUNT(W));
	for (int i = 1; i <= 3; i++)
		P[i] = nth("people.person_registered", i - 1);
	W1 = W[0].person;
	W2 = W[1].person;
	GRANT = W[1].grant;
	assert_ok(json_read(&S.op, shell_read(&S, str_fmt(&S.arena, "%s/profiles/demo.json",
	                                                  getenv("GONGYUAN_SOURCE"))), &profile));
	EXAM = json_str(profile, "exam");
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
	V.token = (struct str){0};
	return 0;
}

static struct ed25519_key key_of(int n)
{
	struct str hex = shell_read(&S, shell_path(&S, str_fmt(&S.arena, "P%d.key", n).s));
	uint8_t seed[32];

	assert_true(hex_decode((struct str){hex.s, 64}, seed, sizeof(seed)));
	return ed25519_from_seed(seed);
}

static struct str signature(int n, struct str message)
{
	struct ed25519_key k = key_of(n);
	struct signature sig = ed25519_sign(&k, message.s, message.n);

	return hex_encode(&S.arena, sig.b, sizeof(sig.b));
}

/* Login by the key of P`n` as the staff code `code`, over `challenge` (empty: a new one). */
static int enter(int n, const char *code, struct str *challenge, struct heard *h)
{
	struct arena *a = &S.arena;
	struct str m;

	if (!challenge->n) {
		ask(&V, "GET", "/api/v1/login/challenge", NULL, h);
		assert_heard(h, 200);
		*challenge = json_str(h->doc, "challenge");
	}
	m = login_key_message(a, ORIGIN, str_of(code), *challenge);
	ask(&V, "POST", "/api/v1/login",
	    str_fmt(a, "{\"person\":\"%s\",\"challenge\":\"%s\",\"signature\":\"%s\"}", code,
	            challenge->s, signature(n, m).s).s, h);
	return h->status;
}

static void come(int n)
{
	struct str challenge = {0};
	struct heard h;

	V.token = (struct str){0};
	(void)enter(n, str_fmt(&S.arena, "P%d", n).s, &challenge, &h);
	assert_heard(&h, 200);
	V.token = json_str(h.doc, "token");
}

static void a_key_is_a_login_and_a_challenge_counts_once(void **state)
{
	struct str one = {0}, two = {0}, none = {0};
	struct heard h;

	(void)state;
	assert_int_equal(enter(1, "P1", &one, &h), 200);
	assert_int_equal(enter(1, "P1", &one, &h), 403); /* the same again */
	assert_int_equal(enter(1, "P2", &two, &h), 403); /* with another's key */
	assert_int_equal(enter(1, "W1", &none, &h), 403); /* who has none */
	two = str_fmt(&S.arena, "1%s", two.s); /* not this host's */
	assert_int_equal(enter(2, "P2", &two, &h), 403);
	ask(&V, "POST", "/api/v1/login", "{\"person\":\"P1\",\"challenge\":\"x\"}", &h);
	assert_heard(&h, 422);
}

/* What the key of P`n` signs for a slot. */
static struct str slot_of(const char *name, int n, const char *command_name, const char *key,
                          const char *data)
{
	struct arena *a = &S.arena;
	struct json *o;
	struct str statement;

	assert_ok(json_read(&S.op, str_of(data), &o));
	statement = slot_statement(a, ORIGIN, EXAM, str_of(command_name), str_of(key), o);
	return str_fmt(a, "{'slot':'%s','how':'key','person':'P%d','signature':'%s'}", name, n,
	               signature(n, slot_message(a, str_of(name), (struct person_id){P[n]},
	                                         statement)).s);
}

static const char *next_key(void)
{
	return str_fmt(&S.arena, "018f0000-0000-7000-8000-%012lx", V.keys + 1).s;
}

/* An order of the security administrator's, signed by two: the second by a login of its own. */
static int64_t begin_order(const char *name, const char *data, const char *key, struct heard *h)
{
	come(2);
	command(&V, name, str_fmt(&S.arena, "{'data':%s,'slots':[%s]}", data,
	                          slot_of("granter", 2, name, key, data).s).s, h);
	assert_heard(h, 202);
	assert_true(json_bool(h->doc, "waiting", false));
	return json_int(h->doc, "index", -1);
}

static void sign(int n, int64_t begun, struct str slot, struct heard *h)
{
	come(n);
	command(&V, "slot.sign", str_fmt(&S.arena, "{'data':{'begun':%lld},'slots':[%s]}",
	                                 (long long)begun, slot.s).s, h);
}

static struct heard order(const char *name, const char *data)
{
	const char *key = next_key();
	struct heard h;
	int64_t begun = begin_order(name, data, key, &h);

	sign(1, begun, slot_of("approver", 1, name, key, data), &h);
	return h;
}

static void a_grant_waits_for_the_others_own_signature(void **state)
{
	const char *data = str_fmt(&S.arena, "{\"person\":%lld,\"place\":\"sc/cd/qy\",\"role\":"
	                           "\"county_office\"}", (long long)W1).s, *key = next_key();
	struct heard h;
	int64_t begun;

	(void)state;
	begun = begin_order("authority.grant", data, key, &h);
	log_in(&V, "W1"); /* half-signed: no effect */
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/qy','code':'U-1','name':'x'}}", &h);
	assert_heard(&h, 403);
	sign(2, begun, slot_of("approver", 2, "authority.grant", key, data), &h); /* alone */
	assert_true(h.status == 403 || h.status == 422);
	/* A login is no signature, and neither is another's name under it. */
	come(1);
	command(&V, "slot.sign", str_fmt(&S.arena, "{'data':{'begun':%lld},'slots':[{'slot':'approver',"
	        "'how':'key','person':'P1'}]}", (long long)begun).s, &h);
	assert_heard(&h, 422);
	sign(3, begun, slot_of("approver", 1, "authority.grant", key, "{\"person\":1}"), &h);
	assert_heard(&h, 403);
	sign(1, begun, slot_of("approver", 1, "authority.grant", key, data), &h);
	assert_heard(&h, 200);
	log_in(&V, "W1");
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/qy','code':'U-1','name':'x'}}", &h);
	assert_heard(&h, 200);
}

static void no_administrator_does_examination_work(void **state)
{
	struct heard h;

	(void)state;
	for (int n = 1; n <= 3; n++) {
		come(n);
		command(&V, "people.add_unit", "{'data':{'place':'sc/cd','code':'U-9','name':'x'}}", &h);
		assert_heard(&h, 403);
		command(&V, "custody.patrol", "{'data':{'place':'sc/cd/jn'}}", &h);
		assert_true(h.status == 403 || h.status == 422);
		ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
		assert_heard(&h, 200);
		assert_int_equal(json_get(h.doc, "items")->count, 0);
	}
}

static void no_person_is_two_of_the_three(void **state)
{
	static const char *const ROLE[] = {"audit_admin", "county_office"};
	struct heard h;

	(void)state;
	for (size_t i = 0; i < COUNT(ROLE); i++) {
		h = order("authority.grant", str_fmt(&S.arena, "{\"person\":%lld,\"role\":\"%s\"}",
		                                     (long long)P[1], ROLE[i]).s);
		assert_heard(&h, 409);
		assert_non_null(strstr(json_str(h.doc, "article").s, "GB/T 22239-2019"));
	}
}

/* The stream's last chunk; the connection may stay. */
#define OVER "\r\n0\r\n\r\n"

static void a_revoked_grant_ends_login_and_stream_at_once(void **state)
{
	static char text[65536];
	struct str token;
	struct heard h;
	int stream;

	(void)state;
	log_in(&V, "W2");
	token = V.token;
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn','code':'U-2','name':'x'}}", &h);
	assert_heard(&h, 200);
	stream = listen_from(&V, -1);
	assert_true(hear_until(stream, "retry:", text, sizeof(text)));
	h = order("authority.revoke", str_fmt(&S.arena, "{\"grant\":%lld}", (long long)GRANT).s);
	assert_heard(&h, 200);
	V.token = token; /* the next request */
	ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
	assert_heard(&h, 401);
	assert_true(hear_until(stream, OVER, text, sizeof(text)));
	close(stream);
	log_in(&V, "W2"); /* may come, and do nothing */
	command(&V, "people.add_unit", "{'data':{'place':'sc/cd/jn','code':'U-3','name':'x'}}", &h);
	assert_heard(&h, 403);
	token = V.token; /* a change of role ends a login too */
	h = order("authority.grant", str_fmt(&S.arena, "{\"person\":%lld,\"place\":\"sc/cd/jn\","
	          "\"role\":\"duty_officer\"}", (long long)W2).s);
	assert_heard(&h, 200);
	V.token = token;
	ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
	assert_heard(&h, 401);
}

static void a_change_while_the_server_was_away_counts(void **state)
{
	struct heard h;
	struct str token;

	(void)state;
	log_in(&V, "W1");
	token = V.token;
	assert_int_equal(serving_stop(&V), 0);
	serving_start(&V, &S);
	V.token = token;
	ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
	assert_heard(&h, 200); /* nothing changed: the login outlives the server */
	assert_int_equal(serving_stop(&V), 0);
	assert_status(&S, sh(&S, "authority grant --person W1 --role duty_officer --place sc/cd/jn"
	                     " --as P2 --slot granter=paper:P2 --slot approver=paper:P1"), 0);
	serving_start(&V, &S);
	V.token = token;
	for (int i = 0; i < 100; i++) { /* seen within moments of the start */
		ask(&V, "GET", "/api/v1/exam/candidates", NULL, &h);
		if (h.status == 401)
			break;
		usleep(50000);
	}
	assert_heard(&h, 401);
}

#define T(f) cmocka_unit_test_setup(f, nobody)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(a_key_is_a_login_and_a_challenge_counts_once),
		T(a_grant_waits_for_the_others_own_signature),
		T(no_administrator_does_examination_work),
		T(no_person_is_two_of_the_three),
		T(a_revoked_grant_ends_login_and_stream_at_once),
		T(a_change_while_the_server_was_away_counts),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
