/* SPDX-License-Identifier: Apache-2.0 */
/* drill_time.h -- times of a scenario: "D+0 08:50", "D-1 22:30:15", "d1-chinese T-600".
 *
 * The text is read when the drill's sessions are known.
 */
#ifndef GY_APP_DRILL_TIME_H
#define GY_APP_DRILL_TIME_H

#include "app/drill.h"

struct drill_when {
	struct str text; /* empty: no time is asked */
	int64_t ms;      /* 0 until drill_time_read */
};

/* Is the text a time by its form? */
bool drill_time_form(struct arena *scratch, struct str text);

/* Fills io->ms.  Fails: INVALID (no such session in this drill). */
enum rc drill_time_read(struct op *op, const struct drill *d, struct drill_when *io) MUST_CHECK;

#endif
