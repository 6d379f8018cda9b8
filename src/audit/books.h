/* SPDX-License-Identifier: Apache-2.0 */
/* books.h -- the auditor's own books, kept from the postings of the rules.
 *
 * Each posting moves qty of an asset from one holder to another, so an asset's balances sum to
 * zero by construction; what is checked is that nobody has given what he does not have when an
 * operation has ended (a count that finds more than the books knew is followed, as its own
 * consequence, by the surplus), and that the projections say the same.  Three accounts are no
 * holders and may be negative: "printed", from which all comes, "missing", to which a surplus is
 * posted the other way, and "moved", until both rooms of a candidate who changed have counted.
 */
#ifndef GY_AUDIT_BOOKS_H
#define GY_AUDIT_BOOKS_H

#include "audit/entry.h"
#include "audit/map.h"
#include "audit/rules.h"

struct books {
	struct report *report;
	struct arena *keep;
	struct map accounts;     /* asset, NUL, holder -> struct account * */
	struct account *newest;  /* list of all */
	struct account *below_zero; /* in the operation at hand */
	bool unread;             /* some event had postings that could not be made */
};

void books_init(struct books *b, struct report *r, struct arena *keep);

/* Makes the postings of an entry by the rules in force (NULL: none). */
void books_apply(struct books *b, struct op *op, int64_t position, const struct rules *rules,
                 const struct entry *e);

/* What a holder has of an asset now; *ret_last: its newest posting, NO_INDEX when none. */
int64_t books_qty(struct books *b, struct op *op, struct str asset, struct str holder,
                  int64_t *ret_last);
/* Every account there is. */
void books_each(const struct books *b,
                void (*each)(void *ctx, struct str asset, struct str holder, int64_t qty,
                             int64_t last),
                void *ctx);

/* After the last entry. */
void books_end(struct books *b);

/* Compares with the projections, which have seen exactly the entries applied so far. */
void books_compare(struct books *b, struct op *op, const struct source *s);

#endif
