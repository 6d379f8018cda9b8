/* SPDX-License-Identifier: Apache-2.0 */
/* rebuild.h -- projections again from the ledger alone, and their comparison with what stands. */
#ifndef GY_REBUILD_H
#define GY_REBUILD_H

#include "engine/module.h"
#include "engine/writer.h"

/* Creates the tables of all modules and the engine's in an empty db. */
enum rc projection_create(struct op *op, struct db *db, const struct modules *m) MUST_CHECK;

/* Applies entries [*, until) to `db`; until < 0: all.  Needs no writer.  */
enum rc projection_fill(struct op *op, const struct ledger *l, struct db *db,
                        const struct modules *m, const struct profile *p, int64_t until) MUST_CHECK;

/* Creates and fills `next`, which store_view_next has opened, from all entries. */
enum rc projection_make(struct op *op, const struct store *s, const struct ledger *l,
                        struct db *next, const struct modules *m,
                        const struct profile *p) MUST_CHECK;

/* Rebuild beside and rename. */
enum rc projection_rebuild(struct op *op, struct store *s, const struct ledger *l,
                           const struct modules *m, const struct profile *p) MUST_CHECK;

/* Entries that these projections have seen; -1: there are none. */
enum rc projection_at(struct op *op, struct db *view, int64_t *ret) MUST_CHECK;

struct table_digest {
	struct str table;
	int64_t rows;
	struct hash digest; /* SHA-256 over its rows in key order */
};
enum rc projection_digest(struct op *op, struct db *db, const struct modules *m,
                          struct table_digest **ret, size_t *ret_n) MUST_CHECK;

/* Rows of one of their tables.  Fails: NOT_FOUND (no module has it). */
enum rc projection_rows(struct op *op, struct db *db, const struct modules *m, const char *table,
                        int64_t *ret) MUST_CHECK;

/* The first difference of each table between two databases: table, key, column, both values. */
struct difference {
	struct str table, key, column, left, right;
};
enum rc projection_compare(struct op *op, struct db *left, struct db *right,
                           const struct modules *m, struct difference **ret,
                           size_t *ret_n) MUST_CHECK;

#endif
