/* SPDX-License-Identifier: Apache-2.0 */
/* named.h -- a command whose place follows a number (struct command, place_by), given by somebody
 * who may give it elsewhere: of a thing that is, and of one that is not.  Which numbers there are
 * is not his to learn, so the answers are the same but for the number.
 */
#ifndef GY_TEST_NAMED_H
#define GY_TEST_NAMED_H

#include "http/served.h"

struct named {
	struct kit *kit;
	struct served *served; /* NULL: in process */
	const struct command *command;
	const char *data, *slots; /* slots NULL: none */
};
/* Fails the test when the two answers differ in a byte, or are not 404. */
void named_as_nothing(const struct named *n, int64_t who);

#endif
