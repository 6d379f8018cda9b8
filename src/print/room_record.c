/* SPDX-License-Identifier: Apache-2.0 */
/* room_record.c -- 考场情况记录单, one of a room and session, due by E+60: filled in before with what
 * the arrangement says, in the order in which sitting.hand_in_sheet asks.
 */
#include "print/forms.h"

static void known_draw(struct page *p, const struct room_form *d)
{
	const struct page_field f[] = {
		{{"考场", "Room"}, d->room},
		{{"类别", "Kind"}, d->kind},
		{{"语种", "Language"}, d->language},
		{{"首位考生", "First candidate"}, d->first},
		{{"末位考生", "Last candidate"}, d->last},
		{{"监考员编号", "Invigilators"}, STR("")},
	};

	page_fields(p, f, COUNT(f), 3);
}

static void counts_draw(struct page *p, const struct room_form *d)
{
	const struct str none = {"", 0};
	const struct page_field f[] = {
		{{"应考", "Expected"}, d->seats}, {{"实考", "Present"}, none}, {{"缺考", "Absent"}, none},
		{{"迟到", "Late"}, none}, {{"提前离场", "Left early"}, none}, {{"如厕人次", "Toilet"}, none},
		{{"启用备用卷", "Spares used"}, none}, {{"换卡", "Cards changed"}, none},
		{{"患病", "Ill"}, none},
		{{"转入", "Moved in"}, none}, {{"转出", "Moved out"}, none},
		{{"涉嫌违规", "Suspected"}, none},
	};

	page_heading(p, (struct page_word){"人数和情况（人次；没有的填 0）", "Counts; 0 when none"});
	page_fields(p, f, COUNT(f), 3);
}

static void papers_draw(struct page *p, const struct room_form *d)
{
	const struct str none = {"", 0}, clock = STR("　　时　　分");
	const struct page_field f[] = {
		{{"启封时间", "Opened at"}, clock}, {{"开考时间", "Started at"}, clock},
		{{"结束时间", "Ended at"}, clock},
		{{"试卷袋编号", "Bag"}, d->bag}, {{"袋内份数", "In the bag"}, none},
		{{"答卷份数", "Scripts"}, none},
		{{"缺考卷", "Of absentees"}, none}, {{"余卷", "Left over"}, none},
		{{"换下卷", "Replaced"}, none},
		{{"答题卡回收", "Cards back"}, none}, {{"草稿纸回收", "Scratch back"}, none},
		{{"回收密封条号", "Seal of scripts"}, none},
	};

	page_heading(p, (struct page_word){
		"时间和试卷（袋内＋备用＋转入＝答卷＋缺考卷＋余卷＋换下＋转出）", "Times and papers: they balance"});
	page_fields(p, f, COUNT(f), 3);
}

void room_draw(struct page *p, const void *data)
{
	static const struct page_column ABSENT[] = {
		{{"座位", "Seat"}, 8, PAGE_CENTRE}, {{"缺考考生编号", "Absent candidate"}, 25, PAGE_START},
		{{"座位", "Seat"}, 8, PAGE_CENTRE}, {{"缺考考生编号", "Absent candidate"}, 25, PAGE_START},
		{{"座位", "Seat"}, 8, PAGE_CENTRE}, {{"缺考考生编号", "Absent candidate"}, 25, PAGE_START},
	};
	static const struct page_word WHO[] = {
		{"监考员甲签名", "Invigilator A"}, {"监考员乙签名", "Invigilator B"},
		{"验收员签名", "Acceptance desk"},
	};
	const struct room_form *d = data;

	subject_draw(p, &d->at);
	known_draw(p, d);
	counts_draw(p, d);
	page_table(p, &(struct page_table){ABSENT, COUNT(ABSENT), NULL, 0, 3, 20, 0, false});
	papers_draw(p, d);
	page_heading(p, (struct page_word){"其他情况（写明座位、起止时间；涉嫌违规的另填记录表；无则写“无”）",
	                                   "Anything else: seat, from, to; 无 when none"});
	page_lines(p, 2);
	page_signatures(p, WHO, COUNT(WHO), 3);
	page_note(p, "本单以墨迹签名为正本，考试结束后在规定时限内交考务办公室；扫描后凭二维码自动归档。不得填写试题内容。");
}
