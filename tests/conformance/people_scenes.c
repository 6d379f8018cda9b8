/* SPDX-License-Identifier: Apache-2.0 */
/* people_scenes.c -- persons and their posts; the secrecy room, its keys, its guards. */
#include "kit/check.h"

#include "conformance/reading.h"
#include "conformance/scenario.h"

#include "app/modules.h"
#include "domain/acts.h"
#include "domain/people/people.h"

#define POST "{'person':'P0014','place':'" JN "','role':'courier'}"
#define KEYS(cabinet) "{'place':'" STORE "','door_a':'P0003','door_b':'P0004','cabinet':'" cabinet \
	"','code':'P0006'}"
#define ON(duty) "custody.guard_on", "{'place':'" STORE "','duty':'" duty "'}"
#define OFF "custody.guard_off", "{'place':'" STORE "'}"

static void persons_are_registered_declare_and_take_posts(void)
{
	struct scene s;
	struct person p;
	struct op op;

	scene_open(&s);
	assert_int_equal(kit_count(&s.k, "people.unit_added"), 1);
	assert_int_equal(kit_count(&s.k, "people.person_registered"), view_rows(&s, "people/persons"));
	PLAY(&s,
	     {"the unit again", NULL, OFFICE, "people.add_unit",
	      "{'place':'" JN "','code':'U1','name':'演示单位'}", .rc = RC_CONFLICT, .field = "code"},
	     {"no such post yet", NULL, OFFICE, "people.end_post", POST, .rc = RC_NOT_FOUND,
	      .field = "role"},
	     {"a post", NULL, OFFICE, "people.assign_post", POST, .emits = "people.post_assigned"},
	     {"the post again", NULL, OFFICE, "people.assign_post", POST, .rc = RC_CONFLICT,
	      .field = "role"},
	     {"a relative turns up", NULL, OFFICE, "people.declare_avoidance",
	      "{'person':'P0014','relative':true}", "declarer=badge:P0014",
	      .emits = "people.avoidance_declared", .alarm = "people.relative_on_post"},
	     {"the post ends", NULL, OFFICE, "people.end_post", POST, .emits = "people.post_ended"});
	assert_int_equal(view_rows(&s, "people/posts"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT ended FROM people_post"), 1);
	op = s.k.op;
	op.db = s.k.store.view;
	assert_ok(people_read(&op, (struct person_id){scene_person(&s, "P0014")}, &p));
	assert_str(p.code, "P0014");
	assert_int_equal(p.avoidance, AVOIDANCE_RELATIVE);
	kit_check_rebuild(&s.k, (const char *const[]){"people_unit", "people_person",
	                                              "people_post", NULL});
	scene_close(&s);
}

/* The scenes and the program know the same modules: a row of one is a row of the other. */
static void the_scenes_are_of_the_programs_own_modules(void)
{
	struct scene s;
	size_t i;

	scene_open(&s);
	assert_int_equal(s.k.modules.n, app_nmodules);
	for (i = 0; i < app_nmodules; i++)
		assert_ptr_equal(s.k.modules.list[i], app_modules[i]);
	scene_close(&s);
}

static void activate(struct scene *s)
{
	PLAY(s,
	     {"nobody holds keys", NULL, OFFICE, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-1'}", LEADERS, RC_CONFLICT, "place"},
	     {"four hold them", NULL, OFFICE, "custody.assign_keys", KEYS("P0005"), LEADERS,
	      .emits = "custody.keys_assigned"},
	     {"nobody is on post", NULL, OFFICE, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-1'}", LEADERS, RC_CONFLICT, "place"},
	     {"a guard", NULL, OFFICE, ON("guard"), "guard=badge:P0007",
	      .emits = "custody.guard_posted"},
	     {"another", NULL, OFFICE, ON("guard"), "guard=badge:P0008"},
	     {"the police", NULL, OFFICE, ON("police"), "guard=badge:P0011"}, STAFFED, NEW_LOCKS,
	     {"active", NULL, OFFICE, "custody.activate_store",
	      "{'place':'" STORE "','certificate':'YS-1'}", LEADERS,
	      .emits = "custody.store_activated"});
}

static void a_room_is_kept_by_keys_and_guards(void)
{
	struct scene s;

	scene_open(&s);
	activate(&s);
	assert_int_equal(view_rows(&s, "custody/guards"), 3);
	PLAY(&s,
	     {"a guard leads from now on", NULL, OFFICE, ON("leader"), "guard=badge:P0008"},
	     {"the cabinet's key changes hands", NULL, OFFICE, "custody.assign_keys", KEYS("P0009"),
	      LEADERS},
	     {"the police officer goes", NULL, OFFICE, OFF, "guard=badge:P0011",
	      .emits = "custody.guard_left", .alarm = "custody.no_police"},
	     {"another comes", NULL, OFFICE, ON("police"), "guard=badge:P0012"},
	     {"a guard goes", NULL, OFFICE, OFF, "guard=badge:P0007"},
	     {"and the leader too", NULL, OFFICE, OFF, "guard=badge:P0008",
	      .alarm = "custody.guards_short"},
	     {"the room is closed", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}",
	      LEADERS, .emits = "custody.store_deactivated"},
	     {"once", NULL, OFFICE, "custody.deactivate_store", "{'place':'" STORE "'}", LEADERS,
	      RC_CONFLICT, "place"});
	assert_int_equal(view_rows(&s, "custody/guards"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT person FROM custody_key WHERE kind = 2"),
	                 scene_person(&s, "P0009"));
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_key"), 4);
	assert_int_equal(kit_sql(&s.k, "SELECT active FROM custody_store"), 0);
	kit_check_rebuild(&s.k, (const char *const[]){"custody_store", "custody_key",
	                                              "custody_guard", NULL});
	scene_close(&s);
}

/* Whoever comes on post twice has one row, and what they last said counts. */
static void a_guard_who_comes_again_takes_the_new_duty(void)
{
	struct scene s;

	scene_open(&s);
	PLAY(&s,
	     {"a guard", NULL, OFFICE, ON("guard"), "guard=badge:P0007"},
	     {"who leads from now on", NULL, OFFICE, ON("leader"), "guard=badge:P0007"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM custody_guard"), 1);
	assert_int_equal(kit_sql(&s.k, "SELECT duty FROM custody_guard"), 2);
	scene_close(&s);
}

static void a_room_is_patrolled_and_checked_or_it_is_alarmed(void)
{
	struct scene s;

	scene_open(&s);
	activate(&s);
	kit_pass(&s.k, 1700);
	PLAY(&s, {"a patrol", NULL, "P0003", "custody.patrol", "{'place':'" STORE "','sound':true}",
	          "patroller=badge:P0007 patroller=badge:P0008", .emits = "custody.patrolled"});
	kit_pass(&s.k, 1799);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 0);
	kit_pass(&s.k, 2);
	assert_int_equal(kit_alarms(&s.k, "custody.patrol_missing"), 1);
	kit_pass(&s.k, 12 * 3600);
	assert_int_equal(kit_alarms(&s.k, "custody.check_missing"), 1);
	PLAY(&s, {"the three sides check", NULL, OFFICE, "custody.joint_check",
	          "{'place':'" STORE "','sound':false,'finding':'摄像头黑屏'}",
	          "education=badge:P0001 police=badge:P0011 secrecy=badge:P0013",
	          .emits = "custody.joint_checked", .alarm = "custody.finding"});
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 3"
	                         " AND rule = 'custody.joint_check'"), 0);
	assert_true(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE met >= 0 AND state = 1"
	                    " AND rule = 'custody.joint_check'") == 1);
	assert_int_equal(kit_sql(&s.k, "SELECT COUNT(*) FROM expectation WHERE state = 1"
	                         " AND rule = 'custody.patrol'"), 1);
	scene_close(&s);
}

static const struct scenario LIST[] = {
	{"the_scenes_are_of_the_programs_own_modules", the_scenes_are_of_the_programs_own_modules,
	 .rows = (const char *const[]){NULL}},
	{"persons_are_registered_declare_and_take_posts", persons_are_registered_declare_and_take_posts,
	 ROWS("sql:people/0", "sql:people/1", "sql:people/2", "sql:people/3", "sql:people/4",
	      "sql:people/5", "sql:people/6", "sql:people/7", "sql:people/8", "sql:people/9",
	      "sql:people/10", "sql:people/11", "sql:people/12", "event:people.unit_added",
	      "event:people.person_registered", "event:people.avoidance_declared",
	      "event:people.post_assigned", "event:people.post_ended",
	      "alarm:people.relative_on_post")},
	{"a_room_is_kept_by_keys_and_guards", a_room_is_kept_by_keys_and_guards,
	 ROWS("sql:custody_store/0", "sql:custody_store/1", "sql:custody_store/2",
	      "sql:custody_store/3", "sql:custody_store/4", "sql:custody_store/6",
	      "sql:custody_guard/1", "sql:custody_guard/2", "sql:custody_guard/3",
	      "sql:custody_view/5", "event:custody.keys_assigned",
	      "event:custody.store_activated", "event:custody.store_deactivated",
	      "event:custody.guard_posted", "event:custody.guard_left", "alarm:custody.no_police",
	      "alarm:custody.guards_short")},
	{"a_guard_who_comes_again_takes_the_new_duty", a_guard_who_comes_again_takes_the_new_duty,
	 ROWS("sql:custody_guard/0")},
	{"a_room_is_patrolled_and_checked_or_it_is_alarmed",
	 a_room_is_patrolled_and_checked_or_it_is_alarmed,
	 ROWS("expectation:custody.patrol", "expectation:custody.joint_check",
	      "event:custody.patrolled", "event:custody.joint_checked",
	      "alarm:custody.patrol_missing", "alarm:custody.check_missing",
	      "alarm:custody.finding")},
};
const struct scenario_set PEOPLE_SCENES = {LIST, COUNT(LIST)};
