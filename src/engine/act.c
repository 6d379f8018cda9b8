/* SPDX-License-Identifier: Apache-2.0 */
/* act.c -- the act of a request: built for this host's own device, checked for another's. */
#include "base/canon.h"
#include "base/limits.h"
#include "engine/device.h"
#include "engine/request.h"
#include "engine/seen.h"

static const char *const SOURCE_TEXT[] = {
#define X(id, text) text,
	SOURCES(X)
#undef X
};

static void member(struct strbuf *b, const char *key, struct str v)
{
	strbuf_addz(b, ",\"");
	strbuf_addz(b, key);
	strbuf_addz(b, "\":");
	json_quote_to(b, v);
}

static void number(struct strbuf *b, const char *key, int64_t v)
{
	strbuf_addz(b, ",\"");
	strbuf_addz(b, key);
	strbuf_addz(b, "\":");
	strbuf_addi(b, v);
}

static void act_write(struct op *op, struct strbuf *b, const struct request *r, int64_t device,
                      int64_t seq, struct str prev)
{
	int64_t noted = r->noted_ms ? r->noted_ms : op->now_ms;

	strbuf_addz(b, "{\"actor\":");
	strbuf_addi(b, r->actor.v);
	member(b, "command", r->command);
	strbuf_addz(b, ",\"data\":");
	if (r == op->run->request && op->run->canonical.n)
		strbuf_adds(b, op->run->canonical);
	else
		json_canonical_to(b, r->data);
	number(b, "device", device);
	member(b, "exam", op_exam(op));
	if (r->exception.n)
		member(b, "exception", r->exception);
	member(b, "happened", clock_format_utc(op->arena, r->happened_ms ? r->happened_ms : noted));
	member(b, "key", r->key);
	number(b, "link", device == op->run->writer->device ? 0 : r->link);
	member(b, "origin", op->run->writer->origin);
	member(b, "prev", prev);
	number(b, "seq", seq);
	member(b, "source", str_of(SOURCE_TEXT[r->source]));
	member(b, "time", clock_format_utc(op->arena, noted));
	strbuf_addc(b, '}');
}

/* What a terminal must know to go on: told with the refusal. */
static enum rc tell_next(struct op *op, const struct device_chain *chain)
{
	op->run->head = (struct hash){{0}}; /* a first act names 64 zeros */
	if (chain->act_at >= 0)
		TRY(device_head_of(op, chain->act_at, &op->run->head));
	op->run->next_seq = chain->seq + 1;
	return RC_OK;
}

static enum rc check_seq(struct op *op, const struct request *r)
{
	struct device_chain chain;

	TRY(device_chain(op, r->device, &chain));
	TRY(tell_next(op, &chain));
	if (r->seq != chain.seq + 1)
		return fail(op, RC_CONFLICT, "seq", "", "终端 %lld 的序号应为 %lld，收到 %lld",
		            "device %lld: sequence number %lld expected, %lld received",
		            (long long)r->device, (long long)(chain.seq + 1), (long long)r->seq);
	return RC_OK;
}

static enum rc check_prev(struct op *op, const struct request *r)
{
	struct hash prev;

	if (!hex_decode(r->prev, prev.b, sizeof(prev.b)) || !hash_eq(&op->run->head, &prev))
		return fail(op, RC_CONFLICT, "prev", "", "终端 %lld 的上一命令校验值不符",
		            "device %lld: the previous act's hash does not match",
		            (long long)r->device);
	op->run->next_seq = 0;
	return RC_OK;
}

static enum rc check_head(struct op *op, const struct request *r, const struct ed25519_public *key)
{
	struct hash h;
	struct str m;

	if (!r->head.n)
		return RC_OK;
	h = hasher_of(op->run->writer->ledger.hasher, r->act.s, r->act.n);
	m = device_head_message(op->arena, op->run->writer->origin, r->device, r->seq,
	                        hash_hex(op->arena, &h));
	if (seen_holds(r->head_seen, key, m, r->head))
		return RC_OK;
	return fail(op, RC_DENIED, "head", "", "终端 %lld 的链头签名不符",
	            "the signature of device %lld under the head of its chain does not verify",
	            (long long)r->device);
}

/* Another device's act must continue its chain; a replay, a gap or a foreign exam is refused. */
static enum rc check_foreign(struct op *op, const struct request *r)
{
	struct ed25519_public key;
	struct strbuf b;
	struct str where;

	if (!authority_device_of(op->run->writer->authority, r->device, &where, &key))
		return fail(op, RC_DENIED, "device", "", "终端 %lld 未登记或已注销",
		            "device %lld is not enrolled or revoked", (long long)r->device);
	TRY(check_seq(op, r));
	strbuf_init(&b, op->arena);
	act_write(op, &b, r, r->device, r->seq, r->prev);
	if (!str_eq(strbuf_str(&b), r->act))
		return fail(op, RC_INVALID, "act", "", "终端 %lld 的命令原文与内容不符",
		            "device %lld: the act differs from its contents", (long long)r->device);
	if (r->act.n > LIMIT_ACT)
		return fail(op, RC_INVALID, "act", "", "命令内容超过 %d 字节",
		            "the act is larger than %d bytes", LIMIT_ACT);
	TRY(check_prev(op, r));
	TRY(check_head(op, r, &key));
	op->run->act = r->act;
	op->run->device = r->device;
	op->run->seq = r->seq;
	return RC_OK;
}

enum rc act_build(struct op *op, const struct request *r)
{
	struct writer *w = op->run->writer;
	struct strbuf b;

	if (r->device && r->device != w->device)
		return check_foreign(op, r);
	strbuf_init(&b, op->arena);
	act_write(op, &b, r, w->device, w->device_seq + 1, hash_hex(op->arena, &w->device_head));
	if (b.n > LIMIT_ACT)
		return fail(op, RC_INVALID, "data", "", "命令内容超过 %d 字节",
		            "the act is larger than %d bytes", LIMIT_ACT);
	op->run->act = strbuf_str(&b);
	op->run->device = w->device;
	op->run->seq = w->device_seq + 1;
	return RC_OK;
}

void act_done(struct op *op)
{
	struct run *run = op->run;
	struct writer *w = run->writer;

	if (run->device != w->device || run->act_index < 0)
		return;
	w->device_seq = run->seq;
	w->device_at = run->act_index;
	w->device_head = run->act_hash;
}
