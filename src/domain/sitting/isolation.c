/* SPDX-License-Identifier: Apache-2.0 */
/* isolation.c -- the isolation room, and papers of those who move into it (备用隔离考场).
 *
 * Medic and disease control advise, the chief decides, the county is told.  The move itself is
 * arrange's; here stand the room that must be open for it, and paper and card, which two carry
 * sealed.
 *
 * Emits  sitting.isolation_opened, sitting.papers_carried
 * Owns   sitting_isolation
 */
#include "domain/sitting/room.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_ISOLATION "考务工作规定 备用(隔离)考场 SEAT-10"

enum { Q_OPEN, Q_IS_OPEN };
static const struct sql SQL[] = {
	[Q_OPEN] = {"INSERT INTO sitting_isolation(session, room, opened) VALUES(?, ?, ?)", 3},
	[Q_IS_OPEN] = {"SELECT 1 FROM sitting_isolation WHERE session = ? AND room = ?", 2},
};
static const struct table TABLES[] = {
	{"sitting_isolation",
	 "CREATE TABLE sitting_isolation(session {text} NOT NULL, room {text} NOT NULL,"
	 " opened {int} NOT NULL, PRIMARY KEY(session, room)){clustered}", "session, room"},
};

/* Fields. */
static const char *const REASON[] = {"illness", "infectious", "equipment", "noise", "other"};
static const struct word REASON_WORDS[] = {
	{"患病", "illness"}, {"疑似传染病", "infectious"}, {"设备故障", "equipment"}, {"噪声", "noise"},
	{"其他", "other"},
};

struct opening {
	struct str place, session;
	int reason;
	struct text note;
};
static const struct field OPENING[] = {
	FIELD(struct opening, place, F_PLACE, "备用(隔离)考场", "isolation room"),
	FIELD(struct opening, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct opening, reason, F_ENUM, "原因", "reason", ENUM_OF(REASON, REASON_WORDS)),
	FIELD(struct opening, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

struct carrying {
	struct str place, session, candidate, to;
	bool sealed;
	struct text note;
};
static const struct field CARRYING[] = {
	FIELD(struct carrying, place, F_PLACE, "原考场", "room left"),
	FIELD(struct carrying, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct carrying, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate"),
	FIELD(struct carrying, to, F_PLACE, "转入考场", "room entered"),
	FIELD(struct carrying, sealed, F_BOOL, "试卷、答题卡已密封", "paper and card are sealed"),
	FIELD(struct carrying, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

/* Projection. */
static enum rc apply_opened(struct op *op, const struct event *ev)
{
	const struct opening *p = ev->data;

	return sql_exec(op, &SQL[Q_OPEN],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(ev->index)));
}

enum { EV_OPENED, EV_CARRIED };
static const struct event_type EVENTS[] = {
	[EV_OPENED] = {"sitting.isolation_opened", 1, OPENING + 1, COUNT(OPENING) - 1,
	               sizeof(struct opening), .apply = apply_opened, .visible_to = ROOM_READERS,
	               .zh = "启用备用(隔离)考场", .en = "an isolation room was opened"},
	[EV_CARRIED] = {"sitting.papers_carried", 1, CARRYING + 1, COUNT(CARRYING) - 1,
	                sizeof(struct carrying), .visible_to = ROOM_READERS,
	                .zh = "考生试卷转送", .en = "a candidate's papers were carried"},
};

static size_t of_site(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct opening *p = ev->data;

	if (ev->type != &EVENTS[EV_OPENED])
		return session_subjects(a, ev, ret, ret_session);
	ret[0] = session_subject(a, p->session, room_site(a, ev->place));
	ret_session[0] = p->session;
	return 1;
}

/* Rules. */
static enum rc is_open(struct op *op, struct str session, struct str room, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_IS_OPEN], ARGS(sql_text(session), sql_text(room)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

static enum rc run_open(struct op *op, const void *in)
{
	const struct opening *p = in;
	struct room_plan plan;
	bool known, open;

	TRY(room_check(op, p->place, p->session));
	TRY(arrange_room(op, p->session, p->place, &plan, &known));
	if (!known || plan.kind != ROOM_RESERVE)
		TRY(forbid(op, RC_CONFLICT, "place", CITE_ISOLATION,
		           "%s 不是本科次编排的备用(隔离)考场", "%s is no isolation room of this session",
		           p->place.s));
	TRY(is_open(op, p->session, p->place, &open));
	if (open)
		return fail(op, RC_CONFLICT, "place", CITE_ISOLATION, "备用(隔离)考场 %s 已启用",
		            "isolation room %s is open", p->place.s);
	return event_append(op, &EVENTS[EV_OPENED], p, NULL);
}

static enum rc run_carry(struct op *op, const void *in)
{
	const struct carrying *p = in;

	TRY(room_check(op, p->place, p->session));
	if (place_level(p->to) != LEVEL_ROOM || str_eq(p->to, p->place) ||
	    !place_covers(room_site(op->arena, p->place), p->to))
		return fail(op, RC_INVALID, "to", CITE_ISOLATION, "转入考场 %s 不是本考点另一考场，请核对考场号",
		            "%s is no other room of this site: check the number of the room", p->to.s);
	TRY(event_append(op, &EVENTS[EV_CARRIED], p, NULL));
	if (p->sealed)
		return RC_OK;
	return alarm_raise(op, "sitting.carried_unsealed",
	                   room_candidate(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

/* Reactions.  Ordinary rooms of the session stand open; a reserve room does when the chief has
 * opened it. */
static enum rc may_enter(struct op *op, struct str session, struct str room, bool *ret)
{
	struct room_plan plan;
	bool known;

	TRY(arrange_room(op, session, room, &plan, &known));
	if (!known || plan.kind != ROOM_RESERVE) {
		*ret = true; /* a room of no plan is arrange's alarm */
		return RC_OK;
	}
	return is_open(op, session, room, ret);
}

static enum rc on_moved(struct op *op, const struct event *ev)
{
	struct str session = event_text(ev, "session"), from = event_text(ev, "from");
	struct str to = event_text(ev, "to");
	bool open;

	TRY(may_enter(op, session, to, &open));
	if (!open)
		TRY(alarm_raise(op, "sitting.moved_unopened", session_subject(op->arena, session, to),
		                room_site(op->arena, to), NULL));
	TRY(sheet_check(op, session, from));
	return sheet_check(op, session, to);
}
static const struct reaction REACTIONS[] = {
	{"arrange.candidate_moved", on_moved},
};

/* Module. */
static const struct allow DECIDERS[] = {
	{"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE}, {"site_clerk", LEVEL_SITE},
};
static const struct allow SITE_OFFICE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const char *const MEDIC[] = {"medic", NULL};
static const char *const CARRIER[] = {"invigilator", "roving_invigilator", "site_clerk",
	"deputy_chief", NULL};
static const struct slot CHIEF_AND_MEDIC[] = {
	{"chief", 1, CHIEF_ROLE, "medic", false, "主考", "chief of the site"},
	{"medic", 1, MEDIC, NULL, true, "医护人员", "medic who advises"},
};
static const struct slot CARRIERS[] = {
	{"carrier", 2, CARRIER, NULL, false, "转送人", "who carry"},
};
static const struct command COMMANDS[] = {
	{"sitting.open_isolation", ORDER, FIELDS(OPENING), sizeof(struct opening),
	 SLOTS(CHIEF_AND_MEDIC), ALLOW(DECIDERS), .run = run_open, .cites = CITE_ISOLATION,
	 .zh = "启用备用(隔离)考场", .en = "open an isolation room"},
	{"sitting.carry_papers", FACT, FIELDS(CARRYING), sizeof(struct carrying), SLOTS(CARRIERS),
	 ALLOW(SITE_OFFICE), .run = run_carry, .cites = CITE_ISOLATION,
	 .zh = "登记考生试卷转送", .en = "record papers carried to another room"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.isolation_told", "sitting.isolation_opened", "sitting.county_told", NULL, of_site,
	 "sitting.county_told", "site_chief", .missing = "sitting.county_untold",
	 .cites = CITE_ISOLATION, .zh = "启用隔离考场立即报县考务办",
	 .en = "the county is told of an isolation room at once"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.moved_unopened", COLOUR_ORANGE, "site_chief", CITE_ISOLATION,
	 "核对转入考场，补主考启用决定，确认监考员和试卷",
	 "check the room, have the chief decide, see that invigilators and papers are there",
	 "考生转入未启用的考场", "a candidate moved to a room that is not open"},
	{"sitting.carried_unsealed", COLOUR_ORANGE, "site_chief", CITE_ISOLATION,
	 "立即核对该考生试卷和答题卡，两人封装并登记经手人",
	 "check the candidate's paper and card now, two seal them, write down who carried",
	 "考生转考场时试卷未密封转送", "papers were carried unsealed to another room"},
};

const struct module sitting_isolation_module = {
	.name = "sitting_isolation", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	.zh = "备用(隔离)考场", .en = "isolation rooms",
};
