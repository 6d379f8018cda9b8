/* SPDX-License-Identifier: Apache-2.0 */
/* source_open.c -- see source_open.h and, for the reasons, source.h.
 *
 *   no -wal, or an empty one: nobody is writing and everything is in the file.  Read as immutable:
 *       SQLite then makes no file beside it and needs no right to write.
 *   -wal, and DIR/lock is held: a server is writing.  Read in place beside it.
 *   -wal, and DIR/lock is free: a crash or a copied folder.  File and log are copied to a
 *       temporary directory and read there.
 */
#include "audit/source_open.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "db/db.h"

#define COPY_BYTES (1 << 20)

static const char *const COPIES[] = {"ledger.db", "ledger.db-wal", "ledger.db-shm",
                                     "view.db", "view.db-wal", "view.db-shm"};

static int64_t size_of(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 ? (int64_t)st.st_size : -1;
}

static bool stamp_take(struct str path, struct source_stamp *ret)
{
	struct stat st;

	if (stat(path.s, &st) != 0)
		return false;
	*ret = (struct source_stamp){.path = path, .size = st.st_size,
		.changed_ns = (int64_t)st.st_mtim.tv_sec * 1000000000 + st.st_mtim.tv_nsec};
	return true;
}

bool source_unchanged(const struct source *s)
{
	for (size_t i = 0; i < COUNT(s->stamp); i++) {
		const struct source_stamp *was = &s->stamp[i];
		struct source_stamp now = {0};

		if (was->path.n > 0 && (!stamp_take(was->path, &now) || now.size != was->size ||
		                        now.changed_ns != was->changed_ns))
			return false;
	}
	return true;
}

/* Is a writer holding the folder's lock?  Taken for an instant at most, and shared. */
static bool is_live(struct op *op, struct str dir)
{
	int fd = open(str_fmt(op->arena, "%s/lock", dir.s).s, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
	bool live;

	if (fd < 0)
		return false;
	live = flock(fd, LOCK_SH | LOCK_NB) != 0 && errno == EWOULDBLOCK;
	close(fd);
	return live;
}

static enum rc copy_file(struct op *op, const char *from, const char *to)
{
	int in = open(from, O_RDONLY | O_CLOEXEC);
	int out = open(to, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	char *buf = arena_alloc(op->arena, COPY_BYTES);
	ssize_t got = in < 0 || out < 0 ? -1 : 1;

	while (got > 0) {
		got = read(in, buf, COPY_BYTES);
		for (ssize_t at = 0; got > 0 && at < got;) {
			ssize_t put = write(out, buf + at, (size_t)(got - at));

			if (put <= 0)
				got = -1;
			else
				at += put;
		}
	}
	if (in >= 0)
		close(in);
	if (out >= 0 && close(out) != 0)
		got = -1;
	if (got < 0)
		return fail(op, RC_DENIED, "source", "", "无法把 %s 复制到临时文件夹核验（是否没有读权限或磁盘已满？）",
		            "cannot copy %s to a temporary folder (no right to read, or disk "
		            "full?)", from);
	return RC_OK;
}

/* Copies a database and its log; *ret is the copy's path. */
static enum rc copy_database(struct op *op, struct source *s, const char *name, struct str *ret)
{
	const char *tmp = getenv("TMPDIR");
	struct str from = str_fmt(op->arena, "%s/%s", s->path.s, name);

	if (s->temp.n == 0) {
		struct str made = str_fmt(op->arena, "%s/gongyuan-audit-XXXXXX",
		                          tmp ? tmp : "/tmp");
		char *dir = arena_alloc(op->arena, made.n + 1);

		memcpy(dir, made.s, made.n);
		if (mkdtemp(dir) == NULL)
			return fail(op, RC_DENIED, "source", "", "无法建立临时文件夹 %s",
			            "cannot make a temporary folder %s", dir);
		s->temp = (struct str){dir, made.n};
	}
	*ret = str_fmt(op->arena, "%s/%s", s->temp.s, name);
	TRY(copy_file(op, from.s, ret->s));
	return copy_file(op, str_fmt(op->arena, "%s-wal", from.s).s,
	                 str_fmt(op->arena, "%s-wal", ret->s).s);
}

static enum rc open_file(struct op *keep, struct source *s, const char *name,
                         struct source_stamp *stamp, struct db **ret)
{
	struct str path = str_fmt(keep->arena, "%s/%s", s->path.s, name);
	struct str copy;

	if (size_of(str_fmt(keep->arena, "%s-wal", path.s).s) <= 0) {
		if (!stamp_take(path, stamp))
			return fail(keep, RC_NOT_FOUND, "source", "", "没有文件 %s",
			            "there is no file %s",
			            path.s);
		return db_open_sqlite_still(keep, path, ret);
	}
	if (is_live(keep, s->path))
		return db_open_sqlite(keep, path, DB_READ, ret);
	TRY(copy_database(keep, s, name, &copy));
	return db_open_sqlite(keep, copy, DB_READ, ret);
}

enum rc source_folder_open(struct op *keep, struct source *s)
{
	struct op aside = *keep; /* a missing or broken view is said, not fatal */

	if (open_file(&aside, s, "view.db", &s->stamp[1], &s->view) != RC_OK)
		s->view = NULL;
	return open_file(keep, s, "ledger.db", &s->stamp[0], &s->ledger);
}

enum rc source_postgres_open(struct op *keep, struct str url, struct source *s)
{
	struct op aside = *keep;

	if (db_open_postgres(&aside, url, STR("gy_view"), DB_READ, &s->view) != RC_OK)
		s->view = NULL;
	return db_open_postgres(keep, url, STR("gy_ledger"), DB_READ, &s->ledger);
}

void source_folder_release(struct source *s)
{
	char path[4096];

	if (s->temp.n == 0)
		return;
	for (size_t i = 0; i < COUNT(COPIES); i++) {
		int n = snprintf(path, sizeof(path), "%s/%s", s->temp.s, COPIES[i]);

		if (n > 0 && (size_t)n < sizeof(path))
			unlink(path);
	}
	rmdir(s->temp.s);
	s->temp = STR("");
}
