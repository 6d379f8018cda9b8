/* SPDX-License-Identifier: Apache-2.0 */
/* command.c -- POST /api/v1/commands/NAME and /batch: a body becomes a request of the engine, its
 * answer a receipt or a problem.
 *
 * The acts of a batch go into the writer's queue in their order, so that they are run in it; one
 * that is refused does not stop those behind it.
 */
#include "http/api_private.h"

#include <stdatomic.h>

#include "base/limits.h"
#include "engine/field_value.h"
#include "http/problem.h"

/* The acts of one exchange, in its arena. */
struct batch {
	struct exchange *x;
	struct sending *acts;
	size_t n;
	atomic_size_t left; /* not answered yet, and one while they are handed on */
};

struct sending {
	const struct api_host *host;
	struct batch *batch; /* NULL: on a stage */
	struct request request;
	struct signed_slot slots[LIMIT_SLOTS];
	struct beside beside[LIMIT_PERSONAL + 1];
	struct answer answer;
};

static enum rc unknown_member(struct op *op, struct str name)
{
	char field[LIMIT_CODE];

	(void)snprintf(field, sizeof(field), "/" STR_FMT, STR_ARG(name));
	field[str_utf8_prefix(str_of(field))] = '\0';
	return fail(op, RC_INVALID, field, "", "请求中没有 %s 这一项", "a request has no member %s",
	            field + 1);
}

/* In a batch each has its command and its key; alone they stand in path and header. */
static enum rc check_members(struct op *op, const struct json *o, bool named)
{
	static const char *const NAMES[] = {"command", "key", "data", "exception", "happened",
	                                    "noted", "slots", "source"};

	if (o->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "", "", "请求应是一个对象", "a request is an object");
	for (const struct json *m = o->first; m; m = m->next) {
		size_t i = named ? 0 : 2;

		while (i < COUNT(NAMES) && !str_is(m->key, NAMES[i]))
			i++;
		if (i == COUNT(NAMES))
			return unknown_member(op, m->key);
	}
	return RC_OK;
}

static enum rc read_time(struct op *op, const struct json *o, const char *name, int64_t *ret)
{
	const struct json *v = json_get(o, name + 1);

	*ret = 0;
	if (!v)
		return RC_OK;
	if (v->type != JSON_STR || !clock_parse(v->s, ret))
		return fail(op, RC_INVALID, name, "", "%s 应为时刻，如 2025-06-07T08:58:00+08:00",
		            "%s is a time, such as 2025-06-07T08:58:00+08:00", name + 1);
	return RC_OK;
}

/* Whoever is logged in cannot write another's badge: its PIN was given at this desk.  A staff code
 * that nobody has is one that was not given here. */
static enum rc check_badges(struct op *op, const struct sending *s, const struct json *list)
{
	const struct json *o = list ? list->first : NULL;

	for (size_t i = 0; i < s->request.nslots; i++, o = o->next) {
		const struct signed_slot *k = &s->slots[i];
		const struct json *typed = json_get(o, "person");
		bool stands = k->how != SLOT_BADGE;

		if (!stands && k->person.v > 0)
			TRY(s->host->badge(s->host->ctx, s->batch->x, k->person, &stands));
		if (!stands)
			return fail(op, RC_DENIED, str_fmt(op->arena, "/slots/%zu", i).s, "",
			            "人员 %s 未在此处刷卡并输入当日口令",
			            "%s has not given badge and PIN at this desk",
			            typed->type == JSON_STR ? typed->s.s
			                                    : json_canonical(op->arena, typed).s);
	}
	return RC_OK;
}

/* The reason of an exception travels beside the act as a text does. */
static enum rc take_exception(struct op *op, struct sending *s, const struct json *o)
{
	const struct json *v = json_get(o, "exception");
	struct str reason = json_str(o, "exception");
	struct beside *b;
	struct hash mac;

	if (!v || (v->type == JSON_STR && !reason.n))
		return RC_OK;
	if (v->type != JSON_STR || !field_prose_valid(reason, true) ||
	    str_utf8_count(reason) > LIMIT_TEXT)
		return fail(op, RC_INVALID, "/exception", "", "特批理由应为文字，至多 %d 字",
		            "the reason of an exception is a text of at most %d characters", LIMIT_TEXT);
	b = &s->beside[s->request.nbeside++];
	b->field = STR("exception");
	b->text = reason;
	random_bytes(op->random, b->salt, sizeof(b->salt));
	mac = hash_hmac_sha256(b->salt, sizeof(b->salt), reason.s, reason.n);
	b->mac = hash_hex(op->arena, &mac);
	s->request.exception = b->mac;
	return RC_OK;
}

static enum rc read_source(struct op *op, const struct json *o, enum source *ret)
{
	struct str text = json_str(o, "source");

	*ret = SOURCE_OFFICE;
	if (text.n && (!source_parse(text, ret) || *ret == SOURCE_SYSTEM))
		return fail(op, RC_INVALID, "/source", "",
		            "来源 %s 不认识；可用 terminal office paper video feed telephone",
		            "source %s is none of terminal office paper video feed telephone", text.s);
	return RC_OK;
}

/* For idempotency: salts differ when the same is sent again. */
static struct hash body_of(struct op *op, const struct sending *s, const struct json *o)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_adds(&b, s->request.command);
	strbuf_addc(&b, ' ');
	strbuf_addi(&b, s->request.actor.v);
	strbuf_addc(&b, ' ');
	json_canonical_to(&b, o);
	return hash_hmac_sha256(s->host->body_key, 32, b.s, b.n);
}

/* Sender, role and scope. */
struct asking {
	struct person_id who;
	const struct command *command;
	const struct json *data;
	enum rc rc;
	struct err err;
};

static void ask_sender(void *ctx, struct op *op)
{
	struct asking *q = ctx;
	struct op his = *op;

	his.actor = q->who;
	/* While the database is away no grant is known: then the writer alone says. */
	q->rc = op->run->writer->redo ? RC_OK
	                              : authority_check_sender(&his, q->command, q->data);
	q->err = his.err;
}

/* `lately`: a yes may be of a moment ago, because it is asked again; a no is of now. */
static enum rc check_sender(struct op *op, const struct sending *s, const struct command *c,
                            const struct json *o, bool lately)
{
	const struct api_host *h = s->host;
	struct asking q = {.who = s->request.actor, .command = c, .data = json_get(o, "data")};

	if (!h->read_now)
		return RC_OK;
	if (lately)
		h->read_lately(h->ctx, ask_sender, &q);
	if (!lately || q.rc != RC_OK)
		h->read_now(h->ctx, ask_sender, &q);
	if (q.rc != RC_OK)
		op->err = q.err;
	return q.rc;
}

static enum rc read_data(struct op *op, struct sending *s, const struct command *c,
                         const struct json *o)
{
	struct json *in = (struct json *)(uintptr_t)json_get(o, "data"), *data;
	struct op *lookup = s->host->lookup;

	if (!in)
		in = json_new_object(op->arena);
	op->db = lookup->db; /* staff codes are looked up */
	TRY(field_intake(op, c->fields, c->nfields, in, s->host->person, &data, s->beside,
	                 &s->request.nbeside));
	s->request.slots = s->slots;
	s->request.beside = s->beside;
	s->request.data = data;
	return RC_OK;
}

static enum rc read_form(struct op *op, struct sending *s, const struct command *c,
                         const struct json *o, bool named)
{
	TRY(check_members(op, o, named));
	TRY(read_time(op, o, "/happened", &s->request.happened_ms));
	TRY(read_time(op, o, "/noted", &s->request.noted_ms));
	TRY(read_source(op, o, &s->request.source));
	TRY(read_data(op, s, c, o));
	TRY(api_slots(op, s->host, json_get(o, "slots"), s->slots, &s->request.nslots));
	TRY(check_badges(op, s, json_get(o, "slots")));
	return take_exception(op, s, o);
}

/* Who may not give the command is told that and nothing of what he sent: neither whether its form
 * is right nor whether the staff codes in it are anybody's. */
static enum rc take(struct op *op, struct sending *s, const struct json *o, bool named)
{
	const struct command *c = modules_command(s->host->modules, s->request.command);
	struct err why;
	enum rc rc;

	if (!c)
		return fail(op, RC_NOT_FOUND, "/command", "", "没有命令 %s", "there is no command %s",
		            str_utf8_valid(s->request.command) ? s->request.command.s : "?");
	TRY(check_sender(op, s, c, o, true));
	rc = read_form(op, s, c, o, named);
	if (rc != RC_OK) {
		why = op->err;
		TRY(check_sender(op, s, c, o, false));
		op->err = why;
		return rc;
	}
	s->request.exam = s->host->exam;
	s->request.body = body_of(op, s, o);
	return RC_OK;
}

struct json *api_receipt(struct arena *m, const struct answer *a)
{
	struct json *o = json_new_object(m);

	json_set_str(m, o, "checkpoint", STR("pending"));
	json_set_int(m, o, "index", a->index);
	json_set_str(m, o, "leaf", hash_hex(m, &a->leaf));
	if (a->repeated)
		json_set_bool(m, o, "repeated", true);
	if (a->waiting)
		json_set_bool(m, o, "waiting", true);
	return o;
}

static void one_answered(struct batch *b)
{
	if (atomic_fetch_sub(&b->left, 1) == 1)
		exchange_done(b->x);
}

/* What the writer says of the request beside the data: its signatures, its key. */
static void point(const struct sending *s, struct err *e)
{
	static const struct {
		const char *field, *at;
	} BESIDE[] = {{"slot", "/slots"}, {"approver", "/slots"}, {"exception", "/exception"},
	              {"key", "/key"}, {"command", "/command"}, {"data", "/data"}};
	const struct command *c = modules_command(s->host->modules, s->request.command);

	for (size_t i = 0; i < COUNT(BESIDE); i++)
		if (strcmp(e->field, BESIDE[i].field) == 0 &&
		    !field_find(c->fields, c->nfields, str_of(e->field)))
			(void)snprintf(e->field, sizeof(e->field), "%s", BESIDE[i].at);
}

/* On a thread of the writer's. */
static void answered(void *ctx, const struct answer *a)
{
	struct sending *s = ctx;

	s->answer = *a;
	if (a->rc != RC_OK)
		point(s, &s->answer.err);
	one_answered(s->batch);
}

static void refuse(struct sending *s, const struct err *e)
{
	s->answer = (struct answer){.rc = e->rc, .err = *e, .index = -1};
	one_answered(s->batch);
}

static void hand_on(struct sending *s)
{
	struct err busy;

	if (s->host->submit(s->host->ctx, &s->request, answered, s) == RC_OK)
		return;
	(void)err_set(&busy, GY_WHERE, RC_BUSY, "", "", "系统繁忙，未受理：请稍后用同一幂等键重发",
	              "busy, nothing was taken: send it again with the same key");
	refuse(s, &busy);
}

/* Those that cannot be read are answered in their place. */
static void hand_on_all(struct batch *b, const enum rc *read)
{
	for (size_t i = 0; i < b->n; i++)
		if (read[i] == RC_OK)
			hand_on(&b->acts[i]);
		else
			one_answered(b);
	one_answered(b);
}

static struct batch *batch_of(const struct api_host *h, struct exchange *x,
                              const struct caller *who, size_t n)
{
	struct batch *b = ARENA_NEW(exchange_arena(x), struct batch);

	*b = (struct batch){.x = x, .n = n};
	atomic_init(&b->left, n + 1);
	b->acts = arena_array(exchange_arena(x), n, sizeof(*b->acts));
	for (size_t i = 0; i < n; i++) { /* zeroed, and too large to be written twice */
		b->acts[i].host = h;
		b->acts[i].batch = b;
		b->acts[i].request.actor = who->person;
	}
	return b;
}

/* One act. */
static void finish_one(void *ctx, struct exchange *x)
{
	const struct batch *b = ctx;
	const struct answer *a = &b->acts->answer;
	struct reply r = {.status = a->waiting ? 202 : 200, .type = "application/json"};

	if (a->rc != RC_OK) {
		problem_answer(x, &a->err, a->index);
		return;
	}
	r.body = json_canonical(exchange_arena(x), api_receipt(exchange_arena(x), a));
	exchange_answer(x, &r);
}

void api_command(const struct api_host *h, struct exchange *x, const struct caller *who,
                 struct str name)
{
	struct arena *a = exchange_arena(x);
	struct batch *b = batch_of(h, x, who, 1);
	struct op op = {.arena = a, .random = h->random};
	struct str key = exchange_header(x, "Idempotency-Key");
	struct json *body;
	enum rc rc;

	if (!key.n) {
		problem_say(x, 400, "请求缺少 Idempotency-Key（UUID）", "the header Idempotency-Key (a UUID)"
		            " is missing");
		return;
	}
	b->acts->request.command = name;
	b->acts->request.key = str_copy(a, key);
	rc = json_read(&op, exchange_body(x), &body);
	if (rc == RC_OK)
		rc = take(&op, b->acts, body, false);
	if (rc != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	exchange_wait(x, finish_one, b);
	hand_on_all(b, &rc);
}

/* Many. */
static void finish_many(void *ctx, struct exchange *x)
{
	const struct batch *b = ctx;
	struct arena *m = exchange_arena(x);
	struct json *list = json_new_array(m), *o = json_new_object(m);
	struct reply r = {.status = 200, .type = "application/json"};

	for (size_t i = 0; i < b->n; i++) {
		const struct answer *a = &b->acts[i].answer;

		json_put(list, NULL, a->rc == RC_OK ? api_receipt(m, a)
		                                    : problem_json(x, &a->err, rc_http(a->rc), a->index));
	}
	json_put(o, "answers", list);
	r.body = json_canonical(m, o);
	exchange_answer(x, &r);
}

static enum rc take_named(struct op *op, struct sending *s, const struct json *o)
{
	s->request.command = json_str(o, "command");
	s->request.key = json_str(o, "key");
	if (!s->request.command.n || !s->request.key.n)
		return fail(op, RC_INVALID, "/command", "", "每一条须有 command 和 key（UUID）",
		            "each has a command and a key (a UUID)");
	return take(op, s, o, true);
}

void api_batch(const struct api_host *h, struct exchange *x, const struct caller *who)
{
	struct arena *a = exchange_arena(x);
	struct op op = {.arena = a, .random = h->random};
	struct json *body, *each;
	struct batch *b;
	enum rc *read;
	size_t i = 0;

	if (json_read(&op, exchange_body(x), &body) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	if (body->type != JSON_ARRAY || !body->count || body->count > LIMIT_HTTP_BATCH) {
		problem_say(x, 422, "应为 1 至 1000 条命令的列表", "a list of 1 to 1000 commands");
		return;
	}
	b = batch_of(h, x, who, body->count);
	read = arena_array(a, b->n, sizeof(*read));
	for (each = body->first; each; each = each->next, i++) {
		op.err = (struct err){0};
		read[i] = take_named(&op, &b->acts[i], each);
		if (read[i] != RC_OK)
			b->acts[i].answer = (struct answer){.rc = read[i], .err = op.err, .index = -1};
	}
	exchange_wait(x, finish_many, b);
	hand_on_all(b, read);
}

enum rc api_staged(struct op *op, const struct api_host *h, struct person_id actor,
                   const struct json *act, struct request **ret)
{
	struct sending *s = ARENA_NEW(op->arena, struct sending);
	struct request *r = &s->request;

	*s = (struct sending){.host = h};
	r->actor = actor;
	r->exam = h->exam;
	r->slots = s->slots;
	r->command = json_str(act, "command");
	r->key = json_str(act, "key");
	r->data = json_get(act, "data");
	if (!r->command.n || !r->key.n || !r->data || r->data->type != JSON_OBJECT)
		return fail(op, RC_INVALID, "act", "", "应有 command、key、data",
		            "an act has command, key and data");
	TRY(read_time(op, act, "happened", &r->happened_ms));
	TRY(read_time(op, act, "noted", &r->noted_ms));
	TRY(read_source(op, act, &r->source));
	TRY(api_slots(op, h, json_get(act, "slots"), s->slots, &r->nslots));
	r->body = body_of(op, s, act);
	*ret = r;
	return RC_OK;
}
