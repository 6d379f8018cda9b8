/* SPDX-License-Identifier: Apache-2.0 */
/* test_try.c -- a request that is only tried: the answer that it would get, and nothing moved. */
#include "kit/check.h"

#include "engine/doctor.h"
#include "engine/toy.h"
#include "kit/kit.h"
#include "kit/toy_setup.h"

#define KEY "00000000-0000-7000-8000-bbbbbbbbbbbb"
#define NEW_KEY "00000000-0000-7000-8000-cccccccccccc"
#define MAC "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff"

static struct answer A;

static struct request request(int64_t actor, const char *command, const char *data)
{
	struct request r = {.command = str_of(command), .key = STR(KEY), .actor = {actor},
	                    .exam = K.w.exam, .source = SOURCE_OFFICE};
	struct json *o;

	assert_ok(json_read(&K.op, str_of(data), &o));
	r.data = o;
	return r;
}

static enum rc tried(int64_t actor, const char *command, const char *data)
{
	struct request r = request(actor, command, data);

	return writer_try(&K.w, &r, &A);
}

static void what_is_tried_is_answered_and_not_recorded(void **state)
{
	uint64_t size = kit_size(&K);

	(void)state;
	assert_int_equal(tried(1, "toy.arrive", ARRIVE_7), RC_OK);
	assert_int_equal(A.rc, RC_OK);
	assert_int_equal(A.index, -1);
	assert_false(A.repeated || A.waiting);
	assert_int_equal(tried(9, "toy.arrive", ARRIVE_7), RC_DENIED);
	assert_int_equal(tried(1, "toy.arrive", "{\"place\":\"" HALL "\"}"), RC_INVALID);
	assert_string_equal(A.err.field, "code");
	assert_int_equal(kit_size(&K), size);
	assert_int_equal(K.w.ledger.next.size, size);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM toy_parcel"), 0);
	/* The writer goes on as if nobody had asked, and the key is free. */
	must(kit_do_key(&K, 1, "toy.arrive", ARRIVE_7, NULL, KEY));
	assert_false(K.answer.repeated);
	assert_int_equal(kit_count(&K, "toy.arrived"), 1);
}

/* Sender, role and scope come before the form of what is said. */
static void what_may_not_be_done_is_not_read(void **state)
{
	static const char *const DATA[] = {
		"{\"place\":\"" HALL "\"}", "{\"no_such\":1}", "{\"place\":1}", "{}",
		"{\"place\":\"Not A Path\"}",
	};

	(void)state;
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":8,\"role\":\"toy_keeper\",\"place\":\"bb\"}",
	            "granter=badge:902 approver=badge:901"));
	for (size_t i = 0; i < COUNT(DATA); i++) {
		assert_int_equal(tried(9, "toy.arrive", DATA[i]), RC_DENIED);
		assert_string_equal(A.err.field, "actor");
		assert_int_equal(tried(0, "toy.arrive", DATA[i]), RC_DENIED);
		assert_int_equal(tried(1, "toy.arrive", DATA[i]), RC_INVALID);
		/* Another place is another's; where none is said, what is wrong is his to know. */
		assert_int_equal(tried(8, "toy.arrive", DATA[i]), i ? RC_INVALID : RC_DENIED);
	}
}

/* A guarded order's refusal is an event when it is given, and none when it is tried. */
static void a_refusal_is_told_and_leaves_nothing(void **state)
{
	uint64_t size = kit_size(&K);

	(void)state;
	assert_int_equal(tried(1, "toy.open_gate", "{\"place\":\"" HALL "\"}"), RC_CONFLICT);
	assert_string_equal(A.err.article, "Toy rule 3");
	assert_int_equal(kit_size(&K), size);
	assert_int_equal(tried(1, "slot.sign", "{\"begun\":1}"), RC_INVALID);
	assert_string_equal(A.err.field, "command");
	assert_int_equal(kit_size(&K), size);
}

static void an_act_that_would_wait_for_signatures_is_told(void **state)
{
	uint64_t size = kit_size(&K);

	(void)state;
	assert_int_equal(tried(1, "toy.sealed_note",
	                       "{\"place\":\"" HALL "\",\"note\":\"" MAC "\"}"), RC_OK);
	assert_true(A.waiting);
	assert_int_equal(kit_size(&K), size);
}

static void what_was_recorded_before_is_found(void **state)
{
	struct request r = request(1, "toy.arrive", ARRIVE_7);

	(void)state;
	r.body.b[0] = 1;
	assert_int_equal(writer_do(&K.w, &r, &A), RC_OK);
	assert_int_equal(writer_try(&K.w, &r, &A), RC_OK);
	assert_true(A.repeated);
	assert_int_equal(A.index, (int64_t)kit_size(&K) - 2); /* it brought an alarm */
	r.body.b[0] = 2;
	assert_int_equal(writer_try(&K.w, &r, &A), RC_INVALID);
}

/* Texts are removed by the rule itself, before its event: a trial must leave them. */
static void a_trial_removes_no_text(void **state)
{
	const struct signed_slot two[] = {
		{.slot = STR("remover"), .person = {3}, .how = SLOT_BADGE},
		{.slot = STR("remover"), .person = {4}, .how = SLOT_BADGE},
	};
	struct request r;
	struct str text;
	int64_t vault;

	(void)state;
	kit_close(&K);
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "");
	kit_grant(&K, 4, "toy_chief", "");
	kit_found(&K);
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"甲\",\"person\":5}", NULL));
	vault = kit_sql(&K, "SELECT note FROM toy_note");
	r = request(3, "vault.clear",
	            str_fmt(&K.arena, "{\"vault\":%lld}", (long long)vault).s);
	r.slots = two;
	r.nslots = COUNT(two);
	assert_int_equal(writer_try(&K.w, &r, &A), RC_OK);
	assert_ok(vault_get(&K.op, &K.w.vault, vault, (struct str){NULL, 0}, &text));
	r = request(3, "vault.shred", "{\"subject\":5}");
	r.slots = two;
	r.nslots = COUNT(two);
	assert_int_equal(writer_try(&K.w, &r, &A), RC_OK);
	assert_ok(vault_get(&K.op, &K.w.vault, vault, (struct str){NULL, 0}, &text));
	assert_str(text, "甲");
}

/* Another connection, for reading, beside a writer that goes on. */
static void a_store_open_for_reading_is_enough_to_try(void **state)
{
	struct writer_options o = {.modules = &K.modules, .clock = &K.clock, .random = &K.random,
	                           .vault_key = K.vault_key, .device_key = &K.device};
	struct request r = request(1, "toy.arrive", ARRIVE_7);
	struct store store;
	struct writer w;

	(void)state;
	r.body.b[0] = 1;
	assert_int_equal(writer_do(&K.w, &r, &A), RC_OK);
	assert_ok(writer_idle(&K.w)); /* the view is on disk */
	assert_ok(store_open(&K.op, K.dir, K.url, STORE_READ, &store));
	o.store = &store;
	assert_ok(writer_open(&K.op, &o, &w));
	assert_int_equal(writer_try(&w, &r, &A), RC_OK);
	assert_true(A.repeated);
	r.key = STR(NEW_KEY);
	assert_int_equal(writer_try(&w, &r, &A), RC_OK);
	assert_false(A.repeated);
	r.actor.v = 9;
	assert_int_equal(writer_try(&w, &r, &A), RC_DENIED);
	assert_int_equal(writer_do(&w, &r, &A), RC_BROKEN);
	assert_non_null(strstr(A.err.en, "for reading"));
	writer_release(&w);
	store_release(&store);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
}

static enum finding found;
static void hear(void *ctx, enum finding f, const struct check *k)
{
	(void)ctx;
	(void)k;
	found = f;
}

/* Whoever looks while it is recorded sees projections ahead of the ledger that he has read. */
static void a_ledger_that_grows_is_not_called_damaged(void **state)
{
	struct writer_options o = {.modules = &K.modules, .clock = &K.clock, .random = &K.random,
	                           .vault_key = K.vault_key, .device_key = &K.device};
	struct store store;
	struct writer w;
	struct op op;
	struct doctor d = {.op = &op, .say = hear, .store = &store, .modules = &K.modules,
	                   .ledger = &w.ledger};

	(void)state;
	assert_ok(writer_idle(&K.w));
	assert_ok(store_open(&K.op, K.dir, K.url, STORE_READ, &store));
	o.store = &store;
	assert_ok(writer_open(&K.op, &o, &w));
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	assert_ok(writer_idle(&K.w));
	op = (struct op){.arena = &K.arena, .db = store.view};
	assert_true(w.ledger.tree.size < K.w.ledger.tree.size);
	found = DOCTOR_BROKEN;
	assert_ok(doctor_view(&d));
	assert_int_equal(found, DOCTOR_OK);
	assert_int_equal(w.ledger.tree.size, K.w.ledger.tree.size);
	writer_release(&w);
	store_release(&store);
}

static enum rc arrives(struct writer *w, int64_t actor)
{
	struct request r = request(actor, "toy.arrive", ARRIVE_7);

	return writer_try(w, &r, &A);
}

static int64_t granted(int64_t person)
{
	struct str data = str_fmt(&K.arena, "{\"person\":%lld,\"role\":\"toy_keeper\",\"place\":\""
	                          HALL "\"}", (long long)person);

	must(kit_do(&K, 902, "authority.grant", data.s, "granter=badge:902 approver=badge:903"));
	return K.answer.index;
}

static void revoked(int64_t grant)
{
	struct str data = str_fmt(&K.arena, "{\"grant\":%lld}", (long long)grant);

	must(kit_do(&K, 902, "authority.revoke", data.s, "granter=badge:902 approver=badge:903"));
}

/* What was granted meanwhile is read behind what is known, or taken from another writer. */
static void grants_are_followed(void **state)
{
	struct writer_options o = {.modules = &K.modules, .clock = &K.clock, .random = &K.random,
	                           .vault_key = K.vault_key, .device_key = &K.device};
	struct store store[3];
	struct writer w[3];
	int64_t grant;

	(void)state;
	revoked(granted(7));
	assert_ok(writer_idle(&K.w));
	for (int i = 0; i < 2; i++) {
		assert_ok(store_open(&K.op, K.dir, K.url, STORE_READ, &store[i]));
		o.store = &store[i];
		o.like = i ? &K.w : NULL;
		assert_ok(writer_open(&K.op, &o, &w[i]));
		assert_int_equal(authority_mark(w[i].authority), authority_mark(K.w.authority));
		assert_int_equal(arrives(&w[i], 1), RC_OK);
		assert_int_equal(arrives(&w[i], 7), RC_DENIED);
		assert_int_equal(arrives(&w[i], 8), RC_DENIED);
	}
	granted(8);
	grant = granted(7);
	granted(9);
	revoked(grant);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL)); /* the newest is no grant */
	assert_ok(writer_idle(&K.w));
	assert_ok(store_open(&K.op, K.dir, K.url, STORE_READ, &store[2]));
	o.store = &store[2];
	o.like = &w[0]; /* it has not looked yet */
	assert_ok(writer_open(&K.op, &o, &w[2]));
	for (int i = 2; i >= 0; i--) {
		struct op op = {.arena = &K.arena, .db = store[i].view};

		if (i < 2)
			assert_int_equal(arrives(&w[i], 8), RC_DENIED); /* until it looks */
		assert_ok(writer_follow(&op, &w[i]));
		assert_int_equal(authority_mark(w[i].authority), authority_mark(K.w.authority));
		assert_int_equal(w[i].last_authority, K.w.last_authority);
		assert_int_not_equal(arrives(&w[i], 8), RC_DENIED);
		assert_int_not_equal(arrives(&w[i], 9), RC_DENIED);
		assert_int_equal(arrives(&w[i], 7), RC_DENIED);
		assert_ok(writer_follow(&op, &w[i]));
		assert_int_equal(authority_mark(w[i].authority), authority_mark(K.w.authority));
		writer_release(&w[i]);
		store_release(&store[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(what_is_tried_is_answered_and_not_recorded),
		T(what_may_not_be_done_is_not_read),
		T(a_refusal_is_told_and_leaves_nothing),
		T(an_act_that_would_wait_for_signatures_is_told),
		T(what_was_recorded_before_is_found),
		T(a_trial_removes_no_text),
		T(a_store_open_for_reading_is_enough_to_try),
		T(a_ledger_that_grows_is_not_called_damaged),
		T(grants_are_followed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
