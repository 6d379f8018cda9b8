/* SPDX-License-Identifier: Apache-2.0 */
/* office.h -- a founded office for the tests of the server: three administrators P1 P2 P3 with keys
 * (cli/shell.h), and those who work there.
 */
#ifndef GY_TEST_OFFICE_H
#define GY_TEST_OFFICE_H

#include "http/terminal.h"

struct worker {
	const char *code, *role, *place;
	int64_t person, grant; /* set by office_open */
};

/* The shell is opened, and the foundation closed. */
void office_open(struct shell *s, struct worker *w, size_t n);
/* Stops the server, if one runs, which must end well. */
void office_close(struct shell *s, struct serving *v);
/* A terminal of this name, enrolled by two administrators. */
void office_enrol(struct serving *v, struct terminal *t, const char *name, const char *place);

#endif
