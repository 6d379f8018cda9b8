/* SPDX-License-Identifier: Apache-2.0 */
/* giver.c -- see giver.h. */
#include "app/giver.h"

#include <pthread.h>
#include <time.h>

#include "base/op.h"

struct giving {
	pthread_mutex_t lock;
	pthread_cond_t wake;
	size_t left; /* taken and not answered */
};

struct given {
	struct giving *g;
	struct answer *to;
};

/* On a thread of the writer's. */
static void done(void *ctx, const struct answer *a)
{
	struct given *x = ctx;

	*x->to = *a;
	pthread_mutex_lock(&x->g->lock);
	if (--x->g->left == 0)
		pthread_cond_signal(&x->g->wake);
	pthread_mutex_unlock(&x->g->lock);
}

/* Tries again while the queue is full. */
static enum rc put(giver_submit *submit, void *ctx, const struct request *r, struct given *x)
{
	enum { TRIES = 500 };
	const struct timespec pause = {0, 20 * 1000000};
	enum rc rc = RC_BUSY;

	for (int i = 0; i < TRIES; i++) {
		rc = submit(ctx, r, done, x);
		if (rc != RC_BUSY)
			return rc;
		nanosleep(&pause, NULL);
	}
	return rc;
}

static size_t put_all(struct giving *g, giver_submit *submit, void *ctx, const struct request *r,
                      struct given *x, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		bool taken;

		pthread_mutex_lock(&g->lock);
		g->left++;
		pthread_mutex_unlock(&g->lock);
		taken = put(submit, ctx, &r[i], &x[i]) == RC_OK;
		if (taken)
			continue;
		pthread_mutex_lock(&g->lock);
		g->left--;
		pthread_mutex_unlock(&g->lock);
		return i;
	}
	return n;
}

enum rc giver_give(giver_submit *submit, void *ctx, const struct request *r, struct answer *ret,
                   size_t n)
{
	struct giving g = {.lock = PTHREAD_MUTEX_INITIALIZER, .wake = PTHREAD_COND_INITIALIZER};
	struct given *x = calloc(n + 1, sizeof(*x));
	size_t taken;

	if (!x)
		abort(); /* as arena_alloc */
	for (size_t i = 0; i < n; i++)
		x[i] = (struct given){&g, &ret[i]};
	taken = put_all(&g, submit, ctx, r, x, n);
	pthread_mutex_lock(&g.lock);
	while (g.left)
		pthread_cond_wait(&g.wake, &g.lock);
	pthread_mutex_unlock(&g.lock);
	free(x);
	for (size_t i = taken; i < n; i++)
		ret[i].rc =
			err_set(&ret[i].err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，未受理，请稍后重试",
		            "busy, nothing was taken: try again later");
	if (taken < n)
		ret[0].err = ret[taken].err;
	return taken < n ? RC_BUSY : RC_OK;
}
