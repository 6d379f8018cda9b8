/* SPDX-License-Identifier: Apache-2.0 */
/* programme.c -- the profile in force, for people: the timetable with each step at its clock time,
 * the words of what it names, and every number with its source.  Nothing in it is about a person.
 */
#include "http/console.h"

#include "base/clock.h"
#include "engine/alarm.h"
#include "engine/order.h"
#include "engine/profile.h"
#include "engine/run.h"

static struct json *words(struct arena *a, struct json *list, struct str id, struct str zh,
                          struct str en)
{
	struct json *o = json_new_object(a);

	json_set_str(a, o, "id", id);
	json_set_str(a, o, "zh", zh.n ? zh : id);
	json_set_str(a, o, "en", en.n ? en : id);
	json_append(list, o);
	return o;
}

static void put_time(struct arena *a, struct json *o, const char *name, int64_t ms)
{
	json_set_str(a, o, name, clock_format_utc(a, ms));
}

static int64_t anchor_of(const struct profile_session *s, const struct profile_step *step)
{
	return step->anchor == ANCHOR_E ? s->end_ms : s->start_ms;
}

static struct json *steps_of(struct arena *a, const struct profile *p,
                             const struct profile_session *s)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nsteps; i++) {
		const struct profile_step *step = &p->steps[i];
		struct json *o;

		if (step->anchor == ANCHOR_EVENT)
			continue;
		o = words(a, list, step->id, step->zh, step->en);
		put_time(a, o, "from", anchor_of(s, step) + step->from_s * 1000);
		put_time(a, o, "to", anchor_of(s, step) + step->to_s * 1000);
	}
	return list;
}

static struct json *sessions_of(struct arena *a, const struct profile *p, bool steps)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nsessions; i++) {
		const struct profile_session *s = &p->sessions[i];
		struct json *o = words(a, list, s->id, s->zh, s->en);

		json_set_str(a, o, "half_day", s->half_day);
		json_set_bool(a, o, "listening", s->listening);
		json_set_str(a, o, "subject", s->subject);
		put_time(a, o, "start", s->start_ms);
		put_time(a, o, "end", s->end_ms);
		if (steps)
			json_put(o, "steps", steps_of(a, p, s));
	}
	return list;
}

/* By the `ref` of a field or a column. */
static struct json *keys(struct arena *a, const struct profile *p)
{
	struct json *o = json_new_object(a), *list;

	list = json_put(o, "subject", json_new_array(a));
	for (size_t i = 0; i < p->nsubjects; i++)
		words(a, list, p->subjects[i].id, p->subjects[i].zh, p->subjects[i].en);
	json_put(o, "session", sessions_of(a, p, false));
	list = json_put(o, "language", json_new_array(a));
	for (size_t i = 0; i < p->lists.nlanguages; i++)
		words(a, list, p->lists.languages[i].id, p->lists.languages[i].why.zh,
		      p->lists.languages[i].why.en);
	list = json_put(o, "combination", json_new_array(a));
	for (size_t i = 0; i < p->lists.ncombinations; i++)
		words(a, list, p->lists.combinations[i].id, p->lists.combinations[i].why.zh,
		      p->lists.combinations[i].why.en);
	list = json_put(o, "item", json_new_array(a));
	for (size_t i = 0; i < p->lists.nitems; i++)
		words(a, list, p->lists.items[i].id, p->lists.items[i].why.zh, p->lists.items[i].why.en);
	list = json_put(o, "decision", json_new_array(a));
	for (size_t i = 0; i < p->lists.ndecisions; i++)
		words(a, list, p->lists.decisions[i].id, p->lists.decisions[i].why.zh,
		      p->lists.decisions[i].why.en);
	list = json_put(o, "office", json_new_array(a));
	for (size_t i = 0; i < p->lists.noffices; i++)
		words(a, list, p->lists.offices[i].id, p->lists.offices[i].zh, p->lists.offices[i].en);
	return o;
}

enum rc programme_get(struct op *op, struct json *o)
{
	const struct profile *p = op_profile(op);

	json_put(o, "keys", keys(op->arena, p));
	put_time(op->arena, o, "now", op->now_ms);
	json_set_int(op->arena, o, "offset_min", p->utc_offset_min);
	json_put(o, "sessions", sessions_of(op->arena, p, true));
	return RC_OK;
}

/* ---- with sources ---- */

static void put_why(struct arena *a, struct json *o, struct str source, struct str article,
                    struct str sure)
{
	json_set_str(a, o, "article", article);
	json_set_str(a, o, "source", source);
	json_set_str(a, o, "sure", sure);
}

static const char *anchor_text(enum anchor anchor)
{
	switch (anchor) {
	case ANCHOR_EVENT: return "event";
	case ANCHOR_T: return "T";
	case ANCHOR_E: return "E";
	}
	return "";
}

static struct json *windows(struct arena *a, const struct profile *p)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nsteps; i++) {
		const struct profile_step *s = &p->steps[i];
		struct json *o = words(a, list, s->id, s->zh, s->en);

		json_set_str(a, o, "anchor", str_of(anchor_text(s->anchor)));
		json_set_str(a, o, "approver", s->approver);
		json_set_int(a, o, "every_s", s->every_s);
		json_set_int(a, o, "from_s", s->from_s);
		json_set_int(a, o, "to_s", s->to_s);
		put_why(a, o, s->source, s->article, s->sure);
	}
	return list;
}

static struct json *settings(struct arena *a, const struct profile *p)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nsettings; i++) {
		const struct profile_setting *s = &p->settings[i];
		struct json *o = words(a, list, s->id, s->zh, s->en);

		json_set_str(a, o, "approver", s->approver);
		json_set_int(a, o, "value", s->value);
		put_why(a, o, s->source, s->article, s->sure);
	}
	return list;
}

static struct json *rungs(struct arena *a, const struct profile_ladder *l)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < l->nrungs; i++) {
		struct json *o = json_new_object(a);

		json_set_int(a, o, "after_s", l->rungs[i].after_s);
		json_set_int(a, o, "level", l->rungs[i].level);
		json_set_str(a, o, "role", l->rungs[i].role);
		json_append(list, o);
	}
	return list;
}

static struct json *ladders(struct arena *a, const struct profile *p)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->nladders; i++) {
		const struct profile_ladder *l = &p->ladders[i];
		struct json *o = json_new_object(a);

		json_set_int(a, o, "ack_s", l->ack_s);
		json_set_int(a, o, "close_by", l->close_by);
		json_set_str(a, o, "colour", str_of(colour_text(l->colour)));
		json_put(o, "rungs", rungs(a, l));
		json_append(list, o);
	}
	return list;
}

static struct json *names_of(struct arena *a, const struct profile_names *n)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < n->n; i++) {
		struct json *v = ARENA_NEW(a, struct json);

		*v = (struct json){.type = JSON_STR, .s = n->list[i]};
		json_append(list, v);
	}
	return list;
}

static struct json *decisions(struct arena *a, const struct profile *p)
{
	struct json *list = json_new_array(a);

	for (size_t i = 0; i < p->lists.ndecisions; i++) {
		const struct profile_decision *d = &p->lists.decisions[i];
		struct json *o = words(a, list, d->id, d->why.zh, d->why.en);

		json_put(o, "consulted", names_of(a, &d->consulted));
		json_put(o, "deciders", names_of(a, &d->deciders));
		json_set_str(a, o, "form", d->form);
		json_put(o, "informed", names_of(a, &d->informed));
		json_set_bool(a, o, "phone", d->phone);
		put_why(a, o, d->why.source, d->why.article, d->why.sure);
	}
	return list;
}

enum { ADOPTIONS = 1024 }; /* a release, or a profile changed: far fewer in an examination */

/* The entry since which this profile is in force; releases adopt their rules under the same one. */
static enum rc adopted_at(struct op *op, const struct profile *p, int64_t *ret)
{
	struct rules_adoption *list = arena_alloc(op->arena, ADOPTIONS * sizeof(*list));
	struct str digest = hash_hex(op->arena, &p->digest);
	size_t n;

	*ret = -1;
	TRY(rules_history(op, list, ADOPTIONS, &n));
	while (n > 0 && str_eq(list[n - 1].what.profile, digest))
		*ret = list[--n].index;
	return RC_OK;
}

enum rc profile_get(struct op *op, struct json *o)
{
	const struct profile *p = op_profile(op);
	struct arena *a = op->arena;
	int64_t entry;

	TRY(adopted_at(op, p, &entry));
	json_put(o, "decisions", decisions(a, p));
	json_set_str(a, o, "digest", hash_hex(a, &p->digest));
	json_set_int(a, o, "entry", entry);
	json_set_str(a, o, "exam", p->exam);
	json_set_str(a, o, "id", p->id);
	json_put(o, "ladders", ladders(a, p));
	json_set_str(a, o, "name_zh", p->zh);
	json_set_str(a, o, "name_en", p->en);
	json_put(o, "sessions", sessions_of(a, p, false));
	json_put(o, "settings", settings(a, p));
	json_put(o, "steps", windows(a, p));
	return RC_OK;
}
