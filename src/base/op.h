/* SPDX-License-Identifier: Apache-2.0 */
/* op.h -- one operation: one request, command or job.  The first parameter of every rule.
 *
 * Time and randomness enter through it alone: nothing below app/ asks the host for either.
 * It stands in base/ because db/ and ledger/ report errors through it; to them `db` and `run`
 * are opaque.
 */
#ifndef GY_OP_H
#define GY_OP_H

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

struct db;
struct random;
struct run; /* engine/run.h: what the writer knows about this operation */

/* A person, as everywhere in the ledger: a number, never a name.  0 is nobody. */
struct person_id {
	int64_t v;
};

struct op {
	struct arena *arena;
	struct db *db;          /* the projections; NULL outside the writer and readers */
	int64_t now_ms;         /* the moment of this operation, fixed for its length; UTC ms */
	struct random *random;
	struct person_id actor; /* who asks; 0: the system itself (timers, foundation) */
	struct err err;
	struct run *run;        /* NULL outside the writer */
};

/* Fills op->err and returns rc:
 *   return fail(op, RC_CONFLICT, "bag", "2004-2 Art.23", "试卷袋 %s 已启封", "bag %s is opened", no);
 */
#define fail(op, rc, field, article, ...) \
	err_set(&(op)->err, GY_WHERE, (rc), (field), (article), __VA_ARGS__)

#endif
