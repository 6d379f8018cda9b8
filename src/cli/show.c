/* SPDX-License-Identifier: Apache-2.0 */
/* show.c -- what the projections say: alarms, expectations, a bag's life, the books of a place. */
#include "cli/labels.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "domain/custody/custody.h"
#include "domain/custody/secrecy.h"
#include "engine/alarm.h"
#include "engine/book.h"
#include "engine/expect.h"

static struct str place_word(const struct cli *c)
{
	return c->nwords ? c->words[0] : STR("");
}

/* A place that is no path is a mistake in typing, not an empty answer. */
static enum rc place_check(struct cli *c)
{
	if (c->nwords && !place_path_valid(c->words[0]))
		return fail(&c->op, RC_INVALID, "PLACE", "",
		            "地点写作路径 省/市/县/考点/考场（小写字母、数字、-），不是 %s",
		            "a place is a path province/city/county/site/room in [a-z0-9-], not %s",
		            c->words[0].s);
	return RC_OK;
}

static const char *alarm_state(struct cli *c, const struct alarm *a)
{
	if (a->closed)
		return label_reason(c, a);
	if (a->group.v)
		return cli_tr(c, "已并入", "grouped");
	return a->acknowledged_by.v ? cli_tr(c, "已签收", "acknowledged") : cli_tr(c, "待签收", "open");
}

/* The role that has it, at the level of the place where it stands. */
static struct str owner_of(const struct cli *c, struct str rule, struct str place)
{
	const struct alarm_rule *a = modules_alarm(&c->modules, rule);
	const struct expectation_rule *e = modules_expectation(&c->modules, rule);
	const char *owner = a ? a->owner : e ? e->owner : NULL;

	return owner ? modules_owner(&c->modules, str_of(owner), place) : STR("");
}

static struct json *alarm_json(struct cli *c, const struct alarm *a)
{
	struct arena *m = &c->arena;
	struct json *o = json_new_object(m);

	json_set_int(m, o, "acknowledged_by", a->acknowledged_by.v);
	json_set_int(m, o, "cause", a->cause);
	json_set_bool(m, o, "closed", a->closed);
	json_set_int(m, o, "closed_by", a->closed_by.v);
	json_set_str(m, o, "colour", str_of(colour_text(a->colour)));
	json_set_str(m, o, "false_cause", str_of(alarm_false_text(a->false_cause)));
	json_set_int(m, o, "folded", a->folded);
	json_set_int(m, o, "group", a->group.v);
	json_set_int(m, o, "id", a->id.v);
	json_set_str(m, o, "owner", owner_of(c, a->rule, a->place));
	json_set_str(m, o, "place", a->place);
	json_set_str(m, o, "raised", cli_time_json(c, a->raised_ms));
	json_set_str(m, o, "reason", str_of(alarm_reason_text(a->reason)));
	json_set_str(m, o, "rule", a->rule);
	json_set_int(m, o, "rung", a->rung);
	json_set_int(m, o, "second", a->second.v);
	json_set_str(m, o, "subject", a->subject);
	return o;
}

static void alarm_heads(struct cli *c, struct grid *g)
{
	bool all = cli_has(c, "all");

	grid_init(g, &c->arena, all ? 10 : 9);
	grid_addz(g, cli_tr(c, "编号", "id"));
	grid_addz(g, cli_tr(c, "颜色", "colour"));
	grid_addz(g, cli_tr(c, "状态", "state"));
	grid_addz(g, cli_tr(c, "发生", "raised"));
	grid_addz(g, cli_tr(c, "告警", "alarm"));
	grid_addz(g, cli_tr(c, "对象", "subject"));
	grid_addz(g, cli_tr(c, "地点", "place"));
	grid_addz(g, cli_tr(c, "责任", "owner"));
	if (all)
		grid_addz(g, cli_tr(c, "办结", "closed by"));
	grid_addz(g, cli_tr(c, "下一步", "next"));
	g->right[0] = true;
}

static struct str closers(struct cli *c, const struct alarm *a)
{
	struct str first = a->closed_by.v ? cli_person_text(c, a->closed_by) : STR("");
	struct str second = a->second.v ? cli_person_text(c, a->second) : STR("");

	return second.n ? str_fmt(&c->arena, STR_FMT " + " STR_FMT, STR_ARG(first), STR_ARG(second))
	                : first;
}

static void alarm_row(struct cli *c, struct grid *g, const struct alarm *a)
{
	const struct alarm_rule *r = modules_alarm(&c->modules, a->rule);
	struct str subject;

	grid_addi(g, a->id.v);
	grid_addz(g, label_colour(c, a->colour));
	grid_addz(g, alarm_state(c, a));
	grid_add(g, cli_time_text(c, a->raised_ms));
	grid_addz(g, r ? cli_tr(c, r->zh, r->en) : a->rule.s);
	subject = label_subject(c, a->subject);
	grid_add(g, a->folded ? str_fmt(&c->arena, STR_FMT " ×%d", STR_ARG(subject), a->folded + 1)
	                      : subject);
	grid_add(g, a->place);
	grid_add(g, label_key(c, "role", owner_of(c, a->rule, a->place)));
	if (cli_has(c, "all"))
		grid_add(g, closers(c, a));
	grid_addz(g, a->closed || !r ? "" : cli_tr(c, r->next_zh, r->next_en));
}

static enum rc alarm_list_run(struct cli *c)
{
	struct json *array = json_new_array(&c->arena);
	struct alarm *list;
	struct grid g;
	size_t n;

	TRY(place_check(c));
	TRY(cli_open(c, false));
	TRY(alarm_list(&c->op, place_word(c), !cli_has(c, "all"), &list, &n));
	alarm_heads(c, &g);
	for (size_t i = 0; i < n; i++) {
		json_put(array, NULL, alarm_json(c, &list[i]));
		alarm_row(c, &g, &list[i]);
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "alarms", array);
	if (c->json)
		return RC_OK;
	if (n)
		grid_print(&g, stdout);
	else
		cli_say(c, "没有告警", "no alarms");
	return RC_OK;
}

static const char *const STATE_EN[EXPECT_STATE_MAX] = {
#define X(id, text) [EXPECT_##id] = text,
	EXPECT_STATES(X)
#undef X
};
static const char *const STATE_ZH[EXPECT_STATE_MAX] = {
	[EXPECT_OPEN] = "待办", [EXPECT_MET] = "按时", [EXPECT_EARLY] = "提前",
	[EXPECT_LATE] = "迟报", [EXPECT_LAPSED] = "超时未报", [EXPECT_VOIDED] = "免办",
};

static enum rc state_flag(struct cli *c, int *ret)
{
	struct str v = cli_value(c, "state");

	*ret = v.s ? -2 : EXPECT_OPEN;
	for (int i = 0; i < EXPECT_STATE_MAX; i++)
		if (str_is(v, STATE_EN[i]))
			*ret = i;
	if (str_is(v, "all"))
		*ret = -1;
	if (*ret == -2)
		return fail(&c->op, RC_INVALID, "state", "",
		            "--state 可用 open met early late lapsed voided all，不是 %s",
		            "--state is open, met, early, late, lapsed, voided or all, not %s", v.s);
	return RC_OK;
}

static struct json *expect_json(struct cli *c, const struct expectation *e)
{
	struct arena *m = &c->arena;
	struct json *o = json_new_object(m);

	json_set_str(m, o, "due", cli_time_json(c, e->due_ms));
	json_set_str(m, o, "from", cli_time_json(c, e->from_ms));
	json_set_int(m, o, "id", e->id);
	json_set_int(m, o, "met", e->met);
	json_set_int(m, o, "opened", e->opened);
	json_set_str(m, o, "owner", owner_of(c, e->rule, e->place));
	json_set_str(m, o, "place", e->place);
	json_set_str(m, o, "rule", e->rule);
	json_set_str(m, o, "session", e->session);
	json_set_str(m, o, "state", str_of(STATE_EN[e->state]));
	json_set_str(m, o, "subject", e->subject);
	return o;
}

static void expect_heads(struct cli *c, struct grid *g)
{
	grid_init(g, &c->arena, 7);
	grid_addz(g, cli_tr(c, "期限", "due"));
	grid_addz(g, cli_tr(c, "状态", "state"));
	grid_addz(g, cli_tr(c, "应办事项", "expectation"));
	grid_addz(g, cli_tr(c, "对象", "subject"));
	grid_addz(g, cli_tr(c, "地点", "place"));
	grid_addz(g, cli_tr(c, "责任", "owner"));
	grid_addz(g, cli_tr(c, "依据", "cites"));
}

static void expect_row(struct cli *c, struct grid *g, const struct expectation *e)
{
	const struct expectation_rule *r = modules_expectation(&c->modules, e->rule);

	grid_add(g, cli_time_text(c, e->due_ms));
	grid_addz(g, cli_tr(c, STATE_ZH[e->state], STATE_EN[e->state]));
	grid_addz(g, r ? cli_tr(c, r->zh, r->en) : e->rule.s);
	grid_add(g, label_subject(c, e->subject));
	grid_add(g, e->place);
	grid_add(g, label_key(c, "role", owner_of(c, e->rule, e->place)));
	grid_addz(g, r && r->cites ? r->cites : "");
}

static enum rc expect_list_run(struct cli *c)
{
	struct json *array = json_new_array(&c->arena);
	struct expectation *list;
	struct grid g;
	size_t n;
	int state;

	TRY(place_check(c));
	TRY(state_flag(c, &state));
	TRY(cli_open(c, false));
	TRY(expect_list(&c->op, place_word(c), state, &list, &n));
	expect_heads(c, &g);
	for (size_t i = 0; i < n; i++) {
		json_put(array, NULL, expect_json(c, &list[i]));
		expect_row(c, &g, &list[i]);
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "expectations", array);
	if (c->json)
		return RC_OK;
	if (n)
		grid_print(&g, stdout);
	else
		cli_say(c, "没有应办事项", "no expectations");
	return RC_OK;
}

/* How secret it was then; LEVEL_NONE for what the register does not know (a found number, a print
 * job). */
static enum rc level_at(struct cli *c, int64_t at_ms, enum paper_level *ret)
{
	enum rc rc;

	*ret = LEVEL_NONE;
	rc = custody_secrecy(&c->op, &c->office.profile, c->words[0], at_ms, ret);
	if (rc != RC_NOT_FOUND)
		return rc;
	c->op.err = (struct err){0};
	return RC_OK;
}

static struct str level_word(const struct cli *c, enum paper_level level)
{
	return label_word(c, PAPER_LEVEL_WORDS, COUNT(PAPER_LEVEL_WORDS), (int)level);
}

static void trace_row(struct cli *c, struct grid *g, const struct custody_step *s,
                      enum paper_level level)
{
	const struct event_type *t = modules_event(&c->modules, s->event);

	grid_addi(g, s->index);
	grid_add(g, cli_time_text(c, s->at_ms));
	grid_addz(g, t ? cli_tr(c, t->zh, t->en) : s->event.s);
	grid_add(g, s->place);
	grid_add(g, s->holder);
	grid_add(g, level_word(c, level));
}

static enum rc trace_run(struct cli *c)
{
	struct arena *m = &c->arena;
	struct json *array = json_new_array(m);
	struct custody_step *steps;
	enum paper_level level;
	struct grid g;
	int64_t until;
	size_t n;

	/* A number has no colon, a form's id has. */
	if (memchr(c->words[0].s, ':', c->words[0].n))
		return cli_form_find(c);
	TRY(cli_int(c, "as-of", -1, &until));
	TRY(cli_open(c, false));
	TRY(custody_trace(&c->op, c->words[0], until, &steps, &n));
	grid_init(&g, m, 6);
	g.right[0] = true;
	grid_addz(&g, cli_tr(c, "序号", "index"));
	grid_addz(&g, cli_tr(c, "发生", "happened"));
	grid_addz(&g, cli_tr(c, "事件", "event"));
	grid_addz(&g, cli_tr(c, "地点", "place"));
	grid_addz(&g, cli_tr(c, "此后保管", "then held by"));
	grid_addz(&g, cli_tr(c, "密级", "secrecy"));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(m);

		TRY(level_at(c, steps[i].at_ms, &level));
		json_set_str(m, o, "event", steps[i].event);
		json_set_str(m, o, "holder", steps[i].holder);
		json_set_int(m, o, "index", steps[i].index);
		json_set_str(m, o, "level", str_of(paper_level_text(level)));
		json_set_str(m, o, "place", steps[i].place);
		json_set_str(m, o, "time", cli_time_json(c, steps[i].at_ms));
		json_put(array, NULL, o);
		trace_row(c, &g, &steps[i], level);
	}
	TRY(level_at(c, c->op.now_ms, &level));
	c->result = json_new_object(m);
	json_set_str(m, c->result, "code", c->words[0]);
	json_set_str(m, c->result, "level", str_of(paper_level_text(level)));
	json_put(c->result, "steps", array);
	if (c->json)
		return RC_OK;
	grid_print(&g, stdout);
	cli_say(c, "现在密级：%s", "secrecy now: %s",
	        level == LEVEL_NONE ? cli_tr(c, "无", "none") : level_word(c, level).s);
	return RC_OK;
}

static enum rc balances_take(struct cli *c, struct json *out)
{
	struct arena *m = &c->arena;
	struct json *array = json_new_array(m);
	struct balance *list;
	struct grid g;
	size_t n;

	TRY(book_list(&c->op, place_word(c), &list, &n));
	grid_init(&g, m, 3);
	g.right[2] = true;
	grid_addz(&g, cli_tr(c, "账目", "asset"));
	grid_addz(&g, cli_tr(c, "保管", "holder"));
	grid_addz(&g, cli_tr(c, "份数", "copies"));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(m);

		json_set_str(m, o, "asset", list[i].asset);
		json_set_str(m, o, "holder", list[i].holder);
		json_set_int(m, o, "qty", list[i].qty);
		json_put(array, NULL, o);
		grid_add(&g, label_asset(c, list[i].asset));
		grid_add(&g, label_holder(c, list[i].holder));
		grid_addi(&g, list[i].qty);
	}
	json_put(out, "balances", array);
	if (!c->json)
		grid_print(&g, stdout);
	return RC_OK;
}

static const char *bag_state_label(const struct cli *c, enum bag_state s)
{
	switch (s) {
	case BAG_PACKED:
		return cli_tr(c, "在箱", "packed");
	case BAG_ISSUED:
		return cli_tr(c, "已领", "issued");
	case BAG_OPENED:
		return cli_tr(c, "已启封", "opened");
	case BAG_COUNTED:
		return cli_tr(c, "已清点", "counted");
	case BAG_RETURNED:
		return cli_tr(c, "已回收", "returned");
	case BAG_LOST:
		return cli_tr(c, "下落不明", "lost");
	case BAG_DESTROYED:
		return cli_tr(c, "已销毁", "destroyed");
	case BAG_STATE_MAX:
		break;
	}
	return "?";
}

static enum rc holdings_take(struct cli *c, struct json *out)
{
	struct arena *m = &c->arena;
	struct json *array = json_new_array(m);
	struct custody_holding *list;
	struct grid g;
	size_t n;

	TRY(custody_holdings(&c->op, place_word(c), &list, &n));
	grid_init(&g, m, 4);
	g.right[2] = g.right[3] = true;
	grid_addz(&g, cli_tr(c, "保管", "holder"));
	grid_addz(&g, cli_tr(c, "状态", "state"));
	grid_addz(&g, cli_tr(c, "袋", "bags"));
	grid_addz(&g, cli_tr(c, "份", "copies"));
	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(m);

		json_set_int(m, o, "bags", list[i].bags);
		json_set_int(m, o, "copies", list[i].copies);
		json_set_str(m, o, "holder", list[i].holder);
		json_set_str(m, o, "state", str_of(bag_state_text(list[i].state)));
		json_put(array, NULL, o);
		grid_add(&g, list[i].holder);
		grid_addz(&g, bag_state_label(c, list[i].state));
		grid_addi(&g, list[i].bags);
		grid_addi(&g, list[i].copies);
	}
	json_put(out, "holdings", array);
	if (!c->json && n) {
		printf("\n");
		grid_print(&g, stdout);
	}
	return RC_OK;
}

/* Per asset the books sum to zero; when they do not, a projection was altered. */
static enum rc balance_run(struct cli *c)
{
	struct balance *wrong;
	size_t n;

	TRY(place_check(c));
	TRY(cli_open(c, false));
	c->result = json_new_object(&c->arena);
	TRY(balances_take(c, c->result));
	TRY(holdings_take(c, c->result));
	TRY(book_unbalanced(&c->op, &wrong, &n));
	json_set_bool(&c->arena, c->result, "balanced", n == 0);
	json_set_str(&c->arena, c->result, "place", place_word(c));
	for (size_t i = 0; i < n; i++)
		cli_note(c, "账不平：%s 差 %lld 份；请运行 gongyuan db doctor --compare",
		         "the books of %s are out by %lld; run gongyuan db doctor --compare",
		         label_asset(c, wrong[i].asset).s, (long long)wrong[i].qty);
	if (n)
		c->findings = rc_exit(RC_BROKEN);
	else if (!c->json)
		cli_say(c, "\n收支平衡：印制 = 在手 + 使用 + 残损 + 销毁 + 缺失",
		        "\nbalanced: printed = held + used + spoiled + destroyed + missing");
	return RC_OK;
}

static const struct cli_flag ALARM_FLAGS[] = {
	{"all", NULL, "包括已办结的", "closed ones too", false},
};
static const struct cli_flag EXPECT_FLAGS[] = {
	{"state", "STATE", "open met early late lapsed voided all（默认 open）",
	 "open met early late lapsed voided all (default open)", false},
};
static const struct cli_flag TRACE_FLAGS[] = {
	{"as-of", "INDEX", "只看此序号之前", "only entries before this index", false},
};

const struct cli_verb cli_show_verbs[] = {
	{"custody", "trace", "ID", 1, 1, CLI_FLAGS(TRACE_FLAGS), .run = trace_run,
	 .zh = "一袋（箱）的全程轨迹", .en = "one bag's (or box's) whole life"},
	{"custody", "balance", "[PLACE]", 0, 1, .run = balance_run,
	 .zh = "一处的账：在手、使用、残损、缺失", .en = "the books of a place"},
	{"alarm", "list", "[PLACE]", 0, 1, CLI_FLAGS(ALARM_FLAGS), .run = alarm_list_run,
	 .zh = "告警", .en = "alarms"},
	{"expect", "list", "[PLACE]", 0, 1, CLI_FLAGS(EXPECT_FLAGS), .run = expect_list_run,
	 .zh = "应办事项", .en = "expectations"},
};
const size_t cli_nshow_verbs = COUNT(cli_show_verbs);
