/* SPDX-License-Identifier: Apache-2.0 */
/* drill_room.c -- the rooms of a drill: who enters, what is counted and sealed, the record sheet.
 *
 * Identity terminals tell each entry; the rest comes from the acceptance desk and, within the hour,
 * from paper.
 */
#include "app/drill_actors.h"

struct desk {
	struct drill *d;
	const struct drill_room *room;
	const struct drill_session *s;
	const char *clerk, *a, *b, *seal;
	struct random chance;
	int seats, absent;
};

static const char *two(struct desk *k, const char *slot)
{
	return drill_fmt(k->d, "%s%s", drill_badge(k->d, slot, k->a), drill_badge(k->d, slot, k->b));
}

static const char *accepted(struct desk *k, const char *slot)
{
	return drill_fmt(k->d, "%s%s", two(k, slot), drill_badge(k->d, "acceptor", k->clerk));
}

/* From T-40 on; before T-15, when the foreign language closes its doors.  Who is late comes after
 * the start, and is let in: the last of the room. */
static int64_t enters_ms(struct desk *k, int seat, bool late)
{
	if (late)
		return k->s->start_ms + drill_between(&k->chance, DRILL_MINUTE,
		                                      DRILL_LATE_MAX * DRILL_MINUTE);
	return k->s->start_ms - 40 * DRILL_MINUTE + seat * 6 * DRILL_SECOND +
	       drill_delay(&k->chance, 4 * DRILL_MINUTE, 15 * DRILL_MINUTE);
}

static int last_present(const struct desk *k)
{
	int seat = k->seats;

	while (drill_is_absent(k->d, k->room, k->s, seat))
		seat--;
	return seat;
}

static void enter_all(struct desk *k)
{
	struct drill *d = k->d;
	int checkers = drill_staff_count(d, k->room->site->path, "identity_checker");
	const char *checker = drill_staff(d, k->room->site->path, "identity_checker",
	                                  1 + k->room->number % checkers);
	int late = drill_life_of(d, k->room, k->s).late ? last_present(k) : 0;

	for (int seat = 1; seat <= k->seats; seat++) {
		int64_t at_ms = enters_ms(k, seat, seat == late);

		if (!drill_is_absent(d, k->room, k->s, seat))
			drill_add(d, at_ms, "sitting.enter", checker, "",
			          "{'place':'%s','session':'%s','candidate':'%s','method':'face','tries':%d,"
			          "'result':'passed'}",
			          k->room->path, k->s->id, drill_candidate(d, k->room, seat),
			          drill_between(&k->chance, 0, 19) ? 1 : 2);
	}
}

static void collect(struct desk *k)
{
	struct drill *d = k->d;
	int64_t at_ms = k->s->end_ms + 5 * DRILL_MINUTE +
	                drill_delay(&k->chance, 4 * DRILL_MINUTE, 14 * DRILL_MINUTE);
	int present = k->seats - k->absent;

	drill_add(d, at_ms, "sitting.count_scripts", k->clerk, two(k, "counter"),
	          "{'place':'%s','session':'%s','present':%d,'absent':%d,'first':%d,'second':%d,"
	          "'seated':true}",
	          k->room->path, k->s->id, present, k->absent, present, present);
	drill_add(d, at_ms + 3 * DRILL_MINUTE +
	                 drill_delay(&k->chance, 8 * DRILL_MINUTE, 25 * DRILL_MINUTE),
	          "sitting.seal_scripts", k->clerk, accepted(k, "sealer"),
	          "{'place':'%s','session':'%s','seal':'%s','state':'normal'}", k->room->path,
	          k->s->id, k->seal);
}

static void sheet(struct desk *k)
{
	struct drill *d = k->d;
	struct drill_life_count n = drill_life_of(d, k->room, k->s);
	int present = k->seats - k->absent;
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int seat = 1; seat <= k->seats; seat++)
		if (drill_is_absent(d, k->room, k->s, seat))
			strbuf_addf(&b, "%s{'candidate':'%s'}", b.n ? "," : "",
			            drill_candidate(d, k->room, seat));
	drill_add(d, k->s->end_ms + 28 * DRILL_MINUTE +
	                 drill_delay(&k->chance, 8 * DRILL_MINUTE, 24 * DRILL_MINUTE),
	          "sitting.hand_in_sheet", k->clerk, accepted(k, "invigilator"),
	          "{'place':'%s','session':'%s','expected':%d,'present':%d,'absent':%d,"
	          "'absentees':[%s],'scripts':%d,'seal':'%s','late':%d,'toilet':%d,'ill':%d,"
	          "'early':%d,'spare':%d,'cards':%d,'violations':0}",
	          k->room->path, k->s->id, k->seats, present, k->absent,
	          b.n ? strbuf_str(&b).s : "", present, k->seal, n.late, n.trips, n.ill, n.early,
	          n.spares, n.cards)->source = SOURCE_PAPER;
}

static void sit(struct drill *d, const struct drill_room *r, const struct drill_session *s)
{
	struct desk k = {.d = d, .room = r, .s = s, .seats = drill_seats(d, r, s),
	                 .absent = drill_absent(d, r, s)};

	k.chance = drill_random(d, r->path, s->number);
	k.clerk = drill_staff(d, r->site->path, "site_clerk", 3);
	k.a = drill_invigilator(d, r, 0);
	k.b = drill_invigilator(d, r, 1);
	k.seal = drill_fmt(d, "DJ-%s-%02d-%d", r->site->code, r->number, s->number + 1);
	enter_all(&k);
	collect(&k);
	sheet(&k);
}

enum rc drill_rooms(struct op *op, struct drill *d)
{
	for (int j = 0; j < d->nsessions; j++)
		for (int i = 0; i < d->nsites; i++)
			for (int n = 0; n < d->sites[i]->nrooms; n++)
				if (drill_sits(&d->sites[i]->rooms[n], &d->sessions[j]))
					sit(d, &d->sites[i]->rooms[n], &d->sessions[j]);
	return RC_OK;
}
