/* SPDX-License-Identifier: Apache-2.0 */
/* test_paper.c -- requests and answers as one line of a QR code: there and back, and damaged. */
#include "kit/check.h"

#include "ledger/witness_paper.h"
#include "print/qr.h"

struct desk {
	struct arena arena;
	struct op op;
};

static struct str body_of(struct desk *d, uint64_t old, int lines, size_t note_bytes)
{
	struct witness_request r = {.old = old, .proof = {.n = lines}};
	char *note = arena_alloc(&d->arena, note_bytes + 1);

	for (int i = 0; i < lines; i++)
		memset(r.proof.hash[i].b, i * 37 + 1, sizeof(r.proof.hash[i].b));
	for (size_t i = 0; i < note_bytes; i++)
		note[i] = (char)(i * 151 + 7);
	r.note = (struct str){note, note_bytes};
	return witness_request_format(&d->arena, &r);
}

static void a_line_gives_back_what_went_in(void **state)
{
	struct desk d = {.op.arena = &d.arena};
	struct str line, back;

	(void)state;
	for (int lines = 0; lines <= LIMIT_PROOF; lines += 7)
		for (size_t n = 0; n < 12; n++) {
			struct str body = body_of(&d, UINT64_C(1) << lines % 60, lines, n * 31 + n);

			assert_ok(witness_paper_request(&d.op, body, &line));
			assert_true(str_starts(line, STR("GYW1:")));
			assert_ok(witness_paper_read(&d.op, line, false, &back));
			assert_true(str_eq(back, body));
			line = str_fmt(&d.arena, " %s\r\n", line.s); /* as keyboards and files add */
			assert_ok(witness_paper_read(&d.op, line, false, &back));
			assert_true(str_eq(back, body));
			assert_ok(witness_paper_read(&d.op, witness_paper_answer(&d.arena, body), true, &back));
			assert_true(str_eq(back, body));
			assert_ok(witness_paper_read(&d.op, body, false, &back)); /* the file itself */
			assert_true(str_eq(back, body));
		}
	arena_release(&d.arena);
}

static void a_damaged_line_is_refused(void **state)
{
	static const char *const BAD[] = {
		"GYW1:",
		"GYW1:A",
		"GYW1:AAAAAAAAAAAAAA",
		"GYW1:AAAAAAAAAAAAAAB",
		"GYW1:AAAAAAAAAAAAAaA",
		"GYW1:AAAAAAAAAAAAA1A",
		"GYW1:AAAAAAAAAAAAA A",
		"GYW1:AAAAAAAAAAAAAB",
		"GYW1:AAAAAAAAAAAAAAIA",
		"GYW1:AAAAAAAAAAAAB7A",
		"GYA1:AAAA",
	};
	struct desk d = {.op.arena = &d.arena};
	struct str back;

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++)
		assert_int_equal(witness_paper_read(&d.op, str_of(BAD[i]), false, &back), RC_INVALID);
	assert_int_equal(witness_paper_read(&d.op, STR("GYW1:AAAAAAAAAAAAAAAA"), true, &back),
	                 RC_INVALID);
	assert_int_equal(witness_paper_request(&d.op, STR("no request"), &back), RC_INVALID);
	arena_release(&d.arena);
}

/* The longest proof, with a checkpoint that a dozen have signed. */
static void the_longest_proof_fits_one_code(void **state)
{
	struct desk d = {.op.arena = &d.arena};
	struct str line, picture;

	(void)state;
	assert_ok(witness_paper_request(&d.op, body_of(&d, 5, LIMIT_PROOF, 600), &line));
	assert_ok(qr_picture(&d.op, line, STR("x.svg"), &picture));
	assert_ok(qr_picture(&d.op, line, STR("x.pbm"), &picture));
	assert_true(str_starts(picture, STR("P4\n")));
	assert_int_equal(qr_picture(&d.op, line, STR("x.png"), &picture), RC_INVALID);
	assert_ok(witness_paper_request(&d.op, body_of(&d, 5, LIMIT_PROOF, 3000), &line));
	assert_int_equal(qr_picture(&d.op, line, STR("x.svg"), &picture), RC_INVALID);
	arena_release(&d.arena);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_line_gives_back_what_went_in),
		cmocka_unit_test(a_damaged_line_is_refused),
		cmocka_unit_test(the_longest_proof_fits_one_code),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
