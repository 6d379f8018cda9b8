/* SPDX-License-Identifier: Apache-2.0 */
/* load.c -- the program that is killed: opens a data folder as the product does, and writes.
 *
 *     faults-load flow  DIR FIRST [early]    acts without end, 256 in flight, through the thread
 *     faults-load check DIR FIRST            opens, one act, a checkpoint, closes
 *     faults-load append|checkpoint|rebuild|blob DIR FIRST FAULT AT [ignore]
 *                                            one thing, with a fault at its ATth call
 *
 * Notes go to descriptor 3.  `early` acknowledges before the commit and `ignore` whatever the
 * writer answers: two faults that the checks must find.  A scene ends by a kill, never by a
 * close that might mend something.
 */
#include "load.h"

#include <pthread.h>
#include <semaphore.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "app/office.h"
#include "app/writer_thread.h"
#include "base/json.h"
#include "engine/rebuild.h"
#include "shim.h"

enum { FLIGHT = 256, BATCH = 64, SCENE_ACTS = 8 };

static void say(const struct said *s)
{
	if (write(3, s, sizeof(*s)) != (ssize_t)sizeof(*s))
		_exit(3);
}

static _Noreturn void give_up(const struct err *e)
{
	fprintf(stderr, "%s: %s\n", e->where ? e->where : "?", e->en);
	exit(1);
}

struct act {
	struct arena arena;
	struct request request;
	struct beside beside[LIMIT_PERSONAL];
	uint64_t number;
	bool busy, early;
};

static struct {
	struct office office;
	struct arena arena;
	struct op op;
	struct random random; /* of salts, apart from the writer's */
	struct act act[FLIGHT];
	pthread_mutex_t lock;
	sem_t room;
	bool ignore;
} L;

static void open_office(const char *dir)
{
	struct office_options how = {.data = str_of(dir), .write = true};
	struct said s = {.kind = SAID_READY};

	L.op = (struct op){.arena = &L.arena};
	L.random = random_system();
	if (office_open(&L.op, &how, &L.office) != RC_OK)
		give_up(&L.op.err);
	L.op.random = &L.random;
	s.number = L.office.writer.ledger.tree.size;
	s.index = L.office.writer.view_at;
	say(&s);
}

static void make(struct act *a, uint64_t number)
{
	struct op op = {.arena = &a->arena, .random = &L.random};
	const struct command *c = modules_command(&L.office.modules, STR("place.add"));
	struct json *in = NULL, *out = NULL;
	struct request *r = &a->request;
	struct str text;

	arena_reset(&a->arena);
	text = str_fmt(&a->arena, "{\"place\":\"sc/n%llu\",\"kind\":\"area\",\"name\":\"地点\"}",
	               (unsigned long long)number);
	a->number = number;
	*r = (struct request){.command = STR("place.add"), .source = SOURCE_OFFICE,
	                      .beside = a->beside, .body = hash_sha256(text.s, text.n)};
	r->key = str_fmt(&a->arena, LOAD_KEY "%012llu", (unsigned long long)number);
	if (json_read(&op, text, &in) != RC_OK ||
	    field_intake(&op, c->fields, c->nfields, in, NULL, &out, a->beside, &r->nbeside) != RC_OK)
		give_up(&op.err);
	r->data = out;
}

static void tell_answer(const struct act *a, const struct answer *x)
{
	struct said s = {.kind = SAID_ACK, .number = a->number, .index = x->index, .leaf = x->leaf};

	if (x->rc != RC_OK) {
		s.kind = SAID_REFUSED;
		s.index = x->rc;
	}
	if (L.ignore) {
		s.kind = SAID_ACK;
		s.index = -1;
	}
	say(&s);
}

static void answered(void *ctx, const struct answer *x)
{
	struct act *a = ctx;

	if (!a->early)
		tell_answer(a, x);
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
		if (!L.act[i].busy)
			found = &L.act[i];
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

	k->rc = signer_keep(&k->op, &L.office.signer, &w->ledger, &k->note);
}

static void sign(struct writer_thread *t)
{
	struct arena arena = {0};
	struct keeping k = {.op = {.arena = &arena}};

	if (signer_read(&k.op, &L.office.signer, &k.note) != RC_OK)
		give_up(&k.op.err);
	while (writer_thread_run(t, keep, &k) == RC_BUSY)
		usleep(100);
	if (k.rc != RC_OK)
		give_up(&k.op.err);
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
	struct writer_thread_options o = {.writer = &L.office.writer, .batch = BATCH};
	struct writer_thread *t;
	pthread_t signer;

	pthread_mutex_init(&L.lock, NULL);
	sem_init(&L.room, 0, FLIGHT);
	if (writer_thread_start(&L.op, &o, &t) != RC_OK)
		give_up(&L.op.err);
	if (pthread_create(&signer, NULL, sign_on, t) != 0)
		exit(1);
	for (uint64_t n = first;; n++) {
		struct act *a = free_act();

		make(a, n);
		a->early = early;
		say(&(struct said){.kind = SAID_SENT, .number = n});
		if (early)
			say(&(struct said){.kind = SAID_ACK, .number = n, .index = -1});
		while (writer_thread_submit(t, &a->request, answered, a) == RC_BUSY)
			usleep(100);
	}
}

/* Scenes. */

static enum rc append(uint64_t first)
{
	struct request r[SCENE_ACTS];
	struct answer x[SCENE_ACTS] = {{.rc = RC_OK}};
	struct writer *w = &L.office.writer;
	enum rc rc;

	for (int i = 0; i < SCENE_ACTS; i++) {
		make(&L.act[i], first + (uint64_t)i);
		r[i] = L.act[i].request;
	}
	rc = writer_batch(w, r, x, SCENE_ACTS);
	for (int i = 0; i < SCENE_ACTS; i++) {
		if (rc != RC_OK)
			x[i].rc = rc;
		tell_answer(&L.act[i], &x[i]);
	}
	L.op.err = w->broken;
	if (rc == RC_OK) {
		rc = writer_idle(w);
		L.op.err = w->broken;
	}
	return rc;
}

static enum rc put_blob(uint64_t number)
{
	struct str bytes = str_fmt(&L.arena, "blob %llu", (unsigned long long)number), hex;
	struct said s = {.kind = SAID_BLOB};
	enum rc rc = blob_put(&L.op, &L.office.store, bytes, &hex);

	if (rc == RC_OK || L.ignore) {
		s.leaf = hash_sha256(bytes.s, bytes.n);
		say(&s);
	}
	return L.ignore ? RC_OK : rc;
}

static enum rc play(const char *name, uint64_t first)
{
	struct office *o = &L.office;
	struct str note;

	if (!strcmp(name, "append"))
		return append(first);
	if (!strcmp(name, "checkpoint"))
		return office_sign(&L.op, o, &note);
	if (!strcmp(name, "blob"))
		return put_blob(first);
	return projection_rebuild(&L.op, &o->store, &o->writer.ledger, &o->modules, &o->profile);
}

static void scene(const char *name, uint64_t first, enum shim_fault fault, long at)
{
	struct said s = {.kind = SAID_RESULT};
	struct answer x = {.rc = RC_OK};

	if (!strcmp(name, "checkpoint") && append(first) != RC_OK)
		give_up(&L.op.err);
	L.op.err = (struct err){0};
	shim_arm(fault, at);
	s.index = play(name, first);
	s.number = (uint64_t)shim_disarm();
	s.fired = shim_fired() != NULL;
	if (s.fired)
		snprintf(s.call, sizeof(s.call), "%s", shim_fired());
	s.explained = s.index == RC_OK || (L.op.err.zh[0] && L.op.err.en[0]);
	if (s.index != RC_OK)
		fprintf(stderr, "%s %ld %s: %s\n", name, at, s.call, L.op.err.en);
	/* Nothing may be acknowledged on top of a commit that may not be on the disk. */
	if (s.index != RC_OK && !strcmp(name, "append")) {
		make(&L.act[0], first + SCENE_ACTS);
		s.again = writer_batch(&L.office.writer, &L.act[0].request, &x, 1) == RC_OK;
	}
	say(&s);
	kill(getpid(), SIGKILL);
}

static void check(uint64_t first)
{
	struct answer x;
	struct str note;

	make(&L.act[0], first);
	if (writer_do(&L.office.writer, &L.act[0].request, &x) != RC_OK)
		give_up(&x.err);
	tell_answer(&L.act[0], &x);
	if (office_sign(&L.op, &L.office, &note) != RC_OK)
		give_up(&L.op.err);
	office_release(&L.office);
	arena_release(&L.act[0].arena);
	arena_release(&L.arena);
}

int main(int argc, char **argv)
{
	uint64_t first;

	if (argc < 4)
		return 2;
	first = strtoull(argv[3], NULL, 10);
	open_office(argv[2]);
	if (!strcmp(argv[1], "check")) {
		check(first);
	} else if (!strcmp(argv[1], "flow")) {
		flow(first, argc > 4);
	} else if (argc >= 6) {
		L.ignore = argc > 6;
		scene(argv[1], first, (enum shim_fault)strtol(argv[4], NULL, 10),
		      strtol(argv[5], NULL, 10));
	}
	return 0;
}
