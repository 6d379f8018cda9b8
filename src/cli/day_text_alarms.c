/* SPDX-License-Identifier: Apache-2.0 */
/* day_text_alarms.c -- the day's alarms and the duty room's desk for people; see day_text.h.
 *
 * Alarms of one cause stand under the first of them.
 */
#include "cli/day_text.h"

#include "cli/labels.h"

enum { OPEN_SHOWN = 8, ALARMS_SHOWN = 20, ORDERS_SHOWN = 20 };

static const char *const COLOURS[] = {"red", "orange", "yellow", "blue"};
enum { SEVERE = 2 }; /* of them */

/* What it is about, and where, unless the one says the other. */
static struct str about(struct cli *c, const struct json *o)
{
	struct str subject = json_str(o, "subject"), place = json_str(o, "place");
	struct str what = label_subject(c, subject);

	if (!place.n || strstr(subject.s, place.s))
		return what;
	return str_fmt(&c->arena, "%s  %s", what.s, label_place(c, place).s);
}

static bool is_head(const struct json *o)
{
	return !day_num(o, "under");
}

static size_t others_of(const struct json *list, const struct json *head)
{
	size_t n = 0;

	for (const struct json *o = list->first; o; o = o->next)
		n += day_num(o, "under") == day_num(head, "alarm") &&
		     str_eq(json_str(o, "rule"), json_str(head, "rule"));
	return n;
}

/* "17:12 红 考场清点与袋内份数不符  GK01468908  第一中学 sc/cd/x01/s01/r02 [90739-91334]" */
static void print_line(struct cli *c, const struct json *list, const struct json *o)
{
	size_t same = others_of(list, o);
	long long again = day_num(o, "repeats");
	struct str more = STR("");

	if (same)
		more = str_fmt(&c->arena, cli_tr(c, "  等 %zu 处", "  and others, %zu in all"), same);
	else if (again)
		more = str_fmt(&c->arena, "  ×%lld", again + 1);
	cli_say(c, "  %s %s  %s  %s%s %s", "  %s %s  %s  %s%s %s", day_minute(c, o, "raised").s,
	        day_word(c, json_str(o, "colour")), label_key(c, NULL, json_str(o, "rule")).s,
	        about(c, o).s, more.s, day_entries(c, o).s);
}

static void print_cause(struct cli *c, const struct json *list, const struct json *head)
{
	for (const struct json *o = list->first; o; o = o->next) {
		if (day_num(o, "under") != day_num(head, "alarm") ||
		    str_eq(json_str(o, "rule"), json_str(head, "rule")))
			continue;
		cli_say(c, "        同因：%s %s %s", "        with: %s %s %s",
		        day_minute(c, o, "raised").s, label_key(c, NULL, json_str(o, "rule")).s,
		        day_entries(c, o).s);
	}
}

static struct str took(struct cli *c, const struct json *o, const char *key)
{
	const struct json *v = json_get(o, key);

	return v && v->type == JSON_INT ? day_span(c, day_num(o, key)) : STR("—");
}

/* Red and orange ones are closed by two. */
static struct str closers(struct cli *c, const struct json *o)
{
	struct str second = json_str(o, "closed_second"), first = json_str(o, "closed_by");

	return second.n ? str_fmt(&c->arena, STR_FMT " + " STR_FMT, STR_ARG(first), STR_ARG(second))
	                : first;
}

static void print_answers(struct cli *c, const struct json *o)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	if (json_str(o, "acknowledged_by").n)
		strbuf_addf(&b, cli_tr(c, "签收 %s，%s", "signed for by %s after %s"),
		            json_str(o, "acknowledged_by").s, took(c, o, "acknowledged_s").s);
	else
		strbuf_addz(&b, cli_tr(c, "无人签收", "signed for by nobody"));
	if (json_str(o, "closed_by").n)
		strbuf_addf(&b, cli_tr(c, "；办结 %s，%s，%s", "; closed by %s after %s, %s"),
		            closers(c, o).s, took(c, o, "closed_s").s, day_word(c, json_str(o, "reason")));
	else
		strbuf_addz(&b, cli_tr(c, "；未办结", "; still open"));
	printf("        %s\n", strbuf_str(&b).s);
}

static bool still_open(const struct json *o)
{
	return is_head(o) && !json_str(o, "closed").n;
}

void day_print_open(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(json_get(doc, "alarms"), "list");
	size_t n = 0;

	for (size_t i = 0; i < COUNT(COLOURS); i++)
		for (const struct json *o = list->first; o; o = o->next) {
			const struct alarm_rule *r;

			if (!still_open(o) || !str_is(json_str(o, "colour"), COLOURS[i]) ||
			    n++ >= OPEN_SHOWN)
				continue;
			r = modules_alarm(&c->modules, json_str(o, "rule"));
			printf("  ");
			print_line(c, list, o);
			if (r)
				printf("          %s%s%s\n", label_key(c, "role", json_str(o, "owner")).s,
				       cli_tr(c, "：", ": "), cli_tr(c, r->next_zh, r->next_en));
		}
	if (n > OPEN_SHOWN)
		cli_say(c, "    另有 %zu 起未办结，见 gongyuan alarm list",
		        "    %zu open ones more, see gongyuan alarm list", n - OPEN_SHOWN);
}

/* Red ones, then orange ones, each as it came. */
static void print_severe(struct cli *c, const struct json *list)
{
	size_t n = 0;

	for (size_t i = 0; i < SEVERE; i++)
		for (const struct json *o = list->first; o; o = o->next) {
			if (!is_head(o) || !str_is(json_str(o, "colour"), COLOURS[i]) || n++ >= ALARMS_SHOWN)
				continue;
			print_line(c, list, o);
			print_answers(c, o);
			print_cause(c, list, o);
		}
	if (!n)
		cli_say(c, "  红色、橙色：无", "  red and orange: none");
	if (n > ALARMS_SHOWN)
		cli_say(c, "  另有红色、橙色 %zu 起，见 gongyuan alarm list --all",
		        "  %zu red and orange ones more, see gongyuan alarm list --all",
		        n - ALARMS_SHOWN);
}

static bool is_minor(const struct json *o)
{
	return is_head(o) && !str_is(json_str(o, "colour"), "red") &&
	       !str_is(json_str(o, "colour"), "orange");
}

/* Yellow and blue ones together, a line a rule. */
static void print_rule(struct cli *c, const struct json *from)
{
	long long n = 0, open = 0, slowest = 0, first = -1, last = -1;

	for (const struct json *x = from; x; x = x->next) {
		if (!is_minor(x) || !str_eq(json_str(x, "rule"), json_str(from, "rule")))
			continue;
		n++;
		open += !json_str(x, "closed").n;
		slowest = day_num(x, "acknowledged_s") > slowest ? day_num(x, "acknowledged_s") : slowest;
		first = first < 0 ? day_num(x, "first") : first;
		last = day_num(x, "last") > last ? day_num(x, "last") : last;
	}
	cli_say(c, "  %s  %s  %lld 起，未办结 %lld，签收最慢 %s [%lld-%lld]",
	        "  %s  %s: %lld, %lld open, signed for after %s at the slowest [%lld-%lld]",
	        day_word(c, json_str(from, "colour")), label_key(c, NULL, json_str(from, "rule")).s,
	        n, open, day_span(c, slowest).s, first, last);
}

static void print_minor(struct cli *c, const struct json *list)
{
	for (const struct json *o = list->first; o; o = o->next) {
		bool told = !is_minor(o);

		for (const struct json *x = list->first; x != o && !told; x = x->next)
			told = is_minor(x) && str_eq(json_str(x, "rule"), json_str(o, "rule"));
		if (!told)
			print_rule(c, o);
	}
}

void day_print_alarms(struct cli *c, const struct json *doc)
{
	const struct json *list = json_get(json_get(doc, "alarms"), "list");

	day_title(c, "五、告警与处置", "5. Alarms and answers");
	print_severe(c, list);
	print_minor(c, list);
}

/* The places of one order that lack an answer of that kind, named. */
static void add_waiting(struct cli *c, struct strbuf *b, const struct json *list,
                        const struct json *order, const char *key)
{
	size_t n = 0;

	for (const struct json *o = list->first; o; o = o->next)
		if (str_eq(json_str(o, "order"), json_str(order, "order")) && !json_str(o, key).n &&
		    !json_bool(o, "withdrawn", false))
			strbuf_addf(b, "%s%s", n++ ? cli_tr(c, "、", ", ") : "",
			            label_place(c, json_str(o, "place")).s);
}

/* One line an order: how many signed for it and answered, and who did not. */
static void print_order(struct cli *c, const struct json *list, const struct json *order)
{
	long long n = 0, signed_for = 0, answered = 0, withdrawn = 0, last = 0;
	struct strbuf b;

	for (const struct json *o = list->first; o; o = o->next) {
		if (!str_eq(json_str(o, "order"), json_str(order, "order")))
			continue;
		n++;
		signed_for += json_str(o, "signed").n > 0;
		answered += json_str(o, "answered").n > 0;
		withdrawn += json_bool(o, "withdrawn", false);
		last = day_num(o, "last") > last ? day_num(o, "last") : last;
	}
	cli_say(c, "  指令 %s  下达 %s  单位 %lld  签收 %lld  反馈 %lld  撤销 %lld [%lld-%lld]",
	        "  order %s issued %s to %lld, signed for by %lld, answered by %lld, withdrawn %lld "
	        "[%lld-%lld]",
	        json_str(order, "order").s, day_minute(c, order, "issued").s, n, signed_for, answered,
	        withdrawn, day_num(order, "first"), last);
	strbuf_init(&b, &c->arena);
	add_waiting(c, &b, list, order, signed_for < n ? "signed" : "answered");
	if (strbuf_str(&b).n)
		cli_say(c, "        %s：%s", "        %s: %s",
		        signed_for < n ? cli_tr(c, "未签收", "not signed for by")
		                       : cli_tr(c, "未反馈", "not answered by"), strbuf_str(&b).s);
}

static void print_orders(struct cli *c, const struct json *list)
{
	size_t n = 0;

	for (const struct json *o = list->first; o; o = o->next) {
		bool told = false;

		for (const struct json *x = list->first; x != o && !told; x = x->next)
			told = str_eq(json_str(x, "order"), json_str(o, "order"));
		if (!told && n++ < ORDERS_SHOWN)
			print_order(c, list, o);
	}
	if (n > ORDERS_SHOWN)
		cli_say(c, "  另有指令 %zu 道，见 gongyuan view show duty/orders",
		        "  %zu orders more, see gongyuan view show duty/orders", n - ORDERS_SHOWN);
}

void day_print_desk(struct cli *c, const struct json *doc)
{
	const struct json *tips = json_get(doc, "tips");

	day_title(c, "六、调度指令、电话审批、特批、举报", "6. Orders, telephone, exceptions, tips");
	print_orders(c, json_get(doc, "orders"));
	for (const struct json *o = json_get(doc, "calls")->first; o; o = o->next)
		cli_say(c, "  电话审批 %s %s  %s  审批人 %s 记录人 %s  %s%s %s",
		        "  by telephone %s %s, %s, decided by %s, noted by %s, %s%s %s",
		        day_minute(c, o, "minute").s,
		        label_key(c, "decision", json_str(o, "decision")).s,
		        label_place(c, json_str(o, "place")).s, json_str(o, "decider").s,
		        json_str(o, "taker").s,
		        json_bool(o, "approved", false) ? cli_tr(c, "同意", "approved")
		                                        : cli_tr(c, "不同意", "refused"),
		        json_bool(o, "countersigned", false) ? "" : cli_tr(c, "，待补签", ", to be signed"),
		        day_entries(c, o).s);
	for (const struct json *o = json_get(doc, "exceptions")->first; o; o = o->next)
		cli_say(c, "  特批 %s  %s  批准人 %s %s", "  exception %s at %s, approved by %s %s",
		        label_key(c, NULL, json_str(o, "command")).s,
		        label_place(c, json_str(o, "place")).s, json_str(o, "approver").s,
		        day_entries(c, o).s);
	cli_say(c, "  举报  收到 %lld  受理 %lld  研判 %lld  办结 %lld %s",
	        "  tips: received %lld, accepted %lld, triaged %lld, closed %lld %s",
	        day_num(tips, "received"), day_num(tips, "accepted"), day_num(tips, "triaged"),
	        day_num(tips, "closed"), day_entries(c, tips).s);
}
