/* SPDX-License-Identifier: Apache-2.0 */
/* authority.c -- grants, keys and devices as they stand at the end of the ledger.
 *
 * A list of records in the order of their events; a revocation is a record too.  Each record
 * hangs in up to three chains (of a person, a grant, a role …), newest first, so a question
 * walks a few records and taking back means popping the newest records off their chains: nothing
 * is ever changed in place.
 */
#include "engine/authority.h"

#include "engine/field.h"

enum kind {
	GRANTED, REVOKED, KEY_SET, KEY_REVOKED, DEVICE_SET, DEVICE_REVOKED, FOUNDED,
};

enum space { OF_PERSON, OF_GRANT, OF_ROLE, OF_KEY, OF_DEVICE, OF_FOUNDATION };

enum { LINKS = 3, NONE = -1, FIRST_SIZE = 256 };

/* The newest record of a chain; chains themselves never move or go. */
struct chain {
	enum space space;
	int64_t id;
	struct str role; /* OF_ROLE */
	int64_t newest;
};

struct link {
	size_t chain;
	int64_t older;
};

struct record {
	enum kind kind;
	struct person_id who;
	struct str role, place;
	int64_t id, from_ms, until_ms;
	struct ed25519_public key;
	struct link links[LINKS];
	int nlinks;
};

struct authority {
	struct arena arena;
	struct record *records;
	size_t nrecords, cap_records;
	struct chain *chains;
	size_t nchains, cap_chains;
	uint32_t *table; /* open addressing: number of a chain + 1; a power of two, half empty */
	size_t ntable;
};

struct authority *authority_new(void)
{
	struct authority *a = calloc(1, sizeof(*a));

	if (!a)
		abort(); /* as arena_alloc: out of memory ends the process */
	return a;
}

void authority_free(struct authority *a)
{
	if (!a)
		return;
	arena_release(&a->arena);
	free(a);
}

/* Doubled arrays leave their halves in the arena: at most as much again. */
static void *grown(struct arena *a, const void *old, size_t n, size_t *cap, size_t size)
{
	void *p;

	*cap = *cap > 0 ? *cap * 2 : FIRST_SIZE;
	p = arena_array(a, *cap, size);
	if (n > 0)
		memcpy(p, old, n * size);
	return p;
}

static uint64_t hash_of(enum space space, int64_t id, struct str role)
{
	uint64_t h = 14695981039346656037u ^ (uint64_t)space;

	for (size_t i = 0; i < role.n; i++)
		h = (h ^ (unsigned char)role.s[i]) * 1099511628211u;
	h = (h ^ (uint64_t)id) * 0x9e3779b97f4a7c15u;
	return h ^ h >> 32;
}

/* The place in the table of this chain, or the empty one where it belongs. */
static size_t place_in_table(const struct authority *a, enum space space, int64_t id,
                             struct str role)
{
	size_t at = (size_t)hash_of(space, id, role) & (a->ntable - 1);

	for (; a->table[at] != 0; at = (at + 1) & (a->ntable - 1)) {
		const struct chain *c = &a->chains[a->table[at] - 1];

		if (c->space == space && c->id == id && str_eq(c->role, role))
			break;
	}
	return at;
}

static const struct chain *chain_find(const struct authority *a, enum space space, int64_t id,
                                      struct str role)
{
	uint32_t n;

	if (a->ntable == 0)
		return NULL;
	n = a->table[place_in_table(a, space, id, role)];
	return n > 0 ? &a->chains[n - 1] : NULL;
}

static void table_grow(struct authority *a)
{
	a->ntable = a->ntable > 0 ? a->ntable * 2 : 2 * FIRST_SIZE;
	a->table = arena_array(&a->arena, a->ntable, sizeof(*a->table));
	for (size_t i = 0; i < a->nchains; i++) {
		const struct chain *c = &a->chains[i];

		a->table[place_in_table(a, c->space, c->id, c->role)] = (uint32_t)(i + 1);
	}
}

static size_t chain_make(struct authority *a, enum space space, int64_t id, struct str role)
{
	size_t at;

	if (a->nchains * 2 >= a->ntable)
		table_grow(a);
	at = place_in_table(a, space, id, role);
	if (a->table[at] != 0)
		return a->table[at] - 1;
	if (a->nchains == a->cap_chains)
		a->chains = grown(&a->arena, a->chains, a->nchains, &a->cap_chains,
		                  sizeof(*a->chains));
	a->chains[a->nchains] =
		(struct chain){space, id, str_copy(&a->arena, role), NONE};
	a->table[at] = (uint32_t)++a->nchains;
	return a->nchains - 1;
}

static struct record *record_add(struct authority *a, enum kind kind, int64_t id)
{
	struct record *r;

	if (a->nrecords == a->cap_records)
		a->records = grown(&a->arena, a->records, a->nrecords, &a->cap_records,
		                   sizeof(*a->records));
	r = &a->records[a->nrecords++];
	*r = (struct record){.kind = kind, .id = id};
	return r;
}

/* Hangs the newest record into a chain. */
static void hang(struct authority *a, enum space space, int64_t id, struct str role)
{
	struct record *r = &a->records[a->nrecords - 1];
	size_t chain = chain_make(a, space, id, role);

	assert(r->nlinks < LINKS);
	r->links[r->nlinks++] = (struct link){chain, a->chains[chain].newest};
	a->chains[chain].newest = (int64_t)a->nrecords - 1;
}

size_t authority_mark(const struct authority *a)
{
	return a->nrecords;
}

void authority_back(struct authority *a, size_t mark)
{
	assert(mark <= a->nrecords);
	while (a->nrecords > mark) {
		const struct record *r = &a->records[--a->nrecords];

		for (int i = 0; i < r->nlinks; i++)
			a->chains[r->links[i].chain].newest = r->links[i].older;
	}
}

void authority_grant(struct authority *a, int64_t grant, struct person_id who, struct str role,
                     struct str place, int64_t from_ms, int64_t until_ms)
{
	struct record *r = record_add(a, GRANTED, grant);

	r->who = who;
	r->place = str_copy(&a->arena, place);
	r->from_ms = from_ms;
	r->until_ms = until_ms;
	hang(a, OF_GRANT, grant, (struct str){0});
	hang(a, OF_PERSON, who.v, (struct str){0});
	hang(a, OF_ROLE, 0, role);
	r->role = a->chains[r->links[r->nlinks - 1].chain].role; /* one copy for all of a role */
}

void authority_revoke(struct authority *a, int64_t grant)
{
	record_add(a, REVOKED, grant);
	hang(a, OF_GRANT, grant, (struct str){0});
}

void authority_key(struct authority *a, struct person_id who, const struct ed25519_public *key)
{
	struct record *r = record_add(a, KEY_SET, who.v);

	r->key = *key;
	hang(a, OF_KEY, who.v, (struct str){0});
}

void authority_key_revoked(struct authority *a, struct person_id who)
{
	record_add(a, KEY_REVOKED, who.v);
	hang(a, OF_KEY, who.v, (struct str){0});
}

void authority_device(struct authority *a, int64_t device, struct str place,
                      const struct ed25519_public *key)
{
	struct record *r = record_add(a, DEVICE_SET, device);

	r->place = str_copy(&a->arena, place);
	r->key = *key;
	hang(a, OF_DEVICE, device, (struct str){0});
}

void authority_device_revoked(struct authority *a, int64_t device)
{
	record_add(a, DEVICE_REVOKED, device);
	hang(a, OF_DEVICE, device, (struct str){0});
}

void authority_founded(struct authority *a)
{
	record_add(a, FOUNDED, 0);
	hang(a, OF_FOUNDATION, 0, (struct str){0});
}

static void record_copy(struct authority *a, const struct record *r)
{
	switch (r->kind) {
	case GRANTED:
		authority_grant(a, r->id, r->who, r->role, r->place, r->from_ms, r->until_ms);
		break;
	case REVOKED:
		authority_revoke(a, r->id);
		break;
	case KEY_SET:
		authority_key(a, (struct person_id){r->id}, &r->key);
		break;
	case KEY_REVOKED:
		authority_key_revoked(a, (struct person_id){r->id});
		break;
	case DEVICE_SET:
		authority_device(a, r->id, r->place, &r->key);
		break;
	case DEVICE_REVOKED:
		authority_device_revoked(a, r->id);
		break;
	case FOUNDED:
		authority_founded(a);
		break;
	}
}

void authority_copy(struct authority *ret, const struct authority *a)
{
	assert(ret->nrecords == 0);
	for (size_t i = 0; i < a->nrecords; i++)
		record_copy(ret, &a->records[i]);
}

static const struct record *newest(const struct authority *a, enum space space, int64_t id,
                                   struct str role)
{
	const struct chain *c = chain_find(a, space, id, role);

	return c && c->newest != NONE ? &a->records[c->newest] : NULL;
}

/* The next older grant of a chain of grants: link 1 is the person's, link 2 the role's. */
static const struct record *older(const struct authority *a, const struct record *r, int link)
{
	int64_t at = r->links[link].older;

	return at != NONE ? &a->records[at] : NULL;
}

bool authority_is_founded(const struct authority *a)
{
	return newest(a, OF_FOUNDATION, 0, (struct str){0}) != NULL;
}

/* Nothing stands in its own chain after it: no revocation. */
static bool is_unrevoked(const struct authority *a, const struct record *r)
{
	return &a->records[a->chains[r->links[0].chain].newest] == r;
}

static bool is_live(const struct authority *a, const struct record *r, struct str place,
                    int64_t at_ms)
{
	return is_unrevoked(a, r) && place_covers(r->place, place) && r->from_ms <= at_ms &&
	       (r->until_ms == 0 || at_ms < r->until_ms);
}

bool authority_holds(const struct authority *a, struct person_id who, struct str role,
                     struct str place, int level, int64_t at_ms)
{
	const struct record *r = newest(a, OF_PERSON, who.v, (struct str){0});

	for (; r; r = older(a, r, 1))
		if (str_eq(r->role, role) && is_live(a, r, place, at_ms) &&
		    (level <= 0 || place_level(r->place) >= level))
			return true;
	return false;
}

bool authority_holds_somewhere(const struct authority *a, struct person_id who, struct str role,
                               int level, int64_t at_ms)
{
	const struct record *r = newest(a, OF_PERSON, who.v, (struct str){0});

	for (; r; r = older(a, r, 1))
		if (str_eq(r->role, role) && is_live(a, r, r->place, at_ms) &&
		    (level <= 0 || place_level(r->place) >= level))
			return true;
	return false;
}

bool authority_scope(const struct authority *a, struct person_id who, struct str role,
                     struct str place, int64_t at_ms, struct str *ret_scope)
{
	const struct record *r = newest(a, OF_PERSON, who.v, (struct str){0}), *nearest = NULL;

	for (; r; r = older(a, r, 1))
		if (str_eq(r->role, role) && is_live(a, r, place, at_ms) &&
		    (!nearest || r->place.n > nearest->place.n))
			nearest = r;
	if (!nearest)
		return false;
	*ret_scope = nearest->place;
	return true;
}

size_t authority_grants(const struct authority *a, struct person_id who, int64_t at_ms,
                        struct granted *ret, size_t max)
{
	const struct record *r = newest(a, OF_PERSON, who.v, (struct str){0});
	size_t n = 0;

	for (; r && n < max; r = older(a, r, 1))
		if (is_live(a, r, r->place, at_ms))
			ret[n++] = (struct granted){r->role, r->place, r->until_ms};
	return n;
}

bool authority_near(const struct authority *a, struct person_id who, struct str place,
                    int64_t at_ms)
{
	const struct record *r = newest(a, OF_PERSON, who.v, (struct str){0});

	for (; r; r = older(a, r, 1))
		if (is_live(a, r, r->place, at_ms) &&
		    (place_covers(r->place, place) || place_covers(place, r->place)))
			return true;
	return false;
}

bool authority_meet(const struct authority *a, struct person_id one, struct person_id other,
                    int64_t at_ms)
{
	const struct record *r = newest(a, OF_PERSON, one.v, (struct str){0});

	if (one.v == other.v)
		return true;
	for (; r; r = older(a, r, 1))
		if (is_live(a, r, r->place, at_ms) && authority_near(a, other, r->place, at_ms))
			return true;
	return false;
}

bool authority_grant_of(const struct authority *a, int64_t grant, struct person_id *ret_who,
                        struct str *ret_role, struct str *ret_place)
{
	const struct record *r = newest(a, OF_GRANT, grant, (struct str){0});

	if (!r || r->kind != GRANTED)
		return false;
	*ret_who = r->who;
	*ret_role = r->role;
	*ret_place = r->place;
	return true;
}

/* Puts who among ret[from..n), which is sorted, unless anybody there or nearer is the same.  The
 * last one falls out when there is no room. */
static size_t insert_sorted(struct person_id *ret, size_t from, size_t n, size_t max,
                            struct person_id who)
{
	size_t at = n;

	for (size_t i = 0; i < n; i++)
		if (ret[i].v == who.v)
			return n;
	while (at > from && ret[at - 1].v > who.v)
		at--;
	if (at >= max)
		return n;
	n = n < max ? n + 1 : n;
	memmove(&ret[at + 1], &ret[at], (n - at - 1) * sizeof(*ret));
	ret[at] = who;
	return n;
}

size_t authority_holders_of(const struct authority *a, const char *const *roles, struct str place,
                            int64_t at_ms, struct person_id *ret, size_t max)
{
	size_t n = 0;

	for (int level = place_level(place); level >= 0; level--) {
		size_t from = n;

		for (const char *const *role = roles; *role; role++) {
			const struct record *r = newest(a, OF_ROLE, 0, str_of(*role));

			for (; r; r = older(a, r, 2))
				if (place_level(r->place) == level && is_live(a, r, place, at_ms))
					n = insert_sorted(ret, from, n, max, r->who);
		}
	}
	return n;
}

size_t authority_holders(const struct authority *a, struct str role, struct str place,
                         int64_t at_ms, struct person_id *ret, size_t max)
{
	const char *const one[] = {role.s, NULL};

	return role.n > 0 ? authority_holders_of(a, one, place, at_ms, ret, max) : 0;
}

bool authority_key_of(const struct authority *a, struct person_id who, struct ed25519_public *ret)
{
	const struct record *r = newest(a, OF_KEY, who.v, (struct str){0});

	if (!r || r->kind != KEY_SET)
		return false;
	*ret = r->key;
	return true;
}

bool authority_device_of(const struct authority *a, int64_t device, struct str *ret_place,
                         struct ed25519_public *ret)
{
	const struct record *r = newest(a, OF_DEVICE, device, (struct str){0});

	if (!r || r->kind != DEVICE_SET)
		return false;
	*ret_place = r->place;
	*ret = r->key;
	return true;
}

int64_t authority_device_by_key(const struct authority *a, const struct ed25519_public *key)
{
	struct ed25519_public live;
	struct str place;

	for (size_t i = a->nrecords; i-- > 0;) {
		const struct record *r = &a->records[i];

		if (r->kind == DEVICE_SET && memcmp(r->key.b, key->b, sizeof(key->b)) == 0 &&
		    authority_device_of(a, r->id, &place, &live))
			return r->id;
	}
	return 0;
}
