/* SPDX-License-Identifier: Apache-2.0 */
/* members.c -- see members.h. */
#include "audit/members.h"

#include "base/hash.h"
#include "base/limits.h"

/* str_is, inline: it is asked for a hundred times an entry. */
static inline bool is(struct str a, const char *b)
{
	for (size_t i = 0; i < a.n; i++)
		if (a.s[i] != b[i]) /* also at b's end: no key holds U+0000 */
			return false;
	return b[a.n] == '\0';
}

void member_check(struct members *m, const char *key, bool good)
{
	if (!good && m->bad == NULL)
		m->bad = key;
}

/* Both lists are usually in the same order, so each search begins where the last one ended. */
void member_known(struct members *m, const char *const *names)
{
	size_t n = 0, at = 0;

	while (names[n] != NULL)
		n++;
	for (const struct json *v = m->o->first; v != NULL; v = v->next) {
		size_t tried = 0;

		while (tried < n && !is(v->key, names[at])) {
			at = at + 1 == n ? 0 : at + 1;
			tried++;
		}
		if (tried == n && m->bad == NULL) {
			size_t cut = v->key.n < 40 ? v->key.n : 40;

			while (cut > 0 && cut < v->key.n && ((unsigned char)v->key.s[cut] & 0xc0) == 0x80)
				cut--;
			m->bad = str_dup(m->op->arena, v->key.s, cut).s;
		}
	}
}

const struct json *member_find(struct members *m, const char *key)
{
	const struct json *v;

	for (v = m->at; v != NULL && !is(v->key, key);)
		v = v->next;
	if (v == NULL)
		for (v = m->o->first; v != NULL && (v == m->at || !is(v->key, key));)
			v = v == m->at ? NULL : v->next;
	if (v != NULL)
		m->at = v->next;
	return v;
}

static const struct json *member(struct members *m, const char *key, enum json_type type)
{
	const struct json *v = member_find(m, key);

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

static int two(const char *digits)
{
	return (digits[0] - '0') * 10 + (digits[1] - '0');
}

/* Days from 1970-01-01 in the calendar of ISO 8601; years begin in March here. */
static int64_t days_of(int year, int month, int day)
{
	int64_t y = year - (month <= 2), of_year = (153 * (month > 2 ? month - 3 : month + 9) + 2) / 5;

	return y * 365 + y / 4 - y / 100 + y / 400 + of_year + day - 1 - 719468;
}

/* "2025-06-07T00:58:00.000Z", years 1970 to 9999, and nothing else. */
static bool time_read(struct str s, int64_t *ret)
{
	static const char FORM[] = "0000-00-00T00:00:00.000Z";
	static const int DAYS[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
	int year, month, day, hour, minute, second, ms;

	if (s.n != sizeof(FORM) - 1)
		return false;
	for (size_t i = 0; i < s.n; i++)
		if (FORM[i] == '0' ? s.s[i] < '0' || s.s[i] > '9' : s.s[i] != FORM[i])
			return false;
	year = two(s.s) * 100 + two(s.s + 2);
	month = two(s.s + 5);
	day = two(s.s + 8);
	hour = two(s.s + 11);
	minute = two(s.s + 14);
	second = two(s.s + 17);
	ms = two(s.s + 20) * 10 + (s.s[22] - '0');
	if (year < 1970 || month < 1 || month > 12 || day < 1 || hour > 23 || minute > 59 ||
	    second > 59)
		return false;
	if (day > DAYS[month - 1] + (month == 2 && year % 4 == 0 &&
	                             (year % 100 != 0 || year % 400 == 0)))
		return false;
	*ret = ((days_of(year, month, day) * 24 + hour) * 60 + minute) * 60000 + second * 1000 + ms;
	return true;
}

int64_t member_time(struct members *m, const char *key)
{
	int64_t ms = 0;
	bool good = time_read(member_str(m, key), &ms);

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
