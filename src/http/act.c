/* SPDX-License-Identifier: Apache-2.0 */
/* act.c -- POST /api/v1/acts: acts of a terminal, as it wrote them.
 *
 * On the links' thread each act is read, its MAC and its signatures are verified, and it goes into
 * the writer's queue; whether it continues the device's chain, and everything else, is the writer's
 * to say.  When the queue is full in the middle of a list, what follows is not taken either: it
 * would only be a gap.  So behind an act that is not its link's: of a stranger's thousand one is
 * looked up.
 */
#include <stdatomic.h>

#include "base/limits.h"
#include "engine/badge.h"
#include "engine/device.h"
#include "engine/seen.h"
#include "engine/slot.h"
#include "http/api_private.h"
#include "http/link_private.h"
#include "http/problem.h"

/* The acts of one exchange, in its arena. */
struct arrival {
	struct links *links;
	struct exchange *x;
	struct json *body;
	struct arriving *acts;
	size_t n;
	struct link link;   /* of the act before: acts come by one */
	bool known;         /* one of them was its link's */
	atomic_size_t left; /* not answered yet, and one while they are handed on */
};

struct arriving {
	struct arrival *all;
	struct request request;
	struct signed_slot *slots;
	struct answer answer;
	bool strange; /* not its link's */
};
static_assert(LIMIT_HTTP_BATCH * sizeof(struct arriving) <= 2 << 20,
              "a list costs so much before it is known whose it is");

struct str link_act_bytes(struct arena *a, struct str act, const struct json *slots,
                          struct str head)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_adds(&b, act);
	strbuf_addc(&b, '\n');
	if (slots)
		json_canonical_to(&b, slots);
	strbuf_addc(&b, '\n');
	strbuf_adds(&b, head);
	strbuf_addc(&b, '\n');
	return strbuf_str(&b);
}

/* Reading. */
static enum rc check_mac(struct op *op, struct arriving *s, const struct json *o)
{
	struct arrival *all = s->all;
	struct str bytes = link_act_bytes(op->arena, s->request.act, json_get(o, "slots"),
	                                  json_str(o, "head"));

	if (all->link.number != s->request.link)
		TRY(link_of(op, all->links->logins, s->request.link, &all->link));
	if (all->link.device != s->request.device || !link_mac_is(&all->link, bytes,
	                                                          json_str(o, "mac")))
		return fail(op, RC_DENIED, "mac", "", "命令的校验码不符", "the act's MAC does not match");
	return RC_OK;
}

/* The same act may come again by another link and, when one before it was refused, with another
 * number and another act before it: for idempotency all else must be the same. */
static struct hash body_of(struct op *op, const struct arriving *s, const struct json *slots)
{
	const struct request *r = &s->request;
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_addf(&b, STR_FMT " %lld %lld %lld %d " STR_FMT " ", STR_ARG(r->command),
	            (long long)r->actor.v, (long long)r->happened_ms, (long long)r->noted_ms,
	            (int)r->source, STR_ARG(r->exception));
	json_canonical_to(&b, r->data);
	if (slots)
		json_canonical_to(&b, slots);
	return hash_hmac_sha256(s->all->links->api->body_key, 32, b.s, b.n);
}

/* Who acts at a terminal has come to it by badge and PIN before they write; who signs by badge, a
 * short while before.  What they write of may be older (a bell of an hour ago) or, in a drill, of
 * its own clock. */
static enum rc check_came(struct op *op, const struct arriving *s)
{
	const struct links *l = s->all->links;
	struct str desk = str_fmt(op->arena, "d%lld", (long long)s->request.device);
	bool stands;

	TRY(badge_stands(op, l->logins, desk, s->request.actor, s->request.noted_ms, BADGE_ALL_DAY,
	                 &stands));
	if (!stands)
		return fail(op, RC_DENIED, "actor", "", "人员 %lld 当时未在此终端刷卡",
		            "person %lld had not come to this terminal by badge",
		            (long long)s->request.actor.v);
	for (size_t i = 0; i < s->request.nslots; i++) {
		if (s->slots[i].how != SLOT_BADGE)
			continue;
		TRY(badge_stands(op, l->logins, desk, s->slots[i].person, s->request.noted_ms,
		                 l->badge_s * 1000, &stands));
		if (!stands)
			return fail(op, RC_DENIED, "slots", "", "人员 %lld 未在此处刷卡并输入当日口令",
			            "person %lld has not given badge and PIN at this desk",
			            (long long)s->slots[i].person.v);
	}
	return RC_OK;
}

/* Verifying what the writer then need not. */
static struct str statement_of(struct op *op, const struct request *r)
{
	struct err before = op->err;
	struct pending p = {0};

	if (!str_is(r->command, SLOT_SIGN))
		return slot_statement(op->arena, op->run->writer->origin, op->run->writer->exam,
		                      r->command, r->key, r->data);
	if (slot_pending(op, json_int(r->data, "begun", -1), &p) != RC_OK) {
		op->err = before; /* the writer will say so, or the projections are behind */
		return (struct str){0};
	}
	return slot_statement(op->arena, json_str(p.act, "origin"), json_str(p.act, "exam"),
	                      json_str(p.act, "command"), json_str(p.act, "key"),
	                      json_get(p.act, "data"));
}

static void look_at_slots(struct op *op, struct arriving *s)
{
	struct str statement = {0};

	for (size_t i = 0; i < s->request.nslots; i++) {
		struct signed_slot *k = &s->slots[i];
		struct ed25519_public key;

		if (k->how != SLOT_KEY ||
		    !authority_key_of(op->run->writer->authority, k->person, &key))
			continue;
		if (!statement.n)
			statement = statement_of(op, &s->request);
		if (statement.n)
			k->seen = seen_look(op->arena, &key,
			                    slot_message(op->arena, k->slot, k->person, statement),
			                    k->signature);
	}
}

static enum rc read_head(struct op *op, struct arriving *s, struct str head)
{
	const struct request *r = &s->request;
	struct ed25519_public key;
	struct str where;
	uint8_t *bytes;
	struct hash h;

	if (!head.n)
		return RC_OK;
	bytes = arena_alloc(op->arena, 64);
	if (!hex_decode(head, bytes, 64))
		return fail(op, RC_INVALID, "head", "", "链头签名应为 128 位十六进制",
		            "the signature of the head is 128 hex digits");
	s->request.head = (struct str){(const char *)bytes, 64};
	if (!authority_device_of(op->run->writer->authority, r->device, &where, &key))
		return RC_OK;
	h = hash_sha256(r->act.s, r->act.n);
	s->request.head_seen = seen_look(
		op->arena, &key, device_head_message(op->arena, op->run->writer->origin, r->device, r->seq,
	                                         hash_hex(op->arena, &h)), s->request.head);
	return RC_OK;
}

/* As many as are sent: a list that is too long is refused before it is read. */
static size_t room_for(const struct json *list, size_t most)
{
	return !list ? 1 : list->count < most ? list->count + 1 : most;
}

/* What lies beside an act has room made for it when its MAC has been seen to hold: of a stranger's
 * thousand it would be several megabytes. */
static enum rc read_beside(struct op *op, struct arriving *s, const struct json *o)
{
	const struct json *slots = json_get(o, "slots"), *list = json_get(o, "beside");
	struct beside *beside = arena_array(op->arena, room_for(list, LIMIT_PERSONAL + 1),
	                                    sizeof(*beside));

	s->slots = arena_array(op->arena, room_for(slots, LIMIT_SLOTS), sizeof(*s->slots));
	s->request.slots = s->slots;
	s->request.beside = beside;
	TRY(api_slots(op, NULL, slots, s->slots, &s->request.nslots));
	return api_beside(op, list, beside, &s->request.nbeside);
}

static enum rc read_act(struct op *op, struct arriving *s, const struct json *o)
{
	struct str act = json_str(o, "act");

	if (o->type != JSON_OBJECT || !act.n || act.n > LIMIT_ACT)
		return fail(op, RC_INVALID, "act", "", "每一条须有 act（命令原文，至多 %d 字节）和 mac",
		            "each has an act (a text of at most %d bytes) and a mac", LIMIT_ACT);
	TRY(act_read(op, act, &s->request));
	s->strange = true;
	TRY(check_mac(op, s, o));
	s->strange = false;
	s->all->known = true;
	TRY(read_beside(op, s, o));
	TRY(check_came(op, s));
	s->request.body = body_of(op, s, json_get(o, "slots"));
	TRY(read_head(op, s, json_str(o, "head")));
	look_at_slots(op, s);
	return RC_OK;
}

/* Handing on. */
static void one_answered(struct arrival *all)
{
	if (atomic_fetch_sub(&all->left, 1) == 1)
		exchange_done(all->x);
}

/* On a thread of the writer's. */
static void answered(void *ctx, const struct answer *a)
{
	struct arriving *s = ctx;

	s->answer = *a;
	one_answered(s->all);
}

static void refuse(struct arriving *s, const struct err *e)
{
	s->answer = (struct answer){.rc = e->rc, .err = *e, .index = -1};
	one_answered(s->all);
}

/* False: what follows is not looked at. */
static bool hand_on(struct op *op, struct arriving *s, const struct json *o)
{
	const struct api_host *h = s->all->links->api;
	struct err busy;

	op->err = (struct err){0};
	if (read_act(op, s, o) != RC_OK) {
		refuse(s, &op->err);
		return !s->strange;
	}
	if (h->submit(h->ctx, &s->request, answered, s) == RC_OK)
		return true;
	(void)err_set(&busy, GY_WHERE, RC_BUSY, "", "", "系统繁忙，未受理：请稍后用同一幂等键重发",
	              "busy, nothing was taken: send it again with the same key");
	refuse(s, &busy);
	return false;
}

static void job(void *ctx, struct op *op)
{
	struct arrival *all = ctx;
	struct op mine = *op;
	const struct json *o = all->body->first;
	bool taken = true;

	mine.arena = exchange_arena(all->x);
	for (size_t i = 0; i < all->n; i++, o = o->next) {
		if (taken)
			taken = hand_on(&mine, &all->acts[i], o);
		else
			refuse(&all->acts[i], &all->acts[i - 1].answer.err);
	}
	one_answered(all);
}

/* Answering. */
static struct json *answer_json(struct exchange *x, const struct answer *a)
{
	struct arena *m = exchange_arena(x);
	int status = rc_http(a->rc);
	struct json *o;

	if (a->rc == RC_OK)
		return api_receipt(m, a);
	if (str_is(str_of(a->err.field), "link"))
		status = 401; /* with another link it may be taken */
	o = problem_json(x, &a->err, status, a->index);
	if (a->next_seq) {
		json_set_int(m, o, "expected", a->next_seq);
		json_set_str(m, o, "head", hash_hex(m, &a->head));
	}
	return o;
}

static void finish(void *ctx, struct exchange *x)
{
	const struct arrival *all = ctx;
	struct arena *m = exchange_arena(x);
	struct json *list = json_new_array(m), *o = json_new_object(m);
	struct reply r = {.status = 200, .type = "application/json"};

	if (all->known)
		exchange_known(x);
	for (size_t i = 0; i < all->n; i++)
		json_put(list, NULL, answer_json(x, &all->acts[i].answer));
	json_put(o, "answers", list);
	r.body = json_canonical(m, o);
	exchange_answer(x, &r);
}

static bool read_body(struct exchange *x, struct json **ret)
{
	struct op op = {.arena = exchange_arena(x)};

	if (json_read(&op, exchange_body(x), ret) != RC_OK) {
		problem_answer(x, &op.err, -1);
		return false;
	}
	if ((*ret)->type == JSON_ARRAY && (*ret)->count && (*ret)->count <= LIMIT_HTTP_BATCH)
		return true;
	problem_say(x, 422, "应为 1 至 1000 条命令的列表", "a list of 1 to 1000 acts");
	return false;
}

void link_acts(struct links *l, struct exchange *x)
{
	struct arrival *all = ARENA_NEW(exchange_arena(x), struct arrival);
	struct err busy;

	*all = (struct arrival){.links = l, .x = x};
	if (!read_body(x, &all->body))
		return;
	all->n = all->body->count;
	atomic_init(&all->left, all->n + 1);
	all->acts = arena_array(exchange_arena(x), all->n, sizeof(*all->acts));
	for (size_t i = 0; i < all->n; i++)
		all->acts[i] = (struct arriving){.all = all};
	exchange_wait(x, finish, all);
	if (l->run(l->ctx, job, all) == RC_OK)
		return;
	(void)err_set(&busy, GY_WHERE, RC_BUSY, "", "", "系统繁忙，未受理：请稍后用同一幂等键重发",
	              "busy, nothing was taken: send it again with the same key");
	for (size_t i = 0; i < all->n; i++)
		refuse(&all->acts[i], &busy);
	one_answered(all);
}
