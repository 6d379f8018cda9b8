/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_copy.c -- bulk load by COPY in its binary form, sent in pieces of 64 KiB. */
#include "db/postgres.h"

#define PIECE 65536

struct copy {
	size_t n, cap;
	char *piece;
};

static const char HEADER[] = "PGCOPY\n\377\r\n\0\0\0\0\0\0\0\0\0"; /* signature, flags, extension */

static void copy_free(struct copy *k)
{
	free(k->piece);
	free(k);
}

static char *room(struct copy *k, size_t n)
{
	if (k->n + n > k->cap) {
		size_t cap = (k->n + n) * 2;
		char *more = heap_new(cap);
		memcpy(more, k->piece, k->n);
		free(k->piece);
		k->piece = more;
		k->cap = cap;
	}
	k->n += n;
	return k->piece + k->n - n;
}

static void add16(struct copy *k, int v)
{
	char *at = room(k, 2);

	at[0] = (char)(v >> 8 & 0xff);
	at[1] = (char)(v & 0xff);
}

static void add_bytes(struct copy *k, struct str s)
{
	pg_put32(room(k, 4), (uint32_t)s.n);
	if (s.n > 0)
		memcpy(room(k, s.n), s.s, s.n);
}

enum rc pg_bulk_start(struct op *op, struct connection *c, const char *table,
                      const char *const *columns, int n, void **ret_impl)
{
	struct strbuf b;
	PGresult *res;

	strbuf_init(&b, op->arena);
	strbuf_addf(&b, "COPY %s(", table);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i > 0 ? ", " : "", columns[i]);
	strbuf_addz(&b, ") FROM STDIN (FORMAT binary)");
	const char *text = strbuf_str(&b).s;
	TRY(pg_settle(op, c));
	if (PQsendQuery(pg_of(c)->conn, text) == 0)
		return pg_fail(op, c, NULL, text);
	TRY(pg_result(op, c, &res));
	if (PQresultStatus(res) != PGRES_COPY_IN) {
		enum rc rc = pg_fail(op, c, res, text);
		PQclear(res);
		return rc;
	}
	PQclear(res);
	struct copy *k = heap_new(sizeof(*k));
	k->cap = 2 * PIECE;
	k->piece = heap_new(k->cap);
	memcpy(room(k, 19), HEADER, 19);
	*ret_impl = k;
	return RC_OK;
}

enum rc pg_bulk_row(struct op *op, struct connection *c, void *impl, const struct sqlv *v, int n)
{
	struct copy *k = impl;

	add16(k, n);
	for (int i = 0; i < n; i++) {
		switch (v[i].t) {
		case SQL_NULL:
			pg_put32(room(k, 4), UINT32_MAX);
			break;
		case SQL_INT:
			pg_put32(room(k, 4), 8);
			pg_put64(room(k, 8), (uint64_t)v[i].i);
			break;
		case SQL_TEXT:
			if (v[i].s.n > 0 && memchr(v[i].s.s, 0, v[i].s.n) != NULL)
				return fail(op, RC_INVALID, "", "", "文本中不能有空字符（U+0000）：第 %d 列",
				            "text cannot hold U+0000: column %d", i + 1);
			add_bytes(k, v[i].s);
			break;
		case SQL_BYTES:
			add_bytes(k, v[i].s);
			break;
		}
	}
	if (k->n < PIECE)
		return RC_OK;
	enum rc rc = pg_put(op, c, k->piece, k->n);
	k->n = 0;
	return rc;
}

static enum rc finish(struct op *op, struct connection *c, const char *error)
{
	PGresult *res;
	enum rc rc = RC_OK;

	TRY(pg_put_end(op, c, error));
	TRY(pg_result(op, c, &res));
	if (PQresultStatus(res) != PGRES_COMMAND_OK)
		rc = pg_fail(op, c, res, "COPY");
	PQclear(res);
	return rc;
}

enum rc pg_bulk_end(struct op *op, struct connection *c, void *impl)
{
	struct copy *k = impl;

	add16(k, -1);
	enum rc rc = pg_put(op, c, k->piece, k->n);
	copy_free(k);
	return rc == RC_OK ? finish(op, c, NULL) : rc;
}

void pg_bulk_drop(struct connection *c, void *impl)
{
	struct op quiet = {0};

	copy_free(impl);
	if (c->broken)
		return;
	/* The server answers an abandoned load with an error: that is what was asked for. */
	if (finish(&quiet, c, "abandoned") == RC_OK)
		c->broken = true;
}
