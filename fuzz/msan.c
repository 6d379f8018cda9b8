/* SPDX-License-Identifier: Apache-2.0 */
/* msan.c -- under the memory sanitizer: what libraries without it have written.
 *
 * OpenSSL and jansson are not instrumented: what they write looks uninitialized, and what they do
 * among themselves is not ours to judge.  Linked with --wrap (meson.build), the few calls that the
 * parsers make are told here: what goes in must be initialized, what comes out is.  jansson's
 * tree lies in memory that starts as zeros.
 */
#include <jansson.h>
#include <sanitizer/msan_interface.h>

#include "base/key.h"
#include "fuzz.h"

/* One call of a library: its own use of the C library is not checked. */
#define LIBRARY(call) \
	do { \
		__msan_scoped_disable_interceptor_checks(); \
		call; \
		__msan_scoped_enable_interceptor_checks(); \
	} while (0)

#define WRAPPED(type, name, ...) \
	type __real_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__); \
	type __wrap_##name(__VA_ARGS__)

static void *zeroed(size_t n)
{
	return calloc(1, n);
}

WRAPPED(json_t *, json_loadb, const char *s, size_t n, size_t flags, json_error_t *error)
{
	json_t *tree;

	__msan_check_mem_is_initialized(s, n);
	json_set_alloc_funcs(zeroed, free);
	LIBRARY(tree = __real_json_loadb(s, n, flags, error));
	__msan_unpoison(error, sizeof(*error));
	return tree;
}

WRAPPED(struct hasher *, hasher_new, enum hash_kind kind)
{
	struct hasher *h;

	LIBRARY(h = __real_hasher_new(kind));
	return h;
}

WRAPPED(void, hasher_add, struct hasher *h, const void *p, size_t n)
{
	__msan_check_mem_is_initialized(p, n);
	LIBRARY(__real_hasher_add(h, p, n));
}

WRAPPED(struct hash, hasher_end, struct hasher *h)
{
	struct hash ret;

	LIBRARY(ret = __real_hasher_end(h));
	__msan_unpoison(&ret, sizeof(ret));
	return ret;
}

WRAPPED(struct hash, hash_sha256, const void *p, size_t n)
{
	struct hash ret;

	__msan_check_mem_is_initialized(p, n);
	LIBRARY(ret = __real_hash_sha256(p, n));
	__msan_unpoison(&ret, sizeof(ret));
	return ret;
}

WRAPPED(struct hash, hash_hmac_sha256, const void *key, size_t nkey, const void *p, size_t n)
{
	struct hash ret;

	__msan_check_mem_is_initialized(key, nkey);
	__msan_check_mem_is_initialized(p, n);
	LIBRARY(ret = __real_hash_hmac_sha256(key, nkey, p, n));
	__msan_unpoison(&ret, sizeof(ret));
	return ret;
}

WRAPPED(struct ed25519_key, ed25519_from_seed, const uint8_t *seed)
{
	struct ed25519_key ret;

	LIBRARY(ret = __real_ed25519_from_seed(seed));
	__msan_unpoison(&ret, sizeof(ret));
	return ret;
}

WRAPPED(struct signature, ed25519_sign, const struct ed25519_key *k, const void *p, size_t n)
{
	struct signature ret;

	__msan_check_mem_is_initialized(p, n);
	LIBRARY(ret = __real_ed25519_sign(k, p, n));
	__msan_unpoison(&ret, sizeof(ret));
	return ret;
}

WRAPPED(bool, ed25519_verify, const struct ed25519_public *k, const void *p, size_t n,
        const struct signature *sig)
{
	bool good;

	__msan_check_mem_is_initialized(p, n);
	__msan_check_mem_is_initialized(sig, sizeof(*sig));
	LIBRARY(good = __real_ed25519_verify(k, p, n, sig));
	return good;
}
