/* SPDX-License-Identifier: Apache-2.0 */
/* hash.c -- see hash.h.
 *
 * A hasher keeps its fetched digest and its context, so that each hash costs the hashing alone.
 * No failure is handed up: with the digests loaded, OpenSSL fails here only without memory.
 */
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <openssl/hmac.h>
#include <stdatomic.h>

#include "base/hash.h"

/* The fetched digest is kept beside the context: starting again then costs no lookup. */
struct hasher {
	EVP_MD *md;
	EVP_MD_CTX *ctx;
};

static void must(bool ok)
{
	if (ok)
		return;
	fputs("gongyuan: OpenSSL 摘要算法不可用 digest not available\n", stderr);
	abort();
}

static const char *digest_name(enum hash_kind kind)
{
	switch (kind) {
	case HASH_SHA256:
		return "SHA256";
	case HASH_SM3:
		return "SM3";
	}
	assert(kind == HASH_SHA256);
	return "";
}

struct hasher *hasher_new(enum hash_kind kind)
{
	struct hasher *h = malloc(sizeof(*h));

	must(h != NULL);
	h->md = EVP_MD_fetch(NULL, digest_name(kind), NULL);
	h->ctx = EVP_MD_CTX_new();
	must(h->md && h->ctx && EVP_MD_get_size(h->md) == (int)sizeof(struct hash));
	return h;
}

void hasher_free(struct hasher *h)
{
	if (!h)
		return;
	EVP_MD_CTX_free(h->ctx);
	EVP_MD_free(h->md);
	free(h);
}

void hasher_start(struct hasher *h)
{
	/* Whatever was begun before is forgotten. */
	must(EVP_DigestInit_ex2(h->ctx, h->md, NULL) == 1);
}

void hasher_add(struct hasher *h, const void *p, size_t n)
{
	must(EVP_DigestUpdate(h->ctx, p, n) == 1);
}

struct hash hasher_end(struct hasher *h)
{
	struct hash ret;

	must(EVP_DigestFinal_ex(h->ctx, ret.b, NULL) == 1);
	return ret;
}

struct hash hasher_of(struct hasher *h, const void *p, size_t n)
{
	hasher_start(h);
	hasher_add(h, p, n);
	return hasher_end(h);
}

/* ---- one-shot forms ----
 *
 * One hasher waits for whoever comes next: taken and given back without a lock, by any thread; who
 * finds none makes one, and of two that come back one is freed. */
static _Atomic(struct hasher *) spare;

static struct hasher *spare_take(void)
{
	struct hasher *h = atomic_exchange(&spare, NULL);

	return h ? h : hasher_new(HASH_SHA256);
}

/* Nothing of what was hashed, a key perhaps, stays in it. */
static void spare_give(struct hasher *h)
{
	hasher_start(h);
	hasher_free(atomic_exchange(&spare, h));
}

struct hash hash_sha256(const void *p, size_t n)
{
	struct hasher *h = spare_take();
	struct hash ret = hasher_of(h, p, n);

	spare_give(h);
	return ret;
}

/* This fetches implicitly, on each call. */
struct hash hash_sm3(const void *p, size_t n)
{
	struct hash ret;

	must(EVP_Digest(p, n, ret.b, NULL, EVP_sm3(), NULL) == 1);
	return ret;
}

/* RFC 2104 over one context: HMAC() of OpenSSL 3.0 looks its digest up five times, which costs
 * more than the digest itself. */
void hash_hmac_sha1(const void *key, size_t nkey, const void *p, size_t n, uint8_t ret[20])
{
	unsigned size = 20;

	if (!HMAC(EVP_sha1(), key, (int)nkey, p, n, ret, &size))
		abort(); /* as hasher_new: OpenSSL without its own hashes */
}

struct hash hash_hmac_sha256(const void *key, size_t nkey, const void *p, size_t n)
{
	enum { BLOCK = 64 };
	struct hasher *h = spare_take();
	uint8_t pad[BLOCK] = {0}, outer[BLOCK + sizeof(struct hash)];
	struct hash ret;

	if (nkey > BLOCK) {
		ret = hasher_of(h, key, nkey);
		memcpy(pad, ret.b, sizeof(ret.b));
	} else if (nkey) {
		memcpy(pad, key, nkey);
	}
	for (size_t i = 0; i < BLOCK; i++) {
		outer[i] = pad[i] ^ 0x5c;
		pad[i] ^= 0x36;
	}
	hasher_start(h);
	hasher_add(h, pad, BLOCK);
	hasher_add(h, p, n);
	ret = hasher_end(h);
	memcpy(outer + BLOCK, ret.b, sizeof(ret.b));
	ret = hasher_of(h, outer, sizeof(outer));
	OPENSSL_cleanse(pad, sizeof(pad));
	OPENSSL_cleanse(outer, sizeof(outer));
	spare_give(h);
	return ret;
}

/* A MAC compared byte by byte would tell how far a guess was right. */
bool hash_eq(const struct hash *a, const struct hash *b)
{
	return CRYPTO_memcmp(a->b, b->b, sizeof(a->b)) == 0;
}

/* A table of 16 and two stores a byte: every entry writes at least two of these. */
struct str hex_encode(struct arena *a, const void *p, size_t n)
{
	static const char DIGITS[] = "0123456789abcdef";
	const uint8_t *in = p;
	char *out = arena_alloc(a, 2 * n + 1);

	for (size_t i = 0; i < n; i++) {
		out[2 * i] = DIGITS[in[i] >> 4];
		out[2 * i + 1] = DIGITS[in[i] & 15];
	}
	return (struct str){out, 2 * n};
}

struct str hash_hex(struct arena *a, const struct hash *h)
{
	return hex_encode(a, h->b, sizeof(h->b));
}

/* 0..15; 16 when c is no lower-case hex digit. */
static const uint8_t HEX_VALUE[256] = {
#define X4(v) v, v, v, v
#define X16(v) X4(v), X4(v), X4(v), X4(v)
	X16(16), X16(16), X16(16), 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 16, 16, 16, 16, 16, 16, X16(16),
	X16(16), 16, 10, 11, 12, 13, 14, 15, 16, X4(16), X4(16), X16(16), X16(16), X16(16), X16(16),
	X16(16), X16(16), X16(16), X16(16), X16(16),
#undef X16
#undef X4
};

bool hex_decode(struct str text, void *ret, size_t n)
{
	const uint8_t *in = (const uint8_t *)text.s;
	uint8_t *out = ret, bad = 0;

	if (text.n != 2 * n)
		return false;
	for (size_t i = 0; i < text.n; i++) /* all of it first: ret stays untouched */
		bad |= HEX_VALUE[in[i]];
	if (bad > 15)
		return false;
	for (size_t i = 0; i < n; i++)
		out[i] = (uint8_t)(HEX_VALUE[in[2 * i]] << 4 | HEX_VALUE[in[2 * i + 1]]);
	return true;
}

struct str base64_encode(struct arena *a, const void *p, size_t n)
{
	static const char DIGITS[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	const uint8_t *in = p;
	size_t len = (n + 2) / 3 * 4;
	char *out = arena_alloc(a, len + 1), *o = out;

	for (size_t i = 0; i < n; i += 3) {
		uint32_t v = (uint32_t)in[i] << 16; /* three bytes, the missing ones zero */

		if (i + 1 < n)
			v |= (uint32_t)in[i + 1] << 8;
		if (i + 2 < n)
			v |= in[i + 2];
		*o++ = DIGITS[v >> 18];
		*o++ = DIGITS[v >> 12 & 63];
		*o++ = i + 1 < n ? DIGITS[v >> 6 & 63] : '=';
		*o++ = i + 2 < n ? DIGITS[v & 63] : '=';
	}
	return (struct str){out, len};
}

/* 0..63; 64 when c is no digit of base64. */
static uint32_t base64_value(char c)
{
	if (c >= 'A' && c <= 'Z')
		return (uint32_t)(c - 'A');
	if (c >= 'a' && c <= 'z')
		return (uint32_t)(c - 'a') + 26;
	if (c >= '0' && c <= '9')
		return (uint32_t)(c - '0') + 52;
	return c == '+' ? 62 : c == '/' ? 63 : 64;
}

bool base64_decode(struct arena *a, struct str text, struct str *ret)
{
	size_t pad = 0, digits, n, at = 0;
	uint32_t v = 0;
	char *out;

	if (text.n % 4 != 0)
		return false;
	while (pad < 2 && pad < text.n && text.s[text.n - 1 - pad] == '=')
		pad++;
	digits = text.n - pad;
	n = digits * 3 / 4;
	out = arena_alloc(a, n + 1); /* and one byte for the NUL */
	for (size_t i = 0; i < digits; i++) {
		uint32_t d = base64_value(text.s[i]);

		if (d > 63)
			return false;
		v = (v << 6 | d) & 0xffffff;
		/* The 2nd to 4th digit of each four completes a byte. */
		if (i % 4 != 0)
			out[at++] = (char)(v >> (6 - 2 * (i % 4)) & 0xff);
	}
	if (pad > 0 && (v & (pad == 1 ? 3u : 15u)) != 0) /* stray bits: a second spelling */
		return false;
	*ret = (struct str){out, n};
	return true;
}
