/* SPDX-License-Identifier: Apache-2.0 */
/* ledger.c -- our store and its peers, one round of each in turn.
 *
 * Rounds are interleaved because a shared machine changes from minute to minute: what is compared
 * was measured within seconds of each other, and what is printed is the median.  Called by ./bench,
 * which starts the peers' servers and gives a command for each.
 */
#include <math.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "bench.h"

static double now_s(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

bool run_program(const char *const *argv, double *ret_seconds, double *ret_rss_mb)
{
	double start = now_s();
	struct rusage u;
	int status;
	pid_t pid = fork();

	if (pid < 0)
		return false;
	if (pid == 0) {
		(void)dup2(STDERR_FILENO, STDOUT_FILENO);
		execvp(argv[0], (char *const *)(uintptr_t)argv);
		_exit(127);
	}
	if (wait4(pid, &status, 0, &u) != pid)
		return false;
	if (ret_seconds)
		*ret_seconds = now_s() - start;
	if (ret_rss_mb)
		*ret_rss_mb = (double)u.ru_maxrss / 1024;
	return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

/* ---- worlds ---- */

/* Drops and makes a database; on the server's database `postgres`. */
static enum rc pg_database(struct op *op, const char *url, const char *ddl)
{
	struct sql q = {ddl, 0};
	struct db *db = NULL;

	TRY(db_open_postgres(op, str_of(url), STR("public"), DB_WRITE, &db));
	enum rc rc = db_exec(op, db, &q, NO_ARGS);
	db_close(db);
	return rc;
}

/* The server's URL with another database for its path. */
static struct str pg_url_of(struct op *op, const char *server, const char *name)
{
	const char *host = strstr(server, "://"), *slash = host ? strchr(host + 3, '/') : NULL;
	int n = slash ? (int)(slash - server) : (int)strlen(server);

	return str_fmt(op->arena, "%.*s/%s", n, server, name);
}

static enum rc world_of(struct bench *b, const char *name, struct world **ret)
{
	bool pg = strcmp(name, "postgres") == 0;
	struct world *w = pg ? &b->postgres : strcmp(name, "million") == 0 ? &b->million : &b->county;

	*ret = w;
	if (w->dir.n)
		return RC_OK;
	w->dir = str_fmt(b->op->arena, "%s/%s", b->dir, name);
	w->profile = b->profile;
	w->url = STR("");
	if (pg) {
		TRY(pg_database(b->op, b->pg_url, "DROP DATABASE IF EXISTS bench_world"));
		TRY(pg_database(b->op, b->pg_url, "CREATE DATABASE bench_world"));
		w->url = pg_url_of(b->op, b->pg_url, "bench_world");
	}
	fprintf(stderr, "making %s: %lld bags, %lld of them issued\n", name,
	        (long long)w->shape.subjects, (long long)w->shape.ready);
	return world_make(b->op, w);
}

/* A fresh copy for one round. */
static enum rc copy_world(struct bench *b, const struct world *w, struct str *ret_dir,
                          struct str *ret_url)
{
	struct op *op = b->op;
	struct str dir = str_fmt(op->arena, "%s/round", b->dir);
	struct str known = str_fmt(op->arena, "%s.checkpoint", w->dir.s);
	struct str known_to = str_fmt(op->arena, "%s.checkpoint", dir.s);
	const char *const drop[] = {"rm", "-rf", dir.s, known_to.s, NULL};
	const char *const copy[] = {"cp", "-a", w->dir.s, dir.s, NULL};
	const char *const note[] = {"cp", "-a", known.s, known_to.s, NULL};
	const char *const flush[] = {"sync", NULL}; /* the copy's pages are not the round's to write */

	if (!run_program(drop, NULL, NULL) || !run_program(copy, NULL, NULL) ||
	    !run_program(note, NULL, NULL) || !run_program(flush, NULL, NULL))
		return fail(op, RC_BROKEN, "", "", "不能复制 %s", "cannot copy %s", w->dir.s);
	*ret_dir = dir;
	*ret_url = w->url;
	if (!w->url.n)
		return RC_OK;
	TRY(pg_database(op, b->pg_url, "DROP DATABASE IF EXISTS bench_round"));
	TRY(pg_database(op, b->pg_url, "CREATE DATABASE bench_round TEMPLATE bench_world"));
	*ret_url = pg_url_of(op, b->pg_url, "bench_round");
	return RC_OK;
}

/* ---- rounds ---- */

static enum rc our_round(struct bench *b, struct bench_case *c)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct office *o = ARENA_NEW(&arena, struct office);
	struct world *w;
	struct str dir, url;

	TRY(world_of(b, c->world, &w));
	TRY(copy_world(b, w, &dir, &url));
	struct load l = {.outstanding = c->outstanding, .batch = c->batch, .seconds = b->seconds,
	                 .n = w->shape.ready};
	if (c->half_load) {
		l.rate = (c - 1)->round[(c - 1)->n - 1].rate / 2;
		l.outstanding = 2048;
	}
	enum rc rc = world_open(&op, dir, url, o);
	if (rc == RC_OK)
		rc = load_run(&op, w, o, &l, &c->round[c->n]);
	if (rc == RC_OK)
		c->n++;
	office_release(o);
	b->op->err = op.err;
	arena_release(&arena);
	return rc;
}

/* A peer that fails is said and left out; it does not stop ours. */
static void peer_round(struct bench_case *c)
{
	char line[512], last[512] = "";
	struct result r = {0};
	FILE *f = popen(c->command, "r");

	while (f && fgets(line, sizeof(line), f))
		memcpy(last, line, sizeof(line));
	if (f && pclose(f) == 0 && sscanf(last, "%lf %lf %lf", &r.rate, &r.p50_ms, &r.p99_ms) >= 1)
		c->round[c->n++] = r;
	else
		fprintf(stderr, "%s: no figure (%s)\n", c->name, last);
}

static enum rc run_rounds(struct bench *b)
{
	for (int r = 0; r < b->rounds; r++) {
		for (int i = 0; i < b->ncases; i++) {
			struct bench_case *c = &b->cases[i];

			if (c->world)
				TRY(our_round(b, c));
			else
				peer_round(c);
			if (c->n)
				fprintf(stderr, "round %d %-22s %9.0f/s p50 %.2f p99 %.2f ms\n", r + 1, c->name,
				        c->round[c->n - 1].rate, c->round[c->n - 1].p50_ms,
				        c->round[c->n - 1].p99_ms);
		}
	}
	return RC_OK;
}

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

double bench_median(const struct bench_case *c, size_t offset)
{
	double v[ROUNDS_MAX];

	if (!c->n)
		return NAN;
	for (int i = 0; i < c->n; i++)
		memcpy(&v[i], (const char *)&c->round[i] + offset, sizeof(v[i]));
	qsort(v, (size_t)c->n, sizeof(v[0]), by_value);
	return c->n % 2 ? v[c->n / 2] : (v[c->n / 2 - 1] + v[c->n / 2]) / 2;
}

/* ---- what is asked for ---- */

static const struct bench_case OURS[] = {
	{.name = "sqlite-64", .what = "SQLite, 64 outstanding", .world = "county", .outstanding = 64},
	{.name = "sqlite-half", .what = "open loop at half of that load", .world = "county",
	 .half_load = true},
	{.name = "sqlite-512", .what = "SQLite, 512 outstanding", .world = "county",
	 .outstanding = 512},
	{.name = "sqlite-single", .what = "the same act, one per transaction", .world = "county",
	 .outstanding = 64, .batch = 1},
	{.name = "million-64", .what = "SQLite, 64 outstanding, 1 million bags", .world = "million",
	 .outstanding = 64},
	{.name = "postgres-64", .what = "PostgreSQL, 64 outstanding", .world = "postgres",
	 .outstanding = 64},
};

/* `only`: names between commas; without it all but the million, which takes minutes to make. */
static bool wanted(const char *only, const char *name)
{
	size_t n = strlen(name);

	if (!only)
		return strcmp(name, "million-64") != 0;
	for (const char *at = only; at; at = strchr(at, ',') ? strchr(at, ',') + 1 : NULL)
		if (strncmp(at, name, n) == 0 && (at[n] == '\0' || at[n] == ','))
			return true;
	return false;
}

static void add_case(struct bench *b, const struct bench_case *c)
{
	if (wanted(b->only, c->name) && b->ncases < CASES_MAX)
		b->cases[b->ncases++] = *c;
}

/* --peer NAME=WHAT=COMMAND */
static void add_peer(struct bench *b, char *text)
{
	char *what = strchr(text, '='), *command = what ? strchr(what + 1, '=') : NULL;

	if (!command)
		return;
	*what++ = '\0';
	*command++ = '\0';
	add_case(b, &(struct bench_case){.name = text, .what = what, .command = command});
}

static bool read_flags(struct bench *b, int argc, char **argv, const char **ret_profile)
{
	for (int i = 1; i < argc; i++) {
		const char *flag = argv[i], *value = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(flag, "--json") == 0) {
			b->json = true;
			continue;
		}
		i++;
		if (strcmp(flag, "--rounds") == 0)
			b->rounds = (int)strtol(value, NULL, 10);
		else if (strcmp(flag, "--seconds") == 0)
			b->seconds = strtod(value, NULL);
		else if (strcmp(flag, "--only") == 0)
			b->only = value;
		else if (strcmp(flag, "--dir") == 0)
			b->dir = value;
		else if (strcmp(flag, "--pg") == 0)
			b->pg_url = value;
		else if (strcmp(flag, "--profile") == 0)
			*ret_profile = value;
		else if (strcmp(flag, "--scale") == 0)
			b->million.shape.subjects = strtol(value, NULL, 10);
		else if (strcmp(flag, "--peer") != 0)
			return false;
	}
	return b->dir && *ret_profile && b->rounds > 0 && b->rounds <= ROUNDS_MAX && b->seconds > 0;
}

static enum rc run(struct bench *b, int argc, char **argv, const char *profile)
{
	TRY(file_read(b->op, str_of(profile), 1 << 20, &b->profile));
	for (size_t i = 0; i < COUNT(OURS); i++)
		if (b->pg_url || strcmp(OURS[i].world, "postgres") != 0)
			add_case(b, &OURS[i]);
	for (int i = 1; i + 1 < argc; i++)
		if (strcmp(argv[i], "--peer") == 0)
			add_peer(b, argv[++i]);
	TRY(run_rounds(b));
	if (b->only && wanted(b->only, "scale")) {
		struct world *w;

		TRY(world_of(b, "million", &w));
		TRY(scale_run(b, w));
	}
	return RC_OK;
}

int main(int argc, char **argv)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	struct bench *b = ARENA_NEW(&arena, struct bench);
	const char *profile = NULL;

	b->op = &op;
	b->rounds = 5;
	b->seconds = 2;
	b->county.shape = (struct shape){20000, 20000};
	b->million.shape = (struct shape){1000000, 0};
	b->postgres.shape = (struct shape){20000, 10000};
	b->extra = json_new_array(&arena);
	if (!read_flags(b, argc, argv, &profile)) {
		fprintf(stderr, "called by ./bench; see ./bench --help\n");
		return 2;
	}
	b->million.shape.ready = b->million.shape.subjects / 10;
	if (run(b, argc, argv, profile) != RC_OK) {
		fprintf(stderr, "%s\n%s\n", op.err.zh, op.err.en);
		return 1;
	}
	if (b->json)
		report_json(b);
	else
		report_print(b);
	return 0;
}
