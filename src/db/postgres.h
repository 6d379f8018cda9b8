/* SPDX-License-Identifier: Apache-2.0 */
/* postgres.h -- what the files of the PostgreSQL driver share.
 *
 * libpq is used in its non-blocking form alone, and every wait ends at a deadline of our own: a
 * frozen server keeps its TCP connection alive, and libpq would wait for ever.  A connection that
 * missed a deadline is broken: its answer may still come, to a question nobody remembers.
 */
#ifndef GY_DB_POSTGRES_H
#define GY_DB_POSTGRES_H

#include <libpq-fe.h>

#include "base/limits.h"
#include "db/connection.h"

struct pg_queue;

struct pg {
	PGconn *conn;
	struct pg_queue *queue;         /* statements that are on their way, or NULL */
	int deadline_ms;
	bool warned;                    /* the server has sent a WARNING */
	unsigned next_name;             /* of prepared statements */
	char path[2 * SCHEMA_MAX + 8];  /* the search path, quoted */
};

/* A prepared statement.  Parameter types are the server's own inference, so that an integer is
 * sent in the width that it expects. */
struct pg_statement {
	char name[16]; /* "" for a statement of one use */
	const char *text;
	int nbind;
	Oid oid[LIMIT_SQL_BINDS];
};

/* Types as pg_type.dat numbers them; they never change. */
enum {
	OID_BOOL = 16, OID_BYTEA = 17, OID_NAME = 19, OID_INT8 = 20, OID_INT2 = 21, OID_INT4 = 23,
	OID_TEXT = 25, OID_OID = 26, OID_UNKNOWN = 705, OID_BPCHAR = 1042, OID_VARCHAR = 1043,
	OID_NUMERIC = 1700
};

extern const struct driver pg_driver;

static inline struct pg *pg_of(const struct connection *c)
{
	return (struct pg *)c->impl;
}

/* postgres_wait.c */
int64_t pg_now(void); /* monotonic, ms */
int64_t pg_until(const struct pg *p); /* the deadline of a call that begins now */
enum rc pg_connect_wait(struct op *op, struct connection *c, int64_t until) MUST_CHECK;
/* Flushes what was sent and takes all results: the first that failed, else the last.  OK gives a
 * result, whatever the server said in it. */
enum rc pg_result(struct op *op, struct connection *c, PGresult **ret) MUST_CHECK;
/* The one result that ends a pipeline. */
enum rc pg_sync_result(struct op *op, struct connection *c, PGresult **ret) MUST_CHECK;
/* One piece of COPY data. */
enum rc pg_put(struct op *op, struct connection *c, const char *data, size_t n) MUST_CHECK;
enum rc pg_put_end(struct op *op, struct connection *c, const char *error) MUST_CHECK;

/* postgres.c: what the server refused; marks the connection broken where it is. */
enum rc pg_fail(struct op *op, struct connection *c, const PGresult *res, const char *what);
/* The same of a prepared statement, which is forgotten when the tables behind it were replaced. */
enum rc pg_refused(struct op *op, struct connection *c, struct statement *st, const PGresult *res);
/* Sends a text of any number of statements without parameters, checks what came back. */
enum rc pg_text(struct op *op, struct connection *c, const char *text) MUST_CHECK;

/* postgres_value.c: parameters out, columns in. */
struct pg_params {
	const char *value[LIMIT_SQL_BINDS];
	int length[LIMIT_SQL_BINDS], format[LIMIT_SQL_BINDS];
	char space[LIMIT_SQL_BINDS][24]; /* of integers, binary or decimal */
};
enum rc pg_encode(struct op *op, const struct pg_statement *st, const struct sqlv *v, int n,
                  struct pg_params *ret) MUST_CHECK;
void pg_put32(char *at, uint32_t v);
void pg_put64(char *at, uint64_t v);
int64_t pg_get_int(const struct rows *r, int col);
struct str pg_get_str(const struct rows *r, int col);
enum sql_type pg_get_type(const struct rows *r, int col);

/* postgres_queue.c */
void pg_queue_free(struct pg_queue *q); /* NULL is fine */
bool pg_is_queued(const struct connection *c);
/* Queues a statement of the open transaction; *ret_changed (may be NULL) is told by pg_settle or
 * pg_with_queue, and must live until then. */
enum rc pg_later(struct op *op, struct connection *c, struct statement *st, const struct sqlv *v,
                 int n, int64_t *ret_changed) MUST_CHECK;
/* Sends what is queued and takes the results: the first failure, or OK. */
enum rc pg_settle(struct op *op, struct connection *c) MUST_CHECK;
/* The same, and one more statement in the same round trip, whose result is given. */
enum rc pg_with_queue(struct op *op, struct connection *c, const struct pg_statement *ps,
                      const struct sqlv *v, int n, PGresult **ret) MUST_CHECK;

/* postgres_copy.c */
enum rc pg_bulk_start(struct op *op, struct connection *c, const char *table,
                      const char *const *columns, int n, void **ret_impl);
enum rc pg_bulk_row(struct op *op, struct connection *c, void *impl, const struct sqlv *v, int n);
enum rc pg_bulk_end(struct op *op, struct connection *c, void *impl);
void pg_bulk_drop(struct connection *c, void *impl);

#endif
