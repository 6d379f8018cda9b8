/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.h -- an office's file as rows of cells, whatever it is: CSV in UTF-8 or GB18030, or XLSX.
 *
 * What it is, is seen by its content; its name does not count.  Other formats are refused with
 * what to do (an .xls is to be saved as .xlsx, an encrypted file without its password).  Rows and
 * columns count from 1 and are the file's own, as a spreadsheet shows them; rows of an XLSX that
 * hold nothing are passed over.
 *
 * A merged cell of several rows says the same of each.  A sheet may be copied, to come back to a
 * row.
 */
#ifndef GY_SHEET_SHEET_H
#define GY_SHEET_SHEET_H

#include "base/csv.h"
#include "sheet/cell.h"

enum sheet_format { SHEET_CSV, SHEET_XLSX };

struct sheet_fill {
	uint32_t row, column;
	struct str text;
	uint8_t kind;
};

struct sheet {
	enum sheet_format format;
	size_t row;                 /* that sheet_next gave last; 0 before the first */
	size_t width;               /* rows of an XLSX have at least as many cells */
	struct csv csv;
	struct str packed;          /* XLSX: rows behind each other */
	size_t at;
	const struct sheet_fill *fill; /* under merged cells, by row and column */
	size_t nfill, fill_at;
};

/* `sheet`: its name, {NULL, 0}: the first that is not hidden.  The bytes and the op's arena live as
 * long as the table.  Fails: INVALID. */
enum rc sheet_open(struct op *op, struct str bytes, struct str sheet, struct sheet *ret) MUST_CHECK;

struct sheet_row {
	struct str *cell;
	const uint8_t *kind; /* enum cell_kind of each */
	size_t n;            /* 0: the end */
};
/* In the op's arena.  Fails: INVALID (as csv_next). */
enum rc sheet_next(struct op *op, struct sheet *t, struct sheet_row *ret) MUST_CHECK;

/* Where a cell is, as its program shows it: "第 3 行第 2 列", "row 3, column 2"; "B3". */
struct str sheet_place(struct arena *a, const struct sheet *t, size_t row, size_t column, bool zh);

/* sheet_format.c: why these bytes are no table that we read; OK: they are XLSX (a ZIP), or nothing
 * that is known and so CSV. */
enum rc sheet_recognise(struct op *op, struct str bytes, enum sheet_format *ret) MUST_CHECK;

#endif
