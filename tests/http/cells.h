/* SPDX-License-Identifier: Apache-2.0 */
/* cells.h -- every request that needs a caller, out of the server's own description: each command,
 * each view, and every other path; a route that is added later is among them.
 */
#ifndef GY_TEST_CELLS_H
#define GY_TEST_CELLS_H

#include "http/serving.h"

enum { CELLS_MOST = 1024 };

struct cell {
	const char *method, *path; /* braces filled; no query */
	const char *type, *body;   /* NULL: none */
	const char *command;       /* its name; NULL: another path */
	bool view;                 /* a list of rows */
	bool stream;               /* does not end for who may listen */
};

/* `place` stands in the data of commands.  Fails the test when a path is open that should not
 * be. */
size_t cells_read(struct serving *s, const char *place, struct cell *ret);
/* Sends it with what stands in `s` (token, cookie, head), commands with a key of their own. */
void cell_ask(struct serving *s, const struct cell *c, const char *query, struct heard *ret);

#endif
