/* SPDX-License-Identifier: Apache-2.0 */
/* matrix.c -- see matrix.h. */
#include "kit/check.h"

#include "conformance/matrix.h"

#include "base/csv.h"
#include "db/store.h"
#include "engine/modules_private.h"

/* The lines before the header that begin with '#' are for people. */
static struct str without_remarks(struct str text)
{
	while (text.n && text.s[0] == '#') {
		const char *end = memchr(text.s, '\n', text.n);

		assert_non_null(end);
		text.n -= (size_t)(end + 1 - text.s);
		text.s = end + 1;
	}
	return text;
}

static int read_cell(struct str s)
{
	int64_t level;

	if (str_is(s, "-"))
		return CELL_NEVER;
	if (!str_to_i64(s, &level) || level < LEVEL_ANY || level > LEVEL_ROOM)
		fail_msg("docs/roles.csv: a cell is a level or -, not " STR_FMT, STR_ARG(s));
	return (int)level;
}

void matrix_read(struct op *op, struct matrix *ret)
{
	const char *root = getenv("GONGYUAN_SOURCE");
	struct str text, *cell;
	struct csv csv;
	size_t n, i;

	*ret = (struct matrix){0};
	assert_ok(file_read(op, str_fmt(op->arena, "%s/docs/roles.csv", root ? root : "."), 1 << 20,
	                    &text));
	assert_ok(csv_open(op, without_remarks(text), &csv));
	assert_ok(csv_next(&csv, &cell, &n));
	assert_true(n > 1 && n - 1 <= MATRIX_ROLES && str_is(cell[0], "command"));
	for (i = 1; i < n; i++)
		ret->roles[ret->nroles++] = cell[i];
	for (;;) {
		assert_ok(csv_next(&csv, &cell, &n));
		if (n == 0)
			break;
		assert_int_equal(n, ret->nroles + 1);
		assert_true(ret->ncommands < MATRIX_ROWS);
		ret->commands[ret->ncommands] = cell[0];
		for (i = 1; i < n; i++)
			ret->cell[ret->ncommands][i - 1] = read_cell(cell[i]);
		ret->ncommands++;
	}
}

int tables_cell(const struct modules *m, const struct command *c, struct str role)
{
	int best = CELL_NEVER;
	size_t i;

	for (i = 0; i < c->nallow; i++) {
		const char *const *form = modules_role_forms(m, str_of(c->allow[i].role));
		bool fits = str_is(str_of(c->allow[i].role), "anyone");

		for (; *form && !fits; form++)
			fits = str_is(role, *form);
		if (fits && (best == CELL_NEVER || (int)c->allow[i].level < best))
			best = (int)c->allow[i].level;
	}
	return best;
}

static bool listed(const struct str *list, size_t n, const char *name)
{
	size_t i;

	for (i = 0; i < n; i++)
		if (str_is(list[i], name))
			return true;
	return false;
}

/* Commands and roles of the tables that the file does not know. */
static int unlisted(const struct matrix *x, const struct module *mod, struct strbuf *why)
{
	int found = 0;
	size_t i;

	for (i = 0; i < mod->ncommands; i++)
		if (!listed(x->commands, x->ncommands, mod->commands[i].name)) {
			strbuf_addf(why, "docs/roles.csv has no row %s\n", mod->commands[i].name);
			found++;
		}
	for (i = 0; i < mod->nroles; i++)
		if (!listed(x->roles, x->nroles, mod->roles[i].id)) {
			strbuf_addf(why, "docs/roles.csv has no column %s\n", mod->roles[i].id);
			found++;
		}
	return found;
}

static int compare_row(const struct matrix *x, size_t row, const struct modules *m,
                       struct strbuf *why)
{
	const struct command *c = modules_command(m, x->commands[row]);
	int found = 0;
	size_t i;

	if (!c || listed(x->commands, row, x->commands[row].s)) {
		strbuf_addf(why, "docs/roles.csv: %s is no command, or stands twice\n", x->commands[row].s);
		return 1;
	}
	for (i = 0; i < x->nroles; i++) {
		int is = tables_cell(m, c, x->roles[i]);

		if (is == x->cell[row][i])
			continue;
		strbuf_addf(why, "%s for %s: docs/roles.csv says %d, the tables say %d (-1: never)\n",
		            c->name, x->roles[i].s, x->cell[row][i], is);
		found++;
	}
	return found;
}

int matrix_compare(const struct matrix *x, const struct modules *m, struct strbuf *why)
{
	int found = 0;
	size_t i;

	for (i = 0; i < m->index->nall; i++)
		found += unlisted(x, m->index->all[i], why);
	for (i = 0; i < x->nroles; i++)
		if (!modules_role(m, x->roles[i]) || listed(x->roles, i, x->roles[i].s)) {
			strbuf_addf(why, "docs/roles.csv: %s is no role, or stands twice\n", x->roles[i].s);
			found++;
		}
	for (i = 0; i < x->ncommands; i++)
		found += compare_row(x, i, m, why);
	return found;
}
