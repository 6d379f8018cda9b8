/* SPDX-License-Identifier: Apache-2.0 */
/* load.c -- see load.h.  The generator's own CPU time is known by its thread's clock. */
#include "load.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <sys/resource.h>
#include <time.h>

#include "app/writer_thread.h"
#include "base/limits.h"

enum { SIGN_EVERY_MS = 250 };

struct generator;

struct place {
	struct generator *g;
	struct arena arena;
	struct request request;
	struct signed_slot slots[4];
	int64_t due_ns, done_ns;
	enum rc rc;
};

struct generator {
	const struct world *w;
	const struct load *l;
	struct writer_thread *t;
	struct db *read; /* of the writer, when batches are landed beside it */
	struct place *places;
	struct place **ready; /* a ring: answered, in order */
	atomic_size_t answered;
	size_t taken;
	struct place **idle;  /* a stack */
	size_t nidle;
	int64_t next;         /* number of the next act */
	float *times;         /* ms */
	size_t ntimes;
	int64_t refused, last_ns;
	struct str why;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	bool stop;            /* of the signer */
	struct signer *signer;
	enum rc signed_rc;
	struct signed_note note;
	uint64_t signatures;
};

static int64_t now_ns(clockid_t which)
{
	struct timespec t;

	clock_gettime(which, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

/* What the process has written so far; nothing where the kernel does not say. */
static void process_io(double *ret_calls, double *ret_bytes)
{
	char line[128];
	long long n;
	FILE *f = fopen("/proc/self/io", "r");

	*ret_calls = *ret_bytes = 0;
	while (f && fgets(line, sizeof(line), f)) {
		if (sscanf(line, "syscw: %lld", &n) == 1)
			*ret_calls = (double)n;
		if (sscanf(line, "wchar: %lld", &n) == 1)
			*ret_bytes = (double)n;
	}
	if (f)
		(void)fclose(f);
}

static double process_cpu_us(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return (double)(u.ru_utime.tv_sec + u.ru_stime.tv_sec) * 1e6 +
	       (double)(u.ru_utime.tv_usec + u.ru_stime.tv_usec);
}

static void answered(void *ctx, const struct answer *a)
{
	struct place *p = ctx;
	struct generator *g = p->g;
	size_t n = atomic_load_explicit(&g->answered, memory_order_relaxed);

	p->done_ns = now_ns(CLOCK_MONOTONIC);
	p->rc = a->rc;
	if (a->rc != RC_OK && g->refused++ == 0)
		fprintf(stderr, "an act was refused: %s (%s)\n", a->err.en, a->err.field);
	g->ready[n % g->l->outstanding] = p;
	atomic_store_explicit(&g->answered, n + 1, memory_order_release);
}

static void committed(void *ctx, uint64_t size)
{
	struct generator *g = ctx;

	(void)size;
	pthread_mutex_lock(&g->lock);
	pthread_cond_broadcast(&g->wake);
	pthread_mutex_unlock(&g->lock);
}

/* ---- the signer, as in the program: reads on its own connection, keeps on the writer's ---- */

static void keep(void *ctx, struct writer *w)
{
	struct generator *g = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};

	g->signed_rc = signer_keep(&op, g->signer, &w->ledger, &g->note);
	arena_release(&a);
}

static void *sign(void *ctx)
{
	struct generator *g = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct timespec pause = {0, SIGN_EVERY_MS * 1000000L};
	bool stop = false;

	while (!stop && g->signed_rc == RC_OK) {
		nanosleep(&pause, NULL);
		arena_reset(&a);
		g->signed_rc = signer_read(&op, g->signer, &g->note);
		if (g->signed_rc == RC_OK && g->note.note.n) {
			g->signatures++;
			if (writer_thread_run(g->t, keep, g) == RC_BUSY)
				continue; /* full: the next one covers it */
		}
		pthread_mutex_lock(&g->lock);
		stop = g->stop;
		pthread_mutex_unlock(&g->lock);
	}
	arena_release(&a);
	return NULL;
}

/* ---- the generator ---- */

static void submit(struct generator *g, int64_t due_ns)
{
	struct place *p = g->idle[--g->nidle];

	arena_reset(&p->arena);
	p->request = world_act(g->w, &p->arena, g->next++, p->slots);
	p->due_ns = due_ns ? due_ns : now_ns(CLOCK_MONOTONIC);
	if (writer_thread_submit(g->t, &p->request, answered, p) != RC_OK) {
		g->idle[g->nidle++] = p;
		g->next--;
	}
}

static void collect(struct generator *g)
{
	size_t n = atomic_load_explicit(&g->answered, memory_order_acquire);

	for (; g->taken < n; g->taken++) {
		struct place *p = g->ready[g->taken % g->l->outstanding];

		if (p->rc == RC_OK) {
			g->times[g->ntimes++] = (float)((double)(p->done_ns - p->due_ns) / 1e6);
			g->last_ns = p->done_ns;
		}
		g->idle[g->nidle++] = p;
	}
}

static void wait_until(struct generator *g, int64_t ns)
{
	struct timespec t = {ns / 1000000000, ns % 1000000000};

	pthread_mutex_lock(&g->lock);
	if (atomic_load_explicit(&g->answered, memory_order_acquire) == g->taken)
		pthread_cond_timedwait(&g->wake, &g->lock, &t);
	pthread_mutex_unlock(&g->lock);
}

static void generate(struct generator *g, int64_t start_ns)
{
	const struct load *l = g->l;
	int64_t end_ns = start_ns + (int64_t)(l->seconds * 1e9), now = start_ns;
	double gap_ns = l->rate > 0 ? 1e9 / l->rate : 0;

	while (now < end_ns && g->next < l->n && !g->refused) {
		int64_t due = 0, wake = now + 100000000;

		while (g->nidle > 0 && g->next < l->n) {
			if (gap_ns > 0)
				due = start_ns + (int64_t)((double)g->next * gap_ns);
			if (due > now)
				break;
			submit(g, due);
		}
		wait_until(g, due > now && due < wake ? due : wake);
		collect(g);
		now = now_ns(CLOCK_MONOTONIC);
	}
	while (g->nidle < l->outstanding) {
		wait_until(g, now_ns(CLOCK_MONOTONIC) + 10000000);
		collect(g);
	}
}

static int by_value(const void *a, const void *b)
{
	float x = *(const float *)a, y = *(const float *)b;

	return (x > y) - (x < y);
}

static void prepare(struct generator *g, struct op *op)
{
	pthread_condattr_t attr;

	g->places = arena_array(op->arena, g->l->outstanding, sizeof(*g->places));
	g->ready = arena_array(op->arena, g->l->outstanding, sizeof(struct place *));
	g->idle = arena_array(op->arena, g->l->outstanding, sizeof(struct place *));
	g->times = arena_array(op->arena, (size_t)g->l->n, sizeof(*g->times));
	for (size_t i = 0; i < g->l->outstanding; i++) {
		g->places[i].g = g;
		g->idle[g->nidle++] = &g->places[i];
	}
	pthread_mutex_init(&g->lock, NULL);
	pthread_condattr_init(&attr);
	pthread_condattr_setclock(&attr, CLOCK_MONOTONIC);
	pthread_cond_init(&g->wake, &attr);
	pthread_condattr_destroy(&attr);
}

static enum rc entry_bytes(struct op *op, struct office *o, int64_t from, struct result *ret)
{
	static const struct sql Q = {"SELECT CAST(SUM(LENGTH(bytes)) AS BIGINT), COUNT(*)"
	                             " FROM ledger_entry WHERE log = 0 AND idx >= ?", 1};
	AUTO(rows) r = {0};

	TRY(db_query(op, o->store.ledger, &Q, ARGS(sql_int(from)), &r));
	if (rows_next(&r) && rows_int(&r, 1) > 0) {
		ret->entries = (double)rows_int(&r, 1) / (double)ret->acts;
		ret->entry_bytes = (double)rows_int(&r, 0) / (double)rows_int(&r, 1);
	}
	return RC_OK;
}

static struct db_counts counts_of(const struct office *o)
{
	struct db_counts a = db_counts(o->store.ledger), b = {0};

	if (!o->store.one)
		b = db_counts(o->store.view);
	return (struct db_counts){a.reads + b.reads, a.writes + b.writes, a.words + b.words};
}

static void summarize(struct generator *g, double seconds, double cpu_us, struct result *ret)
{
	struct rusage u;
	double n = (double)g->ntimes;

	getrusage(RUSAGE_SELF, &u);
	qsort(g->times, g->ntimes, sizeof(*g->times), by_value);
	ret->acts = (int64_t)g->ntimes;
	ret->rate = n / seconds;
	if (g->ntimes) {
		ret->p50_ms = (double)g->times[g->ntimes / 2];
		ret->p99_ms = (double)g->times[g->ntimes * 99 / 100];
		ret->max_ms = (double)g->times[g->ntimes - 1];
	}
	ret->cpu_us = cpu_us / n;
	ret->rss_mb = (double)u.ru_maxrss / 1024;
}

static enum rc run(struct op *op, struct generator *g, struct office *o, struct result *ret)
{
	struct writer_thread_options wo = {.writer = &o->writer, .batch = g->l->batch,
	                                   .read = g->read, .committed = committed, .ctx = g};
	struct db_counts before = counts_of(o), after;
	double cpu = process_cpu_us(), calls, bytes, calls_after, bytes_after;
	int64_t own = now_ns(CLOCK_THREAD_CPUTIME_ID), start;
	struct writer_thread_counts wc;
	pthread_t signer;

	process_io(&calls, &bytes);
	TRY(writer_thread_start(op, &wo, &g->t));
	if (pthread_create(&signer, NULL, sign, g) != 0)
		abort();
	start = now_ns(CLOCK_MONOTONIC);
	generate(g, start);
	pthread_mutex_lock(&g->lock);
	g->stop = true;
	pthread_mutex_unlock(&g->lock);
	pthread_join(signer, NULL);
	wc = writer_thread_counts(g->t);
	TRY(writer_thread_stop(g->t));
	own = now_ns(CLOCK_THREAD_CPUTIME_ID) - own;
	cpu = process_cpu_us() - cpu - (double)own / 1000;
	process_io(&calls_after, &bytes_after);
	summarize(g, (double)(g->last_ns - start) / 1e9, cpu, ret);
	after = counts_of(o);
	double n = (double)ret->acts;
	ret->reads = (double)(after.reads - before.reads) / n;
	ret->writes = (double)(after.writes - before.writes) / n;
	ret->statements = ret->reads + ret->writes + (double)(after.words - before.words) / n;
	ret->calls = (calls_after - calls) / n;
	ret->kilobytes = (bytes_after - bytes) / n / 1024;
	ret->batch = n / (double)(wc.batches ? wc.batches : 1);
	return g->signed_rc;
}

enum rc load_run(struct op *op, const struct world *w, struct office *o, const struct load *l,
                 struct result *ret)
{
	struct generator g = {.w = w, .l = l, .signer = &o->signer};
	int64_t from = (int64_t)o->writer.ledger.tree.size;
	struct result r = {0};

	assert(l->n <= w->shape.ready);
	if (l->batch != 1) /* one per transaction: one after the other */
		TRY(store_reader(op, &o->store, &g.read));
	prepare(&g, op);
	enum rc rc = run(op, &g, o, &r);
	db_close(g.read);
	for (size_t i = 0; i < l->outstanding; i++)
		arena_release(&g.places[i].arena);
	pthread_cond_destroy(&g.wake);
	pthread_mutex_destroy(&g.lock);
	TRY(rc);
	if (g.refused)
		return fail(op, RC_BROKEN, "", "", "有 %lld 次操作被拒绝", "%lld acts were refused",
		            (long long)g.refused);
	TRY(entry_bytes(op, o, from, &r));
	*ret = r;
	return RC_OK;
}
