/* SPDX-License-Identifier: Apache-2.0 */
/* handover.c -- boxes change hands (交接): two give and two receive, both sides count.
 *
 * A hand-over in which the counts of a box differ, or a seal is broken or is not the registered
 * one, is recorded as disputed: nothing moves, the giver still holds, and it is alarmed.  Otherwise
 * the boxes and every bag still in them move in the books.  Papers that were not where the books
 * say, or go where they should not, move all the same (it has happened) and are alarmed.
 *
 * Emits  custody.handed_over, custody.handover_disputed
 * Owns   custody_handover, custody_handover_box
 */
#include "domain/custody/room.h"
#include "domain/custody/store.h"
#include "domain/custody/transport.h"

#include "base/limits.h"
#include "engine/alarm.h"
#include "engine/run.h"

#define CITE_TRANSPORT "试卷运送要求 TRN-1 TRN-2"
#define MS_PER_DAY INT64_C(86400000)
#define CITE_STORAGE CITE_SECURITY "Art.24 ROOM-14"

enum { Q_BOX_MOVE, Q_BOX_STORE, Q_BAGS_MOVE, Q_BAGS_STORE, Q_ADD, Q_ADD_BOX };
static const struct sql SQL[] = {
	[Q_BOX_MOVE] = {"UPDATE custody_box SET holder = ? WHERE code = ?", 2},
	[Q_BOX_STORE] = {"UPDATE custody_box SET holder = ?, released = 0 WHERE code = ?", 2},
	[Q_BAGS_MOVE] = {"UPDATE custody_bag SET holder = ? WHERE box = ? AND state = 0", 2},
	[Q_BAGS_STORE] = {"UPDATE custody_bag SET holder = ?, store = ? WHERE box = ? AND state = 0",
	                  3},
	[Q_ADD] = {"INSERT INTO custody_handover(id, place, from_holder, to_holder, disputed, at_ms)"
	           " VALUES(?, ?, ?, ?, ?, ?)",
	           6},
	[Q_ADD_BOX] = {"INSERT INTO custody_handover_box(handover, box, given, received, seal_ok)"
	               " VALUES(?, ?, ?, ?, ?)",
	               5},
};

static const struct table TABLES[] = {
	{"custody_handover", "CREATE TABLE custody_handover(id {id} NOT NULL, place {text} NOT NULL,"
	 " from_holder {text} NOT NULL, to_holder {text} NOT NULL, disputed {int} NOT NULL,"
	 " at_ms {int} NOT NULL, PRIMARY KEY(id))", "id"},
	{"custody_handover_box", "CREATE TABLE custody_handover_box(handover {id} NOT NULL,"
	 " box {text} NOT NULL, given {int} NOT NULL, received {int} NOT NULL, seal_ok {int} NOT NULL,"
	 " PRIMARY KEY(handover, box))", "handover, box"},
};

/* Fields. */
struct handed_box {
	struct str box, seal; /* box first: codes_differ reads it */
	bool seal_ok;
	int64_t given, received;
};
static const struct field HANDED_BOX[] = {
	FIELD(struct handed_box, box, F_CODE, "试卷箱号", "box", .ref = "box"),
	FIELD(struct handed_box, seal, F_CODE, "所见封条号", "seal seen"),
	FIELD(struct handed_box, seal_ok, F_BOOL, "封条完好", "seal is whole"),
	FIELD(struct handed_box, given, F_INT, "交方清点袋数", "bags counted by the givers", .max = 1000),
	FIELD(struct handed_box, received, F_INT, "接方清点袋数", "bags counted by the receivers",
	      .max = 1000),
};

struct hand_over {
	struct str place, from, to;
	struct list boxes;
	struct text note;
	bool stored; /* into a secrecy room */
	struct list lines;
};
static const struct field HAND_OVER[] = {
	FIELD(struct hand_over, place, F_PLACE, "交接地点", "place"),
	FIELD(struct hand_over, from, F_SUBJECT, "交方(车辆编号或地点)",
	      "giver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct hand_over, to, F_SUBJECT, "接方(车辆编号或地点)",
	      "receiver (a vehicle's code or a place)", .ref = "holder"),
	FIELD(struct hand_over, boxes, F_LIST, "试卷箱", "boxes", .list_of = HANDED_BOX,
	      .list_n = COUNT(HANDED_BOX), .list_size = sizeof(struct handed_box), .min = 1),
	FIELD(struct hand_over, note, F_TEXT, "备注", "remarks", .max = 400, .optional = true),
	FIELD(struct hand_over, stored, F_BOOL, "入保密室", "into a secrecy room", .optional = true),
	LINES_FIELD(struct hand_over),
};
enum { COMMAND_FIELDS = COUNT(HAND_OVER) - 2 };

/* Projection.  A disputed hand-over keeps its counts too: they are what the dispute is about. */
static enum rc add_row(struct op *op, const struct event *ev, bool disputed)
{
	const struct hand_over *p = ev->data;
	const struct handed_box *b = p->boxes.items;
	size_t i;

	TRY(sql_exec(op, &SQL[Q_ADD],
	             ARGS(sql_int(ev->id), sql_text(ev->place), sql_text(p->from), sql_text(p->to),
	                  sql_int(disputed), sql_int(ev->happened_ms))));
	for (i = 0; i < p->boxes.n; i++)
		TRY(sql_exec(op, &SQL[Q_ADD_BOX],
		             ARGS(sql_int(ev->id), sql_text(b[i].box), sql_int(b[i].given),
		                  sql_int(b[i].received), sql_int(b[i].seal_ok))));
	return RC_OK;
}

/* The bags that are still in the box go with it; those issued from it have gone their own way. */
static enum rc move_box(struct op *op, const struct event *ev, struct str box)
{
	const struct hand_over *p = ev->data;
	struct bag *bags;
	size_t n, i;

	TRY(box_bags(op, box, &bags, &n));
	TRY(trace_add(op, ev, box, p->to));
	for (i = 0; i < n; i++)
		TRY(trace_add(op, ev, bags[i].code, p->to));
	if (!p->stored) {
		TRY(sql_exec(op, &SQL[Q_BOX_MOVE], ARGS(sql_text(p->to), sql_text(box))));
		return sql_exec(op, &SQL[Q_BAGS_MOVE], ARGS(sql_text(p->to), sql_text(box)));
	}
	TRY(sql_exec(op, &SQL[Q_BOX_STORE], ARGS(sql_text(p->to), sql_text(box))));
	return sql_exec(op, &SQL[Q_BAGS_STORE], ARGS(sql_text(p->to), sql_text(p->to), sql_text(box)));
}

static enum rc apply_handed_over(struct op *op, const struct event *ev)
{
	const struct hand_over *p = ev->data;
	const struct handed_box *b = p->boxes.items;
	size_t i;

	TRY(add_row(op, ev, false));
	if (p->stored)
		TRY(room_mark(op, p->to, ROOM_RECEIVED, ev->happened_ms));
	for (i = 0; i < p->boxes.n; i++)
		TRY(move_box(op, ev, b[i].box));
	return RC_OK;
}

static enum rc apply_disputed(struct op *op, const struct event *ev)
{
	const struct hand_over *p = ev->data;
	const struct handed_box *b = p->boxes.items;
	size_t i;

	TRY(add_row(op, ev, true));
	for (i = 0; i < p->boxes.n; i++)
		TRY(trace_add(op, ev, b[i].box, p->from));
	return RC_OK;
}

enum { EV_HANDED_OVER, EV_DISPUTED };
static const struct event_type EVENTS[] = {
	[EV_HANDED_OVER] = {"custody.handed_over", 1, HAND_OVER + 1, COUNT(HAND_OVER) - 1,
	                    sizeof(struct hand_over), .apply = apply_handed_over,
	                    POSTINGS(LINES), .visible_to = CUSTODY_READERS,
	                    .zh = "试卷箱交接", .en = "boxes were handed over"},
	[EV_DISPUTED] = {"custody.handover_disputed", 1, HAND_OVER + 1, COMMAND_FIELDS - 1,
	                 sizeof(struct hand_over), .apply = apply_disputed,
	                 .visible_to = CUSTODY_READERS,
	                 .zh = "交接有异议，仍由交方持有", .en = "a hand-over is disputed: the giver still holds"},
};

/* Rules. */

/* What is wrong with a hand-over: an alarm's rule and subject; rule NULL: an unknown number. */
struct finding {
	const char *rule;
	struct str subject;
};
struct judgement {
	const struct hand_over *in;
	enum store_state from_store, to_store;
	bool disputed;
	struct lines lines;
	struct finding *finding;
	size_t n;
};
enum { FINDINGS_PER_BOX = 5 };

static void find(struct judgement *j, const char *rule, struct str subject)
{
	j->finding[j->n++] = (struct finding){rule, subject};
}

static enum rc judge_box(struct op *op, struct judgement *j, const struct handed_box *b)
{
	const struct hand_over *p = j->in;
	struct bag *bags;
	struct box box;
	size_t n, i;
	bool known;

	TRY(box_find(op, b->box, &box, &known));
	if (!known)
		find(j, NULL, b->box);
	if (b->given != b->received || (known && b->given != box.packed)) {
		j->disputed = true;
		find(j, "custody.counts_differ", b->box);
	}
	if (!b->seal_ok || (known && !str_eq(b->seal, box.seal))) {
		j->disputed = true;
		find(j, "custody.seal_broken", b->box);
	}
	if (!known)
		return RC_OK;
	if (!str_eq(box.holder, p->from))
		find(j, "custody.wrong_holder", b->box);
	if (j->from_store != STORE_UNKNOWN && !box.released)
		find(j, "custody.unreleased", b->box);
	if (holder_is_place(p->to) && j->to_store == STORE_UNKNOWN && !str_eq(p->to, box.destined))
		find(j, "custody.wrong_place", b->box);
	TRY(box_bags(op, b->box, &bags, &n));
	for (i = 0; i < n; i++)
		lines_add(&j->lines, bags[i].asset, bags[i].holder, p->to, bag_held(&bags[i]));
	return RC_OK;
}

static enum rc judge_vehicle(struct op *op, struct judgement *j, struct str holder)
{
	bool known, approved;

	if (holder_is_place(holder))
		return RC_OK;
	TRY(vehicle_known(op, holder, &known));
	if (!known)
		find(j, "custody.unknown_vehicle", holder);
	TRY(trip_approves(op, j->in->place, holder, op_happened_ms(op), &approved));
	if (!approved)
		find(j, "custody.wrong_vehicle", holder);
	return RC_OK;
}

/* Days that a county may hold papers before the examination begins. */
static enum rc judge_days(struct op *op, struct judgement *j, struct str store)
{
	const struct profile *profile = op_profile(op);
	int64_t days;

	if (j->to_store == STORE_UNKNOWN || !profile->nsessions)
		return RC_OK;
	TRY(room_days(op, store, &days));
	if (profile->sessions[0].start_ms - op_happened_ms(op) > days * MS_PER_DAY)
		find(j, "custody.stored_too_early", store);
	return RC_OK;
}

/* Papers leave a room that its holders have just opened by record.  A room that never records its
 * openings is not asked. */
static enum rc judge_opening(struct op *op, struct judgement *j, struct str store)
{
	int64_t most_s = profile_setting(op_profile(op), "custody.opened_before_s", 0), opened_ms;

	if (j->from_store == STORE_UNKNOWN || !most_s)
		return RC_OK;
	TRY(room_opened_ms(op, store, &opened_ms));
	if (opened_ms && op_happened_ms(op) - opened_ms > most_s * 1000)
		find(j, "custody.out_unopened", store);
	return RC_OK;
}

static enum rc judge(struct op *op, const struct hand_over *p, struct judgement *j)
{
	const struct handed_box *b = p->boxes.items;
	size_t i;

	j->in = p;
	j->lines.arena = op->arena;
	j->finding = arena_array(op->arena, p->boxes.n * FINDINGS_PER_BOX + 7, sizeof(*j->finding));
	TRY(store_state(op, p->from, &j->from_store));
	TRY(store_state(op, p->to, &j->to_store));
	for (i = 0; i < p->boxes.n; i++)
		TRY(judge_box(op, j, &b[i]));
	if (j->to_store == STORE_IDLE)
		find(j, "custody.store_not_active", p->to);
	TRY(judge_days(op, j, p->to));
	TRY(judge_opening(op, j, p->from));
	TRY(judge_vehicle(op, j, p->from));
	return judge_vehicle(op, j, p->to);
}

/* Form only: who and what; how it went is never a reason to refuse. */
static enum rc check_form(struct op *op, const struct hand_over *p)
{
	TRY(holder_check(op, p->from, "from"));
	TRY(holder_check(op, p->to, "to"));
	if (str_eq(p->from, p->to))
		return fail(op, RC_INVALID, "to", CITE_COUNTS, "交方与接方不能相同：%s",
		            "giver and receiver are the same: %s", p->to.s);
	return codes_differ(op, &p->boxes, sizeof(struct handed_box), "boxes", "box");
}

/* Judged first, on the state before the movement; recorded; then alarmed. */
static enum rc run_hand_over(struct op *op, const void *in)
{
	struct hand_over p = *(const struct hand_over *)in;
	struct judgement j = {0};
	size_t i;

	TRY(check_form(op, &p));
	TRY(judge(op, &p, &j));
	p.stored = j.to_store != STORE_UNKNOWN;
	p.lines = j.lines.list;
	TRY(event_append(op, &EVENTS[j.disputed ? EV_DISPUTED : EV_HANDED_OVER], &p, NULL));
	for (i = 0; i < j.n; i++)
		if (j.finding[i].rule)
			TRY(alarm_raise(op, j.finding[i].rule, j.finding[i].subject, p.place, NULL));
		else
			TRY(found_add(op, j.finding[i].subject));
	return RC_OK;
}

/* Module. */
static const struct allow CARRIERS[] = {
	{"store_keeper", LEVEL_ANY}, {"courier", LEVEL_ANY}, {"county_office", LEVEL_COUNTY},
	{"site_clerk", LEVEL_SITE}, {"site_chief", LEVEL_SITE},
};
static const char *const HANDS[] = {"courier", "store_keeper", "secrecy_guard", "site_chief",
	"site_clerk", "police", NULL};
static const char *const OBSERVERS[] = {"police", "secrecy_officer", "inspector", NULL};
static const struct slot HAND_OVER_SLOTS[] = {
	{"giver", 2, HANDS, "receiver", false, "交方", "givers"},
	{"receiver", 2, HANDS, "giver", false, "接方", "receivers"},
	{"observer", 1, OBSERVERS, NULL, true, "监交人", "observer"},
};
static const struct command COMMANDS[] = {
	{"custody.hand_over", FACT, HAND_OVER, COMMAND_FIELDS, sizeof(struct hand_over),
	 SLOTS(HAND_OVER_SLOTS), ALLOW(CARRIERS), .run = run_hand_over, .cites = CITE_COUNTS,
	 .zh = "试卷箱交接", .en = "hand boxes over"},
};

static const struct alarm_rule ALARMS[] = {
	{"custody.counts_differ", COLOUR_RED, "county_office", CITE_COUNTS,
	 "双方原地不动，逐袋重新清点；仍不符即报考区主任",
	 "stay where you are and count again, bag by bag; still unequal: tell the county's leader",
	 "交接清点数不一致", "counts at a hand-over differ"},
	{"custody.seal_broken", COLOUR_RED, "county_leader", CITE_SECURITY "Art.22 ROOM-13",
	 "不得启封；两人看护并报告，经批准后两人补封并登记",
	 "open nothing; two guard it and report; mend the seal only when approved, by two",
	 "封条破损或编号不符", "a seal is broken or is not the registered one"},
	{"custody.wrong_holder", COLOUR_ORANGE, "county_office", CITE_COUNTS,
	 "核对上一次交接单，查明何时何地漏登",
	 "check the last hand-over sheet: where was one not recorded?", "交方不是账上持有方",
	 "the giver is not who holds it in the books"},
	{"custody.unreleased", COLOUR_RED, "county_leader", CITE_DISTRIBUTION,
	 "立即追回或就地看护，查明谁打开保密室",
	 "bring it back or guard it where it is; find out who opened the room",
	 "未经出库批准的试卷箱离开保密室", "a box left the secrecy room without release"},
	{"custody.out_unopened", COLOUR_ORANGE, "county_office", CITE_DISTRIBUTION,
	 "问保密室：谁、何时、凭什么开启；补登开启记录，调看该时段录像",
	 "ask the room who opened it, when and why; have it recorded, look at the recording",
	 "试卷箱离开保密室，此前无开启记录", "a box left the secrecy room and no opening is recorded"},
	{"custody.wrong_place", COLOUR_ORANGE, "county_office", CITE_DISTRIBUTION,
	 "原封看护，改送目的考点", "guard it sealed and bring it to the site it is for",
	 "试卷箱送错地点", "a box was brought to a place it is not for"},
	{"custody.store_not_active", COLOUR_RED, "county_leader", CITE_STORAGE,
	 "立即派人值守并启用保密室，或转入已启用的保密室",
	 "put guards on post and activate the room, or move the papers to an active one",
	 "试卷进入未启用的保密室", "papers are in a secrecy room that is not active"},
	{"custody.stored_too_early", COLOUR_YELLOW, "county_leader", CITE_SECURITY "Art.16 ROOM-7",
	 "报省级批准并登记批准文号，加强值守",
	 "ask the province, record the number of its approval, strengthen the guard",
	 "试卷到县过早，超过规定存放天数", "papers reached the county earlier than it may hold them"},
	{"custody.unknown_vehicle", COLOUR_ORANGE, "county_office", CITE_TRANSPORT,
	 "核实车辆和押运人员，补登记", "verify vehicle and couriers, then register it",
	 "押运车辆未登记", "the vehicle is not registered"},
};

static const char *const SETTINGS[] = {"custody.opened_before_s"};

const struct module custody_handover_module = {
	.name = "custody_handover", .group = "custody", .rev = 2,
	TABLE_OF(tables, TABLES), .sql = SQL, .nsql = COUNT(SQL),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(alarms, ALARMS),
	TABLE_OF(settings, SETTINGS),
	.zh = "试卷交接", .en = "hand-overs",
};
