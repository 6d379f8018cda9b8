/* SPDX-License-Identifier: Apache-2.0 */
/* hash.h -- SHA-256, SM3, HMAC over OpenSSL, with digests fetched once (an implicit fetch on each
 * call costs two to three times more), and hex and base64 of what they give.
 */
#ifndef GY_HASH_H
#define GY_HASH_H

#include "base/arena.h"
#include "base/macros.h"
#include "base/str.h"

struct hash {
	uint8_t b[32];
};

enum hash_kind { HASH_SHA256, HASH_SM3 };

/* One hashing context; not for two threads at once.  NULL never: no OpenSSL ends the process. */
struct hasher;
struct hasher *hasher_new(enum hash_kind kind);
void hasher_free(struct hasher *h);

void hasher_start(struct hasher *h);
void hasher_add(struct hasher *h, const void *p, size_t n);
struct hash hasher_end(struct hasher *h);
struct hash hasher_of(struct hasher *h, const void *p, size_t n); /* the three at once */

/* One-shot forms, from any thread. */
struct hash hash_sha256(const void *p, size_t n);
struct hash hash_sm3(const void *p, size_t n);
/* For one-time codes (RFC 6238) alone: authenticator programs know no other. */
void hash_hmac_sha1(const void *key, size_t nkey, const void *p, size_t n, uint8_t ret[20]);
struct hash hash_hmac_sha256(const void *key, size_t nkey, const void *p, size_t n);

bool hash_eq(const struct hash *a, const struct hash *b); /* constant time */

struct str hash_hex(struct arena *a, const struct hash *h);
struct str hex_encode(struct arena *a, const void *p, size_t n);
struct str base64_encode(struct arena *a, const void *p, size_t n); /* padded, RFC 4648 §4 */

/* Strict: lower-case hex, exactly n bytes.  False: not such a text. */
bool hex_decode(struct str text, void *ret, size_t n);

/* Strict: padded, no blanks, no stray bits.  *ret in the arena.  False: not base64. */
bool base64_decode(struct arena *a, struct str text, struct str *ret);

#endif
