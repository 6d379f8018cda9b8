/* SPDX-License-Identifier: Apache-2.0 */
/* foreign.c -- see foreign.h.
 *
 * A fact is recorded, whatever number stands in it; then the answer is a receipt and nothing else.
 */
#include "kit/check.h"

#include "conformance/foreign.h"
#include "conformance/named.h"
#include "domain/scene.h"
#include "engine/modules_private.h"

static const char *replaced(struct arena *a, const char *text, const char *old, const char *new)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (const char *at; (at = strstr(text, old)) != NULL; text = at + strlen(old))
		strbuf_addf(&b, "%.*s%s", (int)(at - text), text, new);
	strbuf_addz(&b, text);
	return strbuf_str(&b).s;
}

const char *foreign_place(struct arena *a, const char *place)
{
	return replaced(a, place, JN, ABROAD);
}

/* Numbers of things, in lists too, get `mark` before them; keys of the profile and texts stay. */
static void renumber(struct arena *a, struct json *o, const struct field *f, size_t n,
                     const char *mark)
{
	for (size_t i = 0; i < n; i++) {
		struct json *v = (struct json *)(uintptr_t)json_get(o, f[i].name);

		if (v && f[i].type == F_LIST)
			for (v = v->first; v; v = v->next)
				renumber(a, v, f[i].list_of, f[i].list_n, mark);
		else if (v && f[i].type == F_CODE && v->type == JSON_STR)
			v->s = str_fmt(a, "%s" STR_FMT, mark, STR_ARG(v->s));
	}
}

static const char *of_nothing(const struct foreign *f, const struct command *c, const char *data,
                              const char *mark)
{
	struct op op = {.arena = &f->served->kit->arena};
	struct json *o;

	assert_ok(json_read(&op, str_of(data), &o));
	renumber(op.arena, o, c->fields, c->nfields, mark);
	return json_canonical(op.arena, o).s;
}

static const struct slot *slot_of(const struct command *c, struct str name)
{
	for (size_t i = 0; i < c->nslots; i++)
		if (str_is(name, c->slots[i].name))
			return &c->slots[i];
	fail_msg("%s has no slot %s", c->name, name.s);
	return NULL;
}

/* The place's first parts, `less` fewer than it has. */
static const char *above(struct arena *a, const char *place, size_t less)
{
	struct str s = str_of(place);

	for (; less > 0 && s.n; less--) {
		while (s.n && s.s[s.n - 1] != '/')
			s.n--;
		s.n -= s.n > 0;
	}
	return str_dup(a, s.s, s.n).s;
}

static int64_t signer(const struct foreign *f, const struct slot *d, int64_t home,
                      const char *place, size_t nth)
{
	const struct kit *k = &f->served->kit[0];
	struct person_id who = {home};

	if (!d->roles || authority_holds(k->w.authority, who, str_of(d->roles[0]), str_of(place), 0,
	                                 clock_now_ms((struct clock *)(uintptr_t)&k->clock)))
		return home;
	return f->crowd->person(f->crowd->ctx, str_of(d->roles[0]),
	                        above(&f->served->kit->arena, place, nth));
}

/* The same slots, filled by people of `place`: one of it, the second of the place above. */
static const char *signed_abroad(const struct foreign *f, const struct command *c,
                                 const char *place)
{
	struct str rest = str_of(f->slots ? f->slots : ""), word, slot, how, person, last = {0};
	bool more = rest.n > 0;
	struct strbuf b;
	size_t nth = 0;

	strbuf_init(&b, &f->served->kit->arena);
	while (more) {
		int64_t home = 0;

		more = str_cut(rest, ' ', &word, &rest);
		if (!more)
			word = rest;
		assert_true(str_cut(word, '=', &slot, &how) && str_cut(how, ':', &how, &person));
		nth = last.n && str_eq(last, slot) ? nth + 1 : 0;
		last = slot;
		assert_true(str_to_i64(person, &home));
		strbuf_addf(&b, "%s" STR_FMT "=" STR_FMT ":%lld", b.n ? " " : "", STR_ARG(slot),
		            STR_ARG(how), (long long)signer(f, slot_of(c, slot), home, place, nth));
	}
	return b.n ? strbuf_str(&b).s : NULL;
}

/* These give a number to something new, and every number is given once in the whole ledger. */
static bool takes_a_number(const char *command)
{
	static const char *const TAKERS[] = {
		"people.add_unit", "exam.register_candidate", "custody.register_vehicle",
		"custody.register_consignment", "custody.plan_trip", "duty.roster", "duty.issue_order"};
	size_t i = 0;

	while (i < COUNT(TAKERS) && strcmp(command, TAKERS[i]) != 0)
		i++;
	return i < COUNT(TAKERS);
}

/* Orders about what is their own: no number of ours is in them, or one that is free. */
static bool of_their_own(const char *command)
{
	static const char *const OWN[] = {
		"people.assign_post", "people.end_post", "custody.order_second", "custody.stop_paper",
		"custody.lift_stop", "custody.close_half_day"};
	size_t i = 0;

	while (i < COUNT(OWN) && strcmp(command, OWN[i]) != 0)
		i++;
	return i < COUNT(OWN);
}

void foreign_sent(const struct foreign *f, int64_t who, const char *place)
{
	struct kit *k = f->served->kit;
	struct arena *a = &k->arena;
	const struct command *c = modules_command(&k->modules, str_of(f->command));
	const char *data = foreign_place(a, f->data), *slots = signed_abroad(f, c, place), *said;
	const char *mark = str_fmt(a, "Z%llu.", (unsigned long long)f->served->asked).s;
	enum rc rc = served_do(f->served, who, f->command, data, slots), none;

	said = str_dup(a, k->answer.err.en, strlen(k->answer.err.en)).s;
	if (strstr(said, JN))
		fail_msg("%s at %s: %s", f->command, place, said);
	if (c->place_by)
		named_as_nothing(&(struct named){k, f->served, c, data, slots}, who);
	if (c->place_by || c->kind == FACT || of_their_own(f->command))
		return;
	none = served_do(f->served, who, f->command, of_nothing(f, c, data, mark), slots);
	if (takes_a_number(f->command) && rc == RC_CONFLICT)
		return;
	if (rc != none || strcmp(said, replaced(a, k->answer.err.en, mark, "")) != 0)
		fail_msg("%s at %s: %s (%s), of nothing %s (%s)", f->command, place, rc_text(rc), said,
		         rc_text(none), k->answer.err.en);
}
