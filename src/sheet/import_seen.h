/* SPDX-License-Identifier: Apache-2.0 */
/* import_seen.h -- which values stood in rows before, in 40 bytes a value. */
#ifndef GY_SHEET_IMPORT_SEEN_H
#define GY_SHEET_IMPORT_SEEN_H

#include <stdbool.h>
#include <stdint.h>

#include "base/hash.h"

/* Values seen in rows before: a digest in place of the value.  Zeroed to begin with. */
struct seen {
	struct seen_value {
		uint8_t id[16];
		uint8_t same[8]; /* digest of what must be the same in all such rows */
		uint32_t row;    /* the first of them; 0: no value here */
		bool good;       /* one of them is good */
	} *slot;
	size_t n, cap;
};
/* The value, added with that row if it was not there (row 0: NULL then); until the next call. */
struct seen_value *seen_at(struct hasher *h, struct seen *s, struct str value, size_t row,
                           bool *ret_new);
void seen_release(struct seen *s);

#endif
