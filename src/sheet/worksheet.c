/* SPDX-License-Identifier: Apache-2.0 */
/* worksheet.c -- one sheet's cells, row by row, while its XML streams by.
 *
 * Rows and cells may lack their numbers (they follow each other then); rows go down, cells may come
 * in any order.  Cells that are only formatted hold nothing.
 */
#include "sheet/workbook.h"

#include "base/limits.h"

enum { ROW_BYTES = 32 << 20 }; /* of one row's texts: all its columns half full */

struct reading {
	struct op *op;
	const struct workbook *w;
	const struct sheet_sink *sink;
	struct arena arena;           /* texts of one row */
	size_t row, column;
	struct sheet_cell cell[LIMIT_CSV_COLUMNS];
	size_t ncells;
	/* The cell that is being read. */
	bool in_row, in_cell, in_text, in_line, aid, formula, has_value;
	char type;                    /* n, s (shared), t (text), b, e */
	uint8_t format;
	struct strbuf text;
	bool too_long;
};

/* Texts of a row end with it: nothing of another may be open then. */
static enum rc refuse_nested(struct reading *x)
{
	return fail(x->op, RC_INVALID, "xlsx", "", "工作表第 %zu 行之内又有一行或单元格",
	            "row %zu of the sheet has a row or a cell within a cell", x->row);
}

static enum rc row_begin(struct reading *x, const char **attr)
{
	struct str r = xml_attr(attr, "r");
	int64_t n = (int64_t)x->row + 1;

	if (x->in_row)
		return refuse_nested(x);

	if (r.n && (!str_to_i64(r, &n) || n <= (int64_t)x->row || n > LIMIT_SHEET_ROWS))
		return fail(x->op, RC_INVALID, "xlsx", "", "工作表第 %zu 行之后的行号“%s”无效",
		            "the row after row %zu of the sheet has the number \"%s\"", x->row,
		            r.n < 20 ? r.s : "");
	if (n > LIMIT_SHEET_ROWS)
		return fail(x->op, RC_INVALID, "xlsx", "", "超过 %d 行", "more than %d rows",
		            LIMIT_SHEET_ROWS);
	x->row = (size_t)n;
	x->in_row = true;
	x->column = x->ncells = 0;
	arena_reset(&x->arena);
	return RC_OK;
}

static char type_of(struct str t)
{
	if (str_is(t, "s") || str_is(t, "b") || str_is(t, "e"))
		return t.s[0];
	return !t.n || str_is(t, "n") ? 'n' : 't'; /* inlineStr, str, d */
}

static enum rc cell_begin(struct reading *x, const char **attr)
{
	struct str r = xml_attr(attr, "r"), s = xml_attr(attr, "s");
	size_t row, column = x->column;
	int64_t style = 0;

	if (x->in_cell)
		return refuse_nested(x);
	if (!x->in_row)
		return RC_OK;
	if (r.n && !cell_parse(r, &row, &column))
		return fail(x->op, RC_INVALID, "xlsx", "", "工作表第 %zu 行有一个单元格没有有效的位置",
		            "row %zu of the sheet has a cell without a valid place", x->row);
	if (!str_to_i64(s, &style) || style < 0 || (size_t)style >= x->w->nformats)
		style = -1;
	x->format = style < 0 ? FORMAT_GENERAL : x->w->formats[style];
	x->column = column;
	x->type = type_of(xml_attr(attr, "t"));
	x->in_cell = true;
	x->in_line = str_is(xml_attr(attr, "t"), "inlineStr");
	x->in_text = x->formula = x->has_value = x->too_long = false;
	strbuf_init(&x->text, &x->arena);
	return RC_OK;
}

static enum rc merge_begin(struct reading *x, const char **attr)
{
	struct str ref = xml_attr(attr, "ref"), from, to;
	struct sheet_merge m;
	size_t column;

	if (!x->sink->merge || !str_cut(ref, ':', &from, &to) ||
	    !cell_parse(from, &m.row, &m.column) || !cell_parse(to, &m.last, &column) ||
	    m.last <= m.row)
		return RC_OK;
	return x->sink->merge(x->sink->ctx, &m);
}

static enum rc begin(void *ctx, const char *name, const char **attr)
{
	struct reading *x = ctx;

	if (strcmp(name, "row") == 0)
		return row_begin(x, attr);
	if (strcmp(name, "c") == 0)
		return cell_begin(x, attr);
	if (strcmp(name, "mergeCell") == 0)
		return merge_begin(x, attr);
	if (strcmp(name, "rPh") == 0)
		x->aid = true;
	else if (strcmp(name, "f") == 0)
		x->formula = true;
	else if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		x->in_text = x->in_cell && !x->aid;
	return RC_OK;
}

static enum rc text(void *ctx, const char *s, size_t n)
{
	struct reading *x = ctx;

	if (!x->in_text || !x->in_cell)
		return RC_OK;
	x->has_value = true;
	x->too_long = x->too_long || x->text.n + n > LIMIT_CSV_FIELD;
	if (!x->too_long)
		strbuf_add(&x->text, s, n);
	return RC_OK;
}

/* As everybody types it. */
static struct str bool_text(struct str v)
{
	return str_is(v, "1") ? STR("true") : str_is(v, "0") ? STR("false") : v;
}

static struct sheet_cell value_of(struct reading *x)
{
	struct sheet_cell c = {.text = strbuf_str(&x->text), .kind = CELL_PLAIN};
	int64_t i;

	if (x->too_long)
		return (struct sheet_cell){STR(""), CELL_LONG};
	if (x->formula && !x->has_value && x->type != 't')
		return (struct sheet_cell){STR(""), CELL_EMPTY_FORMULA};
	switch (x->type) {
	case 'n':
		c.text = cell_number(&x->arena, c.text, x->format, x->w->from_1904, &c.kind);
		break;
	case 's':
		c.text = str_to_i64(c.text, &i) ? workbook_string(x->w, i) : (struct str){0};
		break;
	case 'b':
		c.text = bool_text(c.text);
		break;
	case 'e':
		c.kind = CELL_ERROR;
		break;
	default:
		c.text = cell_unescape(&x->arena, c.text);
	}
	if (c.kind == CELL_PLAIN && cell_lost(c.text))
		c.kind = CELL_LOST;
	if (c.text.n > LIMIT_CSV_FIELD)
		c = (struct sheet_cell){STR(""), CELL_LONG};
	return c;
}

static enum rc refuse_column(struct reading *x)
{
	struct str at = cell_name(&x->arena, x->row, x->column);

	return fail(x->op, RC_INVALID, "xlsx", "", "单元格 %s 在第 %d 列之外",
	            "cell %s is beyond column %d", at.s, LIMIT_CSV_COLUMNS);
}

static enum rc cell_end(struct reading *x)
{
	size_t at = x->column;
	struct sheet_cell c;

	if (!x->in_cell)
		return RC_OK;
	c = value_of(x);
	x->in_cell = x->in_text = false;
	x->column++;
	if (x->arena.used > ROW_BYTES)
		return fail(x->op, RC_INVALID, "xlsx", "", "工作表第 %zu 行的文字过长",
		            "row %zu of the sheet has too much text", x->row);
	if (!c.text.n && c.kind == CELL_PLAIN)
		return RC_OK;
	if (at >= COUNT(x->cell)) {
		x->column = at;
		return refuse_column(x);
	}
	for (; x->ncells <= at; x->ncells++)
		x->cell[x->ncells] = (struct sheet_cell){.text = STR("")};
	x->cell[at] = c;
	return RC_OK;
}

static enum rc end(void *ctx, const char *name)
{
	struct reading *x = ctx;

	if (strcmp(name, "c") == 0)
		return cell_end(x);
	if (strcmp(name, "rPh") == 0)
		x->aid = false;
	if (strcmp(name, "v") == 0 || strcmp(name, "t") == 0)
		x->in_text = false;
	if (strcmp(name, "row") != 0)
		return RC_OK;
	x->in_row = false;
	return x->ncells == 0 ? RC_OK : x->sink->row(x->sink->ctx, x->row, x->cell, x->ncells);
}

enum rc worksheet_read(struct op *op, const struct workbook *w, const struct workbook_sheet *sheet,
                       const struct sheet_sink *sink)
{
	struct reading *x = calloc(1, sizeof(*x));
	struct xml_sink xml = {begin, end, text, x};
	enum rc rc;

	if (!x)
		abort();
	x->op = op;
	x->w = w;
	x->sink = sink;
	rc = xml_read(op, w->package, sheet->part, &xml);
	arena_release(&x->arena);
	free(x);
	return rc;
}
