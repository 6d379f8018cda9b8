/* SPDX-License-Identifier: Apache-2.0 */
/* day.c -- the evening of an examination day: the store reports, the leader closes the day (日清).
 *
 * A day of an area is planned when its first session is armed.  At the profile's hour a job says
 * that its evening has begun; from then on both are expected.  What was done before that hour
 * stands in the event, so that it is not expected twice.
 *
 * Emits  duty.day_planned, duty.evening_began, duty.store_reported, duty.day_closed
 * Owns   duty_day
 */
#include "domain/duty/duty.h"

#include "domain/arrange/arrange.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_STORE "考务安全保密工作规定 Art.24 值守情况上报 ROOM-14"
#define CITE_DAY "考务值班惯例 日清"

enum { DAYS_MAX = 512 }; /* areas of one report: a province has some 150 counties */

enum { Q_PLAN, Q_GET, Q_NEXT, Q_BEGAN, Q_STORE, Q_CLOSED, Q_VIEW };
#define COLUMNS "place, day, evening_ms, store_idx, closed_idx, closed_ms"
static const struct sql SQL[] = {
	[Q_PLAN] = {"INSERT INTO duty_day(" COLUMNS ", due_ms) VALUES(?, ?, ?, -1, -1, 0, ?)", 4},
	[Q_GET] = {"SELECT " COLUMNS " FROM duty_day WHERE place = ? AND day = ?", 2},
	[Q_NEXT] = {"SELECT due_ms, place, day FROM duty_day WHERE due_ms > 0"
	            " ORDER BY due_ms, place, day LIMIT 1", 0},
	[Q_BEGAN] = {"UPDATE duty_day SET due_ms = 0 WHERE place = ? AND day = ?", 2},
	[Q_STORE] = {"UPDATE duty_day SET store_idx = ? WHERE place = ? AND day = ?", 3},
	[Q_CLOSED] = {"UPDATE duty_day SET closed_idx = ?, closed_ms = ? WHERE place = ? AND day = ?",
	              4},
	[Q_VIEW] = {"SELECT " COLUMNS " FROM duty_day ORDER BY day, place", 0},
};

static const struct table TABLES[] = {
	{"duty_day", "CREATE TABLE duty_day(place {text} NOT NULL, day {text} NOT NULL,"
	 " evening_ms {int} NOT NULL, store_idx {int} NOT NULL, closed_idx {int} NOT NULL,"
	 " closed_ms {int} NOT NULL, due_ms {int} NOT NULL, PRIMARY KEY(place, day));"
	 "CREATE INDEX duty_day_due ON duty_day(due_ms, place, day) WHERE due_ms > 0", "place, day"},
};

/* Fields. */
struct day {
	struct str place, day;
	int64_t evening;
	bool store_reported, closed;
};
static const struct field PLANNED[] = {
	FIELD(struct day, day, F_CODE, "日期", "day"),
	FIELD(struct day, evening, F_TIME, "晚间报告开始", "the evening begins"),
};
static const struct field EVENING[] = {
	FIELD(struct day, day, F_CODE, "日期", "day"),
	FIELD(struct day, store_reported, F_BOOL, "保密室已报", "the store has reported"),
	FIELD(struct day, closed, F_BOOL, "已日清", "the day is closed"),
};

struct store_report {
	struct str place, day;
	int64_t boxes;
	bool sound;
	struct text note;
};
static const struct field STORE[] = {
	FIELD(struct store_report, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct store_report, day, F_CODE, "日期", "day"),
	FIELD(struct store_report, boxes, F_INT, "在库箱数", "boxes in the store", .max = 100000),
	FIELD(struct store_report, sound, F_BOOL, "人员在岗、监控报警、门锁封签一切正常",
	      "people, cameras, alarm, locks and seals are all in order"),
	FIELD(struct store_report, note, F_TEXT, "异常说明", "what is wrong", .max = 1000,
	      .optional = true),
};

struct closing {
	struct str place, day;
	bool papers_back, balanced, tomorrow_ready;
	int64_t open_alarms;
	struct text note;
};
static const struct field CLOSING[] = {
	FIELD(struct closing, place, F_PLACE, "考区", "area"),
	FIELD(struct closing, day, F_CODE, "日期", "day"),
	FIELD(struct closing, papers_back, F_BOOL, "试卷答卷全部入库", "all papers and scripts are back"),
	FIELD(struct closing, balanced, F_BOOL, "账物相符", "books and papers agree"),
	FIELD(struct closing, open_alarms, F_INT, "未办结告警数(无填0)", "alarms still open (none: 0)",
	      .max = 100000),
	FIELD(struct closing, tomorrow_ready, F_BOOL, "次日准备就绪", "ready for the next day"),
	FIELD(struct closing, note, F_TEXT, "遗留事项", "what is left over", .max = 1000,
	      .optional = true),
};

/* Projection. */
static enum rc apply_planned(struct op *op, const struct event *ev)
{
	const struct day *p = ev->data;

	run_due_at(op, p->evening);
	return sql_exec(op, &SQL[Q_PLAN], ARGS(sql_text(ev->place), sql_text(p->day),
	                                       sql_int(p->evening), sql_int(p->evening)));
}

static enum rc apply_evening(struct op *op, const struct event *ev)
{
	const struct day *p = ev->data;

	return sql_exec(op, &SQL[Q_BEGAN], ARGS(sql_text(ev->place), sql_text(p->day)));
}

static enum rc apply_store(struct op *op, const struct event *ev)
{
	const struct store_report *p = ev->data;

	return sql_exec(op, &SQL[Q_STORE],
	                ARGS(sql_int(ev->index),
	                     sql_text(place_cut(op->arena, ev->place, LEVEL_COUNTY)),
	                     sql_text(p->day)));
}

static enum rc apply_closed(struct op *op, const struct event *ev)
{
	const struct closing *p = ev->data;

	return sql_exec(op, &SQL[Q_CLOSED], ARGS(sql_int(ev->index), sql_int(ev->happened_ms),
	                                         sql_text(ev->place), sql_text(p->day)));
}

enum { EV_PLANNED, EV_EVENING, EV_STORE, EV_CLOSED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office",
	"store_keeper", NULL};
static const struct event_type EVENTS[] = {
	[EV_PLANNED] = EVENT("duty.day_planned", PLANNED, struct day, apply_planned,
	                     "考试日列入值班", "a day of the examination was planned",
	                     .visible_to = READERS),
	[EV_EVENING] = EVENT("duty.evening_began", EVENING, struct day, apply_evening,
	                     "晚间报告开始", "the evening's reports are due", .visible_to = READERS),
	[EV_STORE] = {"duty.store_reported", 1, STORE + 1, COUNT(STORE) - 1,
	              sizeof(struct store_report), .apply = apply_store, .visible_to = READERS,
	              .zh = "保密室每日情况报告", .en = "the store reported"},
	[EV_CLOSED] = {"duty.day_closed", 1, CLOSING + 1, COUNT(CLOSING) - 1, sizeof(struct closing),
	               .apply = apply_closed, .visible_to = READERS,
	               .zh = "当日日清", .en = "the day was closed"},
};

/* Reading. */
enum rc duty_day(struct op *op, struct str place, struct str day, struct duty_day *ret,
                 bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(place), sql_text(day)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct duty_day){rows_dup(op->arena, &r, 0), rows_dup(op->arena, &r, 1),
			                     rows_int(&r, 2), rows_int(&r, 3), rows_int(&r, 4),
			                     rows_int(&r, 5)};
	return RC_OK;
}

enum rc duty_days(struct op *op, struct str day, struct str place, struct duty_day **ret,
                  size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct duty_day *list = arena_array(op->arena, DAYS_MAX, sizeof(*list));
	size_t n = 0;

	TRY(sql_query(op, &SQL[Q_VIEW], NO_ARGS, &r));
	while (n < DAYS_MAX && rows_next(&r))
		if (str_eq(rows_str(&r, 1), day) && place_covers(place, rows_str(&r, 0)))
			list[n++] = (struct duty_day){rows_dup(op->arena, &r, 0), rows_dup(op->arena, &r, 1),
				                          rows_int(&r, 2), rows_int(&r, 3), rows_int(&r, 4),
				                          rows_int(&r, 5)};
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* Rules. */
static bool is_day(struct str s)
{
	int64_t ms;
	char text[32];

	if (s.n != 10)
		return false;
	snprintf(text, sizeof(text), "%.10sT00:00:00Z", s.s);
	return clock_parse(str_of(text), &ms);
}

static enum rc check_day(struct op *op, struct str day, const char *cite)
{
	return is_day(day) ? RC_OK
	                   : fail(op, RC_INVALID, "day", cite, "日期写作 2025-06-07，不是 %s",
	                          "a day is written 2025-06-07, not %s", day.s);
}

static enum rc run_store(struct op *op, const void *in)
{
	const struct store_report *p = in;

	TRY(check_day(op, p->day, CITE_STORE));
	TRY(event_append(op, &EVENTS[EV_STORE], p, NULL));
	return p->sound ? RC_OK : alarm_raise(op, "duty.store_unsound", p->place, p->place, NULL);
}

static struct str subject(struct arena *a, struct str day, struct str place)
{
	return str_fmt(a, STR_FMT ":" STR_FMT, STR_ARG(day), STR_ARG(place));
}

static enum rc run_close(struct op *op, const void *in)
{
	const struct closing *p = in;
	struct str about = subject(op->arena, p->day, p->place);
	struct alarm *alarms;
	size_t n;

	TRY(check_day(op, p->day, CITE_DAY));
	TRY(alarm_list(op, p->place, true, &alarms, &n));
	TRY(event_append(op, &EVENTS[EV_CLOSED], p, NULL));
	if (!p->papers_back || !p->balanced || !p->tomorrow_ready)
		TRY(alarm_raise(op, "duty.day_unsettled", about, p->place, NULL));
	if ((p->open_alarms == 0) != (n == 0))
		TRY(alarm_raise(op, "duty.day_differs", about, p->place, NULL));
	return RC_OK;
}

/* Job and reaction. */
static enum rc evening_next(struct op *op, int64_t *ret_due_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
	if (rows_next(&r))
		*ret_due_ms = rows_int(&r, 0);
	return RC_OK;
}

static enum rc evening_run(struct op *op)
{
	struct str place = {0}, day = {0};
	struct duty_day now = {0};
	struct day e = {0};
	bool known;

	{
		AUTO(rows) r = {0};

		TRY(sql_query(op, &SQL[Q_NEXT], NO_ARGS, &r));
		if (!rows_next(&r))
			return RC_OK;
		place = rows_dup(op->arena, &r, 1);
		day = rows_dup(op->arena, &r, 2);
	}
	TRY(duty_day(op, place, day, &now, &known));
	e.day = day;
	e.store_reported = now.store >= 0;
	e.closed = now.closed >= 0;
	return event_append_at(op, &EVENTS[EV_EVENING], place, &e, NULL);
}

static const struct job JOBS[] = {
	{"duty.evening", evening_next, evening_run, "晚间报告开始", "the evening's reports are due"},
};

static enum rc plan_day(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;
	const struct profile *profile = op_profile(op);
	const struct profile_session *s = profile_session(profile, p->session);
	const int64_t day_ms = 86400000, offset = (int64_t)profile->utc_offset_min * 60000;
	int64_t evening = profile_setting(profile, "duty.evening_min", -1) * 60000, midnight;
	struct duty_day now;
	struct day d;
	bool known;

	if (!s || s->half_day.n < 10 || evening < 0)
		return RC_OK;
	d.day = str_dup(op->arena, s->half_day.s, 10);
	TRY(duty_day(op, ev->place, d.day, &now, &known));
	if (known)
		return RC_OK;
	midnight = (s->start_ms + offset) / day_ms * day_ms - offset;
	d.evening = midnight + evening;
	return event_append_at(op, &EVENTS[EV_PLANNED], ev->place, &d, NULL);
}

static const struct reaction REACTIONS[] = {
	{"arrange.session_armed", plan_day},
};

/* Expectations. */
static size_t store_of(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	const struct day *d = ev->data;

	(void)ret_session;
	if (ev->type == &EVENTS[EV_STORE]) {
		ret[0] = subject(a, ((const struct store_report *)ev->data)->day,
		                 place_cut(a, ev->place, LEVEL_COUNTY));
		return 1;
	}
	ret[0] = subject(a, d->day, ev->place);
	return place_level(ev->place) == LEVEL_COUNTY && !d->store_reported;
}

static size_t closing_of(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	const struct day *d = ev->data;

	(void)ret_session;
	if (ev->type == &EVENTS[EV_CLOSED]) {
		ret[0] = subject(a, ((const struct closing *)ev->data)->day, ev->place);
		return 1;
	}
	ret[0] = subject(a, d->day, ev->place);
	return !d->closed;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"duty.store_report", "duty.evening_began", "duty.store_reported", NULL, store_of,
	 "duty.store_report", "store_keeper", .missing = "duty.store_silent", .cites = CITE_STORE,
	 .zh = "保密室每日情况报告", .en = "the store's daily report"},
	{"duty.day_close", "duty.evening_began", "duty.day_closed", NULL, closing_of,
	 "duty.day_close", "county_leader", .missing = "duty.day_open", .cites = CITE_DAY,
	 .zh = "当日日清(带班领导签字)", .en = "the day is closed by the leader on duty"},
};

static const struct alarm_rule ALARMS[] = {
	{"duty.store_silent", COLOUR_YELLOW, "county_office", CITE_STORE,
	 "电话询问保密室，查看监控，补报当日情况", "telephone the store, look at its cameras, have it report",
	 "保密室每日报告超时未报", "the store's daily report is overdue"},
	{"duty.store_unsound", COLOUR_ORANGE, "county_leader", CITE_STORE,
	 "派两人到场核实，逐箱核对，报带班领导", "send two to verify, check every box, tell the leader on duty",
	 "保密室报告异常", "the store reports that something is wrong"},
	{"duty.day_open", COLOUR_YELLOW, "county_leader", CITE_DAY,
	 "带班领导逐项核对后签字：试卷入库、账物相符、告警办结、次日准备",
	 "the leader goes through it and signs: papers back, books agree, alarms closed, next day",
	 "当日未日清", "the day was not closed"},
	{"duty.day_unsettled", COLOUR_ORANGE, "county_leader", CITE_DAY,
	 "逐项落实遗留问题，定人定时，次日开考前报结", "settle what is left: who and by when, before the next start",
	 "日清有遗留问题", "the day was closed with something left over"},
	{"duty.day_differs", COLOUR_YELLOW, "county_leader", CITE_DAY,
	 "对照告警清单重新核对", "compare with the list of alarms again",
	 "日清所报告警与台账不符", "the closing contradicts the list of alarms"},
};

/* Module. */
static const struct allow STORES[] = {
	{"store_keeper", LEVEL_ANY}, {"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
};
static const struct allow ON_DUTY[] = {
	{"duty_officer", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"county_leader", LEVEL_ANY},
	{"city_duty", LEVEL_CITY}, {"city_office", LEVEL_CITY}, {"city_leader", LEVEL_ANY},
};
static const char *const KEEPER[] = {"store_keeper", NULL};
static const char *const LEADER[] = {"county_leader", "county_director", "city_leader", NULL};
static const struct slot KEEPS[] = {{"keeper", 1, KEEPER, NULL, false, "保密员", "the keeper"}};
static const struct slot LEADS[] = {
	{"leader", 1, LEADER, NULL, false, "带班领导", "the leader on duty"},
};
static const struct command COMMANDS[] = {
	{"duty.report_store", FACT, FIELDS(STORE), sizeof(struct store_report), SLOTS(KEEPS),
	 ALLOW(STORES), .run = run_store, .cites = CITE_STORE,
	 .zh = "保密室每日情况报告", .en = "make the store's daily report"},
	{"duty.close_day", FACT, FIELDS(CLOSING), sizeof(struct closing), SLOTS(LEADS),
	 ALLOW(ON_DUTY), .run = run_close, .cites = CITE_DAY, .zh = "当日日清", .en = "close the day"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("day", F_CODE, "日期", "day"),
	COLUMN("evening_ms", F_TIME, "应于此前", "due"),
	COLUMN("store", F_ID, "保密室日报(台账)", "store's report (entry)"),
	COLUMN("closed", F_ID, "日清(台账)", "closed (entry)"),
	COLUMN("closed_ms", F_TIME, "日清", "closed"),
};
static const struct view VIEWS[] = {
	{"duty/days", "日清", "days and their closing", READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

static const char *const SETTINGS[] = {"duty.evening_min"};

const struct module duty_day_module = {
	.name = "duty_day", .group = "duty", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(jobs, JOBS),
	TABLE_OF(views, VIEWS), .zh = "日清", .en = "the evening of a day",
	TABLE_OF(settings, SETTINGS),
};
