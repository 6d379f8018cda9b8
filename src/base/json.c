/* SPDX-License-Identifier: Apache-2.0 */
/* json.c -- see json.h: looking at values and building them.  json_read.c reads, json_write.c
 * writes.
 *
 * Members are a list, found by walking: the objects of acts and entries have under thirty, and
 * a list keeps the order in which they came.  What must be looked up by the thousand is an array.
 */
#include "base/json.h"
#include "base/limits.h"

const struct json *json_get(const struct json *o, const char *key)
{
	struct str k = str_of(key);

	if (!o || o->type != JSON_OBJECT) /* so that look-ups may be chained */
		return NULL;
	for (const struct json *v = o->first; v; v = v->next) {
		if (str_eq(v->key, k))
			return v;
	}
	return NULL;
}

struct str json_str(const struct json *o, const char *key)
{
	const struct json *v = json_get(o, key);

	return v && v->type == JSON_STR ? v->s : (struct str){NULL, 0};
}

int64_t json_int(const struct json *o, const char *key, int64_t fallback)
{
	const struct json *v = json_get(o, key);

	return v && v->type == JSON_INT ? v->i : fallback;
}

bool json_bool(const struct json *o, const char *key, bool fallback)
{
	const struct json *v = json_get(o, key);

	return v && v->type == JSON_BOOL ? v->b : fallback;
}

/* Zeroed: null, false, 0, no text and no members until set. */
static struct json *json_new(struct arena *a, enum json_type type)
{
	struct json *v = ARENA_NEW(a, struct json);

	v->type = type;
	return v;
}

struct json *json_new_object(struct arena *a)
{
	return json_new(a, JSON_OBJECT);
}

struct json *json_new_array(struct arena *a)
{
	return json_new(a, JSON_ARRAY);
}

/* Puts v in the place of the member that has its key.  False: there is none. */
static bool json_replace(struct json *o, struct json *v)
{
	struct json *before = NULL;

	for (struct json *old = o->first; old; before = old, old = old->next) {
		if (!str_eq(old->key, v->key))
			continue;
		v->next = old->next;
		if (before)
			before->next = v;
		else
			o->first = v;
		if (o->last == old)
			o->last = v;
		old->next = NULL;
		return true;
	}
	return false;
}

void json_append(struct json *o, struct json *v)
{
	if (o->last)
		o->last->next = v;
	else
		o->first = v;
	o->last = v;
	o->count++;
}

struct json *json_put(struct json *o, const char *key, struct json *v)
{
	assert(v->next == NULL); /* in another container, it would take its siblings along */
	assert((o->type == JSON_OBJECT && key) || (o->type == JSON_ARRAY && !key));
	v->key = key ? str_of(key) : (struct str){NULL, 0};
	if (!key || !json_replace(o, v))
		json_append(o, v);
	return v;
}

struct json *json_set_str(struct arena *a, struct json *o, const char *key, struct str s)
{
	struct json *v = json_new(a, JSON_STR);

	v->s = s;
	return json_put(o, key, v);
}

struct json *json_set_int(struct arena *a, struct json *o, const char *key, int64_t i)
{
	struct json *v = json_new(a, JSON_INT);

	assert(i >= -LIMIT_INT && i <= LIMIT_INT); /* no reader of ours would take it back */
	v->i = i;
	return json_put(o, key, v);
}

struct json *json_set_bool(struct arena *a, struct json *o, const char *key, bool b)
{
	struct json *v = json_new(a, JSON_BOOL);

	v->b = b;
	return json_put(o, key, v);
}

struct json *json_set_null(struct arena *a, struct json *o, const char *key)
{
	return json_put(o, key, json_new(a, JSON_NULL));
}
