/* SPDX-License-Identifier: Apache-2.0 */
/* view_filters.c -- see view_filters.h. */
#include "kit/check.h"

#include "base/clock.h"
#include "http/view_filters.h"

enum { ROWS_TRIED = 3 };

struct trying {
	struct served *s;
	const struct view *v;
	int64_t who;
	const struct json *all;
	int place_at, time_at;
	size_t found;
};

/* One question; what is not asked is NULL, -1, or 0. */
struct question {
	const char *place;
	int column;
	const struct json *cell;
	int64_t since, before;
};

static const struct json *items(struct trying *t, int most, const char *query, int64_t *ret_total)
{
	struct reply_heard h;

	served_ask(t->s, t->who, "GET",
	           str_fmt(&t->s->kit->arena, "/api/v1/%s?limit=%d&total=1%s", t->v->path, most,
	                   query).s,
	           NULL, &h);
	if (h.status != 200)
		fail_msg("%s %s: %d", t->v->path, query, h.status);
	*ret_total = json_int(h.doc, "total", -1);
	return json_get(h.doc, "items");
}

static const struct json *cell_of(const struct trying *t, const struct json *row, int column)
{
	return json_get(row, t->v->columns[column].name);
}

static bool fits(struct trying *t, const struct question *q, const struct json *row)
{
	struct arena *a = &t->s->kit->arena;
	int64_t at = q->since || q->before ? json_int(row, t->v->columns[t->time_at].name, 0) : 0;

	if (q->place && !place_covers(str_of(q->place), json_str(row, t->v->columns[t->place_at].name)))
		return false;
	if (q->column >= 0 && !str_eq(json_canonical(a, cell_of(t, row, q->column)),
	                              json_canonical(a, q->cell)))
		return false;
	return (!q->since || at >= q->since) && (!q->before || at < q->before);
}

static struct str escaped(struct arena *a, struct str s)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n; i++)
		strbuf_addf(&b, "%%%02X", (unsigned)(unsigned char)s.s[i]);
	return b.n ? strbuf_str(&b) : STR("");
}

static struct str query_of(struct trying *t, const struct question *q)
{
	struct arena *a = &t->s->kit->arena;
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, "&lang=zh");
	if (q->place)
		strbuf_addf(&b, "&place=%s", q->place);
	if (q->column >= 0) {
		struct str cell = q->cell->type == JSON_STR    ? q->cell->s
		                  : q->cell->type == JSON_NULL ? STR("")
		                                               : json_canonical(a, q->cell);

		strbuf_addf(&b, "&%s=%s", t->v->columns[q->column].name, escaped(a, cell).s);
	}
	if (q->since)
		strbuf_addf(&b, "&since=%s", clock_format_utc(a, q->since).s);
	if (q->before)
		strbuf_addf(&b, "&before=%s", clock_format_utc(a, q->before).s);
	return strbuf_str(&b);
}

/* The rows of the whole that fit, in their order, and no others. */
static void must_find(struct trying *t, struct question q)
{
	struct arena *a = &t->s->kit->arena;
	const char *query = query_of(t, &q).s;
	int64_t total, n = 0;
	const struct json *got = items(t, 2000, query, &total)->first;

	for (const struct json *row = t->all->first; row; row = row->next) {
		if (!fits(t, &q, row))
			continue;
		if (!got || !str_eq(json_canonical(a, got), json_canonical(a, row)))
			fail_msg("%s%s: row %lld is another", t->v->path, query, (long long)n);
		got = got->next;
		n++;
	}
	if (got || total != n)
		fail_msg("%s%s: %s, and %lld of %lld", t->v->path, query, got ? "there are more" : "all",
		         (long long)total, (long long)n);
	/* Also where one page does not tell. */
	if (n > 1 && (items(t, 1, query, &total)->count != 1 || total != n))
		fail_msg("%s%s: %lld by the database, not %lld", t->v->path, query, (long long)total,
		         (long long)n);
	t->found += n > 0;
}

/* The server's names go before a column's; a text stands in the vault. */
static bool is_asked(const struct column *c, int64_t place_at)
{
	return !(place_at >= 0 && strcmp(c->name, "place") == 0) && !c->open;
}

static void try_row(struct trying *t, const struct json *row, const char *const *places, size_t n)
{
	for (size_t i = 0; i < t->v->ncolumns; i++) {
		struct question q = {.column = (int)i, .cell = cell_of(t, row, (int)i)};

		if (!is_asked(&t->v->columns[i], t->place_at))
			continue;
		must_find(t, q);
		for (size_t k = 0; k < n && t->place_at >= 0; k++) {
			q.place = places[k];
			must_find(t, q);
		}
	}
	if (t->time_at >= 0) {
		int64_t at = json_int(row, t->v->columns[t->time_at].name, 0) / 1000 * 1000;

		if (at > 0) {
			must_find(t, (struct question){.column = -1, .since = at});
			must_find(t, (struct question){.column = -1, .before = at});
		}
	}
}

/* What the column's declaration promises is what the database compares with: PostgreSQL refuses a
 * number beside a text, also where there is no row. */
static void try_types(struct trying *t)
{
	for (size_t i = 0; i < t->v->ncolumns; i++) {
		const struct column *c = &t->v->columns[i];
		const char *value = c->type == F_ENUM && c->codes ? c->codes[0]
		                    : c->type == F_PLACE          ? "sc/nowhere"
		                                                  : "1";
		int64_t total;

		if (is_asked(c, t->place_at))
			(void)items(t, 1, str_fmt(&t->s->kit->arena, "&%s=%s", c->name, value).s, &total);
	}
}

static int first_of(const struct view *v, enum field_type type)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (v->columns[i].type == type)
			return (int)i;
	return -1;
}

static bool has_column(const struct view *v, const char *name)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (strcmp(v->columns[i].name, name) == 0)
			return true;
	return false;
}

size_t view_filters(struct served *s, const struct view *v, int64_t who, const char *const *places,
                    size_t nplaces)
{
	struct trying t = {.s = s, .v = v, .who = who, .place_at = first_of(v, F_PLACE),
	                   .time_at = first_of(v, F_TIME)};
	const struct json *row;
	int64_t total, at = 0;

	if (has_column(v, "since") || has_column(v, "before"))
		t.time_at = -1;
	t.all = items(&t, 2000, "", &total);
	assert_int_equal(total, t.all->count);
	for (size_t k = 0; k < nplaces && t.place_at >= 0; k++)
		must_find(&t, (struct question){.place = places[k], .column = -1});
	try_types(&t);
	/* The first ones, and the last. */
	for (row = t.all->first; row; row = row->next, at++)
		if (at < ROWS_TRIED || !row->next)
			try_row(&t, row, places, nplaces);
	return t.found;
}
