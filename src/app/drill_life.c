/* SPDX-License-Identifier: Apache-2.0 */
/* drill_life.c -- what happens in the rooms of a drill, all of it inside the rules: trips to the
 * toilet, somebody ill, an early leave, a spare paper, a changed card.
 *
 * The floor invigilator tells the exam office, whose PC records it; nobody in the room has a
 * device.  How often each happens in a room is drill_life_of, which sheets and counts ask too.
 */
#include "app/drill_actors.h"

#include "domain/exam/exam.h"

struct life {
	struct drill *d;
	const struct drill_room *room;
	const struct drill_session *s;
	const char *clerk, *chief, *deputy, *escort;
	struct random chance;
	struct drill_life_count n;
};

/* One room in `of`. */
static bool one_in(struct random *chance, int of)
{
	return drill_between(chance, 1, of) == 1;
}

/* Whoever comes up to DRILL_LATE_MAX after the start must find the door open. */
static bool late_may_enter(const struct drill *d, const struct drill_session *s)
{
	int64_t from_ms, to_ms = INT64_MAX;

	(void)exam_entry(d->profile, str_of(s->id), EXAM_ROOM, &from_ms, &to_ms);
	return to_ms >= s->start_ms + DRILL_LATE_MAX * DRILL_MINUTE;
}

struct drill_life_count drill_life_of(struct drill *d, const struct drill_room *r,
                                      const struct drill_session *s)
{
	struct random chance = drill_random(d, drill_fmt(d, "life:%s", r->path), s->number);

	return (struct drill_life_count){
		.trips = (int)drill_between(&chance, 0, 3),
		.ill = one_in(&chance, 30),
		.early = one_in(&chance, 12),
		.spares = one_in(&chance, 25),
		.cards = one_in(&chance, 30),
		.late = late_may_enter(d, s) && one_in(&chance, 6),
	};
}

static void tell(struct life *l, int64_t at_ms, const char *command, const char *slots,
                 const char *more)
{
	drill_add(l->d, at_ms, command, l->clerk, slots, "{'place':'%s','session':'%s'%s}",
	          l->room->path, l->s->id, more)->source = SOURCE_OFFICE;
}

/* The n-th of those who came. */
static const char *somebody(struct life *l, int n)
{
	int seats = drill_seats(l->d, l->room, l->s), seat = 0;

	do
		seat = seat % seats + 1;
	while (drill_is_absent(l->d, l->room, l->s, seat) || n-- > 0);
	return drill_candidate(l->d, l->room, seat);
}

/* ---- trips ---- */

static void trip(struct life *l, int n)
{
	struct drill *d = l->d;
	int64_t span = (l->s->end_ms - l->s->start_ms - 40 * DRILL_MINUTE) / 3;
	int64_t out = l->s->start_ms + 20 * DRILL_MINUTE + n * span +
	              drill_between(&l->chance, 0, span / 2);
	int64_t back = out + drill_delay(&l->chance, 130 * DRILL_SECOND, 230 * DRILL_SECOND);
	const char *who = somebody(l, 3 + n);

	tell(l, out, "sitting.toilet_out", "",
	     drill_fmt(d, ",'candidate':'%s','escort':'%s','same_sex':true", who, l->escort));
	tell(l, back, "sitting.toilet_in", "", drill_fmt(d, ",'candidate':'%s','searched':true", who));
}

/* ---- the ill, those who leave ---- */

static void illness(struct life *l)
{
	struct drill *d = l->d;
	int64_t at_ms = l->s->start_ms + drill_between(&l->chance, 10, 40) * DRILL_MINUTE;
	const char *name = drill_fmt(d, "ill:%s:%s", l->s->id, l->room->path);
	struct drill_step *st;

	st = drill_add(d, at_ms, "sitting.report_incident", l->clerk, "",
	               "{'place':'%s','session':'%s','kind':'illness','candidate':'%s'}",
	               l->room->path, l->s->id, somebody(l, 1));
	st->source = SOURCE_OFFICE;
	st->publishes = name;
	drill_add(d, at_ms + drill_delay(&l->chance, 9 * DRILL_MINUTE, 20 * DRILL_MINUTE),
	          "sitting.settle_incident", l->clerk, "",
	          "{'place':'%s','incident':'${%s}','outcome':'stayed'}", l->room->path, name)->source =
		SOURCE_OFFICE;
}

static void leave(struct life *l)
{
	struct drill *d = l->d;
	const char *who = somebody(l, 2), *site = l->room->site->path;
	int64_t at_ms = l->s->end_ms - drill_between(&l->chance, 8, 25) * DRILL_MINUTE;

	tell(l, at_ms, "sitting.leave_early", "",
	     drill_fmt(d, ",'candidate':'%s','handed_in':true", who));
	drill_add(d, at_ms + drill_delay(&l->chance, 3 * DRILL_MINUTE, 7 * DRILL_MINUTE),
	          "sitting.hold_leaver", l->clerk, "",
	          "{'place':'%s','session':'%s','candidate':'%s'}", site, l->s->id, who);
	drill_add(d, l->s->end_ms + drill_between(&l->chance, 1, 5) * DRILL_MINUTE,
	          "sitting.release_leaver", l->clerk, "",
	          "{'place':'%s','session':'%s','candidate':'%s'}", site, l->s->id, who);
}

/* ---- spares and cards ---- */

static const char *chiefs(struct life *l)
{
	return drill_fmt(l->d, "%s%s", drill_badge(l->d, "chief", l->chief),
	                 drill_badge(l->d, "deputy", l->deputy));
}

static void spare(struct life *l)
{
	struct drill *d = l->d;
	int64_t at_ms = l->s->start_ms - 4 * DRILL_MINUTE +
	                drill_between(&l->chance, 0, 8 * DRILL_MINUTE);
	const char *county = drill_staff(d, l->room->site->county->path, "county_office", 1);

	drill_add(d, at_ms, "custody.use_spare", l->clerk, chiefs(l),
	          "{'place':'%s','bag':'${spare:%s:%s}','copies':1,'cause':'print','seal':'HF-%s-%d',"
	          "'approval':'DH-%d','filmed':true}",
	          l->room->path, l->s->id, l->room->site->path, l->room->site->code, l->room->number,
	          l->s->number + 1)->session = l->s->id;
	drill_add(d, at_ms + drill_delay(&l->chance, 7 * DRILL_MINUTE, 11 * DRILL_MINUTE),
	          "sitting.tell_county", l->clerk, "",
	          "{'place':'%s','session':'%s','about':'spare','taker':'%s'}", l->room->site->path,
	          l->s->id, county)->source = SOURCE_TELEPHONE;
}

static void card(struct life *l)
{
	struct drill *d = l->d;
	int64_t half = (l->s->end_ms - l->s->start_ms) / 2;

	drill_add(d, l->s->start_ms + drill_between(&l->chance, 5 * DRILL_MINUTE, half),
	          "custody.change_card", l->clerk,
	          drill_fmt(d, "%s%s%s", drill_badge(d, "changer", drill_invigilator(d, l->room, 0)),
	                    drill_badge(d, "changer", drill_invigilator(d, l->room, 1)),
	                    drill_badge(d, "chief", l->deputy)),
	          "{'place':'%s','session':'%s','cause':'candidate','seal':'HK-%s-%d'}", l->room->path,
	          l->s->id, l->room->site->code, l->room->number);
}

static void live(struct drill *d, const struct drill_room *r, const struct drill_session *s)
{
	int floors = drill_staff_count(d, r->site->path, "roving_invigilator");
	struct life l = {.d = d, .room = r, .s = s, .n = drill_life_of(d, r, s)};

	l.chance = drill_random(d, drill_fmt(d, "lives:%s", r->path), s->number);
	l.clerk = drill_staff(d, r->site->path, "site_clerk", 1);
	l.chief = drill_staff(d, r->site->path, "site_chief", 1);
	l.deputy = drill_staff(d, r->site->path, "deputy_chief", 1);
	l.escort = drill_staff(d, r->site->path, "roving_invigilator", 1 + r->number % floors);
	for (int i = 0; i < l.n.trips; i++)
		trip(&l, i);
	if (l.n.ill)
		illness(&l);
	if (l.n.early)
		leave(&l);
	if (l.n.spares)
		spare(&l);
	if (l.n.cards)
		card(&l);
}

enum rc drill_life(struct op *op, struct drill *d)
{
	for (int j = 0; j < d->nsessions; j++)
		for (int i = 0; i < d->nsites; i++)
			for (int n = 0; n < d->sites[i]->nrooms; n++)
				if (drill_sits(&d->sites[i]->rooms[n], &d->sessions[j]))
					live(d, &d->sites[i]->rooms[n], &d->sessions[j]);
	return RC_OK;
}
