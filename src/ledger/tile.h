/* SPDX-License-Identifier: Apache-2.0 */
/* tile.h -- C2SP tlog-tiles: paths, widths, bundles of entries. */
#ifndef GY_TILE_H
#define GY_TILE_H

#include "base/op.h"
#include "base/str.h"
#include "ledger/tree.h"

#define TILE_WIDTH  256
#define TILE_LEVELS 8 /* 256^8 = 2^64 leaves */

/* "tile/0/x001/234", "tile/entries/067.p/5"; level -1 is entries; width 256 is a full tile. */
struct str tile_path(struct arena *a, int level, uint64_t n, int width);
/* The same, strictly back.  False: not such a path. */
bool tile_path_parse(struct str path, int *ret_level, uint64_t *ret_n, int *ret_width);

/* Tiles of `level` in a tree of `size`: full ones, and the width of the last (0: none). */
uint64_t tile_full_count(uint64_t size, int level);
int tile_partial_width(uint64_t size, int level);

/* The root of a row of `width` hashes; width is a power of two, at most 256. */
struct hash tile_root(struct hasher *h, const struct hash *row, int width);

/* The incomplete tiles of a tree of `size` leaves: hash i of the row of level L is one of that
 * level's tile, i < tile_partial_width(size, L).  Each push hands the tiles that it completes to
 * `full`, lowest first.  Together the rows hold every peak, so they give the tree. */
struct tile_rows {
	uint64_t size;
	struct hash row[TILE_LEVELS][TILE_WIDTH];
};
typedef enum rc tile_full(struct op *op, void *ctx, int level, uint64_t n, const struct hash *row);
/* On failure the size stays; rows of tiles that were completed must be loaded again. */
enum rc tile_rows_push(struct op *op, struct tile_rows *r, struct hasher *h,
                       const struct hash *leaf, tile_full *full, void *ctx) MUST_CHECK;
void tile_rows_tree(const struct tile_rows *r, struct hasher *h, struct tree *ret);

/* A bundle: uint16-BE length before each entry. */
void bundle_add(struct strbuf *b, struct str entry);
/* The next entry of a bundle; false at the end or when cut (*ret_bad then true). */
bool bundle_next(struct str *rest, struct str *ret_entry, bool *ret_bad);

#endif
