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
	const char *other;         /* a place that this one does not cover */
	const char *data, *slots;  /* as they are right here; slots NULL: none */
	int64_t id;                /* the number in the data of something that is ours; 0: none */
};

/* From now on the server's looks for a staff code are counted. */
void unread_watch(struct served *s);
/* Do the data say where it happens, by the field "place"? */
bool unread_says_place(const struct unread *u);
/* Fails the test when `who`, who may not, learns more than that. */
void unread_sent(const struct unread *u, int64_t who);
/* Who may at the other place: the same; and when he sends what is right here with his own place in
 * it, he is told of our number what he is told of one that nothing has, and nothing is recorded. */
void unread_elsewhere(const struct unread *u, int64_t who);

#endif
