/* SPDX-License-Identifier: Apache-2.0 */
/* alarm.c -- alarms' events, projection and commands; see alarm.h.
 *
 * One row an alarm.  `rung` is the next rung to climb and `rung_due_ms` when (0: the ladder rests,
 * because somebody has signed for it, it is closed, or there are no more rungs).
 */
#include "engine/alarm_private.h"

#include "base/clock.h"
#include "base/limits.h"
#include "engine/engine.h"
#include "engine/expect_private.h"
#include "engine/modules_private.h"
#include "engine/run.h"

enum { Q_INSERT, Q_OPEN, Q_GET, Q_FOLD, Q_RUNG, Q_ACK, Q_UNACK, Q_CLOSE, Q_RUNG_DUE, Q_ACK_DUE,
       Q_LIST, Q_LIST_OPEN, Q_GROUPABLE, Q_GROUP, Q_CLOSE_GROUP,
       Q_SAME_CAUSE, Q_UNDER };
#define COLUMNS "id, rule, subject, place, colour, raised_ms, cause, rung, folded, ack_by," \
	" closed, grp, reason, false_cause, closed_by, second"
static const struct sql SQL[] = {
	[Q_INSERT] = {"INSERT INTO alarm(id, rule, subject, place, colour, raised_ms, cause, rung,"
	              " rung_due_ms, owner, asks, newest, folded, ack_by, ack_ms, ack_due_ms, closed,"
	              " closed_ms, closed_by, second, reason, false_cause, grp)"
	              " VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)",
	              11},
	[Q_OPEN] = {"SELECT id, grp, raised_ms FROM alarm WHERE rule = ? AND subject = ? AND place = ?"
	            " AND closed = 0 ORDER BY grp, id", 3},
	[Q_GET] = {"SELECT " COLUMNS " FROM alarm WHERE id = ?", 1},
	[Q_FOLD] = {"UPDATE alarm SET folded = folded + 1, newest = ? WHERE id = ?", 2},
	[Q_RUNG] = {"UPDATE alarm SET rung = ?, rung_due_ms = ?, asks = ?, newest = ? WHERE id = ?", 5},
	[Q_ACK] = {"UPDATE alarm SET ack_by = ?, ack_ms = ?, ack_due_ms = ?, newest = ?,"
	           " rung_due_ms = 0 WHERE id = ?", 5},
	[Q_UNACK] = {"UPDATE alarm SET ack_by = 0, ack_due_ms = 0, rung_due_ms = ?, newest = ?"
	             " WHERE id = ?", 3},
	[Q_CLOSE] = {"UPDATE alarm SET closed = 1, closed_by = ?, second = ?, reason = ?,"
	             " false_cause = ?, closed_ms = ?, newest = ?, rung_due_ms = 0, ack_due_ms = 0"
	             " WHERE id = ?", 7},
	[Q_RUNG_DUE] = {"SELECT rung_due_ms, rule, subject, id, place FROM alarm WHERE rung_due_ms > 0"
	                " ORDER BY rung_due_ms, rule, subject, id LIMIT 1", 0},
	[Q_ACK_DUE] = {"SELECT ack_due_ms, rule, subject, id, place FROM alarm WHERE ack_due_ms > 0"
	               " ORDER BY ack_due_ms, rule, subject, id LIMIT 1", 0},
	[Q_LIST] = {"SELECT " COLUMNS " FROM alarm WHERE place = ? OR (place >= ? AND place < ?)"
	            " ORDER BY id", 3},
	[Q_LIST_OPEN] = {"SELECT " COLUMNS " FROM alarm WHERE (place = ? OR (place >= ? AND place < ?))"
	                 " AND closed = 0 AND grp = 0 ORDER BY id", 3},
	[Q_GROUPABLE] = {"SELECT id, colour FROM alarm WHERE rule = ? AND closed = 0 AND grp = 0"
	                 " AND raised_ms >= ? AND subject <> ? AND (place = ? OR (place >= ? AND"
	                 " place < ?)) ORDER BY id", 6},
	[Q_GROUP] = {"UPDATE alarm SET grp = ?, newest = ?, rung_due_ms = 0, ack_due_ms = 0"
	             " WHERE id = ?", 3},
	[Q_CLOSE_GROUP] = {"UPDATE alarm SET closed = 1, closed_by = ?, second = ?, reason = ?,"
	                   " false_cause = ?, closed_ms = ?, newest = ? WHERE grp = ? AND grp > 0", 7},
	[Q_SAME_CAUSE] = {"SELECT id FROM alarm WHERE rule = ? AND place = ? AND closed = 0 AND"
	                  " grp = 0 AND raised_ms >= ? AND colour >= ? AND colour <= ? ORDER BY id DESC"
	                  " LIMIT 1", 5},
	[Q_UNDER] = {"SELECT id FROM alarm WHERE grp = ? AND grp > 0 AND closed = 0 ORDER BY id", 1},
};

static const struct table TABLES[] = {
	{"alarm",
	 "CREATE TABLE alarm(id {id} PRIMARY KEY, rule {text} NOT NULL, subject {text} NOT NULL,"
	 " place {text} NOT NULL, colour {int} NOT NULL, raised_ms {int} NOT NULL,"
	 " cause {int} NOT NULL, rung {int} NOT NULL, rung_due_ms {int} NOT NULL,"
	 " owner {text} NOT NULL, asks {text} NOT NULL, newest {int} NOT NULL,"
	 " folded {int} NOT NULL, ack_by {id} NOT NULL, ack_ms {int} NOT NULL,"
	 " ack_due_ms {int} NOT NULL,"
	 " closed {int} NOT NULL, closed_ms {int} NOT NULL, closed_by {id} NOT NULL,"
	 " second {id} NOT NULL, reason {int} NOT NULL, false_cause {int} NOT NULL,"
	 " grp {id} NOT NULL);"
	 "CREATE INDEX alarm_open ON alarm(rule, subject) WHERE closed = 0;"
	 "CREATE INDEX alarm_group ON alarm(grp) WHERE grp > 0;"
	 "CREATE INDEX alarm_rung ON alarm(rung_due_ms, rule, subject, id) WHERE rung_due_ms > 0;"
	 "CREATE INDEX alarm_ack ON alarm(ack_due_ms, rule, subject, id) WHERE ack_due_ms > 0", "id"},
};

const struct word COLOUR_WORDS[] = {
	{"蓝", "blue"}, {"黄", "yellow"}, {"橙", "orange"}, {"红", "red"},
};
const struct word ALARM_REASON_WORDS[] = {
	{"已处置", "handled"}, {"误报", "false alarm"}, {"重复", "duplicate"}, {"已更正", "corrected"},
	{"演练", "drill"},
};
const struct word ALARM_FALSE_CAUSE_WORDS[] = {
	{"无", "none"}, {"设备", "equipment"}, {"补录迟到", "keyed late"}, {"录入错误", "keyed wrongly"},
	{"时钟", "clock"}, {"规定允许", "allowed by the rules"}, {"测试", "a test"}, {"其他", "other"},
};

/* Fields. */

struct alarm_raised {
	struct str rule, subject;
	int colour;
};
static const struct field RAISED[] = {
	FIELD(struct alarm_raised, rule, F_KEY, "告警", "alarm", .ref = "alarm_rule"),
	FIELD(struct alarm_raised, subject, F_SUBJECT, "对象", "subject"),
	FIELD(struct alarm_raised, colour, F_ENUM, "颜色", "colour", ENUM_OF(COLOUR_TEXT, COLOUR_WORDS)),
};

struct alarm_only {
	struct alarm_id alarm;
	bool first; /* of a command alone: who signs thinks that nobody has */
};
static const struct field ALARM_ONLY[] = {
	FIELD(struct alarm_only, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
};
static const struct field SIGN[] = {
	FIELD(struct alarm_only, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_only, first, F_BOOL, "限无人签收时", "if nobody has it", .optional = true),
};

struct alarm_person {
	struct person_id who;
};
static const struct field PERSON_ITEM[] = {
	FIELD(struct alarm_person, who, F_PERSON, "人员", "person"),
};
struct alarm_escalated {
	struct alarm_id alarm;
	int64_t rung;
	struct str role;
	struct list persons;
};
static const struct field ESCALATED[] = {
	FIELD(struct alarm_escalated, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_escalated, rung, F_INT, "级", "rung", .min = 0, .max = 99),
	FIELD(struct alarm_escalated, role, F_KEY, "角色", "role", .ref = "role"),
	FIELD(struct alarm_escalated, persons, F_LIST, "提请人员", "persons", .list_of = PERSON_ITEM,
	      .list_n = COUNT(PERSON_ITEM), .list_size = sizeof(struct alarm_person), .optional = true),
};

struct alarm_signed {
	struct alarm_id alarm;
	struct person_id who;
};
static const struct field SIGNED[] = {
	FIELD(struct alarm_signed, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_signed, who, F_PERSON, "签收人", "who"),
};

struct alarm_close {
	struct alarm_id alarm;
	int reason, false_cause;
	struct text note;
};
static const struct field CLOSE[] = {
	FIELD(struct alarm_close, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_close, reason, F_ENUM, "办结原因", "reason",
	      ENUM_OF(REASON_TEXT, ALARM_REASON_WORDS)),
	FIELD(struct alarm_close, false_cause, F_ENUM, "误报原因", "why it was false",
	      ENUM_OF(FALSE_TEXT, ALARM_FALSE_CAUSE_WORDS), .optional = true),
	FIELD(struct alarm_close, note, F_TEXT, "说明", "note", .optional = true),
};

struct alarm_closed {
	struct alarm_id alarm;
	int reason, false_cause;
	struct text note;
	struct person_id who, second;
};
/* Version 1 had four reasons and did not say why an alarm was false. */
enum { REASONS_V1 = ALARM_REASON_CORRECTED + 1 };
static const struct field CLOSED_V1[] = {
	FIELD(struct alarm_closed, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_closed, reason, F_ENUM, "办结原因", "reason", .names = REASON_TEXT,
	      .words = ALARM_REASON_WORDS, .max = REASONS_V1),
	FIELD(struct alarm_closed, note, F_TEXT, "说明", "note", .optional = true),
	FIELD(struct alarm_closed, who, F_PERSON, "办结人", "closed by"),
	FIELD(struct alarm_closed, second, F_PERSON, "复核人", "second", .optional = true),
};
static const struct field CLOSED[] = {
	FIELD(struct alarm_closed, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_closed, reason, F_ENUM, "办结原因", "reason",
	      ENUM_OF(REASON_TEXT, ALARM_REASON_WORDS)),
	FIELD(struct alarm_closed, false_cause, F_ENUM, "误报原因", "why it was false",
	      ENUM_OF(FALSE_TEXT, ALARM_FALSE_CAUSE_WORDS), .optional = true),
	FIELD(struct alarm_closed, note, F_TEXT, "说明", "note", .optional = true),
	FIELD(struct alarm_closed, who, F_PERSON, "办结人", "closed by"),
	FIELD(struct alarm_closed, second, F_PERSON, "复核人", "second", .optional = true),
};

struct alarm_grouped {
	struct alarm_id alarm, into;
};
static const struct field GROUPED[] = {
	FIELD(struct alarm_grouped, alarm, F_ID, "告警编号", "alarm", .min = 1, .ref = "alarm"),
	FIELD(struct alarm_grouped, into, F_ID, "并入的告警", "into", .min = 1, .ref = "alarm"),
};

/* Projection. */

/* When a rung of an alarm's ladder is climbed, and the role that is asked then; 0 and "": none. */
static int64_t rung_of(const struct op *op, int colour, int64_t rung, int64_t raised_ms,
                       struct str *ret_asks)
{
	const struct profile_ladder *l = profile_ladder(op_profile(op), colour);

	*ret_asks = STR("");
	if (!l || rung >= (int64_t)l->nrungs)
		return 0;
	*ret_asks = l->rungs[rung].role;
	return raised_ms + l->rungs[rung].after_s * 1000;
}

static struct str owner_of(const struct op *op, struct str rule, struct str place)
{
	const struct alarm_rule *r = modules_alarm(op->run->modules, rule);

	return r ? modules_owner(op->run->modules, str_of(r->owner), place) : STR("");
}

static enum rc apply_raised(struct op *op, const struct event *ev)
{
	const struct alarm_raised *x = ev->data;
	struct str asks;
	int64_t due = rung_of(op, x->colour, 0, ev->recorded_ms, &asks);

	if (due)
		run_due_at(op, due);
	TRY(sql_exec(op, &SQL[Q_INSERT],
	             ARGS(sql_int(ev->id), sql_text(x->rule), sql_text(x->subject),
	                  sql_text(ev->place), sql_int(x->colour), sql_int(ev->recorded_ms),
	                  sql_int(ev->cause), sql_int(due), sql_text(owner_of(op, x->rule, ev->place)),
	                  sql_text(asks), sql_int(ev->index))));
	return alarm_step(op, ev, &(struct alarm_step){.alarm.v = ev->id, .kind = STEP_RAISED});
}

static enum rc apply_folded(struct op *op, const struct event *ev)
{
	const struct alarm_only *x = ev->data;

	TRY(sql_exec(op, &SQL[Q_FOLD], ARGS(sql_int(ev->index), sql_int(x->alarm.v))));
	return alarm_step(op, ev, &(struct alarm_step){.alarm = x->alarm, .kind = STEP_FOLDED});
}

static enum rc read_alarm(struct op *op, struct alarm_id id, struct alarm *ret, bool *ret_found);

static enum rc apply_escalated(struct op *op, const struct event *ev)
{
	const struct alarm_escalated *x = ev->data;
	struct alarm a;
	struct str asks;
	bool found;
	int64_t due;

	TRY(read_alarm(op, x->alarm, &a, &found));
	if (!found)
		return RC_OK;
	due = rung_of(op, a.colour, x->rung + 1, a.raised_ms, &asks);
	if (due)
		run_due_at(op, due);
	TRY(sql_exec(op, &SQL[Q_RUNG],
	             ARGS(sql_int(x->rung + 1), sql_int(due), sql_text(asks), sql_int(ev->index),
	                  sql_int(x->alarm.v))));
	return alarm_step(op, ev, &(struct alarm_step){
		.alarm = x->alarm, .kind = STEP_ESCALATED, .role = x->role, .asked = (int)x->persons.n});
}

static enum rc apply_acknowledged(struct op *op, const struct event *ev)
{
	const struct alarm_signed *x = ev->data;
	const struct profile_ladder *l;
	struct alarm a;
	bool found;
	int64_t due;

	TRY(read_alarm(op, x->alarm, &a, &found));
	l = found ? profile_ladder(op_profile(op), a.colour) : NULL;
	due = l ? ev->recorded_ms + l->ack_s * 1000 : 0;
	if (due)
		run_due_at(op, due);
	TRY(sql_exec(op, &SQL[Q_ACK],
	             ARGS(sql_int(x->who.v), sql_int(ev->recorded_ms), sql_int(due), sql_int(ev->index),
	                  sql_int(x->alarm.v))));
	return alarm_step(op, ev, &(struct alarm_step){
		.alarm = x->alarm, .kind = STEP_ACKNOWLEDGED, .who = x->who});
}

static enum rc apply_ack_expired(struct op *op, const struct event *ev)
{
	const struct alarm_only *x = ev->data;
	struct alarm a;
	struct str asks;
	bool found;
	int64_t due = 0;

	TRY(read_alarm(op, x->alarm, &a, &found));
	if (found && rung_of(op, a.colour, a.rung, a.raised_ms, &asks)) {
		due = ev->recorded_ms; /* the ladder goes on at once */
		run_due_at(op, due);
	}
	TRY(sql_exec(op, &SQL[Q_UNACK], ARGS(sql_int(due), sql_int(ev->index), sql_int(x->alarm.v))));
	return alarm_step(op, ev, &(struct alarm_step){.alarm = x->alarm, .kind = STEP_ACK_EXPIRED});
}

static enum rc apply_closed(struct op *op, const struct event *ev)
{
	const struct alarm_closed *x = ev->data;
	const struct sqlv to[] = {
		sql_int(x->who.v), sql_int(x->second.v), sql_int(x->reason), sql_int(x->false_cause),
		sql_int(ev->recorded_ms), sql_int(ev->index), sql_int(x->alarm.v),
	};

	TRY(sql_exec(op, &SQL[Q_CLOSE], to, (int)COUNT(to)));
	TRY(sql_exec(op, &SQL[Q_CLOSE_GROUP], to, (int)COUNT(to)));
	return alarm_step(op, ev, &(struct alarm_step){
		.alarm = x->alarm, .kind = STEP_CLOSED, .who = x->who, .second = x->second,
		.closed = true, .reason = x->reason, .false_cause = x->false_cause, .note = x->note.vault});
}

static enum rc apply_grouped(struct op *op, const struct event *ev)
{
	const struct alarm_grouped *x = ev->data;

	TRY(sql_exec(op, &SQL[Q_GROUP],
	             ARGS(sql_int(x->into.v), sql_int(ev->index), sql_int(x->alarm.v))));
	TRY(sql_exec(op, &SQL[Q_FOLD], ARGS(sql_int(ev->index), sql_int(x->into.v))));
	TRY(alarm_step(op, ev, &(struct alarm_step){
		.alarm = x->alarm, .kind = STEP_GROUPED, .other = x->into}));
	return alarm_step(op, ev, &(struct alarm_step){
		.alarm = x->into, .kind = STEP_TOOK, .other = x->alarm});
}

static enum rc upcast_closed(struct op *op, const struct json *old, struct json **ret)
{
	(void)op;
	*ret = (struct json *)(uintptr_t)old; /* what is new is optional */
	return RC_OK;
}

enum { EV_RAISED, EV_FOLDED, EV_ESCALATED, EV_ACKNOWLEDGED, EV_ACK_EXPIRED, EV_CLOSED, EV_CLOSED_V1,
       EV_GROUPED };
static const struct event_type EVENTS[] = {
	[EV_RAISED] = EVENT("alarm.raised", RAISED, struct alarm_raised, apply_raised,
	                          "发出告警", "alarm raised"),
	[EV_FOLDED] = EVENT("alarm.folded", ALARM_ONLY, struct alarm_only, apply_folded,
	                          "并入已有告警", "alarm folded"),
	[EV_ESCALATED] = EVENT("alarm.escalated", ESCALATED, struct alarm_escalated, apply_escalated,
	                             "逐级提请", "alarm escalated"),
	[EV_ACKNOWLEDGED] = EVENT("alarm.acknowledged", SIGNED, struct alarm_signed, apply_acknowledged,
	                                "签收告警", "alarm acknowledged"),
	[EV_ACK_EXPIRED] = EVENT("alarm.ack_expired", ALARM_ONLY, struct alarm_only, apply_ack_expired,
	                               "签收逾期", "acknowledgement expired"),
	[EV_CLOSED] = {.name = "alarm.closed", .version = 2, FIELDS(CLOSED),
	               .size = sizeof(struct alarm_closed), .apply = apply_closed,
	               .zh = "告警办结", .en = "alarm closed"},
	[EV_CLOSED_V1] = {.name = "alarm.closed", .version = 1, FIELDS(CLOSED_V1),
	                  .size = sizeof(struct alarm_closed), .upcast = upcast_closed,
	                  .zh = "告警办结", .en = "alarm closed"},
	[EV_GROUPED] = EVENT("alarm.grouped", GROUPED, struct alarm_grouped, apply_grouped,
	                           "并入另一告警", "alarm grouped into another"),
};

/* Raising. */

static struct str cut_to_level(struct str place, int level)
{
	size_t i;

	for (i = 0; level > 0 && i < place.n; i++)
		if (place.s[i] == '/' && --level == 0)
			place.n = i;
	return place;
}

/* What is about to be raised. */
struct raising {
	const char *rule;
	struct str subject, place;
	int colour;
	bool apart; /* of a cause of its own */
};

/* The open alarm of a rule, subject and place, or the one it was grouped into (not when it is
 * raised apart); *ret_id 0: none. */
static enum rc find_open(struct op *op, const struct raising *r, struct alarm_id *ret_id,
                         int64_t *ret_raised_ms)
{
	AUTO(rows) rows = {0};

	ret_id->v = 0;
	TRY(sql_query(op, &SQL[Q_OPEN],
	              ARGS(sql_z(r->rule), sql_text(r->subject), sql_text(r->place)), &rows));
	if (rows_next(&rows) && !(r->apart && rows_int(&rows, 1))) {
		ret_id->v = rows_int(&rows, 1) ? rows_int(&rows, 1) : rows_int(&rows, 0);
		*ret_raised_ms = rows_int(&rows, 2);
	}
	return RC_OK;
}

static enum rc fold(struct op *op, struct alarm_id into, struct str place)
{
	return event_append_at(op, &EVENTS[EV_FOLDED], place, &(struct alarm_only){into}, NULL);
}

static enum rc raise(struct op *op, const struct raising *r, struct alarm_id *ret)
{
	return event_append_at(op, &EVENTS[EV_RAISED], r->place,
	                       &(struct alarm_raised){str_of(r->rule), r->subject, r->colour}, &ret->v);
}

enum { MOST_GROUPED = 64 };

static enum rc group(struct op *op, struct alarm_id one, struct alarm_id into, struct str place)
{
	return event_append_at(op, &EVENTS[EV_GROUPED], place, &(struct alarm_grouped){one, into},
	                       NULL);
}

/* Open alarms of the rule at the site and its rooms since `since_ms`; *colour: the gravest. */
static enum rc find_groupable(struct op *op, const struct raising *r, struct str site,
                              int64_t since_ms, struct alarm_id *ret, size_t *ret_n, int *colour)
{
	AUTO(rows) rows = {0};
	struct str low, high;
	size_t n = 0;

	place_below(op->arena, site, &low, &high);
	TRY(sql_query(op, &SQL[Q_GROUPABLE],
	              ARGS(sql_z(r->rule), sql_int(since_ms), sql_text(site), sql_text(site),
	                   sql_text(low), sql_text(high)), &rows));
	while (n < MOST_GROUPED && rows_next(&rows)) {
		ret[n++].v = rows_int(&rows, 0);
		if ((int)rows_int(&rows, 1) > *colour)
			*colour = (int)rows_int(&rows, 1);
	}
	*ret_n = n;
	return RC_OK;
}

/* One cause at a site (no current, a wrong bell) shows in many rooms: when more than the profile's
 * alarm.fold_rooms raise one rule within alarm.fold_s, they become one alarm of the site.  Red
 * ones stay single.  *ret 0: this is none of many. */
static enum rc raise_for_site(struct op *op, const struct raising *r, struct alarm_id *ret)
{
	int64_t most = profile_setting(op_profile(op), "alarm.fold_rooms", 0);
	int64_t within_ms = profile_setting(op_profile(op), "alarm.fold_s", 0) * 1000, raised_ms;
	struct raising all = {r->rule, cut_to_level(r->place, LEVEL_SITE),
	                      cut_to_level(r->place, LEVEL_SITE), r->colour, false};
	struct alarm_id list[MOST_GROUPED], open;
	size_t n, i;

	ret->v = 0;
	if (most <= 0 || r->colour == COLOUR_RED || place_level(r->place) < LEVEL_SITE)
		return RC_OK;
	TRY(find_open(op, &all, &open, &raised_ms));
	if (open.v && op->now_ms - raised_ms <= within_ms) {
		*ret = open;
		return fold(op, open, r->place);
	}
	TRY(find_groupable(op, r, all.place, op->now_ms - within_ms, list, &n, &all.colour));
	if ((int64_t)n < most || all.colour == COLOUR_RED)
		return RC_OK;
	if (open.v)
		TRY(fold(op, open, r->place));
	else
		TRY(raise(op, &all, &open));
	for (i = 0; i < n; i++)
		TRY(group(op, list[i], open, all.place));
	*ret = open;
	return RC_OK;
}

/* Alarms of one cause. */

static enum rc find_cause(struct op *op, const char *rule, const struct raising *like, bool graver,
                          struct alarm_id *ret)
{
	int64_t since_ms = op->now_ms - profile_setting(op_profile(op), "alarm.cause_s", 0) * 1000;
	int least = graver ? like->colour : 0, most = graver ? COLOUR_RED : like->colour;
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_SAME_CAUSE],
	              ARGS(sql_z(rule), sql_text(like->place), sql_int(since_ms), sql_int(least),
	                   sql_int(most)), &rows));
	ret->v = rows_next(&rows) ? rows_int(&rows, 0) : 0;
	return RC_OK;
}

/* One alarm and what stands under it. */
static enum rc take_under(struct op *op, struct alarm_id one, struct alarm_id into,
                          struct str place)
{
	struct alarm_id list[MOST_GROUPED];
	AUTO(rows) rows = {0};
	size_t n = 0;

	TRY(sql_query(op, &SQL[Q_UNDER], ARGS(sql_int(one.v)), &rows));
	while (n < COUNT(list) && rows_next(&rows))
		list[n++].v = rows_int(&rows, 0);
	rows_release(&rows);
	TRY(group(op, one, into, place));
	for (size_t i = 0; i < n; i++)
		TRY(group(op, list[i], into, place));
	return RC_OK;
}

static bool stands_under(const struct alarm_rule *r, const char *head)
{
	for (const char *const *u = r->under; u && *u; u++)
		if (strcmp(*u, head) == 0)
			return true;
	return false;
}

/* What was raised goes under an open alarm of its cause, or takes under it those that came before
 * it.  A graver one never goes under a milder. */
static enum rc join_cause(struct op *op, const struct alarm_rule *rule, const struct raising *r,
                          struct alarm_id id)
{
	const struct modules *m = op->run->modules;
	struct alarm_id other = {0};

	if (profile_setting(op_profile(op), "alarm.cause_s", 0) <= 0)
		return RC_OK;
	for (const char *const *u = rule->under; u && *u && !other.v; u++)
		TRY(find_cause(op, *u, r, true, &other));
	if (other.v)
		return group(op, id, other, r->place);
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t k = 0; k < m->index->all[i]->nalarms; k++) {
			const struct alarm_rule *x = &m->index->all[i]->alarms[k];

			if (!stands_under(x, r->rule))
				continue;
			TRY(find_cause(op, x->id, r, false, &other));
			if (other.v)
				TRY(take_under(op, other, id, r->place));
		}
	return RC_OK;
}

static enum rc raise_or_fold(struct op *op, struct raising *r, struct alarm_id *ret)
{
	const struct alarm_entry *e = modules_alarm_entry(op->run->modules, str_of(r->rule));
	struct alarm_id id;
	int64_t raised_ms;

	assert(e);
	assert(r->colour < COLOUR_MAX);
	if (e->disabled)
		return RC_OK;
	if (r->colour < 0)
		r->colour = profile_colour(op_profile(op), r->rule, (int)e->rule->colour);
	TRY(find_open(op, r, &id, &raised_ms));
	if (id.v) {
		TRY(fold(op, id, r->place));
	} else {
		TRY(raise_for_site(op, r, &id));
		if (!id.v) {
			TRY(raise(op, r, &id));
			if (!r->apart)
				TRY(join_cause(op, e->rule, r, id));
		}
	}
	if (ret)
		*ret = id;
	return RC_OK;
}

enum rc alarm_raise(struct op *op, const char *rule, struct str subject, struct str place,
                    struct alarm_id *ret)
{
	return alarm_raise_as(op, rule, subject, place, -1, ret);
}

enum rc alarm_raise_as(struct op *op, const char *rule, struct str subject, struct str place,
                       int colour, struct alarm_id *ret)
{
	struct raising r = {rule, subject, place, colour, false};

	return raise_or_fold(op, &r, ret);
}

enum rc alarm_raise_apart(struct op *op, const char *rule, struct str subject, struct str place,
                          struct alarm_id *ret)
{
	struct raising r = {rule, subject, place, -1, true};

	return raise_or_fold(op, &r, ret);
}

/* Timers. */

static enum rc take_timer(struct op *op, int q, enum timer_kind kind, struct timer *io)
{
	AUTO(rows) rows = {0};
	struct timer t = {.kind = kind};

	TRY(sql_query(op, &SQL[q], NO_ARGS, &rows));
	if (!rows_next(&rows))
		return RC_OK;
	t.due_ms = rows_int(&rows, 0);
	t.rule = rows_dup(op->arena, &rows, 1);
	t.subject = rows_dup(op->arena, &rows, 2);
	t.id = rows_int(&rows, 3);
	t.place = rows_dup(op->arena, &rows, 4);
	if (timer_before(&t, io))
		*io = t;
	return RC_OK;
}

enum rc alarm_timers(struct op *op, struct timer *io)
{
	TRY(take_timer(op, Q_RUNG_DUE, TIMER_RUNG, io));
	return take_timer(op, Q_ACK_DUE, TIMER_ACK, io);
}

static enum rc climb_one(struct op *op, const struct alarm *a, const struct profile_rung *rung,
                         size_t *ret_n)
{
	struct alarm_escalated x = {.alarm = a->id, .rung = a->rung, .role = rung->role};
	struct alarm_person items[16];
	struct person_id who[16];

	TRY(resolve(op, x.role, cut_to_level(a->place, rung->level), who, COUNT(who), ret_n));
	for (size_t i = 0; i < *ret_n; i++)
		items[i].who = who[i];
	x.persons = (struct list){items, *ret_n};
	return event_append_at(op, &EVENTS[EV_ESCALATED], a->place, &x, NULL);
}

/* A rung on which nobody stands (a city has no county's duty officer) is not waited out: the next
 * one is asked at once. */
static enum rc climb(struct op *op, const struct timer *t)
{
	const struct profile_ladder *l;
	struct alarm a;
	size_t n = 0;
	bool found;

	TRY(read_alarm(op, (struct alarm_id){t->id}, &a, &found));
	l = found ? profile_ladder(op_profile(op), a.colour) : NULL;
	if (!l || (size_t)a.rung >= l->nrungs)
		return fail(op, RC_BROKEN, "rung", "", "告警 %lld 没有下一级", "alarm %lld has no next rung",
		            (long long)t->id);
	for (; n == 0 && (size_t)a.rung < l->nrungs; a.rung++)
		TRY(climb_one(op, &a, &l->rungs[a.rung], &n));
	return RC_OK;
}

enum rc alarm_run_timer(struct op *op, const struct timer *t)
{
	if (t->kind == TIMER_RUNG)
		return climb(op, t);
	return event_append_at(op, &EVENTS[EV_ACK_EXPIRED], t->place,
	                       &(struct alarm_only){{t->id}}, NULL);
}

/* Commands. */

static enum rc find_alarm(struct op *op, struct alarm_id id, struct alarm *ret)
{
	bool found;

	TRY(read_alarm(op, id, ret, &found));
	if (!found)
		return fail(op, RC_NOT_FOUND, "alarm", "", "没有告警 %lld", "no alarm %lld", (long long)id.v);
	return RC_OK;
}

static enum rc place_of_alarm(struct op *op, const void *in, struct str *ret)
{
	struct alarm a;

	TRY(find_alarm(op, ((const struct alarm_only *)in)->alarm, &a));
	*ret = a.place;
	return RC_OK;
}

/* One that somebody may still sign for or close. */
static enum rc find_waiting(struct op *op, struct alarm_id id, struct alarm *ret)
{
	TRY(find_alarm(op, id, ret));
	if (ret->closed)
		return fail(op, RC_CONFLICT, "alarm", "", "告警 %lld 已办结", "alarm %lld is closed",
		            (long long)id.v);
	if (ret->group.v)
		return fail(op, RC_CONFLICT, "alarm", "", "告警 %lld 已并入告警 %lld，请办理后者",
		            "alarm %lld was grouped into %lld: act on that one", (long long)id.v,
		            (long long)ret->group.v);
	return RC_OK;
}

static enum rc acknowledge(struct op *op, const void *in)
{
	const struct alarm_only *x = in;
	struct alarm a;

	TRY(find_waiting(op, x->alarm, &a));
	if (x->first && a.acknowledged_by.v)
		return fail(op, RC_CONFLICT, "alarm", "", "告警 %lld 已有人签收",
		            "alarm %lld is signed for already", (long long)x->alarm.v);
	return event_append(op, &EVENTS[EV_ACKNOWLEDGED], &(struct alarm_signed){x->alarm, op->actor},
	                    NULL);
}

static enum rc close_alarm(struct op *op, const void *in)
{
	const struct alarm_close *x = in;
	struct alarm_closed y = {x->alarm, x->reason, x->false_cause, x->note, op->actor,
	                         op_slot(op, "second", 0)};
	const struct profile_ladder *l;
	struct alarm a;

	TRY(find_waiting(op, x->alarm, &a));
	if ((x->reason == ALARM_REASON_FALSE_ALARM) != (x->false_cause != ALARM_FALSE_CAUSE_NONE))
		return fail(op, RC_INVALID, "false_cause", "",
		            "办结原因为误报时应写明误报原因，其他原因不写",
		            "a false alarm is closed with its false_cause, any other without one");
	l = profile_ladder(op_profile(op), a.colour);
	if (l && l->close_by >= 2 && (!y.second.v || y.second.v == op->actor.v))
		return fail(op, RC_CONFLICT, "second", "design §9",
		            "%s告警须由两人办结：请另一人在 second 签名位签名",
		            "a %s alarm is closed by two: another person must fill the slot second",
		            colour_text(a.colour));
	return event_append(op, &EVENTS[EV_CLOSED], &y, NULL);
}

static const struct allow HANDLERS[] = {{"alarm_handler", LEVEL_ANY}};
static const char *const SECOND_ROLES[] = {"alarm_handler", NULL};
static const struct slot CLOSE_SLOTS[] = {
	{.name = "second", .count = 1, .roles = SECOND_ROLES, .optional = true,
	 .zh = "复核人", .en = "second person"},
};
static const struct command COMMANDS[] = {
	{.name = "alarm.acknowledge", .kind = ORDER, FIELDS(SIGN),
	 .size = sizeof(struct alarm_only), ALLOW(HANDLERS), .place_of = place_of_alarm,
	 .place_by = "alarm",
	 .run = acknowledge, .cites = "design §9", .zh = "签收告警", .en = "acknowledge an alarm"},
	{.name = "alarm.close", .kind = ORDER, FIELDS(CLOSE), .size = sizeof(struct alarm_close),
	 SLOTS(CLOSE_SLOTS), ALLOW(HANDLERS), .place_of = place_of_alarm,
	 .place_by = "alarm", .run = close_alarm,
	 .cites = "design §9", .zh = "办结告警", .en = "close an alarm"},
};

static const struct role ROLES[] = {
	{"alarm_handler", "告警处置人", "alarm handler", NULL},
	{"alarm_reader", "告警和应办事项查阅人", "reader of alarms and of what is expected", NULL},
};

/* Reading. */

static void read_row(struct op *op, const struct rows *rows, struct alarm *a)
{
	a->id.v = rows_int(rows, 0);
	a->rule = rows_dup(op->arena, rows, 1);
	a->subject = rows_dup(op->arena, rows, 2);
	a->place = rows_dup(op->arena, rows, 3);
	a->colour = (int)rows_int(rows, 4);
	a->raised_ms = rows_int(rows, 5);
	a->cause = rows_int(rows, 6);
	a->rung = (int)rows_int(rows, 7);
	a->folded = (int)rows_int(rows, 8);
	a->acknowledged_by.v = rows_int(rows, 9);
	a->closed = rows_int(rows, 10) != 0;
	a->group.v = rows_int(rows, 11);
	a->reason = a->closed ? (int)rows_int(rows, 12) : -1;
	a->false_cause = (int)rows_int(rows, 13);
	a->closed_by.v = rows_int(rows, 14);
	a->second.v = rows_int(rows, 15);
}

static enum rc read_alarm(struct op *op, struct alarm_id id, struct alarm *ret, bool *ret_found)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_int(id.v)), &rows));
	*ret_found = rows_next(&rows);
	if (*ret_found)
		read_row(op, &rows, ret);
	return RC_OK;
}

enum rc alarm_list(struct op *op, struct str place, bool open_only, struct alarm **ret,
                   size_t *ret_n)
{
	AUTO(rows) rows = {0};
	struct str low, high;
	struct alarm *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[open_only ? Q_LIST_OPEN : Q_LIST],
	              ARGS(sql_text(place), sql_text(low), sql_text(high)), &rows));
	while (rows_next(&rows)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_row(op, &rows, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

const struct module alarm_module = {
	.name = "alarm", .group = "engine", .rev = 3, .zh = "告警", .en = "alarms",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
};
