/* SPDX-License-Identifier: Apache-2.0 */
/* migrate.h -- forward-only migrations of the ledger's tables.
 *
 * Table `schema_step(step, name)` records what has run.  A step is never changed once released
 * and never undone; projections are not migrated but rebuilt.
 */
#ifndef GY_MIGRATE_H
#define GY_MIGRATE_H

#include "db/db.h"

struct migration {
	const char *name;
	const char *ddl;          /* both databases, with tokens */
	const char *sqlite_only;  /* triggers and the like; NULL when none */
	const char *postgres_only;
};

/* Runs the steps that have not run, in order, in one transaction.
 * Fails: INVALID (the database has more steps than this program knows: it is newer), BROKEN. */
enum rc migrate_run(struct op *op, struct db *db, const struct migration *steps, int n) MUST_CHECK;

/* Steps that have run; 0 on an empty database. */
enum rc migrate_at(struct op *op, struct db *db, int *ret) MUST_CHECK;

#endif
