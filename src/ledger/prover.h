/* SPDX-License-Identifier: Apache-2.0 */
/* prover.h -- proofs of many entries under the newest signed checkpoint, from memory.
 *
 * Holds that checkpoint and the newest-used tiles with all their inner hashes, so that a proof is a
 * few look-ups and no question to the database.  What is not held is read by whoever has a
 * ledger's connection (prover_prove with one) and held from then on.  Any thread; one at a time is
 * inside, for some microseconds.
 *
 * Invariant: nothing is handed out that is not under the signed checkpoint, and no proof that does
 * not verify under it.  What was held stays right: rows of hashes only grow.
 */
#ifndef GY_PROVER_H
#define GY_PROVER_H

#include "ledger/checkpoint.h"

struct ledger;
struct prover;

/* `tiles`: how many it may hold, 16 KB each. */
struct prover *prover_new(size_t tiles);
void prover_free(struct prover *p); /* NULL is fine */

/* Takes the ledger's newest note over; its root must be that of the ledger's tiles.  With a
 * reading ledger that is up to date; *ret_new (may be NULL): it was another one.
 * Fails: NOT_FOUND (there is none yet), BROKEN. */
enum rc prover_publish(struct op *op, struct prover *p, const struct ledger *l,
                       bool *ret_new) MUST_CHECK;

/* The published note, a copy; empty: none yet.  The size that it signs: 0 then. */
struct str prover_note(struct prover *p, struct arena *a);
uint64_t prover_size(struct prover *p);

/* The tlog-proof of entry `index`, whose leaf hash the caller must know.  `l` NULL: from memory.
 * Fails: NOT_FOUND (no such entry, or another leaf: one answer), CONFLICT (it is not under the
 * checkpoint yet), BUSY (only with l NULL: ask again with a ledger), BROKEN. */
enum rc prover_prove(struct op *op, struct prover *p, const struct ledger *l, uint64_t index,
                     const struct hash *leaf, struct str *ret) MUST_CHECK;

/* A file of the export as of the published checkpoint: the bytes of a tile (level >= 0) or of a
 * bundle of entries (-1), `width` hashes or entries of number n.  A narrower one than there is is
 * its beginning.  Every entry is re-hashed on the way.
 * Fails: NOT_FOUND (it does not stand under the checkpoint), BROKEN. */
enum rc prover_file(struct op *op, struct prover *p, const struct ledger *l, int level, uint64_t n,
                    int width, struct str *ret) MUST_CHECK;

#endif
