/* SPDX-License-Identifier: Apache-2.0 */
/* copy.h -- a whole ledger from one database into an empty one, of the same kind or the other.
 *
 * All rows of ledger.db as of one snapshot: entries, tiles, notes, receipts, the head, the vault.
 * Every entry is hashed again on the way and the tree built from nothing; the same rows give the
 * same root on either database.
 */
#ifndef GY_LEDGER_COPY_H
#define GY_LEDGER_COPY_H

#include "ledger/ledger.h"

struct ledger_copied {
	uint64_t size;
	struct hash root;
	struct str note; /* the newest checkpoint among the rows; "": none yet */
};

/* `to` has no tables yet.  `from` is read in one transaction; a SQLite `to` is written in many (it
 * is
 * worth nothing after a failure), a PostgreSQL one in one.  Fails: INVALID, CONFLICT (tables of
 * another version), BROKEN (an entry does not hash to its leaf; head and entries disagree). */
enum rc ledger_copy(struct op *op, struct db *from, struct db *to,
                    struct ledger_copied *ret) MUST_CHECK;

#endif
