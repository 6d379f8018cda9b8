/* SPDX-License-Identifier: Apache-2.0 */
/* drill_sitting.c -- the exam office of each site in a drill: readiness the day before; then each
 * session by its steps, its bells, its clock, its jammers, its listening, its waiting area.
 */
#include "app/drill_actors.h"

enum { M = 60 }; /* seconds of a minute, for the tables below */

struct office {
	struct drill *d;
	const struct drill_site *site;
	struct random chance;
	const char *clerk, *second, *chief, *deputy, *keeper, *player, *technician, *county;
};

static struct office office_of(struct drill *d, int i)
{
	const struct drill_site *site = d->sites[i];
	const char *at = site->path;

	return (struct office){d, site, drill_random(d, "sitting", i),
		drill_staff(d, at, "site_clerk", 1), drill_staff(d, at, "site_clerk", 2),
		drill_staff(d, at, "site_chief", 1), drill_staff(d, at, "deputy_chief", 1),
		drill_staff(d, at, "bell_keeper", 1), drill_staff(d, at, "listening_player", 1),
		drill_staff(d, at, "technician", 1),
		drill_staff(d, site->county->path, "county_office", 1)};
}

static const char *two(struct office *o, const char *a, const char *who, const char *b,
                       const char *other)
{
	return drill_fmt(o->d, "%s%s", drill_badge(o->d, a, who), drill_badge(o->d, b, other));
}

/* Of a moment, so many seconds after it, and then as people are late: median and p99. */
static int64_t after(struct office *o, int64_t from_ms, int64_t s, int64_t median_s, int64_t p99_s)
{
	return from_ms + s * DRILL_SECOND +
	       drill_delay(&o->chance, median_s * DRILL_SECOND, p99_s * DRILL_SECOND);
}

/* ---- the day before ---- */

static void check(struct office *o, const struct drill_session *s, const char *item, int64_t at_ms)
{
	drill_add(o->d, at_ms, "sitting.check_ready", o->clerk,
	          two(o, "checker", o->clerk, "checker", o->technician),
	          "{'place':'%s','session':'%s','item':'%s','sound':true,'rooms':%d}", o->site->path,
	          s->id, item, s->nrooms)->source = SOURCE_OFFICE;
}

/* The last session of the day before, if there is one, is over and its rooms are closed. */
static void prepare(struct office *o, const struct drill_session *s, bool first)
{
	int64_t noon = drill_at(o->d, s->day - 1, 14, 0), evening = drill_at(o->d, s->day - 1, 18, 15);

	if (first) {
		check(o, s, "acceptance", after(o, noon, 0, 20 * M, 60 * M));
		check(o, s, "listening", after(o, noon, 60 * M, 20 * M, 60 * M));
		check(o, s, "jamming", after(o, noon, 60 * M, 30 * M, 80 * M));
	}
	check(o, s, "clearing", after(o, evening, 0, 10 * M, 25 * M));
	check(o, s, "sealing", after(o, evening, 30 * M, 5 * M, 15 * M));
	if (!first)
		return;
	drill_add(o->d, after(o, evening, 60 * M, 15 * M, 40 * M), "sitting.sign_ready", o->chief,
	          two(o, "chief", o->chief, "county", o->county), "{'place':'%s','session':'%s'}",
	          o->site->path, s->id)->source = SOURCE_OFFICE;
}

/* ---- a session ---- */

/* When each step is told: seconds from T or E, median and p99 of the delay. */
static const struct {
	const char *step;
	bool end;
	int from_s, median_s, p99_s;
} STEPS[] = {
	{"staff_in", false, -100 * M, 8 * M, 20 * M},
	{"papers_fetched", false, -45 * M, 4 * M, 12 * M},
	{"to_rooms", false, -40 * M, 3 * M, 9 * M},
	{"entry_open", false, -38 * M, 3 * M, 12 * M},
	{"cards_out", false, -25 * M, 4 * M, 9 * M},
	{"opened", false, -10 * M + 90, 30, 100},
	{"distributed", false, -5 * M, 60, 3 * M},
	{"started", false, 30, 60, 4 * M},
	{"ended", true, 30, 60, 4 * M},
	{"collected", true, 8 * M, 5 * M, 14 * M},
	{"counted", true, 14 * M, 4 * M, 14 * M},
	{"sealed", true, 22 * M, 6 * M, 22 * M},
	{"cleared", true, 40 * M, 8 * M, 32 * M},
};

static void report_steps(struct office *o, const struct drill_session *s)
{
	for (size_t i = 0; i < COUNT(STEPS); i++) {
		int64_t at_ms = after(o, STEPS[i].end ? s->end_ms : s->start_ms, STEPS[i].from_s,
		                      STEPS[i].median_s, STEPS[i].p99_s);

		drill_add(o->d, at_ms, "sitting.report_step", o->clerk, "",
		          "{'place':'%s','session':'%s','step':'%s','done':%d}", o->site->path, s->id,
		          STEPS[i].step, s->nrooms)->source = SOURCE_OFFICE;
	}
}

static void ring(struct office *o, const struct drill_session *s, const char *bell, int64_t at_ms)
{
	drill_add(o->d, at_ms + drill_delay(&o->chance, 2 * DRILL_SECOND, 8 * DRILL_SECOND),
	          "sitting.ring_bell", o->keeper, two(o, "keeper", o->keeper, "second", o->deputy),
	          "{'place':'%s','session':'%s','bell':'%s'}", o->site->path, s->id, bell);
}

static void keep_time(struct office *o, const struct drill_session *s)
{
	drill_add(o->d, after(o, s->start_ms, -100 * M, 20 * M, 50 * M), "sitting.check_clock",
	          o->keeper, two(o, "keeper", o->keeper, "second", o->deputy),
	          "{'place':'%s','session':'%s','offset_ms':%lld,'reference':'beidou'}", o->site->path,
	          s->id, (long long)drill_between(&o->chance, -400, 400));
	ring(o, s, "entry", s->start_ms - 40 * DRILL_MINUTE);
	ring(o, s, "open", s->start_ms - 10 * DRILL_MINUTE);
	ring(o, s, "prepare", s->start_ms - 5 * DRILL_MINUTE);
	ring(o, s, "start", s->start_ms);
	ring(o, s, "warn", s->end_ms - 15 * DRILL_MINUTE);
	ring(o, s, "end", s->end_ms);
}

static int candidates(struct office *o, const struct drill_session *s, bool here)
{
	int n = 0;

	for (int i = 0; i < o->site->nrooms; i++) {
		const struct drill_room *r = &o->site->rooms[i];

		if (drill_sits(r, s))
			n += drill_seats(o->d, r, s) - (here ? drill_absent(o->d, r, s) : 0);
	}
	return n;
}

static void arrive(struct office *o, const struct drill_session *s, const char *asked,
                   int64_t at_ms, int percent)
{
	int staff = drill_staff_count(o->d, o->site->path, "invigilator");

	drill_add(o->d, at_ms, "sitting.report_arrival", o->clerk, "",
	          "{'place':'%s','session':'%s','asked':'%s','candidates':%d,'staff':%d,"
	          "'staff_expected':%d,'access':'open','weather':'none'}", o->site->path, s->id, asked,
	          candidates(o, s, true) * percent / 100, staff - 1, staff)->source = SOURCE_OFFICE;
}

static void attend(struct office *o, const struct drill_session *s)
{
	int expected = candidates(o, s, false), present = candidates(o, s, true);

	drill_add(o->d, after(o, s->start_ms, 18 * M, 5 * M, 24 * M), "sitting.report_attendance",
	          o->clerk, "", "{'place':'%s','session':'%s','expected':%d,'present':%d,'absent':%d}",
	          o->site->path, s->id, expected, present, expected - present)->source = SOURCE_OFFICE;
}

static void jam(struct office *o, const struct drill_session *s)
{
	drill_add(o->d, after(o, s->start_ms, -80 * M, 10 * M, 30 * M), "sitting.switch_jammer",
	          o->technician, "", "{'place':'%s','session':'%s','working':true}", o->site->path,
	          s->id);
	drill_add(o->d, after(o, s->end_ms, 10 * M, 5 * M, 20 * M), "sitting.switch_jammer",
	          o->technician, "", "{'place':'%s','session':'%s','working':false}", o->site->path,
	          s->id);
}

static void play(struct office *o, const struct drill_session *s)
{
	const char *slots = two(o, "player", o->player, "second", o->deputy);

	if (!s->p->listening)
		return;
	drill_add(o->d, after(o, s->start_ms, 0, 2, 10), "sitting.play_listening", o->player, slots,
	          "{'place':'%s','session':'%s','medium':'main'}", o->site->path, s->id);
	drill_add(o->d, after(o, s->start_ms, 22 * M, 20, 60), "sitting.stop_listening", o->player,
	          slots, "{'place':'%s','session':'%s','complete':true}", o->site->path, s->id);
}

/* ---- between two sessions of a half day ---- */

/* Those of rooms that sit both wait together; who was absent from the first does not. */
static void wait(struct office *o, const struct drill_session *first,
                 const struct drill_session *s)
{
	int expected = 0, absent = 0;

	for (int i = 0; i < o->site->nrooms; i++) {
		const struct drill_room *r = &o->site->rooms[i];

		if (!drill_sits(r, first) || !drill_sits(r, s))
			continue;
		expected += drill_seats(o->d, r, s);
		absent += drill_absent(o->d, r, first);
	}
	if (!expected)
		return;
	drill_add(o->d, drill_at(o->d, -2, 17, 30), "arrange.plan_rooms",
	          drill_staff(o->d, o->site->county->path, "county_office", 2), "",
	          "{'place':'%s','session':'%s','rooms':[{'room':'%s/w01','seats':%d,"
	          "'kind':'waiting'}]}", o->site->path, s->id, o->site->path, expected);
	drill_add(o->d, after(o, first->end_ms, 10 * M, 8 * M, 24 * M), "sitting.count_waiting",
	          o->clerk, "", "{'place':'%s/w01','session':'%s','count':%d,'absent':%d}",
	          o->site->path, s->id, expected - absent, absent)->source = SOURCE_OFFICE;
}

static void sit(struct office *o, const struct drill_session *s)
{
	report_steps(o, s);
	keep_time(o, s);
	arrive(o, s, "go", after(o, s->start_ms, -100 * M, 6 * M, 15 * M), 10);
	arrive(o, s, "count", after(o, s->start_ms, -23 * M, 3 * M, 8 * M), 95);
	attend(o, s);
	jam(o, s);
	play(o, s);
	for (int i = s->number - 1; i >= 0 && o->d->sessions[i].half == s->half; i--)
		if (o->d->sessions[i].end_ms <= s->start_ms)
			wait(o, &o->d->sessions[i], s);
}

enum rc drill_sitting(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->nsites; i++) {
		struct office o = office_of(d, i);
		int day = -1;

		for (int k = 0; k < d->nsessions; k++) {
			const struct drill_session *s = &d->sessions[k];

			if (!s->nrooms)
				continue;
			if (s->day != day)
				prepare(&o, s, day < 0);
			day = s->day;
			sit(&o, s);
		}
	}
	return RC_OK;
}
