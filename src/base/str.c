/* SPDX-License-Identifier: Apache-2.0 */
/* str.c -- see str.h.
 *
 * Lengths are known everywhere, so nothing here looks for a NUL except where a C string comes
 * in.  An empty string may have a NULL pointer; it is never handed to memcpy or memcmp.
 */
#include "base/str.h"

struct str str_of(const char *s)
{
	return s ? (struct str){s, strlen(s)} : STR("");
}

struct str str_dup(struct arena *a, const char *s, size_t n)
{
	char *copy = arena_alloc(a, n + 1); /* zeroed: the last byte is the NUL */

	if (n > 0)
		memcpy(copy, s, n);
	return (struct str){copy, n};
}

struct str str_copy(struct arena *a, struct str s)
{
	return str_dup(a, s.s, s.n);
}

/* Measured first, then written: nothing is ever cut. */
struct str str_vfmt(struct arena *a, const char *fmt, va_list ap)
{
	va_list again;
	char *s;
	int n;

	va_copy(again, ap);
	n = vsnprintf(NULL, 0, fmt, again);
	va_end(again);
	assert(n >= 0);
	s = arena_alloc(a, (size_t)n + 1);
	vsnprintf(s, (size_t)n + 1, fmt, ap);
	return (struct str){s, (size_t)n};
}

struct str str_fmt(struct arena *a, const char *fmt, ...)
{
	struct str s;
	va_list ap;

	va_start(ap, fmt);
	s = str_vfmt(a, fmt, ap);
	va_end(ap);
	return s;
}

/* -1, 0 or 1, so that a caller may compare results. */
int str_cmp(struct str a, struct str b)
{
	size_t n = a.n < b.n ? a.n : b.n;
	int order = n > 0 ? memcmp(a.s, b.s, n) : 0;

	if (order != 0)
		return order < 0 ? -1 : 1;
	return (a.n > b.n) - (a.n < b.n);
}

bool str_starts(struct str s, struct str prefix)
{
	return s.n >= prefix.n && str_eq((struct str){s.s, prefix.n}, prefix);
}

bool str_ends(struct str s, struct str suffix)
{
	if (s.n < suffix.n || suffix.n == 0)
		return suffix.n == 0;
	return str_eq((struct str){s.s + (s.n - suffix.n), suffix.n}, suffix);
}

bool str_cut(struct str s, char sep, struct str *ret_head, struct str *ret_tail)
{
	const char *at = s.n > 0 ? memchr(s.s, sep, s.n) : NULL;
	size_t n;

	if (!at)
		return false;
	n = (size_t)(at - s.s);
	*ret_head = (struct str){s.s, n};
	*ret_tail = (struct str){at + 1, s.n - n - 1};
	return true;
}

bool str_to_i64(struct str s, int64_t *ret)
{
	bool negative = s.n > 0 && s.s[0] == '-';
	uint64_t limit = (uint64_t)INT64_MAX + (negative ? 1 : 0), v = 0;
	size_t i = negative ? 1 : 0;

	if (i == s.n || (s.s[i] == '0' && s.n > 1)) /* "-0" has another spelling: "0" */
		return false;
	for (; i < s.n; i++) { /* anything else than a digit becomes a large number */
		unsigned digit = (unsigned)(unsigned char)s.s[i] - '0';

		if (digit > 9 || v > (limit - digit) / 10)
			return false;
		v = v * 10 + digit;
	}
	/* INT64_MIN has no positive twin: the sign is put on before the last step. */
	*ret = !negative ? (int64_t)v : v == 0 ? 0 : -(int64_t)(v - 1) - 1;
	return true;
}

static bool is_tail(unsigned char c)
{
	return (c & 0xc0) == 0x80;
}

/* Length of the well-formed sequence at p (Unicode table 3-7), n > 0 bytes left; 0: none. */
static size_t utf8_sequence(const unsigned char *p, size_t n)
{
	unsigned char c = p[0], low = 0x80, high = 0xbf;
	size_t len;

	if (c < 0x80)
		return c != 0;
	if (c < 0xc2 || c > 0xf4)
		return 0;
	len = c < 0xe0 ? 2 : c < 0xf0 ? 3 : 4;
	if (c == 0xe0)
		low = 0xa0; /* below: overlong */
	else if (c == 0xed)
		high = 0x9f; /* above: surrogates */
	else if (c == 0xf0)
		low = 0x90;
	else if (c == 0xf4)
		high = 0x8f; /* above U+10FFFF */
	if (n < len || p[1] < low || p[1] > high)
		return 0;
	if (len > 2 && !is_tail(p[2]))
		return 0;
	return len == 4 && !is_tail(p[3]) ? 0 : len;
}

/* True when 8 bytes are all in 0x01..0x7f: most text is, and this is four times faster. */
static bool eight_plain(const unsigned char *p)
{
	const uint64_t high = 0x8080808080808080u, ones = 0x0101010101010101u;
	uint64_t w;

	memcpy(&w, p, sizeof(w));
	return ((w | (w - ones)) & high) == 0;
}

size_t str_utf8_prefix(struct str s)
{
	const unsigned char *p = (const unsigned char *)s.s;
	size_t i = 0;

	while (i < s.n) { /* each turn starts at the border of a character */
		size_t len;

		if (s.n - i >= 8 && eight_plain(p + i)) {
			i += 8;
			continue;
		}
		len = utf8_sequence(p + i, s.n - i);
		if (len == 0)
			return i;
		i += len;
	}
	return s.n;
}

bool str_utf8_valid(struct str s)
{
	return str_utf8_prefix(s) == s.n;
}

size_t str_utf8_count(struct str s)
{
	size_t count = 0;

	for (size_t i = 0; i < s.n; i++)
		count += !is_tail((unsigned char)s.s[i]);
	return count;
}
