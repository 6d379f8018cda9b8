/* SPDX-License-Identifier: Apache-2.0 */
/* load.c -- the program that is killed: opens a data folder as the product does, and writes.
 *
 *     faults-load make  DIR N                the world of N bags that the others work in
 *     faults-load flow  DIR FIRST [WORD...]  acts without end, 256 in flight, through the thread
 *     faults-load churn DIR FIRST [WORD...]  acts, checkpoints, blobs and rebuilds, in turn
 *     faults-load check DIR FIRST [WORD...]  opens, one act, a checkpoint, closes
 *     faults-load SCENE DIR FIRST FAULT AT [swallow|ignore]
 *                                            one thing, with a fault at its ATth call
 *
 * Notes go to descriptor 3.  WORD: known=FILE, the checkpoint outside; and faults that the checks
 * must find: early, acknowledges before the commit; off, never syncs.  So are ignore, which
 * acknowledges whatever the writer answers, and swallow, which tells the writer that all is well.
 */
#include "desk.h"

#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/writer_thread.h"

enum { CHURN_ACTS = 8 };

static struct {
	struct desk desk;
	pthread_mutex_t lock;
	sem_t room;
} L;

static void answered(void *ctx, const struct answer *x)
{
	struct act *a = ctx;

	if (!a->early)
		desk_tell(&L.desk, a, x);
	pthread_mutex_lock(&L.lock);
	a->busy = false;
	pthread_mutex_unlock(&L.lock);
	sem_post(&L.room);
}

static struct act *free_act(void)
{
	struct act *found = NULL;

	while (sem_wait(&L.room) != 0)
		;
	pthread_mutex_lock(&L.lock);
	for (int i = 0; i < FLIGHT && !found; i++)
		if (!L.desk.act[i].busy)
			found = &L.desk.act[i];
	found->busy = true;
	pthread_mutex_unlock(&L.lock);
	return found;
}

struct keeping {
	struct op op;
	struct signed_note note;
	enum rc rc;
};

static void keep(void *ctx, struct writer *w)
{
	struct keeping *k = ctx;

	k->rc = signer_keep(&k->op, &L.desk.office.signer, &w->ledger, &k->note);
}

static void sign(struct writer_thread *t)
{
	struct arena arena = {0};
	struct keeping k = {.op = {.arena = &arena}};

	if (signer_read(&k.op, &L.desk.office.signer, &k.note) != RC_OK)
		give_up(&k.op.err);
	while (writer_thread_run(t, keep, &k) == RC_BUSY)
		usleep(100);
	if (k.rc != RC_OK)
		give_up(&k.op.err);
	if (k.note.note.n)
		say(&(struct said){.kind = SAID_KEPT, .number = k.note.size});
	arena_release(&arena);
}

/* A thread of its own, as in the product: acts go on while it re-reads. */
static void *sign_on(void *t)
{
	for (;;) {
		sign(t);
		usleep(2000);
	}
	return NULL;
}

static void flow(uint64_t first, bool early)
{
	struct desk *d = &L.desk;
	struct writer_thread_options o = {.writer = &d->office.writer, .batch = BATCH};
	struct writer_thread *t;
	pthread_t signer;

	pthread_mutex_init(&L.lock, NULL);
	sem_init(&L.room, 0, FLIGHT);
	/* A batch lands beside the next, as in the product. */
	if (store_reader(&d->op, &d->office.store, &o.read) != RC_OK ||
	    writer_thread_start(&d->op, &o, &t) != RC_OK)
		give_up(&d->op.err);
	if (pthread_create(&signer, NULL, sign_on, t) != 0)
		exit(1);
	for (uint64_t n = first; n < (uint64_t)d->world.shape.ready; n++) {
		struct act *a = free_act();

		desk_act(d, a, n);
		a->early = early;
		say(&(struct said){.kind = SAID_SENT, .number = n});
		if (early)
			say(&(struct said){.kind = SAID_ACK, .number = n, .index = -1});
		while (writer_thread_submit(t, &a->request, answered, a) == RC_BUSY)
			usleep(100);
	}
	for (;;) /* no bag is left: whoever counts sees nothing in flight */
		pause();
}

static void churn(uint64_t first)
{
	struct desk *d = &L.desk;
	enum rc rc = RC_OK;

	for (uint64_t n = first, i = 0; rc == RC_OK; n += CHURN_ACTS, i++) {
		if (n + CHURN_ACTS > (uint64_t)d->world.shape.ready)
			pause();
		say(&(struct said){.kind = SAID_SENT, .number = n});
		rc = desk_batch(d, n, CHURN_ACTS);
		if (rc == RC_OK)
			rc = desk_sign(d);
		if (rc == RC_OK)
			rc = desk_blob(d, n);
		if (rc == RC_OK && i % 4 == 3)
			rc = writer_idle(&d->office.writer);
		if (rc == RC_OK && i % 4 == 3)
			rc = desk_rebuild(d);
	}
	give_up(&d->op.err);
}

static void check(uint64_t first)
{
	struct desk *d = &L.desk;

	if (desk_batch(d, first, 1) != RC_OK || desk_sign(d) != RC_OK)
		give_up(&d->op.err);
	office_release(&d->office);
	for (int i = 0; i < FLIGHT; i++)
		arena_release(&d->act[i].arena);
	arena_release(&d->arena);
}

static bool has(int argc, char **argv, const char *word)
{
	for (int i = 4; i < argc; i++)
		if (!strcmp(argv[i], word))
			return true;
	return false;
}

static const char *known_of(int argc, char **argv)
{
	for (int i = 4; i < argc; i++)
		if (!strncmp(argv[i], "known=", 6))
			return argv[i] + 6;
	return "";
}

int main(int argc, char **argv)
{
	struct desk *d = &L.desk;
	uint64_t n;

	if (argc < 4)
		return 2;
	n = strtoull(argv[3], NULL, 10);
	if (!strcmp(argv[1], "make")) {
		desk_make(argv[2], (int64_t)n);
		return 0;
	}
	desk_prepare(d);
	if (has(argc, argv, "off"))
		shim_sync_off();
	if (strcmp(argv[1], "check") && strcmp(argv[1], "flow") && strcmp(argv[1], "churn")) {
		struct scene s = {.name = argv[1], .dir = argv[2], .first = n};

		d->ignore = has(argc, argv, "ignore");
		s.swallow = has(argc, argv, "swallow");
		s.fault = (enum shim_fault)strtol(argc > 4 ? argv[4] : "0", NULL, 10);
		s.at = strtol(argc > 5 ? argv[5] : "0", NULL, 10);
		scene_play(d, &s);
	}
	desk_begin(d, argv[2], known_of(argc, argv));
	if (!strcmp(argv[1], "check"))
		check(n);
	else if (!strcmp(argv[1], "flow"))
		flow(n, has(argc, argv, "early"));
	else
		churn(n);
	return 0;
}
