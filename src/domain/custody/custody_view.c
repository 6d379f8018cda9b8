/* SPDX-License-Identifier: Apache-2.0 */
/* custody_view.c -- one number's whole life, and who holds what; reads only. */
#include "domain/custody/paper.h"

#include "base/limits.h"

enum { Q_TRACE, Q_HOLDINGS, Q_ALL_HOLDINGS, Q_BOXES, Q_DISPUTES, Q_GUARDS };
#define HOLDING_COLUMNS "holder, state, COUNT(*)," \
	" CAST(SUM(copies + moved - used - replaced - missing - destroyed) AS BIGINT)"
static const struct sql SQL[] = {
	[Q_TRACE] = {"SELECT idx, at_ms, event, place, holder FROM custody_trace WHERE code = ?"
	             " AND idx < ? ORDER BY idx",
	             2},
	[Q_HOLDINGS] =
		{"SELECT " HOLDING_COLUMNS " FROM custody_bag WHERE holder = ?"
	     " OR (holder >= ? AND holder < ?) GROUP BY holder, state ORDER BY holder, state",
	     3},
	[Q_ALL_HOLDINGS] = {"SELECT " HOLDING_COLUMNS " FROM custody_bag GROUP BY holder, state"
	                    " ORDER BY holder, state",
	                    0},
	[Q_BOXES] = {"SELECT code, session, destined, holder, released FROM custody_box ORDER BY code",
	             0},
	[Q_DISPUTES] =
		{"SELECT h.id, h.place, h.from_holder, h.to_holder, b.box, b.given, b.received,"
	     " b.seal_ok FROM custody_handover h JOIN custody_handover_box b ON b.handover = h.id"
	     " WHERE h.disputed = 1 ORDER BY h.id, b.box",
	     0},
	[Q_GUARDS] = {"SELECT place, person, duty, since_ms FROM custody_guard ORDER BY place, person",
	              0},
};

static const char *const STATE[] = {
#define X(id, text) text,
	BAG_STATES(X)
#undef X
};

const char *bag_state_text(enum bag_state s)
{
	return s < BAG_STATE_MAX ? STATE[s] : "?";
}

enum rc custody_trace(struct op *op, struct str code, int64_t until, struct custody_step **ret,
	                  size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct custody_step *list = NULL;
	size_t n = 0, cap = 0;

	TRY(sql_query(op, &SQL[Q_TRACE],
	              ARGS(sql_text(code), sql_int(until < 0 ? LIMIT_INT : until)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct custody_step){
			.index = rows_int(&r, 0), .at_ms = rows_int(&r, 1),
			.event = rows_dup(op->arena, &r, 2), .place = rows_dup(op->arena, &r, 3),
			.holder = rows_dup(op->arena, &r, 4),
		};
	}
	if (!n)
		return fail(op, RC_NOT_FOUND, "code", "", "台账里没有编号 %s", "the ledger knows no number %s",
		            code.s);
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc custody_holdings(struct op *op, struct str place, struct custody_holding **ret,
	                     size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct custody_holding *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	if (place.n)
		TRY(sql_query(op, &SQL[Q_HOLDINGS],
		              ARGS(sql_text(place), sql_text(low), sql_text(high)), &r));
	else
		TRY(sql_query(op, &SQL[Q_ALL_HOLDINGS], NO_ARGS, &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct custody_holding){
			.holder = rows_dup(op->arena, &r, 0), .state = (enum bag_state)rows_int(&r, 1),
			.bags = rows_int(&r, 2), .copies = rows_int(&r, 3),
		};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static const char *const HOLDING_NAMES[] = {"holder", "state", "bags", "copies"};
static const char *const BOX_NAMES[] = {"code", "session", "destined", "holder", "released"};
static const char *const DISPUTE_NAMES[] = {"id", "place", "from", "to", "box", "given", "received",
	"seal_ok"};
static const char *const GUARD_NAMES[] = {"place", "person", "duty", "since_ms"};
static const struct view VIEWS[] = {
	{"custody/holdings", "试卷在何处", "where the papers are", CUSTODY_READERS,
	 &SQL[Q_ALL_HOLDINGS], HOLDING_NAMES, COUNT(HOLDING_NAMES)},
	{"custody/boxes", "试卷箱", "boxes", CUSTODY_READERS, &SQL[Q_BOXES], BOX_NAMES,
	 COUNT(BOX_NAMES)},
	{"custody/disputes", "有异议的交接", "disputed hand-overs", CUSTODY_READERS, &SQL[Q_DISPUTES],
	 DISPUTE_NAMES, COUNT(DISPUTE_NAMES)},
	{"custody/guards", "在岗值守人员", "guards on post", CUSTODY_READERS, &SQL[Q_GUARDS],
	 GUARD_NAMES, COUNT(GUARD_NAMES)},
};

const struct module custody_view_module = {
	.name = "custody_view", .group = "custody", .rev = 1,
	.sql = SQL, .nsql = COUNT(SQL), TABLE_OF(views, VIEWS),
	.zh = "试卷查询", .en = "views of papers",
};
