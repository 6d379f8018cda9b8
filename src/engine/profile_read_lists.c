/* SPDX-License-Identifier: Apache-2.0 */
/* profile_read_lists.c -- the optional lists of a profile; see profile_lists.h.
 *
 * Names of roles, modules and alarm rules are only checked for their form here: which there are
 * the modules know (profile_fits).
 */
#include "engine/profile_reader.h"

#include "engine/module.h"

static enum rc twice(const struct spot *s, const char *name)
{
	return field_refuse(&s->at, name, "与前面的一项重复", "is listed before");
}

static enum rc read_rule_set(const struct spot *top, struct profile *p)
{
	static const char *const MEMBERS[] = {"id", SPOT_WHY};
	struct profile_rule_set *r = &p->lists.rule_set;
	const struct json *o = json_get(top->o, "rule_set");
	struct spot s;

	if (!o)
		return RC_OK;
	TRY(spot_item(top, "rule_set", FIELD_NO_ITEM, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_note(&s, spot_key(&s, "id", &r->id)));
	return spot_why(&s, true, &r->why);
}

static enum rc read_office(const struct spot *top, const struct json *o, size_t i,
                           struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "zh", "en"};
	struct profile_office *office = &p->lists.offices[p->lists.noffices];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "offices", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_office(p, id))
		return twice(&s, "id");
	*office = (struct profile_office){.id = id};
	p->lists.noffices++;
	return spot_names(&s, true, &office->zh, &office->en);
}

static enum rc read_language(const struct spot *top, const struct json *o, size_t i,
                             struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "listening", SPOT_WHY};
	struct profile_language *l = &p->lists.languages[p->lists.nlanguages];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "languages", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_language(p, id))
		return twice(&s, "id");
	*l = (struct profile_language){.id = id};
	p->lists.nlanguages++;
	TRY(spot_note(&s, spot_bool_maybe(&s, "listening", &l->listening)));
	return spot_why(&s, true, &l->why);
}

/* A list of identifiers; absent is empty. */
static enum rc read_names(const struct spot *s, const char *name, struct profile_names *ret)
{
	enum { MAX_NAMES = 16 };
	const struct json *list;

	TRY(spot_list_maybe(s, name, MAX_NAMES, &list));
	if (!list || !list->count)
		return RC_OK;
	ret->list = arena_array(s->keep, list->count, sizeof(*ret->list));
	for (const struct json *j = list->first; j; j = j->next) {
		if (j->type != JSON_STR || !field_key_valid(j->s))
			return field_refuse(&s->at, name, "应为小写标识的列表",
			                    "must be a list of lower-case identifiers");
		ret->list[ret->n++] = str_copy(s->keep, j->s);
	}
	return RC_OK;
}

static enum rc read_combination(const struct spot *top, const struct json *o, size_t i,
                                struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "subjects", SPOT_WHY};
	struct profile_combination *c = &p->lists.combinations[p->lists.ncombinations];
	struct spot s;
	struct str id;

	TRY(spot_item(top, "combinations", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_combination(p, id))
		return twice(&s, "id");
	*c = (struct profile_combination){.id = id};
	p->lists.ncombinations++;
	TRY(spot_note(&s, read_names(&s, "subjects", &c->subjects)));
	for (size_t k = 0; k < c->subjects.n; k++)
		if (!profile_has_subject(p, c->subjects.list[k]))
			TRY(spot_note(&s, field_refuse(&s.at, "subjects", "应为 subjects 中的科目",
			                               "must name subjects of the profile")));
	return spot_why(&s, true, &c->why);
}

static enum rc read_item(const struct spot *top, const struct json *o, size_t i, struct profile *p)
{
#define X(id, text) text,
	static const char *const CLASSES[] = {ITEM_CLASSES(X)};
#undef X
	static const char *const MEMBERS[] = {"id", "class", SPOT_WHY};
	struct profile_item *item = &p->lists.items[p->lists.nitems];
	size_t class = ITEM_PROHIBITED;
	struct spot s;
	struct str id;

	TRY(spot_item(top, "items", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_item(p, id))
		return twice(&s, "id");
	*item = (struct profile_item){.id = id};
	p->lists.nitems++;
	TRY(spot_note(&s, spot_choice(&s, "class", CLASSES, COUNT(CLASSES), &class)));
	item->class = (int)class;
	return spot_why(&s, true, &item->why);
}

static enum rc read_decision(const struct spot *top, const struct json *o, size_t i,
                             struct profile *p)
{
	static const char *const MEMBERS[] = {"id", "deciders", "consulted", "informed", "form",
	                                      "phone", SPOT_WHY};
	struct profile_decision *d = &p->lists.decisions[p->lists.ndecisions];
	size_t before;
	struct spot s;
	struct str id;

	TRY(spot_item(top, "decisions", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "id", &id));
	if (profile_decision(p, id))
		return twice(&s, "id");
	*d = (struct profile_decision){.id = id};
	p->lists.ndecisions++;
	before = s.faults->total;
	TRY(spot_note(&s, read_names(&s, "deciders", &d->deciders)));
	if (!d->deciders.n && s.faults->total == before)
		TRY(spot_note(&s, field_refuse(&s.at, "deciders", "必填，至少一个",
		                               "is required, at least one")));
	TRY(spot_note(&s, read_names(&s, "consulted", &d->consulted)));
	TRY(spot_note(&s, read_names(&s, "informed", &d->informed)));
	TRY(spot_note(&s, spot_prose(&s, "form", false, &d->form)));
	TRY(spot_note(&s, spot_bool_maybe(&s, "phone", &d->phone)));
	return spot_why(&s, true, &d->why);
}

static enum rc read_alarm(const struct spot *top, const struct json *o, size_t i,
                          struct profile *p)
{
	static const char *const MEMBERS[] = {"rule", "colour", SPOT_WHY};
	struct profile_colour *a = &p->lists.colours[p->lists.ncolours];
	size_t colour = COLOUR_BLUE;
	struct spot s;
	struct str rule;

	TRY(spot_item(top, "alarms", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "rule", &rule));
	if (profile_colour(p, rule.s, -1) >= 0)
		return twice(&s, "rule");
	*a = (struct profile_colour){.rule = rule};
	p->lists.ncolours++;
	TRY(spot_note(&s, spot_choice(&s, "colour", profile_colours, COLOUR_MAX, &colour)));
	a->colour = (int)colour;
	return spot_why(&s, false, &a->why);
}

static enum rc read_off(const struct spot *top, const struct json *o, size_t i, struct profile *p)
{
	static const char *const MEMBERS[] = {"module", SPOT_WHY};
	struct profile_off *off = &p->lists.off[p->lists.noff];
	struct spot s;
	struct str module;

	TRY(spot_item(top, "off", i, o, MEMBERS, COUNT(MEMBERS), &s));
	TRY(spot_key(&s, "module", &module));
	if (profile_off(p, module.s))
		return twice(&s, "module");
	*off = (struct profile_off){.module = module};
	p->lists.noff++;
	return spot_why(&s, false, &off->why);
}

/* *ret: as many rows of `size` bytes as the list has; the list itself is NULL when absent. */
static enum rc rows_for(const struct spot *top, const char *name, size_t size, void *ret_rows,
                        const struct json **ret)
{
	void *rows;

	TRY(spot_list_maybe(top, name, PROFILE_MAX_RULES, ret));
	if (!*ret || !(*ret)->count) {
		*ret = NULL;
		return RC_OK;
	}
	rows = arena_array(top->keep, (*ret)->count, size);
	memcpy(ret_rows, &rows, sizeof(rows));
	return RC_OK;
}

enum rc profile_read_lists(const struct spot *top, struct profile *p)
{
	struct profile_lists *l = &p->lists;
	const struct {
		const char *name;
		size_t size;
		void *rows;
		spot_reader *read;
	} LISTS[] = {
		{"offices", sizeof(*l->offices), &l->offices, read_office},
		{"languages", sizeof(*l->languages), &l->languages, read_language},
		{"combinations", sizeof(*l->combinations), &l->combinations, read_combination},
		{"items", sizeof(*l->items), &l->items, read_item},
		{"decisions", sizeof(*l->decisions), &l->decisions, read_decision},
		{"alarms", sizeof(*l->colours), &l->colours, read_alarm},
		{"off", sizeof(*l->off), &l->off, read_off},
	};

	TRY(spot_note(top, read_rule_set(top, p)));
	for (size_t i = 0; i < COUNT(LISTS); i++) {
		const struct json *list = NULL;

		TRY(spot_note(top, rows_for(top, LISTS[i].name, LISTS[i].size, LISTS[i].rows, &list)));
		if (list)
			TRY(spot_each(top, list, LISTS[i].read, p));
	}
	return RC_OK;
}
