/* SPDX-License-Identifier: Apache-2.0 */
/* drill.h -- a simulated city: its model, and the steps that its people take (演练).
 *
 * A drill is made from a scenario (app/drill_scenario.h) and a seed alone.  First the city:
 * places, staff, sessions, who sits where.  Then each actor of the table in drill_actors.c adds
 * the steps of its module for the whole examination; an actor knows nothing of faults.  Then the
 * scenario's edits change, shift, omit and add steps.  At last the steps are sorted by time and
 * played through the command table, authority and writer, as if typed (app/drill_play.c).
 *
 * docs/scenarios.md says how to add an actor, with an example.
 */
#ifndef GY_APP_DRILL_H
#define GY_APP_DRILL_H

#include "base/json.h"
#include "base/random.h"
#include "engine/module.h"
#include "engine/profile.h"
#include "engine/run.h"

#define DRILL_SECOND INT64_C(1000)
#define DRILL_MINUTE (60 * DRILL_SECOND)
#define DRILL_HOUR (60 * DRILL_MINUTE)
#define DRILL_DAY (24 * DRILL_HOUR)
/* ---- the city ---- */

struct drill_site;
struct drill_sitting_of;
struct drill_county {
	int number;                    /* from 1 */
	const char *code, *path;       /* "X01", "sc/cd/x01" */
	const char *store;             /* its secrecy room: "sc/cd/x01/store" */
	struct drill_site *sites;
	int nsites;
};

struct drill_room {
	struct drill_site *site;
	int number;                    /* from 1 */
	const char *path;              /* "sc/cd/x01/s02/r03" */
	struct drill_sitting_of *sittings; /* by session; see drill_seats */
};

struct drill_site {
	struct drill_county *county;
	int number;                    /* in its county, from 1 */
	const char *code, *path;       /* "X01S02", "sc/cd/x01/s02" */
	struct drill_room *rooms;
	int nrooms;
};

/* A session (科次) that this drill plays.  Rooms first .. first + n - 1 of each site sit it. */
struct drill_session {
	const struct profile_session *p;
	const char *id;                /* "d1-chinese" */
	int64_t start_ms, end_ms;      /* T and E */
	int number, day, half;         /* number and half: from 0 over the drill; day: 0 is D+0 */
	int first_room, nrooms;
};

/* ---- a step ---- */

struct drill_step {
	int64_t at_ms;
	int64_t happened_ms;           /* 0: at at_ms; else when it happened, told only at at_ms */
	const char *command;
	const char *what;              /* label for selectors; the command when NULL */
	const char *as;                /* staff code; "" the system, until the foundation */
	const char *data;              /* JSON with staff codes, as a person would type it */
	const char *slots;             /* "giver=badge:X01-C1 receiver=key:X01-K1" */
	const char *session, *place;   /* for selectors, when the data does not say; NULL */
	const char *publishes;         /* name under which later data finds this step's id: ${NAME} */
	enum source source;            /* SOURCE_TERMINAL at first */
	enum rc answer;                /* what must come of it; OK at first */
	bool edited;                   /* a scenario's edit made or changed it */
	bool omitted;
	size_t order, number;          /* of making, kept in one moment; in the day, from 1; 0: no */
};

struct drill_names;                /* names for scenarios and published ids */
struct scenario;

struct drill {
	struct arena *arena;           /* of the whole drill */
	const struct profile *profile;
	const struct modules *modules;
	const struct scenario *scenario;
	uint64_t seed;
	const char *province, *city;   /* "sc", "sc/cd" */
	struct drill_county *counties; int ncounties;
	struct drill_site **sites;     int nsites;     /* of all counties */
	struct drill_session *sessions; int nsessions; /* by start */
	int seats;                     /* of a full room */
	int days;
	int64_t first_day_ms;          /* local midnight that begins D+0 */
	int64_t start_ms, end_ms;      /* the office is founded; everything is over */
	struct drill_step **steps;     size_t nsteps, cap;
	struct drill_names *names;
};

/* Adds one module's steps for the whole drill. */
typedef enum rc drill_actor(struct op *op, struct drill *d);
extern drill_actor *const drill_actors[]; /* NULL-terminated */
extern const char *const drill_awaited[];  /* alarm rules whose actors are not written yet */

/* ---- for actors ---- */

/* A step; `fmt` gives its data with ' in place of ".  The result stays where it is. */
struct drill_step *drill_add(struct drill *d, int64_t at_ms, const char *command, const char *as,
                             const char *slots, const char *fmt, ...) PRINTF(6, 7);
const char *drill_fmt(struct drill *d, const char *fmt, ...) PRINTF(2, 3);

/* "D-1 22:30" is drill_at(d, -1, 22, 30). */
int64_t drill_at(const struct drill *d, int day, int hour, int minute);

const char *drill_date(struct drill *d, int day); /* "2025-06-07" */

/* The n-th (from 1) holder of a role at a province, city, county or site, as drill_city.c lists
 * them; NULL: none.  drill_badge writes "slot=badge:CODE ", or key for those that have one. */
const char *drill_staff(struct drill *d, const char *place, const char *role, int n);
int drill_staff_count(const struct drill *d, const char *place, const char *role);
const char *drill_badge(struct drill *d, const char *slot, const char *code);
/* The two invigilators of a room: which is 0 or 1. */
const char *drill_invigilator(struct drill *d, const struct drill_room *r, int which);

/* Does this room sit this session; how many are expected, and how many of them are absent. */
bool drill_sits(const struct drill_room *r, const struct drill_session *s);
int drill_seats(const struct drill *d, const struct drill_room *r, const struct drill_session *s);
int drill_absent(const struct drill *d, const struct drill_room *r, const struct drill_session *s);
bool drill_is_absent(const struct drill *d, const struct drill_room *r,
                     const struct drill_session *s, int seat);
/* The second of its half day: whoever sits it waits for it (候考区) in "SITE/w01", ten rooms each. */
bool drill_is_second(const struct drill_session *s);
enum { DRILL_ROOMS_WAITING = 10 };
/* What everybody in a room has chosen: "physics.chemistry.politics"; "" where nothing is chosen. */
const char *drill_combination(struct drill *d, const struct drill_room *r);
/* Who has this seat (from 1) of a room, in each session that the room sits. */
const char *drill_candidate(struct drill *d, const struct drill_room *r, int seat);

/* Chance.  Each actor draws from streams of its own, so that its change moves nobody else's. */
struct random drill_random(const struct drill *d, const char *stream, int64_t number);
int64_t drill_between(struct random *r, int64_t from, int64_t to); /* uniform, both included */
/* As people have them: half under the median, one in a hundred over p99, none over p99 * 5/4. */
int64_t drill_delay(struct random *r, int64_t median_ms, int64_t p99_ms);

/* A name by which scenarios find what was made from the seed: drill_name(d, "GK1234567",
 * "bag:%s:%s", session, room) makes ${bag:d1-chinese:sc/cd/x01/s01/r01} that number. */
void drill_name(struct drill *d, const char *value, const char *fmt, ...) PRINTF(3, 4);

#endif
