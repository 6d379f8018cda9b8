/* SPDX-License-Identifier: Apache-2.0 */
/* csv.c -- see csv.h.
 *
 * In GB18030 a comma, a quote or a line end is never the second byte of a character, so rows can
 * be counted before converting.  Cells are copies, each with its NUL.
 */
#include <iconv.h>

#include "base/csv.h"
#include "base/limits.h"

#define BOM "\xef\xbb\xbf" /* U+FEFF in UTF-8 */

/* The row in which the byte `at` stands. */
static size_t row_of(struct str text, size_t at)
{
	bool quoted = false; /* a doubled quote goes out and in again */
	size_t row = 1;

	for (size_t i = 0; i < at; i++) {
		char c = text.s[i];

		if (c == '"')
			quoted = !quoted;
		else if (!quoted && (c == '\n' || (c == '\r' && text.s[i + 1] != '\n')))
			row++;
	}
	return row;
}

static enum rc bad_text(struct op *op, struct str text, size_t at)
{
	return fail(op, RC_INVALID, "csv", "", "第 %zu 行不是有效的 UTF-8 或 GB18030 文字",
	            "row %zu is neither valid UTF-8 nor GB18030", row_of(text, at));
}

/* Converts all of it.  *ret_good: how many bytes could be read, set in any case. */
static bool from_gb18030(iconv_t cd, struct arena *a, struct str in, struct str *ret,
                         size_t *ret_good)
{
	size_t cap = in.n * 2, left = in.n, room = cap; /* FE51 and five more: 2 bytes become 4 */
	char *from = (char *)(uintptr_t)in.s; /* iconv takes no const; it does not write there */
	char *out = arena_alloc(a, cap + 1), *to = out;
	bool good = iconv(cd, &from, &left, &to, &room) != (size_t)-1;

	*ret_good = in.n - left;
	if (good)
		*ret = (struct str){out, cap - room};
	return good && str_utf8_valid(*ret); /* the host's tables are not ours to trust */
}

static enum rc no_converter(struct op *op)
{
	return fail(op, RC_INVALID, "csv", "", "本机没有 GB18030 转换程序，请另存为 UTF-8",
	            "this host cannot convert GB18030, save the file as UTF-8");
}

/* A line whose bytes past ASCII are UTF-8 with a character of three bytes in it: Chinese, as UTF-8
 * writes it.  Of lines in GB18030, one in many thousands looks so by chance. */
static bool looks_utf8(struct str line)
{
	bool wide = false;

	for (size_t i = 0; i < line.n; i++)
		wide = wide || ((unsigned char)line.s[i] & 0xf0) == 0xe0;
	return wide && str_utf8_valid(line);
}

static bool is_ascii(struct str line)
{
	for (size_t i = 0; i < line.n; i++)
		if ((unsigned char)line.s[i] >= 0x80)
			return false;
	return true;
}

/* Files of two offices pasted together: read in one encoding, the other's names turn to nonsense
 * that no check finds.  When more than one line in 2,000 is of the other encoding it is refused;
 * the first line that differs from the first that says anything is named. */
static enum rc refuse_mixed(struct op *op, struct str text)
{
	size_t lines = 0, utf8 = 0, other = 0;
	int first = -1;

	for (size_t at = 0, n; at < text.n; at += n + 1) {
		const char *end = memchr(text.s + at, '\n', text.n - at);
		struct str line = {text.s + at, end ? (size_t)(end - text.s) - at : text.n - at};
		int is;

		n = line.n;
		if (is_ascii(line))
			continue;
		is = looks_utf8(line);
		first = first < 0 ? is : first;
		other = is != first && !other ? at + 1 : other;
		utf8 += (size_t)is;
		lines++;
	}
	if (!utf8 || utf8 == lines || utf8 * 2000 < lines)
		return RC_OK;
	return fail(op, RC_INVALID, "csv", "",
	            "文件混有 UTF-8 和 GB18030 两种编码：第 %zu 行与前面不同；请统一后再导入",
	            "the file mixes UTF-8 and GB18030: row %zu differs from those before",
	            row_of(text, other - 1));
}

/* Neither encoding reads all of it: the one that reads further is the likelier, and its first
 * bad byte is named. */
static enum rc open_gb18030(struct csv *c, struct str text)
{
	size_t good_utf8 = str_utf8_prefix(text), good = 0;
	iconv_t cd = iconv_open("UTF-8", "GB18030");
	bool converted;

	if (cd == (iconv_t)-1)
		return no_converter(c->op);
	converted = from_gb18030(cd, c->op->arena, text, &c->text, &good);
	iconv_close(cd);
	if (!converted)
		return bad_text(c->op, text, good > good_utf8 ? good : good_utf8);
	c->encoding = CSV_GB18030;
	return RC_OK;
}

enum rc csv_encode(struct op *op, struct str text, enum csv_encoding encoding, struct str *ret)
{
	size_t cap = text.n * 2, left = text.n, room = cap; /* U+0080: 2 bytes become 4 */
	char *from = (char *)(uintptr_t)text.s, *out, *to;
	iconv_t cd;
	bool good;

	if (encoding == CSV_UTF8) {
		*ret = text;
		return RC_OK;
	}
	cd = iconv_open("GB18030", "UTF-8");
	if (cd == (iconv_t)-1)
		return no_converter(op);
	to = out = arena_alloc(op->arena, cap + 1);
	good = iconv(cd, &from, &left, &to, &room) != (size_t)-1;
	iconv_close(cd);
	if (!good)
		return fail(op, RC_INVALID, "csv", "", "第 %zu 个字节起的文字不能写成 GB18030",
		            "the text from byte %zu on cannot be written in GB18030", text.n - left);
	*ret = (struct str){out, cap - room};
	return RC_OK;
}

enum rc csv_open(struct op *op, struct str bytes, struct csv *ret)
{
	struct csv c = {.op = op, .text = bytes, .encoding = CSV_UTF8};
	const char *nul = bytes.n > 0 ? memchr(bytes.s, '\0', bytes.n) : NULL;

	if (nul) /* valid in both encodings, and in no office file: a spreadsheet or a picture */
		return bad_text(op, bytes, (size_t)(nul - bytes.s));
	if (str_starts(bytes, STR(BOM))) { /* it says UTF-8: GB18030 is not tried */
		c.text = (struct str){bytes.s + sizeof(BOM) - 1, bytes.n - (sizeof(BOM) - 1)};
		if (!str_utf8_valid(c.text))
			TRY(refuse_mixed(op, c.text));
		if (!str_utf8_valid(c.text))
			return bad_text(op, c.text, str_utf8_prefix(c.text));
	} else if (!str_utf8_valid(bytes)) {
		TRY(refuse_mixed(op, bytes));
		TRY(open_gb18030(&c, bytes));
	}
	*ret = c;
	return RC_OK;
}

/* After a final line end there is no further row; after a comma there is one more cell. */
static bool at_end(const struct csv *c)
{
	return c->at >= c->text.n;
}

static enum rc too_long(const struct csv *c, size_t column)
{
	return fail(c->op, RC_INVALID, "csv", "", "第 %zu 行第 %zu 列超过 %d 字节",
	            "row %zu, column %zu: longer than %d bytes", c->row, column, LIMIT_CSV_FIELD);
}

/* A cell without quotes: up to the next separator or line end. */
static enum rc take_bare(struct csv *c, size_t column, struct str *ret)
{
	size_t from = c->at;

	for (; !at_end(c); c->at++) {
		char b = c->text.s[c->at];

		if (b == ',' || b == '\n' || b == '\r')
			break;
		if (b == '"')
			return fail(c->op, RC_INVALID, "csv", "",
			            "第 %zu 行第 %zu 列：引号必须在单元格开头，单元格内的引号要写两次",
			            "row %zu, column %zu: a quote inside a cell without quotes",
			            c->row, column);
	}
	if (c->at - from > LIMIT_CSV_FIELD)
		return too_long(c, column);
	*ret = str_dup(c->op->arena, c->text.s + from, c->at - from);
	return RC_OK;
}

/* A cell in quotes; c->at stands on the opening one. */
static enum rc take_quoted(struct csv *c, size_t column, struct str *ret)
{
	struct strbuf b;

	strbuf_init(&b, c->op->arena);
	for (;;) {
		const char *from = c->text.s + ++c->at;
		const char *end = at_end(c) ? NULL : memchr(from, '"', c->text.n - c->at);

		if (!end)
			return fail(c->op, RC_INVALID, "csv", "", "第 %zu 行第 %zu 列：引号没有结束",
			            "row %zu, column %zu: the quote is left open", c->row, column);
		strbuf_add(&b, from, (size_t)(end - from));
		if (b.n > LIMIT_CSV_FIELD)
			return too_long(c, column);
		c->at += (size_t)(end - from) + 1;
		if (at_end(c) || c->text.s[c->at] != '"')
			break;
		strbuf_addc(&b, '"'); /* doubled: one quote, and the cell goes on */
	}
	*ret = strbuf_str(&b);
	return RC_OK;
}

/* Steps over what follows a cell; *ret_more: another cell of this row. */
static enum rc take_end(struct csv *c, size_t column, bool *ret_more)
{
	/* The last row may lack its line end. */
	char b = at_end(c) ? '\n' : c->text.s[c->at];

	if (b != ',' && b != '\n' && b != '\r')
		return fail(c->op, RC_INVALID, "csv", "", "第 %zu 行第 %zu 列：引号之后还有文字",
		            "row %zu, column %zu: text after the closing quote", c->row, column);
	c->at++;
	if (b == '\r' && !at_end(c) && c->text.s[c->at] == '\n')
		c->at++;
	*ret_more = b == ',';
	return RC_OK;
}

/* Cells are gathered on the stack first: most rows are the same width, none is known before. */
enum rc csv_next(struct csv *c, struct str **ret_cells, size_t *ret_n)
{
	struct str cells[LIMIT_CSV_COLUMNS], *copy;
	bool more = !at_end(c);
	size_t n = 0;

	if (more && c->row >= LIMIT_CSV_ROWS)
		return fail(c->op, RC_INVALID, "csv", "", "超过 %d 行", "more than %d rows",
		            LIMIT_CSV_ROWS);
	c->row += more ? 1 : 0;
	while (more) {
		bool quoted = !at_end(c) && c->text.s[c->at] == '"';

		if (n == COUNT(cells))
			return fail(c->op, RC_INVALID, "csv", "", "第 %zu 行超过 %d 列",
			            "row %zu has more than %d columns", c->row, LIMIT_CSV_COLUMNS);
		TRY(quoted ? take_quoted(c, n + 1, &cells[n]) : take_bare(c, n + 1, &cells[n]));
		TRY(take_end(c, ++n, &more));
	}
	copy = arena_array(c->op->arena, n, sizeof(cells[0]));
	memcpy(copy, cells, n * sizeof(cells[0]));
	*ret_cells = copy;
	*ret_n = n;
	return RC_OK;
}

static bool needs_quotes(struct str cell)
{
	for (size_t i = 0; i < cell.n; i++) {
		char b = cell.s[i];

		if (b == ',' || b == '"' || b == '\n' || b == '\r')
			return true;
	}
	/* At the head of a file it would be taken for the mark of the encoding. */
	return str_starts(cell, STR(BOM));
}

void csv_cell_to(struct strbuf *b, struct str cell, bool first)
{
	if (!first)
		strbuf_addc(b, ',');
	if (!needs_quotes(cell)) {
		strbuf_adds(b, cell);
		return;
	}
	strbuf_addc(b, '"');
	for (size_t i = 0; i < cell.n; i++) {
		if (cell.s[i] == '"')
			strbuf_addc(b, '"');
		strbuf_addc(b, cell.s[i]);
	}
	strbuf_addc(b, '"');
}
