/* SPDX-License-Identifier: Apache-2.0 */
/* wording_cell.c -- a cell of a view, by its column's type (engine/view.h). */
#include "base/clock.h"
#include "domain/people/people.h"
#include "engine/place.h"
#include "engine/vault.h"
#include "sheet/wording.h"

struct str wording_person(struct wording *w, struct person_id who)
{
	struct err before = w->op->err;
	struct str code;

	if (who.v == 0)
		return str_of(wording_tr(w, "系统", "system"));
	if (people_code(w->op, who, &code) != RC_OK) {
		w->op->err = before;
		return str_fmt(w->op->arena, "#%lld", (long long)who.v);
	}
	return code;
}

struct str wording_time(struct wording *w, int64_t ms)
{
	struct str s;

	if (!ms)
		return STR("—");
	s = clock_format_offset(w->op->arena, ms, w->offset_min);
	if (w->short_times)
		return str_fmt(w->op->arena, "%.5s %.8s", s.s + 5, s.s + 11);
	return str_fmt(w->op->arena, "%.10s %.8s %s", s.s, s.s + 11, s.s + s.n - 6);
}

static struct str cell_text(struct arena *a, const struct rows *r, int col)
{
	if (rows_is_null(r, col))
		return STR("");
	if (rows_type(r, col) == SQL_INT)
		return str_fmt(a, "%lld", (long long)rows_int(r, col));
	return rows_dup(a, r, col);
}

static struct str word_text(struct wording *w, const struct column *col, const struct rows *r,
                            int at)
{
	struct str code = cell_text(w->op->arena, r, at);
	int64_t i = rows_type(r, at) == SQL_INT ? rows_int(r, at) : -1;

	for (size_t k = 0; i < 0 && rows_type(r, at) != SQL_INT && k < col->ncodes; k++)
		if (str_is(code, col->codes[k]))
			i = (int64_t)k;
	if (i >= 0 && i < (int64_t)col->nwords)
		return str_of(wording_tr(w, col->words[i].zh, col->words[i].en));
	return i < 0 ? STR("—") : code;
}

static struct str opened(struct wording *w, int64_t v)
{
	struct str text = vault_shown(w->op, w->vault, v);

	return text.n ? text : STR("—");
}

static struct str number_text(struct wording *w, const struct column *col, int64_t v)
{
	switch (col->type) {
	case F_TIME:
		return wording_time(w, v);
	case F_BOOL:
		return str_of(v ? wording_tr(w, "是", "yes") : wording_tr(w, "否", "no"));
	case F_PERSON:
		return v > 0 ? wording_person(w, (struct person_id){v}) : STR("—");
	case F_ID:
		return v > 0 ? str_fmt(w->op->arena, "%lld", (long long)v) : STR("—");
	case F_TEXT:
		if (col->open)
			return opened(w, v);
		return v > 0 ? str_fmt(w->op->arena, wording_tr(w, "（保密库 %lld）", "(vault %lld)"),
		                       (long long)v)
		             : STR("—");
	case F_INT: case F_ENUM: case F_CODE: case F_KEY: case F_PLACE: case F_HASH: case F_BYTES:
	case F_SUBJECT: case F_LIST:
		break;
	}
	return str_fmt(w->op->arena, "%lld", (long long)v);
}

/* A room whose site stands in the same row needs no name. */
static bool is_under_another(struct wording *w, const struct view *v, const struct rows *r,
                             struct str place)
{
	for (size_t i = 0; i < v->ncolumns; i++) {
		struct str other;

		if (v->columns[i].type != F_PLACE)
			continue;
		other = rows_dup(w->op->arena, r, (int)i);
		if (place_level(other) == LEVEL_SITE && other.n < place.n && place_covers(other, place))
			return true;
	}
	return false;
}

struct str wording_cell(struct wording *w, const struct view *v, const struct rows *r, int at)
{
	const struct column *col = &v->columns[at];
	struct str s;

	if (rows_is_null(r, at))
		return STR("—");
	if (col->type == F_ENUM)
		return word_text(w, col, r, at);
	if (rows_type(r, at) == SQL_INT)
		return number_text(w, col, rows_int(r, at));
	s = rows_dup(w->op->arena, r, at);
	if (!s.n)
		return STR("—");
	if (col->type == F_KEY)
		return wording_key(w, col->ref, s);
	if (col->type == F_PLACE)
		return is_under_another(w, v, r, s) ? s : wording_place(w, s);
	return col->type == F_SUBJECT ? wording_subject(w, s) : s;
}
