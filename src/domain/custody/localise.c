/* SPDX-License-Identifier: Apache-2.0 */
/* localise.c -- walks the lives of a session's bags and boxes; see localise.h.  Reads only. */
#include "domain/custody/localise.h"

#include "domain/arrange/arrange.h"
#include "domain/custody/paper.h"

enum { Q_BAGS, Q_BOXES, Q_SCRIPTS };
static const struct sql SQL[] = {
	[Q_BAGS] = {"SELECT code FROM custody_bag WHERE session = ? ORDER BY code", 1},
	[Q_BOXES] = {"SELECT code FROM custody_box WHERE session = ? ORDER BY code", 1},
	[Q_SCRIPTS] = {"SELECT bag, scripts FROM custody_script WHERE session = ? AND room = ?"
	               " ORDER BY bag", 2},
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
	struct custody_gap *moved; /* of each bag whose count has copies moved in (> 0) or out */
	size_t nmoved, cap_moved;
};

static void append(struct arena *a, struct custody_gap **list, size_t *n, size_t *cap,
                   const struct custody_gap *gap)
{
	*list = arena_room(a, *list, *n, cap, sizeof(**list));
	(*list)[(*n)++] = *gap;
}

static void gap_add(struct gaps *g, const struct custody_gap *gap)
{
	if (!g->scope.n || place_covers(g->scope, gap->place))
		append(g->arena, &g->list, &g->n, &g->cap, gap);
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

/* The last count of a bag; n: none. */
static size_t last_count(const struct custody_step *s, size_t n)
{
	for (size_t i = n; i-- > 0;)
		if (is_count(&s[i]))
			return i;
	return n;
}

/* When a step of the session's programme must be done; INT64_MAX: not in the profile. */
static int64_t window_end_ms(const struct gaps *g, struct str session, struct str step)
{
	const struct profile_session *of = profile_session(g->profile, session);
	const struct profile_step *window = profile_step(g->profile, step);

	return of && window ? of->end_ms + window->to_s * 1000 : INT64_MAX;
}

/* First counted when the room's sheet was long due: where it lay until then is the room. */
static bool find_counted_late(struct gaps *g, const struct bag *bag, const struct custody_step *s,
	                          size_t n)
{
	size_t i;

	for (i = 1; i < n && !str_is(s[i].event, "custody.bag_counted"); i++)
		;
	if (i == n || s[i].at_ms <= window_end_ms(g, bag->session, STR("custody.room_sheet")))
		return false;
	gap_add(g, &(struct custody_gap){.kind = GAP_LATE, .code = bag->code, .asset = bag->asset,
	                                 .copies = bag->copies, .place = s[i].place,
	                                 .after = s[i - 1].index, .before = s[i].index});
	return true;
}

static void note_moved(struct gaps *g, const struct bag *bag, const struct custody_step *s,
	                   size_t n)
{
	size_t i = last_count(s, n);

	if (!bag->moved || i == n || !i)
		return;
	append(g->arena, &g->moved, &g->nmoved, &g->cap_moved,
	       &(struct custody_gap){.kind = GAP_MOVED, .code = bag->code, .asset = bag->asset,
	                             .copies = bag->moved, .place = s[i].place,
	                             .after = s[i - 1].index, .before = s[i].index});
}

/* What came must have gone elsewhere in the same site; when it does not add up, the rooms on the
 * heavier side are those to ask. */
static void find_moved(struct gaps *g)
{
	for (size_t i = 0; i < g->nmoved; i++) {
		struct custody_gap gap = g->moved[i];
		struct str site = place_cut(g->arena, gap.place, LEVEL_SITE);
		int64_t net = 0;

		for (size_t j = 0; j < g->nmoved; j++)
			if (str_eq(g->moved[j].asset, gap.asset) &&
			    str_eq(place_cut(g->arena, g->moved[j].place, LEVEL_SITE), site))
				net += g->moved[j].copies;
		if (!net || (net > 0) != (gap.copies > 0))
			continue;
		gap.copies = gap.copies < 0 ? -gap.copies : gap.copies;
		gap_add(g, &gap);
	}
}

/* The script bag and the room's count are told apart from each other; it arose between the two.
 * When the count itself does not add up, this follows from it. */
static enum rc find_scripts(struct op *op, struct gaps *g, const struct bag *bag,
	                        const struct custody_step *s, size_t n)
{
	AUTO(rows) r = {0};
	struct custody_gap gap = {.kind = GAP_SCRIPTS, .asset = bag->asset, .place = bag->room};
	struct custody_step *packed;
	size_t i = last_count(s, n), npacked;

	if (bag->kind != PAPER_PAPER || bag->missing || bag->state < BAG_COUNTED || i == n)
		return RC_OK;
	TRY(sql_query(op, &SQL[Q_SCRIPTS], ARGS(sql_text(bag->session), sql_text(bag->room)), &r));
	if (!rows_next(&r) || rows_int(&r, 1) == bag->used + bag->spare)
		return RC_OK;
	gap.code = rows_dup(op->arena, &r, 0);
	gap.copies = rows_int(&r, 1) - bag->used - bag->spare;
	gap.copies = gap.copies < 0 ? -gap.copies : gap.copies;
	TRY(custody_trace(op, gap.code, -1, &packed, &npacked));
	gap.after = packed[0].index < s[i].index ? packed[0].index : s[i].index;
	gap.before = packed[0].index < s[i].index ? s[i].index : packed[0].index;
	gap_add(g, &gap);
	return RC_OK;
}

/* Only bags that went to a room are waited for; the last holder before the return had it late. */
static void find_late(struct op *op, struct gaps *g, const struct bag *bag,
	                  const struct custody_step *s, size_t n)
{
	struct custody_gap gap = {.kind = GAP_LATE, .code = bag->code, .asset = bag->asset,
		                      .copies = bag_held(bag), .before = -1};
	int64_t due_ms = window_end_ms(g, bag->session, STR("custody.return")), at_ms = op->now_ms;
	size_t i;

	if (due_ms == INT64_MAX || !bag->room.n || bag->state == BAG_LOST)
		return;
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
	struct str *list = NULL;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(session)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
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
	if (!find_counted_late(g, &bag, s, n)) /* counted after its return: late, not astray */
		find_steps(g, &bag, s, n);
	find_late(op, g, &bag, s, n);
	note_moved(g, &bag, s, n);
	return find_scripts(op, g, &bag, s, n);
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
	find_moved(&g);
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
