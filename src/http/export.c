/* SPDX-License-Identifier: Apache-2.0 */
/* export.c -- POST /api/v1/export/VIEW: a view as a spreadsheet, in words; the rows that the caller
 * may see and the query's filters let through, all of them or none.
 *
 * It records something, so it is no GET: neither a link, nor a page of another site, nor a browser
 * that reads ahead, nor a terminal's reading that is sent again makes one.
 *
 * What leaves the office leaves a trace: before the file is handed out the ledger has who took
 * which rows of what, and the file's hash (vault.exported).  Without the trace there is no file.
 */
#include "http/route.h"

#include "base/hash.h"
#include "base/limits.h"
#include "engine/rebuild.h"
#include "engine/writer.h"
#include "http/api_private.h"
#include "http/problem.h"
#include "http/view_narrow.h"
#include "sheet/view_book.h"

#define CITE "个人信息保护法 Art.51、54 PI-2"
#define XLSX "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"

struct exporting {
	const struct api_host *host;
	struct exchange *x;
	struct sight sight;
	struct filter filter;
	struct str origin;
	bool en;
	enum rc rc;
	struct err err;
	struct str bytes;
	struct str asked;     /* the query, as it was sent */
	int64_t rows;
	char under[LIMIT_PLACE]; /* where all of them lie; 0 rows: not known yet */
	size_t nunder;
};

/* What this place and those before have in common. */
static void narrow(struct exporting *q, struct str place)
{
	size_t n = 0, whole = 0;

	if (!q->rows) {
		q->nunder = place.n < sizeof(q->under) ? place.n : 0;
		memcpy(q->under, place.s, q->nunder);
		return;
	}
	while (n < q->nunder && n < place.n && q->under[n] == place.s[n]) {
		if (q->under[n] == '/')
			whole = n;
		n++;
	}
	if ((n == q->nunder || q->under[n] == '/') && (n == place.n || place.s[n] == '/'))
		whole = n;
	q->nunder = whole;
}

static bool keep(void *ctx, struct op *op, const struct rows *r)
{
	struct exporting *q = ctx;

	if (!filter_fits(&q->filter, op, r) || !sight_covers(op, &q->sight, r))
		return false;
	narrow(q, q->sight.place_at < 0 ? STR("") : rows_str(r, q->sight.place_at));
	q->rows++;
	return true;
}

static struct json *note_of(struct op *op, const struct exporting *q, struct str bytes)
{
	struct hash h = hash_sha256(bytes.s, bytes.n);
	struct json *o = json_new_object(op->arena);
	char *key = (char *)(uintptr_t)str_copy(op->arena, str_of(q->sight.view->path)).s;

	for (char *c = key; *c; c++)
		*c = *c == '/' ? '.' : *c;
	json_set_str(op->arena, o, "place", str_dup(op->arena, q->under, q->nunder));
	json_set_str(op->arena, o, "view", str_of(key));
	json_set_str(op->arena, o, "asked", q->asked);
	json_set_int(op->arena, o, "rows", q->rows);
	json_set_str(op->arena, o, "hash", hash_hex(op->arena, &h));
	return o;
}

/* Recorded, and on disk, when it returns. */
static enum rc leave_trace(struct op *op, const struct exporting *q, struct str bytes)
{
	const struct api_host *h = q->host;
	const struct command *c = modules_command(op->run->modules, STR("vault.note_export"));
	struct beside beside[LIMIT_PERSONAL];
	struct request r = {.command = str_of(c->name), .actor = q->sight.who, .exam = h->exam,
	                    .source = SOURCE_OFFICE, .beside = beside};
	struct answer a = {.index = -1};
	struct json *data;

	r.key = uuid_v7(op->arena, op->random, op->now_ms);
	TRY(field_intake(op, c->fields, c->nfields, note_of(op, q, bytes), h->person, &data, beside,
	                 &r.nbeside));
	r.data = data;
	if (h->give(h->ctx, &r, &a, 1) != RC_OK)
		return fail(op, RC_BUSY, "", CITE, "系统繁忙，导出未能留痕，不给出文件：请稍后重试",
		            "busy: the export could not be recorded, so there is no file; try again later");
	op->err = a.err;
	return a.rc;
}

static enum rc make(struct op *op, struct exporting *q)
{
	struct writer *w = op->run->writer;
	struct wording *words = ARENA_NEW(op->arena, struct wording);
	struct view_book how = {.view = q->sight.view, .wording = words, .drill = w->drill,
	                        .origin = q->origin,
	                        .most = LIMIT_EXPORT_ROWS, .keep = keep, .ctx = q};
	struct narrow some;
	struct str bytes;
	int64_t at = 0;
	bool exact;

	TRY(view_narrow(op, &q->filter, q->sight.who, &some, &exact)); /* `keep` looks at each again */
	how.some = &some;
	TRY(projection_at(op, op->db, &at)); /* what is recorded meanwhile may be in it as well */
	how.size = (uint64_t)at;
	*words = (struct wording){.op = op, .keep = op->arena, .modules = op->run->modules,
	                          .profile = op->run->profile, .vault = &w->vault, .en = q->en,
	                          .offset_min = op->run->profile->utc_offset_min};
	TRY(view_book(op, &how, &bytes));
	TRY(leave_trace(op, q, bytes));
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

static void put_asked(void *ctx, struct str name, struct str value)
{
	struct strbuf *b = ctx;

	if (str_is(name, "lang"))
		return; /* how it is said, not what */
	strbuf_addf(b, "%s" STR_FMT "=" STR_FMT, b->n ? " " : "", STR_ARG(name), STR_ARG(value));
}

/* The query as people read it. */
static struct str asked_of(struct exchange *x)
{
	struct strbuf b;

	strbuf_init(&b, exchange_arena(x));
	exchange_queries(x, put_asked, &b);
	return b.n ? strbuf_str(&b) : STR("");
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
	*q = (struct exporting){.host = h, .x = x, .asked = asked_of(x), .origin = h->origin,
	                        .en = exchange_wants_english(x)};
	filter_read(x, v, &q->filter);
	if (!api_filter_stands(h, x, &q->filter))
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
	{"since", "query", "cursor", false, "首个时间栏不早于（RFC 3339）",
	 "the first time of a row is not before this (RFC 3339)"},
	{"before", "query", "cursor", false, "首个时间栏早于（RFC 3339）", "and before this"},
	{"q", "query", "cursor", false, "某一栏含有（编号或其文字；人员为完整工号）",
	 "some column holds it, as a code or in words; a person by the whole staff code"},
};
static const struct route_answer BOOK[] = {
	{200, XLSX, NULL, "XLSX 表格", "the spreadsheet"},
};
static const int PROBLEMS[] = {400, 401, 404, 422, 500, 503, 0};

const struct route EXPORT_ROUTES[] = {
	{"POST", "/api/v1/export/{view}", ROUTE_CALLER, .handle = export, PARAMS(ASKS), ANSWERS(BOOK),
	 .problems = PROBLEMS, .asks_columns = true, .zh = "导出为 XLSX（文字标签）",
	 .en = "a view as XLSX, in words"},
};
const size_t EXPORT_NROUTES = COUNT(EXPORT_ROUTES);
