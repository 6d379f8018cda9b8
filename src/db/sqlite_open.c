/* SPDX-License-Identifier: Apache-2.0 */
/* sqlite_open.c -- opening a SQLite file, and how each connection is set up.
 *
 * WAL with synchronous=FULL: a commit is on the disk when it returns (measured with power cuts:
 * NORMAL loses acknowledged commits).  secure_delete overwrites what is deleted, which shredding
 * relies on.  A file on a read-only medium is read as it stands, when no WAL lies beside it.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "db/sqlite.h"

#define LITE_BUSY_MS 2000 /* longer than any checkpoint; writers exclude each other by a lock */

/* Cache in KiB: the writer's tables in memory; readers hold little. */
#define SETUP \
	"PRAGMA secure_delete = ON;" \
	"PRAGMA cell_size_check = ON;" \
	"PRAGMA foreign_keys = OFF;" \
	"PRAGMA temp_store = MEMORY;"
#define SETUP_WRITE \
	"PRAGMA synchronous = FULL;" \
	"PRAGMA wal_autocheckpoint = 1000;" \
	"PRAGMA journal_size_limit = 67108864;" \
	"PRAGMA cache_size = -32768;"
#define SETUP_READ "PRAGMA cache_size = -8192; PRAGMA query_only = ON;"

static enum rc run_text(struct op *op, struct connection *c, const char *text)
{
	struct lite *l = c->impl;
	int code = sqlite3_exec(l->db, text, NULL, NULL, NULL);

	return code == SQLITE_OK ? RC_OK : lite_fail(op, c, code, text);
}

static void configure(sqlite3 *db)
{
	(void)sqlite3_extended_result_codes(db, 1);
	(void)sqlite3_busy_timeout(db, LITE_BUSY_MS);
	/* A file from elsewhere must not run anything, nor may anyone write the schema itself. */
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DEFENSIVE, 1, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_TRUSTED_SCHEMA, 0, NULL);
	/* "x" is a name, never a string: as on PostgreSQL. */
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DML, 0, NULL);
	(void)sqlite3_db_config(db, SQLITE_DBCONFIG_DQS_DDL, 0, NULL);
	(void)sqlite3_limit(db, SQLITE_LIMIT_ATTACHED, 0);
}

static enum rc use_wal(struct op *op, struct connection *c)
{
	struct lite *l = c->impl;
	sqlite3_stmt *s = NULL;
	bool wal = false;
	int code = sqlite3_prepare_v2(l->db, "PRAGMA journal_mode = WAL", -1, &s, NULL);

	if (code == SQLITE_OK) {
		code = sqlite3_step(s);
		/* Asked without a row, this would put its own error in the place of the first. */
		const char *mode = code == SQLITE_ROW ? (const char *)sqlite3_column_text(s, 0) : NULL;
		wal = mode != NULL && strcmp(mode, "wal") == 0;
	}
	enum rc rc = RC_OK;
	if (code != SQLITE_ROW)
		rc = lite_fail(op, c, code, "journal_mode");
	else if (!wal)
		rc = fail(op, RC_BROKEN, "", "", "此文件系统不支持 WAL，请把数据目录放在本机磁盘上",
		          "this file system cannot do WAL: keep the data folder on a local disk");
	(void)sqlite3_finalize(s);
	return rc;
}

/* The first look at the file: is it a database at all? */
static enum rc probe(struct op *op, struct connection *c, int *ret_code)
{
	struct lite *l = c->impl;

	*ret_code = sqlite3_exec(l->db, "SELECT count(*) FROM sqlite_master", NULL, NULL, NULL);
	if (*ret_code == SQLITE_OK)
		return RC_OK;
	if ((*ret_code & 0xff) == SQLITE_NOTADB)
		return fail(op, RC_INVALID, "", "", "不是数据库文件，或已损坏",
		            "not a database, or damaged");
	return lite_fail(op, c, *ret_code, "open");
}

static enum rc set_up(struct op *op, struct connection *c, bool memory, int *ret_code)
{
	struct lite *l = c->impl;

	configure(l->db);
	TRY(probe(op, c, ret_code));
	TRY(run_text(op, c, SETUP));
	if (c->mode == DB_READ)
		return run_text(op, c, SETUP_READ);
	if (sqlite3_db_readonly(l->db, "main") == 1)
		return fail(op, RC_DENIED, "", "", "文件只读，或没有写入权限",
		            "the file is read-only, or there is no permission to write");
	if (c->mode == DB_CREATE_LOG)
		TRY(run_text(op, c, "PRAGMA page_size = 8192"));
	if (!memory)
		TRY(use_wal(op, c));
	return run_text(op, c, SETUP_WRITE);
}

/* One attempt.  *ret_code is SQLite's code when it was SQLite that failed. */
static enum rc attempt(struct op *op, const char *name, int flags, enum db_mode mode, bool memory,
                       struct db **ret, int *ret_code)
{
	struct lite *l = heap_new(sizeof(*l));
	struct db *db = handle_new(connection_new(&lite_driver, l, mode), STR(""));
	int code;
	enum rc rc;

	/* Statistics of memory cost a lock at each allocation.  Refused, without harm, once SQLite has
	 * been used. */
	(void)sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0);
	code = sqlite3_open_v2(name, &l->db, flags | SQLITE_OPEN_NOMUTEX, NULL);

	*ret_code = code;
	if (code == SQLITE_OK)
		rc = set_up(op, db->c, memory, ret_code);
	else if (l->db != NULL && sqlite3_system_errno(l->db) == EACCES)
		rc = fail(op, RC_DENIED, "", "", "没有打开数据库文件的权限：%s",
		          "no permission to open the database file: %s", name);
	else
		rc = lite_fail(op, db->c, code, name);
	if (rc != RC_OK) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return RC_OK;
}

/* A WAL that holds something must be read, and reading it needs a writable folder. */
static bool stands_still(struct op *op, struct str path)
{
	struct str wal = str_fmt(op->arena, "%s-wal", path.s);
	struct stat st;
	struct statvfs fs;

	if (stat(wal.s, &st) != 0)
		return errno == ENOENT;
	return st.st_size == 0 && statvfs(path.s, &fs) == 0 && (fs.f_flag & ST_RDONLY) != 0;
}

static struct str immutable_uri(struct op *op, struct str path)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	strbuf_addz(&b, "file:");
	while (path.n > 1 && path.s[0] == '/' && path.s[1] == '/') { /* "//" would name a host */
		path.s++;
		path.n--;
	}
	for (size_t i = 0; i < path.n; i++) {
		if (strchr("%?#", path.s[i]) != NULL)
			strbuf_addf(&b, "%%%02X", (unsigned)(unsigned char)path.s[i]);
		else
			strbuf_addc(&b, path.s[i]);
	}
	strbuf_addz(&b, "?immutable=1");
	return strbuf_str(&b);
}

/* For writing the file and its folder (for the WAL) must both be writable. */
static enum rc open_to_write(struct op *op, struct str path, enum db_mode mode, struct db **ret)
{
	int flags = SQLITE_OPEN_READWRITE | (mode >= DB_CREATE ? SQLITE_OPEN_CREATE : 0), code;
	enum rc rc = attempt(op, path.s, flags, mode, false, ret, &code);
	struct str dir = path;

	if (rc != RC_BROKEN)
		return rc;
	while (dir.n > 0 && dir.s[dir.n - 1] != '/')
		dir.n--;
	dir = dir.n > 0 ? str_copy(op->arena, dir) : STR(".");
	if (access(dir.s, W_OK) == 0 && (access(path.s, W_OK) == 0 || errno == ENOENT))
		return rc;
	return fail(op, RC_DENIED, "", "", "位置只读，或没有写入权限：%s",
	            "a read-only place, or no permission to write: %s", path.s);
}

enum rc db_open_sqlite(struct op *op, struct str path, enum db_mode mode, struct db **ret)
{
	struct stat st;
	int code;

	path = str_copy(op->arena, path);
	if (stat(path.s, &st) != 0 && !(errno == ENOENT && mode >= DB_CREATE)) {
		if (errno == ENOENT || errno == ENOTDIR)
			return fail(op, RC_NOT_FOUND, "", "", "没有此数据库文件：%s",
			            "there is no such database file: %s", path.s);
		return fail(op, RC_DENIED, "", "", "没有打开数据库文件的权限：%s",
		            "no permission to open the database file: %s", path.s);
	}
	if (mode != DB_READ)
		return open_to_write(op, path, mode, ret);
	enum rc rc = attempt(op, path.s, SQLITE_OPEN_READONLY, mode, false, ret, &code);
	int primary = code & 0xff;
	if (rc == RC_OK || (primary != SQLITE_CANTOPEN && primary != SQLITE_READONLY))
		return rc;
	if (!stands_still(op, path))
		return fail(op, RC_DENIED, "", "", "只读位置上的数据库尚有未并入的日志（-wal），"
		            "请把整个目录复制到可写的地方再打开：%s",
		            "a database in a read-only place has an unmerged log (-wal): copy "
		            "the whole "
		            "folder to a writable place and open it there: %s", path.s);
	return attempt(op, immutable_uri(op, path).s, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, mode,
	               false, ret, &code);
}

enum rc db_open_sqlite_still(struct op *op, struct str path, struct db **ret)
{
	struct str uri = immutable_uri(op, str_copy(op->arena, path));
	int code;

	return attempt(op, uri.s, SQLITE_OPEN_READONLY | SQLITE_OPEN_URI, DB_READ, false, ret,
	               &code);
}

enum rc db_open_memory(struct op *op, struct db **ret)
{
	int code;

	return attempt(op, ":memory:", SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, DB_CREATE, true,
	               ret, &code);
}

enum rc lite_set_long_log(struct op *op, struct db *db)
{
	return run_text(op, db->c, "PRAGMA wal_autocheckpoint = 16000");
}

enum rc lite_reserve_log(struct op *op, struct db *db)
{
	/* 1,000 pages of 8 KiB and their headers; of a long log a quarter, which a busy hour reuses. */
	enum { PIECE = 1 << 20, FULL = 17 << 20 };
	const char *file = sqlite3_db_filename(((struct lite *)db->c->impl)->db, "main");
	struct str path = str_fmt(op->arena, "%s-wal", file);
	char *zeros = arena_alloc(op->arena, PIECE);
	/* Before the first write there is none; one of zeros is an empty one. */
	int fd = open(path.s, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	off_t at = fd >= 0 ? lseek(fd, 0, SEEK_END) : 0;
	bool ok = fd >= 0 && at >= 0;

	assert(!db->c->in_tx);
	while (ok && at < FULL) {
		ssize_t n = pwrite(fd, zeros, PIECE, at);

		ok = n > 0;
		at += n;
	}
	ok = ok && fdatasync(fd) == 0;
	if (fd >= 0)
		(void)close(fd); /* SQLite holds no lock on this file */
	if (ok)
		return RC_OK;
	return fail(op, RC_BROKEN, "", "", "无法为数据库日志预留空间：%s",
	            "no room can be kept for the database's log: %s", path.s);
}

enum rc lite_set_sync(struct op *op, struct db *db, enum lite_sync sync)
{
	static const char *const TEXT[] = {
		[LITE_FULL] = "PRAGMA synchronous = FULL",
		[LITE_NORMAL] = "PRAGMA synchronous = NORMAL",
		[LITE_OFF] = "PRAGMA synchronous = OFF",
	};

	return run_text(op, db->c, TEXT[sync]);
}
