/* SPDX-License-Identifier: Apache-2.0 */
/* cache.c -- see cache.h. */
#include "ledger/cache.h"

#include "db/db.h"

#define SLOTS 16 /* two proofs over a tree of four tile levels; 128 KB */

enum { Q_TILE, Q_LEAVES };
static const struct sql SQL[] = {
	[Q_TILE] = {"SELECT bytes FROM ledger_tile WHERE log = 0 AND level = ? AND n = ?", 2},
	[Q_LEAVES] = {"SELECT idx, leaf FROM ledger_entry WHERE log = 0 AND idx >= ? AND idx < ?"
                      " ORDER BY idx",
                      2},
};

struct slot {
	int level, width; /* width 0: empty */
	uint64_t n, used;
	struct hash row[TILE_WIDTH];
};

struct tile_cache {
	struct db *db;
	struct hasher *hasher;
	struct arena arena;
	struct op op;   /* tree_reader has none to hand down */
	uint64_t limit; /* entries that may be seen */
	uint64_t tick;
	struct slot slot[SLOTS];
};

struct tile_cache *tile_cache_new(struct db *db)
{
	struct tile_cache *c = calloc(1, sizeof *c);

	if (!c)
		abort();
	c->db = db;
	c->hasher = hasher_new(HASH_SHA256);
	c->op.arena = &c->arena;
	c->limit = UINT64_MAX;
	return c;
}

void tile_cache_free(struct tile_cache *c)
{
	if (!c)
		return;
	hasher_free(c->hasher);
	arena_release(&c->arena);
	free(c);
}

void tile_cache_limit(struct tile_cache *c, uint64_t limit)
{
	c->limit = limit;
}

const struct err *tile_cache_err(const struct tile_cache *c)
{
	return &c->op.err;
}

static enum rc read_tile(struct tile_cache *c, int level, uint64_t n, struct hash *row)
{
	AUTO(rows) rows = {0};
	struct str bytes;

	TRY(db_query(&c->op, c->db, &SQL[Q_TILE], ARGS(sql_int(level), sql_int((int64_t)n)),
	             &rows));
	if (!rows_next(&rows))
		return fail(&c->op, RC_NOT_FOUND, "", "", "缺少第 %d 层第 %llu 块校验值",
		            "tile %d/%llu is missing", level, (unsigned long long)n);
	bytes = rows_str(&rows, 0);
	if (bytes.n != TILE_WIDTH * sizeof row[0])
		return fail(&c->op, RC_BROKEN, "", "", "第 %d 层第 %llu 块校验值长度不符",
		            "tile %d/%llu has a wrong length", level, (unsigned long long)n);
	memcpy(row, bytes.s, bytes.n);
	return RC_OK;
}

/* Leaves [have, width) of tile n of level 0. */
static enum rc read_leaves(struct tile_cache *c, uint64_t n, int have, int width, struct hash *row)
{
	AUTO(rows) rows = {0};
	int64_t first = (int64_t)(n * TILE_WIDTH);

	TRY(db_query(&c->op, c->db, &SQL[Q_LEAVES],
	             ARGS(sql_int(first + have), sql_int(first + width)), &rows));
	for (int i = have; i < width; i++) {
		struct str leaf;

		if (!rows_next(&rows) || rows_int(&rows, 0) != first + i)
			return fail(&c->op, RC_BROKEN, "", "", "缺少第 %lld 条记录",
			            "entry %lld is missing", (long long)first + i);
		leaf = rows_str(&rows, 1);
		if (leaf.n != sizeof row[0].b)
			return fail(&c->op, RC_BROKEN, "", "", "第 %lld 条记录的校验值长度不符",
			            "the leaf of entry %lld has a wrong length",
			            (long long)first + i);
		memcpy(row[i].b, leaf.s, leaf.n);
	}
	return RC_OK;
}

static enum rc read_row(struct tile_cache *c, int level, uint64_t n, int have, int width,
                        struct hash *row)
{
	struct hash below[TILE_WIDTH];

	if (width == TILE_WIDTH)
		return read_tile(c, level, n, row);
	if (level == 0)
		return read_leaves(c, n, have, width, row);
	for (int i = have; i < width; i++) {
		TRY(read_tile(c, level - 1, n * TILE_WIDTH + (uint64_t)i, below));
		row[i] = tile_root(c->hasher, below, TILE_WIDTH);
	}
	return RC_OK;
}

static struct slot *find_slot(struct tile_cache *c, int level, uint64_t n)
{
	struct slot *oldest = &c->slot[0];

	for (int i = 0; i < SLOTS; i++) {
		struct slot *s = &c->slot[i];

		if (s->width > 0 && s->level == level && s->n == n)
			return s;
		if (s->used < oldest->used)
			oldest = s;
	}
	*oldest = (struct slot){.level = level, .n = n};
	return oldest;
}

/* The slot with at least `width` hashes, or NULL. */
static struct slot *get_row(struct tile_cache *c, int level, uint64_t n, int width)
{
	int shift = 8 * level;
	struct slot *s;

	if (level >= TILE_LEVELS || n * TILE_WIDTH + (uint64_t)width > (UINT64_MAX >> 1) >> shift ||
	    (n * TILE_WIDTH + (uint64_t)width) << shift > c->limit) {
		(void)fail(&c->op, RC_NOT_FOUND, "", "", "超出台账范围",
		           "beyond the ledger's size");
		return NULL;
	}
	s = find_slot(c, level, n);
	s->used = ++c->tick;
	if (s->width >= width)
		return s;
	enum rc rc = read_row(c, level, n, s->width, width, s->row);
	s->width = rc == RC_OK ? width : 0;
	arena_reset(&c->arena);
	return rc == RC_OK ? s : NULL;
}

bool tile_cache_row(struct tile_cache *c, int level, uint64_t n, int width, struct hash *ret)
{
	struct slot *s = get_row(c, level, n, width);

	if (s)
		memcpy(ret, s->row, (size_t)width * sizeof ret[0]);
	return s != NULL;
}

bool tile_cache_hash(void *ctx, int level, uint64_t n, struct hash *ret)
{
	struct tile_cache *c = ctx;
	int width = 1 << (level % 8);
	uint64_t first = n << (level % 8); /* in hashes of the tile's level */
	int at = (int)(first % TILE_WIDTH);
	struct slot *s;

	if (level < 0 || level > 62 || n > (UINT64_MAX >> 1) >> level)
		return false;
	s = get_row(c, level / 8, first / TILE_WIDTH, at + width);
	if (!s)
		return false;
	*ret = tile_root(c->hasher, s->row + at, width);
	return true;
}

bool tile_cache_rows(struct tile_cache *c, uint64_t size, struct tile_rows *ret)
{
	ret->size = size;
	for (int level = 0; level < TILE_LEVELS; level++) {
		int width = tile_partial_width(size, level);

		if (width > 0 &&
		    !tile_cache_row(c, level, tile_full_count(size, level), width, ret->row[level]))
			return false;
	}
	return true;
}
