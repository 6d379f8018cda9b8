/* SPDX-License-Identifier: Apache-2.0 */
/* matrix.h -- docs/roles.csv: who should be allowed what, as people wrote it down. */
#ifndef GY_TEST_MATRIX_H
#define GY_TEST_MATRIX_H

#include "engine/module.h"

enum { CELL_NEVER = -1, MATRIX_ROWS = 512, MATRIX_ROLES = 64 };

struct matrix {
	struct str roles[MATRIX_ROLES];
	size_t nroles;
	struct str commands[MATRIX_ROWS];
	int cell[MATRIX_ROWS][MATRIX_ROLES]; /* enum level, or CELL_NEVER */
	size_t ncommands;
};

/* Texts live in the op's arena.  A malformed file fails the test. */
void matrix_read(struct op *op, struct matrix *ret);

/* What the tables say for a command and a role, roles that include others expanded. */
int tables_cell(const struct modules *m, const struct command *c, struct str role);

/* Every difference between the file and the tables, both ways, a line each; their number. */
int matrix_compare(const struct matrix *x, const struct modules *m, struct strbuf *why);

#endif
