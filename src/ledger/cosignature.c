/* SPDX-License-Identifier: Apache-2.0 */
/* cosignature.c -- signing and verifying notes: Ed25519 (0x01) over the text, and
 * cosignature/v1 (0x04) over the text under a header and a time; see note.h.
 *
 * A cosignature says: at that time this was the largest consistent tree that I had seen.  Its
 * message does not hold the cosigner's name, so one key serves one cosigner only.
 */
#include "ledger/note.h"

#define TIME_BYTES 8
#define SIG_BYTES  sizeof(struct signature)

static struct str cosigned_message(struct arena *a, struct str text, int64_t time_s)
{
	return str_fmt(a, "cosignature/v1\ntime %lld\n" STR_FMT, (long long)time_s, STR_ARG(text));
}

static bool text_valid(struct str text)
{
	if (text.n == 0 || text.n > LIMIT_NOTE_BYTES / 2 || text.s[text.n - 1] != '\n')
		return false;
	for (size_t i = 0; i < text.n; i++)
		if ((uint8_t)text.s[i] < 0x20 && text.s[i] != '\n')
			return false;
	return str_utf8_valid(text);
}

static enum rc sign_ready(struct op *op, const struct note *n, struct str name)
{
	if (!text_valid(n->text))
		return fail(op, RC_INVALID, "text", "C2SP signed-note", "待签文本格式无效",
		            "the text is not fit to be signed");
	if (!note_name_valid(name))
		return fail(op, RC_INVALID, "name", "C2SP signed-note", "签名名称为空或含空白字符",
		            "the name is empty or has a space");
	if (n->nsigs >= LIMIT_NOTE_SIGS)
		return fail(op, RC_INVALID, "note", "C2SP signed-note", "签名已达上限 %d 个",
		            "the note has %d signatures already", LIMIT_NOTE_SIGS);
	return RC_OK;
}

enum rc note_sign(struct op *op, struct note *n, struct str name, const struct ed25519_key *k)
{
	struct signature sig;

	TRY(sign_ready(op, n, name));
	sig = ed25519_sign(k, n->text.s, n->text.n);
	n->sig[n->nsigs++] =
		(struct note_sig){.name = str_copy(op->arena, name),
	                          .id = note_key_id(name, NOTE_ED25519, &k->pub),
	                          .bytes = str_dup(op->arena, (const char *)sig.b, sizeof sig.b)};
	return RC_OK;
}

enum rc note_cosign(struct op *op, struct note *n, struct str name, const struct ed25519_key *k,
                    int64_t time_s)
{
	char raw[TIME_BYTES + SIG_BYTES];
	struct signature sig;
	struct str msg;

	TRY(sign_ready(op, n, name));
	if (time_s <= 0)
		return fail(op, RC_INVALID, "time", "C2SP tlog-cosignature", "见证签名时间无效",
		            "a cosignature needs a time after 1970");
	msg = cosigned_message(op->arena, n->text, time_s);
	sig = ed25519_sign(k, msg.s, msg.n);
	for (int i = 0; i < TIME_BYTES; i++)
		raw[i] = (char)(uint8_t)((uint64_t)time_s >> (8 * (TIME_BYTES - 1 - i)));
	memcpy(raw + TIME_BYTES, sig.b, SIG_BYTES);
	n->sig[n->nsigs++] = (struct note_sig){.name = str_copy(op->arena, name),
	                                       .id = note_key_id(name, NOTE_COSIGNATURE, &k->pub),
	                                       .bytes = str_dup(op->arena, raw, sizeof raw)};
	return RC_OK;
}

/* *ret_time_s 0: not a cosignature. */
static bool sig_verify(struct arena *a, struct str text, const struct note_sig *s,
                       const struct note_key *k, int64_t *ret_time_s)
{
	const uint8_t *p = (const uint8_t *)s->bytes.s;
	struct signature sig;
	uint64_t t = 0;

	if (k->alg == NOTE_ED25519) {
		if (s->bytes.n != SIG_BYTES)
			return false;
		memcpy(sig.b, p, SIG_BYTES);
		*ret_time_s = 0;
		return ed25519_verify(&k->pub, text.s, text.n, &sig);
	}
	if (s->bytes.n != TIME_BYTES + SIG_BYTES)
		return false;
	for (int i = 0; i < TIME_BYTES; i++)
		t = t << 8 | p[i];
	/* 0 would mean "no statement about time", which only ML-DSA cosignatures may make. */
	if (t == 0 || t > INT64_MAX)
		return false;
	memcpy(sig.b, p + TIME_BYTES, SIG_BYTES);
	*ret_time_s = (int64_t)t;
	struct str msg = cosigned_message(a, text, (int64_t)t);
	return ed25519_verify(&k->pub, msg.s, msg.n, &sig);
}

enum rc note_verify(struct op *op, const struct note *n, const struct note_key *keys, int nkeys,
                    bool *ret_signed, int64_t *ret_time_s)
{
	size_t count = nkeys > 0 ? (size_t)nkeys : 1;
	bool *done = arena_array(op->arena, count, sizeof *done), any = false;
	int64_t *time_s = arena_array(op->arena, count, sizeof *time_s), t = 0;

	/* Every line against every known key of its name and id: repeated lines do not hide. */
	for (int i = 0; i < n->nsigs; i++) {
		for (int j = 0; j < nkeys; j++) {
			if (n->sig[i].id != keys[j].id || !str_eq(n->sig[i].name, keys[j].name))
				continue;
			if (!sig_verify(op->arena, n->text, &n->sig[i], &keys[j], &t))
				return fail(op, RC_INVALID, "note", "C2SP signed-note",
				            "第 %d 行签名（" STR_FMT "）验证不符",
				            "signature line %d (" STR_FMT ") does not verify",
				            i + 1, STR_ARG(n->sig[i].name));
			done[j] = any = true;
			if (t > time_s[j])
				time_s[j] = t;
		}
	}
	if (!any)
		return fail(op, RC_INVALID, "note", "C2SP signed-note", "没有已知密钥的签名",
		            "no known key has signed it");
	for (int j = 0; j < nkeys; j++) {
		ret_signed[j] = done[j];
		if (ret_time_s)
			ret_time_s[j] = time_s[j];
	}
	return RC_OK;
}
