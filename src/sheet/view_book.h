/* SPDX-License-Identifier: Apache-2.0 */
/* view_book.h -- a view as a spreadsheet: labels in place of codes, places by name, times with
 * their offset, and above them what it is, when it was made and on which ledger it rests.
 */
#ifndef GY_SHEET_VIEW_BOOK_H
#define GY_SHEET_VIEW_BOOK_H

#include "db/narrow.h"
#include "sheet/wording.h"

struct view_book {
	const struct view *view;
	struct wording *wording;
	bool drill;
	struct str origin;
	uint64_t size;        /* entries of the ledger that the rows rest on */
	size_t most;          /* rows; with more it is refused, not cut */
	const struct narrow *some; /* what the database is asked for; NULL: all */
	/* Which of these; NULL: all. */
	bool (*keep)(void *ctx, struct op *op, const struct rows *r);
	void *ctx;
};

/* Fails: INVALID (more rows than `most`), BUSY, BROKEN. */
enum rc view_book(struct op *op, const struct view_book *v, struct str *ret) MUST_CHECK;

#endif
