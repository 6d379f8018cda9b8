/* SPDX-License-Identifier: Apache-2.0 */
/* out.h -- text for people: aligned columns that know how wide a Chinese character is, local
 * times, and sentences in the language asked for.
 */
#ifndef GY_CLI_OUT_H
#define GY_CLI_OUT_H

#include "cli/cli.h"

/* A sentence with a newline: stdout, or stderr with --json.  Both formats take the same
 * arguments in the same order. */
void cli_say(const struct cli *c, const char *zh, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4);
/* The same, always to stderr. */
void cli_note(const struct cli *c, const char *zh, const char *en, ...) PRINTF(2, 4) PRINTF(3, 4);

/* op->err as text on stderr, or as {"error":…} on stdout with --json. */
void cli_error(const struct cli *c);

/* "2025-06-07 08:58:00 +08:00" in the profile's offset; "—" for 0. */
struct str cli_time_text(struct cli *c, int64_t ms);
/* "2025-06-07T08:58:00.000+08:00" for --json. */
struct str cli_time_json(struct cli *c, int64_t ms);

/* Columns that a terminal needs for a valid UTF-8 text: wide characters take two. */
size_t text_width(struct str s);

/* A table.  Cells are added row by row, the head first; texts live until grid_print. */
#define GRID_COLUMNS 24
struct grid {
	struct arena *a;
	size_t ncolumns, n, cap;
	struct str *cell;
	bool right[GRID_COLUMNS]; /* numbers */
};
void grid_init(struct grid *g, struct arena *a, size_t ncolumns);
void grid_add(struct grid *g, struct str cell);
void grid_addz(struct grid *g, const char *cell);
void grid_addi(struct grid *g, int64_t v);
void grid_print(const struct grid *g, FILE *to);

#endif
