/* SPDX-License-Identifier: Apache-2.0 */
/* drill_duty.c -- the duty officers of a drill: they look at what is open each minute, sign for it
 * within minutes and close it, by two, when it has been dealt with.
 *
 * They know nothing of the scenario: they answer whatever is alarmed, by the colour of it.  When
 * they do is made of the seed and of the alarm alone, so that they go on after a restart as if they
 * had stayed.  Beside real users they leave alone what a user's act has alarmed.
 */
#include "app/drill_actors.h"
#include "app/drill_city.h"
#include "app/drill_play.h"

#include "base/hash.h"
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

/* The first look at that moment or after it: on the minute, from the afternoon before. */
static int64_t look_after(const struct drill *d, int64_t at_ms)
{
	int64_t first = drill_at(d, -1, 15, 0), more = at_ms - first;

	return more <= 0 ? first : first + (more + DRILL_MINUTE - 1) / DRILL_MINUTE * DRILL_MINUTE;
}

/* An alarm's own stream: its number would differ beside other users. */
static struct random chance_of(const struct drill *d, struct arena *scratch, const struct alarm *a)
{
	struct str what = str_fmt(scratch, STR_FMT "|" STR_FMT "|" STR_FMT, STR_ARG(a->rule),
	                          STR_ARG(a->place), STR_ARG(a->subject));
	struct hash h = hash_sha256(what.s, what.n);

	return drill_random(d, str_fmt(scratch, "duty:%s", hash_hex(scratch, &h).s).s, a->raised_ms);
}

void drill_take_on(struct drill_play *p, struct arena *scratch, const struct alarm *a)
{
	const struct profile_ladder *ladder = profile_ladder(p->d->profile, a->colour);
	struct random chance = chance_of(p->d, scratch, a);
	struct drill_answered *x;

	if (p->nopen == p->cap) {
		size_t old = p->cap * sizeof(*p->open);

		p->cap = p->cap ? p->cap * 2 : 64;
		p->open = arena_extend(p->d->arena, p->open, old, p->cap * sizeof(*p->open));
	}
	x = &p->open[p->nopen++];
	*x = (struct drill_answered){.id = a->id.v, .by_two = ladder && ladder->close_by == 2,
	                             .acknowledged = a->acknowledged_by.v != 0};
	find_officers(p->d, a->place, x);
	x->ack_ms = look_after(p->d, a->raised_ms) +
	            drill_delay(&chance, 50 * DRILL_SECOND, 110 * DRILL_SECOND);
	x->close_ms = x->ack_ms + drill_delay(&chance, 4 * DRILL_MINUTE, 9 * DRILL_MINUTE);
	if (a->id.v > p->newest)
		p->newest = a->id.v;
}

/* By their numbers. */
static enum rc take_on_new(struct op *op, struct drill_play *p, const struct alarm *a, size_t n)
{
	int64_t newest = p->newest, seen = newest;

	for (size_t i = 0; i < n; i++) {
		bool ours = true;

		if (a[i].id.v > seen)
			seen = a[i].id.v;
		if (a[i].id.v > newest && p->live)
			TRY(drill_is_ours(op, p, a[i].cause, &ours));
		if (a[i].id.v > newest && ours)
			drill_take_on(p, op->arena, &a[i]);
	}
	p->newest = seen;
	return RC_OK;
}

enum rc drill_look(struct op *op, struct drill_play *p)
{
	struct arena arena = {0};
	struct op own = {.arena = &arena, .db = p->w->store->view, .now_ms = p->look_ms};
	struct alarm *a;
	size_t n;
	enum rc rc = alarm_list(&own, STR(""), true, &a, &n);

	if (rc == RC_OK)
		rc = take_on_new(&own, p, a, n);
	op->err = own.err;
	arena_release(&arena);
	return rc;
}

/* A user may have been faster.  *ret_open: it stands by itself and is not closed. */
static enum rc state_of(struct op *op, struct drill_play *p, struct drill_answered *x,
                        bool *ret_open)
{
	struct arena arena = {0};
	struct op own = {.arena = &arena, .db = p->w->store->view};
	struct alarm *a;
	size_t n = 0;
	enum rc rc = alarm_list(&own, STR(""), true, &a, &n);

	*ret_open = false;
	for (size_t i = 0; rc == RC_OK && i < n; i++)
		if (a[i].id.v == x->id) {
			*ret_open = true;
			x->acknowledged = x->acknowledged || a[i].acknowledged_by.v != 0;
		}
	op->err = own.err;
	arena_release(&arena);
	return rc;
}

static enum rc act(struct op *op, struct drill_play *p, const struct drill_answered *x,
                   bool closing)
{
	struct drill_step st = {.source = SOURCE_TERMINAL, .slots = "",
	                        .at_ms = closing ? x->close_ms : x->ack_ms};

	if (p->w && st.at_ms < p->w->last_ms)
		st.at_ms = p->w->last_ms; /* seen late: nothing happens in the past */
	st.as = x->officer[drill_on_duty(p->d, st.at_ms) - 1];
	st.command = closing ? "alarm.close" : "alarm.acknowledge";
	st.data = closing
	            ? drill_fmt(p->d, "{\"alarm\":%lld,\"reason\":\"handled\"}", (long long)x->id)
	            : drill_fmt(p->d, "{\"alarm\":%lld}", (long long)x->id);
	if (closing && x->by_two)
		st.slots = drill_badge(p->d, "second", x->leader);
	return p->stage->send(op, p, &st);
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
		bool closing = x->acknowledged, open = true;

		if (p->live)
			TRY(state_of(op, p, x, &open));
		if (open && closing == x->acknowledged) /* else somebody else has signed for it */
			TRY(act(op, p, x, closing));
		if (closing || !open)
			p->open[i] = p->open[--p->nopen];
		else
			x->acknowledged = true;
	}
	return RC_OK;
}

enum rc drill_duty(struct op *op, struct drill_play *p, int64_t until_ms)
{
	if (!p->look_ms)
		p->look_ms = drill_at(p->d, -1, 15, 0);
	for (; p->look_ms <= until_ms; p->look_ms += DRILL_MINUTE) {
		TRY(answer(op, p, p->look_ms));
		TRY(p->stage->look(op, p, p->look_ms));
	}
	return answer(op, p, until_ms);
}

enum rc drill_duty_begin(struct op *op, struct drill_play *p, int64_t now_ms)
{
	p->look_ms = look_after(p->d, now_ms);
	return drill_look(op, p);
}
