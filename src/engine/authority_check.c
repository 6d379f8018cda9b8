/* SPDX-License-Identifier: Apache-2.0 */
/* authority_check.c -- the two questions of an operation: may he, and who holds this role here.
 *
 * The first asks grants alone, inside the transaction.  The second asks the modules' rosters
 * before: a duty list knows who sits there tonight, but gives nobody a right.
 */
#include "engine/modules_private.h"
#include "engine/writer.h"

static const struct role *role_of(const struct modules *m, const char *id)
{
	const struct role_entry *e = name_map_get(&m->index->roles, str_of(id));

	return e ? e->role : NULL;
}

/* Who may, in words.  Level names are those of places in design.md §7. */
static void allowed_text(struct op *op, const struct command *c, struct str *ret_zh,
                         struct str *ret_en)
{
	static const char *const ZH[] = {"", "省级及以下", "市级及以下", "县级及以下",
	                                 "考点", "考场"};
	static const char *const EN[] = {"", " (province or below)", " (city or below)",
	                                 " (county or below)", " (site or below)", " (room)"};
	struct strbuf zh, en;

	strbuf_init(&zh, op->arena);
	strbuf_init(&en, op->arena);
	for (size_t i = 0; i < c->nallow; i++) {
		const struct allow *w = &c->allow[i];
		const struct role *r = role_of(op->run->modules, w->role);

		strbuf_addz(&zh, i > 0 ? "、" : "");
		strbuf_addz(&en, i > 0 ? ", " : "");
		strbuf_addz(&zh, ZH[w->level]);
		strbuf_addz(&zh, r ? r->zh : w->role);
		strbuf_addz(&en, r ? r->en : w->role);
		strbuf_addz(&en, EN[w->level]);
	}
	*ret_zh = strbuf_str(&zh);
	*ret_en = strbuf_str(&en);
}

/* Where it happens stands in what was sent, or it is of something that was named: then it is told
 * only to who serves there. */
static enum rc deny(struct op *op, const struct command *c, struct str place)
{
	const char *cites = c->cites ? c->cites : "";
	struct str zh, en;

	if (c->place_of && !authority_near(op->run->writer->authority, op->actor, place, op->now_ms))
		place.n = 0;
	allowed_text(op, c, &zh, &en);
	if (c->nallow == 0)
		return fail(op, RC_DENIED, "actor", cites, "任何人都无权办理 %s", "nobody may do %s",
		            c->name);
	/* "%.0s" swallows the words of the other language. */
	return fail(op, RC_DENIED, "actor", cites,
	            "操作人在 %s 无权办理%s%.0s；可办理：%s%.0s",
	            "the actor may not, at %s, %.0s%s; those who may: %.0s%s",
	            place.n > 0 ? str_copy(op->arena, place).s : "/", c->zh, c->en, zh.s, en.s);
}

/* NULL: anywhere. */
static bool may(const struct op *op, const struct command *c, const struct str *place)
{
	const struct authority *a = op->run->writer->authority;

	for (size_t i = 0; i < c->nallow; i++) {
		const struct allow *w = &c->allow[i];
		const char *const *form = modules_role_forms(op->run->modules, str_of(w->role));
		int level = (int)w->level;

		for (; *form; form++)
			if (place ? authority_holds(a, op->actor, str_of(*form), *place, level, op->now_ms)
			          : authority_holds_somewhere(a, op->actor, str_of(*form), level, op->now_ms))
				return true;
	}
	return false;
}

enum rc authority_check(struct op *op, const struct command *c, struct str place)
{
	if (op->actor.v <= 0)
		return fail(op, RC_DENIED, "actor", c->cites ? c->cites : "", "须说明操作人",
		            "who does this must be named");
	return may(op, c, &place) ? RC_OK : deny(op, c, place);
}

enum rc authority_check_sender(struct op *op, const struct command *c, const struct json *data)
{
	const struct json *at = data && data->type == JSON_OBJECT ? json_get(data, "place") : NULL;
	bool known = !c->place_of && at && at->type == JSON_STR &&
	             (!at->s.n || place_path_valid(at->s));

	if (op->actor.v > 0 && c->nallow > 0 && str_is(str_of(c->allow[0].role), "anyone"))
		return RC_OK;
	if (op->actor.v <= 0 || known)
		return authority_check(op, c, known ? at->s : (struct str){"", 0});
	return may(op, c, NULL) ? RC_OK : deny(op, c, (struct str){"", 0});
}

bool person_holds(const struct op *op, struct person_id who, struct str role, struct str place)
{
	const char *const *form = modules_role_forms(op->run->modules, role);

	for (; *form; form++)
		if (authority_holds(op->run->writer->authority, who, str_of(*form), place, 0, op->now_ms))
			return true;
	return false;
}

bool person_elsewhere(const struct op *op, struct person_id who, struct str place)
{
	const struct authority *a = op->run->writer->authority;
	struct granted any;

	return authority_grants(a, who, op->now_ms, &any, 1) > 0 &&
	       !authority_near(a, who, place, op->now_ms);
}

bool person_may(const struct op *op, struct person_id who, struct str right, struct str place)
{
	const struct right *g = modules_right(op->run->modules, right);

	for (const char *const *role = g ? g->roles : NULL; role && *role; role++)
		if (person_holds(op, who, str_of(*role), place))
			return true;
	return false;
}

/* *ret_known false: no roster knows. */
static enum rc ask_rosters(struct op *op, struct str role, struct str place, bool *ret_known,
                           struct person_id *ret, size_t max, size_t *ret_n)
{
	const struct modules *m = op->run->modules;

	*ret_known = false;
	for (size_t i = 0; i < m->n && !*ret_known; i++)
		if (m->list[i]->resolve)
			TRY(m->list[i]->resolve(op, role, place, ret_known, ret, max, ret_n));
	return RC_OK;
}

/* A role is held by whoever holds one that includes it. */
enum rc resolve(struct op *op, struct str role, struct str place, struct person_id *ret, size_t max,
                size_t *ret_n)
{
	const char *const *forms = modules_role_forms(op->run->modules, role);

	for (const char *const *form = forms; *form; form++) {
		size_t n = 0;
		bool known;

		TRY(ask_rosters(op, str_of(*form), place, &known, ret, max, &n));
		if (known) {
			assert(n <= max);
			*ret_n = n;
			return RC_OK;
		}
	}
	*ret_n = authority_holders_of(op->run->writer->authority, forms, place, op->now_ms, ret,
	                              max);
	return RC_OK;
}
