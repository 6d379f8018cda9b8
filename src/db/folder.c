/* SPDX-License-Identifier: Apache-2.0 */
/* folder.c -- see folder.h.
 *
 * `format` is written last when a folder is made and looked for first when it is opened, so a
 * folder whose making was interrupted is never taken for a ledger.
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "db/folder.h"

#define FORMAT_NAME "gongyuan-data "
#define ROOM_BYTES (4 << 20) /* the WAL grows to 1000 pages of 4 KiB between checkpoints */

struct str folder_path(struct op *op, struct str dir, const char *name)
{
	return str_fmt(op->arena, STR_FMT "/%s", STR_ARG(dir), name);
}

static bool has(struct op *op, struct str dir, const char *name)
{
	return file_exists(folder_path(op, dir, name));
}

/* ---- making ---- */

static enum rc check_empty(struct op *op, struct str dir)
{
	DIR *d = opendir(dir.s);
	const struct dirent *e;
	bool empty = true;

	if (d == NULL)
		return fail(op, RC_DENIED, "data", "", "没有读取目录的权限：%s",
		            "no permission to read the folder: %s", dir.s);
	while ((e = readdir(d)) != NULL)
		empty = empty && (strcmp(e->d_name, ".") == 0 || strcmp(e->d_name, "..") == 0);
	(void)closedir(d);
	if (empty)
		return RC_OK;
	return fail(op, RC_CONFLICT, "data", "", "目录中已有内容，请另选一个空目录：%s",
	            "there is something in the folder already, name an empty one: %s", dir.s);
}

enum rc folder_make(struct op *op, struct str dir)
{
	TRY(dir_make(op, dir, 0750));
	TRY(check_empty(op, dir));
	TRY(dir_make(op, folder_path(op, dir, "blobs"), 0750));
	return dir_make(op, folder_path(op, dir, "keys"), 0700);
}

void folder_unmake(struct op *op, struct str dir)
{
	static const char *const FILES[] = {
		"format", "ledger.db", "ledger.db-wal", "ledger.db-shm", "view.db", "view.db-wal",
		"view.db-shm", "lock",
	};

	for (size_t i = 0; i < COUNT(FILES); i++)
		(void)unlink(folder_path(op, dir, FILES[i]).s);
	(void)rmdir(folder_path(op, dir, "blobs").s);
	(void)rmdir(folder_path(op, dir, "keys").s);
}

enum rc folder_write_format(struct op *op, struct str dir)
{
	struct str line = str_fmt(op->arena, FORMAT_NAME "%d\n", STORE_FORMAT);

	return file_write(op, folder_path(op, dir, "format"), line, 0640);
}

/* ---- checks ---- */

static enum rc not_ours(struct op *op, struct str dir)
{
	/* Our files without the line that says so: the line was lost in copying. */
	if (has(op, dir, "ledger.db") || has(op, dir, "blobs"))
		return fail(op, RC_NOT_FOUND, "data", "",
		            "数据目录不完整，缺少 format：请重新完整复制，或从备份恢复：%s",
		            "the data folder is half-copied, its file format is missing: copy "
		            "the whole "
		            "folder again or restore a backup: %s", dir.s);
	return fail(op, RC_NOT_FOUND, "data", "",
	            "这不是本系统的数据目录：请核对 --data，或用 gongyuan init 新建：%s",
	            "this is not a data folder of Gongyuan: check --data, or make one with "
	            "gongyuan init: %s", dir.s);
}

static enum rc check_format(struct op *op, struct str dir)
{
	struct str line, head = STR(FORMAT_NAME);
	int64_t n;

	if (!has(op, dir, "format"))
		return not_ours(op, dir);
	TRY(file_read(op, folder_path(op, dir, "format"), 64, &line));
	if (!str_starts(line, head) || !str_ends(line, STR("\n")) ||
	    !str_to_i64((struct str){line.s + head.n, line.n - head.n - 1}, &n))
		return not_ours(op, dir);
	if (n > STORE_FORMAT)
		return fail(op, RC_INVALID, "data", "",
		            "数据目录由较新版本的程序建立，请换用新版程序打开：%s",
		            "the data folder is of a newer program: open it with a newer "
		            "version: %s",
		            dir.s);
	if (n < STORE_FORMAT)
		return fail(op, RC_CONFLICT, "data", "",
		            "数据目录的格式较旧，本程序不能升级它：请先备份，再用建立它的版本打开：%s",
		            "the data folder has an older format that this program cannot upgrade: "
		            "back it up, then open it with the version that made it: %s", dir.s);
	return RC_OK;
}

static enum rc missing(struct op *op, struct str dir, const char *name)
{
	return fail(op, RC_NOT_FOUND, "data", "",
	            "数据目录不完整，缺少 %s：请重新完整复制，或从备份恢复：%s",
	            "the data folder is half-copied, %s is missing: copy the whole folder again or "
	            "restore a backup: %s", name, dir.s);
}

static enum rc check_files(struct op *op, struct str dir)
{
	struct stat st;

	if (stat(folder_path(op, dir, "ledger.db").s, &st) != 0)
		return fail(op, RC_NOT_FOUND, "data", "",
		            "数据目录不完整，缺少 ledger.db：请重新完整复制或从备份恢复；如账本在 "
		            "PostgreSQL 中，请加 --db：%s",
		            "the data folder is half-copied, ledger.db is missing: copy the "
		            "whole folder "
		            "again or restore a backup; if the ledger is in PostgreSQL, add "
		            "--db: %s",
		            dir.s);
	if (st.st_size == 0)
		return missing(op, dir, "ledger.db");
	if (!has(op, dir, "view.db") && !folder_in_swap(op, dir))
		return fail(op, RC_NOT_FOUND, "data", "",
		            "数据目录不完整，缺少 view.db：请重新完整复制；如确已丢失，建一个同名空文件，"
		            "即可由账本重建：%s",
		            "the data folder is half-copied, view.db is missing: copy the whole "
		            "folder "
		            "again; if it is lost, make an empty file of that name and it is "
		            "rebuilt from "
		            "the ledger: %s", dir.s);
	return RC_OK;
}

enum rc folder_check(struct op *op, struct str dir, bool files)
{
	struct stat st;

	if (stat(dir.s, &st) != 0 && (errno == EACCES || errno == EPERM))
		return fail(op, RC_DENIED, "data", "", "没有进入数据目录的权限，请换用其所有者运行：%s",
		            "no permission to enter the data folder: run as its owner: %s", dir.s);
	if (stat(dir.s, &st) != 0 || !S_ISDIR(st.st_mode))
		return fail(op, RC_NOT_FOUND, "data", "",
		            "没有此数据目录：请核对 --data，或用 gongyuan init 新建：%s",
		            "there is no such data folder: check --data, or make one with gongyuan "
		            "init: %s", dir.s);
	if (access(dir.s, R_OK | X_OK) != 0)
		return fail(op, RC_DENIED, "data", "", "没有读取数据目录的权限，请换用其所有者运行：%s",
		            "no permission to read the data folder: run as its owner: %s", dir.s);
	TRY(check_format(op, dir));
	if (!has(op, dir, "blobs"))
		return missing(op, dir, "blobs");
	if (!has(op, dir, "keys"))
		return missing(op, dir, "keys");
	return files ? check_files(op, dir) : RC_OK;
}

static uint32_t be32(const char *p)
{
	const unsigned char *b = (const unsigned char *)p;

	return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* SQLite's header: page size at 16 (1 means 65536), pages at 28, which count when the counters at
 * 24 and 92 agree.  With a WAL beside it the file may lag behind its header: SQLite mends that. */
enum rc folder_check_whole(struct op *op, struct str dir)
{
	struct str path = folder_path(op, dir, "ledger.db");
	char h[100];
	struct stat st, wal;

	if (stat(folder_path(op, dir, "ledger.db-wal").s, &wal) == 0 && wal.st_size > 0)
		return RC_OK;
	int fd = open(path.s, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return RC_OK; /* opening the database says why */
	bool got = read(fd, h, sizeof(h)) == (ssize_t)sizeof(h) && fstat(fd, &st) == 0;
	(void)close(fd);
	if (!got)
		return missing(op, dir, "ledger.db");
	int64_t page = (int64_t)(be32(h + 16) >> 16);
	if (page == 1)
		page = 65536;
	if (memcmp(h, "SQLite format 3", 16) != 0 || be32(h + 24) != be32(h + 92) ||
	    st.st_size >= page * (int64_t)be32(h + 28))
		return RC_OK;
	return fail(op, RC_NOT_FOUND, "data", "",
	            "ledger.db 不完整（复制中断）：请重新完整复制，或从备份恢复：%s",
	            "ledger.db is half-copied, its end is missing: copy the whole folder again or "
	            "restore a backup: %s", dir.s);
}

enum rc folder_check_room(struct op *op, struct str dir)
{
	struct statvfs fs;

	if (statvfs(dir.s, &fs) != 0 ||
	    (uint64_t)fs.f_bavail * fs.f_frsize >= (uint64_t)ROOM_BYTES)
		return RC_OK;
	return fail(op, RC_BROKEN, "data", "", "磁盘已满：至少腾出 %d MB 后再启动：%s",
	            "the disk is full: make room for %d MB at least, then start again: %s",
	            ROOM_BYTES >> 20, dir.s);
}

/* ---- lock ---- */

static enum rc held(struct op *op, struct str dir, int fd)
{
	char pid[24] = {0};
	ssize_t n = pread(fd, pid, sizeof(pid) - 1, 0);

	for (ssize_t i = 0; i < n; i++)
		if (pid[i] < '0' || pid[i] > '9')
			pid[i] = '\0';
	return fail(op, RC_BUSY, "data", "", "另一进程（%s）正在写此数据目录，请先停止它：%s",
	            "another process (%s) is writing in this data folder: stop it first: %s",
	            pid[0] != '\0' ? pid : "?", dir.s);
}

static enum rc no_lock(struct op *op, struct str dir, int e)
{
	if (e == EROFS || e == EACCES || e == EPERM)
		return fail(op, RC_DENIED, "data", "",
		            "数据目录只读或没有写入权限，请换用其所有者运行，或复制到可写的磁盘：%s",
		            "the data folder is read-only or there is no permission to write: "
		            "run as its "
		            "owner, or copy it to a writable disk: %s", dir.s);
	if (e == ENOSPC || e == EDQUOT)
		return fail(op, RC_BROKEN, "data", "", "磁盘已满，请腾出空间后再启动：%s",
		            "the disk is full: make room, then start again: %s", dir.s);
	return fail(op, RC_BROKEN, "data", "", "不能锁定数据目录，请检查磁盘：%s（%s）",
	            "the data folder cannot be locked, check the disk: %s (%s)",
	            dir.s, strerror(e));
}

/* For the sentence that the next one gets; a disk that refuses even this is no place to write.
 * Returns 0 or an errno. */
static int leave_pid(int fd)
{
	char pid[24];
	int n = snprintf(pid, sizeof(pid), "%ld\n", (long)getpid()), at = 0;

	if (ftruncate(fd, 0) != 0)
		return errno;
	while (at < n) {
		ssize_t got = pwrite(fd, pid + at, (size_t)(n - at), at);
		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return errno;
		at += (int)got;
	}
	return 0;
}

enum rc folder_lock(struct op *op, struct str dir, int *ret_fd)
{
	int fd = open(folder_path(op, dir, "lock").s, O_RDWR | O_CREAT | O_CLOEXEC, 0640);

	if (fd < 0)
		return no_lock(op, dir, errno);
	if (flock(fd, LOCK_EX | LOCK_NB) != 0) {
		int e = errno;
		enum rc rc = e == EWOULDBLOCK ? held(op, dir, fd) : no_lock(op, dir, e);
		(void)close(fd);
		return rc;
	}
	int e = leave_pid(fd);
	if (e != 0) {
		enum rc rc = no_lock(op, dir, e);
		(void)close(fd);
		return rc;
	}
	*ret_fd = fd;
	return RC_OK;
}

/* ---- the exchange of the projections ---- */

static enum rc no_exchange(struct op *op, struct str dir, int e)
{
	if (e == ENOSPC || e == EDQUOT || e == EROFS || e == EACCES || e == EPERM)
		return no_lock(op, dir, e);
	return fail(op, RC_BROKEN, "data", "",
	            "不能更换 view.db，请检查磁盘后重新启动：%s（%s）",
	            "view.db cannot be exchanged, check the disk, then start again: %s (%s)", dir.s,
	            strerror(e));
}

static enum rc sync_folder(struct op *op, struct str dir)
{
	int fd = open(dir.s, O_RDONLY | O_DIRECTORY | O_CLOEXEC), e = 0;

	if (fd < 0 || fsync(fd) != 0)
		e = errno;
	if (fd >= 0)
		(void)close(fd);
	return e == 0 ? RC_OK : no_exchange(op, dir, e);
}

static enum rc drop(struct op *op, struct str dir, const char *name)
{
	if (unlink(folder_path(op, dir, name).s) != 0 && errno != ENOENT)
		return no_exchange(op, dir, errno);
	return RC_OK;
}

bool folder_in_swap(struct op *op, struct str dir)
{
	return has(op, dir, "view.swap");
}

/* A log of the old file beside the new one would be merged into it: it must go first.  The marker
 * says that the old file is worth nothing from here on. */
enum rc folder_swap_view(struct op *op, struct str dir)
{
	if (!folder_in_swap(op, dir))
		TRY(file_write(op, folder_path(op, dir, "view.swap"), STR("view.next.db\n"), 0640));
	if (has(op, dir, "view.next.db")) {
		TRY(drop(op, dir, "view.db-wal"));
		TRY(drop(op, dir, "view.db-shm"));
		struct str next = folder_path(op, dir, "view.next.db");
		if (rename(next.s, folder_path(op, dir, "view.db").s) != 0)
			return no_exchange(op, dir, errno);
	}
	TRY(sync_folder(op, dir));
	TRY(drop(op, dir, "view.swap"));
	return sync_folder(op, dir);
}

enum rc folder_drop_next(struct op *op, struct str dir)
{
	TRY(drop(op, dir, "view.next.db-wal"));
	TRY(drop(op, dir, "view.next.db-shm"));
	return drop(op, dir, "view.next.db");
}
