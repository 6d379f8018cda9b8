/* SPDX-License-Identifier: Apache-2.0 */
/* idempotency.c -- which request of which device was answered by which entry; see ledger.h.
 *
 * Nearly every key is new and, being a UUIDv7, greater than all before it: then there is nothing to
 * look up.
 */
#include "ledger/ledger.h"

#include "ledger/newest.h"
#include "ledger/pending.h"

enum { Q_FIND, Q_NEWEST };
static const struct sql SQL[] = {
	[Q_FIND] = {"SELECT body, idx FROM ledger_receipt WHERE device = ? AND key = ?", 2},
	[Q_NEWEST] = {"SELECT MAX(key) FROM ledger_receipt WHERE device = ?", 1},
};

/* False: what is stored must be asked. */
static enum rc surely_new(struct op *op, struct ledger *l, int64_t device, struct str key,
                          bool *ret_new)
{
	AUTO(rows) rows = {0};
	struct str newest = {"", 0};

	*ret_new = false;
	if (!l->newest)
		return RC_OK; /* a reader: others write */
	if (!newest_knows(l->newest, device)) {
		TRY(db_query(op, l->read, &SQL[Q_NEWEST], ARGS(sql_int(device)), &rows));
		if (rows_next(&rows) && !rows_is_null(&rows, 0))
			newest = rows_str(&rows, 0);
		newest_raise(l->newest, device, newest);
	}
	*ret_new = newest_is_greater(l->newest, device, key);
	return RC_OK;
}

static enum rc find_stored(struct op *op, struct ledger *l, int64_t device, struct str key,
                           struct hash *ret_body, bool *ret_found, uint64_t *ret_index)
{
	AUTO(rows) rows = {0};
	struct str had;
	bool is_new;

	*ret_found = false;
	TRY(surely_new(op, l, device, key, &is_new));
	if (is_new)
		return RC_OK;
	TRY(db_query(op, l->read, &SQL[Q_FIND], ARGS(sql_int(device), sql_text(key)), &rows));
	if (!rows_next(&rows))
		return RC_OK;
	had = rows_str(&rows, 0);
	if (had.n != sizeof ret_body->b)
		return fail(op, RC_BROKEN, "key", "", "登记回执的校验值长度不符",
		            "the body's hash of a receipt has a wrong length");
	memcpy(ret_body->b, had.s, had.n);
	*ret_index = (uint64_t)rows_int(&rows, 1);
	*ret_found = true;
	return RC_OK;
}

static bool find_unwritten(const struct ledger *l, int64_t device, struct str key,
                           struct hash *ret_body, uint64_t *ret_index)
{
	return l->pending && (pending_receipt_find(l->pending, device, key, ret_body, ret_index) ||
	                      pending_receipt_find(l->flying, device, key, ret_body, ret_index));
}

enum rc ledger_receipt_find(struct op *op, struct ledger *l, int64_t device, struct str key,
                            const struct hash *body, bool *ret_found, uint64_t *ret_index)
{
	struct hash had;
	uint64_t index;
	bool found = find_unwritten(l, device, key, &had, &index);

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
	if (find_unwritten(l, device, key, &had, &at))
		return fail(op, RC_CONFLICT, "key", "", "此请求编号刚刚用过",
		            "this idempotency key has just been used");
	pending_receipt_add(l->pending, device, key, body, index);
	if (newest_knows(l->newest, device))
		newest_raise(l->newest, device, key);
	return RC_OK;
}
