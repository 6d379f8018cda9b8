/* SPDX-License-Identifier: Apache-2.0 */
/* log.h -- a log of made-up entries and a witness that knows it, each in a folder of its own. */
#ifndef GY_TEST_WITNESS_LOG_H
#define GY_TEST_WITNESS_LOG_H

#include "ledger/book.h"
#include "ledger/witness.h"

#define LOG_NOW 1750000000

struct log {
	struct book book;
	struct str dir;            /* the witness's folder */
	struct clock clock;
	struct witness w;
};

void log_open(struct log *l, uint64_t size);
void log_close(struct log *l);

/* A checkpoint of `size` entries signed by `key`; `other`: with another root. */
struct str log_note(struct log *l, uint64_t size, const struct ed25519_key *key, bool other);
/* An honest request. */
struct str log_body(struct log *l, uint64_t old, uint64_t size);
uint64_t log_stored(struct log *l); /* read from the witness's file anew */

#endif
