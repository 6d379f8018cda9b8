/* SPDX-License-Identifier: Apache-2.0 */
/* newest.h -- the greatest idempotency key that each device has used.
 *
 * Invariant: no receipt of a device that is known here has a greater key than the one kept.  It may
 * be too great (of a batch that was given up), which only costs a look-up.
 */
#ifndef GY_LEDGER_NEWEST_H
#define GY_LEDGER_NEWEST_H

#include "base/str.h"

struct newest;

struct newest *newest_new(void);
void newest_free(struct newest *n); /* NULL is fine */
bool newest_knows(const struct newest *n, int64_t device);
/* Makes the device known; its key becomes the greater of the two. */
void newest_raise(struct newest *n, int64_t device, struct str key);
/* Is this key greater than all of this device?  False for an unknown device. */
bool newest_is_greater(const struct newest *n, int64_t device, struct str key);

#endif
