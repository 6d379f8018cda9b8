/* SPDX-License-Identifier: Apache-2.0 */
/* drill_land.c -- the thread that writes a drill's batches to the disk while the next are run.
 *
 * What is recorded does not depend on when it lands.  On PostgreSQL, where one connection does all,
 * there is no such thread and each batch is waited for.
 */
#include "app/drill_play.h"

#include <pthread.h>

enum flight { FLIGHT_NONE, FLIGHT_UP, FLIGHT_DOWN };

struct drill_lander {
	struct writer *w;
	struct db *read, *before;      /* the ledger is read through the first meanwhile */
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	enum flight flight;
	bool quits;
	enum rc landed;
	struct err why;
};

static void *loop(void *lander)
{
	struct drill_lander *l = lander;

	pthread_mutex_lock(&l->lock);
	for (;;) {
		struct err why = {0};
		enum rc rc;

		while (l->flight != FLIGHT_UP && !l->quits)
			pthread_cond_wait(&l->change, &l->lock);
		if (l->flight != FLIGHT_UP)
			break;
		pthread_mutex_unlock(&l->lock);
		rc = writer_land(l->w, &why);
		pthread_mutex_lock(&l->lock);
		l->landed = rc;
		l->why = why;
		l->flight = FLIGHT_DOWN;
		pthread_cond_broadcast(&l->change);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* Waits until nothing is aloft; struct writer asks for it too. */
static enum rc settle(void *ctx, struct op *op)
{
	struct drill_lander *l = ctx;
	bool down;
	enum rc rc;

	pthread_mutex_lock(&l->lock);
	while (l->flight == FLIGHT_UP)
		pthread_cond_wait(&l->change, &l->lock);
	down = l->flight == FLIGHT_DOWN;
	l->flight = FLIGHT_NONE;
	pthread_mutex_unlock(&l->lock);
	if (!down)
		return RC_OK;
	rc = writer_landed(l->w, l->landed, &l->why);
	if (rc != RC_OK)
		op->err = l->why;
	return rc;
}

static void send_up(struct drill_lander *l)
{
	pthread_mutex_lock(&l->lock);
	l->flight = FLIGHT_UP;
	pthread_cond_broadcast(&l->change);
	pthread_mutex_unlock(&l->lock);
}

static enum rc land_here(struct op *op, struct writer *w)
{
	enum rc rc = writer_land(w, &op->err);

	return writer_landed(w, rc, &op->err);
}

enum rc drill_launch(struct op *op, struct drill_play *p)
{
	enum rc rc;

	if (!p->n)
		return RC_OK;
	if (p->lander)
		TRY(settle(p->lander, op));
	p->n = 0;
	rc = writer_launch(p->w);
	if (rc != RC_OK)
		op->err = p->w->broken;
	else if (p->lander)
		send_up(p->lander);
	else
		rc = land_here(op, p->w);
	arena_reset(&p->batch);
	return rc;
}

enum rc drill_land(struct op *op, struct drill_play *p)
{
	TRY(drill_launch(op, p));
	return p->lander ? settle(p->lander, op) : RC_OK;
}

enum rc drill_lander_start(struct op *op, struct drill_play *p)
{
	struct drill_lander *l = ARENA_NEW(&p->keep, struct drill_lander);
	struct writer *w = p->w;

	*l = (struct drill_lander){.w = w, .before = w->ledger.read};
	TRY(store_reader(op, w->store, &l->read));
	if (!l->read)
		return RC_OK;
	pthread_mutex_init(&l->lock, NULL);
	pthread_cond_init(&l->change, NULL);
	if (pthread_create(&l->thread, NULL, loop, l) != 0) {
		pthread_cond_destroy(&l->change);
		pthread_mutex_destroy(&l->lock);
		db_close(l->read);
		return RC_OK; /* each batch is waited for */
	}
	w->ledger.read = l->read;
	w->settle = settle;
	w->settle_ctx = l;
	p->lander = l;
	return RC_OK;
}

void drill_lander_stop(struct drill_play *p)
{
	struct drill_lander *l = p->lander;
	struct op op = {0};

	if (!l)
		return;
	(void)!settle(l, &op); /* after a failure; else nothing is aloft */
	pthread_mutex_lock(&l->lock);
	l->quits = true;
	pthread_cond_broadcast(&l->change);
	pthread_mutex_unlock(&l->lock);
	pthread_join(l->thread, NULL);
	l->w->settle = NULL;
	l->w->ledger.read = l->before;
	db_close(l->read);
	pthread_cond_destroy(&l->change);
	pthread_mutex_destroy(&l->lock);
	p->lander = NULL;
}
