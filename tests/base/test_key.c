/* SPDX-License-Identifier: Apache-2.0 */
/* test_key.c -- signatures and sealing, against RFC 8032, GM/T 0003.5 and the vectors of others. */
#include "kit/check.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>

#include "base/json.h"
#include "base/key.h"
#include "kit/vectors.h"

#define SIG_HEX \
	"92a009a9f0d4cab8720e820b5f642540a2b27b5416503f8fb3762223ebdb69da" \
	"085ac1e43e15996e458f3613d0f11d8c387b2eaeb4302aeeb00d291612bb0c00"

static struct ed25519_key rfc8032_key(void)
{
	uint8_t seed[32];

	assert_true(hex_decode(
		STR("4ccd089b28ff96da9db6c346ec114e0f5b8a319f35aba624da8cf6ed4fb8a6fb"), seed, 32));
	return ed25519_from_seed(seed);
}

static void ed25519_gives_the_signature_of_rfc_8032(void **state)
{
	struct arena a = {0};
	struct ed25519_key key = rfc8032_key();
	struct signature sig = ed25519_sign(&key, "\x72", 1);

	assert_str(hex_encode(&a, key.pub.b, 32),
	           "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c");
	assert_str(hex_encode(&a, sig.b, 64), SIG_HEX);
	assert_true(ed25519_verify(&key.pub, "\x72", 1, &sig));
	sig = ed25519_sign(&key, NULL, 0);
	assert_true(ed25519_verify(&key.pub, "", 0, &sig));
	arena_release(&a);
}

static void each_flipped_bit_breaks_an_ed25519_signature(void **state)
{
	struct ed25519_key key = rfc8032_key();
	struct signature sig = ed25519_sign(&key, "bag", 3);

	for (size_t bit = 0; bit < 512; bit++) {
		struct signature bad = sig;

		bad.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(ed25519_verify(&key.pub, "bag", 3, &bad));
	}
	for (size_t bit = 0; bit < 256; bit++) {
		struct ed25519_public bad = key.pub;

		bad.b[bit / 8] ^= (uint8_t)(1 << bit % 8);
		assert_false(ed25519_verify(&bad, "bag", 3, &sig));
	}
	assert_false(ed25519_verify(&key.pub, "bog", 3, &sig));
	assert_false(ed25519_verify(&key.pub, "bag", 2, &sig));
	assert_true(ed25519_verify(&key.pub, "bag", 3, &sig));
}

static void check_eddsa_group(struct op *op, const struct json *group, int *checked)
{
	struct ed25519_public pub;
	struct str pk = json_str(json_get(group, "publicKey"), "pk");

	assert_true(hex_decode(pk, pub.b, sizeof(pub.b)));
	for (const struct json *t = json_get(group, "tests")->first; t; t = t->next) {
		struct str msg = vec_hex(op->arena, json_str(t, "msg"));
		struct signature sig;
		bool good = hex_decode(json_str(t, "sig"), sig.b, sizeof(sig.b)) &&
		            ed25519_verify(&pub, msg.s, msg.n, &sig);

		if (good != str_is(json_str(t, "result"), "valid"))
			fail_msg("test %d", (int)json_int(t, "tcId", -1));
		++*checked;
	}
}

static void wycheproof_ed25519_vectors_hold(void **state)
{
	CHECK_OP(op);
	struct str path;
	struct json *doc;
	int checked = 0;

	if (!vectors_find(op.arena, "wycheproof/testvectors_v1/ed25519_test.json", &path))
		skip();
	assert_ok(json_read(&op, vectors_read(op.arena, path), &doc));
	for (const struct json *g = json_get(doc, "testGroups")->first; g; g = g->next)
		check_eddsa_group(&op, g, &checked);
	assert_int_equal(checked, json_int(doc, "numberOfTests", -1));
	check_op_release(&op);
}

/* The worked example of GM/T 0003.5: a 256-bit key, the id 1234567812345678. */
#define SM2_PUB \
	"0409f9df311e5421a150dd7d161e4bc5c672179fad1833fc076bb08ff356f35020" \
	"ccea490ce26775a52dc6ea718cc1aa600aed05fbf35e084a6632f6072da9ad13"
#define SM2_R "f5a03b0648d2c4630eeac513e1bb81a15944da3827d5b74143ac7eaceee720b3"
#define SM2_S "b1b6aa29df212fd8763182bc0d421ca1bb9038fd1f7f42d4840b69c485bbc1aa"

/* r and s as DER. */
static struct str der_of(struct arena *a, struct str r, struct str s)
{
	ECDSA_SIG *sig = ECDSA_SIG_new();
	unsigned char buf[128], *p = buf;
	int n;

	ECDSA_SIG_set0(sig, BN_bin2bn((const unsigned char *)r.s, (int)r.n, NULL),
	               BN_bin2bn((const unsigned char *)s.s, (int)s.n, NULL));
	n = i2d_ECDSA_SIG(sig, &p);
	ECDSA_SIG_free(sig);
	assert_true(n > 0);
	return str_dup(a, (const char *)buf, (size_t)n);
}

static void sm2_verifies_the_example_of_the_standard(void **state)
{
	struct arena a = {0};
	struct str der = der_of(&a, vec_hex(&a, STR(SM2_R)), vec_hex(&a, STR(SM2_S)));
	uint8_t pub[65];

	assert_true(hex_decode(STR(SM2_PUB), pub, sizeof(pub)));
	assert_true(sm2_verify(pub, "message digest", 14, der));
	assert_false(sm2_verify(pub, "message digesT", 14, der));
	assert_false(sm2_verify(pub, "", 0, der));
	arena_release(&a);
}

static void sm2_refuses_bent_signatures_and_points(void **state)
{
	struct arena a = {0};
	struct str der = der_of(&a, vec_hex(&a, STR(SM2_R)), vec_hex(&a, STR(SM2_S))), longer;
	uint8_t pub[65], bad[65];

	assert_true(hex_decode(STR(SM2_PUB), pub, sizeof(pub)));
	for (size_t i = 0; i < der.n; i++) {
		struct str bent = str_copy(&a, der);

		((char *)(uintptr_t)bent.s)[i] ^= 1;
		assert_false(sm2_verify(pub, "message digest", 14, bent));
		assert_false(sm2_verify(pub, "message digest", 14, (struct str){der.s, i}));
	}
	longer = str_dup(&a, der.s, der.n + 1); /* bytes after the end */
	assert_false(sm2_verify(pub, "message digest", 14, longer));
	for (size_t i = 0; i < sizeof(pub); i++) { /* off the curve, or no uncompressed point */
		memcpy(bad, pub, sizeof(bad));
		bad[i] ^= 1;
		assert_false(sm2_verify(bad, "message digest", 14, der));
	}
	memset(bad, 0, sizeof(bad));
	assert_false(sm2_verify(bad, "message digest", 14, der));
	arena_release(&a);
}

/* The public point of a private key given in hex. */
static void sm2_point(const char *x, uint8_t ret[65])
{
	EC_GROUP *group = EC_GROUP_new_by_curve_name(NID_sm2);
	EC_POINT *point = EC_POINT_new(group);
	BIGNUM *k = NULL;

	assert_true(BN_hex2bn(&k, x) > 0);
	assert_int_equal(EC_POINT_mul(group, point, k, NULL, NULL, NULL), 1);
	assert_int_equal(EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, ret, 65,
	                                    NULL), 65);
	BN_free(k);
	EC_POINT_free(point);
	EC_GROUP_free(group);
}

/* Botan's vectors on the standard curve use an id of their own: the same key, message and
 * signature must not verify under ours. */
static void an_sm2_signature_under_another_id_is_refused(void **state)
{
	struct arena a = {0};
	struct str path, name, value, msg = STR(""), x = STR("");
	bool standard = false, sm3 = false;
	struct vec v;
	int checked = 0;

	if (!vectors_find(&a, "botan/src/tests/data/pubkey/sm2_sig.vec", &path))
		skip();
	v = vec_open(&a, path);
	while (vec_next(&v, &name, &value)) {
		uint8_t pub[65];
		struct str sig, der;

		if (str_is(name, "Oid"))
			standard = str_is(value, "1.2.156.10197.1.301");
		else if (str_is(name, "Hash"))
			sm3 = str_is(value, "SM3");
		else if (str_is(name, "Msg"))
			msg = vec_hex(&a, value);
		else if (str_is(name, "x"))
			x = str_copy(&a, value);
		if (!str_is(name, "Signature") || !standard || !sm3)
			continue;
		sig = vec_hex(&a, value);
		sm2_point(x.s + 2, pub);
		der = der_of(&a, (struct str){sig.s, 32}, (struct str){sig.s + 32, 32});
		assert_false(sm2_verify(pub, msg.s, msg.n, der));
		checked++;
	}
	assert_true(checked > 0);
	arena_release(&a);
}

static const uint8_t KEY[32] = "0123456789abcdef0123456789abcdef";
static const uint8_t NONCE[12] = "nonce-nonce-";

static void what_is_sealed_is_opened_in_its_place_only(void **state)
{
	static const struct str PLAIN[] = {{"", 0}, {"x", 1}, {"张三 510101199001011234", 25}};
	struct arena a = {0};

	for (size_t i = 0; i < COUNT(PLAIN); i++) {
		struct str sealed = seal_make(&a, KEY, NONCE, STR("vault/7"), PLAIN[i]);
		struct str got = STR("kept");
		uint8_t other[32];

		memcpy(other, KEY, sizeof(other));
		other[31] ^= 1;
		assert_int_equal(sealed.n, PLAIN[i].n + 28);
		assert_memory_equal(sealed.s, NONCE, 12);
		assert_false(seal_open(&a, KEY, STR("vault/8"), sealed, &got));
		assert_false(seal_open(&a, other, STR("vault/7"), sealed, &got));
		assert_false(seal_open(&a, KEY, STR(""), sealed, &got));
		assert_str(got, "kept");
		assert_true(seal_open(&a, KEY, STR("vault/7"), sealed, &got));
		assert_true(str_eq(got, PLAIN[i]));
		assert_int_equal(got.s[got.n], 0);
	}
	arena_release(&a);
}

static void each_changed_byte_of_a_seal_is_noticed(void **state)
{
	struct arena a = {0};
	struct str sealed = seal_make(&a, KEY, NONCE, STR(""), STR("secret")), got;

	for (size_t i = 0; i < sealed.n; i++) {
		struct str bent = str_copy(&a, sealed);

		((char *)(uintptr_t)bent.s)[i] ^= 0x10;
		assert_false(seal_open(&a, KEY, STR(""), bent, &got));
		assert_false(seal_open(&a, KEY, STR(""), (struct str){sealed.s, i}, &got));
	}
	assert_true(seal_open(&a, KEY, STR(""), sealed, &got));
	assert_str(got, "secret");
	arena_release(&a);
}

static void check_gcm(struct arena *a, const struct json *t)
{
	struct str key = vec_hex(a, json_str(t, "key")), iv = vec_hex(a, json_str(t, "iv"));
	struct str aad = vec_hex(a, json_str(t, "aad")), msg = vec_hex(a, json_str(t, "msg")), got;
	struct str ct = json_str(t, "ct"), tag = json_str(t, "tag");
	struct str sealed = vec_hex(a, str_fmt(a, "%s%s%s", json_str(t, "iv").s, ct.s, tag.s));
	bool good = seal_open(a, (const uint8_t *)key.s, aad, sealed, &got);

	assert_int_equal(good, str_is(json_str(t, "result"), "valid"));
	if (!good)
		return;
	assert_true(str_eq(got, msg));
	got = seal_make(a, (const uint8_t *)key.s, (const uint8_t *)iv.s, aad, msg);
	assert_true(str_eq(got, sealed));
}

static void wycheproof_aes_gcm_vectors_hold(void **state)
{
	CHECK_OP(op);
	struct str path;
	struct json *doc;
	int checked = 0;

	if (!vectors_find(op.arena, "wycheproof/testvectors_v1/aes_gcm_test.json", &path))
		skip();
	assert_ok(json_read(&op, vectors_read(op.arena, path), &doc));
	for (const struct json *g = json_get(doc, "testGroups")->first; g; g = g->next) {
		if (json_int(g, "keySize", 0) != 256 || json_int(g, "ivSize", 0) != 96)
			continue; /* the vault uses no other */
		for (const struct json *t = json_get(g, "tests")->first; t; t = t->next, checked++)
			check_gcm(op.arena, t);
	}
	assert_true(checked > 50);
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ed25519_gives_the_signature_of_rfc_8032),
		cmocka_unit_test(each_flipped_bit_breaks_an_ed25519_signature),
		cmocka_unit_test(wycheproof_ed25519_vectors_hold),
		cmocka_unit_test(sm2_verifies_the_example_of_the_standard),
		cmocka_unit_test(sm2_refuses_bent_signatures_and_points),
		cmocka_unit_test(an_sm2_signature_under_another_id_is_refused),
		cmocka_unit_test(what_is_sealed_is_opened_in_its_place_only),
		cmocka_unit_test(each_changed_byte_of_a_seal_is_noticed),
		cmocka_unit_test(wycheproof_aes_gcm_vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
