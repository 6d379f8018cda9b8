/* SPDX-License-Identifier: Apache-2.0 */
/* profile_offer.c -- `gongyuan profile offer FILE`: checks a changed profile, tells every place in
 * which it differs from the one in force, and keeps it under its hash, so that `exam adopt-profile`
 * can put it in force by those who may.
 */
#include "base/limits.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "engine/profile_changes.h"

static void add(struct cli *c, struct grid *g, const struct json *change)
{
	struct str was = json_str(change, "was"), now = json_str(change, "now");

	grid_add(g, json_str(change, "path"));
	grid_add(g, was.n ? was : str_of(cli_tr(c, "（无）", "(absent)")));
	grid_add(g, now.n ? now : str_of(cli_tr(c, "（删去）", "(removed)")));
}

static enum rc tell(struct cli *c, struct str was, struct str now)
{
	struct json *list = json_new_array(&c->arena);
	struct grid grid;

	TRY(profile_changes(&c->op, was, now, list));
	json_put(c->result, "changes", list);
	grid_init(&grid, &c->arena, 3);
	grid_addz(&grid, cli_tr(c, "条目", "entry"));
	grid_addz(&grid, cli_tr(c, "现行", "in force"));
	grid_addz(&grid, cli_tr(c, "变更为", "becomes"));
	for (const struct json *x = list->first; x; x = x->next)
		add(c, &grid, x);
	if (!c->json && list->count)
		grid_print(&grid, stdout);
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
