/* SPDX-License-Identifier: Apache-2.0 */
/* drill_exam.c -- the candidates of a drill: registered and seated, two days before.
 *
 * A candidate has one room for every session.  Names are numbers, and the numbers of their
 * documents begin with an area that no person has (999999).
 */
#include "app/drill_actors.h"

enum { REGISTER_H = 2, SEAT_H = 3, PER_DAY = 900, BIRTHDAYS = 365 };

struct clerk {
	struct drill *d;
	int64_t at_ms, pace_ms, number;
};

static int64_t next(struct clerk *c)
{
	return c->at_ms += c->pace_ms;
}

/* GB 11643: weights 2^(17-i) mod 11. */
static char check_digit(const char *seventeen)
{
	int sum = 0, weight = 1;

	for (int i = 16; i >= 0; i--) {
		weight = weight * 2 % 11;
		sum += (seventeen[i] - '0') * weight;
	}
	return "10X98765432"[sum % 11];
}

/* The n-th document: a birthday of 2007, then a number of that day. */
static const char *document(struct drill *d, int64_t n)
{
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int64_t day = n / PER_DAY % BIRTHDAYS, month = 0, year = 2007 - n / PER_DAY / BIRTHDAYS;
	char text[32];

	while (day >= DAYS[month])
		day -= DAYS[month++];
	snprintf(text, sizeof(text), "999999%04d%02d%02d%03d", (int)year, (int)month + 1, (int)day + 1,
	         (int)(n % PER_DAY) + 1);
	return drill_fmt(d, "%s%c", text, check_digit(text));
}

/* The most that any session seats in this room. */
static int seats_of(const struct drill *d, const struct drill_room *r)
{
	int most = 0;

	for (int i = 0; i < d->nsessions; i++)
		if (drill_sits(r, &d->sessions[i])) {
			int n = drill_seats(d, r, &d->sessions[i]);

			most = n > most ? n : most;
		}
	return most;
}

static void register_room(struct clerk *c, const struct drill_room *r)
{
	struct drill *d = c->d;
	const char *office = drill_staff(d, r->site->county->path, "county_office", 2);
	const char *combination = drill_combination(d, r);
	int n = seats_of(d, r);

	for (int seat = 1; seat <= n; seat++) {
		const char *number = drill_candidate(d, r, seat);

		drill_add(d, next(c), "exam.register_candidate", office, "",
		          "{'place':'%s','number':'%s','combination':'%s','name':'虚构考生 %s',"
		          "'document':'%s'}",
		          r->site->county->path, number, combination, number, document(d, c->number++));
	}
}

static void seat_room(struct clerk *c, const struct drill_room *r, const struct drill_session *s)
{
	struct drill *d = c->d;
	int n = drill_seats(d, r, s);
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int seat = 1; seat <= n; seat++)
		strbuf_addf(&b, "%s{'candidate':'%s','seat':%d}", seat > 1 ? "," : "",
		            drill_candidate(d, r, seat), seat);
	drill_add(d, next(c), "arrange.seat_candidates",
	          drill_staff(d, r->site->county->path, "county_office", 2), "",
	          "{'place':'%s','session':'%s','room':'%s','seats':[%s]}", r->site->path, s->id,
	          r->path, strbuf_str(&b).s);
}

/* Ten rooms wait together for the second session of a half day. */
static void wait_together(struct clerk *c, const struct drill_site *site,
                          const struct drill_session *s, int group)
{
	struct drill *d = c->d;
	int from = s->first_room + group * DRILL_ROOMS_WAITING, n = 0;
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int i = from; i < from + DRILL_ROOMS_WAITING && i < s->first_room + s->nrooms; i++) {
		const struct drill_room *r = &site->rooms[i - 1];
		int seats = drill_seats(d, r, s);

		for (int seat = 1; seat <= seats; seat++, n++)
			strbuf_addf(&b, "%s{'candidate':'%s','seat':%d}", n ? "," : "",
			            drill_candidate(d, r, seat), n + 1);
	}
	drill_add(d, next(c), "arrange.seat_candidates",
	          drill_staff(d, site->county->path, "county_office", 2), "",
	          "{'place':'%s','session':'%s','room':'%s/w%02d','seats':[%s]}", site->path, s->id,
	          site->path, group + 1, strbuf_str(&b).s);
}

static void seat_site(struct clerk *c, const struct drill_site *site)
{
	struct drill *d = c->d;

	for (int j = 0; j < d->nsessions; j++) {
		const struct drill_session *s = &d->sessions[j];

		for (int k = 0; k < site->nrooms; k++)
			if (drill_sits(&site->rooms[k], s))
				seat_room(c, &site->rooms[k], s);
		for (int g = 0; drill_is_second(s) && g * DRILL_ROOMS_WAITING < s->nrooms; g++)
			wait_together(c, site, s, g);
	}
}

static int64_t pace(int64_t hours, int64_t steps)
{
	int64_t ms = hours * DRILL_HOUR / (steps + 2);

	return ms < 5000 ? ms : 5000;
}

enum rc drill_exam(struct op *op, struct drill *d)
{
	int64_t rooms = (int64_t)d->nsites * d->sites[0]->nrooms;
	struct clerk c = {.d = d, .at_ms = drill_at(d, -2, 17, 0),
	                  .pace_ms = pace(REGISTER_H, rooms * d->seats)};

	for (int i = 0; i < d->nsites; i++)
		for (int k = 0; k < d->sites[i]->nrooms; k++)
			register_room(&c, &d->sites[i]->rooms[k]);
	c.at_ms = drill_at(d, -2, 19, 0);
	c.pace_ms = pace(SEAT_H, 2 * rooms * d->nsessions);
	for (int i = 0; i < d->nsites; i++)
		seat_site(&c, d->sites[i]);
	return RC_OK;
}
