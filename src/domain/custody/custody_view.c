/* SPDX-License-Identifier: Apache-2.0 */
/* custody_view.c -- one number's whole life, and who holds what; reads only. */
#include "domain/custody/paper.h"
#include "domain/custody/store.h"

#include "base/limits.h"

enum { Q_TRACE, Q_HOLDINGS, Q_ALL_HOLDINGS, Q_BOXES, Q_DISPUTES, Q_GUARDS,
       Q_BOX, Q_BAGS, Q_BAG, Q_TRANSIT, Q_PAPERS, Q_PAPER_SUMS, Q_ROOM_BAGS };
#define HOLDING_COLUMNS "holder, state, COUNT(*)," \
	" CAST(SUM(copies + moved - used - replaced - missing - destroyed) AS BIGINT)"
#define BOX_ROW "SELECT code, session, destined, holder, released FROM custody_box"
#define BAG_ROW "SELECT b.code, x.destined, b.box, b.session, b.asset, b.copies, b.state," \
	" b.holder, b.room, b.moved, b.used, b.absent, b.left_over, b.replaced, b.missing," \
	" b.destroyed FROM custody_bag b JOIN custody_box x ON x.code = b.box"
/* Who carries it, which room has it, is it where it is destined; else it lies in a store. */
#define WHEREABOUTS "CASE WHEN b.state = 5 THEN 4 WHEN b.state = 6 THEN 5" \
	" WHEN EXISTS (SELECT 1 FROM custody_vehicle v WHERE v.code = b.holder) THEN 1" \
	" WHEN LENGTH(b.holder) - LENGTH(REPLACE(b.holder, '/', '')) = 4 THEN 3" \
	" WHEN EXISTS (SELECT 1 FROM custody_box d WHERE d.destined = b.holder) THEN 2 ELSE 0 END"
#define HELD "b.copies + b.moved - b.used - b.replaced - b.missing - b.destroyed"
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
	[Q_TRANSIT] = {"SELECT v.place, b.state, COUNT(*), CAST(SUM(b.copies + b.moved - b.used"
	               " - b.replaced - b.missing - b.destroyed) AS BIGINT) FROM custody_bag b"
	               " JOIN custody_vehicle v ON v.code = b.holder WHERE v.place = ?"
	               " OR (v.place >= ? AND v.place < ?) GROUP BY v.place, b.state"
	               " ORDER BY v.place, b.state",
	               3},
	[Q_BOXES] = {BOX_ROW " ORDER BY code", 0},
	[Q_BOX] = {BOX_ROW " WHERE code = ?", 1},
	[Q_BAGS] = {BAG_ROW " ORDER BY b.code", 0},
	[Q_BAG] = {BAG_ROW " WHERE b.code = ?", 1},
	[Q_PAPERS] = {"SELECT b.code, x.destined, b.session, " WHEREABOUTS ", b.holder, b.state, " HELD
	              ", x.consignment, b.box, (SELECT MAX(t.idx) FROM custody_trace t"
	              " WHERE t.code = b.code) FROM custody_bag b JOIN custody_box x ON x.code = b.box"
	              " ORDER BY b.code",
	              0},
	[Q_PAPER_SUMS] = {"SELECT destined, lies, state, COUNT(*), CAST(SUM(held) AS BIGINT) FROM ("
	                  "SELECT x.destined AS destined, " WHEREABOUTS " AS lies, b.state AS state, "
	                  HELD " AS held FROM custody_bag b JOIN custody_box x ON x.code = b.box) w"
	                  " GROUP BY destined, lies, state ORDER BY destined, lies, state",
	                  0},
	[Q_DISPUTES] =
		{"SELECT h.id, h.place, h.from_holder, h.to_holder, b.box, b.given, b.received,"
	     " b.seal_ok FROM custody_handover h JOIN custody_handover_box b ON b.handover = h.id"
	     " WHERE h.disputed = 1 ORDER BY h.id, b.box",
	     0},
	[Q_GUARDS] = {"SELECT place, person, duty, since_ms FROM custody_guard ORDER BY place, person",
	              0},
	[Q_ROOM_BAGS] = {"SELECT code, session, room, kind, state FROM custody_bag WHERE room <> ''"
	                 " ORDER BY session, room, code",
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

static enum rc read_holdings(struct op *op, struct rows *r, struct custody_holding **ret,
                             size_t *ret_n)
{
	struct custody_holding *list = NULL;
	size_t n = 0, cap = 0;

	while (rows_next(r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct custody_holding){
			.holder = rows_dup(op->arena, r, 0), .state = (enum bag_state)rows_int(r, 1),
			.bags = rows_int(r, 2), .copies = rows_int(r, 3),
		};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc custody_holdings(struct op *op, struct str place, struct custody_holding **ret,
                         size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;

	place_below(op->arena, place, &low, &high);
	if (place.n)
		TRY(sql_query(op, &SQL[Q_HOLDINGS],
		              ARGS(sql_text(place), sql_text(low), sql_text(high)), &r));
	else
		TRY(sql_query(op, &SQL[Q_ALL_HOLDINGS], NO_ARGS, &r));
	return read_holdings(op, &r, ret, ret_n);
}

enum rc custody_in_transit(struct op *op, struct str place, struct custody_holding **ret,
                           size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str low, high;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_TRANSIT], ARGS(sql_text(place), sql_text(low), sql_text(high)), &r));
	return read_holdings(op, &r, ret, ret_n);
}

static const struct word STATE_WORDS[] = {
	{"在箱", "packed"}, {"已领", "issued"}, {"已启封", "opened"}, {"已清点", "counted"},
	{"已回收", "returned"}, {"下落不明", "lost"}, {"已销毁", "destroyed"},
};
static const struct column HOLDING_NAMES[] = {
	COLUMN("holder", F_SUBJECT, "保管", "held by"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
	COLUMN("bags", F_INT, "袋", "bags"),
	COLUMN("copies", F_INT, "份", "copies"),
};
static const char *const LIES[] = {"store", "way", "site", "room", "lost", "destroyed"};
static const struct word LIES_WORDS[] = {
	{"在库", "in store"}, {"在途", "on the way"}, {"到达考点", "arrived"}, {"在考场", "in a room"},
	{"下落不明", "lost"}, {"已销毁", "destroyed"},
};
static const struct column PAPER_NAMES[] = {
	COLUMN("code", F_CODE, "试卷袋", "bag"),
	COLUMN("destined", F_PLACE, "送往", "destined"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN_WORDS("lies", LIES, LIES_WORDS, "在何处", "where"),
	COLUMN("holder", F_SUBJECT, "保管", "held by"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
	COLUMN("held", F_INT, "现存份", "copies held"),
	COLUMN("consignment", F_CODE, "批次", "consignment"),
	COLUMN("box", F_CODE, "试卷箱", "box"),
	COLUMN("entry", F_ID, "最近一步(台账)", "newest step (entry)"),
};
static const struct column SUM_NAMES[] = {
	COLUMN("destined", F_PLACE, "送往", "destined"),
	COLUMN_WORDS("lies", LIES, LIES_WORDS, "在何处", "where"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
	COLUMN("bags", F_INT, "袋", "bags"),
	COLUMN("held", F_INT, "现存份", "copies held"),
};
static const struct column BOX_NAMES[] = {
	COLUMN("code", F_CODE, "试卷箱", "box"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("destined", F_PLACE, "送往", "destined"),
	COLUMN("holder", F_SUBJECT, "保管", "held by"),
	COLUMN("released", F_BOOL, "已提卷", "released"),
};
static const struct column BAG_NAMES[] = {
	COLUMN("code", F_CODE, "试卷袋", "bag"),
	COLUMN("destined", F_PLACE, "送往", "destined"),
	COLUMN("box", F_CODE, "试卷箱", "box"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("asset", F_SUBJECT, "账目", "asset"),
	COLUMN("copies", F_INT, "份", "copies"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
	COLUMN("holder", F_SUBJECT, "保管", "held by"),
	COLUMN("room", F_SUBJECT, "考场", "room"),
	COLUMN("moved", F_INT, "转场", "moved in, less moved out"),
	COLUMN("used", F_INT, "已用", "used"),
	COLUMN("absent", F_INT, "缺考", "of absent candidates"),
	COLUMN("left_over", F_INT, "余卷", "left over"),
	COLUMN("replaced", F_INT, "换下", "replaced"),
	COLUMN("missing", F_INT, "短少", "missing"),
	COLUMN("destroyed", F_INT, "已销毁", "destroyed"),
};
static const struct column ROOM_BAG_NAMES[] = {
	COLUMN("bag", F_CODE, "试卷袋", "bag"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN_WORDS("kind", PAPER_KIND_TEXT, PAPER_KIND_WORDS, "类别", "kind"),
	COLUMN_WORDS("state", STATE, STATE_WORDS, "状态", "state"),
};
static const struct column DISPUTE_NAMES[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("from", F_SUBJECT, "交出", "from"),
	COLUMN("to", F_SUBJECT, "接收", "to"),
	COLUMN("box", F_CODE, "试卷箱", "box"),
	COLUMN("given", F_INT, "交出份数", "given"),
	COLUMN("received", F_INT, "接收份数", "received"),
	COLUMN("seal_ok", F_BOOL, "封签完好", "seal whole"),
};
static const struct column GUARD_NAMES[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN_STATES("duty", GUARD_WORDS, "岗位", "duty"),
	COLUMN("since_ms", F_TIME, "上岗", "since"),
};
/* Those who issue bags, and those above them. */
static const char *const ISSUE_READERS[] = {"county_office", "city_office", "duty_officer",
	"store_keeper", "site_chief", "deputy_chief", "site_clerk", NULL};

static const struct view VIEWS[] = {
	{"custody/holdings", "试卷在何处", "where the papers are", CUSTODY_READERS,
	 &SQL[Q_ALL_HOLDINGS], HOLDING_NAMES, COUNT(HOLDING_NAMES)},
	{"custody/boxes", "试卷箱", "boxes", CUSTODY_READERS, &SQL[Q_BOXES], BOX_NAMES,
	 COUNT(BOX_NAMES), &SQL[Q_BOX]},
	{"custody/bags", "试卷袋", "bags", CUSTODY_READERS, &SQL[Q_BAGS], BAG_NAMES,
	 COUNT(BAG_NAMES), &SQL[Q_BAG]},
	{"custody/papers", "试卷去向", "where each bag is", CUSTODY_WATCHERS, &SQL[Q_PAPERS],
	 PAPER_NAMES, COUNT(PAPER_NAMES)},
	{"custody/paper_sums", "试卷去向汇总", "where how many bags are", CUSTODY_WATCHERS,
	 &SQL[Q_PAPER_SUMS], SUM_NAMES, COUNT(SUM_NAMES)},
	{"custody/disputes", "有异议的交接", "disputed hand-overs", CUSTODY_READERS, &SQL[Q_DISPUTES],
	 DISPUTE_NAMES, COUNT(DISPUTE_NAMES)},
	{"custody/guards", "在岗值守人员", "guards on post", STORE_WATCHERS, &SQL[Q_GUARDS],
	 GUARD_NAMES, COUNT(GUARD_NAMES)},
	{"custody/room_bags", "各考场所领试卷袋", "bags issued to rooms", ISSUE_READERS,
	 &SQL[Q_ROOM_BAGS], ROOM_BAG_NAMES, COUNT(ROOM_BAG_NAMES)},
};

static const struct right RIGHTS[] = {
	{CUSTODY_READ, "查阅试卷轨迹和账目", "read what papers went through, and their books",
	 CUSTODY_READERS},
};

const struct module custody_view_module = {
	.name = "custody_view", .group = "custody", .rev = 1,
	.sql = SQL, .nsql = COUNT(SQL), TABLE_OF(views, VIEWS), TABLE_OF(rights, RIGHTS),
	.zh = "试卷查询", .en = "views of papers",
};
