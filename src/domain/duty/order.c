/* SPDX-License-Identifier: Apache-2.0 */
/* order.c -- orders of the duty room (调度指令单): issued, signed for, answered; see duty.h.
 *
 * An order goes to one or many places; each of them signs for it and answers by itself, by
 * telephone too (who, number, minute, taker).  How long that may take depends on the urgency.  The
 * leader on duty signs what is issued.  What the order says is a text of the vault that is nobody's
 * personal data: whoever sees the order's row reads it.
 *
 * Emits  duty.order_issued, duty.order_sent, duty.order_signed, duty.order_answered,
 *        duty.order_withdrawn
 * Owns   duty_order, duty_order_to
 */
#include "domain/duty/duty.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_ORDER "考务工作规定 (2009) Art.27 值班指挥"

enum { Q_ADD, Q_GET, Q_TO_ADD, Q_TO_SIGNED, Q_TO_ANSWERED, Q_TO_GONE, Q_TO, Q_LIST, Q_OF };
#define TO_COLUMNS "o.code, t.place, o.place, o.urgency, o.issued_ms, o.issued, t.signed_ms," \
	" t.signed, t.answered_ms, t.answered, t.done, t.withdrawn, o.text, t.result"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO duty_order(code, place, urgency, answer, issued, issued_ms, text)"
	           " VALUES(?, ?, ?, ?, ?, ?, ?)", 7},
	[Q_GET] = {"SELECT place, urgency FROM duty_order WHERE code = ?", 1},
	[Q_TO_ADD] = {"INSERT INTO duty_order_to(code, place, signed, signed_ms, answered,"
	              " answered_ms, done, withdrawn, result) VALUES(?, ?, -1, 0, -1, 0, 0, 0, 0)",
	              2},
	[Q_TO_SIGNED] = {"UPDATE duty_order_to SET signed = ?, signed_ms = ?"
	                 " WHERE code = ? AND place = ?", 4},
	[Q_TO_ANSWERED] = {"UPDATE duty_order_to SET answered = ?, answered_ms = ?, done = ?,"
	                   " result = ? WHERE code = ? AND place = ?", 6},
	[Q_TO_GONE] = {"UPDATE duty_order_to SET withdrawn = 1 WHERE code = ? AND place = ?", 2},
	[Q_TO] = {"SELECT place, signed, withdrawn FROM duty_order_to WHERE code = ? ORDER BY place",
	          1},
	[Q_LIST] = {"SELECT " TO_COLUMNS " FROM duty_order o JOIN duty_order_to t ON t.code = o.code"
	            " ORDER BY o.issued, t.place", 0},
	[Q_OF] = {"SELECT " TO_COLUMNS " FROM duty_order o JOIN duty_order_to t ON t.code = o.code"
	          " WHERE o.issued_ms >= ? AND o.issued_ms < ?"
	          " AND (t.place = ? OR (t.place >= ? AND t.place < ?))"
	          " ORDER BY o.issued, t.place", 5},
};

static const struct table TABLES[] = {
	{"duty_order", "CREATE TABLE duty_order(code {text} NOT NULL, place {text} NOT NULL,"
	 " urgency {int} NOT NULL, answer {int} NOT NULL, issued {int} NOT NULL,"
	 " issued_ms {int} NOT NULL, text {id} NOT NULL, PRIMARY KEY(code))", "code"},
	{"duty_order_to", "CREATE TABLE duty_order_to(code {text} NOT NULL, place {text} NOT NULL,"
	 " signed {int} NOT NULL, signed_ms {int} NOT NULL, answered {int} NOT NULL,"
	 " answered_ms {int} NOT NULL, done {int} NOT NULL, withdrawn {int} NOT NULL,"
	 " result {id} NOT NULL,"
	 " PRIMARY KEY(code, place))", "code, place"},
};

/* Fields. */
#define X(id, text) text,
static const char *const URGENCY[] = {ORDER_URGENCIES(X)};
#undef X
static const struct word URGENCY_WORDS[] = {
	{"特急", "flash"}, {"紧急", "urgent"}, {"一般", "routine"},
};

struct target {
	struct str to;
};
static const struct field TARGET[] = {
	FIELD(struct target, to, F_PLACE, "受令单位", "place that gets it"),
};

struct issue {
	struct str place, order;
	int urgency;
	bool answer;
	struct list to;
	struct text text;
};
static const struct field ISSUE[] = {
	FIELD(struct issue, place, F_PLACE, "发令单位", "place that issues it"),
	FIELD(struct issue, order, F_CODE, "指令单编号", "number of the order"),
	FIELD(struct issue, urgency, F_ENUM, "缓急", "urgency", ENUM_OF(URGENCY, URGENCY_WORDS)),
	FIELD(struct issue, answer, F_BOOL, "要求反馈", "an answer is asked for"),
	FIELD(struct issue, to, F_LIST, "受令单位", "places that get it", .list_of = TARGET,
	      .list_n = COUNT(TARGET), .list_size = sizeof(struct target), .min = 1),
	FIELD(struct issue, text, F_TEXT, "指令内容", "what is ordered", .max = 1000),
};

/* One place of an order, as entries name it. */
struct sent {
	struct str place, order; /* place: of the command only */
	int urgency;
	bool answer, done;
	struct text result;
	struct person_id signer;
};
static const struct field SENT[] = {
	FIELD(struct sent, order, F_CODE, "指令单编号", "number of the order", .ref = "order"),
	FIELD(struct sent, urgency, F_ENUM, "缓急", "urgency", ENUM_OF(URGENCY, URGENCY_WORDS)),
	FIELD(struct sent, answer, F_BOOL, "要求反馈", "an answer is asked for"),
};
static const struct field SIGNED[] = {
	FIELD(struct sent, place, F_PLACE, "受令单位", "place that got it"),
	FIELD(struct sent, order, F_CODE, "指令单编号", "number of the order", .ref = "order"),
	FIELD(struct sent, signer, F_PERSON, "签收人", "who signs for it"),
};
static const struct field ANSWERED[] = {
	FIELD(struct sent, place, F_PLACE, "受令单位", "place that got it"),
	FIELD(struct sent, order, F_CODE, "指令单编号", "number of the order", .ref = "order"),
	FIELD(struct sent, done, F_BOOL, "已办", "done"),
	FIELD(struct sent, result, F_TEXT, "办理情况", "what was done", .max = 1000, .optional = true),
};
static const struct field WITHDRAWN[] = {
	FIELD(struct sent, order, F_CODE, "指令单编号", "number of the order", .ref = "order"),
};

/* Projection. */
static enum rc apply_issued(struct op *op, const struct event *ev)
{
	const struct issue *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(p->order), sql_text(ev->place), sql_int(p->urgency),
	                     sql_int(p->answer), sql_int(ev->index), sql_int(ev->happened_ms),
	                     sql_int(p->text.vault)));
}

static enum rc apply_sent(struct op *op, const struct event *ev)
{
	const struct sent *p = ev->data;

	return sql_exec(op, &SQL[Q_TO_ADD], ARGS(sql_text(p->order), sql_text(ev->place)));
}

static enum rc apply_signed(struct op *op, const struct event *ev)
{
	const struct sent *p = ev->data;

	return sql_exec(op, &SQL[Q_TO_SIGNED], ARGS(sql_int(ev->index), sql_int(ev->happened_ms),
	                                            sql_text(p->order), sql_text(ev->place)));
}

static enum rc apply_answered(struct op *op, const struct event *ev)
{
	const struct sent *p = ev->data;

	return sql_exec(op, &SQL[Q_TO_ANSWERED],
	                ARGS(sql_int(ev->index), sql_int(ev->happened_ms), sql_int(p->done),
	                     sql_int(p->result.vault), sql_text(p->order), sql_text(ev->place)));
}

static enum rc apply_withdrawn(struct op *op, const struct event *ev)
{
	const struct sent *p = ev->data;

	return sql_exec(op, &SQL[Q_TO_GONE], ARGS(sql_text(p->order), sql_text(ev->place)));
}

enum { EV_ISSUED, EV_SENT, EV_SIGNED, EV_ANSWERED, EV_WITHDRAWN };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", "site_chief",
	"deputy_chief", "site_clerk", "store_keeper", NULL};
static const struct event_type EVENTS[] = {
	[EV_ISSUED] = {"duty.order_issued", 1, ISSUE + 1, COUNT(ISSUE) - 1, sizeof(struct issue),
	               .apply = apply_issued, .visible_to = READERS,
	               .zh = "下达调度指令", .en = "an order was issued"},
	[EV_SENT] = EVENT("duty.order_sent", SENT, struct sent, apply_sent,
	                  "调度指令送达单位", "an order was sent to a place", .visible_to = READERS),
	[EV_SIGNED] = {"duty.order_signed", 1, SIGNED + 1, COUNT(SIGNED) - 1, sizeof(struct sent),
	               .apply = apply_signed, .visible_to = READERS,
	               .zh = "签收调度指令", .en = "an order was signed for"},
	[EV_ANSWERED] = {"duty.order_answered", 1, ANSWERED + 1, COUNT(ANSWERED) - 1,
	                 sizeof(struct sent), .apply = apply_answered, .visible_to = READERS,
	                 .zh = "反馈调度指令", .en = "an order was answered"},
	[EV_WITHDRAWN] = EVENT("duty.order_withdrawn", WITHDRAWN, struct sent, apply_withdrawn,
	                       "撤销调度指令", "an order was withdrawn", .visible_to = READERS),
};

/* Reading. */
static enum rc order_find(struct op *op, struct str code, struct str *ret_place, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret_place = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

enum rc duty_orders(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                    struct duty_order_line **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct duty_order_line *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_int(from_ms), sql_int(to_ms), sql_text(place),
	                                   sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct duty_order_line){
			rows_dup(op->arena, &r, 0), rows_dup(op->arena, &r, 1), rows_dup(op->arena, &r, 2),
			(enum order_urgency)rows_int(&r, 3), rows_int(&r, 4), rows_int(&r, 5),
			rows_int(&r, 6), rows_int(&r, 7), rows_int(&r, 8), rows_int(&r, 9),
			rows_int(&r, 10) != 0, rows_int(&r, 11) != 0};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Is this place among those the order went to? */
static enum rc is_sent(struct op *op, struct str code, struct str place, bool *ret,
                       bool *ret_signed)
{
	AUTO(rows) r = {0};

	*ret = *ret_signed = false;
	TRY(sql_query(op, &SQL[Q_TO], ARGS(sql_text(code)), &r));
	while (rows_next(&r))
		if (str_eq(rows_str(&r, 0), place)) {
			*ret = true;
			*ret_signed = rows_int(&r, 1) >= 0;
		}
	return RC_OK;
}

/* Rules. */
static enum rc check_targets(struct op *op, const struct issue *p)
{
	const struct target *t = p->to.items;

	for (size_t i = 0; i < p->to.n; i++) {
		if (!place_covers(p->place, t[i].to))
			return fail(op, RC_INVALID, "to", CITE_ORDER, "第 %zu 行：%s 不在 %s 范围内",
			            "row %zu: %s is not under %s", i + 1, t[i].to.s, p->place.s);
		for (size_t j = 0; j < i; j++)
			if (str_eq(t[i].to, t[j].to))
				return fail(op, RC_INVALID, "to", CITE_ORDER, "第 %zu 行：%s 重复",
				            "row %zu: %s stands twice", i + 1, t[i].to.s);
	}
	return RC_OK;
}

static enum rc run_issue(struct op *op, const void *in)
{
	const struct issue *p = in;
	const struct target *t = p->to.items;
	struct sent s = {.order = p->order, .urgency = p->urgency, .answer = p->answer};
	struct str place;
	bool known;

	TRY(check_targets(op, p));
	TRY(order_find(op, p->order, &place, &known));
	if (known)
		return fail(op, RC_CONFLICT, "order", CITE_ORDER, "指令单 %s 已下达",
		            "order %s is issued already", p->order.s);
	TRY(event_append(op, &EVENTS[EV_ISSUED], p, NULL));
	for (size_t i = 0; i < p->to.n; i++)
		TRY(event_append_at(op, &EVENTS[EV_SENT], t[i].to, &s, NULL));
	return RC_OK;
}

static struct str subject(struct arena *a, struct str order, struct str place)
{
	return str_fmt(a, STR_FMT ":" STR_FMT, STR_ARG(order), STR_ARG(place));
}

static enum rc run_sign(struct op *op, const void *in)
{
	struct sent p = *(const struct sent *)in;
	bool known, signed_for;

	p.signer = op_slot(op, "signer", 0);
	TRY(is_sent(op, p.order, p.place, &known, &signed_for));
	TRY(event_append(op, &EVENTS[EV_SIGNED], &p, NULL));
	if (known)
		return RC_OK;
	return alarm_raise(op, "duty.order_unknown", subject(op->arena, p.order, p.place), p.place,
	                   NULL);
}

static enum rc run_answer(struct op *op, const void *in)
{
	const struct sent *p = in;
	bool known, signed_for;

	TRY(is_sent(op, p->order, p->place, &known, &signed_for));
	TRY(event_append(op, &EVENTS[EV_ANSWERED], p, NULL));
	if (known && p->done)
		return RC_OK;
	return alarm_raise(op, known ? "duty.order_not_done" : "duty.order_unknown",
	                   subject(op->arena, p->order, p->place), p->place, NULL);
}

static enum rc place_of_order(struct op *op, const void *in, struct str *ret)
{
	const struct sent *p = in;
	bool known;

	TRY(order_find(op, p->order, ret, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "order", CITE_ORDER, "没有指令单 %s", "no order %s",
		            p->order.s);
	return RC_OK;
}

static enum rc run_withdraw(struct op *op, const void *in)
{
	const struct sent *p = in;
	struct str to[LIMIT_LIST];
	size_t n = 0;
	bool gone = false;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_TO], ARGS(sql_text(p->order)), &r));
		while (n < LIMIT_LIST && rows_next(&r)) {
			gone = gone || rows_int(&r, 2);
			to[n++] = rows_dup(op->arena, &r, 0);
		}
	}
	if (gone)
		return fail(op, RC_CONFLICT, "order", CITE_ORDER, "指令单 %s 已撤销",
		            "order %s is withdrawn already", p->order.s);
	for (size_t i = 0; i < n; i++)
		TRY(event_append_at(op, &EVENTS[EV_WITHDRAWN], to[i], p, NULL));
	return RC_OK;
}

/* Expectations: one rule an urgency, so that each has its own window. */
static size_t at_place(struct arena *a, const struct event *ev, struct str *ret)
{
	const struct sent *p = ev->data;

	ret[0] = subject(a, p->order, ev->place);
	return 1;
}

static size_t of_urgency(struct arena *a, const struct event *ev, struct str *ret, int urgency,
                         bool answers)
{
	const struct sent *p = ev->data;

	(void)at_place(a, ev, ret);
	if (ev->type != &EVENTS[EV_SENT])
		return 1;
	return p->urgency == urgency && (!answers || p->answer);
}

#define SUBJECTS(name, urgency, answers) \
	static size_t name(struct arena *a, const struct event *ev, struct str *ret, \
	                   struct str *ret_session) \
	{ \
		(void)ret_session; \
		return of_urgency(a, ev, ret, urgency, answers); \
	}
SUBJECTS(sign_flash, URGENCY_FLASH, false)
SUBJECTS(sign_urgent, URGENCY_URGENT, false)
SUBJECTS(sign_routine, URGENCY_ROUTINE, false)
SUBJECTS(answer_flash, URGENCY_FLASH, true)
SUBJECTS(answer_urgent, URGENCY_URGENT, true)
SUBJECTS(answer_routine, URGENCY_ROUTINE, true)

#define SIGNING(id, of, label_zh, label_en) \
	{id, "duty.order_sent", "duty.order_signed", "duty.order_withdrawn", of, id, "site_chief", \
	 .missing = "duty.order_unsigned", .cites = CITE_ORDER, .zh = label_zh, .en = label_en}
#define ANSWERING(id, of, label_zh, label_en) \
	{id, "duty.order_sent", "duty.order_answered", "duty.order_withdrawn", of, id, "site_chief", \
	 .missing = "duty.order_unanswered", .cites = CITE_ORDER, .zh = label_zh, .en = label_en}
static const struct expectation_rule EXPECTATIONS[] = {
	SIGNING("duty.sign_flash", sign_flash, "特急指令签收", "a flash order is signed for"),
	SIGNING("duty.sign_urgent", sign_urgent, "紧急指令签收", "an urgent order is signed for"),
	SIGNING("duty.sign_routine", sign_routine, "一般指令签收", "a routine order is signed for"),
	ANSWERING("duty.answer_flash", answer_flash, "特急指令反馈", "a flash order is answered"),
	ANSWERING("duty.answer_urgent", answer_urgent, "紧急指令反馈", "an urgent order is answered"),
	ANSWERING("duty.answer_routine", answer_routine, "一般指令反馈", "a routine order is answered"),
};

static const struct alarm_rule ALARMS[] = {
	{"duty.order_unsigned", COLOUR_ORANGE, "duty_officer", CITE_ORDER,
	 "立即电话确认收到并登记签收(谁、号码、时分、接听人)；联系不上派人送达",
	 "telephone at once and note who signed for it, number, minute, taker; else send somebody",
	 "调度指令超时未签收", "an order was not signed for in time"},
	{"duty.order_unanswered", COLOUR_YELLOW, "duty_officer", CITE_ORDER,
	 "催报办理情况，必要时派督考员到场", "ask what was done; send an inspector when needed",
	 "调度指令超时未反馈", "an order was not answered in time"},
	{"duty.order_not_done", COLOUR_YELLOW, "duty_officer", CITE_ORDER,
	 "问明原因，报带班领导决定", "ask why and let the leader on duty decide",
	 "调度指令未能办成", "an order could not be carried out"},
	{"duty.order_unknown", COLOUR_YELLOW, "duty_officer", CITE_ORDER,
	 "核实指令来源，防止冒名指令；确系漏录的补录",
	 "verify who gave it, it may be false; if it was only not entered, enter it",
	 "签收或反馈了未登记的指令", "an order nobody entered was signed for or answered"},
};

/* Module. */
static const struct allow ISSUERS[] = {
	{"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"county_leader", LEVEL_ANY},
	{"city_duty", LEVEL_CITY}, {"city_office", LEVEL_CITY}, {"city_leader", LEVEL_ANY},
};
static const struct allow TAKERS[] = {
	{"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"city_duty", LEVEL_CITY},
	{"city_office", LEVEL_CITY}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"site_clerk", LEVEL_SITE}, {"store_keeper", LEVEL_ANY},
};
static const char *const LEADER[] = {"county_leader", "county_director", "city_leader", NULL};
static const char *const SIGNERS[] = {"site_chief", "deputy_chief", "site_clerk", "store_keeper",
	"duty_officer", "county_office", "county_leader", "city_duty", NULL};
static const struct slot LEADS[] = {
	{"leader", 1, LEADER, NULL, false, "带班领导(签发)", "the leader on duty"},
};
static const struct slot SIGNER[] = {{"signer", 1, SIGNERS, NULL, false, "签收人", "who signs"}};
static const struct command COMMANDS[] = {
	{"duty.issue_order", ORDER, FIELDS(ISSUE), sizeof(struct issue), SLOTS(LEADS), ALLOW(ISSUERS),
	 .run = run_issue, .cites = CITE_ORDER, .zh = "下达调度指令", .en = "issue an order"},
	{"duty.withdraw_order", ORDER, FIELDS(WITHDRAWN), sizeof(struct sent), SLOTS(LEADS),
	 ALLOW(ISSUERS), .place_of = place_of_order,
	 .place_by = "order", .run = run_withdraw, .cites = CITE_ORDER,
	 .zh = "撤销调度指令", .en = "withdraw an order"},
	{"duty.sign_order", FACT, SIGNED, COUNT(SIGNED) - 1, sizeof(struct sent), SLOTS(SIGNER),
	 ALLOW(TAKERS), .run = run_sign, .cites = CITE_ORDER,
	 .zh = "签收调度指令", .en = "sign for an order"},
	{"duty.answer_order", FACT, FIELDS(ANSWERED), sizeof(struct sent), ALLOW(TAKERS),
	 .run = run_answer, .cites = CITE_ORDER, .zh = "反馈调度指令", .en = "answer an order"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("code", F_CODE, "指令", "order"),
	COLUMN("place", F_PLACE, "受令单位", "to"),
	COLUMN("issuer", F_PLACE, "下达单位", "from"),
	COLUMN_WORDS("urgency", URGENCY, URGENCY_WORDS, "紧急程度", "urgency"),
	COLUMN("issued_ms", F_TIME, "下达", "issued"),
	COLUMN("issued", F_ID, "台账", "entry"),
	COLUMN("signed_ms", F_TIME, "签收", "signed for"),
	COLUMN("signed", F_ID, "台账", "entry"),
	COLUMN("answered_ms", F_TIME, "反馈", "answered"),
	COLUMN("answered", F_ID, "台账", "entry"),
	COLUMN("done", F_BOOL, "已办", "done"),
	COLUMN("withdrawn", F_BOOL, "已撤销", "withdrawn"),
	COLUMN_OPEN("text", "指令内容", "what is ordered"),
	COLUMN_OPEN("result", "办理情况", "what was done"),
};
static const struct view VIEWS[] = {
	{"duty/orders", "调度指令", "orders", READERS, &SQL[Q_LIST], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

const struct module duty_order_module = {
	.name = "duty_order", .group = "duty", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "调度指令", .en = "orders of the duty room",
};
