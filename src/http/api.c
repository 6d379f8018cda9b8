/* SPDX-License-Identifier: Apache-2.0 */
/* api.c -- which path is whose; see api.h. */
#include "http/api_private.h"

#include "http/problem.h"

#define API "/api/v1/"

static void health(const struct api_host *h, struct exchange *x)
{
	struct arena *a = exchange_arena(x);
	struct json *o = json_new_object(a);
	struct reply r = {.status = 200, .type = "application/json"};

	json_set_bool(a, o, "ok", true);
	json_set_str(a, o, "origin", h->origin);
	json_set_int(a, o, "size", (int64_t)h->size(h->ctx));
	r.body = json_canonical(a, o);
	exchange_answer(x, &r);
}

static void metrics(const struct api_host *h, struct exchange *x)
{
	struct reply r = {.status = 200, .type = "text/plain; version=0.0.4"};
	struct strbuf b;

	strbuf_init(&b, exchange_arena(x));
	h->metrics(h->ctx, &b);
	r.body = strbuf_str(&b);
	exchange_answer(x, &r);
}

static bool is_get(const struct exchange *x)
{
	struct str m = exchange_method(x);

	return str_is(m, "GET") || str_is(m, "HEAD");
}

static void wrong_method(struct exchange *x)
{
	problem_say(x, 405, "此路径不支持该方法", "this path does not take that method");
}

static void route(const struct api_host *h, struct exchange *x, struct str rest)
{
	static const struct str COMMANDS = {"commands/", sizeof("commands/") - 1};
	struct caller who;
	struct err why = {0};

	if (h->who(h->ctx, x, &who, &why) != RC_OK || !who.person.v) {
		problem_say(x, 401, why.zh[0] ? why.zh : "请先登录", why.en[0] ? why.en : "log in first");
		return;
	}
	if (str_starts(rest, COMMANDS)) {
		rest = (struct str){rest.s + COMMANDS.n, rest.n - COMMANDS.n};
		if (str_is(exchange_method(x), "POST"))
			api_command(h, x, &who, rest);
		else
			wrong_method(x);
	} else if (str_is(rest, "batch")) {
		if (str_is(exchange_method(x), "POST"))
			api_batch(h, x, &who);
		else
			wrong_method(x);
	} else if (is_get(x)) {
		api_view(h, x, &who, rest);
	} else {
		wrong_method(x);
	}
}

bool api_handle(const struct api_host *h, struct exchange *x)
{
	struct str path = exchange_path(x);

	if (str_is(path, "/healthz") || str_is(path, "/metrics")) {
		if (!is_get(x))
			wrong_method(x);
		else if (str_is(path, "/healthz"))
			health(h, x);
		else
			metrics(h, x);
		return true;
	}
	if (!str_starts(path, STR(API)))
		return false;
	route(h, x, (struct str){path.s + sizeof(API) - 1, path.n - (sizeof(API) - 1)});
	return true;
}
