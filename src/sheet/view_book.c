/* SPDX-License-Identifier: Apache-2.0 */
/* view_book.c -- see view_book.h.  Rows are written as they are read: memory is one row, and the
 * file.
 */
#include "sheet/view_book.h"

#include "base/limits.h"
#include "sheet/book.h"

enum { HEAD_ROW = 3, WIDTH_LEAST = 8, WIDTH_MOST = 44 };

struct writing {
	const struct view_book *v;
	struct book *book;
	struct op op;          /* of one row */
	size_t row;            /* the next */
	size_t width[LIMIT_CSV_COLUMNS];
};

/* What a cell takes of a screen: a Chinese character is two wide. */
static size_t width_of(struct str s)
{
	size_t w = 0;

	for (size_t i = 0; i < s.n; i++)
		w += (unsigned char)s.s[i] < 0x80 ? 1 : (s.s[i] & 0xc0) == 0xc0 ? 2 : 0;
	return w;
}

static void widen(struct writing *x, size_t column, struct str s)
{
	size_t w = width_of(s);

	if (w > x->width[column])
		x->width[column] = w;
}

static void head(struct writing *x)
{
	const struct view_book *v = x->v;
	struct wording *w = v->wording;
	const struct view *view = v->view;
	struct str title =
		str_fmt(x->op.arena, "%s%s", v->drill ? wording_tr(w, "【演练】", "[DRILL] ") : "",
	            wording_tr(w, view->zh, view->en));

	book_sheet(x->book, title);
	book_text(x->book, 0, 0, title, v->drill ? BOOK_ALERT : BOOK_TITLE);
	book_text(x->book, 1, 0,
	          str_fmt(x->op.arena,
	                  wording_tr(w, "依据台账前 %llu 条（%s），导出于 %s",
	                             "rests on the first %llu entries of the ledger (%s), made at %s"),
	                  (unsigned long long)v->size, v->origin.s, wording_time(w, x->op.now_ms).s),
	          BOOK_NOTE);
	for (size_t i = 0; i < view->ncolumns; i++) {
		struct str s = str_of(wording_tr(w, view->columns[i].zh, view->columns[i].en));

		book_text(x->book, HEAD_ROW - 1, i, s, BOOK_HEAD);
		widen(x, i, s);
	}
	book_freeze(x->book, HEAD_ROW);
	x->row = HEAD_ROW;
}

static void row(struct writing *x, const struct rows *r)
{
	const struct view *view = x->v->view;

	for (size_t i = 0; i < view->ncolumns; i++) {
		struct str s;

		if (view->columns[i].type == F_INT && rows_type(r, (int)i) == SQL_INT) {
			book_int(x->book, x->row, i, rows_int(r, (int)i));
			continue;
		}
		s = wording_cell(x->v->wording, view, r, (int)i);
		book_text(x->book, x->row, i, s, BOOK_TEXT);
		widen(x, i, s);
	}
	x->row++;
}

static enum rc fill(struct op *op, struct writing *x)
{
	const struct view_book *v = x->v;
	AUTO(rows) r = {0};

	if (v->some)
		TRY(db_narrow(op, op->db, v->some, &r));
	else
		TRY(sql_query(op, v->view->sql, NO_ARGS, &r));
	while (rows_next(&r)) {
		arena_reset(x->op.arena);
		if (v->keep && !v->keep(v->ctx, &x->op, &r))
			continue;
		if (x->row - HEAD_ROW == v->most)
			return fail(op, RC_INVALID, "", "", "超过 %zu 行，请按地点等条件分次导出",
			            "more than %zu rows: export it in parts, by place or otherwise", v->most);
		row(x, &r);
	}
	return RC_OK;
}

static void finish(struct writing *x)
{
	size_t n = x->v->view->ncolumns, last = x->row > HEAD_ROW ? x->row - 1 : HEAD_ROW;

	for (size_t i = 0; i < n; i++) {
		size_t w = x->width[i] + 3; /* the filter's button */

		book_width(x->book, i,
		           (double)(w < WIDTH_LEAST  ? WIDTH_LEAST
		                    : w > WIDTH_MOST ? WIDTH_MOST
		                                     : w),
		           BOOK_TEXT);
	}
	book_filter(x->book, HEAD_ROW - 1, last, n - 1);
}

enum rc view_book(struct op *op, const struct view_book *v, struct str *ret)
{
	struct arena arena = {0};
	struct writing x = {.v = v, .op = *op, .book = book_new(op->now_ms)};
	struct op *outer = v->wording->op;
	enum rc rc;

	assert(v->view->ncolumns <= LIMIT_CSV_COLUMNS);
	x.op.arena = &arena;
	v->wording->op = &x.op;
	head(&x);
	rc = fill(op, &x);
	v->wording->op = outer;
	if (rc == RC_OK) {
		finish(&x);
		rc = book_end(op, x.book, ret);
	} else {
		book_drop(x.book);
	}
	arena_release(&arena);
	return rc;
}
