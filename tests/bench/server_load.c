/* SPDX-License-Identifier: Apache-2.0 */
/* server_load.c -- what terminals and desks ask of a server that serves a world of server_world.c.
 *
 *     server-load enter|batch|get --port P --tokens FILE [--connections N] [--idle N] [--seconds S]
 *                 [--sites N] [--round R] [--acts N] [--path PATH] [--paths FILE]
 *                 [--rate N]
 *
 * enter: one sitting.enter a POST.  batch: --acts of them in one POST.  get: a GET of --path, or of
 * the lines of --paths in turn.  Each connection has the token of one checker of
 * identities and enters the candidates of that checker's sites.  Prints one JSON line.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "server_acts.h"

enum { PATH_LINE = 512, PATHS_MAX = 1000000 };

struct ask {
	struct acts acts;
	const char *path;
	char **paths;
	long npaths;
};

static void die(const char *why)
{
	fprintf(stderr, "server-load: %s\n", why);
	exit(1);
}

static void read_lines(struct ask *a, const char *file)
{
	FILE *f = fopen(file, "r");
	char line[PATH_LINE];

	a->paths = calloc(PATHS_MAX, sizeof(*a->paths));
	if (!f)
		die("a file cannot be read");
	while (a->npaths < PATHS_MAX && fgets(line, sizeof(line), f)) {
		line[strcspn(line, "\n")] = '\0';
		a->paths[a->npaths++] = strdup(line);
	}
	fclose(f);
}

static size_t make_enter(void *ctx, struct conn *c, char *out)
{
	struct ask *a = ctx;

	return acts_one(&a->acts, c, out);
}

static size_t make_batch(void *ctx, struct conn *c, char *out)
{
	struct ask *a = ctx;

	return acts_batch(&a->acts, c, out);
}

static size_t make_get(void *ctx, struct conn *c, char *out)
{
	struct ask *a = ctx;
	long at = c->k * a->acts.connections + c->at;
	const char *path = a->npaths ? a->paths[at % a->npaths] : a->path;

	return (size_t)snprintf(out, OUT_MAX, "GET %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
	                        "Authorization: Bearer %s\r\n\r\n", path,
	                        a->acts.tokens[c->at % a->acts.ntokens]);
}

static long judge_one(void *ctx, const struct conn *c, int status, const char *body, size_t n)
{
	(void)ctx, (void)c;
	if (status == 200)
		return 1;
	fprintf(stderr, "%d %.*s\n", status, (int)(n < 300 ? n : 300), body);
	return 0;
}

/* Each act of a batch has an answer with an index of its own. */
static long judge_batch(void *ctx, const struct conn *c, int status, const char *body, size_t n)
{
	struct ask *a = ctx;
	long found = 0;

	for (const char *p = body; (p = memmem(p, n - (size_t)(p - body), "\"leaf\":", 7)); p += 7)
		found++;
	return found == a->acts.acts ? found : judge_one(ctx, c, status == 200 ? 0 : status, body, n);
}

static void flag(struct ask *a, struct http_load *l, const char *name, const char *value)
{
	if (acts_flag(&a->acts, name, value))
		return;
	if (!strcmp(name, "--port"))
		l->port = (int)strtol(value, NULL, 10);
	else if (!strcmp(name, "--connections"))
		l->connections = (int)strtol(value, NULL, 10);
	else if (!strcmp(name, "--idle"))
		l->idle = (int)strtol(value, NULL, 10);
	else if (!strcmp(name, "--seconds"))
		l->seconds = strtod(value, NULL);
	else if (!strcmp(name, "--rate"))
		l->rate = strtod(value, NULL);
	else if (!strcmp(name, "--path"))
		a->path = value;
	else if (!strcmp(name, "--paths"))
		read_lines(a, value);
	else
		die("see the head of server_load.c for its flags");
}

int main(int argc, char **argv)
{
	struct ask *a = calloc(1, sizeof(*a));
	struct http_load l = {.connections = 64, .seconds = 2, .ctx = a};
	const char *mode = argc > 1 ? argv[1] : "";
	struct http_figures f;

	a->acts.acts = 100;
	a->acts.sites = 256;
	for (int i = 2; i + 1 < argc; i += 2)
		flag(a, &l, argv[i], argv[i + 1]);
	if (!l.port || !a->acts.ntokens)
		die("--port and --tokens are needed");
	a->acts.connections = l.connections;
	l.make = !strcmp(mode, "enter") ? make_enter : !strcmp(mode, "batch") ? make_batch : make_get;
	l.judge = l.make == make_batch ? judge_batch : judge_one;
	if (!http_load_run(&l, &f))
		die("no connection");
	printf("{\"mode\":\"%s\",\"answered\":%ld,\"counted\":%ld,\"refused\":%ld,\"lost\":%ld,"
	       "\"seconds\":%.3f,\"rate\":%.0f,\"p50_ms\":%.3f,\"p99_ms\":%.3f,\"max_ms\":%.1f}\n",
	       mode, f.answered, f.counted, f.refused, f.lost, f.seconds,
	       (double)f.counted / f.seconds, f.p50_ms, f.p99_ms, f.max_ms);
	return f.refused || f.lost || !f.counted;
}
