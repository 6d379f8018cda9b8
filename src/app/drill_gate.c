/* SPDX-License-Identifier: Apache-2.0 */
/* drill_gate.c -- who comes to each site of a drill: staff and their phones, the draw, and
 * what the gates found.
 */
#include "app/drill_actors.h"

#include "app/drill_scenario.h"

struct gate {
	struct drill *d;
	const struct drill_site *site;
	struct random chance;
	const char *clerk, *chief, *deputy, *checker, *discipline, *county;
};

static int64_t after(struct gate *g, int64_t from_ms, int64_t minutes, int64_t median, int64_t p99)
{
	return from_ms + minutes * DRILL_MINUTE +
	       drill_delay(&g->chance, median * DRILL_MINUTE, p99 * DRILL_MINUTE);
}

static const char *two(struct gate *g, const char *a, const char *who, const char *b,
                       const char *other)
{
	return drill_fmt(g->d, "%s%s", drill_badge(g->d, a, who), drill_badge(g->d, b, other));
}

/* ---- staff ---- */

/* Everybody who works inside hands in a phone; the chief keeps the duty phone. */
static const char *staff_list(struct gate *g)
{
	static const char *const ROLES[] = {"deputy_chief", "site_clerk", "bell_keeper",
		"listening_player", "video_invigilator", "gate_checker", "identity_checker", "technician",
		"roving_invigilator", "invigilator"};
	struct strbuf b;
	int locker = 0;

	strbuf_init(&b, g->d->arena);
	strbuf_addf(&b, "{'person':'%s','phone':'kept'}", g->chief);
	for (size_t i = 0; i < COUNT(ROLES); i++)
		for (int n = drill_staff_count(g->d, g->site->path, ROLES[i]); n > 0; n--)
			strbuf_addf(&b, ",{'person':'%s','phone':'locked','locker':'L-%03d'}",
			            drill_staff(g->d, g->site->path, ROLES[i], n), ++locker);
	return strbuf_str(&b).s;
}

static void check_in(struct gate *g, const struct drill_session *s)
{
	drill_add(g->d, after(g, s->start_ms, -115, 10, 28), "sitting.check_in", g->clerk,
	          two(g, "keeper", g->clerk, "keeper", g->checker),
	          "{'place':'%s','session':'%s','searched':true,'staff':[%s]}", g->site->path, s->id,
	          staff_list(g))->source = SOURCE_OFFICE;
}

static void draw(struct gate *g, const struct drill_session *s)
{
	struct strbuf b;

	strbuf_init(&b, g->d->arena);
	for (int i = 0; i < g->site->nrooms; i++)
		for (int k = 0; drill_sits(&g->site->rooms[i], s) && k < 2; k++)
			strbuf_addf(&b, "%s{'room':'%s','person':'%s'}", b.n ? "," : "",
			            g->site->rooms[i].path,
			            drill_invigilator(g->d, &g->site->rooms[i], k));
	drill_add(g->d, after(g, s->start_ms, -80, 5, 18), "sitting.record_draw", g->clerk,
	          two(g, "chief", g->chief, "discipline", g->discipline),
	          "{'place':'%s','session':'%s','recorded':true,'printed':true,'drawn':[%s]}",
	          g->site->path, s->id, strbuf_str(&b).s)->source = SOURCE_OFFICE;
}

/* ---- candidates ---- */

/* At a connected gate: the phone into a locker, then through. */
static void pass(struct gate *g, const struct drill_session *s, const struct drill_room *r,
                 int seat)
{
	struct drill *d = g->d;
	const char *who = drill_candidate(d, r, seat);
	int64_t at_ms = after(g, s->start_ms, -75, 5, 14) + seat * 8 * DRILL_SECOND;
	int hits = drill_between(&g->chance, 0, 19) == 0;

	drill_add(d, at_ms, "sitting.store_item", g->checker, "",
	          "{'place':'%s','session':'%s','candidate':'%s','kind':'phone',"
	          "'locker':'W-%02d-%02d'}",
	          g->site->path, s->id, who, r->number, seat);
	drill_add(d, at_ms + drill_between(&g->chance, 20, 60) * DRILL_SECOND, "sitting.pass_gate",
	          g->checker, "",
	          "{'place':'%s','session':'%s','candidate':'%s','hits':%d,'cleared':%s}",
	          g->site->path, s->id, who, hits, hits ? "true" : "false");
}

static void pass_all(struct gate *g, const struct drill_session *s, const struct drill_room *r)
{
	int seats = drill_seats(g->d, r, s);

	for (int seat = 1; g->d->scenario->gates && seat <= seats; seat++)
		if (!drill_is_absent(g->d, r, s, seat))
			pass(g, s, r, seat);
}

static void candidates(struct gate *g, const struct drill_session *s)
{
	int searched = 0;

	for (int i = 0; i < g->site->nrooms; i++) {
		const struct drill_room *r = &g->site->rooms[i];

		if (!drill_sits(r, s))
			continue;
		searched += drill_seats(g->d, r, s) - drill_absent(g->d, r, s);
		pass_all(g, s, r);
	}
	drill_add(g->d, after(g, s->start_ms, 16, 4, 10), "sitting.report_gate", g->checker, "",
	          "{'place':'%s','session':'%s','checked':%d,'hits':9,'cleared':5,'stored':3,"
	          "'allowed':1}", g->site->path, s->id, searched + 4);
}

static struct gate gate_of(struct drill *d, int i)
{
	const struct drill_site *site = d->sites[i];
	const char *at = site->path, *county = site->county->path;

	return (struct gate){d, site, drill_random(d, "gate", i),
		drill_staff(d, at, "site_clerk", 1), drill_staff(d, at, "site_chief", 1),
		drill_staff(d, at, "deputy_chief", 1), drill_staff(d, at, "gate_checker", 1),
		drill_staff(d, county, "discipline_officer", 1),
		drill_staff(d, county, "county_office", 1)};
}

enum rc drill_gate(struct op *op, struct drill *d)
{
	for (int i = 0; i < d->nsites; i++) {
		struct gate g = gate_of(d, i);

		drill_add(d, drill_at(d, -1, 16, 0), "sitting.allow_phone", g.clerk,
		          two(&g, "chief", g.deputy, "county", g.county), "{'place':'%s','person':'%s'}",
		          g.site->path, g.chief);
		for (int k = 0; k < d->nsessions; k++) {
			if (!d->sessions[k].nrooms)
				continue;
			check_in(&g, &d->sessions[k]);
			draw(&g, &d->sessions[k]);
			candidates(&g, &d->sessions[k]);
		}
	}
	return RC_OK;
}
