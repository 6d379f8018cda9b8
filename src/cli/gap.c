/* SPDX-License-Identifier: Apache-2.0 */
/* gap.c -- the differences of a session as a document and as lines; see gap.h. */
#include "cli/gap.h"

#include "cli/labels.h"
#include "cli/out.h"
#include "domain/arrange/arrange.h"
#include "domain/custody/custody.h"
#include "domain/custody/localise.h"

static const struct {
	const char *code, *zh, *en;
} KINDS[] = {
	{"lost", "短少", "lost"},
	{"double", "多出（重数）", "too many, counted twice"},
	{"swapped", "互换（串袋、串场）", "swapped"},
	{"late", "迟到", "late"},
	{"disputed", "交接有争议", "hand-over in dispute"},
	{"moved", "转入转出对不上", "moved from or to nowhere"},
	{"scripts", "答卷袋份数与清点不符", "scripts packed are not those counted"},
};

static const char *kind_label(const struct cli *c, struct str code)
{
	for (size_t i = 0; i < COUNT(KINDS); i++)
		if (str_is(code, KINDS[i].code))
			return cli_tr(c, KINDS[i].zh, KINDS[i].en);
	return code.s;
}

static enum rc put_step(struct cli *c, struct json *o, const char *key, int64_t index)
{
	struct arena *a = &c->arena;
	struct json *x = json_new_object(a), *e;
	struct str bytes, at;
	struct hash leaf;
	int64_t at_ms;

	if (index < 0) {
		json_set_null(a, o, key);
		return RC_OK;
	}
	TRY(ledger_entry(&c->op, office_ledger(&c->office), (uint64_t)index, &bytes, &leaf));
	TRY(json_read(&c->op, bytes, &e));
	at = json_str(e, "happened");
	if (!clock_parse(at.n ? at : json_str(e, "time"), &at_ms))
		return fail(&c->op, RC_BROKEN, "time", "", "第 %lld 条没有时间", "entry %lld has no time",
		            (long long)index);
	json_set_int(a, x, "index", index);
	json_set_str(a, x, "time", cli_time_json(c, at_ms));
	json_set_str(a, x, "event", json_str(e, "type"));
	json_put(o, key, x);
	return RC_OK;
}

static enum rc put_gap(struct cli *c, struct str session, const struct custody_gap *g,
                       struct json *list)
{
	struct arena *a = &c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "kind", str_of(gap_kind_text(g->kind)));
	json_set_str(a, o, "code", g->code);
	json_set_str(a, o, "asset", g->asset);
	json_set_str(a, o, "session", session);
	json_set_str(a, o, "place", g->place);
	json_set_int(a, o, "copies", g->copies);
	TRY(put_step(c, o, "after", g->after));
	TRY(put_step(c, o, "before", g->before));
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

enum rc gap_list(struct cli *c, struct str session, struct str place, struct json *list)
{
	bool room = place.n && place_level(place) == LEVEL_ROOM;
	struct str scope = room ? place_cut(&c->arena, place, LEVEL_SITE) : place;
	struct custody_line *l = NULL;
	struct custody_gap *g;
	size_t n, nlines = 0;

	TRY(custody_localise(&c->op, &c->office.profile, session, scope, &g, &n));
	if (room)
		TRY(custody_session_lines(&c->op, session, scope, &l, &nlines));
	for (size_t i = 0; i < n; i++)
		if (!room || place_covers(place, g[i].place) || is_of_room(l, nlines, g[i].code, place))
			TRY(put_gap(c, session, &g[i], list));
	return RC_OK;
}

static struct str step_text(struct cli *c, const struct json *step)
{
	struct str at = json_str(step, "time"), event = json_str(step, "event");
	const struct event_type *t = modules_event(&c->modules, event);

	return str_fmt(&c->arena, "[%lld] %.5s %.5s %s", (long long)json_int(step, "index", -1),
	               at.n > 16 ? at.s + 5 : "", at.n > 16 ? at.s + 11 : "",
	               t ? cli_tr(c, t->zh, t->en) : event.s);
}

void gap_say(struct cli *c, const struct json *gap)
{
	const struct json *before = json_get(gap, "before");
	bool seen = before && before->type == JSON_OBJECT;
	struct str asset = json_str(gap, "asset");

	cli_say(c, "  定位：%s %s %s %lld 份，在 %s；%s 之后，%s", "  where: %s %s, %s, %lld copies, at %s;"
	        " after %s, %s", json_str(gap, "code").s, asset.n ? label_asset(c, asset).s : "",
	        kind_label(c, json_str(gap, "kind")), (long long)json_int(gap, "copies", 0),
	        label_place(c, json_str(gap, "place")).s, step_text(c, json_get(gap, "after")).s,
	        seen ? str_fmt(&c->arena, cli_tr(c, "%s 之前", "before %s"), step_text(c, before).s).s
	             : cli_tr(c, "至今", "to this moment"));
}
