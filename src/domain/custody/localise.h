/* SPDX-License-Identifier: Apache-2.0 */
/* localise.h -- where a difference arose: the smallest place, and between which two entries.
 *
 * The life of each number says where the books last agreed with what people saw and where they
 * first did not.  Between the two entries, and in that room, site or vehicle, is where to look.
 *
 *   LOST      copies, or a whole bag, that nobody has any more
 *   DOUBLE    more copies than there can be: something was counted twice
 *   SWAPPED   what is short here is too much in another room of the site; or the bag itself was
 *             opened, counted or seen where it was not issued
 *   LATE      counted or come back after its window, or has not come back yet
 *   DISPUTED  a box whose hand-over is still in dispute
 *   MOVED     copies that a room says came with a candidate, or went, and no other room of the site
 *             says so
 *   SCRIPTS   a room's script bag holds another number than its count says was used
 */
#ifndef GY_DOMAIN_CUSTODY_LOCALISE_H
#define GY_DOMAIN_CUSTODY_LOCALISE_H

#include "engine/module.h"
#include "engine/profile.h"

#define GAP_KINDS(X) X(LOST, "lost") X(DOUBLE, "double") X(SWAPPED, "swapped") X(LATE, "late") \
	X(DISPUTED, "disputed") X(MOVED, "moved") X(SCRIPTS, "scripts")
#define X(id, text) GAP_##id,
enum gap_kind { GAP_KINDS(X) GAP_KIND_MAX };
#undef X

struct custody_gap {
	enum gap_kind kind;
	struct str code, asset, place; /* bag, box, script bag; its asset; the smallest place */
	int64_t copies;                /* of a whole bag: those that it held */
	int64_t after, before;         /* indices: the last entry that was sound, the first that is
	                                * not; before < 0: not yet */
};

/* The differences of a session at and under a place ("": everywhere), by number of bag, then boxes.
 * In the op's arena. */
enum rc custody_localise(struct op *op, const struct profile *profile, struct str session,
                         struct str place, struct custody_gap **ret, size_t *ret_n) MUST_CHECK;

const char *gap_kind_text(enum gap_kind k);

#endif
