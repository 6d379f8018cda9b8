/* SPDX-License-Identifier: Apache-2.0 */
/* tiles.c -- see tiles.h. */
#include "http/tiles.h"

#include "engine/authority.h"
#include "engine/order.h"
#include "http/problem.h"
#include "http/route.h"
#include "ledger/cosign.h"

#define NOTE_TYPE "text/plain; charset=utf-8"

enum { ADOPTIONS = 4096 }; /* of rules in one ledger: a new release every day for ten years */

enum kind { KIND_POLICY, KIND_TILE, KIND_RULES, KIND_RECEIPT };

struct fetch {
	struct tiles *tiles;
	struct exchange *x;
	struct caller who;
	enum kind kind;
	int level, width;         /* KIND_TILE */
	uint64_t n;               /* and KIND_RECEIPT: the index */
	struct str rules;         /* KIND_RULES: 64 hex digits */
	struct hash leaf;
	enum rc rc;
	struct err err;
	struct str body;
};

/* Only what was in force by an entry that is under the checkpoint. */
static enum rc get_rules(struct op *op, const struct fetch *f, struct str *ret)
{
	struct rules_adoption *all = arena_array(op->arena, ADOPTIONS, sizeof(*all));
	uint64_t size = prover_size(f->tiles->prover);
	size_t n;

	TRY(rules_history(op, all, ADOPTIONS, &n));
	for (size_t i = 0; i < n && (uint64_t)all[i].index < size; i++)
		if (str_eq(all[i].what.rules, f->rules))
			return blob_get(op, op->run->writer->store, f->rules, ret);
	return fail(op, RC_NOT_FOUND, "", "", "没有这份规则", "there are no such rules");
}

static enum rc get_policy(struct op *op, const struct fetch *f, struct str *ret)
{
	return cosign_policy(op, op->run->writer->store->dir, f->tiles->log,
	                     ARENA_NEW(op->arena, struct policy), ret);
}

static enum rc get(struct op *op, const struct fetch *f, struct str *ret)
{
	const struct ledger *l = &op->run->writer->ledger;
	struct prover *p = f->tiles->prover;

	if (f->kind == KIND_RECEIPT)
		return prover_prove(op, p, l, f->n, &f->leaf, ret);
	if (!person_may(op, f->who.person, STR(LEDGER_READ), STR("")))
		return fail(op, RC_DENIED, "", "", "台账全文限审计、纪检和经授权的查阅员，且授权须及于全部地点",
		            "the ledger's entries are for auditors, discipline inspection and its readers, "
		            "by a grant over everything");
	switch (f->kind) {
	case KIND_POLICY:
		return get_policy(op, f, ret);
	case KIND_RULES:
		return get_rules(op, f, ret);
	case KIND_TILE: case KIND_RECEIPT:
		break;
	}
	return prover_file(op, p, l, f->level, f->n, f->width, ret);
}

/* On the reader's thread. */
static void job(void *ctx, struct op *op)
{
	struct fetch *f = ctx;
	struct str body = {0};

	f->rc = get(op, f, &body);
	if (f->rc == RC_OK)
		f->body = str_copy(exchange_arena(f->x), body);
	f->err = op->err;
	exchange_done(f->x);
}

/* The one refusal that time alone will mend. */
static void not_yet(struct exchange *x, const struct err *why)
{
	struct reply r = {.status = 409, .type = "application/problem+json"};

	r.body = json_canonical(exchange_arena(x), problem_json(x, why, 409, -1));
	r.head[r.nhead++] = (struct answer_head){"Retry-After", STR("1")};
	exchange_answer(x, &r);
}

static const char *type_of(const struct fetch *f)
{
	switch (f->kind) {
	case KIND_POLICY: case KIND_RECEIPT:
		return NOTE_TYPE;
	case KIND_RULES:
		return "application/json";
	case KIND_TILE:
		break;
	}
	return "application/octet-stream";
}

/* A complete tile never changes, nor do rules; a cache between is not to keep them for others. */
static bool stays(const struct fetch *f)
{
	return f->kind == KIND_RULES || (f->kind == KIND_TILE && f->width == TILE_WIDTH);
}

static void finish(void *ctx, struct exchange *x)
{
	struct fetch *f = ctx;
	struct reply r = {.status = 200, .type = type_of(f), .body = f->body};

	if (f->kind == KIND_RECEIPT && f->rc == RC_CONFLICT) {
		not_yet(x, &f->err);
		return;
	}
	if (f->rc != RC_OK) {
		problem_answer(x, &f->err, -1);
		return;
	}
	if (stays(f))
		r.head[r.nhead++] = (struct answer_head){
			"Cache-Control", STR("private, max-age=31536000, immutable")};
	exchange_answer(x, &r);
}

static void hand_on(struct fetch *f)
{
	exchange_wait(f->x, finish, f);
	if (f->tiles->read(f->tiles->ctx, job, f) == RC_OK)
		return;
	f->rc = err_set(&f->err, GY_WHERE, RC_BUSY, "", "", "系统繁忙，请稍后再试",
	                "busy; try again later");
	exchange_done(f->x);
}

static void text(struct exchange *x, struct str body)
{
	struct reply r = {.status = 200, .type = NOTE_TYPE, .body = body};

	exchange_answer(x, &r);
}

static void checkpoint(const struct asked *q, struct exchange *x)
{
	struct str note = prover_note(q->router->tiles->prover, exchange_arena(x));

	if (note.n)
		text(x, note);
	else
		problem_say(x, 503, "尚无存证点", "there is no checkpoint yet");
}

static void vkey(const struct asked *q, struct exchange *x)
{
	text(x, q->router->tiles->vkey);
}

static struct fetch *fetch_of(const struct asked *q, struct exchange *x, enum kind kind)
{
	struct fetch *f = ARENA_NEW(exchange_arena(x), struct fetch);

	*f = (struct fetch){.tiles = q->router->tiles, .x = x, .who = q->who, .kind = kind};
	return f;
}

/* INDEX/LEAF */
static bool receipt_read(struct str path, struct fetch *f)
{
	struct str index, leaf;
	int64_t v;

	if (!str_cut(path, '/', &index, &leaf) || !str_to_i64(index, &v) || v < 0 ||
	    !hex_decode(leaf, f->leaf.b, sizeof(f->leaf.b)))
		return false;
	f->n = (uint64_t)v;
	return true;
}

static void receipt(const struct asked *q, struct exchange *x)
{
	struct op op = {.arena = exchange_arena(x)};
	struct fetch *f = fetch_of(q, x, KIND_RECEIPT);

	if (!receipt_read(q->rest, f)) {
		problem_say(x, 400, "回执写作 序号/校验值（64 位十六进制小写）",
		            "a receipt is INDEX/LEAF, the leaf as 64 lower-case hex digits");
		return;
	}
	f->rc = prover_prove(&op, f->tiles->prover, NULL, f->n, &f->leaf, &f->body);
	f->err = op.err;
	if (f->rc == RC_BUSY)
		hand_on(f);
	else
		finish(f, x);
}

/* Whoever is logged in may ask; a reader says whether he may have it. */
static void policy(const struct asked *q, struct exchange *x)
{
	hand_on(fetch_of(q, x, KIND_POLICY));
}

static void tile(const struct asked *q, struct exchange *x)
{
	struct fetch *f = fetch_of(q, x, KIND_TILE);
	struct str path = exchange_path(x);

	if (tile_path_parse((struct str){path.s + 1, path.n - 1}, &f->level, &f->n, &f->width))
		hand_on(f);
	else
		problem_say(x, 404, "没有这个地址", "there is no such address");
}

static void rules(const struct asked *q, struct exchange *x)
{
	struct fetch *f = fetch_of(q, x, KIND_RULES);
	struct str name, end;
	uint8_t hash[32];

	if (str_cut(q->rest, '.', &name, &end) && str_is(end, "json") &&
	    hex_decode(name, hash, sizeof(hash))) {
		f->rules = str_copy(exchange_arena(x), name);
		hand_on(f);
	} else {
		problem_say(x, 404, "没有这个地址", "there is no such address");
	}
}

static const struct route_answer NOTE[] = {
	{200, "text/plain", NULL, "最新存证点", "the newest signed note"},
};
static const struct route_answer TEXT[] = {
	{200, "text/plain", NULL, "文本", "text"},
};
static const struct route_answer PROOF[] = {
	{200, "text/plain", NULL, "存证证明", "a tlog-proof"},
};
static const struct route_answer TILE_OF[] = {
	{200, "application/octet-stream", NULL, "存证树片", "a tile"},
};
static const struct route_answer RULES_OF[] = {
	{200, "application/json", "rules", "当时的规则", "rules as they were"},
};
static const struct route_param RECEIPT[] = {
	{"index", "path", "index", true, "序号", "the index"},
	{"leaf", "path", "hash", true, "校验值", "the leaf"},
};
static const struct route_param PATH[] = {
	{"path", "path", "cursor", true, "C2SP tlog-tiles 的路径", "as C2SP tlog-tiles has it"},
};
static const struct route_param NAME[] = {
	{"file", "path", "cursor", true, "校验值.json", "HASH.json"},
};
static const int NOT_YET[] = {503, 0};
static const int OF_RECEIPTS[] = {400, 404, 409, 500, 503, 0};
static const int OF_FILES[] = {401, 403, 404, 409, 500, 503, 0};

const struct route TILE_ROUTES[] = {
	{"GET", "/checkpoint", ROUTE_OPEN, .handle = checkpoint, ANSWERS(NOTE), .problems = NOT_YET,
	 .zh = "存证点", .en = "the checkpoint"},
	{"GET", "/vkey", ROUTE_OPEN, .handle = vkey, ANSWERS(TEXT), .zh = "验证公钥",
	 .en = "the key that verifies it"},
	{"GET", "/policy", ROUTE_CALLER, .handle = policy, ANSWERS(TEXT), .problems = OF_FILES,
	 .zh = "见证要求", .en = "which witnesses are asked for"},
	{"GET", "/tile/{path}", ROUTE_CALLER, .handle = tile, PARAMS(PATH), ANSWERS(TILE_OF),
	 .problems = OF_FILES, .zh = "存证树片", .en = "tiles"},
	{"GET", "/rules/{file}", ROUTE_CALLER, .handle = rules, PARAMS(NAME), ANSWERS(RULES_OF),
	 .problems = OF_FILES, .zh = "规则文件", .en = "rules"},
	{"GET", "/api/v1/receipts/{index}/{leaf}", ROUTE_OPEN, .handle = receipt, PARAMS(RECEIPT),
	 ANSWERS(PROOF), .problems = OF_RECEIPTS, .zh = "回执的存证证明", .en = "the proof of a receipt"},
};
const size_t TILE_NROUTES = COUNT(TILE_ROUTES);
