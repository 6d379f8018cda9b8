/* SPDX-License-Identifier: Apache-2.0 */
/* test_sqlite.c -- what holds for a SQLite file alone: its settings, damage, locks, full and
 * read-only disks, the table filter.
 */
#include "kit/check.h"

#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/moment.h"
#include "db/store.h"
#include "kit/scratch.h"

static const struct sql ADD = {"INSERT INTO t(id, body) VALUES (?, ?)", 2};
static const struct sql ALL = {"SELECT id, body FROM t ORDER BY id", 0};

static enum rc open_file(struct scratch *s, const char *name, enum db_mode mode, struct db **ret)
{
	return db_open_sqlite(&s->op, scratch_path(s, name), mode, ret);
}

static struct db *make(struct scratch *s, const char *name)
{
	struct db *db;

	assert_ok(open_file(s, name, DB_CREATE, &db));
	assert_ok(db_script(&s->op, db, "CREATE TABLE t(id {id} PRIMARY KEY, body {bytes})"));
	return db;
}

static enum rc add(struct scratch *s, struct db *db, int64_t id, struct str body)
{
	return db_exec(&s->op, db, &ADD, ARGS(sql_int(id), sql_bytes(body.s, body.n)));
}

static int64_t ask(struct scratch *s, struct db *db, const char *text)
{
	AUTO(rows) r = {0};

	assert_ok(db_query_text(&s->op, db, str_of(text), &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static bool answer_is(struct scratch *s, struct db *db, const char *text, const char *want)
{
	AUTO(rows) r = {0};

	assert_ok(db_query_text(&s->op, db, str_of(text), &r));
	assert_true(rows_next(&r));
	return str_is(rows_str(&r, 0), want);
}

static void a_commit_is_on_the_disk_when_it_returns(void **state)
{
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");

	assert_true(answer_is(s, db, "PRAGMA journal_mode", "wal"));
	assert_int_equal(ask(s, db, "PRAGMA synchronous"), 2); /* FULL */
	assert_int_equal(ask(s, db, "PRAGMA secure_delete"), 1);
	assert_int_equal(ask(s, db, "PRAGMA wal_autocheckpoint"), 1000);
	assert_int_equal(ask(s, db, "PRAGMA trusted_schema"), 0);
	assert_int_equal(ask(s, db, "PRAGMA foreign_keys"), 0);
	db_close(db);
}

static void the_schema_cannot_be_written_by_hand(void **state)
{
	static const struct sql FORGE = {"UPDATE sqlite_master SET sql = ? WHERE name = 't'", 1};
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");

	assert_ok(db_script(&s->op, db, "PRAGMA writable_schema = ON"));
	assert_int_equal(db_exec(&s->op, db, &FORGE, ARGS(sql_z("x"))), RC_BROKEN);
	db_close(db);
}

static bool file_holds(struct scratch *s, const char *name, const char *text)
{
	struct str got;

	if (!file_exists(scratch_path(s, name)))
		return false;
	assert_ok(file_read(&s->op, scratch_path(s, name), 64 << 20, &got));
	return memmem(got.s, got.n, text, strlen(text)) != NULL;
}

static void what_is_deleted_and_flushed_is_gone_from_the_disk(void **state)
{
	static const struct sql DROP = {"DELETE FROM t WHERE id = ?", 1};
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");

	assert_ok(add(s, db, 1, STR("secret-of-the-candidate")));
	assert_ok(add(s, db, 2, STR("something else")));
	assert_ok(db_flush(&s->op, db));
	assert_true(file_holds(s, "a.db", "secret-of-the-candidate"));
	assert_ok(db_exec(&s->op, db, &DROP, ARGS(sql_int(1))));
	assert_ok(db_flush(&s->op, db));
	assert_false(file_holds(s, "a.db", "secret-of-the-candidate"));
	assert_false(file_holds(s, "a.db-wal", "secret-of-the-candidate"));
	assert_true(file_holds(s, "a.db", "something else"));
	db_close(db);
}

static void a_missing_file_is_not_found_and_not_made(void **state)
{
	struct scratch *s = *state;
	struct db *db;

	assert_int_equal(open_file(s, "none.db", DB_READ, &db), RC_NOT_FOUND);
	assert_int_equal(open_file(s, "none.db", DB_WRITE, &db), RC_NOT_FOUND);
	assert_false(file_exists(scratch_path(s, "none.db")));
}

static void a_file_of_another_kind_is_invalid(void **state)
{
	struct scratch *s = *state;
	struct str text = str_fmt(&s->arena, "%8000d", 7);
	struct db *db;

	assert_ok(file_write(&s->op, scratch_path(s, "x.db"), text, 0600));
	assert_int_equal(open_file(s, "x.db", DB_READ, &db), RC_INVALID);
	assert_int_equal(open_file(s, "x.db", DB_WRITE, &db), RC_INVALID);
}

static void a_lock_that_is_held_is_busy(void **state)
{
	struct scratch *s = *state;
	struct db *one = make(s, "a.db"), *two;

	assert_ok(open_file(s, "a.db", DB_WRITE, &two));
	db_set_deadline(two, 50);
	assert_ok(db_begin(&s->op, one));
	assert_int_equal(db_begin(&s->op, two), RC_BUSY);
	assert_false(db_in_tx(two));
	assert_int_equal(add(s, two, 1, STR("x")), RC_BUSY);
	assert_ok(db_commit(&s->op, one));
	assert_ok(add(s, two, 1, STR("x")));
	db_close(one);
	db_close(two);
}

/* Damages a leaf page in the middle of the table, so that a scan begins well and breaks off. */
static void damage_the_middle(struct scratch *s)
{
	struct str path = scratch_path(s, "a.db");
	FILE *f = fopen(path.s, "r+b");
	char junk[4096];

	assert_non_null(f);
	memset(junk, 0xa5, sizeof(junk));
	assert_int_equal(fseek(f, 0, SEEK_END), 0);
	long pages = ftell(f) / 4096;
	assert_true(pages > 20);
	assert_int_equal(fseek(f, pages / 2 * 4096, SEEK_SET), 0);
	assert_int_equal(fwrite(junk, sizeof(junk), 1, f), 1);
	assert_int_equal(fclose(f), 0);
}

static void an_error_between_rows_forbids_the_commit(void **state)
{
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");
	struct str body = str_fmt(&s->arena, "%1500d", 1);
	AUTO(rows) r = {0};
	int n = 0;

	assert_ok(db_begin(&s->op, db));
	for (int i = 0; i < 100; i++)
		assert_ok(add(s, db, i, body));
	assert_ok(db_commit(&s->op, db));
	db_close(db);
	damage_the_middle(s);
	assert_ok(open_file(s, "a.db", DB_WRITE, &db));
	assert_ok(db_begin(&s->op, db));
	assert_ok(db_savepoint(&s->op, db));
	assert_ok(db_query(&s->op, db, &ALL, NO_ARGS, &r));
	while (rows_next(&r))
		n++;
	assert_in_range(n, 1, 99); /* it looks like the end */
	rows_release(&r);
	assert_true(db_is_broken(db));
	assert_int_equal(db_rollback_to(&s->op, db), RC_BROKEN);
	assert_int_equal(db_commit(&s->op, db), RC_BROKEN);
	db_rollback(db);
	db_close(db);
}

static void an_error_that_damages_nothing_forbids_the_commit_too(void **state)
{
	static const struct sql OVERFLOW = {"SELECT abs(id) FROM t ORDER BY id DESC", 0};
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");
	AUTO(rows) r = {0};

	assert_ok(db_begin(&s->op, db));
	assert_ok(add(s, db, 1, STR("x")));
	assert_ok(add(s, db, INT64_MIN, STR("x"))); /* has no absolute value */
	assert_ok(db_query(&s->op, db, &OVERFLOW, NO_ARGS, &r));
	assert_true(rows_next(&r));
	assert_false(rows_next(&r)); /* it looks like the end */
	rows_release(&r);
	assert_false(db_is_broken(db));
	assert_ok(db_savepoint(&s->op, db));
	assert_ok(db_rollback_to(&s->op, db)); /* does not make it good */
	assert_int_equal(db_commit(&s->op, db), RC_BROKEN);
	db_rollback(db);
	assert_ok(db_begin(&s->op, db));
	assert_ok(add(s, db, 1, STR("x")));
	assert_ok(db_commit(&s->op, db));
	db_close(db);
}

struct allowance {
	const char *table;
	bool write;
};

static bool only(void *ctx, const char *table, bool write)
{
	const struct allowance *a = ctx;

	return strcmp(table, a->table) == 0 && (a->write || !write);
}

static void a_filter_refuses_other_tables_also_in_cached_statements(void **state)
{
	static const struct sql OTHER = {"SELECT count(*) FROM u", 0};
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");
	struct allowance t = {"t", true}, u = {"u", false}, t_read = {"t", false};
	AUTO(rows) r = {0};

	assert_ok(db_script(&s->op, db, "CREATE TABLE u(id {id} PRIMARY KEY)"));
	assert_ok(db_prepare(&s->op, db, &OTHER)); /* cached before */
	assert_ok(add(s, db, 1, STR("x")));
	db_set_table_filter(db, only, &t);
	assert_ok(add(s, db, 2, STR("x")));
	assert_int_equal(db_query(&s->op, db, &OTHER, NO_ARGS, &r), RC_BROKEN);
	db_set_table_filter(db, only, &u);
	assert_int_equal(add(s, db, 3, STR("x")), RC_BROKEN);
	assert_ok(db_query(&s->op, db, &OTHER, NO_ARGS, &r));
	rows_release(&r);
	db_set_table_filter(db, only, &t_read);
	assert_int_equal(add(s, db, 3, STR("x")), RC_BROKEN);
	assert_ok(db_query(&s->op, db, &ALL, NO_ARGS, &r));
	rows_release(&r);
	assert_int_equal(db_script(&s->op, db, "CREATE TABLE v(id {id})"), RC_BROKEN);
	db_set_table_filter(db, NULL, NULL);
	assert_ok(add(s, db, 3, STR("x")));
	assert_ok(db_query(&s->op, db, &OTHER, NO_ARGS, &r));
	rows_release(&r);
	db_close(db);
}

/* A file system of its own under DIR/m; false where the test may not make one. */
static bool mount_small(struct scratch *s, const char *options)
{
	struct str at = scratch_path(s, "m");

	assert_ok(dir_make(&s->op, at, 0700));
	return mount("none", at.s, "tmpfs", 0, options) == 0;
}

static enum rc add_in_transaction(struct scratch *s, struct db *db, int64_t id, struct str body)
{
	TRY(db_begin(&s->op, db));
	TRY(add(s, db, id, body));
	return db_commit(&s->op, db);
}

typedef enum rc adder(struct scratch *s, struct db *db, int64_t id, struct str body);

static void fill_the_disk(struct scratch *s, adder *add_one)
{
	struct str body = str_fmt(&s->arena, "%4000d", 1);
	enum rc rc = RC_OK;
	struct db *db;
	int64_t committed = 0;

	if (!mount_small(s, "size=512k"))
		skip();
	db = make(s, "m/a.db");
	while (rc == RC_OK && committed < 1000) {
		rc = add_one(s, db, committed, body);
		committed += rc == RC_OK;
	}
	assert_int_equal(rc, RC_BROKEN);
	assert_non_null(strstr(s->op.err.en, "full"));
	assert_true(db_is_broken(db));
	assert_int_equal(add(s, db, 5000, body), RC_BROKEN);
	db_rollback(db);
	db_close(db);
	assert_ok(open_file(s, "m/a.db", DB_READ, &db));
	assert_int_equal(ask(s, db, "SELECT count(*) FROM t"), committed);
	db_close(db);
	assert_int_equal(umount(scratch_path(s, "m").s), 0);
}

static void a_full_disk_breaks_the_connection_and_loses_nothing(void **state)
{
	fill_the_disk(*state, add);
}

static void a_disk_full_at_the_commit_does_the_same(void **state)
{
	fill_the_disk(*state, add_in_transaction);
}

static void a_read_only_disk_is_read_as_it_stands(void **state)
{
	struct scratch *s = *state;
	struct str at = scratch_path(s, "m");
	struct db *db;

	if (!mount_small(s, "size=4m"))
		skip();
	db = make(s, "m/a ?%1.db"); /* what a URI would mistake */
	assert_ok(add(s, db, 1, STR("x")));
	db_close(db);
	assert_int_equal(mount("none", at.s, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m"), 0);
	assert_ok(open_file(s, "m/a ?%1.db", DB_READ, &db));
	assert_int_equal(ask(s, db, "SELECT count(*) FROM t"), 1);
	db_close(db);
	assert_int_equal(open_file(s, "m/a ?%1.db", DB_WRITE, &db), RC_DENIED);
	assert_int_equal(umount(at.s), 0);
}

static void a_read_only_disk_with_a_log_is_refused(void **state)
{
	struct scratch *s = *state;
	struct str at = scratch_path(s, "m"), wal;
	struct db *db;

	if (!mount_small(s, "size=4m"))
		skip();
	db = make(s, "m/a.db");
	assert_ok(add(s, db, 1, STR("x")));
	assert_ok(file_read(&s->op, scratch_path(s, "m/a.db-wal"), 1 << 20, &wal));
	db_close(db);
	assert_ok(file_write(&s->op, scratch_path(s, "m/a.db-wal"), wal, 0600));
	assert_int_equal(mount("none", at.s, "tmpfs", MS_REMOUNT | MS_RDONLY, "size=4m"), 0);
	assert_int_equal(open_file(s, "m/a.db", DB_READ, &db), RC_DENIED);
	assert_non_null(strstr(s->op.err.en, "writable"));
	assert_int_equal(umount(at.s), 0);
}

static void an_auditor_leaves_no_trace_in_the_folder(void **state)
{
	struct scratch *s = *state;
	struct db *db = make(s, "a.db");

	assert_ok(add(s, db, 1, STR("x")));
	db_close(db);
	assert_ok(db_open_sqlite_still(&s->op, scratch_path(s, "a.db"), &db));
	assert_int_equal(ask(s, db, "SELECT count(*) FROM t"), 1);
	assert_false(file_exists(scratch_path(s, "a.db-wal")));
	assert_false(file_exists(scratch_path(s, "a.db-shm")));
	db_close(db);
}

static void reads_share_a_moment_until_it_is_let_go(void **state)
{
	static const char HOW_MANY[] = "SELECT count(*) FROM t";
	struct scratch *s = *state;
	struct db *db = make(s, "a.db"), *other;

	assert_ok(open_file(s, "a.db", DB_WRITE, &other));
	db_share_moment(db);
	assert_int_equal(ask(s, db, HOW_MANY), 0);
	assert_ok(add(s, other, 1, STR("x")));
	assert_int_equal(ask(s, db, HOW_MANY), 0);
	db_let_go(db);
	assert_int_equal(ask(s, db, HOW_MANY), 1);
	/* What is written on it lets go by itself: else it would be of a moment that is over. */
	assert_ok(add(s, other, 2, STR("x")));
	assert_ok(add(s, db, 3, STR("x")));
	assert_int_equal(ask(s, db, HOW_MANY), 3);
	assert_ok(add(s, other, 4, STR("x")));
	assert_ok(db_begin(&s->op, db));
	assert_int_equal(ask(s, db, HOW_MANY), 4);
	assert_ok(add(s, db, 5, STR("x")));
	assert_ok(db_commit(&s->op, db));
	assert_int_equal(ask(s, other, HOW_MANY), 5);
	db_close(db);
	db_close(other);
}

static void memory_is_a_database_of_its_own(void **state)
{
	struct scratch *s = *state;
	struct db *a, *b;
	struct str *names;
	size_t n;

	assert_ok(db_open_memory(&s->op, &a));
	assert_ok(db_open_memory(&s->op, &b));
	assert_ok(db_script(&s->op, a, "CREATE TABLE t(id {id} PRIMARY KEY, body {bytes})"));
	assert_ok(add(s, a, 1, STR("x")));
	assert_ok(db_tables(&s->op, b, &names, &n));
	assert_int_equal(n, 0);
	db_close(a);
	db_close(b);
	db_close(NULL);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(a_commit_is_on_the_disk_when_it_returns),
		SCRATCH_TEST(the_schema_cannot_be_written_by_hand),
		SCRATCH_TEST(what_is_deleted_and_flushed_is_gone_from_the_disk),
		SCRATCH_TEST(a_missing_file_is_not_found_and_not_made),
		SCRATCH_TEST(a_file_of_another_kind_is_invalid),
		SCRATCH_TEST(a_lock_that_is_held_is_busy),
		SCRATCH_TEST(an_error_between_rows_forbids_the_commit),
		SCRATCH_TEST(an_error_that_damages_nothing_forbids_the_commit_too),
		SCRATCH_TEST(a_filter_refuses_other_tables_also_in_cached_statements),
		SCRATCH_TEST(a_full_disk_breaks_the_connection_and_loses_nothing),
		SCRATCH_TEST(a_disk_full_at_the_commit_does_the_same),
		SCRATCH_TEST(a_read_only_disk_is_read_as_it_stands),
		SCRATCH_TEST(a_read_only_disk_with_a_log_is_refused),
		SCRATCH_TEST(an_auditor_leaves_no_trace_in_the_folder),
		SCRATCH_TEST(reads_share_a_moment_until_it_is_let_go),
		SCRATCH_TEST(memory_is_a_database_of_its_own),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
