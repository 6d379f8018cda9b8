/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h -- which of a view's rows are asked for, by the query:
 *
 *   place=PATH     what lies there and below, by the row's first place
 *   q=TEXT         some column holds it, as it is recorded or as it is read: words of a key or a
 *                  state in either language, the name of a place or of the nearest one above it;
 *                  a person by the whole staff code.  Letters a to z in either case
 *   since, before  the row's first time lies in [since, before); RFC 3339
 *   COLUMN=VALUE   exactly: a text, a number, a staff code, an enum's code ("red"), or nothing
 *                  ("", null)
 *
 * All that are given must hold.  A name that is none of these, and a value that no cell of the
 * column can have, is refused, so that a slip of the pen shows neither everything nor nothing.
 */
#ifndef GY_HTTP_FILTER_H
#define GY_HTTP_FILTER_H

#include "db/db.h"
#include "engine/engine.h"
#include "engine/view.h"
#include "net/server.h"

enum { FILTER_CELLS = 8 };

struct filter {
	const struct view *view;
	struct str place, q;      /* .s NULL: not asked; q in lower case */
	int64_t q_person;         /* whose staff code q is; -1: nobody's */
	struct filter_memo *memo; /* of q; NULL: not asked */
	int place_at;             /* the column of places; -1: none */
	int time_at;              /* the first column of times; -1: none */
	int64_t since, before;    /* INT64_MIN, INT64_MAX: not asked */
	struct filter_cell {
		int at;
		struct str value;
		bool number;          /* value is one, or a code: */
		int64_t i;
	} cells[FILTER_CELLS];
	size_t ncells;
	struct str wrong;         /* the first name that is none, or whose value is none; .s NULL: */
	const char *zh, *en;      /* all may be asked; else what it should be */
};

/* Reads the exchange's query; names that are the page's own are passed over. */
void filter_read(struct exchange *x, const struct view *v, struct filter *ret);
bool filter_fits(const struct filter *f, struct op *op, const struct rows *r);
/* "&place=…" as they were sent, to go on with. */
struct str filter_query(struct exchange *x);

/* filter_words.c */
struct filter_memo *filter_memo_new(struct arena *a);
bool filter_word_holds(const struct filter *f, struct op *op, const struct rows *r, int at);
/* `low` is in lower case already. */
bool filter_holds(struct str text, struct str low);

#endif
