/* SPDX-License-Identifier: Apache-2.0 */
/* sheet_format.c -- what a file is, by its first bytes and not by its name. */
#include "sheet/package.h"
#include "sheet/sheet.h"

static bool holds(struct str s, const char *word, size_t n)
{
	return s.n >= n && memmem(s.s, s.n, word, n) != NULL;
}

/* The container of old Office files, and of new ones with a password. */
static enum rc refuse_compound(struct op *op, struct str bytes)
{
	static const char ENCRYPTED[] = "E\0n\0c\0r\0y\0p\0t\0e\0d\0P\0a\0c\0k\0a\0g\0e";

	if (holds(bytes, ENCRYPTED, sizeof(ENCRYPTED)))
		return fail(op, RC_INVALID, "xlsx", "",
		            "文件有打开密码；请在 Excel 或 WPS 中去掉密码后另存",
		            "the file is encrypted: save it without a password");
	return fail(op, RC_INVALID, "xlsx", "",
	            "这是旧的 .xls 格式；请在 Excel 或 WPS 中另存为 .xlsx 后再导入",
	            "this is the old .xls format: save it as .xlsx and import that");
}

static enum rc refuse_other(struct op *op, const char *what)
{
	return fail(op, RC_INVALID, "xlsx", "", "这是 %s 文件，不是表格；请另存为 .xlsx 或 CSV",
	            "this is a file of %s: save it as .xlsx or CSV", what);
}

/* A ZIP that may be another document. */
static enum rc check_package(struct op *op, struct str bytes)
{
	static const struct {
		const char *part, *what;
	} OTHERS[] = {
		{"xl/workbook.bin", ".xlsb"},
		{"content.xml", "OpenDocument"},
		{"word/document.xml", "Word"},
		{"ppt/presentation.xml", "PowerPoint"},
	};
	struct package *p;
	const char *what = NULL;

	TRY(package_open(op, bytes, &p));
	for (size_t i = 0; i < COUNT(OTHERS) && !what; i++)
		what = package_has(p, str_of(OTHERS[i].part)) ? OTHERS[i].what : NULL;
	package_close(p);
	return what ? refuse_other(op, what) : RC_OK;
}

enum rc sheet_recognise(struct op *op, struct str bytes, enum sheet_format *ret)
{
	if (str_starts(bytes, STR("\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1")))
		return refuse_compound(op, bytes);
	if (str_starts(bytes, STR("%PDF-")))
		return refuse_other(op, "PDF");
	if (str_starts(bytes, STR("PK\3\4")) || str_starts(bytes, STR("PK\5\6"))) {
		TRY(check_package(op, bytes));
		*ret = SHEET_XLSX;
		return RC_OK;
	}
	*ret = SHEET_CSV;
	return RC_OK;
}
