/* SPDX-License-Identifier: Apache-2.0 */
/* drill_verb.c -- `gongyuan drill run FILE`: plays a scenario in a ledger of its own and says what
 * was noticed, in time or not, and what was alarmed for nothing.
 *
 * The ledger stands in a temporary folder that is removed afterwards, or in --data; with --http it
 * is a server's, which `gongyuan serve --direct FILE` has made for this scenario.
 */
#include "app/drill_verb.h"

#include <ftw.h>
#include <unistd.h>

#include "app/director.h"
#include "app/drill_http.h"
#include "app/office.h"
#include "app/play.h"
#include "cli/out.h"

struct drilling {
	struct cli *c;
	struct arena keep;
	struct scenario s;
	struct drill d;
	struct drill_result r;
	struct str dir;            /* temporary: removed at the end; "" when --data keeps it */
	uint64_t seed;
	struct profile profile;    /* with --http */
	struct modules modules;
	int64_t events;
};

/* ---- the folder ---- */

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *w)
{
	(void)!remove(path);
	return 0;
}

static enum rc folder(struct cli *c, struct drilling *x, struct office_options *how)
{
	const char *tmp = getenv("TMPDIR");
	struct str path;

	*how = cli_office_options(c);
	if (c->data.n)
		return RC_OK;
	path = str_fmt(&x->keep, "%s/gongyuan-drill-XXXXXX", tmp && *tmp ? tmp : "/tmp");
	if (!mkdtemp((char *)(uintptr_t)path.s)) /* our own copy */
		return fail(&c->op, RC_BUSY, "data", "", "不能建立临时文件夹 %s", "cannot make a folder at %s",
		            path.s);
	x->dir = path;
	how->data = str_fmt(&x->keep, "%s/data", path.s);
	how->known = str_fmt(&x->keep, "%s/known", path.s);
	return RC_OK;
}

static enum rc found(struct cli *c, struct drilling *x)
{
	struct office_options how;
	struct office_new n = {.drill = true, .seed = x->seed};
	struct profile p;

	TRY(play_profile(c, x->s.profile, &n.profile));
	TRY(profile_read(&c->op, &x->keep, n.profile, &p));
	if (!p.nsessions)
		return fail(&c->op, RC_INVALID, "profile", "", "配置 %s 没有科次",
		            "profile %s has no sessions", p.id.s);
	TRY(folder(c, x, &how));
	if (office_exists(&c->arena, how.data))
		return fail(&c->op, RC_CONFLICT, "data", "", "%s 里已有台账；演练要用新的文件夹",
		            "%s holds a ledger already: a drill needs a new folder", how.data.s);
	how.write = true;
	how.at_ms = drill_start_of(&p);
	c->open = true;
	TRY(c->host->found(&c->op, &how, &n, &c->office));
	c->op.db = c->office.store.view;
	c->offset_min = c->office.profile.utc_offset_min;
	return RC_OK;
}

/* ---- --disable ---- */

static enum rc disable(struct cli *c)
{
	struct str rule = cli_value(c, "disable");
	struct modules *m = &c->office.modules;

	if (!rule.n || modules_disable(m, rule) ||
	    modules_disable(m, str_fmt(&c->arena, "alarm:%s", rule.s)) ||
	    modules_disable(m, str_fmt(&c->arena, "expectation:%s", rule.s)))
		return RC_OK;
	return fail(&c->op, RC_INVALID, "disable", "", "没有规则 %s（见 gongyuan describe rules）",
	            "there is no rule %s (see gongyuan describe rules)", rule.s);
}

/* ---- telling ---- */

/* The document outlives the drill. */
static void set(struct cli *c, struct json *o, const char *name, struct str v)
{
	json_set_str(&c->arena, o, name, str_copy(&c->arena, v));
}

static struct json *seen(struct cli *c, const struct drill_seen *a)
{
	struct json *o = json_new_object(&c->arena);

	set(c, o, "rule", a->rule);
	set(c, o, "place", a->place);
	json_set_str(&c->arena, o, "at", cli_time_json(c, a->at_ms));
	return o;
}

static void tell_json(struct cli *c, const struct drilling *x)
{
	struct json *injected = json_new_array(&c->arena), *falsely = json_new_array(&c->arena);
	struct json *all = json_new_array(&c->arena);

	for (size_t i = 0; i < x->r.nverdicts; i++) {
		const struct drill_verdict *v = &x->r.verdicts[i];
		struct json *o = json_put(injected, NULL, json_new_object(&c->arena));

		set(c, o, "id", v->id);
		set(c, o, "rule", v->notice->rule);
		set(c, o, "place", v->notice->place);
		if (v->noticed_ms)
			json_set_str(&c->arena, o, "noticed", cli_time_json(c, v->noticed_ms));
		else
			json_set_null(&c->arena, o, "noticed");
		json_set_str(&c->arena, o, "by", cli_time_json(c, v->notice->by.ms));
		json_set_bool(&c->arena, o, "ok", v->ok);
	}
	for (size_t i = 0; i < x->r.nalarms; i++) {
		struct json *o = json_put(all, NULL, seen(c, &x->r.alarms[i]));

		json_set_bool(&c->arena, o, "expected", x->r.alarms[i].expected);
		if (!x->r.alarms[i].expected)
			json_put(falsely, NULL, seen(c, &x->r.alarms[i]));
	}
	json_set_int(&c->arena, c->result, "events", x->events);
	json_put(c->result, "injected", injected);
	json_put(c->result, "false_alarms", falsely);
	json_put(c->result, "alarms", all);
}

static void tell(struct cli *c, const struct drilling *x)
{
	cli_say(c, "【演练】%s：%lld 条登记，种子 %llu", "[DRILL] %s: %lld entries, seed %llu",
	        cli_tr(c, x->s.zh.s, x->s.en.s), (long long)x->events, (unsigned long long)x->seed);
}

static void tell_verdicts(struct cli *c, const struct drilling *x)
{
	for (size_t i = 0; i < x->r.nverdicts; i++) {
		const struct drill_verdict *v = &x->r.verdicts[i];
		const char *at = v->noticed_ms ? cli_time_text(c, v->noticed_ms).s
		                               : cli_tr(c, "从未", "never");

		cli_say(c, "%s %s %s：发现 %s，应不迟于 %s", "%s %s %s: noticed %s, due by %s",
		        v->ok ? "✓" : "✗", v->id.s, v->notice->rule.s, at,
		        cli_time_text(c, v->notice->by.ms).s);
	}
	for (size_t i = 0; i < x->r.nalarms; i++)
		if (!x->r.alarms[i].expected)
			cli_say(c, "✗ 误报 %s %s %s", "✗ false alarm %s %s %s", x->r.alarms[i].rule.s,
			        x->r.alarms[i].place.s, cli_time_text(c, x->r.alarms[i].at_ms).s);
}

/* ---- the verb ---- */

static void tell_faults(struct cli *c, const struct scenario *s)
{
	struct json *errors = json_new_array(&c->arena);

	for (size_t i = 0; i < s->nfaults; i++) {
		struct json *o = json_put(errors, NULL, json_new_object(&c->arena));

		set(c, o, "path", s->faults[i].path);
		set(c, o, "zh", s->faults[i].zh);
		set(c, o, "en", s->faults[i].en);
		cli_note(c, "%s：%s", "%s: %s", s->faults[i].path.s,
		         cli_tr(c, s->faults[i].zh.s, s->faults[i].en.s));
	}
	c->result = json_new_object(&c->arena);
	json_put(c->result, "errors", errors);
}

static enum rc read_scenario(struct cli *c, struct drilling *x)
{
	struct str bytes;
	int64_t seed;
	enum rc rc;

	TRY(file_read(&c->op, c->words[0], LIMIT_JSON_BYTES, &bytes));
	rc = scenario_read(&c->op, &x->keep, bytes, cli_has(c, "small"), &x->s);
	if (rc != RC_OK) {
		if (x->s.nfaults)
			tell_faults(c, &x->s);
		return rc;
	}
	TRY(cli_int(c, "seed", (int64_t)x->s.seed, &seed));
	if (seed < 0)
		return fail(&c->op, RC_INVALID, "seed", "", "--seed 不小于 0", "--seed is 0 or more");
	x->seed = (uint64_t)seed;
	return RC_OK;
}

static enum rc play_here(struct cli *c, struct drilling *x)
{
	struct office *o = &c->office;
	struct str note;

	TRY(found(c, x));
	TRY(disable(c));
	TRY(drill_make(&c->op, &x->keep, &o->profile, &o->modules, &x->s, x->seed,
	               cli_value(c, "without"), &x->d));
	TRY(drill_play(&c->op, &o->writer, &x->d, &x->r));
	x->events = (int64_t)o->writer.ledger.tree.size;
	return c->host->sign(&c->op, o, &note);
}

/* ---- --http ---- */

static enum rc read_token(struct cli *c, struct str *ret)
{
	struct str file = cli_value(c, "token-file");

	if (!file.n && c->data.n)
		file = director_file(&c->arena, c->data);
	if (!file.n)
		return fail(&c->op, RC_INVALID, "token-file", "",
		            "--http 要有导演的令牌：--token-file，或 --data 指服务器的文件夹",
		            "--http needs the director's token: --token-file, or --data of the server's "
		            "folder");
	return director_read(&c->op, file, ret);
}

static enum rc http_options(struct cli *c, struct drilling *x, struct drill_http_options *ret)
{
	*ret = (struct drill_http_options){.url = cli_value(c, "http"),
	                                   .cacert = cli_value(c, "cacert")};
	if (x->seed != x->s.seed || cli_has(c, "disable"))
		return fail(&c->op, RC_INVALID, x->seed != x->s.seed ? "seed" : "disable", "",
		            "对服务器的演练用方案里的种子和全部规则",
		            "a drill over HTTP has the scenario's seed and all rules");
	TRY(cli_int(c, "speed", 0, &ret->speed));
	if (ret->speed < 0)
		return fail(&c->op, RC_INVALID, "speed", "", "--speed 不小于 0", "--speed is 0 or more");
	while (ret->url.n && ret->url.s[ret->url.n - 1] == '/')
		ret->url = str_dup(&c->arena, ret->url.s, ret->url.n - 1);
	return read_token(c, &ret->token);
}

static enum rc play_there(struct cli *c, struct drilling *x)
{
	struct drill_http_options o;
	struct str bytes;

	TRY(http_options(c, x, &o));
	TRY(play_profile(c, x->s.profile, &bytes));
	TRY(profile_read(&c->op, &x->keep, bytes, &x->profile));
	TRY(modules_init(&c->op, c->host->modules, c->host->nmodules, &x->modules));
	TRY(drill_make(&c->op, &x->keep, &x->profile, &x->modules, &x->s, x->seed,
	               cli_value(c, "without"), &x->d));
	c->offset_min = x->profile.utc_offset_min;
	return drill_http_play(&c->op, &o, &x->modules, &x->d, &x->r, &x->events);
}

/* ---- both ---- */

static enum rc play(struct cli *c, struct drilling *x)
{
	TRY(read_scenario(c, x));
	TRY(cli_has(c, "http") ? play_there(c, x) : play_here(c, x));
	c->result = json_new_object(&c->arena);
	if (!x->r.ok)
		c->findings = 1;
	if (c->json) {
		tell_json(c, x);
		return RC_OK;
	}
	tell(c, x);
	tell_verdicts(c, x);
	return RC_OK;
}

enum rc drill_verb(struct cli *c)
{
	struct drilling x = {.c = c};
	enum rc rc = play(c, &x);

	if (x.dir.n) {
		if (c->open)
			c->host->release(&c->office);
		c->open = false;
		(void)nftw(x.dir.s, remove_one, 16, FTW_DEPTH | FTW_PHYS | FTW_MOUNT);
	}
	modules_release(&x.modules);
	arena_release(&x.keep);
	return rc;
}

const struct cli_flag drill_flags[DRILL_NFLAGS] = {
	{"seed", "N", "种子（默认用方案里的）：同一种子同一个根",
	 "the seed (default: the scenario's): the same gives the same root", false},
	{"small", NULL, "用方案的小规模城市", "the scenario's small city", false},
	{"disable", "RULE", "停用一条规则（告警或应办事项），演练应当失败",
	 "without this rule (an alarm or an expectation): the drill should fail", false},
	{"without", "ID", "不注入这一项", "without this injection", false},
	{"http", "URL", "对一台服务器演练（gongyuan serve --direct FILE）",
	 "against a server (gongyuan serve --direct FILE)", false},
	{"token-file", "FILE", "导演的令牌（默认 DATA/keys/director.key）",
	 "the director's token (default DATA/keys/director.key)", false},
	{"cacert", "FILE", "服务器证书的签发者", "the authority of the server's certificate", false},
	{"speed", "N", "对服务器：快于时钟的倍数（默认尽快）",
	 "against a server: how many times faster than a clock (default: as fast as it goes)", false},
};
