/* SPDX-License-Identifier: Apache-2.0 */
/* test_db.c -- values in and out, statements and their cache, scripts: alike on both databases. */
#include "kit/check.h"

#include "kit/scratch.h"

static const char DDL[] =
	"CREATE TABLE item(id {id} PRIMARY KEY, n {int}, name {text}, raw {bytes});"
	"CREATE UNIQUE INDEX item_name ON item(name)";

enum { Q_ADD, Q_GET, Q_ALL, Q_RENAME, Q_SUM, Q_ABOVE, Q_PLUS, Q_PAGE, Q_BY_NAME, Q_WRONG, Q_TEXT };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO item(id, n, name, raw) VALUES (?, ?, ?, ?)", 4},
	[Q_GET] = {"SELECT id, n, name, raw FROM item WHERE id = ?", 1},
	[Q_ALL] = {"SELECT id FROM item ORDER BY id", 0},
	[Q_RENAME] = {"UPDATE item SET name = ? WHERE id >= ?", 2},
	[Q_SUM] = {"SELECT count(*), sum(n), max(n), sum(n) > 5 FROM item", 0},
	[Q_ABOVE] = {"SELECT id FROM item WHERE n + 1 > ? AND ? > 2 ORDER BY id", 2},
	[Q_PLUS] = {"SELECT id FROM item WHERE id = 1 + ? ORDER BY id", 1},
	[Q_PAGE] = {"SELECT id FROM item ORDER BY id LIMIT ?", 1},
	[Q_BY_NAME] = {"SELECT name FROM item ORDER BY name, id", 0},
	[Q_WRONG] = {"SELECT id FROM item WHERE id = ? AND n = ?", 1},
	[Q_TEXT] = {"SELECT n, name FROM item WHERE name = ?", 1},
};

struct fixture {
	struct scratch *s;
	struct db *db;
};

static struct fixture start(void **state)
{
	struct fixture f = {*state, NULL};

	f.db = scratch_db(f.s, DB_CREATE);
	assert_ok(db_script(&f.s->op, f.db, DDL));
	return f;
}

static enum rc add(struct fixture *f, int64_t id, int64_t n, const char *name)
{
	return db_exec(&f->s->op, f->db, &SQL[Q_ADD],
	               ARGS(sql_int(id), sql_int(n), sql_z(name), sql_bytes("x", 1)));
}

static int64_t count(struct fixture *f)
{
	AUTO(rows) r = {0};

	assert_ok(db_query(&f->s->op, f->db, &SQL[Q_SUM], NO_ARGS, &r));
	assert_true(rows_next(&r));
	return rows_int(&r, 0);
}

static void every_type_comes_back_as_it_was_written(void **state)
{
	static const int64_t INTS[] = {0, 1, -1, 127, 2147483648LL, INT64_MAX, INT64_MIN};
	static const char RAW[] = "\0\1\xff\0\x80";
	struct fixture f = start(state);

	for (size_t i = 0; i < COUNT(INTS); i++) {
		struct str name = str_fmt(&f.s->arena, "准考证 %zu", i);
		AUTO(rows) r = {0};
		assert_ok(db_exec(&f.s->op, f.db, &SQL[Q_ADD],
		                  ARGS(sql_int((int64_t)i), sql_int(INTS[i]), sql_text(name),
		                       sql_bytes(RAW, sizeof(RAW)))));
		assert_ok(db_query(&f.s->op, f.db, &SQL[Q_GET], ARGS(sql_int((int64_t)i)), &r));
		assert_true(rows_next(&r));
		assert_int_equal(rows_columns(&r), 4);
		assert_string_equal(rows_column_name(&r, 2), "name");
		assert_int_equal(rows_type(&r, 1), SQL_INT);
		assert_int_equal(rows_type(&r, 2), SQL_TEXT);
		assert_int_equal(rows_type(&r, 3), SQL_BYTES);
		assert_true(rows_int(&r, 1) == INTS[i]);
		assert_true(str_eq(rows_str(&r, 2), name));
		assert_int_equal(rows_str(&r, 3).n, sizeof(RAW));
		assert_memory_equal(rows_str(&r, 3).s, RAW, sizeof(RAW));
		assert_false(rows_is_null(&r, 1));
		assert_false(rows_next(&r));
		assert_false(rows_next(&r));
	}
	db_close(f.db);
}

static void null_reads_as_zero_and_empty(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(db_exec(&f.s->op, f.db, &SQL[Q_ADD],
	                  ARGS(sql_int(1), sql_null(), sql_null(), sql_null())));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_GET], ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	for (int i = 1; i < 4; i++) {
		assert_true(rows_is_null(&r, i));
		assert_int_equal(rows_type(&r, i), SQL_NULL);
		assert_int_equal(rows_str(&r, i).n, 0);
		assert_non_null(rows_str(&r, i).s);
	}
	assert_int_equal(rows_int(&r, 1), 0);
	rows_release(&r);
	db_close(f.db);
}

static void empty_is_not_null(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(db_exec(&f.s->op, f.db, &SQL[Q_ADD],
	                  ARGS(sql_int(1), sql_int(0), sql_text((struct str){NULL, 0}),
	                       sql_bytes(NULL, 0))));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_GET], ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_type(&r, 2), SQL_TEXT);
	assert_int_equal(rows_type(&r, 3), SQL_BYTES);
	assert_int_equal(rows_str(&r, 3).n, 0);
	rows_release(&r);
	db_close(f.db);
}

static void text_with_nul_is_refused(void **state)
{
	struct fixture f = start(state);
	enum rc rc = db_exec(&f.s->op, f.db, &SQL[Q_ADD],
	                     ARGS(sql_int(1), sql_int(0), sql_text((struct str){"a\0b", 3}),
	                          sql_null()));

	assert_int_equal(rc, RC_INVALID);
	assert_int_equal(count(&f), 0);
	db_close(f.db);
}

static void a_copied_value_ends_with_nul(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(add(&f, 1, 0, "abc"));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_GET], ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	struct str name = rows_dup(&f.s->arena, &r, 2), raw = rows_dup(&f.s->arena, &r, 3);
	rows_release(&r);
	assert_str(name, "abc");
	assert_str(raw, "x");
	db_close(f.db);
}

static void sums_and_comparisons_are_integers(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(add(&f, 1, 9000000000000000LL, "a"));
	assert_ok(add(&f, 2, 7, "b"));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_SUM], NO_ARGS, &r));
	assert_true(rows_next(&r));
	for (int i = 0; i < 4; i++)
		assert_int_equal(rows_type(&r, i), SQL_INT);
	assert_int_equal(rows_int(&r, 0), 2);
	assert_true(rows_int(&r, 1) == 9000000000000007LL);
	assert_true(rows_int(&r, 2) == 9000000000000000LL);
	assert_int_equal(rows_int(&r, 3), 1);
	rows_release(&r);
	assert_ok(db_query_text(&f.s->op, f.db, STR("SELECT sum(-n), sum(n - n) FROM item"), &r));
	assert_true(rows_next(&r));
	assert_true(rows_int(&r, 0) == -9000000000000007LL);
	assert_int_equal(rows_int(&r, 1), 0);
	rows_release(&r);
	db_close(f.db);
}

static void a_parameter_beside_a_literal_is_an_integer(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	assert_ok(add(&f, 1, 7, "a"));
	assert_ok(add(&f, 5, 7, "b"));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_ABOVE], ARGS(sql_int(7), sql_int(3)), &r));
	assert_true(rows_next(&r));
	rows_release(&r);
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_PLUS], ARGS(sql_int(4)), &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_int(&r, 0), 5);
	rows_release(&r);
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_PAGE], ARGS(sql_int(1)), &r));
	assert_true(rows_next(&r));
	assert_false(rows_next(&r));
	rows_release(&r);
	/* An integer for a text parameter is its decimal, and back. */
	assert_ok(add(&f, 9, 1, "42"));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_TEXT], ARGS(sql_int(42)), &r));
	assert_true(rows_next(&r));
	assert_int_equal(rows_int(&r, 1), 42);
	assert_str(rows_str(&r, 0), "1");
	rows_release(&r);
	db_close(f.db);
}

static void text_is_ordered_by_bytes(void **state)
{
	static const char *const NAMES[] = {"a", "B", "ä", "Z", "张", "_"};
	static const char *const SORTED[] = {"B", "Z", "_", "a", "ä", "张"};
	struct fixture f = start(state);
	AUTO(rows) r = {0};

	for (size_t i = 0; i < COUNT(NAMES); i++)
		assert_ok(add(&f, (int64_t)i, 0, NAMES[i]));
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_BY_NAME], NO_ARGS, &r));
	for (size_t i = 0; i < COUNT(SORTED); i++) {
		assert_true(rows_next(&r));
		assert_str(rows_str(&r, 0), SORTED[i]);
	}
	rows_release(&r);
	db_close(f.db);
}

static void a_change_says_how_many_rows(void **state)
{
	struct fixture f = start(state);
	int64_t n = -1;

	for (int i = 1; i <= 3; i++)
		assert_ok(db_exec(&f.s->op, f.db, &SQL[Q_ADD],
		                  ARGS(sql_int(i), sql_int(i), sql_null(), sql_null())));
	assert_ok(db_change(&f.s->op, f.db, &SQL[Q_RENAME], ARGS(sql_null(), sql_int(2)), &n));
	assert_int_equal(n, 2);
	assert_ok(db_change(&f.s->op, f.db, &SQL[Q_RENAME], ARGS(sql_null(), sql_int(9)), &n));
	assert_int_equal(n, 0);
	db_close(f.db);
}

static void a_constraint_is_a_conflict(void **state)
{
	struct fixture f = start(state);

	assert_ok(add(&f, 1, 0, "a"));
	assert_int_equal(add(&f, 1, 0, "b"), RC_CONFLICT);
	assert_int_equal(add(&f, 2, 0, "a"), RC_CONFLICT);
	assert_true(f.s->op.err.zh[0] != '\0' && f.s->op.err.en[0] != '\0');
	assert_false(db_is_broken(f.db));
	assert_ok(add(&f, 2, 0, "b"));
	assert_int_equal(count(&f), 2);
	db_close(f.db);
}

static void one_statement_may_be_open_many_times(void **state)
{
	struct fixture f = start(state);
	int seen = 0;

	for (int i = 1; i <= 4; i++)
		assert_ok(db_exec(&f.s->op, f.db, &SQL[Q_ADD],
		                  ARGS(sql_int(i), sql_int(i), sql_null(), sql_null())));
	AUTO(rows) outer = {0};
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_ALL], NO_ARGS, &outer));
	while (rows_next(&outer)) {
		AUTO(rows) inner = {0};
		assert_ok(db_query(&f.s->op, f.db, &SQL[Q_ALL], NO_ARGS, &inner));
		while (rows_next(&inner))
			seen++;
	}
	assert_int_equal(seen, 16);
	rows_release(&outer);
	db_close(f.db);
}

static void a_wrong_statement_is_named_at_prepare(void **state)
{
	static const struct sql NO_TABLE = {"SELECT x FROM nowhere", 0};
	struct fixture f = start(state);

	assert_int_equal(db_prepare(&f.s->op, f.db, &SQL[Q_WRONG]), RC_BROKEN);
	assert_non_null(strstr(f.s->op.err.en, "AND n = ?"));
	assert_int_equal(db_prepare(&f.s->op, f.db, &NO_TABLE), RC_BROKEN);
	assert_non_null(strstr(f.s->op.err.en, "nowhere"));
	assert_ok(db_prepare(&f.s->op, f.db, &SQL[Q_GET]));
	assert_false(db_is_broken(f.db));
	db_close(f.db);
}

static void a_string_in_double_quotes_is_no_string(void **state)
{
	static const struct sql Q = {"SELECT id FROM item WHERE name = \"abc\"", 0};
	struct fixture f = start(state);

	assert_int_equal(db_prepare(&f.s->op, f.db, &Q), RC_BROKEN);
	db_close(f.db);
}

static void hundreds_of_statements_are_kept(void **state)
{
	enum { N = 400 };
	struct fixture f = start(state);
	struct sql *q = arena_array(&f.s->arena, N, sizeof(*q));

	for (int i = 0; i < N; i++) {
		struct str text = str_fmt(&f.s->arena, "SELECT n + %d FROM item WHERE id = ?", i);
		memcpy(&q[i], &(struct sql){text.s, 1}, sizeof(*q));
	}
	assert_ok(add(&f, 1, 1000, "a"));
	for (int round = 0; round < 2; round++)
		for (int i = 0; i < N; i++) {
			AUTO(rows) r = {0};
			assert_ok(db_query(&f.s->op, f.db, &q[i], ARGS(sql_int(1)), &r));
			assert_true(rows_next(&r));
			assert_int_equal(rows_int(&r, 0), 1000 + i);
		}
	db_close(f.db);
}

static void a_script_is_whole_or_nothing(void **state)
{
	struct fixture f = start(state);
	struct str *names;
	size_t n;

	assert_int_equal(db_script(&f.s->op, f.db, "CREATE TABLE b(id {id} PRIMARY KEY);"
	                                           "CREATE TABLE item(id {id} PRIMARY KEY)"),
	                 RC_BROKEN);
	assert_false(db_in_tx(f.db));
	assert_ok(db_tables(&f.s->op, f.db, &names, &n));
	assert_int_equal(n, 1);
	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE b(id {id} PRIMARY KEY);"
	                                    "CREATE TABLE a(id {id} PRIMARY KEY); -- the last"));
	assert_ok(db_tables(&f.s->op, f.db, &names, &n));
	assert_int_equal(n, 3);
	assert_str(names[0], "a");
	assert_str(names[1], "b");
	assert_str(names[2], "item");
	db_close(f.db);
}

static void a_disabled_statement_matches_nothing(void **state)
{
	struct fixture f = start(state);
	AUTO(rows) r = {0};
	int64_t n = -1;

	assert_ok(add(&f, 1, 0, "a"));
	db_disable(f.db, &SQL[Q_ALL]);
	db_disable(f.db, &SQL[Q_ADD]);
	db_disable(f.db, &SQL[Q_RENAME]);
	assert_ok(add(&f, 1, 0, "a")); /* would be a conflict */
	assert_ok(db_change(&f.s->op, f.db, &SQL[Q_RENAME], ARGS(sql_null(), sql_int(0)), &n));
	assert_int_equal(n, 0);
	assert_ok(db_query(&f.s->op, f.db, &SQL[Q_ALL], NO_ARGS, &r));
	assert_false(rows_next(&r));
	rows_release(&r);
	assert_int_equal(count(&f), 1);
	db_close(f.db);
}

static void a_reader_cannot_write(void **state)
{
	struct fixture f = start(state);
	struct fixture reader = {f.s, scratch_db(f.s, DB_READ)};

	assert_ok(add(&f, 1, 0, "a"));
	assert_int_equal(count(&reader), 1);
	assert_int_not_equal(add(&reader, 2, 0, "b"), RC_OK);
	assert_int_equal(db_begin(&f.s->op, reader.db), RC_DENIED);
	assert_int_not_equal(db_script(&f.s->op, reader.db, "CREATE TABLE c(id {id})"), RC_OK);
	assert_int_equal(count(&reader), 1);
	db_close(reader.db);
	db_close(f.db);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		SCRATCH_TEST(every_type_comes_back_as_it_was_written),
		SCRATCH_TEST(null_reads_as_zero_and_empty),
		SCRATCH_TEST(empty_is_not_null),
		SCRATCH_TEST(text_with_nul_is_refused),
		SCRATCH_TEST(a_copied_value_ends_with_nul),
		SCRATCH_TEST(sums_and_comparisons_are_integers),
		SCRATCH_TEST(a_parameter_beside_a_literal_is_an_integer),
		SCRATCH_TEST(text_is_ordered_by_bytes),
		SCRATCH_TEST(a_change_says_how_many_rows),
		SCRATCH_TEST(a_constraint_is_a_conflict),
		SCRATCH_TEST(one_statement_may_be_open_many_times),
		SCRATCH_TEST(a_wrong_statement_is_named_at_prepare),
		SCRATCH_TEST(a_string_in_double_quotes_is_no_string),
		SCRATCH_TEST(hundreds_of_statements_are_kept),
		SCRATCH_TEST(a_script_is_whole_or_nothing),
		SCRATCH_TEST(a_disabled_statement_matches_nothing),
		SCRATCH_TEST(a_reader_cannot_write),
	};

	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
