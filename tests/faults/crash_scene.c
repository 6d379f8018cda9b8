/* SPDX-License-Identifier: Apache-2.0 */
/* crash_scene.c -- a fault at the Nth call of one thing, for every N.
 *
 * Each case begins on the same copied folder.  How many calls a thing takes is counted in a run
 * without a fault.
 */
#include "crash.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"
#include "shim.h"

static const char *const SCENES[] = {"append", "checkpoint", "rebuild", "blob"};
static const char *const FAULTS[] = {
	[SHIM_COUNT] = "none", [SHIM_KILL] = "kill", [SHIM_EIO] = "EIO", [SHIM_ENOSPC] = "ENOSPC",
	[SHIM_SHORT] = "short write", [SHIM_SWALLOW] = "swallowed",
};

static void copy(struct crash *c, const char *from, const char *to)
{
	char line[2048];

	snprintf(line, sizeof(line), "rm -rf '%s/%s' '%s/%s.checkpoint' && cp -a '%s/%s' '%s/%s' && "
	         "cp '%s/%s.checkpoint' '%s/%s.checkpoint'", c->top.s, to, c->top.s, to, c->top.s, from,
	         c->top.s, to, c->top.s, from, c->top.s, to);
	if (system(line) != 0)
		crash_fault(c, "copy: %s", line);
}

/* The blob that was said to be kept is there, whole. */
static void look_blob(struct crash *c)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct store s = {.dir = c->data};
	struct str bytes;

	if (c->blob && blob_get(&op, &s, hash_hex(&a, &c->blob_hash), &bytes) != RC_OK) {
		c->lost++;
		fprintf(stderr, "a blob: %s\n", op.err.en);
	}
	arena_release(&a);
}

static void judge(struct crash *c, const char *scene, int fault, long at, int status)
{
	if (fault == SHIM_KILL && c->has_result)
		return; /* fewer calls than counted */
	if (fault != SHIM_KILL && !c->has_result)
		crash_fault(c, "%s, %s at %ld: it died (%d) and said nothing", scene, FAULTS[fault], at,
		            status);
	if (c->has_result && !c->result.explained)
		crash_fault(c, "%s, %s at %ld: refused without a sentence", scene, FAULTS[fault], at);
	if (c->has_result && c->result.again && strstr(c->result.call, "sync"))
		crash_fault(c, "%s, %s at %ld: acknowledged after a failed %s", scene, FAULTS[fault], at,
		            c->result.call);
}

/* Returns the calls counted. */
static long one(struct crash *c, const char *scene, int fault, long at, bool ignore)
{
	char number[32], kind[8], place[24];
	const char *words[] = {scene, c->data.s, number, kind, place, ignore ? "ignore" : NULL, NULL};
	long calls = 0;
	int fd, status;
	pid_t pid;

	free(c->seen);
	c->seen = NULL;
	c->nseen = c->next = 0;
	c->checked = 0;
	copy(c, "base", "data");
	snprintf(number, sizeof(number), "%d", 1000);
	snprintf(kind, sizeof(kind), "%d", fault);
	snprintf(place, sizeof(place), "%ld", at);
	pid = crash_start(c, words, &fd);
	while (crash_read(c, fd, -1) && !c->has_result)
		;
	close(fd);
	status = crash_wait(pid);
	calls = c->has_result ? (long)c->result.number : 0;
	c->kills++;
	c->in_flight++; /* the thing itself was under way */
	judge(c, scene, fault, at, status);
	if (!strcmp(scene, "rebuild") || !strcmp(scene, "blob"))
		look_blob(c);
	else
		crash_look(c, 0);
	c->next = 2000;
	crash_recover(c, fault != SHIM_SWALLOW && !ignore && (at % 8 == 0 || c->faults));
	return calls;
}

void crash_at_each(struct crash *c, int fault, int step, bool ignore)
{
	copy(c, "data", "base");
	for (size_t i = 0; i < COUNT(SCENES); i++) {
		long calls = one(c, SCENES[i], SHIM_COUNT, 0, false);

		if (calls < 3)
			crash_fault(c, "%s makes only %ld calls", SCENES[i], calls);
		for (long at = 1; at <= calls; at += calls > 60 ? step : 1)
			one(c, SCENES[i], fault, at, ignore);
		fprintf(stderr, "%s, %s: %ld calls\n", SCENES[i], FAULTS[fault], calls);
	}
}
