/* SPDX-License-Identifier: Apache-2.0 */
/* golden.c -- see golden.h. */
#include "golden/golden.h"

#include "app/modules.h"
#include "engine/modules_private.h"
#include "engine/order.h"
#include "engine/toy.h"
#include "ledger/tile.h"

static enum rc read_name(struct golden *g, struct str name, struct str *ret)
{
	return file_read(&g->op, str_fmt(g->op.arena, "%s/export/%s", g->dir.s, name.s), LIMIT_BLOB,
	                 ret);
}

static enum rc broken(struct golden *g, const char *what, uint64_t at)
{
	return fail(&g->op, RC_BROKEN, "export", "", "留存账本不符：%s（%llu）",
	            "the golden ledger does not verify: %s (%llu)", what, (unsigned long long)at);
}

static enum rc read_checkpoint(struct golden *g)
{
	struct note_key key;
	struct str vkey, line, rest, note;

	TRY(read_name(g, STR("vkey"), &vkey));
	if (!str_cut(vkey, '\n', &line, &rest))
		return broken(g, "vkey", 0);
	TRY(note_vkey_parse(&g->op, str_copy(g->op.arena, line), &key));
	TRY(read_name(g, STR("checkpoint"), &note));
	return checkpoint_open(&g->op, note, &key, &g->checkpoint);
}

static enum rc put_entry(struct golden *g, struct str entry, struct hash *ret_leaf)
{
	if (g->ledger.next.size == g->flip) {
		entry = str_copy(g->op.arena, entry);
		((char *)(uintptr_t)entry.s)[entry.n - 1] ^= 1;
	}
	return ledger_append(&g->op, &g->ledger, entry, ret_leaf);
}

static enum rc commit(struct golden *g)
{
	TRY(ledger_seal(&g->op, &g->ledger));
	TRY(store_commit(&g->op, &g->store));
	ledger_committed(&g->ledger);
	return RC_OK;
}

/* One bundle and its tile of leaves. */
static enum rc read_bundle(struct golden *g, uint64_t n, int width)
{
	struct str bundle, tile, entry;
	bool bad = false;
	int i = 0;

	TRY(read_name(g, tile_path(g->op.arena, -1, n, width), &bundle));
	TRY(read_name(g, tile_path(g->op.arena, 0, n, width), &tile));
	if (tile.n != (size_t)width * sizeof(struct hash))
		return broken(g, "tile", n);
	TRY(store_begin(&g->op, &g->store));
	for (; bundle_next(&bundle, &entry, &bad) && i < width; i++) {
		struct hash leaf;

		TRY(put_entry(g, entry, &leaf));
		if (memcmp(tile.s + (size_t)i * sizeof(leaf), leaf.b, sizeof(leaf)) != 0)
			return broken(g, "leaf", n * TILE_WIDTH + (uint64_t)i);
	}
	if (bad || i != width)
		return broken(g, "bundle", n);
	return commit(g);
}

static enum rc read_entries(struct golden *g)
{
	uint64_t size = g->checkpoint.size, full = tile_full_count(size, 0), n;
	struct hash root;

	for (n = 0; n * TILE_WIDTH < size; n++)
		TRY(read_bundle(g, n, n < full ? TILE_WIDTH : tile_partial_width(size, 0)));
	root = tree_root(&g->ledger.tree, g->ledger.hasher);
	if (g->ledger.tree.size != size || !hash_eq(&root, &g->checkpoint.root))
		return broken(g, "root", size);
	return store_commit_view(&g->op, &g->store);
}

static enum rc open_parts(struct golden *g, struct str world, struct str at, struct str url)
{
	bool hall = str_is(world, "hall");
	struct str bytes, hash;

	TRY(modules_init(&g->op, hall ? TOY_MODULES : app_modules, hall ? 1 : app_nmodules,
	                 &g->modules));
	TRY(file_read(&g->op, str_fmt(g->op.arena, "%s/profile.json", g->dir.s), LIMIT_BLOB, &bytes));
	TRY(profile_read(&g->op, g->op.arena, bytes, &g->profile));
	TRY(store_create(&g->op, at, url, &g->store));
	TRY(blob_put(&g->op, &g->store, bytes, &hash));
	TRY(ledger_create(&g->op, &g->store));
	TRY(ledger_open(&g->op, &g->store, &g->ledger));
	TRY(read_checkpoint(g));
	return read_entries(g);
}

enum rc golden_open(struct op *op, struct str dir, struct str world, struct str at, struct str url,
                    uint64_t flip, struct golden *ret)
{
	enum rc rc;

	*ret = (struct golden){.op = {.arena = op->arena}, .dir = dir, .flip = flip};
	rc = open_parts(ret, world, at, url);
	op->err = ret->op.err;
	return rc;
}

void golden_release(struct golden *g)
{
	if (g->store.ledger)
		store_rollback(&g->store);
	if (g->ledger.store)
		ledger_release(&g->ledger);
	if (g->store.ledger)
		store_release(&g->store);
	modules_release(&g->modules);
}

static const struct module *owner(const struct modules *m, struct str table)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t j = 0; j < m->index->all[i]->ntables; j++)
			if (str_is(table, m->index->all[i]->tables[j].name))
				return m->index->all[i];
	return m->index->all[0];
}

struct types {
	struct golden *g;
	struct str name[512];
	int64_t count[512];
	size_t n;
};

static enum rc count_type(struct op *op, void *ctx, uint64_t index, struct str entry,
                          const struct hash *leaf)
{
	struct types *x = ctx;
	struct event ev;
	size_t i = 0, j;

	(void)index, (void)leaf;
	TRY(event_read(op, &x->g->modules, entry, &ev));
	while (i < x->n && str_cmp(x->name[i], ev.name) < 0)
		i++;
	if (i == x->n || !str_eq(x->name[i], ev.name)) {
		assert(x->n < COUNT(x->name));
		for (j = x->n++; j > i; j--) {
			x->name[j] = x->name[j - 1];
			x->count[j] = x->count[j - 1];
		}
		x->name[i] = str_copy(op->arena, ev.name);
		x->count[i] = 0;
	}
	x->count[i]++;
	return RC_OK;
}

static enum rc add_types(struct golden *g, struct strbuf *b)
{
	struct types *x = ARENA_NEW(g->op.arena, struct types);

	x->g = g;
	TRY(ledger_scan(&g->op, &g->ledger, 0, g->ledger.tree.size, count_type, x));
	for (size_t i = 0; i < x->n; i++)
		strbuf_addf(b, "event " STR_FMT " %lld\n", STR_ARG(x->name[i]), (long long)x->count[i]);
	return RC_OK;
}

/* The profiles that were put in force later: `apply` asks for them. */
static enum rc put_adopted(struct op *op, void *ctx, uint64_t index, struct str entry,
                           const struct hash *leaf)
{
	struct golden *g = ctx;
	const struct rules_adopted *now;
	struct str path, bytes, hash;
	struct event ev;

	(void)index, (void)leaf;
	TRY(event_read(op, &g->modules, entry, &ev));
	if (!str_is(ev.name, "rules.adopted"))
		return RC_OK;
	now = ev.data;
	path = str_fmt(op->arena, "%s/profiles/%s.json", g->dir.s, now->profile.s);
	if (!file_exists(path))
		return RC_OK;
	TRY(file_read(op, path, LIMIT_BLOB, &bytes));
	return blob_put(op, &g->store, bytes, &hash);
}

enum rc golden_digests(struct golden *g, struct str *ret)
{
	struct table_digest *d;
	struct strbuf b;
	size_t n;

	TRY(ledger_scan(&g->op, &g->ledger, 0, g->ledger.tree.size, put_adopted, g));
	TRY(projection_create(&g->op, g->store.view, &g->modules));
	TRY(projection_fill(&g->op, &g->ledger, g->store.view, &g->modules, &g->profile, -1));
	TRY(projection_digest(&g->op, g->store.view, &g->modules, &d, &n));
	strbuf_init(&b, g->op.arena);
	strbuf_addf(&b, "entries %llu\nroot %s\n", (unsigned long long)g->checkpoint.size,
	            hash_hex(g->op.arena, &g->checkpoint.root).s);
	for (size_t i = 0; i < n; i++)
		if (d[i].rows)
			strbuf_addf(&b, "table " STR_FMT " %lld %s rev %d\n", STR_ARG(d[i].table),
			            (long long)d[i].rows, hash_hex(g->op.arena, &d[i].digest).s,
			            owner(&g->modules, d[i].table)->rev);
	TRY(add_types(g, &b));
	*ret = strbuf_str(&b);
	return RC_OK;
}

struct str golden_line(struct str text, const char *word)
{
	size_t n = strlen(word);
	struct str line, rest = text;

	while (str_cut(rest, '\n', &line, &rest))
		if (line.n > n && memcmp(line.s, word, n) == 0 && line.s[n] == ' ')
			return (struct str){line.s + n + 1, line.n - n - 1};
	return (struct str){"", 0};
}
