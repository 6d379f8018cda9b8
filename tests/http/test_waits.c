/* SPDX-License-Identifier: Apache-2.0 */
/* test_waits.c -- a view that is asked for an entry which the projections have not seen: the
 * exchange waits and the reader does not, for a while, and not for ever.
 */
#include "kit/check.h"

#include "http/served.h"

enum { LOOKS_MOST = 101 };

static struct kit K;
static struct served S;

/* The reader. */
static struct {
	int calls, until; /* at that call the entry comes; 0: never */
	bool full;
} R;

static enum rc again(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct served *s = ctx;

	R.calls++;
	if (R.full || R.calls > 2 * LOOKS_MOST)
		return RC_BUSY;
	if (R.calls == R.until) {
		kit_grant(&K, 7, "inspector", "sc/cd/jn");
		assert_ok(writer_idle(&K.w));
	}
	return s->api.read(ctx, job, job_ctx);
}

static int setup(void **state)
{
	(void)state;
	served_open_demo(&S, &K);
	S.api.again = again;
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	served_close(&S);
	kit_close(&K);
	return 0;
}

static const char *const VIEW = "people/persons?", *const BOOKS = "custody/balance?place=sc/cd/jn&";

/* `ahead` 0: the next entry. */
static void look_at(const char *what, long long ahead, int want, struct reply_heard *ret)
{
	R.calls = 0;
	served_ask(&S, 7, "GET", str_fmt(&K.arena, "/api/v1/%smin_index=%lld", what,
	                                 (long long)kit_size(&K) + ahead).s, NULL, ret);
	if (ret->status != want)
		fail_msg("%s: %d, not %d", what, ret->status, want);
}

static void look(long long ahead, int want, struct reply_heard *ret)
{
	look_at(VIEW, ahead, want, ret);
}

static void an_entry_that_comes_is_waited_for(void **state)
{
	struct reply_heard h;

	(void)state;
	R.until = 3;
	look(0, 200, &h);
	assert_int_equal(R.calls, 3);
	assert_int_equal(json_int(h.doc, "size", 0), kit_size(&K));
	look(-1, 200, &h);
	assert_int_equal(R.calls, 0);
}

static void one_that_does_not_come_is_not_waited_for_without_end(void **state)
{
	struct reply_heard h;

	(void)state;
	R.until = 0;
	look(0, 503, &h);
	assert_true(R.calls > 1 && R.calls < LOOKS_MOST);
	look(LIMIT_BATCH + 1, 409, &h); /* far ahead: nobody can have been told of it */
	assert_int_equal(R.calls, 0);
}

static void when_too_many_wait_the_answer_comes_at_once(void **state)
{
	struct reply_heard h;

	(void)state;
	R.full = true;
	look(0, 503, &h);
	assert_int_equal(R.calls, 1);
	R.full = false;
}

/* Whoever has handed over asks what is held now: not what was held before. */
static void what_is_made_of_views_waits_as_they_do(void **state)
{
	struct reply_heard h;

	(void)state;
	kit_grant(&K, 7, "county_office", "sc/cd/jn");
	assert_ok(writer_idle(&K.w));
	R.until = 3;
	look_at(BOOKS, 0, 200, &h);
	assert_int_equal(R.calls, 3);
	assert_int_equal(json_int(h.doc, "size", 0), kit_size(&K));
	R.until = 0;
	look_at(BOOKS, 0, 503, &h);
	assert_true(R.calls > 1 && R.calls < LOOKS_MOST);
	look_at(BOOKS, LIMIT_BATCH + 1, 409, &h);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_entry_that_comes_is_waited_for),
		cmocka_unit_test(one_that_does_not_come_is_not_waited_for_without_end),
		cmocka_unit_test(what_is_made_of_views_waits_as_they_do),
		cmocka_unit_test(when_too_many_wait_the_answer_comes_at_once),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
