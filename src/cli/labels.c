/* SPDX-License-Identifier: Apache-2.0 */
/* labels.c -- subjects come from the profile, the rest from the glossary. */
#include "cli/labels.h"

struct coded {
	const char *code, *zh, *en;
};

static const struct coded KINDS[] = {
	{"paper", "试卷", "papers"},        {"spare", "备用卷", "spare papers"},
	{"card", "答题卡", "answer cards"}, {"scratch", "草稿纸", "scratch paper"},
	{"barcode", "条形码", "barcodes"},  {"listening", "听力介质", "listening media"},
};

static const struct coded ACCOUNTS[] = {
	{"printed", "印制", "printed"},     {"used", "使用", "used"},
	{"spoiled", "残损卷", "spoiled"},   {"destroyed", "销毁", "destroyed"},
	{"missing", "缺失", "missing"},     {"moved", "转场", "moved"},
};

struct str label_word(const struct cli *c, const struct word *w, size_t n, int i)
{
	return i >= 0 && (size_t)i < n ? str_of(cli_tr(c, w[i].zh, w[i].en)) : STR("?");
}

static struct str word_of(const struct cli *c, const struct coded *w, size_t n, struct str code)
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

static struct str why_text(const struct cli *c, const struct profile_why *why)
{
	return c->lang == CLI_EN ? why->en : why->zh;
}

/* What the profile lists; "" when it does not. */
static struct str listed(const struct cli *c, const char *ref, struct str key)
{
	const struct profile *p = &c->office.profile;
	const struct profile_language *language = profile_language(p, key);
	const struct profile_combination *combination = profile_combination(p, key);
	const struct profile_item *item = profile_item(p, key);
	const struct profile_decision *decision = profile_decision(p, key);

	if (strcmp(ref, "language") == 0 && language)
		return why_text(c, &language->why);
	if (strcmp(ref, "combination") == 0 && combination)
		return why_text(c, &combination->why);
	if (strcmp(ref, "item") == 0 && item)
		return why_text(c, &item->why);
	if (strcmp(ref, "decision") == 0 && decision)
		return why_text(c, &decision->why);
	return STR("");
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
	if (ref && listed(c, ref, key).n)
		return listed(c, ref, key);
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

/* Whole days, hours or minutes when it can be said so. */
static struct str span(struct cli *c, int64_t s)
{
	static const struct {
		int64_t s;
		const char *zh, *en;
	} UNITS[] = {{86400, "天", "d"}, {3600, "小时", "h"}, {60, "分", "min"}, {1, "秒", "s"}};
	size_t i = 0;

	/* Under four hours minutes are what a programme says. */
	while (i + 1 < COUNT(UNITS) && (s % UNITS[i].s != 0 || s < (i == 1 ? 14400 : UNITS[i].s)))
		i++;
	return str_fmt(&c->arena, "%lld %s", (long long)(s / UNITS[i].s),
	               cli_tr(c, UNITS[i].zh, UNITS[i].en));
}

static struct str moment(struct cli *c, enum anchor anchor, int64_t s)
{
	const char *from = anchor == ANCHOR_T ? "T" : anchor == ANCHOR_E ? "E" : "";

	if (s == 0)
		return anchor == ANCHOR_EVENT ? str_of(cli_tr(c, "当时", "at once")) : str_of(from);
	if (anchor == ANCHOR_EVENT)
		return str_fmt(&c->arena, cli_tr(c, "%s后 %s", "%s%s after"), s < 0 ? "-" : "",
		               span(c, s < 0 ? -s : s).s);
	return str_fmt(&c->arena, "%s%c%s", from, s < 0 ? '-' : '+', span(c, s < 0 ? -s : s).s);
}

struct str label_window(struct cli *c, const struct profile_step *s)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	strbuf_adds(&b, moment(c, s->anchor, s->from_s));
	if (s->to_s != s->from_s)
		strbuf_addf(&b, cli_tr(c, " 至 %s", " to %s"), moment(c, s->anchor, s->to_s).s);
	if (s->every_s)
		strbuf_addf(&b, cli_tr(c, "，每 %s", ", every %s"), span(c, s->every_s).s);
	if (s->early_s)
		strbuf_addf(&b, cli_tr(c, "，容许提前 %s", ", %s early tolerated"), span(c, s->early_s).s);
	if (s->late_s)
		strbuf_addf(&b, cli_tr(c, "，容许推迟 %s", ", %s late tolerated"), span(c, s->late_s).s);
	return strbuf_str(&b);
}

const char *label_sure(const struct cli *c, struct str sure)
{
	if (str_is(sure, "confirmed"))
		return cli_tr(c, "已确认", "confirmed");
	if (str_is(sure, "probable"))
		return cli_tr(c, "较可靠", "probable");
	return cli_tr(c, "待确认", "UNCONFIRMED");
}

struct str label_source(struct cli *c, struct str source, struct str article)
{
	return article.n ? str_fmt(&c->arena, STR_FMT " " STR_FMT, STR_ARG(source), STR_ARG(article))
	                 : source;
}

const char *label_colour(const struct cli *c, int colour)
{
	return label_word(c, COLOUR_WORDS, COLOUR_MAX, colour).s;
}

/* What was handled is simply closed. */
const char *label_reason(struct cli *c, const struct alarm *a)
{
	struct str reason, why;

	if (a->reason == ALARM_REASON_HANDLED)
		return cli_tr(c, "已办结", "closed");
	reason = label_word(c, ALARM_REASON_WORDS, ALARM_REASON_MAX, a->reason);
	if (a->false_cause == ALARM_FALSE_CAUSE_NONE)
		return reason.s;
	why = label_word(c, ALARM_FALSE_CAUSE_WORDS, ALARM_FALSE_CAUSE_MAX, a->false_cause);
	return str_fmt(&c->arena, "%s(%s)", reason.s, why.s).s;
}
