/* SPDX-License-Identifier: Apache-2.0 */
/* crashloop.c -- kills the writer, and looks whether what it acknowledged is there.
 *
 *     crashloop [--kills N] [--seed N] [--break ack-early] [--json]
 *     crashloop --at-each [--fault kill|eio|enospc|short] [--step N] [--break swallow|ignore]
 *
 * The first form kills at random moments under load; each twentieth start is killed while
 * it opens.  The second kills, or fails, the Nth write, fsync, truncation or rename of an append, a
 * checkpoint, a rebuild and a blob, for every N (or every STEPth).  Exit: 0 nothing lost and
 * nothing wrong, 1 else; with --break one is expected.
 */
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/random.h"
#include "crash.h"
#include "shim.h"

enum { FRESH = 250, AUDIT = 50 }; /* kills for one folder, between audits */

struct how {
	long kills, seed, step;
	const char *broken, *fault;
	bool at_each, json;
};

static int64_t now_us(void)
{
	struct timespec ts;

	clock_gettime(CLOCK_MONOTONIC, &ts);
	return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

/* One round: some milliseconds of load, then the kill. */
static void round_of(struct crash *c, struct random *r, bool early)
{
	char first[32];
	const char *words[] = {"flow", c->data.s, first, early ? "early" : NULL, NULL};
	bool opening = c->kills % 20 == 19;
	int64_t wait_us = (int64_t)random_below(r, opening ? 8000 : 40000), until;
	pid_t pid;
	int fd;

	snprintf(first, sizeof(first), "%llu", (unsigned long long)c->next);
	pid = crash_start(c, words, &fd);
	while (!opening && !c->acknowledged && crash_read(c, fd, 1000))
		;
	until = now_us() + wait_us;
	while (now_us() < until && crash_read(c, fd, 1)) /* the pipe must not fill */
		;
	kill(pid, SIGKILL);
	crash_read(c, fd, -1);
	close(fd);
	if (!WIFSIGNALED(crash_wait(pid)))
		crash_fault(c, "it ended by itself");
	c->kills++;
	c->in_flight += early ? c->sent > 0 : c->sent > c->acknowledged;
}

static void at_random(struct crash *c, const struct how *h)
{
	struct random r = random_seeded((uint64_t)h->seed);
	bool early = h->broken != NULL;

	for (long i = 0; i < h->kills; i++) {
		if (i > 0 && i % FRESH == 0)
			crash_found(c);
		round_of(c, &r, early);
		crash_look(c, c->checked);
		if (i % AUDIT == AUDIT - 1 || i + 1 == h->kills || (i + 1) % FRESH == 0)
			crash_recover(c, !early);
	}
	if (c->in_flight * 10 < c->kills * 9)
		crash_fault(c, "only %ld of %ld kills had operations in flight", c->in_flight, c->kills);
}

static int fault_of(const struct how *h)
{
	static const char *const NAMES[] = {"", "kill", "eio", "enospc", "short"};

	if (h->broken && !strcmp(h->broken, "swallow"))
		return SHIM_SWALLOW;
	for (int i = SHIM_KILL; i <= SHIM_SHORT; i++)
		if (!strcmp(h->fault, NAMES[i]))
			return i;
	return SHIM_KILL;
}

static int usage(void)
{
	fputs("crashloop [--kills N] [--seed N] [--break ack-early] [--json]\n"
	      "crashloop --at-each [--fault kill|eio|enospc|short] [--step N]"
	      " [--break swallow|ignore] [--json]\n", stderr);
	return 2;
}

static bool read_words(int argc, char **argv, struct how *h)
{
	for (int i = 1; i < argc; i++) {
		const char *value = i + 1 < argc ? argv[i + 1] : NULL;

		if (!strcmp(argv[i], "--json"))
			h->json = true;
		else if (!strcmp(argv[i], "--at-each"))
			h->at_each = true;
		else if (!value)
			return false;
		else if (!strcmp(argv[i], "--kills"))
			h->kills = strtol(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--seed"))
			h->seed = strtol(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--step"))
			h->step = strtol(argv[++i], NULL, 10);
		else if (!strcmp(argv[i], "--break"))
			h->broken = argv[++i];
		else if (!strcmp(argv[i], "--fault"))
			h->fault = argv[++i];
		else
			return false;
	}
	return h->kills > 0 && h->step > 0;
}

static const char *need(const char *name)
{
	const char *v = getenv(name);

	if (!v) {
		fprintf(stderr, "%s is not set: run tools/crashloop\n", name);
		exit(2);
	}
	return v;
}

int main(int argc, char **argv)
{
	static struct crash c;
	struct how h = {.kills = 100, .seed = 1, .step = 1, .fault = "kill"};
	const char *tmp = getenv("TMPDIR");
	struct str top;

	if (!read_words(argc, argv, &h))
		return usage();
	c.load = need("GONGYUAN_LOAD");
	c.gongyuan = need("GONGYUAN_BIN");
	c.audit = need("GONGYUAN_AUDIT");
	top = str_fmt(&c.arena, "%s/gy-crash-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)top.s))
		return 2;
	c.top = top;
	c.data = str_fmt(&c.arena, "%s/data", top.s);
	crash_found(&c);
	if (h.at_each)
		crash_at_each(&c, fault_of(&h), (int)h.step, h.broken && !strcmp(h.broken, "ignore"));
	else
		at_random(&c, &h);
	printf(h.json ? "{\"kills\":%ld,\"acknowledged\":%ld,\"in_flight\":%ld,\"lost\":%ld,"
	                "\"faults\":%ld}\n"
	              : "%ld kills, %ld acknowledged, %ld with operations in flight, %ld lost,"
	                " %ld faults\n",
	       c.kills, c.all_acknowledged, c.in_flight, c.lost, c.faults);
	if (system(str_fmt(&c.arena, "rm -rf '%s'", top.s).s) != 0)
		fprintf(stderr, "%s could not be removed\n", top.s);
	free(c.seen);
	arena_release(&c.arena);
	return c.lost || c.faults ? 1 : 0;
}
