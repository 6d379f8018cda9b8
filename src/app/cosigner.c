/* SPDX-License-Identifier: Apache-2.0 */
/* cosigner.c -- see cosigner.h. */
#include "app/cosigner.h"

#include <pthread.h>
#include <stdatomic.h>

#include "ledger/cosign.h"

enum { WAIT_FIRST_MS = 1000, WAIT_MOST_MS = 60000 };

struct cosigner {
	struct cosigners *all;
	struct note_key key;
	struct cosign_witness witness;
	struct office office;   /* opened for reading */
	struct arena arena;     /* of one question */
	pthread_t thread;
	bool started, away;
	uint64_t seen;          /* signatures that it was asked about */
	int64_t wait_ms;        /* before the next question; 0: none has failed */
	struct str note;        /* on its way to the writer's thread */
	enum rc kept_rc;
	struct err kept_err;
	uint64_t size;          /* that it cosigned last; under the lock */
};

struct cosigners {
	struct cosigners_options o;
	struct arena arena;
	struct note_key vkey;
	pthread_mutex_t lock;
	pthread_cond_t wake;    /* on CLOCK_MONOTONIC */
	uint64_t signatures;
	atomic_bool stops;
	struct cosigner *list;
	int n;
};

/* On the writer's thread, between batches. */
static void keep(void *ctx, struct writer *w)
{
	struct cosigner *s = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct checkpoint c = {0};
	bool new;

	s->kept_rc = cosign_keep(&op, &w->ledger, &s->all->vkey, &s->key, s->note, &c, &new);
	s->kept_err = op.err;
	pthread_mutex_lock(&s->all->lock);
	if (s->kept_rc == RC_OK)
		s->size = c.size;
	pthread_mutex_unlock(&s->all->lock);
	arena_release(&a);
}

static enum rc ask(struct op *op, struct cosigner *s)
{
	struct ledger *l = office_ledger(&s->office);

	TRY(ledger_refresh(op, l));
	TRY(cosign_ask(op, l, &s->all->vkey, &s->witness, &s->note));
	TRY(writer_thread_run(s->all->o.writer, keep, s));
	op->err = s->kept_err;
	return s->kept_rc;
}

/* Said once when it goes away and once when it is back. */
static void tell(struct cosigner *s, enum rc rc, const struct err *why)
{
	if (s->away == (rc != RC_OK) || atomic_load(&s->all->stops))
		return;
	s->away = rc != RC_OK;
	if (s->away)
		fprintf(stderr, "gongyuan: 见证单位 %s 未见证，登记不受影响，将自动重试：%s\n",
		        s->key.name.s, why->zh);
	else
		fprintf(stderr, "gongyuan: 见证单位 %s 已恢复见证\n", s->key.name.s);
}

/* Waits until something is to be asked; false: it is over. */
static bool await(struct cosigner *s)
{
	struct cosigners *c = s->all;
	struct timespec t;
	bool late = false;

	clock_gettime(CLOCK_MONOTONIC, &t);
	t.tv_sec += (time_t)(s->wait_ms / 1000);
	pthread_mutex_lock(&c->lock);
	while (!atomic_load(&c->stops) && !late && (s->wait_ms || s->seen == c->signatures))
		late = (s->wait_ms ? pthread_cond_timedwait(&c->wake, &c->lock, &t)
		                   : pthread_cond_wait(&c->wake, &c->lock)) != 0;
	s->seen = c->signatures;
	pthread_mutex_unlock(&c->lock);
	return !atomic_load(&c->stops);
}

static void *loop(void *cosigner)
{
	struct cosigner *s = cosigner;

	while (await(s)) {
		struct op op = {.arena = &s->arena};
		enum rc rc;

		arena_reset(&s->arena);
		s->note = (struct str){0};
		rc = ask(&op, s);
		tell(s, rc, &op.err);
		if (rc == RC_BROKEN && s->note.n) {
			fprintf(stderr, STR_FMT, STR_ARG(s->note)); /* the evidence */
			s->all->o.forked(s->all->o.ctx, &op.err);
			return NULL;
		}
		if (rc == RC_OK)
			s->all->o.kept(s->all->o.ctx);
		s->wait_ms = rc == RC_OK   ? 0
		             : !s->wait_ms ? WAIT_FIRST_MS
		                           : s->wait_ms * 2;
		if (s->wait_ms > WAIT_MOST_MS)
			s->wait_ms = WAIT_MOST_MS;
	}
	return NULL;
}

static enum rc start_each(struct op *op, struct cosigners *c, const struct policy *p)
{
	c->list = arena_array(&c->arena, (size_t)p->nwitnesses + 1, sizeof(*c->list));
	for (int i = 0; i < p->nwitnesses; i++) {
		struct office_options how = c->o.how;
		struct cosigner *s = &c->list[c->n];

		if (!p->witness_url[i].n)
			continue;
		c->n++;
		how.write = how.repair = false;
		*s = (struct cosigner){.all = c, .key = p->witness[i]};
		s->witness = (struct cosign_witness){&s->key, p->witness_url[i], &c->stops};
		TRY(office_open(op, &how, &s->office));
		if (pthread_create(&s->thread, NULL, loop, s) != 0)
			return fail(op, RC_BUSY, "", "", "系统不给线程", "the system gives no thread");
		s->started = true;
	}
	return RC_OK;
}

enum rc cosigners_start(struct op *op, const struct cosigners_options *o, struct cosigners **ret)
{
	struct cosigners *c = calloc(1, sizeof(*c));
	struct op mine = *op;
	pthread_condattr_t attr;
	struct policy *p;
	struct str text;
	enum rc rc;

	if (!c)
		abort(); /* as arena_alloc */
	c->o = *o;
	c->signatures = 1; /* what was signed before the start */
	mine.arena = &c->arena;
	c->vkey = *o->vkey;
	c->vkey.name = str_copy(&c->arena, o->vkey->name);
	pthread_mutex_init(&c->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&c->wake, &attr);
	pthread_condattr_destroy(&attr);
	p = ARENA_NEW(&c->arena, struct policy);
	rc = cosign_policy(&mine, o->dir, &c->vkey, p, &text);
	if (rc == RC_OK)
		rc = start_each(&mine, c, p);
	op->err = mine.err;
	if (rc != RC_OK) {
		cosigners_stop(c);
		return rc;
	}
	*ret = c;
	return RC_OK;
}

void cosigners_signed(struct cosigners *c)
{
	pthread_mutex_lock(&c->lock);
	c->signatures++;
	pthread_cond_broadcast(&c->wake);
	pthread_mutex_unlock(&c->lock);
}

void cosigners_metrics(struct cosigners *c, struct strbuf *to)
{
	if (c->n)
		strbuf_addz(to, "# TYPE gongyuan_witnessed_entries gauge\n");
	pthread_mutex_lock(&c->lock);
	for (int i = 0; i < c->n; i++)
		strbuf_addf(to, "gongyuan_witnessed_entries{witness=\"%08x\"} %llu\n",
		            (unsigned)c->list[i].key.id, (unsigned long long)c->list[i].size);
	pthread_mutex_unlock(&c->lock);
}

void cosigners_stop(struct cosigners *c)
{
	if (!c)
		return;
	pthread_mutex_lock(&c->lock);
	atomic_store(&c->stops, true);
	pthread_cond_broadcast(&c->wake);
	pthread_mutex_unlock(&c->lock);
	for (int i = 0; i < c->n; i++) {
		if (c->list[i].started)
			pthread_join(c->list[i].thread, NULL);
		office_release(&c->list[i].office);
		arena_release(&c->list[i].arena);
	}
	pthread_cond_destroy(&c->wake);
	pthread_mutex_destroy(&c->lock);
	arena_release(&c->arena);
	free(c);
}
