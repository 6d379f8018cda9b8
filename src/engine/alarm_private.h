/* SPDX-License-Identifier: Apache-2.0 */
/* alarm_private.h -- what alarm.c and alarm_view.c share: codes (their words are in alarm.h), and
 * each thing that happened to an alarm. */
#ifndef GY_ALARM_PRIVATE_H
#define GY_ALARM_PRIVATE_H

#include "engine/alarm.h"
#include "engine/view.h"

struct event;

static const char *const COLOUR_TEXT[] = {"blue", "yellow", "orange", "red"};
#define X(id, text) text,
static const char *const REASON_TEXT[] = {ALARM_REASONS(X)};
static const char *const FALSE_TEXT[] = {ALARM_FALSE_CAUSES(X)};
#undef X

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
