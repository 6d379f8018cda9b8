/* SPDX-License-Identifier: Apache-2.0 */
/* narrow.c -- see narrow.h.
 *
 * The statement is a common table expression, whose columns are called c0, c1, …; both databases
 * push the conditions down to its tables.
 */
#include "db/narrow.h"

#include "base/limits.h"
#include "db/connection.h"

struct making {
	struct op *op;
	const struct narrow *n;
	bool hints;  /* SQLite: "+c0" is not looked for in an index */
	struct strbuf text;
	struct sqlv v[LIMIT_SQL_BINDS];
	int nv;
};

static void bind(struct making *m, struct sqlv v)
{
	assert(m->nv < LIMIT_SQL_BINDS);
	m->v[m->nv++] = v;
}

/* Without the last ORDER BY that stands in no parenthesis: who counts, or orders otherwise, needs
 * none, and PostgreSQL would sort all the same. */
static struct str unordered(struct str text)
{
	static const struct str WORDS = {" ORDER BY ", 10};
	size_t end = text.n;
	int depth = 0;
	bool quoted = false;

	for (size_t i = 0; i < text.n; i++) {
		quoted = quoted != (text.s[i] == '\'');
		if (quoted)
			continue;
		depth += (text.s[i] == '(') - (text.s[i] == ')');
		if (depth == 0 && str_starts((struct str){text.s + i, text.n - i}, WORDS))
			end = i;
	}
	return (struct str){text.s, end};
}

static void begin(struct making *m, const char *what, bool ordered)
{
	struct str text = str_of(m->n->from->text);

	assert(m->n->from->nbind == 0);
	strbuf_addz(&m->text, "WITH v(");
	for (int i = 0; i < m->n->ncolumns; i++)
		strbuf_addf(&m->text, "%sc%d", i ? ", " : "", i);
	strbuf_addf(&m->text, ") AS (" STR_FMT ") SELECT %s FROM v WHERE 1 = 1",
	            STR_ARG(ordered ? text : unordered(text)), what);
}

/* '0' follows '/': what lies between the place and that is the place, what lies below it, and
 * names that only begin alike, "site-2" beside "site".  One stretch of an index. */
static void add_places(struct making *m)
{
	const struct narrow *n = m->n;
	const char *no = m->hints && n->wide ? "+" : "";
	int c = n->place_at;

	for (size_t i = 0; i < n->nplaces; i++) {
		struct str at = n->places[i];

		strbuf_addf(&m->text, "%s(%sc%d >= ? AND %sc%d < ? AND (%sc%d = ? OR %sc%d >= ?))",
		            i ? " OR " : " AND (", no, c, no, c, no, c, no, c);
		bind(m, sql_text(at));
		bind(m, sql_text(str_fmt(m->op->arena, STR_FMT "0", STR_ARG(at))));
		bind(m, sql_text(at));
		bind(m, sql_text(str_fmt(m->op->arena, STR_FMT "/", STR_ARG(at))));
	}
	if (n->nplaces)
		strbuf_addc(&m->text, ')');
}

static void add_times(struct making *m)
{
	const struct narrow *n = m->n;

	if (n->time_at < 0)
		return;
	strbuf_addf(&m->text, " AND COALESCE(c%d, 0) >= ? AND COALESCE(c%d, 0) < ?", n->time_at,
	            n->time_at);
	bind(m, sql_int(n->since));
	bind(m, sql_int(n->before));
}

static void add_cell(struct making *m, const struct narrow_cell *x)
{
	if (x->v.t == SQL_NULL) {
		strbuf_addf(&m->text, "c%d IS NULL", x->column);
		return;
	}
	strbuf_addf(&m->text, "%sc%d = ?", m->hints && !x->rare ? "+" : "", x->column);
	bind(m, x->v);
	if (x->or_null)
		strbuf_addf(&m->text, " OR c%d IS NULL", x->column);
}

static bool named_before(const struct narrow *n, size_t i)
{
	for (size_t k = 0; k < i; k++)
		if (n->cells[k].column == n->cells[i].column)
			return true;
	return false;
}

static void add_cells(struct making *m)
{
	const struct narrow *n = m->n;

	for (size_t i = 0; i < n->ncells; i++) {
		if (named_before(n, i))
			continue;
		strbuf_addz(&m->text, " AND (");
		for (size_t k = i; k < n->ncells; k++) {
			if (n->cells[k].column != n->cells[i].column)
				continue;
			strbuf_addz(&m->text, k > i ? " OR " : "");
			add_cell(m, &n->cells[k]);
		}
		strbuf_addc(&m->text, ')');
	}
}

static void add_columns(struct making *m)
{
	for (size_t i = 0; i < m->n->nkeys; i++)
		strbuf_addf(&m->text, "%sc%d", i ? ", " : "", m->n->keys[i]);
}

static void add_behind(struct making *m)
{
	const struct narrow *n = m->n;

	if (!n->is_behind)
		return;
	strbuf_addz(&m->text, " AND (");
	add_columns(m);
	strbuf_addz(&m->text, ") > (");
	for (size_t i = 0; i < n->nkeys; i++) {
		strbuf_addz(&m->text, i ? ", ?" : "?");
		bind(m, n->behind[i]);
	}
	strbuf_addc(&m->text, ')');
}

static void add_conditions(struct making *m)
{
	add_places(m);
	add_times(m);
	add_cells(m);
}

static void add_page(struct making *m)
{
	const struct narrow *n = m->n;

	if (n->nkeys) {
		strbuf_addz(&m->text, " ORDER BY ");
		add_columns(m);
	}
	if (n->limit < 0)
		return;
	strbuf_addz(&m->text, " LIMIT ? OFFSET ?");
	bind(m, sql_int(n->limit));
	bind(m, sql_int(n->offset));
}

static enum rc query(struct making *m, struct db *db, struct rows *ret)
{
	return connection_query_of(m->op, db, m->n->from, strbuf_str(&m->text), m->v, m->nv, ret);
}

static void make(struct making *m)
{
	begin(m, "*", m->n->nkeys == 0);
	add_conditions(m);
	add_behind(m);
	add_page(m);
}

enum rc db_narrow(struct op *op, struct db *db, const struct narrow *n, struct rows *ret)
{
	struct making m = {.op = op, .n = n, .hints = db_kind(db) == DB_SQLITE};

	if (n->none)
		return RC_OK;
	strbuf_init(&m.text, op->arena);
	make(&m);
	return query(&m, db, ret);
}

enum rc db_narrow_plan(struct op *op, struct db *db, const struct narrow *n, struct rows *ret)
{
	struct making m = {.op = op, .n = n, .hints = true};

	assert(db_kind(db) == DB_SQLITE && !n->none);
	strbuf_init(&m.text, op->arena);
	strbuf_addz(&m.text, "EXPLAIN QUERY PLAN ");
	make(&m);
	return query(&m, db, ret);
}

enum rc db_narrow_count(struct op *op, struct db *db, const struct narrow *n, int64_t *ret)
{
	/* An index that holds the place alone counts places well, and nothing else. */
	struct making m = {.op = op, .n = n, .hints = db_kind(db) == DB_SQLITE &&
	                                              (n->ncells > 0 || n->time_at >= 0)};
	AUTO(rows) r = {0};

	*ret = 0;
	if (n->none)
		return RC_OK;
	strbuf_init(&m.text, op->arena);
	begin(&m, "COUNT(*)", false);
	add_conditions(&m);
	TRY(query(&m, db, &r));
	if (rows_next(&r))
		*ret = rows_int(&r, 0);
	return RC_OK;
}
