/* SPDX-License-Identifier: Apache-2.0 */
/* report.h -- the day's report (值班日报): what was planned, what happened, where the papers are,
 * what was alarmed, who answered and how long it took.
 *
 * It is gathered into one JSON document: what the command line prints, a form shows and a screen
 * draws is made of that document, so they say the same.  Every number stands beside the range of
 * entries it comes from (`first`, `last`) or the question that gives it again (`query`).
 * gongyuan-audit --report holds the numbers of papers against its own books.
 */
#ifndef GY_DOMAIN_DUTY_REPORT_H
#define GY_DOMAIN_DUTY_REPORT_H

#include "base/json.h"
#include "engine/module.h"
#include "engine/profile.h"

struct ledger;

struct day_report {
	/* What is asked, and of whom. */
	struct op *op;                  /* all memory is its arena's; now_ms: as of when */
	const struct profile *profile;
	const struct modules *modules;
	const struct ledger *ledger;
	int offset_min;                 /* of times in the document */
	struct str origin, exam;
	bool drill;
	struct str system;              /* the word for what no person did */
	struct str day, place, session; /* "2025-06-07"; place "" all; session "" the whole day */
	/* What comes of it. */
	int64_t from_ms, to_ms;         /* the day by the profile's clock */
	int64_t size, first, last;      /* entries there are; of the day, -1 when none */
	struct json *doc;               /* an object to fill; NULL: a new one */
};

/* The day by its text, as "2025-06-07"; empty: the session's, else today.  False: no such day. */
bool day_set(struct day_report *d, struct str day) MUST_CHECK;

/* Everything, into d->doc; day_set has been called.  Fails as ledger_scan and custody_localise. */
enum rc day_report(struct day_report *d) MUST_CHECK;

/* report_gather.c, report_papers.c and report_alarms.c: the parts of the document. */
enum rc day_range(struct day_report *d) MUST_CHECK; /* the entries of the day */
enum rc day_people(struct day_report *d) MUST_CHECK;
enum rc day_sessions(struct day_report *d) MUST_CHECK;
enum rc day_expected(struct day_report *d) MUST_CHECK;
enum rc day_desk(struct day_report *d) MUST_CHECK;
enum rc day_next(struct day_report *d) MUST_CHECK;
enum rc day_papers(struct day_report *d) MUST_CHECK;
enum rc day_alarms(struct day_report *d) MUST_CHECK;

/* Is this session the report's, or one of its day? */
bool day_has(const struct day_report *d, const struct profile_session *s);
/* "first" and "last" of an object. */
void day_mark(struct day_report *d, struct json *o, int64_t first, int64_t last);
/* An index of the ledger out of an id made here. */
int64_t day_index(int64_t id);
/* A staff code, or "#12" of somebody who has none. */
struct str day_person(struct day_report *d, struct person_id who);
/* "2025-06-07T08:58:00.000+08:00" */
struct str day_time(struct day_report *d, int64_t ms);

#endif
