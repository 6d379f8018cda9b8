/* SPDX-License-Identifier: Apache-2.0 */
/* witness_paper.c -- see witness_paper.h. */
#include "ledger/witness_paper.h"

static const char DIGITS[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

#define HEAD 5 /* "GYW1:" */

static struct str line_of(struct arena *a, const char *head, struct str bytes)
{
	struct strbuf b;
	uint32_t bits = 0;
	int n = 0;

	strbuf_init(&b, a);
	strbuf_addz(&b, head);
	for (size_t i = 0; i < bytes.n; i++) {
		bits = (bits << 8 | (unsigned char)bytes.s[i]) & 0xfff;
		for (n += 8; n >= 5; n -= 5)
			strbuf_addc(&b, DIGITS[bits >> (n - 5) & 31]);
	}
	if (n > 0)
		strbuf_addc(&b, DIGITS[bits << (5 - n) & 31]);
	return strbuf_str(&b);
}

/* Strict: no other spelling of the same bytes is taken. */
static bool bytes_of(struct arena *a, struct str digits, struct str *ret)
{
	struct strbuf b;
	uint32_t bits = 0;
	int n = 0;

	strbuf_init(&b, a);
	for (size_t i = 0; i < digits.n; i++) {
		const char *d = digits.s[i] ? strchr(DIGITS, digits.s[i]) : NULL;

		if (!d)
			return false;
		bits = (bits << 5 | (uint32_t)(d - DIGITS)) & 0xfff;
		n += 5;
		if (n >= 8) {
			n -= 8;
			strbuf_addc(&b, (char)(bits >> n & 0xff));
		}
	}
	if (n >= 5 || (bits & ((1u << n) - 1)) != 0)
		return false;
	*ret = strbuf_str(&b);
	return true;
}

enum rc witness_paper_request(struct op *op, struct str body, struct str *ret)
{
	struct witness_request r;
	struct strbuf b;

	TRY(witness_request_parse(op, body, &r));
	strbuf_init(&b, op->arena);
	for (int i = 7; i >= 0; i--)
		strbuf_addc(&b, (char)(r.old >> (8 * i) & 0xff));
	strbuf_addc(&b, (char)r.proof.n);
	strbuf_add(&b, r.proof.hash, (size_t)r.proof.n * sizeof r.proof.hash[0]);
	strbuf_adds(&b, r.note);
	*ret = line_of(op->arena, "GYW1:", strbuf_str(&b));
	return RC_OK;
}

struct str witness_paper_answer(struct arena *a, struct str note)
{
	return line_of(a, "GYA1:", note);
}

static enum rc damaged(struct op *op)
{
	return fail(op, RC_INVALID, "file", "", "二维码内容残缺：请重新扫描",
	            "the line of a QR code is damaged: scan it again");
}

static enum rc request_body(struct op *op, struct str bytes, struct str *ret)
{
	struct witness_request r = {0};
	size_t at = 9, hash = sizeof r.proof.hash[0];

	if (bytes.n < at)
		return damaged(op);
	for (size_t i = 0; i < 8; i++)
		r.old = r.old << 8 | (unsigned char)bytes.s[i];
	r.proof.n = (unsigned char)bytes.s[8];
	if (r.proof.n > LIMIT_PROOF || bytes.n - at < (size_t)r.proof.n * hash)
		return damaged(op);
	memcpy(r.proof.hash, bytes.s + at, (size_t)r.proof.n * hash);
	at += (size_t)r.proof.n * hash;
	r.note = (struct str){bytes.s + at, bytes.n - at};
	*ret = witness_request_format(op->arena, &r);
	return RC_OK;
}

static struct str trimmed(struct str s)
{
	while (s.n > 0 && strchr(" \t\r\n", s.s[s.n - 1]))
		s.n--;
	for (; s.n > 0 && *s.s && strchr(" \t\r\n", *s.s); s.n--)
		s.s++;
	return s;
}

enum rc witness_paper_read(struct op *op, struct str bytes, bool answer, struct str *ret)
{
	struct str line = trimmed(bytes), raw;
	bool is_answer = str_starts(line, STR("GYA1:"));

	if (!is_answer && !str_starts(line, STR("GYW1:"))) {
		*ret = bytes;
		return RC_OK;
	}
	if (is_answer != answer)
		return fail(op, RC_INVALID, "file", "", "这是%s的二维码，此处应为%s%.0s%.0s",
		            "%.0s%.0sthis is the QR code of %s; here belongs %s",
		            is_answer ? "答复" : "请求", answer ? "答复" : "请求",
		            is_answer ? "an answer" : "a request", answer ? "an answer" : "a request");
	line = (struct str){line.s + HEAD, line.n - HEAD};
	if (!bytes_of(op->arena, line, &raw))
		return damaged(op);
	if (!answer)
		return request_body(op, raw, ret);
	*ret = raw;
	return RC_OK;
}
