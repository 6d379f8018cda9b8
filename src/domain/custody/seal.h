/* SPDX-License-Identifier: Apache-2.0 */
/* seal.h -- what other files of the group say when papers lay open.  Private to "custody". */
#ifndef GY_DOMAIN_CUSTODY_SEAL_H
#define GY_DOMAIN_CUSTODY_SEAL_H

#include "domain/custody/room.h"

/* Somebody saw what is inside: recorded, alarmed, and isolation is expected.  `persons`: structs
 * named, may be empty.  `object`: a number, label or trip. */
enum rc content_seen(struct op *op, struct str place, struct str object,
                     struct list persons) MUST_CHECK;

#endif
