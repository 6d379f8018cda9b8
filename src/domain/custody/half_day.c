/* SPDX-License-Identifier: Apache-2.0 */
/* half_day.c -- see half_day.h. */
#include "domain/custody/half_day.h"

#include "base/clock.h"
#include "domain/arrange/arrange.h"
#include "domain/custody/localise.h"
#include "ledger/ledger.h"

const struct word TROUBLE_WORDS[] = {
#define X(id, zh, en) {zh, en},
	TROUBLES(X)
#undef X
};

static enum rc put_step(const struct half_day *x, struct json *o, const char *key, int64_t index)
{
	struct arena *a = x->op->arena;
	struct json *step = json_new_object(a), *e;
	struct str bytes, at;
	struct hash leaf;
	int64_t at_ms;

	if (index < 0) {
		json_set_null(a, o, key);
		return RC_OK;
	}
	TRY(ledger_entry(x->op, x->ledger, (uint64_t)index, &bytes, &leaf));
	TRY(json_read(x->op, bytes, &e));
	at = json_str(e, "happened");
	if (!clock_parse(at.n ? at : json_str(e, "time"), &at_ms))
		return fail(x->op, RC_BROKEN, "time", "", "第 %lld 条没有时间", "entry %lld has no time",
		            (long long)index);
	json_set_int(a, step, "index", index);
	json_set_str(a, step, "time", clock_format_offset(a, at_ms, x->offset_min));
	json_set_str(a, step, "event", json_str(e, "type"));
	json_put(o, key, step);
	return RC_OK;
}

static enum rc put_gap(const struct half_day *x, struct str session, const struct custody_gap *g,
                       struct json *list)
{
	struct arena *a = x->op->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "kind", str_of(gap_kind_text(g->kind)));
	json_set_str(a, o, "code", g->code);
	json_set_str(a, o, "asset", g->asset);
	json_set_str(a, o, "session", session);
	json_set_str(a, o, "place", g->place);
	json_set_int(a, o, "copies", g->copies);
	TRY(put_step(x, o, "after", g->after));
	TRY(put_step(x, o, "before", g->before));
	json_set_int(a, o, "first", g->after);
	json_set_int(a, o, "last", g->before < 0 ? g->after : g->before);
	json_put(list, NULL, o);
	return RC_OK;
}

/* Was this bag issued to the room? */
static bool is_of_room(const struct custody_line *l, size_t n, struct str code, struct str room)
{
	for (size_t i = 0; i < n; i++)
		if (str_eq(l[i].bag, code))
			return str_eq(l[i].room, room);
	return false;
}

enum rc half_day_gaps(const struct half_day *x, struct str session, struct json *list)
{
	struct str place = x->place;
	bool room = place.n && place_level(place) == LEVEL_ROOM;
	struct str scope = room ? place_cut(x->op->arena, place, LEVEL_SITE) : place;
	struct custody_line *l = NULL;
	struct custody_gap *g;
	size_t n, nlines = 0;

	TRY(custody_localise(x->op, x->profile, session, scope, &g, &n));
	if (room)
		TRY(custody_session_lines(x->op, session, scope, &l, &nlines));
	for (size_t i = 0; i < n; i++)
		if (!room || place_covers(place, g[i].place) || is_of_room(l, nlines, g[i].code, place))
			TRY(put_gap(x, session, &g[i], list));
	return RC_OK;
}

static enum trouble trouble_of(const struct custody_line *l, bool ended)
{
	int64_t gap = custody_line_gap(l);

	if (l->state == BAG_LOST)
		return TROUBLE_LOST;
	if (gap)
		return gap > 0 ? TROUBLE_SHORT : TROUBLE_EXCESS;
	return ended && l->room.n && l->state < BAG_COUNTED ? TROUBLE_UNCOUNTED : TROUBLE_NONE;
}

static struct json *row_json(struct arena *a, const struct custody_line *l, enum trouble why)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "session", l->session);
	json_set_str(a, o, "site", l->site);
	json_set_str(a, o, "room", l->room);
	json_set_str(a, o, "bag", l->bag);
	json_set_str(a, o, "asset", l->asset);
	json_set_str(a, o, "state", str_of(bag_state_text(l->state)));
	json_set_str(a, o, "holder", l->holder);
	json_set_int(a, o, "copies", l->copies);
	json_set_int(a, o, "spare", l->spare);
	json_set_int(a, o, "moved", l->moved);
	json_set_int(a, o, "used", l->used + l->spare);
	json_set_int(a, o, "absent", l->absent);
	json_set_int(a, o, "left_over", l->left_over);
	json_set_int(a, o, "replaced", l->replaced);
	json_set_int(a, o, "short", custody_line_gap(l));
	json_set_bool(a, o, "balanced", why == TROUBLE_NONE);
	json_set_int(a, o, "first", l->first);
	json_set_int(a, o, "last", l->last);
	return o;
}

static enum rc tell_session(struct half_day *x, const struct profile_session *s, struct json *rows)
{
	bool room = place_level(x->place) == LEVEL_ROOM, ended = x->op->now_ms > s->end_ms;
	struct str place = room ? place_cut(x->op->arena, x->place, LEVEL_SITE) : x->place;
	struct custody_line *l;
	size_t n;

	TRY(custody_session_lines(x->op, s->id, place, &l, &n));
	for (int pass = 0; pass < 2; pass++) /* what is wrong stands first */
		for (size_t i = 0; i < n; i++) {
			enum trouble why = trouble_of(&l[i], ended);

			if ((room && !str_eq(l[i].room, x->place)) || (pass == 0) != (why != TROUBLE_NONE))
				continue;
			x->bags++;
			x->unbalanced += custody_line_gap(&l[i]) != 0 || l[i].state == BAG_LOST;
			x->uncounted += why == TROUBLE_UNCOUNTED;
			json_append(rows, row_json(x->op->arena, &l[i], why));
			if (x->each)
				x->each(x->ctx, &l[i], why);
		}
	return RC_OK;
}

enum rc half_day_tell(struct half_day *x, struct str half_day, struct json *o)
{
	const struct profile *p = x->profile;
	struct arena *a = x->op->arena;
	struct json *rows = json_new_array(a), *gaps = json_new_array(a);
	size_t n = 0;

	for (size_t i = 0; i < p->nsessions; i++)
		if (str_eq(p->sessions[i].half_day, half_day)) {
			TRY(tell_session(x, &p->sessions[i], rows));
			TRY(half_day_gaps(x, p->sessions[i].id, gaps));
			n++;
		}
	if (!n)
		return fail(x->op, RC_INVALID, "HALF_DAY", "",
		            "方案中没有半日 " STR_FMT "，写作 2025-06-07/am 或 2025-06-07/pm",
		            "the profile has no half day " STR_FMT "; written 2025-06-07/am or "
		            "2025-06-07/pm", STR_ARG(half_day));
	json_set_str(a, o, "half_day", half_day);
	json_set_str(a, o, "place", x->place);
	json_set_int(a, o, "bags", x->bags);
	json_set_int(a, o, "unbalanced", x->unbalanced);
	json_set_int(a, o, "uncounted", x->uncounted);
	json_put(o, "rows", rows);
	json_put(o, "differences", gaps);
	return RC_OK;
}
