/* SPDX-License-Identifier: Apache-2.0 */
/* witness_store.h -- witness.db; seen by src/ledger alone. */
#ifndef GY_WITNESS_STORE_H
#define GY_WITNESS_STORE_H

#include "ledger/witness.h"

/* What was cosigned last; size 0, the empty root and no note: nothing yet. */
struct witness_tree {
	uint64_t size;
	struct hash root;
	struct str note;
};

/* Fails: BROKEN (no such row, or not of its form). */
enum rc witness_tree_get(struct op *op, struct db *db, struct str origin,
                         struct witness_tree *ret) MUST_CHECK;

/* Compare and set, inside a transaction: BROKEN when the row is not `from` any more, which under
 * the transaction's lock only somebody past our code can bring about. */
enum rc witness_tree_move(struct op *op, struct db *db, struct str origin,
                          const struct witness_tree *from,
                          const struct witness_tree *to) MUST_CHECK;

#endif
