/* SPDX-License-Identifier: Apache-2.0 */
/* alarm.h -- a difference with an owner, a clock and a ladder of people (告警: 红橙黄蓝).
 *
 * raised -> acknowledged (签收; expires) -> closed (办结: red and orange by two; with a reason, and
 * a false alarm (误报) with its cause).  While an alarm of the same rule and subject is open, another
 * raise folds into it.  When more than the profile's alarm.fold_rooms of one rule (not red) come
 * from one site within alarm.fold_s, they are grouped into one alarm whose subject and place are
 * the site; it is signed for and closed for all of them.  Alarms of one cause are grouped too: one
 * whose rule says that it stands `under` others goes, within alarm.cause_s, under theirs at the
 * same place when that is as grave, and one that comes after takes them under it.  Rungs of the
 * ladder come from the profile and are climbed by timers until somebody has acknowledged.
 *
 * Emits  alarm.raised, alarm.folded, alarm.grouped, alarm.escalated, alarm.acknowledged,
 *        alarm.ack_expired, alarm.closed
 * Owns   alarm, alarm_step
 */
#ifndef GY_ALARM_H
#define GY_ALARM_H

#include "base/op.h"
#include "engine/field.h"
#include "engine/rule.h"

struct alarm_id {
	int64_t v;
};

#define ALARM_REASONS(X) X(HANDLED, "handled") X(FALSE_ALARM, "false_alarm") \
	X(DUPLICATE, "duplicate") X(CORRECTED, "corrected") X(DRILL, "drill")
#define X(id, text) ALARM_REASON_##id,
enum alarm_reason { ALARM_REASONS(X) ALARM_REASON_MAX };
#undef X

/* Why it was false: equipment, keyed late or wrongly, a wrong clock, allowed by the rules, a
 * test. */
#define ALARM_FALSE_CAUSES(X) X(NONE, "none") X(EQUIPMENT, "equipment") \
	X(KEYED_LATE, "keyed_late") X(KEYED_WRONG, "keyed_wrong") X(CLOCK, "clock") \
	X(ALLOWED, "allowed") X(TEST, "test") X(OTHER, "other")
#define X(id, text) ALARM_FALSE_CAUSE_##id,
enum alarm_false_cause { ALARM_FALSE_CAUSES(X) ALARM_FALSE_CAUSE_MAX };
#undef X

struct alarm {
	struct alarm_id id;
	struct str rule, subject, place;
	int colour, rung, folded;
	int64_t raised_ms, cause;
	struct person_id acknowledged_by; /* 0: nobody */
	bool closed;
	struct person_id closed_by, second; /* red and orange are closed by two; 0: nobody */
	int reason, false_cause;          /* when closed; reason -1: open */
	struct alarm_id group;            /* grouped into that one; 0: stands alone */
};

/* Raises or folds.  `rule` is an alarm rule's id, `subject` a code (a bag's number, a room).
 * Only from a rule's run, a reaction, a law, a timer or a job.  *ret (may be NULL). */
enum rc alarm_raise(struct op *op, const char *rule, struct str subject, struct str place,
                    struct alarm_id *ret) MUST_CHECK;

/* The same in another colour; -1: the rule's own, or what the profile gives the rule. */
enum rc alarm_raise_as(struct op *op, const char *rule, struct str subject, struct str place,
                       int colour, struct alarm_id *ret) MUST_CHECK;

/* The same, never under another's cause: what it says is more than what that one says. */
enum rc alarm_raise_apart(struct op *op, const char *rule, struct str subject, struct str place,
                          struct alarm_id *ret) MUST_CHECK;

/* Those of a place and below, by id; open ones are neither closed nor grouped. */
enum rc alarm_list(struct op *op, struct str place, bool open_only, struct alarm **ret,
                   size_t *ret_n) MUST_CHECK;

/* The budget of alarms (告警预算): what was raised from <= t < to, by site and local day.  Those
 * grouped count once, with their site's. */
struct alarm_span {
	struct str place; /* and below; "" is all */
	int64_t from_ms, to_ms;
	int offset_min;
};
struct alarm_day {
	struct str site, day; /* the place itself where it lies above sites; "2025-06-07" */
	int colours[COLOUR_MAX], total, folded, open;
	int reasons[ALARM_REASON_MAX]; /* of the closed */
};
enum rc alarm_budget(struct op *op, const struct alarm_span *span, struct alarm_day **ret,
                     size_t *ret_n) MUST_CHECK;

/* What people read of them. */
extern const struct word COLOUR_WORDS[COLOUR_MAX], ALARM_REASON_WORDS[ALARM_REASON_MAX],
	ALARM_FALSE_CAUSE_WORDS[ALARM_FALSE_CAUSE_MAX];

const char *alarm_reason_text(int reason);
const char *alarm_false_text(int cause);
const char *colour_text(int colour);

#endif
