/* SPDX-License-Identifier: Apache-2.0 */
/* narrow.h -- some of the rows of a declared statement: those at some places, with some cells, from
 * a key on, so many of them.  The database finds them, by an index where the table has one, and
 * counts them; nobody reads what lies elsewhere.
 *
 * SQLite keeps no statistics of ours and takes any index that fits.  Where most rows fit, that is
 * to read them all and sort them for each page, so it is told what is rare and what is not.
 *
 * The text is made at run time of the statement's own text, of words that stand in narrow.c and
 * of columns' numbers; whatever came from outside is a bind.  It is prepared for this one use:
 * PostgreSQL then plans with the values before it.
 *
 * The order is that of the statement.  A query around one that is ordered has no order by the
 * standard, but both databases keep it when the outer one is a plain SELECT of one source
 * (tests/http/view_filters.c compares each view's).
 */
#ifndef GY_DB_NARROW_H
#define GY_DB_NARROW_H

#include "db/db.h"

enum { NARROW_PLACES = 8, NARROW_CELLS = 8, NARROW_KEYS = 4 };

/* Cells of the same column: any of them.  v SQL_NULL: the cell has no value; else it equals v, and
 * where `or_null` stands, or has none.  `rare`: few rows have it. */
struct narrow_cell {
	int column;
	struct sqlv v;
	bool or_null, rare;
};

struct narrow {
	const struct sql *from; /* without binds; its last words are its ORDER BY */
	int ncolumns;           /* of its rows */
	bool none;              /* no row at all */
	int place_at;           /* the column of `places`, which lie apart from each other */
	struct str places[NARROW_PLACES];
	size_t nplaces;         /* at one of them or below; 0: everywhere */
	bool wide;              /* most rows lie there */
	int time_at;            /* since <= its number < before, nothing being 0; -1: not asked */
	int64_t since, before;
	struct narrow_cell cells[NARROW_CELLS];
	size_t ncells;
	int keys[NARROW_KEYS];  /* columns by which they are ordered; none: as the statement says */
	size_t nkeys;
	struct sqlv behind[NARROW_KEYS];
	bool is_behind;         /* only what lies behind that key */
	int64_t limit, offset;  /* limit < 0: all */
};

/* Fails: BROKEN (a column compared with a value of another type, on PostgreSQL). */
enum rc db_narrow(struct op *op, struct db *db, const struct narrow *n,
                  struct rows *ret) MUST_CHECK;
/* How many there are; keys, limit and offset are not looked at. */
enum rc db_narrow_count(struct op *op, struct db *db, const struct narrow *n,
                        int64_t *ret) MUST_CHECK;
/* SQLite: rows of EXPLAIN QUERY PLAN for db_narrow, for tests. */
enum rc db_narrow_plan(struct op *op, struct db *db, const struct narrow *n,
                       struct rows *ret) MUST_CHECK;

#endif
