/* SPDX-License-Identifier: Apache-2.0 */
/* wording.c -- words of engine/words.h in one language; what alarms and tables are about:
 * places by name and path, "session:place" and the like part by part.
 */
#include "sheet/wording.h"

#include "base/clock.h"
#include "engine/place.h"
#include "engine/vault.h"
#include "engine/words.h"

const char *wording_tr(const struct wording *w, const char *zh, const char *en)
{
	return w->en ? en : zh;
}

/* The code itself when nobody has words for it. */
static struct str pick(const struct wording *w, struct said s, struct str code)
{
	struct str word = w->en ? s.en : s.zh;

	return word.n ? word : code;
}

struct str wording_asset(struct wording *w, struct str asset)
{
	return pick(w, words_asset(w->op->arena, w->profile, asset), asset);
}

struct str wording_holder(struct wording *w, struct str holder)
{
	return pick(w, words_holder(holder), holder);
}

struct str wording_key(struct wording *w, const char *ref, struct str key)
{
	return pick(w, words_key(w->op->arena, w->modules, w->profile, ref, key), key);
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
	struct said asset = words_asset(w->op->arena, w->profile, subject);
	struct str head, rest = subject;
	struct strbuf b;

	if (asset.zh.n) /* an account of papers: 语文 备用卷 */
		return str_of(wording_tr(w, asset.zh.s, asset.en.s));
	strbuf_init(&b, w->op->arena);
	while (str_cut(rest, ':', &head, &rest)) {
		strbuf_adds(&b, part_of(w, head));
		strbuf_adds(&b, STR(" "));
	}
	strbuf_adds(&b, part_of(w, rest));
	return strbuf_str(&b);
}
