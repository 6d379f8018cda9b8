/* SPDX-License-Identifier: Apache-2.0 */
/* args.c -- words and flags of one invocation.
 *
 * Flags of everywhere (--data, --json …) may stand anywhere; a verb's own stand after it.  A flag
 * is `--name value` or `--name=value`; '_' and '-' are the same in names of nouns, verbs and
 * flags.  After `--` everything is a word.
 */
#include "cli/cli.h"
#include "base/suggest.h"

const struct cli_flag cli_global_flags[] = {
	{"data", "DIR", "数据文件夹（默认 ./data）", "the data folder (default ./data)", false},
	{"db", "URL", "postgresql://… 代替文件夹里的数据库", "postgresql://… in place of the folder's "
	 "databases", false},
	{"known", "FILE", "存放在文件夹之外的最新存证点（默认 DIR.checkpoint）",
	 "the newest checkpoint kept outside (default DIR.checkpoint)", false},
	{"lang", "zh|en", "语言", "language", false},
	{"json", NULL, "标准输出只有一个 JSON 文档", "one JSON document on stdout", false},
	{"help", NULL, "说明", "help", false},
};
const size_t cli_nglobal_flags = COUNT(cli_global_flags);

struct args {
	struct cli *c;
	int argc, at;
	char **argv;
	struct str noun;  /* while the verb is not known yet */
	bool words_only;  /* after -- */
};

static struct str dashed(struct arena *a, struct str s)
{
	struct str d = str_copy(a, s);
	char *p = (char *)(uintptr_t)d.s;

	for (size_t i = 0; i < d.n; i++)
		if (p[i] == '_')
			p[i] = '-';
	return d;
}

/* The value of a flag: after '=', or the next argument. */
static enum rc flag_value(struct args *x, const struct cli_flag *f, const struct str *inlined,
                          struct str *ret)
{
	if (!f->arg && inlined)
		return fail(&x->c->op, RC_INVALID, f->name, "", "--%s 不带值", "--%s takes no value",
		            f->name);
	if (!f->arg)
		*ret = STR("true");
	else if (inlined)
		*ret = *inlined;
	else if (x->at < x->argc)
		*ret = str_of(x->argv[x->at++]);
	else
		return fail(&x->c->op, RC_INVALID, f->name, "", "--%s 后面缺少值 %s",
		            "--%s needs a value %s", f->name, f->arg);
	if (!str_utf8_valid(*ret))
		return fail(&x->c->op, RC_INVALID, f->name, "", "--%s 的值不是有效的 UTF-8 文字",
		            "the value of --%s is not valid UTF-8", f->name);
	return RC_OK;
}

static enum rc global_set(struct cli *c, const struct cli_flag *f, struct str v)
{
	if (strcmp(f->name, "data") == 0)
		c->data = v;
	else if (strcmp(f->name, "db") == 0)
		c->url = v;
	else if (strcmp(f->name, "known") == 0)
		c->known = v;
	else if (strcmp(f->name, "json") == 0)
		c->json = true;
	else if (strcmp(f->name, "help") == 0)
		c->help = true;
	else if (str_is(v, "zh"))
		c->lang = CLI_ZH;
	else if (str_is(v, "en"))
		c->lang = CLI_EN;
	else
		return fail(&c->op, RC_INVALID, "lang", "", "--lang 只能是 zh 或 en，不是 %s",
		            "--lang is zh or en, not %s", v.s);
	return RC_OK;
}

static const struct cli_flag *flag_find(const struct cli_flag *f, size_t n, struct str name)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(name, f[i].name))
			return &f[i];
	return NULL;
}

static enum rc flag_unknown(struct args *x, struct str name)
{
	const struct cli_verb *v = x->c->verb;
	struct suggestion s;

	suggest_init(&s, name);
	for (size_t i = 0; i < cli_nglobal_flags; i++)
		suggest_try(&s, str_of(cli_global_flags[i].name));
	for (size_t i = 0; v && i < v->nflags; i++)
		suggest_try(&s, str_of(v->flags[i].name));
	if (s.best.n)
		return fail(&x->c->op, RC_INVALID, name.s, "", "没有 --%s 这个选项，是不是 --%s？",
		            "there is no flag --%s; did you mean --%s?", name.s, s.best.s);
	if (!v)
		return fail(&x->c->op, RC_INVALID, name.s, "",
		            "--%s 前面还没有命令；用 gongyuan help 查看命令",
		            "--%s stands before any command; gongyuan help lists them", name.s);
	return fail(&x->c->op, RC_INVALID, name.s, "",
	            "没有 --%s 这个选项；用 gongyuan %s %s --help 查看全部选项",
	            "there is no flag --%s; gongyuan %s %s --help lists them all", name.s, v->noun,
	            v->verb);
}

static enum rc flag_take(struct args *x, struct str text)
{
	struct cli *c = x->c;
	struct str name = text, value, inlined;
	bool has = str_cut(text, '=', &name, &inlined);
	const struct cli_flag *f;

	name = dashed(&c->arena, name);
	/* A verb's own flag may not hide one of everywhere; the tables' test sees to it. */
	f = flag_find(cli_global_flags, cli_nglobal_flags, name);
	if (f) {
		TRY(flag_value(x, f, has ? &inlined : NULL, &value));
		return global_set(c, f, value);
	}
	if (c->verb)
		f = flag_find(c->verb->flags, c->verb->nflags, name);
	if (!f)
		return flag_unknown(x, name);
	if (!f->many && cli_has(c, f->name))
		return fail(&c->op, RC_INVALID, f->name, "", "--%s 写了两次", "--%s stands twice",
		            f->name);
	if (c->nvalues == CLI_VALUES_MAX)
		return fail(&c->op, RC_INVALID, f->name, "", "选项太多", "too many flags");
	TRY(flag_value(x, f, has ? &inlined : NULL, &value));
	c->values[c->nvalues++] = (struct cli_value){f, value};
	return RC_OK;
}

static enum rc noun_unknown(struct cli *c, struct str noun)
{
	struct suggestion s;
	const struct command *cmd;
	struct str head, tail;

	suggest_init(&s, noun);
	for (size_t i = 0; i < cli_verbs_count(c); i++)
		suggest_try(&s, str_of(cli_verb_at(c, i)->noun));
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		if (str_cut(str_of(cmd->name), '.', &head, &tail))
			suggest_try(&s, str_copy(&c->arena, head));
	if (s.best.n)
		return fail(&c->op, RC_INVALID, "", "", "没有 %s 这个命令，是不是 %s？",
		            "there is no command %s; did you mean %s?", noun.s, s.best.s);
	return fail(&c->op, RC_INVALID, "", "", "没有 %s 这个命令；用 gongyuan help 查看全部命令",
	            "there is no command %s; gongyuan help lists them", noun.s);
}

/* Verbs of a noun: built in, and a module's commands and views. */
static enum rc verb_unknown(struct cli *c, struct str noun, struct str verb)
{
	struct suggestion s;
	const struct command *cmd;

	suggest_init(&s, verb);
	for (size_t i = 0; i < cli_verbs_count(c); i++)
		if (str_is(noun, cli_verb_at(c, i)->noun))
			suggest_try(&s, str_of(cli_verb_at(c, i)->verb));
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		if (cli_command_of(cmd, noun))
			suggest_try(&s, dashed(&c->arena, str_of(cmd->name + noun.n + 1)));
	if (s.best.n)
		return fail(&c->op, RC_INVALID, "", "", "没有 %s %s 这个命令，是不是 %s %s？",
		            "there is no command %s %s; did you mean %s %s?", noun.s, verb.s, noun.s,
		            s.best.s);
	return fail(&c->op, RC_INVALID, "", "",
	            "没有 %s %s 这个命令；用 gongyuan %s --help 查看它的命令",
	            "there is no command %s %s; gongyuan %s --help lists its commands", noun.s, verb.s,
	            noun.s);
}

static bool noun_known(struct cli *c, struct str noun)
{
	const struct command *cmd;

	for (size_t i = 0; i < cli_verbs_count(c); i++)
		if (str_is(noun, cli_verb_at(c, i)->noun))
			return true;
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		if (cli_command_of(cmd, noun))
			return true;
	return false;
}

bool cli_verb_resolve(struct cli *c, struct str noun, struct str verb)
{
	struct str under;
	char *p;

	c->verb = cli_verb_find(c, noun, verb);
	if (c->verb)
		return true;
	under = str_fmt(&c->arena, "%s.%s", noun.s, verb.s);
	p = (char *)(uintptr_t)under.s;
	for (size_t i = 0; i < under.n; i++)
		if (p[i] == '-')
			p[i] = '_';
	c->command = modules_command(&c->modules, under);
	if (c->command)
		c->verb = cli_command_verb(c, c->command);
	return c->verb != NULL;
}

static enum rc word_take(struct args *x, struct str w)
{
	struct cli *c = x->c;
	struct str head, tail;

	if (c->verb && !*c->verb->verb && !c->nwords && cli_verb_find(c, x->noun, w))
		c->verb = NULL; /* `demo` stands alone, `demo code` too */
	if (c->verb) {
		if (c->nwords == c->verb->max_words || c->nwords == CLI_WORDS_MAX)
			return fail(&c->op, RC_INVALID, "", "", "多余的参数 %s；选项以 -- 开头",
			            "%s is one word too many; flags begin with --", w.s);
		c->words[c->nwords++] = w;
		return RC_OK;
	}
	w = dashed(&c->arena, w);
	if (!x->noun.n && str_cut(w, '.', &head, &tail)) { /* custody.hand_over in one word */
		TRY(word_take(x, str_copy(&c->arena, head)));
		return c->verb ? RC_OK : word_take(x, str_copy(&c->arena, tail));
	}
	if (!x->noun.n) {
		x->noun = w;
		c->verb = cli_verb_find(c, w, STR(""));
		return c->verb || noun_known(c, w) ? RC_OK : noun_unknown(c, w);
	}
	return cli_verb_resolve(c, x->noun, w) ? RC_OK : verb_unknown(c, x->noun, w);
}

static enum rc words_check(struct args *x)
{
	struct cli *c = x->c;

	if (c->help)
		return RC_OK;
	if (!c->verb && !x->noun.n)
		return fail(&c->op, RC_INVALID, "", "", "请写命令；用 gongyuan help 查看全部命令",
		            "a command is missing; gongyuan help lists them");
	if (!c->verb)
		return fail(&c->op, RC_INVALID, "", "", "%s 后面缺少动作；用 gongyuan %s --help 查看",
		            "%s needs a verb; gongyuan %s --help lists them", x->noun.s, x->noun.s);
	if (c->nwords < c->verb->min_words)
		return fail(&c->op, RC_INVALID, "", "", "用法：gongyuan %s %s %s",
		            "usage: gongyuan %s %s %s", c->verb->noun, c->verb->verb, c->verb->words);
	return RC_OK;
}

void cli_look_ahead(struct cli *c, int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		const char *next = i + 1 < argc ? argv[i + 1] : "";

		if (strcmp(argv[i], "--json") == 0)
			c->json = true;
		if (strcmp(argv[i], "--lang=en") == 0 ||
		    (strcmp(argv[i], "--lang") == 0 && strcmp(next, "en") == 0))
			c->lang = CLI_EN;
		if (strcmp(argv[i], "--lang=zh") == 0 ||
		    (strcmp(argv[i], "--lang") == 0 && strcmp(next, "zh") == 0))
			c->lang = CLI_ZH;
	}
}

enum rc cli_parse(struct cli *c, int argc, char **argv)
{
	struct args x = {.c = c, .argc = argc, .at = 1, .argv = argv};

	while (x.at < argc) {
		struct str a = str_of(argv[x.at++]);

		if (!str_utf8_valid(a))
			return fail(&c->op, RC_INVALID, "", "", "命令行里有不是 UTF-8 的文字",
			            "the command line is not valid UTF-8");
		if (!x.words_only && str_is(a, "--"))
			x.words_only = true;
		else if (!x.words_only && str_is(a, "-h"))
			c->help = true;
		else if (!x.words_only && str_is(a, "--version") && !x.noun.n)
			TRY(word_take(&x, STR("version")));
		else if (!x.words_only && a.n > 2 && str_starts(a, STR("--")))
			TRY(flag_take(&x, (struct str){a.s + 2, a.n - 2}));
		else
			TRY(word_take(&x, a));
	}
	if (c->help && !c->verb && x.noun.n)
		c->words[0] = x.noun; /* help of a noun */
	return words_check(&x);
}

bool cli_has(const struct cli *c, const char *flag)
{
	return cli_value(c, flag).s != NULL;
}

struct str cli_value(const struct cli *c, const char *flag)
{
	for (size_t i = 0; i < c->nvalues; i++)
		if (strcmp(c->values[i].flag->name, flag) == 0)
			return c->values[i].value;
	return (struct str){0};
}

enum rc cli_int(struct cli *c, const char *flag, int64_t fallback, int64_t *ret)
{
	struct str v = cli_value(c, flag);

	if (!v.s)
		*ret = fallback;
	else if (!str_to_i64(v, ret))
		return fail(&c->op, RC_INVALID, flag, "", "--%s 应是整数，不是 %s",
		            "--%s is a whole number, not %s", flag, v.s);
	return RC_OK;
}

enum rc cli_word_int(struct cli *c, int word, const char *name, int64_t *ret)
{
	int64_t v;

	if (!str_to_i64(c->words[word], &v) || v < 0)
		return fail(&c->op, RC_INVALID, name, "", "%s 应是不小于 0 的整数，不是 %s",
		            "%s is a whole number from 0 on, not %s", name, c->words[word].s);
	*ret = v;
	return RC_OK;
}

enum rc cli_time(struct cli *c, const char *flag, int64_t fallback, int64_t *ret)
{
	struct str v = cli_value(c, flag);

	if (!v.s)
		*ret = fallback;
	else if (!clock_parse(v, ret))
		return fail(&c->op, RC_INVALID, flag, "",
		            "--%s 应是带时区的时间，例如 2025-06-07T09:00:00+08:00，不是 %s",
		            "--%s is a time with its offset, such as 2025-06-07T09:00:00+08:00, not %s",
		            flag, v.s);
	return RC_OK;
}
