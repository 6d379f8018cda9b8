/* SPDX-License-Identifier: Apache-2.0 */
/* test_page.c -- what the layout kit puts on paper is there for those who read it: people, and
 * programs that are not ours.
 */
#include "kit/check.h"

#include "base/hash.h"
#include "print/form_id.h"
#include "print/forms.h"
#include "print/paper.h"

static struct form form_of(void (*draw)(struct page *, const void *), const void *data)
{
	return (struct form){
		.head = {.zh = STR("领卷签收表"), .en = STR("Issue of papers"),
		         .id = STR("02:d1-chinese:sc/cd/jn/s01:312"), .exam = STR("样例考试"),
		         .office = STR("样例考点"), .size = 312,
		         .root = STR("5be0cd19137e2179b9f2e8ac1d1d6d93d4e9e1be1a2d0f8f7c9ab3f2c0d1e2f3"),
		         .printed = STR("2025-06-07 08:00"), .copies = 2},
		.draw = draw, .data = data,
	};
}

static const char *const NAMES[] = {
	"𠮷田如", "㑇小明", "欧阳䶮", "阿卜杜热合曼·买买提艾力",
	"买买提·吐尔逊·阿卜杜克里木·穆罕默德·阿不都热依木江·伊斯拉木", "张三",
};

static void names_draw(struct page *p, const void *data)
{
	static const struct page_column COLUMNS[] = {
		{{"座位", "Seat"}, 6, PAGE_CENTRE}, {{"姓名", "Name"}, 12, PAGE_START},
		{{"签名", "Signature"}, 20, PAGE_START},
	};
	const size_t *rows = data;
	struct str *cell = arena_array(page_arena(p), *rows * 3 + 1, sizeof(*cell));

	for (size_t i = 0; i < *rows; i++) {
		cell[i * 3] = str_fmt(page_arena(p), "%zu", i + 1);
		cell[i * 3 + 1] = str_of(NAMES[i % COUNT(NAMES)]);
	}
	page_table(p, &(struct page_table){COLUMNS, COUNT(COLUMNS), cell, *rows, 0, 24});
}

/* The text without blanks and line ends: names that wrap are in two pieces. */
static struct str squeezed(struct arena *a, struct str s)
{
	struct strbuf b;

	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n; i++)
		if (s.s[i] != ' ' && s.s[i] != '\n')
			strbuf_addc(&b, s.s[i]);
	return strbuf_str(&b);
}

static void names_can_be_searched_and_nothing_is_off_the_paper(void **state)
{
	const size_t rows = COUNT(NAMES);
	struct form f = form_of(names_draw, &rows);
	struct str pdf, text;
	struct paper p;
	CHECK_OP(op);

	(void)state;
	assert_ok(print_pdf(&op, &f, 1, &pdf));
	assert_int_equal(f.pages, 1);
	if (!paper_can())
		skip();
	paper_init(&p, op.arena, pdf);
	text = squeezed(op.arena, paper_text(&p, 0));
	for (size_t i = 0; i < COUNT(NAMES); i++)
		if (strlen(NAMES[i]) < 40)
			assert_non_null(strstr(text.s, NAMES[i]));
	assert_non_null(strstr(text.s, "伊斯拉木"));
	assert_str(paper_outside(&p), "");
	paper_release(&p);
	check_op_release(&op);
}

/* How many pages the map of 30 desks takes. */
static int map_pages(int64_t a_row)
{
	struct form_seat seats[30] = {{{0}}};
	struct door_form d = {.seats = seats, .n = COUNT(seats), .a_row = a_row};
	struct form f = form_of(seat_map_draw, &d);
	struct str pdf;
	struct paper p;
	int pages;
	CHECK_OP(op);

	for (size_t i = 0; i < COUNT(seats); i++)
		seats[i].candidate = str_fmt(op.arena, "25510100%06zu", i + 1);
	assert_ok(print_pdf(&op, &f, 1, &pdf));
	paper_init(&p, op.arena, pdf);
	assert_str(paper_outside(&p), "");
	assert_int_equal(paper_count(paper_text(&p, 0), "25510100"), COUNT(seats));
	pages = paper_pages(&p);
	paper_release(&p);
	check_op_release(&op);
	return pages;
}

static void a_seat_map_has_as_many_desks_a_row_as_the_profile_says(void **state)
{
	(void)state;
	if (!paper_can())
		skip();
	assert_int_equal(map_pages(5), 1);
	assert_int_equal(map_pages(2), 3);
	assert_int_equal(map_pages(0), 1);  /* nobody said */
	assert_int_equal(map_pages(40), 1); /* no more than fit */
}

static void one_draw(struct page *p, const void *data)
{
	(void)page_text(p, 100, 300, 100, str_of(data), &(struct page_style){.size = 40});
}

static size_t ink_of(const char *text)
{
	struct form f = form_of(one_draw, text);
	struct str pdf;
	struct paper p;
	size_t ink;
	CHECK_OP(op);

	assert_ok(print_pdf(&op, &f, 1, &pdf));
	paper_init(&p, op.arena, pdf);
	ink = paper_ink(&p, 1);
	paper_release(&p);
	check_op_release(&op);
	return ink;
}

/* Cairo's own subset of the font has none for 如 (page_ink.c). */
static void every_character_has_ink(void **state)
{
	static const char *const TEXT[] = {"如", "𠮷", "㑇", "䶮", "·", "演"};
	size_t none;

	(void)state;
	if (!paper_can())
		skip();
	none = ink_of("　");
	for (size_t i = 0; i < COUNT(TEXT); i++)
		assert_true(ink_of(TEXT[i]) > none + 8);
}

static void a_long_table_has_its_head_on_every_page(void **state)
{
	const size_t rows = 45;
	struct form f = form_of(names_draw, &rows);
	struct str pdf;
	struct paper p;
	CHECK_OP(op);

	(void)state;
	assert_ok(print_pdf(&op, &f, 1, &pdf));
	assert_int_equal(f.pages, 2);
	/* Breaks are no content: the head is said once. */
	assert_int_equal(paper_count(f.content, "Signature"), 1);
	if (!paper_can())
		skip();
	paper_init(&p, op.arena, pdf);
	assert_int_equal(paper_pages(&p), 2);
	for (int i = 1; i <= 2; i++) {
		struct str text = paper_text(&p, i);

		assert_int_equal(paper_count(text, "Signature"), 1);
		assert_int_equal(paper_count(text, i == 1 ? "page 1 of 2" : "page 2 of 2"), 1);
		assert_int_equal(paper_count(text, "（续）"), i == 1 ? 0 : 1);
	}
	assert_str(paper_outside(&p), "");
	paper_release(&p);
	check_op_release(&op);
}

static void a_code_is_read_off_each_page_at_150_dpi(void **state)
{
	const size_t rows = 45;
	struct form f[2] = {form_of(names_draw, &rows), form_of(names_draw, &rows)};
	struct form_id id;
	struct str pdf, got;
	struct paper p;
	CHECK_OP(op);

	(void)state;
	/* The longest path that there may be. */
	f[1].head.id = STR("02:d1-second-foreign-language:abcdefghijklmnopqrstuvwx/abcdefghijklmnop"
	                   "qrstuvwx/abcdefghijklmnopqrstuvwx/abcdefghijklmnopqrstuvwx/abcdefghijkl"
	                   ":9999999999");
	assert_ok(print_pdf(&op, f, 2, &pdf));
	if (!paper_can())
		skip();
	paper_init(&p, op.arena, pdf);
	assert_int_equal(paper_pages(&p), 4);
	for (int i = 1; i <= 4; i++) {
		got = paper_qr(&p, i);
		assert_true(got.n > 1);
		assert_true(form_id_read(op.arena, str_dup(op.arena, got.s, got.n - 1), &id));
		assert_int_equal(id.page, i > 2 ? i - 2 : i);
		assert_int_equal(id.pages, 2);
		assert_true(str_starts(f[i > 2].check, id.check));
		assert_true(str_starts(f[0].head.root, id.root));
	}
	paper_release(&p);
	check_op_release(&op);
}

static void a_drill_is_watermarked_on_every_page_and_nothing_else_is(void **state)
{
	const size_t rows = 45;
	struct form f = form_of(names_draw, &rows);
	struct str pdf;
	struct paper p;
	CHECK_OP(op);

	(void)state;
	if (!paper_can())
		skip();
	for (int drill = 0; drill <= 1; drill++) {
		f.head.drill = drill;
		assert_ok(print_pdf(&op, &f, 1, &pdf));
		paper_init(&p, op.arena, pdf);
		for (int i = 1; i <= 2; i++) {
			/* In the title, at the foot, and across the page (whose letters stand apart). */
			assert_int_equal(paper_count(paper_text(&p, i), "【演练】"), drill ? 2 : 0);
			assert_int_equal(paper_count(paper_text(&p, i), "演") > 2, drill);
		}
		assert_str(paper_outside(&p), "");
		paper_release(&p);
	}
	check_op_release(&op);
}

/* The check value is of what is said, and of no paper. */
static void the_check_value_is_the_hash_of_the_content(void **state)
{
	const size_t some = 5, other = 6;
	struct form a = form_of(names_draw, &some), b = a, c = form_of(names_draw, &other);
	struct hash sum;
	struct str pdf, again;
	CHECK_OP(op);

	(void)state;
	b.head.printed = STR("2025-06-07 09:00");
	assert_ok(print_pdf(&op, &a, 1, &pdf));
	assert_ok(print_pdf(&op, &b, 1, &again));
	assert_ok(print_pdf(&op, &c, 1, &again));
	sum = hash_sha256(a.content.s, a.content.n);
	assert_true(str_eq(a.check, hash_hex(op.arena, &sum)));
	assert_true(str_eq(a.check, b.check));
	assert_false(str_eq(a.check, c.check));
	assert_ok(print_pdf(&op, &a, 1, &again));
	assert_true(str_eq(pdf, again)); /* no clock is asked */
	check_op_release(&op);
}

static void an_id_is_read_or_refused(void **state)
{
	static const char *const BAD[] = {
		"", "GY1:", "07:d1:sc/cd", "7:d1:sc/cd:1", "07:d1:sc/cd:-1", "07:d1:sc/cd:01",
		"GY1:07:d1:sc/cd:1", "GY1:07:d1:sc/cd:1:zz:00:1/1", "GY1:07:d1:sc/cd:1:aa:00:2/1",
		"GY1:07:d1:sc/cd:1:aa:00:1/1:x", "07:d1:sc/cd:1:aa:00:1/1", "07::sc/cd:1",
	};
	struct form_id id;
	CHECK_OP(op);

	(void)state;
	for (size_t i = 0; i < COUNT(BAD); i++)
		assert_false(form_id_read(op.arena, str_of(BAD[i]), &id));
	assert_true(form_id_read(op.arena, STR("07:-:sc/cd:312"), &id));
	assert_str(id.session, "");
	assert_str(form_id_text(op.arena, &id), "07:-:sc/cd:312");
	assert_true(form_id_read(op.arena, STR("GY1:07:2025-06-07/am:sc/cd/s:312:9f:5b:1/2"), &id));
	assert_str(id.session, "2025-06-07/am");
	assert_int_equal(id.size, 312);
	assert_int_equal(id.pages, 2);
	check_op_release(&op);
}

int main(void)
{
#define T(f) cmocka_unit_test(f)
	const struct CMUnitTest tests[] = {
		T(names_can_be_searched_and_nothing_is_off_the_paper),
		T(every_character_has_ink),
		T(a_seat_map_has_as_many_desks_a_row_as_the_profile_says),
		T(a_long_table_has_its_head_on_every_page),
		T(a_code_is_read_off_each_page_at_150_dpi),
		T(a_drill_is_watermarked_on_every_page_and_nothing_else_is),
		T(the_check_value_is_the_hash_of_the_content),
		T(an_id_is_read_or_refused),
	};

	int failed = cmocka_run_group_tests(tests, NULL, NULL);

	print_end();
	return failed;
}
