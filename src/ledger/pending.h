/* SPDX-License-Identifier: Apache-2.0 */
/* pending.h -- what a batch has appended and not yet written: entries and receipts, in order.
 *
 * They go to the database together when the batch is sealed.  Until then an operation that is taken
 * back is taken off the end, which costs nothing and touches no page of the database.
 */
#ifndef GY_LEDGER_PENDING_H
#define GY_LEDGER_PENDING_H

#include "base/hash.h"
#include "db/db.h"

struct pending;

struct pending *pending_new(void);
void pending_free(struct pending *p); /* NULL is fine */
void pending_clear(struct pending *p);

size_t pending_entries(const struct pending *p);
void pending_entry_add(struct pending *p, struct str entry, const struct hash *leaf);
/* The n-th of the batch; valid until the next add. */
struct str pending_entry(const struct pending *p, size_t n, struct hash *ret_leaf);

size_t pending_receipts(const struct pending *p);
void pending_receipt_add(struct pending *p, int64_t device, struct str key,
                         const struct hash *body, uint64_t index);
/* False: no such receipt in this batch. */
bool pending_receipt_find(const struct pending *p, int64_t device, struct str key,
                          struct hash *ret_body, uint64_t *ret_index);

/* Back to so many; what came later is forgotten. */
void pending_back(struct pending *p, size_t entries, size_t receipts);

/* Writes all of it, entries from `index` on, in the open transaction; forgets nothing.
 * Fails: CONFLICT (an index or a key is taken), BUSY, BROKEN. */
enum rc pending_write(struct op *op, const struct pending *p, struct db *db,
                      uint64_t index) MUST_CHECK;

#endif
