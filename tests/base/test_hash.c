/* SPDX-License-Identifier: Apache-2.0 */
/* test_hash.c -- digests, HMAC, hex and base64, against published vectors. */
#include "kit/check.h"

#include "base/hash.h"
#include "base/json.h"
#include "kit/vectors.h"

static void known_digests_come_out(void **state)
{
	struct arena a = {0};
	struct hash sha = hash_sha256("abc", 3), sm3 = hash_sm3("abc", 3);
	struct hash none = hash_sha256("", 0);

	assert_str(hash_hex(&a, &sha),
	           "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
	assert_str(hash_hex(&a, &sm3),
	           "66c7f0f462eeedd9d1f2d46bdc10e4e24167c4875cf2f7a2297da02b8f4ba8e0");
	assert_str(hash_hex(&a, &none),
	           "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
	arena_release(&a);
}

static void a_hasher_is_used_again_and_again(void **state)
{
	static const enum hash_kind KINDS[] = {HASH_SHA256, HASH_SM3};

	for (size_t k = 0; k < COUNT(KINDS); k++) {
		struct hasher *h = hasher_new(KINDS[k]);

		for (int i = 0; i < 3; i++) {
			struct hash got, want;

			hasher_start(h);
			hasher_add(h, "left over", 9); /* a start forgets what was begun */
			hasher_start(h);
			hasher_add(h, "a", 1);
			hasher_add(h, "", 0);
			hasher_add(h, "bc", 2);
			got = hasher_end(h);
			want = KINDS[k] == HASH_SM3 ? hash_sm3("abc", 3) : hash_sha256("abc", 3);
			assert_true(hash_eq(&got, &want));
		}
		hasher_free(h);
	}
	hasher_free(NULL);
}

static void one_bit_makes_hashes_differ(void **state)
{
	struct hash a = hash_sha256("x", 1), b = a;

	assert_true(hash_eq(&a, &b));
	b.b[31] ^= 1;
	assert_false(hash_eq(&a, &b));
}

static void hmac_is_the_known_one(void **state)
{
	struct arena a = {0};
	struct hash h = hash_hmac_sha256("Jefe", 4, "what do ya want for nothing?", 28);
	struct hash none = hash_hmac_sha256(NULL, 0, NULL, 0);

	assert_str(hash_hex(&a, &h),
	           "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
	assert_str(hash_hex(&a, &none),
	           "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
	arena_release(&a);
}

static void hex_is_lower_case_and_exact(void **state)
{
	static const char *const BAD[] = {
		"", "00010", "0001020", "00010203", "00010G", "0001 2", "00010A", "0x0102",
		"00 102",
	};
	struct arena a = {0};
	uint8_t b[256], back[256], three[3] = {7, 7, 7};

	for (size_t i = 0; i < sizeof(b); i++)
		b[i] = (uint8_t)i;
	assert_true(hex_decode(hex_encode(&a, b, sizeof(b)), back, sizeof(back)));
	assert_memory_equal(b, back, sizeof(b));
	assert_str(hex_encode(&a, b + 0xfd, 3), "fdfeff");
	for (size_t i = 0; i < COUNT(BAD); i++) {
		assert_false(hex_decode(str_of(BAD[i]), three, 3));
		assert_memory_equal(three, "\7\7\7", 3);
	}
	assert_str(hex_encode(&a, NULL, 0), "");
	assert_true(hex_decode(STR(""), three, 0));
	arena_release(&a);
}

static void base64_has_one_spelling(void **state)
{
	static const char *const BAD[] = {
		"A", "AA", "AAA", "AAAAA", "A===", "====", "=AAA", "A=AA", "AA=A", "AA==AAAA",
		"AB==", "AAB=", "AA== ", " AA==", "AA\n==", "AA-_", "AA..", "Zm9v\n", "A\0==",
	};
	struct arena a = {0};
	struct str ret = STR("kept");

	for (size_t i = 0; i < COUNT(BAD); i++) {
		size_t n = BAD[i][1] == '\0' && i > 0 ? 4 : strlen(BAD[i]);

		if (base64_decode(&a, (struct str){BAD[i], n}, &ret))
			fail_msg("\"%s\" was read", BAD[i]);
		assert_str(ret, "kept");
	}
	for (size_t n = 0; n < 100; n++) {
		uint8_t b[100];

		for (size_t i = 0; i < n; i++)
			b[i] = (uint8_t)(255 - i * n);
		assert_true(base64_decode(&a, base64_encode(&a, b, n), &ret));
		assert_int_equal(ret.n, n);
		assert_memory_equal(ret.s, b, n);
		assert_int_equal(ret.s[n], 0);
	}
	assert_str(base64_encode(&a, "\xfb\xff", 2), "+/8=");
	arena_release(&a);
}

static void botan_sm3_vectors_hold(void **state)
{
	struct arena a = {0};
	struct str path, name, value, in = STR("");
	struct vec v;
	int checked = 0;

	if (!vectors_find(&a, "botan/src/tests/data/hash/sm3.vec", &path))
		skip();
	v = vec_open(&a, path);
	while (vec_next(&v, &name, &value)) {
		struct hash h;

		if (str_is(name, "In")) {
			in = vec_hex(&a, value);
			continue;
		}
		h = hash_sm3(in.s, in.n);
		assert_memory_equal(h.b, vec_hex(&a, value).s, 32);
		checked++;
	}
	assert_true(checked > 10);
	arena_release(&a);
}

static void botan_hmac_vectors_hold(void **state)
{
	struct arena a = {0};
	struct str path, name, value, key = STR(""), in = STR("");
	struct vec v;
	int checked = 0;

	if (!vectors_find(&a, "botan/src/tests/data/mac/hmac.vec", &path))
		skip();
	v = vec_open(&a, path);
	while (vec_next(&v, &name, &value)) {
		struct hash h;

		if (!str_is(v.section, "HMAC(SHA-256)"))
			continue;
		if (str_is(name, "Key"))
			key = vec_hex(&a, value);
		else if (str_is(name, "In"))
			in = vec_hex(&a, value);
		if (!str_is(name, "Out"))
			continue;
		h = hash_hmac_sha256(key.s, key.n, in.s, in.n);
		assert_memory_equal(h.b, vec_hex(&a, value).s, 32);
		checked++;
	}
	assert_true(checked >= 5);
	arena_release(&a);
}

/* A shortened tag is compared over its length. */
static void wycheproof_hmac_vectors_hold(void **state)
{
	CHECK_OP(op);
	struct str path;
	struct json *doc;
	int checked = 0;

	if (!vectors_find(op.arena, "wycheproof/testvectors_v1/hmac_sha256_test.json", &path))
		skip();
	assert_ok(json_read(&op, vectors_read(op.arena, path), &doc));
	for (const struct json *g = json_get(doc, "testGroups")->first; g; g = g->next) {
		for (const struct json *t = json_get(g, "tests")->first; t; t = t->next) {
			struct str key = vec_hex(op.arena, json_str(t, "key"));
			struct str msg = vec_hex(op.arena, json_str(t, "msg"));
			struct str tag = vec_hex(op.arena, json_str(t, "tag"));
			struct hash h = hash_hmac_sha256(key.s, key.n, msg.s, msg.n);
			bool same = memcmp(h.b, tag.s, tag.n) == 0;

			assert_int_equal(same, str_is(json_str(t, "result"), "valid"));
			checked++;
		}
	}
	assert_int_equal(checked, json_int(doc, "numberOfTests", -1));
	check_op_release(&op);
}

static void botan_base64_vectors_hold(void **state)
{
	struct arena a = {0};
	struct str path, name, value, bytes = STR(""), ret;
	struct vec v;
	int good = 0, bad = 0;

	if (!vectors_find(&a, "botan/src/tests/data/codec/base64.vec", &path))
		skip();
	v = vec_open(&a, path);
	while (vec_next(&v, &name, &value)) {
		if (str_is(name, "Binary")) {
			bytes = vec_hex(&a, value);
		} else if (str_is(v.section, "valid")) {
			assert_true(str_eq(base64_encode(&a, bytes.s, bytes.n), value));
			assert_true(base64_decode(&a, value, &ret));
			assert_true(str_eq(ret, bytes));
			good++;
		} else {
			assert_false(base64_decode(&a, value, &ret));
			bad++;
		}
	}
	assert_true(good > 10 && bad > 5);
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_digests_come_out),
		cmocka_unit_test(a_hasher_is_used_again_and_again),
		cmocka_unit_test(one_bit_makes_hashes_differ),
		cmocka_unit_test(hmac_is_the_known_one),
		cmocka_unit_test(hex_is_lower_case_and_exact),
		cmocka_unit_test(base64_has_one_spelling),
		cmocka_unit_test(botan_sm3_vectors_hold),
		cmocka_unit_test(botan_hmac_vectors_hold),
		cmocka_unit_test(wycheproof_hmac_vectors_hold),
		cmocka_unit_test(botan_base64_vectors_hold),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
