/* SPDX-License-Identifier: Apache-2.0 */
/* command.h -- roles, signature slots and commands, as a module declares them. */
#ifndef GY_COMMAND_H
#define GY_COMMAND_H

#include "base/op.h"
#include "engine/field.h"

enum level { LEVEL_ANY, LEVEL_PROVINCE, LEVEL_CITY, LEVEL_COUNTY, LEVEL_SITE, LEVEL_ROOM };

struct role {
	const char *id, *zh, *en;
	const char *const *includes; /* roles of lower modules that it carries with it (the engine's
	                              * alarm_handler, say); NULL-terminated; NULL: none */
	/* Who has the same duty where there is no such role, because the place lies above `level`: the
	 * duty officer's is the city's duty officer's there (modules_owner).  NULL: nobody. */
	const char *above;
	enum level level;
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
	/* The field whose number place_of follows; NULL: none.  A number of another place, where the
	 * sender does not serve, is answered as one that nothing has: NOT_FOUND. */
	const char *place_by;
	enum rc (*run)(struct op *op, const void *in);
	bool founding;               /* the system itself may give it, unsigned, until the foundation of
	                              * the office is closed by authority.found */
	const char *cites;           /* article; NULL when none */
	const char *zh, *en;
};
#define ALLOW(a) .allow = (a), .nallow = COUNT(a)
#define SLOTS(s) .slots = (s), .nslots = COUNT(s)

#endif
