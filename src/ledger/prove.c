/* SPDX-License-Identifier: Apache-2.0 */
/* prove.c -- stored checkpoints, and receipts under them; see ledger.h. */
#include "ledger/ledger.h"

#include "ledger/cache.h"

enum { Q_NEWEST, Q_FORMS, Q_PUT };
static const struct sql SQL[] = {
	[Q_NEWEST] = {"SELECT note FROM ledger_note WHERE log = 0"
                      " ORDER BY size DESC, n DESC LIMIT 1",
                      0},
	[Q_FORMS] = {"SELECT COUNT(*) FROM ledger_note WHERE log = 0 AND size = ?", 1},
	[Q_PUT] = {"INSERT INTO ledger_note(log, size, n, note) VALUES (0, ?, ?, ?)", 3},
};

enum rc ledger_note_newest(struct op *op, const struct ledger *l, struct str *ret)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, l->store->ledger, &SQL[Q_NEWEST], NO_ARGS, &rows));
	if (!rows_next(&rows))
		return fail(op, RC_NOT_FOUND, "", "", "尚无存证点", "there is no checkpoint yet");
	*ret = rows_dup(op->arena, &rows, 0);
	return RC_OK;
}

static enum rc put_note(struct op *op, struct db *db, uint64_t size, struct str note)
{
	AUTO(rows) rows = {0};
	int64_t forms;

	TRY(db_query(op, db, &SQL[Q_FORMS], ARGS(sql_int((int64_t)size)), &rows));
	forms = rows_next(&rows) ? rows_int(&rows, 0) : 0;
	return db_exec(op, db, &SQL[Q_PUT],
	               ARGS(sql_int((int64_t)size), sql_int(forms), sql_text(note)));
}

enum rc ledger_note_put(struct op *op, struct ledger *l, uint64_t size, struct str note)
{
	struct db *db = l->store->ledger;
	enum rc rc;

	if (db_in_tx(db))
		return put_note(op, db, size, note);
	TRY(db_begin(op, db));
	rc = put_note(op, db, size, note);
	if (rc == RC_OK)
		rc = db_commit(op, db);
	if (rc != RC_OK)
		db_rollback(db);
	return rc;
}

static enum rc newest_checkpoint(struct op *op, const struct ledger *l, struct str *ret_note,
                                 struct checkpoint *ret)
{
	struct note *n = ARENA_NEW(op->arena, struct note);

	TRY(ledger_note_newest(op, l, ret_note));
	if (note_parse(op, *ret_note, n) != RC_OK || checkpoint_parse(op, n->text, ret) != RC_OK)
		return fail(op, RC_BROKEN, "", "", "最新存证点格式有误",
		            "the newest checkpoint is malformed");
	return RC_OK;
}

enum rc ledger_prove(struct op *op, const struct ledger *l, uint64_t index, struct str *ret)
{
	struct receipt *r = ARENA_NEW(op->arena, struct receipt);
	struct tree_reader reader = ledger_reader(l);
	struct checkpoint c;
	struct str entry;
	struct hash leaf;

	TRY(newest_checkpoint(op, l, &r->note, &c));
	if (index >= c.size)
		return fail(op, RC_NOT_FOUND, "index", "", "第 %llu 条记录尚无存证点覆盖",
		            "entry %llu is not under a checkpoint yet", (unsigned long long)index);
	TRY(ledger_entry(op, l, index, &entry, &leaf));
	r->index = index;
	/* Verified before it is handed out: a receipt that fails elsewhere helps nobody. */
	if (!tree_prove_inclusion(&reader, l->hasher, index, c.size, &r->proof) ||
	    !tree_verify_inclusion(l->hasher, &r->proof, index, c.size, &leaf, &c.root))
		return fail(op, RC_BROKEN, "", "", "第 %llu 条记录与最新存证点不符：%s%.0s",
		            "entry %llu does not prove under the newest checkpoint: %.0s%s",
		            (unsigned long long)index, tile_cache_err(l->cache)->zh,
		            tile_cache_err(l->cache)->en);
	*ret = receipt_format(op->arena, r);
	return RC_OK;
}
