/* SPDX-License-Identifier: Apache-2.0 */
/* rule.h -- what follows from events: reactions, expectations, alarms, laws of the books, jobs. */
#ifndef GY_RULE_H
#define GY_RULE_H

#include "base/op.h"
#include "engine/event.h"

struct reaction {
	const char *on;              /* event type */
	enum rc (*run)(struct op *op, const struct event *ev);
};

struct expectation_rule {
	const char *id;              /* "custody.patrol" */
	const char *opens_on, *met_by, *voided_by; /* event types; voided_by may be NULL */
	/* What it is about: up to LIMIT_OPENS subjects (codes) in the arena; also gives, for a window
	 * anchored to T or E, the session.  The same function serves opening, meeting, voiding. */
	size_t (*subjects_of)(struct arena *a, const struct event *ev, struct str *ret,
	                      struct str *ret_session);
	const char *window;          /* a step of the profile: anchor, from, to, every, colours */
	const char *owner;           /* role, resolved at the event's place */
	const char *early, *late, *missing; /* alarm rules; NULL: none */
	const char *cites, *zh, *en;
};

enum colour { COLOUR_BLUE, COLOUR_YELLOW, COLOUR_ORANGE, COLOUR_RED, COLOUR_MAX };
struct alarm_rule {
	const char *id;              /* "custody.counts_differ" */
	enum colour colour;
	const char *owner;           /* role that has it first */
	const char *cites;
	const char *next_zh, *next_en; /* what to do now */
	const char *zh, *en;
	/* An open alarm of one of these rules at the same place has the same cause: this one is shown
	 * and closed with it (engine/alarm.h).  The nearest to the cause first; NULL: none. */
	const char *const *under;
};

/* A reconciliation of books: when `closes_on` is applied, run finds what does not balance and
 * posts it to "missing" with an alarm (by reaction). */
struct law {
	const char *id;
	const char *closes_on;
	enum rc (*run)(struct op *op, const struct event *ev);
	const char *cites, *zh, *en;
};

/* Work that falls due by the clock and not by an event (docs/adr/0008).  `next` says when, from the
 * projections alone (INT64_MAX: nothing waits); `run` appends the events that do the earliest piece
 * of it, so that `next` moves on.  An apply that brings something forward says so: run_due_at. */
struct job {
	const char *name;
	enum rc (*next)(struct op *op, int64_t *ret_due_ms);
	enum rc (*run)(struct op *op);
	const char *zh, *en;
};

#endif
