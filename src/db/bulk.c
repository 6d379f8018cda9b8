/* SPDX-License-Identifier: Apache-2.0 */
/* bulk.c -- bulk load, the part that both databases share.
 *
 * A load that fails, or whose transaction is rolled back under it, is dropped at once: b->impl is
 * then NULL or stale, and the connection's `bulk` says which, so that nothing is freed twice.
 */
#include "db/connection.h"

static enum rc check_open(struct op *op, const struct bulk *b)
{
	if (b->impl != NULL && b->db->c->bulk == b->impl)
		return RC_OK;
	return fail(op, RC_BROKEN, "", "", "批量写入已中断", "the bulk load was abandoned before");
}

enum rc db_bulk_start(struct op *op, struct db *db, const char *table, const char *const *columns,
                      int n, struct bulk *ret)
{
	struct connection *c = db->c;
	void *impl;

	assert(c->in_tx && c->bulk == NULL && n > 0);
	if (c->broken || c->failed)
		return fail(op, RC_BROKEN, "", "", "本事务中已有错误，不能批量写入",
		            "this transaction has failed before: nothing can be loaded");
	TRY(counters_write(op, c));
	enum rc rc = c->driver->bulk_start(op, c, table, columns, n, &impl);
	if (rc != RC_OK) {
		c->failed = true;
		return rc;
	}
	c->bulk = impl;
	*ret = (struct bulk){.db = db, .impl = impl, .ncolumns = n};
	return RC_OK;
}

enum rc db_bulk_row(struct op *op, struct bulk *b, const struct sqlv *v, int n)
{
	TRY(check_open(op, b));
	struct connection *c = b->db->c;

	assert(n == b->ncolumns);
	enum rc rc = c->driver->bulk_row(op, c, b->impl, v, n);
	if (rc != RC_OK) {
		c->driver->bulk_drop(c, b->impl);
		b->impl = c->bulk = NULL;
		c->failed = true;
		return rc;
	}
	b->rows++;
	return RC_OK;
}

enum rc db_bulk_end(struct op *op, struct bulk *b)
{
	TRY(check_open(op, b));
	struct connection *c = b->db->c;
	void *impl = b->impl;

	b->impl = c->bulk = NULL;
	enum rc rc = c->driver->bulk_end(op, c, impl);
	if (rc != RC_OK)
		c->failed = true;
	return rc;
}

static struct sqlv cell(const struct rows *r, int i)
{
	switch (rows_type(r, i)) {
	case SQL_NULL:
		break;
	case SQL_INT:
		return sql_int(rows_int(r, i));
	case SQL_TEXT:
		return sql_text(rows_str(r, i));
	case SQL_BYTES:
		return sql_bytes(rows_str(r, i).s, rows_str(r, i).n);
	}
	return sql_null();
}

static enum rc put_rows(struct op *op, struct rows *r, int n, struct bulk *b)
{
	struct sqlv *v = arena_array(op->arena, (size_t)n, sizeof(*v));

	while (rows_next(r)) {
		for (int i = 0; i < n; i++)
			v[i] = cell(r, i);
		TRY(db_bulk_row(op, b, v, n));
	}
	return RC_OK;
}

enum rc db_bulk_table(struct op *op, struct db *from, struct db *to, const char *table,
                      const char *key)
{
	AUTO(rows) r = {0};
	struct bulk b;

	TRY(db_query_text(op, from, str_fmt(op->arena, "SELECT * FROM %s ORDER BY %s", table, key),
	                  &r));
	int n = rows_columns(&r);
	const char **columns = arena_array(op->arena, (size_t)n, sizeof(*columns));

	for (int i = 0; i < n; i++)
		columns[i] = rows_column_name(&r, i);
	TRY(db_bulk_start(op, to, table, columns, n, &b));
	TRY(put_rows(op, &r, n, &b));
	return db_bulk_end(op, &b);
}
