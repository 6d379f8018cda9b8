/* SPDX-License-Identifier: Apache-2.0 */
/* source_db.c -- entries, tiles and notes of a data folder or a PostgreSQL database.
 *
 * Everything is read inside one snapshot of the ledger.  The projections are opened before it, so
 * they can only be behind.  How a SQLite file is opened without touching it: source_open.c.
 */
#include "audit/source_kinds.h"
#include "audit/source_open.h"
#include "db/db.h"

#define ROWS 256

enum { Q_ROWS, Q_BELOW, Q_TILE, Q_TILES, Q_STRANGE, Q_NOTES, Q_FENCE, Q_FOREIGN,
       Q_VIEW, Q_BALANCES };
static const struct sql SQL[] = {
	/* A value larger than any entry is not brought into memory. */
	[Q_ROWS] = {"SELECT idx, CASE WHEN length(bytes) <= 65535 THEN bytes ELSE NULL END, leaf"
	            " FROM ledger_entry WHERE log = 0 AND idx >= ? ORDER BY idx LIMIT 256", 1},
	[Q_BELOW] = {"SELECT idx FROM ledger_entry WHERE log = 0 AND idx < 0 ORDER BY idx LIMIT 1",
	             0},
	[Q_TILE] = {"SELECT CASE WHEN length(bytes) <= 8192 THEN bytes ELSE NULL END"
	            " FROM ledger_tile WHERE log = 0 AND level = ? AND n = ?", 2},
	[Q_TILES] = {"SELECT n FROM ledger_tile WHERE log = 0 AND level = ? AND n >= ?"
	             " ORDER BY n LIMIT 256", 2},
	[Q_STRANGE] = {"SELECT n, level FROM ledger_tile WHERE log = 0 AND (level < 0 OR level > 7"
	               " OR n < 0) ORDER BY level, n LIMIT 256", 0},
	[Q_NOTES] = {"SELECT size, n, CASE WHEN length(note) <= 65536 THEN note ELSE NULL END"
	             " FROM ledger_note WHERE log = 0 AND (size > ? OR (size = ? AND n > ?))"
	             " ORDER BY size, n LIMIT 1", 3},
	[Q_FENCE] = {"SELECT size FROM ledger_fence WHERE log = 0", 0},
	[Q_FOREIGN] = {"SELECT log FROM ledger_entry WHERE log > 0 ORDER BY log, idx LIMIT 1", 0},
	[Q_VIEW] = {"SELECT at FROM view_state WHERE one = 1", 0},
	[Q_BALANCES] = {"SELECT asset, holder, qty FROM book_balance WHERE qty <> 0"
	                " ORDER BY asset, holder", 0},
};

static bool has_table(const struct str *names, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(names[i], name))
			return true;
	return false;
}

/* A hostile file may have a view in the place of a table, and a view may never end. */
static enum rc check_tables(struct op *op, struct source *s)
{
	static const char *const NEEDED[] = {"ledger_entry", "ledger_tile", "ledger_note"};
	struct str *names = NULL;
	size_t n = 0;

	TRY(db_tables(op, s->ledger, &names, &n));
	for (size_t i = 0; i < COUNT(NEEDED); i++)
		if (!has_table(names, n, NEEDED[i]))
			return fail(op, RC_INVALID, "source", "", "数据库中没有台账表 %s",
			            "the database has no ledger table %s", NEEDED[i]);
	s->has_fence = has_table(names, n, "ledger_fence");
	return RC_OK;
}

static enum rc read_head(struct op *op, struct source *s)
{
	AUTO(rows) fence = {0};
	AUTO(rows) foreign = {0};

	if (s->has_fence) {
		TRY(db_query(op, s->ledger, &SQL[Q_FENCE], NO_ARGS, &fence));
		s->has_fence = rows_next(&fence);
		s->fence_size = s->has_fence ? rows_int(&fence, 0) : 0;
	}
	TRY(db_query(op, s->ledger, &SQL[Q_FOREIGN], NO_ARGS, &foreign));
	if (rows_next(&foreign))
		report_unchecked(s->report, FINDING_ENTRY,
		                 "库中另有他处台账的镜像，本次只核验本单位台账：请对镜像的导出目录另行核验",
		                 "the database also mirrors other ledgers; only its own was "
		                 "audited: audit an export of each of them");
	return RC_OK;
}

/* Fixes the projections at one index, before the ledger: they can then only be behind. */
static void read_view(struct op *op, struct source *s)
{
	AUTO(rows) rows = {0};

	if (s->view == NULL)
		return;
	if (db_begin_read(op, s->view) == RC_OK &&
	    db_query(op, s->view, &SQL[Q_VIEW], NO_ARGS, &rows) == RC_OK && rows_next(&rows)) {
		s->view_at = rows_int(&rows, 0);
		return;
	}
	rows_release(&rows);
	rows = (struct rows){0};
	db_close(s->view);
	s->view = NULL;
}

enum rc source_db_open(struct op *keep, struct str url, struct source *s)
{
	struct op aside = *keep; /* projections that cannot be read are said, not fatal */
	AUTO(rows) below = {0};

	if (s->kind == SOURCE_FOLDER)
		TRY(source_folder_open(keep, s));
	else
		TRY(source_postgres_open(keep, url, s));
	read_view(&aside, s);
	TRY(db_begin_read(keep, s->ledger));
	TRY(check_tables(keep, s));
	TRY(db_query(keep, s->ledger, &SQL[Q_BELOW], NO_ARGS, &below));
	if (rows_next(&below))
		report_add(s->report, FINDING_ORDER, 0, "库中有编号为负数的记录",
		           "the database holds an entry with a negative index");
	return read_head(keep, s);
}

void source_db_release(struct source *s)
{
	if (s->ledger != NULL)
		db_rollback(s->ledger);
	db_close(s->ledger);
	db_close(s->view);
	s->ledger = s->view = NULL;
	source_folder_release(s);
}

enum rc source_db_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                       size_t *ret_n)
{
	AUTO(rows) rows = {0};
	size_t n = 0;

	TRY(db_query(op, s->ledger, &SQL[Q_ROWS], ARGS(sql_int(from)), &rows));
	while (n < ROWS && rows_next(&rows)) {
		struct source_row *row = &ret[n++];
		struct str leaf = rows_str(&rows, 2);

		*row = (struct source_row){.index = rows_int(&rows, 0), .has_leaf = true};
		if (leaf.n == sizeof(row->leaf.b))
			memcpy(row->leaf.b, leaf.s, leaf.n);
		if (!rows_is_null(&rows, 1))
			row->bytes = rows_dup(op->arena, &rows, 1);
	}
	if (db_is_broken(s->ledger))
		return fail(op, RC_BROKEN, "", "", "数据库读取出错", "the database could not be read on");
	*ret_n = n;
	return RC_OK;
}

enum rc source_db_note_next(struct op *op, struct source *s, struct source_note *ret)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, s->ledger, &SQL[Q_NOTES],
	             ARGS(sql_int(s->note_size), sql_int(s->note_size), sql_int(s->note_n)),
	             &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "", "", "没有更多存证点", "no more checkpoints");
	s->note_size = rows_int(&rows, 0);
	s->note_n = rows_int(&rows, 1);
	*ret = (struct source_note){.size = s->note_size};
	if (!rows_is_null(&rows, 2))
		ret->bytes = rows_dup(op->arena, &rows, 2);
	return RC_OK;
}

void source_db_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                    int width)
{
	AUTO(rows) rows = {0};
	int64_t first = (int64_t)(n * TILE_WIDTH << (8 * level));
	enum rc rc;

	if (width < TILE_WIDTH || s->unreadable)
		return; /* databases keep complete tiles only */
	rc = db_query(op, s->ledger, &SQL[Q_TILE], ARGS(sql_int(level), sql_int((int64_t)n)),
	              &rows);
	if (rc == RC_OK && rows_next(&rows))
		source_tile_compare(s, level, n, h, width, rows_str(&rows, 0));
	else
		report_add(s->report, FINDING_TILE, first, "缺少校验分片（第 %d 层第 %llu 片）",
		           "a tile is missing (level %d, number %llu)", level,
		           (unsigned long long)n);
}

static void extra(struct source *s, int64_t level, int64_t n)
{
	report_add(s->report, FINDING_TILE, NO_INDEX, "多出校验分片（第 %lld 层第 %lld 片）",
	           "a tile is too many (level %lld, number %lld)", (long long)level, (long long)n);
}

/* Stored tiles of one level from `from` on: none should be there. */
static void extra_from(struct op *op, struct source *s, int level, int64_t from)
{
	AUTO(rows) rows = {0};

	if (db_query(op, s->ledger, &SQL[Q_TILES], ARGS(sql_int(level), sql_int(from)),
	             &rows) != RC_OK)
		return;
	while (rows_next(&rows))
		extra(s, level, rows_int(&rows, 0));
}

void source_db_extra(struct op *op, struct source *s, uint64_t size)
{
	AUTO(rows) rows = {0};

	for (int level = 0; level < 8; level++)
		extra_from(op, s, level, (int64_t)tile_full_count(size, level));
	if (db_query(op, s->ledger, &SQL[Q_STRANGE], NO_ARGS, &rows) != RC_OK)
		return;
	while (rows_next(&rows))
		extra(s, rows_int(&rows, 1), rows_int(&rows, 0));
}

enum rc source_balances(struct op *op, const struct source *s, source_balance *each, void *ctx)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, s->view, &SQL[Q_BALANCES], NO_ARGS, &rows));
	while (rows_next(&rows))
		each(ctx, rows_str(&rows, 0), rows_str(&rows, 1), rows_int(&rows, 2));
	return RC_OK;
}
