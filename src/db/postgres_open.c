/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_open.c -- reaching a PostgreSQL server, and refusing one that may lose a commit.
 *
 * fsync, full_page_writes or synchronous_commit off (or local: it waits for no standby) would make
 * our receipts a lie, and another encoding than UTF8 would change bytes that are hashed.  Names are
 * looked for in the schemas of the connection's handles; only scripts run in one of them alone.
 */
#include "db/postgres.h"

static bool is_name(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (!(s.s[i] >= 'a' && s.s[i] <= 'z') && !(s.s[i] >= '0' && s.s[i] <= '9') &&
		    s.s[i] != '_')
			return false;
	return s.n > 0 && s.n < SCHEMA_MAX;
}

/* Libraries never log, and what matters comes as an error; but a warning that comes with a commit
 * says that it was not replicated. */
static void hear_notice(void *ctx, const PGresult *res)
{
	const char *severity = PQresultErrorField(res, PG_DIAG_SEVERITY_NONLOCALIZED);

	if (severity != NULL && strcmp(severity, "WARNING") == 0)
		((struct pg *)ctx)->warned = true;
}

static enum rc check_url(struct op *op, const char *url)
{
	char *why = NULL;
	PQconninfoOption *parsed = PQconninfoParse(url, &why);

	if (parsed != NULL) {
		PQconninfoFree(parsed);
		return RC_OK;
	}
	enum rc rc = fail(op, RC_INVALID, "db", "", "数据库地址有误：%s",
	                  "not a database URL: %s", why != NULL ? why : "");
	PQfreemem(why);
	return rc;
}

/* Every server of a URL that names several. */
struct servers {
	int n;
	const char *host, *hostaddr, *port; /* lists between commas, or NULL */
};

static int count_of(const char *list)
{
	int n = 1;

	for (; list != NULL && *list != '\0'; list++)
		n += *list == ',';
	return n;
}

static void read_servers(struct op *op, const char *url, struct servers *ret)
{
	PQconninfoOption *all = PQconninfoParse(url, NULL);

	for (PQconninfoOption *o = all; o != NULL && o->keyword != NULL; o++) {
		const char *value = o->val != NULL ? str_copy(op->arena, str_of(o->val)).s : NULL;
		if (strcmp(o->keyword, "host") == 0)
			ret->host = value;
		else if (strcmp(o->keyword, "hostaddr") == 0)
			ret->hostaddr = value;
		else if (strcmp(o->keyword, "port") == 0)
			ret->port = value;
	}
	PQconninfoFree(all);
	ret->n = count_of(ret->hostaddr != NULL ? ret->hostaddr : ret->host);
}

/* The ith of a list; a list of one is for all.  NULL: the list is not there. */
static const char *item(struct op *op, const char *list, int i)
{
	if (list == NULL)
		return NULL;
	for (; i > 0 && strchr(list, ',') != NULL; i--)
		list = strchr(list, ',') + 1;
	return str_copy(op->arena, (struct str){list, strcspn(list, ",")}).s;
}

static enum rc reach_one(struct op *op, struct connection *c, const char *url,
                         const struct servers *all, int i, int64_t until)
{
	struct pg *p = pg_of(c);
	/* What stands before the URL it may change; what stands after it, not. */
	const char *keys[10] = {"fallback_application_name", "keepalives_idle",
	                        "keepalives_interval", "dbname", "client_encoding"};
	const char *values[10] = {"gongyuan", "10", "5", url, "UTF8"};
	const char *const names[] = {"host", "hostaddr", "port"};
	const char *const lists[] = {all->host, all->hostaddr, all->port};

	for (int k = 0, n = 5; all->n > 1 && k < (int)COUNT(names); k++) {
		if (lists[k] == NULL)
			continue;
		keys[n] = names[k];
		values[n++] = item(op, lists[k], i);
	}
	PQfinish(p->conn);
	c->broken = false;
	p->conn = PQconnectStartParams(keys, values, 1);
	if (p->conn == NULL)
		abort(); /* out of memory */
	(void)PQsetNoticeReceiver(p->conn, hear_notice, p);
	if (PQstatus(p->conn) == CONNECTION_BAD)
		return fail(op, RC_NOT_FOUND, "db", "", "连不上数据库服务器：%s",
		            "cannot reach the database server: %s", PQerrorMessage(p->conn));
	return pg_connect_wait(op, c, until);
}

/* One server after the other, each with its share of the time that is left.  libpq would go on to
 * the next only when one refuses: a frozen one, which keeps the connection and says nothing, would
 * keep us from all the others. */
static enum rc reach(struct op *op, struct connection *c, const char *url)
{
	int64_t until = pg_until(pg_of(c)), now;
	struct servers all = {0};
	struct err first = op->err, why;
	enum rc rc = RC_OK;

	read_servers(op, url, &all);
	for (int i = 0; i < all.n; i++) {
		op->err = first;
		now = pg_now();
		rc = reach_one(op, c, url, &all, i, now + (until - now) / (all.n - i));
		if (rc == RC_OK || all.n == 1)
			return rc;
	}
	why = op->err;
	op->err = first;
	return fail(op, RC_BUSY, "db", "",
	            "%d 台数据库服务器现在都不能写入（可能正在切换），请稍后再试；末一台：%s%.0s",
	            "none of the %d database servers can be used now (a failover may be under way): "
	            "try again later; the last one: %.0s%s", all.n, why.zh, why.en);
}

static enum rc refuse_setting(struct op *op, const char *name, struct str is, const char *want)
{
	return fail(op, RC_INVALID, name, "",
	            "数据库服务器的 %s 为 " STR_FMT "，须为 %s：否则断电会丢失已确认的记录",
	            "the database server has %s = " STR_FMT "; it must be %s, or confirmed records "
	            "may be lost", name, STR_ARG(is), want);
}

static enum rc check_settings(struct op *op, struct db *db)
{
	static const char *const SETTINGS[] = {"fsync", "full_page_writes", "synchronous_commit"};
	static const struct sql Q = {
		"SELECT current_setting('fsync'), current_setting('full_page_writes'),"
		" current_setting('synchronous_commit'), current_setting('server_encoding'),"
		" pg_catalog.pg_is_in_recovery()", 0
	};
	AUTO(rows) r = {0};

	TRY(db_query(op, db, &Q, NO_ARGS, &r));
	if (!rows_next(&r))
		return fail(op, RC_BROKEN, "", "", "数据库服务器没有给出其设置",
		            "the database server does not say its settings");
	for (int i = 0; i < (int)COUNT(SETTINGS); i++)
		if (str_is(rows_str(&r, i), "off") || str_is(rows_str(&r, i), "local"))
			return refuse_setting(op, SETTINGS[i], rows_str(&r, i), "on");
	if (!str_is(rows_str(&r, 3), "UTF8"))
		return refuse_setting(op, "server_encoding", rows_str(&r, 3), "UTF8");
	if (db->c->mode != DB_READ && rows_int(&r, 4) != 0)
		return fail(op, RC_INVALID, "db", "", "这是备用服务器，不能写入，请连接主服务器",
		            "this server is a standby and cannot be written: name the primary");
	return RC_OK;
}

static enum rc find_schema(struct op *op, struct db *db)
{
	static const struct sql Q = {
		"SELECT 1 FROM pg_catalog.pg_namespace WHERE nspname = ?", 1
	};
	AUTO(rows) r = {0};

	TRY(db_query(op, db, &Q, ARGS(sql_z(db->schema)), &r));
	if (rows_next(&r))
		return RC_OK;
	return fail(op, RC_NOT_FOUND, "db", "", "数据库中没有 %s：尚未初始化，或连错了库",
	            "the database has no %s: not initialised yet, or the wrong database",
	            db->schema);
}

static enum rc use_schema(struct op *op, struct db *db)
{
	struct pg *p = pg_of(db->c);
	size_t n = strlen(p->path);

	if (db->c->mode == DB_CREATE)
		TRY(pg_text(op, db->c, str_fmt(op->arena, "CREATE SCHEMA IF NOT EXISTS \"%s\"",
		                               db->schema).s));
	else
		TRY(find_schema(op, db));
	(void)snprintf(p->path + n, sizeof(p->path) - n, "%s\"%s\"", n > 0 ? ", " : "", db->schema);
	return pg_text(op, db->c, str_fmt(op->arena, "SET search_path TO %s", p->path).s);
}

static enum rc set_up(struct op *op, struct db *db, const char *url)
{
	TRY(reach(op, db->c, url));
	/* The server gives up waiting for a lock before we give up waiting for the server, so that
	 * the connection survives.  The locks of a writer whose machine is gone are given back after
	 * 25 s, and those of one that fell asleep in a transaction after six deadlines. */
	TRY(pg_text(op, db->c, str_fmt(op->arena,
	            "SET lock_timeout = %d; SET tcp_keepalives_idle = 10;"
	            "SET tcp_keepalives_interval = 5; SET tcp_keepalives_count = 3;"
	            "SET idle_in_transaction_session_timeout = %d",
	            LIMIT_DB_MS / 2, 6 * LIMIT_DB_MS).s));
	TRY(check_settings(op, db));
	TRY(use_schema(op, db));
	if (db->c->mode == DB_READ)
		TRY(pg_text(op, db->c, "SET SESSION CHARACTERISTICS AS TRANSACTION READ ONLY"));
	return RC_OK;
}

enum rc db_open_postgres(struct op *op, struct str url, struct str schema, enum db_mode mode,
                         struct db **ret)
{
	assert(is_name(schema));
	url = str_copy(op->arena, url);
	TRY(check_url(op, url.s));
	struct pg *p = heap_new(sizeof(*p));

	p->deadline_ms = LIMIT_DB_MS;
	struct db *db = handle_new(connection_new(&pg_driver, p, mode), schema);
	enum rc rc = set_up(op, db, url.s);
	if (rc != RC_OK) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return RC_OK;
}

enum rc pg_share(struct op *op, struct db *first, struct str schema, struct db **ret)
{
	assert(is_name(schema) && first->c->driver == &pg_driver && !first->c->in_tx);
	struct db *db = handle_new(first->c, schema);
	enum rc rc = use_schema(op, db);

	if (rc != RC_OK) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return RC_OK;
}

enum rc pg_script_anywhere(struct op *op, struct db *db, struct str text)
{
	assert(db->c->driver == &pg_driver && !db->c->in_tx);
	return pg_text(op, db->c, text.s);
}
