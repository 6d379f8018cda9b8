/* SPDX-License-Identifier: Apache-2.0 */
/* module.h -- what a module declares.  Everything is a const table in one visible list
 * (app/modules.c); nothing registers itself.
 *
 * append -> apply -> react.  A rule (`run`) reads projections, refuses orders, and appends events.
 * `apply` uses the event alone, touches its own module's tables only, never refuses, and runs again
 * on rebuild with the same result.  `react` runs live only, modules in list order; it may append
 * and never refuse.
 */
#ifndef GY_MODULE_H
#define GY_MODULE_H

#include "base/op.h"
#include "db/db.h"
#include "engine/command.h"
#include "engine/event_type.h"
#include "engine/rule.h"
#include "engine/view.h"

struct table {
	const char *name, *ddl;      /* one CREATE TABLE (and its indexes) */
	const char *key;             /* its primary key's columns, "a, b": order of digests */
};

/* Who holds a role at a place at a moment, when duty rosters know better than grants.
 * *ret_known false: ask the grants. */
typedef enum rc role_resolver(struct op *op, struct str role, struct str place, bool *ret_known,
                              struct person_id *ret, size_t max, size_t *ret_n);

/* The code by which people know the subject of a text in the vault (vault.h): a person's staff
 * code, a candidate's number.  *ret stays "" when this module knows no such subject. */
typedef enum rc subject_code(struct op *op, int64_t subject, struct str *ret);

struct module {
	const char *name;
	const char *group;           /* tables shared by modules of one group (NULL: its own) */
	int rev;                     /* raised when apply changes: projections are rebuilt */
	const struct table *tables;         size_t ntables;
	const struct sql *sql;              size_t nsql;
	const struct role *roles;           size_t nroles;
	const struct command *commands;     size_t ncommands;
	const struct event_type *events;    size_t nevents;
	const struct reaction *reactions;   size_t nreactions;
	const struct expectation_rule *expectations; size_t nexpectations;
	const struct alarm_rule *alarms;    size_t nalarms;
	const struct law *laws;             size_t nlaws;
	const struct job *jobs;             size_t njobs;
	const struct view *views;           size_t nviews;
	const struct right *rights;         size_t nrights;
	const char *const *settings; size_t nsettings; /* of the profile, that its rules ask for */
	role_resolver *resolve;
	subject_code *whose;
	const char *zh, *en;
};
#define TABLE_OF(field, arr) .field = (arr), .n##field = COUNT(arr)

/* All modules of a program, checked and indexed. */
struct modules {
	const struct module *const *list;
	size_t n;
	struct module_index *index;
};

/* Checks the tables against each other (names unique, references known, texts present in both
 * languages, offsets inside sizes, cites for orders) and indexes them.  The engine's own modules
 * come first and are added here.  Fails: BROKEN (our bug; op->err says which row). */
enum rc modules_init(struct op *op, const struct module *const *list, size_t n,
                     struct modules *ret) MUST_CHECK;
void modules_release(struct modules *m);

const struct command *modules_command(const struct modules *m, struct str name);
const struct event_type *modules_event(const struct modules *m, struct str name);
const struct alarm_rule *modules_alarm(const struct modules *m, struct str id);
const struct expectation_rule *modules_expectation(const struct modules *m, struct str id);
const struct right *modules_right(const struct modules *m, struct str id);
/* By its path with dots, as a key names it: "exam.candidates". */
const struct view *modules_view(const struct modules *m, struct str key);
bool modules_role(const struct modules *m, struct str id);
/* Who has at a place what this role has: itself, or the role above it where the place lies above
 * its level. */
struct str modules_owner(const struct modules *m, struct str role, struct str place);
/* The roles that are this one or include it; NULL-terminated. */
const char *const *modules_role_forms(const struct modules *m, struct str id);
const struct module *modules_command_owner(const struct modules *m, const struct command *c);

/* The canonical rules.json (formats.md §4): what gongyuan-audit reads. */
struct str modules_rules_json(struct arena *a, const struct modules *m);

/* Tests only: the named row is as if it were not there ("event:custody.x", "expectation:…",
 * "alarm:…", "sql:module/3").  False: no such row. */
bool modules_disable(struct modules *m, struct str row);

#endif
