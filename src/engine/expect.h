/* SPDX-License-Identifier: Apache-2.0 */
/* expect.h -- what must happen, written down before it happens (应办事项).
 *
 * open -> met | met early | met late | lapsed (-> met late) | voided.  Opening and meeting are
 * apply; a lapse is an event (`expectation.lapsed`) that a timer appends, and raises the rule's
 * alarm.  A recurring one opens the next window when met or lapsed.
 *
 * Emits  expectation.lapsed
 * Owns   expectation(id, rule, subject, place, session, opened, from_ms, due_ms, state, met)
 */
#ifndef GY_EXPECT_H
#define GY_EXPECT_H

#include "base/op.h"

struct event;

#define EXPECT_STATES(X) X(OPEN, "open") X(MET, "met") X(EARLY, "early") X(LATE, "late") \
	X(LAPSED, "lapsed") X(VOIDED, "voided")
#define X(id, text) EXPECT_##id,
enum expect_state { EXPECT_STATES(X) EXPECT_STATE_MAX };
#undef X

struct expectation {
	int64_t id;
	struct str rule, subject, place, session;
	int64_t opened, from_ms, due_ms, met; /* opened, met: indices; met -1 when not */
	int state;
};

/* Those of a place and below, by due; state < 0: all. */
enum rc expect_list(struct op *op, struct str place, int state, struct expectation **ret,
                    size_t *ret_n) MUST_CHECK;

/* Engine only. */
enum rc expect_apply(struct op *op, const struct event *ev) MUST_CHECK;

#endif
