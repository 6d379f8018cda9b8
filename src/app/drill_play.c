/* SPDX-License-Identifier: Apache-2.0 */
/* drill_play.c -- plays the steps of a drill: each becomes a request on the virtual clock.
 *
 * Requests are run one by one, each at its own time, and land together: nothing waits for the disk
 * but the last of a batch.  A step that will be refused, or may be because a scenario's edit went
 * before, must not make the writer run the batch again at a later time: from then on each operation
 * has its savepoint.
 *
 * Between steps the duty officers look at their screens (drill_duty.c).
 */
#include "app/drill_play.h"

#include "app/drill_city.h"
#include "base/limits.h"
#include "domain/people/people.h"
#include "engine/name_map.h"

enum { BATCH = LIMIT_BATCH, PERSONS = 1 << 17 };

/* ---- landing ---- */

enum rc drill_land(struct op *op, struct drill_play *p)
{
	if (!p->n)
		return RC_OK;
	p->n = 0;
	TRY(drill_launch(op, p));
	p->open_batch = !p->open_batch;
	arena_reset(&p->batch[p->open_batch]); /* of the batch before, which has landed */
	return RC_OK;
}

/* ---- one request ---- */

/* Staff codes to persons, each looked up once. */
static enum rc find_here(struct op *op, struct str code, struct person_id *ret)
{
	struct drill_play *p = ((const struct drill_knowing *)op)->play; /* its first member */
	const struct person_id *known = name_map_get(&p->persons, code);

	if (known) {
		*ret = *known;
		return RC_OK;
	}
	TRY(people_find(op, code, ret));
	drill_know(p, code, *ret);
	return RC_OK;
}

void drill_know(struct drill_play *p, struct str code, struct person_id who)
{
	struct person_id *fresh;

	if (p->persons.n + 2 >= p->persons.cap / 2)
		return;
	fresh = ARENA_NEW(&p->keep, struct person_id);
	*fresh = who;
	(void)name_map_put(&p->persons, str_copy(&p->keep, code), fresh);
}

/* ${NAME} -> its value. */
enum rc drill_expand(struct op *op, struct arena *a, const struct drill *d, struct str text,
                     struct str *ret)
{
	struct strbuf b;
	size_t i = 0;

	if (!text.n || !strstr(text.s, "${")) {
		*ret = text;
		return RC_OK;
	}
	strbuf_init(&b, a);
	while (i < text.n) {
		struct str name, value;
		size_t end = i + 2;

		if (text.s[i] != '$' || i + 1 >= text.n || text.s[i + 1] != '{') {
			strbuf_addc(&b, text.s[i++]);
			continue;
		}
		while (end < text.n && text.s[end] != '}')
			end++;
		name = str_dup(a, text.s + i + 2, end - i - 2);
		value = drill_named(d, name);
		if (!value.n)
			return fail(op, RC_INVALID, "name", "", "没有名称 ${%s}", "there is no name ${%s}", name.s);
		strbuf_adds(&b, value);
		i = end + 1;
	}
	*ret = str_copy(a, strbuf_str(&b));
	return RC_OK;
}

static enum rc fill_data(struct op *op, struct drill_play *p, const struct drill_step *st,
                         field_person_finder *person, struct request *r)
{
	const struct command *c = modules_command(p->modules, r->command);
	struct beside *beside = arena_array(op->arena, LIMIT_PERSONAL, sizeof(*beside));
	struct json *in, *out;
	struct str data;

	TRY(drill_expand(op, op->arena, p->d, str_of(st->data), &data));
	TRY(json_read(op, data, &in));
	TRY(field_intake(op, c->fields, c->nfields, in, person, &out, beside, &r->nbeside));
	r->data = out;
	r->beside = beside;
	return RC_OK;
}

static void sign_with_key(struct op *op, struct drill_play *p, const struct request *r,
                          struct str code, struct signed_slot *s)
{
	struct ed25519_key key = drill_key(p->d->seed, code);
	struct str statement =
		slot_statement(op->arena, p->origin, p->exam, r->command, r->key, r->data);
	struct str message = slot_message(op->arena, s->slot, s->person, statement);
	struct signature sig = ed25519_sign(&key, message.s, message.n);

	s->how = SLOT_KEY;
	s->signature = str_dup(op->arena, (const char *)sig.b, sizeof(sig.b));
}

static enum rc fill_slot(struct op *op, struct drill_play *p, const struct request *r,
                         struct str word, field_person_finder *person, struct signed_slot *s)
{
	struct str slot, how, code;

	if (!str_cut(word, '=', &slot, &word) || !str_cut(word, ':', &how, &code))
		return fail(op, RC_INVALID, "slots", "", "签名位写法应为“名称=badge:工号”",
		            "a slot is written name=badge:CODE");
	code = str_copy(op->arena, code);
	*s = (struct signed_slot){.slot = str_copy(op->arena, slot)};
	for (s->how = 0; s->how < SLOT_HOW_MAX; s->how++)
		if (str_is(str_copy(op->arena, how), drill_how_text(s->how)))
			break;
	if (s->how == SLOT_HOW_MAX)
		return fail(op, RC_INVALID, "slots", "", "签名方式只有 key、badge、paper、phone",
		            "a slot is filled by key, badge, paper or phone");
	TRY(person(op, code, &s->person));
	if (s->how == SLOT_PHONE)
		s->note = STR("T1/0/D1");
	if (s->how == SLOT_KEY)
		sign_with_key(op, p, r, code, s);
	return RC_OK;
}

const char *drill_how_text(int how)
{
#define X(id, text) text,
	static const char *const TEXT[SLOT_HOW_MAX] = {SLOT_HOWS(X)};
#undef X

	return TEXT[how];
}

/* "giver=badge:X01-C01 receiver=key:X01-K1 " */
static enum rc fill_slots(struct op *op, struct drill_play *p, const struct drill_step *st,
                          field_person_finder *person, struct request *r)
{
	struct signed_slot *slots = arena_array(op->arena, LIMIT_SLOTS, sizeof(*slots));
	struct str rest = str_of(st->slots), word;

	while (rest.n) {
		if (!str_cut(rest, ' ', &word, &rest)) {
			word = rest;
			rest = STR("");
		}
		if (!word.n)
			continue;
		if (r->nslots == LIMIT_SLOTS)
			return fail(op, RC_INVALID, "slots", "", "签名太多", "too many signatures");
		TRY(fill_slot(op, p, r, word, person, &slots[r->nslots]));
		r->nslots++;
	}
	r->slots = slots;
	return RC_OK;
}

/* Two positions of the stream for what is told by the scenario, by its place in it, and two for
 * each answer of a duty officer: a step that is told again has the same key. */
enum rc drill_request(struct op *op, struct drill_play *p, const struct drill_step *st,
                      field_person_finder *person, struct request *r)
{
	uint64_t number = st->number ? st->number : p->d->nsteps + ++p->answered;

	*r = (struct request){.command = str_of(st->command), .source = st->source,
	                      .happened_ms = st->happened_ms,
	                      .noted_ms = st->happened_ms ? st->at_ms : 0};
	if (!modules_command(p->modules, r->command))
		return fail(op, RC_INVALID, "command", "", "没有命令 %s", "there is no command %s",
		            st->command);
	r->key = drill_key_of(op->arena, &p->random, number, st->at_ms);
	random_at(&p->random, 2 * number + 1);
	p->steps++;
	if (*st->as)
		TRY(person(op, str_of(st->as), &r->actor));
	TRY(fill_data(op, p, st, person, r));
	return fill_slots(op, p, st, person, r);
}

/* Orders may be refused once a scenario has interfered, anything beside real users; nothing else
 * may. */
static bool may_be_refused(struct drill_play *p, const struct drill_step *st, enum rc rc)
{
	const struct command *c = modules_command(p->modules, str_of(st->command));

	return p->live || rc == st->answer ||
	       (p->interfered && c && c->kind != FACT && rc == RC_CONFLICT);
}

static void publish(struct drill_play *p, const struct drill_step *st, const struct answer *a)
{
	if (st->publishes)
		drill_names_put(p->d, str_of(st->publishes),
		                str_fmt(&p->keep, "%lld", (long long)a->index));
}

enum rc drill_answer(struct op *op, struct drill_play *p, const struct drill_step *st,
                     const struct answer *a)
{
	if (a->rc != RC_OK && may_be_refused(p, st, a->rc)) {
		p->refused++;
		publish(p, st, a);
		return RC_OK;
	}
	if (a->rc != RC_OK) {
		op->err = a->err;
		return a->rc;
	}
	if (st->answer != RC_OK && !p->live)
		return fail(op, RC_INVALID, "answer", "", "步骤应被拒绝而未拒绝",
		            "the step should have been refused");
	publish(p, st, a);
	return RC_OK;
}

enum rc drill_say_which(struct op *op, const struct drill_step *st, enum rc rc)
{
	struct err e = op->err;
	struct arena a = {0};
	struct str at = clock_format_utc(&a, st->at_ms);

	(void)!fail(op, rc, e.field, e.article, "步骤 %s %s（%s）：%s%.0s",
	            "step %s %s (as %s): %.0s%s", at.s, st->command, st->as, e.zh, e.en);
	op->err.where = e.where;
	arena_release(&a);
	return rc;
}

static enum rc send(struct op *op, struct drill_play *p, const struct drill_step *st)
{
	struct request *r = &p->requests[p->n];
	struct answer *a = &p->answers[p->n];

	TRY(drill_request(op, p, st, find_here, r));
	*a = (struct answer){0};
	p->w->careful = p->careful;
	p->n++;
	if (writer_run(p->w, p->requests, p->answers, p->n - 1, p->n) != RC_OK) {
		op->err = a->err;
		return a->err.rc ? a->err.rc : RC_BROKEN;
	}
	return drill_answer(op, p, st, a);
}

static enum rc send_here(struct op *op, struct drill_play *p, const struct drill_step *st)
{
	struct drill_knowing k;
	enum rc rc;

	clock_set(p->w->clock, st->at_ms);
	p->careful = p->careful || st->edited || st->answer != RC_OK;
	if (p->n == BATCH || (p->careful && !p->w->careful))
		TRY(drill_land(op, p));
	p->interfered = p->interfered || st->edited;
	k = (struct drill_knowing){.play = p, .op = {.arena = &p->batch[p->open_batch],
	                                             .db = p->w->store->view, .now_ms = st->at_ms,
	                                             .random = &p->random}};
	rc = send(&k.op, p, st);
	if (rc != RC_OK) {
		op->err = k.op.err;
		return drill_say_which(op, st, rc);
	}
	return RC_OK;
}

/* Timers that are due, so that what has lapsed is seen when it has. */
static enum rc tick(struct op *op, struct drill_play *p, int64_t now_ms)
{
	int64_t due;

	TRY(drill_land(op, p));
	TRY(drill_settle(op, p));
	clock_set(p->w->clock, now_ms);
	if (writer_tick(p->w, &due) == RC_OK)
		return RC_OK;
	op->err = p->w->broken;
	return RC_BROKEN;
}

static enum rc look_here(struct op *op, struct drill_play *p, int64_t now_ms)
{
	if (p->w->next_due_ms <= now_ms)
		TRY(tick(op, p, now_ms));
	return drill_look(op, p);
}

static enum rc end_here(struct op *op, struct drill_play *p)
{
	TRY(tick(op, p, p->d->end_ms));
	return writer_idle(p->w);
}

static enum rc alarms_here(struct op *op, struct drill_play *p, struct drill_seen **ret,
                           size_t *ret_n)
{
	struct op own = {.arena = p->d->arena, .db = p->w->store->view, .now_ms = p->d->end_ms};
	struct alarm *a;
	enum rc rc = alarm_list(&own, STR(""), false, &a, ret_n);

	if (rc != RC_OK) {
		op->err = own.err;
		return rc;
	}
	*ret = arena_array(p->d->arena, *ret_n, sizeof(**ret));
	for (size_t i = 0; i < *ret_n; i++)
		(*ret)[i] = (struct drill_seen){.rule = a[i].rule, .place = a[i].place,
		                                .subject = a[i].subject, .at_ms = a[i].raised_ms};
	return RC_OK;
}

const struct drill_stage drill_here = {send_here, look_here, end_here, alarms_here};

/* ---- all ---- */

/* What the scenario tells up to a moment, and what the duty officers do meanwhile. */
static enum rc play_until(struct op *op, struct drill_play *p, int64_t until_ms)
{
	struct drill *d = p->d;

	for (; p->next < d->nsteps; p->next++) {
		struct drill_step *st = d->steps[p->next];

		if (st->omitted) {
			p->interfered = p->careful = true;
			continue;
		}
		if (st->at_ms > until_ms)
			break;
		st->number = p->next + 1;
		TRY(drill_duty(op, p, st->at_ms - 1)); /* they look when the moment is over */
		TRY(p->stage->send(op, p, st));
	}
	return RC_OK;
}

enum rc drill_play_all(struct op *op, struct drill_play *p)
{
	TRY(play_until(op, p, p->d->end_ms));
	TRY(drill_duty(op, p, p->d->end_ms));
	return p->stage->end(op, p);
}

struct drill_play *drill_play_new(const struct drill_stage *stage, const struct modules *m,
                                  struct drill *d)
{
	struct drill_play *p = ARENA_NEW(d->arena, struct drill_play);

	*p = (struct drill_play){.stage = stage, .modules = m, .d = d,
	                         .random = drill_random(d, "requests", 0)};
	name_map_init(&p->persons, &p->keep, PERSONS);
	return p;
}

void drill_play_free(struct drill_play *p)
{
	arena_release(&p->batch[0]);
	arena_release(&p->batch[1]);
	arena_release(&p->keep);
}

static struct drill_play *play_here(struct writer *w, struct drill *d)
{
	struct drill_play *p = drill_play_new(&drill_here, w->modules, d);

	p->w = w;
	p->origin = w->origin;
	p->exam = w->exam;
	p->requests = arena_array(d->arena, BATCH, sizeof(*p->requests));
	p->answers = arena_array(d->arena, BATCH, sizeof(*p->answers));
	return p;
}

enum rc drill_play(struct op *op, struct writer *w, struct drill *d, struct drill_result *ret)
{
	struct drill_play *p = play_here(w, d);
	enum rc rc = drill_lander_start(op, p);

	if (rc == RC_OK)
		rc = drill_play_all(op, p);
	drill_lander_stop(p);
	*ret = (struct drill_result){.steps = p->steps, .refused = p->refused};
	if (rc == RC_OK)
		rc = drill_judge(op, p, ret);
	drill_play_free(p);
	return rc;
}

/* ---- live: beside real users, and again after a restart ---- */

/* What the ledger has already is looked up, not sent, where its index may be asked for later. */
static enum rc remember(struct op *op, struct drill_play *p, struct drill_step *st,
                        bool *ret_known)
{
	struct answer a = {0};
	struct request r;
	struct drill_knowing k = {.play = p, .op = {.arena = &p->batch[p->open_batch],
	                                            .db = p->w->store->view, .now_ms = st->at_ms,
	                                            .random = &p->random}};

	st->number = p->next + 1;
	arena_reset(k.op.arena);
	if (drill_request(&k.op, p, st, find_here, &r) != RC_OK) {
		op->err = k.op.err;
		return k.op.err.rc;
	}
	(void)!writer_try(p->w, &r, &a);
	*ret_known = a.repeated;
	if (a.repeated)
		publish(p, st, &a);
	return RC_OK;
}

enum rc drill_live_begin(struct op *op, struct writer *w, struct drill *d,
                         struct drill_play **ret)
{
	struct drill_play *p = play_here(w, d);
	int64_t newest_ms = w->last_ms;

	p->live = p->interfered = p->careful = true;
	p->answered = w->ledger.tree.size; /* keys of the officers' answers that were never used */
	drill_lander_none(p);
	for (; p->next < d->nsteps && d->steps[p->next]->at_ms <= newest_ms; p->next++) {
		bool known = false;

		if (d->steps[p->next]->omitted ||
		    (d->steps[p->next]->at_ms < newest_ms && !d->steps[p->next]->publishes))
			continue;
		TRY(remember(op, p, d->steps[p->next], &known));
		if (!known && d->steps[p->next]->at_ms == newest_ms)
			break;
	}
	TRY(drill_duty_begin(op, p, newest_ms));
	*ret = p;
	return RC_OK;
}

enum rc drill_live_until(struct op *op, struct drill_play *p, int64_t until_ms, bool *ret_over)
{
	int64_t due;

	if (until_ms < p->w->last_ms)
		until_ms = p->w->last_ms; /* a city's clock does not go back either */
	if (until_ms > p->d->end_ms)
		until_ms = p->d->end_ms;
	TRY(play_until(op, p, until_ms));
	TRY(drill_duty(op, p, until_ms));
	TRY(drill_land(op, p));
	TRY(drill_settle(op, p));
	clock_set(p->w->clock, until_ms);
	*ret_over = until_ms == p->d->end_ms;
	if (writer_tick(p->w, &due) == RC_OK && writer_idle(p->w) == RC_OK)
		return RC_OK;
	op->err = p->w->broken;
	return RC_BROKEN;
}

int64_t drill_live_now(const struct drill_play *p)
{
	return clock_now_ms(p->w->clock);
}

void drill_live_end(struct drill_play *p)
{
	if (p)
		drill_play_free(p);
}
