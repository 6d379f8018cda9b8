/* SPDX-License-Identifier: Apache-2.0 */
/* name_map.h -- names of declared rows to the rows: built once, then only read. */
#ifndef GY_NAME_MAP_H
#define GY_NAME_MAP_H

#include "base/arena.h"
#include "base/str.h"

struct name_map {
	struct str *name;
	const void **value;
	size_t cap, n; /* cap is a power of two, at least twice n */
};

void name_map_init(struct name_map *m, struct arena *a, size_t max);
/* False: the name is there already. */
bool name_map_put(struct name_map *m, struct str name, const void *value);
const void *name_map_get(const struct name_map *m, struct str name); /* NULL: unknown */

#endif
