/* SPDX-License-Identifier: Apache-2.0 */
/* guard.c -- who watches the secrecy room: guards on post, patrols, joint checks.
 *
 * All of it is facts.  A guard who leaves is recorded even when too few stay: that is an alarm.
 * Patrols (twice an hour) and joint checks (each half day) are recurring expectations that open
 * when the room is activated and end when it is deactivated.
 *
 * Emits  custody.guard_posted, custody.guard_left, custody.patrolled, custody.joint_checked
 * Owns   custody_guard
 */
#include "domain/custody/room.h"
#include "domain/custody/store.h"
#include "engine/alarm.h"
#include "engine/run.h"

enum { Q_GUARD_SET, Q_GUARD_ADD, Q_GUARD_END, Q_GUARDS };
static const struct sql SQL[] = {
	[Q_GUARD_SET] =
		{"UPDATE custody_guard SET duty = ?, since_ms = ? WHERE place = ? AND person = ?", 4},
	[Q_GUARD_ADD] = {"INSERT INTO custody_guard(place, person, duty, since_ms) VALUES(?, ?, ?, ?)",
	                 4},
	[Q_GUARD_END] = {"DELETE FROM custody_guard WHERE place = ? AND person = ?", 2},
	[Q_GUARDS] = {"SELECT duty, COUNT(*) FROM custody_guard WHERE place = ? GROUP BY duty"
	              " ORDER BY duty",
	              1},
};

static const struct table TABLES[] = {
	{"custody_guard", "CREATE TABLE custody_guard(place {text} NOT NULL, person {id} NOT NULL,"
	 " duty {int} NOT NULL, since_ms {int} NOT NULL, PRIMARY KEY(place, person))", "place, person"},
};

/* Fields. */
#define X(id, text) text,
static const char *const DUTY[] = {GUARD_DUTIES(X)};
#undef X
const struct word GUARD_WORDS[] = {
	{"值守人员", "guard"}, {"民警", "police"}, {"带班领导", "leader"},
};

struct guard {
	struct str place;
	int duty;
	struct person_id person; /* who signs: events only */
};
static const struct field GUARD[] = {
	FIELD(struct guard, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct guard, duty, F_ENUM, "岗位", "duty", ENUM_OF(DUTY, GUARD_WORDS)),
	FIELD(struct guard, person, F_PERSON, "值守人员", "guard", .secrecy = SECRECY_WORK),
};
static const struct field GUARD_OFF[] = {
	FIELD(struct guard, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct guard, person, F_PERSON, "值守人员", "guard", .secrecy = SECRECY_WORK),
};

struct check {
	struct str place;
	bool sound;
	struct text finding;
};
static const struct field CHECK[] = {
	FIELD(struct check, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct check, sound, F_BOOL, "一切正常", "all is in order"),
	FIELD(struct check, finding, F_TEXT, "发现的问题", "what was found", .max = 400,
	      .optional = true),
};

/* Projection. */
static enum rc apply_posted(struct op *op, const struct event *ev)
{
	const struct guard *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_GUARD_SET],
	              ARGS(sql_int(p->duty), sql_int(ev->happened_ms), sql_text(ev->place),
	                   sql_int(p->person.v)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_GUARD_ADD], ARGS(sql_text(ev->place), sql_int(p->person.v),
	                                            sql_int(p->duty), sql_int(ev->happened_ms)));
}

static enum rc apply_left(struct op *op, const struct event *ev)
{
	const struct guard *p = ev->data;

	return sql_exec(op, &SQL[Q_GUARD_END], ARGS(sql_text(ev->place), sql_int(p->person.v)));
}

static enum rc apply_patrolled(struct op *op, const struct event *ev)
{
	return room_mark(op, ev->place, ROOM_PATROLLED, ev->happened_ms);
}

static enum rc apply_checked(struct op *op, const struct event *ev)
{
	return room_mark(op, ev->place, ROOM_CHECKED, ev->happened_ms);
}

enum { EV_POSTED, EV_LEFT, EV_PATROLLED, EV_CHECKED };
static const struct event_type EVENTS[] = {
	[EV_POSTED] = {"custody.guard_posted", 1, GUARD + 1, COUNT(GUARD) - 1, sizeof(struct guard),
	               .apply = apply_posted, .visible_to = CUSTODY_READERS,
	               .zh = "值守上岗", .en = "a guard came on post"},
	[EV_LEFT] = {"custody.guard_left", 1, GUARD_OFF + 1, COUNT(GUARD_OFF) - 1,
	             sizeof(struct guard), .apply = apply_left, .visible_to = CUSTODY_READERS,
	             .zh = "值守离岗", .en = "a guard left the post"},
	[EV_PATROLLED] = {"custody.patrolled", 1, CHECK + 1, COUNT(CHECK) - 1, sizeof(struct check),
	                  .apply = apply_patrolled, .visible_to = CUSTODY_READERS,
	                  .zh = "保密室外围巡查",
	                  .en = "the secrecy room was patrolled"},
	[EV_CHECKED] = {"custody.joint_checked", 1, CHECK + 1, COUNT(CHECK) - 1, sizeof(struct check),
	                .apply = apply_checked, .visible_to = CUSTODY_READERS, .zh = "半日联合检查",
	                .en = "the half day's joint check was made"},
};

/* Reading. */
enum rc guard_count(struct op *op, struct str place, int64_t *ret_guards, int64_t *ret_police)
{
	AUTO(rows) r = {0};
	int64_t guards = 0, police = 0;

	TRY(sql_query(op, &SQL[Q_GUARDS], ARGS(sql_text(place)), &r));
	while (rows_next(&r)) {
		if (rows_int(&r, 0) == DUTY_POLICE)
			police = rows_int(&r, 1);
		guards += rows_int(&r, 1);
	}
	*ret_guards = guards;
	*ret_police = police;
	return RC_OK;
}

/* Rules. */
/* Who signs is who comes: no field could say another name. */
static enum rc run_guard_on(struct op *op, const void *in)
{
	struct guard p = *(const struct guard *)in;
	bool rostered;

	p.person = op_slot(op, "guard", 0);
	TRY(event_append(op, &EVENTS[EV_POSTED], &p, NULL));
	if (p.duty == DUTY_POLICE) /* sent by their own office, by turns */
		return RC_OK;
	TRY(room_rostered(op, p.place, p.person, &rostered));
	return rostered ? RC_OK : alarm_raise(op, "custody.not_rostered", p.place, p.place, NULL);
}

/* What stays behind is counted only where papers are expected to be. */
static enum rc run_guard_off(struct op *op, const void *in)
{
	struct guard p = *(const struct guard *)in;
	const struct profile *profile = op_profile(op);
	enum store_state state;
	int64_t guards, police;

	p.person = op_slot(op, "guard", 0);
	TRY(event_append(op, &EVENTS[EV_LEFT], &p, NULL));
	TRY(store_state(op, p.place, &state));
	if (state != STORE_ACTIVE)
		return RC_OK;
	TRY(guard_count(op, p.place, &guards, &police));
	if (guards < profile_setting(profile, "custody.guards_awake", 0))
		TRY(alarm_raise(op, "custody.guards_short", p.place, p.place, NULL));
	if (police < profile_setting(profile, "custody.police_on_post", 0))
		TRY(alarm_raise(op, "custody.no_police", p.place, p.place, NULL));
	return RC_OK;
}

static enum rc check_made(struct op *op, const struct check *p, int event)
{
	TRY(event_append(op, &EVENTS[event], p, NULL));
	return p->sound ? RC_OK : alarm_raise(op, "custody.finding", p->place, p->place, NULL);
}

static enum rc run_patrol(struct op *op, const void *in)
{
	return check_made(op, in, EV_PATROLLED);
}

static enum rc run_joint_check(struct op *op, const void *in)
{
	return check_made(op, in, EV_CHECKED);
}

/* Module. */
/* Keepers are not there by night: guards write their own log. */
static const struct allow WATCH[] = {{"store_keeper", LEVEL_ANY}, {"secrecy_guard", LEVEL_ANY},
	                                 {"county_office", LEVEL_COUNTY}};
static const char *const GUARDS[] = {"secrecy_guard", "police", "store_keeper", "county_leader",
	                                 NULL};
static const char *const EDUCATION[] = {"county_office", "county_leader", "store_keeper", NULL};
static const char *const POLICE[] = {"police", NULL};
static const char *const SECRECY[] = {"secrecy_officer", NULL};
static const struct slot ONE_GUARD[] = {{"guard", 1, GUARDS, NULL, false, "值守人员", "the guard"}};
static const struct slot PATROLLERS[] = {
	{"patroller", 2, GUARDS, NULL, false, "巡查人员", "those who patrol"},
};
static const struct slot THREE_SIDES[] = {
	{"education", 1, EDUCATION, "police", false, "教育考试部门", "education"},
	{"police", 1, POLICE, "secrecy", false, "公安部门", "police"},
	{"secrecy", 1, SECRECY, "education", false, "保密部门", "secrecy bureau"},
};
static const struct command COMMANDS[] = {
	{"custody.guard_on", FACT, GUARD, COUNT(GUARD) - 1, sizeof(struct guard), SLOTS(ONE_GUARD),
	 ALLOW(WATCH), .run = run_guard_on, .cites = CITE_POST,
	 .zh = "值守上岗", .en = "a guard comes on post"},
	{"custody.guard_off", FACT, GUARD_OFF, COUNT(GUARD_OFF) - 1, sizeof(struct guard),
	 SLOTS(ONE_GUARD), ALLOW(WATCH), .run = run_guard_off, .cites = CITE_POST,
	 .zh = "值守离岗", .en = "a guard leaves the post"},
	{"custody.patrol", FACT, FIELDS(CHECK), sizeof(struct check), SLOTS(PATROLLERS),
	 ALLOW(WATCH), .run = run_patrol, .cites = CITE_PATROL,
	 .zh = "登记外围巡查", .en = "record a patrol"},
	{"custody.joint_check", FACT, FIELDS(CHECK), sizeof(struct check), SLOTS(THREE_SIDES),
	 ALLOW(WATCH), .run = run_joint_check, .cites = CITE_JOINT,
	 .zh = "登记半日联合检查", .en = "record a joint check"},
};

static size_t the_room(struct arena *a, const struct event *ev, struct str *ret,
	                   struct str *ret_session)
{
	ret[0] = ev->place;
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.patrol", "custody.store_activated", "custody.patrolled", "custody.store_deactivated",
	 the_room, "custody.patrol", "store_keeper", .missing = "custody.patrol_missing",
	 .cites = CITE_PATROL, .zh = "保密室外围巡查(每半小时)", .en = "patrol of the secrecy room"},
	{"custody.joint_check", "custody.store_activated", "custody.joint_checked",
	 "custody.store_deactivated", the_room, "custody.joint_check", "county_office",
	 .missing = "custody.check_missing", .cites = CITE_JOINT,
	 .zh = "教育、公安、保密三部门半日联合检查", .en = "joint check of each half day"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.guards_short", COLOUR_RED, "county_leader", CITE_POST,
	 "立即补足在岗值守人员，查看监控，逐箱核对", "fill the post at once, look at the recording, check the boxes",
	 "保密室在岗值守人员不足", "too few guards on post"},
	{"custody.no_police", COLOUR_YELLOW, "county_office", CITE_POST,
	 "联系公安部门立即派员到岗", "ask the police to send an officer at once",
	 "保密室无民警在岗", "no police officer on post"},
	{"custody.not_rostered", COLOUR_YELLOW, "county_office", CITE_STAFF,
	 "核对身份和回避，补入值守名单或换人", "verify who it is, name the guard on the roster or replace him",
	 "名单之外的人值守保密室", "somebody who is not on the roster guards the room"},
	{"custody.finding", COLOUR_ORANGE, "county_office", CITE_JOINT,
	 "核实检查发现的问题，整改并登记", "verify what the check found, mend it, record it",
	 "保密室检查发现问题", "a check of the secrecy room found something"},
	{"custody.patrol_missing", COLOUR_ORANGE, "store_keeper", CITE_PATROL,
	 "立即派两人巡查并登记，说明迟巡原因", "send two on patrol at once, record it and say why it was late",
	 "保密室巡查超时未报", "a patrol is overdue"},
	{"custody.check_missing", COLOUR_ORANGE, "county_office", CITE_JOINT,
	 "立即组织三部门联合检查并登记", "make the joint check at once and record it",
	 "半日联合检查超时未报", "a joint check is overdue"},
};

static const char *const SETTINGS[] = {"custody.guards_awake", "custody.police_on_post"};

const struct module custody_guard_module = {
	.name = "custody_guard", .group = "custody", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), .zh = "保密室值守", .en = "guards of secrecy rooms",
	TABLE_OF(settings, SETTINGS),
};
