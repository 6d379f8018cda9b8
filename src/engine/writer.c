/* SPDX-License-Identifier: Apache-2.0 */
/* writer.c -- batches: one transaction, one fsync, then the answers; see writer.h. */
#include "engine/writer.h"

#include "engine/device.h"
#include "engine/rebuild_private.h"
#include "engine/request.h"

static enum rc refuse_read_only(struct writer *w, struct answer *answers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		answers[i] = (struct answer){.rc = RC_BROKEN, .index = -1, .err = w->broken};
		answers[i].err.rc = RC_BROKEN;
	}
	return RC_BROKEN;
}

/* Nothing of what is open or aloft stands.  The projections lose the batches that were not yet on
 * disk with it and are caught up from the ledger. */
static enum rc batch_failed(struct writer *w, struct op *op, enum rc rc, const struct err *why)
{
	if (w->settle)
		(void)!w->settle(w->settle_ctx, op); /* or the ledger's connection is not ours */
	store_rollback(w->store);
	ledger_abandoned(&w->ledger);
	w->holding = false;
	if (rc == RC_BUSY && !w->read_only && writer_reload(op, w) == RC_OK)
		return RC_BUSY;
	if (!w->read_only)
		w->broken = *why;
	w->read_only = true;
	return RC_BROKEN;
}

/* What was shredded leaves the log file too.  The batch is durable already: while a reader holds
 * the log open this waits for a later commit. */
static void flush_removed(struct writer *w, struct op *op)
{
	if (w->flush && db_flush(op, w->store->ledger) == RC_OK)
		w->flush = false;
}

/* ---- launching and landing ---- */

static enum rc launch(struct writer *w, struct op *op)
{
	op->db = w->store->view;
	if (w->device_told != w->device_seq)
		TRY(device_advance(op, w->device, w->device_seq, w->device_at));
	w->device_told = w->device_seq;
	if (w->store->one)
		TRY(view_mark(op, w->store->view, (int64_t)w->ledger.next.size));
	TRY(store_check_view(op, w->store));
	ledger_launch(&w->ledger);
	w->holding = false;
	return RC_OK;
}

static enum rc land(struct writer *w, struct op *op)
{
	if (!db_in_tx(w->store->ledger))
		TRY(db_begin(op, w->store->ledger));
	TRY(ledger_land(op, &w->ledger));
	return store_commit_ledger(op, w->store);
}

enum rc writer_launch(struct writer *w)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena, .random = w->random};
	enum rc rc = w->read_only ? RC_BROKEN : launch(w, &op);

	if (rc != RC_OK && !w->read_only)
		rc = batch_failed(w, &op, rc == RC_BUSY ? RC_BUSY : RC_BROKEN, &op.err);
	arena_release(&arena);
	return rc;
}

enum rc writer_land(struct writer *w, struct err *ret_why)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	enum rc rc = land(w, &op);

	if (rc != RC_OK)
		*ret_why = op.err;
	arena_release(&arena);
	return rc;
}

enum rc writer_landed(struct writer *w, enum rc landed, const struct err *why)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	enum rc rc = landed;

	if (rc == RC_OK) {
		ledger_committed(&w->ledger);
		w->view_at = (int64_t)w->ledger.tree.size;
		if (!w->holding)
			flush_removed(w, &op);
	} else {
		rc = batch_failed(w, &op, rc == RC_BUSY ? RC_BUSY : RC_BROKEN, why);
	}
	arena_release(&arena);
	return rc;
}

/* Closes the open batch and lands it here and now. */
static enum rc finish(struct writer *w, struct err *ret_why)
{
	enum rc rc = writer_launch(w);

	if (rc == RC_OK) {
		rc = writer_land(w, ret_why);
		rc = writer_landed(w, rc, ret_why);
	}
	if (rc != RC_OK && !ret_why->rc)
		*ret_why = w->broken;
	return rc;
}

/* ---- running ---- */

static enum rc begin(struct op *op, struct writer *w)
{
	return db_in_tx(w->store->view) ? RC_OK : db_begin(op, w->store->view);
}

static enum rc run_all(struct writer *w, struct op *op, const struct request *requests,
                       struct answer *answers, size_t from, size_t n)
{
	enum rc rc = RC_OK;
	size_t i;

	TRY(begin(op, w));
	TRY(db_queue(op, w->store->view, !w->careful));
	for (i = from; i < n && rc == RC_OK; i++) {
		rc = request_run(w, &requests[i], &answers[i]);
		if (rc != RC_OK)
			op->err = answers[i].err.rc ? answers[i].err : w->broken;
	}
	if (rc != RC_OK)
		return rc;
	rc = db_queue(op, w->store->view, false);
	/* Which of them it was is found by running them one by one. */
	w->redo = rc != RC_OK && !db_is_broken(w->store->view) && !w->careful;
	return w->redo ? RC_BUSY : rc;
}

/* An operation was refused after it had written.  Nothing of the batch was acknowledged yet, so it
 * is taken back and run again with savepoints around each operation. */
static enum rc run_carefully(struct writer *w, struct op *op, const struct request *requests,
                             struct answer *answers, size_t n)
{
	enum rc rc;

	if (w->settle)
		TRY(w->settle(w->settle_ctx, op));
	store_rollback(w->store);
	ledger_abandoned(&w->ledger);
	w->holding = false;
	TRY(writer_reload(op, w));
	w->redo = false;
	w->careful = true;
	op->err = (struct err){0};
	rc = run_all(w, op, requests, answers, 0, n);
	w->careful = false;
	return rc;
}

enum rc writer_run(struct writer *w, const struct request *requests, struct answer *answers,
                   size_t from, size_t n)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena, .random = w->random};
	enum rc rc;
	size_t i;

	assert(from <= n && n <= LIMIT_BATCH);
	if (w->read_only)
		return refuse_read_only(w, answers, n);
	w->redo = false;
	rc = run_all(w, &op, requests, answers, from, n);
	if (rc == RC_BUSY && w->redo)
		rc = run_carefully(w, &op, requests, answers, n);
	if (rc != RC_OK) {
		struct err why = op.err;

		rc = batch_failed(w, &op, rc == RC_BUSY ? RC_BUSY : RC_BROKEN, &why);
		for (i = 0; i < n; i++)
			answers[i] = (struct answer){.rc = rc, .index = -1, .err = why};
	}
	arena_release(&arena);
	return rc;
}

enum rc writer_batch(struct writer *w, const struct request *requests, struct answer *answers,
                     size_t n)
{
	struct err why = {0};
	enum rc rc = writer_run(w, requests, answers, 0, n);
	size_t i;

	if (rc != RC_OK)
		return rc;
	rc = finish(w, &why);
	for (i = 0; rc != RC_OK && i < n; i++)
		answers[i] = (struct answer){.rc = rc, .index = -1, .err = why};
	return rc;
}

enum rc writer_do(struct writer *w, const struct request *r, struct answer *ret)
{
	enum rc rc = writer_batch(w, r, ret, 1);

	return rc != RC_OK ? rc : ret->rc;
}

enum rc writer_tick_until(struct writer *w, uint64_t stop_size, int64_t *ret_next)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena, .random = w->random};
	struct err why = {0};
	enum rc rc = RC_OK;

	if (w->read_only)
		return RC_BROKEN;
	if (w->next_due_ms <= clock_now_ms(w->clock)) {
		rc = begin(&op, w);
		if (rc == RC_OK)
			rc = timers_run(w, clock_now_ms(w->clock), stop_size);
		if (rc != RC_OK) {
			why = op.err.rc ? op.err : w->broken;
			rc = batch_failed(w, &op, rc == RC_BUSY ? RC_BUSY : RC_BROKEN, &why);
		} else {
			rc = finish(w, &why);
		}
	}
	if (rc == RC_OK)
		*ret_next = w->next_due_ms;
	arena_release(&arena);
	return rc;
}

enum rc writer_tick(struct writer *w, int64_t *ret_next)
{
	return writer_tick_until(w, UINT64_MAX, ret_next);
}

enum rc writer_idle(struct writer *w)
{
	struct arena arena = {0};
	struct op op = {.arena = &arena};
	enum rc rc = RC_OK;

	if (w->read_only)
		return RC_BROKEN;
	flush_removed(w, &op);
	if (!w->store->one && db_in_tx(w->store->view)) {
		rc = view_mark(&op, w->store->view, w->view_at);
		if (rc == RC_OK)
			rc = store_commit_view(&op, w->store);
		if (rc != RC_OK) {
			w->read_only = true;
			w->broken = op.err;
		}
	}
	arena_release(&arena);
	return rc;
}

struct str uuid_v7(struct arena *a, struct random *r, int64_t now_ms)
{
	uint8_t b[16];
	struct str h;
	int i;

	random_bytes(r, b, sizeof(b));
	for (i = 0; i < 6; i++)
		b[i] = (uint8_t)((uint64_t)now_ms >> (8 * (5 - i)));
	b[6] = (uint8_t)(0x70 | (b[6] & 0x0f));
	b[8] = (uint8_t)(0x80 | (b[8] & 0x3f));
	h = hex_encode(a, b, sizeof(b));
	return str_fmt(a, "%.8s-%.4s-%.4s-%.4s-%.12s", h.s, h.s + 8, h.s + 12, h.s + 16, h.s + 20);
}
