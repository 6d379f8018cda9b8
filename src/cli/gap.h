/* SPDX-License-Identifier: Apache-2.0 */
/* gap.h -- where a difference arose, told in a line: the smallest place, and the two entries
 * between which it arose, with their times and events (domain/custody/half_day.h has the document).
 */
#ifndef GY_CLI_GAP_H
#define GY_CLI_GAP_H

#include "cli/cli.h"
#include "domain/custody/half_day.h"

/* What half_day.h asks of this invocation. */
struct half_day gap_source(struct cli *c, struct str place);

/* One line of an object of half_day_gaps for people. */
void gap_say(struct cli *c, const struct json *gap);

#endif
