/* SPDX-License-Identifier: Apache-2.0 */
/* page.h -- A4 forms as PDF: the layout kit (Pango, Cairo, Noto CJK).
 *
 * A form is a head (what it is, what it rests on) and a function that puts its body on paper from
 * top to bottom; the kit breaks pages, repeats a table's head, and puts on every page the title,
 * the QR code, the id, the check value of the content, the checkpoint, "page n of N", and in a
 * drill the watermark 【演练】.  Nothing is ever drawn outside the margins: texts wrap, or shrink
 * where a box has one line.
 *
 * Content.  What the body says, text by text in its order, is the form's content; its SHA-256 is
 * the check value (校验值) on the paper.  Breaks and repeated heads are no part of it, so that the
 * same facts printed twice have the same value.
 *
 * Each form is drawn twice: once to measure, then onto the page.  So a draw function must be pure.
 * Lengths are points (1/72 inch), y grows downwards.  No database here, and no rule.
 */
#ifndef GY_PRINT_PAGE_H
#define GY_PRINT_PAGE_H

#include "base/op.h"

#define PAGE_W 595.28
#define PAGE_H 841.89
#define PAGE_LEFT 45.0                       /* punched and bound on the left: 16 mm */
#define PAGE_WIDTH (PAGE_W - PAGE_LEFT - 37.0)
#define PAGE_BOTTOM (PAGE_H - 60.0)          /* the foot is below */
#define PAGE_QR 76.0                         /* side with its quiet zone: 27 mm, read at 150 dpi */

struct page;

struct form_head {
	struct str zh, en;       /* 考场情况记录单, Room record sheet */
	struct str id;           /* "07:d1-chinese:sc/cd/jn/s01/r07:312" (print/form_id.h) */
	struct str exam, office; /* the examination; who prints */
	struct str about;        /* session and time, or day: said again on further pages */
	int64_t size;            /* the checkpoint it rests on: entries and root */
	struct str root;         /* hex; its first digits are printed */
	struct str printed;      /* when, as people write it */
	int copies;              /* 一式 N 份; 0: not said */
	bool drill;
};

struct form {
	struct form_head head;
	void (*draw)(struct page *p, const void *data);
	const void *data;
	struct str content, check; /* set by print_pdf: the text, and the hex SHA-256 of it */
	int pages;
};

/* One PDF of all these forms, each with pages of its own count; in the op's arena.  Fails: BROKEN
 * (a font or the library gives up), INVALID (an id too long for a QR code). */
enum rc print_pdf(struct op *op, struct form *forms, size_t n, struct str *ret) MUST_CHECK;

/* Gives back what the libraries keep of fonts, when nothing will be printed any more: before a
 * program ends. */
void print_end(void);

/* What a page has. */
enum page_align { PAGE_START, PAGE_CENTRE, PAGE_END };
struct page_style {
	double size;             /* 0: 9.5 */
	bool bold, grey;
	bool fit;                /* one line, smaller until it fits */
	enum page_align align;
};
/* Where the next thing goes; starts a new page when `h` does not fit any more. */
double page_at(struct page *p, double h);
void page_move(struct page *p, double h);  /* after drawing at page_at */
void page_next(struct page *p);            /* the rest stands on another page */
/* How high a block is; and the block, on one page: whoever signs sees what he signs. */
double page_height(struct page *p, void (*draw)(struct page *p, const void *data),
                   const void *data);
void page_together(struct page *p, void (*draw)(struct page *p, const void *data),
                   const void *data);
void page_cut(struct page *p);             /* a line to cut along */
/* At a place of the page, wrapped at w; gives its height. */
double page_text(struct page *p, double x, double y, double w, struct str s,
                 const struct page_style *style);
/* On one line. */
double page_text_width(struct page *p, struct str s, const struct page_style *style);
double page_text_height(struct page *p, double w, struct str s, const struct page_style *style);
struct page_rect {
	double x, y, w, h;
};
/* A text in the middle of a box's height, within its padding. */
void page_text_in(struct page *p, const struct page_rect *r, struct str s,
                  const struct page_style *style);
/* The same, wrapped, and smaller until it is no higher than the box. */
void page_text_within(struct page *p, const struct page_rect *r, struct str s,
                      const struct page_style *style);
void page_rect(struct page *p, const struct page_rect *r, bool filled); /* filled: a light grey */
void page_line(struct page *p, double x0, double y0, double x1, double y1);
/* A QR code of another text than the form's own (a box's number). */
void page_qr(struct page *p, const struct page_rect *r, struct str text);

/* Blocks, from margin to margin; each moves on.  Chinese, English. */
struct page_word {
	const char *zh, *en;
};
void page_heading(struct page *p, struct page_word w);
void page_note(struct page *p, const char *text);
/* A grid of labels and values, `per_row` pairs in a row; an empty value is room to write. */
struct page_field {
	struct page_word label;
	struct str value;
};
void page_fields(struct page *p, const struct page_field *f, size_t n, size_t per_row);
/* The same with no gap below it, where another follows. */
void page_grid(struct page *p, const struct page_field *f, size_t n, size_t per_row);
/* A table; its head stands again on each page.  Empty cells are room to write. */
struct page_column {
	struct page_word head;
	double share;            /* of the width */
	enum page_align align;
};
struct page_table {
	const struct page_column *columns;
	size_t ncolumns;
	const struct str *cells; /* nrows * ncolumns */
	/* Blank: rows to be written by hand; under others as many of them as the page has room for. */
	size_t nrows, blank;
	double row_h;            /* at least; 0: 20 */
	double tail;             /* room below the last row, on its page: for what is signed with it */
	bool fill;               /* more blank rows, as many as fit above the tail */
};
void page_table(struct page *p, const struct page_table *t);
/* Boxes to sign in, each with a line for the date and time. */
void page_signatures(struct page *p, const struct page_word *w, size_t n, size_t per_row);
/* Lines to write on, under a heading. */
void page_lines(struct page *p, size_t n);
/* □ 有 □ 无 and the like: a question and its boxes to tick, one a row. */
struct page_check {
	struct page_word what;
	const char *choices;     /* "□ 是　□ 否" */
};
void page_checks(struct page *p, const struct page_check *c, size_t n);

struct arena *page_arena(struct page *p);
const struct form_head *page_head(const struct page *p);

#endif
