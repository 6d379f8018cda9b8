/* SPDX-License-Identifier: Apache-2.0 */
/* file.c -- small files and directories of a data folder.
 *
 * A file is written to a temporary name beside it, fsynced, renamed, and its directory fsynced: a
 * reader or a power cut sees the old bytes or the new ones, whole.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/store.h"

static enum rc fail_errno(struct op *op, int e, struct str path)
{
	const char *why = strerror(e);

	switch (e) {
	case ENOENT:
	case ENOTDIR:
		return fail(op, RC_NOT_FOUND, "", "", "没有此文件：" STR_FMT "（%s）",
		            "there is no such file: " STR_FMT " (%s)", STR_ARG(path), why);
	case EACCES:
	case EPERM:
	case EROFS:
		return fail(op, RC_DENIED, "", "", "没有权限，或位置只读：" STR_FMT "（%s）",
		            "no permission, or a read-only place: "
		            "" STR_FMT " (%s)", STR_ARG(path), why);
	case ENOSPC:
	case EDQUOT:
		return fail(op, RC_BROKEN, "", "", "磁盘已满，请腾出空间：" STR_FMT "（%s）",
		            "the disk is full, make room: " STR_FMT " (%s)", STR_ARG(path), why);
	default:
		return fail(op, RC_BROKEN, "", "", "文件操作失败：" STR_FMT "（%s）",
		            "a file operation failed: " STR_FMT " (%s)", STR_ARG(path), why);
	}
}

static struct str parent_of(struct arena *a, struct str path)
{
	size_t n = path.n;

	while (n > 0 && path.s[n - 1] != '/')
		n--;
	if (n == 0)
		return STR(".");
	return n == 1 ? STR("/") : str_dup(a, path.s, n - 1);
}

static int sync_dir(struct str dir)
{
	int fd = open(dir.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC), e = 0;

	if (fd < 0)
		return errno;
	if (fsync(fd) != 0)
		e = errno;
	(void)close(fd);
	return e;
}

static int write_all(int fd, struct str bytes)
{
	while (bytes.n > 0) {
		ssize_t n = write(fd, bytes.s, bytes.n);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return errno;
		bytes.s += n;
		bytes.n -= (size_t)n;
	}
	return 0;
}

/* Leaves nothing behind when it fails.  Returns 0 or an errno. */
static int write_beside(char *name, const char *path, struct str bytes, int mode)
{
	int fd = mkostemp(name, O_CLOEXEC), e;

	if (fd < 0)
		return errno;
	e = write_all(fd, bytes);
	if (e == 0 && fchmod(fd, (mode_t)mode) != 0)
		e = errno;
	if (e == 0 && fsync(fd) != 0)
		e = errno;
	if (close(fd) != 0 && e == 0)
		e = errno;
	if (e == 0 && rename(name, path) != 0)
		e = errno;
	if (e != 0)
		(void)unlink(name);
	return e;
}

enum rc file_write(struct op *op, struct str path, struct str bytes, int mode)
{
	path = str_copy(op->arena, path);
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_addf(&b, STR_FMT ".XXXXXX", STR_ARG(path));
	int e = write_beside(b.s, path.s, bytes, mode);
	if (e == 0)
		e = sync_dir(parent_of(op->arena, path));
	return e == 0 ? RC_OK : fail_errno(op, e, path);
}

/* The file's bytes, at most max.  Returns 0 or an errno; EFBIG: larger. */
static int read_all(struct arena *a, int fd, size_t max, struct str *ret)
{
	struct stat st;
	size_t n = 0;

	if (fstat(fd, &st) != 0)
		return errno;
	if (!S_ISREG(st.st_mode))
		return EISDIR;
	if ((uintmax_t)st.st_size > max)
		return EFBIG;
	size_t size = (size_t)st.st_size;
	char *at = arena_alloc(a, size + 1);
	while (n < size) {
		ssize_t got = read(fd, at + n, size - n);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		if (got == 0)
			break; /* it became shorter meanwhile */
		n += (size_t)got;
	}
	*ret = (struct str){at, n};
	return 0;
}

enum rc file_read(struct op *op, struct str path, size_t max, struct str *ret)
{
	path = str_copy(op->arena, path);
	int fd = open(path.s, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		return fail_errno(op, errno, path);
	int e = read_all(op->arena, fd, max, ret);
	(void)close(fd);
	if (e == EFBIG)
		return fail(op, RC_INVALID, "", "", "文件过大（上限 %zu 字节）：%s",
		            "the file is too large (at most %zu bytes): %s", max, path.s);
	return e == 0 ? RC_OK : fail_errno(op, e, path);
}

/* A path with no copy of its own: names of ours are far shorter than this. */
bool file_exists(struct str path)
{
	char z[4096];
	struct stat st;

	if (path.n >= sizeof(z))
		return false;
	memcpy(z, path.n > 0 ? path.s : "", path.n);
	z[path.n] = '\0';
	return stat(z, &st) == 0;
}

enum rc dir_make(struct op *op, struct str path, int mode)
{
	char *z = arena_alloc(op->arena, path.n + 1);
	struct stat st;

	memcpy(z, path.s, path.n);
	for (size_t i = 1; i <= path.n; i++) {
		if (i < path.n && z[i] != '/')
			continue;
		z[i] = '\0';
		/* A read-only place says so even of what is there already. */
		int e = mkdir(z, i < path.n ? 0755 : (mode_t)mode) == 0 ? 0 : errno;
		if (e == 0)
			e = sync_dir(parent_of(op->arena, (struct str){z, i}));
		else if (e == EEXIST || stat(z, &st) == 0)
			e = 0;
		if (e != 0)
			return fail_errno(op, e, path);
		if (i < path.n)
			z[i] = '/';
	}
	if (stat(z, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail_errno(op, EEXIST, path);
	return RC_OK;
}
