/* SPDX-License-Identifier: Apache-2.0 */
/* session.c -- how far a session is at a site, by step, with exceptions by room (科次进度).
 *
 * One report a step comes from the exam office.  It is held against three things: the step's window
 * (an expectation that opened when the site was armed), the number of rooms in the plan, and the
 * bell log: opening and starting before the site's command is an alarm whichever of the two is
 * recorded first.  Red would need two sources; this is one.
 *
 * Emits  sitting.step_reported
 * Owns   sitting_step
 */
#include "domain/sitting/session.h"

#include "engine/alarm.h"

enum { Q_SET, Q_ADD, Q_AT, Q_VIEW };
static const struct sql SQL[] = {
	[Q_SET] = {"UPDATE sitting_step SET at_ms = ?, done = ?, exceptions = ?, planned = ?,"
	           " entry = ? WHERE session = ? AND site = ? AND step = ?", 8},
	[Q_ADD] = {"INSERT INTO sitting_step(session, site, step, at_ms, done, exceptions, planned,"
	           " entry) VALUES(?, ?, ?, ?, ?, ?, ?, ?)", 8},
	[Q_AT] = {"SELECT at_ms FROM sitting_step WHERE session = ? AND site = ? AND step = ?", 3},
	[Q_VIEW] = {"SELECT session, site, step, at_ms, done, exceptions, planned, entry"
	            " FROM sitting_step ORDER BY session, site, step", 0},
};

static const struct table TABLES[] = {
	{"sitting_step", "CREATE TABLE sitting_step(session {text} NOT NULL, site {text} NOT NULL,"
	 " step {int} NOT NULL, at_ms {int} NOT NULL, done {int} NOT NULL, exceptions {int} NOT NULL,"
	 " planned {int} NOT NULL, entry {int} NOT NULL,"
	 " PRIMARY KEY(session, site, step)){clustered}",
	 "session, site, step"},
};

/* Fields. */
#define X(id, name, zh, en) #name,
static const char *const STEP[] = {SITTING_STEPS(X)};
#undef X
#define X(id, name, zh, en) {zh, en},
static const struct word STEP_WORDS[] = {SITTING_STEPS(X)};
#undef X

struct report {
	struct str place, session;
	int step;
	int64_t done;
	struct list exceptions;
	int64_t planned;
};
static const struct field REPORT[] = {
	FIELD(struct report, place, F_PLACE, "考点", "site"),
	FIELD(struct report, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct report, step, F_ENUM, "环节", "step", ENUM_OF(STEP, STEP_WORDS)),
	FIELD(struct report, done, F_INT, "已完成考场数", "rooms that have done it", .max = 1000),
	EXCEPTIONS_FIELD(struct report, exceptions),
	FIELD(struct report, planned, F_INT, "编排考场数", "rooms in the plan"),
};

/* Projection. */
static enum rc apply_reported(struct op *op, const struct event *ev)
{
	const struct report *p = ev->data;
	int64_t changed, exceptions = (int64_t)p->exceptions.n;

	TRY(db_change(op, op->db, &SQL[Q_SET],
	              ARGS(sql_int(ev->happened_ms), sql_int(p->done), sql_int(exceptions),
	                   sql_int(p->planned), sql_int(ev->index), sql_text(p->session),
	                   sql_text(ev->place), sql_int(p->step)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->step),
	                     sql_int(ev->happened_ms), sql_int(p->done), sql_int(exceptions),
	                     sql_int(p->planned), sql_int(ev->index)));
}

static const struct event_type EVENTS[] = {
	{"sitting.step_reported", 1, REPORT + 1, COUNT(REPORT) - 1, sizeof(struct report),
	 .apply = apply_reported, .visible_to = SITTING_READERS,
	 .zh = "考点报告科次进度", .en = "a site reported a step"},
};

/* Reading. */
enum rc session_step_at(struct op *op, struct str session, struct str site, enum sitting_step step,
                        int64_t *ret_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_AT], ARGS(sql_text(session), sql_text(site), sql_int(step)), &r));
	*ret_ms = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc sitting_progress(struct op *op, struct str session, struct str site,
                         enum sitting_step *ret, int64_t *ret_at_ms)
{
	*ret = STEP_MAX;
	*ret_at_ms = 0;
	for (int step = STEP_MAX - 1; step >= 0 && !*ret_at_ms; step--) {
		TRY(session_step_at(op, session, site, (enum sitting_step)step, ret_at_ms));
		if (*ret_at_ms)
			*ret = (enum sitting_step)step;
	}
	return RC_OK;
}

const char *sitting_step_text(enum sitting_step s, bool english)
{
	if (s >= STEP_MAX)
		return english ? "nothing yet" : "尚无";
	return english ? STEP_WORDS[s].en : STEP_WORDS[s].zh;
}

/* Rules. */
enum rc session_still_on(struct op *op, struct str session, struct str place, const char *cites)
{
	int64_t end_ms;

	TRY(sitting_end_ms(op, session, place, &end_ms));
	if (op_happened_ms(op) >= end_ms)
		TRY(forbid(op, RC_CONFLICT, "session", cites,
		           "科次 %s 在此处已经结束；终考前已作出的决定，补录时写明当时时间（happened）",
		           "session %s is over here; of a decision that was made before its end write when"
		           " it was made (happened)", session.s));
	return RC_OK;
}

enum rc session_before_bell(struct op *op, struct str session, struct str site, int64_t step_ms,
                            int64_t bell_ms)
{
	int64_t grace = profile_setting(op_profile(op), "sitting.bell_grace_s", 0) * 1000;

	if (!step_ms || !bell_ms || step_ms >= bell_ms - grace)
		return RC_OK;
	return alarm_raise(op, "sitting.before_bell", site_subject(op, session, site), site, NULL);
}

/* Which bell commands a step; BELL_MAX: none. */
static enum bell bell_of(int step)
{
	return step == STEP_OPENED ? BELL_OPEN : step == STEP_STARTED ? BELL_START : BELL_MAX;
}

static enum rc check_bell(struct op *op, const struct report *p)
{
	enum bell bell = bell_of(p->step);
	int64_t rung;

	if (bell == BELL_MAX)
		return RC_OK;
	TRY(sitting_bell(op, p->session, p->place, bell, &rung));
	return session_before_bell(op, p->session, p->place, op_happened_ms(op), rung);
}

static bool some_early(const struct list *l)
{
	const struct room_exception *r = l->items;

	for (size_t i = 0; i < l->n; i++)
		if (r[i].code == EXCEPTION_EARLY)
			return true;
	return false;
}

/* Rooms that are neither done nor an exception were forgotten by somebody. */
static enum rc run_report(struct op *op, const void *in)
{
	struct report p = *(const struct report *)in;
	const struct profile_session *s;
	int64_t told;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_SITE));
	TRY(exceptions_check(op, &p.exceptions, p.place));
	TRY(site_rooms(op, p.session, p.place, &p.planned));
	TRY(event_append(op, &EVENTS[0], &p, NULL));
	told = p.done + (int64_t)p.exceptions.n;
	if (p.planned && p.step != STEP_STAFF_IN && told < p.planned)
		TRY(alarm_raise(op, "sitting.rooms_short", site_subject(op, p.session, p.place), p.place,
		                NULL));
	if (some_early(&p.exceptions))
		TRY(alarm_raise(op, "sitting.room_early", site_subject(op, p.session, p.place), p.place,
		                NULL));
	return check_bell(op, &p);
}

/* Module. */
static const struct command COMMANDS[] = {
	{"sitting.report_step", FACT, REPORT, COUNT(REPORT) - 1, sizeof(struct report),
	 ALLOW(SITTING_OFFICE), .run = run_report, .cites = CITE_PROGRAMME,
	 .zh = "报告科次进度", .en = "report a session's step"},
};

/* A step's rule is opened by the arming of the site and met by a report of that step alone. */
static size_t subjects_of(struct arena *a, const struct event *ev, int step, struct str *ret,
                          struct str *ret_session)
{
	const struct report *p = ev->data;

	if (ev->type == &EVENTS[0] && p->step != step)
		return 0;
	return session_subjects(a, ev, ret, ret_session);
}
#define X(id, name, zh, en) \
	static size_t of_##name(struct arena *a, const struct event *ev, struct str *ret, \
	                        struct str *ret_session) \
	{ \
		return subjects_of(a, ev, STEP_##id, ret, ret_session); \
	}
SITTING_STEPS(X)
#undef X

#define X(id, step, label_zh, label_en) \
	{"sitting." #step, "arrange.site_armed", "sitting.step_reported", NULL, of_##step, \
	 "sitting." #step, "site_clerk", .early = STEP_##id == STEP_OPENED ? EARLY : NULL, \
	 .missing = "sitting.step_missing", .cites = CITE_PROGRAMME, .zh = label_zh, .en = label_en},
#define EARLY "sitting.before_bell"
static const struct expectation_rule EXPECTATIONS[] = {SITTING_STEPS(X)};
#undef X

static const struct alarm_rule ALARMS[] = {
	{"sitting.step_missing", COLOUR_YELLOW, "site_chief", CITE_PROGRAMME,
	 "电话询问考点考务办：该环节是否完成，补报数字和例外考场",
	 "ring the site's exam office: is the step done? have the count and the exceptions reported",
	 "科次进度超时未报", "a step of the session is overdue"},
	{"sitting.rooms_short", COLOUR_YELLOW, "site_chief", CITE_PROGRAMME,
	 "逐场核对未报考场，派流动监考员到场查看",
	 "find the rooms that were not told, send a roving invigilator there",
	 "报告的考场数少于编排数", "fewer rooms were reported than planned"},
	{"sitting.before_bell", COLOUR_ORANGE, "site_chief", CITE_PROGRAMME " T-10",
	 "调看录像核实是否先于指令启封或开考，看护考场，报县考务办",
	 "look at the recording: was it before the command? guard the rooms, tell the county",
	 "启封或开考先于考点指令(铃声记录)", "opened or started before the site's command (bell log)"},
	{"sitting.room_early", COLOUR_ORANGE, "site_chief", CITE_PROGRAMME " T-10",
	 "立即派人到该考场，查明是否提前，保全录像，记入考场情况记录单",
	 "send somebody to the room at once, find out, keep the recording, write it on its sheet",
	 "考点报告有考场提前", "the site reports a room that was early"},
};

static const struct column COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN_WORDS("step", STEP, STEP_WORDS, "步骤", "step"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
	COLUMN("done", F_INT, "已完成考场", "rooms done"),
	COLUMN("exceptions", F_INT, "例外", "exceptions"),
	COLUMN("planned", F_INT, "编排考场", "planned"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"sitting/steps", "科次进度", "progress of sessions", SITTING_READERS, &SQL[Q_VIEW], COLUMNS,
	 COUNT(COLUMNS)},
};

static const char *const SETTINGS[] = {"sitting.bell_grace_s"};

const struct module sitting_session_module = {
	.name = "sitting_session", .group = "sitting", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "科次进度", .en = "progress of a session",
};
