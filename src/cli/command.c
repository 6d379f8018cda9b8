/* SPDX-License-Identifier: Apache-2.0 */
/* command.c -- any command of the modules' tables, from its flags to its receipt.
 *
 * The field table gives the flags; what a flag says is taken in by the engine's field_intake, so
 * the command line checks nothing of its own.  Where a field has the name of an act's flag, the
 * field has it and the act's is `--act-NAME`.
 */
#include "cli/act.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/values.h"
#include "domain/people/people.h"

const struct cli_flag cli_act_flags[] = {
	{"as", "PERSON", "以谁的名义（工号或编号）", "who gives it (staff code or number)", false},
	{"slot", "NAME=HOW:PERSON[:SIGNATURE]",
	 "签名栏：HOW 为 key、badge、paper、phone；电话写 NAME=phone:PERSON:号码/时刻/记录人",
	 "a signature: HOW is key, badge, paper or phone; NAME=phone:PERSON:NUMBER/MINUTE/TAKER", true},
	{"happened", "TIME", "发生时间", "when it happened", false},
	{"noted", "TIME", "登记时间（纸面）", "when it was written down", false},
	{"source", "SOURCE", "来源：terminal office paper video feed telephone（默认 office）",
	 "terminal office paper video feed telephone (default office)", false},
	{"exam", "ID", "考试（默认本台账的）", "the examination (default the ledger's)", false},
	{"key", "UUID", "幂等键：同一键重发只登记一次", "idempotency key: sent again, recorded once", false},
	{"exception", "REASON", "特批理由；须有 approver 签名栏", "asks for an exception (特批); needs "
	 "the slot approver", false},
	{"print-statement", NULL, "只打印各签名栏应签的内容，不登记",
	 "prints what each slot's key must sign; records nothing", false},
	{"prepared", "FILE", "登记 --print-statement --json 所打印的内容",
	 "gives what --print-statement --json printed", false},
	{"at", "TIME", "演练时钟先拨到此时", "a drill's clock is set to this first", false},
};
const size_t cli_nact_flags = COUNT(cli_act_flags);

static enum rc command_run(struct cli *c);

static const char *type_arg(const struct field *f)
{
	switch (f->type) {
	case F_INT:
	case F_ID:
		return "N";
	case F_BOOL:
		return "true|false";
	case F_ENUM:
		return "NAME";
	case F_TIME:
		return "TIME";
	case F_CODE:
		return "CODE";
	case F_KEY:
		return "KEY";
	case F_PLACE:
		return "PLACE";
	case F_HASH:
	case F_BYTES:
		return "HEX";
	case F_SUBJECT:
		return "SUBJECT";
	case F_PERSON:
		return "PERSON";
	case F_TEXT:
		return "TEXT|@FILE";
	case F_LIST:
		return "JSON|@FILE";
	}
	return "VALUE";
}

/* A short list as it is; the codes of a long one stand under "values" of the help. */
static const char *enum_arg(struct arena *a, const struct field *f)
{
	enum { COLUMNS = 40 };
	struct strbuf b;

	strbuf_init(&b, a);
	for (int64_t i = 0; i < f->max; i++)
		strbuf_addf(&b, "%s%s", i ? "|" : "", f->names[i]);
	return b.n <= COLUMNS ? strbuf_str(&b).s : type_arg(f);
}

/* [{box,seal,…}]: what stands in each item of a list. */
static const char *list_arg(struct arena *a, const struct field *f)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, "[{");
	for (size_t i = 0; i < f->list_n; i++)
		strbuf_addf(&b, "%s%s", i ? "," : "", f->list_of[i].name);
	strbuf_addz(&b, "}]|@FILE");
	return strbuf_str(&b).s;
}

static const char *flag_arg(struct arena *a, const struct field *f)
{
	if (f->type == F_ENUM)
		return enum_arg(a, f);
	return f->type == F_LIST ? list_arg(a, f) : type_arg(f);
}

const char *cli_flag_name(struct arena *a, const char *name)
{
	struct str s = str_dup(a, name, strlen(name));
	char *p = (char *)(uintptr_t)s.s;

	for (; *p; p++)
		if (*p == '_')
			*p = '-';
	return s.s;
}

static bool field_has(const struct command *cmd, const char *name)
{
	for (size_t i = 0; i < cmd->nfields; i++)
		if (strcmp(cmd->fields[i].name, name) == 0)
			return true;
	return false;
}

const char *cli_act_flag(struct arena *a, const struct command *cmd, const char *name)
{
	return field_has(cmd, name) ? str_fmt(a, "act-%s", name).s : name;
}

const struct cli_verb *cli_command_verb(struct cli *c, const struct command *cmd)
{
	struct cli_verb *v = ARENA_NEW(&c->arena, struct cli_verb);
	struct cli_flag *f = arena_array(&c->arena, cmd->nfields + cli_nact_flags, sizeof(*f));
	struct str noun, verb, name = str_of(cmd->name);

	for (size_t i = 0; i < cmd->nfields; i++) {
		const struct field *d = &cmd->fields[i];

		f[i] = (struct cli_flag){
			.name = cli_flag_name(&c->arena, d->name),
			.arg = flag_arg(&c->arena, d),
			.zh = d->optional ? str_fmt(&c->arena, "%s（可缺）", d->zh).s : d->zh,
			.en = d->optional ? str_fmt(&c->arena, "%s (optional)", d->en).s : d->en,
		};
	}
	for (size_t i = 0; i < cli_nact_flags; i++) {
		f[cmd->nfields + i] = cli_act_flags[i];
		f[cmd->nfields + i].name = cli_act_flag(&c->arena, cmd, cli_act_flags[i].name);
	}
	noun = name;
	verb = STR("");
	str_cut(name, '.', &noun, &verb);
	*v = (struct cli_verb){
		.noun = str_copy(&c->arena, noun).s,
		.verb = cli_flag_name(&c->arena, verb.s),
		.words = "",
		.flags = f,
		.nflags = cmd->nfields + cli_nact_flags,
		.command = cmd,
		.more = values_has(cmd->fields, cmd->nfields) ? values_help : NULL,
		.run = command_run,
		.zh = cmd->zh,
		.en = cmd->en,
	};
	return v;
}

struct str cli_act_value(struct cli *c, const char *name)
{
	return cli_value(c, cli_act_flag(&c->arena, c->command, name));
}

/* @FILE is the file's text; @@… is the text @…  */
static enum rc value_load(struct cli *c, const struct field *f, struct str v, struct str *ret)
{
	bool may = f->type == F_LIST || f->type == F_TEXT;

	*ret = v;
	if (!may || !v.n || v.s[0] != '@')
		return RC_OK;
	*ret = (struct str){v.s + 1, v.n - 1};
	if (v.n > 1 && v.s[1] == '@')
		return RC_OK;
	TRY(file_read(&c->op, *ret, LIMIT_BODY, ret));
	while (ret->n && f->type == F_TEXT && ret->s[ret->n - 1] == '\n')
		ret->n--;
	*ret = str_copy(&c->arena, *ret);
	return RC_OK;
}

static enum rc fields_collect(struct cli *c, struct json **ret)
{
	struct json *o = json_new_object(&c->arena);

	for (size_t i = 0; i < c->command->nfields; i++) {
		const struct field *f = &c->command->fields[i];
		struct str v = cli_value(c, cli_flag_name(&c->arena, f->name));

		if (!v.s)
			continue;
		TRY(value_load(c, f, v, &v));
		json_set_str(&c->arena, o, f->name, v);
	}
	*ret = o;
	return RC_OK;
}

/* A reason travels beside the act as a text does. */
static void exception_take(struct cli *c, struct act *a, struct str reason)
{
	struct beside *b = &a->beside[a->r.nbeside++];
	struct hash mac;

	b->field = STR("exception");
	b->text = reason;
	random_bytes(c->op.random, b->salt, sizeof(b->salt));
	mac = hash_hmac_sha256(b->salt, sizeof(b->salt), reason.s, reason.n);
	b->mac = hash_hex(&c->arena, &mac);
	a->r.exception = b->mac;
}

static enum rc source_take(struct cli *c, enum source *ret)
{
	static const char *const names[] = {
#define X(id, text) text,
		SOURCES(X)
#undef X
	};
	struct str v = cli_act_value(c, "source");

	*ret = SOURCE_OFFICE;
	for (size_t i = 0; v.s && i < COUNT(names); i++)
		if (str_is(v, names[i])) {
			*ret = (enum source)i;
			return RC_OK;
		}
	if (v.s)
		return fail(&c->op, RC_INVALID, "source", "",
		            "来源 %s 不认识；可用 terminal office paper video feed telephone",
		            "source %s is none of terminal office paper video feed telephone", v.s);
	return RC_OK;
}

/* What was typed, for idempotency: salts differ when the same is sent again.  Keyed, because a bare
 * hash of a name can be guessed by trying names. */
static struct hash body_of(struct cli *c, const struct act *a, const struct json *in)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	strbuf_addf(&b, "%s %lld ", c->command->name, (long long)a->r.actor.v);
	json_canonical_to(&b, in);
	return hash_hmac_sha256(c->office.vault_key, sizeof(c->office.vault_key), b.s, b.n);
}

static enum rc act_take(struct cli *c, struct act *a)
{
	const char *happened = cli_act_flag(&c->arena, c->command, "happened");
	const char *noted = cli_act_flag(&c->arena, c->command, "noted");
	struct str as = cli_act_value(c, "as"), exam = cli_act_value(c, "exam");
	struct str exception = cli_act_value(c, "exception");
	struct json *in, *data;

	a->r.command = str_of(c->command->name);
	a->r.exam = exam.n ? exam : c->office.exam;
	TRY(cli_time(c, happened, 0, &a->r.happened_ms));
	TRY(cli_time(c, noted, 0, &a->r.noted_ms));
	TRY(source_take(c, &a->r.source));
	if (as.n)
		TRY(cli_person(c, as, &a->r.actor));
	TRY(act_slots_take(c, a));
	a->r.beside = a->beside;
	if (cli_act_value(c, "prepared").n)
		return act_prepared_read(c, a);
	a->r.key = cli_act_value(c, "key");
	if (!a->r.key.n)
		a->r.key = uuid_v7(&c->arena, c->op.random, c->op.now_ms);
	TRY(fields_collect(c, &in));
	TRY(field_intake(&c->op, c->command->fields, c->command->nfields, in, people_find, &data,
	                 a->beside, &a->r.nbeside));
	a->r.data = data;
	a->r.body = body_of(c, a, in);
	if (exception.n)
		exception_take(c, a, exception);
	return RC_OK;
}

/* The writer draws from the seed by ledger index; what a drill's command line draws must differ
 * from that, and from one command to the next. */
static void random_set(struct cli *c)
{
	struct ledger *l = office_ledger(&c->office);

	c->op.random = &c->office.random;
	random_at(c->op.random, UINT64_MAX - l->tree.size);
}

static enum rc command_run(struct cli *c)
{
	struct act *a = ARENA_NEW(&c->arena, struct act);
	bool print = cli_act_value(c, "print-statement").s != NULL;
	int64_t at_ms;

	TRY(cli_time(c, cli_act_flag(&c->arena, c->command, "at"), 0, &at_ms));
	TRY(cli_open_at(c, !print, at_ms));
	random_set(c);
	TRY(act_take(c, a));
	if (print)
		return act_statement_print(c, a);
	return act_do(c, &a->r);
}
