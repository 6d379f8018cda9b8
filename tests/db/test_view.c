/* SPDX-License-Identifier: Apache-2.0 */
/* test_view.c -- one transaction over ledger and projections, and the exchange of the second for a
 * rebuilt one.
 */
#include "kit/check.h"

#include <unistd.h>

#include "db/store.h"
#include "kit/scratch.h"

static const struct sql ADD_E = {"INSERT INTO e(id) VALUES (?)", 1};
static const struct sql ADD_V = {"INSERT INTO v(id) VALUES (?)", 1};
static const struct sql COUNT_E = {"SELECT count(*) FROM e", 0};
static const struct sql COUNT_V = {"SELECT count(*) FROM v", 0};

struct fixture {
	struct scratch *s;
	struct store st;
};

static struct fixture start(void **state)
{
	struct fixture f = {.s = *state};

	assert_ok(store_create(&f.s->op, scratch_path(f.s, "data"), f.s->url, &f.st));
	assert_ok(db_script(&f.s->op, f.st.ledger, "CREATE TABLE e(id {id} PRIMARY KEY)"));
	assert_ok(db_script(&f.s->op, f.st.view, "CREATE TABLE v(id {id} PRIMARY KEY)"));
	return f;
}

static void reopen(struct fixture *f)
{
	struct str dir = scratch_path(f->s, "data");

	store_release(&f->st);
	assert_ok(store_open(&f->s->op, dir, f->s->url, STORE_WRITE, &f->st));
}

static enum rc add(struct fixture *f, int64_t id)
{
	TRY(db_exec(&f->s->op, f->st.ledger, &ADD_E, ARGS(sql_int(id))));
	return db_exec(&f->s->op, f->st.view, &ADD_V, ARGS(sql_int(id)));
}

static int64_t count(struct fixture *f, struct db *db, const struct sql *q)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(&f->s->op, db, q, NO_ARGS, &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static void holds(struct fixture *f, int64_t entries, int64_t projected)
{
	assert_int_equal(count(f, f->st.ledger, &COUNT_E), entries);
	assert_int_equal(count(f, f->st.view, &COUNT_V), projected);
}

static void a_batch_is_durable_and_its_projection_follows(void **state)
{
	struct fixture f = start(state);

	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 1));
	assert_ok(store_commit(&f.s->op, &f.st));
	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 2));
	assert_ok(store_commit(&f.s->op, &f.st));
	holds(&f, 2, 2);
	reopen(&f); /* without store_commit_view: the view may be behind */
	holds(&f, 2, f.st.one ? 2 : 0);
	assert_ok(store_commit_view(&f.s->op, &f.st)); /* none open: no effect */
	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 3));
	assert_ok(store_commit(&f.s->op, &f.st));
	assert_ok(store_commit_view(&f.s->op, &f.st));
	reopen(&f);
	holds(&f, 3, f.st.one ? 3 : 1);
	store_release(&f.st);
}

static void the_view_is_never_ahead_of_the_ledger(void **state)
{
	struct fixture f = start(state);

	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 1));
	store_rollback(&f.st);
	assert_false(db_in_tx(f.st.view));
	holds(&f, 0, 0);
	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 2));
	reopen(&f);
	holds(&f, 0, 0);
	store_release(&f.st);
}

static void savepoints_cover_both(void **state)
{
	struct fixture f = start(state);

	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(store_savepoint(&f.s->op, &f.st));
	assert_ok(add(&f, 1));
	assert_ok(store_release_savepoint(&f.s->op, &f.st));
	assert_ok(store_savepoint(&f.s->op, &f.st));
	assert_ok(add(&f, 2));
	assert_int_equal(add(&f, 1), RC_CONFLICT);
	assert_ok(store_rollback_to(&f.s->op, &f.st));
	assert_ok(store_savepoint(&f.s->op, &f.st));
	assert_ok(add(&f, 3));
	assert_ok(store_release_savepoint(&f.s->op, &f.st));
	assert_ok(store_commit(&f.s->op, &f.st));
	assert_ok(store_commit_view(&f.s->op, &f.st));
	reopen(&f);
	holds(&f, 2, 2);
	store_release(&f.st);
}

static void a_view_that_failed_keeps_the_ledger_from_committing(void **state)
{
	struct fixture f = start(state);

	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 1));
	assert_int_equal(db_exec(&f.s->op, f.st.view, &ADD_V, ARGS(sql_int(1))), RC_CONFLICT);
	assert_int_equal(store_commit(&f.s->op, &f.st), RC_BROKEN);
	store_rollback(&f.st);
	holds(&f, 0, 0);
	store_release(&f.st);
}

static struct db *next_view(struct fixture *f, const char *ddl)
{
	static const struct sql ADD_NEXT = {"INSERT INTO v(id, more) VALUES (?, ?)", 2};
	struct db *next;

	assert_ok(store_view_next(&f->s->op, &f->st, &next));
	assert_ok(db_script(&f->s->op, next, ddl));
	assert_ok(db_begin(&f->s->op, next));
	for (int i = 0; i < 5; i++)
		assert_ok(db_exec(&f->s->op, next, &ADD_NEXT, ARGS(sql_int(i), sql_z("x"))));
	assert_ok(db_commit(&f->s->op, next));
	return next;
}

static const char NEXT_DDL[] = "CREATE TABLE v(id {id} PRIMARY KEY, more {text})";

static void a_rebuilt_view_takes_the_place_of_the_first(void **state)
{
	static const struct sql WIDE = {"SELECT * FROM v ORDER BY id", 0};
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 1));
	assert_ok(store_commit(&f.s->op, &f.st));
	assert_ok(store_commit_view(&f.s->op, &f.st));
	assert_ok(db_query(&f.s->op, f.st.view, &WIDE, NO_ARGS, &r)); /* prepared on the old */
	rows_release(&r);
	struct db *next = next_view(&f, NEXT_DDL);
	holds(&f, 1, 1); /* untouched so far */
	assert_ok(store_view_swap(&f.s->op, &f.st, next));
	holds(&f, 1, 5);
	assert_ok(db_query(&f.s->op, f.st.view, &WIDE, NO_ARGS, &r));
	assert_int_equal(rows_columns(&r), 2);
	rows_release(&r);
	/* It is written on as the first was. */
	assert_ok(store_begin(&f.s->op, &f.st));
	assert_ok(add(&f, 9));
	assert_ok(store_commit(&f.s->op, &f.st));
	assert_ok(store_commit_view(&f.s->op, &f.st));
	reopen(&f);
	holds(&f, 2, 6);
	assert_false(file_exists(scratch_path(f.s, "data/view.next.db")));
	assert_false(file_exists(scratch_path(f.s, "data/view.swap")));
	store_release(&f.st);
}

static void a_rebuild_may_be_abandoned_and_begun_again(void **state)
{
	struct fixture f = start(state);
	struct db *next = next_view(&f, NEXT_DDL);

	assert_ok(store_view_drop(&f.s->op, &f.st, next));
	holds(&f, 0, 0);
	next = next_view(&f, NEXT_DDL);
	db_close(next); /* as if the process had died */
	next = next_view(&f, NEXT_DDL);
	assert_ok(store_view_swap(&f.s->op, &f.st, next));
	holds(&f, 0, 5);
	store_release(&f.st);
}

/* A reader of the old file holds its log open, under a name that the new file would inherit. */
static void an_exchange_under_a_reader_does_not_mix_the_two(void **state)
{
	struct fixture f = start(state);
	struct store reader;

	if (f.st.one) {
		store_release(&f.st);
		skip();
	}
	for (int i = 10; i < 400; i++)
		assert_ok(db_exec(&f.s->op, f.st.view, &ADD_V, ARGS(sql_int(i))));
	assert_ok(store_open(&f.s->op, f.st.dir, f.st.url, STORE_READ, &reader));
	assert_ok(db_begin_read(&f.s->op, reader.view));
	assert_int_equal(count(&f, reader.view, &COUNT_V), 390);
	struct db *next = next_view(&f, NEXT_DDL);
	assert_ok(store_view_swap(&f.s->op, &f.st, next));
	holds(&f, 0, 5);
	assert_int_equal(count(&f, reader.view, &COUNT_V), 390); /* still its own snapshot */
	assert_ok(db_exec(&f.s->op, f.st.view, &ADD_V, ARGS(sql_int(77))));
	store_release(&reader);
	assert_ok(db_exec(&f.s->op, f.st.view, &ADD_V, ARGS(sql_int(78))));
	holds(&f, 0, 7);
	reopen(&f);
	holds(&f, 0, 7);
	store_release(&f.st);
}

static void an_interrupted_exchange_is_finished_by_the_next_writer(void **state)
{
	struct fixture f = start(state);
	struct store reader;
	struct str wal;

	if (f.st.one) {
		store_release(&f.st);
		skip();
	}
	for (int i = 10; i < 400; i++)
		assert_ok(db_exec(&f.s->op, f.st.view, &ADD_V, ARGS(sql_int(i))));
	assert_ok(file_read(&f.s->op, scratch_path(f.s, "data/view.db-wal"), 64 << 20, &wal));
	db_close(next_view(&f, NEXT_DDL));
	store_release(&f.st);
	/* The marker stands, and a log of the old file that must not reach the new one. */
	struct str dir = scratch_path(f.s, "data");
	assert_ok(file_write(&f.s->op, scratch_path(f.s, "data/view.swap"), STR("x"), 0600));
	assert_ok(file_write(&f.s->op, scratch_path(f.s, "data/view.db-wal"), wal, 0600));
	assert_int_equal(store_open(&f.s->op, dir, STR(""), STORE_READ, &reader), RC_BUSY);
	assert_int_equal(unlink(scratch_path(f.s, "data/view.db").s), 0);
	assert_ok(store_open(&f.s->op, dir, STR(""), STORE_WRITE, &f.st));
	holds(&f, 0, 5);
	assert_false(file_exists(scratch_path(f.s, "data/view.swap")));
	reopen(&f);
	holds(&f, 0, 5);
	store_release(&f.st);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_batch_is_durable_and_its_projection_follows),
		SCRATCH_TEST(the_view_is_never_ahead_of_the_ledger),
		SCRATCH_TEST(savepoints_cover_both),
		SCRATCH_TEST(a_view_that_failed_keeps_the_ledger_from_committing),
		SCRATCH_TEST(a_rebuilt_view_takes_the_place_of_the_first),
		SCRATCH_TEST(a_rebuild_may_be_abandoned_and_begun_again),
		SCRATCH_TEST(an_exchange_under_a_reader_does_not_mix_the_two),
		SCRATCH_TEST(an_interrupted_exchange_is_finished_by_the_next_writer),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
