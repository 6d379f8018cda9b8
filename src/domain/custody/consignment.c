/* SPDX-License-Identifier: Apache-2.0 */
/* consignment.c -- what was sent: vehicles, consignments, boxes, bags; see custody.h.
 *
 * A registered bag is posted from "printed" to whoever holds the consignment, so from then on each
 * of its copies is in somebody's book.  Registering asks leave: a number stands once.
 *
 * Emits  custody.vehicle_registered, custody.consignment_registered, custody.box_registered,
 *        custody.bag_registered
 * Owns   custody_vehicle, custody_consignment
 */
#include "domain/custody/paper.h"

#include "engine/run.h"

#define CITE_TRANSPORT "试卷运送要求 TRN-1 TRN-2"

enum {
	Q_VEHICLE_ADD, Q_VEHICLE, Q_CONSIGNMENT_ADD, Q_CONSIGNMENT, Q_BOX_ADD, Q_BOX_COUNT, Q_BAG_ADD,
	Q_BAG_COUNT, Q_VIEW,
};
static const struct sql SQL[] = {
	[Q_VEHICLE_ADD] = {"INSERT INTO custody_vehicle(code, place, plate) VALUES(?, ?, ?)", 3},
	[Q_VEHICLE] = {"SELECT place FROM custody_vehicle WHERE code = ?", 1},
	[Q_CONSIGNMENT_ADD] = {"INSERT INTO custody_consignment(code, place, holder, boxes, bags,"
	                       " entry) VALUES(?, ?, ?, ?, ?, ?)",
	                       6},
	[Q_CONSIGNMENT] = {"SELECT place, holder, boxes, bags FROM custody_consignment WHERE code = ?",
	                   1},
	[Q_BOX_ADD] = {"INSERT INTO custody_box(code, consignment, session, destined, holder, seal,"
	               " released) VALUES(?, ?, ?, ?, ?, ?, 0)",
	               6},
	[Q_BOX_COUNT] = {"SELECT COUNT(*) FROM custody_box WHERE consignment = ?", 1},
	[Q_BAG_ADD] = {"INSERT INTO custody_bag(code, box, session, kind, asset, copies, state, holder,"
	               " store, seal, used, absent, left_over, replaced, missing, destroyed, opened_ms,"
	               " opened_by, room, moved, spare)"
	               " VALUES(?, ?, ?, ?, ?, ?, 0, ?, '', ?, 0, 0, 0, 0, 0, 0, 0, 0, '', 0, 0)",
	               8},
	[Q_BAG_COUNT] = {"SELECT COUNT(*) FROM custody_bag g JOIN custody_box b ON b.code = g.box"
	                 " WHERE b.consignment = ?",
	                 1},
	[Q_VIEW] = {"SELECT c.code, c.place, c.holder, c.boxes, c.bags, (SELECT COUNT(*) FROM"
	            " custody_box b WHERE b.consignment = c.code), (SELECT COUNT(*) FROM custody_bag g"
	            " JOIN custody_box b ON b.code = g.box WHERE b.consignment = c.code), (SELECT"
	            " CAST(COALESCE(SUM(g.copies), 0) AS BIGINT) FROM custody_bag g JOIN custody_box b"
	            " ON b.code = g.box WHERE b.consignment = c.code), c.entry"
	            " FROM custody_consignment c ORDER BY c.code", 0},
};

static const struct table TABLES[] = {
	{"custody_vehicle", "CREATE TABLE custody_vehicle(code {text} NOT NULL, place {text} NOT NULL,"
	 " plate {int} NOT NULL, PRIMARY KEY(code)){clustered}", "code"},
	{"custody_consignment", "CREATE TABLE custody_consignment(code {text} NOT NULL,"
	 " place {text} NOT NULL, holder {text} NOT NULL, boxes {int} NOT NULL, bags {int} NOT NULL,"
	 " entry {int} NOT NULL, PRIMARY KEY(code)){clustered}", "code"},
};

/* Fields. */
struct vehicle {
	struct str place, code;
	struct text plate;
};
static const struct field VEHICLE[] = {
	FIELD(struct vehicle, place, F_PLACE, "所属地", "place"),
	FIELD(struct vehicle, code, F_CODE, "车辆编号", "vehicle's code"),
	FIELD(struct vehicle, plate, F_TEXT, "车牌号", "number plate", .max = 20,
	      .secrecy = SECRECY_WORK),
};

struct consignment {
	struct str place, code, holder;
	int64_t boxes, bags;
};
static const struct field CONSIGNMENT[] = {
	FIELD(struct consignment, place, F_PLACE, "接收地", "place"),
	FIELD(struct consignment, code, F_CODE, "批次号", "consignment"),
	FIELD(struct consignment, holder, F_SUBJECT, "现持有方(车辆编号或地点)",
	      "who holds it now (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct consignment, boxes, F_INT, "箱数", "boxes", .min = 1, .max = 10000),
	FIELD(struct consignment, bags, F_INT, "袋数", "bags", .min = 1, .max = 200000),
};

struct box_in {
	struct str code, consignment, session, destined, seal, holder;
};
static const struct field BOX[] = {
	FIELD(struct box_in, code, F_CODE, "试卷箱号", "box"),
	FIELD(struct box_in, consignment, F_CODE, "批次号", "consignment", .ref = "consignment"),
	FIELD(struct box_in, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct box_in, destined, F_PLACE, "目的考点", "site it is for", .ref = "site"),
	FIELD(struct box_in, seal, F_CODE, "封条号", "seal"),
	FIELD(struct box_in, holder, F_SUBJECT, "持有方", "holder", .ref = "holder"),
};
enum { BOX_COMMAND_FIELDS = COUNT(BOX) - 1 }; /* the holder is the consignment's */

struct bag_in {
	struct str code, box, seal;
	int kind;
	int64_t copies;
	struct str session, asset, holder;
};
static const struct field BAG[] = {
	FIELD(struct bag_in, code, F_CODE, "试卷袋印刷编号", "printed number of the bag"),
	FIELD(struct bag_in, box, F_CODE, "试卷箱号", "box", .ref = "box"),
	FIELD(struct bag_in, seal, F_CODE, "密封签号", "seal"),
	FIELD(struct bag_in, kind, F_ENUM, "品种", "kind",
	      ENUM_OF(PAPER_KIND_TEXT, PAPER_KIND_WORDS)),
	FIELD(struct bag_in, copies, F_INT, "份数", "copies", .min = 1, .max = 1000),
	FIELD(struct bag_in, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct bag_in, asset, F_KEY, "账目品种", "asset", .ref = "asset"),
	FIELD(struct bag_in, holder, F_SUBJECT, "持有方", "holder", .ref = "holder"),
};
enum { BAG_COMMAND_FIELDS = COUNT(BAG) - 3 }; /* session, asset and holder follow from the box */
static const struct posting PRINTED[] = {{"", "asset", "=printed", "holder", "copies"}};

/* Projection. */
static enum rc apply_vehicle(struct op *op, const struct event *ev)
{
	const struct vehicle *p = ev->data;

	return sql_exec(op, &SQL[Q_VEHICLE_ADD], ARGS(sql_text(p->code), sql_text(ev->place),
	                                              sql_int(p->plate.vault)));
}

static enum rc apply_consignment(struct op *op, const struct event *ev)
{
	const struct consignment *p = ev->data;

	return sql_exec(op, &SQL[Q_CONSIGNMENT_ADD],
	                ARGS(sql_text(p->code), sql_text(ev->place), sql_text(p->holder),
	                     sql_int(p->boxes), sql_int(p->bags), sql_int(ev->index)));
}

static enum rc apply_box(struct op *op, const struct event *ev)
{
	const struct box_in *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_BOX_ADD],
	             ARGS(sql_text(p->code), sql_text(p->consignment), sql_text(p->session),
	                  sql_text(p->destined), sql_text(p->holder), sql_text(p->seal))));
	return trace_add(op, ev, p->code, p->holder);
}

static enum rc apply_bag(struct op *op, const struct event *ev)
{
	const struct bag_in *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_BAG_ADD],
	             ARGS(sql_text(p->code), sql_text(p->box), sql_text(p->session), sql_int(p->kind),
	                  sql_text(p->asset), sql_int(p->copies), sql_text(p->holder),
	                  sql_text(p->seal))));
	return trace_add(op, ev, p->code, p->holder);
}

enum { EV_VEHICLE, EV_CONSIGNMENT, EV_BOX, EV_BAG };
static const struct event_type EVENTS[] = {
	[EV_VEHICLE] = {"custody.vehicle_registered", 1, VEHICLE + 1, COUNT(VEHICLE) - 1,
	                sizeof(struct vehicle), .apply = apply_vehicle, .visible_to = CUSTODY_READERS,
	                .zh = "登记押运车辆", .en = "a vehicle was registered"},
	[EV_CONSIGNMENT] = {"custody.consignment_registered", 1, CONSIGNMENT + 1,
	                    COUNT(CONSIGNMENT) - 1, sizeof(struct consignment),
	                    .apply = apply_consignment, .visible_to = CUSTODY_READERS,
	                    .zh = "登记试卷批次", .en = "a consignment was registered"},
	[EV_BOX] = {"custody.box_registered", 1, FIELDS(BOX), sizeof(struct box_in),
	            .apply = apply_box, .visible_to = CUSTODY_READERS,
	            .zh = "登记试卷箱", .en = "a box was registered"},
	[EV_BAG] = {"custody.bag_registered", 1, FIELDS(BAG), sizeof(struct bag_in),
	            .apply = apply_bag, POSTINGS(PRINTED), .visible_to = CUSTODY_READERS,
	            .zh = "登记试卷袋", .en = "a bag was registered"},
};

/* Rules. */
enum rc vehicle_known(struct op *op, struct str code, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_VEHICLE], ARGS(sql_text(code)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

static enum rc run_vehicle(struct op *op, const void *in)
{
	const struct vehicle *p = in;
	bool known;

	if (place_path_valid(p->code))
		return fail(op, RC_INVALID, "code", CITE_TRANSPORT, "车辆编号 %s 须含大写字母",
		            "a vehicle's code needs an upper-case letter: %s", p->code.s);
	TRY(vehicle_known(op, p->code, &known));
	if (known)
		return fail(op, RC_CONFLICT, "code", CITE_TRANSPORT, "车辆 %s 已登记",
		            "vehicle %s is registered already", p->code.s);
	return event_append(op, &EVENTS[EV_VEHICLE], p, NULL);
}

struct consignment_row {
	struct str place, holder;
	int64_t boxes, bags;
	bool known;
};

static enum rc consignment_find(struct op *op, struct str code, struct consignment_row *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_CONSIGNMENT], ARGS(sql_text(code)), &r));
	*ret = (struct consignment_row){.known = rows_next(&r)};
	if (!ret->known)
		return RC_OK;
	ret->place = rows_dup(op->arena, &r, 0);
	ret->holder = rows_dup(op->arena, &r, 1);
	ret->boxes = rows_int(&r, 2);
	ret->bags = rows_int(&r, 3);
	return RC_OK;
}

static enum rc run_consignment(struct op *op, const void *in)
{
	const struct consignment *p = in;
	struct consignment_row c;
	bool known = true;

	TRY(holder_check(op, p->holder, "holder"));
	TRY(consignment_find(op, p->code, &c));
	if (c.known)
		return fail(op, RC_CONFLICT, "code", CITE_COUNTS, "批次 %s 已登记",
		            "consignment %s is registered already", p->code.s);
	if (!holder_is_place(p->holder))
		TRY(vehicle_known(op, p->holder, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "holder", CITE_TRANSPORT, "车辆 %s 未登记",
		            "vehicle %s is not registered", p->holder.s);
	return event_append(op, &EVENTS[EV_CONSIGNMENT], p, NULL);
}

/* A box is registered where its consignment is received. */
static enum rc place_of_box(struct op *op, const void *in, struct str *ret_place)
{
	const struct box_in *p = in;
	struct consignment_row c;

	TRY(consignment_find(op, p->consignment, &c));
	if (!c.known)
		return fail(op, RC_NOT_FOUND, "consignment", CITE_COUNTS, "批次 %s 未登记",
		            "consignment %s is not registered", p->consignment.s);
	*ret_place = c.place;
	return RC_OK;
}

static enum rc count_of(struct op *op, int q, struct str consignment, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], ARGS(sql_text(consignment)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

/* Labels of boxes and printed numbers of bags are one name space: a scan means one thing. */
static enum rc code_is_free(struct op *op, struct str code)
{
	struct box box;
	struct bag bag;
	bool is_box, is_bag;

	TRY(box_find(op, code, &box, &is_box));
	TRY(bag_find(op, code, &bag, &is_bag));
	if (is_box || is_bag)
		return fail(op, RC_CONFLICT, "code", CITE_COUNTS, "编号 %s 已登记",
		            "number %s is registered already", code.s);
	return RC_OK;
}

static enum rc run_box(struct op *op, const void *in)
{
	struct box_in p = *(const struct box_in *)in;
	struct consignment_row c;
	int64_t n;

	if (!profile_session(op_profile(op), p.session))
		return fail(op, RC_INVALID, "session", CITE_COUNTS, "没有科次 %s", "there is no session %s",
		            p.session.s);
	TRY(code_is_free(op, p.code));
	TRY(consignment_find(op, p.consignment, &c));
	TRY(count_of(op, Q_BOX_COUNT, p.consignment, &n));
	if (n >= c.boxes)
		return fail(op, RC_CONFLICT, "consignment", CITE_COUNTS, "批次 %s 只有 %lld 箱，已全部登记",
		            "consignment %s has %lld boxes and all are registered", p.consignment.s,
		            (long long)c.boxes);
	p.holder = c.holder;
	return event_append(op, &EVENTS[EV_BOX], &p, NULL);
}

static enum rc place_of_bag(struct op *op, const void *in, struct str *ret_place)
{
	const struct bag_in *p = in;
	struct box_in box = {0};
	struct box b;
	bool known;

	TRY(box_find(op, p->box, &b, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "box", CITE_COUNTS, "试卷箱 %s 未登记",
		            "box %s is not registered", p->box.s);
	box.consignment = b.consignment;
	return place_of_box(op, &box, ret_place);
}

/* "paper.<subject>.<kind>": papers of a subject, its cards, its spare papers have books apart. */
struct str paper_asset(struct op *op, struct str session, int kind)
{
	const struct profile_session *s = profile_session(op_profile(op), session);

	return str_fmt(op->arena, "paper." STR_FMT ".%s", STR_ARG(s ? s->subject : STR("unknown")),
	               PAPER_KIND_TEXT[kind]);
}

/* Bags are entered from the list that comes before the papers; what is in a box that has been
 * handed over was counted by others and is no longer the list's to change. */
static enum rc register_bag(struct op *op, struct bag_in p)
{
	struct consignment_row c;
	struct box box;
	bool known;
	int64_t n;

	TRY(code_is_free(op, p.code));
	TRY(box_find(op, p.box, &box, &known));
	assert(known); /* place_of_bag found it in this transaction */
	TRY(consignment_find(op, box.consignment, &c));
	if (!str_eq(box.holder, c.holder))
		return fail(op, RC_CONFLICT, "box", CITE_COUNTS, "试卷箱 %s 已交接，不能再登记试卷袋",
		            "box %s has been handed over: no more bags can be registered in it", p.box.s);
	TRY(count_of(op, Q_BAG_COUNT, box.consignment, &n));
	if (n >= c.bags)
		return fail(op, RC_CONFLICT, "box", CITE_COUNTS, "批次 %s 只有 %lld 袋，已全部登记",
		            "consignment %s has %lld bags and all are registered", box.consignment.s,
		            (long long)c.bags);
	p.session = box.session;
	p.asset = paper_asset(op, box.session, p.kind);
	p.holder = box.holder;
	return event_append(op, &EVENTS[EV_BAG], &p, NULL);
}

static enum rc run_bag(struct op *op, const void *in)
{
	return register_bag(op, *(const struct bag_in *)in);
}

enum rc bag_pack(struct op *op, const struct packing *p)
{
	return register_bag(op, (struct bag_in){.code = p->code, .box = p->box, .seal = p->seal,
	                                        .kind = (int)p->kind, .copies = p->copies});
}

enum rc box_place(struct op *op, struct str box, struct str *ret_place)
{
	return place_of_bag(op, &(struct bag_in){.box = box}, ret_place);
}

enum rc box_is_here(struct op *op, struct str box, struct str place, bool *io_known)
{
	struct str of;

	if (!*io_known)
		return RC_OK;
	TRY(box_place(op, box, &of));
	*io_known = places_meet(of, place);
	return RC_OK;
}

/* Module. */
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const struct command COMMANDS[] = {
	{"custody.register_vehicle", ORDER, FIELDS(VEHICLE), sizeof(struct vehicle), ALLOW(OFFICE),
	 .run = run_vehicle, .cites = CITE_TRANSPORT, .zh = "登记押运车辆", .en = "register a vehicle"},
	{"custody.register_consignment", ORDER, FIELDS(CONSIGNMENT), sizeof(struct consignment),
	 ALLOW(OFFICE), .run = run_consignment, .cites = CITE_COUNTS,
	 .zh = "登记试卷批次", .en = "register a consignment"},
	{"custody.register_box", ORDER, BOX, BOX_COMMAND_FIELDS, sizeof(struct box_in), ALLOW(OFFICE),
	 .place_of = place_of_box, .place_by = "consignment", .run = run_box, .cites = CITE_COUNTS,
	 .zh = "登记试卷箱", .en = "register a box"},
	{"custody.register_bag", ORDER, BAG, BAG_COMMAND_FIELDS, sizeof(struct bag_in), ALLOW(OFFICE),
	 .place_of = place_of_bag, .place_by = "box", .run = run_bag, .cites = CITE_COUNTS,
	 .zh = "登记试卷袋", .en = "register a bag"},
};

static const struct column VIEW_COLUMNS[] = {
	COLUMN("code", F_CODE, "批次", "consignment"),
	COLUMN("place", F_PLACE, "考区", "area"),
	COLUMN("holder", F_SUBJECT, "登记时持有", "held when registered"),
	COLUMN("boxes", F_INT, "应有箱", "boxes announced"),
	COLUMN("bags", F_INT, "应有袋", "bags announced"),
	COLUMN("boxes_in", F_INT, "已登记箱", "boxes registered"),
	COLUMN("bags_in", F_INT, "已登记袋", "bags registered"),
	COLUMN("copies", F_INT, "份", "copies"),
	COLUMN("entry", F_ID, "台账", "entry"),
};
static const struct view VIEWS[] = {
	{"custody/consignments", "试卷批次", "consignments", CUSTODY_WATCHERS, &SQL[Q_VIEW],
	 VIEW_COLUMNS, COUNT(VIEW_COLUMNS)},
};

const struct module custody_consignment_module = {
	.name = "custody_consignment", .group = "custody", .rev = 2, TABLE_OF(views, VIEWS),
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	.zh = "试卷批次", .en = "consignments",
};
