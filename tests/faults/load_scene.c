/* SPDX-License-Identifier: Apache-2.0 */
/* load_scene.c -- one thing that the program does, with a fault at one of its calls.
 *
 * What must stand before it is done first, with nothing armed.  A scene ends by a kill, never by a
 * close that might mend something; `close` itself is one of them.
 */
#include "desk.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ACTS = 8, FOLD_AT = 360 };

/* Acts until one more batch makes SQLite fold its log into the file (at 1000 pages). */
#define NEARLY_FULL (1000 * 4120 - 130000)

static int64_t log_bytes(const char *dir)
{
	char path[1024];
	struct stat st;

	snprintf(path, sizeof(path), "%s/ledger.db-wal", dir);
	return stat(path, &st) == 0 ? st.st_size : 0;
}

static _Noreturn void fill(struct desk *d, const struct scene *s)
{
	int64_t bytes = 0, before = -1;

	for (uint64_t n = s->first; bytes < NEARLY_FULL && bytes > before && n < FOLD_AT; n++) {
		before = bytes;
		if (desk_batch(d, n, 1) != RC_OK)
			give_up(&d->op.err);
		bytes = log_bytes(s->dir);
	}
	kill(getpid(), SIGKILL);
	_exit(1);
}

/* Projections of an older program's tables: only a rebuild that took its place is a rebuild. */
static void age(struct desk *d)
{
	static const struct sql AGE = {"UPDATE view_state SET shape = 'old' WHERE one = 1", 0};

	if (db_exec(&d->op, d->office.store.view, &AGE, NO_ARGS) != RC_OK)
		give_up(&d->op.err);
}

static enum rc append(struct desk *d, uint64_t first)
{
	enum rc rc = desk_batch(d, first, ACTS);

	if (rc == RC_OK) {
		rc = writer_idle(&d->office.writer);
		d->op.err = d->office.writer.broken;
	}
	return rc;
}

/* Begins on a log that `fill` left: enough batches that it is folded in among them. */
static enum rc fold(struct desk *d, uint64_t first)
{
	enum rc rc = RC_OK;

	for (uint64_t i = 0; i < 4 && rc == RC_OK; i++)
		rc = append(d, first + i * ACTS);
	return rc;
}

static enum rc play(struct desk *d, const struct scene *s, uint64_t first)
{
	if (!strcmp(s->name, "open"))
		return desk_open(d, s->dir, "");
	if (!strcmp(s->name, "append"))
		return append(d, first);
	if (!strcmp(s->name, "fold"))
		return fold(d, first);
	if (!strcmp(s->name, "checkpoint"))
		return desk_sign(d);
	if (!strcmp(s->name, "rebuild"))
		return desk_rebuild(d);
	if (!strcmp(s->name, "blob"))
		return desk_blob(d, first);
	office_release(&d->office); /* "close": what it may lose are projections */
	return RC_OK;
}

/* The sentences name what happened, in words that an operator can act on. */
static bool explains(const struct err *e, enum shim_fault fault)
{
	bool full = strstr(e->en, "full") && strstr(e->zh, "磁盘已满");
	bool disk = strstr(e->en, "I/O error") || strstr(e->en, "Input/output error");

	return e->zh[0] && (fault == SHIM_EIO ? disk : full);
}

static void tell(struct desk *d, const struct scene *s, enum rc rc, struct said *r)
{
	r->number = (uint64_t)shim_disarm();
	r->index = rc;
	r->fired = shim_fired() != NULL;
	if (r->fired)
		snprintf(r->call, sizeof(r->call), "%s", shim_fired());
	for (int i = 0; i < SHIM_CALLS; i++)
		r->calls[i] = (int)shim_calls((enum shim_call)i);
	r->explained = rc == RC_OK || explains(&d->op.err, s->fault);
	if (rc != RC_OK)
		fprintf(stderr, "%s %ld %s: %s\n", s->name, s->at, r->call, d->op.err.en);
}

void scene_play(struct desk *d, const struct scene *s)
{
	bool opens = !strcmp(s->name, "open"), appends;
	struct said r = {.kind = SAID_RESULT};
	uint64_t first = s->first;
	enum rc rc;

	if (!opens)
		desk_begin(d, s->dir, "");
	if (!strcmp(s->name, "fill"))
		fill(d, s);
	if (!strcmp(s->name, "fold"))
		first = FOLD_AT;
	if (!strcmp(s->name, "checkpoint") || !strcmp(s->name, "close") || !strcmp(s->name, "leave"))
		if (desk_batch(d, first, ACTS) != RC_OK)
			give_up(&d->op.err);
	if (!strcmp(s->name, "rebuild"))
		age(d);
	if (!strcmp(s->name, "leave")) /* a log that is not folded in, projections behind */
		kill(getpid(), SIGKILL);
	d->op.err = (struct err){0};
	shim_arm(s->fault, s->at, s->swallow);
	rc = play(d, s, first);
	tell(d, s, rc, &r);
	/* Nothing may be acknowledged on top of a commit that may not be on the disk. */
	appends = !strcmp(s->name, "append") || !strcmp(s->name, "fold");
	if (rc != RC_OK && appends && !d->ignore)
		r.again = desk_batch(d, first + 100, 1) == RC_OK;
	say(&r);
	kill(getpid(), SIGKILL);
}
