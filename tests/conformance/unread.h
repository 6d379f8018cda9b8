/* SPDX-License-Identifier: Apache-2.0 */
/* unread.h -- whoever may not give a command is told that, and the same whatever else is wrong with
 * what is sent: its form, its times, the staff code of a signature; and no staff code is looked up.
 */
#ifndef GY_TEST_UNREAD_H
#define GY_TEST_UNREAD_H

#include "http/served.h"

struct unread {
	struct served *served;
	const char *command, *place;
	bool says_place; /* its data do, by the field "place" */
};

/* From now on the server's looks for a staff code are counted. */
void unread_watch(struct served *s);
/* Fails the test when `who` learns more than that he may not. */
void unread_sent(const struct unread *u, int64_t who);


/* A request as it is right here, sent by somebody of another place with his own place in it: what
 * its number names is ours.  He is told of it what he is told of a number that nothing has, and
 * nothing is recorded. */
struct swapped {
	const char *data, *slots;
	int64_t id;
};
void swapped_sent(const struct unread *u, int64_t who, const char *other, const struct swapped *w);

#endif
