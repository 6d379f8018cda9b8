/* SPDX-License-Identifier: Apache-2.0 */
/* place.h -- what is asked about the tree of places.  A path is its own id, and facts may name
 * places that nobody has added.
 *
 * Emits  place.added
 * Owns   place(path, level, kind, name, added)
 */
#ifndef GY_PLACE_H
#define GY_PLACE_H

#include "base/op.h"

struct vault;

/* Has anybody given this place its kind and name? */
enum rc place_is_added(struct op *op, struct str path, bool *ret) MUST_CHECK;

/* The vault's id of its name; 0: nobody has given it one. */
enum rc place_name(struct op *op, struct str path, int64_t *ret_vault) MUST_CHECK;

/* The name itself, in the op's arena.  False: it has none, or none that opens; op->err is as it
 * was. */
bool place_named(struct op *op, struct vault *v, struct str path, struct str *ret);

/* Does no county, site or room that was added lie elsewhere than at or under it? */
enum rc place_is_all(struct op *op, struct str at, bool *ret) MUST_CHECK;

/* The places that were added at and under this one ("": all), by path, in the op's arena. */
struct place_row {
	struct str path;
	int64_t name; /* the vault's id */
};
enum rc place_list(struct op *op, struct str at, struct place_row **ret, size_t *ret_n) MUST_CHECK;

#endif
