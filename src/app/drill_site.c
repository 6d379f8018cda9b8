/* SPDX-License-Identifier: Apache-2.0 */
/* drill_site.c -- a site's exam office in a drill: readiness the evening before, the clock, the
 * bells, the steps of each session, attendance.
 *
 * The exam office tells from its wired PC what the site has done, a few minutes after it was done;
 * no room has a device.
 */
#include "app/drill_actors.h"

struct office {
	struct drill *d;
	const struct drill_site *site;
	const char *clerk, *chief, *deputy, *keeper;
	struct random chance;
};

/* Rooms of a site that sit a session. */
static int rooms_of(const struct drill_session *s)
{
	return s->nrooms;
}

/* ---- the evening before ---- */

static void check(struct office *o, const struct drill_session *s, int64_t at_ms, const char *item,
                  const char *with)
{
	struct drill *d = o->d;

	drill_add(d, at_ms, "sitting.check_ready", o->clerk,
	          drill_fmt(d, "%s%s", drill_badge(d, "checker", o->deputy),
	                    drill_badge(d, "checker", drill_staff(d, o->site->path, with, 1))),
	          "{'place':'%s','session':'%s','item':'%s','sound':true,'rooms':%d}", o->site->path,
	          s->id, item, o->site->nrooms)->source = SOURCE_OFFICE;
}

/* Acceptance and tests before the first day; each evening rooms are cleared and sealed. */
static void make_ready(struct office *o, const struct drill_session *s)
{
	struct drill *d = o->d;
	int64_t at_ms = drill_at(d, s->day - 1, 15, 0), late = 5 * DRILL_HOUR / 2;
	bool first = s->number == 0;

	if (first) {
		check(o, s, at_ms + drill_delay(&o->chance, 20 * DRILL_MINUTE, 70 * DRILL_MINUTE),
		      "acceptance", "technician");
		check(o, s, at_ms + drill_delay(&o->chance, 40 * DRILL_MINUTE, 90 * DRILL_MINUTE),
		      "listening", "listening_player");
		check(o, s, at_ms + drill_delay(&o->chance, 50 * DRILL_MINUTE, 100 * DRILL_MINUTE),
		      "jamming", "technician");
	}
	at_ms = s->number == 0 ? at_ms + late : drill_at(d, s->day - 1, 18, 50);
	check(o, s, at_ms + drill_delay(&o->chance, 5 * DRILL_MINUTE, 20 * DRILL_MINUTE), "clearing",
	      "site_clerk");
	check(o, s, at_ms + drill_delay(&o->chance, 10 * DRILL_MINUTE, 30 * DRILL_MINUTE), "sealing",
	      "site_clerk");
	if (first)
		drill_add(d, at_ms + 40 * DRILL_MINUTE, "sitting.sign_ready", o->clerk,
		          drill_fmt(d, "%s%s", drill_badge(d, "chief", o->chief),
		                    drill_badge(d, "county",
		                                drill_staff(d, o->site->county->path, "county_office", 1))),
		          "{'place':'%s','session':'%s'}", o->site->path, s->id);
}

/* ---- the session ---- */

/* `from` seconds from T or E, then as long as people take. */
static const struct {
	const char *name;
	bool of_end;
	int64_t from_s, median_s, p99_s;
} STEPS[] = {
	{"staff_in", false, -6900, 600, 1700}, {"papers_fetched", false, -2900, 300, 800},
	{"to_rooms", false, -2600, 240, 700},  {"entry_open", false, -2400, 180, 700},
	{"cards_out", false, -1300, 150, 400}, {"opened", false, -510, 60, 190},
	{"distributed", false, -300, 90, 300}, {"started", false, 10, 90, 360},
	{"ended", true, 10, 60, 360},          {"collected", true, 420, 240, 900},
	{"counted", true, 780, 300, 1100},     {"sealed", true, 1500, 300, 1400},
	{"cleared", true, 2700, 300, 1500},
};

static void steps(struct office *o, const struct drill_session *s)
{
	for (size_t i = 0; i < COUNT(STEPS); i++) {
		int64_t anchor = STEPS[i].of_end ? s->end_ms : s->start_ms;
		int64_t delay = drill_delay(&o->chance, STEPS[i].median_s * DRILL_SECOND,
		                            STEPS[i].p99_s * DRILL_SECOND);

		drill_add(o->d, anchor + STEPS[i].from_s * DRILL_SECOND + delay, "sitting.report_step",
		          o->clerk, "", "{'place':'%s','session':'%s','step':'%s','done':%d}",
		          o->site->path, s->id, STEPS[i].name, rooms_of(s))->source = SOURCE_OFFICE;
	}
}

static const char *by_two(struct office *o)
{
	return drill_fmt(o->d, "%s%s", drill_badge(o->d, "keeper", o->keeper),
	                 drill_badge(o->d, "second", o->deputy));
}

static void ring(struct office *o, const struct drill_session *s, const char *bell, int64_t at_ms)
{
	drill_add(o->d, at_ms + drill_delay(&o->chance, 2 * DRILL_SECOND, 14 * DRILL_SECOND),
	          "sitting.ring_bell", o->keeper, by_two(o),
	          "{'place':'%s','session':'%s','bell':'%s'}", o->site->path, s->id, bell);
}

static void bells(struct office *o, const struct drill_session *s)
{
	drill_add(o->d, s->start_ms - 110 * DRILL_MINUTE +
	                    drill_delay(&o->chance, 15 * DRILL_MINUTE, 50 * DRILL_MINUTE),
	          "sitting.check_clock", o->keeper, by_two(o),
	          "{'place':'%s','session':'%s','offset_ms':%lld,'reference':'ntp'}", o->site->path,
	          s->id, (long long)drill_between(&o->chance, -300, 300));
	ring(o, s, "entry", s->start_ms - 30 * DRILL_MINUTE);
	ring(o, s, "start", s->start_ms);
	ring(o, s, "warn", s->end_ms - 15 * DRILL_MINUTE);
	ring(o, s, "end", s->end_ms);
}

static void attendance(struct office *o, const struct drill_session *s)
{
	int expected = 0, absent = 0;

	for (int i = 0; i < o->site->nrooms; i++) {
		const struct drill_room *r = &o->site->rooms[i];

		if (!drill_sits(r, s))
			continue;
		expected += drill_seats(o->d, r, s);
		absent += drill_absent(o->d, r, s);
	}
	drill_add(o->d, s->start_ms + 18 * DRILL_MINUTE +
	                    drill_delay(&o->chance, 6 * DRILL_MINUTE, 25 * DRILL_MINUTE),
	          "sitting.report_attendance", o->clerk, "",
	          "{'place':'%s','session':'%s','expected':%d,'present':%d,'absent':%d}",
	          o->site->path, s->id, expected, expected - absent, absent)->source = SOURCE_OFFICE;
}

/* Bells of sessions that start together are rung once, and logged for each. */
static void day_of(struct office *o)
{
	struct drill *d = o->d;

	for (int i = 0; i < d->nsessions; i++) {
		const struct drill_session *s = &d->sessions[i];

		if (!s->nrooms)
			continue;
		if (i == 0 || s->day != s[-1].day)
			make_ready(o, s);
		bells(o, s);
		steps(o, s);
		attendance(o, s);
	}
}

enum rc drill_site(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->nsites; i++) {
		const struct drill_site *site = d->sites[i];
		struct office o = {.d = d, .site = site, .chance = drill_random(d, "site", i)};

		o.clerk = drill_staff(d, site->path, "site_clerk", 1);
		o.chief = drill_staff(d, site->path, "site_chief", 1);
		o.deputy = drill_staff(d, site->path, "deputy_chief", 1);
		o.keeper = drill_staff(d, site->path, "bell_keeper", 1);
		day_of(&o);
	}
	return RC_OK;
}
