/* SPDX-License-Identifier: Apache-2.0 */
/* rehash.c -- see rehash.h; also ledger_scrub, which re-hashes from the first entry on. */
#include "ledger/rehash.h"

#include "ledger/cache.h"
#include "ledger/head.h"
#include "ledger/scan.h"

enum { Q_TILE, Q_NEXT_NOTE, Q_NOTES };
static const struct sql SQL[] = {
	[Q_TILE] = {"SELECT bytes FROM ledger_tile WHERE log = 0 AND level = ? AND n = ?", 2},
	[Q_NEXT_NOTE] = {"SELECT MIN(size) FROM ledger_note WHERE log = 0 AND size > ?", 1},
	[Q_NOTES] = {"SELECT note FROM ledger_note WHERE log = 0 AND size = ? ORDER BY n", 1},
};

struct walk {
	struct rehash *re;
	int64_t noted; /* the next size that has a checkpoint; INT64_MAX: none */
};

static enum rc same_leaf(struct op *op, void *ctx, uint64_t index, struct str entry,
                         const struct hash *leaf)
{
	const struct rehash *re = ctx;

	/* The scan has hashed the bytes; the rows came from the column beside them. */
	if (!hash_eq(leaf, &re->rows.row[0][index % TILE_WIDTH]))
		return fail(op, RC_BROKEN, "", "", "第 %llu 条记录两次读出不同",
		            "entry %llu was read twice and differs", (unsigned long long)index);
	return RC_OK;
}

enum rc rehash_load(struct op *op, struct rehash *re, uint64_t size)
{
	struct scan s = {.db = re->db, .hasher = re->hasher, .each = same_leaf, .ctx = re};
	struct tile_cache *cache = tile_cache_new(re->db);
	bool ok = tile_cache_rows(cache, size, &re->rows);
	struct err e = *tile_cache_err(cache);

	tile_cache_free(cache);
	if (!ok)
		return fail(op, e.rc == RC_BUSY ? RC_BUSY : RC_BROKEN, "", "",
		            "台账校验值无法读出：%s%.0s",
		            "the ledger's tiles cannot be read: %.0s%s", e.zh, e.en);
	tile_rows_tree(&re->rows, re->hasher, &re->tree);
	return scan_run(op, &s, size - size % TILE_WIDTH, size);
}

static enum rc same_tile(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row)
{
	const struct rehash *re = ctx;
	AUTO(rows) rows = {0};
	struct str bytes;

	TRY(db_query(op, re->db, &SQL[Q_TILE], ARGS(sql_int(level), sql_int((int64_t)n)), &rows));
	if (!rows_next(&rows))
		return fail(op, RC_BROKEN, "", "", "缺少第 %d 层第 %llu 块校验值",
		            "tile %d/%llu is missing", level, (unsigned long long)n);
	bytes = rows_str(&rows, 0);
	if (bytes.n != TILE_WIDTH * sizeof row[0] || memcmp(bytes.s, row, bytes.n) != 0)
		return fail(op, RC_BROKEN, "", "", "第 %d 层第 %llu 块校验值与记录不符",
		            "tile %d/%llu differs from the entries", level, (unsigned long long)n);
	return RC_OK;
}

static enum rc same_root(struct op *op, struct str bytes, uint64_t size, const struct hash *root)
{
	struct note *note = ARENA_NEW(op->arena, struct note);
	struct checkpoint c;

	if (note_parse(op, bytes, note) != RC_OK || checkpoint_parse(op, note->text, &c) != RC_OK)
		return fail(op, RC_BROKEN, "", "", "%llu 条时的存证点格式有误",
		            "the checkpoint of %llu entries is malformed",
		            (unsigned long long)size);
	if (c.size != size || !hash_eq(&c.root, root))
		return fail(op, RC_BROKEN, "", "", "前 %llu 条记录与当时的存证点不符",
		            "the first %llu entries do not give the root signed for them",
		            (unsigned long long)size);
	return RC_OK;
}

/* The checkpoints of the size reached, if any; then looks for the next. */
static enum rc pass_notes(struct op *op, struct walk *w)
{
	struct rehash *re = w->re;
	AUTO(rows) rows = {0};
	AUTO(rows) next = {0};
	struct hash root;

	if (w->noted == (int64_t)re->tree.size) {
		root = tree_root(&re->tree, re->hasher);
		TRY(db_query(op, re->db, &SQL[Q_NOTES], ARGS(sql_int(w->noted)), &rows));
		while (rows_next(&rows))
			TRY(same_root(op, rows_str(&rows, 0), re->tree.size, &root));
	}
	TRY(db_query(op, re->db, &SQL[Q_NEXT_NOTE], ARGS(sql_int(w->noted)), &next));
	w->noted = rows_next(&next) && !rows_is_null(&next, 0) ? rows_int(&next, 0) : INT64_MAX;
	return RC_OK;
}

static enum rc walk_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                          const struct hash *leaf)
{
	struct walk *w = ctx;
	struct rehash *re = w->re;

	assert(index == re->tree.size && index == re->rows.size);
	TRY(tile_rows_push(op, &re->rows, re->hasher, leaf, same_tile, re));
	tree_push(&re->tree, re->hasher, leaf);
	return w->noted == (int64_t)re->tree.size ? pass_notes(op, w) : RC_OK;
}

enum rc rehash_to(struct op *op, struct rehash *re, uint64_t size)
{
	struct walk w = {.re = re, .noted = (int64_t)re->tree.size};
	struct scan s = {.db = re->db, .hasher = re->hasher, .each = walk_entry, .ctx = &w};

	TRY(pass_notes(op, &w));
	TRY(scan_run(op, &s, re->tree.size, size));
	assert(re->tree.size == size);
	if (w.noted != INT64_MAX)
		return fail(op, RC_BROKEN, "", "", "台账只有 %llu 条，却有 %lld 条时的存证点",
		            "the ledger has %llu entries, but there is a checkpoint of %lld",
		            (unsigned long long)size, (long long)w.noted);
	return head_check(op, re->db, size);
}

static enum rc scrub(struct op *op, struct rehash *re)
{
	uint64_t size;

	TRY(ledger_size(op, re->db, &size));
	return rehash_to(op, re, size);
}

enum rc ledger_scrub(struct op *op, const struct ledger *l, uint64_t *ret_size,
                     struct hash *ret_root)
{
	struct rehash *re = calloc(1, sizeof *re);
	enum rc rc;

	if (!re)
		abort();
	re->db = l->store->ledger;
	re->hasher = l->hasher;
	rc = db_begin_read(op, re->db);
	if (rc == RC_OK) {
		rc = scrub(op, re);
		db_rollback(re->db);
	}
	if (rc == RC_OK) {
		*ret_size = re->tree.size;
		*ret_root = tree_root(&re->tree, re->hasher);
	}
	free(re);
	return rc;
}
