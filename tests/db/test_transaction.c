/* SPDX-License-Identifier: Apache-2.0 */
/* test_transaction.c -- what is kept, what is taken back, and what is refused after an error. */
#include "kit/check.h"

#include "kit/scratch.h"

enum { Q_ADD, Q_COUNT };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO t(id) VALUES (?)", 1},
	[Q_COUNT] = {"SELECT count(*) FROM t", 0},
};

struct fixture {
	struct scratch *s;
	struct db *db;
};

static struct fixture start(void **state)
{
	struct fixture f = {*state, NULL};

	f.db = scratch_db(f.s, DB_CREATE);
	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE t(id {id} PRIMARY KEY)"));
	return f;
}

static enum rc add(struct fixture *f, int64_t id)
{
	return db_exec(&f->s->op, f->db, &SQL[Q_ADD], ARGS(sql_int(id)));
}

static int64_t count_on(struct fixture *f, struct db *db)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(&f->s->op, db, &SQL[Q_COUNT], NO_ARGS, &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static void a_commit_is_seen_and_nothing_before_it(void **state)
{
	struct fixture f = start(state);
	struct db *reader = scratch_db(f.s, DB_READ);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_true(db_in_tx(f.db));
	assert_ok(add(&f, 1));
	assert_int_equal(count_on(&f, reader), 0);
	assert_ok(db_commit(&f.s->op, f.db));
	assert_false(db_in_tx(f.db));
	assert_int_equal(count_on(&f, reader), 1);
	db_close(reader);
	db_close(f.db);
}

static void a_rollback_leaves_nothing(void **state)
{
	struct fixture f = start(state);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1));
	db_rollback(f.db);
	assert_false(db_in_tx(f.db));
	db_rollback(f.db); /* none open: no effect */
	assert_int_equal(count_on(&f, f.db), 0);
	db_close(f.db);
}

static void closing_rolls_back(void **state)
{
	struct fixture f = start(state);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1));
	db_close(f.db);
	f.db = scratch_db(f.s, DB_WRITE);
	assert_int_equal(count_on(&f, f.db), 0);
	db_close(f.db);
}

static void savepoints_nest(void **state)
{
	struct fixture f = start(state);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1));
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_ok(add(&f, 2));
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_ok(add(&f, 3));
	assert_ok(db_rollback_to(&f.s->op, f.db)); /* takes 3 back */
	assert_int_equal(count_on(&f, f.db), 2);
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_ok(add(&f, 4));
	assert_ok(db_release(&f.s->op, f.db)); /* keeps 4 */
	assert_int_equal(count_on(&f, f.db), 3);
	assert_ok(db_rollback_to(&f.s->op, f.db)); /* takes 2 and 4 back */
	assert_int_equal(count_on(&f, f.db), 1);
	assert_ok(db_commit(&f.s->op, f.db));
	assert_int_equal(count_on(&f, f.db), 1);
	db_close(f.db);
}

static void after_an_error_only_a_rollback_is_accepted(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1));
	assert_int_equal(add(&f, 1), RC_CONFLICT);
	assert_int_equal(add(&f, 2), RC_BROKEN);
	assert_int_equal(db_query(&f.s->op, f.db, &SQL[Q_COUNT], NO_ARGS, &r), RC_BROKEN);
	assert_int_equal(db_savepoint(&f.s->op, f.db), RC_BROKEN);
	assert_int_equal(db_commit(&f.s->op, f.db), RC_BROKEN);
	assert_false(db_is_broken(f.db));
	db_rollback(f.db);
	assert_int_equal(count_on(&f, f.db), 0);
	assert_ok(add(&f, 1));
	db_close(f.db);
}

static void an_error_behind_a_savepoint_spoils_only_that(void **state)
{
	static const struct sql WRONG = {"SELECT no_such_column FROM t", 0};
	struct fixture f = start(state);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1));
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_ok(add(&f, 2));
	assert_int_equal(add(&f, 1), RC_CONFLICT);
	assert_int_equal(db_release(&f.s->op, f.db), RC_BROKEN);
	assert_ok(db_rollback_to(&f.s->op, f.db));
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_int_equal(db_prepare(&f.s->op, f.db, &WRONG), RC_BROKEN);
	assert_int_equal(add(&f, 7), RC_BROKEN);
	assert_ok(db_rollback_to(&f.s->op, f.db));
	assert_ok(add(&f, 3));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_int_equal(count_on(&f, f.db), 2);
	db_close(f.db);
}

static void a_statement_first_used_in_a_lost_transaction_still_works(void **state)
{
	struct fixture f = start(state);

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(add(&f, 1)); /* prepared here */
	assert_int_equal(count_on(&f, f.db), 1);
	db_rollback(f.db);
	assert_ok(add(&f, 1));
	assert_int_equal(count_on(&f, f.db), 1);
	db_close(f.db);
}

static void a_read_transaction_sees_one_snapshot(void **state)
{
	struct fixture f = start(state);
	struct db *reader = scratch_db(f.s, DB_READ);

	assert_ok(add(&f, 1));
	assert_ok(db_begin_read(&f.s->op, reader));
	assert_ok(add(&f, 2)); /* after the begin, before the first query */
	assert_int_equal(count_on(&f, reader), 1);
	assert_ok(add(&f, 3));
	assert_int_equal(count_on(&f, reader), 1);
	assert_ok(db_commit(&f.s->op, reader));
	assert_int_equal(count_on(&f, reader), 3);
	db_close(reader);
	db_close(f.db);
}

static void rows_still_open_survive_a_commit(void **state)
{
	static const struct sql ALL = {"SELECT id FROM t ORDER BY id", 0};
	struct fixture f = start(state);
	AUTO(rows) r = {0};
	int n = 0;

	assert_ok(db_begin(&f.s->op, f.db));
	for (int i = 0; i < 10; i++)
		assert_ok(add(&f, i));
	assert_ok(db_query(&f.s->op, f.db, &ALL, NO_ARGS, &r));
	assert_true(rows_next(&r));
	assert_ok(db_commit(&f.s->op, f.db));
	do
		n++;
	while (rows_next(&r));
	assert_int_equal(n, 10);
	rows_release(&r);
	db_close(f.db);
}

static void a_trigger_refuses_with_a_conflict(void **state)
{
	static const struct sql DROP = {"DELETE FROM t WHERE id = ?", 1};
	static const char LITE[] =
		"CREATE TRIGGER keep BEFORE DELETE ON t BEGIN"
		" SELECT RAISE(ABORT, 'never deleted'); END";
	static const char PG[] =
		"CREATE FUNCTION keep() RETURNS trigger LANGUAGE plpgsql AS"
		" $$ BEGIN RAISE EXCEPTION 'never deleted'; END $$;"
		"CREATE TRIGGER keep BEFORE DELETE ON t FOR EACH ROW EXECUTE FUNCTION keep()";
	struct fixture f = start(state);

	assert_ok(db_script(&f.s->op, f.db, db_kind(f.db) == DB_SQLITE ? LITE : PG));
	assert_ok(add(&f, 1));
	assert_int_equal(db_exec(&f.s->op, f.db, &DROP, ARGS(sql_int(1))), RC_CONFLICT);
	assert_non_null(strstr(f.s->op.err.en, "never deleted"));
	assert_int_equal(count_on(&f, f.db), 1);
	db_close(f.db);
}

static void a_script_runs_inside_an_open_transaction(void **state)
{
	struct fixture f = start(state);
	struct str *names;
	size_t n;

	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE u(id {id} PRIMARY KEY)"));
	assert_true(db_in_tx(f.db));
	assert_ok(db_tables(&f.s->op, f.db, &names, &n));
	assert_int_equal(n, 2);
	db_rollback(f.db);
	assert_ok(db_tables(&f.s->op, f.db, &names, &n));
	assert_int_equal(n, 1);
	db_close(f.db);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_commit_is_seen_and_nothing_before_it),
		SCRATCH_TEST(a_rollback_leaves_nothing),
		SCRATCH_TEST(closing_rolls_back),
		SCRATCH_TEST(savepoints_nest),
		SCRATCH_TEST(after_an_error_only_a_rollback_is_accepted),
		SCRATCH_TEST(an_error_behind_a_savepoint_spoils_only_that),
		SCRATCH_TEST(a_statement_first_used_in_a_lost_transaction_still_works),
		SCRATCH_TEST(a_read_transaction_sees_one_snapshot),
		SCRATCH_TEST(rows_still_open_survive_a_commit),
		SCRATCH_TEST(a_trigger_refuses_with_a_conflict),
		SCRATCH_TEST(a_script_runs_inside_an_open_transaction),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
