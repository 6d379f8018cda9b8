/* SPDX-License-Identifier: Apache-2.0 */
/* act.h -- numbered acts, the same for the same number: what is sent, and sent again, to a writer
 * whose database fails.
 */
#ifndef GY_TEST_ACT_H
#define GY_TEST_ACT_H

#include "base/random.h"
#include "engine/writer.h"

/* The number stands at the end of the idempotency key. */
#define ACT_KEY "01890000-0000-7000-9000-"

struct act {
	struct arena arena;
	struct request request;
	struct beside beside[LIMIT_PERSONAL];
	uint64_t number;
};

/* A place under `sc` is recorded.  Ends the program when the act cannot be made. */
void act_make(struct act *a, const struct modules *m, struct random *r, uint64_t number);

/* What the writing program says to the one that watches it: notes of one size on descriptor 3. */
enum note_kind { NOTE_READY, NOTE_ACK };
struct act_note {
	uint64_t number; /* READY: entries */
	int64_t index;   /* -1: acknowledged before it was known */
	struct hash leaf;
	enum note_kind kind;
};

#endif
