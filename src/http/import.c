/* SPDX-License-Identifier: Apache-2.0 */
/* import.c -- POST /api/v1/import/KIND: an office's file as rows of acts, as `gongyuan import` has
 * it; GET /api/v1/import/KIND/template.xlsx: an empty one.
 *
 * A row is an act of the caller's, so every row is under the authority of its command.  With
 * dry_run nothing is recorded; without it a bad row anywhere means the same, unless skip_bad says
 * that the good ones go in.  The same file sent again finds its rows recorded.
 */
#include "http/route.h"

#include "base/limits.h"
#include "engine/writer.h"
#include "http/problem.h"
#include "sheet/import.h"

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct importing {
	const struct api_host *host;
	struct exchange *x;
	struct str kind, sheet;
	struct person_id who;
	bool en, dry, skip_bad;
	enum rc rc;
	struct err err;
	struct str body;
};

static enum rc give(void *ctx, const struct request *q, struct answer *ret, size_t n)
{
	const struct importing *x = ctx;
	enum rc rc = x->host->give(x->host->ctx, q, ret, n);

	if (rc == RC_BUSY)
		(void)err_set(&ret->err, GY_WHERE, RC_BUSY, "", "",
		              "系统繁忙，请稍后再导入同一文件：已登记的行不会重复",
		              "busy: import the same file again later; rows that are recorded count once");
	return rc;
}

static enum rc refuse_rows(struct op *op)
{
	return fail(op, RC_DENIED, "", "", "这些行都不在授权范围内",
	            "none of these rows is under your grants");
}

static enum rc take(struct op *op, struct importing *x, struct import *im)
{
	TRY(import_open(im));
	TRY(import_check_rows(im));
	if (im->nerrors && im->denied == im->nerrors && !im->good)
		return refuse_rows(op);
	if (!x->dry && (x->skip_bad || im->good == im->rows))
		TRY(import_send(im));
	x->body = str_copy(exchange_arena(x->x), json_canonical(op->arena, import_json(im, !x->dry)));
	return RC_OK;
}

static enum rc run(struct op *op, struct importing *x)
{
	struct import *im = ARENA_NEW(op->arena, struct import);
	enum rc rc;

	*im = (struct import){.keep = op, .modules = op->run->modules,
	                      .kind = import_kind_find(x->kind), .bytes = exchange_body(x->x),
	                      .sheet = x->sheet, .en = x->en,
	                      .offset_min = op->run->profile->utc_offset_min,
	                      .base = {.actor = x->who, .exam = x->host->exam,
	                               .source = SOURCE_OFFICE},
	                      .w = op->run->writer, .give = give, .ctx = x};
	import_columns(im);
	rc = take(op, x, im);
	import_release(im);
	return rc;
}

/* On a thread that only does such. */
static void job(void *ctx, struct op *op)
{
	struct importing *x = ctx;

	x->rc = run(op, x);
	x->err = op->err;
	exchange_done(x->x);
}

static void finish(void *ctx, struct exchange *ex)
{
	struct importing *x = ctx;
	struct reply r = {.status = 200, .type = "application/json", .body = x->body};

	if (x->rc == RC_OK)
		exchange_answer(ex, &r);
	else
		problem_answer(ex, &x->err, -1);
}

static void hand_on(struct importing *x, void (*run_it)(void *ctx, struct op *op),
                    server_handle *answer)
{
	exchange_wait(x->x, answer, x);
	if (x->host->read_long(x->host->ctx, run_it, x) == RC_OK)
		return;
	x->rc = err_set(&x->err, GY_WHERE, RC_BUSY, "", "", "导入导出过多，请稍后重试",
	                "too many imports and exports; try again later");
	exchange_done(x->x);
}

static bool flag(const struct exchange *x, const char *name)
{
	struct str v = exchange_query(x, name);

	return v.s && !str_is(v, "0") && !str_is(v, "false");
}

static void no_kind(struct exchange *x)
{
	problem_say(x, 404, "没有这一类导入", "there is no such kind of import");
}

static void import(const struct asked *a, struct exchange *ex)
{
	const struct api_host *h = a->router->api;
	struct importing *x;

	if (!import_kind_find(a->rest)) {
		no_kind(ex);
		return;
	}
	x = ARENA_NEW(exchange_arena(ex), struct importing);
	*x = (struct importing){.host = h, .x = ex, .kind = a->rest, .who = a->who.person,
	                        .sheet = exchange_query(ex, "sheet"),
	                        .en = exchange_wants_english(ex), .dry = flag(ex, "dry_run"),
	                        .skip_bad = flag(ex, "skip_bad")};
	hand_on(x, job, finish);
}

static enum rc make_template(struct op *op, struct importing *x)
{
	struct import im = {.keep = op, .modules = op->run->modules, .en = x->en,
	                    .kind = import_kind_find(x->kind)};
	struct str bytes;

	import_columns(&im);
	TRY(import_template(&im, &bytes));
	x->body = str_copy(exchange_arena(x->x), bytes);
	return RC_OK;
}

static void template_job(void *ctx, struct op *op)
{
	struct importing *x = ctx;

	x->rc = make_template(op, x);
	x->err = op->err;
	exchange_done(x->x);
}

static void template_finish(void *ctx, struct exchange *ex)
{
	struct importing *x = ctx;
	struct reply r = {.status = 200, .type = XLSX, .body = x->body};

	if (x->rc != RC_OK) {
		problem_answer(ex, &x->err, -1);
		return;
	}
	r.head[r.nhead++] = (struct answer_head){
		"Content-Disposition", str_fmt(exchange_arena(ex), "attachment; filename=\"%s.xlsx\"",
	                                   import_kind_find(x->kind)->kind)};
	exchange_answer(ex, &r);
}

static void template(const struct asked *a, struct exchange *ex)
{
	const struct str end = STR("/template.xlsx");
	struct str kind = {a->rest.s, a->rest.n > end.n ? a->rest.n - end.n : 0};
	struct importing *x;

	if (!import_kind_find(kind) || !str_ends(a->rest, end)) {
		no_kind(ex);
		return;
	}
	x = ARENA_NEW(exchange_arena(ex), struct importing);
	*x = (struct importing){.host = a->router->api, .x = ex, .kind = kind,
	                        .en = exchange_wants_english(ex)};
	hand_on(x, template_job, template_finish);
}

static const char *const FILES[] = {XLSX, "text/csv", "application/octet-stream", NULL};
static const struct route_param ASKS[] = {
	{"kind", "path", "cursor", true,
     "哪一类：places、units、people、grants、candidates、rooms、arrangement、"
     "roster",
     "which: places, units, people, grants, candidates, rooms, arrangement, roster"},
	{"dry_run", "query", "cursor", false, "1：只检查，不登记", "1: only check"},
	{"skip_bad", "query", "cursor", false, "1：有误的行除外，其余登记",
     "1: record all but the bad rows"},
	{"sheet", "query", "cursor", false, "XLSX 的工作表，默认第一个可见的",
     "the sheet of an XLSX; the first in sight when not said"},
};
static const struct route_param WHICH[] = {
	{"kind", "path", "cursor", true, "KIND/template.xlsx", "KIND/template.xlsx"},
};
static const struct route_answer RESULT[] = {
	{200, "application/json", "imported", "检查和登记的结果，逐行列出问题",
     "what is wrong, row by row"},
};
static const struct route_answer EMPTY[] = {
	{200, XLSX, NULL, "空白表：表头、样例、下拉列表、填写说明", "head, example, lists, notes"},
};
static const int PROBLEMS[] = {400, 401, 403, 404, 413, 422, 500, 503, 0};
static const int TEMPLATE_PROBLEMS[] = {400, 401, 404, 500, 503, 0};

const struct route IMPORT_ROUTES[] = {
	{"POST", "/api/v1/import/{kind}", ROUTE_CALLER, .handle = import, .files = FILES,
     .body_most = LIMIT_IMPORT, PARAMS(ASKS), ANSWERS(RESULT), .problems = PROBLEMS,
     .zh = "导入 XLSX 或 CSV 文件（正文即文件）",
     .en = "imports the XLSX or CSV file that is the body"},
	{"GET", "/api/v1/import/{kind}", ROUTE_CALLER, .handle = template, PARAMS(WHICH),
     ANSWERS(EMPTY), .problems = TEMPLATE_PROBLEMS, .zh = "导入用的空白表",
     .en = "an empty spreadsheet to fill in"},
};
const size_t IMPORT_NROUTES = COUNT(IMPORT_ROUTES);
