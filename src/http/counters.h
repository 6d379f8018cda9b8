/* SPDX-License-Identifier: Apache-2.0 */
/* counters.h -- what a console shows as numbers: open alarms by colour, sites by step, papers by
 * state and by where they are, entries a second, of the places of one scope.
 */
#ifndef GY_HTTP_COUNTERS_H
#define GY_HTTP_COUNTERS_H

#include "base/json.h"
#include "base/op.h"
#include "base/str.h"

/* {"alarms":{},"papers":{},"papers_at":{},"session":"","sites":{}}; on a reader's thread. */
enum rc counters_put(struct op *op, const struct str *places, size_t n, struct json *o) MUST_CHECK;

/* The same with entries_per_s and size, canonical, in the op's arena. */
enum rc counters_json(struct op *op, const struct str *places, size_t n, int64_t per_s,
                      struct str *ret) MUST_CHECK;

#endif
