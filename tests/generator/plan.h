/* SPDX-License-Identifier: Apache-2.0 */
/* plan.h -- one act to be, how it is thought up, and the world that it happens in.
 *
 * A recipe is a command with its weights and a function that makes generic data sensible; a world
 * is a list of modules with its foundation, its places and its recipes.
 */
#ifndef GY_TEST_PLAN_H
#define GY_TEST_PLAN_H

#include "base/limits.h"
#include "engine/writer.h"

/* What part of an examination's day it is: recipes have their hours. */
enum phase {
	PHASE_PREPARE, PHASE_ARRIVE, PHASE_RELEASE, PHASE_CARRY, PHASE_ISSUE, PHASE_OPEN, PHASE_SIT,
	PHASE_COUNT, PHASE_RETURN, PHASE_CLOSE, PHASE_AFTER, PHASE_MAX
};

enum { PLAN_SLOTS = LIMIT_SLOTS };

/* One act as somebody would type it, before anything is checked. */
struct plan {
	const struct command *c;
	struct json *data;
	struct str place;        /* where it happens, as far as is known */
	struct person_id actor;
	struct signed_slot slot[PLAN_SLOTS];
	size_t nslots;
	bool has_slots;          /* the recipe has chosen who signs */
	struct str reason;       /* of an exception (特批) */
	struct str key;
	int64_t happened_ms;
	enum source source;
	bool bad_signature;
	int64_t device;          /* of an enrolled device other than the host's; 0: the host */
	int chain_fault;         /* 1: a gap in its numbers, 2: a wrong hash of the act before */
};

struct gen;
struct recipe {
	const char *command;
	const char *kind;        /* of the place where it mostly happens: "county", "store", … */
	int always;              /* weight at any time */
	int in[PHASE_MAX];       /* and on top of that, in these phases */
	bool (*make)(struct gen *g, struct plan *p); /* mends the data; false: not now */
	const char *sql, *data;  /* what it is about and what is said of it, before that (said.c) */
};

/* A table of values that a field with this `ref` may point at. */
struct pool {
	const char *ref, *sql;
};

struct spot {
	const char *kind, *path;
};

struct world {
	const char *name;
	const struct module *const *modules;
	const size_t *nmodules;
	void (*found)(struct gen *g);
	const char *persons; /* SQL: their ids */
	const char *texts;   /* SQL: vault ids; NULL: none */
	const struct spot *spots;     size_t nspots;
	const struct pool *pools;     size_t npools;
	const struct recipe *const *recipes; /* tables that end with a nameless one; NULL at the end */
};
extern const struct world county_world, hall_world;

#endif
