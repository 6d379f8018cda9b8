/* SPDX-License-Identifier: Apache-2.0 */
/* packed.h -- XLSX files for tests, put together part by part, so that each can be wrong by itself.
 */
#ifndef GY_TEST_PACKED_H
#define GY_TEST_PACKED_H

#include "base/op.h"

struct part {
	const char *name;
	struct str bytes;
};

/* A ZIP of these parts, deflated. */
struct str packed(struct arena *a, const struct part *part, size_t n);

/* A workbook of one sheet "Sheet1": what stands in <worksheet>, in <sst>, in <styleSheet>; NULL: no
 * such part. */
struct str packed_book(struct arena *a, const char *sheet, const char *strings, const char *styles);

/* The parts of such a workbook, to change one. */
enum { PART_RELS, PART_BOOK, PART_BOOK_RELS, PART_SHEET, PART_STRINGS, PART_STYLES, PARTS_OF_BOOK };
void packed_parts(struct arena *a, const char *sheet, const char *strings, const char *styles,
                  struct part ret[PARTS_OF_BOOK]);

/* All rows of a file's first sheet: "1:a|b\n3:c\n", a fault as "!2". */
enum rc sheet_text(struct op *op, struct str bytes, struct str *ret) MUST_CHECK;

#endif
