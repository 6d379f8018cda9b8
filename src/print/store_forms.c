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
		{{"保密室负责人", "In charge"}, d->leader},
		{{"钥匙保管员", "Keeper of keys"}, d->keeper},
	};

	subject_draw(p, &d->at);
	page_fields(p, f, COUNT(f), 2);
}

static void log_end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"值守人员（一）签名", "Guard, first"},
		{"值守人员（二）签名", "Guard, second"}, {"民警签名", "Police"}, {"负责人签名", "In charge"}};

	(void)data;
	page_heading(p, (struct page_word){"值班情况（来电、交接、异常；无则写“无”）",
	                                   "What happened; write 无 when nothing did"});
	page_lines(p, 4);
	page_signatures(p, WHO, COUNT(WHO), 4);
}

/* The back of the sheet: a day's rounds, each by two. */
static void patrols_draw(struct page *p)
{
	static const struct page_column ROUNDS[] = {
		{{"时间", "At"}, 8, PAGE_CENTRE}, {{"巡查人（一）", "First"}, 14, PAGE_START},
		{{"巡查人（二）", "Second"}, 14, PAGE_START}, {{"情况", "Found"}, 14, PAGE_START},
		{{"时间", "At"}, 8, PAGE_CENTRE}, {{"巡查人（一）", "First"}, 14, PAGE_START},
		{{"巡查人（二）", "Second"}, 14, PAGE_START}, {{"情况", "Found"}, 14, PAGE_START},
	};

	page_heading(p, (struct page_word){"室外巡查登记（按规定的间隔，每次两人签名；无异常写“无”）",
	                                   "Rounds, each by two; 无 when nothing was found"});
	page_table(p, &(struct page_table){ROUNDS, COUNT(ROUNDS), NULL, 0, 20, 25, 0, true});
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
		{{"陪同人员签名", "Escorted by"}, 16, PAGE_START},
	};
	const struct store_form *d = data;

	answerable_draw(p, d);
	page_heading(p, (struct page_word){"值守（打印时在岗人员；换班续填）",
	                                   "On post: two or more, never one alone"});
	lines_draw(p, GUARDS, COUNT(GUARDS), &d->guards, d->guards.n > 6 ? 2 : 8 - d->guards.n);
	page_heading(p, (struct page_word){"出入登记", "Who entered"});
	page_table(p, &(struct page_table){ENTRIES, COUNT(ENTRIES), d->entries.cells, d->entries.n, 3,
	                                   22, page_height(p, log_end_draw, NULL), true});
	log_end_draw(p, NULL);
	page_next(p);
	patrols_draw(p);
}

static void keys_end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"钥匙保管员签名", "Keeper of keys"},
		{"密码保管员签名", "Keeper of codes"}, {"负责人签名", "In charge"}};

	(void)data;
	page_note(p, "钥匙与密码分人保管，任何一人不得同时持有。不得填写密码本身。");
	page_signatures(p, WHO, COUNT(WHO), 3);
}

void keys_draw(struct page *p, const void *data)
{
	static const struct page_column KEPT[] = {
		{{"专用袋", "Bag of keys"}, 16, PAGE_START}, {{"封签号", "Seal"}, 16, PAGE_START},
		{{"封存", "Sealed"}, 8, PAGE_CENTRE}, {{"时间", "Since"}, 14, PAGE_CENTRE},
	};
	static const struct page_column MOVES[] = {
		{{"时间", "Time"}, 11, PAGE_CENTRE}, {{"钥匙、密码（门柜号）", "Key or code of"}, 21, PAGE_START},
		{{"用途", "What for"}, 14, PAGE_START}, {{"交出人签名", "Gives"}, 14, PAGE_START},
		{{"接收人签名", "Receives"}, 14, PAGE_START}, {{"监督人签名", "Witness"}, 14, PAGE_START},
		{{"交回时间", "Back"}, 11, PAGE_CENTRE},
	};
	const struct store_form *d = data;

	answerable_draw(p, d);
	page_heading(p, (struct page_word){"封存的钥匙", "Keys under seal"});
	lines_draw(p, KEPT, COUNT(KEPT), &d->keys, d->keys.n ? 0 : 2);
	page_heading(p, (struct page_word){"钥匙、密码交接", "Keys and codes handed over"});
	page_table(p, &(struct page_table){MOVES, COUNT(MOVES), NULL, 0, 10, 26,
	                                   page_height(p, keys_end_draw, NULL), true});
	keys_end_draw(p, NULL);
}

void joint_check_draw(struct page *p, const void *data)
{
#define YES "□ 正常　　□ 异常：________________"
	static const struct page_check CHECKS[] = {
		{{"试卷箱、试卷袋和答卷袋数量与账目一致", "Boxes and bags as in the books"}, YES},
		{{"箱、袋、柜封签（封条）完好", "Seals of boxes, bags and cabinets whole"}, YES},
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
		{{"账面箱、袋", "In the books"}, d->boxes},
		{{"最近联检", "Last checked"}, d->checked},
		{{"最近巡查", "Last patrol"}, d->patrolled},
		{{"设备中断（台）", "Devices down"}, d->devices_down},
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

static void replay_end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"负责人签名", "In charge"}, {"报送人签名", "Sent on by"}};

	(void)data;
	page_signatures(p, WHO, COUNT(WHO), 2);
	page_note(p, "按方案规定的时段回放保密室录像；每次分发后回放分发全过程。疑点逐条写明机位和时刻，不得写试题内容。");
}

void replay_draw(struct page *p, const void *data)
{
	static const struct page_column ROWS[] = {
		{{"录像时段起", "Recording from"}, 15, PAGE_CENTRE}, {{"分发（半日）", "Issue of"}, 13, PAGE_CENTRE},
		{{"回放时间", "Replayed at"}, 13, PAGE_CENTRE}, {{"疑点", "Suspects"}, 8, PAGE_CENTRE},
		{{"疑点说明（机位、时刻）", "What: camera, time"}, 22, PAGE_START},
		{{"回放人甲签名", "Signed, first"}, 14, PAGE_START},
		{{"回放人乙签名", "Signed, second"}, 14, PAGE_START},
	};
	const struct store_form *d = data;
	struct arena *a = page_arena(p);
	struct str *cell = arena_array(a, d->replays.n * COUNT(ROWS) + 1, sizeof(*cell));

	answerable_draw(p, d);
	for (size_t i = 0; i < d->replays.n; i++)
		for (size_t k = 0; k < 4; k++)
			cell[i * COUNT(ROWS) + k] = d->replays.cells[i * 4 + k];
	page_table(p, &(struct page_table){ROWS, COUNT(ROWS), cell, d->replays.n, 8, 26,
	                                   page_height(p, replay_end_draw, NULL), true});
	replay_end_draw(p, NULL);
}
