/* SPDX-License-Identifier: Apache-2.0 */
/* csv.h -- RFC 4180 in, in the encodings offices send: UTF-8 (with or without BOM) and GB18030.
 *
 * Rows and columns count from 1 in messages; the header is row 1.  Line ends may be CRLF, LF or
 * CR.  A quoted cell may hold separators, quotes (doubled) and line ends.
 */
#ifndef GY_CSV_H
#define GY_CSV_H

#include "base/arena.h"
#include "base/err.h"
#include "base/op.h"
#include "base/str.h"

enum csv_encoding { CSV_UTF8, CSV_GB18030 };

struct csv {
	struct str text; /* UTF-8, all of it */
	size_t at;
	size_t row;      /* the number of the row that csv_next gave last; 0 before the first */
	enum csv_encoding encoding; /* what was detected */
	struct op *op;
};

/* Detects the encoding (UTF-8 when the text is valid UTF-8, else GB18030) and converts.
 * Fails: INVALID (neither; names the first bad row). */
enum rc csv_open(struct op *op, struct str bytes, struct csv *ret) MUST_CHECK;

/* The next row's cells, in the op's arena; *ret_n 0 at the end of the text (an empty line is one
 * empty cell).  Fails: INVALID (a quote in a bare cell or left open, text after a closing quote, a
 * cell or row over the limits), op->err naming row and column. */
enum rc csv_next(struct csv *c, struct str **ret_cells, size_t *ret_n) MUST_CHECK;

/* UTF-8 text in that encoding, in the op's arena.  Fails: INVALID (the host cannot convert). */
enum rc csv_encode(struct op *op, struct str text, enum csv_encoding encoding,
                   struct str *ret) MUST_CHECK;

/* Appends one cell, quoted when needed. */
void csv_cell_to(struct strbuf *b, struct str cell, bool first);

#endif
