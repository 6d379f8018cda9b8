/* SPDX-License-Identifier: Apache-2.0 */
/* html.h -- text into pages: what comes from outside is escaped, always. */
#ifndef GY_HTTP_HTML_H
#define GY_HTTP_HTML_H

#include "base/str.h"

/* Escaped for text and for attributes in double quotes. */
void html_text(struct strbuf *b, struct str s);
/* A format whose %s are escaped, each; %d is a number (int64_t as long long). */
void html_addf(struct strbuf *b, const char *fmt, ...);

/* The value of a field of an application/x-www-form-urlencoded body, decoded; {NULL, 0}: absent. */
struct str form_value(struct arena *a, struct str body, const char *name);

#endif
