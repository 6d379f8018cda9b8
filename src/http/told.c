/* SPDX-License-Identifier: Apache-2.0 */
/* told.c -- see told.h. */
#include "http/told.h"

#include "domain/people/people.h"
#include "engine/place.h"
#include "engine/words.h"
#include "engine/writer.h"

static void put_said(struct arena *a, struct json *o, struct said s)
{
	json_set_str(a, o, "zh", s.zh);
	json_set_str(a, o, "en", s.en.n ? s.en : s.zh);
}

static struct said word_at(const struct word *w, size_t n, int i)
{
	return i >= 0 && (size_t)i < n ? (struct said){str_of(w[i].zh), str_of(w[i].en)}
	                               : (struct said){0};
}

static void put_person(struct op *op, struct json *o, const char *name, struct person_id who)
{
	struct err before = op->err;
	struct str code = STR("");

	if (who.v > 0 && people_code(op, who, &code) != RC_OK) {
		op->err = before;
		code = str_fmt(op->arena, "#%lld", (long long)who.v);
	}
	json_set_str(op->arena, o, name, code);
}

/* A name that people gave is the same in both languages. */
static struct said words_of_place(struct op *op, struct str path)
{
	struct str name;

	return place_named(op, &op->run->writer->vault, path, &name) ? (struct said){name, name}
	                                                             : (struct said){0};
}

/* What no list is, with its words. */
static void put_value(struct op *op, struct json *o, const struct field *f, const void *at)
{
	struct arena *a = op->arena;
	struct words_value v = words_field(a, op->run->modules, op_profile(op), f, at);

	if (f->type == F_INT || f->type == F_ID)
		json_set_int(a, o, "value", *(const int64_t *)at);
	else if (f->type == F_TEXT)
		json_set_int(a, o, "value", ((const struct text *)at)->vault);
	else if (f->type == F_BOOL)
		json_set_bool(a, o, "value", *(const bool *)at);
	else if (f->type == F_PERSON)
		put_person(op, o, "value", *(const struct person_id *)at);
	else
		json_set_str(a, o, "value", v.code);
	if (!v.words.zh.n && (f->type == F_PLACE || f->type == F_SUBJECT) && place_path_valid(v.code))
		v.words = words_of_place(op, v.code);
	if (v.words.zh.n)
		put_said(a, json_put(o, "words", json_new_object(a)), v.words);
}

static struct json *fields_json(struct op *op, const struct field *f, size_t n, const void *st);

static struct json *items_json(struct op *op, const struct field *f, const struct list *l)
{
	struct json *list = json_new_array(op->arena);

	for (size_t i = 0; i < l->n; i++)
		json_append(list, fields_json(op, f->list_of, f->list_n,
		                              (const char *)l->items + i * f->list_size));
	return list;
}

/* What nobody said is left out. */
static struct json *fields_json(struct op *op, const struct field *f, size_t n, const void *st)
{
	struct arena *a = op->arena;
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < n; i++) {
		const void *at = (const char *)st + f[i].offset;
		struct json *o;

		if (f[i].optional && field_is_absent(&f[i], st))
			continue;
		o = json_new_object(a);
		json_set_str(a, o, "name", str_of(f[i].name));
		json_set_str(a, o, "type", str_of(field_type_text(f[i].type)));
		put_said(a, o, (struct said){str_of(f[i].zh), str_of(f[i].en)});
		if (f[i].type == F_LIST)
			json_put(o, "value", items_json(op, &f[i], at));
		else
			put_value(op, o, &f[i], at);
		if (f[i].personal)
			json_set_bool(a, o, "personal", true);
		json_append(list, o);
	}
	return list;
}

/* The slot's words are the command's; an act that waited for signatures is in an earlier entry,
 * and its slots stand here by their names. */
static struct said slot_words(const struct op *op, const struct event *ev, struct str name)
{
	const struct command *c = modules_command(op->run->modules, ev->command);

	for (size_t i = 0; c && i < c->nslots; i++)
		if (str_is(name, c->slots[i].name))
			return (struct said){str_of(c->slots[i].zh), str_of(c->slots[i].en)};
	return (struct said){name, name};
}

static struct str how_code(int how)
{
#define X(id, text) text,
	static const char *const CODES[] = {SLOT_HOWS(X)};
#undef X

	return str_of(how >= 0 && how < SLOT_HOW_MAX ? CODES[how] : "?");
}

static struct json *slots_json(struct op *op, const struct event *ev)
{
	struct arena *a = op->arena;
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < ev->nslots; i++) {
		const struct signed_slot *s = &ev->slots[i];
		struct said how = word_at(SLOT_HOW_WORDS, SLOT_HOW_MAX, s->how);
		struct json *o = json_new_object(a);

		json_set_str(a, o, "name", s->slot);
		put_said(a, o, slot_words(op, ev, s->slot));
		json_set_str(a, o, "how", how_code(s->how));
		json_set_str(a, o, "how_zh", how.zh);
		json_set_str(a, o, "how_en", how.en);
		put_person(op, o, "person", s->person);
		if (s->note.n)
			json_set_str(a, o, "note", s->note);
		json_append(list, o);
	}
	return list;
}

static void put_head(struct op *op, const struct event *ev, struct json *o)
{
	struct arena *a = op->arena;
	struct said source = word_at(SOURCE_WORDS, SOURCE_MAX, (int)ev->source);
	struct str name = STR("");

	json_set_str(a, o, "happened", clock_format_utc(a, ev->happened_ms));
	json_set_str(a, o, "noted", clock_format_utc(a, ev->noted_ms));
	json_set_str(a, o, "recorded", clock_format_utc(a, ev->recorded_ms));
	json_set_str(a, o, "source", source_text(ev->source));
	json_set_str(a, o, "source_zh", source.zh);
	json_set_str(a, o, "source_en", source.en);
	json_set_str(a, o, "place", ev->place);
	if (ev->place.n)
		(void)place_named(op, &op->run->writer->vault, ev->place, &name);
	json_set_str(a, o, "place_name", name);
	put_person(op, o, "actor", ev->actor);
	if (ev->cause >= 0)
		json_set_int(a, o, "cause", ev->cause);
	if (ev->command.n)
		json_set_str(a, o, "command", ev->command);
}

void told_entry(struct op *op, const struct event *ev, const struct hash *leaf, struct json *o)
{
	struct arena *a = op->arena;
	const struct event_type *t = ev->type;

	json_set_int(a, o, "index", ev->index);
	json_set_str(a, o, "leaf", hash_hex(a, leaf));
	json_set_str(a, o, "type", ev->name);
	json_set_int(a, o, "version", ev->version);
	put_said(a, o, t ? (struct said){str_of(t->zh), str_of(t->en)}
	                 : (struct said){ev->name, ev->name});
	put_head(op, ev, o);
	json_put(o, "slots", slots_json(op, ev));
	json_put(o, "fields", t ? fields_json(op, t->fields, t->nfields, ev->data)
	                        : json_new_array(a));
}
