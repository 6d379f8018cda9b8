/* SPDX-License-Identifier: Apache-2.0 */
/* map.c -- see map.h.  Open addressing, linear probing, at most half full. */
#include "audit/map.h"

#include "base/random.h"

static uint64_t rotate(uint64_t x, int n)
{
	return (x << n) | (x >> (64 - n));
}

static void sip_round(uint64_t v[4])
{
	v[0] += v[1];
	v[1] = rotate(v[1], 13) ^ v[0];
	v[0] = rotate(v[0], 32);
	v[2] += v[3];
	v[3] = rotate(v[3], 16) ^ v[2];
	v[0] += v[3];
	v[3] = rotate(v[3], 21) ^ v[0];
	v[2] += v[1];
	v[1] = rotate(v[1], 17) ^ v[2];
	v[2] = rotate(v[2], 32);
}

/* SipHash-1-3. */
static uint64_t sip(const struct map *m, struct str key)
{
	uint64_t v[4] = {m->k0 ^ 0x736f6d6570736575u, m->k1 ^ 0x646f72616e646f6du,
	                 m->k0 ^ 0x6c7967656e657261u, m->k1 ^ 0x7465646279746573u};
	uint64_t word = 0;

	for (size_t i = 0; i <= key.n; i++) {
		if (i == key.n)
			word |= (uint64_t)(key.n & 0xff) << 56;
		else
			word |= (uint64_t)(unsigned char)key.s[i] << (8 * (i % 8));
		if (i == key.n || i % 8 == 7) {
			v[3] ^= word;
			sip_round(v);
			v[0] ^= word;
			word = 0;
		}
	}
	v[2] ^= 0xff;
	sip_round(v);
	sip_round(v);
	sip_round(v);
	return v[0] ^ v[1] ^ v[2] ^ v[3];
}

void map_init(struct map *m, struct arena *keep)
{
	struct random r = random_system();

	*m = (struct map){.keep = keep, .k0 = random_u64(&r), .k1 = random_u64(&r)};
}

/* The item of the key, or the free one where it belongs. */
static struct map_item *find(const struct map *m, struct str key)
{
	size_t at = (size_t)sip(m, key) & (m->cap - 1);

	while (m->items[at].key.s != NULL && !str_eq(m->items[at].key, key))
		at = (at + 1) & (m->cap - 1);
	return &m->items[at];
}

static void grow(struct map *m)
{
	struct map_item *old = m->items;
	size_t cap = m->cap;

	m->cap = cap == 0 ? 64 : cap * 2;
	m->items = arena_array(m->keep, m->cap, sizeof(*m->items));
	for (size_t i = 0; i < cap; i++)
		if (old[i].key.s != NULL)
			*find(m, old[i].key) = old[i];
}

void *map_get(const struct map *m, struct str key)
{
	return m->cap == 0 ? NULL : find(m, key)->value;
}

void map_set(struct map *m, struct str key, void *value)
{
	struct map_item *item;

	if ((m->n + 1) * 2 > m->cap)
		grow(m);
	item = find(m, key);
	if (item->key.s == NULL) {
		item->key = str_dup(m->keep, key.s, key.n);
		m->n++;
	}
	item->value = value;
}

void *map_get_i(const struct map *m, int64_t key)
{
	char bytes[sizeof(key)];

	memcpy(bytes, &key, sizeof(key));
	return map_get(m, (struct str){bytes, sizeof(bytes)});
}

void map_set_i(struct map *m, int64_t key, void *value)
{
	char bytes[sizeof(key)];

	memcpy(bytes, &key, sizeof(key));
	map_set(m, (struct str){bytes, sizeof(bytes)}, value);
}

/* What stands behind it moves up, so that no search ends too early. */
static void drop(struct map *m, size_t hole)
{
	size_t mask = m->cap - 1;

	for (size_t i = (hole + 1) & mask; m->items[i].key.s != NULL; i = (i + 1) & mask) {
		size_t home = (size_t)sip(m, m->items[i].key) & mask;

		if (((i - home) & mask) < ((i - hole) & mask))
			continue; /* its home lies behind the hole */
		m->items[hole] = m->items[i];
		hole = i;
	}
	m->items[hole] = (struct map_item){0};
	m->n--;
}

void map_drop_i(struct map *m, int64_t key)
{
	char bytes[sizeof(key)];
	struct map_item *item;

	memcpy(bytes, &key, sizeof(key));
	if (m->cap == 0)
		return;
	item = find(m, (struct str){bytes, sizeof(bytes)});
	if (item->key.s != NULL)
		drop(m, (size_t)(item - m->items));
}
