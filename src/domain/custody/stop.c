/* SPDX-License-Identifier: Apache-2.0 */
/* stop.c -- a paper is stopped and sealed (停用封存); see stop.h.
 *
 * A county, a city or the province stops the paper of a session.  The order goes to every site of
 * the session under that place and to every room planned there, and each is expected to answer: the
 * site that it has the order, each room that its bags are sealed again and counted.  Who has not
 * answered by the profile's minutes is a red alarm.  What the sealing counts too few is posted to
 * `missing`.
 */
#include "domain/custody/stop.h"

#include "base/limits.h"
#include "domain/arrange/arrange.h"
#include "domain/custody/issue.h"
#include "engine/alarm.h"
#include "engine/run.h"

enum { Q_STOPS, Q_ADD, Q_LIFT, Q_SEAL, Q_VIEW };
static const struct sql SQL[] = {
	[Q_STOPS] = {"SELECT place FROM custody_stop WHERE session = ? AND lifted = 0", 1},
	[Q_ADD] = {"INSERT INTO custody_stop(session, place, stopped, lifted, cause)"
	           " VALUES(?, ?, ?, 0, ?)", 4},
	[Q_LIFT] = {"UPDATE custody_stop SET lifted = ? WHERE session = ? AND place = ? AND lifted = 0",
	            3},
	[Q_SEAL] = {"UPDATE custody_bag SET seal = ?, holder = ? WHERE code = ?", 3},
	[Q_VIEW] = {"SELECT session, place, stopped, lifted FROM custody_stop ORDER BY stopped", 0},
};

static const struct table TABLES[] = {
	{"custody_stop", "CREATE TABLE custody_stop(session {text} NOT NULL, place {text} NOT NULL,"
	 " stopped {int} NOT NULL, lifted {int} NOT NULL, cause {int} NOT NULL,"
	 " PRIMARY KEY(session, place, stopped))", "session, place, stopped"},
};

/* Fields. */
enum cause { CAUSE_LEAK, CAUSE_LOST, CAUSE_WRONG, CAUSE_DISASTER, CAUSE_OTHER, CAUSE_MAX };
static const char *const CAUSE[] = {"leak", "lost", "wrong_paper", "disaster", "other"};
static const struct word CAUSE_WORDS[] = {
	{"失泄密", "leak"}, {"丢失", "lost"}, {"错发错用试卷", "wrong paper"}, {"自然灾害", "disaster"},
	{"其他", "other"},
};

struct stop {
	struct str place, session, order;
	int cause;
};
static const struct field STOP[] = {
	FIELD(struct stop, place, F_PLACE, "停用范围(省、市、县或考点)", "where it is stopped"),
	FIELD(struct stop, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct stop, order, F_CODE, "指令编号", "number of the order"),
	FIELD(struct stop, cause, F_ENUM, "停用原因", "why", ENUM_OF(CAUSE, CAUSE_WORDS)),
};
enum { ORDER_FIELDS = COUNT(STOP) - 1 }; /* without the cause */

static const struct field ANSWER[] = {
	FIELD(struct stop, place, F_PLACE, "考点", "site"),
	FIELD(struct stop, session, F_KEY, "科次", "session", .ref = "session"),
};

struct sealed_bag {
	struct str bag; /* first: codes_differ reads it */
	struct str room, seal;
	int64_t copies;
};
static const struct field SEALED_BAG[] = {
	FIELD(struct sealed_bag, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag",
	      .ref = "bag"),
	FIELD(struct sealed_bag, room, F_PLACE, "考场", "room", .ref = "room"),
	FIELD(struct sealed_bag, seal, F_CODE, "封存封条号", "new seal"),
	FIELD(struct sealed_bag, copies, F_INT, "清点份数", "copies counted", .max = 1000),
};
struct sealing {
	struct str place, session;
	struct list bags;
	struct list lines;
};
static const struct field SEALING[] = {
	FIELD(struct sealing, place, F_PLACE, "考点", "site"),
	FIELD(struct sealing, session, F_KEY, "科次", "session", .ref = "session"),
	FIELD(struct sealing, bags, F_LIST, "封存试卷袋", "bags sealed", .list_of = SEALED_BAG,
	      .list_n = COUNT(SEALED_BAG), .list_size = sizeof(struct sealed_bag), .min = 1,
	      .max = LIMIT_OPENS),
	LINES_FIELD(struct sealing),
};

/* Projection. */
static enum rc apply_stopped(struct op *op, const struct event *ev)
{
	const struct stop *p = ev->data;

	return sql_exec(op, &SQL[Q_ADD], ARGS(sql_text(p->session), sql_text(ev->place),
	                                      sql_int(ev->index), sql_int(p->cause)));
}

static enum rc apply_lifted(struct op *op, const struct event *ev)
{
	const struct stop *p = ev->data;

	return sql_exec(op, &SQL[Q_LIFT],
	                ARGS(sql_int(ev->index), sql_text(p->session), sql_text(ev->place)));
}

/* Sealed again, a bag is the site's until it is told where to bring it. */
static enum rc apply_sealed(struct op *op, const struct event *ev)
{
	const struct sealing *p = ev->data;
	const struct sealed_bag *b = p->bags.items;

	for (size_t i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_SEAL],
		             ARGS(sql_text(b[i].seal), sql_text(ev->place), sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, ev->place));
	}
	return RC_OK;
}

enum { EV_STOPPED, EV_SENT, EV_ROOM_SENT, EV_ACKNOWLEDGED, EV_SEALED, EV_LIFTED,
	EV_LIFT_SENT, EV_LIFT_ROOM };
static const char *const READERS[] = {"county_office", "city_office", "province_office",
	"duty_officer", "site_chief", "deputy_chief", "site_clerk", "county_leader", NULL};
static const struct event_type EVENTS[] = {
	[EV_STOPPED] = {"custody.paper_stopped", 1, STOP + 1, COUNT(STOP) - 1, sizeof(struct stop),
	                .apply = apply_stopped, .visible_to = READERS,
	                .zh = "试卷停用封存", .en = "a paper was stopped"},
	[EV_SENT] = {"custody.stop_sent", 1, STOP + 1, ORDER_FIELDS - 1, sizeof(struct stop),
	             .visible_to = READERS,
	             .zh = "停用指令下达到考点", .en = "the stop was sent to a site"},
	[EV_ROOM_SENT] = {"custody.stop_room_sent", 1, STOP + 1, ORDER_FIELDS - 1,
	                  sizeof(struct stop), .visible_to = READERS,
	                  .zh = "停用指令下达到考场", .en = "the stop was sent to a room"},
	[EV_ACKNOWLEDGED] = {"custody.stop_acknowledged", 1, ANSWER + 1, COUNT(ANSWER) - 1,
	                     sizeof(struct stop), .visible_to = READERS,
	                     .zh = "考点签收停用指令", .en = "a site has the order to stop"},
	[EV_SEALED] = {"custody.stopped_sealed", 1, SEALING + 1, COUNT(SEALING) - 1,
	               sizeof(struct sealing), .apply = apply_sealed, POSTINGS(LINES),
	               .visible_to = READERS,
	               .zh = "停用试卷封存清点", .en = "stopped papers were sealed and counted"},
	[EV_LIFTED] = {"custody.stop_lifted", 1, STOP + 1, ORDER_FIELDS - 1, sizeof(struct stop),
	               .apply = apply_lifted, .visible_to = READERS,
	               .zh = "解除停用", .en = "a stop was lifted"},
	[EV_LIFT_SENT] = {"custody.stop_withdrawn", 1, STOP + 1, ORDER_FIELDS - 1,
	                  sizeof(struct stop), .visible_to = READERS,
	                  .zh = "停用指令对考点撤回", .en = "the stop was withdrawn from a site"},
	[EV_LIFT_ROOM] = {"custody.stop_room_withdrawn", 1, STOP + 1, ORDER_FIELDS - 1,
	                  sizeof(struct stop), .visible_to = READERS,
	                  .zh = "停用指令对考场撤回", .en = "the stop was withdrawn from a room"},
};

/* Reading. */
enum rc paper_stopped(struct op *op, struct str session, enum paper_kind kind, struct str place,
                      bool *ret)
{
	AUTO(rows) r = {0};

	*ret = false;
	if (kind == PAPER_SECOND)
		return RC_OK;
	TRY(sql_query(op, &SQL[Q_STOPS], ARGS(sql_text(session)), &r));
	while (rows_next(&r) && !*ret)
		*ret = place_covers(rows_dup(op->arena, &r, 0), place);
	return RC_OK;
}

static enum rc stopped_at(struct op *op, const struct stop *p, bool *ret)
{
	AUTO(rows) r = {0};

	*ret = false;
	TRY(sql_query(op, &SQL[Q_STOPS], ARGS(sql_text(p->session)), &r));
	while (rows_next(&r) && !*ret)
		*ret = str_eq(rows_dup(op->arena, &r, 0), p->place);
	return RC_OK;
}

/* Rules. */
static enum rc send_to_rooms(struct op *op, const struct stop *p, struct str site, int event)
{
	struct room_plan *rooms;
	size_t n;

	TRY(arrange_rooms(op, p->session, site, &rooms, &n));
	for (size_t i = 0; i < n; i++)
		if (rooms[i].kind <= ROOM_SPECIAL)
			TRY(event_append_at(op, &EVENTS[event], rooms[i].room, p, NULL));
	return RC_OK;
}

static enum rc run_stop(struct op *op, const void *in)
{
	const struct stop *p = in;
	struct site_plan *sites;
	bool stopped;
	size_t n;

	if (!profile_session(op_profile(op), p->session))
		return fail(op, RC_INVALID, "session", CITE_RECALL, "没有科次 %s", "there is no session %s",
		            p->session.s);
	TRY(stopped_at(op, p, &stopped));
	if (stopped)
		return fail(op, RC_CONFLICT, "session", CITE_RECALL, "科次 %s 在 %s 已停用",
		            "session %s is stopped already at %s", p->session.s, p->place.s);
	TRY(event_append(op, &EVENTS[EV_STOPPED], p, NULL));
	TRY(arrange_sites(op, p->session, p->place, &sites, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(event_append_at(op, &EVENTS[EV_SENT], sites[i].site, p, NULL));
		TRY(send_to_rooms(op, p, sites[i].site, EV_ROOM_SENT));
	}
	return RC_OK;
}

/* Nothing is waited for any more, except where another order still stops the paper. */
static enum rc withdraw(struct op *op, const struct stop *p)
{
	struct site_plan *sites;
	bool stopped;
	size_t n;

	TRY(arrange_sites(op, p->session, p->place, &sites, &n));
	for (size_t i = 0; i < n; i++) {
		TRY(paper_stopped(op, p->session, PAPER_PAPER, sites[i].site, &stopped));
		if (stopped)
			continue;
		TRY(event_append_at(op, &EVENTS[EV_LIFT_SENT], sites[i].site, p, NULL));
		TRY(send_to_rooms(op, p, sites[i].site, EV_LIFT_ROOM));
	}
	return RC_OK;
}

static enum rc run_lift(struct op *op, const void *in)
{
	const struct stop *p = in;
	bool stopped;

	TRY(stopped_at(op, p, &stopped));
	if (!stopped)
		return fail(op, RC_CONFLICT, "session", CITE_RECALL, "科次 %s 在 %s 未停用",
		            "session %s is not stopped at %s", p->session.s, p->place.s);
	TRY(event_append(op, &EVENTS[EV_LIFTED], p, NULL));
	return withdraw(op, p);
}

static enum rc check_form(struct op *op, struct str session, struct str place)
{
	if (!profile_session(op_profile(op), session))
		return fail(op, RC_INVALID, "session", CITE_RECALL, "没有科次 %s", "there is no session %s",
		            session.s);
	if (place_level(place) != LEVEL_SITE)
		return fail(op, RC_INVALID, "place", CITE_RECALL, "%s 不是考点", "%s is not a site", place.s);
	return RC_OK;
}

/* Told all the same: who answers an order that nobody gave has one from somewhere else. */
static enum rc check_stopped(struct op *op, struct str session, struct str place)
{
	bool stopped;

	TRY(paper_stopped(op, session, PAPER_PAPER, place, &stopped));
	if (stopped)
		return RC_OK;
	return alarm_raise(op, "custody.stop_unordered", session_subject(op->arena, session, place),
	                   place, NULL);
}

static enum rc run_acknowledge(struct op *op, const void *in)
{
	const struct stop *p = in;

	TRY(check_form(op, p->session, p->place));
	TRY(event_append(op, &EVENTS[EV_ACKNOWLEDGED], in, NULL));
	return check_stopped(op, p->session, p->place);
}

static enum rc seal_bag(struct op *op, const struct sealing *p, const struct sealed_bag *b,
	                    struct lines *lines, struct bag *ret, bool *ret_known)
{
	TRY(room_of_site(op, p->place, b->room, "bags"));
	TRY(bag_find(op, b->bag, ret, ret_known));
	if (*ret_known)
		lines_add(lines, ret->asset, ret->holder, p->place, bag_held(ret));
	return RC_OK;
}

/* Counted as it lies there: what is short or too much is posted after the sealing. */
static enum rc run_seal(struct op *op, const void *in)
{
	struct sealing p = *(const struct sealing *)in;
	const struct sealed_bag *b = p.bags.items;
	struct bag *bag = arena_array(op->arena, p.bags.n, sizeof(*bag));
	bool *known = arena_array(op->arena, p.bags.n, sizeof(*known));
	struct lines lines = {.arena = op->arena};

	TRY(check_form(op, p.session, p.place));
	TRY(codes_differ(op, &p.bags, sizeof(struct sealed_bag), "bags", "bag"));
	for (size_t i = 0; i < p.bags.n; i++)
		TRY(seal_bag(op, &p, &b[i], &lines, &bag[i], &known[i]));
	p.lines = lines.list;
	TRY(event_append(op, &EVENTS[EV_SEALED], &p, NULL));
	TRY(check_stopped(op, p.session, p.place));
	for (size_t i = 0; i < p.bags.n; i++) {
		bag[i].holder = p.place;
		if (!known[i])
			TRY(found_add(op, b[i].bag));
		else if (bag_held(&bag[i]) != b[i].copies)
			TRY(difference_post(op, p.place, &bag[i], bag_held(&bag[i]) - b[i].copies));
	}
	return RC_OK;
}

/* Expectations: of the site that it answers, of each room that its bags are sealed. */
static size_t sealed_rooms(struct arena *a, const struct event *ev, struct str *ret,
	                       struct str *ret_session)
{
	const struct sealing *p = ev->data;
	const struct sealed_bag *b = p->bags.items;
	size_t n = 0, j;

	for (size_t i = 0; i < p->bags.n; i++) {
		for (j = 0; j < i && !str_eq(b[j].room, b[i].room); j++)
			;
		if (j < i)
			continue;
		ret_session[n] = p->session;
		ret[n++] = session_subject(a, p->session, b[i].room);
	}
	return n;
}

static size_t stop_rooms(struct arena *a, const struct event *ev, struct str *ret,
	                     struct str *ret_session)
{
	if (str_is(ev->name, "custody.stopped_sealed"))
		return sealed_rooms(a, ev, ret, ret_session);
	return session_subjects(a, ev, ret, ret_session);
}

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.stop_site", "custody.stop_sent", "custody.stop_acknowledged",
	 "custody.stop_withdrawn", session_subjects, "custody.stop_site", "site_chief",
	 .missing = "custody.stop_unanswered",
	 .cites = CITE_RECALL, .zh = "考点签收停用封存指令", .en = "the site has the order to stop"},
	{"custody.stop_room", "custody.stop_room_sent", "custody.stopped_sealed",
	 "custody.stop_room_withdrawn", stop_rooms, "custody.stop_room", "site_chief",
	 .missing = "custody.stop_unsealed", .cites = CITE_RECALL,
	 .zh = "考场停用试卷封存清点", .en = "the room's bags are sealed and counted"},
};

/* Module. */
static const struct allow AUTHORITY[] = {
	{"province_office", LEVEL_ANY}, {"city_office", LEVEL_CITY}, {"county_office", LEVEL_COUNTY},
};
static const struct allow SITE[] = {
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE}, {"deputy_chief", LEVEL_SITE},
	{"county_office", LEVEL_COUNTY},
};
static const char *const DECIDER[] = {"county_leader", "county_director", "city_leader",
	"province_office", NULL};
static const char *const CHIEF[] = {"site_chief", "deputy_chief", NULL};
static const char *const HANDS[] = {"site_chief", "deputy_chief", "site_clerk", "invigilator",
	NULL};
static const struct slot DECIDED[] = {
	{"leader", 1, DECIDER, NULL, false, "批准人", "who decided"},
};
static const struct slot SIGNED[] = {{"chief", 1, CHIEF, NULL, false, "主考或副主考", "chief"}};
static const struct slot SEALERS[] = {
	{"sealer", 2, HANDS, NULL, false, "封存清点人", "who seal and count"},
};
static const struct command COMMANDS[] = {
	{"custody.stop_paper", ORDER, FIELDS(STOP), sizeof(struct stop), SLOTS(DECIDED),
	 ALLOW(AUTHORITY), .run = run_stop, .cites = CITE_RECALL,
	 .zh = "停用封存试卷", .en = "stop a paper"},
	{"custody.lift_stop", ORDER, STOP, ORDER_FIELDS, sizeof(struct stop), SLOTS(DECIDED),
	 ALLOW(AUTHORITY), .run = run_lift, .cites = CITE_RECALL,
	 .zh = "解除停用", .en = "lift a stop"},
	{"custody.acknowledge_stop", FACT, FIELDS(ANSWER), sizeof(struct stop), SLOTS(SIGNED),
	 ALLOW(SITE), .run = run_acknowledge, .cites = CITE_RECALL,
	 .zh = "签收停用指令", .en = "acknowledge a stop"},
	{"custody.seal_stopped", FACT, SEALING, COUNT(SEALING) - 1, sizeof(struct sealing),
	 SLOTS(SEALERS), ALLOW(SITE), .run = run_seal, .cites = CITE_RECALL,
	 .zh = "登记停用试卷封存清点", .en = "record the sealing of stopped papers"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.stop_unanswered", COLOUR_RED, "county_office", CITE_RECALL,
	 "用值班电话直接联系主考，督考员到场传达", "call the chief by telephone, send the inspector there",
	 "考点未签收停用封存指令", "a site has not answered the order to stop"},
	{"custody.stop_unsealed", COLOUR_RED, "site_chief", CITE_RECALL,
	 "主考派两人到该考场封存清点并登记", "the chief sends two to the room to seal, count and record",
	 "考场停用试卷尚未封存清点", "a room's stopped papers are not sealed"},
	{"custody.stopped_used", COLOUR_RED, "county_leader", CITE_RECALL,
	 "立即停止使用，收回封存，隔离已见试卷人员并上报",
	 "stop it at once, take it back and seal it, keep apart who saw it, report",
	 "已停用的试卷被发放或启封", "a stopped paper was issued or opened"},
	{"custody.stop_unordered", COLOUR_YELLOW, "county_office", CITE_RECALL,
	 "用值班电话与主考核实指令从何而来；没有停用的，启用须经批准",
	 "call the chief: whose order was it?  If none is in force, the bags are used only by leave",
	 "没有停用指令而登记签收或封存", "a stop was answered or bags sealed, and no stop is in force"},
};

static const struct column VIEW_NAMES[] = {
	COLUMN("session", F_KEY, "科次", "session"),
	COLUMN("place", F_PLACE, "停用范围", "where"),
	COLUMN("stopped", F_ID, "停用(台账)", "stopped (entry)"),
	COLUMN("lifted", F_ID, "解除(台账)", "lifted (entry)"),
};
static const struct view VIEWS[] = {
	{"custody/stops", "停用封存", "papers stopped", READERS, &SQL[Q_VIEW], VIEW_NAMES,
	 COUNT(VIEW_NAMES)},
};

const struct module custody_stop_module = {
	.name = "custody_stop", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
	.zh = "停用封存", .en = "stopping a paper",
};
