/* SPDX-License-Identifier: Apache-2.0 */
/* drill_trips.c -- the trips of a drill: approved, crews checked, on their way, in; and the seals
 * that an inspector looks at where they arrive.
 *
 * Trips are made from the loads of drill_half_day.c, so that a vehicle leaves when it is loaded and
 * is in when it is unloaded.
 */
#include "app/drill_papers.h"

#include "base/clock.h"

/* A feed says every few minutes where a vehicle is. */
enum { POINT_S = 240, GRACE_MIN = 30 };

static const char *hour(struct drill *d, int64_t ms)
{
	return clock_format_utc(d->arena, ms).s;
}

static void approve(struct drill_load *l, const struct load_trip *t)
{
	struct drill *d = l->d;
	const char *leader = drill_staff(d, l->c->path, "county_leader", 1);
	const char *slots = load_two(l, "approver", leader, l->police);
	const int64_t grace = GRACE_MIN * DRILL_MINUTE;

	drill_add(d, drill_at(d, -1, 14, 20) + t->number * 11 * DRILL_SECOND, "custody.plan_trip",
	          l->office, slots,
	          "{'place':'%s','trip':'%s','vehicle':'%s','spare':'%s','from':'%s','to':'%s',"
	          "'route':'R-%d','leaves_from':'%s','leaves_by':'%s','arrives_from':'%s',"
	          "'arrives_by':'%s','vehicles':1}",
	          l->c->path, t->code, t->vehicle, t->spare, t->from, t->to, t->number + 1,
	          hour(d, t->left_ms - grace), hour(d, t->left_ms + grace),
	          hour(d, t->in_ms - grace), hour(d, t->in_ms + grace))->session = t->session;
}

static void check_crew(struct drill_load *l, const struct load_trip *t)
{
	struct drill *d = l->d;

	drill_add(d, t->left_ms - 12 * DRILL_MINUTE, "custody.check_crew", l->office,
	          load_two(l, "checker", l->keeper[2], l->office),
	          "{'place':'%s','trip':'%s','escorts':[{'person':'%s'},{'person':'%s'},"
	          "{'person':'%s'}],'police':[{'person':'%s'}],'phones':0,'vehicle_ok':true}",
	          l->c->path, t->code, t->escort[0], t->escort[1], t->driver, t->police)
		->session = t->session;
}

static void leg(struct drill_load *l, const struct load_trip *t, const char *command, int64_t at_ms)
{
	struct drill *d = l->d;

	drill_add(d, at_ms, command, t->escort[0],
	          drill_fmt(d, "%s%s", load_two(l, "escort", t->escort[0], t->escort[1]),
	                    drill_badge(d, "police", t->police)),
	          "{'place':'%s','trip':'%s','vehicle':'%s','seal':'CF-%s'}", l->c->path, t->code,
	          t->vehicle, t->code)->session = t->session;
}

/* Metres off the route as a town's streets have them, a stop at a light. */
static void points(struct drill_load *l, const struct load_trip *t)
{
	struct drill *d = l->d;
	struct random chance = drill_random(d, t->code, l->c->number);
	const char *duty = drill_staff(d, l->c->path, "duty_officer", 2);
	int64_t at_ms = t->left_ms;

	for (;;) {
		int off, stopped;

		at_ms += POINT_S * DRILL_SECOND + drill_between(&chance, 0, 90) * DRILL_SECOND;
		if (at_ms >= t->in_ms)
			break;
		off = (int)drill_between(&chance, 0, 200);
		stopped = drill_between(&chance, 0, 3) ? 0 : (int)drill_between(&chance, 20, 180);
		drill_add(d, at_ms, "custody.report_point", duty, "",
		          "{'place':'%s','trip':'%s','off_route_m':%d,'stopped_s':%d,'seal_ok':true}",
		          l->c->path, t->code, off, stopped)->source = SOURCE_FEED;
	}
}

void load_trip(struct drill_load *l, const struct load_trip *t)
{
	approve(l, t);
	check_crew(l, t);
	leg(l, t, "custody.depart", t->left_ms);
	points(l, t);
	leg(l, t, "custody.arrive", t->in_ms);
}

void load_inspect(struct drill_load *l, const struct drill_site *site, const char *session,
                  struct drill_box *const *box, int n, int64_t at_ms)
{
	struct drill *d = l->d;
	const char *inspector = drill_staff(d, site->path, "inspector", 1);
	const char *clerk = drill_staff(d, site->path, "site_clerk", 1);
	struct strbuf b;

	strbuf_init(&b, d->arena);
	for (int i = 0; i < n; i++)
		strbuf_addf(&b, "%s{'object':'%s','sealed':true}", i ? "," : "", box[i]->code);
	drill_add(d, at_ms, "custody.inspect", inspector, load_two(l, "inspector", inspector, clerk),
	          "{'place':'%s','objects':[%s]}", site->path, strbuf_str(&b).s)->session = session;
}
