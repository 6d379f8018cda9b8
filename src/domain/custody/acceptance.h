/* SPDX-License-Identifier: Apache-2.0 */
/* acceptance.h -- has a store been accepted, and until when?  Private to the group "custody". */
#ifndef GY_DOMAIN_CUSTODY_ACCEPTANCE_H
#define GY_DOMAIN_CUSTODY_ACCEPTANCE_H

#include "domain/custody/room.h"

/* *ret true: this certificate of the place is on record and its time is over.  One that is not on
 * record is not judged: it lies on paper. */
enum rc acceptance_over(struct op *op, struct str place, struct str certificate,
                        bool *ret) MUST_CHECK;

#endif
