/* SPDX-License-Identifier: Apache-2.0 */
/* contract.c -- see contract.h. */
#include "kit/check.h"

#include "db/store.h"
#include "http/contract.h"
#include "http/schema.h"

enum { VISITED_MAX = 2048 };

static struct {
	struct arena arena, scratch; /* the document's; of one reply */
	struct json *doc;
	const struct json *visited[VISITED_MAX]; /* operations */
	size_t nvisited;
} C;

static const struct json *document(void)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct op op = {.arena = &C.arena};
	struct str text;

	if (C.doc)
		return C.doc;
	assert_ok(file_read(&op, str_fmt(&C.arena, "%s/docs/openapi.json", root ? root : "."), 8 << 20,
	                    &text));
	assert_ok(json_read(&op, text, &C.doc));
	return C.doc;
}

static const struct json *get_n(const struct json *o, const char *s, size_t n)
{
	for (const struct json *m = o ? o->first : NULL; m; m = m->next)
		if (m->key.n == n && memcmp(m->key.s, s, n) == 0)
			return m;
	return NULL;
}

/* The path itself, or else the one whose beginning, as far as its first brace, it has. */
static const struct json *path_find(const struct json *paths, const char *s, size_t n)
{
	const struct json *exact = get_n(paths, s, n);

	for (const struct json *m = paths->first; m && !exact; m = m->next) {
		size_t head = strcspn(m->key.s, "{");

		if (head < m->key.n && head < n && memcmp(m->key.s, s, head) == 0)
			return m;
	}
	return exact;
}

static struct str lower(struct arena *a, const char *s)
{
	struct str copy = str_dup(a, s, strlen(s));

	for (char *c = (char *)(uintptr_t)copy.s; *c; c++)
		*c = (char)(*c >= 'A' && *c <= 'Z' ? *c - 'A' + 'a' : *c);
	return copy;
}

static void visit(const struct json *operation)
{
	for (size_t i = 0; i < C.nvisited; i++)
		if (C.visited[i] == operation)
			return;
	assert_true(C.nvisited < VISITED_MAX);
	C.visited[C.nvisited++] = operation;
}

static bool was_visited(const struct json *operation)
{
	for (size_t i = 0; i < C.nvisited; i++)
		if (C.visited[i] == operation)
			return true;
	return false;
}

static bool broken(struct str *ret, const char *what, struct str detail)
{
	*ret = str_fmt(&C.scratch, "%s " STR_FMT, what, STR_ARG(detail));
	return false;
}

/* "application/json; charset=…" -> "application/json"; {"",0}: no such header. */
static struct str content_type(struct str head)
{
	const char *at = strcasestr(head.s, "\r\ncontent-type:");

	if (!at)
		return (struct str){"", 0};
	at += strlen("\r\ncontent-type:");
	at += strspn(at, " ");
	return (struct str){at, strcspn(at, ";\r")};
}

/* Of what is not in the document: nobody may get more than a refusal. */
static bool outside(const char *method, const struct json *item, int status, struct str head,
                    struct str *ret)
{
	if (!item) {
		if (status == 404 || status == 401 || status == 405)
			return true;
		return broken(ret, "the document has no path; status", str_fmt(&C.scratch, "%d", status));
	}
	if (strcmp(method, "OPTIONS") == 0 ? status != 204 : status != 405)
		return broken(ret, "the document has no method", str_of(method));
	return strcasestr(head.s, "\r\nallow: ") != NULL || broken(ret, "no Allow for", str_of(method));
}

static bool body_holds(const struct json *response, bool empty, struct str head, struct str body,
                       struct str *ret)
{
	const struct json *content = json_get(response, "content"), *media, *schema;
	struct str type = content_type(head);
	struct op op = {.arena = &C.scratch};
	struct strbuf why;
	struct json *v;

	if (!content || empty)
		return body.n == 0 || broken(ret, "there is a body:", body);
	media = get_n(content, type.s, type.n);
	if (!media)
		return broken(ret, "not this type of content:", type);
	if (!str_ends(type, STR("json")))
		return true; /* text */
	schema = json_get(media, "schema");
	strbuf_init(&why, &C.scratch);
	if (json_read(&op, body, &v) != RC_OK)
		return broken(ret, "no JSON:", str_of(op.err.en));
	return schema_fits(document(), schema, v, &why) || broken(ret, "body", strbuf_str(&why));
}

/* Of the network's own layer, which any path may get. */
static bool is_refusal(int status, struct str body)
{
	return status >= 400 && body.s && strstr(body.s, "\"urn:gongyuan:problem:http\"");
}

bool contract_holds(const char *method, const char *path, int status, struct str head,
                    struct str body, struct str *ret_why)
{
	const struct json *paths = json_get(document(), "paths"), *item, *operation, *response;
	bool is_head = strcmp(method, "HEAD") == 0;
	char code[16];

	arena_reset(&C.scratch);
	item = path_find(paths, path, strcspn(path, "?"));
	if (!item && strncmp(path, "/api/", 5) != 0)
		return true;
	operation = item ? json_get(item, is_head ? "get" : lower(&C.scratch, method).s) : NULL;
	if (!operation)
		return outside(method, item, status, head, ret_why);
	visit(operation);
	(void)snprintf(code, sizeof(code), "%d", status);
	response = json_get(json_get(operation, "responses"),
	                    is_refusal(status, body) ? "default" : code);
	if (response && json_get(response, "$ref"))
		response = schema_pointer(document(), json_str(response, "$ref"));
	if (!response)
		return broken(ret_why, "this status is not promised:", str_of(code));
	return body_holds(response, is_head, head, body, ret_why);
}

size_t contract_unvisited(const char *prefix, struct strbuf *to)
{
	const struct json *paths = json_get(document(), "paths");
	size_t n = 0;

	for (const struct json *p = paths->first; p; p = p->next)
		for (const struct json *o = p->first; o; o = o->next) {
			if (!str_starts(p->key, str_of(prefix)) || was_visited(o))
				continue;
			strbuf_addf(to, STR_FMT " " STR_FMT "\n", STR_ARG(o->key), STR_ARG(p->key));
			n++;
		}
	return n;
}

bool contract_fits(const char *schema, struct str text, struct str *ret_why)
{
	const struct json *s = json_get(json_get(json_get(document(), "components"), "schemas"),
	                                schema);
	struct op op = {.arena = &C.arena};
	struct strbuf why;
	struct json *v;
	bool good;

	assert_non_null(s);
	assert_ok(json_read(&op, text, &v));
	strbuf_init(&why, &C.arena);
	good = schema_fits(document(), s, v, &why);
	*ret_why = strbuf_str(&why);
	return good;
}
