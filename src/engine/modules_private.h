/* SPDX-License-Identifier: Apache-2.0 */
/* modules_private.h -- the index of all declared rows, for the engine's own files. */
#ifndef GY_MODULES_PRIVATE_H
#define GY_MODULES_PRIVATE_H

#include "engine/module.h"
#include "engine/name_map.h"
#include "engine/profile.h"

struct expectation_entry {
	const struct expectation_rule *rule;
	const struct module *module;
	bool disabled;
};

struct alarm_entry {
	const struct alarm_rule *rule;
	bool disabled;
};

struct role_entry {
	const struct role *role;
	const char **forms; /* itself and those that include it */
	size_t nforms;
};

/* What follows from an event of one type. */
struct event_entry {
	const struct event_type *type;
	const struct module *module;
	struct event_entry *older; /* an earlier version */
	bool authority;            /* belongs to the chain of authority events */
	bool disabled;
	const struct reaction **reactions;           size_t nreactions;
	const struct law **laws;                     size_t nlaws;
	const struct expectation_entry **opens;      size_t nopens;
	const struct expectation_entry **met;        size_t nmet;
	const struct expectation_entry **voids;      size_t nvoids;
};

struct module_index {
	struct arena arena;
	const struct module **all; /* the engine's, then the list's */
	size_t nall;
	struct name_map commands, events, alarms, expectations, roles, module_names, views;
	struct expectation_entry *expectation; size_t nexpectation;
	const struct sql **disabled_sql;       size_t ndisabled_sql;
};

const struct event_entry *modules_event_entry(const struct modules *m, struct str name);
const struct alarm_entry *modules_alarm_entry(const struct modules *m, struct str id);
const struct expectation_entry *modules_expectation_entry(const struct modules *m, struct str id);

/* Prepares every statement of every module on the projections' connection. */
enum rc modules_prepare(struct op *op, const struct modules *m, struct db *db) MUST_CHECK;

/* The checks of modules_init. */
enum rc modules_check(struct op *op, const struct modules *m) MUST_CHECK;

/* Does the profile have every window that an expectation of a module that is on asks for, and does
 * it name only modules, alarm rules and roles that there are?  Fails: INVALID. */
enum rc profile_fits(struct op *op, const struct profile *p, const struct modules *m) MUST_CHECK;
/* The same; every misfit is added to *faults. */
enum rc profile_fits_all(struct op *op, const struct profile *p, const struct modules *m,
                         struct profile_faults *faults) MUST_CHECK;

/* SHA-256 over names, revisions and DDL: projections made under another are rebuilt. */
struct hash modules_shape(struct arena *a, const struct modules *m);

/* The engine's own modules, in order. */
extern const struct module *const ENGINE_MODULES[];
extern const size_t ENGINE_MODULE_COUNT;

#endif
