/* SPDX-License-Identifier: Apache-2.0 */
/* timetable.c -- the clock of a run: from the day before the first session to the day after the
 * last, through the windows of each session, so that each act has its hour.
 *
 * Between the moments the clock goes on by seconds or minutes; now and then it stands still or
 * goes back a little, as clocks do.
 */
#include "generator/gen.h"

#define MINUTE INT64_C(60000)
#define HOUR (60 * MINUTE)
enum { SHARES = 1000, MOMENTS = 256 };

static void add(struct gen *g, int64_t at_ms, enum phase phase)
{
	struct moment *m = g->moment;
	size_t i = g->nmoments++;

	assert(g->nmoments <= MOMENTS);
	while (i > 0 && m[i - 1].at_ms > at_ms) {
		m[i] = m[i - 1];
		i--;
	}
	m[i] = (struct moment){at_ms, 0, phase};
}

static void add_session(struct gen *g, const struct profile_session *s, bool first, bool last)
{
	if (first)
		add(g, s->start_ms - 150 * MINUTE, PHASE_RELEASE);
	if (first)
		add(g, s->start_ms - 100 * MINUTE, PHASE_CARRY);
	add(g, s->start_ms - 45 * MINUTE, PHASE_ISSUE);
	add(g, s->start_ms - 9 * MINUTE, PHASE_OPEN);
	add(g, s->start_ms + 30 * MINUTE, PHASE_SIT);
	add(g, s->end_ms + 10 * MINUTE, PHASE_COUNT);
	add(g, s->end_ms + 45 * MINUTE, PHASE_RETURN);
	if (last)
		add(g, s->end_ms + 100 * MINUTE, PHASE_CLOSE);
}

/* Half days that a run of so many acts has room for. */
static void add_sessions(struct gen *g)
{
	const struct profile *p = &g->w.profile;
	int64_t room = 1 + g->acts / 150;

	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];
		bool first = i == 0 || !str_eq(s[-1].half_day, s->half_day);
		bool last = i + 1 == p->nsessions || !str_eq(s[1].half_day, s->half_day);

		if (first && room-- == 0)
			return;
		if (last || s[1].start_ms != s->start_ms)
			add_session(g, s, first, last);
	}
}

static int64_t share_of(enum phase phase, int64_t rest)
{
	switch (phase) {
	case PHASE_PREPARE:
		return 120;
	case PHASE_ARRIVE:
		return 60;
	case PHASE_AFTER:
		return 50;
	case PHASE_RELEASE: case PHASE_CARRY: case PHASE_ISSUE: case PHASE_OPEN: case PHASE_SIT:
	case PHASE_COUNT: case PHASE_RETURN: case PHASE_CLOSE: case PHASE_MAX:
		break;
	}
	return rest;
}

void timetable_init(struct gen *g)
{
	const struct profile *p = &g->w.profile;
	int64_t first = p->sessions[0].start_ms, end = p->sessions[p->nsessions - 1].end_ms;
	int64_t fixed = 120 * 2 + 60 * 2 + 50 * 2, sum = 0, unit = g->terse ? HOUR / 5 : HOUR;

	g->moment = arena_array(&g->keep, MOMENTS, sizeof(*g->moment));
	add(g, first - 25 * unit, PHASE_PREPARE);
	add(g, first - 22 * unit, PHASE_PREPARE);
	add(g, first - 18 * unit, PHASE_ARRIVE);
	add(g, first - 16 * unit, PHASE_ARRIVE);
	add_sessions(g);
	add(g, end + 2 * HOUR + 2 * unit, PHASE_AFTER);
	add(g, end + 2 * HOUR + 18 * unit, PHASE_AFTER);
	for (size_t i = 0; i < g->nmoments; i++) {
		struct moment *m = &g->moment[i];

		m->share = sum * g->acts / SHARES; /* the first act that is its */
		sum += share_of(m->phase, (SHARES - fixed) / (int64_t)(g->nmoments - 6));
	}
	clock_set(&g->clock, g->moment[0].at_ms);
	g->phase = g->moment[0].phase;
}

static int64_t small_step(struct gen *g)
{
	if (chance(g, 10))
		return 0;
	if (chance(g, 3))
		return -1000 * (int64_t)dice(g, 20);
	if (chance(g, 10))
		return MINUTE * (int64_t)dice(g, 20);
	return 1000 * (int64_t)dice(g, 60) + (int64_t)dice(g, 1000);
}

void timetable_step(struct gen *g, bool *ret_jumped)
{
	int64_t now = clock_now_ms(&g->clock), to = now + small_step(g);
	size_t next = g->now;

	while (next + 1 < g->nmoments && g->moment[next + 1].share <= g->act)
		next++;
	*ret_jumped = next != g->now;
	if (*ret_jumped)
		to = g->moment[next].at_ms + 1000 * (int64_t)dice(g, 60);
	else if (next + 1 < g->nmoments && to > g->moment[next + 1].at_ms)
		to = now;
	if (to < now - 30000)
		to = now;
	g->now = next;
	g->phase = g->moment[next].phase;
	clock_set(&g->clock, to);
}
