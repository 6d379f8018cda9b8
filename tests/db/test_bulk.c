/* SPDX-License-Identifier: Apache-2.0 */
/* test_bulk.c -- bulk load: many rows, every type, and what happens when it breaks off. */
#include "kit/check.h"

#include "kit/scratch.h"

static const char *const COLUMNS[] = {"id", "name", "raw", "n"};
static const struct sql COUNT_ROWS = {"SELECT count(*), sum(id), min(name), max(name) FROM b", 0};
static const struct sql GET = {"SELECT name, raw, n FROM b WHERE id = ?", 1};

struct fixture {
	struct scratch *s;
	struct db *db;
	struct bulk b;
};

static struct fixture start(void **state)
{
	struct fixture f = {.s = *state};

	f.db = scratch_db(f.s, DB_CREATE);
	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE b(n {int}, id {id} PRIMARY KEY,"
	                                    " name {text} NOT NULL, raw {bytes})"));
	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(db_bulk_start(&f.s->op, f.db, "b", COLUMNS, COUNT(COLUMNS), &f.b));
	return f;
}

static enum rc load(struct fixture *f, int64_t id)
{
	char name[32];

	(void)snprintf(name, sizeof(name), "考生 %07lld", (long long)id);
	return db_bulk_row(&f->s->op, &f->b, ARGS(sql_int(id), sql_z(name), sql_bytes("\0\xff", 2),
	                                          id % 2 == 0 ? sql_null() : sql_int(-id)));
}

static int64_t count(struct fixture *f)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(&f->s->op, f->db, &COUNT_ROWS, NO_ARGS, &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static void a_hundred_thousand_rows_are_loaded_as_they_were_given(void **state)
{
	enum { N = 100000 };
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	for (int64_t i = 0; i < N; i++)
		assert_ok(load(&f, i));
	assert_int_equal(f.b.rows, N);
	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_ok(db_query(&f.s->op, f.db, &COUNT_ROWS, NO_ARGS, &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_int(&r, 0), N);
	assert_true(rows_int(&r, 1) == (int64_t)N * (N - 1) / 2);
	assert_str(rows_str(&r, 2), "考生 0000000");
	assert_str(rows_str(&r, 3), "考生 0099999");
	rows_release(&r);
	for (int64_t id = 54320; id < 54322; id++) {
		assert_ok(db_query(&f.s->op, f.db, &GET, ARGS(sql_int(id)), &r));
		assert_true(rows_next(&r));
		assert_int_equal(rows_str(&r, 1).n, 2);
		assert_memory_equal(rows_str(&r, 1).s, "\0\xff", 2);
		assert_int_equal(rows_is_null(&r, 2), id % 2 == 0);
		assert_int_equal(rows_int(&r, 2), id % 2 == 0 ? 0 : -id);
		rows_release(&r);
	}
	db_close(f.db);
}

static void a_large_value_is_loaded_whole(void **state)
{
	enum { N = 3 << 20 };
	struct fixture f = start(state);
	AUTO(rows) r = {0};
	char *big = arena_alloc(&f.s->arena, N);

	for (size_t i = 0; i < N; i++)
		big[i] = (char)(i * 7);
	assert_ok(db_bulk_row(&f.s->op, &f.b,
	                      ARGS(sql_int(1), sql_z("a"), sql_bytes(big, N), sql_null())));
	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_ok(db_query(&f.s->op, f.db, &GET, ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_str(&r, 1).n, N);
	assert_memory_equal(rows_str(&r, 1).s, big, N);
	rows_release(&r);
	db_close(f.db);
}

static void an_empty_load_is_no_error(void **state)
{
	struct fixture f = start(state);

	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_int_equal(count(&f), 0);
	db_close(f.db);
}

static void a_second_row_of_one_key_is_a_conflict(void **state)
{
	struct fixture f = start(state);
	enum rc rc = load(&f, 1);

	assert_ok(rc);
	/* SQLite says so at the row, PostgreSQL at the end. */
	rc = load(&f, 1);
	if (rc == RC_OK)
		rc = db_bulk_end(&f.s->op, &f.b);
	assert_int_equal(rc, RC_CONFLICT);
	assert_int_equal(db_commit(&f.s->op, f.db), RC_BROKEN);
	db_rollback(f.db);
	assert_int_equal(count(&f), 0);
	db_close(f.db);
}

static void a_text_with_nul_ends_the_load(void **state)
{
	struct fixture f = start(state);

	assert_ok(load(&f, 1));
	assert_int_equal(db_bulk_row(&f.s->op, &f.b,
	                             ARGS(sql_int(2), sql_text((struct str){"a\0", 2}), sql_null(),
	                                  sql_null())), RC_INVALID);
	assert_int_equal(load(&f, 3), RC_BROKEN);
	assert_int_equal(db_bulk_end(&f.s->op, &f.b), RC_BROKEN);
	db_rollback(f.db);
	assert_int_equal(count(&f), 0);
	assert_false(db_is_broken(f.db));
	db_close(f.db);
}

static void nothing_else_runs_during_a_load(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(load(&f, 1));
	assert_int_equal(db_query(&f.s->op, f.db, &COUNT_ROWS, NO_ARGS, &r), RC_BROKEN);
	assert_ok(load(&f, 2));
	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_int_equal(count(&f), 2);
	db_close(f.db);
}

static void a_load_that_is_walked_away_from_goes_with_its_savepoint(void **state)
{
	struct fixture f = start(state);

	assert_ok(load(&f, 1));
	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_savepoint(&f.s->op, f.db));
	assert_ok(db_bulk_start(&f.s->op, f.db, "b", COLUMNS, COUNT(COLUMNS), &f.b));
	assert_ok(load(&f, 2));
	assert_ok(db_rollback_to(&f.s->op, f.db));
	assert_int_equal(db_bulk_end(&f.s->op, &f.b), RC_BROKEN);
	assert_ok(db_bulk_start(&f.s->op, f.db, "b", COLUMNS, COUNT(COLUMNS), &f.b));
	assert_ok(load(&f, 3));
	assert_ok(db_bulk_end(&f.s->op, &f.b));
	assert_ok(db_commit(&f.s->op, f.db));
	assert_int_equal(count(&f), 2);
	db_close(f.db);
}

static void a_load_that_is_walked_away_from_goes_with_its_transaction(void **state)
{
	struct fixture f = start(state);

	assert_ok(load(&f, 1));
	db_rollback(f.db);
	assert_int_equal(count(&f), 0);
	assert_ok(db_begin(&f.s->op, f.db));
	assert_ok(db_bulk_start(&f.s->op, f.db, "b", COLUMNS, COUNT(COLUMNS), &f.b));
	assert_ok(load(&f, 1));
	db_close(f.db); /* in the middle */
	f.db = scratch_db(f.s, DB_READ);
	assert_int_equal(count(&f), 0);
	db_close(f.db);
}

/* A table of a file taken whole: what every type can hold, in another order of columns. */
static void a_whole_table_is_taken_from_a_file(void **state)
{
	struct fixture f = start(state);
	struct op *op = &f.s->op;
	struct db *from;
	AUTO(rows) r = {0};

	assert_ok(db_bulk_end(op, &f.b));
	assert_ok(db_open_memory(op, &from));
	assert_ok(db_script(op, from, "CREATE TABLE b(id {id} PRIMARY KEY, name {text} NOT NULL,"
	                              " raw {bytes}, n {int})"));
	assert_ok(db_begin(op, from));
	static const struct sql ADD = {"INSERT INTO b(id, name, raw, n) VALUES (?, ?, ?, ?)", 4};
	assert_ok(db_exec(op, from, &ADD, ARGS(sql_int(1), sql_z(""), sql_null(), sql_null())));
	assert_ok(db_exec(op, from, &ADD, ARGS(sql_int(2), sql_z("𠮷㑇·䶮"), sql_bytes("\0\xff", 2),
	                                       sql_int(INT64_MIN))));
	assert_ok(db_exec(op, from, &ADD, ARGS(sql_int(3), sql_z("3"), sql_bytes("", 0),
	                                       sql_int(INT64_MAX))));
	assert_ok(db_bulk_table(op, from, f.db, "b", "id"));
	assert_ok(db_commit(op, from));
	assert_ok(db_commit(op, f.db));
	assert_int_equal(count(&f), 3);
	assert_ok(db_query(op, f.db, &GET, ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	assert_str(rows_str(&r, 0), "");
	assert_true(rows_is_null(&r, 1) && rows_is_null(&r, 2));
	rows_release(&r);
	assert_ok(db_query(op, f.db, &GET, ARGS(sql_int(2)), &r));
	assert_true(rows_next(&r));
	assert_str(rows_str(&r, 0), "𠮷㑇·䶮");
	assert_memory_equal(rows_str(&r, 1).s, "\0\xff", 2);
	assert_true(rows_int(&r, 2) == INT64_MIN);
	rows_release(&r);
	assert_ok(db_query(op, f.db, &GET, ARGS(sql_int(3)), &r));
	assert_true(rows_next(&r));
	assert_false(rows_is_null(&r, 1));
	assert_int_equal(rows_str(&r, 1).n, 0);
	assert_true(rows_int(&r, 2) == INT64_MAX);
	rows_release(&r);
	db_close(from);
	db_close(f.db);
}

static void a_whole_table_is_refused_where_one_of_its_rows_stands_already(void **state)
{
	struct fixture f = start(state);
	struct op *op = &f.s->op;
	struct db *from;

	assert_ok(load(&f, 2));
	assert_ok(db_bulk_end(op, &f.b));
	assert_ok(db_open_memory(op, &from));
	assert_ok(db_script(op, from, "CREATE TABLE b(id {id} PRIMARY KEY, name {text} NOT NULL,"
	                              " raw {bytes}, n {int});"
	                              "INSERT INTO b(id, name) VALUES (1, 'a');"
	                              "INSERT INTO b(id, name) VALUES (2, 'b')"));
	assert_ok(db_begin_read(op, from));
	assert_int_equal(db_bulk_table(op, from, f.db, "b", "id"), RC_CONFLICT);
	db_rollback(f.db);
	assert_ok(db_commit(op, from));
	assert_int_equal(count(&f), 0);
	db_close(from);
	db_close(f.db);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_hundred_thousand_rows_are_loaded_as_they_were_given),
		SCRATCH_TEST(a_large_value_is_loaded_whole),
		SCRATCH_TEST(an_empty_load_is_no_error),
		SCRATCH_TEST(a_second_row_of_one_key_is_a_conflict),
		SCRATCH_TEST(a_text_with_nul_ends_the_load),
		SCRATCH_TEST(nothing_else_runs_during_a_load),
		SCRATCH_TEST(a_whole_table_is_taken_from_a_file),
		SCRATCH_TEST(a_whole_table_is_refused_where_one_of_its_rows_stands_already),
		SCRATCH_TEST(a_load_that_is_walked_away_from_goes_with_its_savepoint),
		SCRATCH_TEST(a_load_that_is_walked_away_from_goes_with_its_transaction),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
