/* SPDX-License-Identifier: Apache-2.0 */
/* init.c -- `gongyuan init` makes a data folder; `gongyuan timers run` lets due timers run where
 * no server does it.
 *
 * A new office is unfounded: until `authority found` closes the foundation, everybody may register
 * people and grant roles; `gongyuan help first-steps` says how.
 */
#include "cli/act.h"
#include "cli/next.h"
#include "cli/out.h"
#include "cli/rows.h"

static enum rc read_seed(struct cli *c, bool drill, uint64_t *ret)
{
	int64_t seed;

	TRY(cli_int(c, "seed", 0, &seed));
	if (seed < 0)
		return fail(&c->op, RC_INVALID, "seed", "", "--seed 不能小于 0",
		            "--seed may not be below 0");
	if (cli_has(c, "seed") && !drill)
		return fail(&c->op, RC_INVALID, "seed", "", "只有演练（--drill）才有 --seed",
		            "only a drill (--drill) has a --seed");
	*ret = (uint64_t)seed;
	return RC_OK;
}

static enum rc init_run(struct cli *c)
{
	struct office_options how = cli_office_options(c);
	struct office_new n = {.origin = cli_value(c, "origin"), .drill = cli_has(c, "drill")};
	struct str file = cli_value(c, "profile");
	struct profile checked;
	struct str hex;

	if (!file.n)
		return fail(&c->op, RC_INVALID, "profile", "",
		            "请用 --profile FILE 指定考试配置，例如 profiles/demo.json",
		            "name the examination's profile with --profile FILE, such as "
		            "profiles/demo.json");
	TRY(read_seed(c, n.drill, &n.seed));
	TRY(cli_time(c, "at", 0, &how.at_ms));
	TRY(file_read(&c->op, file, LIMIT_BLOB, &n.profile));
	TRY(cli_profile_check(c, n.profile, &checked));
	how.write = true;
	c->open = true;
	TRY(c->host->found(&c->op, &how, &n, &c->office));
	hex = hash_hex(&c->arena, &c->office.profile.digest);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "origin", c->office.origin);
	json_set_str(&c->arena, c->result, "profile", hex);
	if (c->json)
		return RC_OK;
	cli_say(c, "%s数据文件夹 %s 已建好", "%sthe data folder %s is ready",
	        n.drill ? cli_tr(c, "【演练】", "[DRILL] ") : "", c->office.dir.s);
	cli_say(c, "台账 %s，考试配置 %s（%s）", "ledger %s, profile %s (%s)", c->office.origin.s,
	        cli_tr(c, c->office.profile.zh.s, c->office.profile.en.s), hex.s);
	cli_say(c, "请把 %s 存到另一台机器或介质上；keys/ 请另行备份",
	        "keep a copy of %s on another machine; back up keys/ apart", c->office.known.s);
	cli_say(c, "全程说明：gongyuan help first-steps；随时可问 gongyuan next",
	        "the whole way: gongyuan help first-steps; gongyuan next asks at any time");
	c->op.db = c->office.store.view;
	return next_tell(c, &c->office.writer);
}

/* Times of lapses and ladders pass also when nobody gives a command. */
static enum rc timers_run(struct cli *c)
{
	int64_t at_ms, next = INT64_MAX;
	uint64_t before;
	struct str note;

	TRY(cli_time(c, "at", 0, &at_ms));
	TRY(cli_open_at(c, true, at_ms));
	before = c->office.writer.ledger.tree.size;
	TRY(writer_tick(&c->office.writer, &next));
	TRY(c->host->sign(&c->op, &c->office, &note));
	c->result = json_new_object(&c->arena);
	json_set_int(&c->arena, c->result, "appended",
	             (int64_t)(c->office.writer.ledger.tree.size - before));
	json_set_int(&c->arena, c->result, "size", (int64_t)c->office.writer.ledger.tree.size);
	if (next != INT64_MAX)
		json_set_str(&c->arena, c->result, "next", cli_time_json(c, next));
	if (c->json)
		return RC_OK;
	cli_say(c, "到期事项新登记 %llu 条；下一个到期 %s", "%llu entries by timers; the next is due %s",
	        (unsigned long long)(c->office.writer.ledger.tree.size - before),
	        next == INT64_MAX ? "—" : cli_time_text(c, next).s);
	return RC_OK;
}

static const struct cli_flag INIT_FLAGS[] = {
	{"profile", "FILE", "考试配置（必填）", "the examination's profile (needed)", false},
	{"origin", "NAME", "台账名，例如 exam.example.gov.cn/2025", "the ledger's name, such as "
	 "exam.example.gov.cn/2025", false},
	{"drill", NULL, "演练：虚拟时钟", "a drill: on a virtual clock", false},
	{"seed", "N", "演练的种子：同一种子同一结果", "a drill's seed: the same gives the same", false},
	{"at", "TIME", "演练时钟的起点（默认首科次前一天）",
	 "where a drill's clock starts (default a day before the first session)", false},
};

static const struct cli_flag TIMER_FLAGS[] = {
	{"at", "TIME", "演练时钟先拨到此时", "a drill's clock is set to this first", false},
};

const struct cli_verb cli_init_verbs[] = {
	{"init", "", "", 0, 0, CLI_FLAGS(INIT_FLAGS), .run = init_run,
	 .zh = "新建数据文件夹", .en = "make a data folder"},
	{"timers", "run", "", 0, 0, CLI_FLAGS(TIMER_FLAGS), .run = timers_run,
	 .zh = "处理到期事项（超时未报、逐级提请）", .en = "run what is due: lapses, ladders"},
};
const size_t cli_ninit_verbs = COUNT(cli_init_verbs);
