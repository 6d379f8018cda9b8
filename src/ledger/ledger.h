/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.h -- the append-only book: entries, their tree, its checkpoints.
 *
 * Knows bytes and indices, not events.  Nothing else writes these tables:
 *   ledger_entry(log, idx, bytes, leaf)   keyed from the start for mirrored logs; log 0 is ours
 *   ledger_tile(log, level, n, bytes)     complete tiles only (256 hashes), written when complete
 *   ledger_note(log, size, n, note)       signed checkpoints; n counts the forms of one size (each
 *                                         further one has more cosignatures); newest: last by both
 *   ledger_receipt(device, key, body, idx) idempotency: SHA-256 of the request body, its answer
 *   ledger_fence(log, size, epoch)        the head: moved by compare-and-set in each commit
 * UPDATE, DELETE (and REPLACE, TRUNCATE) on the first four are refused by the database itself.
 * signer.h signs checkpoints of it.
 * Vault tables stand in the same file and belong to engine/vault.
 *
 * A batch is appended, launched (nothing more is added to it) and landed (written and committed).
 * While one is aloft the next may be appended; landing one may be another thread's work, which then
 * alone uses the store's ledger connection.
 *
 * Appends are fenced: a commit moves (size, epoch) from what this writer expects; any other
 * writer's commit in between makes ours fail whole (CONFLICT, and the writer must stop).
 */
#ifndef GY_LEDGER_H
#define GY_LEDGER_H

#include "db/store.h"
#include "ledger/checkpoint.h"
#include "ledger/signer.h"
#include "ledger/tile.h"

struct ledger {
	struct store *store;
	struct db *read;  /* entries and receipts are read here: the store's connection, or one more */
	struct tree tree; /* committed */
	struct tree next; /* with what this batch appended */
	struct tree sent; /* with what is aloft; as tree when nothing is */
	int64_t epoch;    /* ours; raised when a writer opens */
	struct hasher *hasher, *land_hasher;
	struct pending *pending;  /* what this batch appended (pending.h) */
	struct pending *flying;   /* what is aloft */
	bool aloft;
	struct newest *newest;    /* greatest keys of receipts (newest.h) */
	struct tile_rows *rows;   /* writer: the incomplete tiles, as committed */
	bool rows_stale;          /* they must be read again before the next seal */
	struct tile_cache *cache; /* tiles read for proofs (cache.h) */
};

/* The migrations of the ledger's tables (vault included). */
enum rc ledger_create(struct op *op, struct store *s) MUST_CHECK;

/* Loads the tree and, in a store open for writing, raises the epoch in a commit of its own; a
 * reader's epoch is -1.  Call it outside a transaction.
 * Fails: INVALID (tables newer than this program), CONFLICT (older: run ledger_create), BROKEN
 * (head and entries or tiles disagree). */
enum rc ledger_open(struct op *op, struct store *s, struct ledger *ret) MUST_CHECK;
void ledger_release(struct ledger *l);
/* A reader's tree as of now. */
enum rc ledger_refresh(struct op *op, struct ledger *l) MUST_CHECK;

/* Inside store_begin..store_commit.  The entry's index is l->next.size before the call; it is kept
 * in memory until the batch is sealed.  Fails: INVALID (longer than LIMIT_ENTRY). */
enum rc ledger_append(struct op *op, struct ledger *l, struct str entry,
                      struct hash *ret_leaf) MUST_CHECK;
/* A point to come back to when an operation is taken back: entries and receipts. */
struct ledger_mark {
	struct tree tree;
	size_t entries, receipts;
};
struct ledger_mark ledger_mark(const struct ledger *l);
void ledger_back(struct ledger *l, const struct ledger_mark *m);
/* Nothing more comes into the batch; none may be aloft. */
void ledger_launch(struct ledger *l);
/* Moves the fence, writes the entries, receipts and complete tiles of the batch that is aloft; call
 * right before store_commit.  CONFLICT: fenced. */
enum rc ledger_land(struct op *op, struct ledger *l) MUST_CHECK;
/* Both at once. */
enum rc ledger_seal(struct op *op, struct ledger *l) MUST_CHECK;
void ledger_committed(struct ledger *l); /* after store_commit */
void ledger_abandoned(struct ledger *l); /* after store_rollback: what is aloft as well */

/* Reading; a writer also reads what its batch appended.  Bytes in the op's arena.
 * Fails: NOT_FOUND, BROKEN (they do not hash to their leaf). */
enum rc ledger_entry(struct op *op, const struct ledger *l, uint64_t index, struct str *ret,
                     struct hash *ret_leaf) MUST_CHECK;
/* Entries [from, to) in order, each checked against its leaf; stops at the first non-OK of `each`,
 * for whose call alone `entry` lives.  Fails: BROKEN (a gap, or as above). */
typedef enum rc ledger_each(struct op *op, void *ctx, uint64_t index, struct str entry,
                            const struct hash *leaf);
enum rc ledger_scan(struct op *op, const struct ledger *l, uint64_t from, uint64_t to,
                    ledger_each *each, void *ctx) MUST_CHECK;
/* Hashes for proofs, from tiles and leaves, with a small cache; a writer's sees what is committed.
 * Valid while *l stays where it is. */
struct tree_reader ledger_reader(const struct ledger *l);
enum rc ledger_size(struct op *op, struct db *db, uint64_t *ret) MUST_CHECK; /* of log 0 */

/* Idempotency.  find: *ret_found false: new; fails: INVALID (same key, other body).  put: kept
 * until the batch is sealed; fails: CONFLICT (the batch has this key). */
enum rc ledger_receipt_find(struct op *op, struct ledger *l, int64_t device, struct str key,
                            const struct hash *body, bool *ret_found,
                            uint64_t *ret_index) MUST_CHECK;
enum rc ledger_receipt_put(struct op *op, struct ledger *l, int64_t device, struct str key,
                           const struct hash *body, uint64_t index) MUST_CHECK;

/* Notes. */
enum rc ledger_note_newest(struct op *op, const struct ledger *l,
                           struct str *ret) MUST_CHECK; /* NOT_FOUND: none */
enum rc ledger_note_put(struct op *op, struct ledger *l, uint64_t size, struct str note) MUST_CHECK;

/* Start-up: the store against the newest checkpoint kept outside it.  OK when known_file is "" or
 * there is no such file: then nothing outside is known, and the caller should say so.
 * Fails: BROKEN (behind: "the store has N entries, the checkpoint kept outside says M"; forked;
 * or a note not ours), and the writer must not start. */
enum rc ledger_check_known(struct op *op, struct ledger *l, struct str known_file,
                           const struct note_key *vkey, struct str origin) MUST_CHECK;

/* The receipt of one entry under the newest note.  Fails: NOT_FOUND (index not yet under it),
 * BROKEN (it does not prove). */
enum rc ledger_prove(struct op *op, const struct ledger *l, uint64_t index,
                     struct str *ret) MUST_CHECK;

/* checkpoint, tile/…, tile/entries/…, vkey, policy (with the witnesses of cosign.h) under dir
 * (rules/ is engine's to add), as of the newest note; `checkpoint` is written last.  Every entry is
 * re-hashed on the way.
 * Fails: CONFLICT (something is in dir), NOT_FOUND (no checkpoint yet), BROKEN. */
enum rc ledger_export(struct op *op, const struct ledger *l, struct str dir,
                      const struct note_key *vkey, uint64_t *ret_size,
                      struct hash *ret_root) MUST_CHECK;

/* Re-hashes everything as of one snapshot: entries, leaves, gaps, tiles, and the root of every
 * stored checkpoint.  Fails: BROKEN; op->err names the first index that is wrong. */
enum rc ledger_scrub(struct op *op, const struct ledger *l, uint64_t *ret_size,
                     struct hash *ret_root) MUST_CHECK;

#endif
