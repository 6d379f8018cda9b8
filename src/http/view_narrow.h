/* SPDX-License-Identifier: Apache-2.0 */
/* view_narrow.h -- what of a view's rows the database is asked for: those at the places where the
 * caller sees the view and that were asked for, with the cells and times that were asked for.
 *
 * Words (q) are not the database's to find: people read names that lie in the vault and the
 * profile's words.  Who has posts in more places than db/narrow.h takes is asked row by row too.
 */
#ifndef GY_HTTP_VIEW_NARROW_H
#define GY_HTTP_VIEW_NARROW_H

#include "db/narrow.h"
#include "http/api_private.h"

/* Of the caller's grants at this moment.  *ret_exact: every row of it is asked for and seen, so
 * that the database may count them and pass over some; else each must be looked at (filter_fits,
 * sight_covers).  In their order, without a limit. */
enum rc view_narrow(struct op *op, const struct filter *f, struct person_id who,
                    struct narrow *ret, bool *ret_exact) MUST_CHECK;

#endif
