/* SPDX-License-Identifier: Apache-2.0 */
/* writer_loop.h -- what the writer's thread, the one that lands its batches and the queue share.
 * Private to src/app/writer_*.c.
 */
#ifndef GY_APP_WRITER_LOOP_H
#define GY_APP_WRITER_LOOP_H

#include <pthread.h>

#include "app/writer_thread.h"

/* A request, or a job that must run between batches (request NULL). */
struct waiting {
	const struct request *request;
	writer_answered *done;
	void (*job)(void *ctx, struct writer *w);
	void *ctx;
};

/* What is run together and lands together. */
struct batch {
	struct waiting *taken; /* o.batch of each */
	struct request *requests;
	struct answer *answers;
	size_t n;
};

enum flight {
	FLIGHT_NONE, /* nothing is aloft */
	FLIGHT_UP,   /* the landing thread is at work */
	FLIGHT_DOWN, /* it is done, the writer has not taken note */
};

struct writer_thread {
	struct writer_thread_options o;
	pthread_t thread, lander;
	pthread_mutex_t lock;
	pthread_cond_t wake;        /* on CLOCK_MONOTONIC: the writer's thread */
	pthread_cond_t lift;        /* the landing thread */
	struct waiting *ring;       /* o.queue of them */
	size_t first, n;
	bool stopping;
	enum flight flight;
	bool landing;               /* is there a landing thread? */
	struct db *ledger;          /* where the writer read before */
	bool lander_quits;
	enum rc landed;             /* how the flight ended, and why */
	struct err why;
	struct writer_thread_counts counts;
	struct batch batch[2];
	struct batch *aloft;        /* the landing thread's while it is up */
	/* The writer's thread's own. */
	struct batch *open;
	bool up;                    /* a batch was sent up and not noted yet */
	int64_t view_since_ms;      /* since when the view has an open transaction; 0: none */
	int64_t worked_ms;          /* when something was last run or landed */
	int64_t tick_after_ms;      /* monotonic: a failed tick is not tried again before this */
};

int64_t monotonic_ms(void);
/* Adds to the counters. */
void writer_count(struct writer_thread *t, size_t answered, bool tick, bool idle);

/* The two threads. */
void *writer_loop(void *thread);
void *writer_land_loop(void *thread);

#endif
