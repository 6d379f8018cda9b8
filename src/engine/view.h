/* SPDX-License-Identifier: Apache-2.0 */
/* view.h -- a question that a module answers with a table, and what its columns mean to people.
 *
 * The machine form (JSON, CSV) is the row as the projection holds it, under the columns' names.
 * People read the labels of their language, and a cell by its column's type: F_TIME a moment (0:
 * none), F_ENUM one of `words` (by its number, or by its code where the table holds codes), F_KEY
 * the words of the profile or of a declared row, F_PLACE a place by name and path, F_SUBJECT a
 * holder (a place, a vehicle or an account), F_PERSON a staff code (0: nobody), F_ID an entry of
 * the ledger (none below 1), F_BOOL yes or no, F_TEXT the vault's id of a text, which is not
 * opened; where the column is `open` the text itself, for whoever may see the row (never one that
 * is `personal` in its field table).
 */
#ifndef GY_VIEW_H
#define GY_VIEW_H

#include "db/db.h"
#include "engine/field.h"

struct column {
	const char *name;
	enum field_type type;
	const char *ref;            /* F_KEY: what it points at, as in struct field; may be NULL */
	const char *const *codes;   /* F_ENUM: as the events have it; NULL when no event does */
	size_t ncodes;
	const struct word *words;   /* F_ENUM: one for each value */
	size_t nwords;
	const char *zh, *en;
	bool open;                  /* F_TEXT: nobody's personal data, told as it was typed */
	bool coded;                 /* F_ENUM: the statement gives the code, not the number */
};

#define COLUMN(name_, type_, zh_, en_) \
	{ .name = (name_), .type = (type_), .zh = (zh_), .en = (en_) }
#define COLUMN_OPEN(name_, zh_, en_) \
	{ .name = (name_), .type = F_TEXT, .zh = (zh_), .en = (en_), .open = true }
#define COLUMN_KEY(name_, ref_, zh_, en_) \
	{ .name = (name_), .type = F_KEY, .ref = (ref_), .zh = (zh_), .en = (en_) }
/* Values that events have too: their codes, and as many words. */
#define COLUMN_WORDS(name_, codes_, words_, zh_, en_) \
	{ .name = (name_), .type = F_ENUM, .codes = (codes_), .ncodes = COUNT(codes_), \
	  .words = (words_), .nwords = COUNT_BOTH(words_, codes_), .zh = (zh_), .en = (en_) }
/* The same where the statement gives the code itself. */
#define COLUMN_CODED(name_, codes_, words_, zh_, en_) \
	{ .name = (name_), .type = F_ENUM, .codes = (codes_), .ncodes = COUNT(codes_), \
	  .words = (words_), .nwords = COUNT_BOTH(words_, codes_), .zh = (zh_), .en = (en_), \
	  .coded = true }
/* Values of the table alone. */
#define COLUMN_STATES(name_, words_, zh_, en_) \
	{ .name = (name_), .type = F_ENUM, .words = (words_), .nwords = COUNT(words_), \
	  .zh = (zh_), .en = (en_) }

/* A right to read what is no view's rows: the ledger's entries, say.  Whoever holds one of the
 * roles by a grant that covers the place has it. */
struct right {
	const char *id, *zh, *en;
	const char *const *roles;   /* NULL-terminated */
};

enum { VIEW_KEYS = 4 };

struct view {
	const char *path, *zh, *en;
	const char *const *roles;
	const struct sql *sql;
	const struct column *columns;
	size_t ncolumns;
	const struct sql *one;      /* the same columns of the row with this key (a number as people
	                             * write it); NULL: it is read as a list alone */
	/* A list that is read from behind a row on: the columns by which `sql` is ordered, the last of
	 * them a row's own.  `norder` cells follow the columns, numbers of which nothing but the order
	 * is made: nobody is told them, and keys may name them. */
	unsigned char keys[VIEW_KEYS];
	size_t nkeys, norder;
};

#endif
