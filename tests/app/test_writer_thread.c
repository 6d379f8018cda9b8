/* SPDX-License-Identifier: Apache-2.0 */
/* test_writer_thread.c -- the queue and its threads, before a writer made of a few functions.  With
 * the argument `landing` a thread of its own lands the batches.
 *
 * The writer here is slow, or held by a gate, or fails, as a test wants; so queues fill and
 * batches gather without a disk.  It keeps what it "committed", and every test compares that with
 * what was acknowledged.
 */
#include "kit/check.h"

#include <pthread.h>
#include <unistd.h>

#include "app/writer_thread.h"
#include "base/limits.h"

enum { PRODUCERS = 4, PER_PRODUCER = 2000, MANY = PRODUCERS * PER_PRODUCER };

/* The writer's side: only its thread touches these while it runs, but the gate. */
struct fake {
	struct writer w; /* first: the fake is found from it */
	struct clock clock;
	pthread_mutex_t gate;
	bool committed[MANY];
	int64_t open[LIMIT_BATCH], aloft[LIMIT_BATCH];
	size_t nopen, naloft;
	int ticks, idles;
	int fail_batch;  /* this batch fails whole; 0: none */
	enum rc cause;   /* of that; 0: RC_BROKEN */
	int batches;
	size_t largest;
	int64_t tick_every_ms;
};

static void fake_init(struct fake *f)
{
	memset(f, 0, sizeof(*f));
	f->clock = clock_system();
	f->w.clock = &f->clock;
	f->w.next_due_ms = INT64_MAX;
	pthread_mutex_init(&f->gate, NULL);
}

enum rc writer_run(struct writer *w, const struct request *r, struct answer *a, size_t from,
                   size_t n)
{
	struct fake *f = (struct fake *)w;

	pthread_mutex_lock(&f->gate); /* a test holds it to make the writer wait */
	pthread_mutex_unlock(&f->gate);
	for (size_t i = from; i < n; i++) {
		f->open[i] = r[i].seq;
		a[i] = (struct answer){.rc = RC_OK, .index = r[i].seq};
	}
	f->nopen = n;
	return RC_OK;
}

enum rc writer_launch(struct writer *w)
{
	struct fake *f = (struct fake *)w;

	assert_int_equal(f->naloft, 0);
	memcpy(f->aloft, f->open, sizeof(f->open));
	f->naloft = f->nopen;
	f->nopen = 0;
	f->batches++;
	if (f->naloft > f->largest)
		f->largest = f->naloft;
	return RC_OK;
}

enum rc writer_land(struct writer *w, struct err *ret_why)
{
	struct fake *f = (struct fake *)w;

	if (f->batches == f->fail_batch) {
		(void)err_set(ret_why, GY_WHERE, f->cause ? f->cause : RC_BROKEN, "", "", "%s", "%s",
		              "disk");
		return RC_BROKEN;
	}
	for (size_t i = 0; i < f->naloft; i++)
		f->committed[f->aloft[i]] = true;
	return RC_OK;
}

enum rc writer_landed(struct writer *w, enum rc landed, const struct err *why)
{
	struct fake *f = (struct fake *)w;

	if (landed == RC_OK) {
		w->ledger.tree.size += f->naloft;
	} else {
		w->read_only = true;
		w->broken = *why;
	}
	f->naloft = 0;
	return landed;
}

enum rc writer_tick(struct writer *w, int64_t *ret_next)
{
	struct fake *f = (struct fake *)w;

	f->ticks++;
	w->next_due_ms = f->tick_every_ms ? clock_now_ms(w->clock) + f->tick_every_ms : INT64_MAX;
	*ret_next = w->next_due_ms;
	return RC_OK;
}

enum rc writer_idle(struct writer *w)
{
	((struct fake *)w)->idles++;
	return RC_OK;
}

static bool LANDING;

static struct writer_thread *start(struct fake *f, size_t queue, size_t batch)
{
	struct writer_thread_options o = {.writer = &f->w, .queue = queue, .batch = batch,
	                                  .read = LANDING ? (struct db *)f : NULL};
	struct writer_thread *t = NULL;
	CHECK_OP(op);

	assert_ok(writer_thread_start(&op, &o, &t));
	check_op_release(&op);
	return t;
}

struct tally {
	pthread_mutex_t lock;
	int ok, broken;
};

static void tally_answer(void *ctx, const struct answer *a)
{
	struct tally *t = ctx;

	pthread_mutex_lock(&t->lock);
	t->ok += a->rc == RC_OK;
	t->broken += a->rc == RC_BROKEN;
	pthread_mutex_unlock(&t->lock);
}

struct producer {
	struct writer_thread *t;
	int first;
	bool acknowledged[PER_PRODUCER];
	int busy;
};

static void *produce(void *p)
{
	struct producer *x = p;

	for (int i = 0; i < PER_PRODUCER; i++) {
		struct request r = {.seq = x->first + i};
		struct answer a;
		enum rc rc = writer_thread_do(x->t, &r, &a);

		x->busy += rc == RC_BUSY;
		x->acknowledged[i] = rc == RC_OK && a.index == x->first + i;
	}
	return NULL;
}

static void every_acknowledged_request_of_four_producers_is_committed(void **state)
{
	static struct producer p[PRODUCERS];
	static struct fake f;
	struct writer_thread *t;
	pthread_t thread[PRODUCERS];
	int acknowledged = 0, committed = 0;

	(void)state;
	fake_init(&f);
	t = start(&f, 64, 16);
	for (int i = 0; i < PRODUCERS; i++) {
		p[i] = (struct producer){.t = t, .first = i * PER_PRODUCER};
		assert_int_equal(pthread_create(&thread[i], NULL, produce, &p[i]), 0);
	}
	for (int i = 0; i < PRODUCERS; i++)
		pthread_join(thread[i], NULL);
	assert_ok(writer_thread_stop(t));
	for (int i = 0; i < MANY; i++) {
		bool ack = p[i / PER_PRODUCER].acknowledged[i % PER_PRODUCER];

		acknowledged += ack;
		committed += f.committed[i];
		if (ack)
			assert_true(f.committed[i]);
	}
	assert_int_equal(acknowledged, MANY); /* four wait for an answer each: 64 places are enough */
	assert_int_equal(committed, MANY);
}

static void a_full_queue_answers_busy_at_once_and_drops_nothing(void **state)
{
	static struct fake f;
	static struct request r[12];
	struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct writer_thread *t;
	int accepted = 0, busy = 0;
	struct answer a;

	(void)state;
	fake_init(&f);
	pthread_mutex_lock(&f.gate);
	t = start(&f, 8, 2);
	for (int i = 0; i < 12; i++) {
		enum rc rc;

		r[i].seq = i;
		rc = writer_thread_submit(t, &r[i], tally_answer, &tally);
		accepted += rc == RC_OK;
		busy += rc == RC_BUSY;
	}
	/* 8 wait, and the thread may have taken up to 2 more into the batch that is held. */
	assert_in_range(accepted, 8, 10);
	assert_int_equal(accepted + busy, 12);
	while (writer_thread_counts(t).waiting < 8)
		if (writer_thread_submit(t, &r[11], tally_answer, &tally) == RC_OK)
			accepted++;
	assert_int_equal(writer_thread_do(t, &r[11], &a), RC_BUSY);
	assert_int_equal(a.err.rc, RC_BUSY);
	assert_true(a.err.zh[0] && a.err.en[0]);
	pthread_mutex_unlock(&f.gate);
	assert_ok(writer_thread_stop(t));
	assert_int_equal(tally.ok, accepted);
}

static void what_waits_goes_into_one_commit(void **state)
{
	static struct fake f;
	static struct request r[40];
	struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct writer_thread *t;

	(void)state;
	fake_init(&f);
	pthread_mutex_lock(&f.gate);
	t = start(&f, 64, 16);
	for (int i = 0; i < 40; i++) {
		r[i].seq = i;
		assert_ok(writer_thread_submit(t, &r[i], tally_answer, &tally));
	}
	pthread_mutex_unlock(&f.gate);
	assert_ok(writer_thread_stop(t));
	assert_int_equal(tally.ok, 40);
	assert_int_equal(f.largest, 16); /* the bound */
	assert_in_range(f.batches, 3, 4); /* the first may have been taken early and small */
}

static void a_batch_that_fails_acknowledges_nobody(void **state)
{
	static struct fake f;
	static struct request r[10];
	struct tally tally = {.lock = PTHREAD_MUTEX_INITIALIZER};
	struct writer_thread *t;

	(void)state;
	fake_init(&f);
	f.fail_batch = 1;
	pthread_mutex_lock(&f.gate);
	t = start(&f, 16, 16);
	for (int i = 0; i < 10; i++) {
		r[i].seq = i;
		assert_ok(writer_thread_submit(t, &r[i], tally_answer, &tally));
		if (i == 0)
			while (writer_thread_counts(t).waiting)
				usleep(1000); /* the thread holds the first alone */
	}
	pthread_mutex_unlock(&f.gate);
	assert_int_equal(writer_thread_stop(t), RC_BROKEN);
	/* What was run meanwhile goes with it. */
	assert_in_range(tally.broken, 1, LANDING ? 10 : 1);
	assert_false(f.committed[0]);
	assert_int_equal(tally.ok, 10 - tally.broken);
}

/* A server that did not answer is busy; when the writer cannot be opened again, it is the end. */
static void what_ended_the_writer_is_told(void **state)
{
	static struct fake f;
	struct request r = {.seq = 1};
	struct writer_thread *t;
	struct answer a;

	(void)state;
	fake_init(&f);
	f.fail_batch = 1;
	f.cause = RC_BUSY;
	t = start(&f, 16, 16);
	assert_int_equal(writer_thread_do(t, &r, &a), RC_BROKEN);
	assert_int_equal(a.err.rc, RC_BROKEN);
	assert_non_null(strstr(a.err.en, "disk"));
	assert_int_equal(writer_thread_stop(t), RC_BROKEN);
}

static void stopping_answers_all_that_wait_and_refuses_the_rest(void **state)
{
	static struct fake f;
	static struct producer p;
	struct writer_thread *t;
	pthread_t thread;

	(void)state;
	fake_init(&f);
	t = start(&f, 64, 4);
	p = (struct producer){.t = t};
	assert_int_equal(pthread_create(&thread, NULL, produce, &p), 0);
	pthread_join(thread, NULL);
	assert_int_equal(writer_thread_counts(t).answered, PER_PRODUCER);
	assert_ok(writer_thread_stop(t));
	for (int i = 0; i < PER_PRODUCER; i++)
		assert_true(p.acknowledged[i] == f.committed[i]);
	assert_true(f.idles > 0);
}

static void timers_run_without_requests(void **state)
{
	static struct fake f;
	struct writer_thread *t;

	(void)state;
	fake_init(&f);
	f.tick_every_ms = 5;
	f.w.next_due_ms = clock_now_ms(&f.clock);
	t = start(&f, 8, 8);
	for (int i = 0; i < 1000 && writer_thread_counts(t).ticks < 5; i++)
		usleep(5000);
	assert_true(writer_thread_counts(t).ticks >= 5);
	assert_ok(writer_thread_stop(t));
}

static void timers_of_a_virtual_clock_wait_for_requests(void **state)
{
	static struct fake f;
	struct writer_thread *t;

	(void)state;
	fake_init(&f);
	f.clock = clock_virtual(1000);
	f.w.next_due_ms = 500; /* long due */
	t = start(&f, 8, 8);
	usleep(30000);
	assert_int_equal(writer_thread_counts(t).ticks, 0);
	assert_ok(writer_thread_stop(t));
}

static void projections_go_to_disk_when_idle(void **state)
{
	static struct fake f;
	struct writer_thread *t;
	struct request r = {.seq = 1};
	struct answer a;

	(void)state;
	fake_init(&f);
	t = start(&f, 8, 8);
	assert_ok(writer_thread_do(t, &r, &a));
	for (int i = 0; i < 1000 && !writer_thread_counts(t).idles; i++)
		usleep(1000);
	assert_int_equal(writer_thread_counts(t).idles, 1);
	usleep(20000);
	assert_int_equal(writer_thread_counts(t).idles, 1); /* and not again without need */
	assert_ok(writer_thread_stop(t));
}

static void sum_job(void *ctx, struct writer *w)
{
	*(uint64_t *)ctx += w->ledger.tree.size; /* plain: only the writer's thread may be here */
	w->view_at++;
}

static void *sum_jobs(void *p)
{
	uint64_t sum = 0;

	for (int i = 0; i < 200; i++)
		if (writer_thread_run(p, sum_job, &sum) != RC_OK)
			return p;
	return NULL;
}

static void a_job_runs_between_batches_on_the_writers_thread(void **state)
{
	static struct producer p;
	static struct fake f;
	struct writer_thread *t;
	pthread_t jobs, thread;
	void *failed;

	(void)state;
	fake_init(&f);
	t = start(&f, 64, 16);
	p = (struct producer){.t = t};
	assert_int_equal(pthread_create(&jobs, NULL, sum_jobs, t), 0);
	assert_int_equal(pthread_create(&thread, NULL, produce, &p), 0);
	pthread_join(thread, NULL);
	pthread_join(jobs, &failed);
	assert_null(failed);
	assert_ok(writer_thread_stop(t));
	assert_int_equal(f.w.view_at, 200);
	assert_int_equal(f.w.ledger.tree.size, PER_PRODUCER);
}

int main(int argc, char **argv)
{
	LANDING = argc > 1 && strcmp(argv[1], "landing") == 0;
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_acknowledged_request_of_four_producers_is_committed),
		cmocka_unit_test(a_full_queue_answers_busy_at_once_and_drops_nothing),
		cmocka_unit_test(what_waits_goes_into_one_commit),
		cmocka_unit_test(a_batch_that_fails_acknowledges_nobody),
		cmocka_unit_test(what_ended_the_writer_is_told),
		cmocka_unit_test(stopping_answers_all_that_wait_and_refuses_the_rest),
		cmocka_unit_test(timers_run_without_requests),
		cmocka_unit_test(timers_of_a_virtual_clock_wait_for_requests),
		cmocka_unit_test(projections_go_to_disk_when_idle),
		cmocka_unit_test(a_job_runs_between_batches_on_the_writers_thread),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
