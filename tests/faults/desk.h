/* SPDX-License-Identifier: Apache-2.0 */
/* desk.h -- where the program that is killed works: an open office and the acts given in it.
 *
 * The act is the bench's: custody.return_bags of one bag by two to two, with its rule, books,
 * expectation and idempotency.  The bags stand ready in a world that is made once and copied; a
 * number is a bag, so an act sent again after a kill has the same key and the same bytes.
 */
#ifndef GY_TEST_DESK_H
#define GY_TEST_DESK_H

#include "bench/world.h"
#include "load.h"

enum { FLIGHT = 256, BATCH = 64 };

struct act {
	struct arena arena;
	struct request request;
	struct signed_slot slots[4];
	uint64_t number;
	bool busy, early;
};

struct desk {
	struct office office;
	struct world world;
	struct arena arena;
	struct op op;
	struct act act[FLIGHT];
	bool ignore; /* acknowledges whatever the writer says */
};

/* Makes a world of n bags in `dir`, and DIR.world, which says who may act in it. */
void desk_make(const char *dir, int64_t n);

/* Reads the file named by GONGYUAN_WORLD. */
void desk_prepare(struct desk *d);

/* Opens as the product does; `known` "": DIR.checkpoint.  The second says so, or gives up. */
enum rc desk_open(struct desk *d, const char *dir, const char *known);
void desk_begin(struct desk *d, const char *dir, const char *known);

void desk_act(struct desk *d, struct act *a, uint64_t number);
/* n acts from `first` in one batch, answers told; the code, and its sentences in d->op.err. */
enum rc desk_batch(struct desk *d, uint64_t first, int n);
enum rc desk_sign(struct desk *d);
enum rc desk_rebuild(struct desk *d);
enum rc desk_blob(struct desk *d, uint64_t number);

/* Notes. */
void say(const struct said *s);
void desk_tell(const struct desk *d, const struct act *a, const struct answer *x);
_Noreturn void give_up(const struct err *e);

/* load_scene.c: one thing with a fault at its `at`th call; ends by a kill. */
struct scene {
	const char *name, *dir;
	uint64_t first;
	enum shim_fault fault;
	long at;
	bool swallow;
};
void scene_play(struct desk *d, const struct scene *s);

#endif
