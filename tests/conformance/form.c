/* SPDX-License-Identifier: Apache-2.0 */
/* form.c -- see form.h.  What it makes is well formed, not true: no such bag need be there. */
#include "conformance/form.h"

static void form_to(struct strbuf *b, const struct field *f, const struct field *named,
                    const char *name);

static void object_to(struct strbuf *b, const struct field *f, size_t n, const struct field *named,
                      const char *name)
{
	size_t i;

	strbuf_addc(b, '{');
	for (i = 0; i < n; i++) {
		strbuf_addf(b, "%s\"%s\":", i ? "," : "", f[i].name);
		form_to(b, &f[i], named, name);
	}
	strbuf_addc(b, '}');
}

static void hex_to(struct strbuf *b, int64_t bytes)
{
	strbuf_addc(b, '"');
	for (; bytes > 0; bytes--)
		strbuf_addz(b, "ab");
	strbuf_addc(b, '"');
}

static void form_to(struct strbuf *b, const struct field *f, const struct field *named,
                    const char *name)
{
	if (f == named) {
		strbuf_addf(b, "\"%s\"", name);
		return;
	}
	switch (f->type) {
	case F_INT:
		strbuf_addi(b, f->min > 0 ? f->min : 1);
		return;
	case F_ID:
	case F_PERSON:
		strbuf_addz(b, "1");
		return;
	case F_BOOL:
		strbuf_addz(b, "true");
		return;
	case F_ENUM:
		strbuf_addf(b, "\"%s\"", f->names[0]);
		return;
	case F_TIME:
		strbuf_addz(b, "\"2025-06-07T08:00:00+08:00\"");
		return;
	case F_CODE:
		strbuf_addz(b, "\"X-1\"");
		return;
	case F_KEY:
		strbuf_addz(b, "\"chinese\"");
		return;
	case F_PLACE:
		strbuf_addz(b, "\"sc/cd/jn/s01\"");
		return;
	case F_SUBJECT:
		strbuf_addz(b, "\"V1\"");
		return;
	case F_TEXT:
		strbuf_addz(b, "\"xy\"");
		return;
	case F_HASH:
		hex_to(b, 32);
		return;
	case F_BYTES:
		hex_to(b, f->min > 0 ? f->min : 1);
		return;
	case F_LIST:
		strbuf_addc(b, '[');
		object_to(b, f->list_of, f->list_n, named, name);
		strbuf_addc(b, ']');
		return;
	}
}

struct str form_body(struct arena *a, const struct command *c, const struct field *named,
                     const char *name)
{
	struct strbuf b;

	strbuf_init(&b, a);
	object_to(&b, c->fields, c->nfields, named, name);
	return strbuf_str(&b);
}
