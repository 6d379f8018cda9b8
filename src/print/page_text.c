/* SPDX-License-Identifier: Apache-2.0 */
/* page_text.c -- texts, boxes and codes at their places; see page.h.
 *
 * One font family for everything: Noto Sans CJK has the rare characters of names (𠮷 㑇 䶮) in the
 * weights that we use, so that no name is drawn in a strange face.
 */
#include "print/page_private.h"
#include "print/qr.h"

#define FAMILY "Noto Sans CJK SC"
#define SIZE 9.5
#define PAD 3.0
#define SMALLEST 4.0

static PangoLayout *layout_new(struct page *p, struct str s, const struct page_style *st, double w)
{
	PangoLayout *l = pango_layout_new(p->pango);
	PangoFontDescription *d = pango_font_description_new();

	pango_font_description_set_family_static(d, FAMILY);
	pango_font_description_set_absolute_size(d, (st->size > 0 ? st->size : SIZE) * PANGO_SCALE);
	pango_font_description_set_weight(d, st->bold ? PANGO_WEIGHT_BOLD : PANGO_WEIGHT_NORMAL);
	pango_layout_set_font_description(l, d);
	pango_font_description_free(d);
	pango_layout_set_text(l, s.s ? s.s : "", (int)s.n);
	if (!st->fit)
		pango_layout_set_width(l, (int)(w * PANGO_SCALE));
	pango_layout_set_wrap(l, PANGO_WRAP_WORD_CHAR);
	pango_layout_set_alignment(l, st->align == PAGE_START    ? PANGO_ALIGN_LEFT
	                              : st->align == PAGE_CENTRE ? PANGO_ALIGN_CENTER
	                                                         : PANGO_ALIGN_RIGHT);
	return l;
}

static void extent(PangoLayout *l, double *ret_w, double *ret_h)
{
	int w, h;

	pango_layout_get_size(l, &w, &h);
	*ret_w = (double)w / PANGO_SCALE;
	*ret_h = (double)h / PANGO_SCALE;
}

/* One line: smaller until it is narrow enough. */
static PangoLayout *layout_fit(struct page *p, struct str s, const struct page_style *st, double w)
{
	struct page_style small = *st;

	if (small.size <= 0)
		small.size = SIZE;
	for (;;) {
		PangoLayout *l = layout_new(p, s, &small, w);
		double is_w, is_h;

		extent(l, &is_w, &is_h);
		if (!st->fit || is_w <= w || small.size <= SMALLEST)
			return l;
		g_object_unref(l);
		small.size = small.size * w / is_w > SMALLEST ? small.size * w / is_w - 0.05 : SMALLEST;
	}
}

static double shift(const struct page_style *st, double w, double is_w)
{
	if (!st->fit || st->align == PAGE_START)
		return 0;
	return st->align == PAGE_CENTRE ? (w - is_w) / 2 : w - is_w;
}

static void show(struct page *p, PangoLayout *l, double x, double y, bool grey)
{
	double ink = grey ? 0.35 : 0;

	if (!p->cr)
		return;
	cairo_set_source_rgb(p->cr, ink, ink, ink);
	page_ink(p, l, x, y);
}

static void say(struct page *p, struct str s)
{
	if (p->cr || p->quiet || !s.n)
		return;
	strbuf_adds(&p->said, s);
	strbuf_addc(&p->said, '\n');
}

double page_text(struct page *p, double x, double y, double w, struct str s,
                 const struct page_style *style)
{
	static const struct page_style plain;
	const struct page_style *st = style ? style : &plain;
	PangoLayout *l;
	double is_w, h;

	if (!s.n)
		return 0;
	say(p, s);
	l = layout_fit(p, s, st, w);
	extent(l, &is_w, &h);
	show(p, l, x + shift(st, w, is_w), y, st->grey);
	g_object_unref(l);
	return h;
}

double page_text_height(struct page *p, double w, struct str s, const struct page_style *style)
{
	static const struct page_style plain;
	PangoLayout *l;
	double is_w, h;

	if (!s.n)
		return 0;
	l = layout_fit(p, s, style ? style : &plain, w);
	extent(l, &is_w, &h);
	g_object_unref(l);
	return h;
}

double page_text_width(struct page *p, struct str s, const struct page_style *style)
{
	struct page_style st = *style;
	PangoLayout *l;
	double w, h;

	st.fit = true; /* one line */
	l = layout_new(p, s, &st, 0);
	extent(l, &w, &h);
	g_object_unref(l);
	return w;
}

void page_text_in(struct page *p, const struct page_rect *r, struct str s,
                  const struct page_style *style)
{
	double w = r->w - 2 * PAD, h = page_text_height(p, w, s, style);

	(void)page_text(p, r->x + PAD, r->y + (r->h > h ? (r->h - h) / 2 : 0), w, s, style);
}

void page_text_within(struct page *p, const struct page_rect *r, struct str s,
                      const struct page_style *style)
{
	struct page_style st = *style;
	double h = page_text_height(p, r->w - 2 * PAD, s, &st);

	while (h > r->h && st.size > SMALLEST) {
		st.size -= 0.5;
		h = page_text_height(p, r->w - 2 * PAD, s, &st);
	}
	page_text_in(p, r, s, &st);
}

void page_rect(struct page *p, const struct page_rect *r, bool filled)
{
	if (!p->cr)
		return;
	cairo_rectangle(p->cr, r->x, r->y, r->w, r->h);
	if (filled) {
		cairo_set_source_rgb(p->cr, 0.94, 0.94, 0.94);
		cairo_fill_preserve(p->cr);
	}
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	cairo_set_line_width(p->cr, 0.6);
	cairo_stroke(p->cr);
}

void page_line(struct page *p, double x0, double y0, double x1, double y1)
{
	if (!p->cr)
		return;
	cairo_set_source_rgb(p->cr, 0.3, 0.3, 0.3);
	cairo_set_line_width(p->cr, 0.5);
	cairo_move_to(p->cr, x0, y0);
	cairo_line_to(p->cr, x1, y1);
	cairo_stroke(p->cr);
}

/* Rows of black are rectangles on a white ground: sharp at any resolution. */
void page_qr(struct page *p, const struct page_rect *r, struct str text)
{
	struct qr_modules m;
	double step;

	if (!p->cr || p->rc != RC_OK)
		return;
	p->rc = qr_encode(p->op, text, &m);
	if (p->rc != RC_OK)
		return;
	step = r->w / (m.width + 2 * QR_QUIET);
	cairo_set_source_rgb(p->cr, 1, 1, 1);
	cairo_rectangle(p->cr, r->x, r->y, r->w, r->w);
	cairo_fill(p->cr);
	cairo_set_source_rgb(p->cr, 0, 0, 0);
	for (int y = 0; y < m.width; y++)
		for (int x = 0; x < m.width; x++) {
			int n = 0;

			while (x + n < m.width && (m.bits[y * m.width + x + n] & 1))
				n++;
			if (n > 0)
				cairo_rectangle(p->cr, r->x + (x + QR_QUIET) * step,
				                r->y + (y + QR_QUIET) * step, n * step, step);
			x += n;
		}
	cairo_fill(p->cr);
}

struct arena *page_arena(struct page *p)
{
	return p->op->arena;
}

const struct form_head *page_head(const struct page *p)
{
	return &p->form->head;
}
