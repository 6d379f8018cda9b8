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

static int64_t count(struct scene *s, const struct view *v, const char *key)
{
	struct op op = s->k.op;
	struct rows rows = {0};
	int64_t n = 0;

	op.db = s->k.store.view;
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
	return count(s, find_view(&s->k.modules, path), NULL);
}

int64_t view_one(struct scene *s, const char *path, const char *key)
{
	return count(s, find_view(&s->k.modules, path), key);
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
