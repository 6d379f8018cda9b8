/* SPDX-License-Identifier: Apache-2.0 */
/* manual.c -- man pages and shell completion, written out of the tables.
 *
 * `gongyuan man DIR` writes DIR/man1 (English) and DIR/zh_CN/man1: gongyuan.1 and a page for each
 * noun.  No date stands in them: the same tables give the same bytes.
 */
#include "cli/out.h"
#include "cli/rows.h"

/* Text as roff: a backslash, a hyphen that is a hyphen, no control line by accident. */
static void roff(struct strbuf *b, const char *s)
{
	if (*s == '.' || *s == '\'')
		strbuf_addz(b, "\\&");
	for (; *s; s++) {
		if (*s == '\\')
			strbuf_addz(b, "\\e");
		else if (*s == '-')
			strbuf_addz(b, "\\-");
		else
			strbuf_addc(b, *s);
	}
}

static void line(struct strbuf *b, const char *macro, const char *text)
{
	strbuf_addz(b, macro);
	roff(b, text);
	strbuf_addc(b, '\n');
}

static void head(struct cli *c, struct strbuf *b, const char *page, const char *what)
{
	strbuf_addf(b, ".\\\" SPDX-License-Identifier: Apache-2.0\n.TH \"%s\" 1 \"\" \"gongyuan %s\"\n",
	            page, c->host->version);
	strbuf_addf(b, ".SH %s\n", cli_tr(c, "名称", "NAME"));
	roff(b, page);
	strbuf_addz(b, " \\- ");
	roff(b, what);
	strbuf_addc(b, '\n');
}

static void flags_page(struct cli *c, struct strbuf *b, const struct cli_flag *f, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		strbuf_addz(b, ".TP\n\\fB");
		roff(b, str_fmt(&c->arena, "--%s", f[i].name).s);
		strbuf_addz(b, "\\fR ");
		roff(b, f[i].arg ? f[i].arg : "");
		strbuf_addc(b, '\n');
		roff(b, cli_tr(c, f[i].zh, f[i].en));
		strbuf_addc(b, '\n');
	}
}

/* Lines as they stand. */
static void more_page(struct cli *c, struct strbuf *b, const struct cli_verb *v)
{
	struct str rest = v->more(c, v), text;

	strbuf_addz(b, ".PP\n.nf\n");
	while (str_cut(rest, '\n', &text, &rest)) {
		roff(b, str_copy(&c->arena, text).s);
		strbuf_addc(b, '\n');
	}
	strbuf_addz(b, ".fi\n");
}

static void verb_page(struct cli *c, struct strbuf *b, const struct cli_verb *v,
                      const struct command *cmd)
{
	size_t own = v->nflags - (cmd ? cli_nact_flags : 0);

	strbuf_addz(b, ".SS \"");
	roff(b, str_fmt(&c->arena, "gongyuan %s%s%s%s%s", v->noun, *v->verb ? " " : "", v->verb,
	                *v->words ? " " : "", v->words).s);
	strbuf_addz(b, "\"\n");
	line(b, "", cli_tr(c, v->zh, v->en));
	if (cmd && cmd->cites)
		line(b, ".br\n", str_fmt(&c->arena, cli_tr(c, "依据：%s", "Article: %s"), cmd->cites).s);
	flags_page(c, b, v->flags, own);
	if (v->more)
		more_page(c, b, v);
	for (size_t i = 0; cmd && i < cmd->nslots; i++) {
		const struct slot *s = &cmd->slots[i];

		strbuf_addz(b, ".TP\n\\fB");
		roff(b, str_fmt(&c->arena, "--slot %s=", s->name).s);
		strbuf_addz(b, "\\fR\n");
		line(b, "", str_fmt(&c->arena, "%s ×%d", cli_tr(c, s->zh, s->en), s->count).s);
	}
}

static struct str noun_page(struct cli *c, struct str noun)
{
	const struct command *cmd;
	struct strbuf b;
	bool commands = false;

	strbuf_init(&b, &c->arena);
	head(c, &b, str_fmt(&c->arena, "gongyuan-%s", noun.s).s,
	     str_fmt(&c->arena, cli_tr(c, "贡院：%s 的命令", "commands of %s"), noun.s).s);
	strbuf_addf(&b, ".SH %s\n", cli_tr(c, "命令", "COMMANDS"));
	for (size_t i = 0; i < cli_verbs_count(c); i++)
		if (str_is(noun, cli_verb_at(c, i)->noun))
			verb_page(c, &b, cli_verb_at(c, i), NULL);
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		if (cli_command_of(cmd, noun)) {
			verb_page(c, &b, cli_command_verb(c, cmd), cmd);
			commands = true;
		}
	if (commands) {
		strbuf_addf(&b, ".SH %s\n", cli_tr(c, "每个登记命令都有的选项",
		                                   "FLAGS OF EVERY COMMAND THAT RECORDS"));
		flags_page(c, &b, cli_act_flags, cli_nact_flags);
	}
	strbuf_addf(&b, ".SH %s\n\\fBgongyuan\\fR(1)\n", cli_tr(c, "参见", "SEE ALSO"));
	return strbuf_str(&b);
}

static struct str main_page(struct cli *c, const struct str *noun, size_t n)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	head(c, &b, "gongyuan", cli_tr(c, "招生考试安全综合管理平台",
	                               "the security system of an examinations authority"));
	strbuf_addf(&b, ".SH %s\n", cli_tr(c, "用法", "SYNOPSIS"));
	line(&b, "", "gongyuan NOUN VERB --data DIR [--db URL] [--json] [--lang zh|en] [--known FILE]");
	strbuf_addf(&b, ".SH %s\n", cli_tr(c, "处处可用的选项", "FLAGS OF EVERYWHERE"));
	flags_page(c, &b, cli_global_flags, cli_nglobal_flags);
	strbuf_addf(&b, ".SH %s\n", cli_tr(c, "退出码", "EXIT STATUS"));
	line(&b, "", cli_tr(c, "0 成功；1 有发现或找不到；2 输入有误；3 无权；4 冲突；5 完整性受损；75 稍后再试。",
	                    "0 ok; 1 findings or not found; 2 usage or invalid input; 3 denied; "
	                    "4 conflict; 5 integrity broken; 75 try later."));
	strbuf_addf(&b, ".SH %s\n", cli_tr(c, "参见", "SEE ALSO"));
	for (size_t i = 0; i < n; i++)
		strbuf_addf(&b, "\\fBgongyuan\\-%s\\fR(1)%s\n", noun[i].s, i + 1 < n ? "," : "");
	return strbuf_str(&b);
}

static enum rc pages_write(struct cli *c, struct str dir, enum cli_lang lang)
{
	struct str noun[CLI_NOUNS_MAX];
	size_t n = cli_nouns(c, noun, CLI_NOUNS_MAX);
	enum cli_lang before = c->lang;
	enum rc rc;

	c->lang = lang;
	rc = dir_make(&c->op, dir, 0755);
	if (rc == RC_OK)
		rc = file_write(&c->op, str_fmt(&c->arena, "%s/gongyuan.1", dir.s),
		                main_page(c, noun, n), 0644);
	for (size_t i = 0; i < n && rc == RC_OK; i++)
		rc = file_write(&c->op, str_fmt(&c->arena, "%s/gongyuan-%s.1", dir.s, noun[i].s),
		                noun_page(c, noun[i]), 0644);
	c->lang = before;
	return rc;
}

static enum rc man_run(struct cli *c)
{
	struct str dir = c->words[0];

	TRY(pages_write(c, str_fmt(&c->arena, "%s/man1", dir.s), CLI_EN));
	TRY(pages_write(c, str_fmt(&c->arena, "%s/zh_CN/man1", dir.s), CLI_ZH));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "dir", dir);
	if (!c->json)
		cli_say(c, "手册已写到 %s；查看：man -M %s gongyuan",
		        "man pages are in %s; read: man -M %s gongyuan", dir.s, dir.s);
	return RC_OK;
}

static void complete_flags(const char *noun, const char *verb, const struct cli_flag *f, size_t n)
{
	printf("\t\"%s %s\") flags='", noun, verb);
	for (size_t i = 0; i < n; i++)
		printf("%s--%s", i ? " " : "", f[i].name);
	printf("' ;;\n");
}

static enum rc completion_run(struct cli *c)
{
	struct str noun[CLI_NOUNS_MAX];
	size_t n = cli_nouns(c, noun, CLI_NOUNS_MAX);
	const struct command *cmd;

	if (c->json) {
		c->result = json_new_object(&c->arena);
		return RC_OK;
	}
	printf("# bash completion of gongyuan; source it\n_gongyuan() {\n"
	       "\tlocal cur=${COMP_WORDS[COMP_CWORD]} noun=${COMP_WORDS[1]} verb=${COMP_WORDS[2]}\n"
	       "\tlocal words= flags= all='");
	for (size_t i = 0; i < cli_nglobal_flags; i++)
		printf("%s--%s", i ? " " : "", cli_global_flags[i].name);
	printf("'\n\tif [ \"$COMP_CWORD\" = 1 ]; then words='");
	for (size_t i = 0; i < n; i++)
		printf("%s%s", i ? " " : "", noun[i].s);
	printf("'\n\telif [ \"$COMP_CWORD\" = 2 ]; then case $noun in\n");
	for (size_t i = 0; i < n; i++) {
		printf("\t%s) words='", noun[i].s);
		for (size_t k = 0; k < cli_verbs_count(c); k++)
			if (str_is(noun[i], cli_verb_at(c, k)->noun) && *cli_verb_at(c, k)->verb)
				printf("%s ", cli_verb_at(c, k)->verb);
		for (size_t k = 0; (cmd = cli_command_at(c, k)); k++)
			if (cli_command_of(cmd, noun[i]))
				printf("%s ", cli_command_verb(c, cmd)->verb);
		printf("' ;;\n");
	}
	printf("\tesac; fi\n\tcase \"$noun $verb\" in\n");
	for (size_t k = 0; k < cli_verbs_count(c); k++)
		if (cli_verb_at(c, k)->nflags && *cli_verb_at(c, k)->verb)
			complete_flags(cli_verb_at(c, k)->noun, cli_verb_at(c, k)->verb,
			               cli_verb_at(c, k)->flags, cli_verb_at(c, k)->nflags);
	for (size_t k = 0; (cmd = cli_command_at(c, k)); k++) {
		const struct cli_verb *v = cli_command_verb(c, cmd);

		complete_flags(v->noun, v->verb, v->flags, v->nflags);
	}
	printf("\tesac\n\tcase $cur in -*) words=\"$flags $all\" ;; esac\n"
	       "\tCOMPREPLY=($(compgen -W \"$words\" -- \"$cur\"))\n}\n"
	       "complete -o default -F _gongyuan gongyuan\n");
	return RC_OK;
}

const struct cli_verb cli_manual_verbs[] = {
	{"man", "", "DIR", 1, 1, .run = man_run, .zh = "写出手册页（中英文）", .en = "write man pages"},
	{"completion", "", "", 0, 0, .run = completion_run,
	 .zh = "打印 bash 补全脚本", .en = "print bash completion"},
};
const size_t cli_nmanual_verbs = COUNT(cli_manual_verbs);
