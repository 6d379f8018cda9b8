/* SPDX-License-Identifier: Apache-2.0 */
/* suggest.h -- "did you mean": the nearest known word to a mistyped one. */
#ifndef GY_SUGGEST_H
#define GY_SUGGEST_H

#include "base/str.h"

/* Insertions, deletions, replacements and swaps of neighbours; '_' and '-' are the same.  Words
 * longer than 48 bytes are cut. */
int suggest_distance(struct str a, struct str b);

/* Keeps the better of what it holds and `known`. */
struct suggestion {
	struct str wanted;
	struct str best; /* {NULL, 0} while nothing is near enough */
	int distance;
};
void suggest_init(struct suggestion *s, struct str wanted);
void suggest_try(struct suggestion *s, struct str known);

#endif
