/* SPDX-License-Identifier: Apache-2.0 */
/* morning.c -- a nation's morning: entries into rooms through one writer, all expectations open.
 *
 *     morning --dir DIR --profile FILE [--rooms N] [--each] [--json]
 *
 * Sites of 30 rooms of 30 seats are planned and armed by the job, so that every site and room has
 * its expectations.  Then the entries come: a room's identity terminal uploads its list
 * (sitting.enter_list), or with --each one act a candidate (sitting.enter).  The generator is a
 * thread of this process, beside the writer's two and the signer.  A step of the profile that would
 * fall due before the entries is put off by an hour: the morning of a nation on which nobody is
 * late with a report.  `./bench morning` has the ledger audited afterwards.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "app/writer_thread.h"
#include "nation.h"

#define WINDOW_S 1800.0 /* from the bell for entry to the opening of the bags */
enum { FLIGHT = 2048, SIGN_EVERY_MS = 250 };

struct morning {
	struct nation n;
	bool each;
	/* The generator's. */
	struct flight *flights;
	atomic_size_t answered;
	atomic_llong refused;
	struct flight **ready, **idle;
	size_t taken, nidle;
	pthread_mutex_t lock;
	pthread_cond_t wake;
	struct writer_thread *t;
	atomic_bool stop;
	enum rc signed_rc;
	struct signed_note note;
	int64_t signatures;
};

struct flight {
	struct morning *m;
	struct arena arena;
	struct request request;
	enum rc rc;
};

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the entries ---- */

static void answered(void *ctx, const struct answer *a)
{
	struct flight *f = ctx;
	struct morning *m = f->m;
	size_t n = atomic_load_explicit(&m->answered, memory_order_relaxed);

	f->rc = a->rc;
	if (a->rc != RC_OK && atomic_fetch_add(&m->refused, 1) == 0)
		fprintf(stderr, "an act was refused: %s (%s)\n", a->err.en, a->err.field);
	m->ready[n % FLIGHT] = f;
	atomic_store_explicit(&m->answered, n + 1, memory_order_release);
}

static void committed(void *ctx, uint64_t size)
{
	struct morning *m = ctx;

	(void)size;
	pthread_mutex_lock(&m->lock);
	pthread_cond_signal(&m->wake);
	pthread_mutex_unlock(&m->lock);
}

static void collect(struct morning *m, bool wait)
{
	size_t n;

	pthread_mutex_lock(&m->lock);
	while (wait && atomic_load_explicit(&m->answered, memory_order_acquire) == m->taken) {
		struct timespec t;

		clock_gettime(CLOCK_REALTIME, &t);
		t.tv_nsec += 5000000;
		if (t.tv_nsec >= 1000000000) {
			t.tv_nsec -= 1000000000;
			t.tv_sec++;
		}
		pthread_cond_timedwait(&m->wake, &m->lock, &t);
	}
	pthread_mutex_unlock(&m->lock);
	n = atomic_load_explicit(&m->answered, memory_order_acquire);
	for (; m->taken < n; m->taken++)
		m->idle[m->nidle++] = m->ready[m->taken % FLIGHT];
}

static void make(struct morning *m, struct flight *f, int64_t k)
{
	struct arena *a = &f->arena;
	int64_t who;

	f->request = (struct request){
		.command = m->each ? STR("sitting.enter") : STR("sitting.enter_list"),
		.source = SOURCE_TERMINAL,
		.data = m->each ? nation_enter(a, &m->n, k, &who) : nation_list(a, &m->n, k, &who),
		.key = str_fmt(a, "01974a5e-0000-7000-8000-%012llx", (unsigned long long)k)};
	f->request.actor.v = who;
}

static void generate(struct morning *m, int64_t acts)
{
	for (int64_t k = 0; k < acts && !atomic_load(&m->refused);) {
		while (m->nidle > 0 && k < acts) {
			struct flight *f = m->idle[--m->nidle];

			arena_reset(&f->arena);
			make(m, f, k);
			if (writer_thread_submit(m->t, &f->request, answered, f) != RC_OK) {
				m->idle[m->nidle++] = f;
				break;
			}
			k++;
		}
		collect(m, true);
	}
	while (m->nidle < FLIGHT)
		collect(m, true);
}

static void keep(void *ctx, struct writer *w)
{
	struct morning *m = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};

	m->signed_rc = signer_keep(&op, &m->n.o->signer, &w->ledger, &m->note);
	arena_release(&a);
}

static void *sign(void *ctx)
{
	struct morning *m = ctx;
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct timespec pause = {0, SIGN_EVERY_MS * 1000000L};

	while (!atomic_load(&m->stop) && m->signed_rc == RC_OK) {
		nanosleep(&pause, NULL);
		arena_reset(&a);
		m->signed_rc = signer_read(&op, &m->n.o->signer, &m->note);
		if (m->signed_rc == RC_OK && m->note.note.n) {
			m->signatures++;
			(void)!writer_thread_run(m->t, keep, m); /* full: the next one covers it */
		}
	}
	arena_release(&a);
	return NULL;
}

static enum rc enter(struct op *op, struct morning *m, int64_t acts, double *ret_s)
{
	struct writer_thread_options wo = {.writer = &m->n.o->writer, .committed = committed, .ctx = m};
	struct db *read = NULL;
	pthread_t signer;
	double start;

	clock_set(&m->n.o->clock, m->n.to_ms);
	TRY(store_reader(op, &m->n.o->store, &read));
	TRY(store_reserve(op, &m->n.o->store));
	m->flights = arena_array(op->arena, FLIGHT, sizeof(*m->flights));
	m->ready = arena_array(op->arena, FLIGHT, sizeof(struct flight *));
	m->idle = arena_array(op->arena, FLIGHT, sizeof(struct flight *));
	for (size_t i = 0; i < FLIGHT; i++) {
		m->flights[i].m = m;
		m->idle[m->nidle++] = &m->flights[i];
	}
	pthread_mutex_init(&m->lock, NULL);
	pthread_cond_init(&m->wake, NULL);
	wo.read = read;
	TRY(writer_thread_start(op, &wo, &m->t));
	if (pthread_create(&signer, NULL, sign, m) != 0)
		abort();
	start = now_s();
	generate(m, acts);
	*ret_s = now_s() - start;
	atomic_store(&m->stop, true);
	pthread_join(signer, NULL);
	TRY(writer_thread_stop(m->t));
	db_close(read);
	for (size_t i = 0; i < FLIGHT; i++)
		arena_release(&m->flights[i].arena);
	if (atomic_load(&m->refused))
		return fail(op, RC_BROKEN, "", "", "有操作被拒绝", "acts were refused");
	return m->signed_rc;
}

/* ---- the whole ---- */

enum { Q_OPEN, Q_ALARMS, Q_SEATED };
static const struct sql SQL[] = {
	[Q_OPEN] = {"SELECT COUNT(*) FROM expectation WHERE state = 0", 0},
	[Q_ALARMS] = {"SELECT COUNT(*) FROM alarm", 0},
	[Q_SEATED] = {"SELECT COUNT(*) FROM sitting_entry", 0},
};

static int64_t number(struct op *op, struct db *db, int q)
{
	AUTO(rows) r = {0};

	if (db_query(op, db, &SQL[q], NO_ARGS, &r) != RC_OK || !rows_next(&r))
		return -1;
	return rows_int(&r, 0);
}

static void tell(struct op *op, struct morning *m, double plan_s, double arm_s, double s,
                 bool json)
{
	int64_t entries = m->n.sites * ROOMS * SEATS;
	struct db *view = m->n.o->store.view;
	int64_t open = number(op, view, Q_OPEN);
	int64_t alarms = number(op, view, Q_ALARMS);
	int64_t seated = number(op, view, Q_SEATED);
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	printf(json ? "{\"name\":\"morning%s\",\"entries\":%lld,\"rooms\":%lld,\"seated\":%lld,"
	              "\"open_expectations\":%lld,\"alarms\":%lld,\"plan_s\":%.1f,\"arm_s\":%.1f,"
	              "\"seconds\":%.1f,\"entries_per_s\":%.0f,\"real_time\":%.2f,\"rss_mb\":%.0f,"
	              "\"ledger\":%llu}\n"
	            : "morning%s: %lld entries into %lld rooms (%lld seated), %lld expectations open, "
	              "%lld alarms; planned in %.1f s, armed in %.1f s, entered in %.1f s: %.0f "
	              "entries/s, %.2f times real time for this part of the nation, %.0f MB, ledger of "
	              "%llu\n",
	       m->each ? "-each" : "", (long long)entries, (long long)(m->n.sites * ROOMS),
	       (long long)seated, (long long)open, (long long)alarms, plan_s, arm_s, s,
	       (double)entries / s, WINDOW_S / s, (double)u.ru_maxrss / 1024,
	       (unsigned long long)m->n.o->writer.ledger.tree.size);
}

static enum rc run(struct op *op, struct str dir, struct str file, struct morning *m, bool json)
{
	double start = now_s(), plan_s, arm_s, s = 0;
	struct str note;

	TRY(nation_found(op, dir, file, &m->n));
	plan_s = now_s() - start;
	fprintf(stderr, "planned in %.1f s\n", plan_s);
	start = now_s();
	TRY(nation_arm(op, &m->n));
	arm_s = now_s() - start;
	fprintf(stderr, "armed in %.1f s\n", arm_s);
	TRY(enter(op, m, m->n.sites * ROOMS * (m->each ? SEATS : 1), &s));
	TRY(office_sign(op, m->n.o, &note));
	tell(op, m, plan_s, arm_s, s, json);
	return RC_OK;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct morning *m = ARENA_NEW(&arena, struct morning);
	struct str dir = STR(""), file = STR("");
	int64_t rooms = 45000;
	bool json = false;
	enum rc rc;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--each"))
			m->each = true;
		else if (i + 1 < argc && !strcmp(argv[i], "--dir"))
			dir = str_of(argv[++i]);
		else if (i + 1 < argc && !strcmp(argv[i], "--profile"))
			file = str_of(argv[++i]);
		else if (i + 1 < argc && !strcmp(argv[i], "--rooms"))
			rooms = strtol(argv[++i], NULL, 10);
		else
			rooms = 0;
	}
	if (rooms < ROOMS || dir.n == 0 || file.n == 0) {
		fputs("morning --dir DIR --profile FILE [--rooms N] [--each] [--json]\n", stderr);
		return 2;
	}
	m->n.sites = (rooms + ROOMS - 1) / ROOMS;
	rc = run(&op, dir, file, m, json);
	if (rc != RC_OK)
		fprintf(stderr, "morning: %s (%s)\n", op.err.en, op.err.field);
	if (m->n.o)
		office_release(m->n.o);
	arena_release(&arena);
	return rc == RC_OK ? 0 : 1;
}
