/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- tables in UTF-8 and GB18030: what is read, written again, reads the same. */
#include "base/csv.h"
#include "base/limits.h"

#include "fuzz.h"

/* All rows as text with LF; *ret_rows how many.  Refused: where. */
static enum rc rewrite(struct op *op, struct csv *c, struct str *ret, size_t *ret_rows)
{
	struct strbuf b;
	struct str *cells = NULL;
	size_t n = 0, rows = 0;

	strbuf_init(&b, op->arena);
	for (;;) {
		TRY(csv_next(c, &cells, &n));
		if (n == 0)
			break;
		FUZZ_CHECK(c->row == ++rows && n <= LIMIT_CSV_COLUMNS);
		for (size_t i = 0; i < n; i++) {
			FUZZ_CHECK(cells[i].n <= LIMIT_CSV_FIELD && cells[i].s[cells[i].n] == '\0');
			FUZZ_CHECK(str_utf8_valid(cells[i]));
			FUZZ_PLANTED(c->encoding == CSV_GB18030 && rows > 2 && i > 2 &&
			             fuzz_holds(cells[i], STR("\"")));
			csv_cell_to(&b, cells[i], i == 0);
		}
		strbuf_addc(&b, '\n');
	}
	*ret = strbuf_str(&b);
	*ret_rows = rows;
	return RC_OK;
}

/* A row or a column stands in the sentence. */
static void check_refusal(const struct op *op, enum rc rc)
{
	fuzz_refused(op, rc, "csv");
	FUZZ_CHECK(strstr(op->err.en, "row ") && strstr(op->err.zh, "行"));
}

/* Is a line of it UTF-8 by chance, though it says something?  Then the file may be taken for one of
 * two encodings, which is refused. */
static bool has_utf8_line(struct str text)
{
	for (size_t at = 0, n; at < text.n; at += n + 1) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		struct str line = {text.s + at, end ? (size_t)(end - text.s) - at : text.n - at};
		bool ascii = true;

		n = line.n;
		for (size_t i = 0; i < n; i++)
			ascii = ascii && (unsigned char)line.s[i] < 0x80;
		if (!ascii && str_utf8_valid(line))
			return true;
	}
	return false;
}

static void check_gb18030(struct op *op, struct str text, size_t rows)
{
	struct str bytes, again;
	struct csv c;
	size_t n;

	if (csv_encode(op, text, CSV_GB18030, &bytes) != RC_OK) {
		fuzz_refused(op, op->err.rc, "csv");
		return;
	}
	/* Both are read as UTF-8: what is valid as such, and what begins with its mark. */
	if (str_utf8_valid(bytes) || str_starts(bytes, STR("\xef\xbb\xbf")))
		return;
	if (csv_open(op, bytes, &c) != RC_OK) {
		FUZZ_CHECK(has_utf8_line(bytes));
		check_refusal(op, op->err.rc);
		return;
	}
	FUZZ_CHECK(c.encoding == CSV_GB18030);
	FUZZ_CHECK(rewrite(op, &c, &again, &n) == RC_OK);
	FUZZ_CHECK(n == rows && str_eq(again, text));
}

void fuzz_target(struct op *op, struct str in)
{
	struct str text, again;
	size_t rows, n;
	struct csv c;
	enum rc rc;

	FUZZ_PAINT(c);
	rc = csv_open(op, in, &c);
	if (rc != RC_OK) {
		check_refusal(op, rc);
		FUZZ_CHECK(FUZZ_UNTOUCHED(c));
		return;
	}
	FUZZ_CHECK(str_utf8_valid(c.text));
	rc = rewrite(op, &c, &text, &rows);
	if (rc != RC_OK) {
		check_refusal(op, rc);
		return;
	}
	fuzz_spoil(in);
	FUZZ_CHECK(csv_encode(op, text, CSV_UTF8, &again) == RC_OK && str_eq(again, text));
	FUZZ_CHECK(csv_open(op, text, &c) == RC_OK && c.encoding == CSV_UTF8);
	FUZZ_CHECK(rewrite(op, &c, &again, &n) == RC_OK);
	FUZZ_CHECK(n == rows && str_eq(again, text));
	check_gb18030(op, text, rows);
}
