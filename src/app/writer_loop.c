/* SPDX-License-Identifier: Apache-2.0 */
/* writer_loop.c -- the writer's thread: takes requests, runs them, launches batches.
 *
 * It runs what comes at once, and launches what it has run whenever nothing is aloft: so batches
 * are as large as the disk is slow.  Without a landing thread it lands each batch itself.  It
 * sleeps until a request comes, a batch has landed, a timer is due or the projections have waited
 * long enough for the disk.  The lock is never held while the writer works.
 */
#include "app/writer_loop.h"

#include "base/limits.h"

/* The longest sleep: a wall clock that is set forward by hand is noticed within a second. */
#define SLEEP_MAX_MS 1000
/* Idle: so long nothing came.  Between two batches of a busy hour the queue is often empty for a
 * moment, and each commit of the projections writes all pages that the batches share. */
#define IDLE_AFTER_MS 4
/* Requests that are run before the disk is looked after again. */
#define CHUNK 64

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

	if (ms < 0 || (t->open->n && !t->up))
		return 0;
	if (t->view_since_ms && ms > IDLE_AFTER_MS)
		return IDLE_AFTER_MS;
	return ms < SLEEP_MAX_MS ? ms : SLEEP_MAX_MS;
}

/* Called with the lock held. */
static void wait_for_work(struct writer_thread *t)
{
	int64_t ms = sleep_ms(t), at;
	struct timespec until;

	if (t->n || t->stopping || t->flight == FLIGHT_DOWN || ms <= 0)
		return;
	at = monotonic_ms() + ms;
	until = (struct timespec){at / 1000, (at % 1000) * 1000000};
	while (!t->n && !t->stopping && t->flight != FLIGHT_DOWN)
		if (pthread_cond_timedwait(&t->wake, &t->lock, &until) != 0)
			break;
}

/* Takes requests that wait into the open batch, up to the next job; returns how many.  *ret_job:
 * what waits first is a job, which is taken instead.  *ret_stop: nothing is left and nothing will
 * come. */
static size_t take(struct writer_thread *t, struct waiting *ret_job, bool *ret_stop)
{
	size_t room = t->o.batch - t->open->n, n = 0;

	pthread_mutex_lock(&t->lock);
	wait_for_work(t);
	*ret_job = (struct waiting){0};
	*ret_stop = !t->n && t->stopping;
	if (t->n && !t->ring[t->first].request) {
		*ret_job = t->ring[t->first];
		t->first = (t->first + 1) % t->o.queue;
		t->n--;
	}
	while (!ret_job->job && t->n && n < room && n < CHUNK && t->ring[t->first].request) {
		t->open->taken[t->open->n + n++] = t->ring[t->first];
		t->first = (t->first + 1) % t->o.queue;
		t->n--;
	}
	pthread_mutex_unlock(&t->lock);
	return n;
}

/* ---- batches ---- */

/* A batch that failed whole acknowledges nobody, whatever single answers say.  What ended the
 * writer is told, also where it would have been no end by itself (a server that does not answer).
 */
static void answer_failed(struct writer_thread *t, struct batch *b, enum rc rc)
{
	const struct writer *w = t->o.writer;

	for (size_t i = 0; i < b->n; i++) {
		b->answers[i] = (struct answer){.rc = rc, .err = w->broken, .index = -1};
		b->answers[i].err.rc = rc;
		if (!w->broken.rc)
			err_set(&b->answers[i].err, GY_WHERE, rc, "", "",
			        "本批未能提交，什么也没有登记，请用同一幂等键重试",
			        "the batch was not committed and nothing of it is recorded: "
			        "try again with the same key");
	}
	writer_count(t, b->n, false, false);
	for (size_t i = 0; i < b->n; i++)
		b->taken[i].done(b->taken[i].ctx, &b->answers[i]);
	b->n = 0;
}

static void took_effect(struct writer_thread *t)
{
	t->worked_ms = monotonic_ms();
	if (!t->view_since_ms)
		t->view_since_ms = t->worked_ms;
}

/* Takes note of a flight that has ended.  What was run since fails with it. */
static enum rc note(struct writer_thread *t)
{
	enum rc rc = writer_landed(t->o.writer, t->landed, &t->why);

	if (rc == RC_OK) {
		took_effect(t);
		t->aloft->n = 0;
		return RC_OK;
	}
	answer_failed(t, t->aloft, rc);
	return rc;
}

/* Waits until nothing is aloft; struct writer asks for it too. */
static enum rc settle(void *ctx, struct op *op)
{
	struct writer_thread *t = ctx;
	bool down;

	pthread_mutex_lock(&t->lock);
	while (t->flight == FLIGHT_UP)
		pthread_cond_wait(&t->wake, &t->lock);
	down = t->flight == FLIGHT_DOWN;
	t->flight = FLIGHT_NONE;
	pthread_mutex_unlock(&t->lock);
	t->up = false;
	if (!down)
		return RC_OK;
	enum rc rc = note(t);
	if (rc != RC_OK && op)
		op->err = t->why;
	return rc;
}

/* A flight that failed takes the open batch with it. */
static void look_after_flight(struct writer_thread *t, bool wait)
{
	bool up;
	enum rc rc;

	pthread_mutex_lock(&t->lock);
	up = t->flight == FLIGHT_UP;
	pthread_mutex_unlock(&t->lock);
	if (up && !wait)
		return;
	rc = settle(t, NULL);
	if (rc != RC_OK)
		answer_failed(t, t->open, rc);
}

static void send_up(struct writer_thread *t)
{
	struct batch *b = t->open;

	t->open = t->aloft;
	t->aloft = b;
	t->up = true;
	pthread_mutex_lock(&t->lock);
	t->flight = FLIGHT_UP;
	pthread_cond_signal(&t->lift);
	pthread_mutex_unlock(&t->lock);
}

static void land_here(struct writer_thread *t)
{
	struct batch *b = t->open;
	struct err why = {0};
	enum rc rc = writer_land(t->o.writer, &why);

	rc = writer_landed(t->o.writer, rc, &why);
	if (rc != RC_OK) {
		answer_failed(t, b, rc);
		return;
	}
	took_effect(t);
	writer_count(t, b->n, false, false);
	for (size_t i = 0; i < b->n; i++)
		b->taken[i].done(b->taken[i].ctx, &b->answers[i]);
	b->n = 0;
	if (t->o.committed)
		t->o.committed(t->o.ctx, t->o.writer->ledger.tree.size);
}

/* Nothing may be aloft. */
static void launch(struct writer_thread *t)
{
	enum rc rc;

	if (!t->open->n)
		return;
	rc = writer_launch(t->o.writer);
	if (rc != RC_OK)
		answer_failed(t, t->open, rc);
	else if (t->landing)
		send_up(t);
	else
		land_here(t);
}

/* Afterwards nothing is open and nothing aloft. */
static void drain(struct writer_thread *t)
{
	look_after_flight(t, true);
	launch(t);
	look_after_flight(t, true);
}

static void run_open(struct writer_thread *t, size_t n)
{
	struct batch *b = t->open;
	size_t from = b->n;
	enum rc rc;

	memset(b->answers + from, 0, n * sizeof(*b->answers));
	for (size_t i = from; i < from + n; i++)
		b->requests[i] = *b->taken[i].request;
	b->n = from + n;
	rc = writer_run(t->o.writer, b->requests, b->answers, from, b->n);
	if (rc != RC_OK)
		answer_failed(t, b, rc);
}

/* ---- between batches ---- */

static void run_timers(struct writer_thread *t)
{
	struct writer *w = t->o.writer;
	uint64_t before;
	int64_t next;

	if (timer_ms(t) > 0)
		return;
	drain(t);
	before = w->ledger.tree.size;
	/* A failure that matters makes the writer read-only and is said to every later request. */
	if (writer_tick(w, &next) != RC_OK)
		t->tick_after_ms = monotonic_ms() + SLEEP_MAX_MS;
	writer_count(t, 0, true, false);
	if (w->ledger.tree.size > before) {
		took_effect(t);
		if (t->o.committed)
			t->o.committed(t->o.ctx, w->ledger.tree.size);
	}
}

static void run_idle(struct writer_thread *t)
{
	drain(t);
	if (t->view_since_ms && writer_idle(t->o.writer) == RC_OK)
		writer_count(t, 0, false, true);
	t->view_since_ms = 0;
}

static void run_job(struct writer_thread *t, const struct waiting *x)
{
	drain(t);
	x->job(x->ctx, t->o.writer);
}

/* Idle, or busy for so long that the projections must be written all the same. */
static bool view_is_due(const struct writer_thread *t, size_t n)
{
	int64_t now = monotonic_ms();

	if (!t->view_since_ms)
		return false;
	/* A landing wakes the thread too: that the queue is empty then says nothing yet. */
	return (!n && !t->open->n && !t->up && now - t->worked_ms >= IDLE_AFTER_MS) ||
	       now - t->view_since_ms >= t->o.idle_ms;
}

static void turn(struct writer_thread *t, bool *ret_stop)
{
	struct waiting job;
	size_t n = take(t, &job, ret_stop);

	look_after_flight(t, !n && t->open->n == t->o.batch);
	if (job.job)
		run_job(t, &job);
	else if (n)
		run_open(t, n);
	else if (!*ret_stop)
		run_timers(t);
	if (!t->up)
		launch(t);
	if (view_is_due(t, n))
		run_idle(t);
}

void *writer_loop(void *thread)
{
	struct writer_thread *t = thread;
	bool stop = false;

	if (t->landing) {
		t->o.writer->settle = settle;
		t->o.writer->settle_ctx = t;
	}
	while (!stop)
		turn(t, &stop);
	run_idle(t);
	t->o.writer->settle = NULL;
	return NULL;
}
