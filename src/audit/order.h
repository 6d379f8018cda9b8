/* SPDX-License-Identifier: Apache-2.0 */
/* order.h -- the order of entries: positions, time, references, the chain of authority. */
#ifndef GY_AUDIT_ORDER_H
#define GY_AUDIT_ORDER_H

#include "audit/entry.h"

struct order {
	struct report *report;
	struct arena *keep;
	struct hints *hints;
	int64_t last_ms;        /* time of the newest entry; -1 before the first */
	int64_t last_authority; /* index of the newest authority.* entry; -1: none */
	bool has_genesis;
	int64_t node;           /* of the ids made here */
	struct str origin;
};

void order_init(struct order *o, struct report *r, struct arena *keep, struct hints *hints);
void order_check(struct order *o, int64_t position, const struct entry *e);

/* The id of what the entry at this index makes. */
int64_t order_id(const struct order *o, int64_t index);

#endif
