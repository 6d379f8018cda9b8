/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.h -- the room record sheet between its two files: sheet.c keeps it, reconcile.c holds it
 * against what is known.  Private to the group.
 */
#ifndef GY_DOMAIN_SITTING_SHEET_H
#define GY_DOMAIN_SITTING_SHEET_H

#include "domain/sitting/room.h"

struct absentee {
	struct str candidate;
};

struct sheet {
	struct str place, session;
	int64_t expected, present, absent, late, early, toilet, spare, cards, moved_out, moved_in;
	int64_t violations, ill, scripts, opened_at, started_at, ended_at;
	struct str seal, scan;
	struct list absentees;
	struct text remarks, reason;
	bool again;
};

/* In which field sheet and record disagree. */
#define SHEET_DIFFERENCES(X) X(EXPECTED, "expected") X(PRESENT, "present") \
	X(ABSENTEES, "absentees") X(ENTERED, "entered") X(ABSENT_ENTERED, "absent_entered") \
	X(LATE, "late") X(EARLY, "early") X(TOILET, "toilet") X(SPARE, "spare") X(CARDS, "cards") \
	X(MOVED_OUT, "moved_out") X(MOVED_IN, "moved_in") X(VIOLATIONS, "violations") X(ILL, "ill") \
	X(SCRIPTS, "scripts") X(COUNTED, "counted") X(OPENED, "opened") X(STARTED, "started") \
	X(ENDED, "ended") X(SEAL, "seal") X(PAPERS, "papers") \
	X(PAPERS_ABSENT, "papers_absent")
#define X(id, text) SHEET_##id,
enum sheet_field { SHEET_DIFFERENCES(X) SHEET_DIFFERENCE_MAX };
#undef X

struct sheet_difference {
	struct str session;
	int field;
	struct str sheet, known;  /* figures; codes of seals; times of the clock */
};

/* What is known otherwise; at most one of a field, in order of fields. */
enum rc sheet_compare(struct op *op, const struct sheet *s,
                      struct sheet_difference ret[SHEET_DIFFERENCE_MAX], size_t *ret_n) MUST_CHECK;
/* The newest sheet of a room; absentees are codes. */
enum rc sheet_read(struct op *op, struct str session, struct str room, struct sheet *ret,
                   bool *ret_known) MUST_CHECK;

#endif
