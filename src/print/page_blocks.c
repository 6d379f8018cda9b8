/* SPDX-License-Identifier: Apache-2.0 */
/* page_blocks.c -- headings, grids, tables, boxes to sign in; see page.h. */
#include "print/page_private.h"

#define PAD 3.0
#define ROW 20.0
#define GAP 7.0

static const struct page_style LABEL = {.size = 9, .bold = true, .align = PAGE_CENTRE};
static const struct page_style GLOSS = {.size = 6.5, .grey = true, .align = PAGE_CENTRE};

/* Chinese with its English below it, in the middle of a box. */
static double word_height(struct page *p, double w, struct page_word word)
{
	return page_text_height(p, w, str_of(word.zh), &LABEL) +
	       page_text_height(p, w, str_of(word.en), &GLOSS);
}

static void word_in(struct page *p, const struct page_rect *r, struct page_word word)
{
	double w = r->w - 2 * PAD, h = word_height(p, w, word), y = r->y + (r->h - h) / 2;

	y += page_text(p, r->x + PAD, y, w, str_of(word.zh), &LABEL);
	(void)page_text(p, r->x + PAD, y, w, str_of(word.en), &GLOSS);
}

void page_heading(struct page *p, struct page_word w)
{
	static const struct page_style zh = {.size = 11, .bold = true};
	static const struct page_style en = {.size = 7.5, .grey = true, .fit = true, .align = PAGE_END};
	double y = page_at(p, 60); /* a heading never stands alone at the foot */
	double h = page_text(p, PAGE_LEFT, y + 3, PAGE_WIDTH, str_of(w.zh), &zh);
	double used = page_text_width(p, str_of(w.zh), &zh) + 2 * GAP;

	(void)page_text(p, PAGE_LEFT + used, y + 7, PAGE_WIDTH - used, str_of(w.en), &en);
	page_move(p, h + 6);
}

void page_note(struct page *p, const char *text)
{
	static const struct page_style st = {.size = 8};
	double h = page_text_height(p, PAGE_WIDTH, str_of(text), &st);
	double y = page_at(p, h + 4);

	(void)page_text(p, PAGE_LEFT, y, PAGE_WIDTH, str_of(text), &st);
	page_move(p, h + 4);
}

/* A row of a grid is as high as its highest cell. */
static double fields_row(struct page *p, const struct page_field *f, size_t n, double label_w,
                         double value_w)
{
	double h = ROW;

	for (size_t i = 0; i < n; i++) {
		double a = word_height(p, label_w - 2 * PAD, f[i].label) + 2 * PAD;
		double b = page_text_height(p, value_w - 2 * PAD, f[i].value, NULL) + 2 * PAD;

		h = a > h ? a : h;
		h = b > h ? b : h;
	}
	return h;
}

/* Labels are as wide in one column as in two. */
static double label_width(double w, size_t per_row)
{
	return per_row > 2 ? w * 0.42 : per_row == 2 ? w * 0.28 : w * 0.14;
}

void page_grid(struct page *p, const struct page_field *f, size_t n, size_t per_row)
{
	double w = PAGE_WIDTH / (double)per_row, label_w = label_width(w, per_row);

	for (size_t i = 0; i < n; i += per_row) {
		size_t m = n - i < per_row ? n - i : per_row;
		/* The last of a short row takes the rest. */
		double last = PAGE_WIDTH - (double)(m - 1) * w - label_w;
		double h = fields_row(p, f + i, m, label_w, m < per_row ? last : w - label_w);
		double y = page_at(p, h);

		for (size_t k = 0; k < m; k++) {
			struct page_rect a = {PAGE_LEFT + (double)k * w, y, label_w, h};
			struct page_rect b = {a.x + label_w, y, k + 1 == m ? last : w - label_w, h};

			page_rect(p, &a, true);
			word_in(p, &a, f[i + k].label);
			page_rect(p, &b, false);
			page_text_in(p, &b, f[i + k].value, NULL);
		}
		page_move(p, h);
	}
}

void page_fields(struct page *p, const struct page_field *f, size_t n, size_t per_row)
{
	page_grid(p, f, n, per_row);
	page_move(p, GAP);
}

static double column_w(const struct page_table *t, size_t i)
{
	double all = 0;

	for (size_t k = 0; k < t->ncolumns; k++)
		all += t->columns[k].share;
	return PAGE_WIDTH * t->columns[i].share / all;
}

static double head_height(struct page *p, const struct page_table *t)
{
	double most = ROW;

	for (size_t i = 0; i < t->ncolumns; i++) {
		double h = word_height(p, column_w(t, i) - 2 * PAD, t->columns[i].head) + 2 * PAD;

		most = h > most ? h : most;
	}
	return most;
}

static void head_draw(struct page *p, const struct page_table *t, double h)
{
	double x = PAGE_LEFT, y = page_at(p, h);

	for (size_t i = 0; i < t->ncolumns; i++) {
		struct page_rect r = {x, y, column_w(t, i), h};

		page_rect(p, &r, true);
		word_in(p, &r, t->columns[i].head);
		x += r.w;
	}
	page_move(p, h);
}

static struct page_style cell_style(const struct page_column *c)
{
	return (struct page_style){.size = 9, .align = c->align};
}

static double row_height(struct page *p, const struct page_table *t, const struct str *cells)
{
	double most = t->row_h > 0 ? t->row_h : ROW;

	for (size_t i = 0; cells && i < t->ncolumns; i++) {
		struct page_style st = cell_style(&t->columns[i]);
		double h = page_text_height(p, column_w(t, i) - 2 * PAD, cells[i], &st) + 2 * PAD;

		most = h > most ? h : most;
	}
	return most;
}

static void row_draw(struct page *p, const struct page_table *t, const struct str *cells, double h)
{
	double x = PAGE_LEFT, y = page_at(p, h);

	for (size_t i = 0; i < t->ncolumns; i++) {
		struct page_style st = cell_style(&t->columns[i]);
		struct page_rect r = {x, y, column_w(t, i), h};

		page_rect(p, &r, false);
		if (cells)
			page_text_in(p, &r, cells[i], &st);
		x += r.w;
	}
	page_move(p, h);
}

static void table_row(struct page *p, const struct page_table *t, size_t i, bool last)
{
	const struct str *cells = i < t->nrows ? t->cells + i * t->ncolumns : NULL;
	double h = row_height(p, t, cells);
	int before = p->number;
	bool quiet = p->quiet;

	(void)page_at(p, h + (last ? GAP + t->tail : 0));
	if (p->number != before) {
		p->quiet = true;
		head_draw(p, t, head_height(p, t));
		p->quiet = quiet;
	}
	row_draw(p, t, cells, h);
}

void page_table(struct page *p, const struct page_table *t)
{
	double head = head_height(p, t), blank = row_height(p, t, NULL);
	size_t n = t->nrows ? t->nrows : t->blank, more = t->nrows ? t->blank : 0;

	(void)page_at(p, head + (n > 1 ? 2 * ROW : blank + GAP + t->tail));
	head_draw(p, t, head);
	for (size_t i = 0; i < n; i++)
		table_row(p, t, i, i + 1 == n);
	for (; (t->fill || more) && p->y + blank + GAP + t->tail <= PAGE_BOTTOM; more -= more > 0)
		row_draw(p, t, NULL, blank);
	page_move(p, GAP);
}

void page_signatures(struct page *p, const struct page_word *w, size_t n, size_t per_row)
{
	enum { BOX = 64 };
	static const struct page_style st = {.size = 8, .grey = true};
	static const struct page_style date = {.size = 8, .grey = true, .align = PAGE_END, .fit = true};
	double width = PAGE_WIDTH / (double)per_row;

	for (size_t i = 0; i < n; i += per_row) {
		double y = page_at(p, BOX);

		for (size_t k = 0; k < per_row && i + k < n; k++) {
			struct page_rect r = {PAGE_LEFT + (double)k * width, y, width, BOX};
			struct page_word word = w[i + k];
			double h;

			page_rect(p, &r, false);
			h = page_text(p, r.x + PAD, y + 2, width - 2 * PAD, str_of(word.zh),
			              &(struct page_style){.size = 9, .bold = true});
			(void)page_text(p, r.x + PAD, y + 2 + h, width - 2 * PAD, str_of(word.en), &st);
			(void)page_text(p, r.x + PAD, y + BOX - 14, width - 2 * PAD,
			                STR("　　年　　月　　日　　时　　分"), &date);
		}
		page_move(p, BOX);
	}
	page_move(p, GAP);
}

void page_cut(struct page *p)
{
	enum { ROOM = 22 };
	static const double DASH[] = {4, 4};
	double y = page_at(p, ROOM) + ROOM / 2;

	if (p->cr)
		cairo_set_dash(p->cr, DASH, COUNT(DASH), 0);
	page_line(p, PAGE_LEFT, y, PAGE_LEFT + PAGE_WIDTH, y);
	if (p->cr)
		cairo_set_dash(p->cr, NULL, 0, 0);
	page_move(p, ROOM);
}

void page_lines(struct page *p, size_t n)
{
	enum { STEP = 22 };

	for (size_t i = 0; i < n; i++) {
		double y = page_at(p, STEP) + STEP - 2;

		page_line(p, PAGE_LEFT, y, PAGE_LEFT + PAGE_WIDTH, y);
		page_move(p, STEP);
	}
	page_move(p, GAP);
}

void page_checks(struct page *p, const struct page_check *c, size_t n)
{
	static const struct page_style zh = {.size = 9.5}, en = {.size = 6.5, .grey = true};
	double w = PAGE_WIDTH * 0.6;

	for (size_t i = 0; i < n; i++) {
		double h = page_text_height(p, w - 2 * PAD, str_of(c[i].what.zh), &zh) +
		           page_text_height(p, w - 2 * PAD, str_of(c[i].what.en), &en) + 2 * PAD;
		double y = page_at(p, h), at = y + PAD;
		struct page_rect a = {PAGE_LEFT, y, w, h}, b = {PAGE_LEFT + w, y, PAGE_WIDTH - w, h};

		page_rect(p, &a, false);
		page_rect(p, &b, false);
		at += page_text(p, a.x + PAD, at, w - 2 * PAD, str_of(c[i].what.zh), &zh);
		(void)page_text(p, a.x + PAD, at, w - 2 * PAD, str_of(c[i].what.en), &en);
		page_text_in(p, &b, str_of(c[i].choices), NULL);
		page_move(p, h);
	}
	page_move(p, GAP);
}
