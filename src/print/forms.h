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
	struct str code, destined;
	struct str papers, spares, cards, others; /* bags of each; "" none */
	struct str copies;
};
struct handover_form {
	struct form_subject at;
	struct str holder;       /* who has them now */
	const struct handover_box *boxes;
	size_t n;
	struct str total;        /* "6 箱 28 袋（试卷 24、备用卷 4）840 份" */
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

/* 值班日志 with 出入登记, 钥匙交接, 半日联检, 回放记录表: of a secrecy room and a day.  Rows are what is
 * recorded already; further ones are written by hand. */
struct form_lines {
	const struct str *cells; /* row by row, as many as the form's table has columns */
	size_t n;
};
struct store_form {
	struct form_subject at;
	struct str leader, keeper;              /* staff codes */
	struct str boxes, patrolled, checked, devices_down;
	struct form_lines guards, entries;      /* person, post, since; time, person, purpose */
	struct form_lines keys;                 /* bag, seal, sealed, since */
	struct form_lines replays;              /* block, issue of, replayed at, suspects */
};
void store_log_draw(struct page *p, const void *data);
void keys_draw(struct page *p, const void *data);
void joint_check_draw(struct page *p, const void *data);
void replay_draw(struct page *p, const void *data);

/* 备用卷启用登记表: bag, copies, used, holder of each spare bag of the site. */
struct spare_form {
	struct form_subject at;
	struct form_lines bags;
};
void spare_draw(struct page *p, const void *data);

/* 考生违规情况记录表 (涉嫌) and, on a page of its own, 暂扣收据. */
struct violation_form {
	struct form_subject at;
	struct str site, room, candidate, what, items, receipt, entry; /* entry: of the ledger */
};
void violation_draw(struct page *p, const void *data);

/* 零报告: what is stated, "" when it has not been. */
struct zero_form {
	struct form_subject at;
	struct str expected, present, absent, violations, incidents, spares, listening, store,
		exceptions, reported;
};
void zero_draw(struct page *p, const void *data);

/* 值班日报: the day of an area, of its document (domain/duty/report.h). */
struct day_form {
	struct form_subject at;
	struct str alarms, expected, unbalanced, orders, calls, entries; /* one line each */
	struct form_lines sessions, papers, gaps, alarm_list, duty;
	struct str more;                        /* alarms that have no row; "" none */
};
void day_report_draw(struct page *p, const void *data);

/* 箱签: outer boxes alone; each with a QR code of its number. */
struct box_label {
	struct str code, session, when, destined, path, bags;
};
struct label_form {
	const struct box_label *boxes;
	size_t n;
};
void labels_draw(struct page *p, const void *data);

enum { DOOR_COLUMNS = 8 };
/* 考场门贴 and 座位表: seat, candidate, ticket, name ("" when names were not opened). */
struct form_seat {
	struct str seat, candidate, ticket, name;
};
struct door_form {
	struct form_subject at;
	struct str room;
	bool reserve;
	const struct form_seat *seats;
	size_t n;
	bool named;
	int64_t a_row; /* desks of the map, at most as many as fit; 0: as is read best */
	/* Desks of each column, S-shaped from the left; none, or too few for all: rows of a_row. */
	int64_t column[DOOR_COLUMNS];
	size_t ncolumns;
};
void door_draw(struct page *p, const void *data);
void seat_map_draw(struct page *p, const void *data);

/* The first rows: place, path, session, when. */
void subject_draw(struct page *p, const struct form_subject *at);

#endif
