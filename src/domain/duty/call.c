/* SPDX-License-Identifier: Apache-2.0 */
/* call.c -- decisions taken by telephone (电话审批), countersigned later; see duty.h.
 *
 * Work does not wait for ink: who decided, from which number, in which minute and who took the call
 * are noted at once; the decider countersigns within the profile's hours.
 *
 * Emits  duty.phone_decided, duty.phone_countersigned
 * Owns   duty_call
 */
#include "domain/duty/duty.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_CALL "考务值班惯例 电话审批"

enum { Q_ADD, Q_GET, Q_SIGN, Q_LIST, Q_OF };
#define COLUMNS "id, idx, place, decision, decider, approved, minute_ms, taker, signed_by, signed"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO duty_call(" COLUMNS ") VALUES(?, ?, ?, ?, ?, ?, ?, ?, 0, -1)", 8},
	[Q_GET] = {"SELECT place, decider, signed FROM duty_call WHERE id = ?", 1},
	[Q_SIGN] = {"UPDATE duty_call SET signed_by = ?, signed = ? WHERE id = ?", 3},
	[Q_LIST] = {"SELECT " COLUMNS " FROM duty_call ORDER BY id", 0},
	[Q_OF] = {"SELECT " COLUMNS " FROM duty_call"
	          " WHERE minute_ms >= ? AND minute_ms < ?"
	          " AND (place = ? OR (place >= ? AND place < ?))"
	          " ORDER BY id", 5},
};

static const struct table TABLES[] = {
	{"duty_call", "CREATE TABLE duty_call(id {id} NOT NULL, idx {int} NOT NULL,"
	 " place {text} NOT NULL, decision {text} NOT NULL, decider {id} NOT NULL,"
	 " approved {int} NOT NULL, minute_ms {int} NOT NULL, taker {id} NOT NULL,"
	 " signed_by {id} NOT NULL, signed {int} NOT NULL, PRIMARY KEY(id))", "id"},
};

/* Fields. */
struct decision {
	struct str place, decision, number, about;
	struct person_id decider, taker; /* taker: who signs that he took the call */
	bool approved;
	int64_t minute;
	struct text note;
};
static const struct field DECISION[] = {
	FIELD(struct decision, place, F_PLACE, "事发单位", "place it is about"),
	FIELD(struct decision, decision, F_KEY, "审批事项", "decision", .ref = "decision"),
	FIELD(struct decision, decider, F_PERSON, "审批人", "who decided"),
	FIELD(struct decision, approved, F_BOOL, "同意", "approved"),
	FIELD(struct decision, number, F_CODE, "来电(去电)号码", "telephone number",
	      .secrecy = SECRECY_INTERNAL),
	FIELD(struct decision, minute, F_TIME, "通话时分", "minute of the call"),
	FIELD(struct decision, about, F_CODE, "所涉编号(袋、考场、指令)", "number it is about",
	      .optional = true),
	FIELD(struct decision, note, F_TEXT, "通话要点", "what was said", .max = 1000,
	      .optional = true),
	FIELD(struct decision, taker, F_PERSON, "接听记录人", "who took it"),
};

struct countersign {
	struct call_id call;
	struct person_id person;
};
static const struct field COUNTERSIGN[] = {
	FIELD(struct countersign, call, F_ID, "电话审批编号", "number of the call", .min = 1,
	      .ref = "call"),
	FIELD(struct countersign, person, F_PERSON, "补签人", "who countersigns"),
};

/* Projection. */
static enum rc apply_decided(struct op *op, const struct event *ev)
{
	const struct decision *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_int(ev->index), sql_text(ev->place),
	                     sql_text(p->decision), sql_int(p->decider.v), sql_int(p->approved),
	                     sql_int(p->minute), sql_int(p->taker.v)));
}

static enum rc apply_signed(struct op *op, const struct event *ev)
{
	const struct countersign *p = ev->data;

	return sql_exec(op, &SQL[Q_SIGN],
	                ARGS(sql_int(p->person.v), sql_int(ev->index), sql_int(p->call.v)));
}

enum { EV_DECIDED, EV_SIGNED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", "site_chief",
	"deputy_chief", NULL};
static const struct event_type EVENTS[] = {
	[EV_DECIDED] = {"duty.phone_decided", 1, DECISION + 1, COUNT(DECISION) - 1,
	                sizeof(struct decision), .apply = apply_decided, .visible_to = READERS,
	                .zh = "电话审批", .en = "a decision was taken by telephone"},
	[EV_SIGNED] = EVENT("duty.phone_countersigned", COUNTERSIGN, struct countersign, apply_signed,
	                    "电话审批补签", "a decision by telephone was countersigned",
	                    .visible_to = READERS),
};

/* Reading. */
struct known_call {
	struct str place;
	struct person_id decider;
	bool is_signed;
};

static enum rc call_find(struct op *op, struct call_id id, struct known_call *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(id.v)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "call", CITE_CALL, "没有电话审批 %lld",
		            "no decision by telephone has the number %lld", (long long)id.v);
	*ret = (struct known_call){rows_dup(op->arena, &r, 0), {rows_int(&r, 1)}, rows_int(&r, 2) >= 0};
	return RC_OK;
}

enum rc duty_calls(struct op *op, struct str place, int64_t from_ms, int64_t to_ms,
                   struct duty_call **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct duty_call *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_OF], ARGS(sql_int(from_ms), sql_int(to_ms), sql_text(place),
	                                   sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct duty_call){
			{rows_int(&r, 0)}, rows_int(&r, 1), rows_dup(op->arena, &r, 2),
			rows_dup(op->arena, &r, 3), {rows_int(&r, 4)}, rows_int(&r, 5) != 0, rows_int(&r, 6),
			{rows_int(&r, 7)}, {rows_int(&r, 8)}, rows_int(&r, 9)};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static struct str subject(struct arena *a, int64_t id)
{
	return str_fmt(a, "DH/%lld", (long long)id);
}

/* Rules. */

/* The card of who decides what (谁决定): by the profile; a name of it that is no role here (教育部)
 * cannot be looked up and passes. */
static bool entitled(const struct op *op, const struct profile_decision *d,
                     const struct decision *p)
{
	for (size_t i = 0; i < d->deciders.n; i++) {
		struct str who = d->deciders.list[i];

		if (!modules_role(op->run->modules, who) || person_holds(op, p->decider, who, p->place))
			return d->phone;
	}
	return false;
}

static enum rc run_decide(struct op *op, const void *in)
{
	struct decision p = *(const struct decision *)in;
	const struct profile_decision *d = profile_decision(op_profile(op), p.decision);
	int64_t id;

	if (!d && op_profile(op)->lists.ndecisions)
		return fail(op, RC_INVALID, "decision", CITE_CALL, "方案中没有审批事项 %s",
		            "the profile has no decision %s", p.decision.s);
	p.taker = op_slot(op, "taker", 0);
	TRY(event_append(op, &EVENTS[EV_DECIDED], &p, &id));
	if (d && !entitled(op, d, &p))
		TRY(alarm_raise(op, "duty.phone_unentitled", subject(op->arena, id), p.place, NULL));
	if (p.taker.v != p.decider.v)
		return RC_OK;
	return alarm_raise(op, "duty.phone_self", subject(op->arena, id), p.place, NULL);
}

static enum rc place_of_call(struct op *op, const void *in, struct str *ret)
{
	struct known_call c;

	TRY(call_find(op, ((const struct countersign *)in)->call, &c));
	*ret = c.place;
	return RC_OK;
}

static enum rc run_countersign(struct op *op, const void *in)
{
	struct countersign p = *(const struct countersign *)in;
	struct known_call c;

	p.person = op_slot(op, "decider", 0);
	TRY(call_find(op, p.call, &c));
	TRY(event_append(op, &EVENTS[EV_SIGNED], &p, NULL));
	if (p.person.v == c.decider.v)
		return RC_OK;
	return alarm_raise(op, "duty.phone_other", subject(op->arena, p.call.v), c.place, NULL);
}

/* The call's number is the event's own at first, and named by the countersignature. */
static size_t call_subject(struct arena *a, const struct event *ev, struct str *ret,
                           struct str *ret_session)
{
	(void)ret_session;
	ret[0] = subject(a, ev->type == &EVENTS[EV_DECIDED]
	                        ? ev->id
	                        : ((const struct countersign *)ev->data)->call.v);
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"duty.countersign", "duty.phone_decided", "duty.phone_countersigned", NULL, call_subject,
	 "duty.countersign", "duty_officer", .missing = "duty.countersign_missing", .cites = CITE_CALL,
	 .zh = "电话审批补签", .en = "a decision by telephone is countersigned"},
};

static const struct alarm_rule ALARMS[] = {
	{"duty.countersign_missing", COLOUR_YELLOW, "duty_officer", CITE_CALL,
	 "请审批人补签；否认审批的立即报带班领导",
	 "have the decider countersign; when he denies it tell the leader on duty at once",
	 "电话审批逾期未补签", "a decision by telephone was not countersigned in time"},
	{"duty.phone_other", COLOUR_ORANGE, "county_leader", CITE_CALL,
	 "向登记的审批人核实是否作过此决定", "ask the decider on record whether he decided this",
	 "补签人不是原审批人", "somebody else countersigned"},
	{"duty.phone_unentitled", COLOUR_ORANGE, "county_leader", CITE_CALL,
	 "立即报有权审批的人决定；已执行的停止并登记",
	 "have the one who may decide do so at once; stop what was begun and record it",
	 "电话审批人无此权限，或此事项不得电话审批", "the decider may not decide this, or not by telephone"},
	{"duty.phone_self", COLOUR_YELLOW, "county_leader", CITE_CALL,
	 "核实通话双方，由另一人补作记录", "verify who spoke; another person records the call",
	 "审批人与接听记录人为同一人", "decider and taker of a call are one person"},
};

/* Module. */
static const struct allow TAKERS[] = {
	{"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"city_duty", LEVEL_CITY},
	{"city_office", LEVEL_CITY}, {"county_leader", LEVEL_ANY}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"site_clerk", LEVEL_SITE},
};
static const struct slot TAKER[] = {{"taker", 1, NULL, NULL, false, "接听记录人", "who took it"}};
static const struct slot DECIDER[] = {{"decider", 1, NULL, NULL, false, "审批人", "who decided"}};
static const struct command COMMANDS[] = {
	{"duty.phone_decision", FACT, DECISION, COUNT(DECISION) - 1, sizeof(struct decision),
	 SLOTS(TAKER), ALLOW(TAKERS), .run = run_decide, .cites = CITE_CALL,
	 .zh = "登记电话审批", .en = "record a decision by telephone"},
	{"duty.countersign", FACT, COUNTERSIGN, COUNT(COUNTERSIGN) - 1, sizeof(struct countersign),
	 SLOTS(DECIDER), ALLOW(TAKERS), .place_of = place_of_call,
	 .place_by = "call", .run = run_countersign,
	 .cites = CITE_CALL, .zh = "补签电话审批", .en = "countersign a decision by telephone"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("index", F_ID, "台账", "entry"),
	COLUMN("place", F_PLACE, "事发单位", "about"),
	COLUMN_KEY("decision", "decision", "审批事项", "decision"),
	COLUMN("decider", F_PERSON, "审批人", "decided by"),
	COLUMN("approved", F_BOOL, "同意", "approved"),
	COLUMN("minute_ms", F_TIME, "时间", "minute"),
	COLUMN("taker", F_PERSON, "记录人", "taken by"),
	COLUMN("signed_by", F_PERSON, "补签人", "countersigned by"),
	COLUMN("signed", F_ID, "补签(台账)", "countersigned (entry)"),
};
static const struct view VIEWS[] = {
	{"duty/calls", "电话审批", "decisions by telephone", READERS, &SQL[Q_LIST], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

const struct module duty_call_module = {
	.name = "duty_call", .group = "duty", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "电话审批", .en = "decisions by telephone",
};
