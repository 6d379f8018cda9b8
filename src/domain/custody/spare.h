/* SPDX-License-Identifier: Apache-2.0 */
/* spare.h -- spare papers, changed cards, second papers (备用卷, 换卡, 副题).  Private to the group.
 *
 * Emits  custody.spare_used, custody.card_changed, custody.second_ordered
 * Owns   custody_second
 */
#ifndef GY_DOMAIN_CUSTODY_SPARE_H
#define GY_DOMAIN_CUSTODY_SPARE_H

#include "domain/custody/paper.h"

#define CITE_SECOND "考务工作规定 副题 (1.7)"

/* Has the province ordered the second paper of a session at this place? */
enum rc second_ordered(struct op *op, struct str session, struct str place, bool *ret) MUST_CHECK;

#endif
