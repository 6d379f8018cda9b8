/* SPDX-License-Identifier: Apache-2.0 */
/* test_authority.c -- who may do what where; what a roll-back takes off; what resolve answers. */
#include "kit/check.h"

#include "base/random.h"
#include "engine/authority.h"
#include "engine/writer.h"

enum { STEPS = 4000, PERSONS = 6, PLACES = 5, ROLES = 3 };

static const struct str COUNTY = {"sc/cd/jn", 8};

static int setup(void **state)
{
	*state = authority_new();
	return 0;
}

static int teardown(void **state)
{
	authority_free(*state);
	return 0;
}

static struct person_id person(int64_t v)
{
	return (struct person_id){v};
}

static bool holds(struct authority *a, int64_t who, const char *role, const char *place)
{
	return authority_holds(a, person(who), str_of(role), str_of(place), 0, 1000);
}

static void nobody_holds_anything_before_a_grant(void **state)
{
	struct authority *a = *state;
	struct ed25519_public key;
	struct person_id who[4];
	struct str role, place;

	assert_false(holds(a, 1, "courier", "sc"));
	assert_false(authority_is_founded(a));
	assert_false(authority_grant_of(a, 5, &who[0], &role, &place));
	assert_false(authority_key_of(a, person(1), &key));
	assert_false(authority_device_of(a, 1, &place, &key));
	assert_int_equal(authority_holders(a, STR("courier"), COUNTY, 1000, who, 4), 0);
}

static void a_grant_covers_its_place_and_all_under_it(void **state)
{
	struct authority *a = *state;
	struct str scope, site = STR("sc/cd/jn/s1");

	authority_grant(a, 10, person(1), STR("courier"), COUNTY, 0, 0);
	assert_true(holds(a, 1, "courier", "sc/cd/jn"));
	assert_true(holds(a, 1, "courier", "sc/cd/jn/s1/r01"));
	assert_false(holds(a, 1, "courier", "sc/cd"));
	assert_false(holds(a, 1, "courier", "sc/cd/jn2"));
	assert_false(holds(a, 1, "courier", ""));
	assert_false(holds(a, 1, "cashier", "sc/cd/jn"));
	assert_false(holds(a, 2, "courier", "sc/cd/jn"));
	assert_true(authority_scope(a, person(1), STR("courier"), site, 1000, &scope));
	assert_str(scope, "sc/cd/jn");
}

static void a_level_asks_for_a_grant_as_near(void **state)
{
	struct authority *a = *state;

	authority_grant(a, 10, person(1), STR("courier"), STR("sc"), 0, 0);
	authority_grant(a, 11, person(2), STR("courier"), COUNTY, 0, 0);
	assert_false(authority_holds(a, person(1), STR("courier"), COUNTY, LEVEL_COUNTY, 1000));
	assert_true(authority_holds(a, person(1), STR("courier"), COUNTY, LEVEL_PROVINCE, 1000));
	assert_true(authority_holds(a, person(2), STR("courier"), COUNTY, LEVEL_COUNTY, 1000));
	assert_true(authority_holds(a, person(2), STR("courier"), COUNTY, LEVEL_CITY, 1000));
}

static void a_grant_holds_from_its_start_until_before_its_end(void **state)
{
	struct authority *a = *state;

	authority_grant(a, 10, person(1), STR("courier"), COUNTY, 1000, 2000);
	assert_false(authority_holds(a, person(1), STR("courier"), COUNTY, 0, 999));
	assert_true(authority_holds(a, person(1), STR("courier"), COUNTY, 0, 1000));
	assert_true(authority_holds(a, person(1), STR("courier"), COUNTY, 0, 1999));
	assert_false(authority_holds(a, person(1), STR("courier"), COUNTY, 0, 2000));
}

static void a_revocation_takes_that_grant_alone(void **state)
{
	struct authority *a = *state;
	struct person_id who;
	struct str role, place;

	authority_grant(a, 10, person(1), STR("courier"), STR("sc"), 0, 0);
	authority_grant(a, 11, person(1), STR("courier"), COUNTY, 0, 0);
	authority_revoke(a, 10);
	assert_false(holds(a, 1, "courier", "sc/cd"));
	assert_true(holds(a, 1, "courier", "sc/cd/jn"));
	assert_false(authority_grant_of(a, 10, &who, &role, &place));
	assert_true(authority_grant_of(a, 11, &who, &role, &place));
	assert_int_equal(who.v, 1);
	assert_str(role, "courier");
	assert_str(place, "sc/cd/jn");
}

static void keys_and_devices_are_replaced_and_revoked(void **state)
{
	struct authority *a = *state;
	struct ed25519_public one = {{1}}, two = {{2}}, got;
	struct str place;

	authority_key(a, person(1), &one);
	authority_key(a, person(1), &two);
	assert_true(authority_key_of(a, person(1), &got));
	assert_memory_equal(&got, &two, sizeof(got));
	authority_key_revoked(a, person(1));
	assert_false(authority_key_of(a, person(1), &got));
	authority_device(a, 30, COUNTY, &one);
	assert_true(authority_device_of(a, 30, &place, &got));
	assert_str(place, "sc/cd/jn");
	authority_device_revoked(a, 30);
	assert_false(authority_device_of(a, 30, &place, &got));
	authority_back(a, authority_mark(a) - 1);
	assert_true(authority_device_of(a, 30, &place, &got));
	assert_memory_equal(&got, &one, sizeof(got));
}

static void holders_come_nearest_first_then_by_number(void **state)
{
	struct authority *a = *state;
	struct person_id who[8];
	static const int64_t WANTED[] = {4, 9, 2, 7};

	authority_grant(a, 10, person(7), STR("duty"), STR(""), 0, 0);
	authority_grant(a, 11, person(2), STR("duty"), STR("sc"), 0, 0);
	authority_grant(a, 12, person(4), STR("duty"), COUNTY, 0, 0);
	authority_grant(a, 13, person(9), STR("duty"), COUNTY, 0, 0);
	authority_grant(a, 14, person(9), STR("duty"), STR("sc"), 0, 0);
	authority_grant(a, 15, person(5), STR("duty"), STR("sc/cd/other"), 0, 0);
	authority_grant(a, 16, person(6), STR("other"), COUNTY, 0, 0);
	authority_grant(a, 17, person(1), STR("duty"), COUNTY, 0, 1000);
	assert_int_equal(authority_holders(a, STR("duty"), COUNTY, 1000, who, 8), 4);
	for (size_t i = 0; i < COUNT(WANTED); i++)
		assert_int_equal(who[i].v, WANTED[i]);
	/* With less room the first ones stay, not the ones found first. */
	for (size_t max = 0; max < 4; max++) {
		assert_int_equal(authority_holders(a, STR("duty"), COUNTY, 1000, who, max), max);
		for (size_t i = 0; i < max; i++)
			assert_int_equal(who[i].v, WANTED[i]);
	}
}

/* What the records should say, kept naively: grants in a list. */
struct model {
	struct {
		int64_t who;
		int role, place;
		bool revoked;
	} grants[STEPS];
	size_t n;
};

static const char *const MODEL_PLACE[PLACES] = {"", "sc", "sc/cd", "sc/cd/jn", "sc/cd/xd"};
static const char *const MODEL_ROLE[ROLES] = {"courier", "duty_officer", "store_keeper"};

static bool model_holds(const struct model *m, int64_t who, int role, int place)
{
	for (size_t i = 0; i < m->n; i++) {
		struct str scope = str_of(MODEL_PLACE[m->grants[i].place]);

		if (m->grants[i].who == who && m->grants[i].role == role && !m->grants[i].revoked &&
		    place_covers(scope, str_of(MODEL_PLACE[place])))
			return true;
	}
	return false;
}

static void model_step(struct random *r, struct authority *a, struct model *m)
{
	if (m->n > 0 && random_below(r, 3) == 0) {
		size_t i = (size_t)random_below(r, m->n);

		m->grants[i].revoked = true;
		authority_revoke(a, (int64_t)i + 1);
		return;
	}
	m->grants[m->n].who = (int64_t)random_below(r, PERSONS) + 1;
	m->grants[m->n].role = (int)random_below(r, ROLES);
	m->grants[m->n].place = (int)random_below(r, PLACES);
	m->grants[m->n].revoked = false;
	authority_grant(a, (int64_t)m->n + 1, person(m->grants[m->n].who),
	                str_of(MODEL_ROLE[m->grants[m->n].role]),
	                str_of(MODEL_PLACE[m->grants[m->n].place]), 0, 0);
	m->n++;
}

static void assert_model(struct authority *a, const struct model *m)
{
	for (int64_t who = 1; who <= PERSONS; who++)
		for (int role = 0; role < ROLES; role++)
			for (int place = 0; place < PLACES; place++)
				assert_int_equal(model_holds(m, who, role, place),
				                 holds(a, who, MODEL_ROLE[role],
				                       MODEL_PLACE[place]));
}

static void taking_back_gives_what_stood_before(void **state)
{
	static struct model m, before;
	struct authority *a = *state;
	struct random r = random_seeded(21);

	for (int i = 0; i < STEPS / 8; i++) {
		size_t mark = authority_mark(a), steps = 1 + (size_t)random_below(&r, 6);

		before = m;
		for (size_t k = 0; k < steps; k++)
			model_step(&r, a, &m);
		assert_model(a, &m);
		if (random_below(&r, 2) == 1) {
			authority_back(a, mark);
			m = before;
			assert_model(a, &m);
		}
	}
}

static void a_copy_answers_alike(void **state)
{
	struct authority *a = *state, *copy = authority_new();
	struct ed25519_public one = {{1}}, two = {{2}}, got;
	struct random r = random_seeded(22);
	static struct model m;
	struct str place;

	authority_founded(a);
	for (int64_t who = 1; who <= 2; who++)
		authority_key(a, person(who), who == 1 ? &one : &two);
	authority_key_revoked(a, person(1));
	authority_device(a, 30, COUNTY, &one);
	authority_device(a, 31, COUNTY, &two);
	authority_device_revoked(a, 30);
	authority_grant(a, 9000, person(PERSONS + 1), STR("courier"), COUNTY, 900, 1100);
	authority_grant(a, 9001, person(PERSONS + 2), STR("courier"), COUNTY, 900, 1000);
	for (int i = 0; i < STEPS / 8; i++)
		model_step(&r, a, &m);
	authority_copy(copy, a);
	assert_int_equal(authority_mark(copy), authority_mark(a));
	assert_true(authority_is_founded(copy));
	assert_model(copy, &m);
	assert_false(authority_key_of(copy, person(1), &got));
	assert_true(authority_key_of(copy, person(2), &got));
	assert_memory_equal(&got, &two, sizeof(got));
	assert_false(authority_device_of(copy, 30, &place, &got));
	assert_true(authority_device_of(copy, 31, &place, &got));
	assert_str(place, "sc/cd/jn");
	assert_memory_equal(&got, &two, sizeof(got));
	assert_true(holds(copy, PERSONS + 1, "courier", "sc/cd/jn"));
	assert_false(holds(copy, PERSONS + 2, "courier", "sc/cd/jn"));
	authority_free(copy);
}

static void many_persons_are_told_apart(void **state)
{
	enum { MANY = 20000 };
	struct authority *a = *state;

	for (int64_t i = 1; i <= MANY; i++)
		authority_grant(a, i, person(i << 33), STR("courier"),
		                i % 2 ? COUNTY : STR("sc"), 0, 0);
	for (int64_t i = 1; i <= MANY; i++) {
		assert_true(holds(a, i << 33, "courier", "sc/cd/jn"));
		assert_int_equal(holds(a, i << 33, "courier", "sc"), i % 2 == 0);
		assert_false(holds(a, i, "courier", "sc/cd/jn"));
	}
}

/* A program of one module, and an operation in its writer. */
static const char *const DUTY[] = {"duty", NULL};
static const struct role ROLE[] = {
	{"courier", "押运员", "courier", NULL},
	{"duty", "值守", "duty", NULL},
	{"duty_officer", "值班员", "duty officer", DUTY},
};
static const struct allow ALLOWED[] = {{"courier", LEVEL_COUNTY}, {"duty_officer", LEVEL_ANY}};
static const struct allow ALLOWED_DUTY[] = {{"duty", LEVEL_ANY}};
static const struct command PATROL = {
	.name = "custody.patrol", ALLOW(ALLOWED_DUTY), .zh = "巡查", .en = "patrol"};
static const struct command HAND_OVER = {
	.name = "custody.hand_over", ALLOW(ALLOWED), .zh = "交接", .en = "hand over"};

/* Knows tonight's duty officer of the county, and nothing of couriers. */
static enum rc roster(struct op *op, struct str role, struct str place, bool *ret_known,
                      struct person_id *ret, size_t max, size_t *ret_n)
{
	(void)op;
	*ret_known = str_is(role, "duty_officer") && str_eq(place, COUNTY);
	if (*ret_known && max > 0) {
		ret[0].v = 42;
		*ret_n = 1;
	}
	return RC_OK;
}

static const struct module ONE = {
	.name = "one", TABLE_OF(roles, ROLE), .resolve = roster, .zh = "一", .en = "one"};
static const struct module *const LIST[] = {&ONE};

struct program {
	struct arena arena;
	struct modules modules;
	struct writer writer;
	struct run run;
	struct op op;
};

static void program_init(struct program *p, struct authority *a)
{
	*p = (struct program){0};
	p->op = (struct op){.arena = &p->arena, .now_ms = 1000, .run = &p->run};
	if (modules_init(&p->op, LIST, COUNT(LIST), &p->modules) != RC_OK)
		fail_msg("%s", p->op.err.en);
	p->writer.authority = a;
	p->run.writer = &p->writer;
	p->run.modules = &p->modules;
}

static void program_release(struct program *p)
{
	modules_release(&p->modules);
	arena_release(&p->arena);
}

static void a_command_asks_for_one_of_its_roles_at_its_place(void **state)
{
	struct authority *a = *state;
	struct program p;

	program_init(&p, a);
	assert_int_equal(authority_check(&p.op, &HAND_OVER, COUNTY), RC_DENIED);
	authority_grant(a, 10, person(1), STR("courier"), COUNTY, 0, 0);
	authority_grant(a, 11, person(2), STR("courier"), STR("sc"), 0, 0);
	authority_grant(a, 12, person(3), STR("duty_officer"), STR("sc"), 0, 0);
	p.op.actor = person(1);
	assert_ok(authority_check(&p.op, &HAND_OVER, COUNTY));
	assert_int_equal(authority_check(&p.op, &HAND_OVER, STR("sc/cd")), RC_DENIED);
	p.op.actor = person(2); /* the right role, granted too high up */
	assert_int_equal(authority_check(&p.op, &HAND_OVER, COUNTY), RC_DENIED);
	p.op.actor = person(3);
	assert_ok(authority_check(&p.op, &HAND_OVER, COUNTY));
	authority_revoke(a, 12);
	assert_int_equal(authority_check(&p.op, &HAND_OVER, COUNTY), RC_DENIED);
	program_release(&p);
}

static void a_denial_says_who_may(void **state)
{
	struct authority *a = *state;
	struct program p;

	program_init(&p, a);
	p.op.actor = person(5);
	assert_int_equal(authority_check(&p.op, &HAND_OVER, COUNTY), RC_DENIED);
	assert_string_equal(p.op.err.zh,
	                    "操作人在 sc/cd/jn 无权办理交接；可办理：县级及以下押运员、值班员");
	assert_string_equal(p.op.err.en, "the actor may not, at sc/cd/jn, hand over; "
	                                 "those who may: courier (county or below), duty officer");
	program_release(&p);
}

static void a_role_serves_for_one_that_it_includes(void **state)
{
	struct authority *a = *state;
	struct person_id who[4];
	struct program p;
	size_t n;

	program_init(&p, a);
	authority_grant(a, 10, person(3), STR("duty_officer"), STR("sc"), 0, 0);
	authority_grant(a, 11, person(5), STR("duty"), STR("sc/cd"), 0, 0);
	authority_grant(a, 12, person(2), STR("courier"), STR("sc/cd"), 0, 0);
	p.op.actor = person(3);
	assert_ok(authority_check(&p.op, &PATROL, STR("sc/cd")));
	p.op.actor = person(2);
	assert_int_equal(authority_check(&p.op, &PATROL, STR("sc/cd")), RC_DENIED);
	assert_ok(resolve(&p.op, STR("duty"), STR("sc/cd"), who, 4, &n));
	assert_int_equal(n, 2);
	assert_int_equal(who[0].v, 5);
	assert_int_equal(who[1].v, 3);
	assert_ok(resolve(&p.op, STR("duty"), COUNTY, who, 4, &n)); /* by the roster's officer */
	assert_int_equal(n, 1);
	assert_int_equal(who[0].v, 42);
	program_release(&p);
}

static void a_roster_answers_before_the_grants(void **state)
{
	struct authority *a = *state;
	struct program p;
	struct person_id who[2];
	size_t n;

	program_init(&p, a);
	authority_grant(a, 10, person(3), STR("duty_officer"), COUNTY, 0, 0);
	authority_grant(a, 11, person(4), STR("courier"), COUNTY, 0, 0);
	assert_ok(resolve(&p.op, STR("duty_officer"), COUNTY, who, 2, &n));
	assert_int_equal(n, 1);
	assert_int_equal(who[0].v, 42);
	assert_ok(resolve(&p.op, STR("courier"), COUNTY, who, 2, &n));
	assert_int_equal(n, 1);
	assert_int_equal(who[0].v, 4);
	/* Being on the roster gives no right. */
	p.op.actor = person(42);
	assert_int_equal(authority_check(&p.op, &HAND_OVER, COUNTY), RC_DENIED);
	program_release(&p);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(nobody_holds_anything_before_a_grant),
		T(a_grant_covers_its_place_and_all_under_it),
		T(a_level_asks_for_a_grant_as_near),
		T(a_grant_holds_from_its_start_until_before_its_end),
		T(a_revocation_takes_that_grant_alone),
		T(keys_and_devices_are_replaced_and_revoked),
		T(holders_come_nearest_first_then_by_number),
		T(taking_back_gives_what_stood_before),
		T(a_copy_answers_alike),
		T(many_persons_are_told_apart),
		T(a_command_asks_for_one_of_its_roles_at_its_place),
		T(a_denial_says_who_may),
		T(a_role_serves_for_one_that_it_includes),
		T(a_roster_answers_before_the_grants),
	};

	return cmocka_run_group_tests_name("authority", tests, NULL, NULL);
}
