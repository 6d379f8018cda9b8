/* SPDX-License-Identifier: Apache-2.0 */
/* db.h -- one connection to SQLite or PostgreSQL behind one header.
 *
 * The only code that sees sqlite3.h or libpq-fe.h is in this folder.  One SQL text serves both:
 * no bare ON CONFLICT, identity columns, JSON operators, LIKE or LISTEN; every ORDER BY has a
 * unique tail; text compares by bytes.  DDL uses the tokens {id} {int} {text} {bytes} {clustered}
 * (ddl.c); parameters are `?` (db/postgres.c numbers them at prepare) and no `?` stands inside a
 * literal.
 *
 * Statements are `static const struct sql` rows; a connection prepares each once, by its address.
 * What no single statement does well is a named operation (operation.h).
 *
 * Errors: a constraint or a trigger's refusal is CONFLICT; a lock that could not be had or a
 * deadline passed is BUSY; U+0000 in text is INVALID; anything else is BROKEN.  Inside a
 * transaction any error leaves only db_rollback and db_rollback_to, on both databases.  An error
 * while rows are read is sticky: nothing is committed (BROKEN) until db_rollback.
 */
#ifndef GY_DB_H
#define GY_DB_H

#include "base/err.h"
#include "base/macros.h"
#include "base/op.h"
#include "base/str.h"

struct sql {
	const char *text;
	int nbind;
};

enum sql_type { SQL_NULL, SQL_INT, SQL_TEXT, SQL_BYTES };
struct sqlv {
	enum sql_type t;
	int64_t i;
	struct str s;
};
static inline struct sqlv sql_null(void) { return (struct sqlv){.t = SQL_NULL}; }
static inline struct sqlv sql_int(int64_t v) { return (struct sqlv){.t = SQL_INT, .i = v}; }
static inline struct sqlv sql_text(struct str v) { return (struct sqlv){.t = SQL_TEXT, .s = v}; }
static inline struct sqlv sql_z(const char *v) { return sql_text(str_of(v)); }
static inline struct sqlv sql_bytes(const void *p, size_t n)
{
	return (struct sqlv){.t = SQL_BYTES, .s = {p, n}};
}
#define ARGS(...) \
	(const struct sqlv[]){__VA_ARGS__}, (int)COUNT(((const struct sqlv[]){__VA_ARGS__}))
#define NO_ARGS NULL, 0

enum db_kind { DB_SQLITE, DB_POSTGRES };
/* DB_CREATE_LOG: for rows that are only ever added; SQLite then has large pages, so that a commit
 * of many rows writes few of them. */
enum db_mode { DB_READ, DB_WRITE, DB_CREATE, DB_CREATE_LOG };
struct db;

/* A SQLite file.  WAL, synchronous=FULL, secure_delete on, foreign keys off.  DB_READ opens
 * read-only.  Fails: NOT_FOUND (no such file), INVALID (not a database), DENIED, BUSY, BROKEN. */
enum rc db_open_sqlite(struct op *op, struct str path, enum db_mode mode, struct db **ret)
	MUST_CHECK;

/* For audit: a file that nobody writes, its folder untouched; a -wal is neither made nor read.
 * Fails: INVALID, DENIED, BROKEN. */
enum rc db_open_sqlite_still(struct op *op, struct str path, struct db **ret) MUST_CHECK;

enum rc db_open_memory(struct op *op, struct db **ret) MUST_CHECK; /* tests, comparisons */
/* postgresql://…  Reaching it and each later call have a deadline of LIMIT_DB_MS; several hosts
 * share it.  Refuses (INVALID) fsync or full_page_writes off, synchronous_commit off or local, and
 * another encoding than UTF8.  DB_CREATE makes `schema`, which joins the search path.
 * Fails: NOT_FOUND (no such server or database), INVALID, BUSY (late; none of several), BROKEN. */
enum rc db_open_postgres(struct op *op, struct str url, struct str schema, enum db_mode mode,
                         struct db **ret) MUST_CHECK;

void db_close(struct db *db); /* NULL is fine; rolls back what is open */
enum db_kind db_kind(const struct db *db);
void db_set_deadline(struct db *db, int ms); /* of each later call; SQLite: of a lock's wait */

/* Runs a script of DDL with its tokens replaced; inside a transaction when one is open. */
enum rc db_script(struct op *op, struct db *db, const char *ddl) MUST_CHECK;

/* Prepares a statement and checks its number of parameters.  Fails: BROKEN (says which). */
enum rc db_prepare(struct op *op, struct db *db, const struct sql *q) MUST_CHECK;

/* Transactions do not nest; savepoints have one fixed name and do. */
enum rc db_begin(struct op *op, struct db *db) MUST_CHECK; /* IMMEDIATE / READ COMMITTED */
enum rc db_begin_read(struct op *op, struct db *db) MUST_CHECK; /* one snapshot */
enum rc db_commit(struct op *op, struct db *db) MUST_CHECK; /* durable when OK (standby too) */
void db_rollback(struct db *db); /* no effect when none is open */
bool db_in_tx(const struct db *db);
enum rc db_savepoint(struct op *op, struct db *db) MUST_CHECK;
enum rc db_release(struct op *op, struct db *db) MUST_CHECK;
enum rc db_rollback_to(struct op *op, struct db *db) MUST_CHECK; /* and releases it */
struct db_counts { uint64_t reads, writes, words, adds; }; /* words: BEGIN, SAVEPOINT … */
struct db_counts db_counts(const struct db *db); /* what this connection has run */
bool db_is_broken(const struct db *db); /* after an error that makes it unfit to go on */
bool db_has_failed(const struct db *db); /* only a rollback is accepted now */

/* SQLite: moves the WAL into the file and truncates it (after a shred).  Else no effect. */
enum rc db_flush(struct op *op, struct db *db) MUST_CHECK;

/* Statements.  `v` has n == q->nbind values; a query's live until its rows are released.
 * PostgreSQL holds a whole result in memory: page large scans with LIMIT. */
enum rc db_exec(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v,
                int n) MUST_CHECK;
/* Between on and off, inside a transaction, a failed db_exec may be told by a later call instead,
 * which then is not carried out; off waits for all.  PostgreSQL: fewer round trips. */
enum rc db_queue(struct op *op, struct db *db, bool on) MUST_CHECK;
/* As db_exec; *ret_changed rows were inserted, updated or deleted. */
enum rc db_change(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v, int n,
                  int64_t *ret_changed) MUST_CHECK;

struct rows {
	struct db *db;
	void *impl;
	int at;
};
enum rc db_query(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v, int n,
                 struct rows *ret) MUST_CHECK;
bool rows_next(struct rows *r); /* false at the end or on an error (sticky, see above) */
int64_t rows_int(const struct rows *r, int col); /* NULL is 0 */
bool rows_is_null(const struct rows *r, int col);
/* Text or bytes; valid until the next rows_next or release.  Bytes carry no NUL after their end. */
struct str rows_str(const struct rows *r, int col);
struct str rows_dup(struct arena *a, const struct rows *r, int col); /* copied */
int rows_columns(const struct rows *r);
const char *rows_column_name(const struct rows *r, int col);
enum sql_type rows_type(const struct rows *r, int col);
void rows_release(struct rows *r);

/* A read whose text is made at run time of a catalogue's names, never of input from outside: for
 * doctor, digests and audit alone. */
enum rc db_query_text(struct op *op, struct db *db, struct str text, struct rows *ret) MUST_CHECK;

#define sql_exec(op, q, ...) db_exec((op), (op)->db, (q), __VA_ARGS__)
#define sql_query(op, q, ...) db_query((op), (op)->db, (q), __VA_ARGS__)

/* Names of our tables in this connection's database or schema, sorted; in the op's arena. */
enum rc db_tables(struct op *op, struct db *db, struct str **ret, size_t *ret_n) MUST_CHECK;

/* Tests: refuse (BROKEN) every statement that touches a table whose name `allows` refuses: SQLite's
 * authorizer, also for cached statements.  PostgreSQL: no effect, a role does it.  NULL: all. */
typedef bool db_table_filter(void *ctx, const char *table, bool write);
void db_set_table_filter(struct db *db, db_table_filter *allows, void *ctx);

/* The conformance sweep: a disabled statement runs as if it had matched nothing. */
void db_disable(struct db *db, const struct sql *q);

#include "db/operation.h"
#endif
