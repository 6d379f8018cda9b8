/* SPDX-License-Identifier: Apache-2.0 */
/* drill_found.c -- actors who found the office: places, units, people, grants, keys; then
 * declarations, posts and the plan of rooms.
 *
 * Two days before the first session, from 08:00; everybody is named as made up.
 */
#include "app/drill_actors.h"

#include "app/drill_city.h"
#include "domain/arrange/arrange.h"

struct clerk {             /* types one thing after the other */
	struct drill *d;
	int64_t at_ms, pace_ms;
};
enum { FOUND_H = 5, DECLARE_H = 4, PLAN_H = 2 };

static int64_t next(struct clerk *c)
{
	return c->at_ms += c->pace_ms;
}

static int64_t pace(int64_t hours, int64_t steps)
{
	int64_t ms = hours * DRILL_HOUR / (steps + 2);

	return ms < 11000 ? ms : 11000;
}

/* ---- everybody ---- */

typedef void each_person(struct clerk *c, const struct drill_post *p, const char *code,
                         const char *unit, const char *place);

static void each_at(struct clerk *c, enum level level, const char *unit, const char *place,
                    each_person *f)
{
	size_t n;
	const struct drill_post *posts = drill_posts(&n);

	for (size_t i = 0; i < n; i++) {
		const char *role = posts[i].role;
		int count = posts[i].level == level ? drill_staff_count(c->d, place, role) : 0;

		for (int k = 1; k <= count; k++)
			f(c, &posts[i], drill_staff(c->d, place, role, k), unit, place);
	}
}

static void each_person_of(struct clerk *c, each_person *f)
{
	struct drill *d = c->d;

	each_at(c, LEVEL_ANY, "U-CD1", "", f);
	each_at(c, LEVEL_PROVINCE, "U-CD1", d->province, f);
	each_at(c, LEVEL_CITY, "U-CD1", d->city, f);
	for (int i = 0; i < d->ncounties; i++)
		each_at(c, LEVEL_COUNTY, drill_fmt(d, "U-%s", d->counties[i].code), d->counties[i].path, f);
	for (int i = 0; i < d->nsites; i++)
		each_at(c, LEVEL_SITE, drill_fmt(d, "U-%s", d->sites[i]->code), d->sites[i]->path, f);
}

static void count_one(struct clerk *c, const struct drill_post *p, const char *code,
                      const char *unit, const char *place)
{
	c->at_ms++;
}

static int64_t people_count(struct drill *d)
{
	struct clerk c = {.d = d};

	each_person_of(&c, count_one);
	return c.at_ms;
}

/* ---- founding ---- */

static void add_place(struct clerk *c, const char *path, const char *kind, const char *name)
{
	drill_add(c->d, next(c), "place.add", "", "", "{'place':'%s','kind':'%s','name':'%s'}", path,
	          kind, name);
}

static void add_unit(struct clerk *c, const char *code, const char *place, const char *name)
{
	drill_add(c->d, next(c), "people.add_unit", "", "", "{'place':'%s','code':'%s','name':'%s'}",
	          place, code, name);
}

static void add_person(struct clerk *c, const struct drill_post *p, const char *code,
                       const char *unit, const char *place)
{
	struct drill *d = c->d;

	drill_add(d, next(c), "people.register", "", "",
	          "{'code':'%s','unit':'%s','secrecy':%s,'name':'虚构人员 %s'}", code, unit,
	          p->level == LEVEL_SITE ? "false" : "true", code);
	if (*place)
		drill_add(d, next(c), "authority.grant", "", "",
		          "{'person':'%s','role':'%s','place':'%s'}", code, p->role, place);
	else
		drill_add(d, next(c), "authority.grant", "", "", "{'person':'%s','role':'%s'}", code,
		          p->role);
	if (drill_has_key(code)) {
		struct ed25519_key k = drill_key(d->seed, str_of(code));

		drill_add(d, next(c), "authority.register_key", "", "", "{'person':'%s','key':'%s'}", code,
		          hex_encode(d->arena, k.pub.b, sizeof(k.pub.b)).s);
	}
}

static void add_places(struct clerk *c)
{
	struct drill *d = c->d;

	add_place(c, d->province, "area", "虚构省");
	add_place(c, d->city, "area", "虚构市");
	add_unit(c, "U-CD1", d->city, "虚构市考试院");
	for (int i = 0; i < d->ncounties; i++) {
		const struct drill_county *k = &d->counties[i];

		add_place(c, k->path, "area", drill_fmt(d, "虚构第%02d县", k->number));
		add_place(c, k->store, "store", drill_fmt(d, "虚构第%02d县保密室", k->number));
		add_unit(c, drill_fmt(d, "U-%s", k->code), k->path,
		         drill_fmt(d, "虚构第%02d县考务办", k->number));
	}
	for (int i = 0; i < d->nsites; i++) {
		const struct drill_site *s = d->sites[i];
		const char *name = drill_fmt(d, "虚构第%02d县第%02d考点", s->county->number, s->number);

		add_place(c, s->path, "site", name);
		add_unit(c, drill_fmt(d, "U-%s", s->code), s->path, name);
	}
}

enum rc drill_found(struct op *op, struct drill *d)
{
	int64_t steps = 2 * people_count(d) + 2 * d->nsites + 8 * d->ncounties + 4;
	struct clerk c = {d, d->start_ms, pace(FOUND_H, steps)};

	add_places(&c);
	each_person_of(&c, add_person);
	drill_add(d, next(&c), "authority.found", "", "", "{}");
	assert(c.at_ms <= d->start_ms + FOUND_H * DRILL_HOUR);
	return RC_OK;
}

/* ---- declarations and posts ---- */

static void declare(struct clerk *c, const struct drill_post *p, const char *code,
                    const char *unit, const char *place)
{
	struct drill *d = c->d;
	const char *as;

	if (!p->serves || p->level < LEVEL_COUNTY)
		return;
	as = drill_staff(d, place_cut(d->arena, str_of(place), LEVEL_COUNTY).s, "county_office", 1);
	drill_add(d, next(c), "people.declare_avoidance", as, drill_badge(d, "declarer", code),
	          "{'person':'%s','relative':false}", code);
	drill_add(d, next(c), "people.assign_post", as, "",
	          "{'person':'%s','place':'%s','role':'%s'}", code, place, p->role);
}

enum rc drill_people(struct op *op, struct drill *d)
{
	struct clerk c = {d, d->start_ms + FOUND_H * DRILL_HOUR, pace(DECLARE_H, 2 * people_count(d))};

	each_person_of(&c, declare);
	return RC_OK;
}

/* ---- rooms ---- */

static void plan_rooms(struct clerk *c, const struct drill_site *site,
                       const struct drill_session *s)
{
	struct drill *d = c->d;
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int i = 0; i < site->nrooms; i++)
		if (drill_sits(&site->rooms[i], s))
			strbuf_addf(&b, "%s{'room':'%s','seats':%d}", b.n ? "," : "", site->rooms[i].path,
			            drill_seats(d, &site->rooms[i], s));
	for (int i = 0; drill_is_second(s) && i * DRILL_ROOMS_WAITING < s->nrooms; i++)
		strbuf_addf(&b, ",{'room':'%s/w%02d','seats':%d,'kind':'waiting'}", site->path, i + 1,
		            DRILL_ROOMS_WAITING * d->seats);
	drill_add(d, next(c), "arrange.plan_rooms",
	          drill_staff(d, site->county->path, "county_office", 2), "",
	          "{'place':'%s','session':'%s','rooms':[%s]}", site->path, s->id, strbuf_str(&b).s);
}

enum rc drill_arrange(struct op *op, struct drill *d)
{
	struct clerk c = {d, d->start_ms + (FOUND_H + DECLARE_H) * DRILL_HOUR,
	                  pace(PLAN_H, d->nsites * d->nsessions)};

	for (int i = 0; i < d->nsessions; i++)
		for (int k = 0; k < d->nsites; k++)
			if (d->sessions[i].nrooms)
				plan_rooms(&c, d->sites[k], &d->sessions[i]);
	return RC_OK;
}
