/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c -- seals found missing or damaged: reported, approved, mended by two.
 *
 * Nobody mends a seal on the spot.  It is reported, the leader approves, two named people mend it
 * and record the new number.  Whoever has seen what is inside is isolated, and that is expected
 * within minutes.
 *
 * Emits  custody.seal_damaged, custody.seal_mended, custody.content_seen, custody.persons_isolated
 * Owns   custody_damage
 */
#include "domain/custody/seal.h"

#include "domain/custody/room.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_APART CITE_SECURITY "Art.22, Art.26 ROOM-13 ROOM-15 TRN-7"

enum { Q_ADD, Q_OPEN, Q_MEND, Q_SEAL_BOX, Q_SEAL_BAG };
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO custody_damage(object, idx, place, mended) VALUES(?, ?, ?, 0)", 3},
	[Q_OPEN] = {"SELECT COUNT(*) FROM custody_damage WHERE object = ? AND mended = 0", 1},
	[Q_MEND] = {"UPDATE custody_damage SET mended = ? WHERE object = ? AND mended = 0", 2},
	[Q_SEAL_BOX] = {"UPDATE custody_box SET seal = ? WHERE code = ?", 2},
	[Q_SEAL_BAG] = {"UPDATE custody_bag SET seal = ? WHERE code = ?", 2},
};

static const struct table TABLES[] = {
	{"custody_damage", "CREATE TABLE custody_damage(object {text} NOT NULL, idx {int} NOT NULL,"
	 " place {text} NOT NULL, mended {int} NOT NULL, PRIMARY KEY(object, idx)){clustered}",
	 "object, idx"},
};

/* Fields. */
#define DAMAGES(X) X(DAMAGED, "damaged") X(MISSING, "missing") X(MISMATCHED, "mismatched")
#define X(id, text) DAMAGE_##id,
enum damage { DAMAGES(X) DAMAGE_MAX };
#undef X
#define X(id, text) text,
static const char *const DAMAGE[] = {DAMAGES(X)};
#undef X

struct damage_report {
	struct str place, object;
	int state;
	struct list exposed;
	struct text finding;
};
static const struct field REPORT[] = {
	FIELD(struct damage_report, place, F_PLACE, "地点", "place"),
	FIELD(struct damage_report, object, F_CODE, "试卷箱号或袋号", "box or bag", .ref = "bag"),
	FIELD(struct damage_report, state, F_ENUM, "密封情况", "what is wrong with the seal",
	      .names = DAMAGE, .max = DAMAGE_MAX),
	NAMED_FIELD(struct damage_report, exposed, "接触到内容的人员", "people who saw what is inside",
	            .optional = true),
	FIELD(struct damage_report, finding, F_TEXT, "情况", "what was found", .max = 400,
	      .optional = true),
};

struct mending {
	struct str place, object, seal;
};
static const struct field MENDING[] = {
	FIELD(struct mending, place, F_PLACE, "地点", "place"),
	FIELD(struct mending, object, F_CODE, "试卷箱号或袋号", "box or bag", .ref = "bag"),
	FIELD(struct mending, seal, F_CODE, "新封条号", "new seal"),
};

struct exposure {
	struct str place, object;
	struct list persons;
};
static const struct field EXPOSURE[] = {
	FIELD(struct exposure, place, F_PLACE, "地点", "place"),
	FIELD(struct exposure, object, F_SUBJECT, "试卷箱号、袋号或运次", "box, bag or trip"),
	NAMED_FIELD(struct exposure, persons, "接触到内容的人员", "people who saw what is inside",
	            .optional = true),
};

struct isolation {
	struct str place, object;
	struct list persons;
	struct str session;
	int64_t until_ms; /* the subject's start and the profile's time after it: events only */
};
static const struct field ISOLATION[] = {
	FIELD(struct isolation, place, F_PLACE, "隔离地点", "place of isolation"),
	FIELD(struct isolation, object, F_CODE, "试卷箱号、袋号或运次", "box, bag or trip"),
	NAMED_FIELD(struct isolation, persons, "被隔离人员", "who is kept apart", .min = 1),
	FIELD(struct isolation, session, F_KEY, "科次", "session", .ref = "session",
	      .optional = true),
	{.name = "until", .type = F_TIME, .offset = offsetof(struct isolation, until_ms),
	 .optional = true, .zh = "隔离至", .en = "until"},
};
enum { ISOLATION_IN = COUNT(ISOLATION) - 1 };

/* Projection. */
static enum rc apply_damaged(struct op *op, const struct event *ev)
{
	const struct damage_report *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_ADD],
	             ARGS(sql_text(p->object), sql_int(ev->index), sql_text(ev->place))));
	return trace_add(op, ev, p->object, ev->place);
}

static enum rc apply_mended(struct op *op, const struct event *ev)
{
	const struct mending *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_MEND], ARGS(sql_int(ev->index), sql_text(p->object))));
	TRY(sql_exec(op, &SQL[Q_SEAL_BOX], ARGS(sql_text(p->seal), sql_text(p->object))));
	TRY(sql_exec(op, &SQL[Q_SEAL_BAG], ARGS(sql_text(p->seal), sql_text(p->object))));
	return trace_add(op, ev, p->object, ev->place);
}

enum { EV_DAMAGED, EV_MENDED, EV_SEEN, EV_ISOLATED };
static const struct event_type EVENTS[] = {
	[EV_DAMAGED] = ROOM_EVENT("custody.seal_damaged", REPORT, struct damage_report, apply_damaged,
	                          "发现密封破损或缺失", "a seal was found damaged or missing"),
	[EV_MENDED] = ROOM_EVENT("custody.seal_mended", MENDING, struct mending, apply_mended,
	                         "经批准补封", "a seal was mended as approved"),
	[EV_SEEN] = ROOM_EVENT("custody.content_seen", EXPOSURE, struct exposure, NULL,
	                       "有人接触到试卷内容", "somebody saw what is inside"),
	[EV_ISOLATED] = ROOM_EVENT("custody.persons_isolated", ISOLATION, struct isolation, NULL,
	                           "接触内容人员已隔离", "those who saw it are kept apart"),
};

/* Rules. */
enum rc content_seen(struct op *op, struct str place, struct str object, struct list persons)
{
	const struct exposure x = {place, object, persons};

	TRY(event_append(op, &EVENTS[EV_SEEN], &x, NULL));
	return alarm_raise(op, "custody.content_exposed", object, place, NULL);
}

static enum rc is_known(struct op *op, struct str code, bool *ret)
{
	struct bag bag;
	struct box box;

	TRY(bag_find(op, code, &bag, ret));
	return *ret ? RC_OK : box_find(op, code, &box, ret);
}

static enum rc run_report(struct op *op, const void *in)
{
	const struct damage_report *p = in;
	bool known;

	TRY(is_known(op, p->object, &known));
	TRY(event_append(op, &EVENTS[EV_DAMAGED], p, NULL));
	if (!known)
		TRY(found_add(op, p->object));
	TRY(alarm_raise(op, "custody.seal_broken", p->object, p->place, NULL));
	return p->exposed.n ? content_seen(op, p->place, p->object, p->exposed) : RC_OK;
}

static enum rc damage_open(struct op *op, struct str object, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_OPEN], ARGS(sql_text(object)), &r));
	*ret = rows_next(&r) && rows_int(&r, 0) > 0;
	return RC_OK;
}

static enum rc run_mend(struct op *op, const void *in)
{
	const struct mending *p = in;
	bool known, open;

	TRY(is_known(op, p->object, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "object", CITE_SEALS, "没有箱或袋 %s", "no box or bag %s",
		            p->object.s);
	TRY(damage_open(op, p->object, &open));
	if (!open)
		return fail(op, RC_CONFLICT, "object", CITE_SEALS, "%s 没有待处理的密封破损报告",
		            "no damaged seal of %s has been reported", p->object.s);
	return event_append(op, &EVENTS[EV_MENDED], p, NULL);
}

static enum rc run_isolate(struct op *op, const void *in)
{
	struct isolation p = *(const struct isolation *)in;
	const struct profile_session *s = profile_session(op_profile(op), p.session);

	if (p.session.n && !s)
		return fail(op, RC_INVALID, "session", CITE_REPORT, "方案中没有科次 %s",
		            "the profile has no session %s", p.session.s);
	if (s)
		p.until_ms = s->start_ms +
		             1000 * profile_setting(op_profile(op), "custody.isolation_s", 0);
	return event_append(op, &EVENTS[EV_ISOLATED], &p, NULL);
}

/* The object, whichever of the two events it is about. */
static size_t the_object(struct arena *a, const struct event *ev, struct str *ret,
	                     struct str *ret_session)
{
	ret[0] = str_is(ev->name, "custody.content_seen")
	                 ? ((const struct exposure *)ev->data)->object
	                 : ((const struct isolation *)ev->data)->object;
	return 1;
}

/* Module. */
static const struct allow FINDERS[] = {
	{"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"courier", LEVEL_ANY},
	{"site_chief", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"duty_officer", LEVEL_ANY},
	{"inspector", LEVEL_ANY},
};
static const struct allow OFFICE[] = {
	{"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY},
};
static const struct allow WARDS[] = {
	{"county_office", LEVEL_COUNTY}, {"duty_officer", LEVEL_ANY}, {"police", LEVEL_ANY},
	{"discipline_officer", LEVEL_ANY},
};
static const char *const ANYBODY_THERE[] = {"store_keeper", "secrecy_guard", "courier", "police",
	"county_office", "site_chief", "site_clerk", "inspector", "deputy_chief", NULL};
static const char *const HEADS[] = {"county_leader", "county_director", "city_leader",
	"province_office", NULL};
static const char *const MENDERS[] = {"store_keeper", "county_office", "secrecy_officer", NULL};
static const char *const KEEP_APART[] = {"police", "discipline_officer", "secrecy_officer", NULL};
static const struct slot TWO_FIND[] = {
	{"finder", 2, ANYBODY_THERE, NULL, false, "发现人", "those who found it"},
};
static const struct slot APPROVED[] = {
	{"approver", 1, HEADS, "mender", false, "批准人", "who approves"},
	{"mender", 2, MENDERS, NULL, false, "补封人", "those who mend it"},
};
static const struct slot ONE_KEEPS[] = {
	{"escort", 1, KEEP_APART, NULL, false, "看护人", "who stays with them"},
};
static const struct command COMMANDS[] = {
	{"custody.report_seal", FACT, FIELDS(REPORT), sizeof(struct damage_report), SLOTS(TWO_FIND),
	 ALLOW(FINDERS), .run = run_report, .cites = CITE_SEALS,
	 .zh = "报告密封破损或缺失", .en = "report a damaged or missing seal"},
	{"custody.mend_seal", ORDER, FIELDS(MENDING), sizeof(struct mending), SLOTS(APPROVED),
	 ALLOW(OFFICE), .run = run_mend, .cites = CITE_SEALS,
	 .zh = "批准并补封", .en = "mend a seal as approved"},
	{"custody.isolate", FACT, ISOLATION, ISOLATION_IN, sizeof(struct isolation), SLOTS(ONE_KEEPS),
	 ALLOW(WARDS), .run = run_isolate, .cites = CITE_APART,
	 .zh = "登记接触内容人员的隔离", .en = "record that those who saw it are kept apart"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.isolation", "custody.content_seen", "custody.persons_isolated", NULL, the_object,
	 "custody.isolation", "county_leader", .missing = "custody.not_isolated",
	 .cites = CITE_APART, .zh = "接触试卷内容的人员隔离", .en = "those who saw the papers are kept apart"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.content_exposed", COLOUR_RED, "county_leader", CITE_APART,
	 "原地封控，任何人不得离开；登记接触人员并隔离，立即电话报市、省",
	 "close the place, nobody leaves; list and isolate who saw it; call city and province at once",
	 "有人接触到试卷内容", "somebody saw what is inside the papers"},
	{"custody.not_isolated", COLOUR_RED, "county_leader", CITE_APART,
	 "立即由民警或纪检人员陪同隔离并登记，收缴通信工具",
	 "isolate them now with police or discipline officers, take their phones, record it",
	 "接触试卷内容的人员尚未隔离", "those who saw the papers are not kept apart"},
};

static const char *const SETTINGS[] = {"custody.isolation_s"};

const struct module custody_seal_module = {
	.name = "custody_seal", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), .zh = "密封", .en = "seals",
	TABLE_OF(settings, SETTINGS),
};
