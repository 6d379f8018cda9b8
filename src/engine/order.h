/* SPDX-License-Identifier: Apache-2.0 */
/* order.h -- the ledger's own events: genesis, rules in force, refused and excepted orders. */
#ifndef GY_ORDER_H
#define GY_ORDER_H

#include "base/hash.h"
#include "engine/module.h"
#include "engine/profile.h"

struct ledger_genesis {
	int64_t format, node, seed;
	int mode;                    /* 0 real, 1 drill */
	struct str origin, profile;  /* profile: hex SHA-256 */
};

struct rules_adopted {
	struct str rules, profile;   /* hex SHA-256 of rules.json and of the profile */
};

enum rc ledger_append_genesis(struct op *op, const struct ledger_genesis *g) MUST_CHECK;
enum rc rules_adopt(struct op *op, const struct rules_adopted *r) MUST_CHECK;

/* Another examination profile (docs/adr/0010).  profile_offered reads one that lies in the store
 * under its hash.  Fails: NOT_FOUND, INVALID (JSON path of the first fault).  profile_adopt puts it
 * in force from this event on: `rules.adopted`, by whose apply open expectations get the windows
 * that the new one gives them. */
enum rc profile_offered(struct op *op, struct arena *keep, struct str hash,
                        struct profile *ret) MUST_CHECK;
enum rc profile_adopt(struct op *op, struct str hash) MUST_CHECK;

/* At a start: when nothing was written for longer than the profile's ledger.outage_s, appends
 * `ledger.resumed` and raises ONE alarm for the outage (drills have none: their clock jumps). */
enum rc ledger_resume(struct op *op, int64_t silent_ms) MUST_CHECK;

/* Appends `order.excepted`: a rule refused, an approver of another place allowed it. */
enum rc order_except(struct op *op, enum rc rc, const char *field) MUST_CHECK;

/* Appends `order.refused`: a guarded order was refused. */
enum rc order_refuse(struct op *op, const struct command *c, const struct err *why) MUST_CHECK;

/* Exceptions (特批) granted at a place and below, by index: from <= index < until; in the arena. */
struct order_exception {
	int64_t index;
	struct str command, place;
	struct person_id actor, approver;
};
enum rc order_exceptions(struct op *op, struct str place, int64_t from, int64_t until,
                         struct order_exception **ret, size_t *ret_n) MUST_CHECK;

/* The newest rules.adopted in the projections; empty strings when none. */
enum rc rules_in_force(struct op *op, struct rules_adopted *ret) MUST_CHECK;

/* All of them, the oldest first. */
struct rules_adoption {
	int64_t index;
	struct rules_adopted what;
};
enum rc rules_history(struct op *op, struct rules_adoption *ret, size_t max,
                      size_t *ret_n) MUST_CHECK;

#endif
