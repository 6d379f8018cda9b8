/* SPDX-License-Identifier: Apache-2.0 */
/* filter_words.c -- q and what people read in place of a code: the words of a key or a state, the
 * name of a place or of the nearest one above it, a whole staff code.
 *
 * A view has few such codes and many rows: what was found of one is kept, by a hash of it, until
 * another takes its place.
 */
#include "http/filter.h"

#include "engine/place.h"
#include "engine/words.h"
#include "engine/writer.h"

enum { SLOTS = 256, CODE_MOST = 96 };

struct filter_memo {
	struct {
		int at;        /* the column and one; 0: empty */
		bool holds;
		size_t n;
		char code[CODE_MOST];
	} slot[SLOTS];
};

struct filter_memo *filter_memo_new(struct arena *a)
{
	return ARENA_NEW(a, struct filter_memo);
}

static bool either(const struct filter *f, struct str zh, struct str en)
{
	return filter_holds(zh, f->q) || filter_holds(en, f->q);
}

/* Everything before the last '/'; "" when there is none. */
static struct str above(struct str path)
{
	while (path.n && path.s[path.n - 1] != '/')
		path.n--;
	return (struct str){path.s, path.n ? path.n - 1 : 0};
}

/* A room has the name of its site. */
static bool name_holds(const struct filter *f, struct op *op, struct str path)
{
	struct str name;

	for (path = str_copy(op->arena, path); path.n; path = above(path))
		if (place_named(op, &op->run->writer->vault, path, &name))
			return filter_holds(name, f->q);
	return false;
}

static bool code_holds(const struct filter *f, struct op *op, const struct column *c,
                       struct str code)
{
	struct said s;

	if (c->type == F_PLACE || c->type == F_SUBJECT)
		return place_path_valid(code) && name_holds(f, op, code);
	s = words_key(op->arena, op->run->modules, op->run->profile, c->ref, code);
	return either(f, s.zh, s.en);
}

static bool known_holds(const struct filter *f, struct op *op, int at, struct str code)
{
	uint32_t h = 2166136261u + (uint32_t)at; /* FNV-1a */
	size_t k;

	if (code.n > CODE_MOST)
		return code_holds(f, op, &f->view->columns[at], code);
	for (size_t i = 0; i < code.n; i++)
		h = (h ^ (unsigned char)code.s[i]) * 16777619u;
	k = h % SLOTS;
	if (f->memo->slot[k].at != at + 1 ||
	    !str_eq(code, (struct str){f->memo->slot[k].code, f->memo->slot[k].n})) {
		f->memo->slot[k].holds = code_holds(f, op, &f->view->columns[at], code);
		f->memo->slot[k].at = at + 1;
		f->memo->slot[k].n = code.n;
		memcpy(f->memo->slot[k].code, code.s, code.n);
	}
	return f->memo->slot[k].holds;
}

/* A state is a number, or its code. */
static bool state_holds(const struct filter *f, const struct column *c, const struct rows *r,
                        int at)
{
	int64_t i = rows_type(r, at) == SQL_INT ? rows_int(r, at) : -1;

	for (size_t k = 0; i < 0 && k < c->ncodes; k++)
		if (rows_type(r, at) == SQL_TEXT && str_is(rows_str(r, at), c->codes[k]))
			i = (int64_t)k;
	return i >= 0 && i < (int64_t)c->nwords &&
	       either(f, str_of(c->words[i].zh), str_of(c->words[i].en));
}

bool filter_word_holds(const struct filter *f, struct op *op, const struct rows *r, int at)
{
	const struct column *c = &f->view->columns[at];

	if (rows_is_null(r, at))
		return false;
	if (c->type == F_ENUM)
		return state_holds(f, c, r, at);
	if (c->type == F_PERSON)
		return f->q_person > 0 && rows_type(r, at) == SQL_INT && rows_int(r, at) == f->q_person;
	if (c->type == F_KEY || c->type == F_PLACE || c->type == F_SUBJECT)
		return rows_type(r, at) == SQL_TEXT && known_holds(f, op, at, rows_str(r, at));
	return false;
}
