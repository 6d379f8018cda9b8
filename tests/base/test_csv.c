/* SPDX-License-Identifier: Apache-2.0 */
/* test_csv.c -- office files in, in the encodings that offices send; cells out. */
#include "kit/check.h"

#include "base/csv.h"
#include "base/json.h"
#include "base/limits.h"
#include "kit/vectors.h"

/* All rows, cells joined by '|', rows by '\n' and a final '\n': for comparing. */
static enum rc read_all(struct op *op, struct str text, struct str *ret)
{
	struct strbuf b;
	struct str *cells;
	struct csv c;
	size_t n;

	strbuf_init(&b, op->arena);
	TRY(csv_open(op, text, &c));
	for (;;) {
		TRY(csv_next(&c, &cells, &n));
		if (n == 0)
			break;
		for (size_t i = 0; i < n; i++) {
			strbuf_addz(&b, i ? "|" : "");
			strbuf_adds(&b, cells[i]);
			assert_int_equal(cells[i].s[cells[i].n], 0);
		}
		strbuf_addc(&b, '\n');
	}
	*ret = strbuf_str(&b);
	return RC_OK;
}

static void rows_and_cells_are_found(void **state)
{
	static const struct { const char *in, *out; } ROWS[] = {
		{"", ""}, {"\n", "\n"}, {"a", "a\n"}, {"a\n", "a\n"}, {"a\n\n", "a\n\n"},
		{"a,b\nc,d", "a|b\nc|d\n"}, {"a,b\r\nc,d\r\n", "a|b\nc|d\n"},
		{"a,b\rc,d\r", "a|b\nc|d\n"},
		{"a\n\rb", "a\n\nb\n"}, {",", "|\n"}, {",,\n,", "||\n|\n"}, {"a,", "a|\n"},
		{"\"\"", "\n"}, {"\"\",\"\"", "|\n"}, {"\"a,b\",c", "a,b|c\n"},
		{"\"a\nb\r\nc\",d", "a\nb\r\nc|d\n"}, {"\"a\"\"b\"", "a\"b\n"},
		{"\"\"\"\"", "\"\n"},
		{" a , b ", " a | b \n"}, {"\xef\xbb\xbf" "a,b", "a|b\n"}, {"\xef\xbb\xbf", ""},
		{"\xef\xbb\xbf\"a\"", "a\n"}, {"张三,李四", "张三|李四\n"},
	};
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str got;

		assert_ok(read_all(&op, str_of(ROWS[i].in), &got));
		assert_str(got, ROWS[i].out);
	}
	check_op_release(&op);
}

static void bad_files_are_refused_with_row_and_column(void **state)
{
	static const struct { struct str in; const char *en; } ROWS[] = {
		{STR("a,b\"c"), "row 1, column 2: a quote inside"},
		{STR("x\n\"a\"b,c"), "row 2, column 1: text after"},
		{STR("x\n\n\"a\" ,c"), "row 3, column 1: text after"},
		{STR("a,\"b\nc,d\n"), "row 1, column 2: the quote is left open"},
		{STR("\""), "row 1, column 1: the quote is left open"},
		{STR("\"\"\""), "row 1, column 1: the quote is left open"},
		{STR("\"a\nb\",\"c\"\n\"\"x"), "row 2, column 1: text after"},
		{STR("a\n\"b\nb\"\nc\0"), "row 3 is neither"},
		{STR("\xef\xbb\xbf" "a\r\nb\r\n\xc4\xe3"), "row 3 is neither"},
		{STR("a\0\nb\nc\n"), "row 1 is neither"},
		{STR("a\rb\n\xff,"), "row 3 is neither"},
		{STR("\x81"), "row 1 is neither"},
		{STR("\xd5\xc5\n\xc8"), "row 2 is neither"},
	};
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(ROWS); i++) {
		struct str got = STR("kept");

		assert_int_equal(read_all(&op, ROWS[i].in, &got), RC_INVALID);
		if (!strstr(op.err.en, ROWS[i].en))
			fail_msg("row %zu of the table: %s", i, op.err.en);
		assert_non_null(strstr(op.err.zh, "第 "));
		assert_str(got, "kept");
	}
	check_op_release(&op);
}

static void gb18030_is_detected_and_converted(void **state)
{
	CHECK_OP(op);
	struct str got;
	struct csv c;

	/* 姓名,考场 / 张三,"一中""北""" / U+3400 (four bytes), U+1F393 (four bytes) */
	assert_ok(csv_open(&op, STR("\xd0\xd5\xc3\xfb,\xbf\xbc\xb3\xa1\r\n"
	                            "\xd5\xc5\xc8\xfd,\"\xd2\xbb\xd6\xd0\"\"\xb1\xb1\"\"\"\r\n"
	                            "\x81\x39\xee\x39,\x94\x39\xbe\x35\r\n"), &c));
	assert_int_equal(c.encoding, CSV_GB18030);
	assert_str(c.text, "姓名,考场\r\n张三,\"一中\"\"北\"\"\"\r\n\xe3\x90\x80,\xf0\x9f\x8e\x93\r\n");
	/* Two bytes that become four in UTF-8, and nothing to spare. */
	assert_ok(read_all(&op, STR("\xfe\x51\xfe\x51\xfe\x51\xfe\x51"), &got));
	assert_str(got, "\xf0\xa0\x82\x87\xf0\xa0\x82\x87\xf0\xa0\x82\x87\xf0\xa0\x82\x87\n");
	assert_ok(read_all(&op, STR("\xd5\xc5,\xc8\xfd\n"), &got));
	assert_str(got, "张|三\n");
	assert_ok(csv_open(&op, STR("姓名"), &c));
	assert_int_equal(c.encoding, CSV_UTF8);
	check_op_release(&op);
}

static void text_is_written_in_the_encoding_it_came_in(void **state)
{
	struct str text = STR("姓名,a\r\n张三𠮷,\xc2\x80\r\n"), bytes;
	struct csv c;
	CHECK_OP(op);

	(void)state;
	assert_ok(csv_encode(&op, text, CSV_UTF8, &bytes));
	assert_str(bytes, text.s);
	assert_ok(csv_encode(&op, text, CSV_GB18030, &bytes));
	assert_memory_equal(bytes.s, "\xd0\xd5\xc3\xfb,a\r\n", 8);
	assert_ok(csv_open(&op, bytes, &c));
	assert_int_equal(c.encoding, CSV_GB18030);
	assert_str(c.text, text.s);
	check_op_release(&op);
}

static void rows_are_counted_from_one(void **state)
{
	CHECK_OP(op);
	struct str *cells;
	struct csv c;
	size_t n;

	assert_ok(csv_open(&op, STR("h1,h2\n\"a\nb\",c\nlast"), &c));
	assert_int_equal(c.row, 0);
	for (size_t row = 1; row <= 3; row++) {
		assert_ok(csv_next(&c, &cells, &n));
		assert_int_equal(c.row, row);
	}
	assert_str(cells[0], "last");
	for (int i = 0; i < 2; i++) { /* the end stays the end */
		assert_ok(csv_next(&c, &cells, &n));
		assert_int_equal(n, 0);
		assert_int_equal(c.row, 3);
	}
	check_op_release(&op);
}

static struct str filled(struct arena *a, const char *before, char c, size_t n, const char *after)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, before);
	for (size_t i = 0; i < n; i++)
		strbuf_addc(&b, c);
	strbuf_addz(&b, after);
	return strbuf_str(&b);
}

static void cells_and_rows_are_bounded(void **state)
{
	const size_t MANY = LIMIT_CSV_FIELD + 1;
	CHECK_OP(op);
	struct str got;

	assert_ok(read_all(&op, filled(op.arena, "", 'x', LIMIT_CSV_FIELD, ""), &got));
	assert_ok(read_all(&op, filled(op.arena, "\"", 'x', LIMIT_CSV_FIELD, "\""), &got));
	assert_ok(read_all(&op, filled(op.arena, "", ',', LIMIT_CSV_COLUMNS - 1, ""), &got));
	assert_int_equal(read_all(&op, filled(op.arena, "a\n,", 'x', MANY, ""), &got),
	                 RC_INVALID);
	assert_non_null(strstr(op.err.en, "row 2, column 2: longer than"));
	assert_int_equal(read_all(&op, filled(op.arena, "\"", 'x', MANY, "\""), &got),
	                 RC_INVALID);
	assert_non_null(strstr(op.err.en, "row 1, column 1: longer than"));
	assert_int_equal(read_all(&op, filled(op.arena, "a\n", ',', LIMIT_CSV_COLUMNS, ""), &got),
	                 RC_INVALID);
	assert_non_null(strstr(op.err.en, "row 2 has more than 256 columns"));
	assert_int_equal(read_all(&op, filled(op.arena, "", '\n', LIMIT_CSV_ROWS + 1, ""), &got),
	                 RC_INVALID);
	assert_non_null(strstr(op.err.en, "more than 2000000 rows"));
	check_op_release(&op);
}

static void cells_written_are_read_back(void **state)
{
	static const char *const CELLS[] = {
		"plain", "", "a,b", "say \"no\"", "two\nlines", "cr\r", "\"", "\xef\xbb\xbfx", " ",
		"张三",
	};
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(CELLS); i++) {
		struct strbuf b;
		struct str *cells;
		struct csv c;
		size_t n;

		strbuf_init(&b, op.arena);
		for (size_t k = 0; k < 3; k++)
			csv_cell_to(&b, str_of(CELLS[(i + k) % COUNT(CELLS)]), k == 0);
		assert_ok(csv_open(&op, strbuf_str(&b), &c));
		assert_ok(csv_next(&c, &cells, &n));
		assert_int_equal(n, 3);
		for (size_t k = 0; k < 3; k++)
			assert_str(cells[k], CELLS[(i + k) % COUNT(CELLS)]);
		assert_ok(csv_next(&c, &cells, &n));
		assert_int_equal(n, 0);
	}
	check_op_release(&op);
}

static void a_plain_cell_has_no_quotes(void **state)
{
	struct arena a = {0};
	struct strbuf b;

	strbuf_init(&b, &a);
	csv_cell_to(&b, STR("a"), true);
	csv_cell_to(&b, STR("b\"c"), false);
	csv_cell_to(&b, STR("d"), false);
	assert_str(strbuf_str(&b), "a,\"b\"\"c\",d");
	arena_release(&a);
}

/* The rows of a file as the JSON twin has them: objects named by the header. */
static enum rc read_objects(struct op *op, struct str text, struct json **ret)
{
	struct json *list = json_new_array(op->arena);
	struct str *head, *cells;
	size_t width, n;
	struct csv c;

	TRY(csv_open(op, text, &c));
	TRY(csv_next(&c, &head, &width));
	for (;;) {
		struct json *o;

		TRY(csv_next(&c, &cells, &n));
		if (n == 0)
			break;
		assert_int_equal(n, width);
		o = json_put(list, NULL, json_new_object(op->arena));
		for (size_t i = 0; i < n; i++)
			json_set_str(op->arena, o, head[i].s, cells[i]);
	}
	*ret = list;
	return RC_OK;
}

static void csv_spectrum_gives_its_json_twins(void **state)
{
	CHECK_OP(op);
	struct str dir, *names;
	size_t n;

	if (!vectors_find(op.arena, "csv", &dir))
		skip();
	n = vectors_list(op.arena, str_fmt(op.arena, "%s/csvs", dir.s), ".csv", &names);
	assert_true(n > 10);
	for (size_t i = 0; i < n; i++) {
		struct str base = str_dup(op.arena, names[i].s, names[i].n - 4);
		struct str path = str_fmt(op.arena, "%s/csvs/%s.csv", dir.s, base.s);
		struct str text = vectors_read(op.arena, path);
		struct json *got, *twin;

		if (str_is(base, "location_coordinates")) { /* bare quotes: not RFC 4180 */
			assert_int_equal(read_objects(&op, text, &got), RC_INVALID);
			assert_non_null(strstr(op.err.en, "row 2, column 2: a quote inside"));
			continue;
		}
		assert_ok(read_objects(&op, text, &got));
		path = str_fmt(op.arena, "%s/json/%s.json", dir.s, base.s);
		assert_ok(json_read(&op, vectors_read(op.arena, path), &twin));
		assert_str(json_canonical(op.arena, got), json_canonical(op.arena, twin).s);
	}
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rows_and_cells_are_found),
		cmocka_unit_test(bad_files_are_refused_with_row_and_column),
		cmocka_unit_test(gb18030_is_detected_and_converted),
		cmocka_unit_test(text_is_written_in_the_encoding_it_came_in),
		cmocka_unit_test(rows_are_counted_from_one),
		cmocka_unit_test(cells_and_rows_are_bounded),
		cmocka_unit_test(cells_written_are_read_back),
		cmocka_unit_test(a_plain_cell_has_no_quotes),
		cmocka_unit_test(csv_spectrum_gives_its_json_twins),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
