/* SPDX-License-Identifier: Apache-2.0 */
/* map.h -- a small hash map from byte strings to pointers, in an arena.
 *
 * Keys come from what is audited, so the hash is SipHash under a random key: nobody can choose
 * keys that collide.
 */
#ifndef GY_AUDIT_MAP_H
#define GY_AUDIT_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct map_item {
	struct str key; /* .s NULL: free */
	void *value;
};

struct map {
	struct arena *keep;
	struct map_item *items;
	size_t n, cap; /* cap is a power of two, or 0 */
	uint64_t k0, k1;
};

void map_init(struct map *m, struct arena *keep);

/* The value, or NULL when there is none. */
void *map_get(const struct map *m, struct str key);

/* Sets it; the key is copied when new. */
void map_set(struct map *m, struct str key, void *value);

/* The same with a number as the key. */
void *map_get_i(const struct map *m, int64_t key);
void map_set_i(struct map *m, int64_t key, void *value);
void map_drop_i(struct map *m, int64_t key); /* its key's bytes stay in the arena */

#endif
