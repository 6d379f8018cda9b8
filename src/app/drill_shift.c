/* SPDX-License-Identifier: Apache-2.0 */
/* drill_shift.c -- the duty rooms of a drill: rosters, sign-ins, hand-overs, one order each day.
 *
 * Two officers take turns, day and night, from the evening before to the morning after; a leader
 * has the whole of it.  Each morning the county's duty room asks its sites to check something, and
 * each signs for it and answers.
 */
#include "app/drill_actors.h"

struct room {                  /* a duty room: a county's or the city's */
	struct drill *d;
	const char *place, *code;  /* "sc/cd/x01", "X01" */
	const char *officer, *leader; /* posts, which are roles too */
	const char *clerk;         /* who keeps the roster */
	struct random chance;
};

static const char *moment(const struct room *r, int64_t ms)
{
	return clock_format_offset(r->d->arena, ms, r->d->profile->utc_offset_min).s;
}

static const char *staff(const struct room *r, const char *role, int n)
{
	return drill_staff(r->d, r->place, role, n);
}

static const char *shift_code(const struct room *r, const char *post, int number)
{
	return drill_fmt(r->d, "ZB-%s-%s%d", r->code, post, number);
}

static void roster(struct room *r, const char *code, const char *post, const char *a,
                   const char *b, int64_t from, int64_t until)
{
	drill_add(r->d, drill_at(r->d, -1, 9, 0) + drill_between(&r->chance, 0, DRILL_HOUR),
	          "duty.roster", r->clerk, "",
	          "{'place':'%s','code':'%s','post':'%s','person':'%s','deputy':'%s','from':'%s',"
	          "'until':'%s'}",
	          r->place, code, post, a, b, moment(r, from), moment(r, until));
}

static void sign_in(struct room *r, const char *code, const char *who, int64_t from)
{
	drill_add(r->d, from - 6 * DRILL_MINUTE +
	                    drill_delay(&r->chance, 5 * DRILL_MINUTE, 14 * DRILL_MINUTE),
	          "duty.sign_in", who, drill_badge(r->d, "officer", who),
	          "{'place':'%s','shift':'%s'}", r->place, code);
}

int drill_on_duty(const struct drill *d, int64_t ms)
{
	const int64_t day_ms = 24 * DRILL_HOUR;
	int64_t of_day = ((ms - d->first_day_ms) % day_ms + day_ms) % day_ms;

	return of_day >= 8 * DRILL_HOUR && of_day < 20 * DRILL_HOUR ? 1 : 2;
}

/* The shifts of the officers: an odd one is of the day (drill_on_duty). */
static void officers(struct room *r)
{
	const char *who[2] = {staff(r, r->officer, 2), staff(r, r->officer, 1)};
	int last = 2 * r->d->days;

	for (int k = 0; k <= last; k++) {
		int64_t from = k % 2 ? drill_at(r->d, k / 2, 8, 0) : drill_at(r->d, k / 2 - 1, 20, 0);
		int64_t until = from + 12 * DRILL_HOUR;
		const char *code = shift_code(r, "D", k);

		roster(r, code, r->officer, who[k % 2], who[(k + 1) % 2], from, until);
		if (k == 0)
			sign_in(r, code, who[0], from);
		if (k == last)
			break;
		drill_add(r->d, until + drill_delay(&r->chance, 4 * DRILL_MINUTE, 11 * DRILL_MINUTE),
		          "duty.hand_over", who[k % 2],
		          drill_fmt(r->d, "%s%s", drill_badge(r->d, "giver", who[k % 2]),
		                    drill_badge(r->d, "receiver", who[(k + 1) % 2])),
		          "{'place':'%s','shift':'%s','next':'%s','note':'无未了事项'}", r->place, code,
		          shift_code(r, "D", k + 1));
	}
}

static void leader(struct room *r)
{
	const char *a = staff(r, r->leader, 1), *b = staff(r, r->leader, 2);
	const char *code = shift_code(r, "L", 0);
	int64_t from = drill_at(r->d, -1, 20, 0);

	roster(r, code, r->leader, a, b, from, drill_at(r->d, r->d->days, 8, 0));
	sign_in(r, code, a, from);
}

/* At a quarter past seven, to all sites of a county. */
static void order(struct room *r, const struct drill_county *c, int day)
{
	struct drill *d = r->d;
	const char *code = drill_fmt(d, "DD-%s-%d", r->code, day), *to = "";
	int64_t at_ms = drill_at(d, day, 7, 15) + drill_between(&r->chance, 0, 5 * DRILL_MINUTE);

	for (int i = 0; i < c->nsites; i++)
		to = drill_fmt(d, "%s%s{'to':'%s'}", to, i ? "," : "", c->sites[i].path);
	drill_add(d, at_ms, "duty.issue_order", staff(r, r->officer, 2),
	          drill_badge(d, "leader", staff(r, r->leader, 1)),
	          "{'place':'%s','order':'%s','urgency':'routine','answer':true,'to':[%s],"
	          "'text':'核对备用电源'}",
	          r->place, code, to);
	for (int i = 0; i < c->nsites; i++) {
		const char *site = c->sites[i].path, *clerk = drill_staff(d, site, "site_clerk", 1);

		at_ms = drill_at(d, day, 7, 21) +
		        drill_delay(&r->chance, 10 * DRILL_MINUTE, 35 * DRILL_MINUTE);
		drill_add(d, at_ms, "duty.sign_order", clerk,
		          drill_badge(d, "signer", drill_staff(d, site, "site_chief", 1)),
		          "{'place':'%s','order':'%s'}", site, code);
		drill_add(d, at_ms + drill_delay(&r->chance, 40 * DRILL_MINUTE, 3 * DRILL_HOUR),
		          "duty.answer_order", clerk, "",
		          "{'place':'%s','order':'%s','done':true,'result':'已核对'}", site, code);
	}
}

/* The counties' people have declared by then (drill_found.c); the city's have not. */
static void declare(struct room *r, const char *role)
{
	for (int n = 1; n <= 2; n++) {
		const char *who = staff(r, role, n);

		drill_add(r->d, drill_at(r->d, -1, 8, 0) + drill_between(&r->chance, 0, DRILL_HOUR / 2),
		          "people.declare_avoidance", r->clerk, drill_badge(r->d, "declarer", who),
		          "{'person':'%s','relative':false}", who);
	}
}

enum rc drill_shift(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->ncounties; i++) {
		const struct drill_county *c = &d->counties[i];
		struct room r = {d, c->path, c->code, "duty_officer", "county_leader",
		                 drill_staff(d, c->path, "county_office", 1), drill_random(d, "shift", i)};

		officers(&r);
		leader(&r);
		for (int day = 0; day < d->days; day++)
			order(&r, c, day);
	}
	struct room city = {d, d->city, "CITY", "city_duty", "city_leader",
	                    drill_staff(d, d->city, "city_office", 1), drill_random(d, "shift", -1)};

	declare(&city, city.officer);
	declare(&city, city.leader);
	officers(&city);
	leader(&city);
	return RC_OK;
}
