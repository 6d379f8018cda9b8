/* SPDX-License-Identifier: Apache-2.0 */
/* entry.c -- who entered which room, when, and how it is known (入场、身份核验).
 *
 * The province's terminal gives a result, a method and a number of tries; faces stay in it.  A
 * nation's morning is half a million of its uploads, so an entry is one small row, and counters are
 * added to, not counted.  The same candidate told twice is one entry.
 *
 * A candidate whose identity is not confirmed after the profile's tries sits all the same (存疑入场):
 * another officer signs, and the doubt is resolved before the end.  Nobody is passed by trying
 * again: a pass after that many failures, by the same officer in short time, is an alarm.
 *
 * Where the profile stops the late at the site's gate, the gate's terminals tell entries of the
 * site, and who was through the gate in time is not late at the door of a room.
 *
 * Emits  sitting.entered, sitting.list_entered, sitting.identity_failed, sitting.identity_cleared,
 *        sitting.doubt_opened, sitting.doubt_resolved, sitting.attendance_reported
 * Owns   sitting_entry, sitting_tally, sitting_doubt
 */
#include "domain/sitting/site.h"

#include "domain/exam/exam.h"
#include "engine/alarm.h"

#define CITE_IDENTITY "教育部 考生身份核验要求 (2.7)"
#define CITE_LATE CITE_PROGRAMME " T+15"

enum {
	Q_ENTRY_ADD, Q_ENTRY, Q_TALLY_ADD, Q_TALLY_MAKE, Q_TALLY, Q_FAIL_SET, Q_FAIL_ADD, Q_DOUBT,
	Q_STATE_SET, Q_STATE_ADD, Q_FAILURES, Q_VIEW_ROOMS, Q_VIEW_DOUBTS,
};
static const struct sql SQL[] = {
	/* Where it is read from what it writes to, SQLite makes a table for that each time. */
	[Q_ENTRY_ADD] = {"INSERT INTO sitting_entry(session, room, candidate, at_ms)"
	                 " VALUES(?, ?, ?, ?) ON CONFLICT (session, room, candidate) DO NOTHING", 4},
	[Q_ENTRY] = {"SELECT at_ms FROM sitting_entry WHERE session = ? AND room = ?"
	             " AND candidate = ?", 3},
	[Q_TALLY_ADD] = {"UPDATE sitting_tally SET n = n + ? WHERE session = ? AND room = ?"
	                 " AND kind = ?", 4},
	[Q_TALLY_MAKE] = {"INSERT INTO sitting_tally(session, room, kind, n) VALUES(?, ?, ?, ?)", 4},
	[Q_TALLY] = {"SELECT kind, CAST(SUM(n) AS BIGINT) FROM sitting_tally WHERE session = ?"
	             " AND room >= ? AND room < ? GROUP BY kind ORDER BY kind", 3},
	/* Who fails again after a pass is as one who was not admitted yet (states: doubt_state). */
	[Q_FAIL_SET] = {"UPDATE sitting_doubt SET fails = fails + ?, last_ms = ?, officer = ?,"
	                " state = CASE WHEN state = 2 THEN 0 ELSE state END"
	                " WHERE session = ? AND room = ? AND candidate = ?", 6},
	[Q_FAIL_ADD] = {"INSERT INTO sitting_doubt(session, room, candidate, fails, last_ms, officer,"
	                " state) VALUES(?, ?, ?, ?, ?, ?, 0)", 6},
	[Q_DOUBT] = {"SELECT fails, last_ms, officer, state FROM sitting_doubt WHERE session = ?"
	             " AND room = ? AND candidate = ?", 3},
	[Q_STATE_SET] = {"UPDATE sitting_doubt SET state = ? WHERE session = ? AND room = ?"
	                 " AND candidate = ?", 4},
	[Q_STATE_ADD] = {"INSERT INTO sitting_doubt(session, room, candidate, fails, last_ms, officer,"
	                 " state) VALUES(?, ?, ?, 0, ?, 0, ?)", 5},
	[Q_FAILURES] = {"SELECT n FROM sitting_tally WHERE session = ? AND room = ?"
	             " AND kind = 'failed'", 2},
	[Q_VIEW_ROOMS] = {"SELECT session, room, kind, n FROM sitting_tally"
	                  " ORDER BY session, room, kind", 0},
	[Q_VIEW_DOUBTS] = {"SELECT session, room, candidate, fails, last_ms, state FROM sitting_doubt"
	                   " ORDER BY session, room, candidate", 0},
};

static const struct table TABLES[] = {
	{"sitting_entry", "CREATE TABLE sitting_entry(session {text} NOT NULL, room {text} NOT NULL,"
	 " candidate {text} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(session, room, candidate)){clustered}", "session, room, candidate"},
	{"sitting_tally", "CREATE TABLE sitting_tally(session {text} NOT NULL, room {text} NOT NULL,"
	 " kind {text} NOT NULL, n {int} NOT NULL, PRIMARY KEY(session, room, kind)){clustered}",
	 "session, room, kind"},
	{"sitting_doubt", "CREATE TABLE sitting_doubt(session {text} NOT NULL, room {text} NOT NULL,"
	 " candidate {text} NOT NULL, fails {int} NOT NULL, last_ms {int} NOT NULL,"
	 " officer {id} NOT NULL, state {int} NOT NULL,"
	 " PRIMARY KEY(session, room, candidate)){clustered}", "session, room, candidate"},
};
#define TALLIES(X) X(PRESENT, "present") X(LATE, "late") X(FAILED, "failed") \
	X(DOUBTFUL, "doubtful")
#define X(id, text) TALLY_##id,
enum tally { TALLIES(X) TALLY_MAX };
#undef X
#define X(id, text) text,
static const char *const TALLY_TEXT[] = {TALLIES(X)};
#undef X
static const struct counter TALLY = {"sitting_tally", &SQL[Q_TALLY_ADD], &SQL[Q_TALLY_MAKE]};

/* Fields. */
#define METHODS(X) X(FACE, "face") X(FINGERPRINT, "fingerprint") X(CARD, "card") X(MANUAL, "manual")
#define OUTCOMES(X) X(CONFIRMED, "confirmed") X(SUSPECTED, "suspected") X(LEFT, "left")
#define REASONS(X) X(IDENTITY, "identity") X(NO_CARD, "no_card") X(TERMINAL, "terminal") \
	X(RETRIED, "retried")
#define X(id, text) text,
static const char *const METHOD[] = {METHODS(X)};
static const char *const OUTCOME[] = {OUTCOMES(X)};
static const char *const REASON[] = {REASONS(X)};
#undef X
static const struct word METHOD_WORDS[] = {
	{"人脸", "face"}, {"指纹", "fingerprint"}, {"证件", "card"}, {"人工", "by hand"},
};
static const struct word OUTCOME_WORDS[] = {
	{"核实为本人", "confirmed"}, {"涉嫌冒名", "suspected of impersonation"}, {"已离场", "has left"},
};
static const struct word REASON_WORDS[] = {
	{"身份存疑", "identity in doubt"}, {"未带证件", "no card"}, {"终端故障", "terminal out of order"},
	{"多次核验未通过", "failed again and again"},
};
#define X(id, text) RESULT_##id,
enum outcome { OUTCOMES(X) RESULT_MAX };
#undef X
#define X(id, text) REASON_##id,
enum reason { REASONS(X) REASON_MAX };
#undef X
static const char *const RESULT[] = {"passed", "failed"};
static const struct word RESULT_WORDS[] = {
	{"通过", "passed"}, {"未通过", "failed"},
};
enum { PASSED, FAILED };
/* Of a doubt.  None: failed, not admitted yet. */
enum doubt_state { DOUBT_NONE, DOUBT_OPEN, DOUBT_CLEARED, DOUBT_RESOLVED };

struct entry {
	struct str candidate;
	int64_t at;
	int method;
	int64_t tries;
	int result;
	bool late; /* after the start, or after entry should have closed; events only */
};
#define ENTRY_FIELDS(st) \
	FIELD(st, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"), \
	FIELD(st, at, F_TIME, "核验时间", "checked at", .optional = true), \
	FIELD(st, method, F_ENUM, "核验方式", "method", ENUM_OF(METHOD, METHOD_WORDS)), \
	FIELD(st, tries, F_INT, "核验次数", "tries", .min = 1, .max = 100), \
	FIELD(st, result, F_ENUM, "核验结果", "result", ENUM_OF(RESULT, RESULT_WORDS))
static const struct field ENTRY[] = {ENTRY_FIELDS(struct entry)};
static const struct field ENTRY_MADE[] = {
	ENTRY_FIELDS(struct entry),
	FIELD(struct entry, late, F_BOOL, "迟到", "late", .optional = true),
};

struct entering {
	struct str place, session;
	struct str candidate;
	int64_t at;
	int method;
	int64_t tries;
	int result;
	bool late;
};
static const struct field ENTERING[] = {
	FIELD(struct entering, place, F_PLACE, "考场或考点入口", "room, or the site for its gate"),
	FIELD(struct entering, session, F_KEY, "科次", "session", .ref = "session"),
	ENTRY_FIELDS(struct entering),
	FIELD(struct entering, late, F_BOOL, "迟到", "late", .optional = true),
};

struct upload {
	struct str place, session;
	struct list entries;
};
#define UPLOAD_FIELDS(of) { \
	FIELD(struct upload, place, F_PLACE, "考场或考点入口", "room, or the site for its gate"), \
	FIELD(struct upload, session, F_KEY, "科次", "session", .ref = "session"), \
	FIELD(struct upload, entries, F_LIST, "核验记录", "entries", .list_of = (of), \
	      .list_n = COUNT(of), .list_size = sizeof(struct entry), .min = 1), \
}
static const struct field UPLOAD[] = UPLOAD_FIELDS(ENTRY);
static const struct field UPLOADED[] = UPLOAD_FIELDS(ENTRY_MADE);

struct failing {
	struct str session, candidate;
	int64_t tries, at;
	bool limit; /* the profile's tries are used up */
};
static const struct field FAILING[] = {
	FIELD(struct failing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct failing, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct failing, tries, F_INT, "未通过次数", "failed tries"),
	FIELD(struct failing, at, F_TIME, "核验时间", "checked at"),
	FIELD(struct failing, limit, F_BOOL, "已达规定次数", "no tries are left"),
};

struct doubt {
	struct str place, session, candidate;
	int reason, outcome;
};
static const struct field DOUBT[] = {
	FIELD(struct doubt, place, F_PLACE, "考场或考点入口", "room, or the site for its gate"),
	FIELD(struct doubt, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct doubt, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct doubt, reason, F_ENUM, "存疑原因", "reason", ENUM_OF(REASON, REASON_WORDS)),
};
static const struct field RESOLVED[] = {
	FIELD(struct doubt, place, F_PLACE, "考场或考点入口", "room, or the site for its gate"),
	FIELD(struct doubt, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct doubt, candidate, F_CODE, "考生号", "candidate", .ref = "candidate"),
	FIELD(struct doubt, outcome, F_ENUM, "核实结果", "outcome", ENUM_OF(OUTCOME, OUTCOME_WORDS)),
};

struct attendance {
	struct str place, session;
	int64_t expected, present, absent;
	int64_t planned, counted; /* by the arrangement; by the terminals */
};
static const struct field ATTENDANCE[] = {
	FIELD(struct attendance, place, F_PLACE, "考点", "site"),
	FIELD(struct attendance, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct attendance, expected, F_INT, "应考人数", "expected", .max = 100000),
	FIELD(struct attendance, present, F_INT, "实考人数", "present", .max = 100000),
	FIELD(struct attendance, absent, F_INT, "缺考人数", "absent", .max = 100000),
	FIELD(struct attendance, planned, F_INT, "编排人数", "planned"),
	FIELD(struct attendance, counted, F_INT, "核验终端人数", "counted by terminals"),
};

/* Projection. */
static enum rc tally(struct op *op, struct str session, struct str room, enum tally kind,
                     int64_t n)
{
	return db_add(op, op->db, &TALLY,
	              ARGS(sql_text(session), sql_text(room), sql_z(TALLY_TEXT[kind])), n);
}

/* *ret_new: not told before. */
static enum rc seat(struct op *op, struct str session, struct str room, struct str candidate,
                    int64_t at_ms, bool *ret_new)
{
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_ENTRY_ADD],
	              ARGS(sql_text(session), sql_text(room), sql_text(candidate), sql_int(at_ms)),
	              &changed));
	*ret_new = changed > 0;
	return RC_OK;
}

static enum rc apply_entered(struct op *op, const struct event *ev)
{
	const struct entering *p = ev->data;
	bool new;

	if (p->result != PASSED)
		return RC_OK;
	TRY(seat(op, p->session, ev->place, p->candidate, p->at, &new));
	if (new && p->late)
		TRY(tally(op, p->session, ev->place, TALLY_LATE, 1));
	return new ? tally(op, p->session, ev->place, TALLY_PRESENT, 1) : RC_OK;
}

static enum rc apply_uploaded(struct op *op, const struct event *ev)
{
	const struct upload *p = ev->data;
	const struct entry *e = p->entries.items;
	int64_t n = 0, late = 0;
	bool new;

	for (size_t i = 0; i < p->entries.n; i++) {
		if (e[i].result != PASSED)
			continue;
		TRY(seat(op, p->session, ev->place, e[i].candidate, e[i].at, &new));
		n += new;
		late += new && e[i].late;
	}
	if (late)
		TRY(tally(op, p->session, ev->place, TALLY_LATE, late));
	return n ? tally(op, p->session, ev->place, TALLY_PRESENT, n) : RC_OK;
}

static enum rc apply_failed(struct op *op, const struct event *ev)
{
	const struct failing *p = ev->data;
	int64_t changed;

	TRY(tally(op, p->session, ev->place, TALLY_FAILED, 1));
	TRY(db_change(op, op->db, &SQL[Q_FAIL_SET],
	              ARGS(sql_int(p->tries), sql_int(p->at), sql_int(ev->actor.v),
	                   sql_text(p->session), sql_text(ev->place), sql_text(p->candidate)),
	              &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_FAIL_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_text(p->candidate),
	                     sql_int(p->tries), sql_int(p->at), sql_int(ev->actor.v)));
}

/* What is known of a candidate's identity in this session. */
struct known {
	int64_t fails, last_ms;
	struct person_id officer;
	int state;
};

static enum rc doubt_of(struct op *op, struct str session, struct str room, struct str candidate,
                        struct known *ret, bool *ret_found)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_DOUBT],
	              ARGS(sql_text(session), sql_text(room), sql_text(candidate)), &r));
	*ret_found = rows_next(&r);
	*ret = (struct known){0};
	if (*ret_found)
		*ret = (struct known){rows_int(&r, 0), rows_int(&r, 1), {rows_int(&r, 2)},
		                      (int)rows_int(&r, 3)};
	return RC_OK;
}

static enum rc doubt_set(struct op *op, const struct event *ev, const struct doubt *p, int state)
{
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_STATE_SET],
	              ARGS(sql_int(state), sql_text(p->session), sql_text(ev->place),
	                   sql_text(p->candidate)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_STATE_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_text(p->candidate),
	                     sql_int(ev->happened_ms), sql_int(state)));
}

static enum rc apply_cleared(struct op *op, const struct event *ev)
{
	return doubt_set(op, ev, ev->data, DOUBT_CLEARED);
}

/* A doubtful candidate sits: that is an entry too.  A doubt that is told again is one doubt. */
static enum rc apply_doubt(struct op *op, const struct event *ev)
{
	const struct doubt *p = ev->data;
	struct known k;
	bool new, found;

	TRY(seat(op, p->session, ev->place, p->candidate, ev->happened_ms, &new));
	if (new)
		TRY(tally(op, p->session, ev->place, TALLY_PRESENT, 1));
	TRY(doubt_of(op, p->session, ev->place, p->candidate, &k, &found));
	if (k.state != DOUBT_OPEN && k.state != DOUBT_RESOLVED)
		TRY(tally(op, p->session, ev->place, TALLY_DOUBTFUL, 1));
	return doubt_set(op, ev, p, DOUBT_OPEN);
}

static enum rc apply_resolved(struct op *op, const struct event *ev)
{
	return doubt_set(op, ev, ev->data, DOUBT_RESOLVED);
}

enum { EV_ENTERED, EV_LIST, EV_FAILED, EV_CLEARED, EV_DOUBT, EV_RESOLVED, EV_ATTENDANCE };
#define ROW(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = SITTING_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_ENTERED] = ROW("sitting.entered", ENTERING, struct entering, apply_entered,
	                   "考生入场核验", "a candidate entered"),
	[EV_LIST] = ROW("sitting.list_entered", UPLOADED, struct upload, apply_uploaded,
	                "考场入场核验记录上传", "a room's entries were uploaded"),
	[EV_FAILED] = EVENT("sitting.identity_failed", FAILING, struct failing, apply_failed,
	                    "身份核验未通过", "an identity was not confirmed",
	                    .visible_to = SITTING_READERS),
	[EV_CLEARED] = {"sitting.identity_cleared", 1, DOUBT + 1, 2, sizeof(struct doubt),
	                .apply = apply_cleared, .visible_to = SITTING_READERS,
	                .zh = "身份复核通过", .en = "an identity was confirmed after all"},
	[EV_DOUBT] = ROW("sitting.doubt_opened", DOUBT, struct doubt, apply_doubt,
	                 "存疑入场", "a candidate sits with a doubt"),
	[EV_RESOLVED] = ROW("sitting.doubt_resolved", RESOLVED, struct doubt, apply_resolved,
	                    "存疑核实", "a doubt was resolved"),
	[EV_ATTENDANCE] = ROW("sitting.attendance_reported", ATTENDANCE, struct attendance, NULL,
	                      "考点报告到考情况", "a site reported attendance"),
};

/* Reading. */
enum rc sitting_entered(struct op *op, struct str session, struct str room, struct str candidate,
                        bool *ret, int64_t *ret_at_ms)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ENTRY],
	              ARGS(sql_text(session), sql_text(room), sql_text(candidate)), &r));
	*ret = rows_next(&r);
	*ret_at_ms = *ret ? rows_int(&r, 0) : 0;
	return RC_OK;
}

static enum rc planned(struct op *op, struct str session, struct str place, int64_t *ret)
{
	struct room_plan room = {0};
	struct site_plan site = {0};
	bool known;

	if (place_level(place) == LEVEL_ROOM)
		TRY(arrange_room(op, session, place, &room, &known));
	else
		TRY(arrange_site(op, session, place, &site, &known));
	*ret = room.seats + site.seats;
	return RC_OK;
}

enum rc sitting_count(struct op *op, struct str session, struct str place,
                      struct sitting_count *ret)
{
	bool room = place_level(place) == LEVEL_ROOM;
	/* A room alone: up to the next string after it; a site's rooms: from "/" to before "0". */
	struct str low = room ? place : str_fmt(op->arena, STR_FMT "/", STR_ARG(place));
	struct str high = str_fmt(op->arena, STR_FMT "%s", STR_ARG(place), room ? " " : "0");
	int64_t n[TALLY_MAX] = {0};
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_TALLY], ARGS(sql_text(session), sql_text(low), sql_text(high)), &r));
	while (rows_next(&r))
		for (int i = 0; i < TALLY_MAX; i++)
			if (str_is(rows_str(&r, 0), TALLY_TEXT[i]))
				n[i] = rows_int(&r, 1);
	rows_release(&r);
	*ret = (struct sitting_count){.present = n[TALLY_PRESENT], .late = n[TALLY_LATE],
		.failed = n[TALLY_FAILED], .doubtful = n[TALLY_DOUBTFUL]};
	return planned(op, session, place, &ret->expected);
}

/* Rules: what one entry means.  One room's upload shares what does not change. */
struct door {
	struct str room, session;
	int64_t start_ms, close_ms; /* entry is late after the first, and should have ended by the
	                             * second */
	int64_t gate_ms; /* a room: who came through the gate by then may come in; 0: nobody may */
	int64_t tries, retry_ms;
	bool failures; /* somebody failed at this room */
	bool too_late; /* somebody entered after the second */
};

static enum rc open_door(struct op *op, struct str room, struct str session, struct door *ret)
{
	const struct profile *profile = op_profile(op);
	const struct profile_session *s;
	bool gate = place_level(room) == LEVEL_SITE;
	int64_t opens_ms;
	AUTO(rows) r = {0};

	TRY(site_session(op, session, &s));
	TRY(site_place(op, room, LEVEL_SITE, LEVEL_ROOM));
	*ret = (struct door){.room = room, .session = session, .start_ms = s->start_ms,
		.close_ms = INT64_MAX,
		.tries = profile_setting(profile, "sitting.identity_tries", PROFILE_NO_LIMIT),
		.retry_ms = profile_setting(profile, "sitting.retry_window_s", 0) * 1000};
	(void)exam_entry(profile, session, gate ? EXAM_GATE : EXAM_ROOM, &opens_ms, &ret->close_ms);
	if (!gate && s->late_entry == LATE_ENTRY_GATE)
		(void)exam_entry(profile, session, EXAM_GATE, &opens_ms, &ret->gate_ms);
	TRY(sql_query(op, &SQL[Q_FAILURES], ARGS(sql_text(session), sql_text(room)), &r));
	ret->failures = rows_next(&r);
	return RC_OK;
}

static enum rc failed(struct op *op, struct door *d, const struct entry *e)
{
	struct failing f = {d->session, e->candidate, e->tries, e->at, false};
	struct known k;
	bool found, sits;

	TRY(doubt_of(op, d->session, d->room, e->candidate, &k, &found));
	sits = k.state == DOUBT_OPEN || k.state == DOUBT_RESOLVED; /* nobody waits at the door */
	f.limit = !sits && k.fails + e->tries >= d->tries;
	d->failures = true;
	return event_append(op, &EVENTS[EV_FAILED], &f, NULL);
}

/* A pass after the last allowed failure: by the same officer at once, or by one record of too many
 * tries, is no confirmation; the candidate sits in doubt. */
static enum rc passed(struct op *op, struct door *d, const struct entry *e)
{
	struct doubt x = {.session = d->session, .candidate = e->candidate, .reason = REASON_RETRIED};
	struct known k = {0};
	bool found = false, again;

	if (d->failures)
		TRY(doubt_of(op, d->session, d->room, e->candidate, &k, &found));
	again = k.fails >= d->tries && k.officer.v == op->actor.v && e->at - k.last_ms <= d->retry_ms;
	if (e->tries > d->tries || (found && k.state == DOUBT_NONE && again)) {
		TRY(event_append(op, &EVENTS[EV_DOUBT], &x, NULL));
		return alarm_raise(op, "sitting.passed_after_failures",
		                   candidate_subject(op->arena, d->session, d->room, e->candidate), d->room,
		                   NULL);
	}
	if (found && k.state == DOUBT_NONE)
		return event_append(op, &EVENTS[EV_CLEARED], &x, NULL);
	return RC_OK;
}

/* Between gate and room is a way to walk. */
static enum rc came_in_time(struct op *op, const struct door *d, struct str candidate, bool *ret)
{
	int64_t at_ms = 0;
	bool through = false;

	if (d->gate_ms)
		TRY(sitting_entered(op, d->session, place_cut(op->arena, d->room, LEVEL_SITE), candidate,
		                    &through, &at_ms));
	*ret = through && at_ms <= d->gate_ms;
	return RC_OK;
}

static enum rc follow(struct op *op, struct door *d, const struct entry *e)
{
	bool in_time = true;

	if (e->result == FAILED)
		return failed(op, d, e);
	if (e->at > d->close_ms)
		TRY(came_in_time(op, d, e->candidate, &in_time));
	d->too_late = d->too_late || !in_time;
	return d->failures || e->tries > d->tries ? passed(op, d, e) : RC_OK;
}

static enum rc check_late(struct op *op, const struct door *d)
{
	if (!d->too_late)
		return RC_OK;
	return alarm_raise(op, "sitting.late_entry", session_subject(op->arena, d->session, d->room),
	                   d->room, NULL);
}

static void complete(const struct op *op, const struct door *d, struct entry *e)
{
	if (!e->at)
		e->at = op_happened_ms(op);
	e->late = e->at > d->start_ms || e->at > d->close_ms;
}

static enum rc run_enter(struct op *op, const void *in)
{
	struct entering p = *(const struct entering *)in;
	struct entry e = {p.candidate, p.at, p.method, p.tries, p.result, false};
	struct door d;

	TRY(open_door(op, p.place, p.session, &d));
	complete(op, &d, &e);
	p.at = e.at;
	p.late = e.late;
	TRY(event_append(op, &EVENTS[EV_ENTERED], &p, NULL));
	TRY(follow(op, &d, &e));
	return check_late(op, &d);
}

static enum rc run_upload(struct op *op, const void *in)
{
	struct upload p = *(const struct upload *)in;
	struct entry *e = arena_array(op->arena, p.entries.n, sizeof(*e));
	struct door d;

	TRY(open_door(op, p.place, p.session, &d));
	memcpy(e, p.entries.items, p.entries.n * sizeof(*e));
	for (size_t i = 0; i < p.entries.n; i++)
		complete(op, &d, &e[i]);
	p.entries.items = e;
	TRY(event_append(op, &EVENTS[EV_LIST], &p, NULL));
	for (size_t i = 0; i < p.entries.n; i++)
		TRY(follow(op, &d, &e[i]));
	return check_late(op, &d);
}

/* Rules: doubts. */
static enum rc run_admit(struct op *op, const void *in)
{
	const struct doubt *p = in;
	const struct profile_session *s;
	struct known k;
	bool found;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_ROOM));
	TRY(doubt_of(op, p->session, p->place, p->candidate, &k, &found));
	TRY(event_append(op, &EVENTS[EV_DOUBT], p, NULL));
	if (!found || k.officer.v != op_slot(op, "officer", 0).v)
		return RC_OK;
	return alarm_raise(op, "sitting.passed_after_failures",
	                   candidate_subject(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

static enum rc run_resolve(struct op *op, const void *in)
{
	const struct doubt *p = in;
	const struct profile_session *s;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_ROOM));
	TRY(event_append(op, &EVENTS[EV_RESOLVED], p, NULL));
	if (p->outcome != RESULT_SUSPECTED)
		return RC_OK;
	return alarm_raise(op, "sitting.identity_suspected",
	                   candidate_subject(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

static enum rc run_attendance(struct op *op, const void *in)
{
	struct attendance p = *(const struct attendance *)in;
	const struct profile_session *s;
	struct sitting_count c;

	TRY(site_session(op, p.session, &s));
	TRY(site_place(op, p.place, LEVEL_SITE, LEVEL_SITE));
	TRY(sitting_count(op, p.session, p.place, &c));
	p.planned = c.expected;
	p.counted = c.present;
	TRY(event_append(op, &EVENTS[EV_ATTENDANCE], &p, NULL));
	if (p.expected == p.present + p.absent && (!p.planned || p.planned == p.expected) &&
	    (!p.counted || p.counted == p.present))
		return RC_OK;
	return alarm_raise(op, "sitting.attendance_differs", site_subject(op, p.session, p.place),
	                   p.place, NULL);
}

/* Module. */
static const struct allow DOOR[] = {
	{"identity_checker", LEVEL_SITE}, {"invigilator", LEVEL_SITE}, {"site_clerk", LEVEL_SITE},
};
static const char *const CHECKER[] = {"identity_checker", "invigilator", "gate_checker", NULL};
static const char *const OFFICER[] = {"site_chief", "deputy_chief", "site_clerk",
	"roving_invigilator", NULL};
static const char *const RESOLVER[] = {"site_chief", "deputy_chief", "site_clerk",
	"identity_checker", "inspector", "police", NULL};
static const struct slot ADMITTERS[] = {
	{"checker", 1, CHECKER, "officer", false, "核验员", "who checked"},
	{"officer", 1, OFFICER, NULL, false, "另一名负责人", "another officer"},
};
static const struct slot RESOLVERS[] = {
	{"resolver", 2, RESOLVER, NULL, false, "核实人员", "those who resolve it"},
};
static const struct command COMMANDS[] = {
	{"sitting.enter", FACT, ENTERING, COUNT(ENTERING) - 1, sizeof(struct entering), ALLOW(DOOR),
	 .run = run_enter, .cites = CITE_IDENTITY, .zh = "登记考生入场", .en = "record an entry"},
	{"sitting.enter_list", FACT, FIELDS(UPLOAD), sizeof(struct upload), ALLOW(DOOR),
	 .run = run_upload, .cites = CITE_IDENTITY, .zh = "上传考场入场核验记录",
	 .en = "upload a room's entries"},
	{"sitting.admit_doubtful", FACT, FIELDS(DOUBT), sizeof(struct doubt), SLOTS(ADMITTERS),
	 ALLOW(DOOR), .run = run_admit, .cites = CITE_IDENTITY, .zh = "登记存疑入场",
	 .en = "let a doubtful candidate sit"},
	{"sitting.resolve_doubt", FACT, FIELDS(RESOLVED), sizeof(struct doubt), SLOTS(RESOLVERS),
	 ALLOW(SITTING_OFFICE), .run = run_resolve, .cites = CITE_IDENTITY, .zh = "登记存疑核实结果",
	 .en = "resolve a doubt"},
	{"sitting.report_attendance", FACT, ATTENDANCE, COUNT(ATTENDANCE) - 2,
	 sizeof(struct attendance), ALLOW(SITTING_OFFICE), .run = run_attendance, .cites = CITE_LATE,
	 .zh = "报告到考情况", .en = "report attendance"},
};

static size_t one_candidate(struct arena *a, const struct event *ev, struct str candidate,
                            struct str session, struct str *ret)
{
	ret[0] = candidate_subject(a, session, ev->place, candidate);
	return 1;
}

static size_t doubtful(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	const struct doubt *p = ev->data;

	ret_session[0] = p->session;
	return one_candidate(a, ev, p->candidate, p->session, ret);
}

/* Waits at the door from the last allowed try on. */
static size_t waiting(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct failing *p = ev->data;

	if (ev->type != &EVENTS[EV_FAILED])
		return doubtful(a, ev, ret, ret_session);
	ret_session[0] = p->session;
	return p->limit ? one_candidate(a, ev, p->candidate, p->session, ret) : 0;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.admit", "sitting.identity_failed", "sitting.doubt_opened",
	 "sitting.identity_cleared", waiting, "sitting.admit", "site_clerk",
	 .missing = "sitting.candidate_waits", .cites = CITE_IDENTITY,
	 .zh = "核验未通过考生存疑入场", .en = "a candidate who was not confirmed is let in"},
	{"sitting.doubt", "sitting.doubt_opened", "sitting.doubt_resolved", NULL, doubtful,
	 "sitting.doubt", "site_chief", .missing = "sitting.doubt_open", .cites = CITE_IDENTITY,
	 .zh = "存疑考生终考前核实", .en = "a doubt is resolved before the end"},
	{"sitting.attendance", "arrange.site_armed", "sitting.attendance_reported", NULL,
	 session_subjects, "sitting.attendance", "site_clerk",
	 .missing = "sitting.attendance_missing", .cites = CITE_LATE,
	 .zh = "核定并报告到考情况", .en = "attendance is reported"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.passed_after_failures", COLOUR_ORANGE, "site_chief", CITE_IDENTITY,
	 "换人复核照片、证件和本人，按存疑处理，终考前核实，保存核验终端记录",
	 "have another officer compare photo, card and person; treat as doubtful, resolve before the "
	 "end, keep the terminal's record", "多次核验未通过后由同一人放行",
	 "passed after failures by the same officer"},
	{"sitting.late_entry", COLOUR_ORANGE, "site_chief", CITE_LATE,
	 "核实放行人和时间，记入考场情况记录单，报县考务办",
	 "find out who let them in and when, write it on the room's sheet, tell the county",
	 "停止入场后仍有考生进入考点或考场", "somebody entered after entry had closed"},
	{"sitting.candidate_waits", COLOUR_YELLOW, "site_chief", CITE_IDENTITY,
	 "先让考生入座，由另一名负责人签字，登记存疑入场",
	 "let the candidate sit, have another officer sign, record the doubt",
	 "核验未通过的考生滞留门口", "a candidate is kept at the door"},
	{"sitting.doubt_open", COLOUR_ORANGE, "site_chief", CITE_IDENTITY,
	 "考生离场前在考务办当面核实身份，两人登记结果",
	 "compare the candidate face to face before they leave, two record the outcome",
	 "存疑考生到终考仍未核实", "a doubt is not resolved at the end"},
	{"sitting.identity_suspected", COLOUR_RED, "site_chief", CITE_IDENTITY,
	 "按涉嫌替考处置：两人看护、民警到场、保全证件和录像，报县考务办",
	 "a suspected substitute: two stay with the person, police come, keep card and recording, tell "
	 "the county", "核实后涉嫌替考", "suspected substitute after a check"},
	{"sitting.attendance_differs", COLOUR_YELLOW, "site_clerk", CITE_LATE,
	 "逐场核对应考、实考、缺考和核验终端人数，更正后重报",
	 "compare room by room with the terminals, correct and report again",
	 "到考人数不符", "attendance does not add up"},
	{"sitting.attendance_missing", COLOUR_YELLOW, "site_chief", CITE_LATE,
	 "电话询问考点到考人数并补报", "ring the site for its numbers and have them reported",
	 "到考情况超时未报", "attendance is overdue"},
};

static const struct word TALLY_WORDS[] = {
	{"已入场", "present"}, {"迟到", "late"}, {"核验未通过", "failed"}, {"存疑", "doubtful"},
};
static const struct column ROOM_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN_CODED("kind", TALLY_TEXT, TALLY_WORDS, "到考", "who"),
	COLUMN("n", F_INT, "人数", "number"),
};
static const struct word DOUBT_WORDS[] = {
	{"无", "none"}, {"待处置", "open"}, {"已核实入场", "cleared"}, {"已处置", "resolved"},
};
static const struct column DOUBT_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN("fails", F_INT, "未通过次数", "failures"),
	COLUMN("last_ms", F_TIME, "最近一次", "last"),
	COLUMN_STATES("state", DOUBT_WORDS, "状态", "state"),
};
static const struct view VIEWS[] = {
	{"sitting/rooms", "考场到考", "rooms and who came", SITTING_READERS, &SQL[Q_VIEW_ROOMS],
	 ROOM_COLUMNS, COUNT(ROOM_COLUMNS)},
	{"sitting/doubts", "存疑入场", "doubtful candidates", SITTING_READERS, &SQL[Q_VIEW_DOUBTS],
	 DOUBT_COLUMNS, COUNT(DOUBT_COLUMNS)},
};

static const char *const SETTINGS[] = {"sitting.identity_tries", "sitting.retry_window_s"};

const struct module sitting_entry_module = {
	.name = "sitting_entry", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "入场核验", .en = "entry",
};
