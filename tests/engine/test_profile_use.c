/* SPDX-License-Identifier: Apache-2.0 */
/* test_profile_use.c -- what a profile changes in the toy module: colours, tolerances, off. */
#include "kit/check.h"

#include "engine/alarm.h"
#include "engine/doctor.h"
#include "engine/modules_private.h"
#include "kit/toy_setup.h"

/* The toy's profile with its first `from` replaced. */
static void with(const char *from, const char *to)
{
	static struct arena a; /* the kit keeps a view of it */
	const char *hit = strstr(TOY_PROFILE, from);

	assert_non_null(hit);
	kit_close(&K);
	arena_reset(&a);
	kit_open(&K, TOY_MODULES, 1,
	         str_fmt(&a, "%.*s%s%s", (int)(hit - TOY_PROFILE), TOY_PROFILE, to,
	                 hit + strlen(from)).s, 1);
	kit_grant(&K, 1, "toy_keeper", HALL);
	kit_grant(&K, 2, "toy_keeper", HALL);
	kit_grant(&K, 3, "toy_chief", "aa");
	kit_found(&K);
}

static int colour_of(const char *rule)
{
	struct op op = K.op;
	struct alarm *a;
	size_t n;

	op.db = K.store.view;
	assert_ok(alarm_list(&op, STR(""), true, &a, &n));
	for (size_t i = 0; i < n; i++)
		if (str_is(a[i].rule, rule))
			return a[i].colour;
	return -1;
}

#define GATE "{\"place\":\"" HALL "\"}"
#define FROM_GATE "\"id\":\"toy.gate\",\"anchor\":\"T\","

static void an_alarm_rule_has_its_colour_from_the_profile(void **state)
{
	(void)state;
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(colour_of("toy.arrival"), COLOUR_BLUE);
	with("\"ladders\":[", "\"alarms\":[{\"rule\":\"toy.arrival\",\"colour\":\"orange\","
	     "\"source\":\"x\",\"sure\":\"unconfirmed\"}],\"ladders\":[");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(colour_of("toy.arrival"), COLOUR_ORANGE);
}

/* Late and missing share a rule and are told apart by the window's colours. */
static void a_window_gives_early_late_and_missing_their_colours(void **state)
{
	(void)state;
	with(FROM_GATE, FROM_GATE "\"colours\":{\"early\":\"orange\",\"late\":\"blue\","
	     "\"missing\":\"red\"},");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_except(&K, 1, "toy.open_gate", GATE, "approver=badge:3", "x y"));
	assert_int_equal(colour_of("toy.gate_early"), COLOUR_ORANGE);

	with(FROM_GATE, FROM_GATE "\"colours\":{\"missing\":\"red\"},");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	kit_at(&K, "2025-06-06T14:50:01+08:00");
	kit_pass(&K, 1);
	assert_int_equal(colour_of("toy.gate_late"), COLOUR_RED);
}

static void what_is_within_the_tolerance_is_in_time(void **state)
{
	(void)state;
	with(FROM_GATE, FROM_GATE "\"tolerance\":{\"late\":120},");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	kit_at(&K, "2025-06-06T14:52:00+08:00");
	must(kit_do(&K, 1, "toy.open_gate", GATE, NULL));
	assert_int_equal(kit_alarms(&K, "toy.gate_late"), 0);

	with(FROM_GATE, FROM_GATE "\"tolerance\":{\"late\":119},");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	must(kit_do(&K, 1, "toy.leave", LOOK_7, NULL));
	kit_at(&K, "2025-06-06T14:52:00+08:00");
	must(kit_do(&K, 1, "toy.open_gate", GATE, NULL));
	assert_int_equal(kit_alarms(&K, "toy.gate_late"), 1);
}

/* Off: facts are recorded, nothing is expected, orders are refused by the profile's source. */
static void a_module_that_is_off_takes_facts_and_no_orders(void **state)
{
	(void)state;
	with("\"ladders\":[", "\"off\":[{\"module\":\"toy\",\"source\":\"province's notice 7\","
	     "\"sure\":\"confirmed\"}],\"ladders\":[");
	must(kit_do(&K, 1, "toy.arrive", ARRIVE_7, NULL));
	assert_int_equal(kit_count(&K, "toy.arrived"), 1);
	assert_int_equal(kit_sql(&K, "SELECT COUNT(*) FROM expectation"), 0);
	kit_at(&K, "2025-06-06T14:31:00+08:00");
	assert_int_equal(kit_do(&K, 1, "toy.open_gate", GATE, NULL), RC_CONFLICT);
	assert_string_equal(K.answer.err.field, "command");
	assert_string_equal(K.answer.err.article, "province's notice 7");
	kit_pass(&K, 86400);
	assert_int_equal(kit_count(&K, "expectation.lapsed"), 0);
	assert_int_equal(kit_alarms(&K, "toy.gate_late"), 0);
}

static void without_its_windows_a_module_must_be_off(void **state)
{
	struct profile_faults faults = {0};
	struct profile p = K.w.profile;
	struct profile_off off = {.module = STR("toy")};

	(void)state;
	p.nsteps = 0;
	assert_int_equal(profile_fits_all(&K.op, &p, &K.modules, &faults), RC_INVALID);
	assert_int_equal(faults.total, 3); /* look, gate, and the engine's own slot.complete */
	faults = (struct profile_faults){0};
	p.lists.off = &off;
	p.lists.noff = 1;
	assert_int_equal(profile_fits_all(&K.op, &p, &K.modules, &faults), RC_INVALID);
	assert_int_equal(faults.total, 1);
	p = K.w.profile;
	p.lists.off = &off;
	p.lists.noff = 1;
	off.module = STR("alarm");
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
	assert_string_equal(K.op.err.field, "off/0/module");
	off.module = STR("printing");
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
}

/* What two must close a profile cannot quietly give to one. */
static void a_grave_alarm_is_lessened_only_with_an_approver(void **state)
{
	struct profile p = K.w.profile;
	struct profile_colour less = {.rule = STR("toy.short"), .colour = COLOUR_YELLOW};

	(void)state;
	p.lists.colours = &less;
	p.lists.ncolours = 1;
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
	assert_string_equal(K.op.err.field, "alarms/0/rule");
	less.why.approver = STR("city leader");
	assert_ok(profile_fits(&K.op, &p, &K.modules));
	less.rule = STR("toy.no_such");
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
}

/* Who decides is a role of the modules or an office of the profile. */
static void nobody_unknown_decides(void **state)
{
	struct profile p = K.w.profile;
	struct str who[] = {STR("toy_chief"), STR("moe")};
	struct profile_decision d = {.id = STR("delay"), .deciders = {who, 1}, .informed = {who, 2}};
	struct profile_office moe = {.id = STR("moe")};

	(void)state;
	p.lists.decisions = &d;
	p.lists.ndecisions = 1;
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
	assert_string_equal(K.op.err.field, "decisions/0/informed");
	p.lists.offices = &moe;
	p.lists.noffices = 1;
	assert_ok(profile_fits(&K.op, &p, &K.modules));
	p.ladders[0].rungs[0].role = STR("nobody");
	assert_int_equal(profile_fits(&K.op, &p, &K.modules), RC_INVALID);
	assert_string_equal(K.op.err.field, "ladders/0/rungs/0/role");
}

static void an_entry_is_unsigned_for_as_long_as_the_profile_says(void **state)
{
	(void)state;
	assert_int_equal(doctor_unsigned_ms(&(struct profile){0}), 60000); /* a profile of before */
	with("\"ledger.unsigned_s\",\"value\":60", "\"ledger.unsigned_s\",\"value\":5");
	assert_int_equal(doctor_unsigned_ms(&K.w.profile), 5000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		T(an_alarm_rule_has_its_colour_from_the_profile),
		T(a_window_gives_early_late_and_missing_their_colours),
		T(what_is_within_the_tolerance_is_in_time),
		T(a_module_that_is_off_takes_facts_and_no_orders),
		T(without_its_windows_a_module_must_be_off),
		T(nobody_unknown_decides),
		T(an_entry_is_unsigned_for_as_long_as_the_profile_says),
		T(a_grave_alarm_is_lessened_only_with_an_approver),
	};

	return cmocka_run_group_tests_name("profile_use", tests, NULL, NULL);
}
