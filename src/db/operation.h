/* SPDX-License-Identifier: Apache-2.0 */
/* operation.h -- named operations of a database: what no single statement does well.  Part of db.h.
 */
#ifndef GY_DB_OPERATION_H
#define GY_DB_OPERATION_H

#include "db/db.h"

/* Counters, a named operation: rows of a table of which one number is only ever added to.  What is
 * added is kept in memory, once a row, and written before the transaction commits or takes a
 * savepoint, and before any statement that names the table.
 *   add   UPDATE … SET n = n + ? WHERE the key      make  INSERT of the key, then the number */
struct counter {
	const char *table;
	const struct sql *add, *make;
};
enum rc db_add(struct op *op, struct db *db, const struct counter *c, const struct sqlv *key, int n,
               int64_t delta) MUST_CHECK;

/* Bulk load, a named operation: rows of one table, fastest way the engine has (SQLite: one
 * prepared INSERT; PostgreSQL: COPY), in the open transaction.  Column order as named. */
struct bulk {
	struct db *db;
	void *impl;
	int ncolumns;
	int64_t rows;
};
enum rc db_bulk_start(struct op *op, struct db *db, const char *table, const char *const *columns,
                      int n, struct bulk *ret) MUST_CHECK;
enum rc db_bulk_row(struct op *op, struct bulk *b, const struct sqlv *v, int n) MUST_CHECK;
enum rc db_bulk_end(struct op *op, struct bulk *b) MUST_CHECK; /* frees b also on failure */
/* Every row of `from`'s table into `to`'s of the same name and columns, in the order of `key` ("a,
 * b"), in transactions of both: what could not be read is told by the commit of `from`'s.  The
 * names are a catalogue's, never input from outside. */
enum rc db_bulk_table(struct op *op, struct db *from, struct db *to, const char *table,
                      const char *key) MUST_CHECK;

#endif
