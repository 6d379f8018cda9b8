/* SPDX-License-Identifier: Apache-2.0 */
/* page_sites.c -- the grid of the sites, county by county: how far each is in the session, who is
 * in, where its papers are, what is alarmed there.
 */
#include "http/page_parts.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/sitting/sitting.h"
#include "engine/place.h"

enum rc sites_read(struct live *l)
{
	size_t cap = 0;

	for (size_t k = 0; l->shown && k < l->nscopes; k++) {
		struct site_plan *list;
		size_t n;

		TRY(arrange_sites(l->op, l->shown->id, l->scope[k], &list, &n));
		for (size_t i = 0; i < n; i++) {
			l->sites = arena_room(l->op->arena, l->sites, l->nsites, &cap, sizeof(*l->sites));
			l->sites[l->nsites++] = list[i];
		}
	}
	return RC_OK;
}

/* By the plan; where nothing is planned, by the depth of its path: a store is a county's. */
bool live_is_site(const struct live *l, struct str place)
{
	for (size_t i = 0; i < l->nsites; i++)
		if (str_eq(l->sites[i].site, place))
			return true;
	return false;
}

/* Bags at and under a place; in rooms alone. */
static void bags_at(const struct live *l, struct str place, long long *ret_all,
                    long long *ret_rooms)
{
	*ret_all = *ret_rooms = 0;
	for (size_t i = 0; i < l->nheld; i++) {
		if (!place_covers(place, l->held[i].holder))
			continue;
		*ret_all += l->held[i].bags;
		if (place_level(l->held[i].holder) == LEVEL_ROOM)
			*ret_rooms += l->held[i].bags;
	}
}

/* How many are open at and under a place; the worst colour, -1: none. */
static int alarms_at(const struct live *l, struct str place, long long *ret_n)
{
	int worst = -1;

	*ret_n = 0;
	for (size_t i = 0; i < l->nalarms; i++)
		if (place_covers(place, l->alarms[i].place)) {
			++*ret_n;
			if (l->alarms[i].colour > worst)
				worst = l->alarms[i].colour;
		}
	return worst;
}

/* Under its county's name a site's own is enough. */
static struct str short_name(const struct live *l, struct str site, struct str county)
{
	struct str name = live_place(l, site);

	return str_starts(name, county) && name.n > county.n
	       ? (struct str){name.s + county.n, name.n - county.n}
	       : name;
}

static enum rc put_site(struct live *l, const struct site_plan *s, struct str county)
{
	struct sitting_count c = {0};
	long long open, bags, in_rooms;
	int worst = alarms_at(l, s->site, &open);
	enum sitting_step step;
	int64_t at;

	TRY(sitting_count(l->op, l->shown->id, s->site, &c));
	TRY(sitting_progress(l->op, l->shown->id, s->site, &step, &at));
	bags_at(l, s->site, &bags, &in_rooms);
	html_addf(l->to, "<li class=\"%s\"><b>%s</b>", worst < 0 ? "" : live_colour_class(worst),
	          short_name(l, s->site, county).s);
	if (worst >= 0)
		html_addf(l->to, "<span class=colour>%s %d</span>", live_colour(l, worst), open);
	if (at)
		html_addf(l->to, "<span class=step>%s %s</span>", sitting_step_text(step, l->english),
		          live_clock(l, at).s);
	else
		html_addf(l->to, "<span class=\"step none\">%s</span>",
		          live_tr(l, "尚未开始", "not begun"));
	html_addf(l->to, live_tr(l, "<span class=dim>入场 %d/%d · 试卷 %d 袋，考场 %d</span></li>",
	                         "<span class=dim>in %d/%d · %d bags, %d in rooms</span></li>"),
	          (long long)c.present, (long long)s->seats, bags, in_rooms);
	return RC_OK;
}

static void put_county(struct live *l, struct str path, struct str name)
{
	long long stored = 0, way = 0;

	for (size_t i = 0; i < l->nheld; i++)
		if (place_covers(path, l->held[i].holder) &&
		    place_level(l->held[i].holder) != LEVEL_ROOM &&
		    !live_is_site(l, l->held[i].holder))
			stored += l->held[i].bags;
	for (size_t i = 0; i < l->ntransit; i++)
		if (place_covers(path, l->transit[i].holder))
			way += l->transit[i].bags;
	html_addf(l->to, "<div class=county><p><b>%s</b><span class=dim>", name.s);
	html_addf(l->to, live_tr(l, "在库 %d 袋", "in store: %d bags"), stored);
	if (way)
		html_addf(l->to, live_tr(l, "，在途 %d", ", on the way: %d"), way);
	strbuf_addz(l->to, "</span></p><ul>");
}

enum rc sites_put(struct live *l)
{
	struct str county = {NULL, 0}, name = {NULL, 0};

	html_addf(l->to, "<section class=sites><h3>%s", live_tr(l, "考点", "Sites"));
	if (l->shown)
		html_addf(l->to, " <small>%s</small>", live_tr(l, l->shown->zh.s, l->shown->en.s));
	strbuf_addz(l->to, "</h3>");
	for (size_t i = 0; i < l->nsites; i++) {
		struct str at = place_cut(l->op->arena, l->sites[i].site, LEVEL_COUNTY);

		if (!str_eq(at, county)) {
			if (county.s)
				strbuf_addz(l->to, "</ul></div>");
			county = at;
			name = live_place(l, county);
			put_county(l, county, name);
		}
		TRY(put_site(l, &l->sites[i], name));
	}
	if (county.s)
		strbuf_addz(l->to, "</ul></div>");
	else
		html_addf(l->to, "<p class=dim>%s</p>",
		          live_tr(l, "此科次还没有编排考场：编排导入后，各考点的进度显示在这里。",
		                  "No rooms are planned for this session yet: the sites' progress stands"
		                  " here when they are."));
	strbuf_addz(l->to, "</section>");
	return RC_OK;
}
