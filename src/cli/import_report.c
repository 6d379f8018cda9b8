/* SPDX-License-Identifier: Apache-2.0 */
/* import_report.c -- what is wrong with which cell, for people, for scripts, and as a file to
 * mend and import again.
 *
 * A value is shown so that its cell is recognised and nobody's name is read: logs and tickets are
 * where such output ends up.  The file of --skip-bad has the values whole, as the input had.
 */
#include <sys/stat.h>

#include "cli/import.h"
#include "sheet/book.h"

#define SHOWN_MAX 100   /* rows of the table on a screen */
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
		return str_fmt(&im->c->arena, "%zu", r->row);
	return cell_name(&im->c->arena, r->row, (size_t)col->at);
}

static void row_shown(struct import *im, const struct import_row *r, const struct finding *f,
                      struct str column, struct str value)
{
	struct cli *c = im->c;
	struct arena *a = &c->arena;

	if (im->shown == SHOWN_MAX || c->json)
		return;
	im->shown++;
	grid_add(&im->grid, where(im, r, f->column && f->column->at >= 0 ? f->column : NULL));
	grid_add(&im->grid, str_copy(a, column));
	/* One line a finding, whatever stands in the cell. */
	value = str_copy(a, value);
	for (size_t i = 0; i < value.n; i++)
		if ((unsigned char)value.s[i] < ' ' || value.s[i] == 0x7f)
			((char *)(uintptr_t)value.s)[i] = ' ';
	grid_add(&im->grid, value);
	grid_add(&im->grid, str_copy(a, str_of(cli_tr(c, f->zh, f->en))));
}

static struct json *finding_json(struct import *im, const struct import_row *r,
                                 const struct finding *f, struct str column, struct str value)
{
	struct arena *a = &im->c->arena;
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
	struct cli *c = im->c;
	const struct import_column *col = f->column && f->column->at >= 0 ? f->column : NULL;
	bool has = col && (size_t)col->at < r->n;
	struct str column = col    ? im->head[col->at]
	                  : f->column ? str_of(cli_tr(c, f->column->field->zh, f->column->name.s))
	                              : STR("");
	struct str value = has ? shown(im, col->field, r->cell[col->at]) : STR("");

	if (!r->errors++)
		strbuf_init(&r->why, im->op.arena);
	strbuf_addf(&r->why, "%s" STR_FMT "%s%s", r->errors > 1 ? cli_tr(c, "；", "; ") : "",
	            STR_ARG(column), column.n ? cli_tr(c, "：", ": ") : "", cli_tr(c, f->zh, f->en));
	row_shown(im, r, f, column, value);
	if (im->nerrors++ < LIMIT_CSV_FINDINGS && c->json)
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
	if (!im->out.n)
		return;
	if (!im->bad.n)
		out_row(im, im->head, im->nhead, str_of(cli_tr(im->c, REASON_ZH, REASON_EN)));
	out_row(im, r->cell, r->n, strbuf_str(&r->why));
}

static bool same_file(struct str a, struct str b)
{
	struct stat x, y;

	return stat(a.s, &x) == 0 && stat(b.s, &y) == 0 && x.st_dev == y.st_dev &&
	       x.st_ino == y.st_ino;
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
	book_sheet(b, str_of(cli_tr(im->c, "未导入", "not imported")));
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

static bool is_xlsx(struct str name)
{
	return str_ends(name, STR(".xlsx")) || str_ends(name, STR(".XLSX"));
}

enum rc import_out_write(struct import *im)
{
	struct cli *c = im->c;
	struct op op = c->op;
	struct str text;
	enum rc rc;

	if (!im->out.n)
		return RC_OK;
	if (same_file(im->out, c->words[0]))
		return fail(&c->op, RC_CONFLICT, "skip-bad", "", "--skip-bad 不能写到所导入的文件 %s",
		            "--skip-bad may not write over the file that is imported: %s", im->out.s);
	op.arena = &im->bad_arena;
	if (!im->bad.n)
		out_row(im, im->head, im->nhead, str_of(cli_tr(c, REASON_ZH, REASON_EN)));
	rc = is_xlsx(im->out) ? out_xlsx(im, &op, &text) : out_csv(im, &op, &text);
	if (rc == RC_OK)
		rc = file_write(&op, im->out, text, 0600); /* names stand in it */
	c->op.err = op.err;
	return rc;
}

static void summary(struct import *im)
{
	struct cli *c = im->c;
	size_t bad = im->rows - im->good;

	if (im->dry)
		cli_say(
			c,
			"试运行，未作任何登记：共 %zu 行，可导入 %zu 行（其中 %zu 行先前已导入），有误 %zu 行",
			"dry run, nothing was recorded: %zu rows, %zu good (%zu of them imported before), "
			"%zu bad",
			im->rows, im->good, im->there, bad);
	else
		cli_say(c, "共 %zu 行：新登记 %zu 行，先前已导入 %zu 行，有误 %zu 行",
		        "%zu rows: %zu recorded now, %zu imported before, %zu bad", im->rows,
		        im->recorded, im->there, bad);
	if (bad && !im->dry && !im->out.n && !im->recorded)
		cli_say(c, "有误的行改好之前一行也不导入；只导入其余各行请用 --skip-bad OUT",
		        "nothing is imported while a row is bad; --skip-bad OUT imports the others");
	if (im->recorded)
		cli_say(c, "存证点 %llu 条，根 %s", "checkpoint of %llu entries, root %s",
		        (unsigned long long)im->signed_at.size,
		        hash_hex(&c->arena, &im->signed_at.root).s);
	if (im->out.n && bad && !im->dry)
		cli_say(c, "有误的行连同原因写在 %s，改好后可直接导入该文件",
		        "the bad rows are in %s with their reasons: mend them and import that file",
		        im->out.s);
}

void import_tell(struct import *im)
{
	struct cli *c = im->c;

	if (im->shown)
		grid_print(&im->grid, stdout);
	if (!c->json && im->nerrors > im->shown)
		cli_say(c, "……共 %zu 处", "… %zu in all", im->nerrors);
	if (c->json && im->nerrors > LIMIT_CSV_FINDINGS)
		cli_note(c, "共 %zu 处，只列出 %d 处", "%zu findings, of which %d are listed",
		         im->nerrors, LIMIT_CSV_FINDINGS);
	summary(im);
	c->result = json_new_object(&c->arena);
	json_put(c->result, "errors", im->errors);
	json_set_int(&c->arena, c->result, "good", (int64_t)im->good);
	json_set_int(&c->arena, c->result, "rows", (int64_t)im->rows);
	/* When everything was refused for want of a right, that is what the caller must hear. */
	if (im->nerrors)
		c->findings = im->denied == im->nerrors && !im->good ? rc_exit(RC_DENIED)
		                                                     : rc_exit(RC_NOT_FOUND);
}
