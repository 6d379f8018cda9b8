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
	double x = r->x + 10, y = r->y + 10, w = r->w - 108;

	page_rect(p, r, false);
	y += page_text(p, x, y, w, b->code, &big) + 4;
	y += page_text(p, x, y, w, b->destined, &mid) + 2;
	y += page_text(p, x, y, w, b->path, &small) + 4;
	y += page_text(p, x, y, w, b->session, &mid);
	y += page_text(p, x, y, w, b->when, &small) + 2;
	(void)page_text(p, x, y, w, b->bags, &small);
	page_qr(p, &qr, b->code);
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
