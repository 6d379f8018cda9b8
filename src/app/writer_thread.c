/* SPDX-License-Identifier: Apache-2.0 */
/* writer_thread.c -- a ring of requests, one mutex, one condition, one thread.
 *
 * The thread sleeps until a request comes, a timer is due or the projections have waited long
 * enough for the disk.  The lock is never held while the writer works, so producers only ever
 * wait for each other.
 */
#include "app/writer_thread.h"

#include <pthread.h>

#include "base/limits.h"

/* The longest sleep: a wall clock that is set forward by hand is noticed within a second. */
#define SLEEP_MAX_MS 1000
/* Idle: so long nothing came.  Between two batches of a busy hour the queue is often empty for a
 * moment, and each commit of the projections writes all pages that the batches share. */
#define IDLE_AFTER_MS 4

/* A request, or a job that must run between batches (request NULL). */
struct waiting {
	const struct request *request;
	writer_answered *done;
	void (*job)(void *ctx, struct writer *w);
	void *ctx;
};

struct writer_thread {
	struct writer_thread_options o;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;       /* on CLOCK_MONOTONIC */
	struct waiting *ring;      /* o.queue of them */
	size_t first, n;
	bool stopping;
	struct writer_thread_counts counts;
	/* The thread's own. */
	struct waiting *taken;     /* o.batch of each */
	struct request *requests;
	struct answer *answers;
	int64_t view_since_ms;     /* since when the view has an open transaction; 0: none */
	int64_t tick_after_ms;     /* monotonic: a failed tick is not tried again before this */
};

static int64_t monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

/* How long until the next timer.  A virtual clock moves only with requests, whose timers run
 * before them; a read-only writer runs none. */
static int64_t timer_ms(const struct writer_thread *t)
{
	const struct writer *w = t->o.writer;
	int64_t until, again = t->tick_after_ms - monotonic_ms();

	if (w->read_only || w->clock->state == CLOCK_VIRTUAL || w->next_due_ms == INT64_MAX)
		return SLEEP_MAX_MS;
	until = w->next_due_ms - clock_now_ms(w->clock);
	return until > again ? until : again;
}

/* How long the thread may sleep with nothing in the queue. */
static int64_t sleep_ms(const struct writer_thread *t)
{
	int64_t ms = timer_ms(t);

	if (ms < 0)
		return 0;
	if (t->view_since_ms)
		return ms < IDLE_AFTER_MS ? ms : IDLE_AFTER_MS;
	return ms < SLEEP_MAX_MS ? ms : SLEEP_MAX_MS;
}

/* Takes what waits, up to a batch; sleeps when there is nothing.  *ret_stop: nothing is left and
 * nothing will come. */
static size_t take(struct writer_thread *t, bool *ret_stop)
{
	int64_t ms = sleep_ms(t);
	size_t n;

	pthread_mutex_lock(&t->lock);
	if (!t->n && !t->stopping && ms > 0) {
		int64_t at = monotonic_ms() + ms;
		struct timespec until = {at / 1000, (at % 1000) * 1000000};

		while (!t->n && !t->stopping)
			if (pthread_cond_timedwait(&t->wake, &t->lock, &until) != 0)
				break;
	}
	n = t->n < t->o.batch ? t->n : t->o.batch;
	for (size_t i = 0; i < n; i++)
		t->taken[i] = t->ring[(t->first + i) % t->o.queue];
	t->first = (t->first + n) % t->o.queue;
	t->n -= n;
	*ret_stop = !n && t->stopping;
	pthread_mutex_unlock(&t->lock);
	return n;
}

static void count(struct writer_thread *t, size_t answered, bool tick, bool idle)
{
	pthread_mutex_lock(&t->lock);
	t->counts.answered += answered;
	t->counts.batches += answered > 0;
	if (answered > t->counts.largest_batch)
		t->counts.largest_batch = answered;
	t->counts.ticks += tick;
	t->counts.idles += idle;
	pthread_mutex_unlock(&t->lock);
}

/* Runs the jobs among what was taken and closes the gaps that they leave; requests that came
 * before a job may run after it, which a job must not mind. */
static size_t run_jobs(struct writer_thread *t, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		struct waiting x = t->taken[i];

		if (!x.request)
			x.job(x.ctx, t->o.writer);
		else
			t->taken[kept++] = x;
	}
	return kept;
}

static void run_batch(struct writer_thread *t, size_t n)
{
	struct writer *w = t->o.writer;
	enum rc rc;

	memset(t->answers, 0, n * sizeof(*t->answers));
	for (size_t i = 0; i < n; i++)
		t->requests[i] = *t->taken[i].request;
	rc = writer_batch(w, t->requests, t->answers, n);
	/* A batch that failed whole acknowledges nobody, whatever single answers say. */
	for (size_t i = 0; rc != RC_OK && i < n; i++) {
		t->answers[i] = (struct answer){.rc = rc, .err = w->broken, .index = -1};
		if (w->broken.rc != rc)
			err_set(&t->answers[i].err, GY_WHERE, rc, "", "",
			        "本批未能提交，什么也没有登记，请用同一幂等键重试",
			        "the batch was not committed and nothing of it is recorded: "
			        "try again with the same key");
	}
	if (rc == RC_OK && !t->view_since_ms)
		t->view_since_ms = monotonic_ms();
	count(t, n, false, false);
	for (size_t i = 0; i < n; i++)
		t->taken[i].done(t->taken[i].ctx, &t->answers[i]);
	if (rc == RC_OK && t->o.committed)
		t->o.committed(t->o.ctx, w->ledger.tree.size);
}

static void run_timers(struct writer_thread *t)
{
	struct writer *w = t->o.writer;
	uint64_t before = w->ledger.tree.size;
	int64_t next;

	if (timer_ms(t) > 0)
		return;
	/* A failure that matters makes the writer read-only and is said to every later request. */
	if (writer_tick(w, &next) != RC_OK)
		t->tick_after_ms = monotonic_ms() + SLEEP_MAX_MS;
	count(t, 0, true, false);
	if (w->ledger.tree.size > before) {
		if (!t->view_since_ms)
			t->view_since_ms = monotonic_ms();
		if (t->o.committed)
			t->o.committed(t->o.ctx, w->ledger.tree.size);
	}
}

static void run_idle(struct writer_thread *t)
{
	if (t->view_since_ms && writer_idle(t->o.writer) == RC_OK)
		count(t, 0, false, true);
	t->view_since_ms = 0;
}

static void *work(void *p)
{
	struct writer_thread *t = p;
	bool stop = false;

	while (!stop) {
		size_t n = take(t, &stop), requests = run_jobs(t, n);

		if (requests)
			run_batch(t, requests);
		else if (!stop)
			run_timers(t);
		if (!n || monotonic_ms() - t->view_since_ms >= t->o.idle_ms)
			run_idle(t);
	}
	return NULL;
}

static void thread_free(struct writer_thread *t)
{
	free(t->ring);
	free(t->taken);
	free(t->requests);
	free(t->answers);
	pthread_cond_destroy(&t->wake);
	pthread_mutex_destroy(&t->lock);
	free(t);
}

static void *array(size_t n, size_t size)
{
	void *p = calloc(n, size);

	if (!p)
		abort(); /* as arena_alloc: the ledger is crash-safe */
	return p;
}

enum rc writer_thread_start(struct op *op, const struct writer_thread_options *o,
                            struct writer_thread **ret)
{
	struct writer_thread *t = array(1, sizeof(*t));
	pthread_condattr_t attr;

	t->o = *o;
	t->o.queue = o->queue ? o->queue : LIMIT_QUEUE;
	t->o.batch = o->batch ? o->batch : LIMIT_BATCH;
	t->o.idle_ms = o->idle_ms ? o->idle_ms : 100;
	t->ring = array(t->o.queue, sizeof(*t->ring));
	t->taken = array(t->o.batch, sizeof(*t->taken));
	t->requests = array(t->o.batch, sizeof(*t->requests));
	t->answers = array(t->o.batch, sizeof(*t->answers));
	pthread_mutex_init(&t->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (pthread_create(&t->thread, NULL, work, t) != 0) {
		thread_free(t);
		return fail(op, RC_BUSY, "", "", "系统不能再建立线程，请稍后重试",
		            "the system gives no more threads: try again later");
	}
	*ret = t;
	return RC_OK;
}

static enum rc enqueue(struct writer_thread *t, const struct waiting *x)
{
	enum rc rc = RC_OK;

	pthread_mutex_lock(&t->lock);
	if (t->stopping || t->n == t->o.queue) {
		t->counts.refused++;
		rc = RC_BUSY;
	} else {
		t->ring[(t->first + t->n++) % t->o.queue] = *x;
		t->counts.accepted += x->request != NULL;
		if (t->n == 1)
			pthread_cond_signal(&t->wake);
	}
	pthread_mutex_unlock(&t->lock);
	return rc;
}

enum rc writer_thread_submit(struct writer_thread *t, const struct request *r,
                             writer_answered *done, void *ctx)
{
	return enqueue(t, &(struct waiting){.request = r, .done = done, .ctx = ctx});
}

/* One who waits for an answer or a job. */
struct waiter {
	void (*f)(void *ctx, struct writer *w);
	void *ctx;
	pthread_mutex_t lock;
	pthread_cond_t ready;
	bool done;
	struct answer answer;
};

static void wake_waiter(void *ctx, const struct answer *a)
{
	struct waiter *w = ctx;

	pthread_mutex_lock(&w->lock);
	w->answer = *a;
	w->done = true;
	pthread_cond_signal(&w->ready);
	pthread_mutex_unlock(&w->lock);
}

static void waiter_wait(struct waiter *w)
{
	pthread_mutex_lock(&w->lock);
	while (!w->done)
		pthread_cond_wait(&w->ready, &w->lock);
	pthread_mutex_unlock(&w->lock);
	pthread_cond_destroy(&w->ready);
	pthread_mutex_destroy(&w->lock);
}

enum rc writer_thread_do(struct writer_thread *t, const struct request *r, struct answer *ret)
{
	struct waiter w = {.lock = PTHREAD_MUTEX_INITIALIZER, .ready = PTHREAD_COND_INITIALIZER};
	enum rc rc = writer_thread_submit(t, r, wake_waiter, &w);

	if (rc != RC_OK) {
		*ret = (struct answer){.rc = rc, .index = -1};
		return err_set(&ret->err, GY_WHERE, rc, "", "", "登记繁忙或正在停止，请稍后用同一幂等键重试",
		               "the writer is busy or stopping: try again later with the same key");
	}
	waiter_wait(&w);
	*ret = w.answer;
	return w.answer.rc;
}

static void job_done(void *ctx, struct writer *writer)
{
	struct waiter *w = ctx;
	static const struct answer none = {.index = -1};

	w->f(w->ctx, writer);
	wake_waiter(w, &none);
}

enum rc writer_thread_run(struct writer_thread *t, void (*f)(void *ctx, struct writer *w),
                          void *ctx)
{
	struct waiter w = {.f = f, .ctx = ctx, .lock = PTHREAD_MUTEX_INITIALIZER,
	                   .ready = PTHREAD_COND_INITIALIZER};

	TRY(enqueue(t, &(struct waiting){.job = job_done, .ctx = &w}));
	waiter_wait(&w);
	return RC_OK;
}

enum rc writer_thread_stop(struct writer_thread *t)
{
	bool broken;

	pthread_mutex_lock(&t->lock);
	t->stopping = true;
	pthread_cond_signal(&t->wake);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->thread, NULL);
	assert(t->n == 0);
	broken = t->o.writer->read_only;
	thread_free(t);
	return broken ? RC_BROKEN : RC_OK;
}

struct writer_thread_counts writer_thread_counts(struct writer_thread *t)
{
	struct writer_thread_counts c;

	pthread_mutex_lock(&t->lock);
	c = t->counts;
	c.waiting = t->n;
	pthread_mutex_unlock(&t->lock);
	return c;
}
