/* SPDX-License-Identifier: Apache-2.0 */
/* view_cells.h -- role × view × place over HTTP, as docs/views.csv has it. */
#ifndef GY_TEST_VIEW_CELLS_H
#define GY_TEST_VIEW_CELLS_H

#include "http/served.h"

/* The roles, and somebody who holds one at a place. */
struct view_crowd {
	const struct str *roles;
	size_t nroles;
	int64_t (*person)(void *ctx, struct str role, const char *scope);
	void *ctx;
};

/* Fails the test at the first cell that is otherwise. */
void view_cells(struct served *s, const struct view_crowd *c);
/* Every command and view of the document has been asked. */
void must_have_asked_all(void);

#endif
