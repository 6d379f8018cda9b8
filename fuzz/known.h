/* SPDX-License-Identifier: Apache-2.0 */
/* known.h -- the keys, the trust file and the tree that seeds are made with and targets know. */
#ifndef GY_FUZZ_KNOWN_H
#define GY_FUZZ_KNOWN_H

#include "ledger/checkpoint.h"

enum { KNOWN_KEYS = 3, KNOWN_LEAVES = 600 };

struct known {
	struct ed25519_key secret[KNOWN_KEYS];
	struct note_key key[KNOWN_KEYS]; /* a log's, then two witnesses' */
	struct policy policy;            /* the log, and both witnesses */
	struct hash leaf[KNOWN_LEAVES];
	struct hash root[KNOWN_LEAVES + 1];  /* by size */
	struct hash level[10][KNOWN_LEAVES]; /* complete subtrees */
};

/* Made once; always the same. */
const struct known *known(void);
struct tree_reader known_reader(void);

/* A checkpoint of the first `size` leaves: signed, and cosigned by `witnesses` of them. */
struct str known_note(struct op *op, uint64_t size, int witnesses);

#endif
