/* SPDX-License-Identifier: Apache-2.0 */
/* import_row.h -- one row of an import: what it asks for, and what is wrong with it. */
#ifndef GY_SHEET_IMPORT_ROW_H
#define GY_SHEET_IMPORT_ROW_H

#include "sheet/import.h"

/* import_row.c: what is wrong with a row; *ret says what it turned out to be.
 * Fails: BUSY, BROKEN. */
enum rc import_check(struct import *im, struct import_row *r, enum row_state *ret) MUST_CHECK;
/* Some fields of one part, as data with its texts beside. */
enum rc import_intake(struct import *im, const struct import_row *r, int part,
                      const struct field *f, size_t n, struct request *q) MUST_CHECK;
/* A cell as the field's table wants it: a word of a list is its code, a local time has its
 * offset. */
struct str import_typed(const struct import *im, const struct field *f, struct str v);
/* What a spreadsheet has done to a cell: digits that it lost, a date that it made. */
bool import_cell_faulty(const struct import *im, const struct import_row *r, int part,
                        const char *field);
void import_faults(struct import *im, struct import_row *r);
/* Cells that belong to no column, or are missing; _wrong tells it. */
bool import_stray(const struct import *im, const struct import_row *r);
bool import_width_wrong(struct import *im, struct import_row *r);
/* The values that no two rows share: within `scope` the key, within the file the others. */
void import_duplicates(struct import *im, struct import_row *r, struct str scope);
/* A key of the file, the kind and what it is of, which begins in that row: the same again for the
 * same file. */
struct str import_key(struct import *im, size_t row, struct str of);
/* One part of a row as a request, in the row's arena; its texts are salted anew each time. */
enum rc import_request(struct import *im, const struct import_row *r, int part,
                       struct request *ret) MUST_CHECK;
/* The cell of a field; {NULL, 0} when the file has no such column. */
struct str import_cell(const struct import *im, const struct import_row *r, int part,
                       const char *field);
/* Does the row say anything of its second part (the unit's place and name)? */
bool import_has_beside(const struct import *im, const struct import_row *r);

/* import_report.c */
struct finding {
	const struct import_column *column; /* NULL: the whole row */
	const char *rule;
	const char *zh, *en;
};
void import_find(struct import *im, struct import_row *r, const struct finding *f);
/* A refusal of the field tables or of a rule. */
void import_refuse(struct import *im, struct import_row *r, int part, const struct err *e);
/* Keeps a bad row with its reasons for --skip-bad. */
void import_keep_bad(struct import *im, const struct import_row *r);

#endif
