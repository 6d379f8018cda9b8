/* SPDX-License-Identifier: Apache-2.0 */
/* trip.c -- a trip on its way: departure, points, arrival, a change of vehicle.
 *
 * Positions come from a one-way feed or by telephone and are as little as serves: metres off the
 * route, seconds of standing, the seal.  A job notices who has not left, not arrived, or not been
 * heard of; each is said once, and silence ends when something is heard again.
 *
 * Owns   custody_trip_point
 * Emits  custody.trip_departed, custody.trip_seen, custody.trip_arrived, custody.vehicle_swapped,
 *        custody.trip_overdue, custody.trip_silent, custody.trip_heard
 */
#include "domain/custody/seal.h"
#include "domain/custody/transport.h"

#include "engine/alarm.h"
#include "engine/run.h"

enum {
	Q_DEPART, Q_SEEN, Q_ARRIVE, Q_SWAP, Q_SILENT, Q_LATE, Q_NEXT, Q_BOXES, Q_BAGS, Q_BOX_MOVE,
	Q_BAG_MOVE, Q_POINT, Q_POINTS
};
/* What is waited for: 0 departure, 1 arrival, 2 a sign of life. */
static const struct sql SQL[] = {
	[Q_DEPART] = {"UPDATE custody_trip SET state = 1, vehicle = ?, seal = ?, left_ms = ?,"
	              " seen_ms = ?, silent = 0 WHERE trip = ?", 5},
	[Q_SEEN] = {"UPDATE custody_trip SET seen_ms = ?, silent = 0 WHERE trip = ?"
	            " AND seen_ms <= ?", 3},
	[Q_ARRIVE] = {"UPDATE custody_trip SET state = 2, arrived_ms = ?, silent = 0"
	              " WHERE trip = ?", 2},
	[Q_SWAP] = {"UPDATE custody_trip SET vehicle = ?, seal = ? WHERE trip = ?", 3},
	[Q_SILENT] = {"UPDATE custody_trip SET silent = 1 WHERE trip = ?", 1},
	[Q_LATE] = {"UPDATE custody_trip SET late = ? WHERE trip = ?", 2},
	[Q_NEXT] = {"SELECT due, trip, place, what, seen FROM ("
	            "SELECT leaves_by AS due, trip, place, 0 AS what, 0 AS seen FROM custody_trip"
	            " WHERE state = 0 AND late = 0"
	            " UNION ALL SELECT arrives_by, trip, place, 1, 0 FROM custody_trip"
	            " WHERE state = 1 AND late < 2"
	            " UNION ALL SELECT seen_ms + silence_ms, trip, place, 2, seen_ms FROM custody_trip"
	            " WHERE state = 1 AND silent = 0 AND silence_ms > 0) w"
	            " ORDER BY due, trip, what LIMIT 1", 0},
	[Q_BOXES] = {"SELECT code FROM custody_box WHERE holder = ? ORDER BY code", 1},
	[Q_BAGS] = {"SELECT code FROM custody_bag WHERE holder = ? ORDER BY code", 1},
	[Q_BOX_MOVE] = {"UPDATE custody_box SET holder = ? WHERE code = ?", 2},
	[Q_BAG_MOVE] = {"UPDATE custody_bag SET holder = ? WHERE code = ?", 2},
	[Q_POINT] = {"INSERT INTO custody_trip_point(entry, trip, place, at_ms, kind, point,"
	             " off_route_m, stopped_s) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_POINTS] = {"SELECT p.trip, COALESCE(t.place, p.place), p.at_ms, p.kind, p.point,"
	              " p.off_route_m, p.stopped_s, p.entry FROM custody_trip_point p"
	              " LEFT JOIN custody_trip t ON t.trip = p.trip ORDER BY p.trip, p.at_ms, p.entry",
	              0},
};

static const struct table TABLES[] = {
	{"custody_trip_point", "CREATE TABLE custody_trip_point(entry {int} NOT NULL,"
	 " trip {text} NOT NULL, place {text} NOT NULL, at_ms {int} NOT NULL, kind {int} NOT NULL,"
	 " point {text} NOT NULL, off_route_m {int} NOT NULL, stopped_s {int} NOT NULL,"
	 " PRIMARY KEY(entry)){clustered};"
	 "CREATE INDEX custody_trip_point_trip ON custody_trip_point(trip, at_ms)", "entry"},
};

/* Fields. */
struct leg {
	struct str place, trip, vehicle, seal;
};
static const struct field LEG[] = {
	FIELD(struct leg, place, F_PLACE, "地点", "place"),
	FIELD(struct leg, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	FIELD(struct leg, vehicle, F_CODE, "车辆编号", "vehicle", .ref = "vehicle",
	      .secrecy = SECRECY_WORK),
	FIELD(struct leg, seal, F_CODE, "车厢封签号", "seal of the vehicle"),
};

struct point {
	struct str place, trip, point;
	int64_t off_route_m, stopped_s;
	bool seal_ok;
};
static const struct field POINT[] = {
	FIELD(struct point, place, F_PLACE, "接报地点", "place that hears it"),
	FIELD(struct point, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	FIELD(struct point, point, F_CODE, "途经点代号", "label of the point", .optional = true,
	      .secrecy = SECRECY_WORK),
	FIELD(struct point, off_route_m, F_INT, "偏离路线(米)", "metres off the route",
	      .max = 1000000),
	FIELD(struct point, stopped_s, F_INT, "停车(秒)", "seconds of standing", .max = 86400),
	FIELD(struct point, seal_ok, F_BOOL, "封签完好", "seal is whole"),
};

#define REASONS(X) X(ACCIDENT, "accident") X(BREAKDOWN, "breakdown") X(WEATHER, "weather")
#define X(id, text) REASON_##id,
enum swap_reason { REASONS(X) REASON_MAX };
#undef X
#define X(id, text) text,
static const char *const REASON[] = {REASONS(X)};
#undef X
static const struct word REASON_WORDS[] = {
	{"交通事故", "accident"}, {"车辆故障", "breakdown"}, {"恶劣天气", "weather"},
};

struct swap {
	struct str place, trip, vehicle, seal;
	int reason;
	bool seals_ok, spilled;
	struct list exposed;
	struct str from; /* the vehicle that it was in, and the account: events only */
	struct list lines;
};
static const struct field SWAP[] = {
	FIELD(struct swap, place, F_PLACE, "地点", "place"),
	FIELD(struct swap, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	FIELD(struct swap, vehicle, F_CODE, "换乘车辆编号", "vehicle it is now in", .ref = "vehicle",
	      .secrecy = SECRECY_WORK),
	FIELD(struct swap, seal, F_CODE, "新车厢封签号", "seal of that vehicle"),
	FIELD(struct swap, reason, F_ENUM, "原因", "reason", ENUM_OF(REASON, REASON_WORDS)),
	FIELD(struct swap, seals_ok, F_BOOL, "箱袋封条逐一核对完好", "seals of boxes and bags checked, whole"),
	FIELD(struct swap, spilled, F_BOOL, "试卷散落", "papers were spilled"),
	NAMED_FIELD(struct swap, exposed, "接触到内容的人员", "people who saw what is inside",
	            .optional = true),
	FIELD(struct swap, from, F_SUBJECT, "原车辆", "vehicle it was in", .optional = true),
	LINES_FIELD(struct swap),
};
enum { SWAP_IN = COUNT(SWAP) - 2 };

#define LEGS(X) X(DEPARTURE, "departure") X(ARRIVAL, "arrival")
#define X(id, text) LEG_##id,
enum trip_leg { LEGS(X) LEG_MAX };
#undef X
#define X(id, text) text,
static const char *const WHICH[] = {LEGS(X)};
#undef X
static const struct word LEG_WORDS[] = {
	{"出发", "departure"}, {"到达", "arrival"},
};

struct overdue {
	struct str place, trip;
	int leg;
	int64_t last_ms;
};
static const struct field OVERDUE[] = {
	FIELD(struct overdue, place, F_PLACE, "地点", "place"),
	FIELD(struct overdue, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	FIELD(struct overdue, leg, F_ENUM, "环节", "leg", ENUM_OF(WHICH, LEG_WORDS)),
};
static const struct field HEARD[] = {
	FIELD(struct overdue, place, F_PLACE, "地点", "place"),
	FIELD(struct overdue, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	MOMENT(struct overdue, "last", last_ms, "此前最后一次消息", "last heard of before"),
};

/* Projection. */
enum point_kind { AT_LEFT, AT_SEEN, AT_SWAP, AT_END, AT_OVERDUE, AT_SILENT };

static enum rc note_point(struct op *op, const struct event *ev, struct str trip,
                          enum point_kind kind, const struct point *at)
{
	return sql_exec(op, &SQL[Q_POINT],
	                ARGS(sql_int(ev->index), sql_text(trip), sql_text(ev->place),
	                     sql_int(ev->happened_ms), sql_int((int64_t)kind),
	                     sql_text(at && at->point.s ? at->point : STR("")),
	                     sql_int(at ? at->off_route_m : 0), sql_int(at ? at->stopped_s : 0)));
}

static enum rc apply_departed(struct op *op, const struct event *ev)
{
	const struct leg *p = ev->data;

	TRY(note_point(op, ev, p->trip, AT_LEFT, NULL));
	run_due_at(op, ev->happened_ms); /* how soon, the row says */
	return sql_exec(op, &SQL[Q_DEPART],
	                ARGS(sql_text(p->vehicle), sql_text(p->seal), sql_int(ev->happened_ms),
	                     sql_int(ev->happened_ms), sql_text(p->trip)));
}

static enum rc apply_seen(struct op *op, const struct event *ev)
{
	const struct point *p = ev->data;

	TRY(note_point(op, ev, p->trip, AT_SEEN, p));
	run_due_at(op, ev->happened_ms);
	return sql_exec(op, &SQL[Q_SEEN], ARGS(sql_int(ev->happened_ms), sql_text(p->trip),
	                                       sql_int(ev->happened_ms)));
}

static enum rc apply_arrived(struct op *op, const struct event *ev)
{
	const struct leg *p = ev->data;

	TRY(note_point(op, ev, p->trip, AT_END, NULL));
	return sql_exec(op, &SQL[Q_ARRIVE], ARGS(sql_int(ev->happened_ms), sql_text(p->trip)));
}

static enum rc codes_of(struct op *op, int q, struct str holder, struct str **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str *list = NULL;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(holder)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = rows_dup(op->arena, &r, 0);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Everything that the old vehicle holds is now the new one's. */
static enum rc apply_swapped(struct op *op, const struct event *ev)
{
	const struct swap *p = ev->data;
	struct str *code;
	size_t n, i;

	TRY(note_point(op, ev, p->trip, AT_SWAP, NULL));
	TRY(sql_exec(op, &SQL[Q_SWAP],
	             ARGS(sql_text(p->vehicle), sql_text(p->seal), sql_text(p->trip))));
	for (int q = Q_BOXES; q <= Q_BAGS; q++) {
		TRY(codes_of(op, q, p->from, &code, &n));
		for (i = 0; i < n; i++) {
			TRY(sql_exec(op, &SQL[q == Q_BOXES ? Q_BOX_MOVE : Q_BAG_MOVE],
			             ARGS(sql_text(p->vehicle), sql_text(code[i]))));
			TRY(trace_add(op, ev, code[i], p->vehicle));
		}
	}
	return RC_OK;
}

static enum rc apply_overdue(struct op *op, const struct event *ev)
{
	const struct overdue *p = ev->data;

	TRY(note_point(op, ev, p->trip, AT_OVERDUE, NULL));
	return sql_exec(op, &SQL[Q_LATE], ARGS(sql_int(p->leg + 1), sql_text(p->trip)));
}

static enum rc apply_silent(struct op *op, const struct event *ev)
{
	const struct overdue *p = ev->data;

	TRY(note_point(op, ev, p->trip, AT_SILENT, NULL));
	return sql_exec(op, &SQL[Q_SILENT], ARGS(sql_text(p->trip)));
}

enum { EV_DEPARTED, EV_SEEN, EV_ARRIVED, EV_SWAPPED, EV_OVERDUE, EV_SILENT, EV_HEARD };
static const struct event_type EVENTS[] = {
	[EV_DEPARTED] = ROOM_EVENT("custody.trip_departed", LEG, struct leg, apply_departed,
	                           "出发", "a trip left"),
	[EV_SEEN] = ROOM_EVENT("custody.trip_seen", POINT, struct point, apply_seen,
	                       "途中位置", "a trip was heard of on its way"),
	[EV_ARRIVED] = ROOM_EVENT("custody.trip_arrived", LEG, struct leg, apply_arrived,
	                          "到达", "a trip arrived"),
	[EV_SWAPPED] = ROOM_EVENT("custody.vehicle_swapped", SWAP, struct swap, apply_swapped,
	                          "途中换车", "a trip went on in another vehicle", POSTINGS(LINES)),
	[EV_OVERDUE] = ROOM_EVENT("custody.trip_overdue", OVERDUE, struct overdue, apply_overdue,
	                          "运次逾时", "a trip is overdue"),
	[EV_SILENT] = ROOM_EVENT("custody.trip_silent", HEARD, struct overdue, apply_silent,
	                         "运次失联", "a trip has fallen silent"),
	[EV_HEARD] = ROOM_EVENT("custody.trip_heard", HEARD, struct overdue, NULL,
	                        "运次恢复联系", "a silent trip was heard of again"),
};

/* Rules. */
static enum rc unplanned(struct op *op, struct str trip, struct str place)
{
	return alarm_raise(op, "custody.unplanned_trip", trip, place, NULL);
}

static enum rc run_depart(struct op *op, const void *in)
{
	const struct leg *p = in;
	struct trip t;
	bool known;

	TRY(trip_find(op, p->trip, &t, &known));
	TRY(event_append(op, &EVENTS[EV_DEPARTED], p, NULL));
	if (!known || t.state == TRIP_CANCELLED)
		return unplanned(op, p->trip, p->place);
	if (!t.crew_ms)
		TRY(alarm_raise(op, "custody.crew_short", p->trip, p->place, NULL));
	if (!str_eq(p->vehicle, t.vehicle) && !str_eq(p->vehicle, t.spare))
		TRY(alarm_raise(op, "custody.wrong_vehicle", p->vehicle, p->place, NULL));
	return op_happened_ms(op) < t.leaves_from_ms
	               ? alarm_raise(op, "custody.trip_off_time", p->trip, p->place, NULL)
	               : RC_OK;
}

static enum rc run_point(struct op *op, const void *in)
{
	const struct point *p = in;
	const struct profile *profile = op_profile(op);
	struct overdue heard = {.trip = p->trip};
	struct trip t;
	bool known;

	TRY(trip_find(op, p->trip, &t, &known));
	TRY(event_append(op, &EVENTS[EV_SEEN], p, NULL));
	if (!known)
		return unplanned(op, p->trip, p->place);
	heard.last_ms = t.seen_ms;
	if (t.silent && op_happened_ms(op) >= t.seen_ms)
		TRY(event_append(op, &EVENTS[EV_HEARD], &heard, NULL));
	if (p->off_route_m > profile_setting(profile, "custody.off_route_m", PROFILE_NO_LIMIT))
		TRY(alarm_raise(op, "custody.off_route", p->trip, p->place, NULL));
	if (p->stopped_s > profile_setting(profile, "custody.long_stop_s", PROFILE_NO_LIMIT))
		TRY(alarm_raise(op, "custody.long_stop", p->trip, p->place, NULL));
	return p->seal_ok ? RC_OK : alarm_raise(op, "custody.trip_seal", p->trip, p->place, NULL);
}

static enum rc run_arrive(struct op *op, const void *in)
{
	const struct leg *p = in;
	struct trip t;
	bool known;

	TRY(trip_find(op, p->trip, &t, &known));
	TRY(event_append(op, &EVENTS[EV_ARRIVED], p, NULL));
	if (!known)
		return unplanned(op, p->trip, p->place);
	if (!str_eq(p->vehicle, t.vehicle))
		TRY(alarm_raise(op, "custody.wrong_vehicle", p->vehicle, p->place, NULL));
	if (!str_eq(p->seal, t.seal))
		TRY(alarm_raise(op, "custody.trip_seal", p->trip, p->place, NULL));
	return op_happened_ms(op) < t.arrives_from_ms
	               ? alarm_raise(op, "custody.trip_off_time", p->trip, p->place, NULL)
	               : RC_OK;
}

/* What the old vehicle's account holds goes over to the new one's. */
static enum rc load_lines(struct op *op, struct swap *p)
{
	struct lines lines = {.arena = op->arena};
	struct str *code;
	struct bag bag;
	size_t n, i;
	bool known;

	TRY(codes_of(op, Q_BAGS, p->from, &code, &n));
	for (i = 0; i < n; i++) {
		TRY(bag_find(op, code[i], &bag, &known));
		if (bag_held(&bag) > 0)
			lines_add(&lines, bag.asset, p->from, p->vehicle, bag_held(&bag));
	}
	p->lines = lines.list;
	return RC_OK;
}

/* The load first: it is moved under two and the police, and then the questions are asked. */
static enum rc run_swap(struct op *op, const void *in)
{
	struct swap p = *(const struct swap *)in;
	struct trip t = {0};
	bool known;

	TRY(trip_find(op, p.trip, &t, &known));
	p.from = t.vehicle;
	if (known && !str_eq(t.vehicle, p.vehicle))
		TRY(load_lines(op, &p));
	else
		p.from = STR("");
	TRY(event_append(op, &EVENTS[EV_SWAPPED], &p, NULL));
	if (!known)
		return unplanned(op, p.trip, p.place);
	TRY(alarm_raise(op, "custody.trip_accident", p.trip, p.place, NULL));
	if (!str_eq(p.vehicle, t.spare))
		TRY(alarm_raise(op, "custody.wrong_vehicle", p.vehicle, p.place, NULL));
	if (!p.seals_ok)
		TRY(alarm_raise(op, "custody.trip_seal", p.trip, p.place, NULL));
	return p.spilled ? content_seen(op, p.place, p.trip, p.exposed) : RC_OK;
}

/* Job. */
struct waiting {
	int64_t due_ms, what, seen_ms;
	struct str trip, place;
	bool any;
};

static enum rc read_next(struct op *op, struct waiting *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
	*ret = (struct waiting){.any = rows_next(&r)};
	if (!ret->any)
		return RC_OK;
	ret->due_ms = rows_int(&r, 0) + 1; /* the last moment is still in time */
	ret->trip = rows_dup(op->arena, &r, 1);
	ret->place = rows_dup(op->arena, &r, 2);
	ret->what = rows_int(&r, 3);
	ret->seen_ms = rows_int(&r, 4);
	return RC_OK;
}

static enum rc trips_next(struct op *op, int64_t *ret_due_ms)
{
	struct waiting w;

	TRY(read_next(op, &w));
	if (w.any)
		*ret_due_ms = w.due_ms;
	return RC_OK;
}

static enum rc trips_run(struct op *op)
{
	struct waiting w;
	struct overdue x;

	TRY(read_next(op, &w));
	if (!w.any)
		return RC_OK;
	x = (struct overdue){.trip = w.trip, .leg = w.what == 0 ? LEG_DEPARTURE : LEG_ARRIVAL,
	                     .last_ms = w.seen_ms};
	if (w.what < 2) {
		TRY(event_append_at(op, &EVENTS[EV_OVERDUE], w.place, &x, NULL));
		return alarm_raise(op, "custody.trip_late", w.trip, w.place, NULL);
	}
	TRY(event_append_at(op, &EVENTS[EV_SILENT], w.place, &x, NULL));
	return alarm_raise(op, "custody.trip_lost", w.trip, w.place, NULL);
}

static const struct job JOBS[] = {
	{"custody.trips", trips_next, trips_run, "运次逾时和失联", "trips overdue or silent"},
};

/* Module. */
static const struct allow ON_THE_WAY[] = {
	{"courier", LEVEL_ANY}, {"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"city_office", LEVEL_CITY}, {"duty_officer", LEVEL_ANY}, {"city_duty", LEVEL_ANY},
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const char *const ESCORTS[] = {"courier", "store_keeper", "secrecy_guard", NULL};
static const struct slot ON_BOARD[] = {
	{"escort", 2, ESCORTS, "police", false, "押运员", "escorts"},
	{"police", 1, POLICE_ONLY, NULL, false, "押运民警", "police on board"},
};
static const struct command COMMANDS[] = {
	{"custody.depart", FACT, FIELDS(LEG), sizeof(struct leg), SLOTS(ON_BOARD),
	 ALLOW(ON_THE_WAY), .run = run_depart, .cites = CITE_LOADING,
	 .zh = "登记出发", .en = "record a departure"},
	{"custody.report_point", FACT, FIELDS(POINT), sizeof(struct point), ALLOW(ON_THE_WAY),
	 .run = run_point, .cites = CITE_TRACK,
	 .zh = "登记途中位置", .en = "record a point on the way"},
	{"custody.arrive", FACT, FIELDS(LEG), sizeof(struct leg), SLOTS(ON_BOARD),
	 ALLOW(ON_THE_WAY), .run = run_arrive, .cites = CITE_TRACK,
	 .zh = "登记到达", .en = "record an arrival"},
	{"custody.swap_vehicle", FACT, SWAP, SWAP_IN, sizeof(struct swap), SLOTS(ON_BOARD),
	 ALLOW(ON_THE_WAY), .run = run_swap, .cites = CITE_ACCIDENT,
	 .zh = "登记途中换车", .en = "record a change of vehicle"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.trip_late", COLOUR_ORANGE, "county_office", CITE_TRACK,
	 "电话联系押运员和民警，查明位置和原因，通知收发双方，必要时派备用车",
	 "call escort and police: where and why? tell both ends; send the spare vehicle if needed",
	 "运次未按时出发或到达", "a trip has not left or arrived in time"},
	{"custody.trip_lost", COLOUR_RED, "county_office", CITE_TRACK,
	 "立即电话联系押运员和随车民警；联系不上即请公安沿线查找，通知收发双方",
	 "call escort and police now; no answer: the police search the route; tell both ends",
	 "运次失联", "a trip has fallen silent"},
	{"custody.trip_off_time", COLOUR_YELLOW, "county_office", CITE_ROUTE,
	 "核实提前的原因，确认接收方已到位", "find out why it is early; is the receiver ready?",
	 "运次早于批准时段", "a trip is earlier than approved"},
	{"custody.off_route", COLOUR_RED, "county_office", CITE_TRACK,
	 "电话核实改道原因；未经批准的立即返回原路线，通知收发双方",
	 "call: why another way? without approval it goes back to its route; tell both ends",
	 "运次偏离批准路线", "a trip is off its approved route"},
	{"custody.long_stop", COLOUR_ORANGE, "county_office", CITE_ROUTE,
	 "电话核实停车地点和原因，两人不离车；故障按换车处置",
	 "call: where and why? two stay with the load; broken down: the spare vehicle",
	 "运次途中停车过久", "a trip stands still too long"},
	{"custody.trip_seal", COLOUR_RED, "county_leader", CITE_LOADING,
	 "原地看护，民警在场逐箱核对封条，报告收发双方，不得自行补封",
	 "guard it where it is, check every seal with the police, tell both ends, mend nothing",
	 "车厢或试卷箱封签异常", "a seal of the vehicle or load is not as it was"},
	{"custody.wrong_vehicle", COLOUR_RED, "county_leader", CITE_TRACK,
	 "停止交接，核实车辆、人员和批准手续，逐箱核对封条",
	 "stop the hand-over; verify vehicle, people and approval; check every seal",
	 "交接车辆不是批准的车辆", "the vehicle is not the approved one"},
	{"custody.trip_accident", COLOUR_ORANGE, "county_leader", CITE_ACCIDENT,
	 "先护试卷后处置事故；报告收发双方，接收时逐箱复核",
	 "the papers first; tell both ends; check every box again at the arrival",
	 "运送途中换车", "the load went on in another vehicle"},
};

static const struct word POINT_WORDS[] = {
	{"出发", "left"}, {"途中位置", "seen"}, {"途中换车", "changed vehicles"}, {"到达", "arrived"},
	{"逾时", "overdue"}, {"失联", "fell silent"},
};
static const struct column POINT_COLUMNS[] = {
	COLUMN("trip", F_CODE, "运次", "trip"),
	COLUMN("place", F_PLACE, "考区", "area"),
	COLUMN("at_ms", F_TIME, "时间", "time"),
	COLUMN_STATES("kind", POINT_WORDS, "消息", "what was told"),
	COLUMN("point", F_CODE, "途经点", "point"),
	COLUMN("off_route_m", F_INT, "偏离路线(米)", "metres off the route"),
	COLUMN("stopped_s", F_INT, "停车(秒)", "seconds of standing"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"custody/trip_points", "运次经过", "what was heard of trips", CUSTODY_WATCHERS,
	 &SQL[Q_POINTS], POINT_COLUMNS, COUNT(POINT_COLUMNS)},
};

static const char *const SETTINGS[] = {"custody.long_stop_s", "custody.off_route_m"};

const struct module custody_trip_module = {
	.name = "custody_trip", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), TABLE_OF(views, VIEWS),
	.sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(jobs, JOBS), .zh = "运次途中", .en = "trips on their way",
	TABLE_OF(settings, SETTINGS),
};
