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
#include "engine/event.h"
#include "engine/field.h"

enum level { LEVEL_ANY, LEVEL_PROVINCE, LEVEL_CITY, LEVEL_COUNTY, LEVEL_SITE, LEVEL_ROOM };

struct role {
	const char *id, *zh, *en;
	const char *const *includes; /* roles of lower modules that it carries with it (the engine's
	                              * alarm_handler, say); NULL-terminated; NULL: none */
};

/* A role may give this command at places under its grant; `level` is the least specific level its
 * grant may stand at (LEVEL_ANY: any). */
struct allow {
	const char *role;
	enum level level;
};

/* How a slot may be filled, strongest first. */
#define SLOT_HOWS(X) X(KEY, "key") X(BADGE, "badge") X(PAPER, "paper") X(PHONE, "phone")
#define X(id, text) SLOT_##id,
enum slot_how { SLOT_HOWS(X) SLOT_HOW_MAX };
#undef X

struct slot {
	const char *name;
	int count;
	const char *const *roles;  /* NULL-terminated; one of them at the command's place.  NULL: any
	                            * registered person */
	const char *disjoint;      /* no person of this slot may also fill that one; persons of one
	                            * slot always differ */
	bool optional;             /* not awaited; checked when filled (an observer) */
	const char *zh, *en;
};

enum command_kind {
	FACT,    /* says what happened: refused for sender, scope and form only */
	ORDER,   /* asks leave: a rule may refuse it */
	GUARDED, /* an order whose refusal is an event */
};

struct command {
	const char *name;            /* "custody.hand_over" */
	enum command_kind kind;
	const struct field *fields;
	size_t nfields, size;
	const struct slot *slots;
	size_t nslots;
	const struct allow *allow;
	size_t nallow;
	/* Where it happens: authority asks there.  NULL: the F_PLACE field "place".  May fail
	 * NOT_FOUND or INVALID. */
	enum rc (*place_of)(struct op *op, const void *in, struct str *ret_place);
	enum rc (*run)(struct op *op, const void *in);
	bool founding;               /* the system itself may give it, unsigned, until the foundation of
	                              * the office is closed by authority.found */
	const char *cites;           /* article; NULL when none */
	const char *zh, *en;
};
#define ALLOW(a) .allow = (a), .nallow = COUNT(a)
#define SLOTS(s) .slots = (s), .nslots = COUNT(s)

/* A double entry that every event of a type makes, by names of its fields: `list` repeats it for
 * each item of that F_LIST ("" for none); asset, from, to and qty name fields of the item or of the
 * event; from and to may be "=account" literals.  gongyuan-audit reads the same rows. */
struct posting {
	const char *list, *asset, *from, *to, *qty;
};

struct event_type {
	const char *name;            /* "custody.bag_opened": past tense */
	int version;
	const struct field *fields;
	size_t nfields, size;
	enum rc (*upcast)(struct op *op, const struct json *old, struct json **ret); /* to version + 1 */
	enum rc (*apply)(struct op *op, const struct event *ev); /* NULL: nothing to project */
	const struct posting *postings;
	size_t npostings;
	const char *const *visible_to; /* roles, NULL-terminated; NULL: auditors only beyond the actor */
	const char *zh, *en;
};
#define POSTINGS(p) .postings = (p), .npostings = COUNT(p)

struct reaction {
	const char *on;              /* event type */
	enum rc (*run)(struct op *op, const struct event *ev);
};

struct expectation_rule {
	const char *id;              /* "custody.patrol" */
	const char *opens_on, *met_by, *voided_by; /* event types; voided_by may be NULL */
	/* What it is about: up to LIMIT_OPENS subjects (codes) in the arena; also gives, for a window
	 * anchored to T or E, the session.  The same function serves opening, meeting, voiding. */
	size_t (*subjects_of)(struct arena *a, const struct event *ev, struct str *ret, struct str *ret_session);
	const char *window;          /* a step of the profile: anchor, from, to, every, colours */
	const char *owner;           /* role, resolved at the event's place */
	const char *early, *late, *missing; /* alarm rules; NULL: none */
	const char *cites, *zh, *en;
};

enum colour { COLOUR_BLUE, COLOUR_YELLOW, COLOUR_ORANGE, COLOUR_RED, COLOUR_MAX };
struct alarm_rule {
	const char *id;              /* "custody.counts_differ" */
	enum colour colour;
	const char *owner;           /* role that has it first */
	const char *cites;
	const char *next_zh, *next_en; /* what to do now */
	const char *zh, *en;
};

/* A reconciliation of books: when `closes_on` is applied, run finds what does not balance and
 * posts it to "missing" with an alarm (by reaction). */
struct law {
	const char *id;
	const char *closes_on;
	enum rc (*run)(struct op *op, const struct event *ev);
	const char *cites, *zh, *en;
};

struct job {
	const char *name;
	const char *every;           /* a setting of the profile, seconds */
	enum rc (*run)(struct op *op);
};

struct table {
	const char *name, *ddl;      /* one CREATE TABLE (and its indexes) */
	const char *key;             /* its primary key's columns, "a, b": order of digests */
};

struct view {
	const char *path, *zh, *en;
	const char *const *roles;
	const struct sql *sql;
	const char *const *columns;
	size_t ncolumns;
};

/* Who holds a role at a place at a moment, when duty rosters know better than grants.
 * *ret_known false: ask the grants. */
typedef enum rc role_resolver(struct op *op, struct str role, struct str place, bool *ret_known,
                              struct person_id *ret, size_t max, size_t *ret_n);

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
	role_resolver *resolve;
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
enum rc modules_init(struct op *op, const struct module *const *list, size_t n, struct modules *ret) MUST_CHECK;
void modules_release(struct modules *m);

const struct command *modules_command(const struct modules *m, struct str name);
const struct event_type *modules_event(const struct modules *m, struct str name);
const struct alarm_rule *modules_alarm(const struct modules *m, struct str id);
const struct expectation_rule *modules_expectation(const struct modules *m, struct str id);
bool modules_role(const struct modules *m, struct str id);
/* The roles that are this one or include it; NULL-terminated. */
const char *const *modules_role_forms(const struct modules *m, struct str id);
const struct module *modules_owner(const struct modules *m, const struct event_type *t);

/* The canonical rules.json (formats.md §4): what gongyuan-audit reads. */
struct str modules_rules_json(struct arena *a, const struct modules *m);

/* Tests only: the named row is as if it were not there ("event:custody.x", "expectation:…",
 * "alarm:…", "sql:module/3").  False: no such row. */
bool modules_disable(struct modules *m, struct str row);

#endif
