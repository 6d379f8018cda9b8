/* SPDX-License-Identifier: Apache-2.0 */
/* rulebook.c -- `gongyuan describe rules [MODULE] [--rule ID]`: every command, expectation, alarm
 * and law with its article, who has it and what to do, and the windows and numbers of the profile
 * in use; of one rule of the rule book (docs/rule-book.md), what carries it.
 *
 * Text and JSON come from one document, in table order.
 */
#include "base/limits.h"
#include "cli/labels.h"
#include "cli/out.h"
#include "engine/alarm.h"
#include "engine/modules_private.h"

static const char *kind_text(enum command_kind k)
{
	switch (k) {
	case FACT:
		return "fact";
	case ORDER:
		return "order";
	case GUARDED:
		return "guarded";
	}
	return "?";
}

/* What a rule is made of; NULL: it has none. */
struct rule_row {
	const char *module, *what, *id, *cites, *zh, *en, *owner, *next_zh, *next_en, *window;
};

static struct json *put(struct cli *c, struct json *o, const char *key, const char *v)
{
	if (v)
		json_set_str(&c->arena, o, key, str_of(v));
	return o;
}

static struct json *add(struct cli *c, struct json *array, const struct rule_row *r)
{
	struct json *o = json_new_object(&c->arena);

	put(c, o, "article", r->cites ? r->cites : "");
	put(c, o, "en", r->en);
	put(c, o, "id", r->id);
	put(c, o, "module", r->module);
	put(c, o, "next_en", r->next_en);
	put(c, o, "next_zh", r->next_zh);
	put(c, o, "owner", r->owner);
	put(c, o, "what", r->what);
	put(c, o, "window", r->window);
	put(c, o, "zh", r->zh);
	json_put(array, NULL, o);
	return o;
}

/* The numbers behind a rule: its window and where that comes from. */
static void put_step(struct cli *c, struct json *o, const struct profile_step *s)
{
	if (!s)
		return;
	json_set_str(&c->arena, o, "limit", label_window(c, s));
	json_set_str(&c->arena, o, "source", label_source(c, s->source, s->article));
	json_set_str(&c->arena, o, "sure", s->sure);
}

static void add_commands(struct cli *c, struct json *array, const struct module *m)
{
	for (size_t i = 0; i < m->ncommands; i++) {
		const struct command *x = &m->commands[i];
		struct json *slots = json_new_array(&c->arena), *roles = json_new_array(&c->arena);
		struct json *o = add(c, array, &(struct rule_row){
			.module = m->name, .what = kind_text(x->kind), .id = x->name, .cites = x->cites,
			.zh = x->zh, .en = x->en, .owner = x->allow[0].role});

		for (size_t k = 0; k < x->nallow; k++) {
			struct json *role = json_new_object(&c->arena);

			json_put(roles, NULL, put(c, role, "role", x->allow[k].role));
		}
		json_put(o, "roles", roles);
		for (size_t k = 0; k < x->nslots; k++) {
			struct json *s = json_new_object(&c->arena);

			json_set_int(&c->arena, s, "count", x->slots[k].count);
			put(c, s, "en", x->slots[k].en);
			put(c, s, "name", x->slots[k].name);
			put(c, s, "zh", x->slots[k].zh);
			json_put(slots, NULL, s);
		}
		json_put(o, "signed_by", slots);
	}
}

static void add_module(struct cli *c, struct json *array, const struct module *m,
                       const struct profile *p)
{
	add_commands(c, array, m);
	for (size_t i = 0; i < m->nexpectations; i++) {
		const struct expectation_rule *x = &m->expectations[i];
		struct json *o = add(c, array, &(struct rule_row){
			.module = m->name, .what = "expectation", .id = x->id, .cites = x->cites, .zh = x->zh,
			.en = x->en, .owner = x->owner, .window = x->window});

		put(c, o, "early", x->early);
		put(c, o, "late", x->late);
		put(c, o, "missing", x->missing);
		put_step(c, o, p ? profile_step(p, str_of(x->window)) : NULL);
	}
	for (size_t i = 0; i < m->nalarms; i++) {
		const struct alarm_rule *x = &m->alarms[i];
		int colour = p ? profile_colour(p, x->id, (int)x->colour) : (int)x->colour;

		add(c, array, &(struct rule_row){
			.module = m->name, .what = colour_text(colour), .id = x->id, .cites = x->cites,
			.zh = x->zh, .en = x->en, .owner = x->owner, .next_zh = x->next_zh,
			.next_en = x->next_en});
	}
	for (size_t i = 0; i < m->nlaws; i++)
		add(c, array, &(struct rule_row){
			.module = m->name, .what = "law", .id = m->laws[i].id, .cites = m->laws[i].cites,
			.zh = m->laws[i].zh, .en = m->laws[i].en});
}

/* Windows and numbers of the profile: "custody.patrol" belongs to custody. */
static void add_numbers(struct cli *c, struct json *array, struct str module,
                        const struct profile *p)
{
	struct str prefix = module.n ? str_fmt(&c->arena, STR_FMT ".", STR_ARG(module)) : STR("");

	for (size_t i = 0; i < p->nsteps; i++) {
		const struct profile_step *s = &p->steps[i];

		if (!str_starts(s->id, prefix))
			continue;
		put_step(c, add(c, array, &(struct rule_row){
			.module = "profile", .what = "window", .id = s->id.s, .cites = s->article.s,
			.zh = s->zh.s, .en = s->en.s}), s);
	}
	for (size_t i = 0; i < p->nsettings; i++) {
		const struct profile_setting *s = &p->settings[i];
		struct json *o;

		if (!str_starts(s->id, prefix))
			continue;
		o = add(c, array, &(struct rule_row){
			.module = "profile", .what = "number", .id = s->id.s, .cites = s->article.s,
			.zh = s->zh.s, .en = s->en.s});
		json_set_str(&c->arena, o, "limit",
		             str_fmt(&c->arena, "%lld", (long long)s->value));
		json_set_str(&c->arena, o, "source", label_source(c, s->source, s->article));
		json_set_str(&c->arena, o, "sure", s->sure);
	}
}

/* The profile named, or that of the data folder; *ret_found false: neither. */
static enum rc find_profile(struct cli *c, struct profile *ret, bool *ret_found)
{
	struct str file = cli_value(c, "profile");
	struct str bytes;

	if (!file.n) {
		file = str_fmt(&c->arena, "%s/profile.json", c->data.n ? c->data.s : "data");
		*ret_found = file_exists(file);
		if (!*ret_found)
			return RC_OK;
	}
	*ret_found = true;
	TRY(file_read(&c->op, file, LIMIT_BLOB, &bytes));
	return profile_read(&c->op, &c->arena, bytes, ret);
}

static struct str article_of(struct cli *c, const struct json *r)
{
	struct str source = json_str(r, "source"), article = json_str(r, "article");

	if (!source.n)
		return article.n ? article : STR("—");
	source = str_fmt(&c->arena, "%s【%s】", source.s, label_sure(c, json_str(r, "sure")));
	if (!article.n || str_is(json_str(r, "module"), "profile"))
		return source;
	return str_fmt(&c->arena, "%s; %s", article.s, source.s);
}

static struct str what_label(struct cli *c, struct str what)
{
	static const struct {
		const char *what, *zh;
	} WORDS[] = {
		{"fact", "登记"}, {"order", "指令"}, {"guarded", "指令(拒绝留痕)"},
		{"expectation", "应办事项"}, {"law", "对账"}, {"window", "时限"}, {"number", "参数"},
		{"blue", "告警·蓝"}, {"yellow", "告警·黄"}, {"orange", "告警·橙"}, {"red", "告警·红"},
	};

	for (size_t i = 0; i < COUNT(WORDS); i++)
		if (c->lang != CLI_EN && str_is(what, WORDS[i].what))
			return str_of(WORDS[i].zh);
	return what;
}

/* What must be done, by when, and what to do when it was not. */
static struct str detail(struct cli *c, const struct json *r)
{
	struct str next = json_str(r, c->lang == CLI_EN ? "next_en" : "next_zh");
	struct str limit = json_str(r, "limit");

	if (next.n)
		return str_fmt(&c->arena, "→ %s", next.s);
	if (limit.n)
		return limit;
	return json_str(r, "window");
}

/* All who may give a command; of the rest who has it, and who has it at a county and a city. */
static struct str owners(struct cli *c, const struct json *r)
{
	static const struct {
		const char *place, *zh, *en;
	} LEVELS[] = {{"a/b/c", "县级：", "of a county: "}, {"a/b", "市级：", "of a city: "}};
	const struct json *roles = json_get(r, "roles");
	struct str owner = json_str(r, "owner"), at;
	struct strbuf b;

	strbuf_init(&b, &c->arena);
	if (!roles)
		strbuf_adds(&b, label_key(c, "role", owner));
	for (const struct json *x = roles ? roles->first : NULL; x; x = x->next) {
		strbuf_addz(&b, x == roles->first ? "" : cli_tr(c, "、", ", "));
		strbuf_adds(&b, label_key(c, "role", json_str(x, "role")));
	}
	for (size_t i = 0; !roles && i < COUNT(LEVELS); i++) {
		at = modules_owner(&c->modules, owner, str_of(LEVELS[i].place));
		if (!str_eq(at, json_str(r, "owner")))
			strbuf_addf(&b, cli_tr(c, "，%s%s", "; %s%s"), cli_tr(c, LEVELS[i].zh, LEVELS[i].en),
			            label_key(c, "role", at).s);
	}
	return strbuf_str(&b);
}

/* One rule, three lines: a table of them would be wider than any screen or sheet of paper. */
static void print_one(struct cli *c, const struct json *r)
{
	struct str id = json_str(r, "id"), what = what_label(c, json_str(r, "what"));
	struct str words = json_str(r, c->lang == CLI_EN ? "en" : "zh"), more = detail(c, r);
	struct str owner = json_str(r, "owner"), article = article_of(c, r);

	printf(STR_FMT "  [" STR_FMT "]  " STR_FMT "\n", STR_ARG(id), STR_ARG(what), STR_ARG(words));
	if (more.n)
		printf("    " STR_FMT "\n", STR_ARG(more));
	printf("    ");
	if (owner.n)
		printf("%s%s  ", cli_tr(c, "责任：", "owner: "), owners(c, r).s);
	printf("%s" STR_FMT "\n", cli_tr(c, "依据：", "article: "), STR_ARG(article));
}

static void print(struct cli *c, const struct json *array)
{
	for (const struct json *r = array->first; r; r = r->next)
		print_one(c, r);
}

/* Does the text name the rule?  ROOM-1 is not in "ROOM-10", T-5 not in "T-50", T not in "T-10". */
static bool names_rule(struct str text, struct str rule)
{
	static const char WORD[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+-./";
	const char *at = text.s;

	for (; text.n && (at = strstr(at, rule.s)) != NULL; at++)
		if ((at == text.s || !strchr(WORD, at[-1])) &&
		    (!at[rule.n] || !strchr(WORD, at[rule.n])))
			return true;
	return false;
}

/* What carries a rule: it stands in the article or in the source, or is the row's own name. */
static struct json *carriers(struct cli *c, const struct json *array, struct str rule)
{
	struct json *kept = json_new_array(&c->arena), *next;

	for (struct json *r = array->first; r; r = next) {
		next = r->next;
		r->next = NULL;
		if (str_eq(json_str(r, "id"), rule) || names_rule(json_str(r, "article"), rule) ||
		    names_rule(json_str(r, "source"), rule))
			json_put(kept, NULL, r);
	}
	return kept;
}

static enum rc only_rule(struct cli *c, struct str rule, struct json **io_array)
{
	if (!rule.n)
		return RC_OK;
	*io_array = carriers(c, *io_array, rule);
	if ((*io_array)->count)
		return RC_OK;
	return fail(&c->op, RC_NOT_FOUND, "rule", "", "没有条目引用 %s（见 docs/rule-book.md）",
	            "nothing cites %s (see docs/rule-book.md)", rule.s);
}

enum rc cli_rulebook(struct cli *c)
{
	struct str only = c->nwords > 1 ? c->words[1] : STR("");
	struct json *array = json_new_array(&c->arena);
	struct profile p;
	bool has = false;
	size_t n;
	const struct module *const *m = cli_modules(c, &n);

	TRY(find_profile(c, &p, &has));
	for (size_t i = 0; i < n; i++)
		if (!only.n || str_is(only, m[i]->name) || (m[i]->group && str_is(only, m[i]->group)))
			add_module(c, array, m[i], has ? &p : NULL);
	if (!array->count && only.n)
		return fail(&c->op, RC_NOT_FOUND, "MODULE", "", "没有模块 %s", "there is no module %s",
		            only.s);
	if (has)
		add_numbers(c, array, only, &p);
	TRY(only_rule(c, cli_value(c, "rule"), &array));
	json_put(c->result, "rules", array);
	if (!c->json)
		print(c, array);
	return RC_OK;
}
