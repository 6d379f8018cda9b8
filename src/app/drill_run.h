/* SPDX-License-Identifier: Apache-2.0 */
/* drill_run.h -- plays a drill and judges what was noticed. */
#ifndef GY_APP_DRILL_RUN_H
#define GY_APP_DRILL_RUN_H

#include "app/drill_scenario.h"
#include "engine/writer.h"

struct drill_seen {                /* one alarm */
	struct str rule, place, subject;
	int64_t at_ms;
	bool expected;
};

struct drill_verdict {             /* one thing that had to be noticed */
	struct str id;
	const struct drill_notice *notice;
	int64_t noticed_ms;            /* 0: never */
	bool ok;
};

struct drill_result {
	struct drill_verdict *verdicts; size_t nverdicts;
	struct drill_seen *alarms;      size_t nalarms;
	size_t false_alarms, steps, refused;
	bool ok;
};

/* Makes the city, the steps and the edits.  Fails: INVALID. */
enum rc drill_make(struct op *op, struct arena *keep, const struct profile *p,
                   const struct modules *m, struct scenario *s, uint64_t seed, struct str without,
                   struct drill *ret) MUST_CHECK;

/* When a drill of this scenario begins, for the ledger's clock. */
int64_t drill_start_of(const struct profile *p);

/* Plays a drill piece by piece, beside the acts of others, on the thread of an open writer: nothing
 * may be aloft.  begin: what a ledger that stands in the middle of the day has already is not sent
 * again; the writer's clock stands at its newest entry or later.  until: on to a moment; *ret_over:
 * the day is over.  Refusals are counted, not failures. */
struct drill_play;
enum rc drill_live_begin(struct op *op, struct writer *w, struct drill *d,
                         struct drill_play **ret) MUST_CHECK;
enum rc drill_live_until(struct op *op, struct drill_play *p, int64_t until_ms,
                         bool *ret_over) MUST_CHECK;
int64_t drill_live_now(const struct drill_play *p); /* the city's clock: of the writer */
void drill_live_end(struct drill_play *p); /* NULL is fine */

/* Plays everything on the writer's own virtual clock and judges it.
 * Fails with what a step fails that should not have; the message names the step. */
enum rc drill_play(struct op *op, struct writer *w, struct drill *d, struct drill_result *ret)
	MUST_CHECK;

#endif
