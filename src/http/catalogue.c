/* SPDX-License-Identifier: Apache-2.0 */
/* catalogue.c -- see catalogue.h.  What is absent is not written: no null, no false, no "". */
#include "http/catalogue.h"

#include "engine/alarm.h"
#include "engine/field_value.h"
#include "engine/modules_private.h"

struct place_of_row {
	struct arena *a;
	struct json *list;
	const struct modules *all;
};

/* The next row of a list, with its words. */
static struct json *row(const struct place_of_row *to, const char *zh, const char *en)
{
	struct json *o = json_new_object(to->a);

	json_set_str(to->a, o, "zh", str_of(zh));
	json_set_str(to->a, o, "en", str_of(en));
	json_append(to->list, o);
	return o;
}

static void put_text(struct arena *a, struct json *o, const char *name, const char *text)
{
	if (text && *text)
		json_set_str(a, o, name, str_of(text));
}

static void put_flag(struct arena *a, struct json *o, const char *name, bool on)
{
	if (on)
		json_set_bool(a, o, name, true);
}

static struct json *words_of(struct arena *a, const char *const *codes, const struct word *words,
                             size_t n)
{
	struct place_of_row to = {a, json_new_array(a), NULL};

	for (size_t i = 0; i < n; i++) {
		struct json *o = row(&to, words ? words[i].zh : codes[i], words ? words[i].en : codes[i]);

		if (codes)
			json_set_str(a, o, "code", str_of(codes[i]));
	}
	return to.list;
}

static bool counted(const struct field *f)
{
	return f->type == F_INT || f->type == F_ID || f->type == F_TEXT || f->type == F_LIST ||
	       f->type == F_BYTES;
}

static struct json *fields_of(struct arena *a, const struct field *f, size_t n)
{
	struct place_of_row to = {a, json_new_array(a), NULL};

	for (size_t i = 0; i < n; i++) {
		struct json *o = row(&to, f[i].zh, f[i].en);

		json_set_str(a, o, "name", str_of(f[i].name));
		json_set_str(a, o, "type", str_of(field_type_text(f[i].type)));
		put_flag(a, o, "optional", f[i].optional);
		put_flag(a, o, "personal", f[i].personal);
		put_text(a, o, "ref", f[i].ref);
		if (counted(&f[i])) {
			json_set_int(a, o, "max", field_max(&f[i]));
			json_set_int(a, o, "min", field_min(&f[i]));
		}
		if (f[i].type == F_ENUM)
			json_put(o, "words", words_of(a, f[i].names, f[i].words, (size_t)f[i].max));
		if (f[i].type == F_LIST)
			json_put(o, "fields", fields_of(a, f[i].list_of, f[i].list_n));
	}
	return to.list;
}

/* Who may sign, with the roles that include one of them; nothing: any registered person. */
static void put_roles(const struct place_of_row *to, struct json *o, const struct slot *s)
{
	struct json *list;

	if (!s->roles)
		return;
	list = json_put(o, "roles", json_new_array(to->a));
	for (const char *const *r = s->roles; *r; r++)
		for (const char *const *f = modules_role_forms(to->all, str_of(*r)); *f; f++)
			json_set_str(to->a, list, NULL, str_of(*f));
}

static struct json *slots_of(const struct place_of_row *from, const struct command *c)
{
	struct place_of_row to = {from->a, json_new_array(from->a), from->all};

	for (size_t i = 0; i < c->nslots; i++) {
		struct json *o = row(&to, c->slots[i].zh, c->slots[i].en);

		json_set_str(to.a, o, "name", str_of(c->slots[i].name));
		json_set_int(to.a, o, "count", c->slots[i].count);
		put_flag(to.a, o, "optional", c->slots[i].optional);
		put_text(to.a, o, "disjoint", c->slots[i].disjoint);
		put_roles(&to, o, &c->slots[i]);
	}
	return to.list;
}

static const char *kind_text(enum command_kind k)
{
	switch (k) {
	case FACT: return "fact";
	case ORDER: return "order";
	case GUARDED: return "guarded";
	}
	return "";
}

static void add_commands(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->ncommands; i++) {
		const struct command *c = &m->commands[i];
		struct json *o = row(to, c->zh, c->en);

		json_set_str(to->a, o, "name", str_of(c->name));
		json_set_str(to->a, o, "kind", str_of(kind_text(c->kind)));
		put_text(to->a, o, "cites", c->cites);
		json_put(o, "fields", fields_of(to->a, c->fields, c->nfields));
		json_put(o, "slots", slots_of(to, c));
	}
}

static struct json *columns_of(struct arena *a, const struct view *v)
{
	struct place_of_row to = {a, json_new_array(a), NULL};

	for (size_t i = 0; i < v->ncolumns; i++) {
		const struct column *c = &v->columns[i];
		struct json *o = row(&to, c->zh, c->en);

		json_set_str(a, o, "name", str_of(c->name));
		json_set_str(a, o, "type", str_of(field_type_text(c->type)));
		put_text(a, o, "ref", c->ref);
		if (c->nwords)
			json_put(o, "words", words_of(a, c->codes, c->words, c->nwords));
	}
	return to.list;
}

static void add_views(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->nviews; i++) {
		struct json *o = row(to, m->views[i].zh, m->views[i].en);

		json_set_str(to->a, o, "path", str_of(m->views[i].path));
		put_flag(to->a, o, "one", m->views[i].one != NULL);
		json_put(o, "columns", columns_of(to->a, &m->views[i]));
	}
}

/* The newest version's words serve for all. */
static void add_events(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->nevents; i++) {
		bool newest = true;

		for (size_t k = 0; k < m->nevents; k++)
			newest = newest && (strcmp(m->events[i].name, m->events[k].name) != 0 ||
			                    m->events[k].version <= m->events[i].version);
		if (newest)
			json_set_str(to->a, row(to, m->events[i].zh, m->events[i].en), "type",
			             str_of(m->events[i].name));
	}
}

static void add_alarms(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->nalarms; i++) {
		const struct alarm_rule *r = &m->alarms[i];
		struct json *o = row(to, r->zh, r->en);

		json_set_str(to->a, o, "id", str_of(r->id));
		json_set_str(to->a, o, "colour", str_of(colour_text((int)r->colour)));
		put_text(to->a, o, "cites", r->cites);
		put_text(to->a, o, "next_zh", r->next_zh);
		put_text(to->a, o, "next_en", r->next_en);
		put_text(to->a, o, "owner", r->owner);
	}
}

static void add_expectations(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->nexpectations; i++) {
		const struct expectation_rule *r = &m->expectations[i];
		struct json *o = row(to, r->zh, r->en);

		json_set_str(to->a, o, "id", str_of(r->id));
		put_text(to->a, o, "cites", r->cites);
		put_text(to->a, o, "owner", r->owner);
	}
}

static void add_roles(const struct place_of_row *to, const struct module *m)
{
	for (size_t i = 0; i < m->nroles; i++)
		json_set_str(to->a, row(to, m->roles[i].zh, m->roles[i].en), "id", str_of(m->roles[i].id));
}

struct json *catalogue_document(struct arena *a, const struct modules *m)
{
	static const struct {
		const char *name;
		void (*add)(const struct place_of_row *to, const struct module *m);
	} PARTS[] = {{"alarms", add_alarms}, {"commands", add_commands}, {"events", add_events},
	             {"expectations", add_expectations}, {"roles", add_roles}, {"views", add_views}};
	struct json *o = json_new_object(a);

	for (size_t p = 0; p < COUNT(PARTS); p++) {
		struct place_of_row to = {a, json_new_array(a), m};

		for (size_t i = 0; i < m->index->nall; i++)
			PARTS[p].add(&to, m->index->all[i]);
		json_put(o, PARTS[p].name, to.list);
	}
	return o;
}
