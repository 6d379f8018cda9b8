/* SPDX-License-Identifier: Apache-2.0 */
/* named.c -- see named.h. */
#include "kit/check.h"

#include "conformance/named.h"

#define NO_CODE "Z0.NOBODYS"
#define NO_NUMBER INT64_C(9000000000000000)

static struct str swapped(struct arena *a, struct str text, struct str old, struct str new)
{
	struct strbuf b;
	const char *from = text.s;

	strbuf_init(&b, a);
	for (const char *at; (at = strstr(from, old.s)) != NULL; from = at + old.n)
		strbuf_addf(&b, "%.*s%s", (int)(at - from), from, new.s);
	strbuf_addz(&b, from);
	return strbuf_str(&b);
}

/* All that he hears, over HTTP to the byte. */
static struct str heard(const struct named *n, int64_t who, const char *data)
{
	struct kit *k = n->kit;
	const struct err *e = &k->answer.err;
	enum rc rc = n->served ? served_do(n->served, who, n->command->name, data, n->slots)
	                       : kit_do(k, who, n->command->name, data, n->slots);

	if (rc != RC_NOT_FOUND)
		fail_msg("%s %s: %s (%s)", n->command->name, data, rc_text(rc), e->en);
	if (n->served)
		return str_fmt(&k->arena, "%d " STR_FMT, n->served->last.status,
		               STR_ARG(n->served->last.body));
	return str_fmt(&k->arena, "%s %s %s %s", e->field, e->article, e->zh, e->en);
}

void named_as_nothing(const struct named *n, int64_t who)
{
	struct arena *a = &n->kit->arena;
	struct op op = {.arena = a};
	struct str is = heard(n, who, n->data), none, old, new = STR(NO_CODE);
	struct json *o, *v;

	assert_ok(json_read(&op, str_of(n->data), &o));
	v = (struct json *)(uintptr_t)json_get(o, n->command->place_by);
	assert_non_null(v);
	old = v->type == JSON_STR ? v->s : str_fmt(a, "%lld", (long long)v->i);
	if (v->type == JSON_INT)
		new = str_fmt(a, "%lld", (long long)NO_NUMBER);
	v->s = new;
	v->i = NO_NUMBER;
	none = heard(n, who, json_canonical(a, o).s);
	if (!strstr(none.s, new.s))
		fail_msg("%s names no number: %s", n->command->name, none.s);
	if (!str_eq(is, swapped(a, none, new, old)))
		fail_msg("%s: %s, but of nothing %s", n->command->name, is.s, none.s);
}
