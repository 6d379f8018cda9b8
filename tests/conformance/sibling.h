/* SPDX-License-Identifier: Apache-2.0 */
/* sibling.h -- two sites of one county: what one of them sends is sent again by its own people with
 * one number or place in it replaced by the other site's.
 *
 * An order is refused and leaves nothing; a fact is recorded and alarmed; whatever is neither
 * stands in a list with the reason why it is right (sibling.c), and a row of it that is not needed
 * fails too.
 */
#ifndef GY_TEST_SIBLING_H
#define GY_TEST_SIBLING_H

#include "http/served.h"

#define NEXT_SITE "sc/cd/jn/s02"

struct scene;

struct sibling_request {
	struct served *served;
	const char *command, *data, *slots; /* as this site sends them, and may */
};

/* The other site: its people, rooms, candidates, papers, alarms, orders.  Before the story. */
void sibling_open(struct scene *s);
/* Of a request that would be taken now: each of its numbers in turn.  Facts wait for the end. */
void sibling_swapped(const struct sibling_request *r, int64_t who);
/* The facts, when the story is over; then nothing may have been found. */
void sibling_close(struct served *served);

#endif
