/* SPDX-License-Identifier: Apache-2.0 */
/* ddl.c -- one text of DDL for both databases: its tokens, and the names of our tables. */
#include "db/connection.h"

static const struct token {
	const char *name, *sqlite, *postgres;
} TOKENS[] = {
	{"{id}", "INTEGER", "BIGINT"},
	{"{int}", "INTEGER", "BIGINT"},
	/* Text compares by bytes on both, whatever the collation of the database. */
	{"{text}", "TEXT", "TEXT COLLATE \"C\""},
	{"{bytes}", "BLOB", "BYTEA"},
	/* After a table's last parenthesis: its rows lie in the order of its primary key, in one tree
	 * instead of two.  For narrow rows; PostgreSQL's tables are heaps. */
	{"{clustered}", "WITHOUT ROWID", ""},
};

struct str ddl_for(struct op *op, enum db_kind kind, const char *ddl)
{
	struct strbuf b;

	strbuf_init(&b, op->arena);
	while (*ddl != '\0') {
		const struct token *found = NULL;
		for (size_t i = 0; *ddl == '{' && i < COUNT(TOKENS); i++)
			if (strncmp(ddl, TOKENS[i].name, strlen(TOKENS[i].name)) == 0)
				found = &TOKENS[i];
		if (found == NULL) {
			size_t plain = 1 + strcspn(ddl + 1, "{");
			strbuf_add(&b, ddl, plain);
			ddl += plain;
			continue;
		}
		strbuf_addz(&b, kind == DB_SQLITE ? found->sqlite : found->postgres);
		ddl += strlen(found->name);
	}
	return strbuf_str(&b);
}

static const struct sql LITE_TABLES = {
	"SELECT name FROM sqlite_master WHERE type = 'table' AND substr(name, 1, 7) <> 'sqlite_'"
	" ORDER BY name", 0
};
static const struct sql PG_TABLES = {
	"SELECT tablename FROM pg_catalog.pg_tables WHERE schemaname = ?"
	" ORDER BY tablename COLLATE \"C\"", 1
};

enum rc db_tables(struct op *op, struct db *db, struct str **ret, size_t *ret_n)
{
	AUTO(rows) r = {0};
	struct str *names = NULL;
	size_t n = 0, cap = 0;

	if (db_kind(db) == DB_SQLITE)
		TRY(db_query(op, db, &LITE_TABLES, NO_ARGS, &r));
	else
		TRY(db_query(op, db, &PG_TABLES, ARGS(sql_z(db->schema)), &r));
	while (rows_next(&r)) {
		if (n == cap) {
			struct str *more = arena_array(op->arena, cap * 2 + 16, sizeof(*more));
			if (n > 0)
				memcpy(more, names, n * sizeof(*more));
			names = more;
			cap = cap * 2 + 16;
		}
		names[n++] = rows_dup(op->arena, &r, 0);
	}
	*ret = names;
	*ret_n = n;
	return RC_OK;
}
