/* SPDX-License-Identifier: Apache-2.0 */
/* test_checkpoint.c -- checkpoints, receipts (tlog-proof) and trust policies. */
#include "kit/check.h"

#include "ledger/checkpoint.h"

#define ROOT "CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I="

static struct ed25519_key key_of(int seed)
{
	uint8_t bytes[32];

	memset(bytes, seed, sizeof bytes);
	return ed25519_from_seed(bytes);
}

static struct str vkey_of(struct arena *a, const char *name, enum note_alg alg, int seed)
{
	struct ed25519_key k = key_of(seed);
	struct note_key n = note_key_of(str_of(name), alg, &k.pub);

	return note_vkey_format(a, &n);
}

static void a_checkpoint_is_written_and_read(void **state)
{
	CHECK_OP(op);
	struct checkpoint c;

	assert_ok(checkpoint_parse(&op, STR("example.com/sofa\n20852163\n" ROOT "\n"), &c));
	assert_str(c.origin, "example.com/sofa");
	assert_int_equal(c.size, 20852163);
	assert_str(checkpoint_format(op.arena, &c), "example.com/sofa\n20852163\n" ROOT "\n");
	assert_ok(checkpoint_parse(&op, STR("o\n0\n" ROOT "\next 1\next 2\n"), &c));
	assert_int_equal(c.size, 0);
	check_op_release(&op);
}

static void a_bad_checkpoint_is_refused(void **state)
{
	static const char *const BAD[] = {
		"",
		"o",
		"o\n",
		"o\n1",
		"o\n1\n",
		"o\n1\n" ROOT,
		"\n1\n" ROOT "\n",
		"o\n01\n" ROOT "\n",
		"o\n-1\n" ROOT "\n",
		"o\n-0\n" ROOT "\n",
		"o\n+1\n" ROOT "\n",
		"o\n\n" ROOT "\n",
		"o\n 1\n" ROOT "\n",
		"o\n1 \n" ROOT "\n",
		"o\n0x1\n" ROOT "\n",
		"o\n9223372036854775808\n" ROOT "\n",
		"o\n1\n\n",
		"o\n1\nAAAA\n",
		"o\n1\n" ROOT "=\n",
		"o\n1\n" ROOT " \n",
		"o\n1\n" ROOT "\n\n",
		"o\n1\n" ROOT "\next",
		"o\n1\n" ROOT "\na\n\n",
		"o\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2J=\n",
	};
	CHECK_OP(op);
	struct checkpoint c;

	for (size_t i = 0; i < COUNT(BAD); i++)
		if (checkpoint_parse(&op, str_of(BAD[i]), &c) != RC_INVALID)
			fail_msg("accepted: %s", BAD[i]);
	/* An origin of its own spelling: a NUL would end it when it is written. */
	assert_int_equal(checkpoint_parse(&op, STR("o\0o\n1\n" ROOT "\n"), &c), RC_INVALID);
	assert_int_equal(checkpoint_parse(&op, STR("o\xff\n1\n" ROOT "\n"), &c), RC_INVALID);
	check_op_release(&op);
}

/* receipts */

#define NOTE "o\n1\n" ROOT "\n\n\xe2\x80\x94 o AAAAAAA=\n"

static void a_receipt_is_written_and_read(void **state)
{
	CHECK_OP(op);
	struct receipt r;

	assert_ok(receipt_parse(
		&op, STR("c2sp.org/tlog-proof@v1\nindex 5\n" ROOT "\n" ROOT "\n\n" NOTE), &r));
	assert_int_equal(r.index, 5);
	assert_int_equal(r.proof.n, 2);
	assert_str(r.note, NOTE);
	assert_str(receipt_format(op.arena, &r),
	           "c2sp.org/tlog-proof@v1\nindex 5\n" ROOT "\n" ROOT "\n\n" NOTE);
	assert_ok(receipt_parse(&op, STR("c2sp.org/tlog-proof@v1\nextra AAAA\nindex 0\n\n" NOTE), &r));
	assert_int_equal(r.proof.n, 0);
	check_op_release(&op);
}

static void a_bad_receipt_is_refused(void **state)
{
#define M "c2sp.org/tlog-proof@v1\n"
	static const char *const BAD[] = {
		"",
		"c2sp.org/tlog-proof@v1",
		M,
		M "index 1\n",
		M "index 1\n\n",
		"c2sp.org/tlog-proof@v2\n",
		" " M "index 1\n\n" NOTE,
		M "index 01\n\n" NOTE,
		M "index -1\n\n" NOTE,
		M "index \n\n" NOTE,
		M "index  1\n\n" NOTE,
		M "Index 1\n\n" NOTE,
		M "\nindex 1\n\n" NOTE,
		M "index 9223372036854775808\n\n" NOTE,
		M "index 1\nAAAA\n\n" NOTE,
		M "index 1\n" NOTE,
		M "index 1\n" ROOT "\n" NOTE,
		M "index 1\n" ROOT " \n\n" NOTE,
		M "index 1\n\n\n" NOTE,
		M "extra AAA\nindex 1\n\n" NOTE,
		M "extra\nindex 1\n\n" NOTE,
		M "extra AAAA\nextra AAAA\nindex 1\n\n" NOTE,
		M "extra AAAA\n",
		M "extra AAAA",
		M "index 1\nextra AAAA\n\n" NOTE,
		M "index 1\n\no\n1\n" ROOT "\n",
	};
	CHECK_OP(op);
	struct receipt r;
	struct strbuf b;

	assert_ok(receipt_parse(&op, STR(M "index 1\n\n" NOTE), &r));
	for (size_t i = 0; i < COUNT(BAD); i++)
		if (receipt_parse(&op, str_of(BAD[i]), &r) != RC_INVALID)
			fail_msg("accepted: %s", BAD[i]);
	strbuf_init(&b, op.arena);
	strbuf_addz(&b, M "index 1\n");
	for (int i = 0; i < LIMIT_PROOF; i++)
		strbuf_addz(&b, ROOT "\n");
	assert_ok(receipt_parse(&op, str_fmt(op.arena, "%s\n" NOTE, strbuf_str(&b).s), &r));
	strbuf_addz(&b, ROOT "\n");
	assert_int_equal(receipt_parse(&op, str_fmt(op.arena, "%s\n" NOTE, strbuf_str(&b).s), &r),
	                 RC_INVALID);
	check_op_release(&op);
}

/* policies */

/* $L: a log's key; $M: another's; $1..$3: witnesses' keys; $D: witness 1 under another name. */
static struct str fill(struct arena *a, const char *text)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (const char *p = text; *p; p++) {
		if (*p != '$') {
			strbuf_addc(&b, *p);
			continue;
		}
		switch (*++p) {
		case 'L':
			strbuf_adds(&b, vkey_of(a, "log.example", NOTE_ED25519, 100));
			break;
		case 'M':
			strbuf_adds(&b, vkey_of(a, "log.example/2", NOTE_ED25519, 101));
			break;
		case 'D':
			strbuf_adds(&b, vkey_of(a, "other", NOTE_COSIGNATURE, 1));
			break;
		default:
			strbuf_adds(&b, vkey_of(a, "witness", NOTE_COSIGNATURE, *p - '0'));
		}
	}
	return strbuf_str(&b);
}

static void a_policy_asks_for_its_quorum(void **state)
{
	static const struct {
		const char *text;
		int mask_ok;
	} CASES[] = {
		/* bit m of mask_ok: witnesses m (bits 0..2) fill the quorum */
		{"quorum W1\n", 0xaa},
		{"quorum none\n", 0xff},
		{"group G any W1 W2 W3\nquorum G\n", 0xfe},
		{"group G all W1 W2 W3\nquorum G\n", 0x80},
		{"group G 2 W1 W2 W3\nquorum G\n", 0xe8},
		{"group G 1 W1\nquorum G\n", 0xaa},
		{"group G any W1 W2\ngroup H all G W3\nquorum H\n", 0xe0},
		{"group G all W1 W2\ngroup H any G W3\nquorum H\n", 0xf8},
		{"group G all W1 W2\ngroup H any G W3\nquorum G\n", 0x88},
	};
	CHECK_OP(op);
	struct policy *p = ARENA_NEW(op.arena, struct policy);

	for (size_t i = 0; i < COUNT(CASES); i++) {
		struct str text =
			fill(op.arena, str_fmt(op.arena,
		                           "# the city's\n\n \t\nlog $L\n log\t$M https://example.org \n"
		                           "witness W1 $1\nwitness W2 $2 https://w2\nwitness W3 $3\n%s",
		                           CASES[i].text)
		                       .s);

		assert_ok(policy_parse(&op, text, p));
		assert_int_equal(p->nlogs, 2);
		assert_int_equal(p->nwitnesses, 3);
		for (int m = 0; m < 8; m++) {
			bool done[3] = {m & 1, m & 2, m & 4};

			assert_int_equal(policy_satisfied(p, done), CASES[i].mask_ok >> m & 1);
		}
	}
	check_op_release(&op);
}

static void a_bad_policy_is_refused(void **state)
{
#define W "witness W1 $1\nwitness W2 $2\n"
	static const char *const BAD[] = {
		"",
		"quorum none",
		"log $L\n",
		"quorum\n",
		"quorum none none\n",
		"quorum W1\n",
		"quorum none\nquorum none\n",
		"quorum W1\n" W,
		"log\nquorum none\n",
		"log $L a b\nquorum none\n",
		"log $L\nlog $L\nquorum none\n",
		"log x\nquorum none\n",
		"witness W1 $L\nquorum none\n",
		"witness W1\nquorum none\n",
		"witness none $1\nquorum none\n",
		"witness W1 $1\nwitness W1 $2\nquorum none\n",
		"witness W1 $1\nwitness W2 $1\nquorum none\n",
		"witness W1 $1\nwitness W2 $D\nquorum none\n",
		"witness W1 $1 a b\nquorum none\n",
		W "group G\nquorum none\n",
		W "group G any\nquorum none\n",
		W "group G 0 W1\nquorum none\n",
		W "group G 3 W1 W2\nquorum none\n",
		W "group G 01 W1\nquorum none\n",
		W "group G -1 W1\nquorum none\n",
		W "group G some W1\nquorum none\n",
		W "group G any W1 W1\nquorum none\n",
		W "group W1 any W2\nquorum none\n",
		W "group none any W2\nquorum none\n",
		W "group G any none\nquorum none\n",
		W "group G any W9\nquorum none\n",
		W "group G any G\nquorum none\n",
		W "group G any H\ngroup H any W1\nquorum none\n",
		W "group G any W1\ngroup H any W1\nquorum none\n",
		W "group G any W1\ngroup G any W2\nquorum none\n",
		W "group G any W1\ngroup H any G\ngroup I any G\nquorum none\n",
		"Quorum none\n",
		"quorums none\n",
		"quorum none\r\n",
		"quo\001rum none\n",
		"# \177\nquorum none\n",
		"quorum none\nlog $L",
	};
	CHECK_OP(op);
	struct policy *p = ARENA_NEW(op.arena, struct policy);

	for (size_t i = 0; i < COUNT(BAD); i++)
		if (policy_parse(&op, fill(op.arena, BAD[i]), p) != RC_INVALID)
			fail_msg("accepted: %s", BAD[i]);
	check_op_release(&op);
}

static void sixty_four_of_everything_fit_and_no_more(void **state)
{
	CHECK_OP(op);
	struct policy *p = ARENA_NEW(op.arena, struct policy);
	struct strbuf b;
	struct str base;

	strbuf_init(&b, op.arena);
	for (int i = 0; i < POLICY_MAX; i++) {
		strbuf_addf(&b, "log %s\n", vkey_of(op.arena, "l", NOTE_ED25519, i).s);
		strbuf_addf(&b, "witness W%d %s\n", i, vkey_of(op.arena, "w", NOTE_COSIGNATURE, i).s);
	}
	base = str_copy(op.arena, strbuf_str(&b));
	strbuf_addz(&b, "group G all");
	for (int i = 0; i < POLICY_MAX; i++)
		strbuf_addf(&b, " W%d", i);
	strbuf_addz(&b, "\nquorum G\n");
	assert_ok(policy_parse(&op, strbuf_str(&b), p));
	assert_int_equal(p->group[0].nmembers, POLICY_MAX);
	struct str more = str_fmt(op.arena, "%slog %s\nquorum none\n", base.s,
	                          vkey_of(op.arena, "l", NOTE_ED25519, 200).s);
	assert_int_equal(policy_parse(&op, more, p), RC_INVALID);
	more = str_fmt(op.arena, "%switness W %s\nquorum none\n", base.s,
	               vkey_of(op.arena, "w", NOTE_COSIGNATURE, 200).s);
	assert_int_equal(policy_parse(&op, more, p), RC_INVALID);
	strbuf_init(&b, op.arena);
	strbuf_adds(&b, base);
	for (int i = 0; i <= POLICY_MAX; i++)
		strbuf_addf(&b, "group G%d any %c%d\n", i, i < POLICY_MAX ? 'W' : 'G', i % POLICY_MAX);
	strbuf_addz(&b, "quorum none\n");
	assert_int_equal(policy_parse(&op, strbuf_str(&b), p), RC_INVALID);
	check_op_release(&op);
}

static void a_checkpoint_counts_only_under_its_policy(void **state)
{
	CHECK_OP(op);
	struct policy *p = ARENA_NEW(op.arena, struct policy);
	struct ed25519_key log = key_of(100), w1 = key_of(1), w2 = key_of(2), thief = key_of(50);
	struct note *n = ARENA_NEW(op.arena, struct note);
	struct checkpoint c;
	bool done[3];

	assert_ok(policy_parse(&op,
	                       fill(op.arena, "log $L\nwitness W1 $1\nwitness W2 $2\nwitness W3 $3\n"
	                                      "group G 2 W1 W2 W3\nquorum G\n"),
	                       p));
	n->text = STR("log.example\n1\n" ROOT "\n");
	assert_ok(note_cosign(&op, n, STR("witness"), &w1, 5));
	assert_ok(note_cosign(&op, n, STR("witness"), &w2, 6));
	/* Witnesses without the log, then the log with one witness, then with both. */
	assert_int_equal(policy_check(&op, p, note_format(op.arena, n), &c, NULL), RC_INVALID);
	n->nsigs = 1;
	assert_ok(note_sign(&op, n, STR("log.example"), &log));
	assert_int_equal(policy_check(&op, p, note_format(op.arena, n), &c, NULL), RC_INVALID);
	assert_ok(note_cosign(&op, n, STR("witness"), &w2, 6));
	assert_ok(policy_check(&op, p, note_format(op.arena, n), &c, done));
	assert_true(done[0] && done[1] && !done[2]);
	assert_int_equal(c.size, 1);
	/* Another's key under a witness's name: not known, so it does not count. */
	n->nsigs = 2;
	assert_ok(note_cosign(&op, n, STR("witness"), &thief, 6));
	assert_int_equal(policy_check(&op, p, note_format(op.arena, n), &c, NULL), RC_INVALID);
	/* A trusted log's key under another origin. */
	n->nsigs = 0;
	n->text = STR("other.example\n1\n" ROOT "\n");
	assert_ok(note_cosign(&op, n, STR("witness"), &w1, 5));
	assert_ok(note_cosign(&op, n, STR("witness"), &w2, 6));
	assert_ok(note_sign(&op, n, STR("log.example"), &log));
	assert_int_equal(policy_check(&op, p, note_format(op.arena, n), &c, NULL), RC_INVALID);
	check_op_release(&op);
}

static void a_receipt_proves_its_entry_and_no_other(void **state)
{
	CHECK_OP(op);
	struct policy *p = ARENA_NEW(op.arena, struct policy);
	struct ed25519_key log = key_of(100);
	struct hasher *h = hasher_new(HASH_SHA256);
	struct hash a = tree_leaf(h, "a", 1), b = tree_leaf(h, "b", 1);
	struct note *n = ARENA_NEW(op.arena, struct note);
	struct checkpoint c = {.origin = STR("log.example"), .size = 2};
	struct receipt r = {.index = 1, .proof = {.hash = {a}, .n = 1}}, got;

	assert_ok(policy_parse(&op, fill(op.arena, "log $L\nquorum none\n"), p));
	c.root = tree_node(h, &a, &b);
	n->text = checkpoint_format(op.arena, &c);
	assert_ok(note_sign(&op, n, STR("log.example"), &log));
	r.note = note_format(op.arena, n);
	assert_ok(receipt_parse(&op, receipt_format(op.arena, &r), &got));
	assert_ok(receipt_check(&op, p, &got, &b, &c));
	assert_int_equal(receipt_check(&op, p, &got, &a, &c), RC_INVALID);
	got.index = 0;
	assert_int_equal(receipt_check(&op, p, &got, &b, &c), RC_INVALID);
	got.index = 2;
	assert_int_equal(receipt_check(&op, p, &got, &b, &c), RC_INVALID);
	hasher_free(h);
	check_op_release(&op);
}

int main(void)
{
	static const struct CMUnitTest TESTS[] = {
		cmocka_unit_test(a_checkpoint_is_written_and_read),
		cmocka_unit_test(a_bad_checkpoint_is_refused),
		cmocka_unit_test(a_receipt_is_written_and_read),
		cmocka_unit_test(a_bad_receipt_is_refused),
		cmocka_unit_test(a_policy_asks_for_its_quorum),
		cmocka_unit_test(a_bad_policy_is_refused),
		cmocka_unit_test(sixty_four_of_everything_fit_and_no_more),
		cmocka_unit_test(a_checkpoint_counts_only_under_its_policy),
		cmocka_unit_test(a_receipt_proves_its_entry_and_no_other),
	};
	return cmocka_run_group_tests(TESTS, NULL, NULL);
}
