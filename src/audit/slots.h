/* SPDX-License-Identifier: Apache-2.0 */
/* slots.h -- the signatures of acts: who had to sign, who did, with what right and key.
 *
 * Checked for each entry that holds an act or completes one (docs/formats.md §4).  An act that was
 * begun is remembered by the hash of its statement, so its signatures can be checked when the last
 * slot is filled, however much later.
 */
#ifndef GY_AUDIT_SLOTS_H
#define GY_AUDIT_SLOTS_H

#include "audit/grants.h"
#include "audit/order.h"
#include "audit/rules.h"

struct slots {
	struct report *report;
	struct arena *keep;
	const struct grants *grants;
	const struct rulebook *rules;
	const struct order *order;
	struct map begun;        /* index -> struct begun *, those that wait */
	struct begun *spare;     /* list of those that wait no more, to be used again */
	struct map words;        /* names of commands and slots, each kept once */
	struct hints *hints;
	int64_t waiting;         /* begun and not complete */
	int64_t head;            /* first entry of the newest operation; NO_INDEX: none yet */
	int64_t head_actor;      /* whose it is */
	int64_t inner;           /* first entry of the act that it completed */
	int64_t actor;
	bool no_rules_said;
};

void slots_init(struct slots *s, struct report *r, struct arena *keep, const struct grants *g,
                const struct rulebook *rules, const struct order *order, struct hints *hints);

/* Checks an entry against the grants, keys and rules before it. */
void slots_check(struct slots *s, struct op *op, int64_t position, const struct entry *e);

void slots_end(struct slots *s);

#endif
