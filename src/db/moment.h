/* SPDX-License-Identifier: Apache-2.0 */
/* moment.h -- reads that share a moment.
 *
 * On SQLite each statement outside of a transaction takes a lock, looks where the log ends and
 * gives the lock back: a seventh of what a short question costs the server.  On a connection that
 * shares, the first read keeps both for those that follow, until db_let_go.  What is written on the
 * connection lets go by itself, so its own reads see it.
 */
#ifndef GY_DB_MOMENT_H
#define GY_DB_MOMENT_H

#include "db/db.h"

/* From now on; for a connection whose owner calls db_let_go before it rests.  PostgreSQL: nothing,
 * each read sees its own moment. */
void db_share_moment(struct db *db);
/* The next read sees what is committed by then. */
void db_let_go(struct db *db);

#endif
