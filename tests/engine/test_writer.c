/* SPDX-License-Identifier: Apache-2.0 */
/* test_writer.c -- requests, receipts, refusals and restarts on the toy module. */
#include "kit/check.h"

#include "engine/toy.h"
#include "kit/kit.h"
#include "kit/toy_setup.h"

static void a_ledger_begins_with_its_genesis_and_its_rules(void **state)
{
	struct event ev;

	(void)state;
	assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, 0), &ev));
	assert_str(ev.name, "ledger.genesis");
	assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, 1), &ev));
	assert_str(ev.name, "rules.adopted");
	assert_int_equal(kit_count(&K, "authority.founded"), 1);
}

static void every_entry_is_in_canonical_form(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	for (uint64_t i = 0; i < kit_size(&K); i++) {
		struct str e = kit_entry(&K, i), again;
		struct json *o;

		assert_ok(json_read(&K.op, e, &o));
		again = json_canonical(&K.arena, o);
		assert_int_equal(e.n, again.n);
		assert_memory_equal(e.s, again.s, e.n);
	}
}

static void a_repeated_key_is_answered_from_its_receipt(void **state)
{
	uint64_t size;
	int64_t index;

	(void)state;
	must(kit_do_key(&K, 1, "toy.arrive", ARRIVE_7, NULL, "00000000-0000-7000-8000-aaaaaaaaaaaa"));
	size = kit_size(&K);
	index = K.answer.index;
	must(kit_do_key(&K, 1, "toy.arrive", ARRIVE_7, NULL, "00000000-0000-7000-8000-aaaaaaaaaaaa"));
	assert_true(K.answer.repeated);
	assert_int_equal(K.answer.index, index);
	assert_int_equal(kit_size(&K), size);
}

static void a_repeated_key_with_another_body_is_invalid(void **state)
{
	(void)state;
	must(kit_do_key(&K, 1, "toy.arrive", ARRIVE_7, NULL, "00000000-0000-7000-8000-aaaaaaaaaaaa"));
	assert_int_equal(kit_do_key(&K, 1, "toy.look", "{\"place\":\"" HALL "\",\"code\":\"P7\"}", NULL,
	                            "00000000-0000-7000-8000-aaaaaaaaaaaa"), RC_INVALID);
}

static void a_guarded_order_that_is_refused_leaves_its_refusal_alone(void **state)
{
	uint64_t size = kit_size(&K);

	(void)state;
	assert_int_equal(kit_do(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", NULL), RC_CONFLICT);
	assert_string_equal(K.answer.err.article, "Toy rule 3");
	assert_int_equal(kit_size(&K), size + 1);
	assert_int_equal(kit_count(&K, "order.refused"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM toy_gate"), 0);
	assert_int_equal(K.answer.index, (int64_t)size);
}

static void an_exception_needs_an_approver_of_another_place(void **state)
{
	(void)state;
	assert_int_equal(kit_except(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", NULL, "flood"),
	                 RC_INVALID);
	assert_int_equal(kit_except(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}",
	                            "approver=badge:2", "flood"), RC_DENIED);
	must(kit_except(&K, 1, "toy.open_gate", "{\"place\":\"" HALL "\"}", "approver=badge:3",
	                "flood"));
	assert_int_equal(kit_count(&K, "order.excepted"), 1);
	assert_int_equal(kit_count(&K, "toy.gate_opened"), 1);
}

static void nobody_acts_outside_his_scope(void **state)
{
	uint64_t size = kit_size(&K);

	(void)state;
	assert_int_equal(kit_do(&K, 1, "toy.arrive",
	                        "{\"place\":\"aa/bb/dd\",\"code\":\"P7\","
	                        "\"asset\":\"sheets\",\"sheets\":3}",
	                        NULL), RC_DENIED);
	assert_int_equal(kit_do(&K, 55, "toy.arrive", ARRIVE_7, NULL), RC_DENIED);
	assert_int_equal(kit_do(&K, 0, "toy.arrive", ARRIVE_7, NULL), RC_DENIED);
	assert_int_equal(kit_do(&K, 0, "authority.grant",
	                        "{\"person\":1,\"role\":\"toy_chief\",\"place\":\"aa\"}",
	                        NULL), RC_DENIED);
	assert_int_equal(kit_size(&K), size);
}

static void bad_input_names_the_field_and_changes_nothing(void **state)
{
	static const struct { const char *data, *field; } BAD[] = {
		{"{\"place\":\"" HALL "\",\"code\":\"P7\",\"asset\":\"sheets\",\"sheets\":0}", "sheets"},
		{"{\"place\":\"" HALL "\",\"code\":\"P7\",\"asset\":\"sheets\"}", "sheets"},
		{"{\"place\":\"" HALL "\",\"code\":\"张三\",\"asset\":\"sheets\",\"sheets\":1}", "code"},
		{"{\"place\":\"AA//\",\"code\":\"P7\",\"asset\":\"sheets\",\"sheets\":1}", "place"},
	};
	uint64_t size = kit_size(&K);

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++) {
		assert_int_equal(kit_do(&K, 1, "toy.arrive", BAD[i].data, NULL), RC_INVALID);
		assert_string_equal(K.answer.err.field, BAD[i].field);
		assert_true(K.answer.err.zh[0] && K.answer.err.en[0]);
	}
	assert_int_equal(kit_size(&K), size);
}

static void a_fact_against_the_rules_is_recorded_and_alarmed(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_alarms(&K, "toy.twice"), 1);
}

static void a_restart_goes_on_where_it_stopped(void **state)
{
	struct hash before, after;
	uint64_t size;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	before = kit_root(&K);
	size = kit_size(&K);
	kit_reopen(&K);
	after = kit_root(&K);
	assert_int_equal(kit_size(&K), size);
	assert_true(hash_eq(&before, &after));
	must(kit_do(&K, 1, "toy.look", "{\"place\":\"" HALL "\",\"code\":\"P7\"}", NULL));
	kit_check_rebuild(&K, (const char *const[]){"toy_parcel", "device", "expectation", NULL});
}

static void ledger_time_never_goes_back(void **state)
{
	struct event a, b;

	(void)state;
	kit_at(&K, "2025-06-06T09:00:00+08:00");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_at(&K, "2025-06-06T08:30:00+08:00");
	must(kit_do(&K, 1, "toy.look", "{\"place\":\"" HALL "\",\"code\":\"P7\"}", NULL));
	assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, kit_size(&K) - 2), &a));
	assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, kit_size(&K) - 1), &b));
	assert_true(b.recorded_ms >= a.recorded_ms);
}

/* Another program holds the file for a moment: nothing is half-done, and the projections, whose
 * open batches went with the rollback, are caught up from the ledger. */
static void a_busy_ledger_is_said_and_the_writer_goes_on(void **state)
{
	struct db *other;
	uint64_t size;

	(void)state;
	if (K.store.one)
		skip();
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	assert_true(db_in_tx(K.store.view));
	size = kit_size(&K);
	assert_ok(db_open_sqlite(&K.op, str_fmt(&K.arena, STR_FMT "/ledger.db", STR_ARG(K.dir)),
	                         DB_WRITE, &other));
	assert_ok(db_begin(&K.op, other));
	assert_int_equal(kit_do(&K, 1, "toy.look", LOOK_7, NULL), RC_BUSY);
	assert_false(K.w.read_only);
	assert_int_equal(kit_size(&K), size);
	db_rollback(other);
	db_close(other);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	kit_check_rebuild(&K, (const char *const[]){"toy_parcel", "expectation", "device", NULL});
}

/* After another writer has taken over, this one's next commit fails whole and it stops. */
static void a_writer_that_was_overtaken_stops(void **state)
{
	struct store second = K.store;
	struct ledger taken;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	second.mode = STORE_WRITE;
	assert_ok(ledger_open(&K.op, &second, &taken)); /* raises the epoch */
	ledger_release(&taken);
	assert_int_equal(kit_do(&K, 1, "toy.look", LOOK_7, NULL), RC_BROKEN);
	assert_true(K.w.read_only);
	assert_int_equal(kit_do(&K, 1, "toy.look", LOOK_7, NULL), RC_BROKEN);
	kit_reopen(&K);
	must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	kit_check_rebuild(&K, (const char *const[]){"toy_parcel", NULL});
}

static struct hash play(uint64_t seed)
{
	struct hash root;

	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, seed);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_found(&K);
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_pass(&K, 7200);
	root = kit_root(&K);
	kit_close(&K);
	return root;
}

static void one_seed_gives_one_root(void **state)
{
	struct hash a, b, c;

	(void)state;
	kit_close(&K);
	a = play(5);
	b = play(5);
	c = play(6);
	assert_true(hash_eq(&a, &b));
	assert_false(hash_eq(&a, &c));
	setup(state);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(a_ledger_begins_with_its_genesis_and_its_rules), T(every_entry_is_in_canonical_form),
		T(a_repeated_key_is_answered_from_its_receipt),
		T(a_repeated_key_with_another_body_is_invalid),
		T(a_guarded_order_that_is_refused_leaves_its_refusal_alone),
		T(an_exception_needs_an_approver_of_another_place), T(nobody_acts_outside_his_scope),
		T(bad_input_names_the_field_and_changes_nothing),
		T(a_fact_against_the_rules_is_recorded_and_alarmed),
		T(a_restart_goes_on_where_it_stopped), T(ledger_time_never_goes_back),
		T(a_busy_ledger_is_said_and_the_writer_goes_on), T(a_writer_that_was_overtaken_stops),
		T(one_seed_gives_one_root),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
