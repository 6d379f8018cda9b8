/* SPDX-License-Identifier: Apache-2.0 */
/* zero.c -- zero-reports (零报告、考情报告): site, county, city, for every session; see duty.h.
 *
 * Every category is stated, "none" (无) as a 0 that somebody wrote: a report that leaves one out is
 * no report.  The chief of each level signs.  A later report of the same place and session
 * corrects the earlier one, which stays in the ledger.
 *
 * What the ledger knows is compared at once: a report that says otherwise is recorded as it is,
 * each number that differs is named with both figures, and the difference is an alarm.  What must
 * be told while it happens (spare papers, violations, listening faults) must be equal; what
 * a site may know more of (incidents, its store) it must not know less of.
 *
 * Emits  duty.site_reported, duty.county_reported, duty.city_reported, duty.zero_differed
 * Owns   duty_zero
 */
#include "domain/duty/duty.h"

#include "base/limits.h"
#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/sitting/sitting.h"
#include "engine/alarm.h"
#include "engine/expect.h"
#include "engine/order.h"
#include "engine/run.h"

#define CITE_ZERO "考务工作规定 (2009) Art.27 零报告"

#define X(member) #member ", "
#define CATEGORIES ZERO_CATEGORIES(X)
enum { Q_ADD, Q_SET, Q_LIST, Q_SUM, Q_VIEW };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO duty_zero(" CATEGORIES "idx, at_ms, signer, level, session, place,"
	           " version) VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 1)", 15},
	[Q_SET] = {"UPDATE duty_zero SET expected = ?, present = ?, absent = ?, violations = ?,"
	           " incidents = ?, spares = ?, listening_faults = ?, store_findings = ?,"
	           " exceptions = ?, idx = ?, at_ms = ?, signer = ?, level = ?,"
	           " version = version + 1 WHERE session = ? AND place = ?", 15},
	[Q_LIST] = {"SELECT session, place, " CATEGORIES "idx, at_ms, version, signer FROM duty_zero"
	            " WHERE session = ? AND (place = ? OR (place >= ? AND place < ?)) ORDER BY place",
	            4},
	[Q_SUM] = {"SELECT COUNT(*), CAST(COALESCE(SUM(expected), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(present), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(absent), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(violations), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(incidents), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(spares), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(listening_faults), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(store_findings), 0) AS BIGINT),"
	           " CAST(COALESCE(SUM(exceptions), 0) AS BIGINT) FROM duty_zero"
	           " WHERE session = ? AND level = ? AND place >= ? AND place < ?", 4},
	[Q_VIEW] = {"SELECT session, place, " CATEGORIES "at_ms, version, idx FROM duty_zero"
	            " ORDER BY session, place", 0},
};
#undef X

#define X(member) #member " {int} NOT NULL, "
static const struct table TABLES[] = {
	{"duty_zero", "CREATE TABLE duty_zero(session {text} NOT NULL, place {text} NOT NULL,"
	 " level {int} NOT NULL, " ZERO_CATEGORIES(X) "idx {int} NOT NULL, at_ms {int} NOT NULL,"
	 " version {int} NOT NULL, signer {id} NOT NULL, PRIMARY KEY(session, place))",
	 "session, place"},
};
#undef X

/* Fields.  None of the numbers is optional: 0 is written, not left out. */
struct report {
	struct str place, session;
#define X(member) int64_t member;
	ZERO_CATEGORIES(X)
#undef X
	struct text note;
	struct person_id signer;  /* the rest: events only */
	int64_t units, reported;  /* places below that should and that did report */
};
#define NUMBER(member, zh, en) \
	FIELD(struct report, member, F_INT, zh, en, .min = 0, .max = 10000000)
static const struct field REPORT[] = {
	FIELD(struct report, place, F_PLACE, "报告单位", "place"),
	FIELD(struct report, session, F_KEY, "科次", "session", .ref = "session"),
	NUMBER(expected, "应考人数", "candidates expected"),
	NUMBER(present, "实考人数", "present"),
	NUMBER(absent, "缺考人数", "absent"),
	NUMBER(violations, "涉嫌违规起数(无填0)", "suspected violations (none: 0)"),
	NUMBER(incidents, "突发情况起数(无填0)", "incidents (none: 0)"),
	NUMBER(spares, "启用备用卷份数(无填0)", "spare papers used (none: 0)"),
	NUMBER(listening_faults, "听力异常考场数(无填0)", "rooms with a listening fault (none: 0)"),
	NUMBER(store_findings, "保密室(保管室)异常项数(无填0)", "findings in the store (none: 0)"),
	NUMBER(exceptions, "特批项数(无填0)", "exceptions granted (none: 0)"),
	FIELD(struct report, note, F_TEXT, "情况说明", "remarks", .max = 1000, .optional = true),
	FIELD(struct report, signer, F_PERSON, "签发人", "signed by"),
	FIELD(struct report, units, F_INT, "应报单位数", "places that should report",
	      .optional = true),
	FIELD(struct report, reported, F_INT, "已报单位数", "places that have reported",
	      .optional = true),
};
enum { COMMAND_FIELDS = COUNT(REPORT) - 3 };

#define X(member) #member,
static const char *const CATEGORY[] = {ZERO_CATEGORIES(X)};
#undef X
static const struct word CATEGORY_WORDS[] = {
	{"应考人数", "candidates expected"}, {"实考人数", "present"}, {"缺考人数", "absent"},
	{"涉嫌违规", "suspected violations"}, {"突发情况", "incidents"}, {"启用备用卷", "spare papers used"},
	{"听力异常考场", "rooms with a listening fault"}, {"保密室(保管室)异常", "findings in the store"},
	{"特批", "exceptions granted"},
};
struct difference {
	struct str session;
	int field;
	int64_t said, known;
};
static const struct field DIFFERENCE[] = {
	FIELD(struct difference, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct difference, field, F_ENUM, "栏目", "field", ENUM_OF(CATEGORY, CATEGORY_WORDS)),
	FIELD(struct difference, said, F_INT, "零报告上", "in the report"),
	FIELD(struct difference, known, F_INT, "台账或下级汇总", "in the ledger or summed from below"),
};

/* Projection. */
static enum rc apply_reported(struct op *op, const struct event *ev)
{
	const struct report *p = ev->data;
	const struct sqlv v[] = {
#define X(member) sql_int(p->member),
		ZERO_CATEGORIES(X)
#undef X
		sql_int(ev->index), sql_int(ev->happened_ms), sql_int(p->signer.v),
		sql_int(place_level(ev->place)), sql_text(p->session), sql_text(ev->place),
	};
	int64_t changed;

	TRY(db_change(op, op->db, &SQL[Q_SET], v, COUNT(v), &changed));
	return changed ? RC_OK : db_exec(op, op->db, &SQL[Q_ADD], v, COUNT(v));
}

enum { EV_SITE, EV_COUNTY, EV_CITY, EV_DIFFERED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"county_leader", "city_duty", "city_leader", "county_director", "province_office", "site_chief",
	"deputy_chief", "inspector", NULL};
#define REPORTED(n, label_zh, label_en) \
	{n, 1, REPORT + 1, COUNT(REPORT) - 1, sizeof(struct report), .apply = apply_reported, \
	 .visible_to = READERS, .zh = label_zh, .en = label_en}
static const struct event_type EVENTS[] = {
	[EV_SITE] = REPORTED("duty.site_reported", "考点零报告", "a site made its zero-report"),
	[EV_COUNTY] = REPORTED("duty.county_reported", "县(区)零报告", "a county made its zero-report"),
	[EV_CITY] = REPORTED("duty.city_reported", "市零报告", "a city made its zero-report"),
	[EV_DIFFERED] = {"duty.zero_differed", 1, FIELDS(DIFFERENCE), sizeof(struct difference),
	                 .visible_to = READERS, .zh = "零报告此栏与台账不符",
	                 .en = "a zero-report and the ledger disagree"},
};

/* Reading. */
enum rc duty_zeros(struct op *op, struct str session, struct str place, struct duty_zero **ret,
                   size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct duty_zero *list = NULL, *z;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_LIST],
	              ARGS(sql_text(session), sql_text(place), sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		int at = 2;

		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		z = &list[n++];
		z->session = rows_dup(op->arena, &r, 0);
		z->place = rows_dup(op->arena, &r, 1);
#define X(member) z->member = rows_int(&r, at++);
		ZERO_CATEGORIES(X)
#undef X
		z->index = rows_int(&r, at++);
		z->at_ms = rows_int(&r, at++);
		z->version = rows_int(&r, at++);
		z->signer.v = rows_int(&r, at);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

/* What the places one level below have reported, together; returns how many did. */
static enum rc below(struct op *op, const struct report *p, int level, struct report *ret_sum,
                     int64_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;

	place_below(op->arena, p->place, &low, &high);
	TRY(sql_query(op, &SQL[Q_SUM],
	              ARGS(sql_text(p->session), sql_int(level), sql_text(low), sql_text(high)), &r));
	(void)rows_next(&r);
	*ret_n = rows_int(&r, 0);
	*ret_sum = (struct report){.expected = rows_int(&r, 1), .present = rows_int(&r, 2),
	                           .absent = rows_int(&r, 3), .violations = rows_int(&r, 4),
	                           .incidents = rows_int(&r, 5), .spares = rows_int(&r, 6),
	                           .listening_faults = rows_int(&r, 7),
	                           .store_findings = rows_int(&r, 8), .exceptions = rows_int(&r, 9)};
	return RC_OK;
}

/* Rules. */
static enum rc check_form(struct op *op, const struct report *p, int level)
{
	static const char *const ZH[] = {[LEVEL_CITY] = "市", [LEVEL_COUNTY] = "县(区)",
	                                 [LEVEL_SITE] = "考点"};
	static const char *const EN[] = {[LEVEL_CITY] = "city", [LEVEL_COUNTY] = "county",
	                                 [LEVEL_SITE] = "site"};

	if (!profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_ZERO, "方案中没有科次 %s",
		            "the profile has no session %s", p->session.s);
	if (place_level(p->place) != level)
		return fail(op, RC_INVALID, "place", CITE_ZERO, "%s 不是%s%.0s", "%s is not a %.0s%s",
		            p->place.s, ZH[level], EN[level]);
	return RC_OK;
}

/* Exceptions since the session was armed at the place. */
static enum rc count_exceptions(struct op *op, const struct report *p, int64_t *ret)
{
	struct str subject = session_subject(op->arena, p->session, p->place);
	struct order_exception *x;
	struct expectation *e;
	int64_t from = -1;
	size_t n;

	*ret = 0;
	TRY(expect_list(op, p->place, -1, &e, &n));
	for (size_t i = 0; i < n; i++)
		if (str_is(e[i].rule, "duty.zero_site") && str_eq(e[i].subject, subject))
			from = e[i].opened;
	if (from < 0)
		return RC_OK;
	TRY(order_exceptions(op, p->place, from, LIMIT_INT, &x, &n));
	*ret = (int64_t)n;
	return RC_OK;
}

/* Each number that differs becomes an event of its own, at most one of a category. */
struct comparing {
	struct op *op;
	const struct report *p;
	bool told[ZERO_CATEGORY_MAX];
	size_t n;
};

static enum rc differ(struct comparing *c, enum zero_category field, int64_t said, int64_t known)
{
	const struct difference d = {c->p->session, (int)field, said, known};

	if (c->told[field])
		return RC_OK;
	c->told[field] = true;
	c->n++;
	return event_append(c->op, &EVENTS[EV_DIFFERED], &d, NULL);
}

static enum rc equal(struct comparing *c, enum zero_category field, int64_t said, int64_t known)
{
	return said == known ? RC_OK : differ(c, field, said, known);
}

static enum rc at_least(struct comparing *c, enum zero_category field, int64_t said, int64_t known)
{
	return said >= known ? RC_OK : differ(c, field, said, known);
}

/* One says none while the other does not. */
static enum rc both_or_none(struct comparing *c, enum zero_category field, int64_t said,
                            int64_t known)
{
	return (said == 0) == (known == 0) ? RC_OK : differ(c, field, said, known);
}

/* A fault of the whole site's system is of as many rooms as the site says. */
static enum rc compare_listening(struct comparing *c)
{
	int64_t rooms, said = c->p->listening_faults;
	bool whole;

	TRY(sitting_listening_faults(c->op, c->p->session, c->p->place, &rooms, &whole));
	return whole ? at_least(c, ZERO_listening_faults, said, rooms ? rooms : 1)
	             : equal(c, ZERO_listening_faults, said, rooms);
}

static enum rc compare_heads(struct comparing *c)
{
	const struct report *p = c->p;
	struct sitting_count entered;
	struct site_plan plan;
	bool known;

	TRY(arrange_site(c->op, p->session, p->place, &plan, &known));
	if (known)
		TRY(equal(c, ZERO_expected, p->expected, plan.seats));
	TRY(sitting_count(c->op, p->session, p->place, &entered));
	if (entered.present)
		TRY(equal(c, ZERO_present, p->present, entered.present));
	return equal(c, ZERO_present, p->present, p->expected - p->absent);
}

static enum rc compare_site(struct comparing *c)
{
	const struct report *p = c->p;
	int64_t known;

	TRY(compare_heads(c));
	TRY(custody_spares(c->op, p->session, p->place, &known));
	TRY(equal(c, ZERO_spares, p->spares, known));
	TRY(sitting_violations(c->op, p->session, p->place, &known));
	TRY(equal(c, ZERO_violations, p->violations, known));
	TRY(sitting_incidents(c->op, p->session, p->place, &known));
	TRY(at_least(c, ZERO_incidents, p->incidents, known));
	TRY(compare_listening(c));
	TRY(custody_site_findings(c->op, p->session, p->place, &known));
	TRY(at_least(c, ZERO_store_findings, p->store_findings, known));
	TRY(count_exceptions(c->op, p, &known));
	return both_or_none(c, ZERO_exceptions, p->exceptions, known);
}

static enum rc tell(struct comparing *c)
{
	if (!c->n)
		return RC_OK;
	return alarm_raise(c->op, "duty.zero_differs",
	                   session_subject(c->op->arena, c->p->session, c->p->place), c->p->place,
	                   NULL);
}

static enum rc run_site(struct op *op, const void *in)
{
	struct report p = *(const struct report *)in;
	struct comparing c = {.op = op, .p = &p};

	TRY(check_form(op, &p, LEVEL_SITE));
	p.signer = op_slot(op, "chief", 0);
	TRY(event_append(op, &EVENTS[EV_SITE], &p, NULL));
	TRY(compare_site(&c));
	return tell(&c);
}

/* The places of the next level that sit this session. */
static enum rc count_units(struct op *op, const struct report *p, int level, int64_t *ret)
{
	struct site_plan *sites;
	struct str last = {0};
	size_t n;

	*ret = 0;
	TRY(arrange_sites(op, p->session, p->place, &sites, &n));
	for (size_t i = 0; i < n; i++) {
		struct str unit = place_cut(op->arena, sites[i].site, level);

		*ret += !last.s || !str_eq(unit, last);
		last = unit;
	}
	return RC_OK;
}

/* An area knows of incidents, stores and exceptions of its own besides those from below. */
static enum rc compare_area(struct comparing *c, const struct report *sum)
{
	const struct report *p = c->p;

	TRY(equal(c, ZERO_expected, p->expected, sum->expected));
	TRY(equal(c, ZERO_present, p->present, sum->present));
	TRY(equal(c, ZERO_absent, p->absent, sum->absent));
	TRY(equal(c, ZERO_present, p->present, p->expected - p->absent));
	TRY(equal(c, ZERO_violations, p->violations, sum->violations));
	TRY(equal(c, ZERO_spares, p->spares, sum->spares));
	TRY(equal(c, ZERO_listening_faults, p->listening_faults, sum->listening_faults));
	TRY(at_least(c, ZERO_incidents, p->incidents, sum->incidents));
	TRY(at_least(c, ZERO_store_findings, p->store_findings, sum->store_findings));
	return at_least(c, ZERO_exceptions, p->exceptions, sum->exceptions);
}

static enum rc run_area(struct op *op, struct report *p, int level, int event)
{
	struct str subject = session_subject(op->arena, p->session, p->place);
	struct comparing c = {.op = op, .p = p};
	struct report sum;

	TRY(check_form(op, p, level));
	p->signer = op_slot(op, "leader", 0);
	TRY(count_units(op, p, level + 1, &p->units));
	TRY(below(op, p, level + 1, &sum, &p->reported));
	TRY(event_append(op, &EVENTS[event], p, NULL));
	if (p->reported < p->units) /* until all are in, the sums cannot agree */
		return alarm_raise(op, "duty.zero_incomplete", subject, p->place, NULL);
	TRY(compare_area(&c, &sum));
	return tell(&c);
}

static enum rc run_county(struct op *op, const void *in)
{
	struct report p = *(const struct report *)in;

	return run_area(op, &p, LEVEL_COUNTY, EV_COUNTY);
}

static enum rc run_city(struct op *op, const void *in)
{
	struct report p = *(const struct report *)in;

	return run_area(op, &p, LEVEL_CITY, EV_CITY);
}

/* Expectations. */
static size_t at_level(struct arena *a, const struct event *ev, struct str *ret,
                       struct str *ret_session, int level)
{
	return place_level(ev->place) == level ? session_subjects(a, ev, ret, ret_session) : 0;
}

static size_t county_subject(struct arena *a, const struct event *ev, struct str *ret,
                             struct str *ret_session)
{
	return at_level(a, ev, ret, ret_session, LEVEL_COUNTY);
}

static size_t city_subject(struct arena *a, const struct event *ev, struct str *ret,
                           struct str *ret_session)
{
	return at_level(a, ev, ret, ret_session, LEVEL_CITY);
}

#define EXPECTED(id, on, met, of, owner, label_zh, label_en) \
	{id, on, met, NULL, of, id, owner, "duty.zero_early", NULL, "duty.zero_missing", CITE_ZERO, \
	 label_zh, label_en}
static const struct expectation_rule EXPECTATIONS[] = {
	EXPECTED("duty.zero_site", "arrange.site_armed", "duty.site_reported", session_subjects,
	         "site_chief", "考点零报告", "the site's zero-report"),
	EXPECTED("duty.zero_county", "arrange.session_armed", "duty.county_reported", county_subject,
	         "duty_officer", "县(区)零报告", "the county's zero-report"),
	EXPECTED("duty.zero_city", "arrange.session_armed", "duty.city_reported", city_subject,
	         "city_duty", "市零报告", "the city's zero-report"),
};

static const struct alarm_rule ALARMS[] = {
	{"duty.zero_missing", COLOUR_YELLOW, "duty_officer", CITE_ZERO,
	 "电话催报；能口头报的先登记来电，主考签名后补报",
	 "ask for it by telephone; note what is said and have the signed report follow",
	 "零报告超时未报", "a zero-report is overdue"},
	{"duty.zero_early", COLOUR_YELLOW, "duty_officer", CITE_ZERO,
	 "退回核实：考试未结束不得报告本科次情况，结束后重新报告",
	 "have it verified: the session is not over yet; it must be made again afterwards",
	 "零报告早于考试结束", "a zero-report came before the session ended"},
	{"duty.zero_differs", COLOUR_ORANGE, "county_office", CITE_ZERO,
	 "与考务办、考场情况记录单逐项核对，更正后重新签报，说明原因",
	 "compare each number with the exam office and the room sheets; report again and say why",
	 "零报告与台账不符", "a zero-report contradicts the ledger"},
	{"duty.zero_incomplete", COLOUR_YELLOW, "duty_officer", CITE_ZERO,
	 "催报缺报单位，收齐后重新汇总签报", "ask those who are missing; sum up and sign again",
	 "下级零报告未收齐即汇总", "a summary was made before all had reported"},
};

/* Module. */
static const struct allow AT_SITE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"duty_officer", LEVEL_ANY},
};
static const struct allow AT_COUNTY[] = {
	{"duty_officer", LEVEL_COUNTY}, {"county_office", LEVEL_COUNTY},
	{"county_leader", LEVEL_COUNTY},
};
static const struct allow AT_CITY[] = {
	{"city_duty", LEVEL_CITY}, {"city_office", LEVEL_CITY}, {"city_leader", LEVEL_CITY},
};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", NULL};
static const char *const COUNTY_LEADER[] = {"county_leader", "county_director", NULL};
static const char *const CITY_LEADER[] = {"city_leader", NULL};
static const struct slot CHIEF_SIGNS[] = {{"chief", 1, CHIEF, NULL, false, "主考", "the chief"}};
static const struct slot COUNTY_SIGNS[] = {
	{"leader", 1, COUNTY_LEADER, NULL, false, "带班领导", "the leader on duty"},
};
static const struct slot CITY_SIGNS[] = {
	{"leader", 1, CITY_LEADER, NULL, false, "带班领导", "the leader on duty"},
};
#define ZERO_COMMAND(n, slots_of, allowed, fn, label_zh, label_en) \
	{n, FACT, REPORT, COMMAND_FIELDS, sizeof(struct report), SLOTS(slots_of), ALLOW(allowed), \
	 .run = fn, .cites = CITE_ZERO, .zh = label_zh, .en = label_en}
static const struct command COMMANDS[] = {
	ZERO_COMMAND("duty.zero_site", CHIEF_SIGNS, AT_SITE, run_site, "考点零报告",
	             "make a site's zero-report"),
	ZERO_COMMAND("duty.zero_county", COUNTY_SIGNS, AT_COUNTY, run_county, "县(区)零报告",
	             "make a county's zero-report"),
	ZERO_COMMAND("duty.zero_city", CITY_SIGNS, AT_CITY, run_city, "市零报告",
	             "make a city's zero-report"),
};

static const struct column VIEW_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "单位", "place"),
	COLUMN("expected", F_INT, "应考", "expected"),
	COLUMN("present", F_INT, "实考", "present"),
	COLUMN("absent", F_INT, "缺考", "absent"),
	COLUMN("violations", F_INT, "涉嫌违规", "violations"),
	COLUMN("incidents", F_INT, "突发", "incidents"),
	COLUMN("spares", F_INT, "备用卷", "spares"),
	COLUMN("listening_faults", F_INT, "听力故障", "listening faults"),
	COLUMN("store_findings", F_INT, "保密室问题", "store findings"),
	COLUMN("exceptions", F_INT, "特批", "exceptions"),
	COLUMN("at_ms", F_TIME, "报告时间", "reported"),
	COLUMN("version", F_INT, "第几次", "version"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"duty/zeros", "零报告", "zero-reports", READERS, &SQL[Q_VIEW], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

const struct module duty_zero_module = {
	.name = "duty_zero", .group = "duty", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "零报告", .en = "zero-reports",
};
