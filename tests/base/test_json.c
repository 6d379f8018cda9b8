/* SPDX-License-Identifier: Apache-2.0 */
/* test_json.c -- strict reading, building, and the one spelling that is hashed. */
#include "kit/check.h"

#include "base/json.h"
#include "base/limits.h"

static void a_document_is_read_in_its_order(void **state)
{
	CHECK_OP(op);
	struct json *v;
	const struct json *list;

	assert_ok(json_read(&op, STR(" {\"z\":[1,-2,{}],\"a\":\"贡\\u9662\",\"n\":null,\"t\":true,"
	                             "\"f\":false,\"\":0} "), &v));
	assert_int_equal(v->type, JSON_OBJECT);
	assert_int_equal(v->count, 6);
	assert_str(v->first->key, "z");
	assert_str(v->last->key, "");
	list = json_get(v, "z");
	assert_int_equal(list->count, 3);
	assert_int_equal(list->first->next->i, -2);
	assert_int_equal(list->last->type, JSON_OBJECT);
	assert_int_equal(list->last->count, 0);
	assert_null(list->last->first);
	assert_str(json_str(v, "a"), "贡院");
	assert_int_equal(json_get(v, "n")->type, JSON_NULL);
	assert_true(json_bool(v, "t", false));
	assert_false(json_bool(v, "f", true));
	assert_int_equal(json_int(v, "", 9), 0);
	assert_str(json_canonical(op.arena, list), "[1,-2,{}]");
	check_op_release(&op);
}

static void an_absent_member_gives_the_fallback(void **state)
{
	CHECK_OP(op);
	struct json *v;

	assert_ok(json_read(&op, STR("{\"i\":1,\"s\":\"x\",\"b\":true}"), &v));
	assert_int_equal(json_int(v, "s", 7), 7);
	assert_int_equal(json_int(v, "none", 7), 7);
	assert_null(json_str(v, "i").s);
	assert_int_equal(json_str(v, "none").n, 0);
	assert_true(json_bool(v, "i", true));
	assert_null(json_get(NULL, "x"));
	assert_null(json_get(json_get(v, "i"), "x"));
	assert_null(json_get(v, "ii"));
	check_op_release(&op);
}

static void any_value_may_stand_at_the_top(void **state)
{
	static const struct { const char *text, *canonical; } ROWS[] = {
		{"null", "null"}, {"true", "true"}, {" false\n", "false"}, {"0", "0"}, {"-0", "0"},
		{"9007199254740991", "9007199254740991"},
		{"-9007199254740991", "-9007199254740991"},
		{"\"\"", "\"\""}, {"[]", "[]"}, {"[ ]", "[]"}, {"{}", "{}"}, {"[[],{}]", "[[],{}]"},
		{"\"\\\"1.5\"", "\"\\\"1.5\""}, {"[\"\\\\\",1]", "[\"\\\\\",1]"},
		{"\"e.E+1\"", "\"e.E+1\""}, {"{\"1.0\":\"[[[\\\"{\"}", "{\"1.0\":\"[[[\\\"{\"}"},
	};
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct json *v;

		assert_ok(json_read(&op, str_of(ROWS[i].text), &v));
		assert_str(json_canonical(op.arena, v), ROWS[i].canonical);
	}
	check_op_release(&op);
}

/* A reason and where it is; the text may contain NULs. */
struct bad {
	struct str text;
	const char *en;
};

static const struct bad BAD[] = {
	{STR("1.0"), "line 1, column 1: fractions"},
	{STR("[1,\n 1e2]"), "line 2, column 2: fractions"},
	{STR("[\"贡院\", 1E2]"), "line 1, column 8: fractions"},
	{STR("-0.0"), "line 1, column 1: fractions"},
	{STR("9007199254740992"), "line 1, column 1: integer beyond"},
	{STR("{\"a\":-9007199254740992}"), "line 1, column 6: integer beyond"},
	{STR("99999999999999999999999999999999999999"), "column 1: integer beyond"},
	{STR("{\"a\":1,\n\"a\":2}"), "line 2, column 3: duplicate key"},
	{STR("{\"a\":1,\"\\u0061\":2}"), "duplicate key"},
	{STR("\"\\u0000\""), "U+0000"},
	{STR("{\"\\u0000\":1}"), "U+0000"},
	{STR("\"a\0b\""), "line 1, column 3: U+0000"},
	{STR("\0"), "line 1, column 1: U+0000"},
	{STR("\"\\ud800\""), "syntax"},
	{STR("\"\\udc00\""), "syntax"},
	{STR("\"\\ud800\\u0041\""), "syntax"},
	{STR("\"\xff\""), "invalid UTF-8"},
	{STR("\"\xed\xa0\x80\""), "invalid UTF-8"},
	{STR("\"\xc0\x80\""), "invalid UTF-8"},
	{STR(""), "ends too early"},
	{STR("  "), "ends too early"},
	{STR("[1"), "ends too early"},
	{STR("\"abc"), "ends too early"},
	{STR("\"abc\\"), "syntax"},
	{STR("1 2"), "after the end"},
	{STR("{} x"), "after the end"},
	{STR("[1,]"), "syntax"},
	{STR("[01]"), "syntax"},
	{STR("[-]"), "syntax"},
	{STR("[+1]"), "syntax"},
	{STR("[1-2]"), "syntax"},
	{STR("]"), "syntax"},
	{STR("}}}}"), "syntax"},
	{STR("nul"), "syntax"},
	{STR("NaN"), "syntax"},
	{STR("'a'"), "syntax"},
	{STR("{a:1}"), "syntax"},
	{STR("[1] // x"), "after the end"},
	{STR("\"\t\""), "syntax"},
	{STR("\xef\xbb\xbf{}"), "line 1, column 1: JSON syntax"},
	{STR("[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]"), "line 1, column 17: nested deeper than 16"},
};

static void bad_documents_are_refused_with_place_and_reason(void **state)
{
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(BAD); i++) {
		struct json *v = NULL;

		op.err = (struct err){0};
		assert_int_equal(json_read(&op, BAD[i].text, &v), RC_INVALID);
		assert_null(v);
		if (!strstr(op.err.en, BAD[i].en) || strncmp(op.err.en, "line ", 5) != 0)
			fail_msg("%s: \"%s\", not \"%s\"", BAD[i].text.s, op.err.en, BAD[i].en);
		if (strncmp(op.err.zh, "第 ", 4) != 0)
			fail_msg("%s", op.err.zh);
	}
	check_op_release(&op);
}

static struct str repeat(struct arena *a, const char *before, const char *unit, size_t n,
                         const char *after)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, before);
	for (size_t i = 0; i < n; i++)
		strbuf_addz(&b, unit);
	strbuf_addz(&b, after);
	return strbuf_str(&b);
}

static void depth_and_items_are_bounded(void **state)
{
	CHECK_OP(op);
	struct json *v;
	struct str blank;

	assert_ok(json_read(&op, STR("[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]"), &v));
	assert_ok(json_read(&op, repeat(op.arena, "[0", ",0", LIMIT_JSON_ITEMS - 1, "]"), &v));
	assert_int_equal(v->count, LIMIT_JSON_ITEMS);
	assert_int_equal(json_read(&op, repeat(op.arena, "[0", ",0", LIMIT_JSON_ITEMS, "]"), &v),
	                 RC_INVALID);
	assert_non_null(strstr(op.err.en, "more than 200000"));
	/* Empty containers are one item each, not two. */
	assert_ok(json_read(&op, repeat(op.arena, "[[ ]", ",{ }", LIMIT_JSON_ITEMS - 1, "]"), &v));
	assert_int_equal(json_read(&op, repeat(op.arena, "", "[", 3000000, ""), &v), RC_INVALID);
	assert_non_null(strstr(op.err.en, "nested deeper"));
	blank = repeat(op.arena, "", "        ", LIMIT_JSON_BYTES / 8, "1");
	assert_int_equal(json_read(&op, blank, &v), RC_INVALID);
	assert_non_null(strstr(op.err.en, "too large"));
	check_op_release(&op);
}

static void members_are_sorted_by_utf16_code_units(void **state)
{
	/* The example of RFC 8785 §3.2.3; U+1F600 is D83D DE00 in UTF-16, before U+FB33. */
	static const char IN[] =
		"{\"\\u20ac\":\"Euro Sign\",\"\\r\":\"Carriage Return\",\"\\ufb33\":\"Hebrew "
		"Letter Dalet With Dagesh\",\"1\":\"One\",\"\\ud83d\\ude00\":\"Emoji: "
		"Grinning Face\",\"\\u0080\":\"Control\",\"\\u00f6\":"
		"\"Latin Small Letter O With Diaeresis\"}";
	static const char OUT[] =
		"{\"\\r\":\"Carriage Return\",\"1\":\"One\",\"\xc2\x80\":\"Control\",\"\xc3\xb6\":"
		"\"Latin Small Letter O With Diaeresis\",\"\xe2\x82\xac\":\"Euro Sign\","
		"\"\xf0\x9f\x98\x80\":\"Emoji: "
		"Grinning Face\",\"\xef\xac\xb3\":\"Hebrew Letter Dalet With Dagesh\"}";
	CHECK_OP(op);
	struct json *v;

	assert_ok(json_read(&op, str_of(IN), &v));
	assert_str(json_canonical(op.arena, v), OUT);
	/* U+D7FF < U+10000 < U+10FFFF < U+E000 < U+FFFF, alone and behind a common beginning. */
	assert_ok(json_read(&op, STR("{\"\\uffff\":5,\"\\ue000\":4,\"\\udbff\\udfff\":3,"
	                             "\"\\ud800\\udc00\":2,\"\\ud7ff\":1,\"\":0}"), &v));
	assert_str(json_canonical(op.arena, v),
	           "{\"\":0,\"\xed\x9f\xbf\":1,\"\xf0\x90\x80\x80\":2,\"\xf4\x8f\xbf\xbf\":3,"
	           "\"\xee\x80\x80\":4,\"\xef\xbf\xbf\":5}");
	assert_ok(json_read(&op, STR("{\"a\\ue000\":3,\"a\\ud83d\\ude00\":2,"
	                             "\"ab\":1,\"a\":0}"), &v));
	assert_str(json_canonical(op.arena, v),
	           "{\"a\":0,\"ab\":1,\"a\xf0\x9f\x98\x80\":2,\"a\xee\x80\x80\":3}");
	check_op_release(&op);
}

static void objects_of_any_size_are_sorted(void **state)
{
	CHECK_OP(op);

	for (size_t n = 0; n < 60; n++) {
		struct json *o = json_new_object(op.arena);
		struct strbuf want;

		strbuf_init(&want, op.arena);
		for (size_t i = 0; i < n; i++) { /* 37 is prime: k is each of 0..n-1 once */
			size_t k = n % 37 == 0 ? n - 1 - i : i * 37 % n;

			json_set_int(op.arena, o, str_fmt(op.arena, "k%02zu", k).s, (int64_t)k);
			strbuf_addf(&want, "%s\"k%02zu\":%zu", i ? "," : "", i, i);
		}
		assert_int_equal(o->count, n);
		assert_str(json_canonical(op.arena, o),
		           str_fmt(op.arena, "{%s}", strbuf_str(&want).s).s);
	}
	check_op_release(&op);
}

static void strings_have_the_shortest_escapes(void **state)
{
	struct arena a = {0};
	struct strbuf b;
	char all[128];

	for (int i = 0; i < 128; i++)
		all[i] = (char)i;
	strbuf_init(&b, &a);
	json_quote_to(&b, (struct str){all, 36});
	json_quote_to(&b, STR("/\\\x7f\xe2\x80\xa8"));
	json_quote_to(&b, (struct str){NULL, 0});
	assert_str(strbuf_str(&b),
	           "\"\\u0000\\u0001\\u0002\\u0003\\u0004\\u0005\\u0006\\u0007\\b\\t\\n\\u000b\\f"
	           "\\r\\u000e\\u000f\\u0010\\u0011\\u0012\\u0013\\u0014\\u0015\\u0016\\u0017"
	           "\\u0018\\u0019\\u001a\\u001b\\u001c\\u001d\\u001e\\u001f !\\\"#\""
	           "\"/\\\\\x7f\xe2\x80\xa8\"\"\"");
	arena_release(&a);
}

static void values_are_built_and_replaced_in_place(void **state)
{
	struct arena a = {0};
	struct json *o = json_new_object(&a), *list = json_put(o, "list", json_new_array(&a));

	json_set_int(&a, list, NULL, 1);
	json_set_str(&a, list, NULL, STR("two"));
	json_set_null(&a, list, NULL);
	json_set_bool(&a, o, "b", true);
	assert_int_equal(json_set_str(&a, o, "s", STR("x"))->type, JSON_STR);
	assert_str(json_canonical(&a, o), "{\"b\":true,\"list\":[1,\"two\",null],\"s\":\"x\"}");
	json_set_int(&a, o, "list", 5);  /* the first */
	json_set_null(&a, o, "s");       /* the last */
	json_set_int(&a, o, "b", 6);     /* one between */
	json_set_int(&a, o, "z", 7);     /* the end is still known */
	assert_int_equal(o->count, 4);
	assert_str(json_pretty(&a, o),
	           "{\n  \"list\": 5,\n  \"b\": 6,\n  \"s\": null,\n  \"z\": 7\n}");
	arena_release(&a);
}

static void the_form_for_people_keeps_the_order(void **state)
{
	CHECK_OP(op);
	struct json *v, *back;
	struct str text;

	assert_ok(json_read(&op, STR("{\"b\":[1,[],{\"x\":{}}],\"a\":\"\\n\"}"), &v));
	text = json_pretty(op.arena, v);
	assert_str(text, "{\n  \"b\": [\n    1,\n    [],\n    {\n      \"x\": {}\n    }\n  ],\n"
	                 "  \"a\": \"\\n\"\n}");
	assert_ok(json_read(&op, text, &back));
	assert_true(str_eq(json_canonical(op.arena, v), json_canonical(op.arena, back)));
	assert_str(json_pretty(op.arena, json_get(v, "a")), "\"\\n\"");
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_document_is_read_in_its_order),
		cmocka_unit_test(an_absent_member_gives_the_fallback),
		cmocka_unit_test(any_value_may_stand_at_the_top),
		cmocka_unit_test(bad_documents_are_refused_with_place_and_reason),
		cmocka_unit_test(depth_and_items_are_bounded),
		cmocka_unit_test(members_are_sorted_by_utf16_code_units),
		cmocka_unit_test(objects_of_any_size_are_sorted),
		cmocka_unit_test(strings_have_the_shortest_escapes),
		cmocka_unit_test(values_are_built_and_replaced_in_place),
		cmocka_unit_test(the_form_for_people_keeps_the_order),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
