/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_queue.c -- statements whose results can wait travel together, in libpq's pipeline mode.
 *
 * A round trip costs more than most statements.  What is queued is sent with the next statement
 * whose rows are wanted, or by pg_settle.  The first one that the server refuses is told; the
 * server runs none that came after it, and the transaction is spoilt, as always on PostgreSQL.
 *
 * Invariant: outside this file the connection is never in pipeline mode.
 */
#include "db/postgres.h"

/* Afterwards somebody reads: the server's answers (a few bytes each) must not fill both buffers. */
enum { QUEUE_MAX = 256 };

struct queued {
	struct statement *st;
	int64_t *changed; /* where to tell it, or NULL */
};

struct pg_queue {
	struct queued list[QUEUE_MAX];
	int n;
};

void pg_queue_free(struct pg_queue *q)
{
	free(q);
}

static enum rc send_one(struct op *op, struct connection *c, const struct pg_statement *ps,
                        const struct sqlv *v, int n)
{
	struct pg_params p;

	TRY(pg_encode(op, ps, v, n, &p));
	if (PQsendQueryPrepared(pg_of(c)->conn, ps->name, n, p.value, p.length, p.format, 1) == 0)
		return pg_fail(op, c, NULL, ps->text);
	return RC_OK;
}

enum rc pg_later(struct op *op, struct connection *c, struct statement *st, const struct sqlv *v,
                 int n, int64_t *ret_changed)
{
	struct pg *p = pg_of(c);

	assert(c->in_tx && !st->once);
	if (p->queue == NULL)
		p->queue = heap_new(sizeof(*p->queue));
	if (p->queue->n == QUEUE_MAX)
		TRY(pg_settle(op, c));
	if (p->queue->n == 0 && PQenterPipelineMode(p->conn) == 0)
		return pg_fail(op, c, NULL, "pipeline");
	enum rc rc = send_one(op, c, st->impl, v, n);
	if (rc == RC_OK) {
		p->queue->list[p->queue->n++] = (struct queued){st, ret_changed};
		return RC_OK;
	}
	if (p->queue->n == 0 && PQexitPipelineMode(p->conn) == 0)
		c->broken = true;
	return rc;
}

/* What one queued statement came to.  Only the first failure is told. */
static enum rc take_one(struct op *op, struct connection *c, const struct queued *q,
                        enum rc so_far)
{
	PGresult *res;
	enum rc rc = RC_OK;

	TRY(pg_result(op, c, &res));
	if (PQresultStatus(res) == PGRES_COMMAND_OK || PQresultStatus(res) == PGRES_TUPLES_OK) {
		if (q->changed != NULL)
			(void)str_to_i64(str_of(PQcmdTuples(res)), q->changed);
	} else if (so_far == RC_OK) {
		rc = pg_refused(op, c, q->st, res);
	}
	PQclear(res);
	return so_far != RC_OK ? so_far : rc;
}

static enum rc take_sync(struct op *op, struct connection *c)
{
	PGresult *res;

	TRY(pg_sync_result(op, c, &res));
	bool ok = PQresultStatus(res) == PGRES_PIPELINE_SYNC;
	PQclear(res);
	if (ok && PQexitPipelineMode(pg_of(c)->conn) != 0)
		return RC_OK;
	c->broken = true;
	return fail(op, RC_BROKEN, "", "", "与数据库服务器的对话失步",
	            "the conversation with the database server is out of step");
}

static enum rc take_all(struct op *op, struct connection *c)
{
	struct pg *p = pg_of(c);
	enum rc rc = RC_OK;
	int n = p->queue->n;

	p->queue->n = 0;
	for (int i = 0; i < n && !c->broken; i++)
		rc = take_one(op, c, &p->queue->list[i], rc);
	return rc;
}

bool pg_is_queued(const struct connection *c)
{
	return pg_of(c)->queue != NULL && pg_of(c)->queue->n > 0;
}

enum rc pg_settle(struct op *op, struct connection *c)
{
	struct op quiet = {.arena = op->arena};

	if (!pg_is_queued(c))
		return RC_OK;
	if (PQpipelineSync(pg_of(c)->conn) == 0)
		return pg_fail(op, c, NULL, "sync");
	enum rc rc = take_all(op, c);
	if (c->broken)
		return rc;
	if (rc != RC_OK) {
		(void)!take_sync(&quiet, c);
		return rc;
	}
	return take_sync(op, c);
}

enum rc pg_with_queue(struct op *op, struct connection *c, const struct pg_statement *ps,
                      const struct sqlv *v, int n, PGresult **ret)
{
	struct op quiet = {.arena = op->arena};
	PGresult *res = NULL;

	enum rc rc = send_one(op, c, ps, v, n);
	if (rc != RC_OK) { /* it did not go out; what was queued before must */
		enum rc before = pg_settle(&quiet, c);
		if (before == RC_OK)
			return rc;
		op->err = quiet.err;
		return before;
	}
	if (PQpipelineSync(pg_of(c)->conn) == 0)
		return pg_fail(op, c, NULL, ps->text);
	rc = take_all(op, c);
	if (c->broken)
		return rc;
	enum rc own = pg_result(rc == RC_OK ? op : &quiet, c, &res);
	if (own != RC_OK)
		return rc != RC_OK ? rc : own;
	own = take_sync(rc == RC_OK ? op : &quiet, c);
	if (rc != RC_OK || own != RC_OK) {
		PQclear(res);
		return rc != RC_OK ? rc : own;
	}
	*ret = res;
	return RC_OK;
}
