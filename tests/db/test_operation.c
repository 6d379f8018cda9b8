/* SPDX-License-Identifier: Apache-2.0 */
/* test_operation.c -- counters that wait for the commit, statements that travel together, and a log
 * of full size.
 */
#include "kit/check.h"

#include <sys/stat.h>

#include "base/limits.h"
#include "db/store.h"
#include "kit/scratch.h"

enum { ADD, MAKE, GET, ROWS, PUT };
static const struct sql SQL[] = {
	[ADD] = {"UPDATE book SET n = n + ? WHERE a = ? AND b = ?", 3},
	[MAKE] = {"INSERT INTO book(a, b, n) VALUES (?, ?, ?)", 3},
	[GET] = {"SELECT n FROM book WHERE a = ? AND b = ?", 2},
	[ROWS] = {"SELECT COUNT(*) FROM book", 0},
	[PUT] = {"INSERT INTO other(id) VALUES (?)", 1},
};
static const struct counter BOOK = {"book", &SQL[ADD], &SQL[MAKE]};

static struct db *OPEN; /* closed when the test's rows are gone */

static int close_down(void **state)
{
	db_close(OPEN);
	OPEN = NULL;
	return scratch_teardown(state);
}
#define TEST(f) cmocka_unit_test_setup_teardown(f, scratch_setup, close_down)

struct fixture {
	struct scratch *s;
	struct op *op;
	struct db *db;
};

static struct fixture start(void **state)
{
	struct fixture f = {.s = *state};

	f.op = &f.s->op;
	f.db = OPEN = scratch_db(f.s, DB_CREATE);
	assert_ok(db_script(f.op, f.db,
	                    "CREATE TABLE book(a {text} NOT NULL, b {text} NOT NULL,"
	                    " n {int} NOT NULL, PRIMARY KEY (a, b)){clustered};"
	                    "CREATE TABLE other(id {id} PRIMARY KEY)"));
	assert_ok(db_begin(f.op, f.db));
	return f;
}

static void add(struct fixture *f, const char *a, const char *b, int64_t n)
{
	assert_ok(db_add(f->op, f->db, &BOOK, ARGS(sql_z(a), sql_z(b)), n));
}

/* INT64_MIN: there is no row. */
static int64_t get(struct fixture *f, const char *a, const char *b)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(f->op, f->db, &SQL[GET], ARGS(sql_z(a), sql_z(b)), &r));
	return rows_next(&r) ? rows_int(&r, 0) : INT64_MIN;
}

static void what_is_added_is_seen_by_whoever_reads_the_table(void **state)
{
	struct fixture f = start(state);
	uint64_t before = db_counts(f.db).writes;

	for (int i = 0; i < 1000; i++) {
		add(&f, "卷", "室", 2);
		add(&f, "卷室", "", -1); /* another key, the same letters */
	}
	assert_int_equal(db_counts(f.db).writes, before); /* nothing was written yet */
	assert_int_equal(get(&f, "卷", "室"), 2000);
	assert_int_equal(db_counts(f.db).writes, before + 4); /* two were asked, then made */
	assert_int_equal(get(&f, "卷室", ""), -1000);
	add(&f, "卷", "室", -2000);
	assert_ok(db_commit(f.op, f.db));
	assert_int_equal(get(&f, "卷", "室"), 0);
}

static void a_sum_of_nought_makes_its_row_all_the_same(void **state)
{
	struct fixture f = start(state);

	add(&f, "a", "b", 5);
	add(&f, "a", "b", -5);
	assert_ok(db_commit(f.op, f.db));
	assert_int_equal(get(&f, "a", "b"), 0);
}

static void what_is_rolled_back_was_never_added(void **state)
{
	struct fixture f = start(state);

	add(&f, "a", "b", 1);
	assert_ok(db_savepoint(f.op, f.db));
	add(&f, "a", "b", 10);
	assert_ok(db_rollback_to(f.op, f.db));
	assert_ok(db_savepoint(f.op, f.db));
	add(&f, "a", "b", 100);
	assert_ok(db_release(f.op, f.db));
	assert_ok(db_commit(f.op, f.db));
	assert_int_equal(get(&f, "a", "b"), 101);
	assert_ok(db_begin(f.op, f.db));
	add(&f, "a", "b", 1000);
	db_rollback(f.db);
	assert_int_equal(get(&f, "a", "b"), 101);
}

static void more_keys_than_are_kept_are_written_before(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};
	char b[16];

	for (int round = 0; round < 2; round++)
		for (int i = 0; i < LIMIT_SUMS + 100; i++) {
			(void)snprintf(b, sizeof(b), "%d", i);
			add(&f, "a", b, i);
		}
	assert_ok(db_commit(f.op, f.db));
	assert_int_equal(get(&f, "a", "8000"), 16000);
	assert_ok(db_query(f.op, f.db, &SQL[ROWS], NO_ARGS, &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_int(&r, 0), LIMIT_SUMS + 100);
}

/* Where the failure is told depends on the database, that it is told does not. */
static void a_statement_that_failed_on_its_way_is_told_in_the_end(void **state)
{
	struct fixture f = start(state);
	enum rc rc;

	assert_ok(db_queue(f.op, f.db, true));
	for (int64_t i = 0; i < 600; i++)
		assert_ok(db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(i))));
	assert_int_equal(get(&f, "a", "b"), INT64_MIN); /* a read among them */
	rc = db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(7)));
	if (rc == RC_OK)
		rc = db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(1000)));
	if (rc == RC_OK)
		rc = db_queue(f.op, f.db, false);
	assert_int_equal(rc, RC_CONFLICT);
	assert_non_null(strstr(f.op->err.en, "INSERT INTO other"));
	assert_true(db_has_failed(f.db));
	db_rollback(f.db);
	assert_ok(db_begin(f.op, f.db));
	assert_ok(db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(7))));
	assert_ok(db_commit(f.op, f.db));
}

static void a_read_behind_a_failed_statement_is_not_answered(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};
	enum rc rc;

	assert_ok(db_queue(f.op, f.db, true));
	assert_ok(db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(1))));
	rc = db_exec(f.op, f.db, &SQL[PUT], ARGS(sql_int(1)));
	if (rc == RC_OK)
		rc = db_query(f.op, f.db, &SQL[ROWS], NO_ARGS, &r);
	assert_int_equal(rc, RC_CONFLICT);
	assert_null(r.impl);
	db_rollback(f.db);
	assert_int_equal(get(&f, "a", "b"), INT64_MIN); /* the connection lives */
}

static void a_log_of_full_size_holds_what_is_committed(void **state)
{
	struct scratch *s = *state;
	struct op *op = &s->op;
	struct store st, again;
	struct stat wal;

	if (scratch_on_postgres())
		skip();
	assert_ok(store_create(op, scratch_path(s, "store"), STR(""), &st));
	assert_ok(db_script(op, st.ledger, "CREATE TABLE t(id {id} PRIMARY KEY)"));
	assert_ok(store_reserve(op, &st));
	assert_int_equal(stat(scratch_path(s, "store/ledger.db-wal").s, &wal), 0);
	assert_true(wal.st_size > 16 << 20);
	assert_ok(db_script(op, st.ledger, "INSERT INTO t(id) VALUES (5)"));
	assert_int_equal(stat(scratch_path(s, "store/ledger.db-wal").s, &wal), 0);
	assert_true(wal.st_size < 20 << 20); /* written over, not behind it */
	/* As after a kill: the files as they stand. */
	assert_int_equal(system(str_fmt(op->arena, "cp -r '%s' '%s'", scratch_path(s, "store").s,
	                                scratch_path(s, "copy").s).s), 0);
	assert_ok(store_open(op, scratch_path(s, "copy"), STR(""), STORE_WRITE, &again));
	{
		AUTO(rows) r = {0};

		assert_ok(db_query_text(op, again.ledger, STR("SELECT id FROM t"), &r));
		assert_true(rows_next(&r) && rows_int(&r, 0) == 5);
	}
	store_release(&again);
	store_release(&st);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_added_is_seen_by_whoever_reads_the_table),
		TEST(a_sum_of_nought_makes_its_row_all_the_same),
		TEST(what_is_rolled_back_was_never_added),
		TEST(more_keys_than_are_kept_are_written_before),
		TEST(a_statement_that_failed_on_its_way_is_told_in_the_end),
		TEST(a_read_behind_a_failed_statement_is_not_answered),
		TEST(a_log_of_full_size_holds_what_is_committed),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
