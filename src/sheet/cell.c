/* SPDX-License-Identifier: Apache-2.0 */
/* cell.c -- see cell.h. */
#include <math.h>

#include "sheet/cell.h"

#include "base/limits.h"

#define DIGITS_KEPT 1e15 /* the first number of sixteen digits */

uint8_t cell_format_builtin(int64_t id)
{
	/* ECMA-376 part 1, 18.8.30; 27 to 36 and 50 to 58 as Chinese Excel has them. */
	if ((id >= 14 && id <= 22) || (id >= 27 && id <= 36) || (id >= 45 && id <= 47) ||
	    (id >= 50 && id <= 58))
		return FORMAT_DATE;
	return id == 9 || id == 10 ? FORMAT_PERCENT : FORMAT_GENERAL;
}

/* "0000" */
static uint8_t zeros_of(struct str code)
{
	size_t n = 0;

	while (n < code.n && code.s[n] == '0')
		n++;
	return n == code.n && n > 1 && n <= FORMAT_ZEROS_MOST ? (uint8_t)(FORMAT_ZEROS + n)
	                                                      : FORMAT_GENERAL;
}

/* Past what is quoted, escaped or of a colour or a language; [h] and its siblings count. */
static size_t skip(struct str code, size_t i)
{
	const char *end = NULL;

	if (code.s[i] == '"')
		end = memchr(code.s + i + 1, '"', code.n - i - 1);
	else if (code.s[i] == '[' && i + 1 < code.n && !strchr("hHmMsS", code.s[i + 1]))
		end = memchr(code.s + i, ']', code.n - i);
	else if (code.s[i] == '\\' || code.s[i] == '_' || code.s[i] == '*')
		return i + 1 < code.n ? 2 : 1;
	else
		return 0;
	return end ? (size_t)(end - (code.s + i)) + 1 : code.n - i;
}

uint8_t cell_format_of(struct str code)
{
	for (size_t i = 0, n; i < code.n && code.s[i] != ';'; i += n ? n : 1) {
		n = skip(code, i);
		if (!n && code.s[i] == '%')
			return FORMAT_PERCENT;
		if (!n && strchr("yYmMdDhHsS", code.s[i])) /* "General" has none of them */
			return FORMAT_DATE;
	}
	return zeros_of(code);
}

struct day {
	int year, month, day;
};

/* From days since 1970 (Howard Hinnant's civil_from_days). */
static struct day day_of(int64_t z)
{
	int64_t era, doe, yoe, doy, mp;

	z += 719468;
	era = (z >= 0 ? z : z - 146096) / 146097;
	doe = z - era * 146097;
	yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	mp = (5 * doy + 2) / 153;
	return (struct day){(int)(yoe + era * 400 + (mp >= 10)), (int)(mp < 10 ? mp + 3 : mp - 9),
	                    (int)(doy - (153 * mp + 2) / 5 + 1)};
}

static struct day day_of_serial(int64_t serial, bool from_1904)
{
	enum {
		D1900 = -25568,
		D1904 = -24107
	}; /* 1900-01-01 is 1 of the one, 1904-01-01 0 of the other */

	if (from_1904)
		return day_of(serial + D1904);
	if (serial == 60)
		return (struct day){1900, 2, 29}; /* Lotus 1-2-3 counted it, and Excel after it */
	return day_of(serial - (serial > 60 ? 2 : 1) + D1900 + 1);
}

static struct str clock_text(struct arena *a, int s)
{
	return s % 60 ? str_fmt(a, "%02d:%02d:%02d", s / 3600, s / 60 % 60, s % 60)
	              : str_fmt(a, "%02d:%02d", s / 3600, s / 60 % 60);
}

static struct str date_text(struct arena *a, double v, bool from_1904, enum cell_kind *ret_kind)
{
	int64_t s = llround(v * 86400), days = s / 86400;
	int rest = (int)(s % 86400);
	struct day d;

	*ret_kind = CELL_TIME;
	if (days == 0 && !from_1904)
		return clock_text(a, rest);
	*ret_kind = CELL_DATE;
	d = day_of_serial(days, from_1904);
	if (!rest)
		return str_fmt(a, "%04d-%02d-%02d", d.year, d.month, d.day);
	return str_fmt(a, "%04d-%02d-%02d %s", d.year, d.month, d.day, clock_text(a, rest).s);
}

static struct str plain_text(struct arena *a, double v)
{
	struct str s;

	if (v == trunc(v))
		return str_fmt(a, "%.0f", v == 0 ? 0.0 : v);
	s = str_fmt(a, "%.15g", v);
	if (!memchr(s.s, 'e', s.n))
		return s;
	s = str_fmt(a, "%.20f", v);
	while (s.n > 1 && s.s[s.n - 1] == '0')
		s.n--;
	return str_copy(a, s);
}

struct str cell_number(struct arena *a, struct str value, uint8_t format, bool from_1904,
                       enum cell_kind *ret_kind)
{
	char *end = NULL;
	double v = strtod(value.s, &end);

	*ret_kind = CELL_PLAIN;
	if (!value.n || end != value.s + value.n || !isfinite(v))
		return value;
	if (format == FORMAT_DATE && v >= 0 && v < (from_1904 ? 2957004 : 2958466))
		return date_text(a, v, from_1904, ret_kind);
	if (fabs(v) >= DIGITS_KEPT) {
		*ret_kind = CELL_LOST;
		return str_fmt(a, "%.5E", v);
	}
	if (format == FORMAT_PERCENT)
		return str_fmt(a, "%.10g%%", v * 100);
	if (format > FORMAT_ZEROS && v >= 0 && v == trunc(v))
		return str_fmt(a, "%0*.0f", format - FORMAT_ZEROS, v);
	return plain_text(a, v);
}

/* Up to `most` digits at *at; -1: none. */
static int digits(struct str s, size_t *at, size_t most)
{
	size_t from = *at;
	int v = 0;

	for (; *at < s.n && *at - from < most && s.s[*at] >= '0' && s.s[*at] <= '9'; ++*at)
		v = v * 10 + (s.s[*at] - '0');
	return *at > from ? v : -1;
}

static bool take(struct str s, size_t *at, const char *any)
{
	bool is = *at < s.n && strchr(any, s.s[*at]);

	*at += is;
	return is;
}

bool cell_time(struct arena *a, struct str text, int offset_min, struct str *ret)
{
	int y, m, d, h, min, s = 0, off = abs(offset_min);
	size_t at = 0;

	y = digits(text, &at, 4);
	m = take(text, &at, "-/") ? digits(text, &at, 2) : -1;
	d = take(text, &at, "-/") ? digits(text, &at, 2) : -1;
	h = take(text, &at, " T") ? digits(text, &at, 2) : -1;
	min = take(text, &at, ":") ? digits(text, &at, 2) : -1;
	if (take(text, &at, ":"))
		s = digits(text, &at, 2);
	if (at != text.n || y < 1900 || m < 0 || d < 0 || h < 0 || min < 0 || s < 0)
		return false;
	*ret = str_fmt(a, "%04d-%02d-%02dT%02d:%02d:%02d%c%02d:%02d", y, m, d, h, min, s,
	               offset_min < 0 ? '-' : '+', off / 60, off % 60);
	return true;
}

bool cell_lost(struct str text)
{
	size_t i = text.n && text.s[0] == '-' ? 1 : 0, n = 0;

	if (i >= text.n || text.s[i] < '1' || text.s[i++] > '9')
		return false;
	if (i < text.n && text.s[i] == '.')
		for (i++; i < text.n && text.s[i] >= '0' && text.s[i] <= '9'; i++)
			;
	if (i + 1 >= text.n || text.s[i] != 'E' || text.s[i + 1] != '+')
		return false;
	for (i += 2; i < text.n && text.s[i] >= '0' && text.s[i] <= '9'; i++)
		n++;
	return i == text.n && (n == 2 || n == 3);
}

const char *cell_fault(enum cell_kind kind, bool zh)
{
	static const struct {
		const char *zh, *en;
	} WHY[CELL_KINDS] = {
		[CELL_LOST] =
			{"长数字已被表格软件改成科学计数，后几位已丢失；请把该列设为“文本”格式后重新填写",
	         "the spreadsheet has made 1.2E+17 of a long number and lost its last digits: "
	         "format the column as text and type it again"},
		[CELL_ERROR] = {"单元格是公式错误值", "the cell holds an error of its formula"},
		[CELL_EMPTY_FORMULA] = {"公式没有计算结果，请在 Excel 或 WPS 中打开保存，或粘贴为数值",
	                            "the formula has no result: open and save it in a spreadsheet, or "
	                            "paste values"},
		[CELL_LONG] = {"单元格文字过长", "the cell's text is too long"},
	};

	return zh ? WHY[kind].zh : WHY[kind].en;
}

struct str cell_name(struct arena *a, size_t row, size_t column)
{
	char letters[16];
	size_t at = sizeof(letters);

	letters[--at] = '\0';
	for (size_t c = column + 1; c > 0 && at > 0; c = (c - 1) / 26)
		letters[--at] = (char)('A' + (c - 1) % 26);
	return str_fmt(a, "%s%zu", letters + at, row);
}

bool cell_parse(struct str name, size_t *ret_row, size_t *ret_column)
{
	size_t i = 0, column = 0, row = 0;

	i += name.n > 0 && name.s[0] == '$';
	for (; i < name.n && name.s[i] >= 'A' && name.s[i] <= 'Z' && column <= 16384; i++)
		column = column * 26 + (size_t)(name.s[i] - 'A') + 1;
	i += i < name.n && name.s[i] == '$';
	for (; i < name.n && name.s[i] >= '0' && name.s[i] <= '9' && row <= LIMIT_SHEET_ROWS; i++)
		row = row * 10 + (size_t)(name.s[i] - '0');
	if (i != name.n || !column || column > 16384 || !row || row > LIMIT_SHEET_ROWS)
		return false;
	*ret_row = row;
	*ret_column = column - 1;
	return true;
}

/* The code of "_x000D_" at s + i; 0: none there, or one that no text may hold. */
static unsigned escaped(struct str s, size_t i)
{
	unsigned v = 0;

	if (s.n - i < 7 || s.s[i] != '_' || s.s[i + 1] != 'x' || s.s[i + 6] != '_')
		return 0;
	for (size_t k = i + 2; k < i + 6; k++) {
		char c = s.s[k];

		if (!((c >= '0' && c <= '9') || (c >= 'A' && c <= 'F') || (c >= 'a' && c <= 'f')))
			return 0;
		v = v << 4 | (unsigned)(c <= '9' ? c - '0' : (c | 0x20) - 'a' + 10);
	}
	return v >= 0xd800 && v < 0xe000 ? 0 : v;
}

static void add_code(struct strbuf *b, unsigned v)
{
	if (v < 0x80) {
		strbuf_addc(b, (char)v);
		return;
	}
	if (v < 0x800) {
		strbuf_addc(b, (char)(0xc0 | v >> 6));
	} else {
		strbuf_addc(b, (char)(0xe0 | v >> 12));
		strbuf_addc(b, (char)(0x80 | (v >> 6 & 0x3f)));
	}
	strbuf_addc(b, (char)(0x80 | (v & 0x3f)));
}

struct str cell_unescape(struct arena *a, struct str s)
{
	struct strbuf b;

	if (s.n < 7 || !memmem(s.s, s.n, "_x", 2))
		return s;
	strbuf_init(&b, a);
	for (size_t i = 0; i < s.n;) {
		unsigned v = escaped(s, i);

		if (v)
			add_code(&b, v);
		else
			strbuf_addc(&b, s.s[i]);
		i += v ? 7 : 1;
	}
	return strbuf_str(&b);
}
