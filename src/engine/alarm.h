/* SPDX-License-Identifier: Apache-2.0 */
/* alarm.h -- a difference with an owner, a clock and a ladder of people (告警: 红橙黄蓝).
 *
 * raised -> acknowledged (签收; expires) -> closed (办结: red and orange by two).  While an alarm of
 * the same rule and subject is open, another raise folds into it.  Rungs of the ladder come from
 * the profile and are climbed by timers until somebody has acknowledged.
 *
 * Emits  alarm.raised, alarm.folded, alarm.escalated, alarm.acknowledged, alarm.ack_expired,
 *        alarm.closed
 * Owns   alarm
 */
#ifndef GY_ALARM_H
#define GY_ALARM_H

#include "base/op.h"

struct alarm_id {
	int64_t v;
};

struct alarm {
	struct alarm_id id;
	struct str rule, subject, place;
	int colour, rung, folded;
	int64_t raised_ms, cause;
	struct person_id acknowledged_by; /* 0: nobody */
	bool closed;
};

/* Raises or folds.  `rule` is an alarm rule's id, `subject` a code (a bag's number, a room).
 * Only from a rule's run, a reaction, a law, a timer or a job.  *ret (may be NULL). */
enum rc alarm_raise(struct op *op, const char *rule, struct str subject, struct str place,
                    struct alarm_id *ret) MUST_CHECK;

/* The same in another colour; -1: the rule's own, or what the profile gives the rule. */
enum rc alarm_raise_as(struct op *op, const char *rule, struct str subject, struct str place,
                       int colour, struct alarm_id *ret) MUST_CHECK;

enum rc alarm_list(struct op *op, struct str place, bool open_only, struct alarm **ret,
                   size_t *ret_n) MUST_CHECK;

const char *colour_text(int colour);

#endif
