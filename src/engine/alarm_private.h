/* SPDX-License-Identifier: Apache-2.0 */
/* alarm_private.h -- what alarm.c and alarm_view.c share: codes with their words, and each thing
 * that happened to an alarm. */
#ifndef GY_ALARM_PRIVATE_H
#define GY_ALARM_PRIVATE_H

#include "engine/alarm.h"
#include "engine/view.h"

struct event;

static const char *const COLOUR_TEXT[] = {"blue", "yellow", "orange", "red"};
static const struct word COLOUR_WORDS[] = {
	{"蓝", "blue"}, {"黄", "yellow"}, {"橙", "orange"}, {"红", "red"},
};
#define X(id, text) text,
static const char *const REASON_TEXT[] = {ALARM_REASONS(X)};
static const char *const FALSE_TEXT[] = {ALARM_FALSE_CAUSES(X)};
#undef X
static const struct word REASON_WORDS[] = {
	{"已处置", "handled"}, {"误报", "false alarm"}, {"重复", "duplicate"}, {"已更正", "corrected"},
	{"演练", "drill"},
};
static const struct word FALSE_WORDS[] = {
	{"无", "none"}, {"设备", "equipment"}, {"补录迟到", "keyed late"}, {"录入错误", "keyed wrongly"},
	{"时钟", "clock"}, {"规定允许", "allowed by the rules"}, {"测试", "a test"}, {"其他", "other"},
};

enum alarm_step_kind {
	STEP_RAISED, STEP_FOLDED, STEP_GROUPED, STEP_TOOK, STEP_ESCALATED, STEP_ACKNOWLEDGED,
	STEP_ACK_EXPIRED, STEP_CLOSED, STEP_MAX,
};

struct alarm_step {
	struct alarm_id alarm, other; /* other: grouped into it, or taken under this one; 0: none */
	enum alarm_step_kind kind;
	struct person_id who, second; /* who signed for it or closed it; 0: nobody */
	struct str role;              /* escalated: who was asked, and how many they were */
	int asked;
	bool closed;                  /* then with this reason: */
	int reason, false_cause;
	int64_t note;                 /* the vault's id; 0: none */
};

/* One row of alarm_step (apply). */
enum rc alarm_step(struct op *op, const struct event *ev, const struct alarm_step *s) MUST_CHECK;

/* Who sees alarms and expectations at the places of their grants. */
#define ALARM_READERS {"alarm_handler", "alarm_reader", "audit_admin", "ledger_reader", NULL}

#endif
