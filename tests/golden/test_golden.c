/* SPDX-License-Identifier: Apache-2.0 */
/* test_golden.c -- ledgers of earlier releases still verify and give the projections they gave.
 *
 * A digest that differs means that an event which stands in ledgers out there is now applied
 * otherwise.  Where that is meant, the module's `rev` is raised (so that every data folder is
 * rebuilt) and the digests are recorded again; README.md says how.
 */
#include "kit/check.h"

#include <dirent.h>
#include <spawn.h>
#include <sys/wait.h>

#include "app/modules.h"
#include "engine/modules_private.h"
#include "engine/toy.h"
#include "golden/golden.h"
#include "kit/scratch.h"

enum { MOST = 64 };

static struct str folder(struct arena *a)
{
	const char *root = getenv("GONGYUAN_SOURCE");

	return str_fmt(a, "%s/tests/golden", root ? root : ".");
}

/* Folders that hold a digests.txt, by name. */
static size_t ledgers(struct arena *a, struct str *ret)
{
	struct str dir = folder(a);
	DIR *d = opendir(dir.s);
	const struct dirent *e;
	size_t n = 0;

	assert_non_null(d);
	while ((e = readdir(d)) != NULL) {
		struct str path = str_fmt(a, "%s/%s", dir.s, e->d_name);
		size_t i = n;

		if (e->d_name[0] == '.' || !file_exists(str_fmt(a, "%s/digests.txt", path.s)))
			continue;
		assert_true(n < MOST);
		for (n++; i > 0 && str_cmp(ret[i - 1], path) > 0; i--)
			ret[i] = ret[i - 1];
		ret[i] = path;
	}
	closedir(d);
	return n;
}

static struct str recorded(struct scratch *s, struct str dir)
{
	struct str text;

	assert_ok(file_read(&s->op, str_fmt(&s->arena, "%s/digests.txt", dir.s), 1 << 20, &text));
	return text;
}

static enum rc open_one(struct scratch *s, struct str dir, uint64_t flip, struct golden *ret)
{
	struct str world = golden_line(recorded(s, dir), "world");

	return golden_open(&s->op, dir, str_copy(&s->arena, world), scratch_path(s, "data"), s->url,
	                   flip, ret);
}

/* One database a test: each golden ledger is looked at in a scratch of its own. */
static void each(void (*look)(struct scratch *s, struct str dir))
{
	struct str list[MOST];
	struct arena a = {0};
	size_t n = ledgers(&a, list);

	if (n == 0)
		fail_msg("no golden ledger under %s", folder(&a).s);
	for (size_t i = 0; i < n; i++) {
		void *s;

		assert_int_equal(scratch_setup(&s), 0);
		look(s, list[i]);
		assert_int_equal(scratch_teardown(&s), 0);
	}
	arena_release(&a);
}

/* The line of a table or event, without its number of the module's revision. */
static void explain(struct scratch *s, struct str dir, struct str was, struct str is)
{
	struct str line, rest = was;

	while (str_cut(rest, '\n', &line, &rest)) {
		struct str name = str_copy(&s->arena, line), now;
		const char *blank = strchr(name.s, ' '), *end = blank ? strchr(blank + 1, ' ') : NULL;
		const char *rev;

		if (!str_starts(line, STR("table ")) || !end)
			continue;
		now = golden_line(is, str_dup(&s->arena, name.s, (size_t)(end - name.s)).s);
		if (str_is(now, end + 1))
			continue;
		rev = strstr(name.s, " rev ");
		if (rev && str_ends(now, str_of(rev)))
			fail_msg("%s: %s is now " STR_FMT ": `apply` has changed and the module's rev has not",
			         dir.s, name.s, STR_ARG(now));
		fail_msg("%s: %s is now " STR_FMT ": if the new rev means that, record it again"
		         " (tools/golden-new --digests)", dir.s, name.s, STR_ARG(now));
	}
	fail_msg("%s: digests.txt differs:\n%s", dir.s, is.s);
}

static void look_rebuild(struct scratch *s, struct str dir)
{
	struct str was = recorded(s, dir), is;
	struct golden g;

	if (open_one(s, dir, UINT64_MAX, &g) != RC_OK)
		fail_msg("%s: %s", dir.s, s->op.err.en);
	if (golden_digests(&g, &is) != RC_OK)
		fail_msg("%s: %s", dir.s, g.op.err.en);
	is = str_fmt(&s->arena, "world " STR_FMT "\n%s", STR_ARG(golden_line(was, "world")), is.s);
	if (!str_eq(was, is))
		explain(s, dir, was, is);
	golden_release(&g);
}

static void golden_ledgers_verify_and_rebuild_to_their_digests(void **state)
{
	(void)state;
	each(look_rebuild);
}

static void look_flipped(struct scratch *s, struct str dir)
{
	struct golden g;

	assert_int_equal(open_one(s, dir, 17, &g), RC_BROKEN);
	assert_non_null(strstr(s->op.err.en, "leaf (17)"));
	golden_release(&g);
}

static void an_altered_entry_is_found(void **state)
{
	(void)state;
	each(look_flipped);
}

static int run(const char *program, struct str source)
{
	char *argv[] = {(char *)(uintptr_t)program, (char *)(uintptr_t)"--lang",
	                (char *)(uintptr_t)"en", (char *)(uintptr_t)source.s, NULL};
	int status = -1;
	pid_t pid;

	assert_int_equal(posix_spawn(&pid, program, NULL, NULL, argv, environ), 0);
	assert_int_equal(waitpid(pid, &status, 0), pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void look_audit(struct scratch *s, struct str dir)
{
	if (run(getenv("GONGYUAN_AUDIT"), str_fmt(&s->arena, "%s/export", dir.s)) != 0)
		fail_msg("the auditor finds something in %s", dir.s);
}

static void the_auditor_finds_nothing_in_them(void **state)
{
	(void)state;
	if (!getenv("GONGYUAN_AUDIT"))
		skip();
	each(look_audit);
}

static bool stands_somewhere(struct arena *a, const struct str *text, size_t n, const char *event)
{
	struct str word = str_fmt(a, "event %s", event);

	for (size_t i = 0; i < n; i++)
		if (golden_line(text[i], word.s).n)
			return true;
	return false;
}

/* Asked before a release: what a new one adds must be kept from its first day. */
static void every_event_type_stands_in_one_of_them(void **state)
{
	const struct module *list[256];
	struct str dirs[MOST], text[MOST];
	struct scratch s = {.op = {.arena = &s.arena}};
	struct modules m;
	size_t n, k = 0;

	(void)state;
	if (!getenv("GONGYUAN_FULL"))
		skip();
	n = ledgers(&s.arena, dirs);
	for (size_t i = 0; i < n; i++)
		text[i] = recorded(&s, dirs[i]);
	for (k = 0; k < app_nmodules; k++)
		list[k] = app_modules[k];
	list[k++] = TOY_MODULES[0];
	assert_ok(modules_init(&s.op, list, k, &m));
	for (size_t i = 0; i < m.index->nall; i++)
		for (size_t j = 0; j < m.index->all[i]->nevents; j++)
			if (!stands_somewhere(&s.arena, text, n, m.index->all[i]->events[j].name))
				fail_msg("%s stands in no golden ledger: make one with tools/golden-new",
				         m.index->all[i]->events[j].name);
	modules_release(&m);
	arena_release(&s.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(golden_ledgers_verify_and_rebuild_to_their_digests),
		cmocka_unit_test(an_altered_entry_is_found),
		cmocka_unit_test(the_auditor_finds_nothing_in_them),
		cmocka_unit_test(every_event_type_stands_in_one_of_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
