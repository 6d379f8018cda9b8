/* SPDX-License-Identifier: Apache-2.0 */
/* html.c -- see html.h. */
#include "http/html.h"

#include <stdarg.h>

void html_text(struct strbuf *b, struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		switch (s.s[i]) {
		case '&':
			strbuf_addz(b, "&amp;");
			break;
		case '<':
			strbuf_addz(b, "&lt;");
			break;
		case '>':
			strbuf_addz(b, "&gt;");
			break;
		case '"':
			strbuf_addz(b, "&quot;");
			break;
		case '\'':
			strbuf_addz(b, "&#39;");
			break;
		default:
			strbuf_addc(b, s.s[i]);
		}
}

void html_addf(struct strbuf *b, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	for (; *fmt; fmt++) {
		if (fmt[0] == '%' && fmt[1] == 's')
			html_text(b, str_of(va_arg(ap, const char *)));
		else if (fmt[0] == '%' && fmt[1] == 'd')
			strbuf_addi(b, va_arg(ap, long long));
		else {
			strbuf_addc(b, *fmt);
			continue;
		}
		fmt++;
	}
	va_end(ap);
}

static int digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	c = (char)(c | 32);
	return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
}

static struct str decoded(struct arena *a, struct str s)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n; i++) {
		int high = i + 2 < s.n && s.s[i] == '%' ? digit(s.s[i + 1]) : -1;
		int low = high >= 0 ? digit(s.s[i + 2]) : -1;

		if (low >= 0) {
			strbuf_addc(&b, (char)(high * 16 + low));
			i += 2;
		} else {
			strbuf_addc(&b, s.s[i] == '+' ? ' ' : s.s[i]);
		}
	}
	return strbuf_str(&b);
}

struct str form_value(struct arena *a, struct str body, const char *name)
{
	struct str part, key, value;

	while (body.n) {
		if (!str_cut(body, '&', &part, &body)) {
			part = body;
			body = (struct str){"", 0};
		}
		if (str_cut(part, '=', &key, &value) && str_is(decoded(a, key), name))
			return decoded(a, value);
	}
	return (struct str){NULL, 0};
}
