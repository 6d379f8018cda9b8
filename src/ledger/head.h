/* SPDX-License-Identifier: Apache-2.0 */
/* head.h -- the head of the stored ledger; seen by src/ledger alone. */
#ifndef GY_LEDGER_HEAD_H
#define GY_LEDGER_HEAD_H

#include "db/db.h"

enum rc head_read(struct op *op, struct db *db, uint64_t *ret_size, int64_t *ret_epoch) MUST_CHECK;

/* `size` against the first and last entry and the last tile of each level.  Fails: BROKEN. */
enum rc head_check(struct op *op, struct db *db, uint64_t size) MUST_CHECK;

#endif
