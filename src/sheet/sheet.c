/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c -- see sheet.h.
 *
 * The rows of an XLSX are kept packed, as what stands in them says it: no more than a CSV file of
 * the same rows would be.
 */
#include "sheet/sheet.h"

#include "base/limits.h"
#include "sheet/workbook.h"

/* Before each row: its number and how many cells; before each cell its length and kind.  A NUL
 * behind each. */
struct row_head {
	uint32_t row, n;
};
struct cell_head {
	uint32_t n, kind;
};

struct packing {
	struct op *op;
	struct strbuf b;
	struct sheet_merge *merge;
	size_t nmerge, cap;
	size_t nfill;
};

static enum rc pack_row(void *ctx, size_t row, const struct sheet_cell *cell, size_t n)
{
	struct packing *p = ctx;
	struct row_head head = {(uint32_t)row, (uint32_t)n};

	strbuf_add(&p->b, &head, sizeof(head));
	for (size_t i = 0; i < n; i++) {
		struct cell_head c = {(uint32_t)cell[i].text.n, cell[i].kind};

		if (p->b.n + c.n > LIMIT_CSV_BYTES)
			return fail(p->op, RC_INVALID, "xlsx", "", "工作表到第 %zu 行已超过 %d MB",
			            "the sheet's texts up to row %zu are more than %d MB", row,
			            LIMIT_CSV_BYTES >> 20);
		strbuf_add(&p->b, &c, sizeof(c));
		strbuf_adds(&p->b, cell[i].text);
		strbuf_addc(&p->b, '\0');
	}
	return RC_OK;
}

static enum rc pack_merge(void *ctx, const struct sheet_merge *m)
{
	struct packing *p = ctx;

	p->nfill += m->last - m->row;
	if (p->nfill > LIMIT_SHEET_FILLS)
		return fail(p->op, RC_INVALID, "xlsx", "", "合并单元格覆盖超过 %d 行，请取消合并",
		            "merged cells cover more than %d rows: unmerge them", LIMIT_SHEET_FILLS);
	p->merge = arena_room(p->op->arena, p->merge, p->nmerge, &p->cap, sizeof(*p->merge));
	p->merge[p->nmerge++] = *m;
	return RC_OK;
}

/* A cell at t->at, which is stepped over. */
static struct str unpack(struct sheet *t, uint8_t *ret_kind)
{
	struct cell_head c;
	struct str s;

	memcpy(&c, t->packed.s + t->at, sizeof(c));
	s = (struct str){t->packed.s + t->at + sizeof(c), c.n};
	t->at += sizeof(c) + c.n + 1;
	*ret_kind = (uint8_t)c.kind;
	return s;
}

static int by_place(const void *a, const void *b)
{
	const struct sheet_merge *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

static int by_fill(const void *a, const void *b)
{
	const struct sheet_fill *x = a, *y = b;

	if (x->row != y->row)
		return x->row < y->row ? -1 : 1;
	return x->column < y->column ? -1 : x->column > y->column;
}

/* What a merged cell says, into all rows below its first. */
static void fill_from(struct sheet_fill *fill, size_t *n, const struct sheet_merge *m,
                      const struct sheet_row *r)
{
	if (m->column >= r->n || !r->cell[m->column].n)
		return;
	for (size_t row = m->row + 1; row <= m->last; row++)
		fill[(*n)++] = (struct sheet_fill){(uint32_t)row, (uint32_t)m->column, r->cell[m->column],
		                                   r->kind[m->column]};
}

/* The merges are known after the rows, so these are gone through once more. */
static enum rc fills_make(struct op *op, struct packing *p, struct sheet *t)
{
	struct sheet_fill *fill = arena_array(op->arena, p->nfill + 1, sizeof(*fill));
	struct sheet walk = *t;
	struct sheet_row r = {0};
	size_t n = 0;

	if (!p->nmerge)
		return RC_OK;
	qsort(p->merge, p->nmerge, sizeof(*p->merge), by_place);
	for (size_t i = 0; i < p->nmerge; i++) {
		while (walk.row < p->merge[i].row) {
			TRY(sheet_next(op, &walk, &r));
			if (!r.n)
				break;
		}
		if (r.n && walk.row == p->merge[i].row)
			fill_from(fill, &n, &p->merge[i], &r);
	}
	qsort(fill, n, sizeof(*fill), by_fill);
	t->fill = fill;
	t->nfill = n;
	return RC_OK;
}

static enum rc open_xlsx(struct op *op, struct str bytes, struct str sheet, struct sheet *t)
{
	const struct workbook_sheet *s;
	struct packing p = {.op = op};
	struct sheet_sink sink = {pack_row, pack_merge, &p};
	struct workbook w;
	enum rc rc;

	TRY(workbook_open(op, bytes, &w));
	strbuf_init(&p.b, op->arena);
	rc = workbook_sheet(op, &w, sheet, &s);
	if (rc == RC_OK)
		rc = worksheet_read(op, &w, s, &sink);
	workbook_release(&w);
	if (rc != RC_OK)
		return rc;
	t->packed = strbuf_str(&p.b);
	return fills_make(op, &p, t);
}

enum rc sheet_open(struct op *op, struct str bytes, struct str sheet, struct sheet *ret)
{
	struct sheet t = {0};

	TRY(sheet_recognise(op, bytes, &t.format));
	if (t.format == SHEET_XLSX)
		TRY(open_xlsx(op, bytes, sheet, &t));
	else if (sheet.s)
		return fail(op, RC_INVALID, "sheet", "", "CSV 文件没有工作表", "a CSV file has no sheets");
	else
		TRY(csv_open(op, bytes, &t.csv));
	*ret = t;
	return RC_OK;
}

static enum rc next_csv(struct op *op, struct sheet *t, struct sheet_row *ret)
{
	struct sheet_row r = {0};
	uint8_t *kind;

	t->csv.op = op;
	TRY(csv_next(&t->csv, &r.cell, &r.n));
	kind = arena_alloc(op->arena, r.n + 1);
	for (size_t i = 0; i < r.n; i++)
		kind[i] = cell_lost(r.cell[i]) ? CELL_LOST : CELL_PLAIN;
	r.kind = kind;
	t->row = t->csv.row;
	*ret = r;
	return RC_OK;
}

/* Cells of this row that stand under merged ones; *ret_n grows with the last of them. */
static void fill_row(struct sheet *t, struct str *cell, uint8_t *kind, size_t most, size_t *ret_n)
{
	while (t->fill_at < t->nfill && t->fill[t->fill_at].row < t->row)
		t->fill_at++;
	for (; t->fill_at < t->nfill && t->fill[t->fill_at].row == t->row; t->fill_at++) {
		const struct sheet_fill *f = &t->fill[t->fill_at];

		if (f->column >= most || cell[f->column].n)
			continue;
		cell[f->column] = f->text;
		kind[f->column] = f->kind;
		*ret_n = f->column + 1U > *ret_n ? f->column + 1U : *ret_n;
	}
}

static enum rc next_xlsx(struct op *op, struct sheet *t, struct sheet_row *ret)
{
	struct row_head head;
	struct str *cell;
	uint8_t *kind;
	size_t n;

	if (t->at >= t->packed.n) {
		*ret = (struct sheet_row){0};
		return RC_OK;
	}
	memcpy(&head, t->packed.s + t->at, sizeof(head));
	t->at += sizeof(head);
	t->row = head.row;
	cell = arena_array(op->arena, LIMIT_CSV_COLUMNS, sizeof(*cell));
	kind = arena_alloc(op->arena, LIMIT_CSV_COLUMNS);
	for (size_t i = 0; i < LIMIT_CSV_COLUMNS; i++)
		cell[i] = i < head.n ? unpack(t, &kind[i]) : STR("");
	n = head.n;
	fill_row(t, cell, kind, LIMIT_CSV_COLUMNS, &n);
	*ret = (struct sheet_row){cell, kind, n > t->width ? n : t->width};
	return RC_OK;
}

enum rc sheet_next(struct op *op, struct sheet *t, struct sheet_row *ret)
{
	return t->format == SHEET_CSV ? next_csv(op, t, ret) : next_xlsx(op, t, ret);
}

struct str sheet_place(struct arena *a, const struct sheet *t, size_t row, size_t column, bool zh)
{
	if (t->format == SHEET_XLSX)
		return cell_name(a, row, column - 1);
	return str_fmt(a, zh ? "第 %zu 行第 %zu 列" : "row %zu, column %zu", row, column);
}
