/* SPDX-License-Identifier: Apache-2.0 */
/* book.h -- papers are accounted for like money.
 *
 * Every copy is in exactly one holder's book.  A movement is a double entry {asset, from, to, qty}
 * declared by the event type (struct posting), so per asset the balances always sum to zero:
 *     -printed = held + used + spoiled + destroyed + missing.
 * Holders are places ("sc/cd/jn", a store or site), vehicles by code ("V3"), and the accounts
 * "printed", "used", "spoiled", "destroyed", "missing", and "moved" (what candidates carried
 * from one room to another: in and out cancel each other when both rooms have counted).
 *
 * Owns  book_balance(asset, holder, qty)
 */
#ifndef GY_BOOK_H
#define GY_BOOK_H

#include "base/op.h"

struct event;

struct balance {
	struct str asset, holder;
	int64_t qty;
};

/* What a holder has of an asset; 0 when nothing. */
enum rc book_balance(struct op *op, struct str asset, struct str holder, int64_t *ret) MUST_CHECK;

/* All non-zero balances, by asset then holder; holders at or under `place` ("" all, special
 * accounts only with ""). */
enum rc book_list(struct op *op, struct str place, struct balance **ret, size_t *ret_n) MUST_CHECK;

/* As book_list, as the books were before entry `index`: the postings of the entries since are taken
 * back.  With a reading run.  Fails: INVALID (index beyond what the projections have seen, or more
 * than BOOK_BACK entries ago), BUSY (they moved meanwhile). */
enum { BOOK_BACK = 50000 };
enum rc book_list_before(struct op *op, struct str place, int64_t index, struct balance **ret,
                         size_t *ret_n) MUST_CHECK;

/* Assets whose balances do not sum to zero: a broken projection.  *ret_n 0 when sound. */
enum rc book_unbalanced(struct op *op, struct balance **ret, size_t *ret_n) MUST_CHECK;

/* Engine only: makes the postings of an event (apply). */
enum rc book_apply(struct op *op, const struct event *ev) MUST_CHECK;

#endif
