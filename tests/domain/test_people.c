/* SPDX-License-Identifier: Apache-2.0 */
/* test_people.c -- units, persons, avoidance, posts. */
#include "kit/check.h"

#include "domain/scene.h"

#include "domain/people/people.h"

static void a_person_is_registered_once(void **state)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a second unit", NULL, OFFICE, "people.add_unit",
	      "{'place':'sc/cd/jn/s01','code':'U2','name':'考点'}", .emits = "people.unit_added"},
	     {"the same unit again", NULL, OFFICE, "people.add_unit",
	      "{'place':'sc/cd/jn/s01','code':'U2','name':'考点'}", .rc = RC_CONFLICT,
	      .field = "code"},
	     {"a person of it", NULL, OFFICE, "people.register",
	      "{'code':'P9001','unit':'U2','name':'化名','secrecy':true}",
	      .emits = "people.person_registered"},
	     {"an unknown unit", NULL, OFFICE, "people.register",
	      "{'code':'P9002','unit':'U9','name':'化名'}", .rc = RC_NOT_FOUND, .field = "unit"});
	/* Without the scene, which would turn the code into the number of who has it. */
	assert_int_equal(kit_do(&s.k, scene_person(&s, OFFICE), "people.register",
	                        "{\"code\":\"P9001\",\"unit\":\"U2\",\"name\":\"化名\"}", NULL),
	                 RC_CONFLICT);
	assert_string_equal(s.k.answer.err.field, "code");
	scene_close(&s);
	(void)state;
}

static void a_name_stands_in_the_vault_alone(void **state)
{
	struct scene s;

	scene_open(&s);
	for (uint64_t i = 0; i < kit_size(&s.k); i++)
		assert_null(strstr(kit_entry(&s.k, i).s, "化名"));
	scene_close(&s);
	(void)state;
}

static void avoidance_is_declared_with_ones_own_signature(void **state)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"another signs", NULL, OFFICE, "people.declare_avoidance",
	      "{'person':'P0014','relative':true}", "declarer=badge:P0015", RC_INVALID, "declarer"},
	     {"the courier's child sits", NULL, OFFICE, "people.declare_avoidance",
	      "{'person':'P0014','relative':true,'detail':'子女参加'}", "declarer=badge:P0014",
	      .emits = "people.avoidance_declared"},
	     {"so no post", NULL, OFFICE, "people.assign_post",
	      "{'person':'P0014','place':'sc/cd/jn','role':'courier'}", .rc = RC_CONFLICT,
	      .field = "person"});
	scene_close(&s);
	(void)state;
}

static void nobody_serves_undeclared(void **state)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a new person", NULL, OFFICE, "people.register",
	      "{'code':'P9001','unit':'U1','name':'化名'}"},
	     {"no declaration", NULL, OFFICE, "people.assign_post",
	      "{'person':'P9001','place':'sc/cd/jn','role':'courier'}", .rc = RC_CONFLICT,
	      .field = "person"});
	scene_close(&s);
	(void)state;
}

static void a_post_is_held_once_and_ends(void **state)
{
#define POST "{'person':'P0014','place':'sc/cd/jn','role':'courier'}"
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"an unknown role", NULL, OFFICE, "people.assign_post",
	      "{'person':'P0014','place':'sc/cd/jn','role':'pilot'}", .rc = RC_INVALID,
	      .field = "role"},
	     {"not held yet", NULL, OFFICE, "people.end_post", POST, .rc = RC_NOT_FOUND,
	      .field = "role"},
	     {"the post", NULL, OFFICE, "people.assign_post", POST, .emits = "people.post_assigned"},
	     {"twice", NULL, OFFICE, "people.assign_post", POST, .rc = RC_CONFLICT, .field = "role"},
	     {"an end in the past", NULL, OFFICE, "people.assign_post",
	      "{'person':'P0015','place':'sc/cd/jn','role':'courier',"
	      "'until':'2025-06-01T08:00:00+08:00'}",
	      .rc = RC_INVALID, .field = "until"},
	     {"a relative turns up", NULL, OFFICE, "people.declare_avoidance",
	      "{'person':'P0014','relative':true}", "declarer=badge:P0014",
	      .alarm = "people.relative_on_post"},
	     {"so it ends", NULL, OFFICE, "people.end_post", POST, .emits = "people.post_ended"},
	     {"and is gone", NULL, OFFICE, "people.end_post", POST, .rc = RC_NOT_FOUND,
	      .field = "role"});
	kit_check_rebuild(&s.k,
	                  (const char *const[]){"people_unit", "people_person", "people_post", NULL});
	scene_close(&s);
	(void)state;
}

static void a_county_registers_nobody_elsewhere(void **state)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"the city's unit", NULL, OFFICE, "people.add_unit",
	      "{'place':'sc/cd','code':'U3','name':'市'}", .rc = RC_DENIED},
	     {"the city may", NULL, "P0033", "people.add_unit",
	      "{'place':'sc/cd','code':'U3','name':'市'}", .emits = "people.unit_added"});
	scene_close(&s);
	(void)state;
}

static void what_is_known_of_a_person(void **state)
{
	struct scene s;
	struct person p;
	struct op op;

	scene_open(&s);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(people_read(&op, (struct person_id){scene_person(&s, "P0014")}, &p));
	assert_str(p.code, "P0014");
	assert_str(p.unit, "U1");
	assert_int_equal(p.avoidance, AVOIDANCE_CLEAR);
	assert_true(p.name_vault > 0);
	assert_int_equal(people_read(&op, (struct person_id){999999}, &p), RC_NOT_FOUND);
	assert_int_equal(people_find(&op, STR("P4711"), &p.id), RC_NOT_FOUND);
	scene_close(&s);
	(void)state;
}

static const struct CMUnitTest TESTS[] = {
	cmocka_unit_test(a_person_is_registered_once),
	cmocka_unit_test(a_name_stands_in_the_vault_alone),
	cmocka_unit_test(avoidance_is_declared_with_ones_own_signature),
	cmocka_unit_test(nobody_serves_undeclared),
	cmocka_unit_test(a_post_is_held_once_and_ends),
	cmocka_unit_test(a_county_registers_nobody_elsewhere),
	cmocka_unit_test(what_is_known_of_a_person),
};
SCENE_MAIN(TESTS)
