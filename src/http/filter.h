/* SPDX-License-Identifier: Apache-2.0 */
/* filter.h -- which of a view's rows are asked for, by the query:
 *
 *   place=PATH     what lies there and below, by the row's first place
 *   q=TEXT         some column of text holds it, letters a to z in either case; or it is the staff
 *                  code of a person in the row
 *   since, before  the row's first time lies in [since, before); RFC 3339
 *   COLUMN=VALUE   exactly: a text, a number, a staff code, an enum's code ("red"), or nothing
 *                  ("", null)
 *
 * All that are given must hold.  A name that is none of these is refused, so that a slip of the
 * pen does not show everything.
 */
#ifndef GY_HTTP_FILTER_H
#define GY_HTTP_FILTER_H

#include "db/db.h"
#include "engine/view.h"
#include "net/server.h"

enum { FILTER_CELLS = 8 };

struct filter {
	const struct view *view;
	struct str place, q;      /* .s NULL: not asked; q in lower case */
	int64_t q_person;         /* whose staff code q is; -1: nobody's */
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
	struct str unknown;       /* the first name that is none; .s NULL: all are known */
};

/* Reads the exchange's query; names that are the page's own are passed over. */
void filter_read(struct exchange *x, const struct view *v, struct filter *ret);
bool filter_fits(const struct filter *f, const struct rows *r);
/* "&place=…" as they were sent, to go on with. */
struct str filter_query(struct exchange *x);

#endif
