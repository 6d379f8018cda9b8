/* SPDX-License-Identifier: Apache-2.0 */
/* name_map.c -- open addressing over FNV-1a; see name_map.h. */
#include "engine/name_map.h"

static size_t name_slot(const struct name_map *m, struct str name)
{
	uint64_t h = 0xcbf29ce484222325u;
	size_t i;

	for (i = 0; i < name.n; i++)
		h = (h ^ (uint8_t)name.s[i]) * 0x100000001b3u;
	i = (size_t)(h ^ (h >> 32)) & (m->cap - 1);
	while (m->value[i] && !str_eq(m->name[i], name))
		i = (i + 1) & (m->cap - 1);
	return i;
}

void name_map_init(struct name_map *m, struct arena *a, size_t max)
{
	m->cap = 16;
	while (m->cap < 2 * max + 2)
		m->cap *= 2;
	m->n = 0;
	m->name = arena_array(a, m->cap, sizeof(*m->name));
	m->value = arena_array(a, m->cap, sizeof(*m->value));
}

bool name_map_put(struct name_map *m, struct str name, const void *value)
{
	size_t i = name_slot(m, name);

	if (m->value[i])
		return false;
	assert(m->n < m->cap / 2);
	m->name[i] = name;
	m->value[i] = value;
	m->n++;
	return true;
}

const void *name_map_get(const struct name_map *m, struct str name)
{
	return m->value[name_slot(m, name)];
}
