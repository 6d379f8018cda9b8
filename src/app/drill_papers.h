/* SPDX-License-Identifier: Apache-2.0 */
/* drill_papers.h -- the boxes and bags of one county in a drill.
 *
 * Private to app/drill_papers.c, drill_half_day.c and drill_desk.c.
 */
#ifndef GY_APP_DRILL_PAPERS_H
#define GY_APP_DRILL_PAPERS_H

#include "app/drill_actors.h"

enum { BAG_COPIES = 30, SPARE_COPIES = 10 };

struct drill_bag {
	const char *code, *seal;
	const struct drill_room *room; /* NULL: a spare bag */
};

struct drill_box {
	const struct drill_site *site;
	const struct drill_session *session;
	const char *code, *seal;
	struct drill_bag *bags;
	int nbags;
};

/* Spare bags in the box of a session and site. */
int drill_spares(const struct drill_session *s);

struct drill_load {            /* what one county gets */
	struct drill *d;
	const struct drill_county *c;
	struct random chance;
	struct drill_box *boxes;   /* by session, then site */
	int nboxes, nbags;
	const char *keeper[4];     /* keys of door A and B, of the cabinet; the code */
	const char *police, *office;
};

/* The sessions of one half day: first .. first + n - 1. */
struct drill_half {
	int first, n;
};

/* Two signatures of one slot. */
const char *load_two(struct drill_load *l, const char *slot, const char *a, const char *b);
/* The box of a session and site; NULL when none of its rooms sits it. */
struct drill_box *load_box(struct drill_load *l, int session, int site);
/* Items of a hand-over's list. */
const char *load_boxes(struct drill_load *l, struct drill_box *const *box, int n);

/* drill_trips.c: one vehicle's way, as it was approved the day before; seals looked at by an
 * inspector. */
struct load_trip {
	const char *code, *vehicle, *spare, *from, *to, *session;
	const char *escort[2], *driver, *police;
	int number;                /* in its county: the order of approval */
	int64_t left_ms, in_ms;
};
void load_trip(struct drill_load *l, const struct load_trip *t);
void load_inspect(struct drill_load *l, const struct drill_site *site, const char *session,
                  struct drill_box *const *box, int n, int64_t at_ms);

/* drill_doors.c: the inner room opened by its holders, and closed. */
struct load_opening {
	int number;                /* in its county */
	int64_t at_ms, until_ms;
	const char *purpose, *cabinet, *content, *session; /* cabinet NULL: none is filled */
};
void load_open(struct drill_load *l, const struct load_opening *o);

/* drill_half_day.c: release, hand-overs, sessions, returns, closing. */
void load_half_day(struct drill_load *l, const struct drill_half *h);

#endif
