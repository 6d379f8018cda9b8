/* SPDX-License-Identifier: Apache-2.0 */
/* tamper.c -- forges a ledger in many places, and counts what the auditor finds.
 *
 *     tamper [--each N] [--seed N] [--jobs N] [--base DIR] [--control] [--json]
 *
 * N positions of each kind over the whole ledger: the first and the last entry, the borders of
 * its tiles, then one in each of N equal parts.  The auditor has a checkpoint kept outside and a
 * policy with a witness, whose key the forger has not; only a signature taken away must be found
 * without either.  A forgery counts as found when the auditor calls it one of the names that fit
 * (KINDS), not when he says just anything.
 *
 * --control: an auditor that does not look.  What fits a kind is not reported, and the projections
 * are not compared: then something of each kind must be missed.
 * --base DIR: forges copies of this drill's data folder in the place of a demonstration.
 * Exit: 0 all found and no unharmed copy accused (--control: some of each kind missed), 1 else.
 */
#include "tamper.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "audit/audit.h"
#include "base/clock.h"
#include "ledger/tile.h"

#define F(kind) (1u << FINDING_##kind)
#define OUTSIDE (F(ROLLBACK) | F(COSIGNATURE)) /* seen from outside the ledger alone */
#define TREE (F(TILE) | F(CHECKPOINT) | F(ROLLBACK))
#define ENTRIES (F(ORDER) | F(SIGNATURE) | F(KEY) | F(BOOK)) /* seen in the entries alone */

/* The kinds; what the auditor may call each; what else he must not look at to miss some. */
#define KINDS(X) \
	X(UNHARMED, "unharmed", ~0u, 0) \
	X(ENTRY_BYTE, "entry byte", F(LEAF), TREE) \
	X(TILE_BYTE, "tile byte", F(TILE), 0) \
	X(ROW_CHANGED, "row changed", TREE, 0) \
	X(ROW_DELETED, "row deleted", TREE | ENTRIES, 0) \
	X(ROW_INSERTED, "row inserted", TREE | ENTRIES, 0) \
	X(RECOMPUTED, "recomputed", F(CHECKPOINT) | F(ROLLBACK), 0) \
	X(RESIGNED, "re-signed with the log key", OUTSIDE, 0) \
	X(UNSLOTTED, "signature removed", F(SIGNATURE), 0) \
	X(TAIL_CUT, "tail cut", OUTSIDE, F(BOOK)) \
	X(RESTORED, "older restore", OUTSIDE, 0) \
	X(SWAPPED, "swapped checkpoint", F(NOTE) | F(CHECKPOINT) | OUTSIDE, 0) \
	X(FORGED_NOTE, "forged note", F(NOTE) | F(CHECKPOINT) | OUTSIDE, 0) \
	X(PROJECTION, "projection edited", 0, 0)
#define X(id, text, names, more) K_##id,
enum kind { KINDS(X) K_MAX };
#undef X
#define X(id, text, names, more) [K_##id] = {text, names, more},
static const struct {
	const char *name;
	unsigned names, more;
} TABLE[K_MAX] = {KINDS(X)};
#undef X

static struct {
	struct scene scene;
	int64_t each, seed;
	int jobs;
	bool control;
	atomic_llong *hits, *missed; /* of each kind, over all jobs */
} T;

/* One forgery at hand. */
struct task {
	struct op op;
	struct random random;
	enum kind kind;
	int job;
	int64_t i;
};

/* The first, the last and the borders of tiles, then one in each of equal parts. */
static int64_t position(struct task *t)
{
	int64_t size = T.scene.true_one.size, tiles = size / TILE_WIDTH;
	int64_t borders = 2 + 3 * (tiles < 8 ? tiles : 8), at, last;

	if (t->i < 2)
		return t->i == 0 ? 0 : size - 1;
	if (t->i < borders && borders * 2 <= T.each) {
		/* Of many tiles, the first four and the last four. */
		at = (t->i - 2) / 3;
		at = tiles > 8 && at >= 4 ? tiles - 8 + at + 1 : at + 1;
		at = at * TILE_WIDTH - 1 + (t->i - 2) % 3;
		return at < size ? at : size - 1;
	}
	at = t->i * size / T.each;
	last = (t->i + 1) * size / T.each;
	return at + (int64_t)random_below(&t->random, (uint64_t)(last > at ? last - at : 1));
}

/* A digit of the entry made another; the form stays that of an entry as far as it can. */
static struct str altered(struct task *t, struct str entry)
{
	size_t at = random_below(&t->random, entry.n);

	for (size_t i = 0; i < entry.n; i++, at = (at + 1) % entry.n)
		if (entry.s[at] >= '0' && entry.s[at] <= '9')
			break;
	return forge_flip(t->op.arena, entry, at);
}

/* Changes the rows as a forger with the log's key would. */
static void forge_entries(struct task *t, struct forge *f)
{
	struct arena *a = t->op.arena;
	int64_t at = position(t);
	struct str e = f->entry[at], now = altered(t, e);

	switch (t->kind) {
	case K_ENTRY_BYTE:
		forge_bytes(f, at, forge_flip(a, e, random_below(&t->random, e.n)));
		break;
	case K_TILE_BYTE:
		forge_tile(f, at);
		break;
	case K_ROW_CHANGED:
		forge_row(f, at, now);
		break;
	case K_ROW_DELETED:
		forge_delete(f, at);
		break;
	case K_ROW_INSERTED:
		forge_insert(f, at);
		break;
	case K_RECOMPUTED:
		forge_whole(f, at, now);
		break;
	case K_RESIGNED:
		forge_whole(f, at, now);
		forge_sign(f, f->size, at, now);
		break;
	case K_UNSLOTTED:
		at = T.scene.slotted[t->i * T.scene.nslotted / T.each];
		now = forge_unslot(a, f->entry[at]);
		forge_whole(f, at, now);
		forge_sign(f, f->size, at, now);
		break;
	case K_TAIL_CUT:
		at = at < 20 ? at + 20 : at;
		forge_cut(f, at);
		forge_sign(f, at, -1, STR(""));
		break;
	case K_SWAPPED:
		if (t->i % 2)
			forge_sign(f, at < 1 ? 1 : at, -1, STR(""));
		else
			forge_note(f, T.scene.other);
		break;
	case K_FORGED_NOTE:
		forge_note(f, forge_flip(a, f->note,
		                         t->i ? random_below(&t->random, f->note.n - 1) : 0));
		break;
	case K_UNHARMED:
	case K_RESTORED:
	case K_PROJECTION:
	case K_MAX:
		break;
	}
}

/* A condition that holds for this row alone: not every table has a rowid. */
static struct str row_condition(struct arena *a, const struct rows *r)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (int c = 0; c < rows_columns(r); c++) {
		struct str v = rows_str(r, c);

		strbuf_addf(&b, "%s%s IS ", c ? " AND " : "", rows_column_name(r, c));
		if (rows_type(r, c) == SQL_INT) {
			strbuf_addi(&b, rows_int(r, c));
			continue;
		}
		if (rows_type(r, c) != SQL_TEXT)
			abort();
		strbuf_addc(&b, '\'');
		for (size_t i = 0; i < v.n; i++)
			strbuf_addz(&b, v.s[i] == '\'' ? "''" : (char[]){v.s[i], 0});
		strbuf_addc(&b, '\'');
	}
	return strbuf_str(&b);
}

/* One row of the k-th table, all of whose columns may be changed; false: it has none. */
static bool pick_cell(struct task *t, struct db *db, struct str table, struct str *ret_row,
                      struct str *ret_column, bool *ret_number)
{
	struct op *op = &t->op;
	struct rows r = {0};
	int64_t rows = 0;

	if (db_query_text(op, db, str_fmt(op->arena, "SELECT * FROM %s", table.s), &r) != RC_OK)
		scene_die(op, table.s);
	while (rows_next(&r)) {
		int c = (int)random_below(&t->random, (uint64_t)rows_columns(&r));

		if (random_below(&t->random, (uint64_t)++rows) != 0)
			continue;
		*ret_row = row_condition(op->arena, &r);
		*ret_column = str_copy(op->arena, str_of(rows_column_name(&r, c)));
		*ret_number = rows_type(&r, c) == SQL_INT;
	}
	rows_release(&r);
	return rows > 0;
}

/* One value of one row of one projection, except the mark of how far they are. */
static void edit_view(struct task *t)
{
	struct op *op = &t->op;
	struct db *db = scene_open(&T.scene, op, t->job, "copy/view.db");
	struct str *names, column = {0}, row = {0}, table;
	bool number = false, found = false;
	size_t n;

	if (db_tables(op, db, &names, &n) != RC_OK)
		scene_die(op, "tables");
	for (size_t k = (size_t)t->i; !found; k++) {
		table = names[k % n];
		found = !str_is(table, "view_state") && !str_starts(table, STR("sqlite")) &&
		        pick_cell(t, db, table, &row, &column, &number);
	}
	table = str_fmt(op->arena,
	                number ? "UPDATE %s SET %s = COALESCE(%s, 0) + 1000003 WHERE %s"
	                       : "UPDATE %s SET %s = COALESCE(%s, '') || 'x' WHERE %s",
	                table.s, column.s, column.s, row.s);
	if (db_script(op, db, table.s) != RC_OK)
		scene_die(op, "projection");
	db_close(db);
}

/* What `db doctor` says of the projections. */
static bool compared(struct task *t)
{
	struct str copy = scene_path(&T.scene, t->op.arena, t->job, "copy");

	return scene_shell("'%s' db doctor %s --data '%s' --known '%s/kept' >'%s.said' 2>&1",
	                   getenv("GONGYUAN_BIN"), T.control ? "" : "--compare", copy.s,
	                   T.scene.top.s, copy.s) != 0;
}

/* Does the auditor call it what it is?  In the control he does not look at that. */
static bool audited(struct task *t)
{
	unsigned fit = TABLE[t->kind].names, names = T.control ? ~(fit | TABLE[t->kind].more) : fit;
	struct report *r = ARENA_NEW(t->op.arena, struct report);
	struct audit_options o = {.source = scene_path(&T.scene, t->op.arena, t->job, "copy")};

	if (t->kind != K_UNSLOTTED) {
		o.known[o.nknown++] = scene_path(&T.scene, t->op.arena, -1, "kept");
		o.policy = scene_path(&T.scene, t->op.arena, -1, "policy");
	}
	if (audit_run(&t->op, &o, r) != RC_OK) {
		fprintf(stderr, "%s: not audited: %s\n", TABLE[t->kind].name, t->op.err.en);
		return false;
	}
	for (int k = 0; k < FINDING_KIND_MAX; k++)
		if ((names >> k & 1) && r->count[k] > 0)
			return true;
	return false;
}

/* Unharmed copies must also pass the comparison of the projections. */
static bool one(struct task *t)
{
	struct forge f = T.scene.true_one;
	int64_t size = f.size;

	if (t->kind == K_RESTORED) {
		scene_older(&T.scene, t->job, 30 + t->i * (size - 31) / T.each);
		return audited(t);
	}
	scene_reset(&T.scene, t->job, t->kind != K_UNHARMED && t->kind != K_PROJECTION, true);
	if (t->kind == K_PROJECTION) {
		edit_view(t);
		return compared(t);
	}
	if (t->kind == K_UNHARMED)
		return audited(t) || (T.scene.demo && compared(t));
	f.op = &t->op;
	f.db = scene_open(&T.scene, &t->op, t->job, "copy/ledger.db");
	forge_entries(t, &f);
	db_close(f.db);
	return audited(t);
}

/* A control has proved itself with the first that is missed. */
static bool is_proved(int kind)
{
	return T.control && kind != K_UNHARMED && atomic_load(&T.missed[kind]) > 0;
}

/* Every jobs-th forgery of each kind. */
static void work(int job)
{
	struct clock clock = clock_system();
	struct arena a = {0};

	T.scene.true_one.hasher = hasher_new(HASH_SHA256); /* not shared with other processes */
	scene_job(&T.scene, job);
	for (int k = 0; k < K_MAX; k++) {
		if (k == K_PROJECTION && !T.scene.demo)
			continue; /* those of a base need not be up to date */
		for (int64_t i = job; i < T.each && !is_proved(k); i += T.jobs) {
			struct task t = {.op = {.arena = &a, .now_ms = clock_now_ms(&clock)},
				.random = random_seeded((uint64_t)(T.seed * 1000003 + k * 100003 + i)),
				.kind = (enum kind)k, .job = job, .i = i};
			bool hit = one(&t);

			atomic_fetch_add(hit ? &T.hits[k] : &T.missed[k], 1);
			if (!T.control && hit != (k != K_UNHARMED))
				fprintf(stderr, "%s: number %lld is %s\n", TABLE[k].name, (long long)i,
				        hit ? "accused" : "missed");
			arena_reset(&a);
		}
	}
}

static bool work_all(void)
{
	bool good = true;
	int status;

	T.hits = mmap(NULL, 2 * K_MAX * sizeof(*T.hits), PROT_READ | PROT_WRITE,
	              MAP_SHARED | MAP_ANONYMOUS, -1, 0);
	if (T.hits == MAP_FAILED)
		return false;
	T.missed = T.hits + K_MAX;
	fflush(NULL);
	for (int j = 0; j < T.jobs; j++)
		if (fork() == 0) {
			work(j);
			fflush(NULL);
			_exit(0);
		}
	while (wait(&status) > 0)
		good = good && WIFEXITED(status) && WEXITSTATUS(status) == 0;
	return good;
}

static bool print(bool json)
{
	bool good = true, first = true;

	for (int k = 0; k < K_MAX; k++) {
		long long hits = atomic_load(&T.hits[k]), missed = atomic_load(&T.missed[k]);
		const char *name = TABLE[k].name;

		if (k == K_PROJECTION && !T.scene.demo)
			continue;
		if (k == K_UNHARMED)
			good = good && hits == 0;
		else
			good = good && (T.control ? missed > 0 : missed == 0);
		good = good && (T.control || hits + missed == T.each);
		printf(json ? "%s{\"kind\":\"%s\",\"tried\":%lld,\"found\":%lld,\"missed\":%lld}"
		            : "%s%-28s %6lld tried %6lld found %6lld missed\n",
		       !json ? "" : first ? "{\"kinds\":[" : ",", name, hits + missed, hits,
		       k == K_UNHARMED ? 0 : missed);
		first = false;
	}
	if (json)
		printf("],\"control\":%s,\"ok\":%s}\n", T.control ? "true" : "false",
		       good ? "true" : "false");
	return good;
}

int main(int argc, char **argv)
{
	const char *base = NULL;
	bool json = false, good;

	T.each = 100;
	T.seed = T.jobs = 1;
	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (!strcmp(argv[i], "--control"))
			T.control = true;
		else if (i + 1 < argc && !strcmp(argv[i], "--each"))
			T.each = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--seed"))
			T.seed = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--jobs"))
			T.jobs = (int)strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--base"))
			base = argv[++i];
		else
			T.each = 0;
	}
	if (T.each < 1 || T.jobs < 1 || T.jobs > 64 || !getenv("GONGYUAN_BIN") ||
	    !getenv("GONGYUAN_SOURCE")) {
		fputs("tools/tamper [--each N] [--seed N] [--jobs N] [--base DIR] [--control] [--json]\n",
		      stderr);
		return 2;
	}
	scene_make(&T.scene, base);
	good = work_all();
	good = print(json) && good;
	scene_shell("rm -rf '%s'", T.scene.top.s);
	hasher_free(T.scene.true_one.hasher);
	arena_release(&T.scene.arena);
	return good ? 0 : 1;
}
