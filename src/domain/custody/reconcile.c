/* SPDX-License-Identifier: Apache-2.0 */
/* reconcile.c -- a session's bags side by side: what was in them, what became of it; reads only.
 *
 * For the table by which an office finds the one room that does not balance (领卷–分发–收卷对账).
 */
#include "domain/custody/paper.h"

enum { Q_LINES, Q_ALL, Q_SPARES };
#define LINE_COLUMNS "g.code, g.session, g.asset, g.room, b.destined, g.holder, g.kind, g.state," \
	" g.copies, g.spare, g.moved, g.used, g.absent, g.left_over, g.replaced, g.missing," \
	" g.destroyed, (SELECT MIN(t.idx) FROM custody_trace t WHERE t.code = g.code)," \
	" (SELECT MAX(t.idx) FROM custody_trace t WHERE t.code = g.code)"
#define LINE_ORDER " ORDER BY b.destined, g.room, g.kind, g.code"
static const struct sql SQL[] = {
	[Q_LINES] = {"SELECT " LINE_COLUMNS " FROM custody_bag g JOIN custody_box b ON b.code = g.box"
	             " WHERE g.session = ? AND (b.destined = ? OR (b.destined >= ? AND b.destined < ?))"
	             LINE_ORDER, 4},
	[Q_ALL] = {"SELECT " LINE_COLUMNS " FROM custody_bag g JOIN custody_box b ON b.code = g.box"
	           " WHERE g.session = ?" LINE_ORDER, 1},
	[Q_SPARES] = {"SELECT CAST(COALESCE(SUM(g.used), 0) AS BIGINT) FROM custody_bag g"
	              " JOIN custody_box b ON b.code = g.box WHERE g.session = ? AND g.kind = 1"
	              " AND (b.destined = ? OR (b.destined >= ? AND b.destined < ?))", 4},
};

static void read_line(struct op *op, const struct rows *r, struct custody_line *ret)
{
	*ret = (struct custody_line){
		.bag = rows_dup(op->arena, r, 0), .session = rows_dup(op->arena, r, 1),
		.asset = rows_dup(op->arena, r, 2), .room = rows_dup(op->arena, r, 3),
		.site = rows_dup(op->arena, r, 4), .holder = rows_dup(op->arena, r, 5),
		.kind = (enum paper_kind)rows_int(r, 6), .state = (enum bag_state)rows_int(r, 7),
		.copies = rows_int(r, 8), .spare = rows_int(r, 9), .moved = rows_int(r, 10),
		.used = rows_int(r, 11), .absent = rows_int(r, 12), .left_over = rows_int(r, 13),
		.replaced = rows_int(r, 14), .missing = rows_int(r, 15), .destroyed = rows_int(r, 16),
		.first = rows_int(r, 17), .last = rows_int(r, 18),
	};
}

enum rc custody_session_lines(struct op *op, struct str session, struct str place,
                              struct custody_line **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;
	struct custody_line *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	if (place.n)
		TRY(sql_query(op, &SQL[Q_LINES],
		              ARGS(sql_text(session), sql_text(place), sql_text(low), sql_text(high)), &r));
	else
		TRY(sql_query(op, &SQL[Q_ALL], ARGS(sql_text(session)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		read_line(op, &r, &list[n++]);
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc custody_spares(struct op *op, struct str session, struct str place, int64_t *ret_copies)
{
	AUTO(rows) r = {0};
	struct str low, high;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_SPARES],
	              ARGS(sql_text(session), sql_text(place), sql_text(low), sql_text(high)), &r));
	(void)rows_next(&r);
	*ret_copies = rows_int(&r, 0);
	return RC_OK;
}

int64_t custody_line_gap(const struct custody_line *l)
{
	if (l->state < BAG_COUNTED || l->state == BAG_LOST || l->kind == PAPER_SPARE)
		return l->missing;
	return l->copies + l->moved - l->used - l->absent - l->left_over - l->replaced;
}

const struct module custody_reconcile_module = {
	.name = "custody_reconcile", .group = "custody", .rev = 1,
	.sql = SQL, .nsql = COUNT(SQL),
	.zh = "半日对账", .en = "reconciliation of a half day",
};
