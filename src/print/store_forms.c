/* SPDX-License-Identifier: Apache-2.0 */
/* store_forms.c -- the sheets of a secrecy room: log with entries, keys, joint check, replay.  The
 * bound and numbered books stay on paper (office practice); these are their pages for a day.
 */
#include "print/forms.h"

/* What is recorded, and rows to write on. */
static void lines_draw(struct page *p, const struct page_column *c, size_t n,
                       const struct form_lines *l, size_t blank)
{
	page_table(p, &(struct page_table){c, n, l->cells, l->n, blank, 22});
}

static void answerable_draw(struct page *p, const struct store_form *d)
{
	const struct page_field f[] = {
		{{"保密室负责人", "Answers for the room"}, d->leader},
		{{"钥匙保管员", "Keeper of keys"}, d->keeper},
	};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
}

void store_log_draw(struct page *p, const void *data)
{
	static const struct page_column GUARDS[] = {
		{{"值守人员", "Guard"}, 16, PAGE_START}, {{"岗位", "Post"}, 10, PAGE_CENTRE},
		{{"上岗时间", "On post"}, 16, PAGE_CENTRE}, {{"离岗时间", "Off post"}, 16, PAGE_CENTRE},
		{{"签名", "Signature"}, 20, PAGE_START},
	};
	static const struct page_column ENTRIES[] = {
		{{"进入时间", "In"}, 13, PAGE_CENTRE}, {{"人员", "Who"}, 16, PAGE_START},
		{{"事由", "Why"}, 20, PAGE_START}, {{"离开时间", "Out"}, 13, PAGE_CENTRE},
		{{"陪同人员签名", "With him"}, 16, PAGE_START},
	};
	static const struct page_word WHO[] = {{"值守人员（一）签名", "Guard, first"},
		{"值守人员（二）签名", "Guard, second"}, {"民警签名", "Police"}, {"负责人签名", "In charge"}};
	const struct store_form *d = data;

	answerable_draw(p, d);
	page_heading(p, (struct page_word){"值守", "On post: two or more, never one alone"});
	lines_draw(p, GUARDS, COUNT(GUARDS), &d->guards, d->guards.n > 6 ? 2 : 8 - d->guards.n);
	page_heading(p, (struct page_word){"出入登记", "Who entered"});
	lines_draw(p, ENTRIES, COUNT(ENTRIES), &d->entries, 6);
	page_heading(p, (struct page_word){"值班情况（巡查、来电、异常；无则写“无”）",
	                                   "What happened; write 无 when nothing did"});
	page_lines(p, 4);
	page_signatures(p, WHO, COUNT(WHO), 4);
}

void keys_draw(struct page *p, const void *data)
{
	static const struct page_column KEPT[] = {
		{{"专用袋", "Bag of keys"}, 16, PAGE_START}, {{"封签号", "Seal"}, 16, PAGE_START},
		{{"封存", "Sealed"}, 8, PAGE_CENTRE}, {{"时间", "Since"}, 14, PAGE_CENTRE},
	};
	static const struct page_column MOVES[] = {
		{{"时间", "Time"}, 11, PAGE_CENTRE}, {{"钥匙、密码（门、柜号）", "Key or code of"}, 20, PAGE_START},
		{{"用途", "What for"}, 14, PAGE_START}, {{"交出人签名", "Gives"}, 14, PAGE_START},
		{{"接收人签名", "Receives"}, 14, PAGE_START}, {{"监督人签名", "Looks on"}, 14, PAGE_START},
		{{"交回时间", "Back"}, 11, PAGE_CENTRE},
	};
	static const struct page_word WHO[] = {{"钥匙保管员签名", "Keeper of keys"},
		{"密码保管员签名", "Keeper of codes"}, {"负责人签名", "In charge"}};
	const struct store_form *d = data;

	answerable_draw(p, d);
	page_heading(p, (struct page_word){"封存的钥匙", "Keys under seal"});
	lines_draw(p, KEPT, COUNT(KEPT), &d->keys, d->keys.n ? 0 : 2);
	page_heading(p, (struct page_word){"钥匙、密码交接", "Keys and codes handed over"});
	page_table(p, &(struct page_table){MOVES, COUNT(MOVES), NULL, 0, 13, 26});
	page_note(p, "钥匙与密码分人保管，任何一人不得同时持有。不得填写密码本身。");
	page_signatures(p, WHO, COUNT(WHO), 3);
}

void joint_check_draw(struct page *p, const void *data)
{
#define YES "□ 正常　　□ 异常：________________"
	static const struct page_check CHECKS[] = {
		{{"试卷箱数量与账目一致", "Boxes as in the books"}, YES},
		{{"试卷箱、柜封签完好", "Seals of boxes and cabinets whole"}, YES},
		{{"门、窗、锁、防盗设施完好", "Doors, windows, locks, bars"}, YES},
		{{"视频监控运行、画面无遮挡、录像连续", "Cameras work, see, and record without a gap"}, YES},
		{{"报警设备与公安联网、试报正常", "Alarm line to the police, tried"}, YES},
		{{"防火、防潮、防虫、防鼠", "Fire, damp, insects, rodents"}, YES},
		{{"值守人员两人以上在岗，民警在岗", "Two or more on post, police among them"}, YES},
		{{"值班日志、出入登记、钥匙交接记录完整", "Log, entries and keys written up"}, YES},
	};
#undef YES
	static const struct page_word WHO[] = {{"教育部门签名", "Education"}, {"公安部门签名", "Police"},
		{"保密部门签名", "Secrecy bureau"}};
	const struct store_form *d = data;
	const struct page_field f[] = {
		{{"账面试卷箱", "Boxes in the books"}, d->boxes},
		{{"最近联检", "Last checked"}, d->checked},
		{{"最近巡查", "Last patrol"}, d->patrolled},
		{{"设备中断", "Devices down"}, d->devices_down},
		{{"检查时段", "Half day"}, STR("□ 上午　　□ 下午")},
		{{"检查时间", "At"}, STR("　　　时　　　分")},
	};

	answerable_draw(p, d);
	page_fields(p, f, COUNT(f), 2);
	page_checks(p, CHECKS, COUNT(CHECKS));
	page_heading(p, (struct page_word){"异常情况和处理（无则写“无”）", "What was wrong and what was done"});
	page_lines(p, 3);
	page_signatures(p, WHO, COUNT(WHO), 3);
}

void replay_draw(struct page *p, const void *data)
{
	static const struct page_column ROWS[] = {
		{{"录像时段起", "Recording from"}, 15, PAGE_CENTRE}, {{"分发（半日）", "Issue of"}, 13, PAGE_CENTRE},
		{{"回放时间", "Replayed at"}, 13, PAGE_CENTRE}, {{"疑点", "Suspects"}, 8, PAGE_CENTRE},
		{{"疑点说明", "What"}, 22, PAGE_START}, {{"回放人（一）", "First"}, 13, PAGE_START},
		{{"回放人（二）", "Second"}, 13, PAGE_START},
	};
	static const struct page_word WHO[] = {{"负责人签名", "In charge"}, {"报送人签名", "Sent on by"}};
	const struct store_form *d = data;
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, d->replays.n * COUNT(ROWS) + 1, sizeof(*cell));

	answerable_draw(p, d);
	for (size_t i = 0; i < d->replays.n; i++)
		for (size_t k = 0; k < 4; k++)
			cell[i * COUNT(ROWS) + k] = d->replays.cells[i * 4 + k];
	page_table(p, &(struct page_table){ROWS, COUNT(ROWS), cell, d->replays.n, 8, 24});
	page_signatures(p, WHO, COUNT(WHO), 2);
	page_note(p, "按方案规定的时段回放保密室录像；每次分发后回放分发全过程。疑点逐条写明机位和时刻，不得写试题内容。");
}
