/* SPDX-License-Identifier: Apache-2.0 */
/* rules.h -- the rules in force at an entry, read from rules.json (docs/formats.md §4).
 *
 * A set of rules is found by the hash that a rules.adopted entry names, and is used only when its
 * bytes have that hash.
 */
#ifndef GY_AUDIT_RULES_H
#define GY_AUDIT_RULES_H

#include "audit/entry.h"
#include "audit/map.h"
#include "audit/source.h"

struct rule_slot {
	struct str name, disjoint; /* disjoint: empty when none */
	int64_t count;
	bool optional, anyone;     /* anyone: no role is asked for */
	struct str *roles;
	size_t nroles;
};

struct rule_allow {
	struct str role;
	int64_t level;
};

struct rule_command {
	struct rule_slot *slots;
	size_t nslots;
	struct rule_allow *allow;
	size_t nallow;
};

struct rule_posting {
	struct str list, asset, from, to, qty;
};

struct rule_event {
	int64_t version;
	struct rule_posting *postings;
	size_t npostings;
};

struct rules {
	struct map commands, events; /* name -> struct rule_command *, struct rule_event * */
};

struct rulebook {
	struct report *report;
	struct arena *keep;
	const struct source *source;
	struct map sets;            /* hash -> struct rules *, those that could be read */
	size_t nsets;
	const struct rules *now;    /* in force; NULL: none, or they could not be read */
	bool adopted;               /* some were named */
};

void rules_init(struct rulebook *b, struct report *r, struct arena *keep, const struct source *s);

/* A rules.adopted entry takes effect. */
void rules_apply(struct rulebook *b, struct op *op, int64_t position, const struct entry *e);

const struct rule_slot *rule_slot(const struct rule_command *c, struct str name);

#endif
