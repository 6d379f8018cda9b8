/* SPDX-License-Identifier: Apache-2.0 */
/* read_state.c -- the whole at a glance: is the ledger whole (integrity.h), and the wall.
 *
 *   GET /api/v1/integrity   anybody with a login
 *   GET /api/v1/wall        counts alone (脱敏), for a screen that visitors see: no place's name, no
 *                           room, no road, no person.  For whoever holds a grant at a city, a
 *                           province or everywhere, or the post of a city's duty officer, its
 *                           leader or an inspector wherever; of the places of those grants.
 */
#include "http/reading.h"

#include "domain/arrange/arrange.h"
#include "domain/sitting/sitting.h"
#include "engine/writer.h"
#include "http/counters.h"
#include "http/integrity.h"
#include "http/problem.h"
#include "http/scope.h"
#include "http/tiles.h"

enum { GRANTS_MOST = 64 };

static enum rc get_integrity(struct op *op, const struct reading *q, struct json *o)
{
	return integrity_get(op, q->router->integrity, q->router->tiles->log, o);
}

static bool is_for_the_wall(const struct granted *g)
{
	return place_level(g->place) <= LEVEL_CITY || str_is(g->role, "city_duty") ||
	       str_is(g->role, "city_leader") || str_is(g->role, "inspector");
}

struct people {
	int64_t sites, rooms, expected, present;
};

static enum rc count_session(struct op *op, struct str session, const struct str *places, size_t n,
                             struct people *to)
{
	for (size_t k = 0; k < n; k++) {
		struct site_plan *sites;
		size_t nsites;

		TRY(arrange_sites(op, session, places[k], &sites, &nsites));
		for (size_t i = 0; i < nsites; i++) {
			struct sitting_count c = {0};

			TRY(sitting_count(op, session, sites[i].site, &c));
			to->sites++;
			to->rooms += sites[i].rooms;
			to->expected += sites[i].seats;
			to->present += c.present;
		}
	}
	return RC_OK;
}

/* Who is not there before the session has begun is not absent yet. */
static void put_session(struct op *op, const struct profile_session *s, const struct people *p,
                        struct json *o)
{
	struct arena *a = op->arena;
	struct json *x = json_put(o, "on", json_new_object(a));

	json_set_str(a, x, "id", s->id);
	json_set_str(a, x, "zh", s->zh);
	json_set_str(a, x, "en", s->en.n ? s->en : s->zh);
	json_set_str(a, x, "start", clock_format_utc(a, s->start_ms));
	json_set_str(a, x, "end", clock_format_utc(a, s->end_ms));
	json_set_int(a, x, "expected", p->expected);
	json_set_int(a, x, "present", p->present);
	if (op->now_ms >= s->start_ms)
		json_set_int(a, x, "absent", p->expected > p->present ? p->expected - p->present : 0);
}

static enum rc get_wall(struct op *op, const struct reading *q, struct json *o)
{
	const struct profile_session *s = profile_next(op_profile(op), op->now_ms);
	struct granted grants[GRANTS_MOST];
	struct str places[SCOPE_PLACES];
	struct people p = {0};
	size_t n = authority_grants(op->run->writer->authority, q->who, op->now_ms, grants,
	                            GRANTS_MOST), kept = 0;

	for (size_t i = 0; i < n; i++)
		if (is_for_the_wall(&grants[i]))
			grants[kept++] = grants[i];
	if (!kept)
		return fail(op, RC_DENIED, "", "", "大屏限市级及以上岗位、市值班员和巡视员",
		            "the wall is for posts of a city or above, its duty officers and inspectors");
	n = scope_places(grants, kept, places);
	TRY(counters_put(op, places, n, o));
	if (s)
		TRY(count_session(op, s->id, places, n, &p));
	json_set_int(op->arena, o, "nsites", p.sites);
	json_set_int(op->arena, o, "nrooms", p.rooms);
	if (s)
		put_session(op, s, &p, o);
	json_set_str(op->arena, o, "now", clock_format_utc(op->arena, op->now_ms));
	json_set_int(op->arena, o, "offset_min", op_profile(op)->utc_offset_min);
	return RC_OK;
}

static void integrity(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), get_integrity);
}

static void wall(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), get_wall);
}

static const struct route_answer INTEGRITY[] = {
	{200, "application/json", "integrity", "台账是否完整", "whether the ledger is whole"},
};
static const struct route_answer WALL[] = {
	{200, "application/json", "wall", "大屏数字", "the numbers of the wall"},
};
static const struct route_param WALL_ASKS[] = {READING_MIN_INDEX};
static const int PROBLEMS[] = {400, 401, 500, 503, 0};
static const int WALL_PROBLEMS[] = {400, 401, 403, 409, 500, 503, 0};

const struct route STATE_ROUTES[] = {
	{"GET", "/api/v1/integrity", ROUTE_CALLER, .handle = integrity, ANSWERS(INTEGRITY),
	 .problems = PROBLEMS, .zh = "本台账是否完整，用平常的话", .en = "is the ledger whole, in plain words"},
	{"GET", "/api/v1/wall", ROUTE_CALLER, .handle = wall, PARAMS(WALL_ASKS), ANSWERS(WALL),
	 .problems = WALL_PROBLEMS, .zh = "大屏：只有数字（脱敏）", .en = "the wall: counts alone"},
};
const size_t STATE_NROUTES = COUNT(STATE_ROUTES);
