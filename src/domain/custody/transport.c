/* SPDX-License-Identifier: Apache-2.0 */
/* transport.c -- trips as approved, their crews, other ways; see transport.h. */
#include "domain/custody/transport.h"

#include "domain/people/people.h"
#include "engine/alarm.h"
#include "engine/run.h"

enum { Q_TRIP, Q_ADD, Q_CANCEL, Q_REROUTE, Q_CREW, Q_DUE, Q_TO, Q_APPROVES, Q_TRIPS };
static const struct sql SQL[] = {
	[Q_TRIP] = {"SELECT place, vehicle, spare, from_holder, to_holder, seal, leaves_from,"
	            " leaves_by, arrives_from, arrives_by, vehicles, crew_ms, seen_ms, state, silent"
	            " FROM custody_trip WHERE trip = ?", 1},
	[Q_ADD] = {"INSERT INTO custody_trip(trip, place, vehicle, spare, from_holder,"
	           " to_holder, route, leaves_from, leaves_by, arrives_from, arrives_by, vehicles,"
	           " silence_ms, seal, crew_ms, left_ms, seen_ms, arrived_ms, state, silent, late)"
	           " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', 0, 0, 0, 0, 0, 0, 0)", 13},
	[Q_CANCEL] = {"UPDATE custody_trip SET state = 3 WHERE trip = ?", 1},
	[Q_REROUTE] = {"UPDATE custody_trip SET route = ?, arrives_by = ? WHERE trip = ?", 3},
	[Q_CREW] = {"UPDATE custody_trip SET crew_ms = ? WHERE trip = ?", 2},
	[Q_DUE] = {"SELECT COUNT(*) FROM custody_trip WHERE to_holder = ? AND state <> 3"
	           " AND ((arrives_from <= ? AND arrives_by >= ?)"
	           " OR (arrived_ms <= ? AND arrived_ms >= ?))", 5},
	[Q_TO] = {"SELECT COUNT(*) FROM custody_trip WHERE to_holder = ? AND state <> 3", 1},
	[Q_APPROVES] = {"SELECT COUNT(*), COUNT(CASE WHEN vehicle = ? THEN 1 END) FROM custody_trip"
	                " WHERE (from_holder = ? OR to_holder = ?) AND state <> 3"
	                " AND leaves_from <= ? AND (state = 1 OR arrives_by >= ?)", 5},
	[Q_TRIPS] = {"SELECT trip, place, vehicle, from_holder, to_holder, leaves_by,"
	             " arrives_by, state, left_ms, seen_ms, arrived_ms, silent, late, route, spare,"
	             " seal, crew_ms FROM custody_trip ORDER BY trip", 0},
};

static const struct table TABLES[] = {
	{"custody_trip", "CREATE TABLE custody_trip(trip {text} NOT NULL, place {text} NOT NULL,"
	 " vehicle {text} NOT NULL, spare {text} NOT NULL, from_holder {text} NOT NULL,"
	 " to_holder {text} NOT NULL, route {text} NOT NULL, leaves_from {int} NOT NULL,"
	 " leaves_by {int} NOT NULL, arrives_from {int} NOT NULL, arrives_by {int} NOT NULL,"
	 " vehicles {int} NOT NULL, silence_ms {int} NOT NULL, seal {text} NOT NULL,"
	 " crew_ms {int} NOT NULL, left_ms {int} NOT NULL, seen_ms {int} NOT NULL,"
	 " arrived_ms {int} NOT NULL, state {int} NOT NULL, silent {int} NOT NULL,"
	 " late {int} NOT NULL, PRIMARY KEY(trip)){clustered};"
	 "CREATE INDEX custody_trip_leaves ON custody_trip(leaves_by) WHERE state = 0 AND late = 0;"
	 "CREATE INDEX custody_trip_way ON custody_trip(arrives_by) WHERE state = 1", "trip"},
};

/* Fields. */
struct plan {
	struct str place, trip, vehicle, spare, from, to, route;
	int64_t leaves_from_ms, leaves_by_ms, arrives_from_ms, arrives_by_ms, vehicles;
	int64_t silence_s; /* the profile's, when it was approved: events only */
};
static const struct field PLAN[] = {
	FIELD(struct plan, place, F_PLACE, "批准单位所在地", "place that approves it"),
	FIELD(struct plan, trip, F_CODE, "运次编号", "trip"),
	FIELD(struct plan, vehicle, F_CODE, "车辆编号", "vehicle", .ref = "vehicle",
	      .secrecy = SECRECY_WORK),
	FIELD(struct plan, spare, F_CODE, "备用车辆编号", "spare vehicle", .ref = "vehicle",
	      .secrecy = SECRECY_WORK),
	FIELD(struct plan, from, F_SUBJECT, "起运方", "from", .ref = "holder",
	      .secrecy = SECRECY_WORK),
	FIELD(struct plan, to, F_SUBJECT, "接收方", "to", .ref = "holder", .secrecy = SECRECY_WORK),
	FIELD(struct plan, route, F_CODE, "路线代号", "label of the route", .secrecy = SECRECY_WORK),
	MOMENT(struct plan, "leaves_from", leaves_from_ms, "最早出发", "leaves from",
	       .secrecy = SECRECY_WORK),
	MOMENT(struct plan, "leaves_by", leaves_by_ms, "最晚出发", "leaves by",
	       .secrecy = SECRECY_WORK),
	MOMENT(struct plan, "arrives_from", arrives_from_ms, "最早到达", "arrives from",
	       .secrecy = SECRECY_WORK),
	MOMENT(struct plan, "arrives_by", arrives_by_ms, "最晚到达", "arrives by",
	       .secrecy = SECRECY_WORK),
	FIELD(struct plan, vehicles, F_INT, "同行车辆数", "vehicles in the convoy", .min = 1,
	      .max = 50),
	FIELD(struct plan, silence_s, F_INT, "失联时限(秒)", "seconds of silence allowed"),
};
enum { PLAN_IN = COUNT(PLAN) - 1 };

struct trip_only {
	struct str place, trip;
};
static const struct field TRIP_ONLY[] = {
	FIELD(struct trip_only, place, F_PLACE, "批准单位所在地", "place that approves it"),
	FIELD(struct trip_only, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
};

#define CAUSES(X) X(WEATHER, "weather") X(FLOOD, "flood") X(TRAFFIC, "traffic") \
	X(ACCIDENT, "accident") X(OTHER, "other")
#define X(id, text) CAUSE_##id,
enum reroute_cause { CAUSES(X) CAUSE_MAX };
#undef X
#define X(id, text) text,
static const char *const CAUSE[] = {CAUSES(X)};
#undef X
static const struct word CAUSE_WORDS[] = {
	{"恶劣天气", "weather"}, {"洪涝", "flood"}, {"道路不通", "traffic"}, {"交通事故", "accident"},
	{"其他", "other"},
};

struct reroute {
	struct str place, trip, route;
	int64_t arrives_by_ms;
	int cause;
};
static const struct field REROUTE[] = {
	FIELD(struct reroute, place, F_PLACE, "批准单位所在地", "place that approves it"),
	FIELD(struct reroute, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	FIELD(struct reroute, route, F_CODE, "新路线代号", "label of the new route",
	      .secrecy = SECRECY_WORK),
	MOMENT(struct reroute, "arrives_by", arrives_by_ms, "最晚到达", "arrives by",
	       .secrecy = SECRECY_WORK),
	FIELD(struct reroute, cause, F_ENUM, "原因", "cause", ENUM_OF(CAUSE, CAUSE_WORDS)),
};

struct crew {
	struct str place, trip;
	struct list escorts, police;
	int64_t phones;
	bool vehicle_ok;
};
static const struct field CREW[] = {
	FIELD(struct crew, place, F_PLACE, "检查地点", "place"),
	FIELD(struct crew, trip, F_CODE, "运次编号", "trip", .ref = "trip"),
	NAMED_FIELD(struct crew, escorts, "押运人员", "escorts", .optional = true),
	NAMED_FIELD(struct crew, police, "押运民警", "police on board", .optional = true),
	FIELD(struct crew, phones, F_INT, "未上交的通信工具", "phones that were not handed in",
	      .max = 100),
	FIELD(struct crew, vehicle_ok, F_BOOL, "车况、车厢、三锁合格", "vehicle, body and locks are in order"),
};

/* Projection. */
static enum rc apply_planned(struct op *op, const struct event *ev)
{
	const struct plan *p = ev->data;

	run_due_at(op, p->leaves_by_ms + 1);
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(p->trip), sql_text(ev->place), sql_text(p->vehicle),
	                     sql_text(p->spare), sql_text(p->from), sql_text(p->to),
	                     sql_text(p->route), sql_int(p->leaves_from_ms), sql_int(p->leaves_by_ms),
	                     sql_int(p->arrives_from_ms), sql_int(p->arrives_by_ms),
	                     sql_int(p->vehicles), sql_int(1000 * p->silence_s)));
}

static enum rc apply_cancelled(struct op *op, const struct event *ev)
{
	const struct trip_only *p = ev->data;

	return sql_exec(op, &SQL[Q_CANCEL], ARGS(sql_text(p->trip)));
}

static enum rc apply_rerouted(struct op *op, const struct event *ev)
{
	const struct reroute *p = ev->data;

	run_due_at(op, p->arrives_by_ms + 1);
	return sql_exec(op, &SQL[Q_REROUTE],
	                ARGS(sql_text(p->route), sql_int(p->arrives_by_ms), sql_text(p->trip)));
}

static enum rc apply_crew(struct op *op, const struct event *ev)
{
	const struct crew *p = ev->data;

	return sql_exec(op, &SQL[Q_CREW], ARGS(sql_int(ev->happened_ms), sql_text(p->trip)));
}

enum { EV_PLANNED, EV_CANCELLED, EV_REROUTED, EV_CREW };
static const struct event_type EVENTS[] = {
	[EV_PLANNED] = ROOM_EVENT("custody.trip_planned", PLAN, struct plan, apply_planned,
	                          "批准运送方案", "a trip was approved"),
	[EV_CANCELLED] = ROOM_EVENT("custody.trip_cancelled", TRIP_ONLY, struct trip_only,
	                            apply_cancelled, "取消运次", "a trip was cancelled"),
	[EV_REROUTED] = ROOM_EVENT("custody.trip_rerouted", REROUTE, struct reroute, apply_rerouted,
	                           "批准改道", "another way was approved"),
	[EV_CREW] = ROOM_EVENT("custody.crew_checked", CREW, struct crew, apply_crew,
	                       "出车前人员车辆检查", "a crew and its vehicle were checked"),
};

/* Reading. */
enum rc trip_find(struct op *op, struct str code, struct trip *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_TRIP], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (!*ret_known)
		return RC_OK;
	*ret = (struct trip){
		.code = code, .place = rows_dup(op->arena, &r, 0), .vehicle = rows_dup(op->arena, &r, 1),
		.spare = rows_dup(op->arena, &r, 2), .from = rows_dup(op->arena, &r, 3),
		.to = rows_dup(op->arena, &r, 4), .seal = rows_dup(op->arena, &r, 5),
		.leaves_from_ms = rows_int(&r, 6), .leaves_by_ms = rows_int(&r, 7),
		.arrives_from_ms = rows_int(&r, 8), .arrives_by_ms = rows_int(&r, 9),
		.vehicles = rows_int(&r, 10), .crew_ms = rows_int(&r, 11), .seen_ms = rows_int(&r, 12),
		.state = (enum trip_state)rows_int(&r, 13), .silent = rows_int(&r, 14) != 0,
	};
	return RC_OK;
}

static int64_t slack(const struct op *op)
{
	return 1000 * profile_setting(op_profile(op), "custody.open_slack_s", 0);
}

enum rc trip_due(struct op *op, struct str place, int64_t at_ms, bool *ret)
{
	int64_t give = slack(op);

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_TO], ARGS(sql_text(place)), &r));
		*ret = !rows_next(&r) || !rows_int(&r, 0);
	}
	if (*ret)
		return RC_OK;
	AUTO(rows) r = {0};
	TRY(sql_query(op, &SQL[Q_DUE],
	              ARGS(sql_text(place), sql_int(at_ms + give), sql_int(at_ms - give),
	                   sql_int(at_ms), sql_int(at_ms - give)), &r));
	*ret = rows_next(&r) && rows_int(&r, 0) > 0;
	return RC_OK;
}

enum rc trip_approves(struct op *op, struct str place, struct str vehicle, int64_t at_ms, bool *ret)
{
	AUTO(rows) r = {0};
	int64_t give = slack(op);

	TRY(sql_query(op, &SQL[Q_APPROVES],
	              ARGS(sql_text(vehicle), sql_text(place), sql_text(place), sql_int(at_ms + give),
	                   sql_int(at_ms - give)), &r));
	*ret = !rows_next(&r) || !rows_int(&r, 0) || rows_int(&r, 1) > 0;
	return RC_OK;
}

/* Rules: the plan. */
static enum rc check_vehicle(struct op *op, struct str code, const char *field)
{
	bool known;

	TRY(vehicle_known(op, code, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, field, CITE_ESCORT, "车辆 %s 未登记",
		            "vehicle %s is not registered", code.s);
	return RC_OK;
}

static enum rc run_plan(struct op *op, const void *in)
{
	struct plan p = *(const struct plan *)in;
	struct trip other;
	bool known;

	TRY(holder_check(op, p.from, "from"));
	TRY(holder_check(op, p.to, "to"));
	if (str_eq(p.from, p.to))
		return fail(op, RC_INVALID, "to", CITE_ROUTE, "起运方与接收方不能相同：%s",
		            "the trip ends where it begins: %s", p.to.s);
	if (p.leaves_from_ms > p.leaves_by_ms || p.arrives_from_ms > p.arrives_by_ms ||
	    p.leaves_from_ms >= p.arrives_by_ms)
		return fail(op, RC_INVALID, "leaves_by", CITE_ROUTE, "出发、到达时段先后颠倒",
		            "hours of departure and arrival are not in order");
	if (str_eq(p.vehicle, p.spare))
		return fail(op, RC_CONFLICT, "spare", CITE_ROUTE, "备用车辆不能是同一辆：%s",
		            "the spare vehicle is the same one: %s", p.spare.s);
	TRY(check_vehicle(op, p.vehicle, "vehicle"));
	TRY(check_vehicle(op, p.spare, "spare"));
	TRY(trip_find(op, p.trip, &other, &known));
	if (known)
		return fail(op, RC_CONFLICT, "trip", CITE_ROUTE, "运次 %s 已批准",
		            "trip %s is approved already", p.trip.s);
	p.silence_s = profile_setting(op_profile(op), "custody.trip_silence_s", PROFILE_NO_LIMIT);
	return event_append(op, &EVENTS[EV_PLANNED], &p, NULL);
}

static enum rc open_trip(struct op *op, struct str code, struct str place, struct trip *ret)
{
	bool known;

	TRY(trip_find(op, code, ret, &known));
	if (!known || !places_meet(place, ret->place))
		return fail(op, RC_NOT_FOUND, "trip", CITE_ROUTE, "没有运次 %s", "no trip %s", code.s);
	return RC_OK;
}

static enum rc run_cancel(struct op *op, const void *in)
{
	const struct trip_only *p = in;
	struct trip t;

	TRY(open_trip(op, p->trip, p->place, &t));
	if (t.state != TRIP_PLANNED)
		return fail(op, RC_CONFLICT, "trip", CITE_ROUTE, "运次 %s 已出发或已结束，不能取消",
		            "trip %s has left or is over: it cannot be cancelled", p->trip.s);
	return event_append(op, &EVENTS[EV_CANCELLED], p, NULL);
}

static enum rc run_reroute(struct op *op, const void *in)
{
	const struct reroute *p = in;
	struct trip t;

	TRY(open_trip(op, p->trip, p->place, &t));
	if (t.state != TRIP_PLANNED && t.state != TRIP_UNDERWAY)
		return fail(op, RC_CONFLICT, "trip", CITE_ROUTE, "运次 %s 已结束", "trip %s is over",
		            p->trip.s);
	return event_append(op, &EVENTS[EV_REROUTED], p, NULL);
}

/* Rules: the crew. */
static enum rc may_ride(struct op *op, const struct list *l, bool *io)
{
	const struct named *n = l->items;

	for (size_t i = 0; i < l->n; i++) {
		struct person who = {0};
		enum rc rc = people_read(op, n[i].person, &who);

		if (rc != RC_OK && rc != RC_NOT_FOUND)
			return rc;
		*io = *io && rc == RC_OK && who.avoidance == AVOIDANCE_CLEAR;
	}
	return RC_OK;
}

static enum rc run_crew(struct op *op, const void *in)
{
	const struct crew *p = in;
	const struct profile *profile = op_profile(op);
	struct trip t = {.vehicles = 1};
	bool known, fit = p->vehicle_ok;
	int64_t least;

	TRY(trip_find(op, p->trip, &t, &known));
	least = t.vehicles > 1 ? profile_setting(profile, "custody.escorts_each", 0)
	                       : profile_setting(profile, "custody.escorts_single", 0);
	TRY(may_ride(op, &p->escorts, &fit));
	TRY(event_append(op, &EVENTS[EV_CREW], p, NULL));
	if (!known)
		TRY(alarm_raise(op, "custody.unplanned_trip", p->trip, p->place, NULL));
	if ((int64_t)p->escorts.n < least ||
	    (int64_t)p->police.n < profile_setting(profile, "custody.escort_police", 0))
		TRY(alarm_raise(op, "custody.crew_short", p->trip, p->place, NULL));
	if (p->phones)
		TRY(alarm_raise(op, "custody.phones_kept", p->trip, p->place, NULL));
	return fit ? RC_OK : alarm_raise(op, "custody.crew_unfit", p->trip, p->place, NULL);
}

/* Module. */
static const struct allow PLANNERS[] = {
	{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY},
	{"province_office", LEVEL_PROVINCE},
};
static const struct allow SENDERS[] = {
	{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}, {"store_keeper", LEVEL_ANY},
	{"courier", LEVEL_ANY}, {"duty_officer", LEVEL_ANY},
};
static const char *const APPROVERS[] = {"county_leader", "county_director", "city_leader",
	"city_office", "secrecy_officer", "province_office", "police", NULL};
static const char *const CHECKERS[] = {"store_keeper", "county_office", "city_office", "police",
	"secrecy_officer", "discipline_officer", NULL};
static const struct slot TWO_APPROVE[] = {
	{"approver", 2, APPROVERS, NULL, false, "批准人", "those who approve"},
};
static const struct slot TWO_CHECK[] = {
	{"checker", 2, CHECKERS, NULL, false, "检查人", "those who check"},
};
static const struct command COMMANDS[] = {
	{"custody.plan_trip", ORDER, PLAN, PLAN_IN, sizeof(struct plan), SLOTS(TWO_APPROVE),
	 ALLOW(PLANNERS), .run = run_plan, .cites = CITE_ROUTE,
	 .zh = "批准运送方案", .en = "approve a trip"},
	{"custody.cancel_trip", ORDER, FIELDS(TRIP_ONLY), sizeof(struct trip_only),
	 SLOTS(TWO_APPROVE), ALLOW(PLANNERS), .run = run_cancel, .cites = CITE_ROUTE,
	 .zh = "取消运次", .en = "cancel a trip"},
	{"custody.reroute_trip", ORDER, FIELDS(REROUTE), sizeof(struct reroute), SLOTS(TWO_APPROVE),
	 ALLOW(PLANNERS), .run = run_reroute, .cites = CITE_ROUTE,
	 .zh = "批准改道", .en = "approve another way"},
	{"custody.check_crew", FACT, FIELDS(CREW), sizeof(struct crew), SLOTS(TWO_CHECK),
	 ALLOW(SENDERS), .run = run_crew, .cites = CITE_CREW,
	 .zh = "出车前人员车辆检查", .en = "check a crew and its vehicle"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.unplanned_trip", COLOUR_ORANGE, "county_office", CITE_ROUTE,
	 "电话核实是否批准，未经批准的停在原地由两人和民警看护", "call: was it approved? if not, it stays where it is, guarded",
	 "运次没有批准的方案", "a trip that nobody approved"},
	{"custody.crew_short", COLOUR_RED, "county_leader", CITE_CREW,
	 "不得出车；补足押运人员和民警后重新检查", "it does not leave; complete the escort, then check again",
	 "押运人员或民警不足", "too few escorts or no police on board"},
	{"custody.phones_kept", COLOUR_ORANGE, "county_office", CITE_PHONES,
	 "收存押运人员的通信工具后再出车", "take the escorts' phones before it leaves",
	 "押运人员未上交通信工具", "escorts kept their phones"},
	{"custody.crew_unfit", COLOUR_ORANGE, "county_office", CITE_PHONES,
	 "换人或换车：回避未申报、须回避或车况不合格", "replace the person or the vehicle: avoidance or condition",
	 "押运人员须回避或车辆不合格", "an escort may not serve, or the vehicle is not in order"},
};

static const struct word STATE_WORDS[] = {
	{"已批准", "planned"}, {"在途", "under way"}, {"已到达", "arrived"}, {"已取消", "cancelled"},
};
static const struct column TRIP_NAMES[] = {
	COLUMN("trip", F_CODE, "运次", "trip"),
	COLUMN("place", F_PLACE, "考区", "area"),
	COLUMN("vehicle", F_CODE, "车辆", "vehicle"),
	COLUMN("from", F_SUBJECT, "起点", "from"),
	COLUMN("to", F_SUBJECT, "终点", "to"),
	COLUMN("leaves_by", F_TIME, "应于此前发车", "to leave by"),
	COLUMN("arrives_by", F_TIME, "应于此前到达", "to arrive by"),
	COLUMN_STATES("state", STATE_WORDS, "状态", "state"),
	COLUMN("left_ms", F_TIME, "发车", "left"),
	COLUMN("seen_ms", F_TIME, "最近位置", "last seen"),
	COLUMN("arrived_ms", F_TIME, "到达", "arrived"),
	COLUMN("silent", F_BOOL, "失联", "silent"),
	COLUMN("late", F_BOOL, "晚点", "late"),
	COLUMN("route", F_CODE, "路线", "route"),
	COLUMN("spare", F_CODE, "备用车辆", "spare vehicle"),
	COLUMN("seal", F_CODE, "车厢封签", "seal of the vehicle"),
	COLUMN("crew_ms", F_TIME, "押运人员查验", "crew checked"),
};
static const struct view VIEWS[] = {
	{"custody/trips", "运次", "trips", CUSTODY_WATCHERS, &SQL[Q_TRIPS], TRIP_NAMES,
	 COUNT(TRIP_NAMES)},
};

static const char *const SETTINGS[] = {
	"custody.escort_police", "custody.escorts_each", "custody.escorts_single",
	"custody.open_slack_s", "custody.trip_silence_s",
};

const struct module custody_transport_module = {
	.name = "custody_transport", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS), .zh = "试卷运送", .en = "transport",
	TABLE_OF(settings, SETTINGS),
};
