/* SPDX-License-Identifier: Apache-2.0 */
/* drill_duty.c -- the duty officers of a drill: they look at what is open each minute, sign for it
 * within minutes and close it, by two, when it has been dealt with.
 *
 * They know nothing of the scenario: they answer whatever is alarmed, by the colour of it.
 */
#include "app/drill_actors.h"
#include "app/drill_play.h"

#include "domain/arrange/arrange.h"
#include "engine/alarm.h"

struct drill_answered {
	int64_t id, ack_ms, close_ms;
	const char *officer[2], *leader; /* by day, by night */
	bool by_two, acknowledged;
};

/* Whose alarm it is: the county's duty officer, or the city's above it. */
static void find_officers(struct drill *d, struct str place, struct drill_answered *x)
{
	const char *at = place_cut(d->arena, place, LEVEL_COUNTY).s;

	x->leader = drill_staff(d, at, "county_leader", 1);
	for (int i = 0; i < 2; i++)
		x->officer[i] = drill_staff(d, at, "duty_officer", i + 1);
	if (x->officer[0])
		return;
	for (int i = 0; i < 2; i++)
		x->officer[i] = drill_staff(d, d->city, "city_duty", i + 1);
	x->leader = drill_staff(d, d->city, "city_leader", 1);
}

static void take_on(struct drill_play *p, const struct alarm *a)
{
	const struct profile_ladder *ladder = profile_ladder(p->d->profile, a->colour);
	struct drill_answered *x;

	if (p->nopen == p->cap) {
		size_t old = p->cap * sizeof(*p->open);

		p->cap = p->cap ? p->cap * 2 : 64;
		p->open = arena_extend(p->d->arena, p->open, old, p->cap * sizeof(*p->open));
	}
	x = &p->open[p->nopen++];
	*x = (struct drill_answered){.id = a->id.v, .by_two = ladder && ladder->close_by == 2};
	find_officers(p->d, a->place, x);
	x->ack_ms = p->look_ms + drill_delay(&p->chance, 50 * DRILL_SECOND, 110 * DRILL_SECOND);
	x->close_ms = x->ack_ms + drill_delay(&p->chance, 4 * DRILL_MINUTE, 9 * DRILL_MINUTE);
}

static enum rc look(struct op *op, struct drill_play *p)
{
	struct arena arena = {0};
	struct op own = {.arena = &arena, .db = p->w->store->view, .now_ms = p->look_ms};
	struct alarm *a;
	size_t n;
	enum rc rc = alarm_list(&own, STR(""), true, &a, &n);
	int64_t newest = p->newest;

	for (size_t i = 0; rc == RC_OK && i < n; i++) {
		if (a[i].id.v > p->newest)
			take_on(p, &a[i]);
		if (a[i].id.v > newest)
			newest = a[i].id.v;
	}
	p->newest = newest;
	op->err = own.err;
	arena_release(&arena);
	return rc;
}

static enum rc act(struct op *op, struct drill_play *p, const struct drill_answered *x)
{
	struct drill_step st = {.source = SOURCE_TERMINAL, .slots = "",
	                        .at_ms = x->acknowledged ? x->close_ms : x->ack_ms};

	st.as = x->officer[drill_on_duty(p->d, st.at_ms) - 1];
	st.command = x->acknowledged ? "alarm.close" : "alarm.acknowledge";
	st.data = x->acknowledged
	            ? drill_fmt(p->d, "{\"alarm\":%lld,\"reason\":\"handled\"}", (long long)x->id)
	            : drill_fmt(p->d, "{\"alarm\":%lld}", (long long)x->id);
	if (x->acknowledged && x->by_two)
		st.slots = drill_badge(p->d, "second", x->leader);
	return drill_send(op, p, &st);
}

/* The earliest thing that somebody does by this moment; NULL: none. */
static struct drill_answered *earliest(struct drill_play *p, int64_t by_ms, size_t *ret_i)
{
	struct drill_answered *best = NULL;
	int64_t best_ms = by_ms + 1;

	for (size_t i = 0; i < p->nopen; i++) {
		int64_t at = p->open[i].acknowledged ? p->open[i].close_ms : p->open[i].ack_ms;

		if (at < best_ms) {
			best_ms = at;
			best = &p->open[i];
			*ret_i = i;
		}
	}
	return best;
}

static enum rc answer(struct op *op, struct drill_play *p, int64_t by_ms)
{
	struct drill_answered *x;
	size_t i;

	while ((x = earliest(p, by_ms, &i)) != NULL) {
		TRY(act(op, p, x));
		if (x->acknowledged)
			p->open[i] = p->open[--p->nopen];
		else
			x->acknowledged = true;
	}
	return RC_OK;
}

/* Timers that are due, so that what has lapsed is seen when it has. */
static enum rc tick(struct op *op, struct drill_play *p)
{
	int64_t due;

	if (p->w->next_due_ms > p->look_ms)
		return RC_OK;
	TRY(drill_land(op, p));
	TRY(drill_settle(op, p));
	clock_set(p->w->clock, p->look_ms);
	if (writer_tick(p->w, &due) == RC_OK)
		return RC_OK;
	op->err = p->w->broken;
	return RC_BROKEN;
}

enum rc drill_duty(struct op *op, struct drill_play *p, int64_t until_ms)
{
	if (!p->look_ms)
		p->look_ms = drill_at(p->d, -1, 15, 0);
	for (; p->look_ms <= until_ms; p->look_ms += DRILL_MINUTE) {
		TRY(answer(op, p, p->look_ms));
		TRY(tick(op, p));
		TRY(look(op, p));
	}
	return answer(op, p, until_ms);
}
