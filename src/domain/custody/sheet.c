/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c -- the issue desk's paper sheet (领卷签收表), and what a room gets without a bag number.
 *
 * At the desk one act is one bag, scanned, with two badges (custody.issue_bag).  Where a room signs
 * in ink the sheet is the original: it is keyed at once, row by row, and each row becomes the same
 * custody.bag_issued.  What the ink says has happened is recorded, also when it should not have.
 *
 * Answer cards, scratch paper, barcodes and listening media that come loose have an account for
 * each room and kind:  given + moved in = back + moved out.
 *
 * Emits  custody.sheet_keyed, custody.materials_issued, custody.materials_returned
 * Owns   custody_material
 */
#include "domain/custody/issue.h"

#include "base/limits.h"
#include "domain/arrange/arrange.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_DESK "考务工作规定 领卷签收 (1.6)"
#define CITE_MATERIAL "考场对账 DIST-4"

enum { Q_GIVE, Q_ADD, Q_BACK, Q_OF };
static const struct sql SQL[] = {
	[Q_GIVE] = {"UPDATE custody_material SET given = given + ? WHERE session = ? AND room = ?"
	            " AND kind = ?", 4},
	[Q_ADD] = {"INSERT INTO custody_material(session, room, kind, given, back)"
	           " VALUES(?, ?, ?, ?, ?)", 5},
	[Q_BACK] = {"UPDATE custody_material SET back = ? WHERE session = ? AND room = ? AND kind = ?",
	            4},
	[Q_OF] = {"SELECT given FROM custody_material WHERE session = ? AND room = ? AND kind = ?", 3},
};

static const struct table TABLES[] = {
	{"custody_material", "CREATE TABLE custody_material(session {text} NOT NULL,"
	 " room {text} NOT NULL, kind {int} NOT NULL, given {int} NOT NULL, back {int} NOT NULL,"
	 " PRIMARY KEY(session, room, kind)){clustered}", "session, room, kind"},
};

/* Fields. */
struct sheet_row {
	struct str bag, room; /* bag first: codes_differ reads it */
	struct person_id first, second;
};
static const struct field SHEET_ROW[] = {
	FIELD(struct sheet_row, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct sheet_row, room, F_PLACE, "考场", "room", .ref = "room"),
	FIELD(struct sheet_row, first, F_PERSON, "领卷监考员甲", "first invigilator", .optional = true,
	      .secrecy = SECRECY_WORK),
	FIELD(struct sheet_row, second, F_PERSON, "领卷监考员乙", "second invigilator",
	      .optional = true, .secrecy = SECRECY_WORK),
};
struct sheet {
	struct str place, session, sheet;
	struct list rows;
};
static const struct field SHEET[] = {
	FIELD(struct sheet, place, F_PLACE, "考点", "site"),
	FIELD(struct sheet, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct sheet, sheet, F_CODE, "签收表编号", "number of the sheet"),
	FIELD(struct sheet, rows, F_LIST, "签收行", "rows", .list_of = SHEET_ROW,
	      .list_n = COUNT(SHEET_ROW), .list_size = sizeof(struct sheet_row), .min = 1),
};

#define MATERIAL_KINDS(X) X("card") X("scratch") X("barcode") X("listening") X("photo_sheet") \
	X("detector")
#define X(text) text,
static const char *const KIND[] = {MATERIAL_KINDS(X)};
#undef X
static const struct word KIND_WORDS[] = {
	{"答题卡", "answer cards"}, {"草稿纸", "scratch paper"}, {"条形码", "barcodes"},
	{"听力介质", "listening media"}, {"考生照片核对表", "sheet of photographs"}, {"金属探测器", "metal detector"},
};

struct material {
	struct str room;
	int kind;
	int64_t copies, moved;
};
static const struct field MATERIAL[] = {
	FIELD(struct material, room, F_PLACE, "考场", "room", .ref = "room"),
	FIELD(struct material, kind, F_ENUM, "品种", "kind", ENUM_OF(KIND, KIND_WORDS)),
	FIELD(struct material, copies, F_INT, "份数", "copies", .max = 10000),
	FIELD(struct material, moved, F_INT, "随考生转入份数(转出为负)",
	      "copies moved in with candidates (out: negative)", .min = -1000, .max = 1000,
	      .optional = true),
};
struct materials {
	struct str place, session;
	struct list rows;
};
static const struct field MATERIALS[] = {
	FIELD(struct materials, place, F_PLACE, "考点", "site"),
	FIELD(struct materials, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct materials, rows, F_LIST, "物品", "materials", .list_of = MATERIAL,
	      .list_n = COUNT(MATERIAL), .list_size = sizeof(struct material), .min = 1),
};

/* Projection. */
static enum rc apply_given(struct op *op, const struct event *ev)
{
	const struct materials *p = ev->data;
	const struct material *m = p->rows.items;
	int64_t changed;

	for (size_t i = 0; i < p->rows.n; i++) {
		TRY(db_change(op, op->db, &SQL[Q_GIVE],
		              ARGS(sql_int(m[i].copies), sql_text(p->session), sql_text(m[i].room),
		                   sql_int(m[i].kind)), &changed));
		if (!changed)
			TRY(sql_exec(op, &SQL[Q_ADD],
			             ARGS(sql_text(p->session), sql_text(m[i].room), sql_int(m[i].kind),
			                  sql_int(m[i].copies), sql_int(0))));
	}
	return RC_OK;
}

static enum rc apply_back(struct op *op, const struct event *ev)
{
	const struct materials *p = ev->data;
	const struct material *m = p->rows.items;

	for (size_t i = 0; i < p->rows.n; i++)
		TRY(sql_exec(op, &SQL[Q_BACK],
		             ARGS(sql_int(m[i].copies - m[i].moved), sql_text(p->session),
		                  sql_text(m[i].room), sql_int(m[i].kind))));
	return RC_OK;
}

enum { EV_KEYED, EV_GIVEN, EV_BACK };
static const struct event_type EVENTS[] = {
	[EV_KEYED] = {"custody.sheet_keyed", 1, SHEET + 1, COUNT(SHEET) - 1, sizeof(struct sheet),
	              .visible_to = CUSTODY_READERS,
	              .zh = "补录领卷签收表", .en = "an issue sheet was keyed"},
	[EV_GIVEN] = {"custody.materials_issued", 1, MATERIALS + 1, COUNT(MATERIALS) - 1,
	              sizeof(struct materials), .apply = apply_given, .visible_to = CUSTODY_READERS,
	              .zh = "发放考场用品", .en = "materials were issued to rooms"},
	[EV_BACK] = {"custody.materials_returned", 1, MATERIALS + 1, COUNT(MATERIALS) - 1,
	             sizeof(struct materials), .apply = apply_back, .visible_to = CUSTODY_READERS,
	             .zh = "回收考场用品", .en = "materials came back from rooms"},
};

/* Rules: the sheet. */
static enum rc session_known(struct op *op, struct str session)
{
	if (!profile_session(op_profile(op), session))
		return fail(op, RC_INVALID, "session", CITE_DESK, "没有科次 %s", "there is no session %s",
		            session.s);
	return RC_OK;
}

static bool unsigned_row(const struct sheet_row *r)
{
	return !r->first.v || !r->second.v || r->first.v == r->second.v;
}

static enum rc run_sheet(struct op *op, const void *in)
{
	const struct sheet *p = in;
	const struct sheet_row *r = p->rows.items;
	size_t gaps = 0;

	TRY(session_known(op, p->session));
	TRY(codes_differ(op, &p->rows, sizeof(struct sheet_row), "rows", "bag"));
	for (size_t i = 0; i < p->rows.n; i++)
		TRY(room_of_site(op, p->place, r[i].room, "rows"));
	TRY(event_append(op, &EVENTS[EV_KEYED], p, NULL));
	for (size_t i = 0; i < p->rows.n; i++) {
		TRY(issue_record(op, p->place, r[i].bag, r[i].room));
		gaps += unsigned_row(&r[i]);
	}
	return gaps ? alarm_raise(op, "custody.sheet_unsigned", p->sheet, p->place, NULL) : RC_OK;
}

/* Rules: materials. */
static enum rc check_rooms(struct op *op, const struct materials *p)
{
	const struct material *m = p->rows.items;

	TRY(session_known(op, p->session));
	for (size_t i = 0; i < p->rows.n; i++)
		TRY(room_of_site(op, p->place, m[i].room, "rows"));
	return RC_OK;
}

static enum rc run_give(struct op *op, const void *in)
{
	TRY(check_rooms(op, in));
	return event_append(op, &EVENTS[EV_GIVEN], in, NULL);
}

static enum rc given_to(struct op *op, struct str session, const struct material *m, int64_t *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_OF],
	              ARGS(sql_text(session), sql_text(m->room), sql_int(m->kind)), &r));
	*ret = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

/* What came back, less what came with candidates, is what was given. */
static enum rc run_back(struct op *op, const void *in)
{
	const struct materials *p = in;
	const struct material *m = p->rows.items;
	int64_t given;

	TRY(check_rooms(op, p));
	TRY(event_append(op, &EVENTS[EV_BACK], p, NULL));
	for (size_t i = 0; i < p->rows.n; i++) {
		TRY(given_to(op, p->session, &m[i], &given));
		if (given + m[i].moved != m[i].copies)
			TRY(alarm_raise(op, "custody.material_differs",
			                session_subject(op->arena, p->session, m[i].room), m[i].room, NULL));
	}
	return RC_OK;
}

/* Module. */
static const struct allow SITE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
};
static const char *const DESK[] = {"site_chief", "deputy_chief", "site_clerk", NULL};
static const struct slot ISSUERS[] = {{"issuer", 2, DESK, NULL, false, "发卷员", "who issue"}};
static const struct command COMMANDS[] = {
	{"custody.issue_sheet", FACT, FIELDS(SHEET), sizeof(struct sheet), SLOTS(ISSUERS),
	 ALLOW(SITE), .run = run_sheet, .cites = CITE_DESK,
	 .zh = "补录领卷签收表", .en = "key an issue sheet"},
	{"custody.issue_materials", FACT, FIELDS(MATERIALS), sizeof(struct materials), SLOTS(ISSUERS),
	 ALLOW(SITE), .run = run_give, .cites = CITE_DESK,
	 .zh = "登记发放考场用品", .en = "record materials issued"},
	{"custody.return_materials", FACT, FIELDS(MATERIALS), sizeof(struct materials),
	 SLOTS(ISSUERS), ALLOW(SITE), .run = run_back, .cites = CITE_MATERIAL,
	 .zh = "登记回收考场用品", .en = "record materials returned"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.sheet_unsigned", COLOUR_YELLOW, "site_chief", CITE_DESK,
	 "按行找领卷监考员补签，核对两人是否同时领卷",
	 "have the rows signed; check that two took each bag", "领卷签收表有未由两人签收的行",
	 "rows of an issue sheet are not signed by two"},
	{"custody.material_differs", COLOUR_ORANGE, "site_chief", CITE_MATERIAL,
	 "暂不放行该考场，逐张清点答题卡和草稿纸，补登", "hold the room, count cards and paper again, record it",
	 "考场用品发放数与回收数不符", "materials issued and returned differ"},
};

const struct module custody_sheet_module = {
	.name = "custody_sheet", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	.zh = "领卷签收", .en = "issue sheets",
};
