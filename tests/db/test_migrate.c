/* SPDX-License-Identifier: Apache-2.0 */
/* test_migrate.c -- steps run once, in order, and a newer database is left alone. */
#include "kit/check.h"

#include "db/migrate.h"
#include "kit/scratch.h"

static const struct migration STEPS[] = {
	{"entries", "CREATE TABLE e(id {id} PRIMARY KEY)", NULL, NULL},
	{"notes", "CREATE TABLE n(id {id} PRIMARY KEY, note {text} NOT NULL)",
	 "CREATE INDEX lite_only ON n(note)", "CREATE INDEX pg_only ON n(note)"},
	{"body", "ALTER TABLE e ADD COLUMN body {bytes}", NULL, NULL},
};

static size_t tables(struct scratch *s, struct db *db)
{
	struct str *names;
	size_t n;

	assert_ok(db_tables(&s->op, db, &names, &n));
	return n;
}

static int at(struct scratch *s, struct db *db)
{
	int n = -1;

	assert_ok(migrate_at(&s->op, db, &n));
	return n;
}

static void steps_run_once_and_in_order(void **state)
{
	struct scratch *s = *state;
	struct db *db = scratch_db(s, DB_CREATE);

	assert_int_equal(at(s, db), 0);
	assert_ok(migrate_run(&s->op, db, STEPS, 1));
	assert_int_equal(at(s, db), 1);
	assert_int_equal(tables(s, db), 2);
	assert_ok(migrate_run(&s->op, db, STEPS, 3));
	assert_ok(migrate_run(&s->op, db, STEPS, 3));
	assert_int_equal(at(s, db), 3);
	assert_int_equal(tables(s, db), 3);
	db_close(db);
}

static void each_database_runs_its_own_part(void **state)
{
	static const struct sql LITE = {"SELECT 1 FROM sqlite_master WHERE name = 'lite_only'", 0};
	static const struct sql PG = {"SELECT 1 FROM pg_class WHERE relname = 'pg_only'", 0};
	struct scratch *s = *state;
	struct db *db = scratch_db(s, DB_CREATE);
	AUTO(rows) r = {0};

	assert_ok(migrate_run(&s->op, db, STEPS, 3));
	assert_ok(db_query(&s->op, db, db_kind(db) == DB_SQLITE ? &LITE : &PG, NO_ARGS, &r));
	assert_true(rows_next(&r));
	rows_release(&r);
	db_close(db);
}

static void a_newer_database_is_refused(void **state)
{
	struct scratch *s = *state;
	struct db *db = scratch_db(s, DB_CREATE);

	assert_ok(migrate_run(&s->op, db, STEPS, 3));
	assert_int_equal(migrate_run(&s->op, db, STEPS, 2), RC_INVALID);
	assert_non_null(strstr(s->op.err.en, "newer"));
	assert_false(db_in_tx(db));
	assert_int_equal(at(s, db), 3);
	db_close(db);
}

static void another_line_of_steps_is_refused(void **state)
{
	static const struct migration OTHER[] = {
		{"entries", "CREATE TABLE e(id {id} PRIMARY KEY)", NULL, NULL},
		{"something else", "CREATE TABLE x(id {id} PRIMARY KEY)", NULL, NULL},
	};
	struct scratch *s = *state;
	struct db *db = scratch_db(s, DB_CREATE);

	assert_ok(migrate_run(&s->op, db, OTHER, 2));
	assert_int_equal(migrate_run(&s->op, db, STEPS, 3), RC_BROKEN);
	assert_int_equal(at(s, db), 2);
	db_close(db);
}

static void a_step_that_fails_takes_all_back(void **state)
{
	static const struct migration BAD[] = {
		{"entries", "CREATE TABLE e(id {id} PRIMARY KEY)", NULL, NULL},
		{"bad", "CREATE TABLE e(id {id} PRIMARY KEY)", NULL, NULL},
	};
	struct scratch *s = *state;
	struct db *db = scratch_db(s, DB_CREATE);

	assert_int_equal(migrate_run(&s->op, db, BAD, 2), RC_BROKEN);
	assert_false(db_in_tx(db));
	assert_int_equal(at(s, db), 0);
	assert_int_equal(tables(s, db), 0);
	assert_ok(migrate_run(&s->op, db, STEPS, 3));
	db_close(db);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(steps_run_once_and_in_order),
		SCRATCH_TEST(each_database_runs_its_own_part),
		SCRATCH_TEST(a_newer_database_is_refused),
		SCRATCH_TEST(another_line_of_steps_is_refused),
		SCRATCH_TEST(a_step_that_fails_takes_all_back),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
