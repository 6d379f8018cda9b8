/* SPDX-License-Identifier: Apache-2.0 */
/* seal.c -- seals found missing or damaged: reported, approved, mended by two.
 *
 * Nobody mends a seal on the spot.  It is reported, the leader approves, two named people mend it
 * and record the new number.  Whoever has seen what is inside is isolated, each of them within
 * minutes, until the profile's time after the start of the last subject that lay open; one who is
 * let go before that is an alarm.
 *
 * Emits  custody.seal_damaged, custody.seal_mended, custody.content_seen, custody.persons_isolated,
 *        custody.isolation_ended
 * Owns   custody_damage, custody_apart
 */
#include "domain/custody/seal.h"

#include "domain/custody/room.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_APART CITE_SECURITY "Art.22, Art.26 ROOM-13 ROOM-15 TRN-7"

enum {
	Q_ADD, Q_OPEN, Q_MEND, Q_SEAL_BOX, Q_SEAL_BAG, Q_APART, Q_APART_ADD, Q_END, Q_UNTIL, Q_ON_TRIP,
	Q_VIEW,
};
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO custody_damage(object, idx, place, mended) VALUES(?, ?, ?, 0)", 3},
	[Q_OPEN] = {"SELECT COUNT(*) FROM custody_damage WHERE object = ? AND mended = 0", 1},
	[Q_MEND] = {"UPDATE custody_damage SET mended = ? WHERE object = ? AND mended = 0", 2},
	[Q_SEAL_BOX] = {"UPDATE custody_box SET seal = ? WHERE code = ?", 2},
	[Q_SEAL_BAG] = {"UPDATE custody_bag SET seal = ? WHERE code = ?", 2},
	[Q_APART] = {"UPDATE custody_apart SET until_ms = ? WHERE object = ? AND person = ?", 3},
	[Q_APART_ADD] = {"INSERT INTO custody_apart(until_ms, object, person) VALUES(?, ?, ?)", 3},
	[Q_END] = {"DELETE FROM custody_apart WHERE object = ? AND person = ?", 2},
	[Q_UNTIL] = {"SELECT until_ms FROM custody_apart WHERE object = ? AND person = ?", 2},
	[Q_ON_TRIP] = {"SELECT DISTINCT b.session FROM custody_box b JOIN custody_trip t"
	               " ON t.vehicle = b.holder WHERE t.trip = ? ORDER BY b.session", 1},
	[Q_VIEW] = {"SELECT object, person, until_ms FROM custody_apart ORDER BY object, person", 0},
};

static const struct table TABLES[] = {
	{"custody_damage", "CREATE TABLE custody_damage(object {text} NOT NULL, idx {int} NOT NULL,"
	 " place {text} NOT NULL, mended {int} NOT NULL, PRIMARY KEY(object, idx)){clustered}",
	 "object, idx"},
	{"custody_apart", "CREATE TABLE custody_apart(object {text} NOT NULL, person {id} NOT NULL,"
	 " until_ms {int} NOT NULL, PRIMARY KEY(object, person)){clustered}", "object, person"},
};

/* Fields. */
#define DAMAGES(X) X(DAMAGED, "damaged") X(MISSING, "missing") X(MISMATCHED, "mismatched")
#define X(id, text) DAMAGE_##id,
enum damage { DAMAGES(X) DAMAGE_MAX };
#undef X
#define X(id, text) text,
static const char *const DAMAGE[] = {DAMAGES(X)};
#undef X
static const struct word DAMAGE_WORDS[] = {
	{"破损", "damaged"}, {"缺失", "missing"}, {"编号不符", "numbers do not match"},
};

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
	      ENUM_OF(DAMAGE, DAMAGE_WORDS)),
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

static const struct field RELEASE[] = {
	FIELD(struct isolation, place, F_PLACE, "隔离地点", "place of isolation"),
	FIELD(struct isolation, object, F_CODE, "试卷箱号、袋号或运次", "box, bag or trip"),
	NAMED_FIELD(struct isolation, persons, "解除隔离人员", "who is let go", .min = 1),
};

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

static enum rc apply_isolated(struct op *op, const struct event *ev)
{
	const struct isolation *p = ev->data;
	const struct named *who = p->persons.items;
	int64_t changed;

	for (size_t i = 0; i < p->persons.n; i++) {
		const struct sqlv row[] = {sql_int(p->until_ms), sql_text(p->object),
		                           sql_int(who[i].person.v)};

		TRY(db_change(op, op->db, &SQL[Q_APART], row, COUNT(row), &changed));
		if (!changed)
			TRY(sql_exec(op, &SQL[Q_APART_ADD], row, COUNT(row)));
	}
	return RC_OK;
}

static enum rc apply_ended(struct op *op, const struct event *ev)
{
	const struct isolation *p = ev->data;
	const struct named *who = p->persons.items;

	for (size_t i = 0; i < p->persons.n; i++)
		TRY(sql_exec(op, &SQL[Q_END], ARGS(sql_text(p->object), sql_int(who[i].person.v))));
	return RC_OK;
}

enum { EV_DAMAGED, EV_MENDED, EV_SEEN, EV_ISOLATED, EV_ENDED };
static const struct event_type EVENTS[] = {
	[EV_DAMAGED] = ROOM_EVENT("custody.seal_damaged", REPORT, struct damage_report, apply_damaged,
	                          "发现密封破损或缺失", "a seal was found damaged or missing"),
	[EV_MENDED] = ROOM_EVENT("custody.seal_mended", MENDING, struct mending, apply_mended,
	                         "经批准补封", "a seal was mended as approved"),
	[EV_SEEN] = ROOM_EVENT("custody.content_seen", EXPOSURE, struct exposure, NULL,
	                       "有人接触到试卷内容", "somebody saw what is inside"),
	[EV_ISOLATED] = ROOM_EVENT("custody.persons_isolated", ISOLATION, struct isolation,
	                           apply_isolated, "接触内容人员已隔离", "those who saw it are kept apart"),
	[EV_ENDED] = ROOM_EVENT("custody.isolation_ended", RELEASE, struct isolation, apply_ended,
	                        "解除隔离", "those who were kept apart were let go"),
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

/* In a county's hands: another county mends no seal of it. */
static enum rc is_here(struct op *op, struct str code, struct str place, bool *ret)
{
	struct bag bag;
	bool is_bag;

	TRY(bag_find(op, code, &bag, &is_bag));
	TRY(is_known(op, code, ret));
	return box_is_here(op, is_bag ? bag.box : code, place, ret);
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

	TRY(is_here(op, p->object, p->place, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "object", CITE_SEALS, "没有箱或袋 %s", "no box or bag %s",
		            p->object.s);
	TRY(damage_open(op, p->object, &open));
	if (!open)
		return fail(op, RC_CONFLICT, "object", CITE_SEALS, "%s 没有待处理的密封破损报告",
		            "no damaged seal of %s has been reported", p->object.s);
	return event_append(op, &EVENTS[EV_MENDED], p, NULL);
}

static void not_before(struct op *op, struct str session, int64_t *io_start_ms)
{
	const struct profile_session *s = profile_session(op_profile(op), session);

	if (s && s->start_ms > *io_start_ms)
		*io_start_ms = s->start_ms;
}

/* The start of the last subject that lay open; 0: nobody knows which it was. */
static enum rc last_start(struct op *op, const struct isolation *p, int64_t *ret_ms)
{
	struct bag bag = {0};
	struct box box = {0};
	bool known;
	AUTO(rows) r = {0};

	*ret_ms = 0;
	not_before(op, p->session, ret_ms);
	if (*ret_ms)
		return RC_OK;
	TRY(bag_find(op, p->object, &bag, &known));
	if (known)
		not_before(op, bag.session, ret_ms);
	TRY(box_find(op, p->object, &box, &known));
	if (known)
		not_before(op, box.session, ret_ms);
	TRY(sql_query(op, &SQL[Q_ON_TRIP], ARGS(sql_text(p->object)), &r));
	while (rows_next(&r))
		not_before(op, rows_dup(op->arena, &r, 0), ret_ms);
	return RC_OK;
}

static enum rc run_isolate(struct op *op, const void *in)
{
	struct isolation p = *(const struct isolation *)in;
	int64_t start_ms;

	if (p.session.n && !profile_session(op_profile(op), p.session))
		return fail(op, RC_INVALID, "session", CITE_APART, "方案中没有科次 %s",
		            "the profile has no session %s", p.session.s);
	TRY(last_start(op, &p, &start_ms));
	if (start_ms)
		p.until_ms = start_ms + 1000 * profile_setting(op_profile(op), "custody.isolation_s", 0);
	return event_append(op, &EVENTS[EV_ISOLATED], &p, NULL);
}

static enum rc is_early(struct op *op, struct str object, struct person_id who, bool *io)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_UNTIL], ARGS(sql_text(object), sql_int(who.v)), &r));
	*io = *io || (rows_next(&r) && rows_int(&r, 0) > op_happened_ms(op));
	return RC_OK;
}

static enum rc run_release(struct op *op, const void *in)
{
	const struct isolation *p = in;
	const struct named *who = p->persons.items;
	bool early = false;

	for (size_t i = 0; i < p->persons.n; i++)
		TRY(is_early(op, p->object, who[i].person, &early));
	TRY(event_append(op, &EVENTS[EV_ENDED], p, NULL));
	return early ? alarm_raise(op, "custody.released_early", p->object, p->place, NULL) : RC_OK;
}

/* Each person by the object that was seen; the object itself, when nobody is named yet. */
static size_t the_exposed(struct arena *a, const struct event *ev, struct str *ret,
                          struct str *ret_session)
{
	bool seen = str_is(ev->name, "custody.content_seen");
	const struct exposure *x = ev->data;
	const struct isolation *i = ev->data;
	struct str object = seen ? x->object : i->object;
	const struct list *persons = seen ? &x->persons : &i->persons;
	const struct named *who = persons->items;
	size_t n = 0;

	if (!seen || !persons->n)
		ret[n++] = object;
	for (size_t k = 0; k < persons->n && n < LIMIT_OPENS; k++)
		ret[n++] = str_fmt(a, STR_FMT ":%lld", STR_ARG(object), (long long)who[k].person.v);
	return n;
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
	{"custody.release_isolated", FACT, FIELDS(RELEASE), sizeof(struct isolation), SLOTS(ONE_KEEPS),
	 ALLOW(WARDS), .run = run_release, .cites = CITE_APART,
	 .zh = "登记解除隔离", .en = "record that those kept apart are let go"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.isolation", "custody.content_seen", "custody.persons_isolated", NULL, the_exposed,
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
	{"custody.released_early", COLOUR_RED, "county_leader", CITE_APART,
	 "立即找回并继续隔离，查其间与何人联系，报市、省",
	 "bring them back and keep them apart; whom did they speak to? tell city and province",
	 "接触试卷内容的人员未到时间解除隔离", "those who saw the papers were let go before the time"},
};

static const struct column APART[] = {
	COLUMN("object", F_CODE, "箱、袋或运次", "object"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN("until_ms", F_TIME, "隔离至", "until"),
};
static const struct view VIEWS[] = {
	{"custody/apart", "被隔离人员", "who is kept apart", CUSTODY_READERS, &SQL[Q_VIEW], APART,
	 COUNT(APART)},
};

static const char *const SETTINGS[] = {"custody.isolation_s"};

const struct module custody_seal_module = {
	.name = "custody_seal", .group = "custody", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS), .zh = "密封", .en = "seals",
	TABLE_OF(settings, SETTINGS),
};
