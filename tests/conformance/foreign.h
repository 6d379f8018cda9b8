/* SPDX-License-Identifier: Apache-2.0 */
/* foreign.h -- what happened in one county is sent again by another that may give the command at
 * home, with its own places and signatures and the first one's numbers in it: bags, boxes, trips,
 * orders, candidates.  It is told what it is told of numbers that nothing has.
 */
#ifndef GY_TEST_FOREIGN_H
#define GY_TEST_FOREIGN_H

#include "http/served.h"

#define ABROAD "sc/cd/qy" /* where nothing happened */

/* Somebody who holds a role at a place. */
struct foreign_crowd {
	int64_t (*person)(void *ctx, struct str role, const char *scope);
	void *ctx;
};
struct foreign {
	struct served *served;
	const struct foreign_crowd *crowd;
	const char *command;
	const char *data, *slots; /* as they were sent at home; slots NULL: none */
};

/* The path at home, abroad. */
const char *foreign_place(struct arena *a, const char *place);
/* Fails the test when `who`, who may give the command at `place` (abroad), is told more. */
void foreign_sent(const struct foreign *f, int64_t who, const char *place);

#endif
