/* SPDX-License-Identifier: Apache-2.0 */
/* workbook.h -- what an XLSX says of itself: its sheets, the formats of its cells, its shared
 * texts; and the cells of one sheet, row by row.
 */
#ifndef GY_SHEET_WORKBOOK_H
#define GY_SHEET_WORKBOOK_H

#include "sheet/cell.h"
#include "sheet/package.h"
#include "sheet/xml.h"

struct workbook_sheet {
	struct str name, id, part; /* part: empty when it is no table of cells (a chart) */
	bool hidden;
};

struct workbook {
	struct package *package;
	struct workbook_sheet *sheets;
	size_t nsheets, cap_sheets;
	bool from_1904;
	uint8_t *formats;          /* enum cell_format of each style */
	size_t nformats, cap_formats;
	struct strbuf text;        /* all shared texts, each with its NUL */
	size_t *strings;           /* where each begins; one more at the end */
	size_t nstrings, cap_strings;
};

/* Everything but the cells, in the op's arena.  Fails: INVALID (no XLSX, broken, over a limit). */
enum rc workbook_open(struct op *op, struct str bytes, struct workbook *ret) MUST_CHECK;
void workbook_release(struct workbook *w);

/* The sheet of that name, or the first that is not hidden (name {NULL, 0}).  Fails: INVALID, with
 * the names there are. */
enum rc workbook_sheet(struct op *op, const struct workbook *w, struct str name,
                       const struct workbook_sheet **ret) MUST_CHECK;

/* strings.c, style.c: the parts that a workbook may have. */
enum rc workbook_strings(struct op *op, struct workbook *w, struct str part) MUST_CHECK;
enum rc workbook_styles(struct op *op, struct workbook *w, struct str part) MUST_CHECK;
/* A shared text; {NULL, 0}: there is none of that number. */
struct str workbook_string(const struct workbook *w, int64_t i);

/* worksheet.c: a row's cells up to its last that holds anything; texts live until `row` returns. */
struct sheet_cell {
	struct str text;
	enum cell_kind kind;
};
struct sheet_merge {
	size_t row, column, last; /* its first cell; the last row that it covers */
};
struct sheet_sink {
	enum rc (*row)(void *ctx, size_t row, const struct sheet_cell *cell, size_t n);
	enum rc (*merge)(void *ctx, const struct sheet_merge *m); /* after all rows */
	void *ctx;
};
/* Fails: INVALID (broken, over a limit, a cell beyond LIMIT_CSV_COLUMNS); as the sink. */
enum rc worksheet_read(struct op *op, const struct workbook *w, const struct workbook_sheet *sheet,
                       const struct sheet_sink *sink) MUST_CHECK;

#endif
