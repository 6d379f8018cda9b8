/* SPDX-License-Identifier: Apache-2.0 */
/* staff.c -- who is on site for a session, and where their phones are (签到、手机入柜、抽签).
 *
 * Every session begins with a list: who came, which locker holds their phone, that they were
 * searched.  A phone that is kept is an alarm unless it is an ordered duty phone (主考值班手机).
 * Invigilators draw their rooms on the spot, recorded, with discipline inspection present; who has
 * not checked in draws nothing.
 *
 * Emits  sitting.staff_checked_in, sitting.phone_allowed, sitting.draw_recorded,
 *        sitting.visitor_registered
 * Owns   sitting_staff, sitting_duty_phone, sitting_draw
 */
#include "domain/sitting/site.h"

#include "engine/alarm.h"

#define CITE_PHONES CITE_ADMIN "工作人员不得携带通讯工具 INV-8"
#define CITE_DRAW CITE_PROGRAMME " 监考员抽签 INV-1 INV-5"

enum {
	Q_STAFF_SET, Q_STAFF_ADD, Q_STAFF, Q_LOCKER, Q_PHONE_ADD, Q_PHONE, Q_DRAW_CLEAR, Q_DRAW_ADD,
	Q_ROOM_HANDS, Q_VIEW_STAFF, Q_VIEW_DRAW,
};
static const struct sql SQL[] = {
	[Q_STAFF_SET] = {"UPDATE sitting_staff SET phone = ?, locker = ?, at_ms = ? WHERE session = ?"
	                 " AND site = ? AND person = ?", 6},
	[Q_STAFF_ADD] = {"INSERT INTO sitting_staff(session, site, person, phone, locker, at_ms)"
	                 " VALUES(?, ?, ?, ?, ?, ?)", 6},
	[Q_STAFF] = {"SELECT 1 FROM sitting_staff WHERE session = ? AND site = ? AND person = ?", 3},
	[Q_LOCKER] = {"SELECT 1 FROM sitting_staff WHERE session = ? AND site = ? AND locker = ?"
	              " AND person <> ?", 4},
	[Q_PHONE_ADD] = {"INSERT INTO sitting_duty_phone(site, person) SELECT ?, ? WHERE NOT EXISTS("
	                 "SELECT 1 FROM sitting_duty_phone WHERE site = ? AND person = ?)", 4},
	[Q_PHONE] = {"SELECT 1 FROM sitting_duty_phone WHERE site = ? AND person = ?", 2},
	[Q_DRAW_CLEAR] = {"DELETE FROM sitting_draw WHERE session = ? AND site = ?", 2},
	[Q_DRAW_ADD] = {"INSERT INTO sitting_draw(session, site, room, person) VALUES(?, ?, ?, ?)", 4},
	[Q_ROOM_HANDS] = {"SELECT room, COUNT(*) FROM sitting_draw WHERE session = ? AND site = ?"
	                  " GROUP BY room ORDER BY room", 2},
	[Q_VIEW_STAFF] = {"SELECT session, site, person, phone, locker, at_ms FROM sitting_staff"
	                  " ORDER BY session, site, person", 0},
	[Q_VIEW_DRAW] = {"SELECT session, site, room, person FROM sitting_draw"
	                 " ORDER BY session, site, room, person", 0},
};

static const struct table TABLES[] = {
	{"sitting_staff", "CREATE TABLE sitting_staff(session {text} NOT NULL, site {text} NOT NULL,"
	 " person {id} NOT NULL, phone {int} NOT NULL, locker {text} NOT NULL, at_ms {int} NOT NULL,"
	 " PRIMARY KEY(session, site, person)){clustered};"
	 "CREATE INDEX sitting_staff_locker ON sitting_staff(session, site, locker)",
	 "session, site, person"},
	{"sitting_duty_phone", "CREATE TABLE sitting_duty_phone(site {text} NOT NULL,"
	 " person {id} NOT NULL, PRIMARY KEY(site, person)){clustered}", "site, person"},
	{"sitting_draw", "CREATE TABLE sitting_draw(session {text} NOT NULL, site {text} NOT NULL,"
	 " room {text} NOT NULL, person {id} NOT NULL,"
	 " PRIMARY KEY(session, site, room, person)){clustered}", "session, site, room, person"},
};

/* Fields. */
#define PHONES(X) X(LOCKED, "locked") X(NONE, "none") X(KEPT, "kept")
#define X(id, text) PHONE_##id,
enum phone { PHONES(X) PHONE_MAX };
#undef X
#define VISITORS(X) X(LEADER, "leader") X(INSPECTOR, "inspector") X(POLICE, "police") \
	X(PRESS, "press") X(WATER, "water") X(POWER, "power") X(TELECOM, "telecom") \
	X(MEDICAL, "medical") X(OTHER, "other")
#define X(id, text) text,
static const char *const PHONE[] = {PHONES(X)};
static const char *const VISITOR[] = {VISITORS(X)};
#undef X
static const struct word PHONE_WORDS[] = {
	{"入柜", "locked"}, {"未带", "none"}, {"留用", "kept"},
};
static const struct word VISITOR_WORDS[] = {
	{"领导", "leader"}, {"督考(巡视)员", "inspector"}, {"民警", "police"}, {"记者", "press"},
	{"供水", "water works"}, {"供电", "power company"}, {"通信", "telecoms"}, {"医护", "medical"},
	{"其他", "other"},
};

struct staff {
	struct person_id person;
	int phone;
	struct str locker;
};
static const struct field STAFF[] = {
	FIELD(struct staff, person, F_PERSON, "工作人员", "person"),
	FIELD(struct staff, phone, F_ENUM, "手机", "phone", ENUM_OF(PHONE, PHONE_WORDS)),
	FIELD(struct staff, locker, F_CODE, "手机柜号", "locker", .optional = true),
};

struct check_in {
	struct str place, session;
	bool searched;
	struct list staff;
};
static const struct field CHECK_IN[] = {
	FIELD(struct check_in, place, F_PLACE, "考点", "site"),
	FIELD(struct check_in, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct check_in, searched, F_BOOL, "已逐人安检", "everybody was searched"),
	FIELD(struct check_in, staff, F_LIST, "签到名单", "who came", .list_of = STAFF,
	      .list_n = COUNT(STAFF), .list_size = sizeof(struct staff), .min = 1),
};

struct duty_phone {
	struct str place;
	struct person_id person;
};
static const struct field DUTY_PHONE[] = {
	FIELD(struct duty_phone, place, F_PLACE, "考点", "site"),
	FIELD(struct duty_phone, person, F_PERSON, "持机人", "who keeps it"),
};

struct drawn {
	struct str room;
	struct person_id person;
};
static const struct field DRAWN[] = {
	FIELD(struct drawn, room, F_PLACE, "考场", "room"),
	FIELD(struct drawn, person, F_PERSON, "监考员", "invigilator"),
};

struct draw {
	struct str place, session;
	bool recorded, printed;
	struct list drawn;
};
static const struct field DRAW[] = {
	FIELD(struct draw, place, F_PLACE, "考点", "site"),
	FIELD(struct draw, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct draw, recorded, F_BOOL, "全程录像", "recorded on camera"),
	FIELD(struct draw, printed, F_BOOL, "结果已打印签字", "result printed and signed"),
	FIELD(struct draw, drawn, F_LIST, "抽签结果", "who drew which room", .list_of = DRAWN,
	      .list_n = COUNT(DRAWN), .list_size = sizeof(struct drawn), .min = 1),
};

struct visitor {
	struct str place, session, code;
	int kind, phone;
	struct text name;
};
static const struct field VISITING[] = {
	FIELD(struct visitor, place, F_PLACE, "考点", "site"),
	FIELD(struct visitor, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct visitor, code, F_CODE, "证件或登记号", "pass"),
	FIELD(struct visitor, kind, F_ENUM, "人员类别", "kind", ENUM_OF(VISITOR, VISITOR_WORDS)),
	FIELD(struct visitor, phone, F_ENUM, "手机", "phone", ENUM_OF(PHONE, PHONE_WORDS)),
	FIELD(struct visitor, name, F_TEXT, "姓名", "name", .max = 60, .personal = true),
};

/* Projection. */
static enum rc apply_checked_in(struct op *op, const struct event *ev)
{
	const struct check_in *p = ev->data;
	const struct staff *s = p->staff.items;
	int64_t changed;

	for (size_t i = 0; i < p->staff.n; i++) {
		TRY(db_change(op, op->db, &SQL[Q_STAFF_SET],
		              ARGS(sql_int(s[i].phone), sql_text(s[i].locker), sql_int(ev->happened_ms),
		                   sql_text(p->session), sql_text(ev->place), sql_int(s[i].person.v)),
		              &changed));
		if (!changed)
			TRY(sql_exec(op, &SQL[Q_STAFF_ADD],
			             ARGS(sql_text(p->session), sql_text(ev->place), sql_int(s[i].person.v),
			                  sql_int(s[i].phone), sql_text(s[i].locker),
			                  sql_int(ev->happened_ms))));
	}
	return RC_OK;
}

static enum rc apply_phone(struct op *op, const struct event *ev)
{
	const struct duty_phone *p = ev->data;

	return sql_exec(op, &SQL[Q_PHONE_ADD], ARGS(sql_text(ev->place), sql_int(p->person.v),
	                                            sql_text(ev->place), sql_int(p->person.v)));
}

/* A draw stands until the next of its session. */
static enum rc apply_drawn(struct op *op, const struct event *ev)
{
	const struct draw *p = ev->data;
	const struct drawn *d = p->drawn.items;

	TRY(sql_exec(op, &SQL[Q_DRAW_CLEAR], ARGS(sql_text(p->session), sql_text(ev->place))));
	for (size_t i = 0; i < p->drawn.n; i++)
		TRY(sql_exec(op, &SQL[Q_DRAW_ADD], ARGS(sql_text(p->session), sql_text(ev->place),
		                                        sql_text(d[i].room), sql_int(d[i].person.v))));
	return RC_OK;
}

enum { EV_IN, EV_PHONE, EV_DRAWN, EV_VISITOR };
#define ROW(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = SITTING_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_IN] = ROW("sitting.staff_checked_in", CHECK_IN, struct check_in, apply_checked_in,
	              "工作人员签到、手机入柜", "staff checked in"),
	[EV_PHONE] = ROW("sitting.phone_allowed", DUTY_PHONE, struct duty_phone, apply_phone,
	                 "核定值班手机", "a duty phone was allowed"),
	[EV_DRAWN] = ROW("sitting.draw_recorded", DRAW, struct draw, apply_drawn,
	                 "监考员抽签", "invigilators drew their rooms"),
	[EV_VISITOR] = ROW("sitting.visitor_registered", VISITING, struct visitor, NULL,
	                   "入场人员登记", "a visitor was registered"),
};

/* Rules. */
static enum rc stands(struct op *op, int q, const struct sqlv *v, int n, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[q], v, n, &r));
	*ret = rows_next(&r);
	return RC_OK;
}

/* Is this phone where nobody can use it?  A locker of two people is nobody's. */
static enum rc phone_is_away(struct op *op, const struct check_in *p, const struct staff *s,
                             bool *ret)
{
	bool found;

	if (s->phone == PHONE_KEPT)
		return stands(op, Q_PHONE, ARGS(sql_text(p->place), sql_int(s->person.v)), ret);
	*ret = s->phone == PHONE_NONE || s->locker.n > 0;
	if (!s->locker.n)
		return RC_OK;
	TRY(stands(op, Q_LOCKER, ARGS(sql_text(p->session), sql_text(p->place), sql_text(s->locker),
	                              sql_int(s->person.v)), &found));
	*ret = !found;
	return RC_OK;
}

static enum rc run_check_in(struct op *op, const void *in)
{
	const struct check_in *p = in;
	const struct staff *s = p->staff.items;
	const struct profile_session *session;
	bool away = true;

	TRY(site_session(op, p->session, &session));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_SITE));
	for (size_t i = 0; i < p->staff.n; i++)
		for (size_t j = 0; j < i; j++)
			if (s[i].person.v == s[j].person.v)
				return fail(op, RC_INVALID, "staff", CITE_PHONES, "第 %zu 行：人员重复",
				            "row %zu: the person stands twice", i + 1);
	TRY(event_append(op, &EVENTS[EV_IN], p, NULL));
	for (size_t i = 0; away && i < p->staff.n; i++)
		TRY(phone_is_away(op, p, &s[i], &away));
	if (!away)
		TRY(alarm_raise(op, "sitting.phone_kept", site_subject(op, p->session, p->place), p->place,
		                NULL));
	if (p->searched)
		return RC_OK;
	return alarm_raise(op, "sitting.unsearched", site_subject(op, p->session, p->place), p->place,
	                   NULL);
}

static enum rc run_allow_phone(struct op *op, const void *in)
{
	const struct duty_phone *p = in;

	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_SITE));
	if (person_elsewhere(op, p->person, p->place))
		TRY(forbid(op, RC_CONFLICT, "person", CITE_PHONES, "所列人员不在本考点任职，请核对工号；"
		           "确为本考点人员的，先由考务办授予本考点岗位",
		           "this person serves elsewhere: check the code; if it is to be this person, the"
		           " office first grants a role here"));
	return event_append(op, &EVENTS[EV_PHONE], p, NULL);
}

/* Who drew and had not checked in, phone away, may have one on them. */
static enum rc all_checked_in(struct op *op, const struct draw *p, bool *ret)
{
	const struct drawn *d = p->drawn.items;

	*ret = true;
	for (size_t i = 0; *ret && i < p->drawn.n; i++)
		TRY(stands(op, Q_STAFF, ARGS(sql_text(p->session), sql_text(p->place),
		                             sql_int(d[i].person.v)), ret));
	return RC_OK;
}

static enum rc enough_hands(struct op *op, const struct draw *p, bool *ret)
{
	int64_t least = profile_setting(op_profile(op), "sitting.invigilators_per_room", 0);
	int64_t rooms, drawn = 0;
	AUTO(rows) r = {0};

	*ret = true;
	TRY(sql_query(op, &SQL[Q_ROOM_HANDS], ARGS(sql_text(p->session), sql_text(p->place)), &r));
	for (; rows_next(&r); drawn++)
		*ret = *ret && rows_int(&r, 1) >= least;
	rows_release(&r);
	TRY(site_rooms(op, p->session, p->place, &rooms));
	*ret = *ret && drawn >= rooms;
	return RC_OK;
}

static enum rc check_rooms(struct op *op, const struct draw *p)
{
	const struct drawn *d = p->drawn.items;

	for (size_t i = 0; i < p->drawn.n; i++) {
		if (place_level(d[i].room) != LEVEL_ROOM || !place_covers(p->place, d[i].room))
			return fail(op, RC_INVALID, "drawn", CITE_DRAW, "第 %zu 行：考场 %s 不在考点 %s",
			            "row %zu: room %s is not in site %s", i + 1, d[i].room.s, p->place.s);
		for (size_t j = 0; j < i; j++)
			if (d[i].person.v == d[j].person.v)
				return fail(op, RC_INVALID, "drawn", CITE_DRAW, "第 %zu 行：人员重复",
				            "row %zu: the person stands twice", i + 1);
	}
	return RC_OK;
}

static enum rc run_draw(struct op *op, const void *in)
{
	const struct draw *p = in;
	const struct profile_session *s;
	struct str subject;
	bool in_list, enough;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_SITE));
	TRY(check_rooms(op, p));
	TRY(event_append(op, &EVENTS[EV_DRAWN], p, NULL));
	TRY(all_checked_in(op, p, &in_list));
	TRY(enough_hands(op, p, &enough));
	subject = site_subject(op, p->session, p->place);
	if (!in_list)
		TRY(alarm_raise(op, "sitting.drew_unchecked", subject, p->place, NULL));
	if (!enough)
		TRY(alarm_raise(op, "sitting.too_few_invigilators", subject, p->place, NULL));
	if (p->recorded && p->printed)
		return RC_OK;
	return alarm_raise(op, "sitting.draw_irregular", subject, p->place, NULL);
}

/* Police keep their sets, leaders and press do not. */
static enum rc run_visitor(struct op *op, const void *in)
{
	const struct visitor *p = in;
	const struct profile_session *s;

	TRY(site_session(op, p->session, &s));
	TRY(site_place(op, p->place, LEVEL_SITE, LEVEL_SITE));
	TRY(event_append(op, &EVENTS[EV_VISITOR], p, NULL));
	if (p->phone != PHONE_KEPT || str_is(str_of(VISITOR[p->kind]), "police"))
		return RC_OK;
	return alarm_raise(op, "sitting.phone_kept", site_subject(op, p->session, p->place), p->place,
	                   NULL);
}

/* Module. */
static const struct allow GATE[] = {
	{"gate_checker", LEVEL_SITE}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
	{"deputy_chief", LEVEL_SITE}, {"county_office", LEVEL_COUNTY},
};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", NULL};
static const char *const COUNTY[] = {"county_office", "county_leader", "county_director", NULL};
static const char *const KEEPER[] = {"site_clerk", "gate_checker", "deputy_chief", "site_chief",
	NULL};
static const char *const DISCIPLINE[] = {"discipline_officer", "inspector", NULL};
static const struct slot KEEPERS[] = {
	{"keeper", 2, KEEPER, NULL, false, "手机保管和安检人员", "those who search and keep the phones"},
};
static const struct slot APPROVERS[] = {
	{"chief", 1, CHIEF, "county", false, "主考", "chief of the site"},
	{"county", 1, COUNTY, NULL, false, "县考务办", "the county"},
};
static const struct slot DRAWERS[] = {
	{"chief", 1, CHIEF, "discipline", false, "主考", "chief of the site"},
	{"discipline", 1, DISCIPLINE, NULL, false, "纪检(巡视)人员", "discipline inspection"},
};
static const struct command COMMANDS[] = {
	{"sitting.check_in", FACT, FIELDS(CHECK_IN), sizeof(struct check_in), SLOTS(KEEPERS),
	 ALLOW(SITTING_OFFICE), .run = run_check_in, .cites = CITE_PHONES,
	 .zh = "工作人员签到、手机入柜", .en = "staff check in"},
	{"sitting.allow_phone", ORDER, FIELDS(DUTY_PHONE), sizeof(struct duty_phone),
	 SLOTS(APPROVERS), ALLOW(SITTING_OFFICE), .run = run_allow_phone, .cites = CITE_PHONES,
	 .zh = "核定值班手机", .en = "allow a duty phone"},
	{"sitting.record_draw", FACT, FIELDS(DRAW), sizeof(struct draw), SLOTS(DRAWERS),
	 ALLOW(SITTING_OFFICE), .run = run_draw, .cites = CITE_DRAW,
	 .zh = "登记监考员抽签", .en = "record the draw of invigilators"},
	{"sitting.register_visitor", FACT, FIELDS(VISITING), sizeof(struct visitor), ALLOW(GATE),
	 .run = run_visitor, .cites = CITE_PHONES, .zh = "登记入场人员", .en = "register a visitor"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.check_in", "arrange.site_armed", "sitting.staff_checked_in", NULL, session_subjects,
	 "sitting.check_in", "site_clerk", .missing = "sitting.check_in_missing",
	 .cites = CITE_PHONES, .zh = "工作人员签到、手机入柜", .en = "staff check in, phones away"},
	{"sitting.draw", "arrange.site_armed", "sitting.draw_recorded", NULL, session_subjects,
	 "sitting.draw", "site_chief", .early = "sitting.draw_irregular",
	 .missing = "sitting.draw_missing", .cites = CITE_DRAW,
	 .zh = "监考员抽签", .en = "invigilators draw their rooms"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.phone_kept", COLOUR_ORANGE, "site_chief", CITE_PHONES,
	 "立即收缴入柜并逐人复查，领卷前完成，报纪检人员",
	 "take the phone into a locker and search everybody again before papers are fetched; tell "
	 "discipline inspection", "工作人员手机未入柜或柜号重复", "a phone on site is not in a locker"},
	{"sitting.unsearched", COLOUR_YELLOW, "site_chief", CITE_PHONES,
	 "领卷前补做工作人员安检并登记", "search the staff before papers are fetched and record it",
	 "工作人员未安检", "staff were not searched"},
	{"sitting.check_in_missing", COLOUR_ORANGE, "site_chief", CITE_PHONES,
	 "停止领卷，先清点人员和手机，补报签到名单",
	 "fetch no papers: count staff and phones first, then report the list",
	 "工作人员签到、手机入柜超时未报", "the list of staff and phones is overdue"},
	{"sitting.drew_unchecked", COLOUR_ORANGE, "site_chief", CITE_DRAW,
	 "立即核实该监考员签到和手机情况，未安检的不得领卷",
	 "check this invigilator in, phone away, before they fetch papers",
	 "未签到人员参加抽签", "somebody drew a room without having checked in"},
	{"sitting.too_few_invigilators", COLOUR_YELLOW, "site_chief", CITE_DRAW,
	 "从备用监考员补足并补登抽签结果", "fill up from the reserve and record the draw again",
	 "有考场监考员不足", "a room has too few invigilators"},
	{"sitting.draw_irregular", COLOUR_ORANGE, "site_chief", CITE_DRAW,
	 "在纪检人员见证和录像下重新抽签，当场打印签字",
	 "draw again on camera with discipline inspection present, print and sign at once",
	 "抽签未录像、未打印或过早", "the draw was not recorded, not printed, or too early"},
	{"sitting.draw_missing", COLOUR_YELLOW, "site_chief", CITE_DRAW,
	 "核实抽签是否完成，补登抽签结果", "find out whether it was drawn and record it",
	 "监考员抽签超时未报", "the draw is overdue"},
};

static const struct column STAFF_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("person", F_PERSON, "人员", "person"),
	COLUMN_WORDS("phone", PHONE, PHONE_WORDS, "手机", "phone"),
	COLUMN("locker", F_CODE, "柜号", "locker"),
	COLUMN("at_ms", F_TIME, "签到", "signed in"),
};
static const struct column DRAW_COLUMNS[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("site", F_PLACE, "考点", "site"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("person", F_PERSON, "监考员", "invigilator"),
};
static const struct view VIEWS[] = {
	{"sitting/staff", "工作人员签到", "staff on site", SITTING_READERS, &SQL[Q_VIEW_STAFF],
	 STAFF_COLUMNS, COUNT(STAFF_COLUMNS)},
	{"sitting/draw", "监考员抽签结果", "rooms drawn", SITTING_READERS, &SQL[Q_VIEW_DRAW],
	 DRAW_COLUMNS, COUNT(DRAW_COLUMNS)},
};

static const char *const SETTINGS[] = {"sitting.invigilators_per_room"};

const struct module sitting_staff_module = {
	.name = "sitting_staff", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "工作人员签到", .en = "staff on site",
};
