/* SPDX-License-Identifier: Apache-2.0 */
/* inside.c -- who is in a secrecy room: whoever entered leaves again, and by night nobody is in
 * without a reason.
 *
 * The register has a line for each entry (visit.c) and a second one for the leaving; a line without
 * it is somebody who is still inside.  Guards on duty stay for their shift; everybody else is out
 * within the profile's time.  By night there are reasons: duty; a check, an inspection or a replay
 * by somebody known by a badge; papers that are due; a repair of what is down.  Nothing else is.
 *
 * Emits  custody.room_left
 * Owns   custody_left
 */
#include "domain/custody/visit.h"

#include "domain/custody/transport.h"
#include "engine/alarm.h"
#include "engine/run.h"

enum { Q_LEFT_ADD, Q_ENTRY, Q_OF_PERSON, Q_DOWN, Q_INSIDE };
#define STILL_IN " AND NOT EXISTS (SELECT 1 FROM custody_left l WHERE l.idx = e.idx)"
static const struct sql SQL[] = {
	[Q_LEFT_ADD] = {"INSERT INTO custody_left(idx, at_ms) VALUES(?, ?)", 2},
	[Q_ENTRY] = {"SELECT e.idx FROM custody_entry e WHERE e.idx = ? AND e.place = ?" STILL_IN, 2},
	[Q_OF_PERSON] = {"SELECT e.idx FROM custody_entry e WHERE e.person = ? AND e.place = ?"
	                 STILL_IN " ORDER BY e.idx DESC LIMIT 1", 2},
	[Q_DOWN] = {"SELECT COUNT(*) FROM custody_device WHERE place = ? AND lost_ms > 0", 1},
	[Q_INSIDE] = {"SELECT e.idx, e.place, e.at_ms, e.purpose, e.person, e.visitor"
	              " FROM custody_entry e WHERE e.idx > 0" STILL_IN " ORDER BY e.place, e.idx", 0},
};

static const struct table TABLES[] = {
	{"custody_left", "CREATE TABLE custody_left(idx {int} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(idx))", "idx"},
};

/* Fields. */
struct leaving {
	struct str place;
	int64_t entry;           /* 0: nobody is known to have entered */
	struct person_id person; /* who signs: events only */
};
static const struct field LEAVING[] = {
	FIELD(struct leaving, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct leaving, entry, F_INT, "出入登记编号(外来人员)", "line of the register (visitors)",
	      .optional = true, .ref = "entry"),
	FIELD(struct leaving, person, F_PERSON, "离开人员", "who leaves", .optional = true,
	      .secrecy = SECRECY_WORK),
};
enum { LEAVING_IN = COUNT(LEAVING) - 1 };

/* Projection. */
static enum rc apply_left(struct op *op, const struct event *ev)
{
	const struct leaving *p = ev->data;

	return p->entry ? sql_exec(op, &SQL[Q_LEFT_ADD],
	                           ARGS(sql_int(p->entry), sql_int(ev->happened_ms)))
	                : RC_OK;
}

enum { EV_LEFT };
static const struct event_type EVENTS[] = {
	[EV_LEFT] = ROOM_EVENT("custody.room_left", LEAVING, struct leaving, apply_left,
	                       "离开保密室", "somebody left the room"),
};

/* Rules. */
static enum rc find_entry(struct op *op, const struct leaving *p, int64_t *ret)
{
	AUTO(rows) r = {0};

	if (p->entry)
		TRY(sql_query(op, &SQL[Q_ENTRY], ARGS(sql_int(p->entry), sql_text(p->place)), &r));
	else
		TRY(sql_query(op, &SQL[Q_OF_PERSON], ARGS(sql_int(p->person.v), sql_text(p->place)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

static enum rc run_leave(struct op *op, const void *in)
{
	struct leaving p = *(const struct leaving *)in;

	p.person = op_slot(op, "entrant", 0);
	if (!p.entry && !p.person.v)
		return fail(op, RC_INVALID, "entry", CITE_BANNED, "须注明离开人员，或其出入登记编号",
		            "say who leaves, or the line of the register");
	TRY(find_entry(op, &p, &p.entry));
	TRY(event_append(op, &EVENTS[EV_LEFT], &p, NULL));
	return p.entry ? RC_OK : alarm_raise(op, "custody.left_unentered", p.place, p.place, NULL);
}

/* From one minute of the local day to another, over midnight or not. */
static bool by_night(const struct op *op, int64_t at_ms)
{
	const struct profile *profile = op_profile(op);
	int64_t from = profile_setting(profile, "custody.night_from_min", 0);
	int64_t to = profile_setting(profile, "custody.night_to_min", 0);
	int64_t day_min = INT64_C(24) * 60, minute = at_ms / 60000 + profile->utc_offset_min;

	minute = (minute % day_min + day_min) % day_min;
	return from <= to ? minute >= from && minute < to : minute >= from || minute < to;
}

static enum rc has_reason(struct op *op, const struct event *ev, bool *ret)
{
	const struct room_entry *p = ev->data;
	AUTO(rows) r = {0};

	switch ((enum entry_purpose)p->purpose) {
	case ENTRY_DUTY:
		*ret = true;
		return RC_OK;
	case ENTRY_CHECK:
	case ENTRY_REPLAY:
	case ENTRY_INSPECT:
		*ret = p->person.v != 0;
		return RC_OK;
	case ENTRY_HAND_OVER:
		return trip_due(op, ev->place, ev->happened_ms, ret);
	case ENTRY_REPAIR:
		TRY(sql_query(op, &SQL[Q_DOWN], ARGS(sql_text(ev->place)), &r));
		*ret = rows_next(&r) && rows_int(&r, 0) > 0;
		return RC_OK;
	case ENTRY_VISIT:
	case ENTRY_MAX:
		break;
	}
	*ret = false;
	return RC_OK;
}

static enum rc judge_night(struct op *op, const struct event *ev)
{
	bool reason;

	if (!by_night(op, ev->happened_ms))
		return RC_OK;
	TRY(has_reason(op, ev, &reason));
	return reason ? RC_OK : alarm_raise(op, "custody.inside_at_night", ev->place, ev->place, NULL);
}

static const struct reaction REACTIONS[] = {{"custody.room_entered", judge_night}};

/* The line of the register; a guard's is open as long as the shift. */
static size_t the_line(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	bool in = str_is(ev->name, "custody.room_entered");
	int64_t line = in ? (int64_t)ev->index : ((const struct leaving *)ev->data)->entry;

	if (!line || (in && ((const struct room_entry *)ev->data)->purpose == ENTRY_DUTY))
		return 0;
	ret[0] = str_fmt(a, STR_FMT ":%lld", STR_ARG(ev->place), (long long)line);
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.leave_room", "custody.room_entered", "custody.room_left", NULL, the_line,
	 "custody.leave_room", "store_keeper", .missing = "custody.not_left", .cites = CITE_BANNED,
	 .zh = "进入保密室的人员离开", .en = "whoever entered the room has left it"},
};

/* Module. */
static const struct allow DOORKEEPERS[] = {{"store_keeper", LEVEL_ANY},
                                           {"secrecy_guard", LEVEL_ANY},
                                           {"county_office", LEVEL_COUNTY}};
static const char *const GUARDS[] = {"secrecy_guard", "police", "store_keeper", NULL};
static const struct slot ONE_GUARD[] = {
	{"guard", 1, GUARDS, "entrant", false, "登记的值守人员", "the guard who records it"},
	{"entrant", 1, NULL, NULL, true, "离开人员", "who leaves"},
};
static const struct command COMMANDS[] = {
	{"custody.leave_room", FACT, LEAVING, LEAVING_IN, sizeof(struct leaving), SLOTS(ONE_GUARD),
	 ALLOW(DOORKEEPERS), .run = run_leave, .cites = CITE_BANNED,
	 .zh = "登记离开保密室", .en = "record who leaves the room"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.not_left", COLOUR_ORANGE, "county_office", CITE_BANNED,
	 "两人进入核实，请其离开；查看其间录像，核对箱封",
	 "two go in and see him out; look at the recording of that time, check the seals",
	 "进入保密室的人员逾时未离开", "somebody who entered the room has not left it"},
	{"custody.left_unentered", COLOUR_YELLOW, "county_office", CITE_BANNED,
	 "核实何时、因何进入，补登出入登记，查看录像",
	 "when did he enter, and what for? complete the register, look at the recording",
	 "离开保密室的人员没有进入登记", "somebody left the room who was never recorded as entering"},
	{"custody.inside_at_night", COLOUR_RED, "county_leader", CITE_BANNED,
	 "民警在场请其离开并查明身份；逐箱核对封条，调看录像，查明谁放入",
	 "the police see him out and ask who he is; check each seal; who let him in?",
	 "夜间无事由进入保密室", "somebody is in the room by night without a reason"},
};

static const struct column INSIDE[] = {
	COLUMN("entry", F_INT, "登记编号", "line"),
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("at_ms", F_TIME, "进入时间", "since"),
	COLUMN_WORDS("purpose", ENTRY_TEXT, ENTRY_WORDS, "事由", "purpose"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN("visitor", F_TEXT, "外来人员", "visitor"),
};
static const struct view VIEWS[] = {
	{"custody/inside", "在保密室内人员", "who is inside", STORE_WATCHERS, &SQL[Q_INSIDE], INSIDE,
	 COUNT(INSIDE)},
};

static const char *const SETTINGS[] = {"custody.night_from_min", "custody.night_to_min"};

const struct module custody_inside_module = {
	.name = "custody_inside", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "保密室在内人员", .en = "who is in a secrecy room",
	TABLE_OF(settings, SETTINGS),
};
