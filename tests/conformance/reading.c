/* SPDX-License-Identifier: Apache-2.0 */
/* reading.c -- see reading.h. */
#include "kit/check.h"

#include "conformance/reading.h"

#include "db/narrow.h"
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
		assert_int_equal(rows_columns(&rows), v->ncolumns + (key ? 0 : v->norder));
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
	struct narrow one = {.from = v->sql, .ncolumns = (int)(v->ncolumns + v->norder),
	                     .time_at = -1, .limit = 1, .nkeys = v->nkeys};
	int64_t told = 0, counted;

	assert_true(v->nkeys > 0);
	for (size_t i = 0; i < v->nkeys; i++)
		one.keys[i] = v->keys[i];
	for (;; told++) {
		AUTO(rows) r = {0};

		assert_ok(db_narrow(&op, s->k.store.view, &one, &r));
		if (!rows_next(&r))
			break;
		assert_int_equal(rows_columns(&r), v->ncolumns + v->norder);
		one.is_behind = true;
		for (size_t i = 0; i < v->nkeys; i++)
			one.behind[i] = rows_type(&r, v->keys[i]) == SQL_INT
				? sql_int(rows_int(&r, v->keys[i]))
				: sql_text(rows_dup(op.arena, &r, v->keys[i]));
	}
	assert_ok(db_narrow_count(&op, s->k.store.view, &one, &counted));
	assert_int_equal(counted, told);
	return told;
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
