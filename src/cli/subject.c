/* SPDX-License-Identifier: Apache-2.0 */
/* subject.c -- what alarms and tables are about, in words: places by name and path, "session:place"
 * and the like part by part.
 */
#include "cli/labels.h"
#include "engine/place.h"

/* Everything before the last '/'; "" when there is none. */
static struct str above(struct str path)
{
	while (path.n && path.s[path.n - 1] != '/')
		path.n--;
	path.n -= path.n > 0;
	return path;
}

static struct str name_in_vault(struct cli *c, struct str path)
{
	struct err before = c->op.err;
	struct str name = STR("");
	int64_t id = 0;

	if (place_name(&c->op, path, &id) != RC_OK ||
	    (id && vault_get(&c->op, &c->office.vault, id, (struct str){0}, &name) != RC_OK))
		c->op.err = before; /* its text was removed: the path must do */
	return name;
}

static struct cli_name *slot_of(struct cli *c, struct str path)
{
	uint32_t h = 2166136261u; /* FNV-1a */

	for (size_t i = 0; i < path.n; i++)
		h = (h ^ (unsigned char)path.s[i]) * 16777619u;
	return &c->names[h % CLI_NAMES];
}

static struct str name_of(struct cli *c, struct str path)
{
	struct cli_name *slot = slot_of(c, path);

	if (!slot->path.n || !str_eq(slot->path, path)) {
		slot->path = str_copy(&c->arena, path);
		slot->name = name_in_vault(c, slot->path);
	}
	return slot->name;
}

struct str label_place(struct cli *c, struct str path)
{
	struct str name = STR("");

	for (struct str p = path; p.n && !name.n; p = above(p))
		name = name_of(c, p);
	return name.n ? str_fmt(&c->arena, STR_FMT " " STR_FMT, STR_ARG(name), STR_ARG(path)) : path;
}

struct str label_half_day(struct cli *c, struct str half_day)
{
	struct str day, half;

	if (!str_cut(half_day, '/', &day, &half) || day.n != 10)
		return half_day;
	return str_fmt(&c->arena, "%.5s%s", day.s + 5,
	               str_is(half, "am") ? cli_tr(c, "上午", " morning")
	                                  : cli_tr(c, "下午", " afternoon"));
}

static bool is_half_day(const struct cli *c, struct str s)
{
	const struct profile *p = &c->office.profile;

	for (size_t i = 0; i < p->nsessions; i++)
		if (str_eq(p->sessions[i].half_day, s))
			return true;
	return false;
}

/* A place, and what stands behind it: "…/r02/X01S01R02-07". */
static struct str part_of(struct cli *c, struct str part)
{
	struct str place = part;

	part = str_copy(&c->arena, part);
	if (is_half_day(c, part))
		return label_half_day(c, part);
	while (place.n && !place_path_valid(str_copy(&c->arena, place)))
		place = above(place);
	if (!memchr(place.s, '/', place.n))
		return label_holder(c, label_key(c, NULL, part));
	if (place.n == part.n)
		return label_place(c, part);
	return str_fmt(&c->arena, STR_FMT " " STR_FMT,
	               STR_ARG(label_place(c, str_copy(&c->arena, place))),
	               (int)(part.n - place.n - 1), part.s + place.n + 1);
}

struct str label_subject(struct cli *c, struct str subject)
{
	struct str head, rest = subject;
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	while (str_cut(rest, ':', &head, &rest)) {
		strbuf_adds(&b, part_of(c, head));
		strbuf_adds(&b, STR(" "));
	}
	strbuf_adds(&b, part_of(c, rest));
	return strbuf_str(&b);
}
