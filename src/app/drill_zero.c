/* SPDX-License-Identifier: Apache-2.0 */
/* drill_zero.c -- zero-reports in a drill: each session, site, then county, then city; each evening
 * the store's report and the closing of the day.
 *
 * Nothing is stated by leaving it out: what there was none of is reported as 0.
 */
#include "app/drill_actors.h"

struct figures {
	int expected, absent, ill, spares;
};

static void add_site(struct drill *d, const struct drill_site *site, const struct drill_session *s,
                     struct figures *f)
{
	for (int i = 0; i < site->nrooms; i++)
		if (drill_sits(&site->rooms[i], s)) {
			struct drill_life_count n = drill_life_of(d, &site->rooms[i], s);

			f->expected += drill_seats(d, &site->rooms[i], s);
			f->absent += drill_absent(d, &site->rooms[i], s);
			f->ill += n.ill;
			f->spares += n.spares;
		}
}

static void report(struct drill *d, int64_t at_ms, const char *command, const char *as,
                   const char *slots, const char *place, const struct drill_session *s,
                   const struct figures *f)
{
	drill_add(d, at_ms, command, as, slots,
	          "{'place':'%s','session':'%s','expected':%d,'present':%d,'absent':%d,"
	          "'violations':0,'incidents':%d,'spares':%d,'listening_faults':0,'store_findings':0,"
	          "'exceptions':0}",
	          place, s->id, f->expected, f->expected - f->absent, f->absent, f->ill,
	          f->spares)->source = SOURCE_OFFICE;
}

static void site_report(struct drill *d, const struct drill_site *site,
                        const struct drill_session *s, struct random *chance,
                        struct figures *ret_sum)
{
	struct figures f = {0};

	add_site(d, site, s, &f);
	report(d, s->end_ms + 20 * DRILL_MINUTE +
	              drill_delay(chance, 12 * DRILL_MINUTE, 30 * DRILL_MINUTE),
	       "duty.zero_site", drill_staff(d, site->path, "site_clerk", 1),
	       drill_badge(d, "chief", drill_staff(d, site->path, "site_chief", 1)), site->path, s, &f);
	ret_sum->expected += f.expected;
	ret_sum->absent += f.absent;
	ret_sum->ill += f.ill;
	ret_sum->spares += f.spares;
}

static void session_reports(struct drill *d, const struct drill_session *s, struct random *chance)
{
	struct figures city = {0};

	for (int i = 0; i < d->ncounties; i++) {
		const struct drill_county *c = &d->counties[i];
		struct figures county = {0};

		for (int k = 0; k < c->nsites; k++)
			site_report(d, &c->sites[k], s, chance, &county);
		report(d, s->end_ms + 62 * DRILL_MINUTE +
		              drill_delay(chance, 5 * DRILL_MINUTE, 20 * DRILL_MINUTE),
		       "duty.zero_county", drill_staff(d, c->path, "duty_officer", 2),
		       drill_badge(d, "leader", drill_staff(d, c->path, "county_leader", 1)), c->path, s,
		       &county);
		city.expected += county.expected;
		city.absent += county.absent;
		city.ill += county.ill;
		city.spares += county.spares;
	}
	report(d, s->end_ms + 92 * DRILL_MINUTE +
	              drill_delay(chance, 5 * DRILL_MINUTE, 20 * DRILL_MINUTE),
	       "duty.zero_city", drill_staff(d, d->city, "city_duty", 1),
	       drill_badge(d, "leader", drill_staff(d, d->city, "city_leader", 1)), d->city, s, &city);
}

/* ---- the evening ---- */

static void close_day(struct drill *d, int day, const char *place, const char *as,
                      const char *leader, struct random *chance)
{
	drill_add(d, drill_at(d, day, 21, 20) +
	                 drill_delay(chance, 20 * DRILL_MINUTE, 80 * DRILL_MINUTE),
	          "duty.close_day", as, drill_badge(d, "leader", leader),
	          "{'place':'%s','day':'%s','papers_back':true,'balanced':true,'open_alarms':0,"
	          "'tomorrow_ready':true}",
	          place, drill_date(d, day));
}

static void evening(struct drill *d, int day, struct random *chance)
{
	for (int i = 0; i < d->ncounties; i++) {
		const struct drill_county *c = &d->counties[i];
		const char *keeper = drill_staff(d, c->path, "store_keeper", 1);

		drill_add(d, drill_at(d, day, 20, 32) +
		                 drill_delay(chance, 10 * DRILL_MINUTE, 40 * DRILL_MINUTE),
		          "duty.report_store", keeper, drill_badge(d, "keeper", keeper),
		          "{'place':'%s','day':'%s','boxes':%d,'sound':true}", c->store,
		          drill_date(d, day), c->nsites);
		close_day(d, day, c->path, drill_staff(d, c->path, "duty_officer", 1),
		          drill_staff(d, c->path, "county_leader", 1), chance);
	}
	close_day(d, day, d->city, drill_staff(d, d->city, "city_duty", 1),
	          drill_staff(d, d->city, "city_leader", 1), chance);
}

enum rc drill_zero(struct op *op, struct drill *d)
{
	struct random chance = drill_random(d, "zero", 0);

	for (int i = 0; i < d->nsessions; i++)
		if (d->sessions[i].nrooms)
			session_reports(d, &d->sessions[i], &chance);
	for (int day = 0; day < d->days; day++)
		evening(d, day, &chance);
	return RC_OK;
}
