/* SPDX-License-Identifier: Apache-2.0 */
/* place.c -- the tree of places: province/city/county/site/room.
 *
 * A path is its own id.  Facts may name places that nobody has added (they are never refused);
 * adding one gives it a kind and a name to show.
 */
#include "engine/place.h"

#include "engine/engine.h"
#include "engine/run.h"
#include "engine/vault.h"

enum { Q_INSERT, Q_UPDATE, Q_ADDED, Q_NAME, Q_LIST, Q_ELSEWHERE };
static const struct sql SQL[] = {
	[Q_INSERT] = {"INSERT INTO place(path, level, kind, name, added) VALUES (?, ?, ?, ?, ?)", 5},
	[Q_UPDATE] = {"UPDATE place SET kind = ?, name = ? WHERE path = ?", 3},
	[Q_ADDED] = {"SELECT added FROM place WHERE path = ?", 1},
	[Q_NAME] = {"SELECT name FROM place WHERE path = ?", 1},
	[Q_LIST] = {"SELECT path, name FROM place WHERE path = ? OR (path >= ? AND path < ?)"
	            " ORDER BY path", 3},
	[Q_ELSEWHERE] = {"SELECT path FROM place WHERE level > 2 AND (path < ? OR path >= ?)"
	                 " ORDER BY path LIMIT 1", 2},
};

static const struct table TABLES[] = {
	{"place", "CREATE TABLE place(path {text} PRIMARY KEY, level {int} NOT NULL,"
	          " kind {int} NOT NULL, name {id} NOT NULL, added {int} NOT NULL)", "path"},
};

static const char *const KIND[] = {"area", "site", "room", "store", "office"};
static const struct word KIND_WORDS[] = {
	{"行政区(省、市、县)", "area"}, {"考点", "site"}, {"考场", "room"}, {"保密室", "secrecy room"},
	{"办公地点", "office"},
};

struct place_add {
	struct str place;
	int kind;
	struct text name;
};
static const struct field ADD[] = {
	FIELD(struct place_add, place, F_PLACE, "地点", "place", .min = 1),
	FIELD(struct place_add, kind, F_ENUM, "类别", "kind", ENUM_OF(KIND, KIND_WORDS)),
	FIELD(struct place_add, name, F_TEXT, "名称", "name", .min = 1, .max = 60),
};

static enum rc apply_added(struct op *op, const struct event *ev)
{
	const struct place_add *x = ev->data;
	int64_t changed = 0;

	TRY(db_change(op, op->db, &SQL[Q_UPDATE],
	              ARGS(sql_int(x->kind), sql_int(x->name.vault), sql_text(x->place)), &changed));
	if (changed)
		return RC_OK;
	return sql_exec(op, &SQL[Q_INSERT],
	                ARGS(sql_text(x->place), sql_int(place_level(x->place)), sql_int(x->kind),
	                     sql_int(x->name.vault), sql_int(ev->index)));
}

enum rc place_is_added(struct op *op, struct str path, bool *ret)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_ADDED], ARGS(sql_text(path)), &r));
	*ret = rows_next(&r);
	return RC_OK;
}

enum rc place_name(struct op *op, struct str path, int64_t *ret_vault)
{
	AUTO(rows) r = {0};

	TRY(sql_query(op, &SQL[Q_NAME], ARGS(sql_text(path)), &r));
	*ret_vault = rows_next(&r) ? rows_int(&r, 0) : 0;
	return RC_OK;
}

bool place_named(struct op *op, struct vault *v, struct str path, struct str *ret)
{
	struct err before = op->err;
	int64_t id = 0;

	if (place_name(op, path, &id) == RC_OK && id > 0 &&
	    vault_get(op, v, id, (struct str){NULL, 0}, ret) == RC_OK)
		return true;
	op->err = before;
	return false;
}

enum rc place_list(struct op *op, struct str at, struct place_row **ret, size_t *ret_n)
{
	struct place_row *list = NULL;
	struct str low, high;
	size_t n = 0, cap = 0;
	AUTO(rows) r = {0};

	place_below(op->arena, at, &low, &high);
	TRY(sql_query(op, &SQL[Q_LIST], ARGS(sql_text(at), sql_text(low), sql_text(high)), &r));
	while (rows_next(&r)) {
		list = arena_room(op->arena, list, n, &cap, sizeof(*list));
		list[n++] = (struct place_row){rows_dup(op->arena, &r, 0), rows_int(&r, 1)};
	}
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc place_is_all(struct op *op, struct str at, bool *ret)
{
	struct str low, high;
	AUTO(rows) r = {0};

	place_below(op->arena, at, &low, &high);
	TRY(sql_query(op, &SQL[Q_ELSEWHERE], ARGS(sql_text(at), sql_text(high)), &r));
	*ret = !rows_next(&r);
	return RC_OK;
}

static const struct event_type EVENTS[] = {
	{.name = "place.added", .version = 1, FIELDS(ADD), .size = sizeof(struct place_add),
	 .apply = apply_added, .zh = "登记地点", .en = "place added"},
};

static enum rc add(struct op *op, const void *in)
{
	return event_append(op, &EVENTS[0], in, NULL);
}

static const struct allow ADMINS[] = {{"system_admin", LEVEL_ANY}};
static const struct command COMMANDS[] = {
	{.name = "place.add", .kind = FACT, FIELDS(ADD), .size = sizeof(struct place_add),
	 ALLOW(ADMINS), .run = add, .founding = true, .zh = "登记地点", .en = "add a place"},
};

const struct module place_module = {
	.name = "place", .group = "engine", .rev = 1, .zh = "地点", .en = "places",
	TABLE_OF(tables, TABLES), TABLE_OF(sql, SQL), TABLE_OF(commands, COMMANDS),
	TABLE_OF(events, EVENTS),
};
