/* SPDX-License-Identifier: Apache-2.0 */
/* spare.c -- a spare paper is used, a card changed, a second paper ordered; see spare.h.
 *
 * Three things that are easily mixed have accounts of their own.  备用卷 is the same paper in a
 * bag of its own, kept by the chief: each copy used leaves that bag's book at once and is
 * noted with the bag of the room that counts it.  余卷 is what the last room and absentees leave.
 * 副题 is another paper, ordered by the province, with an asset and a rule of its own.
 *
 * What was done is recorded however it was approved; what lacks its approval, its recording or its
 * envelope is an alarm.
 */
#include "domain/custody/spare.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SPARE "考务工作规定 备用卷 (1.7)"
#define CITE_CARD "考务工作规定 换卡 (1.7)"

enum { Q_TAKEN, Q_GIVEN, Q_SECOND_ADD, Q_SECONDS };
static const struct sql SQL[] = {
	[Q_TAKEN] = {"UPDATE custody_bag SET used = used + ?, state = CASE WHEN state < 2 THEN 2"
	             " ELSE state END WHERE code = ?", 2},
	[Q_GIVEN] = {"UPDATE custody_bag SET spare = spare + ? WHERE code = ?", 2},
	[Q_SECOND_ADD] = {"INSERT INTO custody_second(session, place, ordered) VALUES(?, ?, ?)", 3},
	[Q_SECONDS] = {"SELECT place FROM custody_second WHERE session = ?", 1},
};

static const struct table TABLES[] = {
	{"custody_second", "CREATE TABLE custody_second(session {text} NOT NULL,"
	 " place {text} NOT NULL, ordered {int} NOT NULL, PRIMARY KEY(session, place, ordered))",
	 "session, place, ordered"},
};

/* Fields. */
enum cause { CAUSE_PRINT, CAUSE_DAMAGED, CAUSE_SHORT, CAUSE_STAFF, CAUSE_CANDIDATE, CAUSE_OTHER,
	CAUSE_MAX };
static const char *const CAUSE[] = {"print", "damaged", "short", "staff", "candidate", "other"};
static const struct word CAUSE_WORDS[] = {
	{"印刷问题", "print fault"}, {"试卷破损", "damaged"}, {"份数不足", "too few copies"},
	{"工作人员失误", "mistake of the staff"}, {"考生原因", "on the candidate's side"}, {"其他", "other"},
};

struct use {
	struct str place, bag, seal, approval, card;
	int64_t copies;
	int cause;
	bool filmed;
	struct str session, asset, holder, room_bag;
};
static const struct field USE[] = {
	FIELD(struct use, place, F_PLACE, "考场", "room"),
	FIELD(struct use, bag, F_CODE, "备用袋印刷编号", "printed number of the spare bag", .ref = "bag"),
	FIELD(struct use, copies, F_INT, "启用份数", "copies used", .min = 1, .max = 1000),
	FIELD(struct use, cause, F_ENUM, "原因", "why", ENUM_OF(CAUSE, CAUSE_WORDS)),
	FIELD(struct use, seal, F_CODE, "换下卷封装袋封条号", "seal of the envelope of what was replaced",
	      .optional = true),
	FIELD(struct use, approval, F_CODE, "批准文号或电话记录号",
	      "number of the approval or of the telephone record", .optional = true),
	FIELD(struct use, filmed, F_BOOL, "在监控下启封", "opened before a camera", .optional = true),
	FIELD(struct use, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct use, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
	FIELD(struct use, holder, F_SUBJECT, "备用袋持有方", "who held the spare bag", .ref = "holder"),
	FIELD(struct use, room_bag, F_SUBJECT, "计入的考场试卷袋", "the room's bag that counts them",
	      .optional = true),
};
enum { USE_FIELDS = COUNT(USE) - 4 };
static const struct posting USED[] = {{"", "asset", "holder", "=used", "copies"}};

static const struct field CHANGE[] = {
	FIELD(struct use, place, F_PLACE, "考场", "room"),
	FIELD(struct use, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct use, card, F_CODE, "新答题卡号", "number of the new card", .optional = true),
	FIELD(struct use, cause, F_ENUM, "原因", "why", ENUM_OF(CAUSE, CAUSE_WORDS)),
	FIELD(struct use, seal, F_CODE, "换下答题卡封装袋封条号", "seal of the envelope of the old card",
	      .optional = true),
};

struct second {
	struct str place, session, order;
};
static const struct field SECOND[] = {
	FIELD(struct second, place, F_PLACE, "启用范围", "where it is used"),
	FIELD(struct second, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct second, order, F_CODE, "批准文号", "number of the approval"),
};

/* Projection. */
static enum rc apply_used(struct op *op, const struct event *ev)
{
	const struct use *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_TAKEN], ARGS(sql_int(p->copies), sql_text(p->bag))));
	if (p->room_bag.n) {
		TRY(sql_exec(op, &SQL[Q_GIVEN], ARGS(sql_int(p->copies), sql_text(p->room_bag))));
		TRY(trace_add(op, ev, p->room_bag, ev->place));
	}
	return trace_add(op, ev, p->bag, p->holder);
}

static enum rc apply_second(struct op *op, const struct event *ev)
{
	const struct second *p = ev->data;

	return sql_exec(op, &SQL[Q_SECOND_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(ev->index)));
}

enum { EV_USED, EV_CHANGED, EV_SECOND };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "county_leader", "province_office", NULL};
static const struct event_type EVENTS[] = {
	[EV_USED] = {"custody.spare_used", 1, USE + 1, COUNT(USE) - 1, sizeof(struct use),
	             .apply = apply_used, POSTINGS(USED), .visible_to = READERS,
	             .zh = "启用备用卷", .en = "spare papers were used"},
	[EV_CHANGED] = {"custody.card_changed", 1, CHANGE + 1, COUNT(CHANGE) - 1, sizeof(struct use),
	                .visible_to = READERS, .zh = "更换答题卡", .en = "an answer card was changed"},
	[EV_SECOND] = {"custody.second_ordered", 1, SECOND + 1, COUNT(SECOND) - 1,
	               sizeof(struct second), .apply = apply_second, .visible_to = READERS,
	               .zh = "批准启用副题", .en = "the second paper was ordered"},
};

/* Reading. */
enum rc second_ordered(struct op *op, struct str session, struct str place, bool *ret)
{
	AUTO(rows) r = {0};

	*ret = false;
	TRY(sql_query(op, &SQL[Q_SECONDS], ARGS(sql_text(session)), &r));
	while (rows_next(&r) && !*ret)
		*ret = place_covers(rows_dup(op->arena, &r, 0), place);
	return RC_OK;
}

/* Rules. */

/* What a spare bag may replace in a room: papers, or cards when it holds cards. */
static enum rc find_room_bag(struct op *op, struct use *p, const struct bag *spare)
{
	enum paper_kind kind = spare->kind == PAPER_SPARE ? PAPER_PAPER : spare->kind;
	struct bag own;
	bool known;

	TRY(room_bag(op, spare->session, p->place, kind, &own, &known));
	if (known && !str_eq(own.code, spare->code))
		p->room_bag = own.code;
	return RC_OK;
}

static bool approved(const struct op *op, const struct use *p)
{
	return !profile_setting(op_profile(op), "custody.spare_approval", 0) || p->approval.n ||
		op_slot(op, "approver", 0).v;
}

/* 换卡 in the last minutes is recorded and asked about, not undone. */
static enum rc check_card(struct op *op, const struct use *p)
{
	const struct profile_session *s = profile_session(op_profile(op), p->session);
	int64_t last_s = profile_setting(op_profile(op), "custody.card_change_last_s", 0);
	struct str room = p->place;

	if (s && op_happened_ms(op) > s->end_ms - last_s * 1000)
		TRY(alarm_raise(op, "custody.card_changed_late", room, room, NULL));
	return RC_OK;
}

static enum rc check_use(struct op *op, const struct use *p, const struct bag *bag)
{
	if ((bag->kind != PAPER_SPARE && bag->kind != PAPER_CARD) || p->copies > bag_held(bag))
		TRY(alarm_raise(op, "custody.not_spare", p->bag, p->place, NULL));
	if (!approved(op, p))
		TRY(alarm_raise(op, "custody.spare_unapproved", p->bag, p->place, NULL));
	if (!p->filmed)
		TRY(alarm_raise(op, "custody.spare_unfilmed", p->bag, p->place, NULL));
	if (!p->seal.n && p->cause != CAUSE_SHORT)
		TRY(alarm_raise(op, "custody.replaced_unsealed", p->place, p->place, NULL));
	return bag->kind == PAPER_CARD ? check_card(op, p) : RC_OK;
}

static enum rc run_use(struct op *op, const void *in)
{
	struct use p = *(const struct use *)in;
	struct bag bag;
	int64_t over;
	bool known;

	TRY(bag_find(op, p.bag, &bag, &known));
	if (!known)
		return found_add(op, p.bag);
	over = p.copies - bag_held(&bag);
	p.session = bag.session;
	p.asset = bag.asset;
	p.holder = bag.holder;
	TRY(find_room_bag(op, &p, &bag));
	TRY(event_append(op, &EVENTS[EV_USED], &p, NULL));
	if (over > 0) /* a surplus: nobody gives what the books say he does not have */
		TRY(difference_record(op, p.place, &bag, -over));
	return check_use(op, &p, &bag);
}

static enum rc run_change(struct op *op, const void *in)
{
	const struct use *p = in;

	if (!profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_CARD, "没有科次 %s", "there is no session %s",
		            p->session.s);
	TRY(event_append(op, &EVENTS[EV_CHANGED], p, NULL));
	if (!p->seal.n)
		TRY(alarm_raise(op, "custody.replaced_unsealed", p->place, p->place, NULL));
	return check_card(op, p);
}

static enum rc run_second(struct op *op, const void *in)
{
	const struct second *p = in;
	bool ordered;

	if (!profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_SECOND, "没有科次 %s", "there is no session %s",
		            p->session.s);
	TRY(second_ordered(op, p->session, p->place, &ordered));
	if (ordered)
		return fail(op, RC_CONFLICT, "session", CITE_SECOND, "%s 已批准启用科次 %s 的副题",
		            "the second paper of %s is ordered already at %s", p->session.s, p->place.s);
	return event_append(op, &EVENTS[EV_SECOND], p, NULL);
}

/* Module. */
static const struct allow SITE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
};
static const struct allow PROVINCE[] = {{"province_office", LEVEL_ANY}};
static const char *const CHIEF[] = {"site_chief", NULL};
static const char *const DEPUTY[] = {"deputy_chief", "site_clerk", NULL};
static const char *const APPROVER[] = {"province_office", "city_office", "county_office",
	"county_leader", "county_director", NULL};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const char *const CHIEFS[] = {"site_chief", "deputy_chief", NULL};
static const char *const LEADERS[] = {"province_office", NULL};
static const struct slot USERS[] = {
	{"chief", 1, CHIEF, "deputy", false, "主考", "chief"},
	{"deputy", 1, DEPUTY, "approver", false, "副主考或考务员", "deputy"},
	{"approver", 1, APPROVER, "chief", true, "批准人", "who approved it"},
};
static const struct slot CHANGERS[] = {
	{"changer", 2, INVIGILATOR, "chief", false, "监考员", "invigilators"},
	{"chief", 1, CHIEFS, NULL, false, "主考或副主考", "chief or deputy"},
};
static const struct slot ORDERED[] = {{"leader", 2, LEADERS, NULL, false, "签发人", "who sign"}};
static const struct command COMMANDS[] = {
	{"custody.use_spare", FACT, USE, USE_FIELDS, sizeof(struct use), SLOTS(USERS), ALLOW(SITE),
	 .run = run_use, .cites = CITE_SPARE, .zh = "登记启用备用卷", .en = "record the use of spare papers"},
	{"custody.change_card", FACT, FIELDS(CHANGE), sizeof(struct use), SLOTS(CHANGERS),
	 ALLOW(SITE), .run = run_change, .cites = CITE_CARD,
	 .zh = "登记更换答题卡", .en = "record a changed card"},
	{"custody.order_second", ORDER, FIELDS(SECOND), sizeof(struct second), SLOTS(ORDERED),
	 ALLOW(PROVINCE), .run = run_second, .cites = CITE_SECOND,
	 .zh = "批准启用副题", .en = "order the second paper"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.spare_unapproved", COLOUR_ORANGE, "county_office", CITE_SPARE,
	 "立即电话补报省级批准并登记记录号", "ask for the approval by telephone now and record its number",
	 "启用备用卷没有批准记录", "spare papers were used without an approval"},
	{"custody.spare_unfilmed", COLOUR_YELLOW, "site_chief", CITE_SPARE,
	 "两人书面说明启封过程，封存附近监控录像", "two write down how it was opened, keep the nearest recording",
	 "备用卷不在监控下启封", "spare papers were opened without a camera"},
	{"custody.not_spare", COLOUR_ORANGE, "site_chief", CITE_SPARE,
	 "核对此袋品种和剩余份数，逐份清点", "check what the bag holds and count it copy by copy",
	 "启用的不是备用袋，或启用份数多于袋内份数",
	 "not a spare bag, or more copies than it holds"},
	{"custody.replaced_unsealed", COLOUR_YELLOW, "site_chief", CITE_SPARE,
	 "立即将换下的试卷（答题卡）单独装袋密封并补登封条号",
	 "put what was replaced into an envelope of its own, seal it, record the seal",
	 "换下的试卷（答题卡）未单独封装", "what was replaced is not sealed apart"},
	{"custody.card_changed_late", COLOUR_ORANGE, "site_chief", CITE_CARD,
	 "查明原因并书面说明，两张答题卡一并封存上报",
	 "find out why, write it down, seal both cards and report",
	 "考试结束前限定时间内更换答题卡", "a card was changed in the last minutes"},
	{"custody.second_unordered", COLOUR_RED, "county_leader", CITE_SECOND,
	 "立即停止使用副题，两人看护并上报省级", "stop it, two guard it, tell the province at once",
	 "未经批准启用副题", "a second paper was used without the province's order"},
};

static const char *const SETTINGS[] = {"custody.card_change_last_s", "custody.spare_approval"};

const struct module custody_spare_module = {
	.name = "custody_spare", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "备用卷与副题", .en = "spare and second papers",
};
