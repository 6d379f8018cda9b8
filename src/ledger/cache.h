/* SPDX-License-Identifier: Apache-2.0 */
/* cache.h -- rows of tile hashes read from one connection, the last few kept; seen by src/ledger
 * alone.
 *
 * A complete tile comes from ledger_tile.  A row of an incomplete one is put together: level 0
 * from the leaves of entries, a higher level from the roots of the complete tiles below it.  Rows
 * only grow, so a kept row stays right as long as nothing uncommitted was read: `limit` says how
 * many entries may be seen.
 */
#ifndef GY_LEDGER_CACHE_H
#define GY_LEDGER_CACHE_H

#include "base/op.h"
#include "ledger/tile.h"

struct db;
struct tile_cache;

struct tile_cache *tile_cache_new(struct db *db);
void tile_cache_free(struct tile_cache *c); /* NULL is fine */
void tile_cache_limit(struct tile_cache *c, uint64_t limit);

/* The first `width` hashes of a tile into ret.  False: there are not so many; why is in
 * tile_cache_err. */
bool tile_cache_row(struct tile_cache *c, int level, uint64_t n, int width, struct hash *ret);
/* As a tree_reader: ctx is the cache. */
bool tile_cache_hash(void *ctx, int level, uint64_t n, struct hash *ret);
const struct err *tile_cache_err(const struct tile_cache *c);

/* The rows of a tree of `size`, read through the cache. */
bool tile_cache_rows(struct tile_cache *c, uint64_t size, struct tile_rows *ret);

#endif
