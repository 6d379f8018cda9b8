/* SPDX-License-Identifier: Apache-2.0 */
/* site_forms.c -- sheets of a site: spare papers, 零报告. */
#include "print/forms.h"

void spare_draw(struct page *p, const void *data)
{
	static const struct page_column BAGS[] = {
		{{"备用卷袋编号", "Spare bag"}, 18, PAGE_START}, {{"份数", "Copies"}, 7, PAGE_END},
		{{"已启用", "Used"}, 8, PAGE_END}, {{"考场", "For room"}, 9, PAGE_START},
		{{"座位", "Seat"}, 7, PAGE_CENTRE}, {{"启用", "What"}, 13, PAGE_CENTRE},
		{{"时间", "At"}, 9, PAGE_CENTRE}, {{"启用原因", "Why"}, 19, PAGE_START},
		{{"换下件封存号", "Replaced, sealed"}, 16, PAGE_START},
	};
	static const struct page_word WHO[] = {{"主考签名", "Chief of the site"},
		{"副主考签名", "Deputy chief"}, {"监考员签名", "Invigilator"}, {"开启见证人签名", "Saw the opening"}};
	const struct str none = {"", 0};
	const struct page_field f[] = {
		{{"批准单位", "Approved by"}, none}, {{"批准人", "Name, post"}, none},
		{{"批准时间", "At"}, none}, {{"电话号码", "Telephone"}, none},
		{{"受话人", "Call taken by"}, none}, {{"补签", "Countersigned"}, none},
		{{"报告考区时间", "District told at"}, none}, {{"考区接报人", "Told to"}, none},
		{{"启封时间", "Opened at"}, none}, {{"录像机位", "Camera"}, none},
	};
	const struct spare_form *d = data;
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, d->bags.n * COUNT(BAGS) + 1, sizeof(*cell));

	subject_draw(p, &d->at);
	for (size_t i = 0; i < d->bags.n; i++) {
		for (size_t k = 0; k < 3; k++)
			cell[i * COUNT(BAGS) + k] = d->bags.cells[i * 3 + k];
		cell[i * COUNT(BAGS) + 5] = STR("□卷 □卡");
	}
	page_table(p, &(struct page_table){
		.columns = BAGS, .ncolumns = COUNT(BAGS), .cells = cell, .nrows = d->bags.n,
		.blank = d->bags.n ? 4 : 6, .row_h = 26});
	page_heading(p, (struct page_word){"批准（可电话批准，事后补签）",
	                                   "Approval; by telephone, countersigned later"});
	page_fields(p, f, COUNT(f), 2);
	page_heading(p, (struct page_word){"经过", "What happened"});
	page_lines(p, 3);
	page_signatures(p, WHO, COUNT(WHO), 4);
	page_note(p, "备用卷不是余卷。一行登记一次启用。在录像下由两人以上启封；换下的卷（卡）当场单独封存，与答卷一并回送。");
}

void zero_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"填报人签名", "Filled in by"},
		{"签发人签名（考点为主考，考区、市为带班领导）", "Signed by the chief of the site or the leader on duty"}};
	const struct zero_form *d = data;
	const struct page_field f[] = {
		{{"应考人数", "Expected"}, d->expected}, {{"实考人数", "Present"}, d->present},
		{{"缺考人数", "Absent"}, d->absent},
		{{"涉嫌违规", "Suspected"}, d->violations}, {{"突发情况", "Incidents"}, d->incidents},
		{{"启用备用卷", "Spares used"}, d->spares},
		{{"听力故障", "Listening"}, d->listening},
		{{"保密室问题", "Store"}, d->store}, {{"特批", "Exceptions"}, d->exceptions},
	};

	subject_draw(p, &d->at);
	page_heading(p, (struct page_word){"考情（没有的填 0，不得空缺）", "Everything is stated; none is 0"});
	page_fields(p, f, COUNT(f), 3);
	page_heading(p, (struct page_word){"情况说明（无则写“无”）", "Remarks"});
	page_lines(p, 8);
	page_fields(p, (const struct page_field[]){{{"登记时间", "Recorded"}, d->reported},
	                                           {{"报送时间", "Sent"}, STR("")}}, 2, 2);
	page_signatures(p, WHO, COUNT(WHO), 2);
}
