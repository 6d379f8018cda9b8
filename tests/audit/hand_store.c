/* SPDX-License-Identifier: Apache-2.0 */
/* hand_store.c -- see hand.h: a hand as an export folder and as a data folder. */
#include "hand.h"

#include <ftw.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"
#include "ledger/tile.h"

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st, (void)type, (void)ftw;
	return remove(path);
}

void hand_close(struct hand *h)
{
	assert_int_equal(nftw(h->dir.s, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
	arena_release(&h->arena);
}

struct str hand_path(struct hand *h, const char *name)
{
	return str_fmt(&h->arena, "%s/%s", h->dir.s, name);
}

void hand_file(struct hand *h, const char *name, struct str bytes)
{
	struct str path = hand_path(h, name);
	char *slash = (char *)(uintptr_t)path.s + h->dir.n;
	FILE *f;

	while ((slash = strchr(slash + 1, '/')) != NULL) {
		*slash = '\0';
		mkdir(path.s, 0755);
		*slash = '/';
	}
	f = fopen(path.s, "wb");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes.s, 1, bytes.n, f), bytes.n);
	assert_int_equal(fclose(f), 0);
}

struct str hand_read(struct hand *h, const char *name)
{
	FILE *f = fopen(hand_path(h, name).s, "rb");
	char *buf = arena_alloc(&h->arena, 1 << 16);
	size_t n;

	assert_non_null(f);
	n = fread(buf, 1, (1 << 16) - 1, f);
	fclose(f);
	return (struct str){buf, n};
}

static struct hash leaf_of(struct hasher *x, struct str entry)
{
	return tree_leaf(x, entry.s, entry.n);
}

struct str hand_note(struct hand *h, size_t n, int cosigners)
{
	static const char *const NAME[] = {"jiwei.example", "gongan.example", "kaoshiyuan.example"};
	struct hasher *x = hasher_new(HASH_SHA256);
	struct note *note = ARENA_NEW(&h->arena, struct note);
	struct checkpoint c = {.origin = STR(HAND_ORIGIN), .size = n};
	struct tree t = {0};

	for (size_t i = 0; i < n; i++) {
		struct hash leaf = leaf_of(x, h->entry[i]);

		tree_push(&t, x, &leaf);
	}
	c.root = tree_root(&t, x);
	hasher_free(x);
	note->text = checkpoint_format(&h->arena, &c);
	assert_ok(note_sign(&h->op, note, c.origin, &h->log));
	for (int i = 0; i < cosigners; i++)
		assert_ok(note_cosign(&h->op, note, str_of(NAME[i]), &h->witness[i],
		                      1749200000 + i));
	return note_format(&h->arena, note);
}

static struct str vkey_of(struct hand *h, struct str name, enum note_alg alg,
                          const struct ed25519_key *k)
{
	struct note_key key = note_key_of(name, alg, &k->pub);

	return note_vkey_format(&h->arena, &key);
}

struct str hand_policy(struct hand *h)
{
	static const char *const NAME[] = {"jiwei.example", "gongan.example", "kaoshiyuan.example"};
	struct strbuf b;

	strbuf_init(&b, &h->arena);
	strbuf_addf(&b, "log %s\n", vkey_of(h, STR(HAND_ORIGIN), NOTE_ED25519, &h->log).s);
	for (int i = 0; i < 3; i++)
		strbuf_addf(&b, "witness w%d %s\n", i,
		            vkey_of(h, str_of(NAME[i]), NOTE_COSIGNATURE, &h->witness[i]).s);
	strbuf_addz(&b, "group g 2 w0 w1 w2\nquorum g\n");
	return strbuf_str(&b);
}

/* Every tile and bundle by name: complete ones, then those that are not. */
typedef void tile_use(struct hand *h, void *ctx, int level, uint64_t n, int width,
                      struct str bytes);

static void level_tiles(struct hand *h, int level, const struct hash *row, size_t n,
                        tile_use *use, void *ctx)
{
	struct hasher *x = hasher_new(HASH_SHA256);
	struct hash *up = arena_array(&h->arena, n / TILE_WIDTH + 1, sizeof(*up));

	for (size_t i = 0; i < n; i += TILE_WIDTH) {
		size_t width = n - i < TILE_WIDTH ? n - i : TILE_WIDTH;
		struct tree t = {0};

		use(h, ctx, level, i / TILE_WIDTH, (int)width,
		    (struct str){(const char *)&row[i], width * sizeof(*row)});
		for (size_t j = 0; j < width; j++)
			tree_push(&t, x, &row[i + j]);
		up[i / TILE_WIDTH] = tree_root(&t, x);
	}
	hasher_free(x);
	if (n >= TILE_WIDTH)
		level_tiles(h, level + 1, up, n / TILE_WIDTH, use, ctx);
}

static void all_tiles(struct hand *h, tile_use *use, void *ctx)
{
	struct hash *leaf = arena_array(&h->arena, h->n + 1, sizeof(*leaf));
	struct hasher *x = hasher_new(HASH_SHA256);

	for (size_t i = 0; i < h->n; i++)
		leaf[i] = leaf_of(x, h->entry[i]);
	hasher_free(x);
	level_tiles(h, 0, leaf, h->n, use, ctx);
}

static void tile_file(struct hand *h, void *ctx, int level, uint64_t n, int width, struct str bytes)
{
	struct str path = tile_path(&h->arena, level, n, width);

	hand_file(h, str_fmt(&h->arena, "%s/%s", (const char *)ctx, path.s).s, bytes);
}

struct str hand_export(struct hand *h, const char *name)
{
	struct arena *a = &h->arena;
	void *ctx = (void *)(uintptr_t)name;

	for (size_t i = 0; i < h->n; i += TILE_WIDTH) {
		size_t width = h->n - i < TILE_WIDTH ? h->n - i : TILE_WIDTH;
		struct strbuf b;

		strbuf_init(&b, a);
		for (size_t j = 0; j < width; j++)
			bundle_add(&b, h->entry[i + j]);
		tile_file(h, ctx, -1, i / TILE_WIDTH, (int)width, strbuf_str(&b));
	}
	all_tiles(h, tile_file, ctx);
	hand_file(h, str_fmt(a, "%s/checkpoint", name).s, hand_note(h, h->n, h->cosigners));
	hand_file(h, str_fmt(a, "%s/vkey", name).s,
	          str_fmt(a, "%s\n", vkey_of(h, STR(HAND_ORIGIN), NOTE_ED25519, &h->log).s));
	hand_file(h, str_fmt(a, "%s/policy", name).s, hand_policy(h));
	hand_file(h, str_fmt(a, "%s/rules/%s.json", name, h->rules_hash.s).s, h->rules);
	return hand_path(h, name);
}

#define DDL \
	"CREATE TABLE ledger_entry(log {int} NOT NULL, idx {id} NOT NULL, bytes {bytes} NOT NULL," \
	" leaf {bytes} NOT NULL, PRIMARY KEY (log, idx));" \
	"CREATE TABLE ledger_tile(log {int} NOT NULL, level {int} NOT NULL, n {id} NOT NULL," \
	" bytes {bytes} NOT NULL, PRIMARY KEY (log, level, n));" \
	"CREATE TABLE ledger_note(log {int} NOT NULL, size {id} NOT NULL, n {int} NOT NULL," \
	" note {text} NOT NULL, PRIMARY KEY (log, size, n));" \
	"CREATE TABLE ledger_fence(log {int} PRIMARY KEY, size {id} NOT NULL, epoch {id} NOT NULL)"
#define VIEW_DDL \
	"CREATE TABLE view_state(one {int} PRIMARY KEY, at {int} NOT NULL," \
	" shape {text} NOT NULL);" \
	"CREATE TABLE book_balance(asset {text} NOT NULL, holder {text} NOT NULL," \
	" qty {int} NOT NULL, PRIMARY KEY (asset, holder))"

enum { Q_ENTRY, Q_TILE, Q_NOTE, Q_FENCE, Q_STATE, Q_BALANCE };
static const struct sql SQL[] = {
	[Q_ENTRY] = {"INSERT INTO ledger_entry(log, idx, bytes, leaf) VALUES (0, ?, ?, ?)", 3},
	[Q_TILE] = {"INSERT INTO ledger_tile(log, level, n, bytes) VALUES (0, ?, ?, ?)", 3},
	[Q_NOTE] = {"INSERT INTO ledger_note(log, size, n, note) VALUES (0, ?, 0, ?)", 2},
	[Q_FENCE] = {"INSERT INTO ledger_fence(log, size, epoch) VALUES (0, ?, 1)", 1},
	[Q_STATE] = {"INSERT INTO view_state(one, at, shape) VALUES (1, ?, 'x')", 1},
	[Q_BALANCE] = {"INSERT INTO book_balance(asset, holder, qty) VALUES ('chinese', ?, ?)", 2},
};

struct table_use {
	struct db *db;
};

static void tile_row(struct hand *h, void *ctx, int level, uint64_t n, int width, struct str bytes)
{
	struct table_use *u = ctx;

	if (width == TILE_WIDTH)
		assert_ok(db_exec(&h->op, u->db, &SQL[Q_TILE],
		                  ARGS(sql_int(level), sql_int((int64_t)n),
		                       sql_bytes(bytes.s, bytes.n))));
}

static void note_row(struct hand *h, struct db *db, size_t size, int cosigners)
{
	assert_ok(db_exec(&h->op, db, &SQL[Q_NOTE],
	                  ARGS(sql_int((int64_t)size), sql_text(hand_note(h, size, cosigners)))));
}

void hand_fill_ledger(struct hand *h, struct db *db)
{
	struct hasher *x = hasher_new(HASH_SHA256);
	struct table_use u = {.db = db};

	assert_ok(db_script(&h->op, db, DDL));
	assert_ok(db_begin(&h->op, db));
	for (size_t i = 0; i < h->n; i++) {
		struct hash leaf = leaf_of(x, h->entry[i]);

		assert_ok(db_exec(&h->op, db, &SQL[Q_ENTRY],
		                  ARGS(sql_int((int64_t)i), sql_bytes(h->entry[i].s, h->entry[i].n),
		                       sql_bytes(leaf.b, sizeof(leaf.b)))));
	}
	all_tiles(h, tile_row, &u);
	for (size_t i = 0; i < COUNT(h->note_at); i++)
		if (h->note_at[i] > 0 && h->note_at[i] < h->n)
			note_row(h, db, h->note_at[i], 0);
	note_row(h, db, h->n, h->cosigners);
	assert_ok(db_exec(&h->op, db, &SQL[Q_FENCE], ARGS(sql_int((int64_t)h->n))));
	assert_ok(db_commit(&h->op, db));
	db_close(db);
	hasher_free(x);
}

void hand_fill_view(struct hand *h, struct db *db)
{
	static const struct {
		const char *holder;
		int64_t qty;
	} BOOK[] = {{"printed", -200}, {"sc/cd/jn", 120}, {"vehicle:V3", 80}};

	assert_ok(db_script(&h->op, db, VIEW_DDL));
	assert_ok(db_begin(&h->op, db));
	assert_ok(db_exec(&h->op, db, &SQL[Q_STATE], ARGS(sql_int((int64_t)h->n))));
	for (size_t i = 0; i < COUNT(BOOK); i++)
		assert_ok(db_exec(&h->op, db, &SQL[Q_BALANCE],
		                  ARGS(sql_z(BOOK[i].holder), sql_int(BOOK[i].qty))));
	assert_ok(db_commit(&h->op, db));
	db_close(db);
}

struct str hand_folder(struct hand *h, const char *name)
{
	struct arena *a = &h->arena;
	struct str dir = hand_path(h, name);
	struct db *ledger, *view;

	hand_file(h, str_fmt(a, "%s/format", name).s, STR("gongyuan-data 1\n"));
	hand_file(h, str_fmt(a, "%s/lock", name).s, STR(""));
	hand_file(h, str_fmt(a, "%s/blobs/%s", name, h->rules_hash.s).s, h->rules);
	hand_file(h, str_fmt(a, "%s/keys/log.vkey", name).s,
	          str_fmt(a, "%s\n", vkey_of(h, STR(HAND_ORIGIN), NOTE_ED25519, &h->log).s));
	assert_ok(db_open_sqlite(&h->op, str_fmt(a, "%s/ledger.db", dir.s), DB_CREATE, &ledger));
	hand_fill_ledger(h, ledger);
	assert_ok(db_open_sqlite(&h->op, str_fmt(a, "%s/view.db", dir.s), DB_CREATE, &view));
	hand_fill_view(h, view);
	return dir;
}

void hand_sql(struct hand *h, const char *file, const char *script)
{
	struct db *db;

	assert_ok(db_open_sqlite(&h->op, hand_path(h, file), DB_WRITE, &db));
	assert_ok(db_script(&h->op, db, script));
	db_close(db);
}
