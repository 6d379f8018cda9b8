/* SPDX-License-Identifier: Apache-2.0 */
/* load.c -- the writer whose database fails: opens an office as the product does, and writes.
 *
 *     cluster-load DIR URL FIRST PAUSE_US [early]
 *
 * Acts from number FIRST on without end, 64 in flight, PAUSE_US between two; a signer beside.
 * Notes go to descriptor 3.  At the first BUSY or BROKEN it ends with that code, as a service
 * whose supervisor starts it again.  `early` acknowledges before the commit: a fault that the
 * watcher must find.
 */
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "act.h"
#include "app/office.h"
#include "app/writer_thread.h"

enum { FLIGHT = 64 };

static struct {
	struct office office;
	struct arena arena;
	struct op op;
	struct random random; /* of salts, apart from the writer's */
	struct act act[FLIGHT];
	bool busy[FLIGHT];
	pthread_mutex_t lock;
	sem_t room;
	bool early;
} L;

static void say(const struct act_note *n)
{
	if (write(3, n, sizeof(*n)) != (ssize_t)sizeof(*n))
		_exit(3);
}

static _Noreturn void give_up(const struct err *e)
{
	fprintf(stderr, "%s\n", e->en);
	_exit(rc_exit(e->rc));
}

static void answered(void *ctx, const struct answer *x)
{
	struct act *a = ctx;

	if (x->rc != RC_OK)
		give_up(&x->err);
	if (!L.early)
		say(&(struct act_note){.kind = NOTE_ACK, .number = a->number, .index = x->index,
		                       .leaf = x->leaf});
	pthread_mutex_lock(&L.lock);
	L.busy[a - L.act] = false;
	pthread_mutex_unlock(&L.lock);
	sem_post(&L.room);
}

static struct act *free_act(void)
{
	int i = 0;

	while (sem_wait(&L.room) != 0)
		;
	pthread_mutex_lock(&L.lock);
	while (L.busy[i])
		i++;
	L.busy[i] = true;
	pthread_mutex_unlock(&L.lock);
	return &L.act[i];
}

struct keeping {
	struct op op;
	struct signed_note note;
	enum rc rc;
};

static void keep(void *ctx, struct writer *w)
{
	struct keeping *k = ctx;

	if (w->read_only)
		give_up(&w->broken);
	k->rc = signer_keep(&k->op, &L.office.signer, &w->ledger, &k->note);
}

/* A thread of its own, as in the product: acts go on while it re-reads. */
static void *sign_on(void *t)
{
	struct arena arena = {0};
	struct keeping k = {.op = {.arena = &arena}};

	for (;; usleep(5000)) {
		if (signer_read(&k.op, &L.office.signer, &k.note) != RC_OK)
			give_up(&k.op.err);
		while (writer_thread_run(t, keep, &k) == RC_BUSY)
			usleep(100);
		if (k.rc != RC_OK)
			give_up(&k.op.err);
		arena_reset(&arena);
	}
	return NULL;
}

static void flow(uint64_t first, useconds_t pause_us)
{
	struct writer_thread_options o = {.writer = &L.office.writer};
	struct writer_thread *t;
	pthread_t signer;

	pthread_mutex_init(&L.lock, NULL);
	sem_init(&L.room, 0, FLIGHT);
	if (writer_thread_start(&L.op, &o, &t) != RC_OK)
		give_up(&L.op.err);
	if (pthread_create(&signer, NULL, sign_on, t) != 0)
		_exit(1);
	for (uint64_t n = first;; n++) {
		struct act *a = free_act();

		act_make(a, &L.office.modules, &L.random, n);
		if (L.early)
			say(&(struct act_note){.kind = NOTE_ACK, .number = n, .index = -1});
		while (writer_thread_submit(t, &a->request, answered, a) == RC_BUSY)
			usleep(100);
		if (pause_us)
			usleep(pause_us);
	}
}

int main(int argc, char **argv)
{
	struct office_options how = {.write = true};

	if (argc < 5)
		return 2;
	how.data = str_of(argv[1]);
	how.url = str_of(argv[2]);
	L.early = argc > 5;
	L.op = (struct op){.arena = &L.arena};
	L.random = random_system();
	if (office_open(&L.op, &how, &L.office) != RC_OK)
		give_up(&L.op.err);
	say(&(struct act_note){.kind = NOTE_READY, .number = L.office.writer.ledger.tree.size});
	flow(strtoull(argv[3], NULL, 10), (useconds_t)strtoul(argv[4], NULL, 10));
	return 0;
}
