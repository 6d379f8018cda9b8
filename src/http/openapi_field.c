/* SPDX-License-Identifier: Apache-2.0 */
/* openapi_field.c -- a table of fields, or of columns, as a JSON Schema (2020-12). */
#include "http/openapi_parts.h"

#include "base/limits.h"
#include "engine/field_value.h"

static const char *const REF = "#/components/schemas/";

struct json *schema_ref(struct arena *a, const char *name)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "$ref", str_fmt(a, "%s%s", REF, name));
	return o;
}

static struct json *typed(struct arena *a, const char *type)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "type", str_of(type));
	return o;
}

static struct json *bounded(struct arena *a, const struct field *f)
{
	struct json *o = typed(a, "integer");

	json_set_int(a, o, "maximum", field_max(f));
	json_set_int(a, o, "minimum", field_min(f));
	return o;
}

/* What people read for each value; codes may be NULL: of numbers alone. */
static struct json *words_of(struct arena *a, const char *const *codes, const struct word *words,
                             size_t n)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < n; i++) {
		struct json *o = json_new_object(a);

		if (codes)
			json_set_str(a, o, "code", str_of(codes[i]));
		json_set_str(a, o, "en", str_of(words[i].en));
		json_set_int(a, o, "value", (int64_t)i);
		json_set_str(a, o, "zh", str_of(words[i].zh));
		json_append(list, o);
	}
	return list;
}

static struct json *one_of_names(struct arena *a, const struct field *f)
{
	struct json *o = typed(a, "string"), *list = json_new_array(a);

	for (int64_t i = 0; i < f->max; i++) {
		struct json *v = ARENA_NEW(a, struct json);

		*v = (struct json){.type = JSON_STR, .s = str_of(f->names[i])};
		json_append(list, v);
	}
	json_put(o, "enum", list);
	json_put(o, "x-words", words_of(a, f->names, f->words, (size_t)f->max));
	return o;
}

static struct json *text(struct arena *a, const struct field *f, bool event)
{
	struct json *o;

	if (event)
		return schema_ref(a, "vault_text");
	o = typed(a, "string");
	json_set_int(a, o, "maxLength", field_max(f));
	if (field_min(f) > 0)
		json_set_int(a, o, "minLength", field_min(f));
	if (f->personal)
		json_set_bool(a, o, "x-personal", true);
	return o;
}

static struct json *list_of(struct arena *a, const struct field *f, bool event)
{
	struct json *o = typed(a, "array");

	json_put(o, "items", schema_fields(a, f->list_of, f->list_n, event));
	json_set_int(a, o, "maxItems", field_max(f));
	if (field_min(f) > 0)
		json_set_int(a, o, "minItems", field_min(f));
	return o;
}

static struct json *bytes(struct arena *a, const struct field *f)
{
	struct json *o = typed(a, "string");

	json_set_str(a, o, "pattern", str_fmt(a, "^([0-9a-f]{2}){%lld,%lld}$", (long long)field_min(f),
	                                      (long long)field_max(f)));
	return o;
}

static struct json *value(struct arena *a, const struct field *f, bool event)
{
	switch (f->type) {
	case F_INT: return bounded(a, f);
	case F_ID: return bounded(a, f);
	case F_BOOL: return typed(a, "boolean");
	case F_ENUM: return one_of_names(a, f);
	case F_TIME: return schema_ref(a, event ? "time_utc" : "time");
	case F_CODE: return schema_ref(a, "code");
	case F_KEY: return schema_ref(a, "key");
	case F_PLACE: return schema_ref(a, "place");
	case F_HASH: return schema_ref(a, "hash");
	case F_BYTES: return bytes(a, f);
	case F_PERSON: return schema_ref(a, event ? "index" : "person");
	case F_SUBJECT: return schema_ref(a, "subject");
	case F_TEXT: return text(a, f, event);
	case F_LIST: return list_of(a, f, event);
	}
	return json_new_object(a);
}

static void label(struct arena *a, struct json *o, const char *zh, const char *en)
{
	json_set_str(a, o, "description", str_fmt(a, "%s (%s)", zh, en));
}

static void require(struct arena *a, struct json *list, const char *name)
{
	struct json *v = ARENA_NEW(a, struct json);

	*v = (struct json){.type = JSON_STR, .s = str_of(name)};
	json_append(list, v);
}

struct json *schema_fields(struct arena *a, const struct field *f, size_t n, bool event)
{
	struct json *o = typed(a, "object"), *members = json_new_object(a);
	struct json *required = json_new_array(a);

	for (size_t i = 0; i < n; i++) {
		struct json *v = value(a, &f[i], event);

		label(a, v, f[i].zh, f[i].en);
		if (f[i].ref)
			json_set_str(a, v, "x-refers-to", str_of(f[i].ref));
		json_put(members, f[i].name, v);
		if (!f[i].optional)
			require(a, required, f[i].name);
	}
	json_set_bool(a, o, "additionalProperties", false);
	json_put(o, "properties", members);
	if (required->count)
		json_put(o, "required", required);
	return o;
}

/* What the projection holds: numbers or texts, and nothing where it knows nothing. */
static struct json *cell(struct arena *a, const struct column *c)
{
	struct json *o = json_new_object(a), *types = json_new_array(a);
	bool number = false, string = false;

	switch (c->type) {
	case F_INT:
	case F_ID:
	case F_BOOL:
	case F_TIME:
	case F_PERSON:
		number = true;
		break;
	case F_TEXT:
		number = !c->open;
		string = c->open;
		break;
	case F_ENUM:
		number = true;
		string = c->codes != NULL;
		break;
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_BYTES:
	case F_SUBJECT:
	case F_LIST:
		string = true;
		break;
	}
	if (number)
		require(a, types, "integer");
	if (string)
		require(a, types, "string");
	require(a, types, "null");
	json_put(o, "type", types);
	return o;
}

struct json *schema_row(struct arena *a, const struct view *v)
{
	struct json *o = typed(a, "object"), *members = json_new_object(a);
	struct json *required = json_new_array(a);

	for (size_t i = 0; i < v->ncolumns; i++) {
		const struct column *c = &v->columns[i];
		struct json *x = cell(a, c);

		label(a, x, c->zh, c->en);
		json_set_str(a, x, "x-type", str_of(field_type_text(c->type)));
		if (c->ref)
			json_set_str(a, x, "x-refers-to", str_of(c->ref));
		if (c->nwords)
			json_put(x, "x-words", words_of(a, c->codes, c->words, c->nwords));
		json_put(members, c->name, x);
		require(a, required, c->name);
	}
	json_set_bool(a, o, "additionalProperties", false);
	json_put(o, "properties", members);
	json_put(o, "required", required);
	return o;
}
