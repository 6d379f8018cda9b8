/* SPDX-License-Identifier: Apache-2.0 */
/* json.c -- strict reading, and RFC 8785 writing: canonical bytes are their own canonical form. */
#include "base/json.h"
#include "base/limits.h"

#include "fuzz.h"

static bool same(const struct json *a, const struct json *b);

/* Order is a document's own business; keys are not. */
static bool same_members(const struct json *a, const struct json *b)
{
	const struct json *other = b->first;

	for (const struct json *v = a->first; v; v = v->next) {
		if (a->type == JSON_OBJECT)
			other = json_get(b, v->key.s);
		if (!other || !same(v, other))
			return false;
		other = other->next;
	}
	return true;
}

static bool same(const struct json *a, const struct json *b)
{
	if (a->type != b->type || a->count != b->count || a->b != b->b || a->i != b->i)
		return false;
	return str_eq(a->s, b->s) && same_members(a, b);
}

/* The next UTF-16 unit of UTF-8 text; *low is the second half of a pair, when there is one. */
static unsigned next_unit(const unsigned char **p, unsigned *low)
{
	unsigned c = *(*p)++;
	int more = c < 0x80 ? 0 : c < 0xe0 ? 1 : c < 0xf0 ? 2 : 3;

	if (*low) {
		(*p)--;
		c = *low;
		*low = 0;
		return c;
	}
	c = more ? c & (0x3fu >> more) : c;
	for (; more > 0; more--)
		c = c << 6 | (*(*p)++ & 0x3fu);
	if (c < 0x10000)
		return c;
	*low = 0xdc00 + ((c - 0x10000) & 0x3ff);
	return 0xd800 + ((c - 0x10000) >> 10);
}

/* RFC 8785's order, worked out unit by unit. */
static bool comes_before(struct str a, struct str b)
{
	const unsigned char *p = (const unsigned char *)a.s, *q = (const unsigned char *)b.s;
	unsigned low_p = 0, low_q = 0, x, y;

	do {
		x = next_unit(&p, &low_p); /* the NUL behind the text comes before any unit */
		y = next_unit(&q, &low_q);
	} while (x == y && x != 0);
	return x < y;
}

static void check_order(const struct json *v)
{
	for (const struct json *m = v->first; m; m = m->next) {
		FUZZ_CHECK(v->type != JSON_OBJECT || !m->next || comes_before(m->key, m->next->key));
		check_order(m);
	}
}

static size_t check_value(const struct json *v, int depth)
{
	size_t n = 0, items = 0;

	FUZZ_CHECK(depth <= LIMIT_JSON_DEPTH);
	FUZZ_CHECK(v->i >= -LIMIT_INT && v->i <= LIMIT_INT);
	FUZZ_CHECK(str_utf8_valid(v->s) && str_utf8_valid(v->key));
	for (const struct json *m = v->first; m; m = m->next, n++) {
		FUZZ_CHECK(v->type == JSON_OBJECT || m->key.s == NULL);
		if (v->type == JSON_OBJECT)
			FUZZ_CHECK(json_get(v, m->key.s) == m); /* each key once */
		FUZZ_CHECK(m->next || v->last == m);
		items += check_value(m, depth + (m->type == JSON_OBJECT || m->type == JSON_ARRAY));
	}
	FUZZ_CHECK(n == v->count);
	FUZZ_CHECK(n == 0 || v->type == JSON_OBJECT || v->type == JSON_ARRAY);
	return items + n;
}

/* Members and elements that a valid text says: one behind each comma, and one behind each bracket
 * that is not closed at once.  A key said twice would be one too many. */
static size_t items_of(struct str text)
{
	bool quoted = false;
	size_t n = 0;
	char before = 0;

	for (size_t i = 0; i < text.n; i++) {
		char c = text.s[i];

		if (quoted && c == '\\')
			i++;
		else if (c == '"')
			quoted = !quoted;
		if (strchr(" \t\r\n", c) || (quoted && c != '"'))
			continue;
		n += c == ',' && !quoted;
		n += (before == '[' && c != ']') || (before == '{' && c != '}');
		before = quoted ? 'q' : c;
	}
	return n;
}

/* Values put into a document made by hand. */
static void check_building(struct arena *a, const struct json *v)
{
	struct json *o = json_new_object(a), *list = json_new_array(a);

	for (const struct json *m = v->first; m; m = m->next) {
		const char *key = v->type == JSON_OBJECT ? m->key.s : "k";

		json_set_int(a, o, key, m->i);
		json_set_str(a, o, key, m->s);
		json_set_bool(a, o, "flag", m->b);
		json_set_null(a, list, NULL);
		FUZZ_CHECK(strcmp(key, "flag") == 0 || str_eq(json_str(o, key), m->s));
		FUZZ_CHECK(json_int(o, key, -7) == -7 && json_bool(o, "flag", !m->b) == m->b);
	}
	json_put(o, "list", list);
	FUZZ_CHECK(list->count == v->count);
	FUZZ_CHECK(json_canonical(a, o).n > 0);
}

static void check_members(const struct json *v, int depth)
{
	FUZZ_PLANTED(depth > 1 && v->type == JSON_STR && v->s.n > 12);
	for (const struct json *m = v->first; m; m = m->next)
		check_members(m, depth + 1);
}

void fuzz_target(struct op *op, struct str in)
{
	struct json *v, *again, *slow;
	struct str text, pretty, given = str_copy(op->arena, in);
	size_t items;
	enum rc rc;

	FUZZ_PAINT(v);
	rc = json_read_slowly(op, in, &slow);
	FUZZ_CHECK(json_read(op, in, &v) == rc);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, "");
		FUZZ_CHECK(strncmp(op->err.en, "line ", 5) == 0 && strstr(op->err.zh, "列"));
		FUZZ_CHECK(FUZZ_UNTOUCHED(v));
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(same(v, slow));
	items = check_value(v, v->type == JSON_OBJECT || v->type == JSON_ARRAY);
	FUZZ_CHECK(items == items_of(given) && items <= LIMIT_JSON_ITEMS);
	text = json_canonical(op->arena, v);
	FUZZ_CHECK(json_read(op, text, &again) == RC_OK && same(v, again));
	FUZZ_CHECK(str_eq(json_canonical(op->arena, again), text));
	check_order(again);
	pretty = json_pretty(op->arena, v);
	FUZZ_CHECK(json_read(op, pretty, &again) == RC_OK && same(v, again));
	check_building(op->arena, v);
	check_members(v, 0);
}
