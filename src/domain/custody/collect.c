/* SPDX-License-Identifier: Apache-2.0 */
/* collect.c -- boxes are sorted by site, and collected by people who are named (分拣, 提卷).
 *
 * Two sort the half day's boxes by site with a police officer present.  A letter names who collects
 * for a site and a half day; the secrecy room gives to nobody else (拒绝代领).  Whoever receives
 * boxes of a site and is not in its letter is an alarm at once: the papers have left with him.
 *
 * Emits  custody.boxes_sorted, custody.collectors_named
 * Owns   custody_collector
 */
#include "domain/custody/paper.h"
#include "domain/custody/store.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SORT CITE_SECURITY "Art.23 (1.6)"
#define CITE_PROXY CITE_SECURITY "Art.24 (拒绝代领) ROOM-12"

enum { Q_NAMED, Q_NAME, Q_DROP };
static const struct sql SQL[] = {
	[Q_NAMED] = {"SELECT person FROM custody_collector WHERE site = ? AND half_day = ?", 2},
	[Q_NAME] = {"INSERT INTO custody_collector(site, half_day, person, letter) VALUES(?, ?, ?, ?)",
	            4},
	[Q_DROP] = {"DELETE FROM custody_collector WHERE site = ? AND half_day = ?", 2},
};

static const struct table TABLES[] = {
	{"custody_collector", "CREATE TABLE custody_collector(site {text} NOT NULL,"
	 " half_day {text} NOT NULL, person {id} NOT NULL, letter {text} NOT NULL,"
	 " PRIMARY KEY(site, half_day, person)){clustered}", "site, half_day, person"},
};

/* Fields. */
struct sorted_box {
	struct str box, site; /* box first: codes_differ reads it */
	int64_t bags;
};
static const struct field SORTED_BOX[] = {
	FIELD(struct sorted_box, box, F_CODE, "试卷箱号", "box", .ref = "box"),
	FIELD(struct sorted_box, site, F_PLACE, "分拣到考点", "site", .ref = "site"),
	FIELD(struct sorted_box, bags, F_INT, "袋数", "bags counted", .max = 1000),
};
struct sorting {
	struct str place;
	struct list boxes;
};
static const struct field SORTING[] = {
	FIELD(struct sorting, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct sorting, boxes, F_LIST, "分拣表", "boxes", .list_of = SORTED_BOX,
	      .list_n = COUNT(SORTED_BOX), .list_size = sizeof(struct sorted_box), .min = 1),
};

struct collector {
	struct person_id person;
};
static const struct field COLLECTOR[] = {
	FIELD(struct collector, person, F_PERSON, "提卷人", "who collects", .secrecy = SECRECY_WORK),
};
struct letter {
	struct str place, half_day, letter;
	struct list people;
};
static const struct field LETTER[] = {
	FIELD(struct letter, place, F_PLACE, "考点", "site"),
	FIELD(struct letter, half_day, F_SUBJECT, "半日", "half day", .ref = "half_day"),
	FIELD(struct letter, letter, F_CODE, "提卷介绍信编号", "number of the letter"),
	FIELD(struct letter, people, F_LIST, "提卷人", "who collect", .list_of = COLLECTOR,
	      .list_n = COUNT(COLLECTOR), .list_size = sizeof(struct collector), .min = 1, .max = 16),
};

/* Projection: a new letter replaces the one before. */
static enum rc apply_named(struct op *op, const struct event *ev)
{
	const struct letter *p = ev->data;
	const struct collector *c = p->people.items;

	TRY(sql_exec(op, &SQL[Q_DROP], ARGS(sql_text(ev->place), sql_text(p->half_day))));
	for (size_t i = 0; i < p->people.n; i++)
		TRY(sql_exec(op, &SQL[Q_NAME], ARGS(sql_text(ev->place), sql_text(p->half_day),
		                                    sql_int(c[i].person.v), sql_text(p->letter))));
	return RC_OK;
}

static enum rc apply_sorted(struct op *op, const struct event *ev)
{
	const struct sorting *p = ev->data;
	const struct sorted_box *b = p->boxes.items;

	for (size_t i = 0; i < p->boxes.n; i++)
		TRY(trace_add(op, ev, b[i].box, ev->place));
	return RC_OK;
}

enum { EV_SORTED, EV_NAMED };
static const struct event_type EVENTS[] = {
	[EV_SORTED] = {"custody.boxes_sorted", 1, SORTING + 1, COUNT(SORTING) - 1,
	               sizeof(struct sorting), .apply = apply_sorted, .visible_to = CUSTODY_READERS,
	               .zh = "试卷箱分拣", .en = "boxes were sorted by site"},
	[EV_NAMED] = {"custody.collectors_named", 1, LETTER + 1, COUNT(LETTER) - 1,
	              sizeof(struct letter), .apply = apply_named, .visible_to = CUSTODY_READERS,
	              .zh = "指定提卷人", .en = "those who collect were named"},
};

/* Rules. */
static enum rc sort_box(struct op *op, const struct sorting *p, const struct sorted_box *b)
{
	struct box box;
	bool known;

	TRY(box_find(op, b->box, &box, &known));
	if (!known)
		return found_add(op, b->box);
	if (!str_eq(box.destined, b->site))
		TRY(alarm_raise(op, "custody.sorted_wrong", b->box, p->place, NULL));
	if (b->bags != box.packed)
		TRY(alarm_raise(op, "custody.counts_differ", b->box, p->place, NULL));
	return RC_OK;
}

static enum rc run_sort(struct op *op, const void *in)
{
	const struct sorting *p = in;
	const struct sorted_box *b = p->boxes.items;

	TRY(codes_differ(op, &p->boxes, sizeof(struct sorted_box), "boxes", "box"));
	TRY(event_append(op, &EVENTS[EV_SORTED], p, NULL));
	for (size_t i = 0; i < p->boxes.n; i++)
		TRY(sort_box(op, p, &b[i]));
	return RC_OK;
}

static enum rc run_name(struct op *op, const void *in)
{
	const struct letter *p = in;
	const struct collector *c = p->people.items;
	const struct profile *profile = op_profile(op);
	bool found = false;

	for (size_t i = 0; i < profile->nsessions; i++)
		found = found || str_eq(profile->sessions[i].half_day, p->half_day);
	if (!found)
		return fail(op, RC_INVALID, "half_day", CITE_PROXY, "没有半日 %s",
		            "there is no half day %s", p->half_day.s);
	for (size_t i = 0; i < p->people.n; i++)
		for (size_t j = 0; j < i; j++)
			if (c[i].person.v == c[j].person.v)
				return fail(op, RC_INVALID, "people", CITE_PROXY, "提卷人第 %zu 行重复",
				            "row %zu names somebody twice", i + 1);
	for (size_t i = 0; i < p->people.n; i++)
		if (person_elsewhere(op, c[i].person, p->place))
			TRY(forbid(op, RC_CONFLICT, "people", CITE_PROXY, "提卷人第 %zu 行在其他单位任职，请核对工号；"
			           "确由其提卷的，先由考务办授予本单位岗位",
			           "row %zu names somebody who serves elsewhere: check the code; if it is to be"
			           " this person, the office first grants a role here", i + 1));
	return event_append(op, &EVENTS[EV_NAMED], p, NULL);
}

/* Who received, against the letter of the site and half day. */
struct check {
	const struct event *ev;
	struct str site, half_day;
	bool any, stranger;
};

static enum rc read_letter(struct op *op, struct check *c)
{
	AUTO(rows) r = {0};
	int64_t named[16];
	size_t n = 0, j;

	TRY(sql_query(op, &SQL[Q_NAMED], ARGS(sql_text(c->site), sql_text(c->half_day)), &r));
	while (n < COUNT(named) && rows_next(&r))
		named[n++] = rows_int(&r, 0);
	c->any = n > 0;
	for (size_t i = 0; i < c->ev->nslots; i++) {
		if (!str_is(c->ev->slots[i].slot, "receiver"))
			continue;
		for (j = 0; j < n && named[j] != c->ev->slots[i].person.v; j++)
			;
		c->stranger = c->stranger || j == n;
	}
	return RC_OK;
}

static enum rc check_box(struct op *op, const struct event *ev, struct str code)
{
	struct check c = {.ev = ev};
	const struct profile_session *s;
	struct box box;
	bool known;

	TRY(box_find(op, code, &box, &known));
	s = known ? profile_session(op_profile(op), box.session) : NULL;
	if (!s)
		return RC_OK;
	c.site = box.destined;
	c.half_day = s->half_day;
	TRY(read_letter(op, &c));
	if (c.any && c.stranger)
		return alarm_raise(op, "custody.proxy_collection", code, ev->place, NULL);
	if (!c.any && profile_setting(op_profile(op), "custody.letters_needed", 0))
		return alarm_raise(op, "custody.no_letter", c.site, ev->place, NULL);
	return RC_OK;
}

/* Out of a secrecy room: who took them? */
static enum rc check_collection(struct op *op, const struct event *ev)
{
	const struct str *from = event_member(ev, "from"), *to = event_member(ev, "to");
	const struct list *boxes = event_member(ev, "boxes");
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, STR("boxes"));
	enum store_state giver, taker;

	TRY(store_state(op, *from, &giver));
	TRY(store_state(op, *to, &taker));
	if (giver == STORE_UNKNOWN || taker != STORE_UNKNOWN)
		return RC_OK;
	for (size_t i = 0; i < boxes->n; i++)
		TRY(check_box(op, ev, *(const struct str *)(const void *)((const char *)boxes->items +
		                                                           i * f->list_size)));
	return RC_OK;
}

static const struct reaction REACTIONS[] = {
	{"custody.handed_over", check_collection},
};

/* Module. */
static const struct allow STORE[] = {{"county_office", LEVEL_COUNTY}, {"store_keeper", LEVEL_ANY}};
static const struct allow NAMERS[] = {
	{"county_office", LEVEL_COUNTY}, {"site_chief", LEVEL_SITE},
};
static const char *const SORTER[] = {"store_keeper", "county_office", NULL};
static const char *const POLICE[] = {"police", NULL};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", "county_leader", NULL};
static const struct slot SORTERS[] = {
	{"sorter", 2, SORTER, "observer", false, "分拣人", "who sort"},
	{"observer", 1, POLICE, NULL, false, "在场民警", "police officer present"},
};
static const struct slot SIGNED[] = {
	{"chief", 1, CHIEF, NULL, false, "主考", "chief who signs the letter"},
};
static const struct command COMMANDS[] = {
	{"custody.sort_boxes", FACT, FIELDS(SORTING), sizeof(struct sorting), SLOTS(SORTERS),
	 ALLOW(STORE), .run = run_sort, .cites = CITE_SORT,
	 .zh = "登记试卷箱分拣", .en = "record the sorting of boxes"},
	{"custody.name_collectors", ORDER, FIELDS(LETTER), sizeof(struct letter), SLOTS(SIGNED),
	 ALLOW(NAMERS), .run = run_name, .cites = CITE_PROXY,
	 .zh = "指定提卷人", .en = "name who collects"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.sorted_wrong", COLOUR_ORANGE, "county_office", CITE_SORT,
	 "停止装车，按目的考点重新分拣，逐箱核对", "load nothing, sort again by site, check box by box",
	 "试卷箱分拣到别的考点", "a box was sorted to a site it is not for"},
	{"custody.proxy_collection", COLOUR_RED, "county_leader", CITE_PROXY,
	 "立即追回试卷箱，就地看护，核实提卷人身份和介绍信",
	 "bring the box back, guard it where it is, verify who has it and by which letter",
	 "提卷人不在介绍信名单内（代领）", "a box was collected by somebody whom no letter names"},
	{"custody.no_letter", COLOUR_ORANGE, "county_office", CITE_PROXY,
	 "请考点主考补交提卷介绍信，核实已提卷人员", "ask the chief for the letter, verify who collected",
	 "没有提卷介绍信即提卷", "boxes were collected without a letter"},
};

static const char *const SETTINGS[] = {"custody.letters_needed"};

const struct module custody_collect_module = {
	.name = "custody_collect", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(alarms, ALARMS), .zh = "分拣提卷", .en = "sorting and collection",
	TABLE_OF(settings, SETTINGS),
};
