/* SPDX-License-Identifier: Apache-2.0 */
/* import_group.c -- rows that are items of one act's list; see import_group.h. */
#include "sheet/import_group.h"
#include "domain/people/people.h"

enum { ROWS_A_COMMIT = 16384 }; /* bounds the memory of a batch of long lists */

struct group {
	struct import_row row[LIMIT_LIST];
	enum row_state state[LIMIT_LIST];
	size_t n;
};

static const struct field *list_field(const struct import *im)
{
	const struct command *cmd = im->command[PART_OWN];

	return field_find(cmd->fields, cmd->nfields, str_of(im->kind->list));
}

/* Do two rows say the same in all columns that are not the list's? */
static bool same_act(const struct import *im, const struct import_row *a,
                     const struct import_row *b)
{
	const struct command *cmd = im->command[PART_OWN];

	if (import_stray(im, a) || import_stray(im, b))
		return false;
	for (size_t i = 0; i < cmd->nfields; i++)
		if (cmd->fields[i].type != F_LIST &&
		    !str_eq(import_cell(im, a, PART_OWN, cmd->fields[i].name),
		            import_cell(im, b, PART_OWN, cmd->fields[i].name)))
			return false;
	return true;
}

/* The next rows of one act; g->n 0 at the end. */
static enum rc group_read(struct import *im, struct sheet *t, struct import_row *last,
                          struct group *g)
{
	for (g->n = 0; g->n < LIMIT_LIST;) {
		struct sheet before = *t;
		struct import_row row = *last;

		TRY(import_row_next(im, t, &row));
		if (!row.n)
			return RC_OK;
		if (g->n && !same_act(im, &g->row[0], &row)) {
			*t = before;
			return RC_OK;
		}
		*last = row;
		g->row[g->n] = row;
		g->state[g->n++] = ROW_GOOD;
	}
	return RC_OK;
}

static void set_fields(const struct import *im, const struct import_row *r, const struct field *f,
                       size_t n, struct json *o)
{
	for (size_t i = 0; i < n; i++) {
		struct str v = import_typed(im, &f[i], import_cell(im, r, PART_OWN, f[i].name));

		if (f[i].type != F_LIST && v.n)
			json_set_str(im->op.arena, o, f[i].name, v);
	}
}

/* The act of the rows in that state; which rows they are, in their order. */
static enum rc group_request(struct import *im, struct group *g, struct request *ret,
                             size_t at[LIMIT_LIST], size_t *ret_n)
{
	const struct command *cmd = im->command[PART_OWN];
	const struct field *list = list_field(im);
	struct beside beside[LIMIT_PERSONAL];
	struct json *in = json_new_object(im->op.arena), *items = json_new_array(im->op.arena), *data;
	struct strbuf of;
	size_t n = 0;

	*ret = im->base;
	strbuf_init(&of, im->op.arena);
	set_fields(im, &g->row[0], cmd->fields, cmd->nfields, in);
	for (size_t i = 0; i < g->n; i++) {
		struct json *o = json_new_object(im->op.arena);

		if (g->state[i] != ROW_GOOD)
			continue;
		set_fields(im, &g->row[i], list->list_of, list->list_n, o);
		json_put(items, NULL, o);
		strbuf_addf(&of, "%zu,", g->row[i].row);
		at[n++] = i;
	}
	*ret_n = n;
	json_put(in, im->kind->list, items);
	TRY(field_intake(&im->op, cmd->fields, cmd->nfields, in, people_find, &data, beside,
	                 &ret->nbeside));
	ret->data = data;
	ret->command = str_of(cmd->name);
	ret->key = import_key(im, n ? g->row[at[0]].row : 0, strbuf_str(&of));
	ret->body = hasher_of(im->hasher, ret->key.s, ret->key.n);
	return RC_OK;
}

/* One cell by itself. */
static bool cell_good(struct import *im, struct import_row *r, const struct field *f)
{
	struct request q = {0};

	if (import_cell_faulty(im, r, PART_OWN, f->name))
		return false; /* told already */
	if (import_intake(im, r, PART_OWN, f, 1, &q) == RC_OK)
		return true;
	import_refuse(im, r, PART_OWN, &im->op.err);
	return false;
}

static void all_bad(struct group *g, struct import_row *told)
{
	for (size_t i = 0; i < g->n; i++) {
		if (g->state[i] == ROW_GOOD && &g->row[i] != told)
			g->row[i].why = told->why;
		g->state[i] = ROW_BAD;
	}
}

static void check_form(struct import *im, struct group *g, struct str scope)
{
	const struct command *cmd = im->command[PART_OWN];
	const struct field *list = list_field(im);
	bool good = true;

	for (size_t i = 0; i < g->n; i++) {
		struct import_row *r = &g->row[i];

		import_faults(im, r);
		for (size_t j = 0; j < list->list_n; j++)
			(void)cell_good(im, r, &list->list_of[j]);
		import_duplicates(im, r, scope);
		if (r->errors)
			g->state[i] = ROW_BAD;
	}
	for (size_t i = 0; i < cmd->nfields; i++)
		if (cmd->fields[i].type != F_LIST)
			good = cell_good(im, &g->row[0], &cmd->fields[i]) && good;
	if (!good)
		all_bad(g, &g->row[0]);
}

/* "seats/3/candidate": the fourth row that was asked about, column "candidate". */
static bool fault_at(const struct import *im, const struct err *e, const size_t *at, size_t n,
                     size_t *ret_row, struct err *ret)
{
	struct str rest = str_of(e->field), list = str_of(im->kind->list);
	size_t i, k = 0;

	if (!str_starts(rest, list) || rest.s[list.n] != '/')
		return false;
	for (i = list.n + 1; rest.s[i] >= '0' && rest.s[i] <= '9'; i++)
		k = k * 10 + (size_t)(rest.s[i] - '0');
	if (k >= n)
		return false;
	*ret = *e;
	snprintf(ret->field, sizeof(ret->field), "%s", rest.s[i] == '/' ? e->field + i + 1 : "");
	*ret_row = at[k];
	return true;
}

/* Faults of rows first: what is wrong of the whole list may be so because of them, and the list is
 * asked about again without them.  *ret_again: there were some. */
static void take_faults(struct import *im, struct group *g, const size_t *at, size_t n,
                        size_t nfaults, bool *ret_again)
{
	struct err e;
	size_t row;

	*ret_again = false;
	for (size_t i = 0; i < nfaults; i++)
		if (fault_at(im, &im->faults[i], at, n, &row, &e)) {
			import_refuse(im, &g->row[row], PART_OWN, &e);
			g->state[row] = ROW_BAD;
			*ret_again = true;
		}
	for (size_t i = 0; i < nfaults && !*ret_again; i++)
		import_refuse(im, &g->row[at[0]], PART_OWN, &im->faults[i]);
	if (nfaults && !*ret_again)
		all_bad(g, &g->row[at[0]]);
}

static enum rc ask_once(struct import *im, struct group *g, bool *ret_again)
{
	struct answer *ans = ARENA_NEW(im->op.arena, struct answer);
	size_t at[LIMIT_LIST], n, nfaults = 0;
	struct request q;
	enum rc rc = group_request(im, g, &q, at, &n);

	*ret_again = false;
	if (!n)
		return RC_OK;
	if (rc == RC_BUSY || rc == RC_BROKEN)
		return rc;
	if (rc != RC_OK) { /* no cell alone: the table refuses their union */
		import_refuse(im, &g->row[at[0]], PART_OWN, &im->op.err);
		return all_bad(g, &g->row[at[0]]), RC_OK;
	}
	rc = writer_try_all(im->w, &q, ans, im->faults, LIMIT_LIST, &nfaults);
	if (rc == RC_BUSY || rc == RC_BROKEN) {
		im->op.err = ans->err;
		return rc;
	}
	if (rc != RC_OK && !nfaults) /* it came to no rule */
		im->faults[nfaults++] = ans->err;
	take_faults(im, g, at, n, nfaults, ret_again);
	for (size_t i = 0; i < n && ans->repeated; i++)
		g->state[at[i]] = ROW_THERE;
	return RC_OK;
}

static enum rc ask_rule(struct import *im, struct group *g)
{
	bool again = true;

	while (again)
		TRY(ask_once(im, g, &again));
	return RC_OK;
}

static enum rc group_check(struct import *im, struct group *g)
{
	struct str scope = STR("");

	if (import_width_wrong(im, &g->row[0])) {
		g->state[0] = ROW_BAD;
		return RC_OK;
	}
	if (im->kind->scope)
		TRY(im->kind->scope(im, &g->row[0], &scope));
	check_form(im, g, scope);
	return ask_rule(im, g);
}

enum rc import_groups_check(struct import *im)
{
	struct group *g = ARENA_NEW(im->keep->arena, struct group);
	struct import_row last = {0};
	struct sheet t = im->start;

	for (;;) {
		enum rc rc;

		arena_reset(&im->arena);
		TRY(group_read(im, &t, &last, g));
		if (!g->n)
			return RC_OK;
		rc = group_check(im, g);
		if (rc != RC_OK) {
			im->keep->err = im->op.err;
			return rc;
		}
		for (size_t i = 0; i < g->n; i++) {
			import_state_set(im, g->row[i].i, g->state[i]);
			im->rows++;
			im->good += g->state[i] != ROW_BAD;
			im->there += g->state[i] == ROW_THERE;
			if (g->state[i] == ROW_BAD)
				import_keep_bad(im, &g->row[i]);
		}
	}
}

static enum rc group_send(struct import *im, struct import_batch *b, struct group *g)
{
	size_t at[LIMIT_LIST], n;
	struct import_row *rows;
	struct request q;
	enum rc rc;

	for (size_t i = 0; i < g->n; i++)
		g->state[i] = im->state[g->row[i].i];
	rc = group_request(im, g, &q, at, &n);
	if (!n)
		return RC_OK;
	if (rc != RC_OK) {
		im->keep->err = im->op.err;
		return rc;
	}
	rows = arena_array(im->op.arena, n, sizeof(*rows));
	for (size_t i = 0; i < n; i++)
		rows[i] = g->row[at[i]];
	import_batch_add(b, rows, n, PART_OWN, &q);
	return RC_OK;
}

enum rc import_groups_send(struct import *im, struct import_batch *b)
{
	struct group *g = ARENA_NEW(im->keep->arena, struct group);
	struct import_row last = {0};
	struct sheet t = im->start;

	for (;;) {
		if (b->n == LIMIT_BATCH || b->total > ROWS_A_COMMIT)
			TRY(import_flush(im, b));
		TRY(group_read(im, &t, &last, g));
		if (!g->n)
			return import_flush(im, b);
		TRY(group_send(im, b, g));
	}
}
