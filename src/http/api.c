/* SPDX-License-Identifier: Apache-2.0 */
/* api.c -- the routes of /api/v1 and of machines that watch; see api.h. */
#include "http/api_private.h"

#include "http/problem.h"
#include "http/route.h"

static void health(const struct asked *q, struct exchange *x)
{
	const struct api_host *h = q->router->api;
	struct arena *a = exchange_arena(x);
	struct json *o = json_new_object(a);
	struct reply r = {.status = 200, .type = "application/json"};

	json_set_bool(a, o, "ok", true);
	json_set_str(a, o, "origin", h->origin);
	json_set_int(a, o, "size", (int64_t)h->size(h->ctx));
	r.body = json_canonical(a, o);
	exchange_answer(x, &r);
}

static void metrics(const struct asked *q, struct exchange *x)
{
	const struct api_host *h = q->router->api;
	struct reply r = {.status = 200, .type = "text/plain; version=0.0.4"};
	struct strbuf b;

	strbuf_init(&b, exchange_arena(x));
	h->metrics(h->ctx, &b);
	r.body = strbuf_str(&b);
	exchange_answer(x, &r);
}

static void describe(const struct asked *q, struct exchange *x)
{
	struct reply r = {.status = 200, .type = "application/json", .body = q->router->openapi,
	                  .kept = true};

	exchange_answer(x, &r);
}

static void command(const struct asked *q, struct exchange *x)
{
	api_command(q->router->api, x, &q->who, q->rest);
}

static void batch(const struct asked *q, struct exchange *x)
{
	api_batch(q->router->api, x, &q->who);
}

static void view(const struct asked *q, struct exchange *x)
{
	api_view(q->router->api, x, &q->who, q->rest);
}

static const struct route_answer HEALTH[] = {
	{200, "application/json", "health", "服务正常", "it serves"},
};
static const struct route_answer METRICS[] = {
	{200, "text/plain", NULL, "Prometheus 指标", "metrics for Prometheus"},
};
static const struct route_answer DESCRIBED[] = {
	{200, "application/json", "document", "本文件", "this document"},
};
static const struct route_answer RECEIPTS[] = {
	{200, "application/json", "receipt", "已受理（落盘）", "recorded, durable"},
	{202, "application/json", "receipt", "已登记，尚待签名", "begun: signatures are awaited"},
};
static const struct route_answer ANSWERS_OF[] = {
	{200, "application/json", "answers", "每条命令各自的结果，按序", "each act's own answer, in order"},
};
static const struct route_answer PAGE_OF[] = {
	{200, "application/json", NULL, "一页", "a page"},
};
static const struct route_param KEY[] = {
	{"Idempotency-Key", "header", "uuid", true, "幂等键：重发同一命令用同一键",
	 "the same act sent again has the same key"},
};
static const struct route_param PAGES[] = {
	{"limit", "query", "limit", false, "每页行数，默认 200", "rows of a page, 200 when not said"},
	{"after", "query", "cursor", false, "上一页的 next", "`next` of the page before"},
	{"min_index", "query", "index", false, "等到查询已含此序号的记录",
	 "waits until the views have seen this entry"},
	{"total", "query", "cursor", false, "写 1：并答总行数 total", "1: answers the number of all rows too"},
	{"place", "query", "cursor", false, "只看此地点及其下属（视图有地点栏时）",
	 "what lies at this place and below, in views with a place"},
	{"since", "query", "cursor", false, "首个时间栏不早于（RFC 3339）",
	 "the first time of a row is not before this (RFC 3339)"},
	{"before", "query", "cursor", false, "首个时间栏早于（RFC 3339）", "and before this"},
	{"q", "query", "cursor", false, "某一文字栏含此文字", "some column of text holds this"},
};
static const int ACT_PROBLEMS[] = {400, 401, 403, 404, 409, 413, 422, 500, 503, 0};
static const int BATCH_PROBLEMS[] = {400, 401, 413, 422, 500, 503, 0};
static const int VIEW_PROBLEMS[] = {400, 401, 404, 409, 500, 503, 0};

const struct route API_ROUTES[] = {
	{"GET", "/healthz", ROUTE_OPEN, .handle = health, ANSWERS(HEALTH), .zh = "是否在服务",
	 .en = "does it serve"},
	{"GET", "/metrics", ROUTE_OPEN, .handle = metrics, ANSWERS(METRICS), .zh = "监控指标",
	 .en = "metrics"},
	{"GET", "/api/v1/openapi.json", ROUTE_OPEN, .handle = describe, ANSWERS(DESCRIBED),
	 .zh = "接口说明", .en = "this description"},
	{"POST", "/api/v1/commands/{command}", ROUTE_CALLER, ROUTE_COMMANDS, command,
	 PARAMS(KEY), ANSWERS(RECEIPTS), .problems = ACT_PROBLEMS, .zh = "命令", .en = "a command"},
	{"POST", "/api/v1/batch", ROUTE_CALLER, .handle = batch, .body = "batch", ANSWERS(ANSWERS_OF),
	 .problems = BATCH_PROBLEMS, .zh = "断网期间积存的命令，按序补报",
	 .en = "acts of a terminal that was offline, in their order"},
	{"GET", "/api/v1/{view}", ROUTE_CALLER, ROUTE_VIEWS, view, PARAMS(PAGES), ANSWERS(PAGE_OF),
	 .problems = VIEW_PROBLEMS, .zh = "查询", .en = "a view"},
};
const size_t API_NROUTES = COUNT(API_ROUTES);
