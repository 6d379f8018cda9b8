/* SPDX-License-Identifier: Apache-2.0 */
/* profile_changes.c -- see profile_changes.h. */
#include "engine/profile_changes.h"

/* Rows of the lists have one of these members as their name. */
static struct str name_of(const struct json *row)
{
	static const char *const NAMES[] = {"id", "slot", "module", "rule", "colour"};

	for (size_t i = 0; row->type == JSON_OBJECT && i < COUNT(NAMES); i++)
		if (json_str(row, NAMES[i]).n)
			return json_str(row, NAMES[i]);
	return (struct str){"", 0};
}

struct changes {
	struct arena *a;
	struct json *list;
};

static void change(struct changes *x, struct str path, const struct json *was,
                   const struct json *now)
{
	struct arena *a = x->a;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "path", path);
	json_set_str(a, o, "was", was ? json_canonical(a, was) : STR(""));
	json_set_str(a, o, "now", now ? json_canonical(a, now) : STR(""));
	json_append(x->list, o);
}

static void compare(struct changes *x, struct str path, const struct json *was,
                    const struct json *now);

static struct str below(struct changes *x, struct str path, struct str name)
{
	return str_fmt(x->a, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(name));
}

static const struct json *row_named(const struct json *list, struct str name)
{
	for (const struct json *r = list->first; r; r = r->next)
		if (str_eq(name_of(r), name))
			return r;
	return NULL;
}

static bool is_named(const struct json *list)
{
	for (const struct json *r = list->first; r; r = r->next)
		if (!name_of(r).n)
			return false;
	return list->type == JSON_ARRAY && list->first;
}

static void compare_rows(struct changes *x, struct str path, const struct json *was,
                         const struct json *now)
{
	for (const struct json *r = was->first; r; r = r->next)
		compare(x, below(x, path, name_of(r)), r, row_named(now, name_of(r)));
	for (const struct json *r = now->first; r; r = r->next)
		if (!row_named(was, name_of(r)))
			compare(x, below(x, path, name_of(r)), NULL, r);
}

static void compare_members(struct changes *x, struct str path, const struct json *was,
                            const struct json *now)
{
	for (const struct json *m = was->first; m; m = m->next)
		compare(x, below(x, path, m->key), m, json_get(now, m->key.s));
	for (const struct json *m = now->first; m; m = m->next)
		if (!json_get(was, m->key.s))
			compare(x, below(x, path, m->key), NULL, m);
}

static void compare(struct changes *x, struct str path, const struct json *was,
                    const struct json *now)
{
	if (was && now && was->type == JSON_OBJECT && now->type == JSON_OBJECT)
		compare_members(x, path, was, now);
	else if (was && now && is_named(was) && is_named(now))
		compare_rows(x, path, was, now);
	else if (!was || !now || !str_eq(json_canonical(x->a, was), json_canonical(x->a, now)))
		change(x, path, was, now);
}

enum rc profile_changes(struct op *op, struct str was, struct str now, struct json *list)
{
	struct changes x = {.a = op->arena, .list = list};
	struct json *a, *b;

	TRY(json_read(op, was, &a));
	TRY(json_read(op, now, &b));
	compare(&x, STR(""), a, b);
	return RC_OK;
}
