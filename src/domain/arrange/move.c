/* SPDX-License-Identifier: Apache-2.0 */
/* move.c -- candidates who are moved to another room (考场调整); see seat.h.
 *
 * The chief decides it and the room's papers go with the candidate, so both rooms' equations have
 * one more line.  Whether the lists knew it is an alarm, never a refusal.
 */
#include "domain/arrange/seat.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_MOVE "考务工作规定 考场调整由主考决定"

enum { Q_ADD, Q_IN, Q_OUT, Q_SEAT_SET, Q_SEAT_ADD, Q_LIST };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO arrange_move(id, session, candidate, from_room, to_room, reason,"
	           " moved_ms) VALUES(?, ?, ?, ?, ?, ?, ?)", 7},
	[Q_IN] = {"SELECT COUNT(*) FROM arrange_move WHERE session = ? AND to_room = ?", 2},
	[Q_OUT] = {"SELECT COUNT(*) FROM arrange_move WHERE session = ? AND from_room = ?", 2},
	[Q_SEAT_SET] = {"UPDATE arrange_seat SET room = ?, site = ?, seat = ?"
	                " WHERE session = ? AND candidate = ?", 5},
	[Q_SEAT_ADD] = {"INSERT INTO arrange_seat(session, candidate, room, site, seat)"
	                " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_LIST] = {"SELECT id, session, candidate, from_room, to_room, reason, moved_ms"
	            " FROM arrange_move ORDER BY id", 0},
};

static const struct table TABLES[] = {
	{"arrange_move",
	 "CREATE TABLE arrange_move(id {id} NOT NULL, session {text} NOT NULL,"
	 " candidate {text} NOT NULL, from_room {text} NOT NULL, to_room {text} NOT NULL,"
	 " reason {text} NOT NULL, moved_ms {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE INDEX arrange_move_in ON arrange_move(session, to_room);"
	 "CREATE INDEX arrange_move_out ON arrange_move(session, from_room)", "id"},
};

#define REASONS(X) X(ILLNESS, "illness") X(ISOLATION, "isolation") X(INJURY, "injury") \
	X(EQUIPMENT, "equipment") X(NOISE, "noise") X(WRONG_ROOM, "wrong_room") \
	X(ACCOMMODATION, "accommodation") X(ORDER, "order") X(RETURNED, "returned") X(OTHER, "other")
#define X(id, text) REASON_##id,
enum move_reason { REASONS(X) REASON_MAX };
#undef X
#define X(id, text) text,
static const char *const REASON[] = {REASONS(X)};
#undef X
static const struct word REASON_WORDS[] = {
	{"患病", "illness"}, {"隔离", "isolation"}, {"受伤", "injury"}, {"设备", "equipment"},
	{"噪声", "noise"}, {"走错考场", "wrong room"}, {"合理便利", "accommodation"}, {"指令", "order"},
	{"调回", "returned"}, {"其他", "other"},
};

struct moving {
	struct str place, session, candidate, from, to;
	int64_t seat;
	int reason;
	struct person_id decided_by;
};
static const struct field MOVING[] = {
	FIELD(struct moving, place, F_PLACE, "考点", "site"),
	FIELD(struct moving, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct moving, candidate, F_CODE, "考生号", "candidate number", .ref = "candidate"),
	FIELD(struct moving, from, F_PLACE, "原考场", "from room"),
	FIELD(struct moving, to, F_PLACE, "新考场", "to room"),
	FIELD(struct moving, seat, F_INT, "座位号", "seat", .max = 1000, .optional = true),
	FIELD(struct moving, reason, F_ENUM, "原因", "reason", ENUM_OF(REASON, REASON_WORDS)),
	FIELD(struct moving, decided_by, F_PERSON, "决定人（主考）", "decided by (the chief)"),
};

/* Projection.  A candidate of no list has a seat from then on. */
static enum rc apply_moved(struct op *op, const struct event *ev)
{
	const struct moving *p = ev->data;
	struct str site = place_cut(op->arena, p->to, LEVEL_SITE);
	int64_t changed;

	TRY(sql_exec(op, &SQL[Q_ADD],
	             ARGS(sql_int(ev->id), sql_text(p->session), sql_text(p->candidate),
	                  sql_text(p->from), sql_text(p->to), sql_text(str_of(REASON[p->reason])),
	                  sql_int(ev->happened_ms))));
	TRY(db_change(op, op->db, &SQL[Q_SEAT_SET],
	              ARGS(sql_text(p->to), sql_text(site), sql_int(p->seat), sql_text(p->session),
	                   sql_text(p->candidate)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_SEAT_ADD],
	                ARGS(sql_text(p->session), sql_text(p->candidate), sql_text(p->to),
	                     sql_text(site), sql_int(p->seat)));
}

static const char *const READERS[] = {"county_office", "city_office", "duty_officer", "site_chief",
	"deputy_chief", "site_clerk", "identity_checker", "inspector", NULL};
static const struct event_type EVENTS[] = {
	EVENT("arrange.candidate_moved", MOVING, struct moving, apply_moved, "调整考生考场",
	      "a candidate was moved", .visible_to = READERS),
};

/* Reading. */
static enum rc count(struct op *op, int q, struct str session, struct str room, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session), sql_text(room)), &r));
	(void)rows_next(&r);
	*ret = rows_int(&r, 0);
	return RC_OK;
}

enum rc arrange_room_moves(struct op *op, struct str session, struct str room, int64_t *ret_in,
                           int64_t *ret_out)
{
	TRY(count(op, Q_IN, session, room, ret_in));
	return count(op, Q_OUT, session, room, ret_out);
}

/* Rules. */
static enum rc check_form(struct op *op, const struct moving *p)
{
	if (!profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_MOVE, "方案中没有科次 %s",
		            "the profile has no session %s", p->session.s);
	if (place_level(p->from) != LEVEL_ROOM || !place_covers(p->place, p->from))
		return fail(op, RC_INVALID, "from", CITE_MOVE, "%s 不是考点 %s 的考场",
		            "%s is no room of site %s", p->from.s, p->place.s);
	if (place_level(p->to) != LEVEL_ROOM || str_eq(p->from, p->to))
		return fail(op, RC_INVALID, "to", CITE_MOVE, "%s 不是另一考场", "%s is not another room",
		            p->to.s);
	return RC_OK;
}

/* Does the plan know both rooms and the lists the candidate?  Where no lists are kept, the plan
 * alone is asked. */
static enum rc is_planned(struct op *op, const struct moving *p, bool *ret)
{
	struct room_plan room;
	struct seat seat;
	int64_t seated, waiting;
	bool known;

	TRY(arrange_room(op, p->session, p->to, &room, ret));
	if (!*ret)
		return RC_OK;
	TRY(arrange_seat(op, p->session, p->candidate, &seat, &known));
	if (known) {
		*ret = str_eq(seat.room, p->from);
		return RC_OK;
	}
	TRY(arrange_seated(op, p->session, place_cut(op->arena, p->from, LEVEL_SITE), &seated,
	                   &waiting));
	*ret = seated == 0;
	return RC_OK;
}

static enum rc run_move(struct op *op, const void *in)
{
	struct moving p = *(const struct moving *)in;
	struct candidate c;
	bool planned;

	TRY(check_form(op, &p));
	/* A ticket is what stands on the desk; the candidate number is what the lists know. */
	if (exam_candidate(op, p.candidate, "candidate", &c) == RC_OK)
		p.candidate = c.number;
	else if (op->err.rc != RC_NOT_FOUND)
		return op->err.rc;
	TRY(is_planned(op, &p, &planned));
	TRY(event_append(op, &EVENTS[0], &p, NULL));
	if (planned)
		return RC_OK;
	return alarm_raise(op, "arrange.move_differs", session_subject(op->arena, p.session, p.from),
	                   op_place(op), NULL);
}

static const struct alarm_rule ALARMS[] = {
	{"arrange.move_differs", COLOUR_YELLOW, "site_chief", CITE_MOVE,
	 "核对该考生的座位和去向，更正记录", "check the candidate's seat and where they went, and correct the record",
	 "考场调整与编排名单不符", "a move does not agree with the lists"},
};

/* Module. */
static const struct allow SITE[] = {{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY}};
static const struct command COMMANDS[] = {
	{"arrange.move_candidate", FACT, FIELDS(MOVING), sizeof(struct moving), ALLOW(SITE),
	 .run = run_move, .cites = CITE_MOVE, .zh = "登记考场调整", .en = "record a candidate's move"},
};

static const struct column NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN("from", F_PLACE, "原考场", "from"),
	COLUMN("to", F_PLACE, "调入考场", "to"),
	COLUMN_CODED("reason", REASON, REASON_WORDS, "原因", "reason"),
	COLUMN("moved_ms", F_TIME, "时间", "moved"),
};
static const struct view VIEWS[] = {
	{"arrange/moves", "考场调整", "candidates moved", READERS, &SQL[Q_LIST], NAMES, COUNT(NAMES)},
};

const struct module arrange_move_module = {
	.name = "arrange_move", .group = "arrange", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS),
	.zh = "考场调整", .en = "moves of candidates",
};
