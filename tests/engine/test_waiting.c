/* SPDX-License-Identifier: Apache-2.0 */
/* test_waiting.c -- acts that wait, are repeated, or bring along what has no form. */
#include "kit/check.h"

#include "kit/toy_setup.h"

#define GATE "{\"place\":\"" HALL "\"}"
#define NOTE "{\"place\":\"" HALL "\",\"note\":\"x\"}"
#define KEY_A "00000000-0000-7000-8000-aaaaaaaaaaaa"
#define KEY_B "00000000-0000-7000-8000-bbbbbbbbbbbb"

static struct str begun(void)
{
	return str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index);
}

static void the_reason_of_an_exception_has_a_form(void **state)
{
	struct request r = {.command = STR("toy.open_gate"), .actor = {1}, .key = STR(KEY_A),
	                    .exception = STR("Zhang San is ill"), .source = SOURCE_OFFICE};
	uint64_t size = kit_size(&K);
	struct json *in;

	(void)state;
	assert_ok(json_read(&K.op, STR(GATE), &in));
	r.data = in;
	assert_int_equal(writer_do(&K.w, &r, &K.answer), RC_INVALID);
	assert_string_equal(K.answer.err.field, "exception");
	assert_int_equal(kit_size(&K), size);
}

static void a_text_beside_must_be_the_acts_own(void **state)
{
	struct beside b = {.field = STR("note"), .text = STR("another"), .salt = {1}};
	struct hash h = hash_hmac_sha256(b.salt, sizeof(b.salt), "one", 3);
	struct request r = {.command = STR("toy.note"), .actor = {1}, .key = STR(KEY_A),
	                    .source = SOURCE_OFFICE, .beside = &b, .nbeside = 1};
	struct json *in;

	(void)state;
	b.mac = hash_hex(&K.arena, &h);
	assert_ok(json_read(
		&K.op, str_fmt(&K.arena, "{\"place\":\"" HALL "\",\"note\":\"%s\"}", b.mac.s), &in));
	r.data = in;
	assert_int_equal(writer_do(&K.w, &r, &K.answer), RC_INVALID);
	assert_string_equal(K.answer.err.field, "beside");
}

static void the_foundation_takes_no_signatures(void **state)
{
	(void)state;
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	assert_int_equal(kit_do(&K, 0, "authority.grant", "{\"person\":1,\"role\":\"toy_keeper\"}",
	                        "granter=badge:1"), RC_INVALID);
	assert_string_equal(K.answer.err.field, "slot");
}

static void an_order_needs_its_senders_right_when_it_takes_effect(void **state)
{
	struct str sign;
	int64_t grant;

	(void)state;
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	            "granter=badge:902 approver=badge:903"));
	grant = K.answer.index;
	must(kit_do(&K, 9, "toy.sealed_note", NOTE, "giver=badge:1"));
	sign = begun();
	must(kit_do(&K, 902, "authority.revoke",
	            str_fmt(&K.arena, "{\"grant\":%lld}", (long long)grant).s,
	            "granter=badge:902 approver=badge:903"));
	assert_int_equal(kit_do(&K, 2, "slot.sign", sign.s, "receiver=badge:2"), RC_DENIED);
	assert_int_equal(kit_count(&K, "toy.noted"), 0);
	assert_int_equal(kit_count(&K, "slot.completed"), 1);
}

/* Who signed while they had the right has signed; who signs without it does not. */
static void a_right_that_ends_takes_no_signature_back(void **state)
{
	struct str revoke, sign;

	(void)state;
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	            "granter=badge:902 approver=badge:903"));
	revoke = str_fmt(&K.arena, "{\"grant\":%lld}", (long long)K.answer.index);
	must(kit_do(&K, 1, "toy.sealed_note", NOTE, "giver=badge:9"));
	sign = begun();
	must(kit_do(&K, 902, "authority.revoke", revoke.s, "granter=badge:902 approver=badge:903"));
	assert_int_equal(kit_do(&K, 9, "slot.sign", sign.s, "receiver=badge:8"), RC_NOT_FOUND);
	assert_int_equal(kit_do(&K, 2, "slot.sign", sign.s, "receiver=badge:9"), RC_DENIED);
	must(kit_do(&K, 2, "slot.sign", sign.s, "receiver=badge:2"));
	assert_int_equal(kit_count(&K, "toy.noted"), 1);
}

static void an_exception_waits_with_its_act(void **state)
{
	(void)state;
	must(kit_except(&K, 1, "toy.sealed_note", NOTE, "approver=badge:3 giver=badge:1", "flood"));
	assert_true(K.answer.waiting);
	must(kit_do(&K, 2, "slot.sign", begun().s, "receiver=badge:2"));
	assert_int_equal(kit_count(&K, "toy.noted"), 1);
	/* Who approves signs nothing else of it. */
	assert_int_equal(kit_except(&K, 1, "toy.sealed_note", NOTE,
	                            "approver=badge:3 giver=badge:3 receiver=badge:2", "flood"),
	                 RC_INVALID);
}

static void a_repeat_says_what_was_said_before(void **state)
{
	uint64_t size;

	(void)state;
	assert_int_equal(kit_do_key(&K, 1, "toy.open_gate", GATE, NULL, KEY_A), RC_CONFLICT);
	size = kit_size(&K);
	kit_at(&K, "2025-06-06T14:45:00+08:00"); /* now it would be allowed */
	assert_int_equal(kit_do_key(&K, 1, "toy.open_gate", GATE, NULL, KEY_A), RC_CONFLICT);
	assert_true(K.answer.repeated);
	assert_int_equal(kit_size(&K), size);
	must(kit_do_key(&K, 1, "toy.sealed_note", NOTE, "giver=badge:1", KEY_B));
	assert_true(K.answer.waiting);
	must(kit_do_key(&K, 1, "toy.sealed_note", NOTE, "giver=badge:1", KEY_B));
	assert_true(K.answer.repeated && K.answer.waiting);
}

static void this_hosts_own_device_stays(void **state)
{
	struct str data = str_fmt(&K.arena, "{\"device\":%lld}", (long long)K.w.device);

	(void)state;
	assert_int_equal(
		kit_do(&K, 901, "device.revoke", data.s, "enroller=badge:901 approver=badge:902"),
		RC_CONFLICT);
	kit_reopen(&K);
}

static struct event newest(const char *type)
{
	struct event ev = {0}, found = {0};

	for (uint64_t i = 0; i < kit_size(&K); i++) {
		assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, i), &ev));
		if (str_is(ev.name, type))
			found = ev;
	}
	assert_non_null(found.type);
	return found;
}

static void a_resumed_fact_keeps_its_source_and_times(void **state)
{
	struct json *in;
	struct signed_slot s = {.slot = STR("giver"), .person = {1}, .how = SLOT_PAPER};
	struct request r = {.command = STR("toy.move"), .actor = {1}, .key = STR(KEY_A),
	                    .source = SOURCE_PAPER, .slots = &s, .nslots = 1};
	struct event ev;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_ok(json_read(&K.op, STR("{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":30}"), &in));
	r.data = in;
	assert_true(clock_parse(STR("2025-06-06T07:00:00+08:00"), &r.noted_ms));
	must(writer_do(&K.w, &r, &K.answer));
	must(kit_do(&K, 2, "slot.sign", begun().s, "receiver=badge:2"));
	ev = newest("toy.moved");
	assert_int_equal(ev.source, SOURCE_PAPER);
	assert_int_equal(ev.noted_ms, r.noted_ms);
	assert_int_equal(ev.happened_ms, r.noted_ms);
}

static void a_date_in_the_future_puts_no_window_off(void **state)
{
	struct request r = {.command = STR("toy.look"), .actor = {1}, .key = STR(KEY_A),
	                    .source = SOURCE_OFFICE};
	struct json *in;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_ok(json_read(&K.op, STR(LOOK_7), &in));
	r.data = in;
	assert_true(clock_parse(STR("2099-06-06T07:00:00+08:00"), &r.happened_ms));
	must(writer_do(&K.w, &r, &K.answer));
	kit_pass(&K, 7200);
	assert_true(kit_count(&K, "expectation.lapsed") > 0);
}

/* A tail that cannot be applied leaves the projections where they stood, not half-way. */
static void a_failed_catch_up_commits_nothing(void **state)
{
	struct writer_options o = {&K.store, &K.modules, &K.clock, &K.random, K.vault_key, &K.device};
	int64_t rows;

	(void)state;
	if (K.store.one)
		skip();
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_ok(writer_idle(&K.w));
	must(kit_do(&K, 1, "toy.open_gate", GATE, NULL) == RC_CONFLICT ? RC_OK : RC_BROKEN);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	rows = kit_sql(&K, "SELECT at FROM view_state");
	K.w.read_only = true; /* stop without putting the projections on disk */
	store_rollback(&K.store);
	writer_release(&K.w);
	store_release(&K.store);
	K.open = false;
	assert_ok(store_open(&K.op, K.dir, K.url, STORE_WRITE, &K.store));
	assert_int_equal(kit_sql(&K, "SELECT at FROM view_state"), rows);
	assert_ok(db_script(&K.op, K.store.view, "DROP TABLE order_exception"));
	assert_int_not_equal(writer_open(&K.op, &o, &K.w), RC_OK);
	assert_int_equal(kit_sql(&K, "SELECT at FROM view_state"), rows);
	store_release(&K.store);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(the_reason_of_an_exception_has_a_form), T(a_text_beside_must_be_the_acts_own),
		T(the_foundation_takes_no_signatures),
		T(an_order_needs_its_senders_right_when_it_takes_effect),
		T(a_right_that_ends_takes_no_signature_back),
		T(an_exception_waits_with_its_act), T(a_repeat_says_what_was_said_before),
		T(this_hosts_own_device_stays), T(a_resumed_fact_keeps_its_source_and_times),
		T(a_date_in_the_future_puts_no_window_off), T(a_failed_catch_up_commits_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
