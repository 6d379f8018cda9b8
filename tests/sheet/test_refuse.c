/* SPDX-License-Identifier: Apache-2.0 */
/* test_refuse.c -- files that are broken, hostile or something else: refused with what to do, in
 * little memory; and spreadsheets and archives by others.
 */
#include "kit/check.h"

#include <sys/resource.h>

#include "base/limits.h"
#include "kit/vectors.h"
#include "sheet/sheet.h"

#include "packed.h"

static void refused(struct op *op, struct str bytes, const char *zh, const char *en)
{
	struct str got = STR("kept");

	assert_int_equal(sheet_text(op, bytes, &got), RC_INVALID);
	if (!strstr(op->err.zh, zh) || !strstr(op->err.en, en))
		fail_msg("says neither %s nor %s: %s / %s", zh, en, op->err.zh, op->err.en);
	assert_str(got, "kept");
}

static void refused_sheet(const char *sheet, const char *zh, const char *en)
{
	CHECK_OP(op);

	refused(&op, packed_book(op.arena, sheet, NULL, NULL), zh, en);
	check_op_release(&op);
}

static void other_files_are_refused_with_what_to_do(void **state)
{
	static const char XLS[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 W\0o\0r\0k\0b\0o\0o\0k\0";
	static const char LOCKED[] = "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 E\0n\0c\0r\0y\0p\0t\0e\0d\0"
	                             "P\0a\0c\0k\0a\0g\0e\0";
	struct part ods = {"content.xml", STR("<x/>")}, nothing = {"a.txt", STR("x")};
	CHECK_OP(op);

	(void)state;
	refused(&op, (struct str){XLS, sizeof(XLS) - 1}, "另存为 .xlsx", "save it as .xlsx");
	refused(&op, (struct str){LOCKED, sizeof(LOCKED) - 1}, "打开密码", "encrypted");
	refused(&op, STR("%PDF-1.7 x"), "PDF", "PDF");
	refused(&op, packed(op.arena, &ods, 1), "OpenDocument", "OpenDocument");
	refused(&op, packed(op.arena, &nothing, 1), "不是 XLSX", "no XLSX");
	refused(&op, STR("PK\3\4 and no more"), "已损坏", "broken");
	check_op_release(&op);
}

static void broken_sheets_are_refused_where_they_break(void **state)
{
	(void)state;
	refused_sheet("<sheetData><row>", "不是有效的 XML", "not well-formed");
	refused_sheet("<sheetData><row r=\"5\"/><row r=\"5\"/></sheetData>", "第 5 行之后",
	              "after row 5");
	refused_sheet("<sheetData><row r=\"1048577\"/></sheetData>", "行号", "the number \"1048577\"");
	refused_sheet("<sheetData><row r=\"2\"><c r=\"7\"/></row></sheetData>", "第 2 行", "row 2");
	refused_sheet("<sheetData><row r=\"2\"><c r=\"IW2\"><v>1</v></c></row></sheetData>",
	              "单元格 IW2", "cell IW2");
	refused_sheet("<sheetData><row><c><v>1</v><row/></c></row></sheetData>", "第 1 行之内",
	              "within");
	refused_sheet("<sheetData><row><c><c/></c></row></sheetData>", "第 1 行之内", "within");
	refused_sheet("<mergeCells><mergeCell ref=\"A1:A300000\"/></mergeCells>", "合并", "unmerge");
}

static void no_entity_is_ever_read(void **state)
{
	struct part p[PARTS_OF_BOOK];
	CHECK_OP(op);

	(void)state;
	packed_parts(op.arena, "", NULL, NULL, p);
	p[PART_SHEET].bytes = STR("<!DOCTYPE w [<!ENTITY a SYSTEM \"file:///etc/passwd\">]><w>&a;</w>");
	refused(&op, packed(op.arena, p, PARTS_OF_BOOK), "DTD", "DTD");
	check_op_release(&op);
}

/* `n` times a text, between a head and a tail. */
static struct str many(struct arena *a, const char *head, const char *text, size_t n,
                       const char *tail)
{
	struct strbuf b;

	strbuf_init(&b, a);
	strbuf_addz(&b, head);
	while (n-- > 0)
		strbuf_addz(&b, text);
	strbuf_addz(&b, tail);
	return strbuf_str(&b);
}

static void depth_tags_and_parts_have_limits(void **state)
{
	struct part p[PARTS_OF_BOOK], *lots;
	CHECK_OP(op);

	(void)state;
	packed_parts(op.arena, "", NULL, NULL, p);
	p[PART_SHEET].bytes = many(op.arena, "", "<a>", LIMIT_SHEET_DEPTH + 1, "");
	refused(&op, packed(op.arena, p, PARTS_OF_BOOK), "嵌套", "nested");
	/* Half random, so that it is the tag's length and not the ratio that is refused. */
	{
		size_t n = LIMIT_SHEET_TOKEN * 2;
		char *s = arena_alloc(op.arena, n + 1);

		for (size_t i = 0; i < n; i++)
			s[i] = (char)('a' + (i * 2654435761U >> 13) % 26);
		memcpy(s, "<a b=\"", 6);
		p[PART_SHEET].bytes = (struct str){s, n};
		refused(&op, packed(op.arena, p, PARTS_OF_BOOK), "标记", "tag");
	}
	lots = arena_array(op.arena, LIMIT_SHEET_PARTS + 1, sizeof(*lots));
	for (size_t i = 0; i <= LIMIT_SHEET_PARTS; i++)
		lots[i] = (struct part){str_fmt(op.arena, "%zu", i).s, STR("")};
	refused(&op, packed(op.arena, lots, LIMIT_SHEET_PARTS + 1), "部件", "parts");
	check_op_release(&op);
}

static long peak_kb(void)
{
	struct rusage u;

	getrusage(RUSAGE_SELF, &u);
	return u.ru_maxrss;
}

/* 16 MB of blanks in 16 KB: refused after little of it, and without keeping it. */
static void a_bomb_is_refused(void **state)
{
	struct part p[PARTS_OF_BOOK];
	struct str bomb;
	long before;
	CHECK_OP(op);

	(void)state;
	packed_parts(op.arena, "", NULL, NULL, p);
	p[PART_SHEET].bytes = many(op.arena, "<worksheet><sheetData>", "                ", 1 << 20,
	                           "</sheetData></worksheet>");
	bomb = packed(op.arena, p, PARTS_OF_BOOK);
	assert_true(bomb.n < 100000);
	before = peak_kb();
	refused(&op, bomb, "异常庞大", "unpacks to more than");
	if (!SANITIZED)
		assert_true(peak_kb() - before < 4096);
	check_op_release(&op);
}

/* One long shared text, named by every cell. */
static void a_text_that_is_said_too_often_is_refused(void **state)
{
	struct part p[PARTS_OF_BOOK];
	char *row;
	CHECK_OP(op);

	(void)state;
	row = arena_alloc(op.arena, 64 * 256);
	for (size_t i = 0, n = 0; i < 200; i++)
		n += (size_t)snprintf(row + n, 64, "<c t=\"s\"><v>0</v></c>");
	packed_parts(op.arena, "", "", NULL, p);
	p[PART_SHEET].bytes = many(op.arena, "<worksheet><sheetData><row>", row, 1, "");
	for (int i = 0; i < 20; i++)
		p[PART_SHEET].bytes =
			str_fmt(op.arena, STR_FMT "</row><row>%s", STR_ARG(p[PART_SHEET].bytes), row);
	p[PART_SHEET].bytes = str_fmt(op.arena, STR_FMT "</row></sheetData></worksheet>",
	                              STR_ARG(p[PART_SHEET].bytes));
	p[PART_STRINGS].bytes =
		many(op.arena, "<sst><si><t>", "0123456789abcdef", 4096, "</t></si></sst>");
	refused(&op, packed(op.arena, p, PARTS_OF_BOOK), "已超过 128 MB", "more than 128 MB");
	check_op_release(&op);
}

/* Each is read or refused in words; *ret_read: how many were read. */
static void go_through(const char *folder, const char *suffix, size_t *ret_all, size_t *ret_read)
{
	struct arena keep = {0};
	struct str dir, *names;

	*ret_all = *ret_read = 0;
	if (!vectors_find(&keep, folder, &dir))
		skip();
	*ret_all = vectors_list(&keep, dir, suffix, &names);
	for (size_t i = 0; i < *ret_all; i++) {
		struct str got;
		CHECK_OP(op);
		enum rc rc =
			sheet_text(&op, vectors_read(&keep, str_fmt(&keep, "%s/%s", dir.s, names[i].s)), &got);

		*ret_read += rc == RC_OK;
		if (rc != RC_OK && (rc != RC_INVALID || !op.err.zh[0] || !op.err.en[0]))
			fail_msg("%s: %d %s", names[i].s, (int)rc, op.err.en);
		check_op_release(&op);
	}
	arena_release(&keep);
}

static void spreadsheets_by_others_are_read(void **state)
{
	size_t all, read;

	(void)state;
	go_through("xlsx/tests", ".xlsx", &all, &read);
	assert_true(all > 40);
	assert_int_equal(all - read, 2); /* one with a password, one whose relations are damaged */
}

static void old_and_other_spreadsheets_by_others_are_refused(void **state)
{
	static const char *const SUFFIX[] = {".xls", ".xlsb", ".ods"};

	(void)state;
	for (size_t i = 0; i < COUNT(SUFFIX); i++) {
		size_t all, read;

		go_through("xlsx/tests", SUFFIX[i], &all, &read);
		assert_true(all > 0);
		assert_int_equal(read, 0);
	}
}

static void archives_by_others_are_refused(void **state)
{
	size_t all, read;

	(void)state;
	go_through("zip/test/success", ".zip", &all, &read);
	assert_true(all > 5);
	assert_int_equal(read, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(other_files_are_refused_with_what_to_do),
		cmocka_unit_test(broken_sheets_are_refused_where_they_break),
		cmocka_unit_test(no_entity_is_ever_read),
		cmocka_unit_test(depth_tags_and_parts_have_limits),
		cmocka_unit_test(a_bomb_is_refused),
		cmocka_unit_test(a_text_that_is_said_too_often_is_refused),
		cmocka_unit_test(spreadsheets_by_others_are_read),
		cmocka_unit_test(old_and_other_spreadsheets_by_others_are_refused),
		cmocka_unit_test(archives_by_others_are_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
