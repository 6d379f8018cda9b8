/* SPDX-License-Identifier: Apache-2.0 */
/* err.c -- see err.h.
 *
 * Texts are made in buffers of our own before *e is written: an argument may well be the text of
 * the error that is being replaced.
 */
#include <stdarg.h>

#include "base/err.h"

/* One row a code, from the one list in err.h. */
struct rc_row {
	const char *text;
	int http, exit;
};

#define X(name, http_, exit_, text_) [RC_##name] = {.text = text_, .http = http_, .exit = exit_},
static const struct rc_row ROWS[] = {RC_LIST(X)};
#undef X

const char *rc_text(enum rc rc)
{
	assert(rc < RC_MAX);
	return ROWS[rc].text;
}

enum rc rc_parse(struct str text)
{
	for (int i = 0; i < RC_MAX; i++)
		if (str_is(text, ROWS[i].text))
			return (enum rc)i;
	return RC_BROKEN;
}

int rc_http(enum rc rc)
{
	assert(rc < RC_MAX);
	return ROWS[rc].http;
}

int rc_exit(enum rc rc)
{
	assert(rc < RC_MAX);
	return ROWS[rc].exit;
}

/* Takes away a UTF-8 sequence whose end was cut off. */
static void end_at_border(char *s, size_t n)
{
	size_t lead = n, need;
	unsigned char c;

	/* Back over at most three tail bytes to the byte that leads them. */
	while (lead > 0 && n - lead < 3 && ((unsigned char)s[lead - 1] & 0xc0) == 0x80)
		lead--;
	if (lead == 0)
		return;
	c = (unsigned char)s[lead - 1];
	need = c >= 0xf0 ? 4 : c >= 0xe0 ? 3 : c >= 0xc0 ? 2 : 1;
	if (need > n - lead + 1)
		s[lead - 1] = '\0';
}

/* What a caller sent may be said again in an error, whatever it is: texts of errors are UTF-8. */
static void mend_utf8(char *s)
{
	for (s += str_utf8_prefix(str_of(s)); *s; s += str_utf8_prefix(str_of(s)))
		*s = '?';
}

static void put_text(char *ret, size_t cap, const char *s)
{
	size_t n = s ? strlen(s) : 0;
	bool cut = n >= cap;

	if (cut)
		n = cap - 1;
	if (n > 0)
		memcpy(ret, s, n);
	ret[n] = '\0';
	if (cut)
		end_at_border(ret, n);
	mend_utf8(ret);
}

static void put_format(char *ret, size_t cap, const char *fmt, va_list ap)
{
	int n = vsnprintf(ret, cap, fmt, ap);

	assert(n >= 0);
	if ((size_t)n >= cap)
		end_at_border(ret, cap - 1);
	mend_utf8(ret);
}

enum rc err_setv(struct err *e, const char *where, enum rc rc, const char *field,
                 const char *article, const char *zh, const char *en, va_list ap)
{
	struct err next = {.rc = rc, .where = where};
	va_list again;

	assert(rc != RC_OK && rc < RC_MAX);
	put_text(next.field, sizeof(next.field), field);
	put_text(next.article, sizeof(next.article), article);
	va_copy(again, ap); /* the same arguments once for each language */
	put_format(next.zh, sizeof(next.zh), zh, ap);
	put_format(next.en, sizeof(next.en), en, again);
	va_end(again);
	*e = next; /* whole: an argument may have come from the old one */
	return rc;
}

enum rc err_set(struct err *e, const char *where, enum rc rc, const char *field,
                const char *article, const char *zh, const char *en, ...)
{
	va_list ap;

	va_start(ap, en);
	err_setv(e, where, rc, field, article, zh, en, ap);
	va_end(ap);
	return rc;
}

void err_say(struct err *e, const char *zh, const char *en)
{
	put_text(e->zh, sizeof(e->zh), zh);
	put_text(e->en, sizeof(e->en), en);
}
