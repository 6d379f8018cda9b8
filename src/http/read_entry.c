/* SPDX-License-Identifier: Apache-2.0 */
/* read_entry.c -- GET /api/v1/ledger/entries/{index}: one entry, decoded (told.h).
 *
 * Who may read it, by the entry's own place P, in this order; everybody else, and whoever asks for
 * an entry that there is not, gets one answer, 404:
 *   - whoever has the right ledger.read at P;
 *   - whoever holds at P a role to which the event type is visible (event_type.visible_to): what a
 *     module says of its own events;
 *   - whoever may read, at P, the view that shows what the entry says, where there is such a view
 *     (SHOWN: alarms, what is expected, grants, where papers are): the engine's events have no
 *     roles of their own, and who watches papers sees none of what else a store's people tell;
 *   - anybody, of the genesis and of the rules and the profile that were put in force (OPEN): what
 *     they say GET /api/v1/profile tells every login;
 *   - who did it: the actor of an act, not of what followed from it.
 * A right over P is asked and never a role alone, so a county does not read its neighbour's.
 */
#include "http/reading.h"

#include "engine/modules_private.h"
#include "engine/writer.h"
#include "http/problem.h"
#include "http/tiles.h"
#include "http/told.h"

/* Event types by their name, or by its beginning up to a dot or a low line. */
static const struct {
	const char *type, *view;
} SHOWN[] = {
	{"alarm.", "alarm/alarms"},
	{"expectation.", "expect/expectations"},
	{"custody.trip_", "custody/trips"},
	{"custody.vehicle_swapped", "custody/trips"},
	{"custody.consignment_registered", "custody/consignments"},
	/* Steps of a bag's life. */
	{"custody.bag_", "custody/papers"},
	{"custody.bags_", "custody/papers"},
	{"custody.box_", "custody/papers"},
	{"custody.boxes_", "custody/papers"},
	{"custody.handed_over", "custody/papers"},
	{"custody.handover_disputed", "custody/papers"},
	{"custody.difference_posted", "custody/papers"},
	{"custody.inspected", "custody/papers"},
	{"custody.spare_used", "custody/papers"},
	{"custody.seal_", "custody/papers"},
	{"custody.opening_seen", "custody/papers"},
	{"custody.content_seen", "custody/papers"},
	{"authority.granted", "authority/grants"},
	{"authority.revoked", "authority/grants"},
};

static const char *const OPEN[] = {"ledger.genesis", "rules.adopted"};

static bool is_open(struct str type)
{
	for (size_t i = 0; i < COUNT(OPEN); i++)
		if (str_is(type, OPEN[i]))
			return true;
	return false;
}

static bool holds_one(const struct op *op, const struct reading *q, const char *const *roles,
                      struct str place)
{
	for (; roles && *roles; roles++)
		if (person_holds(op, q->who, str_of(*roles), place))
			return true;
	return false;
}

static const struct view *view_showing(const struct modules *m, struct str type)
{
	for (size_t k = 0; k < COUNT(SHOWN); k++) {
		struct str name = str_of(SHOWN[k].type);
		char last = name.s[name.n - 1];
		bool whole = last != '.' && last != '_';

		if (whole ? !str_eq(type, name) : !str_starts(type, name))
			continue;
		for (size_t i = 0; i < m->index->nall; i++)
			for (size_t j = 0; j < m->index->all[i]->nviews; j++)
				if (strcmp(m->index->all[i]->views[j].path, SHOWN[k].view) == 0)
					return &m->index->all[i]->views[j];
	}
	return NULL;
}

static bool sees(const struct op *op, const struct reading *q, const struct event *ev)
{
	const struct view *v = view_showing(op->run->modules, ev->name);

	return is_open(ev->name) || reading_may(op, q, LEDGER_READ, ev->place) ||
	       holds_one(op, q, ev->type ? ev->type->visible_to : NULL, ev->place) ||
	       holds_one(op, q, v ? v->roles : NULL, ev->place) ||
	       (ev->actor.v > 0 && ev->actor.v == q->who.v && ev->cause < 0);
}

static enum rc get_entry(struct op *op, const struct reading *q, struct json *o)
{
	const struct tiles *tiles = q->router->tiles;
	const struct ledger *l = &op->run->writer->ledger;
	struct event ev = {0};
	int64_t index = -1;
	struct hash leaf;
	struct str bytes;

	if (!str_to_i64(q->what, &index) || index < 0 || (uint64_t)index >= l->tree.size)
		index = -1;
	if (index >= 0) {
		TRY(ledger_entry(op, l, (uint64_t)index, &bytes, &leaf));
		TRY(event_read(op, op->run->modules, bytes, &ev));
	}
	if (index < 0 || !sees(op, q, &ev))
		return fail(op, RC_NOT_FOUND, "index", "", "没有此条记录，或其不在授权范围内",
		            "there is no such entry, or it is not under your grants");
	told_entry(op, &ev, &leaf, o);
	json_set_bool(op->arena, o, "covered",
	              tiles && tiles->prover && (uint64_t)index < prover_size(tiles->prover));
	return RC_OK;
}

static void entry(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, a->rest, get_entry);
}

static const struct route_param ASKS[] = {
	{"index", "path", "cursor", true, "台账序号", "its index"},
};
static const struct route_answer ENTRY[] = {
	{200, "application/json", "entry_told", "一条记录", "one entry"},
};
static const int PROBLEMS[] = {400, 401, 404, 500, 503, 0};

const struct route ENTRY_ROUTES[] = {
	{"GET", "/api/v1/ledger/entries/{index}", ROUTE_CALLER, .handle = entry, PARAMS(ASKS),
	 ANSWERS(ENTRY), .problems = PROBLEMS, .zh = "一条记录的内容", .en = "what one entry says"},
};
const size_t ENTRY_NROUTES = COUNT(ENTRY_ROUTES);
