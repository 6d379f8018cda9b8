/* SPDX-License-Identifier: Apache-2.0 */
/* door.c -- 考场门贴 and 座位表, from the arrangement.  A name that is long wraps; nothing is cut. */
#include "print/forms.h"

/* What the room is stands on the door for a reserve room alone: others are nobody's business. */
static void head_draw(struct page *p, const struct door_form *d)
{
	static const struct page_style big = {.size = 50, .bold = true, .align = PAGE_CENTRE,
	                                      .fit = true};
	static const struct page_style mid = {.size = 15, .bold = true, .align = PAGE_CENTRE,
	                                      .fit = true};
	struct arena *a = page_arena(p);
	double y = page_at(p, 110);
	double h = page_text(p, PAGE_LEFT, y, PAGE_WIDTH, d->at.place, &mid);

	h += page_text(p, PAGE_LEFT, y + h, PAGE_WIDTH,
	               str_fmt(a, "第 " STR_FMT " 考场%s", STR_ARG(d->room), d->reserve ? "（备用）" : ""),
	               &big);
	h += page_text(p, PAGE_LEFT, y + h, PAGE_WIDTH, str_fmt(a, STR_FMT "　" STR_FMT,
	               STR_ARG(d->at.session), STR_ARG(d->at.when)), &mid);
	page_move(p, h + 6);
}

static void door_end_draw(struct page *p, const void *data)
{
	const struct door_form *d = data;

	page_note(p, d->named ? "考后收回销毁。　To be taken down and destroyed after the session."
	                      : "姓名未查阅，因此未打印。　Names were not opened, so none is printed.");
}

/* Two candidates a row, so that a room fits on a page; a name of twelve characters on one line. */
void door_draw(struct page *p, const void *data)
{
	static const struct page_column NAMED[] = {
		{{"座位", "Seat"}, 7, PAGE_CENTRE}, {{"考生编号、准考证号", "Candidate, ticket"}, 19, PAGE_START},
		{{"姓名", "Name"}, 24, PAGE_START},
		{{"座位", "Seat"}, 7, PAGE_CENTRE}, {{"考生编号、准考证号", "Candidate, ticket"}, 19, PAGE_START},
		{{"姓名", "Name"}, 24, PAGE_START},
	};
	const struct door_form *d = data;
	struct arena *a = page_arena(p);
	size_t rows = (d->n + 1) / 2, m = COUNT(NAMED);
	struct str *cell = arena_array(a, rows * m + 1, sizeof(*cell));

	head_draw(p, d);
	for (size_t i = 0; i < d->n; i++) {
		const struct form_seat *s = &d->seats[i];
		struct str *c = cell + (i % rows) * m + (i / rows) * 3;

		c[0] = s->seat;
		c[1] = s->ticket.n ? str_fmt(a, STR_FMT "\n" STR_FMT, STR_ARG(s->candidate),
		                             STR_ARG(s->ticket)) : s->candidate;
		c[2] = s->name;
	}
	page_table(p, &(struct page_table){
		.columns = NAMED, .ncolumns = m, .cells = cell, .nrows = rows, .blank = d->n ? 0 : 15,
		.row_h = 26, .tail = page_height(p, door_end_draw, d)});
	door_end_draw(p, d);
}

static void seat_draw(struct page *p, const struct page_rect *r, const struct form_seat *s)
{
	static const struct page_style number = {.size = 15, .bold = true, .align = PAGE_CENTRE};
	static const struct page_style name = {.size = 11, .align = PAGE_CENTRE};
	static const struct page_style code = {.size = 8, .align = PAGE_CENTRE, .fit = true};
	double w = r->w - 6, x = r->x + 3, foot = s->ticket.n ? 24 : 13;
	struct page_rect middle = {r->x, r->y + 21, r->w, r->h - 21 - foot};

	page_rect(p, r, false);
	(void)page_text(p, x, r->y, w, s->seat, &number);
	if (s->name.n)
		page_text_within(p, &middle, s->name, &name);
	(void)page_text(p, x, r->y + r->h - foot, w, s->candidate, &code);
	(void)page_text(p, x, r->y + r->h - 13, w, s->ticket, &code);
}

/* A desk is so wide that a candidate's number fits into it; better, that it is read at once.  It is
 * as high as is read best, less where the room fits on the page for it. */
enum { DESK_LEAST = 62, DESK_WIDTH = 96, DESK_HEIGHT = 92, DESK_LOW = 66, GAP = 4 };

/* Where seat i stands, counted from the front and from the left. */
struct desk {
	size_t row, column;
};

struct plan {
	size_t columns, rows;
	bool snake;
};

/* Columns as the profile has them, when all desks fit into these. */
static struct plan plan_of(const struct door_form *d)
{
	size_t most = (size_t)((PAGE_WIDTH + GAP) / (DESK_LEAST + GAP)), all = 0, rows = 0;
	struct plan pl = {.columns = (size_t)((PAGE_WIDTH + GAP) / (DESK_WIDTH + GAP))};

	for (size_t i = 0; i < d->ncolumns; i++) {
		all += (size_t)d->column[i];
		rows = (size_t)d->column[i] > rows ? (size_t)d->column[i] : rows;
	}
	if (d->ncolumns && d->ncolumns <= most && d->n <= all)
		return (struct plan){d->ncolumns, rows, true};
	if (d->a_row > 0)
		pl.columns = (size_t)d->a_row < most ? (size_t)d->a_row : most;
	pl.rows = (d->n + pl.columns - 1) / pl.columns;
	return pl;
}

/* Down the first column, up the second, and so on; else along the rows. */
static struct desk desk_of(const struct door_form *d, const struct plan *pl, size_t i)
{
	struct desk at = {i / pl->columns, i % pl->columns};

	if (!pl->snake)
		return at;
	at = (struct desk){i, 0};
	while (at.row >= (size_t)d->column[at.column])
		at.row -= (size_t)d->column[at.column++];
	if (at.column % 2)
		at.row = (size_t)d->column[at.column] - 1 - at.row;
	return at;
}

static void map_end_draw(struct page *p, const void *data)
{
	page_note(p, *(const bool *)data
	             ? "面向讲台，座位由左边第一列起，单列由前向后、双列由后向前（S 形）；与实际摆放不一致的，以本省规定为准。"
	             : "按座位号顺序排列；桌位的摆放和走向以本省规定为准。");
}

static void lectern_draw(struct page *p, const struct door_form *d)
{
	static const struct page_style st = {.size = 12, .bold = true, .align = PAGE_CENTRE};
	struct page_rect desk = {PAGE_LEFT + PAGE_WIDTH / 3, 0, PAGE_WIDTH / 3, 22};

	desk.y = page_at(p, desk.h + 6);
	page_rect(p, &desk, true);
	page_text_in(p, &desk, str_fmt(page_arena(p), "讲台　第 " STR_FMT " 考场", STR_ARG(d->room)), &st);
	page_move(p, desk.h + 6);
}

void seat_map_draw(struct page *p, const void *data)
{
	const struct door_form *d = data;
	const struct plan pl = plan_of(d);
	double w = (PAGE_WIDTH - (double)(pl.columns - 1) * GAP) / (double)pl.columns, h = DESK_HEIGHT;
	double room;

	subject_draw(p, &d->at);
	lectern_draw(p, d);
	room = PAGE_BOTTOM - 1 - page_at(p, 0) - page_height(p, map_end_draw, &pl.snake);
	room = room / (double)(pl.rows ? pl.rows : 1) - GAP;
	if (room < h && room >= DESK_LOW)
		h = room;
	for (size_t row = 0; row < pl.rows; row++) {
		double y = page_at(p, h);

		for (size_t i = 0; i < d->n; i++) {
			struct desk at = desk_of(d, &pl, i);
			struct page_rect r = {PAGE_LEFT + (double)at.column * (w + GAP), y, w, h};

			if (at.row == row)
				seat_draw(p, &r, &d->seats[i]);
		}
		page_move(p, h + GAP);
	}
	map_end_draw(p, &pl.snake);
}
