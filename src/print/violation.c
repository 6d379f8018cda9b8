/* SPDX-License-Identifier: Apache-2.0 */
/* violation.c -- 考生违规情况记录表 and the receipt for items.  Before a decision it is a suspicion
 * (涉嫌): the form says what was seen, by two, and that the candidate was told.
 */
#include "print/forms.h"

static void facts_draw(struct page *p, const struct violation_form *d)
{
	const struct page_field f[] = {
		{{"考场", "Room"}, d->room}, {{"考生编号", "Candidate"}, d->candidate},
		{{"座位", "Seat"}, STR("")}, {{"姓名", "Name"}, STR("")},
		{{"发现时间", "Seen at"}, STR("　　时　　分")}, {{"台账序号", "Ledger entry"}, d->entry},
	};
	const struct page_field what[] = {{{"涉嫌情形", "Suspected of"}, d->what}};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
	page_fields(p, what, 1, 1);
	page_heading(p, (struct page_word){"事实经过（时间、动作、物品，只写所见）", "What was seen, and when"});
	page_lines(p, 4);
}

static void told_draw(struct page *p)
{
	static const struct page_check CHECKS[] = {
		{{"已向考生宣读并告知其陈述、申辩的权利", "Read to the candidate, who may be heard"},
		 "□ 是　　　时　　分"},
		{{"考生陈述和申辩（可另附纸）", "What the candidate says; more on a sheet of its own"},
		 "□ 无　□ 有："},
		{{"考生签名", "The candidate signs"}, "□ 签名：　　　　　　　　"},
		{{"拒签（由两名工作人员注明）", "Refuses to sign; noted by two of the staff"}, "□ 拒签，原因："},
		{{"取证", "Evidence"}, "□ 录像　□ 物品　□ 其他："},
		{{"考生继续考试", "Goes on with the examination"}, "□ 是　　□ 否"},
	};
	static const struct page_word WHO[] = {{"监考员甲签名", "Invigilator A"},
		{"监考员乙签名", "Invigilator B"}, {"拒签见证人（一）签名", "Saw the refusal, first"},
		{"拒签见证人（二）签名", "Saw the refusal, second"}, {"流动监考员签名", "Roving invigilator"},
		{"主考签名", "Chief of the site"}};

	page_checks(p, CHECKS, COUNT(CHECKS));
	page_signatures(p, WHO, COUNT(WHO), 3);
	page_note(p, "本表记录涉嫌违规的现场情况，不是处理决定。认定和处理由有权机构依照规定作出。");
}

/* One half is the candidate's, one stays: cut apart, each says of which examination and site. */
static void receipt_draw(struct page *p, const struct violation_form *d, const char *whose,
                         const char *whose_en)
{
	static const struct page_column ITEMS[] = {
		{{"序号", "No."}, 6, PAGE_CENTRE}, {{"物品名称、特征", "Item"}, 40, PAGE_START},
		{{"数量", "Number"}, 8, PAGE_CENTRE}, {{"状态", "Condition"}, 18, PAGE_START},
	};
	static const struct page_word WHO[] = {{"暂扣人（一）签名", "Takes, first"},
		{"暂扣人（二）签名", "Takes, second"}, {"考生签名", "Candidate"}};
	const struct form_head *h = page_head(p);
	struct arena *a = page_arena(p);
	const struct page_field of[] = {
		{{"考试", "Examination"},
		 str_fmt(a, STR_FMT "　" STR_FMT, STR_ARG(h->exam), STR_ARG(h->about))},
		{{"考点", "Site"}, d->site},
	};
	const struct page_field f[] = {
		{{"收据号", "Receipt"}, d->receipt}, {{"考场", "Room"}, d->room},
		{{"登记件数", "Items recorded"}, d->items},
		{{"考生编号", "Candidate"}, d->candidate}, {{"姓名", "Name"}, STR("")},
	};

	page_heading(p, (struct page_word){
		str_fmt(a, "%s%s", h->drill ? "【演练】" : "", whose).s, whose_en});
	page_grid(p, of, COUNT(of), 1);
	page_fields(p, f, COUNT(f), 3);
	page_table(p, &(struct page_table){ITEMS, COUNT(ITEMS), NULL, 0, 3, 20, 0, false});
	page_signatures(p, WHO, COUNT(WHO), 3);
}

void violation_draw(struct page *p, const void *data)
{
	const struct violation_form *d = data;

	facts_draw(p, d);
	told_draw(p);
	page_next(p);
	receipt_draw(p, d, "暂扣收据（存根）", "Receipt for items kept: stub");
	page_cut(p);
	receipt_draw(p, d, "暂扣收据（交考生）", "Receipt for items kept: candidate's");
	page_note(p, "暂扣物品凭本收据于科次结束后领回；作为证据的，按规定移送。");
}
