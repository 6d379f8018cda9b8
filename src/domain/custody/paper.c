/* SPDX-License-Identifier: Apache-2.0 */
/* paper.c -- boxes and bags by their numbers, and numbers that nobody knows; see paper.h.
 *
 * Labels of boxes and printed numbers of bags are one name space, so that a scan means one thing.
 * Each event adds at most one step to the life of a number.
 */
#include "domain/custody/paper.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_REPORT CITE_SECURITY "Art.26 ROOM-15"

enum {
	Q_BOX, Q_BAG, Q_BOX_BAGS, Q_STORE_BAGS, Q_TRACE_ADD, Q_ROOM_BAG,
};
#define BAG_COLUMNS \
	"code, box, session, asset, holder, seal, state, copies, used, replaced, missing," \
	" destroyed, absent, left_over, room, kind, moved, spare, opened_ms, opened_by"
/* States stand as numbers, 0 packed, 6 destroyed: BAG_STATES is released and never renumbered. */
static const struct sql SQL[] = {
	[Q_BOX] = {"SELECT b.code, b.consignment, b.session, b.destined, b.holder, b.seal, b.released,"
	           " (SELECT COUNT(*) FROM custody_bag g WHERE g.box = b.code AND g.state = 0)"
	           " FROM custody_box b WHERE b.code = ?", 1},
	[Q_BAG] = {"SELECT " BAG_COLUMNS " FROM custody_bag WHERE code = ?", 1},
	[Q_BOX_BAGS] = {"SELECT " BAG_COLUMNS " FROM custody_bag WHERE box = ? AND state = 0"
	                " ORDER BY code", 1},
	[Q_STORE_BAGS] = {"SELECT " BAG_COLUMNS " FROM custody_bag WHERE store = ? AND session = ?"
	                  " AND state <> 6 ORDER BY code", 2},
	[Q_TRACE_ADD] = {"INSERT INTO custody_trace(code, idx, at_ms, event, place, holder)"
	                 " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_ROOM_BAG] = {"SELECT " BAG_COLUMNS " FROM custody_bag WHERE session = ? AND room = ?"
	                " AND room <> '' AND kind = ? ORDER BY code LIMIT 1", 3},
};

static const struct table TABLES[] = {
	{"custody_box", "CREATE TABLE custody_box(code {text} NOT NULL, consignment {text} NOT NULL,"
	 " session {text} NOT NULL, destined {text} NOT NULL, holder {text} NOT NULL,"
	 " seal {text} NOT NULL, released {int} NOT NULL, PRIMARY KEY(code)){clustered};"
	 "CREATE INDEX custody_box_consignment ON custody_box(consignment);"
	 "CREATE INDEX custody_box_destined ON custody_box(destined, session)", "code"},
	{"custody_bag", "CREATE TABLE custody_bag(code {text} NOT NULL, box {text} NOT NULL,"
	 " session {text} NOT NULL, kind {int} NOT NULL, asset {text} NOT NULL, copies {int} NOT NULL,"
	 " state {int} NOT NULL, holder {text} NOT NULL, store {text} NOT NULL, seal {text} NOT NULL,"
	 " used {int} NOT NULL, absent {int} NOT NULL, left_over {int} NOT NULL,"
	 " replaced {int} NOT NULL, missing {int} NOT NULL, destroyed {int} NOT NULL,"
	 " opened_ms {int} NOT NULL, opened_by {int} NOT NULL, room {text} NOT NULL,"
	 " moved {int} NOT NULL, spare {int} NOT NULL, PRIMARY KEY(code)){clustered};"
	 "CREATE INDEX custody_bag_room ON custody_bag(session, room) WHERE room <> '';"
	 "CREATE INDEX custody_bag_box ON custody_bag(box);"
	 "CREATE INDEX custody_bag_store ON custody_bag(store, session);"
	 "CREATE INDEX custody_bag_holder ON custody_bag(holder)", "code"},
	{"custody_trace", "CREATE TABLE custody_trace(code {text} NOT NULL, idx {int} NOT NULL,"
	 " at_ms {int} NOT NULL, event {text} NOT NULL, place {text} NOT NULL, holder {text} NOT NULL,"
	 " PRIMARY KEY(code, idx)){clustered}", "code, idx"},
};

/* Fields. */
const char *const PAPER_KIND_TEXT[] = {
#define X(id, text) text,
	PAPER_KINDS(X)
#undef X
};
const struct word PAPER_KIND_WORDS[] = {
	{"试卷", "papers"}, {"备用卷", "spare papers"}, {"答题卡", "answer cards"},
	{"草稿纸", "scratch paper"}, {"条形码", "barcodes"}, {"听力介质", "listening media"},
	{"副题", "second papers"},
};

const struct field LINE[] = {
	FIELD(struct line, asset, F_KEY, "品种", "asset", .ref = "asset"),
	FIELD(struct line, from, F_SUBJECT, "转出", "from", .ref = "holder"),
	FIELD(struct line, to, F_SUBJECT, "转入", "to", .ref = "holder"),
	FIELD(struct line, qty, F_INT, "份数", "copies", .min = 1, .max = LIMIT_INT),
};
const struct posting LINES[] = {{"lines", "asset", "from", "to", "qty"}};

struct found {
	struct str place, code;
	struct text about;
};
static const struct field FOUND[] = {
	FIELD(struct found, place, F_PLACE, "发现地点", "place"),
	FIELD(struct found, code, F_CODE, "所见编号", "number seen"),
	FIELD(struct found, about, F_TEXT, "情况说明", "what it is", .max = 400, .optional = true),
};

/* Projection. */
enum rc trace_add(struct op *op, const struct event *ev, struct str code, struct str holder)
{
	return sql_exec(op, &SQL[Q_TRACE_ADD],
	                ARGS(sql_text(code), sql_int(ev->index), sql_int(ev->happened_ms),
	                     sql_text(ev->name), sql_text(ev->place), sql_text(holder)));
}

static enum rc apply_found(struct op *op, const struct event *ev)
{
	const struct found *p = ev->data;

	return trace_add(op, ev, p->code, STR(""));
}

enum { EV_FOUND };
const char *const CUSTODY_READERS[] = {"county_office", "duty_officer", "store_keeper", NULL};
const char *const STORE_WATCHERS[] = {"county_office", "duty_officer", "store_keeper",
                                      "secrecy_guard", NULL};
const char *const CUSTODY_WATCHERS[] = {"county_office", "duty_officer", "store_keeper",
	"county_leader", "county_director", "city_duty", "city_office", "city_leader", NULL};
static const struct event_type EVENTS[] = {
	[EV_FOUND] = {"custody.object_found", 1, FOUND + 1, COUNT(FOUND) - 1, sizeof(struct found),
	              .apply = apply_found, .visible_to = CUSTODY_READERS,
	              .zh = "登记不明物品", .en = "an unknown object was found"},
};

/* Reading. */
int64_t bag_held(const struct bag *b)
{
	return b->copies + b->moved - b->used - b->replaced - b->missing - b->destroyed;
}

enum rc box_find(struct op *op, struct str code, struct box *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BOX], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct box){
			.code = rows_dup(op->arena, &r, 0), .consignment = rows_dup(op->arena, &r, 1),
			.session = rows_dup(op->arena, &r, 2), .destined = rows_dup(op->arena, &r, 3),
			.holder = rows_dup(op->arena, &r, 4), .seal = rows_dup(op->arena, &r, 5),
			.released = rows_int(&r, 6) != 0, .packed = rows_int(&r, 7),
		};
	return RC_OK;
}

static void bag_row(struct op *op, const struct rows *r, struct bag *ret)
{
	*ret = (struct bag){
		.code = rows_dup(op->arena, r, 0), .box = rows_dup(op->arena, r, 1),
		.session = rows_dup(op->arena, r, 2), .asset = rows_dup(op->arena, r, 3),
		.holder = rows_dup(op->arena, r, 4), .seal = rows_dup(op->arena, r, 5),
		.state = (enum bag_state)rows_int(r, 6), .copies = rows_int(r, 7),
		.used = rows_int(r, 8), .replaced = rows_int(r, 9), .missing = rows_int(r, 10),
		.destroyed = rows_int(r, 11), .absent = rows_int(r, 12), .left_over = rows_int(r, 13),
		.room = rows_dup(op->arena, r, 14), .kind = (enum paper_kind)rows_int(r, 15),
		.moved = rows_int(r, 16), .spare = rows_int(r, 17), .opened_ms = rows_int(r, 18),
		.opened_by = (enum source)rows_int(r, 19),
	};
}

enum rc bag_find(struct op *op, struct str code, struct bag *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BAG], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		bag_row(op, &r, ret);
	return RC_OK;
}

static void bags_read(struct op *op, struct rows *r, struct bag **ret, size_t *ret_n)
{
	size_t n = 0, cap = 8;
	struct bag *bags = arena_array(op->arena, cap, sizeof(*bags));

	while (rows_next(r)) {
		if (n == cap) {
			struct bag *more = arena_array(op->arena, cap * 2, sizeof(*bags));
			memcpy(more, bags, n * sizeof(*bags));
			bags = more;
			cap *= 2;
		}
		bag_row(op, r, &bags[n++]);
	}
	*ret = bags;
	*ret_n = n;
}

enum rc box_bags(struct op *op, struct str box, struct bag **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_BOX_BAGS], ARGS(sql_text(box)), &r));
	bags_read(op, &r, ret, ret_n);
	return RC_OK;
}

enum rc store_bags(struct op *op, struct str store, struct str session, struct bag **ret,
	               size_t *ret_n)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_STORE_BAGS], ARGS(sql_text(store), sql_text(session)), &r));
	bags_read(op, &r, ret, ret_n);
	return RC_OK;
}

enum rc room_bag(struct op *op, struct str session, struct str room, enum paper_kind kind,
                 struct bag *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ROOM_BAG], ARGS(sql_text(session), sql_text(room), sql_int(kind)),
	              &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		bag_row(op, &r, ret);
	return RC_OK;
}

enum rc custody_room_used(struct op *op, struct str session, struct str room, bool *ret_counted,
                          int64_t *ret_used, int64_t *ret_absent)
{
	struct bag bag;
	bool known;

	TRY(room_bag(op, session, room, PAPER_PAPER, &bag, &known));
	*ret_counted = known && bag.state >= BAG_COUNTED && bag.state <= BAG_RETURNED;
	if (*ret_counted) {
		*ret_used = bag.used + bag.spare;
		*ret_absent = bag.absent;
	}
	return RC_OK;
}

void lines_add(struct lines *l, struct str asset, struct str from, struct str to, int64_t qty)
{
	struct line *line = l->list.items;
	size_t i;

	if (qty < 0) {
		lines_add(l, asset, to, from, -qty);
		return;
	}
	if (qty == 0 || str_eq(from, to))
		return;
	for (i = 0; i < l->list.n; i++)
		if (str_eq(line[i].asset, asset) && str_eq(line[i].from, from) && str_eq(line[i].to, to)) {
			line[i].qty += qty;
			return;
		}
	l->list.items = line = arena_room(l->arena, line, l->list.n, &l->cap, sizeof(*line));
	line[l->list.n++] = (struct line){asset, from, to, qty};
}

enum rc found_add(struct op *op, struct str code)
{
	TRY(event_append(op, &EVENTS[EV_FOUND], &(struct found){.code = code}, NULL));
	return alarm_raise(op, "custody.found_object", code, op_place(op), NULL);
}

enum rc holder_check(struct op *op, struct str holder, const char *field)
{
	if (!place_path_valid(holder) && !code_valid(holder))
		return fail(op, RC_INVALID, field, CITE_COUNTS, "%s 既不是地点也不是车辆编号",
		            "%s is neither a place nor a vehicle's code", holder.s);
	return RC_OK;
}

enum rc codes_differ(struct op *op, const struct list *l, size_t stride, const char *list,
	                 const char *member)
{
	const char *items = l->items;
	size_t i, j;

	for (i = 0; i < l->n; i++) {
		const struct str *a = (const void *)(items + i * stride);

		for (j = 0; j < i; j++)
			if (str_eq(*a, *(const struct str *)(const void *)(items + j * stride)))
				return fail(op, RC_INVALID,
				            str_fmt(op->arena, "%s/%zu/%s", list, i, member).s, CITE_COUNTS,
				            "编号 %s 重复", "number %s stands twice", a->s);
	}
	return RC_OK;
}

const void *event_member(const struct event *ev, const char *name)
{
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, str_of(name));

	return f ? (const char *)ev->data + f->offset : NULL;
}

size_t bag_subjects(struct arena *a, const struct event *ev, struct str *ret,
	                struct str *ret_session)
{
	const struct str *bag = event_member(ev, "bag"), *session = event_member(ev, "session");
	const struct list *bags = event_member(ev, "bags");
	const struct field *f = field_find(ev->type->fields, ev->type->nfields, STR("bags"));
	size_t i;

	if (bag) {
		ret[0] = *bag;
		if (session)
			ret_session[0] = *session;
		return 1;
	}
	if (!bags)
		return 0;
	assert(bags->n <= LIMIT_OPENS);
	for (i = 0; i < bags->n; i++)
		ret[i] = *(const struct str *)(const void *)((const char *)bags->items + i * f->list_size);
	return bags->n;
}

/* Rules. */
static enum rc run_found(struct op *op, const void *in)
{
	const struct found *p = in;

	TRY(event_append(op, &EVENTS[EV_FOUND], p, NULL));
	return alarm_raise(op, "custody.found_object", p->code, p->place, NULL);
}

/* Module. */
static const struct allow ANYBODY[] = {
	{"county_office", LEVEL_COUNTY}, {"store_keeper", LEVEL_ANY}, {"site_clerk", LEVEL_SITE},
	{"site_chief", LEVEL_SITE}, {"duty_officer", LEVEL_ANY}, {"inspector", LEVEL_ANY},
};
static const struct command COMMANDS[] = {
	{"custody.found_object", FACT, FIELDS(FOUND), sizeof(struct found), ALLOW(ANYBODY),
	 .run = run_found, .cites = CITE_REPORT, .zh = "登记不明物品", .en = "record a found object"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.found_object", COLOUR_ORANGE, "county_office", CITE_REPORT,
	 "两人看护原物，不拆封，核对批次清单并上报", "two guard it sealed; check the consignment's list, report",
	 "发现未登记的编号", "a number that nobody registered"},
};

const struct module custody_module = {
	.name = "custody", .group = "custody", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	.zh = "试卷安全", .en = "custody of papers",
};
