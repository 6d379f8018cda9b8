/* SPDX-License-Identifier: Apache-2.0 */
/* golden.h -- a ledger kept as an export, read back into a fresh store and rebuilt.
 *
 * A folder under tests/golden holds `export` (C2SP tiles, rules/), `profile.json` (the bytes that
 * its genesis names), `profiles/HASH.json` (those adopted later) and `digests.txt`.  Nothing else
 * is needed: names and texts lie in a vault that is no part of an export, and projections must do
 * without it.
 */
#ifndef GY_TEST_GOLDEN_H
#define GY_TEST_GOLDEN_H

#include "engine/rebuild.h"

struct golden {
	struct op op;
	struct str dir;            /* the golden folder */
	struct modules modules;
	struct store store;        /* fresh */
	struct ledger ledger;
	struct profile profile;
	struct checkpoint checkpoint;
	uint64_t flip;             /* tests: this entry gets another last byte; UINT64_MAX: none */
};

/* Reads the export of dir/NAME and verifies it: the checkpoint under its vkey, every hash of the
 * lowest tiles, the root.  Its entries are then in the store `at` (a data folder, and a database
 * when url is not empty).  world: "county" (the program's modules) or "hall" (the toy).
 * Fails: NOT_FOUND, INVALID, BROKEN (it does not verify). */
enum rc golden_open(struct op *op, struct str dir, struct str world, struct str at, struct str url,
                    uint64_t flip, struct golden *ret) MUST_CHECK;
void golden_release(struct golden *g);

/* What digests.txt must say, after projections were built from the entries alone. */
enum rc golden_digests(struct golden *g, struct str *ret) MUST_CHECK;

/* The rest of the first line of `text` that begins with `word` and a blank; empty: none. */
struct str golden_line(struct str text, const char *word);

#endif
