/* SPDX-License-Identifier: Apache-2.0 */
/* prover.c -- see prover.h.
 *
 * A held tile keeps its 256 hashes and those above them, 511 in all: without these a proof would
 * hash some 250 nodes for each level of tiles.  Tiles stand in small sets by their number; the one
 * of a set that was used longest ago makes room.
 */
#include "ledger/prover.h"

#include <pthread.h>

#include "ledger/cache.h"
#include "ledger/ledger.h"

enum { WAYS = 8, NODES = 2 * TILE_WIDTH - 1 };

struct held {
	int level, width; /* width 0: empty */
	uint64_t n, used;
	struct hash *node; /* NODES of them: the tile's, then its pairs', and so on */
};

struct prover {
	pthread_mutex_t lock;
	struct arena arena;       /* of the note */
	struct str note;
	struct checkpoint at;
	struct hasher *hasher;
	uint64_t tick;
	size_t sets;
	struct held (*held)[WAYS];
	int want_level;           /* of the newest question: what was not held */
	uint64_t want_n;
};

struct prover *prover_new(size_t tiles)
{
	struct prover *p = calloc(1, sizeof(*p));

	if (p) {
		p->sets = tiles / WAYS + !(tiles / WAYS);
		p->held = calloc(p->sets, sizeof(*p->held));
	}
	if (!p || !p->held)
		abort(); /* as arena_alloc */
	pthread_mutex_init(&p->lock, NULL);
	p->hasher = hasher_new(HASH_SHA256);
	return p;
}

void prover_free(struct prover *p)
{
	if (!p)
		return;
	for (size_t i = 0; i < p->sets; i++)
		for (int j = 0; j < WAYS; j++)
			free(p->held[i][j].node);
	free(p->held);
	hasher_free(p->hasher);
	pthread_mutex_destroy(&p->lock);
	arena_release(&p->arena);
	free(p);
}

static struct held *set_of(struct prover *p, int level, uint64_t n)
{
	return p->held[(n + (uint64_t)level * 61) % p->sets];
}

static struct held *find(struct prover *p, int level, uint64_t n)
{
	struct held *set = set_of(p, level, n);

	for (int i = 0; i < WAYS; i++)
		if (set[i].width && set[i].level == level && set[i].n == n) {
			set[i].used = ++p->tick;
			return &set[i];
		}
	return NULL;
}

/* Where the hashes `up` above the tile's own begin. */
static int row_at(int up)
{
	return 2 * TILE_WIDTH - (2 * TILE_WIDTH >> up);
}

/* As a tree_reader: ctx is the prover. */
static bool hash_at(void *ctx, int level, uint64_t n, struct hash *ret)
{
	struct prover *p = ctx;
	int up = level % 8;
	uint64_t tile = n >> (8 - up), i = n & ((UINT64_C(1) << (8 - up)) - 1);
	const struct held *h = find(p, level / 8, tile);

	if (!h || (i + 1) << up > (uint64_t)h->width) {
		p->want_level = level / 8;
		p->want_n = tile;
		return false;
	}
	*ret = h->node[row_at(up) + (int)i];
	return true;
}

/* The hashes above a row, as far as there are pairs. */
static void fill_up(struct hasher *h, struct hash *node, int width)
{
	for (int up = 1; up <= 8; up++) {
		const struct hash *below = node + row_at(up - 1);
		struct hash *here = node + row_at(up);

		for (int i = 0; i < width >> up; i++)
			here[i] = tree_node(h, &below[2 * i], &below[2 * i + 1]);
	}
}

static void hold(struct prover *p, int level, uint64_t n, int width, const struct hash *row)
{
	struct held *at = find(p, level, n), *set = set_of(p, level, n);

	for (int i = 0; !at && i < WAYS; i++)
		if (!set[i].width)
			at = &set[i];
	if (!at) {
		at = set;
		for (int i = 1; i < WAYS; i++)
			if (set[i].used < at->used)
				at = &set[i];
	} else if (at->width >= width) {
		return;
	}
	if (!at->node)
		at->node = calloc(NODES, sizeof(*at->node));
	if (!at->node)
		abort(); /* as arena_alloc */
	memcpy(at->node, row, (size_t)width * sizeof(*row));
	fill_up(p->hasher, at->node, width);
	*at = (struct held){level, width, n, ++p->tick, at->node};
}

/* Tile n of a level as the tree of `size` has it; 0: it has none. */
static int width_in(uint64_t size, int level, uint64_t n)
{
	uint64_t full = tile_full_count(size, level);

	return n < full ? TILE_WIDTH : n == full ? tile_partial_width(size, level) : 0;
}

/* The database is asked outside of the lock. */
static enum rc load(struct op *op, struct prover *p, const struct ledger *l, int level, uint64_t n,
                    uint64_t size)
{
	struct hash *row = arena_array(op->arena, TILE_WIDTH, sizeof(*row));
	int width = width_in(size, level, n);

	if (!width || !tile_cache_row(l->cache, level, n, width, row))
		return fail(op, RC_BROKEN, "", "", "缺少第 %d 层第 %llu 块校验值",
		            "tile %d/%llu is missing", level, (unsigned long long)n);
	pthread_mutex_lock(&p->lock);
	hold(p, level, n, width, row);
	pthread_mutex_unlock(&p->lock);
	return RC_OK;
}

static enum rc read_newest(struct op *op, const struct ledger *l, struct str *ret_note,
                           struct checkpoint *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	struct tree_reader reader = ledger_reader(l);
	struct tree t;
	struct hash root;

	TRY(ledger_note_newest(op, l, ret_note));
	if (note_parse(op, *ret_note, n) != RC_OK || checkpoint_parse(op, n->text, ret) != RC_OK ||
	    ret->size > l->tree.size || !tree_load(&reader, ret->size, &t))
		return fail(op, RC_BROKEN, "", "", "最新存证点与台账不符",
		            "the newest checkpoint is not this ledger's");
	root = tree_root(&t, l->hasher);
	return hash_eq(&root, &ret->root) ? RC_OK
	       : fail(op, RC_BROKEN, "", "", "前 %llu 条记录与最新存证点不符",
	              "the first %llu entries do not give the root of the newest checkpoint",
	              (unsigned long long)ret->size);
}

enum rc prover_publish(struct op *op, struct prover *p, const struct ledger *l, bool *ret_new)
{
	struct checkpoint c;
	struct str note;
	bool new;

	TRY(read_newest(op, l, &note, &c));
	/* The edge of the new tree first: the proofs that follow need it. */
	for (int level = 0; level < TILE_LEVELS; level++)
		if (tile_partial_width(c.size, level) > 0)
			TRY(load(op, p, l, level, tile_full_count(c.size, level), c.size));
	pthread_mutex_lock(&p->lock);
	new = !str_eq(note, p->note);
	if (new) {
		arena_reset(&p->arena);
		p->note = str_copy(&p->arena, note);
		p->at = (struct checkpoint){str_copy(&p->arena, c.origin), c.size, c.root};
	}
	pthread_mutex_unlock(&p->lock);
	if (ret_new)
		*ret_new = new;
	return RC_OK;
}

struct str prover_note(struct prover *p, struct arena *a)
{
	struct str note;

	pthread_mutex_lock(&p->lock);
	note = str_copy(a, p->note);
	pthread_mutex_unlock(&p->lock);
	return note;
}

uint64_t prover_size(struct prover *p)
{
	uint64_t size;

	pthread_mutex_lock(&p->lock);
	size = p->at.size;
	pthread_mutex_unlock(&p->lock);
	return size;
}

static enum rc no_such(struct op *op)
{
	return fail(op, RC_NOT_FOUND, "", "", "没有此序号与校验值的记录",
	            "there is no entry with this index and leaf hash");
}

/* An entry that no checkpoint covers yet, or none at all. */
static enum rc not_under(struct op *op, const struct ledger *l, uint64_t index,
                         const struct hash *leaf)
{
	struct str bytes;
	struct hash has;
	enum rc rc;

	if (!l)
		return RC_BUSY;
	rc = ledger_entry(op, l, index, &bytes, &has);
	if (rc == RC_NOT_FOUND || (rc == RC_OK && !hash_eq(&has, leaf)))
		return no_such(op);
	TRY(rc);
	return fail(op, RC_CONFLICT, "", "", "第 %llu 条记录已登记，存证点尚未签发，请稍后重试",
	            "entry %llu is recorded and not yet under a signed checkpoint; try again soon",
	            (unsigned long long)index);
}

/* Under the lock.  BUSY: p->want_* is not held. */
static enum rc prove(struct op *op, struct prover *p, uint64_t index, const struct hash *leaf,
                     struct receipt *r)
{
	struct tree_reader reader = {.hash_at = hash_at, .ctx = p};
	struct hash has;

	if (!hash_at(p, 0, index, &has))
		return RC_BUSY;
	if (!hash_eq(&has, leaf))
		return RC_NOT_FOUND;
	if (!tree_prove_inclusion(&reader, p->hasher, index, p->at.size, &r->proof))
		return RC_BUSY;
	if (!tree_verify_inclusion(p->hasher, &r->proof, index, p->at.size, leaf, &p->at.root))
		return RC_BROKEN;
	r->index = index;
	r->note = str_copy(op->arena, p->note);
	return RC_OK;
}

enum rc prover_prove(struct op *op, struct prover *p, const struct ledger *l, uint64_t index,
                     const struct hash *leaf, struct str *ret)
{
	enum { ROUNDS = 4 * TILE_LEVELS }; /* a proof needs two tiles of a level; others may evict */
	struct receipt r = {0};
	enum rc rc = RC_BUSY;

	for (int i = 0; rc == RC_BUSY && i < ROUNDS; i++) {
		uint64_t size, n;
		int level;

		pthread_mutex_lock(&p->lock);
		size = p->at.size;
		if (index < size)
			rc = prove(op, p, index, leaf, &r);
		level = p->want_level;
		n = p->want_n;
		pthread_mutex_unlock(&p->lock);
		if (index >= size)
			return not_under(op, l, index, leaf);
		if (rc == RC_BUSY && !l)
			return rc;
		if (rc == RC_BUSY)
			TRY(load(op, p, l, level, n, size));
	}
	if (rc == RC_NOT_FOUND)
		return no_such(op);
	if (rc != RC_OK)
		return fail(op, RC_BROKEN, "", "", "第 %llu 条记录与最新存证点不符",
		            "entry %llu does not prove under the newest checkpoint",
		            (unsigned long long)index);
	*ret = receipt_format(op->arena, &r);
	return RC_OK;
}

static enum rc add_entry(struct op *op, void *ctx, uint64_t index, struct str entry,
                         const struct hash *leaf)
{
	(void)op, (void)index, (void)leaf;
	bundle_add(ctx, entry);
	return RC_OK;
}

enum rc prover_file(struct op *op, struct prover *p, const struct ledger *l, int level, uint64_t n,
                    int width, struct str *ret)
{
	struct hash *row;
	struct strbuf b;

	if (level >= TILE_LEVELS || width > width_in(prover_size(p), level, n))
		return fail(op, RC_NOT_FOUND, "", "", "最新存证点之下没有这个分片",
		            "there is no such tile under the newest checkpoint");
	if (level < 0) {
		strbuf_init(&b, op->arena);
		TRY(ledger_scan(op, l, n * TILE_WIDTH, n * TILE_WIDTH + (uint64_t)width, add_entry, &b));
		*ret = strbuf_str(&b);
		return RC_OK;
	}
	row = arena_array(op->arena, TILE_WIDTH, sizeof(*row));
	if (!tile_cache_row(l->cache, level, n, width, row))
		return fail(op, RC_BROKEN, "", "", "第 %d 层第 %llu 块校验值无法读取：%s%.0s",
		            "tile %d/%llu cannot be read: %.0s%s", level, (unsigned long long)n,
		            tile_cache_err(l->cache)->zh, tile_cache_err(l->cache)->en);
	*ret = (struct str){(const char *)row, (size_t)width * sizeof(*row)};
	return RC_OK;
}
