/* SPDX-License-Identifier: Apache-2.0 */
/* key.c -- see key.h.
 *
 * What fails to verify is an answer, not an error: OpenSSL's queue is emptied, so that it does
 * not grow in a thread that verifies for days.  Making a signature fails only without memory,
 * and then ends the process.
 */
#include <limits.h>
#include <openssl/core_names.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/params.h>
#include <stdatomic.h>

#include "base/key.h"

enum { SEAL_NONCE = 12, SEAL_TAG = 16 };

static const char SM2_ID[] = "1234567812345678";

static void must(bool ok)
{
	if (ok)
		return;
	fputs("gongyuan: OpenSSL 密码算法不可用 cipher or key type not available\n", stderr);
	abort();
}

static EVP_PKEY *private_key(const uint8_t seed[32])
{
	EVP_PKEY *key = EVP_PKEY_new_raw_private_key(EVP_PKEY_ED25519, NULL, seed, 32);

	must(key != NULL);
	return key;
}

struct ed25519_key ed25519_from_seed(const uint8_t seed[32])
{
	struct ed25519_key ret;
	size_t n = sizeof(ret.pub.b);
	EVP_PKEY *key = private_key(seed);

	memcpy(ret.seed, seed, sizeof(ret.seed));
	must(EVP_PKEY_get_raw_public_key(key, ret.pub.b, &n) == 1 && n == sizeof(ret.pub.b));
	EVP_PKEY_free(key); /* which clears its copy of the seed */
	return ret;
}

struct signature ed25519_sign(const struct ed25519_key *k, const void *p, size_t n)
{
	struct signature ret;
	size_t len = sizeof(ret.b);
	EVP_PKEY *key = private_key(k->seed);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();

	must(ctx && EVP_DigestSignInit(ctx, NULL, NULL, NULL, key) == 1);
	must(EVP_DigestSign(ctx, ret.b, &len, n > 0 ? p : (const void *)"", n) == 1);
	must(len == sizeof(ret.b));
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	return ret;
}

/* OpenSSL refuses an s that is not reduced: each signature has one spelling. */
const struct ed25519_public KEY_OF_NOBODY = {{
	0xd7, 0x5a, 0x98, 0x01, 0x82, 0xb1, 0x0a, 0xb7, 0xd5, 0x4b, 0xfe, 0xd3, 0xc9, 0x64, 0x07, 0x3a,
	0x0e, 0xe1, 0x72, 0xf3, 0xda, 0xa6, 0x23, 0x25, 0xaf, 0x02, 0x1a, 0x68, 0xf7, 0x07, 0x51, 0x1a,
}};

bool ed25519_verify(const struct ed25519_public *k, const void *p, size_t n,
                    const struct signature *sig)
{
	EVP_PKEY *key = EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, NULL, k->b, sizeof(k->b));
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good = key && ctx && EVP_DigestVerifyInit(ctx, NULL, NULL, NULL, key) == 1 &&
	            EVP_DigestVerify(ctx, sig->b, sizeof(sig->b), n > 0 ? p : (const void *)"",
	                             n) == 1;

	EVP_MD_CTX_free(ctx);
	EVP_PKEY_free(key);
	if (!good)
		ERR_clear_error();
	return good;
}

/* NULL: not a point of the curve. */
static EVP_PKEY *sm2_public(const uint8_t pub[65])
{
	char group[] = "SM2";
	uint8_t point[65];
	EVP_PKEY_CTX *ctx = EVP_PKEY_CTX_new_from_name(NULL, "SM2", NULL);
	EVP_PKEY *key = NULL;
	OSSL_PARAM params[3];

	must(ctx != NULL);
	memcpy(point, pub, sizeof(point)); /* OSSL_PARAM takes no const */
	params[0] = OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0);
	params[1] = OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point,
	                                              sizeof(point));
	params[2] = OSSL_PARAM_construct_end();
	if (EVP_PKEY_fromdata_init(ctx) != 1 ||
	    EVP_PKEY_fromdata(ctx, &key, EVP_PKEY_PUBLIC_KEY, params) != 1) {
		EVP_PKEY_free(key);
		key = NULL;
	}
	EVP_PKEY_CTX_free(ctx);
	return key;
}

/* OpenSSL compares the signature with its own encoding of it: DER has one spelling. */
static bool sm2_check(EVP_PKEY *key, const void *p, size_t n, struct str der)
{
	EVP_PKEY_CTX *with_id = EVP_PKEY_CTX_new(key, NULL);
	EVP_MD_CTX *ctx = EVP_MD_CTX_new();
	bool good;

	must(with_id && ctx);
	/* OpenSSL 3.0 takes an empty id unless told; every other maker uses this one. */
	must(EVP_PKEY_CTX_set1_id(with_id, SM2_ID, sizeof(SM2_ID) - 1) == 1);
	EVP_MD_CTX_set_pkey_ctx(ctx, with_id);
	good = EVP_DigestVerifyInit(ctx, NULL, EVP_sm3(), NULL, key) == 1 &&
	       EVP_DigestVerify(ctx, (const unsigned char *)der.s, der.n,
	                        n > 0 ? p : (const void *)"", n) == 1;
	EVP_MD_CTX_free(ctx);
	EVP_PKEY_CTX_free(with_id);
	return good;
}

bool sm2_verify(const uint8_t pub[65], const void *p, size_t n, struct str der)
{
	EVP_PKEY *key = pub[0] == 0x04 && der.n > 0 ? sm2_public(pub) : NULL;
	bool good = key && sm2_check(key, p, n, der);

	EVP_PKEY_free(key);
	if (!good)
		ERR_clear_error();
	return good;
}

/* Looked up once: a look-up costs more than to seal a name. */
static EVP_CIPHER *seal_cipher(void)
{
	static _Atomic(EVP_CIPHER *) known;
	EVP_CIPHER *c = atomic_load(&known), *first = NULL;

	if (c)
		return c;
	c = EVP_CIPHER_fetch(NULL, "AES-256-GCM", NULL);
	must(c != NULL);
	if (atomic_compare_exchange_strong(&known, &first, c))
		return c;
	EVP_CIPHER_free(c); /* another thread was first */
	return first;
}

/* Puts the text through the cipher: out has room for in.n bytes. */
static bool seal_pass(EVP_CIPHER_CTX *ctx, struct str aad, struct str in, unsigned char *out)
{
	int n = 0;

	assert(aad.n <= INT_MAX);
	assert(in.n <= INT_MAX);
	if (aad.n > 0 &&
	    EVP_CipherUpdate(ctx, NULL, &n, (const unsigned char *)aad.s, (int)aad.n) != 1)
		return false;
	n = 0;
	if (in.n > 0 &&
	    EVP_CipherUpdate(ctx, out, &n, (const unsigned char *)in.s, (int)in.n) != 1)
		return false;
	return (size_t)n == in.n;
}

struct str seal_make(struct arena *a, const uint8_t key[32], const uint8_t nonce[12],
                     struct str aad, struct str plain)
{
	size_t n = SEAL_NONCE + plain.n + SEAL_TAG;
	unsigned char *out = arena_alloc(a, n + 1);
	EVP_CIPHER_CTX *ctx = EVP_CIPHER_CTX_new();
	int last = 0;

	memcpy(out, nonce, SEAL_NONCE);
	must(ctx && EVP_CipherInit_ex2(ctx, seal_cipher(), key, nonce, 1, NULL) == 1);
	must(seal_pass(ctx, aad, plain, out + SEAL_NONCE));
	must(EVP_CipherFinal_ex(ctx, out + SEAL_NONCE + plain.n, &last) == 1 && last == 0);
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_GET_TAG, SEAL_TAG,
	                         out + SEAL_NONCE + plain.n) == 1);
	EVP_CIPHER_CTX_free(ctx); /* which clears the key schedule */
	return (struct str){(char *)out, n};
}

bool seal_open(struct arena *a, const uint8_t key[32], struct str aad, struct str sealed,
               struct str *ret)
{
	struct str text;
	unsigned char tag[SEAL_TAG], *out;
	EVP_CIPHER_CTX *ctx;
	int last = 0;
	bool good;

	if (sealed.n < SEAL_NONCE + SEAL_TAG)
		return false;
	text = (struct str){sealed.s + SEAL_NONCE, sealed.n - SEAL_NONCE - SEAL_TAG};
	memcpy(tag, text.s + text.n, SEAL_TAG);
	out = arena_alloc(a, text.n + 1);
	ctx = EVP_CIPHER_CTX_new();
	must(ctx && EVP_CipherInit_ex2(ctx, seal_cipher(), key,
	                               (const unsigned char *)sealed.s, 0, NULL) == 1);
	must(EVP_CIPHER_CTX_ctrl(ctx, EVP_CTRL_AEAD_SET_TAG, SEAL_TAG, tag) == 1);
	good = seal_pass(ctx, aad, text, out) && EVP_CipherFinal_ex(ctx, out + text.n, &last) == 1;
	EVP_CIPHER_CTX_free(ctx);
	if (!good) { /* nobody may see what did not verify */
		OPENSSL_cleanse(out, text.n);
		ERR_clear_error();
		return false;
	}
	*ret = (struct str){(char *)out, text.n};
	return true;
}
