/* SPDX-License-Identifier: Apache-2.0 */
/* form_private.h -- for the files that fill forms in. */
#ifndef GY_HTTP_FORM_PRIVATE_H
#define GY_HTTP_FORM_PRIVATE_H

#include "http/form.h"
#include "print/forms.h"

/* One more form, about this place. */
void form_add(struct form_list *l, struct str place, void (*draw)(struct page *, const void *),
              const void *data);
/* The first rows, about this place. */
struct form_subject form_subject(struct form_list *l, struct str place);

/* Words in the op's arena. */
struct str form_place(struct form_list *l, struct str path);       /* its name, or its path */
struct str form_session(struct form_list *l, struct str session);  /* 语文 */
struct str form_minute(struct form_list *l, int64_t ms);           /* 2025年6月7日 08:58 */
struct str form_date(struct form_list *l, struct str day);         /* 2025年6月7日（星期六） */
struct str form_half_day(struct form_list *l, struct str half_day); /* 6月7日上午 */
struct str form_time(struct form_list *l, int64_t ms);             /* 6月7日 08:58; "" for 0 */
struct str form_room(struct form_list *l, struct str path);        /* "07": the room's part */
struct str form_person(struct form_list *l, int64_t who);          /* staff code; "" for 0 */
struct str form_number(struct form_list *l, int64_t v);

/* Rows of a view, in its order, of which column `place` (an index) lies at or under the place that
 * is asked for and, when `session` >= 0, that column is the session. */
struct form_rows {
	const struct view *view;
	const struct str *cells; /* n * view->ncolumns, as the view has them: codes and numbers */
	size_t n;
};
enum rc form_rows(struct form_list *l, const char *view, struct form_rows *ret) MUST_CHECK;
struct str form_cell(const struct form_rows *r, size_t row, const char *column);
int64_t form_int(const struct form_rows *r, size_t row, const char *column);
/* The word of a cell whose column has words, else the cell. */
struct str form_word(const struct form_rows *r, size_t row, const char *column);

/* One file a group of forms. */
enum rc form_handover(struct form_list *l) MUST_CHECK;
enum rc form_issue(struct form_list *l) MUST_CHECK;
enum rc form_room_record(struct form_list *l) MUST_CHECK;
enum rc form_door(struct form_list *l) MUST_CHECK;
enum rc form_seat_map(struct form_list *l) MUST_CHECK;
enum rc form_store_log(struct form_list *l) MUST_CHECK;
enum rc form_keys(struct form_list *l) MUST_CHECK;
enum rc form_joint_check(struct form_list *l) MUST_CHECK;
enum rc form_replay(struct form_list *l) MUST_CHECK;
enum rc form_spare(struct form_list *l) MUST_CHECK;
enum rc form_violation(struct form_list *l) MUST_CHECK;
enum rc form_zero(struct form_list *l) MUST_CHECK;
enum rc form_day(struct form_list *l) MUST_CHECK;
enum rc form_labels(struct form_list *l) MUST_CHECK;

#endif
