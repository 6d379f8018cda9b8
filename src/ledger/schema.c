/* SPDX-License-Identifier: Apache-2.0 */
/* schema.c -- the tables of ledger.db, and the triggers that keep them append-only.
 *
 * Triggers stop our own mistakes and casual hands, not an administrator, who can drop them: for
 * that there are hashes, signatures and witnesses.  SQLite's REPLACE deletes without firing
 * DELETE triggers, so an INSERT over an existing key is refused as well.  They raise FAIL, not
 * ABORT: nothing has been changed yet that would have to be undone, and for ABORT SQLite would keep
 * a copy of each page before every INSERT.
 * Steps are never changed once released.
 */
#include "ledger/schema.h"

#include "db/migrate.h"
#include "ledger/ledger.h"

#define LITE_REFUSE(table, event) \
	"CREATE TRIGGER " table "_no_" event " BEFORE " event " ON " table \
	" BEGIN SELECT RAISE(FAIL, '" table " is append-only'); END;"
#define LITE_KEEP(table, same) \
	"CREATE TRIGGER " table "_no_replace BEFORE INSERT ON " table \
	" WHEN EXISTS (SELECT 1 FROM " table " WHERE " same ")" \
	" BEGIN SELECT RAISE(FAIL, '" table " is append-only: the key is taken'); END;"
#define LITE_GUARD(table, same) \
	LITE_REFUSE(table, "UPDATE") LITE_REFUSE(table, "DELETE") LITE_KEEP(table, same)
/* For each statement: it fires for TRUNCATE, and for INSERT ... ON CONFLICT DO UPDATE. */
#define PG_GUARD(table) \
	"CREATE TRIGGER " table "_append_only BEFORE UPDATE OR DELETE OR TRUNCATE ON " table \
	" FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();"

static const struct migration STEPS[] = {
	{
		.name = "ledger",
		.ddl = "CREATE TABLE ledger_entry(log {int} NOT NULL, idx {id} NOT NULL,"
		       " bytes {bytes} NOT NULL, leaf {bytes} NOT NULL, PRIMARY KEY (log, idx));"
		       "CREATE TABLE ledger_tile(log {int} NOT NULL, level {int} NOT NULL,"
		       " n {id} NOT NULL, bytes {bytes} NOT NULL, PRIMARY KEY (log, level, n));"
		       "CREATE TABLE ledger_note(log {int} NOT NULL, size {id} NOT NULL,"
		       " n {int} NOT NULL, note {text} NOT NULL, PRIMARY KEY (log, size, n));"
		       "CREATE TABLE ledger_receipt(device {id} NOT NULL, key {text} NOT NULL,"
		       " body {bytes} NOT NULL, idx {id} NOT NULL, PRIMARY KEY (device, key)){clustered};"
		       "CREATE TABLE ledger_fence(log {int} PRIMARY KEY, size {id} NOT NULL,"
		       " epoch {id} NOT NULL);"
		       "INSERT INTO ledger_fence(log, size, epoch) VALUES (0, 0, 0);"
		       "CREATE TABLE vault_key(subject {id} PRIMARY KEY, sealed {bytes} NOT NULL);"
		       "CREATE TABLE vault_item(id {id} PRIMARY KEY, subject {id} NOT NULL,"
		       " sealed {bytes} NOT NULL);"
		       "CREATE INDEX vault_item_subject ON vault_item(subject);",
		.sqlite_only = LITE_GUARD("ledger_entry", "log = NEW.log AND idx = NEW.idx")
			LITE_GUARD("ledger_tile",
                                   "log = NEW.log AND level = NEW.level AND n = NEW.n")
				LITE_GUARD("ledger_note",
                                           "log = NEW.log AND size = NEW.size AND n = NEW.n")
					LITE_GUARD("ledger_receipt",
                                                   "device = NEW.device AND key = NEW.key"),
		.postgres_only =
			"CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$"
			" BEGIN RAISE EXCEPTION '% is append-only', TG_TABLE_NAME"
			" USING ERRCODE = 'integrity_constraint_violation'; END $$;" PG_GUARD(
				"ledger_entry") PG_GUARD("ledger_tile") PG_GUARD("ledger_note")
				PG_GUARD("ledger_receipt"),
	},
};

enum rc ledger_create(struct op *op, struct store *s)
{
	return migrate_run(op, s->ledger, STEPS, (int)COUNT(STEPS));
}

enum rc schema_check(struct op *op, struct db *db)
{
	int at;

	TRY(migrate_at(op, db, &at));
	if (at > (int)COUNT(STEPS))
		return fail(op, RC_INVALID, "", "",
		            "台账数据的版本（%d）比本程序（%d）新，请使用新版程序",
		            "the ledger's tables (step %d) are newer than this program (step %d)",
		            at, (int)COUNT(STEPS));
	if (at < (int)COUNT(STEPS))
		return fail(op, RC_CONFLICT, "", "",
		            "台账数据的版本（%d）比本程序（%d）旧：请先备份，再用建立它的版本打开",
		            "the ledger's tables (step %d) are older than this program (step %d): back"
		            " them up, then open them with the version that made them",
		            at, (int)COUNT(STEPS));
	return RC_OK;
}
