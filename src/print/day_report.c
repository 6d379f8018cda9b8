/* SPDX-License-Identifier: Apache-2.0 */
/* day_report.c -- 值班日报: the day on paper, worst first, for the leader on duty to sign. */
#include "print/forms.h"

#define TABLE(p, columns, lines) table_draw((p), (columns), COUNT(columns), (lines))

/* Nothing is stated as 无: an empty row would be room to add something afterwards. */
static void table_draw(struct page *p, const struct page_column *c, size_t n,
                       const struct form_lines *l)
{
	struct str *none = arena_array(page_arena(p), n, sizeof(*none));

	none[0] = STR("无");
	page_table(p, &(struct page_table){.columns = c, .ncolumns = n, .cells = l->n ? l->cells : none,
	                                   .nrows = l->n ? l->n : 1, .row_h = 18});
}

static void summary_draw(struct page *p, const struct day_form *d)
{
	const struct page_field f[] = {
		{{"告警", "Alarms"}, d->alarms},
		{{"应办事项", "Expected"}, d->expected},
		{{"账目不平", "Bags unbalanced"}, d->unbalanced},
		{{"调度指令", "Orders"}, d->orders},
		{{"电话审批、举报", "Calls, tips"}, d->calls},
		{{"当日台账", "Entries of the day"}, d->entries},
	};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
}

static void sessions_draw(struct page *p, const struct day_form *d)
{
	static const struct page_column SESSIONS[] = {
		{{"科次", "Session"}, 16, PAGE_START}, {{"时间", "Time"}, 14, PAGE_CENTRE},
		{{"考点/考场", "Sites/rooms"}, 12, PAGE_CENTRE}, {{"应考", "Due"}, 9, PAGE_END},
		{{"实考", "Present"}, 9, PAGE_END}, {{"缺考", "Absent"}, 8, PAGE_END},
		{{"涉嫌违规", "Suspected"}, 9, PAGE_END}, {{"突发情况", "Incidents"}, 9, PAGE_END},
		{{"备用卷", "Spares"}, 8, PAGE_END}, {{"零报告", "Reports"}, 10, PAGE_CENTRE},
	};
	static const struct page_column PAPERS[] = {
		{{"科次、试卷", "Session and papers"}, 22, PAGE_START}, {{"袋", "Bags"}, 8, PAGE_END},
		{{"份", "Copies"}, 10, PAGE_END}, {{"已用", "Used"}, 10, PAGE_END},
		{{"缺考卷", "Of absentees"}, 11, PAGE_END},
		{{"余卷、未启用", "Left, unopened"}, 13, PAGE_END}, {{"换下", "Replaced"}, 9, PAGE_END},
		{{"缺失", "Missing"}, 8, PAGE_END}, {{"不平考场", "Rooms off"}, 11, PAGE_END},
	};
	static const struct page_column GAPS[] = {
		{{"试卷袋", "Bag"}, 18, PAGE_START}, {{"考场", "Room"}, 40, PAGE_START},
		{{"科次", "Session"}, 18, PAGE_START}, {{"差额（份）", "Short"}, 12, PAGE_END},
		{{"台账", "Entries"}, 16, PAGE_CENTRE},
	};

	page_heading(p, (struct page_word){"一、各科次", "Sessions"});
	TABLE(p, SESSIONS, &d->sessions);
	page_heading(p, (struct page_word){"二、试卷", "Papers"});
	TABLE(p, PAPERS, &d->papers);
	if (d->gaps.n) {
		page_heading(p, (struct page_word){"账目不平，须查清", "Unbalanced: to be cleared up"});
		TABLE(p, GAPS, &d->gaps);
	}
}

static void alarms_draw(struct page *p, const struct day_form *d)
{
	static const struct page_column ALARMS[] = {
		{{"时间", "At"}, 8, PAGE_CENTRE}, {{"级", "Colour"}, 6, PAGE_CENTRE},
		{{"告警", "Alarm"}, 28, PAGE_START}, {{"地点", "Place"}, 28, PAGE_START},
		{{"签收", "Signed for"}, 14, PAGE_CENTRE}, {{"办结", "Closed"}, 14, PAGE_CENTRE},
		{{"序号", "Entry"}, 9, PAGE_END},
	};

	page_heading(p, (struct page_word){"三、告警与处置", "Alarms and what was done"});
	TABLE(p, ALARMS, &d->alarm_list);
	if (d->more.n)
		page_note(p, d->more.s);
}

static void end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"值班员签名", "Duty officer"},
		{"带班领导签名", "Leader on duty"}};

	(void)data;
	page_heading(p, (struct page_word){"五、值班员补充（无则写“无”）", "To be added; write 无 when nothing is"});
	page_lines(p, 3);
	page_signatures(p, WHO, COUNT(WHO), 2);
	page_note(p, "本表数字均出自防篡改台账，以页脚所载存证点为准；序号可在“监督审计·追溯”中查到原始记录。");
}

void day_report_draw(struct page *p, const void *data)
{
	static const struct page_column DUTY[] = {
		{{"岗位", "Post"}, 18, PAGE_START}, {{"单位", "Place"}, 24, PAGE_START},
		{{"A 角", "A"}, 12, PAGE_CENTRE}, {{"B 角", "B"}, 12, PAGE_CENTRE},
		{{"班次", "Shift"}, 26, PAGE_CENTRE}, {{"到岗", "Signed in"}, 8, PAGE_CENTRE},
	};
	const struct day_form *d = data;

	summary_draw(p, d);
	sessions_draw(p, d);
	alarms_draw(p, d);
	page_heading(p, (struct page_word){"四、值班", "On duty"});
	TABLE(p, DUTY, &d->duty);
	page_together(p, end_draw, NULL);
}
