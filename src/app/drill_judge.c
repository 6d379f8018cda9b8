/* SPDX-License-Identifier: Apache-2.0 */
/* drill_judge.c -- holds what was alarmed against what had to be noticed.
 *
 * An alarm is expected when an injection asks for its rule there, or lists it among what it may
 * bring with it, or the scenario allows it.  Any other is a false alarm, but for those of modules
 * whose actors are still awaited (drill_actors.c).
 */
#include "app/drill_play.h"

static bool matches(const struct drill_notice *n, const struct drill_seen *a)
{
	return str_eq(n->rule, a->rule) && (!n->place.n || place_covers(n->place, a->place)) &&
	       a->at_ms >= n->from.ms;
}

static bool any(const struct drill_notice *n, size_t count, const struct drill_seen *a)
{
	for (size_t i = 0; i < count; i++)
		if (matches(&n[i], a))
			return true;
	return false;
}

static bool is_awaited(const struct drill_seen *a)
{
	for (size_t i = 0; drill_awaited[i]; i++)
		if (str_starts(a->rule, str_of(drill_awaited[i])))
			return true;
	return false;
}

static bool is_expected(const struct scenario *s, const struct drill_seen *a)
{
	for (size_t i = 0; i < s->ninjections; i++)
		if (any(s->injections[i].notices, s->injections[i].nnotices, a) ||
		    any(s->injections[i].also, s->injections[i].nalso, a))
			return true;
	return any(s->allow, s->nallow, a) || is_awaited(a);
}

static enum rc read_alarms(struct op *op, struct drill_play *p, struct drill_result *ret)
{
	TRY(p->stage->alarms(op, p, &ret->alarms, &ret->nalarms));
	for (size_t i = 0; i < ret->nalarms; i++) {
		struct drill_seen *x = &ret->alarms[i];

		x->expected = is_expected(p->d->scenario, x);
		ret->false_alarms += !x->expected;
	}
	return RC_OK;
}

static void judge_notice(struct drill_result *r, struct drill_verdict *v)
{
	for (size_t i = 0; i < r->nalarms; i++)
		if (matches(v->notice, &r->alarms[i]) &&
		    (!v->noticed_ms || r->alarms[i].at_ms < v->noticed_ms))
			v->noticed_ms = r->alarms[i].at_ms;
	v->ok = v->noticed_ms && v->noticed_ms <= v->notice->by.ms;
}

enum rc drill_judge(struct op *op, struct drill_play *p, struct drill_result *ret)
{
	const struct scenario *s = p->d->scenario;
	struct drill *d = p->d;
	size_t n = 0;

	TRY(read_alarms(op, p, ret));
	for (size_t i = 0; i < s->ninjections; i++)
		n += s->injections[i].nnotices;
	ret->verdicts = arena_array(d->arena, n, sizeof(*ret->verdicts));
	ret->ok = !ret->false_alarms;
	for (size_t i = 0; i < s->ninjections; i++)
		for (size_t k = 0; k < s->injections[i].nnotices; k++) {
			struct drill_verdict *v = &ret->verdicts[ret->nverdicts++];

			*v = (struct drill_verdict){.id = s->injections[i].id,
			                            .notice = &s->injections[i].notices[k]};
			judge_notice(ret, v);
			ret->ok = ret->ok && v->ok;
		}
	return RC_OK;
}
