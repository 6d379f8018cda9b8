/* SPDX-License-Identifier: Apache-2.0 */
/* session.h -- a site's steps as the bell log asks for them.  Private to the group. */
#ifndef GY_DOMAIN_SITTING_SESSION_H
#define GY_DOMAIN_SITTING_SESSION_H

#include "domain/sitting/site.h"

/* When the site says that it did a step; 0: not reported. */
enum rc session_step_at(struct op *op, struct str session, struct str site, enum sitting_step step,
                        int64_t *ret_ms) MUST_CHECK;

/* Of an order that only what is still to come can obey: the session must go on at that place when
 * it was given.  One that was given by telephone or on paper is of its own moment (happened),
 * whenever it is keyed.  Fails: CONFLICT. */
enum rc session_still_on(struct op *op, struct str session, struct str place,
                         const char *cites) MUST_CHECK;

/* Raises sitting.before_bell when the step came before the bell by more than the profile's grace;
 * a time of 0 is unknown. */
enum rc session_before_bell(struct op *op, struct str session, struct str site, int64_t step_ms,
                            int64_t bell_ms) MUST_CHECK;

#endif
