/* SPDX-License-Identifier: Apache-2.0 */
/* drill_city.h -- how a drill's city is made.  Private to app/drill*.c. */
#ifndef GY_APP_DRILL_CITY_H
#define GY_APP_DRILL_CITY_H

#include "app/drill_scenario.h"
#include "base/key.h"

struct drill_post {
	enum level level;
	const char *role, *mark;
	int n, of;      /* n, and `of` more for each site of a county or room of a site */
	bool serves;    /* near papers or candidates: declares avoidance and has a post */
};
const struct drill_post *drill_posts(size_t *ret_n);

bool drill_has_key(const char *code);
struct ed25519_key drill_key(uint64_t seed, struct str code);

/* Places and sessions into *d, whose arena, profile and seed are set. */
void drill_city_make(struct drill *d, const struct scenario *s);

/* The value of a name; {NULL, 0}: no such name. */
struct str drill_named(const struct drill *d, struct str name);
void drill_names_put(struct drill *d, struct str name, struct str value);

/* Steps by time; steps of one moment in the order of their making. */
void drill_sort(struct drill *d);

#endif
