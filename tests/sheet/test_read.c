/* SPDX-License-Identifier: Apache-2.0 */
/* test_read.c -- spreadsheets in: what was typed comes out, in whatever way it was kept. */
#include "kit/check.h"

#include "base/limits.h"
#include "sheet/book.h"
#include "sheet/sheet.h"

#include "packed.h"

#define DATA(rows) "<sheetData>" rows "</sheetData>"
#define TEXT(ref, text) "<c r=\"" ref "\" t=\"inlineStr\"><is><t>" text "</t></is></c>"

static void reads(const char *sheet, const char *strings, const char *styles, const char *want)
{
	struct str got;
	CHECK_OP(op);

	if (sheet_text(&op, packed_book(op.arena, sheet, strings, styles), &got) != RC_OK)
		fail_msg("refused: %s", op.err.en);
	if (!str_is(got, want))
		fail_msg("reads as\n%snot\n%s", got.s, want);
	check_op_release(&op);
}

static void texts_are_read_however_they_are_kept(void **state)
{
	(void)state;
	reads(
		DATA("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" t=\"s\"><v>0</v></c></row>"),
		"<si><t>张三</t></si><si><r><t>李</t></r><r><rPr><b/></rPr><t xml:space=\"preserve\"> "
		"四</t>"
		"</r><rPh sb=\"0\" eb=\"1\"><t>リ</t></rPh></si>",
		NULL, "1:李 四|张三\n");
	reads(DATA("<row r=\"1\">" TEXT("A1",
	                                "甲 &amp; 乙") "<c r=\"B1\" t=\"inlineStr\"><is><r><t>丙</t>"
	                                               "</r><r><t>丁</t></r></is></c><c r=\"C1\" "
	                                               "t=\"str\"><f>A1</f><v>戊</v></c></row>"),
	      NULL, NULL, "1:甲 & 乙|丙丁|戊\n");
	reads(DATA("<row>" "<c t=\"b\"><v>1</v></c><c t=\"b\"><v>0</v></c><c><v>12</v></c></row><row>"
	      "<c><v>5</v></c></row>"), NULL, NULL, "1:true|false|12\n2:5\n");
	reads(DATA("<row r=\"1\">" TEXT("A1", "a_x000D_b") TEXT("B1", "_x005F_x000D_")
	               TEXT("C1", "_xD800_") TEXT("D1", "_x4E2D__x0000_") "</row>"),
	      NULL, NULL, "1:a\rb|_x000D_|_xD800_|中_x0000_\n");
	/* A shared text that is not there is an empty cell. */
	reads(DATA("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>7</v></c>" TEXT("B1", "b") "</row>"),
	      "<si><t>x</t></si>", NULL, "1:|b\n");
}

static void cells_keep_their_places(void **state)
{
	(void)state;
	reads(DATA("<row r=\"2\">" TEXT("C2", "c") TEXT("A2", "a") "<c r=\"F2\" s=\"1\"/></row>"
	      "<row r=\"3\"/><row r=\"9\"><c r=\"B9\"><v>1</v></c></row>"), NULL, NULL,
	      "2:a||c\n9:|1\n");
	reads(DATA("<row r=\"5\">" TEXT("IV5", "last") "</row><row>" TEXT("A6", "next") "</row>")
	      "<pageMargins/>", NULL, NULL,
	      "5:" "||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||"
	      "||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||"
	      "||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||"
	      "|||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||||" "last\n6:next\n");
}

static void a_merged_cell_says_the_same_of_each_of_its_rows(void **state)
{
	(void)state;
	reads(DATA("<row r=\"1\">" TEXT("A1", "site") TEXT("B1", "room") "</row>"
	      "<row r=\"2\">" TEXT("A2", "S1") TEXT("B2", "01") "</row>"
	      "<row r=\"3\"><c r=\"A3\" s=\"0\"/>" TEXT("B3", "02") "</row>"
	      "<row r=\"4\">" TEXT("B4", "03") "</row><row r=\"5\">" TEXT("A5", "S2") "</row>")
	      "<mergeCells><mergeCell ref=\"A2:A4\"/><mergeCell ref=\"A1:B1\"/>"
	      "<mergeCell ref=\"B5:C9\"/><mergeCell ref=\"bad\"/></mergeCells>", NULL, NULL,
	      "1:site|room\n2:S1|01\n3:S1|02\n4:S1|03\n5:S2\n");
}

#define STYLES \
	"<numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;年&quot;m&quot;月&quot;d\"/>" \
	"<numFmt numFmtId=\"171\" formatCode=\"0000\"/>" \
	"<numFmt numFmtId=\"172\" formatCode=\"[Red]#,##0.00;&quot;day&quot;\\d0\"/>" \
	"<numFmt numFmtId=\"173\" formatCode=\"[h]:mm\"/></numFmts>" \
	"<cellStyleXfs><xf numFmtId=\"14\"/></cellStyleXfs>" \
	"<cellXfs><xf numFmtId=\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf " \
	"numFmtId=\"171\"/>" \
	"<xf numFmtId=\"172\"/><xf numFmtId=\"22\"/><xf numFmtId=\"9\"/><xf numFmtId=\"173\"/>" \
	"<xf numFmtId=\"49\"/></cellXfs>"
#define NUMBER(s, v) "<c s=\"" #s "\"><v>" v "</v></c>"

static void numbers_and_dates_are_as_people_typed_them(void **state)
{
	(void)state;
	reads(DATA("<row>" NUMBER(0, "12") NUMBER(0, "1.5") NUMBER(0, "0.30000000000000004")
	      NUMBER(0, "1.3800138000E10") NUMBER(0, "999999999999999") NUMBER(0, "-7")
	      NUMBER(0, "0.0000001") NUMBER(3, "7") NUMBER(3, "12345") NUMBER(4, "12")
	      NUMBER(6, "0.5") NUMBER(8, "42") NUMBER(99, "3") "</row>"), NULL, STYLES,
	      "1:12|1.5|0.3|13800138000|999999999999999|-7|0.0000001|0007|12345|12|50%|42|3\n");
	reads(
		DATA("<row>" NUMBER(1, "45815") NUMBER(2, "45815") NUMBER(5, "45815.375")
	             NUMBER(5, "45815.36457175926") NUMBER(7, "0.375") NUMBER(1, "59") NUMBER(1, "60")
	                 NUMBER(1, "61") NUMBER(1, "1") NUMBER(1, "2958465") NUMBER(1, "-1") "</row>"),
		NULL, STYLES,
		"1:2025-06-07|2025-06-07|2025-06-07 09:00|2025-06-07 08:44:59|09:00|1900-02-28|1900-02-29|"
		"1900-03-01|1900-01-01|9999-12-31|-1\n");
}

static void dates_since_1904_are_read_too(void **state)
{
	struct part p[PARTS_OF_BOOK];
	struct str got;
	CHECK_OP(op);

	(void)state;
	packed_parts(op.arena, DATA("<row>" NUMBER(1, "44353") NUMBER(1, "0") "</row>"), NULL, STYLES,
	             p);
	p[PART_BOOK].bytes =
		STR("<x:workbook xmlns:x=\"m\" xmlns:r=\"r\"><x:workbookPr date1904=\"1\"/>"
	        "<x:sheets><x:sheet name=\"S\" r:id=\"rId1\"/></x:sheets></x:workbook>");
	assert_ok(sheet_text(&op, packed(op.arena, p, PARTS_OF_BOOK), &got));
	assert_str(got, "1:2025-06-07|1904-01-01\n");
	check_op_release(&op);
}

static void what_a_spreadsheet_lost_is_a_fault_and_no_value(void **state)
{
	(void)state;
	reads(DATA("<row>" NUMBER(0, "5.1010419900101101E+17") NUMBER(0, "1000000000000000")
	               TEXT("C1", "1.23E+17") TEXT("D1", "E+17")
	                   TEXT("E1", "1.5E+2x") "<c t=\"e\"><v>#N/A</v></c>"
	                                         "<c><f>1+1</f></c><c t=\"str\"><f>A2</f></c></row>"),
	      NULL, NULL, "1:5.10104E+17!3|1.00000E+15!3|1.23E+17!3|E+17|1.5E+2x|#N/A!4|!5\n");
}

static void a_csv_file_has_lost_digits_too(void **state)
{
	struct str got;
	CHECK_OP(op);

	(void)state;
	assert_ok(sheet_text(&op, STR("a,b\n1.23E+17,E+1\n-9E+20,1E5\n"), &got));
	assert_str(got, "1:a|b\n2:1.23E+17!3|E+1\n3:-9E+20!3|1E5\n");
	check_op_release(&op);
}

static struct str two_sheets(struct arena *a)
{
	struct part p[PARTS_OF_BOOK + 1];

	packed_parts(a, DATA("<row>" TEXT("A1", "hidden") "</row>"), NULL, NULL, p);
	p[PART_BOOK].bytes = STR("<workbook xmlns:r=\"r\"><sheets>"
		"<sheet name=\"旧\" state=\"hidden\" r:id=\"rId1\"/><sheet name=\"图\" r:id=\"rId8\"/>"
		"<sheet name=\"新\" r:id=\"rId9\"/></sheets></workbook>");
	p[PART_BOOK_RELS].bytes =
		STR("<Relationships>"
	        "<Relationship Id=\"rId1\" Type=\"x/worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	        "<Relationship Id=\"rId8\" Type=\"x/chartsheet\" Target=\"charts/1.xml\"/>"
	        "<Relationship Id=\"rId9\" Type=\"x/worksheet\" "
	        "Target=\"/XL/./b/../B.xml\"/></Relationships>");
	p[PARTS_OF_BOOK] = (struct part){"xl/b.xml", STR("<worksheet>" DATA("<row>" TEXT("A1", "shown")
	                                                                    "</row>") "</worksheet>")};
	return packed(a, p, COUNT(p));
}

static void the_first_sheet_in_sight_is_read_or_the_one_named(void **state)
{
	struct sheet_row r;
	struct sheet t;
	CHECK_OP(op);

	(void)state;
	assert_ok(sheet_open(&op, two_sheets(op.arena), (struct str){0}, &t));
	assert_ok(sheet_next(&op, &t, &r));
	assert_str(r.cell[0], "shown");
	assert_ok(sheet_open(&op, two_sheets(op.arena), STR("旧"), &t));
	assert_ok(sheet_next(&op, &t, &r));
	assert_str(r.cell[0], "hidden");
	assert_int_equal(sheet_open(&op, two_sheets(op.arena), STR("图"), &t), RC_INVALID);
	assert_non_null(strstr(op.err.zh, "没有工作表“图”；有：旧、图、新"));
	assert_int_equal(sheet_open(&op, STR("a,b\n"), STR("旧"), &t), RC_INVALID);
	check_op_release(&op);
}

/* What we write is what we read, codes with their zeros, texts that look like formulas too. */
static void what_is_written_reads_the_same(void **state)
{
	static const char *const CELLS[] = {"00123", "=1+1", "510104199001011234", "a\nb", "_x000D_",
	                                    "𠮷·㑇", "1.50", "2025-06-07", "'x", " y "};
	struct str bytes, got;
	struct strbuf want;
	struct book *b;
	CHECK_OP(op);

	(void)state;
	b = book_new(1749258000000);
	book_sheet(b, STR("考生[2025]"));
	book_choice(b, 1, 9, 0, (const char *[]){"甲", "乙", NULL});
	strbuf_init(&want, op.arena);
	strbuf_addz(&want, "1:");
	for (size_t i = 0; i < COUNT(CELLS); i++) {
		book_text(b, 0, i, str_of(CELLS[i]), BOOK_TEXT);
		strbuf_addf(&want, "%s%s", i ? "|" : "", CELLS[i]);
	}
	book_int(b, 2, 1, 42);
	strbuf_addz(&want, "\n3:|42\n");
	assert_ok(book_end(&op, b, &bytes));
	assert_ok(sheet_text(&op, bytes, &got));
	if (!str_eq(got, strbuf_str(&want)))
		fail_msg("%s", got.s);
	check_op_release(&op);
}

static void cells_are_named_as_excel_names_them(void **state)
{
	size_t row, column;
	CHECK_OP(op);

	(void)state;
	assert_str(cell_name(op.arena, 7, 1), "B7");
	assert_str(cell_name(op.arena, 1048576, 16383), "XFD1048576");
	assert_str(cell_name(op.arena, 1, 26), "AA1");
	assert_true(cell_parse(STR("$AA$10"), &row, &column) && row == 10 && column == 26);
	assert_false(cell_parse(STR("A0"), &row, &column) || cell_parse(STR("1A"), &row, &column) ||
	             cell_parse(STR("A1048577"), &row, &column) || cell_parse(STR(""), &row, &column) ||
	             cell_parse(STR("A1:B2"), &row, &column) || cell_parse(STR("XFE1"), &row, &column));
	check_op_release(&op);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(texts_are_read_however_they_are_kept),
		cmocka_unit_test(cells_keep_their_places),
		cmocka_unit_test(a_merged_cell_says_the_same_of_each_of_its_rows),
		cmocka_unit_test(numbers_and_dates_are_as_people_typed_them),
		cmocka_unit_test(dates_since_1904_are_read_too),
		cmocka_unit_test(what_a_spreadsheet_lost_is_a_fault_and_no_value),
		cmocka_unit_test(a_csv_file_has_lost_digits_too),
		cmocka_unit_test(the_first_sheet_in_sight_is_read_or_the_one_named),
		cmocka_unit_test(what_is_written_reads_the_same),
		cmocka_unit_test(cells_are_named_as_excel_names_them),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
