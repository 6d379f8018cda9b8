/* SPDX-License-Identifier: Apache-2.0 */
/* profile.h -- an examination as configuration: timetable, windows, minutes, ladders.
 *
 * Every number that some rule asks for stands here with its source and how sure it is, never in
 * C.  A profile is read once, checked whole, and its SHA-256 stands in the genesis entry and in
 * each `rules.adopted`.  Offsets are signed seconds.
 */
#ifndef GY_PROFILE_H
#define GY_PROFILE_H

#include "base/hash.h"
#include "base/limits.h"
#include "base/op.h"
#include "engine/profile_lists.h"

enum anchor { ANCHOR_EVENT, ANCHOR_T, ANCHOR_E };

struct profile_session {   /* 科次 */
	struct str id, subject, half_day; /* half_day: "2025-06-07/am" */
	int64_t start_ms, end_ms;         /* T and E */
	struct str zh, en;
	bool listening;                   /* a listening part is played in it */
	bool choosers;                    /* only those take it who chose the subject */
	int late_entry;                   /* enum late_entry: where late candidates are stopped */
	bool entry_said;                  /* the profile says when: */
	int64_t entry_closes_s;           /* seconds from T */
	struct profile_why why;           /* source empty: not said */
};

struct profile_step {      /* a window */
	struct str id;
	enum anchor anchor;
	int64_t from_s, to_s;  /* in time when from <= t <= to, from the anchor */
	int64_t every_s;       /* > 0: recurring; a met or lapsed one opens the next */
	struct str source, article, sure, approver, zh, en;
	/* Colours of the alarms when early, late, missing; -1: the alarm rule's own. */
	int early, late, missing;
	int64_t early_s, late_s; /* so far outside of the window is still in time */
};

struct profile_setting {   /* one number */
	struct str id;
	int64_t value;
	struct str source, article, sure, approver, zh, en;
};

struct profile_rung {
	int64_t after_s;       /* from the raising */
	struct str role;
	int level;             /* at the alarm's place cut to this level; 0: as it is */
};

struct profile_ladder {
	int colour;            /* enum colour */
	int64_t ack_s;         /* an acknowledgement expires after this */
	int close_by;          /* 1 or 2 people */
	struct profile_rung *rungs;
	size_t nrungs;
};

struct profile_subject {
	struct str id, zh, en;
};

struct profile {
	struct str id, exam, zh, en;
	int utc_offset_min;
	struct hash digest;    /* SHA-256 of the file's bytes */
	struct str bytes;
	struct profile_subject *subjects;  size_t nsubjects;
	struct profile_session *sessions;  size_t nsessions; /* by start */
	struct profile_step *steps;        size_t nsteps;
	struct profile_setting *settings;  size_t nsettings;
	struct profile_ladder *ladders;    size_t nladders;
	/* which hows fill which slot: "custody.hand_over/giver" -> bit set of enum slot_how;
	 * "*" is the default */
	struct str *slot_names; uint32_t *slot_hows; size_t nslot_hows;
	struct profile_lists lists;
};

/* What is wrong with a file, in its order: JSON path and reason. */
struct profile_fault {
	struct str path, zh, en;
};
struct profile_faults {
	struct profile_fault *list;
	size_t n;     /* listed: at most PROFILE_FAULTS */
	size_t total; /* found */
	struct err first;
};
enum { PROFILE_FAULTS = 512 };

/* Memory of the result is in `keep`.  Fails: INVALID, op->err.field is the JSON path of the first
 * fault. */
enum rc profile_read(struct op *op, struct arena *keep, struct str bytes,
                     struct profile *ret) MUST_CHECK;
/* The same; *faults (zeroed by the caller; in op's arena) gets every fault. */
enum rc profile_read_all(struct op *op, struct arena *keep, struct str bytes, struct profile *ret,
                         struct profile_faults *faults) MUST_CHECK;
void profile_fault(struct op *op, struct profile_faults *faults); /* adds op->err */

const struct profile_session *profile_session(const struct profile *p, struct str id);
const struct profile_step *profile_step(const struct profile *p, struct str id);
bool profile_has_subject(const struct profile *p, struct str id);
/* A setting's value; `absent` when the profile does not have it.  A number of a rule stands in
 * profiles: modules name the settings that they ask for, and no ledger is founded on a profile that
 * lacks one (profile_fits).  A ledger of before has `absent`, by which the rule is not asked: 0 for
 * a least number, PROFILE_NO_LIMIT for a most. */
#define PROFILE_NO_LIMIT (LIMIT_INT / 1000000) /* as seconds or days it may still be multiplied */
int64_t profile_setting(const struct profile *p, const char *id, int64_t absent);
const struct profile_ladder *profile_ladder(const struct profile *p, int colour);
/* The window of a step with its tolerances: in time when from <= t <= to. */
int64_t profile_step_from(const struct profile_step *s);
int64_t profile_step_to(const struct profile_step *s);
bool profile_slot_how(const struct profile *p, struct str command, struct str slot, int how);

/* The half day in which t lies or, when none does, the next one; its first session.
 * NULL: no session ends after t. */
const struct profile_session *profile_next(const struct profile *p, int64_t t_ms);

#endif
