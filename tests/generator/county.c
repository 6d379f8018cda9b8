/* SPDX-License-Identifier: Apache-2.0 */
/* county.c -- the world of the real modules: a county with two secrecy rooms, three sites and the
 * people who carry papers between them.
 *
 * The people are there when it begins, with their rights, and most have declared avoidance; papers,
 * vehicles, keys of rooms and guards come by acts.
 */
#include "generator/gen.h"

#include "app/modules.h"
#include "generator/recipes_custody.h"

#define CITY "sc/cd"
#define COUNTY "sc/cd/jn"

static const struct spot SPOTS[] = {
	{"county", COUNTY}, {"store", COUNTY "/store"}, {"spare_store", COUNTY "/store2"},
	{"site", COUNTY "/s01"}, {"site", COUNTY "/s02"}, {"site", COUNTY "/s03"},
	{"room", COUNTY "/s01/r01"}, {"room", COUNTY "/s01/r02"}, {"room", COUNTY "/s02/r01"},
	{"room", COUNTY "/s02/r02"}, {"room", COUNTY "/s03/r01"}, {"elsewhere", "sc/cd/qy/s09"},
	{"city", CITY}, {"press", CITY "/press"},
};

static const struct {
	const char *role, *place;
} CAST[] = {
	{"county_office", COUNTY}, {"county_leader", COUNTY}, {"store_keeper", COUNTY},
	{"store_keeper", COUNTY}, {"store_keeper", COUNTY}, {"store_keeper", COUNTY},
	{"secrecy_guard", COUNTY "/store"}, {"secrecy_guard", COUNTY}, {"police", COUNTY},
	{"police", COUNTY}, {"secrecy_officer", COUNTY}, {"courier", COUNTY}, {"courier", COUNTY},
	{"courier", COUNTY}, {"site_chief", COUNTY "/s01"}, {"site_clerk", COUNTY "/s01"},
	{"invigilator", COUNTY "/s01"}, {"invigilator", COUNTY "/s01"}, {"site_chief", COUNTY "/s02"},
	{"site_clerk", COUNTY "/s02"}, {"invigilator", COUNTY "/s02"}, {"invigilator", COUNTY "/s02"},
	{"site_chief", COUNTY "/s03"}, {"site_clerk", COUNTY "/s03"}, {"invigilator", COUNTY "/s03"},
	{"invigilator", COUNTY "/s03"}, {"duty_officer", COUNTY}, {"city_office", CITY},
	{"exception_approver", CITY}, {"city_duty", CITY}, {"inspector", COUNTY},
	{"province_office", "sc"}, {"province_office", "sc"}, {"city_leader", CITY},
	{"print_supervisor", CITY}, {"print_supervisor", CITY}, {"county_director", COUNTY},
	{"discipline_officer", COUNTY}, {"tip_officer", CITY}, {"deputy_chief", COUNTY "/s01"},
	{"deputy_chief", COUNTY "/s02"}, {"listening_player", COUNTY}, {"technician", COUNTY},
	{"bell_keeper", COUNTY}, {"gate_checker", COUNTY}, {"identity_checker", COUNTY},
	{"medic", COUNTY},
};

static int64_t register_person(struct gen *g, size_t n)
{
	struct str data = str_fmt(&g->scratch,
	                          "{\"code\":\"P%04zu\",\"unit\":\"U1\",\"name\":\"化名%zu\"%s}", n, n,
	                          n % 3 ? "" : ",\"secrecy\":true");

	found_do(g, 0, "people.register", data, NULL);
	return g->answer[0].index;
}

static void register_key(struct gen *g, int64_t person)
{
	struct ed25519_key key = key_of((struct person_id){person});
	struct str hex = hex_encode(&g->scratch, key.pub.b, sizeof(key.pub.b));
	struct str data = str_fmt(&g->scratch, "{\"person\":%lld,\"key\":\"%s\"}", (long long)person,
	                          hex.s);

	found_do(g, 0, "authority.register_key", data, NULL);
}

static void declare(struct gen *g, int64_t office, int64_t person)
{
	struct str data = str_fmt(&g->scratch, "{\"person\":%lld,\"relative\":false}",
	                          (long long)person);
	struct str slot = str_fmt(&g->scratch, "declarer:%lld", (long long)person);

	found_do(g, office, "people.declare_avoidance", data, slot.s);
}

static void found_county(struct gen *g)
{
	int64_t id[COUNT(CAST)];
	size_t declared = g->terse ? 8 : 14, keys = g->terse ? 6 : 2;

	found_do(g, 0, "place.add",
	         STR("{\"place\":\"" COUNTY "\",\"kind\":\"area\",\"name\":\"示范县\"}"), NULL);
	found_do(g, 0, "people.add_unit",
	         STR("{\"place\":\"" COUNTY "\",\"code\":\"U1\",\"name\":\"演练单位\"}"), NULL);
	for (size_t i = 0; i < COUNT(CAST); i++) {
		if (g->terse && place_covers(STR(COUNTY "/s02"), str_of(CAST[i].place)))
			continue;
		if (g->terse && place_covers(STR(COUNTY "/s03"), str_of(CAST[i].place)))
			continue;
		id[i] = register_person(g, i + 1);
		found_grant(g, id[i], CAST[i].role, CAST[i].place);
		if (i % keys == 1)
			register_key(g, id[i]);
	}
	found_grant(g, id[0], "vault_reader", "");
	found_grant(g, id[1], "vault_remover", "");
	found_grant(g, id[10], "vault_remover", "");
	found_close(g);
	for (size_t i = 0; i < declared; i++)
		declare(g, id[0], id[i]);
}

static const struct pool POOLS[] = {
	{"unit", "SELECT code FROM people_unit ORDER BY code"},
	{"box", "SELECT code FROM custody_box ORDER BY code"},
	{"bag", "SELECT code FROM custody_bag ORDER BY code"},
	{"consignment", "SELECT code FROM custody_consignment ORDER BY code"},
	{"candidate", "SELECT number FROM exam_candidate ORDER BY number"},
	{"combination", "SELECT 'physics.chemistry.biology'"},
	{"language", "SELECT 'english'"},
	{"decision", "SELECT 'spare_paper' UNION SELECT 'delay' ORDER BY 1"},
	{"item", "SELECT 'hearing_aid' UNION SELECT 'phone' ORDER BY 1"},
	{"vehicle", "SELECT code FROM custody_vehicle ORDER BY code"},
	{"trip", "SELECT trip FROM custody_trip ORDER BY trip"},
	{"print_job", "SELECT job FROM custody_print ORDER BY job"},
	{"script_bag", "SELECT bag FROM custody_script ORDER BY bag"},
	{"order", "SELECT code FROM duty_order ORDER BY code"},
	{"shift", "SELECT code FROM duty_shift ORDER BY code"},
	{"call", "SELECT id FROM duty_call ORDER BY id"},
	{"tip", "SELECT id FROM duty_tip ORDER BY id"},
	{"violation", "SELECT id FROM sitting_violation ORDER BY id"},
	{"incident", "SELECT id FROM sitting_fact WHERE settled < 0 ORDER BY id"},
	{"entry", "SELECT idx FROM custody_entry ORDER BY idx"},
	{"holder", "SELECT code FROM custody_vehicle UNION SELECT holder FROM custody_box ORDER BY 1"},
};

static const struct recipe RECIPES[] = {
	{"people.add_unit", "county", 1},
	{"people.register", "county", 3},
	{"people.declare_avoidance", "county", 4, .make = people_declare},
	{"people.assign_post", "county", 4, .make = people_assign},
	{"people.end_post", "county", 2, .make = people_end},
	{"custody.register_vehicle", "county", 1, {[PHASE_PREPARE] = 8}},
	{"custody.register_consignment", "county", 1, {[PHASE_PREPARE] = 8}, custody_consignment},
	{"custody.register_box", "county", 1, {[PHASE_PREPARE] = 45}, custody_box},
	{"custody.register_bag", "county", 1, {[PHASE_PREPARE] = 70}, custody_bag},
	{"custody.assign_keys", "store", 1, {[PHASE_PREPARE] = 8, [PHASE_ARRIVE] = 8}, custody_keys},
	{"custody.guard_on", "store", 3, {[PHASE_PREPARE] = 8, [PHASE_ARRIVE] = 4}, custody_guard_on},
	{"custody.guard_off", "store", 1, .make = custody_guard_off},
	{"custody.activate_store", "store", 1, {[PHASE_PREPARE] = 6, [PHASE_ARRIVE] = 10},
	 custody_activate},
	{"custody.deactivate_store", "store", 1, {[PHASE_AFTER] = 12}, custody_deactivate},
	{"custody.patrol", "store", 12, .make = custody_check},
	{"custody.joint_check", "store", 4, .make = custody_check},
	{"custody.hand_over", "store", 3, {[PHASE_ARRIVE] = 80, [PHASE_CARRY] = 70}, custody_hand_over},
	{"custody.release_boxes", "store", 2, {[PHASE_RELEASE] = 70, [PHASE_CARRY] = 12},
	 custody_release},
	{"custody.issue_bag", "site", 2, {[PHASE_ISSUE] = 90}, custody_issue},
	{"custody.open_bag", "room", 1, {[PHASE_OPEN] = 90, [PHASE_SIT] = 4}, custody_open},
	{"custody.count_bag", "room", 1, {[PHASE_COUNT] = 90, [PHASE_RETURN] = 10}, custody_count},
	{"custody.return_bags", "store", 1,
	 {[PHASE_RETURN] = 60, [PHASE_CLOSE] = 25, [PHASE_AFTER] = 20}, custody_return},
	{"custody.close_half_day", "store", 1, {[PHASE_CLOSE] = 30, [PHASE_AFTER] = 20}, custody_close},
	{"custody.destroy", "store", 1, {[PHASE_AFTER] = 45}, custody_destroy},
	{"custody.found_object", "store", 2},
	{NULL},
};
static const struct recipe *const TABLES[] = {RECIPES, exam_recipes, paper_recipes,
	sitting_recipes, duty_recipes, NULL};

const struct world county_world = {
	.name = "county", .modules = app_modules, .nmodules = &app_nmodules, .found = found_county,
	.persons = "SELECT id FROM people_person UNION SELECT 901 UNION SELECT 902 UNION SELECT 903"
	           " ORDER BY 1",
	.texts = "SELECT name FROM people_person UNION SELECT name FROM people_unit ORDER BY 1",
	.spots = SPOTS, .nspots = COUNT(SPOTS), .pools = POOLS, .npools = COUNT(POOLS),
	.recipes = TABLES,
};
