/* SPDX-License-Identifier: Apache-2.0 */
/* read_place.c -- GET /api/v1/places: the tree that the console's places are chosen from.
 *
 * What the caller's grants cover: places that were added, and rooms that are planned for a session;
 * and the places above them, by name alone.  In the order of a tree: a place before those under it.
 */
#include "http/reading.h"

#include "domain/arrange/arrange.h"
#include "engine/place.h"
#include "engine/writer.h"
#include "http/scope.h"

enum { GRANTS_MOST = 64 };

struct tree_of_places {
	struct op *op;
	struct place_row *list; /* name 0: not known yet, or none */
	size_t n, cap;
};

static void add(struct tree_of_places *t, struct str path, int64_t name)
{
	t->list = arena_room(t->op->arena, t->list, t->n, &t->cap, sizeof(*t->list));
	t->list[t->n++] = (struct place_row){path, name};
}

static struct str above(struct str path)
{
	while (path.n && path.s[path.n - 1] != '/')
		path.n--;
	return (struct str){path.s, path.n ? path.n - 1 : 0};
}

/* The rows before this one are those of its neighbours: the places above it mostly stand there. */
static void add_above(struct tree_of_places *t, struct str path, struct str before)
{
	for (path = above(path); path.n && !place_covers(path, before); path = above(path))
		add(t, str_copy(t->op->arena, path), 0);
}

static enum rc add_scope(struct tree_of_places *t, struct str scope)
{
	struct place_row *added;
	struct str *rooms, before = STR("");
	size_t n;

	if (scope.n)
		add(t, scope, 0);
	add_above(t, scope, STR(""));
	TRY(place_list(t->op, scope, &added, &n));
	for (size_t i = 0; i < n; i++) {
		add(t, added[i].path, added[i].name);
		add_above(t, added[i].path, before);
		before = added[i].path;
	}
	TRY(arrange_places(t->op, scope, &rooms, &n));
	before = STR("");
	for (size_t i = 0; i < n; i++) {
		add(t, rooms[i], 0);
		add_above(t, rooms[i], before);
		before = rooms[i];
	}
	return RC_OK;
}

/* "a/b" before "a-b": '/' is the least of the characters of a path; the known name first. */
static int in_tree(const void *a, const void *b)
{
	const struct place_row *x = a, *y = b;
	size_t n = x->path.n < y->path.n ? x->path.n : y->path.n;

	for (size_t i = 0; i < n; i++) {
		char c = x->path.s[i], d = y->path.s[i];

		if (c != d)
			return c == '/' ? -1 : d == '/' ? 1 : c < d ? -1 : 1;
	}
	if (x->path.n != y->path.n)
		return x->path.n < y->path.n ? -1 : 1;
	return x->name > y->name ? -1 : x->name < y->name;
}

/* Its name; the last part of its path when nobody gave it one. */
static struct str name_of(struct op *op, const struct place_row *r)
{
	struct err before = op->err;
	struct vault *v = &op->run->writer->vault;
	struct str name, up = above(r->path);

	if (r->name && vault_get(op, v, r->name, (struct str){NULL, 0}, &name) == RC_OK)
		return name;
	op->err = before;
	if (!r->name && place_level(r->path) < LEVEL_ROOM && place_named(op, v, r->path, &name))
		return name;
	return str_dup(op->arena, r->path.s + up.n + (up.n > 0), r->path.n - up.n - (up.n > 0));
}

static enum rc get_places(struct op *op, const struct reading *q, struct json *o)
{
	struct tree_of_places t = {.op = op};
	struct granted grants[GRANTS_MOST];
	struct str scopes[SCOPE_PLACES];
	struct json *items = json_new_array(op->arena);
	size_t n = authority_grants(op->run->writer->authority, q->who, op->now_ms, grants,
	                            GRANTS_MOST);

	n = scope_places(grants, n, scopes);
	for (size_t i = 0; i < n; i++)
		TRY(add_scope(&t, scopes[i]));
	if (t.n)
		qsort(t.list, t.n, sizeof(*t.list), in_tree);
	for (size_t i = 0; i < t.n; i++) {
		struct json *row;

		if (i && str_eq(t.list[i].path, t.list[i - 1].path))
			continue;
		row = json_new_object(op->arena);
		json_set_int(op->arena, row, "level", place_level(t.list[i].path));
		json_set_str(op->arena, row, "name", name_of(op, &t.list[i]));
		json_set_str(op->arena, row, "path", t.list[i].path);
		json_append(items, row);
	}
	json_put(o, "items", items);
	return RC_OK;
}

static void places(const struct asked *a, struct exchange *x)
{
	reading_begin(a, x, STR(""), get_places);
}

static const struct route_answer PLACES[] = {
	{200, "application/json", "places", "地点", "the places"},
};
static const int PROBLEMS[] = {400, 401, 500, 503, 0};

const struct route PLACE_ROUTES[] = {
	{"GET", "/api/v1/places", ROUTE_CALLER, .handle = places, ANSWERS(PLACES),
	 .problems = PROBLEMS, .zh = "授权范围内的地点及其上级", .en = "the places under the caller's grants"},
};
const size_t PLACE_NROUTES = COUNT(PLACE_ROUTES);
