/* SPDX-License-Identifier: Apache-2.0 */
/* zone.c -- nothing goes out of a blocked zone, and nobody out of the waiting area (屏蔽、候考区).
 *
 * A photograph needs one uplink.  So one signal that nobody has registered (备案), seen in a site
 * whose jammers are on, is an alarm during a session; what an application's operator or the web
 * watch reports counts the same.  Between two sessions of a half day those who sit the second wait
 * together until it starts: who leaves could have heard.
 *
 * Emits  sitting.jammer_switched, sitting.signal_recorded, sitting.waiting_expected,
 *        sitting.waiting_counted, sitting.waiting_left
 * Owns   sitting_jammer, sitting_signal, sitting_waiting
 */
#include "domain/arrange/seat.h"
#include "domain/sitting/site.h"

#include "engine/alarm.h"

#define CITE_SIGNAL "教育部令第33号 Art.6(4)"
#define CITE_JAMMER CITE_ADMIN "技术防范"
#define CITE_WAITING CITE_PROGRAMME " 候考区"

enum {
	Q_JAM_SET, Q_JAM_ADD, Q_SIGNAL_ADD, Q_WAIT_SET, Q_WAIT_ADD, Q_LEAVE, Q_VIEW_JAM,
	Q_VIEW_SIGNALS, Q_VIEW_WAITING,
};
static const struct sql SQL[] = {
	[Q_JAM_SET] = {"UPDATE sitting_jammer SET working = ?, at_ms = ? WHERE session = ?"
	               " AND place = ?", 4},
	[Q_JAM_ADD] = {"INSERT INTO sitting_jammer(session, place, working, at_ms)"
	               " VALUES(?, ?, ?, ?)", 4},
	[Q_SIGNAL_ADD] = {"INSERT INTO sitting_signal(id, session, place, kind, known, at_ms)"
	                  " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_WAIT_SET] = {"UPDATE sitting_waiting SET counted = ? WHERE session = ? AND place = ?", 3},
	[Q_WAIT_ADD] = {"INSERT INTO sitting_waiting(session, place, counted, away)"
	                " SELECT ?, ?, 0, 0 WHERE NOT EXISTS(SELECT 1 FROM sitting_waiting"
	                " WHERE session = ? AND place = ?)", 4},
	[Q_LEAVE] = {"UPDATE sitting_waiting SET away = away + 1 WHERE session = ? AND place = ?", 2},
	[Q_VIEW_JAM] = {"SELECT session, place, working, at_ms FROM sitting_jammer"
	                " ORDER BY session, place", 0},
	[Q_VIEW_SIGNALS] = {"SELECT id, session, place, kind, known, at_ms FROM sitting_signal"
	                    " ORDER BY id", 0},
	[Q_VIEW_WAITING] = {"SELECT session, place, counted, away FROM sitting_waiting"
	                    " ORDER BY session, place", 0},
};

static const struct table TABLES[] = {
	{"sitting_jammer", "CREATE TABLE sitting_jammer(session {text} NOT NULL,"
	 " place {text} NOT NULL, working {int} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(session, place)){clustered}", "session, place"},
	{"sitting_signal", "CREATE TABLE sitting_signal(id {id} PRIMARY KEY, session {text} NOT NULL,"
	 " place {text} NOT NULL, kind {int} NOT NULL, known {int} NOT NULL, at_ms {int} NOT NULL)",
	 "id"},
	{"sitting_waiting", "CREATE TABLE sitting_waiting(session {text} NOT NULL,"
	 " place {text} NOT NULL, counted {int} NOT NULL, away {int} NOT NULL,"
	 " PRIMARY KEY(session, place)){clustered}", "session, place"},
};

/* Fields. */
#define SIGNALS(X) X(UPLINK, "uplink") X(BURST, "burst") X(VOICE, "voice") X(WIFI, "wifi") \
	X(BLUETOOTH, "bluetooth") X(APP_REPORT, "app_report") X(WEB_POST, "web_post")
#define LEAVINGS(X) X(TO_ROOM, "to_room") X(ESCORTED, "escorted") X(ILL, "ill") X(LEFT, "left")
#define X(id, text) text,
static const char *const SIGNAL[] = {SIGNALS(X)};
static const char *const LEAVING[] = {LEAVINGS(X)};
#undef X
static const struct word SIGNAL_WORDS[] = {
	{"上行信号", "uplink"}, {"突发信号", "burst"}, {"语音", "voice"}, {"无线网", "Wi-Fi"},
	{"蓝牙", "Bluetooth"}, {"平台通报", "app report"}, {"网帖", "web post"},
};
static const struct word LEAVING_WORDS[] = {
	{"前往考场", "to the room"}, {"有人陪同", "escorted"}, {"患病", "ill"}, {"自行离开", "left alone"},
};
#define X(id, text) LEAVING_##id,
enum leaving { LEAVINGS(X) LEAVING_MAX };
#undef X

struct jammer {
	struct str place, session;
	bool working;
};
static const struct field JAMMER[] = {
	FIELD(struct jammer, place, F_PLACE, "考点或考场", "site or room"),
	FIELD(struct jammer, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct jammer, working, F_BOOL, "屏蔽开启", "it is on"),
};

struct signal {
	struct str place, session;
	int kind;
	bool known;
};
static const struct field SEEN[] = {
	FIELD(struct signal, place, F_PLACE, "考点或考场", "site or room"),
	FIELD(struct signal, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct signal, kind, F_ENUM, "信号或线索", "signal or report", ENUM_OF(SIGNAL, SIGNAL_WORDS)),
	FIELD(struct signal, known, F_BOOL, "已备案", "registered"),
};

struct waiting {
	struct str place, session;
	int64_t count, absent, expected;
};
static const struct field EXPECTED[] = {
	FIELD(struct waiting, session, F_KEY, "后一科次", "second session", .ref = "session"),
	FIELD(struct waiting, expected, F_INT, "应到人数", "expected"),
};
static const struct field COUNTED[] = {
	FIELD(struct waiting, place, F_PLACE, "候考区", "waiting area"),
	FIELD(struct waiting, session, F_KEY, "后一科次", "second session", .ref = "session"),
	FIELD(struct waiting, count, F_INT, "在候考区人数", "candidates in it", .max = 100000),
	FIELD(struct waiting, absent, F_INT, "其中缺考人数", "of those expected, absent",
	      .max = 100000),
	FIELD(struct waiting, expected, F_INT, "应到人数", "expected"),
};

struct departure {
	struct str place, session, candidate;
	int reason;
};
static const struct field DEPARTURE[] = {
	FIELD(struct departure, place, F_PLACE, "候考区", "waiting area"),
	FIELD(struct departure, session, F_KEY, "后一科次", "second session", .ref = "session"),
	FIELD(struct departure, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct departure, reason, F_ENUM, "离开情形", "how", ENUM_OF(LEAVING, LEAVING_WORDS)),
};

/* Projection. */
static enum rc apply_jammer(struct op *op, const struct event *ev)
{
	const struct jammer *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_JAM_SET],
	              ARGS(sql_int(p->working), sql_int(ev->happened_ms), sql_text(p->session),
	                   sql_text(ev->place)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_JAM_ADD], ARGS(sql_text(p->session), sql_text(ev->place),
	                                          sql_int(p->working), sql_int(ev->happened_ms)));
}

static enum rc apply_signal(struct op *op, const struct event *ev)
{
	const struct signal *p = ev->data;

	return sql_exec(op, &SQL[Q_SIGNAL_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->session), sql_text(ev->place),
	                     sql_int(p->kind), sql_int(p->known), sql_int(ev->happened_ms)));
}

static enum rc area(struct op *op, const struct event *ev, struct str session)
{
	return sql_exec(op, &SQL[Q_WAIT_ADD], ARGS(sql_text(session), sql_text(ev->place),
	                                           sql_text(session), sql_text(ev->place)));
}

static enum rc apply_counted(struct op *op, const struct event *ev)
{
	const struct waiting *p = ev->data;

	TRY(area(op, ev, p->session));
	return sql_exec(op, &SQL[Q_WAIT_SET], ARGS(sql_int(p->count), sql_text(p->session),
	                                           sql_text(ev->place)));
}

static enum rc apply_left(struct op *op, const struct event *ev)
{
	const struct departure *p = ev->data;

	if (p->reason != LEAVING_LEFT && p->reason != LEAVING_ILL)
		return RC_OK;
	TRY(area(op, ev, p->session));
	return sql_exec(op, &SQL[Q_LEAVE], ARGS(sql_text(p->session), sql_text(ev->place)));
}

enum { EV_JAMMER, EV_SIGNAL, EV_EXPECTED, EV_COUNTED, EV_LEFT };
#define ROW(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = SITTING_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_JAMMER] = ROW("sitting.jammer_switched", JAMMER, struct jammer, apply_jammer,
	                  "屏蔽设备开关", "a jammer was switched"),
	[EV_SIGNAL] = ROW("sitting.signal_recorded", SEEN, struct signal, apply_signal,
	                  "发现无线信号或网上线索", "a signal was recorded"),
	[EV_EXPECTED] = EVENT("sitting.waiting_expected", EXPECTED, struct waiting, NULL,
	                      "候考区应到人数", "a waiting area is expected to fill",
	                      .visible_to = SITTING_READERS),
	[EV_COUNTED] = ROW("sitting.waiting_counted", COUNTED, struct waiting, apply_counted,
	                   "候考区清点", "a waiting area was counted"),
	[EV_LEFT] = ROW("sitting.waiting_left", DEPARTURE, struct departure, apply_left,
	                "考生离开候考区", "a candidate left the waiting area"),
};

/* Those on the area's list; without a list, as many as were planned. */
static enum rc waiting_list(struct op *op, struct str session, struct str place, int64_t *ret)
{
	struct room_plan plan = {0};
	struct seat *list;
	size_t n;
	bool known;

	TRY(arrange_room_waiting(op, session, place, &list, &n));
	*ret = (int64_t)n;
	if (n)
		return RC_OK;
	TRY(arrange_room(op, session, place, &plan, &known));
	*ret = plan.seats;
	return RC_OK;
}

/* Reaction: each waiting area in the plan of a session is expected to be counted. */
static enum rc expect_waiting(struct op *op, const struct event *ev)
{
	const struct armed *armed = ev->data;
	struct room_plan *rooms;
	size_t n;

	TRY(arrange_rooms(op, armed->session, ev->place, &rooms, &n));
	for (size_t i = 0; i < n; i++) {
		struct waiting w = {.session = armed->session};

		if (rooms[i].kind != ROOM_WAITING)
			continue;
		TRY(waiting_list(op, w.session, rooms[i].room, &w.expected));
		TRY(event_append_at(op, &EVENTS[EV_EXPECTED], rooms[i].room, &w, NULL));
	}
	return RC_OK;
}

static const struct reaction REACTIONS[] = {{"arrange.site_armed", expect_waiting}};

/* Rules. */

/* From the profile's minutes before the start to the place's own end. */
static enum rc in_session(struct op *op, const struct profile_session *s, struct str place,
                          bool *ret)
{
	int64_t before = profile_setting(op_profile(op), "sitting.signal_before_s", 0) * 1000;
	int64_t at = op_happened_ms(op), end;

	TRY(sitting_end_ms(op, s->id, place, &end));
	*ret = s->start_ms - before <= at && at <= end;
	return RC_OK;
}

static enum rc run_jammer(struct op *op, const void *in)
{
	const struct jammer *p = in;
	const struct profile_session *s;
	bool now;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_ROOM));
	TRY(event_append(op, &EVENTS[EV_JAMMER], p, NULL));
	TRY(in_session(op, s, p->place, &now));
	if (p->working || !now)
		return RC_OK;
	return alarm_raise(op, "sitting.jammer_off", session_subject(op->arena, p->session, p->place),
	                   p->place, NULL);
}

static enum rc run_signal(struct op *op, const void *in)
{
	const struct signal *p = in;
	const struct profile_session *s;
	bool now;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_ROOM));
	TRY(event_append(op, &EVENTS[EV_SIGNAL], p, NULL));
	TRY(in_session(op, s, p->place, &now));
	if (p->known || !now)
		return RC_OK;
	return alarm_raise(op, "sitting.signal", site_subject(op, p->session, p->place), p->place,
	                   NULL);
}

static enum rc run_count(struct op *op, const void *in)
{
	struct waiting p = *(const struct waiting *)in;
	const struct profile_session *s;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_ROOM, LEVEL_ROOM));
	TRY(waiting_list(op, p.session, p.place, &p.expected));
	TRY(event_append(op, &EVENTS[EV_COUNTED], &p, NULL));
	if (p.count + p.absent >= p.expected)
		return RC_OK;
	return alarm_raise(op, "sitting.waiting_short",
	                   session_subject(op->arena, p.session, p.place), p.place, NULL);
}

static enum rc run_leave(struct op *op, const void *in)
{
	const struct departure *p = in;
	const struct profile_session *s;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_ROOM, LEVEL_ROOM));
	TRY(event_append(op, &EVENTS[EV_LEFT], p, NULL));
	if (p->reason != LEAVING_LEFT || op_happened_ms(op) >= s->start_ms)
		return RC_OK;
	return alarm_raise(op, "sitting.left_waiting",
	                   session_subject(op->arena, p->session, p->place), p->place, NULL);
}

/* Module. */
static const struct allow WATCHERS[] = {
	{"technician", LEVEL_SITE}, {"video_invigilator", LEVEL_SITE},
	{"roving_invigilator", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY}, {"police", LEVEL_COUNTY},
	{"remote_inspector", LEVEL_CITY}, {"inspector", LEVEL_ANY},
};
static const struct command COMMANDS[] = {
	{"sitting.switch_jammer", FACT, FIELDS(JAMMER), sizeof(struct jammer), ALLOW(WATCHERS),
	 .run = run_jammer, .cites = CITE_JAMMER, .zh = "登记屏蔽设备开关",
	 .en = "record that a jammer was switched"},
	{"sitting.record_signal", FACT, FIELDS(SEEN), sizeof(struct signal), ALLOW(WATCHERS),
	 .run = run_signal, .cites = CITE_SIGNAL, .zh = "登记无线信号或网上线索",
	 .en = "record a signal"},
	{"sitting.count_waiting", FACT, COUNTED, COUNT(COUNTED) - 1, sizeof(struct waiting),
	 ALLOW(SITTING_OFFICE), .run = run_count, .cites = CITE_WAITING, .zh = "登记候考区清点",
	 .en = "record the count of a waiting area"},
	{"sitting.leave_waiting", FACT, FIELDS(DEPARTURE), sizeof(struct departure),
	 ALLOW(SITTING_OFFICE), .run = run_leave, .cites = CITE_WAITING, .zh = "登记离开候考区",
	 .en = "record that somebody left the waiting area"},
};

/* The site's jammers, switched on. */
static size_t jammers(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct jammer *p = ev->data;

	if (ev->type == &EVENTS[EV_JAMMER] && !p->working)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.jammers", "arrange.site_armed", "sitting.jammer_switched", NULL, jammers,
	 "sitting.jammers", "technician", .missing = "sitting.jammers_missing",
	 .cites = CITE_JAMMER, .zh = "开启无线屏蔽", .en = "jammers are switched on"},
	{"sitting.waiting", "sitting.waiting_expected", "sitting.waiting_counted", NULL,
	 session_subjects, "sitting.waiting", "site_clerk", .missing = "sitting.waiting_missing",
	 .cites = CITE_WAITING, .zh = "候考区清点", .en = "the waiting area is counted"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.signal", COLOUR_ORANGE, "site_chief", CITE_SIGNAL,
	 "流动监考员到该考场查看，无线电人员测向，民警到场；查获的两人暂扣并登记，保全录像",
	 "send a roving invigilator to the room, find the direction, police come; what is found is "
	 "taken by two, keep the recording", "考试期间屏蔽区内出现未备案信号或外传线索",
	 "an unregistered signal out of a blocked zone, or a report of it, during a session"},
	{"sitting.jammer_off", COLOUR_ORANGE, "site_chief", CITE_JAMMER,
	 "立即恢复屏蔽，期间由流动监考员和无线电监测加强巡查",
	 "switch it on again; until then patrol and listen more closely", "考试期间屏蔽关闭",
	 "a jammer is off during a session"},
	{"sitting.jammers_missing", COLOUR_YELLOW, "site_chief", CITE_JAMMER,
	 "派技术人员核实屏蔽是否开启并登记", "send the technician: are the jammers on? record it",
	 "屏蔽开启超时未报", "nobody has reported the jammers on"},
	{"sitting.waiting_short", COLOUR_RED, "site_chief", CITE_WAITING,
	 "立即逐人点名查找，封闭出口，查明是否与外界接触；后一科次单独安排，报县考务办",
	 "call the roll, close the exits, find out who was met; seat them apart, tell the county",
	 "候考区人数少于应到", "fewer in the waiting area than expected"},
	{"sitting.left_waiting", COLOUR_RED, "site_chief", CITE_WAITING,
	 "立即找回并由专人看护，查明是否与外界接触，后一科次单独安排，报县考务办",
	 "bring them back under watch, find out who was met, seat them apart, tell the county",
	 "考生在后一科次开考前离开候考区", "a candidate left the waiting area before the second start"},
	{"sitting.waiting_missing", COLOUR_ORANGE, "site_chief", CITE_WAITING,
	 "立即清点候考区人数并登记", "count the waiting area now and record it",
	 "候考区清点超时未报", "the count of a waiting area is overdue"},
};

static const struct column JAM_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("working", F_BOOL, "屏蔽开启", "on"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct column SIGNAL_COLUMNS[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN_WORDS("kind", SIGNAL, SIGNAL_WORDS, "信号", "signal"),
	COLUMN("known", F_BOOL, "已备案", "registered"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct column WAITING_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "候考区", "waiting area"),
	COLUMN("counted", F_INT, "清点人数", "counted"),
	COLUMN("away", F_INT, "离开人次", "left"),
};
static const struct view VIEWS[] = {
	{"sitting/jammers", "屏蔽设备", "jammers", SITTING_READERS, &SQL[Q_VIEW_JAM], JAM_COLUMNS,
	 COUNT(JAM_COLUMNS)},
	{"sitting/signals", "无线信号和线索", "signals", SITTING_READERS, &SQL[Q_VIEW_SIGNALS],
	 SIGNAL_COLUMNS, COUNT(SIGNAL_COLUMNS)},
	{"sitting/waiting", "候考区", "waiting areas", SITTING_READERS, &SQL[Q_VIEW_WAITING],
	 WAITING_COLUMNS, COUNT(WAITING_COLUMNS)},
};

static const char *const SETTINGS[] = {"sitting.signal_before_s"};

const struct module sitting_zone_module = {
	.name = "sitting_zone", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "屏蔽与候考区", .en = "zones of a site",
};
