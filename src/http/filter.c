/* SPDX-License-Identifier: Apache-2.0 */
/* filter.c -- see filter.h. */
#include "http/filter.h"

#include "base/clock.h"
#include "engine/field.h"

/* Of the page, not of its rows; `lang` is the problems' (problem.h). */
static const char *const OF_THE_PAGE[] = {"limit", "after", "min_index", "total", "lang"};

static bool is_of_the_page(struct str name)
{
	for (size_t i = 0; i < COUNT(OF_THE_PAGE); i++)
		if (str_is(name, OF_THE_PAGE[i]))
			return true;
	return false;
}

static char lower(char c)
{
	return (char)(c >= 'A' && c <= 'Z' ? c - 'A' + 'a' : c);
}

static struct str lowered(struct arena *a, struct str s)
{
	struct str copy = str_copy(a, s);

	for (size_t i = 0; i < copy.n; i++)
		((char *)(uintptr_t)copy.s)[i] = lower(copy.s[i]);
	return copy;
}

bool filter_holds(struct str text, struct str low)
{
	for (size_t i = 0; i + low.n <= text.n; i++) {
		size_t k = 0;

		while (k < low.n && lower(text.s[i + k]) == low.s[k])
			k++;
		if (k == low.n)
			return true;
	}
	return false;
}

static int column_of(const struct view *v, struct str name)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (str_is(name, v->columns[i].name))
			return (int)i;
	return -1;
}

static void add_cell(struct filter *f, int at, struct str value)
{
	const struct column *c = &f->view->columns[at];
	struct filter_cell *x = &f->cells[f->ncells++];

	*x = (struct filter_cell){.at = at, .value = value};
	x->number = value.n && str_to_i64(value, &x->i);
	for (size_t k = 0; k < c->ncodes && !x->number; k++)
		if (str_is(value, c->codes[k])) {
			x->number = true;
			x->i = (int64_t)k;
		}
}

static bool is_number(const struct column *c)
{
	return c->type == F_INT || c->type == F_ID || c->type == F_BOOL || c->type == F_TIME ||
	       c->type == F_TEXT;
}

static void blame(struct filter *f, struct str name, const char *zh, const char *en)
{
	if (f->wrong.s)
		return;
	f->wrong = name;
	f->zh = zh;
	f->en = en;
}

/* No value: "".  A number without a word is what a table has where nobody has said yet. */
static void check_cell(struct filter *f, struct str name, const struct filter_cell *x)
{
	const struct column *c = &f->view->columns[x->at];

	if (!str_utf8_valid(x->value))
		blame(f, name, "应为文字（UTF-8）", "is text, as UTF-8");
	else if (x->value.n && is_number(c) && !x->number)
		blame(f, name, "应为整数", "is a whole number");
	else if (x->value.n && c->type == F_ENUM && !x->number)
		blame(f, name, "应为此栏的代码之一", "is one of the codes of this column");
}

struct reading {
	struct filter *f;
	struct arena *a;
	unsigned said; /* bits of ONCE */
};

/* All but columns, of which one that is named twice has either value.  True: it stood before. */
static bool said_before(struct reading *r, struct str name)
{
	static const char *const ONCE[] = {"limit", "after", "min_index", "total", "lang",
	                                   "q", "place", "since", "before"};
	unsigned bit = 0, before = r->said;

	for (size_t i = 0; i < COUNT(ONCE) && !bit; i++)
		bit = str_is(name, ONCE[i]) ? 1u << i : 0;
	r->said |= bit;
	return before & bit;
}

static void take_q(struct reading *r, struct str name, struct str value)
{
	struct filter *f = r->f;

	if (!str_utf8_valid(value)) {
		blame(f, name, "应为文字（UTF-8）", "is text, as UTF-8");
		return;
	}
	f->q = lowered(r->a, value);
	f->memo = f->q.n ? filter_memo_new(r->a) : NULL;
}

static void take_time(struct filter *f, struct str name, struct str value)
{
	if (!clock_parse(value, str_is(name, "since") ? &f->since : &f->before))
		blame(f, name, "应为时间（RFC 3339）", "is a time, as RFC 3339");
}

static void take(void *ctx, struct str name, struct str value)
{
	struct reading *r = ctx;
	struct filter *f = r->f;
	int at = column_of(f->view, name);
	bool is_cell = at >= 0 && !(str_is(name, "place") && f->place_at >= 0);

	if (!is_cell && said_before(r, name))
		blame(f, name, "只能写一次", "is said once");
	else if (is_of_the_page(name))
		return;
	else if (str_is(name, "q"))
		take_q(r, name, value);
	else if (str_is(name, "place") && f->place_at >= 0)
		f->place = value;
	else if (f->time_at >= 0 && at < 0 && (str_is(name, "since") || str_is(name, "before")))
		take_time(f, name, value);
	else if (at < 0)
		blame(f, name, "没有这个参数；可用：limit、after、min_index、total、place、q、since、before "
		      "及本视图的栏目名", "there is none; there are limit, after, min_index, total, place, q, "
		      "since, before and the view's columns");
	else if (f->ncells == FILTER_CELLS)
		blame(f, name, "栏目条件至多 8 个", "is one too many: at most 8 columns are asked for");
	else {
		add_cell(f, at, value);
		check_cell(f, name, &f->cells[f->ncells - 1]);
	}
}

void filter_read(struct exchange *x, const struct view *v, struct filter *ret)
{
	struct reading r = {ret, exchange_arena(x)};

	*ret = (struct filter){.view = v, .place_at = -1, .time_at = -1, .since = INT64_MIN,
	                       .before = INT64_MAX, .q_person = -1};
	for (size_t i = v->ncolumns; i-- > 0;)
		if (v->columns[i].type == F_PLACE)
			ret->place_at = (int)i;
		else if (v->columns[i].type == F_TIME)
			ret->time_at = (int)i;
	exchange_queries(x, take, &r);
}

static bool cell_is(const struct filter_cell *c, const struct rows *r)
{
	if (rows_is_null(r, c->at))
		return !c->value.n;
	if (rows_type(r, c->at) == SQL_INT)
		return c->number && rows_int(r, c->at) == c->i;
	return str_eq(rows_str(r, c->at), c->value);
}

/* One column named twice: either of the two values. */
static bool some_cell_is(const struct filter *f, int at, const struct rows *r)
{
	for (size_t i = 0; i < f->ncells; i++)
		if (f->cells[i].at == at && cell_is(&f->cells[i], r))
			return true;
	return false;
}

/* What is recorded first: it is found at once. */
static bool some_column_holds(const struct filter *f, struct op *op, const struct rows *r)
{
	for (size_t i = 0; i < f->view->ncolumns; i++)
		if (rows_type(r, (int)i) == SQL_TEXT && filter_holds(rows_str(r, (int)i), f->q))
			return true;
	for (size_t i = 0; i < f->view->ncolumns; i++)
		if (filter_word_holds(f, op, r, (int)i))
			return true;
	return false;
}

bool filter_fits(const struct filter *f, struct op *op, const struct rows *r)
{
	if (f->place.s && !place_covers(f->place, rows_str(r, f->place_at)))
		return false;
	if (f->time_at >= 0 && (rows_int(r, f->time_at) < f->since ||
	                        rows_int(r, f->time_at) >= f->before))
		return false;
	for (size_t i = 0; i < f->ncells; i++)
		if (!some_cell_is(f, f->cells[i].at, r))
			return false;
	return !f->q.n || some_column_holds(f, op, r);
}

struct query_text {
	struct strbuf to;
};

static void put_escaped(struct strbuf *b, struct str s)
{
	static const char PLAIN[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/";

	for (size_t i = 0; i < s.n; i++)
		if (strchr(PLAIN, s.s[i]))
			strbuf_addc(b, s.s[i]);
		else
			strbuf_addf(b, "%%%02X", (unsigned)(unsigned char)s.s[i]);
}

static void repeat(void *ctx, struct str name, struct str value)
{
	struct query_text *t = ctx;

	if (str_is(name, "after") || str_is(name, "limit") || str_is(name, "min_index"))
		return;
	strbuf_addc(&t->to, '&');
	put_escaped(&t->to, name);
	strbuf_addc(&t->to, '=');
	put_escaped(&t->to, value);
}

struct str filter_query(struct exchange *x)
{
	struct query_text t;

	strbuf_init(&t.to, exchange_arena(x));
	exchange_queries(x, repeat, &t);
	return strbuf_str(&t.to);
}
