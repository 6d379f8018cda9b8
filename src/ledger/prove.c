/* SPDX-License-Identifier: Apache-2.0 */
/* prove.c -- stored checkpoints, receipts under them, and idempotency; see ledger.h. */
#include "ledger/ledger.h"

#include "ledger/cache.h"
#include "ledger/pending.h"

enum { Q_NEWEST, Q_FORMS, Q_PUT, Q_FIND };
static const struct sql SQL[] = {
	[Q_NEWEST] = {"SELECT note FROM ledger_note WHERE log = 0"
                      " ORDER BY size DESC, n DESC LIMIT 1",
                      0},
	[Q_FORMS] = {"SELECT COUNT(*) FROM ledger_note WHERE log = 0 AND size = ?", 1},
	[Q_PUT] = {"INSERT INTO ledger_note(log, size, n, note) VALUES (0, ?, ?, ?)", 3},
	[Q_FIND] = {"SELECT body, idx FROM ledger_receipt WHERE device = ? AND key = ?", 2},
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

static enum rc find_stored(struct op *op, struct ledger *l, int64_t device, struct str key,
                           struct hash *ret_body, bool *ret_found, uint64_t *ret_index)
{
	AUTO(rows) rows = {0};
	struct str had;

	TRY(db_query(op, l->store->ledger, &SQL[Q_FIND], ARGS(sql_int(device), sql_text(key)),
	             &rows));
	*ret_found = rows_next(&rows);
	if (!*ret_found)
		return RC_OK;
	had = rows_str(&rows, 0);
	if (had.n != sizeof ret_body->b)
		return fail(op, RC_BROKEN, "key", "", "登记回执的校验值长度不符",
		            "the body's hash of a receipt has a wrong length");
	memcpy(ret_body->b, had.s, had.n);
	*ret_index = (uint64_t)rows_int(&rows, 1);
	return RC_OK;
}

enum rc ledger_receipt_find(struct op *op, struct ledger *l, int64_t device, struct str key,
                            const struct hash *body, bool *ret_found, uint64_t *ret_index)
{
	struct hash had;
	uint64_t index;
	bool found = l->pending && pending_receipt_find(l->pending, device, key, &had, &index);

	if (!found)
		TRY(find_stored(op, l, device, key, &had, &found, &index));
	if (found && !hash_eq(&had, body))
		return fail(op, RC_INVALID, "key", "", "此请求编号已用于另一内容的请求",
		            "this idempotency key was used for a request with another body");
	*ret_found = found;
	if (found)
		*ret_index = index;
	return RC_OK;
}

enum rc ledger_receipt_put(struct op *op, struct ledger *l, int64_t device, struct str key,
                           const struct hash *body, uint64_t index)
{
	struct hash had;
	uint64_t at;

	assert(l->epoch >= 0);
	if (pending_receipt_find(l->pending, device, key, &had, &at))
		return fail(op, RC_CONFLICT, "key", "", "此请求编号在本批中已用过",
		            "this idempotency key was used in this batch before");
	pending_receipt_add(l->pending, device, key, body, index);
	return RC_OK;
}
