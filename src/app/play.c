/* SPDX-License-Identifier: Apache-2.0 */
/* play.c -- founds the drill of a seed or goes on with it, and tells its timeline.
 *
 * The profile is profiles/demo.json: named with --profile, else beside the program (a source
 * tree), else where it was installed.
 */
#include "app/play.h"

#include <unistd.h>

#include "app/demo.h"
#include "app/demo_users.h"
#include "app/drill_verb.h"
#include "app/serve.h"
#include "app/office.h"
#include "cli/out.h"

#ifndef GY_DATADIR
#define GY_DATADIR "/usr/share/gongyuan"
#endif

/* The folder of the running program. */
static struct str program_dir(struct cli *c)
{
	char path[4096];
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	while (n > 0 && path[n - 1] != '/')
		n--;
	return n > 0 ? str_dup(&c->arena, path, (size_t)n) : STR("./");
}

enum rc play_profile(struct cli *c, struct str name, struct str *ret)
{
	struct str here = program_dir(c), tries[4];
	size_t n = 0;

	tries[n++] = str_fmt(&c->arena, "%s../profiles/%s.json", here.s, name.s);
	tries[n++] = str_fmt(&c->arena, "%s../share/gongyuan/profiles/%s.json", here.s, name.s);
	tries[n++] = str_fmt(&c->arena, GY_DATADIR "/profiles/%s.json", name.s);
	tries[n++] = str_fmt(&c->arena, "profiles/%s.json", name.s);
	for (size_t i = 0; i < n; i++)
		if (file_exists(tries[i]))
			return file_read(&c->op, tries[i], LIMIT_BLOB, ret);
	return fail(&c->op, RC_NOT_FOUND, "profile", "", "找不到 profiles/%s.json",
	            "profiles/%s.json is not found", name.s);
}

static enum rc profile_find(struct cli *c, struct str *ret)
{
	struct str named = cli_value(c, "profile");

	return named.n ? file_read(&c->op, named, LIMIT_BLOB, ret)
	               : play_profile(c, STR("demo"), ret);
}

static enum rc other_seed(struct cli *c, uint64_t seed)
{
	const struct office *o = &c->office;

	if (!o->drill)
		return fail(&c->op, RC_CONFLICT, "data", "",
		            "%s 是真实台账，不是演练；请用 --data 另指定文件夹",
		            "%s is a real ledger, not a drill: name another folder with --data", o->dir.s);
	return fail(&c->op, RC_CONFLICT, "seed", "",
	            "%s 是种子 %llu 的演练，不是 %llu；请另指定文件夹或种子",
	            "%s is the drill of seed %llu, not %llu: name another folder or seed", o->dir.s,
	            (unsigned long long)o->seed, (unsigned long long)seed);
}

static enum rc begin(struct cli *c, uint64_t seed)
{
	struct office_options how = cli_office_options(c);
	struct office_new n = {.drill = true, .seed = seed};

	if (office_exists(&c->arena, how.data)) {
		TRY(cli_open(c, true));
		return c->office.drill && c->office.seed == seed ? RC_OK : other_seed(c, seed);
	}
	TRY(profile_find(c, &n.profile));
	how.write = true;
	how.at_ms = demo_start_ms();
	c->open = true;
	TRY(c->host->found(&c->op, &how, &n, &c->office));
	c->op.db = c->office.store.view;
	c->offset_min = c->office.profile.utc_offset_min;
	cli_note(c, "【演练】%s", "[DRILL] %s", c->office.origin.s);
	return RC_OK;
}

struct telling {
	struct cli *c;
	bool all;
	long told, untold;
};

/* The great steps, each on its line; of the many small ones only how many there were. */
static void tell(void *ctx, const struct demo_line *line)
{
	struct telling *t = ctx;
	struct cli *c = t->c;

	if (c->json)
		return;
	if (!line->milestone && !t->all) {
		t->untold++;
		return;
	}
	printf("%.16s  %6lld  %s\n", cli_time_text(c, line->at_ms).s, (long long)line->index,
	       cli_tr(c, line->zh.s, line->en.s));
	t->told++;
}

static enum rc demo_verb(struct cli *c)
{
	struct telling t = {.c = c, .all = cli_has(c, "all")};
	struct office *o = &c->office;
	struct checkpoint cp;
	int64_t seed, events;
	struct str note;
	struct note n;

	TRY(cli_int(c, "seed", 1, &seed));
	TRY(cli_int(c, "events", INT64_MAX, &events));
	if (seed < 0 || events < 1)
		return fail(&c->op, RC_INVALID, seed < 0 ? "seed" : "events", "",
		            "--seed 不小于 0，--events 不小于 1", "--seed is 0 or more, --events 1 or more");
	TRY(begin(c, (uint64_t)seed));
	TRY(demo_run(&c->op, &o->writer, (uint64_t)seed, (uint64_t)events, tell, &t));
	TRY(c->host->sign(&c->op, o, &note));
	TRY(note_parse(&c->op, note, &n));
	TRY(checkpoint_parse(&c->op, n.text, &cp));
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "origin", o->origin);
	json_set_str(&c->arena, c->result, "root", hash_hex(&c->arena, &cp.root));
	json_set_int(&c->arena, c->result, "size", (int64_t)cp.size);
	if (c->json)
		return RC_OK;
	if (t.untold)
		cli_say(c, "另有 %ld 件日常登记未列出（--all 列出全部）",
		        "and %ld everyday steps (--all lists them)", t.untold);
	cli_say(c, "台账 %llu 条，根 %s", "%llu entries, root %s", (unsigned long long)cp.size,
	        hash_hex(&c->arena, &cp.root).s);
	return RC_OK;
}

static const struct cli_flag DEMO_FLAGS[] = {
	{"seed", "N", "种子（默认 1）：同一种子同一个根", "the seed (default 1): the same gives the same root",
	 false},
	{"events", "K", "台账满 K 条即停，再次运行接着演", "stop after K entries; run again to go on", false},
	{"all", NULL, "列出每一件", "list every step", false},
	{"profile", "FILE", "考试配置（默认 profiles/demo.json）",
	 "the profile (default profiles/demo.json)", false},
};

const struct cli_verb play_verbs[] = {
	{"demo", "", "", 0, 0, .flags = DEMO_FLAGS, .nflags = COUNT(DEMO_FLAGS), .run = demo_verb,
	 .zh = "演练：一个县三天的试卷安全", .en = "a drill: three days of a county's papers"},
	{"demo", "users", "", 0, 0, .run = demo_users_verb, .own_head = true,
	 .zh = "演练：可以登录服务器的人、口令、此刻的动态口令",
	 .en = "a drill: who may log in to its server, passwords, codes of this moment"},
	{"demo", "code", "USER", 1, 1, .run = demo_code_verb, .own_head = true,
	 .zh = "演练：某人此刻的动态口令", .en = "a drill: somebody's one-time code of this moment"},
	{"demo", "password", "USER", 1, 1, .run = demo_password_verb, .own_head = true,
	 .zh = "演练：某人的口令", .en = "a drill: somebody's password"},
	{"drill", "run", "FILE", 1, 1, .flags = drill_flags, .nflags = DRILL_NFLAGS, .run = drill_verb,
	 .zh = "演练：按方案模拟一座城市，看该发现的是否发现",
	 .en = "a drill: simulates a city by a scenario and sees what is noticed"},
	{"serve", "", "", 0, 0, .flags = serve_flags, .nflags = SERVE_NFLAGS, .run = serve_verb,
	 .zh = "启动服务器", .en = "run the server"},
};
const size_t play_nverbs = COUNT(play_verbs);
