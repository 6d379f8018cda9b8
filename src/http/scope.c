/* SPDX-License-Identifier: Apache-2.0 */
/* scope.c -- see scope.h. */
#include "http/scope.h"

#include "engine/field.h"

size_t scope_places(const struct granted *g, size_t n, struct str *ret)
{
	size_t found = 0;

	for (size_t i = 0; i < n && found < SCOPE_PLACES; i++) {
		bool below = false;

		for (size_t k = 0; k < n; k++)
			below = below || (place_covers(g[k].place, g[i].place) &&
			                  (g[k].place.n < g[i].place.n || k < i));
		if (!below)
			ret[found++] = g[i].place;
	}
	return found;
}
