/* SPDX-License-Identifier: Apache-2.0 */
/* tamper.c -- forges a demonstration's ledger in many places, and counts what the auditor finds.
 *
 *     tamper [--each N] [--seed N] [--json]
 *
 * N positions of each kind over the whole ledger: the first and the last entry, the borders of
 * tiles, the rest drawn.  The auditor has a checkpoint kept outside and a policy with a witness,
 * whose key the forger has not; only a signature taken away must be found without either.
 * Exit: 0 all found and no unharmed copy accused, 1 else.
 */
#include "tamper.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>

#include "audit/audit.h"
#include "base/clock.h"
#include "base/random.h"
#include "db/store.h"

#define ENTRIES 1000
#define MARGIN 4

#define KINDS(X) X(UNHARMED, "unharmed") X(ENTRY_BYTE, "entry byte") X(TILE_BYTE, "tile byte") \
	X(ROW_CHANGED, "row changed") X(ROW_DELETED, "row deleted") X(ROW_INSERTED, "row inserted") \
	X(RECOMPUTED, "recomputed") X(RESIGNED, "re-signed with the log key") \
	X(UNSLOTTED, "signature removed") X(TAIL_CUT, "tail cut") X(RESTORED, "older restore") \
	X(SWAPPED, "swapped checkpoint") X(FORGED_NOTE, "forged note") \
	X(PROJECTION, "projection edited")
#define X(id, text) K_##id,
enum kind { KINDS(X) K_MAX };
#undef X
#define X(id, text) [K_##id] = text,
static const char *const NAMES[K_MAX] = {KINDS(X)};
#undef X

enum { Q_ENTRIES, Q_NEWEST, Q_COSIGNED };
static const struct sql SQL[] = {
	[Q_ENTRIES] = {"SELECT bytes, leaf FROM ledger_entry ORDER BY idx", 0},
	[Q_NEWEST] = {"SELECT note FROM ledger_note ORDER BY size DESC, n DESC LIMIT 1", 0},
	[Q_COSIGNED] = {"INSERT INTO ledger_note(log, size, n, note) SELECT 0, MAX(size), 9, ?"
	                " FROM ledger_note", 1},
};

static struct {
	struct arena arena;
	struct op op;
	struct forge true_one; /* entries, leaves, key; without a database */
	struct random random;
	struct str top, other; /* other: the newest note of another ledger */
	int64_t slotted[ENTRIES], nslotted;
} T;

static _Noreturn void die(const char *what)
{
	fprintf(stderr, "tamper: %s: %s\n", what, T.op.err.en);
	exit(2);
}

static int shell(const char *fmt, ...) PRINTF(1, 2);
static int shell(const char *fmt, ...)
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

static struct str at_top(struct arena *a, const char *name)
{
	return str_fmt(a, "%s/%s", T.top.s, name);
}

/* The demonstration of a seed up to so many entries, as a folder of top. */
static void demo(const char *name, int seed, int64_t events)
{
	if (shell("'%s' demo --seed %d --events %lld --profile '%s/profiles/demo.json'"
	          " --data '%s/%s' >'%s/said' 2>&1", getenv("GONGYUAN_BIN"), seed, (long long)events,
	          getenv("GONGYUAN_SOURCE"), T.top.s, name, T.top.s) != 0)
		die(name);
}

static struct db *open_db(struct op *op, const char *name, enum db_mode mode)
{
	struct db *db = NULL;

	if (db_open_sqlite(op, str_fmt(op->arena, "%s/%s", T.top.s, name), mode, &db) != RC_OK) {
		T.op.err = op->err;
		die(name);
	}
	return db;
}

static struct str newest(struct db *db)
{
	struct rows r = {0};
	struct str note = {0};

	if (db_query(&T.op, db, &SQL[Q_NEWEST], NO_ARGS, &r) != RC_OK || !rows_next(&r))
		die("no checkpoint");
	note = rows_dup(&T.arena, &r, 0);
	rows_release(&r);
	return note;
}

static void read_entries(struct db *db, struct forge *f)
{
	struct str *entry = arena_array(&T.arena, ENTRIES + MARGIN, sizeof(*entry));
	struct hash *leaf = arena_array(&T.arena, ENTRIES + MARGIN, sizeof(*leaf));
	struct arena a = {0};
	struct rows r = {0};

	if (db_query(&T.op, db, &SQL[Q_ENTRIES], NO_ARGS, &r) != RC_OK)
		die("entries");
	while (rows_next(&r) && f->size < ENTRIES + MARGIN) {
		entry[f->size] = rows_dup(&T.arena, &r, 0);
		memcpy(leaf[f->size].b, rows_str(&r, 1).s, sizeof(leaf->b));
		if (f->size < ENTRIES && forge_unslot(&a, entry[f->size]).n)
			T.slotted[T.nslotted++] = f->size;
		f->size++;
	}
	rows_release(&r);
	arena_release(&a);
	f->entry = entry;
	f->leaf = leaf;
}

static struct str read_file(const char *name)
{
	struct str bytes = {0};

	if (file_read(&T.op, at_top(&T.arena, name), 1 << 20, &bytes) != RC_OK)
		die(name);
	return bytes;
}

/* A witness has cosigned the newest checkpoint; the policy asks for him. */
static void cosign(struct db *db)
{
	static const uint8_t SEED[32] = {'w'};
	struct ed25519_key key = ed25519_from_seed(SEED);
	struct note_key w = note_key_of(STR("discipline.example"), NOTE_COSIGNATURE, &key.pub);
	struct note *n = ARENA_NEW(&T.arena, struct note);
	struct forge f = {.op = &T.op, .db = db};
	struct str vkey = read_file("base/keys/log.vkey");

	if (note_parse(&T.op, newest(db), n) != RC_OK ||
	    note_cosign(&T.op, n, w.name, &key, 1749300000) != RC_OK)
		die("cosign");
	forge_run(&f, &SQL[Q_COSIGNED], ARGS(sql_text(note_format(&T.arena, n))));
	vkey.n = strcspn(vkey.s, "\n");
	if (file_write(&T.op, at_top(&T.arena, "policy"),
	               str_fmt(&T.arena, "log " STR_FMT "\nwitness W1 " STR_FMT "\nquorum W1\n",
	                       STR_ARG(vkey), STR_ARG(note_vkey_format(&T.arena, &w))), 0644) != RC_OK)
		die("policy");
}

static void prepare(void)
{
	struct forge *f = &T.true_one;
	struct str hex;
	struct note n;
	struct checkpoint c;
	uint8_t seed[32];
	struct db *db;

	demo("base", 3, ENTRIES);
	demo("stranger", 4, 100);
	db = open_db(&T.op, "stranger/ledger.db", DB_READ);
	T.other = newest(db);
	db_close(db);
	db = open_db(&T.op, "base/ledger.db", DB_WRITE);
	read_entries(db, f);
	f->note = newest(db);
	f->hasher = hasher_new(HASH_SHA256);
	hex = read_file("base/keys/log.key");
	hex.n = 64;
	if (!hex_decode(str_copy(&T.arena, hex), seed, sizeof(seed)) ||
	    note_parse(&T.op, f->note, &n) != RC_OK || checkpoint_parse(&T.op, n.text, &c) != RC_OK)
		die("keys");
	if (!T.nslotted)
		die("no entry has two signatures");
	f->key = ed25519_from_seed(seed);
	f->origin = c.origin;
	cosign(db);
	db_close(db);
}

/* The first, the last, the borders of tiles, then drawn. */
static int64_t position(int64_t i)
{
	static const int64_t BORDERS[] = {0, -1, 255, 256, 257, 511, 512, 513};
	int64_t size = T.true_one.size;

	if (i < (int64_t)COUNT(BORDERS))
		return BORDERS[i] < 0 ? size + BORDERS[i] : BORDERS[i];
	return (int64_t)random_below(&T.random, (uint64_t)size);
}

/* A digit of the entry made another; the form stays that of an entry as far as it can. */
static struct str altered(struct arena *a, struct str entry)
{
	size_t at = random_below(&T.random, entry.n);

	for (size_t i = 0; i < entry.n; i++, at = (at + 1) % entry.n)
		if (entry.s[at] >= '0' && entry.s[at] <= '9')
			break;
	return forge_flip(a, entry, at);
}

static void forge(struct forge *f, enum kind kind, int64_t i)
{
	struct arena *a = f->op->arena;
	int64_t at = position(i);
	struct str e = f->entry[at], now = altered(a, e);

	switch (kind) {
	case K_ENTRY_BYTE:
		forge_bytes(f, at, forge_flip(a, e, random_below(&T.random, e.n)));
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
		at = T.slotted[i < 1 ? 0 : random_below(&T.random, (uint64_t)T.nslotted)];
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
		if (i % 2)
			forge_sign(f, at < 1 ? 1 : at, -1, STR(""));
		else
			forge_note(f, T.other);
		break;
	case K_FORGED_NOTE:
		forge_note(f, forge_flip(a, f->note, i ? random_below(&T.random, f->note.n - 1) : 0));
		break;
	case K_UNHARMED:
	case K_RESTORED:
	case K_PROJECTION:
	case K_MAX:
		break;
	}
}

/* One value of one row of one projection, except the mark of how far they are. */
static void edit_view(struct op *op, int64_t i)
{
	struct db *db = open_db(op, "copy/view.db", DB_WRITE);
	struct str *names, column = {0}, text, row;
	struct rows r = {0};
	int64_t rows = 0;
	bool number = false;
	size_t n;

	if (db_tables(op, db, &names, &n) != RC_OK)
		die("tables");
	for (size_t k = (size_t)i; rows == 0; k++) {
		text = names[k % n];
		if (str_is(text, "view_state") || str_starts(text, STR("sqlite")))
			continue;
		row = text;
		if (db_query_text(op, db, str_fmt(op->arena, "SELECT * FROM %s", text.s), &r) != RC_OK)
			die(text.s);
		while (rows_next(&r)) {
			int c = (int)random_below(&T.random, (uint64_t)rows_columns(&r));

			if (rows++ == 0 || random_below(&T.random, 4) == 0) {
				column = str_of(str_copy(op->arena, str_of(rows_column_name(&r, c))).s);
				number = rows_type(&r, c) == SQL_INT;
			}
		}
		rows_release(&r);
	}
	text = str_fmt(op->arena, number ? "UPDATE %s SET %s = COALESCE(%s, 0) + 1000003 WHERE rowid ="
	                                   " (SELECT rowid FROM %s LIMIT 1 OFFSET %lld)"
	                                 : "UPDATE %s SET %s = COALESCE(%s, '') || 'x' WHERE rowid ="
	                                   " (SELECT rowid FROM %s LIMIT 1 OFFSET %lld)", row.s,
	               column.s, column.s, row.s,
	               (long long)random_below(&T.random, (uint64_t)rows));
	if (db_script(op, db, text.s) != RC_OK)
		die(op->err.en);
	db_close(db);
}

static bool found(struct op *op, enum kind kind)
{
	struct report *r = ARENA_NEW(op->arena, struct report);
	struct audit_options o = {.source = at_top(op->arena, "copy")};

	if (kind == K_PROJECTION)
		return shell("'%s' db doctor --compare --data '%s/copy' --known '%s/base.checkpoint'"
		             " >'%s/said' 2>&1",
		             getenv("GONGYUAN_BIN"), T.top.s, T.top.s, T.top.s) != 0;
	if (kind != K_UNSLOTTED) {
		o.known[o.nknown++] = at_top(op->arena, "base.checkpoint");
		o.policy = at_top(op->arena, "policy");
	}
	if (audit_run(op, &o, r) != RC_OK) {
		fprintf(stderr, "%s: not audited: %s\n", NAMES[kind], op->err.en);
		return false;
	}
	return kind == K_UNSLOTTED ? r->count[FINDING_SIGNATURE] > 0 : report_total(r) > 0;
}

/* Unharmed copies must also pass the comparison of the projections. */
static bool one(enum kind kind, int64_t i)
{
	struct clock clock = clock_system();
	struct arena a = {0};
	struct op op = {.arena = &a, .now_ms = clock_now_ms(&clock)};
	struct forge f = T.true_one;
	bool hit;

	shell("rm -rf '%s/copy'", T.top.s);
	if (kind == K_RESTORED)
		demo("copy", 3, 30 + (i * 97 + i / 7) % (ENTRIES - 31));
	else if (shell("cp -a '%s/base' '%s/copy'", T.top.s, T.top.s) != 0)
		die("copy");
	f.op = &op;
	if (kind == K_PROJECTION) {
		edit_view(&op, i);
	} else if (kind != K_RESTORED && kind != K_UNHARMED) {
		f.db = open_db(&op, "copy/ledger.db", DB_WRITE);
		forge_triggers(&f);
		forge(&f, kind, i);
		db_close(f.db);
	}
	shell("rm -f '%s/copy.checkpoint'", T.top.s);
	hit = found(&op, kind) || (kind == K_UNHARMED && found(&op, K_PROJECTION));
	if (hit != (kind != K_UNHARMED))
		fprintf(stderr, "%s: number %lld is %s\n", NAMES[kind], (long long)i,
		        hit ? "accused" : "missed");
	arena_release(&a);
	return hit;
}

static bool run(int64_t each, bool json)
{
	bool good = true;

	for (int k = 0; k < K_MAX; k++) {
		int64_t hits = 0;

		for (int64_t i = 0; i < each; i++)
			hits += one((enum kind)k, i);
		good = good && hits == (k == K_UNHARMED ? 0 : each);
		printf(json ? "%s{\"kind\":\"%s\",\"tried\":%lld,\"found\":%lld,\"missed\":%lld}"
		            : "%s%-28s %6lld tried %6lld found %6lld missed\n",
		       !json ? "" : k ? "," : "{\"kinds\":[", NAMES[k], (long long)each, (long long)hits,
		       (long long)(k == K_UNHARMED ? 0 : each - hits));
	}
	if (json)
		printf("],\"ok\":%s}\n", good ? "true" : "false");
	return good;
}

int main(int argc, char **argv)
{
	const char *tmp = getenv("TMPDIR");
	int64_t each = 100, seed = 1;
	bool json = false, good;

	for (int i = 1; i < argc; i++) {
		if (!strcmp(argv[i], "--json"))
			json = true;
		else if (i + 1 < argc && !strcmp(argv[i], "--each"))
			each = strtol(argv[++i], NULL, 10);
		else if (i + 1 < argc && !strcmp(argv[i], "--seed"))
			seed = strtol(argv[++i], NULL, 10);
		else
			each = 0;
	}
	if (each < 1 || !getenv("GONGYUAN_BIN") || !getenv("GONGYUAN_SOURCE")) {
		fputs("tools/tamper [--each N] [--seed N] [--json]\n", stderr);
		return 2;
	}
	T.op = (struct op){.arena = &T.arena};
	T.random = random_seeded((uint64_t)seed);
	T.top = str_fmt(&T.arena, "%s/gy-tamper-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)T.top.s))
		die("no folder");
	prepare();
	good = run(each, json);
	shell("rm -rf '%s'", T.top.s);
	hasher_free(T.true_one.hasher);
	arena_release(&T.arena);
	return good ? 0 : 1;
}
