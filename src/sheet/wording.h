/* SPDX-License-Identifier: Apache-2.0 */
/* wording.h -- words in place of codes, in one language: what people read in tables, spreadsheets
 * and on screens.
 */
#ifndef GY_SHEET_WORDING_H
#define GY_SHEET_WORDING_H

#include "engine/module.h"

/* Names of places as they are looked up. */
#define WORDING_NAMES 256
struct wording_name {
	struct str path, name; /* name "": nobody gave it one */
};

struct wording {
	struct op *op;         /* words live in its arena */
	struct arena *keep;    /* and what is kept between them here, which outlives it */
	const struct modules *modules;
	const struct profile *profile;
	struct vault *vault;
	bool en;
	bool short_times;      /* of days of one examination: their year is not said in each cell */
	int offset_min;
	struct wording_name names[WORDING_NAMES];
};

const char *wording_tr(const struct wording *w, const char *zh, const char *en);

/* "paper.chinese.spare": 语文 备用卷; an asset of another form stays as it is. */
struct str wording_asset(struct wording *w, struct str asset);
/* The accounts that are no place and no vehicle: 印制, 使用, 残损, 销毁, 缺失. */
struct str wording_holder(struct wording *w, struct str holder);
/* The words of a role, session, subject, asset, alarm, expectation or command; `ref` (may be NULL)
 * is the field's.  An unknown key stays as it is. */
struct str wording_key(struct wording *w, const char *ref, struct str key);
/* A place by its name, or the nearest named one above it, and its path: 第一中学 sc/cd/x01/s01. */
struct str wording_place(struct wording *w, struct str path);
/* "2025-06-07/am": 06-07上午. */
struct str wording_half_day(struct wording *w, struct str half_day);
/* A subject of our rules: its places, sessions and half days in words, its numbers as they are. */
struct str wording_subject(struct wording *w, struct str subject);
/* A staff code, "#7" of somebody unknown, 系统 of nobody. */
struct str wording_person(struct wording *w, struct person_id who);
/* "2025-06-07 08:58:00 +08:00", or short without year and offset; "—" for 0. */
struct str wording_time(struct wording *w, int64_t ms);

/* wording_cell.c: a cell of a view's row; "—" for nothing. */
struct str wording_cell(struct wording *w, const struct view *v, const struct rows *r, int column);

#endif
