/* SPDX-License-Identifier: Apache-2.0 */
/* test_narrow.c -- some rows of a statement, found and counted by the database. */
#include "kit/check.h"

#include "db/narrow.h"
#include "kit/scratch.h"

static const struct sql ADD = {"INSERT INTO n(id, place, code, at_ms) VALUES (?, ?, ?, ?)", 4};
/* The order is by what is no column of the rows, and one of its parts has an order of its own. */
static const struct sql ALL = {"SELECT n.id, n.place, n.code, n.at_ms FROM n ORDER BY n.turn,"
                               " (SELECT m.turn FROM n m WHERE m.code = ') ORDER BY ('"
                               " ORDER BY m.id LIMIT 1), n.id", 0};

struct fixture {
	struct scratch *s;
	struct db *db;
};

static const struct {
	int64_t id;
	const char *place, *code; /* NULL: none */
	int64_t at_ms;            /* 0: none */
} ROWS[] = {
	{1, "sc/a", "X1", 100},   {2, "sc/a/s1", "X2", 200},   {3, "sc/a/s1/r1", "", 300},
	{4, "sc/a-2", "X1", 300}, {5, "sc/a0", "X2", 400},     {6, "sc/b", NULL, 0},
	{7, "", "X1", 500},       {8, "sc/a/s10", "X2", 200},  {9, NULL, "X3", 200},
};

static struct fixture start(void **state)
{
	struct fixture f = {.s = *state, .db = scratch_db(*state, DB_CREATE)};

	assert_ok(db_script(&f.s->op, f.db, "CREATE TABLE n(id {id} PRIMARY KEY, place {text},"
	                    " code {text}, at_ms {int}, turn {int} NOT NULL DEFAULT 0)"));
	for (size_t i = 0; i < COUNT(ROWS); i++)
		assert_ok(db_exec(&f.s->op, f.db, &ADD,
		                  ARGS(sql_int(ROWS[i].id),
		                       ROWS[i].place ? sql_z(ROWS[i].place) : sql_null(),
		                       ROWS[i].code ? sql_z(ROWS[i].code) : sql_null(),
		                       ROWS[i].at_ms ? sql_int(ROWS[i].at_ms) : sql_null())));
	return f;
}

static struct narrow all(void)
{
	return (struct narrow){.from = &ALL, .ncolumns = 4, .place_at = 1, .time_at = -1, .limit = -1};
}

/* "1 2 3", and as many are counted. */
static void finds(struct fixture *f, struct narrow n, const char *want)
{
	struct rows r = {0};
	struct strbuf b;
	int64_t found = 0, counted = -1;

	strbuf_init(&b, f->s->op.arena);
	assert_ok(db_narrow(&f->s->op, f->db, &n, &r));
	for (; rows_next(&r); found++)
		strbuf_addf(&b, "%s%lld", b.n ? " " : "", (long long)rows_int(&r, 0));
	rows_release(&r);
	assert_string_equal(b.n ? strbuf_str(&b).s : "", want);
	assert_ok(db_narrow_count(&f->s->op, f->db, &n, &counted));
	if (n.limit < 0)
		assert_int_equal(counted, found);
	else
		assert_true(counted >= found);
	n.wide = true;
	r = (struct rows){0};
	assert_ok(db_narrow(&f->s->op, f->db, &n, &r));
	for (; rows_next(&r); found--)
		;
	rows_release(&r);
	assert_int_equal(found, 0); /* how it is found is not what */
}

static void what_lies_at_a_place_and_below_is_found(void **state)
{
	struct fixture f = start(state);
	struct narrow n = all();

	finds(&f, n, "1 2 3 4 5 6 7 8 9");
	n.places[n.nplaces++] = STR("sc/a");
	finds(&f, n, "1 2 3 8"); /* neither sc/a-2 nor sc/a0 */
	n.places[0] = STR("sc/a/s1");
	finds(&f, n, "2 3");
	n.places[n.nplaces++] = STR("sc/b");
	finds(&f, n, "2 3 6");
	for (; n.nplaces < NARROW_PLACES; n.nplaces++)
		n.places[n.nplaces] = str_fmt(f.s->op.arena, "sc/c%zu", n.nplaces);
	finds(&f, n, "2 3 6");
	n.none = true;
	finds(&f, n, "");
	db_close(f.db);
}

static void cells_and_times_are_compared(void **state)
{
	struct fixture f = start(state);
	struct narrow n = all();

	n.cells[n.ncells++] = (struct narrow_cell){2, sql_z("X1"), .rare = true};
	finds(&f, n, "1 4 7");
	n.cells[n.ncells++] = (struct narrow_cell){2, sql_z(""), .or_null = true};
	finds(&f, n, "1 3 4 6 7"); /* either of them */
	n.cells[n.ncells++] = (struct narrow_cell){3, sql_int(300)};
	finds(&f, n, "3 4");
	n.cells[2].v = sql_null();
	finds(&f, n, "6");
	n = all();
	n.time_at = 3;
	n.since = 200;
	n.before = 400;
	finds(&f, n, "2 3 4 8 9");
	n.since = INT64_MIN;
	finds(&f, n, "1 2 3 4 6 8 9");
	db_close(f.db);
}

static void a_page_is_part_of_them(void **state)
{
	struct fixture f = start(state);
	struct narrow n = all();

	n.limit = 3;
	finds(&f, n, "1 2 3");
	n.offset = 7;
	finds(&f, n, "8 9");
	n.offset = 0;
	n.nkeys = 2;
	n.keys[0] = 3;
	n.keys[1] = 0;
	n.cells[n.ncells++] = (struct narrow_cell){2, sql_z("X2")};
	finds(&f, n, "2 8 5");
	n.is_behind = true;
	n.behind[0] = sql_int(200);
	n.behind[1] = sql_int(2);
	finds(&f, n, "8 5");
	db_close(f.db);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		SCRATCH_TEST(what_lies_at_a_place_and_below_is_found),
		SCRATCH_TEST(cells_and_times_are_compared),
		SCRATCH_TEST(a_page_is_part_of_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
