/* SPDX-License-Identifier: Apache-2.0 */
/* request.h -- one request inside the writer's transaction. */
#ifndef GY_REQUEST_H
#define GY_REQUEST_H

#include "engine/writer.h"

/* Prepares an operation of this writer at this moment. */
void writer_op(struct writer *w, struct op *op, struct run *run, int64_t now_ms);

/* Runs it, whole or not at all, and fills the answer.  Returns OK also when the request was
 * refused (the answer says so); BUSY or BROKEN when the batch cannot go on. */
enum rc request_run(struct writer *w, const struct request *r, struct answer *ret) MUST_CHECK;

/* Everything of the writer that an operation changes and a rollback must put back.
 *
 * A savepoint makes the database keep a copy of each page that is then written, and most
 * operations that are refused have written nothing.  So MARK_LIGHT takes none: writer_back then
 * fails with BUSY when the operation did write, and w->redo says that the batch must be rolled back
 * and run again with w->careful set.  MARK_FULL always takes them. */
enum mark { MARK_LIGHT, MARK_FULL };
struct writer_mark {
	bool saved;
	uint64_t written; /* statements that wrote, so far */
	struct ledger_mark ledger;
	size_t authority;
	int64_t last_ms, last_authority, device_seq, device_at;
	struct hash device_head;
	bool flush;
	struct profile profile;
};
enum rc writer_mark(struct op *op, struct writer *w, enum mark how,
                    struct writer_mark *ret) MUST_CHECK;
enum rc writer_back(struct op *op, struct writer *w, const struct writer_mark *m) MUST_CHECK;
enum rc writer_keep(struct op *op, struct writer *w, const struct writer_mark *m) MUST_CHECK;

/* The ledger's connection becomes this batch's until it is launched, in a transaction: what is
 * aloft has landed.  A trial, or a store opened for reading, needs no hold. */
enum rc writer_hold(struct op *op) MUST_CHECK;

/* Timers due by until_ms, in order, while the ledger is shorter than stop_size. */
enum rc timers_run(struct writer *w, int64_t until_ms, uint64_t stop_size) MUST_CHECK;

/* The canonical act of a request sent through this host's own device, or the checked act of another
 * device.  Fills run->act, device, seq. */
enum rc act_build(struct op *op, const struct request *r) MUST_CHECK;
/* After the operation: the device's chain has moved on. */
void act_done(struct op *op);

#endif
