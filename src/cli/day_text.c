/* SPDX-License-Identifier: Apache-2.0 */
/* day_text.c -- the day's document for people: two pages, worst first; see day_text.h.
 *
 * Nothing is asked here: all of it stands in the document.  "[12-340]" is a range of entries.
 */
#include "cli/day_text.h"

#include "cli/labels.h"

/* Two pages: the first are shown and the rest is counted. */
enum { LATE_SHOWN = 4 };

/* Words of the document's values. */
static const struct {
	const char *code, *zh, *en;
} WORDS[] = {
	{"packed", "在箱", "packed"}, {"issued", "已领", "issued"}, {"opened", "已启封", "opened"},
	{"counted", "已清点", "counted"}, {"returned", "已回收", "returned"},
	{"lost", "下落不明", "lost"}, {"destroyed", "已销毁", "destroyed"},
	{"late", "迟报", "late"}, {"lapsed", "未报", "not made"},
};

const char *day_word(const struct cli *c, struct str code)
{
	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (str_is(code, WORDS[i].code))
			return cli_tr(c, WORDS[i].zh, WORDS[i].en);
	for (int i = 0; i < COLOUR_MAX; i++)
		if (str_is(code, colour_text(i)))
			return label_colour(c, i);
	for (int i = 0; i < ALARM_REASON_MAX; i++)
		if (str_is(code, alarm_reason_text(i)))
			return cli_tr(c, ALARM_REASON_WORDS[i].zh, ALARM_REASON_WORDS[i].en);
	return code.s ? code.s : "";
}

long long day_num(const struct json *o, const char *key)
{
	return (long long)json_int(o, key, 0);
}

struct str day_minute(struct cli *c, const struct json *o, const char *key)
{
	struct str s = json_str(o, key);

	return s.n > 16 ? str_dup(&c->arena, s.s + 11, 5) : STR("—");
}

struct str day_entries(struct cli *c, const struct json *o)
{
	int64_t first = json_int(o, "first", -1), last = json_int(o, "last", -1);

	if (first < 0)
		return STR("[—]");
	return first == last ? str_fmt(&c->arena, "[%lld]", (long long)first)
	                     : str_fmt(&c->arena, "[%lld-%lld]", (long long)first, (long long)last);
}

struct str day_or(struct cli *c, const struct json *o, const char *key, const char *zh,
                  const char *en)
{
	struct str s = json_str(o, key);

	return s.n ? s : str_of(cli_tr(c, zh, en));
}

struct str day_span(struct cli *c, long long s)
{
	if (s < 60)
		return str_fmt(&c->arena, cli_tr(c, "%lld秒", "%llds"), s);
	if (s < 3600)
		return str_fmt(&c->arena, cli_tr(c, "%lld分%02lld秒", "%lldm%02llds"), s / 60, s % 60);
	return str_fmt(&c->arena, cli_tr(c, "%lld小时%02lld分", "%lldh%02lldm"), s / 3600,
	               s / 60 % 60);
}

void day_title(const struct cli *c, const char *zh, const char *en)
{
	printf("\n%s\n", cli_tr(c, zh, en));
}

void day_head(struct grid *g, struct cli *c, const char *const (*names)[2], size_t n)
{
	grid_init(g, &c->arena, n);
	for (size_t i = 0; i < n; i++)
		grid_addz(g, cli_tr(c, names[i][0], names[i][1]));
}

static void print_head(struct cli *c, const struct json *doc)
{
	const struct json *ledger = json_get(doc, "ledger");
	struct str session = json_str(doc, "session"), place = json_str(doc, "place");
	struct str as_of = json_str(doc, "as_of");

	cli_say(c, "%s值班日报  %s  %s%s%s  截至 %.5s %s", "%sReport of the day  %s  %s%s%s  as of %.5s %s",
	        json_bool(doc, "drill", false) ? cli_tr(c, "【演练】", "[DRILL] ") : "",
	        json_str(doc, "day").s,
	        place.n ? label_place(c, place).s : cli_tr(c, "全部考区", "all areas"),
	        session.n ? "  " : "", session.n ? label_key(c, "session", session).s : "",
	        as_of.s + 5, day_minute(c, doc, "as_of").s);
	cli_say(c, "台账共 %lld 条，当日 %s；方括号内为台账序号，可用 gongyuan ledger list 核对",
	        "%lld entries, of the day %s; brackets hold entries' numbers, see gongyuan ledger list",
	        day_num(ledger, "size"), day_entries(c, ledger).s);
	if (day_num(ledger, "projected") < day_num(ledger, "size"))
		cli_say(c, "注意：查询表只记到第 %lld 条之前，其后发生的本报看不到；先运行 gongyuan timers run",
		        "NOTE: the tables stand before entry %lld, and nothing later is in this report; "
		        "run gongyuan timers run first", day_num(ledger, "projected"));
}

static void print_summary(struct cli *c, const struct json *doc)
{
	const struct json *alarms = json_get(doc, "alarms"), *expected = json_get(doc, "expected");
	const struct json *papers = json_get(doc, "papers");
	const struct json *gaps = json_get(papers, "unbalanced");

	day_title(c, "〇、一眼看", "0. At a glance");
	cli_say(c, "  告警 %lld 起（红 %lld 橙 %lld 黄 %lld 蓝 %lld），未办结 %lld %s",
	        "  %lld alarms (red %lld, orange %lld, yellow %lld, blue %lld), %lld still open %s",
	        day_num(alarms, "raised"), day_num(alarms, "red"), day_num(alarms, "orange"),
	        day_num(alarms, "yellow"), day_num(alarms, "blue"), day_num(alarms, "open"),
	        day_entries(c, alarms).s);
	day_print_open(c, doc);
	cli_say(c, "  签收 %lld 起，平均 %s，最慢 %s",
	        "  %lld signed for, after %s on average, %s at the slowest",
	        day_num(alarms, "acknowledged"),
	        day_span(c, day_num(alarms, "acknowledged_mean_s")).s,
	        day_span(c, day_num(alarms, "acknowledged_slowest_s")).s);
	cli_say(c, "  应办事项：按时 %lld，提前 %lld，迟报 %lld，超时未报 %lld，待办 %lld %s",
	        "  due: in time %lld, early %lld, late %lld, missed %lld, still to come %lld %s",
	        day_num(expected, "met"), day_num(expected, "early"), day_num(expected, "late"),
	        day_num(expected, "lapsed"), day_num(expected, "open"), day_entries(c, expected).s);
	cli_say(c, "  试卷不平 %zu 袋 %s", "  bags that do not balance: %zu %s", gaps->count,
	        day_entries(c, papers).s);
}

/* A shift as it stands at the moment of the report. */
enum shift { SHIFT_OVER, SHIFT_ON, SHIFT_TO_COME };

static enum shift shift_at(const struct json *o, struct str as_of)
{
	if (day_num(o, "handed_over") >= 0)
		return SHIFT_OVER;
	return str_cmp(json_str(o, "from"), as_of) <= 0 ? SHIFT_ON : SHIFT_TO_COME;
}

static struct str presence(struct cli *c, const struct json *o, struct str as_of)
{
	if (str_cmp(json_str(o, "until"), as_of) <= 0)
		return str_of(cli_tr(c, "未交班", "not handed over"));
	return day_num(o, "signed_in") < 0 ? str_of(cli_tr(c, "未到", "has not come"))
	                                   : day_or(c, o, "present", "无人", "nobody");
}

/* "20:00-08:00", with the date of what is not on the report's day. */
static struct str hours(struct cli *c, const struct json *o, struct str day)
{
	static const char *const ENDS[] = {"from", "until"};
	struct str at[COUNT(ENDS)];

	for (size_t i = 0; i < COUNT(ENDS); i++) {
		struct str s = json_str(o, ENDS[i]);

		at[i] = day_minute(c, o, ENDS[i]);
		if (!str_starts(s, day) && s.n > 16)
			at[i] = str_fmt(&c->arena, "%.5s %s", s.s + 5, at[i].s);
	}
	return str_fmt(&c->arena, "%s-%s", at[0].s, at[1].s);
}

static void add_shift(struct cli *c, struct grid *g, const struct json *o, const struct json *doc)
{
	long long in = day_num(o, "signed_in");

	grid_add(g, str_fmt(&c->arena, "  %s", label_place(c, json_str(o, "place")).s));
	grid_add(g, label_key(c, "role", json_str(o, "post")));
	grid_add(g, json_str(o, "shift"));
	grid_add(g, hours(c, o, json_str(doc, "day")));
	grid_add(g, str_fmt(&c->arena, "%s/%s", day_or(c, o, "person", "—", "—").s,
	                    day_or(c, o, "deputy", "—", "—").s));
	grid_add(g, presence(c, o, json_str(doc, "as_of")));
	grid_add(g, in < 0 ? STR("[—]") : str_fmt(&c->arena, "[%lld]", in));
}

/* Those of this shift's place that are on, when it is the first of its place. */
static void add_place(struct cli *c, struct grid *g, const struct json *first,
                      const struct json *doc)
{
	const struct json *list = json_get(doc, "duty");
	struct str as_of = json_str(doc, "as_of"), place = json_str(first, "place");

	for (const struct json *o = list->first; o != first; o = o->next)
		if (str_eq(json_str(o, "place"), place))
			return;
	for (const struct json *o = first; o; o = o->next)
		if (str_eq(json_str(o, "place"), place) && shift_at(o, as_of) == SHIFT_ON)
			add_shift(c, g, o, doc);
}

/* Who is there now, and what was not handed over; the rest is counted. */
static void print_duty(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(doc, "duty");
	long long n[SHIFT_TO_COME + 1] = {0};
	struct grid g;

	day_title(c, "一、值班", "1. On duty");
	if (!list->count) {
		cli_say(c, "  未排值班表", "  there is no roster");
		return;
	}
	DAY_HEAD(&g, c, {"  地点", "  place"}, {"岗位", "post"}, {"班次", "shift"}, {"时段", "hours"},
	         {"应值 A/B", "rostered A/B"}, {"在岗", "present"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		n[shift_at(o, json_str(doc, "as_of"))]++;
		add_place(c, &g, o, doc);
	}
	if (n[SHIFT_ON])
		grid_print(&g, stdout);
	cli_say(c, "  当值 %lld 班，已交班 %lld 班，未到接班时间 %lld 班；全部班次见 gongyuan view show duty/roster",
	        "  %lld shifts on, %lld handed over, %lld still to come; for all of them see "
	        "gongyuan view show duty/roster",
	        n[SHIFT_ON], n[SHIFT_OVER], n[SHIFT_TO_COME]);
}

static void print_late(struct cli *c, const struct json *session)
{
	const struct json *late = json_get(session, "late");
	size_t n = 0;

	if (late->count > LATE_SHOWN)
		cli_say(c, "  零报告迟报、未报 %zu 个单位，名单见 gongyuan duty zero --session %s",
		        "  %zu zero-reports are late or missing, see gongyuan duty zero --session %s",
		        late->count, json_str(session, "session").s);
	for (const struct json *o = late->first; o && n < LATE_SHOWN; o = o->next, n++)
		cli_say(c, "  零报告%s：%s  应于 %s 前 %s", "  zero-report %s: %s, due by %s %s",
		        day_word(c, json_str(o, "state")), label_place(c, json_str(o, "place")).s,
		        day_minute(c, o, "due").s,
		        day_entries(c, o).s);
}

/* What no site has reported yet is not nought. */
static struct str reported(struct cli *c, const struct json *o, const char *key)
{
	return json_int(o, "first", -1) < 0 ? STR("—") : str_fmt(&c->arena, "%lld", day_num(o, key));
}

static void print_sessions(struct cli *c, const struct json *doc)
{
	static const char *const FACTS[] = {"present", "absent", "violations", "incidents", "spares"};
	const struct json *list = json_get(doc, "sessions");
	struct grid g;

	day_title(c, "二、计划与实施（实施数字取自考点零报告）",
	          "2. Plan and facts (facts are of the sites' zero-reports)");
	DAY_HEAD(&g, c, {"  科次", "  session"}, {"时间", "hours"}, {"考点", "sites"},
	         {"考场", "rooms"}, {"应考", "expected"}, {"实考", "present"}, {"缺考", "absent"},
	         {"违规", "violations"}, {"突发", "incidents"}, {"备用卷", "spares"},
	         {"零报告", "reports"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		grid_add(&g, str_fmt(&c->arena, "  %s", label_key(c, NULL, json_str(o, "session")).s));
		grid_add(&g, str_fmt(&c->arena, "%s-%s", day_minute(c, o, "start").s,
		                     day_minute(c, o, "end").s));
		grid_addi(&g, day_num(o, "sites"));
		grid_addi(&g, day_num(o, "rooms"));
		grid_addi(&g, day_num(o, "candidates"));
		for (size_t i = 0; i < COUNT(FACTS); i++)
			grid_add(&g, reported(c, o, FACTS[i]));
		grid_add(&g, str_fmt(&c->arena, "%lld/%lld", day_num(o, "reports_made"),
		                     day_num(o, "reports_due")));
		grid_add(&g, day_entries(c, o));
	}
	for (size_t i = 2; i < 11; i++)
		g.right[i] = true;
	if (list->count)
		grid_print(&g, stdout);
	else
		cli_say(c, "  当日无考试", "  no session on this day");
	for (const struct json *o = list->first; o; o = o->next)
		print_late(c, o);
}

static bool untimely(const struct json *o)
{
	return day_num(o, "late") || day_num(o, "early") || day_num(o, "lapsed");
}

static void print_expected(struct cli *c, const struct json *doc)
{
	const struct json *rules = json_get(json_get(doc, "expected"), "rules");
	size_t shown = 0;
	struct grid g;

	day_title(c, "三、应办事项（只列有提前、迟报、超时的）", "3. What was due (early, late or missed)");
	DAY_HEAD(&g, c, {"  事项", "  what"}, {"按时", "in time"}, {"提前", "early"}, {"迟报", "late"},
	     {"超时未报", "missed"}, {"待办", "open"}, {"台账", "entries"});
	for (const struct json *o = rules->first; o; o = o->next) {
		if (!untimely(o))
			continue;
		shown++;
		grid_add(&g, str_fmt(&c->arena, "  %s", label_key(c, NULL, json_str(o, "rule")).s));
		grid_addi(&g, day_num(o, "met"));
		grid_addi(&g, day_num(o, "early"));
		grid_addi(&g, day_num(o, "late"));
		grid_addi(&g, day_num(o, "lapsed"));
		grid_addi(&g, day_num(o, "open"));
		grid_add(&g, day_entries(c, o));
	}
	for (size_t i = 1; i < 6; i++)
		g.right[i] = true;
	if (shown)
		grid_print(&g, stdout);
	else
		cli_say(c, "  无", "  none");
}

/* A day is closed in its evening; a city has no store of its own to report. */
static struct str store_told(struct cli *c, const struct json *o)
{
	if (day_num(o, "store_reported") >= 0)
		return str_fmt(&c->arena, cli_tr(c, "已报 [%lld]", "made [%lld]"),
		               day_num(o, "store_reported"));
	return place_level(json_str(o, "place")) == LEVEL_COUNTY
	           ? str_of(cli_tr(c, "未报", "not made")) : STR("—");
}

static void print_closing(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(doc, "closing");
	struct str as_of = json_str(doc, "as_of");
	bool evening = false;
	struct grid g;

	DAY_HEAD(&g, c, {"  地点", "  place"}, {"保密室日报", "store's report"}, {"日清", "day closed"});
	for (const struct json *o = list->first; o; o = o->next) {
		bool closed = day_num(o, "closed") >= 0;

		evening = evening || closed || day_num(o, "store_reported") >= 0 ||
		          str_cmp(json_str(o, "evening"), as_of) <= 0;
		grid_add(&g, str_fmt(&c->arena, "  %s", label_place(c, json_str(o, "place")).s));
		grid_add(&g, store_told(c, o));
		grid_add(&g, closed ? str_fmt(&c->arena, "%s [%lld]", day_minute(c, o, "closed_at").s,
		                              day_num(o, "closed"))
		                    : str_of(cli_tr(c, "未签", "not signed")));
	}
	if (evening)
		grid_print(&g, stdout);
	else if (list->count)
		cli_say(c, "  保密室日报和日清：%s 起", "  the stores' reports and the closing: from %s",
		        day_minute(c, list->first, "evening").s);
}

static void print_next(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(json_get(doc, "next_day"), "sessions");

	day_title(c, "七、日清与次日", "7. Closing, and the next day");
	print_closing(c, doc);
	for (const struct json *o = list->first; o; o = o->next)
		if (day_num(o, "sites"))
			cli_say(c, "  次日 %s  %s  考点 %lld 考场 %lld 考生 %lld",
			        "  next: %s at %s, %lld sites, %lld rooms, %lld candidates",
			        label_key(c, NULL, json_str(o, "session")).s, day_minute(c, o, "start").s,
			        day_num(o, "sites"), day_num(o, "rooms"), day_num(o, "candidates"));
		else
			cli_say(c, "  次日 %s  %s  尚未编排", "  next: %s at %s, not arranged yet",
			        label_key(c, NULL, json_str(o, "session")).s, day_minute(c, o, "start").s);
	if (!list->count)
		cli_say(c, "  次日无考试", "  no session on the next day");
}

void day_print(struct cli *c, const struct json *doc)
{
	print_head(c, doc);
	print_summary(c, doc);
	print_duty(c, doc);
	print_sessions(c, doc);
	print_expected(c, doc);
	day_print_papers(c, doc);
	day_print_alarms(c, doc);
	day_print_desk(c, doc);
	print_next(c, doc);
}
