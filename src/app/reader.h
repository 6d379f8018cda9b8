/* SPDX-License-Identifier: Apache-2.0 */
/* reader.h -- a thread that answers questions with connections of its own, so that neither the
 * writer nor the network waits for a report.
 *
 * It has the data folder open for reading, and the grants as the ledger has them: before each job
 * it looks whether the ledger has grown and reads the chain of authority events again when that
 * did.  A grant that was revoked before the job began is not seen by it.
 */
#ifndef GY_APP_READER_H
#define GY_APP_READER_H

#include "app/office.h"

struct reader;

/* Opens the folder as `how` says (for reading).  Fails: as office_open; BUSY: no thread. */
enum rc reader_start(struct op *op, const struct office_options *how, size_t queue,
                     struct reader **ret) MUST_CHECK;
/* Runs job on the thread; the op's arena lives until it returns.  BUSY: too many wait. */
enum rc reader_submit(struct reader *r, void (*job)(void *ctx, struct op *op), void *ctx)
	MUST_CHECK;
/* For a job that finds, on this thread, that what it is asked for is not there yet: runs it again
 * in READER_PAUSE_MS, and others meanwhile.  BUSY: too many wait so, or the reader stops. */
enum { READER_PAUSE_MS = 20 };
enum rc reader_again(struct reader *r, void (*job)(void *ctx, struct op *op), void *ctx)
	MUST_CHECK;
/* One without a thread, for questions that take no longer than handing them on would: the caller's
 * thread runs them, always the same one.  `size`: entries committed; grants are looked at again
 * when it has changed. */
enum rc reader_open(struct op *op, const struct office_options *how, struct reader **ret)
	MUST_CHECK;
#define READER_AS_IT_IS UINT64_MAX /* for `size`: with the grants as they were looked at last */
void reader_run(struct reader *r, uint64_t size, void (*job)(void *ctx, struct op *op), void *ctx);
/* Jobs of one that runs them on the caller's thread share a moment of the projections, until
 * reader_let_go (db/moment.h). */
void reader_share_moment(struct reader *r);
void reader_let_go(struct reader *r);
/* Would a job that is handed on now wait for more than a second, by what they took of late? */
bool reader_late(struct reader *r);
void reader_stop(struct reader *r); /* what waits is done first; NULL is fine */

#endif
