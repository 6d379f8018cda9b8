/* SPDX-License-Identifier: Apache-2.0 */
/* grants.c -- see grants.h. */
#include "audit/grants.h"

#include "audit/members.h"

struct grant {
	int64_t person, from_ms, until_ms; /* until 0: open */
	struct str role, place;
	bool revoked;
	struct grant *older; /* of the same person */
};

struct person_key {
	struct ed25519_public pub;
	bool live;
};

void grants_init(struct grants *g, struct report *r, struct arena *keep, struct hints *hints)
{
	*g = (struct grants){.report = r, .keep = keep, .hints = hints,
	                     .founded = NO_INDEX};
	map_init(&g->persons, keep);
	map_init(&g->grants, keep);
	map_init(&g->keys, keep);
}

bool grants_foundation(const struct grants *g)
{
	return g->founded < 0;
}

static void granted(struct grants *g, struct members *m, int64_t id)
{
	struct grant *x = ARENA_NEW(g->keep, struct grant);
	const struct json *o = m->o;
	struct str role, place = STR("");

	x->person = member_int(m, "person", 1, LIMIT_INT);
	role = member_str(m, "role");
	member_check(m, "role", role.n > 0 && role.n <= LIMIT_CODE);
	if (json_get(o, "place") != NULL)
		place = member_str(m, "place");
	member_check(m, "place", place_valid(place));
	x->from_ms = json_get(o, "from") ? member_time(m, "from") : 0;
	x->until_ms = json_get(o, "until") ? member_time(m, "until") : 0;
	if (m->bad != NULL)
		return;
	x->role = str_copy(g->keep, role);
	x->place = str_copy(g->keep, place);
	x->older = map_get_i(&g->persons, x->person);
	map_set_i(&g->persons, x->person, x);
	map_set_i(&g->grants, id, x);
}

static void revoked(struct grants *g, struct members *m, int64_t position)
{
	int64_t id = member_int(m, "grant", 0, LIMIT_INT);
	struct grant *x = m->bad ? NULL : map_get_i(&g->grants, id);

	if (m->bad == NULL && (x == NULL || x->revoked))
		report_add(g->report, FINDING_KEY, position, "撤销的授权 %lld 不存在或已撤销",
		           "it revokes grant %lld, which is not there or was revoked",
		           (long long)id);
	else if (x != NULL)
		x->revoked = true;
}

static void key_registered(struct grants *g, struct members *m)
{
	int64_t person = member_int(m, "person", 1, LIMIT_INT);
	struct person_key *k = map_get_i(&g->keys, person);
	struct ed25519_public pub;

	member_hex(m, "key", pub.b, sizeof(pub.b));
	if (m->bad != NULL)
		return;
	if (k == NULL)
		k = ARENA_NEW(g->keep, struct person_key);
	*k = (struct person_key){.pub = pub, .live = true};
	map_set_i(&g->keys, person, k);
	hints_set_person(g->hints, person, &pub);
}

static void key_revoked(struct grants *g, struct members *m, int64_t position)
{
	int64_t person = member_int(m, "person", 1, LIMIT_INT);
	struct person_key *k = m->bad ? NULL : map_get_i(&g->keys, person);

	if (m->bad == NULL && (k == NULL || !k->live))
		report_add(g->report, FINDING_KEY, position, "注销的公钥不存在：人员 %lld",
		           "it revokes a key that is not there: person %lld", (long long)person);
	else if (k != NULL)
		k->live = false;
}

static void founded(struct grants *g, int64_t position)
{
	if (g->founded >= 0)
		report_add(g->report, FINDING_KEY, position, "组建已在第 %lld 号完成，不得再次组建",
		           "the foundation was closed by entry %lld; this is a second one",
		           (long long)g->founded);
	else
		g->founded = position;
}

void grants_apply(struct grants *g, struct op *op, int64_t position, int64_t id,
                  const struct entry *e)
{
	struct members m = {.op = op, .o = e->data};

	if (str_is(e->type, "authority.granted"))
		granted(g, &m, id);
	else if (str_is(e->type, "authority.revoked"))
		revoked(g, &m, position);
	else if (str_is(e->type, "authority.key_registered"))
		key_registered(g, &m);
	else if (str_is(e->type, "authority.key_revoked"))
		key_revoked(g, &m, position);
	else if (str_is(e->type, "authority.founded"))
		founded(g, position);
	if (m.bad != NULL)
		report_add(g->report, FINDING_KEY, position, "授权记录的成员 %s 不合格式，未予采信",
		           "member %s of the authority event is malformed; it has no effect",
		           m.bad);
}

bool grants_hold(const struct grants *g, int64_t person, struct str role, struct str place,
                 int64_t level, int64_t at_ms)
{
	const struct grant *x = map_get_i(&g->persons, person);

	for (; x != NULL; x = x->older)
		if (!x->revoked && str_eq(x->role, role) && place_covers(x->place, place) &&
		    place_level(x->place) >= level && x->from_ms <= at_ms &&
		    (x->until_ms == 0 || at_ms < x->until_ms))
			return true;
	return false;
}

bool grants_key(const struct grants *g, int64_t person, struct ed25519_public *ret)
{
	const struct person_key *k = map_get_i(&g->keys, person);

	if (k == NULL || !k->live)
		return false;
	*ret = k->pub;
	return true;
}
