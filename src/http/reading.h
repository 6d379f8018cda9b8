/* SPDX-License-Identifier: Apache-2.0 */
/* reading.h -- one question that a reader's thread answers with a document: what is asked for, who
 * asks, and the way there and back.  Private to src/http/read*.c.
 *
 * `get` fills the document, to which `size` (entries) is added; what it fails with becomes the
 * problem.
 */
#ifndef GY_HTTP_READING_H
#define GY_HTTP_READING_H

#include "http/route.h"

struct reading {
	const struct router *router;
	struct exchange *x;
	struct person_id who;
	struct str what;             /* a code, a place, the body */
	struct str place, day, session; /* of the query, as they were sent; "" when not said */
	bool en;                     /* which language the words of an answer are in */
	int64_t as_of, after, limit; /* as_of -1: now */
	int64_t min_index;           /* waited for before `get`; -1: nothing */
	int looks;
	enum rc (*get)(struct op *op, const struct reading *q, struct json *o);
	enum rc rc;
	struct err err;
	struct str body;
};

typedef enum rc reading_get(struct op *op, const struct reading *q, struct json *o);

/* Answers, now or later. `what` is copied; place, day, session, as_of,
 * after, limit and min_index are the query's. */
void reading_begin(const struct asked *a, struct exchange *x, struct str what, reading_get *get);
/* The same on the thread for what takes long. */
void reading_begin_long(const struct asked *a, struct exchange *x, struct str what,
                        reading_get *get);

/* For the parameters of what reads projections and does not take long. */
#define READING_MIN_INDEX \
	{"min_index", "query", "index", false, "等到查询已含此序号的记录", \
	 "waits until the views have seen this entry"}

/* Has who asks this right there? */
bool reading_may(const struct op *op, const struct reading *q, const char *right,
                 struct str place);

#endif
