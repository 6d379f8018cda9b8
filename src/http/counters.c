/* SPDX-License-Identifier: Apache-2.0 */
/* counters.c -- see counters.h.  Alarms that are folded into another are not counted again. */
#include "http/counters.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/sitting/sitting.h"
#include "engine/alarm.h"
#include "engine/writer.h"

/* Where bags are: in a store, on their way, at a site, in a room. */
enum where { AT_STORE, AT_WAY, AT_SITE, AT_ROOM, AT_MAX };

struct sums {
	int64_t alarms[COLOUR_MAX], sites[STEP_MAX + 1], bags[BAG_STATE_MAX], copies[BAG_STATE_MAX];
	int64_t at[AT_MAX]; /* bags that are somewhere: neither lost nor destroyed */
};

static enum rc add_alarms(struct op *op, struct str place, struct sums *s)
{
	struct alarm *list;
	size_t n;

	TRY(alarm_list(op, place, true, &list, &n));
	for (size_t i = 0; i < n; i++)
		if (!list[i].group.v && list[i].colour >= 0 && list[i].colour < COLOUR_MAX)
			s->alarms[list[i].colour]++;
	return RC_OK;
}

static enum rc add_sites(struct op *op, struct str session, struct str place, struct sums *s)
{
	struct site_plan *list;
	size_t n;

	TRY(arrange_sites(op, session, place, &list, &n));
	for (size_t i = 0; i < n; i++) {
		enum sitting_step step;
		int64_t at;

		TRY(sitting_progress(op, session, list[i].site, &step, &at));
		s->sites[step]++;
	}
	return RC_OK;
}

static enum where where_of(const struct custody_holding *h, const struct site_plan *sites, size_t n)
{
	if (place_level(h->holder) == LEVEL_ROOM)
		return AT_ROOM;
	for (size_t i = 0; i < n; i++)
		if (str_eq(sites[i].site, h->holder))
			return AT_SITE;
	return AT_STORE;
}

/* `session`: whose sites are told from stores. */
static enum rc add_papers(struct op *op, struct str session, struct str place, struct sums *s)
{
	struct custody_holding *list;
	struct site_plan *sites;
	size_t n, nsites;

	TRY(arrange_sites(op, session, place, &sites, &nsites));
	TRY(custody_holdings(op, place, &list, &n));
	for (size_t i = 0; i < n; i++) {
		s->bags[list[i].state] += list[i].bags;
		s->copies[list[i].state] += list[i].copies;
		if (list[i].state != BAG_LOST && list[i].state != BAG_DESTROYED)
			s->at[where_of(&list[i], sites, nsites)] += list[i].bags;
	}
	TRY(custody_in_transit(op, place, &list, &n));
	for (size_t i = 0; i < n; i++) {
		s->at[AT_WAY] += list[i].bags;
		if (!place.n) /* all holdings: vehicles were among them */
			s->at[AT_STORE] -= list[i].bags;
	}
	return RC_OK;
}

static struct json *papers(struct arena *a, const struct sums *s)
{
	struct json *o = json_new_object(a);

	for (int i = 0; i < BAG_STATE_MAX; i++) {
		struct json *x;

		if (!s->bags[i])
			continue;
		x = json_put(o, bag_state_text((enum bag_state)i), json_new_object(a));
		json_set_int(a, x, "bags", s->bags[i]);
		json_set_int(a, x, "copies", s->copies[i]);
	}
	return o;
}

static struct json *papers_at(struct arena *a, const struct sums *s)
{
	static const char *const NAMES[] = {"store", "way", "site", "room"};
	struct json *o = json_new_object(a);

	for (int i = 0; i < AT_MAX; i++)
		json_set_int(a, o, NAMES[i], s->at[i]);
	return o;
}

static struct json *alarms(struct arena *a, const struct sums *s)
{
	struct json *o = json_new_object(a);

	for (int i = 0; i < COLOUR_MAX; i++)
		json_set_int(a, o, colour_text(i), s->alarms[i]);
	return o;
}

/* "none": has reported nothing yet. */
static struct json *sites(struct arena *a, const struct sums *s)
{
#define X(id, name, zh, en) #name,
	static const char *const NAMES[] = {SITTING_STEPS(X) "none"};
#undef X
	struct json *o = json_new_object(a);

	for (int i = 0; i <= STEP_MAX; i++)
		if (s->sites[i])
			json_set_int(a, o, NAMES[i], s->sites[i]);
	return o;
}

enum rc counters_put(struct op *op, const struct str *places, size_t n, struct json *o)
{
	const struct profile *p = op_profile(op);
	const struct profile_session *session = profile_next(p, op->now_ms);
	struct str last = p->nsessions ? p->sessions[p->nsessions - 1].id : STR("");
	struct sums s = {0};

	for (size_t i = 0; i < n; i++) {
		TRY(add_alarms(op, places[i], &s));
		if (session)
			TRY(add_sites(op, session->id, places[i], &s));
		TRY(add_papers(op, session ? session->id : last, places[i], &s));
	}
	json_put(o, "alarms", alarms(op->arena, &s));
	json_put(o, "papers", papers(op->arena, &s));
	json_put(o, "papers_at", papers_at(op->arena, &s));
	json_set_str(op->arena, o, "session", session ? session->id : STR(""));
	json_put(o, "sites", sites(op->arena, &s));
	return RC_OK;
}

enum rc counters_json(struct op *op, const struct str *places, size_t n, int64_t per_s,
                      struct str *ret)
{
	struct json *o = json_new_object(op->arena);

	TRY(counters_put(op, places, n, o));
	json_set_int(op->arena, o, "entries_per_s", per_s);
	json_set_int(op->arena, o, "size", (int64_t)op->run->writer->ledger.tree.size);
	*ret = json_canonical(op->arena, o);
	return RC_OK;
}
