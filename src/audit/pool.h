/* SPDX-License-Identifier: Apache-2.0 */
/* pool.h -- batches on their way: filled by the caller, made ready by threads, given back in order.
 *
 * A ring of POOL_BATCHES.  The caller fills as many as are free, then takes the oldest; while that
 * is not ready he makes ready another himself, so that no processor waits and a pool without
 * threads works as well.  What is filled before what is taken depends on the ring alone, never on
 * how fast anybody is: two runs of one audit say the same.
 */
#ifndef GY_AUDIT_POOL_H
#define GY_AUDIT_POOL_H

#include "audit/batch.h"

#define POOL_BATCHES 12 /* half a megabyte each in an ordinary ledger */
#define POOL_THREADS 16
#define POOL_BYTES   ((size_t)16 << 20) /* of entries on their way; the largest batch has as many */

struct pool;

/* `threads` beside the caller, 0 to POOL_THREADS; fewer when the system gives no more. */
struct pool *pool_new(int threads, struct hints *hints);
void pool_free(struct pool *p); /* NULL is fine */

/* An empty batch to fill; NULL: as many as may be are on their way. */
struct batch *pool_fill(struct pool *p);
/* It has been filled. */
void pool_filled(struct pool *p);

/* The oldest batch on its way, made ready; NULL: there is none. */
struct batch *pool_take(struct pool *p);
/* It is needed no more. */
void pool_taken(struct pool *p);

#endif
