/* SPDX-License-Identifier: Apache-2.0 */
/* migrate.c -- see migrate.h.  Steps count from 1; a step's number and name must both agree, so
 * that a database of another line of this program is not taken for an older one of ours.
 */
#include "db/migrate.h"

enum { Q_AT, Q_NAMES, Q_ADD };
static const struct sql SQL[] = {
	[Q_AT] = {"SELECT count(*) FROM schema_step", 0},
	[Q_NAMES] = {"SELECT step, name FROM schema_step ORDER BY step", 0},
	[Q_ADD] = {"INSERT INTO schema_step(step, name) VALUES (?, ?)", 2},
};

static enum rc has_table(struct op *op, struct db *db, bool *ret)
{
	struct str *tables;
	size_t n;
	bool found = false;

	TRY(db_tables(op, db, &tables, &n));
	for (size_t i = 0; i < n; i++)
		found = found || str_is(tables[i], "schema_step");
	*ret = found;
	return RC_OK;
}

enum rc migrate_at(struct op *op, struct db *db, int *ret)
{
	AUTO(rows) r = {0};
	bool made;

	TRY(has_table(op, db, &made));
	if (!made) {
		*ret = 0;
		return RC_OK;
	}
	TRY(db_query(op, db, &SQL[Q_AT], NO_ARGS, &r));
	if (!rows_next(&r))
		return fail(op, RC_BROKEN, "", "", "读不到数据库的版本",
		            "cannot read the version of the database");
	*ret = (int)rows_int(&r, 0);
	return RC_OK;
}

static enum rc check_names(struct op *op, struct db *db, const struct migration *steps, int n)
{
	AUTO(rows) r = {0};
	int at = 0;

	TRY(db_query(op, db, &SQL[Q_NAMES], NO_ARGS, &r));
	while (rows_next(&r)) {
		at++;
		if (at > n)
			return fail(op, RC_INVALID, "", "",
			            "数据库的版本比本程序新：请换用新版程序（第 %d 步，本程序只到第 %d 步）",
			            "the database is newer than this program: use a newer one "
			            "(it has step "
			            "%d, this program knows %d)", at, n);
		if (rows_int(&r, 0) != at || !str_is(rows_str(&r, 1), steps[at - 1].name))
			return fail(op, RC_BROKEN, "", "", "数据库第 %d 步为 " STR_FMT "，本程序为 %s",
			            "step %d of the database is "
			            "" STR_FMT ", of this program %s", at,
			            STR_ARG(rows_str(&r, 1)), steps[at - 1].name);
	}
	return RC_OK;
}

static enum rc run_step(struct op *op, struct db *db, const struct migration *m, int number)
{
	const char *own = db_kind(db) == DB_SQLITE ? m->sqlite_only : m->postgres_only;

	if (m->ddl != NULL)
		TRY(db_script(op, db, m->ddl));
	if (own != NULL)
		TRY(db_script(op, db, own));
	return db_exec(op, db, &SQL[Q_ADD], ARGS(sql_int(number), sql_z(m->name)));
}

static enum rc run_all(struct op *op, struct db *db, const struct migration *steps, int n)
{
	bool made;
	int at;

	TRY(has_table(op, db, &made));
	if (!made)
		TRY(db_script(op, db, "CREATE TABLE schema_step(step {id} PRIMARY KEY,"
		                      " name {text} NOT NULL)"));
	TRY(check_names(op, db, steps, n));
	TRY(migrate_at(op, db, &at));
	for (int i = at; i < n; i++)
		TRY(run_step(op, db, &steps[i], i + 1));
	return RC_OK;
}

enum rc migrate_run(struct op *op, struct db *db, const struct migration *steps, int n)
{
	TRY(db_begin(op, db));
	enum rc rc = run_all(op, db, steps, n);
	if (rc == RC_OK)
		rc = db_commit(op, db);
	if (rc != RC_OK)
		db_rollback(db);
	return rc;
}
