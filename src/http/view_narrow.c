/* SPDX-License-Identifier: Apache-2.0 */
/* view_narrow.c -- see view_narrow.h. */
#include "http/view_narrow.h"

#include "engine/authority.h"
#include "engine/place.h"
#include "engine/writer.h"

enum { GRANTS_MOST = 64 };

static_assert((int)NARROW_CELLS >= (int)FILTER_CELLS, "every cell that is asked for");
static_assert((int)NARROW_KEYS >= (int)VIEW_KEYS, "every key of a view");

static bool reads(const struct op *op, const struct view *v, struct str role)
{
	for (const char *const *r = v->roles; r && *r; r++)
		for (const char *const *f = modules_role_forms(op->run->modules, str_of(*r)); *f; f++)
			if (str_is(role, *f))
				return true;
	return false;
}

/* Where a grant and what was asked for meet; false: nowhere. */
static bool meet(struct str grant, struct str asked, struct str *ret)
{
	*ret = place_covers(asked, grant) ? grant : asked;
	return place_covers(asked, grant) || place_covers(grant, asked);
}

/* Takes what lies under another, or is the same, out of the list. */
static size_t topmost(struct str *at, size_t n)
{
	size_t kept = 0;

	for (size_t i = 0; i < n; i++) {
		bool below = false;

		for (size_t k = 0; k < n && !below; k++)
			below = k != i && place_covers(at[k], at[i]) && (at[k].n < at[i].n || k < i);
		if (!below)
			at[kept++] = at[i];
	}
	return kept;
}

/* False: they are too many to be told. */
static bool put_places(const struct op *op, const struct filter *f, struct person_id who,
                       struct narrow *n)
{
	struct granted g[GRANTS_MOST];
	struct str at[GRANTS_MOST], asked = f->place.s ? f->place : STR("");
	size_t all = authority_grants(op->run->writer->authority, who, op->now_ms, g, GRANTS_MOST);
	size_t found = 0;

	for (size_t i = 0; i < all; i++)
		if (reads(op, f->view, g[i].role) && meet(g[i].place, asked, &at[found]))
			found++;
	found = topmost(at, found);
	if (all == GRANTS_MOST || found > NARROW_PLACES) {
		n->nplaces = asked.n ? 1 : 0;
		n->places[0] = asked;
		return false;
	}
	/* Everything; or, of a view without places, all or nothing. */
	if (found == 1 && !at[0].n)
		return true;
	n->none = found == 0 || n->place_at < 0;
	for (size_t i = 0; i < found; i++)
		n->places[n->nplaces++] = at[i];
	return true;
}

static bool is_number(const struct column *c)
{
	switch (c->type) {
	case F_INT: case F_ID: case F_BOOL: case F_TIME: case F_PERSON: case F_TEXT:
		return true;
	case F_ENUM:
		return !c->coded;
	case F_CODE: case F_KEY: case F_PLACE: case F_SUBJECT: case F_HASH: case F_BYTES: case F_LIST:
		return false;
	}
	return false;
}

/* Numbers of things and places of one have few rows; a session, a state, a kind many. */
static bool is_rare(const struct column *c)
{
	return c->type == F_CODE || c->type == F_ID || c->type == F_PERSON || c->type == F_PLACE ||
	       c->type == F_SUBJECT;
}

/* What is no value of a column has been refused (api_filter_stands). */
static void put_cells(struct narrow *n, const struct filter *f)
{
	for (size_t i = 0; i < f->ncells; i++) {
		const struct filter_cell *c = &f->cells[i];
		struct narrow_cell *x = &n->cells[n->ncells++];

		*x = (struct narrow_cell){.column = c->at, .rare = is_rare(&f->view->columns[c->at])};
		if (!is_number(&f->view->columns[c->at])) {
			x->v = sql_text(c->value);
			x->or_null = !c->value.n;
		} else if (c->value.n)
			x->v = sql_int(c->i);
	}
}

enum rc view_narrow(struct op *op, const struct filter *f, struct person_id who,
                    struct narrow *ret, bool *ret_exact)
{
	struct narrow n = {.from = f->view->sql,
	                   .ncolumns = (int)(f->view->ncolumns + f->view->norder),
	                   .place_at = f->place_at, .time_at = -1, .limit = -1};
	bool told = put_places(op, f, who, &n);

	if (n.nplaces == 1)
		TRY(place_is_all(op, n.places[0], &n.wide));
	if (f->since != INT64_MIN || f->before != INT64_MAX) {
		n.time_at = f->time_at;
		n.since = f->since;
		n.before = f->before;
	}
	put_cells(&n, f);
	*ret = n;
	*ret_exact = told && !f->q.n;
	return RC_OK;
}
