/* SPDX-License-Identifier: Apache-2.0 */
/* key.h -- Ed25519 and SM2 keys and signatures, and the vault's sealing, over OpenSSL.
 *
 * SM2 always sets the id 1234567812345678 (OpenSSL 3.0 would sign with an empty one).
 */
#ifndef GY_KEY_H
#define GY_KEY_H

#include "base/arena.h"
#include "base/hash.h"
#include "base/macros.h"
#include "base/str.h"

struct ed25519_public {
	uint8_t b[32];
};
struct ed25519_key {
	uint8_t seed[32];
	struct ed25519_public pub;
};
struct signature {
	uint8_t b[64];
};

/* The key of a seed: the same seed gives the same key. */
struct ed25519_key ed25519_from_seed(const uint8_t seed[32]);
struct signature ed25519_sign(const struct ed25519_key *k, const void *p, size_t n);
bool ed25519_verify(const struct ed25519_public *k, const void *p, size_t n,
                    const struct signature *sig);
/* Verified with where there is no key, so that a refusal takes as long: RFC 8032's first, whose
 * secret everybody knows, so it proves nothing. */
extern const struct ed25519_public KEY_OF_NOBODY;

/* SM2 with SM3 and the default id; pub is the uncompressed point (65 bytes, 0x04 first), the
 * signature DER.  False: does not verify, or not a point. */
bool sm2_verify(const uint8_t pub[65], const void *p, size_t n, struct str der);

/* AES-256-GCM: nonce (12) || ciphertext || tag (16).  `aad` binds it to its place. */
struct str seal_make(struct arena *a, const uint8_t key[32], const uint8_t nonce[12],
                     struct str aad, struct str plain);
/* False: altered, wrong key or wrong place; *ret untouched. */
bool seal_open(struct arena *a, const uint8_t key[32], struct str aad, struct str sealed,
               struct str *ret);

#endif
