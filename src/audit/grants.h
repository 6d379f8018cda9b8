/* SPDX-License-Identifier: Apache-2.0 */
/* grants.h -- who held which role where, and which key was whose, as the ledger tells it.
 *
 * Built from the authority events alone, entry by entry: a question always sees exactly what stood
 * before the entry that is being checked.
 */
#ifndef GY_AUDIT_GRANTS_H
#define GY_AUDIT_GRANTS_H

#include "audit/entry.h"
#include "audit/map.h"
#include "base/key.h"

struct grants {
	struct report *report;
	struct arena *keep;
	struct hints *hints;
	struct map persons; /* person -> struct grant *, newest first */
	struct map grants;  /* grant id -> struct grant * */
	struct map keys;    /* person -> struct person_key * */
	int64_t founded;    /* index of authority.founded; NO_INDEX: not yet */
};

void grants_init(struct grants *g, struct report *r, struct arena *keep, struct hints *hints);

/* The authority event `e` takes effect; `id` is the id of what it makes.  Devices: devices.h. */
void grants_apply(struct grants *g, struct op *op, int64_t position, int64_t id,
                  const struct entry *e);

/* Is this entry part of the foundation, when no grants are asked for? */
bool grants_foundation(const struct grants *g);

/* A live grant of the role that covers the place, standing at `level` or below. */
bool grants_hold(const struct grants *g, int64_t person, struct str role, struct str place,
                 int64_t level, int64_t at_ms);

/* The registered key.  False: none, or revoked. */
bool grants_key(const struct grants *g, int64_t person, struct ed25519_public *ret);

#endif
