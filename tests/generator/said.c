/* SPDX-License-Identifier: Apache-2.0 */
/* said.c -- acts as a table says them: a query finds what they are about, a text says the rest.
 *
 * In both texts:  $P where it happens, $S the session at hand, $Z any session, $H the half day at
 * hand, $D today, $B the midnight before, $tMINUTES the time from now.  In the data besides: $N a
 * new number, $0 to $7 the row found.  Members that are not said stay as they were drawn; ' stands
 * for ", and "at" is where it happens when the data have no member "place".
 */
#include "generator/gen.h"

#define HOUR INT64_C(3600000)
#define DAY (24 * HOUR)

/* The newest that has begun or begins soon; now and then any. */
static const struct profile_session *at_hand(struct gen *g)
{
	const struct profile *p = &g->w.profile;
	const struct profile_session *s = &p->sessions[0];

	if (chance(g, 6))
		return &p->sessions[dice(g, p->nsessions)];
	for (size_t i = 0; i < p->nsessions; i++)
		if (p->sessions[i].start_ms - 3 * HOUR <= clock_now_ms(&g->clock))
			s = &p->sessions[i];
	return s;
}

static int64_t midnight(const struct gen *g)
{
	int64_t offset = g->w.profile.utc_offset_min * INT64_C(60000);

	return (clock_now_ms(&g->clock) + offset) / DAY * DAY - offset;
}

/* The local day of a session, which its half day begins with. */
static struct str today(struct gen *g)
{
	struct str s = clock_format_utc(&g->scratch, midnight(g) +
	                                g->w.profile.utc_offset_min * INT64_C(60000));

	return (struct str){s.s, s.n < 10 ? s.n : 10};
}

static void put_time(struct gen *g, struct strbuf *b, const char **s)
{
	char *end;
	long minutes = strtol(*s, &end, 10);

	*s = end;
	strbuf_adds(b, clock_format_utc(&g->scratch, clock_now_ms(&g->clock) + minutes * 60000));
}

static void put_column(struct strbuf *b, const struct row *r, int at)
{
	if (r->s[at].s)
		strbuf_adds(b, r->s[at]);
	else
		strbuf_addf(b, "%lld", (long long)r->i[at]);
}

static void put_word(struct gen *g, struct strbuf *b, char word, const struct plan *p)
{
	const struct profile *profile = &g->w.profile;

	switch (word) {
	case 'P':
		strbuf_adds(b, p->place);
		return;
	case 'S':
		strbuf_adds(b, at_hand(g)->id);
		return;
	case 'Z':
		strbuf_adds(b, profile->sessions[dice(g, profile->nsessions)].id);
		return;
	case 'H':
		strbuf_adds(b, at_hand(g)->half_day);
		return;
	case 'D':
		strbuf_adds(b, today(g));
		return;
	case 'B':
		strbuf_adds(b, clock_format_utc(&g->scratch, midnight(g)));
		return;
	case 'N':
		strbuf_addf(b, "%lld", (long long)++g->codes);
		return;
	default:
		die(g, "a recipe's $");
	}
}

static struct str fill_text(struct gen *g, const char *s, const struct plan *p,
                            const struct row *r)
{
	struct strbuf b;

	strbuf_init(&b, &g->scratch);
	while (*s) {
		char c = *s++;

		if (c == '\'' && r)
			strbuf_addc(&b, '"');
		else if (c != '$')
			strbuf_addc(&b, c);
		else if (*s == 't' && s++)
			put_time(g, &b, &s);
		else if (*s >= '0' && *s < '0' + ROW_COLUMNS && r)
			put_column(&b, r, *s++ - '0');
		else
			put_word(g, &b, *s++, p);
	}
	return strbuf_str(&b);
}

static void take_members(struct gen *g, struct plan *p, struct json *said)
{
	struct json *m = said->first, *next;

	for (; m; m = next) {
		struct str key = m->key;

		next = m->next;
		m->next = NULL;
		if (str_is(key, "place") || str_is(key, "at"))
			p->place = m->s;
		if (!str_is(key, "at"))
			json_put(p->data, str_dup(&g->scratch, key.s, key.n).s, m);
	}
}

bool say_plan(struct gen *g, const struct recipe *r, struct plan *p)
{
	struct row row = {0};
	struct json *said;

	if (r->sql && !draw(g, fill_text(g, r->sql, p, NULL), &row))
		return false;
	if (!r->data)
		return true;
	must(g, json_read(&g->op, fill_text(g, r->data, p, &row), &said), r->data);
	take_members(g, p, said);
	return true;
}
