/* SPDX-License-Identifier: Apache-2.0 */
/* profile_changes.h -- every place in which one profile differs from another (docs/adr/0010). */
#ifndef GY_PROFILE_CHANGES_H
#define GY_PROFILE_CHANGES_H

#include "base/json.h"
#include "base/op.h"

/* Appends to `list` one {path, was, now} a place: "/settings/login.idle_s/value"; rows of a list
 * are known by their names.  was, now: canonical JSON, "" where there is nothing.
 * Fails: INVALID (no JSON). */
enum rc profile_changes(struct op *op, struct str was, struct str now,
                        struct json *list) MUST_CHECK;

#endif
