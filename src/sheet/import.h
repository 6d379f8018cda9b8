/* SPDX-License-Identifier: Apache-2.0 */
/* import.h -- a table of an office (CSV or XLSX) becomes acts, a row an act; shared by the files of
 * import.
 *
 * Columns are the fields of the kind's command, checks are field_intake and the command's own rule
 * (writer_try): nothing is declared or decided here a second time.  The file is gone through
 * twice: first every row is asked about and nothing is recorded, then the good rows are given to
 * the writer in batches.  Memory: the file, a byte and a digest a row, the findings told, and the
 * rows that failed when they are asked for.
 *
 * What a person typed may be a name, whatever the column: values are shown masked unless they are
 * plain ASCII in a column that is no text.
 */
#ifndef GY_SHEET_IMPORT_H
#define GY_SHEET_IMPORT_H

#include "base/limits.h"
#include "sheet/import_kind.h"
#include "sheet/import_seen.h"
#include "engine/writer.h"
#include "sheet/sheet.h"

/* The column that --skip-bad adds, which an import passes over. */
#define REASON_ZH "未导入原因"
#define REASON_EN "import_reason"

/* What a row turned out to be. */
enum row_state { ROW_BAD, ROW_GOOD, ROW_THERE };

struct import {
	/* The caller's: what is asked for, by whom. */
	struct op *keep;         /* its arena lives as long as the import; what fails is told here */
	const struct modules *modules;
	const struct import_kind *kind;
	struct str bytes, sheet; /* the file; the sheet's name, {NULL, 0}: the first in sight */
	bool en, keep_bad;       /* keep_bad: rows that failed, for import_bad_file */
	int offset_min;          /* of local times */
	struct request base;     /* actor, exam, source and slots of every row */
	struct writer *w;        /* which is asked; a reading one will do */
	/* Gives a batch; as writer_batch.  NULL: only checks. */
	enum rc (*give)(void *ctx, const struct request *q, struct answer *ret, size_t n);
	void *ctx;


	/* The import's own. */
	const struct command *command[PARTS];
	struct import_column column[IMPORT_COLUMNS];
	size_t ncolumns;
	bool mark;               /* the file begins with the mark of UTF-8 */
	struct str digest;       /* hex SHA-256 of the file */
	struct sheet start;      /* behind the header */
	struct str *head;
	size_t head_row;
	size_t nhead;
	int reason_at;           /* the column of reasons that an earlier import added; -1 */
	int example_at;          /* the column that marks the examples of a template; -1 */

	struct arena arena;      /* of one row, or of one batch */
	struct op op;            /* with that arena */

	struct hasher *hasher;
	struct seen keys, besides;
	uint8_t *state;          /* of each data row */
	size_t rows, cap;
	size_t good, there;      /* there: good rows that an earlier import recorded */
	size_t recorded;         /* good rows that this one recorded */

	struct json *errors;     /* of the answer: LIMIT_CSV_FINDINGS of them */
	size_t nerrors, denied;  /* told and untold; those for want of a right */
	struct err *faults;      /* LIMIT_LIST of them: what a rule finds wrong at once */
	struct arena bad_arena;
	struct strbuf bad;       /* rows for --skip-bad */
};

/* One data row: its number in the file and its cells. */
struct import_row {
	size_t row, i;           /* i: which data row, from 0 */
	struct str *cell;
	const uint8_t *kind;     /* enum cell_kind of each */
	size_t n;
	size_t errors;           /* findings of this row */
	struct strbuf why;       /* all of them, for --skip-bad */
};

/* import.c.  In this order: import_open reads the head, import_check_rows asks about every row,
 * import_send gives the good ones.  `im` is zeroed but for the caller's members and command, which
 * import_columns sets; import_release lets go of it at any time.
 * Fails: INVALID (the file), BUSY, BROKEN. */
enum rc import_open(struct import *im) MUST_CHECK;
enum rc import_check_rows(struct import *im) MUST_CHECK;
enum rc import_send(struct import *im) MUST_CHECK;
void import_release(struct import *im);

/* The next row that holds anything; r->n 0 at the end. */
enum rc import_row_next(struct import *im, struct sheet *s, struct import_row *r) MUST_CHECK;
/* A row as it stands, without the guards of --skip-bad. */
enum rc import_row_unguarded(struct op *op, struct sheet *t, struct sheet_row *ret) MUST_CHECK;
void import_state_set(struct import *im, size_t i, enum row_state state);

/* import_kind.c */
const struct import_kind *import_kind_find(struct str kind);
/* Commands and columns out of the module's tables. */
void import_columns(struct import *im);
const struct import_column *import_column(const struct import *im, int part, const char *field);
/* The header into columns.  Fails: INVALID. */
enum rc import_header(struct import *im) MUST_CHECK;
/* Its label, unless that is another column's name ("place" of a candidate's county and of his
 * school). */
struct str import_label(struct import *im, const struct import_column *col);
bool import_required(const struct import_column *col);
/* An empty spreadsheet for that kind (template_book.h); needs keep, modules, kind, en and
 * columns. */
enum rc import_template(struct import *im, struct str *ret) MUST_CHECK;

/* import_report.c */
/* The bad rows with their reasons as a file to mend and import again.  Fails: as csv_encode. */
enum rc import_bad_file(struct import *im, bool xlsx, struct str *ret) MUST_CHECK;
const char *import_tr(const struct import *im, const char *zh, const char *en);
/* {"errors","good","rows"}: what an import says of a file, and `recorded` unless it was dry. */
struct json *import_json(struct import *im, bool recorded);

#endif
