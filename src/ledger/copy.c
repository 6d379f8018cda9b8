/* SPDX-License-Identifier: Apache-2.0 */
/* copy.c -- see copy.h. */
#include "ledger/copy.h"

#include "ledger/head.h"
#include "ledger/schema.h"

/* Rows read at once, and rows of a commit: a page is at most 64 MB, a commit's log a few more. */
#define PAGE "1024"
enum { PAGE_ROWS = 1024, COMMIT_ROWS = 16384, COLUMNS_MAX = 4, KEY_MAX = 3 };

/* A page begins after the key of the row before. */
struct copied_table {
	const char *name;
	const char *columns[COLUMNS_MAX]; /* the key's first */
	int ncolumns, nkey;
	struct sql page;
};

static const struct copied_table TABLES[] = {
	{"ledger_entry", {"log", "idx", "bytes", "leaf"}, 4, 2,
	 {"SELECT log, idx, bytes, leaf FROM ledger_entry WHERE (log, idx) > (?, ?)"
	  " ORDER BY log, idx LIMIT " PAGE, 2}},
	{"ledger_tile", {"log", "level", "n", "bytes"}, 4, 3,
	 {"SELECT log, level, n, bytes FROM ledger_tile WHERE (log, level, n) > (?, ?, ?)"
	  " ORDER BY log, level, n LIMIT " PAGE, 3}},
	{"ledger_note", {"log", "size", "n", "note"}, 4, 3,
	 {"SELECT log, size, n, note FROM ledger_note WHERE (log, size, n) > (?, ?, ?)"
	  " ORDER BY log, size, n LIMIT " PAGE, 3}},
	{"ledger_receipt", {"device", "key", "body", "idx"}, 4, 2,
	 {"SELECT device, key, body, idx FROM ledger_receipt WHERE (device, key) > (?, ?)"
	  " ORDER BY device, key LIMIT " PAGE, 2}},
	{"vault_key", {"subject", "sealed"}, 2, 1,
	 {"SELECT subject, sealed FROM vault_key WHERE subject > ? ORDER BY subject LIMIT " PAGE, 1}},
	{"vault_item", {"id", "subject", "sealed"}, 3, 1,
	 {"SELECT id, subject, sealed FROM vault_item WHERE id > ? ORDER BY id LIMIT " PAGE, 1}},
};

enum { Q_HEAD, Q_NOTE };
static const struct sql SQL[] = {
	[Q_HEAD] = {"UPDATE ledger_fence SET size = ?, epoch = ? WHERE log = 0", 2},
	[Q_NOTE] = {"SELECT note FROM ledger_note WHERE log = 0 ORDER BY size DESC, n DESC LIMIT 1", 0},
};

struct copying {
	struct db *from, *to;
	struct hasher *hasher;
	struct tree tree;
	struct arena page;       /* of one page's rows */
	struct sqlv after[KEY_MAX];
	int64_t waiting;         /* rows since the last commit */
};

static enum rc check_entry(struct op *op, struct copying *x, const struct sqlv *v)
{
	struct hash leaf = tree_leaf(x->hasher, v[2].s.s, v[2].s.n);

	if (v[0].i != 0)
		return RC_OK; /* a mirrored log has checkpoints of its own */
	if (v[1].i != (int64_t)x->tree.size)
		return fail(op, RC_BROKEN, "", "", "台账缺第 %llu 条，不能备份：请先运行 gongyuan db doctor",
		            "entry %llu is missing: no backup is made; run gongyuan db doctor first",
		            (unsigned long long)x->tree.size);
	if (v[3].s.n != sizeof(leaf.b) || memcmp(v[3].s.s, leaf.b, sizeof(leaf.b)) != 0)
		return fail(op, RC_BROKEN, "", "",
		            "台账第 %llu 条与其校验值不符，不能备份：请先运行 gongyuan db doctor",
		            "entry %llu does not hash to its leaf: no backup is made; run gongyuan db "
		            "doctor first", (unsigned long long)x->tree.size);
	tree_push(&x->tree, x->hasher, &leaf);
	return RC_OK;
}

static void row_take(struct copying *x, const struct rows *r, int n, struct sqlv *ret)
{
	for (int i = 0; i < n; i++)
		switch (rows_type(r, i)) {
		case SQL_NULL:
			ret[i] = sql_null();
			break;
		case SQL_INT:
			ret[i] = sql_int(rows_int(r, i));
			break;
		case SQL_TEXT:
			ret[i] = sql_text(rows_dup(&x->page, r, i));
			break;
		case SQL_BYTES:
			ret[i] = (struct sqlv){.t = SQL_BYTES, .s = rows_dup(&x->page, r, i)};
			break;
		}
}

static enum rc page_rows(struct op *op, struct copying *x, const struct copied_table *t,
                         struct bulk *b, int64_t *ret_n)
{
	AUTO(rows) r = {0};
	struct sqlv v[COLUMNS_MAX];
	int64_t n = 0;

	TRY(db_query(op, x->from, &t->page, x->after, t->nkey, &r));
	while (rows_next(&r)) {
		row_take(x, &r, t->ncolumns, v);
		if (t == &TABLES[0])
			TRY(check_entry(op, x, v));
		TRY(db_bulk_row(op, b, v, t->ncolumns));
		n++;
	}
	if (db_has_failed(x->from))
		return fail(op, RC_BROKEN, "", "", "读取 %s 出错", "%s cannot be read", t->name);
	for (int i = 0; n && i < t->nkey; i++)
		x->after[i] = v[i];
	*ret_n = n;
	return RC_OK;
}

/* Big steps on SQLite, where the file is thrown away if anything fails. */
static enum rc commit_some(struct op *op, struct copying *x, int64_t rows)
{
	x->waiting += rows;
	if (db_kind(x->to) != DB_SQLITE || x->waiting < COMMIT_ROWS)
		return RC_OK;
	x->waiting = 0;
	TRY(db_commit(op, x->to));
	return db_begin(op, x->to);
}

static enum rc page_copy(struct op *op, struct copying *x, const struct copied_table *t,
                         int64_t *ret_n)
{
	struct bulk b;
	enum rc rc;
	struct err why;

	TRY(db_bulk_start(op, x->to, t->name, t->columns, t->ncolumns, &b));
	rc = page_rows(op, x, t, &b, ret_n);
	why = op->err;
	if (rc == RC_OK)
		return db_bulk_end(op, &b);
	if (b.impl)
		(void)!db_bulk_end(op, &b);
	op->err = why;
	return rc;
}

/* The key of the row before lies in the arena of its page, so two take turns. */
static enum rc table_copy(struct op *op, struct copying *x, const struct copied_table *t)
{
	struct arena before = {0};
	int64_t n = PAGE_ROWS;
	enum rc rc = RC_OK;

	for (int i = 0; i < t->nkey; i++)
		x->after[i] = t == &TABLES[3] && i == 1 ? sql_z("") : sql_int(INT64_MIN);
	while (rc == RC_OK && n == PAGE_ROWS) {
		struct arena turn = before;

		before = x->page;
		x->page = turn;
		arena_reset(&x->page);
		rc = page_copy(op, x, t, &n);
		if (rc == RC_OK)
			rc = commit_some(op, x, n);
	}
	arena_release(&before);
	return rc;
}

static enum rc note_copied(struct op *op, struct db *db, struct str *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, db, &SQL[Q_NOTE], NO_ARGS, &r));
	*ret = rows_next(&r) ? rows_dup(op->arena, &r, 0) : STR("");
	return RC_OK;
}

static enum rc all_copy(struct op *op, struct copying *x, struct ledger_copied *ret)
{
	uint64_t size;
	int64_t epoch;

	TRY(schema_check(op, x->from));
	TRY(head_read(op, x->from, &size, &epoch));
	for (size_t i = 0; i < COUNT(TABLES); i++)
		TRY(table_copy(op, x, &TABLES[i]));
	TRY(db_exec(op, x->to, &SQL[Q_HEAD], ARGS(sql_int((int64_t)size), sql_int(epoch))));
	if (x->tree.size != size)
		return fail(op, RC_BROKEN, "", "", "台账首部记 %llu 条，实有 %llu 条",
		            "the ledger's head says %llu entries, and there are %llu",
		            (unsigned long long)size, (unsigned long long)x->tree.size);
	TRY(note_copied(op, x->from, &ret->note));
	ret->size = size;
	ret->root = tree_root(&x->tree, x->hasher);
	return RC_OK;
}

enum rc ledger_copy(struct op *op, struct db *from, struct db *to, struct ledger_copied *ret)
{
	struct copying x = {.from = from, .to = to, .hasher = hasher_new(HASH_SHA256)};
	struct store target = {.ledger = to};
	struct err why;
	enum rc rc = ledger_create(op, &target);

	if (rc == RC_OK)
		rc = db_begin_read(op, from);
	if (rc == RC_OK)
		rc = db_begin(op, to);
	if (rc == RC_OK)
		rc = all_copy(op, &x, ret);
	if (rc == RC_OK)
		rc = db_commit(op, to);
	why = op->err;
	db_rollback(to);
	db_rollback(from);
	op->err = why;
	hasher_free(x.hasher);
	arena_release(&x.page);
	return rc;
}
