/* SPDX-License-Identifier: Apache-2.0 */
/* order.c -- genesis, rules in force, refused and excepted orders; see order.h. */
#include "engine/order.h"

#include "engine/alarm.h"
#include "engine/engine.h"
#include "engine/expect_private.h"
#include "engine/writer.h"

enum { Q_RULES_PUT, Q_RULES_GET, Q_EXCEPTION, Q_EXCEPTIONS, Q_RULES_ALL };
static const struct sql SQL[] = {
	[Q_RULES_PUT] = {"INSERT INTO rules_adopted(idx, rules, profile) VALUES (?, ?, ?)", 3},
	[Q_RULES_GET] = {"SELECT rules, profile FROM rules_adopted ORDER BY idx DESC LIMIT 1", 0},
	[Q_EXCEPTION] = {"INSERT INTO order_exception(idx, command, place, actor, approver, excepted)"
	                 " VALUES (?, ?, ?, ?, ?, ?)", 6},
	[Q_EXCEPTIONS] = {"SELECT idx, command, place, actor, approver FROM order_exception"
	                  " WHERE excepted = 1 AND idx >= ? AND idx < ?"
	                  " AND (place = ? OR (place >= ? AND place < ?)) ORDER BY idx", 5},
	[Q_RULES_ALL] = {"SELECT idx, rules, profile FROM rules_adopted ORDER BY idx", 0},
};

static const struct table TABLES[] = {
	{"rules_adopted", "CREATE TABLE rules_adopted(idx {id} PRIMARY KEY, rules {text} NOT NULL,"
	                  " profile {text} NOT NULL)", "idx"},
	{"order_exception", "CREATE TABLE order_exception(idx {id} PRIMARY KEY,"
	                    " command {text} NOT NULL, place {text} NOT NULL,"
	                    " actor {id} NOT NULL, approver {id} NOT NULL,"
	                    " excepted {int} NOT NULL)", "idx"},
};

static const char *const MODE[] = {"real", "drill"};
static const struct word MODE_WORDS[] = {
	{"正式", "real"}, {"演练", "drill"},
};
static const struct field GENESIS[] = {
	FIELD(struct ledger_genesis, format, F_INT, "格式", "format"),
	FIELD(struct ledger_genesis, mode, F_ENUM, "用途", "mode", ENUM_OF(MODE, MODE_WORDS)),
	FIELD(struct ledger_genesis, node, F_INT, "节点", "node"),
	FIELD(struct ledger_genesis, origin, F_SUBJECT, "台账名", "origin"),
	FIELD(struct ledger_genesis, profile, F_HASH, "方案校验值", "profile hash"),
	FIELD(struct ledger_genesis, seed, F_INT, "种子", "seed", .optional = true),
};

static const struct field ADOPTED[] = {
	FIELD(struct rules_adopted, rules, F_HASH, "规则校验值", "rules hash"),
	FIELD(struct rules_adopted, profile, F_HASH, "方案校验值", "profile hash"),
};

struct order_refused {
	struct str command, field;
	int code;
};
#define X(name, http, exit, text) text,
static const char *const CODE[] = {RC_LIST(X)};
#undef X
static const struct word CODE_WORDS[] = {
	{"成功", "ok"}, {"输入有误", "invalid"}, {"找不到", "not found"}, {"与现状冲突", "conflict"},
	{"无权", "denied"}, {"稍后再试", "busy"}, {"完整性受损", "broken"},
};
static const struct field REFUSED[] = {
	FIELD(struct order_refused, command, F_KEY, "指令", "command"),
	FIELD(struct order_refused, field, F_SUBJECT, "字段", "field", .optional = true),
	FIELD(struct order_refused, code, F_ENUM, "原因", "code", ENUM_OF(CODE, CODE_WORDS)),
};

struct order_excepted {
	struct str command, field;
	struct person_id approver;
	struct text reason;
};
static const struct field EXCEPTED[] = {
	FIELD(struct order_excepted, command, F_KEY, "指令", "command"),
	FIELD(struct order_excepted, field, F_SUBJECT, "字段", "field", .optional = true),
	FIELD(struct order_excepted, approver, F_PERSON, "批准人", "approver"),
	FIELD(struct order_excepted, reason, F_TEXT, "特批理由", "reason"),
};

struct ledger_resumed {
	int64_t silent_s;
};
static const struct field RESUMED[] = {
	FIELD(struct ledger_resumed, silent_s, F_INT, "中断秒数", "seconds of silence", .min = 1),
};

static enum rc apply_adopted(struct op *op, const struct event *ev)
{
	const struct rules_adopted *x = ev->data;
	struct run *run = op->run;

	TRY(sql_exec(op, &SQL[Q_RULES_PUT],
	             ARGS(sql_int(ev->index), sql_text(x->rules), sql_text(x->profile))));
	if (!run->adopting)
		return RC_OK;
	TRY(expect_retime(op, run->profile, run->adopting, ev));
	*run->profile = *run->adopting;
	run->adopting = NULL;
	return RC_OK;
}

static enum rc apply_refused(struct op *op, const struct event *ev)
{
	const struct order_refused *x = ev->data;

	return sql_exec(op, &SQL[Q_EXCEPTION],
	                ARGS(sql_int(ev->index), sql_text(x->command), sql_text(ev->place),
	                     sql_int(ev->actor.v), sql_int(0), sql_int(0)));
}

static enum rc apply_excepted(struct op *op, const struct event *ev)
{
	const struct order_excepted *x = ev->data;

	return sql_exec(op, &SQL[Q_EXCEPTION],
	                ARGS(sql_int(ev->index), sql_text(x->command), sql_text(ev->place),
	                     sql_int(ev->actor.v), sql_int(x->approver.v), sql_int(1)));
}

enum { EV_GENESIS, EV_ADOPTED, EV_REFUSED, EV_EXCEPTED, EV_RESUMED };
static const struct event_type EVENTS[] = {
	[EV_GENESIS] = EVENT("ledger.genesis", GENESIS, struct ledger_genesis, NULL,
	                         "台账建立", "ledger founded"),
	[EV_ADOPTED] = EVENT("rules.adopted", ADOPTED, struct rules_adopted, apply_adopted,
	                         "规则生效", "rules adopted"),
	[EV_REFUSED] = EVENT("order.refused", REFUSED, struct order_refused, apply_refused,
	                         "指令被拒", "order refused"),
	[EV_EXCEPTED] = EVENT("order.excepted", EXCEPTED, struct order_excepted, apply_excepted,
	                          "特批（例外审批）", "order excepted"),
	[EV_RESUMED] = EVENT("ledger.resumed", RESUMED, struct ledger_resumed, NULL,
	                         "停机后恢复", "resumed after an outage"),
};

enum rc ledger_append_genesis(struct op *op, const struct ledger_genesis *g)
{
	return event_append_at(op, &EVENTS[EV_GENESIS], STR(""), g, NULL);
}

enum rc rules_adopt(struct op *op, const struct rules_adopted *r)
{
	return event_append_at(op, &EVENTS[EV_ADOPTED], STR(""), r, NULL);
}

enum rc profile_offered(struct op *op, struct arena *keep, struct str hash, struct profile *ret)
{
	struct err before = op->err;
	struct str bytes;
	enum rc rc = blob_get(op, op->run->writer->store, hash, &bytes);

	if (rc == RC_NOT_FOUND) {
		op->err = before;
		return fail(op, RC_NOT_FOUND, "profile", "", "没有校验值为 %s 的配置：请先 gongyuan profile offer",
		            "no profile has digest %s: gongyuan profile offer comes first", hash.s);
	}
	if (rc != RC_OK)
		return rc;
	TRY(profile_read(op, keep, bytes, ret));
	return profile_fits(op, ret, op->run->modules);
}

enum rc profile_adopt(struct op *op, struct str hash)
{
	struct run *run = op->run;
	struct rules_adopted now;
	struct profile *next;

	TRY(rules_in_force(op, &now));
	now.profile = hash;
	if (!run->trial) {
		next = ARENA_NEW(&run->writer->keep, struct profile);
		TRY(profile_offered(op, &run->writer->keep, hash, next));
		run->adopting = next;
	}
	return rules_adopt(op, &now);
}

enum rc order_except(struct op *op, enum rc rc, const char *field)
{
	const struct run *run = op->run;
	struct order_excepted x = {
		.command = str_of(run->command->name),
		.field = str_of(field ? field : ""),
		.approver = op_slot(op, "approver", 0),
		.reason = {run->request->exception, 0},
	};

	(void)rc;
	return event_append(op, &EVENTS[EV_EXCEPTED], &x, NULL);
}

enum rc order_refuse(struct op *op, const struct command *c, const struct err *why)
{
	struct order_refused x = {
		.command = str_of(c->name),
		.field = str_of(why->field),
		.code = (int)why->rc,
	};

	return event_append(op, &EVENTS[EV_REFUSED], &x, NULL);
}

enum rc ledger_resume(struct op *op, int64_t silent_ms)
{
	int64_t allowed_s = profile_setting(op_profile(op), "ledger.outage_s", 0);
	struct ledger_resumed x = {silent_ms / 1000};

	if (allowed_s <= 0 || x.silent_s <= allowed_s)
		return RC_OK;
	TRY(event_append_at(op, &EVENTS[EV_RESUMED], STR(""), &x, NULL));
	return alarm_raise(op, "ledger.outage", STR("ledger"), STR(""), NULL);
}

static const struct alarm_rule ALARMS[] = {
	{.id = "ledger.outage", .colour = COLOUR_YELLOW, .owner = "alarm_handler",
	 .cites = "design §10",
	 .next_zh = "补录停机期间的纸质记录，并说明停机原因",
	 .next_en = "key in the paper records of the outage and say why it happened",
	 .zh = "系统曾停机", .en = "the system was down"},
};

enum rc rules_in_force(struct op *op, struct rules_adopted *ret)
{
	AUTO(rows) rows = {0};

	TRY(sql_query(op, &SQL[Q_RULES_GET], NO_ARGS, &rows));
	*ret = (struct rules_adopted){{"", 0}, {"", 0}};
	if (rows_next(&rows))
		*ret = (struct rules_adopted){rows_dup(op->arena, &rows, 0), rows_dup(op->arena, &rows, 1)};
	return RC_OK;
}

enum rc rules_history(struct op *op, struct rules_adoption *ret, size_t max, size_t *ret_n)
{
	AUTO(rows) rows = {0};
	size_t n = 0;

	TRY(sql_query(op, &SQL[Q_RULES_ALL], NO_ARGS, &rows));
	while (n < max && rows_next(&rows))
		ret[n++] = (struct rules_adoption){
			rows_int(&rows, 0), {rows_dup(op->arena, &rows, 1), rows_dup(op->arena, &rows, 2)}};
	*ret_n = n;
	return RC_OK;
}

enum rc order_exceptions(struct op *op, struct str place, int64_t from, int64_t until,
                         struct order_exception **ret, size_t *ret_n)
{
	AUTO(rows) rows = {0};
	struct str low, high;
	struct order_exception *list = NULL;
	size_t n = 0, cap = 0;

	place_below(op->arena, place, &low, &high);
	TRY(sql_query(op, &SQL[Q_EXCEPTIONS],
	              ARGS(sql_int(from), sql_int(until), sql_text(place), sql_text(low),
	                   sql_text(high)), &rows));
	while (rows_next(&rows)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct order_exception){
			rows_int(&rows, 0), rows_dup(op->arena, &rows, 1), rows_dup(op->arena, &rows, 2),
			{rows_int(&rows, 3)}, {rows_int(&rows, 4)}};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

static const char *const SETTINGS[] = {
	"backup.most_age_s", "ledger.outage_s", "ledger.unsigned_s",
};

const struct module ledger_module = {
	.name = "ledger", .group = "engine", .rev = 1, .zh = "台账", .en = "ledger",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(events, EVENTS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(settings, SETTINGS),
};
