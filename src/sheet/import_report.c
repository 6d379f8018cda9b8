/* SPDX-License-Identifier: Apache-2.0 */
/* import_report.c -- what is wrong with which cell, for people, for scripts, and as a file to
 * mend and import again.
 *
 * A value is shown so that its cell is recognised and nobody's name is read: logs and tickets are
 * where such output ends up.  The file of --skip-bad has the values whole, as the input had.
 */
#include "sheet/import_row.h"
#include "sheet/book.h"

#define VALUE_MAX 80    /* characters of a value */

static bool is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.s[i] >= 0x80)
			return false;
	return true;
}

/* The first n characters. */
static struct str cut(struct str s, size_t n)
{
	size_t i = 0;

	while (i < s.n && n > 0) {
		i++;
		while (i < s.n && ((unsigned char)s.s[i] & 0xc0) == 0x80)
			i++;
		n--;
	}
	return (struct str){s.s, i};
}

/* "张**".  A name of one character would be whole. */
static struct str shown(struct import *im, const struct field *f, struct str v)
{
	struct arena *a = im->op.arena;

	if (!v.n)
		return STR("");
	if (f->type == F_TEXT || !is_ascii(v))
		return str_utf8_count(v) < 2 ? STR("**") : str_fmt(a, STR_FMT "**", STR_ARG(cut(v, 1)));
	return str_copy(a, cut(v, VALUE_MAX));
}

/* "B7" of an XLSX; its number where there is no column. */
static struct str where(struct import *im, const struct import_row *r,
                        const struct import_column *col)
{
	if (im->start.format == SHEET_CSV || !col)
		return str_fmt(im->keep->arena, "%zu", r->row);
	return cell_name(im->keep->arena, r->row, (size_t)col->at);
}

static struct json *finding_json(struct import *im, const struct import_row *r,
                                 const struct finding *f, struct str column, struct str value)
{
	struct arena *a = im->keep->arena;
	struct json *o = json_new_object(a);

	if (im->start.format == SHEET_XLSX && f->column && f->column->at >= 0)
		json_set_str(a, o, "cell", where(im, r, f->column));
	json_set_str(a, o, "column", str_copy(a, column));
	json_set_str(a, o, "en", str_copy(a, str_of(f->en)));
	json_set_int(a, o, "row", (int64_t)r->row);
	json_set_str(a, o, "rule", str_copy(a, str_of(f->rule)));
	json_set_str(a, o, "value", str_copy(a, value));
	json_set_str(a, o, "zh", str_copy(a, str_of(f->zh)));
	return o;
}

void import_find(struct import *im, struct import_row *r, const struct finding *f)
{
	const struct import_column *col = f->column && f->column->at >= 0 ? f->column : NULL;
	bool has = col && (size_t)col->at < r->n;
	struct str column = col    ? im->head[col->at]
	                  : f->column ? str_of(import_tr(im, f->column->field->zh, f->column->name.s))
	                              : STR("");
	struct str value = has ? shown(im, col->field, r->cell[col->at]) : STR("");

	if (!r->errors++)
		strbuf_init(&r->why, im->op.arena);
	strbuf_addf(&r->why, "%s" STR_FMT "%s%s", r->errors > 1 ? import_tr(im, "；", "; ") : "",
	            STR_ARG(column), column.n ? import_tr(im, "：", ": ") : "",
	            import_tr(im, f->zh, f->en));
	if (im->nerrors++ < LIMIT_CSV_FINDINGS)
		json_put(im->errors, NULL, finding_json(im, r, f, column, value));
}

static const struct import_column *refused_column(const struct import *im, int part,
                                                  const char *field)
{
	if (part == PART_BESIDE && strcmp(field, im->kind->beside_key) == 0) {
		part = PART_OWN;
		field = im->kind->link;
	}
	return import_column(im, part, field);
}

/* The field tables begin with the field's name, which the column says here. */
static const char *after(struct arena *a, const char *text, const char *fmt_head,
                         const char *field, const char *fmt_tail)
{
	struct str head = str_fmt(a, "%s%s%s", fmt_head, field, fmt_tail);

	return str_starts(str_of(text), head) ? text + head.n : text;
}

void import_refuse(struct import *im, struct import_row *r, int part, const struct err *e)
{
	struct arena *a = im->op.arena;
	const struct import_column *col = refused_column(im, part, e->field);
	bool form = e->rc == RC_INVALID && col;
	struct str cell = form ? import_cell(im, r, col->part, col->field->name) : STR("");
	struct finding f = {.column = col};

	f.rule = !form ? rc_text(e->rc) : cell.n ? field_type_text(col->field->type) : "required";
	f.zh = after(a, e->zh, "字段 ", e->field, "：");
	f.en = after(a, e->en, "field ", e->field, ": ");
	if (e->article[0]) {
		f.zh = str_fmt(a, "%s（依据：%s）", f.zh, e->article).s;
		f.en = str_fmt(a, "%s (%s)", f.en, e->article).s;
	}
	im->denied += e->rc == RC_DENIED;
	import_find(im, r, &f);
}

/* A spreadsheet would take such a cell for a formula; import_cells takes the apostrophe off. */
static void safe_cell(struct strbuf *b, struct str cell, bool first)
{
	if (cell.n && strchr("=+-@", cell.s[0]))
		cell = str_fmt(b->arena, "'" STR_FMT, STR_ARG(cell));
	csv_cell_to(b, cell, first);
}

static void out_row(struct import *im, const struct str *cell, size_t n, struct str last)
{
	for (size_t i = 0, k = 0; i < n; i++)
		if ((int)i != im->reason_at)
			safe_cell(&im->bad, cell[i], k++ == 0);
	safe_cell(&im->bad, last, false);
	strbuf_addz(&im->bad, "\r\n");
}

void import_keep_bad(struct import *im, const struct import_row *r)
{
	if (!im->keep_bad)
		return;
	if (!im->bad.n)
		out_row(im, im->head, im->nhead, str_of(import_tr(im, REASON_ZH, REASON_EN)));
	out_row(im, r->cell, r->n, strbuf_str(&r->why));
}

/* As a table of text; the rows were kept as CSV. */
static enum rc out_xlsx(struct import *im, struct op *op, struct str *ret)
{
	struct book *b;
	struct sheet t;
	struct sheet_row r;
	enum rc rc;

	TRY(sheet_open(op, strbuf_str(&im->bad), (struct str){0}, &t));
	b = book_new(op->now_ms);
	book_sheet(b, str_of(import_tr(im, "未导入", "not imported")));
	book_freeze(b, 1);
	while ((rc = import_row_unguarded(op, &t, &r)) == RC_OK && r.n)
		for (size_t i = 0; i < r.n; i++) {
			book_text(b, t.row - 1, i, r.cell[i], t.row == 1 ? BOOK_HEAD : BOOK_TEXT);
			if (t.row == 1)
				book_width(b, i, i + 1 < r.n ? 16 : 50, BOOK_TEXT);
		}
	if (rc != RC_OK) {
		book_drop(b);
		return rc;
	}
	return book_end(op, b, ret);
}

static enum rc out_csv(struct import *im, struct op *op, struct str *ret)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_addz(&b, im->mark ? "\xef\xbb\xbf" : "");
	strbuf_adds(&b, strbuf_str(&im->bad));
	return csv_encode(op, strbuf_str(&b), im->start.csv.encoding, ret);
}

enum rc import_bad_file(struct import *im, bool xlsx, struct str *ret)
{
	struct op op = *im->keep;
	enum rc rc;

	op.arena = &im->bad_arena;
	if (!im->bad.n)
		out_row(im, im->head, im->nhead, str_of(import_tr(im, REASON_ZH, REASON_EN)));
	rc = xlsx ? out_xlsx(im, &op, ret) : out_csv(im, &op, ret);
	im->keep->err = op.err;
	return rc;
}

const char *import_tr(const struct import *im, const char *zh, const char *en)
{
	return im->en ? en : zh;
}

struct json *import_json(struct import *im, bool recorded)
{
	struct arena *a = im->keep->arena;
	struct json *o = json_new_object(a);

	json_put(o, "errors", im->errors);
	json_set_int(a, o, "good", (int64_t)im->good);
	if (recorded)
		json_set_int(a, o, "recorded", (int64_t)im->recorded);
	json_set_int(a, o, "rows", (int64_t)im->rows);
	return o;
}
