/* SPDX-License-Identifier: Apache-2.0 */
/* store.c -- opening a data folder, and transactions over ledger and projections.
 *
 * On SQLite the two are files with a connection each: the ledger commits every batch and its
 * commit is durability; the view's transaction stays open over batches and is committed after, so
 * that it may be behind and never ahead.  On PostgreSQL both are schemas behind one connection,
 * and one transaction covers them.
 */
#include <time.h>
#include <unistd.h>

#include "base/limits.h"
#include "db/connection.h"
#include "db/folder.h"

#define LEDGER_SCHEMA "gy_ledger"
#define VIEW_SCHEMA "gy_view"
#define NEXT_SCHEMA "gy_view_next"
#define DROP_NEXT STR("DROP SCHEMA IF EXISTS " NEXT_SCHEMA " CASCADE")

/* A store outlives the operation that opens it. */
static struct str heap_str(struct str s)
{
	char *p = heap_new(s.n + 1);

	if (s.n > 0)
		memcpy(p, s.s, s.n);
	return (struct str){p, s.n};
}

static struct store store_of(struct str dir, struct str url, enum store_mode mode)
{
	while (dir.n > 1 && dir.s[dir.n - 1] == '/')
		dir.n--;
	return (struct store){
		.dir = heap_str(dir), .url = heap_str(url), .mode = mode, .lock_fd = -1,
		.one = url.n > 0,
	};
}

void store_release(struct store *s)
{
	db_close(s->view);
	db_close(s->ledger);
	if (s->lock_fd >= 0)
		(void)close(s->lock_fd);
	free((void *)(uintptr_t)s->dir.s);
	free((void *)(uintptr_t)s->url.s);
	*s = (struct store){.lock_fd = -1};
}

/* ---- opening ---- */

static enum rc explain(struct op *op, enum rc rc, const struct store *s, bool view)
{
	if (rc == RC_DENIED)
		return fail(op, rc, "data", "",
		            "数据目录只读或没有权限，请换用其所有者运行，或复制到可写的磁盘：%s",
		            "the data folder is read-only or there is no permission: run as its "
		            "owner, or "
		            "copy it to a writable disk: %s", s->dir.s);
	if (rc == RC_INVALID && view)
		return fail(op, RC_BROKEN, "data", "",
		            "view.db 已损坏：换成一个同名空文件，即可由账本重建：%s",
		            "view.db is damaged: put an empty file of that name in its place, "
		            "and it is "
		            "rebuilt from the ledger: %s", s->dir.s);
	if (rc == RC_INVALID)
		return fail(op, RC_BROKEN, "data", "", "ledger.db 已损坏，请从备份恢复：%s",
		            "ledger.db is damaged: restore a backup: %s", s->dir.s);
	return rc;
}

static enum rc open_view(struct op *op, struct store *s, enum db_mode mode)
{
	enum rc rc = db_open_sqlite(op, folder_path(op, s->dir, "view.db"), mode, &s->view);

	if (rc != RC_OK)
		return explain(op, rc, s, true);
	/* A power cut may take the view's last commits, never its order: it is replayed. */
	if (mode == DB_READ)
		return RC_OK;
	TRY(lite_set_long_log(op, s->view));
	return lite_set_sync(op, s->view, LITE_NORMAL);
}

static enum rc open_files(struct op *op, struct store *s, enum db_mode mode)
{
	enum db_mode log = mode == DB_CREATE ? DB_CREATE_LOG : mode;
	enum rc rc = db_open_sqlite(op, folder_path(op, s->dir, "ledger.db"), log, &s->ledger);

	if (rc != RC_OK)
		return explain(op, rc, s, false);
	return open_view(op, s, mode);
}

static enum rc try_lock(struct op *op, struct store *s, bool *ret)
{
	static const struct sql LOCK = {"SELECT pg_catalog.pg_try_advisory_lock(26465, 1)", 0};
	AUTO(rows) r = {0};

	TRY(db_query(op, s->ledger, &LOCK, NO_ARGS, &r));
	*ret = rows_next(&r) && rows_int(&r, 0) != 0;
	return RC_OK;
}

/* The lock lives as long as the connection; another machine's writer is kept out by it.  The server
 * lets go of it a moment after its process has ended: whoever comes next waits for that. */
static enum rc lock_server(struct op *op, struct store *s)
{
	enum { PAUSE_MS = 20 };
	bool held;

	TRY(try_lock(op, s, &held));
	for (int ms = 0; !held && ms < LIMIT_GONE_MS; ms += PAUSE_MS) {
		nanosleep(&(struct timespec){.tv_nsec = PAUSE_MS * 1000000L}, NULL);
		TRY(try_lock(op, s, &held));
	}
	if (held)
		return RC_OK;
	return fail(op, RC_BUSY, "db", "", "另一台机器或进程正在写此数据库，请先停止它",
	            "another machine or process is writing in this database: stop it first");
}

static enum rc open_server(struct op *op, struct store *s, enum db_mode mode)
{
	TRY(db_open_postgres(op, s->url, STR(LEDGER_SCHEMA), mode, &s->ledger));
	TRY(pg_share(op, s->ledger, STR(VIEW_SCHEMA), &s->view));
	return mode == DB_READ ? RC_OK : lock_server(op, s);
}

static enum rc check_no_tables(struct op *op, struct db *db)
{
	struct str *names;
	size_t n;

	TRY(db_tables(op, db, &names, &n));
	if (n == 0)
		return RC_OK;
	return fail(op, RC_CONFLICT, "db", "", "数据库中已有账本，请另建一个空库",
	            "the database holds a ledger already: make an empty one");
}

static enum rc create(struct op *op, struct store *s)
{
	TRY(folder_check_room(op, s->dir));
	TRY(folder_lock(op, s->dir, &s->lock_fd));
	if (s->one) {
		TRY(open_server(op, s, DB_CREATE));
		TRY(check_no_tables(op, s->ledger));
		TRY(check_no_tables(op, s->view));
	} else {
		TRY(open_files(op, s, DB_CREATE));
	}
	return folder_write_format(op, s->dir);
}

enum rc store_create(struct op *op, struct str dir, struct str url, struct store *ret)
{
	struct store s = store_of(dir, url, STORE_WRITE);
	enum rc rc = folder_make(op, s.dir);

	if (rc == RC_OK) {
		rc = create(op, &s);
		if (rc != RC_OK)
			folder_unmake(op, s.dir);
	}
	if (rc != RC_OK) {
		store_release(&s);
		return rc;
	}
	*ret = s;
	return RC_OK;
}

enum rc store_unmake(struct op *op, struct store *s)
{
	assert(s->mode == STORE_WRITE);
	if (!s->one)
		return RC_OK;
	db_rollback(s->ledger);
	return pg_script_anywhere(op, s->view, STR("DROP SCHEMA IF EXISTS " NEXT_SCHEMA " CASCADE;"
	                                           "DROP SCHEMA " VIEW_SCHEMA " CASCADE;"
	                                           "DROP SCHEMA " LEDGER_SCHEMA " CASCADE"));
}

static enum rc open_store(struct op *op, struct store *s)
{
	TRY(folder_check(op, s->dir, !s->one));
	if (s->mode == STORE_READ) {
		if (folder_in_swap(op, s->dir))
			return fail(op, RC_BUSY, "data", "",
			            "汇总数据正在更换，请稍后再试；如无进程在写，请启动一次主程序：%s",
			            "the projections are being replaced: try again, or, if "
			            "nothing is "
			            "writing, start the program once: %s", s->dir.s);
		return s->one ? open_server(op, s, DB_READ) : open_files(op, s, DB_READ);
	}
	TRY(folder_lock(op, s->dir, &s->lock_fd));
	TRY(folder_check_room(op, s->dir));
	if (s->one)
		return open_server(op, s, DB_WRITE);
	TRY(folder_check_whole(op, s->dir));
	if (folder_in_swap(op, s->dir))
		TRY(folder_swap_view(op, s->dir));
	return open_files(op, s, DB_WRITE);
}

enum rc store_open(struct op *op, struct str dir, struct str url, enum store_mode mode,
                   struct store *ret)
{
	struct store s = store_of(dir, url, mode);
	enum rc rc = open_store(op, &s);

	if (rc != RC_OK) {
		store_release(&s);
		return rc;
	}
	*ret = s;
	return RC_OK;
}

enum rc store_reserve(struct op *op, struct store *s)
{
	if (s->one)
		return RC_OK;
	TRY(lite_reserve_log(op, s->ledger));
	return lite_reserve_log(op, s->view);
}

enum rc store_reader(struct op *op, const struct store *s, struct db **ret)
{
	if (s->one) {
		*ret = NULL;
		return RC_OK;
	}
	return db_open_sqlite(op, folder_path(op, s->dir, "ledger.db"), DB_READ, ret);
}

/* ---- the second projection ---- */

/* DIR/view.next.db, empty, not put on the disk before somebody asks for it. */
static enum rc new_file(struct op *op, const struct store *s, struct db **ret)
{
	struct db *db;

	TRY(folder_drop_next(op, s->dir));
	TRY(db_open_sqlite(op, folder_path(op, s->dir, "view.next.db"), DB_CREATE, &db));
	enum rc rc = lite_set_sync(op, db, LITE_OFF);
	if (rc != RC_OK) {
		db_close(db);
		return rc;
	}
	*ret = db;
	return RC_OK;
}

enum rc store_view_next(struct op *op, struct store *s, struct db **ret)
{
	if (!s->one)
		return new_file(op, s, ret);
	TRY(pg_script_anywhere(op, s->view, DROP_NEXT));
	return db_open_postgres(op, s->url, STR(NEXT_SCHEMA), DB_CREATE, ret);
}

enum rc store_view_draft(struct op *op, const struct store *s, struct db **ret)
{
	assert(s->one);
	return new_file(op, s, ret);
}

enum rc store_view_draft_drop(struct op *op, const struct store *s, struct db *draft)
{
	db_close(draft);
	return folder_drop_next(op, s->dir);
}

static enum rc swap_schemas(struct op *op, struct store *s)
{
	/* One simple query is one transaction. */
	TRY(pg_script_anywhere(op, s->view, STR("DROP SCHEMA " VIEW_SCHEMA " CASCADE;"
	                                        "ALTER SCHEMA "
	                                        "" NEXT_SCHEMA " RENAME TO " VIEW_SCHEMA)));
	/* Plans made for the old tables are of no use any more. */
	TRY(pg_script_anywhere(op, s->view, STR("DEALLOCATE ALL")));
	statements_forget(s->view->c);
	return RC_OK;
}

static enum rc settle_next(struct op *op, struct db *next)
{
	TRY(lite_set_sync(op, next, LITE_FULL));
	return db_flush(op, next);
}

static enum rc swap_files(struct op *op, struct store *s)
{
	db_close(s->view);
	s->view = NULL;
	enum rc rc = folder_swap_view(op, s->dir);
	struct err why = op->err;
	enum rc opened = open_view(op, s, DB_WRITE);
	if (rc != RC_OK)
		op->err = why;
	return rc != RC_OK ? rc : opened;
}

enum rc store_view_swap(struct op *op, struct store *s, struct db *next)
{
	assert(s->mode == STORE_WRITE && !db_in_tx(s->view) && !db_in_tx(next));
	enum rc rc = s->one ? RC_OK : settle_next(op, next);

	db_close(next);
	TRY(rc);
	return s->one ? swap_schemas(op, s) : swap_files(op, s);
}

enum rc store_view_drop(struct op *op, struct store *s, struct db *next)
{
	db_close(next);
	if (s->one)
		return pg_script_anywhere(op, s->view, DROP_NEXT);
	return folder_drop_next(op, s->dir);
}

/* ---- transactions over both ---- */

enum rc store_begin(struct op *op, struct store *s)
{
	TRY(db_begin(op, s->ledger));
	if (s->one || db_in_tx(s->view))
		return RC_OK;
	enum rc rc = db_begin(op, s->view);
	if (rc != RC_OK)
		db_rollback(s->ledger);
	return rc;
}

enum rc store_savepoint(struct op *op, struct store *s)
{
	TRY(db_savepoint(op, s->ledger));
	return s->one ? RC_OK : db_savepoint(op, s->view);
}

enum rc store_release_savepoint(struct op *op, struct store *s)
{
	TRY(db_release(op, s->ledger));
	return s->one ? RC_OK : db_release(op, s->view);
}

enum rc store_rollback_to(struct op *op, struct store *s)
{
	TRY(db_rollback_to(op, s->ledger));
	return s->one ? RC_OK : db_rollback_to(op, s->view);
}

enum rc store_check_view(struct op *op, const struct store *s)
{
	const struct connection *v = s->view->c;

	if (!s->one && (v->broken || v->failed || v->sticky))
		return fail(op, RC_BROKEN, "", "", "汇总数据读写出错，本批不能提交",
		            "the projections could not be read or written: the batch is not "
		            "committed");
	return RC_OK;
}

enum rc store_commit_ledger(struct op *op, struct store *s)
{
	return db_commit(op, s->ledger);
}

enum rc store_commit(struct op *op, struct store *s)
{
	TRY(store_check_view(op, s));
	return store_commit_ledger(op, s);
}

enum rc store_commit_view(struct op *op, struct store *s)
{
	if (s->one || !db_in_tx(s->view))
		return RC_OK;
	return db_commit(op, s->view);
}

void store_rollback(struct store *s)
{
	if (!s->one)
		db_rollback(s->view);
	db_rollback(s->ledger);
}
