/* SPDX-License-Identifier: Apache-2.0 */
/* canon.c -- see canon.h.
 *
 * Members must rise strictly, which also means that no key stands twice; what is spelled in
 * another way than RFC 8785 does is refused where it stands.  A loose reader allows for order and
 * blanks, and compares a key that does not rise with those before it.
 */
#include "base/canon.h"

#include "base/limits.h"

struct reader {
	const char *at, *end;
	const struct canon *how;
	struct arena *values;
	int depth;
};

/* So many members are compared with each other; json_read has a table for more. */
enum { LOOSE_MEMBERS = 64 };

static bool read_value(struct reader *r, struct json *v);

static void skip_blanks(struct reader *r)
{
	if (!r->how->loose)
		return;
	while (r->at < r->end &&
	       (*r->at == ' ' || *r->at == '\n' || *r->at == '\r' || *r->at == '\t'))
		r->at++;
}

/* How many of the eight bytes stand for themselves, up to the first control, quote, backslash or
 * byte that is not ASCII.  A borrow marks bytes too many, but only behind the first true one. */
static size_t plain_of_eight(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t w, bad;

	memcpy(&w, p, sizeof(w));
	bad = ((w - ones * 0x20) | ((w ^ ones * '"') - ones) | ((w ^ ones * '\\') - ones) | w) & high;
	if (bad == 0)
		return 8;
	return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? (size_t)__builtin_ctzll(bad) / 8 : 0;
}

static bool is_plain(unsigned char c)
{
	return c >= 0x20 && c < 0x80 && c != '"' && c != '\\';
}

/* The character of an escape that RFC 8785 writes; 0: it would be written otherwise. */
static char unescape(const char *p, size_t left, size_t *ret_n)
{
	static const char SHORT[] = "\"\\bfnrt", MEANT[] = "\"\\\b\f\n\r\t";
	static const char HEX[] = "0123456789abcdef";
	const char *found = left >= 2 && p[1] ? strchr(SHORT, p[1]) : NULL;
	const char *low;
	char c;

	*ret_n = 2;
	if (found)
		return MEANT[found - SHORT];
	if (left < 6 || memcmp(p, "\\u00", 4) != 0 || (p[4] != '0' && p[4] != '1') || !p[5])
		return 0;
	low = strchr(HEX, p[5]);
	if (!low)
		return 0;
	*ret_n = 6;
	c = (char)((p[4] - '0') * 16 + (low - HEX));
	return c != 0 && strchr("\b\f\n\r\t", c) ? 0 : c; /* these have a short form */
}

/* The text between two quotes, which has escapes. */
static bool unescape_all(struct reader *r, struct str raw, struct str *ret)
{
	char *out = arena_alloc(r->how->keep, raw.n + 1);
	size_t n = 0;

	for (size_t i = 0; i < raw.n;) {
		size_t used = 1;
		char c = raw.s[i];

		if (c == '\\' && (c = unescape(raw.s + i, raw.n - i, &used)) == 0)
			return false;
		out[n++] = c;
		i += used;
	}
	*ret = (struct str){out, n};
	return true;
}

/* At a quote; afterwards behind the closing one. */
static bool read_text(struct reader *r, struct str *ret)
{
	const char *from, *p;
	bool escapes = false, wide = false;
	struct str raw;

	if (r->at == r->end || *r->at != '"')
		return false;
	from = p = r->at + 1;
	for (;;) {
		for (size_t n = 8; n == 8 && r->end - p >= 8; p += n)
			n = plain_of_eight(p);
		while (p < r->end && is_plain((unsigned char)*p))
			p++;
		if (p == r->end || (unsigned char)*p < 0x20)
			return false;
		if (*p == '"')
			break;
		escapes = escapes || *p == '\\';
		wide = wide || (unsigned char)*p >= 0x80;
		if (*p == '\\' && ++p == r->end)
			return false;
		p++;
	}
	raw = (struct str){from, (size_t)(p - from)};
	r->at = p + 1;
	if (wide && !str_utf8_valid(raw))
		return false;
	*ret = raw;
	return !escapes || unescape_all(r, raw, ret);
}

/* Within +-(2^53-1), without leading zeros; "-0" is written "0". */
static bool read_number(struct reader *r, int64_t *ret)
{
	bool minus = *r->at == '-';
	const char *p = r->at + (minus ? 1 : 0), *from = p;
	int64_t v = 0;

	for (; p < r->end && *p >= '0' && *p <= '9'; p++) {
		v = v * 10 + (*p - '0');
		if (v > LIMIT_INT)
			return false;
	}
	if (p == from || (*from == '0' && (p > from + 1 || minus)))
		return false;
	*ret = minus ? -v : v;
	r->at = p;
	return true;
}

/* With the blanks around it. */
static bool take(struct reader *r, char c)
{
	skip_blanks(r);
	if (r->at == r->end || *r->at != c)
		return false;
	r->at++;
	skip_blanks(r);
	return true;
}

/* RFC 8785 sorts by UTF-16 units: as bytes do, but surrogates (first byte F0 to F4) come before
 * U+E000 and above (first byte EE, EF). */
static bool rises(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned x = (unsigned char)a.s[i], y = (unsigned char)b.s[i];

		if (x == y)
			continue;
		x += x == 0xee || x == 0xef ? 0x10 : 0;
		y += y == 0xee || y == 0xef ? 0x10 : 0;
		return x < y;
	}
	return a.n < b.n;
}

static struct json *append(struct reader *r, struct json *o)
{
	struct json *v = ARENA_NEW(r->values, struct json);

	json_append(o, v);
	return v;
}

/* *greatest: of the members so far. */
static bool is_new(const struct reader *r, const struct json *o, const struct json *greatest,
                   struct str key)
{
	if (!greatest || rises(greatest->key, key))
		return true;
	if (!r->how->loose || o->count >= LOOSE_MEMBERS)
		return false;
	for (const struct json *m = o->first; m; m = m->next)
		if (str_eq(m->key, key))
			return false;
	return true;
}

static bool read_member(struct reader *r, struct json *o, const struct json **greatest)
{
	struct arena *values = r->values;
	struct str key;
	struct json *v;
	bool good;

	if (!read_text(r, &key) || !take(r, ':') || !is_new(r, o, *greatest, key))
		return false;
	if (r->depth == 1 && r->how->keep_key && str_is(key, r->how->keep_key))
		r->values = r->how->keep;
	v = append(r, o);
	v->key = key;
	if (!*greatest || rises((*greatest)->key, key))
		*greatest = v;
	good = read_value(r, v);
	r->values = values;
	return good;
}

static bool read_object(struct reader *r, struct json *o)
{
	const char *from = r->at;
	const struct json *greatest = NULL;

	o->type = JSON_OBJECT;
	r->at++;
	if (!take(r, '}')) {
		do {
			if (!read_member(r, o, &greatest))
				return false;
		} while (take(r, ','));
		if (!take(r, '}'))
			return false;
	}
	o->s = (struct str){from, (size_t)(r->at - from)};
	return true;
}

static bool read_array(struct reader *r, struct json *o)
{
	o->type = JSON_ARRAY;
	r->at++;
	if (take(r, ']'))
		return true;
	do {
		if (!read_value(r, append(r, o)))
			return false;
	} while (take(r, ','));
	return take(r, ']');
}

static bool read_word(struct reader *r, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(r->end - r->at) < n || memcmp(r->at, word, n) != 0)
		return false;
	r->at += n;
	return true;
}

/* Recursion is bounded by LIMIT_JSON_DEPTH. */
static bool read_nested(struct reader *r, struct json *v, char c)
{
	bool good;

	if (++r->depth > LIMIT_JSON_DEPTH)
		return false;
	good = c == '{' ? read_object(r, v) : read_array(r, v);
	r->depth--;
	return good;
}

static bool read_value(struct reader *r, struct json *v)
{
	char c = r->at < r->end ? *r->at : '\0';

	switch (c) {
	case '{':
	case '[':
		return read_nested(r, v, c);
	case '"':
		v->type = JSON_STR;
		return read_text(r, &v->s);
	case 't':
	case 'f':
		v->type = JSON_BOOL;
		v->b = c == 't';
		return read_word(r, v->b ? "true" : "false");
	case 'n':
		v->type = JSON_NULL;
		return read_word(r, "null");
	default:
		v->type = JSON_INT;
		return (c == '-' || (c >= '0' && c <= '9')) && read_number(r, &v->i);
	}
}

bool canon_read(const struct canon *c, struct str text, struct json **ret)
{
	struct reader r = {.how = c, .values = c->brief ? c->brief : c->keep};
	struct json *v;

	if (text.n == 0 || text.n > (c->loose ? CANON_LOOSE_MOST : LIMIT_ENTRY))
		return false;
	r.at = text.s;
	r.end = text.s + text.n;
	v = ARENA_NEW(r.values, struct json);
	skip_blanks(&r);
	if (!read_value(&r, v))
		return false;
	skip_blanks(&r);
	if (r.at != r.end)
		return false;
	*ret = v;
	return true;
}
