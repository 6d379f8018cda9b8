/* SPDX-License-Identifier: Apache-2.0 */
/* scope.h -- the places that somebody sees, out of his grants. */
#ifndef GY_HTTP_SCOPE_H
#define GY_HTTP_SCOPE_H

#include "engine/authority.h"

enum { SCOPE_PLACES = 8 }; /* more posts than that in different places nobody has on one day */

/* The topmost places of the grants, each once, none under another; in the order of the grants.
 * Views of the grants' texts. */
size_t scope_places(const struct granted *g, size_t n, struct str *ret);

#endif
