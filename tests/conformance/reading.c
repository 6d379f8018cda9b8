/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c -- see reading.h. */
#include "kit/check.h"

#include "conformance/reading.h"

#include "engine/modules_private.h"

static const struct view *find_view(const struct modules *m, const char *path)
{
	size_t i, j;

	for (i = 0; i < m->index->nall; i++)
		for (j = 0; j < m->index->all[i]->nviews; j++)
			if (strcmp(m->index->all[i]->views[j].path, path) == 0)
				return &m->index->all[i]->views[j];
	fail_msg("no view %s", path);
	return NULL;
}

static int64_t count(struct kit *k, const struct view *v, const char *key)
{
	struct op op = k->op;
	struct rows rows = {0};
	int64_t n = 0;

	op.db = k->store.view;
	if (key)
		assert_ok(sql_query(&op, v->one, ARGS(sql_text(str_of(key))), &rows));
	else
		assert_ok(sql_query(&op, v->sql, NO_ARGS, &rows));
	while (rows_next(&rows)) {
		assert_int_equal(rows_columns(&rows), v->ncolumns);
		n++;
	}
	rows_release(&rows);
	return n;
}

int64_t view_rows(struct scene *s, const char *path)
{
	return count(&s->k, find_view(&s->k.modules, path), NULL);
}

int64_t view_one(struct scene *s, const char *path, const char *key)
{
	return count(&s->k, find_view(&s->k.modules, path), key);
}

int64_t view_walked(struct scene *s, const char *path)
{
	const struct view *v = find_view(&s->k.modules, path);
	struct op op = s->k.op;
	struct sqlv args[VIEW_KEYS + 3];
	int n = (int)v->nkeys;
	int64_t told = 0;

	assert_non_null(v->from);
	op.db = s->k.store.view;
	for (int i = 0; i < n; i++)
		args[i] = v->columns[v->keys[i]].type == F_INT ? sql_int(0) : sql_z("");
	args[n] = sql_z("");
	args[n + 1] = sql_z("~");
	args[n + 2] = sql_int(1);
	for (;; told++) {
		AUTO(rows) r = {0};

		assert_ok(db_query(&op, op.db, v->from, args, n + 3, &r));
		if (!rows_next(&r))
			return told;
		assert_int_equal(rows_columns(&r), v->ncolumns);
		for (int i = 0; i < n; i++)
			args[i] = args[i].t == SQL_INT ? sql_int(rows_int(&r, v->keys[i]))
			                               : sql_text(rows_dup(op.arena, &r, v->keys[i]));
	}
}

struct str view_at(struct kit *k, const char *path, int64_t row, const char *column)
{
	const struct view *v = find_view(&k->modules, path);
	struct op op = k->op;
	struct rows rows = {0};
	struct str cell = STR("none");
	size_t at = 0;

	while (at < v->ncolumns && strcmp(v->columns[at].name, column) != 0)
		at++;
	assert_true(at < v->ncolumns);
	op.db = k->store.view;
	assert_ok(sql_query(&op, v->sql, NO_ARGS, &rows));
	while (row >= 0 && rows_next(&rows))
		row--;
	if (row < 0)
		cell = rows_is_null(&rows, (int)at) ? STR("null")
		       : rows_type(&rows, (int)at) == SQL_INT
		               ? str_fmt(&k->arena, "%lld", (long long)rows_int(&rows, (int)at))
		               : rows_dup(&k->arena, &rows, (int)at);
	rows_release(&rows);
	return cell;
}

int64_t view_count(struct kit *k, const char *path)
{
	return count(k, find_view(&k->modules, path), NULL);
}

struct str view_cell(struct scene *s, const char *query)
{
	struct rows rows = {0};
	struct str cell = STR("");

	assert_ok(db_query_text(&s->k.op, s->k.store.view, str_of(query), &rows));
	if (rows_next(&rows))
		cell = rows_dup(&s->k.arena, &rows, 0);
	rows_release(&rows);
	return cell;
}

void set_setting(struct scene *s, const char *id, int64_t value)
{
	struct profile_setting *set = s->k.w.profile.settings;

	while (strcmp(set->id.s, id) != 0)
		set++;
	set->value = value;
}
