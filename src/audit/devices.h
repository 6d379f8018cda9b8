/* SPDX-License-Identifier: Apache-2.0 */
/* devices.h -- enrolled devices, the chains of their acts, and the heads that they signed.
 *
 * Acts after a device's newest signed head rest on the host's word alone; they are counted, and
 * the report says so.
 */
#ifndef GY_AUDIT_DEVICES_H
#define GY_AUDIT_DEVICES_H

#include "audit/entry.h"
#include "audit/map.h"

struct device;
struct devices {
	struct report *report;
	struct arena *keep;
	struct hints *hints;
	struct map by_id;       /* device id -> struct device * */
	struct device *newest;  /* list of all */
	int64_t acts;
};

void devices_init(struct devices *d, struct report *r, struct arena *keep, struct hints *hints);

/* What a device signs of the head of its chain. */
struct str devices_head_text(struct arena *a, struct str origin, int64_t device, int64_t seq,
                             struct str head_hex);
/* The signature of a device.head_signed entry, verified ahead. */
void devices_ahead(struct arena *a, struct hints *hints, struct entry *e);

/* The act of an entry continues its device's chain. */
void devices_act(struct devices *d, int64_t position, const struct act *act);

/* authority.device_enrolled, authority.device_revoked, device.head_signed take effect. */
void devices_apply(struct devices *d, struct op *op, int64_t position, int64_t id,
                   struct str origin, const struct entry *e);

/* Says how many acts no signed head covers. */
void devices_end(struct devices *d);

#endif
