/* SPDX-License-Identifier: Apache-2.0 */
/* cosign_ask.c -- a log asks a witness over HTTP.
 *
 * A witness is believed in what it can show and in nothing else: that it is ahead of us, or sees
 * another tree, counts only with a checkpoint under our own key in its hands.  Such a
 * checkpoint is evidence and is handed up.
 */
#include "ledger/cosign.h"

#include "net/client.h"

/* Others may ask for us at the same time, and each moves the witness on. */
#define TRIES_MAX 4

struct asking {
	const struct ledger *l;
	struct str url;
	const struct note_key *log, *witness;
	const atomic_bool *stops;
	struct str sent;  /* the note */
	struct http_answer got;
};

static struct str under(struct op *op, struct str url, const char *path)
{
	while (url.n && url.s[url.n - 1] == '/')
		url.n--;
	return str_fmt(op->arena, STR_FMT "/%s", STR_ARG(url), path);
}

static enum rc ask(struct op *op, struct asking *a, uint64_t old)
{
	struct http_question q = {.url = under(op, a->url, "add-checkpoint"), .post = true,
	                          .max = LIMIT_NOTE_BYTES, .stops = a->stops};

	TRY(cosign_request(op, a->l, old, &q.body, &a->sent));
	return http_ask(op, &q, &a->got);
}

static enum rc claims(struct op *op)
{
	return fail(op, RC_INVALID, "url", "C2SP tlog-witness",
	            "见证单位称另见过本台账，却拿不出本台账签发的存证点：不予采信",
	            "the witness claims to have seen another ledger of ours and shows no checkpoint "
	            "under our key: it is not believed");
}

/* Its newest checkpoint of our log against ours: OK when they agree. */
static enum rc look(struct op *op, struct asking *a, struct str *ret_note)
{
	struct hash h = hash_sha256(a->log->name.s, a->log->name.n), root;
	struct str path = str_fmt(op->arena, "%s/checkpoint", hash_hex(op->arena, &h).s);
	struct http_question q = {.url = under(op, a->url, path.s), .max = LIMIT_NOTE_BYTES,
	                          .stops = a->stops};
	struct tree_reader reader = ledger_reader(a->l);
	struct http_answer got;
	struct checkpoint c;
	struct tree t;

	TRY(http_ask(op, &q, &got));
	if (got.status != 200 || checkpoint_open(op, got.body, a->log, &c) != RC_OK)
		return claims(op);
	if (c.size <= a->l->tree.size && tree_load(&reader, c.size, &t)) {
		root = tree_root(&t, a->l->hasher);
		if (hash_eq(&root, &c.root))
			return RC_OK;
	}
	*ret_note = got.body;
	return fail(op, RC_BROKEN, "url", "",
	            "见证单位持有本台账密钥签发的 %llu 条存证点，与本台账（%llu 条）不符：被退回或被改写",
	            "the witness holds a checkpoint of %llu entries under our key that this ledger "
	            "(%llu entries) does not have: it was put back, or rewritten",
	            (unsigned long long)c.size, (unsigned long long)a->l->tree.size);
}

static enum rc refused(struct op *op, struct asking *a, struct str *ret_note)
{
	int status = a->got.status;

	if (status == 404 || status == 403)
		return fail(op, RC_DENIED, "url", "",
		            "见证单位不受理本台账（%d）：请对方用 --log 登记本台账的验证密钥",
		            "the witness does not know this ledger or its key (%d): it must be told our "
		            "verifier key with --log", status);
	if (status == 422 || status == 409)
		TRY(look(op, a, ret_note));
	return fail(op, status >= 500 ? RC_BUSY : RC_INVALID, "url", "",
	            "见证单位拒绝见证（%d），未说明可核实的理由",
	            "the witness refuses (%d) for no reason that can be verified", status);
}

/* What was sent, an earlier line of this witness left out, with the lines that came back. */
static enum rc accepted(struct op *op, const struct asking *a, struct str *ret_note)
{
	struct str all = str_fmt(op->arena, STR_FMT STR_FMT, STR_ARG(a->sent), STR_ARG(a->got.body));
	struct note *sent = ARENA_NEW(op->arena, struct note);
	struct note *got = ARENA_NEW(op->arena, struct note);
	struct checkpoint c;
	int kept = 0;

	TRY(note_parse(op, a->sent, sent));
	TRY(note_parse(op, all, got));
	/* An answer with an empty line in it would make another text of what we sent. */
	if (!str_eq(got->text, sent->text))
		return fail(op, RC_INVALID, "url", "C2SP tlog-witness", "见证单位的应答不是签名行",
		            "the witness's answer is not signature lines");
	for (int i = 0; i < got->nsigs; i++)
		if (i >= sent->nsigs || got->sig[i].id != a->witness->id ||
		    !str_eq(got->sig[i].name, a->witness->name))
			got->sig[kept++] = got->sig[i];
	got->nsigs = kept;
	all = note_format(op->arena, got);
	TRY(cosign_check(op, all, a->log, a->witness, &c));
	*ret_note = all;
	return RC_OK;
}

enum rc cosign_ask(struct op *op, const struct ledger *l, const struct note_key *log,
                   const struct cosign_witness *witness, struct str *ret_note)
{
	struct asking a = {.l = l, .url = witness->url, .log = log, .witness = witness->key,
	                   .stops = witness->stops};
	uint64_t old;

	TRY(cosign_last(op, l, witness->key, &old));
	for (int i = 0; i < TRIES_MAX; i++) {
		struct str size;
		struct str none;
		int64_t at;

		TRY(ask(op, &a, old));
		if (a.got.status == 200)
			return accepted(op, &a, ret_note);
		if (a.got.status != 409 || !str_is(a.got.type, "text/x.tlog.size"))
			break;
		if (!str_cut(a.got.body, '\n', &size, &none) || none.n || !str_to_i64(size, &at) ||
		    at < 0)
			break;
		if ((uint64_t)at == old || (uint64_t)at > l->tree.size)
			break; /* it lies, or it has seen more of us than there is */
		old = (uint64_t)at;
	}
	return refused(op, &a, ret_note);
}
