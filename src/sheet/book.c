/* SPDX-License-Identifier: Apache-2.0 */
/* book.c -- see book.h.
 *
 * The library writes to a path, so it is given a file of memory; what it keeps meanwhile lies in
 * files without a name.
 */
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>
#include <xlsxwriter.h>

#include "base/limits.h"
#include "sheet/book.h"

struct book {
	lxw_workbook *book;
	lxw_worksheet *sheet;
	lxw_format *style[BOOK_STYLES];
	int fd;
	char path[32];
};

static void look_of(enum book_style style, lxw_format *f)
{
	format_set_num_format(f, "@");
	format_set_align(f, LXW_ALIGN_VERTICAL_TOP);
	switch (style) {
	case BOOK_TEXT:
		break;
	case BOOK_WRAP:
		format_set_text_wrap(f);
		break;
	case BOOK_HEAD:
	case BOOK_NEED:
		format_set_bold(f);
		format_set_bg_color(f, style == BOOK_NEED ? 0xFFE699 : 0xDDE6F0);
		format_set_bottom(f, LXW_BORDER_THIN);
		format_set_text_wrap(f);
		break;
	case BOOK_TITLE:
		format_set_bold(f);
		format_set_font_size(f, 14);
		break;
	case BOOK_NOTE:
		format_set_font_color(f, 0x666666);
		break;
	case BOOK_SAMPLE:
		format_set_font_color(f, 0x666666);
		format_set_italic(f);
		break;
	case BOOK_ALERT:
		format_set_bold(f);
		format_set_font_size(f, 14);
		format_set_font_color(f, 0xC00000);
		break;
	case BOOK_STYLES:
		break;
	}
}

struct book *book_new(int64_t now_ms)
{
	struct book *b = calloc(1, sizeof(*b));
	lxw_workbook_options how = {.constant_memory = LXW_TRUE};
	lxw_doc_properties p = {.created = (time_t)(now_ms / 1000)};

	if (!b)
		abort();
	b->fd = memfd_create("sheet", MFD_CLOEXEC);
	if (b->fd < 0)
		abort();
	snprintf(b->path, sizeof(b->path), "/proc/self/fd/%d", b->fd);
	b->book = workbook_new_opt(b->path, &how);
	if (!b->book)
		abort();
	workbook_set_properties(b->book, &p);
	for (int i = 0; i < BOOK_STYLES; i++) {
		b->style[i] = workbook_add_format(b->book);
		look_of((enum book_style)i, b->style[i]);
	}
	return b;
}

/* The first n characters, where n of them are bytes of `to`. */
static void cut(struct str s, size_t characters, char *to, size_t size)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n && n + 1 < size; i++) {
		bool first = ((unsigned char)s.s[i] & 0xc0) != 0x80;

		if (first && characters-- == 0)
			break;
		to[n++] = s.s[i];
	}
	to[n] = '\0';
}

void book_sheet(struct book *b, struct str name)
{
	char text[31 * 4 + 1];

	cut(name, 31, text, sizeof(text));
	for (char *c = text; *c; c++)
		if (strchr("[]:*?/\\'", *c))
			*c = ' ';
	b->sheet = workbook_add_worksheet(b->book, text);
	if (!b->sheet) /* a name that stands already: without one it is "Sheet2" */
		b->sheet = workbook_add_worksheet(b->book, NULL);
	(void)worksheet_ignore_errors(b->sheet, LXW_IGNORE_NUMBER_STORED_AS_TEXT, "A1:XFD1048576");
}

/* Is it what readers take for an escaped character: "_x000D_"? */
static bool looks_escaped(struct str s, size_t i)
{
	if (s.n - i < 7 || s.s[i] != '_' || s.s[i + 1] != 'x' || s.s[i + 6] != '_')
		return false;
	return strspn(s.s + i + 2, "0123456789abcdefABCDEF") >= 4;
}

/* The library escapes control characters, and not what looks like one that is. */
static void escape(struct str s, char *to)
{
	size_t n = 0;

	for (size_t i = 0; i < s.n; i++) {
		if (looks_escaped(s, i)) {
			memcpy(to + n, "_x005F", 6);
			n += 6;
		}
		to[n++] = s.s[i];
	}
	to[n] = '\0';
}

void book_text(struct book *b, size_t row, size_t column, struct str text, enum book_style style)
{
	enum { MOST = 32767 }; /* characters of one cell, Excel's own limit */
	lxw_format *f = b->style[style];
	char *escaped, *whole;
	size_t most = text.n * 2 + 1; /* 7 bytes become 13 */

	if (!text.n)
		return;
	escaped = malloc(most);
	whole = malloc(most);
	if (!escaped || !whole)
		abort();
	escape(text, escaped);
	cut(str_of(escaped), MOST, whole, most);
	(void)worksheet_write_string(b->sheet, (lxw_row_t)row, (lxw_col_t)column, whole, f);
	free(escaped);
	free(whole);
}

void book_int(struct book *b, size_t row, size_t column, int64_t v)
{
	(void)worksheet_write_number(b->sheet, (lxw_row_t)row, (lxw_col_t)column, (double)v, NULL);
}

void book_width(struct book *b, size_t column, double width, enum book_style style)
{
	(void)worksheet_set_column(b->sheet, (lxw_col_t)column, (lxw_col_t)column, width,
	                           b->style[style]);
}

void book_freeze(struct book *b, size_t row)
{
	worksheet_freeze_panes(b->sheet, (lxw_row_t)row, 0);
}

void book_filter(struct book *b, size_t row, size_t last_row, size_t last_column)
{
	(void)worksheet_autofilter(b->sheet, (lxw_row_t)row, 0, (lxw_row_t)last_row,
	                           (lxw_col_t)last_column);
}

void book_choice(struct book *b, size_t row, size_t last_row, size_t column, const char **words)
{
	lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_LIST,
	                         .value_list = (char **)(uintptr_t)words};

	(void)worksheet_data_validation_range(b->sheet, (lxw_row_t)row, (lxw_col_t)column,
	                                      (lxw_row_t)last_row, (lxw_col_t)column, &v);
}

void book_hint(struct book *b, size_t row, size_t last_row, size_t column, struct str title,
               struct str text)
{
	char head[32 * 4 + 1], body[255 * 4 + 1];
	lxw_data_validation v = {.validate = LXW_VALIDATION_TYPE_ANY, .input_title = head,
	                         .input_message = body};

	cut(title, 32, head, sizeof(head));
	cut(text, 255, body, sizeof(body));
	(void)worksheet_data_validation_range(b->sheet, (lxw_row_t)row, (lxw_col_t)column,
	                                      (lxw_row_t)last_row, (lxw_col_t)column, &v);
}

static bool slurp(struct op *op, int fd, struct str *ret)
{
	struct stat st;
	char *to;
	size_t n = 0;

	if (fstat(fd, &st) != 0 || st.st_size <= 0)
		return false;
	to = arena_alloc(op->arena, (size_t)st.st_size + 1);
	while (n < (size_t)st.st_size) {
		ssize_t got = pread(fd, to + n, (size_t)st.st_size - n, (off_t)n);

		if (got <= 0)
			return false;
		n += (size_t)got;
	}
	*ret = (struct str){to, n};
	return true;
}

enum rc book_end(struct op *op, struct book *b, struct str *ret)
{
	bool good = workbook_close(b->book) == LXW_NO_ERROR && slurp(op, b->fd, ret);

	close(b->fd);
	free(b);
	return good ? RC_OK
	            : fail(op, RC_BROKEN, "", "", "表格文件写不出来，可能是磁盘已满",
	                   "the spreadsheet cannot be written: the disk may be full");
}

void book_drop(struct book *b)
{
	if (!b)
		return;
	lxw_workbook_free(b->book);
	close(b->fd);
	free(b);
}
