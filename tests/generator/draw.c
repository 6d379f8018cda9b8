/* SPDX-License-Identifier: Apache-2.0 */
/* draw.c -- the dice, and what they fall on: rows of the projections, places, persons, codes. */
#include "generator/gen.h"

#include <stdarg.h>

void die(struct gen *g, const char *what)
{
	const struct err *e = g->op.err.rc ? &g->op.err : &g->w.broken;

	fprintf(stderr, "acts: seed %llu, act %lld: %s: %s (%s) at %s\n", (unsigned long long)g->seed,
	        (long long)g->act, what, e->en, e->field, e->where ? e->where : "?");
	exit(1);
}

void must(struct gen *g, enum rc rc, const char *what)
{
	if (rc != RC_OK)
		die(g, what);
}

uint64_t dice(struct gen *g, uint64_t below)
{
	return random_below(&g->dice, below);
}

bool chance(struct gen *g, int percent)
{
	return dice(g, 100) < (uint64_t)percent;
}

size_t rows_all(struct gen *g, struct str sql, struct row **ret)
{
	struct rows rows = {0};
	size_t n = 0, cap = 64;
	struct row *list = arena_array(&g->scratch, cap, sizeof(*list));

	must(g, db_query_text(&g->op, g->store.view, sql, &rows), sql.s);
	while (rows_next(&rows)) {
		if (n == cap) {
			list = arena_extend(&g->scratch, list, cap * sizeof(*list), cap * 2 * sizeof(*list));
			cap *= 2;
		}
		for (int c = 0; c < rows_columns(&rows) && c < ROW_COLUMNS; c++)
			if (rows_type(&rows, c) == SQL_INT)
				list[n].i[c] = rows_int(&rows, c);
			else
				list[n].s[c] = rows_dup(&g->scratch, &rows, c);
		n++;
	}
	rows_release(&rows);
	*ret = list;
	return n;
}

bool draw(struct gen *g, struct str sql, struct row *ret)
{
	struct row *list;
	size_t n = rows_all(g, sql, &list);

	if (n)
		*ret = list[dice(g, n)];
	return n > 0;
}

bool drawf(struct gen *g, struct row *ret, const char *fmt, ...)
{
	struct str sql;
	va_list ap;

	va_start(ap, fmt);
	sql = str_vfmt(&g->scratch, fmt, ap);
	va_end(ap);
	return draw(g, sql, ret);
}

struct str spot(struct gen *g, const char *kind)
{
	const struct world *w = g->world;
	size_t n = 0, at;

	for (size_t i = 0; i < w->nspots; i++)
		n += !kind || strcmp(w->spots[i].kind, kind) == 0;
	at = n && !(kind && g->terse) ? dice(g, n) : 0;
	for (size_t i = 0; i < w->nspots; i++)
		if ((!kind || strcmp(w->spots[i].kind, kind) == 0) && at-- == 0)
			return str_of(w->spots[i].path);
	return str_of(w->spots[0].path);
}

struct person_id anybody(struct gen *g)
{
	struct row r;

	if (!draw(g, str_of(g->world->persons), &r))
		return (struct person_id){0};
	return (struct person_id){r.i[0]};
}

struct str new_code(struct gen *g, const char *prefix)
{
	return str_fmt(&g->scratch, "%s%lld", prefix, (long long)++g->codes);
}

struct str some_text(struct gen *g)
{
	return str_fmt(&g->scratch, "演练备注 %llu", (unsigned long long)dice(g, 1000));
}

struct ed25519_key key_of(struct person_id who)
{
	uint8_t seed[32] = {11};

	for (int i = 0; i < 8; i++)
		seed[8 + i] = (uint8_t)((uint64_t)who.v >> (8 * i));
	return ed25519_from_seed(seed);
}
