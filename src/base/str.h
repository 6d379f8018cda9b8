/* SPDX-License-Identifier: Apache-2.0 */
/* str.h -- a string is a pointer and a length; the byte after its end is always NUL.
 *
 * A `struct str` does not own its bytes: they live as long as the arena or literal they come
 * from.  A `struct strbuf` grows inside an arena.
 */
#ifndef GY_STR_H
#define GY_STR_H

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/macros.h"

struct str {
	const char *s;
	size_t n;
};

#define STR(lit) ((struct str){"" lit, sizeof(lit) - 1})
#define STR_FMT "%.*s" /* with STR_ARG(x) */
#define STR_ARG(x) (int)(x).n, (x).s ? (x).s : ""

/* A view of a C string; NULL gives the empty string. */
struct str str_of(const char *s);

/* Copies, NUL-terminated. */
struct str str_dup(struct arena *a, const char *s, size_t n);
struct str str_copy(struct arena *a, struct str s);
struct str str_fmt(struct arena *a, const char *fmt, ...) PRINTF(2, 3);
struct str str_vfmt(struct arena *a, const char *fmt, va_list ap) PRINTF(2, 0);

/* Here, because tables are walked by the thousand of rows a request, and nearly all of them differ
 * in length. */
static inline bool str_eq(struct str a, struct str b)
{
	return a.n == b.n && (a.n == 0 || memcmp(a.s, b.s, a.n) == 0);
}
static inline bool str_is(struct str a, const char *b)
{
	return b ? str_eq(a, (struct str){b, strlen(b)}) : a.n == 0;
}
int str_cmp(struct str a, struct str b); /* byte order, as collation C */
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);

/* Splits at the first `sep`: true and *ret_head, *ret_tail set (views, the head NOT
 * NUL-terminated at its length); false when there is none and the outputs stay untouched. */
bool str_cut(struct str s, char sep, struct str *ret_head, struct str *ret_tail);

/* Decimal only: no sign but one leading '-', no blanks, no leading zeros but "0" itself,
 * so each number has one spelling ("-0" is refused).  False on anything else or overflow;
 * *ret untouched. */
bool str_to_i64(struct str s, int64_t *ret);

/* True when s is valid UTF-8 without U+0000, surrogates or overlong forms. */
bool str_utf8_valid(struct str s);

/* Bytes of its longest beginning that is valid in that sense; s.n when all of it is. */
size_t str_utf8_prefix(struct str s);

/* Code points of a valid UTF-8 string. */
size_t str_utf8_count(struct str s);

struct strbuf {
	struct arena *arena;
	char *s;
	size_t n, cap;
};

void strbuf_init(struct strbuf *b, struct arena *a);
void strbuf_add(struct strbuf *b, const void *s, size_t n);
void strbuf_addc(struct strbuf *b, char c);
void strbuf_adds(struct strbuf *b, struct str s);
void strbuf_addz(struct strbuf *b, const char *s);
void strbuf_addf(struct strbuf *b, const char *fmt, ...) PRINTF(2, 3);
void strbuf_addi(struct strbuf *b, int64_t v); /* decimal, faster than addf */
/* n bytes behind its end, which the caller fills at once. */
char *strbuf_more(struct strbuf *b, size_t n);
void strbuf_cut(struct strbuf *b, size_t n);   /* shortens to n bytes */
struct str strbuf_str(const struct strbuf *b); /* NUL-terminated view; the next add may move it */

#endif
