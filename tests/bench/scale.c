/* SPDX-License-Identifier: Apache-2.0 */
/* scale.c -- a full audit and a rebuild of a large ledger, as the programs' users run them. */
#include <stdio.h>
#include <unistd.h>

#include "bench.h"

static struct str program(struct bench *b, const char *name)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);
	char *slash;

	path[n < 0 ? 0 : n] = '\0';
	slash = strrchr(path, '/'); /* …/tests/bench/ledger */
	if (slash)
		*slash = '\0';
	return str_fmt(b->op->arena, "%s/../../%s", path, name);
}

static void add(struct bench *b, const char *what, double entries, double s, double mb,
                double goal_entries)
{
	struct arena *a = b->op->arena;
	struct json *o = json_put(b->extra, NULL, json_new_object(a));
	struct str text = str_fmt(a, "%s of %.0f entries: %.1f s, %.0f MB; in proportion, %.0f"
	                          " entries: %.0f s", what, entries, s, mb, goal_entries,
	                          s * goal_entries / entries);

	json_set_str(a, o, "text", text);
	json_set_int(a, o, "ms", (int64_t)(s * 1000));
	json_set_int(a, o, "mb", (int64_t)mb);
	json_set_int(a, o, "entries", (int64_t)entries);
}

enum rc scale_run(struct bench *b, const struct world *w)
{
	struct str audit = program(b, "gongyuan-audit"), main = program(b, "gongyuan");
	const char *const look[] = {audit.s, w->dir.s, NULL};
	const char *const again[] = {main.s, "db", "rebuild", "--data", w->dir.s, NULL};
	struct office *o = ARENA_NEW(b->op->arena, struct office);
	struct office_options how = {.data = w->dir};
	double entries, s, mb;

	enum rc rc = office_open(b->op, &how, o);
	entries = rc == RC_OK ? (double)o->reader.tree.size : 0;
	office_release(o);
	TRY(rc);
	if (!run_program(look, &s, &mb))
		return fail(b->op, RC_BROKEN, "", "", "审计没有通过", "the audit found something");
	add(b, "full audit", entries, s, mb, 10e6);
	if (!run_program(again, &s, &mb))
		return fail(b->op, RC_BROKEN, "", "", "重建失败", "the rebuild failed");
	add(b, "rebuild", entries, s, mb, 13e6);
	return RC_OK;
}
