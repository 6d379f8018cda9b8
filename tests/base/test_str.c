/* SPDX-License-Identifier: Apache-2.0 */
/* test_str.c -- strings: copies, comparison, numbers, UTF-8, and the buffer that grows. */
#include "kit/check.h"

#include "base/str.h"

static void copies_end_in_nul(void **state)
{
	struct arena a = {0};

	assert_str(str_dup(&a, "abcdef", 3), "abc");
	assert_str(str_dup(&a, NULL, 0), "");
	assert_str(str_copy(&a, (struct str){"贡院x", 6}), "贡院");
	assert_str(str_fmt(&a, "%s-%03d", "box", 7), "box-007");
	assert_str(str_of(NULL), "");
	assert_str(str_of("x"), "x");
	arena_release(&a);
}

static void a_str_prints_with_its_format(void **state)
{
	struct arena a = {0};

	assert_str(str_fmt(&a, "[" STR_FMT "]", STR_ARG(((struct str){"abc", 2}))), "[ab]");
	assert_str(str_fmt(&a, "[" STR_FMT "]", STR_ARG(((struct str){NULL, 0}))), "[]");
	arena_release(&a);
}

static void order_is_by_bytes(void **state)
{
	static const struct { const char *low, *high; } ROWS[] = {
		{"", "a"}, {"a", "b"}, {"a", "aa"}, {"Z", "a"}, {"~", "\xc3\xa9"}, {"ab", "b"},
	};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str low = str_of(ROWS[i].low), high = str_of(ROWS[i].high);

		assert_int_equal(str_cmp(low, high), -1);
		assert_int_equal(str_cmp(high, low), 1);
		assert_int_equal(str_cmp(low, low), 0);
		assert_false(str_eq(low, high));
		assert_true(str_eq(high, high));
	}
	assert_true(str_eq((struct str){NULL, 0}, STR("")));
	assert_true(str_is(STR("bag"), "bag"));
	assert_false(str_is((struct str){"bags", 4}, "bag"));
}

static void prefixes_and_suffixes_are_found(void **state)
{
	assert_true(str_starts(STR("custody.bag"), STR("custody.")));
	assert_false(str_starts(STR("cust"), STR("custody")));
	assert_true(str_starts(STR("x"), STR("")));
	assert_true(str_ends(STR("a.json"), STR(".json")));
	assert_false(str_ends(STR("a.json"), STR("json.")));
	assert_false(str_ends(STR("n"), STR("json")));
	assert_true(str_ends((struct str){NULL, 0}, (struct str){NULL, 0}));
}

static void a_cut_leaves_the_outputs_when_there_is_none(void **state)
{
	struct str head = STR("h"), tail = STR("t");

	assert_false(str_cut(STR("abc"), '/', &head, &tail));
	assert_false(str_cut((struct str){NULL, 0}, '/', &head, &tail));
	assert_str(head, "h");
	assert_str(tail, "t");
	assert_true(str_cut(STR("a/b/c"), '/', &head, &tail));
	assert_true(str_is(head, "a"));
	assert_str(tail, "b/c");
	assert_true(str_cut(STR("a/"), '/', &head, &tail));
	assert_str(tail, "");
}

static void numbers_are_read_in_one_spelling_only(void **state)
{
	static const struct { const char *text; int64_t v; } GOOD[] = {
		{"0", 0}, {"1", 1}, {"-1", -1}, {"10", 10}, {"9007199254740993", 9007199254740993},
		{"9223372036854775807", INT64_MAX}, {"-9223372036854775808", INT64_MIN},
	};
	static const char *const BAD[] = {
		"", "-", "+1", " 1", "1 ", "00", "01", "-0", "-01", "1.0", "1e3", "0x1", "--1",
		"1-", "9223372036854775808", "-9223372036854775809", "18446744073709551616",
		"99999999999999999999999", "\xef\xbc\x91",
	};

	for (size_t i = 0; i < COUNT(GOOD); i++) {
		int64_t v = 42;

		assert_true(str_to_i64(str_of(GOOD[i].text), &v));
		assert_true(v == GOOD[i].v);
	}
	for (size_t i = 0; i < COUNT(BAD); i++) {
		int64_t v = 42;

		if (str_to_i64(str_of(BAD[i]), &v))
			fail_msg("\"%s\" was read", BAD[i]);
		assert_int_equal(v, 42);
	}
}

static void malformed_utf8_is_found_where_it_begins(void **state)
{
	static const struct { const char *text; size_t n, good; } ROWS[] = {
		{"", 0, 0}, {"plain", 5, 5}, {"贡院", 6, 6}, {"\xf0\x9f\x8e\x93", 4, 4},
		{"a\0b", 3, 1},                      /* U+0000 */
		{"abcdefg\0", 8, 7},                 /* and in the fast path */
		{"abcdefghijklmno\x80p", 17, 15},    /* a tail alone */
		{"\xc0\x80", 2, 0}, {"\xc1\xbf", 2, 0}, {"\xe0\x9f\xbf", 3, 0}, /* overlong */
		{"\xf0\x8f\xbf\xbf", 4, 0},
		{"\xed\xa0\x80", 3, 0}, {"\xed\xbf\xbf", 3, 0}, /* surrogates */
		{"\xed\x9f\xbf", 3, 3}, {"\xee\x80\x80", 3, 3}, /* and their neighbours */
		{"\xf4\x8f\xbf\xbf", 4, 4}, {"\xf4\x90\x80\x80", 4, 0}, {"\xf5\x80\x80\x80", 4, 0},
		{"x\xc3", 2, 1}, {"x\xe8\xb4", 3, 1}, {"x\xf0\x9f\x8e", 4, 1}, /* cut off */
		{"x\xe8x\xa1", 4, 1}, {"x\xe8\xb4x", 4, 1}, {"x\xf0\x9f\x8ex", 5, 1},
		{"\xff", 1, 0}, {"\xfe", 1, 0},
	};

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str s = {ROWS[i].text, ROWS[i].n};

		assert_int_equal(str_utf8_prefix(s), ROWS[i].good);
		assert_int_equal(str_utf8_valid(s), ROWS[i].good == s.n);
	}
	assert_int_equal(str_utf8_count(STR("a贡院\xf0\x9f\x8e\x93")), 4);
	assert_int_equal(str_utf8_count(STR("")), 0);
}

static void every_code_point_but_the_surrogates_is_valid(void **state)
{
	for (uint32_t u = 1; u <= 0x10ffff; u++) {
		char b[4];
		size_t n = u < 0x80 ? 1 : u < 0x800 ? 2 : u < 0x10000 ? 3 : 4;

		for (size_t i = n - 1; i > 0; i--)
			b[i] = (char)(0x80 | ((u >> (6 * (n - 1 - i))) & 0x3f));
		b[0] = (char)(n == 1 ? u : (0xf00u >> n & 0xff) | u >> (6 * (n - 1)));
		if (str_utf8_valid((struct str){b, n}) == (u >= 0xd800 && u <= 0xdfff))
			fail_msg("U+%04X", u);
	}
}

static void a_buffer_grows_and_ends_in_nul(void **state)
{
	struct arena a = {0};
	struct strbuf b, other;
	char want[5001];

	strbuf_init(&b, &a);
	strbuf_init(&other, &a);
	assert_str(strbuf_str(&b), "");
	for (size_t i = 0; i < 5000; i++) { /* two buffers in turn: neither stays the newest */
		want[i] = (char)('a' + i % 26);
		strbuf_addc(&b, want[i]);
		strbuf_addz(&other, "xy");
		assert_int_equal(b.s[b.n], 0);
	}
	want[5000] = '\0';
	assert_str(strbuf_str(&b), want);
	assert_int_equal(other.n, 10000);
	strbuf_cut(&b, 3);
	assert_str(strbuf_str(&b), "abc");
	strbuf_add(&b, NULL, 0);
	strbuf_adds(&b, (struct str){NULL, 0});
	assert_str(strbuf_str(&b), "abc");
	arena_release(&a);
}

static void a_buffer_has_room_for_its_nul(void **state)
{
	struct arena a = {0};
	char text[600];

	memset(text, 'x', sizeof(text));
	for (size_t n = 0; n < sizeof(text); n++) {
		struct strbuf once, twice;

		strbuf_init(&once, &a);
		strbuf_init(&twice, &a);
		strbuf_add(&once, text, n);
		strbuf_add(&twice, text, n / 2);
		strbuf_add(&twice, text, n - n / 2);
		assert_true(once.n < once.cap && twice.n < twice.cap);
		assert_true(str_eq(strbuf_str(&once), (struct str){text, n}));
		assert_true(str_eq(strbuf_str(&twice), (struct str){text, n}));
	}
	arena_release(&a);
}

static void a_buffer_of_nothing_is_the_empty_string(void **state)
{
	struct arena a = {0};
	struct strbuf b;

	strbuf_init(&b, &a);
	strbuf_cut(&b, 0);
	strbuf_adds(&b, STR(""));
	assert_str(strbuf_str(&b), "");
	arena_release(&a);
}

static void formatted_text_of_any_length_is_whole(void **state)
{
	struct arena a = {0};

	for (int n = 0; n < 1000; n += 7) {
		struct strbuf b;

		strbuf_init(&b, &a);
		strbuf_addz(&b, "<");
		strbuf_addf(&b, "%*d|%s", n, 5, "end");
		assert_int_equal(b.n, (size_t)(n > 1 ? n : 1) + 5);
		assert_str(((struct str){b.s + b.n - 5, 5}), "5|end");
	}
	arena_release(&a);
}

static void integers_are_written_as_printf_would(void **state)
{
	static const int64_t V[] = {
		0, 1, -1, 9, 10, -10, 123456789, INT64_MAX, INT64_MIN, INT64_MIN + 1,
	};
	struct arena a = {0};

	for (size_t i = 0; i < COUNT(V); i++) {
		struct strbuf b;
		int64_t back;

		strbuf_init(&b, &a);
		strbuf_addi(&b, V[i]);
		assert_str(strbuf_str(&b), str_fmt(&a, "%lld", (long long)V[i]).s);
		assert_true(str_to_i64(strbuf_str(&b), &back));
		assert_true(back == V[i]);
	}
	arena_release(&a);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(copies_end_in_nul),
		cmocka_unit_test(a_str_prints_with_its_format),
		cmocka_unit_test(order_is_by_bytes),
		cmocka_unit_test(prefixes_and_suffixes_are_found),
		cmocka_unit_test(a_cut_leaves_the_outputs_when_there_is_none),
		cmocka_unit_test(numbers_are_read_in_one_spelling_only),
		cmocka_unit_test(malformed_utf8_is_found_where_it_begins),
		cmocka_unit_test(every_code_point_but_the_surrogates_is_valid),
		cmocka_unit_test(a_buffer_grows_and_ends_in_nul),
		cmocka_unit_test(a_buffer_has_room_for_its_nul),
		cmocka_unit_test(a_buffer_of_nothing_is_the_empty_string),
		cmocka_unit_test(formatted_text_of_any_length_is_whole),
		cmocka_unit_test(integers_are_written_as_printf_would),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
