/* SPDX-License-Identifier: Apache-2.0 */
/* query.h -- parameters of a query that are a number, a place or text.  What is none is answered
 * here, with 400 and its name, and nobody looks further.
 */
#ifndef GY_HTTP_QUERY_H
#define GY_HTTP_QUERY_H

#include "net/server.h"

/* `zh`, `en`: what it should be. */
struct query_number {
	const char *name;
	int64_t absent, least, most;
	const char *zh, *en;
};
enum { QUERY_PAGE = 200, QUERY_PAGE_MOST = 2000 };
extern const struct query_number QUERY_LIMIT, QUERY_MIN_INDEX, QUERY_AS_OF, QUERY_AFTER;

/* False: it has been answered. */
bool query_number(struct exchange *x, const struct query_number *n, int64_t *ret);
bool query_place(struct exchange *x, struct str place); /* "", or not said: everywhere */
bool query_text(struct exchange *x, const char *name, struct str value);
/* A cursor that nobody was given. */
void query_cursor_wrong(struct exchange *x);

#endif
