/* SPDX-License-Identifier: Apache-2.0 */
/* visit.h -- when papers are about, and what people enter a room for.  Private to the group
 * "custody". */
#ifndef GY_DOMAIN_CUSTODY_VISIT_H
#define GY_DOMAIN_CUSTODY_VISIT_H

#include "domain/custody/room.h"

#define ENTRIES(X) X(DUTY, "duty") X(HAND_OVER, "hand_over") X(CHECK, "check") \
	X(REPLAY, "replay") X(REPAIR, "repair") X(INSPECT, "inspect") X(VISIT, "visit")
#define X(id, text) ENTRY_##id,
enum entry_purpose { ENTRIES(X) ENTRY_MAX };
#undef X
extern const char *const ENTRY_TEXT[ENTRY_MAX];
extern const struct word ENTRY_WORDS[ENTRY_MAX];

/* custody.room_entered, and as much of it as is typed. */
struct room_entry {
	struct str place;
	int purpose;
	bool phone_left;
	struct text visitor;
	struct person_id person; /* who signs: events only */
};

/* Does the moment lie between the release of some half day's boxes and the end of its return? */
bool papers_about(const struct op *op, int64_t at_ms);

#endif
