/* SPDX-License-Identifier: Apache-2.0 */
/* arrival.c -- how many have come, and whether the roads let them: go or no go (能否如期开考).
 *
 * Twice before a session the exam office says who has come: an hour and a half before the start,
 * when there is still time to decide, and when entry has begun.  A flood shows here first.  The
 * system decides nothing: the alarm goes to the county's director, who asks the province.
 *
 * Emits  sitting.arrival_reported
 * Owns   sitting_arrival
 */
#include "domain/sitting/site.h"

#include "engine/alarm.h"

#define CITE_ARRIVAL "国家教育考试突发事件应急处置预案 (自然灾害)"

enum { Q_SET, Q_ADD, Q_VIEW };
static const struct sql SQL[] = {
	[Q_SET] = {"UPDATE sitting_arrival SET candidates = ?, staff = ?, staff_expected = ?,"
	           " access = ?, at_ms = ? WHERE session = ? AND site = ? AND asked = ?", 8},
	[Q_ADD] = {"INSERT INTO sitting_arrival(session, site, asked, candidates, staff,"
	           " staff_expected, access, at_ms) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_VIEW] = {"SELECT session, site, asked, candidates, staff, staff_expected, access, at_ms"
	            " FROM sitting_arrival ORDER BY session, site, asked", 0},
};

static const struct table TABLES[] = {
	{"sitting_arrival", "CREATE TABLE sitting_arrival(session {text} NOT NULL,"
	 " site {text} NOT NULL, asked {int} NOT NULL, candidates {int} NOT NULL,"
	 " staff {int} NOT NULL, staff_expected {int} NOT NULL, access {int} NOT NULL,"
	 " at_ms {int} NOT NULL, PRIMARY KEY(session, site, asked)){clustered}",
	 "session, site, asked"},
};

/* Fields. */
#define ASKED(X) X(GO, "go") X(COUNT, "count")
#define ACCESS(X) X(OPEN, "open") X(HINDERED, "hindered") X(BLOCKED, "blocked")
#define WEATHER(X) X(NONE, "none") X(BLUE, "blue") X(YELLOW, "yellow") X(ORANGE, "orange") \
	X(RED, "red")
#define X(id, text) ASKED_##id,
enum asked { ASKED(X) ASKED_MAX };
#undef X
#define X(id, text) ACCESS_##id,
enum access { ACCESS(X) ACCESS_MAX };
#undef X
#define X(id, text) WEATHER_##id,
enum weather { WEATHER(X) WEATHER_MAX };
#undef X
#define X(id, text) text,
static const char *const ASKED_TEXT[] = {ASKED(X)};
static const char *const ACCESS_TEXT[] = {ACCESS(X)};
static const char *const WEATHER_TEXT[] = {WEATHER(X)};
#undef X
static const struct word ASKED_WORDS[] = {
	{"能否如期开考", "go or no go"}, {"到场人数", "count"},
};
static const struct word ACCESS_WORDS[] = {
	{"畅通", "open"}, {"受阻", "hindered"}, {"中断", "blocked"},
};
static const struct word WEATHER_WORDS[] = {
	{"无预警", "no warning"}, {"蓝色预警", "blue warning"}, {"黄色预警", "yellow warning"},
	{"橙色预警", "orange warning"}, {"红色预警", "red warning"},
};

struct arrival {
	struct str place, session;
	int asked, access, weather;
	int64_t candidates, staff, staff_expected, planned;
};
static const struct field ARRIVAL[] = {
	FIELD(struct arrival, place, F_PLACE, "考点", "site"),
	FIELD(struct arrival, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct arrival, asked, F_ENUM, "报告节点", "which report", ENUM_OF(ASKED_TEXT, ASKED_WORDS)),
	FIELD(struct arrival, candidates, F_INT, "已到考生", "candidates here", .max = 100000),
	FIELD(struct arrival, staff, F_INT, "已到工作人员", "staff here", .max = 100000),
	FIELD(struct arrival, staff_expected, F_INT, "应到工作人员", "staff expected", .max = 100000),
	FIELD(struct arrival, access, F_ENUM, "道路通行", "roads", ENUM_OF(ACCESS_TEXT, ACCESS_WORDS)),
	FIELD(struct arrival, weather, F_ENUM, "气象预警", "weather warning",
	      ENUM_OF(WEATHER_TEXT, WEATHER_WORDS)),
	FIELD(struct arrival, planned, F_INT, "编排人数", "candidates planned"),
};

/* Projection. */
static enum rc apply_arrival(struct op *op, const struct event *ev)
{
	const struct arrival *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_SET],
	              ARGS(sql_int(p->candidates), sql_int(p->staff), sql_int(p->staff_expected),
	                   sql_int(p->access), sql_int(ev->happened_ms), sql_text(p->session),
	                   sql_text(ev->place), sql_int(p->asked)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->asked),
	                     sql_int(p->candidates), sql_int(p->staff), sql_int(p->staff_expected),
	                     sql_int(p->access), sql_int(ev->happened_ms)));
}

static const struct event_type EVENTS[] = {
	{"sitting.arrival_reported", 1, ARRIVAL + 1, COUNT(ARRIVAL) - 1, sizeof(struct arrival),
	 .apply = apply_arrival, .visible_to = SITTING_READERS,
	 .zh = "考点报告到场情况", .en = "a site reported who has come"},
};

/* Rules. */
static bool too_few(int64_t here, int64_t expected, int64_t percent)
{
	return expected > 0 && here * 100 < expected * percent;
}

/* Candidates are counted from the profile's moment on: before it few have come on any day. */
static bool in_danger(struct op *op, const struct arrival *p, const struct profile_session *s)
{
	const struct profile *profile = op_profile(op);
	int64_t from = s->start_ms + profile_setting(profile, "sitting.arrival_at_s", 0) * 1000;

	if (p->access == ACCESS_BLOCKED || p->weather == WEATHER_RED)
		return true;
	if (too_few(p->staff, p->staff_expected,
	            profile_setting(profile, "sitting.arrival_staff_percent", 0)))
		return true;
	return op_happened_ms(op) >= from &&
	       too_few(p->candidates, p->planned,
	               profile_setting(profile, "sitting.arrival_percent", 0));
}

static enum rc run_arrival(struct op *op, const void *in)
{
	struct arrival p = *(const struct arrival *)in;
	const struct profile_session *s;
	struct site_plan plan = {0};
	bool known;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_SITE));
	TRY(arrange_site(op, p.session, p.place, &plan, &known));
	p.planned = plan.seats;
	TRY(event_append(op, &EVENTS[0], &p, NULL));
	if (!in_danger(op, &p, s))
		return RC_OK;
	return alarm_raise(op, "sitting.go_no_go", site_subject(op, p.session, p.place), p.place, NULL);
}

/* Module. */
static const struct command COMMANDS[] = {
	{"sitting.report_arrival", FACT, ARRIVAL, COUNT(ARRIVAL) - 1, sizeof(struct arrival),
	 ALLOW(SITTING_OFFICE), .run = run_arrival, .cites = CITE_ARRIVAL,
	 .zh = "报告到场情况", .en = "report who has come"},
};

static size_t reports(struct arena *a, const struct event *ev, int asked, struct str *ret,
                      struct str *ret_session)
{
	const struct arrival *p = ev->data;

	if (ev->type == &EVENTS[0] && p->asked != asked)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}

static size_t of_go(struct arena *a, const struct event *ev, struct str *ret,
                    struct str *ret_session)
{
	return reports(a, ev, ASKED_GO, ret, ret_session);
}

static size_t of_count(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	return reports(a, ev, ASKED_COUNT, ret, ret_session);
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.arrival_go", "arrange.site_armed", "sitting.arrival_reported", NULL, of_go,
	 "sitting.arrival_go", "site_clerk", .missing = "sitting.arrival_missing",
	 .cites = CITE_ARRIVAL, .zh = "开考前90分钟到场和天气研判", .en = "go or no go at T-90"},
	{"sitting.arrival_count", "arrange.site_armed", "sitting.arrival_reported", NULL, of_count,
	 "sitting.arrival_count", "site_clerk", .missing = "sitting.arrival_missing",
	 .cites = CITE_ARRIVAL, .zh = "开考前到场人数", .en = "who has come before the start"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.go_no_go", COLOUR_RED, "county_director", CITE_ARRIVAL,
	 "考区主任立即研判能否如期开考：核实到场人数和道路，联系气象、交警，电话请示省级考试机构；"
	 "未获批准不得自行推迟",
	 "the county's director judges at once whether it can start: verify who has come and the "
	 "roads, ring the weather and traffic services, ask the province; nobody postpones alone",
	 "到场情况或天气可能影响如期开考", "who has come, or the weather, may stop the session"},
	{"sitting.arrival_missing", COLOUR_YELLOW, "site_chief", CITE_ARRIVAL,
	 "电话询问考点到场人数、天气和道路并补报",
	 "ring the site: who has come, weather, roads; have it reported",
	 "到场情况超时未报", "the report of who has come is overdue"},
};

static const struct column COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN_WORDS("asked", ASKED_TEXT, ASKED_WORDS, "报告节点", "report"),
	COLUMN("candidates", F_INT, "到场考生", "candidates"),
	COLUMN("staff", F_INT, "到岗工作人员", "staff"),
	COLUMN("staff_expected", F_INT, "应到", "staff expected"),
	COLUMN_WORDS("access", ACCESS_TEXT, ACCESS_WORDS, "道路通行", "roads"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct view VIEWS[] = {
	{"sitting/arrival", "到场情况", "who has come", SITTING_READERS, &SQL[Q_VIEW], COLUMNS,
	 COUNT(COLUMNS)},
};

static const char *const SETTINGS[] = {
	"sitting.arrival_at_s", "sitting.arrival_percent", "sitting.arrival_staff_percent",
};

const struct module sitting_arrival_module = {
	.name = "sitting_arrival", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "到场情况", .en = "arrival at a site",
};
