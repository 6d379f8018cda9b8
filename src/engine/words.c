/* SPDX-License-Identifier: Apache-2.0 */
/* words.c -- subjects and lists come from the profile, the rest from the glossary; see words.h. */
#include "engine/words.h"

#include "engine/modules_private.h"

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

const struct word SOURCE_WORDS[] = {
	{"系统", "system"}, {"终端", "terminal"}, {"考务办", "office"}, {"纸面", "paper"},
	{"视频", "video"}, {"数据接入", "feed"}, {"电话", "telephone"},
};
const struct word SLOT_HOW_WORDS[] = {
	{"密钥", "key"}, {"证件", "badge"}, {"纸面", "paper"}, {"电话", "phone"},
};

static struct said said(const char *zh, const char *en)
{
	return (struct said){str_of(zh), str_of(en)};
}

static struct said coded(const struct coded *w, size_t n, struct str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(code, w[i].code))
			return said(w[i].zh, w[i].en);
	return (struct said){0};
}

static struct said subject_of(const struct profile *p, struct str id)
{
	for (size_t i = 0; i < p->nsubjects; i++)
		if (str_eq(p->subjects[i].id, id))
			return (struct said){p->subjects[i].zh, p->subjects[i].en};
	return (struct said){0};
}

static struct said known(struct said s, struct str code)
{
	return s.zh.n ? s : (struct said){code, code};
}

struct said words_asset(struct arena *a, const struct profile *p, struct str asset)
{
	struct str head, rest, subject, kind;
	struct said of, what;

	if (!str_cut(asset, '.', &head, &rest) || !str_is(head, "paper") ||
	    !str_cut(rest, '.', &subject, &kind))
		return (struct said){0};
	of = known(subject_of(p, subject), subject);
	what = known(coded(KINDS, COUNT(KINDS), kind), kind);
	return (struct said){str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(of.zh), STR_ARG(what.zh)),
	                     str_fmt(a, STR_FMT " " STR_FMT, STR_ARG(of.en), STR_ARG(what.en))};
}

struct said words_holder(struct str holder)
{
	return coded(ACCOUNTS, COUNT(ACCOUNTS), holder);
}

/* What the profile lists. */
static struct said listed(const struct profile *p, const char *ref, struct str key)
{
	const struct profile_language *language = profile_language(p, key);
	const struct profile_combination *combination = profile_combination(p, key);
	const struct profile_item *item = profile_item(p, key);
	const struct profile_decision *decision = profile_decision(p, key);

	if (strcmp(ref, "language") == 0 && language)
		return (struct said){language->why.zh, language->why.en};
	if (strcmp(ref, "combination") == 0 && combination)
		return (struct said){combination->why.zh, combination->why.en};
	if (strcmp(ref, "item") == 0 && item)
		return (struct said){item->why.zh, item->why.en};
	if (strcmp(ref, "decision") == 0 && decision)
		return (struct said){decision->why.zh, decision->why.en};
	return (struct said){0};
}

static struct said declared(const struct modules *m, const struct profile *p, struct str key)
{
	const struct profile_session *session = profile_session(p, key);
	const struct role_entry *role = name_map_get(&m->index->roles, key);
	const struct alarm_rule *alarm = modules_alarm(m, key);
	const struct expectation_rule *expectation = modules_expectation(m, key);
	const struct command *command = modules_command(m, key);

	if (role)
		return said(role->role->zh, role->role->en);
	if (session)
		return (struct said){session->zh, session->en};
	if (alarm)
		return said(alarm->zh, alarm->en);
	if (expectation)
		return said(expectation->zh, expectation->en);
	return command ? said(command->zh, command->en) : (struct said){0};
}

static struct said view_of(const struct modules *m, struct str key)
{
	const struct view *v = modules_view(m, key);

	return v ? said(v->zh, v->en) : (struct said){0};
}

struct said words_key(struct arena *a, const struct modules *m, const struct profile *p,
                      const char *ref, struct str key)
{
	struct said s = {0};

	if (ref && strcmp(ref, "asset") == 0)
		return words_asset(a, p, key);
	if (ref && strcmp(ref, "subject") == 0)
		return subject_of(p, key);
	if (ref && strcmp(ref, "view") == 0)
		return view_of(m, key);
	if (ref)
		s = listed(p, ref, key);
	return s.zh.n ? s : declared(m, p, key);
}
