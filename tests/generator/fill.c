/* SPDX-License-Identifier: Apache-2.0 */
/* fill.c -- an act of any command from its tables alone: data by the types and refs of its fields,
 * signatures by the roles of its slots, a sender by the roles that may give it.
 *
 * So a command that nobody wrote a recipe for is played too; recipes only make it more sensible.
 */
#include "generator/gen.h"

static const char *pool_sql(const struct world *w, const char *ref)
{
	static const struct pool COMMON[] = {
		{"alarm", "SELECT id FROM alarm ORDER BY id"},
		{"grant", "SELECT id FROM authority_grant ORDER BY id"},
		/* never the host's own, the first: without it the ledger cannot be opened again */
		{"device", "SELECT id FROM device WHERE id > 2 ORDER BY id"},
	};

	for (size_t i = 0; i < w->npools; i++)
		if (strcmp(w->pools[i].ref, ref) == 0)
			return w->pools[i].sql;
	for (size_t i = 0; i < COUNT(COMMON); i++)
		if (strcmp(COMMON[i].ref, ref) == 0)
			return COMMON[i].sql;
	return NULL;
}

static struct str some_role(struct gen *g)
{
	const struct module_index *x = g->modules.index;
	size_t n = 0, at;

	for (size_t i = 0; i < x->nall; i++)
		n += x->all[i]->nroles;
	at = dice(g, n);
	for (size_t i = 0; i < x->nall; i++) {
		if (at < x->all[i]->nroles)
			return str_of(x->all[i]->roles[at].id);
		at -= x->all[i]->nroles;
	}
	return STR("");
}

/* What the profile and the places know; false: no such kind of thing. */
static bool from_profile(struct gen *g, const char *ref, struct str *ret)
{
	const struct profile *p = &g->w.profile;

	if (strcmp(ref, "session") == 0)
		*ret = p->sessions[dice(g, p->nsessions)].id;
	else if (strcmp(ref, "half_day") == 0)
		*ret = p->sessions[dice(g, p->nsessions)].half_day;
	else if (strcmp(ref, "subject") == 0)
		*ret = p->subjects[dice(g, p->nsubjects)].id;
	else if (strcmp(ref, "role") == 0)
		*ret = some_role(g);
	else if (strcmp(ref, "site") == 0 || strcmp(ref, "room") == 0)
		*ret = spot(g, ref);
	else
		return false;
	return true;
}

static struct str text_value(struct gen *g, const struct field *f)
{
	const char *sql = f->ref ? pool_sql(g->world, f->ref) : NULL;
	struct str s;
	struct row r;

	if (sql && draw(g, str_of(sql), &r))
		return r.s[0].s ? r.s[0] : str_fmt(&g->scratch, "%lld", (long long)r.i[0]);
	if (f->ref && from_profile(g, f->ref, &s))
		return s;
	if (f->type == F_PLACE)
		return spot(g, NULL);
	if (f->type == F_KEY)
		return STR("sheets");
	return new_code(g, "N");
}

static int64_t int_value(struct gen *g, const struct field *f)
{
	const char *sql = f->ref ? pool_sql(g->world, f->ref) : NULL;
	int64_t max = f->max ? f->max : 40;
	struct row r;

	if (sql && draw(g, str_of(sql), &r))
		return r.i[0];
	if (max > f->min + 40)
		max = f->min + 40;
	return f->min + (int64_t)dice(g, (uint64_t)(max - f->min + 1));
}

static struct str hex_value(struct gen *g, size_t n)
{
	uint8_t b[64];

	if (n > sizeof(b))
		n = sizeof(b);
	random_bytes(&g->dice, b, n);
	return hex_encode(&g->scratch, b, n);
}

static void fill_list(struct gen *g, struct json *o, const struct field *f)
{
	struct json *list = json_new_array(&g->scratch);
	uint64_t n = 1 + dice(g, 3);

	for (uint64_t i = 0; i < n; i++)
		json_put(list, NULL, fill_fields(g, f->list_of, f->list_n, (struct str){NULL, 0}));
	json_put(o, f->name, list);
}

static void fill_field(struct gen *g, struct json *o, const struct field *f)
{
	struct arena *a = &g->scratch;

	switch (f->type) {
	case F_INT:
	case F_ID:
		json_set_int(a, o, f->name, int_value(g, f));
		return;
	case F_BOOL:
		json_set_bool(a, o, f->name, chance(g, 50));
		return;
	case F_ENUM:
		json_set_str(a, o, f->name, str_of(f->names[dice(g, (uint64_t)f->max)]));
		return;
	case F_TIME:
		json_set_str(a, o, f->name, clock_format_utc(a, clock_now_ms(&g->clock) + 3600000 *
		             (int64_t)(1 + dice(g, 48))));
		return;
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_SUBJECT:
		json_set_str(a, o, f->name, text_value(g, f));
		return;
	case F_HASH:
	case F_BYTES:
		json_set_str(a, o, f->name, hex_value(g, f->min ? (size_t)f->min : 32));
		return;
	case F_PERSON:
		json_set_int(a, o, f->name, anybody(g).v);
		return;
	case F_TEXT:
		json_set_str(a, o, f->name, some_text(g));
		return;
	case F_LIST:
		fill_list(g, o, f);
		return;
	}
}

struct json *fill_fields(struct gen *g, const struct field *f, size_t n, struct str place)
{
	struct json *o = json_new_object(&g->scratch);

	for (size_t i = 0; i < n; i++)
		if (place.n && f[i].type == F_PLACE && strcmp(f[i].name, "place") == 0)
			json_set_str(&g->scratch, o, f[i].name, place);
		else if (!f[i].optional || chance(g, 40))
			fill_field(g, o, &f[i]);
	return o;
}

void set_str(struct gen *g, struct plan *p, const char *name, struct str v)
{
	json_set_str(&g->scratch, p->data, name, v);
	if (strcmp(name, "place") == 0)
		p->place = v;
}

void set_int(struct gen *g, struct plan *p, const char *name, int64_t v)
{
	json_set_int(&g->scratch, p->data, name, v);
}

void set_bool(struct gen *g, struct plan *p, const char *name, bool v)
{
	json_set_bool(&g->scratch, p->data, name, v);
}

/* Who signs. */

void add_slot(struct gen *g, struct plan *p, const char *slot, struct person_id who)
{
	static const int HOW[] = {SLOT_BADGE, SLOT_BADGE, SLOT_BADGE, SLOT_BADGE, SLOT_BADGE,
	                          SLOT_PAPER, SLOT_KEY,   SLOT_KEY,   SLOT_KEY,   SLOT_KEY};
	struct ed25519_public key;
	struct signed_slot *s;

	if (p->nslots == PLAN_SLOTS)
		return;
	s = &p->slot[p->nslots++];
	*s = (struct signed_slot){.slot = str_of(slot), .person = who, .how = HOW[dice(g, COUNT(HOW))]};
	if (s->how == SLOT_KEY && !authority_key_of(g->w.authority, who, &key))
		s->how = SLOT_BADGE;
	if (chance(g, 2))
		*s = (struct signed_slot){.slot = s->slot, .person = who, .how = SLOT_PHONE,
		                          .note = STR("010-1/31/P0031")};
}

static bool taken(const struct plan *p, const struct slot *d, struct person_id who)
{
	for (size_t i = 0; i < p->nslots; i++) {
		const struct signed_slot *s = &p->slot[i];
		bool apart = d->disjoint && str_is(s->slot, d->disjoint);

		if (s->person.v == who.v && (apart || str_is(s->slot, d->name)))
			return true;
	}
	return false;
}

/* Persons who hold one of the roles, or a role that includes it, there and now. */
static size_t holders(struct gen *g, const char *const *roles, struct str place,
                      struct person_id *ret, size_t max)
{
	struct person_id who[64];
	size_t n = 0;

	for (; *roles; roles++) {
		size_t k = authority_holders_of(g->w.authority,
		                                modules_role_forms(&g->modules, str_of(*roles)), place,
		                                clock_now_ms(&g->clock), who, COUNT(who));
		for (size_t i = 0; i < k && n < max; i++)
			ret[n++] = who[i];
	}
	return n;
}

void fill_slot(struct gen *g, struct plan *p, const struct slot *d, int count)
{
	struct person_id who[128];
	size_t n = d->roles ? holders(g, d->roles, p->place, who, COUNT(who)) : 0;

	for (int tries = 0; count > 0 && tries < 12; tries++) {
		struct person_id one = n ? who[dice(g, n)] : anybody(g);

		if (taken(p, d, one))
			continue;
		add_slot(g, p, d->name, one);
		count--;
	}
}

void fill_slots(struct gen *g, struct plan *p)
{
	for (size_t i = 0; i < p->c->nslots; i++)
		if (!p->c->slots[i].optional || chance(g, 50))
			fill_slot(g, p, &p->c->slots[i], p->c->slots[i].count);
}

static struct person_id sender(struct gen *g, const struct plan *p)
{
	struct person_id who[64];
	size_t n = 0, from = dice(g, p->c->nallow);

	for (size_t i = 0; i < p->c->nallow && !n; i++) {
		const struct allow *w = &p->c->allow[(from + i) % p->c->nallow];
		const char *const roles[] = {w->role, NULL};

		n = holders(g, roles, p->place, who, COUNT(who));
	}
	return n ? who[dice(g, n)] : anybody(g);
}

void fill_plan(struct gen *g, const struct recipe *r, const struct command *c, struct plan *p)
{
	*p = (struct plan){.c = c, .source = SOURCE_OFFICE};
	if ((r && r->kind) || field_find(c->fields, c->nfields, STR("place")))
		p->place = spot(g, r ? r->kind : NULL);
	p->data = fill_fields(g, c->fields, c->nfields, p->place);
	if (r && (!say_plan(g, r, p) || (r->make && !r->make(g, p)))) {
		p->c = NULL;
		return;
	}
	if (!p->has_slots)
		fill_slots(g, p);
	if (!p->actor.v)
		p->actor = sender(g, p);
}
