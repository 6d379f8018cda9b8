/* SPDX-License-Identifier: Apache-2.0 */
/* book.h -- an XLSX that is being written, in memory: what people open and fill in.
 *
 * The only file that sees xlsxwriter.h is book.c.  Cells count from 0 here.  Every text is written
 * as text, so that nothing of it becomes a formula, a date or 1.2E+17, and codes keep their zeros.
 * Rows are written in their order and do not stay in memory.
 */
#ifndef GY_SHEET_BOOK_H
#define GY_SHEET_BOOK_H

#include "base/op.h"

struct book;

enum book_style {
	BOOK_TEXT,   /* left, as it is */
	BOOK_WRAP,   /* the same, broken into lines */
	BOOK_HEAD,   /* the head of a column */
	BOOK_NEED,   /* of one that must be filled in */
	BOOK_TITLE,
	BOOK_NOTE,   /* small and grey */
	BOOK_SAMPLE, /* made up: slanted, grey */
	BOOK_ALERT,  /* what must not be overlooked: 【演练】 */
	BOOK_STYLES
};

struct book *book_new(int64_t now_ms);
/* The sheet that the following write to.  Its name is cut to Excel's 31 characters, and what it
 * does not allow becomes a blank. */
void book_sheet(struct book *b, struct str name);
void book_text(struct book *b, size_t row, size_t column, struct str text, enum book_style style);
void book_int(struct book *b, size_t row, size_t column, int64_t v);
/* Width in characters (a Chinese one is two); `style` for cells that people will fill in. */
void book_width(struct book *b, size_t column, double width, enum book_style style);
/* Rows above `row` stay in sight. */
void book_freeze(struct book *b, size_t row);
void book_filter(struct book *b, size_t row, size_t last_row, size_t last_column);
/* Cells of a column take one of these words alone (NULL at the end); more than 255 characters of
 * them are too many for Excel, and anything may be typed. */
void book_choice(struct book *b, size_t row, size_t last_row, size_t column, const char **words);
/* What is said when such a cell is entered. */
void book_hint(struct book *b, size_t row, size_t last_row, size_t column, struct str title,
               struct str text);

/* The file; the book is gone, also on failure.  Fails: BROKEN (no room for it). */
enum rc book_end(struct op *op, struct book *b, struct str *ret) MUST_CHECK;
void book_drop(struct book *b);

#endif
