/* SPDX-License-Identifier: Apache-2.0 */
/* cell.h -- what stands in a cell, as the person who typed it would say it.
 *
 * Excel keeps numbers and dates as binary fractions and a format.  A number of up to 15 digits is
 * exact and is written out in full; a longer one has lost its last digits for good (an identity
 * number becomes 5.10104E+17), so its cell has a fault and never a value.  Dates are days since
 * 1900 (with the 29 February 1900 that never was) or 1904.
 */
#ifndef GY_SHEET_CELL_H
#define GY_SHEET_CELL_H

#include "base/arena.h"
#include "base/str.h"

enum cell_kind {
	CELL_PLAIN,
	CELL_DATE,   /* "2025-06-07", "2025-06-07 08:30": Excel made a date of it */
	CELL_TIME,   /* "08:30" */
	CELL_LOST,   /* digits that no longer are what was typed */
	CELL_ERROR,  /* #N/A and its siblings */
	CELL_EMPTY_FORMULA, /* nobody has computed it */
	CELL_LONG,   /* over LIMIT_CSV_FIELD */
	CELL_KINDS
};

/* How a number is shown. */
enum cell_format {
	FORMAT_GENERAL,
	FORMAT_DATE, /* or a time of day */
	FORMAT_PERCENT,
	FORMAT_ZEROS /* and how many: FORMAT_ZEROS + 4 is "0000" */
};
#define FORMAT_ZEROS_MOST 15

/* Of Excel's built-in number format, and of a format's code ("yyyy-mm-dd"). */
uint8_t cell_format_builtin(int64_t id);
uint8_t cell_format_of(struct str code);

/* A number as it stands in the file.  Text that is no number stays as it is. */
struct str cell_number(struct arena *a, struct str value, uint8_t format, bool from_1904,
                       enum cell_kind *ret_kind);

/* A local time as people type it ("2025-06-07 8:30", "2025/6/7 08:30:00") with its offset from UTC,
 * RFC 3339.  False: it is none; *ret untouched. */
bool cell_time(struct arena *a, struct str text, int offset_min, struct str *ret);

/* A text that is what Excel shows of a long number: "5.10104E+17". */
bool cell_lost(struct str text);

/* What is wrong with a cell of that kind; NULL: nothing by itself. */
const char *cell_fault(enum cell_kind kind, bool zh);

/* "B7": column from 0, row from 1. */
struct str cell_name(struct arena *a, size_t row, size_t column);
/* "B7" -> column from 0 and row from 1; "$" is passed over.  False: no such name. */
bool cell_parse(struct str name, size_t *ret_row, size_t *ret_column);

/* "_x000D_" in Excel's texts is a character; views of `s` when there is none. */
struct str cell_unescape(struct arena *a, struct str s);

#endif
