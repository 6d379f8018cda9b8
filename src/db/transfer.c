/* SPDX-License-Identifier: Apache-2.0 */
/* transfer.c -- see transfer.h. */
#include "db/transfer.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/folder.h"
#include "db/sqlite.h"

enum { PIECE = 1 << 18 };

static enum rc fail_file(struct op *op, int e, struct str path)
{
	const char *why = strerror(e);

	if (e == ENOENT || e == ENOTDIR)
		return fail(op, RC_NOT_FOUND, "", "", "没有此文件：%s", "there is no such file: %s",
		            str_copy(op->arena, path).s);
	if (e == EACCES || e == EPERM || e == EROFS)
		return fail(op, RC_DENIED, "", "", "没有权限，或位置只读：%s（%s）",
		            "no permission, or a read-only place: %s (%s)", str_copy(op->arena, path).s,
		            why);
	if (e == EEXIST || e == ENOTEMPTY)
		return fail(op, RC_CONFLICT, "", "", "已存在，不覆盖：%s", "it exists and is not overwritten: %s",
		            str_copy(op->arena, path).s);
	if (e == ENOSPC || e == EDQUOT || e == EFBIG)
		return fail(op, RC_BROKEN, "", "", "磁盘已满，请腾出空间：%s（%s）",
		            "the disk is full, make room: %s (%s)", str_copy(op->arena, path).s, why);
	return fail(op, RC_BROKEN, "", "", "文件操作失败：%s（%s）", "a file operation failed: %s (%s)",
	            str_copy(op->arena, path).s, why);
}

static int write_all(int fd, const char *p, size_t n)
{
	while (n > 0) {
		ssize_t got = write(fd, p, n);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		p += got;
		n -= (size_t)got;
	}
	return 0;
}

/* To its end, hashed, and written to `to` when that is >= 0.  Returns 0 or an errno. */
static int pump(int from, int to, struct hasher *h, struct file_print *ret)
{
	char *piece = malloc(PIECE);
	ssize_t got = -1;
	int e = 0;

	if (!piece)
		abort(); /* as arena_alloc */
	ret->bytes = 0;
	hasher_start(h);
	while (e == 0 && (got = read(from, piece, PIECE)) != 0) {
		if (got < 0) {
			e = errno == EINTR ? 0 : errno;
			continue;
		}
		hasher_add(h, piece, (size_t)got);
		ret->bytes += got;
		if (to >= 0)
			e = write_all(to, piece, (size_t)got);
	}
	ret->sha256 = hasher_end(h);
	free(piece);
	return e;
}

enum rc file_print(struct op *op, struct str path, struct file_print *ret)
{
	struct hasher *h;
	int fd = open(str_copy(op->arena, path).s, O_RDONLY | O_CLOEXEC), e;

	if (fd < 0)
		return fail_file(op, errno, path);
	h = hasher_new(HASH_SHA256);
	e = pump(fd, -1, h, ret);
	hasher_free(h);
	(void)close(fd);
	return e == 0 ? RC_OK : fail_file(op, e, path);
}

enum rc file_copy(struct op *op, struct str from, struct str to, int mode, struct file_print *ret)
{
	struct str source = str_copy(op->arena, from), target = str_copy(op->arena, to);
	int in = open(source.s, O_RDONLY | O_CLOEXEC), out, e;
	struct hasher *h;

	if (in < 0)
		return fail_file(op, errno, from);
	out = open(target.s, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, (mode_t)mode);
	if (out < 0) {
		e = errno;
		(void)close(in);
		return fail_file(op, e, to);
	}
	h = hasher_new(HASH_SHA256);
	e = pump(in, out, h, ret);
	hasher_free(h);
	if (e == 0 && (fchmod(out, (mode_t)mode) != 0 || fsync(out) != 0))
		e = errno;
	if (close(out) != 0 && e == 0)
		e = errno;
	(void)close(in);
	if (e != 0)
		(void)unlink(target.s);
	return e == 0 ? RC_OK : fail_file(op, e, to);
}

enum rc transfer_open(struct op *op, struct str path, struct db **ret)
{
	struct db *db;
	enum rc rc;

	TRY(db_open_sqlite(op, path, DB_CREATE_LOG, &db));
	rc = lite_set_sync(op, db, LITE_OFF);
	if (rc != RC_OK) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return RC_OK;
}

enum rc transfer_settle(struct op *op, struct db *db)
{
	enum rc rc = lite_set_sync(op, db, LITE_FULL);

	if (rc == RC_OK)
		rc = db_flush(op, db);
	db_close(db);
	return rc;
}

/* In one step, under one snapshot of the source: whoever writes meanwhile is not held up. */
static enum rc copy_pages(struct op *op, struct db *from, struct db *to)
{
	sqlite3 *target = ((struct lite *)to->c->impl)->db;
	sqlite3_backup *b = sqlite3_backup_init(target, "main", ((struct lite *)from->c->impl)->db,
	                                        "main");
	int code;

	if (!b)
		return lite_fail(op, to->c, sqlite3_errcode(target), "backup");
	(void)sqlite3_backup_step(b, -1);
	code = sqlite3_backup_finish(b);
	return code == SQLITE_OK ? RC_OK : lite_fail(op, to->c, code, "backup");
}

enum rc db_copy_sqlite(struct op *op, struct str from, struct str to)
{
	struct db *source = NULL, *target = NULL;
	enum rc rc;

	if (file_exists(to))
		return fail_file(op, EEXIST, to);
	TRY(db_open_sqlite(op, from, DB_READ, &source));
	rc = db_open_sqlite(op, to, DB_CREATE, &target);
	if (rc == RC_OK)
		rc = copy_pages(op, source, target);
	db_close(source);
	if (rc == RC_OK)
		return transfer_settle(op, target);
	db_close(target);
	return rc;
}

/* Folders. */
static int by_name(const void *a, const void *b)
{
	return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

enum rc folder_names(struct op *op, struct str dir, struct str **ret, size_t *ret_n)
{
	DIR *d = opendir(str_copy(op->arena, dir).s);
	const struct dirent *e;
	struct str *list = NULL;
	size_t n = 0, cap = 0;

	if (!d)
		return fail_file(op, errno, dir);
	while ((e = readdir(d)) != NULL) {
		if (e->d_name[0] == '.')
			continue;
		if (n == cap) {
			struct str *more = arena_array(op->arena, cap * 2 + 16, sizeof(*more));

			if (n)
				memcpy(more, list, n * sizeof(*list));
			list = more;
			cap = cap * 2 + 16;
		}
		list[n++] = str_copy(op->arena, str_of(e->d_name));
	}
	(void)closedir(d);
	if (n)
		qsort(list, n, sizeof(*list), by_name);
	*ret = list;
	*ret_n = n;
	return RC_OK;
}

enum rc folder_settle(struct op *op, struct str dir)
{
	int fd = open(str_copy(op->arena, dir).s, O_RDONLY | O_DIRECTORY | O_CLOEXEC), e = 0;

	if (fd < 0 || fsync(fd) != 0)
		e = errno;
	if (fd >= 0)
		(void)close(fd);
	return e == 0 ? RC_OK : fail_file(op, e, dir);
}

/* rename() would put a folder in the place of an empty one. */
enum rc folder_rename(struct op *op, struct str from, struct str to)
{
	struct str parent = to;

	if (file_exists(to))
		return fail_file(op, EEXIST, to);
	if (rename(str_copy(op->arena, from).s, str_copy(op->arena, to).s) != 0)
		return fail_file(op, errno, to);
	while (parent.n > 0 && parent.s[parent.n - 1] != '/')
		parent.n--;
	return folder_settle(op, parent.n ? parent : STR("."));
}

static void discard(struct op *op, struct str dir, int depth)
{
	struct op quiet = {.arena = op->arena};
	struct str *names, path;
	size_t n;

	if (depth == 0 || folder_names(&quiet, dir, &names, &n) != RC_OK)
		return;
	for (size_t i = 0; i < n; i++) {
		path = str_fmt(op->arena, STR_FMT "/%s", STR_ARG(dir), names[i].s);
		if (unlink(path.s) != 0)
			discard(op, path, depth - 1);
	}
	(void)rmdir(str_copy(op->arena, dir).s);
}

void folder_discard(struct op *op, struct str dir)
{
	enum { DEPTH = 3 }; /* keys/tls/root.key */

	discard(op, dir, DEPTH);
}
