/* SPDX-License-Identifier: Apache-2.0 */
/* connection.h -- what db.c and the two drivers know of a connection; seen by src/db alone.
 *
 * A `struct db` is a light handle: a connection and the schema in which its scripts run.  On
 * PostgreSQL a store has two handles on one connection (ledger and view), so that one transaction
 * covers both; on SQLite each handle has a connection of its own.  All state of a transaction and
 * the statement cache belong to the connection.
 *
 * Invariant: inside a transaction an error sets `failed`, and from then on only a rollback or
 * rollback_to is accepted.  PostgreSQL is like that; SQLite is held to the same, so that what
 * passes on one passes on the other.
 */
#ifndef GY_DB_CONNECTION_H
#define GY_DB_CONNECTION_H

#include "db/db.h"

struct connection;

/* Transaction control; each driver has a text for each. */
#define TX_WORDS(X) \
	X(BEGIN) X(BEGIN_READ) X(COMMIT) X(ROLLBACK) X(SAVEPOINT) X(RELEASE) X(ROLLBACK_TO)
#define X(id) TX_##id,
enum tx_word { TX_WORDS(X) TX_WORD_MAX };
#undef X

/* A cached statement of one connection. */
struct statement {
	const struct sql *q;
	void *impl;    /* the driver's; NULL: not prepared yet, or to be prepared again */
	bool disabled;
	bool busy;     /* SQLite: rows of it are open, its cursor is taken */
	bool once;     /* not in the cache: freed with its rows */
	int asked;     /* tables with counters that it has been searched for … */
	bool counts;   /* … and whether it names one of them */
};

struct driver {
	enum db_kind kind;
	void (*close)(struct connection *c);
	enum rc (*tx)(struct op *op, struct connection *c, enum tx_word word);
	enum rc (*script)(struct op *op, struct connection *c, const char *schema, struct str ddl);
	/* Sets st->impl; checks the number of parameters unless nbind < 0. */
	enum rc (*prepare)(struct op *op, struct connection *c, struct statement *st,
	                   struct str text, int nbind);
	void (*finalize)(struct connection *c, struct statement *st);
	enum rc (*exec)(struct op *op, struct connection *c, struct statement *st,
	                const struct sqlv *v, int n, int64_t *ret_changed);
	/* May be NULL: exec is as good.  As exec inside a transaction, but its result, and its
	 * failure, is told by settle or a later call. */
	enum rc (*later)(struct op *op, struct connection *c, struct statement *st,
	                 const struct sqlv *v, int n, int64_t *ret_changed);
	enum rc (*settle)(struct op *op, struct connection *c);
	enum rc (*query)(struct op *op, struct connection *c, struct statement *st,
	                 const struct sqlv *v, int n, struct rows *ret);
	bool (*next)(struct rows *r);
	int64_t (*get_int)(const struct rows *r, int col);
	struct str (*get_str)(const struct rows *r, int col);
	enum sql_type (*get_type)(const struct rows *r, int col);
	int (*columns)(const struct rows *r);
	const char *(*column_name)(const struct rows *r, int col);
	void (*release)(struct rows *r);
	enum rc (*flush)(struct op *op, struct connection *c);
	/* Bulk load; *ret_impl is the driver's own. */
	enum rc (*bulk_start)(struct op *op, struct connection *c, const char *table,
	                      const char *const *columns, int n, void **ret_impl);
	enum rc (*bulk_row)(struct op *op, struct connection *c, void *impl, const struct sqlv *v,
	                    int n);
	enum rc (*bulk_end)(struct op *op, struct connection *c, void *impl); /* frees impl */
	void (*bulk_drop)(struct connection *c, void *impl);                  /* abandons, frees */
	void (*set_filter)(struct connection *c);
	void (*set_deadline)(struct connection *c, int ms);
	/* May be NULL: each read sees its own moment (moment.h).  False: none is kept. */
	bool (*keep_moment)(struct connection *c, bool on);
};

struct connection {
	const struct driver *driver;
	void *impl;                /* struct lite or struct pg */
	int handles;
	enum db_mode mode;
	bool in_tx, failed, broken;
	bool queue;                /* db_exec may tell of its failure later */
	bool sticky;               /* an error while rows were read: no commit until rolled back */
	int depth;                 /* open savepoints */
	bool shares, kept;         /* moments; one is kept */
	struct db_counts counts;
	struct statement **slots;  /* open addressing by address of struct sql; a power of two */
	size_t nslots, used;
	void *bulk;                /* a bulk load under way, or NULL */
	struct counters *added;    /* what waits to be written, or NULL */
	db_table_filter *allows;
	void *allows_ctx;
};

#define SCHEMA_MAX 64

struct db {
	struct connection *c;
	char schema[SCHEMA_MAX]; /* PostgreSQL; "" on SQLite */
};

/* connection.c: heap of connections and statements, which outlive operations.  Never NULL. */
void *heap_new(size_t n);

struct connection *connection_new(const struct driver *driver, void *impl, enum db_mode mode);
struct db *handle_new(struct connection *c, struct str schema);
/* The cached statement of q, made when new; not prepared yet. */
struct statement *statement_of(struct connection *c, const struct sql *q);
void statements_forget(struct connection *c); /* finalizes all that are idle */

/* counter.c */
void counters_free(struct counters *c); /* NULL is fine */
void counters_drop(struct connection *c);
bool counters_wait(const struct connection *c);
/* Does this text name a table of which something waits? */
bool counters_touch(const struct connection *c, struct statement *st, const char *text);
enum rc counters_write(struct op *op, struct connection *c) MUST_CHECK;
/* db.c: a statement that changes rows; what waits is not written first. */
enum rc connection_change(struct op *op, struct connection *c, const struct sql *q,
                          const struct sqlv *v, int n, int64_t *ret_changed) MUST_CHECK;
/* The same, told by connection_settle at the latest; *ret_changed must live until then. */
enum rc connection_later(struct op *op, struct connection *c, const struct sql *q,
                         const struct sqlv *v, int n, int64_t *ret_changed) MUST_CHECK;
enum rc connection_settle(struct op *op, struct connection *c) MUST_CHECK;
/* Rows of a text that is made of q's, prepared for this one use; none when q is disabled. */
enum rc connection_query_of(struct op *op, struct db *db, const struct sql *q, struct str text,
                            const struct sqlv *v, int n, struct rows *ret) MUST_CHECK;

/* ddl.c: the tokens replaced; in the op's arena. */
struct str ddl_for(struct op *op, enum db_kind kind, const char *ddl);

/* sqlite.c */
enum lite_sync { LITE_FULL, LITE_NORMAL, LITE_OFF };
/* How a commit meets the disk.  Only the store lowers it, for projections. */
enum rc lite_set_sync(struct op *op, struct db *db, enum lite_sync sync) MUST_CHECK;
/* A log of 64 MB before it is moved into the file: projections write the same pages again and
 * again, and each is moved once. */
enum rc lite_set_long_log(struct op *op, struct db *db) MUST_CHECK;
/* Fills the log's file with zeros up to where it will be folded in.  A commit that makes a file
 * longer waits for the file system's own journal, one that overwrites does not. */
enum rc lite_reserve_log(struct op *op, struct db *db) MUST_CHECK;

/* postgres.c: a second handle on the connection of `first`; its scripts run in `schema`, and names
 * are looked for in the schema of `first`, then in this one. */
enum rc pg_share(struct op *op, struct db *first, struct str schema, struct db **ret) MUST_CHECK;
/* A script that chooses its schemas itself. */
enum rc pg_script_anywhere(struct op *op, struct db *db, struct str text) MUST_CHECK;

#endif
