/* SPDX-License-Identifier: Apache-2.0 */
/* unread.c -- see unread.h. */
#include "kit/check.h"

#include "conformance/unread.h"
#include "domain/people/people.h"

static const char *const FORMS[] = {
	"\"data\":{%s\"no_such_member\":1}",
	"\"data\":{%s\"person\":\"NOBODY-1\"},\"slots\":[{\"slot\":\"x\",\"how\":\"badge\","
	"\"person\":\"NOBODY-1\"}]",
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

void unread_sent(const struct unread *u, int64_t who)
{
	struct arena *a = &u->served->kit->arena;
	const char *path = str_fmt(a, "/api/v1/commands/%s", u->command).s;
	const char *place = u->says_place ? str_fmt(a, "\"place\":\"%s\",", u->place).s : "";
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
