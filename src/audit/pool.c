/* SPDX-License-Identifier: Apache-2.0 */
/* pool.c -- see pool.h.  Three counters run round the ring: taken <= begun <= filled. */
#include "audit/pool.h"

#include <pthread.h>

struct pool {
	struct batch ring[POOL_BATCHES];
	bool ready[POOL_BATCHES];
	uint64_t taken, begun, filled; /* batches given back, being made ready or ready, filled */
	size_t bytes[POOL_BATCHES];    /* of each on its way; the caller's alone */
	bool stop;
	pthread_mutex_t lock;
	pthread_cond_t work, done;
	struct batcher own; /* the caller's */
	struct batcher batcher[POOL_THREADS];
	struct hired {
		struct pool *pool;
		struct batcher *batcher;
		pthread_t thread;
	} hired[POOL_THREADS];
	int nhired;
};

static void must(int err)
{
	assert(err == 0);
}

/* With the lock: begins the next batch and makes it ready without the lock. */
static void work_one(struct pool *p, struct batcher *w)
{
	size_t at = (size_t)(p->begun++ % POOL_BATCHES);

	must(pthread_mutex_unlock(&p->lock));
	batch_prepare(&p->ring[at], w);
	must(pthread_mutex_lock(&p->lock));
	p->ready[at] = true;
	must(pthread_cond_signal(&p->done));
}

static void *work(void *arg)
{
	struct hired *me = arg;
	struct pool *p = me->pool;

	must(pthread_mutex_lock(&p->lock));
	while (!p->stop) {
		if (p->begun < p->filled)
			work_one(p, me->batcher);
		else
			must(pthread_cond_wait(&p->work, &p->lock));
	}
	must(pthread_mutex_unlock(&p->lock));
	return NULL;
}

struct pool *pool_new(int threads, struct hints *hints)
{
	struct pool *p = calloc(1, sizeof(*p));

	if (!p)
		abort();
	must(pthread_mutex_init(&p->lock, NULL));
	must(pthread_cond_init(&p->work, NULL));
	must(pthread_cond_init(&p->done, NULL));
	batcher_init(&p->own, hints);
	for (int i = 0; i < threads && i < POOL_THREADS; i++) {
		struct hired *h = &p->hired[i];

		*h = (struct hired){.pool = p, .batcher = &p->batcher[i]};
		batcher_init(h->batcher, hints);
		p->nhired = i + 1;
		if (pthread_create(&h->thread, NULL, work, h) != 0) {
			batcher_release(h->batcher);
			p->nhired = i;
			break;
		}
	}
	return p;
}

void pool_free(struct pool *p)
{
	if (!p)
		return;
	must(pthread_mutex_lock(&p->lock));
	p->stop = true;
	must(pthread_cond_broadcast(&p->work));
	must(pthread_mutex_unlock(&p->lock));
	for (int i = 0; i < p->nhired; i++) {
		must(pthread_join(p->hired[i].thread, NULL));
		batcher_release(&p->batcher[i]);
	}
	batcher_release(&p->own);
	for (size_t i = 0; i < POOL_BATCHES; i++)
		batch_release(&p->ring[i]);
	pthread_cond_destroy(&p->work);
	pthread_cond_destroy(&p->done);
	pthread_mutex_destroy(&p->lock);
	free(p);
}

/* Only the caller moves `filled` and `taken`: he may read them without the lock. */
struct batch *pool_fill(struct pool *p)
{
	size_t at = (size_t)(p->filled % POOL_BATCHES), bytes = 0;

	if (p->filled - p->taken == POOL_BATCHES)
		return NULL;
	for (uint64_t i = p->taken; i < p->filled; i++)
		bytes += p->bytes[i % POOL_BATCHES];
	if (bytes > POOL_BYTES)
		return NULL;
	batch_reset(&p->ring[at]);
	return &p->ring[at];
}

void pool_filled(struct pool *p)
{
	size_t at = (size_t)(p->filled % POOL_BATCHES);

	p->bytes[at] = 0;
	for (size_t i = 0; i < p->ring[at].n; i++)
		p->bytes[at] += p->ring[at].row[i].bytes.n;
	must(pthread_mutex_lock(&p->lock));
	p->ready[at] = false;
	p->filled++;
	must(pthread_cond_signal(&p->work));
	must(pthread_mutex_unlock(&p->lock));
}

struct batch *pool_take(struct pool *p)
{
	size_t at = (size_t)(p->taken % POOL_BATCHES);

	if (p->taken == p->filled)
		return NULL;
	must(pthread_mutex_lock(&p->lock));
	while (!p->ready[at]) {
		if (p->begun < p->filled)
			work_one(p, &p->own);
		else
			must(pthread_cond_wait(&p->done, &p->lock));
	}
	must(pthread_mutex_unlock(&p->lock));
	return &p->ring[at];
}

void pool_taken(struct pool *p)
{
	assert(p->taken < p->filled);
	must(pthread_mutex_lock(&p->lock));
	p->taken++;
	must(pthread_mutex_unlock(&p->lock));
}
