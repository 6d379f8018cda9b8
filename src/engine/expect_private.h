/* SPDX-License-Identifier: Apache-2.0 */
/* expect_private.h -- expectations and alarms as the writer and event.c drive them. */
#ifndef GY_EXPECT_PRIVATE_H
#define GY_EXPECT_PRIVATE_H

#include "engine/expect.h"
#include "engine/modules_private.h"

/* Voids, meets and opens what this event voids, meets and opens (apply). */
enum rc expect_project(struct op *op, const struct event_entry *e,
                       const struct event *ev) MUST_CHECK;

/* Open expectations by the clock of a session get the windows that `now` gives them; those that it
 * does not ask for are voided (apply of rules.adopted, which this is). */
enum rc expect_retime(struct op *op, const struct profile *was, const struct profile *now,
                      const struct event *ev) MUST_CHECK;

/* Raises the alarms of early and late meetings (live). */
enum rc expect_react(struct op *op, const struct event_entry *e, const struct event *ev) MUST_CHECK;

/* A timer: what is due first, over expectations and alarms, by (due, rule, subject). */
enum timer_kind { TIMER_NONE, TIMER_LAPSE, TIMER_RUNG, TIMER_ACK, TIMER_JOB };
struct timer {
	enum timer_kind kind;
	int64_t due_ms, id;
	struct str rule, subject, place;
	const struct job *job;
};
enum rc expect_timer(struct op *op,
                     struct timer *io) MUST_CHECK; /* takes it when earlier than *io */
enum rc alarm_timers(struct op *op, struct timer *io) MUST_CHECK;
bool timer_before(const struct timer *a, const struct timer *b);

/* Appends what a due timer stands for. */
enum rc expect_lapse(struct op *op, const struct timer *t) MUST_CHECK;
enum rc alarm_run_timer(struct op *op, const struct timer *t) MUST_CHECK;

#endif
