/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_value.c -- our values as PostgreSQL's binary parameters, and its binary columns as ours.
 *
 * Integers, bytes and text travel in binary form: nothing is quoted, and bytes may hold anything.
 * The server infers a parameter's type from the statement (int8 beside a column, int4 beside a
 * literal), and a binary value must have exactly that width.
 */
#include <limits.h>

#include "db/postgres.h"

void pg_put32(char *at, uint32_t v)
{
	for (int i = 3; i >= 0; i--, v >>= 8)
		at[i] = (char)(v & 0xff);
}

void pg_put64(char *at, uint64_t v)
{
	pg_put32(at, (uint32_t)(v >> 32));
	pg_put32(at + 4, (uint32_t)v);
}

static uint64_t get_bytes(const char *at, int n)
{
	uint64_t v = 0;

	for (int i = 0; i < n; i++)
		v = v << 8 | (unsigned char)at[i];
	return v;
}

static bool is_text(Oid oid)
{
	return oid == OID_TEXT || oid == OID_VARCHAR || oid == OID_BPCHAR || oid == OID_NAME ||
	       oid == OID_UNKNOWN;
}

/* ---- out ---- */

static void put(struct pg_params *p, int i, const char *value, size_t n, int format)
{
	assert(n <= INT_MAX);
	p->value[i] = value;
	p->length[i] = (int)n;
	p->format[i] = format;
}

static void encode_int(struct pg_params *p, int i, Oid oid, int64_t v)
{
	char *at = p->space[i];

	if (oid == OID_INT8) {
		pg_put64(at, (uint64_t)v);
		put(p, i, at, 8, 1);
	} else if (oid == OID_INT4 && v >= INT32_MIN && v <= INT32_MAX) {
		pg_put32(at, (uint32_t)v);
		put(p, i, at, 4, 1);
	} else {
		/* As decimal text: the server converts it to what it wants, or refuses it. */
		int n = snprintf(at, sizeof(p->space[i]), "%lld", (long long)v);
		put(p, i, at, (size_t)n, 0);
	}
}

static enum rc encode_one(struct op *op, struct pg_params *p, int i, Oid oid, const struct sqlv *v)
{
	switch (v->t) {
	case SQL_NULL:
		put(p, i, NULL, 0, 1);
		return RC_OK;
	case SQL_INT:
		encode_int(p, i, oid, v->i);
		return RC_OK;
	case SQL_TEXT:
		if (v->s.n > 0 && memchr(v->s.s, 0, v->s.n) != NULL)
			return fail(op, RC_INVALID, "", "", "文本中不能有空字符（U+0000）：第 %d 个参数",
			            "text cannot hold U+0000: parameter %d", i + 1);
		/* Binary text is the text itself, and needs no NUL after it. */
		if (is_text(oid) || oid == OID_BYTEA)
			put(p, i, v->s.n > 0 ? v->s.s : "", v->s.n, 1);
		else
			put(p, i, str_copy(op->arena, v->s).s, v->s.n, 0);
		return RC_OK;
	case SQL_BYTES:
		put(p, i, v->s.n > 0 ? v->s.s : "", v->s.n, 1);
		return RC_OK;
	}
	return RC_BROKEN;
}

enum rc pg_encode(struct op *op, const struct pg_statement *st, const struct sqlv *v, int n,
                  struct pg_params *ret)
{
	assert(n == st->nbind && n <= LIMIT_SQL_BINDS);
	for (int i = 0; i < n; i++)
		TRY(encode_one(op, ret, i, st->oid[i], &v[i]));
	return RC_OK;
}

/* ---- in ---- */

static const PGresult *result_of(const struct rows *r)
{
	return r->impl;
}

/* sum() of integers gives NUMERIC: int16 digits, weight, sign, scale, then digits to base 10000,
 * the first worth 10000^weight.  A fraction is cut off. */
static int64_t numeric_int(const char *at, int length)
{
	if (length < 8)
		return 0;
	int digits = (int)get_bytes(at, 2);
	int weight = (int16_t)get_bytes(at + 2, 2);
	bool negative = get_bytes(at + 4, 2) == 0x4000;
	int64_t v = 0;

	for (int i = 0; i <= weight; i++) {
		int64_t digit = i < digits && 8 + 2 * i + 2 <= length
		                        ? (int64_t)get_bytes(at + 8 + (ptrdiff_t)2 * i, 2) : 0;
		if (__builtin_mul_overflow(v, 10000, &v) || __builtin_add_overflow(v, digit, &v))
			return negative ? INT64_MIN : INT64_MAX;
	}
	return negative ? -v : v;
}

int64_t pg_get_int(const struct rows *r, int col)
{
	const PGresult *res = result_of(r);
	const char *at = PQgetvalue(res, r->at, col);
	int n = PQgetlength(res, r->at, col);
	int64_t parsed = 0;

	if (PQgetisnull(res, r->at, col) != 0)
		return 0;
	switch (PQftype(res, col)) {
	case OID_INT8:
		return (int64_t)get_bytes(at, 8);
	case OID_INT4:
		return (int32_t)get_bytes(at, 4);
	case OID_INT2:
		return (int16_t)get_bytes(at, 2);
	case OID_OID:
		return (int64_t)get_bytes(at, 4);
	case OID_BOOL:
		return at[0] != 0;
	case OID_NUMERIC:
		return numeric_int(at, n);
	default:
		(void)str_to_i64((struct str){at, (size_t)n}, &parsed); /* else 0, as on SQLite */
		return parsed;
	}
}

enum sql_type pg_get_type(const struct rows *r, int col)
{
	const PGresult *res = result_of(r);

	if (PQgetisnull(res, r->at, col) != 0)
		return SQL_NULL;
	switch (PQftype(res, col)) {
	case OID_INT8:
	case OID_INT4:
	case OID_INT2:
	case OID_OID:
	case OID_BOOL:
	case OID_NUMERIC:
		return SQL_INT;
	case OID_BYTEA:
		return SQL_BYTES;
	default:
		return SQL_TEXT;
	}
}

struct str pg_get_str(const struct rows *r, int col)
{
	const PGresult *res = result_of(r);

	switch (pg_get_type(r, col)) {
	case SQL_NULL:
		return STR("");
	case SQL_INT: {
		/* As SQLite does: an integer asked for as text is decimal. */
		char *at = PQresultAlloc(r->impl, 24);
		if (at == NULL)
			abort(); /* out of memory */
		int n = snprintf(at, 24, "%lld", (long long)pg_get_int(r, col));
		return (struct str){at, (size_t)n};
	}
	case SQL_TEXT:
	case SQL_BYTES:
		break;
	}
	return (struct str){PQgetvalue(res, r->at, col), (size_t)PQgetlength(res, r->at, col)};
}
