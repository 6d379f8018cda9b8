/* SPDX-License-Identifier: Apache-2.0 */
/* statement.c -- signer slots on the command line, and what a key signs for them.
 *
 * Texts are salted when they are taken in, so the statement printed and the act given must come
 * from one intake: the printed document holds key, data, texts and salts, and --prepared gives
 * exactly that.  The document holds what was typed: it is as secret as the form itself.
 */
#include "cli/act.h"
#include "cli/out.h"
#include "engine/slot.h"

static enum rc slot_form(struct cli *c, struct str text)
{
	return fail(&c->op, RC_INVALID, "slot", "",
	            "--slot 应写作 NAME=HOW:PERSON[:SIGNATURE]，HOW 为 key badge paper phone，不是 %s",
	            "--slot is NAME=HOW:PERSON[:SIGNATURE] with HOW key, badge, paper or phone, not %s",
	            text.s);
}

static bool how_parse(struct str text, int *ret)
{
	static const char *const names[] = {
#define X(id, text) text,
		SLOT_HOWS(X)
#undef X
	};

	for (size_t i = 0; i < COUNT(names); i++)
		if (str_is(text, names[i])) {
			*ret = (int)i;
			return true;
		}
	return false;
}

static const char *how_text(int how)
{
	static const char *const names[] = {
#define X(id, text) text,
		SLOT_HOWS(X)
#undef X
	};

	return names[how];
}

static enum rc slot_known(struct cli *c, struct str name)
{
	const struct command *cmd = c->command;
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	for (size_t i = 0; i < cmd->nslots; i++) {
		if (str_is(name, cmd->slots[i].name))
			return RC_OK;
		strbuf_addf(&b, " %s", cmd->slots[i].name);
	}
	/* "approver" is of an exception; slot.sign fills the slots of another act. */
	if (str_is(name, "approver") || str_is(str_of(cmd->name), SLOT_SIGN))
		return RC_OK;
	return fail(&c->op, RC_INVALID, "slot", "", "%s 没有签名栏 %s；它的签名栏：%s",
	            "%s has no slot %s; its slots:%s", cmd->name, name.s,
	            b.n ? strbuf_str(&b).s : " -");
}

static enum rc slot_take(struct cli *c, struct str text, struct signed_slot *ret)
{
	struct str name, how, person, rest, tail = {0};
	struct arena *a = &c->arena;

	if (!str_cut(text, '=', &name, &rest) || !str_cut(rest, ':', &how, &rest))
		return slot_form(c, text);
	person = rest;
	str_cut(rest, ':', &person, &tail);
	*ret = (struct signed_slot){.slot = str_copy(a, name)};
	if (!how_parse(how, &ret->how))
		return slot_form(c, text);
	TRY(slot_known(c, ret->slot));
	TRY(cli_person(c, str_copy(a, person), &ret->person));
	if (ret->how == SLOT_PHONE)
		ret->note = tail;
	if (ret->how == SLOT_KEY && tail.n) {
		uint8_t *sig = arena_alloc(a, 64);

		if (!hex_decode(tail, sig, 64))
			return fail(&c->op, RC_INVALID, "slot", "", "签名栏 %s 的签名应是 128 位十六进制",
			            "the signature of slot %s is 128 hex digits", ret->slot.s);
		ret->signature = (struct str){(const char *)sig, 64};
	}
	return RC_OK;
}

enum rc act_slots_take(struct cli *c, struct act *a)
{
	const char *flag = cli_act_flag(&c->arena, c->command, "slot");

	for (size_t i = 0; i < c->nvalues; i++) {
		if (strcmp(c->values[i].flag->name, flag) != 0)
			continue;
		if (a->r.nslots == LIMIT_SLOTS)
			return fail(&c->op, RC_INVALID, "slot", "", "签名栏多于 %d 个",
			            "more than %d slots", LIMIT_SLOTS);
		TRY(slot_take(c, c->values[i].value, &a->slots[a->r.nslots++]));
	}
	a->r.slots = a->slots;
	return RC_OK;
}

static struct json *beside_json(struct arena *a, const struct beside *b)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "field", b->field);
	json_set_str(a, o, "mac", b->mac);
	json_set_str(a, o, "salt", hex_encode(a, b->salt, sizeof(b->salt)));
	return json_set_str(a, o, "text", b->text), o;
}

/* The statement of this act or, for slot.sign, of the act that waits. */
static enum rc statement_hash(struct cli *c, const struct act *a, struct str *ret)
{
	struct arena *m = &c->arena;
	const struct json *act;
	struct json *entry;
	struct str bytes;
	struct hash leaf;

	*ret = slot_statement(m, c->office.origin, a->r.exam, a->r.command, a->r.key, a->r.data);
	if (!str_is(a->r.command, SLOT_SIGN))
		return RC_OK;
	TRY(ledger_entry(&c->op, office_ledger(&c->office),
	                 (uint64_t)json_int(a->r.data, "begun", 0), &bytes, &leaf));
	TRY(json_read(&c->op, bytes, &entry));
	act = json_get(entry, "act");
	if (!str_is(json_str(entry, "type"), "slot.begun") || !act)
		return fail(&c->op, RC_INVALID, "begun", "", "第 %lld 条不是待签记录",
		            "entry %lld is not an act that waits for signatures",
		            (long long)json_int(a->r.data, "begun", 0));
	*ret = slot_statement(m, json_str(act, "origin"), json_str(act, "exam"),
	                      json_str(act, "command"), json_str(act, "key"), json_get(act, "data"));
	return RC_OK;
}

static struct json *slot_json(struct cli *c, const struct signed_slot *s, struct str statement)
{
	struct arena *m = &c->arena;
	struct json *o = json_new_object(m);

	json_set_str(m, o, "how", str_of(how_text(s->how)));
	json_set_str(m, o, "message", slot_message(m, s->slot, s->person, statement));
	json_set_int(m, o, "person", s->person.v);
	json_set_str(m, o, "slot", s->slot);
	return o;
}

enum rc act_statement_print(struct cli *c, const struct act *a)
{
	struct arena *m = &c->arena;
	struct json *o = json_new_object(m), *slots = json_new_array(m), *texts = json_new_array(m);
	struct json *data;
	struct str hash;

	if (!a->r.nslots)
		return fail(&c->op, RC_INVALID, "slot", "",
		            "请用 --slot NAME=key:PERSON 写明谁签哪一栏",
		            "name who signs which slot: --slot NAME=key:PERSON");
	TRY(statement_hash(c, a, &hash));
	for (size_t i = 0; i < a->r.nslots; i++)
		json_put(slots, NULL, slot_json(c, &a->slots[i], hash));
	for (size_t i = 0; i < a->r.nbeside; i++)
		json_put(texts, NULL, beside_json(m, &a->beside[i]));
	TRY(json_read(&c->op, json_canonical(m, a->r.data), &data));
	json_set_str(m, o, "command", a->r.command);
	json_put(o, "data", data);
	json_set_str(m, o, "exam", a->r.exam);
	json_set_str(m, o, "exception", a->r.exception);
	json_set_str(m, o, "key", a->r.key);
	json_put(o, "slots", slots);
	json_put(o, "texts", texts);
	c->result = o;
	if (c->json)
		return RC_OK;
	for (const struct json *s = slots->first; s; s = s->next) {
		cli_note(c, "签名栏 %s，人员 %lld，请签下列各行（含每行末尾的换行）：",
		         "slot %s, person %lld: sign these lines, each with its newline:",
		         json_str(s, "slot").s, (long long)json_int(s, "person", 0));
		fputs(json_str(s, "message").s, stdout);
	}
	return RC_OK;
}

static enum rc prepared_wrong(struct cli *c)
{
	return fail(&c->op, RC_INVALID, "prepared", "",
	            "这不是 --print-statement --json 为 %s 打印的文件",
	            "this is not what --print-statement --json printed for %s", c->command->name);
}

static enum rc prepared_texts(struct cli *c, struct act *a, const struct json *texts)
{
	for (const struct json *t = texts ? texts->first : NULL; t; t = t->next) {
		struct beside *b = &a->beside[a->r.nbeside];

		if (a->r.nbeside == COUNT(a->beside))
			return prepared_wrong(c);
		*b = (struct beside){.field = json_str(t, "field"), .text = json_str(t, "text"),
		                     .mac = json_str(t, "mac")};
		if (!b->field.n || !b->text.n || !hex_decode(json_str(t, "salt"), b->salt, sizeof(b->salt)))
			return prepared_wrong(c);
		a->r.nbeside++;
	}
	return RC_OK;
}

enum rc act_prepared_read(struct cli *c, struct act *a)
{
	struct str bytes;
	struct json *o;

	TRY(file_read(&c->op, cli_act_value(c, "prepared"), LIMIT_BODY, &bytes));
	TRY(json_read(&c->op, bytes, &o));
	if (!str_is(json_str(o, "command"), c->command->name) || !json_get(o, "data"))
		return prepared_wrong(c);
	for (size_t i = 0; i < c->command->nfields; i++)
		if (cli_has(c, c->verb->flags[i].name))
			return fail(&c->op, RC_INVALID, c->verb->flags[i].name, "",
			            "--prepared 已含全部内容，不能再写 --%s",
			            "--prepared holds everything: leave out --%s", c->verb->flags[i].name);
	a->r.data = json_get(o, "data");
	a->r.key = json_str(o, "key");
	a->r.exam = json_str(o, "exam");
	a->r.exception = json_str(o, "exception");
	return prepared_texts(c, a, json_get(o, "texts"));
}
