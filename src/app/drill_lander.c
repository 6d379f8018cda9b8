/* SPDX-License-Identifier: Apache-2.0 */
/* drill_lander.c -- the thread that writes a drill's batch to the disk while the next one is run
 * (docs/adr/0007).
 *
 * The ledger's connection is this thread's while a batch is aloft; the writer reads the ledger over
 * a second one.  With one connection for all (PostgreSQL) there is no thread: a batch lands where
 * it was run.
 */
#include "app/drill_play.h"

#include <pthread.h>

#include "db/db.h"

struct drill_lander {
	struct writer *w;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t change;
	bool up, down, quits, started; /* a batch is aloft; it has landed and is not noted */
	enum rc landed;
	struct err why;
	struct db *read, *before;      /* the second connection; what the writer had */
};

static void *land_loop(void *lander)
{
	struct drill_lander *l = lander;

	pthread_mutex_lock(&l->lock);
	for (;;) {
		while (!l->up && !l->quits)
			pthread_cond_wait(&l->change, &l->lock);
		if (!l->up)
			break;
		pthread_mutex_unlock(&l->lock);
		l->why = (struct err){0};
		l->landed = writer_land(l->w, &l->why);
		pthread_mutex_lock(&l->lock);
		l->up = false;
		l->down = true;
		pthread_cond_signal(&l->change);
	}
	pthread_mutex_unlock(&l->lock);
	return NULL;
}

/* Waits until nothing is aloft, and has the writer take note. */
static enum rc settle(void *ctx, struct op *op)
{
	struct drill_lander *l = ctx;
	bool down;
	enum rc rc;

	pthread_mutex_lock(&l->lock);
	while (l->up)
		pthread_cond_wait(&l->change, &l->lock);
	down = l->down;
	l->down = false;
	pthread_mutex_unlock(&l->lock);
	rc = down ? writer_landed(l->w, l->landed, &l->why) : RC_OK;
	if (rc != RC_OK && op)
		op->err = l->why;
	return rc;
}

enum rc drill_settle(struct op *op, struct drill_play *p)
{
	return settle(p->lander, op);
}

static enum rc land_here(struct op *op, struct drill_play *p)
{
	struct err why = {0};
	enum rc rc = writer_land(p->w, &why);

	rc = writer_landed(p->w, rc, &why);
	if (rc != RC_OK)
		op->err = why;
	return rc;
}

enum rc drill_launch(struct op *op, struct drill_play *p)
{
	struct drill_lander *l = p->lander;
	enum rc rc;

	TRY(settle(l, op));
	rc = writer_launch(p->w);
	if (rc != RC_OK) {
		op->err = p->w->broken;
		return rc;
	}
	if (!l->started)
		return land_here(op, p);
	pthread_mutex_lock(&l->lock);
	l->up = true;
	pthread_cond_signal(&l->change);
	pthread_mutex_unlock(&l->lock);
	return RC_OK;
}

void drill_lander_none(struct drill_play *p)
{
	p->lander = ARENA_NEW(p->d->arena, struct drill_lander);
	*p->lander = (struct drill_lander){.w = p->w};
	pthread_mutex_init(&p->lander->lock, NULL);
	pthread_cond_init(&p->lander->change, NULL);
}

enum rc drill_lander_start(struct op *op, struct drill_play *p)
{
	struct drill_lander *l;

	drill_lander_none(p);
	l = p->lander;
	if (p->w->store->one)
		return RC_OK;
	TRY(store_reader(op, p->w->store, &l->read));
	l->before = p->w->ledger.read;
	p->w->ledger.read = l->read;
	p->w->settle = settle;
	p->w->settle_ctx = l;
	l->started = pthread_create(&l->thread, NULL, land_loop, l) == 0;
	return RC_OK;
}

void drill_lander_stop(struct drill_play *p)
{
	struct drill_lander *l = p->lander;

	if (!l)
		return;
	(void)!settle(l, NULL);
	if (l->started) {
		pthread_mutex_lock(&l->lock);
		l->quits = true;
		pthread_cond_signal(&l->change);
		pthread_mutex_unlock(&l->lock);
		pthread_join(l->thread, NULL);
	}
	if (l->read) {
		p->w->ledger.read = l->before;
		db_close(l->read);
	}
	p->w->settle = NULL;
	pthread_cond_destroy(&l->change);
	pthread_mutex_destroy(&l->lock);
}
