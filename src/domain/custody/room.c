/* SPDX-License-Identifier: Apache-2.0 */
/* room.c -- who answers for a secrecy room, its locks, its spare key, how long it may hold papers.
 *
 * Two are responsible, one of them a leader of the examination agency; at least four others are on
 * the roster of guards.  Between two examinations locks and codes are changed.  The spare key lies
 * in a sealed envelope that the leader, the keeper and the police open together.
 */
#include "domain/custody/room.h"

#include "domain/custody/store.h"
#include "domain/people/people.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_LOCKS CITE_SECURITY "Art.15 ROOM-6"
#define CITE_SPARE_KEY "保密室管理要求 ROOM-18"

enum {
	Q_ROOM, Q_ADD, Q_STAFF, Q_LOCKS, Q_EXTEND, Q_CLOSE, Q_PATROLLED, Q_CHECKED, Q_OPENED,
	Q_RECEIVED, Q_BLOCK, Q_ROSTER_CLEAR, Q_ROSTER_ADD, Q_ROSTER, Q_ROSTERED, Q_BOARD
};
static const struct sql SQL[] = {
	[Q_ROOM] = {"SELECT leader, rostered, locks, days, opened_ms, block_ms FROM custody_room"
	            " WHERE place = ?", 1},
	[Q_ADD] = {"INSERT INTO custody_room(place, leader, keeper, rostered, locks, approval, days,"
	           " patrolled_ms, checked_ms, opened_ms, received_ms, block_ms)"
	           " VALUES(?, 0, 0, 0, 0, '', 0, 0, 0, 0, 0, 0)", 1},
	[Q_STAFF] = {"UPDATE custody_room SET leader = ?, keeper = ?, rostered = ? WHERE place = ?", 4},
	[Q_LOCKS] = {"UPDATE custody_room SET locks = ? WHERE place = ?", 2},
	[Q_EXTEND] = {"UPDATE custody_room SET approval = ?, days = ? WHERE place = ?", 3},
	[Q_CLOSE] = {"UPDATE custody_room SET locks = 0, approval = '', days = 0, received_ms = 0,"
	             " block_ms = 0 WHERE place = ?", 1},
	[Q_PATROLLED] = {"UPDATE custody_room SET patrolled_ms = ? WHERE place = ?"
	                 " AND patrolled_ms < ?", 3},
	[Q_CHECKED] = {"UPDATE custody_room SET checked_ms = ? WHERE place = ? AND checked_ms < ?", 3},
	[Q_OPENED] = {"UPDATE custody_room SET opened_ms = ? WHERE place = ? AND opened_ms < ?", 3},
	[Q_RECEIVED] = {"UPDATE custody_room SET received_ms = ? WHERE place = ?"
	                " AND received_ms = 0 AND CAST(? AS BIGINT) > 0", 3},
	[Q_BLOCK] = {"UPDATE custody_room SET block_ms = ? WHERE place = ? AND block_ms < ?", 3},
	[Q_ROSTER_CLEAR] = {"DELETE FROM custody_roster WHERE place = ?", 1},
	[Q_ROSTER_ADD] = {"INSERT INTO custody_roster(place, person) VALUES(?, ?)", 2},
	[Q_ROSTER] = {"SELECT COUNT(*) FROM custody_roster WHERE place = ?", 1},
	[Q_ROSTERED] = {"SELECT COUNT(*) FROM custody_roster WHERE place = ? AND person = ?", 2},
	[Q_BOARD] = {"SELECT r.place, COALESCE(s.active, 0), r.leader, r.keeper, r.rostered,"
	             " (SELECT COUNT(*) FROM custody_guard g WHERE g.place = r.place),"
	             " (SELECT COUNT(*) FROM custody_guard g WHERE g.place = r.place AND g.duty = 1),"
	             " r.patrolled_ms, r.checked_ms, r.opened_ms, r.block_ms, r.received_ms,"
	             " (SELECT COUNT(*) FROM custody_device d WHERE d.place = r.place"
	             " AND d.lost_ms > 0)"
	             " FROM custody_room r LEFT JOIN custody_store s ON s.place = r.place"
	             " ORDER BY r.place", 0},
};

static const struct table TABLES[] = {
	{"custody_room", "CREATE TABLE custody_room(place {text} NOT NULL, leader {id} NOT NULL,"
	 " keeper {id} NOT NULL, rostered {int} NOT NULL, locks {int} NOT NULL,"
	 " approval {text} NOT NULL, days {int} NOT NULL, patrolled_ms {int} NOT NULL,"
	 " checked_ms {int} NOT NULL, opened_ms {int} NOT NULL, received_ms {int} NOT NULL,"
	 " block_ms {int} NOT NULL, PRIMARY KEY(place)){clustered}", "place"},
	{"custody_roster", "CREATE TABLE custody_roster(place {text} NOT NULL, person {id} NOT NULL,"
	 " PRIMARY KEY(place, person)){clustered}", "place, person"},
};

/* Fields. */
const struct field NAMED[] = {
	FIELD(struct named, person, F_PERSON, "人员", "person", .secrecy = SECRECY_WORK),
};

struct staffing {
	struct str place;
	struct list guards;
	struct person_id leader, keeper; /* who sign: events only */
};
static const struct field STAFFING[] = {
	FIELD(struct staffing, place, F_PLACE, "保密室", "secrecy room"),
	NAMED_FIELD(struct staffing, guards, "值守人员名单", "roster of guards", .min = 1),
	FIELD(struct staffing, leader, F_PERSON, "负责人(考试机构领导)", "the responsible leader",
	      .secrecy = SECRECY_WORK),
	FIELD(struct staffing, keeper, F_PERSON, "负责人(保密员)", "the responsible keeper",
	      .secrecy = SECRECY_WORK),
};
enum { STAFFING_IN = COUNT(STAFFING) - 2 };

struct lock_change {
	struct str place;
	bool locks, codes;
};
static const struct field LOCK_CHANGE[] = {
	FIELD(struct lock_change, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct lock_change, locks, F_BOOL, "门锁、柜锁已换", "locks of door and cabinet are new"),
	FIELD(struct lock_change, codes, F_BOOL, "密码已换", "codes are new"),
};

struct spare_key {
	struct str place, envelope;
	bool sealed;
	struct text reason;
};
static const struct field SPARE_KEY[] = {
	FIELD(struct spare_key, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct spare_key, envelope, F_CODE, "备用钥匙封袋号", "envelope of the spare key"),
	FIELD(struct spare_key, sealed, F_BOOL, "启封前封袋完好", "envelope was sealed before"),
	FIELD(struct spare_key, reason, F_TEXT, "启用原因", "reason", .max = 200, .optional = true),
};

struct extension {
	struct str place, approval;
	int64_t days;
};
static const struct field EXTENSION[] = {
	FIELD(struct extension, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct extension, approval, F_CODE, "省级批准文号", "number of the province's approval"),
	FIELD(struct extension, days, F_INT, "批准存放天数", "days approved", .min = 1, .max = 60),
};

/* Projection. */
static enum rc ensure(struct op *op, struct str place)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ROOM], ARGS(sql_text(place)), &r));
	if (rows_next(&r))
		return RC_OK;
	rows_release(&r);
	return sql_exec(op, &SQL[Q_ADD], ARGS(sql_text(place)));
}

enum rc room_mark(struct op *op, struct str place, enum room_moment m, int64_t at_ms)
{
	TRY(ensure(op, place));
	return sql_exec(op, &SQL[Q_PATROLLED + (int)m],
	                ARGS(sql_int(at_ms), sql_text(place), sql_int(at_ms)));
}

enum rc room_closed(struct op *op, struct str place)
{
	return sql_exec(op, &SQL[Q_CLOSE], ARGS(sql_text(place)));
}

static enum rc apply_staffed(struct op *op, const struct event *ev)
{
	const struct staffing *p = ev->data;
	const struct named *g = p->guards.items;

	TRY(ensure(op, ev->place));
	TRY(sql_exec(op, &SQL[Q_STAFF],
	             ARGS(sql_int(p->leader.v), sql_int(p->keeper.v), sql_int((int64_t)p->guards.n),
	                  sql_text(ev->place))));
	TRY(sql_exec(op, &SQL[Q_ROSTER_CLEAR], ARGS(sql_text(ev->place))));
	for (size_t i = 0; i < p->guards.n; i++)
		TRY(sql_exec(op, &SQL[Q_ROSTER_ADD], ARGS(sql_text(ev->place), sql_int(g[i].person.v))));
	return RC_OK;
}

static enum rc apply_locks(struct op *op, const struct event *ev)
{
	const struct lock_change *p = ev->data;

	TRY(ensure(op, ev->place));
	return sql_exec(op, &SQL[Q_LOCKS], ARGS(sql_int(p->locks && p->codes), sql_text(ev->place)));
}

/* A key that has been out of its envelope opens no lock of the next season. */
static enum rc apply_spare_key(struct op *op, const struct event *ev)
{
	TRY(room_mark(op, ev->place, ROOM_OPENED, ev->happened_ms));
	return sql_exec(op, &SQL[Q_LOCKS], ARGS(sql_int(0), sql_text(ev->place)));
}

static enum rc apply_extended(struct op *op, const struct event *ev)
{
	const struct extension *p = ev->data;

	TRY(ensure(op, ev->place));
	return sql_exec(op, &SQL[Q_EXTEND],
	                ARGS(sql_text(p->approval), sql_int(p->days), sql_text(ev->place)));
}

enum { EV_STAFFED, EV_LOCKS, EV_SPARE_KEY, EV_EXTENDED };
static const struct event_type EVENTS[] = {
	[EV_STAFFED] = ROOM_EVENT("custody.store_staffed", STAFFING, struct staffing, apply_staffed,
	                          "确定保密室负责人和值守名单", "a room's responsible and guards were named"),
	[EV_LOCKS] = ROOM_EVENT("custody.locks_changed", LOCK_CHANGE, struct lock_change, apply_locks,
	                        "保密室换锁换密码", "a room's locks and codes were changed"),
	[EV_SPARE_KEY] = ROOM_EVENT("custody.spare_key_opened", SPARE_KEY, struct spare_key,
	                            apply_spare_key, "启用应急备用钥匙", "the spare key was taken out"),
	[EV_EXTENDED] = ROOM_EVENT("custody.storage_extended", EXTENSION, struct extension,
	                           apply_extended, "批准延长存放", "a longer storage was approved"),
};

/* Reading. */
struct room {
	int64_t leader, rostered, locks, days, opened_ms, block_ms;
};

static enum rc read_room(struct op *op, struct str place, struct room *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ROOM], ARGS(sql_text(place)), &r));
	*ret = !rows_next(&r) ? (struct room){0}
	                      : (struct room){rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2),
	                                      rows_int(&r, 3), rows_int(&r, 4), rows_int(&r, 5)};
	return RC_OK;
}

enum rc room_opened_ms(struct op *op, struct str place, int64_t *ret)
{
	struct room r;

	TRY(read_room(op, place, &r));
	*ret = r.opened_ms;
	return RC_OK;
}

enum rc room_block_ms(struct op *op, struct str place, int64_t *ret)
{
	struct room r;

	TRY(read_room(op, place, &r));
	*ret = r.block_ms;
	return RC_OK;
}

enum rc room_days(struct op *op, struct str place, int64_t *ret)
{
	int64_t usual = profile_setting(op_profile(op), "custody.max_store_days", PROFILE_NO_LIMIT);
	struct room r;

	TRY(read_room(op, place, &r));
	*ret = r.days > usual ? r.days : usual;
	return RC_OK;
}

enum rc room_rostered(struct op *op, struct str place, struct person_id who, bool *ret)
{
	int64_t all, one;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_ROSTER], ARGS(sql_text(place)), &r));
		all = rows_next(&r) ? rows_int(&r, 0) : 0;
	}
	AUTO(rows) r = {0};
	TRY(sql_query(op, &SQL[Q_ROSTERED], ARGS(sql_text(place), sql_int(who.v)), &r));
	one = rows_next(&r) ? rows_int(&r, 0) : 0;
	*ret = !all || one;
	return RC_OK;
}

enum rc room_ready(struct op *op, struct str place)
{
	const struct profile *profile = op_profile(op);
	int64_t least = profile_setting(profile, "custody.guards_rostered", 0);
	struct room r;

	TRY(read_room(op, place, &r));
	if (least && !r.leader)
		return fail(op, RC_CONFLICT, "place", CITE_STAFF, "尚未确定保密室负责人和值守名单",
		            "nobody has been named who answers for the room and guards it");
	if (r.rostered < least)
		return fail(op, RC_CONFLICT, "place", CITE_STAFF, "值守名单 %lld 人，应不少于 %lld 人",
		            "%lld guards are on the roster, at least %lld are needed",
		            (long long)r.rostered, (long long)least);
	if (profile_setting(profile, "custody.lock_change", 0) && !r.locks)
		return fail(op, RC_CONFLICT, "place", CITE_LOCKS, "启用前须更换门锁、柜锁和密码",
		            "locks and codes must be changed before the room is used again");
	return RC_OK;
}

/* Rules. */
static enum rc check_guard(struct op *op, const struct staffing *p, size_t i)
{
	const struct named *g = p->guards.items;

	if (g[i].person.v == p->leader.v || g[i].person.v == p->keeper.v)
		return fail(op, RC_CONFLICT, "guards", CITE_STAFF, "第 %zu 名：两名负责人不计入值守人员",
		            "row %zu: the two who are responsible do not count as guards", i + 1);
	for (size_t j = 0; j < i; j++)
		if (g[j].person.v == g[i].person.v)
			return fail(op, RC_CONFLICT, "guards", CITE_STAFF, "第 %zu 名与第 %zu 名是同一人",
			            "rows %zu and %zu are one person", i + 1, j + 1);
	return people_may_serve(op, g[i].person, "guards");
}

static enum rc run_staff(struct op *op, const void *in)
{
	struct staffing p = *(const struct staffing *)in;
	int64_t least = profile_setting(op_profile(op), "custody.guards_rostered", 0);

	p.leader = op_slot(op, "leader", 0);
	p.keeper = op_slot(op, "keeper", 0);
	if ((int64_t)p.guards.n < least)
		return fail(op, RC_CONFLICT, "guards", CITE_STAFF, "值守名单 %zu 人，应不少于 %lld 人",
		            "%zu guards are named, at least %lld are needed", p.guards.n,
		            (long long)least);
	for (size_t i = 0; i < p.guards.n; i++)
		TRY(check_guard(op, &p, i));
	return event_append(op, &EVENTS[EV_STAFFED], &p, NULL);
}

static enum rc run_change_locks(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_LOCKS], in, NULL);
}

static enum rc run_spare_key(struct op *op, const void *in)
{
	const struct spare_key *p = in;

	TRY(event_append(op, &EVENTS[EV_SPARE_KEY], p, NULL));
	TRY(alarm_raise(op, "custody.spare_key_used", p->place, p->place, NULL));
	return p->sealed ? RC_OK
	                 : alarm_raise(op, "custody.seal_broken", p->envelope, p->place, NULL);
}

static enum rc run_extend(struct op *op, const void *in)
{
	const struct extension *p = in;
	int64_t usual = profile_setting(op_profile(op), "custody.max_store_days", PROFILE_NO_LIMIT);

	if (p->days <= usual)
		return fail(op, RC_CONFLICT, "days", CITE_DAYS, "%lld 天以内无须省级批准",
		            "up to %lld days need no approval", (long long)usual);
	return event_append(op, &EVENTS[EV_EXTENDED], p, NULL);
}

/* Module. */
const char *const ROOM_KEEPERS[] = {"store_keeper", "county_office", "county_leader", NULL};
const char *const POLICE_ONLY[] = {"police", NULL};
static const char *const HEADS[] = {"county_leader", "county_director", "city_leader", NULL};
static const char *const KEEPER[] = {"store_keeper", NULL};
static const char *const APPROVERS[] = {"county_leader", "county_director", "secrecy_officer",
	                                    "province_office", NULL};
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct allow KEEPERS[] = {{"store_keeper", LEVEL_ANY},
	                                   {"county_office", LEVEL_COUNTY}};
static const struct slot RESPONSIBLE[] = {
	{"leader", 1, HEADS, "keeper", false, "负责人(考试机构领导)", "the responsible leader"},
	{"keeper", 1, KEEPER, NULL, false, "负责人(保密员)", "the responsible keeper"},
};
static const struct slot TWO_KEEPERS[] = {
	{"keeper", 2, ROOM_KEEPERS, NULL, false, "经办保管人员", "keepers"},
};
static const struct slot THREE_TOGETHER[] = {
	{"director", 1, HEADS, "keeper", false, "考试机构领导", "the agency's leader"},
	{"keeper", 1, KEEPER, "police", false, "保密员", "the keeper"},
	{"police", 1, POLICE_ONLY, "director", false, "民警", "the police officer"},
};
static const struct slot TWO_APPROVE[] = {
	{"leader", 2, APPROVERS, NULL, false, "批准人", "those who approve"},
};
static const struct command COMMANDS[] = {
	{"custody.staff_store", ORDER, STAFFING, STAFFING_IN, sizeof(struct staffing),
	 SLOTS(RESPONSIBLE), ALLOW(OFFICE), .run = run_staff, .cites = CITE_STAFF,
	 .zh = "确定保密室负责人和值守名单", .en = "name who answers for a room and guards it"},
	{"custody.change_locks", FACT, FIELDS(LOCK_CHANGE), sizeof(struct lock_change),
	 SLOTS(TWO_KEEPERS), ALLOW(KEEPERS), .run = run_change_locks, .cites = CITE_LOCKS,
	 .zh = "登记换锁换密码", .en = "record the change of locks and codes"},
	{"custody.open_spare_key", FACT, FIELDS(SPARE_KEY), sizeof(struct spare_key),
	 SLOTS(THREE_TOGETHER), ALLOW(KEEPERS), .run = run_spare_key, .cites = CITE_SPARE_KEY,
	 .zh = "启用应急备用钥匙", .en = "take out the spare key"},
	{"custody.extend_storage", ORDER, FIELDS(EXTENSION), sizeof(struct extension),
	 SLOTS(TWO_APPROVE), ALLOW(OFFICE), .run = run_extend, .cites = CITE_DAYS,
	 .zh = "登记延长存放的省级批准", .en = "record the province's approval of a longer storage"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.spare_key_used", COLOUR_ORANGE, "county_leader", CITE_SPARE_KEY,
	 "查明原因，三人将钥匙重新封存，逐箱核对，尽快换锁换密码",
	 "find out why, seal the key again by three, check each box, change locks and codes soon",
	 "启用了应急备用钥匙", "the emergency spare key was used"},
};

static const struct column BOARD[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("active", F_BOOL, "启用", "active"),
	COLUMN("leader", F_PERSON, "负责人", "leader"),
	COLUMN("keeper", F_PERSON, "保管员", "keeper"),
	COLUMN("rostered", F_INT, "排班人数", "rostered"),
	COLUMN("on_post", F_INT, "在岗", "on post"),
	COLUMN("police", F_INT, "其中民警", "police"),
	COLUMN("patrolled_ms", F_TIME, "最近巡查", "patrolled"),
	COLUMN("checked_ms", F_TIME, "最近联检", "checked"),
	COLUMN("opened_ms", F_TIME, "最近开启", "opened"),
	COLUMN("block_ms", F_TIME, "已回放时段", "replayed block"),
	COLUMN("received_ms", F_TIME, "入库", "received"),
	COLUMN("devices_down", F_INT, "设备中断", "devices down"),
};
static const struct view VIEWS[] = {
	{"custody/rooms", "保密室看板", "secrecy rooms", CUSTODY_READERS, &SQL[Q_BOARD], BOARD,
	 COUNT(BOARD)},
};

static const char *const SETTINGS[] = {
	"custody.guards_rostered", "custody.lock_change", "custody.max_store_days",
};

const struct module custody_room_module = {
	.name = "custody_room", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS), .zh = "保密室管理", .en = "keeping of secrecy rooms",
	TABLE_OF(settings, SETTINGS),
};
