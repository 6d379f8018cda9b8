/* SPDX-License-Identifier: Apache-2.0 */
/* view.c -- the modules' views as tables: `gongyuan view list`, `gongyuan view show PATH`.
 *
 * A view's rows are codes, numbers and times in milliseconds, as the projections hold them; no
 * personal text stands in one.  CSV and JSON give them so; a table says them in words, each column
 * by its type (engine/view.h), a page at a time.
 */
#include "base/csv.h"
#include "cli/labels.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "base/suggest.h"
#include "base/limits.h"
#include "sheet/view_book.h"

/* Rows of a page. */
enum { PAGE_ROWS = 200 };

static const struct view *view_find(const struct cli *c, struct str path)
{
	size_t n;
	const struct module *const *m = cli_modules(c, &n);

	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m[i]->nviews; j++)
			if (str_is(path, m[i]->views[j].path))
				return &m[i]->views[j];
	return NULL;
}

static enum rc view_unknown(struct cli *c, struct str path)
{
	size_t n;
	const struct module *const *m = cli_modules(c, &n);
	struct suggestion s;

	suggest_init(&s, path);
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m[i]->nviews; j++)
			suggest_try(&s, str_of(m[i]->views[j].path));
	if (s.best.n)
		return fail(&c->op, RC_NOT_FOUND, "PATH", "", "没有视图 %s，是不是 %s？",
		            "there is no view %s; did you mean %s?", path.s, s.best.s);
	return fail(&c->op, RC_NOT_FOUND, "PATH", "",
	            "没有视图 %s；用 gongyuan view list 查看全部",
	            "there is no view %s; gongyuan view list lists them", path.s);
}

static enum rc list_run(struct cli *c)
{
	size_t n;
	const struct module *const *m = cli_modules(c, &n);
	struct json *all = json_new_array(&c->arena);
	struct grid g;

	grid_init(&g, &c->arena, 2);
	grid_addz(&g, cli_tr(c, "视图", "view"));
	grid_addz(&g, cli_tr(c, "内容", "what it shows"));
	for (size_t i = 0; i < n; i++)
		for (size_t j = 0; j < m[i]->nviews; j++) {
			const struct view *v = &m[i]->views[j];
			struct json *o = json_new_object(&c->arena);

			grid_addz(&g, v->path);
			grid_addz(&g, cli_tr(c, v->zh, v->en));
			json_set_str(&c->arena, o, "en", str_of(v->en));
			json_set_str(&c->arena, o, "path", str_of(v->path));
			json_set_str(&c->arena, o, "zh", str_of(v->zh));
			json_put(all, NULL, o);
		}
	if (!c->json)
		grid_print(&g, stdout);
	c->result = json_new_object(&c->arena);
	json_put(c->result, "views", all);
	return RC_OK;
}

static struct str cell_text(struct arena *a, const struct rows *r, int col)
{
	if (rows_is_null(r, col))
		return STR("");
	if (rows_type(r, col) == SQL_INT)
		return str_fmt(a, "%lld", (long long)rows_int(r, col));
	return rows_dup(a, r, col);
}

/* Row by row: a province's seats are millions. */
static void print_csv(const struct view *v, struct rows *r)
{
	struct arena row = {0};
	struct strbuf b;

	strbuf_init(&b, &row);
	for (size_t i = 0; i < v->ncolumns; i++)
		csv_cell_to(&b, str_of(v->columns[i].name), i == 0);
	printf(STR_FMT "\n", STR_ARG(strbuf_str(&b)));
	while (rows_next(r)) {
		arena_reset(&row);
		strbuf_init(&b, &row);
		for (size_t i = 0; i < v->ncolumns; i++)
			csv_cell_to(&b, cell_text(&row, r, (int)i), i == 0);
		printf(STR_FMT "\n", STR_ARG(strbuf_str(&b)));
	}
	arena_release(&row);
}

static void put_row(struct cli *c, const struct view *v, const struct rows *r, struct json *all)
{
	struct json *o = json_new_object(&c->arena);

	for (size_t i = 0; i < v->ncolumns; i++)
		if (rows_type(r, (int)i) == SQL_INT)
			json_set_int(&c->arena, o, v->columns[i].name, rows_int(r, (int)i));
		else
			json_set_str(&c->arena, o, v->columns[i].name, cell_text(&c->arena, r, (int)i));
	json_put(all, NULL, o);
}

/* A page of it; what is left over is counted, and how to go on is said. */
static enum rc print_grid(struct cli *c, const struct view *v, struct rows *r)
{
	struct wording *w = cli_wording(c);
	int64_t skip, limit, n = 0;
	struct grid g;

	TRY(cli_int(c, "skip", 0, &skip));
	TRY(cli_int(c, "limit", PAGE_ROWS, &limit));
	if (skip < 0 || limit < 1)
		return fail(&c->op, RC_INVALID, skip < 0 ? "skip" : "limit", "",
		            "--skip 不小于 0，--limit 不小于 1", "--skip is 0 or more, --limit 1 or more");
	w->short_times = true;
	grid_init(&g, &c->arena, v->ncolumns);
	for (size_t i = 0; i < v->ncolumns; i++) {
		grid_addz(&g, cli_tr(c, v->columns[i].zh, v->columns[i].en));
		g.right[i] = v->columns[i].type == F_INT || v->columns[i].type == F_ID;
	}
	for (; rows_next(r); n++)
		for (size_t i = 0; i < v->ncolumns && skip <= n && n - skip < limit; i++)
			grid_add(&g, wording_cell(w, v, r, (int)i));
	if (n <= skip) {
		cli_say(c, "（无）", "(none)");
		return RC_OK;
	}
	grid_print(&g, stdout);
	if (n - skip > limit)
		cli_say(c, "第 %lld 至 %lld 行，共 %lld 行；下一页加 --skip %lld",
		        "rows %lld to %lld of %lld; for the next page add --skip %lld",
		        (long long)skip + 1, (long long)(skip + limit), (long long)n,
		        (long long)(skip + limit));
	return RC_OK;
}

/* However many columns. */
static void put_rows(struct cli *c, const struct view *v, struct rows *r)
{
	struct json *all = json_new_array(&c->arena);

	while (rows_next(r))
		put_row(c, v, r, all);
	c->result = json_new_object(&c->arena);
	json_put(c->result, "rows", all);
}

static enum rc write_book(struct cli *c, const struct view *v)
{
	struct str out = cli_value(c, "out"), bytes;
	const struct view_book how = {
		.view = v, .wording = cli_wording(c), .drill = c->office.drill, .origin = c->office.origin,
		.size = office_ledger(&c->office)->tree.size, .most = LIMIT_SHEET_ROWS - 8,
	};

	if (!str_ends(out, STR(".xlsx")))
		return fail(&c->op, RC_INVALID, "out", "", "--out 写 XLSX：文件名应以 .xlsx 结尾",
		            "--out writes XLSX: the name of the file ends in .xlsx");
	TRY(view_book(&c->op, &how, &bytes));
	TRY(file_write(&c->op, out, bytes, 0640));
	cli_say(c, "已写入 %s", "written to %s", out.s);
	return RC_OK;
}

static enum rc show_run(struct cli *c)
{
	const struct view *v = view_find(c, c->words[0]);
	AUTO(rows) r = {0};

	if (!v)
		return view_unknown(c, c->words[0]);
	TRY(cli_open(c, false));
	if (cli_has(c, "out"))
		return write_book(c, v);
	TRY(sql_query(&c->op, v->sql, NO_ARGS, &r));
	if (!c->json && !cli_has(c, "csv"))
		return print_grid(c, v, &r);
	if (c->json)
		put_rows(c, v, &r);
	else
		print_csv(v, &r);
	return RC_OK;
}

static const struct cli_flag SHOW_FLAGS[] = {
	{"out", "FILE.xlsx", "写成 XLSX：文字标签、冻结表头、可筛选",
	 "write XLSX: labels, a head that stays, filters", false},
	{"csv", NULL, "输出 CSV（代码和数字）", "print CSV: codes and numbers", false},
	{"skip", "N", "跳过前 N 行", "leave out the first N rows", false},
	{"limit", "N", "最多显示 N 行（默认 200）", "at most N rows (default 200)", false},
};
const struct cli_verb cli_view_verbs[] = {
	{"view", "list", "", 0, 0, .run = list_run, .zh = "各模块的视图", .en = "the modules' views"},
	{"view", "show", "PATH", 1, 1, CLI_FLAGS(SHOW_FLAGS), .run = show_run,
     .zh = "显示一个视图，例如 arrange/waiting", .en = "show a view, such as arrange/waiting"},
};
const size_t cli_nview_verbs = COUNT(cli_view_verbs);
