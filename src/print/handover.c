/* SPDX-License-Identifier: Apache-2.0 */
/* handover.c -- 试卷交接单, the ink original of a hand-over of boxes. */
#include "print/forms.h"

void subject_draw(struct page *p, const struct form_subject *at)
{
	const struct page_field f[] = {
		{{"地点", "Place"}, at->place},
		{{"编码", "Path"}, at->path},
		{{"科次", "Session"}, at->session},
		{{"时间", "Time"}, at->when},
	};
	const struct page_field d[] = {
		{{"地点", "Place"}, at->place},
		{{"日期", "Day"}, at->day},
	};

	if (at->day.n)
		page_fields(p, d, COUNT(d), 2);
	else
		page_fields(p, f, COUNT(f), 2);
}

static const struct page_column COLUMNS[] = {
	{{"序号", "No."}, 5, PAGE_CENTRE},
	{{"试卷箱号", "Box"}, 16, PAGE_START},
	{{"科次", "Session"}, 10, PAGE_CENTRE},
	{{"送往", "Destined for"}, 20, PAGE_START},
	{{"袋", "Bags"}, 6, PAGE_END},
	{{"份", "Copies"}, 8, PAGE_END},
	{{"封签号", "Seal"}, 14, PAGE_START},
	{{"封签完好", "Seal whole"}, 11, PAGE_CENTRE},
	{{"清点无误", "Count right"}, 11, PAGE_CENTRE},
};

static void boxes_draw(struct page *p, const struct handover_form *d)
{
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, (d->n ? d->n : 1) * COUNT(COLUMNS), sizeof(*cell)), *c = cell;

	for (size_t i = 0; i < d->n; i++, c += COUNT(COLUMNS)) {
		const struct handover_box *b = &d->boxes[i];

		c[0] = str_fmt(a, "%zu", i + 1);
		c[1] = b->code;
		c[2] = b->session;
		c[3] = b->destined;
		c[4] = b->bags;
		c[5] = b->copies;
		c[6] = STR(""); /* read off the box, not out of the book */
		c[7] = STR("□是 □否");
		c[8] = STR("□是 □否");
	}
	page_table(p, &(struct page_table){COLUMNS, COUNT(COLUMNS), cell, d->n, d->n ? 0 : 8, 22});
}

void handover_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {
		{"交出人（一）签名", "Gives, first"}, {"交出人（二）签名", "Gives, second"},
		{"接收人（一）签名", "Receives, first"}, {"接收人（二）签名", "Receives, second"},
	};
	const struct handover_form *d = data;
	const struct page_field f[] = {
		{{"交出", "From"}, d->holder},
		{{"接收", "To"}, STR("")},
		{{"车辆、运次", "Vehicle, trip"}, STR("")},
		{{"合计", "Total"}, d->total},
	};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
	boxes_draw(p, d);
	page_heading(p, (struct page_word){"异常情况（数量不符、封签破损、箱号不符，逐项写明；无则写“无”）",
	                                   "Anything wrong; write 无 when nothing is"});
	page_lines(p, 2);
	page_signatures(p, WHO, COUNT(WHO), 2);
	page_note(p, "双方各二人当面逐箱清点、核对封签后签名。数量不符的，如实填写，试卷仍由交出方保管。"
	             "本单交接双方各存一份；扫描后凭二维码自动归档。");
}
