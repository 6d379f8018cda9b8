/* SPDX-License-Identifier: Apache-2.0 */
/* field_intake.c -- what people and other programs type, made into an act's data.
 *
 * Flags, CSV cells and forms give strings, programs give typed JSON; both become the one form
 * that acts and events have, and that form is then checked by the same code that reads acts.
 * A text leaves here as its HMAC; text and salt go on beside the act, towards the vault.
 * null, "" and the zero of an optional field mean that nothing was given.
 */
#include "engine/field_value.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"
#include "base/random.h"

struct intake {
	struct op *op;
	field_person_finder *person;
	struct beside beside[LIMIT_PERSONAL];
	size_t nbeside;
};

static struct json *new_value(struct op *op, enum json_type type)
{
	struct json *v = ARENA_NEW(op->arena, struct json);

	v->type = type;
	return v;
}

static struct json *new_int(struct op *op, int64_t i)
{
	struct json *v = new_value(op, JSON_INT);

	v->i = i;
	return v;
}

static struct json *new_str(struct op *op, struct str s)
{
	struct json *v = new_value(op, JSON_STR);

	v->s = s;
	return v;
}

/* A value as it came: right already, or to be refused by the check that follows. */
static struct json *as_is(struct op *op, const struct json *in)
{
	struct json *v = ARENA_NEW(op->arena, struct json);

	*v = *in;
	v->next = NULL;
	v->key = (struct str){0};
	return v;
}

static struct json *take_int(struct op *op, const struct json *in)
{
	int64_t i;

	if (in->type == JSON_STR && str_to_i64(in->s, &i))
		return new_int(op, i);
	return as_is(op, in);
}

static struct json *take_bool(struct op *op, const struct json *in)
{
	struct json *v;
	bool yes = str_is(in->s, "true") || str_is(in->s, "是");

	if (in->type != JSON_STR || (!yes && !str_is(in->s, "false") && !str_is(in->s, "否")))
		return as_is(op, in);
	v = new_value(op, JSON_BOOL);
	v->b = yes;
	return v;
}

static struct json *take_time(struct op *op, const struct json *in)
{
	int64_t ms;

	if (in->type == JSON_STR && clock_parse(in->s, &ms))
		return new_str(op, clock_format_utc(op->arena, ms));
	return as_is(op, in);
}

static struct json *take_hex(struct op *op, const struct json *in)
{
	char *lower;

	if (in->type != JSON_STR)
		return as_is(op, in);
	lower = arena_alloc(op->arena, in->s.n + 1);
	for (size_t i = 0; i < in->s.n; i++) {
		char c = in->s.s[i];

		lower[i] = c >= 'A' && c <= 'F' ? (char)(c - 'A' + 'a') : c;
	}
	return new_str(op, (struct str){lower, in->s.n});
}

/* A staff code goes before a number: offices number their staff with digits alone, and a cell
 * "1001" means the badge.  A JSON integer is always the person's number. */
static enum rc take_person(struct intake *t, const struct field_at *at, const struct field *f,
                           const struct json *in, struct json **ret)
{
	struct err before = t->op->err;
	struct person_id who;
	int64_t number;
	enum rc rc = RC_NOT_FOUND;

	if (in->type != JSON_STR) {
		*ret = as_is(t->op, in);
		return RC_OK;
	}
	if (t->person && code_valid(in->s))
		rc = t->person(t->op, in->s, &who);
	if (rc == RC_OK) {
		*ret = new_int(t->op, who.v);
		return RC_OK;
	}
	if (rc != RC_NOT_FOUND)
		return rc;
	t->op->err = before;
	if (!str_to_i64(in->s, &number))
		return field_refuse_class(at, f);
	*ret = new_int(t->op, number);
	return RC_OK;
}

static enum rc take_text(struct intake *t, const struct field_at *at, const struct field *f,
                         const struct json *in, struct json **ret)
{
	struct beside *b = &t->beside[t->nbeside];
	struct hash mac;
	int64_t length;

	assert(!at->up); /* modules_init refuses texts in lists */
	assert(t->nbeside < LIMIT_PERSONAL);
	if (in->type != JSON_STR || !field_prose_valid(in->s, true))
		return field_refuse_class(at, f);
	length = (int64_t)str_utf8_count(in->s);
	if (length < field_min(f) || length > field_max(f))
		return field_refuse_class(at, f);
	b->field = str_of(f->name);
	b->text = str_copy(t->op->arena, in->s);
	random_bytes(t->op->random, b->salt, sizeof(b->salt));
	mac = hash_hmac_sha256(b->salt, sizeof(b->salt), b->text.s, b->text.n);
	b->mac = hash_hex(t->op->arena, &mac);
	t->nbeside++;
	*ret = new_str(t->op, b->mac);
	return RC_OK;
}

static enum rc take_object(struct intake *t, const struct field_at *at, const struct field *f,
                           size_t n, const struct json *in, struct json **ret);

static enum rc take_list(struct intake *t, const struct field_at *at, const struct field *f,
                         const struct json *in, struct json **ret)
{
	struct json *array = json_new_array(t->op->arena), *typed, *item;
	struct field_at here = {t->op, at, f->name, 0};

	if (in->type == JSON_STR) {
		if (json_read(t->op, in->s, &typed) != RC_OK)
			return field_refuse_class(at, f);
		in = typed;
	}
	if (in->type != JSON_ARRAY)
		return field_refuse_class(at, f);
	for (const struct json *j = in->first; j; j = j->next, here.item++) {
		TRY(take_object(t, &here, f->list_of, f->list_n, j, &item));
		json_put(array, NULL, item);
	}
	*ret = array;
	return RC_OK;
}

static enum rc take_value(struct intake *t, const struct field_at *at, const struct field *f,
                          const struct json *in, struct json **ret)
{
	switch (f->type) {
	case F_INT:
	case F_ID:
		*ret = take_int(t->op, in);
		return RC_OK;
	case F_BOOL:
		*ret = take_bool(t->op, in);
		return RC_OK;
	case F_TIME:
		*ret = take_time(t->op, in);
		return RC_OK;
	case F_HASH:
	case F_BYTES:
		*ret = take_hex(t->op, in);
		return RC_OK;
	case F_ENUM:
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_SUBJECT:
		*ret = as_is(t->op, in);
		return RC_OK;
	case F_PERSON:
		return take_person(t, at, f, in, ret);
	case F_TEXT:
		return take_text(t, at, f, in, ret);
	case F_LIST:
		return take_list(t, at, f, in, ret);
	}
	return RC_OK;
}

static bool is_given(const struct json *in)
{
	return in && in->type != JSON_NULL && !(in->type == JSON_STR && in->s.n == 0);
}

/* The zero of a field: acts leave it out where the field is optional. */
static bool is_zero(const struct field *f, const struct json *v)
{
	int64_t ms;

	switch (v->type) {
	case JSON_NULL:
		return true;
	case JSON_BOOL:
		return f->type == F_BOOL && !v->b;
	case JSON_INT:
		return v->i == 0 && (f->type == F_INT || f->type == F_ID || f->type == F_PERSON);
	case JSON_STR:
		return (f->type == F_ENUM && str_is(v->s, f->names[0])) ||
		       (f->type == F_TIME && clock_parse(v->s, &ms) && ms == 0);
	case JSON_ARRAY:
		return f->type == F_LIST && v->count == 0;
	case JSON_OBJECT:
		break;
	}
	return false;
}

/* By the table's order, not the input's: salts are drawn in it, and a drill must repeat. */
static enum rc take_object(struct intake *t, const struct field_at *at, const struct field *f,
                           size_t n, const struct json *in, struct json **ret)
{
	struct json *o = json_new_object(t->op->arena), *v;

	if (in->type != JSON_OBJECT)
		return field_refuse(at, NULL, "应为 JSON 对象", "must be a JSON object");
	for (const struct json *j = in->first; j; j = j->next)
		if (!field_find(f, n, j->key))
			return field_refuse_unknown(at, f, n, j->key);
	for (size_t i = 0; i < n; i++) {
		const struct json *given = json_get(in, f[i].name);

		if (!is_given(given))
			continue;
		TRY(take_value(t, at, &f[i], given, &v));
		if (!f[i].optional || !is_zero(&f[i], v))
			json_put(o, f[i].name, v);
	}
	*ret = o;
	return RC_OK;
}

enum rc field_intake(struct op *op, const struct field *f, size_t n, const struct json *in,
                     field_person_finder *person, struct json **ret_data,
                     struct beside *ret_beside, size_t *ret_nbeside)
{
	struct intake t = {.op = op, .person = person};
	struct field_at top = {.op = op};
	union field_value checked[FIELD_MAX];
	struct json *data;

	TRY(take_object(&t, &top, f, n, in, &data));
	TRY(field_decode(&top, f, n, data, false, checked));
	memcpy(ret_beside, t.beside, t.nbeside * sizeof(*ret_beside));
	*ret_nbeside = t.nbeside;
	*ret_data = data;
	return RC_OK;
}
