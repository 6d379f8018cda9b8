/* SPDX-License-Identifier: Apache-2.0 */
/* hall.c -- the world of the toy module: two halls, two keepers, two chiefs. */
#include "generator/gen.h"

#include "engine/toy.h"

#define HALL "aa/bb/cc"

static const struct spot SPOTS[] = {
	{"county", "aa/bb"}, {"hall", HALL}, {"hall", "aa/bb/dd"}, {"elsewhere", "zz/yy"},
};

static void found_hall(struct gen *g)
{
	found_grant(g, 1, "toy_keeper", HALL);
	found_grant(g, 2, "toy_keeper", HALL);
	found_grant(g, 3, "toy_chief", "aa");
	found_grant(g, 4, "toy_chief", "aa");
	found_grant(g, 5, "vault_remover", "");
	found_grant(g, 6, "vault_remover", "");
	found_grant(g, 5, "vault_reader", "");
	for (int64_t who = 1; who <= 4; who++) {
		struct ed25519_key key = key_of((struct person_id){who});
		struct str hex = hex_encode(&g->scratch, key.pub.b, sizeof(key.pub.b));

		struct str data = str_fmt(&g->scratch, "{\"person\":%lld,\"key\":\"%s\"}", (long long)who,
		                          hex.s);

		found_do(g, 0, "authority.register_key", data, NULL);
	}
	found_close(g);
}

/* The module knows sheets alone. */
static bool an_arrival(struct gen *g, struct plan *p)
{
	set_str(g, p, "asset", STR("sheets"));
	set_str(g, p, "code", new_code(g, "P"));
	return true;
}

static bool a_parcel(struct gen *g, struct plan *p, struct row *r)
{
	if (!drawf(g, r, "SELECT code, holder, sheets FROM toy_parcel WHERE lies = 1 ORDER BY code"))
		return false;
	set_str(g, p, "code", r->s[0]);
	if (json_get(p->data, "place"))
		set_str(g, p, "place", r->s[1]);
	return true;
}

static bool some_parcel(struct gen *g, struct plan *p)
{
	struct row r;

	return a_parcel(g, p, &r);
}

static bool its_sheets(struct gen *g, struct plan *p)
{
	struct row r;

	if (!a_parcel(g, p, &r))
		return false;
	p->place = r.s[1];
	set_int(g, p, "sheets", r.i[2] - chance(g, 10));
	return true;
}

static bool a_note(struct gen *g, struct plan *p)
{
	set_int(g, p, "person", 1 + (int64_t)dice(g, 6));
	return true;
}

static const struct recipe RECIPES[] = {
	{"toy.arrive", "hall", 20, .make = an_arrival},
	{"toy.move", "hall", 14, .make = its_sheets},
	{"toy.look", "hall", 14, .make = some_parcel},
	{"toy.count", "hall", 10, .make = its_sheets},
	{"toy.leave", "hall", 6, .make = some_parcel},
	{"toy.open_gate", "hall", 8, {[PHASE_OPEN] = 30}},
	{"toy.note", "hall", 8, .make = a_note},
	{"toy.sealed_note", "hall", 10, .make = a_note},
	{NULL},
};

static const size_t ONE = 1;
static const struct recipe *const TABLES[] = {RECIPES, NULL};

const struct world hall_world = {
	.name = "hall", .modules = TOY_MODULES, .nmodules = &ONE, .found = found_hall,
	.persons = "SELECT DISTINCT person FROM authority_grant ORDER BY person",
	.texts = "SELECT note FROM toy_note ORDER BY note",
	.spots = SPOTS, .nspots = COUNT(SPOTS), .recipes = TABLES,
};
