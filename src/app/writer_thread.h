/* SPDX-License-Identifier: Apache-2.0 */
/* writer_thread.h -- the queue before the one writer, and the thread that empties it.
 *
 * Group commit: the thread runs what waits, up to LIMIT_BATCH requests a batch; while that batch
 * is on its way to the disk (a second thread lands it) the next one is run.  The queue is bounded:
 * a full one answers BUSY at once, and nothing is ever dropped silently.  Between start and stop
 * these threads alone touch the writer.
 *
 * Invariant: every request that was accepted is answered exactly once, and one that is answered
 * OK is durable.
 */
#ifndef GY_APP_WRITER_THREAD_H
#define GY_APP_WRITER_THREAD_H

#include "engine/writer.h"

struct writer_thread;

struct writer_thread_options {
	struct writer *writer; /* open; not touched by others until stop */
	size_t queue;          /* requests that may wait; 0: LIMIT_QUEUE */
	size_t batch;          /* of one commit; 0: LIMIT_BATCH */
	int idle_ms;           /* the projections go to disk at least this often; 0: 100 */
	/* SQLite: a second connection to the ledger, for reading, with which batches are landed by a
	 * thread of their own; the caller's, and open until stop.  NULL: the writer's thread lands. */
	struct db *read;
	/* After each batch, on the thread that landed it: wakes the signer.  May be NULL. */
	void (*committed)(void *ctx, uint64_t size);
	void *ctx;
};

/* Called once for each accepted request, on one of the threads: must be short and must not submit
 * and wait. */
typedef void writer_answered(void *ctx, const struct answer *a);

/* Fails: BUSY (the system gives no thread). */
enum rc writer_thread_start(struct op *op, const struct writer_thread_options *o,
                            struct writer_thread **ret) MUST_CHECK;

/* Puts a request into the queue; *r and what it points at stay the caller's and must live until
 * `done` is called.  Returns BUSY (full, or stopping) and never calls `done` then. */
enum rc writer_thread_submit(struct writer_thread *t, const struct request *r,
                             writer_answered *done, void *ctx) MUST_CHECK;

/* Submits and waits.  Returns the answer's code; BUSY as above, with the sentence in *ret. */
enum rc writer_thread_do(struct writer_thread *t, const struct request *r,
                         struct answer *ret) MUST_CHECK;

/* Runs f on the writer's thread between two batches and waits for it: what must use the writer's
 * connection (the signer's signer_keep, a rebuild) but is no request.  BUSY as above. */
enum rc writer_thread_run(struct writer_thread *t, void (*f)(void *ctx, struct writer *w),
                          void *ctx) MUST_CHECK;

/* The same without waiting: f itself says when it is done.  BUSY as above; f is not called then. */
enum rc writer_thread_post(struct writer_thread *t, void (*f)(void *ctx, struct writer *w),
                           void *ctx) MUST_CHECK;

/* Refuses new requests, answers all that wait, runs writer_idle and joins.  Frees t.  The writer
 * is the caller's again.  Returns BROKEN when the writer had become read-only. */
enum rc writer_thread_stop(struct writer_thread *t);

/* Numbers for /metrics; any thread. */
struct writer_thread_counts {
	uint64_t accepted, refused, answered, batches, ticks, idles;
	size_t waiting, largest_batch;
};
struct writer_thread_counts writer_thread_counts(struct writer_thread *t);

#endif
