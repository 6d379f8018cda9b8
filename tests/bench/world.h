/* SPDX-License-Identifier: Apache-2.0 */
/* world.h -- a county on the day of an examination, ready for the measured act.
 *
 * Bags are registered at their sites; `ready` of them, spread over all, have been issued to their
 * rooms, so that each is owed back to the secrecy room by an expectation.  The measured act is
 * custody.return_bags with one bag: a hand-over by two to two, checked against the bag's row and
 * seal; it moves its copies from the room's book into the store's, meets custody.return, and adds a
 * step to the life of the bag.  Each bag is returned once, so a round works on a fresh copy.
 */
#ifndef GY_BENCH_WORLD_H
#define GY_BENCH_WORLD_H

#include "app/office.h"

struct shape {
	int64_t subjects, ready; /* ready <= subjects */
};

/* Who acts: numbers of registered persons. */
enum { KEEPERS = 4, OFFICERS = 2, INVIGILATORS = 2, COURIERS = 2 };
struct cast {
	int64_t keeper[KEEPERS], officer[OFFICERS], clerk, invigilator[INVIGILATORS], courier[COURIERS];
};

/* A made world: a folder (and a PostgreSQL database) that is only copied from. */
struct world {
	struct str dir, url; /* url "": SQLite */
	struct str profile;  /* bytes */
	struct shape shape;
	struct cast cast;
};

/* Makes it in `dir`, which must not exist.  Says on stderr how far it is. */
enum rc world_make(struct op *op, struct world *w) MUST_CHECK;

/* Opens it for writing with the clock at the time of the returns and the system's randomness.
 * `dir` and `url`: the world's own or a copy's. */
enum rc world_open(struct op *op, struct str dir, struct str url, struct office *ret) MUST_CHECK;

/* The i-th measured act, i < shape.ready, in `a`; `slots` has room for four. */
struct request world_act(const struct world *w, struct arena *a, int64_t i,
                         struct signed_slot *slots);

#endif
