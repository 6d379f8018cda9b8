/* SPDX-License-Identifier: Apache-2.0 */
/* drill_scenario.h -- a scenario: a city, edits to what its people do, and what must be noticed.
 *
 * A scenario adds facts and omissions, never alarms.  docs/scenarios.md is the schema.
 */
#ifndef GY_APP_DRILL_SCENARIO_H
#define GY_APP_DRILL_SCENARIO_H

#include "app/drill_time.h"

/* Which steps are meant.  Empty texts ask nothing. */
struct drill_selector {
	struct str path;               /* in the file, for messages */
	struct str what, place, under, session, as; /* under: a place and all below it */
	const struct json *where;      /* members of the step's data that must be equal; NULL */
	struct drill_when at, from, to; /* at: the step nearest to it */
	int64_t nth;                   /* from 1; 0: all that match */
};

/* SKEW: a clock that is wrong; TELL: facts told only when the network is back. */
enum edit_kind { EDIT_OMIT, EDIT_CHANGE, EDIT_SHIFT, EDIT_REPEAT, EDIT_SKEW, EDIT_TELL, EDIT_ADD };

struct drill_edit {
	enum edit_kind kind;
	struct drill_selector of;
	struct str path;
	const struct json *set, *plus; /* CHANGE: members of the data, "boxes/0/bags" into lists */
	struct str drop;               /* CHANGE: a member or item that is taken away: "bags/0" */
	struct str as, slots, source;  /* CHANGE and ADD; {NULL, 0}: as it was */
	int64_t by_s;                  /* SHIFT, REPEAT, SKEW */
	struct str command, place;     /* ADD */
	struct drill_when at, happened; /* ADD; TELL: at */
	const struct json *data;
};

struct drill_notice {
	struct str rule, place;        /* place "": anywhere; else there or under it */
	struct drill_when from, by;    /* raised between */
};

struct drill_injection {
	struct str id, cause, quote;   /* cause: the case, "C01" */
	struct drill_edit *edits;      size_t nedits;
	struct drill_notice *notices;  size_t nnotices;
	struct drill_notice *also;     size_t nalso; /* what it may bring with it */
};

struct drill_fault {               /* of the file */
	struct str path, zh, en;
};

struct scenario {
	struct str id, zh, en, profile; /* profile: a name in profiles/ */
	int counties, sites, rooms, seats, days;
	bool gates;                    /* they tell each candidate, not the sum alone */
	uint64_t seed;
	struct drill_injection *injections; size_t ninjections;
	struct drill_edit *noise;      size_t nnoise;   /* what happens within the rules */
	struct drill_notice *allow;    size_t nallow;   /* may be alarmed */
	struct drill_fault *faults;    size_t nfaults;
};

/* Reads one file.  `small` takes the size from its "small" block.  Fails: INVALID (ret->faults
 * lists all that is wrong; op->err has the first).  Times are not read yet: they need the
 * profile. */
enum rc scenario_read(struct op *op, struct arena *keep, struct str bytes, bool small,
                      struct scenario *ret) MUST_CHECK;

/* Times of the file, once the drill's sessions are known; then its edits, on the steps.
 * `without`: the id of an injection that is left out ("": none).
 * Fails: INVALID (a selector that matches nothing, an unknown name). */
enum rc scenario_times(struct op *op, struct drill *d, struct scenario *s) MUST_CHECK;
enum rc scenario_apply(struct op *op, struct drill *d, const struct scenario *s,
                       struct str without) MUST_CHECK;

#endif
