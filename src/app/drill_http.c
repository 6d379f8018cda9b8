/* SPDX-License-Identifier: Apache-2.0 */
/* drill_http.c -- a drill against a server that lets itself be directed (`gongyuan serve --direct`,
 * http/stage.h).
 *
 * Steps travel in batches, each with its time: the server puts its virtual clock on to it and runs
 * the act, so that the ledger is the one that a drill in process gives.  A batch ends with a step
 * whose number later ones name.  What cannot be reached is asked again with the same keys.
 */
#include "app/drill_http.h"

#include <time.h>
#include <unistd.h>

#include "app/drill_play.h"
#include "base/limits.h"
#include "net/client.h"

enum { ACTS = 500, BYTES = LIMIT_BODY / 2, TRIES = 120, PAUSE_US = 250000 };

struct drill_far {
	struct drill_http_options o;
	struct http_session *session;
	struct arena arena;       /* of one exchange */
	struct arena batch;       /* of the acts that wait */
	struct strbuf body;
	struct drill_step steps[ACTS];
	size_t n;
	bool met;                 /* it has answered once: from then on it is waited for */
	bool dirty;               /* something was sent since the last look */
	int64_t due_ms;           /* when the server's next timer is due */
	int64_t size;             /* entries */
	int64_t from_ms, began_ms;
};

static enum rc ask(struct op *op, struct drill_far *f, const char *path, struct str body,
                   struct http_answer *ret)
{
	struct http_question q = {.url = str_fmt(op->arena, STR_FMT "%s", STR_ARG(f->o.url), path),
	                          .post = body.n > 0, .body = body, .max = LIMIT_JSON_BYTES,
	                          .bearer = f->o.token, .cacert = f->o.cacert,
	                          .type = STR("application/json"), .session = f->session};
	enum rc rc = RC_BUSY;

	for (int i = 0; i < (f->met ? TRIES : 1) && rc == RC_BUSY; i++) {
		if (i)
			(void)usleep(PAUSE_US);
		op->err = (struct err){0};
		rc = http_ask(op, &q, ret);
		if (rc == RC_OK && ret->status == 503)
			rc = fail(op, RC_BUSY, "http", "", "服务器繁忙", "the server is busy");
	}
	return rc;
}

static enum rc refused(struct op *op, const struct http_answer *a)
{
	struct json *o;
	struct str zh, en;

	if (json_read(op, a->body, &o) != RC_OK)
		return fail(op, RC_INVALID, "http", "", "服务器答复 %d，不是本系统的答复",
		            "the server answered %d, which is no answer of this system's", a->status);
	zh = json_str(o, "detail");
	en = json_str(o, "title");
	return fail(op, a->status == 401 ? RC_DENIED : RC_INVALID, "http", "", "服务器：%s%.0s",
	            "the server: %.0s%s", zh.n ? zh.s : "", en.n ? en.s : zh.s);
}

static enum rc ask_json(struct op *op, struct drill_far *f, const char *path, struct str body,
                        struct json **ret)
{
	struct http_answer a = {0};

	TRY(ask(op, f, path, body, &a));
	if (a.status != 200)
		return refused(op, &a);
	return json_read(op, a.body, ret);
}

/* ---- acts ---- */

static enum rc rc_of(int64_t status)
{
	for (enum rc rc = RC_INVALID; rc < RC_MAX; rc++)
		if (rc_http(rc) == status)
			return rc;
	return status == 400 ? RC_INVALID : RC_BROKEN;
}

/* A registration makes the person's number. */
static void know(struct drill_play *p, const struct drill_step *st, int64_t index)
{
	struct op own = {.arena = &p->far->arena};
	struct json *o;

	if (json_read(&own, str_of(st->data), &o) == RC_OK)
		drill_know(p, json_str(o, "code"), (struct person_id){index});
}

static enum rc took(struct op *op, struct drill_play *p, const struct drill_step *st,
                    const struct json *o)
{
	struct answer a = {.index = json_int(o, "index", -1)};
	int64_t status = json_int(o, "status", 200);
	enum rc rc;

	if (status >= 400)
		a.rc = err_set(&a.err, GY_WHERE, rc_of(status), "", "", "服务器：%s%.0s", "the server: %.0s%s",
		               json_str(o, "detail").s, json_str(o, "title").s);
	rc = drill_answer(op, p, st, &a);
	if (rc == RC_OK && a.rc == RC_OK && !strcmp(st->command, "people.register"))
		know(p, st, a.index);
	return rc == RC_OK ? rc : drill_say_which(op, st, rc);
}

static enum rc flush(struct op *op, struct drill_play *p)
{
	struct drill_far *f = p->far;
	struct op own = {.arena = &f->arena};
	struct json *o = NULL;
	const struct json *answers, *each;
	enum rc rc;
	size_t i = 0;

	if (!f->n)
		return RC_OK;
	strbuf_addc(&f->body, ']');
	rc = ask_json(&own, f, "/api/v1/stage/acts", strbuf_str(&f->body), &o);
	answers = rc == RC_OK ? json_get(o, "answers") : NULL;
	if (rc == RC_OK && (!answers || answers->count != f->n))
		rc = fail(&own, RC_INVALID, "http", "", "服务器的答复不是每步一个",
		          "the server did not answer each step");
	for (each = answers ? answers->first : NULL; each && rc == RC_OK; each = each->next, i++)
		rc = took(&own, p, &f->steps[i], each);
	if (rc != RC_OK)
		op->err = own.err;
	arena_reset(&f->arena);
	arena_reset(&f->batch);
	f->n = 0;
	f->dirty = true;
	return rc;
}

static void member(struct strbuf *b, const char *name, struct str v)
{
	strbuf_addf(b, ",\"%s\":", name);
	json_quote_to(b, v);
}

static void time_member(struct arena *a, struct strbuf *b, const char *name, int64_t ms)
{
	member(b, name, clock_format_utc(a, ms));
}

static enum rc find_person(struct op *op, struct str code, struct person_id *ret)
{
	const struct drill_knowing *k = (const struct drill_knowing *)op; /* its first member */
	const struct person_id *known = name_map_get(&k->play->persons, code);

	if (!known)
		return fail(op, RC_NOT_FOUND, "person", "", "没有工号为 %s 的人员",
		            "nobody has the staff code %s", code.s);
	*ret = *known;
	return RC_OK;
}

static void put_slot(struct strbuf *b, const struct signed_slot *s, bool first)
{
	strbuf_addz(b, first ? "{\"how\":" : ",{\"how\":");
	json_quote_to(b, str_of(drill_how_text(s->how)));
	if (s->note.n)
		member(b, "note", s->note);
	strbuf_addf(b, ",\"person\":%lld", (long long)s->person.v);
	if (s->signature.n)
		member(b, "signature", hex_encode(b->arena, (const uint8_t *)s->signature.s,
		                                  s->signature.n));
	member(b, "slot", s->slot);
	strbuf_addc(b, '}');
}

static void put_text(struct strbuf *b, const struct beside *x, bool first)
{
	strbuf_addz(b, first ? "{\"field\":" : ",{\"field\":");
	json_quote_to(b, x->field);
	member(b, "text", x->text);
	member(b, "salt", hex_encode(b->arena, x->salt, sizeof(x->salt)));
	strbuf_addc(b, '}');
}

static void put(struct strbuf *b, const struct drill_step *st, const struct request *r)
{
	strbuf_addf(b, "{\"actor\":%lld", (long long)r->actor.v);
	time_member(b->arena, b, "clock", st->at_ms);
	strbuf_addz(b, ",\"act\":{\"command\":");
	json_quote_to(b, r->command);
	if (r->happened_ms) {
		time_member(b->arena, b, "happened", r->happened_ms);
		time_member(b->arena, b, "noted", r->noted_ms);
	}
	member(b, "key", r->key);
	member(b, "source", source_text(r->source));
	strbuf_addz(b, ",\"data\":");
	json_canonical_to(b, r->data);
	strbuf_addz(b, ",\"slots\":[");
	for (size_t i = 0; i < r->nslots; i++)
		put_slot(b, &r->slots[i], i == 0);
	strbuf_addz(b, "]},\"beside\":[");
	for (size_t i = 0; i < r->nbeside; i++)
		put_text(b, &r->beside[i], i == 0);
	strbuf_addz(b, "]}");
}

/* At a speed, a moment of the drill is waited for. */
static void pace(struct drill_far *f, int64_t at_ms)
{
	struct timespec t;
	int64_t now, due;

	if (!f->o.speed)
		return;
	clock_gettime(CLOCK_MONOTONIC, &t);
	now = (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
	if (!f->began_ms) {
		f->from_ms = at_ms;
		f->began_ms = now;
	}
	due = f->began_ms + (at_ms - f->from_ms) / f->o.speed;
	if (due > now)
		(void)usleep((useconds_t)(due - now) * 1000);
}

/* Who was registered in acts that wait is known when they are answered. */
static enum rc make(struct op *op, struct drill_play *p, const struct drill_step *st,
                    struct request *ret)
{
	struct drill_far *f = p->far;
	uint64_t steps = p->steps, answered = p->answered;
	struct drill_knowing k = {.play = p, .op = {.arena = &f->batch, .now_ms = st->at_ms,
	                                            .random = &p->random}};
	enum rc rc = drill_request(&k.op, p, st, find_person, ret);

	if (rc != RC_OK && f->n) {
		TRY(flush(op, p));
		p->steps = steps;
		p->answered = answered;
		rc = drill_request(&k.op, p, st, find_person, ret);
	}
	op->err = k.op.err;
	return rc;
}

static enum rc send_there(struct op *op, struct drill_play *p, const struct drill_step *st)
{
	struct drill_far *f = p->far;
	struct request r;
	enum rc rc;

	pace(f, st->at_ms);
	p->interfered = p->interfered || st->edited;
	rc = make(op, p, st, &r);
	if (rc != RC_OK)
		return drill_say_which(op, st, rc);
	if (!f->n)
		strbuf_init(&f->body, &f->batch);
	strbuf_addc(&f->body, f->n ? ',' : '[');
	put(&f->body, st, &r);
	f->steps[f->n++] = *st;
	return st->publishes || f->n == ACTS || f->body.n > BYTES ? flush(op, p) : RC_OK;
}

/* ---- looking ---- */

static int colour_of(struct str text)
{
	for (int i = 0; i < COLOUR_MAX; i++)
		if (str_is(text, colour_text(i)))
			return i;
	return COLOUR_BLUE;
}

static enum rc take_on(struct op *op, struct drill_play *p, const struct json *o)
{
	struct alarm a = {.id = {json_int(o, "id", 0)}, .place = json_str(o, "place"),
	                  .rule = json_str(o, "rule"), .subject = json_str(o, "subject"),
	                  .colour = colour_of(json_str(o, "colour"))};

	if (!clock_parse(json_str(o, "at"), &a.raised_ms))
		return fail(op, RC_INVALID, "http", "", "告警没有时刻", "an alarm without its time");
	drill_take_on(p, op->arena, &a);
	return RC_OK;
}

static enum rc move(struct op *op, struct drill_play *p, int64_t now_ms)
{
	struct drill_far *f = p->far;
	struct op own = {.arena = &f->arena};
	struct json *o;
	const struct json *alarms;
	struct strbuf b;
	enum rc rc;

	strbuf_init(&b, &f->arena);
	strbuf_addf(&b, "{\"after\":%lld", (long long)p->newest);
	time_member(&f->arena, &b, "to", now_ms);
	strbuf_addc(&b, '}');
	rc = ask_json(&own, f, "/api/v1/stage/clock", strbuf_str(&b), &o);
	if (rc == RC_OK) {
		f->dirty = false;
		f->size = json_int(o, "size", 0);
		if (!clock_parse(json_str(o, "due"), &f->due_ms))
			f->due_ms = INT64_MAX;
		alarms = json_get(o, "alarms");
		for (const struct json *each = alarms ? alarms->first : NULL; each && rc == RC_OK;
		     each = each->next)
			rc = take_on(&own, p, each);
	}
	op->err = own.err;
	arena_reset(&f->arena);
	return rc;
}

static enum rc look_there(struct op *op, struct drill_play *p, int64_t now_ms)
{
	pace(p->far, now_ms);
	TRY(flush(op, p));
	return p->far->dirty || p->far->due_ms <= now_ms ? move(op, p, now_ms) : RC_OK;
}

static enum rc end_there(struct op *op, struct drill_play *p)
{
	TRY(flush(op, p));
	return move(op, p, p->d->end_ms);
}

static enum rc alarms_there(struct op *op, struct drill_play *p, struct drill_seen **ret,
                            size_t *ret_n)
{
	struct op own = {.arena = p->d->arena};
	struct json *o;
	const struct json *list;
	size_t n = 0;
	enum rc rc = ask_json(&own, p->far, "/api/v1/stage/alarms", STR(""), &o);

	if (rc != RC_OK) {
		op->err = own.err;
		return rc;
	}
	list = json_get(o, "alarms");
	*ret = arena_array(p->d->arena, list ? list->count : 0, sizeof(**ret));
	for (const struct json *each = list ? list->first : NULL; each; each = each->next) {
		struct drill_seen *x = &(*ret)[n++];

		*x = (struct drill_seen){.rule = json_str(each, "rule"), .place = json_str(each, "place"),
		                         .subject = json_str(each, "subject")};
		if (!clock_parse(json_str(each, "at"), &x->at_ms))
			return fail(op, RC_INVALID, "http", "", "告警没有时刻", "an alarm without its time");
	}
	*ret_n = n;
	return RC_OK;
}

const struct drill_stage drill_there = {send_there, look_there, end_there, alarms_there};

/* Whose ledger it is: signatures name it. */
static enum rc meet(struct op *op, struct drill_play *p)
{
	struct op own = {.arena = &p->keep};
	struct json *o;
	enum rc rc = ask_json(&own, p->far, "/healthz", STR(""), &o);

	op->err = own.err;
	TRY(rc);
	p->far->met = true;
	p->origin = json_str(o, "origin");
	p->exam = p->d->profile->exam;
	return RC_OK;
}

enum rc drill_http_play(struct op *op, const struct drill_http_options *o,
                        const struct modules *m, struct drill *d, struct drill_result *ret,
                        int64_t *ret_size)
{
	struct drill_play *p = drill_play_new(&drill_there, m, d);
	struct drill_far *f = ARENA_NEW(d->arena, struct drill_far);
	enum rc rc;

	*f = (struct drill_far){.o = *o, .dirty = true, .session = http_session_new()};
	p->far = f;
	rc = meet(op, p);
	if (rc == RC_OK)
		rc = drill_play_all(op, p);
	*ret = (struct drill_result){.steps = p->steps, .refused = p->refused};
	*ret_size = f->size;
	if (rc == RC_OK)
		rc = drill_judge(op, p, ret);
	http_session_free(f->session);
	arena_release(&f->arena);
	arena_release(&f->batch);
	drill_play_free(p);
	return rc;
}
