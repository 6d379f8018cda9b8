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

enum { CHECK_AT = 480 }; /* the act after a fault: far from those of the scenes */
enum { ALL = 60, OPENING = 8 }; /* of so few calls each is tried; of more, the first ones */

static const struct {
	const char *name, *from; /* the folder that it begins with */
	bool promises;           /* something is acknowledged, so ignoring an error must show */
} SCENES[] = {
	{"append", "base", true},   {"fold", "full", true}, {"checkpoint", "base", true},
	{"rebuild", "base", true},  {"blob", "base", true}, {"open", "left", false},
	{"close", "base", false},
};

static const char *const FAULTS[SHIM_FAULTS] = {
	[SHIM_COUNT] = "none", [SHIM_KILL] = "kill", [SHIM_EIO] = "EIO", [SHIM_ENOSPC] = "ENOSPC",
	[SHIM_SHORT] = "short write", [SHIM_PART] = "part of a write",
};

struct one {
	const char *scene, *from, *broken;
	enum shim_fault fault;
	long at;
	bool few; /* calls: audited after each */
};

static void judge(struct crash *c, const struct one *o, int status)
{
	const char *what = FAULTS[o->fault];
	const struct said *r = &c->result;

	if (o->fault == SHIM_COUNT || o->fault == SHIM_KILL)
		return;
	if (!c->has_result) {
		crash_fault(c, "%s, %s at %ld: it died (%d) and said nothing", o->scene, what, o->at,
		            status);
		return;
	}
	if (!r->explained)
		crash_fault(c, "%s, %s at %ld: the refusal does not say why", o->scene, what, o->at);
	if (r->again)
		crash_fault(c, "%s, %s at %ld: acknowledged after a failed %s", o->scene, what, o->at,
		            r->call);
	if (o->fault == SHIM_PART && r->index != RC_OK)
		crash_fault(c, "%s, %s at %ld: refused", o->scene, what, o->at);
	if (r->fired && r->index == RC_OK && o->fault == SHIM_EIO && !o->broken)
		fprintf(stderr, "%s %ld %s: went on\n", o->scene, o->at, r->call);
}

/* Returns the calls counted. */
static long one(struct crash *c, const struct one *o)
{
	char kind[8], place[24];
	const char *words[] = {o->scene, c->data.s, "0", kind, place, o->broken, NULL};
	int64_t floor = 0;
	long wrong = c->lost + c->faults, calls;
	int fd, status;
	pid_t pid;

	crash_forget(c);
	crash_copy(c, o->from, "data");
	if (strcmp(o->from, "base") != 0) {
		crash_look(c, 0);
		floor = c->checked;
	}
	snprintf(kind, sizeof(kind), "%d", (int)o->fault);
	snprintf(place, sizeof(place), "%ld", o->at);
	pid = crash_start(c, words, &fd);
	while (crash_read(c, fd, -1) && !c->has_result)
		;
	close(fd);
	status = crash_wait(pid);
	judge(c, o, status);
	calls = c->has_result ? (long)c->result.number : 0;
	if (o->fault != SHIM_COUNT && !(o->fault == SHIM_KILL && c->has_result)) {
		c->kills++;
		c->in_flight++; /* the thing itself was under way */
	}
	c->checked = floor;
	crash_look(c, 0);
	c->next = CHECK_AT;
	/* A page of the projections that was never written is seen by the comparison alone. */
	crash_recover(c, o->broken ? !strcmp(o->scene, "rebuild")
	                           : o->few || o->at % 8 == 0 || c->lost + c->faults > wrong);
	if (c->lost + c->faults > wrong && !o->broken)
		fprintf(stderr, "%s, %s at %ld\n", o->scene, FAULTS[o->fault], o->at);
	return calls;
}

/* What a scene that is killed leaves, as top/TO. */
static void leave(struct crash *c, const char *scene, const char *to)
{
	const char *words[] = {scene, c->data.s, "0", NULL};
	int fd;
	pid_t pid;

	crash_copy(c, "base", "data");
	pid = crash_start(c, words, &fd);
	crash_read(c, fd, -1);
	close(fd);
	crash_wait(pid);
	crash_copy(c, "data", to);
}

static void tell(struct crash *c, const struct one *o, long calls, long tried, long wrong)
{
	fprintf(stderr, "%s, %s%s%s: %ld of %ld calls tried, %ld found (", o->scene,
	        FAULTS[o->fault], o->broken ? " " : "", o->broken ? o->broken : "", tried, calls,
	        wrong);
	for (int i = 0; i < SHIM_CALLS; i++)
		if (c->calls[i])
			fprintf(stderr, " %s %d", shim_name((enum shim_call)i), c->calls[i]);
	fputs(" )\n", stderr);
}

static void each(struct crash *c, const struct each *e, size_t which)
{
	struct one o = {.scene = SCENES[which].name, .from = SCENES[which].from};
	long calls = one(c, &o), step, before = c->lost + c->faults, lost = c->lost, tried = 0;

	memcpy(c->calls, c->result.calls, sizeof(c->calls));
	if (calls < 3)
		crash_fault(c, "%s makes only %ld calls", o.scene, calls);
	o.few = calls < OPENING * 2;
	o.fault = e->fault;
	o.broken = e->broken;
	step = calls > ALL ? e->step : 1;
	/* A control has proved itself with the first loss. */
	for (o.at = 1; o.at <= calls && !(o.broken && c->lost > lost);
	     o.at += o.at < OPENING ? 1 : step, tried++)
		one(c, &o);
	c->scenes++;
	c->caught += c->lost + c->faults > before;
	tell(c, &o, calls, tried, c->lost + c->faults - before);
}

void crash_at_each(struct crash *c, const struct each *e)
{
	leave(c, "leave", "left"); /* a log that is not folded in, projections behind */
	leave(c, "fill", "full");  /* a log that is folded in by one of the next commits */
	for (size_t i = 0; i < COUNT(SCENES); i++)
		if ((!e->scene || !strcmp(e->scene, SCENES[i].name)) && (!e->broken || SCENES[i].promises))
			each(c, e, i);
}
