/* SPDX-License-Identifier: Apache-2.0 */
/* labels.c -- subjects come from the profile, the rest from the glossary. */
#include "cli/labels.h"

struct word {
	const char *code, *zh, *en;
};

static const struct word KINDS[] = {
	{"paper", "试卷", "papers"},        {"spare", "备用卷", "spare papers"},
	{"card", "答题卡", "answer cards"}, {"scratch", "草稿纸", "scratch paper"},
	{"barcode", "条形码", "barcodes"},  {"listening", "听力介质", "listening media"},
};

static const struct word ACCOUNTS[] = {
	{"printed", "印制", "printed"},     {"used", "使用", "used"},
	{"spoiled", "残损卷", "spoiled"},   {"destroyed", "销毁", "destroyed"},
	{"missing", "缺失", "missing"},
};

static struct str word_of(const struct cli *c, const struct word *w, size_t n, struct str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(code, w[i].code))
			return str_of(cli_tr(c, w[i].zh, w[i].en));
	return code;
}

static struct str subject_of(const struct cli *c, struct str id)
{
	const struct profile *p = &c->office.profile;

	for (size_t i = 0; i < p->nsubjects; i++)
		if (str_eq(p->subjects[i].id, id))
			return c->lang == CLI_EN ? p->subjects[i].en : p->subjects[i].zh;
	return id;
}

struct str label_asset(struct cli *c, struct str asset)
{
	struct str head, rest, subject, kind, word;

	if (!str_cut(asset, '.', &head, &rest) || !str_is(head, "paper") ||
	    !str_cut(rest, '.', &subject, &kind))
		return asset;
	subject = subject_of(c, subject);
	word = word_of(c, KINDS, COUNT(KINDS), kind);
	return str_fmt(&c->arena, STR_FMT " " STR_FMT, STR_ARG(subject), STR_ARG(word));
}

struct str label_holder(struct cli *c, struct str holder)
{
	return word_of(c, ACCOUNTS, COUNT(ACCOUNTS), holder);
}

static const struct role *role_of(const struct cli *c, struct str id)
{
	size_t n;
	const struct module *const *m = cli_modules(c, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m[i]->nroles; k++)
			if (str_is(id, m[i]->roles[k].id))
				return &m[i]->roles[k];
	return NULL;
}

struct str label_key(struct cli *c, const char *ref, struct str key)
{
	const struct profile_session *session = profile_session(&c->office.profile, key);
	const struct alarm_rule *alarm = modules_alarm(&c->modules, key);
	const struct expectation_rule *expectation = modules_expectation(&c->modules, key);
	const struct role *role = role_of(c, key);
	const struct command *command = modules_command(&c->modules, key);

	if (ref && strcmp(ref, "asset") == 0)
		return label_asset(c, key);
	if (ref && strcmp(ref, "subject") == 0)
		return subject_of(c, key);
	if (role)
		return str_of(cli_tr(c, role->zh, role->en));
	if (session)
		return c->lang == CLI_EN ? session->en : session->zh;
	if (alarm)
		return str_of(cli_tr(c, alarm->zh, alarm->en));
	if (expectation)
		return str_of(cli_tr(c, expectation->zh, expectation->en));
	return command ? str_of(cli_tr(c, command->zh, command->en)) : key;
}
