/* SPDX-License-Identifier: Apache-2.0 */
/* strbuf.c -- see str.h: a string that grows inside an arena.
 *
 * The buffer is NUL-terminated after each call.  Being mostly the newest thing in its arena, it
 * mostly grows in place.
 */
#include "base/str.h"

#define STRBUF_MIN 128

void strbuf_init(struct strbuf *b, struct arena *a)
{
	*b = (struct strbuf){.arena = a};
}

/* Room for n more bytes and the NUL. */
static void strbuf_grow(struct strbuf *b, size_t n)
{
	size_t cap = b->cap ? b->cap * 2 : STRBUF_MIN;

	while (cap - b->n <= n)
		cap *= 2;
	b->s = arena_extend(b->arena, b->s, b->cap, cap);
	b->cap = cap;
}

void strbuf_add(struct strbuf *b, const void *s, size_t n)
{
	assert(n < SIZE_MAX / 4); /* doubling below cannot overflow */
	if (b->cap - b->n <= n) /* cap 0 as well */
		strbuf_grow(b, n);
	if (n > 0)
		memcpy(b->s + b->n, s, n);
	b->n += n;
	b->s[b->n] = '\0';
}

void strbuf_addc(struct strbuf *b, char c)
{
	if (b->cap - b->n <= 1)
		strbuf_grow(b, 1);
	b->s[b->n++] = c;
	b->s[b->n] = '\0';
}

char *strbuf_more(struct strbuf *b, size_t n)
{
	char *at;

	assert(n < SIZE_MAX / 4);
	if (b->cap - b->n <= n)
		strbuf_grow(b, n);
	at = b->s + b->n;
	b->n += n;
	b->s[b->n] = '\0';
	return at;
}

void strbuf_adds(struct strbuf *b, struct str s)
{
	strbuf_add(b, s.s, s.n);
}

void strbuf_addz(struct strbuf *b, const char *s)
{
	strbuf_add(b, s, strlen(s));
}

void strbuf_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;
	int n;

	if (b->cap == 0)
		strbuf_grow(b, 0);
	/* Mostly it fits at the first try. */
	va_start(ap, fmt);
	n = vsnprintf(b->s + b->n, b->cap - b->n, fmt, ap);
	va_end(ap);
	assert(n >= 0);
	if ((size_t)n >= b->cap - b->n) {
		strbuf_grow(b, (size_t)n);
		va_start(ap, fmt);
		vsnprintf(b->s + b->n, b->cap - b->n, fmt, ap);
		va_end(ap);
	}
	b->n += (size_t)n;
}

void strbuf_addi(struct strbuf *b, int64_t v)
{
	/* Unsigned, because -INT64_MIN is none. */
	uint64_t left = v < 0 ? 0 - (uint64_t)v : (uint64_t)v;
	char digits[20];
	size_t at = sizeof(digits);

	do {
		digits[--at] = (char)('0' + left % 10);
		left /= 10;
	} while (left > 0);
	if (v < 0)
		digits[--at] = '-';
	strbuf_add(b, digits + at, sizeof(digits) - at);
}

void strbuf_cut(struct strbuf *b, size_t n)
{
	assert(n <= b->n);
	if (b->cap == 0)
		return;
	b->n = n;
	b->s[n] = '\0';
}

struct str strbuf_str(const struct strbuf *b)
{
	return b->s ? (struct str){b->s, b->n} : STR("");
}
