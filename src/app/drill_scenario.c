/* SPDX-License-Identifier: Apache-2.0 */
/* drill_scenario.c -- reads a scenario file; all that is wrong with it at once, by path.
 *
 * docs/scenarios.md is the schema.  Times are kept as they stand and read when the drill's sessions
 * are known (drill_time.c).
 */
#include "app/drill_scenario.h"

#include "app/drill_time.h"
#include "base/limits.h"

enum { FAULTS_MAX = 100, EDITS_MAX = 200 };

struct reading {
	struct op *op;
	struct arena *keep;
	struct scenario *s;
};

/* Notes a fault and goes on. */
static void fault(struct reading *r, struct str path, const char *zh, const char *en)
{
	struct scenario *s = r->s;

	if (s->nfaults < FAULTS_MAX)
		s->faults[s->nfaults++] = (struct drill_fault){path, str_of(zh), str_of(en)};
}

static struct str under(struct reading *r, struct str path, const char *name)
{
	return path.n ? str_fmt(r->keep, STR_FMT "/%s", STR_ARG(path), name)
	              : str_copy(r->keep, str_of(name));
}

static struct str item_of(struct reading *r, struct str path, const char *name, size_t i)
{
	return str_fmt(r->keep, STR_FMT "%s%s/%zu", STR_ARG(path), path.n ? "/" : "", name, i);
}

/* Only these members; a wrong name is most often a slip of the pen. */
static void members(struct reading *r, struct str path, const struct json *o,
                    const char *const *names)
{
	for (const struct json *m = o ? o->first : NULL; m; m = m->next) {
		size_t i = 0;

		while (names[i] && !str_is(m->key, names[i]))
			i++;
		if (!names[i])
			fault(r, under(r, path, str_copy(r->keep, m->key).s), "没有这个成员",
			      "there is no such member");
	}
}

static struct str text(struct reading *r, struct str path, const struct json *o, const char *name,
                       bool required)
{
	const struct json *v = json_get(o, name);

	if (v && v->type == JSON_STR)
		return str_copy(r->keep, v->s);
	if (v || required)
		fault(r, under(r, path, name), v ? "应为文本" : "缺少",
		      v ? "a text is expected" : "is missing");
	return STR("");
}

static int64_t number(struct reading *r, struct str path, const struct json *o, const char *name,
                      int64_t fallback, int64_t min, int64_t max)
{
	const struct json *v = json_get(o, name);

	if (!v)
		return fallback;
	if (v->type == JSON_INT && v->i >= min && v->i <= max)
		return v->i;
	fault(r, under(r, path, name),
	      str_fmt(r->keep, "应为 %lld 至 %lld 的整数", (long long)min, (long long)max).s,
	      str_fmt(r->keep, "a whole number from %lld to %lld is expected", (long long)min,
	              (long long)max).s);
	return fallback;
}

static const struct json *object(struct reading *r, struct str path, const struct json *o,
                                 const char *name, bool required)
{
	const struct json *v = json_get(o, name);

	if (v && v->type == JSON_OBJECT)
		return v;
	if (v || required)
		fault(r, under(r, path, name), v ? "应为对象" : "缺少",
		      v ? "an object is expected" : "is missing");
	return NULL;
}

static const struct json *list(struct reading *r, struct str path, const struct json *o,
                               const char *name)
{
	const struct json *v = json_get(o, name);

	if (!v || (v->type == JSON_ARRAY && v->count <= EDITS_MAX))
		return v;
	fault(r, under(r, path, name), "应为列表（最多 200 项）", "a list of at most 200 is expected");
	return NULL;
}

/* A time is read later; its form is checked now. */
static struct drill_when when(struct reading *r, struct str path, const struct json *o,
                              const char *name, bool required)
{
	struct drill_when t = {.text = text(r, path, o, name, required)};

	if (t.text.n && !drill_time_form(r->keep, t.text))
		fault(r, under(r, path, name),
		      "时间应写作“D+0 08:50”“D-1 22:30:15”或“d1-chinese T-600”（秒）",
		      "a time is written D+0 08:50, D-1 22:30:15, or d1-chinese T-600 (seconds)");
	return t;
}

/* ---- selectors and edits ---- */

static void selector(struct reading *r, struct str path, const struct json *o,
                     struct drill_selector *ret)
{
	static const char *const NAMES[] = {"what", "place", "under", "session", "as", "where", "at",
	                                    "from", "to", "nth", NULL};

	*ret = (struct drill_selector){.path = path};
	members(r, path, o, NAMES);
	ret->under = text(r, path, o, "under", false);
	ret->what = text(r, path, o, "what", !ret->under.n);
	ret->place = text(r, path, o, "place", false);
	ret->session = text(r, path, o, "session", false);
	ret->as = text(r, path, o, "as", false);
	ret->where = object(r, path, o, "where", false);
	ret->at = when(r, path, o, "at", false);
	ret->from = when(r, path, o, "from", false);
	ret->to = when(r, path, o, "to", false);
	ret->nth = number(r, path, o, "nth", 0, 1, 1000000);
}

static void read_add(struct reading *r, const struct json *o, struct drill_edit *e)
{
	static const char *const NAMES[] = {"command", "as", "at", "happened", "place", "data", "slots",
	                                    "source", NULL};

	members(r, e->path, o, NAMES);
	e->command = text(r, e->path, o, "command", true);
	e->as = text(r, e->path, o, "as", true);
	e->slots = text(r, e->path, o, "slots", false);
	e->source = text(r, e->path, o, "source", false);
	e->place = text(r, e->path, o, "place", false);
	e->at = when(r, e->path, o, "at", true);
	e->happened = when(r, e->path, o, "happened", false);
	e->data = object(r, e->path, o, "data", true);
}

static void read_change(struct reading *r, struct str path, const struct json *o,
                        struct drill_edit *e)
{
	static const char *const NAMES[] = {"change", "set", "plus", "drop", "as", "slots", "source",
	                                    NULL};

	members(r, path, o, NAMES);
	e->set = object(r, path, o, "set", false);
	e->plus = object(r, path, o, "plus", false);
	e->drop = text(r, path, o, "drop", false);
	e->as = text(r, path, o, "as", false);
	e->slots = text(r, path, o, "slots", false);
	e->source = text(r, path, o, "source", false);
	if (!e->set && !e->plus && !e->drop.n && !e->as.n && !e->slots.n && !e->source.n)
		fault(r, path, "没有说明改什么（set、plus、drop、as、slots、source）",
		      "does not say what is changed (set, plus, drop, as, slots, source)");
}

/* What stands beside the selector. */
static void read_rest(struct reading *r, struct str path, const struct json *o,
                      const struct json *of, struct drill_edit *e)
{
	static const char *const OMIT[] = {"omit", NULL}, *const ADD[] = {"add", NULL};
	static const char *const TELL[] = {"tell", "at", NULL};
	static const char *const BY[] = {"shift", "repeat", "skew", "by_s", NULL};

	switch (e->kind) {
	case EDIT_OMIT:
		members(r, path, o, OMIT);
		break;
	case EDIT_CHANGE:
		read_change(r, path, o, e);
		break;
	case EDIT_SHIFT:
	case EDIT_REPEAT:
	case EDIT_SKEW:
		members(r, path, o, BY);
		e->by_s = number(r, path, o, "by_s", 0, -864000, 864000);
		if (!e->by_s)
			fault(r, under(r, path, "by_s"), "缺少", "is missing");
		break;
	case EDIT_TELL:
		members(r, path, o, TELL);
		e->at = when(r, path, o, "at", true);
		break;
	case EDIT_ADD:
		members(r, path, o, ADD);
		read_add(r, of, e);
		break;
	}
}

static void read_edit(struct reading *r, struct str path, const struct json *o,
                      struct drill_edit *e)
{
	static const char *const KIND[] = {"omit", "change", "shift", "repeat", "skew", "tell", "add"};
	const struct json *of = NULL;
	size_t k = 0;

	while (k < COUNT(KIND) && !(of = json_get(o, KIND[k])))
		k++;
	*e = (struct drill_edit){.kind = (enum edit_kind)k, .path = path};
	if (!of || of->type != JSON_OBJECT) {
		fault(r, path, "应为 omit、change、shift、repeat、skew、tell、add 之一",
		      "one of omit, change, shift, repeat, skew, tell, add is expected");
		e->kind = EDIT_OMIT;
		return;
	}
	e->path = under(r, path, KIND[k]);
	if (e->kind != EDIT_ADD)
		selector(r, e->path, of, &e->of);
	read_rest(r, path, o, of, e);
}

static void read_edits(struct reading *r, struct str path, const struct json *l, const char *name,
                       struct drill_edit **ret, size_t *ret_n)
{
	size_t i = 0;

	*ret = arena_array(r->keep, l->count, sizeof(**ret));
	for (const struct json *v = l->first; v; v = v->next, i++)
		read_edit(r, item_of(r, path, name, i), v, &(*ret)[(*ret_n)++]);
}

/* ---- injections ---- */

static void notices(struct reading *r, struct str path, const struct json *o, const char *name,
                    bool timed, struct drill_notice **ret, size_t *ret_n)
{
	static const char *const TIMED[] = {"rule", "place", "by", "from", NULL};
	static const char *const LOOSE[] = {"rule", "place", NULL};
	const struct json *l = json_get(o, name), *v = NULL;
	bool many = l && l->type == JSON_ARRAY;

	*ret = arena_array(r->keep, l ? l->count + 1 : 1, sizeof(**ret));
	*ret_n = 0;
	if (l && !many && l->type != JSON_OBJECT)
		fault(r, under(r, path, name), "应为对象或列表", "an object or a list is expected");
	else if (l)
		v = many ? l->first : l;
	for (size_t i = 0; v; v = many ? v->next : NULL, i++) {
		struct drill_notice *n = &(*ret)[(*ret_n)++];
		struct str at = many ? item_of(r, path, name, i) : under(r, path, name);

		members(r, at, v, timed ? TIMED : LOOSE);
		n->rule = text(r, at, v, "rule", true);
		n->place = text(r, at, v, "place", false);
		if (!timed)
			continue;
		n->by = when(r, at, v, "by", true);
		n->from = when(r, at, v, "from", false);
	}
}

static void read_injection(struct reading *r, struct str path, const struct json *o,
                           struct drill_injection *x)
{
	static const char *const NAMES[] = {"id", "case", "quote", "do", "notice", "also", NULL};
	const struct json *todo = json_get(o, "do");

	members(r, path, o, NAMES);
	x->id = text(r, path, o, "id", true);
	x->cause = text(r, path, o, "case", false);
	x->quote = text(r, path, o, "quote", false);
	notices(r, path, o, "notice", true, &x->notices, &x->nnotices);
	notices(r, path, o, "also", false, &x->also, &x->nalso);
	if (!x->nnotices)
		fault(r, under(r, path, "notice"), "没有说明必须发现什么", "does not say what must be noticed");
	if (!todo || (todo->type != JSON_OBJECT && todo->type != JSON_ARRAY) || !todo->count) {
		fault(r, under(r, path, "do"), "没有说明发生什么", "does not say what happens");
		return;
	}
	if (todo->type == JSON_ARRAY) {
		read_edits(r, path, todo, "do", &x->edits, &x->nedits);
		return;
	}
	x->edits = ARENA_NEW(r->keep, struct drill_edit);
	read_edit(r, under(r, path, "do"), todo, &x->edits[x->nedits++]);
}

static void read_injections(struct reading *r, const struct json *o)
{
	const struct json *l = list(r, STR(""), o, "inject"), *v;
	size_t i = 0;

	if (!l)
		return;
	r->s->injections = arena_array(r->keep, l->count, sizeof(*r->s->injections));
	for (v = l->first; v; v = v->next, i++) {
		struct drill_injection *x = &r->s->injections[r->s->ninjections++];

		read_injection(r, item_of(r, STR(""), "inject", i), v, x);
		for (size_t k = 0; k < i; k++)
			if (str_eq(r->s->injections[k].id, x->id))
				fault(r, item_of(r, STR(""), "inject", i), "编号重复", "the id stands twice");
	}
}

/* ---- the file ---- */

static void read_city(struct reading *r, const struct json *top, const char *name)
{
	static const char *const NAMES[] = {"counties", "sites", "rooms", "seats", "days", "gates",
	                                    NULL};
	struct str path = str_of(name);
	const struct json *o = object(r, STR(""), top, name, false);
	struct scenario *s = r->s;

	if (!o)
		return;
	members(r, path, o, NAMES);
	s->counties = (int)number(r, path, o, "counties", s->counties, 1, 20);
	s->sites = (int)number(r, path, o, "sites", s->sites, 1, 99);
	s->rooms = (int)number(r, path, o, "rooms", s->rooms, 2, 99);
	s->seats = (int)number(r, path, o, "seats", s->seats, 10, 30);
	s->days = (int)number(r, path, o, "days", s->days, 1, 5);
	s->gates = number(r, path, o, "gates", s->gates, 0, 1) != 0;
}

static void read_top(struct reading *r, const struct json *o, bool small)
{
	static const char *const NAMES[] = {"id", "zh", "en", "profile", "seed", "city", "small",
	                                    "noise", "inject", "allow", NULL};
	struct scenario *s = r->s;
	const struct json *noise = list(r, STR(""), o, "noise");

	members(r, STR(""), o, NAMES);
	s->id = text(r, STR(""), o, "id", true);
	s->zh = text(r, STR(""), o, "zh", true);
	s->en = text(r, STR(""), o, "en", true);
	s->profile = text(r, STR(""), o, "profile", true);
	s->seed = (uint64_t)number(r, STR(""), o, "seed", 1, 0, LIMIT_INT);
	read_city(r, o, "city");
	if (small) {
		s->counties = 1;
		s->sites = 2;
		s->rooms = 3;
		read_city(r, o, "small");
	}
	if (noise)
		read_edits(r, STR(""), noise, "noise", &s->noise, &s->nnoise);
	read_injections(r, o);
	notices(r, STR(""), o, "allow", false, &s->allow, &s->nallow);
}

enum rc scenario_read(struct op *op, struct arena *keep, struct str bytes, bool small,
                      struct scenario *ret)
{
	struct op own = *op;
	struct reading r = {op, keep, ret};
	struct json *o;
	enum rc rc;

	own.arena = keep; /* values of the file are kept */
	*ret = (struct scenario){.counties = 1, .sites = 3, .rooms = 6, .seats = 30, .days = 1};
	ret->faults = arena_array(keep, FAULTS_MAX, sizeof(*ret->faults));
	rc = json_read(&own, bytes, &o);
	if (rc != RC_OK) {
		op->err = own.err;
		return rc;
	}
	if (o->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "", "", "演练方案应为一个 JSON 对象", "a scenario is a JSON object");
	read_top(&r, o, small);
	if (!ret->nfaults)
		return RC_OK;
	return fail(op, RC_INVALID, ret->faults[0].path.s, "", "演练方案有 %zu 处错误；%s：%s%.0s",
	            "the scenario has %zu faults; %s: %.0s%s", ret->nfaults, ret->faults[0].path.s,
	            ret->faults[0].zh.s, ret->faults[0].en.s);
}
