/* SPDX-License-Identifier: Apache-2.0 */
/* giver.h -- a batch of requests put into the writer's queue by a thread that may wait, and all
 * their answers.
 */
#ifndef GY_APP_GIVER_H
#define GY_APP_GIVER_H

#include "engine/run.h"

typedef enum rc giver_submit(void *ctx, const struct request *r,
                             void (*done)(void *ctx, const struct answer *a), void *done_ctx);

/* A full queue is waited for, ten seconds at most.  BUSY: what was not taken has that answer, with
 * its sentence, and the first of them is in ret[0] too. */
enum rc giver_give(giver_submit *submit, void *ctx, const struct request *r, struct answer *ret,
                   size_t n) MUST_CHECK;

#endif
