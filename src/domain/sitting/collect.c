/* SPDX-License-Identifier: Apache-2.0 */
/* collect.c -- scripts counted while candidates sit, sealed, and never opened again (收卷封装).
 *
 * Both invigilators count, in seat order, absentees' cards among them; nobody leaves before both
 * counts are right.  What is short is searched, and the chief decides within minutes.  A seal that
 * is not as it should be is recorded as such (异常封装).  A sealed bag is opened again by the chief
 * with two, before a camera, while it is at the site, and sealed again at once; it is an order.
 * Count, seal and sheet of every room together are its script custody: when somebody says years
 * later that cards were swapped, it answers within days (case C19).
 *
 * Emits  sitting.scripts_counted, sitting.scripts_short, sitting.collection_decided,
 *        sitting.scripts_sealed, sitting.scripts_reopened
 * Owns   sitting_collection
 */
#include "domain/sitting/room.h"
#include "domain/sitting/sitting.h"

#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_COLLECT "施考程序 收卷清点"
#define CITE_REOPEN "考务安全保密工作规定 Art.29"

enum { Q_GET, Q_ADD, Q_COUNT, Q_SEAL, Q_REOPEN, Q_VIEW };
static const struct sql SQL[] = {
	[Q_GET] = {"SELECT counted, short, seal, open FROM sitting_collection WHERE session = ?"
	           " AND room = ?", 2},
	[Q_ADD] = {"INSERT INTO sitting_collection(session, room, counted, scripts, short, sealed,"
	           " seal, abnormal, open) VALUES(?, ?, -1, 0, 0, -1, '', 0, 0)", 2},
	[Q_COUNT] = {"UPDATE sitting_collection SET counted = ?, scripts = ?, short = ?"
	             " WHERE session = ? AND room = ?", 5},
	[Q_SEAL] = {"UPDATE sitting_collection SET sealed = ?, seal = ?, abnormal = ?, open = 0"
	            " WHERE session = ? AND room = ?", 5},
	[Q_REOPEN] = {"UPDATE sitting_collection SET open = 1 WHERE session = ? AND room = ?", 2},
	[Q_VIEW] = {"SELECT session, room, counted, scripts, short, sealed, seal, abnormal, open"
	            " FROM sitting_collection ORDER BY session, room", 0},
};
static const struct table TABLES[] = {
	{"sitting_collection",
	 "CREATE TABLE sitting_collection(session {text} NOT NULL, room {text} NOT NULL,"
	 " counted {int} NOT NULL, scripts {int} NOT NULL, short {int} NOT NULL, sealed {int} NOT NULL,"
	 " seal {text} NOT NULL, abnormal {int} NOT NULL, open {int} NOT NULL,"
	 " PRIMARY KEY(session, room)){clustered}", "session, room"},
};

/* Fields. */
struct collect {
	struct str place, session;
	int64_t present, absent, first, second;
	bool seated;
};
static const struct field COLLECT[] = {
	FIELD(struct collect, place, F_PLACE, "考场", "room"),
	FIELD(struct collect, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct collect, present, F_INT, "实考人数", "present", .max = 1000),
	FIELD(struct collect, absent, F_INT, "缺考答题卡份数", "cards of absentees", .max = 1000),
	FIELD(struct collect, first, F_INT, "甲清点答卷份数", "scripts, first count", .max = 1000),
	FIELD(struct collect, second, F_INT, "乙清点答卷份数", "scripts, second count", .max = 1000),
	FIELD(struct collect, seated, F_BOOL, "清点时考生在座", "candidates seated while counted"),
};

static const char *const DECISION[] = {"found", "taken_away", "missing", "miscounted"};
static const struct word DECISION_WORDS[] = {
	{"已找到", "found"}, {"被带出考场", "taken away"}, {"下落不明", "missing"}, {"清点有误", "miscounted"},
};
struct decision {
	struct str place, session;
	int decision;
	struct text note;
};
static const struct field DECISION_OF[] = {
	FIELD(struct decision, place, F_PLACE, "考场", "room"),
	FIELD(struct decision, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct decision, decision, F_ENUM, "主考决定", "decision", ENUM_OF(DECISION, DECISION_WORDS)),
	FIELD(struct decision, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

static const char *const STATE[] = {"normal", "short", "torn", "wet", "wrong_order", "infectious",
	"other"};
static const struct word STATE_WORDS[] = {
	{"正常", "normal"}, {"短少", "short"}, {"破损", "torn"}, {"浸湿", "wet"}, {"顺序错误", "wrong order"},
	{"传染病考生答卷", "of an infectious candidate"}, {"其他", "other"},
};
struct sealing {
	struct str place, session, seal;
	int state;
	struct text note;
};
static const struct field SEALING[] = {
	FIELD(struct sealing, place, F_PLACE, "考场", "room"),
	FIELD(struct sealing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct sealing, seal, F_CODE, "答卷袋密封条号", "seal of the scripts"),
	FIELD(struct sealing, state, F_ENUM, "封装情况", "how it is sealed", ENUM_OF(STATE, STATE_WORDS)),
	FIELD(struct sealing, note, F_TEXT, "说明", "remarks", .max = 400, .optional = true),
};

static const char *const WHY[] = {"wrong_order", "missing_script", "foreign_paper", "other"};
static const struct word WHY_WORDS[] = {
	{"顺序错误", "wrong order"}, {"漏装答卷", "a script is missing"},
	{"混入其他试卷", "a foreign paper is in it"}, {"其他", "other"},
};
struct reopening {
	struct str place, session, seal, camera;
	int reason;
};
static const struct field REOPENING[] = {
	FIELD(struct reopening, place, F_PLACE, "考场", "room"),
	FIELD(struct reopening, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct reopening, seal, F_CODE, "答卷袋密封条号", "seal of the scripts"),
	FIELD(struct reopening, camera, F_CODE, "摄像机位编号", "camera"),
	FIELD(struct reopening, reason, F_ENUM, "原因", "reason", ENUM_OF(WHY, WHY_WORDS)),
};

/* A room's row, as far as there is one. */
struct collection {
	int64_t counted;
	bool short_of, open;
	struct str seal;
};

static enum rc collection_read(struct op *op, struct str session, struct str room,
                               struct collection *ret, bool *ret_known)
{
	AUTO(rows) r = {0};

	*ret = (struct collection){.counted = -1};
	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(session), sql_text(room)), &r));
	*ret_known = rows_next(&r);
	if (*ret_known)
		*ret = (struct collection){rows_int(&r, 0), rows_int(&r, 1) != 0, rows_int(&r, 3) != 0,
			                       rows_dup(op->arena, &r, 2)};
	return RC_OK;
}

/* Projection. */
static enum rc have_row(struct op *op, struct str session, struct str room)
{
	struct collection c;
	bool known;

	TRY(collection_read(op, session, room, &c, &known));
	return known ? RC_OK : sql_exec(op, &SQL[Q_ADD], ARGS(sql_text(session), sql_text(room)));
}

static bool counts_right(const struct collect *p)
{
	return p->first == p->second && p->first == p->present;
}

static enum rc apply_counted(struct op *op, const struct event *ev)
{
	const struct collect *p = ev->data;

	TRY(have_row(op, p->session, ev->place));
	return sql_exec(op, &SQL[Q_COUNT],
	                ARGS(sql_int(ev->index), sql_int(p->second), sql_int(!counts_right(p)),
	                     sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_sealed(struct op *op, const struct event *ev)
{
	const struct sealing *p = ev->data;

	TRY(have_row(op, p->session, ev->place));
	return sql_exec(op, &SQL[Q_SEAL],
	                ARGS(sql_int(ev->index), sql_text(p->seal), sql_int(p->state),
	                     sql_text(p->session), sql_text(ev->place)));
}

static enum rc apply_reopened(struct op *op, const struct event *ev)
{
	const struct reopening *p = ev->data;

	return sql_exec(op, &SQL[Q_REOPEN], ARGS(sql_text(p->session), sql_text(ev->place)));
}

enum { EV_COUNTED, EV_SHORT, EV_DECIDED, EV_SEALED, EV_REOPENED };
#define ROOM_EVENT(n, f, st, fn, label_zh, label_en) \
	{(n), 1, (f) + 1, COUNT(f) - 1, sizeof(st), .apply = (fn), .visible_to = ROOM_READERS, \
	 .zh = (label_zh), .en = (label_en)}
static const struct event_type EVENTS[] = {
	[EV_COUNTED] = ROOM_EVENT("sitting.scripts_counted", COLLECT, struct collect, apply_counted,
	                          "收卷清点无误", "scripts were counted and are right"),
	[EV_SHORT] = ROOM_EVENT("sitting.scripts_short", COLLECT, struct collect, apply_counted,
	                        "收卷清点不符", "scripts were counted and are not right"),
	[EV_DECIDED] = ROOM_EVENT("sitting.collection_decided", DECISION_OF, struct decision, NULL,
	                          "主考对清点不符作出决定", "the chief decided about a wrong count"),
	[EV_SEALED] = ROOM_EVENT("sitting.scripts_sealed", SEALING, struct sealing, apply_sealed,
	                         "答卷袋封装", "scripts were sealed"),
	[EV_REOPENED] = ROOM_EVENT("sitting.scripts_reopened", REOPENING, struct reopening,
	                           apply_reopened, "已封答卷袋重新开启", "sealed scripts were opened again"),
};

/* Rules. */
static enum rc run_count(struct op *op, const void *in)
{
	const struct collect *p = in;
	struct str room = session_subject(op->arena, p->session, p->place);
	bool right = counts_right(p);

	TRY(room_check(op, p->place, p->session));
	TRY(event_append(op, &EVENTS[right ? EV_COUNTED : EV_SHORT], p, NULL));
	if (!right)
		TRY(alarm_raise(op, "sitting.count_wrong", room, p->place, NULL));
	if (!p->seated)
		TRY(alarm_raise(op, "sitting.counted_unseated", room, p->place, NULL));
	return sheet_check(op, p->session, p->place);
}

static enum rc run_decide(struct op *op, const void *in)
{
	const struct decision *p = in;

	TRY(room_check(op, p->place, p->session));
	return event_append(op, &EVENTS[EV_DECIDED], p, NULL);
}

static enum rc run_seal(struct op *op, const void *in)
{
	const struct sealing *p = in;
	struct str room = session_subject(op->arena, p->session, p->place);
	struct collection was;
	bool known;

	TRY(room_check(op, p->place, p->session));
	TRY(collection_read(op, p->session, p->place, &was, &known));
	TRY(event_append(op, &EVENTS[EV_SEALED], p, NULL));
	if (p->state)
		TRY(alarm_raise(op, "sitting.sealed_oddly", room, p->place, NULL));
	if (was.counted < 0)
		TRY(alarm_raise(op, "sitting.sealed_uncounted", room, p->place, NULL));
	if (was.seal.n && !was.open && !str_eq(was.seal, p->seal))
		TRY(alarm_raise(op, "sitting.seal_changed", room, p->place, NULL));
	return sheet_check(op, p->session, p->place);
}

/* Nobody opens scripts once they have left the site's hands: the step says until when. */
static enum rc run_reopen(struct op *op, const void *in)
{
	const struct reopening *p = in;
	const struct profile_step *w = profile_step(op_profile(op), STR("sitting.reopen"));
	struct collection now;
	int64_t end_ms;
	bool known;

	TRY(room_check(op, p->place, p->session));
	TRY(collection_read(op, p->session, p->place, &now, &known));
	if (!known || !now.seal.n || now.open)
		return fail(op, RC_CONFLICT, "place", CITE_REOPEN, "考场 %s 没有已封装的答卷袋",
		            "room %s has no sealed scripts", p->place.s);
	if (!str_eq(now.seal, p->seal))
		return fail(op, RC_CONFLICT, "seal", CITE_REOPEN, "密封条号不符，登记的是 %s",
		            "another seal is recorded: %s", now.seal.s);
	TRY(sitting_end_ms(op, p->session, p->place, &end_ms));
	if (w && op->now_ms > end_ms + w->to_s * 1000)
		TRY(forbid(op, RC_CONFLICT, "session", CITE_REOPEN,
		           "答卷袋只能在考后 %lld 分钟内由主考在监控下重启",
		           "scripts are opened again within %lld minutes of the end, or not at all",
		           (long long)(w->to_s / 60)));
	return event_append(op, &EVENTS[EV_REOPENED], p, NULL);
}

/* Module. */
static const struct allow DESK[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const struct allow CHIEFS[] = {
	{"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE}, {"site_clerk", LEVEL_SITE},
};
static const char *const INVIGILATOR[] = {"invigilator", NULL};
static const char *const ACCEPTOR[] = {"site_clerk", "deputy_chief", NULL};
static const char *const OPENER[] = {"site_clerk", "deputy_chief", "invigilator", "inspector",
	NULL};
static const struct slot COUNTERS[] = {
	{"counter", 2, INVIGILATOR, NULL, false, "清点监考员", "invigilators who count"},
};
static const struct slot SEALERS[] = {
	{"sealer", 2, INVIGILATOR, "acceptor", false, "封装监考员", "invigilators who seal"},
	{"acceptor", 1, ACCEPTOR, NULL, false, "验收员", "who accepts"},
};
static const struct slot CHIEF[] = {
	{"chief", 1, CHIEF_ROLE, NULL, false, "主考", "chief of the site"},
};
static const struct slot OPENERS[] = {
	{"chief", 1, CHIEF_ROLE, "opener", false, "主考", "chief of the site"},
	{"opener", 2, OPENER, NULL, false, "监控下开启人", "who open it before the camera"},
};
static const struct command COMMANDS[] = {
	{"sitting.count_scripts", FACT, FIELDS(COLLECT), sizeof(struct collect), SLOTS(COUNTERS),
	 ALLOW(DESK), .run = run_count, .cites = CITE_COLLECT,
	 .zh = "登记收卷清点", .en = "record the count of scripts"},
	{"sitting.decide_collection", FACT, FIELDS(DECISION_OF), sizeof(struct decision), SLOTS(CHIEF),
	 ALLOW(DESK), .run = run_decide, .cites = CITE_COLLECT,
	 .zh = "登记主考对清点不符的决定", .en = "record the chief's decision"},
	{"sitting.seal_scripts", FACT, FIELDS(SEALING), sizeof(struct sealing), SLOTS(SEALERS),
	 ALLOW(DESK), .run = run_seal, .cites = CITE_COLLECT,
	 .zh = "登记答卷袋封装", .en = "record the sealing of scripts"},
	{"sitting.reopen_scripts", GUARDED, FIELDS(REOPENING), sizeof(struct reopening),
	 SLOTS(OPENERS), ALLOW(CHIEFS), .run = run_reopen, .cites = CITE_REOPEN,
	 .zh = "重新开启已封答卷袋", .en = "open sealed scripts again"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"sitting.collection_decided", "sitting.scripts_short", "sitting.collection_decided",
	 "sitting.scripts_counted", session_subjects, "sitting.collection_decide", "site_chief",
	 .missing = "sitting.collection_undecided", .cites = CITE_COLLECT,
	 .zh = "清点不符由主考决定", .en = "the chief decides about a wrong count"},
	{"sitting.scripts_sealed", "arrange.room_armed", "sitting.scripts_sealed", NULL,
	 session_subjects, "sitting.scripts_sealed", "site_clerk", .cites = CITE_COLLECT,
	 .zh = "各考场答卷验收封装", .en = "each room's scripts are sealed"},
	{"sitting.scripts_resealed", "sitting.scripts_reopened", "sitting.scripts_sealed", NULL,
	 session_subjects, "sitting.scripts_reseal", "site_chief", .missing = "sitting.left_unsealed",
	 .cites = CITE_REOPEN, .zh = "重启的答卷袋立即重新封装", .en = "reopened scripts are sealed again"},
};

static const struct alarm_rule ALARMS[] = {
	{"sitting.count_wrong", COLOUR_ORANGE, "site_chief", CITE_COLLECT,
	 "考生不得离座，主考到场，逐座核对并寻找", "nobody gets up; the chief comes; check seat by seat and search",
	 "收卷清点份数不符", "the count of scripts is not right"},
	{"sitting.collection_undecided", COLOUR_RED, "site_chief", CITE_COLLECT,
	 "主考立即决定，两人记录，报县考区主任", "the chief decides now, two record it, tell the director",
	 "清点不符主考未作决定", "nobody has decided about a wrong count"},
	{"sitting.counted_unseated", COLOUR_YELLOW, "site_chief", CITE_COLLECT,
	 "核对离场先后和份数，写入考场情况记录单", "check who left when and the numbers, write it on the sheet",
	 "考生离座后才清点答卷", "scripts were counted after candidates had got up"},
	{"sitting.sealed_oddly", COLOUR_YELLOW, "site_chief", CITE_COLLECT,
	 "两人写明异常原因，袋上加注，移交时说明", "two write down why, mark the bag, say so at the hand-over",
	 "答卷袋异常封装", "scripts were sealed other than they should be"},
	{"sitting.sealed_uncounted", COLOUR_YELLOW, "site_chief", CITE_COLLECT,
	 "向监考员核实清点份数并补登", "ask the invigilators for their count and record it",
	 "答卷袋封装前没有清点登记", "scripts were sealed and no count is recorded"},
	{"sitting.seal_changed", COLOUR_RED, "site_chief", CITE_REOPEN,
	 "封存该袋，调看录像，查明谁换了密封条", "hold the bag, look at the recording: who changed the seal?",
	 "答卷袋密封条变了而没有开启决定", "the seal of scripts is another, and nobody allowed it"},
	{"sitting.left_unsealed", COLOUR_RED, "site_chief", CITE_REOPEN,
	 "立即两人在监控下重新封装", "two seal it again now, before the camera",
	 "重启的答卷袋未重新封装", "reopened scripts were not sealed again"},
	{"sitting.seal_missing", COLOUR_ORANGE, "site_chief", CITE_COLLECT,
	 "逐考场核对答卷袋现在何处、是否封装", "room by room: where are the scripts, are they sealed?",
	 "考场答卷未报验收封装", "rooms have no record that their scripts are sealed"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("room", F_PLACE, "考场", "room"),
	COLUMN("counted", F_ID, "清点(台账)", "counted (entry)"),
	COLUMN("scripts", F_INT, "答卷份数", "scripts"),
	COLUMN("short", F_BOOL, "份数短缺", "short"),
	COLUMN("sealed", F_ID, "封装(台账)", "sealed (entry)"),
	COLUMN("seal", F_CODE, "密封条号", "seal"),
	COLUMN("abnormal", F_BOOL, "异常封装", "abnormal"),
	COLUMN("open", F_BOOL, "重新启封", "opened again"),
};
static const struct view VIEWS[] = {
	{"sitting/script_custody", "答卷收封链", "custody of scripts, by room", ROOM_READERS,
	 &SQL[Q_VIEW], VIEW_NAMES, COUNT(VIEW_NAMES)},
};

const struct module sitting_collect_module = {
	.name = "sitting_collect", .group = "sitting", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "收卷封装", .en = "collection of scripts",
};
