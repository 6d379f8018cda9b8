/* SPDX-License-Identifier: Apache-2.0 */
/* feed_private.h -- the row of entries (feed.c), the counters of scopes (feed_scope.c), the streams
 * (feed_stream.c).
 */
#ifndef GY_HTTP_FEED_PRIVATE_H
#define GY_HTTP_FEED_PRIVATE_H

#include <pthread.h>

#include "base/limits.h"
#include "http/feed.h"
#include "http/scope.h"

enum { FEED_LINE = 1536, FEED_ROLES = 64, FEED_COUNTERS = 2048 };

struct item {
	uint64_t index, roles;    /* roles: a bit for each that may see it */
	char place[LIMIT_PLACE + 1];
	char text[FEED_LINE];     /* "id: 7\ndata: {…}\n\n" */
	size_t n;
};

/* The places of some consoles, and their counters. */
struct feed_scope {
	struct feed_scope *next;
	size_t refs;
	char key[SCOPE_PLACES * (LIMIT_PLACE + 2)]; /* places, each with a line end */
	uint64_t version;         /* of the text; 0: not counted yet */
	char text[FEED_COUNTERS]; /* "event: counters\ndata: {…}\n\n" */
	size_t n;
};

struct feed {
	struct feed_options o;
	const char *roles[FEED_ROLES]; /* of the modules: a role's bit is its place here */
	size_t nroles;
	pthread_mutex_t lock;
	struct item *row;         /* FEED_KEPT of them; item i stands at i % FEED_KEPT */
	uint64_t first, next;     /* kept: first <= index < next */
	uint64_t known;           /* size when the first were read: grants before it are no change */
	uint64_t changes;         /* of grants, so far */
	uint64_t beats;
	size_t streams;           /* open or opening: without any nothing is read */
	bool reading, again, closed;
	struct server *server;
	struct feed_scope *scopes;
	bool dirty, counting;     /* counters may be old; they are being counted */
	uint64_t counted;         /* size then */
	int64_t counted_ms, per_s;
	uint64_t turn;            /* the scope that is counted first */
};

uint64_t feed_role_bit(const struct feed *f, struct str role);
void feed_wake(struct feed *f);
/* Reads what is new, at most the newest FEED_KEPT.  On a reader's thread; resets the op's arena. */
void feed_read(struct feed *f, struct op *op);
/* A stream begins to open; it is over. */
void feed_enter(struct feed *f);
void feed_leave(struct feed *f);

/* The scope of these grants, counted; the caller gives it back.  On a reader's thread. */
struct feed_scope *feed_scope_take(struct feed *f, struct op *op, const struct granted *g,
                                   size_t n);
void feed_scope_drop(struct feed *f, struct feed_scope *s);

#endif
