/* SPDX-License-Identifier: Apache-2.0 */
/* script.c -- scripts after the session (答卷): packed by room, handed on, never opened on the way.
 *
 * A room's scripts go into a bag of their own in seat order, the cards of absentees among them, and
 * are sealed before the room is left.  They lie apart from papers and go from the site to the
 * script store and on to the marking site, two giving and two receiving, by list.  Nobody opens
 * them before they are scanned at the marking site.  They end by a list under two supervisors.
 *
 * Emits  custody.scripts_packed, custody.scripts_handed, custody.scripts_opened,
 *        custody.scripts_destroyed
 * Owns   custody_script
 */
#include "domain/custody/issue.h"

#include "base/limits.h"
#include "domain/arrange/arrange.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_SCRIPT "考务工作规定 Art.29 答卷 (1.6)"
#define CITE_KEEP "考务工作规定 Art.36 答卷保存 (1.8)"
#define MS_PER_DAY INT64_C(86400000)

enum { Q_ADD, Q_FIND, Q_MOVE, Q_OPEN, Q_END, Q_ROOM, Q_VIEW, Q_AGAIN };
/* state: 0 packed, 1 at the marking site, 2 opened, 3 destroyed */
static const struct sql SQL[] = {
	[Q_ADD] = {"INSERT INTO custody_script(bag, session, room, scripts, absent, seal, holder,"
	           " state) VALUES(?, ?, ?, ?, ?, ?, ?, 0)", 7},
	[Q_FIND] = {"SELECT session, room, scripts, seal, holder, state FROM custody_script"
	            " WHERE bag = ?", 1},
	[Q_MOVE] = {"UPDATE custody_script SET holder = ?, state = ? WHERE bag = ?", 3},
	[Q_OPEN] = {"UPDATE custody_script SET state = 2 WHERE bag = ?", 1},
	[Q_END] = {"UPDATE custody_script SET state = 3, holder = 'destroyed' WHERE bag = ?", 1},
	[Q_ROOM] = {"SELECT bag, scripts FROM custody_script WHERE session = ? AND room = ?"
	            " ORDER BY bag LIMIT 1", 2},
	[Q_VIEW] = {"SELECT bag, session, room, scripts, absent, holder, state FROM custody_script"
	            " ORDER BY bag", 0},
	[Q_AGAIN] = {"UPDATE custody_script SET scripts = ?, absent = ?, seal = ? WHERE bag = ?", 4},
};

static const struct table TABLES[] = {
	{"custody_script", "CREATE TABLE custody_script(bag {text} NOT NULL, session {text} NOT NULL,"
	 " room {text} NOT NULL, scripts {int} NOT NULL, absent {int} NOT NULL, seal {text} NOT NULL,"
	 " holder {text} NOT NULL, state {int} NOT NULL, PRIMARY KEY(bag)){clustered};"
	 "CREATE INDEX custody_script_room ON custody_script(session, room)", "bag"},
};

/* Fields. */
struct packing_of {
	struct str place, session, bag, seal;
	int64_t scripts, absent;
	bool infectious;
	struct str holder;
};
static const struct field PACKED[] = {
	FIELD(struct packing_of, place, F_PLACE, "考场", "room"),
	FIELD(struct packing_of, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct packing_of, bag, F_CODE, "答卷袋编号", "number of the script bag"),
	FIELD(struct packing_of, seal, F_CODE, "答卷密封条号", "seal"),
	FIELD(struct packing_of, scripts, F_INT, "答卷份数", "scripts in it", .max = 1000),
	FIELD(struct packing_of, absent, F_INT, "缺考空卡份数", "cards of absentees among them",
	      .max = 1000),
	FIELD(struct packing_of, infectious, F_BOOL, "隔离考场，单独封装", "of an isolation room",
	      .optional = true),
	FIELD(struct packing_of, holder, F_SUBJECT, "持有方", "holder", .ref = "holder"),
};
enum { PACKED_FIELDS = COUNT(PACKED) - 1 };

struct script_ref {
	struct str bag, seal; /* bag first: codes_differ and bag_subjects read it */
};
static const struct field SCRIPT_REF[] = {
	FIELD(struct script_ref, bag, F_CODE, "答卷袋编号", "number of the script bag",
	      .ref = "script_bag"),
	FIELD(struct script_ref, seal, F_CODE, "所见封条号", "seal seen"),
};
struct handing {
	struct str place, from, to, list;
	struct list bags;
	bool marking;
};
static const struct field HANDING[] = {
	FIELD(struct handing, place, F_PLACE, "交接地点", "place"),
	FIELD(struct handing, from, F_SUBJECT, "交方(车辆编号或地点)",
	      "giver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct handing, to, F_SUBJECT, "接方(车辆编号或地点)",
	      "receiver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct handing, list, F_CODE, "移送清单编号", "number of the list"),
	FIELD(struct handing, bags, F_LIST, "答卷袋", "script bags", .list_of = SCRIPT_REF,
	      .list_n = COUNT(SCRIPT_REF), .list_size = sizeof(struct script_ref), .min = 1,
	      .max = LIMIT_OPENS),
	FIELD(struct handing, marking, F_BOOL, "接方为评卷点", "the receiver is the marking site",
	      .optional = true),
};

static const struct field OPENED[] = {
	FIELD(struct packing_of, place, F_PLACE, "地点", "place"),
	FIELD(struct packing_of, bag, F_CODE, "答卷袋编号", "number of the script bag",
	      .ref = "script_bag"),
};

struct ending_bag {
	struct str bag;
};
static const struct field ENDING_BAG[] = {
	FIELD(struct ending_bag, bag, F_CODE, "答卷袋编号", "number of the script bag",
	      .ref = "script_bag"),
};
struct ending {
	struct str place, list;
	struct list bags;
};
static const struct field ENDING[] = {
	FIELD(struct ending, place, F_PLACE, "保管地点", "where they are kept"),
	FIELD(struct ending, list, F_CODE, "销毁清册编号", "number of the list"),
	FIELD(struct ending, bags, F_LIST, "答卷袋", "script bags", .list_of = ENDING_BAG,
	      .list_n = COUNT(ENDING_BAG), .list_size = sizeof(struct ending_bag), .min = 1),
};

/* Projection. */
struct script {
	struct str session, room, seal, holder;
	int64_t scripts, state;
};

static enum rc script_find(struct op *op, struct str code, struct script *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_FIND], ARGS(sql_text(code)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct script){
			.session = rows_dup(op->arena, &r, 0), .room = rows_dup(op->arena, &r, 1),
			.scripts = rows_int(&r, 2), .seal = rows_dup(op->arena, &r, 3),
			.holder = rows_dup(op->arena, &r, 4), .state = rows_int(&r, 5),
		};
	return RC_OK;
}

static bool script_of(const struct script *s, struct str session, struct str room)
{
	return str_eq(s->session, session) && str_eq(s->room, room);
}

/* Told again, the newest count and seal stand; another room's bag stays that room's. */
static enum rc apply_packed(struct op *op, const struct event *ev)
{
	const struct packing_of *p = ev->data;
	struct script old;
	bool known;

	TRY(script_find(op, p->bag, &old, &known));
	if (!known)
		TRY(sql_exec(op, &SQL[Q_ADD],
		             ARGS(sql_text(p->bag), sql_text(p->session), sql_text(ev->place),
		                  sql_int(p->scripts), sql_int(p->absent), sql_text(p->seal),
		                  sql_text(p->holder))));
	else if (script_of(&old, p->session, ev->place))
		TRY(sql_exec(op, &SQL[Q_AGAIN], ARGS(sql_int(p->scripts), sql_int(p->absent),
		                                     sql_text(p->seal), sql_text(p->bag))));
	return trace_add(op, ev, p->bag, p->holder);
}

static enum rc apply_handed(struct op *op, const struct event *ev)
{
	const struct handing *p = ev->data;
	const struct script_ref *b = p->bags.items;

	for (size_t i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_MOVE],
		             ARGS(sql_text(p->to), sql_int(p->marking), sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, p->to));
	}
	return RC_OK;
}

static enum rc apply_opened(struct op *op, const struct event *ev)
{
	const struct packing_of *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_OPEN], ARGS(sql_text(p->bag))));
	return trace_add(op, ev, p->bag, ev->place);
}

static enum rc apply_destroyed(struct op *op, const struct event *ev)
{
	const struct ending *p = ev->data;
	const struct ending_bag *b = p->bags.items;

	for (size_t i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_END], ARGS(sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, STR("destroyed")));
	}
	return RC_OK;
}

enum { EV_PACKED, EV_HANDED, EV_OPENED, EV_DESTROYED };
static const char *const READERS[] = {"county_office", "city_office", "duty_officer",
	"store_keeper", "site_chief", "deputy_chief", "site_clerk", NULL};
static const struct event_type EVENTS[] = {
	[EV_PACKED] = {"custody.scripts_packed", 1, PACKED + 1, COUNT(PACKED) - 1,
	               sizeof(struct packing_of), .apply = apply_packed, .visible_to = READERS,
	               .zh = "答卷装袋密封", .en = "a room's scripts were packed and sealed"},
	[EV_HANDED] = {"custody.scripts_handed", 1, HANDING + 1, COUNT(HANDING) - 1,
	               sizeof(struct handing), .apply = apply_handed, .visible_to = READERS,
	               .zh = "答卷袋交接", .en = "script bags were handed over"},
	[EV_OPENED] = {"custody.scripts_opened", 1, OPENED + 1, COUNT(OPENED) - 1,
	               sizeof(struct packing_of), .apply = apply_opened, .visible_to = READERS,
	               .zh = "答卷袋启封", .en = "a script bag was opened"},
	[EV_DESTROYED] = {"custody.scripts_destroyed", 1, ENDING + 1, COUNT(ENDING) - 1,
	                  sizeof(struct ending), .apply = apply_destroyed, .visible_to = READERS,
	                  .zh = "答卷销毁", .en = "scripts were destroyed"},
};

/* Rules: packing. */

/* Scripts are what the room's count says was used; which of the two is told first does not
 * matter. */
static enum rc compare(struct op *op, struct str session, struct str room, int64_t scripts)
{
	struct bag own;
	bool known;

	TRY(room_bag(op, session, room, PAPER_PAPER, &own, &known));
	if (!known || own.state < BAG_COUNTED || own.used + own.spare == scripts)
		return RC_OK;
	return alarm_raise(op, "custody.scripts_differ", session_subject(op->arena, session, room),
	                   room, NULL);
}

static enum rc run_pack(struct op *op, const void *in)
{
	struct packing_of p = *(const struct packing_of *)in;
	struct script old;
	bool known;

	if (!profile_session(op_profile(op), p.session))
		return fail(op, RC_INVALID, "session", CITE_SCRIPT, "没有科次 %s", "there is no session %s",
		            p.session.s);
	TRY(script_find(op, p.bag, &old, &known));
	p.holder = known ? old.holder : place_cut(op->arena, p.place, LEVEL_SITE);
	TRY(event_append(op, &EVENTS[EV_PACKED], &p, NULL));
	if (known && !script_of(&old, p.session, p.place))
		return alarm_raise(op, "custody.wrong_holder", p.bag, p.place, NULL);
	return compare(op, p.session, p.place, p.scripts);
}

static enum rc counted(struct op *op, const struct event *ev)
{
	const struct str *code = event_member(ev, "bag");
	AUTO(rows) r = {0};
	struct bag bag;
	bool known, packed;
	int64_t scripts = 0;

	TRY(bag_find(op, *code, &bag, &known));
	if (!known || bag.kind != PAPER_PAPER)
		return RC_OK;
	TRY(sql_query(op, &SQL[Q_ROOM], ARGS(sql_text(bag.session), sql_text(ev->place)), &r));
	packed = rows_next(&r);
	if (packed)
		scripts = rows_int(&r, 1);
	rows_release(&r);
	return packed ? compare(op, bag.session, ev->place, scripts) : RC_OK;
}

static const struct reaction REACTIONS[] = {
	{"custody.bag_counted", counted},
};

/* Rules: on the way. */
/* Checked on the state before the movement: the alarms follow the event all the same. */
static enum rc run_hand(struct op *op, const void *in)
{
	const struct handing *p = in;
	const struct script_ref *b = p->bags.items;
	struct script *s = arena_array(op->arena, p->bags.n, sizeof(*s));
	bool *known = arena_array(op->arena, p->bags.n, sizeof(*known));

	TRY(holder_check(op, p->from, "from"));
	TRY(holder_check(op, p->to, "to"));
	TRY(codes_differ(op, &p->bags, sizeof(struct script_ref), "bags", "bag"));
	for (size_t i = 0; i < p->bags.n; i++)
		TRY(script_find(op, b[i].bag, &s[i], &known[i]));
	TRY(event_append(op, &EVENTS[EV_HANDED], p, NULL));
	for (size_t i = 0; i < p->bags.n; i++) {
		if (!known[i])
			TRY(found_add(op, b[i].bag));
		else if (!str_eq(s[i].seal, b[i].seal))
			TRY(alarm_raise(op, "custody.seal_broken", b[i].bag, p->place, NULL));
		else if (!str_eq(s[i].holder, p->from))
			TRY(alarm_raise(op, "custody.wrong_holder", b[i].bag, p->place, NULL));
	}
	return RC_OK;
}

static enum rc run_open(struct op *op, const void *in)
{
	const struct packing_of *p = in;
	struct script s;
	bool known;

	TRY(script_find(op, p->bag, &s, &known));
	if (!known)
		return found_add(op, p->bag);
	TRY(event_append(op, &EVENTS[EV_OPENED], p, NULL));
	if (s.state == 1 && str_eq(s.holder, p->place))
		return RC_OK;
	return alarm_raise(op, "custody.scripts_opened_early", p->bag, p->place, NULL);
}

/* Rules: the end.  When scores come out is not known here: days count from the last session. */
static enum rc check_end(struct op *op, const struct ending *p, struct str code)
{
	const struct profile *profile = op_profile(op);
	int64_t days = profile_setting(profile, "custody.scripts_keep_days", 0);
	struct script s;
	bool known;

	TRY(script_find(op, code, &s, &known));
	if (!known || !places_meet(p->place, place_cut(op->arena, s.room, LEVEL_COUNTY)))
		return fail(op, RC_NOT_FOUND, "bags", CITE_KEEP, "答卷袋 %s 未登记",
		            "script bag %s is not recorded", code.s);
	if (!str_eq(s.holder, p->place))
		return fail(op, RC_CONFLICT, "bags", CITE_KEEP, "答卷袋 %s 不在此处，在 %s",
		            "script bag %s is not here but at %s", code.s, s.holder.s);
	if (op->now_ms < profile->sessions[profile->nsessions - 1].end_ms + days * MS_PER_DAY)
		return forbid(op, RC_CONFLICT, "bags", CITE_KEEP, "答卷袋 %s 应保存至考后 %lld 天",
		              "script bag %s is kept for %lld days", code.s, (long long)days);
	return RC_OK;
}

static enum rc run_destroy(struct op *op, const void *in)
{
	const struct ending *p = in;
	const struct ending_bag *b = p->bags.items;

	TRY(codes_differ(op, &p->bags, sizeof(struct ending_bag), "bags", "bag"));
	for (size_t i = 0; i < p->bags.n; i++)
		TRY(check_end(op, p, b[i].bag));
	return event_append(op, &EVENTS[EV_DESTROYED], p, NULL);
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.scripts_store", "custody.scripts_packed", "custody.scripts_handed", NULL,
	 bag_subjects, "custody.scripts_store", "site_chief", .missing = "custody.scripts_late",
	 .cites = CITE_SCRIPT, .zh = "答卷袋离开考点送交保管", .en = "script bags leave the site for the store"},
};

/* Module. */
static const struct allow DESK[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
};
static const struct allow CARRIERS[] = {
	{"store_keeper", LEVEL_ANY}, {"courier", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"city_office", LEVEL_CITY}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const struct allow ANYBODY[] = {
	{"store_keeper", LEVEL_ANY}, {"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY},
	{"inspector", LEVEL_ANY}, {"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const char *const ACCEPTOR[] = {"site_clerk", "site_chief", "deputy_chief", NULL};
static const char *const HANDS[] = {"courier", "store_keeper", "secrecy_guard", "site_chief",
	"site_clerk", "deputy_chief", "police", "city_office", "county_office", NULL};
static const char *const SUPERVISORS[] = {"county_leader", "city_leader", "secrecy_officer",
	"discipline_officer", "inspector", NULL};
static const struct slot PACKERS[] = {
	{"packer", 2, INVIGILATOR, "acceptor", false, "监考员", "invigilators"},
	{"acceptor", 1, ACCEPTOR, NULL, false, "验收员", "who accepts"},
};
static const struct slot MOVERS[] = {
	{"giver", 2, HANDS, "receiver", false, "交方", "givers"},
	{"receiver", 2, HANDS, "giver", false, "接方", "receivers"},
};
static const struct slot WATCHERS[] = {
	{"supervisor", 2, SUPERVISORS, NULL, false, "监销人", "supervisors"},
};
static const struct command COMMANDS[] = {
	{"custody.pack_scripts", FACT, PACKED, PACKED_FIELDS, sizeof(struct packing_of),
	 SLOTS(PACKERS), ALLOW(DESK), .run = run_pack, .cites = CITE_SCRIPT,
	 .zh = "登记答卷装袋密封", .en = "record a room's scripts packed"},
	{"custody.hand_scripts", FACT, FIELDS(HANDING), sizeof(struct handing), SLOTS(MOVERS),
	 ALLOW(CARRIERS), .run = run_hand, .cites = CITE_SCRIPT,
	 .zh = "答卷袋交接", .en = "hand script bags over"},
	{"custody.open_scripts", FACT, FIELDS(OPENED), sizeof(struct packing_of), ALLOW(ANYBODY),
	 .run = run_open, .cites = CITE_SCRIPT,
	 .zh = "登记答卷袋启封", .en = "record the opening of a script bag"},
	{"custody.destroy_scripts", GUARDED, FIELDS(ENDING), sizeof(struct ending), SLOTS(WATCHERS),
	 ALLOW(OFFICE), .run = run_destroy, .cites = CITE_KEEP,
	 .zh = "销毁答卷", .en = "destroy scripts"},
};

static const char *const COUNTED_SHORT[] = {"custody.difference", NULL};
static const struct alarm_rule ALARMS[] = {
	{"custody.scripts_differ", COLOUR_RED, "site_chief", CITE_SCRIPT,
	 "该考场考生和监考员不得离开，重新清点答卷和试卷",
	 "nobody leaves the room; count scripts and papers again",
	 "答卷份数与考场实考份数不符", "a room's scripts are not as many as its papers used",
	 .under = COUNTED_SHORT},
	{"custody.scripts_late", COLOUR_ORANGE, "site_chief", CITE_SCRIPT,
	 "查明答卷袋现在何处，两人看护，尽快送交", "find the bags, two guard them, bring them on",
	 "答卷袋未按时送交保管", "script bags have not left the site"},
	{"custody.scripts_opened_early", COLOUR_RED, "county_leader", CITE_SCRIPT,
	 "停止操作，两人封存，逐份清点，立即上报省级",
	 "stop, two seal it, count script by script, tell the province",
	 "答卷袋在扫描前被启封", "a script bag was opened before it was scanned"},
};

static const struct word STATE_WORDS[] = {
	{"已封装", "packed"}, {"已送评卷点", "at the marking site"}, {"已启封", "opened"}, {"已销毁", "destroyed"},
};
static const struct column VIEW_NAMES[] = {
	COLUMN("bag", F_CODE, "答卷袋", "script bag"),
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("scripts", F_INT, "答卷份数", "scripts"),
	COLUMN("absent", F_INT, "缺考卡", "absentees"),
	COLUMN("holder", F_SUBJECT, "保管", "held by"),
	COLUMN_STATES("state", STATE_WORDS, "状态", "state"),
};
static const struct view VIEWS[] = {
	{"custody/scripts", "答卷袋", "script bags", READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

static const char *const SETTINGS[] = {"custody.scripts_keep_days"};

const struct module custody_script_module = {
	.name = "custody_script", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	TABLE_OF(settings, SETTINGS),
	.zh = "答卷", .en = "scripts",
};
