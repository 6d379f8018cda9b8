/* SPDX-License-Identifier: Apache-2.0 */
/* stop.h -- a paper is stopped and sealed (停用封存), as the group asks for it.  Private to it.
 *
 * Emits  custody.paper_stopped, custody.stop_sent, custody.stop_room_sent,
 *        custody.stop_acknowledged, custody.stopped_sealed, custody.stop_lifted,
 *        custody.stop_withdrawn, custody.stop_room_withdrawn
 * Owns   custody_stop
 */
#ifndef GY_DOMAIN_CUSTODY_STOP_H
#define GY_DOMAIN_CUSTODY_STOP_H

#include "domain/custody/paper.h"

#define CITE_RECALL "试卷停用封存 DIST-6"

/* Is the paper of a session stopped at a place?  Never a second paper (副题): it is what replaces
 * the one that was stopped. */
enum rc paper_stopped(struct op *op, struct str session, enum paper_kind kind, struct str place,
                      bool *ret) MUST_CHECK;

#endif
