/* SPDX-License-Identifier: Apache-2.0 */
/* json_write.c -- see json.h: RFC 8785 bytes, and a form for people.
 *
 * The canonical bytes are what is hashed and signed, so the order of members and the spelling of
 * strings are exact.  Most objects come in order already; that is seen before sorting.
 */
#include "base/json.h"

enum { SORT_SMALL = 16 }; /* up to here insertion beats qsort */

/* RFC 8785 §3.2.2.2: the two-character escapes where they exist, else \u00 and two lower-case
 * digits, and nothing else: neither the slash nor U+007F nor U+2028 is escaped.
 * What follows the backslash; 0: the byte stands for itself; 'u': \u00XX. */
static char escape_of(unsigned char c)
{
	static const char ESCAPE[32] = {
		'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'b', 't', 'n', 'u', 'f', 'r', 'u', 'u',
		'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u', 'u',
	};

	if (c < sizeof(ESCAPE))
		return ESCAPE[c];
	return c == '"' || c == '\\' ? (char)c : 0;
}

/* Is none of the eight bytes a control, a quote or a backslash? */
static bool eight_plain(const char *p)
{
	const uint64_t ones = UINT64_C(0x0101010101010101), high = ones << 7;
	uint64_t w, quote, slash;

	memcpy(&w, p, sizeof(w));
	quote = w ^ ones * '"';
	slash = w ^ ones * '\\';
	return !((((w - ones * 0x20) & ~w) | ((quote - ones) & ~quote) | ((slash - ones) & ~slash)) &
	         high);
}

/* Bytes that surely stand for themselves: nearly always all of them. */
static size_t plain_start(struct str s)
{
	size_t n = 0;

	while (s.n - n >= 8 && eight_plain(s.s + n))
		n += 8;
	while (n < s.n && !escape_of((unsigned char)s.s[n]))
		n++;
	return n;
}

void json_quote_to(struct strbuf *b, struct str s)
{
	static const char HEX[] = "0123456789abcdef";
	size_t plain = plain_start(s);
	size_t from = 0; /* bytes since here stand for themselves and are copied at once */

	if (plain == s.n) {
		char *to = strbuf_more(b, s.n + 2);

		to[0] = to[s.n + 1] = '"';
		if (s.n)
			memcpy(to + 1, s.s, s.n);
		return;
	}
	strbuf_addc(b, '"');
	for (size_t i = plain; i < s.n; i++) {
		unsigned char c = (unsigned char)s.s[i];
		char e = escape_of(c);

		if (e == 0)
			continue;
		strbuf_add(b, s.s + from, i - from);
		from = i + 1;
		if (e == 'u') {
			char text[] = {'\\', 'u', '0', '0', HEX[c >> 4], HEX[c & 15]};

			strbuf_add(b, text, sizeof(text));
		} else {
			char text[] = {'\\', e};

			strbuf_add(b, text, sizeof(text));
		}
	}
	if (s.n > from)
		strbuf_add(b, s.s + from, s.n - from);
	strbuf_addc(b, '"');
}

/* UTF-8 bytes sort as code points do.  UTF-16 differs in one thing: the surrogates of U+10000
 * and above (first byte F0..F4) come before U+E000..U+FFFF (first byte EE, EF). */
static unsigned utf16_weight(unsigned char c)
{
	return c == 0xee || c == 0xef ? c + 0x10u : c;
}

static int key_order(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;

	for (size_t i = 0; i < n; i++) {
		unsigned char x = (unsigned char)a.s[i], y = (unsigned char)b.s[i];

		if (x != y)
			return utf16_weight(x) < utf16_weight(y) ? -1 : 1;
	}
	return (a.n > b.n) - (a.n < b.n);
}

static int member_order(const void *a, const void *b)
{
	const struct json *const *x = a, *const *y = b;

	return key_order((*x)->key, (*y)->key);
}

/* As canonical text was read: strictly rising, which also means that no key stands twice. */
static bool in_order(const struct json *o)
{
	for (const struct json *v = o->first; v && v->next; v = v->next) {
		if (key_order(v->key, v->next->key) >= 0)
			return false;
	}
	return true;
}

/* The members, sorted; the list lives as long as the text.  Two with one key would be our own
 * bug: neither json_read nor json_put lets them in. */
static const struct json **sorted(struct arena *a, const struct json *o)
{
	const struct json **list = arena_array(a, o->count, sizeof(const struct json *));
	size_t n = 0;

	for (const struct json *v = o->first; v; v = v->next) {
		size_t at = n++;

		assert(n <= o->count);
		if (o->count <= SORT_SMALL) {
			for (; at > 0 && key_order(v->key, list[at - 1]->key) < 0; at--)
				list[at] = list[at - 1];
		}
		list[at] = v;
	}
	if (n > SORT_SMALL)
		qsort(list, n, sizeof(list[0]), member_order);
	for (size_t i = 1; i < n; i++)
		assert(key_order(list[i - 1]->key, list[i]->key) < 0);
	return list;
}

static void member_to(struct strbuf *b, const struct json *v, bool first)
{
	if (!first)
		strbuf_addc(b, ',');
	json_quote_to(b, v->key);
	strbuf_addc(b, ':');
	json_canonical_to(b, v);
}

static void object_to(struct strbuf *b, const struct json *o)
{
	strbuf_addc(b, '{');
	if (in_order(o)) {
		for (const struct json *v = o->first; v; v = v->next)
			member_to(b, v, v == o->first);
	} else {
		const struct json **list = sorted(b->arena, o);

		for (size_t i = 0; i < o->count; i++)
			member_to(b, list[i], i == 0);
	}
	strbuf_addc(b, '}');
}

static void array_to(struct strbuf *b, const struct json *o)
{
	strbuf_addc(b, '[');
	for (const struct json *v = o->first; v; v = v->next) {
		if (v != o->first)
			strbuf_addc(b, ',');
		json_canonical_to(b, v);
	}
	strbuf_addc(b, ']');
}

void json_canonical_to(struct strbuf *b, const struct json *v)
{
	switch (v->type) {
	case JSON_NULL:
		strbuf_adds(b, STR("null"));
		break;
	case JSON_BOOL:
		strbuf_adds(b, v->b ? STR("true") : STR("false"));
		break;
	case JSON_INT:
		strbuf_addi(b, v->i);
		break;
	case JSON_STR:
		json_quote_to(b, v->s);
		break;
	case JSON_ARRAY:
		array_to(b, v);
		break;
	case JSON_OBJECT:
		object_to(b, v);
		break;
	}
}

struct str json_canonical(struct arena *a, const struct json *v)
{
	struct strbuf b;

	strbuf_init(&b, a);
	json_canonical_to(&b, v);
	return strbuf_str(&b);
}

static void line_to(struct strbuf *b, size_t depth)
{
	strbuf_addc(b, '\n');
	for (size_t i = 0; i < depth; i++)
		strbuf_adds(b, STR("  "));
}

/* Scalars and empty containers look the same in both forms. */
static void pretty_to(struct strbuf *b, const struct json *v, size_t depth)
{
	bool object = v->type == JSON_OBJECT;

	if ((!object && v->type != JSON_ARRAY) || !v->first) {
		json_canonical_to(b, v);
		return;
	}
	strbuf_addc(b, object ? '{' : '[');
	for (const struct json *m = v->first; m; m = m->next) {
		if (m != v->first)
			strbuf_addc(b, ',');
		line_to(b, depth + 1);
		if (object) {
			json_quote_to(b, m->key);
			strbuf_adds(b, STR(": "));
		}
		pretty_to(b, m, depth + 1);
	}
	line_to(b, depth);
	strbuf_addc(b, object ? '}' : ']');
}

struct str json_pretty(struct arena *a, const struct json *v)
{
	struct strbuf b;

	strbuf_init(&b, a);
	pretty_to(&b, v, 0);
	return strbuf_str(&b);
}
