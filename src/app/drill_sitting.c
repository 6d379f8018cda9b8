/* SPDX-License-Identifier: Apache-2.0 */
/* drill_sitting.c -- what each site of a drill does beside its steps: who has come, the command to
 * open, jammers, listening, the waiting area between two sessions.
 */
#include "app/drill_actors.h"

enum { M = 60 }; /* seconds of a minute, for the tables below */

struct office {
	struct drill *d;
	const struct drill_site *site;
	struct random chance;
	const char *clerk, *deputy, *keeper, *player, *technician;
};

static struct office office_of(struct drill *d, int i)
{
	const struct drill_site *site = d->sites[i];
	const char *at = site->path;

	return (struct office){d, site, drill_random(d, "sitting", i),
		drill_staff(d, at, "site_clerk", 1), drill_staff(d, at, "deputy_chief", 1),
		drill_staff(d, at, "bell_keeper", 1), drill_staff(d, at, "listening_player", 1),
		drill_staff(d, at, "technician", 1)};
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

/* The command to open is the site's own, ten minutes before. */
static void command_to_open(struct office *o, const struct drill_session *s)
{
	drill_add(o->d, after(o, s->start_ms, -10 * M, 2, 8), "sitting.ring_bell", o->keeper,
	          two(o, "keeper", o->keeper, "second", o->deputy),
	          "{'place':'%s','session':'%s','bell':'open'}", o->site->path, s->id);
}

/* Who is here, at T-90 and T-20. */
static int candidates(struct office *o, const struct drill_session *s)
{
	int n = 0;

	for (int i = 0; i < o->site->nrooms; i++) {
		const struct drill_room *r = &o->site->rooms[i];

		if (drill_sits(r, s))
			n += drill_seats(o->d, r, s) - drill_absent(o->d, r, s);
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
	          candidates(o, s) * percent / 100, staff - 1, staff)->source = SOURCE_OFFICE;
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

/* One waiting area of those that drill_exam.c fills; who is absent does not wait. */
static void count_area(struct office *o, const struct drill_session *s, int group)
{
	int from = s->first_room + group * DRILL_ROOMS_WAITING, expected = 0, absent = 0;

	for (int i = from; i < from + DRILL_ROOMS_WAITING && i < s->first_room + s->nrooms; i++) {
		expected += drill_seats(o->d, &o->site->rooms[i - 1], s);
		absent += drill_absent(o->d, &o->site->rooms[i - 1], s);
	}
	drill_add(o->d, after(o, s->start_ms, -65 * M, 8 * M, 24 * M), "sitting.count_waiting",
	          o->clerk, "", "{'place':'%s/w%02d','session':'%s','count':%d,'absent':%d}",
	          o->site->path, group + 1, s->id, expected - absent, absent)->source = SOURCE_OFFICE;
}

static void sit(struct office *o, const struct drill_session *s)
{
	command_to_open(o, s);
	arrive(o, s, "go", after(o, s->start_ms, -100 * M, 6 * M, 15 * M), 10);
	arrive(o, s, "count", after(o, s->start_ms, -23 * M, 3 * M, 8 * M), 95);
	jam(o, s);
	play(o, s);
	for (int g = 0; drill_is_second(s) && g * DRILL_ROOMS_WAITING < s->nrooms; g++)
		count_area(o, s, g);
}

enum rc drill_sitting(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->nsites; i++) {
		struct office o = office_of(d, i);

		for (int k = 0; k < d->nsessions; k++)
			if (d->sessions[k].nrooms)
				sit(&o, &d->sessions[k]);
	}
	return RC_OK;
}
