/* SPDX-License-Identifier: Apache-2.0 */
/* describe.c -- the catalogue out of the tables: events, the role matrix, the rule book.
 *
 * Text and JSON come from one document, in table order, so that a build can compare either with
 * a committed copy (docs/openapi.json is one).
 */
#include "cli/out.h"
#include "cli/rows.h"
#include "http/openapi.h"

static struct json *put_z(struct cli *c, struct json *o, const char *key, const char *v)
{
	if (v)
		json_set_str(&c->arena, o, key, str_of(v));
	return o;
}

static struct json *fields_json(struct cli *c, const struct field *f, size_t n)
{
	struct json *array = json_new_array(&c->arena);

	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(&c->arena);

		put_z(c, o, "en", f[i].en);
		if (f[i].type == F_LIST)
			json_put(o, "fields", fields_json(c, f[i].list_of, f[i].list_n));
		put_z(c, o, "name", f[i].name);
		json_set_bool(&c->arena, o, "optional", f[i].optional);
		json_set_bool(&c->arena, o, "personal", f[i].personal);
		put_z(c, o, "type", field_type_text(f[i].type));
		put_z(c, o, "zh", f[i].zh);
		json_put(array, NULL, o);
	}
	return array;
}

static struct json *event_json(struct cli *c, const struct module *m, const struct event_type *t)
{
	struct json *o = json_new_object(&c->arena), *postings = json_new_array(&c->arena);

	put_z(c, o, "en", t->en);
	json_put(o, "fields", fields_json(c, t->fields, t->nfields));
	put_z(c, o, "module", m->name);
	put_z(c, o, "name", t->name);
	for (size_t i = 0; i < t->npostings; i++) {
		const struct posting *p = &t->postings[i];
		struct json *row = json_new_object(&c->arena);

		put_z(c, row, "asset", p->asset);
		put_z(c, row, "from", p->from);
		put_z(c, row, "list", p->list);
		put_z(c, row, "qty", p->qty);
		put_z(c, row, "to", p->to);
		json_put(postings, NULL, row);
	}
	json_put(o, "postings", postings);
	json_set_int(&c->arena, o, "v", t->version);
	put_z(c, o, "zh", t->zh);
	return o;
}

static void fields_print(struct cli *c, const struct json *fields, const char *indent)
{
	struct grid g;

	grid_init(&g, &c->arena, 5);
	for (const struct json *f = fields->first; f; f = f->next) {
		grid_addz(&g, indent);
		grid_add(&g, json_str(f, "name"));
		grid_add(&g, json_str(f, "type"));
		grid_add(&g, json_str(f, c->lang == CLI_EN ? "en" : "zh"));
		grid_addz(&g, json_bool(f, "personal", false)   ? cli_tr(c, "个人信息", "personal")
		              : json_bool(f, "optional", false) ? cli_tr(c, "可缺", "optional")
		                                                : "");
	}
	grid_print(&g, stdout);
}

static void events_print(struct cli *c, const struct json *events)
{
	for (const struct json *e = events->first; e; e = e->next) {
		printf("%s v%lld  %s\n", json_str(e, "name").s, (long long)json_int(e, "v", 0),
		       json_str(e, c->lang == CLI_EN ? "en" : "zh").s);
		fields_print(c, json_get(e, "fields"), "   ");
		for (const struct json *p = json_get(e, "postings")->first; p; p = p->next)
			printf("    %s %s -> %s: %s %s\n", cli_tr(c, "记账", "posts"), json_str(p, "from").s,
			       json_str(p, "to").s, json_str(p, "qty").s, json_str(p, "asset").s);
	}
}

static enum rc events(struct cli *c)
{
	struct json *array = json_new_array(&c->arena);
	size_t n;
	const struct module *const *m = cli_modules(c, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t k = 0; k < m[i]->nevents; k++)
			json_put(array, NULL, event_json(c, m[i], &m[i]->events[k]));
	json_put(c->result, "events", array);
	if (!c->json)
		events_print(c, array);
	return RC_OK;
}

static const char *level_text(enum level l)
{
	switch (l) {
	case LEVEL_ANY:
		return "any";
	case LEVEL_PROVINCE:
		return "province";
	case LEVEL_CITY:
		return "city";
	case LEVEL_COUNTY:
		return "county";
	case LEVEL_SITE:
		return "site";
	case LEVEL_ROOM:
		return "room";
	}
	return "?";
}

/* One row for each cell that allows; everything else is denied. */
static enum rc roles(struct cli *c)
{
	struct json *array = json_new_array(&c->arena);
	const struct command *cmd;

	if (!c->json)
		printf("command,role,level\n");
	for (size_t i = 0; (cmd = cli_command_at(c, i)); i++)
		for (size_t k = 0; k < cmd->nallow; k++) {
			struct json *o = json_new_object(&c->arena);

			put_z(c, o, "command", cmd->name);
			put_z(c, o, "level", level_text(cmd->allow[k].level));
			put_z(c, o, "role", cmd->allow[k].role);
			json_put(array, NULL, o);
			if (!c->json)
				printf("%s,%s,%s\n", cmd->name, cmd->allow[k].role,
				       level_text(cmd->allow[k].level));
		}
	json_put(c->result, "roles", array);
	return RC_OK;
}

static enum rc openapi(struct cli *c)
{
	c->result = openapi_document(&c->arena, &c->modules);
	if (!c->json)
		printf("%s", openapi_text(&c->arena, c->result).s);
	return RC_OK;
}

static enum rc describe_run(struct cli *c)
{
	struct str what = c->words[0];

	c->result = json_new_object(&c->arena);
	if (str_is(what, "events"))
		return events(c);
	if (str_is(what, "roles"))
		return roles(c);
	if (str_is(what, "rules"))
		return cli_rulebook(c);
	if (str_is(what, "openapi"))
		return openapi(c);
	return fail(&c->op, RC_INVALID, "describe", "",
	            "describe 后面是 events、roles、rules 或 openapi，不是 %s",
	            "describe takes events, roles, rules or openapi, not %s", what.s);
}

static const struct cli_flag FLAGS[] = {
	{"profile", "FILE", "规则的时限和参数取自此考试配置（默认取自数据文件夹）",
	 "windows and numbers of the rules come from this profile (default: the data folder's)",
	 false},
	{"rule", "ID", "只列引用这一条的条目，如 ROOM-10", "only what cites this rule, such as ROOM-10", false},
};

const struct cli_verb cli_describe_verbs[] = {
	{"describe", "", "events|roles|rules|openapi [MODULE]", 1, 2, CLI_FLAGS(FLAGS),
	 .run = describe_run,
	 .zh = "事件目录、角色权限表、规则依据", .en = "the catalogue of events, roles, rules"},
};
const size_t cli_ndescribe_verbs = COUNT(cli_describe_verbs);
