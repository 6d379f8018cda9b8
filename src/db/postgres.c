/* SPDX-License-Identifier: Apache-2.0 */
/* postgres.c -- the PostgreSQL driver: statements, rows, transactions.
 *
 * `?` becomes $1, $2 … at prepare.  A result is read whole before its first row is given, so that
 * errors come with the query; large scans page with LIMIT.
 */
#include "db/postgres.h"

/* ---- errors ---- */

static bool state_is(const char *state, const char *const *list, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (strncmp(state, list[i], strlen(list[i])) == 0)
			return true;
	return false;
}

/* SQLSTATEs, or their class.  P0001 is a trigger's own refusal. */
static const char *const CONFLICTS[] = {"23", "P0001"};
static const char *const BUSIES[] = {"40001", "40P01", "55P03", "57014"};
static const char *const BREAKS[] = {"08", "53", "57P", "58", "XX"};
/* A plan whose tables were replaced since, or a statement that the server has forgotten. */
static const char *const STALES[] = {"0A000", "26000"};

static const char *state_of(const PGresult *res)
{
	const char *s = res != NULL ? PQresultErrorField(res, PG_DIAG_SQLSTATE) : NULL;

	return s != NULL ? s : "";
}

static const char *message_of(const struct connection *c, const PGresult *res)
{
	const char *s = res != NULL ? PQresultErrorField(res, PG_DIAG_MESSAGE_PRIMARY) : NULL;

	return s != NULL ? s : PQerrorMessage(pg_of(c)->conn);
}

enum rc pg_fail(struct op *op, struct connection *c, const PGresult *res, const char *what)
{
	const char *state = state_of(res), *msg = message_of(c, res);

	if (state_is(state, CONFLICTS, COUNT(CONFLICTS)))
		return fail(op, RC_CONFLICT, "", "", "与数据库中已有的数据冲突：%s（%s）",
		            "conflicts with what the database holds: %s (%s)", msg, what);
	if (state_is(state, BUSIES, COUNT(BUSIES)))
		return fail(op, RC_BUSY, "", "", "数据库正忙，请稍后再试：%s（%s）",
		            "the database is busy, try again: %s (%s)", msg, what);
	if (strcmp(state, "22021") == 0)
		return fail(op, RC_INVALID, "", "", "文本不是合法的 UTF-8：%s（%s）",
		            "the text is not valid UTF-8: %s (%s)", msg, what);
	if (PQstatus(pg_of(c)->conn) == CONNECTION_BAD || state_is(state, BREAKS, COUNT(BREAKS)))
		c->broken = true;
	if (strcmp(state, "53100") == 0)
		return fail(op, RC_BROKEN, "", "",
		            "数据库服务器的磁盘已满：请腾出空间后重新启动（%s）",
		            "the database server's disk is full: make room, then start again (%s)",
		            what);
	return fail(op, RC_BROKEN, "", "", "数据库错误：%s（%s）", "database error: %s (%s)", msg,
	            what);
}

static bool is_good(const PGresult *res)
{
	ExecStatusType s = PQresultStatus(res);

	return s == PGRES_COMMAND_OK || s == PGRES_TUPLES_OK;
}

/* ---- texts without parameters ---- */

static enum rc text_result(struct op *op, struct connection *c, const char *text, PGresult **ret)
{
	PGresult *res;

	assert(!pg_is_queued(c));
	if (PQsendQuery(pg_of(c)->conn, text) == 0)
		return pg_fail(op, c, NULL, text);
	TRY(pg_result(op, c, &res));
	if (!is_good(res)) {
		enum rc rc = pg_fail(op, c, res, text);
		PQclear(res);
		return rc;
	}
	*ret = res;
	return RC_OK;
}

enum rc pg_text(struct op *op, struct connection *c, const char *text)
{
	PGresult *res;

	TRY(pg_settle(op, c));
	TRY(text_result(op, c, text, &res));
	PQclear(res);
	return RC_OK;
}

static const char *const TX_TEXT[TX_WORD_MAX] = {
	[TX_BEGIN] = "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
	/* The snapshot is taken by the first query, so one comes at once. */
	[TX_BEGIN_READ] = "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SELECT 1",
	[TX_COMMIT] = "COMMIT",
	[TX_ROLLBACK] = "ROLLBACK",
	[TX_SAVEPOINT] = "SAVEPOINT s",
	[TX_RELEASE] = "RELEASE SAVEPOINT s",
	[TX_ROLLBACK_TO] = "ROLLBACK TO SAVEPOINT s; RELEASE SAVEPOINT s",
};

/* The server answers COMMIT of a failed transaction with "ROLLBACK" and no error; and one whose
 * wait for the standby was cut short with "COMMIT" and a warning: it stands here and nowhere else,
 * and may be gone after a failover. */
static enum rc commit_answer(struct op *op, const struct connection *c, PGresult *res)
{
	if (strcmp(PQcmdStatus(res), "COMMIT") != 0)
		return fail(op, RC_BROKEN, "", "", "数据库服务器没有提交本事务",
		            "the database server did not commit this transaction");
	if (pg_of(c)->warned)
		return fail(op, RC_BROKEN, "", "",
		            "本事务只在主服务器上提交，备用服务器没有确认，请重新启动以核对",
		            "this transaction was committed on the primary alone, no standby has "
		            "confirmed it: start again, and the store is compared");
	return RC_OK;
}

static enum rc commit(struct op *op, struct connection *c)
{
	PGresult *res;

	pg_of(c)->warned = false;
	enum rc rc = text_result(op, c, TX_TEXT[TX_COMMIT], &res);
	bool lost = rc == RC_BUSY || c->broken;

	if (rc == RC_OK) {
		rc = commit_answer(op, c, res);
		PQclear(res);
		if (rc == RC_OK)
			return RC_OK;
	}
	c->broken = true;
	if (lost) /* whether it was committed nobody knows: it must not be tried again */
		return fail(op, RC_BROKEN, "", "",
		            "提交时数据库服务器没有回答，是否已提交不明，请重新启动以核对",
		            "the database server did not answer a commit; whether it was done is "
		            "not known: start again, and the store is compared");
	return rc;
}

/* What was queued is part of what is taken back: its failures are of no interest any more. */
static void settle_quietly(struct op *op, struct connection *c)
{
	struct op quiet = {.arena = op->arena};

	if (pg_settle(&quiet, c) == RC_BROKEN && PQstatus(pg_of(c)->conn) == CONNECTION_BAD)
		c->broken = true;
}

static enum rc pg_tx(struct op *op, struct connection *c, enum tx_word word)
{
	if (word == TX_ROLLBACK || word == TX_ROLLBACK_TO)
		settle_quietly(op, c);
	else
		TRY(pg_settle(op, c));
	enum rc rc = word == TX_COMMIT ? commit(op, c) : pg_text(op, c, TX_TEXT[word]);

	/* A BEGIN READ may fail half-way: then its transaction is still open. */
	if (rc != RC_OK && word == TX_BEGIN_READ && !c->broken) {
		struct op quiet = {0};
		if (pg_text(&quiet, c, "ROLLBACK") != RC_OK)
			c->broken = true;
	}
	return rc;
}

static enum rc pg_script(struct op *op, struct connection *c, const char *schema, struct str ddl)
{
	struct str text = str_fmt(op->arena, "SET LOCAL search_path TO \"%s\";\n%s\n;"
	                          "SET LOCAL search_path TO %s", schema, ddl.s, pg_of(c)->path);

	return pg_text(op, c, text.s);
}

static enum rc pg_flush(struct op *op, struct connection *c)
{
	(void)op;
	(void)c;
	return RC_OK;
}

/* ---- statements ---- */

static struct str numbered(struct op *op, const char *text, int *ret_n)
{
	struct strbuf b;
	int n = 0;

	strbuf_init(&b, op->arena);
	for (; *text != '\0'; text++) {
		if (*text == '?')
			strbuf_addf(&b, "$%d", ++n);
		else
			strbuf_addc(&b, *text);
	}
	*ret_n = n;
	return strbuf_str(&b);
}

/* Waits for one command; fails when the server did. */
static enum rc command(struct op *op, struct connection *c, int sent, const char *text,
                       PGresult **ret)
{
	PGresult *res;

	if (sent == 0)
		return pg_fail(op, c, NULL, text);
	TRY(pg_result(op, c, &res));
	if (!is_good(res)) {
		enum rc rc = pg_fail(op, c, res, text);
		PQclear(res);
		return rc;
	}
	*ret = res;
	return RC_OK;
}

static enum rc describe(struct op *op, struct connection *c, struct pg_statement *ps)
{
	struct pg *p = pg_of(c);
	PGresult *res;

	TRY(command(op, c, PQsendDescribePrepared(p->conn, ps->name), ps->text, &res));
	int n = PQnparams(res);
	for (int i = 0; i < n && i < LIMIT_SQL_BINDS; i++)
		ps->oid[i] = PQparamtype(res, i);
	PQclear(res);
	assert(n == ps->nbind);
	return RC_OK;
}

static enum rc pg_prepare(struct op *op, struct connection *c, struct statement *st,
                          struct str text, int nbind)
{
	struct pg *p = pg_of(c);
	struct pg_statement *ps;
	PGresult *res;
	int n;
	struct str numbers = numbered(op, text.s, &n);

	TRY(pg_settle(op, c));
	if ((nbind >= 0 && n != nbind) || n > LIMIT_SQL_BINDS)
		return fail(op, RC_BROKEN, "", "", "语句的参数个数不是 %d：%s",
		            "the statement does not have %d parameters: %s", nbind, text.s);
	ps = heap_new(sizeof(*ps));
	ps->text = text.s;
	ps->nbind = n;
	if (!st->once)
		(void)snprintf(ps->name, sizeof(ps->name), "s%u", ++p->next_name);
	enum rc rc = command(op, c, PQsendPrepare(p->conn, ps->name, numbers.s, 0, NULL), text.s,
	                     &res);
	if (rc == RC_OK) {
		PQclear(res);
		rc = n > 0 ? describe(op, c, ps) : RC_OK;
	}
	if (rc != RC_OK) {
		free(ps);
		return rc;
	}
	st->impl = ps;
	return RC_OK;
}

/* The server's side of it goes with the connection: there are a few hundred at most. */
static void pg_finalize(struct connection *c, struct statement *st)
{
	(void)c;
	free(st->impl);
	st->impl = NULL;
}

static enum rc send(struct op *op, struct connection *c, const struct pg_statement *ps,
                    const struct sqlv *v, int n, PGresult **ret)
{
	struct pg_params p;

	if (pg_is_queued(c))
		return pg_with_queue(op, c, ps, v, n, ret);
	TRY(pg_encode(op, ps, v, n, &p));
	if (PQsendQueryPrepared(pg_of(c)->conn, ps->name, n, p.value, p.length, p.format, 1) == 0)
		return pg_fail(op, c, NULL, ps->text);
	return pg_result(op, c, ret);
}

static bool is_stale(const struct statement *st, const PGresult *res)
{
	return state_is(state_of(res), STALES, COUNT(STALES)) && !st->once;
}

enum rc pg_refused(struct op *op, struct connection *c, struct statement *st, const PGresult *res)
{
	enum rc rc = pg_fail(op, c, res, ((const struct pg_statement *)st->impl)->text);

	if (!is_stale(st, res))
		return rc;
	pg_finalize(c, st);
	/* In a transaction the error has spoilt it already. */
	return fail(op, RC_BUSY, "", "", "数据表刚被更换，请再试一次",
	            "the tables were replaced just now: try again");
}

/* Runs it; once more after a new prepare, when the tables behind its plan were replaced. */
static enum rc run(struct op *op, struct connection *c, struct statement *st, const struct sqlv *v,
                   int n, PGresult **ret)
{
	for (int round = 0;; round++) {
		const char *text = ((const struct pg_statement *)st->impl)->text;
		PGresult *res;

		TRY(send(op, c, st->impl, v, n, &res));
		if (is_good(res)) {
			*ret = res;
			return RC_OK;
		}
		bool again = is_stale(st, res) && !c->in_tx && round == 0;
		enum rc rc = pg_refused(op, c, st, res);
		PQclear(res);
		if (!again)
			return rc;
		TRY(pg_prepare(op, c, st, str_of(text), n));
	}
}

static enum rc pg_exec(struct op *op, struct connection *c, struct statement *st,
                       const struct sqlv *v, int n, int64_t *ret_changed)
{
	PGresult *res;

	TRY(run(op, c, st, v, n, &res));
	if (ret_changed != NULL) {
		int64_t changed = 0;
		/* "" for what changes nothing */
		(void)str_to_i64(str_of(PQcmdTuples(res)), &changed);
		*ret_changed = changed;
	}
	PQclear(res);
	return RC_OK;
}

/* ---- rows; r->impl is the PGresult, r->at the row ---- */

static enum rc pg_query(struct op *op, struct connection *c, struct statement *st,
                        const struct sqlv *v, int n, struct rows *ret)
{
	PGresult *res;
	bool once = st->once;
	enum rc rc = run(op, c, st, v, n, &res);

	if (once) {
		pg_finalize(c, st);
		free(st);
	}
	TRY(rc);
	ret->impl = res;
	ret->at = -1;
	return RC_OK;
}

static bool pg_next(struct rows *r)
{
	if (r->at + 1 >= PQntuples(r->impl))
		return false;
	r->at++;
	return true;
}

static int pg_columns(const struct rows *r)
{
	return PQnfields(r->impl);
}

static const char *pg_column_name(const struct rows *r, int col)
{
	return PQfname(r->impl, col);
}

static void pg_release(struct rows *r)
{
	PQclear(r->impl);
}

/* ---- the rest ---- */

static void pg_set_filter(struct connection *c)
{
	(void)c; /* a role of the server does this */
}

static void pg_set_deadline(struct connection *c, int ms)
{
	pg_of(c)->deadline_ms = ms;
}

static void pg_close(struct connection *c)
{
	PQfinish(pg_of(c)->conn); /* the server rolls back what is open */
	pg_queue_free(pg_of(c)->queue);
	free(c->impl);
}

const struct driver pg_driver = {
	.kind = DB_POSTGRES,
	.close = pg_close,
	.tx = pg_tx,
	.script = pg_script,
	.prepare = pg_prepare,
	.finalize = pg_finalize,
	.exec = pg_exec,
	.later = pg_later,
	.settle = pg_settle,
	.query = pg_query,
	.next = pg_next,
	.get_int = pg_get_int,
	.get_str = pg_get_str,
	.get_type = pg_get_type,
	.columns = pg_columns,
	.column_name = pg_column_name,
	.release = pg_release,
	.flush = pg_flush,
	.bulk_start = pg_bulk_start,
	.bulk_row = pg_bulk_row,
	.bulk_end = pg_bulk_end,
	.bulk_drop = pg_bulk_drop,
	.set_filter = pg_set_filter,
	.set_deadline = pg_set_deadline,
};
