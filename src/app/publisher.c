/* SPDX-License-Identifier: Apache-2.0 */
/* publisher.c -- see publisher.h. */
#include "app/publisher.h"

#include <pthread.h>

#include "app/reader.h"

enum {
	JOBS = 64,   /* that may wait: a bundle of the largest entries has 16 MB */
	TILES = 4096 /* held for proofs: 64 MB at most, the leaves of a million entries */
};

struct publisher {
	struct arena arena;
	struct note_key vkey;
	struct prover *prover;
	struct reader *reader;
	struct tiles tiles;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool published;      /* the first time */
	bool waits;          /* a job to publish is in the queue */
	enum rc rc;          /* of the newest */
	struct err err;
};

/* On the reader's thread. */
static void publish(void *ctx, struct op *op)
{
	struct publisher *p = ctx;
	enum rc rc;

	pthread_mutex_lock(&p->lock);
	p->waits = false; /* what is signed from here on needs another job */
	pthread_mutex_unlock(&p->lock);
	rc = writer_follow(op, op->run->writer);
	if (rc == RC_OK)
		rc = prover_publish(op, p->prover, &op->run->writer->ledger, NULL);
	pthread_mutex_lock(&p->lock);
	p->rc = rc;
	p->err = op->err;
	p->published = true;
	pthread_cond_broadcast(&p->wake);
	pthread_mutex_unlock(&p->lock);
}

void publisher_signed(struct publisher *p)
{
	bool waits;

	pthread_mutex_lock(&p->lock);
	waits = p->waits;
	p->waits = true;
	pthread_mutex_unlock(&p->lock);
	if (waits || reader_submit(p->reader, publish, p) == RC_OK)
		return;
	pthread_mutex_lock(&p->lock);
	p->waits = false; /* the next signature asks again */
	pthread_mutex_unlock(&p->lock);
}

static enum rc read_job(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx)
{
	struct publisher *p = ctx;

	return reader_submit(p->reader, job, job_ctx);
}

static enum rc publish_first(struct op *op, struct publisher *p)
{
	enum rc rc;

	publisher_signed(p);
	pthread_mutex_lock(&p->lock);
	while (!p->published)
		pthread_cond_wait(&p->wake, &p->lock);
	rc = p->rc;
	op->err = p->err;
	pthread_mutex_unlock(&p->lock);
	return rc == RC_NOT_FOUND ? RC_OK : rc; /* nothing signed yet */
}

enum rc publisher_start(struct op *op, const struct publisher_options *o, struct publisher **ret)
{
	struct publisher *p = calloc(1, sizeof(*p));
	struct str v;
	enum rc rc;

	if (!p)
		abort(); /* as arena_alloc */
	pthread_mutex_init(&p->lock, NULL);
	pthread_cond_init(&p->wake, NULL);
	p->prover = prover_new(TILES);
	p->vkey = *o->vkey;
	p->vkey.name = str_copy(&p->arena, o->vkey->name);
	v = note_vkey_format(&p->arena, &p->vkey);
	p->tiles = (struct tiles){.api = o->api, .prover = p->prover, .log = &p->vkey,
	                          .vkey = str_fmt(&p->arena, STR_FMT "\n", STR_ARG(v)),
	                          .read = read_job, .ctx = p};
	rc = reader_start(op, &o->how, JOBS, &p->reader);
	if (rc == RC_OK)
		rc = publish_first(op, p);
	if (rc != RC_OK) {
		publisher_stop(p);
		return rc;
	}
	*ret = p;
	return RC_OK;
}

struct tiles *publisher_tiles(struct publisher *p)
{
	return &p->tiles;
}

void publisher_stop(struct publisher *p)
{
	if (!p)
		return;
	reader_stop(p->reader);
	prover_free(p->prover);
	pthread_cond_destroy(&p->wake);
	pthread_mutex_destroy(&p->lock);
	arena_release(&p->arena);
	free(p);
}
