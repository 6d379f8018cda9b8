/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite.c -- the SQLite driver: statements, rows, transactions, bulk load.
 *
 * This is the writer's hot path: a call is a pointer look-up, the binds, a step and a reset, and
 * allocates nothing.  Text and bytes are bound without a copy, so they must live until the
 * statement has run or its rows are released.
 */
#include <errno.h>
#include <limits.h>

#include "db/sqlite.h"

static struct lite *lite_of(const struct connection *c)
{
	return c->impl;
}

static sqlite3_stmt *cursor(const struct rows *r)
{
	return ((const struct statement *)r->impl)->impl;
}

enum rc lite_fail(struct op *op, struct connection *c, int code, const char *what)
{
	struct lite *l = lite_of(c);
	const char *msg = l->db != NULL ? sqlite3_errmsg(l->db) : sqlite3_errstr(code);

	switch (code & 0xff) {
	case SQLITE_CONSTRAINT:
		return fail(op, RC_CONFLICT, "", "", "与数据库中已有的数据冲突：%s（%s）",
		            "conflicts with what the database holds: %s (%s)", msg, what);
	case SQLITE_BUSY:
	case SQLITE_LOCKED:
	case SQLITE_INTERRUPT:
		return fail(op, RC_BUSY, "", "", "数据库正忙，请稍后再试：%s（%s）",
		            "the database is busy, try again: %s (%s)", msg, what);
	case SQLITE_FULL:
	case SQLITE_IOERR:
		c->broken = true;
		if ((code & 0xff) == SQLITE_FULL || sqlite3_system_errno(l->db) == ENOSPC)
			return fail(op, RC_BROKEN, "", "", "磁盘已满：请腾出空间后重新启动（%s）",
			            "the disk is full: make room, then start again (%s)", what);
		break;
	case SQLITE_CORRUPT:
	case SQLITE_NOTADB:
	case SQLITE_NOMEM:
		c->broken = true;
		break;
	default:
		break;
	}
	return fail(op, RC_BROKEN, "", "", "数据库错误：%s（%s）", "database error: %s (%s)", msg,
	            what);
}

/* ---- transactions and scripts ---- */

static const char *const TX_TEXT[TX_WORD_MAX] = {
	[TX_BEGIN] = "BEGIN IMMEDIATE",
	[TX_BEGIN_READ] = "BEGIN",
	[TX_COMMIT] = "COMMIT",
	[TX_ROLLBACK] = "ROLLBACK",
	[TX_SAVEPOINT] = "SAVEPOINT s",
	[TX_RELEASE] = "RELEASE s",
	[TX_ROLLBACK_TO] = "ROLLBACK TO s",
};

static enum rc step_text(struct op *op, struct connection *c, sqlite3_stmt **st, const char *text)
{
	struct lite *l = lite_of(c);
	int code = SQLITE_OK;

	if (*st == NULL)
		code = sqlite3_prepare_v3(l->db, text, -1, SQLITE_PREPARE_PERSISTENT, st, NULL);
	if (code == SQLITE_OK)
		code = sqlite3_step(*st);
	enum rc rc = RC_OK;
	if (code != SQLITE_DONE && code != SQLITE_ROW)
		rc = lite_fail(op, c, code, text);
	(void)sqlite3_reset(*st); /* its code is that of the step */
	return rc;
}

#define ANY_READ "SELECT 1 FROM sqlite_master LIMIT 1"

static enum rc lite_word(struct op *op, struct connection *c, enum tx_word word)
{
	return step_text(op, c, &lite_of(c)->tx[word], TX_TEXT[word]);
}

static enum rc lite_tx(struct op *op, struct connection *c, enum tx_word word)
{
	struct lite *l = lite_of(c);

	/* SQLite itself rolls back after some errors (a full disk): then there is nothing to do. */
	if (word == TX_ROLLBACK && sqlite3_get_autocommit(l->db) != 0)
		return RC_OK;
	enum rc rc = lite_word(op, c, word);
	/* After an error at a commit nobody knows what is on the disk: a failed fsync is never
	 * tried again.  A lock that is held (BUSY) leaves the transaction as it was. */
	if (rc != RC_OK && rc != RC_BUSY && word == TX_COMMIT)
		c->broken = true;
	TRY(rc);
	if (word == TX_ROLLBACK_TO)
		TRY(lite_word(op, c, TX_RELEASE));
	if (word == TX_BEGIN_READ) {
		rc = step_text(op, c, &l->snapshot, ANY_READ);
		if (rc != RC_OK) {
			struct op quiet = {.arena = op->arena};
			if (lite_word(&quiet, c, TX_ROLLBACK) != RC_OK)
				c->broken = true;
		}
	}
	return rc;
}

/* A statement that has begun and not ended keeps the lock and the view of the log. */
static bool lite_keep_moment(struct connection *c, bool on)
{
	struct lite *l = lite_of(c);
	int code = SQLITE_OK;

	if (l->snapshot == NULL)
		code = sqlite3_prepare_v3(l->db, ANY_READ, -1, SQLITE_PREPARE_PERSISTENT, &l->snapshot,
		                          NULL);
	if (on && code == SQLITE_OK && sqlite3_step(l->snapshot) == SQLITE_ROW)
		return true;
	(void)sqlite3_reset(l->snapshot); /* what follows takes its own, and says what is wrong */
	return false;
}

static enum rc lite_script(struct op *op, struct connection *c, const char *schema, struct str ddl)
{
	assert(schema[0] == '\0');
	int code = sqlite3_exec(lite_of(c)->db, ddl.s, NULL, NULL, NULL);
	return code == SQLITE_OK ? RC_OK : lite_fail(op, c, code, ddl.s);
}

static enum rc lite_flush(struct op *op, struct connection *c)
{
	int code = sqlite3_wal_checkpoint_v2(lite_of(c)->db, NULL, SQLITE_CHECKPOINT_TRUNCATE, NULL,
	                                     NULL);
	return code == SQLITE_OK ? RC_OK : lite_fail(op, c, code, "wal_checkpoint");
}

/* ---- statements ---- */

static enum rc lite_prepare(struct op *op, struct connection *c, struct statement *st,
                            struct str text, int nbind)
{
	sqlite3_stmt *s = NULL;
	unsigned flags = st->once ? 0 : SQLITE_PREPARE_PERSISTENT;
	int code = sqlite3_prepare_v3(lite_of(c)->db, text.s, (int)text.n, flags, &s, NULL);

	if (code != SQLITE_OK)
		return lite_fail(op, c, code, text.s);
	if (s == NULL || (nbind >= 0 && sqlite3_bind_parameter_count(s) != nbind)) {
		(void)sqlite3_finalize(s);
		return fail(op, RC_BROKEN, "", "", "语句的参数个数不是 %d：%s",
		            "the statement does not have %d parameters: %s", nbind, text.s);
	}
	st->impl = s;
	return RC_OK;
}

static void lite_finalize(struct connection *c, struct statement *st)
{
	(void)sqlite3_finalize(st->impl); /* its code is that of the last step */
	st->impl = NULL;
}

static inline int bind_one(sqlite3_stmt *s, int at, const struct sqlv *v)
{
	assert(v->s.n <= INT_MAX);
	switch (v->t) {
	case SQL_NULL:
		return sqlite3_bind_null(s, at);
	case SQL_INT:
		return sqlite3_bind_int64(s, at, v->i);
	case SQL_TEXT:
		/* PostgreSQL cannot hold U+0000 in text; so neither do we. */
		if (v->s.n > 0 && memchr(v->s.s, 0, v->s.n) != NULL)
			return SQLITE_MISMATCH;
		return sqlite3_bind_text(s, at, v->s.n > 0 ? v->s.s : "", (int)v->s.n,
		                         SQLITE_STATIC);
	case SQL_BYTES:
		/* SQLite takes a blob at NULL for a NULL. */
		if (v->s.n == 0)
			return sqlite3_bind_zeroblob(s, at, 0);
		return sqlite3_bind_blob(s, at, v->s.s, (int)v->s.n, SQLITE_STATIC);
	}
	return SQLITE_MISUSE;
}

static inline enum rc bind_all(struct op *op, struct connection *c, sqlite3_stmt *s,
                               const struct sqlv *v, int n)
{
	for (int i = 0; i < n; i++) {
		int code = bind_one(s, i + 1, &v[i]);
		if (code == SQLITE_MISMATCH)
			return fail(op, RC_INVALID, "", "", "文本中不能有空字符（U+0000）：第 %d 个参数",
			            "text cannot hold U+0000: parameter %d", i + 1);
		if (code != SQLITE_OK)
			return lite_fail(op, c, code, sqlite3_sql(s));
	}
	return RC_OK;
}

static enum rc lite_exec(struct op *op, struct connection *c, struct statement *st,
                         const struct sqlv *v, int n, int64_t *ret_changed)
{
	sqlite3_stmt *s = st->impl;
	int code;

	TRY(bind_all(op, c, s, v, n));
	do
		code = sqlite3_step(s);
	while (code == SQLITE_ROW);
	if (code != SQLITE_DONE) {
		enum rc rc = lite_fail(op, c, code, sqlite3_sql(s));
		(void)sqlite3_reset(s);
		return rc;
	}
	if (ret_changed != NULL)
		*ret_changed = sqlite3_changes64(lite_of(c)->db);
	(void)sqlite3_reset(s);
	return RC_OK;
}

/* ---- rows; r->at: 0 the first row waits, 1 later ones, -1 at the end ---- */

static void lite_give_back(struct connection *c, struct statement *st)
{
	if (st->once) {
		lite_finalize(c, st);
		free(st);
		return;
	}
	(void)sqlite3_reset(st->impl);
	st->busy = false;
}

static enum rc lite_query(struct op *op, struct connection *c, struct statement *st,
                          const struct sqlv *v, int n, struct rows *ret)
{
	sqlite3_stmt *s = st->impl;
	enum rc rc = bind_all(op, c, s, v, n);

	st->busy = true;
	/* The first row is read now, so that a lock or an error here has a code, not a flag. */
	if (rc == RC_OK) {
		int code = sqlite3_step(s);
		if (code != SQLITE_ROW && code != SQLITE_DONE)
			rc = lite_fail(op, c, code, sqlite3_sql(s));
		ret->at = code == SQLITE_ROW ? 0 : -1;
	}
	if (rc != RC_OK) {
		lite_give_back(c, st);
		return rc;
	}
	ret->impl = st;
	return RC_OK;
}

static bool lite_next(struct rows *r)
{
	if (r->at < 0)
		return false;
	if (r->at == 0) {
		r->at = 1;
		return true;
	}
	int code = sqlite3_step(cursor(r));

	if (code == SQLITE_ROW)
		return true;
	r->at = -1;
	if (code != SQLITE_DONE) {
		struct op quiet = {0};
		r->db->c->sticky = true;
		if (lite_fail(&quiet, r->db->c, code, "") == RC_OK)
			abort(); /* a failure has no such code */
	}
	return false;
}

static int64_t lite_int(const struct rows *r, int col)
{
	return sqlite3_column_int64(cursor(r), col);
}

static struct str lite_str(const struct rows *r, int col)
{
	sqlite3_stmt *s = cursor(r);
	const char *p;

	/* The bytes of a blob first, then their number: the other order may convert. */
	if (sqlite3_column_type(s, col) == SQLITE_BLOB)
		p = sqlite3_column_blob(s, col);
	else
		p = (const char *)sqlite3_column_text(s, col);
	if (p == NULL)
		return STR("");
	return (struct str){p, (size_t)sqlite3_column_bytes(s, col)};
}

static enum sql_type lite_type(const struct rows *r, int col)
{
	switch (sqlite3_column_type(cursor(r), col)) {
	case SQLITE_NULL:
		return SQL_NULL;
	case SQLITE_INTEGER:
		return SQL_INT;
	case SQLITE_BLOB:
		return SQL_BYTES;
	default:
		return SQL_TEXT;
	}
}

static int lite_columns(const struct rows *r)
{
	return sqlite3_column_count(cursor(r));
}

static const char *lite_column_name(const struct rows *r, int col)
{
	return sqlite3_column_name(cursor(r), col);
}

static void lite_release(struct rows *r)
{
	lite_give_back(r->db->c, r->impl);
}

/* ---- bulk load: one prepared INSERT in the open transaction; impl is its sqlite3_stmt.  OR FAIL:
 * a load that fails is rolled back whole, so no statement of it needs a journal of its own ---- */

static enum rc lite_bulk_start(struct op *op, struct connection *c, const char *table,
                               const char *const *columns, int n, void **ret_impl)
{
	struct strbuf b;
	sqlite3_stmt *s = NULL;

	strbuf_init(&b, op->arena);
	strbuf_addf(&b, "INSERT OR FAIL INTO %s(", table);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, "%s%s", i > 0 ? ", " : "", columns[i]);
	strbuf_addz(&b, ") VALUES (");
	for (int i = 0; i < n; i++)
		strbuf_addz(&b, i > 0 ? ", ?" : "?");
	strbuf_addc(&b, ')');
	struct str text = strbuf_str(&b);
	int code = sqlite3_prepare_v2(lite_of(c)->db, text.s, (int)text.n, &s, NULL);
	if (code != SQLITE_OK)
		return lite_fail(op, c, code, text.s);
	*ret_impl = s;
	return RC_OK;
}

static enum rc lite_bulk_row(struct op *op, struct connection *c, void *impl, const struct sqlv *v,
                             int n)
{
	TRY(bind_all(op, c, impl, v, n));
	int code = sqlite3_step(impl);
	enum rc rc = code == SQLITE_DONE ? RC_OK : lite_fail(op, c, code, sqlite3_sql(impl));
	(void)sqlite3_reset(impl);
	return rc;
}

static enum rc lite_bulk_end(struct op *op, struct connection *c, void *impl)
{
	(void)op;
	(void)c;
	(void)sqlite3_finalize(impl);
	return RC_OK;
}

static void lite_bulk_drop(struct connection *c, void *impl)
{
	(void)c;
	(void)sqlite3_finalize(impl);
}

/* ---- table filter, deadline, close ---- */

static bool allowed(const struct connection *c, const char *table, bool write)
{
	if (table == NULL || strncmp(table, "sqlite_", 7) == 0)
		return true;
	return c->allows(c->allows_ctx, table, write);
}

static int authorize(void *ctx, int action, const char *a, const char *b, const char *schema,
                     const char *trigger)
{
	const struct connection *c = ctx;
	bool ok = true;

	(void)schema;
	(void)trigger;
	switch (action) {
	case SQLITE_READ:
		ok = allowed(c, a, false);
		break;
	case SQLITE_INSERT:
	case SQLITE_UPDATE:
	case SQLITE_DELETE:
	case SQLITE_CREATE_TABLE:
	case SQLITE_DROP_TABLE:
		ok = allowed(c, a, true);
		break;
	case SQLITE_ALTER_TABLE:
	case SQLITE_CREATE_INDEX:
	case SQLITE_DROP_INDEX:
	case SQLITE_CREATE_TRIGGER:
	case SQLITE_DROP_TRIGGER:
		ok = allowed(c, b, true);
		break;
	default:
		break;
	}
	return ok ? SQLITE_OK : SQLITE_DENY;
}

/* Setting an authorizer makes SQLite check cached statements again when they next run. */
static void lite_set_filter(struct connection *c)
{
	(void)sqlite3_set_authorizer(lite_of(c)->db, c->allows != NULL ? authorize : NULL, c);
}

static void lite_set_deadline(struct connection *c, int ms)
{
	(void)sqlite3_busy_timeout(lite_of(c)->db, ms);
}

static void lite_close(struct connection *c)
{
	struct lite *l = lite_of(c);

	for (int i = 0; i < TX_WORD_MAX; i++)
		(void)sqlite3_finalize(l->tx[i]);
	(void)sqlite3_finalize(l->snapshot);
	(void)sqlite3_close_v2(l->db); /* rolls back what is open */
	free(l);
}

const struct driver lite_driver = {
	.kind = DB_SQLITE,
	.close = lite_close,
	.tx = lite_tx,
	.script = lite_script,
	.prepare = lite_prepare,
	.finalize = lite_finalize,
	.exec = lite_exec,
	.query = lite_query,
	.next = lite_next,
	.get_int = lite_int,
	.get_str = lite_str,
	.get_type = lite_type,
	.columns = lite_columns,
	.column_name = lite_column_name,
	.release = lite_release,
	.flush = lite_flush,
	.bulk_start = lite_bulk_start,
	.bulk_row = lite_bulk_row,
	.bulk_end = lite_bulk_end,
	.bulk_drop = lite_bulk_drop,
	.set_filter = lite_set_filter,
	.set_deadline = lite_set_deadline,
	.keep_moment = lite_keep_moment,
};
