/* SPDX-License-Identifier: Apache-2.0 */
/* reader.c -- see reader.h. */
#include "app/reader.h"

#include <pthread.h>

#include "db/moment.h"

struct question {
	void (*run)(void *ctx, struct op *op);
	void *ctx;
};

/* So many may come again: each looks fifty times a second. */
enum { LATER = 128 };

struct later {
	struct question question;
	int64_t due_us;
};

struct reader {
	struct office office;
	struct writer asks;    /* over a store opened for reading: grants and the profile in force */
	struct arena scratch;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct question *ring;
	size_t size, first, n;
	struct later later[LATER]; /* a ring, by due_us: the pause is the same for all */
	size_t later_first, nlater;
	bool stops, started;
	int64_t usual_us; /* a job takes, of late */
	uint64_t seen;    /* reader_run: the size when grants were looked at */
};

/* A job that cannot be answered from is still run: its queries will fail and say why. */
static void run(struct reader *r, const struct question *j, bool follow)
{
	struct run run = {.writer = &r->asks, .modules = &r->office.modules,
	                  .profile = &r->asks.profile, .act_index = -1, .act_at = -1, .cause = -1,
	                  .first = -1, .trial = true};
	struct op op = {.arena = &r->scratch, .db = r->office.store.view,
	                .random = &r->office.random, .run = &run};

	arena_reset(&r->scratch);
	if (follow && writer_follow(&op, &r->asks) != RC_OK) {
		authority_back(r->asks.authority, 0); /* nobody is known, nobody sees */
		r->asks.last_authority = NO_AUTHORITY; /* until all of it is read again */
		r->asks.redo = true;
	}
	/* A drill's clock stands where its ledger does. */
	op.now_ms = r->office.drill ? r->asks.last_ms : clock_now_ms(&r->office.clock);
	op.err = (struct err){0};
	j->run(j->ctx, &op);
}

static int64_t monotonic_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

/* With the lock held. */
static bool next_later(struct reader *r, struct question *ret)
{
	const struct later *l = &r->later[r->later_first];

	if (!r->nlater || (!r->stops && l->due_us > monotonic_us()))
		return false;
	*ret = l->question;
	r->later_first = (r->later_first + 1) % LATER;
	r->nlater--;
	return true;
}

/* With the lock held: for a job, or until one is due again. */
static void wait_for_work(struct reader *r)
{
	int64_t due = r->later[r->later_first].due_us;
	struct timespec until = {due / 1000000, due % 1000000 * 1000};

	if (r->nlater)
		(void)pthread_cond_timedwait(&r->wake, &r->lock, &until);
	else
		pthread_cond_wait(&r->wake, &r->lock);
}

static void *loop(void *reader)
{
	struct reader *r = reader;
	int64_t began;

	pthread_mutex_lock(&r->lock);
	while (!r->stops || r->n || r->nlater) {
		struct question j;
		bool again = next_later(r, &j);

		if (!again && !r->n) {
			wait_for_work(r);
			continue;
		}
		if (!again) {
			j = r->ring[r->first];
			r->first = (r->first + 1) % r->size;
			r->n--;
		}
		pthread_mutex_unlock(&r->lock);
		began = monotonic_us();
		run(r, &j, true);
		pthread_mutex_lock(&r->lock);
		if (!again) /* a look that finds nothing says little of what the others take */
			r->usual_us += (monotonic_us() - began - r->usual_us) / 8;
	}
	pthread_mutex_unlock(&r->lock);
	return NULL;
}

static enum rc open_office(struct op *op, const struct office_options *how, struct reader *r)
{
	struct office_options mine = *how;
	struct writer_options w = {.modules = &r->office.modules, .clock = &r->office.clock,
	                           .random = &r->office.random, .store = &r->office.store,
	                           .vault_key = r->office.vault_key,
	                           .device_key = &r->office.device_key,
	                           .like = how->like};

	mine.write = mine.repair = false;
	TRY(office_open(op, &mine, &r->office));
	return writer_open(op, &w, &r->asks);
}

static struct reader *reader_new(size_t queue)
{
	struct reader *r = calloc(1, sizeof(*r));
	pthread_condattr_t attr;

	if (!r)
		abort(); /* as arena_alloc */
	pthread_mutex_init(&r->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&r->wake, &attr);
	pthread_condattr_destroy(&attr);
	r->size = queue;
	r->ring = arena_array(&r->office.arena, queue, sizeof(*r->ring));
	return r;
}

enum rc reader_open(struct op *op, const struct office_options *how, struct reader **ret)
{
	struct reader *r = reader_new(0);
	enum rc rc = open_office(op, how, r);

	if (rc == RC_OK)
		*ret = r;
	else
		reader_stop(r);
	return rc;
}

void reader_run(struct reader *r, uint64_t size, void (*job)(void *ctx, struct op *op), void *ctx)
{
	struct question j = {job, ctx};

	bool follow = size != READER_AS_IT_IS && (size != r->seen || r->asks.redo || r->asks.behind);

	run(r, &j, follow);
	if (follow)
		r->seen = size;
}

void reader_share_moment(struct reader *r)
{
	db_share_moment(r->office.store.view);
}

void reader_let_go(struct reader *r)
{
	db_let_go(r->office.store.view);
}

enum rc reader_start(struct op *op, const struct office_options *how, size_t queue,
                     struct reader **ret)
{
	struct reader *r = reader_new(queue);
	enum rc rc = open_office(op, how, r);

	if (rc == RC_OK && pthread_create(&r->thread, NULL, loop, r) != 0)
		rc = fail(op, RC_BUSY, "", "", "系统不给线程", "the system gives no thread");
	r->started = rc == RC_OK;
	if (rc != RC_OK) {
		reader_stop(r);
		return rc;
	}
	*ret = r;
	return RC_OK;
}

enum rc reader_submit(struct reader *r, void (*job)(void *ctx, struct op *op), void *ctx)
{
	enum rc rc = RC_BUSY;

	pthread_mutex_lock(&r->lock);
	if (r->n < r->size && !r->stops) {
		r->ring[(r->first + r->n++) % r->size] = (struct question){job, ctx};
		pthread_cond_signal(&r->wake);
		rc = RC_OK;
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

enum rc reader_again(struct reader *r, void (*job)(void *ctx, struct op *op), void *ctx)
{
	enum rc rc = RC_BUSY;

	pthread_mutex_lock(&r->lock);
	if (r->nlater < LATER && !r->stops) {
		r->later[(r->later_first + r->nlater++) % LATER] =
			(struct later){{job, ctx}, monotonic_us() + READER_PAUSE_MS * 1000};
		rc = RC_OK;
	}
	pthread_mutex_unlock(&r->lock);
	return rc;
}

bool reader_late(struct reader *r)
{
	enum { LATE_US = 1000000 }; /* who asked has turned to something else */
	bool late;

	pthread_mutex_lock(&r->lock);
	late = (int64_t)r->n * r->usual_us > LATE_US;
	pthread_mutex_unlock(&r->lock);
	return late;
}

void reader_stop(struct reader *r)
{
	if (!r)
		return;
	pthread_mutex_lock(&r->lock);
	r->stops = true;
	pthread_cond_signal(&r->wake);
	pthread_mutex_unlock(&r->lock);
	if (r->started)
		pthread_join(r->thread, NULL);
	if (r->asks.store)
		writer_release(&r->asks);
	office_release(&r->office);
	pthread_cond_destroy(&r->wake);
	pthread_mutex_destroy(&r->lock);
	arena_release(&r->scratch);
	free(r);
}
