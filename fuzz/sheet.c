/* SPDX-License-Identifier: Apache-2.0 */
/* sheet.c -- spreadsheets: an input that is a ZIP is read as it is; any other is the XML of a
 * workbook's parts, which are packed here, since no fuzzer keeps a checksum right.
 *
 *   the cells NUL shared texts NUL styles NUL the workbook
 */
#include <zip.h>

#include "base/limits.h"
#include "sheet/sheet.h"

#include "fuzz.h"

#define TYPE "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"

struct piece {
	const char *name;
	struct str bytes;
};

/* Stored, not deflated: a run is short. */
static struct str pack(struct op *op, const struct piece *p, size_t n)
{
	zip_source_t *out = zip_source_buffer_create(NULL, 0, 0, NULL);
	zip_stat_t st;
	zip_t *z;
	char *to;

	zip_source_keep(out);
	z = zip_open_from_source(out, ZIP_TRUNCATE, NULL);
	FUZZ_CHECK(z != NULL);
	for (size_t i = 0; i < n; i++) {
		zip_int64_t at =
			zip_file_add(z, p[i].name, zip_source_buffer(z, p[i].bytes.s, p[i].bytes.n, 0), 0);

		FUZZ_CHECK(at >= 0 && zip_set_file_compression(z, (zip_uint64_t)at, ZIP_CM_STORE, 0) == 0);
	}
	FUZZ_CHECK(zip_close(z) == 0 && zip_source_open(out) == 0);
	FUZZ_CHECK(zip_source_stat(out, &st) == 0);
	to = arena_alloc(op->arena, st.size + 1);
	FUZZ_CHECK(zip_source_read(out, to, st.size) == (zip_int64_t)st.size);
	zip_source_close(out);
	zip_source_free(out);
	return (struct str){to, st.size};
}

static struct str next_part(struct str *in)
{
	const char *nul = in->n ? memchr(in->s, '\0', in->n) : NULL;
	struct str part = {in->s, nul ? (size_t)(nul - in->s) : in->n};

	*in = nul ? (struct str){nul + 1, in->n - part.n - 1} : STR("");
	return part;
}

static struct str workbook_of(struct op *op, struct str in)
{
	struct piece p[] = {
		{"_rels/.rels", STR("<Relationships><Relationship Id=\"1\" Type=\"" TYPE "officeDocument\" "
	                        "Target=\"b.xml\"/></Relationships>")},
		{"_rels/b.xml.rels",
	     STR("<Relationships><Relationship Id=\"1\" Type=\"" TYPE "worksheet\" "
	         "Target=\"s.xml\"/><Relationship Id=\"2\" Type=\"" TYPE
	         "sharedStrings\" Target=\"t.xml\"/>"
	         "<Relationship Id=\"3\" Type=\"" TYPE "styles\" Target=\"f.xml\"/></Relationships>")},
		{"s.xml", next_part(&in)},
		{"t.xml", next_part(&in)},
		{"f.xml", next_part(&in)},
		{"b.xml", next_part(&in)},
	};

	if (!p[5].bytes.n)
		p[5].bytes = STR("<workbook><sheets><sheet name=\"S\" id=\"1\"/></sheets></workbook>");
	for (size_t i = 3; i < 5; i++)
		if (!p[i].bytes.n)
			p[i].bytes = STR("<x/>");
	return pack(op, p, COUNT(p));
}

static void check_row(const struct sheet *s, const struct sheet_row *r, size_t before)
{
	FUZZ_CHECK(s->row > before && r->n <= LIMIT_CSV_COLUMNS);
	FUZZ_CHECK(s->format == SHEET_CSV || s->row <= LIMIT_SHEET_ROWS);
	for (size_t i = 0; i < r->n; i++) {
		FUZZ_CHECK(r->cell[i].s[r->cell[i].n] == '\0' && r->cell[i].n <= LIMIT_CSV_FIELD);
		FUZZ_CHECK(str_utf8_valid(r->cell[i]) && r->kind[i] < CELL_KINDS);
		FUZZ_CHECK(!cell_lost(r->cell[i]) || cell_fault(r->kind[i], true));
		FUZZ_PLANTED(s->row > 7 && i > 3 && r->kind[i] == CELL_DATE);
	}
}

void fuzz_target(struct op *op, struct str in)
{
	struct str bytes = str_starts(in, STR("PK")) ? in : workbook_of(op, in);
	struct sheet s, again;
	struct sheet_row r;
	size_t rows = 0, before = 0;
	enum rc rc;

	FUZZ_PAINT(s);
	rc = sheet_open(op, bytes, (struct str){0}, &s);
	if (rc != RC_OK) {
		fuzz_refused(op, rc, NULL);
		FUZZ_CHECK(FUZZ_UNTOUCHED(s));
		return;
	}
	again = s;
	if (bytes.s == in.s && s.format == SHEET_XLSX)
		fuzz_spoil(in);
	for (; (rc = sheet_next(op, &s, &r)) == RC_OK && r.n; rows++) {
		check_row(&s, &r, before);
		before = s.row;
	}
	if (rc != RC_OK)
		fuzz_refused(op, rc, NULL);
	for (; rc == RC_OK && (rc = sheet_next(op, &again, &r)) == RC_OK && r.n; rows--)
		;
	FUZZ_CHECK(rc != RC_OK || rows == 0); /* it comes back to the beginning */
}
