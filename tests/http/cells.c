/* SPDX-License-Identifier: Apache-2.0 */
/* cells.c -- see cells.h. */
#include "kit/check.h"

#include "http/cells.h"

static const char COMMANDS[] = "/api/v1/commands/";

/* What stands for the braces of a path: things that are there, in the demonstration's half day. */
static const struct {
	const char *name, *value;
} PARTS[] = {
	{"{code}", "GK3274298"}, {"{day}", "2025-06-07"}, {"{file}", "x.json"},
	{"{form}", "zero-report"}, {"{half}", "am"}, {"{index}", "300"}, {"{key}", "GK3274298"},
	{"{digest}", "0000000000000000000000000000000000000000000000000000000000000000"},
	{"{kind}", "candidates"}, {"{leaf}", "00"}, {"{path}", "entries/000"},
	{"{view}", "custody/bags.csv"},
};

static const char *filled(struct arena *a, struct str path)
{
	struct strbuf b;

	strbuf_init(&b, a);
	while (path.n) {
		size_t i = 0, n = 1;

		while (i < COUNT(PARTS) && !str_starts(path, str_of(PARTS[i].name)))
			i++;
		if (i < COUNT(PARTS)) {
			n = strlen(PARTS[i].name);
			strbuf_addz(&b, PARTS[i].value);
		} else {
			assert_true(path.s[0] != '{');
			strbuf_addc(&b, path.s[0]);
		}
		path = (struct str){path.s + n, path.n - n};
	}
	return strbuf_str(&b).s;
}

/* By hand: who makes another path open says so here too. */
static const char *const OPEN[] = {
	"post /api/v1/acts", "post /api/v1/badges", "post /api/v1/links", "delete /api/v1/login",
	"post /api/v1/login", "get /api/v1/login/challenge", "get /api/v1/openapi.json",
	"get /api/v1/receipts/{index}/{leaf}", "get /api/v1/terminal", "get /checkpoint",
	"get /healthz", "get /metrics", "get /vkey",
};

/* A drill's director has a token of its own kind, and elsewhere there is no stage: test_drill.c. */
static const char STAGE[] = "/api/v1/stage/";

static bool asks_who(struct arena *a, const struct json *path, const struct json *operation)
{
	const struct json *security = json_get(operation, "security");
	struct str name = str_fmt(a, "%s %s", operation->key.s, path->key.s);
	bool open = security && !security->count, known = false;

	for (size_t i = 0; i < COUNT(OPEN); i++)
		known = known || str_is(name, OPEN[i]);
	if (open != known)
		fail_msg("%s is %s", name.s, open ? "open to anybody" : "no longer open");
	return !open && !str_starts(path->key, str_of(STAGE));
}

static struct cell cell_of(struct arena *a, struct str path, const struct json *operation,
                           const char *place)
{
	const struct json *types = json_get(json_get(operation, "requestBody"), "content");
	struct str id = json_str(operation, "operationId");
	struct cell c = {.path = filled(a, path)};
	bool files = types && !json_get(types, "application/json");

	c.method = str_is(operation->key, "post") ? "POST" :
	           str_is(operation->key, "delete") ? "DELETE" : "GET";
	c.view = str_starts(id, STR("view."));
	c.stream = str_is(path, "/api/v1/events");
	if (types)
		c.body = str_is(path, "/api/v1/batch") ? "[{}]" : "{}";
	if (files)
		c.type = "text/csv";
	if (str_starts(path, str_of(COMMANDS))) {
		c.command = c.path + strlen(COMMANDS);
		c.body = str_fmt(a, "{\"data\":{\"place\":\"%s\"}}", place).s;
	}
	return c;
}

size_t cells_read(struct serving *s, const char *place, struct cell *ret)
{
	const struct json *path, *operation;
	struct heard h;
	size_t n = 0;

	ask(s, "GET", "/api/v1/openapi.json", NULL, &h);
	assert_heard(&h, 200);
	for (path = json_get(h.doc, "paths")->first; path; path = path->next)
		for (operation = path->first; operation; operation = operation->next)
			if (asks_who(&s->sh->arena, path, operation)) {
				assert_true(n < CELLS_MOST);
				ret[n++] = cell_of(&s->sh->arena, path->key, operation, place);
			}
	return n;
}

void cell_ask(struct serving *s, const struct cell *c, const char *query, struct heard *ret)
{
	const char *path = str_fmt(&s->sh->arena, "%s%s", c->path, query).s;

	if (c->command)
		command(s, c->command, c->body, ret);
	else if (c->type)
		ask_typed(s, c->type, path, c->body, ret);
	else
		ask(s, c->method, path, c->body, ret);
}
