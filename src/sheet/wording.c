/* SPDX-License-Identifier: Apache-2.0 */
/* wording.c -- subjects come from the profile, the rest from the glossary; what alarms and tables
 * are about: places by name and path, "session:place" and the like part by part.
 */
#include "sheet/wording.h"

#include "base/clock.h"
#include "engine/modules_private.h"
#include "engine/place.h"
#include "engine/vault.h"

const char *wording_tr(const struct wording *w, const char *zh, const char *en)
{
	return w->en ? en : zh;
}

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

static struct str word_of(const struct wording *w, const struct coded *list, size_t n,
                          struct str code)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(code, list[i].code))
			return str_of(wording_tr(w, list[i].zh, list[i].en));
	return code;
}

static struct str subject_of(const struct wording *w, struct str id)
{
	const struct profile *p = w->profile;

	for (size_t i = 0; i < p->nsubjects; i++)
		if (str_eq(p->subjects[i].id, id))
			return w->en ? p->subjects[i].en : p->subjects[i].zh;
	return id;
}

struct str wording_asset(struct wording *w, struct str asset)
{
	struct str head, rest, subject, kind, word;

	if (!str_cut(asset, '.', &head, &rest) || !str_is(head, "paper") ||
	    !str_cut(rest, '.', &subject, &kind))
		return asset;
	subject = subject_of(w, subject);
	word = word_of(w, KINDS, COUNT(KINDS), kind);
	return str_fmt(w->op->arena, STR_FMT " " STR_FMT, STR_ARG(subject), STR_ARG(word));
}

struct str wording_holder(struct wording *w, struct str holder)
{
	return word_of(w, ACCOUNTS, COUNT(ACCOUNTS), holder);
}

static const struct role *role_of(const struct wording *w, struct str id)
{
	const struct module *const *m = w->modules->index->all;

	for (size_t i = 0; i < w->modules->index->nall; i++)
		for (size_t k = 0; k < m[i]->nroles; k++)
			if (str_is(id, m[i]->roles[k].id))
				return &m[i]->roles[k];
	return NULL;
}

static struct str why_text(const struct wording *w, const struct profile_why *why)
{
	return w->en ? why->en : why->zh;
}

/* What the profile lists; "" when it does not. */
static struct str listed(const struct wording *w, const char *ref, struct str key)
{
	const struct profile *p = w->profile;
	const struct profile_language *language = profile_language(p, key);
	const struct profile_combination *combination = profile_combination(p, key);
	const struct profile_item *item = profile_item(p, key);
	const struct profile_decision *decision = profile_decision(p, key);

	if (strcmp(ref, "language") == 0 && language)
		return why_text(w, &language->why);
	if (strcmp(ref, "combination") == 0 && combination)
		return why_text(w, &combination->why);
	if (strcmp(ref, "item") == 0 && item)
		return why_text(w, &item->why);
	if (strcmp(ref, "decision") == 0 && decision)
		return why_text(w, &decision->why);
	return STR("");
}

struct str wording_key(struct wording *w, const char *ref, struct str key)
{
	const struct profile_session *session = profile_session(w->profile, key);
	const struct alarm_rule *alarm = modules_alarm(w->modules, key);
	const struct expectation_rule *expectation = modules_expectation(w->modules, key);
	const struct role *role = role_of(w, key);
	const struct command *command = modules_command(w->modules, key);

	if (ref && strcmp(ref, "asset") == 0)
		return wording_asset(w, key);
	if (ref && strcmp(ref, "subject") == 0)
		return subject_of(w, key);
	if (ref && listed(w, ref, key).n)
		return listed(w, ref, key);
	if (role)
		return str_of(wording_tr(w, role->zh, role->en));
	if (session)
		return w->en ? session->en : session->zh;
	if (alarm)
		return str_of(wording_tr(w, alarm->zh, alarm->en));
	if (expectation)
		return str_of(wording_tr(w, expectation->zh, expectation->en));
	return command ? str_of(wording_tr(w, command->zh, command->en)) : key;
}

/* Everything before the last '/'; "" when there is none. */
static struct str above(struct str path)
{
	while (path.n && path.s[path.n - 1] != '/')
		path.n--;
	path.n -= path.n > 0;
	return path;
}

static struct str name_in_vault(struct wording *w, struct str path)
{
	struct err before = w->op->err;
	struct str name = STR("");
	int64_t id = 0;

	if (place_name(w->op, path, &id) != RC_OK ||
	    (id && vault_get(w->op, w->vault, id, (struct str){0}, &name) != RC_OK))
		w->op->err = before; /* its text was removed: the path must do */
	return name;
}

static struct wording_name *slot_of(struct wording *w, struct str path)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ (unsigned char)path.s[i]) * 16777619u;
	return &w->names[h % WORDING_NAMES];
}

static struct str name_of(struct wording *w, struct str path)
{
	struct wording_name *slot = slot_of(w, path);

	if (!slot->path.n || !str_eq(slot->path, path)) {
		slot->path = str_copy(w->keep, path);
		slot->name = str_copy(w->keep, name_in_vault(w, slot->path));
	}
	return slot->name;
}

struct str wording_place(struct wording *w, struct str path)
{
	struct str name = STR("");

	for (struct str p = path; p.n && !name.n; p = above(p))
		name = name_of(w, p);
	return name.n ? str_fmt(w->op->arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(path)) : path;
}

struct str wording_half_day(struct wording *w, struct str half_day)
{
	struct str day, half;

	if (!str_cut(half_day, '/', &day, &half) || day.n != 10)
		return half_day;
	return str_fmt(w->op->arena, "%.5s%s", day.s + 5,
	               str_is(half, "am") ? wording_tr(w, "上午", " morning")
	                                  : wording_tr(w, "下午", " afternoon"));
}

static bool is_half_day(const struct wording *w, struct str s)
{
	const struct profile *p = w->profile;

	for (size_t i = 0; i < p->nsessions; i++)
		if (str_eq(p->sessions[i].half_day, s))
			return true;
	return false;
}

/* A place, and what stands behind it: "…/r02/X01S01R02-07". */
static struct str part_of(struct wording *w, struct str part)
{
	struct str place = part;

	part = str_copy(w->op->arena, part);
	if (is_half_day(w, part))
		return wording_half_day(w, part);
	while (place.n && !place_path_valid(str_copy(w->op->arena, place)))
		place = above(place);
	if (!memchr(place.s, '/', place.n))
		return wording_holder(w, wording_key(w, NULL, part));
	if (place.n == part.n)
		return wording_place(w, part);
	return str_fmt(w->op->arena, STR_FMT " " STR_FMT,
	               STR_ARG(wording_place(w, str_copy(w->op->arena, place))),
	               (int)(part.n - place.n - 1), part.s + place.n + 1);
}

struct str wording_subject(struct wording *w, struct str subject)
{
	struct str head, rest = subject;
	struct strbuf b;

	strbuf_init(&b, w->op->arena);
	while (str_cut(rest, ':', &head, &rest)) {
		strbuf_adds(&b, part_of(w, head));
		strbuf_adds(&b, STR(" "));
	}
	strbuf_adds(&b, part_of(w, rest));
	return strbuf_str(&b);
}
