/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite.h -- what sqlite.c and sqlite_open.c share. */
#ifndef GY_DB_SQLITE_H
#define GY_DB_SQLITE_H

#include <sqlite3.h>

#include "db/connection.h"

struct lite {
	sqlite3 *db;
	sqlite3_stmt *tx[TX_WORD_MAX];
	sqlite3_stmt *snapshot; /* any read: a transaction's snapshot is taken by its first, and a
	                         * moment is kept while it stands at a row */
};

extern const struct driver lite_driver;

/* Fills op->err from the connection's last error; marks the connection broken where it is. */
enum rc lite_fail(struct op *op, struct connection *c, int code, const char *what);

#endif
