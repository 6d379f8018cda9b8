/* SPDX-License-Identifier: Apache-2.0 */
/* source.c -- see source.h: what the kinds of source have in common. */
#include "audit/source_kinds.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#define VKEY_BYTES 1024 /* a name, an id and a key; a real one has about 100 */

enum rc source_file_read(struct op *op, struct str path, size_t max, struct str *ret)
{
	/* Not to block on a pipe that somebody put in the place of a file. */
	int fd = open(path.s, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	struct stat st;
	char *bytes;
	size_t n = 0;
	ssize_t got = 1;

	if (fd < 0 && (errno == ENOENT || errno == ENOTDIR))
		return fail(op, RC_NOT_FOUND, "", "", "没有文件 %s", "there is no file %s", path.s);
	if (fd < 0)
		return fail(op, RC_DENIED, "", "", "无法读取 %s", "cannot read %s", path.s);
	if (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode) || (uint64_t)st.st_size > max) {
		close(fd);
		return fail(op, RC_INVALID, "", "", "%s 不是普通文件，或超过 %zu 字节",
		            "%s is not a plain file, or larger than %zu bytes", path.s, max);
	}
	bytes = arena_alloc(op->arena, (size_t)st.st_size + 1);
	while (n < (size_t)st.st_size && got > 0) {
		got = read(fd, bytes + n, (size_t)st.st_size - n);
		n += got > 0 ? (size_t)got : 0;
	}
	close(fd);
	if (got < 0)
		return fail(op, RC_BROKEN, "", "", "读取 %s 时出错", "an error while reading %s",
		            path.s);
	*ret = (struct str){bytes, n};
	return RC_OK;
}

static bool is_there(struct op *op, struct str dir, const char *name)
{
	struct str path = str_fmt(op->arena, STR_FMT "/%s", STR_ARG(dir), name);
	struct stat st;

	return stat(path.s, &st) == 0;
}

static bool is_url(struct str s)
{
	return str_starts(s, STR("postgresql://")) || str_starts(s, STR("postgres://"));
}

static bool is_http(struct str s)
{
	return str_starts(s, STR("http://")) || str_starts(s, STR("https://"));
}

bool source_has_files(const struct source *s)
{
	return s->kind == SOURCE_HTTP || s->path.n > 0;
}

bool source_has_bundles(const struct source *s)
{
	return s->kind == SOURCE_EXPORT || s->kind == SOURCE_HTTP;
}

/* Which kind the source is; fills the members that say so. */
static enum rc recognise(struct op *op, struct str path, struct str url, struct source *s)
{
	struct stat st;

	if (is_http(path)) {
		s->kind = SOURCE_HTTP;
		return RC_OK;
	}
	if (is_url(path)) {
		s->kind = SOURCE_DATABASE;
		return RC_OK;
	}
	if (stat(path.s, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail(op, RC_NOT_FOUND, "source", "", "没有文件夹 %s", "there is no folder %s",
		            path.s);
	s->path = str_copy(op->arena, path);
	if (url.n > 0)
		s->kind = SOURCE_DATABASE;
	else if (is_there(op, path, "ledger.db"))
		s->kind = SOURCE_FOLDER;
	else if (is_there(op, path, "checkpoint") || is_there(op, path, "tile"))
		s->kind = SOURCE_EXPORT;
	else
		return fail(op, RC_INVALID, "source", "",
		            "%s 既不是数据目录（无 ledger.db），也不是导出目录（无 checkpoint）",
		            "%s is neither a data folder (no ledger.db) nor an export (no "
		            "checkpoint)",
		            path.s);
	return RC_OK;
}

enum rc source_open(struct op *keep, const struct source_where *where, struct report *report,
                    struct source *ret)
{
	struct source s = {.report = report, .note_size = NO_INDEX, .note_n = NO_INDEX};
	enum rc rc;

	TRY(recognise(keep, where->path, where->url, &s));
	if (s.kind == SOURCE_EXPORT)
		rc = source_export_open(keep, &s);
	else if (s.kind == SOURCE_HTTP)
		rc = source_http_open(keep, where, &s);
	else
		rc = source_db_open(keep, where->url.n > 0 ? where->url : where->path, &s);
	if (rc != RC_OK) {
		source_release(&s);
		return rc;
	}
	*ret = s;
	return RC_OK;
}

bool source_damaged(struct op *op, struct str path, struct str url, enum rc rc)
{
	return url.n == 0 && !is_url(path) && !is_http(path) && is_there(op, path, "ledger.db") &&
	       (rc == RC_BROKEN || (rc == RC_INVALID && is_there(op, path, "format")));
}

void source_release(struct source *s)
{
	if (s->kind == SOURCE_HTTP)
		source_http_release(s);
	else if (s->kind != SOURCE_EXPORT)
		source_db_release(s);
}

enum rc source_failed(struct op *op, const struct source *s)
{
	return s->kind == SOURCE_HTTP ? source_http_failed(op, s) : RC_OK;
}

enum rc source_rows(struct op *op, struct source *s, int64_t from, struct source_row *ret,
                    size_t *ret_n)
{
	enum rc rc = s->kind == SOURCE_HTTP     ? source_http_rows(op, s, from, ret, ret_n)
	             : s->kind == SOURCE_EXPORT ? source_export_rows(op, s, from, ret, ret_n)
	                                        : source_db_rows(op, s, from, ret, ret_n);

	s->unreadable = s->unreadable || rc != RC_OK;
	return rc;
}

enum rc source_note_next(struct op *op, struct source *s, struct source_note *ret)
{
	if (s->kind == SOURCE_HTTP)
		return source_http_note_next(op, s, ret);
	if (s->kind == SOURCE_EXPORT)
		return source_export_note_next(op, s, ret);
	return source_db_note_next(op, s, ret);
}

void source_tile(struct op *op, struct source *s, int level, uint64_t n, const struct hash *h,
                 int width)
{
	if (s->kind == SOURCE_HTTP)
		source_http_tile(op, s, level, n, h, width);
	else if (s->kind == SOURCE_EXPORT)
		source_export_tile(op, s, level, n, h, width);
	else
		source_db_tile(op, s, level, n, h, width);
}

void source_extra(struct op *op, struct source *s, uint64_t size)
{
	if (s->kind == SOURCE_HTTP)
		source_http_extra(s);
	else if (s->kind == SOURCE_EXPORT)
		source_export_extra(op, s, size);
	else
		source_db_extra(op, s, size);
}

enum rc source_blob(struct op *op, const struct source *s, struct str hash, struct str *ret)
{
	const char *form = s->kind == SOURCE_EXPORT ? "%s/rules/%.64s.json" : "%s/blobs/%.64s";
	uint8_t bytes[32];

	/* The name comes from an entry: only a hash may become part of a path. */
	if (!hex_decode(hash, bytes, sizeof(bytes)))
		return fail(op, RC_INVALID, "", "", "规则的校验值格式不对", "not the hash of a file");
	if (s->kind == SOURCE_HTTP)
		return source_http_file(op, s, str_fmt(op->arena, "rules/%.64s.json", hash.s),
		                        LIMIT_BODY * 4, ret);
	if (s->path.n == 0)
		return fail(op, RC_NOT_FOUND, "", "", "只给了数据库地址，没有数据目录",
		            "only a database was given, no data folder");
	return source_file_read(op, str_fmt(op->arena, form, s->path.s, hash.s), LIMIT_BODY * 4,
	                        ret);
}

enum rc source_vkey(struct op *op, const struct source *s, struct str *ret)
{
	const char *form = s->kind == SOURCE_EXPORT ? "%s/vkey" : "%s/keys/log.vkey";

	if (s->kind == SOURCE_HTTP)
		return source_http_file(op, s, STR("vkey"), VKEY_BYTES, ret);
	if (s->path.n == 0)
		return fail(op, RC_NOT_FOUND, "", "", "只给了数据库地址，没有数据目录",
		            "only a database was given, no data folder");
	return source_file_read(op, str_fmt(op->arena, form, s->path.s), VKEY_BYTES, ret);
}

void source_tile_compare(struct source *s, int level, uint64_t n, const struct hash *h, int width,
                         struct str stored)
{
	size_t size = sizeof(h->b);
	uint64_t span = UINT64_C(1) << (8 * level); /* entries under one hash of this level */

	for (int i = 0; i < width; i++) {
		if ((size_t)(i + 1) * size <= stored.n &&
		    memcmp(stored.s + (size_t)i * size, h[i].b, size) == 0)
			continue;
		report_add(s->report, FINDING_TILE,
		           (int64_t)((n * TILE_WIDTH + (uint64_t)i) * span),
		           "校验分片（第 %d 层第 %llu 片）从本号起与记录内容不符",
		           "tile (level %d, number %llu) differs from the entries from here on",
		           level,
		           (unsigned long long)n);
		return;
	}
	if (stored.n != (size_t)width * size)
		report_add(s->report, FINDING_TILE, (int64_t)(n * TILE_WIDTH * span),
		           "校验分片（第 %d 层第 %llu 片）长度不对：%zu 字节",
		           "tile (level %d, number %llu) has the wrong length: %zu bytes", level,
		           (unsigned long long)n, stored.n);
}
