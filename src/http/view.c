/* SPDX-License-Identifier: Apache-2.0 */
/* view.c -- GET /api/v1/VIEW: rows of a module's view that the caller's grants cover, a page at a
 * time; GET /api/v1/VIEW/KEY: one of them, for views that find a row by its number.
 *
 * A row belongs to the place in its first column of places; a view without one is for grants over
 * everything.  The cursor is the number of rows that were told so far: how many others lie between
 * them is nobody's to know.
 */
#include "http/api_private.h"

#include "base/limits.h"
#include "engine/modules_private.h"
#include "engine/rebuild.h"
#include "engine/view.h"
#include "http/filter.h"
#include "http/problem.h"
#include "http/query.h"
#include "http/view_from.h"
#include "http/view_narrow.h"

struct viewing {
	const struct api_host *host;
	struct exchange *x;
	struct caller who;
	const struct view *view;
	struct str key;      /* of one row; .s NULL: a page */
	struct filter filter;
	int64_t limit, after, min_index;
	struct str cursor, next; /* next: empty, no page follows */
	int64_t total;       /* rows on all pages; -1: not asked */
	bool seen;           /* the projections have min_index */
	int looks;
	enum rc rc;
	struct err err;
	struct str body;
};

/* "exam/candidates"; or "exam/candidates/C001": the view and the key. */
static const struct view *view_of(const struct modules *m, struct str path, struct str *ret_key)
{
	struct str module, rest, name, key;
	const struct view *v;

	*ret_key = (struct str){NULL, 0};
	if (!str_cut(path, '/', &module, &rest))
		return NULL;
	if (!str_cut(rest, '/', &name, &key))
		return name_map_get(&m->index->views, path);
	if (!key.n)
		return NULL;
	v = name_map_get(&m->index->views, (struct str){path.s, path.n - key.n - 1});
	if (!v || !v->one)
		return NULL;
	*ret_key = key;
	return v;
}

const struct view *api_view_find(const struct modules *m, struct str path)
{
	struct str key = {NULL, 0};
	const struct view *v = view_of(m, path, &key);

	return key.s ? NULL : v;
}

static int place_column(const struct view *v)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (v->columns[i].type == F_PLACE)
			return (int)i;
	return -1;
}

static bool sees(const struct op *op, const struct view *v, struct person_id who,
                 struct str place)
{
	for (const char *const *r = v->roles; r && *r; r++)
		if (person_holds(op, who, str_of(*r), place))
			return true;
	return false;
}

bool sight_covers(const struct op *op, struct sight *s, const struct rows *r)
{
	struct str place = s->place_at < 0 ? (struct str){"", 0} : rows_str(r, s->place_at);

	if (s->known && str_eq(place, s->last))
		return s->seen;
	s->seen = sees(op, s->view, s->who, place);
	s->known = place.n < sizeof(s->text);
	if (s->known) {
		memcpy(s->text, place.s, place.n);
		s->last = (struct str){s->text, place.n};
	}
	return s->seen;
}

struct json *view_row_json(struct op *op, const struct view *v, const struct rows *r)
{
	struct arena *a = op->arena;
	struct json *o = json_new_object(a);

	for (size_t i = 0; i < v->ncolumns; i++)
		if (rows_is_null(r, (int)i))
			json_set_null(a, o, v->columns[i].name);
		else if (v->columns[i].open)
			json_set_str(a, o, v->columns[i].name,
			             vault_shown(op, &op->run->writer->vault, rows_int(r, (int)i)));
		else if (rows_type(r, (int)i) == SQL_INT)
			json_set_int(a, o, v->columns[i].name, rows_int(r, (int)i));
		else
			json_set_str(a, o, v->columns[i].name, rows_dup(a, r, (int)i));
	return o;
}

/* The cursor is the number of rows that were told. */
static enum rc fill(struct op *op, struct viewing *x, struct json *list)
{
	struct sight sight = {.view = x->view, .who = x->who.person,
	                      .place_at = x->filter.place_at};
	struct narrow some;
	bool exact;
	AUTO(rows) r = {0};
	int64_t n = 0;

	TRY(view_narrow(op, &x->filter, x->who.person, &some, &exact));
	if (exact) {
		n = some.offset = x->after;
		some.limit = x->limit + 1;
	}
	TRY(db_narrow(op, op->db, &some, &r));
	while (rows_next(&r)) {
		if (!filter_fits(&x->filter, op, &r) || !sight_covers(op, &sight, &r) || n++ < x->after)
			continue;
		if ((int64_t)list->count < x->limit) {
			json_put(list, NULL, view_row_json(op, x->view, &r));
			continue;
		}
		if (!x->next.n)
			x->next = str_fmt(op->arena, "%lld", (long long)n - 1);
		if (x->total < 0)
			break;
	}
	if (x->total < 0)
		return RC_OK;
	x->total = n;
	/* A last page that has a row, or a first one, tells it. */
	if (exact && (x->next.n || (n == x->after && n > 0)))
		return db_narrow_count(op, op->db, &some, &x->total);
	return RC_OK;
}

/* A row that the caller may not see is one that is not there. */
static enum rc fill_one(struct op *op, struct viewing *x, struct json *o)
{
	int at = place_column(x->view);
	AUTO(rows) r = {0};

	TRY(db_query(op, op->db, x->view->one, ARGS(sql_text(x->key)), &r));
	if (!rows_next(&r) || !sees(op, x->view, x->who.person,
	                            at < 0 ? (struct str){"", 0} : rows_dup(op->arena, &r, at)))
		return fail(op, RC_NOT_FOUND, "", "", "没有此项", "there is no such thing");
	json_put(o, "item", view_row_json(op, x->view, &r));
	return RC_OK;
}

static enum rc fill_from(struct op *op, struct viewing *x, struct json *list)
{
	struct sight sight = {.view = x->view, .who = x->who.person,
	                      .place_at = x->filter.place_at};
	struct view_page p = {.filter = &x->filter, .sight = &sight, .after = x->cursor,
	                      .limit = x->limit, .counted = x->total >= 0, .items = list};

	TRY(view_from_page(op, &p));
	x->next = p.next;
	x->total = p.counted ? p.total : -1;
	return RC_OK;
}

static enum rc fill_page(struct op *op, struct viewing *x, struct json *o)
{
	struct json *list = json_new_array(op->arena);

	if (view_from_reads(x->view, x->cursor))
		TRY(fill_from(op, x, list));
	else
		TRY(fill(op, x, list));
	json_put(o, "items", list);
	if (x->next.n)
		json_set_str(op->arena, o, "next", x->next);
	else
		json_set_null(op->arena, o, "next");
	if (x->total >= 0)
		json_set_int(op->arena, o, "total", x->total);
	x->next = str_copy(exchange_arena(x->x), x->next);
	return RC_OK;
}

enum rc api_has_seen(struct op *op, int64_t min_index, int64_t size, bool *ret_seen)
{
	int64_t at = -1;

	*ret_seen = true;
	if (min_index > size + LIMIT_BATCH)
		return fail(op, RC_CONFLICT, "", "", "台账尚无第 %lld 条", "there is no entry %lld yet",
		            (long long)min_index);
	if (min_index < 0)
		return RC_OK;
	TRY(projection_at(op, op->db, &at));
	*ret_seen = at > min_index;
	return *ret_seen ? RC_OK
	                 : fail(op, RC_BUSY, "", "", "第 %lld 条尚未反映到查询中，请稍后重试",
	                        "entry %lld is not in the views yet; try again later",
	                        (long long)min_index);
}

static void look(void *ctx, struct op *op)
{
	struct viewing *x = ctx;
	struct json *o = json_new_object(op->arena);
	uint64_t size = x->host->size(x->host->ctx);

	x->rc = api_has_seen(op, x->min_index, (int64_t)size, &x->seen);
	if (x->rc == RC_OK)
		x->rc = x->key.s ? fill_one(op, x, o) : fill_page(op, x, o);
	if (x->rc == RC_OK) {
		json_set_int(op->arena, o, "size", (int64_t)size);
		x->body = str_copy(exchange_arena(x->x), json_canonical(op->arena, o));
	}
	x->err = op->err;
}

/* On a reader's thread. */
static void job(void *ctx, struct op *op)
{
	struct viewing *x = ctx;

	look(x, op);
	if (!x->seen && x->looks++ < API_LOOKS && x->host->again &&
	    x->host->again(x->host->ctx, job, x) == RC_OK)
		return;
	exchange_done(x->x);
}

static void finish(void *ctx, struct exchange *ex)
{
	struct viewing *x = ctx;
	struct reply r = {.status = 200, .type = "application/json", .body = x->body};

	if (x->rc != RC_OK) {
		problem_answer(ex, &x->err, -1);
		return;
	}
	if (x->next.n)
		r.head[r.nhead++] = (struct answer_head){
			"Link", str_fmt(exchange_arena(ex),
			                "</api/v1/%s?after=%s&limit=%lld%s>; rel=\"next\"", x->view->path,
			                x->next.s, (long long)x->limit, filter_query(ex).s)};
	exchange_answer(ex, &r);
}

/* "p0011" -> whose code P0011 is; -1: nobody's. */
static int64_t person_sought(const struct api_host *h, struct op *op, struct str low)
{
	struct str code = str_copy(op->arena, low);
	struct person_id who;

	for (size_t i = 0; i < code.n; i++)
		if (code.s[i] >= 'a' && code.s[i] <= 'z')
			((char *)(uintptr_t)code.s)[i] = (char)(code.s[i] - 'a' + 'A');
	return code.n && h->person(op, code, &who) == RC_OK ? who.v : -1;
}

/* A person may be asked for by staff code; nobody has the number of a code that is none. */
static void find_persons(const struct api_host *h, struct exchange *ex, struct filter *f)
{
	struct op op = *h->lookup;

	op.arena = exchange_arena(ex);
	f->q_person = f->q.n ? person_sought(h, &op, f->q) : -1;
	for (size_t i = 0; i < f->ncells; i++) {
		struct filter_cell *c = &f->cells[i];
		struct person_id who = {-1};

		if (f->view->columns[c->at].type != F_PERSON || c->number || !c->value.n)
			continue;
		c->number = true;
		c->i = h->person(&op, c->value, &who) == RC_OK ? who.v : -1;
	}
}

bool api_filter_stands(const struct api_host *h, struct exchange *ex, struct filter *f)
{
	find_persons(h, ex, f);
	if (f->wrong.s)
		problem_query(ex, f->wrong, f->zh, f->en);
	return !f->wrong.s && query_place(ex, f->place);
}

/* A cursor of either kind (view_from.h). */
static bool cursor_stands(struct viewing *x)
{
	struct query_number after = QUERY_AFTER;

	after.most = INT32_MAX;
	if (!view_from_reads(x->view, x->cursor))
		return query_number(x->x, &after, &x->after);
	if (view_from_stands(x->view, x->cursor))
		return true;
	query_cursor_wrong(x->x);
	return false;
}

void api_view(const struct api_host *h, struct exchange *ex, const struct caller *who,
              struct str path)
{
	struct viewing *x = ARENA_NEW(exchange_arena(ex), struct viewing);

	*x = (struct viewing){.host = h, .x = ex, .who = *who, .total = -1,
	                      .cursor = exchange_query(ex, "after")};
	x->view = view_of(h->modules, path, &x->key);
	if (!x->view) {
		problem_say(ex, 404, "没有这个视图", "there is no such view");
		return;
	}
	if (x->key.s && !str_utf8_valid(x->key)) {
		problem_say(ex, 404, "没有此项", "there is no such thing");
		return;
	}
	if (!query_number(ex, &QUERY_LIMIT, &x->limit) || !cursor_stands(x) ||
	    !query_number(ex, &QUERY_MIN_INDEX, &x->min_index))
		return;
	if (exchange_query(ex, "total").s)
		x->total = 0;
	filter_read(ex, x->view, &x->filter);
	if (!api_filter_stands(h, ex, &x->filter))
		return;
	if (x->key.s && x->min_index < 0 && h->read_now) { /* to hand one row on takes longer */
		h->read_now(h->ctx, look, x);
		finish(x, ex);
		return;
	}
	exchange_wait(ex, finish, x);
	if (h->read(h->ctx, job, x) == RC_OK)
		return;
	x->rc = err_set(&x->err, GY_WHERE, RC_BUSY, "", "", "查询过多，请稍后重试",
	                "too many questions; try again later");
	exchange_done(ex);
}
