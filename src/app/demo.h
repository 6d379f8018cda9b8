/* SPDX-License-Identifier: Apache-2.0 */
/* demo.h -- a small county's papers over three days, on a virtual clock.
 *
 * Twelve sites, 300 bags, nine sessions: the foundation of the office, arrival, storage under
 * guard, release, hand-overs, issue, opening, counts, returns and the closing of each half day,
 * with one late patrol, one refused release, one disputed hand-over and one copy missing and found.
 *
 * The story is a static script: steps with times and requests, made from the seed and the profile
 * alone.  Each step has an idempotency key made from (seed, number), which stands in its act; a
 * second call finds the newest act of the story in the ledger and goes on after it, so that two
 * shorter runs give the root of one longer.
 */
#ifndef GY_APP_DEMO_H
#define GY_APP_DEMO_H

#include "engine/writer.h"

/* One thing that happened.  `index` is the first entry it made. */
struct demo_line {
	int64_t at_ms, index;
	bool milestone; /* false: one of many of its kind (a bag issued, a patrol) */
	struct str zh, en;
};
typedef void demo_tell(void *ctx, const struct demo_line *line);

/* The virtual time at which the drill's ledger is founded. */
int64_t demo_start_ms(void);

/* Plays on the writer's own virtual clock until the ledger has `stop_entries` or the story ends.
 * `tell` (may be NULL) hears each new step; it must copy what it keeps.
 * Fails: CONFLICT (not this seed's drill), INVALID (the profile lacks a session of the story), and
 * whatever a step fails with that should not have. */
enum rc demo_run(struct op *op, struct writer *w, uint64_t seed, uint64_t stop_entries,
                 demo_tell *tell, void *ctx) MUST_CHECK;

#endif
