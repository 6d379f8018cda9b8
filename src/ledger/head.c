/* SPDX-License-Identifier: Apache-2.0 */
/* head.c -- the head says how many entries there are; an entry or tile too few or too many at the
 * ends is seen here without reading what lies between.
 */
#include "ledger/head.h"

#include "ledger/ledger.h"

enum { Q_HEAD, Q_FIRST, Q_LAST, Q_LAST_TILE };
static const struct sql SQL[] = {
	[Q_HEAD] = {"SELECT size, epoch FROM ledger_fence WHERE log = 0", 0},
	[Q_FIRST] = {"SELECT MIN(idx) FROM ledger_entry WHERE log = 0", 0},
	[Q_LAST] = {"SELECT MAX(idx) FROM ledger_entry WHERE log = 0", 0},
	[Q_LAST_TILE] = {"SELECT MAX(n) FROM ledger_tile WHERE log = 0 AND level = ?", 1},
};

enum rc head_read(struct op *op, struct db *db, uint64_t *ret_size, int64_t *ret_epoch)
{
	AUTO(rows) rows = {0};
	int64_t size;

	TRY(db_query(op, db, &SQL[Q_HEAD], NO_ARGS, &rows));
	if (!rows_next(&rows))
		return fail(op, RC_BROKEN, "", "", "台账缺少首部", "the ledger has no head");
	size = rows_int(&rows, 0);
	if (size < 0)
		return fail(op, RC_BROKEN, "", "", "台账首部的记录数为负",
		            "the ledger's head is negative");
	*ret_size = (uint64_t)size;
	*ret_epoch = rows_int(&rows, 1);
	return RC_OK;
}

enum rc ledger_size(struct op *op, struct db *db, uint64_t *ret)
{
	int64_t epoch;

	return head_read(op, db, ret, &epoch);
}

/* One number, or `none` when there is no row. */
static enum rc number(struct op *op, struct db *db, const struct sql *q, const struct sqlv *v,
                      int n, int64_t none, int64_t *ret)
{
	AUTO(rows) rows = {0};

	TRY(db_query(op, db, q, v, n, &rows));
	*ret = rows_next(&rows) && !rows_is_null(&rows, 0) ? rows_int(&rows, 0) : none;
	return RC_OK;
}

enum rc head_check(struct op *op, struct db *db, uint64_t size)
{
	int64_t last, first;

	TRY(number(op, db, &SQL[Q_LAST], NO_ARGS, -1, &last));
	if (last + 1 != (int64_t)size)
		return fail(op, RC_BROKEN, "", "", "台账首部记 %llu 条，末条记录序号却是 %lld",
		            "the ledger's head says %llu entries, the last one's index is %lld",
		            (unsigned long long)size, (long long)last);
	TRY(number(op, db, &SQL[Q_FIRST], NO_ARGS, 0, &first));
	if (first != 0)
		return fail(op, RC_BROKEN, "", "", "台账首条记录序号是 %lld",
		            "the ledger's first entry has the index %lld", (long long)first);
	for (int level = 0; level < TILE_LEVELS; level++) {
		int64_t want = (int64_t)tile_full_count(size, level);

		TRY(number(op, db, &SQL[Q_LAST_TILE], ARGS(sql_int(level)), -1, &last));
		if (last + 1 != want)
			return fail(op, RC_BROKEN, "", "",
			            "第 %d 层校验值应有 %lld 块，末块序号却是 %lld",
			            "level %d should have %lld tiles, the last one's index is %lld",
			            level, (long long)want, (long long)last);
	}
	return RC_OK;
}
