/* SPDX-License-Identifier: Apache-2.0 */
/* profile_offer.c -- `gongyuan profile offer FILE`: checks a changed profile, tells every place in
 * which it differs from the one in force, and keeps it under its hash, so that `exam adopt-profile`
 * can put it in force by those who may.
 */
#include "base/limits.h"
#include "cli/out.h"
#include "cli/rows.h"

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
	struct cli *c;
	struct json *list;
	struct grid grid;
};

static void change(struct changes *x, struct str path, const struct json *was,
                   const struct json *now)
{
	struct arena *a = &x->c->arena;
	struct json *o = json_new_object(a);

	json_set_str(a, o, "path", path);
	json_set_str(a, o, "was", was ? json_canonical(a, was) : STR(""));
	json_set_str(a, o, "now", now ? json_canonical(a, now) : STR(""));
	json_put(x->list, NULL, o);
	grid_add(&x->grid, path);
	grid_add(&x->grid, was ? json_canonical(a, was) : str_of(cli_tr(x->c, "（无）", "(absent)")));
	grid_add(&x->grid, now ? json_canonical(a, now) : str_of(cli_tr(x->c, "（删去）", "(removed)")));
}

static void compare(struct changes *x, struct str path, const struct json *was,
                    const struct json *now);

static struct str below(struct changes *x, struct str path, struct str name)
{
	return str_fmt(&x->c->arena, STR_FMT "/" STR_FMT, STR_ARG(path), STR_ARG(name));
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
	else if (!was || !now || !str_eq(json_canonical(&x->c->arena, was),
	                                 json_canonical(&x->c->arena, now)))
		change(x, path, was, now);
}

static enum rc tell(struct cli *c, struct str was, struct str now)
{
	struct changes x = {.c = c, .list = json_new_array(&c->arena)};
	struct json *a, *b;

	TRY(json_read(&c->op, was, &a));
	TRY(json_read(&c->op, now, &b));
	grid_init(&x.grid, &c->arena, 3);
	grid_addz(&x.grid, cli_tr(c, "条目", "entry"));
	grid_addz(&x.grid, cli_tr(c, "现行", "in force"));
	grid_addz(&x.grid, cli_tr(c, "变更为", "becomes"));
	compare(&x, STR(""), a, b);
	json_put(c->result, "changes", x.list);
	if (!c->json && x.list->count)
		grid_print(&x.grid, stdout);
	return RC_OK;
}

static enum rc offer_run(struct cli *c)
{
	struct str bytes, hash;
	struct profile p;

	TRY(cli_open(c, false));
	TRY(file_read(&c->op, c->words[0], LIMIT_BLOB, &bytes));
	TRY(cli_profile_check(c, bytes, &p));
	if (!str_eq(p.exam, c->office.profile.exam))
		return fail(&c->op, RC_INVALID, "exam", "", "配置属于考试 %s，本台账属于 %s",
		            "the profile is of examination %s and the ledger of %s", p.exam.s,
		            c->office.profile.exam.s);
	TRY(blob_put(&c->op, &c->office.store, bytes, &hash));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "digest", hash);
	json_set_str(&c->arena, c->result, "id", p.id);
	TRY(tell(c, c->office.profile.bytes, bytes));
	if (c->json)
		return RC_OK;
	cli_say(c, "\n已存入，尚未生效。经批准后：\n"
	        "gongyuan exam adopt-profile --place 地区 --profile %s --reason 原因 --as 工号"
	        " --slot leader=… [--slot decider=…]",
	        "\nKept; not in force yet.  When it is approved:\n"
	        "gongyuan exam adopt-profile --place AREA --profile %s --reason WHY --as CODE"
	        " --slot leader=… [--slot decider=…]", hash.s);
	return RC_OK;
}

const struct cli_verb cli_offer_verbs[] = {
	{"profile", "offer", "FILE", 1, 1, .run = offer_run,
	 .zh = "核对变更后的考试配置，列出与现行配置的每一处不同，并存入待批",
	 .en = "check a changed profile, list each difference, and keep it for approval"},
};
const size_t cli_noffer_verbs = COUNT(cli_offer_verbs);
