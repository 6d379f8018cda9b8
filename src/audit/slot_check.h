/* SPDX-License-Identifier: Apache-2.0 */
/* slot_check.h -- the signatures under one act. */
#ifndef GY_AUDIT_SLOT_CHECK_H
#define GY_AUDIT_SLOT_CHECK_H

#include "audit/grants.h"
#include "audit/rules.h"

struct slot_case {
	struct op *op;
	struct report *report;
	const struct grants *grants;
	int64_t position;
	struct str place;                   /* of the entry */
	int64_t time_ms;                    /* of the entry: rights are asked for at this moment */
	bool foundation;                    /* no grants are asked for, no slots awaited */
	const struct act *act;
	const struct rule_command *command; /* NULL: no rules; only keys are checked */
	const struct filled *filled;
	size_t n;
	const struct filled *before; /* given while it waited, and asked for their rights then */
	size_t nbefore;
};

bool same_signature(const struct filled *a, const struct filled *b);

/* What a person signs in a slot. */
struct str slot_text(struct arena *a, const struct filled *f, const struct hash *statement);
/* The signatures of an entry's slots, verified ahead. */
void slots_ahead(struct arena *a, struct hints *hints, struct entry *e);

/* May the actor give this command here?  The system itself may not, once founded. */
void slot_check_actor(const struct slot_case *c);

/* An exception (特批) was made: somebody else with that right approved it. */
void slot_check_approver(const struct slot_case *c);

/* Slots complete, and their signers. */
void slot_check_all(const struct slot_case *c);

/* Those who signed: known slots, different persons, roles, keys. */
void slot_check_signers(const struct slot_case *c);

#endif
