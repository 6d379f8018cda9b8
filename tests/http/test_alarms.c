/* SPDX-License-Identifier: Apache-2.0 */
/* test_alarms.c -- alarms are listed as they are dealt with, and their pages hang together: also
 * when one is closed between a page and the next.
 */
#include "kit/check.h"

#include "engine/rule.h"
#include "http/served.h"

enum { READER = 7, MOST = 16 };
#define SITE "sc/cd/jn/s01"

static struct kit K;
static struct served S;

static const struct sql PUT = {
	"INSERT INTO alarm(id, rule, subject, place, colour, raised_ms, cause, rung, rung_due_ms,"
	" owner, asks, newest, folded, ack_by, ack_ms, ack_due_ms, closed, closed_ms, closed_by,"
	" second, reason, false_cause, grp) VALUES (?, 'custody.difference', '" SITE "', '" SITE "',"
	" ?, ?, 1, 0, ?, 'county_office', '', 1, 0, ?, 0, ?, ?, ?, 0, 0, 0, 0, ?)", 9};
static const struct sql CLOSE = {"UPDATE alarm SET closed = 1, closed_ms = ? WHERE id = ?", 2};

struct alarm_put {
	int64_t id;
	enum colour colour;
	int64_t rung_due_ms, ack_by, ack_due_ms, closed_ms, grp;
};

/* In the order in which they are to be told. */
static const struct alarm_put ALARMS[] = {
	{9, COLOUR_RED, 5000, 0, 0, 0, 0},
	{2, COLOUR_RED, 6000, 0, 0, 0, 0},
	{4, COLOUR_RED, 6000, 0, 0, 0, 0},
	{1, COLOUR_RED, 0, 0, 0, 0, 0},        /* the ladder has ended */
	{3, COLOUR_RED, 100, 7, 4000, 0, 0},   /* signed for: its rung is not what it waits for */
	{5, COLOUR_RED, 50, 7, 4500, 0, 0},
	{8, COLOUR_ORANGE, 10, 0, 0, 0, 0},
	{7, COLOUR_YELLOW, 10, 0, 0, 0, 0},
	{6, COLOUR_BLUE, 10, 0, 0, 0, 0},
	{10, COLOUR_RED, 10, 0, 0, 0, 9},      /* under another */
	{12, COLOUR_BLUE, 0, 0, 0, 9000, 0},
	{11, COLOUR_RED, 0, 7, 0, 8000, 0},
};

static int setup(void **state)
{
	struct db *db;

	(void)state;
	served_open_demo(&S, &K);
	kit_grant(&K, READER, "alarm_reader", "sc/cd/jn");
	assert_ok(writer_idle(&K.w));
	db = K.store.view;
	for (size_t i = COUNT(ALARMS); i-- > 0;) {
		const struct alarm_put *a = &ALARMS[i];

		assert_ok(db_exec(&K.op, db, &PUT,
		                  ARGS(sql_int(a->id), sql_int(a->colour), sql_int(a->id * 1000),
		                       sql_int(a->rung_due_ms), sql_int(a->ack_by), sql_int(a->ack_due_ms),
		                       sql_int(a->closed_ms > 0), sql_int(a->closed_ms), sql_int(a->grp))));
	}
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	served_close(&S);
	kit_close(&K);
	return 0;
}

/* The numbers of one page, and its `next`. */
static size_t page(const char *query, int64_t *ret_ids, struct str *ret_next)
{
	struct reply_heard h;
	size_t n = 0;

	served_ask(&S, READER, "GET", str_fmt(&K.arena, "/api/v1/alarm/alarms?%s", query).s, NULL, &h);
	assert_int_equal(h.status, 200);
	for (const struct json *x = json_get(h.doc, "items")->first; x; x = x->next) {
		assert_true(n < MOST);
		ret_ids[n++] = json_int(x, "id", 0);
	}
	*ret_next = str_copy(&K.arena, json_str(h.doc, "next"));
	return n;
}

static void what_is_most_urgent_comes_first(void **state)
{
	int64_t ids[MOST];
	struct str next;

	(void)state;
	assert_int_equal(page("", ids, &next), COUNT(ALARMS));
	for (size_t i = 0; i < COUNT(ALARMS); i++)
		assert_int_equal(ids[i], ALARMS[i].id);
	assert_int_equal(page("state=2", ids, &next), 2);
	assert_int_equal(ids[0], 12);
	assert_int_equal(page("colour=red&total=1", ids, &next), 8);
}

/* A cursor says of the row that was told last what stands in it, and nothing else. */
static struct str cursor_of(const struct alarm_put *a)
{
	int64_t due = a->ack_by ? a->ack_due_ms : a->rung_due_ms;
	int turn = 2 * (COLOUR_RED - (int)a->colour) + (a->ack_by > 0);

	if (a->closed_ms)
		return str_fmt(&K.arena, "k:9:%lld:%lld", -(long long)a->closed_ms, (long long)a->id);
	if (a->grp)
		return str_fmt(&K.arena, "k:8:%lld:%lld", -(long long)a->id * 1000, (long long)a->id);
	return str_fmt(&K.arena, "k:%d:%lld:%lld", turn, (long long)(due ? due : INT64_MAX),
	               (long long)a->id);
}

static void pages_follow_each_other_without_a_gap(void **state)
{
	(void)state;
	for (int limit = 1; limit <= 5; limit++) {
		int64_t ids[MOST];
		struct str next = STR("");
		size_t told = 0;

		do {
			size_t n = page(str_fmt(&K.arena, "limit=%d&after=%s", limit, next.s).s, ids, &next);

			for (size_t i = 0; i < n; i++)
				assert_int_equal(ids[i], ALARMS[told++].id);
			if (next.n && !str_eq(next, cursor_of(&ALARMS[told - 1])))
				fail_msg("after %zu: %s", told, next.s);
		} while (next.n);
		assert_int_equal(told, COUNT(ALARMS));
	}
}

/* By the number of rows that were told, the next page would begin one too late. */
static void one_that_is_closed_meanwhile_hides_no_other(void **state)
{
	int64_t ids[MOST];
	struct str next;

	(void)state;
	assert_int_equal(page("limit=2", ids, &next), 2);
	assert_true(str_starts(next, STR("k:")));
	assert_ok(db_exec(&K.op, K.store.view, &CLOSE, ARGS(sql_int(10000), sql_int(ALARMS[0].id))));
	assert_int_equal(page(str_fmt(&K.arena, "limit=2&after=%s", next.s).s, ids, &next), 2);
	assert_int_equal(ids[0], ALARMS[2].id);
	assert_int_equal(ids[1], ALARMS[3].id);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_most_urgent_comes_first),
		cmocka_unit_test(pages_follow_each_other_without_a_gap),
		cmocka_unit_test(one_that_is_closed_meanwhile_hides_no_other),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
