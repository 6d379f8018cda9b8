/* SPDX-License-Identifier: Apache-2.0 */
/* forms.h -- what each form says: plain texts, ready for people.
 *
 * A text that is empty is room to write: ink on the sheet is the original (正本), the system fills in
 * only what it knows.  Each draw function takes its struct; see print/page.h.
 */
#ifndef GY_PRINT_FORMS_H
#define GY_PRINT_FORMS_H

#include "print/page.h"

/* Where and when: the first rows of most forms. */
struct form_subject {
	struct str place, path;  /* 第一中学, sc/cd/jn/s01 */
	struct str session, when; /* 语文, 2025-06-07 09:00–11:30 */
	struct str day;          /* of forms about a day: 2025-06-07 */
};

/* 试卷交接单: boxes from one holder to another.  Two give, two receive. */
struct handover_box {
	struct str code, session, destined, bags, copies;
};
struct handover_form {
	struct form_subject at;
	struct str holder;       /* who has them now */
	const struct handover_box *boxes;
	size_t n;
	struct str total;        /* "6 箱 28 袋 840 份" */
};
void handover_draw(struct page *p, const void *data);

/* 领卷签收表: a row for each room of a site. */
struct issue_row {
	struct str room, kind, seats, bag, copies;
};
struct issue_form {
	struct form_subject at;
	const struct issue_row *rows;
	size_t n;
	struct str total;
};
void issue_draw(struct page *p, const void *data);

/* 考场情况记录单: what was known before; the rest is ink. */
struct room_form {
	struct form_subject at;
	struct str room, kind, language, seats, first, last; /* first and last candidate of the list */
	struct str bag;
};
void room_draw(struct page *p, const void *data);

/* The first rows: place, path, session, when. */
void subject_draw(struct page *p, const struct form_subject *at);

#endif
