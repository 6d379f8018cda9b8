/* SPDX-License-Identifier: Apache-2.0 */
/* violation.c -- suspected violations on the spot (涉嫌违规), and the counters of one fifth.
 *
 * Order 33 Art.18: stopped at once, recorded truthfully by two, items into custody against a
 * receipt, the content told to the candidate, signed by him or the refusal noted by two, the record
 * signed by the chief and reported the same day.  What is missing is expected until it comes, and
 * alarmed when it does not.  Nobody is anything but suspected here: what it is, others decide.
 *
 * Emits  sitting.violation_recorded, sitting.violation_completed, sitting.violation_signed,
 *        sitting.violations_reported
 * Owns   sitting_violation
 */
#include "domain/sitting/violation.h"
#include "domain/sitting/sitting.h"

#include "engine/alarm.h"
#include "engine/run.h"

enum {
	Q_ADD, Q_COMPLETE, Q_SIGN, Q_FIND, Q_SUSPECTS, Q_SEEN, Q_SITE_ROOMS, Q_SITE_COUNT, Q_VIEW,
};
#define COLUMNS "id, session, room, candidate, code, items, receipt, told, signed, chief, same_as"
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO sitting_violation(id, session, room, site, candidate, code, class,"
	           " items, receipt, told, signed, chief, same_as)"
	           " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 0, ?)",
	           12},
	[Q_COMPLETE] = {"UPDATE sitting_violation SET receipt = ?, told = ?, signed = ?"
	                " WHERE id = ?", 4},
	[Q_SIGN] = {"UPDATE sitting_violation SET chief = 1 WHERE id = ?", 1},
	[Q_FIND] = {"SELECT session, room, receipt, told, signed FROM sitting_violation"
	            " WHERE id = ?", 1},
	[Q_SUSPECTS] = {"SELECT COUNT(DISTINCT candidate) FROM sitting_violation WHERE session = ?"
	                " AND room = ? AND class = 1", 2},
	[Q_SEEN] = {"SELECT COALESCE(MAX(amount), 0) FROM sitting_fact WHERE session = ? AND room = ?"
	            " AND kind = ?", 3},
	[Q_SITE_ROOMS] = {"SELECT COUNT(*) FROM (SELECT room FROM sitting_violation WHERE session = ?"
	                  " AND site = ? AND class = 1 UNION SELECT room FROM sitting_fact"
	                  " WHERE session = ? AND site = ? AND kind = ?) AS rooms", 5},
	[Q_SITE_COUNT] = {"SELECT COUNT(*) FROM sitting_violation WHERE session = ? AND site = ?"
	                  " AND same_as = 0", 2},
	[Q_VIEW] = {"SELECT " COLUMNS " FROM sitting_violation ORDER BY session, room, id", 0},
};

static const struct table TABLES[] = {
	{"sitting_violation",
	 "CREATE TABLE sitting_violation(id {id} NOT NULL, session {text} NOT NULL,"
	 " room {text} NOT NULL, site {text} NOT NULL, candidate {text} NOT NULL,"
	 " code {int} NOT NULL, class {int} NOT NULL, items {int} NOT NULL, receipt {text} NOT NULL,"
	 " told {int} NOT NULL, signed {int} NOT NULL, chief {int} NOT NULL, same_as {int} NOT NULL,"
	 " PRIMARY KEY(id));"
	 "CREATE INDEX sitting_violation_site ON sitting_violation(session, site, room)", "id"},
};

/* Order 33 Art.5-8.  Codes that only marking or later enquiry can give stand here too: a record may
 * come from a replayed recording. */
#define X(id, text, class, zh, en) text,
static const char *const CODE[] = {VIOLATIONS(X)};
#undef X
#define X(id, text, class, zh, en) {text " " zh, text " " en},
static const struct word CODE_WORDS[] = {VIOLATIONS(X)};
#undef X
#define X(id, text, class, zh, en) {text, CLASS_##class, zh, en},
static const struct violation_code TABLE[] = {VIOLATIONS(X)};
#undef X

const struct violation_code *violation_code(int code)
{
	return code >= 0 && code < VIOLATION_MAX ? &TABLE[code] : NULL;
}

/* Fields. */
static const char *const SIGNATURE[] = {"none", "signed", "refused"};
static const struct word SIGNATURE_WORDS[] = {
	{"未签", "not yet"}, {"已签", "signed"}, {"拒签", "refused"},
};
static const char *const BASIS[] = {"order33", "by_reference"}; /* 依照; 参照 (a city's 中考) */
static const struct word BASIS_WORDS[] = {
	{"依照教育部令第33号", "under Order 33"}, {"参照教育部令第33号", "Order 33 by reference"},
};
enum { UNSIGNED, SIGNED, REFUSED };

struct violation {
	struct str place, session, candidate;
	int code;
	int64_t items;
	struct str receipt;
	bool told;
	int signature;
	struct str clip;
	struct text note;
	int basis;
	bool settled;             /* signed, or the refusal noted by two */
	int64_t same_as;
};
static const struct field VIOLATION[] = {
	FIELD(struct violation, place, F_PLACE, "考场", "room"),
	FIELD(struct violation, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct violation, candidate, F_CODE, "考生编号", "candidate", .ref = "candidate"),
	FIELD(struct violation, code, F_ENUM, "涉嫌条款(条-项)", "article and item",
	      ENUM_OF(CODE, CODE_WORDS)),
	FIELD(struct violation, items, F_INT, "暂扣物品件数", "items taken", .max = 100),
	FIELD(struct violation, receipt, F_CODE, "暂扣收据号", "receipt", .optional = true),
	FIELD(struct violation, told, F_BOOL, "已告知记录内容", "content told to the candidate"),
	FIELD(struct violation, signature, F_ENUM, "考生签字", "candidate's signature",
	      ENUM_OF(SIGNATURE, SIGNATURE_WORDS)),
	FIELD(struct violation, clip, F_CODE, "录像片段编号", "recording", .optional = true),
	FIELD(struct violation, note, F_TEXT, "事实", "facts", .max = 1000, .optional = true,
	      .personal = true),
	FIELD(struct violation, basis, F_ENUM, "依据", "basis", ENUM_OF(BASIS, BASIS_WORDS),
	      .optional = true),
	FIELD(struct violation, settled, F_BOOL, "签字或拒签手续齐全", "signed, or refusal noted by two",
	      .optional = true),
	FIELD(struct violation, same_as, F_INT, "与此前登记为同一情况", "repeats an earlier fact",
	      .optional = true),
};
enum { VIOLATION_FIELDS = COUNT(VIOLATION) - 3 };

struct completion {
	struct str place;
	int64_t violation;
	struct str receipt;
	bool told;
	int signature;
	struct str session;
	bool settled;
};
static const struct field COMPLETION[] = {
	FIELD(struct completion, place, F_PLACE, "考场", "room"),
	FIELD(struct completion, violation, F_INT, "涉嫌违规记录编号", "record", .min = 1,
	      .ref = "violation"),
	FIELD(struct completion, receipt, F_CODE, "暂扣收据号", "receipt", .optional = true),
	FIELD(struct completion, told, F_BOOL, "已告知记录内容", "content told to the candidate",
	      .optional = true),
	FIELD(struct completion, signature, F_ENUM, "考生签字", "candidate's signature",
	      ENUM_OF(SIGNATURE, SIGNATURE_WORDS), .optional = true),
	FIELD(struct completion, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct completion, settled, F_BOOL, "签字或拒签手续齐全", "signed, or refusal noted by two",
	      .optional = true),
};
enum { COMPLETION_FIELDS = COUNT(COMPLETION) - 2 };

struct chief_signed {
	struct str place;
	int64_t violation;
	struct str session;
};
static const struct field CHIEF_SIGNED[] = {
	FIELD(struct chief_signed, place, F_PLACE, "考场", "room"),
	FIELD(struct chief_signed, violation, F_INT, "涉嫌违规记录编号", "record", .min = 1,
	      .ref = "violation"),
	FIELD(struct chief_signed, session, F_KEY, "科次", "session", .ref = "session"),
};

struct summary {
	struct str place, session;
	int64_t count;
};
static const struct field SUMMARY[] = {
	FIELD(struct summary, place, F_PLACE, "考点", "site"),
	FIELD(struct summary, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct summary, count, F_INT, "涉嫌违规人次", "records reported", .max = 10000),
};

/* Projection. */
static enum rc apply_recorded(struct op *op, const struct event *ev)
{
	const struct violation *p = ev->data;

	TRY(fact_add(op, ev, &(struct room_fact){
		.kind = FACT_VIOLATION, .session = p->session, .room = ev->place,
		.candidate = p->candidate, .amount = p->code, .same_as = p->same_as, .settled = -1}));
	return sql_exec(op, &SQL[Q_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->session), sql_text(ev->place),
	                     sql_text(room_site(op->arena, ev->place)), sql_text(p->candidate),
	                     sql_int(p->code), sql_int(TABLE[p->code].class), sql_int(p->items),
	                     sql_text(p->receipt), sql_int(p->told),
	                     sql_int(p->settled ? p->signature : UNSIGNED), sql_int(p->same_as)));
}

static enum rc apply_completed(struct op *op, const struct event *ev)
{
	const struct completion *p = ev->data;

	return sql_exec(op, &SQL[Q_COMPLETE],
	                ARGS(sql_text(p->receipt), sql_int(p->told),
	                     sql_int(p->settled ? p->signature : UNSIGNED), sql_int(p->violation)));
}

static enum rc apply_signed(struct op *op, const struct event *ev)
{
	const struct chief_signed *p = ev->data;

	return sql_exec(op, &SQL[Q_SIGN], ARGS(sql_int(p->violation)));
}

enum { EV_RECORDED, EV_COMPLETED, EV_SIGNED, EV_SUMMED };
static const struct event_type EVENTS[] = {
	[EV_RECORDED] = {"sitting.violation_recorded", 1, VIOLATION + 1, COUNT(VIOLATION) - 1,
	                 sizeof(struct violation), .apply = apply_recorded,
	                 .visible_to = ROOM_READERS,
	                 .zh = "涉嫌违规现场记录", .en = "a suspected violation was recorded"},
	[EV_COMPLETED] = {"sitting.violation_completed", 1, COMPLETION + 1, COUNT(COMPLETION) - 1,
	                  sizeof(struct completion), .apply = apply_completed,
	                  .visible_to = ROOM_READERS,
	                  .zh = "涉嫌违规记录补全", .en = "a record was completed"},
	[EV_SIGNED] = {"sitting.violation_signed", 1, CHIEF_SIGNED + 1, COUNT(CHIEF_SIGNED) - 1,
	               sizeof(struct chief_signed), .apply = apply_signed,
	               .visible_to = ROOM_READERS,
	               .zh = "主考在涉嫌违规记录上签字", .en = "the chief signed a record"},
	[EV_SUMMED] = {"sitting.violations_reported", 1, SUMMARY + 1, COUNT(SUMMARY) - 1,
	               sizeof(struct summary), .visible_to = ROOM_READERS,
	               .zh = "考点上报涉嫌违规汇总", .en = "a site reported its records"},
};

/* Expectations: each part that the first record lacked. */
static size_t of_record(struct arena *a, const struct event *ev, bool wanted, struct str *ret,
                        struct str *ret_session)
{
	const struct violation *v = ev->data;
	const struct completion *c = ev->data;
	bool first = ev->type == &EVENTS[EV_RECORDED];

	if (!wanted || (first && v->same_as))
		return 0;
	ret_session[0] = first ? v->session : c->session;
	ret[0] = fact_subject(a, ret_session[0], ev->place, first ? ev->id : c->violation);
	return 1;
}

static size_t of_receipt(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	const struct violation *v = ev->data;
	const struct completion *c = ev->data;

	return of_record(a, ev, ev->type == &EVENTS[EV_RECORDED] ? v->items > 0 && !v->receipt.n
	                                                         : c->receipt.n > 0, ret, ret_session);
}

static size_t of_telling(struct arena *a, const struct event *ev, struct str *ret,
                         struct str *ret_session)
{
	const struct violation *v = ev->data;
	const struct completion *c = ev->data;

	return of_record(a, ev, ev->type == &EVENTS[EV_RECORDED] ? !v->told : c->told, ret,
	                 ret_session);
}

static size_t of_signature(struct arena *a, const struct event *ev, struct str *ret,
                           struct str *ret_session)
{
	const struct violation *v = ev->data;
	const struct completion *c = ev->data;

	return of_record(a, ev, ev->type == &EVENTS[EV_RECORDED] ? !v->settled : c->settled, ret,
	                 ret_session);
}

static size_t of_chief(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session)
{
	const struct chief_signed *s = ev->data;

	if (ev->type == &EVENTS[EV_RECORDED])
		return of_record(a, ev, true, ret, ret_session);
	ret[0] = fact_subject(a, s->session, ev->place, s->violation);
	ret_session[0] = s->session;
	return 1;
}

static size_t of_site(struct arena *a, const struct event *ev, struct str *ret,
                      struct str *ret_session)
{
	const struct violation *v = ev->data;

	if (ev->type != &EVENTS[EV_RECORDED])
		return session_subjects(a, ev, ret, ret_session);
	ret[0] = session_subject(a, v->session, room_site(a, ev->place));
	ret_session[0] = v->session;
	return 1;
}

/* Rules: one fifth.  Two counters (3.1): of a room's candidates, and of a site's rooms. */
static enum rc count_of(struct op *op, int q, const struct sqlv *v, int n, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(db_query(op, op->db, &SQL[q], v, n, &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

enum rc sitting_violations(struct op *op, struct str session, struct str site, int64_t *ret)
{
	return count_of(op, Q_SITE_COUNT, ARGS(sql_text(session), sql_text(site)), ret);
}

static bool is_fifth(const struct op *op, int64_t part, int64_t whole)
{
	const struct profile *p = op_profile(op);
	int64_t permille = profile_setting(p, "sitting.fifth_permille", 0);

	return permille > 0 && whole > 0 && part >= profile_setting(p, "sitting.fifth_least", 0) &&
	       part * 1000 >= permille * whole;
}

enum rc fifth_check(struct op *op, struct str session, struct str room)
{
	struct str site = room_site(op->arena, room);
	int64_t suspects, seen, rooms;
	struct room_plan plan;
	struct site_plan all;
	bool known;

	TRY(count_of(op, Q_SUSPECTS, ARGS(sql_text(session), sql_text(room)), &suspects));
	TRY(count_of(op, Q_SEEN, ARGS(sql_text(session), sql_text(room), sql_int(FACT_PASSING)),
	             &seen));
	TRY(arrange_room(op, session, room, &plan, &known));
	if (known && is_fifth(op, seen > suspects ? seen : suspects, plan.seats))
		TRY(alarm_raise(op, "sitting.room_fifth", session_subject(op->arena, session, room), room,
		                NULL));
	TRY(count_of(op, Q_SITE_ROOMS,
	             ARGS(sql_text(session), sql_text(site), sql_text(session), sql_text(site),
	                  sql_int(FACT_PASSING)), &rooms));
	TRY(arrange_site(op, session, site, &all, &known));
	if (known && is_fifth(op, rooms, all.rooms))
		return alarm_raise(op, "sitting.site_fifth", session_subject(op->arena, session, site),
		                   site, NULL);
	return RC_OK;
}

/* Rules: the record. */
static const char *alarm_of(int code)
{
	if (code == VIOLATION_6_3)
		return "sitting.snatched";
	switch (TABLE[code].class) {
	case CLASS_BREACH:
		return "sitting.breach_suspected";
	case CLASS_CHEATING:
		return "sitting.cheating_suspected";
	case CLASS_DISTURBANCE:
		return "sitting.disturbance_suspected";
	}
	return NULL;
}

/* A refusal counts when two have noted it. */
static bool signature_settled(const struct op *op, int signature)
{
	return signature == SIGNED || (signature == REFUSED && op_slot(op, "noter", 1).v);
}

/* Two who told of one act at about the same time; what the candidate did again later is a record
 * of its own. */
static enum rc find_same(struct op *op, const struct violation *p, int64_t *ret)
{
	return fact_same(op, &(struct room_fact){
		.kind = FACT_VIOLATION, .session = p->session, .room = p->place,
		.candidate = p->candidate, .amount = p->code}, ret);
}

static enum rc run_record(struct op *op, const void *in)
{
	struct violation p = *(const struct violation *)in;

	TRY(room_check(op, p.place, p.session));
	p.basis = profile_setting(op_profile(op), "sitting.violation_by_reference", 0) != 0;
	p.settled = signature_settled(op, p.signature);
	TRY(find_same(op, &p, &p.same_as));
	TRY(event_append(op, &EVENTS[EV_RECORDED], &p, NULL));
	if (p.same_as)
		return RC_OK;
	TRY(alarm_raise(op, alarm_of(p.code), session_subject(op->arena, p.session, p.place), p.place,
	                NULL));
	TRY(fifth_check(op, p.session, p.place));
	return sheet_check(op, p.session, p.place);
}

/* What the record holds so far. */
static enum rc find_record(struct op *op, int64_t id, struct str room, struct completion *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_FIND], ARGS(sql_int(id)), &r));
	if (!rows_next(&r) || !str_eq(rows_str(&r, 1), room))
		return fail(op, RC_INVALID, "violation", CITE_RECORD, "考场 %s 没有编号为 %lld 的涉嫌违规记录",
		            "room %s has no record %lld", room.s, (long long)id);
	*ret = (struct completion){
		.session = rows_dup(op->arena, &r, 0), .receipt = rows_dup(op->arena, &r, 2),
		.told = rows_int(&r, 3) != 0, .signature = (int)rows_int(&r, 4),
		.settled = rows_int(&r, 4) != UNSIGNED};
	return RC_OK;
}

/* The event says how the record stands with what has come, so that nothing given before is lost. */
static enum rc run_complete(struct op *op, const void *in)
{
	struct completion p = *(const struct completion *)in, was;

	TRY(find_record(op, p.violation, p.place, &was));
	p.session = was.session;
	p.settled = signature_settled(op, p.signature);
	if (!p.receipt.n)
		p.receipt = was.receipt;
	p.told = p.told || was.told;
	if (!p.settled && was.settled) {
		p.settled = true;
		p.signature = was.signature;
	}
	return event_append(op, &EVENTS[EV_COMPLETED], &p, NULL);
}

static enum rc run_sign(struct op *op, const void *in)
{
	struct chief_signed p = *(const struct chief_signed *)in;
	struct completion was;

	TRY(find_record(op, p.violation, p.place, &was));
	p.session = was.session;
	return event_append(op, &EVENTS[EV_SIGNED], &p, NULL);
}

static enum rc run_sum(struct op *op, const void *in)
{
	const struct summary *p = in;
	int64_t recorded;

	TRY(site_check(op, p->place, p->session));
	TRY(event_append(op, &EVENTS[EV_SUMMED], p, NULL));
	TRY(sitting_violations(op, p->session, p->place, &recorded));
	if (recorded == p->count)
		return RC_OK;
	return alarm_raise(op, "sitting.violations_differ",
	                   session_subject(op->arena, p->session, p->place), p->place, NULL);
}

/* Module. */
static const struct allow RECORDERS[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"roving_invigilator", LEVEL_SITE}, {"inspector", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"video_invigilator", LEVEL_SITE}, {"remote_inspector", LEVEL_ANY},
};
static const struct allow SITE_OFFICE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const struct slot RECORD_SLOTS[] = {
	{"recorder", 2, ROOM_STAFF, NULL, false, "记录人", "who record it"},
	{"noter", 2, ROOM_STAFF, NULL, true, "拒签见证人", "who note the refusal"},
};
static const struct slot NOTERS[] = {
	{"noter", 2, ROOM_STAFF, NULL, true, "拒签见证人", "who note the refusal"},
};
static const struct slot CHIEF[] = {
	{"chief", 1, CHIEF_ROLE, NULL, false, "主考", "chief of the site"},
};
static const struct command COMMANDS[] = {
	{"sitting.record_violation", FACT, VIOLATION, VIOLATION_FIELDS, sizeof(struct violation),
	 SLOTS(RECORD_SLOTS), ALLOW(RECORDERS), .run = run_record, .cites = CITE_RECORD,
	 .zh = "登记涉嫌违规现场记录", .en = "record a suspected violation"},
	{"sitting.complete_violation", FACT, COMPLETION, COMPLETION_FIELDS, sizeof(struct completion),
	 SLOTS(NOTERS), ALLOW(SITE_OFFICE), .run = run_complete, .cites = CITE_RECORD,
	 .zh = "补全涉嫌违规记录", .en = "complete a record"},
	{"sitting.sign_violation", FACT, CHIEF_SIGNED, COUNT(CHIEF_SIGNED) - 1,
	 sizeof(struct chief_signed), SLOTS(CHIEF), ALLOW(SITE_OFFICE), .run = run_sign,
	 .cites = CITE_SUMMARY, .zh = "主考在涉嫌违规记录上签字", .en = "the chief signs a record"},
	{"sitting.report_violations", FACT, FIELDS(SUMMARY), sizeof(struct summary), SLOTS(CHIEF),
	 ALLOW(SITE_OFFICE), .run = run_sum, .cites = CITE_SUMMARY,
	 .zh = "考点上报涉嫌违规汇总", .en = "report a site's records"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.violation_receipt", "sitting.violation_recorded", "sitting.violation_completed",
	 NULL, of_receipt, "sitting.violation_record", "site_chief", .missing = "sitting.no_receipt",
	 .cites = CITE_RECORD, .zh = "暂扣物品须出具收据", .en = "items taken have a receipt"},
	{"sitting.violation_told", "sitting.violation_recorded", "sitting.violation_completed", NULL,
	 of_telling, "sitting.violation_record", "site_chief", .missing = "sitting.not_told",
	 .cites = CITE_RECORD, .zh = "记录内容须告知考生", .en = "the candidate is told the content"},
	{"sitting.violation_candidate", "sitting.violation_recorded", "sitting.violation_completed",
	 NULL, of_signature, "sitting.violation_record", "site_chief", .missing = "sitting.not_signed",
	 .cites = CITE_RECORD, .zh = "考生签字，或拒签由两人注明",
	 .en = "signed by the candidate, or the refusal noted by two"},
	{"sitting.violation_chief", "sitting.violation_recorded", "sitting.violation_signed", NULL,
	 of_chief, "sitting.violation_chief", "site_chief", .missing = "sitting.chief_unsigned",
	 .cites = CITE_SUMMARY, .zh = "主考在记录上签字", .en = "the chief signs the record"},
	{"sitting.violation_report", "sitting.violation_recorded", "sitting.violations_reported",
	 NULL, of_site, "sitting.violation_report", "site_chief",
	 .missing = "sitting.violations_unreported", .cites = CITE_SUMMARY,
	 .zh = "当日上报涉嫌违规汇总", .en = "a site reports its records the same day"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.breach_suspected", COLOUR_BLUE, "site_chief", CITE_ORDER33 "Art.5 (3.1)",
	 "核对两人记录、告知和签字，考生可继续考试，当日上报",
	 "see that two recorded it and the candidate was told; he goes on; report today",
	 "考场记录涉嫌违纪", "a breach is suspected"},
	{"sitting.cheating_suspected", COLOUR_ORANGE, "site_chief", CITE_ORDER33 "Art.6 (3.1)",
	 "主考到场，终止其本科目考试（按省规定），封存物品和录像，报县考务办",
	 "the chief goes there; act as the province says; seal items and recording; tell the county",
	 "考场记录涉嫌作弊", "cheating is suspected"},
	{"sitting.disturbance_suspected", COLOUR_ORANGE, "site_chief", CITE_ORDER33 "Art.8 (3.1)",
	 "主考和民警到场，带离扰乱人员，稳定考场，报县考区主任",
	 "chief and police go there, lead the person away, calm the room, tell the director",
	 "涉嫌扰乱考场秩序", "a disturbance is suspected"},
	{"sitting.room_fifth", COLOUR_RED, "county_leader", CITE_ORDER33 "Art.7(3) (3.1)",
	 "主考、县带班领导到场控制考场，加派监考，保存全程录像，报市转省",
	 "chief and leader take the room in hand, add invigilators, keep all recordings, report up",
	 "一个考场涉嫌违规人数达五分之一", "a fifth of a room is suspected"},
	{"sitting.site_fifth", COLOUR_RED, "county_leader", CITE_ORDER33 "Art.15 (3.1)",
	 "县带班领导到考点，调整监考力量，保存全部录像，报市转省",
	 "the leader goes to the site, changes its invigilators, keeps all recordings, reports up",
	 "同一科次五分之一考场涉嫌违规", "suspicions in a fifth of a site's rooms"},
	{"sitting.no_receipt", COLOUR_YELLOW, "site_chief", CITE_RECORD,
	 "补开暂扣收据并交考生，登记收据号", "write the receipt, give it to the candidate, record its number",
	 "暂扣物品没有收据", "items were taken without a receipt"},
	{"sitting.not_told", COLOUR_YELLOW, "site_chief", CITE_RECORD,
	 "向考生宣读记录内容并登记", "read the record to the candidate and record it",
	 "涉嫌违规记录未告知考生", "a candidate was not told the record's content"},
	{"sitting.not_signed", COLOUR_YELLOW, "site_chief", CITE_RECORD,
	 "请考生签字；拒签的，两人注明并登记", "ask for the signature; a refusal is noted by two",
	 "涉嫌违规记录无签字也无拒签说明", "a record has neither signature nor a noted refusal"},
	{"sitting.chief_unsigned", COLOUR_YELLOW, "site_chief", CITE_SUMMARY,
	 "主考核对记录和证据后签字", "the chief checks record and evidence and signs",
	 "涉嫌违规记录主考未签字", "a record has no signature of the chief"},
	{"sitting.violations_unreported", COLOUR_ORANGE, "site_chief", CITE_SUMMARY,
	 "立即向县考务办上报当日涉嫌违规汇总", "report the day's records to the county now",
	 "涉嫌违规未当日上报", "a site has not reported its records"},
	{"sitting.violations_differ", COLOUR_ORANGE, "county_office", CITE_SUMMARY,
	 "逐份核对上报数与现场记录，缺一份查一份", "hold the report against the records one by one",
	 "上报的涉嫌违规数与现场记录不符", "the number reported is not the number recorded"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("candidate", F_CODE, "考生编号", "candidate"),
	COLUMN_WORDS("code", CODE, CODE_WORDS, "涉嫌情形", "suspected of"),
	COLUMN("items", F_INT, "暂扣物品", "items kept"),
	COLUMN("receipt", F_CODE, "暂扣收据", "receipt"),
	COLUMN("told", F_BOOL, "已告知", "told"),
	COLUMN_WORDS("signed", SIGNATURE, SIGNATURE_WORDS, "考生签名", "candidate signed"),
	COLUMN("chief", F_BOOL, "主考已签", "chief signed"),
	COLUMN("same_as", F_ID, "同一情况", "repeats"),
};
static const struct view VIEWS[] = {
	{"sitting/violations", "涉嫌违规记录", "suspected violations", ROOM_READERS, &SQL[Q_VIEW],
	 VIEW_NAMES, COUNT(VIEW_NAMES)},
};

static const char *const SETTINGS[] = {
	"sitting.fifth_least", "sitting.fifth_permille", "sitting.violation_by_reference",
};

const struct module sitting_violation_module = {
	.name = "sitting_violation", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "涉嫌违规现场记录", .en = "suspected violations on the spot",
};
