/* SPDX-License-Identifier: Apache-2.0 */
/* view_filters.h -- what the database finds of a view is what a reader would find in all its rows.
 */
#ifndef GY_TEST_VIEW_FILTERS_H
#define GY_TEST_VIEW_FILTERS_H

#include "engine/view.h"
#include "http/served.h"

/* Asks the view for each place, for the cells of a few rows, each column alone and with a place,
 * and from and until a time; as somebody who sees it all.  Fails the test at the first answer that
 * is not those rows of the whole view, in its order and as many.  How many questions had rows. */
size_t view_filters(struct served *s, const struct view *v, int64_t who, const char *const *places,
                    size_t nplaces);

#endif
