/* SPDX-License-Identifier: Apache-2.0 */
/* profile_lists.h -- what a profile says beyond windows and numbers: which law applies, which
 * modules are off, who decides what, what may be brought in, who takes what.
 *
 * All of it is optional; each row says where it comes from and how sure that is.
 */
#ifndef GY_PROFILE_LISTS_H
#define GY_PROFILE_LISTS_H

#include "base/str.h"

struct profile;

/* Where a row comes from.  sure: "confirmed", "probable", "unconfirmed" (待确认). */
struct profile_why {
	struct str source, article, sure, approver, zh, en;
};

enum late_entry { LATE_ENTRY_GATE, LATE_ENTRY_ROOM };

struct profile_names {
	struct str *list;
	size_t n;
};

/* The rules by which violations are judged: "order-33" for national examinations. */
struct profile_rule_set {
	struct str id; /* empty: not said */
	struct profile_why why;
};

/* A body that decides and has no role here (教育部). */
struct profile_office {
	struct str id, zh, en;
};

struct profile_language {
	struct str id;
	bool listening;
	struct profile_why why;
};

struct profile_combination { /* 选科组合 */
	struct str id;
	struct profile_names subjects;
	struct profile_why why;
};

/* APPROVED: only for those on the approved list (hearing aids, pumps). */
#define ITEM_CLASSES(X) X(PROHIBITED, "prohibited") X(ALLOWED, "allowed") X(APPROVED, "approved")
#define X(id, text) ITEM_##id,
enum item_class { ITEM_CLASSES(X) ITEM_CLASS_MAX };
#undef X

struct profile_item {
	struct str id;
	int class;
	struct profile_why why;
};

/* Who decides, is asked, is told; on which form; whether a telephone approval counts until it is
 * countersigned.  Names are roles or offices. */
struct profile_decision {
	struct str id;
	struct profile_names deciders, consulted, informed;
	struct str form;
	bool phone;
	struct profile_why why;
};

/* The colour that an alarm rule has here. */
struct profile_colour {
	struct str rule;
	int colour;
	struct profile_why why;
};

/* A module that this examination does without: nothing of it is expected, its orders are refused;
 * facts are still recorded. */
struct profile_off {
	struct str module;
	struct profile_why why;
};

struct profile_lists {
	struct profile_rule_set rule_set;
	struct profile_office *offices;            size_t noffices;
	struct profile_language *languages;        size_t nlanguages;
	struct profile_combination *combinations;  size_t ncombinations;
	struct profile_item *items;                size_t nitems;
	struct profile_decision *decisions;        size_t ndecisions;
	struct profile_colour *colours;            size_t ncolours;
	struct profile_off *off;                   size_t noff;
};

const struct profile_office *profile_office(const struct profile *p, struct str id);
const struct profile_language *profile_language(const struct profile *p, struct str id);
const struct profile_combination *profile_combination(const struct profile *p, struct str id);
const struct profile_item *profile_item(const struct profile *p, struct str id);
const struct profile_decision *profile_decision(const struct profile *p, struct str id);
const struct profile_off *profile_off(const struct profile *p, const char *module);
/* An alarm rule's colour here; `own` when the profile does not override it. */
int profile_colour(const struct profile *p, const char *rule, int own);

#endif
