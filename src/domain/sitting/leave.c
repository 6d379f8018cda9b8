/* SPDX-License-Identifier: Apache-2.0 */
/* leave.c -- out of the room and back: toilet, early leave (如厕, 提前离场).
 *
 * One candidate a room at a time, with an escort of the same sex, in sight, searched on return
 * (INV-12).  A trip that is told while it lasts is expected back within the profile's minutes and
 * is alarmed twice, when it is long and when it is far too long (case C09: twenty minutes).  A trip
 * that only the paper tells is measured when it comes.
 *
 * Emits  sitting.toilet_left, sitting.toilet_returned, sitting.toilet_taken, sitting.left_early,
 *        sitting.leaver_held, sitting.leaver_released
 */
#include "domain/sitting/room.h"
#include "domain/sitting/sitting.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_TOILET "考务工作规定 INV-12"
#define CITE_EARLY "施考程序 提前离场"

enum { Q_OUT, Q_OUT_NOW, Q_OVERLAP, Q_BACK, Q_DONE };
static const struct sql SQL[] = {
	[Q_OUT] = {"SELECT id, at_ms, settled FROM sitting_fact WHERE session = ? AND room = ?"
	           " AND kind = ? AND candidate = ? AND amount < 0 AND same_as = 0"
	           " ORDER BY id DESC LIMIT 1", 4},
	[Q_OUT_NOW] = {"SELECT COUNT(*) FROM sitting_fact WHERE session = ? AND room = ? AND kind = ?"
	               " AND amount < 0 AND same_as = 0 AND at_ms <= ?", 4},
	[Q_OVERLAP] = {"SELECT COUNT(*) FROM sitting_fact WHERE session = ? AND room = ? AND kind = ?"
	               " AND amount >= 0 AND same_as = 0 AND at_ms < ? AND at_ms + amount * 1000 > ?",
	               5},
	/* A return that was told before its going out. */
	[Q_BACK] = {"SELECT id, at_ms FROM sitting_fact WHERE session = ? AND room = ? AND kind = ?"
	            " AND candidate = ? AND amount = 0 AND same_as = 0 AND at_ms >= ?"
	            " ORDER BY at_ms, id LIMIT 1", 5},
	/* A trip that ended then. */
	[Q_DONE] = {"SELECT id FROM sitting_fact WHERE session = ? AND room = ? AND kind = ?"
	            " AND candidate = ? AND amount >= 0 AND same_as = 0 AND at_ms + amount * 1000 >= ?"
	            " AND at_ms + amount * 1000 <= ? ORDER BY id LIMIT 1", 6},
};

/* Fields. */
struct trip {
	struct str place, session, candidate;
	int64_t out_at, back_at;
	struct person_id escort;
	bool same_sex, searched;
	int64_t seconds;
	int64_t out;              /* the event that said that he went out; 0: none */
	int64_t back;             /* the event that had said that he came back; 0: none */
	int64_t same_as;
	bool told_late;
};
#define TRIP_PLACE FIELD(struct trip, place, F_PLACE, "考场", "room")
#define TRIP_SESSION FIELD(struct trip, session, F_KEY, "科次", "session", .ref = "session")
#define TRIP_CANDIDATE \
	FIELD(struct trip, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate")
#define TRIP_ESCORT \
	FIELD(struct trip, escort, F_PERSON, "陪同人员", "escort", .optional = true), \
	FIELD(struct trip, same_sex, F_BOOL, "同性陪同", "escort of the same sex", .optional = true)
#define TRIP_SAME \
	FIELD(struct trip, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact", \
	      .optional = true)
static const struct field LEFT[] = {
	TRIP_PLACE, TRIP_SESSION, TRIP_CANDIDATE, TRIP_ESCORT, TRIP_SAME,
	FIELD(struct trip, back, F_INT, "已登记的返回", "the return told before", .optional = true),
	FIELD(struct trip, seconds, F_INT, "离场秒数", "seconds away", .optional = true),
	FIELD(struct trip, told_late, F_BOOL, "事后登记", "told long after", .optional = true),
};
static const struct field RETURNED[] = {
	TRIP_PLACE, TRIP_SESSION, TRIP_CANDIDATE,
	FIELD(struct trip, searched, F_BOOL, "返回时已检查", "searched on return"),
	FIELD(struct trip, out, F_INT, "对应离场登记", "the leaving it ends", .optional = true),
	FIELD(struct trip, seconds, F_INT, "离场秒数", "seconds away", .optional = true),
	TRIP_SAME,
};
static const struct field TAKEN[] = {
	TRIP_PLACE, TRIP_SESSION, TRIP_CANDIDATE,
	FIELD(struct trip, out_at, F_TIME, "离场时间", "out at"),
	FIELD(struct trip, back_at, F_TIME, "返回时间", "back at"),
	TRIP_ESCORT,
	FIELD(struct trip, searched, F_BOOL, "返回时已检查", "searched on return"),
	FIELD(struct trip, seconds, F_INT, "离场秒数", "seconds away", .optional = true),
	TRIP_SAME,
};
enum { LEFT_FIELDS = COUNT(LEFT) - 4, RETURNED_FIELDS = COUNT(RETURNED) - 3,
       TAKEN_FIELDS = COUNT(TAKEN) - 2 };

struct early {
	struct str place, session, candidate;
	bool handed_in, told_late;
	int64_t same_as;
};
static const struct field EARLY[] = {
	FIELD(struct early, place, F_PLACE, "考场", "room"),
	FIELD(struct early, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct early, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate"),
	FIELD(struct early, handed_in, F_BOOL, "试卷、答题卡、草稿纸已收齐", "all papers handed in"),
	FIELD(struct early, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact",
	      .optional = true),
	FIELD(struct early, told_late, F_BOOL, "事后登记", "told long after", .optional = true),
};
static const struct field LEAVER[] = {
	FIELD(struct early, place, F_PLACE, "考点", "site"),
	FIELD(struct early, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct early, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate"),
};

/* Projection. */
static enum rc apply_left(struct op *op, const struct event *ev)
{
	const struct trip *p = ev->data;

	if (p->back)
		TRY(fact_amount(op, p->back, p->seconds));
	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_TOILET, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.amount = -1, .same_as = p->back ? p->back : p->same_as,
		.settled = p->told_late ? 0 : -1});
}

/* Back without a record of going out: a trip all the same, if it is not one told before. */
static enum rc apply_returned(struct op *op, const struct event *ev)
{
	const struct trip *p = ev->data;

	if (p->out)
		return fact_amount(op, p->out, p->seconds);
	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_TOILET, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.same_as = p->same_as, .settled = -1});
}

static enum rc apply_taken(struct op *op, const struct event *ev)
{
	const struct trip *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_TOILET, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.at_ms = p->out_at, .amount = p->seconds, .same_as = p->same_as, .settled = -1});
}

static enum rc apply_early(struct op *op, const struct event *ev)
{
	const struct early *p = ev->data;

	return fact_add(op, ev, &(struct room_fact){
		.kind = FACT_EARLY, .session = p->session, .room = ev->place, .candidate = p->candidate,
		.same_as = p->same_as, .settled = -1});
}

enum { EV_LEFT, EV_RETURNED, EV_TAKEN, EV_EARLY, EV_HELD, EV_RELEASED };
#define ROOM_EVENT(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = ROOM_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_LEFT] = ROOM_EVENT("sitting.toilet_left", LEFT, struct trip, apply_left, "考生如厕离场",
	                       "a candidate went to the toilet"),
	[EV_RETURNED] = ROOM_EVENT("sitting.toilet_returned", RETURNED, struct trip, apply_returned,
	                           "考生如厕返回", "a candidate came back"),
	[EV_TAKEN] = ROOM_EVENT("sitting.toilet_taken", TAKEN, struct trip, apply_taken,
	                        "考生如厕(纸质登记)", "a trip to the toilet, from the sheet"),
	[EV_EARLY] = ROOM_EVENT("sitting.left_early", EARLY, struct early, apply_early, "考生提前离场",
	                        "a candidate left before the end"),
	[EV_HELD] = ROOM_EVENT("sitting.leaver_held", LEAVER, struct early, NULL,
	                       "提前离场考生进入等候室", "an early leaver is in the holding room"),
	[EV_RELEASED] = ROOM_EVENT("sitting.leaver_released", LEAVER, struct early, NULL,
	                           "等候室考生离点", "an early leaver left the site"),
};

/* Expectations: live trips and leavers only. */
static size_t of_trip(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct trip *p = ev->data;

	if (ev->type == &EVENTS[EV_LEFT] &&
	    (p->same_as || p->back || p->told_late || ev->source == SOURCE_PAPER))
		return 0;
	ret[0] = room_candidate(a, p->session, ev->place, p->candidate);
	ret_session[0] = p->session;
	return 1;
}

static size_t of_leaver(struct arena *a, const struct event *ev, struct str *ret,
                        struct str *ret_session)
{
	const struct early *p = ev->data;

	if (ev->type == &EVENTS[EV_EARLY] &&
	    (p->same_as || p->told_late || ev->source == SOURCE_PAPER))
		return 0;
	ret[0] = room_candidate(a, p->session, room_site(a, ev->place), p->candidate);
	ret_session[0] = p->session;
	return 1;
}

/* Rules: toilet. */
static enum rc count_of(struct op *op, int q, const struct sqlv *v, int n, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, op->db, &SQL[q], v, n, &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

static enum rc raise_of(struct op *op, const char *rule, const struct trip *p)
{
	return alarm_raise(op, rule, session_subject(op->arena, p->session, p->place), p->place, NULL);
}

static enum rc check_escort(struct op *op, const struct trip *p)
{
	return p->escort.v && p->same_sex ? RC_OK : raise_of(op, "sitting.toilet_unescorted", p);
}

/* The same alarms, and their subjects, as a live trip that was waited for. */
static enum rc check_length(struct op *op, const struct trip *p)
{
	const struct profile_step *lost = profile_step(op_profile(op), STR("sitting.toilet_lost"));
	const struct profile_step *away = profile_step(op_profile(op), STR("sitting.toilet"));
	struct str who = room_candidate(op->arena, p->session, p->place, p->candidate);

	if (lost && p->seconds > lost->to_s)
		return alarm_raise(op, "sitting.toilet_lost", who, p->place, NULL);
	if (away && p->seconds > away->to_s)
		return alarm_raise(op, "sitting.toilet_long", who, p->place, NULL);
	return RC_OK;
}

/* The leaving that a return ends; *ret_late: nobody waited for it. */
static enum rc find_out(struct op *op, struct trip *p, int64_t *ret_at_ms, bool *ret_late)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_OUT], ARGS(sql_text(p->session), sql_text(p->place),
	                                    sql_int(FACT_TOILET), sql_text(p->candidate)), &r));
	p->out = rows_next(&r) ? rows_int(&r, 0) : 0;
	*ret_at_ms = p->out ? rows_int(&r, 1) : 0;
	*ret_late = p->out && rows_int(&r, 2) == 0;
	return RC_OK;
}

static enum rc find_back(struct op *op, struct trip *p)
{
	int64_t at_ms = op_happened_ms(op);
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BACK],
	              ARGS(sql_text(p->session), sql_text(p->place), sql_int(FACT_TOILET),
	                   sql_text(p->candidate), sql_int(at_ms)), &r));
	p->back = rows_next(&r) ? rows_int(&r, 0) : 0;
	p->seconds = p->back ? (rows_int(&r, 1) - at_ms) / 1000 : 0;
	return RC_OK;
}

/* The trip of which a return is told again, within the same seconds as any other fact. */
static enum rc find_done(struct op *op, struct trip *p)
{
	int64_t near_ms = profile_setting(op_profile(op), "sitting.same_s", 0) * 1000;
	int64_t at_ms = op_happened_ms(op);
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_DONE],
	              ARGS(sql_text(p->session), sql_text(p->place), sql_int(FACT_TOILET),
	                   sql_text(p->candidate), sql_int(at_ms - near_ms),
	                   sql_int(at_ms + near_ms)), &r));
	p->same_as = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

static enum rc run_out(struct op *op, const void *in)
{
	struct trip p = *(const struct trip *)in;
	int64_t at_ms, out;
	bool late;

	TRY(room_check(op, p.place, p.session));
	TRY(find_out(op, &p, &at_ms, &late));
	p.same_as = p.out;
	if (!p.same_as)
		TRY(find_back(op, &p));
	p.told_late = told_late(op);
	TRY(count_of(op, Q_OUT_NOW, ARGS(sql_text(p.session), sql_text(p.place), sql_int(FACT_TOILET),
	                                 sql_int(op_happened_ms(op))), &out));
	TRY(event_append(op, &EVENTS[EV_LEFT], &p, NULL));
	if (p.same_as)
		return RC_OK;
	if (out)
		TRY(raise_of(op, "sitting.toilet_two", &p));
	TRY(check_escort(op, &p));
	return p.back ? check_length(op, &p) : sheet_check(op, p.session, p.place);
}

static enum rc run_in(struct op *op, const void *in)
{
	struct trip p = *(const struct trip *)in;
	int64_t at_ms;
	bool late;

	TRY(room_check(op, p.place, p.session));
	TRY(find_out(op, &p, &at_ms, &late));
	p.seconds = p.out && op_happened_ms(op) > at_ms ? (op_happened_ms(op) - at_ms) / 1000 : 0;
	if (!p.out)
		TRY(find_done(op, &p));
	TRY(event_append(op, &EVENTS[EV_RETURNED], &p, NULL));
	if (p.same_as)
		return RC_OK;
	if (!p.searched)
		TRY(raise_of(op, "sitting.toilet_unsearched", &p));
	if (late)
		TRY(check_length(op, &p));
	return p.out ? RC_OK : sheet_check(op, p.session, p.place);
}

static enum rc run_trip(struct op *op, const void *in)
{
	struct trip p = *(const struct trip *)in;
	struct room_fact f = {.kind = FACT_TOILET, .session = p.session, .room = p.place,
	                      .candidate = p.candidate, .at_ms = p.out_at};
	int64_t others;

	TRY(room_check(op, p.place, p.session));
	if (p.back_at < p.out_at)
		return fail(op, RC_INVALID, "back_at", CITE_TOILET, "返回时间早于离场时间",
		            "back before out");
	p.seconds = f.amount = (p.back_at - p.out_at) / 1000;
	TRY(fact_same(op, &f, &p.same_as));
	TRY(count_of(op, Q_OVERLAP, ARGS(sql_text(p.session), sql_text(p.place), sql_int(FACT_TOILET),
	                                 sql_int(p.back_at), sql_int(p.out_at)), &others));
	TRY(event_append(op, &EVENTS[EV_TAKEN], &p, NULL));
	if (p.same_as)
		return RC_OK;
	if (others)
		TRY(raise_of(op, "sitting.toilet_two", &p));
	TRY(check_escort(op, &p));
	if (!p.searched)
		TRY(raise_of(op, "sitting.toilet_unsearched", &p));
	TRY(check_length(op, &p));
	return sheet_check(op, p.session, p.place);
}

/* Rules: early leave.  A profile that does not allow it has no step of the name. */
static enum rc may_leave(struct op *op, struct str session, struct str room, bool *ret)
{
	const struct profile_step *w = profile_step(op_profile(op), STR("sitting.early_leave"));
	int64_t end_ms;

	TRY(sitting_end_ms(op, session, room, &end_ms));
	*ret = w && w->to_s > w->from_s && op_happened_ms(op) >= end_ms + w->from_s * 1000;
	return RC_OK;
}

static enum rc run_early(struct op *op, const void *in)
{
	struct early p = *(const struct early *)in;
	struct room_fact f = {.kind = FACT_EARLY, .session = p.session, .room = p.place,
	                      .candidate = p.candidate};
	struct str who = room_candidate(op->arena, p.session, p.place, p.candidate);
	bool may;

	TRY(room_check(op, p.place, p.session));
	TRY(fact_same(op, &f, &p.same_as));
	p.told_late = told_late(op);
	TRY(event_append(op, &EVENTS[EV_EARLY], &p, NULL));
	if (p.same_as)
		return RC_OK;
	TRY(may_leave(op, p.session, p.place, &may));
	if (!may)
		TRY(alarm_raise(op, "sitting.left_too_early", who, p.place, NULL));
	if (!p.handed_in)
		TRY(alarm_raise(op, "sitting.papers_taken", who, p.place, NULL));
	return sheet_check(op, p.session, p.place);
}

static enum rc run_hold(struct op *op, const void *in)
{
	const struct early *p = in;

	TRY(site_check(op, p->place, p->session));
	return event_append(op, &EVENTS[EV_HELD], p, NULL);
}

static enum rc run_release(struct op *op, const void *in)
{
	const struct early *p = in;
	const struct profile_session *s;

	TRY(site_check(op, p->place, p->session));
	TRY(event_append(op, &EVENTS[EV_RELEASED], p, NULL));
	s = profile_session(op_profile(op), p->session);
	if (op_happened_ms(op) >= s->end_ms)
		return RC_OK;
	return alarm_raise(op, "sitting.leaver_let_out",
	                   room_candidate(op->arena, p->session, p->place, p->candidate), p->place,
	                   NULL);
}

/* Module. */
static const struct command COMMANDS[] = {
	{"sitting.toilet_out", FACT, LEFT, LEFT_FIELDS, sizeof(struct trip), ALLOW(ROOM_TELLERS),
	 .run = run_out, .cites = CITE_TOILET, .zh = "登记考生如厕离场", .en = "to the toilet"},
	{"sitting.toilet_in", FACT, RETURNED, RETURNED_FIELDS, sizeof(struct trip),
	 ALLOW(ROOM_TELLERS), .run = run_in, .cites = CITE_TOILET,
	 .zh = "登记考生如厕返回", .en = "back from the toilet"},
	{"sitting.toilet_trip", FACT, TAKEN, TAKEN_FIELDS, sizeof(struct trip), ALLOW(ROOM_TELLERS),
	 .run = run_trip, .cites = CITE_TOILET, .zh = "按记录单登记如厕", .en = "a trip from the sheet"},
	{"sitting.leave_early", FACT, EARLY, COUNT(EARLY) - 2, sizeof(struct early),
	 ALLOW(ROOM_TELLERS), .run = run_early, .cites = CITE_EARLY,
	 .zh = "登记提前离场", .en = "record an early leave"},
	{"sitting.hold_leaver", FACT, FIELDS(LEAVER), sizeof(struct early), ALLOW(ROOM_TELLERS),
	 .run = run_hold, .cites = CITE_EARLY, .zh = "登记进入等候室", .en = "into the holding room"},
	{"sitting.release_leaver", FACT, FIELDS(LEAVER), sizeof(struct early), ALLOW(ROOM_TELLERS),
	 .run = run_release, .cites = CITE_EARLY, .zh = "登记等候考生离点", .en = "out of the holding room"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.toilet", "sitting.toilet_left", "sitting.toilet_returned", NULL, of_trip,
	 "sitting.toilet", "site_chief", .missing = "sitting.toilet_long", .cites = CITE_TOILET,
	 .zh = "如厕考生按时返回", .en = "a candidate is back from the toilet"},
	{"sitting.toilet_lost", "sitting.toilet_left", "sitting.toilet_returned", NULL, of_trip,
	 "sitting.toilet_lost", "site_chief", .missing = "sitting.toilet_lost", .cites = CITE_TOILET,
	 .zh = "如厕考生最迟返回", .en = "a candidate is back from the toilet at the latest"},
	{"sitting.leaver_held", "sitting.left_early", "sitting.leaver_held", NULL, of_leaver,
	 "sitting.hold_leaver", "site_chief", .missing = "sitting.leaver_loose", .cites = CITE_EARLY,
	 .zh = "提前离场考生在等候室等候", .en = "an early leaver waits in the holding room"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.toilet_long", COLOUR_YELLOW, "site_chief", CITE_TOILET,
	 "陪同人员敲门询问，流动监考员到卫生间查看", "the escort knocks and asks, a floor invigilator goes there",
	 "考生如厕时间过长", "a candidate has been at the toilet long"},
	{"sitting.toilet_lost", COLOUR_RED, "site_chief", CITE_TOILET,
	 "两人进入查看，检查人和隔间，控制通讯设备，返回前不得接触他人，报县考务办",
	 "two go in, search person and cubicle, secure any device, keep him apart, tell the county",
	 "考生如厕长时间未返回", "a candidate has not come back from the toilet"},
	{"sitting.toilet_two", COLOUR_YELLOW, "site_chief", CITE_TOILET,
	 "查明两人是否接触，分别检查后返回", "find out whether they met, search both before they return",
	 "同一考场两名考生同时如厕", "two candidates of one room were out together"},
	{"sitting.toilet_unescorted", COLOUR_YELLOW, "site_chief", CITE_TOILET,
	 "立即派同性工作人员，返回前检查", "send staff of the same sex now, search before the return",
	 "考生如厕无同性陪同", "a candidate went to the toilet without an escort of the same sex"},
	{"sitting.toilet_unsearched", COLOUR_YELLOW, "site_chief", CITE_TOILET,
	 "用手持探测器补检并登记", "search with the hand-held detector now and record it",
	 "考生如厕返回未检查", "a candidate came back unsearched"},
	{"sitting.left_too_early", COLOUR_ORANGE, "site_chief", CITE_EARLY,
	 "将考生留在等候室至考试结束，查明考场为何放行", "keep him in the holding room to the end; why was he let go?",
	 "考生在不得离场时离场", "a candidate left when nobody may"},
	{"sitting.papers_taken", COLOUR_ORANGE, "site_chief", CITE_ORDER33 "Art.5(7)",
	 "追回试卷、答题卡、草稿纸，控制离场考生，两人记录",
	 "get back paper, card and scratch paper, hold the leaver, two record it",
	 "涉嫌将试卷、答题卡带出考场", "papers were taken out, it is said"},
	{"sitting.leaver_loose", COLOUR_ORANGE, "site_chief", CITE_EARLY,
	 "立即寻找该考生，带入等候室，核查是否接触通讯设备",
	 "find the candidate, bring him to the holding room, ask about devices",
	 "提前离场考生未到等候室", "an early leaver is not in the holding room"},
	{"sitting.leaver_let_out", COLOUR_ORANGE, "site_chief", CITE_EARLY,
	 "追查去向并报县考务办，注意网上是否出现试题", "find out where he went, tell the county, watch the web",
	 "考试结束前放提前离场考生离点", "an early leaver was let out before the end"},
};

static const char *const SETTINGS[] = {"sitting.same_s"};

const struct module sitting_leave_module = {
	.name = "sitting_leave", .group = "sitting", .rev = 1, .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "如厕与提前离场", .en = "toilet and early leave",
};
