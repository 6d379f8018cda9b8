/* SPDX-License-Identifier: Apache-2.0 */
/* import_kind.h -- what an import makes of its rows: one row of a table a kind. */
#ifndef GY_SHEET_IMPORT_KIND_H
#define GY_SHEET_IMPORT_KIND_H

#include "engine/module.h"

struct import;
struct import_row;

/* A row may need a second act before its own: a person's unit.  Part 0 is the row's own. */
enum { PART_OWN, PART_BESIDE, PARTS };

struct import_kind {
	const char *kind;        /* "people" */
	const char *command;
	const char *key;         /* the field that no two rows share */
	const char *const *unique; /* others; NULL-terminated; capitals do not count.  NULL: none */
	const char *list;        /* rows that follow each other and say the same otherwise are items
	                          * of this F_LIST: one act.  NULL: a row is an act */
	/* Of such acts: within what `key` is shared by no two rows.  In the op's arena. */
	enum rc (*scope)(struct import *im, const struct import_row *first, struct str *ret);
	/* Does it stand in the books already?  NULL: the command's rule refuses that itself. */
	enum rc (*exists)(struct op *op, struct str value, bool *ret);
	const char *beside;      /* a second command, NULL: none */
	const char *link;        /* the field of the first that names what the second makes */
	const char *beside_key;  /* and the field of the second that is the same */
};

struct import_column {
	const struct field *field;
	int part;
	struct str name; /* "code"; of the second command "unit_name" */
	int at;          /* which cell of a row; -1: not in this file */
};
#define IMPORT_COLUMNS 32

#endif
