/* SPDX-License-Identifier: Apache-2.0 */
/* digest.c -- digests of projections and their comparison, table by table in key order. */
#include "engine/rebuild.h"

#include "engine/modules_private.h"

static struct str select_all(struct arena *a, const struct table *t)
{
	return str_fmt(a, "SELECT * FROM %s ORDER BY %s", t->name, t->key);
}

static struct str cell_text(struct arena *a, const struct rows *r, int col)
{
	switch (rows_type(r, col)) {
	case SQL_NULL:
		return STR("NULL");
	case SQL_INT:
		return str_fmt(a, "%lld", (long long)rows_int(r, col));
	case SQL_TEXT:
		return rows_dup(a, r, col);
	case SQL_BYTES:
		return hex_encode(a, rows_str(r, col).s, rows_str(r, col).n);
	}
	return STR("");
}

/* Type, length and text of each cell: no two rows give the same bytes. */
static void row_bytes(struct strbuf *b, const struct rows *r, int columns)
{
	struct strbuf digits;
	struct str cell;

	for (int i = 0; i < columns; i++) {
		enum sql_type type = rows_type(r, i);

		if (type == SQL_INT) {
			strbuf_init(&digits, b->arena);
			strbuf_addi(&digits, rows_int(r, i));
			cell = strbuf_str(&digits);
		} else {
			cell = type == SQL_TEXT ? rows_str(r, i) : cell_text(b->arena, r, i);
		}
		strbuf_addi(b, type);
		strbuf_addc(b, ':');
		strbuf_addi(b, (int64_t)cell.n);
		strbuf_addc(b, ':');
		strbuf_adds(b, cell);
	}
	strbuf_addc(b, '\n');
}

static enum rc digest_table(struct op *op, struct db *db, const struct table *t,
                            struct table_digest *ret)
{
	AUTO(rows) rows = {0};
	struct hasher *h = hasher_new(HASH_SHA256);
	struct arena scratch = {0};
	struct strbuf b;
	enum rc rc = db_query_text(op, db, select_all(op->arena, t), &rows);
	int columns = rows_columns(&rows);

	ret->table = str_of(t->name);
	hasher_start(h);
	while (rc == RC_OK && rows_next(&rows)) {
		arena_reset(&scratch);
		strbuf_init(&b, &scratch);
		row_bytes(&b, &rows, columns);
		hasher_add(h, b.s, b.n);
		ret->rows++;
	}
	ret->digest = hasher_end(h);
	hasher_free(h);
	arena_release(&scratch);
	if (rc == RC_OK && db_is_broken(db))
		return fail(op, RC_BROKEN, t->name, "", "读取表 %s 出错", "table %s cannot be read", t->name);
	return rc;
}

enum rc projection_digest(struct op *op, struct db *db, const struct modules *m,
                          struct table_digest **ret, size_t *ret_n)
{
	size_t i, j, n = 0;
	struct table_digest *d;

	for (i = 0; i < m->index->nall; i++)
		n += m->index->all[i]->ntables;
	d = arena_array(op->arena, n + 1, sizeof(*d));
	n = 0;
	for (i = 0; i < m->index->nall; i++)
		for (j = 0; j < m->index->all[i]->ntables; j++)
			TRY(digest_table(op, db, &m->index->all[i]->tables[j], &d[n++]));
	*ret = d;
	*ret_n = n;
	return RC_OK;
}

enum rc projection_rows(struct op *op, struct db *db, const struct modules *m, const char *table,
                        int64_t *ret)
{
	AUTO(rows) rows = {0};

	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t j = 0; j < m->index->all[i]->ntables; j++)
			if (strcmp(m->index->all[i]->tables[j].name, table) == 0) {
				TRY(db_query_text(op, db, str_fmt(op->arena, "SELECT COUNT(*) FROM %s", table),
				                  &rows));
				*ret = rows_next(&rows) ? rows_int(&rows, 0) : 0;
				return RC_OK;
			}
	return fail(op, RC_NOT_FOUND, "table", "", "没有表 %s", "there is no table %s", table);
}

/* The key of the row at hand, as "asset=…, holder=…". */
static struct str key_text(struct op *op, const struct table *t, const struct rows *r)
{
	struct str rest = str_of(t->key), name;
	struct strbuf b;
	bool more = true;
	int i;

	strbuf_init(&b, op->arena);
	while (more) {
		more = str_cut(rest, ',', &name, &rest);
		if (!more)
			name = rest;
		while (rest.n && rest.s[0] == ' ')
			rest = (struct str){rest.s + 1, rest.n - 1};
		for (i = 0; i < rows_columns(r); i++)
			if (str_is(name, rows_column_name(r, i)))
				strbuf_addf(&b, "%s" STR_FMT "=" STR_FMT, b.n ? ", " : "", STR_ARG(name),
				            STR_ARG(cell_text(op->arena, r, i)));
	}
	return str_copy(op->arena, strbuf_str(&b));
}

static bool row_differs(struct op *op, const struct table *t, struct rows *l, struct rows *r,
                        struct difference *d)
{
	struct arena scratch = {0};
	bool differs = false;
	int i;

	for (i = 0; i < rows_columns(l) && !differs; i++) {
		struct str a = cell_text(&scratch, l, i), b = cell_text(&scratch, r, i);
		if (str_eq(a, b))
			continue;
		*d = (struct difference){str_of(t->name), key_text(op, t, l),
		                         str_copy(op->arena, str_of(rows_column_name(l, i))),
		                         str_copy(op->arena, a), str_copy(op->arena, b)};
		differs = true;
	}
	arena_release(&scratch);
	return differs;
}

static enum rc compare_table(struct op *op, struct db *left, struct db *right,
                             const struct table *t, struct difference *d, bool *ret_differs)
{
	AUTO(rows) l = {0};
	AUTO(rows) r = {0};
	bool has_l, has_r;

	*ret_differs = false;
	TRY(db_query_text(op, left, select_all(op->arena, t), &l));
	TRY(db_query_text(op, right, select_all(op->arena, t), &r));
	do {
		has_l = rows_next(&l);
		has_r = rows_next(&r);
		if (has_l != has_r) {
			*d = (struct difference){str_of(t->name), key_text(op, t, has_l ? &l : &r), STR("*"),
			                         has_l ? STR("row") : STR("none"),
			                         has_r ? STR("row") : STR("none")};
			*ret_differs = true;
			return RC_OK;
		}
		if (has_l && row_differs(op, t, &l, &r, d)) {
			*ret_differs = true;
			return RC_OK;
		}
	} while (has_l);
	return RC_OK;
}

enum rc projection_compare(struct op *op, struct db *left, struct db *right,
                           const struct modules *m, struct difference **ret, size_t *ret_n)
{
	struct difference *list;
	size_t i, j, n = 0;
	bool differs;

	for (i = 0; i < m->index->nall; i++)
		n += m->index->all[i]->ntables;
	list = arena_array(op->arena, n + 1, sizeof(*list));
	n = 0;
	for (i = 0; i < m->index->nall; i++)
		for (j = 0; j < m->index->all[i]->ntables; j++) {
			TRY(compare_table(op, left, right, &m->index->all[i]->tables[j], &list[n], &differs));
			n += differs;
		}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}
