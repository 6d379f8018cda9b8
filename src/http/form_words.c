/* SPDX-License-Identifier: Apache-2.0 */
/* form_words.c -- rows of views, and words in place of codes, for paper. */
#include "http/form_private.h"

#include "base/clock.h"
#include "domain/people/people.h"
#include "engine/modules_private.h"
#include "engine/place.h"

static bool named(struct form_list *l, struct str path, struct str *ret)
{
	return place_named(l->op, l->desk->vault, path, ret);
}

/* A room that nobody named is its number at its site, as a screen says it. */
struct str form_place(struct form_list *l, struct str path)
{
	size_t at = path.n;
	struct str name;

	if (named(l, path, &name))
		return name;
	while (at > 0 && path.s[at - 1] != '/')
		at--;
	if (place_level(path) != LEVEL_ROOM || path.s[at] != 'r' ||
	    !named(l, str_dup(l->op->arena, path.s, at - 1), &name))
		return path;
	return str_fmt(l->op->arena, "%s 第%s考场", name.s, path.s + at + 1);
}

struct str form_session(struct form_list *l, struct str session)
{
	const struct profile_session *s = profile_session(l->desk->profile, session);

	return s ? s->zh : session;
}

/* 2025年6月7日 of "2025-06-07…"; with `year` false 6月7日. */
static struct str date(struct form_list *l, struct str t, bool year)
{
	int y, m, d;

	if (sscanf(t.s, "%4d-%2d-%2d", &y, &m, &d) != 3)
		return t;
	return year ? str_fmt(l->op->arena, "%d年%d月%d日", y, m, d)
	            : str_fmt(l->op->arena, "%d月%d日", m, d);
}

struct str form_minute(struct form_list *l, int64_t ms)
{
	struct str t = clock_format_offset(l->op->arena, ms, l->desk->profile->utc_offset_min);

	return str_fmt(l->op->arena, "%s %.5s", date(l, t, true).s, t.s + 11);
}

struct str form_date(struct form_list *l, struct str day)
{
	static const char *const WEEK[] = {"四", "五", "六", "日", "一", "二", "三"}; /* of 1970-01-01 */
	enum { DAY_MS = 24 * 3600 * 1000 };
	int64_t ms;

	if (!clock_parse(str_fmt(l->op->arena, "%.10sT00:00:00Z", day.s), &ms) || ms < 0)
		return day;
	return str_fmt(l->op->arena, "%s（星期%s）", date(l, day, true).s, WEEK[ms / DAY_MS % 7]);
}

struct str form_half_day(struct form_list *l, struct str half_day)
{
	struct str day, half;

	if (!str_cut(half_day, '/', &day, &half) || day.n != 10)
		return half_day;
	return str_fmt(l->op->arena, "%s%s", date(l, day, false).s,
	               str_is(half, "am") ? "上午" : str_is(half, "pm") ? "下午" : half.s);
}

struct str form_time(struct form_list *l, int64_t ms)
{
	struct str t;

	if (ms <= 0)
		return STR("");
	t = clock_format_offset(l->op->arena, ms, l->desk->profile->utc_offset_min);
	return str_fmt(l->op->arena, "%s %.5s", date(l, t, false).s, t.s + 11);
}

struct str form_room(struct form_list *l, struct str path)
{
	size_t at = path.n;

	while (at > 0 && path.s[at - 1] != '/')
		at--;
	if (path.n > at + 1 && path.s[at] == 'r')
		at++; /* rooms are r01, r02 … */
	return str_dup(l->op->arena, path.s + at, path.n - at);
}

struct str form_person(struct form_list *l, int64_t who)
{
	struct err before = l->op->err;
	struct str code;

	if (who <= 0)
		return STR("");
	if (people_code(l->op, (struct person_id){who}, &code) == RC_OK)
		return code;
	l->op->err = before;
	return str_fmt(l->op->arena, "#%lld", (long long)who);
}

struct str form_number(struct form_list *l, int64_t v)
{
	return str_fmt(l->op->arena, "%lld", (long long)v);
}

struct form_subject form_subject(struct form_list *l, struct str place)
{
	const struct profile_session *s = profile_session(l->desk->profile, l->ask->session);
	struct form_subject f = {.place = form_place(l, place), .path = place};
	int min = l->desk->profile->utc_offset_min;

	if (l->kind->of == FORM_OF_DAY)
		f.day = form_date(l, l->ask->day);
	if (s) {
		struct str from = clock_format_offset(l->op->arena, s->start_ms, min);
		struct str to = clock_format_offset(l->op->arena, s->end_ms, min);

		f.session = s->zh;
		f.when = str_fmt(l->op->arena, "%s%.5s—%.5s", form_date(l, from).s, from.s + 11, to.s + 11);
	}
	return f;
}

static const struct view *view_of(const struct modules *m, const char *path)
{
	for (size_t i = 0; i < m->index->nall; i++)
		for (size_t j = 0; j < m->index->all[i]->nviews; j++)
			if (strcmp(path, m->index->all[i]->views[j].path) == 0)
				return &m->index->all[i]->views[j];
	return NULL;
}

static int column_of(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (strcmp(v->columns[i].name, name) == 0)
			return (int)i;
	return -1;
}

/* Does a row belong to what is asked for: by its first place and, of a session, by that. */
static bool is_asked(struct form_list *l, const struct view *v, const struct rows *r)
{
	int session = column_of(v, "session"), place = 0;

	while (place < (int)v->ncolumns && v->columns[place].type != F_PLACE)
		place++;
	if (place < (int)v->ncolumns && !place_covers(l->ask->place, rows_str(r, place)))
		return false;
	return l->kind->of != FORM_OF_SESSION || session < 0 ||
	       str_eq(rows_str(r, session), l->ask->session);
}

enum rc form_rows(struct form_list *l, const char *view, struct form_rows *ret)
{
	const struct view *v = view_of(l->desk->modules, view);
	struct str *cells = NULL;
	size_t n = 0, cap = 0, m = v->ncolumns;
	AUTO(rows) r = {0};

	TRY(sql_query(l->op, v->sql, NO_ARGS, &r));
	while (rows_next(&r)) {
		if (!is_asked(l, v, &r))
			continue;
		cells = arena_room(l->op->arena, cells, n, &cap, m * sizeof(*cells));
		for (size_t i = 0; i < m; i++)
			cells[n * m + i] = rows_is_null(&r, (int)i) ? STR("")
			                   : rows_type(&r, (int)i) == SQL_INT
			                       ? form_number(l, rows_int(&r, (int)i))
			                       : rows_dup(l->op->arena, &r, (int)i);
		n++;
	}
	*ret = (struct form_rows){v, cells, n};
	return RC_OK;
}

struct str form_cell(const struct form_rows *r, size_t row, const char *column)
{
	int at = column_of(r->view, column);

	assert(at >= 0);
	return r->cells[row * r->view->ncolumns + (size_t)at];
}

int64_t form_int(const struct form_rows *r, size_t row, const char *column)
{
	int64_t v = 0;

	(void)str_to_i64(form_cell(r, row, column), &v);
	return v;
}

struct str form_word(const struct form_rows *r, size_t row, const char *column)
{
	const struct column *c = &r->view->columns[column_of(r->view, column)];
	struct str cell = form_cell(r, row, column);
	int64_t i = -1;

	if (!str_to_i64(cell, &i))
		for (size_t k = 0; k < c->ncodes; k++)
			if (str_is(cell, c->codes[k]))
				i = (int64_t)k;
	return i >= 0 && i < (int64_t)c->nwords ? str_of(c->words[i].zh) : cell;
}
