/* SPDX-License-Identifier: Apache-2.0 */
/* view.c -- the modules' views as tables: `gongyuan view list`, `gongyuan view show PATH`.
 *
 * A view's rows are codes, numbers and times in milliseconds, as the projections hold them; no
 * personal text stands in one.  CSV and JSON give them so; a table shows local times.
 */
#include "base/csv.h"
#include "cli/out.h"
#include "cli/rows.h"
#include "cli/suggest.h"

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
		csv_cell_to(&b, str_of(v->columns[i]), i == 0);
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
			json_set_int(&c->arena, o, v->columns[i], rows_int(r, (int)i));
		else
			json_set_str(&c->arena, o, v->columns[i], cell_text(&c->arena, r, (int)i));
	json_put(all, NULL, o);
}

/* "from_ms" -> "from". */
static bool is_time(const char *column, struct str *ret_name)
{
	static const char UNIT[] = "_ms";
	size_t n = strlen(column), unit = sizeof(UNIT) - 1;
	bool yes = n > unit && strcmp(column + n - unit, UNIT) == 0;

	*ret_name = (struct str){column, yes ? n - unit : n};
	return yes;
}

static void add_cell(struct cli *c, const struct view *v, const struct rows *r, int col,
                     struct grid *g)
{
	struct str name;

	if (is_time(v->columns[col], &name) && rows_type(r, col) == SQL_INT)
		grid_add(g, cli_time_text(c, rows_int(r, col)));
	else
		grid_add(g, cell_text(&c->arena, r, col));
}

static void print_grid(struct cli *c, const struct view *v, struct rows *r)
{
	struct grid g;

	grid_init(&g, &c->arena, v->ncolumns);
	for (size_t i = 0; i < v->ncolumns; i++) {
		struct str name;

		(void)is_time(v->columns[i], &name);
		grid_add(&g, str_dup(&c->arena, name.s, name.n));
	}
	while (rows_next(r))
		for (size_t i = 0; i < v->ncolumns; i++)
			add_cell(c, v, r, (int)i, &g);
	grid_print(&g, stdout);
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

static enum rc show_run(struct cli *c)
{
	const struct view *v = view_find(c, c->words[0]);
	AUTO(rows) r = {0};

	if (!v)
		return view_unknown(c, c->words[0]);
	TRY(cli_open(c, false));
	TRY(sql_query(&c->op, v->sql, NO_ARGS, &r));
	if (c->json)
		put_rows(c, v, &r);
	else if (cli_has(c, "csv") || v->ncolumns > GRID_COLUMNS)
		print_csv(v, &r);
	else
		print_grid(c, v, &r);
	return RC_OK;
}

static const struct cli_flag SHOW_FLAGS[] = {
	{"csv", NULL, "输出 CSV", "print CSV", false},
};
const struct cli_verb cli_view_verbs[] = {
	{"view", "list", "", 0, 0, .run = list_run, .zh = "各模块的视图", .en = "the modules' views"},
	{"view", "show", "PATH", 1, 1, CLI_FLAGS(SHOW_FLAGS), .run = show_run,
	 .zh = "显示一个视图，例如 arrange/waiting", .en = "show a view, such as arrange/waiting"},
};
const size_t cli_nview_verbs = COUNT(cli_view_verbs);
