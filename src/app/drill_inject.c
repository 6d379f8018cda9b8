/* SPDX-License-Identifier: Apache-2.0 */
/* drill_inject.c -- a scenario's edits: which steps they mean, and what becomes of them.
 *
 * An edit that means no step is a mistake of the scenario and fails: otherwise a drill would prove
 * nothing the day a label changes.
 */
#include "app/drill_play.h"

#include "engine/field.h"

struct hits {
	struct drill_step **step;
	size_t n;
};

/* ---- selecting ---- */

static bool same_value(const struct json *a, const struct json *b)
{
	return a && b && a->type == b->type &&
	       (a->type == JSON_STR    ? str_eq(a->s, b->s)
	        : a->type == JSON_INT  ? a->i == b->i
	        : a->type == JSON_BOOL ? a->b == b->b
	                               : a->type == JSON_NULL);
}

/* The place of a step: where it says, else its data. */
static struct str place_of(const struct drill_step *st, const struct json *data)
{
	return st->place ? str_of(st->place) : json_str(data, "place");
}

static struct str session_of(const struct drill_step *st, const struct json *data)
{
	return st->session ? str_of(st->session) : json_str(data, "session");
}

static bool same_members(struct op *op, const struct drill *d, const struct json *where,
                         const struct json *data)
{
	for (const struct json *m = where ? where->first : NULL; m; m = m->next) {
		const struct json *v = json_get(data, str_copy(op->arena, m->key).s);
		struct json want = *m;

		if (m->type == JSON_STR && drill_expand(op, op->arena, d, m->s, &want.s) != RC_OK)
			return false;
		if (!same_value(v, &want))
			return false;
	}
	return true;
}

static bool fits(struct op *op, const struct drill *d, const struct drill_selector *x,
                 const struct drill_step *st)
{
	struct json *data;

	if (st->omitted || (x->what.n && !str_is(x->what, st->what ? st->what : st->command)))
		return false;
	if ((x->from.ms && st->at_ms < x->from.ms) || (x->to.ms && st->at_ms > x->to.ms) ||
	    (x->as.n && !str_is(x->as, st->as)))
		return false;
	if (!x->place.n && !x->under.n && !x->session.n && !x->where)
		return true;
	if (json_read(op, str_of(st->data), &data) != RC_OK)
		return false;
	return (!x->place.n || str_eq(x->place, place_of(st, data))) &&
	       (!x->under.n || place_covers(x->under, place_of(st, data))) &&
	       (!x->session.n || str_eq(x->session, session_of(st, data))) &&
	       same_members(op, d, x->where, data);
}

static struct drill_step *nearest(const struct hits *h, int64_t at_ms)
{
	struct drill_step *best = NULL;
	int64_t best_ms = 0;

	for (size_t i = 0; i < h->n; i++) {
		int64_t ms = h->step[i]->at_ms - at_ms;

		ms = ms < 0 ? -ms : ms;
		if (!best || ms < best_ms) {
			best = h->step[i];
			best_ms = ms;
		}
	}
	return best;
}

static enum rc select_steps(struct op *op, struct drill *d, const struct drill_selector *x,
                            struct hits *ret)
{
	*ret = (struct hits){.step = arena_array(d->arena, d->nsteps, sizeof(struct drill_step *))};
	for (size_t i = 0; i < d->nsteps; i++)
		if (fits(op, d, x, d->steps[i]))
			ret->step[ret->n++] = d->steps[i];
	if (ret->n && x->at.ms) {
		ret->step[0] = nearest(ret, x->at.ms);
		ret->n = 1;
	}
	if (x->nth) {
		if ((size_t)x->nth <= ret->n)
			ret->step[0] = ret->step[x->nth - 1];
		ret->n = (size_t)x->nth <= ret->n ? 1 : 0;
	}
	if (ret->n)
		return RC_OK;
	return fail(op, RC_INVALID, x->path.s, "", "选择条件没有对应的步骤（%s）",
	            "the selector means no step (%s)", x->what.s);
}

/* ---- changing ---- */

/* "boxes/0/received": what holds the last part. */
static struct json *part_of(struct op *op, struct json *data, struct str path, struct str *ret)
{
	struct str head;
	int64_t n;

	while (data && str_cut(path, '/', &head, &path)) {
		struct str name = str_copy(op->arena, head);

		if (data->type == JSON_ARRAY && str_to_i64(name, &n)) {
			struct json *v = data->first;

			while (v && n-- > 0)
				v = v->next;
			data = v;
		} else {
			data = (struct json *)(uintptr_t)json_get(data, name.s); /* our own copy */
		}
	}
	*ret = str_copy(op->arena, path);
	return data;
}

static enum rc put(struct op *op, struct drill *d, const struct drill_edit *e, struct json *data,
                   const struct json *m, bool plus)
{
	struct str name, value;
	struct json *at = part_of(op, data, m->key, &name);
	const struct json *old = at && at->type == JSON_OBJECT ? json_get(at, name.s) : NULL;

	if (!at || at->type != JSON_OBJECT ||
	    (plus && (!old || old->type != JSON_INT || m->type != JSON_INT)))
		return fail(op, RC_INVALID, e->path.s, "", "步骤的数据中没有可改的 " STR_FMT,
		            "the step's data has no such member: " STR_FMT, STR_ARG(m->key));
	if (plus) {
		json_set_int(op->arena, at, name.s, old->i + m->i);
	} else if (m->type == JSON_STR) {
		TRY(drill_expand(op, op->arena, d, m->s, &value));
		json_set_str(op->arena, at, name.s, value);
	} else {
		struct json *v = ARENA_NEW(op->arena, struct json);

		*v = *m;
		v->next = NULL;
		json_put(at, name.s, v);
	}
	return RC_OK;
}

/* Takes a member or an item of a list away. */
static enum rc drop(struct op *op, const struct drill_edit *e, struct json *data, struct str path)
{
	struct str name;
	struct json *at, *before = NULL, *v;
	int64_t n;

	at = part_of(op, data, path, &name);
	v = at ? at->first : NULL;
	if (at && at->type == JSON_ARRAY && str_to_i64(name, &n))
		for (; v && n > 0; n--, v = v->next)
			before = v;
	else
		for (; v && !str_eq(v->key, name); v = v->next)
			before = v;
	if (!v)
		return fail(op, RC_INVALID, e->path.s, "", "步骤的数据中没有 %s", "the step's data has no %s",
		            path.s);
	if (before)
		before->next = v->next;
	else
		at->first = v->next;
	if (at->last == v)
		at->last = before;
	at->count--;
	return RC_OK;
}

static enum rc change(struct op *op, struct drill *d, const struct drill_edit *e,
                      struct drill_step *st)
{
	struct json *data;
	struct str slots = e->slots;

	TRY(json_read(op, str_of(st->data), &data));
	for (const struct json *m = e->set ? e->set->first : NULL; m; m = m->next)
		TRY(put(op, d, e, data, m, false));
	for (const struct json *m = e->plus ? e->plus->first : NULL; m; m = m->next)
		TRY(put(op, d, e, data, m, true));
	if (e->drop.n)
		TRY(drop(op, e, data, e->drop));
	st->data = str_copy(d->arena, json_canonical(op->arena, data)).s;
	TRY(drill_expand(op, d->arena, d, slots, &slots));
	if (slots.n)
		st->slots = slots.s;
	if (e->as.n)
		st->as = e->as.s;
	if (e->source.n && !source_parse(e->source, &st->source))
		return fail(op, RC_INVALID, e->path.s, "", "没有来源 %s", "there is no source %s",
		            e->source.s);
	return RC_OK;
}

static enum rc add(struct op *op, struct drill *d, const struct drill_edit *e, bool noise)
{
	struct str data, slots, as;
	struct drill_step *st;

	TRY(drill_expand(op, d->arena, d, json_canonical(op->arena, e->data), &data));
	TRY(drill_expand(op, d->arena, d, e->slots, &slots));
	TRY(drill_expand(op, d->arena, d, e->as, &as));
	st = drill_add(d, e->at.ms, e->command.s, as.s, slots.n ? slots.s : "", "%s", "{}");
	st->data = data.s;
	st->happened_ms = e->happened.ms;
	st->edited = !noise;
	if (e->place.n)
		st->place = e->place.s;
	if (e->source.n && !source_parse(e->source, &st->source))
		return fail(op, RC_INVALID, e->path.s, "", "没有来源 %s", "there is no source %s",
		            e->source.s);
	return RC_OK;
}

/* The same once more, later. */
static void repeat(struct drill *d, const struct drill_step *st, int64_t by_s)
{
	struct drill_step *again =
		drill_add(d, st->at_ms + by_s * DRILL_SECOND, st->command, st->as, st->slots, "%s", "{}");
	size_t order = again->order;

	*again = *st;
	again->at_ms += by_s * DRILL_SECOND;
	again->order = order;
	again->publishes = NULL;
}

/* A fact that happened when it did and is told at `at_ms` or within the minute after, in order; an
 * order asks leave for now and waits for no network. */
static void tell(struct drill *d, const struct drill_edit *e, struct drill_step *st, size_t i)
{
	const struct command *c = modules_command(d->modules, str_of(st->command));

	if (!c || c->kind != FACT || st->at_ms >= e->at.ms)
		return;
	if (!st->happened_ms)
		st->happened_ms = st->at_ms;
	st->at_ms = e->at.ms + (int64_t)(i % 600) * 100;
}

static void apply_to(struct drill *d, const struct drill_edit *e, struct drill_step *st, size_t i)
{
	switch (e->kind) {
	case EDIT_OMIT:
		st->omitted = true;
		break;
	case EDIT_SHIFT:
		st->at_ms += e->by_s * DRILL_SECOND;
		break;
	case EDIT_REPEAT:
		repeat(d, st, e->by_s);
		break;
	case EDIT_SKEW:
		st->happened_ms = (st->happened_ms ? st->happened_ms : st->at_ms) + e->by_s * DRILL_SECOND;
		break;
	case EDIT_TELL:
		tell(d, e, st, i);
		break;
	case EDIT_CHANGE:
	case EDIT_ADD:
		break;
	}
}

static enum rc apply_edit(struct op *op, struct drill *d, const struct drill_edit *e, bool noise)
{
	struct hits h;

	if (e->kind == EDIT_ADD)
		return add(op, d, e, noise);
	TRY(select_steps(op, d, &e->of, &h));
	for (size_t i = 0; i < h.n; i++) {
		h.step[i]->edited = h.step[i]->edited || !noise;
		apply_to(d, e, h.step[i], i);
		if (e->kind == EDIT_CHANGE)
			TRY(change(op, d, e, h.step[i]));
	}
	return RC_OK;
}

enum rc scenario_apply(struct op *op, struct drill *d, const struct scenario *s, struct str without)
{
	for (size_t i = 0; i < s->nnoise; i++)
		TRY(apply_edit(op, d, &s->noise[i], true));
	for (size_t i = 0; i < s->ninjections; i++) {
		const struct drill_injection *x = &s->injections[i];

		for (size_t k = 0; k < x->nedits; k++)
			if (!str_eq(x->id, without))
				TRY(apply_edit(op, d, &x->edits[k], false));
	}
	return RC_OK;
}
