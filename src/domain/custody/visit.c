/* SPDX-License-Identifier: Apache-2.0 */
/* visit.c -- who goes into a secrecy room and why: openings, entries, cabinets, inspections.
 *
 * The inner room is opened by two keys and the code, with the police, for a purpose that the
 * programme has an hour for: to receive an approved trip, to release the next half day's boxes, to
 * take a half day's scripts back.  Any other hour needs the number of an order.  Scripts and unused
 * papers never lie in one cabinet.  A packet that an inspection finds open, and that nobody opened
 * by the programme, is the gravest thing this file knows.
 *
 * Emits  custody.store_opened, custody.room_entered, custody.cabinet_used, custody.inspected
 * Owns   custody_entry, custody_cabinet
 */
#include "domain/custody/visit.h"

#include "domain/custody/store.h"
#include "domain/custody/transport.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_HOURS "施考程序 DIST-1"
#define CITE_SCRIPTS CITE_SECURITY "Art.12 ROOM-1"

enum { Q_ENTRY_ADD, Q_CABINET, Q_CABINET_SET, Q_CABINET_ADD, Q_ENTRIES, Q_CABINETS };
static const struct sql SQL[] = {
	[Q_ENTRY_ADD] = {"INSERT INTO custody_entry(idx, place, at_ms, purpose, person, visitor)"
	                 " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_CABINET] = {"SELECT papers, scripts FROM custody_cabinet WHERE place = ?"
	               " AND cabinet = ?", 2},
	[Q_CABINET_SET] = {"UPDATE custody_cabinet SET papers = ?, scripts = ? WHERE place = ?"
	                   " AND cabinet = ?", 4},
	[Q_CABINET_ADD] = {"INSERT INTO custody_cabinet(papers, scripts, place, cabinet)"
	                   " VALUES(?, ?, ?, ?)", 4},
	[Q_ENTRIES] = {"SELECT place, at_ms, purpose, person, visitor FROM custody_entry"
	               " ORDER BY place, idx", 0},
	[Q_CABINETS] = {"SELECT place, cabinet, papers, scripts FROM custody_cabinet"
	                " ORDER BY place, cabinet", 0},
};

static const struct table TABLES[] = {
	{"custody_entry", "CREATE TABLE custody_entry(idx {int} NOT NULL, place {text} NOT NULL,"
	 " at_ms {int} NOT NULL, purpose {int} NOT NULL, person {id} NOT NULL, visitor {id} NOT NULL,"
	 " PRIMARY KEY(idx))", "idx"},
	{"custody_cabinet", "CREATE TABLE custody_cabinet(place {text} NOT NULL,"
	 " cabinet {text} NOT NULL, papers {int} NOT NULL, scripts {int} NOT NULL,"
	 " PRIMARY KEY(place, cabinet)){clustered}", "place, cabinet"},
};

/* Fields. */
#define OPENINGS(X) X(RECEIVE, "receive") X(RELEASE, "release") X(RETURN, "return") \
	X(CHECK, "check") X(EMERGENCY, "emergency")
#define X(id, text) OPENING_##id,
enum opening_purpose { OPENINGS(X) OPENING_MAX };
#undef X
#define X(id, text) text,
static const char *const OPENING[] = {OPENINGS(X)};
#undef X
static const struct word OPENING_WORDS[] = {
	{"接收入库", "papers come in"}, {"提卷", "papers are drawn"}, {"回送入库", "scripts come back"},
	{"联检", "joint check"}, {"应急", "emergency"},
};

struct store_opening {
	struct str place;
	int purpose;
	struct str order;
};
static const struct field STORE_OPENING[] = {
	FIELD(struct store_opening, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct store_opening, purpose, F_ENUM, "开启事由", "purpose",
	      ENUM_OF(OPENING, OPENING_WORDS)),
	FIELD(struct store_opening, order, F_CODE, "批准或调度指令号", "number of the order",
	      .optional = true),
};

#define X(id, text) text,
const char *const ENTRY_TEXT[] = {ENTRIES(X)};
#undef X
const struct word ENTRY_WORDS[] = {
	{"值守", "duty"}, {"交接", "hand-over"}, {"联检", "check"}, {"回放", "replay"}, {"维修", "repair"},
	{"检查", "inspection"}, {"来访", "visit"},
};

static const struct field ROOM_ENTRY[] = {
	FIELD(struct room_entry, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct room_entry, purpose, F_ENUM, "事由", "purpose", ENUM_OF(ENTRY_TEXT, ENTRY_WORDS)),
	FIELD(struct room_entry, phone_left, F_BOOL, "通信工具已存放", "phone was left outside"),
	FIELD(struct room_entry, visitor, F_TEXT, "外来人员姓名和单位", "visitor and unit", .max = 100,
	      .optional = true, .personal = true),
	FIELD(struct room_entry, person, F_PERSON, "进入人员", "who enters", .optional = true,
	      .secrecy = SECRECY_WORK),
};
enum { ENTRY_IN = COUNT(ROOM_ENTRY) - 1 };

#define CONTENTS(X) X(EMPTY, "empty") X(PAPERS, "papers") X(SCRIPTS, "scripts")
#define X(id, text) CONTENT_##id,
enum content { CONTENTS(X) CONTENT_MAX };
#undef X
#define X(id, text) text,
static const char *const CONTENT[] = {CONTENTS(X)};
#undef X
static const struct word CONTENT_WORDS[] = {
	{"清空", "emptied"}, {"未用试卷", "unused papers"}, {"答卷", "scripts"},
};

struct cabinet_use {
	struct str place, cabinet;
	int content;
};
static const struct field CABINET_USE[] = {
	FIELD(struct cabinet_use, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct cabinet_use, cabinet, F_CODE, "柜号", "cabinet"),
	FIELD(struct cabinet_use, content, F_ENUM, "存入(未用试卷、答卷、清空)",
	      "put in (unused papers, scripts, emptied)", ENUM_OF(CONTENT, CONTENT_WORDS)),
};

struct inspected_object {
	struct str object; /* first: codes_differ reads it */
	bool sealed;
};
static const struct field INSPECTED_OBJECT[] = {
	FIELD(struct inspected_object, object, F_CODE, "试卷箱号或袋号", "box or bag", .ref = "bag"),
	FIELD(struct inspected_object, sealed, F_BOOL, "密封完好", "sealed"),
};
struct inspection {
	struct str place;
	struct list objects;
	struct text finding;
};
static const struct field INSPECTION[] = {
	FIELD(struct inspection, place, F_PLACE, "检查地点", "place"),
	FIELD(struct inspection, objects, F_LIST, "抽查的箱、袋", "boxes and bags looked at",
	      .list_of = INSPECTED_OBJECT, .list_n = COUNT(INSPECTED_OBJECT),
	      .list_size = sizeof(struct inspected_object), .min = 1),
	FIELD(struct inspection, finding, F_TEXT, "检查情况", "what was found", .max = 400,
	      .optional = true),
};

/* Projection. */
static enum rc apply_store_opened(struct op *op, const struct event *ev)
{
	return room_mark(op, ev->place, ROOM_OPENED, ev->happened_ms);
}

static enum rc apply_entered(struct op *op, const struct event *ev)
{
	const struct room_entry *p = ev->data;

	return sql_exec(op, &SQL[Q_ENTRY_ADD],
	                ARGS(sql_int(ev->index), sql_text(ev->place), sql_int(ev->happened_ms),
	                     sql_int(p->purpose), sql_int(p->person.v), sql_int(p->visitor.vault)));
}

static enum rc cabinet_of(struct op *op, struct str place, struct str cabinet, bool *ret_papers,
	                      bool *ret_scripts)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_CABINET], ARGS(sql_text(place), sql_text(cabinet)), &r));
	*ret_papers = *ret_scripts = false;
	if (rows_next(&r)) {
		*ret_papers = rows_int(&r, 0);
		*ret_scripts = rows_int(&r, 1);
	}
	return RC_OK;
}

static enum rc apply_cabinet(struct op *op, const struct event *ev)
{
	const struct cabinet_use *p = ev->data;
	bool papers, scripts;
	int64_t changed;

	TRY(cabinet_of(op, ev->place, p->cabinet, &papers, &scripts));
	papers = p->content == CONTENT_PAPERS || (papers && p->content != CONTENT_EMPTY);
	scripts = p->content == CONTENT_SCRIPTS || (scripts && p->content != CONTENT_EMPTY);
	TRY(db_change(op, op->db, &SQL[Q_CABINET_SET],
	              ARGS(sql_int(papers), sql_int(scripts), sql_text(ev->place),
	                   sql_text(p->cabinet)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_CABINET_ADD],
	                ARGS(sql_int(papers), sql_int(scripts), sql_text(ev->place),
	                     sql_text(p->cabinet)));
}

static enum rc apply_inspected(struct op *op, const struct event *ev)
{
	const struct inspection *p = ev->data;
	const struct inspected_object *o = p->objects.items;

	for (size_t i = 0; i < p->objects.n; i++)
		TRY(trace_add(op, ev, o[i].object, ev->place));
	return RC_OK;
}

enum { EV_STORE_OPENED, EV_ENTERED, EV_CABINET, EV_INSPECTED };
static const struct event_type EVENTS[] = {
	[EV_STORE_OPENED] = ROOM_EVENT("custody.store_opened", STORE_OPENING, struct store_opening,
	                               apply_store_opened, "开启保密室内间", "the inner room was opened"),
	[EV_ENTERED] = ROOM_EVENT("custody.room_entered", ROOM_ENTRY, struct room_entry,
	                          apply_entered, "进入保密室", "somebody entered the room"),
	[EV_CABINET] = ROOM_EVENT("custody.cabinet_used", CABINET_USE, struct cabinet_use,
	                          apply_cabinet, "文件柜存放", "a cabinet was filled or emptied"),
	[EV_INSPECTED] = ROOM_EVENT("custody.inspected", INSPECTION, struct inspection,
	                            apply_inspected, "检查试卷密封", "seals were inspected"),
};

/* Rules: openings. */

/* Inside a step's window of some session, give or take the profile's slack; a step that the profile
 * does not have has no hours. */
static bool in_step(const struct op *op, const char *step, int64_t at_ms)
{
	const struct profile *profile = op_profile(op);
	const struct profile_step *s = profile_step(profile, str_of(step));
	int64_t slack = 1000 * profile_setting(profile, "custody.open_slack_s", 0);

	if (!s)
		return true;
	for (size_t i = 0; i < profile->nsessions; i++) {
		const struct profile_session *x = &profile->sessions[i];
		int64_t anchor = s->anchor == ANCHOR_E ? x->end_ms : x->start_ms;

		if (at_ms >= anchor + 1000 * s->from_s - slack && at_ms <= anchor + 1000 * s->to_s + slack)
			return true;
	}
	return false;
}

bool papers_about(const struct op *op, int64_t at_ms)
{
	const struct profile *profile = op_profile(op);
	const struct profile_step *out = profile_step(profile, STR("custody.release"));
	const struct profile_step *back = profile_step(profile, STR("custody.return"));

	if (!out || !back)
		return true;
	for (size_t i = 0; i < profile->nsessions; i++)
		if (at_ms >= profile->sessions[i].start_ms + 1000 * out->from_s &&
		    at_ms <= profile->sessions[i].end_ms + 1000 * back->to_s)
			return true;
	return false;
}

static enum rc has_hour(struct op *op, const struct store_opening *p, bool *ret)
{
	int64_t at_ms = op_happened_ms(op);

	switch ((enum opening_purpose)p->purpose) {
	case OPENING_RECEIVE:
		return trip_due(op, p->place, at_ms, ret);
	case OPENING_RELEASE:
		*ret = in_step(op, "custody.release", at_ms);
		return RC_OK;
	case OPENING_RETURN:
		*ret = in_step(op, "custody.return", at_ms);
		return RC_OK;
	case OPENING_CHECK:
	case OPENING_EMERGENCY:
	case OPENING_MAX:
		break;
	}
	*ret = false; /* without the number of an order, never */
	return RC_OK;
}

/* Two different keys of this room and its code. */
static enum rc hold_keys(struct op *op, struct str place, bool *ret)
{
	enum store_key a, b, code;

	TRY(store_key_of(op, place, op_slot(op, "key_holder", 0), &a));
	TRY(store_key_of(op, place, op_slot(op, "key_holder", 1), &b));
	TRY(store_key_of(op, place, op_slot(op, "code_holder", 0), &code));
	*ret = a < STORE_KEY_CODE && b < STORE_KEY_CODE && code == STORE_KEY_CODE;
	return RC_OK;
}

static enum rc run_open_store(struct op *op, const void *in)
{
	const struct store_opening *p = in;
	bool hour = true, keys;

	if (!p->order.n)
		TRY(has_hour(op, p, &hour));
	TRY(hold_keys(op, p->place, &keys));
	TRY(event_append(op, &EVENTS[EV_STORE_OPENED], p, NULL));
	if (!hour)
		TRY(alarm_raise(op, "custody.opened_off_hours", p->place, p->place, NULL));
	return keys ? RC_OK : alarm_raise(op, "custody.wrong_openers", p->place, p->place, NULL);
}

/* Rules: entries, cabinets, inspections. */
static enum rc run_enter(struct op *op, const void *in)
{
	struct room_entry p = *(const struct room_entry *)in;

	p.person = op_slot(op, "entrant", 0);
	TRY(event_append(op, &EVENTS[EV_ENTERED], &p, NULL));
	if (p.purpose == ENTRY_VISIT)
		TRY(alarm_raise(op, "custody.visitor", p.place, p.place, NULL));
	return p.phone_left ? RC_OK
	                    : alarm_raise(op, "custody.phone_in_room", p.place, p.place, NULL);
}

static enum rc run_cabinet(struct op *op, const void *in)
{
	const struct cabinet_use *p = in;
	bool papers, scripts;

	TRY(event_append(op, &EVENTS[EV_CABINET], p, NULL));
	TRY(cabinet_of(op, p->place, p->cabinet, &papers, &scripts));
	return papers && scripts ? alarm_raise(op, "custody.shared_cabinet", p->cabinet, p->place, NULL)
	                         : RC_OK;
}

/* Open although nobody opened it by the programme.  A bag that is not known: a found object. */
static enum rc judge_object(struct op *op, const struct inspection *p,
	                        const struct inspected_object *o)
{
	struct bag bag;
	struct box box;
	bool is_bag, is_box = false;

	TRY(bag_find(op, o->object, &bag, &is_bag));
	if (!is_bag)
		TRY(box_find(op, o->object, &box, &is_box));
	if (!is_bag && !is_box)
		return found_add(op, o->object);
	if (o->sealed || (is_bag && bag.state != BAG_PACKED && bag.state != BAG_ISSUED))
		return RC_OK;
	return alarm_raise(op, "custody.found_opened", o->object, p->place, NULL);
}

static enum rc run_inspect(struct op *op, const void *in)
{
	const struct inspection *p = in;
	const struct inspected_object *o = p->objects.items;

	TRY(codes_differ(op, &p->objects, sizeof(*o), "objects", "object"));
	TRY(event_append(op, &EVENTS[EV_INSPECTED], p, NULL));
	for (size_t i = 0; i < p->objects.n; i++)
		TRY(judge_object(op, p, &o[i]));
	return RC_OK;
}

/* Module. */
static const struct allow KEEPERS[] = {{"store_keeper", LEVEL_ANY},
	                                   {"county_office", LEVEL_COUNTY}};
static const struct allow DOORKEEPERS[] = {{"store_keeper", LEVEL_ANY},
	                                       {"secrecy_guard", LEVEL_ANY},
	                                       {"county_office", LEVEL_COUNTY}};
static const struct allow INSPECTING[] = {
	{"inspector", LEVEL_ANY}, {"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"city_office", LEVEL_CITY}, {"discipline_officer", LEVEL_ANY}, {"site_clerk", LEVEL_SITE},
	{"site_chief", LEVEL_SITE},
};
static const char *const GUARDS[] = {"secrecy_guard", "police", "store_keeper", NULL};
static const char *const INSPECTORS[] = {"inspector", "county_office", "county_leader",
	"city_office", "discipline_officer", "secrecy_officer", "store_keeper", "police",
	"site_chief", "site_clerk", NULL};
static const struct slot OPENERS[] = {
	{"key_holder", 2, ROOM_KEEPERS, "code_holder", false, "持钥人", "key holders"},
	{"code_holder", 1, ROOM_KEEPERS, "police", false, "密码持有人", "code holder"},
	{"police", 1, POLICE_ONLY, "key_holder", false, "在场民警", "police present"},
};
static const struct slot ONE_GUARD[] = {
	{"guard", 1, GUARDS, "entrant", false, "登记的值守人员", "the guard who records it"},
	{"entrant", 1, NULL, NULL, true, "进入人员", "who enters"},
};
static const struct slot TWO_KEEPERS[] = {
	{"keeper", 2, ROOM_KEEPERS, NULL, false, "经办保管人员", "keepers"},
};
static const struct slot TWO_INSPECT[] = {
	{"inspector", 2, INSPECTORS, NULL, false, "检查人", "those who inspect"},
};
static const struct command COMMANDS[] = {
	{"custody.open_store", FACT, FIELDS(STORE_OPENING), sizeof(struct store_opening),
	 SLOTS(OPENERS), ALLOW(KEEPERS), .run = run_open_store, .cites = CITE_KEYS,
	 .zh = "登记内间开启", .en = "record the opening of the inner room"},
	{"custody.enter_room", FACT, ROOM_ENTRY, ENTRY_IN, sizeof(struct room_entry),
	 SLOTS(ONE_GUARD), ALLOW(DOORKEEPERS), .run = run_enter, .cites = CITE_BANNED,
	 .zh = "出入登记", .en = "record who enters"},
	{"custody.use_cabinet", FACT, FIELDS(CABINET_USE), sizeof(struct cabinet_use),
	 SLOTS(TWO_KEEPERS), ALLOW(KEEPERS), .run = run_cabinet, .cites = CITE_SCRIPTS,
	 .zh = "登记文件柜存放", .en = "record what a cabinet holds"},
	{"custody.inspect", FACT, FIELDS(INSPECTION), sizeof(struct inspection), SLOTS(TWO_INSPECT),
	 ALLOW(INSPECTING), .run = run_inspect, .cites = CITE_SEALS,
	 .zh = "检查试卷密封", .en = "inspect seals"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.opened_off_hours", COLOUR_RED, "county_leader", CITE_HOURS,
	 "查明谁批准、为何开启；停止进出，三人在场逐箱核对，保留录像",
	 "who allowed it and why? stop all movement, check each box by three, keep the recording",
	 "在规定时段之外开启存放试卷的房间", "a room with papers was opened outside its hours"},
	{"custody.wrong_openers", COLOUR_RED, "county_leader", CITE_KEYS,
	 "收回钥匙，核实钥匙和密码如何到了他人手中，换锁换密码",
	 "take the keys back, find out how others came to them, change locks and codes",
	 "开启人不是登记的钥匙、密码持有人", "those who opened it do not hold its keys and code"},
	{"custody.visitor", COLOUR_YELLOW, "county_office", CITE_BANNED,
	 "请其离开，核实谁放入，写入值班日志", "ask the visitor to leave, find out who let him in, write it down",
	 "保密室有来访人员", "a visitor is in the secrecy room"},
	{"custody.phone_in_room", COLOUR_ORANGE, "county_office", CITE_BANNED,
	 "立即收存，核查有无拍摄，两人登记", "take it, check whether it was used, record it by two",
	 "通信工具带入保密室", "a phone was taken into the secrecy room"},
	{"custody.shared_cabinet", COLOUR_ORANGE, "county_office", CITE_SCRIPTS,
	 "两人当场分柜存放，核对数量并登记", "two put them into separate cabinets, count and record",
	 "答卷与未用试卷同柜存放", "scripts and unused papers are in one cabinet"},
	{"custody.found_opened", COLOUR_RED, "county_leader", CITE_REPORT,
	 "保护现场，封存该袋及同批，报省；查开启时间，隔离接触人员，备好备用卷",
	 "keep the place as it is, seal it and its consignment, tell the province; when was it opened?",
	 "检查发现试卷袋（箱）已被开启", "an inspection found a packet open"},
};

static const struct column ENTRY_NAMES[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("at_ms", F_TIME, "时间", "at"),
	COLUMN_WORDS("purpose", ENTRY_TEXT, ENTRY_WORDS, "事由", "purpose"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN("visitor", F_TEXT, "外来人员", "visitor"),
};
static const struct column CABINET_NAMES[] = {
	COLUMN("place", F_PLACE, "保密室", "room"),
	COLUMN("cabinet", F_CODE, "文件柜", "cabinet"),
	COLUMN("papers", F_BOOL, "存试卷", "papers"),
	COLUMN("scripts", F_BOOL, "存答卷", "scripts"),
};
static const struct view VIEWS[] = {
	{"custody/entries", "出入登记", "who entered", CUSTODY_READERS, &SQL[Q_ENTRIES], ENTRY_NAMES,
	 COUNT(ENTRY_NAMES)},
	{"custody/cabinets", "文件柜", "cabinets", CUSTODY_READERS, &SQL[Q_CABINETS], CABINET_NAMES,
	 COUNT(CABINET_NAMES)},
};

static const char *const SETTINGS[] = {"custody.open_slack_s"};

const struct module custody_visit_module = {
	.name = "custody_visit", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(views, VIEWS), .zh = "保密室出入", .en = "openings and entries",
	TABLE_OF(settings, SETTINGS),
};
