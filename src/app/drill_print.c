/* SPDX-License-Identifier: Apache-2.0 */
/* drill_print.c -- the city's printing house in a drill: a job a session, handed from step to step,
 * its waste destroyed in the evening.
 */
#include "app/drill_actors.h"

enum { STEPS = 4, WASTE = 6, PER_COPY = 2 };

static const char *const STEP[STEPS] = {"press", "cut", "bind", "check"};

struct house {
	struct drill *d;
	const struct drill_session *s;
	struct random chance;
	const char *place, *job, *master, *office, *hands, *watchers;
};

static void hand_on(struct house *h, int step, int64_t at_ms, int received, int waste)
{
	drill_add(h->d, at_ms, "custody.hand_process", h->master, h->hands,
	          "{'place':'%s','job':'%s','step':'%s','given':%d,'received':%d,'good':%d,"
	          "'waste':%d,'in_work':0}",
	          h->place, h->job, STEP[step], received, received, received - waste, waste)->session =
		h->s->id;
}

static void print_job(struct house *h, int64_t at_ms)
{
	struct drill *d = h->d;
	int copies = d->nsites * (h->s->nrooms * d->seats + 20), sheets = copies * PER_COPY + WASTE;

	drill_add(d, at_ms, "custody.order_print", h->office, "",
	          "{'place':'%s','job':'%s','session':'%s','kind':'paper','copies':%d,'per':%d}",
	          h->place, h->job, h->s->id, copies, PER_COPY);
	drill_add(d, at_ms += 2 * DRILL_MINUTE, "custody.issue_stock", h->master, h->hands,
	          "{'place':'%s','job':'%s','sheets':%d}", h->place, h->job, sheets)->session =
		h->s->id;
	for (int i = 0; i < STEPS; i++) {
		int waste = i == 0 ? WASTE - 2 : i == STEPS - 1 ? 2 : 0;

		at_ms += drill_delay(&h->chance, 20 * DRILL_MINUTE, 40 * DRILL_MINUTE);
		hand_on(h, i, at_ms, sheets, waste);
		sheets -= waste;
	}
	drill_add(d, drill_at(d, -2, 22, 0) + drill_delay(&h->chance, 10 * DRILL_MINUTE,
	                                                  40 * DRILL_MINUTE),
	          "custody.destroy_waste", h->master, h->watchers,
	          "{'place':'%s','job':'%s','sheets':%d}", h->place, h->job, WASTE)->session = h->s->id;
}

enum rc drill_print(struct op *op, struct drill *d)
{
	(void)op;
	if (profile_off(d->profile, "custody_print"))
		return RC_OK;
	for (int i = 0; i < d->nsessions; i++) {
		struct house h = {.d = d, .s = &d->sessions[i], .chance = drill_random(d, "print", i)};
		const char *second = drill_staff(d, d->city, "print_supervisor", 2);

		h.place = drill_fmt(d, "%s/press", d->city);
		h.job = drill_fmt(d, "YZ-%02d", i + 1);
		h.master = drill_staff(d, d->city, "print_supervisor", 1);
		h.office = drill_staff(d, d->city, "city_office", 1);
		h.hands = drill_fmt(d, "%s%s%s", drill_badge(d, "giver", h.office),
		                    drill_badge(d, "receiver", second),
		                    drill_badge(d, "supervisor", h.master));
		h.watchers = drill_fmt(d, "%s%s", drill_badge(d, "supervisor", h.master),
		                       drill_badge(d, "supervisor", second));
		drill_name(d, h.job, "print:%s", h.s->id);
		print_job(&h, drill_at(d, -2, 18, 0) + i * 5 * DRILL_MINUTE);
	}
	return RC_OK;
}
