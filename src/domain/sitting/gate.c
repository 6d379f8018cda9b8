/* SPDX-License-Identifier: Apache-2.0 */
/* gate.c -- what the gates found (入口安检), and an identity card that was not there.
 *
 * An item in a locker before the check is 存放; the same item found on somebody inside, or after
 * the start, is 涉嫌: the time decides, so it is recorded.  Which kinds send or receive is the
 * profile's.  Who has no card sits on a promise, and shows it before the next session, or after the
 * last one in the office's hours.
 *
 * A gate that is connected tells each candidate; one that is not, the sum alone.
 *
 * Emits  sitting.gate_passed, sitting.gate_reported, sitting.item_stored, sitting.item_found,
 *        sitting.card_promised, sitting.card_shown
 * Owns   sitting_item
 */
#include "domain/sitting/site.h"

#include "domain/exam/exam.h"
#include "engine/alarm.h"

#define CITE_ITEMS "教育部令第33号 Art.5-6 (2.7)"
#define CITE_GATE CITE_PROGRAMME " 入口安检 INV-9 (2.7)"
#define CITE_CARD CITE_PROGRAMME " 证件 (2.7)"

enum { Q_ADD, Q_STORED, Q_VIEW };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO sitting_item(id, session, place, candidate, kind, locker, suspected,"
	           " at_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_STORED] = {"SELECT MIN(at_ms) FROM sitting_item WHERE session = ? AND candidate = ?"
	              " AND kind = ? AND suspected = 0", 3},
	[Q_VIEW] = {"SELECT id, session, place, candidate, kind, locker, suspected, at_ms"
	            " FROM sitting_item ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"sitting_item", "CREATE TABLE sitting_item(id {id} PRIMARY KEY, session {text} NOT NULL,"
	 " place {text} NOT NULL, candidate {text} NOT NULL, kind {text} NOT NULL,"
	 " locker {text} NOT NULL, suspected {int} NOT NULL, at_ms {int} NOT NULL);"
	 "CREATE INDEX sitting_item_of ON sitting_item(session, candidate, kind);"
	 "CREATE INDEX sitting_item_place ON sitting_item(place, id)", "id"},
};

/* Fields. */
struct gate {
	struct str place, session;
	int64_t checked, hits, cleared, stored, allowed;
	int64_t entered; /* by the terminals, so far */
};
static const struct field GATE[] = {
	FIELD(struct gate, place, F_PLACE, "考点", "site"),
	FIELD(struct gate, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct gate, checked, F_INT, "安检人次", "searched", .max = 1000000),
	FIELD(struct gate, hits, F_INT, "报警次数", "hits", .max = 1000000),
	FIELD(struct gate, cleared, F_INT, "复查无异常", "cleared", .max = 1000000),
	FIELD(struct gate, stored, F_INT, "存放物品", "items stored", .max = 1000000),
	FIELD(struct gate, allowed, F_INT, "经批准器械", "approved devices", .max = 1000000),
	FIELD(struct gate, entered, F_INT, "核验入场人数", "entered by the terminals"),
};

struct passing {
	struct str place, session, candidate;
	int64_t hits;
	bool cleared;
};
static const struct field PASSING[] = {
	FIELD(struct passing, place, F_PLACE, "考点", "site"),
	FIELD(struct passing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct passing, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct passing, hits, F_INT, "报警次数", "hits", .max = 100),
	FIELD(struct passing, cleared, F_BOOL, "已查明", "explained"),
};

struct item {
	struct str place, session, candidate, kind, locker;
	bool suspected;
};
#define ITEM_FIELDS \
	FIELD(struct item, place, F_PLACE, "考点或考场", "site or room"), \
	FIELD(struct item, session, F_KEY, "科次", "session", .ref = "session"), \
	FIELD(struct item, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"), \
	FIELD(struct item, kind, F_KEY, "物品类别", "kind", .ref = "item")
static const struct field STORED[] = {
	ITEM_FIELDS,
	FIELD(struct item, locker, F_CODE, "存放柜号", "locker"),
};
static const struct field FOUND[] = {
	ITEM_FIELDS,
	FIELD(struct item, suspected, F_BOOL, "涉嫌违规携带", "suspected"),
};

struct card {
	struct str place, session, candidate, next;
	bool valid;
};
static const struct field PROMISE[] = {
	FIELD(struct card, place, F_PLACE, "考点", "site"),
	FIELD(struct card, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct card, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct card, next, F_KEY, "最迟补验于此科次开考前", "due before", .ref = "session",
	      .optional = true),
};
static const struct field SHOWN[] = {
	FIELD(struct card, place, F_PLACE, "考点", "site"),
	FIELD(struct card, session, F_KEY, "承诺科次", "session of the promise", .ref = "session"),
	FIELD(struct card, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct card, valid, F_BOOL, "证件有效", "the card is valid"),
};

/* Projection. */
static enum rc apply_item(struct op *op, const struct event *ev)
{
	const struct item *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->session), sql_text(ev->place),
	                     sql_text(p->candidate), sql_text(p->kind), sql_text(p->locker),
	                     sql_int(p->suspected), sql_int(ev->happened_ms)));
}

enum { EV_GATE, EV_STORED, EV_FOUND, EV_PROMISED, EV_SHOWN, EV_PASSED };
#define ROW(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = SITTING_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_GATE] = ROW("sitting.gate_reported", GATE, struct gate, NULL, "入口安检汇总",
	                "a site's gates were summed up"),
	[EV_STORED] = ROW("sitting.item_stored", STORED, struct item, apply_item, "物品存放",
	                  "an item was put into a locker"),
	[EV_FOUND] = ROW("sitting.item_found", FOUND, struct item, apply_item, "发现物品",
	                 "an item was found"),
	[EV_PROMISED] = ROW("sitting.card_promised", PROMISE, struct card, NULL, "证件补验承诺",
	                    "a candidate promised their card"),
	[EV_SHOWN] = ROW("sitting.card_shown", SHOWN, struct card, NULL, "证件补验",
	                 "a candidate showed their card"),
	[EV_PASSED] = ROW("sitting.gate_passed", PASSING, struct passing, NULL, "考生通过入口安检",
	                  "a candidate passed the gate"),
};

/* Rules. */
static enum rc form(struct op *op, struct str session, struct str place, int deepest,
                    const struct profile_session **ret)
{
	TRY(site_session(op, session, ret));
	return site_place(op, place, LEVEL_SITE, deepest);
}

/* Fewer searched than sit: somebody walked round the gate. */
static enum rc run_gate(struct op *op, const void *in)
{
	struct gate p = *(const struct gate *)in;
	const struct profile_session *s;
	struct sitting_count c;

	TRY(form(op, p.session, p.place, LEVEL_SITE, &s));
	TRY(sitting_count(op, p.session, p.place, &c));
	p.entered = c.present;
	TRY(event_append(op, &EVENTS[EV_GATE], &p, NULL));
	if (p.checked < p.entered)
		TRY(alarm_raise(op, "sitting.gate_gap", site_subject(op, p.session, p.place), p.place,
		                NULL));
	if (p.hits <= p.cleared + p.stored + p.allowed)
		return RC_OK;
	return alarm_raise(op, "sitting.gate_unresolved", site_subject(op, p.session, p.place),
	                   p.place, NULL);
}

static enum rc run_pass(struct op *op, const void *in)
{
	const struct passing *p = in;
	const struct profile_session *s;

	TRY(form(op, p->session, p->place, LEVEL_SITE, &s));
	TRY(event_append(op, &EVENTS[EV_PASSED], p, NULL));
	if (!p->hits || p->cleared)
		return RC_OK;
	return alarm_raise(op, "sitting.gate_unresolved",
	                   candidate_subject(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

/* Does the profile say that this kind sends or receives? */
static bool is_device(struct op *op, struct str kind)
{
	struct str id = str_fmt(op->arena, "sitting.device." STR_FMT, STR_ARG(kind));

	return profile_setting(op_profile(op), id.s, 0) > 0;
}

/* May this candidate have this device at both gates (合理便利)? */
static enum rc is_approved(struct op *op, const struct item *p, bool *ret)
{
	struct accommodation *list;
	size_t n;

	*ret = false;
	TRY(exam_accommodations(op, p->candidate, &list, &n));
	for (size_t i = 0; i < n; i++)
		*ret = *ret || str_eq(list[i].device, p->kind);
	return RC_OK;
}

static enum rc suspect(struct op *op, const struct item *p)
{
	const struct profile_item *kind = profile_item(op_profile(op), p->kind);
	bool listed = kind && kind->class == ITEM_APPROVED, approved;

	if (!listed && !is_device(op, p->kind))
		return RC_OK;
	TRY(is_approved(op, p, &approved));
	if (approved)
		return RC_OK;
	return alarm_raise(op, listed ? "sitting.device_unapproved" : "sitting.item_suspected",
	                   candidate_subject(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

/* A locker that is filled after the start holds what was inside. */
static enum rc run_store(struct op *op, const void *in)
{
	struct item p = *(const struct item *)in;
	const struct profile_session *s;

	TRY(form(op, p.session, p.place, LEVEL_ROOM, &s));
	TRY(event_append(op, &EVENTS[EV_STORED], &p, NULL));
	return op_happened_ms(op) > s->start_ms ? suspect(op, &p) : RC_OK;
}

/* At the gate before the start the way to the locker is open; in a room it is not.  What was
 * already in a locker is not what is found now. */
static enum rc run_find(struct op *op, const void *in)
{
	struct item p = *(const struct item *)in;
	const struct profile_session *s;

	TRY(form(op, p.session, p.place, LEVEL_ROOM, &s));
	p.suspected = place_level(p.place) == LEVEL_ROOM || op_happened_ms(op) > s->start_ms;
	if (!p.suspected) {
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_STORED],
		              ARGS(sql_text(p.session), sql_text(p.candidate), sql_text(p.kind)), &r));
		p.suspected = rows_next(&r) && !rows_is_null(&r, 0);
	}
	TRY(event_append(op, &EVENTS[EV_FOUND], &p, NULL));
	return p.suspected ? suspect(op, &p) : RC_OK;
}

/* The first session that starts after this one; empty after the last. */
static struct str next_of(const struct profile *profile, const struct profile_session *s)
{
	for (size_t i = 0; i < profile->nsessions; i++)
		if (profile->sessions[i].start_ms > s->start_ms)
			return profile->sessions[i].id;
	return (struct str){0};
}

static enum rc run_promise(struct op *op, const void *in)
{
	struct card p = *(const struct card *)in;
	const struct profile_session *s;

	TRY(form(op, p.session, p.place, LEVEL_SITE, &s));
	p.next = next_of(op_profile(op), s);
	return event_append(op, &EVENTS[EV_PROMISED], &p, NULL);
}

static enum rc run_show(struct op *op, const void *in)
{
	const struct card *p = in;
	const struct profile_session *s;

	TRY(form(op, p->session, p->place, LEVEL_SITE, &s));
	TRY(event_append(op, &EVENTS[EV_SHOWN], p, NULL));
	if (p->valid)
		return RC_OK;
	return alarm_raise(op, "sitting.card_invalid",
	                   candidate_subject(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

/* Module. */
static const struct allow GATES[] = {
	{"gate_checker", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY},
};
static const struct command COMMANDS[] = {
	{"sitting.report_gate", FACT, GATE, COUNT(GATE) - 1, sizeof(struct gate), ALLOW(GATES),
	 .run = run_gate, .cites = CITE_GATE, .zh = "报告入口安检汇总", .en = "sum up the gates"},
	{"sitting.pass_gate", FACT, FIELDS(PASSING), sizeof(struct passing), ALLOW(GATES),
	 .run = run_pass, .cites = CITE_GATE, .zh = "登记考生入口安检",
	 .en = "record a candidate at the gate"},
	{"sitting.find_item", FACT, FOUND, COUNT(FOUND) - 1, sizeof(struct item), ALLOW(GATES),
	 .run = run_find, .cites = CITE_ITEMS, .zh = "登记发现物品", .en = "record an item found"},
	{"sitting.store_item", FACT, FIELDS(STORED), sizeof(struct item), ALLOW(GATES),
	 .run = run_store, .cites = CITE_ITEMS, .zh = "登记物品存放", .en = "record an item stored"},
	{"sitting.promise_card", FACT, PROMISE, COUNT(PROMISE) - 1, sizeof(struct card), ALLOW(GATES),
	 .run = run_promise, .cites = CITE_CARD, .zh = "登记证件补验承诺",
	 .en = "record a promise to show a card"},
	{"sitting.show_card", FACT, FIELDS(SHOWN), sizeof(struct card), ALLOW(GATES), .run = run_show,
	 .cites = CITE_CARD, .zh = "登记证件补验", .en = "record a card shown"},
};

/* Due before the next session. */
static size_t promised(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	const struct card *p = ev->data;

	if (ev->type == &EVENTS[EV_PROMISED] && !p->next.n)
		return 0;
	ret[0] = candidate_subject(a, p->session, ev->place, p->candidate);
	ret_session[0] = p->next;
	return 1;
}

/* In the last session: due in the office's hours after it. */
static size_t promised_last(struct arena *a, const struct event *ev, struct str *ret,
                            struct str *ret_session)
{
	const struct card *p = ev->data;

	if (ev->type == &EVENTS[EV_PROMISED] && p->next.n)
		return 0;
	ret[0] = candidate_subject(a, p->session, ev->place, p->candidate);
	ret_session[0] = p->session;
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.gate", "arrange.site_armed", "sitting.gate_reported", NULL, session_subjects,
	 "sitting.gate", "gate_checker", .missing = "sitting.gate_missing", .cites = CITE_GATE,
	 .zh = "入口安检汇总", .en = "the gates are summed up"},
	{"sitting.show_card", "sitting.card_promised", "sitting.card_shown", NULL, promised,
	 "sitting.show_card", "site_clerk", .missing = "sitting.card_missing", .cites = CITE_CARD,
	 .zh = "下一科次开考前补验证件", .en = "the card is shown before the next session"},
	{"sitting.show_card_last", "sitting.card_promised", "sitting.card_shown", NULL, promised_last,
	 "sitting.show_card_last", "site_clerk", .missing = "sitting.card_missing",
	 .cites = CITE_CARD, .zh = "末场后办公时间内补验证件",
	 .en = "after the last session the card is shown in the office's hours"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.gate_gap", COLOUR_ORANGE, "site_chief", CITE_GATE,
	 "核对安检口和入场人数，派人持手持探测器到考场补检",
	 "compare gates and entries, have the rooms searched with hand detectors",
	 "安检人次少于入场人数", "fewer were searched than entered"},
	{"sitting.gate_unresolved", COLOUR_YELLOW, "site_chief", CITE_GATE,
	 "逐一核实未处理的报警，涉及考生由流动监考员到场复查",
	 "go through the hits that were not resolved, search again whoever they concern",
	 "安检报警有未处理的", "hits at the gate were not resolved"},
	{"sitting.gate_missing", COLOUR_YELLOW, "site_chief", CITE_GATE,
	 "补报入口安检汇总", "have the gates summed up and reported",
	 "入口安检汇总超时未报", "the gates' summary is overdue"},
	{"sitting.item_suspected", COLOUR_ORANGE, "site_chief", CITE_ITEMS,
	 "两名工作人员暂扣物品并出具收据，保全录像，按涉嫌违规登记",
	 "two take the item against a receipt, keep the recording, record a suspected violation",
	 "涉嫌携带具有收发功能的设备", "a device that sends or receives was found: suspected"},
	{"sitting.device_unapproved", COLOUR_YELLOW, "site_chief", CITE_ITEMS,
	 "核对合理便利名单；名单外的由医护人员查看，主考决定，记入考场情况记录单",
	 "compare the list of accommodations; else a medic looks and the chief decides, on the sheet",
	 "器械不在批准名单", "a device that is on no approved list"},
	{"sitting.card_missing", COLOUR_YELLOW, "county_office", CITE_CARD,
	 "联系考生补验证件；仍不能提供的，按规定处理该科次成绩",
	 "ask the candidate for the card; without it the session is dealt with by the rules",
	 "承诺补验的证件未按时出示", "a promised card was not shown"},
	{"sitting.card_invalid", COLOUR_ORANGE, "site_chief", CITE_CARD,
	 "两人核对本人、照片和证件，按涉嫌身份不符处置",
	 "two compare person, photo and card; treat as a suspected mismatch",
	 "补验证件无效", "the card that was shown is not valid"},
};

static const struct column COLUMNS[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN_KEY("kind", "item", "物品", "item"),
	COLUMN("locker", F_CODE, "柜号", "locker"),
	COLUMN("suspected", F_BOOL, "涉嫌违规", "suspected"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct view VIEWS[] = {
	{"sitting/items", "物品登记", "items", SITTING_READERS, &SQL[Q_VIEW], COLUMNS, COUNT(COLUMNS)},
};

/* Kinds of items that send or receive. */
static const char *const SETTINGS[] = {"sitting.device.*"};

const struct module sitting_gate_module = {
	.name = "sitting_gate", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS), TABLE_OF(settings, SETTINGS),
	.zh = "入口安检", .en = "gates",
};
