/* SPDX-License-Identifier: Apache-2.0 */
/* crashloop.c -- kills the writer, and looks whether what it acknowledged is there.
 *
 *     crashloop [--kills N] [--seed N] [--break ack-early] [--json]
 *     crashloop --at-each [--fault kill|eio|enospc|short|part] [--scene NAME] [--step N]
 *               [--break swallow|ignore] [--json]
 *
 * The first form kills at random moments under load; each twentieth start is killed while
 * it opens.  The second kills at, or fails, the Nth write, fsync, truncation, rename or unlink of
 * each scene, for every N (of many calls every STEPth).  Exit: 0 nothing lost and nothing wrong,
 * 1 else; with --break one is expected.
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

/* Kills between audits, and between closings, without which SQLite's logs only grow. */
enum { AUDIT = 120, CLOSE = 15 };
enum { BAGS = 10000, LEFT = 2000 }; /* of a folder; when so few are left, a fresh one */
enum { SCENE_BAGS = 500 };

struct how {
	long kills, seed, step;
	const char *broken, *fault, *scene;
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

static void fresh(struct crash *c)
{
	crash_forget(c);
	crash_copy(c, "base", "data");
}

static void at_random(struct crash *c, const struct how *h)
{
	struct random r = random_seeded((uint64_t)h->seed);
	bool early = h->broken != NULL, full;

	fresh(c);
	for (long i = 1; i <= h->kills; i++) {
		round_of(c, &r, early);
		crash_look(c, c->checked);
		if (c->refused)
			crash_fault(c, "%llu acts were refused", (unsigned long long)c->refused);
		full = (int64_t)c->nsent > c->bags - LEFT;
		if (i % CLOSE == 0 || i == h->kills || full)
			crash_recover(c, !early && (i % AUDIT == 0 || i == h->kills || full));
		if (full)
			fresh(c);
	}
	if (c->in_flight * 10 < c->kills * 9)
		crash_fault(c, "only %ld of %ld kills had operations in flight", c->in_flight, c->kills);
}

static enum shim_fault fault_of(const char *name)
{
	static const char *const NAMES[SHIM_FAULTS] = {"", "kill", "eio", "enospc", "short", "part"};

	for (int i = SHIM_KILL; i < SHIM_FAULTS; i++)
		if (!strcmp(name, NAMES[i]))
			return (enum shim_fault)i;
	return SHIM_COUNT;
}

static int usage(void)
{
	fputs("crashloop [--kills N] [--seed N] [--break ack-early] [--json]\n"
	      "crashloop --at-each [--fault kill|eio|enospc|short|part] [--scene NAME] [--step N]"
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
		else if (!strcmp(argv[i], "--scene"))
			h->scene = argv[++i];
		else
			return false;
	}
	return h->kills > 0 && h->step > 0 && fault_of(h->fault) != SHIM_COUNT;
}

static void tell(const struct crash *c, bool json)
{
	if (json)
		printf("{\"kills\":%ld,\"acknowledged\":%ld,\"in_flight\":%ld,\"scenes\":%ld,"
		       "\"caught\":%ld,\"corrupt\":%ld,\"lost\":%ld,\"faults\":%ld}\n", c->kills,
		       c->all_acknowledged, c->in_flight, c->scenes, c->caught, c->corrupt, c->lost,
		       c->faults);
	else
		printf("%ld kills or faults, %ld acknowledged, %ld with operations in flight, %ld lost,"
		       " %ld damaged, %ld faults\n", c->kills, c->all_acknowledged, c->in_flight,
		       c->lost, c->corrupt, c->faults);
}

int main(int argc, char **argv)
{
	static struct crash c;
	struct how h = {.kills = 100, .seed = 1, .step = 1, .fault = "kill"};
	struct each e;
	bool sound;

	if (!read_words(argc, argv, &h))
		return usage();
	e = (struct each){fault_of(h.fault), (int)h.step, h.scene, h.broken};
	crash_begin(&c, h.at_each ? SCENE_BAGS : BAGS);
	if (h.at_each)
		crash_at_each(&c, &e);
	else
		at_random(&c, &h);
	tell(&c, h.json);
	sound = !c.lost && !c.faults && !c.corrupt;
	crash_end(&c);
	return sound ? 0 : 1;
}
