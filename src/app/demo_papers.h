/* SPDX-License-Identifier: Apache-2.0 */
/* demo_papers.h -- the bags of the demo and one half day of theirs.  Private to app/demo*.c. */
#ifndef GY_APP_DEMO_PAPERS_H
#define GY_APP_DEMO_PAPERS_H

#include "app/demo_story.h"

enum { DEMO_ROWS = 9, DEMO_BOXES = DEMO_ROWS * DEMO_SITES, DEMO_BAGS = 300 };

struct paper_box {
	const char *code, *seal;
	int site, row;    /* row: of the plan, a session */
	int first, n;     /* its bags */
};

struct paper_bag {
	const char *code, *seal;
	int site, row, room; /* room 0: a spare bag */
	bool spare;
};

struct papers {
	struct demo_story *s;
	const struct profile_session *session[DEMO_ROWS];
	struct paper_box box[DEMO_BOXES];
	struct paper_bag bag[DEMO_BAGS];
	int nboxes, nbags;
	int64_t number;           /* the next printed number */
	int disputed_site, short_site, short_room;
};

/* Consecutive rows of one half day. */
struct half {
	int number, first, n;
};

const char *papers_subject(const struct papers *p, int row, bool zh);
/* Two signatures of one slot. */
const char *papers_two(struct papers *p, const char *slot, const char *a, const char *b);
/* Items of a hand-over's list; the receivers count the first box `short_by` bags short. */
const char *papers_boxes(struct papers *p, const struct paper_box *const *box, int n, int short_by);

/* demo_half_day.c: release, hand-overs, sessions, returns, closing. */
void papers_half_day(struct papers *p, const struct half *h);

#endif
