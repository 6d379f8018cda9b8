/* SPDX-License-Identifier: Apache-2.0 */
/* test_demo.c -- the demo's story: whole, deterministic, and the same in parts. */
#include "kit/check.h"

#include "kit/kit.h"

#include "app/demo.h"
#include "app/modules.h"
#include "engine/alarm.h"
#include "engine/book.h"

static struct str profile(struct arena *a)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct op op = {.arena = a};
	struct str text;

	assert_ok(
		file_read(&op, str_fmt(a, "%s/profiles/demo.json", root ? root : "."), 1 << 20, &text));
	return text;
}

static void open_drill(struct kit *k, uint64_t seed)
{
	struct arena a = {0};

	kit_open(k, app_modules, app_nmodules, profile(&a).s, seed);
	clock_set(&k->clock, demo_start_ms());
	arena_release(&a);
}

static void play(struct kit *k, uint64_t seed, uint64_t stop)
{
	enum rc rc = demo_run(&k->op, &k->w, seed, stop, NULL, NULL);

	if (rc != RC_OK)
		fail_msg("demo: %s (%s) at %s", k->op.err.en, k->op.err.field, k->op.err.where);
}

struct heard {
	int lines, milestones;
	int64_t last_ms;
};

static void hear(void *ctx, const struct demo_line *line)
{
	struct heard *h = ctx;

	assert_true(line->at_ms >= h->last_ms);
	assert_true(line->zh.n && line->en.n);
	assert_true(line->index >= 0);
	h->last_ms = line->at_ms;
	h->lines++;
	h->milestones += line->milestone;
}

static int64_t alarms_raised(struct kit *k, const char *rule)
{
	struct str q = str_fmt(&k->arena, "SELECT COUNT(*) FROM alarm WHERE rule = '%s'", rule);

	return kit_sql(k, q.s);
}

static void three_days_of_a_county(void **state)
{
	struct heard h = {0};
	struct balance *b;
	struct kit k;
	struct op op;
	size_t n;

	open_drill(&k, 1);
	if (demo_run(&k.op, &k.w, 1, UINT64_MAX, hear, &h) != RC_OK)
		fail_msg("demo: %s (%s)", k.op.err.en, k.op.err.field);
	assert_true(h.lines > 2000 && h.milestones > 50 && h.milestones < 140);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM custody_bag"), 300);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM custody_bag WHERE state = 4"), 300);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM custody_bag WHERE missing <> 0"), 0);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM custody_half_day"), 6);
	assert_int_equal(kit_count(&k, "order.refused"), 1);
	assert_int_equal(kit_count(&k, "custody.handover_disputed"), 1);
	/* What went wrong was alarmed, nothing else, and all of it is closed. */
	assert_int_equal(alarms_raised(&k, "custody.patrol_missing"), 1);
	assert_int_equal(alarms_raised(&k, "custody.counts_differ"), 1);
	assert_int_equal(alarms_raised(&k, "custody.difference"), 1);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM alarm"), 3);
	assert_int_equal(kit_sql(&k, "SELECT COUNT(*) FROM alarm WHERE closed = 1"), 3);
	op = k.op;
	op.db = k.store.view;
	assert_ok(book_unbalanced(&op, &b, &n));
	assert_int_equal(n, 0);
	assert_int_equal(kit_sql(&k, "SELECT CAST(SUM(qty) AS BIGINT) FROM book_balance"
	                         " WHERE holder = 'printed'"), -(264 * 30 + 36 * 10));
	kit_check_rebuild(&k, (const char *const[]){"custody_bag", "custody_trace", "alarm",
	                                            "expectation", "book_balance", NULL});
	kit_close(&k);
	(void)state;
}

static struct hash root_of(uint64_t seed, const uint64_t *stops, size_t n)
{
	struct hash root;
	struct kit k;

	open_drill(&k, seed);
	for (size_t i = 0; i < n; i++) {
		play(&k, seed, stops[i]);
		assert_true(kit_size(&k) >= stops[i]);
		if (i + 1 < n)
			kit_reopen(&k);
	}
	root = kit_root(&k);
	kit_close(&k);
	return root;
}

static void one_seed_has_one_root(void **state)
{
	static const uint64_t STOP[] = {900};
	struct hash a = root_of(7, STOP, 1), b = root_of(7, STOP, 1), c = root_of(8, STOP, 1);

	assert_true(hash_eq(&a, &b));
	assert_false(hash_eq(&a, &c));
	(void)state;
}

/* Stops at every kind of place: while founding, between patrols, after the refused release, among
 * the timers of an alarm. */
static void parts_give_the_root_of_the_whole(void **state)
{
	static const uint64_t WHOLE[] = {2000};
	uint64_t parts[40];
	struct hash a = root_of(3, WHOLE, 1), b;
	size_t n = 0;

	for (uint64_t at = 50; at < 1000; at += 190)
		parts[n++] = at;
	for (uint64_t at = 1020; at < 2000; at += 40)
		parts[n++] = at;
	parts[n++] = 2000;
	b = root_of(3, parts, n);
	assert_true(hash_eq(&a, &b));
	(void)state;
}

static void the_refused_release_is_not_asked_twice(void **state)
{
	struct kit k;
	int64_t refused = 0;

	open_drill(&k, 5);
	for (uint64_t at = 1000; !refused && at < 3000; at++) {
		play(&k, 5, at);
		refused = kit_count(&k, "order.refused");
	}
	assert_int_equal(refused, 1);
	play(&k, 5, kit_size(&k) + 1);
	assert_int_equal(kit_count(&k, "order.refused"), 1);
	kit_close(&k);
	(void)state;
}

static void another_seed_is_refused(void **state)
{
	struct kit k;

	open_drill(&k, 1);
	play(&k, 1, 60);
	assert_int_equal(demo_run(&k.op, &k.w, 2, 100, NULL, NULL), RC_CONFLICT);
	assert_string_equal(k.op.err.field, "seed");
	kit_close(&k);
	(void)state;
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(three_days_of_a_county),
		cmocka_unit_test(one_seed_has_one_root),
		cmocka_unit_test(parts_give_the_root_of_the_whole),
		cmocka_unit_test(the_refused_release_is_not_asked_twice),
		cmocka_unit_test(another_seed_is_refused),
	};

	if (getenv("GONGYUAN_TEST"))
		cmocka_set_test_filter(getenv("GONGYUAN_TEST"));
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
