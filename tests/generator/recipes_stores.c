/* SPDX-License-Identifier: Apache-2.0 */
/* recipes_stores.c -- people, what is sent, and the secrecy rooms; see recipes_custody.h. */
#include "generator/recipes_custody.h"

bool people_declare(struct gen *g, struct plan *p)
{
	struct person_id who = anybody(g);

	set_int(g, p, "person", who.v);
	set_bool(g, p, "relative", chance(g, 8));
	add_slot(g, p, "declarer", who);
	p->has_slots = true;
	return true;
}

bool people_assign(struct gen *g, struct plan *p)
{
	struct row r;

	if (drawf(g, &r, "SELECT id FROM people_person WHERE avoidance = 1 ORDER BY id"))
		set_int(g, p, "person", r.i[0]);
	return true;
}

bool people_end(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT person, place, role FROM people_post WHERE ended = 0 ORDER BY id"))
		return false;
	set_int(g, p, "person", r.i[0]);
	set_str(g, p, "place", r.s[1]);
	set_str(g, p, "role", r.s[2]);
	return true;
}

bool custody_consignment(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT code FROM custody_vehicle ORDER BY code"))
		return false;
	set_str(g, p, "holder", r.s[0]);
	set_int(g, p, "boxes", 6 + (int64_t)dice(g, 10));
	set_int(g, p, "bags", 12 + (int64_t)dice(g, 30));
	return true;
}

bool custody_box(struct gen *g, struct plan *p)
{
	const struct profile *profile = &g->w.profile;
	struct row r;

	if (!drawf(g, &r, "SELECT c.code FROM custody_consignment c WHERE c.boxes > (SELECT COUNT(*)"
	           " FROM custody_box b WHERE b.consignment = c.code) ORDER BY c.code"))
		return false;
	set_str(g, p, "consignment", r.s[0]);
	set_str(g, p, "code", new_code(g, "BX-"));
	set_str(g, p, "destined", spot(g, "site"));
	set_str(g, p, "seal", new_code(g, "SB"));
	if (chance(g, 40)) /* enough of the first day's */
		set_str(g, p, "session", profile->sessions[dice(g, profile->nsessions < 2 ? 1 : 2)].id);
	return true;
}

bool custody_bag(struct gen *g, struct plan *p)
{
	static const char *const KINDS[] = {"paper", "paper", "paper", "spare", "card", "listening"};
	struct row r;

	if (!drawf(g, &r, "SELECT b.code FROM custody_box b JOIN custody_consignment c ON c.code ="
	           " b.consignment WHERE b.holder = c.holder AND (SELECT COUNT(*) FROM custody_bag x"
	           " WHERE x.box = b.code) < 3 ORDER BY b.code"))
		return false;
	set_str(g, p, "box", r.s[0]);
	set_str(g, p, "code", new_code(g, "G"));
	set_str(g, p, "seal", new_code(g, "SG"));
	set_int(g, p, "copies", 20 + (int64_t)dice(g, 12));
	set_str(g, p, "kind", str_of(KINDS[dice(g, COUNT(KINDS))]));
	return true;
}

/* Keepers who have declared: they are the ones who can release boxes later. */
bool custody_keys(struct gen *g, struct plan *p)
{
	static const char *const KEYS[] = {"door_a", "door_b", "cabinet", "code"};
	bool any = chance(g, 15);
	size_t n, k = 0, from;
	struct row *r;

	if (chance(g, 50))
		set_str(g, p, "place", spot(g, "spare_store"));
	n = rows_all(g, STR("SELECT id FROM people_person WHERE avoidance = 1 ORDER BY id"), &r);
	for (size_t i = 0; i < n; i++) {
		struct person_id who = {r[i].i[0]};

		if (any || authority_holds(g->w.authority, who, STR("store_keeper"), p->place, 0,
		                           clock_now_ms(&g->clock)))
			r[k++] = r[i];
	}
	if (k < COUNT(KEYS))
		return false;
	from = dice(g, k);
	for (size_t i = 0; i < COUNT(KEYS); i++)
		set_int(g, p, KEYS[i], r[(from + i) % k].i[0]);
	return true;
}

bool custody_guard_on(struct gen *g, struct plan *p)
{
	if (chance(g, 35))
		set_str(g, p, "place", spot(g, "spare_store"));
	return true;
}

bool custody_guard_off(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT place, person FROM custody_guard ORDER BY place, person"))
		return false;
	set_str(g, p, "place", r.s[0]);
	add_slot(g, p, "guard", (struct person_id){r.i[1]});
	p->has_slots = true;
	return true;
}

/* Rooms whose keys are given out and which somebody guards, mostly. */
bool custody_activate(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT DISTINCT k.place FROM custody_key k WHERE NOT EXISTS (SELECT 1 FROM"
	           " custody_store s WHERE s.place = k.place AND s.active = 1) AND (SELECT COUNT(*)"
	           " FROM custody_guard x WHERE x.place = k.place) >= %d ORDER BY k.place",
	           chance(g, 15) ? 0 : 2))
		return false;
	set_str(g, p, "place", r.s[0]);
	return true;
}

bool custody_deactivate(struct gen *g, struct plan *p)
{
	struct row r;

	if (!drawf(g, &r, "SELECT place FROM custody_store WHERE active = 1 ORDER BY place"))
		return false;
	if (g->phase != PHASE_AFTER && !str_eq(r.s[0], spot(g, "spare_store")) && !chance(g, 15))
		return false;
	set_str(g, p, "place", r.s[0]);
	return true;
}

bool custody_check(struct gen *g, struct plan *p)
{
	struct row r;

	if (drawf(g, &r, "SELECT place FROM custody_store WHERE active = 1 ORDER BY place"))
		set_str(g, p, "place", r.s[0]);
	set_bool(g, p, "sound", chance(g, 90));
	return true;
}
