/* SPDX-License-Identifier: Apache-2.0 */
/* packed.c -- see packed.h. */
#include "kit/check.h"

#include <zip.h>

#include "sheet/sheet.h"

#include "sheet/packed.h"

struct str packed(struct arena *a, const struct part *part, size_t n)
{
	zip_error_t e;
	zip_source_t *out;
	zip_stat_t st;
	zip_t *z;
	char *to;

	zip_error_init(&e);
	out = zip_source_buffer_create(NULL, 0, 0, &e);
	assert_non_null(out);
	zip_source_keep(out);
	z = zip_open_from_source(out, ZIP_TRUNCATE, &e);
	assert_non_null(z);
	for (size_t i = 0; i < n; i++) {
		zip_source_t *in = zip_source_buffer(z, part[i].bytes.s, part[i].bytes.n, 0);

		if (part[i].name)
			assert_true(zip_file_add(z, part[i].name, in, ZIP_FL_ENC_UTF_8) >= 0);
		else
			zip_source_free(in);
	}
	assert_int_equal(zip_close(z), 0);
	assert_int_equal(zip_source_open(out), 0);
	assert_int_equal(zip_source_stat(out, &st), 0);
	to = arena_alloc(a, st.size + 1);
	assert_int_equal(zip_source_read(out, to, st.size), (zip_int64_t)st.size);
	zip_source_close(out);
	zip_source_free(out);
	zip_error_fini(&e);
	return (struct str){to, st.size};
}

#define MAIN "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
#define RELS \
	"<Relationships xmlns=\"http://schemas.openxmlformats.org/package/2006/relationships\">"

void packed_parts(struct arena *a, const char *sheet, const char *strings, const char *styles,
                  struct part ret[PARTS_OF_BOOK])
{
	ret[PART_RELS] = (struct part){"_rels/.rels", STR(RELS "<Relationship Id=\"rId1\" Type=\"" TYPE
		"officeDocument\" Target=\"xl/workbook.xml\"/></Relationships>")};
	ret[PART_BOOK] = (struct part){
		"xl/workbook.xml",
		STR("<workbook xmlns=\"" MAIN "\" xmlns:r=\"" TYPE
	        "\"><sheets><sheet name=\"Sheet1\" sheetId=\"1\" r:id=\"rId1\"/></sheets></workbook>")};
	ret[PART_BOOK_RELS] = (struct part){
		"xl/_rels/workbook.xml.rels",
		STR(RELS "<Relationship Id=\"rId1\" Type=\"" TYPE
	             "worksheet\" Target=\"worksheets/sheet1.xml\"/>"
	             "<Relationship Id=\"rId2\" Type=\"" TYPE
	             "sharedStrings\" Target=\"/xl/sharedStrings.xml\"/>"
	             "<Relationship Id=\"rId3\" Type=\"" TYPE "styles\" Target=\"../xl/styles.xml\"/>"
	             "</Relationships>")};
	ret[PART_SHEET] = (struct part){"xl/worksheets/sheet1.xml", str_fmt(a,
		"<worksheet xmlns=\"" MAIN "\">%s</worksheet>", sheet)};
	ret[PART_STRINGS] = (struct part){strings ? "xl/sharedStrings.xml" : NULL, str_fmt(a,
		"<sst xmlns=\"" MAIN "\">%s</sst>", strings ? strings : "")};
	ret[PART_STYLES] = (struct part){styles ? "xl/styles.xml" : NULL, str_fmt(a,
		"<styleSheet xmlns=\"" MAIN "\">%s</styleSheet>", styles ? styles : "")};
}

struct str packed_book(struct arena *a, const char *sheet, const char *strings, const char *styles)
{
	struct part p[PARTS_OF_BOOK];

	packed_parts(a, sheet, strings, styles, p);
	return packed(a, p, PARTS_OF_BOOK);
}

enum rc sheet_text(struct op *op, struct str bytes, struct str *ret)
{
	struct sheet_row r;
	struct strbuf b;
	struct sheet t;

	TRY(sheet_open(op, bytes, (struct str){0}, &t));
	strbuf_init(&b, op->arena);
	for (;;) {
		TRY(sheet_next(op, &t, &r));
		if (!r.n)
			break;
		strbuf_addf(&b, "%zu:", t.row);
		for (size_t i = 0; i < r.n; i++) {
			strbuf_addz(&b, i ? "|" : "");
			strbuf_adds(&b, r.cell[i]);
			assert_int_equal(r.cell[i].s[r.cell[i].n], 0);
			if (cell_fault(r.kind[i], false))
				strbuf_addf(&b, "!%d", r.kind[i]);
		}
		strbuf_addc(&b, '\n');
	}
	*ret = strbuf_str(&b);
	return RC_OK;
}
