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

/* Plays everything on the writer's own virtual clock and judges it.
 * Fails with what a step fails that should not have; the message names the step. */
enum rc drill_play(struct op *op, struct writer *w, struct drill *d, struct drill_result *ret)
	MUST_CHECK;

#endif
