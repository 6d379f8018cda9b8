/* SPDX-License-Identifier: Apache-2.0 */
/* field_write.c -- structs to canonical JSON (RFC 8785), straight into the buffer.
 *
 * Members must stand sorted by name whatever the table's order.  Tables are short, so their order
 * is found anew on each call by an insertion sort on the stack: cheaper than a cache that threads
 * would have to share.  Names are ASCII, where byte order is the order of UTF-16 units.
 */
#include "engine/field_value.h"

#include "base/clock.h"
#include "base/hash.h"

static void sort_names(const struct field *f, size_t n, uint8_t *ret_order)
{
	assert(n <= FIELD_MAX);
	for (size_t i = 0; i < n; i++) {
		size_t j = i;

		for (; j > 0 && strcmp(f[ret_order[j - 1]].name, f[i].name) > 0; j--)
			ret_order[j] = ret_order[j - 1];
		ret_order[j] = (uint8_t)i;
	}
}

static int64_t int_at(const void *p)
{
	int64_t v;

	memcpy(&v, p, sizeof(v));
	return v;
}

bool field_is_absent(const struct field *f, const void *st)
{
	const void *p = (const char *)st + f->offset;

	switch (f->type) {
	case F_INT:
	case F_ID:
	case F_TIME:
	case F_PERSON:
		return int_at(p) == 0;
	case F_BOOL:
		return !*(const bool *)p;
	case F_ENUM:
		return *(const int *)p == 0;
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_BYTES:
	case F_SUBJECT:
		return ((const struct str *)p)->n == 0;
	case F_TEXT:
		return ((const struct text *)p)->mac.n == 0;
	case F_LIST:
		return ((const struct list *)p)->n == 0;
	}
	return false;
}

static void write_text(struct strbuf *b, const struct text *t, bool event)
{
	if (!event) {
		json_quote_to(b, t->mac);
		return;
	}
	strbuf_addz(b, "{\"mac\":");
	json_quote_to(b, t->mac);
	strbuf_addz(b, ",\"vault\":");
	strbuf_addi(b, t->vault);
	strbuf_addc(b, '}');
}

static void write_object(struct strbuf *b, const struct field *f, size_t n, const uint8_t *order,
                         const void *st, bool event);

static void write_list(struct strbuf *b, const struct field *f, const struct list *l, bool event)
{
	uint8_t order[FIELD_MAX];

	sort_names(f->list_of, f->list_n, order);
	strbuf_addc(b, '[');
	for (size_t i = 0; i < l->n; i++) {
		const void *item = (const char *)l->items + i * f->list_size;

		if (i > 0)
			strbuf_addc(b, ',');
		write_object(b, f->list_of, f->list_n, order, item, event);
	}
	strbuf_addc(b, ']');
}

static void write_hex(struct strbuf *b, struct str bytes)
{
	strbuf_addc(b, '"');
	strbuf_adds(b, hex_encode(b->arena, bytes.s, bytes.n));
	strbuf_addc(b, '"');
}

static void write_enum(struct strbuf *b, const struct field *f, int v)
{
	assert(v >= 0 && v < f->max); /* a rule made a value that its own table lacks */
	json_quote_to(b, str_of(f->names[v]));
}

static void write_value(struct strbuf *b, const struct field *f, const void *p, bool event)
{
	switch (f->type) {
	case F_INT:
	case F_ID:
	case F_PERSON:
		strbuf_addi(b, int_at(p));
		return;
	case F_BOOL:
		strbuf_addz(b, *(const bool *)p ? "true" : "false");
		return;
	case F_ENUM:
		write_enum(b, f, *(const int *)p);
		return;
	case F_TIME:
		json_quote_to(b, clock_format_utc(b->arena, int_at(p)));
		return;
	case F_CODE:
	case F_KEY:
	case F_PLACE:
	case F_HASH:
	case F_SUBJECT:
		json_quote_to(b, *(const struct str *)p);
		return;
	case F_BYTES:
		write_hex(b, *(const struct str *)p);
		return;
	case F_TEXT:
		write_text(b, p, event);
		return;
	case F_LIST:
		write_list(b, f, p, event);
		return;
	}
}

static void write_object(struct strbuf *b, const struct field *f, size_t n, const uint8_t *order,
                         const void *st, bool event)
{
	char before = '{';

	for (size_t i = 0; i < n; i++) {
		const struct field *m = &f[order[i]];
		const void *p = (const char *)st + m->offset;

		if (m->optional && field_is_absent(m, st))
			continue;
		strbuf_addc(b, before);
		before = ',';
		strbuf_addc(b, '"'); /* names of tables need no escapes */
		strbuf_addz(b, m->name);
		strbuf_add(b, "\":", 2);
		write_value(b, m, p, event);
	}
	if (before == '{')
		strbuf_addc(b, '{');
	strbuf_addc(b, '}');
}

void field_write(struct strbuf *b, const struct field *f, size_t n, const void *st, bool event)
{
	uint8_t order[FIELD_MAX];

	sort_names(f, n, order);
	write_object(b, f, n, order, st, event);
}
