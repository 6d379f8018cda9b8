/* SPDX-License-Identifier: Apache-2.0 */
/* drill_store.c -- the secrecy rooms of a drill: keys, guards in three shifts, patrols, joint
 * checks, replays, from the afternoon before the first session until the end.
 */
#include "app/drill_actors.h"
#include "base/clock.h"

enum { SHIFTS = 2, SHIFT_GUARDS = 3, SHIFT_H = 8, FIRST_SHIFT_H = 7 };

struct watch {
	struct drill *d;
	const struct drill_county *c;
	const char *keeper;
	struct random chance;
	int64_t from_ms;
};

/* The last of each shift is a police officer. */
static const char *guard(struct watch *w, int shift, int i)
{
	struct drill *d = w->d;

	return i == SHIFT_GUARDS
	         ? drill_staff(d, w->c->path, "police", shift + 1)
	         : drill_staff(d, w->c->path, "secrecy_guard", shift * SHIFT_GUARDS + i + 1);
}

static void shift_on(struct watch *w, int64_t at_ms, int shift)
{
	for (int i = 0; i <= SHIFT_GUARDS; i++)
		drill_add(w->d, at_ms + i * 20 * DRILL_SECOND, "custody.guard_on", w->keeper,
		          drill_badge(w->d, "guard", guard(w, shift, i)), "{'place':'%s','duty':'%s'}",
		          w->c->store, i == SHIFT_GUARDS ? "police" : "guard");
}

static void shift_off(struct watch *w, int64_t at_ms, int shift)
{
	for (int i = 0; i <= SHIFT_GUARDS; i++)
		drill_add(w->d, at_ms + i * 15 * DRILL_SECOND, "custody.guard_off", w->keeper,
		          drill_badge(w->d, "guard", guard(w, shift, i)), "{'place':'%s'}", w->c->store);
}

/* The relief comes before the others go, so that the post is never short. */
static void shifts(struct watch *w)
{
	int64_t at_ms = w->from_ms + 10 * DRILL_MINUTE;
	int shift = 0;

	shift_on(w, at_ms, shift);
	for (at_ms += FIRST_SHIFT_H * DRILL_HOUR; at_ms < w->d->end_ms; at_ms += SHIFT_H * DRILL_HOUR) {
		shift_on(w, at_ms + drill_delay(&w->chance, DRILL_MINUTE, 4 * DRILL_MINUTE), 1 - shift);
		shift_off(w, at_ms + 7 * DRILL_MINUTE, shift);
		shift = 1 - shift;
	}
}

static int shift_at(const struct watch *w, int64_t at_ms)
{
	int64_t since_h = (at_ms - w->from_ms - 10 * DRILL_MINUTE) / DRILL_HOUR;

	return since_h < FIRST_SHIFT_H ? 0 : (int)(1 + (since_h - FIRST_SHIFT_H) / SHIFT_H) % SHIFTS;
}

/* Each within half an hour of the last. */
static void patrols(struct watch *w)
{
	int64_t at_ms = w->from_ms + 30 * DRILL_MINUTE;

	for (;;) {
		const char *slots;
		int shift;

		at_ms += 23 * DRILL_MINUTE + drill_delay(&w->chance, 2 * DRILL_MINUTE, 5 * DRILL_MINUTE);
		if (at_ms > w->d->end_ms)
			break;
		shift = shift_at(w, at_ms);
		slots = drill_fmt(w->d, "%s%s", drill_badge(w->d, "patroller", guard(w, shift, 0)),
		                  drill_badge(w->d, "patroller", guard(w, shift, 1)));
		drill_add(w->d, at_ms, "custody.patrol", w->keeper, slots, "{'place':'%s','sound':true}",
		          w->c->store);
	}
}

/* Education, police and secrecy sign together. */
static const char *three_sides(struct watch *w)
{
	struct drill *d = w->d;
	const char *path = w->c->path;

	return drill_fmt(d, "%s%s%s",
	                 drill_badge(d, "education", drill_staff(d, path, "county_office", 1)),
	                 drill_badge(d, "police", drill_staff(d, path, "police", 3)),
	                 drill_badge(d, "secrecy", drill_staff(d, path, "secrecy_officer", 1)));
}

/* Just under twelve hours apart. */
static void joint_checks(struct watch *w)
{
	struct drill *d = w->d;
	const char *path = w->c->path, *slots = three_sides(w);

	for (int64_t at_ms = w->from_ms + 180 * DRILL_MINUTE; at_ms < d->end_ms;
	     at_ms += 690 * DRILL_MINUTE + drill_delay(&w->chance, 8 * DRILL_MINUTE, 22 * DRILL_MINUTE))
		drill_add(d, at_ms, "custody.joint_check", drill_staff(d, path, "county_office", 2), slots,
		          "{'place':'%s','sound':true}", w->c->store);
}

/* Who answers for the room, who guards it; locks and codes are new. */
static void made_ready(struct watch *w, int64_t at_ms)
{
	struct drill *d = w->d;
	const char *path = w->c->path;
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int i = 1; i <= SHIFTS * SHIFT_GUARDS; i++)
		strbuf_addf(&b, "%s{'person':'%s'}", i > 1 ? "," : "",
		            drill_staff(d, path, "secrecy_guard", i));
	drill_add(d, at_ms, "custody.staff_store", drill_staff(d, path, "county_office", 2),
	          drill_fmt(d, "%s%s",
	                    drill_badge(d, "leader", drill_staff(d, path, "county_leader", 1)),
	                    drill_badge(d, "keeper", w->keeper)),
	          "{'place':'%s','guards':[%s]}", w->c->store, strbuf_str(&b).s);
	drill_add(d, at_ms + DRILL_MINUTE, "custody.change_locks", w->keeper,
	          drill_fmt(d, "%s%s", drill_badge(d, "keeper", w->keeper),
	                    drill_badge(d, "keeper", drill_staff(d, path, "store_keeper", 2))),
	          "{'place':'%s','locks':true,'codes':true}", w->c->store);
}

/* The three sides have looked at each site's store. */
static void accept_sites(struct watch *w)
{
	struct drill *d = w->d;
	const char *path = w->c->path, *slots = three_sides(w);

	for (int i = 0; i < w->c->nsites; i++)
		drill_add(d, w->from_ms + (4 + i) * DRILL_MINUTE, "custody.accept_store",
		          drill_staff(d, path, "county_office", 2), slots,
		          "{'place':'%s','certificate':'YS-2025-%02d-%02d'}", w->c->sites[i].path,
		          w->c->number, i + 1);
}

static const char *reviewers(struct watch *w)
{
	struct drill *d = w->d;

	const char *path = w->c->path;

	return drill_fmt(d, "%s%s",
	                 drill_badge(d, "reviewer", drill_staff(d, path, "discipline_officer", 1)),
	                 drill_badge(d, "head", drill_staff(d, path, "county_leader", 1)));
}

/* Recordings: each block of six hours soon after its end, the first that ends after the room is
 * active; and the whole issue of each half day, when all boxes are at their sites. */
static void replays(struct watch *w, int64_t active_ms)
{
	struct drill *d = w->d;
	const char *office = drill_staff(d, w->c->path, "county_office", 2), *slots = reviewers(w);
	int64_t block = drill_at(d, -1, 0, 0);

	for (; block + 6 * DRILL_HOUR < d->end_ms; block += 6 * DRILL_HOUR) {
		int64_t ended = block + 6 * DRILL_HOUR;

		if (ended > active_ms)
			drill_add(d, ended + drill_delay(&w->chance, 14 * DRILL_MINUTE, 40 * DRILL_MINUTE),
			          "custody.replay", office, slots, "{'place':'%s','block':'%s','suspects':0}",
			          w->c->store, clock_format_utc(d->arena, block).s);
	}
	for (int i = 0; i < d->nsessions; i++) {
		const struct drill_session *s = &d->sessions[i];

		if (i && s->half == s[-1].half)
			continue;
		drill_add(d, s->start_ms - 35 * DRILL_MINUTE +
		                 drill_delay(&w->chance, 10 * DRILL_MINUTE, 30 * DRILL_MINUTE),
		          "custody.replay_issue", office, slots,
		          "{'place':'%s','half_day':'" STR_FMT "','suspects':0}", w->c->store,
		          STR_ARG(s->p->half_day))->session = s->id;
	}
}

static void watch_store(struct watch *w)
{
	struct drill *d = w->d;
	const char *path = w->c->path, *office = drill_staff(d, path, "county_office", 2);
	const char *leaders =
		drill_fmt(d, "%s%s", drill_badge(d, "leader", drill_staff(d, path, "county_leader", 1)),
	              drill_badge(d, "leader", drill_staff(d, path, "secrecy_officer", 1)));

	drill_add(d, w->from_ms, "custody.assign_keys", office, leaders,
	          "{'place':'%s','door_a':'%s','door_b':'%s','cabinet':'%s','code':'%s'}", w->c->store,
	          drill_staff(d, path, "store_keeper", 1), drill_staff(d, path, "store_keeper", 2),
	          drill_staff(d, path, "store_keeper", 3), drill_staff(d, path, "store_keeper", 4));
	made_ready(w, w->from_ms + 2 * DRILL_MINUTE);
	accept_sites(w);
	shifts(w);
	drill_add(d, w->from_ms + 30 * DRILL_MINUTE, "custody.activate_store", office, leaders,
	          "{'place':'%s','certificate':'YS-2025-%02d'}", w->c->store, w->c->number);
	patrols(w);
	joint_checks(w);
	replays(w, w->from_ms + 30 * DRILL_MINUTE);
}

enum rc drill_store(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->ncounties; i++) {
		struct watch w = {.d = d, .c = &d->counties[i]};

		w.chance = drill_random(d, "store", i);
		w.keeper = drill_staff(d, w.c->path, "store_keeper", 1);
		w.from_ms = drill_at(d, -1, 15, 0) + drill_delay(&w.chance, 2 * DRILL_MINUTE,
		                                                 10 * DRILL_MINUTE);
		watch_store(&w);
	}
	return RC_OK;
}
