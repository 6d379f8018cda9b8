/* SPDX-License-Identifier: Apache-2.0 */
/* toy.c -- see toy.h.  Order: SQL, fields, projection, events, rules, expectations, module. */
#include "engine/toy.h"

#include "engine/alarm.h"
#include "engine/book.h"
#include "engine/run.h"

#define ARTICLE "Toy rule 3"

enum { Q_PUT, Q_GET, Q_MOVE, Q_LEFT, Q_GATE, Q_NOTE };
static const struct sql SQL[] = {
	[Q_PUT] = {"INSERT INTO toy_parcel(code, holder, sheets, lies) VALUES (?, ?, ?, 1)", 3},
	[Q_GET] = {"SELECT holder, sheets FROM toy_parcel WHERE code = ?", 1},
	[Q_MOVE] = {"UPDATE toy_parcel SET holder = ? WHERE code = ?", 2},
	[Q_LEFT] = {"UPDATE toy_parcel SET lies = 0 WHERE code = ?", 1},
	[Q_GATE] = {"INSERT INTO toy_gate(idx, place) VALUES (?, ?)", 2},
	[Q_NOTE] = {"INSERT INTO toy_note(idx, person, note) VALUES (?, ?, ?)", 3},
};

static const struct table TABLES[] = {
	{"toy_parcel", "CREATE TABLE toy_parcel(code {text} PRIMARY KEY, holder {text} NOT NULL,"
	               " sheets {int} NOT NULL, lies {int} NOT NULL)", "code"},
	{"toy_gate", "CREATE TABLE toy_gate(idx {id} PRIMARY KEY, place {text} NOT NULL)", "idx"},
	{"toy_note", "CREATE TABLE toy_note(idx {id} PRIMARY KEY, person {id} NOT NULL,"
	             " note {id} NOT NULL)", "idx"},
};

struct toy_arrive {
	struct str place, code, asset;
	int64_t sheets;
};
static const struct field ARRIVE[] = {
	FIELD(struct toy_arrive, place, F_PLACE, "地点", "place"),
	FIELD(struct toy_arrive, code, F_CODE, "包裹号", "parcel"),
	FIELD(struct toy_arrive, asset, F_KEY, "品名", "asset"),
	FIELD(struct toy_arrive, sheets, F_INT, "张数", "sheets", .min = 1, .max = 1000),
};

struct toy_move {
	struct str code, to;
	int64_t sheets;
};
static const struct field MOVE[] = {
	FIELD(struct toy_move, code, F_CODE, "包裹号", "parcel"),
	FIELD(struct toy_move, to, F_PLACE, "去处", "to"),
	FIELD(struct toy_move, sheets, F_INT, "张数", "sheets", .min = 0, .max = 1000),
};

struct toy_moved {
	struct str code, asset, from, to;
	int64_t sheets;
};
static const struct field MOVED[] = {
	FIELD(struct toy_moved, code, F_CODE, "包裹号", "parcel"),
	FIELD(struct toy_moved, asset, F_KEY, "品名", "asset"),
	FIELD(struct toy_moved, from, F_PLACE, "来处", "from"),
	FIELD(struct toy_moved, to, F_PLACE, "去处", "to"),
	FIELD(struct toy_moved, sheets, F_INT, "张数", "sheets", .min = 0, .max = 1000),
};

struct toy_code {
	struct str place, code;
};
static const struct field CODE[] = {
	FIELD(struct toy_code, place, F_PLACE, "地点", "place"),
	FIELD(struct toy_code, code, F_CODE, "包裹号", "parcel"),
};

struct toy_count {
	struct str place, code;
	int64_t sheets;
};
static const struct field COUNT_[] = {
	FIELD(struct toy_count, place, F_PLACE, "地点", "place"),
	FIELD(struct toy_count, code, F_CODE, "包裹号", "parcel"),
	FIELD(struct toy_count, sheets, F_INT, "张数", "sheets", .min = 0, .max = 1000),
};

struct toy_short {
	struct str code, asset, holder;
	int64_t sheets;
};
static const struct field SHORT[] = {
	FIELD(struct toy_short, code, F_CODE, "包裹号", "parcel"),
	FIELD(struct toy_short, asset, F_KEY, "品名", "asset"),
	FIELD(struct toy_short, holder, F_PLACE, "持有处", "holder"),
	FIELD(struct toy_short, sheets, F_INT, "缺少", "short", .min = -1000, .max = 1000),
};

struct toy_place {
	struct str place;
};
static const struct field PLACE[] = {
	FIELD(struct toy_place, place, F_PLACE, "地点", "place"),
};

struct toy_note {
	struct str place;
	struct person_id person;
	struct text note;
	struct text hint;
};
static const struct field NOTE[] = {
	FIELD(struct toy_note, place, F_PLACE, "地点", "place"),
	FIELD(struct toy_note, person, F_PERSON, "人员", "person", .optional = true),
	FIELD(struct toy_note, note, F_TEXT, "姓名", "name", .personal = true, .max = 40),
	FIELD(struct toy_note, hint, F_TEXT, "备注", "hint", .optional = true),
};

/* Projection. */

static enum rc apply_arrived(struct op *op, const struct event *ev)
{
	const struct toy_arrive *x = ev->data;

	return sql_exec(op, &SQL[Q_PUT],
	                ARGS(sql_text(x->code), sql_text(x->place), sql_int(x->sheets)));
}

static enum rc apply_moved(struct op *op, const struct event *ev)
{
	const struct toy_moved *x = ev->data;

	return sql_exec(op, &SQL[Q_MOVE], ARGS(sql_text(x->to), sql_text(x->code)));
}

static enum rc apply_left(struct op *op, const struct event *ev)
{
	return sql_exec(op, &SQL[Q_LEFT], ARGS(sql_text(((const struct toy_code *)ev->data)->code)));
}

static enum rc apply_gate(struct op *op, const struct event *ev)
{
	return sql_exec(op, &SQL[Q_GATE], ARGS(sql_int(ev->index), sql_text(ev->place)));
}

static enum rc apply_noted(struct op *op, const struct event *ev)
{
	const struct toy_note *x = ev->data;

	return sql_exec(op, &SQL[Q_NOTE],
	                ARGS(sql_int(ev->index), sql_int(x->person.v), sql_int(x->note.vault)));
}

static const struct posting ARRIVED_POSTINGS[] = {{"", "asset", "=printed", "place", "sheets"}};
static const struct posting MOVED_POSTINGS[] = {{"", "asset", "from", "to", "sheets"}};
static const struct posting SHORT_POSTINGS[] = {{"", "asset", "holder", "=missing", "sheets"}};

enum { EV_ARRIVED, EV_MOVED, EV_LOOKED, EV_COUNTED, EV_SHORT, EV_GATE, EV_NOTED, EV_LEFT };
static const struct event_type EVENTS[] = {
	[EV_ARRIVED] = EVENT("toy.arrived", ARRIVE, struct toy_arrive, apply_arrived, "到货", "arrived",
	                         POSTINGS(ARRIVED_POSTINGS)),
	[EV_MOVED] = EVENT("toy.moved", MOVED, struct toy_moved, apply_moved, "移交", "moved",
	                       POSTINGS(MOVED_POSTINGS)),
	[EV_LOOKED] = EVENT("toy.looked", CODE, struct toy_code, NULL, "查看", "looked at"),
	[EV_COUNTED] = EVENT("toy.counted", COUNT_, struct toy_count, NULL, "清点", "counted"),
	[EV_SHORT] = EVENT("toy.short", SHORT, struct toy_short, NULL, "短少", "short",
	                       POSTINGS(SHORT_POSTINGS)),
	[EV_GATE] = EVENT("toy.gate_opened", PLACE, struct toy_place, apply_gate, "开门", "gate opened"),
	[EV_NOTED] = EVENT("toy.noted", NOTE, struct toy_note, apply_noted, "备注", "noted"),
	[EV_LEFT] = EVENT("toy.left", CODE, struct toy_code, apply_left, "离开", "left"),
};

/* Rules. */

static enum rc find(struct op *op, struct str code, struct toy_moved *ret, bool *ret_found)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_GET], ARGS(sql_text(code)), &rows));
	*ret_found = rows_next(&rows);
	if (*ret_found)
		*ret = (struct toy_moved){code, STR("sheets"), rows_dup(op->arena, &rows, 0), {"", 0},
		                          rows_int(&rows, 1)};
	return RC_OK;
}

static enum rc arrive(struct op *op, const void *in)
{
	const struct toy_arrive *x = in;
	struct toy_moved now;
	bool found;

	TRY(find(op, x->code, &now, &found));
	if (found) /* a fact is not refused: it is recorded as seen again, and alarmed */
		return alarm_raise(op, "toy.twice", x->code, x->place, NULL);
	return event_append(op, &EVENTS[EV_ARRIVED], x, NULL);
}

static enum rc move(struct op *op, const void *in)
{
	const struct toy_move *x = in;
	struct toy_moved now;
	bool found;

	TRY(find(op, x->code, &now, &found));
	if (!found || now.sheets != x->sheets) /* the giver still holds */
		return alarm_raise(op, "toy.counts_differ", x->code, op_place(op), NULL);
	now.to = x->to;
	return event_append(op, &EVENTS[EV_MOVED], &now, NULL);
}

static enum rc look(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_LOOKED], in, NULL);
}

static enum rc count(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_COUNTED], in, NULL);
}

static enum rc leave(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_LEFT], in, NULL);
}

static enum rc note(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[EV_NOTED], in, NULL);
}

/* The gate opens in the half hour before a session. */
static enum rc open_gate(struct op *op, const void *in)
{
	const struct profile_session *s = profile_next(op_profile(op), op->now_ms);
	int64_t before_s = profile_setting(op_profile(op), "toy.gate_s", 1800);

	if (!s || op->now_ms < s->start_ms - before_s * 1000)
		TRY(forbid(op, RC_CONFLICT, "place", ARTICLE, "未到开门时间（开考前 %lld 秒）",
		           "the gate opens %lld seconds before the start", (long long)before_s));
	return event_append(op, &EVENTS[EV_GATE], in, NULL);
}

static enum rc place_of_move(struct op *op, const void *in, struct str *ret)
{
	struct toy_moved now;
	bool found;

	TRY(find(op, ((const struct toy_move *)in)->code, &now, &found));
	*ret = found ? now.from : ((const struct toy_move *)in)->to;
	return RC_OK;
}

/* What was counted must be what the book says; the difference goes to "missing". */
static enum rc law_count(struct op *op, const struct event *ev)
{
	const struct toy_count *x = ev->data;
	struct toy_moved now;
	bool found;

	TRY(find(op, x->code, &now, &found));
	if (!found || now.sheets == x->sheets)
		return RC_OK;
	TRY(event_append_at(op, &EVENTS[EV_SHORT], x->place,
	                    &(struct toy_short){x->code, now.asset, now.from, now.sheets - x->sheets},
	                    NULL));
	return alarm_raise(op, "toy.short", x->code, x->place, NULL);
}

static const struct law LAWS[] = {
	{"toy.count", "toy.counted", law_count, ARTICLE, "清点相符", "counted equals book"},
};

static enum rc greet(struct op *op, const struct event *ev)
{
	return alarm_raise(op, "toy.arrival", ((const struct toy_arrive *)ev->data)->code, ev->place,
	                   NULL);
}
static const struct reaction REACTIONS[] = {{"toy.arrived", greet}};

static size_t subject_parcel(struct arena *a, const struct event *ev, struct str *ret,
                             struct str *ret_session)
{
	(void)a, (void)ret_session;
	if (ev->type == &EVENTS[EV_ARRIVED])
		ret[0] = ((const struct toy_arrive *)ev->data)->code;
	else
		ret[0] = ((const struct toy_code *)ev->data)->code;
	return 1;
}

static size_t subject_gate(struct arena *a, const struct event *ev, struct str *ret,
                           struct str *ret_session)
{
	(void)a;
	ret[0] = ev->place;
	ret_session[0] = STR("one");
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{.id = "toy.look", .opens_on = "toy.arrived", .met_by = "toy.looked", .voided_by = "toy.left",
	 .subjects_of = subject_parcel, .window = "toy.look", .owner = "toy_keeper",
	 .late = "toy.not_looked", .missing = "toy.not_looked", .cites = ARTICLE,
	 .zh = "按时查看", .en = "look in time"},
	{.id = "toy.gate", .opens_on = "toy.arrived", .met_by = "toy.gate_opened",
	 .subjects_of = subject_gate, .window = "toy.gate", .owner = "toy_keeper",
	 .early = "toy.gate_early", .late = "toy.gate_late", .missing = "toy.gate_late",
	 .cites = ARTICLE, .zh = "按时开门", .en = "open the gate in time"},
};

#define ALARM_ROW(i, c, z, e) \
	{ .id = "toy." i, .colour = c, .owner = "toy_keeper", .cites = ARTICLE, .next_zh = "核查", \
	  .next_en = "check", .zh = z, .en = e }
static const char *const SEEN_TWICE[] = {"toy.twice", NULL};
static const char *const MISCOUNTED[] = {"toy.counts_differ", NULL};
static const struct alarm_rule ALARMS[] = {
	ALARM_ROW("arrival", COLOUR_BLUE, "有货到", "a parcel has come"),
	{.id = "toy.twice", .colour = COLOUR_YELLOW, .owner = "toy_keeper", .cites = ARTICLE,
	 .next_zh = "核查", .next_en = "check", .zh = "重复到货", .en = "arrived twice",
	 .under = MISCOUNTED},
	ALARM_ROW("counts_differ", COLOUR_ORANGE, "数目不符", "counts differ"),
	ALARM_ROW("short", COLOUR_RED, "短少", "short"),
	ALARM_ROW("not_looked", COLOUR_ORANGE, "未按时查看", "not looked at in time"),
	ALARM_ROW("gate_early", COLOUR_RED, "提前开门", "gate opened early"),
	{.id = "toy.gate_late", .colour = COLOUR_YELLOW, .owner = "toy_keeper", .cites = ARTICLE,
	 .next_zh = "核查", .next_en = "check", .zh = "未按时开门", .en = "gate not opened in time",
	 .under = SEEN_TWICE},
};

static const char *const KEEPER_INCLUDES[] = {"alarm_handler", NULL};
static const char *const CHIEF_INCLUDES[] = {"alarm_handler", "exception_approver", "vault_reader",
                                             "vault_remover", NULL};
static const struct role ROLES[] = {
	{"toy_keeper", "看守人", "keeper", KEEPER_INCLUDES},
	{"toy_chief", "负责人", "chief", CHIEF_INCLUDES},
};
static const struct allow KEEPERS[] = {{"toy_keeper", LEVEL_ANY}, {"toy_chief", LEVEL_ANY}};
static const char *const SIGNERS[] = {"toy_keeper", "toy_chief", NULL};
static const struct slot HANDS[] = {
	{.name = "giver", .count = 1, .roles = SIGNERS, .disjoint = "receiver",
	 .zh = "交", .en = "giver"},
	{.name = "receiver", .count = 1, .roles = SIGNERS, .zh = "接", .en = "receiver"},
	{.name = "observer", .count = 1, .optional = true, .zh = "见证", .en = "observer"},
};

#define COMMAND_ROW(n, k, f, st, fn, z, e, ...) \
	{ .name = "toy." n, .kind = k, FIELDS(f), .size = sizeof(st), ALLOW(KEEPERS), .run = fn, \
	  .cites = ARTICLE, .zh = z, .en = e, ##__VA_ARGS__ }
static const struct command COMMANDS[] = {
	COMMAND_ROW("arrive", FACT, ARRIVE, struct toy_arrive, arrive, "到货", "arrive"),
	COMMAND_ROW("move", FACT, MOVE, struct toy_move, move, "移交", "move", SLOTS(HANDS),
	            .place_of = place_of_move),
	COMMAND_ROW("look", FACT, CODE, struct toy_code, look, "查看", "look"),
	COMMAND_ROW("count", FACT, COUNT_, struct toy_count, count, "清点", "count"),
	COMMAND_ROW("leave", FACT, CODE, struct toy_code, leave, "离开", "leave"),
	COMMAND_ROW("open_gate", GUARDED, PLACE, struct toy_place, open_gate, "开门", "open the gate"),
	COMMAND_ROW("note", FACT, NOTE, struct toy_note, note, "备注", "note"),
	COMMAND_ROW("sealed_note", ORDER, NOTE, struct toy_note, note, "双签备注", "note by two",
	            SLOTS(HANDS)),
};

const struct module toy_module = {
	.name = "toy", .rev = 1, .zh = "玩具", .en = "toy",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(reactions, REACTIONS),
	TABLE_OF(expectations, EXPECTATIONS), TABLE_OF(alarms, ALARMS), TABLE_OF(laws, LAWS),
};

const struct module *const TOY_MODULES[] = {&toy_module};

#define SOURCED \
	"\"source\":\"tests\",\"article\":\"Toy rule 3\",\"sure\":\"confirmed\"," \
	"\"approver\":\"nobody\""
#define STEP(id, anchor, from, to, every) \
	"{\"id\":\"" id "\",\"anchor\":\"" anchor "\",\"from\":" from ",\"to\":" to every \
	",\"zh\":\"节点\",\"en\":\"step\"," SOURCED "}"
#define NUMBER(id, value) "{\"id\":\"" id "\",\"value\":" value ",\"zh\":\"数\"," \
	"\"en\":\"number\"," SOURCED "}"
const char TOY_PROFILE[] =
	"{\"format\":1,\"id\":\"toy\",\"exam\":\"toy-1\",\"zh\":\"玩具\",\"en\":\"toy\","
	"\"utc_offset\":\"+08:00\","
	"\"subjects\":[{\"id\":\"sums\",\"zh\":\"算\",\"en\":\"sums\"}],"
	"\"sessions\":[{\"id\":\"one\",\"subject\":\"sums\",\"half_day\":\"2025-06-06/pm\","
	"\"start\":\"2025-06-06T15:00:00+08:00\",\"end\":\"2025-06-06T17:00:00+08:00\","
	"\"zh\":\"算\",\"en\":\"sums\"}],"
	"\"steps\":[" STEP("toy.look", "event", "0", "1800", ",\"every\":1800") ","
	STEP("toy.gate", "T", "-1800", "-600", "") ","
	STEP("slot.complete", "event", "0", "900", "") "],"
	"\"settings\":["
	"{\"id\":\"toy.gate_s\",\"value\":1800,\"zh\":\"开门\",\"en\":\"gate\"," SOURCED "},"
	"{\"id\":\"alarm.fold_rooms\",\"value\":3,\"zh\":\"并\",\"en\":\"fold\"," SOURCED "},"
	"{\"id\":\"alarm.fold_s\",\"value\":600,\"zh\":\"并\",\"en\":\"fold\"," SOURCED "},"
	"{\"id\":\"alarm.cause_s\",\"value\":3600,\"zh\":\"并\",\"en\":\"fold\"," SOURCED "},"
	NUMBER("alarm.budget_site_day", "5") "," NUMBER("backup.most_age_s", "172800") ","
	NUMBER("ledger.unsigned_s", "60") "," NUMBER("login.idle_s", "1800") ","
	NUMBER("login.most_s", "43200") "," NUMBER("login.tries", "5") ","
	NUMBER("login.wait_s", "30") ","
	"{\"id\":\"ledger.outage_s\",\"value\":3600,\"zh\":\"停机\",\"en\":\"outage\"," SOURCED "}],"
	"\"ladders\":[{\"colour\":\"red\",\"ack_s\":600,\"close_by\":2,\"rungs\":["
	"{\"after_s\":60,\"role\":\"toy_keeper\",\"level\":0},"
	"{\"after_s\":300,\"role\":\"toy_chief\",\"level\":3}]},"
	"{\"colour\":\"orange\",\"ack_s\":900,\"close_by\":2,\"rungs\":["
	"{\"after_s\":120,\"role\":\"toy_keeper\",\"level\":0}]},"
	"{\"colour\":\"yellow\",\"ack_s\":900,\"close_by\":1,\"rungs\":["
	"{\"after_s\":7200,\"role\":\"toy_keeper\",\"level\":0}]},"
	"{\"colour\":\"blue\",\"ack_s\":900,\"close_by\":1,\"rungs\":["
	"{\"after_s\":86400,\"role\":\"toy_keeper\",\"level\":0}]}],"
	"\"slots\":[{\"slot\":\"*\",\"how\":[\"key\",\"badge\",\"paper\"]}]}";
