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
#include "base/limits.h"
#include "base/op.h"

/* Bytes of a text that is read loosely: it cannot hold more items than a document may, each takes
 * two. */
#define CANON_LOOSE_MOST ((size_t)2 * LIMIT_JSON_ITEMS)

/* Reads one text.  Texts without escapes are views of it, NOT NUL-terminated at their length; an
 * object's `s` is its own text, and blanks behind it.  Values live in `brief`, but for the member
 * `keep_key` of the outermost object and for texts with escapes, which live in `keep`; NULL: all in
 * `keep`.
 * `loose`: members come in any order and blanks between them, as programs send JSON; what is more
 * than that, other escapes or very many members, is not taken.
 * False: not canonical, or not JSON of the ledger at all. */
struct canon {
	struct arena *keep, *brief;
	const char *keep_key;
	bool loose;
};
bool canon_read(const struct canon *c, struct str text, struct json **ret) MUST_CHECK;

#endif
