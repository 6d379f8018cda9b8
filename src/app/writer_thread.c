/* SPDX-License-Identifier: Apache-2.0 */
/* writer_thread.c -- a ring of requests before the writer's thread; see writer_loop.c. */
#include "app/writer_loop.h"

#include "base/limits.h"

int64_t monotonic_ms(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000 + ts.tv_nsec / 1000000;
}

void writer_count(struct writer_thread *t, size_t answered, bool tick, bool idle)
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

static void thread_free(struct writer_thread *t)
{
	free(t->ring);
	for (int i = 0; i < 2; i++) {
		free(t->batch[i].taken);
		free(t->batch[i].requests);
		free(t->batch[i].answers);
	}
	pthread_cond_destroy(&t->wake);
	pthread_cond_destroy(&t->lift);
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

static void stop_lander(struct writer_thread *t)
{
	if (!t->landing)
		return;
	pthread_mutex_lock(&t->lock);
	t->lander_quits = true;
	pthread_cond_signal(&t->lift);
	pthread_mutex_unlock(&t->lock);
	pthread_join(t->lander, NULL);
	t->o.writer->ledger.read = t->ledger;
}

static bool start_threads(struct writer_thread *t)
{
	t->landing = t->o.read != NULL;
	if (t->landing) {
		if (pthread_create(&t->lander, NULL, writer_land_loop, t) != 0)
			return false;
		t->ledger = t->o.writer->ledger.read;
		t->o.writer->ledger.read = t->o.read;
	}
	if (pthread_create(&t->thread, NULL, writer_loop, t) == 0)
		return true;
	stop_lander(t);
	return false;
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
	for (int i = 0; i < 2; i++)
		t->batch[i] = (struct batch){.taken = array(t->o.batch, sizeof(struct waiting)),
		                             .requests = array(t->o.batch, sizeof(struct request)),
		                             .answers = array(t->o.batch, sizeof(struct answer))};
	t->open = &t->batch[0];
	t->aloft = &t->batch[1];
	pthread_mutex_init(&t->lock, NULL);
	pthread_cond_init(&t->lift, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&t->wake, &attr);
	pthread_condattr_destroy(&attr);
	if (!start_threads(t)) {
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

enum rc writer_thread_post(struct writer_thread *t, void (*f)(void *ctx, struct writer *w),
                           void *ctx)
{
	return enqueue(t, &(struct waiting){.job = f, .ctx = ctx});
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
	stop_lander(t);
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
