/* SPDX-License-Identifier: Apache-2.0 */
/* feed.h -- GET /api/v1/events: what is recorded, as it is recorded, to each console whose grants
 * cover it (server-sent events; the ledger index is the id), and beside it `event: counters`:
 * numbers of the caller's places (counters.h), a few times a second at most and only the newest.
 *
 * A reader's job takes each new entry once and keeps the newest FEED_KEPT in memory, as they are
 * sent: an entry is formatted once, counters once for all consoles with the same places.  A stream
 * is a place in that row of entries and the grants of its caller when it began.
 * When a grant changes anywhere, or the caller's login ends, the stream is closed and the console
 * comes back with the id it saw last.  One that comes back to what is no longer kept is told to
 * start anew (`event: reset`, which takes its id back), and so is one with an id that this ledger
 * has not come to: it heard another.  A slow console is not waited for: it falls behind and is
 * reset.
 * While nobody listens nothing is read; the first who comes has the newest read.
 */
#ifndef GY_HTTP_FEED_H
#define GY_HTTP_FEED_H

#include "http/api.h"

enum { FEED_KEPT = 16384 };

struct feed;
struct feed_options {
	const struct api_host *api;
	/* The caller of a token, now: on the server's thread. */
	bool (*still)(void *ctx, struct str token);
	/* As api_host.read, also while questions are refused. */
	enum rc (*read)(void *ctx, void (*job)(void *job_ctx, struct op *op), void *job_ctx);
	struct clock *clock; /* the system's: how many entries a second */
	void *ctx;
};

struct feed *feed_new(const struct feed_options *o);
void feed_serve(struct feed *f, struct server *s); /* whose streams are woken from now on; NULL:
                                                    * before it stops */
void feed_free(struct feed *f);  /* after the server has stopped */
/* The ledger has grown: any thread. */
void feed_grown(struct feed *f);
/* Now and then, any thread: streams say that they live, and look whether their login does. */
void feed_beat(struct feed *f);
/* A few times a second, one thread: counters are counted anew when they may have changed.  True:
 * it should be called again soon. */
bool feed_tick(struct feed *f);
void feed_close(struct feed *f); /* all streams end: before server_stop */

#endif
