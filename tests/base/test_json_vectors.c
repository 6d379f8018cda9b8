/* SPDX-License-Identifier: Apache-2.0 */
/* test_json_vectors.c -- JSONTestSuite and the big list of naughty strings.
 *
 * Our JSON is narrower than RFC 8259: of what every reader must accept, numbers that are no
 * integers, U+0000 and double keys are refused, each for that reason.
 */
#include "kit/check.h"

#include "base/hash.h"
#include "base/json.h"
#include "kit/vectors.h"

/* Files of JSONTestSuite that are right in JSON and refused here. */
static const struct { const char *name, *why; } NARROWER[] = {
	{"y_number.json", "fractions"},
	{"y_number_0e+1.json", "fractions"},
	{"y_number_0e1.json", "fractions"},
	{"y_number_double_close_to_zero.json", "fractions"},
	{"y_number_real_capital_e.json", "fractions"},
	{"y_number_real_capital_e_neg_exp.json", "fractions"},
	{"y_number_real_capital_e_pos_exp.json", "fractions"},
	{"y_number_real_exponent.json", "fractions"},
	{"y_number_real_fraction_exponent.json", "fractions"},
	{"y_number_real_neg_exp.json", "fractions"},
	{"y_number_real_pos_exponent.json", "fractions"},
	{"y_number_simple_real.json", "fractions"},
	{"y_object_extreme_numbers.json", "fractions"},
	{"y_structure_lonely_negative_real.json", "fractions"},
	{"y_object_duplicated_key.json", "duplicate key"},
	{"y_object_duplicated_key_and_value.json", "duplicate key"},
	{"y_object_escaped_null_in_key.json", "U+0000"},
	{"y_string_null_escape.json", "U+0000"},
};

static const char *refused_because(struct str name)
{
	for (size_t i = 0; i < COUNT(NARROWER); i++) {
		if (str_is(name, NARROWER[i].name))
			return NARROWER[i].why;
	}
	return NULL;
}

/* What was read is written canonically and read back to the same bytes. */
static void check_round_trip(struct op *op, const struct json *v, struct str name)
{
	struct str first = json_canonical(op->arena, v), second;
	struct json *back;

	if (json_read(op, first, &back) != RC_OK)
		fail_msg("%s: not read back: %s", name.s, op->err.en);
	second = json_canonical(op->arena, back);
	assert_true(str_eq(first, second));
}

static void check_file(struct op *op, struct str dir, struct str name)
{
	struct str text = vectors_read(op->arena, str_fmt(op->arena, "%s/%s", dir.s, name.s));
	const char *why = refused_because(name);
	struct json *v;
	enum rc rc;

	op->err = (struct err){0};
	rc = json_read(op, text, &v);
	if (rc == RC_OK)
		check_round_trip(op, v, name);
	else
		assert_true(rc == RC_INVALID && strncmp(op->err.en, "line ", 5) == 0);
	if (name.s[0] == 'n' && rc == RC_OK)
		fail_msg("%s was read", name.s);
	if (name.s[0] == 'y' && !why && rc != RC_OK)
		fail_msg("%s was refused: %s", name.s, op->err.en);
	if (why && (rc == RC_OK || !strstr(op->err.en, why)))
		fail_msg("%s must be refused for %s, not %s", name.s, why, op->err.en);
}

static void json_test_suite_holds(void **state)
{
	CHECK_OP(op);
	struct str dir, *names;
	size_t n;

	if (!vectors_find(op.arena, "json/test_parsing", &dir))
		skip();
	n = vectors_list(op.arena, dir, ".json", &names);
	assert_true(n > 100);
	for (size_t i = 0; i < n; i++)
		check_file(&op, dir, names[i]);
	check_op_release(&op);
}

/* What JSON leaves open: none of it may be read in two ways. */
static void what_readers_disagree_about_is_refused(void **state)
{
	static const struct { const char *name, *why; } ROWS[] = {
		{"number_-9223372036854775809.json", "integer beyond"},
		{"number_1.0.json", "fractions"},
		{"number_1.000000000000000005.json", "fractions"},
		{"number_1e-999.json", "fractions"},
		{"number_1e6.json", "fractions"},
		{"number_9223372036854775807.json", "integer beyond"},
		{"number_9223372036854775808.json", "integer beyond"},
		{"object_same_key_different_values.json", "duplicate key"},
		{"object_same_key_unclear_values.json", ""},
		{"string_1_escaped_invalid_codepoint.json", "syntax"},
		{"string_1_invalid_codepoint.json", "invalid UTF-8"},
		{"string_2_escaped_invalid_codepoints.json", "syntax"},
		{"string_2_invalid_codepoints.json", "invalid UTF-8"},
		{"string_3_escaped_invalid_codepoints.json", "syntax"},
		{"string_3_invalid_codepoints.json", "invalid UTF-8"},
		{"string_with_escaped_NULL.json", "U+0000"},
	};
	CHECK_OP(op);
	struct str dir;

	if (!vectors_find(op.arena, "json/test_transform", &dir))
		skip();
	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str path = str_fmt(op.arena, "%s/%s", dir.s, ROWS[i].name);
		struct json *v;

		op.err = (struct err){0};
		assert_int_equal(json_read(&op, vectors_read(op.arena, path), &v), RC_INVALID);
		if (!strstr(op.err.en, ROWS[i].why))
			fail_msg("%s: %s", ROWS[i].name, op.err.en);
	}
	check_op_release(&op);
}

static void check_string(struct op *op, struct str s)
{
	struct json *o = json_new_object(op->arena), *back;

	json_set_str(op->arena, o, "s", s);
	json_set_int(op->arena, o, str_copy(op->arena, s).s, 1); /* and as a key */
	assert_ok(json_read(op, json_canonical(op->arena, o), &back));
	assert_int_equal(back->count, str_is(s, "s") ? 1 : 2);
	assert_int_equal(json_int(back, s.s, 0), 1);
	if (!str_is(s, "s"))
		assert_true(str_eq(json_str(back, "s"), s));
}

static void naughty_strings_come_back_unchanged(void **state)
{
	CHECK_OP(op);
	struct str path;
	struct json *list;

	if (!vectors_find(op.arena, "blns/blns.json", &path))
		skip();
	assert_ok(json_read(&op, vectors_read(op.arena, path), &list));
	assert_true(list->count > 400);
	for (const struct json *v = list->first; v; v = v->next)
		check_string(&op, v->s);
	check_op_release(&op);
}

static void naughty_bytes_come_back_unchanged(void **state)
{
	CHECK_OP(op);
	struct str path, bytes;
	struct json *list;
	int text = 0;

	if (!vectors_find(op.arena, "blns/blns.base64.json", &path))
		skip();
	assert_ok(json_read(&op, vectors_read(op.arena, path), &list));
	for (const struct json *v = list->first; v; v = v->next) {
		assert_true(base64_decode(op.arena, v->s, &bytes));
		assert_true(str_eq(base64_encode(op.arena, bytes.s, bytes.n), v->s));
		if (!str_utf8_valid(bytes))
			continue;
		check_string(&op, bytes);
		text++;
	}
	assert_true(text > 400);
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(json_test_suite_holds),
		cmocka_unit_test(what_readers_disagree_about_is_refused),
		cmocka_unit_test(naughty_strings_come_back_unchanged),
		cmocka_unit_test(naughty_bytes_come_back_unchanged),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
