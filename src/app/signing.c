/* SPDX-License-Identifier: Apache-2.0 */
/* signing.c -- see signing.h. */
#include "app/signing.h"

#include <pthread.h>
#include <signal.h>
#include <stdlib.h>
#include <unistd.h>

enum { SIGN_MS = 250, BEAT_MS = 5000 };

struct signing {
	struct signing_options o;
	pthread_t thread;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stops, runs;
	uint64_t size;           /* committed */
	struct signed_note note; /* the thread's own */
	enum rc kept;
	struct err why;
};

struct signing *signing_new(uint64_t size)
{
	struct signing *s = calloc(1, sizeof(*s));

	if (!s)
		abort(); /* as arena_alloc */
	s->size = size;
	pthread_mutex_init(&s->lock, NULL);
	pthread_cond_init(&s->wake, NULL);
	return s;
}

static void keep(void *ctx, struct writer *w)
{
	struct signing *s = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};

	s->kept = signer_keep(&op, s->o.signer, &w->ledger, &s->note);
	s->why = op.err;
	arena_release(&a);
}

static enum rc sign_once(struct signing *s)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	enum rc rc = signer_read(&op, s->o.signer, &s->note);

	s->why = op.err;
	if (rc == RC_OK && s->note.note.n) {
		rc = writer_thread_run(s->o.writer, keep, s);
		if (rc == RC_OK)
			rc = s->kept;
		if (rc == RC_OK) {
			publisher_signed(s->o.publisher);
			cosigners_signed(s->o.cosigners);
		}
	}
	arena_release(&a);
	return rc;
}

/* Waits for the ledger to grow beyond what is signed, for `most_ms`; false: the server stops. */
static bool wait_growth(struct signing *s, uint64_t signed_size, int most_ms, uint64_t *ret_size)
{
	struct timespec t;
	int waited = 0;
	bool stops;

	clock_gettime(CLOCK_REALTIME, &t);
	t.tv_nsec += most_ms % 1000 * 1000000L;
	t.tv_sec += most_ms / 1000 + t.tv_nsec / 1000000000L;
	t.tv_nsec %= 1000000000L;
	pthread_mutex_lock(&s->lock);
	while (!s->stops && s->size == signed_size && !waited)
		waited = pthread_cond_timedwait(&s->wake, &s->lock, &t);
	stops = s->stops;
	*ret_size = s->size;
	pthread_mutex_unlock(&s->lock);
	return !stops;
}

/* A signature that fails (the disk is full, the database is away) is tried again; a ledger that
 * contradicts what was signed ends the server.  Consoles' counters and heart beats go by the same
 * clock: four times and a fifth of a time a second. */
static void *sign_on(void *ctx)
{
	struct signing *s = ctx;
	uint64_t signed_size = 0, size;
	int since_ms = 0, pause_ms = SIGN_MS;

	while (wait_growth(s, signed_size, pause_ms, &size)) {
		struct timespec t = {.tv_nsec = SIGN_MS * 1000000L};

		if (size == signed_size) {
			since_ms += pause_ms;
		} else {
			dismissal_look(s->o.dismissal);
			if (sign_once(s) == RC_OK) {
				signed_size = size;
			} else if (s->why.rc == RC_BROKEN) {
				fprintf(stderr, "gongyuan: %s\n", s->why.zh);
				kill(getpid(), SIGTERM);
				return NULL;
			}
			nanosleep(&t, NULL);
			since_ms += SIGN_MS;
		}
		if (since_ms >= BEAT_MS) {
			feed_beat(s->o.feed);
			since_ms = 0;
		}
		pause_ms = feed_tick(s->o.feed) ? SIGN_MS : BEAT_MS - since_ms;
	}
	return NULL;
}

enum rc signing_start(struct op *op, struct signing *s, const struct signing_options *o)
{
	s->o = *o;
	if (pthread_create(&s->thread, NULL, sign_on, s) != 0)
		return fail(op, RC_BUSY, "", "", "系统不给线程", "the system gives no thread");
	s->runs = true;
	return RC_OK;
}

void signing_grown(struct signing *s, uint64_t size)
{
	pthread_mutex_lock(&s->lock);
	s->size = size;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
}

uint64_t signing_size(struct signing *s)
{
	uint64_t size;

	pthread_mutex_lock(&s->lock);
	size = s->size;
	pthread_mutex_unlock(&s->lock);
	return size;
}

void signing_stop(struct signing *s)
{
	if (!s)
		return;
	pthread_mutex_lock(&s->lock);
	s->stops = true;
	pthread_cond_signal(&s->wake);
	pthread_mutex_unlock(&s->lock);
	if (s->runs)
		pthread_join(s->thread, NULL);
	s->runs = false;
}

void signing_free(struct signing *s)
{
	if (!s)
		return;
	pthread_mutex_destroy(&s->lock);
	pthread_cond_destroy(&s->wake);
	free(s);
}
