/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c -- the room record sheet (考场情况记录单), one of a room and session, due by E+60.
 *
 * The sheet is ink, signed by both invigilators and the acceptance desk; what is typed or scanned
 * from it is held against everything that is known otherwise: the plan, the entries, what was told
 * while it happened, the bell log, the count and the seal.  Each disagreement names its field and
 * both figures and stays until they agree; those of one room are one alarm.  A sheet is corrected
 * by another that says why, never overwritten: the newest counts, the ledger keeps both.
 *
 * Emits  sitting.sheet_handed_in, sitting.sheet_corrected, sitting.sheet_differed,
 *        sitting.sheet_agreed
 * Owns   sitting_sheet, sitting_absentee, sitting_difference
 */
#include "domain/sitting/sheet.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SHEET "考务管理规定 考场情况记录单 (2.8)"

enum {
	Q_GET, Q_DROP, Q_ADD, Q_ABSENT_DROP, Q_ABSENT_ADD, Q_ABSENT, Q_DIFF, Q_DIFF_DROP, Q_DIFF_ADD,
	Q_ATTENDANCE, Q_VIEW_ATTENDANCE, Q_VIEW_SHEETS, Q_VIEW_ABSENT, Q_VIEW_DIFF,
};
#define COLUMNS "expected, present, absent, late, early, toilet, spare, cards, moved_out," \
	" moved_in, violations, ill, scripts, opened_ms, started_ms, ended_ms, seal"
#define SUMS "COUNT(*), CAST(COALESCE(SUM(expected), 0) AS BIGINT)," \
	" CAST(COALESCE(SUM(present), 0) AS BIGINT), CAST(COALESCE(SUM(absent), 0) AS BIGINT)," \
	" CAST(COALESCE(SUM(late), 0) AS BIGINT), CAST(COALESCE(SUM(spare), 0) AS BIGINT)," \
	" CAST(COALESCE(SUM(violations), 0) AS BIGINT), CAST(COALESCE(SUM(ill), 0) AS BIGINT)"
static const struct sql SQL[] = {
	[Q_GET] = {"SELECT " COLUMNS " FROM sitting_sheet WHERE session = ? AND room = ?", 2},
	[Q_DROP] = {"DELETE FROM sitting_sheet WHERE session = ? AND room = ?", 2},
	[Q_ADD] = {"INSERT INTO sitting_sheet(session, room, site, idx, remarks, " COLUMNS ")"
	           " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", 22},
	[Q_ABSENT_DROP] = {"DELETE FROM sitting_absentee WHERE session = ? AND room = ?", 2},
	[Q_ABSENT_ADD] = {"INSERT INTO sitting_absentee(session, room, candidate) VALUES(?, ?, ?)", 3},
	[Q_ABSENT] = {"SELECT candidate FROM sitting_absentee WHERE session = ? AND room = ?"
	              " ORDER BY candidate", 2},
	[Q_DIFF] = {"SELECT field, sheet, known FROM sitting_difference WHERE session = ? AND room = ?"
	            " ORDER BY field", 2},
	[Q_DIFF_DROP] = {"DELETE FROM sitting_difference WHERE session = ? AND room = ? AND field = ?",
	                 3},
	[Q_DIFF_ADD] = {"INSERT INTO sitting_difference(session, room, field, sheet, known)"
	                " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_ATTENDANCE] = {"SELECT " SUMS " FROM sitting_sheet WHERE session = ?"
	                  " AND (room = ? OR (room >= ? AND room < ?))", 4},
	[Q_VIEW_ATTENDANCE] = {"SELECT session, site, " SUMS " FROM sitting_sheet"
	                       " GROUP BY session, site ORDER BY session, site", 0},
	[Q_VIEW_SHEETS] = {"SELECT session, room, idx, remarks, " COLUMNS " FROM sitting_sheet"
	                   " ORDER BY session, room", 0},
	[Q_VIEW_ABSENT] = {"SELECT session, room, candidate FROM sitting_absentee"
	                   " ORDER BY session, room, candidate", 0},
	[Q_VIEW_DIFF] = {"SELECT session, room, field, sheet, known FROM sitting_difference"
	                 " ORDER BY session, room, field", 0},
};

static const struct table TABLES[] = {
	{"sitting_sheet",
	 "CREATE TABLE sitting_sheet(session {text} NOT NULL, room {text} NOT NULL,"
	 " site {text} NOT NULL, idx {int} NOT NULL, remarks {int} NOT NULL,"
	 " expected {int} NOT NULL, present {int} NOT NULL, absent {int} NOT NULL,"
	 " late {int} NOT NULL, early {int} NOT NULL, toilet {int} NOT NULL,"
	 " spare {int} NOT NULL, cards {int} NOT NULL, moved_out {int} NOT NULL,"
	 " moved_in {int} NOT NULL, violations {int} NOT NULL, ill {int} NOT NULL,"
	 " scripts {int} NOT NULL, opened_ms {int} NOT NULL, started_ms {int} NOT NULL,"
	 " ended_ms {int} NOT NULL, seal {text} NOT NULL, PRIMARY KEY(session, room)){clustered}",
	 "session, room"},
	{"sitting_absentee",
	 "CREATE TABLE sitting_absentee(session {text} NOT NULL, room {text} NOT NULL,"
	 " candidate {text} NOT NULL, PRIMARY KEY(session, room, candidate)){clustered}",
	 "session, room, candidate"},
	{"sitting_difference",
	 "CREATE TABLE sitting_difference(session {text} NOT NULL, room {text} NOT NULL,"
	 " field {int} NOT NULL, sheet {text} NOT NULL, known {text} NOT NULL,"
	 " PRIMARY KEY(session, room, field)){clustered}", "session, room, field"},
};

/* Fields. */
static const struct field ABSENTEE[] = {
	FIELD(struct absentee, candidate, F_CODE, "缺考考生编号", "absent candidate",
	      .ref = "candidate"),
};

#define NUMBER(member, label_zh, label_en) \
	FIELD(struct sheet, member, F_INT, label_zh, label_en, .max = 1000)
#define NUMBER_OR_NONE(member, label_zh, label_en) \
	FIELD(struct sheet, member, F_INT, label_zh, label_en, .max = 1000, .optional = true)
#define SHEET_FIELDS \
	FIELD(struct sheet, place, F_PLACE, "考场", "room"), \
	FIELD(struct sheet, session, F_KEY, "科次", "session", .ref = "session"), \
	NUMBER(expected, "应考", "expected"), \
	NUMBER(present, "实考", "present"), \
	NUMBER(absent, "缺考", "absent"), \
	FIELD(struct sheet, absentees, F_LIST, "缺考考生", "absent candidates", .list_of = ABSENTEE, \
	      .list_n = COUNT(ABSENTEE), .list_size = sizeof(struct absentee), .optional = true), \
	NUMBER_OR_NONE(late, "迟到", "late"), \
	NUMBER_OR_NONE(early, "提前离场", "left early"), \
	NUMBER_OR_NONE(toilet, "如厕人次", "trips to the toilet"), \
	NUMBER_OR_NONE(spare, "启用备用卷次数", "spares used"), \
	NUMBER_OR_NONE(cards, "换卡次数", "cards changed"), \
	NUMBER_OR_NONE(moved_out, "转出", "moved out"), \
	NUMBER_OR_NONE(moved_in, "转入", "moved in"), \
	NUMBER_OR_NONE(violations, "涉嫌违规人次", "suspected violations"), \
	NUMBER_OR_NONE(ill, "患病", "ill"), \
	NUMBER(scripts, "答卷份数", "scripts"), \
	FIELD(struct sheet, opened_at, F_TIME, "启封时间", "bag opened at", .optional = true), \
	FIELD(struct sheet, started_at, F_TIME, "开考时间", "started at", .optional = true), \
	FIELD(struct sheet, ended_at, F_TIME, "结束时间", "ended at", .optional = true), \
	FIELD(struct sheet, seal, F_CODE, "答卷袋密封条号", "seal of the scripts", .optional = true), \
	FIELD(struct sheet, scan, F_HASH, "扫描件校验值", "hash of the scan", .optional = true), \
	FIELD(struct sheet, remarks, F_TEXT, "备注", "remarks", .max = 1000, .optional = true, \
	      .personal = true)
static const struct field HANDED_IN[] = {
	SHEET_FIELDS,
	FIELD(struct sheet, again, F_BOOL, "此前已交", "handed in before", .optional = true),
};
static const struct field CORRECTED[] = {
	SHEET_FIELDS,
	FIELD(struct sheet, reason, F_TEXT, "更正原因", "reason of the correction", .max = 400),
};

#define X(id, text) text,
static const char *const SHEET_FIELD[] = {SHEET_DIFFERENCES(X)};
#undef X
static const struct word FIELD_WORDS[] = {
	{"应考", "expected"}, {"实考", "present"}, {"缺考名单", "absentees"}, {"入场", "entered"},
	{"缺考而有入场", "absent but entered"}, {"迟到", "late"}, {"提前离场", "left early"}, {"如厕", "toilet"},
	{"备用卷", "spares"}, {"换卡", "cards changed"}, {"转出", "moved out"}, {"转入", "moved in"},
	{"涉嫌违规", "violations"}, {"患病", "ill"}, {"答卷份数", "scripts"}, {"清点份数", "counted"},
	{"启封时间", "opened at"}, {"开考时间", "started at"}, {"结束时间", "ended at"}, {"密封条号", "seal"},
	{"试卷份数", "papers"}, {"缺考试卷", "papers of absentees"},
};

static const struct field DIFFERENCE[] = {
	FIELD(struct sheet_difference, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct sheet_difference, field, F_ENUM, "栏目", "field", ENUM_OF(SHEET_FIELD, FIELD_WORDS)),
	FIELD(struct sheet_difference, sheet, F_SUBJECT, "记录单上", "on the sheet"),
	FIELD(struct sheet_difference, known, F_SUBJECT, "其他登记", "known otherwise"),
};

/* Projection. */
static enum rc drop_sheet(struct op *op, struct str session, struct str room)
{
	TRY(sql_exec(op, &SQL[Q_DROP], ARGS(sql_text(session), sql_text(room))));
	return sql_exec(op, &SQL[Q_ABSENT_DROP], ARGS(sql_text(session), sql_text(room)));
}

static enum rc keep_sheet(struct op *op, const struct event *ev)
{
	const struct sheet *p = ev->data;
	const struct absentee *a = p->absentees.items;

	TRY(drop_sheet(op, p->session, ev->place));
	TRY(sql_exec(op, &SQL[Q_ADD],
	             ARGS(sql_text(p->session), sql_text(ev->place),
	                  sql_text(room_site(op->arena, ev->place)), sql_int(ev->index),
	                  sql_int(p->remarks.vault), sql_int(p->expected),
	                  sql_int(p->present), sql_int(p->absent),
	                  sql_int(p->late), sql_int(p->early), sql_int(p->toilet), sql_int(p->spare),
	                  sql_int(p->cards), sql_int(p->moved_out), sql_int(p->moved_in),
	                  sql_int(p->violations), sql_int(p->ill), sql_int(p->scripts),
	                  sql_int(p->opened_at), sql_int(p->started_at), sql_int(p->ended_at),
	                  sql_text(p->seal))));
	for (size_t i = 0; i < p->absentees.n; i++)
		TRY(sql_exec(op, &SQL[Q_ABSENT_ADD], ARGS(sql_text(p->session), sql_text(ev->place),
		                                          sql_text(a[i].candidate))));
	return RC_OK;
}

/* A second sheet of the same room does not take the first one's place: a correction does. */
static enum rc apply_handed_in(struct op *op, const struct event *ev)
{
	const struct sheet *p = ev->data;

	return p->again ? RC_OK : keep_sheet(op, ev);
}

static enum rc apply_differed(struct op *op, const struct event *ev)
{
	const struct sheet_difference *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_DIFF_DROP],
	             ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->field))));
	return sql_exec(op, &SQL[Q_DIFF_ADD],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->field),
	                     sql_text(p->sheet), sql_text(p->known)));
}

static enum rc apply_agreed(struct op *op, const struct event *ev)
{
	const struct sheet_difference *p = ev->data;

	return sql_exec(op, &SQL[Q_DIFF_DROP],
	                ARGS(sql_text(p->session), sql_text(ev->place), sql_int(p->field)));
}

enum { EV_HANDED_IN, EV_CORRECTED, EV_DIFFERED, EV_AGREED };
static const struct event_type EVENTS[] = {
	[EV_HANDED_IN] = {"sitting.sheet_handed_in", 1, HANDED_IN + 1, COUNT(HANDED_IN) - 1,
	                  sizeof(struct sheet), .apply = apply_handed_in, .visible_to = ROOM_READERS,
	                  .zh = "考场情况记录单已交", .en = "a room's sheet was handed in"},
	[EV_CORRECTED] = {"sitting.sheet_corrected", 1, CORRECTED + 1, COUNT(CORRECTED) - 1,
	                  sizeof(struct sheet), .apply = keep_sheet, .visible_to = ROOM_READERS,
	                  .zh = "考场情况记录单更正", .en = "a room's sheet was corrected"},
	[EV_DIFFERED] = {"sitting.sheet_differed", 1, FIELDS(DIFFERENCE),
	                 sizeof(struct sheet_difference), .apply = apply_differed,
	                 .visible_to = ROOM_READERS,
	                 .zh = "记录单与其他登记不符", .en = "a sheet and the record disagree"},
	[EV_AGREED] = {"sitting.sheet_agreed", 1, DIFFERENCE, 2, sizeof(struct sheet_difference),
	               .apply = apply_agreed, .visible_to = ROOM_READERS,
	               .zh = "记录单此栏已相符", .en = "the sheet agrees again"},
};

/* Reading. */
static enum rc read_absentees(struct op *op, struct str session, struct str room,
                              struct list *ret)
{
	struct absentee *a = arena_array(op->arena, LIMIT_LIST, sizeof(*a));
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ABSENT], ARGS(sql_text(session), sql_text(room)), &r));
	for (ret->n = 0; ret->n < LIMIT_LIST && rows_next(&r); ret->n++)
		a[ret->n].candidate = rows_dup(op->arena, &r, 0);
	ret->items = a;
	return RC_OK;
}

enum rc sheet_read(struct op *op, struct str session, struct str room, struct sheet *ret,
                   bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(session), sql_text(room)), &r));
	*ret_known = rows_next(&r);
	if (!*ret_known)
		return RC_OK;
	*ret = (struct sheet){
		.place = room, .session = session,
		.expected = rows_int(&r, 0), .present = rows_int(&r, 1), .absent = rows_int(&r, 2),
		.late = rows_int(&r, 3), .early = rows_int(&r, 4), .toilet = rows_int(&r, 5),
		.spare = rows_int(&r, 6), .cards = rows_int(&r, 7), .moved_out = rows_int(&r, 8),
		.moved_in = rows_int(&r, 9), .violations = rows_int(&r, 10), .ill = rows_int(&r, 11),
		.scripts = rows_int(&r, 12), .opened_at = rows_int(&r, 13),
		.started_at = rows_int(&r, 14), .ended_at = rows_int(&r, 15),
		.seal = rows_dup(op->arena, &r, 16),
	};
	rows_release(&r);
	return read_absentees(op, session, room, &ret->absentees);
}

enum rc sitting_attendance(struct op *op, struct str session, struct str place,
                           struct attendance *ret)
{
	struct str low, high;
	AUTO(rows) r = {0};

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_ATTENDANCE],
	              ARGS(sql_text(session), sql_text(place), sql_text(low), sql_text(high)), &r));
	(void)rows_next(&r);
	*ret = (struct attendance){rows_int(&r, 0), rows_int(&r, 1), rows_int(&r, 2), rows_int(&r, 3),
		                       rows_int(&r, 4), rows_int(&r, 5), rows_int(&r, 6), rows_int(&r, 7)};
	return RC_OK;
}

/* Rules: differences. */
struct kept {
	bool there;
	struct str sheet, known;
};

static enum rc read_kept(struct op *op, struct str session, struct str room,
                         struct kept ret[SHEET_DIFFERENCE_MAX])
{
	AUTO(rows) r = {0};

	memset(ret, 0, SHEET_DIFFERENCE_MAX * sizeof(*ret));
	TRY(sql_query(op, &SQL[Q_DIFF], ARGS(sql_text(session), sql_text(room)), &r));
	while (rows_next(&r))
		ret[rows_int(&r, 0)] = (struct kept){true, rows_dup(op->arena, &r, 1),
			                                 rows_dup(op->arena, &r, 2)};
	return RC_OK;
}

/* Papers that do not add up are custody's cause; with any other field it is one of its own. */
static bool is_of_papers(const struct sheet_difference *d, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (d[i].field != SHEET_SCRIPTS && d[i].field != SHEET_COUNTED &&
		    d[i].field != SHEET_PAPERS && d[i].field != SHEET_PAPERS_ABSENT)
			return false;
	return true;
}

/* Only what is new is said: an unchanged disagreement stands already. */
static enum rc say(struct op *op, const struct sheet *s, const struct sheet_difference *d,
                   struct kept *k, bool *io_new)
{
	bool same = k->there && str_eq(k->sheet, d->sheet) && str_eq(k->known, d->known);

	k->there = false;
	if (same)
		return RC_OK;
	*io_new = true;
	return event_append_at(op, &EVENTS[EV_DIFFERED], s->place, d, NULL);
}

static enum rc reconcile(struct op *op, const struct sheet *s)
{
	struct sheet_difference diff[SHEET_DIFFERENCE_MAX];
	struct kept kept[SHEET_DIFFERENCE_MAX];
	struct str subject;
	bool fresh = false;
	size_t n;

	TRY(sheet_compare(op, s, diff, &n));
	TRY(read_kept(op, s->session, s->place, kept));
	for (size_t i = 0; i < n; i++)
		TRY(say(op, s, &diff[i], &kept[diff[i].field], &fresh));
	for (int i = 0; i < SHEET_DIFFERENCE_MAX; i++) {
		const struct sheet_difference gone = {.session = s->session, .field = i};

		if (kept[i].there)
			TRY(event_append_at(op, &EVENTS[EV_AGREED], s->place, &gone, NULL));
	}
	subject = session_subject(op->arena, s->session, s->place);
	if (!fresh)
		return RC_OK;
	return is_of_papers(diff, n)
	           ? alarm_raise(op, "sitting.sheet_differs", subject, s->place, NULL)
	           : alarm_raise_apart(op, "sitting.sheet_differs", subject, s->place, NULL);
}

enum rc sheet_check(struct op *op, struct str session, struct str room)
{
	struct sheet s;
	bool known;

	TRY(sheet_read(op, session, room, &s, &known));
	return known ? reconcile(op, &s) : RC_OK;
}

/* Rules: the sheet. */
static bool is_absentee(const struct sheet *s, struct str candidate)
{
	const struct absentee *a = s->absentees.items;

	for (size_t i = 0; i < s->absentees.n; i++)
		if (str_eq(a[i].candidate, candidate))
			return true;
	return false;
}

/* In any order; neither list names anybody twice. */
static bool absentees_same(const struct sheet *a, const struct sheet *b)
{
	const struct absentee *x = a->absentees.items;
	bool same = a->absentees.n == b->absentees.n;

	for (size_t i = 0; same && i < a->absentees.n; i++)
		same = is_absentee(b, x[i].candidate);
	return same;
}

static bool sheet_same(const struct sheet *a, const struct sheet *b)
{
	return a->expected == b->expected && a->present == b->present && a->absent == b->absent &&
	       a->late == b->late && a->early == b->early && a->toilet == b->toilet &&
	       a->spare == b->spare && a->cards == b->cards && a->moved_out == b->moved_out &&
	       a->moved_in == b->moved_in && a->violations == b->violations && a->ill == b->ill &&
	       a->scripts == b->scripts && a->opened_at == b->opened_at &&
	       a->started_at == b->started_at && a->ended_at == b->ended_at &&
	       absentees_same(a, b) && str_eq(a->seal, b->seal);
}

static enum rc check_absentees(struct op *op, const struct sheet *p)
{
	const struct absentee *a = p->absentees.items;

	for (size_t i = 0; i < p->absentees.n; i++)
		for (size_t j = 0; j < i; j++)
			if (str_eq(a[i].candidate, a[j].candidate))
				return fail(op, RC_INVALID, "absentees", CITE_SHEET, "缺考考生 %s 重复",
				            "absent candidate %s stands twice", a[i].candidate.s);
	return RC_OK;
}

static enum rc check_named(struct op *op, const struct sheet *p)
{
	const struct absentee *a = p->absentees.items;

	for (size_t i = 0; i < p->absentees.n; i++)
		TRY(room_named(op, p->session, p->place, a[i].candidate));
	return RC_OK;
}

static enum rc run_hand_in(struct op *op, const void *in)
{
	struct sheet p = *(const struct sheet *)in, was;

	TRY(room_check(op, p.place, p.session));
	TRY(check_absentees(op, &p));
	TRY(sheet_read(op, p.session, p.place, &was, &p.again));
	TRY(event_append(op, &EVENTS[EV_HANDED_IN], &p, NULL));
	if (p.again)
		return sheet_same(&p, &was) ? RC_OK
		                            : alarm_raise(op, "sitting.sheet_twice",
		                                          session_subject(op->arena, p.session, p.place),
		                                          p.place, NULL);
	TRY(check_named(op, &p));
	return reconcile(op, &p);
}

static enum rc run_correct(struct op *op, const void *in)
{
	const struct sheet *p = in;

	TRY(room_check(op, p->place, p->session));
	TRY(check_absentees(op, p));
	TRY(event_append(op, &EVENTS[EV_CORRECTED], p, NULL));
	TRY(check_named(op, p));
	return reconcile(op, p);
}

/* Reactions: rooms whose sheets or seals are overdue are one alarm of their site. */
static enum rc fold_overdue(struct op *op, const struct event *ev)
{
	struct str rule = event_text(ev, "rule"), session, rest;
	bool sheet = str_is(rule, "sitting.room_sheet") || str_is(rule, "sitting.isolation_sheet");
	const char *alarm = sheet ? "sitting.sheet_missing"
	                    : str_is(rule, "sitting.scripts_sealed") ? "sitting.seal_missing" : NULL;
	struct str site = room_site(op->arena, ev->place);

	if (!alarm || !str_cut(event_text(ev, "subject"), ':', &session, &rest))
		return RC_OK;
	return alarm_raise(op, alarm, session_subject(op->arena, session, site), site, NULL);
}
static const struct reaction REACTIONS[] = {
	{"expectation.lapsed", fold_overdue},
};

/* Module. */
static const struct allow DESK[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const char *const ACCEPTOR[] = {"site_clerk", "deputy_chief", "site_chief", NULL};
static const struct slot SIGNERS[] = {
	{"invigilator", 2, INVIGILATOR, "acceptor", false, "监考员", "both invigilators"},
	{"acceptor", 1, ACCEPTOR, NULL, false, "验收员", "acceptance desk"},
};
static const struct slot CORRECTORS[] = {
	{"invigilator", 2, INVIGILATOR, "chief", false, "监考员", "both invigilators"},
	{"chief", 1, CHIEFS_ROLES, NULL, false, "主考(副主考)", "chief or deputy"},
};
static const struct command COMMANDS[] = {
	{"sitting.hand_in_sheet", FACT, HANDED_IN, COUNT(HANDED_IN) - 1, sizeof(struct sheet),
	 SLOTS(SIGNERS), ALLOW(DESK), .run = run_hand_in, .cites = CITE_SHEET,
	 .zh = "登记考场情况记录单", .en = "hand in a room's sheet"},
	{"sitting.correct_sheet", FACT, FIELDS(CORRECTED), sizeof(struct sheet), SLOTS(CORRECTORS),
	 ALLOW(DESK), .run = run_correct, .cites = CITE_SHEET,
	 .zh = "更正考场情况记录单", .en = "correct a room's sheet"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.room_sheet", "arrange.room_armed", "sitting.sheet_handed_in", NULL, session_subjects,
	 "sitting.room_sheet", "site_clerk", .cites = CITE_SHEET,
	 .zh = "考场情况记录单(考后1小时内)", .en = "the room's record sheet"},
	{"sitting.isolation_sheet", "sitting.isolation_opened", "sitting.sheet_handed_in", NULL,
	 session_subjects, "sitting.room_sheet", "site_clerk", .cites = CITE_SHEET,
	 .zh = "隔离考场情况记录单(考后1小时内)", .en = "an isolation room's record sheet"},
};

static const char *const PAPERS_SHORT[] = {"custody.difference", "custody.scripts_differ", NULL};
static const struct alarm_rule ALARMS[] = {
	{"sitting.sheet_missing", COLOUR_YELLOW, "site_chief", CITE_SHEET,
	 "催收缺交考场的记录单并登记", "get the sheets of the rooms that are wanting and record them",
	 "考场情况记录单未按时交齐", "room sheets are overdue"},
	{"sitting.sheet_differs", COLOUR_YELLOW, "site_chief", CITE_SHEET,
	 "按不符栏目请监考员核对原件，查清后更正记录单或补登事实",
	 "have the invigilators check the fields named; correct the sheet or record the fact",
	 "考场情况记录单与其他登记不符", "a room's sheet and the record disagree",
	 .under = PAPERS_SHORT},
	{"sitting.sheet_twice", COLOUR_YELLOW, "site_chief", CITE_SHEET,
	 "比对两份记录单，以更正手续确定一份", "compare the two; decide by a correction",
	 "同一考场交来两份不同的记录单", "a room handed in two different sheets"},
};

static const struct column ATTENDANCE_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("rooms", F_INT, "考场", "rooms"),
	COLUMN("expected", F_INT, "应考", "expected"),
	COLUMN("present", F_INT, "实考", "present"),
	COLUMN("absent", F_INT, "缺考", "absent"),
	COLUMN("late", F_INT, "迟到", "late"),
	COLUMN("spare", F_INT, "备用卷", "spares"),
	COLUMN("violations", F_INT, "涉嫌违规", "violations"),
	COLUMN("ill", F_INT, "患病", "ill"),
};
static const struct column SHEET_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("index", F_ID, "台账", "entry"),
	COLUMN("remarks", F_TEXT, "备注", "remarks"),
	COLUMN("expected", F_INT, "应考", "expected"),
	COLUMN("present", F_INT, "实考", "present"),
	COLUMN("absent", F_INT, "缺考", "absent"),
	COLUMN("late", F_INT, "迟到", "late"),
	COLUMN("early", F_INT, "早退", "early"),
	COLUMN("toilet", F_INT, "如厕", "toilet"),
	COLUMN("spare", F_INT, "备用卷", "spares"),
	COLUMN("cards", F_INT, "换卡", "cards"),
	COLUMN("moved_out", F_INT, "转出", "moved out"),
	COLUMN("moved_in", F_INT, "转入", "moved in"),
	COLUMN("violations", F_INT, "涉嫌违规", "violations"),
	COLUMN("ill", F_INT, "患病", "ill"),
	COLUMN("scripts", F_INT, "答卷", "scripts"),
	COLUMN("opened_ms", F_TIME, "启封", "opened"),
	COLUMN("started_ms", F_TIME, "开考", "started"),
	COLUMN("ended_ms", F_TIME, "结束", "ended"),
	COLUMN("seal", F_CODE, "密封条号", "seal"),
};
static const struct column ABSENT_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
};
static const struct column DIFF_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN_WORDS("field", SHEET_FIELD, FIELD_WORDS, "栏目", "field"),
	COLUMN("sheet", F_CODE, "记录单", "on the sheet"),
	COLUMN("known", F_CODE, "其他登记", "known otherwise"),
};
static const struct view VIEWS[] = {
	{"sitting/attendance", "应考实考缺考（按科次、考点）", "attendance by session and site",
	 ROOM_READERS, &SQL[Q_VIEW_ATTENDANCE], ATTENDANCE_NAMES, COUNT(ATTENDANCE_NAMES)},
	{"sitting/sheets", "考场情况记录单", "room record sheets", ROOM_READERS, &SQL[Q_VIEW_SHEETS],
	 SHEET_NAMES, COUNT(SHEET_NAMES)},
	{"sitting/absentees", "缺考考生", "absent candidates", ROOM_READERS, &SQL[Q_VIEW_ABSENT],
	 ABSENT_NAMES, COUNT(ABSENT_NAMES)},
	{"sitting/sheet_differences", "记录单不符栏目", "where sheets and records disagree",
	 ROOM_READERS, &SQL[Q_VIEW_DIFF], DIFF_NAMES, COUNT(DIFF_NAMES)},
};

const struct module sitting_sheet_module = {
	.name = "sitting_sheet", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "考场情况记录单", .en = "room record sheets",
};
