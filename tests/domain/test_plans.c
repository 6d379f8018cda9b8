/* SPDX-License-Identifier: Apache-2.0 */
/* test_plans.c -- how SQLite finds the rows of each statement.
 *
 * A table whose key begins with the session is tempting: without statistics SQLite takes that key
 * rather than an index that knows the room too, and reads a province's whole session for each room.
 * No act's cost may grow with the other sites, nor a list's that a site or county reads.
 */
#include "kit/check.h"

#include "app/modules.h"
#include "db/narrow.h"
#include "engine/modules_private.h"
#include "engine/rebuild.h"

/* Rows that are few at any size, or that a report asks for and no act. */
static const char *const ALLOWED[] = {
	"custody_localise",   /* a report: gaps of a session */
	"custody_reconcile",  /* a report: the half day's reconciliation */
	"sitting_violation",  /* violations of a session */
	"custody_spare", "custody_stop", /* stops and second papers of a session */
};

static bool is_allowed(const char *module)
{
	for (size_t i = 0; i < COUNT(ALLOWED); i++)
		if (strcmp(ALLOWED[i], module) == 0)
			return true;
	return false;
}

/* "… session = ? AND site = ? …": more is known than the session. */
static bool knows_more(const char *text)
{
	const char *at = strstr(text, "session = ? AND ");
	size_t n;

	if (!at)
		return false;
	at += strlen("session = ? AND ");
	n = strspn(at, "abcdefghijklmnopqrstuvwxyz_");
	return n > 0 && strncmp(at + n, " = ?", 4) == 0;
}

static bool reads_a_session(const char *plan)
{
	size_t n = strlen(plan), m = strlen("(session=?)");

	return n > m && strcmp(plan + n - m, "(session=?)") == 0;
}

static bool is_big(const char *plan)
{
	static const char *const BIG[] = {"arrange_room", "arrange_seat", "arrange_wait",
	                                  "sitting_entry", "custody_bag", "custody_trace",
	                                  "exam_candidate"};

	if (strncmp(plan, "SCAN ", 5) != 0)
		return false;
	for (size_t i = 0; i < COUNT(BIG); i++)
		if (strncmp(plan + 5, BIG[i], strlen(BIG[i])) == 0 &&
		    (plan[5 + strlen(BIG[i])] == 0 || plan[5 + strlen(BIG[i])] == ' '))
			return true;
	return false;
}

static size_t bad_plans(struct op *op, struct db *db, const struct module *m, size_t k)
{
	const char *text = m->sql[k].text;
	AUTO(rows) r = {0};
	size_t bad = 0;

	assert_ok(db_query_text(op, db, str_fmt(op->arena, "EXPLAIN QUERY PLAN %s", text), &r));
	while (rows_next(&r)) {
		const char *plan = rows_dup(op->arena, &r, 3).s;
		bool slow = (reads_a_session(plan) && knows_more(text)) ||
		            (is_big(plan) && (strstr(text, "room = ?") || strstr(text, "code = ?") ||
		                              strstr(text, "candidate = ?")));

		if (slow && !is_allowed(m->name)) {
			print_error("%s/%zu: %s\n  %s\n", m->name, k, plan, text);
			bad++;
		}
	}
	return bad;
}

static void no_statement_reads_a_whole_session_for_one_room(void **state)
{
	struct modules m;
	struct db *db;
	size_t bad = 0, seen = 0;
	CHECK_OP(op);

	(void)state;
	assert_ok(modules_init(&op, app_modules, app_nmodules, &m));
	assert_ok(db_open_memory(&op, &db));
	assert_ok(projection_create(&op, db, &m));
	for (size_t i = 0; i < m.index->nall; i++)
		for (size_t k = 0; k < m.index->all[i]->nsql; k++)
			if (m.index->all[i]->sql[k].text) {
				bad += bad_plans(&op, db, m.index->all[i], k);
				seen++;
			}
	assert_true(seen > 300);
	assert_int_equal(bad, 0);
	db_close(db);
	modules_release(&m);
	check_op_release(&op);
}

/* Lists that a city has a hundred thousand rows of, and what is asked of each. */
static const struct {
	const char *view, *place;
	bool is_behind;
} LISTS[] = {
	{"arrange/seats", "sc/cd/x01/s01", false}, {"arrange/seats", "sc/cd/x01/s01", true},
	{"arrange/seats", "", true},               {"arrange/waiting", "sc/cd/x01/s01", false},
	{"exam/candidates", "sc/cd/x01", false},   {"exam/candidates", "", true},
	{"sitting/items", "sc/cd/x01/s01", false}, {"expect/expectations", "sc/cd/x01/s01", false},
	{"custody/boxes", "sc/cd/x01/s01", false}, {"custody/bags", "sc/cd/x01/s01", false},
	{"custody/papers", "sc/cd/x01/s01", false},
};

static struct narrow list_at(const struct modules *m, size_t i)
{
	const struct view *v = name_map_get(&m->index->views, str_of(LISTS[i].view));
	struct narrow n = {.from = v->sql, .ncolumns = (int)v->ncolumns, .time_at = -1, .limit = 200,
	                   .places = {str_of(LISTS[i].place)}, .nplaces = LISTS[i].place[0] != 0,
	                   .is_behind = LISTS[i].is_behind};

	while (v->columns[n.place_at].type != F_PLACE)
		n.place_at++;
	for (; n.nkeys < v->nkeys; n.nkeys++) {
		n.keys[n.nkeys] = v->keys[n.nkeys];
		n.behind[n.nkeys] = v->columns[v->keys[n.nkeys]].type == F_INT ? sql_int(1) : sql_z("A");
	}
	return n;
}

static void a_place_of_a_long_list_is_found_by_an_index(void **state)
{
	struct modules m;
	struct db *db;
	CHECK_OP(op);

	(void)state;
	assert_ok(modules_init(&op, app_modules, app_nmodules, &m));
	assert_ok(db_open_memory(&op, &db));
	assert_ok(projection_create(&op, db, &m));
	for (size_t i = 0; i < COUNT(LISTS); i++) {
		struct narrow n = list_at(&m, i);
		AUTO(rows) r = {0};

		assert_ok(db_narrow_plan(&op, db, &n, &r));
		while (rows_next(&r))
			if (str_starts(rows_str(&r, 3), STR("SCAN ")))
				fail_msg("%s at %s: %s", LISTS[i].view, LISTS[i].place,
				         rows_dup(op.arena, &r, 3).s);
	}
	db_close(db);
	modules_release(&m);
	check_op_release(&op);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(no_statement_reads_a_whole_session_for_one_room),
		cmocka_unit_test(a_place_of_a_long_list_is_found_by_an_index),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
