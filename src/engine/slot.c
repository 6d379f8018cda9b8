/* SPDX-License-Identifier: Apache-2.0 */
/* slot.c -- checks signatures and keeps half-signed acts; see slot.h. */
#include "engine/slot.h"

#include "base/limits.h"
#include "engine/engine.h"
#include "engine/entry.h"
#include "engine/seen.h"
#include "engine/writer.h"

enum { Q_PENDING, Q_DONE, Q_PENDING_GET, Q_SIGN, Q_SIGNS, Q_MISSING, Q_VIEW };
static const struct sql SQL[] = {
	[Q_PENDING] = {"INSERT INTO slot_pending(begun, command, place, done, at_ms, actor, missing)"
	               " VALUES (?, ?, ?, -1, ?, ?, ?)", 6},
	[Q_DONE] = {"UPDATE slot_pending SET done = ? WHERE begun = ?", 2},
	[Q_PENDING_GET] = {"SELECT place, done, command FROM slot_pending WHERE begun = ?", 1},
	[Q_SIGN] = {"INSERT INTO slot_signature(begun, slot, person, how, sig, note)"
	            " VALUES (?, ?, ?, ?, ?, ?)", 6},
	[Q_SIGNS] = {"SELECT slot, person, how, sig, note FROM slot_signature WHERE begun = ?"
	             " ORDER BY slot, person", 1},
	[Q_MISSING] = {"UPDATE slot_pending SET missing = ? WHERE begun = ?", 2},
	[Q_VIEW] = {"SELECT p.begun, p.command, p.place, p.at_ms, p.actor, p.missing, (SELECT COUNT(*)"
	            " FROM slot_signature s WHERE s.begun = p.begun) FROM slot_pending p"
	            " WHERE p.done < 0 ORDER BY p.begun", 0},
};

static const struct table TABLES[] = {
	{"slot_pending", "CREATE TABLE slot_pending(begun {id} PRIMARY KEY, command {text} NOT NULL,"
	                 " place {text} NOT NULL, done {int} NOT NULL, at_ms {int} NOT NULL,"
	                 " actor {id} NOT NULL, missing {text} NOT NULL)", "begun"},
	{"slot_signature", "CREATE TABLE slot_signature(begun {id} NOT NULL, slot {text} NOT NULL,"
	                   " person {id} NOT NULL, how {int} NOT NULL, sig {bytes} NOT NULL,"
	                   " note {text} NOT NULL, PRIMARY KEY (begun, slot, person))",
	                   "begun, slot, person"},
};

struct slot_begun {
	struct str command, missing;
};
static const struct field BEGUN[] = {
	FIELD(struct slot_begun, command, F_KEY, "命令", "command"),
	FIELD(struct slot_begun, missing, F_SUBJECT, "待签名位", "missing slots"),
};
static const struct field SIGN[] = {
	FIELD(struct slot_sign, begun, F_INT, "待签条目", "entry begun", .min = 0),
};

static const struct slot *slot_find(const struct command *c, struct str name)
{
	size_t i;

	for (i = 0; i < c->nslots; i++)
		if (str_is(name, c->slots[i].name))
			return &c->slots[i];
	return NULL;
}

static int slot_order(const struct signed_slot *a, const struct signed_slot *b)
{
	int c = str_cmp(a->slot, b->slot);

	return c ? c : (a->person.v > b->person.v) - (a->person.v < b->person.v);
}

struct signed_slot *slots_sorted(struct arena *a, const struct signed_slot *s, size_t n)
{
	struct signed_slot *out = arena_array(a, n, sizeof(*out));
	size_t i, j;

	for (i = 0; i < n; i++) {
		for (j = i; j > 0 && slot_order(&s[i], &out[j - 1]) < 0; j--)
			out[j] = out[j - 1];
		out[j] = s[i];
	}
	return out;
}

struct str slot_statement(struct arena *a, struct str origin, struct str exam, struct str command,
                          struct str key, const struct json *data)
{
	struct strbuf b;
	struct hash h;

	strbuf_init(&b, a);
	strbuf_addz(&b, "{\"command\":");
	json_quote_to(&b, command);
	strbuf_addz(&b, ",\"data\":");
	json_canonical_to(&b, data);
	strbuf_addz(&b, ",\"exam\":");
	json_quote_to(&b, exam);
	strbuf_addz(&b, ",\"key\":");
	json_quote_to(&b, key);
	strbuf_addz(&b, ",\"origin\":");
	json_quote_to(&b, origin);
	strbuf_addc(&b, '}');
	h = hash_sha256(b.s, b.n);
	return hash_hex(a, &h);
}

static struct str statement_of(struct op *op, const struct json *act)
{
	return slot_statement(op->arena, json_str(act, "origin"), json_str(act, "exam"),
	                      json_str(act, "command"), json_str(act, "key"), json_get(act, "data"));
}

struct str slot_message(struct arena *a, struct str slot, struct person_id who,
                        struct str statement)
{
	return str_fmt(a, "gongyuan/slot/v1\n" STR_FMT "\n%lld\n" STR_FMT "\n", STR_ARG(slot),
	               (long long)who.v, STR_ARG(statement));
}

static enum rc check_key(struct op *op, const struct signed_slot *s, struct str statement)
{
	struct ed25519_public key;
	struct str m = slot_message(op->arena, s->slot, s->person, statement);

	if (!authority_key_of(op->run->writer->authority, s->person, &key))
		return fail(op, RC_DENIED, "slot", "", "签名位 %.*s：人员 %lld 没有登记公钥",
		            "slot %.*s: person %lld has no registered key", STR_ARG(s->slot),
		            (long long)s->person.v);
	if (s->signature.n != sizeof(struct signature))
		return fail(op, RC_INVALID, "slot", "", "签名位 %.*s：签名应为 64 字节",
		            "slot %.*s: a signature has 64 bytes", STR_ARG(s->slot));
	if (!seen_holds(s->seen, &key, m, s->signature))
		return fail(op, RC_DENIED, "slot", "", "签名位 %.*s：人员 %lld 的签名不符",
		            "slot %.*s: the signature of person %lld does not verify", STR_ARG(s->slot),
		            (long long)s->person.v);
	return RC_OK;
}

static enum rc check_role(struct op *op, const struct slot *d, const struct signed_slot *s,
                          struct str place)
{
	const struct authority *a = op->run->writer->authority;
	const char *const *r, *const *form;

	if (!d->roles)
		return RC_OK;
	for (r = d->roles; *r; r++)
		for (form = modules_role_forms(op->run->modules, str_of(*r)); *form; form++)
			if (authority_holds(a, s->person, str_of(*form), place, 0, op->now_ms))
				return RC_OK;
	return fail(op, RC_DENIED, d->name, "", "签名位 %s：人员 %lld 在此地没有 %s 等角色",
	            "slot %s: person %lld holds no role such as %s here", d->name,
	            (long long)s->person.v, d->roles[0]);
}

/* 特批: the approver's right comes from another place than the one it is for. */
static enum rc check_approver(struct op *op, const struct signed_slot *s, struct str place)
{
	const char *const *form = modules_role_forms(op->run->modules, STR("exception_approver"));
	struct str scope;

	for (; *form; form++)
		if (authority_scope(op->run->writer->authority, s->person, str_of(*form), place, op->now_ms,
		                    &scope) &&
		    !str_eq(scope, place) && s->person.v != op->actor.v)
			return RC_OK;
	return fail(op, RC_DENIED, "approver", "", "特批须由上级的批准人签名（人员 %lld 不是）",
	            "an exception needs an approver of another place (person %lld is not)",
	            (long long)s->person.v);
}

static const struct slot EXCEPTION_SLOT = {
	.name = "approver", .count = 1, .zh = "批准人", .en = "approver"};

/* What stands beside a signature is written as it is, so it has a form: a call's number, minute and
 * taker as codes; the bytes of a key's signature; else nothing. */
static enum rc check_beside(struct op *op, const struct slot *d, const struct signed_slot *s)
{
	struct str number, minute, taker, rest;

	if (s->note.n &&
	    (s->how != SLOT_PHONE || !code_valid(s->note) || !str_cut(s->note, '/', &number, &rest) ||
	     !str_cut(rest, '/', &minute, &taker)))
		return fail(op, RC_INVALID, d->name, "", "签名位 %s：电话记录应为 号码/时刻/记录人工号",
		            "slot %s: a call is noted as number/minute/taker, in codes", d->name);
	if (s->signature.n && s->how != SLOT_KEY)
		return fail(op, RC_INVALID, d->name, "", "签名位 %s：只有用密钥签名时才带签名值",
		            "slot %s: only a key gives signature bytes", d->name);
	return RC_OK;
}

/* Who asks shares no place with who is said to sign: he is told the same of a staff code that
 * nobody has, of somebody who may not sign here, and of a signature that is not theirs. */
static bool is_known(const struct op *op, const struct signed_slot *s)
{
	return s->person.v > 0 && authority_meet(op->run->writer->authority, op->run->asker, s->person,
	                                         op->now_ms);
}

static enum rc not_a_signer(struct op *op, const char *slot)
{
	return fail(op, RC_DENIED, slot, "", "签名位 %s：没有此人，或此人不能在此签名",
	            "slot %s: nobody is that person, or they may not sign here", slot);
}

static enum rc check_person(struct op *op, const struct slot *d, const struct signed_slot *s,
                            struct str place, struct str statement)
{
	if (s->person.v < 1)
		return not_a_signer(op, d->name);
	TRY(check_role(op, d, s, place));
	if (d == &EXCEPTION_SLOT)
		TRY(check_approver(op, s, place));
	return s->how == SLOT_KEY ? check_key(op, s, statement) : RC_OK;
}

static enum rc check_one(struct op *op, const struct command *c, struct str place,
                         const struct signed_slot *s, struct str statement)
{
	const struct slot *d = slot_find(c, s->slot);
	enum rc rc;

	if (!d && op->run->request && op->run->request->exception.n && str_is(s->slot, "approver"))
		d = &EXCEPTION_SLOT;
	if (!d)
		return fail(op, RC_INVALID, "slot", "", "命令 %s 没有签名位 %.*s",
		            "command %s has no slot %.*s", c->name, STR_ARG(s->slot));
	TRY(check_beside(op, d, s));
	if (!profile_slot_how(op_profile(op), str_of(c->name), s->slot, s->how))
		return fail(op, RC_DENIED, d->name, "", "方案不允许以此方式在签名位 %s 签名",
		            "the profile does not accept this way of signing for slot %s", d->name);
	rc = check_person(op, d, s, place, statement);
	return rc == RC_OK || is_known(op, s) ? rc : not_a_signer(op, d->name);
}

static enum rc check_apart(struct op *op, const struct command *c, const struct signed_slot *s,
                           size_t n, size_t i)
{
	const struct slot *d = slot_find(c, s[i].slot);
	size_t j;

	for (j = 0; j < n; j++) {
		const struct slot *e = slot_find(c, s[j].slot);
		bool same = str_eq(s[i].slot, s[j].slot);
		/* Who approves an exception signs nothing else of the act. */
		bool apart = !d || !e || (d->disjoint && str_is(s[j].slot, d->disjoint));

		apart = apart || (e && e->disjoint && str_is(s[i].slot, e->disjoint));
		if (i == j || s[i].person.v != s[j].person.v || !(same || apart))
			continue;
		if (!is_known(op, &s[i]))
			return not_a_signer(op, d ? d->name : "approver");
		return fail(op, RC_INVALID, "slot", "", "人员 %lld 不得同时在 %.*s 和 %.*s 签名",
		            "person %lld cannot sign both %.*s and %.*s", (long long)s[i].person.v,
		            STR_ARG(s[i].slot), STR_ARG(s[j].slot));
	}
	return RC_OK;
}

static int filled(const struct slot *d, const struct signed_slot *s, size_t n)
{
	int count = 0;

	for (size_t i = 0; i < n; i++)
		count += str_is(s[i].slot, d->name);
	return count;
}

/* "giver/receiver": the slots that still await somebody. */
static struct str missing_of(struct arena *a, const struct command *c, const struct signed_slot *s,
                             size_t n)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < c->nslots; i++)
		if (!c->slots[i].optional && filled(&c->slots[i], s, n) < c->slots[i].count)
			strbuf_addf(&b, "%s%s", b.n ? "/" : "", c->slots[i].name);
	return strbuf_str(&b);
}

static enum rc count_slots(struct op *op, const struct command *c, const struct signed_slot *s,
                           size_t n, struct str *ret_missing)
{
	for (size_t i = 0; i < c->nslots; i++)
		if (filled(&c->slots[i], s, n) > c->slots[i].count)
			return fail(op, RC_INVALID, c->slots[i].name, "", "签名位 %s 只需 %d 人",
			            "slot %s takes %d persons", c->slots[i].name, c->slots[i].count);
	*ret_missing = missing_of(op->arena, c, s, n);
	return RC_OK;
}

enum rc slots_check(struct op *op, const struct command *c, struct str place,
                    const struct signed_slot *s, size_t n, size_t asked, const struct json *act,
                    struct str *ret_missing)
{
	struct str statement = {NULL, 0}, missing;

	if (n > LIMIT_SLOTS)
		return fail(op, RC_INVALID, "slot", "", "签名多于 %d 个", "more than %d signatures",
		            LIMIT_SLOTS);
	for (size_t i = asked; i < n; i++) {
		if (s[i].how == SLOT_KEY && !statement.n)
			statement = statement_of(op, act);
		TRY(check_one(op, c, place, &s[i], statement));
		TRY(check_apart(op, c, s, n, i));
	}
	TRY(count_slots(op, c, s, n, &missing));
	*ret_missing = missing;
	return RC_OK;
}

/* Half-signed acts. */

static enum rc read_signatures(struct op *op, struct pending *p);

static enum rc keep_signatures(struct op *op, int64_t begun, const struct event *ev)
{
	size_t i;

	for (i = 0; i < ev->nslots; i++) {
		const struct signed_slot *s = &ev->slots[i];
		TRY(sql_exec(op, &SQL[Q_SIGN],
		             ARGS(sql_int(begun), sql_text(s->slot), sql_int(s->person.v), sql_int(s->how),
		                  sql_bytes(s->signature.s, s->signature.n), sql_text(s->note))));
	}
	return RC_OK;
}

static enum rc apply_begun(struct op *op, const struct event *ev)
{
	const struct slot_begun *x = ev->data;

	TRY(sql_exec(op, &SQL[Q_PENDING],
	             ARGS(sql_int(ev->index), sql_text(x->command), sql_text(ev->place),
	                  sql_int(ev->recorded_ms), sql_int(ev->actor.v), sql_text(x->missing))));
	return keep_signatures(op, ev->index, ev);
}

/* What is still awaited after another signature, by the command's slots. */
static enum rc apply_filled(struct op *op, const struct event *ev)
{
	struct pending p = {.begun = ((const struct slot_sign *)ev->data)->begun};
	const struct command *c = NULL;

	TRY(keep_signatures(op, p.begun, ev));
	{
		AUTO(rows) rows = {0};

		TRY(sql_query(op, &SQL[Q_PENDING_GET], ARGS(sql_int(p.begun)), &rows));
		if (rows_next(&rows))
			c = modules_command(op->run->modules, rows_str(&rows, 2));
	}
	if (!c)
		return RC_OK;
	TRY(read_signatures(op, &p));
	return sql_exec(op, &SQL[Q_MISSING],
	                ARGS(sql_text(missing_of(op->arena, c, p.slots, p.nslots)),
	                     sql_int(p.begun)));
}

static enum rc apply_completed(struct op *op, const struct event *ev)
{
	const struct slot_sign *x = ev->data;

	return sql_exec(op, &SQL[Q_DONE], ARGS(sql_int(ev->index), sql_int(x->begun)));
}

enum { EV_BEGUN, EV_FILLED, EV_COMPLETED };
static const struct event_type EVENTS[] = {
	[EV_BEGUN] = EVENT("slot.begun", BEGUN, struct slot_begun, apply_begun,
	                       "部分签名，待补签", "act begun, slots empty"),
	[EV_FILLED] = EVENT("slot.filled", SIGN, struct slot_sign, apply_filled,
	                        "补签", "slot filled"),
	[EV_COMPLETED] = EVENT("slot.completed", SIGN, struct slot_sign, apply_completed,
	                           "签名齐全", "all slots filled"),
};

struct beside *slot_texts(struct arena *a, const struct command *c, const void *in,
                          struct str exception, int64_t begun, size_t *ret_n)
{
	struct beside *b = arena_array(a, c->nfields + 1, sizeof(*b));
	size_t i, n = 0;

	for (i = 0; i < c->nfields; i++) {
		const struct text *t =
			(const struct text *)(const void *)((const char *)in + c->fields[i].offset);
		if (c->fields[i].type == F_TEXT && t->mac.n)
			b[n++].mac = t->mac;
	}
	if (exception.n)
		b[n++].mac = exception;
	for (i = 0; i < n; i++)
		b[i].vault = begun * LIMIT_PERSONAL + (int64_t)i;
	*ret_n = n;
	return b;
}

enum rc slot_begin(struct op *op, const struct command *c, const void *in, struct str missing)
{
	struct slot_begun x = {str_of(c->name), missing};
	const struct request *r = op->run->request;
	struct beside *where;
	int64_t id, index = (int64_t)op->run->writer->ledger.next.size;
	size_t n, i, j;

	TRY(event_append(op, &EVENTS[EV_BEGUN], &x, &id));
	if (op->run->trial)
		return RC_OK;
	where = slot_texts(op->arena, c, in, r->exception, index, &n);
	for (i = 0; i < n; i++)
		for (j = 0; j < r->nbeside; j++)
			if (str_eq(r->beside[j].mac, where[i].mac))
				TRY(vault_put(op, &op->run->writer->vault, where[i].vault,
				              text_subject(c->fields, c->nfields, in, id), &r->beside[j]));
	return RC_OK;
}

static enum rc read_signatures(struct op *op, struct pending *p)
{
	AUTO(rows) rows = {0};

	p->slots = arena_array(op->arena, LIMIT_SLOTS * 2, sizeof(*p->slots));
	TRY(sql_query(op, &SQL[Q_SIGNS], ARGS(sql_int(p->begun)), &rows));
	while (p->nslots < LIMIT_SLOTS && rows_next(&rows)) {
		struct signed_slot *s = &p->slots[p->nslots++];
		s->slot = rows_dup(op->arena, &rows, 0);
		s->person.v = rows_int(&rows, 1);
		s->how = (int)rows_int(&rows, 2);
		s->signature = rows_dup(op->arena, &rows, 3);
		s->note = rows_dup(op->arena, &rows, 4);
	}
	return RC_OK;
}

static enum rc nothing_waits(struct op *op, int64_t begun)
{
	return fail(op, RC_NOT_FOUND, "begun", "", "条目 %lld 没有待签的命令",
	            "entry %lld holds no act that waits for signatures", (long long)begun);
}

enum rc slot_refuse(struct op *op, int64_t begun, enum rc rc)
{
	struct err why = op->err;
	struct str place;
	AUTO(rows) rows = {0};

	if (rc == RC_BUSY || rc == RC_BROKEN)
		return rc;
	TRY(sql_query(op, &SQL[Q_PENDING_GET], ARGS(sql_int(begun)), &rows));
	if (!rows_next(&rows))
		return nothing_waits(op, begun);
	place = rows_dup(op->arena, &rows, 0);
	if (!authority_near(op->run->writer->authority, op->run->asker, place, op->now_ms))
		return nothing_waits(op, begun);
	op->err = why;
	return rc;
}

enum rc slot_pending(struct op *op, int64_t begun, struct pending *ret)
{
	struct pending p = {.begun = begun};
	struct str entry;
	struct json *o;
	struct hash leaf;

	{
		AUTO(rows) rows = {0};
		TRY(sql_query(op, &SQL[Q_PENDING_GET], ARGS(sql_int(begun)), &rows));
		if (!rows_next(&rows))
			return nothing_waits(op, begun);
		if (rows_int(&rows, 1) >= 0)
			return fail(op, RC_CONFLICT, "begun", "", "条目 %lld 的签名已齐全",
			            "the act of entry %lld is complete", (long long)begun);
		p.place = rows_dup(op->arena, &rows, 0);
	}
	TRY(read_signatures(op, &p));
	TRY(ledger_entry(op, &op->run->writer->ledger, (uint64_t)begun, &entry, &leaf));
	TRY(json_read(op, entry, &o));
	p.act = (struct json *)(uintptr_t)json_get(o, "act");
	if (!p.act)
		return fail(op, RC_BROKEN, "begun", "", "条目 %lld 缺命令原文", "entry %lld lacks its act",
		            (long long)begun);
	*ret = p;
	return RC_OK;
}

enum rc slot_fill(struct op *op, int64_t begun, const struct signed_slot *s, size_t n)
{
	op->run->slots = slots_sorted(op->arena, s, n);
	op->run->nslots = n;
	return event_append(op, &EVENTS[EV_FILLED], &(struct slot_sign){begun}, NULL);
}

enum rc slot_complete(struct op *op, int64_t begun)
{
	return event_append(op, &EVENTS[EV_COMPLETED], &(struct slot_sign){begun}, NULL);
}

/* The window of completion. */

static size_t subject_begun(struct arena *a, const struct event *ev, struct str *ret,
                            struct str *ret_session)
{
	int64_t begun = ev->type == &EVENTS[EV_BEGUN] ? ev->index
	                                              : ((const struct slot_sign *)ev->data)->begun;

	(void)ret_session;
	ret[0] = str_fmt(a, "%lld", (long long)begun);
	return 1;
}

static const struct expectation_rule EXPECTATIONS[] = {
	{.id = "slot.complete", .opens_on = "slot.begun", .met_by = "slot.completed",
	 .subjects_of = subject_begun, .window = "slot.complete", .owner = "alarm_handler",
	 .missing = "slot.incomplete", .cites = "design §4",
	 .zh = "补齐签名", .en = "fill the empty slots"},
};

static const struct alarm_rule ALARMS[] = {
	{.id = "slot.incomplete", .colour = COLOUR_YELLOW, .owner = "alarm_handler",
	 .cites = "design §4",
	 .next_zh = "联系未签人员补签，或说明原因后另行登记", .next_en = "have the missing persons sign, or record why",
	 .zh = "签名未按时补齐", .en = "slots still empty after the time allowed"},
};

static enum rc run_by_writer(struct op *op, const void *in)
{
	(void)in;
	return fail(op, RC_BROKEN, "begun", "", "补签由写入程序办理",
	            "slot.sign is run by the writer");
}

static enum rc place_of_begun(struct op *op, const void *in, struct str *ret)
{
	int64_t begun = ((const struct slot_sign *)in)->begun;
	struct pending p;
	enum rc rc = slot_pending(op, begun, &p);

	if (rc != RC_OK)
		return slot_refuse(op, begun, rc);
	*ret = p.place;
	return RC_OK;
}

static const struct role ROLES[] = {
	{"anyone", "任何已登记人员", "any registered person", NULL},
};
static const struct allow ANYONE[] = {{"anyone", LEVEL_ANY}};
static const struct command COMMANDS[] = {
	{.name = SLOT_SIGN, .kind = FACT, FIELDS(SIGN), .size = sizeof(struct slot_sign), ALLOW(ANYONE),
	 .place_of = place_of_begun, .run = run_by_writer, .zh = "补签", .en = "fill a waiting slot"},
};

static const struct column WAITING_COLUMNS[] = {
	COLUMN("begun", F_ID, "待签条目(台账)", "begun (entry)"),
	COLUMN_KEY("command", "command", "命令", "command"),
	COLUMN("place", F_PLACE, "地点", "place"),
	COLUMN("at_ms", F_TIME, "登记", "begun"),
	COLUMN("actor", F_PERSON, "登记人", "by"),
	COLUMN_KEY("missing", NULL, "待签名位", "slots still empty"),
	COLUMN("signed", F_INT, "已签人数", "signatures"),
};
static const char *const READERS[] = {"alarm_handler", "alarm_reader", "audit_admin",
	"ledger_reader", "security_admin", "system_admin", NULL};
static const struct view VIEWS[] = {
	{"slot/waiting", "待补签", "acts that wait for signatures", READERS, &SQL[Q_VIEW],
	 WAITING_COLUMNS, COUNT(WAITING_COLUMNS)},
};

const struct module slot_module = {
	.name = "slot", .group = "engine", .rev = 2, .zh = "签名", .en = "signatures",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(roles, ROLES),
	TABLE_OF(commands, COMMANDS), TABLE_OF(events, EVENTS), TABLE_OF(expectations, EXPECTATIONS),
	TABLE_OF(alarms, ALARMS), TABLE_OF(views, VIEWS),
};
