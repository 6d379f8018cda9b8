/* SPDX-License-Identifier: Apache-2.0 */
/* office_scenes.c -- the foundation, rules in force, grants, devices, places, the vault.
 *
 * These rows have no colour of the toy module about them: any office has them.
 */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "engine/device.h"
#include "engine/order.h"
#include "engine/place.h"
#include "kit/toy_setup.h"

#define DEVICES "device/devices"

#define GATE "{\"place\":\"" HALL "\"}"
#define GRANT_9 "{\"person\":9,\"role\":\"toy_keeper\",\"place\":\"aa\"}"
#define TWO "granter=badge:902 approver=badge:903"

static struct str type_of(uint64_t index)
{
	struct event ev;

	assert_ok(event_read(&K.op, &K.modules, kit_entry(&K, index), &ev));
	return ev.name;
}

static void a_ledger_is_founded_on_rules_that_stay_in_force(void)
{
	struct rules_adoption all[4];
	struct rules_adopted now;
	struct op op;
	size_t n;

	setup(NULL);
	assert_str(type_of(0), "ledger.genesis");
	assert_str(type_of(1), "rules.adopted");
	assert_int_equal(kit_count(&K, "authority.founded"), 1);
	assert_int_equal(kit_do(&K, 0, "authority.grant", GRANT_9, NULL), RC_DENIED);
	kit_reopen(&K);
	assert_int_equal(kit_count(&K, "rules.adopted"), 1);
	op = K.op;
	op.db = K.store.view;
	assert_ok(rules_in_force(&op, &now));
	assert_int_equal(now.rules.n, 64);
	assert_ok(rules_history(&op, all, COUNT(all), &n));
	assert_int_equal(n, 1);
	assert_int_equal(all[0].index, 1);
	assert_true(str_eq(all[0].what.profile, now.profile));
	kit_check_rebuild(&K, (const char *const[]){"rules_adopted", NULL});
	teardown(NULL);
}

static void an_order_is_refused_or_excepted_in_writing(void)
{
	setup(NULL);
	assert_int_equal(kit_do(&K, 1, "toy.open_gate", GATE, NULL), RC_CONFLICT);
	assert_int_equal(kit_count(&K, "order.refused"), 1);
	must(kit_except(&K, 1, "toy.open_gate", GATE, "approver=badge:3", "a flood"));
	assert_int_equal(kit_count(&K, "order.excepted"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM order_exception WHERE actor = 1"), 2);
	assert_int_equal(kit_sql(&K, "SELECT approver FROM order_exception WHERE excepted = 1"), 3);
	kit_check_rebuild(&K, (const char *const[]){"order_exception", NULL});
	teardown(NULL);
}

/* A drill's clock may stand for hours; a real office that was silent says so. */
static void a_stop_of_hours_is_said(void)
{
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 0);
	kit_at(&K, "2025-06-06T13:50:00+08:00");
	kit_reopen(&K);
	assert_int_equal(kit_count(&K, "ledger.resumed"), 1);
	assert_int_equal(kit_alarms(&K, "ledger.outage"), 1);
	teardown(NULL);
}

static bool place_added(const char *path)
{
	struct op op = K.op;
	bool added = false;

	op.db = K.store.view;
	assert_ok(place_is_added(&op, str_of(path), &added));
	return added;
}

/* The vault's id of its name, 0 when it has none. */
static int64_t place_named_vault(const char *path)
{
	struct op op = K.op;
	int64_t id = -1;

	op.db = K.store.view;
	assert_ok(place_name(&op, str_of(path), &id));
	return id;
}

/* How many were added at or under it. */
static size_t places_at(const char *path)
{
	struct op op = K.op;
	struct place_row *list;
	size_t n = 99;

	op.db = K.store.view;
	assert_ok(place_list(&op, str_of(path), &list, &n));
	assert_true(n == 0 || list[0].name > 0);
	return n;
}

static bool is_all(const char *path)
{
	struct op op = K.op;
	bool all = false;

	op.db = K.store.view;
	assert_ok(place_is_all(&op, str_of(path), &all));
	return all;
}

static void a_place_is_added_and_renamed(void)
{
	setup(NULL);
	must(kit_do(&K, 901, "place.add",
	            "{\"place\":\"" HALL "\",\"kind\":\"site\",\"name\":\"大厅\"}", NULL));
	assert_int_equal(kit_sql(&K, "SELECT level FROM place WHERE path = '" HALL "'"), 3);
	must(kit_do(&K, 901, "place.add",
	            "{\"place\":\"" HALL "\",\"kind\":\"store\",\"name\":\"库房\"}", NULL));
	assert_int_equal(kit_count(&K, "place.added"), 2);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM place"), 1);
	assert_int_equal(kit_sql(&K, "SELECT kind FROM place"), 3);
	assert_true(place_added(HALL));
	assert_false(place_added("aa/bb"));
	assert_true(place_named_vault(HALL) > 0);
	assert_int_equal(place_named_vault("aa/bb"), 0);
	assert_int_equal(places_at(HALL), 1);
	assert_int_equal(places_at("aa"), 1);
	assert_int_equal(places_at("a"), 0);
	assert_true(is_all("") && is_all("aa") && is_all(HALL));
	assert_false(is_all("a") || is_all("aa/b") || is_all(HALL "/r01"));
	kit_check_rebuild(&K, (const char *const[]){"place", NULL});
	teardown(NULL);
}

static void rights_are_granted_by_two_and_revoked(void)
{
	struct ed25519_key key;
	const char *data;

	setup(NULL);
	must(kit_do(&K, 902, "authority.grant", GRANT_9, TWO));
	assert_int_equal(kit_count(&K, "authority.granted"), 8);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM authority_grant WHERE revoked < 0"), 8);
	data = str_fmt(&K.arena, "{\"grant\":%lld}", (long long)K.answer.index).s;
	must(kit_do(&K, 9, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_do(&K, 902, "authority.grant",
	                        "{\"person\":9,\"role\":\"audit_admin\"}", TWO), RC_CONFLICT);
	must(kit_do(&K, 902, "authority.revoke", data, TWO));
	assert_int_equal(kit_count(&K, "authority.revoked"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM authority_grant WHERE revoked < 0"), 7);
	assert_int_equal(kit_do(&K, 9, "toy.look", LOOK_7, NULL), RC_DENIED);
	key = kit_key(1);
	data = str_fmt(&K.arena, "{\"person\":1,\"key\":\"" STR_FMT "\"}",
	               STR_ARG(hex_encode(&K.arena, key.pub.b, 32))).s;
	must(kit_do(&K, 902, "authority.register_key", data, TWO));
	must(kit_do(&K, 1, "toy.sealed_note", "{\"place\":\"" HALL "\",\"note\":\"x\"}",
	            "giver=key:1 receiver=badge:2"));
	must(kit_do(&K, 902, "authority.revoke_key", "{\"person\":1}", TWO));
	assert_int_equal(kit_do(&K, 1, "toy.sealed_note", "{\"place\":\"" HALL "\",\"note\":\"x\"}",
	                        "giver=key:1 receiver=badge:2"), RC_DENIED);
	kit_check_rebuild(&K, (const char *const[]){"authority_grant", NULL});
	teardown(NULL);
}

static void a_device_keeps_a_chain_that_is_signed(void)
{
	struct device_chain chain;
	struct op op;
	const char *data;
	int i;

	setup(NULL);
	data = str_fmt(&K.arena, "{\"key\":\"" STR_FMT "\",\"place\":\"" HALL "\"}",
	               STR_ARG(hex_encode(&K.arena, kit_key(500).pub.b, 32))).s;
	must(kit_do(&K, 901, "device.enroll", data, "enroller=badge:901 approver=badge:902"));
	assert_int_equal(kit_count(&K, "authority.device_enrolled"), 2); /* the host's own too */
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM device"), 2);
	assert_str(view_at(&K, DEVICES, 0, "enroller"), "0"); /* in the foundation nobody signs */
	assert_str(view_at(&K, DEVICES, 1, "place"), HALL);
	assert_str(view_at(&K, DEVICES, 1, "state"), "0");
	assert_str(view_at(&K, DEVICES, 1, "enroller"), "901");
	assert_str(view_at(&K, DEVICES, 1, "approver"), "902");
	assert_str(view_at(&K, DEVICES, 1, "revoked_ms"), "0");
	data = str_fmt(&K.arena, "{\"device\":%lld}", (long long)K.answer.index).s;
	must(kit_do(&K, 901, "device.revoke", data, "enroller=badge:901 approver=badge:902"));
	assert_int_equal(kit_count(&K, "authority.device_revoked"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM device WHERE revoked >= 0"), 1);
	assert_str(view_at(&K, DEVICES, 1, "state"), "1");
	assert_str(view_at(&K, DEVICES, 1, "revoker"), "901");
	assert_int_equal(kit_do(&K, 901, "device.revoke", data,
	                        "enroller=badge:901 approver=badge:902"), RC_NOT_FOUND);
	for (i = 0; i < LIMIT_HEAD_ACTS; i++)
		must(kit_do(&K, 1, "toy.look", LOOK_7, NULL));
	assert_int_equal(kit_count(&K, "device.head_signed"), 1);
	op = K.op;
	op.db = K.store.view;
	assert_ok(device_chain(&op, K.w.device, &chain));
	assert_int_equal(chain.seq, K.w.device_seq);
	assert_int_equal(chain.signed_seq, LIMIT_HEAD_ACTS);
	kit_check_rebuild(&K, (const char *const[]){"device", NULL});
	teardown(NULL);
}

static void open_vault_office(void)
{
	kit_open(&K, TOY_MODULES, 1, TOY_PROFILE, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "");
	kit_grant(&K, 4, "toy_chief", "");
	kit_found(&K);
}

#define EXPORT(view) "{\"view\":\"" view "\",\"rows\":12,\"hash\":" \
	"\"d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a\"}"

static void personal_texts_are_opened_and_removed_in_writing(void)
{
	const char *first, *open;

	open_vault_office();
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"甲\",\"person\":5}", NULL));
	must(kit_do(&K, 1, "toy.note", "{\"place\":\"" HALL "\",\"note\":\"乙\",\"person\":6}", NULL));
	first = str_fmt(&K.arena, "{\"vault\":%lld}",
	                (long long)kit_sql(&K, "SELECT note FROM toy_note WHERE person = 5")).s;
	open = str_fmt(&K.arena, "{\"vault\":%lld,\"purpose\":\"核对身份\"}",
	               (long long)kit_sql(&K, "SELECT note FROM toy_note WHERE person = 6")).s;
	must(kit_do(&K, 3, "vault.open", open, NULL));
	assert_int_equal(kit_count(&K, "vault.opened"), 1);
	assert_int_equal(kit_sql(&K, "SELECT person FROM vault_opening"), 3);
	assert_int_equal(view_count(&K, "vault/openings"), 1);
	assert_int_equal(kit_do(&K, 3, "vault.note_export", EXPORT("no.view"), NULL), RC_INVALID);
	must(kit_do(&K, 3, "vault.note_export", EXPORT("authority.grants"), NULL));
	assert_int_equal(kit_count(&K, "vault.exported"), 1);
	assert_int_equal(view_count(&K, "vault/exports"), 1);
	assert_str(view_at(&K, "vault/exports", 0, "rows"), "12");
	must(kit_do(&K, 3, "vault.clear", first, "remover=badge:3 remover=badge:4"));
	assert_int_equal(kit_count(&K, "vault.cleared"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM vault_removal WHERE vault > 0"), 1);
	must(kit_do(&K, 3, "vault.shred", "{\"subject\":6}", "remover=badge:3 remover=badge:4"));
	assert_int_equal(kit_count(&K, "vault.shredded"), 1);
	assert_int_equal(kit_sql(&K, "SELECT subject FROM vault_removal WHERE vault = 0"), 6);
	assert_int_equal(kit_do(&K, 3, "vault.open", open, NULL), RC_NOT_FOUND);
	kit_check_rebuild(&K, (const char *const[]){"vault_opening", "vault_removal", "vault_export",
	                                            NULL});
	teardown(NULL);
}

static const struct scenario LIST[] = {
	{"a_ledger_is_founded_on_rules_that_stay_in_force",
	 a_ledger_is_founded_on_rules_that_stay_in_force,
	 ROWS("event:ledger.genesis", "event:rules.adopted", "event:authority.founded",
	      "sql:ledger/0", "sql:ledger/1", "sql:ledger/4")},
	{"an_order_is_refused_or_excepted_in_writing", an_order_is_refused_or_excepted_in_writing,
	 ROWS("event:order.refused", "event:order.excepted", "sql:ledger/2")},
	{"a_stop_of_hours_is_said", a_stop_of_hours_is_said,
	 ROWS("event:ledger.resumed", "alarm:ledger.outage")},
	{"a_place_is_added_and_renamed", a_place_is_added_and_renamed,
	 ROWS("event:place.added", "sql:place/0", "sql:place/1", "sql:place/2",
	      "sql:place/3", "sql:place/4", "sql:place/5")},
	{"rights_are_granted_by_two_and_revoked", rights_are_granted_by_two_and_revoked,
	 ROWS("event:authority.granted", "event:authority.revoked",
	      "event:authority.key_registered", "event:authority.key_revoked", "sql:authority/0",
	      "sql:authority/1", "sql:authority/2")},
	{"a_device_keeps_a_chain_that_is_signed", a_device_keeps_a_chain_that_is_signed,
	 ROWS("event:authority.device_enrolled", "event:authority.device_revoked",
	      "event:device.head_signed", "sql:device/0", "sql:device/1", "sql:device/2",
	      "sql:device/3", "sql:device/4", "sql:device/5")},
	{"personal_texts_are_opened_and_removed_in_writing",
	 personal_texts_are_opened_and_removed_in_writing,
	 ROWS("event:vault.opened", "event:vault.shredded", "event:vault.cleared", "sql:vault/0",
	      "sql:vault/1", "sql:vault/2", "sql:vault/3", "sql:vault/4", "sql:vault/5",
	      "event:vault.exported")},
};
const struct scenario_set OFFICE_SCENES = {LIST, COUNT(LIST)};
