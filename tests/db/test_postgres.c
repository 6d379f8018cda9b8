/* SPDX-License-Identifier: Apache-2.0 */
/* test_postgres.c -- what holds for PostgreSQL alone: deadlines against a server that is frozen,
 * refused settings, lost connections, replaced tables.  Skipped on SQLite.
 */
#include "kit/check.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "kit/scratch.h"

static const struct sql ADD = {"INSERT INTO t(id) VALUES (?)", 1};
static const struct sql COUNT_ROWS = {"SELECT count(*) FROM t", 0};

struct fixture {
	struct scratch *s;
	struct db *db;
	pid_t backend;
};

static struct fixture start(void **state)
{
	struct fixture f = {.s = *state};
	AUTO(rows) r = {0};

	if (!scratch_on_postgres())
		skip();
	f.db = scratch_db(f.s, DB_CREATE);
	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE t(id {id} PRIMARY KEY)"));
	assert_ok(db_query_text(&f.s->op, f.db, STR("SELECT pg_backend_pid()"), &r));
	assert_true(rows_next(&r));
	f.backend = (pid_t)rows_int(&r, 0);
	return f;
}

static enum rc add(struct fixture *f, int64_t id)
{
	return db_exec(&f->s->op, f->db, &ADD, ARGS(sql_int(id)));
}

static int64_t count(struct fixture *f, struct db *db)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(&f->s->op, db, &COUNT_ROWS, NO_ARGS, &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static int64_t now_ms(void)
{
	struct timespec t;

	assert_int_equal(clock_gettime(CLOCK_MONOTONIC, &t), 0);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* The server's process for this connection is frozen: its socket stays open, nobody answers. */
static void freeze(const struct fixture *f)
{
	if (kill(f->backend, SIGSTOP) != 0)
		skip();
}

static void thaw(const struct fixture *f)
{
	assert_int_equal(kill(f->backend, SIGCONT), 0);
}

enum call {
	CALL_EXEC, CALL_QUERY, CALL_BEGIN, CALL_COMMIT, CALL_SAVEPOINT, CALL_SCRIPT, CALL_BULK
};

static enum rc bulk(struct fixture *f)
{
	static const char *const COLUMNS[] = {"id"};
	struct bulk b;

	TRY(db_bulk_start(&f->s->op, f->db, "t", COLUMNS, 1, &b));
	for (int i = 0; i < 100; i++)
		TRY(db_bulk_row(&f->s->op, &b, ARGS(sql_int(i))));
	return db_bulk_end(&f->s->op, &b);
}

static enum rc make_call(struct fixture *f, enum call call)
{
	struct op *op = &f->s->op;
	AUTO(rows) r = {0};

	switch (call) {
	case CALL_EXEC:
		return add(f, 1);
	case CALL_QUERY:
		return db_query(op, f->db, &COUNT_ROWS, NO_ARGS, &r);
	case CALL_BEGIN:
		return db_begin(op, f->db);
	case CALL_COMMIT:
		return db_commit(op, f->db);
	case CALL_SAVEPOINT:
		return db_savepoint(op, f->db);
	case CALL_SCRIPT:
		return db_script(op, f->db, "CREATE TABLE u(id {id})");
	case CALL_BULK:
		return bulk(f);
	}
	return RC_OK;
}

static void meet_deadline(void **state, enum call call, enum rc want)
{
	struct fixture f = start(state);

	db_set_deadline(f.db, 400);
	if (call != CALL_BEGIN && call != CALL_SCRIPT)
		assert_ok(db_begin(&f.s->op, f.db));
	freeze(&f);
	int64_t from = now_ms();
	enum rc rc = make_call(&f, call);
	int64_t took = now_ms() - from;
	thaw(&f);
	assert_int_equal(rc, want);
	assert_in_range(took, 350, 2400);
	assert_true(db_is_broken(f.db));
	assert_true(f.s->op.err.zh[0] != '\0' && f.s->op.err.en[0] != '\0');
	/* The connection is dead at once, also when the server answers again. */
	from = now_ms();
	assert_int_equal(add(&f, 2), RC_BROKEN);
	db_rollback(f.db);
	db_close(f.db);
	assert_in_range(now_ms() - from, 0, 300);
}

static void an_insert_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_EXEC, RC_BUSY);
}

static void a_query_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_QUERY, RC_BUSY);
}

static void a_begin_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_BEGIN, RC_BUSY);
}

static void a_savepoint_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_SAVEPOINT, RC_BUSY);
}

static void a_script_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_SCRIPT, RC_BUSY);
}

static void a_bulk_load_meets_its_deadline(void **state)
{
	meet_deadline(state, CALL_BULK, RC_BUSY);
}

/* Whether it was done is not known, so it is not a "try again". */
static void a_commit_meets_its_deadline_and_is_never_tried_again(void **state)
{
	meet_deadline(state, CALL_COMMIT, RC_BROKEN);
}

/* A socket that takes connections and never says a word; *ret_port is its own. */
static int silent_server(int *ret_port)
{
	struct sockaddr_in at = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
	socklen_t n = sizeof(at);
	int fd = socket(AF_INET, SOCK_STREAM, 0);

	assert_true(fd >= 0);
	assert_int_equal(bind(fd, (struct sockaddr *)&at, n), 0);
	assert_int_equal(listen(fd, 4), 0);
	assert_int_equal(getsockname(fd, (struct sockaddr *)&at, &n), 0);
	*ret_port = ntohs(at.sin_port);
	return fd;
}

static void a_server_that_never_answers_is_given_up(void **state)
{
	struct scratch *s = *state;
	struct db *db;
	int port;

	if (!scratch_on_postgres())
		skip();
	int fd = silent_server(&port);
	struct str url = str_fmt(&s->arena, "postgresql://u@127.0.0.1:%d/d", port);
	int64_t from = now_ms();
	assert_int_equal(db_open_postgres(&s->op, url, STR("test"), DB_WRITE, &db), RC_BUSY);
	assert_in_range(now_ms() - from, LIMIT_DB_MS - 200, LIMIT_DB_MS + 2000);
	assert_int_equal(close(fd), 0);
	assert_int_equal(db_open_postgres(&s->op, url, STR("test"), DB_WRITE, &db), RC_NOT_FOUND);
}

static void a_silent_server_does_not_hide_the_next(void **state)
{
	struct scratch *s = *state;
	struct db *db;
	int port;

	if (!scratch_on_postgres())
		skip();
	int fd = silent_server(&port);
	const char *at = strchr(s->url.s, '@') + 1;
	struct str both = str_fmt(&s->arena, "%.*s127.0.0.1:%d,%s?target_session_attrs=read-write",
	                          (int)(at - s->url.s), s->url.s, port, at);
	int64_t from = now_ms();
	assert_ok(db_open_postgres(&s->op, both, STR("test"), DB_CREATE, &db));
	assert_in_range(now_ms() - from, LIMIT_DB_MS / 2 - 200, LIMIT_DB_MS - 500);
	db_close(db);
	struct str none = str_fmt(&s->arena, "postgresql://u@127.0.0.1:%d,127.0.0.1:1/d", port);
	assert_int_equal(db_open_postgres(&s->op, none, STR("test"), DB_WRITE, &db), RC_BUSY);
	assert_int_equal(close(fd), 0);
}

static void the_settings_that_lose_commits_are_refused(void **state)
{
	static const char *const LOSERS[] = {"off", "local"};
	struct scratch *s = *state;
	struct db *db;

	if (!scratch_on_postgres())
		skip();
	const char *name = strrchr(s->url.s, '/') + 1;
	for (size_t i = 0; i < COUNT(LOSERS); i++) {
		scratch_sql(s, str_fmt(&s->arena, "ALTER DATABASE %s SET synchronous_commit = %s", name,
		                       LOSERS[i]).s);
		assert_int_equal(db_open_postgres(&s->op, s->url, STR("test"), DB_CREATE, &db),
		                 RC_INVALID);
		assert_string_equal(s->op.err.field, "synchronous_commit");
	}
	scratch_sql(s, str_fmt(&s->arena, "ALTER DATABASE %s RESET synchronous_commit", name).s);
	assert_ok(db_open_postgres(&s->op, s->url, STR("test"), DB_CREATE, &db));
	db_close(db);
}

static void another_encoding_is_refused(void **state)
{
	struct scratch *s = *state;
	struct db *db;

	if (!scratch_on_postgres())
		skip();
	const char *name = strrchr(s->url.s, '/') + 1;
	scratch_sql(s, str_fmt(&s->arena, "DROP DATABASE %s", name).s);
	scratch_sql(s, str_fmt(&s->arena, "CREATE DATABASE %s ENCODING 'LATIN1' LC_COLLATE 'C'"
	                                  " LC_CTYPE 'C' TEMPLATE template0", name).s);
	assert_int_equal(db_open_postgres(&s->op, s->url, STR("test"), DB_CREATE, &db), RC_INVALID);
	assert_string_equal(s->op.err.field, "server_encoding");
}

static void what_is_not_there_is_said(void **state)
{
	struct scratch *s = *state;
	struct db *db;

	if (!scratch_on_postgres())
		skip();
	struct str name = STR("test"), none = scratch_url(s, "no_such_database");
	struct str wrong = STR("postgresql://[x");
	assert_int_equal(db_open_postgres(&s->op, wrong, name, DB_WRITE, &db), RC_INVALID);
	assert_int_equal(db_open_postgres(&s->op, none, name, DB_WRITE, &db), RC_NOT_FOUND);
	assert_int_equal(db_open_postgres(&s->op, s->url, name, DB_WRITE, &db), RC_NOT_FOUND);
	assert_non_null(strstr(s->op.err.en, "has no test"));
	assert_int_equal(db_open_postgres(&s->op, s->url, name, DB_READ, &db), RC_NOT_FOUND);
}

static void a_lost_connection_is_broken(void **state)
{
	struct fixture f = start(state);
	char sql[64];

	assert_ok(add(&f, 1));
	(void)snprintf(sql, sizeof(sql), "SELECT pg_terminate_backend(%d, 5000)", (int)f.backend);
	scratch_sql(f.s, sql);
	assert_int_equal(add(&f, 2), RC_BROKEN);
	assert_true(db_is_broken(f.db));
	assert_int_equal(db_begin(&f.s->op, f.db), RC_BROKEN);
	db_close(f.db);
	f.db = scratch_db(f.s, DB_WRITE);
	assert_int_equal(count(&f, f.db), 1);
	db_close(f.db);
}

static void a_lock_that_is_held_is_busy_and_the_connection_lives(void **state)
{
	struct fixture f = start(state);
	struct db *other = scratch_db(f.s, DB_WRITE);

	assert_ok(db_script(&f.s->op, other, "SET lock_timeout = 100"));
	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(db_script(&f.s->op, f.db, "LOCK TABLE t"));
	assert_int_equal(db_exec(&f.s->op, other, &ADD, ARGS(sql_int(1))), RC_BUSY);
	assert_false(db_is_broken(other));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_ok(db_exec(&f.s->op, other, &ADD, ARGS(sql_int(1))));
	db_close(other);
	db_close(f.db);
}

static void text_that_is_not_utf8_is_invalid(void **state)
{
	static const struct sql PUT = {"INSERT INTO n(name) VALUES (?)", 1};
	struct fixture f = start(state);

	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE n(name {text})"));
	assert_int_equal(db_exec(&f.s->op, f.db, &PUT, ARGS(sql_z("\xff\xfe"))), RC_INVALID);
	assert_false(db_is_broken(f.db));
	db_close(f.db);
}

/* A rebuild replaces tables under the prepared statements of other connections. */
static void a_statement_survives_the_replacement_of_its_table(void **state)
{
	static const struct sql ALL = {"SELECT * FROM t ORDER BY id", 0};
	struct fixture f = start(state);
	struct db *reader = scratch_db(f.s, DB_READ);
	AUTO(rows) r = {0};

	assert_ok(add(&f, 1));
	assert_ok(db_query(&f.s->op, reader, &ALL, NO_ARGS, &r));
	assert_int_equal(rows_columns(&r), 1);
	rows_release(&r);
	assert_ok(db_script(&f.s->op, f.db, "DROP TABLE t; CREATE TABLE t(id {id}, more {text})"));
	assert_ok(add(&f, 5));
	assert_ok(db_query(&f.s->op, reader, &ALL, NO_ARGS, &r));
	assert_int_equal(rows_columns(&r), 2);
	assert_true(rows_next(&r));
	assert_int_equal(rows_int(&r, 0), 5);
	rows_release(&r);
	/* Inside a transaction it cannot be mended: try again. */
	assert_ok(db_script(&f.s->op, f.db, "DROP TABLE t; CREATE TABLE t(id {id})"));
	assert_ok(db_begin_read(&f.s->op, reader));
	assert_int_equal(db_query(&f.s->op, reader, &ALL, NO_ARGS, &r), RC_BUSY);
	db_rollback(reader);
	assert_ok(db_query(&f.s->op, reader, &ALL, NO_ARGS, &r));
	rows_release(&r);
	db_close(reader);
	db_close(f.db);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(an_insert_meets_its_deadline),
		SCRATCH_TEST(a_query_meets_its_deadline),
		SCRATCH_TEST(a_begin_meets_its_deadline),
		SCRATCH_TEST(a_savepoint_meets_its_deadline),
		SCRATCH_TEST(a_script_meets_its_deadline),
		SCRATCH_TEST(a_bulk_load_meets_its_deadline),
		SCRATCH_TEST(a_commit_meets_its_deadline_and_is_never_tried_again),
		SCRATCH_TEST(a_server_that_never_answers_is_given_up),
		SCRATCH_TEST(a_silent_server_does_not_hide_the_next),
		SCRATCH_TEST(the_settings_that_lose_commits_are_refused),
		SCRATCH_TEST(another_encoding_is_refused),
		SCRATCH_TEST(what_is_not_there_is_said),
		SCRATCH_TEST(a_lost_connection_is_broken),
		SCRATCH_TEST(a_lock_that_is_held_is_busy_and_the_connection_lives),
		SCRATCH_TEST(text_that_is_not_utf8_is_invalid),
		SCRATCH_TEST(a_statement_survives_the_replacement_of_its_table),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
