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
#ifndef GY_CLI_IMPORT_H
#define GY_CLI_IMPORT_H

#include "base/limits.h"
#include "cli/act.h"
#include "cli/import_kind.h"
#include "cli/import_seen.h"
#include "cli/out.h"
#include "sheet/sheet.h"

/* The column that --skip-bad adds, which an import passes over. */
#define REASON_ZH "未导入原因"
#define REASON_EN "import_reason"

/* What a row turned out to be. */
enum row_state { ROW_BAD, ROW_GOOD, ROW_THERE };

struct import {
	struct cli *c;
	const struct import_kind *kind;
	const struct command *command[PARTS];
	struct import_column column[IMPORT_COLUMNS];
	size_t ncolumns;

	bool dry;
	struct str out;          /* of --skip-bad; NULL: none */
	struct str bytes;
	bool mark;               /* the file begins with the mark of UTF-8 */
	struct str digest;       /* hex SHA-256 of the file */
	struct sheet start;      /* behind the header */
	struct str *head;
	size_t head_row;
	size_t nhead;
	int reason_at;           /* the column of reasons that an earlier import added; -1 */
	int example_at;          /* the column that marks the examples of a template; -1 */

	struct act act;          /* actor and slots of every row */
	struct writer *w;        /* the office's, or `reader` */
	struct writer reader;    /* of a dry run */
	struct random random;    /* salts: apart from what the writer draws */
	struct arena arena;      /* of one row, or of one batch */
	struct op op;

	struct hasher *hasher;
	struct seen keys, besides;
	uint8_t *state;          /* of each data row */
	size_t rows, cap;
	size_t good, there;      /* there: good rows that an earlier import recorded */
	size_t recorded;         /* good rows that this one recorded */

	struct json *errors;
	size_t nerrors, denied;  /* told and untold; those for want of a right */
	struct grid grid;
	size_t shown;
	struct checkpoint signed_at; /* after what was recorded */
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

/* import.c: the next row that holds anything; r->n 0 at the end. */
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
enum rc import_template(struct import *im) MUST_CHECK;
/* The columns of a kind, a line each. */
struct str import_columns_help(struct cli *c, const struct cli_verb *v);

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
/* Fails: CONFLICT (it is the file itself), INVALID, DENIED, BROKEN. */
enum rc import_out_write(struct import *im) MUST_CHECK;
void import_tell(struct import *im);

#endif
