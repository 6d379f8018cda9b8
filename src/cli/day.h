/* SPDX-License-Identifier: Apache-2.0 */
/* day.h -- the day's report (值班日报): what was planned, what happened, where the papers are, what
 * was alarmed, who answered and how long it took.
 *
 * It is gathered into one JSON document, and what people read is printed from that document, so
 * the two say the same.  Every number stands beside the range of entries it comes from (`first`,
 * `last`) or the question that gives it again (`query`).  gongyuan-audit --report holds the
 * numbers of papers against its own books.
 */
#ifndef GY_CLI_DAY_H
#define GY_CLI_DAY_H

#include "cli/cli.h"

struct day_report {
	struct cli *c;
	struct str day, place, session; /* "2025-06-07"; place "" all; session "" the whole day */
	int64_t from_ms, to_ms;         /* the day by the profile's clock */
	int64_t size, first, last;      /* entries there are; of the day, -1 when none */
	struct json *doc;
};

/* The entries of the day.  Fails as ledger_entry. */
enum rc day_range(struct day_report *d) MUST_CHECK;

/* day_gather.c and day_papers.c, day_alarms.c: the parts of the document. */
enum rc day_people(struct day_report *d) MUST_CHECK;
enum rc day_sessions(struct day_report *d) MUST_CHECK;
enum rc day_expected(struct day_report *d) MUST_CHECK;
enum rc day_desk(struct day_report *d) MUST_CHECK;
enum rc day_next(struct day_report *d) MUST_CHECK;
enum rc day_papers(struct day_report *d) MUST_CHECK;
enum rc day_alarms(struct day_report *d) MUST_CHECK;

/* day_text.c: the document for people. */
void day_print(struct day_report *d);

/* Is this session the report's, or one of its day? */
bool day_has(const struct day_report *d, const struct profile_session *s);
/* "first" and "last" of an object. */
void day_mark(struct day_report *d, struct json *o, int64_t first, int64_t last);
/* An index of the ledger out of an id made here. */
int64_t day_index(int64_t id);

#endif
