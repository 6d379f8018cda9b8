/* SPDX-License-Identifier: Apache-2.0 */
/* postgres_open.c -- reaching a PostgreSQL server, and refusing one that may lose a commit.
 *
 * fsync, full_page_writes or synchronous_commit off would make our receipts a lie, and another
 * encoding than UTF8 would change bytes that are hashed.  Names are looked for in the schemas of
 * the connection's handles; only scripts run in one of them alone.
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

static void ignore_notice(void *ctx, const PGresult *res)
{
	(void)ctx; /* libraries never log; what matters comes as an error */
	(void)res;
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

static enum rc reach(struct op *op, struct connection *c, const char *url)
{
	struct pg *p = pg_of(c);
	/* What stands before the URL it may change; what stands after it, not. */
	static const char *const KEYS[] = {
		"fallback_application_name", "keepalives_idle", "keepalives_interval", "dbname",
		"client_encoding", NULL,
	};
	const char *const values[] = {"gongyuan", "10", "5", url, "UTF8", NULL};

	p->conn = PQconnectStartParams(KEYS, values, 1);
	if (p->conn == NULL)
		abort(); /* out of memory */
	(void)PQsetNoticeReceiver(p->conn, ignore_notice, NULL);
	if (PQstatus(p->conn) == CONNECTION_BAD)
		return fail(op, RC_NOT_FOUND, "db", "", "连不上数据库服务器：%s",
		            "cannot reach the database server: %s", PQerrorMessage(p->conn));
	return pg_connect_wait(op, c, pg_until(p));
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
		if (str_is(rows_str(&r, i), "off"))
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
	 * the connection survives. */
	TRY(pg_text(op, db->c, str_fmt(op->arena, "SET lock_timeout = %d", LIMIT_DB_MS / 2).s));
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
