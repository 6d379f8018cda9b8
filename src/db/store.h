/* SPDX-License-Identifier: Apache-2.0 */
/* store.h -- a data folder: where a ledger, its projections, its blobs and its keys live.
 *
 *   DIR/ledger.db   entries, notes, idempotency, vault: its commit is durability
 *   DIR/view.db     projections and the index they stand at: may be behind, never ahead
 *   DIR/blobs/      files by hash      DIR/keys/  secrets of this node (0700)
 *   DIR/format      one line, "gongyuan-data 1": is this ours, and which version
 *   DIR/lock        held by the writer
 *
 * With a PostgreSQL URL the schemas gy_ledger and gy_view of one database stand in place of the
 * two files; `ledger` and `view` are then handles of one connection and one transaction covers
 * both: begin, commit and roll back with the store's functions.
 */
#ifndef GY_STORE_H
#define GY_STORE_H

#include "db/db.h"

#define STORE_FORMAT 1

enum store_mode { STORE_READ, STORE_WRITE };

struct store {
	struct db *ledger, *view;
	struct str dir, url; /* url empty: SQLite */
	enum store_mode mode;
	int lock_fd;
	bool one; /* ledger and view share a connection */
};

/* Makes a new data folder: directories, format line, empty databases.  An existing empty
 * directory is used.
 * Fails: CONFLICT (there is something in it already), DENIED (no permission), BROKEN. */
enum rc store_create(struct op *op, struct str dir, struct str url, struct store *ret) MUST_CHECK;

/* What store_create made in a database just now, when the rest then failed: its schemas are
 * dropped.
 * SQLite: no effect, the folder is the caller's to remove. */
enum rc store_unmake(struct op *op, struct store *s) MUST_CHECK;

/* Opens one.  STORE_WRITE takes the lock (SQLite: flock on DIR/lock; PostgreSQL: that and an
 * advisory lock).  Each failure is one sentence that says what to do:
 * NOT_FOUND (no folder, or not ours, or half-copied: a file of it is missing), INVALID (newer
 * than this program), CONFLICT (older: needs an upgrade), DENIED (read-only, no permission),
 * BUSY (another writer has it), BROKEN (full, damaged). */
enum rc store_open(struct op *op, struct str dir, struct str url, enum store_mode mode,
                   struct store *ret) MUST_CHECK;
void store_release(struct store *s);
/* For who writes for long: commits are faster once the logs have their full size (SQLite; 16 MB
 * each, given back at the end).  Outside a transaction. */
enum rc store_reserve(struct op *op, struct store *s) MUST_CHECK;
/* One more connection to the ledger, for reading, the caller's to close; NULL on PostgreSQL. */
enum rc store_reader(struct op *op, const struct store *s, struct db **ret) MUST_CHECK;

/* A second projection beside the first, for rebuild: empties and opens view.next.db (schema
 * gy_view_next); store_view_swap puts it in the place of the first, atomically, and reopens
 * s->view; `next` is closed in every case.  store_view_drop abandons it.  PostgreSQL: BUSY while
 * somebody reads the first. */
enum rc store_view_next(struct op *op, struct store *s, struct db **ret) MUST_CHECK;
enum rc store_view_swap(struct op *op, struct store *s, struct db *next) MUST_CHECK;
enum rc store_view_drop(struct op *op, struct store *s, struct db *next) MUST_CHECK;
/* PostgreSQL: a SQLite file in DIR in which a projection is made before it is loaded whole; drop
 * closes and removes it. */
enum rc store_view_draft(struct op *op, const struct store *s, struct db **ret) MUST_CHECK;
enum rc store_view_draft_drop(struct op *op, const struct store *s, struct db *draft) MUST_CHECK;

/* Writes to both at once.  On SQLite the ledger commits (fsync) and the view goes on: its
 * transaction stays open over batches until store_commit_view. */
enum rc store_begin(struct op *op, struct store *s) MUST_CHECK;
enum rc store_savepoint(struct op *op, struct store *s) MUST_CHECK;
enum rc store_release_savepoint(struct op *op, struct store *s) MUST_CHECK;
enum rc store_rollback_to(struct op *op, struct store *s) MUST_CHECK;
enum rc store_commit(struct op *op, struct store *s) MUST_CHECK;      /* durability */
/* store_commit in two steps: what was decided on projections that could not be read must not become
 * durable (BROKEN); then the ledger's commit, which leaves the view alone. */
enum rc store_check_view(struct op *op, const struct store *s) MUST_CHECK;
enum rc store_commit_ledger(struct op *op, struct store *s) MUST_CHECK;
enum rc store_commit_view(struct op *op, struct store *s) MUST_CHECK; /* none open: no effect */
void store_rollback(struct store *s); /* both; the view's open batches too: it must be caught up */

/* Files.  Written to a temporary name, fsynced, renamed, directory fsynced. */
enum rc file_write(struct op *op, struct str path, struct str bytes, int mode) MUST_CHECK;
/* Fails: NOT_FOUND, INVALID (larger than max), DENIED, BROKEN. */
enum rc file_read(struct op *op, struct str path, size_t max, struct str *ret) MUST_CHECK;
bool file_exists(struct str path);
enum rc dir_make(struct op *op, struct str path, int mode) MUST_CHECK; /* and its parents */

/* blobs/HASH, content-addressed by SHA-256. */
enum rc blob_put(struct op *op, const struct store *s, struct str bytes,
                 struct str *ret_hash) MUST_CHECK; /* 64 hex digits */
/* Fails: INVALID (not a hash), NOT_FOUND, DENIED, BROKEN (damaged: does not have that hash). */
enum rc blob_get(struct op *op, const struct store *s, struct str hash,
                 struct str *ret) MUST_CHECK;

#endif
