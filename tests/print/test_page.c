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
		seats[i] = (struct form_seat){
			.seat = str_fmt(op.arena, "%02zu", i + 1), .name = str_of(NAMES[i % COUNT(NAMES)]),
			.candidate = str_fmt(op.arena, "25510100%06zu", i + 1),
			.ticket = str_fmt(op.arena, "6540%08zu", i + 1),
		};
	assert_ok(print_pdf(&op, &f, 1, &pdf));
	paper_init(&p, op.arena, pdf);
	assert_str(paper_outside(&p), "");
	assert_str(paper_overlap(&p), "");
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

/* Numbers of the desks of the map as they are read, row by row. */
static struct str map_order(struct op *op, const int64_t *column, size_t n, size_t seats)
{
	struct form_seat *list = arena_array(op->arena, seats, sizeof(*list));
	struct door_form d = {.seats = list, .n = seats, .a_row = 5, .ncolumns = n};
	struct form f = form_of(seat_map_draw, &d);
	struct str pdf, text;
	struct paper p;

	for (size_t i = 0; i < n; i++)
		d.column[i] = column[i];
	for (size_t i = 0; i < seats; i++)
		list[i].seat = str_fmt(op->arena, "N%02zu", i + 1);
	assert_ok(print_pdf(op, &f, 1, &pdf));
	paper_init(&p, op->arena, pdf);
	text = squeezed(op->arena, paper_text(&p, 0));
	paper_release(&p);
	return text;
}

/* As a handbook draws it: 01 12 13 24 25 in front; the last room has fewer. */
static void desks_stand_in_columns_as_the_profile_has_them(void **state)
{
	static const int64_t FIVE[] = {6, 6, 6, 6, 6}, FOUR[] = {7, 8, 8, 7};
	CHECK_OP(op);

	(void)state;
	if (!paper_can())
		skip();
	assert_non_null(strstr(map_order(&op, FIVE, 5, 30).s, "N01N12N13N24N25N02N11N14N23N26"));
	assert_non_null(strstr(map_order(&op, FIVE, 5, 28).s, "N05N08N17N20N06N07N18N19"));
	assert_non_null(strstr(map_order(&op, FOUR, 4, 30).s, "N01N15N16N30N02N14N17N29"));
	/* More candidates than desks, or none said: along the rows. */
	assert_non_null(strstr(map_order(&op, FIVE, 5, 31).s, "N01N02N03N04N05N06"));
	assert_non_null(strstr(map_order(&op, FIVE, 0, 30).s, "N01N02N03N04N05N06"));
	check_op_release(&op);
}

static void end_draw(struct page *p, const void *data)
{
	static const struct page_word WHO[] = {{"主考签名", "Chief"}, {"副主考签名", "Deputy"}};

	(void)data;
	page_signatures(p, WHO, COUNT(WHO), 2);
}

static void signed_draw(struct page *p, const void *data)
{
	static const struct page_column COLUMNS[] = {{{"袋号", "Bag"}, 1, PAGE_START}};
	const size_t *rows = data;
	struct str *cell = arena_array(page_arena(p), *rows + 1, sizeof(*cell));

	for (size_t i = 0; i < *rows; i++)
		cell[i] = str_fmt(page_arena(p), "GK%04zu", i + 1);
	page_table(p, &(struct page_table){.columns = COLUMNS, .ncolumns = 1, .cells = cell,
	                                   .nrows = *rows, .row_h = 24,
	                                   .tail = page_height(p, end_draw, NULL)});
	end_draw(p, NULL);
}

/* Whatever the number of rows, nobody signs a page that says nothing. */
static void who_signs_has_a_row_above_the_signature(void **state)
{
	int turned = 0;
	CHECK_OP(op);

	(void)state;
	if (!paper_can())
		skip();
	for (size_t rows = 22; rows < 32; rows++) {
		struct form f = form_of(signed_draw, &rows);
		struct str pdf, text;
		struct paper p;

		assert_ok(print_pdf(&op, &f, 1, &pdf));
		paper_init(&p, op.arena, pdf);
		text = paper_text(&p, f.pages);
		assert_int_equal(paper_count(text, "主考签名"), 2);
		assert_int_equal(paper_count(text, str_fmt(op.arena, "GK%04zu", rows).s), 1);
		assert_str(paper_outside(&p), "");
		turned += f.pages == 2;
		paper_release(&p);
	}
	assert_in_range(turned, 1, 9); /* both cases were seen */
	check_op_release(&op);
}

/* What is cut out of a drill's sheet is still an exercise's, and of this examination. */
static void a_part_that_is_cut_off_says_what_it_is_of(void **state)
{
	static const struct box_label BOXES[3] = {
		{.code = STR("X-01"), /* five lines, were it not made smaller */
		 .destined = STR("阿卜杜热合曼地区第一高级中学（齐勒乌泽克新校区东考点）附属考点"
		                 "（考试当年临时启用的第二校区分考点）"),
		 .path = STR("sc/cd/jn/s01"), .session = STR("语文"), .when = STR("2025年6月7日"),
		 .bags = STR("30 袋")},
		{.code = STR("X-02")}, {.code = STR("X-03")},
	};
	const struct label_form labels = {BOXES, COUNT(BOXES)};
	const struct violation_form violation = {.site = STR("样例考点甲"), .candidate = STR("C001")};
	struct form f[2] = {form_of(labels_draw, &labels), form_of(violation_draw, &violation)};
	struct str pdf;
	struct paper p;
	CHECK_OP(op);

	(void)state;
	if (!paper_can())
		skip();
	f[0].head.drill = f[1].head.drill = true;
	assert_ok(print_pdf(&op, f, 2, &pdf));
	paper_init(&p, op.arena, pdf);
	assert_int_equal(f[1].pages, 2);
	assert_int_equal(paper_count(paper_text(&p, 1), "【演练】"), 2 + COUNT(BOXES));
	assert_int_equal(paper_count(paper_text(&p, 3), "【演练】"), 2 + 2);
	assert_int_equal(paper_count(paper_text(&p, 3), "样例考试"), 1 + 2);
	assert_int_equal(paper_count(paper_text(&p, 3), "样例考点甲"), 2);
	paper_release(&p);
	f[0].head.drill = false;
	assert_ok(print_pdf(&op, f, 1, &pdf));
	paper_init(&p, op.arena, pdf);
	assert_int_equal(paper_count(paper_text(&p, 1), "【演练】"), 0);
	assert_str(paper_overlap(&p), "");
	paper_release(&p);
	check_op_release(&op);
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
		T(desks_stand_in_columns_as_the_profile_has_them),
		T(who_signs_has_a_row_above_the_signature),
		T(a_part_that_is_cut_off_says_what_it_is_of),
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
