/* SPDX-License-Identifier: Apache-2.0 */
/* labels.c -- 箱签 for outer boxes, eight a sheet, and a code that `custody trace` knows.  Bags get
 * none: nothing of ours is stuck on one.
 */
#include "print/forms.h"

static void label_draw(struct page *p, const struct page_rect *r, const struct box_label *b)
{
	const struct page_rect qr = {r->x + r->w - 88, r->y + 10, 80, 80};
	const struct page_style big = {.size = 22, .bold = true, .fit = true};
	const struct page_style mid = {.size = 12, .bold = true};
	const struct page_style small = {.size = 9};
	const struct page_style mark = {.size = 12, .bold = true, .align = PAGE_CENTRE};
	double x = r->x + 10, y = r->y + 8, w = r->w - 108;
	struct page_rect to = {x - 3, y, w + 6, 54};

	page_rect(p, r, false);
	to.y += page_text(p, x, y, w, b->code, &big);
	page_text_within(p, &to, b->destined, &mid); /* however long the school's name */
	y = to.y + to.h;
	y += page_text(p, x, y, r->w - 20, b->path, &small);
	y += page_text(p, x, y, r->w - 20, str_fmt(page_arena(p), STR_FMT "　" STR_FMT,
	               STR_ARG(b->session), STR_ARG(b->bags)), &mid);
	(void)page_text(p, x, y, r->w - 20, b->when, &small);
	page_qr(p, &qr, b->code);
	if (page_head(p)->drill) /* cut out, it is still an exercise's */
		(void)page_text(p, qr.x, qr.y + qr.h - 4, qr.w, STR("【演练】"), &mark);
}

void labels_draw(struct page *p, const void *data)
{
	enum { HEIGHT = 150, GAP = 8 };
	const struct label_form *d = data;
	double w = (PAGE_WIDTH - GAP) / 2;

	page_note(p, "沿框裁下，贴在试卷箱外侧。只贴箱，不贴试卷袋。　Cut out; for outer boxes alone, never a bag.");
	for (size_t i = 0; i < d->n; i += 2) {
		double y = page_at(p, HEIGHT);

		for (size_t k = 0; k < 2 && i + k < d->n; k++) {
			struct page_rect r = {PAGE_LEFT + (double)k * (w + GAP), y, w, HEIGHT};

			label_draw(p, &r, &d->boxes[i + k]);
		}
		page_move(p, HEIGHT + GAP);
	}
}
