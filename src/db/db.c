/* SPDX-License-Identifier: Apache-2.0 */
/* db.c -- what is the same on both databases: the states of a transaction, and the way from a
 * `struct sql` to a prepared statement of the driver.
 *
 * Invariant: nothing reaches a driver on a broken connection or in a failed transaction, and a
 * transaction in which an error was overlooked is never committed.
 */
#include "base/limits.h"
#include "db/connection.h"
#include "db/moment.h"

static enum rc refuse(struct op *op, const struct connection *c)
{
	if (c->broken)
		return fail(op, RC_BROKEN, "", "", "数据库连接已不可用，请重新打开",
		            "the database connection is broken: open it again");
	if (c->bulk != NULL)
		return fail(op, RC_BROKEN, "", "", "批量写入尚未结束",
		            "a bulk load is under way on this connection");
	return fail(op, RC_BROKEN, "", "", "本事务中已有错误，只能回滚",
	            "this transaction has failed before: it can only be rolled back");
}

/* Every call passes here. */
static inline enum rc check_fit(struct op *op, const struct connection *c)
{
	return c->broken || c->failed || c->bulk != NULL ? refuse(op, c) : RC_OK;
}

static inline enum rc settle(struct connection *c, enum rc rc)
{
	if (rc != RC_OK && c->in_tx)
		c->failed = true;
	return rc;
}

/* ---- moments ---- */

static void let_go(struct connection *c)
{
	if (c->kept)
		c->kept = c->driver->keep_moment(c, false);
}

static void keep(struct connection *c)
{
	if (c->shares && !c->kept && !c->in_tx && c->driver->keep_moment)
		c->kept = c->driver->keep_moment(c, true);
}

void db_share_moment(struct db *db)
{
	db->c->shares = true;
}

void db_let_go(struct db *db)
{
	let_go(db->c);
}

/* ---- transactions ---- */

static enum rc tx(struct op *op, struct connection *c, enum tx_word word)
{
	c->counts.words++;
	return c->driver->tx(op, c, word);
}

static enum rc begin(struct op *op, struct connection *c, enum tx_word word)
{
	assert(!c->in_tx);
	TRY(check_fit(op, c));
	if (word == TX_BEGIN && c->mode == DB_READ)
		return fail(op, RC_DENIED, "", "", "数据库以只读方式打开，不能写入",
		            "the database was opened for reading only");
	let_go(c);
	TRY(tx(op, c, word));
	c->in_tx = true;
	c->depth = 0;
	return RC_OK;
}

enum rc db_begin(struct op *op, struct db *db)
{
	return begin(op, db->c, TX_BEGIN);
}

enum rc db_begin_read(struct op *op, struct db *db)
{
	return begin(op, db->c, TX_BEGIN_READ);
}

enum rc db_commit(struct op *op, struct db *db)
{
	struct connection *c = db->c;

	assert(c->in_tx);
	TRY(check_fit(op, c));
	assert(c->depth == 0);
	TRY(counters_write(op, c));
	if (c->sticky)
		return settle(c, fail(op, RC_BROKEN, "", "",
		                      "读取数据时出过错误，本事务不能提交",
		                      "rows could not be read to their end: nothing is committed"));
	TRY(settle(c, tx(op, c, TX_COMMIT)));
	c->in_tx = false;
	return RC_OK;
}

void db_rollback(struct db *db)
{
	struct connection *c = db->c;
	struct arena scratch = {0};
	struct op op = {.arena = &scratch};

	if (!c->in_tx)
		return;
	if (c->bulk != NULL) {
		c->driver->bulk_drop(c, c->bulk);
		c->bulk = NULL;
	}
	if (!c->broken || c->driver->kind == DB_SQLITE) {
		/* A connection that cannot even roll back is of no more use; closing it will. */
		if (tx(&op, c, TX_ROLLBACK) != RC_OK)
			c->broken = true;
	}
	counters_drop(c);
	c->queue = false;
	c->in_tx = c->failed = c->sticky = false;
	c->depth = 0;
	arena_release(&scratch);
}

enum rc db_savepoint(struct op *op, struct db *db)
{
	assert(db->c->in_tx);
	TRY(check_fit(op, db->c));
	TRY(counters_write(op, db->c));
	TRY(settle(db->c, tx(op, db->c, TX_SAVEPOINT)));
	db->c->depth++;
	return RC_OK;
}

enum rc db_release(struct op *op, struct db *db)
{
	assert(db->c->depth > 0);
	TRY(check_fit(op, db->c));
	TRY(settle(db->c, tx(op, db->c, TX_RELEASE)));
	db->c->depth--;
	return RC_OK;
}

enum rc db_rollback_to(struct op *op, struct db *db)
{
	struct connection *c = db->c;

	assert(c->depth > 0);
	if (c->bulk != NULL) {
		c->driver->bulk_drop(c, c->bulk);
		c->bulk = NULL;
	}
	if (c->broken)
		return refuse(op, c);
	counters_drop(c);
	TRY(settle(c, tx(op, c, TX_ROLLBACK_TO)));
	c->depth--;
	c->failed = false; /* `sticky` stays: somebody may have decided on what was not read */
	return RC_OK;
}

struct db_counts db_counts(const struct db *db)
{
	return db->c->counts;
}

bool db_has_failed(const struct db *db)
{
	return db->c->failed;
}

/* ---- scripts ---- */

enum rc db_script(struct op *op, struct db *db, const char *ddl)
{
	struct connection *c = db->c;
	bool own = !c->in_tx;

	TRY(check_fit(op, c));
	let_go(c);
	TRY(counters_write(op, c));
	struct str text = ddl_for(op, c->driver->kind, ddl);
	if (own)
		TRY(db_begin(op, db));
	enum rc rc = settle(c, c->driver->script(op, c, db->schema, text));
	if (!own)
		return rc;
	if (rc == RC_OK)
		rc = db_commit(op, db);
	if (rc != RC_OK)
		db_rollback(db);
	return rc;
}

enum rc db_flush(struct op *op, struct db *db)
{
	TRY(check_fit(op, db->c));
	assert(!db->c->in_tx);
	let_go(db->c);
	return db->c->driver->flush(op, db->c);
}

/* ---- statements ---- */

static enum rc prepare(struct op *op, struct connection *c, struct statement *st)
{
	const struct sql *q = st->q;

	assert(q->nbind <= LIMIT_SQL_BINDS);
	return c->driver->prepare(op, c, st, str_of(q->text), q->nbind);
}

/* The statement ready to run; NULL when it is disabled. */
static inline enum rc ready(struct op *op, struct connection *c, const struct sql *q, int n,
                            struct statement **ret)
{
	TRY(check_fit(op, c));
	assert(n == q->nbind);
	struct statement *st = statement_of(c, q);

	if (st->disabled) {
		*ret = NULL;
		return RC_OK;
	}
	if (st->impl == NULL)
		TRY(settle(c, prepare(op, c, st)));
	*ret = st;
	return RC_OK;
}

enum rc db_prepare(struct op *op, struct db *db, const struct sql *q)
{
	struct statement *st;

	return ready(op, db->c, q, q->nbind, &st);
}

/* A statement of one use: free text, or one whose cursor is taken by rows still open. */
static enum rc prepare_once(struct op *op, struct connection *c, struct str text, int nbind,
                            struct statement **ret)
{
	struct statement *st = heap_new(sizeof(*st));

	st->once = true;
	enum rc rc = settle(c, c->driver->prepare(op, c, st, text, nbind));
	if (rc != RC_OK) {
		free(st);
		return rc;
	}
	*ret = st;
	return RC_OK;
}

enum rc connection_change(struct op *op, struct connection *c, const struct sql *q,
                          const struct sqlv *v, int n, int64_t *ret_changed)
{
	struct statement *st;

	TRY(ready(op, c, q, n, &st));
	if (st == NULL) {
		if (ret_changed != NULL)
			*ret_changed = 0;
		return RC_OK;
	}
	c->counts.writes++;
	let_go(c);
	if (!st->busy)
		return settle(c, c->driver->exec(op, c, st, v, n, ret_changed));
	TRY(prepare_once(op, c, str_of(q->text), q->nbind, &st));
	enum rc rc = settle(c, c->driver->exec(op, c, st, v, n, ret_changed));
	c->driver->finalize(c, st);
	free(st);
	return rc;
}

enum rc connection_later(struct op *op, struct connection *c, const struct sql *q,
                         const struct sqlv *v, int n, int64_t *ret_changed)
{
	struct statement *st;

	if (c->driver->later == NULL || !c->in_tx)
		return connection_change(op, c, q, v, n, ret_changed);
	TRY(ready(op, c, q, n, &st));
	if (st == NULL)
		return RC_OK;
	c->counts.writes++;
	return settle(c, c->driver->later(op, c, st, v, n, ret_changed));
}

enum rc connection_settle(struct op *op, struct connection *c)
{
	if (c->driver->settle == NULL || c->broken)
		return RC_OK;
	return settle(c, c->driver->settle(op, c));
}

enum rc db_queue(struct op *op, struct db *db, bool on)
{
	db->c->queue = on;
	return on ? RC_OK : connection_settle(op, db->c);
}

static enum rc run(struct op *op, struct connection *c, const struct sql *q, const struct sqlv *v,
                   int n, int64_t *ret_changed)
{
	if (counters_wait(c) && counters_touch(c, statement_of(c, q), q->text))
		TRY(counters_write(op, c));
	if (c->queue && ret_changed == NULL)
		return connection_later(op, c, q, v, n, NULL);
	return connection_change(op, c, q, v, n, ret_changed);
}

enum rc db_exec(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v, int n)
{
	return run(op, db->c, q, v, n, NULL);
}

enum rc db_change(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v, int n,
                  int64_t *ret_changed)
{
	return run(op, db->c, q, v, n, ret_changed);
}

static enum rc open_rows(struct op *op, struct db *db, struct statement *st, const struct sqlv *v,
                         int n, struct rows *ret)
{
	struct rows r = {.db = db};

	db->c->counts.reads++;
	keep(db->c);
	TRY(settle(db->c, db->c->driver->query(op, db->c, st, v, n, &r)));
	*ret = r;
	return RC_OK;
}

enum rc db_query(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v, int n,
                 struct rows *ret)
{
	struct statement *st;

	assert(ret->impl == NULL); /* rows of an earlier query would never be released */
	TRY(ready(op, db->c, q, n, &st));
	if (st == NULL) {
		*ret = (struct rows){0};
		return RC_OK;
	}
	if (counters_touch(db->c, st, q->text))
		TRY(counters_write(op, db->c));
	if (st->busy)
		TRY(prepare_once(op, db->c, str_of(q->text), q->nbind, &st));
	return open_rows(op, db, st, v, n, ret);
}

enum rc connection_query_of(struct op *op, struct db *db, const struct sql *q, struct str text,
                            const struct sqlv *v, int n, struct rows *ret)
{
	struct statement *st;

	assert(ret->impl == NULL);
	TRY(check_fit(op, db->c));
	st = statement_of(db->c, q);
	if (st->disabled)
		return RC_OK;
	if (counters_touch(db->c, st, q->text))
		TRY(counters_write(op, db->c));
	TRY(prepare_once(op, db->c, text, n, &st));
	return open_rows(op, db, st, v, n, ret);
}

enum rc db_query_text(struct op *op, struct db *db, struct str text, struct rows *ret)
{
	struct statement *st;

	assert(ret->impl == NULL);
	TRY(check_fit(op, db->c));
	TRY(counters_write(op, db->c));
	TRY(prepare_once(op, db->c, str_copy(op->arena, text), -1, &st));
	return open_rows(op, db, st, NULL, 0, ret);
}

/* ---- rows ---- */

bool rows_next(struct rows *r)
{
	return r->impl != NULL && r->db->c->driver->next(r);
}

int64_t rows_int(const struct rows *r, int col)
{
	return r->db->c->driver->get_int(r, col);
}

bool rows_is_null(const struct rows *r, int col)
{
	return r->db->c->driver->get_type(r, col) == SQL_NULL;
}

struct str rows_str(const struct rows *r, int col)
{
	return r->db->c->driver->get_str(r, col);
}

struct str rows_dup(struct arena *a, const struct rows *r, int col)
{
	return str_copy(a, rows_str(r, col));
}

int rows_columns(const struct rows *r)
{
	return r->impl == NULL ? 0 : r->db->c->driver->columns(r);
}

const char *rows_column_name(const struct rows *r, int col)
{
	return r->db->c->driver->column_name(r, col);
}

enum sql_type rows_type(const struct rows *r, int col)
{
	return r->db->c->driver->get_type(r, col);
}

void rows_release(struct rows *r)
{
	if (r->impl == NULL)
		return;
	r->db->c->driver->release(r);
	*r = (struct rows){0};
}
