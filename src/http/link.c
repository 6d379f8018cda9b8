/* SPDX-License-Identifier: Apache-2.0 */
/* link.c -- opening a link; see link.h. */
#include "http/link_private.h"

#include "engine/device.h"
#include "http/problem.h"
#include "http/route.h"

/* On the links' thread: what the job makes lives as long as the exchange. */
static void run_job(void *ctx, struct op *op)
{
	struct linking *l = ctx;
	struct op mine = *op;

	mine.arena = exchange_arena(l->x);
	l->job(l, &mine);
	l->err = mine.err;
	exchange_done(l->x);
}

static void finish(void *ctx, struct exchange *x)
{
	struct linking *l = ctx;
	struct reply r = {.status = l->status, .type = "application/json"};

	if (l->rc != RC_OK) {
		problem_answer(x, &l->err, -1);
		return;
	}
	r.body = json_canonical(exchange_arena(x), l->answer);
	exchange_answer(x, &r);
}

void link_run(struct links *l, struct exchange *x, void (*job)(struct linking *l, struct op *op))
{
	struct linking *k = ARENA_NEW(exchange_arena(x), struct linking);
	struct op op = {.arena = exchange_arena(x)};

	*k = (struct linking){.links = l, .x = x, .status = 200, .job = job};
	k->rc = json_read(&op, exchange_body(x), &k->body);
	if (k->rc != RC_OK) {
		problem_answer(x, &op.err, -1);
		return;
	}
	exchange_wait(x, finish, k);
	if (l->run(l->ctx, run_job, k) == RC_OK)
		return;
	k->rc = err_set(&k->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后重试",
	                "busy; try again later");
	exchange_done(x);
}

/* Opening. */
/* Which numbers are of devices is nobody's to find out: all are refused alike, and as slowly. */
static enum rc check_device(struct op *op, const struct link_ask *ask, struct str signature)
{
	const struct writer *w = op->run->writer;
	struct str where, m = link_message(op->arena, w->origin, ask);
	struct ed25519_public key;
	struct signature sig;
	bool known = ask->device != w->device &&
	             authority_device_of(w->authority, ask->device, &where, &key);
	bool holds = hex_decode(signature, sig.b, sizeof(sig.b)) &&
	             ed25519_verify(known ? &key : &KEY_OF_NOBODY, m.s, m.n, &sig);

	if (known && holds)
		return RC_OK;
	return fail(op, RC_DENIED, "device", "", "终端 %lld 未登记、已注销，或签名不符",
	            "device %lld is not enrolled, is revoked, or did not sign this",
	            (long long)ask->device);
}

static enum rc tell_chain(struct op *op, int64_t device, struct json *o)
{
	struct device_chain chain;
	struct hash head = {{0}};

	TRY(device_chain(op, device, &chain));
	if (chain.act_at >= 0)
		TRY(device_head_of(op, chain.act_at, &head));
	json_set_str(op->arena, o, "head", hash_hex(op->arena, &head));
	json_set_int(op->arena, o, "seq", chain.seq);
	return RC_OK;
}

static enum rc open_link(struct linking *k, struct op *op, struct json *o)
{
	struct links *l = k->links;
	struct link_ask ask = {.device = json_int(k->body, "device", 0),
	                       .nonce = json_str(k->body, "nonce")};
	struct link link;

	if (ask.device < 1 || !ask.nonce.n || !clock_parse(json_str(k->body, "time"), &ask.time_ms))
		return fail(op, RC_INVALID, "", "", "建立链路须写 device、time、nonce、signature",
		            "a link is opened with device, time, nonce and signature");
	TRY(check_device(op, &ask, json_str(k->body, "signature")));
	TRY(tell_chain(op, ask.device, o));
	op->random = l->random;
	TRY(link_open(op, l->logins, &ask, clock_now_ms(l->clock), &link));
	json_set_int(op->arena, o, "link", link.number);
	json_set_str(op->arena, o, "key", hex_encode(op->arena, link.key, sizeof(link.key)));
	json_set_str(op->arena, o, "origin", op->run->writer->origin);
	json_set_str(op->arena, o, "exam", op->run->writer->exam);
	return RC_OK;
}

static void open_job(struct linking *k, struct op *op)
{
	struct json *o = json_new_object(op->arena);

	k->rc = open_link(k, op, o);
	k->answer = o;
	k->status = 201;
}

static void open(const struct asked *q, struct exchange *x)
{
	link_run(q->router->links, x, open_job);
}

static void acts(const struct asked *q, struct exchange *x)
{
	link_acts(q->router->links, x);
}

static const struct route_answer OPENED[] = {
	{201, "application/json", "link", "链路已建立", "the link is open"},
};
static const struct route_answer ANSWERED[] = {
	{200, "application/json", "answers", "每条命令各自的结果，按序", "each act's own answer, in order"},
};
static const int PROBLEMS[] = {403, 409, 413, 422, 500, 503, 0};

const struct route LINK_ROUTES[] = {
	{"POST", "/api/v1/links", ROUTE_OPEN, .handle = open, .body = "link_ask", ANSWERS(OPENED),
	 .problems = PROBLEMS, .zh = "终端建立链路", .en = "a terminal opens a link"},
	{"POST", "/api/v1/acts", ROUTE_OPEN, .handle = acts, .body = "acts", ANSWERS(ANSWERED),
	 .problems = PROBLEMS, .zh = "终端所写的命令，按序", .en = "acts as a terminal wrote them"},
};
const size_t LINK_NROUTES = COUNT(LINK_ROUTES);
