/* SPDX-License-Identifier: Apache-2.0 */
/* witness_request.c -- the body of add-checkpoint, read strictly: one spelling of each request. */
#include "ledger/witness.h"

struct str witness_request_format(struct arena *a, const struct witness_request *r)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addf(&b, "old %llu\n", (unsigned long long)r->old);
	for (int i = 0; i < r->proof.n; i++) {
		strbuf_adds(&b, base64_encode(a, r->proof.hash[i].b, sizeof r->proof.hash[i].b));
		strbuf_addc(&b, '\n');
	}
	strbuf_addc(&b, '\n');
	strbuf_adds(&b, r->note);
	return strbuf_str(&b);
}

static enum rc bad(struct op *op, const char *zh, const char *en)
{
	return fail(op, RC_INVALID, "request", "C2SP tlog-witness", "见证请求格式无效：%s%.0s",
	            "not a request to a witness: %.0s%s", zh, en);
}

enum rc witness_request_parse(struct op *op, struct str body, struct witness_request *ret)
{
	struct witness_request r = {0};
	struct str rest = body, line, raw;
	int64_t old;

	if (body.n > LIMIT_ADD_CHECKPOINT)
		return bad(op, "过长", "it is too long");
	if (!str_cut(rest, '\n', &line, &rest) || !str_starts(line, STR("old ")) ||
	    !str_to_i64((struct str){line.s + 4, line.n - 4}, &old) || line.s[4] == '-')
		return bad(op, "首行应为 old 和记录数", "its first line is not \"old\" and a size");
	for (;;) {
		if (!str_cut(rest, '\n', &line, &rest))
			return bad(op, "证明之后没有空行", "no empty line after the proof");
		if (line.n == 0)
			break;
		if (r.proof.n == LIMIT_PROOF)
			return bad(op, "证明超过 63 行", "more than 63 lines of proof");
		if (!base64_decode(op->arena, line, &raw) || raw.n != sizeof r.proof.hash[0].b)
			return bad(op, "证明行不是校验值", "a line of the proof is no hash");
		memcpy(r.proof.hash[r.proof.n++].b, raw.s, raw.n);
	}
	r.old = (uint64_t)old;
	r.note = str_copy(op->arena, rest);
	*ret = r;
	return RC_OK;
}
