/* SPDX-License-Identifier: Apache-2.0 */
/* test_links.c -- fixed terminals over HTTP: a link by the device's key, acts as the device wrote
 * them, in their order and once, whatever breaks in between; nothing after a revocation.
 */
#include "kit/check.h"

#include <sys/wait.h>

#include "base/clock.h"
#include "http/office.h"

static struct shell S;
static struct serving V;
static struct terminal T1, T2;
static struct worker W[] = {{"W1", "city_office", "sc/cd"}, {"W2", "county_office", "sc/cd/jn"}};
static int64_t W1, W2;

static struct str pin_of(const char *code)
{
	assert_status(&S, sh_json(&S, "badge issue sc %s", code), 0);
	return str_copy(&S.arena, json_str(json_get(S.doc, "pins")->first, "pin"));
}

static void come(struct terminal *t, const char *code)
{
	assert_int_equal(terminal_link(t), 201);
	assert_int_equal(terminal_badge(t, code, pin_of(code).s), 200);
}

static int setup(void **state)
{
	(void)state;
	office_open(&S, W, COUNT(W));
	W1 = W[0].person;
	W2 = W[1].person;
	V.sh = &S;
	office_enrol(&V, &T1, "T1", "sc/cd");
	office_enrol(&V, &T2, "T2", "sc/cd");
	serving_start(&V, &S);
	come(&T1, "W1");
	come(&T1, "W2");
	come(&T2, "W1");
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
	long keys = V.keys;

	(void)state;
	if (!V.pid)
		serving_start(&V, &S);
	V.keys = keys;
	V.token = (struct str){0};
	terminal_restart(&T1);
	terminal_restart(&T2);
	T1.at_once = T2.at_once = 0;
	return 0;
}

static void note_unit(struct terminal *t, const char *code)
{
	terminal_note(t, W1, "people.add_unit",
	              str_fmt(&S.arena, "{'place':'sc/cd','code':'%s','name':'示范中学'}", code).s, NULL);
}

static void audit_agrees(void)
{
	struct str command;
	int status;

	assert_int_equal(serving_stop(&V), 0);
	command = str_fmt(&S.arena, "%s --known %s.checkpoint %s > %s 2>&1", getenv("GONGYUAN_AUDIT"),
	                  S.data.s, S.url.n ? S.url.s : S.data.s, shell_path(&S, "audit.txt").s);
	status = system(command.s);
	if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
		fail_msg("%s", shell_read(&S, shell_path(&S, "audit.txt")).s);
	assert_status(&S, sh(&S, "db doctor"), 0);
}

/* Entries of that type in the ledger. */
static int entries(const char *type)
{
	int n = 0;

	assert_status(&S, sh_json(&S, "ledger list --type %s --limit 9999", type), 0);
	for (const char *c = S.out.s; (c = strstr(c, str_fmt(&S.arena, "\"%s\"", type).s)); c++)
		n++;
	return n;
}

static void an_act_by_a_link_stands_in_the_ledger_as_it_was_written(void **state)
{
	struct sent sent;

	(void)state;
	assert_int_equal(terminal_link(&T1), 201);
	for (int i = 0; i < 5; i++)
		note_unit(&T1, str_fmt(&S.arena, "A-%d", i).s);
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 5);
	assert_int_equal(sent.refused, 0);
	assert_int_equal(sent.posts, 1);
	assert_int_equal(serving_stop(&V), 0);
	assert_status(&S, sh_json(&S, "ledger show %lld", (long long)sent.index), 0);
	assert_true(shell_said(&S, str_fmt(&S.arena, "\"link\":%lld", (long long)T1.link).s) ||
	            shell_said(&S, str_fmt(&S.arena, "\"link\": %lld", (long long)T1.link).s));
	assert_false(shell_said(&S, "示范中学")); /* the name is in the vault */
	assert_int_equal(entries("device.head_signed"), 1);
	serving_start(&V, &S);
	audit_agrees();
}

/* Answers are lost, the server is killed, the terminal is switched off: each act once, in order. */
static void whatever_breaks_each_act_stands_there_once(void **state)
{
	struct sent sent;
	struct heard lost;

	(void)state;
	T1.at_once = 4;
	assert_int_equal(terminal_link(&T1), 201);
	for (int i = 0; i < 12; i++)
		note_unit(&T1, str_fmt(&S.arena, "B-%d", i).s);
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T1, 3).s, &lost); /* nobody hears the answer */
	assert_heard(&lost, 200);
	terminal_restart(&T1);
	assert_int_equal(terminal_link(&T1), 201);
	assert_true(terminal_post(&T1, terminal_body(&T1, 4), &(struct sent){0}));
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T1, 4).s, &lost);
	serving_kill(&V);
	serving_start(&V, &S);
	assert_true(terminal_flush(&T1, &sent)); /* the link outlives the server */
	assert_int_equal(sent.refused, 0);
	assert_int_equal(terminal_waiting(&T1), 0);
	terminal_restart(&T1);
	note_unit(&T1, "B-12");
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(serving_stop(&V), 0);
	assert_int_equal(entries("people.unit_added"), 1 + 5 + 13);
	serving_start(&V, &S);
	audit_agrees();
}

static void a_refused_act_does_not_hold_up_those_behind_it(void **state)
{
	struct sent sent;

	(void)state;
	note_unit(&T1, "C-0");
	terminal_note(&T1, W2, "people.add_unit", "{'place':'sc/cd','code':'C-1','name':'x'}", NULL);
	note_unit(&T1, "C-2");
	terminal_note(&T1, W1, "people.weather", "{}", NULL);
	note_unit(&T1, "C-3");
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 3);
	assert_int_equal(sent.refused, 2);
	audit_agrees();
}

static const struct json *answer(const struct heard *h, size_t i)
{
	const struct json *o;

	assert_heard(h, 200);
	assert_non_null(json_get(h->doc, "answers"));
	o = json_get(h->doc, "answers")->first;
	for (; i > 0; i--)
		o = o->next;
	return o;
}

static void a_gap_says_what_is_expected(void **state)
{
	struct sent sent;
	struct heard h;
	struct str head;

	(void)state;
	assert_int_equal(terminal_link(&T2), 201);
	note_unit(&T2, "D-0");
	assert_true(terminal_flush(&T2, &sent));
	head = T2.prev;
	note_unit(&T2, "D-1");
	T2.seq += 7;
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T2, 1).s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 409);
	assert_int_equal(json_int(answer(&h, 0), "expected", 0), T2.seq - 7 + 1);
	assert_str(json_str(answer(&h, 0), "head"), head.s);
	T2.seq -= 7;
	T2.prev = STR("1111111111111111111111111111111111111111111111111111111111111111");
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T2, 1).s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 409);
	assert_str(json_str(answer(&h, 0), "head"), head.s);
	assert_true(terminal_flush(&T2, &sent)); /* it learns from the answer */
	assert_int_equal(sent.taken, 1);
	assert_int_equal(sent.posts, 2);
}

static void the_same_key_with_other_bytes_is_refused(void **state)
{
	struct heard h;
	struct sent sent;
	struct str body;
	char *at;

	(void)state;
	assert_int_equal(terminal_link(&T2), 201);
	note_unit(&T2, "E-0");
	body = terminal_body(&T2, 1);
	assert_true(terminal_flush(&T2, &sent));
	ask(&V, "POST", "/api/v1/acts", body.s, &h); /* the same again */
	assert_true(json_bool(answer(&h, 0), "repeated", false));
	assert_int_equal(json_int(answer(&h, 0), "index", -1), sent.index);
	T2.noted -= 2; /* the key of E-0 for another act */
	note_unit(&T2, "E-9");
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T2, 1).s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 422);
	assert_true(terminal_flush(&T2, &sent));
	assert_int_equal(sent.refused, 1);
	at = strstr(body.s, "E-0"); /* a byte on the way */
	at[2] = '1';
	ask(&V, "POST", "/api/v1/acts", body.s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 403);
}

static int open_with(const char *body, struct heard *h)
{
	ask(&V, "POST", "/api/v1/links", body, h);
	return h->status;
}

static void a_link_is_the_devices_own(void **state)
{
	struct heard h;
	struct str body;
	int64_t one;

	(void)state;
	assert_int_equal(terminal_link(&T1), 201);
	assert_int_equal(terminal_link(&T2), 201);
	note_unit(&T1, "F-0");
	one = T1.link;
	T1.link = T2.link; /* by another's link */
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T1, 1).s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 403);
	T1.link = 12345; /* by none */
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T1, 1).s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 401);
	T1.link = one;
	body = terminal_body(&T1, 1);
	assert_int_equal(terminal_link(&T1), 201); /* a new link ends the old one */
	ask(&V, "POST", "/api/v1/acts", body.s, &h);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 401);
	assert_true(terminal_flush(&T1, &(struct sent){0}));
	assert_int_equal(open_with("{}", &h), 422);
	assert_int_equal(open_with("{\"device\":4711,\"time\":\"2025-06-07T08:00:00Z\","
	                           "\"nonce\":\"00\",\"signature\":\"00\"}", &h), 403);
	T2.key.seed[0] ^= 1; /* another key */
	T2.key = ed25519_from_seed(T2.key.seed);
	assert_int_equal(terminal_link(&T2), 403);
	T2.key.seed[0] ^= 1;
	T2.key = ed25519_from_seed(T2.key.seed);
	assert_int_equal(terminal_link(&T2), 201);
	ask(&V, "GET", "/api/v1/links", NULL, &h);
	assert_heard(&h, 405);
	ask(&V, "POST", "/api/v1/acts", "{}", &h);
	assert_heard(&h, 422);
	ask(&V, "POST", "/api/v1/acts", "[1,{\"act\":\"{}\"},{\"act\":\"[[\",\"mac\":7}]", &h);
	for (size_t i = 0; i < 3; i++)
		assert_int_equal(json_int(answer(&h, i), "status", 0), 422);
}

static struct str opening(struct terminal *t, int64_t time_ms, const char *nonce)
{
	struct arena *a = &S.arena;
	struct str time = clock_format_utc(a, time_ms);
	struct str m = str_fmt(a, "gongyuan/link/v1\ntest.example/1\n%lld\n%s\n%s\n",
	                       (long long)t->device, time.s, nonce);
	struct signature sig = ed25519_sign(&t->key, m.s, m.n);

	return str_fmt(a, "{\"device\":%lld,\"time\":\"%s\",\"nonce\":\"%s\",\"signature\":\"%s\"}",
	               (long long)t->device, time.s, nonce, hex_encode(a, sig.b, 64).s);
}

static void an_opening_counts_once_and_in_its_time(void **state)
{
	struct clock clock = clock_system();
	int64_t now = clock_now_ms(&clock);
	struct str body = opening(&T1, now, "00112233445566778899aabbccddeeff");
	struct heard h;

	(void)state;
	assert_int_equal(open_with(body.s, &h), 201);
	assert_int_equal(open_with(body.s, &h), 403); /* recorded by somebody and sent again */
	body = opening(&T1, now - INT64_C(3600000), "00112233445566778899aabbccddee00");
	assert_int_equal(open_with(body.s, &h), 403);
	body = opening(&T1, now, "short");
	assert_int_equal(open_with(body.s, &h), 422);
}

static void a_wrong_signature_under_the_head_is_refused(void **state)
{
	struct sent sent;
	struct heard h;

	(void)state;
	note_unit(&T1, "G-0"); /* by whose answer it knows where its chain stands */
	assert_true(terminal_flush(&T1, &sent));
	note_unit(&T1, "G-1");
	T1.key.seed[0] ^= 1; /* the MAC is right, the key is not */
	T1.key = ed25519_from_seed(T1.key.seed);
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T1, 1).s, &h);
	T1.key.seed[0] ^= 1;
	T1.key = ed25519_from_seed(T1.key.seed);
	assert_int_equal(json_int(answer(&h, 0), "status", 0), 403);
	assert_str(json_str(json_get(answer(&h, 0), "errors")->first, "field"), "head");
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 1);
}

/* The last: T2 comes back no more. */
static void nothing_is_taken_after_a_revocation(void **state)
{
	struct heard h;
	struct sent sent;

	(void)state;
	assert_int_equal(terminal_link(&T2), 201);
	note_unit(&T2, "H-0");
	assert_true(terminal_flush(&T2, &sent));
	log_in(&V, "P1");
	command(&V, "device.revoke", str_fmt(&S.arena, "{'data':{'device':%lld},'slots':["
	        "{'slot':'enroller','how':'paper','person':'P1'},"
	        "{'slot':'approver','how':'paper','person':'P2'}]}", (long long)T2.device).s, &h);
	assert_heard(&h, 200);
	note_unit(&T2, "H-1");
	note_unit(&T2, "H-2");
	ask(&V, "POST", "/api/v1/acts", terminal_body(&T2, 2).s, &h); /* a signed head on the second */
	for (size_t i = 0; i < 2; i++)
		assert_true(json_int(answer(&h, i), "status", 0) == 403 ||
		            json_int(answer(&h, i), "status", 0) == 401);
	assert_int_equal(terminal_link(&T2), 403);
	assert_int_equal(terminal_link(&T1), 201); /* the other one goes on */
	note_unit(&T1, "H-3");
	assert_true(terminal_flush(&T1, &sent));
	assert_int_equal(sent.taken, 1);
	audit_agrees();
}

#define T(f) cmocka_unit_test_setup(f, again)
int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(an_act_by_a_link_stands_in_the_ledger_as_it_was_written),
		T(whatever_breaks_each_act_stands_there_once),
		T(a_refused_act_does_not_hold_up_those_behind_it),
		T(a_gap_says_what_is_expected),
		T(the_same_key_with_other_bytes_is_refused),
		T(a_link_is_the_devices_own),
		T(an_opening_counts_once_and_in_its_time),
		T(a_wrong_signature_under_the_head_is_refused),
		T(nothing_is_taken_after_a_revocation),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
