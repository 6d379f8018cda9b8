/* SPDX-License-Identifier: Apache-2.0 */
/* half_day.h -- a half day's bags, room by room, as a document: those out of order first, and where
 * each difference arose (localise.h), between which two entries.
 *
 * For the machine's own `custody reconcile` and for whoever asks over the network.
 */
#ifndef GY_DOMAIN_CUSTODY_HALF_DAY_H
#define GY_DOMAIN_CUSTODY_HALF_DAY_H

#include "domain/custody/custody.h"
#include "engine/profile.h"

struct ledger;

/* Why a bag is out of order. */
#define TROUBLES(X) X(NONE, "平", "balanced") X(LOST, "未回收", "not back") \
	X(SHORT, "短少", "short") X(EXCESS, "多出", "too many") X(UNCOUNTED, "未清点", "not counted")
#define X(id, zh, en) TROUBLE_##id,
enum trouble { TROUBLES(X) TROUBLE_MAX };
#undef X
extern const struct word TROUBLE_WORDS[TROUBLE_MAX];

struct half_day {
	struct op *op;                 /* all memory is its arena's; now_ms: what has ended */
	const struct profile *profile;
	const struct ledger *ledger;   /* for the times of entries */
	int offset_min;                /* of times in the document */
	struct str place;              /* at and under it ("": all); of a room also its bags' way */
	/* Each bag, in the order of the rows; may be NULL. */
	void (*each)(void *ctx, const struct custody_line *l, enum trouble why);
	void *ctx;
	int64_t bags, unbalanced, uncounted;
};

/* {half_day, place, bags, unbalanced, uncounted, rows, differences}.
 * Fails: INVALID (the profile has no such half day), as custody_localise. */
enum rc half_day_tell(struct half_day *x, struct str half_day, struct json *o) MUST_CHECK;

/* Appends to `list` one object for each difference of a session; of *x: op, profile, ledger,
 * offset_min, place.
 *   {kind, code, asset, session, place, copies, after, before, first, last}
 * after, before: {index, time, event}; before null: not seen yet.  Fails as custody_localise. */
enum rc half_day_gaps(const struct half_day *x, struct str session, struct json *list) MUST_CHECK;

#endif
