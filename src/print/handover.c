/* SPDX-License-Identifier: Apache-2.0 */
/* handover.c -- 试卷交接单, the ink original of a hand-over of boxes. */
#include "print/forms.h"

void subject_draw(struct page *p, const struct form_subject *at)
{
	struct str both = str_fmt(page_arena(p), STR_FMT "（" STR_FMT "）", STR_ARG(at->place),
	                          STR_ARG(at->path));
	const struct page_field place[] = {
		{{"地点、编码", "Place, path"}, str_eq(at->place, at->path) ? at->path : both},
		{{"日期", "Day"}, at->day},
	};
	const struct page_field session[] = {
		{{"科次", "Session"}, at->session},
		{{"时间", "Time"}, at->when},
	};

	page_grid(p, place, 1, 1); /* a school's name may be long */
	if (at->day.n)
		page_fields(p, place + 1, 1, 1);
	else
		page_fields(p, session, COUNT(session), 2);
}

static const struct page_column COLUMNS[] = {
	{{"序号", "No."}, 6, PAGE_CENTRE},
	{{"试卷箱号", "Box"}, 14, PAGE_START},
	{{"送往", "Destined for"}, 24, PAGE_START},
	{{"试卷袋", "Bags"}, 8, PAGE_END},
	{{"备用袋", "Spare"}, 8, PAGE_END},
	{{"答题卡", "Cards"}, 8, PAGE_END},
	{{"其他袋", "Other"}, 8, PAGE_END},
	{{"份数", "Copies"}, 7.5, PAGE_END},
	{{"封签号", "Seal"}, 12, PAGE_START},
	{{"封签完好", "Seal whole"}, 11, PAGE_CENTRE},
	{{"清点无误", "Count right"}, 11, PAGE_CENTRE},
};

static void end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {
		{"交出人（一）签名", "Gives, first"}, {"交出人（二）签名", "Gives, second"},
		{"公安见证人签名", "Witness, police"},
		{"接收人（一）签名", "Receives, first"}, {"接收人（二）签名", "Receives, second"},
		{"保密见证人签名", "Witness, secrecy bureau"},
	};

	(void)data;
	page_heading(p, (struct page_word){"异常情况（数量不符、封签破损、箱号不符，逐项写明；无则写“无”）",
	                                   "Anything wrong; write 无 when nothing is"});
	page_lines(p, 2);
	page_signatures(p, WHO, COUNT(WHO), 3);
	page_note(p, "双方各二人当面逐箱、逐袋清点，核对封签后签名；备用卷袋单独清点。数量不符的，如实填写，试卷仍由交出方保管。"
	             "本单交接双方各存一份；扫描后凭二维码自动归档。");
}

static void boxes_draw(struct page *p, const struct handover_form *d)
{
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, (d->n ? d->n : 1) * COUNT(COLUMNS), sizeof(*cell)), *c = cell;

	for (size_t i = 0; i < d->n; i++, c += COUNT(COLUMNS)) {
		const struct handover_box *b = &d->boxes[i];

		c[0] = str_fmt(a, "%zu", i + 1);
		c[1] = b->code;
		c[2] = b->destined;
		c[3] = b->papers;
		c[4] = b->spares;
		c[5] = b->cards;
		c[6] = b->others;
		c[7] = b->copies;
		c[8] = STR(""); /* read off the box, not out of the book */
		c[9] = STR("□是 □否");
		c[10] = STR("□是 □否");
	}
	page_table(p, &(struct page_table){
		.columns = COLUMNS, .ncolumns = COUNT(COLUMNS), .cells = cell, .nrows = d->n,
		.blank = d->n ? 0 : 8, .row_h = 22, .tail = page_height(p, end_draw, NULL)});
}

void handover_draw(struct page *p, const void *data)
{
	const struct str clock = STR("　　月　　日　　时　　分");
	const struct handover_form *d = data;
	const struct page_field f[] = {
		{{"交出", "From"}, d->holder},
		{{"接收", "To"}, STR("")},
		{{"车牌号、运次", "Vehicle, trip"}, STR("")},
		{{"押运人员", "Escorts"}, STR("")},
		{{"出发时间", "Leaves at"}, clock},
		{{"到达时间", "Arrives at"}, clock},
	};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
	page_fields(p, (const struct page_field[]){{{"合计", "Total"}, d->total}}, 1, 1);
	boxes_draw(p, d);
	end_draw(p, NULL);
}
