/* SPDX-License-Identifier: Apache-2.0 */
/* test_note.c -- C2SP signed notes, verifier keys and cosignatures. */
#include "kit/check.h"

#include "ledger/note.h"

#define DASH "\xe2\x80\x94"
/* The example of the specification. */
#define SPEC_VKEY "example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k"
#define SPEC_SIG \
	"Uw2QOkn8srV1yJGh2VYRlL1Tnagv1YEq6TfXppzi2ONncAlTgK7Ztg1ERYNZXsYj" \
	"OBH3mFXmRKuwHjG1Yu72IneyaQM="
#define SPEC_NOTE "This is an example message.\n\n" DASH " example.com/foo " SPEC_SIG "\n"

static struct ed25519_key key_of(uint8_t seed)
{
	uint8_t bytes[32];

	memset(bytes, seed, sizeof bytes);
	return ed25519_from_seed(bytes);
}

static enum rc verify(struct op *op, struct str bytes, const struct note_key *k)
{
	struct note *n = ARENA_NEW(op->arena, struct note);
	bool done;

	TRY(note_parse(op, bytes, n));
	return note_verify(op, n, k, 1, &done, NULL);
}

static void the_example_of_the_specification_verifies(void **state)
{
	CHECK_OP(op);
	struct note_key k;
	struct note *n = ARENA_NEW(op.arena, struct note);
	bool done = false;
	int64_t time_s = 7;

	assert_ok(note_vkey_parse(&op, STR(SPEC_VKEY), &k));
	assert_str(k.name, "example.com/foo");
	assert_int_equal(k.id, 0x530d903a);
	assert_str(note_vkey_format(op.arena, &k), SPEC_VKEY);
	assert_ok(note_parse(&op, STR(SPEC_NOTE), n));
	assert_str(n->text, "This is an example message.\n");
	assert_int_equal(n->nsigs, 1);
	assert_ok(note_verify(&op, n, &k, 1, &done, &time_s));
	assert_true(done);
	assert_int_equal(time_s, 0);
	assert_str(note_format(op.arena, n), SPEC_NOTE);
	check_op_release(&op);
}

static void every_flipped_bit_of_a_note_is_seen(void **state)
{
	CHECK_OP(op);
	struct note_key k;
	struct str note = STR(SPEC_NOTE);

	assert_ok(note_vkey_parse(&op, STR(SPEC_VKEY), &k));
	for (size_t bit = 0; bit < note.n * 8; bit++) {
		struct str copy = str_copy(op.arena, note);

		*(char *)(uintptr_t)&copy.s[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(verify(&op, copy, &k), RC_INVALID);
	}
	for (size_t n = 0; n < note.n; n++)
		assert_int_equal(verify(&op, str_dup(op.arena, note.s, n), &k), RC_INVALID);
	check_op_release(&op);
}

static void a_bad_verifier_key_is_refused(void **state)
{
	static const char *const BAD[] = {
		"",
		"+",
		"++",
		"example.com/foo",
		"example.com/foo+530d903a",
		"+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530D903A+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903b+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/fop+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2l",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k=",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k ",
		"example.com/foo+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U0=",
		"example.com/foo+530d903a+AukyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+/+kyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
		"example.com/foo+530d903a+",
		"example com+530d903a+AQ==",
		"example.com/\xe3\x80\x80+530d903a+AekyeRrm56hApGFkyQR4ZCbV54Id2LKaANYcrnKv3U2k",
	};
	CHECK_OP(op);
	struct note_key k;
	uint8_t raw[1 + sizeof k.pub.b + 1] = {NOTE_ED25519};
	struct str longer;

	/* A byte behind the key, which its id does not cover. */
	assert_ok(note_vkey_parse(&op, STR(SPEC_VKEY), &k));
	memcpy(raw + 1, k.pub.b, sizeof k.pub.b);
	longer = str_fmt(op.arena, "example.com/foo+530d903a+%s",
	                 base64_encode(op.arena, raw, sizeof raw).s);
	assert_int_equal(note_vkey_parse(&op, longer, &k), RC_INVALID);
	for (size_t i = 0; i < COUNT(BAD); i++) {
		if (note_vkey_parse(&op, str_of(BAD[i]), &k) != RC_INVALID)
			fail_msg("accepted: %s", BAD[i]);
		assert_string_equal(op.err.field, "vkey");
		assert_true(op.err.zh[0] && op.err.en[0]);
	}
	check_op_release(&op);
}

static void a_bad_note_is_refused(void **state)
{
#define SIG DASH " n AAAAAAA="
	static const struct {
		const char *s;
		size_t n;
	} BAD[] = {
#define B(lit) {lit, sizeof(lit) - 1}
		B(""),
		B("\n"),
		B("\n\n"),
		B("text\n"),
		B("text\n\n"),
		B("text"),
		B("text\n" SIG "\n"),
		B("text\n\n" SIG),
		B("text\n\n" SIG "\n\n"),
		B("text\n\n" SIG "\nmore\n"),
		B("text\n\n- n AAAAAAA=\n"),
		B("text\n\n" DASH "n AAAAAAA=\n"),
		B("text\n\n" DASH " n\n"),
		B("text\n\n" DASH " n \n"),
		B("text\n\n" DASH "  AAAAAAA=\n"),
		B("text\n\n" DASH " n AAAAAA==\n"),
		B("text\n\n" DASH " n AAAAAAA\n"),
		B("text\n\n" DASH " n AAAAAAB=\n"),
		B("text\n\n" DASH " n AAAAAAA= \n"),
		B("text\n\n" DASH " n AAAAAAA= x\n"),
		B("text\n\n" DASH " n+m AAAAAAA=\n"),
		B("text\n\n" DASH " n\xc2\xa0m AAAAAAA=\n"),
		B("text\n\n" DASH " n\xe2\x80\xafm AAAAAAA=\n"),
		B("text\n\n" DASH " \xe3\x80\x80 AAAAAAA=\n"),
		B("te\rxt\n\n" SIG "\n"),
		B("te\txt\n\n" SIG "\n"),
		B("te\0xt\n\n" SIG "\n"),
		B("te\xffxt\n\n" SIG "\n"),
		B("te\xed\xa0\x80xt\n\n" SIG "\n"),
		B("text\n\n" SIG "\r\n"),
		B("text\r\n\r\n" SIG "\n"),
	};
	CHECK_OP(op);
	struct note *n = ARENA_NEW(op.arena, struct note);

	struct str big = {arena_alloc(op.arena, LIMIT_NOTE_BYTES + 2), LIMIT_NOTE_BYTES + 1};
	struct str end = STR("\n\n" SIG "\n");

	assert_ok(note_parse(&op, STR("text\n\n" SIG "\n"), n));
	memset((char *)(uintptr_t)big.s, 'x', big.n);
	memcpy((char *)(uintptr_t)big.s + big.n - end.n, end.s, end.n);
	assert_int_equal(note_parse(&op, big, n), RC_INVALID);
	assert_ok(note_parse(&op, (struct str){big.s + 1, big.n - 1}, n));
	for (size_t i = 0; i < COUNT(BAD); i++)
		if (note_parse(&op, str_dup(op.arena, BAD[i].s, BAD[i].n), n) != RC_INVALID)
			fail_msg("accepted: %s", BAD[i].s);
	check_op_release(&op);
}

static void the_text_ends_at_the_last_empty_line(void **state)
{
	CHECK_OP(op);
	struct note *n = ARENA_NEW(op.arena, struct note);

	assert_ok(note_parse(&op, STR("a\n\n" SIG "\n\nb\n\n" SIG "\n" SIG "\n"), n));
	assert_str(n->text, "a\n\n" SIG "\n\nb\n");
	assert_int_equal(n->nsigs, 2);
	assert_ok(note_parse(&op, STR("\n\n" SIG "\n"), n));
	assert_str(n->text, "\n");
	check_op_release(&op);
}

static void many_signatures_are_accepted_and_too_many_refused(void **state)
{
	CHECK_OP(op);
	struct note *n = ARENA_NEW(op.arena, struct note), *m = ARENA_NEW(op.arena, struct note);
	struct note_key keys[LIMIT_NOTE_SIGS];
	bool done[LIMIT_NOTE_SIGS];
	struct strbuf b;

	n->text = STR("text\n");
	for (int i = 0; i < LIMIT_NOTE_SIGS; i++) {
		struct ed25519_key k = key_of((uint8_t)(i + 1));
		struct str name = str_fmt(op.arena, "signer.example/%d", i);

		assert_ok(note_sign(&op, n, name, &k));
		keys[i] = note_key_of(name, NOTE_ED25519, &k.pub);
		if (i + 1 < 16)
			continue;
		assert_ok(note_parse(&op, note_format(op.arena, n), m));
		assert_int_equal(m->nsigs, i + 1);
		assert_ok(note_verify(&op, m, keys, i + 1, done, NULL));
		for (int j = 0; j <= i; j++)
			assert_true(done[j]);
	}
	struct ed25519_key k = key_of(1);
	assert_int_equal(note_sign(&op, n, STR("one.more"), &k), RC_INVALID);
	assert_int_equal(note_cosign(&op, n, STR("one.more"), &k, 1), RC_INVALID);
	strbuf_init(&b, op.arena);
	strbuf_adds(&b, note_format(op.arena, n));
	strbuf_addz(&b, SIG "\n");
	assert_int_equal(note_parse(&op, strbuf_str(&b), m), RC_INVALID);
	check_op_release(&op);
}

static void unknown_lines_are_ignored_and_known_bad_ones_refuse_the_note(void **state)
{
	CHECK_OP(op);
	struct ed25519_key a = key_of(1), b = key_of(2), c = key_of(3);
	struct note_key ka = note_key_of(STR("a"), NOTE_ED25519, &a.pub);
	struct note_key kb = note_key_of(STR("b"), NOTE_ED25519, &b.pub);
	struct note_key both[2] = {ka, kb}, kc = note_key_of(STR("c"), NOTE_ED25519, &c.pub);
	struct note *n = ARENA_NEW(op.arena, struct note), good;
	bool done[2] = {false, true};

	n->text = STR("text\n");
	assert_ok(note_sign(&op, n, STR("a"), &a));
	assert_ok(note_sign(&op, n, STR("c"), &c));
	good = *n;
	assert_ok(note_verify(&op, n, both, 2, done, NULL));
	assert_true(done[0] && !done[1]);
	assert_int_equal(note_verify(&op, n, &kb, 1, done, NULL), RC_INVALID);
	assert_int_equal(note_verify(&op, n, NULL, 0, done, NULL), RC_INVALID);
	/* The same name with another id, the same id with another name: not known. */
	n->sig[1].name = STR("a");
	assert_ok(note_verify(&op, n, &ka, 1, done, NULL));
	n->sig[1] = (struct note_sig){STR("z"), ka.id, n->sig[1].bytes};
	assert_ok(note_verify(&op, n, &ka, 1, done, NULL));
	/* A known pair that does not verify, before or after a good one, of any length. */
	n->sig[1] = (struct note_sig){STR("a"), ka.id, good.sig[1].bytes};
	assert_int_equal(note_verify(&op, n, &ka, 1, done, NULL), RC_INVALID);
	assert_non_null(strstr(op.err.en, "line 2"));
	n->sig[0] = n->sig[1];
	n->sig[1] = good.sig[0];
	assert_int_equal(note_verify(&op, n, &ka, 1, done, NULL), RC_INVALID);
	*n = good;
	n->sig[1] = (struct note_sig){STR("a"), ka.id, STR("x")};
	assert_int_equal(note_verify(&op, n, &ka, 1, done, NULL), RC_INVALID);
	*n = good;
	n->text = STR("texu\n");
	assert_int_equal(note_verify(&op, n, &ka, 1, done, NULL), RC_INVALID);
	assert_int_equal(note_verify(&op, n, &kc, 1, done, NULL), RC_INVALID);
	check_op_release(&op);
}

static void a_cosignature_binds_its_time(void **state)
{
	CHECK_OP(op);
	struct ed25519_key w = key_of(9);
	struct note_key k = note_key_of(STR("w.example"), NOTE_COSIGNATURE, &w.pub), again;
	struct note *n = ARENA_NEW(op.arena, struct note), *m = ARENA_NEW(op.arena, struct note);
	bool done;
	int64_t time_s;
	char zero[72];
	struct signature sig;
	struct str msg = STR("cosignature/v1\ntime 1679315147\nlog\n1\nroot\n");

	n->text = STR("log\n1\nroot\n");
	assert_int_equal(note_cosign(&op, n, STR("w.example"), &w, 0), RC_INVALID);
	assert_int_equal(note_cosign(&op, n, STR("w.example"), &w, -1), RC_INVALID);
	assert_ok(note_cosign(&op, n, STR("w.example"), &w, 1679315147));
	sig = ed25519_sign(&w, msg.s, msg.n);
	assert_int_equal(n->sig[0].bytes.n, 72);
	assert_memory_equal(n->sig[0].bytes.s, "\0\0\0\0\x64\x18\x50\xcb", 8);
	assert_memory_equal(n->sig[0].bytes.s + 8, sig.b, 64);
	assert_ok(note_parse(&op, note_format(op.arena, n), m));
	assert_ok(note_verify(&op, m, &k, 1, &done, &time_s));
	assert_int_equal(time_s, 1679315147);
	assert_ok(note_vkey_parse(&op, note_vkey_format(op.arena, &k), &again));
	assert_int_equal(again.alg, NOTE_COSIGNATURE);
	assert_ok(note_verify(&op, m, &again, 1, &done, NULL));
	/* Another time, a time past 2^63, no time: none is what was signed. */
	for (int bit = 0; bit < 72 * 8; bit++) {
		char *p = (char *)(uintptr_t)m->sig[0].bytes.s;

		p[bit / 8] ^= (char)(1 << bit % 8);
		assert_int_equal(note_verify(&op, m, &k, 1, &done, NULL), RC_INVALID);
		p[bit / 8] ^= (char)(1 << bit % 8);
	}
	/* A newer line of the same witness beside the older: the newest time counts. */
	assert_ok(note_cosign(&op, n, STR("w.example"), &w, 1679315200));
	assert_ok(note_cosign(&op, n, STR("w.example"), &w, 1679315100));
	assert_ok(note_verify(&op, n, &k, 1, &done, &time_s));
	assert_int_equal(time_s, 1679315200);
	/* A good signature of the time 0 says nothing, and is none. */
	msg = STR("cosignature/v1\ntime 0\nlog\n1\nroot\n");
	sig = ed25519_sign(&w, msg.s, msg.n);
	memset(zero, 0, 8);
	memcpy(zero + 8, sig.b, 64);
	n->nsigs = 1;
	n->sig[0].bytes = (struct str){zero, sizeof zero};
	assert_int_equal(note_verify(&op, n, &k, 1, &done, NULL), RC_INVALID);
	/* The plain key of the same pair is another key. */
	k = note_key_of(STR("w.example"), NOTE_ED25519, &w.pub);
	assert_int_equal(note_verify(&op, n, &k, 1, &done, NULL), RC_INVALID);
	check_op_release(&op);
}

static void only_fit_text_and_names_are_signed(void **state)
{
	static const char *const TEXTS[] = {"", "text", "te\rxt\n", "te\xfft\n", "\x01\n"};
	static const char *const NAMES[] = {"", "a b", "a+b", "a\nb", "a\xe2\x80\xa8z", "\xff"};
	CHECK_OP(op);
	struct ed25519_key k = key_of(1);
	struct note *n = ARENA_NEW(op.arena, struct note);

	for (size_t i = 0; i < COUNT(TEXTS); i++) {
		n->text = str_of(TEXTS[i]);
		assert_int_equal(note_sign(&op, n, STR("a"), &k), RC_INVALID);
		assert_int_equal(note_cosign(&op, n, STR("a"), &k, 1), RC_INVALID);
	}
	n->text = STR("text\n");
	for (size_t i = 0; i < COUNT(NAMES); i++)
		assert_int_equal(note_sign(&op, n, str_of(NAMES[i]), &k), RC_INVALID);
	assert_int_equal(n->nsigs, 0);
	assert_ok(note_sign(&op, n, STR("贡院.example/2025"), &k));
	check_op_release(&op);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(the_example_of_the_specification_verifies),
		cmocka_unit_test(every_flipped_bit_of_a_note_is_seen),
		cmocka_unit_test(a_bad_verifier_key_is_refused),
		cmocka_unit_test(a_bad_note_is_refused),
		cmocka_unit_test(the_text_ends_at_the_last_empty_line),
		cmocka_unit_test(many_signatures_are_accepted_and_too_many_refused),
		cmocka_unit_test(unknown_lines_are_ignored_and_known_bad_ones_refuse_the_note),
		cmocka_unit_test(a_cosignature_binds_its_time),
		cmocka_unit_test(only_fit_text_and_names_are_signed),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
