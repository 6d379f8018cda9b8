/* SPDX-License-Identifier: Apache-2.0 */
/* timer.c -- what is due is done before anything later: by (due, rule, subject).
 *
 * There is no table of timers: expectations and alarms hold their own due times, jobs say theirs.
 * The writer keeps the earliest in memory, so that an operation before it costs no look-up.
 */
#include "engine/expect_private.h"
#include "engine/request.h"

bool timer_before(const struct timer *a, const struct timer *b)
{
	int c;

	if (b->kind == TIMER_NONE || a->due_ms != b->due_ms)
		return b->kind == TIMER_NONE || a->due_ms < b->due_ms;
	c = str_cmp(a->rule, b->rule);
	if (!c)
		c = str_cmp(a->subject, b->subject);
	return c ? c < 0 : a->kind < b->kind;
}

void run_due_at(struct op *op, int64_t due_ms)
{
	struct writer *w = op->run->writer;

	if (w && due_ms < w->next_due_ms)
		w->next_due_ms = due_ms;
}

static enum rc job_timers(struct op *op, const struct module *m, struct timer *io)
{
	for (size_t i = 0; i < m->njobs; i++) {
		struct timer t = {.kind = TIMER_JOB, .rule = str_of(m->jobs[i].name), .job = &m->jobs[i],
		                  .due_ms = INT64_MAX};

		TRY(t.job->next(op, &t.due_ms));
		if (t.due_ms < INT64_MAX && timer_before(&t, io))
			*io = t;
	}
	return RC_OK;
}

static enum rc next_timer(struct op *op, struct timer *ret)
{
	const struct modules *m = op->run->modules;
	struct timer t = {.kind = TIMER_NONE};

	TRY(expect_timer(op, &t));
	TRY(alarm_timers(op, &t));
	for (size_t i = 0; i < m->n; i++)
		TRY(job_timers(op, m->list[i], &t));
	*ret = t;
	return RC_OK;
}

/* On a virtual clock a timer happens when it is due; a real one cannot say that it was there. */
static int64_t moment_of(const struct writer *w, const struct timer *t)
{
	return w->clock->state == CLOCK_VIRTUAL ? t->due_ms : clock_now_ms(w->clock);
}

static enum rc run_timer(struct op *op, const struct timer *t)
{
	if (t->kind == TIMER_JOB)
		return t->job->run(op);
	return t->kind == TIMER_LAPSE ? expect_lapse(op, t) : alarm_run_timer(op, t);
}

static enum rc run_one(struct writer *w, int64_t until_ms, bool *ret_more, struct err *ret_err)
{
	struct timer t;
	struct run run;
	struct op op;
	enum rc rc;

	writer_op(w, &op, &run, until_ms);
	*ret_more = false;
	rc = next_timer(&op, &t);
	if (rc == RC_OK && (t.kind == TIMER_NONE || t.due_ms > until_ms)) {
		w->next_due_ms = t.kind == TIMER_NONE ? INT64_MAX : t.due_ms;
		return RC_OK;
	}
	if (rc == RC_OK) { /* what fails here fails the whole batch */
		op.now_ms = moment_of(w, &t) > w->last_ms ? moment_of(w, &t) : w->last_ms;
		rc = run_timer(&op, &t);
	}
	*ret_more = rc == RC_OK;
	*ret_err = op.err;
	return rc;
}

enum rc timers_run(struct writer *w, int64_t until_ms, uint64_t stop_size)
{
	bool more = true;

	while (more && w->next_due_ms <= until_ms && w->ledger.next.size < stop_size) {
		enum rc rc = run_one(w, until_ms, &more, &w->broken);
		if (rc != RC_OK)
			return rc == RC_BUSY ? RC_BUSY : RC_BROKEN;
	}
	return RC_OK;
}
