/* SPDX-License-Identifier: Apache-2.0 */
/* members.c -- see members.h. */
#include "audit/members.h"

#include "base/clock.h"
#include "base/hash.h"
#include "base/limits.h"

void member_check(struct members *m, const char *key, bool good)
{
	if (!good && m->bad == NULL)
		m->bad = key;
}

void member_known(struct members *m, const char *const *names)
{
	for (const struct json *v = m->o->first; v != NULL; v = v->next) {
		bool known = false;

		for (size_t i = 0; names[i] != NULL && !known; i++)
			known = str_is(v->key, names[i]);
		if (!known && m->bad == NULL) {
			size_t n = v->key.n < 40 ? v->key.n : 40;

			while (n > 0 && ((unsigned char)v->key.s[n] & 0xc0) == 0x80)
				n--;
			m->bad = str_dup(m->op->arena, v->key.s, n).s;
		}
	}
}

static const struct json *member(struct members *m, const char *key, enum json_type type)
{
	const struct json *v = json_get(m->o, key);

	if (v != NULL && v->type == type)
		return v;
	member_check(m, key, false);
	return NULL;
}

int64_t member_int(struct members *m, const char *key, int64_t min, int64_t max)
{
	const struct json *v = member(m, key, JSON_INT);

	if (v == NULL)
		return 0;
	member_check(m, key, v->i >= min && v->i <= max);
	return v->i;
}

struct str member_str(struct members *m, const char *key)
{
	const struct json *v = member(m, key, JSON_STR);

	return v != NULL ? v->s : STR("");
}

const struct json *member_object(struct members *m, const char *key)
{
	return member(m, key, JSON_OBJECT);
}

int64_t member_time(struct members *m, const char *key)
{
	struct str text = member_str(m, key);
	int64_t ms = 0;
	bool good = clock_parse(text, &ms) && str_eq(clock_format_utc(m->op->arena, ms), text);

	member_check(m, key, good);
	return good ? ms : 0;
}

void member_hex(struct members *m, const char *key, void *ret, size_t n)
{
	struct str text = member_str(m, key);

	if (!hex_decode(text, ret, n)) {
		memset(ret, 0, n);
		member_check(m, key, false);
	}
}

struct str member_name(struct members *m, const char *key, const char *const *names, size_t n)
{
	struct str text = member_str(m, key);

	for (size_t i = 0; i < n; i++)
		if (str_is(text, names[i]))
			return text;
	member_check(m, key, false);
	return STR("");
}
