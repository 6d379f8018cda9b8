/* SPDX-License-Identifier: Apache-2.0 */
/* source.h -- where the bytes come from: a data folder, a database, an export folder, or a server
 * that shows what an export has.
 *
 * Nothing here ever writes to the source.  A SQLite file without a write-ahead log is opened as
 * immutable (SQLite would otherwise make -wal and -shm files beside it); one with a log that
 * nobody is writing is copied, with its log, to a temporary directory and read there; one that a
 * server is writing is read in place beside it.
 * Everything read is bounded; what does not fit is a finding, not a crash.
 */
#ifndef GY_AUDIT_SOURCE_H
#define GY_AUDIT_SOURCE_H

#include "audit/report.h"
#include "base/limits.h"
#include "base/op.h"
#include "ledger/tile.h"

struct db;

enum source_kind { SOURCE_FOLDER, SOURCE_DATABASE, SOURCE_EXPORT, SOURCE_HTTP };

struct source_row {
	int64_t index;
	struct str bytes;  /* .s NULL: the stored entry is larger than any entry may be */
	bool has_leaf;     /* databases keep the leaf hash beside the bytes */
	struct hash leaf;
};

struct source_note {
	int64_t size;      /* under which it is stored; NO_INDEX: not said (exports) */
	struct str bytes;
};

struct source_file { /* of an export: a tile or a bundle */
	int level, width;
	uint64_t n;
	bool seen;
};

struct source_stamp { /* a file that must not change while it is read */
	struct str path;  /* empty: none */
	int64_t size, changed_ns;
};

struct source_http; /* source_http.c */

struct source {
	enum source_kind kind;
	struct str path;   /* folder; empty when only a database URL was given */
	struct db *ledger; /* not of an export */
	struct db *view;   /* projections; NULL when there are none */
	struct str temp;   /* a directory of copies to remove; empty when none */
	struct source_stamp stamp[2]; /* of files read as immutable */
	bool unreadable;   /* an error was met while rows were read; it is reported with them */
	bool has_fence;
	int64_t fence_size;
	struct source_file *files;
	size_t nfiles;
	struct source_http *http; /* NULL: it is no address */
	bool notes_done;   /* exports have one */
	int64_t note_size, note_n; /* where the reading of notes stands */
	int64_t view_at;   /* entries that the projections have seen */
	struct report *report;
};

/* Where it is and how one gets in. */
struct source_where {
	struct str path;   /* a folder, or a postgresql://, http:// or https:// URL */
	struct str url;    /* beside a folder: its database; empty: none */
	struct str token;  /* of a login, for a server; empty: none */
	struct str cacert; /* a file of the authorities to trust; empty: the system's */
	int ask_ms;        /* how long one answer of a server may take; 0: LIMIT_ASK_MS */
};

/* `keep` is an operation whose arena lives as long as the source.
 * Fails: INVALID, NOT_FOUND, DENIED (cannot be read: one sentence says why), BUSY. */
enum rc source_open(struct op *keep, const struct source_where *where, struct report *report,
                    struct source *ret) MUST_CHECK;
void source_release(struct source *s);

/* Are there files beside the tables: a verifier key, rules? */
bool source_has_files(const struct source *s);
/* Bundles and tiles rather than tables, and one checkpoint. */
bool source_has_bundles(const struct source *s);
/* Did a server go away, or shut us out, where no finding could say so?  Then the findings mean
 * nothing.  Fails: BUSY, DENIED. */
enum rc source_failed(struct op *op, const struct source *s) MUST_CHECK;

/* After a failed source_open: is this a ledger of ours whose database is damaged (a finding), and
 * not just something else (a wrong name)? */
bool source_damaged(struct op *op, struct str path, struct str url, enum rc rc) MUST_CHECK;

/* Up to 256 rows with index >= from, in order; *ret_n 0 at the end.
 * Fails: BROKEN, BUSY (the rest cannot be read). */
enum rc source_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                    size_t *ret_n) MUST_CHECK;

/* The next signed checkpoint, by size.  Fails: NOT_FOUND (no more), BROKEN, BUSY. */
enum rc source_note_next(struct op *op, struct source *s, struct source_note *ret) MUST_CHECK;

/* Compares what is stored of tile (level, n) with the `width` hashes that the entries give. */
void source_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                 int width);

/* Names stored tiles and bundles that a tree of `size` does not have. */
void source_extra(struct op *op, struct source *s, uint64_t size);

/* A file by its hash: rules.  Fails: NOT_FOUND, INVALID (too large), DENIED, BROKEN. */
enum rc source_blob(struct op *op, const struct source *s, struct str hash,
                    struct str *ret) MUST_CHECK;
/* The verifier key as it stands beside the ledger.  Fails as source_blob. */
enum rc source_vkey(struct op *op, const struct source *s, struct str *ret) MUST_CHECK;

/* The balances of the projections, by asset then holder; only when s->view is there. */
typedef void source_balance(void *ctx, struct str asset, struct str holder, int64_t qty);
enum rc source_balances(struct op *op, const struct source *s, source_balance *each, void *ctx)
	MUST_CHECK;

/* Reads a regular file whole, never blocking on a pipe.
 * Fails: NOT_FOUND, INVALID (not a file, or larger than max), DENIED, BROKEN. */
enum rc source_file_read(struct op *op, struct str path, size_t max, struct str *ret) MUST_CHECK;

#endif
