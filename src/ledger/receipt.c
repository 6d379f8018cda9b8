/* SPDX-License-Identifier: Apache-2.0 */
/* receipt.c -- tlog-proof@v1: one entry's place in a checkpoint, on paper or in a file, verified
 * without any network; see checkpoint.h.
 */
#include "ledger/checkpoint.h"

#define MAGIC "c2sp.org/tlog-proof@v1"

struct str receipt_format(struct arena *a, const struct receipt *r)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addf(&b, MAGIC "\nindex %llu\n", (unsigned long long)r->index);
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
	return fail(op, RC_INVALID, "receipt", "C2SP tlog-proof", "登记回执格式无效：%s%.0s",
	            "not a receipt: %.0s%s", zh, en);
}

static bool take(struct str *line, struct str what)
{
	if (!str_starts(*line, what))
		return false;
	*line = (struct str){line->s + what.n, line->n - what.n};
	return true;
}

static enum rc parse_proof(struct op *op, struct str *rest, struct proof *ret)
{
	struct str line, raw;

	for (;;) {
		if (!str_cut(*rest, '\n', &line, rest))
			return bad(op, "缺少空行和存证点", "no empty line and checkpoint");
		if (line.n == 0)
			return RC_OK;
		if (ret->n == LIMIT_PROOF)
			return bad(op, "校验值过多", "too many hashes");
		if (!base64_decode(op->arena, line, &raw) || raw.n != sizeof ret->hash[0].b)
			return bad(op, "校验值有误", "a hash line is malformed");
		memcpy(ret->hash[ret->n++].b, raw.s, sizeof ret->hash[0].b);
	}
}

enum rc receipt_parse(struct op *op, struct str bytes, struct receipt *ret)
{
	struct receipt *r = ARENA_NEW(op->arena, struct receipt);
	struct note *note = ARENA_NEW(op->arena, struct note);
	struct str rest = bytes, line, raw;
	struct checkpoint c;
	int64_t index;

	if (bytes.n > 2 * LIMIT_NOTE_BYTES)
		return bad(op, "过长", "it is too long");
	if (!str_cut(rest, '\n', &line, &rest) || !str_eq(line, STR(MAGIC)))
		return bad(op, "首行应为 " MAGIC, "its first line is not " MAGIC);
	if (!str_cut(rest, '\n', &line, &rest))
		return bad(op, "缺少序号", "no index");
	if (take(&line, STR("extra ")) &&
	    (!base64_decode(op->arena, line, &raw) || !str_cut(rest, '\n', &line, &rest)))
		return bad(op, "附加数据有误", "bad extra line");
	if (!take(&line, STR("index ")) || !str_to_i64(line, &index) || line.s[0] == '-')
		return bad(op, "序号有误", "bad index line");
	r->index = (uint64_t)index;
	TRY(parse_proof(op, &rest, &r->proof));
	TRY(note_parse(op, rest, note));
	TRY(checkpoint_parse(op, note->text, &c));
	r->note = str_copy(op->arena, rest);
	*ret = *r;
	return RC_OK;
}

enum rc receipt_check(struct op *op, const struct policy *p, const struct receipt *r,
                      const struct hash *leaf, struct checkpoint *ret)
{
	struct checkpoint c;
	struct hasher *h;
	bool ok;

	TRY(policy_check(op, p, r->note, &c, NULL));
	h = hasher_new(HASH_SHA256);
	ok = tree_verify_inclusion(h, &r->proof, r->index, c.size, leaf, &c.root);
	hasher_free(h);
	if (!ok)
		return fail(op, RC_INVALID, "receipt", "RFC 9162 2.1.3.2",
		            "登记回执与存证点不符：第 %llu 条记录不在其中",
		            "the receipt does not prove that entry %llu is under its checkpoint",
		            (unsigned long long)r->index);
	*ret = c;
	return RC_OK;
}
