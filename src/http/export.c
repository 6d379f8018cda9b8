/* SPDX-License-Identifier: Apache-2.0 */
/* export.c -- GET /api/v1/export/VIEW: a view as a spreadsheet, in words; the rows that the caller
 * may see and the query's filters let through, all of them or none.
 */
#include "http/route.h"

#include "base/limits.h"
#include "engine/rebuild.h"
#include "engine/writer.h"
#include "http/api_private.h"
#include "http/problem.h"
#include "sheet/view_book.h"

#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct exporting {
	struct exchange *x;
	struct sight sight;
	struct filter filter;
	struct str origin;
	bool en;
	enum rc rc;
	struct err err;
	struct str bytes;
};

static bool keep(void *ctx, struct op *op, const struct rows *r)
{
	struct exporting *q = ctx;

	return filter_fits(&q->filter, r) && sight_covers(op, &q->sight, r);
}

static enum rc make(struct op *op, struct exporting *q)
{
	struct writer *w = op->run->writer;
	struct wording *words = ARENA_NEW(op->arena, struct wording);
	struct view_book how = {.view = q->sight.view, .wording = words, .drill = w->drill,
	                        .origin = q->origin,
	                        .most = LIMIT_EXPORT_ROWS, .keep = keep, .ctx = q};
	struct str bytes;
	int64_t at = 0;

	TRY(projection_at(op, op->db, &at)); /* what is recorded meanwhile may be in it as well */
	how.size = (uint64_t)at;
	*words = (struct wording){.op = op, .keep = op->arena, .modules = op->run->modules,
	                          .profile = op->run->profile, .vault = &w->vault, .en = q->en,
	                          .offset_min = op->run->profile->utc_offset_min};
	TRY(view_book(op, &how, &bytes));
	q->bytes = str_copy(exchange_arena(q->x), bytes);
	return RC_OK;
}

/* On a thread that only does such. */
static void job(void *ctx, struct op *op)
{
	struct exporting *q = ctx;

	q->rc = make(op, q);
	q->err = op->err;
	exchange_done(q->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct exporting *q = ctx;
	struct reply r = {.status = 200, .type = XLSX, .body = q->bytes};
	struct strbuf name;

	if (q->rc != RC_OK) {
		problem_answer(x, &q->err, -1);
		return;
	}
	strbuf_init(&name, exchange_arena(x));
	strbuf_addf(&name, "attachment; filename=\"%s.xlsx\"", q->sight.view->path);
	for (size_t i = 0; i < name.n; i++)
		name.s[i] = name.s[i] == '/' ? '-' : name.s[i];
	r.head[r.nhead++] = (struct answer_head){"Content-Disposition", strbuf_str(&name)};
	exchange_answer(x, &r);
}

static void export(const struct asked *a, struct exchange *x)
{
	const struct api_host *h = a->router->api;
	const struct view *v = api_view_find(h->modules, a->rest);
	struct exporting *q;

	if (!v) {
		problem_say(x, 404, "没有这个视图", "there is no such view");
		return;
	}
	q = ARENA_NEW(exchange_arena(x), struct exporting);
	*q = (struct exporting){.x = x, .origin = h->origin, .en = exchange_wants_english(x)};
	filter_read(x, v, &q->filter);
	if (!api_filter_stands(x, &q->filter))
		return;
	q->sight = (struct sight){.view = v, .who = a->who.person, .place_at = q->filter.place_at};
	exchange_wait(x, finish, q);
	if (h->read_long(h->ctx, job, q) == RC_OK)
		return;
	q->rc = err_set(&q->err, GY_WHERE, RC_BUSY, "", "", "导入导出过多，请稍后重试",
	                "too many imports and exports; try again later");
	exchange_done(x);
}

static const struct route_param ASKS[] = {
	{"view", "path", "cursor", true, "视图，如 custody/bags", "which view, such as custody/bags"},
	{"place", "query", "cursor", false, "只要此地点及其下的行", "rows of this place and below"},
	{"q", "query", "cursor", false, "某一文字栏含有", "some column of text holds it"},
};
static const struct route_answer BOOK[] = {
	{200, XLSX, NULL, "XLSX 表格", "the spreadsheet"},
};
static const int PROBLEMS[] = {400, 401, 404, 422, 500, 503, 0};

const struct route EXPORT_ROUTES[] = {
	{"GET", "/api/v1/export/{view}", ROUTE_CALLER, .handle = export, PARAMS(ASKS), ANSWERS(BOOK),
	 .problems = PROBLEMS, .zh = "导出为 XLSX（文字标签）", .en = "a view as XLSX, in words"},
};
const size_t EXPORT_NROUTES = COUNT(EXPORT_ROUTES);
