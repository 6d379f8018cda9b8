/* SPDX-License-Identifier: Apache-2.0 */
/* read.c -- entries by index and in order; see ledger.h.
 *
 * Nothing is handed out that does not hash to its leaf: whoever reads a damaged ledger is told
 * where, not given other bytes.
 */
#include "ledger/ledger.h"

#include "ledger/cache.h"
#include "ledger/pending.h"
#include "ledger/scan.h"

#define PAGE 1024 /* rows of one query: PostgreSQL gives a whole result at once */

enum { Q_ONE, Q_PAGE };
static const struct sql SQL[] = {
	[Q_ONE] = {"SELECT idx, bytes, leaf FROM ledger_entry WHERE log = 0 AND idx = ?", 1},
	[Q_PAGE] = {"SELECT idx, bytes, leaf FROM ledger_entry"
                    " WHERE log = 0 AND idx >= ? AND idx < ? ORDER BY idx",
                    2},
};

/* The current row's bytes (a view) and leaf, checked against each other. */
static enum rc check_row(struct op *op, const struct rows *rows, struct hasher *h, uint64_t index,
                         struct str *ret, struct hash *ret_leaf)
{
	struct str entry = rows_str(rows, 1), stored = rows_str(rows, 2);
	struct hash leaf = tree_leaf(h, entry.s, entry.n);

	if (stored.n != sizeof leaf.b || memcmp(stored.s, leaf.b, sizeof leaf.b) != 0)
		return fail(op, RC_BROKEN, "", "", "第 %llu 条记录与其校验值不符",
		            "entry %llu does not hash to its leaf", (unsigned long long)index);
	*ret = entry;
	*ret_leaf = leaf;
	return RC_OK;
}

enum rc ledger_entry(struct op *op, const struct ledger *l, uint64_t index, struct str *ret,
                     struct hash *ret_leaf)
{
	AUTO(rows) rows = {0};
	struct hash leaf;
	struct str entry;

	if (index > INT64_MAX)
		return fail(op, RC_NOT_FOUND, "index", "", "没有第 %llu 条记录", "no entry %llu",
		            (unsigned long long)index);
	if (l->pending && index >= l->tree.size && index < l->next.size) {
		*ret = str_copy(op->arena, index < l->sent.size
		                               ? pending_entry(l->flying, index - l->tree.size, &leaf)
		                               : pending_entry(l->pending, index - l->sent.size, &leaf));
		if (ret_leaf)
			*ret_leaf = leaf;
		return RC_OK;
	}
	TRY(db_query(op, l->read, &SQL[Q_ONE], ARGS(sql_int((int64_t)index)), &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "index", "", "没有第 %llu 条记录", "no entry %llu",
		            (unsigned long long)index);
	TRY(check_row(op, &rows, l->hasher, index, &entry, &leaf));
	*ret = str_copy(op->arena, entry);
	if (ret_leaf)
		*ret_leaf = leaf;
	return RC_OK;
}

static enum rc scan_page(struct op *op, const struct scan *s, uint64_t from, uint64_t to)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, s->db, &SQL[Q_PAGE], ARGS(sql_int((int64_t)from), sql_int((int64_t)to)),
	             &rows));
	for (uint64_t i = from; i < to; i++) {
		struct hash leaf;
		struct str entry;

		if (!rows_next(&rows) || (uint64_t)rows_int(&rows, 0) != i)
			return fail(op, RC_BROKEN, "", "", "缺少第 %llu 条记录",
			            "entry %llu is missing", (unsigned long long)i);
		TRY(check_row(op, &rows, s->hasher, i, &entry, &leaf));
		TRY(s->each(op, s->ctx, i, entry, &leaf));
	}
	return RC_OK;
}

enum rc scan_run(struct op *op, const struct scan *s, uint64_t from, uint64_t to)
{
	while (from < to) {
		uint64_t end = to - from > PAGE ? from + PAGE : to;

		TRY(scan_page(op, s, from, end));
		from = end;
	}
	return RC_OK;
}

enum rc ledger_scan(struct op *op, const struct ledger *l, uint64_t from, uint64_t to,
                    ledger_each *each, void *ctx)
{
	struct scan s = {.db = l->store->ledger, .hasher = l->hasher, .each = each, .ctx = ctx};

	return scan_run(op, &s, from, to);
}

struct tree_reader ledger_reader(const struct ledger *l)
{
	return (struct tree_reader){.hash_at = tile_cache_hash, .ctx = l->cache};
}
