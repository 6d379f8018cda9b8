/* SPDX-License-Identifier: Apache-2.0 */
/* profile.c -- `gongyuan profile check FILE` tells every fault of a file at once; `profile show`
 * reads back from the ledger what applied at a moment, with the source of each row.
 */
#include "base/hash.h"
#include "base/limits.h"
#include "cli/labels.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "engine/modules_private.h"
#include "engine/order.h"

static void tell_faults(struct cli *c, const struct profile_faults *faults)
{
	c->errors = json_new_array(&c->arena);
	for (size_t i = 0; i < faults->n; i++) {
		const struct profile_fault *f = &faults->list[i];
		struct json *o = json_new_object(&c->arena);

		json_set_str(&c->arena, o, "en", f->en);
		json_set_str(&c->arena, o, "path", f->path);
		json_set_str(&c->arena, o, "zh", f->zh);
		json_put(c->errors, NULL, o);
		if (!c->json)
			cli_note(c, "%s  %s", "%s  %s", f->path.n ? f->path.s : "-",
			         cli_tr(c, f->zh.s, f->en.s));
	}
	if (faults->total > faults->n)
		cli_note(c, "共 %zu 处，只列出 %zu 处", "%zu faults, of which %zu are listed",
		         faults->total, faults->n);
}

enum rc cli_profile_check(struct cli *c, struct str bytes, struct profile *ret)
{
	struct profile_faults faults = {0};
	enum rc rc = profile_read_all(&c->op, &c->arena, bytes, ret, &faults);

	if (rc == RC_OK)
		rc = profile_fits_all(&c->op, ret, &c->modules, &faults);
	if (rc == RC_INVALID)
		tell_faults(c, &faults);
	return rc;
}

/* Rows by how sure they are. */
struct tally {
	size_t rows, unconfirmed;
};

static void count(struct tally *t, struct str sure)
{
	t->rows++;
	t->unconfirmed += str_is(sure, "unconfirmed");
}

static struct tally tally(const struct profile *p)
{
	const struct profile_lists *l = &p->lists;
	struct tally t = {0};

	for (size_t i = 0; i < p->nsessions; i++)
		if (p->sessions[i].why.sure.n)
			count(&t, p->sessions[i].why.sure);
	for (size_t i = 0; i < p->nsteps; i++)
		count(&t, p->steps[i].sure);
	for (size_t i = 0; i < p->nsettings; i++)
		count(&t, p->settings[i].sure);
	for (size_t i = 0; i < l->nitems; i++)
		count(&t, l->items[i].why.sure);
	for (size_t i = 0; i < l->ndecisions; i++)
		count(&t, l->decisions[i].why.sure);
	for (size_t i = 0; i < l->noff; i++)
		count(&t, l->off[i].why.sure);
	for (size_t i = 0; i < l->ncolours; i++)
		count(&t, l->colours[i].why.sure);
	return t;
}

static enum rc check_run(struct cli *c)
{
	struct profile p;
	struct str bytes;
	struct tally t;

	TRY(file_read(&c->op, c->words[0], LIMIT_BLOB, &bytes));
	TRY(cli_profile_check(c, bytes, &p));
	t = tally(&p);
	c->result = json_new_object(&c->arena);
	json_set_str(&c->arena, c->result, "digest", hash_hex(&c->arena, &p.digest));
	json_put(c->result, "errors", json_new_array(&c->arena));
	json_set_str(&c->arena, c->result, "id", p.id);
	json_set_bool(&c->arena, c->result, "ok", true);
	json_set_int(&c->arena, c->result, "rows", (int64_t)t.rows);
	json_set_int(&c->arena, c->result, "unconfirmed", (int64_t)t.unconfirmed);
	if (c->json)
		return RC_OK;
	cli_say(c, "%s：格式无误，与本版本各模块相符（校验值 %s）",
	        "%s: well formed, and it fits the modules of this version (digest %s)", p.id.s,
	        hash_hex(&c->arena, &p.digest).s);
	cli_say(c, "有依据的条目 %zu 条，其中待确认 %zu 条：使用前请逐条核对",
	        "%zu rows with a source, %zu of them UNCONFIRMED: check each before use", t.rows,
	        t.unconfirmed);
	return RC_OK;
}

/* The rules that were in force at `at_ms`: the last adopted until then. */
static enum rc find_rules(struct cli *c, int64_t at_ms, struct rules_adoption *ret,
                          int64_t *ret_since_ms)
{
	enum { MOST = 256 }; /* releases in the life of one ledger */
	struct rules_adoption all[MOST];
	bool found = false;
	size_t n;

	TRY(rules_history(&c->op, all, COUNT(all), &n));
	for (size_t i = 0; i < n; i++) {
		struct json *entry;
		struct hash leaf;
		struct str bytes;
		int64_t since;

		TRY(ledger_entry(&c->op, office_ledger(&c->office), (uint64_t)all[i].index, &bytes,
		                 &leaf));
		TRY(json_read(&c->op, bytes, &entry));
		if (!clock_parse(json_str(entry, "time"), &since) || since > at_ms)
			continue;
		*ret = all[i];
		*ret_since_ms = since;
		found = true;
	}
	if (!found)
		return fail(&c->op, RC_NOT_FOUND, "at", "", "那时台账还没有生效的规则",
		            "no rules were in force then");
	return RC_OK;
}

static void row(struct cli *c, struct grid *g, struct str id, struct str what, const char *zh,
                const char *en, const struct profile_why *w)
{
	grid_add(g, id);
	grid_add(g, what);
	grid_addz(g, cli_tr(c, zh, en));
	grid_addz(g, label_sure(c, w->sure));
	grid_add(g, !w->approver.n ? label_source(c, w->source, w->article)
	                           : str_fmt(&c->arena, cli_tr(c, "%s（批准：%s）", "%s (approved: %s)"),
	                                     label_source(c, w->source, w->article).s, w->approver.s));
}

static void head(struct cli *c, struct grid *g, const char *title_zh, const char *title_en)
{
	cli_say(c, "\n%s", "\n%s", cli_tr(c, title_zh, title_en));
	grid_init(g, &c->arena, 5);
}

static void show_sessions(struct cli *c, const struct profile *p)
{
	struct grid g;

	head(c, &g, "科次", "sessions");
	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];
		struct str from = cli_time_text(c, s->start_ms), to = cli_time_text(c, s->end_ms);

		row(c, &g, s->id, str_fmt(&c->arena, "%.16s—%.5s", from.s, to.s + 11), s->zh.s, s->en.s,
		    &s->why);
	}
	grid_print(&g, stdout);
}

static void show_numbers(struct cli *c, const struct profile *p)
{
	struct grid g;

	head(c, &g, "节点（时限）", "steps (windows)");
	for (size_t i = 0; i < p->nsteps; i++) {
		const struct profile_step *s = &p->steps[i];

		row(c, &g, s->id, label_window(c, s), s->zh.s, s->en.s,
		    &(struct profile_why){.source = s->source, .article = s->article, .sure = s->sure,
		                          .approver = s->approver});
	}
	grid_print(&g, stdout);
	head(c, &g, "参数", "settings");
	for (size_t i = 0; i < p->nsettings; i++) {
		const struct profile_setting *s = &p->settings[i];

		row(c, &g, s->id, str_fmt(&c->arena, "%lld", (long long)s->value), s->zh.s, s->en.s,
		    &(struct profile_why){.source = s->source, .article = s->article, .sure = s->sure,
		                          .approver = s->approver});
	}
	grid_print(&g, stdout);
}

static struct str names_text(struct cli *c, const struct profile *p, const struct profile_names *n)
{
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	for (size_t i = 0; i < n->n; i++) {
		const struct profile_office *o = profile_office(p, n->list[i]);

		strbuf_addz(&b, i ? cli_tr(c, "、", ", ") : "");
		strbuf_adds(&b, !o ? label_key(c, "role", n->list[i])
		                   : c->lang == CLI_EN ? o->en : o->zh);
	}
	return strbuf_str(&b);
}

static void show_decisions(struct cli *c, const struct profile *p)
{
	struct grid g;

	if (!p->lists.ndecisions)
		return;
	head(c, &g, "谁决定、用何表", "who decides, on which form");
	for (size_t i = 0; i < p->lists.ndecisions; i++) {
		const struct profile_decision *d = &p->lists.decisions[i];
		struct strbuf b;

		strbuf_init(&b, &c->arena);
		strbuf_adds(&b, names_text(c, p, &d->deciders));
		if (d->consulted.n)
			strbuf_addf(&b, cli_tr(c, "（商 %s）", " (asks %s)"), names_text(c, p, &d->consulted).s);
		if (d->informed.n)
			strbuf_addf(&b, cli_tr(c, "（报知 %s）", " (tells %s)"),
			            names_text(c, p, &d->informed).s);
		if (d->form.n)
			strbuf_addf(&b, cli_tr(c, "《%s》", " [%s]"), d->form.s);
		row(c, &g, d->id, strbuf_str(&b), d->why.zh.s, d->why.en.s, &d->why);
	}
	grid_print(&g, stdout);
}

static void show_lists(struct cli *c, const struct profile *p)
{
	static const char *const CLASS[][2] = {
		[ITEM_PROHIBITED] = {"禁止", "prohibited"}, [ITEM_ALLOWED] = {"允许", "allowed"},
		[ITEM_APPROVED] = {"经批准", "when approved"}};
	const struct profile_lists *l = &p->lists;
	struct grid g;

	if (l->nitems)
		head(c, &g, "物品", "items");
	for (size_t i = 0; i < l->nitems; i++)
		row(c, &g, l->items[i].id,
		    str_of(cli_tr(c, CLASS[l->items[i].class][0], CLASS[l->items[i].class][1])),
		    l->items[i].why.zh.s, l->items[i].why.en.s, &l->items[i].why);
	if (l->nitems)
		grid_print(&g, stdout);
	if (l->ncolours)
		head(c, &g, "告警颜色调整", "colours of alarms here");
	for (size_t i = 0; i < l->ncolours; i++)
		row(c, &g, l->colours[i].rule, str_of(label_colour(c, l->colours[i].colour)),
		    label_key(c, "alarm_rule", l->colours[i].rule).s,
		    label_key(c, "alarm_rule", l->colours[i].rule).s, &l->colours[i].why);
	if (l->ncolours)
		grid_print(&g, stdout);
	if (l->noff)
		head(c, &g, "停用的模块", "modules that are off");
	for (size_t i = 0; i < l->noff; i++)
		row(c, &g, l->off[i].module, str_of(cli_tr(c, "停用", "off")), "", "", &l->off[i].why);
	if (l->noff)
		grid_print(&g, stdout);
}

static void show_ladders(struct cli *c, const struct profile *p)
{
	cli_say(c, "\n%s", "\n%s", cli_tr(c, "逐级提请", "ladders"));
	for (size_t i = 0; i < p->nladders; i++) {
		const struct profile_ladder *l = &p->ladders[i];

		printf("%s  %s %lld s, %s %d", label_colour(c, l->colour),
		       cli_tr(c, "签收有效", "acknowledged for"), (long long)l->ack_s,
		       cli_tr(c, "办结人数", "closed by"), l->close_by);
		for (size_t k = 0; k < l->nrungs; k++)
			printf("; +%lld s %s", (long long)l->rungs[k].after_s,
			       label_key(c, "role", l->rungs[k].role).s);
		printf("\n");
	}
}

static void show(struct cli *c, const struct profile *p)
{
	const struct profile_rule_set *r = &p->lists.rule_set;
	struct tally t = tally(p);

	if (r->id.n)
		cli_say(c, "适用：%s（%s，%s）", "rules that apply: %s (%s, %s)",
		        cli_tr(c, r->why.zh.s, r->why.en.s), r->why.source.s,
		        label_sure(c, r->why.sure));
	cli_say(c, "条目 %zu，待确认 %zu", "%zu rows, %zu UNCONFIRMED", t.rows, t.unconfirmed);
	show_sessions(c, p);
	show_numbers(c, p);
	show_decisions(c, p);
	show_lists(c, p);
	show_ladders(c, p);
}

static enum rc show_run(struct cli *c)
{
	struct rules_adoption r;
	struct json *document;
	struct profile p;
	struct str bytes;
	int64_t at_ms, since_ms;

	TRY(cli_open(c, false));
	TRY(cli_time(c, "at", INT64_MAX, &at_ms));
	TRY(find_rules(c, at_ms, &r, &since_ms));
	TRY(blob_get(&c->op, &c->office.store, r.what.profile, &bytes));
	TRY(profile_read(&c->op, &c->arena, bytes, &p));
	TRY(json_read(&c->op, bytes, &document));
	c->result = json_new_object(&c->arena);
	json_set_int(&c->arena, c->result, "adopted", r.index);
	json_set_str(&c->arena, c->result, "digest", r.what.profile);
	json_put(c->result, "profile", document);
	json_set_str(&c->arena, c->result, "rules", r.what.rules);
	json_set_str(&c->arena, c->result, "since", cli_time_json(c, since_ms));
	if (c->json)
		return RC_OK;
	cli_say(c, "考试配置 %s（%s），自 %s 起生效（第 %lld 条），校验值 %s",
	        "profile %s (%s), in force since %s (entry %lld), digest %s", p.id.s,
	        cli_tr(c, p.zh.s, p.en.s), cli_time_text(c, since_ms).s, (long long)r.index,
	        r.what.profile.s);
	show(c, &p);
	return RC_OK;
}

static const struct cli_flag SHOW_FLAGS[] = {
	{"at", "TIME", "那一刻生效的（默认最新）", "what was in force at that time (default: newest)",
	 false},
};

const struct cli_verb cli_profile_verbs[] = {
	{"profile", "check", "FILE", 1, 1, .run = check_run,
	 .zh = "核对考试配置文件，一次列出全部错误", .en = "check a profile; every fault is listed at once"},
	{"profile", "show", "", 0, 0, CLI_FLAGS(SHOW_FLAGS), .run = show_run,
	 .zh = "从台账读回某一刻生效的考试配置及其依据",
	 .en = "read back from the ledger what applied at a moment, and why"},
};
const size_t cli_nprofile_verbs = COUNT(cli_profile_verbs);
