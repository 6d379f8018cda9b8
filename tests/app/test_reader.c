/* SPDX-License-Identifier: Apache-2.0 */
/* test_reader.c -- the one reader: whoever waits for something does not hold it. */
#include "kit/check.h"

#include <pthread.h>
#include <stdatomic.h>
#include <unistd.h>

#include "app/reader.h"
#include "shell.h"

enum { WAITING_MOST = 128 }; /* so many may come again, in reader.c */

static struct shell S;
static struct reader *R;

static int setup(void **state)
{
	struct office_options how;

	(void)state;
	shell_open(&S);
	shell_init(&S);
	how = (struct office_options){.data = S.data, .url = S.url};
	assert_ok(reader_start(&S.op, &how, 512, &R));
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	reader_stop(R);
	R = NULL;
	shell_close(&S);
	return 0;
}

/* Comes again until the flag is set, or until it may not. */
struct patient {
	atomic_bool flag, done;
	atomic_int looks, refused;
};

static void look(void *ctx, struct op *op)
{
	struct patient *p = ctx;

	(void)op;
	atomic_fetch_add(&p->looks, 1);
	if (!atomic_load(&p->flag)) {
		if (reader_again(R, look, p) == RC_OK)
			return;
		atomic_fetch_add(&p->refused, 1);
	}
	atomic_store(&p->done, true);
}

static void set(void *ctx, struct op *op)
{
	(void)op;
	atomic_store(&((struct patient *)ctx)->flag, true);
}

static void wait_done(struct patient *p)
{
	for (int i = 0; i < 60000 && !atomic_load(&p->done); i++)
		usleep(1000);
	assert_true(atomic_load(&p->done));
}

/* What it waits for is done behind it in the queue. */
static void who_waits_lets_others_pass(void **state)
{
	struct patient p = {0};

	(void)state;
	assert_ok(reader_submit(R, look, &p));
	assert_ok(reader_submit(R, set, &p));
	wait_done(&p);
	assert_int_equal(atomic_load(&p.refused), 0);
	assert_true(atomic_load(&p.looks) >= 2);
}

struct many {
	struct patient each[WAITING_MOST + 3], ready;
	int refused;
};

static void ask_many(void *ctx, struct op *op)
{
	struct many *m = ctx;

	(void)op;
	for (size_t i = 0; i < COUNT(m->each); i++)
		m->refused += reader_again(R, look, &m->each[i]) != RC_OK;
	atomic_store(&m->ready.done, true);
}

static void only_so_many_may_wait(void **state)
{
	static struct many m;

	(void)state;
	for (size_t i = 0; i < COUNT(m.each); i++)
		m.each[i].flag = true;
	assert_ok(reader_submit(R, ask_many, &m));
	wait_done(&m.ready);
	assert_int_equal(m.refused, 3);
	for (size_t i = 0; i < WAITING_MOST; i++)
		wait_done(&m.each[i]);
	assert_int_equal(atomic_load(&m.each[WAITING_MOST].looks), 0);
}

static void a_stop_leaves_nobody_waiting(void **state)
{
	struct patient p = {0};

	(void)state;
	assert_ok(reader_submit(R, look, &p));
	for (int i = 0; i < 60000 && atomic_load(&p.looks) < 2; i++)
		usleep(1000);
	reader_stop(R); /* between two looks, most likely */
	R = NULL;
	assert_true(atomic_load(&p.done));
	assert_int_equal(atomic_load(&p.refused), 1);
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		T(who_waits_lets_others_pass),
		T(only_so_many_may_wait),
		T(a_stop_leaves_nobody_waiting),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
