/* SPDX-License-Identifier: Apache-2.0 */
/* style.c -- which of a workbook's cell styles make dates of numbers, and the like. */
#include "sheet/workbook.h"

#include "base/limits.h"

struct custom {
	int64_t id;
	uint8_t format;
};

struct styles {
	struct op *op;
	struct workbook *w;
	struct custom *custom;
	size_t ncustom, cap;
	bool in_cells; /* inside <cellXfs>: <cellStyleXfs> has <xf> too */
};

static uint8_t format_of(const struct styles *x, int64_t id)
{
	for (size_t i = 0; i < x->ncustom; i++)
		if (x->custom[i].id == id)
			return x->custom[i].format;
	return cell_format_builtin(id);
}

static enum rc add_custom(struct styles *x, const char **attr)
{
	int64_t id;

	/* Excel allows about 250 of a workbook's own. */
	if (!str_to_i64(xml_attr(attr, "numFmtId"), &id) || x->ncustom == 4096)
		return RC_OK;
	x->custom = arena_room(x->op->arena, x->custom, x->ncustom, &x->cap, sizeof(*x->custom));
	x->custom[x->ncustom++] = (struct custom){id, cell_format_of(xml_attr(attr, "formatCode"))};
	return RC_OK;
}

static enum rc add_style(struct styles *x, const char **attr)
{
	struct workbook *w = x->w;
	int64_t id = 0;

	if (w->nformats == LIMIT_SHEET_STYLES)
		return fail(x->op, RC_INVALID, "xlsx", "", "工作簿的单元格样式超过 %d 种",
		            "the workbook has more than %d styles of cells", LIMIT_SHEET_STYLES);
	(void)str_to_i64(xml_attr(attr, "numFmtId"), &id);
	w->formats = arena_room(x->op->arena, w->formats, w->nformats, &w->cap_formats,
	                        sizeof(*w->formats));
	w->formats[w->nformats++] = format_of(x, id);
	return RC_OK;
}

static enum rc begin(void *ctx, const char *name, const char **attr)
{
	struct styles *x = ctx;

	if (strcmp(name, "numFmt") == 0)
		return add_custom(x, attr);
	if (strcmp(name, "cellXfs") == 0)
		x->in_cells = true;
	return x->in_cells && strcmp(name, "xf") == 0 ? add_style(x, attr) : RC_OK;
}

static enum rc end(void *ctx, const char *name)
{
	struct styles *x = ctx;

	if (strcmp(name, "cellXfs") == 0)
		x->in_cells = false;
	return RC_OK;
}

enum rc workbook_styles(struct op *op, struct workbook *w, struct str part)
{
	struct styles x = {.op = op, .w = w};
	struct xml_sink sink = {.begin = begin, .end = end, .ctx = &x};

	return xml_read(op, w->package, part, &sink);
}
