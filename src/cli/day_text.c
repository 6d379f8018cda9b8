/* SPDX-License-Identifier: Apache-2.0 */
/* day_text.c -- the day's document for people: two pages, worst first; see day.h.
 *
 * Nothing is asked here: all of it stands in the document.  "[12-340]" is a range of entries.
 */
#include "cli/day.h"

#include "cli/gap.h"
#include "cli/labels.h"
#include "cli/out.h"

/* Two pages: of a county all of it fits, of a city the first are shown and the rest is counted. */
enum { LATE_SHOWN = 4, HOLDERS_SHOWN = 12, GAPS_SHOWN = 12, ALARMS_SHOWN = 20 };

/* Words of the document's values. */
static const struct {
	const char *code, *zh, *en;
} WORDS[] = {
	{"red", "红", "red"}, {"orange", "橙", "orange"}, {"yellow", "黄", "yellow"},
	{"blue", "蓝", "blue"},
	{"packed", "在箱", "packed"}, {"issued", "已领", "issued"}, {"opened", "已启封", "opened"},
	{"counted", "已清点", "counted"}, {"returned", "已回收", "returned"},
	{"lost", "下落不明", "lost"}, {"destroyed", "已销毁", "destroyed"},
	{"late", "迟报", "late"}, {"lapsed", "未报", "not made"},
	{"handled", "已处置", "handled"}, {"false_alarm", "误报", "false alarm"},
	{"duplicate", "重复", "duplicate"}, {"corrected", "已更正", "corrected"},
};

static const char *word(const struct cli *c, struct str code)
{
	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (str_is(code, WORDS[i].code))
			return cli_tr(c, WORDS[i].zh, WORDS[i].en);
	return code.s ? code.s : "";
}

static long long num(const struct json *o, const char *key)
{
	return (long long)json_int(o, key, 0);
}

/* "08:57" out of "2025-06-07T08:57:00.000+08:00"; "—" when there is none. */
static struct str minute(struct cli *c, const struct json *o, const char *key)
{
	struct str s = json_str(o, key);

	return s.n > 16 ? str_dup(&c->arena, s.s + 11, 5) : STR("—");
}

static struct str range(struct cli *c, const struct json *o)
{
	int64_t first = json_int(o, "first", -1), last = json_int(o, "last", -1);

	if (first < 0)
		return STR("[—]");
	return first == last ? str_fmt(&c->arena, "[%lld]", (long long)first)
	                     : str_fmt(&c->arena, "[%lld-%lld]", (long long)first, (long long)last);
}

static struct str text_or(struct cli *c, const struct json *o, const char *key, const char *zh,
                          const char *en)
{
	struct str s = json_str(o, key);

	return s.n ? s : str_of(cli_tr(c, zh, en));
}

/* "3分20秒" */
static struct str took(struct cli *c, const struct json *o, const char *key)
{
	const struct json *v = json_get(o, key);
	long long s = num(o, key);

	if (!v || v->type != JSON_INT)
		return STR("—");
	if (s < 60)
		return str_fmt(&c->arena, cli_tr(c, "%lld秒", "%llds"), s);
	return str_fmt(&c->arena, cli_tr(c, "%lld分%02lld秒", "%lldm%02llds"), s / 60, s % 60);
}

static void title(const struct cli *c, const char *zh, const char *en)
{
	printf("\n%s\n", cli_tr(c, zh, en));
}

static void head(struct grid *g, struct cli *c, const char *const (*names)[2], size_t n)
{
	grid_init(g, &c->arena, n);
	for (size_t i = 0; i < n; i++)
		grid_addz(g, cli_tr(c, names[i][0], names[i][1]));
}
#define HEAD(g, c, ...) \
	head((g), (c), (const char *const[][2]){__VA_ARGS__}, \
	     COUNT(((const char *const[][2]){__VA_ARGS__})))

static void print_head(struct cli *c, const struct json *doc)
{
	const struct json *ledger = json_get(doc, "ledger");
	struct str session = json_str(doc, "session"), place = json_str(doc, "place");

	if (json_bool(doc, "drill", false))
		printf("%s\n", cli_tr(c, "【演练】", "[DRILL]"));
	cli_say(c, "值班日报  %s  %s%s%s", "Report of the day  %s  %s%s%s", json_str(doc, "day").s,
	        place.n ? place.s : cli_tr(c, "全部考区", "all areas"), session.n ? "  " : "",
	        session.n ? label_key(c, "session", session).s : "");
	cli_say(c, "台账共 %lld 条，当日 %s；方括号内为台账序号，可用 gongyuan ledger list 核对",
	        "%lld entries, of the day %s; brackets hold entries' numbers, see gongyuan ledger list",
	        num(ledger, "size"), range(c, ledger).s);
}

static void print_summary(struct cli *c, const struct json *doc)
{
	const struct json *alarms = json_get(doc, "alarms"), *expected = json_get(doc, "expected");
	const struct json *papers = json_get(doc, "papers");
	const struct json *gaps = json_get(papers, "unbalanced");

	title(c, "〇、一眼看", "0. At a glance");
	cli_say(c, "  告警 %lld 起（红 %lld 橙 %lld 黄 %lld 蓝 %lld），未办结 %lld %s",
	        "  %lld alarms (red %lld, orange %lld, yellow %lld, blue %lld), %lld still open %s",
	        num(alarms, "raised"), num(alarms, "red"), num(alarms, "orange"), num(alarms, "yellow"),
	        num(alarms, "blue"), num(alarms, "open"), range(c, alarms).s);
	cli_say(c, "  签收 %lld 起，平均 %lld 秒，最慢 %lld 秒",
	        "  %lld signed for, %lld s on average, %lld s at the slowest",
	        num(alarms, "acknowledged"), num(alarms, "acknowledged_mean_s"),
	        num(alarms, "acknowledged_slowest_s"));
	cli_say(c, "  应办事项：按时 %lld，提前 %lld，迟报 %lld，超时未报 %lld，待办 %lld %s",
	        "  due: in time %lld, early %lld, late %lld, missed %lld, still to come %lld %s",
	        num(expected, "met"), num(expected, "early"), num(expected, "late"),
	        num(expected, "lapsed"), num(expected, "open"), range(c, expected).s);
	cli_say(c, "  试卷不平 %zu 袋 %s", "  bags that do not balance: %zu %s", gaps->count,
	        range(c, papers).s);
}

static void print_duty(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(doc, "duty");
	struct grid g;

	title(c, "一、值班", "1. On duty");
	HEAD(&g, c, {"  地点", "  place"}, {"岗位", "post"}, {"班次", "shift"}, {"时段", "hours"},
	     {"应值 A/B", "rostered A/B"}, {"到岗", "came"}, {"在岗", "present"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		long long in = num(o, "signed_in"), handed = num(o, "handed_over");

		grid_add(&g, str_fmt(&c->arena, "  %s", json_str(o, "place").s));
		grid_add(&g, label_key(c, "role", json_str(o, "post")));
		grid_add(&g, json_str(o, "shift"));
		grid_add(&g, str_fmt(&c->arena, "%s-%s", minute(c, o, "from").s, minute(c, o, "until").s));
		grid_add(&g, str_fmt(&c->arena, "%s/%s", text_or(c, o, "person", "—", "—").s,
		                     text_or(c, o, "deputy", "—", "—").s));
		grid_addz(&g, in >= 0 ? cli_tr(c, "已到", "yes") : cli_tr(c, "未到", "no"));
		grid_add(&g, handed >= 0 ? str_of(cli_tr(c, "已交班", "handed over"))
		                         : text_or(c, o, "present", "无人", "nobody"));
		grid_add(&g, in < 0        ? STR("[—]")
		             : handed >= 0 ? str_fmt(&c->arena, "[%lld-%lld]", in, handed)
		                           : str_fmt(&c->arena, "[%lld]", in));
	}
	if (list->count)
		grid_print(&g, stdout);
	else
		cli_say(c, "  未排值班表", "  there is no roster");
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
		        word(c, json_str(o, "state")), json_str(o, "place").s, minute(c, o, "due").s,
		        range(c, o).s);
}

static void print_sessions(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(doc, "sessions");
	struct grid g;

	title(c, "二、计划与实施（实施数字取自考点零报告）",
	      "2. Plan and facts (facts are of the sites' zero-reports)");
	HEAD(&g, c, {"  科次", "  session"}, {"时间", "hours"}, {"考点", "sites"}, {"考场", "rooms"},
	     {"应考", "expected"}, {"实考", "present"}, {"缺考", "absent"}, {"违规", "violations"},
	     {"突发", "incidents"}, {"备用卷", "spares"}, {"零报告", "reports"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		grid_add(&g, str_fmt(&c->arena, "  %s", label_key(c, NULL, json_str(o, "session")).s));
		grid_add(&g, str_fmt(&c->arena, "%s-%s", minute(c, o, "start").s, minute(c, o, "end").s));
		grid_addi(&g, num(o, "sites"));
		grid_addi(&g, num(o, "rooms"));
		grid_addi(&g, num(o, "candidates"));
		grid_addi(&g, num(o, "present"));
		grid_addi(&g, num(o, "absent"));
		grid_addi(&g, num(o, "violations"));
		grid_addi(&g, num(o, "incidents"));
		grid_addi(&g, num(o, "spares"));
		grid_add(&g,
		         str_fmt(&c->arena, "%lld/%lld", num(o, "reports_made"), num(o, "reports_due")));
		grid_add(&g, range(c, o));
	}
	for (size_t i = 2; i < 11; i++)
		g.right[i] = true;
	grid_print(&g, stdout);
	for (const struct json *o = list->first; o; o = o->next)
		print_late(c, o);
}

static bool untimely(const struct json *o)
{
	return num(o, "late") || num(o, "early") || num(o, "lapsed");
}

static void print_expected(struct cli *c, const struct json *doc)
{
	const struct json *rules = json_get(json_get(doc, "expected"), "rules");
	size_t shown = 0;
	struct grid g;

	title(c, "三、应办事项（只列有提前、迟报、超时的）", "3. What was due (early, late or missed)");
	HEAD(&g, c, {"  事项", "  what"}, {"按时", "in time"}, {"提前", "early"}, {"迟报", "late"},
	     {"超时未报", "missed"}, {"待办", "open"}, {"台账", "entries"});
	for (const struct json *o = rules->first; o; o = o->next) {
		if (!untimely(o))
			continue;
		shown++;
		grid_add(&g, str_fmt(&c->arena, "  %s", label_key(c, NULL, json_str(o, "rule")).s));
		grid_addi(&g, num(o, "met"));
		grid_addi(&g, num(o, "early"));
		grid_addi(&g, num(o, "late"));
		grid_addi(&g, num(o, "lapsed"));
		grid_addi(&g, num(o, "open"));
		grid_add(&g, range(c, o));
	}
	for (size_t i = 1; i < 6; i++)
		g.right[i] = true;
	if (shown)
		grid_print(&g, stdout);
	else
		cli_say(c, "  无", "  none");
}

static void print_counts(struct cli *c, const struct json *papers)
{
	const struct json *list = json_get(papers, "sessions");
	struct grid g;

	HEAD(&g, c, {"  品种", "  asset"}, {"袋", "bags"}, {"份", "copies"}, {"已用", "used"},
	     {"缺考", "absent"}, {"余卷", "left over"}, {"换下", "spoiled"}, {"短少", "missing"},
	     {"不平", "unbalanced"}, {"未清点", "uncounted"}, {"台账", "entries"});
	for (const struct json *o = list->first; o; o = o->next) {
		grid_add(&g, str_fmt(&c->arena, "  %s", label_asset(c, json_str(o, "asset")).s));
		grid_addi(&g, num(o, "bags"));
		grid_addi(&g, num(o, "copies"));
		grid_addi(&g, num(o, "used"));
		grid_addi(&g, num(o, "absent"));
		grid_addi(&g, num(o, "left_over"));
		grid_addi(&g, num(o, "spoiled"));
		grid_addi(&g, num(o, "missing"));
		grid_addi(&g, num(o, "rooms_unbalanced"));
		grid_addi(&g, num(o, "rooms_uncounted"));
		grid_add(&g, range(c, o));
	}
	for (size_t i = 1; i < 10; i++)
		g.right[i] = true;
	if (list->count)
		grid_print(&g, stdout);
}

static void print_holders(struct cli *c, const struct json *papers)
{
	const struct json *list = json_get(papers, "holdings");
	size_t n = 0;
	struct grid g;

	HEAD(&g, c, {"  保管", "  held by"}, {"状态", "state"}, {"袋", "bags"}, {"份", "copies"});
	for (const struct json *o = list->first; o && n < HOLDERS_SHOWN; o = o->next, n++) {
		grid_add(&g, str_fmt(&c->arena, "  %s", label_holder(c, json_str(o, "holder")).s));
		grid_addz(&g, word(c, json_str(o, "state")));
		grid_addi(&g, num(o, "bags"));
		grid_addi(&g, num(o, "copies"));
	}
	g.right[2] = g.right[3] = true;
	if (n)
		grid_print(&g, stdout);
	if (list->count > n)
		cli_say(c, "  另有 %zu 行，见 gongyuan %s", "  %zu rows more, see gongyuan %s",
		        list->count - n, json_str(papers, "query").s);
}

static void print_gaps(struct cli *c, const struct json *papers)
{
	const struct json *list = json_get(papers, "unbalanced");
	size_t n = 0;

	for (const struct json *o = list->first; o && n < GAPS_SHOWN; o = o->next, n++)
		cli_say(c, "  不平：%s  考场 %s  短少 %lld 份（负为多出）  gongyuan %s %s",
		        "  unbalanced: %s, room %s, %lld short (negative: too many), gongyuan %s %s",
		        json_str(o, "bag").s, text_or(c, o, "room", "—", "—").s, num(o, "short"),
		        json_str(o, "query").s, range(c, o).s);
	if (list->count > n)
		cli_say(c, "  另有 %zu 袋不平", "  %zu more that do not balance", list->count - n);
	n = 0;
	list = json_get(papers, "differences");
	for (const struct json *o = list->first; o && n < GAPS_SHOWN; o = o->next, n++)
		gap_say(c, o);
	if (list->count > n)
		cli_say(c, "  另有 %zu 处差异，见 gongyuan custody reconcile",
		        "  %zu more differences, see gongyuan custody reconcile", list->count - n);
}

static void print_levels(struct cli *c, const struct json *o)
{
	cli_say(c, "  密级：绝密 %lld 袋，机密 %lld 袋，秘密 %lld 袋，其余 %lld 袋",
	        "  secrecy: top secret %lld bags, confidential %lld, secret %lld, others %lld",
	        num(o, "top_secret"), num(o, "confidential"), num(o, "secret"), num(o, "none"));
}

static void print_papers(struct cli *c, const struct json *doc)
{
	const struct json *papers = json_get(doc, "papers");

	title(c, "四、试卷在何处", "4. Where the papers are");
	print_gaps(c, papers);
	print_levels(c, json_get(papers, "secrecy"));
	print_counts(c, papers);
	print_holders(c, papers);
	cli_say(c, "  结存依据台账 %s；复核：gongyuan-audit --report",
	        "  balances are of entries %s; verify with gongyuan-audit --report",
	        range(c, papers).s);
}

static bool is_severe(const struct json *o)
{
	return str_is(json_str(o, "colour"), "red") || str_is(json_str(o, "colour"), "orange");
}

/* Red and orange ones are closed by two. */
static struct str closers(struct cli *c, const struct json *o)
{
	struct str second = json_str(o, "closed_second");
	struct str first = text_or(c, o, "closed_by", "未办结", "open");

	return second.n ? str_fmt(&c->arena, STR_FMT " + " STR_FMT, STR_ARG(first), STR_ARG(second))
	                : first;
}

static void alarm_row(struct cli *c, struct grid *g, const struct json *o)
{
	struct str subject = json_str(o, "subject");

	grid_add(g, str_fmt(&c->arena, "  %s", minute(c, o, "raised").s));
	grid_addz(g, word(c, json_str(o, "colour")));
	grid_add(g, label_key(c, NULL, json_str(o, "rule")));
	grid_add(g, num(o, "folded") ? str_fmt(&c->arena, "%s ×%lld", subject.s, num(o, "folded") + 1)
	                             : subject);
	grid_add(g, text_or(c, o, "acknowledged_by", "未签收", "nobody"));
	grid_add(g, took(c, o, "acknowledged_s"));
	grid_add(g, closers(c, o));
	grid_add(g, took(c, o, "closed_s"));
	grid_addz(g, word(c, json_str(o, "reason")));
	grid_add(g, range(c, o));
}

/* Red ones, then orange ones, each as it came. */
static void print_severe(struct cli *c, const struct json *list)
{
	static const char *const COLOURS[] = {"red", "orange"};
	size_t n = 0, severe = 0;
	struct grid g;

	HEAD(&g, c, {"  发生", "  raised"}, {"颜色", "colour"}, {"告警", "alarm"}, {"对象", "subject"},
	     {"签收", "signed for by"}, {"用时", "took"}, {"办结", "closed by"}, {"用时", "took"},
	     {"结论", "result"}, {"台账", "entries"});
	for (size_t i = 0; i < COUNT(COLOURS); i++)
		for (const struct json *o = list->first; o; o = o->next) {
			if (!str_is(json_str(o, "colour"), COLOURS[i]))
				continue;
			severe++;
			if (n < ALARMS_SHOWN) {
				alarm_row(c, &g, o);
				n++;
			}
		}
	if (n)
		grid_print(&g, stdout);
	else
		cli_say(c, "  红色、橙色：无", "  red and orange: none");
	if (severe > n)
		cli_say(c, "  另有红色、橙色 %zu 起，见 gongyuan alarm list --all",
		        "  %zu red and orange ones more, see gongyuan alarm list --all", severe - n);
}

/* Yellow and blue ones together, a line a rule. */
static void print_minor(struct cli *c, const struct json *list)
{
	for (const struct json *o = list->first; o; o = o->next) {
		int64_t n = 0, open = 0, slowest = 0, first = -1, last = -1;
		bool told = false;

		for (const struct json *x = list->first; x != o && !told; x = x->next)
			told = str_eq(json_str(x, "rule"), json_str(o, "rule"));
		if (told || is_severe(o))
			continue;
		for (const struct json *x = o; x; x = x->next) {
			if (!str_eq(json_str(x, "rule"), json_str(o, "rule")))
				continue;
			n++;
			open += !json_str(x, "closed").n;
			slowest = num(x, "acknowledged_s") > slowest ? num(x, "acknowledged_s") : slowest;
			first = first < 0 ? num(x, "first") : first;
			last = num(x, "last") > last ? num(x, "last") : last;
		}
		cli_say(c, "  %s  %s %lld 起，未办结 %lld，签收最慢 %lld 秒 [%lld-%lld]",
		        "  %s  %s: %lld, %lld open, signed for after %lld s at the slowest [%lld-%lld]",
		        word(c, json_str(o, "colour")), label_key(c, NULL, json_str(o, "rule")).s,
		        (long long)n, (long long)open, (long long)slowest, (long long)first,
		        (long long)last);
	}
}

static void print_alarms(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(json_get(doc, "alarms"), "list");

	title(c, "五、告警与处置", "5. Alarms and answers");
	print_severe(c, list);
	print_minor(c, list);
}

static void print_desk(struct cli *c, const struct json *doc)
{
	const struct json *tips = json_get(doc, "tips");

	title(c, "六、调度指令、电话审批、特批、举报", "6. Orders, telephone, exceptions, tips");
	for (const struct json *o = json_get(doc, "orders")->first; o; o = o->next)
		cli_say(c, "  指令 %s → %s  下达 %s 签收 %s 反馈 %s %s %s",
		        "  order %s to %s, issued %s, signed for %s, answered %s %s %s",
		        json_str(o, "order").s, json_str(o, "place").s, minute(c, o, "issued").s,
		        minute(c, o, "signed").s, minute(c, o, "answered").s,
		        json_bool(o, "withdrawn", false) ? cli_tr(c, "已撤销", "withdrawn") : "",
		        range(c, o).s);
	for (const struct json *o = json_get(doc, "calls")->first; o; o = o->next)
		cli_say(c, "  电话审批 %s %s  %s 由 %s 记录 %s%s %s",
		        "  by telephone %s %s, %s, noted by %s, %s%s %s", minute(c, o, "minute").s,
		        json_str(o, "decision").s, json_str(o, "decider").s, json_str(o, "taker").s,
		        json_bool(o, "approved", false) ? cli_tr(c, "同意", "approved")
		                                        : cli_tr(c, "不同意", "refused"),
		        json_bool(o, "countersigned", false) ? "" : cli_tr(c, "，待补签", ", to be signed"),
		        range(c, o).s);
	for (const struct json *o = json_get(doc, "exceptions")->first; o; o = o->next)
		cli_say(c, "  特批 %s %s  批准人 %s %s", "  exception %s at %s, approved by %s %s",
		        label_key(c, NULL, json_str(o, "command")).s, json_str(o, "place").s,
		        json_str(o, "approver").s, range(c, o).s);
	cli_say(c, "  举报 收到 %lld 受理 %lld 研判 %lld 办结 %lld %s",
	        "  tips: received %lld, accepted %lld, triaged %lld, closed %lld %s",
	        num(tips, "received"), num(tips, "accepted"), num(tips, "triaged"),
	        num(tips, "closed"), range(c, tips).s);
}

static void print_next(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(json_get(doc, "next_day"), "sessions");

	title(c, "七、日清与次日", "7. Closing, and the next day");
	for (const struct json *o = json_get(doc, "closing")->first; o; o = o->next)
		cli_say(c, "  %s  保密室日报 %s  日清 %s", "  %s: store's report %s, day closed %s",
		        json_str(o, "place").s,
		        num(o, "store_reported") >= 0
		            ? str_fmt(&c->arena, "[%lld]", num(o, "store_reported")).s
		            : place_level(json_str(o, "place")) == LEVEL_COUNTY
		                  ? cli_tr(c, "未报", "not made")
		                  : "—", /* a city has none of its own to report */
		        num(o, "closed") >= 0 ? str_fmt(&c->arena, "%s [%lld]",
		                                        minute(c, o, "closed_at").s, num(o, "closed")).s
		                              : cli_tr(c, "未签", "not signed"));
	for (const struct json *o = list->first; o; o = o->next)
		cli_say(c, "  次日 %s  %s  考点 %lld 考场 %lld 考生 %lld",
		        "  next: %s at %s, %lld sites, %lld rooms, %lld candidates",
		        label_key(c, NULL, json_str(o, "session")).s, minute(c, o, "start").s,
		        num(o, "sites"), num(o, "rooms"), num(o, "candidates"));
	if (!list->count)
		cli_say(c, "  次日无考试", "  no session on the next day");
}

void day_print(struct day_report *d)
{
	struct cli *c = d->c;

	print_head(c, d->doc);
	print_summary(c, d->doc);
	print_duty(c, d->doc);
	print_sessions(c, d->doc);
	print_expected(c, d->doc);
	print_papers(c, d->doc);
	print_alarms(c, d->doc);
	print_desk(c, d->doc);
	print_next(c, d->doc);
}
