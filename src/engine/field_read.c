/* SPDX-License-Identifier: Apache-2.0 */
/* field_read.c -- JSON to structs, strictly: what stands in acts and events, nothing else.
 *
 * A whole object is decoded and checked before the first byte of the struct is written, so a
 * refusal leaves the caller's struct as it was.
 */
#include "base/limits.h"
#include "engine/field_value.h"

#include "base/clock.h"
#include "base/hash.h"

static bool in_bounds(const struct field *f, int64_t v)
{
	/* An optional 0 is the same as absent. */
	return (f->optional && v == 0) || (v >= field_min(f) && v <= field_max(f));
}

static bool is_mac(struct str s)
{
	uint8_t bytes[32];

	return hex_decode(s, bytes, sizeof(bytes));
}

/* Hex in JSON, the bytes themselves in the struct. */
static bool bytes_fit(struct arena *a, const struct field *f, struct str hex, struct str *ret)
{
	size_t n = hex.n / 2;
	char *bytes;

	if (n == 0 && f->optional)
		return hex.n == 0;
	if ((int64_t)n < field_min(f) || (int64_t)n > field_max(f))
		return false;
	bytes = arena_alloc(a, n + 1);
	if (!hex_decode(hex, bytes, n))
		return false;
	*ret = (struct str){bytes, n};
	return true;
}

/* Codes, keys, paths and what our own rules join of them ("vehicle:V3", "giver/receiver").  No
 * person types one: they stand in events only. */
static bool is_subject(struct str s)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.s[i];

		if (!((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
		      memchr("._/:-", c, 5)))
			return false;
	}
	return s.n > 0 && s.n <= LIMIT_PLACE + LIMIT_CODE;
}

static bool string_fits(const struct field *f, struct str s)
{
	if (s.n == 0)
		return f->optional;
	switch (f->type) {
	case F_CODE:
		return code_valid(s);
	case F_KEY:
		return field_key_valid(s);
	case F_PLACE:
		return place_path_valid(s);
	case F_SUBJECT:
		return is_subject(s);
	case F_HASH:
		return is_mac(s);
	case F_BYTES:
	case F_INT:
	case F_ID:
	case F_BOOL:
	case F_ENUM:
	case F_TIME:
	case F_PERSON:
	case F_TEXT:
	case F_LIST:
		break;
	}
	return false;
}

static bool choice_fits(const struct field *f, struct str s, int64_t *ret)
{
	for (int64_t i = 0; i < f->max; i++)
		if (str_is(s, f->names[i])) {
			*ret = i;
			return true;
		}
	return false;
}

/* Only the one form that clock_format_utc writes: a time must read back to the same bytes. */
static bool time_fits(struct arena *a, const struct field *f, struct str s, int64_t *ret)
{
	int64_t ms;

	if (!clock_parse(s, &ms) || !str_eq(clock_format_utc(a, ms), s) || !in_bounds(f, ms))
		return false;
	*ret = ms;
	return true;
}

static bool text_fits(const struct field *f, const struct json *j, bool event, struct text *ret)
{
	struct str mac = j->s;
	int64_t vault = 0;

	if (event) {
		mac = json_str(j, "mac");
		vault = json_int(j, "vault", 0);
		if (j->type != JSON_OBJECT || j->count != 2 || vault < 1)
			return false;
	} else if (j->type != JSON_STR) {
		return false;
	}
	if (!is_mac(mac) && !(mac.n == 0 && f->optional && !event))
		return false;
	ret->mac = mac;
	ret->vault = vault;
	return true;
}

static bool scalar_fits(struct arena *a, const struct field *f, const struct json *j, bool event,
                        union field_value *ret)
{
	switch (f->type) {
	case F_INT:
	case F_ID:
	case F_PERSON:
		ret->i = j->i;
		return j->type == JSON_INT && in_bounds(f, j->i);
	case F_BOOL:
		ret->i = j->b;
		return j->type == JSON_BOOL;
	case F_ENUM:
		return j->type == JSON_STR && choice_fits(f, j->s, &ret->i);
	case F_TIME:
		return j->type == JSON_STR && time_fits(a, f, j->s, &ret->i);
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_SUBJECT:
		ret->s = j->s;
		return j->type == JSON_STR && string_fits(f, j->s);
	case F_BYTES:
		return j->type == JSON_STR && bytes_fit(a, f, j->s, &ret->s);
	case F_TEXT:
		return text_fits(f, j, event, &ret->text);
	case F_LIST:
		break;
	}
	return false;
}

/* Writes checked values into a struct. */
static void store(const struct field *f, size_t n, const union field_value *v, void *st)
{
	for (size_t i = 0; i < n; i++) {
		void *p = (char *)st + f[i].offset;

		switch (f[i].type) {
		case F_INT:
		case F_ID:
		case F_TIME:
		case F_PERSON:
			memcpy(p, &v[i].i, sizeof(int64_t));
			break;
		case F_BOOL:
			*(bool *)p = v[i].i != 0;
			break;
		case F_ENUM:
			*(int *)p = (int)v[i].i;
			break;
		case F_CODE:
		case F_KEY:
		case F_PLACE:
		case F_HASH:
		case F_BYTES:
		case F_SUBJECT:
			memcpy(p, &v[i].s, sizeof(struct str));
			break;
		case F_TEXT:
			memcpy(p, &v[i].text, sizeof(struct text));
			break;
		case F_LIST:
			memcpy(p, &v[i].list, sizeof(struct list));
			break;
		}
	}
}

static enum rc read_object(const struct field_at *at, const struct field *f, size_t n,
                           const struct json *o, bool event, void *ret)
{
	union field_value v[FIELD_MAX];

	TRY(field_decode(at, f, n, o, event, v));
	store(f, n, v, ret);
	return RC_OK;
}

static enum rc decode_list(const struct field_at *at, const struct field *f, const struct json *j,
                           bool event, struct list *ret)
{
	struct list l = {.n = j->count};
	struct field_at item = {at->op, at, f->name, 0};

	if (j->type != JSON_ARRAY || !in_bounds(f, (int64_t)j->count))
		return field_refuse_class(at, f);
	if (l.n > 0)
		l.items = arena_array(at->op->arena, l.n, f->list_size);
	for (const struct json *o = j->first; o; o = o->next) {
		TRY(read_object(&item, f->list_of, f->list_n, o, event,
		                (char *)l.items + item.item * f->list_size));
		item.item++;
	}
	*ret = l;
	return RC_OK;
}

enum rc field_decode(const struct field_at *at, const struct field *f, size_t n,
                     const struct json *o, bool event, union field_value *ret)
{
	uint64_t seen = 0;

	assert(n <= FIELD_MAX);
	if (o->type != JSON_OBJECT)
		return field_refuse(at, NULL, "应为 JSON 对象", "must be a JSON object");
	memset(ret, 0, n * sizeof(*ret));
	for (const struct json *j = o->first; j; j = j->next) {
		const struct field *known = field_find(f, n, j->key);
		union field_value *v;

		if (!known)
			return field_refuse_unknown(at, f, n, j->key);
		v = &ret[known - f];
		seen |= UINT64_C(1) << (known - f);
		if (known->type == F_LIST)
			TRY(decode_list(at, known, j, event, &v->list));
		else if (!scalar_fits(at->op->arena, known, j, event, v))
			return field_refuse_class(at, known);
	}
	for (size_t i = 0; i < n; i++)
		if (!f[i].optional && !(seen >> i & 1))
			return field_refuse_missing(at, &f[i]);
	return RC_OK;
}

enum rc field_read(struct op *op, const struct field *f, size_t n, const struct json *o, void *ret)
{
	return read_object(&(struct field_at){.op = op}, f, n, o, false, ret);
}

enum rc field_read_event(struct op *op, const struct field *f, size_t n, const struct json *o,
                         void *ret)
{
	return read_object(&(struct field_at){.op = op}, f, n, o, true, ret);
}
