/* SPDX-License-Identifier: Apache-2.0 */
/* rules_json.c -- the declared rules as the document that gongyuan-audit reads (formats.md §4). */
#include "engine/modules_private.h"

static const char *const KIND_TEXT[] = {"fact", "order", "guarded"};

static struct json *roles_json(struct arena *a, const struct modules *m, const char *const *roles)
{
	struct json *list = json_new_array(a);
	const char *const *r, *const *form;

	for (r = roles; *r; r++)
		for (form = modules_role_forms(m, str_of(*r)); *form; form++)
			json_set_str(a, list, NULL, str_of(*form));
	return list;
}

static struct json *slots_json(struct arena *a, const struct modules *m, const struct command *c)
{
	struct json *list = json_new_array(a);
	size_t i;

	for (i = 0; i < c->nslots; i++) {
		const struct slot *s = &c->slots[i];
		struct json *o = json_put(list, NULL, json_new_object(a));

		json_set_int(a, o, "count", s->count);
		if (s->disjoint)
			json_set_str(a, o, "disjoint", str_of(s->disjoint));
		json_set_str(a, o, "name", str_of(s->name));
		json_set_bool(a, o, "optional", s->optional);
		if (s->roles)
			json_put(o, "roles", roles_json(a, m, s->roles));
		else
			json_set_null(a, o, "roles");
	}
	return list;
}

static struct json *allow_json(struct arena *a, const struct modules *m, const struct command *c)
{
	struct json *list = json_new_array(a);
	const char *const *form;
	size_t i;

	for (i = 0; i < c->nallow; i++)
		for (form = modules_role_forms(m, str_of(c->allow[i].role)); *form; form++) {
			struct json *o = json_put(list, NULL, json_new_object(a));
			json_set_int(a, o, "level", (int64_t)c->allow[i].level);
			json_set_str(a, o, "role", str_of(*form));
		}
	return list;
}

static struct json *postings_json(struct arena *a, const struct event_type *t)
{
	struct json *list = json_new_array(a);
	size_t i;

	for (i = 0; i < t->npostings; i++) {
		const struct posting *p = &t->postings[i];
		struct json *o = json_put(list, NULL, json_new_object(a));

		json_set_str(a, o, "asset", str_of(p->asset));
		json_set_str(a, o, "from", str_of(p->from));
		json_set_str(a, o, "list", str_of(p->list ? p->list : ""));
		json_set_str(a, o, "qty", str_of(p->qty));
		json_set_str(a, o, "to", str_of(p->to));
	}
	return list;
}

struct str modules_rules_json(struct arena *a, const struct modules *m)
{
	struct json *all = json_new_object(a);
	struct json *commands = json_put(all, "commands", json_new_object(a));
	struct json *events = json_put(all, "events", json_new_object(a));
	size_t i, j;

	for (i = 0; i < m->index->nall; i++) {
		const struct module *mod = m->index->all[i];

		for (j = 0; j < mod->ncommands; j++) {
			const struct command *c = &mod->commands[j];
			struct json *o = json_put(commands, c->name, json_new_object(a));
			json_put(o, "allow", allow_json(a, m, c));
			json_set_str(a, o, "kind", str_of(KIND_TEXT[c->kind]));
			json_put(o, "slots", slots_json(a, m, c));
		}
		for (j = 0; j < mod->nevents; j++) {
			const struct event_type *t = &mod->events[j];
			struct json *o;

			if (modules_event(m, str_of(t->name)) != t)
				continue; /* an older version */
			o = json_put(events, t->name, json_new_object(a));
			json_put(o, "postings", postings_json(a, t));
			json_set_int(a, o, "v", t->version);
		}
	}
	json_set_int(a, all, "v", 1);
	return json_canonical(a, all);
}
