/* SPDX-License-Identifier: Apache-2.0 */
/* help.c -- what there is, out of the same tables that parse it. */
#include "cli/act.h"
#include "cli/out.h"
#include "cli/rows.h"

static const char *const FIRST_STEPS_ZH =
	"第一次使用：建好一个真实机构\n"
	"\n"
	"1. 新建数据文件夹（演练加 --drill；想先看一遍就运行 gongyuan demo）：\n"
	"     gongyuan init --data data --profile profiles/demo.json --origin exam.example/2025\n"
	"2. 在组建完成以前，由系统本身（不写 --as）登记地点、单位和三员，并授权。三员必须是三个人，\n"
	"   不兼考务工作：\n"
	"     gongyuan place add --place sc --kind area --name …      （省；再登记 sc/cd、sc/cd/jn）\n"
	"     gongyuan people add-unit --place sc/cd --code U1 --name 招生考试院\n"
	"     gongyuan people register --code P1 --unit U1 --secrecy false --name …   （P2、P3 同）\n"
	"     gongyuan authority grant --person P1 --role system_admin\n"
	"     gongyuan authority grant --person P2 --role security_admin\n"
	"     gongyuan authority grant --person P3 --role audit_admin\n"
	"   第一批工作人员也在此时授权，例如 --role county_office --place sc/cd/jn；人多时用\n"
	"   gongyuan import places、people、grants FILE（--template 打印空白表）。\n"
	"   各人的签名公钥：gongyuan key new p2.key，然后\n"
	"     gongyuan authority register-key --person P2 --key 公钥\n"
	"3. 完成组建。此后没有授权谁也不能登记，授权须两人签名：\n"
	"     gongyuan authority found\n"
	"4. 签名：先打印应签的内容，由各人签名（gongyuan key sign p2.key --prepared grant.json\n"
	"   --slot granter），再登记同一内容：\n"
	"     gongyuan authority grant … --as P2 --slot granter=key:P2 --slot approver=key:P3 \\\n"
	"         --print-statement --json > grant.json\n"
	"     gongyuan authority grant --prepared grant.json --as P2 \\\n"
	"         --slot granter=key:P2:签名 --slot approver=key:P3:签名\n"
	"5. 核查：gongyuan ledger export out，再在另一台机器上 gongyuan-audit out\n"
	"下一步做什么，随时可问 gongyuan next；从头到尾的一遍见 docs/first-office.zh-CN.md。\n"
	"\n"
	"每个命令的选项：gongyuan NOUN VERB --help\n";

static const char *const FIRST_STEPS_EN =
	"First steps: setting up a real office\n"
	"\n"
	"1. Make a data folder (--drill for an exercise; gongyuan demo just to look):\n"
	"     gongyuan init --data data --profile profiles/demo.json --origin exam.example/2025\n"
	"2. Until the foundation is closed the system itself (no --as) registers places, units and\n"
	"   the three administrators and grants their roles.  They must be three different persons,\n"
	"   who do no examination work:\n"
	"     gongyuan place add --place sc --kind area --name …    (then sc/cd and sc/cd/jn)\n"
	"     gongyuan people add-unit --place sc/cd --code U1 --name Authority\n"
	"     gongyuan people register --code P1 --unit U1 --secrecy false --name …   (P2, P3 alike)\n"
	"     gongyuan authority grant --person P1 --role system_admin\n"
	"     gongyuan authority grant --person P2 --role security_admin\n"
	"     gongyuan authority grant --person P3 --role audit_admin\n"
	"   Grant the first workers now too, such as --role county_office --place sc/cd/jn; many at\n"
	"   once by gongyuan import places, people, grants FILE (--template prints an empty one).\n"
	"   Signing keys: gongyuan key new p2.key, then\n"
	"     gongyuan authority register-key --person P2 --key PUBLIC\n"
	"3. Close the foundation.  From then on nobody records without a grant, and a grant needs two\n"
	"   signatures:\n"
	"     gongyuan authority found\n"
	"4. Signing: print what must be signed, let each sign it (gongyuan key sign p2.key --prepared\n"
	"   grant.json --slot granter), then give exactly that:\n"
	"     gongyuan authority grant … --as P2 --slot granter=key:P2 --slot approver=key:P3 \\\n"
	"         --print-statement --json > grant.json\n"
	"     gongyuan authority grant --prepared grant.json --as P2 \\\n"
	"         --slot granter=key:P2:SIGNATURE --slot approver=key:P3:SIGNATURE\n"
	"5. Audit: gongyuan ledger export out, then on another machine gongyuan-audit out\n"
	"gongyuan next says what comes next; docs/first-office.md plays all of it.\n"
	"\n"
	"Flags of each command: gongyuan NOUN VERB --help\n";

static void flags_print(struct cli *c, const struct cli_flag *f, size_t n, FILE *to)
{
	struct grid g;

	grid_init(&g, &c->arena, 3);
	for (size_t i = 0; i < n; i++) {
		grid_addz(&g, " ");
		grid_add(&g, str_fmt(&c->arena, "--%s %s%s", f[i].name, f[i].arg ? f[i].arg : "",
		                     f[i].many ? " …" : ""));
		grid_addz(&g, cli_tr(c, f[i].zh, f[i].en));
	}
	grid_print(&g, to);
}

static void slots_help(struct cli *c, const struct command *cmd, FILE *to)
{
	if (cmd->nslots)
		fprintf(to, "\n%s\n", cli_tr(c, "签名栏：", "slots:"));
	for (size_t i = 0; i < cmd->nslots; i++) {
		const struct slot *s = &cmd->slots[i];

		fprintf(to, "  %s ×%d  %s%s", s->name, s->count, cli_tr(c, s->zh, s->en),
		        s->optional ? cli_tr(c, "（可缺）", " (optional)") : "");
		for (const char *const *r = s->roles; r && *r; r++)
			fprintf(to, " %s", *r);
		if (s->disjoint)
			fprintf(to, cli_tr(c, "；不得兼 %s", "; not also %s"), s->disjoint);
		fputc('\n', to);
	}
}

static void command_help(struct cli *c, const struct command *cmd, FILE *to)
{
	static const char *const zh[] = {"事实：只要资格和格式对就登记", "命令：规则可以拒绝",
	                                 "命令：规则可以拒绝，拒绝本身也登记"};
	static const char *const en[] = {"a fact: recorded whenever sender and form are right",
	                                 "an order: a rule may refuse it",
	                                 "an order: a rule may refuse it, and the refusal is recorded"};

	slots_help(c, cmd, to);
	fprintf(to, "\n%s\n%s", cli_tr(c, zh[cmd->kind], en[cmd->kind]),
	        cli_tr(c, "可由：", "given by:"));
	for (size_t i = 0; i < cmd->nallow; i++)
		fprintf(to, " %s", cmd->allow[i].role);
	if (cmd->cites)
		fprintf(to, "\n%s%s", cli_tr(c, "依据：", "article: "), cmd->cites);
	fputc('\n', to);
}

void cli_help_verb(struct cli *c, FILE *to)
{
	const struct cli_verb *v = c->verb;

	fprintf(to, "gongyuan %s%s%s%s%s\n  %s\n\n", v->noun, *v->verb ? " " : "", v->verb,
	        *v->words ? " " : "", v->words, cli_tr(c, v->zh, v->en));
	if (v->nflags) {
		flags_print(c, v->flags, v->nflags, to);
		fputc('\n', to);
	}
	if (v->more)
		fprintf(to, "%s\n", v->more(c, v).s);
	fprintf(to, "%s\n", cli_tr(c, "处处可用：", "everywhere:"));
	flags_print(c, cli_global_flags, cli_nglobal_flags, to);
	if (c->command)
		command_help(c, c->command, to);
}

static void verb_row(struct cli *c, struct grid *g, const char *noun, const char *verb,
                     const char *words, const char *text)
{
	grid_addz(g, " ");
	grid_add(g, str_fmt(&c->arena, "%s%s%s%s%s", noun, *verb ? " " : "", verb, *words ? " " : "",
	                    words));
	grid_addz(g, text);
}

static void noun_rows(struct cli *c, struct grid *g, struct str noun)
{
	const struct command *cmd;

	for (size_t i = 0; i < cli_verbs_count(c); i++) {
		const struct cli_verb *v = cli_verb_at(c, i);

		if (str_is(noun, v->noun))
			verb_row(c, g, v->noun, v->verb, v->words, cli_tr(c, v->zh, v->en));
	}
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		if (cli_command_of(cmd, noun)) {
			const struct cli_verb *v = cli_command_verb(c, cmd);

			verb_row(c, g, v->noun, v->verb, "…", cli_tr(c, v->zh, v->en));
		}
}

void cli_help_noun(struct cli *c, struct str noun, FILE *to)
{
	struct grid g;

	grid_init(&g, &c->arena, 3);
	noun_rows(c, &g, noun);
	grid_print(&g, to);
}

size_t cli_nouns(struct cli *c, struct str *ret, size_t max)
{
	const struct command *cmd;
	struct str noun, verb;
	size_t n = 0, k;

	for (size_t i = 0; i < cli_verbs_count(c); i++) {
		noun = str_of(cli_verb_at(c, i)->noun);
		for (k = 0; k < n && !str_eq(ret[k], noun); k++)
			;
		if (k == n && n < max)
			ret[n++] = noun;
	}
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++) {
		if (!str_cut(str_of(cmd->name), '.', &noun, &verb))
			continue;
		for (k = 0; k < n && !str_eq(ret[k], noun); k++)
			;
		if (k == n && n < max)
			ret[n++] = str_copy(&c->arena, noun);
	}
	return n;
}

void cli_help_all(struct cli *c, FILE *to)
{
	struct str noun[CLI_NOUNS_MAX];
	size_t n = cli_nouns(c, noun, CLI_NOUNS_MAX);
	struct grid g;

	fprintf(to, "%s\n%s\n\n",
	        cli_tr(c, "gongyuan——招生考试安全综合管理平台", "gongyuan - the security system of an "
	               "examinations authority"),
	        cli_tr(c, "用法：gongyuan NOUN VERB --data DIR [--选项 值]…",
	               "usage: gongyuan NOUN VERB --data DIR [--flag value]…"));
	grid_init(&g, &c->arena, 3);
	for (size_t i = 0; i < n; i++)
		noun_rows(c, &g, noun[i]);
	grid_print(&g, to);
	fprintf(to, "\n%s\n", cli_tr(c, "处处可用：", "everywhere:"));
	flags_print(c, cli_global_flags, cli_nglobal_flags, to);
	fprintf(to, "\n%s\n%s\n",
	        cli_tr(c, "退出码：0 成功，1 有发现或找不到，2 输入有误，3 无权，4 冲突，5 完整性受损，75 稍后再试",
	               "exit: 0 ok, 1 findings or not found, 2 invalid input, 3 denied, 4 conflict, "
	               "5 integrity broken, 75 try later"),
	        cli_tr(c, "入门：gongyuan help first-steps", "start here: gongyuan help first-steps"));
}

static enum rc topic_unknown(struct cli *c, struct str topic)
{
	return fail(&c->op, RC_NOT_FOUND, "TOPIC", "", "没有 %s 的说明；用 gongyuan help 查看全部",
	            "there is no help on %s; gongyuan help lists what there is", topic.s);
}

static enum rc help_of_verb(struct cli *c, FILE *to)
{
	struct str name = str_fmt(&c->arena, "%s %s", c->words[0].s, c->words[1].s);

	if (!cli_verb_resolve(c, c->words[0], c->words[1]))
		return topic_unknown(c, name);
	return cli_help_verb(c, to), RC_OK;
}

/* A noun that is a command of its own (serve, demo) has flags, which its row does not show. */
static void help_of_noun(struct cli *c, struct str noun, FILE *to)
{
	const struct cli_verb *own = cli_verb_find(c, noun, STR(""));
	size_t n = 0;

	for (size_t i = 0; i < cli_verbs_count(c); i++)
		n += str_is(noun, cli_verb_at(c, i)->noun);
	if (!own || n > 1)
		cli_help_noun(c, noun, to);
	if (own && n > 1)
		fputc('\n', to);
	c->verb = own ? own : c->verb;
	if (own)
		cli_help_verb(c, to);
}

enum rc cli_help_run(struct cli *c)
{
	struct str noun[CLI_NOUNS_MAX];
	size_t n = cli_nouns(c, noun, CLI_NOUNS_MAX);
	FILE *to = c->json ? stderr : stdout;

	if (!c->nwords)
		return cli_help_all(c, to), RC_OK;
	if (str_is(c->words[0], "first-steps")) {
		fputs(cli_tr(c, FIRST_STEPS_ZH, FIRST_STEPS_EN), to);
		return RC_OK;
	}
	if (c->nwords == 2)
		return help_of_verb(c, to);
	for (size_t i = 0; i < n; i++)
		if (str_eq(c->words[0], noun[i]))
			return help_of_noun(c, noun[i], to), RC_OK;
	return topic_unknown(c, c->words[0]);
}

static enum rc version_run(struct cli *c)
{
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "version", str_of(c->host->version));
	if (!c->json)
		printf("gongyuan %s\n", c->host->version);
	return RC_OK;
}

const struct cli_verb cli_help_verbs[] = {
	{"help", "", "[NOUN [VERB]]", 0, 2, .run = cli_help_run,
	 .zh = "说明；gongyuan help first-steps 是入门", .en = "help; first-steps is where to begin"},
	{"version", "", "", 0, 0, .run = version_run, .zh = "版本", .en = "the version"},
};
const size_t cli_nhelp_verbs = COUNT(cli_help_verbs);
