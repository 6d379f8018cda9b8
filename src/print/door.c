/* SPDX-License-Identifier: Apache-2.0 */
/* door.c -- 考场门贴 and 座位表, from the arrangement.  A name that is long wraps; nothing is cut. */
#include "print/forms.h"

static void head_draw(struct page *p, const struct door_form *d)
{
	static const struct page_style big = {.size = 54, .bold = true, .align = PAGE_CENTRE,
	                                      .fit = true};
	static const struct page_style mid = {.size = 16, .bold = true, .align = PAGE_CENTRE,
	                                      .fit = true};
	struct arena *a = page_arena(p);
	double y = page_at(p, 110);
	double h = page_text(p, PAGE_LEFT, y, PAGE_WIDTH,
	                     str_fmt(a, "第 " STR_FMT " 考场", STR_ARG(d->room)), &big);

	h += page_text(p, PAGE_LEFT, y + h, PAGE_WIDTH, str_fmt(a, STR_FMT "　" STR_FMT "　" STR_FMT,
	               STR_ARG(d->at.session), STR_ARG(d->at.when), STR_ARG(d->kind)), &mid);
	page_move(p, h + 8);
}

/* Two candidates a row, so that a room fits on a page. */
void door_draw(struct page *p, const void *data)
{
	static const struct page_column NAMED[] = {
		{{"座位", "Seat"}, 7, PAGE_CENTRE}, {{"考生编号、准考证号", "Candidate, ticket"}, 22, PAGE_START},
		{{"姓名", "Name"}, 21, PAGE_START},
		{{"座位", "Seat"}, 7, PAGE_CENTRE}, {{"考生编号、准考证号", "Candidate, ticket"}, 22, PAGE_START},
		{{"姓名", "Name"}, 21, PAGE_START},
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
	page_table(p, &(struct page_table){NAMED, m, cell, rows, d->n ? 0 : 15, 26});
	page_note(p, d->named ? "考后收回销毁。　To be taken down and destroyed after the session."
	                      : "姓名未查阅，因此未打印。　Names were not opened, so none is printed.");
}

static void seat_draw(struct page *p, const struct page_rect *r, const struct form_seat *s)
{
	static const struct page_style number = {.size = 15, .bold = true, .align = PAGE_CENTRE};
	static const struct page_style name = {.size = 11, .align = PAGE_CENTRE};
	static const struct page_style code = {.size = 8, .align = PAGE_CENTRE, .fit = true};
	double y = r->y + 2, w = r->w - 6, x = r->x + 3;
	struct page_rect middle = {r->x, r->y + 24, r->w, r->h - 48};

	page_rect(p, r, false);
	(void)page_text(p, x, y, w, s->seat, &number);
	page_text_in(p, &middle, s->name, &name);
	(void)page_text(p, x, r->y + r->h - 24, w, s->candidate, &code);
	(void)page_text(p, x, r->y + r->h - 13, w, s->ticket, &code);
}

/* A desk is so wide that a candidate's number fits into it; better, that it is read at once. */
enum { DESK_LEAST = 62, DESK_WIDTH = 96, DESK_HEIGHT = 92, GAP = 4 };

static size_t desks_a_row(const struct door_form *d)
{
	size_t most = (size_t)((PAGE_WIDTH + GAP) / (DESK_LEAST + GAP));

	if (d->a_row <= 0)
		return (size_t)((PAGE_WIDTH + GAP) / (DESK_WIDTH + GAP));
	return (size_t)d->a_row < most ? (size_t)d->a_row : most;
}

/* In the order of the numbers; where a desk stands is the province's rule. */
void seat_map_draw(struct page *p, const void *data)
{
	static const struct page_style st = {.size = 12, .bold = true, .align = PAGE_CENTRE};
	const struct door_form *d = data;
	size_t a_row = desks_a_row(d);
	double w = (PAGE_WIDTH - (double)(a_row - 1) * GAP) / (double)a_row;
	struct page_rect desk = {PAGE_LEFT + PAGE_WIDTH / 3, 0, PAGE_WIDTH / 3, 22};

	subject_draw(p, &d->at);
	desk.y = page_at(p, desk.h + 6);
	page_rect(p, &desk, true);
	page_text_in(p, &desk, str_fmt(page_arena(p), "讲台　第 " STR_FMT " 考场", STR_ARG(d->room)), &st);
	page_move(p, desk.h + 6);
	for (size_t i = 0; i < d->n; i += a_row) {
		double y = page_at(p, DESK_HEIGHT);

		for (size_t k = 0; k < a_row && i + k < d->n; k++) {
			struct page_rect r = {PAGE_LEFT + (double)k * (w + GAP), y, w, DESK_HEIGHT};

			seat_draw(p, &r, &d->seats[i + k]);
		}
		page_move(p, DESK_HEIGHT + GAP);
	}
	page_note(p, "按座位号顺序排列；桌位的摆放和走向以本省规定为准。");
}
