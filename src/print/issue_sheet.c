/* SPDX-License-Identifier: Apache-2.0 */
/* issue_sheet.c -- 领卷签收表: one row a room, six seconds a row, so the bag's number is there to be
 * compared when it is known, and two invigilators sign.
 */
#include "print/forms.h"

static const struct page_column COLUMNS[] = {
	{{"考场", "Room"}, 8, PAGE_CENTRE},
	{{"类别", "Kind"}, 9, PAGE_CENTRE},
	{{"应考", "Seats"}, 7, PAGE_END},
	{{"试卷袋编号", "Bag"}, 17, PAGE_START},
	{{"份数", "Copies"}, 7, PAGE_END},
	{{"封口", "Seal"}, 9, PAGE_CENTRE},
	{{"答题卡", "Cards"}, 8, PAGE_END},
	{{"草稿纸", "Scratch"}, 8, PAGE_END},
	{{"条形码", "Codes"}, 8, PAGE_END},
	{{"监考员甲签名", "Invigilator A"}, 17, PAGE_START},
	{{"监考员乙签名", "Invigilator B"}, 17, PAGE_START},
	{{"时间", "Time"}, 9, PAGE_CENTRE},
};

static void end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {
		{"发卷员（一）签名", "Issues, first"}, {"发卷员（二）签名", "Issues, second"},
		{"主考签名", "Chief of the site"},
	};
	const struct issue_form *d = data;

	page_fields(p, (const struct page_field[]){{{"合计", "Total"}, d->total}}, 1, 1);
	page_signatures(p, WHO, COUNT(WHO), 3);
	page_note(p, "只发下一科次的试卷袋。核对袋号、科目、考场号和封口后，由两名监考员签名领取；袋号以袋上印刷编号为准，"
	             "不得在试卷袋上粘贴任何标签。");
}

void issue_draw(struct page *p, const void *data)
{
	const struct issue_form *d = data;
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, (d->n ? d->n : 1) * COUNT(COLUMNS), sizeof(*cell)), *c = cell;

	subject_draw(p, &d->at);
	for (size_t i = 0; i < d->n; i++, c += COUNT(COLUMNS)) {
		const struct issue_row *r = &d->rows[i];

		c[0] = r->room;
		c[1] = r->kind;
		c[2] = r->seats;
		c[3] = r->bag;
		c[4] = r->copies;
		c[5] = STR("□完好");
	}
	page_table(p, &(struct page_table){
		.columns = COLUMNS, .ncolumns = COUNT(COLUMNS), .cells = cell, .nrows = d->n,
		.blank = d->n ? 2 : 10, .row_h = 24, .tail = page_height(p, end_draw, d)});
	end_draw(p, d);
}
