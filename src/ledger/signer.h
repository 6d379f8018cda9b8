/* SPDX-License-Identifier: Apache-2.0 */
/* signer.h -- signs checkpoints, and only of what it has itself re-read and re-hashed.
 *
 * It reads with a connection of its own (SQLite: DIR/ledger.db read-only; PostgreSQL: a second
 * connection; a store in memory, which has no second one: the store's, outside a transaction), in
 * one snapshot, so it sees what is committed and nothing else.
 *
 * signer_open re-reads what the newest signed checkpoint rests on: the bytes of the at most 255
 * entries after the last complete tile, and, of each level, the complete tiles (at most 255) whose
 * roots stand in the incomplete tile above.  Re-hashed, these must give the signed root.  Tiles
 * and entries further left are not read: ledger_scrub does that.
 * signer_sign re-reads and re-hashes every entry after that, and each tile that they complete.
 *
 * A checkpoint that is not consistent with the newest signed one is never made: BROKEN, with the
 * first index that is wrong, for an entry that does not hash to its leaf, a gap, a tile that
 * differs, entries or tiles beyond the head, an earlier root that is not reproduced, a checkpoint
 * larger than the ledger.  After a failure the signer stands where it stood and may be asked again.
 */
#ifndef GY_SIGNER_H
#define GY_SIGNER_H

#include "base/key.h"
#include "base/op.h"
#include "ledger/tree.h"

struct db;
struct ledger;
struct rehash;
struct signer {
	struct str origin;
	struct ed25519_key key;
	struct str known; /* file outside the folder, replaced after each signature; "": none */
	struct tree tree; /* what it has itself re-hashed and signed */
	struct db *db;
	bool own_db;
	struct rehash *re;
};

/* Strings are not copied.  Fails: BROKEN, INVALID (origin), and what opening a connection may. */
enum rc signer_open(struct op *op, struct ledger *l, struct str origin,
                    const struct ed25519_key *key, struct str known, struct signer *ret) MUST_CHECK;
void signer_release(struct signer *s);

/* *ret_note: the newest note, also when nothing was new.  signer_read, then signer_keep. */
enum rc signer_sign(struct op *op, struct signer *s, struct ledger *l,
                    struct str *ret_note) MUST_CHECK;

/* The two halves, for a signer in a thread of its own.  signer_read uses the signer's connection
 * alone; *ret_note is empty when there is nothing new to sign.  signer_keep stores it (writer's
 * connection: between batches, on the writer's thread) and replaces the known file. */
struct signed_note {
	uint64_t size;
	struct str note;
};
enum rc signer_read(struct op *op, struct signer *s, struct signed_note *ret) MUST_CHECK;
enum rc signer_keep(struct op *op, const struct signer *s, struct ledger *l,
                    const struct signed_note *n) MUST_CHECK;

#endif
