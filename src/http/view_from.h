/* SPDX-License-Identifier: Apache-2.0 */
/* view_from.h -- a page of a view that is read from a key on (view.h, `keys`): its cost is that of
 * the rows it shows, wherever in the list it lies.
 *
 * The cursor is the key of the row that was told last, which its reader has: "k:" and the cells of
 * the key with colons between.  Nothing of what lies between two rows can be read from it.
 */
#ifndef GY_HTTP_VIEW_FROM_H
#define GY_HTTP_VIEW_FROM_H

#include "http/api_private.h"

struct view_page {
	const struct filter *filter;
	struct sight *sight;
	struct str after;      /* the cursor; empty: from the beginning */
	int64_t limit;
	bool counted;          /* how many there are on all pages? */
	struct json *items;    /* appended to */
	struct str next;       /* empty: no page follows */
	int64_t total;
};

/* Is the view read so?  A cursor without "k:" is a number of rows, and read by counting. */
bool view_from_reads(const struct view *v, struct str after);
/* Is a cursor that it reads from one of ours?  Nobody's bytes get as far as the database. */
bool view_from_stands(const struct view *v, struct str after);

/* Fails: INVALID (not a cursor of this view), BROKEN. */
enum rc view_from_page(struct op *op, struct view_page *p) MUST_CHECK;

#endif
