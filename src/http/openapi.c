/* SPDX-License-Identifier: Apache-2.0 */
/* openapi.c -- see openapi.h. */
#include "http/openapi.h"

#include "engine/modules_private.h"
#include "http/openapi_parts.h"
#include "http/problem.h"
#include "http/route.h"
#include "net/refusal.h"

#define JSON "application/json"

struct writing {
	struct arena *a;
	const struct modules *m;
	struct json *paths, *schemas;
};

static struct json *text_value(struct arena *a, const char *s)
{
	struct json *v = ARENA_NEW(a, struct json);

	*v = (struct json){.type = JSON_STR, .s = str_of(s)};
	return v;
}

static struct json *member(struct arena *a, struct json *o, const char *key)
{
	struct json *v = (struct json *)(uintptr_t)json_get(o, key);

	return v ? v : json_put(o, key, json_new_object(a));
}

static void describe(const struct writing *w, struct json *o, const char *zh, const char *en)
{
	json_set_str(w->a, o, "description", str_fmt(w->a, "%s (%s)", zh, en));
}

/* {"application/json":{"schema":…}} */
static void put_content(const struct writing *w, struct json *o, const char *type,
                        struct json *schema)
{
	struct json *content = member(w->a, o, "content"), *media = json_new_object(w->a);

	if (!schema) {
		schema = json_new_object(w->a);
		json_set_str(w->a, schema, "type", STR("string"));
	}
	json_put(media, "schema", schema);
	json_put(content, type, media);
}

static struct json *response_ref(const struct writing *w, struct str name)
{
	struct json *o = json_new_object(w->a);

	json_set_str(w->a, o, "$ref", str_fmt(w->a, "#/components/responses/%s", name.s));
	return o;
}

/* `schema`: of the JSON answers of this path alone; NULL: the route's. */
static struct json *responses(const struct writing *w, const struct route *r, const char *schema)
{
	struct json *o = json_new_object(w->a);

	for (size_t i = 0; i < r->nanswers; i++) {
		const struct route_answer *x = &r->answers[i];
		const char *name = x->schema ? x->schema : schema;
		struct json *one = json_new_object(w->a);

		describe(w, one, x->zh, x->en);
		if (x->type)
			put_content(w, one, x->type, name ? schema_ref(w->a, name) : NULL);
		json_put(o, str_fmt(w->a, "%d", x->status).s, one);
	}
	for (const int *p = r->problems; p && *p; p++)
		json_put(o, str_fmt(w->a, "%d", *p).s, response_ref(w, str_fmt(w->a, "%d", *p)));
	json_put(o, "default", response_ref(w, STR("refused")));
	return o;
}

static void put_params(const struct writing *w, struct json *o, const struct route *r)
{
	struct json *list = json_new_array(w->a);

	for (size_t i = 0; i < r->nparams; i++) {
		struct json *p = json_new_object(w->a);

		describe(w, p, r->params[i].zh, r->params[i].en);
		json_set_str(w->a, p, "in", str_of(r->params[i].in));
		json_set_str(w->a, p, "name", str_of(r->params[i].name));
		json_set_bool(w->a, p, "required", r->params[i].required);
		json_put(p, "schema", schema_ref(w->a, r->params[i].schema));
		json_append(list, p);
	}
	if (list->count)
		json_put(o, "parameters", list);
}

static void put_body(const struct writing *w, struct json *o, struct json *schema)
{
	struct json *body = json_new_object(w->a);

	json_set_bool(w->a, body, "required", true);
	put_content(w, body, JSON, schema);
	json_put(o, "requestBody", body);
}

/* A file as it is. */
static void put_files(const struct writing *w, struct json *o, const char *const *types)
{
	struct json *body = json_new_object(w->a), *content = json_new_object(w->a);

	for (; *types; types++) {
		struct json *one = json_new_object(w->a), *schema = json_new_object(w->a);

		json_set_str(w->a, schema, "format", STR("binary"));
		json_set_str(w->a, schema, "type", STR("string"));
		json_put(one, "schema", schema);
		json_put(content, *types, one);
	}
	json_put(body, "content", content);
	json_set_bool(w->a, body, "required", true);
	json_put(o, "requestBody", body);
}

/* Whoever comes without a token may: security [] overrides the document's. */
static struct json *operation(const struct writing *w, const struct route *r, struct str id,
                              const char *zh, const char *en)
{
	struct json *o = json_new_object(w->a);

	json_set_str(w->a, o, "operationId", id);
	json_set_str(w->a, o, "summary", str_fmt(w->a, "%s (%s)", zh, en));
	put_params(w, o, r);
	if (r->body)
		put_body(w, o, schema_ref(w->a, r->body));
	if (r->files)
		put_files(w, o, r->files);
	if (r->who == ROUTE_OPEN)
		json_put(o, "security", json_new_array(w->a));
	return o;
}

static void put_path(const struct writing *w, const struct route *r, struct str path,
                     struct json *operation)
{
	struct str method = str_dup(w->a, r->method, strlen(r->method));

	for (char *c = (char *)(uintptr_t)method.s; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	json_put(member(w->a, w->paths, path.s), method.s, operation);
}

static void add_one(const struct writing *w, const struct route *r)
{
	struct str id = str_fmt(w->a, "%s%s", r->method, r->path);
	struct json *o;

	for (char *c = (char *)(uintptr_t)id.s; *c; c++)
		*c = *c == '/' ? '.' : *c;
	o = operation(w, r, id, r->zh, r->en);
	json_put(o, "responses", responses(w, r, NULL));
	put_path(w, r, str_of(r->path), o);
}

static const char *kind_text(enum command_kind k)
{
	static const char *const TEXT[] = {"fact", "order", "guarded"};

	return TEXT[k];
}

static void put_names(struct arena *a, struct json *list, const char *const *names)
{
	for (const char *const *n = names; *n; n++)
		json_set_str(a, list, NULL, str_of(*n));
}

/* Who may, and who signs (no roles: anybody registered): what the server asks before the rule. */
static void put_authority(const struct writing *w, struct json *o, const struct command *c)
{
	static const char *const LEVEL[] = {"any", "province", "city", "county", "site", "room"};
	struct json *roles = json_new_array(w->a), *slots = json_new_array(w->a), *x;

	for (size_t i = 0; i < c->nallow; i++) {
		x = json_new_object(w->a);
		json_set_str(w->a, x, "level", str_of(LEVEL[c->allow[i].level]));
		json_set_str(w->a, x, "role", str_of(c->allow[i].role));
		json_append(roles, x);
	}
	json_put(o, "x-roles", roles);
	for (size_t i = 0; i < c->nslots; i++) {
		const struct slot *s = &c->slots[i];

		x = json_new_object(w->a);
		json_set_int(w->a, x, "count", s->count);
		json_set_str(w->a, x, "en", str_of(s->en));
		json_set_str(w->a, x, "name", str_of(s->name));
		json_set_bool(w->a, x, "optional", s->optional);
		if (s->roles)
			put_names(w->a, json_put(x, "roles", json_new_array(w->a)), s->roles);
		json_set_str(w->a, x, "zh", str_of(s->zh));
		json_append(slots, x);
	}
	if (slots->count)
		json_put(o, "x-slots", slots);
	if (c->cites)
		json_set_str(w->a, o, "x-article", str_of(c->cites));
	json_set_str(w->a, o, "x-kind", str_of(kind_text(c->kind)));
}

/* The envelope and the command's own data, and nothing else. */
static struct json *act_schema(const struct writing *w, const char *data)
{
	struct json *o = json_new_object(w->a), *all = json_new_array(w->a);
	struct json *members = json_new_object(w->a), *required = json_new_array(w->a);

	json_append(all, schema_ref(w->a, "envelope"));
	json_put(o, "allOf", all);
	json_put(members, "data", schema_ref(w->a, data));
	json_put(o, "properties", members);
	json_append(required, text_value(w->a, "data"));
	json_put(o, "required", required);
	json_set_bool(w->a, o, "unevaluatedProperties", false);
	return o;
}

static void add_commands(const struct writing *w, const struct route *r)
{
	size_t head = (size_t)(strchr(r->path, '{') - r->path);

	for (size_t i = 0; i < w->m->index->nall; i++)
		for (size_t k = 0; k < w->m->index->all[i]->ncommands; k++) {
			const struct command *c = &w->m->index->all[i]->commands[k];
			struct str name = str_fmt(w->a, "command.%s", c->name);
			struct json *o = operation(w, r, str_of(c->name), c->zh, c->en);

			json_put(w->schemas, name.s, schema_fields(w->a, c->fields, c->nfields, false));
			put_body(w, o, act_schema(w, name.s));
			json_put(o, "responses", responses(w, r, NULL));
			put_authority(w, o, c);
			put_path(w, r, str_fmt(w->a, "%.*s%s", (int)head, r->path, c->name), o);
		}
}

#define PAGE_SCHEMA \
	"{\"additionalProperties\":false,\"properties\":{\"items\":{\"type\":\"array\"},\"next\":{" \
	"\"type\":[\"string\",\"null\"]},\"size\":{\"$ref\":\"#/components/schemas/index\"}," \
	"\"total\":{\"$ref\":\"#/components/schemas/index\"}}," \
	"\"required\":[\"items\",\"next\",\"size\"],\"type\":\"object\"}"

/* {"items":[…],"next":…,"size":…} */
static struct json *page_schema(const struct writing *w, const struct view *v)
{
	struct op op = {.arena = w->a};
	struct json *o = NULL, *items;

	if (json_read(&op, STR(PAGE_SCHEMA), &o) != RC_OK)
		abort(); /* our own constant */
	items = (struct json *)(uintptr_t)json_get(json_get(o, "properties"), "items");
	json_put(items, "items", schema_row(w->a, v));
	return o;
}

static void add_views(const struct writing *w, const struct route *r)
{
	size_t head = (size_t)(strchr(r->path, '{') - r->path);

	for (size_t i = 0; i < w->m->index->nall; i++)
		for (size_t k = 0; k < w->m->index->all[i]->nviews; k++) {
			const struct view *v = &w->m->index->all[i]->views[k];
			struct str id = str_fmt(w->a, "view.%s", v->path);
			struct json *o, *roles = json_new_array(w->a);

			for (char *c = (char *)(uintptr_t)id.s; *c; c++)
				*c = *c == '/' ? '.' : *c;
			o = operation(w, r, id, v->zh, v->en);
			json_put(w->schemas, id.s, page_schema(w, v));
			json_put(o, "responses", responses(w, r, id.s));
			for (const char *const *role = v->roles; role && *role; role++)
				json_append(roles, text_value(w->a, *role));
			json_put(o, "x-roles", roles);
			put_path(w, r, str_fmt(w->a, "%.*s%s", (int)head, r->path, v->path), o);
		}
}

/* {"item":{…},"size":…} */
static struct json *one_schema(const struct writing *w, const struct view *v)
{
	struct op op = {.arena = w->a};
	struct json *o = NULL;

	if (json_read(&op, STR("{\"additionalProperties\":false,\"properties\":{\"size\":{\"$ref\":"
	                       "\"#/components/schemas/index\"}},\"required\":[\"item\",\"size\"],"
	                       "\"type\":\"object\"}"), &o) != RC_OK)
		abort(); /* our own constant */
	json_put((struct json *)(uintptr_t)json_get(o, "properties"), "item", schema_row(w->a, v));
	return o;
}

static const struct route_param ONE_KEY[] = {
	{"key", "path", "cursor", true, "编号", "its number"},
	{"min_index", "query", "index", false, "等到查询已含此序号的记录",
	 "waits until the views have seen this entry"},
};

/* One row of each view that finds it by its number. */
static void add_ones(const struct writing *w, const struct route *r)
{
	size_t head = (size_t)(strchr(r->path, '{') - r->path);
	struct route one = *r;

	one.params = ONE_KEY;
	one.nparams = COUNT(ONE_KEY);
	for (size_t i = 0; i < w->m->index->nall; i++)
		for (size_t k = 0; k < w->m->index->all[i]->nviews; k++) {
			const struct view *v = &w->m->index->all[i]->views[k];
			struct str id = str_fmt(w->a, "one.%s", v->path);
			struct json *o, *roles = json_new_array(w->a);

			if (!v->one)
				continue;
			for (char *c = (char *)(uintptr_t)id.s; *c; c++)
				*c = *c == '/' ? '.' : *c;
			o = operation(w, &one, id, v->zh, v->en);
			json_put(w->schemas, id.s, one_schema(w, v));
			json_put(o, "responses", responses(w, &one, id.s));
			for (const char *const *role = v->roles; role && *role; role++)
				json_append(roles, text_value(w->a, *role));
			json_put(o, "x-roles", roles);
			put_path(w, &one, str_fmt(w->a, "%.*s%s/{key}", (int)head, r->path, v->path), o);
		}
}

static void add_paths(const struct writing *w)
{
	for (size_t i = 0; i < NROUTES; i++)
		for (size_t k = 0; k < *ROUTES[i].n; k++) {
			const struct route *r = &ROUTES[i].list[k];

			switch (r->kind) {
			case ROUTE_ONE:
				add_one(w, r);
				break;
			case ROUTE_COMMANDS:
				add_commands(w, r);
				break;
			case ROUTE_VIEWS:
				add_views(w, r);
				add_ones(w, r);
				break;
			case ROUTE_PAGE:
				break;
			}
		}
}

/* What stands in an entry's "data": for who reads entries or the stream. */
static void add_events(const struct writing *w)
{
	for (size_t i = 0; i < w->m->index->nall; i++)
		for (size_t k = 0; k < w->m->index->all[i]->nevents; k++) {
			const struct event_type *t = &w->m->index->all[i]->events[k];
			struct json *o = schema_fields(w->a, t->fields, t->nfields, true);

			describe(w, o, t->zh, t->en);
			json_put(w->schemas, str_fmt(w->a, "event.%s.v%d", t->name, t->version).s, o);
		}
}

/* Problems, once for all paths; the last is what the network's own layer says. */
static struct json *problems(const struct writing *w)
{
	struct json *o = json_new_object(w->a), *refused = json_new_object(w->a);
	int status;

	describe(w, refused, "未及受理：请求不成形或超出限度", "not read: malformed, or over a limit");
	put_content(w, refused, "application/problem+json", schema_ref(w->a, "refusal"));
	json_put(o, "refused", refused);

	for (size_t i = 0; (status = problem_status(i)) != 0; i++) {
		struct json *one = json_new_object(w->a);

		describe(w, one, status_title(status, false), status_title(status, true));
		put_content(w, one, "application/problem+json", schema_ref(w->a, "problem"));
		json_put(o, str_fmt(w->a, "%d", status).s, one);
	}
	return o;
}

static struct json *read_constant(const struct writing *w, const char *text)
{
	struct op op = {.arena = w->a};
	struct json *o = NULL;

	if (json_read(&op, str_of(text), &o) != RC_OK)
		abort(); /* our own constant; a test reads the document */
	return o;
}

struct json *openapi_document(struct arena *a, const struct modules *m)
{
	struct json *o = json_new_object(a), *components = json_new_object(a);
	struct writing w = {a, m, json_new_object(a), json_new_object(a)};

	add_paths(&w);
	add_events(&w);
	schemas_common(a, w.schemas);
	json_put(components, "responses", problems(&w));
	json_put(components, "schemas", w.schemas);
	json_put(components, "securitySchemes", read_constant(&w,
		"{\"bearer\":{\"scheme\":\"bearer\",\"type\":\"http\"},\"cookie\":{\"in\":\"cookie\","
		"\"name\":\"gongyuan\",\"type\":\"apiKey\"}}"));
	json_put(o, "components", components);
	json_put(o, "info", read_constant(&w,
		"{\"title\":\"贡院 Gongyuan\",\"version\":\"1\",\"license\":{\"name\":\"Apache-2.0\","
		"\"identifier\":\"Apache-2.0\"},\"description\":\"招生考试安全综合管理平台。命令以 "
		"Idempotency-Key 去重；查询按登录人的职权范围过滤；问题按 RFC 9457。 (Acts are taken once for "
		"a key; views show what the caller's grants cover; problems are RFC 9457.)\"}"));
	json_set_str(a, o, "openapi", STR("3.1.0"));
	json_put(o, "paths", w.paths);
	json_put(o, "security", read_constant(&w, "[{\"bearer\":[]},{\"cookie\":[]}]"));
	json_put(o, "servers", read_constant(&w, "[{\"url\":\"/\"}]"));
	return o;
}

/* Byte order, as json_canonical writes. */
static int by_key(const void *x, const void *y)
{
	const struct json *const *a = x, *const *b = y;

	return str_cmp((*a)->key, (*b)->key);
}

/* Members of the upper three levels each on a line of their own. */
static void write_lines(struct strbuf *b, const struct json *o, int depth)
{
	const struct json **list;
	size_t i = 0;

	if (o->type != JSON_OBJECT || depth == 0 || !o->count) {
		json_canonical_to(b, o);
		return;
	}
	list = arena_array(b->arena, o->count, sizeof(*list));
	for (const struct json *m = o->first; m; m = m->next)
		list[i++] = m;
	qsort(list, o->count, sizeof(*list), by_key);
	strbuf_addz(b, "{");
	for (i = 0; i < o->count; i++) {
		strbuf_addz(b, i ? ",\n" : "\n");
		json_quote_to(b, list[i]->key);
		strbuf_addz(b, ": ");
		write_lines(b, list[i], depth - 1);
	}
	strbuf_addz(b, "\n}");
}

struct str openapi_text(struct arena *a, const struct json *document)
{
	struct strbuf b;

	strbuf_init(&b, a);
	write_lines(&b, document, 3);
	strbuf_addc(&b, '\n');
	return strbuf_str(&b);
}
