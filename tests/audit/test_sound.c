/* SPDX-License-Identifier: Apache-2.0 */
/* test_sound.c -- unharmed ledgers have no findings, and the report says what it did not check. */
#include "hand.h"

static void a_sound_export_has_no_findings(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 600);
	r = hand_audit(&h, hand_export(&h, "out"), NULL, NULL);
	assert_clean(r);
	assert_int_equal(r->size, 600);
	assert_str(r->origin, HAND_ORIGIN);
	hand_close(&h);
}

static void a_sound_data_folder_has_no_findings(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	h.note_at[0] = 1;
	h.note_at[1] = 256;
	h.note_at[2] = 300;
	hand_full(&h, 600);
	r = hand_audit(&h, hand_folder(&h, "data"), NULL, NULL);
	assert_clean(r);
	assert_int_equal(r->size, 600);
	hand_close(&h);
}

static void every_size_around_a_tile_is_clean(void **state)
{
	static const size_t SIZES[] = {26, 255, 256, 257, 511, 512, 513, 768};
	struct hand h;

	(void)state;
	for (size_t i = 0; i < COUNT(SIZES); i++) {
		hand_open(&h);
		hand_full(&h, SIZES[i]);
		assert_clean(hand_audit(&h, hand_export(&h, "out"), NULL, NULL));
		assert_clean(hand_audit(&h, hand_folder(&h, "data"), NULL, NULL));
		hand_close(&h);
	}
}

static void what_was_not_checked_is_said(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 40);
	r = hand_audit(&h, hand_export(&h, "out"), NULL, NULL);
	assert_true(hand_unchecked(r, FINDING_ROLLBACK));
	assert_true(hand_unchecked(r, FINDING_COSIGNATURE));
	assert_true(hand_unchecked(r, FINDING_KEY));
	assert_false(hand_unchecked(r, FINDING_SIGNATURE));
	assert_false(hand_unchecked(r, FINDING_BOOK));
	hand_close(&h);
}

static void nothing_is_left_unchecked_when_all_is_given(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 300);
	h.cosigners = 2;
	hand_file(&h, "policy", hand_policy(&h));
	hand_file(&h, "known", hand_note(&h, 100, 0));
	r = hand_audit(&h, hand_folder(&h, "data"), "known", "policy");
	assert_clean(r);
	assert_int_equal(r->nunchecked, 0);
	hand_close(&h);
}

static void acts_after_the_newest_head_are_counted(void **state)
{
	struct hand h;
	const struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_slots(&h, "giver=key:11 giver=key:12 receiver=key:13 receiver=key:14");
	r = hand_audit(&h, hand_export(&h, "out"), NULL, NULL);
	assert_clean(r);
	assert_true(hand_unchecked(r, FINDING_SIGNATURE));
	hand_close(&h);
}

static void the_json_report_is_one_document(void **state)
{
	struct hand h;
	struct json *o = NULL;
	struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	hand_edit(&h, 28, "\"v\":1", "\"v\":0");
	r = hand_audit(&h, hand_export(&h, "out"), NULL, NULL);
	assert_ok(json_read(&h.op, report_json(&h.arena, r), &o));
	assert_false(json_bool(o, "ok", true));
	assert_int_equal(json_int(o, "size", 0), 30);
	assert_int_equal(json_str(o, "root").n, 64);
	assert_int_equal(json_get(o, "findings")->count, 1);
	assert_str(json_str(json_get(o, "findings")->first, "kind"), "entry");
	assert_int_equal(json_int(json_get(o, "findings")->first, "index", -1), 28);
	assert_true(json_get(o, "not_checked")->count > 0);
	hand_close(&h);
}

static void the_words_say_what_to_do(void **state)
{
	struct hand h;
	struct report *r;

	(void)state;
	hand_open(&h);
	hand_full(&h, 30);
	r = hand_audit(&h, hand_export(&h, "out"), NULL, NULL);
	assert_non_null(strstr(report_words(&h.arena, r, true).s, "本台账完整"));
	hand_edit(&h, 28, "\"v\":1", "\"v\":0");
	r = hand_audit(&h, hand_export(&h, "bad"), NULL, NULL);
	assert_non_null(strstr(report_words(&h.arena, r, true).s, "怎么办"));
	assert_non_null(strstr(report_words(&h.arena, r, true).s, "第 28 号记录"));
	assert_non_null(strstr(report_words(&h.arena, r, false).s, "What to do"));
	hand_close(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_sound_export_has_no_findings),
		cmocka_unit_test(a_sound_data_folder_has_no_findings),
		cmocka_unit_test(every_size_around_a_tile_is_clean),
		cmocka_unit_test(what_was_not_checked_is_said),
		cmocka_unit_test(nothing_is_left_unchecked_when_all_is_given),
		cmocka_unit_test(acts_after_the_newest_head_are_counted),
		cmocka_unit_test(the_json_report_is_one_document),
		cmocka_unit_test(the_words_say_what_to_do),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
