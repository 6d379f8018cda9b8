/* SPDX-License-Identifier: Apache-2.0 */
/* gap.h -- where a difference arose, told: the smallest place, and the two entries between which
 * it arose, with their times and events (domain/custody/localise.h finds them).
 */
#ifndef GY_CLI_GAP_H
#define GY_CLI_GAP_H

#include "cli/cli.h"

/* Appends to `list` one object for each difference of a session at and under a place ("": all): of
 * a room also those of its bags that arose on their way.
 *   {kind, code, asset, session, place, copies, after, before, first, last}
 * after, before: {index, time, event}; before null: not seen yet.  Fails as custody_localise. */
enum rc gap_list(struct cli *c, struct str session, struct str place, struct json *list) MUST_CHECK;

/* One line of such an object for people. */
void gap_say(struct cli *c, const struct json *gap);

#endif
