/* SPDX-License-Identifier: Apache-2.0 */
/* issue.h -- the issue desk as the other modules of the group ask for it.  Private to it.
 *
 * Emits  custody.boxes_released, custody.bag_issued, custody.bag_opened, custody.opening_seen
 */
#ifndef GY_DOMAIN_CUSTODY_ISSUE_H
#define GY_DOMAIN_CUSTODY_ISSUE_H

#include "domain/custody/paper.h"

/* Not the running or the next session's, or before the profile's window for issuing? */
bool bag_out_of_turn(struct op *op, const struct bag *bag, int64_t at_ms);

/* A bag that went to a room, as a signed sheet says: recorded as custody.bag_issued whatever the
 * circumstances, and alarmed when they are wrong.  An unknown number is a found object. */
enum rc issue_record(struct op *op, struct str site, struct str bag, struct str room) MUST_CHECK;

/* Is the room in the site?  Fails: INVALID with the field. */
enum rc room_of_site(struct op *op, struct str site, struct str room, const char *field) MUST_CHECK;

#endif
