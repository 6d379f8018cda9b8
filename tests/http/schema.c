/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c -- see schema.h.  A keyword that is not known here is a fault of the schema. */
#include "kit/check.h"

#include <regex.h>

#include "http/schema.h"

struct fitting {
	const struct json *root;
	struct strbuf *why;
	char at[512]; /* where in the value */
};

static bool fits(struct fitting *f, const struct json *schema, const struct json *v);

static bool no(struct fitting *f, const char *what, struct str detail)
{
	if (!f->why->n)
		strbuf_addf(f->why, "%s: %s " STR_FMT, f->at[0] ? f->at : "/", what, STR_ARG(detail));
	return false;
}

const struct json *schema_pointer(const struct json *root, struct str ref)
{
	const struct json *at = root;
	struct str rest = ref, head;

	if (!str_starts(ref, STR("#/")))
		return NULL;
	rest = (struct str){ref.s + 2, ref.n - 2};
	while (at && rest.n) {
		const struct json *m;

		if (!str_cut(rest, '/', &head, &rest)) {
			head = rest;
			rest = (struct str){"", 0};
		}
		for (m = at->first; m && !str_eq(m->key, head); m = m->next)
			;
		at = m;
	}
	return at;
}

static bool is_type(struct str name, const struct json *v)
{
	static const char *const NAMES[] = {[JSON_NULL] = "null", [JSON_BOOL] = "boolean",
		[JSON_INT] = "integer", [JSON_STR] = "string", [JSON_ARRAY] = "array",
		[JSON_OBJECT] = "object"};

	return str_is(name, NAMES[v->type]);
}

static bool one_of_types(const struct json *types, const struct json *v)
{
	if (types->type == JSON_STR)
		return is_type(types->s, v);
	for (const struct json *t = types->first; t; t = t->next)
		if (is_type(t->s, v))
			return true;
	return false;
}

static bool same(struct fitting *f, const struct json *a, const struct json *b)
{
	struct arena *m = f->why->arena;

	return str_eq(json_canonical(m, a), json_canonical(m, b));
}

static bool in_enum(struct fitting *f, const struct json *list, const struct json *v)
{
	for (const struct json *x = list->first; x; x = x->next)
		if (same(f, x, v))
			return true;
	return false;
}

static bool matches(struct str pattern, struct str s)
{
	regex_t r;
	bool yes;

	assert_int_equal(regcomp(&r, pattern.s, REG_EXTENDED | REG_NOSUB), 0);
	yes = regexec(&r, s.s, 0, NULL, 0) == 0;
	regfree(&r);
	return yes;
}

/* Goes one step down; the place is put back by the caller. */
static size_t step(struct fitting *f, struct str key)
{
	size_t n = strlen(f->at);

	(void)snprintf(f->at + n, sizeof(f->at) - n, "/" STR_FMT, STR_ARG(key));
	return n;
}

static bool fits_members(struct fitting *f, const struct json *schema, const struct json *v)
{
	const struct json *members = json_get(schema, "properties");
	bool closed = !json_bool(schema, "additionalProperties", true), good = true;

	for (const struct json *m = v->first; m && good; m = m->next) {
		const struct json *s = members ? json_get(members, m->key.s) : NULL;
		size_t n = step(f, m->key);

		if (s)
			good = fits(f, s, m);
		else if (closed)
			good = no(f, "is not promised", (struct str){"", 0});
		if (good)
			f->at[n] = '\0';
	}
	return good;
}

static bool has_all(struct fitting *f, const struct json *list, const struct json *v)
{
	for (const struct json *name = list->first; name; name = name->next)
		if (!json_get(v, name->s.s))
			return no(f, "lacks", name->s);
	return true;
}

static bool fits_items(struct fitting *f, const struct json *items, const struct json *v)
{
	char number[24];
	size_t i = 0;

	for (const struct json *m = v->first; m; m = m->next, i++) {
		size_t n;

		(void)snprintf(number, sizeof(number), "%zu", i);
		n = step(f, str_of(number));
		if (!fits(f, items, m))
			return false;
		f->at[n] = '\0';
	}
	return true;
}

/* How many of the list fit; what they say is not kept. */
static size_t fitting_count(struct fitting *f, const struct json *list, const struct json *v)
{
	struct strbuf silent;
	struct fitting mine = *f;
	size_t n = 0;

	for (const struct json *s = list->first; s; s = s->next) {
		strbuf_init(&silent, f->why->arena);
		mine = *f;
		mine.why = &silent;
		n += fits(&mine, s, v);
	}
	return n;
}

static bool is_remark(struct str key)
{
	return str_is(key, "description") || str_is(key, "format") || str_is(key, "default") ||
	       str_starts(key, STR("x-"));
}

/* One keyword of strings and numbers. */
static bool fits_bound(struct fitting *f, const struct json *k, const struct json *v, bool *ret)
{
	size_t length = v->type == JSON_STR ? str_utf8_count(v->s) : 0;

	*ret = true;
	if (str_is(k->key, "maximum"))
		*ret = v->type != JSON_INT || v->i <= k->i || no(f, "is above", k->key);
	else if (str_is(k->key, "minimum"))
		*ret = v->type != JSON_INT || v->i >= k->i || no(f, "is below", k->key);
	else if (str_is(k->key, "maxLength"))
		*ret = v->type != JSON_STR || (int64_t)length <= k->i || no(f, "is longer than", k->key);
	else if (str_is(k->key, "minLength"))
		*ret = v->type != JSON_STR || (int64_t)length >= k->i || no(f, "is shorter than", k->key);
	else if (str_is(k->key, "maxItems"))
		*ret = v->type != JSON_ARRAY || (int64_t)v->count <= k->i || no(f, "has too many", k->key);
	else if (str_is(k->key, "minItems"))
		*ret = v->type != JSON_ARRAY || (int64_t)v->count >= k->i || no(f, "has too few", k->key);
	else if (str_is(k->key, "pattern"))
		*ret = v->type != JSON_STR || matches(k->s, v->s) || no(f, "does not match", k->s);
	else
		return false;
	return true;
}

static bool fits_keyword(struct fitting *f, const struct json *schema, const struct json *k,
                         const struct json *v)
{
	const struct json *to;
	bool good;

	if (is_remark(k->key))
		return true;
	if (fits_bound(f, k, v, &good))
		return good;
	if (str_is(k->key, "$ref")) {
		to = schema_pointer(f->root, k->s);
		return to ? fits(f, to, v) : no(f, "refers to nothing:", k->s);
	}
	if (str_is(k->key, "type"))
		return one_of_types(k, v) || no(f, "is not of type", json_canonical(f->why->arena, k));
	if (str_is(k->key, "const"))
		return same(f, k, v) || no(f, "is not", json_canonical(f->why->arena, k));
	if (str_is(k->key, "enum"))
		return in_enum(f, k, v) || no(f, "is none of", json_canonical(f->why->arena, k));
	if (str_is(k->key, "properties"))
		return v->type != JSON_OBJECT || fits_members(f, schema, v);
	if (str_is(k->key, "additionalProperties"))
		return true; /* with the properties */
	if (str_is(k->key, "required"))
		return v->type != JSON_OBJECT || has_all(f, k, v);
	if (str_is(k->key, "items"))
		return v->type != JSON_ARRAY || fits_items(f, k, v);
	if (str_is(k->key, "allOf"))
		return fitting_count(f, k, v) == k->count || no(f, "does not fit", k->key);
	if (str_is(k->key, "oneOf"))
		return fitting_count(f, k, v) == 1 || no(f, "does not fit", k->key);
	return no(f, "the schema has a keyword that this reader does not know:", k->key);
}

static bool fits(struct fitting *f, const struct json *schema, const struct json *v)
{
	for (const struct json *k = schema->first; k; k = k->next)
		if (!fits_keyword(f, schema, k, v))
			return false;
	return true;
}

bool schema_fits(const struct json *root, const struct json *schema, const struct json *v,
                 struct strbuf *why)
{
	struct fitting f = {.root = root, .why = why};

	return fits(&f, schema, v);
}
