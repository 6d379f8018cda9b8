/* SPDX-License-Identifier: Apache-2.0 */
/* tamper_scene.c -- see tamper.h: the true ledger, its copies and its older states. */
#include "tamper.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "db/store.h"

#define DEMO_ENTRIES 1000 /* three whole tiles and more */
#define DEMO_SEED    3

enum { Q_ENTRIES, Q_NEWEST, Q_COSIGNED };
static const struct sql SQL[] = {
	[Q_ENTRIES] = {"SELECT bytes, leaf FROM ledger_entry ORDER BY idx", 0},
	[Q_NEWEST] = {"SELECT note FROM ledger_note ORDER BY size DESC, n DESC LIMIT 1", 0},
	[Q_COSIGNED] = {"INSERT INTO ledger_note(log, size, n, note) SELECT 0, MAX(size), 9, ?"
                    " FROM ledger_note",
                    1},
};

_Noreturn void scene_die(const struct op *op, const char *what)
{
	fprintf(stderr, "tamper: %s: %s\n", what, op->err.en);
	exit(2);
}

int scene_shell(const char *fmt, ...)
{
	struct arena a = {0};
	va_list ap;
	int status;

	va_start(ap, fmt);
	status = system(str_vfmt(&a, fmt, ap).s);
	va_end(ap);
	arena_release(&a);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

struct str scene_path(const struct scene *s, struct arena *a, int job, const char *name)
{
	return job < 0 ? str_fmt(a, "%s/%s", s->top.s, name)
	               : str_fmt(a, "%s/job-%d/%s", s->top.s, job, name);
}

struct db *scene_open(struct scene *s, struct op *op, int job, const char *name)
{
	struct db *db = NULL;

	if (db_open_sqlite(op, scene_path(s, op->arena, job, name), DB_WRITE, &db) != RC_OK)
		scene_die(op, name);
	return db;
}

/* A demonstration up to so many entries; a second call goes on with it. */
static void demo(const char *dir, int seed, int64_t events)
{
	if (scene_shell("'%s' demo --seed %d --events %lld --profile '%s/profiles/demo.json'"
	                " --data '%s' >'%s.said' 2>&1",
	                getenv("GONGYUAN_BIN"), seed, (long long)events, getenv("GONGYUAN_SOURCE"), dir,
	                dir) != 0) {
		fprintf(stderr, "tamper: the demonstration in %s failed\n", dir);
		exit(2);
	}
}

static struct str newest(struct scene *s, struct db *db)
{
	struct rows r = {0};
	struct str note;

	if (db_query(&s->op, db, &SQL[Q_NEWEST], NO_ARGS, &r) != RC_OK || !rows_next(&r))
		scene_die(&s->op, "no checkpoint");
	note = rows_dup(&s->arena, &r, 0);
	rows_release(&r);
	return note;
}

static void *grown(void *p, int64_t n, size_t size)
{
	if (n < 1024 || (n & (n - 1)) == 0)
		p = realloc(p, (size_t)(n < 1024 ? 1024 : 2 * n) * size);
	if (!p)
		abort();
	return p;
}

static void read_entries(struct scene *s, struct db *db)
{
	struct forge *f = &s->true_one;
	struct str *entry = NULL;
	struct hash *leaf = NULL;
	struct arena a = {0};
	struct rows r = {0};

	if (db_query(&s->op, db, &SQL[Q_ENTRIES], NO_ARGS, &r) != RC_OK)
		scene_die(&s->op, "entries");
	for (; rows_next(&r); f->size++) {
		entry = grown(entry, f->size, sizeof(*entry));
		leaf = grown(leaf, f->size, sizeof(*leaf));
		entry[f->size] = rows_dup(&s->arena, &r, 0);
		memcpy(leaf[f->size].b, rows_str(&r, 1).s, sizeof(leaf->b));
		if (!forge_unslot(&a, entry[f->size]).n)
			continue;
		s->slotted = grown(s->slotted, s->nslotted, sizeof(*s->slotted));
		s->slotted[s->nslotted++] = f->size;
		arena_reset(&a);
	}
	rows_release(&r);
	arena_release(&a);
	f->entry = entry;
	f->leaf = leaf;
}

static struct str read_file(struct scene *s, const char *name)
{
	struct str bytes = {0};

	if (file_read(&s->op, scene_path(s, &s->arena, -1, name), 1 << 20, &bytes) != RC_OK)
		scene_die(&s->op, name);
	return bytes;
}

static void write_file(struct scene *s, const char *name, struct str bytes)
{
	if (file_write(&s->op, scene_path(s, &s->arena, -1, name), bytes, 0644) != RC_OK)
		scene_die(&s->op, name);
}

/* A witness has cosigned the newest checkpoint; the policy asks for him. */
static void cosign(struct scene *s, struct db *db)
{
	static const uint8_t SEED[32] = {'w'};
	struct ed25519_key key = ed25519_from_seed(SEED);
	struct note_key w = note_key_of(STR("discipline.example"), NOTE_COSIGNATURE, &key.pub);
	struct note *n = ARENA_NEW(&s->arena, struct note);
	struct forge f = {.op = &s->op, .db = db};
	struct str vkey = read_file(s, "base/keys/log.vkey");

	write_file(s, "kept", s->true_one.note);
	if (note_parse(&s->op, s->true_one.note, n) != RC_OK ||
	    note_cosign(&s->op, n, w.name, &key, 1749300000) != RC_OK)
		scene_die(&s->op, "cosign");
	forge_run(&f, &SQL[Q_COSIGNED], ARGS(sql_text(note_format(&s->arena, n))));
	vkey.n = strcspn(vkey.s, "\n");
	write_file(s, "policy",
	           str_fmt(&s->arena, "log " STR_FMT "\nwitness W1 " STR_FMT "\nquorum W1\n",
	                   STR_ARG(vkey), STR_ARG(note_vkey_format(&s->arena, &w))));
}

static void read_key(struct scene *s)
{
	struct forge *f = &s->true_one;
	struct str hex = read_file(s, "base/keys/log.key");
	struct checkpoint c;
	uint8_t seed[32];
	struct note n;

	hex.n = 64;
	if (!hex_decode(str_copy(&s->arena, hex), seed, sizeof(seed)) ||
	    note_parse(&s->op, f->note, &n) != RC_OK || checkpoint_parse(&s->op, n.text, &c) != RC_OK)
		scene_die(&s->op, "keys");
	f->key = ed25519_from_seed(seed);
	f->origin = c.origin;
}

void scene_make(struct scene *s, const char *base)
{
	struct forge *f = &s->true_one;
	const char *tmp = getenv("TMPDIR");
	struct db *db;

	s->op = (struct op){.arena = &s->arena};
	s->demo = base == NULL;
	s->top = str_fmt(&s->arena, "%s/gy-tamper-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)s->top.s))
		scene_die(&s->op, "no folder");
	if (s->demo)
		demo(scene_path(s, &s->arena, -1, "base").s, DEMO_SEED, DEMO_ENTRIES);
	else if (scene_shell("cp -a '%s' '%s/base'", base, s->top.s) != 0)
		scene_die(&s->op, base);
	demo(scene_path(s, &s->arena, -1, "stranger").s, DEMO_SEED + 1, 100);
	db = scene_open(s, &s->op, -1, "stranger/ledger.db");
	s->other = newest(s, db);
	db_close(db);
	f->hasher = hasher_new(HASH_SHA256);
	db = scene_open(s, &s->op, -1, "base/ledger.db");
	read_entries(s, db);
	f->note = newest(s, db);
	read_key(s);
	cosign(s, db);
	db_close(db);
	if (!s->nslotted || scene_shell("cp '%s/base/ledger.db' '%s/open.db'", s->top.s, s->top.s))
		scene_die(&s->op, "no entry has two signatures");
	db = scene_open(s, &s->op, -1, "open.db");
	forge_triggers(&(struct forge){.op = &s->op, .db = db});
	db_close(db);
}

static void copy_file(const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);
	ssize_t got = 1;

	while (in >= 0 && out >= 0 && got > 0)
		got = sendfile(out, in, NULL, 1 << 24);
	if (in < 0 || out < 0 || got < 0 || close(out) != 0) {
		fprintf(stderr, "tamper: cannot copy %s\n", from);
		exit(2);
	}
	close(in);
}

void scene_job(struct scene *s, int job)
{
	if (scene_shell("mkdir '%s/job-%d' && cp -a '%s/base' '%s/job-%d/copy'", s->top.s, job,
	                s->top.s, s->top.s, job) != 0)
		scene_die(&s->op, "copy");
}

void scene_reset(struct scene *s, int job, bool open, bool view)
{
	static const char *const GONE[] = {"copy/ledger.db-wal", "copy/ledger.db-shm",
	                                   "copy/view.db-wal", "copy/view.db-shm"};
	struct arena a = {0};

	for (size_t i = 0; i < COUNT(GONE); i++)
		unlink(scene_path(s, &a, job, GONE[i]).s);
	copy_file(scene_path(s, &a, -1, open ? "open.db" : "base/ledger.db").s,
	          scene_path(s, &a, job, "copy/ledger.db").s);
	if (view)
		copy_file(scene_path(s, &a, -1, "base/view.db").s,
		          scene_path(s, &a, job, "copy/view.db").s);
	arena_release(&a);
}

void scene_older(struct scene *s, int job, int64_t size)
{
	struct arena a = {0};
	struct op op = {.arena = &a};
	struct forge f = s->true_one;
	struct str older = scene_path(s, &a, job, "older");

	if (s->demo) {
		demo(older.s, DEMO_SEED, size);
		scene_reset(s, job, false, false);
		copy_file(str_fmt(&a, "%s/ledger.db", older.s).s,
		          scene_path(s, &a, job, "copy/ledger.db").s);
		copy_file(str_fmt(&a, "%s/view.db", older.s).s, scene_path(s, &a, job, "copy/view.db").s);
	} else { /* what was signed then: the same bytes, since the key and the root are the same */
		scene_reset(s, job, true, true);
		f.op = &op;
		f.db = scene_open(s, &op, job, "copy/ledger.db");
		forge_cut(&f, size);
		forge_sign(&f, size, -1, STR(""));
		db_close(f.db);
	}
	arena_release(&a);
}
