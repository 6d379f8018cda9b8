/* SPDX-License-Identifier: Apache-2.0 */
/* bell.c -- the bell log, the site's clock, and special rooms' own times (司铃).
 *
 * Start and end are by the bell, rung by its keeper before a second; the log is what everything
 * else is measured against.  An end bell that came early cannot be made good, so it is red, and so
 * the clock is compared with a reference, signed, before each session.  A room with more time
 * (合理便利) has its own end and its own bell: when a special room is armed, the most that was
 * approved for anybody who sits there, unless somebody has set it already; an order corrects it.
 *
 * Emits  sitting.bell_rung, sitting.clock_checked, sitting.room_time_set
 * Owns   sitting_bell, sitting_room_time
 */
#include "domain/sitting/session.h"

#include "domain/arrange/seat.h"
#include "engine/alarm.h"

#define CITE_BELL CITE_PROGRAMME " 司铃"
#define CITE_ACCOMMODATION "教学〔2017〕4号 残疾人参加普通高考管理规定 (2.9)"

enum { Q_SET, Q_ADD, Q_AT, Q_EXTRA_SET, Q_EXTRA_ADD, Q_EXTRA, Q_VIEW };
static const struct sql SQL[] = {
	[Q_SET] = {"UPDATE sitting_bell SET at_ms = ? WHERE session = ? AND place = ? AND bell = ?", 4},
	[Q_ADD] = {"INSERT INTO sitting_bell(session, place, bell, at_ms) VALUES(?, ?, ?, ?)", 4},
	[Q_AT] = {"SELECT at_ms FROM sitting_bell WHERE session = ? AND place = ? AND bell = ?", 3},
	[Q_EXTRA_SET] = {"UPDATE sitting_room_time SET extra_s = ? WHERE session = ? AND room = ?", 3},
	[Q_EXTRA_ADD] = {"INSERT INTO sitting_room_time(session, room, extra_s) VALUES(?, ?, ?)", 3},
	[Q_EXTRA] = {"SELECT extra_s FROM sitting_room_time WHERE session = ? AND room = ?", 2},
	[Q_VIEW] = {"SELECT session, place, bell, at_ms FROM sitting_bell"
	            " ORDER BY session, place, bell", 0},
};

static const struct table TABLES[] = {
	{"sitting_bell", "CREATE TABLE sitting_bell(session {text} NOT NULL, place {text} NOT NULL,"
	 " bell {int} NOT NULL, at_ms {int} NOT NULL, PRIMARY KEY(session, place, bell)){clustered}",
	 "session, place, bell"},
	{"sitting_room_time", "CREATE TABLE sitting_room_time(session {text} NOT NULL,"
	 " room {text} NOT NULL, extra_s {int} NOT NULL, PRIMARY KEY(session, room)){clustered}",
	 "session, room"},
};

/* Fields. */
#define X(id, text) text,
static const char *const BELL[] = {BELLS(X)};
static const char *const REFERENCE[] = {"beidou", "ntp", "time_signal", "telephone"};
#undef X
static const struct word BELL_WORDS[] = {
	{"入场", "entry"}, {"启封", "open"}, {"预备", "prepare"}, {"开考", "start"}, {"提醒", "warning"},
	{"结束", "end"},
};
static const struct word REFERENCE_WORDS[] = {
	{"北斗授时", "BeiDou"}, {"网络授时", "NTP"}, {"广播报时", "time signal"}, {"电话报时", "speaking clock"},
};

struct ringing {
	struct str place, session;
	int bell;
	int64_t off_ms; /* from its due moment; 0 for those that the profile does not time */
};
static const struct field RINGING[] = {
	FIELD(struct ringing, place, F_PLACE, "考点或考场", "site or room"),
	FIELD(struct ringing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct ringing, bell, F_ENUM, "铃声(指令)", "bell", ENUM_OF(BELL, BELL_WORDS)),
	FIELD(struct ringing, off_ms, F_INT, "偏差(毫秒)", "off by (ms)"),
};

struct clock_check {
	struct str place, session;
	int64_t offset_ms;
	int reference;
};
static const struct field CLOCK[] = {
	FIELD(struct clock_check, place, F_PLACE, "考点", "site"),
	FIELD(struct clock_check, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct clock_check, offset_ms, F_INT, "钟差(毫秒，快为正)", "offset (ms, fast is positive)",
	      .min = -86400000, .max = 86400000),
	FIELD(struct clock_check, reference, F_ENUM, "对时依据", "reference",
	      ENUM_OF(REFERENCE, REFERENCE_WORDS)),
};

struct room_time {
	struct str place, session;
	int64_t extra_s;
	struct str basis;
};
static const struct field ROOM_TIME[] = {
	FIELD(struct room_time, place, F_PLACE, "考场", "room"),
	FIELD(struct room_time, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct room_time, extra_s, F_INT, "延长(秒)", "more time (s)", .max = 36000),
	FIELD(struct room_time, basis, F_CODE, "批准文号", "number of the approval"),
};

/* Projection. */
static enum rc apply_rung(struct op *op, const struct event *ev)
{
	const struct ringing *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_SET],
	              ARGS(sql_int(ev->happened_ms), sql_text(p->session), sql_text(ev->place),
	                   sql_int(p->bell)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_ADD], ARGS(sql_text(p->session), sql_text(ev->place),
	                                      sql_int(p->bell), sql_int(ev->happened_ms)));
}

static enum rc apply_room_time(struct op *op, const struct event *ev)
{
	const struct room_time *p = ev->data;
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_EXTRA_SET],
	              ARGS(sql_int(p->extra_s), sql_text(p->session), sql_text(ev->place)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_EXTRA_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->extra_s)));
}

enum { EV_RUNG, EV_CLOCK, EV_ROOM_TIME };
static const struct event_type EVENTS[] = {
	[EV_RUNG] = {"sitting.bell_rung", 1, RINGING + 1, COUNT(RINGING) - 1, sizeof(struct ringing),
	             .apply = apply_rung, .visible_to = SITTING_READERS,
	             .zh = "铃声(指令)记录", .en = "a bell was rung"},
	[EV_CLOCK] = {"sitting.clock_checked", 1, CLOCK + 1, COUNT(CLOCK) - 1,
	              sizeof(struct clock_check), .visible_to = SITTING_READERS,
	              .zh = "考点对时", .en = "the site's clock was compared"},
	[EV_ROOM_TIME] = {"sitting.room_time_set", 1, ROOM_TIME + 1, COUNT(ROOM_TIME) - 1,
	                  sizeof(struct room_time), .apply = apply_room_time,
	                  .visible_to = SITTING_READERS,
	                  .zh = "核定考场延时", .en = "a room was given its own time"},
};

/* Reading. */
static enum rc bell_at(struct op *op, struct str session, struct str place, int bell,
                       int64_t *ret_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_AT], ARGS(sql_text(session), sql_text(place), sql_int(bell)), &r));
	*ret_ms = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc sitting_bell(struct op *op, struct str session, struct str place, enum bell bell,
                     int64_t *ret_ms)
{
	TRY(bell_at(op, session, place, (int)bell, ret_ms));
	if (*ret_ms || place_level(place) <= LEVEL_SITE)
		return RC_OK;
	return bell_at(op, session, place_cut(op->arena, place, LEVEL_SITE), (int)bell, ret_ms);
}

enum rc sitting_end_ms(struct op *op, struct str session, struct str place, int64_t *ret_ms)
{
	const struct profile_session *s;
	AUTO(rows) r = {0};

	TRY(site_session(op, session, &s));
	TRY(sql_query(op, &SQL[Q_EXTRA], ARGS(sql_text(session), sql_text(place)), &r));
	*ret_ms = s->end_ms + (rows_next(&r) ? rows_int(&r, 0) * 1000 : 0);
	return RC_OK;
}

/* Reactions. */
static enum rc longest(struct op *op, struct str session, struct str room,
                       struct accommodation *ret)
{
	struct seat *seats;
	size_t n;

	TRY(arrange_room_candidates(op, session, room, &seats, &n));
	for (size_t i = 0; i < n; i++) {
		struct accommodation *a;
		size_t m;

		TRY(exam_accommodations(op, seats[i].candidate, &a, &m));
		for (size_t k = 0; k < m; k++)
			if (a[k].extra_percent > ret->extra_percent)
				*ret = a[k];
	}
	return RC_OK;
}

static enum rc is_set(struct op *op, struct str session, struct str room, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_EXTRA], ARGS(sql_text(session), sql_text(room)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

static enum rc give_own_time(struct op *op, const struct event *ev)
{
	const struct armed *p = ev->data;
	struct room_time t = {.session = p->session};
	struct accommodation most = {0};
	const struct profile_session *s;
	struct room_plan plan;
	bool known, set;

	TRY(arrange_room(op, p->session, ev->place, &plan, &known));
	if (!known || plan.kind != ROOM_SPECIAL)
		return RC_OK;
	TRY(is_set(op, p->session, ev->place, &set));
	if (!set)
		TRY(longest(op, p->session, ev->place, &most));
	if (!most.extra_percent)
		return RC_OK;
	TRY(site_session(op, p->session, &s));
	t.extra_s = (exam_end_ms(s, most.extra_percent) - s->end_ms) / 1000;
	t.basis = most.approval;
	return event_append_at(op, &EVENTS[EV_ROOM_TIME], ev->place, &t, NULL);
}

static const struct reaction REACTIONS[] = {{"arrange.room_armed", give_own_time}};

/* Rules. */
static enum rc due_of(struct op *op, const struct ringing *p, const struct profile_session *s,
                      int64_t *ret_ms)
{
	*ret_ms = 0;
	if (p->bell == BELL_START)
		*ret_ms = s->start_ms;
	return p->bell == BELL_END ? sitting_end_ms(op, p->session, p->place, ret_ms) : RC_OK;
}

static enum rc check_moment(struct op *op, const struct ringing *p)
{
	const struct profile *profile = op_profile(op);
	struct str subject = session_subject(op->arena, p->session, p->place);

	if (p->off_ms < -profile_setting(profile, "sitting.bell_early_ms", 0))
		return alarm_raise(op, p->bell == BELL_END ? "sitting.end_bell_early"
		                                           : "sitting.start_bell_early",
		                   subject, p->place, NULL);
	if (p->off_ms > profile_setting(profile, "sitting.bell_late_ms", 0))
		return alarm_raise(op, "sitting.bell_late", subject, p->place, NULL);
	return RC_OK;
}

/* The steps that this bell commands may have been told before the bell was. */
static enum rc check_steps(struct op *op, const struct ringing *p)
{
	int64_t step_ms;

	if ((p->bell != BELL_OPEN && p->bell != BELL_START) || place_level(p->place) != LEVEL_SITE)
		return RC_OK;
	TRY(session_step_at(op, p->session, p->place,
	                    p->bell == BELL_OPEN ? STEP_OPENED : STEP_STARTED, &step_ms));
	return session_before_bell(op, p->session, p->place, step_ms, op_happened_ms(op));
}

static enum rc run_ring(struct op *op, const void *in)
{
	struct ringing p = *(const struct ringing *)in;
	const struct profile_session *s;
	int64_t due;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_ROOM));
	TRY(due_of(op, &p, s, &due));
	p.off_ms = due ? op_happened_ms(op) - due : 0;
	TRY(event_append(op, &EVENTS[EV_RUNG], &p, NULL));
	TRY(check_moment(op, &p));
	return check_steps(op, &p);
}

static enum rc run_clock(struct op *op, const void *in)
{
	const struct clock_check *p = in;
	int64_t most = profile_setting(op_profile(op), "sitting.clock_offset_ms", 0);
	const struct profile_session *s;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_SITE));
	TRY(event_append(op, &EVENTS[EV_CLOCK], p, NULL));
	if (p->offset_ms >= -most && p->offset_ms <= most)
		return RC_OK;
	return alarm_raise(op, "sitting.clock_off", session_subject(op->arena, p->session, p->place),
	                   p->place, NULL);
}

/* The law gives at most half of the session's time more. */
static enum rc run_room_time(struct op *op, const void *in)
{
	const struct room_time *p = in;
	int64_t percent = profile_setting(op_profile(op), "sitting.extra_time_percent",
	                                  PROFILE_NO_LIMIT);
	const struct profile_session *s;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_ROOM, LEVEL_ROOM));
	TRY(session_still_on(op, p->session, p->place, CITE_ACCOMMODATION));
	if (p->extra_s * 1000 > (s->end_ms - s->start_ms) / 100 * percent)
		TRY(forbid(op, RC_CONFLICT, "extra_s", CITE_ACCOMMODATION,
		           "延长 %lld 秒超过本科次考试时间的 %lld%%",
		           "%lld s are more than %lld%% of this session's time", (long long)p->extra_s,
		           (long long)percent));
	return event_append(op, &EVENTS[EV_ROOM_TIME], p, NULL);
}

/* Module. */
static const struct allow RINGERS[] = {
	{"bell_keeper", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY},
};
static const char *const KEEPER[] = {"bell_keeper", "invigilator", NULL};
static const char *const SECOND[] = {"site_chief", "deputy_chief", "site_clerk", "inspector",
	"invigilator", "bell_keeper", NULL};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", NULL};
static const char *const COUNTY[] = {"county_office", "county_leader", "county_director", NULL};
static const struct slot BY_TWO[] = {
	{"keeper", 1, KEEPER, "second", false, "司铃员", "keeper of the bell"},
	{"second", 1, SECOND, NULL, false, "在场第二人", "the second person"},
};
static const struct slot APPROVERS[] = {
	{"chief", 1, CHIEF, "county", false, "主考", "chief of the site"},
	{"county", 1, COUNTY, NULL, false, "县考务办", "the county"},
};
static const struct command COMMANDS[] = {
	{"sitting.ring_bell", FACT, RINGING, COUNT(RINGING) - 1, sizeof(struct ringing),
	 SLOTS(BY_TWO), ALLOW(RINGERS), .run = run_ring, .cites = CITE_BELL,
	 .zh = "登记铃声(指令)", .en = "record a bell"},
	{"sitting.check_clock", FACT, FIELDS(CLOCK), sizeof(struct clock_check), SLOTS(BY_TWO),
	 ALLOW(RINGERS), .run = run_clock, .cites = CITE_BELL,
	 .zh = "登记考点对时", .en = "record a comparison of the clock"},
	{"sitting.set_room_time", ORDER, FIELDS(ROOM_TIME), sizeof(struct room_time),
	 SLOTS(APPROVERS), ALLOW(SITTING_OFFICE), .run = run_room_time, .cites = CITE_ACCOMMODATION,
	 .zh = "核定考场延时", .en = "give a room its own time"},
};

/* The site's own bells; a special room's are measured against its own end. */
static size_t bells(struct arena *a, const struct event *ev, int bell, struct str *ret,
                    struct str *ret_session)
{
	const struct ringing *p = ev->data;

	if (ev->type == &EVENTS[EV_RUNG] && p->bell != bell)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}

static size_t start_bells(struct arena *a, const struct event *ev, struct str *ret,
                          struct str *ret_session)
{
	return bells(a, ev, BELL_START, ret, ret_session);
}

static size_t end_bells(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session)
{
	return bells(a, ev, BELL_END, ret, ret_session);
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.clock", "arrange.site_armed", "sitting.clock_checked", NULL, session_subjects,
	 "sitting.clock", "bell_keeper", .missing = "sitting.clock_missing", .cites = CITE_BELL,
	 .zh = "考点对时(两人)", .en = "the site's clock is compared (by two)"},
	{"sitting.start_bell", "arrange.site_armed", "sitting.bell_rung", NULL, start_bells,
	 "sitting.start_bell", "bell_keeper", .missing = "sitting.bell_missing", .cites = CITE_BELL,
	 .zh = "开考铃", .en = "the bell of the start"},
	{"sitting.end_bell", "arrange.site_armed", "sitting.bell_rung", NULL, end_bells,
	 "sitting.end_bell", "bell_keeper", .missing = "sitting.bell_missing", .cites = CITE_BELL,
	 .zh = "终考铃", .en = "the bell of the end"},
	{"sitting.own_end_bell", "sitting.room_time_set", "sitting.bell_rung", NULL, end_bells,
	 "sitting.own_end_bell", "bell_keeper", .missing = "sitting.bell_missing",
	 .cites = CITE_ACCOMMODATION, .zh = "延时考场终考铃",
	 .en = "the end bell of a room with its own time"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.end_bell_early", COLOUR_RED, "site_chief", CITE_BELL,
	 "立即通知各考场继续答题、考生不得离场，各场封存情况，电话报县考务办并由省决定补时",
	 "have every room write on, nobody leaves; keep what is collected apart; ring the county: the "
	 "province decides about time", "终考铃提前", "the end bell came early"},
	{"sitting.start_bell_early", COLOUR_ORANGE, "site_chief", CITE_BELL,
	 "核对钟差，记下实际开考时间，按省规定终考，报县考务办",
	 "compare the clock, note the actual start, end as the province says, tell the county",
	 "开考铃提前", "the start bell came early"},
	{"sitting.bell_late", COLOUR_ORANGE, "site_chief", CITE_BELL,
	 "记下实际时间，请示县考务办是否补时，终考前告知各考场",
	 "note the actual time, ask the county about time back, tell the rooms before the end",
	 "铃声偏晚", "a bell came late"},
	{"sitting.bell_missing", COLOUR_ORANGE, "site_chief", CITE_BELL,
	 "派人到广播室核实是否已打铃，补记铃声记录", "send to the broadcasting room: was it rung? record it",
	 "铃声记录超时未报", "a bell is not in the log"},
	{"sitting.clock_off", COLOUR_ORANGE, "bell_keeper", CITE_BELL,
	 "按标准时间校准后两人重新对时签名", "set the clock by the reference, compare it again by two",
	 "考点时钟偏差超限", "the site's clock is off"},
	{"sitting.clock_missing", COLOUR_YELLOW, "site_chief", CITE_BELL,
	 "立即由司铃员和第二人对时并登记", "have the keeper and a second compare the clock now",
	 "考点对时超时未报", "the clock has not been compared"},
};

static const struct column COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN_WORDS("bell", BELL, BELL_WORDS, "铃", "bell"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
};
static const struct view VIEWS[] = {
	{"sitting/bells", "铃声记录", "bell log", SITTING_READERS, &SQL[Q_VIEW], COLUMNS,
	 COUNT(COLUMNS)},
};

static const char *const SETTINGS[] = {
	"sitting.bell_early_ms", "sitting.bell_late_ms", "sitting.clock_offset_ms",
	"sitting.extra_time_percent",
};

const struct module sitting_bell_module = {
	.name = "sitting_bell", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "司铃", .en = "bells",
};
