/* SPDX-License-Identifier: Apache-2.0 */
/* people.c -- who is who, who may serve; see people.h.
 *
 * Registering asks leave, because a staff code must mean one person for ever: it is what stands on
 * badges, in slots and on paper.  Declaring is a fact: somebody has said something about
 * themselves, and even an unwelcome declaration is recorded; what follows from it is an alarm.
 */
#include "domain/people/people.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_ORGANISATION "国家教育考试考务管理规定 (2009) Art.19-22 (2.1)"
#define CITE_AVOIDANCE "国家教育考试考务管理规定 (2009) 回避 INV-3 SET-5"

enum {
	Q_UNIT_ADD, Q_UNIT_PLACE, Q_PERSON_ADD, Q_PERSON_BY_CODE, Q_PERSON, Q_PERSON_PLACE,
	Q_AVOIDANCE_SET, Q_POST_ADD, Q_POST_END, Q_POST_OPEN, Q_POSTS_OF, Q_LIST_PERSONS, Q_LIST_POSTS,
};
static const struct sql SQL[] = {
	[Q_UNIT_ADD] = {"INSERT INTO people_unit(id, code, place, name) VALUES(?, ?, ?, ?)", 4},
	[Q_UNIT_PLACE] = {"SELECT place FROM people_unit WHERE code = ?", 1},
	[Q_PERSON_ADD] = {"INSERT INTO people_person(id, code, unit, secrecy, avoidance, name)"
	                  " VALUES(?, ?, ?, ?, 0, ?)", 5},
	[Q_PERSON_BY_CODE] = {"SELECT id FROM people_person WHERE code = ?", 1},
	[Q_PERSON] = {"SELECT code, unit, secrecy, avoidance, name FROM people_person WHERE id = ?", 1},
	[Q_PERSON_PLACE] = {"SELECT u.place FROM people_person p JOIN people_unit u ON u.code = p.unit"
	                    " WHERE p.id = ?", 1},
	[Q_AVOIDANCE_SET] = {"UPDATE people_person SET avoidance = ? WHERE id = ?", 2},
	[Q_POST_ADD] = {"INSERT INTO people_post(id, person, place, role, until_ms, ended)"
	                " VALUES(?, ?, ?, ?, ?, 0)", 5},
	[Q_POST_END] = {"UPDATE people_post SET ended = 1 WHERE person = ? AND place = ? AND role = ?"
	                " AND ended = 0", 3},
	[Q_POST_OPEN] = {"SELECT id FROM people_post WHERE person = ? AND place = ? AND role = ?"
	                 " AND ended = 0 AND (until_ms = 0 OR until_ms > ?)", 4},
	[Q_POSTS_OF] = {"SELECT id FROM people_post WHERE person = ? AND ended = 0"
	                " AND (until_ms = 0 OR until_ms > ?)", 2},
	[Q_LIST_PERSONS] = {"SELECT id, code, unit, secrecy, avoidance FROM people_person"
	                    " ORDER BY code", 0},
	[Q_LIST_POSTS] = {"SELECT o.id, p.code, o.place, o.role, o.until_ms, o.ended"
	                  " FROM people_post o JOIN people_person p ON p.id = o.person"
	                  " ORDER BY o.place, o.role, o.id", 0},
};

static const struct table TABLES[] = {
	{"people_unit",
	 "CREATE TABLE people_unit(id {id} NOT NULL, code {text} NOT NULL, place {text} NOT NULL,"
	 " name {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE UNIQUE INDEX people_unit_code ON people_unit(code)", "id"},
	{"people_person",
	 "CREATE TABLE people_person(id {id} NOT NULL, code {text} NOT NULL, unit {text} NOT NULL,"
	 " secrecy {int} NOT NULL, avoidance {int} NOT NULL, name {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE UNIQUE INDEX people_person_code ON people_person(code)", "id"},
	{"people_post",
	 "CREATE TABLE people_post(id {id} NOT NULL, person {id} NOT NULL, place {text} NOT NULL,"
	 " role {text} NOT NULL, until_ms {int} NOT NULL, ended {int} NOT NULL, PRIMARY KEY(id));"
	 "CREATE INDEX people_post_person ON people_post(person, ended)", "id"},
};

/* Fields: the command and the event of each fact share one struct and one table. */
/* A unit's name is no secret, but it is typed: no free text stands in the ledger. */
struct unit {
	struct str place, code;
	struct text name;
};
static const struct field UNIT[] = {
	FIELD(struct unit, place, F_PLACE, "所在地", "place"),
	FIELD(struct unit, code, F_CODE, "单位编号", "unit's code"),
	FIELD(struct unit, name, F_TEXT, "单位名称", "unit's name", .max = 100),
};

struct registration {
	struct str code, unit;
	bool secrecy;
	struct text name;
};
static const struct field REGISTRATION[] = {
	FIELD(struct registration, code, F_CODE, "工作证号", "staff code"),
	FIELD(struct registration, unit, F_CODE, "单位编号", "unit's code", .ref = "unit"),
	FIELD(struct registration, secrecy, F_BOOL, "是否涉密人员", "involved in secrecy",
	      .optional = true),
	FIELD(struct registration, name, F_TEXT, "姓名", "name", .max = 60, .personal = true),
};

/* The detail says who sits, so it is as personal as a name. */
struct declaration {
	struct person_id person;
	bool relative;
	struct text detail;
};
static const struct field DECLARATION[] = {
	FIELD(struct declaration, person, F_PERSON, "申报人", "who declares"),
	FIELD(struct declaration, relative, F_BOOL, "是否有近亲属参加本次考试",
	      "a near relative sits this examination"),
	FIELD(struct declaration, detail, F_TEXT, "说明", "details", .optional = true,
	      .personal = true),
};

/* `until` 0: until it is ended. */
struct post {
	struct person_id person;
	struct str place, role;
	int64_t until;
};
static const struct field POST[] = {
	FIELD(struct post, person, F_PERSON, "人员", "person"),
	FIELD(struct post, place, F_PLACE, "岗位所在地", "place of the post"),
	FIELD(struct post, role, F_KEY, "岗位", "role", .ref = "role", .secrecy = SECRECY_INTERNAL),
	FIELD(struct post, until, F_TIME, "截止时间", "until", .optional = true),
};
static const struct field POST_END[] = {
	FIELD(struct post, person, F_PERSON, "人员", "person"),
	FIELD(struct post, place, F_PLACE, "岗位所在地", "place of the post"),
	FIELD(struct post, role, F_KEY, "岗位", "role", .ref = "role", .secrecy = SECRECY_INTERNAL),
};

/* Projection.  Only vault ids of names stand here; opening one is an event of its own. */
static enum rc apply_unit(struct op *op, const struct event *ev)
{
	const struct unit *p = ev->data;

	return sql_exec(op, &SQL[Q_UNIT_ADD], ARGS(sql_int(ev->id), sql_text(p->code),
	                                           sql_text(p->place), sql_int(p->name.vault)));
}

static enum rc apply_person(struct op *op, const struct event *ev)
{
	const struct registration *p = ev->data;

	return sql_exec(op, &SQL[Q_PERSON_ADD],
	                ARGS(sql_int(ev->id), sql_text(p->code), sql_text(p->unit),
	                     sql_int(p->secrecy), sql_int(p->name.vault)));
}

/* The newest declaration counts; the earlier ones stay in the ledger. */
static enum rc apply_avoidance(struct op *op, const struct event *ev)
{
	const struct declaration *p = ev->data;
	enum avoidance a = p->relative ? AVOIDANCE_RELATIVE : AVOIDANCE_CLEAR;

	return sql_exec(op, &SQL[Q_AVOIDANCE_SET], ARGS(sql_int(a), sql_int(p->person.v)));
}

static enum rc apply_post(struct op *op, const struct event *ev)
{
	const struct post *p = ev->data;

	return sql_exec(op, &SQL[Q_POST_ADD],
	                ARGS(sql_int(ev->id), sql_int(p->person.v), sql_text(p->place),
	                     sql_text(p->role), sql_int(p->until)));
}

static enum rc apply_post_ended(struct op *op, const struct event *ev)
{
	const struct post *p = ev->data;

	return sql_exec(op, &SQL[Q_POST_END], ARGS(sql_int(p->person.v), sql_text(p->place),
	                                           sql_text(p->role)));
}

enum {
	EV_UNIT_ADDED,
	EV_PERSON_REGISTERED,
	EV_AVOIDANCE_DECLARED,
	EV_POST_ASSIGNED,
	EV_POST_ENDED
};
static const char *const OFFICES[] = {"county_office", "city_office", "duty_officer", NULL};
static const struct event_type EVENTS[] = {
	[EV_UNIT_ADDED] = {"people.unit_added", 1, FIELDS(UNIT), .size = sizeof(struct unit),
	                   .apply = apply_unit, .visible_to = OFFICES,
	                   .zh = "登记单位", .en = "a unit was added"},
	[EV_PERSON_REGISTERED] = {"people.person_registered", 1, FIELDS(REGISTRATION),
	                          .size = sizeof(struct registration), .apply = apply_person,
	                          .visible_to = OFFICES,
	                          .zh = "登记工作人员", .en = "a person was registered"},
	[EV_AVOIDANCE_DECLARED] = {"people.avoidance_declared", 1, FIELDS(DECLARATION),
	                           .size = sizeof(struct declaration), .apply = apply_avoidance,
	                           .visible_to = OFFICES, .zh = "申报回避情况",
	                           .en = "avoidance was declared"},
	[EV_POST_ASSIGNED] = {"people.post_assigned", 1, FIELDS(POST), .size = sizeof(struct post),
	                      .apply = apply_post, .visible_to = OFFICES,
	                      .zh = "安排岗位", .en = "a post was assigned"},
	[EV_POST_ENDED] = {"people.post_ended", 1, FIELDS(POST_END), .size = sizeof(struct post),
	                   .apply = apply_post_ended, .visible_to = OFFICES,
	                   .zh = "结束岗位", .en = "a post was ended"},
};

/* Reading. */
enum rc people_find(struct op *op, struct str code, struct person_id *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON_BY_CODE], ARGS(sql_text(code)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "code", "", "没有工作证号为 %s 的人员",
		            "nobody has the staff code %s", code.s);
	ret->v = rows_int(&r, 0);
	return RC_OK;
}

enum rc people_unit_known(struct op *op, struct str code, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_UNIT_PLACE], ARGS(sql_text(code)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

enum rc people_read(struct op *op, struct person_id who, struct person *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON], ARGS(sql_int(who.v)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "person", "", "没有编号为 %lld 的人员",
		            "no person has the number %lld", (long long)who.v);
	*ret = (struct person){
		.id = who,
		.code = rows_dup(op->arena, &r, 0),
		.unit = rows_dup(op->arena, &r, 1),
		.secrecy_involved = rows_int(&r, 2) != 0,
		.avoidance = (enum avoidance)rows_int(&r, 3),
		.name_vault = rows_int(&r, 4),
	};
	return RC_OK;
}

enum rc people_code(struct op *op, struct person_id who, struct str *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON], ARGS(sql_int(who.v)), &r));
	*ret = rows_next(&r) ? rows_dup(op->arena, &r, 0)
	                     : str_fmt(op->arena, "#%lld", (long long)who.v);
	return RC_OK;
}

enum rc people_may_serve(struct op *op, struct person_id who, const char *field)
{
	struct person p;

	TRY(people_read(op, who, &p));
	if (p.avoidance == AVOIDANCE_UNDECLARED)
		return fail(op, RC_CONFLICT, field, CITE_AVOIDANCE, "%s 尚未申报回避情况，不得安排",
		            "%s has not declared avoidance and may not be assigned", p.code.s);
	if (p.avoidance == AVOIDANCE_RELATIVE)
		return fail(op, RC_CONFLICT, field, CITE_AVOIDANCE,
		            "%s 有近亲属参加本次考试，应当回避",
		            "%s has a near relative who sits this examination and must stay away",
		            p.code.s);
	return RC_OK;
}

/* Rules. */
static enum rc run_add_unit(struct op *op, const void *in)
{
	const struct unit *p = in;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_UNIT_PLACE], ARGS(sql_text(p->code)), &r));
	if (rows_next(&r))
		return fail(op, RC_CONFLICT, "code", CITE_ORGANISATION, "单位编号 %s 已登记",
		            "unit %s is registered already", p->code.s);
	return event_append(op, &EVENTS[EV_UNIT_ADDED], p, NULL);
}

/* A person is registered where their unit stands. */
static enum rc place_of_unit(struct op *op, const void *in, struct str *ret_place)
{
	const struct registration *p = in;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_UNIT_PLACE], ARGS(sql_text(p->unit)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "unit", CITE_ORGANISATION, "单位编号 %s 未登记",
		            "no unit has the code %s", p->unit.s);
	*ret_place = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

static enum rc run_register(struct op *op, const void *in)
{
	const struct registration *p = in;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON_BY_CODE], ARGS(sql_text(p->code)), &r));
	if (rows_next(&r))
		return fail(op, RC_CONFLICT, "code", CITE_ORGANISATION, "工作证号 %s 已登记",
		            "staff code %s is registered already", p->code.s);
	return event_append(op, &EVENTS[EV_PERSON_REGISTERED], p, NULL);
}

static enum rc place_of_person(struct op *op, const void *in, struct str *ret_place)
{
	const struct declaration *p = in;
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON_PLACE], ARGS(sql_int(p->person.v)), &r));
	if (!rows_next(&r))
		return fail(op, RC_NOT_FOUND, "person", CITE_AVOIDANCE, "没有编号为 %lld 的人员",
		            "no person has the number %lld", (long long)p->person.v);
	*ret_place = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

/* A declaration speaks for the one who signs it, so another's signature is a fault of form. */
static enum rc run_declare(struct op *op, const void *in)
{
	const struct declaration *p = in;
	AUTO(rows) r = {0};
	struct str code;

	if (op_slot(op, "declarer", 0).v != p->person.v)
		return fail(op, RC_INVALID, "declarer", CITE_AVOIDANCE, "回避情况须由本人签名申报",
		            "avoidance is declared with one's own signature");
	TRY(event_append(op, &EVENTS[EV_AVOIDANCE_DECLARED], p, NULL));
	if (!p->relative)
		return RC_OK;
	TRY(sql_query(op, &SQL[Q_POSTS_OF], ARGS(sql_int(p->person.v), sql_int(op->now_ms)), &r));
	if (!rows_next(&r))
		return RC_OK;
	rows_release(&r);
	TRY(people_code(op, p->person, &code));
	return alarm_raise(op, "people.relative_on_post", code, op_place(op), NULL);
}

/* A post whose time has passed is over without anybody saying so. */
static enum rc post_is_open(struct op *op, const struct post *p, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_POST_OPEN], ARGS(sql_int(p->person.v), sql_text(p->place),
	                                          sql_text(p->role), sql_int(op->now_ms)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

/* No exception is foreseen here: a near relative who sits is not overruled by a signature. */
static enum rc run_assign_post(struct op *op, const void *in)
{
	const struct post *p = in;
	bool open;

	if (!modules_role(op->run->modules, p->role))
		return fail(op, RC_INVALID, "role", CITE_ORGANISATION, "没有名为 %s 的岗位",
		            "there is no role %s", p->role.s);
	if (p->until && p->until <= op->now_ms)
		return fail(op, RC_INVALID, "until", CITE_ORGANISATION, "截止时间已过",
		            "the end of the post is in the past");
	TRY(people_may_serve(op, p->person, "person"));
	TRY(post_is_open(op, p, &open));
	if (open)
		return fail(op, RC_CONFLICT, "role", CITE_ORGANISATION, "此人已在 %s 任 %s",
		            "this person holds at %s the post %s already", p->place.s, p->role.s);
	return event_append(op, &EVENTS[EV_POST_ASSIGNED], p, NULL);
}

static enum rc run_end_post(struct op *op, const void *in)
{
	const struct post *p = in;
	bool open;

	TRY(post_is_open(op, p, &open));
	if (!open)
		return fail(op, RC_NOT_FOUND, "role", CITE_ORGANISATION, "此人不在 %s 任 %s",
		            "this person does not hold at %s the post %s", p->place.s, p->role.s);
	return event_append(op, &EVENTS[EV_POST_ENDED], p, NULL);
}

/* Module. */
static const struct allow OFFICE_ONLY[] = {{"county_office", LEVEL_COUNTY},
	                                       {"city_office", LEVEL_CITY}};
static const struct allow DECLARERS[] = {
	{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}, {"site_clerk", LEVEL_SITE},
};
static const struct slot DECLARER[] = {
	{"declarer", 1, NULL, NULL, false, "申报人", "the declarer"},
};
static const struct command COMMANDS[] = {
	{"people.add_unit", ORDER, FIELDS(UNIT), sizeof(struct unit), ALLOW(OFFICE_ONLY),
	 .run = run_add_unit, .founding = true, .cites = CITE_ORGANISATION, .zh = "登记单位",
	 .en = "add a unit"},
	{"people.register", ORDER, FIELDS(REGISTRATION), sizeof(struct registration),
	 ALLOW(OFFICE_ONLY), .place_of = place_of_unit,
	 .place_by = "unit", .run = run_register, .founding = true,
	 .cites = CITE_ORGANISATION, .zh = "登记工作人员", .en = "register a person"},
	{"people.declare_avoidance", FACT, FIELDS(DECLARATION), sizeof(struct declaration),
	 SLOTS(DECLARER), ALLOW(DECLARERS), .place_of = place_of_person,
	 .place_by = "person", .run = run_declare,
	 .cites = CITE_AVOIDANCE, .zh = "申报回避情况", .en = "declare avoidance"},
	{"people.assign_post", ORDER, FIELDS(POST), sizeof(struct post), ALLOW(OFFICE_ONLY),
	 .run = run_assign_post, .cites = CITE_AVOIDANCE, .zh = "安排岗位", .en = "assign a post"},
	{"people.end_post", ORDER, FIELDS(POST_END), sizeof(struct post), ALLOW(OFFICE_ONLY),
	 .run = run_end_post, .cites = CITE_ORGANISATION, .zh = "结束岗位", .en = "end a post"},
};

/* Raised when a declaration comes from somebody who is at work already. */
static const struct alarm_rule ALARMS[] = {
	{"people.relative_on_post", COLOUR_ORANGE, "county_office", CITE_AVOIDANCE,
	 "立即停止其接触试卷和场所，换人接岗并登记", "keep them from papers and places at once, replace them",
	 "在岗人员有近亲属参加考试", "somebody on a post has a relative who sits"},
};

/* Roles of all custody work; the grants that give them are the engine's. */
static const char *const HANDLER[] = {"alarm_handler", NULL};
static const char *const WATCHES[] = {"alarm_reader", NULL};
static const char *const READER[] = {"ledger_reader", NULL};
static const struct role ROLES[] = {
	{"county_office", "县(区)考务办工作人员", "county examinations office", HANDLER,
	 "city_office", LEVEL_COUNTY},
	{"city_office", "市考务办工作人员", "city examinations office", HANDLER, "province_office", LEVEL_CITY},
	{"duty_officer", "值班员", "duty officer", HANDLER, "city_duty", LEVEL_COUNTY},
	{"county_leader", "考区带班领导", "county's leader on duty", HANDLER, "city_leader", LEVEL_COUNTY},
	{"city_duty", "市值班员", "city's duty officer", HANDLER, "province_office", LEVEL_CITY},
	{"city_leader", "市带班领导", "city's leader on duty", HANDLER, "province_office", LEVEL_CITY},
	{"store_keeper", "保密员", "keeper of the secrecy room", WATCHES},
	{"secrecy_guard", "保密室值守人员", "guard of the secrecy room", WATCHES},
	{"courier", "押运员", "courier", NULL},
	{"police", "民警", "police officer", NULL},
	{"secrecy_officer", "保密部门人员", "officer of the secrecy bureau", NULL},
	{"site_chief", "主考", "chief of the site", HANDLER, "duty_officer", LEVEL_SITE},
	{"site_clerk", "考点考务员(发卷、验收)", "clerk of the site (issue and acceptance)", WATCHES,
	 "county_office", LEVEL_SITE},
	{"invigilator", "监考员", "invigilator", NULL},
	{"inspector", "督考员、巡视员", "inspector", WATCHES},
	{"province_office", "省级考试机构", "province's examinations authority", HANDLER},
	{"county_director", "考区主任(副主任)", "director of the county's examination", HANDLER,
	 "city_leader", LEVEL_COUNTY},
	{"deputy_chief", "副主考", "deputy chief of the site", HANDLER},
	{"bell_keeper", "司铃员", "keeper of the bell", NULL},
	{"listening_player", "听力播放员", "player of the listening test", NULL},
	{"video_invigilator", "视频监考员", "video invigilator", NULL},
	{"remote_inspector", "网上巡查员", "inspector who watches from above", NULL},
	{"roving_invigilator", "流动监考员", "roving invigilator", NULL},
	{"gate_checker", "入口安检员", "gate checker", NULL},
	{"identity_checker", "身份核验员", "identity checker", NULL},
	{"medic", "医护人员", "medic", NULL},
	{"technician", "技术、电力保障人员", "technician", NULL},
	{"driver", "驾驶员", "driver", NULL},
	{"discipline_officer", "纪检人员", "officer of discipline inspection", READER},
	{"print_supervisor", "监印员", "supervisor of printing", NULL},
	{"tip_officer", "举报受理人员", "officer who takes tips", NULL},
};

static const struct column PERSON_COLUMNS[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("code", F_CODE, "工号", "code"),
	COLUMN("unit", F_CODE, "单位", "unit"),
	COLUMN("secrecy", F_BOOL, "涉密", "secrecy-involved"),
	COLUMN("avoidance", F_BOOL, "已申报回避", "avoidance declared"),
};
static const struct column POST_COLUMNS[] = {
	COLUMN("id", F_ID, "编号", "id"),
	COLUMN("person", F_CODE, "人员", "person"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("role", F_KEY, "岗位", "role"),
	COLUMN("until_ms", F_TIME, "至", "until"),
	COLUMN("ended", F_BOOL, "已免", "ended"),
};
static const struct view VIEWS[] = {
	{"people/persons", "工作人员", "persons", OFFICES, &SQL[Q_LIST_PERSONS], PERSON_COLUMNS,
	 COUNT(PERSON_COLUMNS)},
	{"people/posts", "岗位安排", "posts", OFFICES, &SQL[Q_LIST_POSTS], POST_COLUMNS,
	 COUNT(POST_COLUMNS)},
};

static const char *const SETTINGS[] = {"login.idle_s", "login.most_s", "login.tries",
	"login.wait_s", "backup.most_age_s"};

static enum rc whose(struct op *op, int64_t subject, struct str *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_PERSON], ARGS(sql_int(subject)), &r));
	if (rows_next(&r))
		*ret = rows_dup(op->arena, &r, 0);
	return RC_OK;
}

const struct module people_module = {
	.name = "people", .rev = 1, .whose = whose,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(roles, ROLES), TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS), TABLE_OF(settings, SETTINGS),
	.zh = "责任分工", .en = "people",
};
