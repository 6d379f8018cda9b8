/* SPDX-License-Identifier: Apache-2.0 */
/* view_from.c -- see view_from.h.
 *
 * Rows come a stretch at a time, each from the last row's key on.  Where the database cannot tell
 * all that was asked for (view_narrow.h) each row is looked at, so a stretch may yield less than a
 * page, and the next one is longer.
 */
#include "http/view_from.h"

#include "engine/view.h"
#include "http/view_narrow.h"

enum { STRETCH_MOST = 20000 }; /* rows of one statement: a few milliseconds */

/* Cells of a key, at most VIEW_KEYS. */
struct key {
	struct sqlv cell[VIEW_KEYS];
};

static bool is_number(const struct view *v, size_t i)
{
	const size_t at = v->keys[i];

	return at >= v->ncolumns || v->columns[at].type == F_INT || v->columns[at].type == F_ID;
}

static bool read_cursor(const struct view *v, struct str text, struct key *ret)
{
	struct str rest = {text.s + 2, text.n - 2}, part;

	if (!str_utf8_valid(text))
		return false;
	for (size_t i = 0; i < v->nkeys; i++) {
		bool last = i + 1 == v->nkeys;
		int64_t n = 0;

		if (str_cut(rest, ':', &part, &rest) == last)
			return false; /* too many cells, or too few */
		if (last)
			part = rest;
		if (is_number(v, i) && !str_to_i64(part, &n))
			return false;
		ret->cell[i] = is_number(v, i) ? sql_int(n) : sql_text(part);
	}
	return true;
}

bool view_from_stands(const struct view *v, struct str after)
{
	struct key k;

	return !after.n || read_cursor(v, after, &k);
}

static struct key key_of(struct op *op, const struct view *v, const struct rows *r)
{
	struct key k = {0};

	for (size_t i = 0; i < v->nkeys; i++)
		k.cell[i] = is_number(v, i) ? sql_int(rows_int(r, v->keys[i]))
		                            : sql_text(rows_dup(op->arena, r, v->keys[i]));
	return k;
}

static struct str cursor_of(struct op *op, const struct view *v, const struct key *k)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_addc(&b, 'k');
	for (size_t i = 0; i < v->nkeys; i++)
		if (is_number(v, i))
			strbuf_addf(&b, ":%lld", (long long)k->cell[i].i);
		else
			strbuf_addf(&b, ":" STR_FMT, STR_ARG(k->cell[i].s));
	return strbuf_str(&b);
}

struct walk {
	struct view_page *p;
	struct narrow some;      /* the rows of all pages */
	bool exact;              /* they are the caller's, each of them (view_narrow.h) */
	bool begun;
	struct key last;         /* of the row that was read last; of none before it has begun */
	struct key told_last;    /* of the one that the caller has; it alone makes a cursor */
	int64_t told;
	bool over;               /* nothing more is asked */
};

static void take(struct op *op, struct walk *w, const struct rows *r)
{
	struct view_page *p = w->p;

	if (w->told++ < p->limit) {
		json_put(p->items, NULL, view_row_json(op, p->filter->view, r));
		w->told_last = w->last = key_of(op, p->filter->view, r);
		return;
	}
	if (!p->next.n)
		p->next = cursor_of(op, p->filter->view, &w->told_last);
	w->over = true;
}

/* *ret_n: rows that the statement gave. */
static enum rc stretch(struct op *op, struct walk *w, int64_t most, int64_t *ret_n)
{
	const struct view *v = w->p->filter->view;
	struct narrow some = w->some;
	AUTO(rows) r = {0};

	for (some.nkeys = 0; some.nkeys < v->nkeys; some.nkeys++) {
		some.keys[some.nkeys] = v->keys[some.nkeys];
		some.behind[some.nkeys] = w->last.cell[some.nkeys];
	}
	some.is_behind = w->begun;
	some.limit = most;
	TRY(db_narrow(op, op->db, &some, &r));
	for (*ret_n = 0; !w->over && rows_next(&r); ++*ret_n) {
		bool fits = filter_fits(w->p->filter, op, &r) && sight_covers(op, w->p->sight, &r);

		if (fits)
			take(op, w, &r);
		else if (*ret_n + 1 == most)
			w->last = key_of(op, v, &r);
	}
	w->begun = true;
	return RC_OK;
}

static enum rc count_all(struct op *op, const struct walk *w, struct view_page *p)
{
	AUTO(rows) r = {0};

	if (w->exact)
		return db_narrow_count(op, op->db, &w->some, &p->total);
	p->total = 0;
	TRY(db_narrow(op, op->db, &w->some, &r));
	while (rows_next(&r))
		p->total += filter_fits(p->filter, op, &r) && sight_covers(op, p->sight, &r);
	return RC_OK;
}

bool view_from_reads(const struct view *v, struct str after)
{
	return v->nkeys && (!after.n || str_starts(after, STR("k:")));
}

enum rc view_from_page(struct op *op, struct view_page *p)
{
	const struct view *v = p->filter->view;
	struct walk w = {.p = p, .begun = p->after.n > 0};
	int64_t most = p->limit + 1, got = most;

	if (p->after.n && !read_cursor(v, str_copy(op->arena, p->after), &w.last))
		return fail(op, RC_INVALID, "after", "", "after 应为上一页的 next",
		            "after is the `next` of the page before");
	TRY(view_narrow(op, p->filter, p->sight->who, &w.some, &w.exact));
	while (!w.over && got == most) {
		TRY(stretch(op, &w, most, &got));
		if (!w.over && got == most) {
			most = most * 8 < STRETCH_MOST ? most * 8 : STRETCH_MOST;
			got = most;
		}
	}
	return p->counted ? count_all(op, &w, p) : RC_OK;
}
