/* SPDX-License-Identifier: Apache-2.0 */
/* watch.c -- what cameras, sensors and door contacts say of a room with papers.
 *
 * Facts from the video feed, the alarm system or the guards' book.  A camera that fails has the
 * profile's seconds to come back; a power cut takes many and is one alarm.  An inner door or a
 * cabinet that opens is explained by the holders' record of the opening (visit.c), made shortly
 * before or after; a rear door or a window is never opened, and nobody unknown is ever inside.  An
 * unbroken door seal proves nothing: the next action of an intrusion is to go in, with the police,
 * and to count.
 *
 * Emits  custody.device_lost, custody.device_restored, custody.sensor_tripped,
 *        custody.door_opened, custody.door_closed, custody.stranger_seen
 * Owns   custody_device
 */
#include "domain/custody/room.h"
#include "domain/custody/store.h"
#include "domain/custody/visit.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_VIDEO "保密室管理要求 ROOM-3"
#define CITE_IRON "保密室管理要求 ROOM-2"

enum { Q_LOST_SET, Q_LOST_ADD, Q_RESTORED, Q_DEVICES, Q_OTHERS };
static const struct sql SQL[] = {
	[Q_LOST_SET] = {"UPDATE custody_device SET lost_ms = ?, kind = ? WHERE place = ?"
	                " AND device = ?", 4},
	[Q_LOST_ADD] = {"INSERT INTO custody_device(place, device, kind, lost_ms)"
	                " VALUES(?, ?, ?, ?)", 4},
	[Q_RESTORED] = {"UPDATE custody_device SET lost_ms = 0 WHERE place = ? AND device = ?", 2},
	[Q_DEVICES] = {"SELECT place, device, kind, lost_ms FROM custody_device"
	               " ORDER BY place, device", 0},
	[Q_OTHERS] = {"SELECT COUNT(*) FROM custody_device WHERE place = ? AND device <> ?"
	              " AND lost_ms > 0", 2},
};

static const struct table TABLES[] = {
	{"custody_device", "CREATE TABLE custody_device(place {text} NOT NULL, device {text} NOT NULL,"
	 " kind {int} NOT NULL, lost_ms {int} NOT NULL, PRIMARY KEY(place, device)){clustered}",
	 "place, device"},
};

/* Fields. */
#define DEVICES(X) X(CAMERA, "camera") X(RECORDER, "recorder") X(ALARM, "alarm") \
	X(CONTACT, "contact") X(POWER, "power")
#define X(id, text) DEVICE_##id,
enum device_kind { DEVICES(X) DEVICE_KIND_MAX };
#undef X
#define X(id, text) text,
static const char *const DEVICE[] = {DEVICES(X)};
#undef X
static const struct word DEVICE_WORDS[] = {
	{"摄像机", "camera"}, {"录像机", "recorder"}, {"报警主机", "alarm"}, {"门磁", "contact"},
	{"供电", "power"},
};

struct device_state {
	struct str place, device;
	int kind;
	bool working;
	bool whole; /* no other device of the room is down: events only */
};
static const struct field DEVICE_STATE[] = {
	FIELD(struct device_state, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct device_state, device, F_CODE, "设备编号", "device"),
	FIELD(struct device_state, kind, F_ENUM, "设备种类", "kind of device",
	      ENUM_OF(DEVICE, DEVICE_WORDS)),
	FIELD(struct device_state, working, F_BOOL, "工作正常", "it works"),
	FIELD(struct device_state, whole, F_BOOL, "本室其他设备正常", "all others of the room work",
	      .optional = true),
};
enum { DEVICE_IN = COUNT(DEVICE_STATE) - 1 };

#define SENSORS(X) X(WINDOW, "window") X(DOOR, "door") X(CABINET, "cabinet") \
	X(VIBRATION, "vibration") X(MOTION, "motion") X(FIRE, "fire") X(WATER, "water")
#define X(id, text) SENSOR_##id,
enum sensor_kind { SENSORS(X) SENSOR_MAX };
#undef X
#define X(id, text) text,
static const char *const SENSOR[] = {SENSORS(X)};
#undef X
static const struct word SENSOR_WORDS[] = {
	{"窗", "window"}, {"门", "door"}, {"柜", "cabinet"}, {"震动", "vibration"}, {"移动", "motion"},
	{"烟火", "fire"}, {"水浸", "water"},
};

struct trip_off { /* a sensor that went off */
	struct str place, sensor;
	int kind;
};
static const struct field SENSED[] = {
	FIELD(struct trip_off, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct trip_off, sensor, F_CODE, "探测器编号", "sensor"),
	FIELD(struct trip_off, kind, F_ENUM, "种类", "kind", ENUM_OF(SENSOR, SENSOR_WORDS)),
};

#define DOORS(X) X(INNER, "inner") X(CABINET, "cabinet") X(OUTER, "outer") X(REAR, "rear") \
	X(WINDOW, "window")
#define X(id, text) DOOR_##id,
enum door { DOORS(X) DOOR_MAX };
#undef X
#define X(id, text) text,
static const char *const DOOR[] = {DOORS(X)};
#undef X
static const struct word DOOR_WORDS[] = {
	{"内间门", "inner door"}, {"柜门", "cabinet"}, {"外间门", "outer door"}, {"后门", "rear door"},
	{"窗", "window"},
};

struct door_state {
	struct str place;
	int door;
	bool open;
	bool explained; /* the holders' record is there: events only */
};
static const struct field DOOR_STATE[] = {
	FIELD(struct door_state, place, F_PLACE, "保密室或考点试卷室", "room with papers"),
	FIELD(struct door_state, door, F_ENUM, "门、窗、柜", "door, window or cabinet",
	      ENUM_OF(DOOR, DOOR_WORDS)),
	FIELD(struct door_state, open, F_BOOL, "打开", "it is open"),
	FIELD(struct door_state, explained, F_BOOL, "已有开启登记", "the opening is on record",
	      .optional = true),
};
enum { DOOR_IN = COUNT(DOOR_STATE) - 1 };

struct stranger {
	struct str place;
	int64_t persons;
};
static const struct field STRANGER[] = {
	FIELD(struct stranger, place, F_PLACE, "保密室或考点试卷室", "room with papers"),
	FIELD(struct stranger, persons, F_INT, "无关人员人数", "persons who do not belong there",
	      .min = 1, .max = 100),
};

/* Projection. */
static enum rc apply_lost(struct op *op, const struct event *ev)
{
	const struct device_state *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_LOST_SET],
	              ARGS(sql_int(ev->happened_ms), sql_int(p->kind), sql_text(ev->place),
	                   sql_text(p->device)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_LOST_ADD],
	                ARGS(sql_text(ev->place), sql_text(p->device), sql_int(p->kind),
	                     sql_int(ev->happened_ms)));
}

static enum rc apply_restored(struct op *op, const struct event *ev)
{
	const struct device_state *p = ev->data;

	return sql_exec(op, &SQL[Q_RESTORED], ARGS(sql_text(ev->place), sql_text(p->device)));
}

enum { EV_LOST, EV_RESTORED, EV_TRIPPED, EV_OPENED, EV_CLOSED, EV_STRANGER };
static const struct event_type EVENTS[] = {
	[EV_LOST] = ROOM_EVENT("custody.device_lost", DEVICE_STATE, struct device_state, apply_lost,
	                       "监控或报警设备中断", "a camera or alarm device failed"),
	[EV_RESTORED] = ROOM_EVENT("custody.device_restored", DEVICE_STATE, struct device_state,
	                           apply_restored, "监控或报警设备恢复", "a camera or alarm device is back"),
	[EV_TRIPPED] = ROOM_EVENT("custody.sensor_tripped", SENSED, struct trip_off, NULL,
	                          "入侵或环境探测器触发", "a sensor went off"),
	[EV_OPENED] = ROOM_EVENT("custody.door_opened", DOOR_STATE, struct door_state, NULL,
	                         "门、窗或柜打开", "a door, window or cabinet opened"),
	[EV_CLOSED] = ROOM_EVENT("custody.door_closed", DOOR_STATE, struct door_state, NULL,
	                         "门、窗或柜关闭", "a door, window or cabinet closed"),
	[EV_STRANGER] = ROOM_EVENT("custody.stranger_seen", STRANGER, struct stranger, NULL,
	                           "监控发现无关人员", "somebody who does not belong there was seen"),
};

/* Rules. */
static enum rc run_device(struct op *op, const void *in)
{
	struct device_state p = *(const struct device_state *)in;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_OTHERS], ARGS(sql_text(p.place), sql_text(p.device)), &r));
		p.whole = rows_next(&r) && !rows_int(&r, 0);
	}
	return event_append(op, &EVENTS[p.working ? EV_RESTORED : EV_LOST], &p, NULL);
}

static enum rc run_sensor(struct op *op, const void *in)
{
	const struct trip_off *p = in;

	TRY(event_append(op, &EVENTS[EV_TRIPPED], p, NULL));
	return alarm_raise(op, "custody.intrusion", p->place, p->place, NULL);
}

/* An inner door is explained when its holders recorded the opening within the profile's seconds; a
 * site's room with papers, when papers are about at that hour at all. */
static enum rc judge_door(struct op *op, struct door_state *p, bool *ret_hours)
{
	int64_t match = 1000 * profile_setting(op_profile(op), "custody.door_match_s", 0);
	enum store_state state;
	int64_t opened;

	*ret_hours = true;
	TRY(store_state(op, p->place, &state));
	if (state == STORE_UNKNOWN) {
		*ret_hours = papers_about(op, op_happened_ms(op));
		p->explained = true;
		return RC_OK;
	}
	TRY(room_opened_ms(op, p->place, &opened));
	p->explained = opened && op_happened_ms(op) - opened <= match;
	return RC_OK;
}

static enum rc run_door(struct op *op, const void *in)
{
	struct door_state p = *(const struct door_state *)in;
	bool hours;

	if (!p.open)
		return event_append(op, &EVENTS[EV_CLOSED], &p, NULL);
	if (p.door == DOOR_OUTER) { /* where the guards sit */
		p.explained = true;
		return event_append(op, &EVENTS[EV_OPENED], &p, NULL);
	}
	if (p.door == DOOR_REAR || p.door == DOOR_WINDOW) {
		p.explained = true; /* nothing would explain it: it is alarmed at once */
		TRY(event_append(op, &EVENTS[EV_OPENED], &p, NULL));
		return alarm_raise(op, "custody.rear_opened", p.place, p.place, NULL);
	}
	TRY(judge_door(op, &p, &hours));
	TRY(event_append(op, &EVENTS[EV_OPENED], &p, NULL));
	return hours ? RC_OK : alarm_raise(op, "custody.opened_off_hours", p.place, p.place, NULL);
}

static enum rc run_stranger(struct op *op, const void *in)
{
	const struct stranger *p = in;

	TRY(event_append(op, &EVENTS[EV_STRANGER], p, NULL));
	return alarm_raise(op, "custody.stranger", p->place, p->place, NULL);
}

/* Expectations. */
/* The room, so that a power cut is one alarm; it is over when the last device is back. */
static size_t the_devices(struct arena *a, const struct event *ev, struct str *ret,
	                      struct str *ret_session)
{
	if (str_is(ev->name, "custody.device_restored") &&
	    !((const struct device_state *)ev->data)->whole)
		return 0;
	ret[0] = ev->place;
	return 1;
}

/* The room: of an opening that nobody has explained, and of the record that explains one. */
static size_t the_opening(struct arena *a, const struct event *ev, struct str *ret,
	                      struct str *ret_session)
{
	if (str_is(ev->name, "custody.door_opened") && ((const struct door_state *)ev->data)->explained)
		return 0;
	ret[0] = ev->place;
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.device_back", "custody.device_lost", "custody.device_restored", NULL, the_devices,
	 "custody.device_back", "store_keeper", .missing = "custody.device_down",
	 .cites = CITE_VIDEO, .zh = "监控和报警设备恢复", .en = "camera or alarm device works again"},
	{"custody.door_explained", "custody.door_opened", "custody.store_opened", NULL, the_opening,
	 "custody.door_explained", "store_keeper", .missing = "custody.door_unexplained",
	 .cites = CITE_KEYS, .zh = "内间开启登记", .en = "the opening of the inner room is on record"},
};

/* Module. */
static const struct allow WATCHERS[] = {
	{"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"duty_officer", LEVEL_ANY},
	{"remote_inspector", LEVEL_ANY}, {"video_invigilator", LEVEL_ANY}, {"technician", LEVEL_ANY},
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const struct command COMMANDS[] = {
	{"custody.report_device", FACT, DEVICE_STATE, DEVICE_IN, sizeof(struct device_state),
	 ALLOW(WATCHERS), .run = run_device, .cites = CITE_VIDEO,
	 .zh = "登记监控、报警设备状态", .en = "record the state of a camera or alarm device"},
	{"custody.report_sensor", FACT, FIELDS(SENSED), sizeof(struct trip_off), ALLOW(WATCHERS),
	 .run = run_sensor, .cites = CITE_IRON,
	 .zh = "登记探测器触发", .en = "record that a sensor went off"},
	{"custody.report_door", FACT, DOOR_STATE, DOOR_IN, sizeof(struct door_state),
	 ALLOW(WATCHERS), .run = run_door, .cites = CITE_IRON,
	 .zh = "登记门、窗、柜开闭", .en = "record a door, window or cabinet"},
	{"custody.report_stranger", FACT, FIELDS(STRANGER), sizeof(struct stranger),
	 ALLOW(WATCHERS), .run = run_stranger, .cites = CITE_BANNED,
	 .zh = "登记监控发现的无关人员", .en = "record a stranger seen on video"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.device_down", COLOUR_ORANGE, "store_keeper", CITE_VIDEO,
	 "加派值守盯守内间，抢修设备，登记中断起止时间，恢复后补看相邻时段",
	 "put more guards at the inner room, mend it, record the gap, replay the time around it",
	 "保密室监控或报警设备中断", "a camera or alarm device of the room is down"},
	{"custody.intrusion", COLOUR_RED, "county_leader", CITE_REPORT " ROOM-2",
	 "民警到场，三人同时开门入室，逐箱核对封条和数量；门封完好不等于室内完好",
	 "police to the place; open by three, go in, check every box: an unbroken door proves nothing",
	 "保密室入侵探测器触发", "an intrusion sensor of the room went off"},
	{"custody.rear_opened", COLOUR_RED, "county_leader", CITE_IRON,
	 "立即派人封控后门（窗），留住在场人员，调看录像，逐袋核对",
	 "close the rear door or window, keep who is there, look at the recording, check every bag",
	 "保密室后门或窗户打开", "a rear door or window was opened"},
	{"custody.stranger", COLOUR_RED, "county_leader", CITE_BANNED,
	 "值守民警当场控制，查明身份和来意，逐袋核对并保留录像",
	 "police hold the person, find out who and why, check every bag, keep the recording",
	 "无关人员进入存放试卷的场所", "a stranger is in a room with papers"},
	{"custody.door_unexplained", COLOUR_RED, "county_leader", CITE_KEYS,
	 "到现场核实谁持何钥匙开启，逐箱核对封条，补登记或按失密报告",
	 "find out on the spot who opened it with which key, check the seals, record or report it",
	 "内间开启无登记", "the inner room was opened and nobody recorded it"},
};

static const struct column DEVICE_NAMES[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("device", F_CODE, "设备", "device"),
	COLUMN_WORDS("kind", DEVICE, DEVICE_WORDS, "类别", "kind"),
	COLUMN("lost_ms", F_TIME, "中断自", "down since"),
};
static const struct view VIEWS[] = {
	{"custody/devices", "监控报警设备", "cameras and alarm devices", CUSTODY_READERS,
	 &SQL[Q_DEVICES], DEVICE_NAMES, COUNT(DEVICE_NAMES)},
};

static const char *const SETTINGS[] = {"custody.door_match_s"};

const struct module custody_watch_module = {
	.name = "custody_watch", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "保密室技防", .en = "technical watch of secrecy rooms",
};
