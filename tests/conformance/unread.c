/* SPDX-License-Identifier: Apache-2.0 */
/* unread.c -- see unread.h. */
#include "kit/check.h"

#include "conformance/unread.h"
#include "domain/people/people.h"

static const char *const FORMS[] = {
	"\"data\":{%s\"no_such_member\":1}",
	("\"data\":{%s\"person\":\"NOBODY-1\"},\"slots\":[{\"slot\":\"x\",\"how\":\"badge\","
	 "\"person\":\"NOBODY-1\"}]"),
	"\"data\":{%s\"person\":\"P0001\"},\"slots\":7",
	"\"data\":{%s\"happened\":1},\"happened\":\"yesterday\"",
};

static size_t looked_up;

static enum rc find_counted(struct op *op, struct str code, struct person_id *ret)
{
	looked_up++;
	return people_find(op, code, ret);
}

void unread_watch(struct served *s)
{
	s->api.person = find_counted;
}

bool unread_says_place(const struct unread *u)
{
	return strstr(u->data, "\"place\":") != NULL;
}

void unread_sent(const struct unread *u, int64_t who)
{
	struct arena *a = &u->served->kit->arena;
	const char *path = str_fmt(a, "/api/v1/commands/%s", u->command).s;
	const char *place = unread_says_place(u) ? str_fmt(a, "\"place\":\"%s\",", u->place).s
	                                          : "";
	struct str first = {0};
	struct reply_heard h;

	looked_up = 0;
	for (size_t i = 0; i < COUNT(FORMS); i++) {
		const char *gap = strstr(FORMS[i], "%s");

		served_ask(u->served, who, "POST", path,
		           str_fmt(a, "{%.*s%s%s}", (int)(gap - FORMS[i]), FORMS[i], place, gap + 2).s,
		           &h);
		if (h.status != 403)
			fail_msg("%s by %lld: %d, not denied unread: %s", u->command, (long long)who,
			         h.status, h.body.s);
		if (i > 0 && !str_eq(h.body, first))
			fail_msg("%s: %s, and %s", u->command, first.s, h.body.s);
		first = h.body;
	}
	assert_int_equal(looked_up, 0);
}

static struct str replaced(struct arena *a, const char *text, const char *old, const char *new)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (const char *at; (at = strstr(text, old)) != NULL; text = at + strlen(old))
		strbuf_addf(&b, "%.*s%s", (int)(at - text), text, new);
	strbuf_addz(&b, text);
	return strbuf_str(&b);
}

/* Persons are of no place: anybody may have a post anywhere. */
static bool names_ours(const struct unread *u)
{
	return u->id && strncmp(u->command, "people.", 7) != 0;
}

static void swapped_sent(const struct unread *u, int64_t who)
{
	enum { NOTHING_HAS = 1000000 };
	struct kit *k = u->served->kit;
	struct arena *a = &k->arena;
	struct str own = replaced(a, u->data, str_fmt(a, "\"place\":\"%s\"", u->place).s,
	                          str_fmt(a, "\"place\":\"%s\"", u->other).s);
	const char *id = str_fmt(a, "%lld", (long long)u->id).s;
	const char *none = str_fmt(a, "%lld", (long long)u->id + NOTHING_HAS).s;
	uint64_t size = kit_size(k);
	enum rc rc = served_do(u->served, who, u->command, own.s, u->slots);
	struct str said = replaced(a, k->answer.err.en, id, none);

	if (rc == RC_OK || kit_size(k) != size)
		fail_msg("%s at %s with number %s of %s: %s", u->command, u->other, id, u->place,
		         rc_text(rc));
	if (served_do(u->served, who, u->command, replaced(a, own.s, id, none).s, u->slots) != rc ||
	    !str_is(said, k->answer.err.en))
		fail_msg("%s: %s, and of a number that nothing has %s", u->command, said.s,
		         k->answer.err.en);
	assert_int_equal(kit_size(k), size);
}

void unread_elsewhere(const struct unread *u, int64_t who)
{
	unread_sent(u, who);
	if (names_ours(u))
		swapped_sent(u, who);
}
