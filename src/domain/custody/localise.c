/* SPDX-License-Identifier: Apache-2.0 */
/* localise.c -- walks the lives of a session's bags and boxes; see localise.h.  Reads only. */
#include "domain/custody/localise.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/paper.h"

enum { Q_BAGS, Q_BOXES };
static const struct sql SQL[] = {
	[Q_BAGS] = {"SELECT code FROM custody_bag WHERE session = ? ORDER BY code", 1},
	[Q_BOXES] = {"SELECT code FROM custody_box WHERE session = ? ORDER BY code", 1},
};

static const char *const KIND[] = {
#define X(id, text) text,
	GAP_KINDS(X)
#undef X
};

const char *gap_kind_text(enum gap_kind k)
{
	return k < GAP_KIND_MAX ? KIND[k] : "?";
}

struct gaps {
	struct arena *arena;
	const struct profile *profile;
	struct custody_gap *list;
	size_t n, cap;
	struct str scope;
};

static void gap_add(struct gaps *g, const struct custody_gap *gap)
{
	struct custody_gap *more;

	if (g->scope.n && !place_covers(g->scope, gap->place))
		return;
	if (g->n == g->cap) {
		g->cap = g->cap ? g->cap * 2 : 16;
		more = arena_array(g->arena, g->cap, sizeof(*more));
		if (g->n)
			memcpy(more, g->list, g->n * sizeof(*more));
		g->list = more;
	}
	g->list[g->n++] = *gap;
}

static bool one_in_other(struct str a, struct str b)
{
	return place_covers(a, b) || place_covers(b, a);
}

/* Somebody opened, counted or saw the bag where the books did not have it. */
static bool astray(const struct custody_step *before, const struct custody_step *s)
{
	static const char *const SIGHTINGS[] = {"custody.bag_opened", "custody.bag_counted",
		"custody.bag_seen", "custody.opening_seen"};
	size_t i;

	for (i = 0; i < COUNT(SIGHTINGS) && !str_is(s->event, SIGHTINGS[i]); i++)
		;
	return i < COUNT(SIGHTINGS) && place_path_valid(before->holder) &&
		!one_in_other(before->holder, s->place);
}

static bool is_count(const struct custody_step *s)
{
	return str_is(s->event, "custody.bag_counted") || str_is(s->event, "custody.stopped_sealed");
}

static bool is_return(const struct custody_step *s)
{
	return str_is(s->event, "custody.bags_returned");
}

/* The count that found a difference is the last before the first difference posted; what was sound
 * is the step before that count. */
static void find_copies(struct gaps *g, const struct bag *bag, const struct custody_step *s,
	                    size_t n)
{
	struct custody_gap gap = {.kind = bag->missing > 0 ? GAP_LOST : GAP_DOUBLE, .code = bag->code,
		                      .asset = bag->asset, .before = -1};
	size_t i, count = 0;

	for (i = 0; i < n && !str_is(s[i].event, "custody.difference_posted"); i++)
		if (is_count(&s[i]))
			count = i;
	if (!bag->missing || i == n || !count)
		return;
	gap.copies = bag->missing > 0 ? bag->missing : -bag->missing;
	gap.place = s[count].place;
	gap.after = s[count - 1].index;
	gap.before = s[count].index;
	gap_add(g, &gap);
}

static void find_steps(struct gaps *g, const struct bag *bag, const struct custody_step *s,
	                   size_t n)
{
	for (size_t i = 1; i < n; i++) {
		struct custody_gap gap = {.kind = GAP_SWAPPED, .code = bag->code, .asset = bag->asset,
			                      .copies = bag->copies, .place = s[i].place,
			                      .after = s[i - 1].index, .before = s[i].index};

		if (str_is(s[i].event, "custody.bag_missed")) {
			gap.kind = GAP_LOST;
			gap.copies = bag_held(bag);
			gap.place = s[i - 1].holder;
		} else if (!astray(&s[i - 1], &s[i])) {
			continue;
		}
		gap_add(g, &gap);
		return; /* what comes after follows from it */
	}
}

/* Only bags that went to a room are waited for; the last holder before the return had it late. */
static void find_late(struct op *op, struct gaps *g, const struct bag *bag,
	                  const struct custody_step *s, size_t n)
{
	const struct profile_session *of = profile_session(g->profile, bag->session);
	const struct profile_step *window = profile_step(g->profile, STR("custody.return"));
	struct custody_gap gap = {.kind = GAP_LATE, .code = bag->code, .asset = bag->asset,
		                      .copies = bag_held(bag), .before = -1};
	int64_t due_ms, at_ms = op->now_ms;
	size_t i;

	if (!of || !window || !bag->room.n || bag->state == BAG_LOST)
		return;
	due_ms = of->end_ms + window->to_s * 1000;
	for (i = 1; i < n && !is_return(&s[i]); i++)
		;
	if (i < n) {
		at_ms = s[i].at_ms;
		gap.before = s[i].index;
	}
	gap.after = s[i - 1].index;
	gap.place = s[i - 1].holder;
	if (at_ms > due_ms)
		gap_add(g, &gap);
}

/* Short in one room, as many too much in another of the same site: the copies changed rooms. */
static void pair_rooms(struct arena *a, struct gaps *g)
{
	for (size_t i = 0; i < g->n; i++)
		for (size_t j = 0; j < g->n; j++) {
			struct custody_gap *lost = &g->list[i], *more = &g->list[j];

			if (lost->kind != GAP_LOST || more->kind != GAP_DOUBLE ||
			    lost->copies != more->copies || !str_eq(lost->asset, more->asset) ||
			    !str_eq(place_cut(a, lost->place, LEVEL_SITE),
			            place_cut(a, more->place, LEVEL_SITE)))
				continue;
			lost->kind = GAP_SWAPPED;
			more->kind = GAP_SWAPPED;
		}
}

/* A dispute that a later hand-over settled is none any more. */
static void find_dispute(struct gaps *g, struct str code, const struct custody_step *s, size_t n)
{
	size_t i = n;

	while (i > 0 && !str_is(s[i - 1].event, "custody.handover_disputed") &&
	       !str_is(s[i - 1].event, "custody.handed_over"))
		i--;
	if (i < 2 || !str_is(s[i - 1].event, "custody.handover_disputed"))
		return;
	gap_add(g, &(struct custody_gap){.kind = GAP_DISPUTED, .code = code, .place = s[i - 1].place,
	                                 .after = s[i - 2].index, .before = s[i - 1].index});
}

static enum rc read_codes(struct op *op, int q, struct str session, struct str **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str *list = NULL, *more;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session)), &r));
	while (rows_next(&r)) {
		if (n == cap) {
			cap = cap ? cap * 2 : 256;
			more = arena_array(op->arena, cap, sizeof(*more));
			if (n)
				memcpy(more, list, n * sizeof(*more));
			list = more;
		}
		list[n++] = rows_dup(op->arena, &r, 0);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static enum rc look_at_bag(struct op *op, struct gaps *g, struct str code)
{
	struct custody_step *s;
	struct bag bag;
	bool known;
	size_t n;

	TRY(bag_find(op, code, &bag, &known));
	TRY(custody_trace(op, code, -1, &s, &n));
	find_copies(g, &bag, s, n);
	find_steps(g, &bag, s, n);
	find_late(op, g, &bag, s, n);
	return RC_OK;
}

enum rc custody_localise(struct op *op, const struct profile *profile, struct str session,
                         struct str place, struct custody_gap **ret, size_t *ret_n)
{
	struct gaps g = {.arena = op->arena, .profile = profile, .scope = place};
	struct custody_step *s;
	struct str *code;
	size_t n, steps;

	TRY(read_codes(op, Q_BAGS, session, &code, &n));
	for (size_t i = 0; i < n; i++)
		TRY(look_at_bag(op, &g, code[i]));
	pair_rooms(op->arena, &g);
	TRY(read_codes(op, Q_BOXES, session, &code, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(custody_trace(op, code[i], -1, &s, &steps));
		find_dispute(&g, code[i], s, steps);
	}
	*ret = g.list;
	*ret_n = g.n;
	return RC_OK;
}

const struct module custody_localise_module = {
	.name = "custody_localise", .group = "custody", .rev = 1,
	.sql = SQL, .nsql = COUNT(SQL),
	.zh = "差额定位", .en = "where a difference arose",
};
