/* SPDX-License-Identifier: Apache-2.0 */
/* test_slots.c -- signatures of an act, whole, half and forged; texts and their shredding. */
#include "kit/check.h"

#include "engine/toy.h"
#include "kit/kit.h"
#include "kit/toy_setup.h"

#define MOVE "{\"code\":\"P7\",\"to\":\"aa/bb/cc/dd\",\"sheets\":30}"

static void both_hands_move_a_parcel(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE, "giver=badge:1 receiver=badge:2"));
	assert_false(K.answer.waiting);
	assert_int_equal(kit_count(&K, "toy.moved"), 1);
	assert_int_equal(kit_sql(&K, "SELECT qty FROM book_balance WHERE holder = 'aa/bb/cc/dd'"), 30);
	assert_int_equal(kit_sql(&K, "SELECT qty FROM book_balance WHERE holder = 'aa/bb/cc'"), 0);
}

static void wrong_signatures_are_refused_by_name(void **state)
{
	static const struct { const char *slots; enum rc rc; const char *field; } BAD[] = {
		{"giver=badge:1 receiver=badge:1", RC_INVALID, "slot"},
		{"giver=badge:1 receiver=badge:77", RC_DENIED, "receiver"},
		{"giver=phone:1 receiver=badge:2", RC_DENIED, "giver"},
		{"giver=badge:1 taker=badge:2", RC_INVALID, "slot"},
		{"giver=badge:1 giver=badge:2 receiver=badge:3", RC_INVALID, "giver"},
		{"giver=key:1 receiver=badge:2", RC_DENIED, "slot"},
	};
	uint64_t size;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	size = kit_size(&K);
	for (size_t i = 0; i < COUNT(BAD); i++) {
		assert_int_equal(kit_do(&K, 1, "toy.move", MOVE, BAD[i].slots), BAD[i].rc);
		assert_string_equal(K.answer.err.field, BAD[i].field);
	}
	assert_int_equal(kit_size(&K), size);
}

static void a_registered_key_signs_and_a_revoked_one_does_not(void **state)
{
	struct ed25519_key key = kit_key(1);
	struct str hex = hex_encode(&K.arena, key.pub.b, 32);
	struct str data = str_fmt(&K.arena, "{\"person\":1,\"key\":\"" STR_FMT "\"}", STR_ARG(hex));

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 902, "authority.register_key", data.s, "granter=badge:902 approver=badge:901"));
	must(kit_do(&K, 1, "toy.move", MOVE, "giver=key:1 receiver=badge:2"));
	must(kit_do(&K, 902, "authority.revoke_key", "{\"person\":1}",
	            "granter=badge:902 approver=badge:901"));
	assert_int_equal(kit_do(&K, 1, "toy.move", MOVE, "giver=key:1 receiver=badge:2"), RC_DENIED);
	kit_reopen(&K);
	assert_int_equal(kit_do(&K, 1, "toy.move", MOVE, "giver=key:1 receiver=badge:2"), RC_DENIED);
}

/* Completing is the last signer's act, not that of him who began. */
static void completed_by(int64_t person)
{
	struct event ev = {0};

	for (uint64_t i = 0; i < kit_size(&K) && !str_is(ev.name, "slot.completed"); i++)
		assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, i), &ev));
	assert_int_equal(ev.actor.v, person);
}

static void a_half_signed_act_moves_nothing_until_the_last_signature(void **state)
{
	struct str data;

	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE, "giver=badge:1"));
	assert_true(K.answer.waiting);
	assert_int_equal(kit_count(&K, "toy.moved"), 0);
	data = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index);
	assert_int_equal(kit_do(&K, 2, "slot.sign", data.s, "receiver=badge:1"), RC_INVALID);
	must(kit_do(&K, 2, "slot.sign", data.s, "receiver=badge:2"));
	assert_int_equal(kit_count(&K, "toy.moved"), 1);
	assert_int_equal(kit_count(&K, "slot.completed"), 1);
	completed_by(2);
	assert_int_equal(kit_do(&K, 2, "slot.sign", data.s, "receiver=badge:2"), RC_CONFLICT);
	kit_pass(&K, 3600);
	assert_int_equal(kit_alarms(&K, "slot.incomplete"), 0);
	kit_check_rebuild(&K, (const char *const[]){"slot_pending", "slot_signature", NULL});
}

/* Whoever may not sign is to somebody of another place what nobody is: the same words. */
static void a_stranger_learns_of_no_person(void **state)
{
	static const char *const NOT_HERE[] = {"badge:66", "badge:5", "badge:0", "key:2", "badge:902"};
	struct str data, said = {0};
	uint64_t size;

	(void)state;
	must(kit_do(&K, 902, "authority.grant", "{\"person\":5,\"role\":\"toy_chief\","
	            "\"place\":\"bb\"}", "granter=badge:902 approver=badge:903"));
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE, "giver=badge:1"));
	data = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index);
	size = kit_size(&K);
	for (size_t i = 0; i < 3; i++) { /* of the place: of persons whom he shares none with */
		assert_int_equal(kit_do(&K, 1, "toy.move", MOVE, str_fmt(&K.arena,
		                 "giver=badge:1 receiver=%s", NOT_HERE[i]).s), RC_DENIED);
		assert_string_equal(K.answer.err.field, "receiver");
		if (i > 0)
			assert_str(said, K.answer.err.en);
		said = str_dup(&K.arena, K.answer.err.en, strlen(K.answer.err.en));
		assert_null(strstr(said.s, NOT_HERE[i] + 6));
	}
	for (size_t i = 0; i < COUNT(NOT_HERE); i++) { /* of another place */
		assert_int_equal(kit_do(&K, 5, "slot.sign", data.s, str_fmt(&K.arena, "receiver=%s",
		                 NOT_HERE[i]).s), RC_NOT_FOUND);
		assert_string_equal(K.answer.err.field, "begun");
	}
	assert_int_equal(kit_do(&K, 5, "slot.sign", data.s, "gate=badge:2"), RC_NOT_FOUND);
	assert_int_equal(kit_do(&K, 5, "slot.sign", data.s, NULL), RC_NOT_FOUND);
	assert_int_equal(kit_size(&K), size);
	must(kit_do(&K, 5, "slot.sign", data.s, "receiver=badge:2")); /* who may sign, signs */
	assert_int_equal(kit_do(&K, 5, "slot.sign", data.s, "receiver=badge:2"), RC_NOT_FOUND);
}

static void slots_left_empty_are_an_alarm(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.move", MOVE, "giver=badge:1"));
	kit_pass(&K, 899);
	assert_int_equal(kit_alarms(&K, "slot.incomplete"), 0);
	kit_pass(&K, 2);
	assert_int_equal(kit_alarms(&K, "slot.incomplete"), 1);
}

static void grants_need_two_and_administrators_exclude_each_other(void **state)
{
	(void)state;
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":8,\"role\":\"toy_keeper\",\"place\":\"aa\"}", "granter=badge:902"));
	assert_true(K.answer.waiting);
	assert_int_equal(kit_do(&K, 8, "toy.arrive", ARRIVE_7, NULL), RC_DENIED);
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	            "granter=badge:902 approver=badge:903"));
	must(kit_do(&K, 9, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_do(&K, 902, "authority.grant", "{\"person\":901,\"role\":\"audit_admin\"}",
	                        "granter=badge:902 approver=badge:903"), RC_CONFLICT);
	assert_int_equal(kit_do(&K, 902, "authority.grant",
	                        "{\"person\":901,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	                        "granter=badge:902 approver=badge:903"), RC_CONFLICT);
	assert_int_equal(kit_do(&K, 902, "authority.grant", "{\"person\":9,\"role\":\"nobody\"}",
	                        "granter=badge:902 approver=badge:903"), RC_INVALID);
}

static void a_revoked_grant_is_dead_at_once_and_after_a_restart(void **state)
{
	struct str data;

	(void)state;
	must(kit_do(&K, 902, "authority.grant",
	            "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}",
	            "granter=badge:902 approver=badge:903"));
	data = str_fmt(&K.arena, "{\"grant\":%lld}", (long long)K.answer.index);
	must(kit_do(&K, 9, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 902, "authority.revoke", data.s, "granter=badge:902 approver=badge:903"));
	assert_int_equal(kit_do(&K, 9, "toy.look", LOOK_7, NULL), RC_DENIED);
	kit_reopen(&K);
	assert_int_equal(kit_do(&K, 9, "toy.look", LOOK_7, NULL), RC_DENIED);
}

/* Between its two signatures another order has done the same. */
static void an_order_that_waited_is_asked_again(void **state)
{
	struct str revoke, sign;

	(void)state;
	must(kit_do(&K, 902, "authority.grant", "{\"person\":9,\"role\":\"toy_keeper\"}",
	            "granter=badge:902 approver=badge:903"));
	revoke = str_fmt(&K.arena, "{\"grant\":%lld}", (long long)K.answer.index);
	must(kit_do(&K, 902, "authority.revoke", revoke.s, "granter=badge:902"));
	sign = str_fmt(&K.arena, "{\"begun\":%lld}", (long long)K.answer.index);
	must(kit_do(&K, 902, "authority.revoke", revoke.s, "granter=badge:902 approver=badge:903"));
	assert_int_equal(kit_do(&K, 903, "slot.sign", sign.s, "approver=badge:903"), RC_NOT_FOUND);
	assert_int_equal(kit_count(&K, "authority.revoked"), 1);
	assert_int_equal(kit_count(&K, "order.refused"), 1);
	assert_int_equal(kit_count(&K, "slot.completed"), 1);
	assert_int_equal(kit_do(&K, 903, "slot.sign", sign.s, "approver=badge:903"), RC_CONFLICT);
}

static void an_edited_projection_gives_nobody_a_right(void **state)
{
	(void)state;
	assert_ok(db_script(&K.op, K.store.view,
	                    "INSERT INTO authority_grant(id, person, role, place, from_ms, until_ms,"
	                    " revoked, granted_ms, granter, approver, revoked_ms, revoker)"
	                    " VALUES (77, 55, 'toy_chief', 'aa', 0, 0, -1, 0, 0, 0, 0, 0)"));
	kit_reopen(&K);
	assert_int_equal(kit_do(&K, 55, "toy.arrive", ARRIVE_7, NULL), RC_DENIED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(both_hands_move_a_parcel), T(wrong_signatures_are_refused_by_name),
		T(a_registered_key_signs_and_a_revoked_one_does_not),
		T(a_half_signed_act_moves_nothing_until_the_last_signature),
		T(slots_left_empty_are_an_alarm), T(a_stranger_learns_of_no_person),
		T(grants_need_two_and_administrators_exclude_each_other),
		T(a_revoked_grant_is_dead_at_once_and_after_a_restart),
		T(an_edited_projection_gives_nobody_a_right), T(an_order_that_waited_is_asked_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
