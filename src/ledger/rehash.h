/* SPDX-License-Identifier: Apache-2.0 */
/* rehash.h -- reads a stored ledger again and believes nothing but bytes; seen by src/ledger
 * alone.
 *
 * Invariant: `tree` and `rows` were computed here from entry bytes, or (rehash_load) from tiles
 * that gave a root which the caller compares with a signed one.
 */
#ifndef GY_LEDGER_REHASH_H
#define GY_LEDGER_REHASH_H

#include "base/op.h"
#include "ledger/tile.h"

struct db;
struct rehash {
	struct db *db;
	struct hasher *hasher;
	struct tree tree;
	struct tile_rows rows;
};

/* Stands at `size`, from tiles and the re-hashed entries after the last complete one. */
enum rc rehash_load(struct op *op, struct rehash *re, uint64_t size) MUST_CHECK;

/* Goes on to `size`: entries, tiles, and the roots of the checkpoints stored for the sizes passed.
 * Call inside one snapshot whose head is `size`.  On failure *re is spoilt.  Fails: BROKEN. */
enum rc rehash_to(struct op *op, struct rehash *re, uint64_t size) MUST_CHECK;

#endif
