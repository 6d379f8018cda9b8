/* SPDX-License-Identifier: Apache-2.0 */
/* package.c -- see package.h.
 *
 * libzip keeps something of every entry as soon as it opens a file, so their number is looked at
 * before: in each end record that libzip might believe.
 */
#include <zip.h>

#include "base/limits.h"
#include "sheet/package.h"

struct package {
	zip_t *zip;
	uint64_t total; /* bytes unpacked so far, of all parts */
};

static enum rc refuse_broken(struct op *op)
{
	return fail(op, RC_INVALID, "xlsx", "", "XLSX 文件已损坏，请用 Excel 或 WPS 打开后另存一次",
	            "the XLSX file is broken: open it in a spreadsheet and save it again");
}

static enum rc refuse_parts(struct op *op)
{
	return fail(op, RC_INVALID, "xlsx", "", "XLSX 文件内部超过 %d 个部件，不予打开",
	            "the XLSX file has more than %d parts and is not opened", LIMIT_SHEET_PARTS);
}

static uint64_t le(const char *p, int n)
{
	uint64_t v = 0;

	for (int i = n - 1; i >= 0; i--)
		v = v << 8 | (unsigned char)p[i];
	return v;
}

/* Entries by the end record of 64 bits that a locator before `end` points at. */
static uint64_t entries_64(struct str b, size_t end)
{
	enum { LOCATOR = 20, COUNT_AT = 32, RECORD = 56 };
	uint64_t at;

	if (end < LOCATOR || memcmp(b.s + end - LOCATOR, "PK\6\7", 4) != 0)
		return 0;
	at = le(b.s + end - LOCATOR + 8, 8);
	return at <= b.n && b.n - at >= RECORD ? le(b.s + at + COUNT_AT, 8) : UINT64_MAX;
}

/* The most that any end record in the last 64 KB says. */
static uint64_t entries_said(struct str b)
{
	enum { END = 22, COMMENT = 65535 };
	size_t from = b.n > END + COMMENT ? b.n - END - COMMENT : 0;
	uint64_t most = 0;

	for (size_t i = from; i + END <= b.n; i++) {
		uint64_t n, n64;

		if (memcmp(b.s + i, "PK\5\6", 4) != 0)
			continue;
		n = le(b.s + i + 10, 2);
		n64 = entries_64(b, i);
		n = n64 && n == 0xffff ? n64 : n; /* "as the other record says" */
		most = n > most ? n : most;
	}
	return most;
}

enum rc package_open(struct op *op, struct str bytes, struct package **ret)
{
	struct package *p;
	zip_source_t *src;
	zip_error_t e;
	zip_t *z;

	if (entries_said(bytes) > LIMIT_SHEET_PARTS)
		return refuse_parts(op);
	zip_error_init(&e);
	src = zip_source_buffer_create(bytes.s, bytes.n, 0, &e);
	z = src ? zip_open_from_source(src, ZIP_RDONLY, &e) : NULL;
	zip_error_fini(&e);
	if (!z) {
		zip_source_free(src);
		return refuse_broken(op);
	}
	if (zip_get_num_entries(z, 0) > LIMIT_SHEET_PARTS) {
		zip_discard(z);
		return refuse_parts(op);
	}
	p = ARENA_NEW(op->arena, struct package);
	p->zip = z;
	*ret = p;
	return RC_OK;
}

void package_close(struct package *p)
{
	if (p)
		zip_discard(p->zip);
}

/* Some programs write the separators of their own system. */
static zip_int64_t find(const struct package *p, struct str name)
{
	zip_int64_t at = zip_name_locate(p->zip, name.s, ZIP_FL_NOCASE);
	char dos[256];

	if (at >= 0 || name.n >= sizeof(dos))
		return at;
	for (size_t i = 0; i <= name.n; i++)
		dos[i] = name.s[i] == '/' ? '\\' : name.s[i];
	return zip_name_locate(p->zip, dos, ZIP_FL_NOCASE);
}

bool package_has(const struct package *p, struct str name)
{
	return find(p, name) >= 0;
}

/* Where a part is, and that it is one that we unpack. */
static enum rc part_find(struct op *op, struct package *p, struct str name, zip_stat_t *ret)
{
	const zip_uint64_t need = ZIP_STAT_INDEX | ZIP_STAT_COMP_SIZE | ZIP_STAT_COMP_METHOD |
	                          ZIP_STAT_ENCRYPTION_METHOD;
	zip_int64_t at = find(p, name);
	zip_stat_t st;

	if (at < 0)
		return fail(op, RC_INVALID, "xlsx", "", "XLSX 文件缺少部件 %s，请用 Excel 或 WPS 另存一次",
		            "the XLSX file lacks its part %s: save it again in a spreadsheet", name.s);
	zip_stat_init(&st);
	if (zip_stat_index(p->zip, (zip_uint64_t)at, 0, &st) != 0 || (st.valid & need) != need)
		return refuse_broken(op);
	if (st.encryption_method != ZIP_EM_NONE)
		return fail(op, RC_INVALID, "xlsx", "", "文件有打开密码，请去掉密码后另存",
		            "the file is encrypted: save it without a password");
	if (st.comp_method != ZIP_CM_STORE && st.comp_method != ZIP_CM_DEFLATE)
		return refuse_broken(op);
	*ret = st;
	return RC_OK;
}

static enum rc check_growth(struct op *op, struct package *p, const zip_stat_t *st, uint64_t out)
{
	uint64_t packed = st->comp_size ? st->comp_size : 1;

	if (p->total <= LIMIT_SHEET_XML &&
	    (out <= LIMIT_SHEET_FREE || out / packed <= LIMIT_SHEET_RATIO))
		return RC_OK;
	return fail(op, RC_INVALID, "xlsx", "",
	            "XLSX 文件解压后异常庞大（超过 %d MB 或 %d 倍），不予导入",
	            "the XLSX file unpacks to more than %d MB or %d times its size and is refused",
	            LIMIT_SHEET_XML >> 20, LIMIT_SHEET_RATIO);
}

static enum rc pump(struct op *op, struct package *p, zip_file_t *f, const zip_stat_t *st,
                    package_take *take, void *ctx)
{
	char buf[32768];
	uint64_t out = 0;

	for (;;) {
		zip_int64_t n = zip_fread(f, buf, sizeof(buf));

		if (n < 0)
			return refuse_broken(op);
		if (n == 0)
			return RC_OK;
		out += (uint64_t)n;
		p->total += (uint64_t)n;
		TRY(check_growth(op, p, st, out));
		TRY(take(ctx, buf, (size_t)n));
	}
}

enum rc package_read(struct op *op, struct package *p, struct str name, package_take *take,
                     void *ctx)
{
	zip_stat_t st;
	zip_file_t *f;
	enum rc rc;

	TRY(part_find(op, p, name, &st));
	f = zip_fopen_index(p->zip, st.index, 0);
	if (!f)
		return refuse_broken(op);
	rc = pump(op, p, f, &st, take, ctx);
	(void)zip_fclose(f);
	return rc;
}
