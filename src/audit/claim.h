/* SPDX-License-Identifier: Apache-2.0 */
/* claim.h -- the numbers of papers in a day's report (gongyuan day report --json), held against the
 * auditor's own books as they were after the report's last entry.
 *
 * Three kinds of numbers are compared: each balance of the books, and that none is left out; the
 * copies that each holder holds, over all states of bags; what a session's papers were used and
 * spoiled (when the report is of the whole ledger).
 */
#ifndef GY_AUDIT_CLAIM_H
#define GY_AUDIT_CLAIM_H

#include "audit/books.h"

struct claim {
	struct json *doc;   /* NULL: no report was given */
	struct str path, place;
	int64_t size;       /* entries there were when it was made */
	bool compared;
};

/* An empty path: no claim.  Fails: NOT_FOUND, INVALID (not a day's report). */
enum rc claim_read(struct op *op, struct str path, struct claim *ret) MUST_CHECK;

/* Before entry `next`: compares when that is the report's moment. */
void claim_compare(struct claim *c, struct op *op, struct books *b, int64_t next);

/* After the last entry: a report of more entries than there are could not be compared. */
void claim_end(struct claim *c, struct op *op, struct books *b, int64_t next);

#endif
