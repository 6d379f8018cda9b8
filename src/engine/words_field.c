/* SPDX-License-Identifier: Apache-2.0 */
/* words_field.c -- a field's value by its type, for whoever shows an entry; see words.h. */
#include "engine/words.h"

#include "base/clock.h"

static struct str number(struct arena *a, int64_t v)
{
	return str_fmt(a, "%lld", (long long)v);
}

static struct words_value truth(bool v)
{
	return v ? (struct words_value){STR("true"), {STR("是"), STR("yes")}}
	         : (struct words_value){STR("false"), {STR("否"), STR("no")}};
}

/* A number that the table does not have is of an altered row. */
static struct words_value one_of(const struct field *f, int i)
{
	struct words_value v = {STR("?"), {{0}, {0}}};

	if (i < 0 || i >= (int)f->max)
		return v;
	v.code = str_of(f->names[i]);
	if (f->words)
		v.words = (struct said){str_of(f->words[i].zh), str_of(f->words[i].en)};
	return v;
}

struct words_value words_field(struct arena *a, const struct modules *m, const struct profile *p,
                               const struct field *f, const void *at)
{
	const struct str *s = at;
	struct words_value v = {STR(""), {{0}, {0}}};

	switch (f->type) {
	case F_INT: case F_ID:
		v.code = number(a, *(const int64_t *)at);
		break;
	case F_BOOL:
		return truth(*(const bool *)at);
	case F_ENUM:
		return one_of(f, *(const int *)at);
	case F_TIME:
		v.code = clock_format_utc(a, *(const int64_t *)at);
		break;
	case F_KEY:
		return (struct words_value){*s, words_key(a, m, p, f->ref, *s)};
	case F_SUBJECT:
		return (struct words_value){*s, words_holder(*s)};
	case F_CODE: case F_PLACE: case F_HASH:
		v.code = *s;
		break;
	case F_BYTES:
		v.code = hex_encode(a, s->s, s->n);
		break;
	case F_PERSON:
		v.code = number(a, ((const struct person_id *)at)->v);
		break;
	case F_TEXT:
		v.code = number(a, ((const struct text *)at)->vault);
		break;
	case F_LIST:
		break;
	}
	return v;
}
