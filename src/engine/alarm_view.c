/* SPDX-License-Identifier: Apache-2.0 */
/* alarm_view.c -- alarms as their readers see them, and each thing that happened to one; see
 * alarm.h.
 *
 * An alarm's state is told by what was done last: closed with the group that it is in, it is
 * closed.  A time of 0 has not come; an entry below 1 is none.
 *
 * They are listed as they are dealt with: open ones by colour, unsigned before signed for, the one
 * that goes up the ladder (or whose signature expires) next first; then those under another, and
 * closed ones, the newest first.
 */
#include "engine/alarm_private.h"

#include "engine/engine.h"
#include "engine/event.h"

enum { Q_STEP, Q_ALARMS, Q_STEPS };
static const struct sql SQL[] = {
	[Q_STEP] = {"INSERT INTO alarm_step(entry, alarm, at_ms, kind, who, second, role, asked, other,"
	            " reason, false_cause, note) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 12},
	[Q_ALARMS] = {"SELECT id, rule, colour, place, subject, CASE WHEN closed = 1 THEN 2"
	              " WHEN grp > 0 THEN 3 WHEN ack_by > 0 THEN 1 ELSE 0 END, owner, raised_ms, cause,"
	              " ack_by, ack_ms, ack_due_ms, rung, rung_due_ms, asks, folded, grp, closed_ms,"
	              " closed_by, second, CASE WHEN closed = 1 THEN reason ELSE NULL END,"
	              " CASE WHEN closed = 1 THEN false_cause ELSE NULL END, newest,"
	              " CASE WHEN closed = 1 THEN 9 WHEN grp > 0 THEN 8"
	              " WHEN ack_by > 0 THEN 7 - 2 * colour ELSE 6 - 2 * colour END AS turn,"
	              " CASE WHEN closed = 1 THEN -closed_ms WHEN grp > 0 THEN -raised_ms"
	              " WHEN ack_by > 0 AND ack_due_ms > 0 THEN ack_due_ms"
	              " WHEN ack_by = 0 AND rung_due_ms > 0 THEN rung_due_ms"
	              " ELSE 9223372036854775807 END AS due"
	              " FROM alarm ORDER BY turn, due, id", 0},
	[Q_STEPS] = {"SELECT s.entry, s.alarm, a.rule, a.colour, a.place, a.subject, s.at_ms, s.kind,"
	             " s.who, s.second, s.role, s.asked, s.other, s.reason, s.false_cause, s.note"
	             " FROM alarm_step s JOIN alarm a ON a.id = s.alarm ORDER BY s.entry, s.alarm", 0},
};

static const struct table TABLES[] = {
	{"alarm_step",
	 "CREATE TABLE alarm_step(entry {int} NOT NULL, alarm {id} NOT NULL, at_ms {int} NOT NULL,"
	 " kind {int} NOT NULL, who {id} NOT NULL, second {id} NOT NULL, role {text} NOT NULL,"
	 " asked {int} NOT NULL, other {id} NOT NULL, reason {int}, false_cause {int},"
	 " note {id} NOT NULL, PRIMARY KEY (entry, alarm))", "entry, alarm"},
};

enum rc alarm_step(struct op *op, const struct event *ev, const struct alarm_step *s)
{
	return sql_exec(op, &SQL[Q_STEP],
	                ARGS(sql_int(ev->index), sql_int(s->alarm.v), sql_int(ev->recorded_ms),
	                     sql_int((int64_t)s->kind), sql_int(s->who.v), sql_int(s->second.v),
	                     sql_text(s->role.s ? s->role : STR("")), sql_int(s->asked),
	                     sql_int(s->other.v), s->closed ? sql_int(s->reason) : sql_null(),
	                     s->closed ? sql_int(s->false_cause) : sql_null(), sql_int(s->note)));
}

static const struct word STATES[] = {
	{"未签收", "open"}, {"已签收", "acknowledged"}, {"已办结", "closed"}, {"已并入", "grouped"},
};
static const struct word STEPS[] = {
	{"发出", "raised"}, {"再次发生，并入", "happened again, folded"},
	{"并入另一告警", "grouped into another"}, {"收入一条告警", "took another under it"},
	{"逐级提请", "escalated"}, {"签收", "acknowledged"}, {"签收逾期", "acknowledgement expired"},
	{"办结", "closed"},
};

const char *alarm_reason_text(int reason)
{
	return reason >= 0 && reason < ALARM_REASON_MAX ? REASON_TEXT[reason] : "";
}

const char *alarm_false_text(int cause)
{
	return cause > 0 && cause < ALARM_FALSE_CAUSE_MAX ? FALSE_TEXT[cause] : "";
}

const char *colour_text(int colour)
{
	return colour >= 0 && colour < COLOUR_MAX ? COLOUR_TEXT[colour] : "?";
}

static const struct column ALARM_COLUMNS[] = {
	COLUMN("id", F_ID, "告警编号", "alarm"),
	COLUMN_KEY("rule", "alarm_rule", "告警", "what"),
	COLUMN_WORDS("colour", COLOUR_TEXT, COLOUR_WORDS, "颜色", "colour"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("subject", F_SUBJECT, "对象", "subject"),
	COLUMN_STATES("state", STATES, "状态", "state"),
	COLUMN_KEY("owner", "role", "责任岗位", "owner"),
	COLUMN("raised_ms", F_TIME, "发出", "raised"),
	COLUMN("cause", F_ID, "起因(台账)", "cause (entry)"),
	COLUMN("ack_by", F_PERSON, "签收人", "acknowledged by"),
	COLUMN("ack_ms", F_TIME, "最近签收", "last acknowledged"),
	COLUMN("ack_due_ms", F_TIME, "签收有效至", "acknowledged until"),
	COLUMN("rung", F_INT, "已提请级数", "rungs climbed"),
	COLUMN("rung_due_ms", F_TIME, "下次提请", "next rung"),
	COLUMN_KEY("asks", "role", "届时提请", "who is asked then"),
	COLUMN("folded", F_INT, "并入次数", "folded"),
	COLUMN("grp", F_ID, "并入的告警", "grouped into"),
	COLUMN("closed_ms", F_TIME, "办结", "closed"),
	COLUMN("closed_by", F_PERSON, "办结人", "closed by"),
	COLUMN("second", F_PERSON, "复核人", "second"),
	COLUMN_WORDS("reason", REASON_TEXT, ALARM_REASON_WORDS, "办结原因", "reason"),
	COLUMN_WORDS("false_cause", FALSE_TEXT, ALARM_FALSE_CAUSE_WORDS, "误报原因", "why it was false"),
	COLUMN("newest", F_ID, "最近变动(台账)", "newest change (entry)"),
};
static const struct column STEP_COLUMNS[] = {
	COLUMN("entry", F_ID, "台账", "entry"),
	COLUMN("alarm", F_ID, "告警编号", "alarm"),
	COLUMN_KEY("rule", "alarm_rule", "告警", "what"),
	COLUMN_WORDS("colour", COLOUR_TEXT, COLOUR_WORDS, "颜色", "colour"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("subject", F_SUBJECT, "对象", "subject"),
	COLUMN("at_ms", F_TIME, "时间", "time"),
	COLUMN_STATES("kind", STEPS, "经过", "what happened"),
	COLUMN("who", F_PERSON, "办理人", "by"),
	COLUMN("second", F_PERSON, "复核人", "second"),
	COLUMN_KEY("role", "role", "提请岗位", "role asked"),
	COLUMN("asked", F_INT, "提请人数", "persons asked"),
	COLUMN("other", F_ID, "另一告警", "other alarm"),
	COLUMN_WORDS("reason", REASON_TEXT, ALARM_REASON_WORDS, "办结原因", "reason"),
	COLUMN_WORDS("false_cause", FALSE_TEXT, ALARM_FALSE_CAUSE_WORDS, "误报原因", "why it was false"),
	COLUMN("note", F_TEXT, "说明", "note"),
};
enum { ALARM_TURN = COUNT(ALARM_COLUMNS), ALARM_DUE };

static_assert(COLOUR_RED == 3, "red comes first of Q_ALARMS");
static const char *const READERS[] = ALARM_READERS;
static const struct view VIEWS[] = {
	{"alarm/alarms", "告警", "alarms", READERS, &SQL[Q_ALARMS], ALARM_COLUMNS,
	 COUNT(ALARM_COLUMNS), .keys = {ALARM_TURN, ALARM_DUE, 0}, .nkeys = 3, .norder = 2},
	{"alarm/steps", "告警经过", "what happened to alarms", READERS, &SQL[Q_STEPS], STEP_COLUMNS,
	 COUNT(STEP_COLUMNS)},
};

const struct module alarm_view_module = {
	.name = "alarm_view", .group = "engine", .rev = 1, .zh = "告警查阅", .en = "alarms read",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(views, VIEWS),
};
