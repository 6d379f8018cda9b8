/* SPDX-License-Identifier: Apache-2.0 */
/* canon.h -- a strict reader of canonical JSON, in one pass and without copies.
 *
 * It takes exactly the texts that base/json.h reads and writes back byte by byte the same (RFC
 * 8785 within our limits), and gives the same values; a test holds it to that in both directions.
 * It never says why a text is refused: whoever needs to know asks base/json.h.
 */
#ifndef GY_BASE_CANON_H
#define GY_BASE_CANON_H

#include "base/json.h"
#include "base/op.h"

/* Reads one text.  Texts without escapes are views of it, NOT NUL-terminated at their length; an
 * object's `s` is its own text.  Values live in `brief`, but for the member `keep_key` of the
 * outermost object and for texts with escapes, which live in `keep`; NULL: all in `keep`.
 * False: not canonical, or not JSON of the ledger at all. */
struct canon {
	struct arena *keep, *brief;
	const char *keep_key;
};
bool canon_read(const struct canon *c, struct str text, struct json **ret) MUST_CHECK;

/* The same values as json_read gives, NUL-terminated and all in the arena.  Falls back to
 * json_read, which says what is wrong, and takes what is JSON but not canonical. */
enum rc canon_json(struct op *op, struct str text, struct json **ret) MUST_CHECK;

#endif
