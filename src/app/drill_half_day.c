/* SPDX-License-Identifier: Apache-2.0 */
/* drill_half_day.c -- one half day of a county's papers in a drill: out of the secrecy room,
 * through the sites, back.
 */
#include "app/drill_papers.h"

/* When the boxes leave: as early as the programme allows, but not while the half day before still
 * runs. */
static int64_t release_of(struct drill_load *l, const struct drill_half *h)
{
	const struct drill_session *s = l->d->sessions;
	int64_t at_ms = s[h->first].start_ms - 175 * DRILL_MINUTE;
	int64_t free_ms = h->first ? s[h->first - 1].end_ms + 5 * DRILL_MINUTE : 0;

	return at_ms > free_ms ? at_ms : free_ms;
}

static void release(struct drill_load *l, const struct drill_half *h)
{
	struct drill *d = l->d;
	const char *slots =
		drill_fmt(d, "%s%s%s", load_two(l, "key_holder", l->keeper[0], l->keeper[1]),
	              drill_badge(d, "code_holder", l->keeper[3]),
	              drill_badge(d, "observer", l->police));
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int i = 0; i < l->nboxes; i++) {
		int number = l->boxes[i].session->number;

		if (number >= h->first && number < h->first + h->n)
			strbuf_addf(&b, "%s{'box':'%s'}", b.n ? "," : "", l->boxes[i].code);
	}
	drill_add(d, release_of(l, h), "custody.release_boxes", l->keeper[0], slots,
	          "{'place':'%s','boxes':[%s]}", l->c->store, strbuf_str(&b).s)->session =
		d->sessions[h->first].id;
	load_open(l, &(struct load_opening){
		.number = 2 * h->first + 1, .at_ms = release_of(l, h) - 2 * DRILL_MINUTE,
		.until_ms = release_of(l, h) + 48 * DRILL_MINUTE, .purpose = "release",
		.session = d->sessions[h->first].id});
}

/* ---- to the site ---- */

struct trip {
	struct drill_box *box[16];
	int n;
	const struct drill_site *site;
	const char *vehicle, *couriers_give, *couriers_take, *site_gives, *site_takes, *clerk, *session;
};

static struct trip trip_of(struct drill_load *l, const struct drill_half *h,
                           const struct drill_site *site, bool back)
{
	struct drill *d = l->d;
	int crew = 4 * site->number + (back ? 3 : 1);
	const char *c1 = drill_staff(d, l->c->path, "courier", crew);
	const char *c2 = drill_staff(d, l->c->path, "courier", crew + 1);
	const char *chief = drill_staff(d, site->path, "site_chief", 1);
	struct trip t = {.site = site, .clerk = drill_staff(d, site->path, "site_clerk", 1)};

	for (int i = h->first; i < h->first + h->n; i++) {
		struct drill_box *box = load_box(l, i, site->number);

		assert((size_t)t.n < COUNT(t.box));
		if (box)
			t.box[t.n++] = box;
	}
	t.session = d->sessions[h->first].id;
	t.vehicle = drill_fmt(d, "%s-%s%02d", l->c->code, back ? "W" : "V", site->number);
	t.couriers_give = load_two(l, "giver", c1, c2);
	t.couriers_take = load_two(l, "receiver", c1, c2);
	t.site_gives = load_two(l, "giver", chief, t.clerk);
	t.site_takes = load_two(l, "receiver", chief, t.clerk);
	return t;
}

/* The road between the room and a site. */
static void drive(struct drill_load *l, const struct trip *t, const struct drill_session *s,
                  bool back, int64_t left_ms, int64_t in_ms)
{
	struct drill *d = l->d;
	int n = t->site->number, crew = 4 * n + (back ? 3 : 1);
	const struct load_trip way = {
		.code = drill_fmt(d, "T-%s-%c%d-%02d", l->c->code, back ? 'W' : 'V', s->number + 1, n),
		.vehicle = t->vehicle, .spare = drill_fmt(d, "%s-V00", l->c->code),
		.from = back ? t->site->path : l->c->store, .to = back ? l->c->store : t->site->path,
		.session = s->id, .number = (s->number * l->c->nsites + n) * 2 + back,
		.escort = {drill_staff(d, l->c->path, "courier", crew),
		           drill_staff(d, l->c->path, "courier", crew + 1)},
		.driver = drill_staff(d, l->c->path, "driver", 2 * n + 1 + back),
		.police = drill_staff(d, l->c->path, "police", 1 + (n + back) % 6),
		.left_ms = left_ms, .in_ms = in_ms,
	};

	load_trip(l, &way);
}

/* Two counters load, so that the last vehicle leaves within forty minutes. */
static void bring(struct drill_load *l, const struct drill_half *h, const struct trip *t)
{
	struct drill *d = l->d;
	int64_t pace_ms = 35 * DRILL_MINUTE / l->c->nsites, loaded, arrived;
	const char *list = load_boxes(l, t->box, t->n);

	if (pace_ms > 2 * DRILL_MINUTE)
		pace_ms = 2 * DRILL_MINUTE;
	loaded = release_of(l, h) + 5 * DRILL_MINUTE + t->site->number * pace_ms +
	         drill_between(&l->chance, 0, pace_ms);
	arrived = loaded + drill_delay(&l->chance, 22 * DRILL_MINUTE, 32 * DRILL_MINUTE);
	drill_add(d, loaded, "custody.hand_over", l->keeper[0],
	          drill_fmt(d, "%s%s", load_two(l, "giver", l->keeper[0], l->keeper[1]),
	                    t->couriers_take),
	          "{'place':'%s','from':'%s','to':'%s','boxes':[%s]}", l->c->store, l->c->store,
	          t->vehicle, list)->session = t->session;
	drill_add(d, arrived, "custody.hand_over", t->clerk,
	          drill_fmt(d, "%s%s", t->couriers_give, t->site_takes),
	          "{'place':'%s','from':'%s','to':'%s','boxes':[%s]}", t->site->path, t->vehicle,
	          t->site->path, list)->session = t->session;
	drive(l, t, t->box[0]->session, false, loaded + DRILL_MINUTE, arrived - DRILL_MINUTE);
	load_inspect(l, t->site, t->session, t->box, t->n, arrived + 6 * DRILL_MINUTE);
}

/* ---- in the room ---- */

static void count_room(struct drill_load *l, const struct drill_box *box,
                       const struct drill_bag *bag)
{
	struct drill *d = l->d;
	const struct drill_site *site = box->site;
	const char *clerk = drill_staff(d, site->path, "site_clerk", 2);
	int seats = drill_seats(d, bag->room, box->session);
	int absent = drill_absent(d, bag->room, box->session);
	int replaced = drill_life_of(d, bag->room, box->session).spares;
	int64_t at_ms = box->session->end_ms + 6 * DRILL_MINUTE +
	                drill_delay(&l->chance, 6 * DRILL_MINUTE, 18 * DRILL_MINUTE);
	const char *slots =
		drill_fmt(d, "%s%s", load_two(l, "counter", drill_invigilator(d, bag->room, 0),
	                                  drill_invigilator(d, bag->room, 1)),
	              drill_badge(d, "acceptor", clerk));

	drill_add(d, at_ms, "custody.count_bag", clerk, slots,
	          "{'place':'%s','bag':'%s','seal':'HS-%s','used':%d,'absent':%d,'left_over':%d,"
	          "'replaced':%d}",
	          bag->room->path, bag->code, bag->code, seats - absent, absent, BAG_COPIES - seats,
	          replaced)->session = box->session->id;
}

/* To the room from T-55 on, one sheet and a few seconds a room; opened at T-10; counted after. */
static void sit(struct drill_load *l, const struct drill_box *box, const struct drill_bag *bag,
                int turn)
{
	struct drill *d = l->d;
	const char *clerk = drill_staff(d, box->site->path, "site_clerk", 1);
	const char *a = drill_invigilator(d, bag->room, 0), *b = drill_invigilator(d, bag->room, 1);
	int64_t start_ms = box->session->start_ms;

	drill_add(d, start_ms - 54 * DRILL_MINUTE + turn * 20 * DRILL_SECOND +
	                 drill_between(&l->chance, 0, 12000),
	          "custody.issue_bag", clerk, load_two(l, "receiver", a, b),
	          "{'place':'%s','bag':'%s','room':'%s'}", box->site->path, bag->code,
	          bag->room->path)->session = box->session->id;
	drill_add(d, start_ms - 10 * DRILL_MINUTE + drill_delay(&l->chance, 15000, 62000),
	          "custody.open_bag", clerk, load_two(l, "opener", a, b),
	          "{'place':'%s','bag':'%s','seal_ok':true}", bag->room->path, bag->code)->session =
		box->session->id;
	count_room(l, box, bag);
}

static void sit_all(struct drill_load *l, const struct drill_box *box)
{
	int turn = 0;

	for (int i = 0; i < box->nbags; i++)
		if (box->bags[i].room)
			sit(l, box, &box->bags[i], turn++);
}

/* ---- back ---- */

static const char *bag_list(struct drill_load *l, const struct trip *t, int64_t start_ms)
{
	struct strbuf b;

	strbuf_init(&b, l->d->arena);
	for (int i = 0; i < t->n; i++)
		for (int k = 0; k < t->box[i]->nbags; k++) {
			const struct drill_bag *bag = &t->box[i]->bags[k];

			if (t->box[i]->session->start_ms == start_ms)
				strbuf_addf(&b, "%s{'bag':'%s','seal':'%s%s'}", b.n ? "," : "", bag->code,
				            bag->room ? "HS-" : "", bag->room ? bag->code : bag->seal);
		}
	return b.n ? strbuf_str(&b).s : NULL;
}

/* Two hand-overs: in between the bags are the vehicle's, and its couriers answer for them. */
static void give_back(struct drill_load *l, const struct trip *t, const struct drill_session *s)
{
	struct drill *d = l->d;
	const char *list = bag_list(l, t, s->start_ms);
	int64_t left = s->end_ms + 30 * DRILL_MINUTE + drill_delay(&l->chance, 4 * DRILL_MINUTE,
	                                                           12 * DRILL_MINUTE);
	int64_t back = left + drill_delay(&l->chance, 25 * DRILL_MINUTE, 40 * DRILL_MINUTE);

	if (!list)
		return;
	drill_add(d, left, "custody.return_bags", t->clerk,
	          drill_fmt(d, "%s%s", t->site_gives, t->couriers_take),
	          "{'place':'%s','from':'%s','to':'%s','bags':[%s]}", t->site->path, t->site->path,
	          t->vehicle, list)->session = s->id;
	drill_add(d, back, "custody.return_bags", l->keeper[1],
	          drill_fmt(d, "%s%s", t->couriers_give,
	                    load_two(l, "receiver", l->keeper[1], l->keeper[2])),
	          "{'place':'%s','from':'%s','to':'%s','bags':[%s]}", l->c->store, t->vehicle,
	          l->c->store, list)->session = s->id;
	drive(l, t, s, true, left + DRILL_MINUTE, back - DRILL_MINUTE);
}

/* The site's own account of a session: what went to rooms has come back from them. */
static void close_site(struct drill_load *l, const struct drill_site *site,
                       const struct drill_session *s)
{
	struct drill *d = l->d;

	if (s->nrooms)
		drill_add(d, s->end_ms + 46 * DRILL_MINUTE +
		                 drill_delay(&l->chance, 6 * DRILL_MINUTE, 24 * DRILL_MINUTE),
		          "custody.close_site", drill_staff(d, site->path, "site_clerk", 1),
		          load_two(l, "closer", drill_staff(d, site->path, "site_chief", 1),
		                   drill_staff(d, site->path, "site_clerk", 1)),
		          "{'place':'%s','session':'%s'}", site->path, s->id);
}

static void return_all(struct drill_load *l, const struct drill_half *h,
                       const struct drill_site *site)
{
	struct trip back = trip_of(l, h, site, true);

	for (int i = h->first; i < h->first + h->n; i++) {
		const struct drill_session *s = &l->d->sessions[i];

		if (i == h->first || s->start_ms != s[-1].start_ms)
			give_back(l, &back, s);
		close_site(l, site, s);
	}
}

/* The inner room takes scripts back, into cabinets that hold nothing else. */
static void open_for_return(struct drill_load *l, const struct drill_half *h)
{
	for (int i = h->first; i < h->first + h->n; i++) {
		const struct drill_session *s = &l->d->sessions[i];

		if (i > h->first && s->start_ms == s[-1].start_ms)
			continue;
		load_open(l, &(struct load_opening){
			.number = 2 * i + 2, .at_ms = s->end_ms + 42 * DRILL_MINUTE,
			.until_ms = s->end_ms + 104 * DRILL_MINUTE, .purpose = "return",
			.cabinet = drill_fmt(l->d, "D-%02d", s->number + 1), .content = "scripts",
			.session = s->id});
	}
}

static void close_half(struct drill_load *l, const struct drill_half *h)
{
	struct drill *d = l->d;
	const struct drill_session *last = &d->sessions[h->first + h->n - 1];

	drill_add(d, last->end_ms + 105 * DRILL_MINUTE, "custody.close_half_day", l->keeper[1],
	          load_two(l, "keeper", l->keeper[1], drill_staff(d, l->c->path, "county_office", 1)),
	          "{'place':'%s','half_day':'" STR_FMT "'}", l->c->store,
	          STR_ARG(last->p->half_day))->session = last->id;
}

void load_half_day(struct drill_load *l, const struct drill_half *h)
{
	release(l, h);
	for (int i = 0; i < l->c->nsites; i++) {
		const struct drill_site *site = &l->c->sites[i];
		struct trip out = trip_of(l, h, site, false);

		if (out.n)
			bring(l, h, &out);
		return_all(l, h, site);
	}
	for (int i = 0; i < l->nboxes; i++)
		if (l->boxes[i].session->number >= h->first &&
		    l->boxes[i].session->number < h->first + h->n)
			sit_all(l, &l->boxes[i]);
	open_for_return(l, h);
	close_half(l, h);
}
