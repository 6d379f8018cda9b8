/* SPDX-License-Identifier: Apache-2.0 */
/* workbook.c -- from the package's relations to the workbook, and from its relations to its sheets,
 * styles and texts (ECMA-376 parts 1 and 2; the strict form has other namespaces, which are passed
 * over).
 */
#include "sheet/workbook.h"

#include "base/limits.h"

struct relation {
	struct str id, type, target;
};

struct relations {
	struct op *op;
	struct str base; /* the folder that targets are seen from */
	struct relation *list;
	size_t n, cap;
};

/* The folder of a part: "xl/" of "xl/workbook.xml". */
static struct str folder_of(struct str part)
{
	size_t n = part.n;

	while (n > 0 && part.s[n - 1] != '/')
		n--;
	return (struct str){part.s, n};
}

/* "xl/" and "../a/./b.xml": "a/b.xml". */
static struct str resolve(struct arena *a, struct str base, struct str target)
{
	struct str path = target.n && target.s[0] == '/' ? target
	                : str_fmt(a, STR_FMT STR_FMT, STR_ARG(base), STR_ARG(target));
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0, n; i <= path.n; i += n + 1) {
		const char *end = memchr(path.s + i, '/', path.n - i);

		n = end ? (size_t)(end - path.s) - i : path.n - i;
		if (n == 0 || (n == 1 && path.s[i] == '.'))
			continue;
		if (n == 2 && memcmp(path.s + i, "..", 2) == 0) {
			while (b.n > 0 && b.s[b.n - 1] != '/')
				strbuf_cut(&b, b.n - 1);
			if (b.n > 0)
				strbuf_cut(&b, b.n - 1);
			continue;
		}
		if (b.n)
			strbuf_addc(&b, '/');
		strbuf_add(&b, path.s + i, n);
	}
	return strbuf_str(&b);
}

static enum rc on_relation(void *ctx, const char *name, const char **attr)
{
	struct relations *r = ctx;
	struct arena *a = r->op->arena;

	if (strcmp(name, "Relationship") != 0 || r->n == LIMIT_SHEET_PARTS)
		return RC_OK;
	if (str_is(xml_attr(attr, "TargetMode"), "External"))
		return RC_OK;
	r->list = arena_room(a, r->list, r->n, &r->cap, sizeof(*r->list));
	r->list[r->n++] = (struct relation){
		str_copy(a, xml_attr(attr, "Id")), str_copy(a, xml_attr(attr, "Type")),
		resolve(a, r->base, xml_attr(attr, "Target"))};
	return RC_OK;
}

/* What a part refers to; "" is the package itself.  A part without relations has none. */
static enum rc relations_read(struct op *op, struct package *p, struct str part,
                              struct relations *ret)
{
	struct str base = folder_of(part);
	struct str path = str_fmt(op->arena, STR_FMT "_rels/%s.rels", STR_ARG(base), part.s + base.n);
	struct xml_sink sink = {.begin = on_relation, .ctx = ret};

	*ret = (struct relations){.op = op, .base = base};
	return package_has(p, path) ? xml_read(op, p, path, &sink) : RC_OK;
}

/* The first of a type: "…/officeDocument"; {NULL, 0}: none. */
static struct str related(const struct relations *r, const char *type)
{
	for (size_t i = 0; i < r->n; i++)
		if (str_ends(r->list[i].type, str_of(type)))
			return r->list[i].target;
	return (struct str){0};
}

struct opening {
	struct op *op;
	struct workbook *w;
};

static enum rc on_workbook(void *ctx, const char *name, const char **attr)
{
	struct opening *x = ctx;
	struct workbook *w = x->w;
	struct arena *a = x->op->arena;

	if (strcmp(name, "workbookPr") == 0) {
		struct str v = xml_attr(attr, "date1904");

		w->from_1904 = str_is(v, "1") || str_is(v, "true");
	}
	if (strcmp(name, "sheet") != 0)
		return RC_OK;
	if (w->nsheets == LIMIT_SHEET_SHEETS)
		return fail(x->op, RC_INVALID, "xlsx", "", "工作簿超过 %d 个工作表",
		            "the workbook has more than %d sheets", LIMIT_SHEET_SHEETS);
	w->sheets = arena_room(a, w->sheets, w->nsheets, &w->cap_sheets, sizeof(*w->sheets));
	w->sheets[w->nsheets++] = (struct workbook_sheet){
		.name = str_copy(a, xml_attr(attr, "name")), .id = str_copy(a, xml_attr(attr, "id")),
		.hidden = xml_attr(attr, "state").n > 0 && !str_is(xml_attr(attr, "state"), "visible")};
	return RC_OK;
}

/* Which part each sheet is; charts have none of ours. */
static void sheets_find(struct workbook *w, const struct relations *r)
{
	for (size_t i = 0; i < w->nsheets; i++)
		for (size_t k = 0; k < r->n; k++)
			if (str_eq(w->sheets[i].id, r->list[k].id) &&
			    str_ends(r->list[k].type, STR("/worksheet")))
				w->sheets[i].part = r->list[k].target;
}

static enum rc parts_read(struct op *op, struct workbook *w)
{
	struct xml_sink sink = {.begin = on_workbook, .ctx = &(struct opening){op, w}};
	struct relations r;
	struct str book, styles, strings;

	TRY(relations_read(op, w->package, STR(""), &r));
	book = related(&r, "/officeDocument");
	if (!book.n)
		return fail(op, RC_INVALID, "xlsx", "", "文件是压缩包，不是 XLSX 表格",
		            "the file is an archive and no XLSX");
	TRY(xml_read(op, w->package, book, &sink));
	TRY(relations_read(op, w->package, book, &r));
	sheets_find(w, &r);
	styles = related(&r, "/styles");
	strings = related(&r, "/sharedStrings");
	if (styles.n && package_has(w->package, styles))
		TRY(workbook_styles(op, w, styles));
	if (strings.n && package_has(w->package, strings))
		TRY(workbook_strings(op, w, strings));
	return RC_OK;
}

enum rc workbook_open(struct op *op, struct str bytes, struct workbook *ret)
{
	struct workbook w = {0};
	enum rc rc;

	TRY(package_open(op, bytes, &w.package));
	rc = parts_read(op, &w);
	if (rc != RC_OK) {
		package_close(w.package);
		return rc;
	}
	*ret = w;
	return RC_OK;
}

void workbook_release(struct workbook *w)
{
	package_close(w->package);
	w->package = NULL;
}

static const char *names(struct op *op, const struct workbook *w, bool zh)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	for (size_t i = 0; i < w->nsheets; i++)
		strbuf_addf(&b, "%s" STR_FMT, i ? zh ? "、" : ", " : "", STR_ARG(w->sheets[i].name));
	return strbuf_str(&b).s;
}

enum rc workbook_sheet(struct op *op, const struct workbook *w, struct str name,
                       const struct workbook_sheet **ret)
{
	for (size_t i = 0; i < w->nsheets; i++) {
		const struct workbook_sheet *s = &w->sheets[i];

		if (!s->part.n || (name.s ? !str_eq(name, s->name) : s->hidden))
			continue;
		*ret = s;
		return RC_OK;
	}
	if (!name.s)
		return fail(op, RC_INVALID, "sheet", "", "工作簿中没有可见的工作表",
		            "the workbook has no sheet that is not hidden");
	return fail(op, RC_INVALID, "sheet", "", "没有工作表“%s”；有：%s%.0s",
	            "there is no sheet \"%s\"; there are: %.0s%s", name.s, names(op, w, true),
	            names(op, w, false));
}
