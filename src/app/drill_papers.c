/* SPDX-License-Identifier: Apache-2.0 */
/* drill_papers.c -- what each county's papers go through in a drill: printed numbers, registering,
 * arrival at the secrecy room; then half day by half day (drill_half_day.c).
 *
 * One box a site and session, one bag a room and one or two spare bags a box.
 */
#include "app/drill_papers.h"

enum { LOT = 12, ROOMS_PER_SPARE = 15 };

const char *load_two(struct drill_load *l, const char *slot, const char *a, const char *b)
{
	return drill_fmt(l->d, "%s%s", drill_badge(l->d, slot, a), drill_badge(l->d, slot, b));
}

struct drill_box *load_box(struct drill_load *l, int session, int site)
{
	for (int i = 0; i < l->nboxes; i++)
		if (l->boxes[i].session->number == session && l->boxes[i].site->number == site)
			return &l->boxes[i];
	return NULL;
}

const char *load_boxes(struct drill_load *l, struct drill_box *const *box, int n)
{
	struct strbuf b;

	strbuf_init(&b, l->d->arena);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, "%s{'box':'%s','seal':'%s','seal_ok':true,'given':%d,'received':%d}",
		            i ? "," : "", box[i]->code, box[i]->seal, box[i]->nbags, box[i]->nbags);
	return strbuf_str(&b).s;
}

/* ---- packing ---- */

static void pack_bag(struct drill_load *l, struct drill_box *box, const struct drill_room *room,
                     int64_t *number)
{
	struct drill *d = l->d;
	struct drill_bag *bag = &box->bags[box->nbags++];

	*bag = (struct drill_bag){.room = room};
	bag->code = drill_fmt(d, "GK%08lld", (long long)(*number)++);
	bag->seal = drill_fmt(d, "MF%s-%d", box->seal + 2, box->nbags);
	if (room)
		drill_name(d, bag->code, "bag:%s:%s", box->session->id, room->path);
	else
		drill_name(d, bag->code, "spare:%s:%s", box->session->id, box->site->path);
	l->nbags++;
}

int drill_spares(const struct drill_session *s)
{
	return 1 + s->nrooms / ROOMS_PER_SPARE;
}

static void pack_box(struct drill_load *l, const struct drill_session *s,
                     const struct drill_site *site, int64_t *number)
{
	struct drill *d = l->d;
	struct drill_box *box = &l->boxes[l->nboxes++];
	int spare = drill_spares(s);

	*box = (struct drill_box){.site = site, .session = s};
	box->code = drill_fmt(d, "X-%s-%02d-%02d", l->c->code, s->number + 1, site->number);
	box->seal = drill_fmt(d, "FT%07lld", (long long)drill_between(&l->chance, 1000000, 9999999));
	box->bags = arena_array(d->arena, (size_t)(s->nrooms + spare), sizeof(*box->bags));
	for (int i = 0; i < site->nrooms; i++)
		if (drill_sits(&site->rooms[i], s))
			pack_bag(l, box, &site->rooms[i], number);
	for (int i = 0; i < spare; i++)
		pack_bag(l, box, NULL, number);
	drill_name(d, box->code, "box:%s:%s", s->id, site->path);
}

static void pack(struct drill_load *l)
{
	struct drill *d = l->d;
	int64_t number = l->c->number * 1000000 + drill_between(&l->chance, 100000, 800000);

	l->boxes = arena_array(d->arena, (size_t)(d->nsessions * l->c->nsites), sizeof(*l->boxes));
	for (int i = 0; i < d->nsessions; i++)
		for (int k = 0; k < l->c->nsites; k++)
			if (d->sessions[i].nrooms)
				pack_box(l, &d->sessions[i], &l->c->sites[k], &number);
}

/* ---- registering ---- */

static void register_vehicle(struct drill_load *l, int64_t at_ms, const char *mark, int number)
{
	drill_add(l->d, at_ms, "custody.register_vehicle", l->office, "",
	          "{'place':'%s','code':'%s-%s%02d','plate':'虚构%s%02d%02d'}", l->c->path, l->c->code,
	          mark, number, mark, l->c->number, number);
}

static void register_box(struct drill_load *l, int64_t *at_ms, int64_t pace,
                         const struct drill_box *box)
{
	struct drill *d = l->d;

	drill_add(d, *at_ms += pace, "custody.register_box", l->office, "",
	          "{'code':'%s','consignment':'GK-2025-%s','session':'%s','destined':'%s','seal':'%s'}",
	          box->code, l->c->code, box->session->id, box->site->path, box->seal);
	for (int i = 0; i < box->nbags; i++)
		drill_add(d, *at_ms += pace, "custody.register_bag", l->office, "",
		          "{'code':'%s','box':'%s','kind':'%s','copies':%d,'seal':'%s'}",
		          box->bags[i].code, box->code, box->bags[i].room ? "paper" : "spare",
		          box->bags[i].room ? BAG_COPIES : SPARE_COPIES, box->bags[i].seal);
}

static void register_all(struct drill_load *l)
{
	struct drill *d = l->d;
	int64_t at_ms = drill_at(d, -1, 8, 0), pace = 6 * DRILL_HOUR / (l->nboxes + l->nbags + 1);

	register_vehicle(l, at_ms, "V", 0);
	for (int i = 1; i <= l->c->nsites; i++) {
		register_vehicle(l, at_ms + i * 9000, "V", i);
		register_vehicle(l, at_ms + i * 9000, "W", i);
	}
	at_ms += (l->c->nsites + 1) * 9000;
	drill_add(d, at_ms, "custody.register_consignment", l->office, "",
	          "{'place':'%s','code':'GK-2025-%s','holder':'%s-V00','boxes':%d,'bags':%d}",
	          l->c->path, l->c->code, l->c->code, l->nboxes, l->nbags);
	if (pace > 20 * DRILL_SECOND)
		pace = 20 * DRILL_SECOND;
	for (int i = 0; i < l->nboxes; i++)
		register_box(l, &at_ms, pace, &l->boxes[i]);
}

/* ---- arrival ---- */

/* From the province's house to the room, which is opened for it. */
static void came(struct drill_load *l, int64_t at_ms)
{
	struct drill *d = l->d;
	const struct load_trip way = {
		.code = drill_fmt(d, "T-%s-P0", l->c->code), .vehicle = drill_fmt(d, "%s-V00", l->c->code),
		.spare = drill_fmt(d, "%s-V01", l->c->code), .from = "sc/print", .to = l->c->store,
		.escort = {drill_staff(d, l->c->path, "courier", 1),
		           drill_staff(d, l->c->path, "courier", 2)},
		.driver = drill_staff(d, l->c->path, "driver", 1), .police = l->police,
		.left_ms = at_ms - 52 * DRILL_MINUTE, .in_ms = at_ms - 6 * DRILL_MINUTE,
	};

	load_trip(l, &way);
	load_open(l, &(struct load_opening){
		.at_ms = at_ms - 3 * DRILL_MINUTE, .until_ms = at_ms + 3 * DRILL_HOUR,
		.purpose = "receive", .cabinet = "S-01", .content = "papers"});
}

/* The province's vehicle gives, two keepers receive, lot by lot. */
static void arrive(struct drill_load *l)
{
	struct drill *d = l->d;
	int64_t at_ms = drill_at(d, -1, 16, 0) + drill_delay(&l->chance, 5 * DRILL_MINUTE,
	                                                     25 * DRILL_MINUTE);
	const char *slots =
		drill_fmt(d, "%s%s%s", load_two(l, "giver", drill_staff(d, l->c->path, "courier", 1),
	                                    drill_staff(d, l->c->path, "courier", 2)),
	              load_two(l, "receiver", l->keeper[0], l->keeper[1]),
	              drill_badge(d, "observer", l->police));

	came(l, at_ms);
	for (int i = 0; i < l->nboxes; i += LOT) {
		struct drill_box *box[LOT];
		int n = 0;

		while (n < LOT && i + n < l->nboxes) {
			box[n] = &l->boxes[i + n];
			n++;
		}
		drill_add(d, at_ms, "custody.hand_over", l->keeper[0], slots,
		          "{'place':'%s','from':'%s-V00','to':'%s','boxes':[%s]}", l->c->store, l->c->code,
		          l->c->store, load_boxes(l, box, n));
		at_ms += drill_delay(&l->chance, 4 * DRILL_MINUTE, 10 * DRILL_MINUTE);
	}
}

/* ---- all ---- */

static void all_half_days(struct drill_load *l)
{
	struct drill *d = l->d;

	for (int first = 0; first < d->nsessions;) {
		struct drill_half h = {first, 1};

		while (first + h.n < d->nsessions &&
		       d->sessions[first + h.n].half == d->sessions[first].half)
			h.n++;
		load_half_day(l, &h);
		first += h.n;
	}
}

enum rc drill_papers(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->ncounties; i++) {
		const struct drill_county *c = &d->counties[i];
		struct drill_load *l = ARENA_NEW(d->arena, struct drill_load);

		*l = (struct drill_load){.d = d, .c = c, .chance = drill_random(d, "papers", i)};
		for (int k = 0; k < 4; k++)
			l->keeper[k] = drill_staff(d, c->path, "store_keeper", k + 1);
		l->police = drill_staff(d, c->path, "police", 4);
		l->office = drill_staff(d, c->path, "county_office", 3);
		pack(l);
		register_all(l);
		arrive(l);
		all_half_days(l);
	}
	return RC_OK;
}
