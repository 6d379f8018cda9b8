/* SPDX-License-Identifier: Apache-2.0 */
/* seeds_sheet.c -- seeds of spreadsheets: each kind of cell, and near misses; see seeds.h. */
#include "sheet/book.h"

#include "fuzz.h"
#include "seeds.h"

#define ROWS(x) "<worksheet><sheetData>" x "</sheetData></worksheet>"
#define STYLES \
	"<styleSheet><numFmts><numFmt numFmtId=\"170\" formatCode=\"yyyy&quot;y&quot;m\\d[Red]" \
	"[h]:mm;@\"/><numFmt numFmtId=\"171\" formatCode=\"0000\"/></numFmts><cellXfs><xf numFmtId=" \
	"\"0\"/><xf numFmtId=\"14\"/><xf numFmtId=\"170\"/><xf numFmtId=\"171\"/><xf " \
	"numFmtId=\"10\"/>" \
	"</cellXfs></styleSheet>"

static const struct str SEEDS[] = {
	STR(ROWS("<row r=\"1\"><c r=\"A1\" t=\"s\"><v>1</v></c><c r=\"B1\" "
             "t=\"s\"><v>0</v></c></row>") "\0<sst><si><t>a_x000D_b</t></si><si><r><t>x</t></"
                                           "r><rPh><t>y</t></rPh></si></sst>\0" STYLES),
	STR(ROWS("<row><c s=\"1\"><v>45815</v></c><c s=\"2\"><v>45815.375</v></c><c "
             "s=\"3\"><v>7</v></c>"
             "<c "
             "s=\"4\"><v>0.5</v></c><c><v>5.1E+17</v></c><c><v>1e-7</v></c><c><v>x</v></c></"
             "row>") "\0\0" STYLES),
	STR(ROWS(
		"<row r=\"3\"><c t=\"b\"><v>1</v></c><c t=\"e\"><v>#N/A</v></c><c><f>1+1</f></c>"
		"<c t=\"str\"><f>A</f><v>1.23E+17</v></c><c t=\"inlineStr\"><is><t>z</t></is></c></row>"
		"<row r=\"9\"><c r=\"F9\"><v>1</v></c><c r=\"$B$9\"><v>0</v></c></row>")),
	STR("<worksheet><sheetData><row r=\"2\"><c r=\"A2\"><v>1</v></c></row><row r=\"4\"><c "
        "r=\"B4\">"
        "<v>2</v></c></row></sheetData><mergeCells><mergeCell ref=\"A2:A5\"/><mergeCell "
        "ref=\"A1:B1\"/>"
        "</mergeCells></worksheet>"),
	STR(ROWS("<row><c s=\"1\"><v>60</v></c><c s=\"1\"><v>0.25</v></c><c "
             "s=\"1\"><v>-1</v></c></row>") "\0\0" STYLES "\0<workbook><workbookPr "
                                            "date1904=\"1\"/><sheets><sheet "
                                            "name=\"S\" id=\"1\"/>"
                                            "</sheets></workbook>"),
	/* near misses */
	STR(ROWS("<row r=\"2\"/><row r=\"2\"/>")),
	STR(ROWS("<row r=\"0\"/>")),
	STR(ROWS("<row r=\"1048577\"/>")),
	STR(ROWS("<row><c r=\"IW1\"><v>1</v></c></row>")),
	STR(ROWS("<row><c r=\"1A\"/></row>")),
	STR(ROWS("<row><c t=\"s\"><v>5</v></c></row>")),
	STR("<!DOCTYPE x><x/>"),
	STR("<x>"),
	STR(""),
	STR("PK\5\6"),
	STR("PK\3\4"),
	STR("<x/>\0\0\0<workbook><sheets><sheet name=\"H\" state=\"hidden\" "
        "id=\"1\"/></sheets></workbook>"),
	STR("<mergeCell ref=\"A1:A300000\"/>"),
	STR("<c><v>1</v></c>"),
};

void seeds_of_sheets(struct op *op)
{
	struct book *b = book_new(0);
	struct str bytes;
	int n = 0;

	for (size_t i = 0; i < sizeof(SEEDS) / sizeof(SEEDS[0]); i++)
		putf(op, "sheet", n++, SEEDS[i]);
	book_sheet(b, STR("S"));
	book_text(b, 0, 0, STR("a"), BOOK_TEXT);
	book_int(b, 1, 1, 7);
	if (book_end(op, b, &bytes) != RC_OK)
		exit(1);
	putf(op, "sheet", n++, bytes);
	((char *)(uintptr_t)bytes.s)[6] |= 1; /* "encrypted" */
	putf(op, "sheet", n++, bytes);
}
