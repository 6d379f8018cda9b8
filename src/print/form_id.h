/* SPDX-License-Identifier: Apache-2.0 */
/* form_id.h -- what stands in a form's QR code: enough to find what it is about without a table.
 *
 *   GY1:07:d1-chinese:sc/cd/jn/s01/r07:312:9f3a1c2b7d4e5a60:5be0cd19:1/2
 *       kind, session or day ("-": none), place ("-": none), entries at which it was printed, check
 *       value of its content, first digits of the root of these entries, page and pages
 *
 * The id that people read and type is the part from the kind to the entries.  Session and day have
 * no colon, nor has a path.
 */
#ifndef GY_PRINT_FORM_ID_H
#define GY_PRINT_FORM_ID_H

#include "base/str.h"

struct form_id {
	struct str kind, session, place; /* session, place: "" none */
	int64_t size;
	struct str check, root;          /* "" when an id was typed */
	int64_t page, pages;             /* 0: an id was typed */
};

struct str form_id_text(struct arena *a, const struct form_id *id);

/* A QR's text or a typed id; parts in the arena.  False: neither. */
bool form_id_read(struct arena *a, struct str text, struct form_id *ret);

#endif
