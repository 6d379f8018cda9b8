/* SPDX-License-Identifier: Apache-2.0 */
/* return.c -- bags come back by printed number and seal (回送入库), a half day is closed, papers end.
 *
 * A bag may have been opened, so "back by seal" cannot hold: what must match is the printed number
 * and the newest seal.  The law of recovery, evaluated when a secrecy room closes a half day: every
 * bag of its sessions that the room once held is in it again.  One that is not is posted to
 * `missing`, alarmed, and comes back from there when it turns up.
 *
 * Emits  custody.bags_moved, custody.bags_returned, custody.half_day_closed, custody.bag_missed,
 *        custody.bags_destroyed
 * Owns   custody_half_day
 */
#include "domain/custody/paper.h"
#include "domain/custody/store.h"
#include "domain/custody/transport.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_RECOVERY "考点回收 DIST-5"
#define CITE_DESTRUCTION "销毁清册 (两人监销)"

enum { Q_MOVE, Q_STORE, Q_LOSE, Q_DESTROY, Q_CLOSE, Q_CLOSED };
/* States as in BAG_STATES: 4 returned, 5 lost, 6 destroyed.  A lost bag's copies are in the book of
 * "missing", so that is its holder until it turns up. */
static const struct sql SQL[] = {
	[Q_MOVE] = {"UPDATE custody_bag SET holder = ? WHERE code = ?", 2},
	[Q_STORE] = {"UPDATE custody_bag SET holder = ?, store = ?, state = 4 WHERE code = ?", 3},
	[Q_LOSE] = {"UPDATE custody_bag SET holder = 'missing', state = 5 WHERE code = ?", 1},
	[Q_DESTROY] =
		{"UPDATE custody_bag SET destroyed = copies + moved - used - replaced - missing, state = 6"
	     " WHERE code = ?",
	     1},
	[Q_CLOSE] = {"INSERT INTO custody_half_day(place, half_day, closed) VALUES(?, ?, ?)", 3},
	[Q_CLOSED] = {"SELECT closed FROM custody_half_day WHERE place = ? AND half_day = ?", 2},
};

static const struct table TABLES[] = {
	{"custody_half_day", "CREATE TABLE custody_half_day(place {text} NOT NULL,"
	 " half_day {text} NOT NULL, closed {int} NOT NULL, PRIMARY KEY(place, half_day))",
	 "place, half_day"},
};

/* Fields. */
struct returned_bag {
	struct str bag, seal; /* bag first: codes_differ and bag_subjects read it */
};
static const struct field RETURNED_BAG[] = {
	FIELD(struct returned_bag, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag",
	      .ref = "bag"),
	FIELD(struct returned_bag, seal, F_CODE, "所见封条号", "seal seen"),
};

/* The lines follow from who holds each bag in the books, not from who says that he gives it. */
struct bags_return {
	struct str place, from, to;
	struct list bags;
	struct list lines;
};
static const struct field RETURN[] = {
	FIELD(struct bags_return, place, F_PLACE, "交接地点", "place"),
	FIELD(struct bags_return, from, F_SUBJECT, "交方(车辆编号或地点)",
	      "giver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct bags_return, to, F_SUBJECT, "接方(车辆编号或地点)",
	      "receiver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct bags_return, bags, F_LIST, "试卷袋", "bags", .list_of = RETURNED_BAG,
	      .list_n = COUNT(RETURNED_BAG), .list_size = sizeof(struct returned_bag), .min = 1,
	      .max = LIMIT_OPENS),
	LINES_FIELD(struct bags_return),
};

struct closing {
	struct str place, half_day;
};
static const struct field CLOSING[] = {
	FIELD(struct closing, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct closing, half_day, F_SUBJECT, "半日", "half day", .ref = "half_day"),
};

struct missed {
	struct str bag, holder;
	struct list lines;
};
static const struct field MISSED[] = {
	FIELD(struct missed, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
	FIELD(struct missed, holder, F_SUBJECT, "最后持有方", "last holder", .ref = "holder"),
	LINES_FIELD(struct missed),
};

struct bag_ref {
	struct str bag;
};
static const struct field BAG_REF[] = {
	FIELD(struct bag_ref, bag, F_CODE, "试卷袋印刷编号", "printed number of the bag", .ref = "bag"),
};
struct destruction {
	struct str place;
	struct list bags;
	struct list lines;
};
static const struct field DESTRUCTION[] = {
	FIELD(struct destruction, place, F_PLACE, "保密室", "secrecy room"),
	FIELD(struct destruction, bags, F_LIST, "试卷袋", "bags", .list_of = BAG_REF,
	      .list_n = COUNT(BAG_REF), .list_size = sizeof(struct bag_ref), .min = 1),
	LINES_FIELD(struct destruction),
};

/* Projection. */
static enum rc apply_moved(struct op *op, const struct event *ev)
{
	const struct bags_return *p = ev->data;
	const struct returned_bag *b = p->bags.items;
	size_t i;

	for (i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_MOVE], ARGS(sql_text(p->to), sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, p->to));
	}
	return RC_OK;
}

/* Into a secrecy room: the room will answer for the bag when the half day is closed. */
static enum rc apply_returned(struct op *op, const struct event *ev)
{
	const struct bags_return *p = ev->data;
	const struct returned_bag *b = p->bags.items;
	size_t i;

	for (i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_STORE],
		             ARGS(sql_text(p->to), sql_text(p->to), sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, p->to));
	}
	return RC_OK;
}

static enum rc apply_closed(struct op *op, const struct event *ev)
{
	const struct closing *p = ev->data;

	return sql_exec(op, &SQL[Q_CLOSE],
	                ARGS(sql_text(ev->place), sql_text(p->half_day), sql_int(ev->index)));
}

static enum rc apply_missed(struct op *op, const struct event *ev)
{
	const struct missed *p = ev->data;

	TRY(sql_exec(op, &SQL[Q_LOSE], ARGS(sql_text(p->bag))));
	return trace_add(op, ev, p->bag, STR("missing"));
}

static enum rc apply_destroyed(struct op *op, const struct event *ev)
{
	const struct destruction *p = ev->data;
	const struct bag_ref *b = p->bags.items;
	size_t i;

	for (i = 0; i < p->bags.n; i++) {
		TRY(sql_exec(op, &SQL[Q_DESTROY], ARGS(sql_text(b[i].bag))));
		TRY(trace_add(op, ev, b[i].bag, STR("destroyed")));
	}
	return RC_OK;
}

enum { EV_MOVED, EV_RETURNED, EV_CLOSED, EV_MISSED, EV_DESTROYED };
static const struct event_type EVENTS[] = {
	[EV_MOVED] = {"custody.bags_moved", 1, RETURN + 1, COUNT(RETURN) - 1,
	              sizeof(struct bags_return), .apply = apply_moved, POSTINGS(LINES),
	              .visible_to = CUSTODY_READERS,
	              .zh = "试卷袋回送途中交接", .en = "bags changed hands on their way back"},
	[EV_RETURNED] = {"custody.bags_returned", 1, RETURN + 1, COUNT(RETURN) - 1,
	                 sizeof(struct bags_return), .apply = apply_returned, POSTINGS(LINES),
	                 .visible_to = CUSTODY_READERS,
	                 .zh = "试卷袋回送入库", .en = "bags came back to the secrecy room"},
	[EV_CLOSED] = {"custody.half_day_closed", 1, CLOSING + 1, COUNT(CLOSING) - 1,
	               sizeof(struct closing), .apply = apply_closed, .visible_to = CUSTODY_READERS,
	               .zh = "半日回收对账", .en = "a half day was closed"},
	[EV_MISSED] = {"custody.bag_missed", 1, FIELDS(MISSED), sizeof(struct missed),
	               .apply = apply_missed, POSTINGS(LINES), .visible_to = CUSTODY_READERS,
	               .zh = "试卷袋未回收，转入短少账", .en = "a bag did not come back"},
	[EV_DESTROYED] = {"custody.bags_destroyed", 1, DESTRUCTION + 1, COUNT(DESTRUCTION) - 1,
	                  sizeof(struct destruction), .apply = apply_destroyed, POSTINGS(LINES),
	                  .visible_to = CUSTODY_READERS,
	                  .zh = "试卷袋销毁", .en = "bags were destroyed"},
};

/* Rules: return.  A wrong seal does not keep the bag outside: it is taken in, guarded, alarmed. */
static enum rc take_bag(struct op *op, const struct bags_return *p, const struct returned_bag *b,
	                    struct lines *lines, const char **ret_alarm)
{
	struct bag bag;
	bool known;

	*ret_alarm = NULL;
	TRY(bag_find(op, b->bag, &bag, &known));
	if (!known) {
		*ret_alarm = "custody.found_object";
		return RC_OK;
	}
	if (!str_eq(bag.seal, b->seal))
		*ret_alarm = "custody.seal_broken";
	else if (!str_eq(bag.holder, p->from) && bag.state != BAG_LOST)
		*ret_alarm = "custody.wrong_holder";
	lines_add(lines, bag.asset, bag.holder, p->to, bag_held(&bag));
	return RC_OK;
}

/* As at a hand-over of boxes: a vehicle that is known, and of a trip approved for this hour. */
static enum rc check_vehicle(struct op *op, const struct bags_return *p, struct str holder)
{
	bool known, approved;

	if (holder_is_place(holder))
		return RC_OK;
	TRY(vehicle_known(op, holder, &known));
	if (!known)
		TRY(alarm_raise(op, "custody.unknown_vehicle", holder, p->place, NULL));
	TRY(trip_approves(op, p->place, holder, op_happened_ms(op), &approved));
	return approved ? RC_OK : alarm_raise(op, "custody.wrong_vehicle", holder, p->place, NULL);
}

static enum rc run_return(struct op *op, const void *in)
{
	struct bags_return p = *(const struct bags_return *)in;
	const struct returned_bag *b = p.bags.items;
	const char **alarm = arena_array(op->arena, p.bags.n, sizeof(*alarm));
	struct lines lines = {.arena = op->arena};
	enum store_state state;
	size_t i;

	TRY(holder_check(op, p.from, "from"));
	TRY(holder_check(op, p.to, "to"));
	if (str_eq(p.from, p.to))
		return fail(op, RC_INVALID, "to", CITE_RECOVERY, "交方与接方不能相同：%s",
		            "giver and receiver are the same: %s", p.to.s);
	TRY(codes_differ(op, &p.bags, sizeof(struct returned_bag), "bags", "bag"));
	for (i = 0; i < p.bags.n; i++)
		TRY(take_bag(op, &p, &b[i], &lines, &alarm[i]));
	p.lines = lines.list;
	TRY(store_state(op, p.to, &state));
	TRY(event_append(op, &EVENTS[state == STORE_UNKNOWN ? EV_MOVED : EV_RETURNED], &p, NULL));
	for (i = 0; i < p.bags.n; i++)
		if (alarm[i] && str_is(str_of(alarm[i]), "custody.found_object"))
			TRY(found_add(op, b[i].bag));
		else if (alarm[i])
			TRY(alarm_raise(op, alarm[i], b[i].bag, p.place, NULL));
	TRY(check_vehicle(op, &p, p.from));
	return check_vehicle(op, &p, p.to);
}

/* Rules: closing a half day. */
static enum rc run_close(struct op *op, const void *in)
{
	const struct closing *p = in;
	const struct profile *profile = op_profile(op);
	AUTO(rows) r = {0};
	bool found = false;
	size_t i;

	for (i = 0; i < profile->nsessions; i++) {
		const struct profile_session *s = &profile->sessions[i];

		if (!str_eq(s->half_day, p->half_day))
			continue;
		found = true;
		if (op->now_ms < s->end_ms)
			TRY(forbid(op, RC_CONFLICT, "half_day", CITE_RECOVERY, "科次 %s 尚未结束，不能对账",
			           "session %s has not ended: the half day cannot be closed", s->id.s));
	}
	if (!found)
		return fail(op, RC_INVALID, "half_day", CITE_RECOVERY, "没有半日 %s",
		            "there is no half day %s", p->half_day.s);
	TRY(sql_query(op, &SQL[Q_CLOSED], ARGS(sql_text(p->place), sql_text(p->half_day)), &r));
	if (rows_next(&r))
		return fail(op, RC_CONFLICT, "half_day", CITE_RECOVERY, "半日 %s 已对账",
		            "half day %s is closed already", p->half_day.s);
	rows_release(&r);
	return event_append(op, &EVENTS[EV_CLOSED], p, NULL);
}

/* A bag whose copies were all used has no lines, and is missed all the same. */
static enum rc miss_bag(struct op *op, const struct event *ev, const struct bag *bag)
{
	struct missed m = {.bag = bag->code, .holder = bag->holder};
	struct lines lines = {.arena = op->arena};

	lines_add(&lines, bag->asset, bag->holder, STR("missing"), bag_held(bag));
	m.lines = lines.list;
	TRY(event_append_at(op, &EVENTS[EV_MISSED], ev->place, &m, NULL));
	return alarm_raise(op, "custody.not_back", bag->code, ev->place, NULL);
}

/* The law of recovery.  It runs live, after the closing has been applied; its events are what a
 * rebuild sees. */
static enum rc close_room(struct op *op, const struct event *ev)
{
	const struct closing *p = ev->data;
	const struct profile *profile = op_profile(op);
	size_t i, j, n;

	for (i = 0; i < profile->nsessions; i++) {
		struct bag *bags;

		if (!str_eq(profile->sessions[i].half_day, p->half_day))
			continue;
		TRY(store_bags(op, ev->place, profile->sessions[i].id, &bags, &n));
		for (j = 0; j < n; j++)
			if (!str_eq(bags[j].holder, ev->place) && bags[j].state != BAG_LOST)
				TRY(miss_bag(op, ev, &bags[j]));
	}
	return RC_OK;
}

/* Rules: destruction.  Finished papers only, and only when no session is left that could need
 * them. */
static enum rc check_end(struct op *op, struct str code, struct str place, struct lines *lines)
{
	struct bag bag;
	bool known;

	TRY(bag_find(op, code, &bag, &known));
	if (known)
		TRY(box_is_here(op, bag.box, place, &known));
	if (!known)
		return fail(op, RC_NOT_FOUND, "bags", CITE_DESTRUCTION, "试卷袋 %s 未登记",
		            "bag %s is not registered", code.s);
	if (bag.state == BAG_DESTROYED || !str_eq(bag.holder, place))
		return fail(op, RC_CONFLICT, "bags", CITE_DESTRUCTION, "试卷袋 %s 不在本保密室",
		            "bag %s is not in this room", code.s);
	lines_add(lines, bag.asset, bag.holder, STR("destroyed"), bag_held(&bag));
	return RC_OK;
}

static enum rc run_destroy(struct op *op, const void *in)
{
	struct destruction p = *(const struct destruction *)in;
	const struct bag_ref *b = p.bags.items;
	const struct profile_session *left = profile_next(op_profile(op), op->now_ms);
	struct lines lines = {.arena = op->arena};
	size_t i;

	TRY(codes_differ(op, &p.bags, sizeof(struct bag_ref), "bags", "bag"));
	if (left)
		TRY(forbid(op, RC_CONFLICT, "bags", CITE_DESTRUCTION, "考试尚未全部结束（还有 %s），不得销毁",
		           "the examination is not over (%s is still to come): nothing is destroyed",
		           left->half_day.s));
	for (i = 0; i < p.bags.n; i++)
		TRY(check_end(op, b[i].bag, p.place, &lines));
	p.lines = lines.list;
	return event_append(op, &EVENTS[EV_DESTROYED], &p, NULL);
}

/* Module. */
static const struct allow CARRIERS[] = {
	{"store_keeper", LEVEL_ANY}, {"courier", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const struct allow STORE[] = {{"county_office", LEVEL_COUNTY}, {"store_keeper", LEVEL_ANY}};
static const struct allow OFFICE[] = {{"county_office", LEVEL_COUNTY}, {"city_office", LEVEL_CITY}};
static const char *const HANDS[] = {"courier", "store_keeper", "secrecy_guard", "site_chief",
	"site_clerk", "police", NULL};
static const char *const KEEPER[] = {"store_keeper", "county_office", "county_leader", NULL};
static const char *const SUPERVISORS[] = {"county_leader", "secrecy_officer", "inspector", NULL};
static const struct slot RETURN_SLOTS[] = {
	{"giver", 2, HANDS, "receiver", false, "交方", "givers"},
	{"receiver", 2, HANDS, "giver", false, "接方", "receivers"},
};
static const struct slot CLOSERS[] = {
	{"keeper", 2, KEEPER, NULL, false, "对账人", "those who close it"},
};
static const struct slot WATCHERS[] = {
	{"supervisor", 2, SUPERVISORS, NULL, false, "监销人", "supervisors"},
};
static const struct command COMMANDS[] = {
	{"custody.return_bags", FACT, RETURN, COUNT(RETURN) - 1, sizeof(struct bags_return),
	 SLOTS(RETURN_SLOTS), ALLOW(CARRIERS), .run = run_return, .cites = CITE_RECOVERY,
	 .zh = "试卷袋回送交接", .en = "return bags"},
	{"custody.close_half_day", ORDER, FIELDS(CLOSING), sizeof(struct closing), SLOTS(CLOSERS),
	 ALLOW(STORE), .run = run_close, .cites = CITE_RECOVERY,
	 .zh = "半日回收对账", .en = "close a half day"},
	{"custody.destroy", GUARDED, DESTRUCTION, COUNT(DESTRUCTION) - 1, sizeof(struct destruction),
	 SLOTS(WATCHERS), ALLOW(OFFICE), .run = run_destroy, .cites = CITE_DESTRUCTION,
	 .zh = "销毁试卷袋", .en = "destroy bags"},
};

static const struct law LAWS[] = {
	{"custody.recovery", "custody.half_day_closed", close_room, CITE_RECOVERY,
	 "出库袋数 = 回库袋数", "bags out = bags back"},
};

static const struct expectation_rule EXPECTATIONS[] = {
	{"custody.return", "custody.bag_issued", "custody.bags_returned", "custody.bag_missed",
	 bag_subjects, "custody.return", "store_keeper", .missing = "custody.return_missing",
	 .cites = CITE_RECOVERY, .zh = "发放的试卷袋考后回送入库", .en = "issued bags come back"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.return_missing", COLOUR_ORANGE, "county_office", CITE_RECOVERY,
	 "与考点和押运车联系，查明此袋现在何处", "call site and vehicle: where is the bag now?",
	 "试卷袋超时未回送入库", "a bag is overdue at the secrecy room"},
	{"custody.not_back", COLOUR_RED, "county_leader", CITE_RECOVERY,
	 "封存现场，由最后持有方逐步倒查，立即上报", "hold everything; trace it back from its last holder; report at once",
	 "半日对账发现试卷袋未回收", "a half day was closed and a bag is not back"},
};

const struct module custody_return_module = {
	.name = "custody_return", .group = "custody", .rev = 1,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(laws, LAWS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS),
	.zh = "回收销毁", .en = "return and end of papers",
};
