/* SPDX-License-Identifier: Apache-2.0 */
/* append.c -- opening the ledger, and the writer's path: append, seal, commit; see ledger.h.
 *
 * The hot path is ledger_append: one leaf hash, about one node hash, one copy.  Rows are written in
 * ledger_seal, behind the fence and inside the same transaction, so a committed ledger always has
 * all its complete tiles and the fence stands at its last entry.
 */
#include "ledger/ledger.h"

#include "ledger/cache.h"
#include "ledger/head.h"
#include "ledger/newest.h"
#include "ledger/pending.h"
#include "ledger/schema.h"

enum { Q_RAISE, Q_MOVE, Q_TILE };
static const struct sql SQL[] = {
	[Q_RAISE] = {"UPDATE ledger_fence SET epoch = epoch + 1 WHERE log = 0", 0},
	[Q_MOVE] = {"UPDATE ledger_fence SET size = ? WHERE log = 0 AND size = ? AND epoch = ?", 3},
	[Q_TILE] = {"INSERT INTO ledger_tile(log, level, n, bytes) VALUES (0, ?, ?, ?)", 3},
};

static enum rc load_rows(struct op *op, struct ledger *l, uint64_t size)
{
	tile_cache_limit(l->cache, size);
	if (!tile_cache_rows(l->cache, size, l->rows)) {
		const struct err *e = tile_cache_err(l->cache);

		return fail(op, e->rc == RC_BUSY ? RC_BUSY : RC_BROKEN, "", "",
		            "台账校验值无法读出：%s%.0s",
		            "the ledger's tiles cannot be read: %.0s%s", e->zh, e->en);
	}
	return RC_OK;
}

static enum rc load_tree(struct op *op, struct ledger *l, uint64_t size)
{
	TRY(load_rows(op, l, size));
	tile_rows_tree(l->rows, l->hasher, &l->tree);
	l->next = l->sent = l->tree;
	/* Readers see committed entries only, also those that come later. */
	tile_cache_limit(l->cache, l->epoch < 0 ? UINT64_MAX : size);
	return RC_OK;
}

static enum rc raise_epoch(struct op *op, struct db *db)
{
	enum rc rc;

	TRY(db_begin(op, db));
	rc = db_exec(op, db, &SQL[Q_RAISE], NO_ARGS);
	if (rc == RC_OK)
		rc = db_commit(op, db);
	if (rc != RC_OK)
		db_rollback(db);
	return rc;
}

static enum rc open_head(struct op *op, struct ledger *l)
{
	struct db *db = l->store->ledger;
	uint64_t size;
	int64_t epoch;

	TRY(head_read(op, db, &size, &epoch));
	l->epoch = l->store->mode == STORE_WRITE ? epoch : -1;
	TRY(head_check(op, db, size));
	return load_tree(op, l, size);
}

/* Head, last entry and tiles are of one moment, also while somebody else writes. */
static enum rc open_parts(struct op *op, struct ledger *l)
{
	struct db *db = l->store->ledger;
	enum rc rc;

	TRY(schema_check(op, db));
	if (l->store->mode == STORE_WRITE) {
		TRY(raise_epoch(op, db));
		return open_head(op, l);
	}
	TRY(db_begin_read(op, db));
	rc = open_head(op, l);
	db_rollback(db);
	return rc;
}

enum rc ledger_open(struct op *op, struct store *s, struct ledger *ret)
{
	struct ledger l = {.store = s, .read = s->ledger, .hasher = hasher_new(HASH_SHA256)};
	enum rc rc;

	l.cache = tile_cache_new(s->ledger);
	l.rows = calloc(1, sizeof *l.rows);
	if (!l.rows)
		abort();
	if (s->mode == STORE_WRITE) {
		l.land_hasher = hasher_new(HASH_SHA256);
		l.pending = pending_new();
		l.flying = pending_new();
		l.newest = newest_new();
	}
	rc = open_parts(op, &l);
	if (rc == RC_OK)
		*ret = l;
	else
		ledger_release(&l);
	return rc;
}

void ledger_release(struct ledger *l)
{
	hasher_free(l->hasher);
	tile_cache_free(l->cache);
	free(l->rows);
	hasher_free(l->land_hasher);
	pending_free(l->pending);
	pending_free(l->flying);
	newest_free(l->newest);
	*l = (struct ledger){.epoch = -1};
}

enum rc ledger_refresh(struct op *op, struct ledger *l)
{
	uint64_t size;
	int64_t epoch;

	assert(l->epoch < 0);
	TRY(head_read(op, l->store->ledger, &size, &epoch));
	if (size < l->tree.size)
		return fail(op, RC_BROKEN, "", "", "台账由 %llu 条退回到 %llu 条",
		            "the ledger went back from %llu entries to %llu",
		            (unsigned long long)l->tree.size, (unsigned long long)size);
	return size == l->tree.size ? RC_OK : load_tree(op, l, size);
}

enum rc ledger_append(struct op *op, struct ledger *l, struct str entry, struct hash *ret_leaf)
{
	struct hash leaf;

	assert(l->epoch >= 0);
	if (entry.n > LIMIT_ENTRY)
		return fail(op, RC_INVALID, "", "C2SP tlog-tiles", "记录长 %zu 字节，超过 %d 字节",
		            "the entry has %zu bytes, more than %d", entry.n, LIMIT_ENTRY);
	leaf = tree_leaf(l->hasher, entry.s, entry.n);
	tree_push(&l->next, l->hasher, &leaf);
	pending_entry_add(l->pending, entry, &leaf);
	assert(l->next.size == l->sent.size + pending_entries(l->pending));
	*ret_leaf = leaf;
	return RC_OK;
}

struct ledger_mark ledger_mark(const struct ledger *l)
{
	return (struct ledger_mark){.tree = l->next, .entries = pending_entries(l->pending),
	                            .receipts = pending_receipts(l->pending)};
}

void ledger_back(struct ledger *l, const struct ledger_mark *m)
{
	l->next = m->tree;
	pending_back(l->pending, m->entries, m->receipts);
	assert(l->next.size == l->sent.size + pending_entries(l->pending));
}

static enum rc write_tile(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row)
{
	struct ledger *l = ctx;

	return db_exec(op, l->store->ledger, &SQL[Q_TILE],
	               ARGS(sql_int(level), sql_int((int64_t)n),
	                    sql_bytes(row, TILE_WIDTH * sizeof row[0])));
}

/* Also when nothing was appended: what else stands in this commit is fenced too. */
static enum rc move_fence(struct op *op, struct ledger *l)
{
	int64_t changed;

	TRY(db_change(op, l->store->ledger, &SQL[Q_MOVE],
	              ARGS(sql_int((int64_t)l->sent.size), sql_int((int64_t)l->tree.size),
	                   sql_int(l->epoch)),
	              &changed));
	if (changed != 1)
		return fail(op, RC_CONFLICT, "", "", "台账已由另一写入程序接管，本程序须停止写入",
		            "another writer has taken over the ledger: this one must stop");
	return RC_OK;
}

void ledger_launch(struct ledger *l)
{
	struct pending *p = l->flying;

	assert(l->epoch >= 0);
	assert(!l->aloft);
	assert(pending_entries(p) == 0);
	l->flying = l->pending;
	l->pending = p;
	l->sent = l->next;
	l->aloft = true;
}

enum rc ledger_land(struct op *op, struct ledger *l)
{
	size_t n = pending_entries(l->flying);
	struct hash leaf;

	assert(l->aloft);
	if (l->rows_stale)
		TRY(load_rows(op, l, l->tree.size));
	assert(l->rows->size == l->tree.size);
	TRY(move_fence(op, l));
	TRY(pending_write(op, l->flying, l->store->ledger, l->tree.size));
	/* Until the commit the rows run ahead of what is stored; ledger_committed clears this. */
	l->rows_stale = true;
	for (size_t i = 0; i < n; i++) {
		(void)pending_entry(l->flying, i, &leaf);
		TRY(tile_rows_push(op, l->rows, l->land_hasher, &leaf, write_tile, l));
	}
	return RC_OK;
}

enum rc ledger_seal(struct op *op, struct ledger *l)
{
	ledger_launch(l);
	return ledger_land(op, l);
}

void ledger_committed(struct ledger *l)
{
	assert(l->aloft);
	assert(l->rows->size == l->sent.size);
	l->tree = l->sent;
	pending_clear(l->flying);
	l->aloft = false;
	l->rows_stale = false;
	tile_cache_limit(l->cache, l->tree.size);
}

void ledger_abandoned(struct ledger *l)
{
	l->next = l->sent = l->tree;
	pending_clear(l->pending);
	pending_clear(l->flying);
	l->aloft = false;
}
