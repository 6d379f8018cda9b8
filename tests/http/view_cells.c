/* SPDX-License-Identifier: Apache-2.0 */
/* view_cells.c -- see view_cells.h.
 *
 * Somebody with a role sees, of a view that is for it, each row at his places and below, and no
 * other; of a view that is not, nothing.  Page by page it is the same.
 */
#include "kit/check.h"

#include "db/store.h"
#include "engine/modules_private.h"
#include "http/contract.h"
#include "http/view_cells.h"
#include "http/view_filters.h"

/* A county with papers, one of its sites, and a county where nothing happens. */
static const char *const PLACES[] = {"sc/cd/jn", "sc/cd/jn/s01", "sc/cd/qy"};

/* So many have rows, none of which the third may see, and rows that the site may not see; so many
 * questions had some. */
enum { VIEWS_LEAST = 40, HIDDEN_LEAST = 15, FOUND_LEAST = 3000 };

struct expected {
	struct str path, roles; /* with a blank around each */
};

static size_t read_expected(struct arena *a, struct expected *ret, size_t max)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct op op = {.arena = a};
	struct str text, line;
	size_t n = 0;

	assert_ok(file_read(&op, str_fmt(a, "%s/docs/views.csv", root ? root : "."), 1 << 20, &text));
	while (str_cut(text, '\n', &line, &text)) {
		struct str path, roles;

		if (line.n && line.s[0] == '#')
			continue;
		assert_true(n < max && str_cut(line, ',', &path, &roles));
		ret[n++] = (struct expected){str_dup(a, path.s, path.n),
		                             str_fmt(a, " " STR_FMT " ", STR_ARG(roles))};
	}
	return n;
}

static bool names(const struct expected *e, const char *role)
{
	struct arena a = {0};
	bool yes = strstr(e->roles.s, str_fmt(&a, " %s ", role).s) != NULL;

	arena_release(&a);
	return yes;
}

static const struct expected *find(const struct expected *list, size_t n, const char *path)
{
	for (size_t i = 0; i < n; i++)
		if (str_is(list[i].path, path))
			return &list[i];
	fail_msg("docs/views.csv has no row %s", path);
	return NULL;
}

/* The file and the table say the same. */
static void compare(const struct view *v, const struct expected *e)
{
	size_t words = 0, roles = 0;

	for (size_t i = 0; i + 1 < e->roles.n; i++)
		words += e->roles.s[i] == ' ';
	for (; v->roles[roles]; roles++)
		if (!names(e, v->roles[roles]))
			fail_msg("%s for %s: the table says yes, docs/views.csv no", v->path, v->roles[roles]);
	if (words != roles)
		fail_msg("%s: docs/views.csv names %zu roles, the table %zu", v->path, words, roles);
}

static bool may(const struct modules *m, const struct expected *e, const struct view *v,
                struct str role)
{
	for (const char *const *r = v->roles; *r; r++)
		for (const char *const *form = modules_role_forms(m, str_of(*r)); *form; form++)
			if (str_is(role, *form))
				return names(e, *r);
	return false;
}

static int place_column(const struct view *v)
{
	for (size_t i = 0; i < v->ncolumns; i++)
		if (v->columns[i].type == F_PLACE)
			return (int)i;
	return -1;
}

/* Rows of the view at a place and below, by the database. */
static size_t rows_of(struct served *s, const struct view *v, const char *scope)
{
	struct op op = {.arena = &s->kit->arena};
	int at = place_column(v);
	AUTO(rows) r = {0};
	size_t n = 0;

	assert_ok(db_query(&op, s->kit->store.view, v->sql, NULL, 0, &r));
	while (rows_next(&r))
		n += place_covers(str_of(scope), at < 0 ? STR("") : rows_dup(op.arena, &r, at));
	return n;
}

static const struct json *ask(struct served *s, int64_t who, const struct view *v, const char *more)
{
	struct reply_heard h;

	served_ask(s, who, "GET", str_fmt(&s->kit->arena, "/api/v1/%s?%s", v->path, more).s, NULL, &h);
	if (h.status != 200)
		fail_msg("%s: %d", v->path, h.status);
	return h.doc;
}

static size_t seen(struct served *s, int64_t who, const struct view *v)
{
	const struct json *o = ask(s, who, v, "limit=2000&total=1");
	size_t n = json_get(o, "items")->count;

	assert_int_equal(json_get(o, "next")->type, JSON_NULL);
	/* Of what he does not see he is not told how many there are, also where the page does not
	 * count them itself. */
	assert_int_equal(json_int(o, "total", -1), n);
	assert_int_equal(json_int(ask(s, who, v, "limit=1&total=1"), "total", -1), n);
	return n;
}

static void must_see(struct served *s, const struct view *v, struct str role, int64_t who,
                     size_t want)
{
	size_t n = seen(s, who, v);

	if (n != want)
		fail_msg("%s for %s: %zu rows, not %zu", v->path, role.s, n, want);
}

/* Whose place lies in the first and not in the third, and has so many rows. */
static void must_meet(struct served *s, const struct view *v, int64_t who, size_t want)
{
	struct arena *a = &s->kit->arena;
	const char *county = str_fmt(a, "limit=1&total=1&place=%s", PLACES[0]).s;
	const char *other = str_fmt(a, "limit=1&total=1&place=%s", PLACES[2]).s;

	assert_int_equal(json_int(ask(s, who, v, county), "total", -1), want);
	assert_int_equal(json_int(ask(s, who, v, other), "total", -1), 0);
}

/* A cell of a cursor's key; what is behind it remains. */
static struct str next_cell(struct str *rest)
{
	struct str cell = *rest;

	if (!str_cut(*rest, ':', &cell, rest))
		*rest = STR("");
	return cell;
}

/* What the cursor must be after `told` rows, of which `last` was the last.  What an order is made
 * of besides columns stands in no row, and is taken from it (test_alarms.c knows better). */
static struct str cursor_after(struct arena *a, const struct view *v, int64_t told,
                               const struct json *last, struct str got)
{
	struct strbuf b;

	if (!v->nkeys)
		return str_fmt(a, "%lld", (long long)told);
	strbuf_init(&b, a);
	strbuf_addc(&b, 'k');
	(void)next_cell(&got);
	for (size_t i = 0; i < v->nkeys; i++) {
		bool is_column = v->keys[i] < v->ncolumns;
		const struct json *cell = is_column ? json_get(last, v->columns[v->keys[i]].name) : NULL;
		struct str there = next_cell(&got);

		strbuf_addf(&b, ":" STR_FMT, STR_ARG(!cell                    ? there
		                                     : cell->type == JSON_STR ? cell->s
		                                                              : json_canonical(a, cell)));
	}
	return strbuf_str(&b);
}

/* One at a time.  The cursor counts what was told, or is the key of it, not what lies between. */
static void must_page(struct served *s, const struct view *v, int64_t who)
{
	struct arena *a = &s->kit->arena;
	const struct json *row = json_get(ask(s, who, v, "limit=2000"), "items")->first;
	struct str next = STR("");
	const struct json *last = NULL;
	int64_t told = 0;
	bool more = true;

	while (more) {
		const struct json *o = ask(s, who, v, next.n ? str_fmt(a, "limit=1&after=%s", next.s).s
		                                             : "limit=1");
		const struct json *x = json_get(o, "items")->first;

		for (; x; x = x->next, last = row, row = row->next, told++) {
			assert_non_null(row);
			assert_true(str_eq(json_canonical(a, x), json_canonical(a, row)));
		}
		next = json_str(o, "next");
		more = next.n > 0;
		if (more && !str_eq(next, cursor_after(a, v, told, last, next)))
			fail_msg("%s: the cursor after %lld rows is %s", v->path, (long long)told, next.s);
	}
	assert_null(row);
}

static bool try_view(struct served *s, const struct view_crowd *c, const struct view *v,
                     const struct expected *e)
{
	size_t all = rows_of(s, v, ""), here[COUNT(PLACES)];
	int64_t pages[2] = {0};
	struct reply_heard h;

	for (size_t k = 0; k < COUNT(PLACES); k++)
		here[k] = rows_of(s, v, PLACES[k]);
	for (size_t i = 0; i < c->nroles; i++) {
		bool yes = may(&s->kit->modules, e, v, c->roles[i]);

		for (size_t k = 0; k < COUNT(PLACES); k++)
			must_see(s, v, c->roles[i], c->person(c->ctx, c->roles[i], PLACES[k]),
			         yes ? here[k] : 0);
		if (str_is(c->roles[i], "anyone"))
			continue;
		if (place_column(v) >= 0)
			must_meet(s, v, c->person(c->ctx, c->roles[i], PLACES[1]), yes ? here[1] : 0);
		must_see(s, v, c->roles[i], c->person(c->ctx, c->roles[i], ""), yes ? all : 0);
		for (size_t k = 0; yes && k < COUNT(pages); k++)
			pages[k] = c->person(c->ctx, c->roles[i], PLACES[k]);
	}
	for (size_t k = 0; k < COUNT(pages); k++)
		must_page(s, v, pages[k]);
	served_ask(s, 0, "GET", str_fmt(&s->kit->arena, "/api/v1/%s", v->path).s, NULL, &h);
	assert_int_equal(h.status, 401);
	return here[1] < all;
}

/* As somebody who sees all of it. */
static size_t try_filters(struct served *s, const struct view_crowd *c, const struct view *v)
{
	int64_t who = c->person(c->ctx, str_of(v->roles[0]), "");

	return view_filters(s, v, who, PLACES, COUNT(PLACES));
}

/* Whoever will ask has his grant before anything is counted: grants are rows of a view too. */
static void everybody_comes(const struct view_crowd *c)
{
	for (size_t i = 0; i < c->nroles; i++)
		for (size_t k = 0; k <= COUNT(PLACES) && !str_is(c->roles[i], "anyone"); k++)
			(void)c->person(c->ctx, c->roles[i], k < COUNT(PLACES) ? PLACES[k] : "");
}

void view_cells(struct served *s, const struct view_crowd *c)
{
	static struct expected list[256];
	size_t n = read_expected(&s->kit->arena, list, COUNT(list)), views = 0, hidden = 0, own = 0,
	       found = 0;
	const struct module_index *index = s->kit->modules.index;

	everybody_comes(c);
	for (size_t i = 0; i < index->nall; i++)
		for (size_t k = 0; k < index->all[i]->nviews; k++, views++) {
			const struct view *v = &index->all[i]->views[k];
			const struct expected *e = find(list, n, v->path);

			compare(v, e);
			hidden += try_view(s, c, v, e);
			own += rows_of(s, v, "") > 0;
			found += try_filters(s, c, v);
		}
	assert_int_equal(views, n); /* no row of the file is of a view that is not there */
	print_message("%zu views, %zu with rows, %zu with rows beyond a site, %zu questions\n", views,
	              own, hidden, found);
	assert_true(own >= VIEWS_LEAST && hidden >= HIDDEN_LEAST && found >= FOUND_LEAST);
}

void must_have_asked_all(void)
{
	struct arena a = {0};
	struct strbuf b;

	strbuf_init(&b, &a);
	if (contract_unvisited("/api/v1/commands/", &b))
		fail_msg("nobody asked\n%s", b.s);
	arena_release(&a);
}
