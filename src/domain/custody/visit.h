/* SPDX-License-Identifier: Apache-2.0 */
/* visit.h -- when papers are about.  Private to the group "custody". */
#ifndef GY_DOMAIN_CUSTODY_VISIT_H
#define GY_DOMAIN_CUSTODY_VISIT_H

#include "domain/custody/room.h"

/* Does the moment lie between the release of some half day's boxes and the end of its return? */
bool papers_about(const struct op *op, int64_t at_ms);

#endif
