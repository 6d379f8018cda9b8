/* SPDX-License-Identifier: Apache-2.0 */
/* import_group.h -- rows of a file that are items of one act's list: the seats of a room, the rooms
 * of a site.
 *
 * Rows that follow each other with the same values in all columns that are not the list's make one
 * act (at most LIMIT_LIST rows).  Each row is checked, and told, by itself: with --skip-bad a list
 * is recorded without its bad rows, unless what is wrong is wrong of the whole list.
 */
#ifndef GY_SHEET_IMPORT_GROUP_H
#define GY_SHEET_IMPORT_GROUP_H

#include "sheet/import_row.h"

/* Requests of one commit, and of which rows they are. */
struct import_batch {
	struct request q[LIMIT_BATCH];
	struct answer answer[LIMIT_BATCH];
	struct import_row *rows[LIMIT_BATCH]; /* in the import's arena */
	size_t nrows[LIMIT_BATCH];
	uint8_t part[LIMIT_BATCH];
	size_t n, total;  /* requests; rows */
	struct seen made; /* what rows of this run have made beside */
};
void import_batch_add(struct import_batch *b, struct import_row *rows, size_t n, int part,
                      const struct request *q);
/* Fails: BUSY, BROKEN. */
enum rc import_flush(struct import *im, struct import_batch *b) MUST_CHECK;

enum rc import_groups_check(struct import *im) MUST_CHECK;
enum rc import_groups_send(struct import *im, struct import_batch *b) MUST_CHECK;

#endif
