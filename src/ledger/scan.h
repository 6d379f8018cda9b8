/* SPDX-License-Identifier: Apache-2.0 */
/* scan.h -- entries in order from any connection; seen by src/ledger alone. */
#ifndef GY_LEDGER_SCAN_H
#define GY_LEDGER_SCAN_H

#include "ledger/ledger.h"

struct scan {
	struct db *db;
	struct hasher *hasher;
	ledger_each *each;
	void *ctx;
};

/* As ledger_scan. */
enum rc scan_run(struct op *op, const struct scan *s, uint64_t from, uint64_t to) MUST_CHECK;

#endif
